/* The world of a story: a store in a folder of its own, a clock that the story moves, alerts that arrive or not. */
#include "story.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void story_fail(struct story *story, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fprintf(stderr, "%s:%u: ", story->name, story->line);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    va_end(list);
    story->failed = true;
}

/* Salts need not be secret here, only there. */
static void salts(void *context, void *ret_bytes, size_t size)
{
    (void)context;
    memset(ret_bytes, 0x5A, size);
}

void story_open(struct story *story, const char *name, const char *workspace)
{
    *story = (struct story){.name = name, .workspace = workspace, .alerts = HR_OUTCOME_confirmed};
    hr_arena_init(&story->arena, (size_t)512 << 20);
    strcpy(story->folder, "/tmp/handrail-story-XXXXXX"); /* NOLINT: the array is larger */
    hr_assert(mkdtemp(story->folder) != NULL);
    story->options =
        (struct hr_store_options){.folder = story->folder, .create = true, .cache_bytes = 4 << 20};
    hr_assert(hr_ok(hr_store_open(&story->options, &story->store)));
    hr_batch_init(&story->batch, story->store, (size_t)256 << 20);
    story->batch.engine.url = HR_TEXT("https://handrail.example.com");
    for (size_t i = 0; i < STORY_TOOLS_MAX; i++) {
        story->answers[i].does = true;
    }
    story->batch.random = salts;
    story->batch.engine.automates =
        strcmp(workspace, "examples/coaching") != 0; /* its stories watch */
    hr_assert(hr_instant_read(HR_TEXT("2026-11-23T00:00:00Z"), &story->day));
    story->now = story->day;
    story_publish(story, workspace);
}

void story_publish(struct story *story, const char *workspace)
{
    struct hr_diagnostics found;
    struct hr_file *files = NULL;
    size_t count = 0;
    hr_diagnostics_init(&found, &story->arena);
    hr_status status =
        hr_workspace_load(workspace, &story->arena, &found, &files, &count, &story->plan);
    if (!hr_ok(status)) {
        struct hr_text drawn = hr_diagnostics_draw(&found, &story->arena, NULL, NULL);
        story_fail(story, "the files of %s are not accepted:\n%.*s", workspace, HR_SHOW(drawn));
        exit(1);
    }
    struct hr_text bundle = hr_files_bundle(files, count, &story->arena);
    hr_assert(hr_ok(hr_batch_publish(&story->batch, story->plan, bundle, story->now)));
}

static void check_record(struct story *story)
{
    struct hr_store_reader *reader = NULL;
    struct hr_verified verified;
    uint64_t differences = 0;
    struct hr_text first = HR_TEXT_NONE;
    hr_assert(hr_ok(hr_store_reader_open(&story->options, &reader)));
    if (!hr_ok(hr_store_verify(reader, &story->arena, &verified)) || verified.first_broken != 0) {
        story_fail(story, "the chain does not verify: %.*s", HR_SHOW(verified.what));
    }
    hr_store_reader_close(reader);
    hr_status status = hr_store_rebuild(story->store, &differences, &first, &story->arena);
    if (!hr_ok(status) || differences != 0) {
        story_fail(story, "a rebuild differs in %llu rows, first %.*s (status %d)",
                   (unsigned long long)differences, HR_SHOW(first), status.code);
    }
}

void story_close(struct story *story)
{
    char command[96];
    check_record(story);
    hr_batch_done(&story->batch);
    hr_store_close(story->store);
    (void)snprintf(command, sizeof command, "rm -rf %s", story->folder);
    hr_assert(system(command) == 0);
    hr_arena_close(&story->arena);
}

/* ---- running -------------------------------------------------------------------------------- */

enum hr_became story_run_one(struct story *story, struct hr_event *event,
                             struct hr_waiting *waiting)
{
    struct hr_waiting *all[] = {waiting};
    waiting->event = *event;
    hr_status status = hr_batch_run(&story->batch, all, 1, story->now, NULL, 0);
    if (!hr_ok(status)) {
        story_fail(story, "the batch answered %d", status.code);
    }
    return waiting->became;
}

static bool run_due(struct story *story, hr_instant until)
{
    struct hr_key from = hr_key_pair(0, 0);
    struct hr_scanned *items = NULL;
    size_t count = 0;
    uint64_t due = 0;
    uint64_t record = 0;
    hr_assert(
        hr_ok(hr_store_scan(story->store, HR_SPACE_due, &from, 1, &story->arena, &items, &count)));
    if (count == 0) {
        return false;
    }
    hr_key_unpair(&items[0].key, &due, &record);
    if ((hr_instant)due > until) {
        return false;
    }
    story->now = (hr_instant)due > story->now ? (hr_instant)due : story->now;
    struct hr_event event = {.kind = HR_EVENT_due, .record = record, .hint_due = (hr_instant)due};
    struct hr_waiting waiting = {0};
    if (story_run_one(story, &event, &waiting) == HR_BECAME_journalled) {
        story_deliver(story, waiting.entry);
    }
    return true;
}

void story_move(struct story *story, hr_instant to)
{
    for (unsigned i = 0; !story->down && run_due(story, to); i++) {
        if (i == 10000) {
            story_fail(story, "the clock does not come to rest");
            break;
        }
    }
    story->now = to > story->now ? to : story->now;
}

enum hr_became story_run(struct story *story, struct hr_event *event)
{
    struct hr_waiting waiting = {0};
    enum hr_became became = story_run_one(story, event, &waiting);
    story_move(story, story->now); /* what is due at once: alerts */
    return became;
}

/* ---- messages ------------------------------------------------------------------------------- */

static struct hr_text word_of(struct hr_text words, struct hr_text name)
{
    while (words.size > 0) {
        struct hr_text pair = hr_text_cut(&words, ' ');
        struct hr_text key = hr_text_cut(&pair, '=');
        if (hr_text_equal(key, name)) {
            return pair;
        }
    }
    return HR_TEXT_NONE;
}

/* What stands for {{name}} or {{name|otherwise}}. */
static struct hr_text filled(struct story *story, struct hr_text place, struct hr_text words,
                             hr_instant at)
{
    struct hr_text otherwise = place;
    struct hr_text name = hr_text_cut(&otherwise, '|');
    struct hr_text given = word_of(words, name);
    if (hr_text_equal(name, HR_TEXT("at"))) {
        return hr_instant_write(&story->arena, at);
    }
    if (hr_text_equal(name, HR_TEXT("at_seconds"))) {
        return hr_text_format(&story->arena, "%lld", (long long)(at / HR_SECOND_US));
    }
    if (hr_text_equal(name, HR_TEXT("id")) && given.size == 0) {
        return hr_text_format(&story->arena, "msg_%u", story->ids);
    }
    return given.size > 0 ? given : otherwise;
}

static struct hr_text fill(struct story *story, struct hr_text form, struct hr_text words,
                           hr_instant at)
{
    struct hr_buffer out;
    hr_buffer_init(&out, &story->arena, 64 << 10);
    while (form.size > 0) {
        size_t open = hr_text_search(form, HR_TEXT("{{"));
        size_t close = hr_text_search(form, HR_TEXT("}}"));
        hr_buffer_add_text(&out, hr_text_slice(form, 0, open));
        if (open == form.size) {
            break;
        }
        hr_buffer_add_text(&out, filled(story, hr_text_slice(form, open + 2, close), words, at));
        form = hr_text_slice(form, close + 2, form.size);
    }
    return hr_buffer_text(&out);
}

void story_say(struct story *story, struct hr_text tool, struct hr_text event, struct hr_text words)
{
    story_hand_in(story, HR_NONE_INDEX, tool, event, words);
}

void story_hand_in(struct story *story, int32_t person, struct hr_text tool, struct hr_text event,
                   struct hr_text words)
{
    struct hr_text form = HR_TEXT_NONE;
    struct hr_text path =
        hr_text_format(&story->arena, "%s/recorded/%.*s.json", story->workspace, HR_SHOW(event));
    hr_instant at = story->now;
    struct hr_text said_at = word_of(words, HR_TEXT("at"));
    if (said_at.size > 0 && !story_time(story, said_at, &at)) {
        story_fail(story, "at= is no time");
        return;
    }
    int32_t index = hr_plan_tool(story->plan, tool);
    if (index < 0 || !hr_ok(hr_file_read(path.data, 64 << 10, &story->arena, &form))) {
        story_fail(story, "there is no such tool, or no recorded message %.*s", HR_SHOW(path));
        return;
    }
    story->ids++;
    struct hr_text raw = fill(story, form, words, at);
    struct hr_value payload;
    struct hr_heard *heard = hr_arena_new(&story->arena, struct hr_heard);
    const struct hr_given given = {0};
    if (!hr_ok(hr_json_read(&story->arena, raw, NULL, NULL, &payload))) {
        story_fail(story, "the filled message is no JSON: %.*s", HR_SHOW(raw));
        return;
    }
    hr_assert(hr_ok(hr_engine_read(&story->batch.engine, index, &payload, raw, given, story->now,
                                   &story->arena, heard)));
    struct hr_event heard_event = {.kind = HR_EVENT_heard, .heard = heard, .payload = raw};
    heard_event.person = person < 0 ? 0 : story->plan->people[person].name_number;
    story->journalled += story_run(story, &heard_event) == HR_BECAME_journalled;
}

/* ---- looking up ----------------------------------------------------------------------------- */

struct hr_record *story_record(struct story *story, uint64_t id)
{
    struct hr_view view;
    hr_view_init(&view, &story->arena);
    hr_assert(hr_ok(hr_store_fetch_records(story->store, &id, 1, &view)));
    struct hr_record *record = hr_view_record(&view, id);
    return record != NULL && record->exists ? record : NULL;
}

static uint64_t entry_value(struct story *story, enum hr_space space, const struct hr_key *key)
{
    const struct hr_entry_name name = {(uint8_t)space, *key};
    struct hr_view view;
    hr_view_init(&view, &story->arena);
    hr_assert(hr_ok(hr_store_fetch_entries(story->store, &name, 1, &view)));
    const struct hr_index_entry *entry = hr_view_entry(&view, space, key);
    return entry == NULL ? 0 : entry->value;
}

uint64_t story_contact(struct story *story, struct hr_text email)
{
    struct hr_heard_key key;
    for (size_t i = 0; i < story->plan->match_count; i++) {
        uint64_t found = 0;
        if (hr_engine_match_key(&story->batch.engine, story->plan->match_on[i], email,
                                &story->arena, &key)) {
            found = entry_value(story, HR_SPACE_match, &key.key);
        }
        if (found != 0) {
            return found;
        }
    }
    return 0;
}

struct hr_record *story_issue(struct story *story, struct hr_text name)
{
    int64_t number = 0;
    if (!hr_text_starts(name, HR_TEXT("H-")) ||
        !hr_text_to_integer(hr_text_slice(name, 2, name.size), &number)) {
        return NULL;
    }
    struct hr_key key = hr_key_pair(0, (uint64_t)number);
    uint64_t id = entry_value(story, HR_SPACE_number, &key);
    return id == 0 ? NULL : story_record(story, id);
}

struct hr_text story_word(struct story *story, uint32_t number)
{
    const struct hr_record *names = story_record(story, HR_ID_NAMES);
    return number == 0 || number > names->names->count ? HR_TEXT("nobody")
                                                       : names->names->words[number - 1];
}
