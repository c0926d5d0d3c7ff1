/* template/render: walks the tree and writes what it shows. The text is whole or there is none: the first outcome that
 * is not "done" ends the walk, and what was written is thrown away. */
#include "template/run_inside.h"

/* ---- outcomes ------------------------------------------------------------------------------ */

/* Line and column of a byte, for errors at run time. */
static struct hr_place place_of(struct hr_text source, uint32_t at, uint32_t size)
{
    struct hr_place place = {.line = 1, .column = 1};
    for (uint32_t i = 0; i < at + size && i < source.size; i++) {
        unsigned char byte = (unsigned char)source.data[i];
        uint32_t letter = (byte & 0xc0) != 0x80;
        if (i >= at) {
            place.size += letter;
        } else if (byte == '\n') {
            place.line++;
            place.column = 1;
        } else {
            place.column += letter;
        }
    }
    return place;
}

static int32_t end_with(struct hr_template_run *run, int32_t outcome, enum hr_code code,
                        struct hr_place place, struct hr_text message)
{
    if (run->error != NULL && run->error->code == HR_CODE_none) {
        run->error->code = code;
        run->error->message = message;
        run->error->partial = run->partial;
        run->error->place = place;
    }
    return outcome;
}

int32_t hr_template_fail(struct hr_template_run *run, enum hr_code code, uint32_t at, uint32_t size,
                         const char *why)
{
    return end_with(run, HR_TEMPLATE_FAILED, code, place_of(run->template->source, at, size),
                    hr_text_from(why));
}

int32_t hr_template_missing(struct hr_template_run *run, struct hr_text name, uint32_t at,
                            uint32_t size)
{
    struct hr_place place = place_of(run->template->source, at, size);
    for (size_t i = 0; i < run->template->read_count; i++) {
        if (hr_text_equal(run->template->reads[i].path, name)) {
            place = run->template->reads[i].place;
        }
    }
    if (run->error != NULL && run->error->code == HR_CODE_none) {
        run->error->name = name;
    }
    return end_with(run, HR_TEMPLATE_MISSING, HR_CODE_template_missing, place,
                    hr_text_format(run->arena, "%.*s has no value", HR_SHOW(name)));
}

int32_t hr_template_beyond(struct hr_template_run *run, const char *why)
{
    struct hr_place place = {0};
    if (run->node != NULL && run->steps_left > 0) {
        place = place_of(run->template->source, run->node->at, run->node->size);
    }
    run->steps_left = 0;
    return end_with(run, HR_TEMPLATE_LIMIT, HR_CODE_template_too_much, place, hr_text_from(why));
}

/* ---- budgets ------------------------------------------------------------------------------- */

bool hr_template_spend(struct hr_template_run *run, size_t steps)
{
    if (steps > run->steps_left) {
        (void)hr_template_beyond(run, "this took too much work");
        return false;
    }
    run->steps_left -= (uint32_t)steps;
    return true;
}

void *hr_template_make(struct hr_template_run *run, size_t count, size_t size, int32_t *ret_outcome)
{
    size_t bytes = 0;
    *ret_outcome = 0;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > run->bytes_left) {
        *ret_outcome = hr_template_beyond(run, "the lists on the way became too long");
        return NULL;
    }
    run->bytes_left -= bytes;
    void *made = hr_arena_alloc(run->arena, bytes);
    *ret_outcome = made != NULL ? 0 : HR_E_MEMORY;
    return made;
}

void hr_template_text_begin(struct hr_template_run *run, struct hr_buffer *buffer)
{
    hr_buffer_init(buffer, run->arena, run->bytes_left);
}

int32_t hr_template_text_end(struct hr_template_run *run, const struct hr_buffer *buffer,
                             struct hr_value *ret_value)
{
    int32_t outcome = hr_buffer_status(buffer).code;
    if (outcome == HR_E_LIMIT) {
        return hr_template_beyond(run, "the texts on the way became too long");
    }
    run->bytes_left -= buffer->size;
    *ret_value = hr_value_text(hr_buffer_text(buffer));
    return outcome;
}

/* ---- nodes --------------------------------------------------------------------------------- */

/* Writes into the arena's memory what a body shows. */
static int32_t walk_aside(struct hr_template_run *run, const struct hr_template_body *body,
                          struct hr_text *ret_text)
{
    struct hr_buffer aside;
    struct hr_value made;
    struct hr_buffer *out = run->out;
    hr_template_text_begin(run, &aside);
    run->out = &aside;
    int32_t outcome = hr_template_walk(run, body);
    run->out = out;
    if (outcome == 0) {
        outcome = hr_template_text_end(run, &aside, &made);
        *ret_text = outcome == 0 ? hr_value_as_text(&made) : HR_TEXT_NONE;
    }
    return outcome;
}

/* What the buffer holds from `from` on is a value. */
static int32_t mark_value(struct hr_template_run *run, size_t from)
{
    if (run->marked != run->out || run->out->size == from) {
        return 0;
    }
    if (run->span_count == run->span_capacity) {
        void *grown = hr_list_grow(run->arena, run->spans, run->span_count, &run->span_capacity,
                                   sizeof(struct hr_template_span));
        if (grown == NULL) {
            return HR_E_MEMORY;
        }
        run->spans = grown;
    }
    run->spans[run->span_count++] =
        (struct hr_template_span){(uint32_t)from, (uint32_t)(run->out->size - from)};
    return 0;
}

static int32_t run_output(struct hr_template_run *run, const struct hr_template_node *node)
{
    struct hr_template_result result;
    int32_t outcome = hr_template_eval_pipe(run, &node->pipe, &result);
    if (outcome != 0) {
        return outcome;
    }
    if (hr_template_is_missing(&result.value) && !run->view->lenient) {
        return hr_template_missing(run, hr_template_missing_name(&result.value), node->at,
                                   node->size);
    }
    return hr_template_land(run, node, &result);
}

static int32_t run_if(struct hr_template_run *run, const struct hr_template_node *node)
{
    for (const struct hr_template_branch *branch = node->branches; branch != NULL;
         branch = branch->next) {
        bool holds = branch->otherwise;
        if (!branch->otherwise) {
            int32_t outcome = hr_template_eval_condition(run, &branch->condition, &holds);
            if (outcome != 0) {
                return outcome;
            }
        }
        if (holds != branch->negated) {
            return hr_template_walk(run, &branch->body);
        }
    }
    return 0;
}

/* How many values of a when are the case's; its body is shown once for each. */
static int32_t count_matches(struct hr_template_run *run, const struct hr_template_branch *branch,
                             const struct hr_value *value, uint32_t *ret_matches)
{
    *ret_matches = 0;
    for (uint32_t i = 0; i < branch->value_count; i++) {
        struct hr_template_result when;
        int32_t outcome = hr_template_eval(run, branch->values[i], &when);
        if (outcome != 0) {
            return outcome;
        }
        *ret_matches += hr_template_equal(run, value, &when.value);
    }
    return 0;
}

static int32_t run_case(struct hr_template_run *run, const struct hr_template_node *node)
{
    struct hr_template_result result;
    bool matched = false;
    int32_t outcome = hr_template_eval(run, node->pipe.base, &result);
    for (const struct hr_template_branch *branch = node->branches; outcome == 0 && branch != NULL;
         branch = branch->next) {
        uint32_t matches = branch->otherwise && !matched;
        if (!branch->otherwise) {
            outcome = count_matches(run, branch, &result.value, &matches);
            matched = matched || matches > 0;
        }
        for (uint32_t i = 0; outcome == 0 && i < matches && run->jump == HR_JUMP_none; i++) {
            outcome = hr_template_walk(run, &branch->body);
        }
    }
    return outcome;
}

static int32_t run_assign(struct hr_template_run *run, const struct hr_template_node *node)
{
    struct hr_template_result result;
    int32_t outcome = hr_template_eval_pipe(run, &node->pipe, &result);
    return outcome != 0 ? outcome : hr_template_set(run, node->text, &result);
}

static int32_t run_capture(struct hr_template_run *run, const struct hr_template_node *node)
{
    struct hr_text text = HR_TEXT_NONE;
    int32_t outcome = walk_aside(run, &node->branches->body, &text);
    if (outcome != 0) {
        return outcome;
    }
    bool html = run->template->landing == HR_LANDING_html;
    struct hr_template_result result = {.value = hr_value_text(text),
                                        .mark = html ? HR_MARK_html : HR_MARK_plain};
    return hr_template_set(run, node->text, &result);
}

static int32_t run_ifchanged(struct hr_template_run *run, const struct hr_template_node *node)
{
    struct hr_text text = HR_TEXT_NONE;
    int32_t outcome = walk_aside(run, &node->branches->body, &text);
    if (outcome == 0 && !hr_text_equal(text, run->scope->changed)) {
        run->scope->changed = text;
        hr_buffer_add_text(run->out, text);
    }
    return outcome;
}

/* increment shows the number and adds one; decrement takes one away and shows it. */
static int32_t run_count(struct hr_template_run *run, const struct hr_template_node *node)
{
    const uint64_t *found = hr_map_find(&run->scope->counters, node->text);
    int64_t number = found != NULL ? (int64_t)*found : 0;
    int64_t after = number + node->step;
    struct hr_template_result shown = {.value = hr_value_int(node->step > 0 ? number : after)};
    int32_t outcome = hr_map_put(&run->scope->counters, node->text, (uint64_t)after).code;
    return outcome != 0 ? outcome : hr_template_land(run, node, &shown);
}

static int32_t run_node(struct hr_template_run *run, const struct hr_template_node *node)
{
    switch (node->kind) {
    case HR_NODE_text:
        hr_buffer_add_text(run->out, node->text);
        return 0;
    case HR_NODE_output:
        return run_output(run, node);
    case HR_NODE_if:
        return run_if(run, node);
    case HR_NODE_case:
        return run_case(run, node);
    case HR_NODE_for:
        return hr_template_run_for(run, node);
    case HR_NODE_tablerow:
        return hr_template_run_tablerow(run, node);
    case HR_NODE_assign:
        return run_assign(run, node);
    case HR_NODE_capture:
        return run_capture(run, node);
    case HR_NODE_cycle:
        return hr_template_run_cycle(run, node);
    case HR_NODE_count:
        return run_count(run, node);
    case HR_NODE_render:
        return hr_template_run_call(run, node);
    case HR_NODE_ifchanged:
        return run_ifchanged(run, node);
    default:
        run->jump = node->kind == HR_NODE_break ? HR_JUMP_break : HR_JUMP_continue;
        return 0;
    }
}

static bool shows_value(const struct hr_template_node *node)
{
    return node->kind == HR_NODE_output || node->kind == HR_NODE_cycle ||
           node->kind == HR_NODE_count || node->kind == HR_NODE_ifchanged;
}

int32_t hr_template_walk(struct hr_template_run *run, const struct hr_template_body *body)
{
    for (const struct hr_template_node *node = body->first;
         node != NULL && run->jump == HR_JUMP_none; node = node->next) {
        size_t from = run->out->size;
        run->node = node;
        if (!hr_template_spend(run, 1)) {
            return HR_TEMPLATE_LIMIT;
        }
        int32_t outcome = run_node(run, node);
        if (outcome == 0 && shows_value(node)) {
            outcome = mark_value(run, from);
        }
        if (outcome != 0) {
            return outcome;
        }
        if (run->out->failed) {
            int32_t code = hr_buffer_status(run->out).code;
            return code == HR_E_LIMIT ? hr_template_beyond(run, "the text became too long") : code;
        }
    }
    return 0;
}

/* ---- a whole rendering --------------------------------------------------------------------- */

static int32_t render(struct hr_template_run *run, struct hr_text *ret_text)
{
    const struct hr_template *template = run->template;
    int32_t outcome = hr_template_walk(run, &template->body);
    if (outcome != 0) {
        return outcome;
    }
    struct hr_text text = hr_buffer_text(run->out);
    if (template->landing == HR_LANDING_header) {
        text = hr_template_one_line(run->arena, text);
        if (text.size > HR_TEMPLATE_LINE_MAX) {
            return hr_template_beyond(run, "the line is longer than 400 bytes");
        }
    }
    *ret_text = text;
    return run->arena->failed ? HR_E_MEMORY : 0;
}

hr_status hr_template_render_marked(const struct hr_template *template,
                                    const struct hr_template_view *view, struct hr_arena *into,
                                    struct hr_text *ret_text,
                                    const struct hr_template_span **ret_spans, size_t *ret_count,
                                    struct hr_template_error *reterr)
{
    struct hr_buffer out;
    struct hr_template_scope scope;
    struct hr_template_error error = {0};
    hr_buffer_init(&out, into, HR_TEMPLATE_OUTPUT_MAX);
    hr_template_scope_init(&scope, into);
    struct hr_template_run run = {
        .template = template,
        .view = view,
        .arena = into,
        .out = &out,
        .scope = &scope,
        .error = &error,
        .steps_left = HR_TEMPLATE_STEPS_MAX,
        .loops_left = HR_TEMPLATE_LOOPS_MAX,
        .bytes_left = HR_TEMPLATE_BYTES_MAX,
        .marked = ret_spans != NULL ? &out : NULL,
    };
    *ret_text = HR_TEXT_NONE;
    int32_t outcome = render(&run, ret_text);
    if (outcome == 0 && error.code == HR_CODE_template_too_much) {
        outcome =
            HR_TEMPLATE_LIMIT; /* a comparison came to nothing, and nothing was done behind it */
    }
    if (outcome != 0 && into->failed) {
        outcome = HR_E_MEMORY;
    }
    if (outcome != 0) {
        *ret_text = HR_TEXT_NONE;
    }
    if (ret_spans != NULL) {
        *ret_spans = run.spans;
        *ret_count = outcome == 0 ? run.span_count : 0;
    }
    if (reterr != NULL && outcome > 0) {
        *reterr = error;
    }
    return hr_answer(outcome);
}

hr_status hr_template_render(const struct hr_template *template,
                             const struct hr_template_view *view, struct hr_arena *into,
                             struct hr_text *ret_text, struct hr_template_error *reterr)
{
    return hr_template_render_marked(template, view, into, ret_text, NULL, NULL, reterr);
}
