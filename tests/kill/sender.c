/* Connections that tell the daemon about customers: signed as each tool signs, several customers interleaved and each
 * story in any order; what was not answered is sent again, and now and then something is simply sent twice. */
#include "kill.h"

#include "tools/signature.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { TOOLS = 5, REQUEST_MAX = 2048, ANSWER_MAX = 4096, AGAIN_PERCENT = 10 };

struct kill_counts kill_counts;

static const char *const tool_names[TOOLS] = {"website_form", "calendar", "checkout",
                                              "course_platform", "email"};

/* One customer's story while it is told. */
struct story {
    uint32_t messages[KILL_WHATS];
    size_t count;
};

struct sender {
    struct kill_senders *all;
    pthread_t thread;
    uint64_t random;
    int socket;
    struct hr_signer *signers[TOOLS];
    struct story stories[KILL_ACTIVE];
    uint32_t unanswered; /* message + 1, 0: none */
};

struct kill_senders {
    struct kill_world *world;
    uint16_t port;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    uint64_t round;
    size_t idle;
    atomic_bool acknowledged; /* something, in this round */
    atomic_bool finishing;
    size_t finished;
    struct sender senders[KILL_SENDERS];
};

static uint64_t dice(struct sender *sender, uint64_t sides)
{
    sender->random++;
    return kill_mix(sender->all->world->seed ^ 0x5EED, sender->random) % sides;
}

/* ---- signing ------------------------------------------------------------------------------------------ */

/* The secrets are those that tests/kill/kill_test puts into the environment. */
static void make_signers(struct sender *sender)
{
    static const struct {
        enum hr_scheme scheme;
        const char *header;
        const char *secret;
    } tools[TOOLS] = {
        {HR_SCHEME_standard_webhooks, NULL, "whsec_a2lsbC10ZXN0LWZvcm0tc2VjcmV0LTAwMDA="},
        {HR_SCHEME_hmac_sha256, "X-Signature", "kill-test-calendar-secret"},
        {HR_SCHEME_stripe, NULL, "whsec_kill_test_checkout_secret"},
        {HR_SCHEME_hmac_sha256, "X-Course-Signature", "kill-test-course-secret"},
        {HR_SCHEME_standard_webhooks, NULL, "whsec_a2lsbC10ZXN0LW1haWwtc2VjcmV0LTAwMDA="},
    };
    for (size_t i = 0; i < TOOLS; i++) {
        const struct hr_signature_options options = {
            .scheme = tools[i].scheme,
            .header = hr_text_from(tools[i].header),
            .encoding = HR_ENCODING_hex,
            .secrets = {hr_text_from(tools[i].secret)},
        };
        hr_status status = hr_signer_create(&options, &sender->signers[i]);
        hr_assert(hr_ok(status));
    }
}

static size_t write_request(struct sender *sender, uint32_t message, char request[REQUEST_MAX])
{
    char body[KILL_BODY_MAX];
    struct hr_arena arena;
    struct hr_signed_header headers[HR_SIGNED_HEADERS_MAX];
    size_t count = 0;
    struct timespec now;
    unsigned tool = kill_tool((enum kill_what)(message % KILL_SLOTS));
    size_t body_size = kill_body(sender->all->world, message, body);
    hr_arena_init(&arena, 1 << 16);
    (void)clock_gettime(CLOCK_REALTIME, &now);
    hr_status status =
        hr_signer_sign(sender->signers[tool], hr_text_format(&arena, "msg_kill_%u", message),
                       (hr_instant)now.tv_sec * HR_SECOND_US, (struct hr_text){body, body_size},
                       &arena, headers, &count);
    hr_assert(hr_ok(status));
    struct hr_buffer out;
    hr_buffer_init(&out, &arena, REQUEST_MAX);
    hr_buffer_add_format(
        &out,
        "POST /v1/in/%s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nContent-Type: application/json\r\n"
        "Content-Length: %zu\r\n",
        tool_names[tool], sender->all->port, body_size);
    for (size_t i = 0; i < count; i++) {
        hr_buffer_add_format(&out, "%.*s: %.*s\r\n", HR_SHOW(headers[i].name),
                             HR_SHOW(headers[i].value));
    }
    hr_buffer_add_format(&out, "\r\n%.*s", (int)body_size, body);
    hr_assert(!out.failed);
    memcpy(request, out.data, out.size);
    size_t size = out.size;
    hr_arena_close(&arena);
    return size;
}

/* ---- one exchange ---------------------------------------------------------------------------------------- */

static void hang_up(struct sender *sender)
{
    if (sender->socket >= 0) {
        (void)close(sender->socket);
    }
    sender->socket = -1;
}

static bool dial(struct sender *sender)
{
    if (sender->socket >= 0) {
        return true;
    }
    struct sockaddr_in peer = {.sin_family = AF_INET, .sin_port = htons(sender->all->port)};
    peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const struct timeval patience = {.tv_sec = 20};
    const int on = 1;
    sender->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    hr_assert(sender->socket >= 0);
    (void)setsockopt(sender->socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    (void)setsockopt(sender->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(sender->socket, (const struct sockaddr *)&peer, sizeof peer) != 0) {
        hang_up(sender);
        return false;
    }
    return true;
}

/* True when all of an answer stands in the buffer. */
static bool complete(const char *answer)
{
    const char *end = strstr(answer, "\r\n\r\n");
    const char *length = strcasestr(answer, "\r\ncontent-length:");
    if (end == NULL || length == NULL || length > end) {
        return false;
    }
    return strlen(end + 4) >= strtoul(length + 17, NULL, 10);
}

/* The answer's status; 0 when the connection ended before there was one. */
static int exchange(struct sender *sender, const char *request, size_t size,
                    char answer[ANSWER_MAX])
{
    if (!dial(sender) || send(sender->socket, request, size, MSG_NOSIGNAL) != (ssize_t)size) {
        hang_up(sender);
        return 0;
    }
    size_t have = 0;
    answer[0] = '\0';
    while (!complete(answer)) {
        ssize_t got = have == ANSWER_MAX - 1
                          ? 0
                          : recv(sender->socket, answer + have, ANSWER_MAX - 1 - have, 0);
        if (got <= 0) {
            hang_up(sender);
            return 0;
        }
        have += (size_t)got;
        answer[have] = '\0';
    }
    int status = atoi(answer + sizeof "HTTP/1.1 " - 1);
    if (strcasestr(answer, "\r\nconnection: close") != NULL) {
        hang_up(sender);
    }
    return status;
}

/* ---- sending --------------------------------------------------------------------------------------------- */

static void note_acknowledged(struct sender *sender)
{
    struct kill_senders *all = sender->all;
    if (all->acknowledged) {
        return;
    }
    (void)pthread_mutex_lock(&all->lock);
    all->acknowledged = true;
    (void)pthread_cond_broadcast(&all->changed);
    (void)pthread_mutex_unlock(&all->lock);
}

/* Sends a message; true when it was acknowledged. */
static bool tell(struct sender *sender, uint32_t message)
{
    char request[REQUEST_MAX];
    char answer[ANSWER_MAX];
    _Atomic uint8_t *state = &sender->all->world->states[message];
    uint8_t before = atomic_load(state);
    if (before == KILL_UNSENT) {
        atomic_store(state, KILL_ATTEMPTED);
    }
    size_t size = write_request(sender, message, request);
    atomic_fetch_add(&kill_counts.attempts, 1);
    int status = exchange(sender, request, size, answer);
    if (status == 200) {
        bool taken = strstr(answer, "\"accepted\":1") != NULL;
        if (taken && before == KILL_ACKNOWLEDGED) {
            atomic_fetch_add(&kill_counts.taken_twice, 1);
        }
        atomic_fetch_add(taken ? &kill_counts.acknowledged : &kill_counts.duplicates, 1);
        atomic_store(state, KILL_ACKNOWLEDGED);
        note_acknowledged(sender);
        return true;
    }
    if (status == 503 || status == 429) {
        atomic_fetch_add(&kill_counts.busy, 1);
        kill_sleep_us(20000);
    } else if (status == 0) {
        atomic_fetch_add(&kill_counts.unanswered, 1);
    } else if (atomic_fetch_add(&kill_counts.refused, 1) == 0) {
        printf("FAIL a message was refused: %s\n", answer);
    }
    return false;
}

static void begin_story(struct sender *sender, struct story *story)
{
    struct kill_world *world = sender->all->world;
    uint32_t customer = (uint32_t)atomic_fetch_add(&world->started, 1);
    story->count = 0;
    if (customer >= KILL_CUSTOMERS_MAX) {
        atomic_fetch_sub(&world->started, 1);
        return;
    }
    world->created_s[customer] = (int64_t)time(NULL) - KILL_WHATS;
    for (int what = KILL_WHATS - 1; what >= 0; what--) { /* told from the end of the list */
        if (kill_says(world, customer, (enum kill_what)what)) {
            story->messages[story->count++] = customer * KILL_SLOTS + (uint32_t)what;
        }
    }
    /* of one in three the news comes in any order */
    for (size_t i = story->count; dice(sender, 3) == 0 && i > 1; i--) {
        size_t other = (size_t)dice(sender, i);
        uint32_t message = story->messages[i - 1];
        story->messages[i - 1] = story->messages[other];
        story->messages[other] = message;
    }
}

/* The next message of some customer; false when all is told. */
static bool next_message(struct sender *sender, bool finishing, uint32_t *ret_message)
{
    size_t start = (size_t)dice(sender, KILL_ACTIVE);
    for (size_t i = 0; i < KILL_ACTIVE; i++) {
        struct story *story = &sender->stories[(start + i) % KILL_ACTIVE];
        if (story->count == 0 && !finishing) {
            begin_story(sender, story);
        }
        if (story->count > 0) {
            *ret_message = story->messages[--story->count];
            return true;
        }
    }
    return false;
}

/* Something that was sent already, by whomever, perhaps at this very moment. */
static void tell_again(struct sender *sender)
{
    struct kill_world *world = sender->all->world;
    uint64_t started = atomic_load(&world->started);
    uint64_t recent = started < 100 || dice(sender, 2) == 0 ? started : 100;
    uint64_t customer = started - 1 - dice(sender, recent);
    uint32_t message = (uint32_t)(customer * KILL_SLOTS + dice(sender, KILL_WHATS));
    if (started > 0 && atomic_load(&world->states[message]) != KILL_UNSENT) {
        (void)tell(sender, message);
    }
}

/* Sends until the connection ends (false) or, when finishing, until all is told (true). */
static bool tell_all(struct sender *sender)
{
    for (;;) {
        uint32_t message = sender->unanswered - 1;
        if (sender->unanswered == 0 && !next_message(sender, sender->all->finishing, &message)) {
            return true;
        }
        sender->unanswered = message + 1;
        if (tell(sender, message)) {
            sender->unanswered = 0;
        } else if (sender->socket < 0) {
            return false;
        }
        if (dice(sender, 100) < AGAIN_PERCENT) {
            tell_again(sender);
        }
    }
}

static void *sender_main(void *context)
{
    struct sender *sender = context;
    struct kill_senders *all = sender->all;
    uint64_t round = 0;
    bool over = false;
    make_signers(sender);
    while (!over) {
        (void)pthread_mutex_lock(&all->lock);
        all->idle++;
        (void)pthread_cond_broadcast(&all->changed);
        while (all->round == round) {
            (void)pthread_cond_wait(&all->changed, &all->lock);
        }
        round = all->round;
        (void)pthread_mutex_unlock(&all->lock);
        over = tell_all(sender);
    }
    hang_up(sender);
    for (size_t i = 0; i < TOOLS; i++) {
        hr_signer_free(sender->signers[i]);
    }
    (void)pthread_mutex_lock(&all->lock);
    all->finished++;
    all->idle++;
    (void)pthread_cond_broadcast(&all->changed);
    (void)pthread_mutex_unlock(&all->lock);
    return NULL;
}

/* ---- the gate ---------------------------------------------------------------------------------------------- */

struct kill_senders *kill_senders_start(struct kill_world *world, uint16_t port)
{
    struct kill_senders *all = calloc(1, sizeof *all);
    hr_assert(all != NULL);
    all->world = world;
    all->port = port;
    (void)pthread_mutex_init(&all->lock, NULL);
    (void)pthread_cond_init(&all->changed, NULL);
    for (size_t i = 0; i < KILL_SENDERS; i++) {
        all->senders[i] = (struct sender){.all = all, .socket = -1, .random = (uint64_t)i << 40};
        int failed = pthread_create(&all->senders[i].thread, NULL, sender_main, &all->senders[i]);
        hr_assert(failed == 0);
    }
    return all;
}

void kill_senders_go(struct kill_senders *senders)
{
    kill_senders_wait_idle(senders);
    (void)pthread_mutex_lock(&senders->lock);
    senders->acknowledged = false;
    senders->idle = senders->finished;
    senders->round++;
    (void)pthread_cond_broadcast(&senders->changed);
    (void)pthread_mutex_unlock(&senders->lock);
}

bool kill_senders_wait_ack(struct kill_senders *senders)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 30;
    (void)pthread_mutex_lock(&senders->lock);
    int failed = 0;
    while (!senders->acknowledged && senders->idle < KILL_SENDERS && failed == 0) {
        failed = pthread_cond_timedwait(&senders->changed, &senders->lock, &until);
    }
    bool seen = senders->acknowledged;
    (void)pthread_mutex_unlock(&senders->lock);
    return seen;
}

void kill_senders_wait_idle(struct kill_senders *senders)
{
    (void)pthread_mutex_lock(&senders->lock);
    while (senders->idle < KILL_SENDERS) {
        (void)pthread_cond_wait(&senders->changed, &senders->lock);
    }
    (void)pthread_mutex_unlock(&senders->lock);
}

bool kill_senders_finish(struct kill_senders *senders)
{
    senders->finishing = true;
    for (unsigned tries = 0; tries < 20 && senders->finished < KILL_SENDERS; tries++) {
        kill_senders_go(senders);
        kill_senders_wait_idle(senders);
    }
    return senders->finished == KILL_SENDERS;
}

void kill_senders_free(struct kill_senders *senders)
{
    for (size_t i = 0; i < KILL_SENDERS; i++) {
        (void)pthread_join(senders->senders[i].thread, NULL);
    }
    (void)pthread_cond_destroy(&senders->changed);
    (void)pthread_mutex_destroy(&senders->lock);
    free(senders);
}
