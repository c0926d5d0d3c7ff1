/* Issues: failures with one cause are one issue, with an owner, a person who is told, and a state. */
#include "engine/related.h"

enum { ESCALATING_PEOPLE = 10 };

struct hr_key hr_issue_fingerprint(const struct hr_issue_of *of)
{
    /* numbers that are already keyed or public: no secret needed, only one name for one cause */
    static const uint8_t plain[HR_KEY_SIZE] = {'i', 's', 's', 'u', 'e'};
    uint64_t low = of->pair[0] < of->pair[1] ? of->pair[0] : of->pair[1];
    uint64_t high = of->pair[0] < of->pair[1] ? of->pair[1] : of->pair[0];
    const uint64_t numbers[] = {(uint64_t)of->cause, of->about, of->path, of->detail, low, high};
    uint8_t bytes[sizeof numbers];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(numbers[i / 8] >> (8 * (i % 8)));
    }
    return hr_key_of(plain, (struct hr_text){(const char *)bytes, sizeof bytes});
}

static uint32_t person_number(const struct hr_plan *plan, int32_t person)
{
    return person < 0 ? 0 : plan->people[person].name_number;
}

static hr_status assign(struct hr_step *step, uint64_t issue, uint32_t person)
{
    const struct hr_fact fact = {
        .kind = HR_FACT_issue_assigned, .record = issue, .other = person, .at = step->event->now};
    return hr_step_emit(step, &fact);
}

static hr_status detail(struct hr_step *step, uint64_t issue, const struct hr_issue_of *of)
{
    if (of->detail == 0) {
        return hr_done();
    }
    const struct hr_fact fact = {.kind = HR_FACT_issue_about, .record = issue, .name = of->detail};
    return hr_step_emit(step, &fact);
}

/* When the ladder's next rung is due after `rung` people were told; HR_INSTANT_NONE at its end. */
static hr_instant rung_due(const struct hr_plan *plan, const struct hr_issue *issue, uint32_t rung,
                           hr_instant now)
{
    const struct hr_handoff *handoff = hr_issue_handoff(plan, issue);
    if (handoff == NULL || rung == 0 || rung > handoff->escalate_count) {
        return HR_INSTANT_NONE;
    }
    hr_instant due =
        hr_hours_after(&plan->hours, issue->opened_at, handoff->escalate[rung - 1].after);
    return due == HR_INSTANT_NONE || due > now ? due : now;
}

static hr_status first_alert(struct hr_step *step, uint64_t id, int32_t told)
{
    const struct hr_record *record = hr_step_record(step, id);
    HR_STEP_HAVE(record != NULL);
    hr_instant next = rung_due(step->plan, record->issue, 1, step->event->now);
    return hr_step_alert(step, id, told, HR_REASON_alert, 1, next);
}

static hr_status open_new(struct hr_step *step, const struct hr_issue_of *of,
                          const struct hr_key *fingerprint, uint64_t *ret_issue)
{
    const struct hr_record *workspace = hr_step_record(step, HR_ID_WORKSPACE);
    HR_STEP_HAVE(workspace != NULL);
    uint64_t id = 0;
    HR_TRY(hr_step_new_id(step, &id));
    const struct hr_fact fact = {
        .kind = HR_FACT_issue_opened,
        .record = id,
        .name = of->about,
        .other = of->path,
        .number = (workspace->exists ? workspace->workspace->issue_count : 0) + 1,
        .at = step->event->now,
        .state = (uint8_t)of->cause,
        .from = (uint8_t)of->severity,
        .key = *fingerprint,
    };
    HR_TRY(hr_step_emit(step, &fact));
    HR_TRY(detail(step, id, of));
    HR_TRY(assign(step, id, person_number(step->plan, of->owner < 0 ? of->told : of->owner)));
    *ret_issue = id;
    return first_alert(step, id, of->told);
}

static hr_status move(struct hr_step *step, uint64_t issue, enum hr_issue_state to, uint32_t person)
{
    const struct hr_record *record = hr_step_record(step, issue);
    HR_STEP_HAVE(record != NULL);
    const struct hr_fact fact = {
        .kind = HR_FACT_issue_moved,
        .record = issue,
        .other = person,
        .at = step->event->now,
        .until = HR_INSTANT_NONE,
        .state = (uint8_t)to,
        .from = record->issue->state,
    };
    return hr_step_emit(step, &fact);
}

hr_status hr_step_issue(struct hr_step *step, const struct hr_issue_of *of, uint64_t *ret_issue)
{
    struct hr_key fingerprint = hr_issue_fingerprint(of);
    uint64_t id = 0;
    HR_STEP_HAVE(hr_step_entry(step, HR_SPACE_fingerprint, &fingerprint, &id));
    if (id == 0) {
        return open_new(step, of, &fingerprint, ret_issue);
    }
    const struct hr_record *record = hr_step_record(step, id);
    HR_STEP_HAVE(record != NULL);
    *ret_issue = id;
    if (record->issue->state != HR_ISSUE_resolved) {
        return hr_done();
    }
    /* it was put right once and is back: said so, and told again */
    HR_TRY(move(step, id, HR_ISSUE_regressed, 0));
    return first_alert(step, id, of->told);
}

/* More people than a calm issue has: say so once. A snooze that was "until N people" ends. */
static hr_status grow(struct hr_step *step, uint64_t id)
{
    const struct hr_record *record = hr_step_record(step, id);
    HR_STEP_HAVE(record != NULL);
    const struct hr_issue *issue = record->issue;
    bool calm = issue->state == HR_ISSUE_new || issue->state == HR_ISSUE_ongoing;
    bool woken = issue->state == HR_ISSUE_snoozed && issue->snoozed_people > 0 &&
                 issue->people >= issue->snoozed_people;
    if (!(calm && issue->people > ESCALATING_PEOPLE) && !woken) {
        return hr_done();
    }
    hr_instant next = issue->next_alert_at;
    uint32_t rung = issue->rung;
    int32_t told = hr_issue_told(step->plan, issue);
    HR_TRY(move(step, id, HR_ISSUE_escalating, 0));
    return hr_step_alert(step, id, told, HR_REASON_worse, rung, next);
}

hr_status hr_step_join(struct hr_step *step, uint64_t issue, uint64_t contact, uint32_t handoff,
                       const struct hr_key *key)
{
    const struct hr_fact fact = {.kind = HR_FACT_issue_member,
                                 .record = issue,
                                 .name = handoff,
                                 .number = contact,
                                 .state = HR_MEMBER_joined,
                                 .key = *key};
    HR_TRY(hr_step_emit(step, &fact));
    return grow(step, issue);
}

hr_status hr_step_resolve(struct hr_step *step, uint64_t issue, uint32_t person)
{
    return move(step, issue, HR_ISSUE_resolved, person);
}

hr_status hr_step_end_issue(struct hr_step *step, const struct hr_issue_of *of)
{
    struct hr_key fingerprint = hr_issue_fingerprint(of);
    uint64_t issue = 0;
    HR_STEP_HAVE(hr_step_entry(step, HR_SPACE_fingerprint, &fingerprint, &issue));
    if (issue == 0) {
        return hr_done();
    }
    const struct hr_record *record = hr_step_record(step, issue);
    HR_STEP_HAVE(record != NULL);
    return record->issue->state == HR_ISSUE_resolved ? hr_done() : hr_step_resolve(step, issue, 0);
}

hr_status hr_step_leave(struct hr_step *step, uint64_t issue, uint64_t contact, uint32_t handoff,
                        const struct hr_key *key, enum hr_membership how)
{
#ifdef HR_PLANT_lost_member
    if (how == HR_MEMBER_proven) {
        return hr_done();
    }
#endif
    const struct hr_fact fact = {.kind = HR_FACT_issue_member,
                                 .record = issue,
                                 .name = handoff,
                                 .number = contact,
                                 .state = (uint8_t)how,
                                 .key = *key};
    HR_TRY(hr_step_emit(step, &fact));
    const struct hr_record *record = hr_step_record(step, issue);
    HR_STEP_HAVE(record != NULL);
    bool last = record->issue->members == 0 && record->issue->state != HR_ISSUE_resolved;
    return last ? hr_step_resolve(step, issue, 0) : hr_done();
}

const struct hr_handoff *hr_issue_handoff(const struct hr_plan *plan, const struct hr_issue *issue)
{
    int32_t handoff = issue->path == 0 ? -1 : hr_plan_handoff_numbered(plan, issue->about);
    return handoff < 0 ? NULL : &plan->handoffs[handoff];
}

/* Somebody who looks after Handrail itself, other than the one whom alerts do not reach. */
static int32_t keeper(const struct hr_plan *plan, uint32_t except)
{
    int32_t found = -1;
    for (size_t i = 0; i < plan->person_count; i++) {
        bool keeps = plan->people[i].role == HR_ROLE_owner || plan->people[i].role == HR_ROLE_admin;
        if (keeps && plan->people[i].name_number != except) {
            return (int32_t)i;
        }
        found = keeps ? (int32_t)i : found;
    }
    return found;
}

int32_t hr_issue_told(const struct hr_plan *plan, const struct hr_issue *issue)
{
    const struct hr_handoff *handoff = hr_issue_handoff(plan, issue);
    int32_t tool = -1;
    switch ((enum hr_cause)issue->cause) {
    case HR_CAUSE_no_proof:
    case HR_CAUSE_incorrect:
        return handoff == NULL ? keeper(plan, 0) : handoff->failure_owner;
    case HR_CAUSE_missing_field:
        tool = handoff == NULL ? hr_plan_tool_numbered(plan, issue->about)
                               : hr_plan_tool(plan, handoff->from);
        if (tool >= 0) {
            return plan->tools[tool].owner;
        }
        return handoff == NULL ? keeper(plan, 0) : handoff->failure_owner;
    case HR_CAUSE_ambiguous:
        return plan->contact_owner;
    case HR_CAUSE_silence:
    case HR_CAUSE_tool_down:
    case HR_CAUSE_no_access:
        tool = hr_plan_tool_numbered(plan, issue->about);
        return tool < 0 ? keeper(plan, 0) : plan->tools[tool].owner;
    case HR_CAUSE_alert_failed:
    case HR_CAUSE_alert_unknown:
        return keeper(plan, issue->about);
    case HR_CAUSE_conflict:
    case HR_CAUSE_forbidden:
        return hr_field_asked(plan, (enum hr_cause)issue->cause, issue->detail);
    case HR_CAUSE_automation: {
        int32_t automation = hr_plan_automation_numbered(plan, issue->about);
        return automation < 0 ? keeper(plan, 0) : plan->automations[automation].failure_owner;
    }
    case HR_CAUSE_loose:
    case HR_CAUSE_overdue:
        return hr_work_told(plan, issue);
    }
    return keeper(plan, 0);
}
