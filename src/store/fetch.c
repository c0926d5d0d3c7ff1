/* Rows of the state, read: records and index entries, one by one or into a view in order of their keys (a cold
 * database answers such reads many times faster). */
#include "store/inside.h"

#include <stdlib.h>
#include <string.h>

/* ---- the check behind a record row --------------------------------------------------------------- */

/* Any one word that changes changes the sum, whatever stands after it: each round can be undone. */
uint32_t row_check(uint64_t id, struct hr_text bytes)
{
    const uint64_t factor = UINT64_C(0x9E3779B97F4A7C15);
    uint64_t sum = (id ^ (uint64_t)bytes.size << 48) * factor;
    size_t at = 0;
    for (; at + 8 <= bytes.size; at += 8) {
        uint64_t word = 0;
        memcpy(&word, bytes.data + at, 8);
        sum = (sum ^ word) * factor;
        sum ^= sum >> 29;
    }
    uint64_t rest = 0;
    memcpy(&rest, bytes.data + at, bytes.size - at);
    sum = (sum ^ rest) * factor;
    return (uint32_t)(sum >> 32) ^ (uint32_t)sum;
}
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "row_check reads words as they lie");

hr_status row_open(uint64_t id, struct hr_text row, struct hr_text *ret_bytes)
{
    if (row.size < ROW_CHECK_BYTES) {
        return hr_answer(HR_E_CORRUPT);
    }
    struct hr_text bytes = hr_text_slice(row, 0, row.size - ROW_CHECK_BYTES);
    uint32_t check = 0;
    memcpy(&check, row.data + bytes.size, ROW_CHECK_BYTES);
    if (check != row_check(id, bytes)) {
        return hr_answer(HR_E_CORRUPT);
    }
    *ret_bytes = bytes;
    return hr_done();
}

/* ---- one row -------------------------------------------------------------------------------------- */

static hr_status copy_record(uint64_t id, struct hr_text row, struct hr_arena *into,
                             struct hr_record **ret_record)
{
    struct hr_text bytes = HR_TEXT_NONE;
    HR_TRY(row_open(id, row, &bytes));
    struct hr_text copy = hr_text_copy(into, bytes);
    if (copy.data == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    return hr_record_read(id, copy, into, ret_record);
}

hr_status lite_read_record(struct lite *lite, enum tables tables, uint64_t id,
                           struct hr_arena *into, struct hr_record **ret_record)
{
    sqlite3_stmt *get = NULL;
    bool found = false;
    *ret_record = NULL;
    HR_TRY(lite_statement(lite, STATEMENT_record_get + tables, &get));
    lite_bind_number(get, 1, id);
    HR_TRY(lite_step(lite, get, &found));
    if (!found) {
        return hr_done();
    }
    hr_status status = copy_record(id, lite_bytes(get, 0), into, ret_record);
    (void)sqlite3_reset(get);
    return status;
}

hr_status lite_read_entry(struct lite *lite, enum tables tables, uint8_t space,
                          const struct hr_key *key, uint64_t *ret_value)
{
    sqlite3_stmt *get = NULL;
    bool found = false;
    *ret_value = 0;
    HR_TRY(lite_statement(lite, STATEMENT_entry_get + tables, &get));
    lite_bind_number(get, 1, space);
    lite_bind_bytes(get, 2, key->bytes, sizeof key->bytes);
    HR_TRY(lite_step(lite, get, &found));
    if (found) {
        *ret_value = lite_number(get, 0);
        (void)sqlite3_reset(get);
    }
    return hr_done();
}

static hr_status scan_rows(struct lite *lite, sqlite3_stmt *scan, struct hr_arena *into,
                           struct hr_scanned **ret_items, size_t *ret_count)
{
    size_t capacity = 0;
    bool more = false;
    HR_TRY(lite_step(lite, scan, &more));
    while (more) {
        struct hr_scanned *items =
            hr_list_grow(into, *ret_items, *ret_count, &capacity, sizeof *items);
        struct hr_text key = lite_bytes(scan, 0);
        if (items == NULL) {
            return hr_answer(HR_E_MEMORY);
        }
        if (key.size != HR_KEY_SIZE) {
            return hr_answer(HR_E_CORRUPT);
        }
        memcpy(items[*ret_count].key.bytes, key.data, HR_KEY_SIZE);
        items[*ret_count].value = lite_number(scan, 1);
        *ret_items = items;
        (*ret_count)++;
        HR_TRY(lite_step(lite, scan, &more));
    }
    return hr_done();
}

hr_status lite_scan(struct lite *lite, enum hr_space space, const struct hr_key *from, size_t most,
                    struct hr_arena *into, struct hr_scanned **ret_items, size_t *ret_count)
{
    sqlite3_stmt *scan = NULL;
    *ret_items = NULL;
    *ret_count = 0;
    HR_TRY(lite_statement(lite, STATEMENT_scan, &scan));
    lite_bind_number(scan, 1, (uint64_t)space);
    lite_bind_bytes(scan, 2, from->bytes, sizeof from->bytes);
    lite_bind_number(scan, 3, most);
    hr_status status = scan_rows(lite, scan, into, ret_items, ret_count);
    (void)sqlite3_reset(scan);
    return status;
}

/* ---- many rows, into a view ------------------------------------------------------------------------ */

static int compare_ids(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a;
    uint64_t right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

static hr_status fetch_record(struct lite *lite, enum tables tables, uint64_t id,
                              struct hr_view *view)
{
    struct hr_record *record = NULL;
    HR_TRY(lite_read_record(lite, tables, id, view->arena, &record));
    if (record == NULL) {
        record = hr_arena_new(view->arena, struct hr_record);
        if (record == NULL) {
            return hr_answer(HR_E_MEMORY);
        }
        record->id = id;
        record->hinted_due = HR_INSTANT_NONE;
    }
    return hr_view_put_record(view, record);
}

/* Ids, each once and in order. */
struct wanted {
    uint64_t *ids;
    size_t count;
};

/* Those of the ids that the view does not have. */
static hr_status find_wanted(const uint64_t *ids, size_t count, const struct hr_view *view,
                             struct hr_arena *scratch, struct wanted *ret_wanted)
{
    uint64_t *sorted = hr_arena_new_many(scratch, uint64_t, count);
    size_t all = 0;
    *ret_wanted = (struct wanted){.ids = sorted};
    if (sorted == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < count; i++) {
        if (hr_view_record(view, ids[i]) == NULL) {
            sorted[all++] = ids[i];
        }
    }
    qsort(sorted, all, sizeof *sorted, compare_ids);
    for (size_t i = 0; i < all; i++) {
        if (i == 0 || sorted[i] != sorted[i - 1]) {
            sorted[ret_wanted->count++] = sorted[i];
        }
    }
    return hr_done();
}

static hr_status fetch_wanted(struct lite *lite, enum tables tables, const struct wanted *wanted,
                              struct hr_view *view)
{
    for (size_t i = 0; i < wanted->count; i++) {
        HR_TRY(fetch_record(lite, tables, wanted->ids[i], view));
    }
    return hr_done();
}

hr_status lite_fetch_records(struct lite *lite, enum tables tables, const uint64_t *ids,
                             size_t count, struct hr_view *view, struct hr_arena *scratch)
{
    struct wanted wanted;
    HR_TRY(find_wanted(ids, count, view, scratch, &wanted));
    return fetch_wanted(lite, tables, &wanted, view);
}

static int compare_names(const void *a, const void *b)
{
    const struct hr_entry_name *left = a;
    const struct hr_entry_name *right = b;
    int spaces = (left->space > right->space) - (left->space < right->space);
    return spaces != 0 ? spaces : memcmp(left->key.bytes, right->key.bytes, HR_KEY_SIZE);
}

hr_status lite_fetch_entries(struct lite *lite, enum tables tables,
                             const struct hr_entry_name *names, size_t count, struct hr_view *view,
                             struct hr_arena *scratch)
{
    struct hr_entry_name *sorted = hr_arena_new_many(scratch, struct hr_entry_name, count);
    if (sorted == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    size_t wanted = 0;
    for (size_t i = 0; i < count; i++) {
        if (hr_view_entry(view, (enum hr_space)names[i].space, &names[i].key) == NULL) {
            sorted[wanted++] = names[i];
        }
    }
    qsort(sorted, wanted, sizeof *sorted, compare_names);
    for (size_t i = 0; i < wanted; i++) {
        uint64_t value = 0;
        if (i > 0 && compare_names(&sorted[i], &sorted[i - 1]) == 0) {
            continue;
        }
        HR_TRY(lite_read_entry(lite, tables, sorted[i].space, &sorted[i].key, &value));
        HR_TRY(
            hr_view_put_entry(view, (enum hr_space)sorted[i].space, &sorted[i].key, value, false));
    }
    return hr_done();
}

/* ---- the store's face ------------------------------------------------------------------------------- */

/* Many reads under one read transaction: one look at the WAL's head instead of one each. */
static hr_status read_begin(struct hr_store *store, size_t count, bool *ret_began)
{
    sqlite3_stmt *begin = NULL;
    *ret_began = count > 1 && sqlite3_get_autocommit(store->lite.db) != 0;
    if (!*ret_began) {
        return hr_done();
    }
    HR_TRY(lite_statement(&store->lite, STATEMENT_begin_read, &begin));
    return lite_run(&store->lite, begin);
}

static hr_status read_end(struct hr_store *store, bool began, hr_status status)
{
    sqlite3_stmt *commit = NULL;
    if (!began) {
        return status;
    }
    HR_TRY(lite_statement(&store->lite, STATEMENT_commit, &commit));
    hr_status ended = lite_run(&store->lite, commit);
    return hr_ok(status) ? ended : status;
}

hr_status hr_store_fetch_records(struct hr_store *store, const uint64_t *ids, size_t count,
                                 struct hr_view *view)
{
    bool began = false;
    struct wanted wanted;
    struct hr_arena_mark mark = hr_arena_mark(&store->scratch);
    hr_status status = find_wanted(ids, count, view, &store->scratch, &wanted);
    if (hr_ok(status)) {
        scouts_call(&store->scouts, wanted.ids, wanted.count);
        status = read_begin(store, wanted.count, &began);
        status = hr_ok(status) ? fetch_wanted(&store->lite, TABLES_present, &wanted, view) : status;
        scouts_call_off(&store->scouts);
    }
    hr_arena_rewind(&store->scratch, mark);
    return read_end(store, began, status);
}

hr_status hr_store_fetch_entries(struct hr_store *store, const struct hr_entry_name *names,
                                 size_t count, struct hr_view *view)
{
    bool began = false;
    size_t left = 0;
    struct hr_arena_mark mark = hr_arena_mark(&store->scratch);
    HR_TRY(known_fetch(&store->known, names, count, view, &left));
    if (left == 0) {
        return hr_done();
    }
    HR_TRY(read_begin(store, left, &began));
    hr_status status =
        lite_fetch_entries(&store->lite, TABLES_present, names, count, view, &store->scratch);
    hr_arena_rewind(&store->scratch, mark);
    return read_end(store, began, status);
}

hr_status hr_store_seen(struct hr_store *store, const struct hr_key *key, bool *ret_seen)
{
    return seen_look(&store->seen, &store->lite, key, ret_seen);
}

hr_status hr_store_scan(struct hr_store *store, enum hr_space space, const struct hr_key *from,
                        size_t most, struct hr_arena *into, struct hr_scanned **ret_items,
                        size_t *ret_count)
{
    return lite_scan(&store->lite, space, from, most, into, ret_items, ret_count);
}

/* ---- contacts, one after another --------------------------------------------------------------------- */

struct stretch {
    const struct hr_stretch *wanted;
    struct hr_view *view;
    uint64_t *contacts;
    struct hr_stretch_found found;
    size_t records;
};

/* One row: a contact comes into the view, unless it is there; what is gone already is none. */
static hr_status walk_over(struct stretch *it, uint64_t id, struct hr_text row)
{
    const struct hr_record *known = hr_view_record(it->view, id);
    struct hr_record *record = NULL;
    struct hr_text bytes = HR_TEXT_NONE;
    if (known != NULL && !known->exists) {
        return hr_done();
    }
    it->records++;
    it->found.end = id;
    HR_TRY(row_open(id, row, &bytes));
    if (hr_record_kind_of(bytes) != HR_RECORD_contact) {
        return hr_done();
    }
    it->contacts[it->found.contact_count++] = id;
    if (known != NULL) {
        return hr_done();
    }
    HR_TRY(copy_record(id, row, it->view->arena, &record));
    return hr_view_put_record(it->view, record);
}

static hr_status walk_stretch(struct lite *lite, sqlite3_stmt *rows, struct stretch *it)
{
    bool more = false;
    HR_TRY(lite_step(lite, rows, &more));
    while (more && it->records < it->wanted->most) {
        uint64_t id = lite_number(rows, 0);
        if (id >= it->wanted->until) {
            break;
        }
        HR_TRY(walk_over(it, id, lite_bytes(rows, 1)));
        HR_TRY(lite_step(lite, rows, &more));
    }
    it->found.over = it->records < it->wanted->most;
    return hr_done();
}

hr_status hr_store_walk_contacts(struct hr_store *store, const struct hr_stretch *stretch,
                                 struct hr_view *view, uint64_t *ret_contacts,
                                 struct hr_stretch_found *ret_found)
{
    sqlite3_stmt *rows = NULL;
    uint64_t first = stretch->after < HR_RECORD_FIRST ? HR_RECORD_FIRST : stretch->after + 1;
    struct stretch it = {.wanted = stretch,
                         .view = view,
                         .contacts = ret_contacts,
                         .found = {.end = stretch->after}};
    HR_TRY(lite_statement(&store->lite, STATEMENT_records_from, &rows));
    lite_bind_number(rows, 1, first);
    hr_status status = walk_stretch(&store->lite, rows, &it);
    (void)sqlite3_reset(rows);
    *ret_found = it.found;
    return status;
}
