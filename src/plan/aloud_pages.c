/* Whole things in words: a handoff, a path, an automation, a line for each of their parts. */
#include "plan/aloud.h"

enum { LABEL_WIDTH = 14, LINE_BYTES_MAX = 4 << 20 };

/* "  label         words"; nothing for empty words. */
static void add_line(struct hr_aloud_page *page, const char *label, struct hr_text words)
{
    if (words.size > 0) {
        hr_buffer_add_format(&page->text, "  %-*s%.*s\n", LABEL_WIDTH, label, HR_SHOW(words));
    }
}

/* One line a condition, the label before the first. */
static void add_clauses(struct hr_aloud_page *page, const char *label,
                        const struct hr_clauses *clauses, const char *more)
{
    for (size_t i = 0; i < clauses->count; i++) {
        const struct hr_clauses one = {&clauses->items[i], 1};
        struct hr_text words = hr_aloud_clauses(page->text.arena, &one, "");
        add_line(page, i == 0 ? label : "",
                 i == 0 ? words : hr_text_format(page->text.arena, "%s%.*s", more, HR_SHOW(words)));
    }
}

static void add_place(struct hr_aloud_page *page, const struct hr_place *place)
{
    struct hr_text file =
        page->path_of == NULL ? place->file : page->path_of(page->context, place->file);
    add_line(page, "written in",
             hr_text_format(page->text.arena, "%.*s:%u", HR_SHOW(file), place->line));
}

static struct hr_text name_of(const struct hr_plan *plan, int32_t person)
{
    return person < 0 ? HR_TEXT_NONE : plan->people[person].name;
}

/* ---- handoffs ------------------------------------------------------------------------------------------ */

static struct hr_text opening_of(struct hr_arena *into, const struct hr_plan *plan,
                                 const struct hr_handoff *handoff)
{
    struct hr_text opens =
        handoff->opens_after >= 0
            ? hr_text_format(into, "when %.*s is proven",
                             HR_SHOW(plan->handoffs[handoff->opens_after].title))
            : hr_text_format(into, "when %.*s comes", HR_SHOW(handoff->opens_on));
    if (handoff->key == NULL) {
        return opens;
    }
    return hr_text_format(into, "%.*s, one for each %.*s", HR_SHOW(opens),
                          HR_SHOW(hr_expr_say(handoff->key, into)));
}

static struct hr_text carries_of(struct hr_arena *into, const struct hr_handoff *handoff)
{
    struct hr_buffer words;
    hr_buffer_init(&words, into, LINE_BYTES_MAX);
    for (size_t i = 0; i < handoff->carried_count; i++) {
        hr_buffer_add_format(&words, "%s%.*s", i == 0 ? "" : ", ",
                             HR_SHOW(handoff->carries[i].name));
    }
    return hr_buffer_text(&words);
}

static void add_conditions(struct hr_aloud_page *page, const char *label,
                           const struct hr_condition *conditions, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct hr_text words = hr_expr_say(conditions[i].expr, page->text.arena);
        add_line(page, i == 0 ? label : "",
                 i == 0 ? words : hr_text_format(page->text.arena, "and %.*s", HR_SHOW(words)));
    }
}

static struct hr_text time_of(struct hr_arena *into, const struct hr_handoff *handoff)
{
    static const char *const late[] = {[HR_LATE_normal] = "late",
                                       [HR_LATE_urgent] = "late, which is urgent",
                                       [HR_LATE_count] = "late, which is only counted"};
    struct hr_text within = hr_span_write(into, handoff->within);
    if (!handoff->has_fail_after) {
        return hr_text_format(into, "%.*s, then %s", HR_SHOW(within), late[handoff->late_is]);
    }
    struct hr_text after = hr_span_write(into, handoff->fail_after);
    return hr_text_format(into, "%.*s, then %s; after %.*s failed", HR_SHOW(within),
                          late[handoff->late_is], HR_SHOW(after));
}

void hr_aloud_handoff(struct hr_aloud_page *page, const struct hr_handoff *handoff)
{
    const struct hr_plan *plan = page->plan;
    struct hr_arena *into = page->text.arena;
    hr_buffer_add_format(&page->text, "%.*s: from %.*s to %.*s\n", HR_SHOW(handoff->title),
                         HR_SHOW(handoff->from), HR_SHOW(handoff->to));
    add_line(page, "opens", opening_of(into, plan, handoff));
    add_line(page, "carries", carries_of(into, handoff));
    add_conditions(page, "proven when", handoff->done_when, handoff->done_count);
    add_conditions(page, "wrong when", handoff->wrong_when, handoff->wrong_count);
    add_line(page, "within", time_of(into, handoff));
    add_line(page, "owner", name_of(plan, handoff->owner));
    add_line(page, "is told", name_of(plan, handoff->failure_owner));
    for (size_t i = 0; i < handoff->escalate_count; i++) {
        struct hr_text after = hr_span_write(into, handoff->escalate[i].after);
        add_line(page, "",
                 hr_text_format(into, "after %.*s %.*s", HR_SHOW(after),
                                HR_SHOW(name_of(plan, handoff->escalate[i].to))));
    }
    add_line(page, "recovery", handoff->recovery);
    add_line(page, "customer sees", handoff->customer_sees);
    add_place(page, &handoff->file_place);
}

/* The events it begins and ends with, and when somebody looks at it again. */
static void add_bounds(struct hr_aloud_page *page, const struct hr_path *path)
{
    const struct hr_plan *plan = page->plan;
    const struct {
        const char *label;
        int32_t event;
    } bounds[] = {{"Begins with", path->starts_with}, {"Ends with", path->ends_with}};
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++) {
        if (bounds[i].event >= 0) {
            hr_buffer_add_format(&page->text, "%s: %.*s\n", bounds[i].label,
                                 HR_SHOW(plan->event_names[bounds[i].event].name));
        }
    }
    if (path->has_review) {
        struct hr_text review = hr_span_write(page->text.arena, path->review);
        hr_buffer_add_format(&page->text, "Looked at again: every %.*s\n", HR_SHOW(review));
    }
}

void hr_aloud_path(struct hr_aloud_page *page, const struct hr_path *path)
{
    hr_buffer_add_format(&page->text, "%.*s\n", HR_SHOW(path->title));
    if (path->goal.size > 0) {
        hr_buffer_add_format(&page->text, "Goal: %.*s\n", HR_SHOW(path->goal));
    }
    hr_buffer_add_format(&page->text, "Owner: %.*s\n", HR_SHOW(name_of(page->plan, path->owner)));
    add_bounds(page, path);
    for (int32_t i = path->first; i < path->first + path->count; i++) {
        hr_buffer_add_byte(&page->text, '\n');
        hr_aloud_handoff(page, &page->plan->handoffs[i]);
    }
}

/* ---- automations ---------------------------------------------------------------------------------------- */

/* Each by its path, which diff, writers and check call it by, too. Depth is that of the reader. */
static void add_steps(struct hr_aloud_page *page, const struct hr_automation *automation,
                      const struct hr_plan_steps *steps, int indent)
{
    for (size_t i = 0; i < steps->count; i++) {
        const struct hr_plan_step *step = &steps->items[i];
        struct hr_text words = hr_aloud_step(page->text.arena, page->plan, automation, step);
        hr_buffer_add_format(&page->text, "%*s%.*s  %.*s", indent, "", HR_SHOW(step->path),
                             HR_SHOW(words));
        if (step->id.size > 0) {
            hr_buffer_add_format(&page->text, " [%.*s]", HR_SHOW(step->id));
        }
        hr_buffer_add_byte(&page->text, '\n');
        if (step->kind == HR_STEP_branch) {
            add_steps(page, automation, &step->branch->then, indent + 3);
            if (step->branch->otherwise.count > 0) {
                hr_buffer_add_format(&page->text, "%*sotherwise\n", indent + 3, "");
                add_steps(page, automation, &step->branch->otherwise, indent + 6);
            }
        }
    }
}

static struct hr_text case_of(struct hr_arena *into, const struct hr_plan *plan,
                              const struct hr_approval_case *one)
{
    switch (one->kind) {
    case HR_APPROVAL_first_sends:
        return hr_text_format(into, "the first %u sends", one->count);
    case HR_APPROVAL_every_send:
        return HR_TEXT("every send");
    case HR_APPROVAL_text_changes:
        return HR_TEXT("any change to the text");
    case HR_APPROVAL_any_change:
        return HR_TEXT("any change");
    case HR_APPROVAL_table_changes:
        return hr_text_format(into, "changes to table %.*s",
                              HR_SHOW(plan->tables[one->table].title));
    case HR_APPROVAL_many_at_once:
        return hr_text_format(into, "more than %u %.*ss at once", one->count,
                              HR_SHOW(hr_record_type_word(one->record)));
    }
    return HR_TEXT_NONE;
}

static void add_approval(struct hr_aloud_page *page, const struct hr_approval *approval)
{
    static const char *const expired[] = {[HR_IF_EXPIRED_do_nothing] = "nothing more happens",
                                          [HR_IF_EXPIRED_continue] = "it goes on",
                                          [HR_IF_EXPIRED_stop] = "it stops"};
    const struct hr_plan *plan = page->plan;
    struct hr_arena *into = page->text.arena;
    struct hr_text who = hr_aloud_parties(into, plan, &approval->by, " or ");
    for (size_t i = 0; i < approval->case_count; i++) {
        add_line(page, i == 0 ? "needs a yes" : "", case_of(into, plan, &approval->cases[i]));
    }
    add_line(page, "from",
             hr_text_format(into, "%.*s%s", HR_SHOW(who),
                            approval->not_by_author ? ", and not from who wrote it" : ""));
    if (approval->has_expires) {
        struct hr_text span = hr_span_write(into, approval->expires);
        add_line(
            page, "unanswered",
            hr_text_format(into, "after %.*s %s", HR_SHOW(span), expired[approval->if_expired]));
    }
}

static struct hr_text watch_of(struct hr_arena *into, const struct hr_watch *watch)
{
    struct hr_text when = hr_aloud_clauses(into, &watch->when, " and ");
    struct hr_text said =
        watch->counted ? watch->id
                       : hr_text_format(into, "%.*s: %.*s", HR_SHOW(watch->id), HR_SHOW(when));
    return watch->has_within ? hr_text_format(into, "%.*s, within %.*s", HR_SHOW(said),
                                              HR_SHOW(hr_span_write(into, watch->within)))
                             : said;
}

static void add_metric(struct hr_aloud_page *page, const struct hr_metric *metric)
{
    struct hr_arena *into = page->text.arena;
    struct hr_text success = hr_aloud_clauses(into, &metric->success, " and ");
    struct hr_buffer words;
    hr_buffer_init(&words, into, LINE_BYTES_MAX);
    hr_buffer_add_text(&words, success);
    if (metric->has_within) {
        hr_buffer_add_format(&words, ", within %.*s", HR_SHOW(hr_span_write(into, metric->within)));
    }
    if (metric->target >= 0) {
        hr_buffer_add_format(&words, ", for %.*s", HR_SHOW(hr_aloud_share(into, metric->target)));
    }
    hr_buffer_add_text(&words, metric->compare_with_control
                                   ? HR_TEXT("; compared with those who are left alone")
                                   : HR_TEXT_NONE);
    add_line(page, "success", hr_buffer_text(&words));
    for (size_t i = 0; i < metric->watch_count; i++) {
        add_line(page, i == 0 ? "watched" : "", watch_of(into, &metric->watch[i]));
    }
}

static struct hr_text rollout_of(struct hr_arena *into, const struct hr_automation *automation)
{
    const struct hr_rollout *rollout = &automation->rollout;
    struct hr_buffer words;
    hr_buffer_init(&words, into, LINE_BYTES_MAX);
    hr_buffer_add_text(&words, hr_mode_word(rollout->mode));
    if (rollout->share < 10000) {
        hr_buffer_add_format(&words, ", for %.*s of those who qualify",
                             HR_SHOW(hr_aloud_share(into, rollout->share)));
    }
    if (rollout->control > 0) {
        hr_buffer_add_format(&words, ", %.*s left alone to compare with",
                             HR_SHOW(hr_aloud_share(into, rollout->control)));
    }
    if (rollout->most_per_hour > 0) {
        hr_buffer_add_format(&words, ", at most %u an hour", rollout->most_per_hour);
    }
    if (rollout->roll_back_watch >= 0) {
        hr_assert(automation->metric != NULL);
        hr_buffer_add_format(
            &words, "; back to the version before when %.*s are above %.*s of %u%s%.*s",
            HR_SHOW(automation->metric->watch[rollout->roll_back_watch].id),
            HR_SHOW(hr_aloud_share(into, rollout->roll_back_above)), rollout->roll_back_of,
            rollout->roll_back_unit.size > 0 ? " " : "", HR_SHOW(rollout->roll_back_unit));
    }
    return hr_buffer_text(&words);
}

static void add_touched(struct hr_aloud_page *page, const struct hr_automation *automation)
{
    const struct hr_plan *plan = page->plan;
    struct hr_buffer words;
    hr_buffer_init(&words, page->text.arena, LINE_BYTES_MAX);
    for (size_t i = 0; i < automation->system_count; i++) {
        hr_buffer_add_format(&words, "%s%.*s", i == 0 ? "" : ", ",
                             HR_SHOW(plan->tools[automation->systems[i].tool].title));
    }
    add_line(page, "tools", hr_buffer_text(&words));
    hr_buffer_init(&words, page->text.arena, LINE_BYTES_MAX);
    for (size_t i = 0; i < automation->data.count; i++) {
        const struct hr_field_ref *ref = &automation->data.items[i];
        struct hr_text id = plan->records[ref->record].fields[ref->field].id;
        struct hr_text record = hr_record_type_word(ref->record);
        bool own = ref->record == automation->record;
        hr_buffer_add_format(&words, "%s%.*s%s%.*s", i == 0 ? "" : ", ", own ? 0 : (int)record.size,
                             record.data, own ? "" : ".", HR_SHOW(id));
    }
    add_line(page, "data", hr_buffer_text(&words));
}

static void add_left_out(struct hr_aloud_page *page, const struct hr_automation *automation)
{
    bool said = false;
    for (size_t i = 0; i < HR_ELEMENT_COUNT; i++) {
        const struct hr_left_out *left = &automation->left_out[i];
        if (left->reason.size > 0) {
            struct hr_text word = hr_element_word((enum hr_element)i);
            add_line(page, said ? "" : "left out",
                     hr_text_format(page->text.arena, "%.*s: %.*s", HR_SHOW(word),
                                    HR_SHOW(left->reason)));
            said = true;
        }
    }
}

void hr_aloud_automation(struct hr_aloud_page *page, const struct hr_automation *automation)
{
    const struct hr_plan *plan = page->plan;
    struct hr_arena *into = page->text.arena;
    hr_buffer_add_format(&page->text, "%.*s (%.*s)\n", HR_SHOW(automation->title),
                         HR_SHOW(automation->id));
    add_line(page, "goal", automation->goal);
    add_line(page, "avoids", automation->avoids);
    add_line(page, "path",
             automation->path < 0 ? HR_TEXT_NONE : plan->paths[automation->path].title);
    add_line(page, "for each", hr_record_type_word(automation->record));
    add_line(page, "starts", hr_aloud_trigger(into, plan, &automation->trigger));
    add_clauses(page, "only when", &automation->when, "and ");
    add_line(page, "again", hr_aloud_reenter(into, &automation->reenter));
    hr_buffer_add_text(&page->text, HR_TEXT("  steps\n"));
    add_steps(page, automation, &automation->steps, 4);
    add_clauses(page, "stops when", &automation->stop, "or ");
    if (automation->approval != NULL) {
        add_approval(page, automation->approval);
    }
    if (automation->metric != NULL) {
        add_metric(page, automation->metric);
    }
    add_line(page, "rollout", rollout_of(into, automation));
    add_line(page, "owner", name_of(plan, automation->owner));
    add_line(page, "is told", name_of(plan, automation->failure_owner));
    add_line(page, "tasks for", hr_aloud_party(into, plan, &automation->task_owner));
    add_touched(page, automation);
    add_left_out(page, automation);
    add_place(page, &automation->place);
}
