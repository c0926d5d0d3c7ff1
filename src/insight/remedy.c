/* What to do about an issue: the file's own words where it has them, and the command that is safe. */
#include "insight/inside.h"

struct hr_text hr_say_recovery(const struct hr_ask *ask, const struct hr_failure *failure)
{
    struct hr_text detail = hr_word_field(ask, failure->issue->detail);
    switch ((enum hr_cause)failure->issue->cause) {
    case HR_CAUSE_no_proof:
    case HR_CAUSE_incorrect:
        if (failure->handoff == NULL) {
            return HR_TEXT("Its path is no longer in the files: close it with a reason.");
        }
        return failure->handoff->recovery.size > 0
                   ? failure->handoff->recovery
                   : HR_TEXT("The files name no first step: do by hand what should have happened, "
                             "and let its proof close this.");
    case HR_CAUSE_missing_field:
        return failure->issue->path != 0
                   ? hr_text_format(ask->into,
                                    "Let the tool send %.*s, or send the message again with it, "
                                    "under a new id. It closes by itself.",
                                    HR_SHOW(detail))
                   : hr_text_format(ask->into,
                                    "Mend what the tool sends, so that every message names %.*s, "
                                    "and send it again.",
                                    HR_SHOW(detail));
    case HR_CAUSE_ambiguous:
        return HR_TEXT(
            "Say whose the message is. Nobody is merged, and the other one stays as they are.");
    case HR_CAUSE_silence:
        return HR_TEXT("See whether the tool still sends to Handrail. Its next message closes this "
                       "by itself.");
    case HR_CAUSE_alert_failed:
        return HR_TEXT("See to their address and the mail server. The next alert that arrives "
                       "closes this by itself.");
    case HR_CAUSE_alert_unknown:
        return HR_TEXT("Ask them whether it arrived; it is not sent again on a guess.");
    case HR_CAUSE_conflict:
    case HR_CAUSE_forbidden:
        return hr_say_question_recovery(ask, failure);
    case HR_CAUSE_tool_down:
        return HR_TEXT(
            "See whether the tool is up. What is for it waits, is tried again by itself, and "
            "nothing is lost; the first that arrives closes this.");
    case HR_CAUSE_no_access:
        return HR_TEXT(
            "Renew the secret that the tool's file names. What is for it waits and goes on by "
            "itself within a minute; the first that arrives closes this.");
    case HR_CAUSE_automation:
        return hr_say_trouble_recovery(ask, failure);
    case HR_CAUSE_loose:
        return HR_TEXT("Give each of them an owner, and say what is to be done next, and by when. "
                       "It closes by itself.");
    case HR_CAUSE_overdue:
        return HR_TEXT("Do it, give it to somebody who can, or give it another date. It closes by "
                       "itself.");
    }
    return HR_TEXT_NONE;
}

struct hr_text hr_say_command(const struct hr_ask *ask, const struct hr_failure *failure)
{
    struct hr_text issue = hr_word_issue_number(ask, failure->issue->number);
    switch ((enum hr_cause)failure->issue->cause) {
    case HR_CAUSE_no_proof:
    case HR_CAUSE_incorrect:
        if (failure->handoff != NULL) {
            return hr_text_format(ask->into, "handrail recover %.*s", HR_SHOW(issue));
        }
        break;
    case HR_CAUSE_ambiguous: /* a person has to choose: both answers stand there */
    case HR_CAUSE_missing_field:
    case HR_CAUSE_silence:
    case HR_CAUSE_alert_failed:
    case HR_CAUSE_tool_down:
    case HR_CAUSE_no_access:
        return hr_text_format(ask->into, "handrail exceptions show %.*s", HR_SHOW(issue));
    case HR_CAUSE_conflict:
    case HR_CAUSE_forbidden:
        return hr_say_question_command(ask, failure);
    case HR_CAUSE_loose:
    case HR_CAUSE_overdue:
        return hr_text_format(ask->into, "handrail exceptions show %.*s", HR_SHOW(issue));
    case HR_CAUSE_automation:
        return hr_say_trouble_command(ask, failure);
    case HR_CAUSE_alert_unknown:
        break;
    }
    return hr_text_format(ask->into, "handrail exceptions resolve %.*s --reason \"...\"",
                          HR_SHOW(issue));
}
