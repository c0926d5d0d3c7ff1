/* state: what is true now: the fold of the journal, record by record.
 *
 * Why      facts are folded without any plan, so an upgrade of engine or workspace cannot change the past; state
 *          can be thrown away and rebuilt. Between journal and engine, because rebuild, reads and the
 *          simulator need the fold but no rules (docs/decisions/0007).
 * Shape    a record is one small row (<= ~750 bytes for a contact); an index entry is 16 bytes -> number.
 *          A view holds the records and keys of one batch: what was fetched, and what was changed (overlay).
 * Owner    records live in the view's arena; the view in its batch.
 * Limits   of a record: listed in record.h; the fold answers HR_E_LIMIT rather than pass one.
 * Errors   HR_E_CORRUPT, HR_E_VERSION, HR_E_LIMIT.
 * Pure     yes, and no malloc.                   Threads   one owner a view.
 * Tests    tests/scenario; sim asserts rebuild == state after every run */
#ifndef HR_STATE_STATE_H
#define HR_STATE_STATE_H

#include "state/record.h"

/* ---- index ----------------------------------------------------------------------------------- */

enum hr_space {
    HR_SPACE_match = 1,   /* keyed hash of a match key -> contact */
    HR_SPACE_fingerprint, /* cause of issues -> issue */
    HR_SPACE_number,      /* issue number -> issue */
    HR_SPACE_member, /* issue, contact -> how many instances; and automation's record, contact -> how many
                        enrollments rest while it is paused */
    HR_SPACE_due,     /* due, record -> record: a hint, dropped when stale */
    HR_SPACE_entered, /* contact, automation, key -> how often, where the contact's row has no room */
    HR_SPACE_queue, /* queue (hr_queue_of, hr_queue_held), effect -> 1: what waits, oldest first */
    HR_SPACE_inbox, /* enum hr_inbox, effect -> its contact: what waits for a person */
    HR_SPACE_suppressed = 9, /* keyed hash of purpose and address -> since when, and who said so */
    HR_SPACE_related = 10,   /* record, other -> kind of the other, where its row has no room */
    HR_SPACE_owned           /* person by name number, open work -> its date, 1: none */
};
/* What waits for a person. */
enum hr_inbox { HR_INBOX_asks = 1, HR_INBOX_unknown };
/* The first half of HR_SPACE_queue's key: the lane of a tool, or what an automation's pause holds back. */
uint64_t hr_queue_of(uint32_t tool, enum hr_lane lane);
uint64_t hr_queue_held(uint32_t automation);
/* Two 64-bit numbers as a key that sorts as they do. */
struct hr_key hr_key_pair(uint64_t first, uint64_t second);
/* The key of HR_SPACE_entered; key: the first half of the enrollment's. */
struct hr_key hr_entered_key(uint64_t contact, uint32_t automation, uint64_t key);
/* The value of HR_SPACE_suppressed, and what it says. */
uint64_t hr_suppression(hr_instant at, enum hr_by by);
hr_instant hr_suppression_at(uint64_t value);
enum hr_by hr_suppression_by(uint64_t value);
void hr_key_unpair(const struct hr_key *key, uint64_t *ret_first, uint64_t *ret_second);

/* ---- view ------------------------------------------------------------------------------------ */

/* One index entry as the view knows it. */
struct hr_index_entry {
    uint8_t space;
    bool dirty;
    struct hr_key key;
    uint64_t value; /* 0: none */
};

/* What one batch has fetched and changed. */
struct hr_view {
    struct hr_arena *arena;
    struct hr_record **records; /* in order of arrival */
    size_t record_count;
    size_t record_capacity;
    uint32_t *record_slots;
    size_t record_slot_count;
    struct hr_index_entry *entries;
    size_t entry_count;
    size_t entry_capacity;
    uint32_t *entry_slots;
    size_t entry_slot_count;
};
void hr_view_init(struct hr_view *view, struct hr_arena *arena);
/* The record as fetched (or as changed by this batch); NULL when it was never fetched. */
struct hr_record *hr_view_record(const struct hr_view *view, uint64_t id);
/* The index entry as fetched or changed; NULL when never fetched. */
struct hr_index_entry *hr_view_entry(const struct hr_view *view, enum hr_space space,
                                     const struct hr_key *key);
/* Brings a record, or its absence, into the view; replaces an older one (a changed copy of a step). */
hr_status hr_view_put_record(struct hr_view *view, struct hr_record *record) HR_MUST_USE;
/* Brings an index entry; value 0: it is not there. dirty as said. */
hr_status hr_view_put_entry(struct hr_view *view, enum hr_space space, const struct hr_key *key,
                            uint64_t value, bool dirty) HR_MUST_USE;

/* ---- fold ------------------------------------------------------------------------------------ */

/* The fold needs records by id and may change index entries; it gets them through this face, so that the engine
 * can fold into a step's copies and rebuild into a batch. */
struct hr_folding {
    void *context;
    /* The record to change (made when absent); NULL fails the fold with HR_E_MEMORY. */
    struct hr_record *(*record)(void *context, uint64_t id, enum hr_record_kind kind);
    /* Sets an index entry (value 0: removes it). */
    hr_status (*put_entry)(void *context, enum hr_space space, const struct hr_key *key,
                           uint64_t value);
    /* The index entry's value now, 0: none. */
    uint64_t (*entry)(void *context, enum hr_space space, const struct hr_key *key);
    struct hr_arena *arena; /* where a record's new parts go */
};
/* Applies one fact of the entry at `position`. */
hr_status hr_fold_fact(const struct hr_folding *folding, uint64_t position,
                       const struct hr_fact *fact) HR_MUST_USE;
/* True when one more instance may open: one that ended, and is in no issue, leaves a full contact for it. */
bool hr_contact_has_room(const struct hr_contact *contact);
/* The record ids a fact changes (none to 2), so that they can be fetched before. */
size_t hr_fact_records(const struct hr_fact *fact, uint64_t ret_ids[2]);
/* The index entry whose value must be known before a fact is folded; false: none. */
bool hr_fact_entry(const struct hr_fact *fact, enum hr_space *ret_space, struct hr_key *ret_key);

#endif
