/* Steps that write: fields, stages, owners, linked records, and what a machine proposes. */
#include "workspace/steps_inside.h"

enum { MOST_TIMES_MAX = 1000 };

/* ---- set, copy_to ---------------------------------------------------------------------------------- */

static const struct hr_expr *read_value(struct hr_draft *draft, const struct hr_field *field,
                                        const struct hr_node *node)
{
    enum hr_type want = field == NULL ? HR_TYPE_dyn : hr_field_wanted_type(field->type);
    const struct hr_expr *value = hr_draft_expr(draft, node, HR_USE_rule, want);
    if (value != NULL && field != NULL) {
        hr_draft_check_value(draft, field, node, value);
    }
    return value;
}

/* One row of a list: {if, value} or {else}; else must be the last. */
static bool read_row(struct hr_draft *draft, const struct hr_field *field,
                     const struct hr_node *node, bool last, struct hr_set_value *value)
{
    const struct hr_node *when = hr_draft_get(node, "if");
    const struct hr_node *then = hr_draft_get(node, "value");
    const struct hr_node *rest = hr_draft_get(node, "else");
    if (!hr_draft_map(draft, HR_GRAM_set_row, node, node)) {
        return false;
    }
    bool pair = when != NULL && then != NULL && rest == NULL;
    bool all = when == NULL && then == NULL && rest != NULL;
    if (!pair && !all) {
        hr_draft_error(draft, set_rows, node->place,
                       "a row is `{if: condition, value: value}`, and the last `{else: value}`");
        return false;
    }
    if (all && !last) {
        hr_draft_error(draft, set_rows, node->place, "no row behind `else` is ever taken")->help =
            HR_TEXT("make the row with `else` the last one");
        return false;
    }
    value->when = hr_draft_clauses(draft, when, "if", HR_USE_rule);
    value->value = read_value(draft, field, pair ? then : rest);
    value->place = hr_draft_place(draft, node->place);
    return value->value != NULL;
}

static bool read_set_line(struct hr_draft *draft, enum hr_record_type record,
                          const struct hr_pair *pair, struct hr_set_line *line)
{
    const struct hr_known_ids *names = &draft->records[record].field_names;
    line->field = hr_draft_ref(draft, pair->key, names, HR_CODE_field_unknown);
    line->place = hr_draft_place(draft, pair->key->place);
    const struct hr_field *field =
        line->field < 0 ? NULL : &draft->plan->records[record].fields[line->field];
    bool rows = pair->value->kind == HR_NODE_list;
    struct hr_nodes nodes = hr_draft_some(draft, pair->value, "set", HR_LIMIT_rules);
    struct hr_set_value *values = hr_draft_keep(draft, struct hr_set_value, nodes.count);
    for (size_t i = 0; values != NULL && i < nodes.count; i++) {
        struct hr_set_value *value = &values[line->value_count];
        if (rows) {
            line->value_count +=
                read_row(draft, field, nodes.items[i], i + 1 == nodes.count, value);
        } else {
            value->value = read_value(draft, field, nodes.items[i]);
            value->place = hr_draft_place(draft, nodes.items[i]->place);
            line->value_count += value->value != NULL;
        }
    }
    line->values = values;
    return line->field >= 0;
}

static const struct hr_set_line *read_set_lines(struct hr_draft *draft, enum hr_record_type record,
                                                const struct hr_node *map, size_t *ret_count)
{
    const struct hr_node *set = hr_draft_get(map, "set");
    struct hr_pairs pairs = hr_draft_pairs(draft, set, "set", HR_LIMIT_mappings);
    struct hr_set_line *lines = hr_draft_keep(draft, struct hr_set_line, pairs.count);
    *ret_count = 0;
    for (size_t i = 0; lines != NULL && i < pairs.count; i++) {
        *ret_count += read_set_line(draft, record, &pairs.items[i], &lines[*ret_count]);
    }
    if (set != NULL && set->kind == HR_NODE_map && set->count == 0) {
        hr_draft_error(draft, text_empty, set->place, "`set` sets nothing");
    }
    return lines;
}

void hr_step_read_set(struct hr_step_reading *reading, struct hr_plan_step *step,
                      const struct hr_node *map)
{
    struct hr_draft *draft = reading->draft;
    struct hr_step_set *set = hr_draft_keep(draft, struct hr_step_set, 1);
    const struct hr_node *order = hr_draft_get(map, "order_by");
    step->set = set;
    if (set != NULL) {
        set->lines = read_set_lines(draft, reading->automation->record, map, &set->line_count);
        set->order_by =
            order == NULL ? NULL : hr_draft_expr(draft, order, HR_USE_rule, HR_TYPE_time);
    }
}

void hr_step_read_copy(struct hr_step_reading *reading, struct hr_plan_step *step,
                       const struct hr_node *map)
{
    struct hr_draft *draft = reading->draft;
    struct hr_step_copy *copy = hr_draft_keep(draft, struct hr_step_copy, 1);
    step->copy = copy;
    if (copy == NULL) {
        return;
    }
    int to = hr_draft_word_at(draft, map, "copy_to", &hr_words_record_type, -1);
    copy->to = to < 0 ? HR_RECORD_TYPE_account : (enum hr_record_type)to;
    copy->if_none = (enum hr_if_none)hr_draft_word_at(draft, map, "if_none", &hr_words_if_none,
                                                      HR_IF_NONE_skip);
    if (to >= 0) {
        copy->lines = read_set_lines(draft, copy->to, map, &copy->line_count);
    }
}

/* ---- move_stage --------------------------------------------------------------------------------------- */

void hr_step_read_move(struct hr_step_reading *reading, struct hr_plan_step *step,
                       const struct hr_node *map)
{
    struct hr_draft *draft = reading->draft;
    struct hr_step_move *move = hr_draft_keep(draft, struct hr_step_move, 1);
    const struct hr_node *node = hr_draft_get(map, "move_stage");
    step->move = move;
    if (move == NULL) {
        return;
    }
    move->pipeline = move->stage = HR_NONE_INDEX;
    if (!hr_draft_scalar(draft, node, "stage")) {
        return;
    }
    move->stage = hr_draft_stage(draft, node, node->scalar);
    if (move->stage < 0) {
        return;
    }
    move->pipeline = draft->plan->stages[move->stage].pipeline;
    const struct hr_pipeline *pipeline = &draft->plan->pipelines[move->pipeline];
    if (pipeline->record != reading->automation->record) {
        hr_draft_error(draft, stage_of_other, node->place,
                       "`%.*s` is a stage of %.*s, and this automation is about %.*s",
                       HR_SHOW(node->scalar), HR_SHOW(hr_words_records.items[pipeline->record]),
                       HR_SHOW(hr_words_records.items[reading->automation->record]));
    }
}

/* ---- assign --------------------------------------------------------------------------------------------- */

/* A part of the scalar as a node of its own, for looking it up. */
static struct hr_node part_of(const struct hr_node *node, size_t from)
{
    struct hr_node part = *node;
    part.scalar = hr_text_trim(hr_text_slice(node->scalar, from, node->scalar.size));
    return part;
}

static void read_whom(struct hr_draft *draft, struct hr_step_assign *assign,
                      const struct hr_node *node)
{
    struct hr_text table = HR_TEXT("from table ");
    struct hr_text next = HR_TEXT("next in ");
    assign->index = HR_NONE_INDEX;
    if (hr_text_starts(node->scalar, table)) {
        struct hr_node part = part_of(node, table.size);
        assign->kind = HR_ASSIGN_table;
        assign->index = hr_draft_ref(draft, &part, &draft->table_names, HR_CODE_table_unknown);
    } else if (hr_text_equal(node->scalar, HR_TEXT("next in the same team"))) {
        assign->kind = HR_ASSIGN_next_same;
    } else if (hr_text_starts(node->scalar, next)) {
        struct hr_node part = part_of(node, next.size);
        assign->kind = HR_ASSIGN_next;
        assign->index = hr_draft_ref(draft, &part, &draft->team_names, HR_CODE_team_unknown);
        hr_draft_check_active(draft, node, HR_NONE_INDEX, assign->index);
    } else {
        struct hr_party party = hr_draft_party(draft, node, false);
        assign->kind = party.kind == HR_PARTY_team ? HR_ASSIGN_team : HR_ASSIGN_person;
        assign->index = party.index;
    }
}

static int32_t read_assign_field(struct hr_step_reading *reading, const struct hr_node *map,
                                 const struct hr_node *verb)
{
    struct hr_draft *draft = reading->draft;
    enum hr_record_type record = reading->automation->record;
    const struct hr_record_plan *plan = &draft->plan->records[record];
    const struct hr_node *node = hr_draft_get(map, "field");
    int32_t field = node == NULL ? plan->owner_field
                                 : hr_draft_ref(draft, node, &draft->records[record].field_names,
                                                HR_CODE_field_unknown);
    bool broken = node == NULL ? draft->records[record].field_names.broken : field < 0;
    if (!broken && (field < 0 || plan->fields[field].type != HR_FIELD_person)) {
        hr_draft_error(draft, assign_field, node == NULL ? verb->place : node->place,
                       node == NULL ? "%.*s have no field `owner` of type person"
                                    : "%.*s have no such field of type person",
                       HR_SHOW(hr_words_records.items[record]));
    }
    return field;
}

void hr_step_read_assign(struct hr_step_reading *reading, struct hr_plan_step *step,
                         const struct hr_node *map)
{
    struct hr_draft *draft = reading->draft;
    struct hr_step_assign *assign = hr_draft_keep(draft, struct hr_step_assign, 1);
    const struct hr_node *node = hr_draft_get(map, "assign");
    step->assign = assign;
    if (assign == NULL || !hr_draft_scalar(draft, node, "assign")) {
        return;
    }
    read_whom(draft, assign, node);
    assign->field = read_assign_field(reading, map, node);
    assign->skip = hr_draft_clauses(draft, hr_draft_get(map, "skip"), "skip", HR_USE_skip);
    assign->sticky = hr_draft_flag(draft, map, "sticky", false);
    assign->if_nobody = hr_draft_party_at(draft, map, "if_nobody", false);
    assign->most_times = hr_draft_count(draft, map, "most_times", MOST_TIMES_MAX, 0);
    assign->then = hr_draft_party_at(draft, map, "then", false);
}

/* ---- ai --------------------------------------------------------------------------------------------------- */

void hr_step_read_ai(struct hr_step_reading *reading, struct hr_plan_step *step,
                     const struct hr_node *map)
{
    struct hr_draft *draft = reading->draft;
    struct hr_step_ai *ai = hr_draft_keep(draft, struct hr_step_ai, 1);
    struct hr_text word = hr_step_kind_word(step->kind);
    step->ai = ai;
    if (ai == NULL) {
        return;
    }
    const struct hr_node *field = hr_draft_get(map, word.data);
    struct hr_nodes from = hr_draft_some(draft, hr_draft_get(map, "from"), "from", HR_LIMIT_names);
    hr_draft_warning(draft, not_available_yet, field->place, "`%.*s` is not available yet",
                     HR_SHOW(word));
    ai->field = hr_draft_ref(draft, field, &draft->records[reading->automation->record].field_names,
                             HR_CODE_field_unknown);
    ai->from = hr_draft_exprs(draft, from, &ai->from_count);
    ai->confirm_by = hr_draft_parties_at(draft, map, "confirm_by", false);
    ai->use_before_confirmed_for =
        hr_draft_texts(draft, map, "use_before_confirmed_for", HR_LIMIT_names, &ai->use_count);
}
