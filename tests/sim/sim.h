/* sim: the whole product in one process, under a seed: clock, disk, network, tools and people are simulated; the
 * engine, the batch, the store and SQLite are the real ones.
 *
 * Why      a fault that happens once a year happens here every second, and again whenever the seed is given.
 * Shape      world.c   a seed's life: what happens when, from the first form to the last quiet day
 *            tools.c   customers' stories as messages, and a network that doubles, delays and loses them
 *            people.c  what people do with issues; who receives alerts; forget.c: forgetting somebody
 *            leaving.c customers who want no more messages  calls.c  tools, and yes or no to what leaves
 *            host.c    the host's round; power.c: its crashes and its restarts
 *            rest.c    all checks: check.c of the state, journal.c of the journal, replay.c of the rules
 *            disk.c    the disk;  table.c  how often what was hit;  main.c  seeds
 * Owner    a world owns all of one seed; plans and the tally belong to the process.
 * Threads  one. More processes for more seeds at once. */
#ifndef HR_TESTS_SIM_SIM_H
#define HR_TESTS_SIM_SIM_H

#include "server/batch.h"
#include "sim/disk.h"
#include "sim/random.h"

#include <setjmp.h>

enum {
    CUSTOMERS_MAX = 32,
    MESSAGES_MAX = 1024,
    CONTACTS_EACH_MAX = 16,
    ACTIONS_MAX = 8192,
    INBOX_MAX = 64,
    BATCH_EVENTS_MAX = 16,
    ENTRIES_MAX = 8192,
    EFFECTS_MAX = 2048,
    ISSUES_MAX = 512,
    KNOWN_MAX = 256,
    WORKS_MAX = 64,
    QUESTIONS_MAX = 256,
    UNANSWERED_MAX = 128,
    VARIANTS = 4,
    HANDOFFS_SEEN_MAX = 512
};

/* ---- the tally (table.c) --------------------------------------------------------------------------- */

/* Every kind of fault, with how the table names it. */
#define FAULTS(F)                                                                                  \
    F(crash_before_commit, "power cut before a commit")                                            \
    F(crash_in_commit, "power cut inside a commit")                                                \
    F(crash_before_sync, "power cut after a commit, before its sync")                              \
    F(crash_in_sync, "power cut inside the sync of commits")                                       \
    F(crash_after_sync, "power cut after the sync, before dispatch")                               \
    F(crash_after_dispatch, "power cut after dispatch")                                            \
    F(crash_in_start, "power cut while starting")                                                  \
    F(shared_sync, "one sync for several commits")                                                 \
    F(restart, "stop and start in order")                                                          \
    F(crash_in_forget, "power cut while forgetting")                                               \
    F(disk_full, "disk full for a while")                                                          \
    F(write_error, "a write fails")                                                                \
    F(sync_error, "an fsync fails")                                                                \
    F(duplicate, "message delivered again")                                                        \
    F(late, "message late by hours or days")                                                       \
    F(reordered, "message overtaken by a later one")                                               \
    F(lost, "message lost, found by reconciliation")                                               \
    F(ack_lost, "answer to a message lost")                                                        \
    F(clock_forward, "clock jumps forward")                                                        \
    F(clock_back, "clock jumps back")                                                              \
    F(clock_stands, "clock stands")                                                                \
    F(plan_swap, "plan published in mid-run")                                                      \
    F(alert_refused, "alert refused")                                                              \
    F(alert_again, "alert deferred")                                                               \
    F(alert_unknown, "alert without an answer, not arrived")                                       \
    F(alert_answer_lost, "alert arrived, its answer lost")                                         \
    F(call_lost, "call done, its answer lost")                                                     \
    F(call_reset, "call lost before it was done")                                                  \
    F(call_429, "call put off: too many")                                                          \
    F(call_500, "call answered with a fault, done or not")                                         \
    F(call_slow, "call answered after its patience, done or not")                                  \
    F(call_wrong, "call answered with what means nothing")                                         \
    F(call_refused, "call refused for what it asks")                                               \
    F(call_locked, "call refused for who asks")                                                    \
    F(call_down, "call not connected")                                                             \
    F(check_unclear, "question that a tool could not answer")                                      \
    F(approved, "person says yes")                                                                 \
    F(rejected, "person says no")                                                                  \
    F(voided, "yes to what stands there no more")                                                  \
    F(settled, "person says what became of it")                                                    \
    F(lane, "lane held or let go")                                                                 \
    F(ambiguous, "two contacts match")                                                             \
    F(unreadable, "message that no mapping can read")                                              \
    F(unknown_type, "message of an unknown type")                                                  \
    F(edit, "person chooses a value")                                                              \
    F(release, "person takes a choice back")                                                       \
    F(pinned_word, "tool contradicts a person's choice")                                           \
    F(conflict, "tools disagree, and a person is asked")                                           \
    F(forbidden, "tool writes what it may not")                                                    \
    F(unproven, "consent without its proof")                                                       \
    F(answered, "question answered by a person")                                                   \
    F(missed, "time of a schedule missed")                                                         \
    F(nobody_there, "nobody is there to get a lead")                                               \
    F(queued, "lead waits in a queue")                                                             \
    F(agreed, "contact agreed, with proof")                                                        \
    F(left, "customer leaves by the link")                                                         \
    F(complained, "customer complains")                                                            \
    F(left_by_phone, "customer tells a person that they leave")                                    \
    F(left_again, "customer leaves twice")                                                         \
    F(agreed_again, "customer left, and agreed again")                                             \
    F(letter_agreed, "letter leaves to who agreed")                                                \
    F(letter_stopped, "letter stopped, for its reader left")                                       \
    F(work, "person does, drops, plans or hands over work")                                        \
    F(forgotten_with, "record forgotten with its only contact")                                    \
    F(forgotten, "contact forgotten")                                                              \
    F(sealed, "journal sealed into an archive")

enum fault {
#define FAULT_ENUM(symbol, words) FAULT_##symbol,
    FAULTS(FAULT_ENUM)
#undef FAULT_ENUM
        FAULT_count
};

/* Counts over all seeds of a process. */
struct tally {
    uint64_t seeds;
    uint64_t entries;
    uint64_t entries_least; /* in one seed */
    uint64_t permutations;
    uint64_t restarts;
    uint64_t facts[HR_FACT_end];
    uint64_t faults[FAULT_count];
    uint64_t harm[HARM_count];
};
extern struct tally the_tally;
/* Adds the counts of another process. */
void tally_add(const struct tally *more);
/* Prints the table; answers how many kinds were hit less often than `least`. */
size_t tally_print(uint64_t least);

/* ---- plans (plans.c) ------------------------------------------------------------------------------- */

/* The coaching example as it is, and three ways its owner might change it. Checked once a process. */
struct variant {
    struct hr_plan *plan;
    struct hr_text files; /* as journalled */
};
extern struct variant the_variants[VARIANTS];
/* Reads and checks them; ends the process with the complaints when they do not pass. */
void variants_load(const char *root);

/* ---- the world ----------------------------------------------------------------------------------- */

enum tool { TOOL_form, TOOL_calendar, TOOL_checkout, TOOL_course, TOOL_mail, TOOL_count };

struct customer {
    char name[24];
    char email[48];
    char other_email[48]; /* empty: none */
    char phone[24];       /* as its owner writes it */
    bool shares_phone;
    bool forgotten;
    uint64_t contacts[CONTACTS_EACH_MAX];
    size_t contact_count;
};

struct message {
    enum tool tool;
    uint32_t customer;
    hr_instant occurred_at;
    struct hr_text raw;
    hr_instant delay; /* of its first delivery, by the story */
    uint32_t tries;
    bool plain;     /* names its customer by the first e-mail address: fit for permutations */
    bool kept;      /* committed, as far as the host told */
    bool acked;     /* the sender knows */
    bool cancelled; /* its customer is forgotten */
    struct hr_key delivery;
};

/* An event as it can be given to an engine again. */
struct noted {
    enum hr_event_kind kind;
    uint32_t message; /* heard, answer */
    hr_instant received_at;
    hr_instant now;
    uint64_t record;
    hr_instant hint_due;
    struct hr_command command;
    enum hr_outcome outcome;
    uint8_t fault;
    hr_instant retry_at;
    struct hr_text answer;
    int variant;          /* published */
    const uint64_t *also; /* erased */
    size_t also_count;
};

enum act {
    ACT_deliver,
    ACT_copy,
    ACT_person,
    ACT_outcome,
    ACT_publish,
    ACT_forget,
    ACT_leave,
    ACT_seal,
    ACT_clock,
    ACT_disk,
    ACT_restart
};
struct action {
    hr_instant at;
    uint64_t order;
    enum act act;
    struct noted noted; /* outcome */
    uint32_t index;     /* message, customer, variant */
};

/* An alert as its receiver knows it. */
struct received {
    uint64_t effect;
    struct hr_key key;
    uint8_t kind;
    uint32_t what;    /* name number of a message or an action */
    uint32_t arrived; /* times */
    hr_instant first_at;
};

/* Two contacts matched one message, and nobody has said whose it is. */
struct question {
    uint64_t issue;
    uint64_t contacts[2];
    uint32_t message;
};

/* How often what goes wrong in this seed, in a thousand; 0: never. */
struct swarm {
    uint32_t crash;
    uint32_t crash_in_commit;
    uint32_t disk;
    uint32_t network;
    uint32_t alerts;
    uint32_t shared_phones;
    uint32_t wrong;
};

struct world {
    uint64_t seed;
    bool trace;
    bool quick; /* without the checks that run everything again */
    struct rng rng;
    struct swarm swarm;
    hr_instant start;
    hr_instant now;         /* true time */
    hr_instant skew;        /* of the host's clock */
    hr_instant stands_at;   /* what a clock that stands shows */
    hr_instant stands_till; /* true time, HR_INSTANT_NONE: it runs */
    bool calm;              /* faults have ended */
    struct hr_store_options options;
    struct hr_store *store;
    struct hr_batch batch;
    struct hr_arena arena; /* of the seed */
    struct hr_arena round; /* of one round */
    int variant;           /* the files that lie in the folder */
    struct customer customers[CUSTOMERS_MAX];
    size_t customer_count;
    struct message messages[MESSAGES_MAX];
    size_t message_count;
    struct action *actions; /* a heap */
    size_t action_count;
    uint64_t action_order;
    struct noted inbox[INBOX_MAX];
    size_t inbox_count;
    struct noted *entries; /* by position - 1 */
    uint64_t entry_count;
    uint64_t committed; /* the newest position that a commit answered done for */
    uint64_t durable;   /* the newest that was synced: only what stands there is answered */
    uint32_t unanswered[UNANSWERED_MAX]; /* messages that are committed and wait for a sync */
    size_t unanswered_count;
    size_t unsynced_commits;
    struct received effects[EFFECTS_MAX];
    size_t effect_count;
    uint64_t issues[ISSUES_MAX];
    size_t issue_count;
    uint64_t known[KNOWN_MAX]; /* contacts that people have seen */
    size_t known_count;
    uint64_t works[WORKS_MAX]; /* tasks and the like that people have seen, the newest */
    size_t work_count;         /* ever */
    struct question questions[QUESTIONS_MAX];
    size_t question_count;
    uint32_t forgetting; /* customer + 1, 0: nobody */
    uint64_t sync_failures;
    hr_instant newest_heard; /* occurred, of what was delivered so far */
    jmp_buf failed;
    char complaint[512];
};

/* Runs one seed; false when something did not hold: then world->complaint says what. ret_hash: of journal and state. */
struct how {
    bool trace;
    bool quick;
};
bool world_run(struct world *world, uint64_t seed, struct how how, uint64_t *ret_hash);
/* Ends the seed: something does not hold. */
_Noreturn void fail(struct world *world, const char *format, ...) HR_PRINTF(2, 3);
/* A line of the trace. */
void trace(const struct world *world, const char *format, ...) HR_PRINTF(2, 3);
/* Fails unless the answer is done. */
void must(struct world *world, hr_status status, const char *what);
/* One of the faults happened. */
void hit(enum fault fault);
/* What the host's clock says. */
hr_instant clock_now(const struct world *world);
void schedule(struct world *world, hr_instant at, enum act act, uint32_t index);
void schedule_action(struct world *world, struct action action);
/* A span at random, in microseconds. */
hr_instant between(struct world *world, hr_instant least, hr_instant most);

/* ---- tools (tools.c) --------------------------------------------------------------------------------- */

/* Makes the customers and all that will happen to them. */
void stories_make(struct world *world);
/* The message reaches the host, or tries to. again: even if it was answered already. */
void message_deliver(struct world *world, uint32_t message, bool again);
/* The host has answered. */
void message_answered(struct world *world, uint32_t message);
/* Reads a message with a plan's mapping. */
void message_read(struct world *world, const struct hr_engine *engine, uint32_t message,
                  hr_instant received_at, struct hr_arena *into, struct hr_heard *ret_heard);

/* ---- people and receivers (people.c) ------------------------------------------------------------------ */

void person_acts(struct world *world);
/* An intended effect leaves the host. */
void effect_leaves(struct world *world, uint64_t effect, const struct hr_effect *what);
struct received *effect_received(struct world *world, uint64_t effect);
/* leaving.c: somebody wants no more news; checked when it is committed. again: they had left already. */
void customer_leaves(struct world *world);
void check_left(struct world *world, const struct noted *noted, bool again);
void call_leaves(struct world *world, struct received *received, const struct hr_effect *what);
/* calls.c: what people say of effects and lanes; false: there is nothing to say. */
bool person_answers(struct world *world, struct noted *noted);
void check_call(struct world *world, const struct hr_record *record);
bool effect_was_told(const struct world *world, uint64_t effect, enum hr_outcome outcome);
/* Forgets a customer; what a power cut interrupts is done again by forget_resume. */
void customer_forget(struct world *world, uint32_t customer);
void forget_resume(struct world *world);

/* ---- the host (host.c) --------------------------------------------------------------------------------- */

void host_open(struct world *world);
void host_close(struct world *world);
/* The power goes, now; and comes back. */
void host_crash(struct world *world, enum fault fault);
/* Stops in order, and starts again; the power may go at the end of it. */
void host_restart(struct world *world);
/* One batch; false when nothing waited. */
bool host_round(struct world *world);
/* The next instant of the host's clock at which something is due. */
hr_instant host_next_due(struct world *world);
/* Something for the inbox; false when it is full. */
bool host_take(struct world *world, const struct noted *noted);
void host_publish(struct world *world, int variant);
/* The sync that commits wait for, and the answers to their senders; false when the power went, or the disk failed:
 * then the host has started again. */
bool host_sync(struct world *world);
/* Runs one event alone, with erasures; false when the power went. */
bool host_run_alone(struct world *world, const struct noted *noted,
                    const struct hr_erasure *erasures, size_t erasure_count);
struct hr_store_reader *host_reader(struct world *world);
/* All salts of a seed are the same, so that a replay can make them again however the batch draws them. */
void salts_of(const struct world *world, void *ret_bytes, size_t size);
/* ---- checks -------------------------------------------------------------------------------------------- */

/* All records and index entries of one moment. */
struct state {
    struct hr_record **records;
    size_t record_count;
    struct hr_entry *entries; /* by position - 1 */
    struct hr_text *headers;
    uint64_t entry_count;
};
/* rest.c: reads everything and runs all checks. ret_hash: of journal and state. */
void check_rest(struct world *world, uint64_t *ret_hash);
/* check.c: what must hold whenever the host is at rest. */
void check_acknowledged(struct world *world);
void check_state(struct world *world, const struct state *state);
void check_effects(struct world *world, const struct state *state);
void check_intents(struct world *world, const struct state *state);
/* runs.c: the same of what automations did. */
void check_runs(struct world *world, const struct state *state);
/* leaving.c: who may be written to agreed, provably, and did not leave since. */
void check_consents(struct world *world, const struct state *state);
/* ticks.c: every time of a schedule, for everybody, once. */
void check_ticks(struct world *world, const struct state *state);
/* works.c: records that belong to each other, and what is to be done about them. */
void check_works(struct world *world, const struct state *state);
/* journal.c: what must hold of everything that was ever written. */
void check_journal(struct world *world, const struct state *state);
/* replay.c: the rules, run again on the stored events, give the same journal; arrival order makes no difference. */
void check_replay(struct world *world, const struct state *state);
void check_orders(struct world *world);

#endif
