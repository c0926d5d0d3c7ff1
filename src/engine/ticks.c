/* Schedules in force: when a time is reached it is written down, and then carried out for all contacts in the order of
 * their ids, some hundred of them an entry, so that neither a crash nor a million contacts makes a time count twice or
 * not at all. */
#include "engine/runs.h"
#include "engine/schedule.h"

_Static_assert((int)HR_TICKS_WAITING_MAX == HR_TICKS_MAX, "what one look finds can wait");

/* Of one entry: who is let in, and how full it may be before another contact is begun. */
enum { LET_IN_MAX = 16, LINKS_BEFORE_MAX = 48, MADE_BEFORE_MAX = 96, FACTS_BEFORE_MAX = 4000 };

/* ---- the schedule ---------------------------------------------------------------------------------- */

static bool is_scheduled(const struct hr_step *step, const struct hr_automation *automation)
{
    return step->engine->automates && automation->trigger.scheduled &&
           hr_automation_runs(automation);
}

static struct hr_timetable timetable_of(const struct hr_step *step,
                                        const struct hr_automation *automation, hr_instant since)
{
    return (struct hr_timetable){.schedule = &automation->trigger.schedule,
                                 .zone = step->plan->zone,
                                 .hours = &step->plan->hours,
                                 .since = since};
}

/* What the file says, as a number: the same schedule in the same zone has the same one, in every plan. */
static uint64_t number_of(struct hr_step *step, const struct hr_automation *automation)
{
    static const uint8_t plain[HR_KEY_SIZE] = {'s', 'c', 'h', 'e', 'd', 'u', 'l', 'e'};
    const struct hr_schedule *schedule = &automation->trigger.schedule;
    uint64_t first = 0;
    uint64_t second = 0;
    struct hr_arena_mark mark = hr_arena_mark(step->arena);
    struct hr_text words = hr_text_format(
        step->arena, "%d %u %d %u %u %.*s %.*s", (int)schedule->kind, schedule->weekdays,
        schedule->business_days, schedule->day_of_month, schedule->minute, HR_SHOW(schedule->text),
        HR_SHOW(hr_zone_name(step->plan->zone)));
    struct hr_key key = hr_key_of(plain, words);
    hr_arena_rewind(step->arena, mark);
    hr_key_unpair(&key, &first, &second);
    return first == 0 ? 1 : first;
}

static hr_status say(struct hr_step *step, const struct hr_automation *automation,
                     enum hr_schedule_news news, hr_instant since, hr_instant next)
{
    const struct hr_fact fact = {
        .kind = HR_FACT_schedule_moved,
        .name = automation->name_number,
        .at = since,
        .until = next,
        .state = (uint8_t)news,
        .from = (uint8_t)automation->trigger.if_missed,
        .key = hr_key_pair(number_of(step, automation), 0),
    };
    return hr_step_emit(step, &fact);
}

static hr_status begin(struct hr_step *step, const struct hr_automation *automation,
                       enum hr_schedule_news news)
{
    hr_instant now = step->event->now;
    const struct hr_timetable table = timetable_of(step, automation, now);
    return say(step, automation, news, now, hr_timetable_next(&table, now));
}

/* ---- a plan comes into force ------------------------------------------------------------------------ */

static hr_status set_schedule(struct hr_step *step, const struct hr_automation *automation)
{
    const struct hr_record *record =
        hr_step_record(step, HR_ID_AUTOMATION + automation->name_number);
    HR_STEP_HAVE(record != NULL);
    const struct hr_scheduled *kept = record->exists ? &record->automation->scheduled : NULL;
    if (kept == NULL || kept->timetable == 0) {
        return begin(step, automation, HR_SCHEDULE_began);
    }
    if (kept->timetable != number_of(step, automation)) {
        return begin(step, automation, HR_SCHEDULE_changed);
    }
    /* the rules of the zone, or of business days, may be others: what passed already was handled by the old ones */
    const struct hr_timetable table = timetable_of(step, automation, kept->since);
    hr_instant next = hr_timetable_next(&table, kept->handled);
    return next == kept->next ? hr_done()
                              : say(step, automation, HR_SCHEDULE_moved, kept->handled, next);
}

hr_status hr_step_set_schedules(struct hr_step *step)
{
    const struct hr_plan *plan = step->plan;
    for (size_t i = 0; i < plan->automation_count; i++) {
        if (is_scheduled(step, &plan->automations[i])) {
            (void)hr_step_record(step, HR_ID_AUTOMATION + plan->automations[i].name_number);
        }
    }
    HR_STEP_HAVE(!step->missing); /* all at once, not one after another */
    for (size_t i = 0; i < plan->automation_count; i++) {
        if (is_scheduled(step, &plan->automations[i])) {
            HR_TRY(set_schedule(step, &plan->automations[i]));
        }
    }
    return hr_done();
}

/* ---- a time is reached -------------------------------------------------------------------------------- */

/* What was missed, and the times to carry out. As many as there is room for: the newest. */
static hr_status seen_of(struct hr_step *step, const struct hr_ticks *ticks, size_t room,
                         struct hr_value *ret_seen)
{
    size_t left_out = ticks->run_count > room ? ticks->run_count - room : 0;
    size_t count = HR_SEEN_COUNT + ticks->run_count - left_out;
    struct hr_value *items = hr_arena_new_many(step->arena, struct hr_value, count);
    if (items == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    bool missed = ticks->missed > 0;
    items[HR_SEEN_missed_first] = missed ? hr_value_time(ticks->missed_first) : hr_value_null();
    items[HR_SEEN_missed_last] = missed ? hr_value_time(ticks->missed_last) : hr_value_null();
    items[HR_SEEN_missed_more] = hr_value_bool(ticks->missed_more);
    items[HR_SEEN_missed_run] = hr_value_int(ticks->missed_run);
    for (size_t i = HR_SEEN_COUNT; i < count; i++) {
        items[i] = hr_value_time(ticks->run[left_out + i - HR_SEEN_COUNT]);
    }
    *ret_seen = (struct hr_value){.kind = HR_KIND_list, .count = (uint32_t)count, .items = items};
    return hr_done();
}

static hr_status look(struct hr_step *step, const struct hr_automation *automation,
                      const struct hr_scheduled *kept)
{
    const struct hr_timetable table = timetable_of(step, automation, kept->since);
    size_t room = HR_TICKS_MAX - kept->tick_count;
    struct hr_ticks *ticks = hr_arena_new(step->arena, struct hr_ticks);
    struct hr_value seen;
    if (ticks == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    hr_timetable_look(&table, automation->trigger.if_missed, kept->handled, step->event->now,
                      ticks);
    HR_TRY(seen_of(step, ticks, room, &seen));
    const struct hr_fact fact = {
        .kind = HR_FACT_schedule_moved,
        .name = automation->name_number,
        .number = ticks->missed,
        .at = ticks->handled,
        .until = ticks->next,
        .state = HR_SCHEDULE_looked,
        .from = (uint8_t)automation->trigger.if_missed,
        .key = hr_key_pair(kept->timetable, 0),
        .value = seen,
    };
    return hr_step_emit(step, &fact);
}

/* ---- for everybody -------------------------------------------------------------------------------------- */

/* Who was known before the time was found due: contacts in the order in which they came. */
static const struct hr_walked *walked_of(struct hr_step *step, uint64_t after, uint64_t until)
{
    const struct hr_walked *walked = step->members == NULL ? NULL : &step->members->walked;
    if (walked != NULL && walked->until == until && walked->after == after) {
        return walked;
    }
    step->needs->walk_until = until;
    step->needs->walk_after = after;
    step->missing = true;
    return NULL;
}

static bool has_room(const struct hr_step *step)
{
    return step->link_count < LINKS_BEFORE_MAX && step->made < MADE_BEFORE_MAX &&
           step->header_count + step->body_count < FACTS_BEFORE_MAX;
}

static hr_status sweep(struct hr_step *step, const struct hr_automation *automation,
                       const struct hr_scheduled *kept)
{
    const struct hr_tick tick = kept->ticks[0];
    const struct hr_walked *walked =
        walked_of(step, kept->swept_to, hr_record_id(tick.position, 0));
    HR_STEP_HAVE(walked != NULL);
    const struct hr_kept_event event = {
        .at = tick.at, .position = step->event->position, .data = {.kind = HR_KIND_map}};
    uint32_t let_in = 0;
    size_t i = 0;
    for (; i < walked->count && let_in < LET_IN_MAX && has_room(step); i++) {
        bool in = false;
        HR_TRY(hr_step_automate_tick(step, walked->contacts[i], automation, &event, &in));
        let_in += in;
    }
    bool all = i == walked->count;
    const struct hr_fact fact = {
        .kind = HR_FACT_schedule_swept,
        .name = automation->name_number,
        .other = let_in,
#ifdef HR_PLANT_sweep_skips
        .number = all ? walked->end : walked->contacts[i],
#else
        .number = all ? walked->end : walked->contacts[i - 1],
#endif
        .at = tick.at,
        .state = all && walked->over,
    };
    return hr_step_emit(step, &fact);
}

hr_status hr_step_automation_due(struct hr_step *step, const struct hr_record *record)
{
    const struct hr_scheduled kept = record->automation->scheduled;
    uint32_t name = record->automation->automation;
    int32_t index = hr_plan_automation_numbered(step->plan, name);
    const struct hr_automation *automation = index < 0 ? NULL : &step->plan->automations[index];
    if (automation == NULL || !is_scheduled(step, automation)) {
        const struct hr_fact off = {.kind = HR_FACT_schedule_moved,
                                    .name = name,
                                    .at = step->event->now,
                                    .until = HR_INSTANT_NONE,
                                    .state = HR_SCHEDULE_off};
        return hr_step_emit(step, &off);
    }
    bool reached =
        kept.timetable != 0 && kept.next != HR_INSTANT_NONE && kept.next <= step->event->now;
    if (reached) {
        return look(step, automation, &kept);
    }
    return kept.tick_count > 0 ? sweep(step, automation, &kept) : hr_done();
}

/* ---- a pause is over --------------------------------------------------------------------------------------- */

hr_status hr_step_resume_schedule(struct hr_step *step, const struct hr_automation *automation)
{
    const struct hr_record *record =
        hr_step_record(step, HR_ID_AUTOMATION + automation->name_number);
    HR_STEP_HAVE(record != NULL);
    const struct hr_scheduled *kept = record->exists ? &record->automation->scheduled : NULL;
    hr_instant now = step->event->now;
    if (kept == NULL || kept->timetable == 0 || !is_scheduled(step, automation)) {
        return hr_done();
    }
    const struct hr_timetable table = timetable_of(step, automation, kept->since);
    struct hr_ticks *ticks = hr_arena_new(step->arena, struct hr_ticks);
    if (ticks == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    hr_timetable_look(&table, HR_IF_MISSED_skip, kept->handled, now, ticks);
    const struct hr_fact fact = {
        .kind = HR_FACT_schedule_moved,
        .name = automation->name_number,
        .number = ticks->missed + ticks->run_count,
        .at = now,
        .until = hr_timetable_next(&table, now),
        .state = HR_SCHEDULE_resumed,
        .from = (uint8_t)automation->trigger.if_missed,
        .key = hr_key_pair(kept->timetable, 0),
    };
    return hr_step_emit(step, &fact);
}
