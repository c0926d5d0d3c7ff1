/* Issues about automations in words: which enrollments need somebody, where they stand, and what to do. */
#include "insight/run.h"

/* The step that the issue is about, as long as the files have not changed since it opened; else NULL. */
static const struct hr_plan_step *step_of(const struct hr_ask *ask, const struct hr_issue *issue)
{
    const struct hr_automation *automation = hr_ask_automation_numbered(ask, issue->about);
    const struct hr_record *workspace = NULL;
    struct hr_entry entry = {0};
    struct hr_arena_mark mark = hr_arena_mark(ask->into); /* the published files stand in it */
    if (automation == NULL || issue->detail == 0 ||
        !hr_ok(hr_ask_record(ask, HR_ID_WORKSPACE, HR_RECORD_workspace, &workspace)) ||
        workspace == NULL) {
        return NULL;
    }
    bool found = hr_ok(ask->lens->at(ask->lens->context, workspace->workspace->plan_position,
                                     ask->into, &entry)) &&
                 entry.position != 0 && entry.recorded_at <= issue->opened_at;
    hr_arena_rewind(ask->into, mark);
    return found ? hr_step_numbered(automation, issue->detail) : NULL;
}

struct hr_text hr_say_trouble(const struct hr_ask *ask, const struct hr_issue *issue)
{
    struct hr_text step = hr_say_step(ask, issue->about, step_of(ask, issue));
    struct hr_text automation = hr_word_automation(ask, issue->about);
    return step.size == 0 ? hr_text_format(ask->into, "%.*s needs somebody", HR_SHOW(automation))
                          : hr_text_format(ask->into, "%.*s needs somebody (%.*s)",
                                           HR_SHOW(automation), HR_SHOW(step));
}

bool hr_trouble_of(const struct hr_ask *ask, uint64_t issue, const struct hr_contact *contact,
                   uint64_t member, struct hr_affected *ret_affected)
{
    const struct hr_trouble *trouble = NULL;
    for (size_t i = 0; i < contact->trouble_count && trouble == NULL; i++) {
        trouble = contact->troubles[i].issue == issue ? &contact->troubles[i] : NULL;
    }
    if (trouble == NULL) {
        return false;
    }
    const struct hr_run *run = hr_contact_run(contact, trouble->run);
    *ret_affected = (struct hr_affected){
        .member = member,
        .since = HR_INSTANT_NONE,
        .run = trouble->run,
        .run_words = run == NULL ? HR_TEXT("it failed, and is over") : hr_say_run(ask, run),
    };
    if (run != NULL) {
        ret_affected->key_shown = run->key_shown;
    }
    return true;
}

static const struct hr_affected *first_of(const struct hr_failure *failure)
{
    bool known = failure->affected_count > 0 && failure->affected[0].run != 0;
    return known ? &failure->affected[0] : NULL;
}

struct hr_text hr_say_trouble_observed(const struct hr_ask *ask, const struct hr_failure *failure)
{
    const struct hr_affected *first = first_of(failure);
    struct hr_text count = hr_word_count(ask, failure->issue->members, "enrollment", "enrollments");
    return first == NULL
               ? hr_text_format(ask->into, "%.*s in it", HR_SHOW(count))
               : hr_text_format(ask->into, "%.*s in it; the first, %.*s, %.*s", HR_SHOW(count),
                                HR_SHOW(hr_enrollment_name(ask->into, first->run)),
                                HR_SHOW(first->run_words));
}

struct hr_text hr_say_trouble_recovery(const struct hr_ask *ask, const struct hr_failure *failure)
{
    (void)ask;
    return first_of(failure) == NULL
               ? HR_TEXT("Nobody is in it any more: close it with a reason.")
               : HR_TEXT(
                     "See in the story of each enrollment what it waits for or could not do. What "
                     "is done by hand can be skipped there; what comes late still counts.");
}

struct hr_text hr_say_trouble_command(const struct hr_ask *ask, const struct hr_failure *failure)
{
    const struct hr_affected *first = first_of(failure);
    return first == NULL
               ? hr_text_format(ask->into, "handrail exceptions resolve %.*s --reason \"...\"",
                                HR_SHOW(hr_word_issue_number(ask, failure->issue->number)))
               : hr_text_format(ask->into, "handrail enrollment show %.*s",
                                HR_SHOW(hr_enrollment_name(ask->into, first->run)));
}
