/* expr/eval: walks the checked tree. Nothing is allocated on the way of a plain comparison; field
 * slots and overloads were found by the checker. Depth is bounded by the parser, steps and bytes by
 * the run's budget. */
#include "expr/program.h"

#include <string.h>

void hr_expr_run_init(struct hr_expr_run *run, struct hr_text source,
                      const struct hr_expr_view *view, struct hr_arena *arena)
{
    run->source = source;
    run->view = view;
    run->open = false;
    run->arena = arena;
    run->steps_left = HR_EXPR_STEPS_MAX;
    run->bytes_left = HR_EXPR_BYTES_MAX;
    run->message = HR_TEXT_NONE;
    run->at = 0;
}

int32_t hr_expr_fail(struct hr_expr_run *run, const struct hr_expr_node *node, const char *why)
{
    run->message = hr_text_from(why);
    run->at = node->kind == HR_EXPR_NODE_call || node->kind == HR_EXPR_NODE_select ? node->name_at
                                                                                   : node->at;
    return HR_EXPR_FAILED;
}

bool hr_expr_spend(struct hr_expr_run *run, size_t steps)
{
    if (steps > run->steps_left) {
        run->steps_left = 0;
        return false;
    }
    run->steps_left -= (uint32_t)steps;
    return true;
}

bool hr_expr_scan(struct hr_expr_run *run, size_t bytes)
{
    return bytes < 1024 || hr_expr_spend(run, bytes / 1024);
}

void *hr_expr_make(struct hr_expr_run *run, size_t count, size_t size, int32_t *ret_outcome)
{
    size_t bytes = 0;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > run->bytes_left) {
        *ret_outcome = HR_EXPR_BUDGET;
        return NULL;
    }
    run->bytes_left -= (uint32_t)bytes;
    void *made = hr_arena_alloc(run->arena, bytes);
    *ret_outcome = made != NULL ? 0 : HR_E_MEMORY;
    return made;
}

struct hr_value hr_expr_list_of(const struct hr_value *items, size_t count)
{
    return (struct hr_value){.kind = HR_KIND_list, .count = (uint32_t)count, .items = items};
}

struct hr_value hr_expr_map_of(const struct hr_member *members, size_t count)
{
    return (struct hr_value){.kind = HR_KIND_map, .count = (uint32_t)count, .members = members};
}

struct hr_value hr_expr_optional_of(const struct hr_value *items, size_t count)
{
    return (struct hr_value){.kind = HR_KIND_optional, .count = (uint32_t)count, .items = items};
}

int32_t hr_expr_some(struct hr_expr_run *run, const struct hr_value *value,
                     struct hr_value *ret_value)
{
    int32_t outcome = 0;
    struct hr_value *held = hr_expr_make(run, 1, sizeof(struct hr_value), &outcome);
    if (held != NULL) {
        *held = *value;
        *ret_value = hr_expr_optional_of(held, 1);
    }
    return outcome;
}

struct hr_value hr_expr_uint_of(uint64_t natural)
{
    return (struct hr_value){.kind = HR_KIND_uint, .natural = natural};
}

struct hr_value hr_expr_bytes_of(struct hr_text bytes)
{
    struct hr_value value = hr_value_text(bytes);
    value.kind = HR_KIND_bytes;
    return value;
}

struct hr_value hr_expr_type_of(const char *name)
{
    struct hr_value value = hr_value_text(hr_text_from(name));
    value.kind = HR_KIND_type;
    return value;
}

enum hr_type hr_expr_value_type(const struct hr_value *value)
{
    static const uint8_t types[] = {
        [HR_KIND_null] = HR_TYPE_null,         [HR_KIND_bool] = HR_TYPE_bool,
        [HR_KIND_int] = HR_TYPE_int,           [HR_KIND_uint] = HR_TYPE_uint,
        [HR_KIND_double] = HR_TYPE_double,     [HR_KIND_text] = HR_TYPE_text,
        [HR_KIND_bytes] = HR_TYPE_bytes,       [HR_KIND_time] = HR_TYPE_time,
        [HR_KIND_duration] = HR_TYPE_duration, [HR_KIND_list] = HR_TYPE_list,
        [HR_KIND_map] = HR_TYPE_map,           [HR_KIND_type] = HR_TYPE_type,
        [HR_KIND_optional] = HR_TYPE_optional,
    };
    if (value->kind == HR_KIND_bytes && value->form != HR_BYTES_plain) {
        return value->form == HR_BYTES_address ? HR_TYPE_ip : HR_TYPE_cidr;
    }
    return value->kind <= HR_KIND_optional ? (enum hr_type)types[value->kind] : HR_TYPE_dyn;
}

/* What the view answered must be of the declared type; null is unset, a whole number may stand for
 * a number. */
static int32_t accept_value(struct hr_expr_run *run, const struct hr_expr_node *node,
                            hr_shape shape, struct hr_value *value)
{
    enum hr_type want = hr_shape_type(shape);
    if (value->kind == HR_KIND_null) {
        return want == HR_TYPE_null ? 0 : HR_EXPR_UNSET;
    }
    enum hr_type type = hr_expr_value_type(value);
    if (want == HR_TYPE_dyn || shape == type) {
        return 0;
    }
    if (want == type && hr_shape_holds(run, shape, value)) {
        return 0;
    }
    if (run->steps_left == 0) {
        return HR_EXPR_BUDGET;
    }
    if (want == HR_TYPE_double && value->kind == HR_KIND_int) {
        *value = hr_value_double((double)value->integer);
        return 0;
    }
    if (want == HR_TYPE_int && value->kind == HR_KIND_uint && value->natural <= INT64_MAX) {
        *value = hr_value_int((int64_t)value->natural);
        return 0;
    }
    hr_expr_fail(run, node, "");
    run->message =
        hr_text_format(run->arena, "this is %s, but %s was expected",
                       hr_expr_type_words((uint8_t)type), hr_expr_type_words((uint8_t)want));
    return HR_EXPR_FAILED;
}

static int32_t eval_field(struct hr_expr_run *run, const struct hr_expr_node *node,
                          struct hr_value *ret_value)
{
    const struct hr_expr_view *view = run->view;
    if (view == NULL || view->field_of == NULL ||
        !view->field_of(view->context, node->name, node->field, node->text, ret_value)) {
        return run->open ? HR_EXPR_OPEN : HR_EXPR_UNSET;
    }
    return accept_value(run, node, node->shape, ret_value);
}

static int32_t eval_name(struct hr_expr_run *run, const struct hr_expr_node *node,
                         struct hr_value *ret_value)
{
    const struct hr_expr_view *view = run->view;
    if (view == NULL || view->value_of == NULL ||
        !view->value_of(view->context, node->name, ret_value)) {
        return run->open ? HR_EXPR_OPEN : HR_EXPR_UNSET;
    }
    return accept_value(run, node, node->shape, ret_value);
}

/* The field of a map, NULL when it has none; not a map: HR_EXPR_FAILED. */
static int32_t find_field(struct hr_expr_run *run, const struct hr_expr_node *node,
                          const struct hr_value *map, const struct hr_value **ret_found)
{
    if (map->kind != HR_KIND_map) {
        return hr_expr_fail(run, node, "this has no fields");
    }
    if (!hr_expr_spend(run, map->count / 8)) {
        return HR_EXPR_BUDGET;
    }
    *ret_found = hr_value_member(map, node->text);
    return 0;
}

/* left.?field, and any field of an optional: an optional again. */
static int32_t select_maybe(struct hr_expr_run *run, const struct hr_expr_node *node,
                            const struct hr_value *left, struct hr_value *ret_value)
{
    const struct hr_value *map = left;
    const struct hr_value *found = NULL;
    if (left->kind == HR_KIND_optional) {
        map = left->items;
    }
    bool nothing = (left->kind == HR_KIND_optional && left->count == 0) ||
                   (node->children[0]->type == HR_TYPE_dyn && map->kind == HR_KIND_null);
    int32_t outcome = nothing ? 0 : find_field(run, node, map, &found);
    if (outcome != 0 || found == NULL) {
        *ret_value = hr_expr_optional_of(NULL, 0);
        return outcome;
    }
    return hr_expr_some(run, found, ret_value);
}

/* A field of a map. Of what came from outside (type "anything") a missing or null field is unset;
 * of a value that is a map by its type, CEL's rule holds (docs/decisions/0005-unset.md). */
static int32_t eval_select(struct hr_expr_run *run, const struct hr_expr_node *node,
                           struct hr_value *ret_value)
{
    const struct hr_expr_node *left = node->children[0];
    const struct hr_value *found = NULL;
    struct hr_value map;
    bool loose = left->type == HR_TYPE_dyn;
    int32_t outcome = hr_expr_eval(run, left, &map);
    if (outcome == HR_EXPR_UNSET && node->maybe) {
        *ret_value = hr_expr_optional_of(NULL, 0);
        return 0;
    }
    if (outcome != 0) {
        return outcome;
    }
    if (node->maybe || map.kind == HR_KIND_optional) {
        return select_maybe(run, node, &map, ret_value);
    }
    if (loose && map.kind == HR_KIND_null) {
        return HR_EXPR_UNSET;
    }
    outcome = find_field(run, node, &map, &found);
    if (outcome != 0) {
        return outcome;
    }
    if (found == NULL) {
        return loose ? HR_EXPR_UNSET : hr_expr_fail(run, node, "there is no such key");
    }
    if (loose && found->kind == HR_KIND_null) {
        return HR_EXPR_UNSET;
    }
    *ret_value = *found;
    return 0;
}

/* has(x.y): for a map by its type the key counts, even over null; of an optional, that it has one. */
static int32_t eval_has(struct hr_expr_run *run, const struct hr_expr_node *node,
                        struct hr_value *ret_value)
{
    const struct hr_expr_node *child = node->children[0];
    struct hr_value value;
    if (child->kind == HR_EXPR_NODE_select && !child->maybe &&
        child->children[0]->type == HR_TYPE_map) {
        int32_t outcome = hr_expr_eval(run, child->children[0], &value);
        if (outcome != 0) {
            return outcome;
        }
        const struct hr_value *found = NULL;
        outcome = find_field(run, child, &value, &found);
        *ret_value = hr_value_bool(found != NULL);
        return outcome;
    }
    int32_t outcome = hr_expr_eval(run, child, &value);
    bool has = outcome == 0 && (value.kind != HR_KIND_optional || value.count > 0);
    *ret_value = hr_value_bool(has);
    return outcome == HR_EXPR_UNSET ? 0 : outcome;
}

static int32_t eval_known(struct hr_expr_run *run, const struct hr_expr_node *node,
                          struct hr_value *ret_value)
{
    struct hr_value value;
    int32_t outcome = hr_expr_eval(run, node->children[0], &value);
    bool held = outcome == 0 && value.kind != HR_KIND_null &&
                (value.kind != HR_KIND_optional || value.count > 0);
    *ret_value = hr_value_bool(held);
    return outcome == HR_EXPR_UNSET ? 0 : outcome;
}

/* changed(x): whether what is judged gave x another value; only the view can tell. */
static int32_t eval_changed(struct hr_expr_run *run, const struct hr_expr_node *node,
                            struct hr_value *ret_value)
{
    const struct hr_expr_node *child = node->children[0];
    const struct hr_expr_view *view = run->view;
    if (run->open) {
        return HR_EXPR_OPEN;
    }
    if (view == NULL || view->changed == NULL) {
        return hr_expr_fail(run, node, "what changed is not known here");
    }
    *ret_value =
        hr_value_bool(view->changed(view->context, child->name, child->field, child->text));
    return 0;
}

int32_t hr_expr_worse(int32_t a, int32_t b)
{
    if (a == 0 || b == HR_EXPR_OPEN) {
        return b;
    }
    return b == HR_EXPR_UNSET && a != HR_EXPR_OPEN ? b : a;
}

/* && and ||: one part that decides absorbs whatever the others did. */
static int32_t eval_logic(struct hr_expr_run *run, const struct hr_expr_node *node,
                          struct hr_value *ret_value)
{
    bool deciding = node->kind == HR_EXPR_NODE_or;
    int32_t pending = 0;
    for (uint32_t i = 0; i < node->count; i++) {
        struct hr_value value;
        int32_t outcome = hr_expr_eval(run, node->children[i], &value);
        if (outcome == HR_EXPR_BUDGET || outcome < 0) {
            return outcome;
        }
        if (outcome == 0 && value.kind != HR_KIND_bool) {
            outcome = hr_expr_fail(run, node->children[i], "this is not a yes or no");
        }
        if (outcome == 0 && value.truth == deciding) {
            *ret_value = value;
            return 0;
        }
        pending = hr_expr_worse(pending, outcome);
    }
    *ret_value = hr_value_bool(!deciding);
    return pending;
}

static int32_t eval_choose(struct hr_expr_run *run, const struct hr_expr_node *node,
                           struct hr_value *ret_value)
{
    struct hr_value condition;
    int32_t outcome = hr_expr_eval(run, node->children[0], &condition);
    if (outcome != 0) {
        return outcome;
    }
    if (condition.kind != HR_KIND_bool) {
        return hr_expr_fail(run, node->children[0], "this is not a yes or no");
    }
    return hr_expr_eval(run, node->children[condition.truth ? 1 : 2], ret_value);
}

/* The value of a part written with "?": what its optional holds; *ret_held: whether it holds any. */
static int32_t open_optional(struct hr_expr_run *run, const struct hr_expr_node *part,
                             struct hr_value *value, bool *ret_held)
{
    if (value->kind != HR_KIND_optional) {
        return hr_expr_fail(run, part, "behind \"?\" stands an optional");
    }
    *ret_held = value->count > 0;
    if (*ret_held) {
        struct hr_value held = value->items[0];
        *value = held;
    }
    return 0;
}

static int32_t eval_list(struct hr_expr_run *run, const struct hr_expr_node *node,
                         struct hr_value *ret_value)
{
    int32_t outcome = 0;
    size_t count = 0;
    struct hr_value *items = hr_expr_make(run, node->count, sizeof(struct hr_value), &outcome);
    for (uint32_t i = 0; outcome == 0 && i < node->count; i++) {
        bool held = true;
        outcome = hr_expr_eval(run, node->children[i], &items[count]);
        if (outcome == 0 && node->children[i]->maybe) {
            outcome = open_optional(run, node->children[i], &items[count], &held);
        }
        count += held ? 1 : 0;
    }
    *ret_value = hr_expr_list_of(items, count);
    return outcome;
}

int32_t hr_expr_check_key(struct hr_expr_run *run, const struct hr_expr_node *node,
                          const struct hr_member *members, size_t count, const struct hr_value *key)
{
    if (key->kind != HR_KIND_text && key->kind != HR_KIND_int && key->kind != HR_KIND_uint &&
        key->kind != HR_KIND_bool) {
        return hr_expr_fail(run, node, "a key must be a text, a whole number or a yes or no");
    }
    struct hr_value before = hr_expr_map_of(members, count);
    if (hr_expr_lookup(run, &before, key) != NULL) {
        return hr_expr_fail(run, node, "this key stands here twice");
    }
    return run->steps_left == 0 ? HR_EXPR_BUDGET : 0;
}

static int32_t add_member(struct hr_expr_run *run, const struct hr_expr_node *key_node,
                          const struct hr_expr_node *value_node, struct hr_member *members,
                          size_t *count)
{
    struct hr_member *member = &members[*count];
    bool held = true;
    int32_t outcome = hr_expr_eval(run, key_node, &member->key);
    if (outcome == 0) {
        outcome = hr_expr_check_key(run, key_node, members, *count, &member->key);
    }
    if (outcome == 0) {
        outcome = hr_expr_eval(run, value_node, &member->value);
    }
    if (outcome == 0 && key_node->maybe) {
        outcome = open_optional(run, value_node, &member->value, &held);
    }
    *count += held ? 1 : 0;
    return outcome;
}

static int32_t eval_map(struct hr_expr_run *run, const struct hr_expr_node *node,
                        struct hr_value *ret_value)
{
    int32_t outcome = 0;
    size_t count = 0;
    struct hr_member *members =
        hr_expr_make(run, node->count / 2, sizeof(struct hr_member), &outcome);
    for (uint32_t i = 0; outcome == 0 && i + 1 < node->count; i += 2) {
        outcome = add_member(run, node->children[i], node->children[i + 1], members, &count);
    }
    *ret_value = hr_expr_map_of(members, count);
    return outcome;
}

/* cel.bind(): what has no value fails where it is used, if it is used. */
static int32_t eval_bind(struct hr_expr_run *run, const struct hr_expr_node *node,
                         struct hr_value *ret_value)
{
    for (uint32_t i = 0; i + 1 < node->count; i++) {
        uint8_t slot = (uint8_t)(node->slot + i);
        int32_t outcome = hr_expr_eval(run, node->children[i], &run->locals[slot]);
        if (outcome == HR_EXPR_BUDGET || outcome < 0) {
            return outcome;
        }
        run->local_outcomes[slot] = outcome;
    }
    return hr_expr_eval(run, node->children[node->count - 1], ret_value);
}

/* optMap() and optFlatMap(): nothing stays nothing. */
static int32_t eval_maybe(struct hr_expr_run *run, const struct hr_expr_node *node,
                          struct hr_value *ret_value)
{
    struct hr_value given;
    int32_t outcome = hr_expr_eval(run, node->children[0], &given);
    if (outcome != 0) {
        return outcome;
    }
    if (given.kind != HR_KIND_optional) {
        return hr_expr_fail(run, node, "this runs on an optional");
    }
    *ret_value = given;
    if (given.count == 0) {
        return 0;
    }
    run->locals[node->slot] = given.items[0];
    run->local_outcomes[node->slot] = 0;
    struct hr_value made;
    outcome = hr_expr_eval(run, node->children[1], &made);
    if (outcome != 0) {
        return outcome;
    }
    if (node->op == 0) {
        return hr_expr_some(run, &made, ret_value);
    }
    *ret_value = made;
    return made.kind == HR_KIND_optional
               ? 0
               : hr_expr_fail(run, node->children[1], "optFlatMap() makes an optional");
}

/* Applies the overload that fits the arguments. */
static int32_t apply_call(struct hr_expr_run *run, const struct hr_expr_node *node,
                          const struct hr_value *args, struct hr_value *ret_value)
{
    if (node->exact) {
        return node->overload->apply(run, node, args, ret_value);
    }
    for (uint32_t i = 0; i < node->overload_count; i++) {
        const struct hr_expr_overload *row = &node->overload[i];
        bool fits = row->arg_count == node->count;
        for (uint32_t k = 0; fits && k < node->count; k++) {
            enum hr_type want = hr_shape_type(row->args[k]);
            fits = want == HR_TYPE_dyn || (unsigned)want >= HR_SHAPE_FREE ||
                   want == hr_expr_value_type(&args[k]);
        }
        if (fits) {
            return row->apply(run, node, args, ret_value);
        }
    }
    return hr_expr_fail(run, node, "this function or operator does not take these types");
}

static bool is_null_literal(const struct hr_expr_node *node)
{
    return node->kind == HR_EXPR_NODE_literal && node->value.kind == HR_KIND_null;
}

static bool is_equality(const struct hr_expr_node *node)
{
    return node->op == HR_STYLE_operator && node->text.size == 2 && node->text.data[1] == '=' &&
           (node->text.data[0] == '=' || node->text.data[0] == '!');
}

static int32_t eval_call(struct hr_expr_run *run, const struct hr_expr_node *node,
                         struct hr_value *ret_value)
{
    struct hr_value args[HR_EXPR_ARGS_MAX];
    bool open = false;
    for (uint32_t i = 0; i < node->count; i++) {
        int32_t outcome = hr_expr_eval(run, node->children[i], &args[i]);
        if (outcome == HR_EXPR_UNSET && is_equality(node) &&
            is_null_literal(node->children[1 - i])) {
            args[i] = hr_value_null();
        } else if (outcome == HR_EXPR_OPEN) {
            open = true; /* another argument may be unset for good, and decides then */
        } else if (outcome != 0) {
            return outcome;
        } else if (i == 0 && (node->overload->flags & HR_OVERLOAD_lazy) != 0 &&
                   args[0].kind == HR_KIND_optional && args[0].count > 0) {
            bool whole = hr_shape_type(node->overload->result) == HR_TYPE_optional;
            *ret_value = whole ? args[0] : args[0].items[0];
            return 0; /* the other is not asked */
        }
    }
    return open ? HR_EXPR_OPEN : apply_call(run, node, args, ret_value);
}

int32_t hr_expr_eval(struct hr_expr_run *run, const struct hr_expr_node *node,
                     struct hr_value *ret_value)
{
    if (run->steps_left == 0) {
        return HR_EXPR_BUDGET;
    }
    run->steps_left--;
    *ret_value = hr_value_null(); /* where there is no answer, nothing stands there by chance */
    switch (node->kind) {
    case HR_EXPR_NODE_literal:
        *ret_value = node->value;
        return 0;
    case HR_EXPR_NODE_field:
        return eval_field(run, node, ret_value);
    case HR_EXPR_NODE_call:
        return eval_call(run, node, ret_value);
    case HR_EXPR_NODE_and:
    case HR_EXPR_NODE_or:
        return eval_logic(run, node, ret_value);
    case HR_EXPR_NODE_name:
        return eval_name(run, node, ret_value);
    case HR_EXPR_NODE_local:
        *ret_value = run->locals[node->slot];
        return run->local_outcomes[node->slot];
    case HR_EXPR_NODE_select:
        return eval_select(run, node, ret_value);
    case HR_EXPR_NODE_has:
        return eval_has(run, node, ret_value);
    case HR_EXPR_NODE_known:
        return eval_known(run, node, ret_value);
    case HR_EXPR_NODE_choose:
        return eval_choose(run, node, ret_value);
    case HR_EXPR_NODE_list:
        return eval_list(run, node, ret_value);
    case HR_EXPR_NODE_map:
        return eval_map(run, node, ret_value);
    case HR_EXPR_NODE_loop:
        return hr_expr_eval_loop(run, node, ret_value);
    case HR_EXPR_NODE_bind:
        return eval_bind(run, node, ret_value);
    case HR_EXPR_NODE_maybe:
        return eval_maybe(run, node, ret_value);
    case HR_EXPR_NODE_changed:
        return eval_changed(run, node, ret_value);
    case HR_EXPR_NODE_broken: /* of an unchecked program */
        return hr_expr_fail(run, node, "there is no such name, function or field for these types");
    default:
        hr_assert_failed("a checked tree has only these nodes", __FILE__, __LINE__);
    }
}

hr_status hr_expr_evaluate(const struct hr_expr *expr, const struct hr_expr_view *view,
                           struct hr_arena *into, struct hr_value *ret_value,
                           struct hr_expr_error *reterr)
{
    struct hr_expr_run run;
    hr_expr_run_init(&run, expr->source, view, into);
    int32_t outcome = hr_expr_eval(&run, expr->root, ret_value);
    if (outcome == 0 && expr->want != HR_TYPE_dyn) {
        outcome = accept_value(&run, expr->root, (hr_shape)expr->want, ret_value);
    }
    if (outcome == 0) {
        return hr_done();
    }
    *ret_value = hr_value_null();
    if (reterr != NULL) {
        reterr->message = outcome == HR_EXPR_UNSET ? HR_TEXT("a field that it needs has no value")
                          : outcome == HR_EXPR_BUDGET
                              ? HR_TEXT("it took more steps or memory than allowed")
                              : run.message;
        reterr->column = (uint32_t)hr_expr_points(hr_text_slice(expr->source, 0, run.at)) + 1;
    }
    return hr_answer(outcome);
}

/* Every part of an && and one of an || must be able to hold; any other part holds, does not, or is open. The tree is
 * no deeper than HR_EXPR_DEPTH_MAX. */
static bool can_hold(struct hr_expr_run *run, const struct hr_expr_node *node)
{
    bool all = node->kind == HR_EXPR_NODE_and;
    if (all || node->kind == HR_EXPR_NODE_or) {
        for (uint32_t i = 0; i < node->count; i++) {
            if (can_hold(run, node->children[i]) != all) {
                return !all;
            }
        }
        return all;
    }
    struct hr_value value = hr_value_null();
    int32_t outcome = hr_expr_eval(run, node, &value);
    return outcome == 0 ? value.kind != HR_KIND_bool || value.truth : outcome != HR_EXPR_UNSET;
}

bool hr_expr_can_hold(const struct hr_expr *expr, const struct hr_expr_view *view,
                      struct hr_arena *scratch)
{
    struct hr_expr_run run;
    hr_expr_run_init(&run, expr->source, view, scratch);
    run.open = true;
    return can_hold(&run, expr->root);
}
