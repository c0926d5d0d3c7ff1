/* The kill test: a daemon under load is killed at random instants, again and again; the sender keeps books of its own
 * and in the end the journal must agree with them.
 *
 *   world.c    customers and what is to be told of each: a pure function of seed and number
 *   sender.c   connections that sign, send, send again what was not answered, and send some twice
 *   daemon.c   starts it, kills it
 *   check.c    reads the journal and the state, and compares
 *   kill.c     the rounds, the report */
#ifndef HR_TESTS_KILL_H
#define HR_TESTS_KILL_H

#include "base/base.h"
#include "data/time.h"

#include <stdatomic.h>

enum {
    KILL_CUSTOMERS_MAX = 1 << 20,
    KILL_SENDERS = 8,
    KILL_ACTIVE = 16, /* customers that a sender tells about at the same time */
    KILL_BODY_MAX = 768
};

/* What may be said of a customer, in the order in which it happened. */
enum kill_what {
    KILL_FORM,
    KILL_BOOKING,
    KILL_PAYMENT,
    KILL_PAYMENT_2,
    KILL_ACCESS,
    KILL_MAIL,
    KILL_WHATS, /* of which 8 fit into a message's number */
    KILL_SLOTS = 8
};
enum kill_state { KILL_UNSENT, KILL_ATTEMPTED, KILL_ACKNOWLEDGED };

struct kill_world {
    uint64_t seed;
    int64_t *created_s;           /* by customer */
    _Atomic uint8_t *states;      /* by message: customer * KILL_SLOTS + what */
    atomic_uint_fast32_t started; /* customers */
};

/* A fixed jumble of bits of seed and number. */
uint64_t kill_mix(uint64_t seed, uint64_t number);
/* True if this is said of the customer at all. */
bool kill_says(const struct kill_world *world, uint32_t customer, enum kill_what what);
/* The tool that says it: 0 form, 1 calendar, 2 checkout, 3 course platform, 4 mail tool. */
unsigned kill_tool(enum kill_what what);
/* Writes the payload; the same bytes each time. */
size_t kill_body(const struct kill_world *world, uint32_t message, char ret_body[KILL_BODY_MAX]);

/* ---- sending ------------------------------------------------------------------------------------------- */

struct kill_counts {
    atomic_uint_fast64_t attempts;     /* requests begun */
    atomic_uint_fast64_t acknowledged; /* answers 200, of first deliveries */
    atomic_uint_fast64_t duplicates;   /* answers 200 to what was delivered before */
    atomic_uint_fast64_t unanswered;   /* the connection ended first */
    atomic_uint_fast64_t busy;         /* 429, 503 */
    atomic_uint_fast64_t refused;      /* anything else: must not be */
    atomic_uint_fast64_t taken_twice;  /* acknowledged before, and accepted as new: must not be */
};
extern struct kill_counts kill_counts;

struct kill_senders;
/* Starts the threads; they wait until they are let go. port: of the daemon. */
struct kill_senders *kill_senders_start(struct kill_world *world, uint16_t port);
/* Lets them send until their connections end. */
void kill_senders_go(struct kill_senders *senders);
/* Waits until something was acknowledged since `go`; false after 30 s. */
bool kill_senders_wait_ack(struct kill_senders *senders);
/* Waits until all threads saw the daemon die. */
void kill_senders_wait_idle(struct kill_senders *senders);
/* Lets them end every customer's story, until all is acknowledged; false when that does not come. */
bool kill_senders_finish(struct kill_senders *senders);
/* After they have finished. */
void kill_senders_free(struct kill_senders *senders);

/* ---- the daemon ---------------------------------------------------------------------------------------- */

struct kill_daemon {
    const char *program;
    const char *folder;
    uint16_t port;
    int pid;
    double ready_s_max;
};
void kill_daemon_start(struct kill_daemon *daemon);
/* Waits until it answers; false when it does not. */
bool kill_daemon_wait_ready(struct kill_daemon *daemon);
void kill_daemon_kill(struct kill_daemon *daemon);
/* Asks it to end; true if it did so with status 0. */
bool kill_daemon_stop(struct kill_daemon *daemon);
double kill_seconds(void);
hr_instant kill_wall_clock(void);
void kill_sleep_us(uint64_t us);

/* ---- checking ------------------------------------------------------------------------------------------ */

struct kill_findings {
    uint64_t events; /* delivered messages in the journal */
    uint64_t entries;
    uint64_t lost;       /* acknowledged and not there */
    uint64_t duplicated; /* there more than once */
    uint64_t recovered;  /* never acknowledged and there all the same */
    uint64_t unexpected; /* there and never sent */
    uint64_t contacts, instances, deadlines;
    uint64_t wrong; /* anything else that differs from the sender's books */
    uint64_t rebuilt_differently;
};
/* True if nothing is lost, doubled or different. Says on stdout what is. */
bool kill_check(const struct kill_world *world, const char *data_folder,
                struct kill_findings *ret_findings);

#endif
