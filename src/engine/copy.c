/* The step `copy_to`: values written into a record that belongs to the contact, each under the contract of its field
 * there. */
#include "engine/related.h"

/* The value of a match field leads to the record. *ret_id: the record it leads to already, where that is another one
 * than 0. */
static hr_status find_by(struct hr_walk *walk, const struct hr_copied *copied, size_t count,
                         uint64_t *ret_id)
{
    struct hr_step *step = walk->passing->step;
    enum hr_record_type type = walk->at->copy->to;
    const struct hr_record_plan *plan = &step->plan->records[type];
    *ret_id = 0;
    for (size_t key = plan->match_count; key > 0; key--) {
        for (size_t i = 0; i < count; i++) {
            struct hr_heard_key lead;
            uint64_t id = 0;
            if (copied[i].field != plan->match_on[key - 1] ||
                copied[i].value.kind != HR_KIND_text) {
                continue;
            }
            HR_TRY(hr_engine_record_key(step->engine, type, copied[i].field,
                                        hr_value_as_text(&copied[i].value), step->arena, &lead));
            HR_STEP_HAVE(hr_step_entry(step, HR_SPACE_match, &lead.key, &id));
            *ret_id = id == 0 ? *ret_id : id;
        }
    }
    return hr_done();
}

static hr_status lead_to(struct hr_walk *walk, uint64_t id, const struct hr_copied *copied)
{
    struct hr_step *step = walk->passing->step;
    enum hr_record_type type = walk->at->copy->to;
    const struct hr_record_plan *plan = &step->plan->records[type];
    struct hr_heard_key lead;
    bool leads = false;
    for (size_t i = 0; i < plan->match_count; i++) {
        leads = leads || plan->match_on[i] == copied->field;
    }
    if (!leads || copied->value.kind != HR_KIND_text) {
        return hr_done();
    }
    HR_TRY(hr_engine_record_key(step->engine, type, copied->field, hr_value_as_text(&copied->value),
                                step->arena, &lead));
    return hr_step_lead_to(step, id, type, &lead);
}

/* ---- which record ------------------------------------------------------------------------------------ */

/* The record to write into; *ret_id 0: there is none, and none begins. */
static hr_status find_target(struct hr_walk *walk, const struct hr_copied *copied, size_t count,
                             uint64_t *ret_id)
{
    struct hr_step *step = walk->passing->step;
    const struct hr_step_copy *copy = walk->at->copy;
    const struct hr_contact *contact = hr_step_contact(step, walk->passing->contact);
    HR_STEP_HAVE(contact != NULL);
    *ret_id = copy->to == walk->automation->record
                  ? walk->passing->contact
                  : hr_contact_newest_related(contact, hr_kind_of(copy->to));
    if (*ret_id != 0 || copy->if_none != HR_IF_NONE_create || !hr_step_has_room(step)) {
        return hr_done();
    }
    HR_TRY(
        find_by(walk, copied, count, ret_id)); /* one that is known belongs to them from now on */
    if (*ret_id == 0) {
        HR_TRY(hr_step_create(step, copy->to, ret_id));
    }
    return hr_step_relate(step, walk->passing->contact, *ret_id, step->event->now);
}

/* ---- writing ------------------------------------------------------------------------------------------- */

static hr_status write_one(struct hr_walk *walk, uint64_t id, const struct hr_copied *copied,
                           enum hr_result *ret_result)
{
    const struct hr_word_said word = {
        .record = walk->at->copy->to,
        .field = copied->field,
        .writer = hr_writer(HR_BY_automation, walk->automation->name_number),
        .at = walk->passing->step->event->now,
        .value = copied->value,
    };
    HR_TRY(lead_to(walk, id, copied));
    return hr_run_write_word(walk, id, &word, ret_result);
}

static hr_status write_all(struct hr_walk *walk, uint64_t id, const struct hr_copied *copied,
                           size_t count, enum hr_result *ret_result)
{
    size_t counts[HR_RESULT_COUNT] = {0};
    for (size_t i = 0; i < count; i++) {
        enum hr_result result = HR_RESULT_nothing;
        HR_TRY(write_one(walk, id, &copied[i], &result));
        counts[result]++;
    }
    *ret_result = counts[HR_RESULT_refused] > 0 ? HR_RESULT_refused
                  : counts[HR_RESULT_did] > 0   ? HR_RESULT_did
                                                : HR_RESULT_nothing;
    return hr_step_look_at_work(walk->passing->step, id);
}

hr_status hr_take_copy(struct hr_walk *walk, enum hr_result *ret_result, struct hr_text *ret_words)
{
    struct hr_step *step = walk->passing->step;
    const struct hr_step_copy *copy = walk->at->copy;
    struct hr_copied *copied = hr_arena_new_many(step->arena, struct hr_copied, copy->line_count);
    size_t count = 0;
    uint64_t id = 0;
    *ret_words = HR_TEXT_NONE;
    *ret_result = HR_RESULT_nothing;
    if (copied == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < copy->line_count; i++) {
        bool there = false;
        HR_TRY(hr_run_value_of(walk, copy->to, &copy->lines[i], &copied[count], &there));
        count += there;
    }
    HR_TRY(find_target(walk, copied, count, &id));
    if (id != 0) {
        return write_all(walk, id, copied, count, ret_result);
    }
    *ret_words = hr_text_format(step->arena, "no %.*s belongs to them",
                                HR_SHOW(hr_record_type_word(copy->to)));
    return copy->if_none == HR_IF_NONE_ask ? hr_run_trouble(walk, HR_URGENCY_normal) : hr_done();
}
