/* From a delivered body to its events. The content type alone chooses the reader; what does not read cleanly with it
 * is refused as a whole. */
#include "tools/inbound.h"

#include "data/time.h"

#include <string.h>

enum { ENVELOPE_MAX = 64 << 10 };

enum reader { READER_none, READER_json, READER_cloudevent, READER_cloudevent_batch };

/* ---- complaints ------------------------------------------------------------------------------- */

static hr_status refuse(struct hr_diagnostics *reterr, enum hr_code code, struct hr_text pointer,
                        const char *what)
{
    if (reterr != NULL) {
        struct hr_diagnostic *found =
            hr_diagnostics_add(reterr, code, HR_SEVERITY_error, (struct hr_place){0}, "%s", what);
        found->pointer = pointer;
    }
    return hr_answer(HR_E_INPUT);
}

static hr_status refuse_at_start(struct hr_diagnostics *reterr, enum hr_code code, const char *what)
{
    if (reterr != NULL) {
        const struct hr_place start = {.line = 1, .column = 1, .size = 1};
        (void)hr_diagnostics_add(reterr, code, HR_SEVERITY_error, start, "%s", what);
    }
    return hr_answer(HR_E_INPUT);
}

/* "/3/time" in a list, "/time" alone. */
static struct hr_text pointer_to(struct hr_arena *into, bool listed, size_t index, const char *name)
{
    return listed ? hr_text_format(into, "/%zu%s%s", index, *name != '\0' ? "/" : "", name)
                  : hr_text_format(into, "%s%s", *name != '\0' ? "/" : "", name);
}

/* ---- the content type -------------------------------------------------------------------------- */

static bool ends_caseless(struct hr_text text, struct hr_text part)
{
    return text.size >= part.size &&
           hr_text_equal_caseless(hr_text_slice(text, text.size - part.size, text.size), part);
}

/* The charset parameter, if there is one, has to be UTF-8 (or its subset). */
static bool charset_is_read(struct hr_text parameters)
{
    while (parameters.size > 0) {
        struct hr_text value = hr_text_trim(hr_text_cut(&parameters, ';'));
        struct hr_text name = hr_text_trim(hr_text_cut(&value, '='));
        value = hr_text_trim(value);
        if (value.size >= 2 && value.data[0] == '"' && value.data[value.size - 1] == '"') {
            value = hr_text_slice(value, 1, value.size - 1);
        }
        if (hr_text_equal_caseless(name, HR_TEXT("charset")) &&
            !hr_text_equal_caseless(value, HR_TEXT("utf-8")) &&
            !hr_text_equal_caseless(value, HR_TEXT("us-ascii"))) {
            return false;
        }
    }
    return true;
}

static enum reader choose_reader(struct hr_text content_type)
{
    struct hr_text parameters = content_type;
    struct hr_text type = hr_text_trim(hr_text_cut(&parameters, ';'));
    if (!charset_is_read(parameters)) {
        return READER_none;
    }
    if (hr_text_equal_caseless(type, HR_TEXT("application/cloudevents+json"))) {
        return READER_cloudevent;
    }
    if (hr_text_equal_caseless(type, HR_TEXT("application/cloudevents-batch+json"))) {
        return READER_cloudevent_batch;
    }
    bool json = hr_text_equal_caseless(type, HR_TEXT("application/json")) ||
                (ends_caseless(type, HR_TEXT("+json")) && hr_text_find(type, '/') < type.size);
    return json ? READER_json : READER_none;
}

/* ---- CloudEvents -------------------------------------------------------------------------------- */

/* A required attribute: a text that is not empty. */
static hr_status take_attribute(struct hr_arena *into, const struct hr_value *event,
                                const char *name, struct hr_text pointer,
                                struct hr_diagnostics *reterr, struct hr_text *ret_value)
{
    const struct hr_value *value = hr_value_member(event, hr_text_from(name));
    if (value == NULL || value->kind == HR_KIND_null) {
        struct hr_text what = hr_text_format(into, "the CloudEvents attribute %s is missing", name);
        return refuse(reterr, HR_CODE_cloudevent_attribute, pointer,
                      what.data != NULL ? what.data : name);
    }
    *ret_value = hr_value_as_text(value);
    if (value->kind != HR_KIND_text || ret_value->size == 0) {
        struct hr_text what =
            hr_text_format(into, "the CloudEvents attribute %s is not a text, or is empty", name);
        return refuse(reterr, HR_CODE_cloudevent_attribute, pointer,
                      what.data != NULL ? what.data : name);
    }
    return hr_done();
}

static hr_status take_time(const struct hr_value *event, struct hr_text pointer,
                           struct hr_diagnostics *reterr, hr_instant *ret_time)
{
    const struct hr_value *value = hr_value_member(event, HR_TEXT("time"));
    *ret_time = HR_INSTANT_NONE;
    if (value == NULL || value->kind == HR_KIND_null) {
        return hr_done();
    }
    if (value->kind != HR_KIND_text || !hr_instant_read(hr_value_as_text(value), ret_time)) {
        return refuse(reterr, HR_CODE_cloudevent_attribute, pointer,
                      "the CloudEvents attribute time is not like 2026-11-22T10:02:09Z");
    }
    return hr_done();
}

/* Reads the attributes of one CloudEvent in its structured form. */
static hr_status read_cloudevent(struct hr_arena *into, bool listed, size_t index,
                                 struct hr_diagnostics *reterr, struct hr_inbound_event *event)
{
    const struct hr_value *payload = &event->payload;
    struct hr_text version = HR_TEXT_NONE;
#define POINTER(name) pointer_to(into, listed, index, name)
    if (payload->kind != HR_KIND_map) {
        return refuse(reterr, HR_CODE_event_not_object, POINTER(""),
                      "a CloudEvent is not a JSON object");
    }
    event->cloudevent = true;
    HR_TRY(take_attribute(into, payload, "specversion", POINTER("specversion"), reterr, &version));
    if (!hr_text_equal(version, HR_TEXT("1.0"))) {
        return refuse(reterr, HR_CODE_cloudevent_version, POINTER("specversion"),
                      "specversion is not 1.0");
    }
    HR_TRY(take_attribute(into, payload, "id", POINTER("id"), reterr, &event->id));
    HR_TRY(take_attribute(into, payload, "source", POINTER("source"), reterr, &event->source));
    HR_TRY(take_attribute(into, payload, "type", POINTER("type"), reterr, &event->type));
    HR_TRY(take_time(payload, POINTER("time"), reterr, &event->time));
    if (hr_value_member(payload, HR_TEXT("data")) != NULL &&
        hr_value_member(payload, HR_TEXT("data_base64")) != NULL) {
        return refuse(reterr, HR_CODE_cloudevent_data, POINTER("data_base64"),
                      "both data and data_base64");
    }
#undef POINTER
    return hr_done();
}

static bool is_cloudevent_header(struct hr_text name)
{
    return name.size > 3 && hr_text_equal_caseless(hr_text_slice(name, 0, 3), HR_TEXT("ce-"));
}

static bool is_binary_cloudevent(const struct hr_inbound_body *body)
{
    for (size_t i = 0; i < body->header_count; i++) {
        if (hr_text_equal_caseless(body->headers[i].name, HR_TEXT("ce-specversion"))) {
            return true;
        }
    }
    return false;
}

/* A header's value with its percent escapes undone (HTTP binding 3.1.3.2); false if it is not UTF-8 then. */
static bool unescape(struct hr_arena *into, struct hr_text value, struct hr_text *ret_plain)
{
    char *plain = hr_arena_alloc(into, value.size + 1);
    size_t size = 0;
    if (plain == NULL) {
        return false;
    }
    for (size_t i = 0; i < value.size; i++) {
        bool escape = value.data[i] == '%' && i + 2 < value.size &&
                      hr_hex_digit(value.data[i + 1]) >= 0 && hr_hex_digit(value.data[i + 2]) >= 0;
        if (escape) {
            plain[size++] =
                (char)(hr_hex_digit(value.data[i + 1]) * 16 + hr_hex_digit(value.data[i + 2]));
            i += 2;
        } else {
            plain[size++] = value.data[i];
        }
    }
    *ret_plain = (struct hr_text){plain, size};
    return hr_text_is_utf8(*ret_plain) && memchr(plain, '\0', size) == NULL;
}

/* The name of an attribute from its header: lower-case letters and digits. */
static struct hr_text attribute_name(struct hr_arena *into, struct hr_text header)
{
    struct hr_text part = hr_text_slice(header, 3, header.size);
    char *name = hr_arena_alloc(into, part.size);
    for (size_t i = 0; name != NULL && i < part.size; i++) {
        name[i] = hr_lower(part.data[i]);
        bool good = (name[i] >= 'a' && name[i] <= 'z') || (name[i] >= '0' && name[i] <= '9');
        if (!good) {
            return HR_TEXT_NONE;
        }
    }
    return (struct hr_text){name, name != NULL ? part.size : 0};
}

static hr_status write_attributes(struct hr_arena *into, const struct hr_inbound_body *body,
                                  struct hr_buffer *out, struct hr_diagnostics *reterr)
{
    for (size_t i = 0; i < body->header_count; i++) {
        struct hr_text plain = HR_TEXT_NONE;
        if (!is_cloudevent_header(body->headers[i].name)) {
            continue;
        }
        struct hr_text name = attribute_name(into, body->headers[i].name);
        bool reserved =
            hr_text_equal(name, HR_TEXT("data")) || hr_text_equal(name, HR_TEXT("datacontenttype"));
        if (name.size == 0 || reserved || !unescape(into, body->headers[i].value, &plain)) {
            return refuse(reterr, HR_CODE_cloudevent_attribute, HR_TEXT_NONE,
                          "a ce- header has a name or a value that no attribute can have");
        }
        if (out->size > 1) {
            hr_buffer_add_byte(out, ',');
        }
        hr_json_write_text(out, name);
        hr_buffer_add_byte(out, ':');
        hr_json_write_text(out, plain);
    }
    return hr_done();
}

/* Binary mode: attributes in headers, data in the body. Written as its structured equivalent, so that one form is
 * kept and mapped. */
static hr_status write_structured(struct hr_arena *into, const struct hr_inbound_body *body,
                                  struct hr_diagnostics *reterr, struct hr_text *ret_raw)
{
    struct hr_buffer out;
    hr_buffer_init(&out, into, body->bytes.size + ENVELOPE_MAX);
    hr_buffer_add_byte(&out, '{');
    HR_TRY(write_attributes(into, body, &out, reterr));
    hr_assert(out.size > 1 ||
              out.failed); /* specversion is there, or this would not be a CloudEvent */
    if (body->content_type.size > 0) {
        hr_buffer_add_text(&out, HR_TEXT(",\"datacontenttype\":"));
        hr_json_write_text(&out, body->content_type);
    }
    if (body->bytes.size > 0) {
        hr_buffer_add_text(&out, HR_TEXT(",\"data\":"));
        hr_buffer_add_text(&out, body->bytes);
    }
    hr_buffer_add_byte(&out, '}');
    *ret_raw = hr_buffer_text(&out);
    return hr_buffer_status(&out);
}

/* ---- JSON ---------------------------------------------------------------------------------------- */

/* The encodings that JSON once could have; what they look like is said instead of "syntax error". */
static hr_status check_encoding(struct hr_text bytes, struct hr_diagnostics *reterr)
{
    const unsigned char *at = (const unsigned char *)bytes.data;
    if (bytes.size >= 3 && at[0] == 0xef && at[1] == 0xbb && at[2] == 0xbf) {
        return refuse_at_start(reterr, HR_CODE_json_syntax,
                               "a byte order mark stands before the JSON");
    }
    bool utf16 = bytes.size >= 2 && ((at[0] == 0xfe && at[1] == 0xff) ||
                                     (at[0] == 0xff && at[1] == 0xfe) || at[0] == 0 || at[1] == 0);
    return utf16 ? refuse_at_start(reterr, HR_CODE_not_utf8,
                                   "the JSON is UTF-16 or UTF-32, not UTF-8")
                 : hr_done();
}

static hr_status read_json(struct hr_arena *into, struct hr_text bytes,
                           struct hr_diagnostics *reterr, struct hr_value *ret_value)
{
    const struct hr_json_options options = {.size_max = bytes.size + 1};
    HR_TRY(check_encoding(bytes, reterr));
    return hr_json_read(into, bytes, &options, reterr, ret_value);
}

/* Each item of a list becomes an event with bytes of its own. */
static hr_status split(struct hr_arena *into, const struct hr_value *list,
                       struct hr_diagnostics *reterr, struct hr_inbound_event **ret_events)
{
    if (list->count == 0) {
        return refuse(reterr, HR_CODE_event_not_object, HR_TEXT_NONE,
                      "the list has no event in it");
    }
    if (list->count > HR_INBOUND_EVENTS_MAX) {
        return refuse(reterr, HR_CODE_events_too_many, HR_TEXT_NONE,
                      "more than 1,000 events in one body");
    }
    struct hr_inbound_event *events = hr_arena_new_many(into, struct hr_inbound_event, list->count);
    if (events == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < list->count; i++) {
        struct hr_buffer out;
        hr_buffer_init(&out, into, into->budget_bytes);
        hr_json_write(&out, &list->items[i]);
        HR_TRY(hr_buffer_status(&out));
        events[i] = (struct hr_inbound_event){
            .payload = list->items[i], .raw = hr_buffer_text(&out), .time = HR_INSTANT_NONE};
    }
    *ret_events = events;
    return hr_done();
}

/* Reads a whole body as one value and lays out its events; listed: it was a list. */
static hr_status lay_out(struct hr_arena *into, struct hr_text bytes, bool may_be_list,
                         struct hr_diagnostics *reterr, struct hr_inbound_event **ret_events,
                         size_t *ret_count, bool *ret_listed)
{
    struct hr_value value;
    HR_TRY(read_json(into, bytes, reterr, &value));
    *ret_listed = value.kind == HR_KIND_list && may_be_list;
    *ret_count = *ret_listed ? value.count : 1;
    if (*ret_listed) {
        return split(into, &value, reterr, ret_events);
    }
    *ret_events = hr_arena_new(into, struct hr_inbound_event);
    if (*ret_events == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    **ret_events =
        (struct hr_inbound_event){.payload = value, .raw = bytes, .time = HR_INSTANT_NONE};
    return hr_done();
}

/* ---- the door ------------------------------------------------------------------------------------ */

static hr_status read_all(struct hr_arena *into, struct hr_text bytes, enum reader reader,
                          struct hr_diagnostics *reterr, struct hr_inbound_event **ret_events,
                          size_t *ret_count)
{
    bool listed = false;
    bool may_be_list = reader != READER_cloudevent;
    HR_TRY(lay_out(into, bytes, may_be_list, reterr, ret_events, ret_count, &listed));
    if (reader == READER_cloudevent_batch && !listed) {
        return refuse(reterr, HR_CODE_event_not_object, HR_TEXT_NONE,
                      "a batch of CloudEvents has to be a list");
    }
    for (size_t i = 0; i < *ret_count; i++) {
        struct hr_inbound_event *event = &(*ret_events)[i];
        if (reader != READER_json) {
            HR_TRY(read_cloudevent(into, listed, i, reterr, event));
        } else if (event->payload.kind != HR_KIND_map) {
            return refuse(reterr, HR_CODE_event_not_object, pointer_to(into, listed, i, ""),
                          "an event is not a JSON object");
        }
    }
    return hr_done();
}

/* A body that says it is packed would be read as something else than what its sender means. */
static bool is_packed(const struct hr_inbound_body *body)
{
    for (size_t i = 0; i < body->header_count; i++) {
        if (hr_text_equal_caseless(body->headers[i].name, HR_TEXT("content-encoding")) &&
            !hr_text_equal_caseless(hr_text_trim(body->headers[i].value), HR_TEXT("identity"))) {
            return true;
        }
    }
    return false;
}

hr_status hr_inbound_read(struct hr_arena *into, const struct hr_inbound_body *body,
                          struct hr_diagnostics *reterr, struct hr_inbound_event **ret_events,
                          size_t *ret_count)
{
    struct hr_text bytes = body->bytes;
    bool bare = body->content_type.size == 0 && bytes.size == 0 && is_binary_cloudevent(body);
    enum reader reader = bare ? READER_json : choose_reader(body->content_type);
    if (reader == READER_none) {
        return refuse(reterr, HR_CODE_content_type_unsupported, HR_TEXT_NONE,
                      body->content_type.size == 0
                          ? "there is no content-type header; send content-type: application/json"
                          : "the content-type is not one of JSON in UTF-8");
    }
    if (is_packed(body)) {
        return refuse(reterr, HR_CODE_content_type_unsupported, HR_TEXT_NONE,
                      "the body has a content-encoding, and packed bodies are not read");
    }
    bool binary = reader == READER_json && is_binary_cloudevent(body);
    if (bytes.size == 0 && !binary) {
        return refuse(reterr, HR_CODE_body_empty, HR_TEXT_NONE, "the body is empty");
    }
    if (binary && !body->headers_trusted) {
        return refuse(reterr, HR_CODE_headers_not_signed, HR_TEXT_NONE,
                      "send CloudEvents structured: headers are not signed");
    }
    if (binary) {
        struct hr_value data;
        if (bytes.size > 0) {
            HR_TRY(read_json(into, bytes, reterr,
                             &data)); /* alone, so that places are those of the body */
        }
        HR_TRY(write_structured(into, body, reterr, &bytes));
        reader = READER_cloudevent;
    }
    return read_all(into, bytes, reader, reterr, ret_events, ret_count);
}
