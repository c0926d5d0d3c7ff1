/* Every condition can be read aloud: a table of conditions and the sentences that people see. */
#include "unit/expr_world.h"

struct line {
    const char *source;
    const char *sentence;
};

static const struct line lines[] = {
    {"known(contact.offer)", "offer is known"},
    {"has(contact.offer)", "offer is known"},
    {"!known(contact.offer)", "offer is empty"},
    {"contact.offer != null", "offer is known"},
    {"contact.offer == null", "offer is empty"},
    {"contact.offer == 'audit'", "offer is audit"},
    {"'audit' == contact.offer", "offer is audit"},
    {"contact.offer != 'audit'", "offer is not audit"},
    {"!(contact.offer == 'audit')", "offer is not audit"},
    {"!known(contact.lifecycle) || contact.lifecycle == 'lead'", "lifecycle is empty or lead"},
    {"contact.lifecycle == 'lead' || contact.lifecycle == 'booked'", "lifecycle is lead or booked"},
    {"contact.lifecycle in ['lead', 'booked', 'client']", "lifecycle is lead, booked or client"},
    {"!(contact.lifecycle in ['lead', 'booked'])", "lifecycle is not lead or booked"},
    {"contact.course_access == 'active'", "course access is active"},
    {"booking.status == 'booked'", "booking status is booked"},
    {"event.type == 'course.access_granted'", "event is course.access_granted"},
    {"event.type in ['payment.succeeded', 'payment.refunded']",
     "event is payment.succeeded or payment.refunded"},
    {"event.course == contact.offer", "course is the contact's offer"},
    {"event.amount >= 100", "amount is 100 or more"},
    {"event.amount <= 100", "amount is 100 or less"},
    {"event.amount > 100", "amount is above 100"},
    {"event.amount < 100", "amount is below 100"},
    {"100 <= event.amount", "amount is 100 or more"},
    {"100 > event.amount", "amount is below 100"},
    {"!(event.amount > 100)", "amount is 100 or less"},
    {"contact.amount >= 99.5", "amount is 99.5 or more"},
    {"event.amount >= contact.score", "amount is at least the contact's score"},
    {"contact.score < event.amount", "score is below the event's amount"},
    {"contact.consent", "consent is yes"},
    {"!contact.consent", "consent is no"},
    {"contact.consent == true", "consent is yes"},
    {"contact.consent != true", "consent is no"},
    {"contact.email.endsWith('.org')", "email ends with .org"},
    {"!contact.email.endsWith('.org')", "email does not end with .org"},
    {"contact.email.startsWith('ada')", "email begins with ada"},
    {"contact.email.contains('+')", "email contains +"},
    {"contact.email.matches('^a')", "email matches \"^a\""},
    {"contact.email.lowerAscii() == 'ada@example.com'", "email in lower case is ada@example.com"},
    {"'vip' in contact.tags", "tags includes vip"},
    {"!('vip' in contact.tags)", "tags does not include vip"},
    {"contact.tags.exists(t, t == 'vip')", "tags includes vip"},
    {"contact.tags.exists(t, t.startsWith('vip'))",
     "for at least one t of tags, t begins with vip"},
    {"contact.tags.all(t, t != 'spam')", "for every t of tags, t is not spam"},
    {"!contact.tags.all(t, t != 'spam')", "not (for every t of tags, t is not spam)"},
    {"size(contact.tags) > 2", "the size of tags is above 2"},
    {"now() - contact.last_seen < duration('30 days')", "last seen was within 30 days"},
    {"contact.last_seen > now() - duration('48h')", "last seen was within 2 days"},
    {"now() - contact.last_seen >= duration('30 days')", "last seen was more than 30 days ago"},
    {"contact.last_seen < now()", "last seen is in the past"},
    {"contact.last_seen >= timestamp('2026-11-01T00:00:00Z')",
     "last seen is at or after 2026-11-01T00:00:00Z"},
    {"contact.response_time > duration('5m')", "response time is longer than 5 minutes"},
    {"contact.offer == 'audit' && contact.consent", "offer is audit and consent is yes"},
    {"contact.consent && (!known(contact.offer) || contact.offer == 'audit')",
     "consent is yes and (offer is empty or audit)"},
    {"contact.offer == 'audit' || contact.consent && contact.score > 3",
     "offer is audit or (consent is yes and score is above 3)"},
    {"!(contact.consent && contact.score > 3)", "not (consent is yes and score is above 3)"},
    {"payload.customer.email == 'ada@example.com'", "payload customer email is ada@example.com"},
    {"event.payload.status == 'paid in full'", "payload status is \"paid in full\""},
    {"contact.email == ''", "email is \"\""},
    {"minutes > 5", "minutes is above 5"},
    {"contact.score + 1 > 5", "score plus 1 is above 5"},
    {"true", "always"},
    {"payload.email", "payload email"},
    {"payload.items.map(i, i.sku)", "`payload.items.map(i, i.sku)`"},
    {"known(payload.a) ? payload.a : payload.b",
     "payload a if payload a is known, otherwise payload b"},
};

static void every_condition_reads_as_a_sentence(void **state)
{
    (void)state;
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct world world;
        world_open(&world);
        const struct hr_expr *expr = world_compile(&world, lines[i].source, HR_TYPE_dyn);
        struct hr_text said = hr_expr_say(expr, &world.arena);
        if (!hr_text_equal(said, hr_text_from(lines[i].sentence))) {
            print_error("%s\n  said:     %.*s\n  expected: %s\n", lines[i].source, HR_SHOW(said),
                        lines[i].sentence);
            wrong++;
        }
        hr_expr_release(expr);
        world_close(&world);
    }
    assert_int_equal(wrong, 0);
}

static void a_sentence_without_memory_is_the_condition_itself(void **state)
{
    (void)state;
    struct world world;
    struct hr_arena none;
    world_open(&world);
    hr_arena_init(&none, 0);
    const struct hr_expr *expr = world_compile(&world, "known(contact.offer)", HR_TYPE_bool);
    struct hr_text said = hr_expr_say(expr, &none);
    assert_true(hr_text_equal(said, HR_TEXT("known(contact.offer)")));
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_condition_reads_as_a_sentence),
        cmocka_unit_test(a_sentence_without_memory_is_the_condition_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
