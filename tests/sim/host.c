/* The simulated host's round: what waits goes through the daemon's own batch; senders are answered, alerts leave, and
 * the power may go between any two of these. */
#include "sim/sim.h"

#include <string.h>

enum { SCAN_MAX = 8 };

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
                               .fault = noted->fault,
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

static void learn_contact(struct world *world, uint64_t contact)
{
    for (size_t i = 0; i < world->known_count; i++) {
        if (world->known[i] == contact) {
            return;
        }
    }
    if (is_contact(world, contact) && world->known_count < KNOWN_MAX) {
        world->known[world->known_count++] = contact;
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
        if (entry->facts[i].kind == HR_FACT_record_created &&
            hr_record_has_work(entry->facts[i].state)) {
            world->works[world->work_count++ % WORKS_MAX] = entry->facts[i].record;
        }
    }
    for (size_t i = 0; i < entry->link_count; i++) {
        learn_contact(world, entry->links[i].record);
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

static void take_in(struct world *world, const struct job *job)
{
    enum hr_became became = job->waiting.became;
    if (job->noted.kind == HR_EVENT_heard) {
        if (became == HR_BECAME_refused) {
            fail(world, "message %u was refused: %d", job->noted.message, job->waiting.status.code);
        }
        hr_assert(world->unanswered_count < UNANSWERED_MAX);
        world->unanswered[world->unanswered_count++] = job->noted.message;
    }
    if (became == HR_BECAME_journalled) {
        learn(world, job);
    }
    if (became == HR_BECAME_journalled || became == HR_BECAME_nothing) {
        check_left(world, &job->noted, became == HR_BECAME_nothing);
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

static void threaten_commit(struct world *world, uint32_t most)
{
    if (!world->calm && rng_chance(&world->rng, world->swarm.crash_in_commit)) {
        disk_threaten(most);
    }
}

bool host_sync(struct world *world)
{
    if (world->unsynced_commits == 0) {
        return true;
    }
    threaten_commit(world, 3);
    hr_status status = hr_store_sync(world->store);
    if (!hr_ok(status)) {
        host_crash(world, the_disk.dead ? FAULT_crash_in_sync : FAULT_sync_error);
        return false;
    }
    disk_spare();
    the_tally.faults[FAULT_shared_sync] += world->unsynced_commits > 1;
    world->unsynced_commits = 0;
    world->durable = world->committed;
    for (size_t i = 0; i < world->unanswered_count; i++) {
        message_answered(world, world->unanswered[i]);
    }
    world->unanswered_count = 0;
    return true;
}

/* Calls effect_leaves for what a batch intends, or only counts it. */
static size_t dispatch(struct world *world, const struct job *jobs, size_t count, bool leaves)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        const struct hr_entry *entry =
            jobs[i].waiting.became == HR_BECAME_journalled ? jobs[i].waiting.entry : NULL;
        for (size_t k = 0; entry != NULL && k < entry->fact_count; k++) {
            const struct hr_fact *fact = &entry->facts[k];
            bool intends = fact->kind == HR_FACT_effect_moved &&
                           (fact->state == HR_EFFECT_intended || fact->state == HR_EFFECT_checking);
            found += intends;
            if (intends && leaves) {
                const struct hr_record *effect = hr_view_record(&world->batch.view, fact->record);
                effect_leaves(world, fact->record, effect->effect);
            }
        }
    }
    return found;
}

/* As the daemon: the answerer may be quicker than the writer or not; an intent is durable before it leaves. */
static void after_commit(struct world *world, const struct job *jobs, size_t count)
{
    world->committed = world->entry_count;
    world->unsynced_commits++;
    for (size_t i = 0; i < count; i++) {
        take_in(world, &jobs[i]);
    }
    if (crashes(world, world->swarm.crash / 2, FAULT_crash_before_sync)) {
        return;
    }
    bool waits = dispatch(world, jobs, count, false) == 0 && rng_chance(&world->rng, 500) &&
                 world->unanswered_count + BATCH_EVENTS_MAX <= UNANSWERED_MAX;
    if (waits || !host_sync(world) ||
        crashes(world, world->swarm.crash / 2, FAULT_crash_after_sync)) {
        return;
    }
    (void)dispatch(world, jobs, count, true);
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
    threaten_commit(world, 50);
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
    if (count == 0) {
        (void)host_sync(world);
        return false;
    }
    if (crashes(world, world->swarm.crash / 3, FAULT_crash_before_commit)) {
        return true;
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
        world->durable =
            erasure_count > 0 ? world->entry_count : world->durable; /* synced in place */
        after_commit(world, &job, 1);
    } else {
        after_failure(world, status, &job, 1);
    }
    if (the_disk.dead) {
        host_crash(world, FAULT_crash_in_commit); /* it went in the checkpoint behind the commit */
        return false;
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
        world->unsynced_commits++;
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
