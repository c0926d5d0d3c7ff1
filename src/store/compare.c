/* Compares the present state with a rebuilt one, row by row in order of their keys, in memory for two rows. */
#include "store/compare.h"

#include <string.h>

struct comparing {
    struct lite *lite;
    struct hr_arena *into;
    struct hr_arena arena; /* of one pair of rows */
    uint64_t differences;
    struct hr_text first;
};

static hr_status differs(struct comparing *it, struct hr_text what)
{
    it->differences++;
    if (it->first.size == 0) {
        it->first = hr_text_copy(it->into, what);
    }
    return it->first.data == NULL ? hr_answer(HR_E_MEMORY) : hr_done();
}

/* ---- saying what a record is ----------------------------------------------------------------------------- */

static struct hr_text word_of(struct comparing *it, uint32_t name)
{
    struct hr_record *names = NULL;
    hr_status status = lite_read_record(it->lite, TABLES_fresh, HR_ID_NAMES, &it->arena, &names);
    if (!hr_ok(status) || names == NULL || name == 0 || name > names->names->count) {
        return hr_text_format(&it->arena, "%u", (unsigned)name);
    }
    return names->names->words[name - 1];
}

static struct hr_text title_of(struct comparing *it, const struct hr_record *record)
{
    struct hr_arena *arena = &it->arena;
    switch ((enum hr_record_kind)record->kind) {
    case HR_RECORD_names:
        return HR_TEXT("the names");
    case HR_RECORD_workspace:
        return HR_TEXT("the workspace");
    case HR_RECORD_tool:
        return hr_text_format(arena, "tool %.*s", HR_SHOW(word_of(it, record->tool->tool)));
    case HR_RECORD_handoff:
        return hr_text_format(arena, "handoff %.*s",
                              HR_SHOW(word_of(it, record->handoff->handoff)));
    case HR_RECORD_contact:
        return hr_text_format(arena, "contact C-%llu", (unsigned long long)record->id);
    case HR_RECORD_account:
    case HR_RECORD_opportunity:
    case HR_RECORD_ticket:
    case HR_RECORD_task:
        return hr_text_format(arena, "%.*s %llu", HR_SHOW(hr_record_kind_word(record->kind)),
                              (unsigned long long)record->id);
    case HR_RECORD_issue:
        return hr_text_format(arena, "issue H-%llu", (unsigned long long)record->issue->number);
    case HR_RECORD_effect:
        return hr_text_format(arena, "effect %llu", (unsigned long long)record->id);
    case HR_RECORD_queue:
        return hr_text_format(arena, "queue of %.*s", HR_SHOW(word_of(it, record->queue->tool)));
    case HR_RECORD_automation:
        return hr_text_format(arena, "automation %.*s",
                              HR_SHOW(word_of(it, record->automation->automation)));
    case HR_RECORD_person:
        return hr_text_format(arena, "person %.*s", HR_SHOW(word_of(it, record->person->person)));
    case HR_RECORD_team:
        return hr_text_format(arena, "team %.*s", HR_SHOW(word_of(it, record->team->team)));
    }
    return hr_text_format(arena, "record %llu", (unsigned long long)record->id);
}

/* The first field in which two contacts differ; 0: it is something else. */
static uint32_t field_apart(const struct hr_contact *a, const struct hr_contact *b)
{
    size_t most = a->field_count > b->field_count ? a->field_count : b->field_count;
    for (size_t i = 0; i < most; i++) {
        if (i >= a->field_count) {
            return b->fields[i].field;
        }
        if (i >= b->field_count || a->fields[i].field != b->fields[i].field ||
            !hr_value_equal(&a->fields[i].value, &b->fields[i].value)) {
            return a->fields[i].field;
        }
    }
    return 0;
}

static struct hr_text say_difference(struct comparing *it, const struct hr_record *present,
                                     const struct hr_record *fresh)
{
    struct hr_text title = title_of(it, present);
    if (present->kind != fresh->kind) {
        return hr_text_format(&it->arena, "%.*s is of another kind", HR_SHOW(title));
    }
    if (hr_record_has_fields(present->kind)) {
        uint32_t field = field_apart(present->contact, fresh->contact);
        if (field != 0) {
            return hr_text_format(&it->arena, "%.*s field %.*s", HR_SHOW(title),
                                  HR_SHOW(word_of(it, field)));
        }
        if (present->contact->instance_count != fresh->contact->instance_count) {
            return hr_text_format(&it->arena, "%.*s number of handoffs", HR_SHOW(title));
        }
    }
    if (present->last_position != fresh->last_position) {
        return hr_text_format(&it->arena, "%.*s newest position: %llu, by the journal %llu",
                              HR_SHOW(title), (unsigned long long)present->last_position,
                              (unsigned long long)fresh->last_position);
    }
    return title;
}

/* ---- records -------------------------------------------------------------------------------------------------- */

static hr_status open_record(struct comparing *it, uint64_t id, struct hr_text row,
                             struct hr_record **ret_record)
{
    struct hr_text bytes = HR_TEXT_NONE;
    HR_TRY(row_open(id, row, &bytes));
    return hr_record_read(id, bytes, &it->arena, ret_record);
}

/* A deadline without a hint would never be looked at. */
static hr_status check_hint(struct comparing *it, const struct hr_record *record)
{
    hr_instant due = hr_record_due(record);
    uint64_t value = 0;
    if (due == HR_INSTANT_NONE) {
        return hr_done();
    }
    due = due < 0 ? 0 : due;
    if (record->hinted_due != HR_INSTANT_NONE && record->hinted_due <= due) {
        struct hr_key key = hr_key_pair((uint64_t)record->hinted_due, record->id);
        HR_TRY(lite_read_entry(it->lite, TABLES_present, HR_SPACE_due, &key, &value));
    }
    if (value == record->id) {
        return hr_done();
    }
    struct hr_text title = title_of(it, record);
    return differs(it, hr_text_format(&it->arena, "%.*s would not be looked at when it is due",
                                      HR_SHOW(title)));
}

static hr_status folded_bytes(struct comparing *it, const struct hr_record *record,
                              struct hr_text *ret_bytes)
{
    struct hr_buffer out;
    size_t folded = 0;
    hr_buffer_init(&out, &it->arena, 16 << 20);
    hr_record_write(&out, record, &folded);
    HR_TRY(hr_buffer_status(&out));
    *ret_bytes = hr_text_slice(hr_buffer_text(&out), 0, folded);
    return hr_done();
}

static hr_status compare_pair(struct comparing *it, uint64_t id, struct hr_text present_row,
                              struct hr_text fresh_row)
{
    struct hr_record *present = NULL;
    struct hr_record *fresh = NULL;
    struct hr_text present_bytes;
    struct hr_text fresh_bytes;
    hr_status status = open_record(it, id, present_row, &present);
    if (status.code == HR_E_CORRUPT) {
        return differs(
            it, hr_text_format(&it->arena, "record %llu is damaged", (unsigned long long)id));
    }
    HR_TRY(status);
    HR_TRY(check_hint(it, present));
    if (hr_text_equal(present_row, fresh_row)) {
        return hr_done();
    }
    HR_TRY(open_record(it, id, fresh_row, &fresh));
    HR_TRY(folded_bytes(it, present, &present_bytes));
    HR_TRY(folded_bytes(it, fresh, &fresh_bytes));
    return hr_text_equal(present_bytes, fresh_bytes)
               ? hr_done()
               : differs(it, say_difference(it, present, fresh));
}

static hr_status compare_single(struct comparing *it, uint64_t id, struct hr_text row,
                                bool is_present)
{
    struct hr_record *record = NULL;
    struct hr_text title = hr_text_format(&it->arena, "record %llu", (unsigned long long)id);
    if (hr_ok(open_record(it, id, row, &record))) {
        title = title_of(it, record);
    }
    return differs(it, hr_text_format(&it->arena, "%.*s is %s", HR_SHOW(title),
                                      is_present ? "not in the journal" : "missing"));
}

/* Two ordered row sources side by side. */
struct pair {
    sqlite3_stmt *present;
    sqlite3_stmt *fresh;
    bool has_present;
    bool has_fresh;
};

static hr_status pair_next(struct lite *lite, struct pair *pair, int order)
{
    if (order <= 0) {
        HR_TRY(lite_step(lite, pair->present, &pair->has_present));
    }
    if (order >= 0) {
        HR_TRY(lite_step(lite, pair->fresh, &pair->has_fresh));
    }
    return hr_done();
}

/* Negative: only the present one is there; positive: only the fresh one; 0: both. */
static int order_of(const struct pair *pair, int compared)
{
    if (!pair->has_fresh) {
        return -1;
    }
    return pair->has_present ? compared : 1;
}

static hr_status compare_record_rows(struct comparing *it, struct pair *pair)
{
    HR_TRY(pair_next(it->lite, pair, 0));
    while (pair->has_present || pair->has_fresh) {
        hr_arena_rewind(&it->arena, (struct hr_arena_mark){0});
        uint64_t present = pair->has_present ? lite_number(pair->present, 0) : 0;
        uint64_t fresh = pair->has_fresh ? lite_number(pair->fresh, 0) : 0;
        int order = order_of(pair, (present > fresh) - (present < fresh));
        if (order == 0) {
            HR_TRY(compare_pair(it, present, lite_bytes(pair->present, 1),
                                lite_bytes(pair->fresh, 1)));
        } else {
            sqlite3_stmt *row = order < 0 ? pair->present : pair->fresh;
            HR_TRY(compare_single(it, lite_number(row, 0), lite_bytes(row, 1), order < 0));
        }
        HR_TRY(pair_next(it->lite, pair, order));
    }
    return hr_done();
}

static hr_status compare_records(struct comparing *it)
{
    struct pair pair = {0};
    HR_TRY(lite_statement(it->lite, STATEMENT_records_from, &pair.present));
    HR_TRY(lite_statement(it->lite, STATEMENT_fresh_records_from, &pair.fresh));
    lite_bind_number(pair.present, 1, 0);
    lite_bind_number(pair.fresh, 1, 0);
    hr_status status = compare_record_rows(it, &pair);
    (void)sqlite3_reset(pair.present);
    (void)sqlite3_reset(pair.fresh);
    return status;
}

/* ---- index entries ---------------------------------------------------------------------------------------------- */

static int compare_keys(const struct pair *pair)
{
    if (!pair->has_present || !pair->has_fresh) {
        return 0;
    }
    uint64_t present = lite_number(pair->present, 0);
    uint64_t fresh = lite_number(pair->fresh, 0);
    if (present != fresh) {
        return present < fresh ? -1 : 1;
    }
    int order = hr_text_compare(lite_bytes(pair->present, 1), lite_bytes(pair->fresh, 1));
    return (order > 0) - (order < 0);
}

static hr_status say_entry(struct comparing *it, sqlite3_stmt *row, const char *what)
{
    static const char *const spaces[] = {
        "?", "match key", "fingerprint", "issue number", "issue member", "due"};
    uint64_t space = lite_number(row, 0);
    struct hr_text key = lite_bytes(row, 1);
    struct hr_text shown = hr_hex(&it->arena, key.data, key.size);
    const char *name = space < sizeof spaces / sizeof spaces[0] ? spaces[space] : spaces[0];
    return differs(it, hr_text_format(&it->arena, "%s %.*s %s", name, HR_SHOW(shown), what));
}

static hr_status compare_entry_rows(struct comparing *it, struct pair *pair)
{
    HR_TRY(pair_next(it->lite, pair, 0));
    while (pair->has_present || pair->has_fresh) {
        hr_arena_rewind(&it->arena, (struct hr_arena_mark){0});
        int order = order_of(pair, compare_keys(pair));
        sqlite3_stmt *row = order <= 0 ? pair->present : pair->fresh;
        bool hint = lite_number(row, 0) ==
                    HR_SPACE_due; /* hints may be stale: records were asked about theirs */
        if (!hint && order != 0) {
            HR_TRY(say_entry(it, row, order < 0 ? "is not in the journal" : "is missing"));
        } else if (!hint && lite_number(pair->present, 2) != lite_number(pair->fresh, 2)) {
            HR_TRY(say_entry(it, row, "leads elsewhere"));
        }
        HR_TRY(pair_next(it->lite, pair, order));
    }
    return hr_done();
}

static hr_status compare_entries(struct comparing *it)
{
    struct pair pair = {0};
    HR_TRY(lite_statement(it->lite, STATEMENT_entries_from, &pair.present));
    HR_TRY(lite_statement(it->lite, STATEMENT_fresh_entries_from, &pair.fresh));
    sqlite3_stmt *both[] = {pair.present, pair.fresh};
    for (size_t i = 0; i < 2; i++) {
        lite_bind_number(both[i], 1, 0);
        lite_bind_bytes(both[i], 2, "", 0);
    }
    hr_status status = compare_entry_rows(it, &pair);
    (void)sqlite3_reset(pair.present);
    (void)sqlite3_reset(pair.fresh);
    return status;
}

hr_status compare_states(struct lite *lite, struct hr_arena *into, uint64_t *ret_differences,
                         struct hr_text *reterr_first)
{
    struct comparing it = {.lite = lite, .into = into};
    hr_arena_init(&it.arena, 64 << 20);
    hr_status status = compare_records(&it);
    if (hr_ok(status)) {
        status = compare_entries(&it);
    }
    hr_arena_close(&it.arena);
    *ret_differences = it.differences;
    *reterr_first = it.first;
    return status;
}
