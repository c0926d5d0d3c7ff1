/* Schedules that words do not say: whether cron and calendars would understand them. */
#include "workspace/inside.h"

#include <string.h>

enum { CRON_FIELDS = 5 };

static bool is_cron(struct hr_text text)
{
    struct hr_text rest = hr_text_trim(text);
    size_t fields = 0;
    while (rest.size > 0) {
        struct hr_text field = hr_text_cut(&rest, ' ');
        for (size_t i = 0; i < field.size; i++) {
            if (strchr("0123456789*,-/ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#",
                       field.data[i]) == NULL) {
                return false;
            }
        }
        fields += field.size > 0;
    }
    return fields == CRON_FIELDS;
}

void hr_draft_check_schedule(struct hr_draft *draft, const struct hr_node *node,
                             const struct hr_schedule *schedule)
{
    bool cron = schedule->kind == HR_SCHEDULE_cron;
    bool good = cron ? is_cron(schedule->text)
                     : hr_text_starts(schedule->text, HR_TEXT("FREQ=")) &&
                           hr_text_find(schedule->text, ' ') == schedule->text.size;
    if (!good) {
        hr_draft_error(draft, schedule_form, node->place,
                       cron ? "cron would not understand `%.*s`"
                            : "a calendar would not understand `%.*s`",
                       HR_SHOW(hr_clipped(schedule->text)));
    }
}
