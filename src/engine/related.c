/* Records of the other kinds, and what belongs to what. */
#include "engine/related.h"

static const enum hr_record_kind kinds[HR_RECORD_TYPE_COUNT] = {
    [HR_RECORD_TYPE_contact] = HR_RECORD_contact,
    [HR_RECORD_TYPE_account] = HR_RECORD_account,
    [HR_RECORD_TYPE_opportunity] = HR_RECORD_opportunity,
    [HR_RECORD_TYPE_ticket] = HR_RECORD_ticket,
    [HR_RECORD_TYPE_task] = HR_RECORD_task,
};

enum hr_record_kind hr_kind_of(enum hr_record_type type)
{
    return kinds[type];
}

enum hr_record_type hr_type_of(unsigned kind)
{
    for (size_t i = 0; i < HR_RECORD_TYPE_COUNT; i++) {
        if ((unsigned)kinds[i] == kind) {
            return (enum hr_record_type)i;
        }
    }
    return HR_RECORD_TYPE_COUNT;
}

bool hr_step_has_room(const struct hr_step *step)
{
    enum { ROOM = 8 }; /* for the record, its issue, and whoever is told */
    return step->link_count + ROOM <= HR_LINKS_MAX && step->made + ROOM <= HR_RUN_IDS_MAX;
}

hr_status hr_step_create(struct hr_step *step, enum hr_record_type type, uint64_t *ret_id)
{
    HR_TRY(hr_step_new_id(step, ret_id));
    const struct hr_fact fact = {.kind = HR_FACT_record_created,
                                 .record = *ret_id,
                                 .at = step->event->now,
                                 .state = (uint8_t)kinds[type]};
    return hr_step_emit(step, &fact);
}

hr_status hr_step_relate(struct hr_step *step, uint64_t record, uint64_t other, hr_instant at)
{
    const struct hr_contact *one = hr_step_contact(step, record);
    const struct hr_contact *two = hr_step_contact(step, other);
    HR_STEP_HAVE(one != NULL && two != NULL);
    const struct hr_related *known = hr_contact_related(one, other);
    const struct hr_related *back = hr_contact_related(two, record);
    if (known != NULL && back != NULL && known->at >= at && back->at >= at) {
        return hr_done();
    }
    const struct hr_fact fact = {
        .kind = HR_FACT_record_linked, .record = record, .number = other, .at = at, .state = 1};
    return hr_step_emit(step, &fact);
}

hr_status hr_step_part(struct hr_step *step, uint64_t record, uint64_t other)
{
    const struct hr_fact fact = {
        .kind = HR_FACT_record_linked, .record = record, .number = other, .at = step->event->now};
    return hr_step_emit(step, &fact);
}

/* ---- forgetting ------------------------------------------------------------------------------------- */

/* Nothing may be left that speaks of the contact alone; what others share stays, and knows them no more. */
static hr_status look_what_hangs(struct hr_step *step, uint64_t id)
{
    const struct hr_record *record = hr_step_record(step, id);
    HR_STEP_HAVE(record != NULL);
    bool hangs = false;
    for (size_t i = 0; record->kind == HR_RECORD_contact && i < record->contact->related_count;
         i++) {
        const struct hr_record *other = hr_step_record(step, record->contact->related[i].record);
        hangs = hangs || (other != NULL && hr_record_hangs_on(other, id));
    }
    HR_STEP_HAVE(!step->missing);
    return hangs ? hr_answer(HR_E_REFUSED) : hr_done();
}

static hr_status leave_work_issue(struct hr_step *step, uint64_t id)
{
    static const struct hr_key no_key;
    const struct hr_contact *record = hr_step_contact(step, id);
    HR_STEP_HAVE(record != NULL);
    uint64_t issue = record->work == NULL ? 0 : record->work->issue;
    struct hr_key member = hr_key_pair(issue, id);
    uint64_t present = 0;
    HR_STEP_HAVE(issue == 0 || hr_step_entry(step, HR_SPACE_member, &member, &present));
    return present == 0 ? hr_done() : hr_step_leave(step, issue, id, 0, &no_key, HR_MEMBER_erased);
}

hr_status hr_step_let_go(struct hr_step *step, uint64_t id)
{
    HR_TRY(look_what_hangs(step, id));
    HR_TRY(leave_work_issue(step, id));
    const struct hr_contact *record = hr_step_contact(step, id);
    HR_STEP_HAVE(record != NULL);
    while (record->related_count > 0) {
        uint64_t other = record->related[record->related_count - 1].record;
        HR_TRY(hr_step_part(step, id, other));
        HR_TRY(hr_step_look_at_work(step, other));
        record = hr_step_contact(step, id);
        HR_STEP_HAVE(record != NULL);
    }
    return hr_done();
}
