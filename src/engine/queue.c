/* The queue of a tool: at most so many leave at once, no faster than it may be asked, one at a time while it is broken.
 * What waits is let out oldest first, each through the gate. */
#include "engine/effects.h"

enum {
    FLYING_LOST_US = 5 * 60 * 1000000,
    PROBE_FIRST_US = 30 * 1000000,
    PROBE_MAX_US = 300 * 1000000
};

/* ---- counts and times ------------------------------------------------------------------------------- */

hr_status hr_queue_count(struct hr_step *step, uint32_t tool, unsigned from, unsigned to)
{
    const struct hr_fact fact = {.kind = HR_FACT_queue_moved,
                                 .name = tool,
                                 .number = 1,
                                 .from = (uint8_t)from,
                                 .state = (uint8_t)to};
    return hr_step_emit(step, &fact);
}

static hr_status set_times(struct hr_step *step, const struct hr_queue *queue)
{
    const struct hr_fact fact = {.kind = HR_FACT_queue_timed,
                                 .name = queue->tool,
                                 .number = queue->failures,
                                 .at = queue->next_at,
                                 .until = queue->free_at,
                                 .state = queue->reach};
    return hr_step_emit(step, &fact);
}

/* How many more may fly. A tool that is broken is tried with one. */
static size_t room_of(const struct hr_queue *queue)
{
    size_t most = queue->reach == HR_REACH_open ? HR_FLYING_MAX : 1;
    return queue->flying >= most ? 0 : most - (size_t)queue->flying;
}

static hr_status queue_record(struct hr_step *step, uint32_t tool, struct hr_queue *ret_queue)
{
    const struct hr_record *record = hr_step_record(step, HR_ID_QUEUE + tool);
    HR_STEP_HAVE(record != NULL);
    *ret_queue = record->exists ? *record->queue
                                : (struct hr_queue){.tool = tool,
                                                    .next_at = HR_INSTANT_NONE,
                                                    .free_at = HR_INSTANT_NONE};
    return hr_done();
}

hr_status hr_queue_wake(struct hr_step *step, uint32_t tool)
{
    struct hr_queue queue;
    HR_TRY(queue_record(step, tool, &queue));
    bool some = queue.waiting[HR_LANE_customer] + queue.waiting[HR_LANE_internal] > 0;
    hr_instant at = step->event->now;
    at = queue.free_at != HR_INSTANT_NONE && queue.free_at > at ? queue.free_at : at;
    if (!some || room_of(&queue) == 0 ||
        (queue.next_at != HR_INSTANT_NONE && queue.next_at <= at)) {
        return hr_done();
    }
    queue.next_at = at;
    return set_times(step, &queue);
}

/* ---- letting out ---------------------------------------------------------------------------------------- */

static hr_status fly(struct hr_step *step, uint64_t id, enum hr_effect_state to)
{
    const struct hr_effect *now = hr_step_effect(step, id);
    HR_STEP_HAVE(now != NULL);
    const struct hr_effect effect = *now;
    const struct hr_fact sent = {.kind = HR_FACT_effect_sent, .record = id, .at = step->event->now};
    HR_TRY(hr_effect_place(step, id, HR_PLACE_flying));
    if (effect.sent_at == HR_INSTANT_NONE) {
        HR_TRY(hr_step_emit(step, &sent));
        HR_TRY(hr_letter_count(step, id));
    }
    return hr_effect_move(step, id, to, effect.attempts + 1, step->event->now + FLYING_LOST_US,
                          HR_TEXT_NONE);
}

static hr_status ask_first(struct hr_step *step, uint64_t id)
{
    const struct hr_span week = {HR_SPAN_elapsed, 7 * HR_DAY_US};
    HR_TRY(hr_effect_place(step, id, HR_PLACE_none));
    return hr_effect_move(step, id, HR_EFFECT_asks, 0,
                          hr_hours_after(&step->plan->hours, step->event->now, week), HR_TEXT_NONE);
}

static hr_status put_off(struct hr_step *step, uint64_t id, const struct hr_gate *gate)
{
    const struct hr_effect *effect = hr_step_effect(step, id);
    HR_STEP_HAVE(effect != NULL);
    uint32_t attempts = effect->attempts;
    enum hr_effect_state state = (enum hr_effect_state)effect->state;
    HR_TRY(hr_effect_place(step, id, HR_PLACE_none));
    return hr_effect_move(step, id, state, attempts, gate->until, gate->why);
}

/* It may have been done already: it is repeated if that does no harm and nothing speaks against it now, else asked
 * about; what cannot be asked about is a person's. */
static hr_status let_out_again(struct hr_step *step, uint64_t id, bool *ret_flies)
{
    struct hr_gate gate = {.verdict = HR_IS_OVER};
    const struct hr_effect *effect = hr_step_effect(step, id);
    HR_STEP_HAVE(effect != NULL);
    enum hr_doubt_way way = hr_effect_doubt_way(step, effect);
    const struct hr_action *action = hr_effect_action(step, effect);
    if (way == HR_DOUBT_repeat) {
        HR_TRY(hr_effect_gate(step, id, &gate));
    }
    if (gate.verdict == HR_IS_HELD) {
        return hr_effect_place(step, id, HR_PLACE_held);
    }
    if (gate.verdict == HR_MUST_WAIT) {
        return put_off(step, id, &gate);
    }
    if (gate.verdict == HR_IS_OVER && action != NULL && action->kind == HR_ACTION_read) {
        HR_TRY(
            hr_effect_withdraw(step, id, gate.why)); /* it only asks: there is nothing to doubt */
        return hr_effect_returned(step, id);
    }
    *ret_flies = true;
    if (gate.verdict == HR_MAY_LEAVE) {
        return fly(step, id, HR_EFFECT_intended);
    }
    if (action != NULL && action->check >= 0) {
        return fly(step, id, HR_EFFECT_checking);
    }
    *ret_flies = false;
    return hr_effect_give_up(step, id,
                             HR_TEXT("nobody knows, and it may not be repeated any more"));
}

static hr_status let_out(struct hr_step *step, uint64_t id, bool *ret_flies)
{
    struct hr_gate gate = {.verdict = HR_MAY_LEAVE};
    const struct hr_effect *effect = hr_step_effect(step, id);
    HR_STEP_HAVE(effect != NULL);
    *ret_flies = false;
    if (effect->place != HR_PLACE_queue) {
        return hr_done();
    }
    if (effect->state == HR_EFFECT_doubted) {
        return let_out_again(step, id, ret_flies);
    }
    HR_TRY(hr_effect_gate(step, id, &gate));
    switch (gate.verdict) {
    case HR_MAY_LEAVE:
        *ret_flies = true;
        return fly(step, id, HR_EFFECT_intended);
    case HR_MUST_WAIT:
        return put_off(step, id, &gate);
    case HR_IS_HELD:
        return hr_effect_place(step, id, HR_PLACE_held);
    case HR_MUST_ASK:
        return ask_first(step, id);
    case HR_IS_OVER:
        HR_TRY(hr_effect_withdraw(step, id, gate.why));
        return hr_effect_returned(step, id);
    }
    return hr_answer(HR_E_INPUT);
}

/* The time between two, by the tool's limit; 0: none. */
static int64_t pace_of(const struct hr_step *step, uint32_t tool)
{
    int32_t index = hr_plan_tool_numbered(step->plan, tool);
    const struct hr_rate *limit = index < 0 ? NULL : &step->plan->tools[index].limit;
    return limit == NULL || limit->count == 0 || limit->every.unit != HR_SPAN_elapsed
               ? 0
               : limit->every.amount / (int64_t)limit->count;
}

/* One lane a time: the customers' first, unless it is held. HR_LANE_COUNT: nothing may leave. */
static hr_status lane_of(struct hr_step *step, const struct hr_queue *queue, unsigned *ret_lane)
{
    const struct hr_record *switches = hr_step_record(step, HR_ID_QUEUE);
    HR_STEP_HAVE(switches != NULL);
    for (*ret_lane = 0; *ret_lane < HR_LANE_COUNT; (*ret_lane)++) {
        bool held = switches->exists && switches->queue->held[*ret_lane];
#ifdef HR_PLANT_hold_forgotten
        held = false;
#endif
        if (queue->waiting[*ret_lane] > 0 && !held) {
            return hr_done();
        }
    }
    return hr_done();
}

static hr_status let_out_some(struct hr_step *step, uint32_t tool, unsigned lane, size_t room,
                              size_t *ret_flew)
{
    const struct hr_members *members = NULL;
    size_t looked_at_max = HR_SWEEP_MEMBERS / 2; /* each may end an enrollment that goes on */
    *ret_flew = 0;
    HR_TRY(hr_step_scan(step, HR_SPACE_queue, hr_queue_of(tool, (enum hr_lane)lane), 0, &members));
    for (size_t i = 0; i < members->count && i < looked_at_max && *ret_flew < room; i++) {
        bool flies = false;
        HR_TRY(let_out(step, members->ids[i], &flies));
        *ret_flew += flies;
    }
    return hr_done();
}

hr_status hr_queue_due(struct hr_step *step, const struct hr_record *record)
{
    struct hr_queue queue = *record->queue;
    int64_t pace = pace_of(step, queue.tool);
    size_t room = room_of(&queue);
    unsigned lane = HR_LANE_COUNT;
    size_t flew = 0;
    bool early = queue.free_at != HR_INSTANT_NONE && queue.free_at > step->event->now;
    HR_TRY(lane_of(step, &queue, &lane));
    if (lane < HR_LANE_COUNT && room > 0 && !early) {
        HR_TRY(let_out_some(step, queue.tool, lane, pace > 0 ? 1 : room, &flew));
    }
    HR_TRY(queue_record(step, queue.tool, &queue));
    queue.free_at = pace > 0 && flew > 0 ? step->event->now + pace : queue.free_at;
    queue.next_at = HR_INSTANT_NONE;
    HR_TRY(set_times(step, &queue));
    HR_TRY(lane_of(step, &queue, &lane));
    return lane < HR_LANE_COUNT ? hr_queue_wake(step, queue.tool) : hr_done();
}

/* ---- a tool that fails ------------------------------------------------------------------------------------- */

static hr_status tell(struct hr_step *step, uint32_t tool, enum hr_cause cause)
{
    int32_t index = hr_plan_tool_numbered(step->plan, tool);
    int32_t owner = index < 0 ? step->plan->contact_owner : step->plan->tools[index].owner;
    const struct hr_issue_of of = {.cause = cause,
                                   .about = tool,
                                   .severity = HR_URGENCY_urgent,
                                   .owner = owner,
                                   .told = owner};
    uint64_t issue = 0;
    return hr_step_issue(step, &of, &issue);
}

static hr_status be_well(struct hr_step *step, struct hr_queue *queue)
{
    const struct hr_issue_of down = {.cause = HR_CAUSE_tool_down, .about = queue->tool};
    const struct hr_issue_of locked = {.cause = HR_CAUSE_no_access, .about = queue->tool};
    if (queue->reach == HR_REACH_open && queue->failures == 0) {
        return hr_done();
    }
    HR_TRY(hr_step_end_issue(step, queue->reach == HR_REACH_forbidden ? &locked : &down));
    if (queue->reach != HR_REACH_open) {
        queue->free_at = HR_INSTANT_NONE;
    }
    queue->reach = HR_REACH_open;
    queue->failures = 0;
    return set_times(step, queue);
}

static hr_status fail(struct hr_step *step, struct hr_queue *queue, enum hr_reach reach)
{
    bool turns = queue->reach != (uint8_t)reach;
    uint32_t beyond = queue->failures > HR_FAILURES_MAX ? queue->failures - HR_FAILURES_MAX : 0;
    int64_t probe = reach == HR_REACH_forbidden ? 60 * HR_SECOND_US
                                                : PROBE_FIRST_US << (beyond < 4 ? beyond : 4);
    if (reach != HR_REACH_open) {
        queue->free_at = step->event->now + (probe < PROBE_MAX_US ? probe : PROBE_MAX_US);
        queue->next_at = queue->next_at == HR_INSTANT_NONE ? HR_INSTANT_NONE : queue->free_at;
    }
    queue->reach = (uint8_t)reach;
    HR_TRY(set_times(step, queue));
    return turns && reach != HR_REACH_open
               ? tell(step, queue->tool,
                      reach == HR_REACH_broken ? HR_CAUSE_tool_down : HR_CAUSE_no_access)
               : hr_done();
}

hr_status hr_queue_tell_down(struct hr_step *step, uint32_t tool)
{
    return tell(step, tool, HR_CAUSE_tool_down);
}

hr_status hr_queue_judge(struct hr_step *step, uint32_t tool, enum hr_blame fault)
{
    struct hr_queue queue;
    HR_TRY(queue_record(step, tool, &queue));
    switch (fault) {
    case HR_BLAME_none:
    case HR_BLAME_permanent:
        return be_well(step, &queue);
    case HR_BLAME_transient:
        queue.failures++;
        return fail(step, &queue,
                    queue.failures >= HR_FAILURES_MAX ? HR_REACH_broken
                                                      : (enum hr_reach)queue.reach);
    case HR_BLAME_permission:
        queue.failures++;
        return fail(step, &queue, HR_REACH_forbidden);
    case HR_BLAME_rate:
        queue.free_at = step->event->retry_at != HR_INSTANT_NONE ? step->event->retry_at
                                                                 : step->event->now + HR_MINUTE_US;
        queue.next_at = queue.next_at == HR_INSTANT_NONE ? HR_INSTANT_NONE : queue.free_at;
        return set_times(step, &queue);
    }
    return hr_answer(HR_E_INPUT);
}

/* ---- what was held ---------------------------------------------------------------------------------------------- */

static hr_status release(struct hr_step *step, uint64_t id, enum hr_let_go how)
{
    const struct hr_effect *effect = hr_step_effect(step, id);
    HR_STEP_HAVE(effect != NULL);
    if (effect->place != HR_PLACE_held) {
        return hr_done();
    }
    if (effect->doubt) { /* it may be done: neither dropped nor asked about as if it were not */
        return hr_effect_place(step, id, HR_PLACE_queue);
    }
    switch (how) {
    case HR_LET_GO_drop:
        HR_TRY(hr_effect_withdraw(step, id, HR_TEXT("what waited during the pause was dropped")));
        return hr_effect_returned(step, id);
    case HR_LET_GO_review:
        return ask_first(step, id);
    case HR_LET_GO_send:
    case HR_LET_GO_none:
        break;
    }
    return hr_effect_place(step, id, HR_PLACE_queue);
}

hr_status hr_held_due(struct hr_step *step, const struct hr_record *record)
{
    const struct hr_automation_record automation = *record->automation;
    const struct hr_members *members = NULL;
    size_t most = HR_SWEEP_MEMBERS / 2;
    HR_TRY(hr_step_scan(step, HR_SPACE_queue, hr_queue_held(automation.automation), 0, &members));
    for (size_t i = 0; i < members->count && i < most; i++) {
        HR_TRY(release(step, members->ids[i], (enum hr_let_go)automation.let_go));
    }
    if (members->count > most) {
        return hr_done();
    }
    const struct hr_fact over = {.kind = HR_FACT_automation_let_go,
                                 .name = automation.automation,
                                 .at = automation.let_at,
                                 .state = HR_LET_GO_none};
    return hr_step_emit(step, &over);
}
