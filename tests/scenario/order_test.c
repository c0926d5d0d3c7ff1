/* The order in which messages arrive changes nothing: every order of six of them ends the same:
 * the same values, the same handoffs opened and proven at the same moments. */
/* links: server */
#include "scenario/orders.h"

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

static const struct orders_told tellings[] = {
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

static void every_order_ends_the_same(void **state)
{
    for (size_t i = 0; i < sizeof tellings / sizeof tellings[0]; i++) {
        orders_all_end_the_same(*state, &tellings[i], NULL);
    }
}

/* ---- the earliest proof ------------------------------------------------------------------------------------------ */

#define TILL(at, event, amount)                                                                    \
    {                                                                                              \
        "till", "{\"type\":\"" event "\",\"timestamp\":\"2026-11-23T" at                           \
                "Z\",\"data\":{\"email\":\"" WHO "\",\"amount\":" amount "}}"                      \
    }

/* 5 was paid, 10 asked, 10 paid: done at 9:20. That 5 is asked at 9:30 makes no proof of the first payment. */
static const struct orders_told earliest = {
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
    orders_all_end_the_same(&folder, &earliest, "1795425600000000 ");
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
