/* The small world that the expression tests speak about: a contact, an event, a booking, a payload; and one person,
 * Ada, whose values a test sets one by one. */
#ifndef TESTS_UNIT_EXPR_WORLD_H
#define TESTS_UNIT_EXPR_WORLD_H

#include "expr/expr.h"

#include <stdio.h>
#include <string.h>

/* cmocka wants these before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
/* clang-format on */

enum { WORLD_FIELDS_MAX = 16 };

static const struct hr_text world_offers[] = {{"audit", 5}, {"group_program", 13}};
static const struct hr_text world_lifecycles[] = {{"lead", 4}, {"booked", 6}, {"client", 6}};

static const struct hr_expr_field world_contact[] = {
    {{"offer", 5}, HR_TYPE_text, world_offers, 2},
    {{"lifecycle", 9}, HR_TYPE_text, world_lifecycles, 3},
    {{"course_access", 13}, HR_TYPE_text, NULL, 0},
    {{"email", 5}, HR_TYPE_text, NULL, 0},
    {{"score", 5}, HR_TYPE_int, NULL, 0},
    {{"amount", 6}, HR_TYPE_double, NULL, 0},
    {{"consent", 7}, HR_TYPE_bool, NULL, 0},
    {{"last_seen", 9}, HR_TYPE_time, NULL, 0},
    {{"response_time", 13}, HR_TYPE_duration, NULL, 0},
    {{"tags", 4}, HR_TYPE_list, NULL, 0},
};
static const struct hr_expr_field world_event[] = {
    {{"type", 4}, HR_TYPE_text, NULL, 0},
    {{"course", 6}, HR_TYPE_text, NULL, 0},
    {{"amount", 6}, HR_TYPE_int, NULL, 0},
};
static const struct hr_expr_field world_booking[] = {
    {{"status", 6}, HR_TYPE_text, NULL, 0},
};
static const struct hr_expr_name world_names[] = {
    {{"contact", 7}, HR_TYPE_object, world_contact, 10, false, false},
    {{"event", 5}, HR_TYPE_object, world_event, 3, true, true},
    {{"booking", 7}, HR_TYPE_object, world_booking, 1, false, false},
    {{"payload", 7}, HR_TYPE_dyn, NULL, 0, false, false},
    {{"minutes", 7}, HR_TYPE_int, NULL, 0, false, false},
};
static const struct hr_expr_scope world_scope = {.names = world_names, .name_count = 5};

/* What is set: fields by their path ("contact.offer"), names by themselves. */
struct world {
    struct hr_arena arena;
    struct hr_diagnostics complaints;
    struct hr_expr_view view;
    struct hr_text paths[WORLD_FIELDS_MAX];
    struct hr_value values[WORLD_FIELDS_MAX];
    size_t count;
};

static bool world_find(const struct world *world, struct hr_text path, struct hr_value *ret_value)
{
    for (size_t i = 0; i < world->count; i++) {
        if (hr_text_equal(world->paths[i], path)) {
            *ret_value = world->values[i];
            return true;
        }
    }
    return false;
}

static bool world_value_of(void *context, size_t name, struct hr_value *ret_value)
{
    return world_find(context, world_names[name].name, ret_value);
}

static bool world_field_of(void *context, size_t name, int32_t field, struct hr_text text,
                           struct hr_value *ret_value)
{
    char path[128];
    struct hr_text owner = world_names[name].name;
    struct hr_text part = field >= 0 ? world_names[name].fields[field].name : text;
    snprintf(path, sizeof(path), "%.*s.%.*s", HR_SHOW(owner), HR_SHOW(part));
    return world_find(context, hr_text_from(path), ret_value);
}

/* A world where nothing is set; its clock stands at 2026-11-22T10:00:00Z. */
static inline void world_open(struct world *world)
{
    memset(world, 0, sizeof(*world));
    hr_arena_init(&world->arena, 8 * 1024 * 1024);
    hr_diagnostics_init(&world->complaints, &world->arena);
    world->view.context = world;
    world->view.value_of = world_value_of;
    world->view.field_of = world_field_of;
    assert_true(hr_instant_read(HR_TEXT("2026-11-22T10:00:00Z"), &world->view.now));
}

static inline void world_close(struct world *world)
{
    hr_arena_close(&world->arena);
}

static inline void world_set(struct world *world, const char *path, struct hr_value value)
{
    assert_true(world->count < WORLD_FIELDS_MAX);
    world->paths[world->count] = hr_text_from(path);
    world->values[world->count++] = value;
}

static inline void world_set_text(struct world *world, const char *path, const char *text)
{
    world_set(world, path, hr_value_text(hr_text_from(text)));
}

static inline void world_set_json(struct world *world, const char *path, const char *json)
{
    struct hr_value value;
    assert_true(hr_ok(hr_json_read(&world->arena, hr_text_from(json), NULL, NULL, &value)));
    world_set(world, path, value);
}

/* Compiles what must be sound. The caller releases. */
static inline const struct hr_expr *world_compile(struct world *world, const char *source,
                                                  enum hr_type want)
{
    const struct hr_expr *expr = NULL;
    hr_status status = hr_expr_compile(&world->arena, hr_text_from(source), &world_scope, want,
                                       NULL, NULL, &world->complaints, &expr);
    if (!hr_ok(status)) {
        struct hr_text why = world->complaints.count > 0 ? world->complaints.items[0].message
                                                         : HR_TEXT("no reason given");
        fail_msg("%s: %.*s", source, HR_SHOW(why));
    }
    return expr;
}

#endif
