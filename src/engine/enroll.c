/* Who is let into an automation: each answer is a fact, so that "why not" can be told for ever. */
#include "engine/runs.h"
#include "engine/schedule.h"
#include "plan/aloud.h"

/* What keeps somebody out. why 0: nothing does. */
struct barrier {
    enum hr_kept_out why;
    struct hr_text words; /* the condition, as written; of a group of them, as it is read aloud */
    struct hr_value seen; /* of a condition that does not hold: observed, expected; or null */
};

/* ---- the key ------------------------------------------------------------------------------------------ */

/* What the enrollment is once for: the key's value of the event; the contact itself where no key is said. */
static hr_status key_of(struct hr_passing *passing, const struct hr_automation *automation,
                        struct hr_key *ret_key, struct hr_text *ret_shown, bool *ret_there)
{
    struct hr_step *step = passing->step;
    const struct hr_expr *key = automation->reenter.key;
    *ret_key = (struct hr_key){{0}};
    *ret_shown = HR_TEXT_NONE;
    *ret_there = true;
    if (automation->reenter.kind != HR_REENTER_once_per || key == NULL) {
        return hr_done();
    }
    struct hr_sight sight = hr_passing_sight(passing, NULL);
    const struct hr_expr_view view = hr_sight_view(&sight);
    struct hr_value value;
    hr_status status = hr_expr_evaluate(key, &view, step->arena, &value, NULL);
    *ret_there = hr_ok(status) && value.kind != HR_KIND_null;
    if (*ret_there) {
        *ret_shown = hr_value_show(step->arena, &value);
        *ret_key = hr_key_of(step->engine->secret, *ret_shown);
    }
    return status.code == HR_E_MEMORY ? status : hr_done();
}

/* ---- barriers ------------------------------------------------------------------------------------------- */

static struct barrier barred(enum hr_kept_out why)
{
    return (struct barrier){.why = why};
}

static bool is_running(const struct hr_contact *contact, uint32_t automation,
                       const struct hr_key *key)
{
    for (size_t i = 0; i < contact->run_count; i++) {
        if (contact->runs[i].automation == automation && hr_key_equal(&contact->runs[i].key, key)) {
            return true;
        }
    }
    return false;
}

/* Enrolled before, also where the contact's row has no room to say so any more. */
static hr_status find_entered(struct hr_passing *passing, const struct hr_automation *automation,
                              const struct hr_key *key, bool *ret_before, hr_instant *ret_last_at)
{
    const struct hr_contact *contact = hr_step_contact(passing->step, passing->contact);
    HR_STEP_HAVE(contact != NULL);
    const struct hr_entered *entered = hr_contact_entered(contact, automation->name_number, key);
    *ret_before = entered != NULL;
    *ret_last_at = entered == NULL ? HR_INSTANT_NONE : entered->last_at;
    if (entered == NULL && contact->entered_count >= HR_ENTERED_MAX) {
        uint64_t half = 0;
        uint64_t rest = 0;
        uint64_t times = 0;
        hr_key_unpair(key, &half, &rest);
        struct hr_key kept = hr_entered_key(passing->contact, automation->name_number, half);
        HR_STEP_HAVE(hr_step_entry(passing->step, HR_SPACE_entered, &kept, &times));
        *ret_before = times > 0;
    }
    return hr_done();
}

/* When it began, or begins: of a time of a schedule that time, however long it takes to look at everybody. */
static hr_instant began_at(const struct hr_passing *passing)
{
    return passing->by_clock ? passing->now->event.at : passing->step->event->now;
}

static hr_status ask_before(struct hr_passing *passing, const struct hr_automation *automation,
                            const struct hr_key *key, struct barrier *ret_barrier)
{
    const struct hr_contact *contact = hr_step_contact(passing->step, passing->contact);
    HR_STEP_HAVE(contact != NULL);
    bool before = false;
    hr_instant last_at = HR_INSTANT_NONE;
    hr_instant again = HR_INSTANT_NONE;
    if (automation->reenter.kind != HR_REENTER_every_event) {
        HR_TRY(find_entered(passing, automation, key, &before, &last_at));
    }
    switch (automation->reenter.kind) {
    case HR_REENTER_every_event: /* one after another: the same event never comes twice */
        return hr_done();
    case HR_REENTER_after:
        again = hr_automation_again(passing->step->plan, automation, last_at);
        before = before && (again == HR_INSTANT_NONE || began_at(passing) < again);
        break;
    case HR_REENTER_unsaid:
    case HR_REENTER_never:
    case HR_REENTER_once_per:
        break;
    }
    if (is_running(contact, automation->name_number, key)) {
        *ret_barrier = barred(HR_OUT_running);
    } else if (before) {
        *ret_barrier = barred(HR_OUT_before);
    }
    return hr_done();
}

/* Where in 0 .. 9999 the contact falls, the same for ever: a growing share takes more in and leaves none out. */
static uint32_t bucket_of(const struct hr_engine *engine, uint64_t contact,
                          const struct hr_automation *automation, const char *what)
{
    uint8_t bytes[16] = {0};
    for (int i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(contact >> (8 * i));
        bytes[8 + i] = (uint8_t)((uint64_t)automation->name_number >> (8 * i));
    }
    bytes[15] = (uint8_t)what[0];
    struct hr_key key =
        hr_key_of(engine->secret, (struct hr_text){(const char *)bytes, sizeof bytes});
    uint64_t first = 0;
    uint64_t second = 0;
    hr_key_unpair(&key, &first, &second);
    return (uint32_t)(first % 10000);
}

bool hr_automation_leaves_alone(const struct hr_engine *engine, uint64_t contact,
                                const struct hr_automation *automation)
{
    return bucket_of(engine, contact, automation, "control") <
           (uint32_t)automation->rollout.control;
}

bool hr_automation_reaches(const struct hr_engine *engine, uint64_t contact,
                           const struct hr_automation *automation)
{
    return bucket_of(engine, contact, automation, "share") < (uint32_t)automation->rollout.share;
}

static struct barrier rolled_out(const struct hr_passing *passing,
                                 const struct hr_automation *automation)
{
    const struct hr_engine *engine = passing->step->engine;
    if (hr_automation_leaves_alone(engine, passing->contact, automation)) {
        return barred(HR_OUT_control);
    }
    return hr_automation_reaches(engine, passing->contact, automation) ? barred(0)
                                                                       : barred(HR_OUT_share);
}

struct hr_text hr_clause_words(struct hr_arena *into, const struct hr_clause *clause)
{
    const struct hr_clauses group = {clause, 1};
    return clause->kind == HR_CLAUSE_line ? hr_expr_source(clause->expr)
                                          : hr_aloud_clauses(into, &group, "");
}

/* What a condition that does not hold saw, and what it should have seen. */
static struct hr_value seen_by(struct hr_passing *passing, const struct hr_clause *clause)
{
    struct hr_arena *arena = passing->step->arena;
    struct hr_sight sight = hr_passing_sight(passing, &passing->now->event);
    struct hr_expr_mismatch mismatch;
    struct hr_value *both = hr_arena_new_many(arena, struct hr_value, 2);
    sight.arena = arena;
    const struct hr_expr_view view = hr_sight_view(&sight);
    if (both == NULL || clause->kind != HR_CLAUSE_line ||
        !hr_expr_mismatch_of(clause->expr, &view, arena, &mismatch)) {
        return hr_value_null();
    }
    both[0] = mismatch.observed;
    both[1] = mismatch.expected;
    return (struct hr_value){.kind = HR_KIND_list, .count = 2, .items = both};
}

static hr_status find_barrier(struct hr_passing *passing, const struct hr_automation *automation,
                              const struct hr_key *key, struct barrier *ret_barrier)
{
    struct hr_step *step = passing->step;
    const struct hr_record *switches =
        hr_step_record(step, HR_ID_AUTOMATION + automation->name_number);
    const struct hr_contact *contact = hr_step_contact(step, passing->contact);
    HR_STEP_HAVE(switches != NULL && contact != NULL);
    struct hr_sight sight = hr_passing_sight(passing, &passing->now->event);
    *ret_barrier = barred(0);
    if (switches->exists && switches->automation->state != HR_SWITCH_on) {
        *ret_barrier = barred(HR_OUT_switched_off);
        return hr_done();
    }
    const struct hr_clause *clause = hr_sight_unmet(&sight, &automation->when, step->arena);
    if (clause != NULL) {
        *ret_barrier = (struct barrier){HR_OUT_when, hr_clause_words(step->arena, clause),
                                        seen_by(passing, clause)};
        return hr_done();
    }
    hr_sight_settle(&sight);
    clause = hr_sight_any(&sight, &automation->stop, step->arena);
    if (clause != NULL) {
        *ret_barrier =
            (struct barrier){.why = HR_OUT_stopped, .words = hr_clause_words(step->arena, clause)};
        return hr_done();
    }
    HR_TRY(ask_before(passing, automation, key, ret_barrier));
    if (ret_barrier->why == 0) {
        *ret_barrier = rolled_out(passing, automation);
    }
    bool full = contact->run_count >= HR_RUNS_MAX || step->made >= HR_RUN_IDS_MAX;
    if (ret_barrier->why == 0 && full) {
        *ret_barrier = barred(HR_OUT_full);
    }
    return hr_done();
}

/* ---- in or out ------------------------------------------------------------------------------------------ */

/* A schedule means many: those it does not mean are not told one by one, and why can be asked of them at any time. */
static hr_status keep_out(struct hr_passing *passing, const struct hr_automation *automation,
                          const struct barrier *barrier)
{
    if (passing->by_clock) {
        return hr_done();
    }
    const struct hr_fact fact = {
        .kind = HR_FACT_run_kept_out,
        .record = passing->contact,
        .name = automation->name_number,
        .other = passing->now->event.type,
        .at = passing->now->event.at,
        .state = (uint8_t)barrier->why,
        .text = barrier->words,
        .value = barrier->seen,
    };
    HR_TRY(hr_step_emit(passing->step, &fact));
    return hr_run_count(passing->step, automation->name_number, HR_COUNT_none,
                        HR_COUNT_kept_out + (unsigned)barrier->why);
}

static hr_status let_in(struct hr_passing *passing, const struct hr_automation *automation,
                        const struct hr_key *key, struct hr_text shown, uint64_t *ret_id)
{
    struct hr_step *step = passing->step;
    const struct hr_kept_event *event = &passing->now->event;
    struct hr_value *parts = hr_arena_new_many(step->arena, struct hr_value, 3);
    if (parts == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    parts[0] = hr_value_int(event->tool);
    parts[1] = hr_value_int(event->at);
    parts[2] = event->data;
    *ret_id = hr_record_id(step->event->position, step->made++);
    const struct hr_fact fact = {
        .kind = HR_FACT_run_began,
        .record = passing->contact,
        .name = automation->name_number,
        .other = event->type,
        .number = *ret_id,
        .at = began_at(passing),
        .third = (hr_instant)automation->meaning,
        .key = *key,
        .text = shown,
        .value = {.kind = HR_KIND_list, .count = 3, .items = parts},
    };
    HR_TRY(hr_step_emit(step, &fact));
    return hr_run_count(step, automation->name_number, HR_COUNT_none, HR_COUNT_running);
}

hr_status hr_run_enroll(struct hr_passing *passing, const struct hr_automation *automation,
                        uint64_t *ret_id)
{
    struct hr_key key;
    struct hr_text shown;
    struct barrier barrier;
    bool there = true;
    *ret_id = 0;
    HR_TRY(key_of(passing, automation, &key, &shown, &there));
    HR_TRY(find_barrier(passing, automation, &key, &barrier));
    if (barrier.why == 0 && !there) {
        barrier = barred(HR_OUT_no_key);
    }
    return barrier.why != 0 ? keep_out(passing, automation, &barrier)
                            : let_in(passing, automation, &key, shown, ret_id);
}
