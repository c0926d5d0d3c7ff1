/* The step `create_task`: something to do for a person, with an owner and a date, which hangs on the contact. */
#include "engine/related.h"

/* Without a date nobody does it: where the file names none, it is due on the next business day. */
static hr_instant due_of(const struct hr_step *step, const struct hr_step_task *task)
{
    static const struct hr_span next_day = {HR_SPAN_business_days, 1};
    hr_instant due =
        hr_hours_after(&step->plan->hours, step->event->now, task->has_due ? task->due : next_day);
    return due == HR_INSTANT_NONE ? step->event->now + HR_DAY_US : due;
}

static int32_t owner_of(struct hr_walk *walk, const struct hr_step_task *task)
{
    const struct hr_party *party =
        task->assign.kind == HR_PARTY_none ? &walk->automation->task_owner : &task->assign;
    struct hr_step *step = walk->passing->step;
    return hr_party_person(step->plan, party, walk->automation->record,
                           hr_step_contact(step, walk->passing->contact), step->event->now);
}

/* What the message at hand speaks of beside the contact is what the task is about, too. */
static hr_status relate_to_spoken(struct hr_step *step, uint64_t task)
{
    const struct hr_heard *heard = step->event->heard;
    for (size_t i = 0; heard != NULL && i < heard->record_count; i++) {
        uint64_t id = 0;
        HR_TRY(hr_step_spoken_of(step, &heard->records[i], &id));
        if (id != 0 && heard->records[i].record != HR_RECORD_TYPE_account) {
            HR_TRY(hr_step_relate(step, id, task, step->event->now));
        }
    }
    return hr_done();
}

static hr_status make(struct hr_walk *walk, struct hr_text title, uint64_t *ret_task)
{
    struct hr_step *step = walk->passing->step;
    const struct hr_step_task *task = walk->at->task;
    HR_TRY(hr_step_create(step, HR_RECORD_TYPE_task, ret_task));
    HR_TRY(hr_step_relate(step, walk->passing->contact, *ret_task, step->event->now));
    HR_TRY(relate_to_spoken(step, *ret_task));
    const struct hr_fact planned = {
        .kind = HR_FACT_work_planned,
        .record = *ret_task,
        .name = walk->automation->name_number,
        .number = walk->id,
        .at = step->event->now,
        .until = due_of(step, task),
        .text = title,
    };
    HR_TRY(hr_step_emit(step, &planned));
    HR_TRY(hr_step_assign_work(step, *ret_task, owner_of(walk, task), 0));
    return hr_step_look_at_work(step, *ret_task);
}

hr_status hr_take_create_task(struct hr_walk *walk, enum hr_result *ret_result,
                              struct hr_text *ret_words)
{
    struct hr_step *step = walk->passing->step;
    struct hr_text title = HR_TEXT_NONE;
    struct hr_text lacks = HR_TEXT_NONE;
    uint64_t id = 0;
    *ret_words = HR_TEXT_NONE;
    if (!hr_step_has_room(step)) {
        *ret_result = HR_RESULT_ended;
        return hr_run_finish(walk, HR_RUN_failed,
                             HR_TEXT("more tasks at once than one event may lead to"), NULL);
    }
    HR_TRY(hr_walk_words(walk, &walk->at->task->title, &title, &lacks));
    HR_TRY(make(walk, hr_text_trim(hr_text_clip(title, HR_TASK_TITLE_MAX)), &id));
    *ret_result = HR_RESULT_did;
    if (lacks.size > 0) { /* it is made all the same, and somebody is told what it does not say */
        *ret_words = hr_text_format(step->arena, "%.*s is not known", HR_SHOW(lacks));
        return hr_run_trouble(walk, HR_URGENCY_normal);
    }
    return hr_done();
}
