/* Pipelines: their stages are named first, because fields and steps speak of them; the evidence is read when all
 * fields are known. */
#include "workspace/inside.h"

/* Two pipelines with a stage of one name: the bare name is nobody's. */
enum { STAGE_TWICE = INT32_MAX };

/* ---- names first --------------------------------------------------------------------------------- */

static void put_stage(struct hr_draft *draft, struct hr_text name, size_t index)
{
    const uint64_t *seen = hr_map_find(&draft->stage_by_id, name);
    draft->refused |=
        !hr_ok(hr_map_put(&draft->stage_by_id, name, seen == NULL ? index : STAGE_TWICE));
}

static void name_stage(struct hr_draft *draft, struct hr_pipeline *pipeline, struct hr_node *node)
{
    struct hr_plan *plan = draft->plan;
    struct hr_node *id = node->kind == HR_NODE_map ? hr_node_get(node, HR_TEXT("id")) : NULL;
    if (id == NULL) {
        hr_draft_error(draft, key_missing, node->place, "a stage of pipeline `%.*s` has no `id`",
                       HR_SHOW(pipeline->id))
            ->help = HR_TEXT("begin it with `- id: lead`");
        return;
    }
    if (!hr_draft_id(draft, id, "stage", false)) {
        return;
    }
    size_t index = plan->stage_count;
    struct hr_text full =
        hr_text_format(draft->into, "%.*s.%.*s", HR_SHOW(pipeline->id), HR_SHOW(id->scalar));
    const uint64_t *seen = hr_map_find(&draft->stage_by_id, full);
    if (seen != NULL) {
        struct hr_diagnostic *item =
            hr_draft_error(draft, id_twice, id->place, "pipeline `%.*s` has two stages `%.*s`",
                           HR_SHOW(pipeline->id), HR_SHOW(id->scalar));
        item->label = HR_TEXT("again here");
        item->second = draft->stage_nodes[*seen].key->place;
        item->second_label = HR_TEXT("first here");
        return;
    }
    struct hr_stage *stage = &plan->stages[index];
    stage->id = hr_draft_copy(draft, id->scalar);
    stage->pipeline = (int32_t)(pipeline - plan->pipelines);
    stage->place = hr_draft_place(draft, id->place);
    draft->stage_nodes[index] = (struct hr_pair){id, node};
    put_stage(draft, full, index);
    put_stage(draft, stage->id, index);
    pipeline->count++;
    plan->stage_count++;
}

static size_t count_stages(const struct hr_section *section)
{
    size_t count = 0;
    for (size_t i = 0; i < section->count; i++) {
        const struct hr_node *list = hr_draft_get(section->pairs[i].value, "stages");
        count += list != NULL && list->kind == HR_NODE_list ? list->count : 0;
    }
    return count;
}

static void keep_stage_names(struct hr_draft *draft)
{
    const struct hr_plan *plan = draft->plan;
    struct hr_text *ids = hr_draft_keep(draft, struct hr_text, plan->stage_count);
    for (size_t i = 0; ids != NULL && i < plan->stage_count; i++) {
        ids[i] = plan->stages[i].id;
    }
    draft->stage_names = (struct hr_known_ids){.noun = "stage",
                                               .items = ids,
                                               .count = ids == NULL ? 0 : plan->stage_count,
                                               .broken = draft->pipeline_names.broken};
}

void hr_draft_name_stages(struct hr_draft *draft)
{
    const struct hr_section *section = &draft->pipelines;
    struct hr_plan *plan = draft->plan;
    size_t most = draft->pipeline_names.broken ? 0 : count_stages(section);
    hr_map_init(&draft->stage_by_id, &draft->scratch);
    plan->pipelines = hr_draft_keep(draft, struct hr_pipeline, draft->pipeline_names.count);
    plan->stages = hr_draft_keep(draft, struct hr_stage, most);
    draft->stage_nodes = hr_draft_scratch(draft, struct hr_pair, most);
    if (plan->pipelines == NULL || plan->stages == NULL || draft->stage_nodes == NULL) {
        return;
    }
    for (size_t i = 0; i < draft->pipeline_names.count; i++) {
        struct hr_pipeline *pipeline = &plan->pipelines[i];
        pipeline->id = draft->pipeline_names.items[i];
        pipeline->owner = pipeline->field = HR_NONE_INDEX;
        pipeline->first = (int32_t)plan->stage_count;
        pipeline->place = hr_draft_place(draft, section->pairs[i].key->place);
        plan->pipeline_count++;
        const struct hr_node *list = hr_draft_get(section->pairs[i].value, "stages");
        size_t count = hr_draft_list(draft, list, "stages", HR_LIMIT_stages);
        for (size_t stage = 0; stage < count; stage++) {
            name_stage(draft, pipeline, list->items[stage]);
        }
    }
    keep_stage_names(draft);
}

void hr_draft_stage_ids(struct hr_draft *draft, int32_t pipeline, struct hr_field *field)
{
    if (pipeline < 0) {
        return;
    }
    const struct hr_pipeline *from = &draft->plan->pipelines[pipeline];
    struct hr_text *ids = hr_draft_keep(draft, struct hr_text, (size_t)from->count);
    for (int32_t i = 0; ids != NULL && i < from->count; i++) {
        ids[i] = draft->plan->stages[from->first + i].id;
    }
    field->values = ids;
    field->value_count = ids == NULL ? 0 : (size_t)from->count;
}

/* ---- then all of them ------------------------------------------------------------------------------ */

static void read_stage(struct hr_draft *draft, struct hr_stage *stage, const struct hr_pair *pair)
{
    const struct hr_node *map = pair->value;
    (void)hr_draft_map(draft, HR_GRAM_stage, pair->key, map);
    stage->title = hr_draft_title(draft, map, stage->id);
    stage->means = hr_draft_text(draft, map, "means");
    stage->evidence =
        hr_draft_clauses(draft, hr_draft_get(map, "evidence"), "evidence", HR_USE_evidence);
    stage->has_expect_next =
        hr_draft_span_at(draft, map, "expect_next_within", &stage->expect_next_within);
}

static void read_moves(struct hr_draft *draft, struct hr_pipeline *pipeline,
                       const struct hr_node *map)
{
    const struct hr_node *moves = hr_draft_get(map, "moves");
    if (moves == NULL || !hr_draft_map(draft, HR_GRAM_moves, moves, moves)) {
        return;
    }
    pipeline->moves_said = true;
    pipeline->moves_place = hr_draft_place(draft, moves->place);
    struct hr_nodes by = hr_draft_some(draft, hr_draft_get(moves, "by"), "by", HR_LIMIT_names);
    for (size_t i = 0; i < by.count; i++) {
        int mover = hr_draft_word(draft, by.items[i], &hr_words_mover);
        pipeline->moved_by_automation |= mover == 0;
        pipeline->moved_by_people |= mover == 1;
    }
    pipeline->skip_stages = (enum hr_move_answer)hr_draft_word_at(
        draft, moves, "skip_stages", &hr_words_move_answer, HR_MOVE_ask);
    pipeline->backwards = (enum hr_move_answer)hr_draft_word_at(draft, moves, "backwards",
                                                                &hr_words_move_answer, HR_MOVE_ask);
}

/* The field in which the record shows its stage. */
static int32_t find_field(const struct hr_plan *plan, const struct hr_pipeline *pipeline)
{
    const struct hr_record_plan *record = &plan->records[pipeline->record];
    for (size_t i = 0; i < record->field_count; i++) {
        if (record->fields[i].type == HR_FIELD_stage &&
            record->fields[i].contract->pipeline == (int32_t)(pipeline - plan->pipelines)) {
            return (int32_t)i;
        }
    }
    return HR_NONE_INDEX;
}

static void read_pipeline(struct hr_draft *draft, struct hr_pipeline *pipeline,
                          const struct hr_pair *pair)
{
    if (!hr_draft_id(draft, pair->key, "pipeline", false) ||
        !hr_draft_map(draft, HR_GRAM_pipeline, pair->key, pair->value)) {
        return;
    }
    const struct hr_node *stages = hr_draft_get(pair->value, "stages");
    pipeline->title = hr_draft_title(draft, pair->value, pipeline->id);
    pipeline->record = (enum hr_record_type)hr_draft_word_at(
        draft, pair->value, "record", &hr_words_record_type, HR_RECORD_TYPE_contact);
    pipeline->owner = hr_draft_person(draft, pair->value, "owner");
    pipeline->field = find_field(draft->plan, pipeline);
    if (stages != NULL && stages->kind == HR_NODE_list && stages->count == 0) {
        hr_draft_error(draft, text_empty, stages->place, "pipeline `%.*s` has no stages",
                       HR_SHOW(pipeline->id));
    }
    read_moves(draft, pipeline, pair->value);
    for (int32_t i = pipeline->first; i < pipeline->first + pipeline->count; i++) {
        read_stage(draft, &draft->plan->stages[i], &draft->stage_nodes[i]);
    }
}

void hr_draft_read_pipelines(struct hr_draft *draft)
{
    for (size_t i = 0; i < draft->plan->pipeline_count; i++) {
        read_pipeline(draft, &draft->plan->pipelines[i], &draft->pipelines.pairs[i]);
    }
}
