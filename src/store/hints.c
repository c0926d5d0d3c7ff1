/* Due hints: the index of what wants to be looked at when. A hint may be too early or stale, never too late and
 * never missing; so a deadline that is met costs no index page: its hint is dropped when it comes due. The row
 * says which hint stands (hinted_due), so keeping them in step reads nothing. */
#include "store/inside.h"

/* A hint that the batch drops: its record must no longer believe in it. */
static hr_status drop(struct lite *lite, enum tables tables, struct hr_view *view,
                      const struct hr_key *key, struct hr_arena *scratch)
{
    uint64_t due = 0;
    uint64_t id = 0;
    hr_key_unpair(key, &due, &id);
    HR_TRY(lite_fetch_records(lite, tables, &id, 1, view, scratch));
    struct hr_record *record = hr_view_record(view, id);
    hr_assert(record != NULL);
    if (record->exists && record->hinted_due == (hr_instant)due) {
        record->hinted_due = HR_INSTANT_NONE;
        record->dirty = true;
    }
    return hr_done();
}

static hr_status renew(struct hr_view *view, struct hr_record *record)
{
    hr_instant due = hr_record_due(record);
    if (due == HR_INSTANT_NONE ||
        (record->hinted_due != HR_INSTANT_NONE && record->hinted_due <= due)) {
        return hr_done();
    }
    /* before 1970 sorts as the beginning: due at once either way */
    due = due < 0 ? 0 : due;
    struct hr_key key = hr_key_pair((uint64_t)due, record->id);
    HR_TRY(hr_view_put_entry(view, HR_SPACE_due, &key, record->id, true));
    record->hinted_due = due;
    return hr_done();
}

hr_status hints_keep(struct lite *lite, enum tables tables, struct hr_view *view,
                     struct hr_arena *scratch)
{
    size_t entry_count = view->entry_count; /* renew adds more */
    for (size_t i = 0; i < entry_count; i++) {
        if (view->entries[i].space == HR_SPACE_due && view->entries[i].dirty &&
            view->entries[i].value == 0) {
            struct hr_key key = view->entries[i].key;
            HR_TRY(drop(lite, tables, view, &key, scratch));
        }
    }
    for (size_t i = 0; i < view->record_count; i++) {
        struct hr_record *record = view->records[i];
        if (record->dirty && record->exists) {
            HR_TRY(renew(view, record));
        }
    }
    return hr_done();
}
