/* Work for people: who owns it, what they do with it, and what is wrong where nobody does. */
#include "engine/related.h"

/* ---- who ------------------------------------------------------------------------------------------ */

/* Whoever stands in for a person: themselves if they are there; -1 where all have left. */
static int32_t standing_in(const struct hr_plan *plan, int32_t person, hr_instant now)
{
    hr_instant back_at = HR_INSTANT_NONE;
    int32_t standing = person;
    int32_t absent = HR_NONE_INDEX; /* better somebody who is away than nobody */
    for (size_t i = 0; standing >= 0 && i < plan->person_count; i++) {
        const struct hr_person *who = &plan->people[standing];
        if (!who->inactive && !hr_person_away(who, now, &back_at)) {
            return standing;
        }
        absent = absent < 0 && !who->inactive ? standing : absent;
        standing = who->deputy;
    }
    return absent;
}

static int32_t of_team(const struct hr_plan *plan, const struct hr_team *team, hr_instant now)
{
    hr_instant back_at = HR_INSTANT_NONE;
    for (size_t i = 0; i < team->person_count; i++) {
        const struct hr_person *who = &plan->people[team->people[i]];
        if (!who->inactive && !hr_person_away(who, now, &back_at)) {
            return team->people[i];
        }
    }
    return team->person_count == 0 ? HR_NONE_INDEX : standing_in(plan, team->people[0], now);
}

static int32_t named(const struct hr_plan *plan, const struct hr_party *party, hr_instant now)
{
    switch (party->kind) {
    case HR_PARTY_person:
        return standing_in(plan, party->index, now);
    case HR_PARTY_team:
        return of_team(plan, &plan->teams[party->index], now);
    case HR_PARTY_none:
    case HR_PARTY_owner:
        break;
    }
    return HR_NONE_INDEX;
}

/* By the record's field `owner`, else whoever answers for records of its kind. */
static int32_t owner_of(const struct hr_plan *plan, enum hr_record_type type,
                        const struct hr_contact *record, hr_instant now)
{
    const struct hr_record_plan *kind = &plan->records[type];
    const struct hr_said *said =
        record == NULL || kind->owner_field < 0
            ? NULL
            : hr_contact_field(record, kind->fields[kind->owner_field].name_number);
    int32_t person = HR_NONE_INDEX;
    if (said != NULL && said->value.kind == HR_KIND_text) {
        person = hr_plan_person(plan, hr_value_as_text(&said->value));
    }
    person = person < 0 ? person : standing_in(plan, person, now);
    return person >= 0 ? person : named(plan, &kind->owner, now);
}

int32_t hr_party_person(const struct hr_plan *plan, const struct hr_party *party,
                        enum hr_record_type type, const struct hr_contact *record, hr_instant now)
{
    int32_t person =
        party->kind == HR_PARTY_owner ? owner_of(plan, type, record, now) : named(plan, party, now);
    return person >= 0 ? person : standing_in(plan, plan->contact_owner, now);
}

hr_status hr_step_assign_work(struct hr_step *step, uint64_t record, int32_t owner,
                              uint32_t said_by)
{
    const struct hr_fact fact = {.kind = HR_FACT_work_assigned,
                                 .record = record,
                                 .other = owner < 0 ? 0 : step->plan->people[owner].name_number,
                                 .number = said_by,
                                 .at = step->event->now};
    return hr_step_emit(step, &fact);
}

/* ---- what is wrong with it --------------------------------------------------------------------------- */

static bool works_here(const struct hr_plan *plan, uint32_t name)
{
    int32_t person = hr_plan_person_numbered(plan, name);
    return person >= 0 && !plan->people[person].inactive;
}

/* Of a sale or a question: an open task is its next action, and has a date. The newest of its tasks are looked at; what
 * the view lacks the step then asks for. */
static bool has_open_task(struct hr_step *step, const struct hr_contact *record)
{
    enum { TASKS_MAX = 16 };
    size_t looked = 0;
    bool open = false;
    for (size_t i = record->related_count; i > 0 && looked < TASKS_MAX && !open; i--) {
        if (record->related[i - 1].kind != HR_RECORD_task) {
            continue;
        }
        const struct hr_contact *task = hr_step_contact(step, record->related[i - 1].record);
        open = task != NULL && task->work->state == HR_WORK_open;
        looked++;
    }
    return open;
}

/* 0: nothing is. */
static enum hr_cause wrong_with(struct hr_step *step, const struct hr_record *record)
{
    const struct hr_work *work = record->contact->work;
    if (work->state != HR_WORK_open) {
        return 0;
    }
    bool planned = work->next.size > 0 && work->due != HR_INSTANT_NONE;
    bool next = planned || (record->kind != HR_RECORD_task && has_open_task(step, record->contact));
    if (!works_here(step->plan, work->owner) || !next) {
        return HR_CAUSE_loose;
    }
    return planned && work->due <= step->event->now ? HR_CAUSE_overdue : 0;
}

/* What lies with nobody is told to whoever answers for records of its kind; what is overdue to its owner. Who that is
 * does not depend on who is away now: an alert goes to whoever stands in for them. */
static int32_t told_of(const struct hr_plan *plan, enum hr_cause cause, uint32_t owner,
                       enum hr_record_type type)
{
    if (cause == HR_CAUSE_overdue && works_here(plan, owner)) {
        return hr_plan_person_numbered(plan, owner);
    }
    const struct hr_party *keeper = &plan->records[type].owner;
    bool team = keeper->kind == HR_PARTY_team && plan->teams[keeper->index].person_count > 0;
    return keeper->kind == HR_PARTY_person ? keeper->index
           : team                          ? plan->teams[keeper->index].people[0]
                                           : plan->contact_owner;
}

int32_t hr_work_told(const struct hr_plan *plan, const struct hr_issue *issue)
{
    return told_of(plan, (enum hr_cause)issue->cause, issue->about, hr_type_of(issue->detail));
}

static struct hr_issue_of issue_of(const struct hr_step *step, const struct hr_record *record,
                                   enum hr_cause cause)
{
    uint32_t owner = cause == HR_CAUSE_overdue ? record->contact->work->owner : 0;
    int32_t person = told_of(step->plan, cause, owner, hr_type_of(record->kind));
    return (struct hr_issue_of){
        .cause = cause,
        .about = owner,
        .detail = record->kind,
        .owner = person,
        .told = person,
    };
}

static hr_status belong_to(struct hr_step *step, uint64_t record, uint64_t issue)
{
    const struct hr_fact fact = {.kind = HR_FACT_work_issue, .record = record, .number = issue};
    return hr_step_emit(step, &fact);
}

/* Whom a person closed the issue for is no member of it any more. */
static hr_status leave(struct hr_step *step, uint64_t id, uint64_t issue)
{
    static const struct hr_key no_key;
    struct hr_key member = hr_key_pair(issue, id);
    uint64_t present = 0;
    HR_STEP_HAVE(hr_step_entry(step, HR_SPACE_member, &member, &present));
    HR_TRY(belong_to(step, id, 0));
    return present == 0 ? hr_done() : hr_step_leave(step, issue, id, 0, &no_key, HR_MEMBER_proven);
}

static hr_status ask(struct hr_step *step, uint64_t id, enum hr_cause cause)
{
    static const struct hr_key no_key;
    const struct hr_record *record = hr_step_record(step, id);
    HR_STEP_HAVE(record != NULL);
    const struct hr_issue_of of = issue_of(step, record, cause);
    uint64_t issue = 0;
    HR_TRY(hr_step_issue(step, &of, &issue));
    HR_TRY(belong_to(step, id, issue));
    return hr_step_join(step, issue, id, 0, &no_key);
}

hr_status hr_step_look_at_work(struct hr_step *step, uint64_t id)
{
    const struct hr_record *record = hr_step_record(step, id);
    HR_STEP_HAVE(record != NULL);
    const struct hr_work *work =
        record->exists && hr_record_has_work(record->kind) ? record->contact->work : NULL;
    if (work == NULL) {
        return hr_done();
    }
    enum hr_cause cause = wrong_with(step, record);
    uint64_t issue = work->issue;
    HR_STEP_HAVE(!step->missing);
    if (issue != 0) {
        const struct hr_record *asked = hr_step_record(step, issue);
        HR_STEP_HAVE(asked != NULL);
        bool same = asked->exists && asked->issue->cause == (uint8_t)cause &&
                    (cause != HR_CAUSE_overdue || asked->issue->about == work->owner);
        if (same) {
            return hr_done();
        }
        HR_TRY(leave(step, id, issue));
    }
    return cause == 0 ? hr_done() : ask(step, id, cause);
}

hr_status hr_step_look_around_task(struct hr_step *step, uint64_t task)
{
    const struct hr_contact *now = hr_step_contact(step, task);
    HR_STEP_HAVE(now != NULL);
    uint64_t ids[HR_RELATED_MAX + 1];
    size_t count = 0;
    for (size_t i = 0; i < now->related_count; i++) {
        bool other = now->related[i].kind == HR_RECORD_opportunity ||
                     now->related[i].kind == HR_RECORD_ticket;
        ids[count] = now->related[i].record;
        count += other;
    }
    for (size_t i = 0; i < count; i++) {
        HR_TRY(hr_step_look_at_work(step, ids[i]));
    }
    return hr_done();
}

hr_status hr_step_own_work(struct hr_step *step, uint64_t id)
{
    const struct hr_record *record = hr_step_record(step, id);
    HR_STEP_HAVE(record != NULL);
    if (!hr_record_has_work(record->kind) || works_here(step->plan, record->contact->work->owner)) {
        return hr_done();
    }
    int32_t owner =
        owner_of(step->plan, hr_type_of(record->kind), record->contact, step->event->now);
    return owner < 0 ? hr_done() : hr_step_assign_work(step, id, owner, 0);
}

/* ---- what people do with it ---------------------------------------------------------------------------- */

/* The stories of those whom it is about tell it, too. */
static hr_status link_contacts(struct hr_step *step, uint64_t id)
{
    enum { CONTACTS_MAX = 8 };
    const struct hr_contact *work = hr_step_contact(step, id);
    HR_STEP_HAVE(work != NULL);
    size_t told = 0;
    for (size_t i = work->related_count; i > 0 && told < CONTACTS_MAX; i--) {
        if (work->related[i - 1].kind == HR_RECORD_contact) {
            HR_TRY(hr_step_link(step, work->related[i - 1].record));
            told++;
        }
    }
    return hr_done();
}

static hr_status plan_next(struct hr_step *step, const struct hr_command *command,
                           const struct hr_work *work)
{
    const struct hr_fact fact = {
        .kind = HR_FACT_work_planned,
        .record = command->contact,
        .other = command->person,
        .at = step->event->now,
        .until = command->until == HR_INSTANT_NONE ? work->due : command->until,
        .text = command->text.size == 0 ? work->next : command->text,
    };
    bool says_something = command->text.size > 0 || command->until != HR_INSTANT_NONE;
    bool past = command->until != HR_INSTANT_NONE && command->until <= step->event->now;
    bool empty = fact.text.size == 0; /* a date, and nothing to be done by then */
    return says_something && !past && !empty ? hr_step_emit(step, &fact) : hr_answer(HR_E_REFUSED);
}

static hr_status hand_over(struct hr_step *step, const struct hr_command *command)
{
    int32_t person = hr_plan_person_numbered(step->plan, command->other);
    bool may = person >= 0 && !step->plan->people[person].inactive;
    return may ? hr_step_assign_work(step, command->contact, person, command->person)
               : hr_answer(HR_E_REFUSED);
}

static hr_status close(struct hr_step *step, const struct hr_command *command)
{
    bool dropped = command->verb == HR_VERB_work_drop;
    const struct hr_fact fact = {
        .kind = HR_FACT_work_closed,
        .record = command->contact,
        .other = command->person,
        .at = step->event->now,
        .state = dropped ? HR_WORK_dropped : HR_WORK_done,
        .text = command->text,
    };
    return dropped && command->text.size == 0 ? hr_answer(HR_E_REFUSED) /* who drops it says why */
                                              : hr_step_emit(step, &fact);
}

hr_status hr_step_work_command(struct hr_step *step)
{
    const struct hr_command *command = step->event->command;
    const struct hr_record *record = hr_step_record(step, command->contact);
    HR_STEP_HAVE(record != NULL);
    const struct hr_work *work =
        record->exists && hr_record_has_work(record->kind) ? record->contact->work : NULL;
    if (work == NULL || work->state != HR_WORK_open) {
        return hr_answer(HR_E_REFUSED);
    }
    const struct hr_work before = *work; /* linking may move the row that it stands in */
    HR_TRY(link_contacts(step, command->contact));
    switch ((int)command->verb) {
    case HR_VERB_work_plan:
        HR_TRY(plan_next(step, command, &before));
        break;
    case HR_VERB_work_assign:
        HR_TRY(hand_over(step, command));
        break;
    default:
        HR_TRY(close(step, command));
        break;
    }
    HR_TRY(hr_step_look_at_work(step, command->contact));
    return hr_step_look_around_task(step, command->contact);
}
