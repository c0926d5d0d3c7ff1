/* Schedules that words do not say: read as cron and calendars have them. */
#include "workspace/inside.h"

void hr_draft_read_schedule(struct hr_draft *draft, const struct hr_node *node,
                            struct hr_schedule *schedule)
{
    struct hr_flaw flaw = {.message = ""};
    hr_status status = schedule->kind == HR_SCHEDULE_cron
                           ? hr_cron_read(schedule->text, HR_CRON_crontab, &schedule->cron, &flaw)
                           : hr_rule_read(schedule->text, &schedule->rule, &flaw);
    if (hr_ok(status)) {
        return;
    }
    const struct hr_source *source = hr_draft_source(draft, node->place);
    struct hr_place place = node->place;
    if (source != NULL && flaw.size > 0) {
        place = hr_node_place_within(node, source->bytes, flaw.at, flaw.size);
    }
    hr_draft_error(draft, schedule_form, place, "%s cannot be understood: %s",
                   schedule->kind == HR_SCHEDULE_cron ? "`cron`" : "`recurrence`", flaw.message);
}
