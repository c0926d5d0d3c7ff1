/* Customers of the kill test. Everything about one follows from the seed and its number, so that the checker knows
 * what must be true without having been told. */
#include "kill.h"

#include <stdio.h>

uint64_t kill_mix(uint64_t seed, uint64_t number)
{
    uint64_t bits = seed + (number + 1) * UINT64_C(0x9E3779B97F4A7C15);
    bits = (bits ^ (bits >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    bits = (bits ^ (bits >> 27)) * UINT64_C(0x94D049BB133111EB);
    return bits ^ (bits >> 31);
}

bool kill_says(const struct kill_world *world, uint32_t customer, enum kill_what what)
{
    uint64_t bits = kill_mix(world->seed, customer);
    bool pays = bits % 100 < 70;
    bool is_let_in = pays && (bits >> 8) % 100 < 90;
    switch (what) {
    case KILL_FORM:
        return true;
    case KILL_BOOKING:
        return (bits >> 16) % 100 < 60;
    case KILL_PAYMENT:
        return pays;
    case KILL_PAYMENT_2:
        return pays && (bits >> 24) % 100 < 15;
    case KILL_ACCESS:
        return is_let_in;
    case KILL_MAIL:
        return is_let_in && (bits >> 32) % 100 < 90;
    case KILL_WHATS:
    case KILL_SLOTS:
        break;
    }
    return false;
}

unsigned kill_tool(enum kill_what what)
{
    static const unsigned tools[KILL_WHATS] = {
        [KILL_FORM] = 0,      [KILL_BOOKING] = 1, [KILL_PAYMENT] = 2,
        [KILL_PAYMENT_2] = 2, [KILL_ACCESS] = 3,  [KILL_MAIL] = 4};
    return tools[what];
}

size_t kill_body(const struct kill_world *world, uint32_t message, char ret_body[KILL_BODY_MAX])
{
    uint32_t customer = message / KILL_SLOTS;
    enum kill_what what = (enum kill_what)(message % KILL_SLOTS);
    int64_t at_s = world->created_s[customer] + (int64_t)what;
    char at[32];
    struct hr_arena arena;
    hr_arena_init(&arena, 4096);
    struct hr_text written = hr_instant_write(&arena, at_s * HR_SECOND_US);
    (void)snprintf(at, sizeof at, "%.*s", HR_SHOW(written));
    hr_arena_close(&arena);
    int size = 0;
    switch (what) {
    case KILL_FORM:
        size = snprintf(ret_body, KILL_BODY_MAX,
                        "{\"type\":\"form.submitted\",\"timestamp\":\"%s\",\"data\":{\"submission_"
                        "id\":\"kill-%u\","
                        "\"email\":\"c%u@kill.example.com\",\"first_name\":\"Customer %u\","
                        "\"offer\":\"group_program\",\"source\":\"podcast\"}}",
                        at, message, customer, customer);
        break;
    case KILL_BOOKING:
        size = snprintf(
            ret_body, KILL_BODY_MAX,
            "{\"id\":\"kill-%u\",\"event\":\"booking.created\",\"created_at\":\"%s\",\"booking\":"
            "{\"id\":\"b%u\",\"invitee\":{\"email\":\"C%u@Kill.example.com\",\"phone\":\"+4474%"
            "08u\"}}}",
            message, at, customer, customer, customer);
        break;
    case KILL_PAYMENT:
    case KILL_PAYMENT_2:
        size = snprintf(
            ret_body, KILL_BODY_MAX,
            "{\"id\":\"kill-%u\",\"type\":\"checkout.session.completed\",\"created\":%lld,\"data\":"
            "{\"object\":{\"payment_intent\":\"pi_%u\",\"payment_status\":\"paid\",\"amount_"
            "total\":49900,"
            "\"customer_details\":{\"email\":\"c%u@kill.example.com\"}}}}",
            message, (long long)at_s, message, customer);
        break;
    case KILL_ACCESS:
        size = snprintf(ret_body, KILL_BODY_MAX,
                        "{\"id\":\"kill-%u\",\"event\":\"course.access_granted\",\"occurred_at\":"
                        "\"%s\",\"member\":"
                        "{\"email\":\"c%u@kill.example.com\"},\"course\":{\"id\":\"first_steps\"}}",
                        message, at, customer);
        break;
    case KILL_MAIL:
        size = snprintf(
            ret_body, KILL_BODY_MAX,
            "{\"type\":\"message.sent\",\"timestamp\":\"%s\",\"data\":{\"message_id\":\"kill-%u\","
            "\"to\":\"c%u@kill.example.com\",\"template\":\"member_welcome\"}}",
            at, message, customer);
        break;
    case KILL_WHATS:
    case KILL_SLOTS:
        break;
    }
    hr_assert(size > 0 && size < KILL_BODY_MAX);
    return (size_t)size;
}
