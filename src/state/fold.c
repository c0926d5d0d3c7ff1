/* The fold: facts into records. It knows no plan, no clock and no rule; what it does not know it refuses. */
#include "state/state_internal.h"

#include <string.h>

void *hr_array_insert(struct hr_arena *arena, void *items, size_t count, size_t at, size_t size,
                      void **ret_items)
{
    hr_assert(at <= count);
    unsigned char *grown = hr_arena_alloc_many(arena, count + 1, size);
    if (grown == NULL) {
        return NULL;
    }
    if (at > 0) {
        memcpy(grown, items, at * size);
    }
    if (at < count) {
        memcpy(grown + (at + 1) * size, (const unsigned char *)items + at * size,
               (count - at) * size);
    }
    *ret_items = grown;
    return grown + at * size;
}

/* Which record a fact changes. What is not named here is refused. */
enum target { NONE, HOUSE, CONTACT, RELATED, ISSUE, EFFECT, ADDRESS };
static const uint8_t targets[HR_FACT_end] = {
    [HR_FACT_name_added] = HOUSE,           [HR_FACT_plan_published] = HOUSE,
    [HR_FACT_token_added] = HOUSE,          [HR_FACT_token_removed] = HOUSE,
    [HR_FACT_count_moved] = HOUSE,          [HR_FACT_tool_heard] = HOUSE,
    [HR_FACT_tool_window] = HOUSE,          [HR_FACT_automation_counted] = HOUSE,
    [HR_FACT_automation_switched] = HOUSE,  [HR_FACT_schedule_moved] = HOUSE,
    [HR_FACT_schedule_swept] = HOUSE,       [HR_FACT_turn_given] = HOUSE,
    [HR_FACT_automation_woken] = HOUSE,     [HR_FACT_switch_explained] = HOUSE,
    [HR_FACT_assigned] = CONTACT,           [HR_FACT_load_moved] = CONTACT,
    [HR_FACT_run_began] = CONTACT,          [HR_FACT_run_moved] = CONTACT,
    [HR_FACT_run_ended] = CONTACT,          [HR_FACT_run_trouble] = CONTACT,
    [HR_FACT_run_kept_out] = CONTACT,       [HR_FACT_step_taken] = CONTACT,
    [HR_FACT_stage_moved] = CONTACT,        [HR_FACT_event_emitted] = CONTACT,
    [HR_FACT_contact_created] = CONTACT,    [HR_FACT_key_linked] = CONTACT,
    [HR_FACT_field_set] = CONTACT,          [HR_FACT_field_observed] = CONTACT,
    [HR_FACT_field_claimed] = CONTACT,      [HR_FACT_field_pinned] = CONTACT,
    [HR_FACT_event_kept] = CONTACT,         [HR_FACT_handoff_opened] = CONTACT,
    [HR_FACT_handoff_judged] = CONTACT,     [HR_FACT_handoff_missing] = CONTACT,
    [HR_FACT_handoff_marked] = CONTACT,     [HR_FACT_handoff_issue] = CONTACT,
    [HR_FACT_handoff_taken_back] = CONTACT, [HR_FACT_contact_erased] = CONTACT,
    [HR_FACT_consent_said] = CONTACT,       [HR_FACT_record_created] = RELATED,
    [HR_FACT_record_linked] = RELATED,      [HR_FACT_work_planned] = RELATED,
    [HR_FACT_work_assigned] = RELATED,      [HR_FACT_work_closed] = RELATED,
    [HR_FACT_work_issue] = RELATED,         [HR_FACT_issue_opened] = ISSUE,
    [HR_FACT_issue_moved] = ISSUE,          [HR_FACT_note_added] = ISSUE,
    [HR_FACT_issue_assigned] = ISSUE,       [HR_FACT_issue_member] = ISSUE,
    [HR_FACT_issue_alerted] = ISSUE,        [HR_FACT_issue_acknowledged] = ISSUE,
    [HR_FACT_issue_sweep] = ISSUE,          [HR_FACT_issue_about] = ISSUE,
    [HR_FACT_effect_planned] = EFFECT,      [HR_FACT_effect_moved] = EFFECT,
    [HR_FACT_effect_of] = EFFECT,           [HR_FACT_effect_seen] = EFFECT,
    [HR_FACT_effect_sent] = EFFECT,         [HR_FACT_effect_placed] = EFFECT,
    [HR_FACT_effect_answered] = EFFECT,     [HR_FACT_effect_content] = CONTACT,
    [HR_FACT_letter_left] = CONTACT,        [HR_FACT_queue_moved] = HOUSE,
    [HR_FACT_queue_timed] = HOUSE,          [HR_FACT_lane_switched] = HOUSE,
    [HR_FACT_automation_let_go] = HOUSE,    [HR_FACT_standing_said] = HOUSE,
    [HR_FACT_address_suppressed] = ADDRESS,
};

static enum target target_of(enum hr_fact_kind kind)
{
    return kind < HR_FACT_end ? (enum target)targets[kind] : NONE;
}

hr_status hr_fold_fact(const struct hr_folding *folding, uint64_t position,
                       const struct hr_fact *fact)
{
    switch (target_of((enum hr_fact_kind)fact->kind)) {
    case HOUSE:
        return hr_fold_house(folding, position, fact);
    case CONTACT:
        return hr_fold_contact(folding, position, fact);
    case RELATED:
        return hr_fold_related(folding, fact);
    case ISSUE:
        return hr_fold_issue(folding, position, fact);
    case EFFECT:
        return hr_fold_effect(folding, position, fact);
    case ADDRESS:
        return hr_fold_suppression(folding, fact);
    case NONE:
        return hr_answer(HR_E_VERSION);
    }
    return hr_answer(HR_E_VERSION);
}

static uint64_t house_record(const struct hr_fact *fact)
{
    switch ((int)fact->kind) {
    case HR_FACT_name_added:
        return HR_ID_NAMES;
    case HR_FACT_count_moved:
        return HR_ID_HANDOFF + fact->name;
    case HR_FACT_tool_heard:
    case HR_FACT_tool_window:
        return HR_ID_TOOL + fact->name;
    case HR_FACT_automation_counted:
    case HR_FACT_automation_switched:
    case HR_FACT_automation_woken:
    case HR_FACT_schedule_moved:
    case HR_FACT_schedule_swept:
    case HR_FACT_automation_let_go:
    case HR_FACT_standing_said:
        return HR_ID_AUTOMATION + fact->name;
    case HR_FACT_turn_given:
        return HR_ID_TEAM + fact->name;
    case HR_FACT_queue_moved:
    case HR_FACT_queue_timed:
    case HR_FACT_lane_switched:
        return HR_ID_QUEUE + fact->name;
    default:
        return HR_ID_WORKSPACE;
    }
}

size_t hr_fact_records(const struct hr_fact *fact, uint64_t ret_ids[2])
{
    enum target target = target_of((enum hr_fact_kind)fact->kind);
    ret_ids[0] = target == HOUSE ? house_record(fact) : fact->record;
    if (target == ADDRESS) {
        return 0; /* it is nobody's: whose the address is may be forgotten */
    }
    if (fact->kind == HR_FACT_issue_opened) {
        ret_ids[1] = HR_ID_WORKSPACE;
        return 2;
    }
    if (fact->kind == HR_FACT_load_moved) {
        ret_ids[1] = HR_ID_PERSON + fact->name;
        return 2;
    }
    if (fact->kind == HR_FACT_record_linked) {
        ret_ids[1] = fact->number;
        return 2;
    }
    return 1;
}

bool hr_fact_entry(const struct hr_fact *fact, enum hr_space *ret_space, struct hr_key *ret_key)
{
    if (fact->kind != HR_FACT_issue_member) {
        return false;
    }
    *ret_space = HR_SPACE_member;
    *ret_key = hr_key_pair(fact->record, fact->number);
    return true;
}
