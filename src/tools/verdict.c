/* From a tool's answer to what it means: confirmed, refused, again or unknown, whose turn it is; what a check found. */
#include "plan/aloud.h"
#include "tools/outbound_inside.h"

enum { ANSWER_DEPTH_MAX = 32 };

/* How a test about an answer came out. */
enum told { TOLD_yes, TOLD_no, TOLD_nothing /* what it reads is not there, or cannot be read */ };

/* ---- reading the answer -------------------------------------------------------------------------------- */

/* The JSON of an answer that came whole; null for any other. */
static hr_status read_body(const struct hr_http_result *result, struct hr_arena *into,
                           struct hr_value *ret_body)
{
    const struct hr_json_options options = {.size_max = HR_OUTBOUND_BODY_MAX * 4,
                                            .depth_max = ANSWER_DEPTH_MAX};
    struct hr_text body = hr_text_trim(result->body);
    *ret_body = hr_value_null();
    if (result->cut || body.size == 0) {
        return hr_done();
    }
    hr_status status = hr_json_read(into, body, &options, NULL, ret_body);
    if (!hr_ok(status)) {
        *ret_body = hr_value_null();
    }
    return status.code == HR_E_MEMORY ? status : hr_done();
}

static hr_status tell_line(const struct hr_expr *expr, struct hr_outbound_sight *sight,
                           struct hr_arena *into, enum told *ret_told)
{
    const struct hr_expr_view view = {
        .context = sight, .field_of = hr_outbound_field, .now = HR_INSTANT_NONE};
    struct hr_value value = hr_value_null();
    hr_status status = hr_expr_evaluate(expr, &view, into, &value, NULL);
    *ret_told = !hr_ok(status) || value.kind != HR_KIND_bool ? TOLD_nothing
                : value.truth                                ? TOLD_yes
                                                             : TOLD_no;
    return status.code < 0 ? status : hr_done();
}

static hr_status tell_all(const struct hr_clause *clauses, size_t count, enum hr_clause_kind kind,
                          struct hr_outbound_sight *sight, struct hr_arena *into,
                          enum told *ret_told);

/* Depth is that of groups, which the reader of files limits. */
static hr_status tell_clause(const struct hr_clause *clause, struct hr_outbound_sight *sight,
                             struct hr_arena *into, enum told *ret_told)
{
    return clause->kind == HR_CLAUSE_line
               ? tell_line(clause->expr, sight, into, ret_told)
               : tell_all(clause->items, clause->count, clause->kind, sight, into, ret_told);
}

/* One line decides a group even where another cannot be told: a no in `all`, a yes in `any` and in `none`. */
static hr_status tell_all(const struct hr_clause *clauses, size_t count, enum hr_clause_kind kind,
                          struct hr_outbound_sight *sight, struct hr_arena *into,
                          enum told *ret_told)
{
    enum told decides = kind == HR_CLAUSE_all ? TOLD_no : TOLD_yes;
    enum told told = kind == HR_CLAUSE_any ? TOLD_no : TOLD_yes; /* when no line decides */
    for (size_t i = 0; i < count; i++) {
        enum told one = TOLD_nothing;
        HR_TRY(tell_clause(&clauses[i], sight, into, &one));
        if (one == decides) {
            *ret_told = kind == HR_CLAUSE_any ? TOLD_yes : TOLD_no;
            return hr_done();
        }
        told = one == TOLD_nothing ? TOLD_nothing : told;
    }
    *ret_told = told;
    return hr_done();
}

static hr_status tell(const struct hr_clauses *test, const struct hr_outbound_ask *ask,
                      const struct hr_http_result *result, struct hr_arena *into,
                      enum told *ret_told)
{
    struct hr_outbound_sight sight = {.inputs = ask->inputs,
                                      .status = hr_value_int(result->status)};
    HR_TRY(read_body(result, into, &sight.body));
    return tell_all(test->items, test->count, HR_CLAUSE_all, &sight, into, ret_told);
}

/* ---- what it means -------------------------------------------------------------------------------------- */

static bool only_reads(const struct hr_action *action)
{
    return action->kind == HR_ACTION_read || action->method == HR_METHOD_GET;
}

static enum hr_fault fault_of(enum hr_reached reached, int status)
{
    if (reached == HR_REACHED_confirmed) {
        return HR_FAULT_none;
    }
    if (status == 401 || status == 403 || status == 407) {
        return HR_FAULT_permission;
    }
    if (status == 429) {
        return HR_FAULT_rate;
    }
    return reached == HR_REACHED_refused ? HR_FAULT_permanent : HR_FAULT_transient;
}

/* By the status alone. */
static struct hr_outbound_verdict plain_verdict(const struct hr_action *action,
                                                const struct hr_http_result *result)
{
    enum hr_reached reached = result->reached;
    if (reached == HR_REACHED_unknown && only_reads(action)) {
        reached = HR_REACHED_again; /* nothing can have been done */
    }
    return (struct hr_outbound_verdict){reached, fault_of(reached, result->status),
                                        result->retry_after_s, result->text};
}

static void say_no(struct hr_outbound_verdict *verdict, const struct hr_outbound_ask *ask,
                   const struct hr_http_result *result, struct hr_arena *into)
{
    struct hr_text words = hr_aloud_clauses(into, &ask->action->success, " and ");
    *verdict = (struct hr_outbound_verdict){
        HR_REACHED_refused, HR_FAULT_permanent, 0,
        hr_text_format(into, "answered %d, and that is no success: it is not so that %.*s",
                       result->status, HR_SHOW(words))};
}

static void say_nothing(struct hr_outbound_verdict *verdict, const struct hr_outbound_ask *ask,
                        const struct hr_http_result *result, struct hr_arena *into)
{
    bool reads = only_reads(ask->action);
    *verdict = (struct hr_outbound_verdict){
        reads ? HR_REACHED_again : HR_REACHED_unknown, HR_FAULT_transient, result->retry_after_s,
        hr_text_format(into, "answered %d, and whether that is a success cannot be told: %s",
                       result->status,
                       result->cut ? "the answer did not come whole"
                                   : "what the test reads is not in the answer")};
}

hr_status hr_outbound_judge(const struct hr_outbound_ask *ask, const struct hr_http_result *result,
                            struct hr_arena *into, struct hr_outbound_verdict *ret_verdict)
{
    enum told told = TOLD_nothing;
    *ret_verdict = plain_verdict(ask->action, result);
    if (ask->action->success.count == 0 || result->status == 0) {
        return hr_done();
    }
    if (ret_verdict->reached == HR_REACHED_confirmed) { /* until the test was asked */
        ret_verdict->reached = HR_REACHED_unknown;
        ret_verdict->fault = HR_FAULT_transient;
    }
    HR_TRY(tell(&ask->action->success, ask, result, into, &told));
    bool fine = result->status >= 200 && result->status <= 299;
    if (told == TOLD_yes) {
        *ret_verdict = (struct hr_outbound_verdict){
            HR_REACHED_confirmed, HR_FAULT_none, 0,
            hr_text_format(into, "answered %d, which is a success", result->status)};
    } else if (fine && told == TOLD_no) {
        say_no(ret_verdict, ask, result, into);
    } else if (fine) {
        say_nothing(ret_verdict, ask, result, into);
    }
    return into->failed ? hr_answer(HR_E_MEMORY) : hr_done();
}

hr_status hr_outbound_judge_check(const struct hr_outbound_ask *ask,
                                  const struct hr_http_result *result, struct hr_arena *into,
                                  enum hr_found *ret_found, struct hr_outbound_verdict *ret_verdict)
{
    enum told told = TOLD_nothing;
    int status = result->status;
    hr_assert(ask->action->check >= 0);
    const struct hr_outbound_ask check = {.tool = ask->tool,
                                          .action = &ask->tool->actions[ask->action->check],
                                          .inputs = ask->inputs,
                                          .here = ask->here};
    *ret_found = HR_FOUND_unclear;
    HR_TRY(hr_outbound_judge(&check, result, into, ret_verdict));
    bool about_it = (status >= 200 && status <= 299) || status == 404 || status == 410;
    if (about_it && ask->action->done_when.count > 0) {
        HR_TRY(tell(&ask->action->done_when, ask, result, into, &told));
    }
    *ret_found = told == TOLD_yes  ? HR_FOUND_done
                 : told == TOLD_no ? HR_FOUND_not_done
                                   : HR_FOUND_unclear;
    return hr_done();
}

/* ---- words ---------------------------------------------------------------------------------------------- */

struct hr_text hr_reached_word(enum hr_reached reached)
{
    static const struct hr_text words[] = {[HR_REACHED_confirmed] = HR_TEXT("confirmed"),
                                           [HR_REACHED_refused] = HR_TEXT("refused"),
                                           [HR_REACHED_again] = HR_TEXT("again"),
                                           [HR_REACHED_unknown] = HR_TEXT("unknown")};
    return words[reached];
}

struct hr_text hr_fault_word(enum hr_fault fault)
{
    static const struct hr_text words[] = {[HR_FAULT_none] = HR_TEXT("none"),
                                           [HR_FAULT_transient] = HR_TEXT("transient"),
                                           [HR_FAULT_permanent] = HR_TEXT("permanent"),
                                           [HR_FAULT_permission] = HR_TEXT("permission"),
                                           [HR_FAULT_rate] = HR_TEXT("rate")};
    return words[fault];
}

struct hr_text hr_found_word(enum hr_found found)
{
    static const struct hr_text words[] = {[HR_FOUND_done] = HR_TEXT("done"),
                                           [HR_FOUND_not_done] = HR_TEXT("not done"),
                                           [HR_FOUND_unclear] = HR_TEXT("unclear")};
    return words[found];
}
