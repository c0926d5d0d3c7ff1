/* template/render_loops: for, tablerow, render, include and cycle: what turns or goes into another text. */
#include "template/run_inside.h"

/* ---- what a loop goes over ----------------------------------------------------------------- */

/* The part of a list that a loop takes. */
struct part {
    const struct hr_value *items;
    uint32_t count;
    bool reversed;
};

/* A setting of the loop as a count, never negative. */
static int32_t setting_of(struct hr_template_run *run, const struct hr_template_expr *expr,
                          uint32_t otherwise, uint32_t *ret_count)
{
    struct hr_template_result result;
    int64_t whole = 0;
    *ret_count = otherwise;
    if (expr == NULL) {
        return 0;
    }
    int32_t outcome = hr_template_eval_needed(run, expr, &result);
    if (outcome != 0 || result.value.kind == HR_KIND_null) {
        return outcome;
    }
    if (result.value.kind == HR_KIND_double) { /* cols: 2.6 is 2 */
        struct hr_decimal decimal;
        struct hr_decimal down = hr_decimal_whole(0);
        if (hr_decimal_of(&result.value, &decimal)) {
            down = hr_decimal_floor(&decimal);
        }
        outcome = hr_decimal_value(run, &down, &result.value);
    }
    if (outcome == 0) {
        outcome = hr_template_whole(run, &result.value, expr->at, expr->size, &whole);
    }
    *ret_count = whole < 0 ? 0 : (uint32_t)whole;
    return outcome;
}

/* A missing list is an outcome, unless the loop has an else that speaks of it. */
static int32_t list_of(struct hr_template_run *run, const struct hr_template_loop *loop,
                       struct part *ret_part)
{
    struct hr_template_result over;
    int32_t outcome = loop->has_otherwise ? hr_template_eval(run, loop->over, &over)
                                          : hr_template_eval_needed(run, loop->over, &over);
    if (outcome != 0) {
        return outcome;
    }
    return hr_template_items(run, &over.value, &ret_part->items, &ret_part->count);
}

static int32_t part_of(struct hr_template_run *run, const struct hr_template_loop *loop,
                       struct part *ret_part)
{
    uint32_t offset = 0;
    uint32_t limit = 0;
    int32_t outcome = hr_template_spend(run, loop->label.size / 64) ? 0 : HR_TEMPLATE_LIMIT;
    if (outcome == 0) {
        outcome = list_of(run, loop, ret_part);
    }
    if (outcome == 0) {
        outcome = setting_of(run, loop->offset, 0, &offset);
    }
    if (outcome == 0) {
        outcome = setting_of(run, loop->limit, UINT32_MAX, &limit);
    }
    if (outcome != 0) {
        return outcome;
    }
    if (loop->continues) {
        const uint64_t *ended = hr_map_find(&run->scope->offsets, loop->label);
        offset = ended != NULL ? (uint32_t)*ended : 0;
    }
    offset = offset > ret_part->count ? ret_part->count : offset;
    ret_part->items = offset > 0 ? ret_part->items + offset : ret_part->items;
    ret_part->count -= offset;
    ret_part->count = ret_part->count > limit ? limit : ret_part->count;
    ret_part->reversed = loop->reversed;
    return hr_map_put(&run->scope->offsets, loop->label, offset + ret_part->count).code;
}

/* ---- forloop, tablerowloop ----------------------------------------------------------------- */

enum { FORLOOP_MEMBERS = 13 };

/* What a loop tells about itself: one map, renewed at each turn. */
struct turns {
    struct hr_member members[FORLOOP_MEMBERS];
    struct hr_value map;
    uint32_t count;
};

static void tell(struct turns *turns, const char *name, struct hr_value value)
{
    hr_assert(turns->count < FORLOOP_MEMBERS);
    turns->members[turns->count++] = (struct hr_member){hr_value_text(hr_text_from(name)), value};
}

static void tell_turn(struct turns *turns, uint32_t index, uint32_t length)
{
    turns->count = 0;
    tell(turns, "length", hr_value_int(length));
    tell(turns, "index", hr_value_int((int64_t)index + 1));
    tell(turns, "index0", hr_value_int(index));
    tell(turns, "rindex", hr_value_int((int64_t)length - index));
    tell(turns, "rindex0", hr_value_int((int64_t)length - index - 1));
    tell(turns, "first", hr_value_bool(index == 0));
    tell(turns, "last", hr_value_bool(index + 1 == length));
}

static void seal_turn(struct turns *turns)
{
    turns->map =
        (struct hr_value){.kind = HR_KIND_map, .count = turns->count, .members = turns->members};
}

/* The forloop of the loop around this one. */
static const struct hr_value *parent_of(const struct hr_template_run *run)
{
    for (const struct hr_template_frame *frame = run->scope->frames; frame != NULL;
         frame = frame->outer) {
        if (frame->forloop != NULL && !frame->apart &&
            hr_text_equal(hr_text_from(frame->forloop_name), HR_TEXT("forloop"))) {
            return frame->forloop;
        }
    }
    return NULL;
}

static bool take_turn(struct hr_template_run *run)
{
    if (run->loops_left == 0) {
        (void)hr_template_beyond(run, "the loops turned more than 10,000 times in all");
        return false;
    }
    run->loops_left--;
    return true;
}

/* ---- for ----------------------------------------------------------------------------------- */

static int32_t run_turns(struct hr_template_run *run, const struct hr_template_loop *loop,
                         const struct part *part)
{
    struct hr_template_result item = {.value = hr_value_null()};
    struct turns *turns = hr_arena_new(run->arena, struct turns);
    const struct hr_value *parent = parent_of(run);
    int32_t outcome = turns != NULL ? 0 : HR_E_MEMORY;
    struct hr_template_frame frame = {.outer = run->scope->frames,
                                      .names = &loop->variable,
                                      .results = &item,
                                      .count = 1,
                                      .forloop = turns != NULL ? &turns->map : NULL,
                                      .forloop_name = "forloop"};
    run->scope->frames = &frame;
    for (uint32_t i = 0; outcome == 0 && i < part->count && run->jump != HR_JUMP_break; i++) {
        if (!take_turn(run)) {
            outcome = HR_TEMPLATE_LIMIT;
            break;
        }
        item.value = part->items[part->reversed ? part->count - 1 - i : i];
        tell_turn(turns, i, part->count);
        tell(turns, "name", hr_value_text(loop->label));
        if (parent != NULL) {
            tell(turns, "parentloop", *parent);
        }
        seal_turn(turns);
        run->jump = HR_JUMP_none;
        outcome = hr_template_walk(run, &loop->body);
    }
    run->jump = HR_JUMP_none;
    run->scope->frames = frame.outer;
    return outcome;
}

int32_t hr_template_run_for(struct hr_template_run *run, const struct hr_template_node *node)
{
    struct part part = {0};
    int32_t outcome = part_of(run, node->loop, &part);
    if (outcome != 0) {
        return outcome;
    }
    return part.count > 0 ? run_turns(run, node->loop, &part)
                          : hr_template_walk(run, &node->loop->otherwise);
}

/* ---- tablerow ------------------------------------------------------------------------------ */

/* Where in the table a turn stands; counts from 0. */
struct cell {
    uint32_t index;
    uint32_t length;
    uint32_t columns;
};

static void tell_cell(struct turns *turns, const struct cell *cell)
{
    uint32_t column = cell->index % cell->columns;
    tell_turn(turns, cell->index, cell->length);
    tell(turns, "col", hr_value_int((int64_t)column + 1));
    tell(turns, "col0", hr_value_int(column));
    tell(turns, "col_first", hr_value_bool(column == 0));
    tell(turns, "col_last", hr_value_bool(column + 1 == cell->columns));
    tell(turns, "row", hr_value_int((int64_t)(cell->index / cell->columns) + 1));
    seal_turn(turns);
}

static int32_t run_cells(struct hr_template_run *run, const struct hr_template_loop *loop,
                         const struct part *part, uint32_t columns, struct turns *turns,
                         struct hr_template_result *item)
{
    struct cell cell = {.length = part->count, .columns = columns > 0 ? columns : part->count};
    int32_t outcome = 0;
    for (; outcome == 0 && cell.index < part->count && run->jump != HR_JUMP_break; cell.index++) {
        uint32_t column = cell.index % cell.columns;
        if (!take_turn(run)) {
            return HR_TEMPLATE_LIMIT;
        }
        if (column == 0 && cell.index > 0) {
            hr_buffer_add_format(run->out, "</tr>\n<tr class=\"row%u\">",
                                 cell.index / cell.columns + 1);
        }
        item->value = part->items[cell.index];
        tell_cell(turns, &cell);
        hr_buffer_add_format(run->out, "<td class=\"col%u\">", column + 1);
        run->jump = HR_JUMP_none;
        outcome = hr_template_walk(run, &loop->body);
        hr_buffer_add_text(run->out, HR_TEXT("</td>"));
    }
    run->jump = HR_JUMP_none;
    return outcome;
}

int32_t hr_template_run_tablerow(struct hr_template_run *run, const struct hr_template_node *node)
{
    const struct hr_template_loop *loop = node->loop;
    struct part part = {0};
    uint32_t columns = 0;
    struct hr_template_result item = {.value = hr_value_null()};
    struct turns *turns = hr_arena_new(run->arena, struct turns);
    int32_t outcome = turns == NULL ? HR_E_MEMORY : part_of(run, loop, &part);
    if (outcome == 0) {
        outcome = setting_of(run, loop->columns, 0, &columns);
    }
    if (outcome != 0) {
        return outcome;
    }
    struct hr_template_frame frame = {.outer = run->scope->frames,
                                      .names = &loop->variable,
                                      .results = &item,
                                      .count = 1,
                                      .forloop = &turns->map,
                                      .forloop_name = "tablerowloop"};
    run->scope->frames = &frame;
    hr_buffer_add_text(run->out, HR_TEXT("<tr class=\"row1\">\n"));
    outcome = run_cells(run, loop, &part, columns, turns, &item);
    hr_buffer_add_text(run->out, HR_TEXT("</tr>\n"));
    run->scope->frames = frame.outer;
    return outcome;
}

/* ---- partials ------------------------------------------------------------------------------ */

/* In a scope of its own a partial has what it was given as variables, which it may set anew. */
static int32_t give(struct hr_template_run *run, struct hr_template_scope *scope,
                    struct hr_template_frame *frame)
{
    int32_t outcome = 0;
    hr_template_scope_init(scope, run->arena);
    run->scope = scope;
    for (uint32_t i = 0; outcome == 0 && i < frame->count; i++) {
        outcome = hr_template_set(run, frame->names[i], &frame->results[i]);
    }
    return outcome;
}

/* Shows a partial once, with what stands in the frame: in a scope of its own, or in the caller's. */
static int32_t show_partial(struct hr_template_run *run, const struct hr_template_call *call,
                            const struct hr_template_frame *given)
{
    struct hr_template_frame frame = *given;
    const struct hr_template *caller = run->template;
    struct hr_text partial = run->partial;
    struct hr_template_scope *outer = run->scope;
    struct hr_template_scope own;
    int32_t outcome = 0;
    if (!call->shares) {
        outcome = give(run, &own, &frame);
        frame.count = 0;
    }
    frame.outer = run->scope->frames;
    run->scope->frames = &frame;
    run->template = call->partial;
    run->partial = call->name;
    if (outcome == 0) {
        outcome = hr_template_walk(run, &call->partial->body);
    }
    run->scope->frames = frame.outer;
    run->scope = outer;
    run->template = caller;
    run->partial = partial;
    if (!call->shares) {
        run->jump = HR_JUMP_none;
    }
    return outcome;
}

/* Once for each item; the alias and forloop stand for it. names[0] is the alias. */
static int32_t show_each(struct hr_template_run *run, const struct hr_template_call *call,
                         struct hr_template_frame *frame, struct hr_template_result *results,
                         const struct hr_value *over)
{
    const struct hr_value *items = NULL;
    uint32_t count = 0;
    struct turns *turns = hr_arena_new(run->arena, struct turns);
    int32_t outcome = turns == NULL ? HR_E_MEMORY : hr_template_items(run, over, &items, &count);
    for (uint32_t i = 0; outcome == 0 && i < count && run->jump == HR_JUMP_none; i++) {
        if (!take_turn(run)) {
            return HR_TEMPLATE_LIMIT;
        }
        results[0] = (struct hr_template_result){.value = items[i]};
        tell_turn(turns, i, count);
        tell(turns, "name", hr_value_text(call->name));
        seal_turn(turns);
        frame->forloop = &turns->map;
        frame->forloop_name = "forloop";
        frame->apart = true;
        outcome = show_partial(run, call, frame);
    }
    return outcome;
}

static int32_t show(struct hr_template_run *run, const struct hr_template_call *call,
                    struct hr_template_frame *frame, struct hr_template_result *results)
{
    struct hr_template_result bound = {.value = hr_value_null()};
    if (call->bound == NULL) {
        return show_partial(run, call, frame);
    }
    int32_t outcome = call->each ? hr_template_eval_needed(run, call->bound, &bound)
                                 : hr_template_eval(run, call->bound, &bound);
    if (outcome != 0) {
        return outcome;
    }
    bool list = bound.value.kind == HR_KIND_list;
    if (call->each && (list || bound.value.kind == HR_KIND_null)) {
        return show_each(run, call, frame, results, &bound.value);
    }
    results[0] = bound;
    return show_partial(run, call, frame);
}

int32_t hr_template_run_call(struct hr_template_run *run, const struct hr_template_node *node)
{
    const struct hr_template_call *call = node->call;
    uint32_t first = call->bound != NULL;
    uint32_t count = first + call->arg_count;
    int32_t outcome = 0;
    struct hr_text *names = hr_template_make(run, count + 1, sizeof(struct hr_text), &outcome);
    struct hr_template_result *results =
        outcome != 0
            ? NULL
            : hr_template_make(run, count + 1, sizeof(struct hr_template_result), &outcome);
    for (uint32_t i = 0; outcome == 0 && i < call->arg_count; i++) {
        names[first + i] = call->args[i].name;
        outcome = hr_template_eval(run, call->args[i].value, &results[first + i]);
    }
    if (outcome != 0) {
        return outcome;
    }
    if (first > 0) {
        names[0] = call->alias;
    }
    struct hr_template_frame frame = {.names = names, .results = results, .count = count};
    return show(run, call, &frame, results);
}

/* ---- cycle --------------------------------------------------------------------------------- */

/* A named cycle counts by its name's value, an unnamed one by its items; the two never meet. */
static int32_t cycle_key(struct hr_template_run *run, const struct hr_template_cycle *cycle,
                         struct hr_text *ret_key)
{
    struct hr_template_result group;
    *ret_key = cycle->key;
    if (cycle->group != NULL) {
        int32_t outcome = hr_template_eval(run, cycle->group, &group);
        return outcome != 0 ? outcome : hr_template_text(run, &group.value, ret_key);
    }
    return hr_template_spend(run, cycle->key.size / 64) ? 0 : HR_TEMPLATE_LIMIT;
}

int32_t hr_template_run_cycle(struct hr_template_run *run, const struct hr_template_node *node)
{
    const struct hr_template_cycle *cycle = node->cycle;
    struct hr_text key;
    int32_t outcome = cycle_key(run, cycle, &key);
    if (outcome != 0) {
        return outcome;
    }
    struct hr_map *cycles =
        cycle->group != NULL ? &run->scope->cycles : &run->scope->unnamed_cycles;
    const uint64_t *found = hr_map_find(cycles, key);
    uint64_t turn = found != NULL ? *found : 0;
    uint64_t next = turn + 1 >= cycle->count ? 0 : turn + 1;
    struct hr_template_result item = {.value = hr_value_null()};
    outcome = hr_map_put(cycles, key, next).code;
    if (outcome == 0 && turn < cycle->count) {
        outcome = hr_template_eval_needed(run, cycle->items[turn], &item);
    }
    return outcome != 0 ? outcome : hr_template_land(run, node, &item);
}
