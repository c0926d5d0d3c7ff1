/* What starts an automation, and whether a record may go through it again. */
#include "workspace/inside.h"

enum { MINUTES_OF_DAY = 1440, ALL_DAYS = 0x7F, WEEK_DAYS = 0x1F };

/* ---- every day at 07:30 --------------------------------------------------------------------------- */

static bool take_word(struct hr_text *rest, const char *word)
{
    struct hr_text begin = hr_text_from(word);
    bool whole =
        hr_text_starts(*rest, begin) && (rest->size == begin.size || rest->data[begin.size] == ' ');
    if (whole) {
        *rest = hr_text_trim(hr_text_slice(*rest, begin.size, rest->size));
    }
    return whole;
}

/* "7:30" or "07:30" */
static bool read_time(struct hr_text text, uint16_t *ret_minute)
{
    struct hr_text rest = text;
    struct hr_text hours = hr_text_cut(&rest, ':');
    int64_t hour = 0;
    int64_t minute = 0;
    if (hours.size == 0 || hours.size > 2 || rest.size != 2 || !hr_text_to_integer(hours, &hour) ||
        !hr_text_to_integer(rest, &minute) || hour < 0 || hour > 23 || minute < 0 || minute > 59) {
        return false;
    }
    *ret_minute = (uint16_t)(hour * 60 + minute);
    return true;
}

/* "monday and thursday", in full or as in business_hours. */
static uint8_t take_days(struct hr_text *rest)
{
    static const char *const names[] = {"monday", "tuesday",  "wednesday", "thursday",
                                        "friday", "saturday", "sunday"};
    uint8_t days = 0;
    bool more = true;
    while (more) {
        bool found = false;
        for (unsigned i = 0; i < 7 && !found; i++) {
            found = take_word(rest, names[i]) || take_word(rest, hr_words_day.items[i].data);
            days = (uint8_t)(days | (found ? 1U << i : 0U));
        }
        if (!found) {
            return 0;
        }
        more = take_word(rest, "and");
    }
    return days;
}

static bool take_which_days(struct hr_text *rest, struct hr_schedule *schedule)
{
    if (take_word(rest, "business day")) {
        schedule->business_days = true;
        schedule->weekdays = ALL_DAYS;
        return true;
    }
    if (take_word(rest, "month on day")) {
        int64_t day = 0;
        struct hr_text number = hr_text_cut(rest, ' ');
        schedule->day_of_month =
            (uint8_t)(hr_text_to_integer(number, &day) && day >= 1 && day <= 31 ? day : 0);
        *rest = hr_text_trim(*rest);
        return schedule->day_of_month > 0;
    }
    if (take_word(rest, "day")) {
        schedule->weekdays = ALL_DAYS;
    } else if (take_word(rest, "weekday")) {
        schedule->weekdays = WEEK_DAYS;
    } else {
        schedule->weekdays = take_days(rest);
    }
    return schedule->weekdays != 0;
}

static bool read_days(struct hr_text text, struct hr_schedule *schedule)
{
    struct hr_text rest = hr_text_trim(text);
    schedule->kind = HR_SCHEDULE_days;
    return take_word(&rest, "every") && take_which_days(&rest, schedule) &&
           take_word(&rest, "at") && read_time(rest, &schedule->minute);
}

/* ---- cron and recurrence ----------------------------------------------------------------------------- */

static void read_schedule_map(struct hr_draft *draft, struct hr_trigger *trigger,
                              const struct hr_node *map)
{
    const struct hr_node *cron = hr_draft_get(map, "cron");
    const struct hr_node *recurrence = hr_draft_get(map, "recurrence");
    if (!hr_draft_map(draft, HR_GRAM_schedule, map, map)) {
        return;
    }
    if ((cron == NULL) == (recurrence == NULL)) {
        hr_draft_error(draft, trigger_form, map->place,
                       cron == NULL ? "nothing says when it starts"
                                    : "`cron` and `recurrence` both say when it starts");
        return;
    }
    const struct hr_node *node = cron != NULL ? cron : recurrence;
    if (hr_draft_scalar(draft, node, cron != NULL ? "cron" : "recurrence")) {
        trigger->schedule.kind = cron != NULL ? HR_SCHEDULE_cron : HR_SCHEDULE_recurrence;
        trigger->schedule.text = hr_draft_copy(draft, hr_text_trim(node->scalar));
        hr_draft_read_schedule(draft, node, &trigger->schedule);
    }
}

/* ---- all of it ---------------------------------------------------------------------------------------- */

static bool is_schedule(const struct hr_node *node)
{
    return node->kind == HR_NODE_map ||
           (node->kind == HR_NODE_scalar && hr_text_starts(node->scalar, HR_TEXT("every ")));
}

static void read_one(struct hr_draft *draft, struct hr_trigger *trigger, const struct hr_node *node)
{
    if (trigger->scheduled) {
        hr_draft_error(draft, trigger_form, node->place,
                       "an automation starts by one schedule, or by events");
        return;
    }
    trigger->scheduled = true;
    if (node->kind == HR_NODE_map) {
        read_schedule_map(draft, trigger, node);
    } else if (!read_days(node->scalar, &trigger->schedule)) {
        hr_draft_error(draft, trigger_form, node->place, "`%.*s` does not say when it starts",
                       HR_SHOW(hr_clipped(node->scalar)));
    }
}

void hr_draft_read_trigger(struct hr_draft *draft, struct hr_automation *automation,
                           const struct hr_node *map)
{
    struct hr_trigger *trigger = &automation->trigger;
    const struct hr_node *node = hr_draft_get(map, "trigger");
    const struct hr_node *missed = hr_draft_get(map, "if_missed");
    struct hr_nodes nodes = hr_draft_some(draft, node, "trigger", HR_LIMIT_names);
    int32_t *events = hr_draft_keep(draft, int32_t, nodes.count);
    trigger->events = events;
    if (node != NULL) {
        trigger->place = hr_draft_place(draft, node->place);
    }
    for (size_t i = 0; events != NULL && i < nodes.count; i++) {
        if (is_schedule(nodes.items[i])) {
            read_one(draft, trigger, nodes.items[i]);
            continue;
        }
        int32_t event = hr_draft_event(draft, nodes.items[i]);
        if (event >= 0) {
            events[trigger->event_count++] = event;
        }
    }
    if (node != NULL && trigger->scheduled && trigger->event_count > 0) {
        hr_draft_error(draft, trigger_form, node->place,
                       "an automation starts by one schedule, or by events");
    }
    trigger->if_missed = (enum hr_if_missed)hr_draft_word_at(
        draft, map, "if_missed", &hr_words_if_missed, HR_IF_MISSED_run_once);
    if (missed != NULL && trigger->event_count > 0) {
        hr_draft_error(draft, if_missed_without_schedule, missed->place,
                       "`if_missed` has no meaning for events");
    }
}

/* ---- again ---------------------------------------------------------------------------------------------- */

void hr_draft_read_reenter(struct hr_draft *draft, struct hr_automation *automation,
                           const struct hr_node *map)
{
    struct hr_reenter *reenter = &automation->reenter;
    const struct hr_node *node = hr_draft_get(map, "reenter");
    struct hr_text after = HR_TEXT("after ");
    struct hr_text once = HR_TEXT("once per ");
    if (node == NULL || !hr_draft_scalar(draft, node, "reenter")) {
        return;
    }
    struct hr_text text = node->scalar;
    reenter->place = hr_draft_place(draft, node->place);
    if (hr_text_equal(text, HR_TEXT("never"))) {
        reenter->kind = HR_REENTER_never;
    } else if (hr_text_equal(text, HR_TEXT("every event"))) {
        reenter->kind = HR_REENTER_every_event;
    } else if (hr_text_starts(text, once)) {
        reenter->kind = HR_REENTER_once_per;
        reenter->key = hr_draft_expr_part(draft, node, hr_text_slice(text, once.size, text.size),
                                          HR_USE_key, HR_TYPE_dyn);
    } else if (hr_text_starts(text, after) &&
               hr_span_read(hr_text_slice(text, after.size, text.size), &reenter->after)) {
        reenter->kind = HR_REENTER_after;
    } else {
        hr_draft_error(draft, reenter_form, node->place,
                       "`%.*s` does not say whether a record may go through it again",
                       HR_SHOW(hr_clipped(text)));
    }
}
