/* Customers' stories, told by five tools, and the network between the tools and the host. */
#include "sim/sim.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGES_LEAST = 155, LESSONS_MOST = 7, READ_TRIES_MAX = 12 };

static const char *const tool_ids[TOOL_count] = {"website_form", "calendar", "checkout",
                                                 "course_platform", "email"};

/* ---- writing messages ----------------------------------------------------------------------------------- */

static const char *stamp(struct world *world, hr_instant at)
{
    return hr_instant_write(&world->arena, at).data;
}

/* How a message names its customer. */
static const char *address(struct world *world, const struct customer *customer,
                           struct message *message)
{
    message->plain = true;
    uint32_t way = rng_below(&world->rng, 1000);
    if (customer->other_email[0] != '\0' && way < 150) {
        message->plain = false;
        return customer->other_email;
    }
    if (way < 850) {
        return customer->email;
    }
    char *loud = hr_arena_alloc(&world->arena, sizeof customer->email + 2);
    hr_assert(loud != NULL);
    (void)snprintf(loud, sizeof customer->email + 2, "%s%s", way < 900 ? " " : "", customer->email);
    for (char *byte = loud; *byte != '\0'; byte++) {
        *byte = (char)(*byte >= 'a' && *byte <= 'z' ? *byte - 32 : *byte);
    }
    return loud;
}

static struct message *add(struct world *world, enum tool tool, uint32_t customer, hr_instant at)
{
    if (world->message_count == MESSAGES_MAX) {
        fail(world, "too many messages for one seed");
    }
    struct message *message = &world->messages[world->message_count++];
    *message = (struct message){.tool = tool, .customer = customer, .occurred_at = at};
    return message;
}

/* What a tool says of the customer beside its own business: another name, another offer, a consent with its proof,
 * without, or none. Tools disagree, and repeat what they said. */
static struct hr_text said_besides(struct world *world, const struct customer *customer,
                                   const char *name, const char *offer, const char *proof)
{
    static const char *const offers_known[] = {"discovery_call", "group_program", "one_to_one"};
    struct hr_buffer out;
    hr_buffer_init(&out, &world->arena, 1024);
    if (name != NULL && rng_chance(&world->rng, 400)) {
        hr_buffer_add_format(&out, ",\"%s\":\"%s%s\"", name, customer->name,
                             rng_chance(&world->rng, 500) ? " Maria" : "");
    }
    if (offer != NULL && rng_chance(&world->rng, 400)) {
        hr_buffer_add_format(&out, ",\"%s\":\"%s\"", offer,
                             offers_known[rng_below(&world->rng, 3)]);
    }
    if (rng_chance(&world->rng, 400)) {
        hr_buffer_add_format(&out, ",\"consent\":\"%s\"",
                             rng_chance(&world->rng, 600) ? "given" : "withdrawn");
    }
    if (rng_chance(&world->rng, 600)) {
        hr_buffer_add_format(&out, ",\"%s\":\"7\",\"%s\":\"9f2c\"", proof,
                             strcmp(proof, "form_version") == 0 ? "ip_hash" : "ip");
    }
    return hr_buffer_text(&out);
}

static void form(struct world *world, uint32_t who, hr_instant at, bool addressed, bool offers)
{
    static const char *const offers_known[] = {"discovery_call", "group_program", "one_to_one"};
    const struct customer *customer = &world->customers[who];
    struct message *message = add(world, TOOL_form, who, at);
    const char *email = address(world, customer, message);
    const char *offer = offers ? offers_known[rng_below(&world->rng, 3)] : "a_yacht";
    struct hr_text named =
        addressed ? hr_text_format(&world->arena, "\"email\":\"%s\",", email) : HR_TEXT("");
    struct hr_text from =
        rng_chance(&world->rng, 500) ? HR_TEXT(",\"source\":\"podcast\"") : HR_TEXT("");
    struct hr_text besides = said_besides(world, customer, NULL, NULL, "form_version");
    message->plain = message->plain && addressed;
    message->raw = hr_text_format(
        &world->arena,
        "{\"type\":\"form.submitted\",\"timestamp\":\"%s\",\"data\":{\"submission_id\":"
        "\"sub_%zu\",%.*s\"first_name\":\"%s\",\"offer\":\"%s\"%.*s%.*s}}",
        stamp(world, at), world->message_count, HR_SHOW(named), customer->name, offer,
        HR_SHOW(from), HR_SHOW(besides));
}

/* A phone number is written in more than one way. */
static struct hr_text phone_of(struct world *world, const struct customer *customer)
{
    switch (rng_below(&world->rng, 3)) {
    case 0:
        return hr_text_from(customer->phone); /* 07700 900123 */
    case 1:
        return hr_text_format(&world->arena, "+44 %s", customer->phone + 1);
    default:
        return hr_text_format(&world->arena, "0044%.4s%s", customer->phone + 1,
                              customer->phone + 6);
    }
}

static void calendar(struct world *world, uint32_t who, hr_instant at, const char *event,
                     uint32_t booking)
{
    const struct customer *customer = &world->customers[who];
    struct message *message = add(world, TOOL_calendar, who, at);
    const char *email = address(world, customer, message);
    struct hr_text phone = phone_of(world, customer);
    struct hr_text name = said_besides(world, customer, "name", NULL, "seen");
    struct hr_text topic = said_besides(world, customer, NULL, "topic", "terms");
    message->raw = hr_text_format(
        &world->arena,
        "{\"id\":\"cal_%zu\",\"event\":\"booking.%s\",\"created_at\":\"%s\",\"booking\":{"
        "\"id\":\"bk_%u\",\"invitee\":{\"email\":\"%s\",\"phone\":\"%.*s\"%.*s}%.*s}}",
        world->message_count, event, stamp(world, at), booking, email, HR_SHOW(phone),
        HR_SHOW(name), HR_SHOW(topic));
}

static void checkout(struct world *world, uint32_t who, hr_instant at, const char *type,
                     uint32_t payment)
{
    const struct customer *customer = &world->customers[who];
    bool refund = strcmp(type, "charge.refunded") == 0;
    struct message *message = add(world, TOOL_checkout, who, at);
    const char *email = address(world, customer, message);
    struct hr_text named = hr_text_format(&world->arena, "\"payment_intent\":\"pi_%u\",", payment);
    if (!refund && rng_chance(&world->rng, world->swarm.wrong / 6)) {
        named = HR_TEXT("");
    }
    message->raw = hr_text_format(&world->arena,
                                  "{\"id\":\"evt_%zu\",\"type\":\"%s\",\"created\":%" PRId64
                                  ",\"data\":{\"object\":{%.*s"
                                  "\"payment_status\":\"paid\",\"amount_total\":49000,\"amount_"
                                  "refunded\":49000,\"%s\":{\"email\":\"%s\"}}}}",
                                  world->message_count, type, at / HR_SECOND_US, HR_SHOW(named),
                                  refund ? "billing_details" : "customer_details", email);
    message->occurred_at = at / HR_SECOND_US * HR_SECOND_US;
}

static void course(struct world *world, uint32_t who, hr_instant at, const char *event,
                   uint32_t lesson)
{
    const struct customer *customer = &world->customers[who];
    struct message *message = add(world, TOOL_course, who, at);
    const char *email = address(world, customer, message);
    message->raw = hr_text_format(
        &world->arena,
        "{\"event\":\"%s\",\"id\":\"cp_%zu\",\"occurred_at\":\"%s\",\"member\":{\"email\":"
        "\"%s\"},\"course\":{\"id\":\"course_1\"},\"lesson\":{\"number\":%u}}",
        event, world->message_count, stamp(world, at), email, lesson);
}

static void mail(struct world *world, uint32_t who, hr_instant at, const char *template)
{
    const struct customer *customer = &world->customers[who];
    struct message *message = add(world, TOOL_mail, who, at);
    const char *email = address(world, customer, message);
    message->raw = hr_text_format(
        &world->arena,
        "{\"type\":\"message.sent\",\"timestamp\":\"%s\",\"data\":{\"message_id\":\"m_%zu\","
        "\"to\":\"%s\",\"template\":\"%s\"}}",
        stamp(world, at), world->message_count, email, template);
}

/* JSON that is none of what the tool's mapping expects. */
static void nonsense(struct world *world, uint32_t who, hr_instant at)
{
    static const char *const bodies[] = {
        "[]", "{\"type\":7,\"event\":[],\"data\":\"no\"}", "\"hello\"",
        "{\"type\":\"form.submitted\",\"timestamp\":\"yesterday\",\"data\":[]}"};
    struct message *message = add(world, (enum tool)rng_below(&world->rng, TOOL_count), who, at);
    message->raw = hr_text_from(bodies[rng_below(&world->rng, 4)]);
    hit(FAULT_unreadable);
}

/* ---- stories ----------------------------------------------------------------------------------------------- */

static bool wrong(struct world *world)
{
    return rng_chance(&world->rng, world->swarm.wrong);
}

/* Access follows a payment: in time, late, before it, not at all, taken away again, doubled. */
static void access_story(struct world *world, uint32_t who, hr_instant paid)
{
    hr_instant open = paid + between(world, HR_SECOND_US, 4 * HR_MINUTE_US);
    if (wrong(world)) {
        open = paid + between(world, 5 * HR_MINUTE_US, 3 * HR_DAY_US);
    }
    if (rng_chance(&world->rng, 80)) {
        open = paid - between(world, HR_SECOND_US, HR_HOUR_US);
    }
    if (wrong(world)) {
        course(world, who, paid + between(world, -HR_HOUR_US, HR_HOUR_US), "course.access_revoked",
               0);
    }
    if (wrong(world)) {
        return;
    }
    course(world, who, open, "course.access_granted", 0);
    if (rng_chance(&world->rng, 100)) {
        course(world, who, open + between(world, 0, HR_MINUTE_US), "course.access_granted", 0);
    }
    if (!wrong(world)) {
        mail(world, who,
             open + between(world, -HR_MINUTE_US, wrong(world) ? HR_DAY_US : 10 * HR_MINUTE_US),
             "member_welcome");
    }
}

/* Access is there before the payment and taken away before it too; that it was taken away is heard only later. */
static void lost_access_story(struct world *world, uint32_t who, hr_instant paid)
{
    course(world, who, paid - between(world, HR_HOUR_US, 2 * HR_HOUR_US), "course.access_granted",
           0);
    course(world, who, paid - between(world, HR_MINUTE_US, HR_HOUR_US), "course.access_revoked", 0);
    world->messages[world->message_count - 1].delay = between(world, 2 * HR_HOUR_US, HR_DAY_US);
}

static void payment_story(struct world *world, uint32_t who, hr_instant at)
{
    uint32_t payment = (uint32_t)world->message_count * 8 + rng_below(&world->rng, 8);
    checkout(world, who, at, "checkout.session.completed", payment);
    if (rng_chance(&world->rng, 120)) {
        lost_access_story(world, who, at);
    } else {
        access_story(world, who, at);
    }
    uint32_t lessons = rng_below(&world->rng, LESSONS_MOST);
    for (uint32_t i = 0; i < lessons; i++) {
        course(world, who, at + between(world, HR_HOUR_US, 7 * HR_DAY_US), "lesson.completed",
               i + 1);
    }
    if (wrong(world)) {
        checkout(world, who, at + between(world, HR_HOUR_US, 5 * HR_DAY_US), "charge.refunded",
                 payment);
    }
}

static void booking_story(struct world *world, uint32_t who, hr_instant at)
{
    uint32_t booking = (uint32_t)world->message_count;
    calendar(world, who, at, "created", booking);
    hr_instant day = at + between(world, HR_HOUR_US, 4 * HR_DAY_US);
    static const char *const ends[] = {"completed", "completed", "no_show", "canceled"};
    calendar(world, who, day, ends[rng_below(&world->rng, 4)], booking);
}

static void strange_story(struct world *world, uint32_t who, hr_instant at)
{
    if (rng_chance(&world->rng, 500)) {
        course(world, who, at, "course.viewed", 0);
        world->messages[world->message_count - 1].plain = false; /* it leads to nobody */
        hit(FAULT_unknown_type);
    } else {
        nonsense(world, who, at);
    }
}

static void customer_make(struct world *world, uint32_t who)
{
    struct customer *customer = &world->customers[who];
    uint32_t token = rng_below(&world->rng, 900000) + 100000;
    (void)snprintf(customer->name, sizeof customer->name, "Zoltana%u", token);
    (void)snprintf(customer->email, sizeof customer->email, "zq%u@mail%u.example.com", token, who);
    (void)snprintf(customer->phone, sizeof customer->phone, "07700 90%04u",
                   rng_below(&world->rng, 10000));
    if (who > 0 && rng_chance(&world->rng, world->swarm.shared_phones)) {
        const struct customer *other = &world->customers[rng_below(&world->rng, who)];
        memcpy(customer->phone, other->phone, sizeof customer->phone);
    }
    for (uint32_t i = 0; i < who; i++) { /* two may also have drawn the same one */
        struct customer *other = &world->customers[i];
        bool shared = strcmp(other->phone, customer->phone) == 0;
        other->shares_phone = other->shares_phone || shared;
        customer->shares_phone = customer->shares_phone || shared;
    }
    if (rng_chance(&world->rng, world->swarm.shared_phones)) {
        (void)snprintf(customer->other_email, sizeof customer->other_email,
                       "zq%u.home@mail%u.example.com", token, who);
    }
}

static void story(struct world *world, uint32_t who)
{
    hr_instant at = world->start + between(world, HR_MINUTE_US, 15 * HR_DAY_US);
    form(world, who, at, !wrong(world), !wrong(world));
    if (rng_chance(&world->rng, 200)) {
        form(world, who, at + between(world, HR_MINUTE_US, 5 * HR_DAY_US), true, true);
    }
    mail(world, who, at + between(world, HR_SECOND_US, HR_HOUR_US), "hello");
    if (!rng_chance(&world->rng, 200)) {
        booking_story(world, who, at + between(world, HR_MINUTE_US, 9 * HR_DAY_US));
    }
    uint32_t payments = rng_below(&world->rng, 4);
    for (uint32_t i = 0; i < payments; i++) {
        payment_story(world, who, at + between(world, HR_HOUR_US, 12 * HR_DAY_US));
    }
    if (wrong(world)) {
        strange_story(world, who, at + between(world, 0, 10 * HR_DAY_US));
    }
}

/* ---- the network ----------------------------------------------------------------------------------------------- */

/* When a message sets out: at once, late, or (lost) when somebody looks for it. */
static void send(struct world *world, uint32_t index)
{
    const struct message *message = &world->messages[index];
    hr_instant at = message->occurred_at + message->delay + between(world, 50000, 3 * HR_SECOND_US);
    if (rng_chance(&world->rng, world->swarm.network)) {
        switch (rng_below(&world->rng, 3)) {
        case 0:
            hit(FAULT_late);
            at += between(world, HR_HOUR_US, 4 * HR_DAY_US);
            break;
        case 1:
            hit(FAULT_lost);
            at += between(world, HR_DAY_US, 8 * HR_DAY_US);
            break;
        default:
            hit(FAULT_duplicate);
            schedule(world, at + between(world, 0, 2 * HR_DAY_US), ACT_copy, index);
            break;
        }
    }
    at = at < world->start ? world->start : at;
    schedule(world, at, ACT_deliver, index);
}

void stories_make(struct world *world)
{
    while (world->message_count < MESSAGES_LEAST && world->customer_count < CUSTOMERS_MAX) {
        uint32_t who = (uint32_t)world->customer_count++;
        customer_make(world, who);
        story(world, who);
    }
    while (world->message_count < MESSAGES_LEAST) {
        mail(world, rng_below(&world->rng, CUSTOMERS_MAX),
             world->start + between(world, 0, 20 * HR_DAY_US), "news");
    }
    for (uint32_t i = 0; i < world->message_count; i++) {
        send(world, i);
    }
}

void message_deliver(struct world *world, uint32_t index, bool again)
{
    struct message *message = &world->messages[index];
    if (message->cancelled || (message->acked && !again)) {
        return;
    }
    const struct noted noted = {
        .kind = HR_EVENT_heard, .message = index, .received_at = clock_now(world)};
    the_tally.faults[FAULT_reordered] += message->occurred_at < world->newest_heard;
    world->newest_heard =
        message->occurred_at > world->newest_heard ? message->occurred_at : world->newest_heard;
    (void)host_take(world, &noted); /* a full inbox is a 503 */
    if (!again) {
        /* the sender tries again until it hears an answer, ever more rarely */
        message->tries += message->tries < READ_TRIES_MAX;
        hr_instant pause = (HR_MINUTE_US / 2) << message->tries;
        schedule(world, world->now + between(world, pause, 2 * pause), ACT_deliver, index);
    }
}

void message_answered(struct world *world, uint32_t index)
{
    struct message *message = &world->messages[index];
    message->kept = true;
    if (!message->acked && !world->calm && rng_chance(&world->rng, world->swarm.network / 5)) {
        hit(FAULT_ack_lost);
        return;
    }
    message->acked = true;
}

void message_read(struct world *world, const struct hr_engine *engine, uint32_t index,
                  hr_instant received_at, struct hr_arena *into, struct hr_heard *ret_heard)
{
    struct message *message = &world->messages[index];
    struct hr_value *document = hr_arena_new(into, struct hr_value);
    hr_assert(document != NULL);
    must(world, hr_json_read(into, message->raw, NULL, NULL, document), "reading JSON");
    int32_t tool = hr_plan_tool(engine->plan, hr_text_from(tool_ids[message->tool]));
    hr_assert(tool >= 0);
    must(world,
         hr_engine_read(engine, tool, document, message->raw, (struct hr_given){0}, received_at,
                        into, ret_heard),
         "hr_engine_read");
    message->delivery = ret_heard->delivery;
}
