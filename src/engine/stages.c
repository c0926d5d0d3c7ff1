/* A record moves along its pipeline: on evidence only, and by the moves that the pipeline allows. The evidence is kept
 * with the move. */
#include "engine/runs.h"
#include "plan/aloud.h"

/* A move on its way. */
struct moving {
    struct hr_walk *walk;
    const struct hr_pipeline *pipeline;
    const struct hr_stage *to;
    int32_t from; /* index in plan->stages; -1: nowhere yet */
};

static int32_t stage_of(const struct hr_plan *plan, const struct hr_pipeline *pipeline,
                        const struct hr_contact *contact)
{
    const struct hr_field *field = &plan->fields[pipeline->field];
    const struct hr_said *said = hr_contact_field(contact, field->name_number);
    for (int32_t i = pipeline->first; said != NULL && i < pipeline->first + pipeline->count; i++) {
        if (hr_text_equal(plan->stages[i].id, hr_value_as_text(&said->value))) {
            return i;
        }
    }
    return HR_NONE_INDEX;
}

/* ---- may it? ------------------------------------------------------------------------------------------ */

/* What the pipeline says to a move of this shape; allow where it says nothing against it. Who enters a pipeline has
 * skipped nothing: it begins where the evidence puts it. Who moves forward on evidence has said why, and the evidence
 * is kept with the move; a person who moves by hand, or a stage that asks for none, has not. That of an earlier stage
 * often still holds, so it is no reason to go back (docs/decisions/0034). */
static enum hr_move_answer answer_of(const struct hr_plan *plan, const struct moving *moving)
{
    int32_t to = (int32_t)(moving->to - plan->stages);
    if (moving->from == HR_NONE_INDEX || to == moving->from + 1) {
        return HR_MOVE_allow;
    }
    if (to < moving->from) {
        return moving->pipeline->backwards;
    }
    bool reasoned = moving->pipeline->skip_stages == HR_MOVE_ask && moving->to->evidence.count > 0;
    return reasoned ? HR_MOVE_allow : moving->pipeline->skip_stages;
}

/* A field that must be known from this stage on, and is not; NULL: none. */
static const struct hr_field *lacking(const struct hr_plan *plan, const struct moving *moving,
                                      const struct hr_contact *contact)
{
    int32_t to = (int32_t)(moving->to - plan->stages);
    int32_t pipeline = (int32_t)(moving->pipeline - plan->pipelines);
    for (size_t i = 0; i < plan->field_count; i++) {
        const struct hr_contract *contract = plan->fields[i].contract;
        bool wanted = contract->required == HR_REQUIRED_from_stage &&
                      contract->required_pipeline == pipeline && contract->required_stage <= to;
        if (wanted && hr_contact_field(contact, plan->fields[i].name_number) == NULL) {
            return &plan->fields[i];
        }
    }
    return NULL;
}

/* Why it may not; empty: it may. */
static struct hr_text obstacle(struct moving *moving)
{
    struct hr_step *step = moving->walk->passing->step;
    const struct hr_contact *contact = hr_step_contact(step, moving->walk->passing->contact);
    struct hr_sight sight = hr_walk_sight(moving->walk);
    if (moving->pipeline->moves_said && !moving->pipeline->moved_by_automation) {
        return HR_TEXT("automations do not move this pipeline");
    }
    const struct hr_clause *unmet = hr_sight_unmet(&sight, &moving->to->evidence, step->arena);
    const struct hr_clauses group = {unmet, 1};
    if (unmet != NULL) {
        return hr_text_format(step->arena, "without its evidence: %.*s",
                              HR_SHOW(hr_aloud_clauses(step->arena, &group, "")));
    }
    const struct hr_field *field = lacking(step->plan, moving, contact);
    if (field != NULL) {
        return hr_text_format(step->arena, "%.*s must be known from this stage on",
                              HR_SHOW(field->id));
    }
    switch (answer_of(step->plan, moving)) {
    case HR_MOVE_ask:
        return HR_TEXT("a person must say why: it skips a stage or goes back");
    case HR_MOVE_refuse:
        return HR_TEXT("the pipeline allows no such move");
    case HR_MOVE_allow:
        break;
    }
    return HR_TEXT_NONE;
}

/* ---- moving ----------------------------------------------------------------------------------------------- */

/* The stage before, and each line of evidence, all of which held. */
static hr_status keep_evidence(const struct moving *moving)
{
    struct hr_step *step = moving->walk->passing->step;
    const struct hr_clauses *evidence = &moving->to->evidence;
    struct hr_value *kept = hr_arena_new_many(step->arena, struct hr_value, evidence->count + 1);
    if (kept == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    uint32_t count = 0;
    kept[count++] = moving->from == HR_NONE_INDEX
                        ? hr_value_null()
                        : hr_value_text(step->plan->stages[moving->from].id);
    for (size_t i = 0; i < evidence->count; i++) {
        if (evidence->items[i].kind == HR_CLAUSE_line) {
            kept[count++] = hr_value_text(hr_expr_source(evidence->items[i].expr));
        }
    }
    const struct hr_fact fact = {
        .kind = HR_FACT_stage_moved,
        .record = moving->walk->passing->contact,
        .name = step->plan->fields[moving->pipeline->field].name_number,
        .other = hr_writer(HR_BY_automation, moving->walk->automation->name_number),
        .at = step->event->now,
        .text = moving->to->id,
        .value = {.kind = HR_KIND_list, .count = count, .items = kept},
    };
    return hr_step_emit(step, &fact);
}

hr_status hr_take_move_stage(struct hr_walk *walk, enum hr_result *ret_result,
                             struct hr_text *ret_words)
{
    struct hr_step *step = walk->passing->step;
    const struct hr_plan *plan = step->plan;
    const struct hr_contact *contact = hr_step_contact(step, walk->passing->contact);
    HR_STEP_HAVE(contact != NULL);
    struct moving moving = {
        .walk = walk,
        .pipeline = &plan->pipelines[walk->at->move->pipeline],
        .to = &plan->stages[walk->at->move->stage],
    };
    *ret_words = HR_TEXT_NONE;
    if (moving.pipeline->field < 0) {
        *ret_result = HR_RESULT_refused;
        *ret_words = HR_TEXT("no field shows the stage");
        return hr_done();
    }
    moving.from = stage_of(plan, moving.pipeline, contact);
    if (moving.from >= 0 && &plan->stages[moving.from] == moving.to) {
        *ret_result = HR_RESULT_nothing;
        return hr_done();
    }
    *ret_words = obstacle(&moving);
    if (ret_words->size > 0) {
        *ret_result = HR_RESULT_refused;
        return hr_done();
    }
    HR_TRY(hr_run_write(walk, moving.pipeline->field, hr_value_text(moving.to->id),
                        step->event->now, ret_result));
    if (*ret_result == HR_RESULT_refused) {
        *ret_words = HR_TEXT("the contract of the stage's field refused it");
    }
    return *ret_result == HR_RESULT_did ? keep_evidence(&moving) : hr_done();
}
