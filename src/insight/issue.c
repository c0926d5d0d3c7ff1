/* One issue in full: the failure record. */
#include "insight/inside.h"

struct failure_record {
    struct hr_ask ask;
    struct hr_failure failure;
    struct hr_record_of_issue told;
    struct hr_timeline history;
    struct hr_text expected;
    struct hr_text observed;
};

/* ---- for machines ---------------------------------------------------------------------------- */

static struct hr_value person_tree(const struct hr_ask *ask, const struct hr_affected *affected)
{
    struct hr_object object = hr_object_in(ask->into);
    bool named = (affected->member & 255) != 255;
    hr_put_words(&object, "contact",
                 named ? hr_contact_name(ask->into, affected->member) : HR_TEXT_NONE);
    hr_put(&object, "entry",
           named ? hr_value_null() : hr_value_int((int64_t)hr_record_origin(affected->member)));
    hr_put_words(&object, "handoff",
                 affected->handoff == 0 ? HR_TEXT_NONE : hr_word(ask, affected->handoff));
    hr_put_words(&object, "key", affected->key_shown);
    hr_put_words(&object, "enrollment",
                 affected->run == 0 ? HR_TEXT_NONE : hr_enrollment_name(ask->into, affected->run));
    hr_put_words(&object, "stands", affected->run_words);
    hr_put_time(&object, "since", affected->since);
    hr_put_words(&object, "mismatch", affected->mismatch);
    hr_put(&object, "mismatch_values",
           affected->personal ? hr_value_null() : affected->mismatch_values);
    return hr_object_value(&object);
}

/* The first who is affected, as the example of what is wrong: what should be, what is. */
static struct hr_value mismatch_tree(const struct hr_ask *ask, const struct hr_failure *failure)
{
    const struct hr_affected *first = failure->affected_count == 0 ? NULL : &failure->affected[0];
    if (first == NULL || first->mismatch.size == 0) {
        return hr_value_null();
    }
    struct hr_object object = hr_object_in(ask->into);
    const struct hr_value *values = &first->mismatch_values;
    bool shown = !first->personal && values->kind == HR_KIND_list && values->count == 2;
    hr_put_words(&object, "condition", first->mismatch);
    hr_put_words(&object, "contact", hr_word_member(ask, first->member));
    hr_put(&object, "observed", shown ? values->items[0] : hr_value_null());
    hr_put(&object, "expected", shown ? values->items[1] : hr_value_null());
    return hr_object_value(&object);
}

struct hr_value hr_failure_tree(const struct hr_ask *ask, const struct hr_failure *failure)
{
    const struct hr_issue *issue = failure->issue;
    const struct hr_handoff *handoff = failure->handoff;
    struct hr_object object = hr_object_in(ask->into);
    struct hr_items people = hr_items_in(ask->into);
    hr_assert(issue != NULL);
    for (size_t i = 0; i < failure->affected_count; i++) {
        hr_add(&people, person_tree(ask, &failure->affected[i]));
    }
    hr_put_words(&object, "issue", hr_word_issue_number(ask, issue->number));
    hr_put_words(&object, "state", hr_issue_state_word((enum hr_issue_state)issue->state));
    hr_put_words(&object, "severity", hr_severity_word(issue->severity));
    hr_put_words(&object, "cause", hr_cause_word((enum hr_cause)issue->cause));
    hr_put_words(&object, "text", failure->sentence);
    hr_put_words(&object, "about", hr_word(ask, issue->about));
    bool by_writer = issue->cause == HR_CAUSE_conflict || issue->cause == HR_CAUSE_forbidden;
    uint32_t detail = by_writer ? hr_writer_name(issue->detail) : issue->detail;
    bool of_step = issue->cause == HR_CAUSE_automation; /* its detail is no name */
    hr_put_words(&object, "detail", detail == 0 || of_step ? HR_TEXT_NONE : hr_word(ask, detail));
    hr_put_words(&object, "handoff", handoff == NULL ? HR_TEXT_NONE : handoff->full_id);
    hr_put_words(&object, "path", failure->path == NULL ? HR_TEXT_NONE : failure->path->id);
    hr_put_words(&object, "kind",
                 handoff == NULL ? HR_TEXT_NONE : hr_handoff_kind_word(handoff->kind));
    hr_put_number(&object, "waiting", issue->people);
    hr_put_number(&object, "affected_ever", issue->members_all);
    hr_put(&object, "people", hr_items_value(&people));
    hr_put_time(&object, "oldest", failure->oldest);
    hr_put_words(&object, "owner", issue->owner == 0 ? HR_TEXT_NONE : hr_word(ask, issue->owner));
    hr_put_words(&object, "failure_owner",
                 failure->failure_owner == 0 ? HR_TEXT_NONE : hr_word(ask, failure->failure_owner));
    hr_put_time(&object, "opened_at", issue->opened_at);
    hr_put_time(&object, "first_at", issue->first_at);
    hr_put_time(&object, "changed_at", issue->changed_at);
    hr_put_number(&object, "returned", issue->returned);
    hr_put_time(&object, "snoozed_until", issue->snoozed_until);
    hr_put_number(&object, "snoozed_people", issue->snoozed_people);
    bool resolved = issue->state == HR_ISSUE_resolved;
    hr_put_words(&object, "resolved",
                 resolved ? hr_say_resolution(ask, failure, hr_word(ask, issue->resolved_by))
                          : HR_TEXT_NONE);
    hr_put_words(&object, "resolved_by",
                 issue->resolved_by == 0 ? HR_TEXT_NONE : hr_word(ask, issue->resolved_by));
    hr_put_words(&object, "seen_by",
                 issue->acknowledged_by == 0 ? HR_TEXT_NONE : hr_word(ask, issue->acknowledged_by));
    hr_put_words(&object, "command", resolved ? HR_TEXT_NONE : hr_say_command(ask, failure));
    return hr_object_value(&object);
}

static struct hr_object record_tree(const struct failure_record *record)
{
    const struct hr_ask *ask = &record->ask;
    struct hr_value base = hr_failure_tree(ask, &record->failure);
    struct hr_object tree = hr_object_in(ask->into);
    struct hr_items told = hr_items_in(ask->into);
    struct hr_items notes = hr_items_in(ask->into);
    for (uint32_t i = 0; i < base.count; i++) {
        struct hr_text name = hr_value_as_text(&base.members[i].key);
        hr_put(&tree, name.data, base.members[i].value);
    }
    for (size_t i = 0; i < record->told.told_count; i++) {
        hr_add(&told, hr_told_tree(ask, &record->told.told[i]));
    }
    for (size_t i = 0; i < record->told.note_count; i++) {
        const struct hr_note *note = &record->told.notes[i];
        struct hr_object object = hr_object_in(ask->into);
        hr_put_time(&object, "at", note->at);
        hr_put_words(&object, "person", note->erased ? HR_TEXT_NONE : hr_word(ask, note->person));
        hr_put_words(&object, "text", note->text);
        hr_put_truth(&object, "erased", note->erased);
        hr_add(&notes, hr_object_value(&object));
    }
    const struct hr_handoff *handoff = record->failure.handoff;
    hr_put_words(&tree, "expected", record->expected);
    hr_put_words(&tree, "observed", record->observed);
    hr_put(&tree, "mismatch", mismatch_tree(ask, &record->failure));
    hr_put_words(&tree, "customer_sees", handoff == NULL ? HR_TEXT_NONE : handoff->customer_sees);
    hr_put_words(&tree, "recovery", hr_say_recovery(ask, &record->failure));
    hr_put(&tree, "told", hr_items_value(&told));
    hr_put(&tree, "notes", hr_items_value(&notes));
    hr_put(&tree, "history", hr_timeline_tree(ask, &record->history));
    return tree;
}

/* ---- for people ------------------------------------------------------------------------------ */

static void line(struct hr_buffer *page, const char *name, struct hr_text text)
{
    if (text.size > 0) {
        hr_buffer_add_format(page, "%-15s %.*s\n", name, HR_SHOW(text));
    }
}

static void write_head(const struct failure_record *record, struct hr_buffer *page)
{
    const struct hr_ask *ask = &record->ask;
    const struct hr_failure *failure = &record->failure;
    const struct hr_issue *issue = failure->issue;
    bool resolved = issue->state == HR_ISSUE_resolved;
    struct hr_text waiting = hr_say_waiting(ask, failure);
    hr_buffer_add_format(
        page, "%.*s %s%.*s: %.*s%s%.*s\n\n", HR_SHOW(hr_word_issue_number(ask, issue->number)),
        issue->severity == HR_URGENCY_urgent && !resolved ? "urgent " : "",
        HR_SHOW(hr_issue_state_word((enum hr_issue_state)issue->state)), HR_SHOW(failure->sentence),
        waiting.size > 0 ? ": " : "", HR_SHOW(waiting));
    if (resolved) {
        struct hr_text person = hr_word_person(ask, issue->resolved_by);
        line(page, "ended",
             hr_text_format(ask->into, "%.*s, %.*s", HR_SHOW(hr_word_time(ask, issue->changed_at)),
                            HR_SHOW(hr_say_resolution(ask, failure, person))));
    }
    if (issue->returned > 0) {
        line(page, "came back",
             hr_text_format(ask->into, "%.*s after it was resolved; first seen %.*s",
                            HR_SHOW(hr_word_count(ask, issue->returned, "time", "times")),
                            HR_SHOW(hr_word_time(ask, issue->first_at))));
    }
    if (issue->state == HR_ISSUE_snoozed) {
        line(page, "asleep until",
             issue->snoozed_until != HR_INSTANT_NONE
                 ? hr_word_time(ask, issue->snoozed_until)
                 : hr_word_count(ask, issue->snoozed_people, "person", "people"));
    }
    struct hr_text lasted = hr_duration_say(
        ask->into, (resolved ? issue->changed_at : ask->lens->now) - issue->opened_at);
    line(page, "since",
         hr_text_format(ask->into, "%.*s (%.*s)", HR_SHOW(hr_word_time(ask, issue->opened_at)),
                        HR_SHOW(lasted)));
}

static void write_mismatch(const struct failure_record *record, struct hr_buffer *page)
{
    const struct hr_ask *ask = &record->ask;
    const struct hr_affected *first =
        record->failure.affected_count == 0 ? NULL : &record->failure.affected[0];
    if (first == NULL || first->mismatch.size == 0) {
        return;
    }
    const struct hr_value *values = &first->mismatch_values;
    if (first->personal || values->kind != HR_KIND_list || values->count != 2) {
        line(page, "first mismatch", first->mismatch);
        return;
    }
    bool wanted = values->items[1].kind != HR_KIND_null;
    struct hr_text expected = wanted
                                  ? hr_text_format(ask->into, ", should be %.*s",
                                                   HR_SHOW(hr_word_value(ask, &values->items[1])))
                                  : HR_TEXT_NONE;
    line(page, "first mismatch",
         hr_text_format(ask->into, "%.*s: is %.*s%.*s", HR_SHOW(first->mismatch),
                        HR_SHOW(hr_word_seen(ask, &values->items[0])), HR_SHOW(expected)));
}

static void write_people(const struct failure_record *record, struct hr_buffer *page)
{
    const struct hr_ask *ask = &record->ask;
    const struct hr_failure *failure = &record->failure;
    if (failure->affected_count == 0) {
        return;
    }
    hr_buffer_add_text(page, HR_TEXT("\nWho is affected\n"));
    for (size_t i = 0; i < failure->affected_count; i++) {
        const struct hr_affected *affected = &failure->affected[i];
        hr_buffer_add_format(page, "  %.*s", HR_SHOW(hr_word_member(ask, affected->member)));
        if (affected->key_shown.size > 0) {
            hr_buffer_add_format(page, " (%.*s)",
                                 HR_SHOW(hr_text_visible(ask->into, affected->key_shown)));
        }
        if (affected->run != 0) {
            hr_buffer_add_format(page, "  %.*s %.*s",
                                 HR_SHOW(hr_enrollment_name(ask->into, affected->run)),
                                 HR_SHOW(affected->run_words));
        }
        if (affected->since != HR_INSTANT_NONE) {
            hr_buffer_add_format(page, "  since %.*s (%.*s)",
                                 HR_SHOW(hr_word_time(ask, affected->since)),
                                 HR_SHOW(hr_word_since(ask, affected->since)));
        }
        hr_buffer_add_text(page, HR_TEXT("\n"));
    }
    if (failure->issue->members > failure->affected_count) {
        hr_buffer_add_format(
            page, "  and %llu more\n",
            (unsigned long long)(failure->issue->members - failure->affected_count));
    }
}

static void write_told(const struct failure_record *record, struct hr_buffer *page)
{
    const struct hr_ask *ask = &record->ask;
    hr_buffer_add_text(page, record->told.told_count == 0 ? HR_TEXT("\nNobody was told.\n")
                                                          : HR_TEXT("\nWho was told\n"));
    for (size_t i = 0; i < record->told.told_count; i++) {
        hr_buffer_add_format(page, "  %.*s  %.*s\n",
                             HR_SHOW(hr_word_time(ask, record->told.told[i].planned_at)),
                             HR_SHOW(hr_say_told(ask, &record->told.told[i])));
    }
    hr_buffer_add_text(page, record->told.note_count == 0 ? HR_TEXT_NONE : HR_TEXT("\nNotes\n"));
    for (size_t i = 0; i < record->told.note_count; i++) {
        const struct hr_note *note = &record->told.notes[i];
        struct hr_text by = note->erased ? HR_TEXT("somebody") : hr_word_person(ask, note->person);
        hr_buffer_add_format(
            page, "  %.*s  %.*s: %.*s\n", HR_SHOW(hr_word_time(ask, note->at)), HR_SHOW(by),
            HR_SHOW(note->erased ? HR_TEXT("(erased)") : hr_text_visible(ask->into, note->text)));
    }
}

/* How to go on: for a question about two contacts each of the two answers, else the one safe command. */
static void write_next(const struct failure_record *record, struct hr_buffer *page)
{
    const struct hr_ask *ask = &record->ask;
    const struct hr_failure *failure = &record->failure;
    if (failure->issue->state == HR_ISSUE_resolved) {
        return;
    }
    hr_buffer_add_format(page, "\nSafe next step\n  %.*s\n",
                         HR_SHOW(hr_say_recovery(ask, failure)));
    bool question = failure->issue->cause == HR_CAUSE_ambiguous && failure->affected_count > 0;
    if (failure->issue->cause == HR_CAUSE_conflict && failure->affected_count > 0) {
        hr_write_answers(ask, page, failure);
        return;
    }
    for (size_t i = 0; question && i < failure->affected_count; i++) {
        hr_buffer_add_format(page, "  handrail exceptions resolve %.*s --contact %.*s\n",
                             HR_SHOW(hr_word_issue_number(ask, failure->issue->number)),
                             HR_SHOW(hr_word_member(ask, failure->affected[i].member)));
    }
    if (!question) {
        hr_buffer_add_format(page, "  %.*s\n", HR_SHOW(hr_say_command(ask, failure)));
    }
}

static struct hr_buffer write_page(const struct failure_record *record)
{
    const struct hr_ask *ask = &record->ask;
    const struct hr_failure *failure = &record->failure;
    const struct hr_handoff *handoff = failure->handoff;
    struct hr_buffer page = hr_page_in(ask->into);
    write_head(record, &page);
    line(&page, "expected", record->expected);
    line(&page, "observed", record->observed);
    write_mismatch(record, &page);
    if (handoff != NULL) {
        line(&page, "customer sees", handoff->customer_sees);
        struct hr_text kind = hr_handoff_kind_word(handoff->kind);
        bool told_by_title = hr_text_equal(kind, handoff->title);
        line(&page, "handoff",
             hr_text_format(ask->into, "%.*s, on %.*s%s%.*s%s", HR_SHOW(handoff->title),
                            HR_SHOW(failure->path->title), told_by_title ? "" : " (kind: ",
                            HR_SHOW(told_by_title ? HR_TEXT_NONE : kind),
                            told_by_title ? "" : ")"));
        line(&page, "written in",
             hr_text_format(ask->into, "%.*s:%u", HR_SHOW(handoff->file_place.file),
                            handoff->file_place.line));
    }
    line(&page, "owner", hr_word_person(ask, failure->issue->owner));
    line(&page, "failure owner", hr_word_person(ask, failure->failure_owner));
    if (failure->issue->acknowledged_by != 0) {
        line(&page, "seen by", hr_word_person(ask, failure->issue->acknowledged_by));
    }
    write_people(record, &page);
    write_told(record, &page);
    hr_buffer_add_text(&page, HR_TEXT("\nHistory\n"));
    hr_timeline_write(ask, &page, &record->history);
    write_next(record, &page);
    return page;
}

hr_status hr_issue_show(const struct hr_lens *lens, struct hr_text issue, struct hr_arena *into,
                        struct hr_diagnostics *reterr, struct hr_report *ret_report)
{
    struct failure_record record = {
        .ask = {.lens = lens, .plan = lens->engine.plan, .into = into, .reterr = reterr}};
    const struct hr_ask *ask = &record.ask;
    const struct hr_record *found = NULL;
    const struct hr_wanted wanted = {.hearer = HR_HEARS_issue};
    HR_TRY(hr_ask_issue(ask, issue, &found));
    HR_TRY(hr_failure_of(ask, found, &record.failure));
    HR_TRY(hr_told_of(ask, found, HR_WALK_MAX, &record.told));
    HR_TRY(hr_timeline_of(ask, found, &wanted, &record.history));
    HR_TRY(hr_say_observed(ask, &record.failure, &record.observed));
    record.expected = hr_say_expected(ask, &record.failure);
    bool refused = found->issue->cause == HR_CAUSE_alert_failed && record.told.last_answer.size > 0;
    if (refused) {
        record.observed = hr_text_format(into, "an alert was refused: %.*s",
                                         HR_SHOW(hr_text_visible(into, record.told.last_answer)));
    }
    struct hr_object tree = record_tree(&record);
    struct hr_buffer page = write_page(&record);
    return hr_report_end(ask, &tree, &page, ret_report);
}
