/* The simulated host: its rounds run the daemon's own batch; its power goes between any two steps, and it starts
 * again from what the disk has kept. */
#include "sim/sim.h"

#include <inttypes.h>
#include <string.h>

enum { BATCH_BYTES = 64 << 20, STARTS_MAX = 20, SCAN_MAX = 8 };

/* ---- starting and ending --------------------------------------------------------------------------------- */

void salts_of(const struct world *world, void *ret_bytes, size_t size)
{
    uint8_t *bytes = ret_bytes;
    for (size_t i = 0; i < size; i++) {
        bytes[i] = world->options.secret[i % HR_KEY_SIZE] ^ 0x5A;
    }
}

static void draw_salts(void *context, void *ret_bytes, size_t size)
{
    salts_of(context, ret_bytes, size);
}

void host_close(struct world *world)
{
    hr_batch_done(&world->batch);
    hr_store_close(world->store);
    world->store = NULL;
}

/* One try to start; false when the power went again, or the disk did not let it. */
static bool start(struct world *world)
{
    hr_status status = hr_store_open(&world->options, &world->store);
    if (!hr_ok(status)) {
        world->store = NULL;
        if (!the_disk.dead) {
            fail(world, "the store does not open: %d", status.code);
        }
        return false;
    }
    hr_batch_init(&world->batch, world->store, BATCH_BYTES);
    world->batch.random = draw_salts;
    world->batch.random_context = world;
    struct hr_store_reader *reader = NULL;
    status = hr_store_reader_open(&world->options, &reader);
    if (hr_ok(status)) {
        status = hr_batch_resume(&world->batch, reader);
        hr_store_reader_close(reader);
    }
    if (hr_ok(status)) {
        const struct variant *variant = &the_variants[world->variant];
        status = hr_batch_publish(&world->batch, variant->plan, variant->files, clock_now(world));
    }
    if (!hr_ok(status) && !the_disk.dead) {
        fail(world, "the host does not start: %d", status.code);
    }
    return hr_ok(status);
}

/* What the journal says has happened, after a start: a commit that was cut short may have been kept. */
static void take_stock(struct world *world)
{
    uint64_t position = hr_store_position(world->store);
    if (position < world->committed) {
        fail(world, "position %llu after a start, but %llu was committed",
             (unsigned long long)position, (unsigned long long)world->committed);
    }
    world->entry_count = world->entry_count < position ? world->entry_count : position;
    if (world->entry_count < position) {
        /* the publication of the start itself */
        world->entries[position - 1] = (struct noted){
            .kind = HR_EVENT_published, .now = world->batch.last_now, .variant = world->variant};
        world->entry_count++;
    }
    if (world->entry_count != position) {
        fail(world, "the journal has %llu entries, %llu were written", (unsigned long long)position,
             (unsigned long long)world->entry_count);
    }
    world->committed = position;
}

void host_open(struct world *world)
{
    for (int tries = 0;; tries++) {
        if (!world->calm && tries > 0 && tries < STARTS_MAX && rng_chance(&world->rng, 300)) {
            disk_threaten(25);
        }
        bool started = start(world);
        if (started) {
            break;
        }
        hit(FAULT_crash_in_start);
        the_disk.dead = true;
        if (world->store != NULL) {
            host_close(world);
        }
        disk_power_back();
    }
    disk_calm();
    take_stock(world);
}

void host_crash(struct world *world, enum fault fault)
{
    hit(fault);
    the_tally.restarts++;
    trace(world, "crash %d at %llu", (int)fault, (unsigned long long)world->entry_count);
    world->sync_failures = the_disk.harm[HARM_sync_failed];
    the_disk.dead = true;
    host_close(world);
    disk_power_back();
    world->inbox_count = 0;
    world->now += between(world, HR_SECOND_US, 5 * HR_MINUTE_US);
    if (!world->calm && rng_chance(&world->rng, 400)) {
        disk_threaten(30);
    }
    host_open(world);
    check_acknowledged(world);
    forget_resume(world);
}

void host_restart(struct world *world)
{
    hit(FAULT_restart);
    if (rng_chance(&world->rng, 400)) {
        disk_threaten(30);
    }
    host_close(world);
    world->inbox_count = 0;
    if (the_disk.dead || rng_chance(&world->rng, 300)) {
        the_disk.dead = true;
        disk_power_back();
    }
    disk_spare();
    if (rng_chance(&world->rng, 400)) {
        disk_threaten(30);
    }
    host_open(world);
    check_acknowledged(world);
    forget_resume(world);
    if (rng_chance(&world->rng, 200)) {
        host_crash(
            world,
            FAULT_crash_before_commit); /* before anything is written: the WAL is only a name yet */
    }
}

struct hr_store_reader *host_reader(struct world *world)
{
    struct hr_store_reader *reader = NULL;
    must(world, hr_store_reader_open(&world->options, &reader), "opening a reader");
    must(world, hr_store_reader_begin(reader), "a reader's begin");
    return reader;
}

bool host_take(struct world *world, const struct noted *noted)
{
    if (world->inbox_count == INBOX_MAX) {
        return false;
    }
    world->inbox[world->inbox_count++] = *noted;
    return true;
}

/* ---- a round ------------------------------------------------------------------------------------------------ */

struct job {
    struct noted noted;
    struct hr_waiting waiting;
    struct hr_heard heard;
};

static void event_of(struct world *world, struct job *job)
{
    const struct noted *noted = &job->noted;
    struct hr_event *event = &job->waiting.event;
    *event = (struct hr_event){.kind = noted->kind,
                               .record = noted->record,
                               .also = noted->also,
                               .also_count = noted->also_count,
                               .hint_due = noted->hint_due,
                               .outcome = noted->outcome,
                               .retry_at = noted->retry_at,
                               .answer = noted->answer};
    bool answers = noted->kind == HR_EVENT_command && noted->command.verb == HR_VERB_answer;
    if (noted->kind == HR_EVENT_heard || answers) {
        message_read(world, &world->batch.engine, noted->message, noted->received_at, &world->round,
                     &job->heard);
        event->heard = &job->heard;
    }
    if (noted->kind == HR_EVENT_heard) {
        event->payload = world->messages[noted->message].raw;
    }
    if (noted->kind == HR_EVENT_command) {
        event->command = &job->noted.command;
    }
}

/* Timers whose time has come, and what stands in the inbox, mixed. */
static size_t gather(struct world *world, struct job *jobs)
{
    struct hr_scanned *due = NULL;
    size_t due_count = 0;
    size_t most = 1 + rng_below(&world->rng, BATCH_EVENTS_MAX);
    const struct hr_key first = hr_key_pair(0, 0);
    hr_instant now =
        clock_now(world) < world->batch.last_now ? world->batch.last_now : clock_now(world);
    must(world,
         hr_store_scan(world->store, HR_SPACE_due, &first, SCAN_MAX, &world->round, &due,
                       &due_count),
         "scanning timers");
    size_t count = 0;
    size_t taken = 0;
    size_t at = 0;
    while (count < most && (taken < world->inbox_count || at < due_count)) {
        uint64_t hint = 0;
        uint64_t record = 0;
        if (at < due_count) {
            hr_key_unpair(&due[at].key, &hint, &record);
            if ((hr_instant)hint > now) {
                due_count = at;
                continue;
            }
        }
        if (at < due_count && (taken == world->inbox_count || rng_chance(&world->rng, 500))) {
            jobs[count++].noted = (struct noted){
                .kind = HR_EVENT_due, .record = record, .hint_due = (hr_instant)hint};
            at++;
        } else if (taken < world->inbox_count) {
            jobs[count++].noted = world->inbox[taken++];
        }
    }
    world->inbox_count -= taken;
    memmove(world->inbox, world->inbox + taken, world->inbox_count * sizeof world->inbox[0]);
    return count;
}

/* Remembers what was given to the journal; whether it was kept is known after the commit, or the next start. */
static void note_entries(struct world *world, const struct job *jobs, size_t count)
{
    world->entry_count = world->committed;
    for (size_t i = 0; i < count; i++) {
        if (jobs[i].waiting.became != HR_BECAME_journalled) {
            continue;
        }
        if (world->entry_count == ENTRIES_MAX) {
            fail(world, "more than %d entries", ENTRIES_MAX);
        }
        struct noted *noted = &world->entries[world->entry_count++];
        *noted = jobs[i].noted;
        noted->now = jobs[i].waiting.event.now;
    }
}

/* What the sender of an event hears when nothing of its batch was kept. */
static void give_back(struct world *world, const struct job *jobs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (jobs[i].noted.kind == HR_EVENT_outcome) {
            (void)host_take(world, &jobs[i].noted); /* the host itself holds it, and tries again */
        }
    }
}

/* ---- after the commit ------------------------------------------------------------------------------------------ */

static bool is_contact(const struct world *world, uint64_t id)
{
    const struct hr_record *record = hr_view_record(&world->batch.view, id);
    return record != NULL && record->exists && record->kind == HR_RECORD_contact;
}

static void learn_issue(struct world *world, uint64_t issue)
{
    if (world->issue_count < ISSUES_MAX) {
        world->issues[world->issue_count++] = issue;
    }
}

/* A message that led to two contacts is a question; people learn of it. */
static void learn_question(struct world *world, uint32_t message, const uint64_t *contacts)
{
    hit(FAULT_ambiguous);
    for (size_t i = 0; i < world->issue_count && world->question_count < QUESTIONS_MAX; i++) {
        struct hr_key member = hr_key_pair(world->issues[i], contacts[0]);
        struct hr_key other = hr_key_pair(world->issues[i], contacts[1]);
        const struct hr_index_entry *first =
            hr_view_entry(&world->batch.view, HR_SPACE_member, &member);
        const struct hr_index_entry *second =
            hr_view_entry(&world->batch.view, HR_SPACE_member, &other);
        if (first != NULL && second != NULL && first->value > 0 && second->value > 0) {
            world->questions[world->question_count++] =
                (struct question){.issue = world->issues[i],
                                  .contacts = {contacts[0], contacts[1]},
                                  .message = message};
            return;
        }
    }
}

static void learn(struct world *world, const struct job *job)
{
    const struct hr_entry *entry = job->waiting.entry;
    for (size_t i = 0; i < entry->fact_count; i++) {
        if (entry->facts[i].kind == HR_FACT_issue_opened) {
            learn_issue(world, entry->facts[i].record);
        }
    }
    if (job->noted.kind != HR_EVENT_heard) {
        return;
    }
    uint64_t contacts[2] = {0, 0};
    size_t count = 0;
    for (size_t i = 0; i < entry->link_count; i++) {
        if (is_contact(world, entry->links[i].record) && count < 2) {
            contacts[count++] = entry->links[i].record;
        }
    }
    if (count == 2) {
        learn_question(world, job->noted.message, contacts);
    }
}

static void answer(struct world *world, const struct job *job)
{
    enum hr_became became = job->waiting.became;
    if (job->noted.kind == HR_EVENT_heard) {
        if (became == HR_BECAME_refused) {
            fail(world, "message %u was refused: %d", job->noted.message, job->waiting.status.code);
        }
        message_answered(world, job->noted.message);
    }
    if (became == HR_BECAME_journalled) {
        learn(world, job);
    }
}

static void dispatch(struct world *world, const struct job *jobs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct hr_entry *entry =
            jobs[i].waiting.became == HR_BECAME_journalled ? jobs[i].waiting.entry : NULL;
        for (size_t k = 0; entry != NULL && k < entry->fact_count; k++) {
            const struct hr_fact *fact = &entry->facts[k];
            if (fact->kind == HR_FACT_effect_moved && fact->state == HR_EFFECT_intended) {
                const struct hr_record *effect = hr_view_record(&world->batch.view, fact->record);
                effect_leaves(world, fact->record, effect->effect);
            }
        }
    }
}

static bool crashes(struct world *world, uint32_t per_thousand, enum fault fault)
{
    if (world->calm || !rng_chance(&world->rng, per_thousand)) {
        return false;
    }
    host_crash(world, fault);
    return true;
}

static void after_commit(struct world *world, const struct job *jobs, size_t count)
{
    world->committed = world->entry_count;
    for (size_t i = 0; i < count; i++) {
        answer(world, &jobs[i]);
    }
    if (crashes(world, world->swarm.crash / 2, FAULT_crash_after_commit)) {
        return;
    }
    dispatch(world, jobs, count);
    (void)crashes(world, world->swarm.crash / 2, FAULT_crash_after_dispatch);
}

/* A batch that was not kept: the disk is full, or the host stops and starts again. */
static void after_failure(struct world *world, hr_status status, const struct job *jobs,
                          size_t count)
{
    trace(world, "batch not kept: %d", status.code);
    if (the_disk.dead) {
        host_crash(world, FAULT_crash_in_commit);
    } else if (status.code == HR_E_FULL) {
        world->entry_count = world->committed;
        give_back(world, jobs, count);
        world->now += 10 * HR_SECOND_US; /* intake stays closed for a moment */
    } else if (status.code == HR_E_IO) {
        host_crash(world, the_disk.harm[HARM_sync_failed] > world->sync_failures
                              ? FAULT_sync_error
                              : FAULT_write_error);
    } else {
        fail(world, "a batch answered %d", status.code);
    }
}

static hr_status run_batch(struct world *world, struct job *jobs, size_t count,
                           const struct hr_erasure *erasures, size_t erasure_count)
{
    struct hr_waiting *waiting[BATCH_EVENTS_MAX];
    for (size_t i = 0; i < count; i++) {
        event_of(world, &jobs[i]);
        waiting[i] = &jobs[i].waiting;
    }
    if (!world->calm && rng_chance(&world->rng, world->swarm.crash_in_commit)) {
        disk_threaten(50);
    }
    hr_status status =
        hr_batch_run(&world->batch, waiting, count, clock_now(world), erasures, erasure_count);
    note_entries(world, jobs, count);
    if (!the_disk.dead) {
        disk_spare();
    }
    return status;
}

bool host_round(struct world *world)
{
    static struct job jobs[BATCH_EVENTS_MAX];
    hr_arena_rewind(&world->round, (struct hr_arena_mark){0});
    size_t count = gather(world, jobs);
    if (count == 0 || crashes(world, world->swarm.crash / 3, FAULT_crash_before_commit)) {
        return count > 0;
    }
    hr_status status = run_batch(world, jobs, count, NULL, 0);
    trace(world, "round of %zu: %d, at %llu", count, status.code,
          (unsigned long long)world->entry_count);
    if (hr_ok(status)) {
        after_commit(world, jobs, count);
    } else {
        after_failure(world, status, jobs, count);
    }
    return true;
}

bool host_run_alone(struct world *world, const struct noted *noted,
                    const struct hr_erasure *erasures, size_t erasure_count)
{
    struct job job = {.noted = *noted};
    hr_status status = run_batch(world, &job, 1, erasures, erasure_count);
    if (hr_ok(status)) {
        after_commit(world, &job, 1);
    } else {
        after_failure(world, status, &job, 1);
    }
    return hr_ok(status);
}

void host_publish(struct world *world, int variant)
{
    const struct variant *wanted = &the_variants[variant];
    uint64_t before = hr_store_position(world->store);
    int before_variant = world->variant;
    world->variant = variant;
    hr_status status =
        hr_batch_publish(&world->batch, wanted->plan, wanted->files, clock_now(world));
    trace(world, "published variant %d: %d", variant, status.code);
    if (status.code == HR_E_FULL) {
        world->variant = before_variant;
        schedule(world, world->now + HR_HOUR_US, ACT_publish, (uint32_t)variant);
        return;
    }
    if (!hr_ok(status)) {
        /* the files stay; the next start puts them in force */
        host_crash(world, the_disk.dead ? FAULT_crash_in_commit : FAULT_write_error);
        return;
    }
    if (hr_store_position(world->store) != before) {
        world->entries[world->entry_count++] = (struct noted){
            .kind = HR_EVENT_published, .now = world->batch.last_now, .variant = variant};
    }
    world->committed = world->entry_count;
}

hr_instant host_next_due(struct world *world)
{
    struct hr_scanned *due = NULL;
    size_t count = 0;
    const struct hr_key first = hr_key_pair(0, 0);
    struct hr_arena_mark mark = hr_arena_mark(&world->round);
    must(world, hr_store_scan(world->store, HR_SPACE_due, &first, 1, &world->round, &due, &count),
         "scanning timers");
    uint64_t at = 0;
    uint64_t record = 0;
    if (count > 0) {
        hr_key_unpair(&due[0].key, &at, &record);
    }
    hr_arena_rewind(&world->round, mark);
    return count > 0 ? (hr_instant)at : HR_INSTANT_NONE;
}
