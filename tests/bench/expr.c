/* bench/expr: a dozen typical conditions, as the examples have them: evaluated, and compiled with their types checked.
 * The view answers at once, so what is timed is the expression. A round takes, for each condition, the fastest of many
 * short slices; the middle one of the rounds counts. Says "name value" lines: nanoseconds of the worst condition and
 * of all on average, and which is the worst; matches() stands beside them, since RE2 alone takes most of it. With --all
 * each condition. */
/* links: expr */
#include "expr/expr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 15, SLICES = 20, TURNS = 400, COMPILE_TURNS = 60, FIELDS_MAX = 16 };

static const struct hr_text offers[] = {{"audit", 5}, {"group_program", 13}, {"one_to_one", 10}};
static const struct hr_text lifecycles[] = {
    {"lead", 4}, {"booked", 6}, {"client", 6}, {"alumni", 6}};

static const struct hr_expr_field contact[] = {
    {{"email", 5}, HR_TYPE_text, NULL, 0},
    {{"first_name", 10}, HR_TYPE_text, NULL, 0},
    {{"offer", 5}, HR_TYPE_text, offers, 3},
    {{"lifecycle", 9}, HR_TYPE_text, lifecycles, 4},
    {{"score", 5}, HR_TYPE_int, NULL, 0},
    {{"amount", 6}, HR_TYPE_double, NULL, 0},
    {{"consent", 7}, HR_TYPE_bool, NULL, 0},
    {{"last_seen", 9}, HR_TYPE_time, NULL, 0},
    {{"tags", 4}, HR_SHAPE_LIST(HR_TYPE_text), NULL, 0},
    {{"course_access", 13}, HR_TYPE_text, NULL, 0},
};
static const struct hr_expr_field event[] = {
    {{"type", 4}, HR_TYPE_text, NULL, 0},
    {{"at", 2}, HR_TYPE_time, NULL, 0},
    {{"course", 6}, HR_TYPE_text, NULL, 0},
    {{"amount", 6}, HR_TYPE_int, NULL, 0},
};
static const struct hr_expr_name names[] = {
    {.name = {"payload", 7}, .type = HR_TYPE_dyn},
    {.name = {"contact", 7}, .type = HR_TYPE_object, .fields = contact, .field_count = 10},
    {.name = {"event", 5}, .type = HR_TYPE_object, .fields = event, .field_count = 4},
};
static const struct hr_expr_scope scope = {.names = names, .name_count = 3};

/* What a business writes. All are met, and decide as late as they can. */
static const char *const conditions[] = {
    "known(contact.offer)",
    "!known(contact.lifecycle) || contact.lifecycle == 'client'",
    "event.course == contact.offer",
    "event.type == 'payment.succeeded'",
    "event.type in ['payment.refunded', 'payment.failed', 'payment.succeeded']",
    "contact.amount >= 100.0 && contact.score > 10",
    "contact.lifecycle in ['booked', 'client'] && contact.consent",
    "contact.email.endsWith('@example.com')",
    "now() - contact.last_seen <= duration('30 days')",
    "within(contact.last_seen, '30 days') && known(contact.first_name)",
    "'vip' in contact.tags",
    "contact.tags.exists(t, t.startsWith('webinar-'))",
    "known(contact.offer) && contact.offer != 'audit' && contact.score >= 5 && contact.consent",
    "payload.data.object.status == 'paid'",
};
enum { CONDITIONS = sizeof(conditions) / sizeof(conditions[0]) };

static struct hr_value values[2][FIELDS_MAX];
static struct hr_value payload;

static bool value_of(void *context, size_t name, struct hr_value *ret_value)
{
    (void)context;
    (void)name;
    *ret_value = payload;
    return true;
}

static bool field_of(void *context, size_t name, int32_t field, struct hr_text text,
                     struct hr_value *ret_value)
{
    (void)context;
    (void)text;
    *ret_value = values[name - 1][field];
    return ret_value->kind != HR_KIND_null;
}

static struct hr_value text(const char *terminated)
{
    return hr_value_text(hr_text_from(terminated));
}

static void set_values(struct hr_arena *kept, hr_instant now)
{
    static struct hr_value tags[3];
    tags[0] = text("newsletter");
    tags[1] = text("webinar-2026-10");
    tags[2] = text("vip");
    values[0][0] = text("ada.lovelace@example.com");
    values[0][1] = text("Ada");
    values[0][2] = text("group_program");
    values[0][3] = text("client");
    values[0][4] = hr_value_int(42);
    values[0][5] = hr_value_double(1200.0);
    values[0][6] = hr_value_bool(true);
    values[0][7] = hr_value_time(now - 3 * HR_DAY_US);
    values[0][8] = (struct hr_value){.kind = HR_KIND_list, .count = 3, .items = tags};
    values[1][0] = text("payment.succeeded");
    values[1][1] = hr_value_time(now);
    values[1][2] = text("group_program");
    values[1][3] = hr_value_int(120000);
    const char *json =
        "{\"id\":\"evt_1\",\"type\":\"checkout.session.completed\",\"data\":{\"object\":"
        "{\"id\":\"cs_1\",\"amount\":120000,\"currency\":\"eur\",\"status\":\"paid\"}}}";
    if (!hr_ok(hr_json_read(kept, hr_text_from(json), NULL, NULL, &payload))) {
        exit(1);
    }
}

static double seconds(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static const struct hr_expr *compile(struct hr_arena *arena, const char *source)
{
    const struct hr_expr *expr = NULL;
    struct hr_diagnostics found;
    hr_diagnostics_init(&found, arena);
    if (!hr_ok(hr_expr_compile(arena, hr_text_from(source), &scope, HR_TYPE_bool, NULL, NULL,
                               &found, &expr))) {
        (void)fprintf(stderr, "expr: %s: %.*s\n", source, HR_SHOW(found.items[0].message));
        exit(1);
    }
    return expr;
}

static double evaluate_ns(const struct hr_expr *expr, const struct hr_expr_view *view,
                          struct hr_arena *arena)
{
    double best = 1e9;
    const struct hr_arena_mark mark = hr_arena_mark(arena);
    for (int slice = 0; slice < SLICES; slice++) {
        double begun = seconds();
        for (int turn = 0; turn < TURNS; turn++) {
            struct hr_value value;
            hr_status status = hr_expr_evaluate(expr, view, arena, &value, NULL);
            if (!hr_ok(status) || value.kind != HR_KIND_bool || !value.truth) {
                (void)fprintf(stderr, "expr: not met: %d\n", (int)status.code);
                exit(1);
            }
            hr_arena_rewind(arena, mark);
        }
        double took = (seconds() - begun) / TURNS;
        best = took < best ? took : best;
    }
    return best * 1e9;
}

static double compile_ns(const char *source, struct hr_arena *arena)
{
    double best = 1e9;
    const struct hr_arena_mark mark = hr_arena_mark(arena);
    for (int slice = 0; slice < SLICES; slice++) {
        double begun = seconds();
        for (int turn = 0; turn < COMPILE_TURNS; turn++) {
            hr_expr_release(compile(arena, source));
            hr_arena_rewind(arena, mark);
        }
        double took = (seconds() - begun) / COMPILE_TURNS;
        best = took < best ? took : best;
    }
    return best * 1e9;
}

static int by_size(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return (left > right) - (left < right);
}

static double median(double *all, size_t count)
{
    qsort(all, count, sizeof(*all), by_size);
    return all[count / 2];
}

/* The worst and the mean of all conditions. */
struct result {
    double worst;
    double sum;
    size_t which;
};

static void add(struct result *result, size_t index, double ns)
{
    result->sum += ns;
    if (ns > result->worst) {
        result->worst = ns;
        result->which = index;
    }
}

static void say(const char *what, const struct result *result)
{
    printf("%s_worst_ns %.0f\n%s_mean_ns %.0f\n%s_worst %zu\n", what, result->worst, what,
           result->sum / CONDITIONS, what, result->which);
}

/* A regular expression beside the others: RE2 compiles it, which is most of what it takes. */
static void tell_pattern(struct hr_arena *kept, struct hr_arena *scratch,
                         const struct hr_expr_view *view)
{
    const char *condition = "contact.email.matches('^[^@]+@([a-z0-9-]+[.])+(org|com)$')";
    const struct hr_expr *expr = compile(kept, condition);
    printf("matches_evaluate_ns %.0f\n", evaluate_ns(expr, view, scratch));
    printf("matches_compile_ns %.0f\n", compile_ns(condition, scratch));
    hr_expr_release(expr);
}

int main(int argc, char **argv)
{
    struct hr_arena kept;
    struct hr_arena scratch;
    struct result evaluated = {0.0, 0.0, 0};
    struct result compiled = {0.0, 0.0, 0};
    bool all = argc > 1 && strcmp(argv[1], "--all") == 0;
    hr_instant now = 0;
    hr_arena_init(&kept, 16 << 20);
    hr_arena_init(&scratch, 16 << 20);
    if (!hr_instant_read(HR_TEXT("2026-11-22T10:00:00Z"), &now) ||
        hr_arena_alloc(&scratch, 4096) == NULL) {
        return 1;
    }
    set_values(&kept, now);
    const struct hr_expr_view view = {.value_of = value_of, .field_of = field_of, .now = now};
    for (size_t i = 0; i < CONDITIONS; i++) {
        const struct hr_expr *expr = compile(&kept, conditions[i]);
        double evaluations[ROUNDS];
        double compilations[ROUNDS];
        for (size_t round = 0; round < ROUNDS; round++) {
            evaluations[round] = evaluate_ns(expr, &view, &scratch);
            compilations[round] = compile_ns(conditions[i], &scratch);
        }
        double evaluation = median(evaluations, ROUNDS);
        double compilation = median(compilations, ROUNDS);
        add(&evaluated, i, evaluation);
        add(&compiled, i, compilation);
        if (all) {
            printf("%6.0f ns  %6.0f ns  %s\n", evaluation, compilation, conditions[i]);
        }
    }
    printf("conditions %d\n", CONDITIONS);
    tell_pattern(&kept, &scratch, &view);
    say("evaluate", &evaluated);
    say("compile", &compiled);
    hr_arena_close(&scratch);
    hr_arena_close(&kept);
    return 0;
}
