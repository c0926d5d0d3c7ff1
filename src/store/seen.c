/* Delivery keys, remembered without expiry. A random index insert would cost a page an event; so the newest keys
 * stand in an exact table in memory (rebuilt at start from the newest headers) and older ones in sorted runs
 * that are written at the table's end. A filter a run in memory tells which runs to read: for a new key
 * seldom any. docs/decisions/0009. */
#include "store/inside.h"

#include <stdlib.h>
#include <string.h>

enum {
    CHUNK_KEYS = 250, /* 4,000 bytes: one page, without overflow */
    CHUNK_BITS = 16,
    RUNS_MAX = 1 << 20
};

/* ---- the table of recent keys ------------------------------------------------------------------------ */

static size_t slot_of(const struct seen *seen, const struct hr_key *key)
{
    uint64_t words[2];
    memcpy(words, key->bytes, sizeof words);
    uint64_t hash =
        (words[0] ^ words[1] * UINT64_C(0x9E3779B97F4A7C15)) * UINT64_C(0xD6E8FEB86659FD93);
    return (size_t)((hash >> 32) * seen->slot_count >> 32);
}

static struct hr_key *recent_place(const struct seen *seen, const struct hr_key *key)
{
    size_t slot = slot_of(seen, key);
    while (!hr_key_is_zero(&seen->recent[slot]) && !hr_key_equal(&seen->recent[slot], key)) {
        slot = slot + 1 == seen->slot_count ? 0 : slot + 1;
    }
    return &seen->recent[slot];
}

static void recent_put(struct seen *seen, const struct hr_key *key)
{
    struct hr_key *place = recent_place(seen, key);
    if (hr_key_is_zero(place)) {
        *place = *key;
        seen->recent_count++;
    }
}

hr_status seen_reserve(struct seen *seen, size_t count)
{
    size_t wanted = seen->recent_count + count;
    if (wanted * 4 <= seen->slot_count * 3) {
        return hr_done();
    }
    struct seen grown = *seen;
    grown.slot_count = wanted * 2;
    grown.recent_count = 0;
    grown.recent = calloc(grown.slot_count, sizeof *grown.recent);
    if (grown.recent == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < seen->slot_count; i++) {
        if (!hr_key_is_zero(&seen->recent[i])) {
            recent_put(&grown, &seen->recent[i]);
        }
    }
    free(seen->recent);
    *seen = grown;
    return hr_done();
}

hr_status seen_add(struct seen *seen, const struct hr_key *key)
{
    if (hr_key_is_zero(key)) {
        return hr_done();
    }
    HR_TRY(seen_reserve(seen, 1));
    recent_put(seen, key);
    return hr_done();
}

/* ---- runs in memory ------------------------------------------------------------------------------------ */

static hr_status runs_reserve(struct seen *seen)
{
    if (seen->run_count >= RUNS_MAX) {
        return hr_answer(HR_E_LIMIT);
    }
    struct seen_run *runs = realloc(seen->runs, (seen->run_count + 1) * sizeof *runs);
    if (runs == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    seen->runs = runs;
    if (seen->run_count < seen->group_count * FILTER_LANES) {
        return hr_done();
    }
    uint64_t **groups = realloc(seen->groups, (seen->group_count + 1) * sizeof *groups);
    if (groups == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    seen->groups = groups;
    groups[seen->group_count] = calloc(seen->shape.slot_count, FILTER_WORDS * sizeof **groups);
    if (groups[seen->group_count] == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    seen->group_count++;
    return hr_done();
}

/* Room must be reserved. */
static void runs_add(struct seen *seen, struct seen_run run, const uint16_t *lane)
{
    filter_put(&seen->shape, seen->groups[seen->run_count / FILTER_LANES],
               (unsigned)(seen->run_count % FILTER_LANES), lane);
    seen->runs[seen->run_count++] = run;
}

/* ---- looking ------------------------------------------------------------------------------------------- */

static bool keys_hold(const struct hr_key *keys, size_t count, const struct hr_key *key)
{
    size_t from = 0;
    while (from < count) {
        size_t middle = from + (count - from) / 2;
        int order = memcmp(keys[middle].bytes, key->bytes, HR_KEY_SIZE);
        if (order == 0) {
            return true;
        }
        if (order < 0) {
            from = middle + 1;
        } else {
            count = middle;
        }
    }
    return false;
}

/* The chunk that would hold the key: the last whose first key is not greater. */
static size_t chunk_of(const struct seen_run *run, const struct hr_key *key)
{
    size_t from = 0;
    size_t until = run->chunk_count;
    while (from < until) {
        size_t middle = from + (until - from) / 2;
        if (memcmp(run->firsts[middle].bytes, key->bytes, HR_KEY_SIZE) <= 0) {
            from = middle + 1;
        } else {
            until = middle;
        }
    }
    return from;
}

static hr_status look_in_run(struct seen *seen, struct lite *lite, size_t run,
                             const struct hr_key *key, bool *ret_seen)
{
    size_t chunk = chunk_of(&seen->runs[run], key);
    if (chunk == 0) {
        return hr_done();
    }
    sqlite3_stmt *get = NULL;
    bool found = false;
    HR_TRY(lite_statement(lite, STATEMENT_seen_get, &get));
    lite_bind_number(get, 1, (uint64_t)run << CHUNK_BITS | (chunk - 1));
    HR_TRY(lite_step(lite, get, &found));
    if (!found) {
        return hr_answer(HR_E_CORRUPT);
    }
    struct hr_text keys = lite_bytes(get, 0);
    *ret_seen =
        keys_hold((const struct hr_key *)(const void *)keys.data, keys.size / HR_KEY_SIZE, key);
    (void)sqlite3_reset(get);
    return hr_done();
}

hr_status seen_look(struct seen *seen, struct lite *lite, const struct hr_key *key, bool *ret_seen)
{
    *ret_seen = false;
    if (hr_key_is_zero(key)) {
        return hr_done();
    }
    if (!hr_key_is_zero(recent_place(seen, key))) {
        *ret_seen = true;
        return hr_done();
    }
#ifdef HR_PLANT_skip_dedupe
    return hr_done();
#endif
    const struct filter_place place = filter_place_of(&seen->shape, key);
    for (size_t group = 0; group < seen->group_count; group++) {
        filter_fetch(seen->groups[group], &place);
    }
    for (size_t group = 0; group < seen->group_count; group++) {
        uint32_t lanes = filter_look(seen->groups[group], &place);
        for (; lanes != 0; lanes &= lanes - 1) {
            size_t run = group * FILTER_LANES + (size_t)__builtin_ctz(lanes);
            if (run >= seen->run_count) {
                break; /* a lane that no run has yet */
            }
            HR_TRY(look_in_run(seen, lite, run, key, ret_seen));
            if (*ret_seen) {
                return hr_done();
            }
        }
    }
    return hr_done();
}

/* ---- writing a run --------------------------------------------------------------------------------------- */

static int compare_keys(const void *a, const void *b)
{
    return memcmp(a, b, HR_KEY_SIZE);
}

static void sort_few(struct hr_key *keys, size_t count)
{
    if (count > 24) {
        qsort(keys, count, sizeof *keys, compare_keys);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        struct hr_key key = keys[i];
        size_t at = i;
        for (; at > 0 && compare_keys(&keys[at - 1], &key) > 0; at--) {
            keys[at] = keys[at - 1];
        }
        keys[at] = key;
    }
}

/* Keys are evenly spread, so one pass by their first 16 bits leaves two or three to sort in each place. */
static hr_status sort_keys(const struct seen *seen, struct hr_key *sorted)
{
    enum { PLACES = 1 << 16 };
    uint32_t *ends = calloc(PLACES + 1, sizeof *ends);
    if (ends == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < seen->slot_count; i++) {
        const struct hr_key *key = &seen->recent[i];
        ends[(key->bytes[0] << 8 | key->bytes[1]) + 1] += !hr_key_is_zero(key);
    }
    for (size_t i = 0; i < PLACES; i++) {
        ends[i + 1] += ends[i];
    }
    for (size_t i = 0; i < seen->slot_count; i++) {
        const struct hr_key *key = &seen->recent[i];
        if (!hr_key_is_zero(key)) {
            sorted[ends[key->bytes[0] << 8 | key->bytes[1]]++] = *key;
        }
    }
    for (size_t i = 0; i < PLACES; i++) {
        uint32_t from = i == 0 ? 0 : ends[i - 1];
        if (ends[i] - from > 1) {
            sort_few(sorted + from, ends[i] - from);
        }
    }
    free(ends);
    return hr_done();
}

/* Takes the keys that the filter could not hold out of the run. */
static hr_status split_rest(struct hr_key *sorted, size_t *count, const uint32_t *left,
                            size_t left_count, struct seen_flush *flush)
{
    flush->rest = calloc(left_count + 1, sizeof *flush->rest);
    if (flush->rest == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        if (flush->rest_count < left_count && left[flush->rest_count] == i) {
            flush->rest[flush->rest_count++] = sorted[i];
        } else {
            sorted[kept++] = sorted[i];
        }
    }
    *count = kept;
    return hr_done();
}

static hr_status write_chunks(struct lite *lite, size_t run_number, const struct hr_key *sorted,
                              size_t count, struct seen_run *run)
{
    run->firsts = calloc(count / CHUNK_KEYS + 1, sizeof *run->firsts);
    if (run->firsts == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t at = 0; at < count; at += CHUNK_KEYS) {
        size_t size = count - at < CHUNK_KEYS ? count - at : CHUNK_KEYS;
        sqlite3_stmt *put = NULL;
        HR_TRY(lite_statement(lite, STATEMENT_seen_put, &put));
        lite_bind_number(put, 1, (uint64_t)run_number << CHUNK_BITS | run->chunk_count);
        lite_bind_bytes(put, 2, &sorted[at], size * sizeof *sorted);
        HR_TRY(lite_run(lite, put));
        run->firsts[run->chunk_count++] = sorted[at];
    }
    return hr_done();
}

static hr_status write_run(const struct seen *seen, struct lite *lite,
                           const struct seen_flush *flush)
{
    sqlite3_stmt *put = NULL;
    HR_TRY(lite_statement(lite, STATEMENT_seen_run_put, &put));
    lite_bind_number(put, 1, seen->run_count);
    lite_bind_number(put, 2, flush->position);
    lite_bind_bytes(put, 3, flush->run.firsts, flush->run.chunk_count * sizeof *flush->run.firsts);
    lite_bind_bytes(put, 4, flush->lane, seen->shape.slot_count * sizeof *flush->lane);
    lite_bind_bytes(put, 5, flush->rest, flush->rest_count * sizeof *flush->rest);
    return lite_run(lite, put);
}

static hr_status flush_sorted(struct seen *seen, struct lite *lite, struct hr_key *sorted,
                              uint32_t *left, struct seen_flush *flush)
{
    size_t count = seen->recent_count;
    size_t left_count = 0;
    HR_TRY(sort_keys(seen, sorted));
    HR_TRY(filter_build(&seen->shape, sorted, count, flush->lane, left, &left_count));
    HR_TRY(split_rest(sorted, &count, left, left_count, flush));
    HR_TRY(write_chunks(lite, seen->run_count, sorted, count, &flush->run));
    return write_run(seen, lite, flush);
}

hr_status seen_flush_begin(struct seen *seen, struct lite *lite, size_t coming, uint64_t position,
                           struct seen_flush *ret_flush)
{
    if (seen->recent_count == 0 || seen->recent_count + coming <= seen->run_keys) {
        return hr_done();
    }
    HR_TRY(runs_reserve(seen));
    ret_flush->position = position;
    ret_flush->lane = malloc(seen->shape.slot_count * sizeof *ret_flush->lane);
    struct hr_key *sorted = malloc(seen->recent_count * sizeof *sorted);
    uint32_t *left = malloc(seen->recent_count * sizeof *left);
    hr_status status = hr_answer(HR_E_MEMORY);
    if (ret_flush->lane != NULL && sorted != NULL && left != NULL) {
        status = flush_sorted(seen, lite, sorted, left, ret_flush);
    }
    free(sorted);
    free(left);
    ret_flush->wanted = hr_ok(status);
    return status;
}

void seen_flush_done(struct seen *seen, struct seen_flush *flush, bool kept)
{
    if (kept && flush->wanted) {
        runs_add(seen, flush->run, flush->lane);
        flush->run.firsts = NULL;
        memset(seen->recent, 0, seen->slot_count * sizeof *seen->recent);
        seen->recent_count = 0;
        for (size_t i = 0; i < flush->rest_count; i++) {
            recent_put(seen, &flush->rest[i]);
        }
        seen->flushed = flush->position;
    }
    free(flush->run.firsts);
    free(flush->lane);
    free(flush->rest);
    *flush = (struct seen_flush){0};
}

/* ---- opening ----------------------------------------------------------------------------------------------- */

static hr_status load_run(struct seen *seen, sqlite3_stmt *row)
{
    struct hr_text firsts = lite_bytes(row, 2);
    struct hr_text lane = lite_bytes(row, 3);
    struct hr_text rest = lite_bytes(row, 4);
    if (lite_number(row, 0) != seen->run_count || firsts.size % HR_KEY_SIZE != 0 ||
        lane.size != seen->shape.slot_count * sizeof(uint16_t) || rest.size % HR_KEY_SIZE != 0) {
        return hr_answer(HR_E_CORRUPT);
    }
    HR_TRY(runs_reserve(seen));
    struct seen_run run = {.chunk_count = (uint32_t)(firsts.size / HR_KEY_SIZE)};
    run.firsts = malloc(firsts.size + 1);
    uint16_t *prints = malloc(lane.size);
    if (run.firsts == NULL || prints == NULL) {
        free(run.firsts);
        free(prints);
        return hr_answer(HR_E_MEMORY);
    }
    if (firsts.size > 0) {
        memcpy(run.firsts, firsts.data, firsts.size);
    }
    memcpy(prints, lane.data, lane.size);
    runs_add(seen, run, prints);
    free(prints);
    seen->flushed = lite_number(row, 1);
    /* only the newest run's rest is not in a later run */
    memset(seen->recent, 0, seen->slot_count * sizeof *seen->recent);
    seen->recent_count = 0;
    for (size_t at = 0; at < rest.size; at += HR_KEY_SIZE) {
        struct hr_key key;
        memcpy(key.bytes, rest.data + at, HR_KEY_SIZE);
        HR_TRY(seen_add(seen, &key));
    }
    return hr_done();
}

hr_status seen_open(struct seen *seen, struct lite *lite, uint32_t run_keys)
{
    *seen = (struct seen){.run_keys = run_keys, .slot_count = (size_t)run_keys * 4 / 3 + 1024};
    seen->shape = filter_shape_of(run_keys);
    seen->recent = calloc(seen->slot_count, sizeof *seen->recent);
    if (seen->recent == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    sqlite3_stmt *runs = NULL;
    bool more = false;
    HR_TRY(lite_statement(lite, STATEMENT_seen_runs, &runs));
    HR_TRY(lite_step(lite, runs, &more));
    while (more) {
        hr_status status = load_run(seen, runs);
        if (!hr_ok(status)) {
            (void)sqlite3_reset(runs);
            return status;
        }
        HR_TRY(lite_step(lite, runs, &more));
    }
    return hr_done();
}

void seen_close(struct seen *seen)
{
    for (size_t i = 0; i < seen->group_count; i++) {
        free(seen->groups[i]);
    }
    for (size_t i = 0; i < seen->run_count; i++) {
        free(seen->runs[i].firsts);
    }
    free(seen->groups);
    free(seen->runs);
    free(seen->recent);
    *seen = (struct seen){0};
}
