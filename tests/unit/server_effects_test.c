/* What automations send, through a whole host: engine, ledger, queue, couriers, a course platform on a real socket, and
 * back. The platform counts what it did, so that a second sending would be seen. */
/* links: server */
#include "server/host_internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { CUSTOMERS = 20, EMAIL_SIZE = 64 };

static int64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void pause_ms(long ms)
{
    const struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    (void)nanosleep(&pause, NULL);
}

/* ---- the course platform ------------------------------------------------------------------------- */

static struct {
    struct hr_http_server *server;
    pthread_t thread;
    pthread_mutex_t lock;
    struct hr_http_request *kept[CUSTOMERS];
    int64_t came_at[CUSTOMERS];
    size_t kept_count, most_kept;
    char members[2 * CUSTOMERS][EMAIL_SIZE]; /* one for each time that a course was opened */
    size_t opened, asked;
    size_t loses;  /* so many answers to what was done */
    size_t denies; /* so many are not let in */
    int64_t delay_ms;
    bool over;
} platform = {.lock = PTHREAD_MUTEX_INITIALIZER};

static bool is_member(const char *email)
{
    for (size_t i = 0; i < platform.opened; i++) {
        if (strcmp(platform.members[i], email) == 0) {
            return true;
        }
    }
    return false;
}

static void answer(struct hr_http_request *request, uint16_t status)
{
    const struct hr_http_answer said = {
        .status = status, .content_type = HR_TEXT("application/json"), .body = HR_TEXT("{}\n")};
    hr_http_answer(request, &said);
}

/* POST /members {"email": "ada@..."}; GET /members/ada%40... */
static uint16_t serve(const struct hr_http_request *request)
{
    char email[EMAIL_SIZE] = "";
    if (hr_text_equal(request->method, HR_TEXT("GET"))) {
        (void)sscanf(request->path.data, "/members/%40[a-z0-9]", email);
        (void)strcat(email, "@example.com");
        platform.asked++;
        return is_member(email) ? 200 : 404;
    }
    if (platform.denies > 0) {
        platform.denies--;
        return 403;
    }
    (void)sscanf(request->body.data, "{\"email\":\"%60[^\"]\"", email);
    (void)strcpy(platform.members[platform.opened++], email);
    if (platform.loses > 0) {
        platform.loses--;
        return 500;
    }
    return 200;
}

static void keep(void *context, struct hr_http_request *request)
{
    (void)context;
    (void)pthread_mutex_lock(&platform.lock);
    hr_assert(platform.kept_count < CUSTOMERS);
    platform.came_at[platform.kept_count] = now_ms();
    platform.kept[platform.kept_count++] = request;
    platform.most_kept =
        platform.kept_count > platform.most_kept ? platform.kept_count : platform.most_kept;
    (void)pthread_mutex_unlock(&platform.lock);
}

static struct hr_http_request *take(uint16_t *ret_status)
{
    struct hr_http_request *request = NULL;
    (void)pthread_mutex_lock(&platform.lock);
    if (platform.kept_count > 0 && now_ms() - platform.came_at[0] >= platform.delay_ms) {
        request = platform.kept[0];
        *ret_status = serve(request);
        platform.kept_count--;
        for (size_t i = 0; i < platform.kept_count; i++) {
            platform.kept[i] = platform.kept[i + 1];
            platform.came_at[i] = platform.came_at[i + 1];
        }
    }
    (void)pthread_mutex_unlock(&platform.lock);
    return request;
}

static bool is_over(void)
{
    (void)pthread_mutex_lock(&platform.lock);
    bool over = platform.over;
    (void)pthread_mutex_unlock(&platform.lock);
    return over;
}

static void *platform_main(void *context)
{
    while (!is_over()) {
        uint16_t status = 0;
        struct hr_http_request *request = take(&status);
        if (request != NULL) {
            answer(request, status);
        } else {
            pause_ms(5);
        }
    }
    return context;
}

static size_t count_of(const size_t *count)
{
    (void)pthread_mutex_lock(&platform.lock);
    size_t told = *count;
    (void)pthread_mutex_unlock(&platform.lock);
    return told;
}

/* ---- the school ---------------------------------------------------------------------------------- */

struct school {
    struct hr_arena arena;
    struct hr_diagnostics found;
    char folder[64];
    char data[80];
    struct hr_store_options options;
    struct hr_host *host;
};

static void HR_PRINTF(1, 2) shell(const char *format, ...)
{
    char command[512];
    va_list list;
    va_start(list, format);
    (void)vsnprintf(command, sizeof command, format, list);
    va_end(list);
    assert_int_equal(system(command), 0);
}

static void start(struct school *school)
{
    const struct hr_host_options options = {
        .folder = school->folder, .address = "127.0.0.1", .port = 0};
    assert_true(hr_ok(hr_host_start(&options, &school->found, &school->host)));
}

static int open_school(void **state)
{
    struct school *school = calloc(1, sizeof *school);
    struct hr_store *store = NULL;
    const struct hr_http_server_options options = {.handle = keep};
    hr_arena_init(&school->arena, (size_t)512 << 20);
    hr_diagnostics_init(&school->found, &school->arena);
    platform.opened = platform.asked = platform.loses = platform.denies = 0;
    platform.most_kept = platform.kept_count = 0;
    platform.delay_ms = 0;
    platform.over = false;
    assert_true(hr_ok(hr_http_server_start(&options, &school->found, &platform.server)));
    assert_int_equal(pthread_create(&platform.thread, NULL, platform_main, NULL), 0);
    (void)snprintf(school->folder, sizeof school->folder, "/tmp/handrail-effects-XXXXXX");
    assert_non_null(mkdtemp(school->folder));
    (void)snprintf(school->data, sizeof school->data, "%s/.handrail", school->folder);
    shell("cp tests/scenario/school/handrail.yaml %s && mkdir -p %s", school->folder, school->data);
    shell("printf 'tools:\\n  course: {base: \"http://127.0.0.1:%u\"}\\n' > %s/settings.yaml",
          hr_http_server_port(platform.server), school->data);
    school->options = (struct hr_store_options){.folder = school->data, .create = true};
    assert_true(hr_ok(hr_store_open(&school->options, &store)));
    hr_store_close(store);
    start(school);
    *state = school;
    return 0;
}

static int close_school(void **state)
{
    struct school *school = *state;
    hr_host_stop(school->host);
    (void)pthread_mutex_lock(&platform.lock);
    platform.over = true;
    (void)pthread_mutex_unlock(&platform.lock);
    (void)pthread_join(platform.thread, NULL);
    hr_http_server_stop(platform.server);
    shell("rm -rf %s", school->folder);
    hr_arena_close(&school->arena);
    free(school);
    return 0;
}

/* Somebody paid: the till says so. */
static void pay(struct school *school, const char *who)
{
    const struct hr_engine engine = {.plan = hr_host_plan(school->host),
                                     .secret = school->host->secret};
    struct hr_heard *heard = hr_arena_new(&school->arena, struct hr_heard);
    struct hr_job job = {.plan = engine.plan};
    struct hr_text raw = hr_text_format(&school->arena,
                                        "{\"type\":\"money.paid\",\"id\":\"m_%s\",\"at\":\"2026-11-"
                                        "23T10:00:00Z\",\"email\":\"%s@example.com\","
                                        "\"payment_id\":\"pay_%s\"}",
                                        who, who, who);
    assert_non_null(heard);
    assert_true(hr_ok(hr_json_read(&school->arena, raw, NULL, NULL, &job.document)));
    assert_true(
        hr_ok(hr_engine_read(&engine, hr_plan_tool(engine.plan, HR_TEXT("till")), &job.document,
                             raw, job.given, hr_clock_now(), &school->arena, heard)));
    job.waiting.event = (struct hr_event){.kind = HR_EVENT_heard, .heard = heard, .payload = raw};
    assert_true(hr_ok(hr_host_submit_and_wait(school->host, &job)));
    assert_int_equal(job.waiting.became, HR_BECAME_journalled);
}

/* How many effects of this kind are in this state; the last of them. */
static size_t effects_in(struct school *school, enum hr_effect_kind kind,
                         enum hr_effect_state state, struct hr_record **ret_last)
{
    struct hr_store_reader *reader = NULL;
    struct hr_record **records = NULL;
    size_t count = 0;
    size_t found = 0;
    assert_true(hr_ok(hr_store_reader_open(&school->options, &reader)));
    assert_true(hr_ok(hr_store_reader_begin(reader)));
    assert_true(hr_ok(
        hr_store_read_records(reader, HR_RECORD_FIRST, 1000, &school->arena, &records, &count)));
    for (size_t i = 0; i < count; i++) {
        bool meant = records[i]->kind == HR_RECORD_effect && records[i]->effect->kind == kind &&
                     records[i]->effect->state == state;
        found += meant;
        *ret_last = meant ? records[i] : *ret_last;
    }
    hr_store_reader_end(reader);
    hr_store_reader_close(reader);
    return found;
}

/* Waits until so many are there; answers the last of them. */
static struct hr_record *wait_for(struct school *school, enum hr_effect_kind kind,
                                  enum hr_effect_state state, size_t wanted)
{
    struct hr_record *last = NULL;
    for (int i = 0; i < 400; i++) {
        if (effects_in(school, kind, state, &last) == wanted) {
            return last;
        }
        pause_ms(50);
    }
    fail_msg("there are never %zu effects of kind %d in state %d", wanted, (int)kind, (int)state);
    return NULL;
}

/* ---- stories -------------------------------------------------------------------------------------- */

static void a_payment_opens_the_course(void **state)
{
    struct school *school = *state;
    pay(school, "ada");
    const struct hr_record *call = wait_for(school, HR_EFFECT_call, HR_EFFECT_confirmed, 1);
    assert_int_equal(call->effect->attempts, 1);
    assert_true(hr_text_equal(call->effect->answer, HR_TEXT("answered 200")));
    assert_int_equal(count_of(&platform.opened), 1);
    assert_string_equal(platform.members[0], "ada@example.com");
    /* and the enrollment went on: the welcome waits for a person's yes */
    (void)wait_for(school, HR_EFFECT_letter, HR_EFFECT_asks, 1);
}

static void an_answer_that_is_lost_is_looked_for_and_the_call_not_repeated(void **state)
{
    struct school *school = *state;
    platform.loses = 1;
    pay(school, "ada");
    (void)wait_for(school, HR_EFFECT_call, HR_EFFECT_confirmed, 1);
    assert_int_equal(count_of(&platform.opened), 1);
    assert_int_equal(count_of(&platform.asked), 1);
    (void)wait_for(school, HR_EFFECT_letter, HR_EFFECT_asks, 1);
}

static void twenty_customers_are_served_four_at_a_time_and_each_once(void **state)
{
    struct school *school = *state;
    platform.delay_ms = 30;
    for (int i = 0; i < CUSTOMERS; i++) {
        char who[16];
        (void)snprintf(who, sizeof who, "c%d", i);
        pay(school, who);
    }
    (void)wait_for(school, HR_EFFECT_call, HR_EFFECT_confirmed, CUSTOMERS);
    assert_int_equal(count_of(&platform.opened), CUSTOMERS);
    assert_in_range(count_of(&platform.most_kept), 1, HR_COURIER_ROAD_MAX);
    for (size_t i = 0; i < CUSTOMERS; i++) {
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(platform.members[i], platform.members[k]);
        }
    }
}

static void who_is_not_let_in_waits_for_us(void **state)
{
    struct school *school = *state;
    platform.denies = 1;
    pay(school, "ada");
    struct hr_record *call = NULL;
    for (int i = 0; i < 200 && (call == NULL || call->effect->answer.size == 0); i++) {
        (void)effects_in(school, HR_EFFECT_call, HR_EFFECT_planned, &call);
        pause_ms(20);
    }
    assert_non_null(call); /* planned: it was not done, and is not lost */
    assert_true(hr_text_equal(call->effect->answer, HR_TEXT("answered 403")));
    assert_int_equal(count_of(&platform.opened), 0);
}

static void what_is_approved_and_has_no_mail_server_waits_for_one(void **state)
{
    struct school *school = *state;
    pay(school, "ada");
    const struct hr_record *letter = wait_for(school, HR_EFFECT_letter, HR_EFFECT_asks, 1);
    const struct hr_plan *plan = hr_host_plan(school->host);
    const struct hr_command yes = {
        .verb = HR_VERB_approve,
        .person = plan->people[hr_plan_person(plan, HR_TEXT("maya"))].name_number,
        .effect = letter->id,
        .until = HR_INSTANT_NONE,
        .text = letter->effect->seen};
    struct hr_job job = {.waiting.event = {.kind = HR_EVENT_command, .command = &yes}};
    assert_true(hr_ok(hr_host_submit_and_wait(school->host, &job)));
    struct hr_record *waits = NULL;
    for (int i = 0; i < 200 && (waits == NULL || waits->effect->answer.size == 0); i++) {
        (void)effects_in(school, HR_EFFECT_letter, HR_EFFECT_planned, &waits);
        pause_ms(20);
    }
    assert_non_null(waits);
    assert_true(hr_text_starts(waits->effect->answer, HR_TEXT("no mail server is set")));
}

static void a_call_under_way_when_the_host_stops_is_waited_for(void **state)
{
    struct school *school = *state;
    platform.delay_ms = 700;
    pay(school, "ada");
    for (int i = 0; i < 200 && count_of(&platform.kept_count) == 0; i++) {
        pause_ms(10);
    }
    hr_host_stop(school->host);
    start(school);
    (void)wait_for(school, HR_EFFECT_call, HR_EFFECT_confirmed, 1);
    assert_int_equal(count_of(&platform.opened), 1);
    assert_int_equal(count_of(&platform.asked), 0); /* nobody had to ask: its answer was heard */
}

int main(void)
{
#define SCHOOL(test) cmocka_unit_test_setup_teardown(test, open_school, close_school)
    const struct CMUnitTest tests[] = {
        SCHOOL(a_payment_opens_the_course),
        SCHOOL(an_answer_that_is_lost_is_looked_for_and_the_call_not_repeated),
        SCHOOL(twenty_customers_are_served_four_at_a_time_and_each_once),
        SCHOOL(who_is_not_let_in_waits_for_us),
        SCHOOL(what_is_approved_and_has_no_mail_server_waits_for_one),
        SCHOOL(a_call_under_way_when_the_host_stops_is_waited_for),
    };
    (void)setenv("HANDRAIL_SECRET_COURSE_KEY", "the key of the course", 1);
    (void)setenv("HANDRAIL_TEST_AUTOMATES", "1", 1);
    (void)setenv("HANDRAIL_SECRET_CRM_KEY", "the key of the crm", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
