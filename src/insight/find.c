/* Finding what a person means: a contact, an issue, a path or handoff. What is not found is said with its code. */
#include "insight/inside.h"

hr_status hr_ask_record(const struct hr_ask *ask, uint64_t id, enum hr_record_kind kind,
                        const struct hr_record **ret_record)
{
    struct hr_record *record = NULL;
    *ret_record = NULL;
    HR_TRY(ask->lens->record(ask->lens->context, id, ask->into, &record));
    if (record != NULL && record->exists && record->kind == kind) {
        *ret_record = record;
    }
    return hr_done();
}

const struct hr_said *hr_said_first(const struct hr_contact *contact, const struct hr_said *said)
{
    const struct hr_said *first = said;
    for (size_t i = contact->past_count; i > 0; i--) { /* they stand by time, oldest first */
        const struct hr_said *past = &contact->past[i - 1];
        if (past->field != said->field || past->at > said->at) {
            continue; /* a later word of another, which does not hold */
        }
        if (!hr_value_equal(&past->value, &said->value)) {
            break;
        }
        first = past;
    }
    return first;
}

hr_status hr_ask_refused(const struct hr_ask *ask, enum hr_code code, struct hr_text nearest)
{
    static const struct hr_place nowhere;
    struct hr_diagnostic *complaint = hr_diagnostics_add(ask->reterr, code, HR_SEVERITY_error,
                                                         nowhere, "%s", hr_code_info(code)->text);
    if (nearest.size > 0) {
        complaint->help =
            hr_text_format(ask->reterr->arena, "did you mean `%.*s`?", HR_SHOW(nearest));
    }
    return hr_answer(HR_E_INPUT);
}

/* ---- contacts -------------------------------------------------------------------------------- */

hr_status hr_find_contact(const struct hr_lens *lens, struct hr_text named, struct hr_arena *into,
                          uint64_t *ret_contact)
{
    const struct hr_ask ask = {.lens = lens, .plan = lens->engine.plan, .into = into};
    const struct hr_record *record = NULL;
    uint64_t id = 0;
    *ret_contact = 0;
    named = hr_text_trim(named);
    if (hr_contact_named(named, &id)) {
        HR_TRY(hr_ask_record(&ask, id, HR_RECORD_contact, &record));
        *ret_contact = record == NULL ? 0 : id;
        if (record != NULL) {
            return hr_done();
        }
    }
    for (size_t i = 0; i < ask.plan->match_count && *ret_contact == 0; i++) {
        struct hr_heard_key key;
        if (hr_engine_match_key(&lens->engine, ask.plan->match_on[i], named, into, &key)) {
            HR_TRY(lens->entry(lens->context, HR_SPACE_match, &key.key, ret_contact));
        }
    }
    return hr_done();
}

/* A C- name whose entry stands in the journal, but whose record is gone. */
static hr_status was_forgotten(const struct hr_ask *ask, struct hr_text named, bool *ret_forgotten)
{
    uint64_t id = 0;
    *ret_forgotten = false;
    if (!hr_contact_named(hr_text_trim(named), &id) || hr_record_origin(id) == 0 ||
        hr_record_origin(id) > ask->lens->position) {
        return hr_done();
    }
    struct hr_entry entry = {0};
    HR_TRY(ask->lens->at(ask->lens->context, hr_record_origin(id), ask->into, &entry));
    for (size_t i = 0; entry.position != 0 && i < entry.link_count; i++) {
        const struct hr_link *link = &entry.links[i];
        bool erased = link->part < entry.part_count && entry.parts[link->part].erased;
        *ret_forgotten = *ret_forgotten || (link->record == id && erased);
    }
    return hr_done();
}

hr_status hr_ask_contact(const struct hr_ask *ask, struct hr_text named,
                         const struct hr_record **ret_record)
{
    uint64_t id = 0;
    bool forgotten = false;
    *ret_record = NULL;
    HR_TRY(hr_find_contact(ask->lens, named, ask->into, &id));
    if (id != 0) {
        HR_TRY(hr_ask_record(ask, id, HR_RECORD_contact, ret_record));
    }
    if (*ret_record != NULL) {
        return hr_done();
    }
    HR_TRY(was_forgotten(ask, named, &forgotten));
    return hr_ask_refused(ask, forgotten ? HR_CODE_contact_forgotten : HR_CODE_contact_unknown,
                          HR_TEXT_NONE);
}

/* ---- issues ---------------------------------------------------------------------------------- */

hr_status hr_find_issue(const struct hr_lens *lens, struct hr_text named, uint64_t *ret_issue)
{
    int64_t number = 0;
    *ret_issue = 0;
    named = hr_text_trim(named);
    if (hr_text_starts(named, HR_TEXT("H-")) || hr_text_starts(named, HR_TEXT("h-"))) {
        named = hr_text_slice(named, 2, named.size);
    }
    if (!hr_text_to_integer(named, &number) || number <= 0) {
        return hr_done();
    }
    struct hr_key key = hr_key_pair(0, (uint64_t)number);
    return lens->entry(lens->context, HR_SPACE_number, &key, ret_issue);
}

hr_status hr_ask_issue(const struct hr_ask *ask, struct hr_text named,
                       const struct hr_record **ret_record)
{
    uint64_t id = 0;
    *ret_record = NULL;
    HR_TRY(hr_find_issue(ask->lens, named, &id));
    if (id != 0) {
        HR_TRY(hr_ask_record(ask, id, HR_RECORD_issue, ret_record));
    }
    return *ret_record != NULL ? hr_done()
                               : hr_ask_refused(ask, HR_CODE_issue_unknown, HR_TEXT_NONE);
}

/* ---- paths and handoffs ---------------------------------------------------------------------- */

struct hr_text hr_ask_nearest(const struct hr_ask *ask, struct hr_text named, bool handoffs_too)
{
    size_t handoffs = ask->plan->path_count + (handoffs_too ? ask->plan->handoff_count : 0);
    size_t count = handoffs + (handoffs_too ? ask->plan->automation_count : 0);
    struct hr_text *names = hr_arena_new_many(ask->into, struct hr_text, count);
    if (names == NULL) {
        return HR_TEXT_NONE;
    }
    for (size_t i = 0; i < ask->plan->path_count; i++) {
        names[i] = ask->plan->paths[i].id;
    }
    for (size_t i = ask->plan->path_count; i < handoffs; i++) {
        names[i] = ask->plan->handoffs[i - ask->plan->path_count].id;
    }
    for (size_t i = handoffs; i < count; i++) {
        names[i] = ask->plan->automations[i - handoffs].id;
    }
    return hr_did_you_mean(named, names, count);
}

hr_status hr_ask_handoffs(const struct hr_ask *ask, struct hr_text named, int32_t *ret_first,
                          int32_t *ret_count)
{
    named = hr_text_trim(named);
    int32_t path = hr_plan_path(ask->plan, named);
    if (path >= 0) {
        *ret_first = ask->plan->paths[path].first;
        *ret_count = ask->plan->paths[path].count;
        return hr_done();
    }
    *ret_first = hr_plan_handoff(ask->plan, named);
    *ret_count = 1;
    return *ret_first >= 0
               ? hr_done()
               : hr_ask_refused(ask, HR_CODE_asked_path_unknown, hr_ask_nearest(ask, named, true));
}
