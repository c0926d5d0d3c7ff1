/* One test from its first line to its verdict. */
#include "trial/inside.h"

hr_status hr_lines_add(struct hr_world *world, struct hr_line_list *list,
                       const struct hr_test_item *item, struct hr_text expected,
                       struct hr_text seen)
{
    struct hr_trial_line *items =
        hr_list_grow(&world->arena, list->items, list->count, &list->capacity, sizeof *items);
    if (items == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    list->items = items;
    items[list->count++] = (struct hr_trial_line){
        .place = item->place, .expected = expected, .seen = seen, .at = world->now};
    return hr_done();
}

/* ---- the verdict -------------------------------------------------------------------------------------- */

/* What was given must be able to come. Else what is not available yet says more than a line that fails without it. */
static enum hr_verdict verdict_of(const struct hr_world *world, const struct hr_line_list *wrong,
                                  bool given)
{
    if (given && world->lacking.count > 0) {
        return HR_VERDICT_not_yet;
    }
    return wrong->count > 0 ? HR_VERDICT_failed : HR_VERDICT_passed;
}

static const struct hr_text *copy_words(const struct hr_word_list *list, struct hr_arena *into)
{
    struct hr_text *words = hr_arena_new_many(into, struct hr_text, list->count);
    for (size_t i = 0; words != NULL && i < list->count; i++) {
        words[i] = hr_text_copy(into, list->items[i]);
    }
    return words;
}

static const struct hr_trial_line *copy_lines(const struct hr_line_list *list,
                                              struct hr_arena *into)
{
    struct hr_trial_line *lines = hr_arena_new_many(into, struct hr_trial_line, list->count);
    for (size_t i = 0; lines != NULL && i < list->count; i++) {
        lines[i] = list->items[i];
        lines[i].expected = hr_text_copy(into, list->items[i].expected);
        lines[i].seen = hr_text_copy(into, list->items[i].seen);
    }
    return lines;
}

static hr_status conclude(struct hr_world *world, const struct hr_line_list *wrong, bool given,
                          struct hr_arena *into, struct hr_trial_result *ret_result)
{
    *ret_result = (struct hr_trial_result){
        .verdict = verdict_of(world, wrong, given),
        .lacking = copy_words(&world->lacking, into),
        .lacking_count = world->lacking.count,
        .skipped = copy_words(&world->skipped, into),
        .skipped_count = world->skipped.count,
        .entries = world->entry_count,
    };
    if (ret_result->verdict == HR_VERDICT_failed) {
        ret_result->lines = copy_lines(wrong, into);
        ret_result->line_count = ret_result->lines == NULL ? 0 : wrong->count;
        HR_TRY(hr_tell_moments(world, into, ret_result));
    }
    return into->failed || world->arena.failed ? hr_answer(HR_E_MEMORY) : hr_done();
}

/* ---- one test -------------------------------------------------------------------------------------------- */

/* More happens than a test may lead to: automations run in a circle, or wait for each other. */
static hr_status add_endless(struct hr_world *world, struct hr_line_list *wrong)
{
    const struct hr_test_item item = {.place = world->test->place};
    return hr_lines_add(
        world, wrong, &item, HR_TEXT("what the test begins comes to rest"),
        hr_text_format(&world->arena, "more than %d entries in the journal", HR_TRIAL_ENTRIES_MAX));
}

static hr_status run(struct hr_world *world, struct hr_arena *into,
                     struct hr_trial_result *ret_result)
{
    struct hr_line_list wrong = {.items = NULL};
    hr_status status = hr_given_all(world, &wrong);
    bool given = wrong.count == 0;
    if (hr_ok(status) && given) {
        status = hr_expect_all(world, &wrong);
    }
    if (status.code == HR_E_LIMIT) {
        status = add_endless(world, &wrong);
    }
    HR_TRY(status);
    return conclude(world, &wrong, given, into, ret_result);
}

hr_status hr_trial_run(const struct hr_trial *trial, const struct hr_test *test,
                       struct hr_arena *into, struct hr_trial_result *ret_result)
{
    struct hr_world world;
    hr_status status = hr_world_open(&world, trial, test);
    if (hr_ok(status)) {
        status = run(&world, into, ret_result);
    }
    hr_world_close(&world);
    return status;
}

struct hr_text hr_verdict_word(enum hr_verdict verdict)
{
    static const struct hr_text words[] = {
        HR_TEXT("passed"),
        HR_TEXT("failed"),
        HR_TEXT("not available yet"),
    };
    return words[verdict];
}
