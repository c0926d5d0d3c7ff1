/* The couriers' line: one slow tool holds four of them and no more, and what stops in order leaves no doubts behind.
 * The largest letter fits into a courier's memory. What couriers make of the world: tests/e2e/courier.test.mjs. */
/* links: server */
#include "server/host_internal.h"
#include "server/letter_mail.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { SLOW = 3, FAST = 4, OTHER = 5 };

static struct hr_host host;

static uint64_t road(uint32_t tool)
{
    const struct hr_effect effect = {.kind = HR_EFFECT_call, .tool = tool};
    return hr_courier_road(&effect);
}

static int open_line(void **state)
{
    (void)state;
    host = (struct hr_host){.next_due = INT64_MAX};
    hr_line_init(&host.queue);
    hr_line_init(&host.courier.line);
    return 0;
}

static int close_line(void **state)
{
    (void)state;
    hr_line_done(&host.queue);
    hr_line_done(&host.courier.line);
    return 0;
}

static void take(uint64_t effect, uint32_t tool)
{
    hr_courier_take(&host, (struct hr_intent){.effect = effect,
                                              .attempts = 1,
                                              .state = HR_EFFECT_intended,
                                              .road = road(tool)});
}

static uint64_t next(size_t thread)
{
    struct hr_intent intent = {.effect = 0};
    bool closed = true;
    assert_true(hr_courier_next(&host, thread, &intent, &closed));
    assert_false(closed);
    return intent.effect;
}

/* ---- the line ---- */

static void kinds_of_effects_have_roads_of_their_own(void **state)
{
    (void)state;
    const struct hr_effect effects[] = {
        {.kind = HR_EFFECT_mail, .person = 3},    {.kind = HR_EFFECT_webhook, .person = 3},
        {.kind = HR_EFFECT_webhook, .person = 4}, {.kind = HR_EFFECT_call, .tool = 3, .person = 9},
        {.kind = HR_EFFECT_letter, .tool = 4},
    };
    for (size_t i = 0; i < sizeof effects / sizeof effects[0]; i++) {
        assert_true(hr_courier_road(&effects[i]) != 0);
        for (size_t k = 0; k < i; k++) {
            assert_true(hr_courier_road(&effects[i]) != hr_courier_road(&effects[k]));
        }
    }
    const struct hr_effect to_another = {.kind = HR_EFFECT_mail, .person = 4};
    assert_true(hr_courier_road(&to_another) == hr_courier_road(&effects[0])); /* one mail server */
}

static void a_slow_tool_is_overtaken_and_keeps_its_own_order(void **state)
{
    (void)state;
    for (uint64_t effect = 1; effect <= 6; effect++) {
        take(effect, SLOW);
    }
    take(7, FAST);
    for (size_t thread = 0; thread < HR_COURIER_ROAD_MAX; thread++) {
        assert_int_equal(next(thread), thread + 1);
    }
    assert_int_equal(next(4), 7);
    hr_courier_landed(&host, 2);
    take(8, FAST);
    assert_int_equal(next(2), 5); /* the oldest that may go */
    assert_int_equal(next(5), 8);
    hr_courier_landed(&host, 0);
    assert_int_equal(next(0), 6);
}

static void room_is_told_by_road_and_in_all(void **state)
{
    (void)state;
    const uint64_t slow = road(SLOW);
    assert_true(hr_courier_has_room(&host, slow, HR_COURIER_ROAD_MAX, HR_COURIER_THREADS));
    assert_false(
        hr_courier_has_room(&host, slow, HR_COURIER_ROAD_MAX + 1, HR_COURIER_ROAD_MAX + 1));
    assert_false(hr_courier_has_room(&host, slow, 1, HR_COURIER_THREADS + 1));
    take(1, SLOW);
    take(2, SLOW);
    assert_int_equal(next(0), 1); /* one is under way, one waits: both count */
    assert_true(hr_courier_has_room(&host, slow, 2, 2));
    assert_false(hr_courier_has_room(&host, slow, 3, 3));
    assert_true(hr_courier_has_room(&host, road(FAST), 4, 4));
    hr_courier_landed(&host, 0);
    assert_true(hr_courier_has_room(&host, slow, 3, 3));
    assert_true(host.room_again); /* and the writer is told so */
    hr_line_close(&host.courier.line);
    assert_false(
        hr_courier_has_room(&host, slow, 1, 1)); /* nothing is intended for a host that stops */
}

static void a_closed_line_gives_out_what_is_left_in_order(void **state)
{
    (void)state;
    struct hr_intent intent;
    bool closed = false;
    for (uint64_t effect = 1; effect <= 6; effect++) {
        take(effect, SLOW);
    }
    hr_line_close(&host.courier.line);
    for (uint64_t effect = 1; effect <= 6; effect++) { /* all by one: nothing of it is begun */
        assert_true(hr_courier_next(&host, 0, &intent, &closed));
        assert_true(closed);
        assert_int_equal(intent.effect, effect);
        hr_courier_landed(&host, 0);
    }
    assert_false(hr_courier_next(&host, 0, &intent, &closed));
    assert_int_equal(host.courier.flying, 0);
}

static void a_line_that_is_full_takes_no_more(void **state)
{
    (void)state;
    for (uint64_t effect = 1; effect <= HR_COURIER_LINE_MAX + 3; effect++) {
        take(effect, SLOW);
    }
    assert_int_equal(host.courier.line.count, HR_COURIER_LINE_MAX);
    assert_int_equal(host.courier.flying, HR_COURIER_LINE_MAX);
    assert_int_equal(next(0), 1);
}

/* ---- threads ---- */

/* A world in which calls to the slow tool hang until the gate opens. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool open;
    size_t hanging, most_hanging, fast_done, slow_done;
} world = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static void carry(const struct hr_intent *intent)
{
    (void)pthread_mutex_lock(&world.lock);
    if (intent->road == road(SLOW)) {
        world.hanging++;
        world.most_hanging =
            world.hanging > world.most_hanging ? world.hanging : world.most_hanging;
        while (!world.open) {
            (void)pthread_cond_wait(&world.changed, &world.lock);
        }
        world.hanging--;
        world.slow_done++;
    } else {
        world.fast_done++;
    }
    (void)pthread_cond_broadcast(&world.changed);
    (void)pthread_mutex_unlock(&world.lock);
}

static void *courier(void *context)
{
    const struct hr_seat *seat = context;
    struct hr_intent intent;
    bool closed = false;
    while (hr_courier_next(seat->host, seat->thread, &intent, &closed)) {
        carry(&intent);
        hr_courier_landed(seat->host, seat->thread);
    }
    return NULL;
}

/* True when the count gets there within ten seconds. */
static bool gets_to(const size_t *count, size_t wanted)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 10;
    (void)pthread_mutex_lock(&world.lock);
    while (*count < wanted && pthread_cond_timedwait(&world.changed, &world.lock, &until) == 0) {
    }
    bool there = *count >= wanted;
    (void)pthread_mutex_unlock(&world.lock);
    return there;
}

static void while_one_tool_hangs_the_others_are_served(void **state)
{
    (void)state;
    assert_true(hr_ok(hr_courier_start(&host, courier)));
    assert_int_equal(host.courier.started, 1); /* more come when they are needed */
    for (uint64_t effect = 1; effect <= 40; effect++) {
        take(effect, SLOW);
    }
    for (uint64_t effect = 41; effect <= 240; effect++) {
        take(effect, effect % 2 == 0 ? FAST : OTHER);
    }
    assert_true(gets_to(&world.fast_done, 200));
    assert_int_equal(world.slow_done, 0);
    assert_true(gets_to(&world.hanging, HR_COURIER_ROAD_MAX));
    (void)pthread_mutex_lock(&world.lock);
    world.open = true;
    (void)pthread_cond_broadcast(&world.changed);
    (void)pthread_mutex_unlock(&world.lock);
    assert_true(gets_to(&world.slow_done, 40));
    assert_int_equal(world.most_hanging, HR_COURIER_ROAD_MAX);
    hr_courier_stop(&host);
    assert_int_equal(host.courier.flying, 0);
    assert_true(host.courier.started <= HR_COURIER_THREADS);
}

/* The writer begins before the couriers do. */
static void what_came_before_the_threads_is_served_by_many(void **state)
{
    (void)state;
    world.open = false;
    world.slow_done = world.fast_done = world.hanging = 0;
    for (uint64_t effect = 1; effect <= HR_COURIER_ROAD_MAX; effect++) {
        take(effect, SLOW);
    }
    take(100, FAST);
    assert_true(hr_ok(hr_courier_start(&host, courier)));
    assert_true(gets_to(&world.fast_done, 1)); /* by a fifth */
    assert_true(gets_to(&world.hanging, HR_COURIER_ROAD_MAX));
    (void)pthread_mutex_lock(&world.lock);
    world.open = true;
    (void)pthread_cond_broadcast(&world.changed);
    (void)pthread_mutex_unlock(&world.lock);
    hr_courier_stop(&host);
    assert_int_equal(host.courier.flying, 0);
}

/* ---- memory ---- */

static struct hr_text filled(struct hr_arena *arena, size_t size, const char *with)
{
    char *bytes = hr_arena_alloc(arena, size);
    size_t step = strlen(with);
    assert_non_null(bytes);
    for (size_t i = 0; i < size; i++) {
        bytes[i] = with[i % step];
    }
    return (struct hr_text){bytes, size};
}

/* All that a courier does with it but the reading from the store, of which an eighth is left free. */
static void the_largest_letter_fits(void **state)
{
    (void)state;
    struct hr_arena made;
    struct hr_arena arena;
    struct hr_value content;
    struct hr_value read;
    struct hr_letter letter;
    struct hr_mail mail;
    struct hr_buffer stored;
    struct hr_buffer message;
    const struct hr_key key = {{1}};
    hr_arena_init(&made, 16 << 20);
    hr_arena_init(&arena, HR_COURIER_BUDGET_BYTES / 8 * 7);
    letter = (struct hr_letter){.from_address = HR_TEXT("hello@bright.example.com"),
                                .to_address = HR_TEXT("ada@example.com"),
                                .subject = HR_TEXT("Hello"),
                                .text = filled(&made, HR_LETTER_TEXT_MAX, "\xd0\xbf\n"),
                                .html = filled(&made, HR_LETTER_HTML_MAX, "\xd0\xbf\n")};
    assert_true(hr_ok(hr_letter_keep(&letter, &made, &content)));
    hr_buffer_init(&stored, &arena, HR_PART_BYTES_MAX);
    hr_put_value(&stored, &content);
    struct hr_text bytes =
        hr_text_copy(&arena, hr_buffer_text(&stored)); /* as the store reads it */
    struct hr_reader reader = hr_reader_over(bytes);
    assert_true(hr_get_value(&reader, &arena, &read));
    /* the digest of letters that were not built is not theirs */
    assert_int_equal(hr_letter_kept(&read, NULL, &letter).code, HR_E_CORRUPT);
    letter = (struct hr_letter){
        .from_address = HR_TEXT("hello@bright.example.com"),
        .to_address = HR_TEXT("ada@example.com"),
        .subject = HR_TEXT("Hello"),
        .text = hr_value_as_text(hr_value_member(&read, HR_TEXT("text"))),
        .html = hr_value_as_text(hr_value_member(&read, HR_TEXT("html"))),
    };
    assert_int_equal(letter.html.size, HR_LETTER_HTML_MAX);
    assert_true(
        hr_ok(hr_letter_mail(&letter, &key, HR_TEXT("mail.example.com"), 5, &arena, &mail)));
    hr_buffer_init(&message, &arena, 4 << 20);
    assert_true(hr_ok(hr_mail_write(&message, &mail, NULL)));
    assert_false(arena.failed);
    hr_arena_close(&arena);
    hr_arena_close(&made);
}

int main(void)
{
#define LINE(test) cmocka_unit_test_setup_teardown(test, open_line, close_line)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_of_effects_have_roads_of_their_own),
        LINE(a_slow_tool_is_overtaken_and_keeps_its_own_order),
        LINE(room_is_told_by_road_and_in_all),
        LINE(a_closed_line_gives_out_what_is_left_in_order),
        LINE(a_line_that_is_full_takes_no_more),
        LINE(while_one_tool_hangs_the_others_are_served),
        LINE(what_came_before_the_threads_is_served_by_many),
        cmocka_unit_test(the_largest_letter_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
