/* The parts of a row that say what belongs to the record, and what is to be done about it. */
#include "state/state_internal.h"

void hr_put_related(struct hr_buffer *out, const struct hr_contact *contact)
{
    hr_put_uint(out, contact->related_count);
    for (size_t i = 0; i < contact->related_count; i++) {
        hr_put_uint(out, contact->related[i].record);
        hr_put_instant(out, contact->created_at, contact->related[i].at);
        hr_put_uint(out, contact->related[i].kind);
    }
}

hr_status hr_get_related(struct hr_reader *in, struct hr_arena *into, struct hr_contact *contact)
{
    contact->related_count = (size_t)hr_get_uint_max(in, HR_RELATED_MAX);
    contact->related = hr_arena_new_many(into, struct hr_related, contact->related_count);
    if (contact->related == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < contact->related_count && !in->failed; i++) {
        contact->related[i].record = hr_get_uint(in);
        contact->related[i].at = hr_get_instant(in, contact->created_at);
        contact->related[i].kind = (uint8_t)hr_get_uint_max(in, HR_RECORD_task);
        in->failed = in->failed || !hr_record_has_fields(contact->related[i].kind);
    }
    return hr_done();
}

void hr_put_work(struct hr_buffer *out, const struct hr_work *work)
{
    hr_put_uint(out, work->state);
    hr_put_uint(out, work->owner);
    hr_put_uint(out, work->automation);
    hr_put_uint(out, work->run);
    hr_put_int(out, work->opened_at);
    hr_put_instant(out, work->opened_at, work->due);
    hr_put_text(out, work->next);
    hr_put_instant(out, work->opened_at, work->closed_at);
    hr_put_uint(out, work->closed_by);
    hr_put_uint(out, work->issue);
}

hr_status hr_get_work(struct hr_reader *in, struct hr_arena *into, struct hr_contact *contact)
{
    struct hr_work *work = hr_arena_new(into, struct hr_work);
    if (work == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    work->state = (uint8_t)hr_get_uint_max(in, HR_WORK_STATE_COUNT - 1);
    work->owner = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    work->automation = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    work->run = hr_get_uint(in);
    work->opened_at = hr_get_int(in);
    work->due = hr_get_instant(in, work->opened_at);
    work->next = hr_get_text(in);
    work->closed_at = hr_get_instant(in, work->opened_at);
    work->closed_by = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    work->issue = hr_get_uint(in);
    contact->work = work;
    return hr_done();
}
