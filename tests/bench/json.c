/* bench/json: our JSON reader beside simdjson's DOM parser on small events, in turns in one process.
 * Usage: json FILE... Each file is an event as a tool sends it; its {{places}} are filled in first.
 * A round takes, for each file and side, the fastest of many short slices in turns: what a shared
 * machine does to the others counts for neither. Says "name value" lines: the ratio of our bytes a
 * second to theirs over all files (the middle one of the rounds, its lowest and highest), and each
 * side's nanoseconds an event. */
/* links: data */
#include "bench/simdjson.h"
#include "data/json_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FILES_MAX = 64, ROUNDS = 31, SLICES = 40, TURNS = 200, FILE_SIZE_MAX = 65536 };

struct event {
    const char *path;
    struct hr_text text;
    struct simdjson_text *theirs;
};

static struct event events[FILES_MAX];
static size_t event_count;
static struct hr_arena kept, batch;

static void stop(const char *what, const char *path)
{
    fprintf(stderr, "json: %s: %s\n", what, path);
    exit(1);
}

/* {{id}} and the like become what a tool would write; {{name|Ada}} becomes Ada. */
static struct hr_text filled_in(struct hr_text text)
{
    struct hr_buffer out;
    hr_buffer_init(&out, &kept, FILE_SIZE_MAX);
    while (text.size > 0) {
        size_t open = hr_text_search(text, HR_TEXT("{{"));
        hr_buffer_add_text(&out, hr_text_slice(text, 0, open));
        text = hr_text_slice(text, open + 2, text.size);
        size_t close = hr_text_search(text, HR_TEXT("}}"));
        if (close < text.size) {
            struct hr_text name = hr_text_slice(text, 0, close);
            struct hr_text first = hr_text_cut(&name, '|');
            struct hr_text value =
                name.size > 0                              ? name
                : hr_text_equal(first, HR_TEXT("at"))      ? HR_TEXT("2026-11-22T10:02:09.125Z")
                : hr_text_ends(first, HR_TEXT("_seconds")) ? HR_TEXT("1795342929")
                : hr_text_equal(first, HR_TEXT("email"))   ? HR_TEXT("ada.lovelace@example.com")
                                                           : HR_TEXT("1NXWPnCo6bFb1KQto6C8OWvE");
            hr_buffer_add_text(&out, value);
            text = hr_text_slice(text, close + 2, text.size);
        }
    }
    return hr_buffer_text(&out);
}

static void take_file(const char *path)
{
    static char bytes[FILE_SIZE_MAX];
    FILE *file = fopen(path, "rb");
    size_t size = file == NULL ? 0 : fread(bytes, 1, sizeof bytes, file);
    if (size == 0 || size == sizeof bytes || event_count == FILES_MAX) {
        stop("cannot take this file", path);
    }
    fclose(file);
    struct event *event = &events[event_count++];
    event->path = path;
    event->text = filled_in((struct hr_text){bytes, size});
    event->theirs = simdjson_text_make(event->text.data, event->text.size);
    struct hr_value value;
    if (!hr_ok(hr_json_read(&batch, event->text, NULL, NULL, &value)) ||
        !simdjson_read(event->theirs)) {
        stop("no JSON", path);
    }
}

static double now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static double time_ours(const struct event *event)
{
    double begin = now_ns();
    for (int turn = 0; turn < TURNS; turn++) {
        struct hr_arena_mark mark = hr_arena_mark(&batch);
        struct hr_value value;
        if (!hr_ok(hr_json_read(&batch, event->text, NULL, NULL, &value))) {
            stop("refused", event->path);
        }
        hr_arena_rewind(&batch, mark);
    }
    return (now_ns() - begin) / TURNS;
}

static double time_theirs(const struct event *event)
{
    double begin = now_ns();
    for (int turn = 0; turn < TURNS; turn++) {
        if (!simdjson_read(event->theirs)) {
            stop("refused", event->path);
        }
    }
    return (now_ns() - begin) / TURNS;
}

/* The fastest slice of ours and of theirs. */
static void time_both(const struct event *event, double fastest[2])
{
    fastest[0] = fastest[1] = 1e18;
    for (int slice = 0; slice < SLICES; slice++) {
        double ours = time_ours(event);
        double theirs = time_theirs(event);
        fastest[0] = ours < fastest[0] ? ours : fastest[0];
        fastest[1] = theirs < fastest[1] ? theirs : fastest[1];
    }
}

static int compare_doubles(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return left < right ? -1 : left > right;
}

static double middle(double values[ROUNDS])
{
    qsort(values, ROUNDS, sizeof values[0], compare_doubles);
    return values[ROUNDS / 2];
}

int main(int count, char **words)
{
    hr_arena_init(&kept, 16 << 20);
    hr_arena_init(&batch, 16 << 20);
    for (int index = 1; index < count; index++) {
        take_file(words[index]);
    }
    static double ratio[ROUNDS], ours[ROUNDS], theirs[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t index = 0; index < event_count; index++) {
            double fastest[2];
            time_both(&events[index], fastest);
            ours[round] += fastest[0];
            theirs[round] += fastest[1];
        }
        ratio[round] = theirs[round] / ours[round];
    }
    size_t bytes = 0;
    for (size_t index = 0; index < event_count; index++) {
        bytes += events[index].text.size;
        simdjson_text_free(events[index].theirs);
    }
    static const char *const paths[] = {"portable", "sse2", "avx2", "avx512"};
    double events_all = (double)event_count;
    printf("events %zu\nbytes %.0f\n", event_count, (double)bytes / events_all);
    printf("ratio %.3f\n", middle(ratio));
    printf("lowest %.3f\nhighest %.3f\n", ratio[0], ratio[ROUNDS - 1]);
    printf("ours_ns %.0f\ntheirs_ns %.0f\n", middle(ours) / events_all,
           middle(theirs) / events_all);
    printf("ours_path %s\ntheirs_path %s\n", paths[hr_json_path_best()], simdjson_kind());
    hr_arena_close(&batch);
    hr_arena_close(&kept);
    return 0;
}
