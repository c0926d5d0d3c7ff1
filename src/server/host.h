/* server/host: the daemon: takes messages in, lets one writer judge and commit them, answers, waits for the clock,
 * and sends what is to be sent.
 *
 * Why      one direction: HTTP thread -> queue -> writer (batch) -> answerer, and couriers. Nobody but the writer
 *          writes; nobody waits for anything but the queue.
 * Shape      HTTP thread     verifies, reads, maps (inbound.c); hands on
 *            writer thread   hr_batch_run on all that waits: judged and committed together (writer.c)
 *            answerer thread one sync for all that was committed meanwhile, then the answers (answerer.c)
 *            desk thread     questions and commands of people (desk.c -> api*.c), through readers of the store
 *            courier threads alerts, letters and calls out (courier.h, courier_pool.c)
 * Owner    a job belongs to who made it until the queue has it, then to writer and answerer, then to its `done`.
 * Limits   HR_QUEUE_MAX jobs wait; beyond: 503 with Retry-After.
 * Errors   those of store and files.
 * Threads  start, stop: one owner. hr_host_submit: any thread. hr_host_reload, hr_host_submit_and_wait: any but
 *          writer and answerer.
 * Tests    tests/e2e, tests/kill */
#ifndef HR_SERVER_HOST_H
#define HR_SERVER_HOST_H

#include "insight/insight.h"
#include "net/server.h"
#include "server/batch.h"
#include "server/files.h"

enum { HR_QUEUE_MAX = 8192 };

struct hr_host;

struct hr_host_options {
    const char *folder;  /* DIR: the workspace; its data folder is DIR/.handrail */
    const char *address; /* NULL: as in the settings */
    int32_t port;        /* -1: as in the settings; 0: any free one */
    size_t cache_bytes;  /* 0: the store's default */
    bool announces;      /* who asks for its health hears "starting" until hr_host_announced */
};

/* Opens the store, puts the workspace in force, and serves. Diagnostics say what is wrong. */
hr_status hr_host_start(const struct hr_host_options *options, struct hr_diagnostics *reterr,
                        struct hr_host **ret_host) HR_MUST_USE;
/* It can be found now: its address stands where those who look for it will look. */
void hr_host_announced(struct hr_host *host);
/* Takes nothing new, finishes what waits, closes. */
void hr_host_stop(struct hr_host *host);
uint16_t hr_host_port(const struct hr_host *host);
/* Reads the workspace files again and puts them in force if they changed and are right; else the old plan stays
 * and the diagnostics say why. Waits for writer and answerer, so any thread may but theirs: people ask for it on the
 * desk's, SIGHUP on the main one. */
hr_status hr_host_reload(struct hr_host *host, struct hr_diagnostics *reterr) HR_MUST_USE;

/* ---- for the desk ------------------------------------------------------------------------------------ */

/* One event for the writer, with somebody to tell when it is committed (or not). */
struct hr_job {
    struct hr_waiting waiting;
    const struct hr_plan *plan; /* the plan that `heard` was read with; NULL without heard */
    struct hr_value document;   /* the payload, to read it again under a newer plan */
    struct hr_given given;
    struct hr_erasure *erasures; /* forget: parts to erase in the same commit */
    size_t erasure_count;
    bool durable; /* committed and synced: it happened whatever a later sync says */
    bool
        traces_left; /* forget: erased, but old bytes are still in the store's files; they go later */
    hr_status status; /* done, or why nothing happened: HR_E_FULL, HR_E_IO, ... */
    void (*done)(void *context,
                 struct hr_job *job); /* on the answerer's thread, when durable; must not block */
    void *context;
    struct hr_job *next;
};
/* Hands a job to the writer; false when the queue is full or the host stops (then `done` is never called). */
bool hr_host_submit(struct hr_host *host, struct hr_job *job);
/* Hands all of an array to the writer, or none. */
bool hr_host_submit_many(struct hr_host *host, struct hr_job *jobs, size_t count);
/* Hands one to the writer and waits for it. HR_E_LIMIT: too much waits, it may be tried again; HR_E_INPUT: refused,
 * since a record would hold more than it can, and would be each time. */
hr_status hr_host_submit_and_wait(struct hr_host *host, struct hr_job *job) HR_MUST_USE;

/* The plan in force; stays valid until the host stops. */
const struct hr_plan *hr_host_plan(const struct hr_host *host);
const struct hr_settings *hr_host_settings(const struct hr_host *host);
/* Seconds until intake may be tried again; 0: it is open. */
uint32_t hr_host_closed_for(const struct hr_host *host);

/* What the host did since its start, and how much waits. */
struct hr_host_figures {
    uint64_t journalled, duplicates, refused, batches, waiting, alerts_confirmed, alerts_failed;
    struct hr_store_figures store;
};
/* Reads them. */
void hr_host_figures(struct hr_host *host, struct hr_host_figures *ret_figures);

/* ---- clock and chance ------------------------------------------------------------------------------ */

/* What the wall clock says, in microseconds UTC. The only place of daemon and command line that asks it. */
hr_instant hr_clock_now(void);
/* Random bytes from the kernel. context is unused. */
void hr_random_bytes(void *context, void *ret_bytes, size_t size);

/* Whether automations are carried out by this process: not yet, but for tests. */
bool hr_automates(void);

/* ---- lens: how insight reads a store --------------------------------------------------------------- */

/* A lens over a reader between begin and end. names are read into the arena. */
hr_status hr_lens_open(struct hr_store_reader *reader, const struct hr_plan *plan, hr_instant now,
                       struct hr_arena *into, struct hr_lens *ret_lens) HR_MUST_USE;
/* The plan in force as the journal has it, checked and bound: for reading without a daemon. */
hr_status hr_plan_from_journal(struct hr_store_reader *reader, struct hr_arena *into,
                               struct hr_diagnostics *reterr,
                               struct hr_plan **ret_plan) HR_MUST_USE;

/* ---- desk: requests of people --------------------------------------------------------------------------- */

/* Answers one request that is neither health nor inbound (api.c): finds the route, checks the right, does it. It looks
 * at one moment of the reader, which is between begin and end neither before nor after, and not while it waits for the
 * writer. Runs on the desk's thread. */
void hr_api_answer(struct hr_host *host, struct hr_store_reader *reader,
                   struct hr_http_request *request);

#endif
