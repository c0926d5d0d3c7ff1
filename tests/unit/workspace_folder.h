/* What the workspace tests share: a folder of files in memory, zones of this machine, and a check with its
 * complaints drawn. Files may be read from disk, or stand in one text split by lines "# file: NAME". */
#ifndef HR_TESTS_WORKSPACE_FOLDER_H
#define HR_TESTS_WORKSPACE_FOLDER_H

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* cmocka.h needs those above and includes none of them. */
#include <cmocka.h>

#include "workspace/workspace.h"
/* clang-format on */

enum { FOLDER_FILES_MAX = 520 };

struct folder {
    struct hr_arena arena;
    struct hr_arena plans; /* what a check makes */
    struct hr_file files[FOLDER_FILES_MAX];
    size_t count;
    struct hr_diagnostics found;
    struct hr_plan *plan;
    hr_status status;
};

/* The path of a file of the project, from the place of this source. */
static inline void project_path(char *ret_path, size_t size, const char *relative)
{
    struct hr_text source = hr_text_from(__FILE__);
    struct hr_text root = hr_text_slice(source, 0, hr_text_search(source, HR_TEXT("tests/unit/")));
    (void)snprintf(ret_path, size, "%.*s%s", HR_SHOW(root), relative);
}

static inline struct hr_text read_whole(struct hr_arena *into, const char *path)
{
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        return HR_TEXT_NONE;
    }
    (void)fseek(stream, 0, SEEK_END);
    long size = ftell(stream);
    (void)fseek(stream, 0, SEEK_SET);
    char *bytes = hr_arena_alloc(into, (size_t)size + 1);
    size_t got = bytes == NULL ? 0 : fread(bytes, 1, (size_t)size, stream);
    (void)fclose(stream);
    return (struct hr_text){bytes, got};
}

static inline struct hr_text zone_of_machine(void *context, struct hr_text name)
{
    char path[512];
    if (hr_text_search(name, HR_TEXT("..")) < name.size) {
        return HR_TEXT_NONE;
    }
    (void)snprintf(path, sizeof path, "/usr/share/zoneinfo/%.*s", HR_SHOW(name));
    return read_whole(context, path);
}

static inline struct hr_text folder_source(void *context, struct hr_text file)
{
    const struct folder *folder = context;
    for (size_t i = 0; i < folder->count; i++) {
        if (hr_text_equal(folder->files[i].path, file)) {
            return folder->files[i].bytes;
        }
    }
    return HR_TEXT_NONE;
}

static inline void folder_init(struct folder *folder)
{
    *folder = (struct folder){0};
    hr_arena_init(&folder->arena, 64 << 20);
}

static inline void folder_add(struct folder *folder, const char *path, struct hr_text bytes)
{
    folder->files[folder->count++] = (struct hr_file){hr_text_from(path), bytes};
}

static inline void folder_add_file(struct folder *folder, const char *directory, const char *name)
{
    char relative[512];
    char path[1024];
    (void)snprintf(relative, sizeof relative, "%s/%s", directory, name);
    project_path(path, sizeof path, relative);
    folder_add(folder, name, read_whole(&folder->arena, path));
}

/* Lines "# file: NAME" begin another file; what stands before the first is workspace.yaml. */
static inline void folder_add_split(struct folder *folder, struct hr_text text)
{
    struct hr_text mark = HR_TEXT("# file: ");
    struct hr_text name = HR_TEXT("workspace.yaml");
    size_t begin = 0;
    size_t at = 0;
    while (at <= text.size) {
        struct hr_text rest = hr_text_slice(text, at, text.size);
        bool marked = hr_text_starts(rest, mark);
        if (marked || at == text.size) {
            struct hr_text bytes = hr_text_slice(text, begin, at);
            if (bytes.size > 0 || !marked) {
                folder->files[folder->count++] = (struct hr_file){name, bytes};
            }
        }
        size_t line = hr_text_find(rest, '\n') + 1;
        if (marked) {
            name = hr_text_trim(hr_text_slice(rest, mark.size, line));
            begin = at + line;
        }
        at += line;
    }
}

/* Reads every byte of every complaint here, where a sanitizer looks: printf reads where it does not. */
static inline void folder_touch(const struct folder *folder)
{
    for (size_t i = 0; i < folder->found.count; i++) {
        const struct hr_diagnostic *item = &folder->found.items[i];
        (void)hr_text_hash(item->message);
        (void)hr_text_hash(item->place.file);
        (void)hr_text_hash(item->label);
        (void)hr_text_hash(item->second.file);
        (void)hr_text_hash(item->second_label);
        (void)hr_text_hash(item->example);
        (void)hr_text_hash(item->help);
    }
}

static inline void folder_check(struct folder *folder)
{
    hr_diagnostics_init(&folder->found, &folder->arena);
    hr_plan_release(folder->plan); /* of a check before this one */
    folder->plan = NULL;
    hr_arena_close(&folder->plans);
    hr_arena_init(&folder->plans, 64 << 20);
    folder->status =
        hr_workspace_check(&folder->plans, folder->files, folder->count, zone_of_machine,
                           &folder->arena, &folder->found, &folder->plan);
    if (!hr_ok(folder->status)) {
        hr_arena_close(&folder->plans); /* as a reload that is refused does: complaints stay */
    }
    folder_touch(folder);
}

static inline struct hr_text folder_draw(struct folder *folder)
{
    return hr_diagnostics_draw(&folder->found, &folder->arena, folder_source, folder);
}

static inline void folder_close(struct folder *folder)
{
    hr_plan_release(folder->plan);
    hr_arena_close(&folder->plans);
    hr_arena_close(&folder->arena);
}

static inline void folder_coaching(struct folder *folder)
{
    folder_init(folder);
    static const char *const names[] = {
        "handrail.yaml",
        "contacts.yaml",
        "tools.yaml",
        "paths/form_to_member.yaml",
        "pipeline.yaml",
        "policies.yaml",
        "tests.yaml",
        "automations/booking_moves_stage.yaml",
        "automations/first_week.yaml",
        "automations/payment_to_access.yaml",
        "automations/refund_to_revoke.yaml",
        "automations/welcome_lead.yaml",
        "messages/lead_nudge.md",
        "messages/lead_welcome.md",
        "messages/member_welcome.md",
        "messages/start_lesson_one.md",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        folder_add_file(folder, "examples/coaching", names[i]);
    }
    folder_check(folder);
}

static inline void folder_b2b(struct folder *folder)
{
    static const char *const names[] = {
        "handrail.yaml",
        "contacts.yaml",
        "paths.yaml",
        "pipeline.yaml",
        "policies.yaml",
        "tables.yaml",
        "tests.yaml",
        "tools.yaml",
        "automations/first_reply_clock.yaml",
        "automations/route_lead.yaml",
        "automations/stale_owner_check.yaml",
    };
    folder_init(folder);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        folder_add_file(folder, "examples/b2b", names[i]);
    }
    folder_check(folder);
}

/* Puts a text of the first file in another's place. */
static inline void folder_swap(struct folder *folder, const char *was, const char *now)
{
    struct hr_text bytes = folder->files[0].bytes;
    size_t at = hr_text_search(bytes, hr_text_from(was));
    assert_true(at < bytes.size);
    folder->files[0].bytes =
        hr_text_format(&folder->arena, "%.*s%s%.*s", (int)at, bytes.data, now,
                       HR_SHOW(hr_text_slice(bytes, at + strlen(was), bytes.size)));
}

/* One of the small workspaces of the stories, with a text of its file put in another's place. */
static inline void folder_story(struct folder *folder, const char *directory, const char *was,
                                const char *now)
{
    folder_init(folder);
    folder_add_file(folder, directory, "handrail.yaml");
    if (was != NULL) {
        folder_swap(folder, was, now);
    }
    folder_check(folder);
    if (!hr_ok(folder->status)) {
        fail_msg("%.*s", HR_SHOW(folder_draw(folder)));
    }
}

static inline void folder_shop(struct folder *folder)
{
    folder_story(folder, "tests/scenario/shop", NULL, NULL);
}

#endif
