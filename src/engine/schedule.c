/* When an automation starts by the clock. All that is known of calendars stands in data; here it is asked for one tick
 * after another, and what was missed is settled. */
#include "engine/schedule.h"

enum { DAYS_AHEAD_MAX = 3660, YEAR_LAST = 9999 };

static hr_instant later(hr_instant a, hr_instant b)
{
    return a > b ? a : b;
}

/* ---- every day at 07:30 ---------------------------------------------------------------------- */

/* Open at the time at which it opens: neither a day off, nor one whose hours a change of the clock swallows. */
static bool is_business_day(const struct hr_hours *hours, int64_t day)
{
    return hours == NULL ||
           hr_hours_open(hours, hr_zone_instant(hours->zone, day, hours->from_minute));
}

/* Whether a local day is meant. A shorter month's last day stands in. */
static bool is_day(const struct hr_timetable *table, int64_t day)
{
    const struct hr_schedule *schedule = table->schedule;
    struct hr_civil date = hr_civil_at_offset(day * HR_DAY_US, 0);
    if (schedule->day_of_month > 0) {
        bool last = hr_civil_at_offset((day + 1) * HR_DAY_US, 0).day == 1;
        return date.day == schedule->day_of_month || (last && date.day < schedule->day_of_month);
    }
    return (schedule->weekdays >> date.weekday & 1) != 0 &&
           (!schedule->business_days || is_business_day(table->hours, day));
}

/* A later local time is never an earlier instant, so the first day whose time lies behind `after` is the one. */
static hr_instant next_of_days(const struct hr_timetable *table, hr_instant after)
{
    struct hr_civil civil = hr_zone_civil(table->zone, after);
    int64_t today = hr_days_from_date(civil.year, civil.month, civil.day);
    for (int64_t day = today; day <= today + DAYS_AHEAD_MAX; day++) {
        if (!is_day(table, day)) {
            continue;
        }
        hr_instant tick = hr_zone_instant(table->zone, day, table->schedule->minute);
        if (tick > after) {
            return tick;
        }
    }
    return HR_INSTANT_NONE;
}

/* ---- recurrence rules ------------------------------------------------------------------------ */

/* A rule's own start would give it the second at which somebody published it; it has whole minutes instead. */
static struct hr_rule whole_minutes(const struct hr_rule *rule)
{
    struct hr_rule whole = *rule;
    if (whole.every >= HR_RULE_day && whole.hours == 0) {
        whole.hours = 1;
    }
    if (whole.every >= HR_RULE_hour && whole.minutes == 0) {
        whole.minutes = 1;
    }
    if (whole.every >= HR_RULE_minute && whole.seconds == 0) {
        whole.seconds = 1;
    }
    return whole;
}

static struct hr_rule_start start_of(const struct hr_timetable *table)
{
    hr_instant since = table->since;
    hr_instant past = since % HR_MINUTE_US;
    past += past < 0 ? HR_MINUTE_US : 0;
    return (struct hr_rule_start){.zone = table->zone, .at = since - past + HR_MINUTE_US};
}

static hr_instant next_of_rule(const struct hr_timetable *table, hr_instant after)
{
    const struct hr_rule rule = whole_minutes(&table->schedule->rule);
    const struct hr_rule_start start = start_of(table);
    hr_instant tick = HR_INSTANT_NONE;
    return hr_ok(hr_rule_after(&rule, &start, after, &tick)) ? tick : HR_INSTANT_NONE;
}

/* A rule with a count must be walked from its start for every question. For many questions its last instance is looked
 * for once, and becomes its end. */
static void end_instead_of_count(const struct hr_timetable *table, struct hr_schedule *schedule)
{
    struct hr_rule rule = whole_minutes(&schedule->rule);
    const struct hr_rule_start start = start_of(table);
    struct hr_rule_walk walk;
    hr_instant last = start.at - HR_SECOND_US;
    if (!hr_ok(hr_rule_begin(&rule, &start, &walk))) {
        return;
    }
    for (uint64_t work = 0; work <= HR_RULE_WORK_AFTER; work += walk.work) {
        hr_instant tick;
        if (!hr_ok(hr_rule_next(&walk, &tick))) {
            break;
        }
        last = tick;
    }
    schedule->rule.count = 0;
    schedule->rule.until_kind = HR_RULE_UNTIL_utc;
    schedule->rule.until = last / HR_SECOND_US;
}

/* ---- one tick -------------------------------------------------------------------------------- */

hr_instant hr_timetable_next(const struct hr_timetable *table, hr_instant after)
{
    hr_assert(table->since != HR_INSTANT_NONE);
    hr_instant from = later(after, table->since);
    if (from >= hr_days_from_date(YEAR_LAST, 1, 1) * HR_DAY_US) {
        return HR_INSTANT_NONE;
    }
    switch (table->schedule->kind) {
    case HR_SCHEDULE_days:
        return next_of_days(table, from);
    case HR_SCHEDULE_cron:
        return hr_cron_next(&table->schedule->cron, table->zone, from);
    case HR_SCHEDULE_recurrence:
        return next_of_rule(table, from);
    }
    return HR_INSTANT_NONE;
}

/* The first tick in after < tick <= last, or none. */
static hr_instant first_in(const struct hr_timetable *table, hr_instant after, hr_instant last)
{
    hr_instant tick = after < last ? hr_timetable_next(table, after) : HR_INSTANT_NONE;
    return tick <= last ? tick : HR_INSTANT_NONE;
}

/* The last tick in after < tick <= last, or none: first a stretch before `last` is doubled until a tick lies in it,
 * then it is halved. */
static hr_instant last_in(const struct hr_timetable *table, hr_instant after, hr_instant last)
{
    hr_instant high = last; /* no tick in high < tick <= last */
    hr_instant tick = HR_INSTANT_NONE;
    for (int64_t span = HR_MINUTE_US; tick == HR_INSTANT_NONE && high > after; span *= 2) {
        hr_instant low = span < last - after ? last - span : after;
        tick = first_in(table, low, last);
        high = tick == HR_INSTANT_NONE ? low : high;
    }
    while (tick != HR_INSTANT_NONE) {
        hr_instant following = first_in(table, tick, high);
        if (following == HR_INSTANT_NONE) {
            break;
        }
        hr_instant middle = following + (high - following) / 2;
        hr_instant found = first_in(table, middle, high);
        tick = found == HR_INSTANT_NONE ? following : found;
        high = found == HR_INSTANT_NONE ? middle : high;
    }
    return tick;
}

/* ---- a look ---------------------------------------------------------------------------------- */

static void count_missed(const struct hr_timetable *table, hr_instant from, hr_instant last,
                         struct hr_ticks *ticks)
{
    hr_instant tick = first_in(table, from, last);
    ticks->missed_first = tick;
    while (tick != HR_INSTANT_NONE && ticks->missed < HR_TICKS_COUNTED_MAX) {
        ticks->missed++;
        ticks->missed_last = tick;
        tick = first_in(table, tick, last);
    }
    if (tick != HR_INSTANT_NONE) {
        ticks->missed_more = true;
        ticks->missed_last = last_in(table, tick - 1, last);
    }
}

/* The newest in after < tick <= last, as many as there is room for, oldest first. */
static void run_newest(const struct hr_timetable *table, hr_instant after, hr_instant last,
                       struct hr_ticks *ticks)
{
    size_t room = HR_TICKS_MAX; /* they are put at the end, the newest first */
    for (hr_instant tick = last_in(table, after, last); tick != HR_INSTANT_NONE && room > 0;
         tick = last_in(table, after, tick - 1)) {
        ticks->run[--room] = tick;
    }
    ticks->run_count = HR_TICKS_MAX - room;
    for (size_t i = 0; i < ticks->run_count; i++) {
        ticks->run[i] = ticks->run[room + i];
    }
}

static void settle(const struct hr_timetable *table, hr_instant from, hr_instant now,
                   struct hr_ticks *ticks)
{
    hr_instant last_missed = now - HR_TICK_TOLERANCE_US - 1;
    bool all = ticks->if_missed == HR_IF_MISSED_run_all;
    count_missed(table, from, last_missed, ticks);
    run_newest(table, all ? from : later(from, last_missed), now, ticks);
    if (ticks->if_missed == HR_IF_MISSED_run_once && ticks->run_count == 0 && ticks->missed > 0) {
        ticks->run[ticks->run_count++] = ticks->missed_last;
    }
    for (size_t i = 0; i < ticks->run_count; i++) {
        ticks->missed_run += ticks->run[i] <= last_missed;
    }
    ticks->handled = last_in(table, from, now);
}

void hr_timetable_look(const struct hr_timetable *table, enum hr_if_missed if_missed,
                       hr_instant handled, hr_instant now, struct hr_ticks *ret_ticks)
{
    struct hr_schedule schedule = *table->schedule;
    const struct hr_timetable ended = {&schedule, table->zone, table->hours, table->since};
    hr_instant from = later(handled, table->since);
    *ret_ticks = (struct hr_ticks){.missed_first = HR_INSTANT_NONE,
                                   .missed_last = HR_INSTANT_NONE,
                                   .if_missed = if_missed,
                                   .handled = handled};
    if (first_in(table, from, now) != HR_INSTANT_NONE) {
        if (schedule.kind == HR_SCHEDULE_recurrence && schedule.rule.count > 0) {
            end_instead_of_count(table, &schedule);
        }
        settle(&ended, from, now, ret_ticks);
    }
    ret_ticks->next = hr_timetable_next(table, later(from, now));
}

/* ---- again ------------------------------------------------------------------------------------- */

hr_instant hr_automation_again(const struct hr_plan *plan, const struct hr_automation *automation,
                               hr_instant last_at)
{
    const struct hr_schedule *schedule = &automation->trigger.schedule;
    struct hr_span after = automation->reenter.after;
    bool days = after.unit == HR_SPAN_elapsed && after.amount % HR_DAY_US == 0;
    if (last_at == HR_INSTANT_NONE || !automation->trigger.scheduled || !days) {
        return last_at == HR_INSTANT_NONE ? last_at : hr_hours_after(&plan->hours, last_at, after);
    }
    struct hr_civil last = hr_zone_civil(plan->zone, last_at);
    int64_t day = hr_days_from_date(last.year, last.month, last.day) + after.amount / HR_DAY_US;
    int32_t minute =
        schedule->kind == HR_SCHEDULE_days ? schedule->minute : last.hour * 60 + last.minute;
    return hr_zone_instant(plan->zone, day, minute);
}
