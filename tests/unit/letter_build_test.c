/* links: letter workspace */
/* Letters of the coaching example, as one customer gets them: tests/golden/letter holds each whole
 * (HR_UPDATE_GOLDEN=1 writes them anew); what keeps one from going out; and the digest that an approval is bound to. */
#include "letter/letter.h"
#include "unit/workspace_folder.h"

#include <stdlib.h>

enum { PATH_SIZE = 1024, GOLDEN_BYTES_MAX = 1 << 16 };

#define LINK "https://handrail.bright.example.com/u/armhxMbryO99fVGFxfQaKj_YsHpHeLWtnFhF6uSQ"

/* A customer with these fields. */
struct customer {
    struct hr_member fields[4];
    uint32_t count;
};

static bool value_of(void *context, struct hr_text name, struct hr_value *ret_value)
{
    struct customer *customer = context;
    *ret_value = (struct hr_value){
        .kind = HR_KIND_map, .count = customer->count, .members = customer->fields};
    return hr_text_equal(name, HR_TEXT("contact"));
}

static struct customer ada_named(const char *first_name)
{
    struct customer customer = {.count = 1};
    customer.fields[0] = (struct hr_member){hr_value_text(HR_TEXT("email")),
                                            hr_value_text(HR_TEXT("ada@example.com"))};
    if (first_name != NULL) {
        customer.fields[customer.count++] = (struct hr_member){
            hr_value_text(HR_TEXT("first_name")), hr_value_text(hr_text_from(first_name))};
    }
    return customer;
}

/* One letter of the coaching business, to be ordered and built. */
struct office {
    struct folder folder;
    struct customer customer;
    struct hr_template_view view;
    struct hr_letter_order order;
    struct hr_letter letter;
    struct hr_template_error error;
    const char *part;
};

static void open_office(struct office *office, const char *message, const char *first_name)
{
    *office = (struct office){0};
    folder_coaching(&office->folder);
    assert_true(hr_ok(office->folder.status));
    const struct hr_plan *plan = office->folder.plan;
    office->customer = ada_named(first_name);
    office->view = (struct hr_template_view){
        .context = &office->customer, .value_of = value_of, .zone = plan->zone};
    assert_true(hr_instant_read(HR_TEXT("2026-11-23T10:00:00Z"), &office->view.now));
    int32_t index = hr_plan_message(plan, hr_text_from(message));
    assert_true(index >= 0);
    office->order = (struct hr_letter_order){.plan = plan,
                                             .message = &plan->messages[index],
                                             .purpose = HR_NONE_INDEX,
                                             .to_address = HR_TEXT("ada@example.com"),
                                             .to_name = hr_text_from(first_name),
                                             .unsubscribe_url = HR_TEXT(LINK),
                                             .view = &office->view};
}

static void close_office(struct office *office)
{
    folder_close(&office->folder);
}

static int32_t build(struct office *office)
{
    office->part = NULL;
    office->error = (struct hr_template_error){0};
    int32_t code = hr_letter_build(&office->order, &office->folder.arena, &office->letter,
                                   &office->part, &office->error)
                       .code;
    if (code != 0) {
        assert_int_equal(office->letter.text.size + office->letter.html.size, 0);
        assert_int_equal(office->letter.subject.size, 0);
    }
    return code;
}

static bool has(struct hr_text text, const char *part)
{
    return hr_text_search(text, hr_text_from(part)) < text.size;
}

/* ---- what goes out ---- */

static struct hr_text whole(struct office *office)
{
    const struct hr_letter *letter = &office->letter;
    return hr_text_format(
        &office->folder.arena,
        "From: %.*s <%.*s>\nTo: %.*s <%.*s>\nSubject: %.*s\nList-Id: %.*s\nUnsubscribe: "
        "%.*s\n==== text\n%.*s==== html\n%.*s",
        HR_SHOW(letter->from_name), HR_SHOW(letter->from_address), HR_SHOW(letter->to_name),
        HR_SHOW(letter->to_address), HR_SHOW(letter->subject), HR_SHOW(letter->list_id),
        HR_SHOW(letter->unsubscribe_url), HR_SHOW(letter->text), HR_SHOW(letter->html));
}

static void assert_golden(const char *message, const char *first_name)
{
    char relative[PATH_SIZE / 2];
    char path[PATH_SIZE];
    struct office office;
    open_office(&office, message, first_name);
    assert_int_equal(build(&office), 0);
    (void)snprintf(relative, sizeof relative, "tests/golden/letter/%s.txt", message);
    project_path(path, sizeof path, relative);
    struct hr_text page = whole(&office);
    if (getenv("HR_UPDATE_GOLDEN") != NULL) {
        FILE *stream = fopen(path, "wb");
        assert_non_null(stream);
        assert_int_equal(fwrite(page.data, 1, page.size, stream), page.size);
        (void)fclose(stream);
    }
    struct hr_text expected = read_whole(&office.folder.arena, path);
    if (!hr_text_equal(expected, page)) {
        fail_msg("%s says something else now:\n%.*s", relative, HR_SHOW(page));
    }
    close_office(&office);
}

static void letters_read_as_their_golden_files_say(void **state)
{
    (void)state;
    assert_golden("lead_nudge", "Ada");
    assert_golden("lead_welcome", NULL);
    assert_golden("member_welcome", "Zo\xc3\xab <b>*Lovelace*</b>");
    assert_golden("start_lesson_one", "Ada");
}

/* Marketing has an address below it and a way out; what somebody bought is told without either. */
static void the_purpose_decides_what_stands_below(void **state)
{
    (void)state;
    struct office office;
    open_office(&office, "lead_nudge", "Ada");
    assert_int_equal(build(&office), 0);
    assert_true(has(office.letter.text, "\n1 High Street, Leeds, UK\nUnsubscribe: " LINK "\n"));
    assert_true(has(office.letter.html, "<p style=\"margin: 0\">1 High Street, Leeds, UK</p>"));
    assert_true(has(office.letter.html, "<a href=\"" LINK "\""));
    assert_true(has(office.letter.html, "Unsubscribe</a></p>\n</div>\n</body>"));
    assert_true(hr_text_equal(office.letter.unsubscribe_url, HR_TEXT(LINK)));
    assert_true(hr_text_equal(office.letter.list_id, HR_TEXT("marketing.bright.example.com")));
    close_office(&office);

    open_office(&office, "member_welcome", "Ada");
    assert_int_equal(build(&office), 0);
    assert_false(has(office.letter.text, "High Street") || has(office.letter.text, "Unsubscribe"));
    assert_false(has(office.letter.html, "High Street") || has(office.letter.html, "Unsubscribe"));
    assert_int_equal(office.letter.unsubscribe_url.size + office.letter.list_id.size, 0);
    close_office(&office);
}

/* The step says what a message is for that does not say it itself. */
static void a_step_may_say_the_purpose(void **state)
{
    (void)state;
    struct office office;
    open_office(&office, "member_welcome", "Ada");
    struct hr_message unsaid = *office.order.message;
    unsaid.purpose = HR_NONE_INDEX;
    office.order.message = &unsaid;
    assert_int_equal(build(&office), 0);
    assert_null(office.letter.purpose);
    for (int32_t i = 0; i < (int32_t)office.order.plan->policies.purpose_count; i++) {
        office.order.purpose = i;
        assert_int_equal(build(&office), 0);
        assert_ptr_equal(office.letter.purpose, &office.order.plan->policies.purposes[i]);
        assert_int_equal(office.letter.unsubscribe_url.size > 0,
                         office.letter.purpose->needs_consent);
    }
    close_office(&office);
}

/* ---- what does not ---- */

static void nobody_gets_an_empty_greeting(void **state)
{
    (void)state;
    struct office office;
    open_office(&office, "member_welcome", "Ada");
    office.customer.count = 0; /* nothing is known of them */
    assert_int_equal(build(&office), HR_TEMPLATE_MISSING);
    assert_int_equal(office.error.code, HR_CODE_template_missing);
    assert_true(hr_text_equal(office.error.name, HR_TEXT("contact.email")));
    assert_string_equal(office.part, "text");
    office.customer = ada_named("Ada");
    office.order.to_address = HR_TEXT_NONE;
    assert_int_equal(build(&office), HR_TEMPLATE_MISSING);
    assert_true(hr_text_equal(office.error.name, HR_TEXT("contact.email")));
    assert_string_equal(office.part, "recipient");
    close_office(&office);
}

static void assert_unsendable(struct office *office, enum hr_code code)
{
    assert_int_equal(build(office), HR_LETTER_UNSENDABLE);
    assert_int_equal(office->error.code, code);
    assert_true(office->error.message.size > 0);
    assert_string_equal(office->part, "sender");
    office->order.to_look_at = true;
    assert_int_equal(build(office), 0);
    office->order.to_look_at = false;
}

static void what_needs_consent_never_goes_out_without_a_way_out(void **state)
{
    (void)state;
    struct office office;
    open_office(&office, "lead_nudge", "Ada");
    static const char *const links[] = {"", "http://handrail.example/u/T", "/u/T"};
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        office.order.unsubscribe_url = hr_text_from(links[i]);
        assert_unsendable(&office, HR_CODE_way_out_missing);
    }
    office.order.unsubscribe_url = HR_TEXT(LINK);
    struct hr_tool *sender =
        &office.folder.plan->tools[hr_plan_tool(office.order.plan, HR_TEXT("email"))];
    struct hr_tool was = *sender;
    sender->postal_address = HR_TEXT_NONE;
    assert_unsendable(&office, HR_CODE_address_missing);
    *sender = was;
    sender->unsubscribe = HR_UNSUBSCRIBE_none;
    assert_unsendable(&office, HR_CODE_unsubscribe_missing);
    *sender = was;
    sender->from = HR_TEXT_NONE;
    assert_unsendable(&office, HR_CODE_nothing_sends);
    *sender = was;
    assert_int_equal(build(&office), 0);
    close_office(&office);
}

static void a_letter_has_a_size(void **state)
{
    (void)state;
    struct office office;
    open_office(&office, "lead_nudge", "Ada");
    char *longest = hr_arena_alloc(&office.folder.arena, HR_LETTER_TEXT_MAX + 1);
    assert_non_null(longest);
    memset(longest, 'a', HR_LETTER_TEXT_MAX);
    office.customer = ada_named(longest);
    assert_int_equal(build(&office), HR_TEMPLATE_LIMIT);
    assert_int_equal(office.error.code, HR_CODE_template_too_much);
    assert_string_equal(office.part, "text");
    close_office(&office);
}

/* A name with a line break in it stands in no head; the letter goes out without it. */
static void a_name_that_cannot_stand_in_a_head_is_left_out(void **state)
{
    (void)state;
    struct office office;
    open_office(&office, "lead_nudge", "Ada\r\nBcc: eve@example.com");
    assert_int_equal(build(&office), 0);
    assert_int_equal(office.letter.to_name.size, 0);
    close_office(&office);
}

/* ---- the digest ---- */

static struct hr_digest digest_with(struct office *office)
{
    assert_int_equal(build(office), 0);
    return office->letter.digest;
}

static void the_same_letter_has_the_same_digest_and_any_other_another(void **state)
{
    (void)state;
    struct office office;
    open_office(&office, "lead_nudge", "Ada");
    struct hr_digest seen = digest_with(&office);
    struct hr_digest again = digest_with(&office);
    assert_true(hr_digest_equal(&seen, &again));
    struct hr_letter_order was = office.order;
    struct hr_digest others[7];
    size_t count = 0;
    office.customer = ada_named("Adah");
    others[count++] = digest_with(&office);
    office.customer = ada_named("Ada");
    office.order.to_address = HR_TEXT("adb@example.com");
    others[count++] = digest_with(&office);
    office.order = was;
    office.order.to_name = HR_TEXT_NONE;
    others[count++] = digest_with(&office);
    office.order = was;
    office.order.unsubscribe_url = HR_TEXT(LINK "x");
    others[count++] = digest_with(&office);
    office.order = was;
    struct hr_tool *sender = &office.folder.plan->tools[hr_plan_tool(was.plan, HR_TEXT("email"))];
    sender->from = HR_TEXT("hello@other.example.com");
    others[count++] = digest_with(&office);
    sender->from = HR_TEXT("hello@bright.example.com");
    struct hr_message changed = *was.message;
    const struct hr_message *welcome =
        &was.plan->messages[hr_plan_message(was.plan, HR_TEXT("member_welcome"))];
    changed.subject = welcome->subject;
    office.order.message = &changed;
    others[count++] = digest_with(&office);
    changed = *was.message;
    changed.text = welcome->text;
    others[count++] = digest_with(&office);
    for (size_t i = 0; i < count; i++) {
        assert_false(hr_digest_equal(&seen, &others[i]));
        for (size_t k = 0; k < i; k++) {
            assert_false(hr_digest_equal(&others[k], &others[i]));
        }
    }
    office.order = was;
    again = digest_with(&office);
    assert_true(hr_digest_equal(&seen, &again));
    close_office(&office);
}

/* ---- memory ---- */

/* ---- what is kept ---- */

static void a_letter_that_was_kept_is_the_letter_that_was_seen(void **state)
{
    (void)state;
    static const char *const messages[] = {"lead_nudge", "member_welcome"};
    for (size_t i = 0; i < 2; i++) {
        struct office office;
        struct hr_value content;
        struct hr_letter kept;
        open_office(&office, messages[i], "Ada");
        assert_int_equal(build(&office), 0);
        const struct hr_letter *seen = &office.letter;
        assert_true(hr_ok(hr_letter_keep(seen, &office.folder.arena, &content)));
        assert_true(hr_ok(hr_letter_kept(&content, seen->sender, &kept)));
        assert_ptr_equal(kept.sender, seen->sender);
        assert_true(hr_text_equal(kept.from_address, seen->from_address));
        assert_true(hr_text_equal(kept.from_name, seen->from_name));
        assert_true(hr_text_equal(kept.to_address, seen->to_address));
        assert_true(hr_text_equal(kept.to_name, seen->to_name));
        assert_true(hr_text_equal(kept.subject, seen->subject));
        assert_true(hr_text_equal(kept.text, seen->text));
        assert_true(hr_text_equal(kept.html, seen->html));
        assert_true(hr_text_equal(kept.unsubscribe_url, seen->unsubscribe_url));
        assert_true(hr_text_equal(kept.list_id, seen->list_id));
        assert_true(hr_digest_equal(&kept.digest, &seen->digest));
        close_office(&office);
    }
}

/* Each member changed, or gone: it would be another letter than the one somebody saw. */
static void a_letter_that_was_changed_where_it_was_kept_is_none(void **state)
{
    (void)state;
    struct office office;
    struct hr_value content;
    struct hr_letter kept;
    open_office(&office, "lead_nudge", "Ada");
    assert_int_equal(build(&office), 0);
    struct hr_arena *arena = &office.folder.arena;
    assert_true(hr_ok(hr_letter_keep(&office.letter, arena, &content)));
    struct hr_member *members = hr_arena_new_many(arena, struct hr_member, content.count);
    assert_non_null(members);
    assert_int_equal(content.count, 11);
    for (uint32_t i = 0; i < content.count; i++) {
        const struct hr_value nothings[] = {hr_value_null(), hr_value_int(1),
                                            hr_value_text(HR_TEXT("other")),
                                            hr_value_text(HR_TEXT_NONE)};
        for (size_t k = 0; k < sizeof nothings / sizeof nothings[0]; k++) {
            memcpy(members, content.members, content.count * sizeof *members);
            members[i].value = nothings[k];
            struct hr_value changed = content;
            changed.members = members;
            assert_int_equal(hr_letter_kept(&changed, office.letter.sender, &kept).code,
                             HR_E_CORRUPT);
            assert_null(kept.to_address.data);
        }
    }
    const struct hr_value none = hr_value_null();
    assert_int_equal(hr_letter_kept(&none, office.letter.sender, &kept).code, HR_E_CORRUPT);
    close_office(&office);
}

static void without_memory_there_is_no_letter(void **state)
{
    (void)state;
    struct office office;
    open_office(&office, "lead_nudge", "Ada");
    size_t refused = 0;
    for (size_t budget = 0;; budget += 97) {
        struct hr_arena narrow;
        struct hr_letter letter;
        hr_arena_init(&narrow, budget);
        hr_status status = hr_letter_build(&office.order, &narrow, &letter, NULL, NULL);
        bool done = hr_ok(status);
        if (!done && status.code != HR_E_MEMORY) {
            fail_msg("with %zu bytes: %d", budget, status.code);
        }
        assert_int_equal(letter.text.size > 0, done);
        hr_arena_close(&narrow);
        if (done) {
            break;
        }
        refused++;
    }
    assert_true(refused > 10);
    close_office(&office);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_read_as_their_golden_files_say),
        cmocka_unit_test(the_purpose_decides_what_stands_below),
        cmocka_unit_test(a_step_may_say_the_purpose),
        cmocka_unit_test(nobody_gets_an_empty_greeting),
        cmocka_unit_test(what_needs_consent_never_goes_out_without_a_way_out),
        cmocka_unit_test(a_letter_has_a_size),
        cmocka_unit_test(a_name_that_cannot_stand_in_a_head_is_left_out),
        cmocka_unit_test(the_same_letter_has_the_same_digest_and_any_other_another),
        cmocka_unit_test(a_letter_that_was_kept_is_the_letter_that_was_seen),
        cmocka_unit_test(a_letter_that_was_changed_where_it_was_kept_is_none),
        cmocka_unit_test(without_memory_there_is_no_letter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
