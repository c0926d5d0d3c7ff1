/* The facts of one issue: what is wrong in one sentence, who is affected, what was expected and what was seen. */
#include "insight/inside.h"

/* ---- what is wrong --------------------------------------------------------------------------- */

/* "course_platform" as people speak of it: "the course". */
static struct hr_text say_place(const struct hr_ask *ask, struct hr_text id)
{
    struct hr_text words = hr_text_copy(ask->into, id);
    char *letters = words.size == 0 ? NULL : hr_arena_alloc(ask->into, words.size);
    for (size_t i = 0; letters != NULL && i < words.size; i++) {
        letters[i] = words.data[i] == '_' ? ' ' : words.data[i];
    }
    words.data = letters == NULL ? words.data : letters;
    if (hr_text_ends(words, HR_TEXT(" platform"))) {
        words.size -= sizeof " platform" - 1; /* people open the course, not its platform */
    }
    return hr_text_equal(words, HR_TEXT("crm"))
               ? HR_TEXT("the CRM")
               : hr_text_format(ask->into, "the %.*s", HR_SHOW(words));
}

static struct hr_text say_not_proven(const struct hr_ask *ask, const struct hr_handoff *handoff)
{
    struct hr_text to = say_place(ask, handoff->to);
    switch (handoff->kind) {
    case HR_HANDOFF_form_to_crm:
        return hr_text_format(ask->into, "forms are not reaching %.*s", HR_SHOW(to));
    case HR_HANDOFF_crm_to_follow_up:
        return hr_text_format(ask->into, "follow-ups are not going out (%.*s)",
                              HR_SHOW(handoff->title));
    case HR_HANDOFF_payment_to_access:
        return hr_text_format(ask->into, "payments are not opening %.*s", HR_SHOW(to));
    case HR_HANDOFF_booking_to_pipeline:
        return hr_text_format(ask->into, "bookings are not reaching %.*s", HR_SHOW(to));
    case HR_HANDOFF_reporting_to_decision:
        return hr_text_format(ask->into, "reports are not reaching a decision (%.*s)",
                              HR_SHOW(handoff->title));
    case HR_HANDOFF_other:
        break;
    }
    return hr_text_format(ask->into, "%.*s does not happen", HR_SHOW(handoff->title));
}

static const char *article(unsigned kind)
{
    return kind == HR_RECORD_opportunity ? "an" : "a";
}

struct hr_text hr_say_failure(const struct hr_ask *ask, const struct hr_issue *issue)
{
    const struct hr_handoff *handoff = hr_issue_handoff(ask->plan, issue);
    struct hr_text about =
        issue->path != 0 ? hr_word_handoff(ask, issue->about) : hr_word_tool(ask, issue->about);
    switch ((enum hr_cause)issue->cause) {
    case HR_CAUSE_no_proof:
        return handoff != NULL ? say_not_proven(ask, handoff)
                               : hr_text_format(ask->into, "%.*s does not happen", HR_SHOW(about));
    case HR_CAUSE_incorrect:
        return hr_text_format(ask->into, "%.*s ends with the wrong value", HR_SHOW(about));
    case HR_CAUSE_missing_field:
        return hr_text_format(ask->into, "%.*s comes without %.*s", HR_SHOW(about),
                              HR_SHOW(hr_word_field(ask, issue->detail)));
    case HR_CAUSE_ambiguous:
        return hr_text_format(ask->into, "a message from %.*s fits two contacts", HR_SHOW(about));
    case HR_CAUSE_silence:
        return hr_text_format(ask->into, "%.*s is silent", HR_SHOW(about));
    case HR_CAUSE_alert_failed:
        return hr_text_format(ask->into, "alerts do not reach %.*s",
                              HR_SHOW(hr_word_person(ask, issue->about)));
    case HR_CAUSE_alert_unknown:
        return hr_text_format(ask->into, "an alert to %.*s may not have arrived",
                              HR_SHOW(hr_word_person(ask, issue->about)));
    case HR_CAUSE_conflict:
    case HR_CAUSE_forbidden:
        return hr_say_question(ask, issue);
    case HR_CAUSE_tool_down:
        return hr_text_format(ask->into, "%.*s cannot be reached", HR_SHOW(about));
    case HR_CAUSE_no_access:
        return hr_text_format(ask->into, "%.*s does not let Handrail in", HR_SHOW(about));
    case HR_CAUSE_automation:
        return hr_say_trouble(ask, issue);
    case HR_CAUSE_loose:
        return hr_text_format(ask->into, "%s %.*s lies with nobody", article(issue->detail),
                              HR_SHOW(hr_record_kind_word(issue->detail)));
    case HR_CAUSE_overdue:
        return hr_text_format(ask->into, "%s %.*s of %.*s is overdue", article(issue->detail),
                              HR_SHOW(hr_record_kind_word(issue->detail)),
                              HR_SHOW(hr_word_person(ask, issue->about)));
    }
    return HR_TEXT("something is wrong");
}

struct hr_text hr_severity_word(uint8_t severity)
{
    return severity == HR_URGENCY_urgent ? HR_TEXT("urgent") : HR_TEXT("normal");
}

struct hr_text hr_say_waiting(const struct hr_ask *ask, const struct hr_failure *failure)
{
    const struct hr_issue *issue = failure->issue;
    if (issue->members == 0) {
        return HR_TEXT_NONE;
    }
    if (issue->cause == HR_CAUSE_ambiguous) {
        return HR_TEXT("2 contacts match");
    }
    if (issue->cause == HR_CAUSE_loose || issue->cause == HR_CAUSE_overdue) {
        return hr_word_count(ask, issue->members, "record waiting", "records waiting");
    }
    bool messages = issue->cause == HR_CAUSE_missing_field && issue->path == 0;
    return messages ? hr_word_count(ask, issue->members, "message waiting", "messages waiting")
                    : hr_word_count(ask, issue->people, "person waiting", "people waiting");
}

/* ---- who is affected ------------------------------------------------------------------------- */

static void add_affected(struct hr_failure *failure, struct hr_affected affected)
{
    if (failure->affected_count == PEOPLE_SHOWN_MAX) {
        return;
    }
    failure->affected[failure->affected_count++] = affected;
    bool older = failure->oldest == HR_INSTANT_NONE || affected.since < failure->oldest;
    if (affected.since != HR_INSTANT_NONE && older) {
        failure->oldest = affected.since;
    }
}

/* A handoff without proof has no mismatch on record yet: asked now, its first unmet line is one. */
static hr_status ask_mismatch(const struct hr_ask *ask, const struct hr_failure *failure,
                              const struct hr_contact *contact, const struct hr_instance *instance,
                              struct hr_affected *affected)
{
    struct hr_asked_line *lines = NULL;
    bool incorrect = failure->issue->cause == HR_CAUSE_incorrect;
    if (failure->handoff == NULL || (!incorrect && failure->issue->cause != HR_CAUSE_no_proof)) {
        return hr_done();
    }
    HR_TRY(hr_lines_of(ask, contact, failure->handoff, instance, &lines));
    for (size_t i = 0; i < failure->handoff->done_count; i++) {
        if (incorrect && hr_text_equal(lines[i].sentence, affected->mismatch)) {
            affected->subject = lines[i].subject;
            affected->personal = lines[i].personal;
        }
        struct hr_value *both =
            lines[i].met || incorrect ? NULL : hr_arena_new_many(ask->into, struct hr_value, 2);
        if (both != NULL) {
            both[0] = lines[i].observed;
            both[1] = lines[i].expected;
            affected->mismatch = lines[i].sentence;
            affected->subject = lines[i].subject;
            affected->personal = lines[i].personal;
            affected->mismatch_values =
                (struct hr_value){.kind = HR_KIND_list, .count = 2, .items = both};
            return hr_done();
        }
    }
    return hr_done();
}

static hr_status add_contact(const struct hr_ask *ask, struct hr_failure *failure, uint64_t member)
{
    const struct hr_record *record = NULL;
    bool found = false;
    if ((member & 255) != 255) {
        HR_TRY(hr_ask_record(ask, member, HR_RECORD_contact, &record));
    }
    for (size_t i = 0; record != NULL && i < record->contact->instance_count; i++) {
        const struct hr_instance *instance = &record->contact->instances[i];
        if (instance->issues[HR_SLOT_proof] != failure->record->id &&
            instance->issues[HR_SLOT_missing] != failure->record->id) {
            continue;
        }
        struct hr_affected affected = {
            .member = member,
            .handoff = instance->handoff,
            .key_shown = instance->key_shown,
            .since = instance->opened_at,
            .mismatch = instance->mismatch,
            .mismatch_values = instance->mismatch_values,
            .personal =
                failure->handoff == NULL || hr_handoff_is_personal(ask->plan, failure->handoff),
        };
        HR_TRY(ask_mismatch(ask, failure, record->contact, instance, &affected));
        add_affected(failure, affected);
        found = true;
    }
    struct hr_affected asked;
    if (record != NULL && hr_question_of(ask, failure->record, record->contact, member, &asked)) {
        add_affected(failure, asked);
        found = true;
    }
    if (record != NULL &&
        hr_trouble_of(ask, failure->record->id, record->contact, member, &asked)) {
        add_affected(failure, asked);
        found = true;
    }
    if (!found) {
        add_affected(failure, (struct hr_affected){.member = member, .since = HR_INSTANT_NONE});
    }
    return hr_done();
}

static hr_status add_members(const struct hr_ask *ask, struct hr_failure *failure)
{
    struct hr_key from = hr_key_pair(failure->record->id, 0);
    struct hr_key *keys = NULL;
    uint64_t *values = NULL;
    size_t count = 0;
    HR_TRY(ask->lens->scan(ask->lens->context, HR_SPACE_member, &from, PEOPLE_SHOWN_MAX, ask->into,
                           &keys, &values, &count));
    for (size_t i = 0; i < count; i++) {
        uint64_t issue = 0;
        uint64_t member = 0;
        hr_key_unpair(&keys[i], &issue, &member);
        if (issue != failure->record->id) {
            break;
        }
        HR_TRY(add_contact(ask, failure, member));
    }
    return hr_done();
}

/* ---- how it ended ---------------------------------------------------------------------------- */

struct ending {
    uint64_t issue;
    enum hr_resolution resolution;
};

static hr_status visit(void *context, const struct hr_entry *entry)
{
    struct ending *ending = context;
    if (ending->resolution == HR_RESOLUTION_none) {
        ending->resolution = hr_entry_resolution(entry, ending->issue);
    }
    return hr_done();
}

/* The entry that resolved it is its newest, but for a note or two. */
static hr_status find_ending(const struct hr_ask *ask, struct hr_failure *failure)
{
    enum { ENDING_WALK_MAX = 8 };
    struct ending ending = {.issue = failure->record->id};
    bool stopped = false;
    if (failure->issue->state != HR_ISSUE_resolved || failure->issue->resolved_by != 0) {
        return hr_done();
    }
    HR_TRY(hr_walk(ask, failure->record, ENDING_WALK_MAX, visit, &ending, &stopped));
    failure->resolution = ending.resolution;
    return hr_done();
}

struct hr_text hr_say_resolution(const struct hr_ask *ask, const struct hr_failure *failure,
                                 struct hr_text person)
{
    if (failure->issue->resolved_by != 0) {
        return hr_text_format(ask->into, "closed without proof by %.*s", HR_SHOW(person));
    }
    return failure->resolution == HR_RESOLUTION_emptied ? HR_TEXT("nobody is left in it")
                                                        : HR_TEXT("resolved by proof");
}

hr_status hr_failure_of(const struct hr_ask *ask, const struct hr_record *record,
                        struct hr_failure *ret_failure)
{
    const struct hr_issue *issue = record->issue;
    int32_t told = hr_issue_told(ask->plan, issue);
    *ret_failure = (struct hr_failure){
        .record = record,
        .issue = issue,
        .handoff = hr_issue_handoff(ask->plan, issue),
        .sentence = hr_say_failure(ask, issue),
        .failure_owner = told < 0 ? 0 : ask->plan->people[told].name_number,
        .affected = hr_arena_new_many(ask->into, struct hr_affected, PEOPLE_SHOWN_MAX),
        .oldest = HR_INSTANT_NONE,
    };
    if (ret_failure->affected == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    if (ret_failure->handoff != NULL) {
        ret_failure->path = &ask->plan->paths[ret_failure->handoff->path];
    }
    HR_TRY(find_ending(ask, ret_failure));
    return issue->members == 0 ? hr_done() : add_members(ask, ret_failure);
}

/* ---- expected and observed ------------------------------------------------------------------- */

static struct hr_text expect_missing(const struct hr_ask *ask, const struct hr_failure *failure)
{
    struct hr_text detail = hr_word_field(ask, failure->issue->detail);
    return failure->issue->path != 0
               ? hr_text_format(ask->into, "%.*s carries %.*s",
                                HR_SHOW(hr_word_handoff(ask, failure->issue->about)),
                                HR_SHOW(detail))
               : hr_text_format(ask->into, "every message of %.*s names %.*s",
                                HR_SHOW(hr_word_tool(ask, failure->issue->about)), HR_SHOW(detail));
}

static struct hr_text expect_words(const struct hr_ask *ask, const struct hr_issue *issue)
{
    int32_t place = hr_plan_tool_numbered(ask->plan, issue->about);
    const struct hr_tool *tool = place < 0 ? NULL : &ask->plan->tools[place];
    if (tool == NULL || tool->expect_at_least == 0) {
        return HR_TEXT("nothing is expected any more");
    }
    return hr_text_format(ask->into, "at least %.*s every %.*s",
                          HR_SHOW(hr_word_count(ask, tool->expect_at_least, "message", "messages")),
                          HR_SHOW(hr_span_write(ask->into, tool->expect_every)));
}

struct hr_text hr_say_expected(const struct hr_ask *ask, const struct hr_failure *failure)
{
    const struct hr_handoff *handoff = failure->handoff;
    switch ((enum hr_cause)failure->issue->cause) {
    case HR_CAUSE_no_proof:
    case HR_CAUSE_incorrect:
        if (handoff == NULL) {
            return HR_TEXT("the plan has this handoff no more");
        }
        return hr_text_format(ask->into, "%.*s, within %.*s", HR_SHOW(hr_say_proof(ask, handoff)),
                              HR_SHOW(hr_span_write(ask->into, handoff->within)));
    case HR_CAUSE_missing_field:
        return expect_missing(ask, failure);
    case HR_CAUSE_ambiguous:
        return HR_TEXT("a message fits one contact");
    case HR_CAUSE_silence:
        return expect_words(ask, failure->issue);
    case HR_CAUSE_alert_failed:
    case HR_CAUSE_alert_unknown:
        return hr_text_format(ask->into, "%.*s gets every alert",
                              HR_SHOW(hr_word_person(ask, failure->issue->about)));
    case HR_CAUSE_conflict:
    case HR_CAUSE_forbidden:
        return hr_say_question_expected(ask, failure->issue);
    case HR_CAUSE_tool_down:
    case HR_CAUSE_no_access:
        return hr_text_format(ask->into, "%.*s answers what it is asked",
                              HR_SHOW(hr_word(ask, failure->issue->about)));
    case HR_CAUSE_automation:
        return HR_TEXT("the automation goes its way without a person");
    case HR_CAUSE_loose:
        return HR_TEXT("whatever is open has an owner, a next action and a date");
    case HR_CAUSE_overdue:
        return HR_TEXT("it is done by its date, or has another one");
    }
    return HR_TEXT_NONE;
}

static hr_status observe_silence(const struct hr_ask *ask, const struct hr_failure *failure,
                                 struct hr_text *ret_words)
{
    const struct hr_record *record = NULL;
    HR_TRY(hr_ask_record(ask, HR_ID_TOOL + failure->issue->about, HR_RECORD_tool, &record));
    if (record == NULL || record->tool->count == 0) {
        *ret_words = HR_TEXT("never heard of");
        return hr_done();
    }
    *ret_words =
        hr_text_format(ask->into, "last heard %.*s (%.*s ago), %.*s in all",
                       HR_SHOW(hr_word_time(ask, record->tool->last_at)),
                       HR_SHOW(hr_word_since(ask, record->tool->last_at)),
                       HR_SHOW(hr_word_count(ask, record->tool->count, "message", "messages")));
    return hr_done();
}

static struct hr_text observe_two(const struct hr_ask *ask, const struct hr_failure *failure)
{
    if (failure->affected_count < 2) {
        return HR_TEXT("two contacts fitted");
    }
    return hr_text_format(ask->into, "it fits %.*s and %.*s",
                          HR_SHOW(hr_word_member(ask, failure->affected[0].member)),
                          HR_SHOW(hr_word_member(ask, failure->affected[1].member)));
}

/* "it is nothing (wanted "active")" of the first who is affected. */
static struct hr_text observe_mismatch(const struct hr_ask *ask, const struct hr_failure *failure)
{
    if (failure->affected_count == 0) {
        return HR_TEXT("nobody is waiting any more");
    }
    const struct hr_affected *first = &failure->affected[0];
    const struct hr_value *values = &first->mismatch_values;
    struct hr_text who = hr_word_member(ask, first->member);
    if (values->kind != HR_KIND_list || values->count != 2 || first->personal) {
        return hr_text_format(ask->into, "not so for %.*s", HR_SHOW(who));
    }
    struct hr_text seen = hr_word_seen(ask, &values->items[0]);
    struct hr_text subject = first->subject.size > 0 ? first->subject : HR_TEXT("it");
    if (values->items[1].kind == HR_KIND_null) {
        return hr_text_format(ask->into, "%.*s is %.*s (%.*s)", HR_SHOW(subject), HR_SHOW(seen),
                              HR_SHOW(who));
    }
    return hr_text_format(ask->into, "%.*s is %.*s, not %.*s (%.*s)", HR_SHOW(subject),
                          HR_SHOW(seen), HR_SHOW(hr_word_value(ask, &values->items[1])),
                          HR_SHOW(who));
}

hr_status hr_say_observed(const struct hr_ask *ask, const struct hr_failure *failure,
                          struct hr_text *ret_words)
{
    struct hr_text detail = hr_word_field(ask, failure->issue->detail);
    switch ((enum hr_cause)failure->issue->cause) {
    case HR_CAUSE_no_proof:
    case HR_CAUSE_incorrect:
        *ret_words = observe_mismatch(ask, failure);
        return hr_done();
    case HR_CAUSE_missing_field:
        *ret_words = hr_text_format(
            ask->into, "%.*s came without %.*s",
            HR_SHOW(hr_word_count(ask, failure->issue->members_all, "message", "messages")),
            HR_SHOW(detail));
        return hr_done();
    case HR_CAUSE_ambiguous:
        *ret_words = observe_two(ask, failure);
        return hr_done();
    case HR_CAUSE_silence:
        return observe_silence(ask, failure, ret_words);
    case HR_CAUSE_alert_failed:
        *ret_words = HR_TEXT("an alert was refused");
        return hr_done();
    case HR_CAUSE_alert_unknown:
        *ret_words = HR_TEXT("an alert was sent, and no answer came");
        return hr_done();
    case HR_CAUSE_conflict:
    case HR_CAUSE_forbidden:
        *ret_words = hr_say_question_observed(ask, failure);
        return hr_done();
    case HR_CAUSE_tool_down:
        *ret_words = HR_TEXT("it failed several times in a row, or let a step wait too long");
        return hr_done();
    case HR_CAUSE_no_access:
        *ret_words = HR_TEXT("it refused the secret, or what it allows");
        return hr_done();
    case HR_CAUSE_automation:
        *ret_words = hr_say_trouble_observed(ask, failure);
        return hr_done();
    case HR_CAUSE_loose:
    case HR_CAUSE_overdue:
        *ret_words =
            hr_text_format(ask->into,
                           failure->issue->cause == HR_CAUSE_loose
                               ? "%.*s without an owner, a next action or a date"
                               : "%.*s open after the date",
                           HR_SHOW(hr_word_count(ask, failure->issue->members, "is", "are")));
        return hr_done();
    }
    *ret_words = HR_TEXT_NONE;
    return hr_done();
}
