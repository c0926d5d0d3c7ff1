/* What is expected: each line is judged at its moment, or in the end, while time goes on. */
#include "trial/inside.h"

struct judging {
    const struct hr_test_item *item;
    hr_instant moment; /* HR_INSTANT_NONE: in the end */
    bool judged;
};
struct expecting {
    struct hr_world *world;
    struct judging *lines;
    size_t count;
    hr_instant last; /* no end is waited for beyond it */
    struct hr_line_list *wrong;
};

/* ---- one line ------------------------------------------------------------------------------------------ */

/* Whether the rules hold of whom the test is about; else *ret_seen says what is so. */
static bool holds(struct hr_world *world, const struct hr_test_item *item, struct hr_text *ret_seen)
{
    const struct hr_record *record =
        world->contact == 0 ? NULL : hr_world_record(world, world->contact);
    if (record == NULL) {
        *ret_seen = HR_TEXT("nobody is known");
        return false;
    }
    struct hr_sight sight = hr_world_sight(world, record->contact, NULL);
    const struct hr_clause *unmet = hr_sight_unmet(&sight, &item->rules, &world->arena);
    if (unmet != NULL) {
        *ret_seen = hr_tell_unmet(world, &sight, unmet);
    }
    return unmet == NULL;
}

/* Whether there are as many as it says; *ret_known false: nobody can tell yet. */
static hr_status counts(struct hr_world *world, const struct hr_test_item *item, bool *ret_known,
                        bool *ret_fits, struct hr_text *ret_seen)
{
    struct hr_counted counted;
    HR_TRY(hr_count_of(world, item, &counted));
    *ret_known = counted.available;
    *ret_fits = item->has_times ? counted.count == item->times : counted.count > 0;
    *ret_seen = counted.words;
    return counted.available ? hr_done() : hr_words_add(world, &world->lacking, counted.words);
}

static hr_status judge(struct expecting *expecting, struct judging *line)
{
    struct hr_world *world = expecting->world;
    struct hr_text seen = HR_TEXT_NONE;
    bool known = true;
    bool fits = false;
    line->judged = true;
    if (line->item->kind == HR_TEST_holds) {
        fits = holds(world, line->item, &seen);
    } else {
        HR_TRY(counts(world, line->item, &known, &fits, &seen));
    }
    return fits || !known ? hr_done()
                          : hr_lines_add(world, expecting->wrong, line->item,
                                         hr_tell_expected(world, line->item), seen);
}

/* A rule that has to hold by some moment may do so at any before. */
static void watch(struct expecting *expecting)
{
    for (size_t i = 0; i < expecting->count; i++) {
        struct judging *line = &expecting->lines[i];
        bool by_then = line->item->kind == HR_TEST_holds && line->item->has_within;
        struct hr_text seen = HR_TEXT_NONE;
        if (!line->judged && by_then && holds(expecting->world, line->item, &seen)) {
            line->judged = true;
        }
    }
}

/* ---- all lines ------------------------------------------------------------------------------------------- */

static struct judging *next_line(const struct expecting *expecting)
{
    struct judging *next = NULL;
    for (size_t i = 0; i < expecting->count; i++) {
        struct judging *line = &expecting->lines[i];
        bool waits = !line->judged && line->moment != HR_INSTANT_NONE;
        if (waits && (next == NULL || line->moment < next->moment)) {
            next = line;
        }
    }
    return next;
}

static bool is_left(const struct expecting *expecting)
{
    for (size_t i = 0; i < expecting->count; i++) {
        if (!expecting->lines[i].judged) {
            return true;
        }
    }
    return false;
}

/* The next thing that happens: something falls due, or a line's moment comes. */
static hr_status go_on(struct expecting *expecting, bool *ret_over)
{
    struct hr_world *world = expecting->world;
    struct judging *line = next_line(expecting);
    uint64_t record = 0;
    hr_instant due = hr_world_next(world, &record);
    bool nothing = due == HR_INSTANT_NONE || due > expecting->last;
    if (line == NULL && (nothing || !is_left(expecting) || hr_world_rests(world))) {
        *ret_over = true;
        return hr_done();
    }
    if (line != NULL && (due == HR_INSTANT_NONE || due > line->moment)) {
        world->now = line->moment;
        return judge(expecting, line);
    }
    HR_TRY(hr_world_wake(world, record, due));
    watch(expecting);
    return hr_done();
}

static hr_status begin(struct expecting *expecting)
{
    struct hr_world *world = expecting->world;
    const struct hr_test_items *expect = &world->test->expect;
    const struct hr_hours *hours = &world->plan.hours;
    expecting->lines = hr_arena_new_many(&world->arena, struct judging, expect->count);
    expecting->count = expect->count;
    expecting->last = world->now + HR_TRIAL_DAYS * HR_DAY_US;
    if (expecting->lines == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < expect->count; i++) {
        struct judging *line = &expecting->lines[i];
        const struct hr_test_item *item = &expect->items[i];
        *line = (struct judging){.item = item, .moment = HR_INSTANT_NONE};
        if (item->has_within || item->has_after) {
            line->moment =
                hr_hours_after(hours, world->now, item->has_within ? item->within : item->after);
        }
    }
    return hr_done();
}

hr_status hr_expect_all(struct hr_world *world, struct hr_line_list *wrong)
{
    struct expecting expecting = {.world = world, .wrong = wrong};
    bool over = false;
    HR_TRY(begin(&expecting));
    watch(&expecting);
    while (!over) {
        HR_TRY(go_on(&expecting, &over));
    }
    for (size_t i = 0; i < expecting.count; i++) {
        if (!expecting.lines[i].judged) {
            HR_TRY(judge(&expecting, &expecting.lines[i]));
        }
    }
    return hr_lack_note_schedules(world);
}
