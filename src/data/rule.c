/* data/rule: walks over the instances of a recurrence rule: from period to period, and within one from place to place
 * (data/rule_period.c). */
#include "data/recur_inside.h"

/* ---- beginning ---------------------------------------------------------------------------- */

static void set_if_none(uint64_t *bits, int32_t value)
{
    *bits = *bits != 0 ? *bits : UINT64_C(1) << value;
}

/* What a rule does not say, its start says (RFC 5545: "derived from DTSTART"). */
static void fill_in_days(struct hr_rule *rule, const struct date *date)
{
    bool month_days = hr_days_any(&rule->month_days);
    bool weeks = (rule->weeks[0] | rule->weeks[1]) != 0;
    bool year_days = hr_days_any(&rule->year_days);
    bool weekday = hr_rule_any_weekday(rule);
    if (rule->every == HR_RULE_week || (rule->every == HR_RULE_year && weeks)) {
        if (!weekday && !month_days && !year_days) {
            rule->weekdays = (uint8_t)(1 << date->weekday);
        }
        return;
    }
    if (rule->every < HR_RULE_month || year_days) {
        return;
    }
    if (!month_days && !weekday) {
        rule->month_days.bits[0][0] = UINT64_C(1) << date->day;
        month_days = true;
    }
    if (rule->every == HR_RULE_year && month_days && rule->months == 0) {
        rule->months = (uint16_t)(1 << date->month);
    }
}

static void fill_in_times(struct hr_rule *rule, int32_t second, bool whole_days)
{
    if (whole_days) {
        rule->hours = 1;
        rule->minutes = rule->seconds = 1;
        return;
    }
    uint64_t hours = rule->hours;
    if (rule->every > HR_RULE_hour) {
        set_if_none(&hours, second / 3600);
    }
    if (rule->every > HR_RULE_minute) {
        set_if_none(&rule->minutes, second / 60 % 60);
    }
    if (rule->every > HR_RULE_second) {
        set_if_none(&rule->seconds, second % 60);
    }
    rule->hours = (uint32_t)hours;
}

/* The number of the period that a day lies in: weeks begin on the rule's day, years are calendar years. */
static int64_t period_number(const struct hr_rule *rule, int64_t local)
{
    int64_t day = divide_down(local, DAY_S);
    struct date date = date_of(day);
    switch ((enum hr_rule_every)rule->every) {
    case HR_RULE_week:
        return divide_down(day + 3 - rule->week_start, WEEK_DAYS);
    case HR_RULE_month:
        return (int64_t)date.year * MONTHS + date.month - 1;
    case HR_RULE_year:
        return date.year;
    case HR_RULE_second:
    case HR_RULE_minute:
    case HR_RULE_hour:
    case HR_RULE_day:
        break;
    }
    return divide_down(local, hr_rule_unit_s(rule));
}

/* Years of whole weeks: the start belongs to the year whose instance it is. If it is none, its calendar year counts,
 * and where the interval is one year, what of its last week reaches into that year is not forgotten. */
static void settle_week_year(struct hr_rule_walk *walk)
{
    int64_t day = divide_down(walk->start, DAY_S);
    int64_t year = walk->base;
    for (int64_t near = year - 1; near <= year + 1; near++) {
        if (!hr_rule_open_long(walk, near)) {
            continue;
        }
        int64_t index = day - walk->first_day;
        if (index >= 0 && index < 6 * 64 && (walk->days[index / 64] >> index % 64 & 1) != 0) {
            walk->base = near;
            return;
        }
    }
    walk->period = walk->rule.interval == 1 ? -1 : 0;
}

hr_status hr_rule_begin(const struct hr_rule *rule, const struct hr_rule_start *start,
                        struct hr_rule_walk *ret_walk)
{
    if (start->at == HR_INSTANT_NONE || (start->whole_days && rule->every < HR_RULE_day)) {
        return hr_answer(HR_E_INPUT);
    }
    int64_t second = divide_down(start->at, HR_SECOND_US);
    int64_t local = second + hr_zone_offset(start->zone, start->at);
    int64_t day = divide_down(local, DAY_S);
    struct date date = date_of(day);
    if (date.year < 1 || date.year > RULE_YEAR_LAST) {
        return hr_answer(HR_E_INPUT);
    }
    if (start->whole_days) {
        local = day * DAY_S;
        second = hr_zone_second(start->zone, local);
    }
    struct hr_rule_walk *walk = ret_walk;
    *walk = (struct hr_rule_walk){.rule = *rule,
                                  .zone = start->zone,
                                  .start = local,
                                  .from = local,
                                  .first = second,
                                  .last = second - 1};
    walk->by_weeks = (rule->weeks[0] | rule->weeks[1]) != 0;
    fill_in_days(&walk->rule, &date);
    fill_in_times(&walk->rule, (int32_t)(local - day * DAY_S), start->whole_days);
    walk->base = period_number(&walk->rule, local);
    if (walk->by_weeks) {
        settle_week_year(walk);
        walk->total = walk->at = 0;
    }
    walk->period--; /* the first step goes to the first period */
    return hr_done();
}

/* ---- walking ------------------------------------------------------------------------------ */

/* To the next place of the set, in this period or a later one. */
static hr_status find_place(struct hr_rule_walk *walk, uint64_t *ret_place)
{
    for (;;) {
        *ret_place = hr_rule_next_place(walk);
        if (*ret_place < walk->total) {
            return hr_done();
        }
        if (walk->work > HR_RULE_WORK) {
            return hr_answer(HR_RULE_LIMIT);
        }
        walk->period++;
        if (!hr_rule_open(walk)) {
            walk->total = walk->at = 0;
            return hr_answer(walk->work > HR_RULE_WORK ? HR_RULE_LIMIT : HR_RULE_END);
        }
        if (hr_rule_has_ended(walk, walk->first_day * DAY_S)) {
            return hr_answer(HR_RULE_END);
        }
    }
}

hr_status hr_rule_next(struct hr_rule_walk *walk, hr_instant *ret_instant)
{
    walk->work = 0;
    if (walk->rule.count > 0 && walk->given == walk->rule.count) {
        return hr_answer(HR_RULE_END);
    }
    for (;;) {
        uint64_t place;
        hr_status found = find_place(walk, &place);
        if (!hr_ok(found)) {
            return found;
        }
        walk->at = place + 1;
        walk->work++;
        int64_t local = hr_rule_instance(walk, place);
        if (local < walk->from) {
            uint64_t first = hr_rule_place(walk, walk->from);
            walk->at = first > walk->at ? first : walk->at;
            continue;
        }
        /* a start may stand where its hour comes the second time; then it is itself, not the first */
        int64_t second = local == walk->start ? walk->first : hr_zone_second(walk->zone, local);
        if (hr_rule_is_behind(&walk->rule, local, second)) {
            return hr_answer(HR_RULE_END);
        }
        if (second >
            walk->last) { /* several that fall into one gap happen once; none before the start */
            walk->last = second;
            walk->given++;
            *ret_instant = second * HR_SECOND_US;
            return hr_done();
        }
    }
}

/* Leaves out what lies before an instant; only where nothing is counted. A local time up to the one that the clock
 * shows then is no later instant. */
static void skip_to(struct hr_rule_walk *walk, hr_instant after)
{
    int64_t local = divide_down(after, HR_SECOND_US) + hr_zone_offset(walk->zone, after);
    if (walk->rule.count > 0 || local < walk->start) {
        return;
    }
    walk->from = local + 1;
    int64_t number = period_number(&walk->rule, local) - (walk->by_weeks ? 1 : 0);
    int64_t periods = divide_down(number - walk->base, walk->rule.interval) - 1;
    walk->period = periods > walk->period ? periods : walk->period;
}

hr_status hr_rule_after(const struct hr_rule *rule, const struct hr_rule_start *start,
                        hr_instant after, hr_instant *ret_instant)
{
    if (after > days_of(RULE_YEAR_LAST + 1, 1, 1) * HR_DAY_US) {
        return hr_answer(HR_RULE_END);
    }
    struct hr_rule_walk walk;
    HR_TRY(hr_rule_begin(rule, start, &walk));
    if (after >= start->at) {
        skip_to(&walk, after);
    }
    for (uint64_t work = 0; work <= HR_RULE_WORK_AFTER; work += walk.work) {
        HR_TRY(hr_rule_next(&walk, ret_instant));
        if (*ret_instant > after) {
            return hr_done();
        }
    }
    return hr_answer(HR_RULE_LIMIT);
}
