/* A case of CEL's conformance suite, whatever it was read from: how it is run, what passing is, and why one is left
 * out. A case that a reason leaves out must not give the value that it wants; a reason must hold for exactly as many
 * cases as it says. */
#ifndef TESTS_CONFORMANCE_CEL_CASE_H
#define TESTS_CONFORMANCE_CEL_CASE_H

#include "expr/expr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* cmocka wants these before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
/* clang-format on */

enum { CASE_NAMES_MAX = 16, ZONE_BYTES_MAX = 65536 };

struct cel_case {
    struct hr_text path; /* "string_ext.format" */
    struct hr_text name;
    struct hr_text expr;
    struct hr_text container;
    bool unchecked;
    bool only_check;
    bool wants_error;
    struct hr_expr_name names[CASE_NAMES_MAX];
    struct hr_value values[CASE_NAMES_MAX];
    bool bound[CASE_NAMES_MAX];
    size_t name_count;
    struct hr_value want; /* true unless it says otherwise */
    struct hr_text type;  /* as hr_shape_write writes it; empty: not told */
    struct hr_text needs; /* what only protocol buffers can say; empty: nothing */
    struct hr_arena *arena;
};

/* Why a case is left out. parts: any of these in the expression. needs: told by who read the case. types: it is not
 * left out, but its type is not compared; the cases are named. */
struct cel_reason {
    const char *reason;
    const char *const *parts;
    const char *needs;
    const char *const *types;
    uint32_t expected;
    uint32_t found;
};

struct cel_tally {
    struct hr_text suite;
    uint32_t passed;
    uint32_t failed;
    uint32_t left_out;
};

/* ---- values and types ------------------------------------------------------------------------ */

static bool same(const struct hr_value *a, const struct hr_value *b);

static bool same_map(const struct hr_value *a, const struct hr_value *b)
{
    for (uint32_t i = 0; i < a->count; i++) {
        bool found = false;
        for (uint32_t k = 0; !found && k < b->count; k++) {
            found = same(&a->members[i].key, &b->members[k].key) &&
                    same(&a->members[i].value, &b->members[k].value);
        }
        if (!found) {
            return false;
        }
    }
    return a->count == b->count;
}

/* The same kind and content; two NaN are the same here, and maps have no order. */
static bool same(const struct hr_value *a, const struct hr_value *b)
{
    if (a->kind != b->kind) {
        return false;
    }
    if (a->kind == HR_KIND_double) {
        bool both_nan =
            !(a->real <= 0.0) && !(a->real >= 0.0) && !(b->real <= 0.0) && !(b->real >= 0.0);
        return both_nan || (a->real <= b->real && a->real >= b->real);
    }
    if (a->kind == HR_KIND_list) {
        bool equal = a->count == b->count;
        for (uint32_t i = 0; equal && i < a->count; i++) {
            equal = same(&a->items[i], &b->items[i]);
        }
        return equal;
    }
    return a->kind == HR_KIND_map ? same_map(a, b) : hr_value_equal(a, b);
}

struct cel_type_word {
    const char *word;
    hr_shape shape;
};

static const struct cel_type_word cel_type_words[] = {
    {"bool", HR_TYPE_bool},
    {"int", HR_TYPE_int},
    {"uint", HR_TYPE_uint},
    {"double", HR_TYPE_double},
    {"string", HR_TYPE_text},
    {"bytes", HR_TYPE_bytes},
    {"null", HR_TYPE_null},
    {"type", HR_TYPE_type},
    {"google.protobuf.Timestamp", HR_TYPE_time},
    {"google.protobuf.Duration", HR_TYPE_duration},
};

/* "list(int)", "map(string, dyn)": a type as the suite names it. */
static inline hr_shape cel_shape_of(struct hr_text type)
{
    struct hr_text inner = hr_text_slice(type, hr_text_find(type, '(') + 1, type.size - 1);
    if (hr_text_starts(type, HR_TEXT("list("))) {
        return HR_SHAPE_LIST(cel_shape_of(inner));
    }
    if (hr_text_starts(type, HR_TEXT("optional_type("))) {
        return HR_SHAPE_OPTIONAL(cel_shape_of(inner));
    }
    if (hr_text_starts(type, HR_TEXT("map("))) {
        struct hr_text key = hr_text_cut(&inner, ',');
        return HR_SHAPE_MAP(cel_shape_of(key), cel_shape_of(hr_text_trim(inner)));
    }
    for (size_t i = 0; i < sizeof(cel_type_words) / sizeof(cel_type_words[0]); i++) {
        if (hr_text_equal(type, hr_text_from(cel_type_words[i].word))) {
            return cel_type_words[i].shape;
        }
    }
    return HR_TYPE_dyn;
}

/* ---- what an expression sees ------------------------------------------------------------------ */

/* The place of a name, declared now if it was not; a case has few. */
static inline size_t cel_name(struct cel_case *it, struct hr_text name)
{
    for (size_t i = 0; i < it->name_count; i++) {
        if (hr_text_equal(it->names[i].name, name)) {
            return i;
        }
    }
    assert_true(it->name_count < CASE_NAMES_MAX);
    it->names[it->name_count].name = name;
    return it->name_count++;
}

static inline bool cel_value_of(void *context, size_t name, struct hr_value *ret_value)
{
    const struct cel_case *it = context;
    *ret_value = it->values[name];
    return it->bound[name];
}

/* The system's own rules of a zone. */
static inline const struct hr_zone *cel_zone_of(void *context, struct hr_text name)
{
    const struct cel_case *it = context;
    const struct hr_zone *zone = NULL;
    char path[256];
    (void)snprintf(path, sizeof path, "/usr/share/zoneinfo/%.*s", HR_SHOW(name));
    FILE *file = strchr(path, '.') == NULL ? fopen(path, "rb") : NULL;
    char *bytes = hr_arena_alloc(it->arena, ZONE_BYTES_MAX);
    if (file == NULL || bytes == NULL) {
        return NULL;
    }
    size_t size = fread(bytes, 1, ZONE_BYTES_MAX, file);
    (void)fclose(file);
    return hr_ok(hr_zone_read(it->arena, name, (struct hr_text){bytes, size}, &zone)) ? zone : NULL;
}

/* ---- running ---------------------------------------------------------------------------------- */

/* True if it does what the suite wants; *ret_why: what it did instead. */
static inline bool cel_passes(struct cel_case *it, bool compare_types, struct hr_text *ret_why)
{
    const struct hr_expr *program = NULL;
    struct hr_diagnostics complaints;
    struct hr_value value = hr_value_null();
    const struct hr_expr_scope scope = {.names = it->names,
                                        .name_count = it->name_count,
                                        .container = it->container,
                                        .unchecked = it->unchecked};
    const struct hr_expr_view view = {
        .context = it, .value_of = cel_value_of, .zone_of = cel_zone_of, .now = HR_INSTANT_NONE};
    struct hr_expr_error error = {HR_TEXT_NONE, 0};
    hr_diagnostics_init(&complaints, it->arena);
    hr_status status = hr_expr_compile(it->arena, it->expr, &scope, HR_TYPE_dyn, NULL, NULL,
                                       &complaints, &program);
    struct hr_text type = HR_TEXT_NONE;
    if (hr_ok(status)) {
        type = hr_shape_write(it->arena, hr_expr_result_shape(program));
        status = it->only_check ? hr_done()
                                : hr_expr_evaluate(program, &view, it->arena, &value, &error);
        hr_expr_release(program);
    } else if (complaints.count > 0) {
        error.message = complaints.items[0].message;
    }
    if (it->wants_error) {
        *ret_why = HR_TEXT("a value where an error was expected");
        return !hr_ok(status);
    }
    *ret_why = hr_ok(status) ? hr_value_show(it->arena, &value) : error.message;
    if (!hr_ok(status) || (!it->only_check && !same(&value, &it->want))) {
        return false;
    }
    if (compare_types && it->type.size > 0 && !hr_text_equal(type, it->type)) {
        *ret_why = hr_text_format(it->arena, "the type %.*s where %.*s was expected", HR_SHOW(type),
                                  HR_SHOW(it->type));
        return false;
    }
    return true;
}

static inline bool cel_is_among(struct hr_text text, const char *const *list)
{
    for (size_t i = 0; list != NULL && list[i] != NULL; i++) {
        if (hr_text_equal(text, hr_text_from(list[i]))) {
            return true;
        }
    }
    return false;
}

/* The reason that leaves a case out, or keeps its type from being compared; NULL when none does. */
static inline struct cel_reason *cel_reason_of(const struct cel_case *it,
                                               struct cel_reason *reasons, size_t count)
{
    struct hr_text full =
        hr_text_format(it->arena, "%.*s.%.*s", HR_SHOW(it->path), HR_SHOW(it->name));
    for (size_t i = 0; i < count; i++) {
        if (reasons[i].needs != NULL && hr_text_equal(it->needs, hr_text_from(reasons[i].needs))) {
            return &reasons[i];
        }
        if (cel_is_among(full, reasons[i].types) || cel_is_among(it->path, reasons[i].types)) {
            return &reasons[i];
        }
        for (size_t k = 0; reasons[i].parts != NULL && reasons[i].parts[k] != NULL; k++) {
            if (hr_text_search(it->expr, hr_text_from(reasons[i].parts[k])) < it->expr.size) {
                return &reasons[i];
            }
        }
    }
    return NULL;
}

static inline void cel_complain(const struct cel_case *it, struct hr_text why)
{
    print_error("%.*s.%.*s: %.*s\n    %.*s\n", HR_SHOW(it->path), HR_SHOW(it->name), HR_SHOW(why),
                HR_SHOW(it->expr));
}

static inline void cel_run(struct cel_case *it, struct cel_reason *reasons, size_t count,
                           struct cel_tally *tally)
{
    struct hr_text why = HR_TEXT_NONE;
    struct cel_reason *reason = cel_reason_of(it, reasons, count);
    bool out = reason != NULL && reason->types == NULL;
    if (reason != NULL) {
        reason->found++;
    }
    /* an error is no proof that a case could be kept: a message cannot be built here at all */
    if (out && (it->needs.size > 0 || it->wants_error || !cel_passes(it, false, &why))) {
        tally->left_out++;
        return;
    }
    if (out) {
        cel_complain(it, HR_TEXT("left out, but it passes"));
        tally->failed++;
        return;
    }
    bool passes = cel_passes(it, reason == NULL, &why);
    tally->passed += passes;
    tally->failed += !passes;
    if (!passes) {
        cel_complain(it, why);
    }
}

/* Prints the reasons; every one must hold for as many cases as it says. */
static inline void cel_check_reasons(const char *suite, const struct cel_reason *reasons,
                                     size_t count)
{
    bool all = true;
    for (size_t i = 0; i < count; i++) {
        print_message("COUNT %s: %s %u: %s\n", suite,
                      reasons[i].types == NULL ? "left out" : "type not compared", reasons[i].found,
                      reasons[i].reason);
        if (reasons[i].found != reasons[i].expected) {
            print_error("    but %u were expected\n", reasons[i].expected);
            all = false;
        }
    }
    assert_true(all);
}

#endif
