/* After the last kill: journal and state against the sender's books. Reads with the store's own reader, as `verify`
 * and `why` do; what must be true is worked out anew from the seed. */
#include "kill.h"

#include "store/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 256, PAGE_BUDGET_BYTES = 64 << 20, SAID_MAX = 20 };

enum path_step { STEP_FORM, STEP_BOOKING, STEP_PAYMENT, STEP_FOLLOW_UP, STEPS };
static const char *const step_names[STEPS] = {
    "form_to_member.form_to_crm", "form_to_member.crm_to_booking",
    "form_to_member.payment_to_access", "form_to_member.access_to_follow_up"};

struct check {
    const struct kill_world *world;
    struct kill_findings *findings;
    struct hr_store_reader *reader;
    struct hr_arena arena; /* of one page */
    uint8_t *times;        /* by message: how often it stands in the journal */
    uint8_t *seen;         /* by customer: contacts */
    uint32_t steps[STEPS]; /* name numbers */
    uint64_t stands[STEPS][HR_STAND_count];
    hr_instant now;
    unsigned said;
};

static void wrong(struct check *check, uint64_t *count, const char *what, uint64_t number)
{
    (*count)++;
    if (check->said++ < SAID_MAX) {
        printf("FAIL %s: %" PRIu64 "\n", what, number);
    }
}

/* ---- the journal ------------------------------------------------------------------------------------------- */

/* The number behind "kill- in a payload; false when there is none. */
static bool message_of(struct hr_text payload, uint32_t *ret_message)
{
    static const struct hr_text mark = {"\"kill-", 6};
    struct hr_text rest =
        hr_text_slice(payload, hr_text_search(payload, mark) + mark.size, payload.size);
    int64_t number = 0;
    bool found = rest.size > 0 && hr_text_to_integer(hr_text_cut(&rest, '"'), &number);
    *ret_message = (uint32_t)number;
    return found && number >= 0 && number < (int64_t)KILL_CUSTOMERS_MAX * KILL_SLOTS;
}

static void check_entry(struct check *check, const struct hr_entry *entry)
{
    check->findings->entries++;
    if (entry->kind != HR_EVENT_heard) {
        return;
    }
    check->findings->events++;
    for (size_t i = 0; i < entry->part_count; i++) {
        uint32_t message = 0;
        char body[KILL_BODY_MAX];
        struct hr_text payload = entry->parts[i].payload;
        if (payload.size == 0) {
            continue;
        }
        if (!message_of(payload, &message) ||
            atomic_load(&check->world->states[message]) == KILL_UNSENT) {
            wrong(check, &check->findings->unexpected, "an event that nobody sent, at position",
                  entry->position);
            return;
        }
        size_t size = kill_body(check->world, message, body);
        if (!hr_text_equal(payload, (struct hr_text){body, size})) {
            wrong(check, &check->findings->wrong, "an event was changed, at position",
                  entry->position);
        }
        if (++check->times[message] > 1) {
            wrong(check, &check->findings->duplicated, "an event stands twice, again at position",
                  entry->position);
        }
        return;
    }
    wrong(check, &check->findings->wrong, "an event without its payload, at position",
          entry->position);
}

static void check_journal(struct check *check)
{
    static const struct hr_arena_mark nothing;
    uint64_t newest = hr_store_reader_position(check->reader);
    for (uint64_t position = 1; position <= newest; position++) {
        struct hr_entry entry;
        hr_arena_rewind(&check->arena, nothing);
        if (!hr_ok(hr_store_read_entry_at(check->reader, position, &check->arena, &entry, NULL))) {
            wrong(check, &check->findings->wrong, "an entry cannot be read, position", position);
            continue;
        }
        check_entry(check, &entry);
    }
    uint64_t messages = (uint64_t)atomic_load(&check->world->started) * KILL_SLOTS;
    for (uint64_t message = 0; message < messages; message++) {
        uint8_t state = atomic_load(&check->world->states[message]);
        if (state == KILL_ACKNOWLEDGED && check->times[message] == 0) {
            wrong(check, &check->findings->lost, "acknowledged and not in the journal: message",
                  message);
        }
        check->findings->recovered += state == KILL_ATTEMPTED && check->times[message] > 0;
    }
}

/* ---- the state --------------------------------------------------------------------------------------------- */

static void learn_names(struct check *check)
{
    struct hr_record *names = NULL;
    hr_status status = hr_store_read_record(check->reader, HR_ID_NAMES, &check->arena, &names);
    hr_assert(hr_ok(status) && names != NULL);
    for (size_t i = 0; i < names->names->count; i++) {
        for (size_t step = 0; step < STEPS; step++) {
            if (hr_text_equal(names->names->words[i], hr_text_from(step_names[step]))) {
                check->steps[step] = (uint32_t)(i + 1);
            }
        }
    }
}

/* How many instances of a step a customer must have, and whether they must be proven. */
static unsigned expected(const struct kill_world *world, uint32_t customer, enum path_step step,
                         bool *ret_proven)
{
    bool let_in = kill_says(world, customer, KILL_ACCESS);
    switch (step) {
    case STEP_FORM:
        *ret_proven = true;
        return 1;
    case STEP_BOOKING:
        *ret_proven = kill_says(world, customer, KILL_BOOKING);
        return 1;
    case STEP_PAYMENT:
        *ret_proven = let_in;
        return (unsigned)kill_says(world, customer, KILL_PAYMENT) +
               (unsigned)kill_says(world, customer, KILL_PAYMENT_2);
    case STEP_FOLLOW_UP:
        *ret_proven = kill_says(world, customer, KILL_MAIL);
        return let_in;
    case STEPS:
        break;
    }
    return 0;
}

/* "c17@kill.example.com" -> 17 */
static bool customer_of(const struct hr_contact *contact, uint32_t *ret_customer)
{
    for (size_t i = 0; i < contact->field_count; i++) {
        struct hr_text value = hr_value_as_text(&contact->fields[i].value);
        int64_t number = 0;
        if (!hr_text_ends(value, HR_TEXT("@kill.example.com"))) {
            continue;
        }
        value = hr_text_slice(value, 1, hr_text_find(value, '@'));
        *ret_customer = hr_text_to_integer(value, &number) ? (uint32_t)number : UINT32_MAX;
        return true;
    }
    return false;
}

static void check_instance(struct check *check, uint32_t customer, enum path_step step,
                           const struct hr_instance *instance, bool must_be_proven)
{
    uint64_t *count = &check->findings->wrong;
    enum hr_stand stand = hr_instance_stand(instance, check->now);
    check->findings->instances++;
    check->stands[step][instance->stand]++;
    if (hr_stand_is_proven(stand) != must_be_proven) {
        wrong(check, count,
              must_be_proven ? "a handoff is not proven, of customer"
                             : "a handoff is proven by nothing, of customer",
              customer);
    }
    if (stand != (enum hr_stand)instance->stand) {
        wrong(check, count, "a deadline has passed and nobody noticed, of customer", customer);
    }
    if (!must_be_proven) {
        check->findings->deadlines++;
        if (instance->late_at <= instance->opened_at ||
            (step == STEP_PAYMENT && instance->fail_at <= instance->late_at)) {
            wrong(check, count, "a handoff has no deadline, of customer", customer);
        }
    }
}

static void check_instances(struct check *check, uint32_t customer,
                            const struct hr_contact *contact)
{
    uint64_t *count = &check->findings->wrong;
    unsigned found[STEPS] = {0};
    for (size_t i = 0; i < contact->instance_count; i++) {
        const struct hr_instance *instance = &contact->instances[i];
        enum path_step step = STEP_FORM;
        bool must_be_proven = false;
        while (step < STEPS && check->steps[step] != instance->handoff) {
            step++;
        }
        if (step == STEPS) {
            wrong(check, count, "a handoff of an unknown name, of customer", customer);
            continue;
        }
        for (size_t other = 0; other < i; other++) {
            if (contact->instances[other].handoff == instance->handoff &&
                hr_key_equal(&contact->instances[other].key, &instance->key)) {
                wrong(check, &check->findings->duplicated, "a handoff stands twice, of customer",
                      customer);
            }
        }
        found[step]++;
        (void)expected(check->world, customer, step, &must_be_proven);
        check_instance(check, customer, step, instance, must_be_proven);
    }
    for (enum path_step step = STEP_FORM; step < STEPS; step++) {
        bool proven = false;
        if (found[step] != expected(check->world, customer, step, &proven)) {
            wrong(check, count, "a handoff is missing or too many, of customer", customer);
        }
    }
}

/* Whatever has a time to be looked at stands in the index of times. */
static void check_due(struct check *check, const struct hr_record *record)
{
    uint64_t value = 0;
    hr_instant due = hr_record_due(record);
    if (due == HR_INSTANT_NONE) {
        return;
    }
    struct hr_key key = hr_key_pair((uint64_t)record->hinted_due, record->id);
    bool there = record->hinted_due != HR_INSTANT_NONE && record->hinted_due <= due &&
                 hr_ok(hr_store_read_entry(check->reader, HR_SPACE_due, &key, &value)) &&
                 value == record->id;
    if (!there) {
        wrong(check, &check->findings->wrong, "a time nobody will look at, of record", record->id);
    }
}

static void check_record(struct check *check, const struct hr_record *record)
{
    uint32_t customer = 0;
    check_due(check, record);
    if (record->kind != HR_RECORD_contact) {
        return;
    }
    check->findings->contacts++;
    if (!customer_of(record->contact, &customer) ||
        customer >= atomic_load(&check->world->started)) {
        wrong(check, &check->findings->unexpected, "a contact that nobody spoke of, record",
              record->id);
        return;
    }
    if (++check->seen[customer] > 1) {
        wrong(check, &check->findings->duplicated, "two contacts are one customer", customer);
    }
    check_instances(check, customer, record->contact);
}

static void check_counts(struct check *check)
{
    for (size_t step = 0; step < STEPS; step++) {
        struct hr_record *record = NULL;
        hr_status status = hr_store_read_record(check->reader, HR_ID_HANDOFF + check->steps[step],
                                                &check->arena, &record);
        for (size_t stand = 0; stand < HR_STAND_count; stand++) {
            uint64_t counted = hr_ok(status) && record != NULL ? record->handoff->counts[stand] : 0;
            if (counted != check->stands[step][stand]) {
                wrong(check, &check->findings->wrong, "a counter differs from what it counts",
                      counted);
            }
        }
    }
}

static void check_state(struct check *check)
{
    static const struct hr_arena_mark nothing;
    struct hr_record **records = NULL;
    uint64_t from = 0;
    size_t count = PAGE;
    learn_names(check);
    while (count == PAGE) {
        hr_arena_rewind(&check->arena, nothing);
        if (!hr_ok(hr_store_read_records(check->reader, from, PAGE, &check->arena, &records,
                                         &count))) {
            wrong(check, &check->findings->wrong, "records cannot be read, from", from);
            return;
        }
        for (size_t i = 0; i < count; i++) {
            check_record(check, records[i]);
            from = records[i]->id + 1;
        }
    }
    check_counts(check);
    uint32_t started = (uint32_t)atomic_load(&check->world->started);
    for (uint32_t customer = 0; customer < started; customer++) {
        if (check->seen[customer] == 0) {
            wrong(check, &check->findings->lost, "a customer is not there", customer);
        }
    }
}

/* ---- all --------------------------------------------------------------------------------------------------- */

static void check_read(struct check *check, const struct hr_store_options *options)
{
    struct hr_verified verified;
    hr_status status = hr_store_reader_open(options, &check->reader);
    if (hr_ok(status)) {
        status = hr_store_reader_begin(check->reader);
    }
    if (!hr_ok(status)) {
        wrong(check, &check->findings->wrong, "the store cannot be read", 0);
        return;
    }
    check_journal(check);
    check_state(check);
    hr_store_reader_end(check->reader);
    status = hr_store_verify(check->reader, &check->arena, &verified);
    if (!hr_ok(status) || verified.first_broken != 0) {
        wrong(check, &check->findings->wrong, "the chain does not verify, at position",
              verified.first_broken);
    }
    hr_store_reader_close(check->reader);
}

static void check_rebuild(struct check *check, const struct hr_store_options *options)
{
    struct hr_store *store = NULL;
    struct hr_text first = HR_TEXT_NONE;
    uint64_t differences = 0;
    hr_status status = hr_store_open(options, &store);
    if (hr_ok(status)) {
        status = hr_store_rebuild(store, &differences, &first, &check->arena);
        hr_store_close(store);
    }
    check->findings->rebuilt_differently = differences;
    if (!hr_ok(status) || differences > 0) {
        wrong(check, &check->findings->wrong,
              "a rebuild from the journal gives another state, rows", differences);
        printf("     status %d\n", (int)status.code);
        printf("     %.*s\n", HR_SHOW(first));
    }
}

bool kill_check(const struct kill_world *world, const char *data_folder,
                struct kill_findings *ret_findings)
{
    const struct hr_store_options options = {.folder = data_folder};
    struct check check = {.world = world, .findings = ret_findings};
    uint64_t customers = atomic_load(&world->started);
    *ret_findings = (struct kill_findings){.events = 0};
    check.times = calloc(customers + 1, KILL_SLOTS);
    check.seen = calloc(customers + 1, 1);
    hr_assert(check.times != NULL && check.seen != NULL);
    check.now = kill_wall_clock();
    hr_arena_init(&check.arena, PAGE_BUDGET_BYTES);
    check_read(&check, &options);
    check_rebuild(&check, &options);
    hr_arena_close(&check.arena);
    free(check.times);
    free(check.seen);
    return check.said == 0;
}
