/* What must hold of schedules: every time that its file means is carried out once, or was missed and its file says what
 * then; for each of them everybody is looked at, and nobody is let in twice. The seeds lie in the winter of London,
 * when the clock on the wall is UTC: times are found here by counting days, not as the engine finds them. */
#include "sim/sim.h"

#define NUMBER(value) ((unsigned long long)(value))

enum { TICKS_MAX = 512, ENROLLED_MAX = 16384, AUTOMATIONS_MAX = 32, TOLERANCE_US = 60 * 1000000 };

/* A time that was found due. */
struct found {
    hr_instant at;
    uint64_t position;
    uint64_t swept_to;
    bool over;
};
struct watched {
    uint32_t automation;              /* name number */
    const struct hr_automation *file; /* of the plan in force */
    hr_instant behind;                /* up to there it is settled */
    struct found found[TICKS_MAX];
    size_t count;
};
/* Somebody was let in for a time. */
struct enrolled {
    uint64_t contact;
    uint32_t automation;
    hr_instant at;
};
struct watching {
    struct world *world;
    const struct state *state;
    const struct hr_plan *plan;
    const struct hr_entry *entry;
    struct watched watched[AUTOMATIONS_MAX];
    size_t count;
    struct enrolled *enrolled;
    size_t enrolled_count;
};

static struct watched *watched_of(struct watching *it, uint32_t automation)
{
    for (size_t i = 0; i < it->count; i++) {
        if (it->watched[i].automation == automation) {
            return &it->watched[i];
        }
    }
    hr_assert(it->count < AUTOMATIONS_MAX);
    it->watched[it->count] = (struct watched){.automation = automation, .behind = HR_INSTANT_NONE};
    return &it->watched[it->count++];
}

/* ---- what the file means ------------------------------------------------------------------------------- */

/* The minute of the day and the days, monday first, of the schedules in automations.yaml and plans.c. */
static void meaning_of(const struct hr_automation *automation, uint32_t *ret_minute,
                       uint32_t *ret_days)
{
    const struct hr_schedule *schedule = &automation->trigger.schedule;
    bool days = schedule->kind == HR_SCHEDULE_days;
    *ret_minute = days ? schedule->minute : 19 * 60;
    *ret_days = days ? schedule->weekdays : 1U << 1 | 1U << 4;
}

/* The first time that is meant after an instant. */
static hr_instant next_meant(const struct hr_automation *automation, hr_instant after)
{
    uint32_t minute = 0;
    uint32_t days = 0;
    meaning_of(automation, &minute, &days);
    for (hr_instant day = after / HR_DAY_US;; day++) {
        hr_instant at = day * HR_DAY_US + minute * HR_MINUTE_US;
        bool meant = (days >> (day + 3) % 7 & 1) != 0; /* 1 January 1970 was a thursday */
        if (meant && at > after) {
            return at;
        }
    }
}

static bool is_found(const struct watched *watched, size_t from, hr_instant at)
{
    for (size_t i = from; i < watched->count; i++) {
        if (watched->found[i].at == at) {
            return true;
        }
    }
    return false;
}

/* Of the times that were reached: which of them its file wants to be carried out. */
static void check_reached(struct watching *it, const struct watched *watched, size_t from)
{
    const struct hr_automation *file = watched->file;
    hr_instant now = it->entry->recorded_at;
    hr_instant newest = HR_INSTANT_NONE;
    bool one_on_time = false;
    size_t wanted = 0;
    for (hr_instant at = next_meant(file, watched->behind); at <= now; at = next_meant(file, at)) {
        bool on_time = now - at <= TOLERANCE_US;
        bool runs = on_time || file->trigger.if_missed == HR_IF_MISSED_run_all;
        the_tally.faults[FAULT_missed] += !on_time;
        wanted += runs;
        if (runs && !is_found(watched, from, at)) {
            fail(it->world, "entry %llu: automation %u lost a time", NUMBER(it->entry->position),
                 watched->automation);
        }
        one_on_time = one_on_time || on_time;
        newest = at;
    }
    bool once = file->trigger.if_missed == HR_IF_MISSED_run_once && !one_on_time &&
                newest != HR_INSTANT_NONE;
    wanted += once;
    if ((once && !is_found(watched, from, newest)) || watched->count - from != wanted) {
        fail(it->world, "entry %llu: automation %u carries out %zu times, and its file wants %zu",
             NUMBER(it->entry->position), watched->automation, watched->count - from, wanted);
    }
}

/* ---- what the journal says ---------------------------------------------------------------------------------- */

static void find(struct watching *it, struct watched *watched, hr_instant at)
{
    bool early = at > it->entry->recorded_at;
    bool again = is_found(watched, 0, at);
    if (early || again || watched->count == TICKS_MAX) {
        fail(it->world, "entry %llu: automation %u %s", NUMBER(it->entry->position),
             watched->automation,
             early ? "begins before its time" : "has a time twice, or too many of them");
    }
    watched->found[watched->count++] = (struct found){.at = at, .position = it->entry->position};
}

static void moved(struct watching *it, const struct hr_fact *fact)
{
    struct watched *watched = watched_of(it, fact->name);
    size_t from = watched->count;
    int32_t index = hr_plan_automation_numbered(it->plan, fact->name);
    hr_assert(index >= 0); /* all variants have the same automations */
    switch ((enum hr_schedule_news)fact->state) {
    case HR_SCHEDULE_began:
    case HR_SCHEDULE_changed:
        watched->file = &it->plan->automations[index];
        watched->behind = it->entry->recorded_at;
        break;
    case HR_SCHEDULE_resumed:
        watched->behind = it->entry->recorded_at;
        break;
    case HR_SCHEDULE_looked:
        for (uint32_t i = HR_SEEN_COUNT; i < fact->value.count; i++) {
            find(it, watched, fact->value.items[i].time);
        }
        check_reached(it, watched, from);
        watched->behind = it->entry->recorded_at;
        break;
    case HR_SCHEDULE_off:
    case HR_SCHEDULE_moved:
    case HR_SCHEDULE_NEWS_COUNT:
        fail(it->world, "entry %llu: automation %u lost its schedule", NUMBER(it->entry->position),
             fact->name);
    }
}

/* One time after the other, and each from the first contact to the last. */
static void swept(struct watching *it, const struct hr_fact *fact)
{
    struct watched *watched = watched_of(it, fact->name);
    struct found *found = NULL;
    for (size_t i = 0; i < watched->count && found == NULL; i++) {
        found = watched->found[i].over ? NULL : &watched->found[i];
    }
    bool forth = found != NULL && (fact->number > found->swept_to || fact->state == 1);
    if (found == NULL || found->at != fact->at || !forth) {
        fail(it->world, "entry %llu: automation %u is carried out for a time that is over",
             NUMBER(it->entry->position), fact->name);
    }
    found->swept_to = fact->number;
    found->over = fact->state == 1;
}

/* Nobody is let in twice for one time. */
static void began(struct watching *it, const struct hr_fact *fact)
{
    bool by_clock = fact->other == 0 && fact->value.kind == HR_KIND_list && fact->value.count == 3;
    if (!by_clock || it->enrolled_count == ENROLLED_MAX) {
        return;
    }
    const struct enrolled now = {fact->record, fact->name, fact->value.items[1].integer};
    for (size_t i = 0; i < it->enrolled_count; i++) {
        const struct enrolled *other = &it->enrolled[i];
        if (other->contact == now.contact && other->automation == now.automation &&
            other->at == now.at) {
            fail(it->world, "entry %llu: contact %llx is let into automation %u twice for one time",
                 NUMBER(it->entry->position), NUMBER(now.contact), now.automation);
        }
    }
    it->enrolled[it->enrolled_count++] = now;
}

static void look(struct watching *it, const struct hr_fact *fact)
{
    switch ((int)fact->kind) {
    case HR_FACT_schedule_moved:
        moved(it, fact);
        break;
    case HR_FACT_schedule_swept:
        swept(it, fact);
        break;
    case HR_FACT_run_began:
        began(it, fact);
        break;
    default:
        break;
    }
}

/* ---- for everybody -------------------------------------------------------------------------------------------- */

/* The entry from which a field of a contact is known; 0: it is not. */
static uint64_t known_from(const struct watching *it, uint64_t contact, uint32_t field)
{
    for (uint64_t i = 0; i < it->state->entry_count; i++) {
        const struct hr_entry *entry = &it->state->entries[i];
        for (size_t part = 0; part < entry->part_count; part++) {
            for (size_t k = 0; k < entry->parts[part].fact_count; k++) {
                const struct hr_fact *fact = &entry->parts[part].facts[k];
                bool sets = fact->kind == HR_FACT_field_set && fact->record == contact &&
                            fact->name == field && (fact->state & HR_FIELD_WINS) != 0;
                if (sets) {
                    return entry->position;
                }
            }
        }
    }
    return 0;
}

static bool was_let_in(const struct watching *it, uint64_t contact, uint32_t automation,
                       hr_instant at)
{
    for (size_t i = 0; i < it->enrolled_count; i++) {
        const struct enrolled *enrolled = &it->enrolled[i];
        if (enrolled->contact == contact && enrolled->automation == automation &&
            enrolled->at == at) {
            return true;
        }
    }
    return false;
}

/* sim_looked means all whose offer is known, each time. */
static void check_everybody(struct watching *it)
{
    const struct hr_plan *plan = it->plan;
    int32_t index = hr_plan_automation(plan, HR_TEXT("sim_looked"));
    uint32_t offer = plan->fields[hr_plan_field(plan, HR_TEXT("offer"))].name_number;
    const struct watched *watched = watched_of(it, plan->automations[index].name_number);
    for (size_t i = 0; i < it->state->record_count; i++) {
        const struct hr_record *record = it->state->records[i];
        bool contact = record->exists && record->kind == HR_RECORD_contact;
        uint64_t from = contact ? known_from(it, record->id, offer) : 0;
        for (size_t k = 0; from != 0 && k < watched->count; k++) {
            const struct found *found = &watched->found[k];
            if (found->over && from < found->position &&
                !was_let_in(it, record->id, watched->automation, found->at)) {
                fail(it->world, "contact %llx was passed over by automation %u", NUMBER(record->id),
                     watched->automation);
            }
        }
    }
}

/* I13: what was found due was carried out, unless a person paused it. */
static void check_finished(struct watching *it)
{
    for (size_t i = 0; i < it->state->record_count; i++) {
        const struct hr_record *record = it->state->records[i];
        bool on = record->exists && record->kind == HR_RECORD_automation &&
                  record->automation->state == HR_SWITCH_on;
        if (on && record->automation->scheduled.tick_count > 0) {
            fail(it->world, "automation %u has times that nobody carries out",
                 record->automation->automation);
        }
    }
}

void check_ticks(struct world *world, const struct state *state)
{
    struct watching *it = hr_arena_new(&world->round, struct watching);
    hr_assert(it != NULL);
    *it = (struct watching){.world = world, .state = state};
    it->enrolled = hr_arena_new_many(&world->round, struct enrolled, ENROLLED_MAX);
    hr_assert(it->enrolled != NULL);
    for (uint64_t i = 0; i < state->entry_count; i++) {
        it->entry = &state->entries[i];
        if (world->entries[i].kind == HR_EVENT_published) {
            it->plan = the_variants[world->entries[i].variant].plan;
        }
        for (size_t k = 0; k < it->entry->fact_count; k++) {
            look(it, &it->entry->facts[k]);
        }
        for (size_t part = 0; part < it->entry->part_count; part++) {
            for (size_t k = 0; k < it->entry->parts[part].fact_count; k++) {
                look(it, &it->entry->parts[part].facts[k]);
            }
        }
    }
    check_everybody(it);
    check_finished(it);
}
