/* A question about a field: who says what, which value holds meanwhile, and what a person can do about it. */
#include "insight/inside.h"

struct hr_text hr_say_question(const struct hr_ask *ask, const struct hr_issue *issue)
{
    struct hr_text field = hr_word_field(ask, issue->about);
    struct hr_text writer = hr_word_writer(ask, issue->detail);
    return issue->cause == HR_CAUSE_forbidden
               ? hr_text_format(ask->into, "%.*s writes %.*s, which it may not", HR_SHOW(writer),
                                HR_SHOW(field))
               : hr_text_format(ask->into, "%.*s disagrees about %.*s", HR_SHOW(writer),
                                HR_SHOW(field));
}

bool hr_question_of(const struct hr_ask *ask, const struct hr_record *issue,
                    const struct hr_contact *contact, uint64_t member,
                    struct hr_affected *ret_affected)
{
    uint32_t field = issue->issue->about;
    const struct hr_observed *observed = hr_contact_observed(contact, field, issue->issue->detail);
    if (observed == NULL || observed->issue != issue->id) {
        return false;
    }
    const struct hr_said *holder = hr_contact_field(contact, field);
    struct hr_value *both = hr_arena_new_many(ask->into, struct hr_value, 2);
    *ret_affected = (struct hr_affected){
        .member = member,
        .since = observed->said.at,
        .subject = hr_word_field(ask, field),
        .personal = hr_field_is_personal(ask, field),
    };
    if (both != NULL) {
        both[0] = observed->said.value;
        both[1] = holder == NULL ? hr_value_null() : holder->value;
        ret_affected->mismatch_values =
            (struct hr_value){.kind = HR_KIND_list, .count = 2, .items = both};
    }
    return true;
}

struct hr_text hr_say_question_expected(const struct hr_ask *ask, const struct hr_issue *issue)
{
    struct hr_text field = hr_word_field(ask, issue->about);
    return issue->cause == HR_CAUSE_forbidden
               ? hr_text_format(ask->into, "only the writers of its contract write %.*s",
                                HR_SHOW(field))
               : hr_text_format(ask->into, "all who write %.*s say the same", HR_SHOW(field));
}

struct hr_text hr_say_question_observed(const struct hr_ask *ask, const struct hr_failure *failure)
{
    struct hr_text writer = hr_word_writer(ask, failure->issue->detail);
    const struct hr_affected *first = failure->affected_count == 0 ? NULL : &failure->affected[0];
    if (first == NULL) {
        return HR_TEXT("nobody is waiting any more");
    }
    struct hr_text who = hr_word_member(ask, first->member);
    const struct hr_value *values = &first->mismatch_values;
    if (first->personal || values->count != 2) {
        return hr_text_format(ask->into, "%.*s says otherwise (%.*s)", HR_SHOW(writer),
                              HR_SHOW(who));
    }
    return hr_text_format(ask->into, "%.*s says %.*s, and %.*s holds (%.*s)", HR_SHOW(writer),
                          HR_SHOW(hr_word_value(ask, &values->items[0])),
                          HR_SHOW(hr_word_value(ask, &values->items[1])), HR_SHOW(who));
}

struct hr_text hr_say_question_recovery(const struct hr_ask *ask, const struct hr_failure *failure)
{
    return failure->issue->cause == HR_CAUSE_forbidden
               ? hr_text_format(ask->into,
                                "The value that held still holds. Name %.*s among the writers of "
                                "the field, or let it stop sending it.",
                                HR_SHOW(hr_word_writer(ask, failure->issue->detail)))
               : HR_TEXT("Both values are kept. Choose the right one; your choice is pinned, and "
                         "closes this for the contact.");
}

struct hr_text hr_say_question_command(const struct hr_ask *ask, const struct hr_failure *failure)
{
    const struct hr_issue *issue = failure->issue;
    return failure->affected_count == 0
               ? hr_text_format(ask->into, "handrail exceptions show %.*s",
                                HR_SHOW(hr_word_issue_number(ask, issue->number)))
               : hr_text_format(ask->into, "handrail contact set %.*s %.*s=...",
                                HR_SHOW(hr_word_member(ask, failure->affected[0].member)),
                                HR_SHOW(hr_word(ask, issue->about)));
}
