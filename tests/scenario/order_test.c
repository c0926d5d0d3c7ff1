/* The order in which messages arrive changes nothing: every order of six of them ends the same:
 * the same values, the same handoffs opened and proven at the same moments. */
/* links: server */
#include "support/machine.h"
#include "unit/workspace_folder.h"

enum { MESSAGES_MAX = 6 };

/* A message as its tool writes it, and the minute of the day it speaks of. */
struct said {
    const char *tool;
    const char *raw;
};
struct told {
    const char *story;
    struct said said[MESSAGES_MAX];
};

#define WHO "ada@example.com"
#define FORM(at, id, offer)                                                                        \
    {                                                                                              \
        "website_form",                                                                            \
            "{\"type\":\"form.submitted\",\"timestamp\":\"2026-11-23T" at "Z\",\"data\":{"         \
            "\"submission_id\":\"" id "\",\"email\":\"" WHO                                        \
            "\",\"first_name\":\"Ada\",\"offer\":\"" offer "\"}}"                                  \
    }
#define CALENDAR(at, id, event)                                                                    \
    {                                                                                              \
        "calendar",                                                                                \
            "{\"id\":\"" id "\",\"event\":\"booking." event "\",\"created_at\":\"2026-11-23T" at   \
            "Z\",\"booking\":{\"id\":\"bk_1\",\"invitee\":{\"email\":\" "                          \
            "ADA@Example.com\",\"phone\":\"07700 900123\"}}}"                                      \
    }
#define PAID(at, id, payment)                                                                      \
    {                                                                                              \
        "checkout", "{\"id\":\"" id                                                                \
                    "\",\"type\":\"checkout.session.completed\",\"created\":\"2026-11-23T" at      \
                    "Z\",\"data\":{\"object\":{\"payment_intent\":\"" payment                      \
                    "\",\"payment_status\":\"paid\",\"amount_total\":49000,\"customer_details\":{" \
                    "\"email\":\"" WHO "\"}}}}"                                                    \
    }
#define COURSE(at, id, event)                                                                      \
    {                                                                                              \
        "course_platform",                                                                         \
            "{\"event\":\"course.access_" event "\",\"id\":\"" id                                  \
            "\",\"occurred_at\":\"2026-11-23T" at "Z\",\"member\":{\"email\":\"" WHO "\"},"        \
            "\"course\":{\"id\":\"c1\"}}"                                                          \
    }
#define MAIL(at, id, template)                                                                     \
    {                                                                                              \
        "email", "{\"type\":\"message.sent\",\"timestamp\":\"2026-11-23T" at                       \
                 "Z\",\"data\":{\"message_id\":\"" id "\",\"to\":\"" WHO                           \
                 "\",\"template\":\"" template "\"}}"                                              \
    }

static const struct told tellings[] = {
    {"from the form to the course",
     {FORM("09:00:00", "s1", "group_program"), CALENDAR("09:30:00", "c1", "created"),
      PAID("10:00:00", "e1", "pi_1"), COURSE("10:02:00", "p1", "granted"),
      MAIL("10:05:00", "m1", "member_welcome"), CALENDAR("11:00:00", "c2", "completed")}},
    {"two payments, access lost between them",
     {PAID("10:00:00", "e1", "pi_1"), COURSE("10:02:00", "p1", "granted"),
      COURSE("10:30:00", "p2", "revoked"), PAID("11:00:00", "e2", "pi_2"),
      COURSE("11:03:00", "p3", "granted"), MAIL("11:04:00", "m1", "member_welcome")}},
    {"access before the payment, and taken away before it",
     {COURSE("09:50:00", "p1", "granted"), COURSE("09:55:00", "p2", "revoked"),
      PAID("10:00:00", "e1", "pi_1"), FORM("08:00:00", "s1", "one_to_one"),
      MAIL("10:01:00", "m1", "hello"), COURSE("11:30:00", "p3", "granted")}},
    {"the same word three times, another between them",
     {COURSE("10:01:00", "p1", "granted"), COURSE("10:02:00", "p2", "granted"),
      COURSE("10:04:00", "p3", "granted"), COURSE("10:03:00", "p4", "revoked"),
      PAID("10:03:30", "e1", "pi_1"), FORM("08:00:00", "s1", "discovery_call")}},
    {"two words for one moment",
     {FORM("09:00:00", "s1", "group_program"), FORM("09:00:00", "s2", "one_to_one"),
      COURSE("10:00:00", "p1", "granted"), COURSE("10:00:00", "p2", "revoked"),
      PAID("10:00:00", "e1", "pi_1"), COURSE("10:00:00", "p3", "granted")}},
    {"a payment that does not say which",
     {PAID("10:00:00", "e1", "pi_1"),
      {"checkout", "{\"id\":\"e9\",\"type\":\"checkout.session.completed\",\"created\":\"2026-11-"
                   "23T10:10:00Z\",\"data\":{"
                   "\"object\":{\"payment_status\":\"paid\",\"amount_total\":1,\"customer_"
                   "details\":{\"email\":\"" WHO "\"}}}}"},
      COURSE("10:11:00", "p1", "granted"),
      FORM("09:00:00", "s1", "group_program"),
      MAIL("10:12:00", "m1", "member_welcome"),
      CALENDAR("12:00:00", "c1", "no_show")}},
};

/* ---- one order -------------------------------------------------------------------------------------------- */

static const uint8_t secret[HR_KEY_SIZE] = {"an order is none"};

static hr_instant instant(const char *text)
{
    hr_instant at = 0;
    assert_true(hr_instant_read(hr_text_from(text), &at));
    return at;
}

/* What a contact ends as, in an order of its own. */
static struct hr_text ending(struct hr_arena *into, const struct hr_contact *contact)
{
    struct hr_buffer out;
    hr_buffer_init(&out, into, 64 << 10);
    for (uint32_t field = 1; field < 64; field++) {
        for (size_t i = 0; i < contact->field_count; i++) {
            if (contact->fields[i].field == field) {
                hr_put_uint(&out, field);
                hr_put_int(&out, contact->fields[i].at);
                hr_put_value(&out, &contact->fields[i].value);
            }
        }
    }
    const struct hr_instance *last = NULL;
    for (size_t round = 0; round < contact->instance_count; round++) {
        const struct hr_instance *next = NULL;
        for (size_t i = 0; i < contact->instance_count; i++) {
            const struct hr_instance *it = &contact->instances[i];
            bool later =
                last == NULL || it->handoff > last->handoff ||
                (it->handoff == last->handoff && memcmp(&it->key, &last->key, sizeof it->key) > 0);
            bool sooner =
                next == NULL || it->handoff < next->handoff ||
                (it->handoff == next->handoff && memcmp(&it->key, &next->key, sizeof it->key) < 0);
            next = later && sooner ? it : next;
        }
        hr_assert(next != NULL);
        hr_buffer_add_format(&out, "%u %u %d %lld %lld ", next->handoff, next->stand,
                             next->incorrect, (long long)next->opened_at,
                             (long long)next->judged_at);
        hr_put_bytes(&out, &next->key, sizeof next->key);
        last = next;
    }
    return hr_buffer_text(&out);
}

/* A message that was heard already does not reach the engine again: so copies only matter by where the first stands. */
static struct hr_text run_order(struct folder *folder, struct hr_arena *arena,
                                const struct told *told, const size_t *order, size_t count)
{
    struct machine machine;
    struct hr_entry entry;
    bool heard[MESSAGES_MAX] = {false};
    hr_instant now = instant("2026-11-23T18:00:00Z");
    machine_init(&machine, arena, secret);
    assert_true(hr_ok(machine_publish(&machine, folder->plan, HR_TEXT("files"), now, &entry)));
    for (size_t i = 0; i < count; i++) {
        if (!heard[order[i]]) {
            heard[order[i]] = true;
            const struct said *said = &told->said[order[i]];
            assert_true(machine_hear(&machine, said->tool, said->raw, now));
        }
    }
    const struct hr_contact *contact = machine_contact(&machine);
    assert_non_null(contact);
    return ending(arena, contact);
}

/* ---- every order ----------------------------------------------------------------------------------------------- */

/* The n-th order of six. */
static void order_of(size_t n, size_t *ret_order)
{
    size_t left[MESSAGES_MAX] = {0, 1, 2, 3, 4, 5};
    for (size_t i = 0; i < MESSAGES_MAX; i++) {
        size_t choices = MESSAGES_MAX - i;
        size_t chosen = n % choices;
        n /= choices;
        ret_order[i] = left[chosen];
        memmove(left + chosen, left + chosen + 1, (choices - chosen - 1) * sizeof left[0]);
    }
}

/* ends_with: the moment of the last handoff's proof; NULL: only the same in every order. */
static void check_every_order(struct folder *folder, const struct told *told, const char *ends_with)
{
    enum { ORDERS = 720 };
    struct hr_arena kept;
    struct hr_arena arena;
    struct hr_text first = HR_TEXT_NONE;
    hr_arena_init(&kept, 1 << 20);
    hr_arena_init(&arena, 64 << 20);
    for (size_t n = 0; n < ORDERS; n++) {
        size_t order[MESSAGES_MAX];
        order_of(n, order);
        struct hr_text end = run_order(folder, &arena, told, order, MESSAGES_MAX);
        first = n == 0 ? hr_text_copy(&kept, end) : first;
        if (!hr_text_equal(first, end)) {
            fail_msg("\"%s\" ends otherwise in the order %zu%zu%zu%zu%zu%zu", told->story, order[0],
                     order[1], order[2], order[3], order[4], order[5]);
        }
        hr_arena_rewind(&arena, (struct hr_arena_mark){0});
    }
    if (ends_with != NULL) {
        assert_true(hr_text_search(first, hr_text_from(ends_with)) < first.size);
    }
    hr_arena_close(&arena);
    hr_arena_close(&kept);
}

static void every_order_ends_the_same(void **state)
{
    for (size_t i = 0; i < sizeof tellings / sizeof tellings[0]; i++) {
        check_every_order(*state, &tellings[i], NULL);
    }
}

/* ---- the earliest proof ------------------------------------------------------------------------------------------ */

#define TILL(at, event, amount)                                                                    \
    {                                                                                              \
        "till", "{\"type\":\"" event "\",\"timestamp\":\"2026-11-23T" at                           \
                "Z\",\"data\":{\"email\":\"" WHO "\",\"amount\":" amount "}}"                      \
    }

/* 5 was paid, 10 asked, 10 paid: done at 9:20. That 5 is asked at 9:30 makes no proof of the first payment. */
static const struct told earliest = {
    "the earliest proof counts",
    {TILL("09:00:00", "order.made", "0"), TILL("09:10:00", "money.paid", "5"),
     TILL("09:15:00", "price.asked", "10"), TILL("09:20:00", "money.paid", "10"),
     TILL("09:30:00", "price.asked", "5"), TILL("09:40:00", "money.paid", "5")},
};

static void a_later_word_takes_no_proof_away(void **state)
{
    struct folder folder;
    (void)state;
    folder_shop(&folder);
    assert_true(hr_ok(folder.status));
    check_every_order(&folder, &earliest, "1795425600000000 ");
    folder_close(&folder);
}

static int open_folder(void **state)
{
    static struct folder folder;
    folder_coaching(&folder);
    *state = &folder;
    return hr_ok(folder.status) ? 0 : -1;
}

static int close_folder(void **state)
{
    folder_close(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_order_ends_the_same),
                                       cmocka_unit_test(a_later_word_takes_no_proof_away)};
    return cmocka_run_group_tests(tests, open_folder, close_folder);
}
