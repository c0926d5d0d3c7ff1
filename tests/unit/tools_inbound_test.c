/* Bodies: one reader, chosen by the content type; CloudEvents in all three modes; everything else refused. */
#include "data/time.h"
#include "tools/inbound.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct hr_arena arena;
static struct hr_diagnostics found;
static struct hr_inbound_event *events;
static size_t count;

static hr_status read_with(const char *type, struct hr_text bytes,
                           const struct hr_inbound_header *headers, size_t header_count)
{
    const struct hr_inbound_body body = {hr_text_from(type), headers, header_count, bytes,
                                         .headers_trusted = true};
    hr_diagnostics_init(&found, &arena);
    events = NULL;
    count = 0;
    return hr_inbound_read(&arena, &body, &found, &events, &count);
}

static hr_status read(const char *type, const char *bytes)
{
    return read_with(type, hr_text_from(bytes), NULL, 0);
}

static bool says(const struct hr_inbound_event *event, const char *path, const char *expected)
{
    const struct hr_value *value = hr_value_path(&event->payload, hr_text_from(path));
    return value != NULL && hr_text_equal(hr_value_as_text(value), hr_text_from(expected));
}

/* The bytes that are kept read as the payload that is mapped. */
static void assert_raw_is_payload(const struct hr_inbound_event *event)
{
    struct hr_value again;
    assert_true(
        hr_ok(hr_json_read(&arena, event->raw, &(struct hr_json_options){0}, NULL, &again)));
    assert_true(hr_value_equal(&again, &event->payload));
}

static void json_is_one_event_or_one_each(void **state)
{
    (void)state;
    static const char *const types[] = {
        "application/json", "application/json; charset=utf-8", "Application/JSON;charset=\"UTF-8\"",
        "application/vnd.shop+json", "application/problem+json ; v=1"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        assert_true(hr_ok(read(types[i], " {\"email\":\"ada@example.com\"} ")));
        assert_int_equal(count, 1);
        assert_true(says(&events[0], "email", "ada@example.com"));
        assert_false(events[0].cloudevent);
        assert_true(events[0].time == HR_INSTANT_NONE);
        assert_raw_is_payload(&events[0]);
    }
    assert_true(hr_ok(read("application/json", "[{\"n\":12345678901234567890123},{\"n\":2}]")));
    assert_int_equal(count, 2);
    assert_true(hr_text_equal(events[0].raw, HR_TEXT("{\"n\":12345678901234567890123}")));
    assert_raw_is_payload(&events[1]);
}

static void a_structured_cloudevent_is_read_whole(void **state)
{
    (void)state;
    assert_true(hr_ok(
        read("application/cloudevents+json; charset=utf-8",
             "{\"specversion\":\"1.0\",\"id\":\"A-1\",\"source\":\"/shop\",\"type\":\"paid\","
             "\"time\":\"2026-11-22T10:02:09.5Z\",\"data\":{\"email\":\"ada@example.com\"}}")));
    assert_int_equal(count, 1);
    assert_true(events[0].cloudevent);
    assert_true(hr_text_equal(events[0].id, HR_TEXT("A-1")));
    assert_true(hr_text_equal(events[0].source, HR_TEXT("/shop")));
    assert_true(hr_text_equal(events[0].type, HR_TEXT("paid")));
    hr_instant expected = 0;
    assert_true(hr_instant_read(HR_TEXT("2026-11-22T10:02:09.5Z"), &expected));
    assert_true(events[0].time == expected);
    assert_true(says(&events[0], "data.email", "ada@example.com"));
}

static void a_batch_is_many_or_none(void **state)
{
    (void)state;
    assert_true(hr_ok(read(
        "application/cloudevents-batch+json",
        "[{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\"},"
        "{\"specversion\":\"1.0\",\"id\":\"2\",\"source\":\"s\",\"type\":\"t\",\"data\":[1]}]")));
    assert_int_equal(count, 2);
    assert_true(hr_text_equal(events[1].id, HR_TEXT("2")));
    assert_raw_is_payload(&events[1]);
    assert_int_equal(read("application/cloudevents-batch+json",
                          "[{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\"},"
                          "{\"specversion\":\"1.0\",\"id\":\"2\",\"source\":\"s\"}]")
                         .code,
                     HR_E_INPUT);
    assert_int_equal(found.items[0].code, HR_CODE_cloudevent_attribute);
    assert_true(hr_text_equal(found.items[0].pointer, HR_TEXT("/1/type")));
    assert_true(hr_text_search(found.items[0].message, HR_TEXT("type")) <
                found.items[0].message.size);
}

static void a_batch_has_a_limit(void **state)
{
    (void)state;
    struct hr_buffer body;
    hr_buffer_init(&body, &arena, 1 << 20);
    hr_buffer_add_byte(&body, '[');
    for (int i = 0; i < HR_INBOUND_EVENTS_MAX; i++) {
        hr_buffer_add_format(&body, "%s{\"i\":%d}", i > 0 ? "," : "", i);
    }
    size_t size = body.size;
    hr_buffer_add_byte(&body, ']');
    assert_true(hr_ok(read_with("application/json", hr_buffer_text(&body), NULL, 0)));
    assert_int_equal(count, HR_INBOUND_EVENTS_MAX);
    body.size = size;
    hr_buffer_add_text(&body, HR_TEXT(",{}]"));
    assert_int_equal(read_with("application/json", hr_buffer_text(&body), NULL, 0).code,
                     HR_E_INPUT);
    assert_int_equal(found.items[0].code, HR_CODE_events_too_many);
}

static void a_binary_cloudevent_becomes_its_structured_equivalent(void **state)
{
    (void)state;
    static const struct hr_inbound_header headers[] = {
        {{"Host", 4}, {"h", 1}},         {{"ce-specversion", 14}, {"1.0", 3}},
        {{"CE-ID", 5}, {"A-1", 3}},      {{"ce-source", 9}, {"/shop", 5}},
        {{"Ce-Type", 7}, {"paid", 4}},   {{"ce-subject", 10}, {"L%C3%B6w%20%22A%22", 18}},
        {{"X-Other", 7}, {"unread", 6}},
    };
    const size_t all = sizeof headers / sizeof *headers;
    assert_true(hr_ok(
        read_with("application/json", HR_TEXT("{\"email\":\"ada@example.com\"}"), headers, all)));
    assert_int_equal(count, 1);
    assert_true(events[0].cloudevent);
    assert_true(hr_text_equal(
        events[0].raw,
        HR_TEXT("{\"specversion\":\"1.0\",\"id\":\"A-1\",\"source\":\"/shop\",\"type\":\"paid\","
                "\"subject\":\"L\xc3\xb6w \\\"A\\\"\",\"datacontenttype\":\"application/json\","
                "\"data\":{\"email\":\"ada@example.com\"}}")));
    assert_true(says(&events[0], "data.email", "ada@example.com"));
    assert_raw_is_payload(&events[0]);
    assert_true(hr_ok(read_with("", HR_TEXT_NONE, headers, all))); /* without data */
    assert_true(hr_value_member(&events[0].payload, HR_TEXT("data")) == NULL);
    assert_int_equal(read_with("text/plain", HR_TEXT("hello"), headers, all).code, HR_E_INPUT);
    assert_int_equal(found.items[0].code, HR_CODE_content_type_unsupported);
    assert_int_equal(read_with("application/json", HR_TEXT("{}"), headers, 2).code, HR_E_INPUT);
    assert_int_equal(found.items[0].code, HR_CODE_cloudevent_attribute);
    /* a body cannot close the data and add attributes */
    assert_int_equal(
        read_with("application/json", HR_TEXT("{}, \"id\":\"evil\""), headers, all).code,
        HR_E_INPUT);
    assert_int_equal(found.items[0].code, HR_CODE_json_syntax);
}

/* A recorded message must not come again as another event, by headers that somebody has added. */
static void attributes_in_unsigned_headers_are_refused(void **state)
{
    (void)state;
    static const struct hr_inbound_header headers[] = {{{"ce-specversion", 14}, {"1.0", 3}},
                                                       {{"ce-id", 5}, {"mine", 4}},
                                                       {{"ce-source", 9}, {"/me", 3}},
                                                       {{"ce-type", 7}, {"paid", 4}}};
    static const char *const bodies[] = {"{\"email\":\"ada@example.com\"}", ""};
    struct hr_inbound_body body = {.headers = headers, .header_count = 4};
    for (size_t i = 0; i < 2; i++) {
        body.bytes = hr_text_from(bodies[i]);
        body.content_type = i == 0 ? HR_TEXT("application/json") : HR_TEXT_NONE;
        hr_diagnostics_init(&found, &arena);
        assert_int_equal(hr_inbound_read(&arena, &body, &found, &events, &count).code, HR_E_INPUT);
        assert_int_equal(found.items[0].code, HR_CODE_headers_not_signed);
    }
    /* structured, the attributes stand in the body, and headers say nothing */
    body.content_type = HR_TEXT("application/cloudevents+json");
    body.bytes =
        HR_TEXT("{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/shop\",\"type\":\"paid\"}");
    assert_true(hr_ok(hr_inbound_read(&arena, &body, &found, &events, &count)));
    assert_true(hr_text_equal(events[0].id, HR_TEXT("1")));
}

static void headers_that_are_no_attributes_are_refused(void **state)
{
    (void)state;
    static const struct hr_inbound_header bad[] = {
        {{"ce-my_name", 10}, {"v", 1}}, {{"ce-data", 7}, {"v", 1}},   {{"ce-x", 4}, {"%FF", 3}},
        {{"ce-x", 4}, {"a%00", 4}},     {{"ce-id", 5}, {"again", 5}},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct hr_inbound_header headers[] = {{HR_TEXT("ce-specversion"), HR_TEXT("1.0")},
                                                    {HR_TEXT("ce-id"), HR_TEXT("1")},
                                                    {HR_TEXT("ce-source"), HR_TEXT("s")},
                                                    {HR_TEXT("ce-type"), HR_TEXT("t")},
                                                    bad[i]};
        assert_int_equal(read_with("application/json", HR_TEXT("{}"), headers, 5).code, HR_E_INPUT);
    }
}

#define ENVELOPE "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\""
static const struct {
    const char *type;
    struct hr_text bytes;
    enum hr_code code;
    const char *pointer;
} refused[] = {
    {"application/x-www-form-urlencoded", {"email=ada", 9}, HR_CODE_content_type_unsupported, ""},
    {"application/x-www-form-urlencoded", {"{\"a\":1}", 7}, HR_CODE_content_type_unsupported, ""},
    {"multipart/form-data; boundary=x", {"{}", 2}, HR_CODE_content_type_unsupported, ""},
    {"text/plain", {"{}", 2}, HR_CODE_content_type_unsupported, ""},
    {"text/html; a=application/json", {"{}", 2}, HR_CODE_content_type_unsupported, ""},
    {"", {"{}", 2}, HR_CODE_content_type_unsupported, ""},
    {"+json", {"{}", 2}, HR_CODE_content_type_unsupported, ""},
    {"application/jsonp", {"{}", 2}, HR_CODE_content_type_unsupported, ""},
    {"application/json, text/plain", {"{}", 2}, HR_CODE_content_type_unsupported, ""},
    {"application/json; charset=utf-16", {"{}", 2}, HR_CODE_content_type_unsupported, ""},
    {"application/json; charset=iso-8859-1", {"{}", 2}, HR_CODE_content_type_unsupported, ""},
    {"application/json", {"", 0}, HR_CODE_body_empty, ""},
    {"application/json", {"email=ada%40example.com", 23}, HR_CODE_json_syntax, ""},
    {"application/json", {"{} {}", 5}, HR_CODE_json_syntax, ""},
    {"application/json", {"{}x", 3}, HR_CODE_json_syntax, ""},
    {"application/json", {"\xef\xbb\xbf{}", 5}, HR_CODE_json_syntax, ""},
    {"application/json", {"\xff\xfe{\0}\0", 6}, HR_CODE_not_utf8, ""},
    {"application/json", {"\0{\0}", 4}, HR_CODE_not_utf8, ""},
    {"application/json", {"{\0}\0", 4}, HR_CODE_not_utf8, ""},
    {"application/json", {"\"text\"", 6}, HR_CODE_event_not_object, ""},
    {"application/json", {"[]", 2}, HR_CODE_event_not_object, ""},
    {"application/json", {"[{},7]", 6}, HR_CODE_event_not_object, "/1"},
    {"application/cloudevents+json", {"[]", 2}, HR_CODE_event_not_object, ""},
    {"application/cloudevents-batch+json", {"{}", 2}, HR_CODE_event_not_object, ""},
    {"application/cloudevents+json", {"{}", 2}, HR_CODE_cloudevent_attribute, "/specversion"},
    {"application/cloudevents+json",
     {"{\"specversion\":\"0.3\"}", 21},
     HR_CODE_cloudevent_version,
     "/specversion"},
    {"application/cloudevents+json",
     {"{\"specversion\":\"1.0\",\"id\":7}", 28},
     HR_CODE_cloudevent_attribute,
     "/id"},
    {"application/cloudevents+json",
     {"{\"specversion\":\"1.0\",\"id\":\"\"}", 29},
     HR_CODE_cloudevent_attribute,
     "/id"},
    {"application/cloudevents+json",
     {ENVELOPE ",\"time\":\"today\"}", sizeof(ENVELOPE ",\"time\":\"today\"}") - 1},
     HR_CODE_cloudevent_attribute,
     "/time"},
    {"application/cloudevents+json",
     {ENVELOPE ",\"data\":1,\"data_base64\":\"\"}",
      sizeof(ENVELOPE ",\"data\":1,\"data_base64\":\"\"}") - 1},
     HR_CODE_cloudevent_data,
     "/data_base64"},
};

static void what_cannot_be_read_is_refused_with_its_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        hr_status status = read_with(refused[i].type, refused[i].bytes, NULL, 0);
        enum hr_code code = found.count > 0 ? found.items[0].code : HR_CODE_none;
        if (status.code != HR_E_INPUT || code != refused[i].code) {
            print_error("case %zu (%s, %.*s): %d, E%04d\n", i, refused[i].type,
                        HR_SHOW(refused[i].bytes), status.code, (int)code);
        }
        assert_int_equal(status.code, HR_E_INPUT);
        assert_int_equal(code, refused[i].code);
        assert_true(hr_text_equal(found.items[0].pointer, hr_text_from(refused[i].pointer)));
        bool placed = code == HR_CODE_json_syntax || code == HR_CODE_not_utf8;
        assert_int_equal(found.items[0].place.line > 0, placed);
    }
}

/* ---- the corpus: requests as they stand in the feature file ---- */

static struct hr_text read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return HR_TEXT_NONE;
    }
    char *bytes = hr_arena_alloc(&arena, 1 << 20);
    hr_assert(bytes != NULL);
    size_t size = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    return (struct hr_text){bytes, size};
}

/* Plays the request between the next pair of triple quotes, with the content type put in. */
static void play_scenario(struct hr_text *rest, const char *content_type)
{
    struct hr_inbound_header headers[16];
    size_t header_count = 0;
    struct hr_text quotes = HR_TEXT("\"\"\"");
    size_t begin = hr_text_search(*rest, quotes) + quotes.size;
    struct hr_text after = hr_text_slice(*rest, begin, rest->size);
    struct hr_text request = hr_text_trim(hr_text_slice(after, 0, hr_text_search(after, quotes)));
    (void)hr_text_cut(&request, '\n'); /* the request line */
    for (struct hr_text line = hr_text_trim(hr_text_cut(&request, '\n')); line.size > 0;
         line = hr_text_trim(hr_text_cut(&request, '\n'))) {
        struct hr_text name = hr_text_cut(&line, ':');
        headers[header_count++] = (struct hr_inbound_header){name, hr_text_trim(line)};
    }
    assert_true(hr_ok(read_with(content_type, hr_text_trim(request), headers, header_count)));
    assert_int_equal(count, 1);
    assert_true(says(&events[0], "id", "1234-1234-1234"));
    assert_true(says(&events[0], "specversion", "1.0"));
    assert_true(says(&events[0], "type", "com.example.someevent"));
    assert_true(says(&events[0], "source", "/mycontext/subcontext"));
    assert_true(says(&events[0], "time", "2018-04-05T03:56:24Z"));
    assert_true(says(&events[0], "data.message", "Hello World!"));
    bool binary = hr_text_starts(hr_text_from(content_type), HR_TEXT("application/json"));
    assert_true(says(&events[0], "datacontenttype", binary ? content_type : "application/json"));
    assert_raw_is_payload(&events[0]);
}

static void the_corpus_of_the_http_binding_holds(void **state)
{
    (void)state;
    const char *folder = getenv("HANDRAIL_CORPORA");
    struct hr_text path =
        hr_text_format(&arena, "%s/43-cloudevents/features/http-protocol-binding.feature",
                       folder != NULL ? folder : "../shared/corpora");
    struct hr_text text = read_file(path.data);
    if (text.data == NULL) {
        print_message("SKIP corpus 43-cloudevents: not found\n");
        skip();
    }
    static const struct {
        const char *scenario;
        const char *types[2];
    } scenarios[] = {
        {"Binary content mode", {"application/json", "application/json; charset=utf-8"}},
        {"Structured content mode",
         {"application/cloudevents+json", "application/cloudevents+json; charset=utf-8"}},
    };
    for (size_t i = 0; i < 2; i++) {
        size_t at = hr_text_search(text, hr_text_from(scenarios[i].scenario));
        assert_true(at < text.size);
        for (size_t k = 0; k < 2; k++) {
            struct hr_text rest = hr_text_slice(text, at, text.size);
            play_scenario(&rest, scenarios[i].types[k]);
        }
    }
}

static int open_arena(void **state)
{
    (void)state;
    hr_arena_init(&arena, 64 << 20);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    hr_arena_close(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_is_one_event_or_one_each),
        cmocka_unit_test(a_structured_cloudevent_is_read_whole),
        cmocka_unit_test(a_batch_is_many_or_none),
        cmocka_unit_test(a_batch_has_a_limit),
        cmocka_unit_test(a_binary_cloudevent_becomes_its_structured_equivalent),
        cmocka_unit_test(attributes_in_unsigned_headers_are_refused),
        cmocka_unit_test(headers_that_are_no_attributes_are_refused),
        cmocka_unit_test(what_cannot_be_read_is_refused_with_its_reason),
        cmocka_unit_test(the_corpus_of_the_http_binding_holds),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
