/* bench/check: `check` of a workspace with 1,000 automations: those of an example, again and again, renamed.
 * Usage: check FOLDER FILE... (paths in the folder; FILE in automations/ is multiplied). Says "name value" lines: the
 * middle, fastest and slowest of the runs in microseconds, and how much was read. Ends with 1 when a run finds
 * errors. */
/* links: workspace */
#include "workspace/workspace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    AUTOMATIONS = 1000,
    RUNS = 21,
    FILES_MAX = 64,
    PATH_SIZE = 1024,
    FILE_BYTES_MAX = 8 << 20,
    ZONE_BYTES_MAX = 1 << 20
};

static struct hr_arena kept;
static struct hr_file files[FILES_MAX];
static size_t file_count;

static void stop(const char *what, const char *path)
{
    fprintf(stderr, "check: %s: %s\n", what, path);
    exit(1);
}

static struct hr_text read_whole(struct hr_arena *into, const char *path)
{
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        return HR_TEXT_NONE;
    }
    char *bytes = hr_arena_alloc(into, ZONE_BYTES_MAX);
    size_t size = bytes == NULL ? 0 : fread(bytes, 1, ZONE_BYTES_MAX, stream);
    (void)fclose(stream);
    return (struct hr_text){bytes, size};
}

static struct hr_text zone_of(void *context, struct hr_text name)
{
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof path, "/usr/share/zoneinfo/%.*s", HR_SHOW(name));
    return read_whole(context, path);
}

/* ---- a thousand of them ---------------------------------------------------------------------------------- */

/* The file's first line (`automations:`), then all the rest again and again; the id on the second line gets a number.
 * The first keeps its name, because others speak of it. */
static struct hr_text multiplied(struct hr_text text, size_t times)
{
    struct hr_buffer out;
    struct hr_text rest = text;
    struct hr_text head = hr_text_cut(&rest, '\n');
    struct hr_text body = rest;
    struct hr_text id = hr_text_cut(&body, ':');
    hr_buffer_init(&out, &kept, FILE_BYTES_MAX);
    hr_buffer_add_format(&out, "%.*s\n%.*s", HR_SHOW(head), HR_SHOW(rest));
    for (size_t i = 1; i < times; i++) {
        hr_buffer_add_format(&out, "%.*s_%zu:", HR_SHOW(id), i);
        hr_buffer_add_text(&out, body);
    }
    return hr_buffer_text(&out);
}

static void take_files(const char *folder, int count, char **paths)
{
    char path[PATH_SIZE];
    size_t originals = 0;
    struct hr_text mark = HR_TEXT("automations/");
    for (int i = 0; i < count; i++) {
        originals += hr_text_starts(hr_text_from(paths[i]), mark);
    }
    if (originals == 0 || count > FILES_MAX) {
        stop("no automations, or too many files", folder);
    }
    for (int i = 0; i < count; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, paths[i]);
        struct hr_text text = read_whole(&kept, path);
        if (text.size == 0) {
            stop("cannot be read", path);
        }
        bool many = hr_text_starts(hr_text_from(paths[i]), mark);
        files[file_count].path = hr_text_from(paths[i]);
        files[file_count++].bytes = many ? multiplied(text, AUTOMATIONS / originals) : text;
    }
}

/* ---- runs -------------------------------------------------------------------------------------------------- */

static double run(size_t *ret_automations)
{
    struct hr_arena arena;
    struct hr_diagnostics found;
    struct hr_plan *plan = NULL;
    struct timespec from;
    struct timespec to;
    hr_arena_init(&arena, (size_t)1 << 30);
    (void)clock_gettime(CLOCK_MONOTONIC, &from);
    hr_diagnostics_init(&found, &arena);
    hr_status status =
        hr_workspace_check(&arena, files, file_count, zone_of, &arena, &found, &plan);
    (void)clock_gettime(CLOCK_MONOTONIC, &to);
    if (!hr_ok(status)) {
        const struct hr_diagnostic *error = hr_diagnostics_error(&found);
        fprintf(stderr, "check: %.*s:%u: %.*s\n",
                HR_SHOW(error == NULL ? HR_TEXT("?") : error->place.file),
                error == NULL ? 0 : error->place.line,
                HR_SHOW(error == NULL ? HR_TEXT("no memory") : error->message));
        exit(1);
    }
    *ret_automations = plan->automation_count;
    hr_plan_release(plan);
    hr_arena_close(&arena);
    return (double)(to.tv_sec - from.tv_sec) * 1e6 + (double)(to.tv_nsec - from.tv_nsec) / 1e3;
}

static int by_value(const void *a, const void *b)
{
    double first = *(const double *)a;
    double second = *(const double *)b;
    return first < second ? -1 : first > second;
}

int main(int count, char **words)
{
    double runs[RUNS];
    size_t automations = 0;
    size_t bytes = 0;
    if (count < 3) {
        stop("usage", "check FOLDER FILE...");
    }
    hr_arena_init(&kept, (size_t)1 << 30);
    take_files(words[1], count - 2, words + 2);
    for (size_t i = 0; i < RUNS; i++) {
        runs[i] = run(&automations);
    }
    qsort(runs, RUNS, sizeof runs[0], by_value);
    for (size_t i = 0; i < file_count; i++) {
        bytes += files[i].bytes.size;
    }
    printf("automations %zu\nbytes %zu\nmiddle_us %.0f\nfastest_us %.0f\nslowest_us %.0f\n",
           automations, bytes, runs[RUNS / 2], runs[0], runs[RUNS - 1]);
    hr_arena_close(&kept);
    return 0;
}
