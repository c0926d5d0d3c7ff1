/* Lines of a test in words, what is seen instead, and what had happened. */
#include "plan/aloud.h"
#include "trial/inside.h"

enum { TOLD_BYTES_MAX = 16 << 10 };

/* ---- lines ----------------------------------------------------------------------------------------------- */

static void add_times(struct hr_buffer *out, const struct hr_test_item *item)
{
    static const char *const few[] = {" not at all", " once", " twice"};
    if (!item->has_times) {
        hr_buffer_add_text(out, HR_TEXT(" at least once"));
    } else if (item->times < sizeof few / sizeof few[0]) {
        hr_buffer_add_text(out, hr_text_from(few[item->times]));
    } else {
        hr_buffer_add_format(out, " %u times", item->times);
    }
}

/* "no issue", "1 issue", "an issue" */
static void add_number(struct hr_buffer *out, const struct hr_test_item *item, const char *one)
{
    if (!item->has_times) {
        hr_buffer_add_format(out, "%s %s", one[0] == 'i' ? "an" : "a", one);
    } else if (item->times == 0) {
        hr_buffer_add_format(out, "no %s", one);
    } else {
        hr_buffer_add_format(out, "%u %s%s", item->times, one, item->times == 1 ? "" : "s");
    }
}

static void add_when(struct hr_buffer *out, const struct hr_test_item *item)
{
    if (item->has_within) {
        hr_buffer_add_format(out, ", within %.*s",
                             HR_SHOW(hr_span_write(out->arena, item->within)));
    } else if (item->has_after) {
        hr_buffer_add_format(out, ", still after %.*s",
                             HR_SHOW(hr_span_write(out->arena, item->after)));
    }
}

static void add_issue(struct hr_buffer *out, const struct hr_plan *plan,
                      const struct hr_test_item *item)
{
    static const char *const severities[] = {", normal", ", high", ", urgent"};
    add_number(out, item, "issue");
    if (item->tool >= 0) {
        hr_buffer_add_format(out, " about %.*s", HR_SHOW(plan->tools[item->tool].id));
    } else {
        hr_buffer_add_format(out, " for %.*s",
                             HR_SHOW(hr_aloud_parties(out->arena, plan, &item->parties, " or ")));
    }
    hr_buffer_add_text(out, item->has_severity ? hr_text_from(severities[item->severity])
                                               : HR_TEXT_NONE);
}

struct hr_text hr_tell_expected(struct hr_world *world, const struct hr_test_item *item)
{
    const struct hr_plan *plan = &world->plan;
    struct hr_buffer out;
    hr_buffer_init(&out, &world->arena, TOLD_BYTES_MAX);
    switch (item->kind) {
    case HR_TEST_holds:
        hr_buffer_add_text(&out, hr_aloud_clauses(&world->arena, &item->rules, " and "));
        break;
    case HR_TEST_called:
        hr_buffer_add_format(&out, "%.*s is called",
                             HR_SHOW(plan->tools[item->tool].actions[item->action].full_id));
        add_times(&out, item);
        break;
    case HR_TEST_sent:
        hr_buffer_add_format(&out, "%.*s is sent",
                             HR_SHOW(item->message >= 0
                                         ? plan->messages[item->message].id
                                         : plan->policies.purposes[item->purpose].id));
        add_times(&out, item);
        break;
    case HR_TEST_task:
        add_number(&out, item, "task");
        hr_buffer_add_format(
            &out, " for %.*s",
            HR_SHOW(hr_aloud_parties(&world->arena, plan, &item->parties, " or ")));
        break;
    case HR_TEST_issue:
        add_issue(&out, plan, item);
        break;
    case HR_TEST_count:
        add_number(&out, item, hr_record_type_word(item->record).data);
        break;
    case HR_TEST_event:
    case HR_TEST_set:
    case HR_TEST_away:
    case HR_TEST_import:
        break;
    }
    add_when(&out, item);
    return hr_buffer_text(&out);
}

struct hr_text hr_tell_given(struct hr_world *world, const struct hr_test_item *item)
{
    const struct hr_plan *plan = &world->plan;
    struct hr_buffer out;
    hr_buffer_init(&out, &world->arena, TOLD_BYTES_MAX);
    if (item->kind == HR_TEST_event) {
        hr_buffer_add_format(&out, "%.*s comes", HR_SHOW(plan->event_names[item->event].name));
    } else {
        hr_buffer_add_format(
            &out, "%.*s sets",
            HR_SHOW(hr_aloud_parties(&world->arena, plan, &item->parties, " or ")));
    }
    for (size_t i = 0; i < item->value_count; i++) {
        hr_buffer_add_format(&out, "%s %.*s = %.*s",
                             i > 0              ? ","
                             : item->event >= 0 ? " with"
                                                : "",
                             HR_SHOW(item->values[i].name), HR_SHOW(item->values[i].value));
    }
    return hr_buffer_text(&out);
}

/* ---- what is seen ------------------------------------------------------------------------------------------ */

static struct hr_text value_words(struct hr_arena *into, const struct hr_value *value)
{
    struct hr_text shown = hr_text_visible(into, hr_value_show(into, value));
    return value->kind == HR_KIND_text ? hr_text_format(into, "\"%.*s\"", HR_SHOW(shown)) : shown;
}

struct hr_text hr_tell_unmet(struct hr_world *world, struct hr_sight *sight,
                             const struct hr_clause *clause)
{
    struct hr_arena *into = &world->arena;
    const struct hr_clauses alone = {clause, 1};
    struct hr_expr_mismatch mismatch;
    sight->arena = into;
    const struct hr_expr_view view = hr_sight_view(sight);
    if (clause->kind != HR_CLAUSE_line ||
        !hr_expr_mismatch_of(clause->expr, &view, into, &mismatch)) {
        return hr_text_format(into, "it is not so that %.*s",
                              HR_SHOW(hr_aloud_clauses(into, &alone, " and ")));
    }
    if (mismatch.unset && mismatch.left.size > 0) {
        return hr_text_format(into, "%.*s is not known", HR_SHOW(mismatch.left));
    }
    if (mismatch.left.size == 0) {
        return hr_text_format(into, "it is not so that %.*s", HR_SHOW(mismatch.sentence));
    }
    return hr_text_format(into, "%.*s is %.*s", HR_SHOW(mismatch.left),
                          HR_SHOW(value_words(into, &mismatch.observed)));
}

/* ---- what had happened ----------------------------------------------------------------------------------------- */

static bool read_moment(const struct hr_world *world, const struct hr_value *moment,
                        hr_instant until, struct hr_arena *into, struct hr_trial_moment *ret_moment)
{
    const struct hr_value *at = hr_value_member(moment, HR_TEXT("at"));
    const struct hr_value *entry = hr_value_member(moment, HR_TEXT("entry"));
    const struct hr_value *text = hr_value_member(moment, HR_TEXT("text"));
    bool there = at != NULL && at->kind == HR_KIND_time && text != NULL && entry != NULL &&
                 entry->kind == HR_KIND_int && entry->integer > 0 &&
                 (uint64_t)entry->integer <= world->entry_count;
    if (!there || world->entries[entry->integer - 1].recorded_at > until) {
        return false;
    }
    *ret_moment = (struct hr_trial_moment){.at = at->time,
                                           .text = hr_text_copy(into, hr_value_as_text(text))};
    return true;
}

hr_status hr_tell_moments(struct hr_world *world, struct hr_arena *into,
                          struct hr_trial_result *result)
{
    struct hr_lens lens = hr_world_lens(world);
    struct hr_report report = {.text = HR_TEXT_NONE};
    struct hr_diagnostics found;
    hr_diagnostics_init(&found, &world->arena);
    lens.now = world->began_at; /* other days than the first are named */
    if (world->contact == 0 || result->line_count == 0) {
        return hr_done();
    }
    HR_TRY(hr_contact_show(&lens, hr_contact_name(&world->arena, world->contact), &world->arena,
                           &found, &report));
    const struct hr_value *timeline = hr_value_member(&report.json, HR_TEXT("timeline"));
    size_t count = timeline == NULL ? 0 : timeline->count;
    struct hr_trial_moment *moments = hr_arena_new_many(into, struct hr_trial_moment, count);
    if (moments == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < count; i++) {
        result->moment_count += read_moment(world, &timeline->items[i], result->lines[0].at, into,
                                            &moments[result->moment_count]);
    }
    result->moments = moments;
    return into->failed ? hr_answer(HR_E_MEMORY) : hr_done();
}
