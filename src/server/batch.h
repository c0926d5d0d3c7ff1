/* server/batch: the events that waited, judged together and committed in one transaction.
 *
 * Why      the same few lines run in the daemon and in the simulator: duplicates are known, what the steps need is
 *          brought in key order, each event is stepped, and all commit or none does.
 * Shape    hr_batch_run takes all events of a round and commits them; the answer to each stands in its hr_waiting.
 *          hr_batch_publish puts a plan in force.
 * Owner    the batch's arena holds everything of one round; the next round rewinds it.
 * Limits   HR_BATCH_MAX events; the arena's budget.
 * Errors   those of engine and store. A commit that fails throws the whole batch away: nothing of it happened, but
 *          after HR_E_IO nobody knows (store.h).
 * Threads  one owner: the writer.
 * Tests    tests/sim, tests/scenario */
#ifndef HR_SERVER_BATCH_H
#define HR_SERVER_BATCH_H

#include "engine/engine.h"
#include "store/store.h"

enum { HR_BATCH_MAX = 256, HR_BATCH_SLOTS = 2 * HR_BATCH_MAX, HR_BATCH_SALTS = 64 };

/* What became of an event in its batch. */
enum hr_became {
    HR_BECAME_pending,
    HR_BECAME_journalled, /* stands at entry->position */
    HR_BECAME_duplicate,  /* delivered before: nothing ran */
    HR_BECAME_nothing,    /* a stale timer or a settled effect: nothing to journal */
    HR_BECAME_refused     /* the state does not allow the command, or a limit was met: see status */
};

/* One event that waits. The caller fills event (position and now are set by the batch). */
struct hr_waiting {
    struct hr_event event;
    enum hr_became became;
    hr_status status;       /* why it was refused */
    struct hr_entry *entry; /* what was journalled; valid until the next round */
};

struct hr_batch {
    struct hr_store *store;
    struct hr_engine engine; /* plan may be NULL before the first publication */
    void (*random)(void *context, void *ret_bytes, size_t size); /* for salts */
    void *random_context;
    struct hr_arena arena;
    struct hr_view view;
    struct hr_waiting **waiting;
    size_t count;
    struct hr_row *rows;
    size_t row_count;
    uint16_t slots[HR_BATCH_SLOTS]; /* of the rows' delivery keys: index + 1, 0 empty */
    uint8_t salts[HR_BATCH_SALTS]
                 [HR_SALT_SIZE]; /* drawn ahead: asking the kernel for each is dear */
    size_t salts_left;
    struct hr_needs needs; /* of the step that runs */
    uint64_t position;
    struct hr_digest chain;
    bool
        sync_later; /* commits wait for hr_store_sync to be durable: whoever sets it does that before he answers */
    hr_instant last_now; /* time never runs backwards in the journal */
};

/* Makes a batch for a store. budget_bytes bounds one round. */
void hr_batch_init(struct hr_batch *batch, struct hr_store *store, size_t budget_bytes);
void hr_batch_done(struct hr_batch *batch);
/* After a start, before the first run: the newest entry says how far time had come, so that a clock that was set
 * back meanwhile does not take the journal back. */
hr_status hr_batch_resume(struct hr_batch *batch, struct hr_store_reader *reader) HR_MUST_USE;
/* Runs the waiting events in their order and commits them. now: what the clock says. On done each has its
 * `became`; after HR_E_IO nobody knows whether they happened, on any other answer none of them did. erasures: body
 * parts to erase in the same commit. */
hr_status hr_batch_run(struct hr_batch *batch, struct hr_waiting **waiting, size_t count,
                       hr_instant now, const struct hr_erasure *erasures,
                       size_t erasure_count) HR_MUST_USE;
/* Puts a checked plan in force: publishes it as an event when it is not the one in force already, else binds it
 * to the numbers it has. files: the file set as it is to be kept. */
hr_status hr_batch_publish(struct hr_batch *batch, struct hr_plan *plan, struct hr_text files,
                           hr_instant now) HR_MUST_USE;
/* Binds a plan to the numbers that its words have already; false when one has none. names may be NULL: none has. */
bool hr_batch_bind(struct hr_plan *plan, uint32_t number, const struct hr_names *names);

#endif
