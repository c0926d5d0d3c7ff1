/* What the template tests share: a template compiled for a place, rendered over a small world given as JSON, and what
 * came of it as one text. */
#ifndef TESTS_UNIT_TEMPLATE_WORLD_H
#define TESTS_UNIT_TEMPLATE_WORLD_H

#include "template/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* cmocka wants these before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
/* clang-format on */

enum { WORLD_PARTIALS_MAX = 12 };

struct world {
    struct hr_arena arena;
    struct hr_diagnostics complaints;
    struct hr_value data;
    struct hr_template_view view;
    struct hr_template_partial partials[WORLD_PARTIALS_MAX];
    size_t partial_count;
    struct hr_text source;
};

static inline bool world_value_of(void *context, struct hr_text name, struct hr_value *ret_value)
{
    const struct world *world = context;
    const struct hr_value *found = hr_value_member(&world->data, name);
    if (found != NULL) {
        *ret_value = *found;
    }
    return found != NULL;
}

/* A world of this JSON; its clock stands at 2026-11-22T10:00:00Z. */
static inline void world_open(struct world *world, const char *json)
{
    *world = (struct world){0};
    hr_arena_init(&world->arena, 256 << 20);
    hr_diagnostics_init(&world->complaints, &world->arena);
    hr_status status =
        hr_json_read(&world->arena, hr_text_from(json), NULL, &world->complaints, &world->data);
    assert_int_equal(status.code, 0);
    world->view.context = world;
    world->view.value_of = world_value_of;
    assert_true(hr_instant_read(HR_TEXT("2026-11-22T10:00:00Z"), &world->view.now));
}

static inline void world_close(struct world *world)
{
    hr_arena_close(&world->arena);
}

/* Line and column within the source, in a file of the name "text". */
static inline struct hr_place world_place_of(void *context, size_t offset, size_t size)
{
    const struct world *world = context;
    struct hr_place place = {.file = HR_TEXT("text"), .line = 1, .column = 1};
    for (size_t i = 0; i < offset + size && i < world->source.size; i++) {
        bool letter = ((unsigned char)world->source.data[i] & 0xc0) != 0x80;
        if (i >= offset) {
            place.size += letter;
        } else if (world->source.data[i] == '\n') {
            place.line++;
            place.column = 1;
        } else {
            place.column += letter;
        }
    }
    return place;
}

/* NULL when it was refused; why stands in world->complaints. */
static inline const struct hr_template *world_compile(struct world *world, struct hr_text source,
                                                      enum hr_landing landing)
{
    const struct hr_template *template = NULL;
    struct hr_template_options options = {
        .landing = landing,
        .partials = world->partials,
        .partial_count = world->partial_count,
        .place_of = world_place_of,
        .context = world,
    };
    world->source = source;
    hr_diagnostics_init(&world->complaints, &world->arena);
    hr_status status =
        hr_template_compile(&world->arena, source, &options, &world->complaints, &template);
    assert_true(hr_ok(status) || status.code == HR_E_INPUT);
    assert_int_equal(hr_ok(status), world->complaints.error_count == 0);
    return template;
}

static inline void world_partial(struct world *world, const char *name, const char *source,
                                 enum hr_landing landing)
{
    const struct hr_template *template = world_compile(world, hr_text_from(source), landing);
    assert_non_null(template);
    assert_true(world->partial_count < WORLD_PARTIALS_MAX);
    world->partials[world->partial_count++] =
        (struct hr_template_partial){hr_text_from(name), template};
}

/* What was rendered; or "E0450: why" of the first complaint; or "missing: name", "failed: why", "limit: why". */
static inline struct hr_text world_render(struct world *world, struct hr_text source,
                                          enum hr_landing landing)
{
    struct hr_text text;
    struct hr_template_error error = {0};
    const struct hr_template *template = world_compile(world, source, landing);
    if (template == NULL) {
        const struct hr_diagnostic *first = hr_diagnostics_error(&world->complaints);
        assert_non_null(first);
        return hr_text_format(&world->arena, "E%04d: %.*s", (int)first->code,
                              HR_SHOW(first->message));
    }
    hr_status status = hr_template_render(template, &world->view, &world->arena, &text, &error);
    if (hr_ok(status)) {
        assert_int_equal(error.code, HR_CODE_none);
        return text;
    }
    assert_int_equal(text.size, 0);
    assert_true(status.code > 0);
    assert_true(error.message.size > 0 && hr_code_info(error.code) != NULL);
    static const char *const words[] = {"", "missing", "failed", "limit"};
    return hr_text_format(&world->arena, "%s: %.*s", words[status.code],
                          HR_SHOW(status.code == HR_TEMPLATE_MISSING ? error.name : error.message));
}

struct example {
    const char *source;
    const char *came;
};

static inline void run_examples(struct world *world, enum hr_landing landing,
                                const struct example *examples, size_t count)
{
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        struct hr_text came = world_render(world, hr_text_from(examples[i].source), landing);
        if (!hr_text_equal(came, hr_text_from(examples[i].came))) {
            print_error("%s\n  came to:  %.*s\n  expected: %s\n", examples[i].source, HR_SHOW(came),
                        examples[i].came);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}
#define RUN(world, landing, examples)                                                              \
    run_examples(world, landing, examples, sizeof(examples) / sizeof(examples[0]))

#endif
