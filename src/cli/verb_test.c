/* test: carries out the workspace's own tests, with a clock of their own; nothing outside is asked. */
#include "cli_inside.h"

#include "trial/trial.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

enum { TEST_BYTES_MAX = 64 << 20, MOMENTS_SHOWN_MAX = 40 };

struct testing {
    struct hr_cli *cli;
    const char *folder;
    struct hr_plan *plan;
    struct hr_trial *trial;
    struct hr_buffer out;
    size_t counts[HR_VERDICT_not_yet + 1];
};

/* ---- what was recorded ----------------------------------------------------------------------------- */

static int is_recording(const struct dirent *item)
{
    return item->d_name[0] != '.' && hr_text_ends(hr_text_from(item->d_name), HR_TEXT(".json"));
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void left_out(const struct hr_cli *cli, const char *name, const char *why)
{
    hr_cli_note(cli, "recorded/%s is left out: %s\n", name, why);
}

/* DIR/recorded/NAME.json, in the order of their names. Without the folder there are none. */
static hr_status read_recordings(struct testing *testing, struct hr_recording **ret_recordings,
                                 size_t *ret_count)
{
    struct hr_cli *cli = testing->cli;
    struct dirent **items = NULL;
    struct hr_text folder = hr_text_format(&cli->arena, "%s/recorded", testing->folder);
    int found = folder.data == NULL ? -1 : scandir(folder.data, &items, is_recording, by_name);
    size_t count = found > 0 ? (size_t)found : 0;
    struct hr_recording *recordings = hr_arena_new_many(&cli->arena, struct hr_recording, count);
    *ret_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct hr_text path =
            hr_text_format(&cli->arena, "%.*s/%s", HR_SHOW(folder), items[i]->d_name);
        struct hr_text bytes = HR_TEXT_NONE;
        if (*ret_count == HR_RECORDINGS_MAX) {
            left_out(cli, items[i]->d_name, "there are too many");
        } else if (recordings == NULL || path.data == NULL ||
                   !hr_ok(hr_file_read(path.data, HR_RECORDING_BYTES_MAX, &cli->arena, &bytes))) {
            left_out(cli, items[i]->d_name, "it cannot be read, or has more than 64 KiB");
        } else {
            recordings[(*ret_count)++] = (struct hr_recording){
                .name = hr_text_format(&cli->arena, "recorded/%s", items[i]->d_name),
                .bytes = bytes};
        }
        free(items[i]);
    }
    free(items);
    *ret_recordings = recordings;
    return cli->arena.failed ? hr_answer(HR_E_MEMORY) : hr_done();
}

static hr_status open_trial(struct testing *testing)
{
    struct hr_recording *recordings = NULL;
    size_t count = 0;
    size_t unread = 0;
    HR_TRY(read_recordings(testing, &recordings, &count));
    HR_TRY(hr_trial_open(testing->plan, recordings, count, &testing->cli->arena, &testing->trial,
                         &unread));
    if (unread > 0) {
        hr_cli_note(testing->cli, "%zu of the files in recorded/ %s no JSON, and left out\n",
                    unread, unread == 1 ? "is" : "are");
    }
    return hr_done();
}

/* ---- for people --------------------------------------------------------------------------------------- */

/* "9 Jun 10:00:01" where the business is. */
static struct hr_text say_time(const struct testing *testing, hr_instant at)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct hr_civil civil = hr_zone_civil(testing->plan->zone, at);
    return hr_text_format(&testing->cli->arena, "%2u %s %02u:%02u:%02u", civil.day,
                          months[civil.month - 1], civil.hour, civil.minute, civil.second);
}

static void add_words(struct testing *testing, const char *before, const struct hr_text *words,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        hr_buffer_add_text(&testing->out, i == 0 ? hr_text_from(before) : HR_TEXT("; "));
        hr_buffer_add_text(&testing->out, words[i]);
    }
}

/* The beginning and the end of what had happened: a month has many moments. */
static void say_moments(struct testing *testing, const struct hr_trial_result *result)
{
    size_t left_out =
        result->moment_count > MOMENTS_SHOWN_MAX ? result->moment_count - MOMENTS_SHOWN_MAX : 0;
    if (result->moment_count > 0) {
        hr_buffer_add_text(&testing->out, HR_TEXT("         up to there:\n"));
    }
    for (size_t i = 0; i < result->moment_count; i++) {
        if (left_out > 0 && i == MOMENTS_SHOWN_MAX / 2) {
            hr_buffer_add_format(&testing->out, "           ... %zu more; --json has them all\n",
                                 left_out);
            i += left_out;
        }
        hr_buffer_add_format(&testing->out, "           %.*s  %.*s\n",
                             HR_SHOW(say_time(testing, result->moments[i].at)),
                             HR_SHOW(result->moments[i].text));
    }
}

static void say_failure(struct testing *testing, const struct hr_trial_result *result)
{
    for (size_t i = 0; i < result->line_count; i++) {
        const struct hr_trial_line *line = &result->lines[i];
        struct hr_text file = hr_cli_shown_path(testing->cli, testing->folder, line->place.file);
        hr_buffer_add_format(&testing->out,
                             "         %.*s:%u: expected: %.*s\n"
                             "         seen, %.*s: %.*s\n",
                             HR_SHOW(file), line->place.line, HR_SHOW(line->expected),
                             HR_SHOW(hr_text_trim(say_time(testing, line->at))),
                             HR_SHOW(line->seen));
    }
    say_moments(testing, result);
}

static void say_test(struct testing *testing, const struct hr_test *test,
                     const struct hr_trial_result *result)
{
    static const char *const marks[] = {"ok     ", "FAIL   ", "not yet"};
    hr_buffer_add_format(&testing->out, "%s  %.*s", marks[result->verdict], HR_SHOW(test->name));
    if (result->verdict == HR_VERDICT_not_yet) {
        add_words(testing, "\n         not available yet: ", result->lacking,
                  result->lacking_count);
    }
    add_words(testing, "\n         passed over: ", result->skipped, result->skipped_count);
    hr_buffer_add_byte(&testing->out, '\n');
    say_failure(testing, result);
}

/* ---- for programs ---------------------------------------------------------------------------------------- */

static void add_place(struct testing *testing, const struct hr_place *place)
{
    hr_buffer_add_text(&testing->out, HR_TEXT("\"file\":"));
    hr_json_write_text(&testing->out,
                       hr_cli_shown_path(testing->cli, testing->folder, place->file));
    hr_buffer_add_format(&testing->out, ",\"line\":%u", place->line);
}

static void add_member(struct testing *testing, const char *name, struct hr_text text)
{
    hr_buffer_add_format(&testing->out, ",\"%s\":", name);
    hr_json_write_text(&testing->out, text);
}

static void add_list(struct testing *testing, const char *name, const struct hr_text *words,
                     size_t count)
{
    hr_buffer_add_format(&testing->out, ",\"%s\":[", name);
    for (size_t i = 0; i < count; i++) {
        hr_buffer_add_text(&testing->out, i == 0 ? HR_TEXT_NONE : HR_TEXT(","));
        hr_json_write_text(&testing->out, words[i]);
    }
    hr_buffer_add_byte(&testing->out, ']');
}

static void add_moments(struct testing *testing, const struct hr_trial_result *result)
{
    hr_buffer_add_text(&testing->out, HR_TEXT(",\"timeline\":["));
    for (size_t i = 0; i < result->moment_count; i++) {
        hr_buffer_add_format(
            &testing->out, "%s{\"at\":\"%.*s\"", i == 0 ? "" : ",",
            HR_SHOW(hr_instant_write(&testing->cli->arena, result->moments[i].at)));
        add_member(testing, "text", result->moments[i].text);
        hr_buffer_add_byte(&testing->out, '}');
    }
    hr_buffer_add_byte(&testing->out, ']');
}

static void write_test(struct testing *testing, const struct hr_test *test,
                       const struct hr_trial_result *result, bool first)
{
    struct hr_buffer *out = &testing->out;
    hr_buffer_add_text(out, first ? HR_TEXT("{\"name\":") : HR_TEXT(",{\"name\":"));
    hr_json_write_text(out, test->name);
    hr_buffer_add_byte(out, ',');
    add_place(testing, &test->place);
    add_member(testing, "verdict", hr_verdict_word(result->verdict));
    hr_buffer_add_text(out, HR_TEXT(",\"lines\":["));
    for (size_t i = 0; i < result->line_count; i++) {
        const struct hr_trial_line *line = &result->lines[i];
        hr_buffer_add_text(out, i == 0 ? HR_TEXT("{") : HR_TEXT(",{"));
        add_place(testing, &line->place);
        add_member(testing, "expected", line->expected);
        add_member(testing, "seen", line->seen);
        add_member(testing, "at", hr_instant_write(&testing->cli->arena, line->at));
        hr_buffer_add_byte(out, '}');
    }
    hr_buffer_add_byte(out, ']');
    add_list(testing, "not_available_yet", result->lacking, result->lacking_count);
    add_list(testing, "passed_over", result->skipped, result->skipped_count);
    add_moments(testing, result);
    hr_buffer_add_byte(out, '}');
}

/* ---- which of them ------------------------------------------------------------------------------------------ */

static bool has_caseless(struct hr_text text, struct hr_text part)
{
    for (size_t at = 0; at + part.size <= text.size; at++) {
        if (hr_text_equal_caseless(hr_text_slice(text, at, at + part.size), part)) {
            return true;
        }
    }
    return false;
}

/* Without a name all; with one those that have it in theirs; with the whole name of one only that. */
static bool is_wanted(const struct testing *testing, const struct hr_test *test)
{
    const struct hr_cli *cli = testing->cli;
    bool whole = false;
    for (size_t i = 0; cli->object_count > 0 && i < testing->plan->test_count; i++) {
        whole = whole || hr_text_equal(testing->plan->tests[i].name, cli->objects[0]);
    }
    return cli->object_count == 0 || (whole ? hr_text_equal(test->name, cli->objects[0])
                                            : has_caseless(test->name, cli->objects[0]));
}

static hr_status run_all(struct testing *testing, size_t *ret_count)
{
    struct hr_cli *cli = testing->cli;
    *ret_count = 0;
    for (size_t i = 0; i < testing->plan->test_count; i++) {
        const struct hr_test *test = &testing->plan->tests[i];
        struct hr_trial_result result;
        if (!is_wanted(testing, test)) {
            continue;
        }
        HR_TRY(hr_trial_run(testing->trial, test, &cli->arena, &result));
        testing->counts[result.verdict]++;
        if (cli->json) {
            write_test(testing, test, &result, *ret_count == 0);
        } else {
            say_test(testing, test, &result);
        }
        ++*ret_count;
    }
    return hr_done();
}

static int name_unknown(const struct testing *testing)
{
    const struct hr_plan *plan = testing->plan;
    const struct hr_cli_things there = {plan->tests, plan->test_count, sizeof *plan->tests};
    return hr_cli_unknown(testing->cli, HR_CODE_test_unknown, "test", testing->cli->objects[0],
                          there);
}

/* ---- the verb -------------------------------------------------------------------------------------------------- */

static int end(struct testing *testing)
{
    const size_t *counts = testing->counts;
    size_t passed = counts[HR_VERDICT_passed];
    size_t failed = counts[HR_VERDICT_failed];
    size_t not_yet = counts[HR_VERDICT_not_yet];
    if (testing->cli->json) {
        hr_buffer_add_format(&testing->out,
                             "],\"passed\":%zu,\"failed\":%zu,\"not_available_yet\":%zu}\n", passed,
                             failed, not_yet);
    } else {
        hr_buffer_add_format(&testing->out, "%s%zu passed, %zu failed, %zu not available yet\n",
                             passed + failed + not_yet > 0 ? "\n" : "", passed, failed, not_yet);
    }
    int code = hr_cli_print_whole(testing->cli, &testing->out);
    if (code != HR_EXIT_ok) {
        return code;
    }
    return failed > 0 ? HR_EXIT_failed : not_yet > 0 ? HR_EXIT_partly : HR_EXIT_ok;
}

static int test_plan(struct testing *testing)
{
    struct hr_cli *cli = testing->cli;
    size_t count = 0;
    hr_buffer_init(&testing->out, &cli->arena, TEST_BYTES_MAX);
    hr_buffer_add_text(&testing->out, cli->json ? HR_TEXT("{\"tests\":[") : HR_TEXT_NONE);
    hr_status status = open_trial(testing);
    if (hr_ok(status)) {
        status = run_all(testing, &count);
    }
    if (!hr_ok(status)) {
        return hr_cli_failed(cli, status);
    }
    return count == 0 && cli->object_count > 0 ? name_unknown(testing) : end(testing);
}

int hr_verb_test(struct hr_cli *cli)
{
    struct testing testing = {.cli = cli, .folder = hr_cli_folder_here(cli)};
    int code = hr_cli_load(cli, testing.folder, &testing.plan);
    if (code == HR_EXIT_ok) {
        code = test_plan(&testing);
    }
    hr_plan_release(testing.plan);
    return code;
}
