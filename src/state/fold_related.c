/* Records that belong to others, and work: records begin, are linked at both ends, are handed over, end. */
#include "state/state_internal.h"

#include <string.h>

bool hr_record_has_fields(unsigned kind)
{
    return kind == HR_RECORD_contact || (kind >= HR_RECORD_account && kind <= HR_RECORD_task);
}

bool hr_record_has_work(unsigned kind)
{
    return kind >= HR_RECORD_opportunity && kind <= HR_RECORD_task;
}

/* ---- looking up ------------------------------------------------------------------------------- */

uint64_t hr_contact_newest_related(const struct hr_contact *contact, unsigned kind)
{
    for (size_t i = contact->related_count; i > 0; i--) {
        if (contact->related[i - 1].kind == kind) {
            return contact->related[i - 1].record;
        }
    }
    return 0;
}

static struct hr_related *find(const struct hr_contact *contact, uint64_t record)
{
    for (size_t i = 0; i < contact->related_count; i++) {
        if (contact->related[i].record == record) {
            return &contact->related[i];
        }
    }
    return NULL;
}

const struct hr_related *hr_contact_related(const struct hr_contact *contact, uint64_t record)
{
    return find(contact, record);
}

size_t hr_contact_count_related(const struct hr_contact *contact, unsigned kind)
{
    size_t count = 0;
    for (size_t i = 0; i < contact->related_count; i++) {
        count += contact->related[i].kind == kind;
    }
    return count;
}

bool hr_record_hangs_on(const struct hr_record *record, uint64_t contact)
{
    bool knows = false;
    bool others = false;
    if (!record->exists || !hr_record_has_work(record->kind)) {
        return false;
    }
    for (size_t i = 0; i < record->contact->related_count; i++) {
        const struct hr_related *related = &record->contact->related[i];
        bool theirs = related->record == contact;
        bool company = record->kind == HR_RECORD_opportunity && related->kind == HR_RECORD_account;
        knows = knows || theirs;
        others = others || company || (related->kind == HR_RECORD_contact && !theirs);
    }
    return knows && !others;
}

/* ---- records begin ------------------------------------------------------------------------------ */

static hr_status begin(const struct hr_folding *folding, const struct hr_fact *fact)
{
    if (!hr_record_has_fields(fact->state) || fact->state == HR_RECORD_contact) {
        return hr_answer(HR_E_CORRUPT);
    }
    struct hr_record *record =
        folding->record(folding->context, fact->record, (enum hr_record_kind)fact->state);
    if (record == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    if (record->kind != fact->state) {
        return hr_answer(HR_E_CORRUPT);
    }
    record->contact->created_at = fact->at;
    if (!hr_record_has_work(fact->state)) {
        return hr_done();
    }
    struct hr_work *work = hr_arena_new(folding->arena, struct hr_work);
    if (work == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    work->opened_at = fact->at;
    work->due = work->closed_at = HR_INSTANT_NONE;
    record->contact->work = work;
    return hr_done();
}

/* ---- links --------------------------------------------------------------------------------------- */

static void take_out(struct hr_contact *contact, size_t at)
{
    memmove(contact->related + at, contact->related + at + 1,
            (contact->related_count - at - 1) * sizeof *contact->related);
    contact->related_count--;
}

/* Of the sort that there are most of in practice, tasks before tickets and so on, the one that was linked first. */
static size_t leaver(const struct hr_contact *contact)
{
    size_t leaving = 0;
    for (size_t i = 1; i < contact->related_count; i++) {
        if (contact->related[i].kind > contact->related[leaving].kind) {
            leaving = i;
        }
    }
    return leaving;
}

/* It leaves the row for the index, where it stays until the link goes. */
static hr_status make_room(const struct hr_folding *folding, struct hr_record *record)
{
    struct hr_contact *contact = record->contact;
    size_t at = leaver(contact);
    const struct hr_related leaving = contact->related[at];
    struct hr_key key = hr_key_pair(record->id, leaving.record);
    take_out(contact, at);
    return folding->put_entry(folding->context, HR_SPACE_related, &key, leaving.kind);
}

/* By when it was said; of two of one moment the lower id first, so that any order of arrival gives the same. */
static bool stands_before(const struct hr_related *a, hr_instant at, uint64_t record)
{
    return a->at < at || (a->at == at && a->record < record);
}

static hr_status join(const struct hr_folding *folding, struct hr_record *record,
                      const struct hr_record *other, hr_instant at)
{
    struct hr_contact *contact = record->contact;
    void *related = NULL;
    const struct hr_related *known = find(contact, other->id);
    if (known != NULL && known->at >= at) {
        return hr_done();
    }
    if (known != NULL) {
        take_out(contact, (size_t)(known - contact->related));
    }
    if (contact->related_count >= HR_RELATED_MAX) {
        struct hr_key key = hr_key_pair(record->id, other->id); /* it may come back from there */
        HR_TRY(folding->put_entry(folding->context, HR_SPACE_related, &key, 0));
        HR_TRY(make_room(folding, record));
    }
    size_t behind = 0;
    while (behind < contact->related_count &&
           stands_before(&contact->related[behind], at, other->id)) {
        behind++;
    }
    struct hr_related *place = hr_array_insert(
        folding->arena, contact->related, contact->related_count, behind, sizeof *place, &related);
    if (place == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    *place = (struct hr_related){.record = other->id, .at = at, .kind = other->kind};
    contact->related = related;
    contact->related_count++;
    return hr_done();
}

static hr_status part(const struct hr_folding *folding, struct hr_record *record, uint64_t other)
{
    struct hr_contact *contact = record->contact;
    const struct hr_related *known = find(contact, other);
    if (known != NULL) {
        take_out(contact, (size_t)(known - contact->related));
        return hr_done();
    }
    struct hr_key key = hr_key_pair(record->id, other);
    return folding->put_entry(folding->context, HR_SPACE_related, &key, 0);
}

static hr_status link_both(const struct hr_folding *folding, const struct hr_fact *fact)
{
    struct hr_record *ends[2] = {
        folding->record(folding->context, fact->record, HR_RECORD_contact),
        folding->record(folding->context, fact->number, HR_RECORD_contact)};
    if (ends[0] == NULL || ends[1] == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    if (!hr_record_has_fields(ends[0]->kind) || !hr_record_has_fields(ends[1]->kind)) {
        return hr_answer(HR_E_CORRUPT);
    }
    if (fact->state == 0) {
        HR_TRY(part(folding, ends[0], fact->number));
        return part(folding, ends[1], fact->record);
    }
    HR_TRY(join(folding, ends[0], ends[1], fact->at));
    return join(folding, ends[1], ends[0], fact->at);
}

/* ---- work ----------------------------------------------------------------------------------------- */

static void plan_next(struct hr_work *work, const struct hr_fact *fact)
{
    work->next = fact->text;
    work->due = fact->until;
    if (fact->name != 0) {
        work->automation = fact->name;
        work->run = fact->number;
    }
}

static void close(struct hr_work *work, const struct hr_fact *fact)
{
    bool open = fact->state == HR_WORK_open;
    work->state = fact->state;
    work->closed_at = open ? HR_INSTANT_NONE : fact->at;
    work->closed_by = open ? 0 : fact->other;
}

/* Work that is open and somebody's stands in the index of what they own. */
static hr_status list_owned(const struct hr_folding *folding, uint64_t record, uint32_t owner,
                            uint64_t value)
{
    struct hr_key key = hr_key_pair(owner, record);
    return owner == 0 ? hr_done()
                      : folding->put_entry(folding->context, HR_SPACE_owned, &key, value);
}

hr_status hr_fold_work_gone(const struct hr_folding *folding, const struct hr_record *record)
{
    const struct hr_work *work = record->contact->work;
    return work == NULL || work->state != HR_WORK_open
               ? hr_done()
               : list_owned(folding, record->id, work->owner, 0);
}

static hr_status change(struct hr_work *work, const struct hr_fact *fact)
{
    switch ((int)fact->kind) {
    case HR_FACT_work_planned:
        plan_next(work, fact);
        return hr_done();
    case HR_FACT_work_assigned:
        work->owner = fact->other;
        return hr_done();
    case HR_FACT_work_closed:
        close(work, fact);
        return hr_done();
    case HR_FACT_work_issue:
        work->issue = fact->number;
        return hr_done();
    default:
        return hr_answer(HR_E_VERSION);
    }
}

static hr_status change_work(const struct hr_folding *folding, const struct hr_fact *fact)
{
    struct hr_record *record = folding->record(folding->context, fact->record, HR_RECORD_contact);
    if (record == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    struct hr_work *work = hr_record_has_fields(record->kind) ? record->contact->work : NULL;
    if (work == NULL || (fact->kind == HR_FACT_work_closed && fact->state >= HR_WORK_STATE_COUNT)) {
        return hr_answer(HR_E_CORRUPT);
    }
    if (fact->kind == HR_FACT_work_issue) {
        return change(work, fact);
    }
    HR_TRY(hr_fold_work_gone(folding, record));
    HR_TRY(change(work, fact));
    if (work->state != HR_WORK_open) {
        return hr_done();
    }
    bool dated = work->due != HR_INSTANT_NONE && work->due > 0;
    return list_owned(folding, record->id, work->owner, dated ? (uint64_t)work->due : 1);
}

hr_status hr_fold_related(const struct hr_folding *folding, const struct hr_fact *fact)
{
    switch ((int)fact->kind) {
    case HR_FACT_record_created:
        return begin(folding, fact);
    case HR_FACT_record_linked:
        return link_both(folding, fact);
    default:
        return change_work(folding, fact);
    }
}
