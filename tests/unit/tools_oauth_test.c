/* labels: threads */
/* links: tools net */
/* Tokens: asked for once however many need one, used until shortly before they end, asked for anew when they are
 * refused, and not asked for again and again while their server says no. */
#include "tools/caller.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { THREADS = 12 };

/* ---- a server that gives out tokens, and a tool that takes them ---- */

static struct {
    struct hr_http_server *server;
    atomic_int given;   /* tokens */
    atomic_int asked;   /* for tokens, refused ones too */
    atomic_int called;  /* the tool */
    atomic_int refuses; /* so many calls of the tool with 401 */
    atomic_int says;    /* status of the token server; 0: gives one */
    atomic_int life_s;
    const char *odd; /* what it answers instead; NULL: a token */
} world;

static _Atomic int64_t clock_ms;

static int64_t told_ms(void)
{
    return clock_ms;
}

static void answer_json(struct hr_http_request *request, int status, struct hr_text body)
{
    const struct hr_http_answer answer = {
        .status = (uint16_t)status, .content_type = HR_TEXT("application/json"), .body = body};
    hr_http_answer(request, &answer);
}

static void handle(void *context, struct hr_http_request *request)
{
    (void)context;
    if (hr_text_equal(request->path, HR_TEXT("/token"))) {
        world.asked++;
        if (world.says != 0 || world.odd != NULL) {
            answer_json(request, world.says != 0 ? world.says : 200,
                        hr_text_from(world.odd != NULL ? world.odd : "{\"error\":\"no\"}"));
            return;
        }
        int number = ++world.given;
        answer_json(request, 200,
                    hr_text_format(&request->arena,
                                   "{\"access_token\":\"t%d\",\"token_type\":\"Bearer\","
                                   "\"expires_in\":%d}",
                                   number, (int)world.life_s));
        return;
    }
    world.called++;
    if (world.refuses > 0) {
        world.refuses--;
        answer_json(request, 401, HR_TEXT("{}"));
        return;
    }
    if (hr_text_equal(request->path, HR_TEXT("/big"))) {
        static const char big[200 << 10];
        answer_json(request, 200, (struct hr_text){big, sizeof big});
        return;
    }
    struct hr_text shown = hr_http_header_of(request, HR_TEXT("authorization"), NULL);
    answer_json(request, 200,
                hr_text_format(&request->arena, "{\"saw\":\"%.*s\"}", HR_SHOW(shown)));
}

static int open_world(void **state)
{
    struct hr_diagnostics found;
    struct hr_arena arena;
    (void)state;
    hr_arena_init(&arena, 1 << 20);
    hr_diagnostics_init(&found, &arena);
    const struct hr_http_server_options options = {.handle = handle};
    bool good = hr_ok(hr_http_server_start(&options, &found, &world.server));
    hr_arena_close(&arena);
    return good ? 0 : -1;
}

static int close_world(void **state)
{
    (void)state;
    hr_http_server_stop(world.server);
    return 0;
}

/* ---- who calls ---- */

static struct hr_text base_url(struct hr_arena *into, const char *path)
{
    return hr_text_format(into, "http://127.0.0.1:%u%s", hr_http_server_port(world.server), path);
}

static hr_status secret_of(void *context, struct hr_text name, struct hr_arena *into,
                           struct hr_text *ret_value)
{
    (void)context;
    (void)name;
    *ret_value = hr_text_copy(into, HR_TEXT("the secret itself"));
    return hr_done();
}

static struct hr_action look = {.id = {"look", 4},
                                .full_id = {"portal.look", 11},
                                .kind = HR_ACTION_read,
                                .method = HR_METHOD_GET,
                                .path = {"/look", 5},
                                .check = HR_NONE_INDEX,
                                .undo = HR_NONE_INDEX};

struct bench {
    struct hr_arena arena;
    struct hr_oauth *tokens;
    struct hr_tool tool;
    struct hr_tool_here here;
};

static void begin(struct bench *bench)
{
    struct hr_http_server *server = world.server;
    *bench = (struct bench){.tool = {.id = HR_TEXT("portal"),
                                     .auth = {.kind = HR_AUTH_oauth,
                                              .secret = HR_TEXT("portal_secret"),
                                              .token_url = HR_TEXT("https://login.example/token"),
                                              .client_id = HR_TEXT("handrail")},
                                     .actions = &look,
                                     .action_count = 1}};
    world.given = world.asked = world.called = world.refuses = world.says = 0;
    world.life_s = 600;
    world.odd = NULL;
    world.server = server;
    hr_arena_init(&bench->arena, 1 << 20);
    bench->here = (struct hr_tool_here){.tool = bench->tool.id,
                                        .base = base_url(&bench->arena, ""),
                                        .token_url = base_url(&bench->arena, "/token")};
    assert_true(hr_ok(hr_oauth_create(told_ms, &bench->tokens)));
}

static void end(struct bench *bench)
{
    hr_oauth_free(bench->tokens);
    hr_arena_close(&bench->arena);
}

static struct hr_outbound_verdict call_tool(struct bench *bench, struct hr_arena *into,
                                            struct hr_http_result *ret_answer)
{
    struct hr_caller *caller = NULL;
    struct hr_outbound_verdict verdict;
    const struct hr_value inputs = {.kind = HR_KIND_map};
    const struct hr_outbound_ask ask = {.tool = &bench->tool, .action = &look, .inputs = &inputs};
    const struct hr_caller_options options = {
        .secret_of = secret_of, .tokens = bench->tokens, .here = &bench->here, .here_count = 1};
    assert_true(hr_ok(hr_caller_create(&options, &caller)));
    assert_true(hr_ok(hr_caller_ask(caller, &ask, into, &verdict, ret_answer)));
    hr_caller_free(caller);
    return verdict;
}

static struct hr_outbound_verdict call_once(struct bench *bench)
{
    return call_tool(bench, &bench->arena, NULL);
}

static void *call_in_thread(void *context)
{
    struct hr_arena arena;
    hr_arena_init(&arena, 1 << 20);
    struct hr_outbound_verdict verdict = call_tool(context, &arena, NULL);
    hr_arena_close(&arena);
    return verdict.reached == HR_REACHED_confirmed ? context : NULL;
}

/* ---- stories ---- */

static void twelve_threads_need_a_token_and_one_asks(void **state)
{
    struct bench bench;
    pthread_t threads[THREADS];
    (void)state;
    begin(&bench);
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, call_in_thread, &bench), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        void *confirmed = NULL;
        pthread_join(threads[i], &confirmed);
        assert_ptr_equal(confirmed, &bench);
    }
    assert_int_equal(world.asked, 1);
    assert_int_equal(world.called, THREADS);
    end(&bench);
}

static void a_token_is_used_until_shortly_before_it_ends(void **state)
{
    struct bench bench;
    struct hr_http_result answer;
    (void)state;
    begin(&bench);
    clock_ms = 1000;
    assert_int_equal(call_once(&bench).reached, HR_REACHED_confirmed);
    clock_ms += 539 * 1000; /* of 600, less a tenth */
    assert_int_equal(call_once(&bench).reached, HR_REACHED_confirmed);
    assert_int_equal(world.given, 1);
    clock_ms += 2 * 1000;
    assert_int_equal(call_tool(&bench, &bench.arena, &answer).reached, HR_REACHED_confirmed);
    assert_int_equal(world.given, 2);
    assert_true(hr_text_search(answer.body, HR_TEXT("Bearer t2")) < answer.body.size);

    world.life_s = 0; /* one that ends at once serves one call */
    clock_ms += 1000 * 1000;
    assert_int_equal(call_once(&bench).reached, HR_REACHED_confirmed);
    assert_int_equal(call_once(&bench).reached, HR_REACHED_confirmed);
    assert_int_equal(world.given, 4);
    end(&bench);
}

static void a_refused_token_is_asked_for_anew_once(void **state)
{
    struct bench bench;
    (void)state;
    begin(&bench);
    assert_int_equal(call_once(&bench).reached, HR_REACHED_confirmed);
    world.refuses = 1;
    assert_int_equal(call_once(&bench).reached, HR_REACHED_confirmed);
    assert_int_equal(world.given, 2);
    assert_int_equal(world.called, 3);
    world.refuses = 5;
    struct hr_outbound_verdict verdict = call_once(&bench);
    assert_int_equal(verdict.reached, HR_REACHED_refused);
    assert_int_equal(verdict.fault, HR_FAULT_permission);
    assert_int_equal(world.called, 5);
    end(&bench);
}

static void who_gets_no_token_is_told_why_and_does_not_ask_at_once_again(void **state)
{
    static const struct {
        int says;
        const char *odd;
        enum hr_reached reached;
        enum hr_fault fault;
    } cases[] = {
        {400, NULL, HR_REACHED_refused, HR_FAULT_permission},
        {401, NULL, HR_REACHED_refused, HR_FAULT_permission},
        {302, NULL, HR_REACHED_refused, HR_FAULT_permission},
        {429, NULL, HR_REACHED_again, HR_FAULT_rate},
        {500, NULL, HR_REACHED_again, HR_FAULT_transient},
        {503, NULL, HR_REACHED_again, HR_FAULT_transient},
        {0, "<html>", HR_REACHED_again, HR_FAULT_transient},
        {0, "{}", HR_REACHED_again, HR_FAULT_transient},
        {0, "{\"access_token\":\"\",\"token_type\":\"bearer\"}", HR_REACHED_again,
         HR_FAULT_transient},
        {0, "{\"access_token\":\"t\",\"token_type\":\"mac\"}", HR_REACHED_again,
         HR_FAULT_transient},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bench bench;
        begin(&bench);
        world.says = cases[i].says;
        world.odd = cases[i].odd;
        for (int times = 0; times < 3; times++) {
            struct hr_outbound_verdict verdict = call_once(&bench);
            assert_int_equal(verdict.reached, cases[i].reached);
            assert_int_equal(verdict.fault, cases[i].fault);
            assert_true(hr_text_starts(verdict.words, HR_TEXT("no token: ")));
        }
        assert_int_equal(world.asked, 1);
        assert_int_equal(world.called, 0);
        clock_ms += 6000;
        world.says = 0;
        world.odd = NULL;
        assert_int_equal(call_once(&bench).reached, HR_REACHED_confirmed);
        end(&bench);
    }
}

static void another_client_or_scope_is_another_token(void **state)
{
    struct bench bench;
    (void)state;
    begin(&bench);
    assert_int_equal(call_once(&bench).reached, HR_REACHED_confirmed);
    bench.tool.auth.scope = HR_TEXT("more");
    assert_int_equal(call_once(&bench).reached, HR_REACHED_confirmed);
    bench.tool.auth.client_id = HR_TEXT("other");
    assert_int_equal(call_once(&bench).reached, HR_REACHED_confirmed);
    assert_int_equal(world.given, 3);
    end(&bench);
}

static void a_token_url_that_lies_inside_needs_the_settings(void **state)
{
    struct bench bench;
    (void)state;
    begin(&bench);
    bench.tool.auth.token_url = bench.here.token_url;
    bench.here.token_url = HR_TEXT_NONE;
    struct hr_outbound_verdict verdict = call_once(&bench);
    assert_int_equal(verdict.reached, HR_REACHED_refused);
    assert_int_equal(world.asked, 0);
    end(&bench);
}

static void without_memory_for_the_answer_nobody_knows(void **state)
{
    static const struct hr_action grant = {.id = {"grant", 5},
                                           .full_id = {"portal.grant", 12},
                                           .method = HR_METHOD_POST,
                                           .path = {"/big", 4},
                                           .check = HR_NONE_INDEX,
                                           .undo = HR_NONE_INDEX};
    struct bench bench;
    struct hr_caller *caller = NULL;
    struct hr_outbound_verdict verdict;
    const struct hr_value inputs = {.kind = HR_KIND_map};
    (void)state;
    begin(&bench);
    bench.tool.auth.kind = HR_AUTH_none;
    const struct hr_outbound_ask ask = {.tool = &bench.tool, .action = &grant, .inputs = &inputs};
    const struct hr_caller_options options = {
        .secret_of = secret_of, .tokens = bench.tokens, .here = &bench.here, .here_count = 1};
    assert_true(hr_ok(hr_caller_create(&options, &caller)));
    for (size_t budget = 64; budget < 150 << 10; budget += 512) {
        struct hr_arena small;
        int called = world.called;
        hr_arena_init(&small, budget);
        assert_false(hr_ok(hr_caller_ask(caller, &ask, &small, &verdict, NULL)));
        assert_int_equal(verdict.reached,
                         world.called > called ? HR_REACHED_unknown : HR_REACHED_again);
        hr_arena_close(&small);
    }
    assert_true(world.called > 10);
    struct hr_arena large;
    hr_arena_init(&large, 4 << 20);
    assert_true(hr_ok(hr_caller_ask(caller, &ask, &large, &verdict, NULL)));
    assert_int_equal(verdict.reached, HR_REACHED_confirmed);
    hr_arena_close(&large);
    hr_caller_free(caller);
    end(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twelve_threads_need_a_token_and_one_asks),
        cmocka_unit_test(a_token_is_used_until_shortly_before_it_ends),
        cmocka_unit_test(a_refused_token_is_asked_for_anew_once),
        cmocka_unit_test(who_gets_no_token_is_told_why_and_does_not_ask_at_once_again),
        cmocka_unit_test(another_client_or_scope_is_another_token),
        cmocka_unit_test(without_memory_for_the_answer_nobody_knows),
        cmocka_unit_test(a_token_url_that_lies_inside_needs_the_settings),
    };
    return cmocka_run_group_tests(tests, open_world, close_world);
}
