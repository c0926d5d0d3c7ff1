/* links: template */
/* conformance/liquid: the cases that golden-liquid publishes (corpus 03), run one by one, with missing values shown as
 * nothing, as they expect it. What is not claimed stands in the table `unclaimed`, by name and with its reason. A case
 * that is claimed and fails, fails the test; so does an unclaimed one that passes, and one that is not there. */
#include "template/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* cmocka wants these before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
/* clang-format on */

enum { PARTIALS_MAX = 8, CASES_MIN = 1000 };

struct unclaimed {
    const char *reason;
    const char *name;
};

static const struct unclaimed unclaimed[] = {
    {"the suite has the same text as an error of its mode strict2, which is ours",
     "tags, case, unexpected when token"},
    {"a partial's name is written out, so that what it reads can be checked",
     "tags, include, name from identifier"},
};
enum { UNCLAIMED = sizeof(unclaimed) / sizeof(unclaimed[0]) };

/* ---- one case --------------------------------------------------------------------------------- */

static bool value_of(void *context, struct hr_text name, struct hr_value *ret_value)
{
    const struct hr_value *found = hr_value_member(context, name);
    if (found != NULL) {
        *ret_value = *found;
    }
    return found != NULL;
}

struct scene {
    struct hr_arena *arena;
    struct hr_diagnostics complaints;
    struct hr_template_partial partials[PARTIALS_MAX];
    size_t partial_count;
};

static hr_status compile(struct scene *scene, struct hr_text source,
                         const struct hr_template **ret_template)
{
    struct hr_template_options options = {
        .partials = scene->partials,
        .partial_count = scene->partial_count,
    };
    return hr_template_compile(scene->arena, source, &options, &scene->complaints, ret_template);
}

/* A partial may show only those before it, so they are tried until none is left or none can be compiled. */
static void compile_partials(struct scene *scene, const struct hr_value *templates)
{
    bool progress = true;
    while (templates != NULL && progress && scene->partial_count < templates->count) {
        progress = false;
        for (uint32_t i = 0; i < templates->count; i++) {
            struct hr_text name = hr_value_as_text(&templates->members[i].key);
            bool known = false;
            for (size_t k = 0; k < scene->partial_count; k++) {
                known = known || hr_text_equal(scene->partials[k].name, name);
            }
            const struct hr_template *made = NULL;
            if (!known &&
                hr_ok(compile(scene, hr_value_as_text(&templates->members[i].value), &made))) {
                assert_true(scene->partial_count < PARTIALS_MAX);
                scene->partials[scene->partial_count++] = (struct hr_template_partial){name, made};
                progress = true;
            }
        }
    }
    hr_diagnostics_init(&scene->complaints, scene->arena);
}

static bool is_expected(const struct hr_value *test, struct hr_text text)
{
    const struct hr_value *one = hr_value_member(test, HR_TEXT("result"));
    const struct hr_value *many = hr_value_member(test, HR_TEXT("results"));
    if (one != NULL) {
        return hr_text_equal(hr_value_as_text(one), text);
    }
    bool found = false;
    for (uint32_t i = 0; many != NULL && i < many->count; i++) {
        found = found || hr_text_equal(hr_value_as_text(&many->items[i]), text);
    }
    return found;
}

static struct hr_text complaint_of(const struct scene *scene)
{
    const struct hr_diagnostic *first = hr_diagnostics_error(&scene->complaints);
    return first != NULL ? first->message : HR_TEXT("refused without a word");
}

/* Runs a case; tells what came out. An error must be explained, when compiling as well as when rendering. */
static bool run_case(struct hr_arena *arena, const struct hr_value *test, struct hr_text *ret_came)
{
    struct scene scene = {.arena = arena};
    const struct hr_template *template = NULL;
    struct hr_template_error error = {0};
    const struct hr_value *data = hr_value_member(test, HR_TEXT("data"));
    struct hr_value none = {.kind = HR_KIND_map};
    struct hr_text text = HR_TEXT_NONE;
    bool must_fail = hr_value_member(test, HR_TEXT("invalid")) != NULL;
    hr_diagnostics_init(&scene.complaints, arena);
    compile_partials(&scene, hr_value_member(test, HR_TEXT("templates")));
    struct hr_text source = hr_value_as_text(hr_value_member(test, HR_TEXT("template")));
    if (!hr_ok(compile(&scene, source, &template))) {
        *ret_came = complaint_of(&scene);
        return must_fail && scene.complaints.error_count > 0;
    }
    struct hr_value context = data != NULL ? *data : none;
    struct hr_template_view view = {
        .context = &context, .value_of = value_of, .now = HR_INSTANT_NONE, .lenient = true};
    hr_status status = hr_template_render(template, &view, arena, &text, &error);
    *ret_came = hr_ok(status) ? text : error.message;
    if (!hr_ok(status)) {
        return must_fail && status.code > 0 && error.code != HR_CODE_none && error.message.size > 0;
    }
    return !must_fail && is_expected(test, text);
}

/* ---- all cases --------------------------------------------------------------------------------- */

static struct hr_text read_corpus(struct hr_arena *arena)
{
    char path[512];
    const char *folder = getenv("HANDRAIL_CORPORA");
    snprintf(path, sizeof(path), "%s/03-golden-liquid/golden_liquid.json",
             folder != NULL ? folder : "../shared/corpora");
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        print_message("SKIP corpus 03-golden-liquid: %s not found\n", path);
        return HR_TEXT_NONE;
    }
    size_t room = 4 * 1024 * 1024;
    char *data = hr_arena_alloc(arena, room);
    assert_non_null(data);
    size_t size = fread(data, 1, room, file);
    fclose(file);
    assert_true(size < room);
    return (struct hr_text){data, size};
}

struct tally {
    uint32_t passed;
    uint32_t must_fail; /* of those */
    uint32_t failed;
    uint32_t left_out;
    bool found[UNCLAIMED];
};

static int find_unclaimed(struct hr_text name)
{
    for (int i = 0; i < UNCLAIMED; i++) {
        if (hr_text_equal(name, hr_text_from(unclaimed[i].name))) {
            return i;
        }
    }
    return -1;
}

static void judge(struct tally *tally, const struct hr_value *test)
{
    struct hr_arena arena;
    struct hr_text came = HR_TEXT_NONE;
    struct hr_text name = hr_value_as_text(hr_value_member(test, HR_TEXT("name")));
    struct hr_text source = hr_value_as_text(hr_value_member(test, HR_TEXT("template")));
    int left_out = find_unclaimed(name);
    hr_arena_init(&arena, 64 * 1024 * 1024);
    bool passed = run_case(&arena, test, &came);
    if (left_out >= 0) {
        tally->found[left_out] = true;
        tally->left_out++;
        if (passed) {
            print_error("%.*s: passes, though it is not claimed\n", HR_SHOW(name));
            tally->failed++;
        }
    } else if (passed) {
        tally->passed++;
        tally->must_fail += hr_value_member(test, HR_TEXT("invalid")) != NULL;
    } else {
        tally->failed++;
        print_error("%.*s\n    %.*s\n    came to: %.*s\n", HR_SHOW(name), HR_SHOW(source),
                    HR_SHOW(came));
    }
    hr_arena_close(&arena);
}

static void every_case_passes_or_is_not_claimed_for_a_reason(void **state)
{
    (void)state;
    struct hr_arena arena;
    struct hr_value corpus;
    struct tally tally = {0};
    struct hr_json_options options = {.size_max = 4 * 1024 * 1024};
    hr_arena_init(&arena, 64 * 1024 * 1024);
    struct hr_text text = read_corpus(&arena);
    if (text.size == 0) {
        hr_arena_close(&arena);
        skip();
    }
    assert_int_equal(hr_json_read(&arena, text, &options, NULL, &corpus).code, 0);
    const struct hr_value *tests = hr_value_member(&corpus, HR_TEXT("tests"));
    assert_non_null(tests);
    for (uint32_t i = 0; i < tests->count; i++) {
        judge(&tally, &tests->items[i]);
    }
    for (int i = 0; i < UNCLAIMED; i++) {
        print_message("not claimed: %s\n    %s\n", unclaimed[i].name, unclaimed[i].reason);
        assert_true(tally.found[i]);
    }
    print_message("golden-liquid: %u of %u cases pass, %u of them must fail; %u not claimed; all "
                  "tags and filters of the suite are claimed\n",
                  tally.passed, tests->count, tally.must_fail, tally.left_out);
    assert_int_equal(tally.failed, 0);
    assert_true(tests->count >= CASES_MIN);
    hr_arena_close(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_passes_or_is_not_claimed_for_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
