/* An alert about an issue, for a mail or a signed webhook. It may pass through any mail server, so that nothing
 * in it is about a customer: people are counted, not named. */
#include "insight/inside.h"

enum { SUBJECT_BYTES_MAX = 400 }; /* what a mail takes (net/mail.h) */

static struct hr_text say_count(const struct hr_ask *ask, const struct hr_failure *failure)
{
    const struct hr_issue *issue = failure->issue;
    if (issue->members == 0) {
        return HR_TEXT_NONE;
    }
    bool messages = issue->cause == HR_CAUSE_ambiguous ||
                    (issue->cause == HR_CAUSE_missing_field && issue->path == 0);
    if (issue->cause == HR_CAUSE_ambiguous) {
        return HR_TEXT_NONE; /* the sentence says it: one message, two contacts */
    }
    return messages ? hr_word_count(ask, issue->members, "message", "messages")
                    : hr_word_count(ask, issue->people, "person", "people");
}

static const char *reason_prefix(uint8_t reason)
{
    switch ((enum hr_effect_reason)reason) {
    case HR_REASON_escalation:
        return "nobody has taken this up: ";
    case HR_REASON_worse:
        return "it gets worse: ";
    case HR_REASON_resolved:
        return "resolved: ";
    case HR_REASON_alert:
    case HR_REASON_step:
        break;
    }
    return "";
}

static struct hr_text write_subject(const struct hr_ask *ask, const struct hr_effect *effect,
                                    const struct hr_failure *failure)
{
    struct hr_text count = say_count(ask, failure);
    const char *urgent = failure->issue->severity == HR_URGENCY_urgent ? "urgent: " : "";
    struct hr_text subject =
        hr_text_format(ask->into, "[Handrail] %s%s%.*s%s%.*s%s", urgent,
                       reason_prefix(effect->reason), HR_SHOW(failure->sentence),
                       count.size > 0 ? " (" : "", HR_SHOW(count), count.size > 0 ? ")" : "");
    /* two titles can be longer together; and a mailer refuses what is no line, whatever stands in it */
    return hr_text_clip(hr_text_visible(ask->into, subject), SUBJECT_BYTES_MAX);
}

/* ---- the mail's text ------------------------------------------------------------------------- */

static void line(struct hr_buffer *page, const char *name, struct hr_text text)
{
    if (text.size > 0) {
        hr_buffer_add_format(page, "%-14s %.*s\n", name, HR_SHOW(text));
    }
}

static void write_first_line(const struct hr_ask *ask, const struct hr_effect *effect,
                             const struct hr_failure *failure, struct hr_buffer *page)
{
    struct hr_text issue = hr_word_issue_number(ask, failure->issue->number);
    struct hr_text sentence = failure->sentence;
    switch ((enum hr_effect_reason)effect->reason) {
    case HR_REASON_step:
    case HR_REASON_alert:
        hr_buffer_add_format(page,
                             failure->issue->returned > 0
                                 ? "%.*s is back after it was resolved: %.*s.\n\n"
                                 : "%.*s: %.*s.\n\n",
                             HR_SHOW(issue), HR_SHOW(sentence));
        return;
    case HR_REASON_escalation:
        hr_buffer_add_format(
            page, "%.*s: %.*s.\nThis goes to you because nobody has taken it up in time.\n\n",
            HR_SHOW(issue), HR_SHOW(sentence));
        return;
    case HR_REASON_worse:
        hr_buffer_add_format(page, "%.*s gets worse: %.*s, and more people are affected.\n\n",
                             HR_SHOW(issue), HR_SHOW(sentence));
        return;
    case HR_REASON_resolved:
        hr_buffer_add_format(page, "%.*s is resolved. This is over: %.*s.\n\n", HR_SHOW(issue),
                             HR_SHOW(sentence));
        return;
    }
}

static struct hr_text write_body(const struct hr_ask *ask, const struct hr_effect *effect,
                                 const struct hr_failure *failure, struct hr_text url)
{
    const struct hr_issue *issue = failure->issue;
    const struct hr_handoff *handoff = failure->handoff;
    struct hr_text number = hr_word_issue_number(ask, issue->number);
    struct hr_buffer page = hr_page_in(ask->into);
    write_first_line(ask, effect, failure, &page);
    struct hr_text zone = hr_zone_name(ask->plan->zone);
    line(&page, "since",
         hr_text_format(ask->into, "%.*s (%.*s, %.*s)",
                        HR_SHOW(hr_word_time(ask, issue->opened_at)), HR_SHOW(zone),
                        HR_SHOW(hr_word_since(ask, issue->opened_at))));
    line(&page, "affected", say_count(ask, failure));
    line(&page, "expected", hr_say_expected(ask, failure));
    if (handoff != NULL) {
        line(&page, "customer sees", handoff->customer_sees);
        line(&page, "handoff",
             hr_text_format(ask->into, "%.*s, on %.*s", HR_SHOW(handoff->title),
                            HR_SHOW(failure->path->title)));
    }
    line(&page, "owner", hr_word_person(ask, issue->owner));
    line(&page, "failure owner",
         failure->failure_owner == 0 ? HR_TEXT_NONE : hr_word_person(ask, failure->failure_owner));
    hr_buffer_add_format(&page, "\nWhat to do\n  %.*s\n\n", HR_SHOW(hr_say_recovery(ask, failure)));
    hr_buffer_add_format(&page, "  handrail exceptions show %.*s\n", HR_SHOW(number));
    bool recovers = handoff != NULL &&
                    (issue->cause == HR_CAUSE_no_proof || issue->cause == HR_CAUSE_incorrect);
    if (recovers) {
        hr_buffer_add_format(&page, "  handrail recover %.*s\n", HR_SHOW(number));
    }
    if (url.size > 0) {
        hr_buffer_add_format(&page, "\n%.*s\n", HR_SHOW(url));
    }
    return hr_buffer_text(&page);
}

/* ---- the webhook's tree (Standard Webhooks: type, timestamp, data) --------------------------- */

static struct hr_value write_tree(const struct hr_ask *ask, const struct hr_effect *effect,
                                  uint64_t effect_id, const struct hr_failure *failure,
                                  struct hr_text url)
{
    const struct hr_issue *issue = failure->issue;
    struct hr_object data = hr_object_in(ask->into);
    hr_put_words(&data, "issue", hr_word_issue_number(ask, issue->number));
    hr_put_words(&data, "reason", hr_effect_reason_word((enum hr_effect_reason)effect->reason));
    hr_put_words(&data, "state", hr_issue_state_word((enum hr_issue_state)issue->state));
    hr_put_words(&data, "severity", hr_severity_word(issue->severity));
    hr_put_words(&data, "cause", hr_cause_word((enum hr_cause)issue->cause));
    hr_put_words(&data, "text", failure->sentence);
    hr_put_words(&data, "handoff",
                 failure->handoff == NULL ? HR_TEXT_NONE : failure->handoff->full_id);
    hr_put_words(&data, "path", failure->path == NULL ? HR_TEXT_NONE : failure->path->id);
    hr_put_number(&data, "people", issue->people);
    hr_put_words(&data, "owner", issue->owner == 0 ? HR_TEXT_NONE : hr_word(ask, issue->owner));
    hr_put_words(&data, "told", hr_word(ask, effect->person));
    hr_put_time(&data, "opened_at", issue->opened_at);
    hr_put_words(&data, "recovery", hr_say_recovery(ask, failure));
    hr_put_words(&data, "url", url);
    struct hr_object tree = hr_object_in(ask->into);
    hr_put_words(&tree, "type", HR_TEXT("handrail.issue.alert"));
    /* the same for every attempt, so that a receiver knows a repeat */
    hr_put_words(&tree, "id",
                 hr_text_format(ask->into, "effect-%llu", (unsigned long long)effect_id));
    hr_put_time(&tree, "timestamp", effect->planned_at);
    hr_put(&tree, "data", hr_object_value(&data));
    return hr_object_value(&tree);
}

hr_status hr_alert_write(const struct hr_lens *lens, const struct hr_effect *effect,
                         uint64_t effect_id, struct hr_text base_url, struct hr_arena *into,
                         struct hr_alert *ret_alert)
{
    const struct hr_ask ask = {.lens = lens, .plan = lens->engine.plan, .into = into};
    const struct hr_record *record = NULL;
    struct hr_failure failure;
    HR_TRY(hr_ask_record(&ask, effect->issue, HR_RECORD_issue, &record));
    if (record == NULL) {
        return hr_answer(HR_E_CORRUPT);
    }
    HR_TRY(hr_failure_of(&ask, record, &failure));
    struct hr_text issue = hr_word_issue_number(&ask, record->issue->number);
    struct hr_text url = base_url.size == 0 ? HR_TEXT_NONE
                                            : hr_text_format(into, "%.*s/v1/issues/%.*s",
                                                             HR_SHOW(base_url), HR_SHOW(issue));
    *ret_alert = (struct hr_alert){
        .subject = write_subject(&ask, effect, &failure),
        .body = write_body(&ask, effect, &failure, url),
        .json = write_tree(&ask, effect, effect_id, &failure, url),
    };
    return into->failed ? hr_answer(HR_E_MEMORY) : hr_done();
}
