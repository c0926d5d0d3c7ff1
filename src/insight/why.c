/* Why is a contact, or one field or handoff of theirs, as it is? */
#include "insight/run.h"

struct question {
    struct hr_ask ask;
    const struct hr_record *record;
    int32_t field;  /* index in the plan, or -1 */
    bool *handoffs; /* those that matter, or NULL: all */
    struct hr_timeline timeline;
    struct hr_next next;
};

/* ---- what is asked about --------------------------------------------------------------------- */

static struct hr_text nearest_name(const struct hr_ask *ask, struct hr_text named)
{
    size_t handoffs = ask->plan->field_count + ask->plan->handoff_count;
    size_t count = handoffs + ask->plan->automation_count;
    struct hr_text *names = hr_arena_new_many(ask->into, struct hr_text, count);
    if (names == NULL) {
        return HR_TEXT_NONE;
    }
    for (size_t i = 0; i < ask->plan->field_count; i++) {
        names[i] = ask->plan->fields[i].id;
    }
    for (size_t i = 0; i < ask->plan->handoff_count; i++) {
        names[ask->plan->field_count + i] = ask->plan->handoffs[i].id;
    }
    for (size_t i = 0; i < ask->plan->automation_count; i++) {
        names[handoffs + i] = ask->plan->automations[i].id;
    }
    return hr_did_you_mean(named, names, count);
}

/* A field brings along the handoffs that carry it or are proven by it. */
static hr_status understand(struct question *question, struct hr_text field)
{
    const struct hr_plan *plan = question->ask.plan;
    field = hr_text_trim(field);
    question->field = -1;
    if (field.size == 0) {
        return hr_done();
    }
    question->handoffs = hr_arena_new_many(question->ask.into, bool, plan->handoff_count);
    if (question->handoffs == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    question->field = hr_plan_field(plan, field);
    for (size_t i = 0; question->field >= 0 && i < plan->handoff_count; i++) {
        question->handoffs[i] = hr_handoff_reads(&plan->handoffs[i], question->field);
    }
    int32_t handoff = question->field < 0 ? hr_plan_handoff(plan, field) : -1;
    if (handoff >= 0) {
        question->handoffs[handoff] = true;
    }
    bool found = question->field >= 0 || handoff >= 0;
    return found ? hr_done()
                 : hr_ask_refused(&question->ask, HR_CODE_asked_field_unknown,
                                  nearest_name(&question->ask, field));
}

/* ---- the field's own sentences --------------------------------------------------------------- */

/* Which messages could say it, for a field that nothing is known of. */
static void write_sources(const struct hr_ask *ask, struct hr_buffer *page, int32_t field)
{
    bool any = false;
    for (size_t i = 0; i < ask->plan->tool_count; i++) {
        const struct hr_tool *tool = &ask->plan->tools[i];
        for (size_t k = 0; k < tool->event_count; k++) {
            const struct hr_event_type *type = &tool->events[k];
            bool says = false;
            for (size_t m = 0; m < type->field_count + type->contact_count; m++) {
                says = says || (m < type->field_count
                                    ? type->fields[m].field
                                    : type->contact[m - type->field_count].field) == field;
            }
            if (says) {
                hr_buffer_add_format(page, "%s%.*s (%.*s)", any ? ", " : "It would come with ",
                                     HR_SHOW(type->name), HR_SHOW(tool->title));
                any = true;
            }
        }
    }
    hr_buffer_add_text(page, any ? HR_TEXT(".\n") : HR_TEXT("No tool's mapping ever says it.\n"));
}

static void write_counts(const struct question *question, struct hr_buffer *page)
{
    const struct hr_ask *ask = &question->ask;
    if (question->timeline.older_values > 0) {
        hr_buffer_add_format(page, "%.*s before it.\n",
                             HR_SHOW(hr_word_count(ask, question->timeline.older_values,
                                                   "older value", "older values")));
    }
    if (question->timeline.refused_older > 0) {
        hr_buffer_add_format(page, "%.*s: older than what was known by then.\n",
                             HR_SHOW(hr_word_count(ask, question->timeline.refused_older,
                                                   "value came too late", "values came too late")));
    }
}

static hr_status write_value(const struct question *question, const struct hr_said *said,
                             struct hr_buffer *page)
{
    const struct hr_ask *ask = &question->ask;
    struct hr_entry entry = {0};
    HR_TRY(ask->lens->at(ask->lens->context, said->position, ask->into, &entry));
    int32_t tool = hr_writer_by(said->writer) == HR_BY_tool
                       ? hr_plan_tool_numbered(ask->plan, hr_writer_name(said->writer))
                       : HR_NONE_INDEX;
    const struct hr_field *field = &ask->plan->fields[question->field];
    hr_buffer_add_format(page, "%.*s is %.*s since %.*s (%.*s)\n", HR_SHOW(field->id),
                         HR_SHOW(hr_word_value(ask, &said->value)),
                         HR_SHOW(hr_word_time(ask, said->at)),
                         HR_SHOW(hr_word_since(ask, said->at)));
    hr_buffer_add_format(page, "%.*s said so", HR_SHOW(hr_word_writer(ask, said->writer)));
    if (entry.position != 0 && entry.type != 0) {
        hr_buffer_add_format(page, " with %.*s", HR_SHOW(hr_word(ask, entry.type)));
    }
    hr_buffer_add_format(page, " (entry %llu)", (unsigned long long)said->position);
    bool theirs = hr_writer_by(said->writer) == HR_BY_person;
    if (entry.position != 0 && entry.person == 0) {
        hr_buffer_add_text(page, HR_TEXT(", signed"));
    } else if (entry.position != 0 && !theirs) {
        hr_buffer_add_format(page, ", handed in by %.*s",
                             HR_SHOW(hr_word_person(ask, entry.person)));
    }
    if (field->source_of_truth >= 0 && tool >= 0) {
        hr_buffer_add_format(page,
                             field->source_of_truth == tool ? ". It is the source of truth for it"
                                                            : ". The source of truth would be %.*s",
                             HR_SHOW(ask->plan->tools[field->source_of_truth].title));
    }
    hr_buffer_add_text(page, HR_TEXT(".\n"));
    return hr_done();
}

static hr_status write_unknown(const struct question *question, const struct hr_field *field,
                               struct hr_buffer *page)
{
    const struct hr_ask *ask = &question->ask;
    struct hr_buffer refused = hr_page_in(ask->into);
    const struct hr_contact *contact = question->record->contact;
    bool found = false;
    bool kept_out = hr_others_say(contact, field->name_number);
    HR_TRY(hr_write_refused(ask, question->record, question->field, &refused, &found));
    hr_buffer_add_format(page, "%.*s is not known: %s.\n", HR_SHOW(field->id),
                         kept_out ? "what was said for it does not hold"
                         : found  ? "what was said for it does not fit"
                                  : "no tool has said it");
    hr_buffer_add_text(page, hr_buffer_text(&refused));
    if (kept_out) {
        hr_write_contract(ask, page, question->field);
        hr_write_beside(ask, page, contact, field->name_number, "");
        return hr_done();
    }
    write_sources(ask, page, question->field);
    return hr_done();
}

/* Which rule decided, who chose, and what the others say. */
static void write_rights(const struct question *question, struct hr_buffer *page)
{
    const struct hr_ask *ask = &question->ask;
    const struct hr_field *field = &ask->plan->fields[question->field];
    const struct hr_contact *contact = question->record->contact;
    struct hr_text chosen = hr_say_chosen(ask, contact, field->name_number);
    hr_write_contract(ask, page, question->field);
    if (chosen.size > 0) {
        hr_buffer_add_format(page,
                             "It was %.*s, and no machine changes it; to take that back: handrail "
                             "contact release %.*s %.*s\n",
                             HR_SHOW(chosen),
                             HR_SHOW(hr_contact_name(ask->into, question->record->id)),
                             HR_SHOW(field->id));
    }
    hr_write_beside(ask, page, contact, field->name_number, "");
}

static hr_status write_field(const struct question *question, struct hr_buffer *page)
{
    const struct hr_field *field = &question->ask.plan->fields[question->field];
    const struct hr_said *said =
        hr_field_at(question->record->contact, field->name_number, INT64_MAX);
    if (said == NULL) {
        return write_unknown(question, field, page);
    }
    HR_TRY(write_value(question, hr_said_first(question->record->contact, said), page));
    write_rights(question, page);
    write_counts(question, page);
    return hr_done();
}

static struct hr_value field_tree(const struct question *question)
{
    if (question->field < 0) {
        return hr_value_null();
    }
    const struct hr_field *field = &question->ask.plan->fields[question->field];
    const struct hr_said *said =
        hr_field_at(question->record->contact, field->name_number, INT64_MAX);
    return hr_said_tree(&question->ask, question->record->contact, field->name_number,
                        said == NULL ? NULL : hr_said_first(question->record->contact, said));
}

/* ---- issues and who was told ----------------------------------------------------------------- */

/* an issue of thousands has thousands of entries: the newest and the first say who was told */
enum { ISSUES_MAX = 16, TOLD_WALK_MAX = 64 };

static size_t issues_of(const struct question *question, uint64_t *ret_issues)
{
    const struct hr_contact *contact = question->record->contact;
    size_t count = 0;
    for (size_t i = 0; i < contact->instance_count; i++) {
        const struct hr_instance *instance = &contact->instances[i];
        int32_t place = hr_plan_handoff_numbered(question->ask.plan, instance->handoff);
        bool asked = question->handoffs == NULL || (place >= 0 && question->handoffs[place]);
        for (size_t slot = 0; asked && slot < HR_SLOT_count && count < ISSUES_MAX; slot++) {
            bool known = instance->issues[slot] == 0;
            for (size_t k = 0; k < count; k++) {
                known = known || ret_issues[k] == instance->issues[slot];
            }
            if (!known) {
                ret_issues[count++] = instance->issues[slot];
            }
        }
    }
    return count;
}

static hr_status tell_issues(const struct question *question, struct hr_buffer *page,
                             struct hr_items *trees)
{
    const struct hr_ask *ask = &question->ask;
    uint64_t issues[ISSUES_MAX];
    size_t count = issues_of(question, issues);
    for (size_t i = 0; i < count; i++) {
        const struct hr_record *record = NULL;
        struct hr_failure failure;
        struct hr_record_of_issue told;
        HR_TRY(hr_ask_record(ask, issues[i], HR_RECORD_issue, &record));
        if (record == NULL) {
            continue;
        }
        HR_TRY(hr_failure_of(ask, record, &failure));
        HR_TRY(hr_told_of(ask, record, TOLD_WALK_MAX, &told));
        hr_buffer_add_format(
            page, "Issue %.*s (%.*s): %.*s. Owner %.*s, failure owner %.*s.\n",
            HR_SHOW(hr_word_issue_number(ask, failure.issue->number)),
            HR_SHOW(hr_issue_state_word((enum hr_issue_state)failure.issue->state)),
            HR_SHOW(failure.sentence), HR_SHOW(hr_word_person(ask, failure.issue->owner)),
            HR_SHOW(hr_word_person(ask, failure.failure_owner)));
        struct hr_items all = hr_items_in(ask->into);
        for (size_t k = 0; k < told.told_count; k++) {
            hr_buffer_add_format(page, "  told: %.*s\n", HR_SHOW(hr_say_told(ask, &told.told[k])));
            hr_add(&all, hr_told_tree(ask, &told.told[k]));
        }
        struct hr_object object = hr_object_in(ask->into);
        hr_put_words(&object, "issue", hr_word_issue_number(ask, failure.issue->number));
        hr_put_words(&object, "state",
                     hr_issue_state_word((enum hr_issue_state)failure.issue->state));
        hr_put_words(&object, "text", failure.sentence);
        hr_put_words(&object, "owner", hr_word(ask, failure.issue->owner));
        hr_put_words(&object, "failure_owner", hr_word(ask, failure.failure_owner));
        hr_put(&object, "told", hr_items_value(&all));
        hr_add(trees, hr_object_value(&object));
    }
    return hr_done();
}

/* ---- the report ------------------------------------------------------------------------------ */

static hr_status write_page(const struct question *question, struct hr_buffer *page,
                            struct hr_items *issues)
{
    const struct hr_ask *ask = &question->ask;
    hr_buffer_add_format(page, "%.*s\n", HR_SHOW(hr_say_contact(ask, question->record)));
    if (question->field >= 0) {
        HR_TRY(write_field(question, page));
    }
    hr_buffer_add_text(page, HR_TEXT("\n"));
    hr_timeline_write(ask, page, &question->timeline);
    hr_buffer_add_text(page, question->timeline.count == 0
                                 ? HR_TEXT("  Nothing happened that is about it.\n\nNow\n")
                                 : HR_TEXT("\nNow\n"));
    size_t before = page->size;
    hr_stands_write(ask, page, question->record->contact, question->handoffs);
    if (page->size == before) {
        hr_buffer_add_text(page, HR_TEXT("  no handoff has opened\n"));
    }
    if (question->handoffs == NULL) {
        hr_runs_write(ask, page, question->record->contact);
    }
    hr_buffer_add_text(page, HR_TEXT("\n"));
    HR_TRY(tell_issues(question, page, issues));
    hr_next_write(ask, page, &question->next);
    return hr_done();
}

/* Why somebody is in an automation, or is not, is one question. */
static bool names_automation(const struct hr_ask *ask, struct hr_text named)
{
    named = hr_text_trim(named);
    return hr_plan_automation(ask->plan, named) >= 0 && hr_plan_field(ask->plan, named) < 0 &&
           hr_plan_handoff(ask->plan, named) < 0;
}

hr_status hr_why(const struct hr_lens *lens, struct hr_text contact, struct hr_text field,
                 struct hr_arena *into, struct hr_diagnostics *reterr, struct hr_report *ret_report)
{
    struct question question = {
        .ask = {.lens = lens, .plan = lens->engine.plan, .into = into, .reterr = reterr}};
    const struct hr_ask *ask = &question.ask;
    if (names_automation(ask, field)) {
        return hr_why_not(lens, field, contact, into, reterr, ret_report);
    }
    HR_TRY(understand(&question, field));
    HR_TRY(hr_ask_contact(ask, contact, &question.record));
    hr_assert(question.record != NULL);
    const struct hr_wanted wanted = {
        .hearer = HR_HEARS_contact,
        .field = question.field < 0 ? 0 : ask->plan->fields[question.field].name_number,
        .handoffs = question.handoffs,
    };
    HR_TRY(hr_timeline_of(ask, question.record, &wanted, &question.timeline));
    HR_TRY(hr_next_of(ask, question.record->contact, question.handoffs, &question.next));
    if (question.handoffs == NULL || question.field >= 0) {
        hr_next_question(ask, question.record->contact, wanted.field, &question.next);
    }
    if (question.handoffs == NULL) {
        hr_next_run(ask, question.record->contact, &question.next);
    }
    struct hr_buffer page = hr_page_in(into);
    struct hr_items issues = hr_items_in(into);
    HR_TRY(write_page(&question, &page, &issues));
    struct hr_object tree = hr_object_in(into);
    hr_put_words(&tree, "contact", hr_contact_name(into, question.record->id));
    hr_put(&tree, "field", field_tree(&question));
    hr_put(&tree, "contract",
           question.field < 0 ? hr_value_null() : hr_contract_tree(ask, question.field));
    hr_put_number(&tree, "older_values", question.timeline.older_values);
    hr_put_number(&tree, "refused_older", question.timeline.refused_older);
    hr_put(&tree, "timeline", hr_timeline_tree(ask, &question.timeline));
    hr_put_truth(&tree, "timeline_cut", question.timeline.stopped);
    hr_put(&tree, "handoffs", hr_stands_tree(ask, question.record->contact, question.handoffs));
    hr_put(&tree, "enrollments",
           question.handoffs == NULL ? hr_runs_tree(ask, question.record) : hr_value_null());
    hr_put(&tree, "issues", hr_items_value(&issues));
    hr_put(&tree, "next", hr_next_tree(ask, &question.next));
    return hr_report_end(ask, &tree, &page, ret_report);
}
