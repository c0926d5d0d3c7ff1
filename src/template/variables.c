/* template/variables: what a text has set, what its loops hold, and its counters: the names that are its own. */
#include "template/run_inside.h"

void hr_template_scope_init(struct hr_template_scope *scope, struct hr_arena *arena)
{
    *scope = (struct hr_template_scope){0};
    hr_map_init(&scope->names, arena);
    hr_map_init(&scope->counters, arena);
    hr_map_init(&scope->cycles, arena);
    hr_map_init(&scope->unnamed_cycles, arena);
    hr_map_init(&scope->offsets, arena);
}

int32_t hr_template_set(struct hr_template_run *run, struct hr_text name,
                        const struct hr_template_result *result)
{
    struct hr_template_scope *scope = run->scope;
    const uint64_t *found = hr_map_find(&scope->names, name);
    if (found != NULL) {
        scope->variables[*found].result = *result;
        return 0;
    }
    if (scope->count == scope->capacity) {
        void *grown = hr_list_grow(run->arena, scope->variables, scope->count, &scope->capacity,
                                   sizeof(struct hr_template_variable));
        if (grown == NULL) {
            return HR_E_MEMORY;
        }
        scope->variables = grown;
    }
    scope->variables[scope->count] = (struct hr_template_variable){name, *result};
    return hr_map_put(&scope->names, name, scope->count++).code;
}

static bool find_in_frame(const struct hr_template_frame *frame, struct hr_text name,
                          struct hr_template_result *ret_result)
{
    for (uint32_t i = 0; i < frame->count; i++) {
        if (hr_text_equal(frame->names[i], name)) {
            *ret_result = frame->results[i];
            return true;
        }
    }
    if (frame->forloop == NULL || !hr_text_equal(name, hr_text_from(frame->forloop_name))) {
        return false;
    }
    *ret_result = (struct hr_template_result){.value = *frame->forloop};
    return true;
}

bool hr_template_find(struct hr_template_run *run, struct hr_text name,
                      struct hr_template_result *ret_result)
{
    const struct hr_template_scope *scope = run->scope;
    for (const struct hr_template_frame *frame = scope->frames; frame != NULL;
         frame = frame->outer) {
        if (find_in_frame(frame, name, ret_result)) {
            return true;
        }
    }
    const uint64_t *found = hr_map_find(&scope->names, name);
    if (found != NULL) {
        *ret_result = scope->variables[*found].result;
        return true;
    }
    found = hr_map_find(&scope->counters, name);
    if (found != NULL) {
        *ret_result = (struct hr_template_result){.value = hr_value_int((int64_t)*found)};
        return true;
    }
    return false;
}
