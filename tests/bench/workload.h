/* What the load generator sends and the data folder is filled with: contacts by number, messages about them.
 *
 * Visit n is of contact perm(n mod contacts): evenly spread, in no order that a disk could like. A message either
 * books visit n or says that visit n was done, some half a million bookings later. */
#ifndef HR_TESTS_BENCH_WORKLOAD_H
#define HR_TESTS_BENCH_WORKLOAD_H

#include "base/base.h"
#include "data/time.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BENCH_SECRET "whsec_aGFuZHJhaWwtYmVuY2gtc2VjcmV0LW9mLTMyLWJ5dGVz"
/* How a message is named: time-ordered, as most senders do. */
#define BENCH_MESSAGE_ID "msg_%012llu"
enum { BODY_MAX = 1024, EMAIL_MAX = 64 };

enum message_kind { MESSAGE_created, MESSAGE_booked, MESSAGE_done };

static inline uint64_t bench_mix(uint64_t number)
{
    number = (number ^ (number >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    number = (number ^ (number >> 27)) * UINT64_C(0x94D049BB133111EB);
    return number ^ (number >> 31);
}

/* A pseudo-random permutation of [0, count): a Feistel network over the next even power of two, walked until it
 * falls inside. */
static inline uint64_t bench_permuted(uint64_t index, uint64_t count)
{
    unsigned half = 1;
    while ((UINT64_C(1) << (2 * half)) < count) {
        half++;
    }
    uint64_t mask = (UINT64_C(1) << half) - 1;
    do {
        for (uint64_t round = 0; round < 4; round++) {
            uint64_t right = index & mask;
            uint64_t left = index >> half;
            index =
                right << half | (left ^ (bench_mix(right + round * UINT64_C(0x9E3779B9)) & mask));
        }
    } while (index >= count);
    return index;
}

static inline size_t bench_email(char email[EMAIL_MAX], uint64_t contact)
{
    return (size_t)snprintf(email, EMAIL_MAX, "customer.%07" PRIu64 "@bench.example.com", contact);
}

/* The body of a message, about 600 bytes like most webhooks. */
static inline size_t bench_body(char body[BODY_MAX], enum message_kind kind, uint64_t contact,
                                uint64_t visit, hr_instant at)
{
    static const char *const types[] = {"account.created", "visit.booked", "visit.done"};
    static const char *const names[] = {"Ada",  "Ben",  "Chloe", "Dev",
                                        "Elif", "Femi", "Grace", "Hugo"};
    char email[EMAIL_MAX];
    char time[32];
    time_t seconds = (time_t)(at / HR_SECOND_US);
    struct tm parts;
    (void)bench_email(email, contact);
    (void)gmtime_r(&seconds, &parts);
    size_t size = strftime(time, sizeof time, "%Y-%m-%dT%H:%M:%S", &parts);
    (void)snprintf(time + size, sizeof time - size, ".%06dZ", (int)(at % HR_SECOND_US));
    int written =
        snprintf(body, BODY_MAX,
                 "{\"type\":\"%s\",\"timestamp\":\"%s\",\"data\":{\"visit_id\":\"visit_%09" PRIu64
                 "\",\"email\":\"%s\","
                 "\"first_name\":\"%s\",\"last_name\":\"Example\",\"place\":{\"name\":\"Studio "
                 "%02u\",\"street\":\"%u Bridge "
                 "Street\",\"city\":\"Leeds\",\"post_code\":\"LS1 "
                 "4AP\",\"country\":\"GB\"},\"amount\":%u,\"currency\":\"GBP\","
                 "\"items\":[{\"sku\":\"visit-60\",\"title\":\"One "
                 "hour\",\"count\":1,\"price\":4900},{\"sku\":\"tea\","
                 "\"title\":\"Pot of tea\",\"count\":2,\"price\":350}],\"note\":\"Please ring the "
                 "bell twice; the dog is friendly.\","
                 "\"source\":\"website\",\"consent\":{\"mail\":true,\"phone\":false}}}",
                 types[kind], time, visit, email, names[contact % 8], (unsigned)(contact % 100),
                 (unsigned)(contact % 900), (unsigned)(5600 + contact % 1000));
    hr_assert(written > 0 && written < BODY_MAX);
    return (size_t)written;
}

static inline hr_instant bench_now(clockid_t clock)
{
    struct timespec now;
    (void)clock_gettime(clock, &now);
    return (hr_instant)now.tv_sec * HR_SECOND_US + now.tv_nsec / 1000;
}

/* The value of "--name" among the arguments, or `otherwise`. */
static inline const char *bench_option(int count, char **arguments, const char *name,
                                       const char *otherwise)
{
    for (int i = 1; i + 1 < count; i++) {
        if (strcmp(arguments[i], name) == 0) {
            return arguments[i + 1];
        }
    }
    return otherwise;
}

static inline uint64_t bench_number(int count, char **arguments, const char *name,
                                    uint64_t otherwise)
{
    const char *text = bench_option(count, arguments, name, NULL);
    return text == NULL ? otherwise : strtoull(text, NULL, 10);
}

#endif
