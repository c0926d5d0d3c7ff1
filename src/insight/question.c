/* A question about a field: who says what, which value holds meanwhile, and what a person can do about it. */
#include "insight/inside.h"

/* The consent that a question is about; NULL: it is about another field. What tools say of one and does not count is a
 * yes: nobody refuses a no. And nobody answers for the customer. */
static const struct hr_field *consent_of(const struct hr_ask *ask, const struct hr_issue *issue)
{
    int32_t field = hr_plan_field_numbered(ask->plan, issue->about);
    return field >= 0 && issue->cause == HR_CAUSE_conflict &&
                   ask->plan->fields[field].type == HR_FIELD_consent
               ? &ask->plan->fields[field]
               : NULL;
}

struct hr_text hr_say_question(const struct hr_ask *ask, const struct hr_issue *issue)
{
    struct hr_text field = hr_word_field(ask, issue->about);
    struct hr_text writer = hr_word_writer(ask, issue->detail);
    if (consent_of(ask, issue) != NULL) {
        return hr_text_format(ask->into, "%.*s says that %.*s is given, and it does not count",
                              HR_SHOW(writer), HR_SHOW(field));
    }
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
        .holder = holder == NULL ? 0 : holder->writer,
        .holder_at = holder == NULL ? HR_INSTANT_NONE : holder->at,
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
    const struct hr_field *consent = consent_of(ask, issue);
    if (consent != NULL) {
        struct hr_text proof = hr_say_consent_proof(ask, consent->contract);
        return hr_text_format(ask->into, "whoever agrees says so themselves, with %.*s",
                              HR_SHOW(proof.size > 0 ? proof : HR_TEXT("a signed message")));
    }
    return issue->cause == HR_CAUSE_forbidden
               ? hr_text_format(ask->into, "only the writers of its contract write %.*s",
                                HR_SHOW(field))
               : hr_text_format(ask->into, "all who write %.*s say the same", HR_SHOW(field));
}

/* "Website form, 23 Nov 10:00:00", behind the value that holds; "nothing" needs no source. */
static struct hr_text source_words(const struct hr_ask *ask, const struct hr_affected *affected)
{
    return affected->holder_at == HR_INSTANT_NONE
               ? HR_TEXT_NONE
               : hr_text_format(ask->into, " (%.*s, %.*s)",
                                HR_SHOW(hr_word_writer(ask, affected->holder)),
                                HR_SHOW(hr_word_time(ask, affected->holder_at)));
}

struct hr_text hr_say_question_observed(const struct hr_ask *ask, const struct hr_failure *failure)
{
    struct hr_text writer = hr_word_writer(ask, failure->issue->detail);
    const struct hr_affected *first = failure->affected_count == 0 ? NULL : &failure->affected[0];
    if (first == NULL) {
        return HR_TEXT("nobody is waiting any more");
    }
    const struct hr_value *values = &first->mismatch_values;
    struct hr_text who = hr_word_member(ask, first->member);
    struct hr_text source = source_words(ask, first);
    bool shown = !first->personal && values->count == 2;
    struct hr_text said = shown ? hr_word_value(ask, &values->items[0]) : HR_TEXT("otherwise");
    struct hr_text holds = shown ? hr_word_value(ask, &values->items[1]) : HR_TEXT("another value");
    return hr_text_format(ask->into, "of %.*s, %.*s says %.*s (said %.*s), and %.*s holds%.*s",
                          HR_SHOW(who), HR_SHOW(writer), HR_SHOW(said),
                          HR_SHOW(hr_word_time(ask, first->since)), HR_SHOW(holds),
                          HR_SHOW(source));
}

struct hr_text hr_say_question_recovery(const struct hr_ask *ask, const struct hr_failure *failure)
{
    if (consent_of(ask, failure->issue) != NULL) {
        return hr_text_format(ask->into,
                              "Nobody can agree for them. Let %.*s send the proof, and ask them "
                              "again; or set it to withdrawn, which closes this for the contact.",
                              HR_SHOW(hr_word_writer(ask, failure->issue->detail)));
    }
    return failure->issue->cause == HR_CAUSE_forbidden
               ? hr_text_format(ask->into,
                                "The value that held still holds. Name %.*s among the writers of "
                                "the field, or let it stop sending it.",
                                HR_SHOW(hr_word_writer(ask, failure->issue->detail)))
               : HR_TEXT("Both values are kept. Choose the right one; your choice is pinned, and "
                         "closes this for the contact.");
}

/* The command that gives the first who is affected one of the two values; personal ones are not shown here. */
static struct hr_text answer_command(const struct hr_ask *ask, const struct hr_failure *failure,
                                     size_t which)
{
    const struct hr_affected *first = &failure->affected[0];
    const struct hr_value *values = &first->mismatch_values;
    struct hr_text field = hr_word(ask, failure->issue->about);
    bool shown =
        !first->personal && values->count == 2 && values->items[which].kind != HR_KIND_null;
    struct hr_text value = consent_of(ask, failure->issue) != NULL ? HR_TEXT("withdrawn")
                           : shown ? hr_value_show(ask->into, &values->items[which])
                                   : HR_TEXT("VALUE");
    struct hr_text word = hr_text_format(ask->into, "%.*s=%.*s", HR_SHOW(field), HR_SHOW(value));
    return hr_text_format(ask->into, "handrail contact set %.*s %.*s",
                          HR_SHOW(hr_word_member(ask, first->member)),
                          HR_SHOW(hr_shell_word(ask->into, word)));
}

void hr_write_answers(const struct hr_ask *ask, struct hr_buffer *page,
                      const struct hr_failure *failure)
{
    const struct hr_affected *first = &failure->affected[0];
    bool both = !first->personal && first->mismatch_values.count == 2;
    bool consent = consent_of(ask, failure->issue) != NULL;
    hr_buffer_add_format(page, "  %.*s\n", HR_SHOW(answer_command(ask, failure, 1)));
    if (both && !consent && first->holder_at != HR_INSTANT_NONE) {
        hr_buffer_add_format(page, "  %.*s\n", HR_SHOW(answer_command(ask, failure, 0)));
    }
    if (!both) {
        hr_buffer_add_format(page, "  handrail contact show %.*s   # shows both values\n",
                             HR_SHOW(hr_word_member(ask, first->member)));
    }
}

struct hr_text hr_say_question_command(const struct hr_ask *ask, const struct hr_failure *failure)
{
    return failure->affected_count == 0
               ? hr_text_format(ask->into, "handrail exceptions show %.*s",
                                HR_SHOW(hr_word_issue_number(ask, failure->issue->number)))
               : answer_command(ask, failure, 1);
}
