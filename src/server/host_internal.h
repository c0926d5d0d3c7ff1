/* server, inside: what the threads of the host share. */
#ifndef HR_SERVER_HOST_INTERNAL_H
#define HR_SERVER_HOST_INTERNAL_H

#include "server/courier.h"
#include "server/host.h"
#include "tools/signature.h"

#include <pthread.h>
#include <stdatomic.h>

enum { HR_DESK_QUEUE_MAX = 512, HR_CLOSED_US = 3000000, HR_PUT_OFF_MAX = 64 };
/* Under way at once, of all and of one tool: so many, and no others, can be unknown after a crash. */
enum { HR_COURIER_THREADS = 16, HR_COURIER_ROAD_MAX = 4, HR_COURIER_LINE_MAX = 1024 };

/* A plan in force with what goes with it. Old ones stay until the host stops: somebody may still read them. */
struct hr_regime {
    struct hr_plan *plan;
    struct hr_arena arena;
    struct hr_signer **signers;    /* by tool index; NULL: no secret, no endpoint */
    atomic_uint_fast32_t *waiting; /* by tool index: jobs in the queue */
    struct hr_regime *older;
};

/* A bounded line of waiting things; its own lock. */
struct hr_line {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t count;
    bool closed;
};

/* A record whose timer could not be run, and until when it is left alone. */
struct hr_put_off {
    uint64_t record;
    hr_instant until;
};
/* An effect as it was intended: who finds it otherwise holds an old copy. */
struct hr_intent {
    uint64_t effect;
    uint32_t attempts;
    uint8_t kind;  /* enum hr_effect_kind */
    uint8_t state; /* enum hr_effect_state: intended or checking */
    uint64_t road; /* hr_courier_road */
};
/* A courier's thread, and where it sits. */
struct hr_seat {
    struct hr_host *host;
    size_t thread;
};
/* What is intended and waits for a courier, and what is under way. */
struct hr_pool {
    struct hr_line line;
    struct hr_intent intents[HR_COURIER_LINE_MAX];
    uint64_t roads[HR_COURIER_THREADS]; /* under way, by thread; 0: nothing */
    size_t flying;                      /* waiting or under way */
    size_t idle;
    size_t started;
    void *(*main)(void *seat); /* of a thread */
    pthread_t threads[HR_COURIER_THREADS];
    struct hr_seat seats[HR_COURIER_THREADS];
    struct hr_oauth *tokens; /* of all of them */
};
/* How far the writer has looked through what is due. */
struct hr_timers {
    struct hr_key from; /* where the look goes on; zero: at the earliest */
    bool passed_by;     /* something was left behind on the way: look again soon */
    struct hr_put_off put_off[HR_PUT_OFF_MAX];
    size_t put_off_count; /* ever; the oldest makes room */
    bool held;            /* an effect waits for room among the couriers */
};

struct hr_host {
    struct hr_arena arena; /* options, settings: for the host's life */
    const char *folder;
    const char *data_folder;
    struct hr_settings settings;
    struct hr_store *store;
    struct hr_store_options store_options;
    struct hr_batch batch;
    uint8_t secret[HR_KEY_SIZE];
    _Atomic(struct hr_regime *) regime;
    pthread_mutex_t reloading; /* held while files are read and put in force: one at a time */

    struct hr_line queue; /* of the writer */
    struct hr_job *first;
    struct hr_job *last;
    bool syncing; /* of the queue's lock: committed jobs wait for the disk */
    pthread_t writer;
    hr_instant next_due;
    struct hr_timers timers;
    hr_instant busy_at;  /* when the writer last had work */
    uint64_t seal_from;  /* sealing is looked at from this position on */
    bool seal_soon;      /* something may be sealed after a quiet second */
    hr_instant scrub_at; /* when the traces of a forgetting are looked at again, if any are left */
    _Atomic int64_t closed_until; /* instant until which intake is closed; INT64_MAX: for good */

    struct hr_line answer_line; /* jobs that are committed (or not) and wait for the sync */
    struct hr_job *answer_first;
    struct hr_job *answer_last;
    struct hr_http_request **answers; /* prepared, to be sent together */
    size_t answer_count;
    pthread_t answerer;

    struct hr_line desk_line;
    struct hr_http_request *desk_first;
    struct hr_http_request *desk_last;
    pthread_t desk;

    struct hr_pool courier;
    bool room_again; /* of the queue's lock: a courier came back */

    struct hr_http_server *server;
    atomic_bool starting; /* it serves, but those who look for its address do not find it yet */
    atomic_uint_fast64_t journalled, duplicates, refused, batches, alerts_confirmed, alerts_failed;
};

/* line: a closed line wakes everybody. */
void hr_line_init(struct hr_line *line);
void hr_line_close(struct hr_line *line);
void hr_line_done(struct hr_line *line);

/* regime.c */
hr_status hr_regime_load(struct hr_host *host, struct hr_diagnostics *reterr,
                         struct hr_regime **ret_regime, struct hr_text *ret_files) HR_MUST_USE;
void hr_regime_free(struct hr_regime *regime);

/* timers.c, of the writer's thread: the timers whose time has come, at most `room`; answers how many. What was found
 * before a failure counts. Sets next_due. */
size_t hr_timers_take(struct hr_host *host, struct hr_arena *scratch, hr_instant now,
                      struct hr_waiting *ret_due, size_t room, hr_status *ret_status);
/* A timer that failed: not tried again for a minute, so that it does not keep the writer busy. */
void hr_timers_put_off(struct hr_host *host, uint64_t record, hr_instant now);

/* courier_pool.c */
/* Begins with one thread; ends when all that is under way came back, and the rest was said not to have begun. */
hr_status hr_courier_start(struct hr_host *host, void *(*courier)(void *seat)) HR_MUST_USE;
void hr_courier_stop(struct hr_host *host);
/* Whose slowness an effect shares: the machine's mail server's, a person's webhook's, a tool's. The kind of that stands
 * above the lower 32 bits, so it is never 0. */
enum { HR_ROAD_MAIL = 1, HR_ROAD_WEBHOOK, HR_ROAD_TOOL };
uint64_t hr_courier_road(const struct hr_effect *effect);
/* Hands over an intended effect. */
void hr_courier_take(struct hr_host *host, struct hr_intent intent);
/* True when couriers are free for `of_all` effects more, `of_road` of them on this road. */
bool hr_courier_has_room(struct hr_host *host, uint64_t road, size_t of_road, size_t of_all);
/* Of a courier's thread: waits for the next effect; false when the line is closed and empty. What comes from a closed
 * line is not begun any more. */
bool hr_courier_next(struct hr_host *host, size_t thread, struct hr_intent *ret_intent,
                     bool *ret_closed);
/* It is reported. */
void hr_courier_landed(struct hr_host *host, size_t thread);
bool hr_courier_is_closed(struct hr_host *host);

/* the threads */
void *hr_writer_main(void *host);
void *hr_answerer_main(void *host);
void *hr_desk_main(void *host);
void *hr_courier_main(void *seat);
/* Hands jobs over to be answered: with this status, but after a sync where it is done. */
void hr_answerer_take(struct hr_host *host, struct hr_job **jobs, size_t count, hr_status status);
/* HTTP thread: a request for POST /v1/in/{tool}. */
void hr_inbound_handle(struct hr_host *host, struct hr_http_request *request);
/* leaving.c, HTTP thread: the way out of letters, /u/{token}. Who leaves is answered when that is committed. */
bool hr_leaving_is(const struct hr_http_request *request);
void hr_leaving_answer(struct hr_host *host, struct hr_http_request *request);
/* HTTP thread: hands a request to the desk, or answers 503. */
void hr_desk_take(struct hr_host *host, struct hr_http_request *request);

#endif
