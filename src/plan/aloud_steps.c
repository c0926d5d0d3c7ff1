/* Steps in words, one sentence each. */
#include "plan/aloud.h"

enum { SENTENCE_BYTES_MAX = 4 << 20 };

/* What a sentence is made of. */
struct telling {
    struct hr_buffer words;
    const struct hr_plan *plan;
    const struct hr_automation *automation;
};

#define SAY(telling, ...) hr_buffer_add_format(&(telling)->words, __VA_ARGS__)

static struct hr_arena *arena_of(const struct telling *telling)
{
    return telling->words.arena;
}

static struct hr_text words_of(const struct telling *telling, const struct hr_expr *expr)
{
    return hr_expr_say(expr, arena_of(telling));
}

static struct hr_text span_of(const struct telling *telling, struct hr_span span)
{
    return hr_span_write(arena_of(telling), span);
}

/* Names are read with spaces, as people say them. */
static void say_name(struct telling *telling, struct hr_text name)
{
    for (size_t i = 0; i < name.size; i++) {
        hr_buffer_add_byte(&telling->words, name.data[i] == '_' ? ' ' : name.data[i]);
    }
}

static void say_party(struct telling *telling, const char *before, const struct hr_party *party)
{
    struct hr_text words = hr_aloud_party(arena_of(telling), telling->plan, party);
    if (words.size > 0) {
        SAY(telling, "%s%.*s", before, HR_SHOW(words));
    }
}

static void say_arguments(struct telling *telling, const struct hr_arguments *arguments)
{
    for (size_t i = 0; i < arguments->count; i++) {
        SAY(telling, "%s", i == 0 ? " with " : ", ");
        say_name(telling, arguments->items[i].name);
        struct hr_text value = words_of(telling, arguments->items[i].value);
        if (!hr_text_equal(value, arguments->items[i].name)) {
            SAY(telling, ": %.*s", HR_SHOW(value));
        }
    }
}

static void say_list(struct telling *telling, const char *before,
                     const struct hr_expr *const *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct hr_text words = words_of(telling, items[i]);
        SAY(telling, "%s%.*s", i == 0 ? before : ", ", HR_SHOW(words));
    }
}

/* ---- writing ---------------------------------------------------------------------------------------- */

static void say_lines(struct telling *telling, const struct hr_set_line *lines, size_t count,
                      enum hr_record_type record)
{
    for (size_t i = 0; i < count; i++) {
        const struct hr_set_line *line = &lines[i];
        SAY(telling, "%s", i == 0 ? "" : "; ");
        say_name(telling, telling->plan->records[record].fields[line->field].id);
        for (size_t k = 0; k < line->value_count; k++) {
            const struct hr_set_value *value = &line->values[k];
            struct hr_text to = words_of(telling, value->value);
            SAY(telling, "%s%.*s", k == 0 ? " to " : ", ", HR_SHOW(to));
            if (value->when.count > 0) {
                struct hr_text when = hr_aloud_clauses(arena_of(telling), &value->when, " and ");
                SAY(telling, " if %.*s", HR_SHOW(when));
            } else if (line->value_count > 1) {
                SAY(telling, " otherwise");
            }
        }
    }
}

static void say_set(struct telling *telling, const struct hr_plan_step *step)
{
    const struct hr_step_set *set = step->set;
    SAY(telling, "set ");
    say_lines(telling, set->lines, set->line_count, telling->automation->record);
    if (set->order_by != NULL) {
        struct hr_text order = words_of(telling, set->order_by);
        SAY(telling, "; the newest by %.*s wins", HR_SHOW(order));
    }
}

static void say_copy(struct telling *telling, const struct hr_plan_step *step)
{
    static const char *const none[] = {[HR_IF_NONE_skip] = "nothing happens",
                                       [HR_IF_NONE_create] = "one is made",
                                       [HR_IF_NONE_ask] = "a person is asked"};
    const struct hr_step_copy *copy = step->copy;
    struct hr_text record = hr_record_type_word(copy->to);
    SAY(telling, "on the linked %.*s, set ", HR_SHOW(record));
    say_lines(telling, copy->lines, copy->line_count, copy->to);
    SAY(telling, "; without one, %s", none[copy->if_none]);
}

static void say_move(struct telling *telling, const struct hr_plan_step *step)
{
    const struct hr_stage *stage = &telling->plan->stages[step->move->stage];
    SAY(telling, "move to stage ");
    say_name(telling, stage->id);
    SAY(telling, " of ");
    say_name(telling, telling->plan->pipelines[step->move->pipeline].title);
    struct hr_text evidence = hr_aloud_clauses(arena_of(telling), &stage->evidence, " and ");
    SAY(telling, ", if %.*s", HR_SHOW(evidence));
}

static void say_whom(struct telling *telling, const struct hr_step_assign *assign)
{
    const struct hr_plan *plan = telling->plan;
    switch (assign->kind) {
    case HR_ASSIGN_person:
        SAY(telling, "%.*s", HR_SHOW(plan->people[assign->index].name));
        break;
    case HR_ASSIGN_team:
        SAY(telling, "the queue of team %.*s", HR_SHOW(plan->teams[assign->index].title));
        break;
    case HR_ASSIGN_next:
        SAY(telling, "the next person in team %.*s", HR_SHOW(plan->teams[assign->index].title));
        break;
    case HR_ASSIGN_next_same:
        SAY(telling, "the next person in the same team");
        break;
    case HR_ASSIGN_table:
        SAY(telling, "whom table %.*s names", HR_SHOW(plan->tables[assign->index].title));
        break;
    }
}

static void say_assign(struct telling *telling, const struct hr_plan_step *step)
{
    const struct hr_step_assign *assign = step->assign;
    SAY(telling, "give it to %s", assign->sticky ? "who had it before, else to " : "");
    say_whom(telling, assign);
    if (assign->skip.count > 0) {
        struct hr_text skip = hr_aloud_clauses(arena_of(telling), &assign->skip, " or ");
        SAY(telling, ", not where %.*s", HR_SHOW(skip));
    }
    say_party(telling, "; if nobody is left, to ", &assign->if_nobody);
    if (assign->most_times > 0) {
        SAY(telling, "; at most %u time%s", assign->most_times, assign->most_times == 1 ? "" : "s");
        say_party(telling, ", then to ", &assign->then);
    }
}

static void say_ai(struct telling *telling, const struct hr_plan_step *step)
{
    const struct hr_step_ai *ai = step->ai;
    struct hr_text who =
        hr_aloud_parties(arena_of(telling), telling->plan, &ai->confirm_by, " or ");
    SAY(telling, "let a machine %s ", step->kind == HR_STEP_ai_draft ? "draft" : "suggest");
    say_name(telling, telling->plan->records[telling->automation->record].fields[ai->field].id);
    say_list(telling, " from ", ai->from, ai->from_count);
    SAY(telling, ", until %.*s accepts it", HR_SHOW(who));
    for (size_t i = 0; i < ai->use_count; i++) {
        SAY(telling, "%s%.*s", i == 0 ? "; used before that for " : ", ",
            HR_SHOW(ai->use_before_confirmed_for[i]));
    }
    SAY(telling, " (not available yet)");
}

/* ---- people ------------------------------------------------------------------------------------------- */

static void say_task(struct telling *telling, const struct hr_plan_step *step)
{
    const struct hr_step_task *task = step->task;
    SAY(telling, "make a task");
    say_party(telling, " for ",
              task->assign.kind != HR_PARTY_none ? &task->assign
                                                 : &telling->automation->task_owner);
    if (task->has_due) {
        struct hr_text due = span_of(telling, task->due);
        SAY(telling, ", due in %.*s", HR_SHOW(due));
    }
    SAY(telling, ": %.*s", HR_SHOW(task->title.text));
}

static void say_ask(struct telling *telling, const struct hr_plan_step *step)
{
    static const char *const expired[] = {[HR_IF_EXPIRED_do_nothing] = "nothing more happens",
                                          [HR_IF_EXPIRED_continue] = "it goes on",
                                          [HR_IF_EXPIRED_stop] = "it stops"};
    const struct hr_step_ask *ask = step->ask;
    struct hr_text who = hr_aloud_parties(arena_of(telling), telling->plan, &ask->by, " or ");
    SAY(telling, "ask %.*s: %.*s", HR_SHOW(who), HR_SHOW(ask->text.text));
    say_list(telling, " They see ", ask->show, ask->show_count);
    SAY(telling, "%s", ask->show_count > 0 ? "." : "");
    SAY(telling, " Only a yes goes on");
    if (ask->has_expires) {
        struct hr_text span = span_of(telling, ask->expires);
        SAY(telling, "; after %.*s %s", HR_SHOW(span), expired[ask->if_expired]);
    }
}

static void say_notify(struct telling *telling, const struct hr_plan_step *step)
{
    struct hr_text who =
        hr_aloud_parties(arena_of(telling), telling->plan, &step->notify->whom, " and ");
    SAY(telling, "tell %.*s: %.*s", HR_SHOW(who), HR_SHOW(step->notify->text.text));
}

static const char *severity_of(enum hr_severity_word severity)
{
    static const char *const words[] = {[HR_SEVERITY_WORD_normal] = "an issue",
                                        [HR_SEVERITY_WORD_high] = "a serious issue",
                                        [HR_SEVERITY_WORD_urgent] = "an urgent issue"};
    return words[severity];
}

static void say_issue(struct telling *telling, const struct hr_plan_step *step)
{
    SAY(telling, "open %s", severity_of(step->issue->severity));
    say_party(telling, " for ", &step->issue->assign);
    SAY(telling, ": %.*s", HR_SHOW(step->issue->title.text));
}

/* ---- outside and time ------------------------------------------------------------------------------------ */

static void say_email(struct telling *telling, const struct hr_plan_step *step)
{
    const struct hr_plan *plan = telling->plan;
    SAY(telling, "send message ");
    say_name(telling, plan->messages[step->email->message].id);
    if (step->email->purpose >= 0) {
        const struct hr_purpose *purpose = &plan->policies.purposes[step->email->purpose];
        SAY(telling, ", for %.*s%s", HR_SHOW(purpose->id),
            purpose->needs_consent ? " and only with consent" : "");
    }
}

/* How it is found out whether it was done, and what takes it back. */
static void say_action(struct telling *telling, const struct hr_action *action)
{
    const struct hr_action *others = telling->plan->tools[action->tool].actions;
    if (action->check >= 0 && action->done_when.count > 0) {
        struct hr_text done = hr_aloud_clauses(arena_of(telling), &action->done_when, " and ");
        SAY(telling, "; ");
        say_name(telling, others[action->check].id);
        SAY(telling, " tells whether it was done: when %.*s", HR_SHOW(done));
    }
    if (action->undo >= 0) {
        SAY(telling, "; ");
        say_name(telling, others[action->undo].id);
        SAY(telling, " takes it back");
    }
}

static void say_call(struct telling *telling, const struct hr_plan_step *step)
{
    static const char *const unknown[] = {
        [HR_IF_UNKNOWN_unsaid] = "",
        [HR_IF_UNKNOWN_check] = "; if no answer comes, check before trying again",
        [HR_IF_UNKNOWN_ask] = "; if no answer comes, ask a person"};
    static const char *const fails[] = {[HR_IF_FAILS_unsaid] = "",
                                        [HR_IF_FAILS_stop] = "; if it fails, stop",
                                        [HR_IF_FAILS_continue] = "; if it fails, go on",
                                        [HR_IF_FAILS_open_issue] = "; if it fails, open an issue"};
    const struct hr_step_call *call = step->call;
    const struct hr_tool *tool = &telling->plan->tools[call->tool];
    SAY(telling, "ask %.*s to ", HR_SHOW(tool->title));
    say_name(telling, tool->actions[call->action].id);
    say_arguments(telling, &call->with);
    if (call->has_up_to) {
        struct hr_text span = span_of(telling, call->up_to);
        SAY(telling, ", for up to %.*s", HR_SHOW(span));
    }
    SAY(telling, "%s%s", unknown[call->if_unknown], fails[call->if_fails]);
    say_action(telling, &tool->actions[call->action]);
}

static void say_wait(struct telling *telling, const struct hr_plan_step *step)
{
    struct hr_text span = span_of(telling, step->wait->span);
    SAY(telling, "wait %.*s%s", HR_SHOW(span),
        step->wait->only_in_business_hours ? " of business hours" : "");
}

static void say_wait_for(struct telling *telling, const struct hr_plan_step *step)
{
    static const char *const late[] = {[HR_IF_LATE_unsaid] = "go on",
                                       [HR_IF_LATE_open_issue] = "",
                                       [HR_IF_LATE_continue] = "go on",
                                       [HR_IF_LATE_stop] = "stop"};
    const struct hr_step_wait_for *wait = step->wait_for;
    SAY(telling, "wait for ");
    if (wait->event >= 0) {
        SAY(telling, "%.*s", HR_SHOW(telling->plan->event_names[wait->event].name));
    } else {
        SAY(telling, "the proof of %.*s", HR_SHOW(telling->plan->handoffs[wait->handoff].title));
    }
    if (wait->when.count > 0) {
        struct hr_text when = hr_aloud_clauses(arena_of(telling), &wait->when, " and ");
        SAY(telling, " where %.*s", HR_SHOW(when));
    }
    if (wait->has_up_to) {
        struct hr_text span = span_of(telling, wait->up_to);
        bool issue = wait->if_late == HR_IF_LATE_open_issue;
        SAY(telling, ", for up to %.*s; then %s%s", HR_SHOW(span), issue ? "open " : "",
            issue ? severity_of(wait->severity) : late[wait->if_late]);
    }
}

static void say_branch(struct telling *telling, const struct hr_plan_step *step)
{
    struct hr_text when = hr_aloud_clauses(arena_of(telling), &step->branch->when, " and ");
    SAY(telling, "if %.*s", HR_SHOW(when));
}

static void say_emit(struct telling *telling, const struct hr_plan_step *step)
{
    SAY(telling, "say that %.*s happened",
        HR_SHOW(telling->plan->event_names[step->emit->event].name));
    say_arguments(telling, &step->emit->data);
}

struct hr_text hr_aloud_step(struct hr_arena *into, const struct hr_plan *plan,
                             const struct hr_automation *automation,
                             const struct hr_plan_step *step)
{
    static void (*const tellers[HR_STEP_KIND_COUNT])(struct telling *,
                                                     const struct hr_plan_step *) = {
        [HR_STEP_set] = say_set,          [HR_STEP_move_stage] = say_move,
        [HR_STEP_assign] = say_assign,    [HR_STEP_create_task] = say_task,
        [HR_STEP_send_email] = say_email, [HR_STEP_call] = say_call,
        [HR_STEP_wait] = say_wait,        [HR_STEP_wait_for] = say_wait_for,
        [HR_STEP_branch] = say_branch,    [HR_STEP_ask] = say_ask,
        [HR_STEP_notify] = say_notify,    [HR_STEP_emit] = say_emit,
        [HR_STEP_open_issue] = say_issue, [HR_STEP_copy] = say_copy,
        [HR_STEP_ai_draft] = say_ai,      [HR_STEP_ai_suggest] = say_ai,
    };
    struct telling telling = {.plan = plan, .automation = automation};
    hr_buffer_init(&telling.words, into, SENTENCE_BYTES_MAX);
    tellers[step->kind](&telling, step);
    return hr_buffer_text(&telling.words);
}
