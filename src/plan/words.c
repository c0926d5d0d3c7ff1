/* The words that files, console and API use for the plan's enums, each list in its enum's order. */
#include "plan/words.h"

#include "plan/plan.h"

#define WORDS(name, spoken, ...)                                                                   \
    static const struct hr_text name##_items[] = {__VA_ARGS__};                                    \
    const struct hr_words hr_words_##name = {spoken, name##_items,                                 \
                                             sizeof name##_items / sizeof name##_items[0]}

WORDS(role, "role", HR_TEXT("owner"), HR_TEXT("admin"), HR_TEXT("builder"), HR_TEXT("operator"),
      HR_TEXT("approver"), HR_TEXT("auditor"), HR_TEXT("viewer"), HR_TEXT("seller"));
WORDS(field_type, "field type", HR_TEXT("text"), HR_TEXT("long_text"), HR_TEXT("email"),
      HR_TEXT("phone"), HR_TEXT("domain"), HR_TEXT("country"), HR_TEXT("choice"),
      HR_TEXT("integer"), HR_TEXT("number"), HR_TEXT("boolean"), HR_TEXT("time"), HR_TEXT("money"),
      HR_TEXT("person"), HR_TEXT("stage"), HR_TEXT("consent"));
WORDS(privacy, "privacy class", HR_TEXT("none"), HR_TEXT("personal"), HR_TEXT("sensitive"));
WORDS(scheme, "signature scheme", HR_TEXT("none"), HR_TEXT("standard_webhooks"), HR_TEXT("stripe"),
      HR_TEXT("hmac_sha256"), HR_TEXT("hubspot_v3"));
WORDS(encoding, "encoding", HR_TEXT("hex"), HR_TEXT("base64"));
WORDS(tool_kind, "kind of tool", HR_TEXT("webhook_in"), HR_TEXT("cloudevents"), HR_TEXT("file"),
      HR_TEXT("import"), HR_TEXT("http"), HR_TEXT("crm"), HR_TEXT("email"));
WORDS(late_is, "kind of lateness", HR_TEXT("normal"), HR_TEXT("urgent"), HR_TEXT("count"));
WORDS(handoff_kind, "kind of handoff", HR_TEXT("form_to_crm"), HR_TEXT("crm_to_follow_up"),
      HR_TEXT("payment_to_access"), HR_TEXT("booking_to_pipeline"),
      HR_TEXT("reporting_to_decision"), HR_TEXT("other"));
WORDS(day, "day", HR_TEXT("mon"), HR_TEXT("tue"), HR_TEXT("wed"), HR_TEXT("thu"), HR_TEXT("fri"),
      HR_TEXT("sat"), HR_TEXT("sun"));
WORDS(two_matches, "answer to two matches", HR_TEXT("ask"));
WORDS(on_conflict, "answer to a conflict", HR_TEXT("ask"), HR_TEXT("keep_first"), HR_TEXT("newest"),
      HR_TEXT("source_wins"), HR_TEXT("people_win"), HR_TEXT("never_overwrite"));
WORDS(ai_writer, "machine", HR_TEXT("ai"));
WORDS(records, "kind of records", HR_TEXT("contacts"), HR_TEXT("accounts"),
      HR_TEXT("opportunities"), HR_TEXT("tickets"), HR_TEXT("tasks"));
WORDS(record_type, "kind of record", HR_TEXT("contact"), HR_TEXT("account"), HR_TEXT("opportunity"),
      HR_TEXT("ticket"), HR_TEXT("task"));
WORDS(mover, "mover", HR_TEXT("automation"), HR_TEXT("people"));
WORDS(move_answer, "answer to a move", HR_TEXT("ask"), HR_TEXT("allow"), HR_TEXT("refuse"));
WORDS(action_kind, "kind of action", HR_TEXT("call"), HR_TEXT("read"), HR_TEXT("upsert"));
WORDS(method, "HTTP method", HR_TEXT("GET"), HR_TEXT("POST"), HR_TEXT("PUT"), HR_TEXT("PATCH"),
      HR_TEXT("DELETE"));
WORDS(credentials, "place of credentials", HR_TEXT("basic"), HR_TEXT("body"));
WORDS(unsubscribe, "way to leave", HR_TEXT("one_click"), HR_TEXT("none"));
WORDS(import_approval, "approval of an import", HR_TEXT("always"));
WORDS(if_missed, "answer to missed times", HR_TEXT("run_once"), HR_TEXT("skip"),
      HR_TEXT("run_all"));
WORDS(mode, "mode", HR_TEXT("suggest"), HR_TEXT("draft"), HR_TEXT("guarded"), HR_TEXT("automatic"));
WORDS(control, "comparison", HR_TEXT("control"));
WORDS(only_in, "kind of time", HR_TEXT("business_hours"));
WORDS(if_unknown, "answer to silence", HR_TEXT("check"), HR_TEXT("ask"));
WORDS(if_fails, "answer to a failure", HR_TEXT("stop"), HR_TEXT("continue"), HR_TEXT("open_issue"));
WORDS(if_late, "answer to lateness", HR_TEXT("open_issue"), HR_TEXT("continue"), HR_TEXT("stop"));
WORDS(if_expired, "answer to expiry", HR_TEXT("do_nothing"), HR_TEXT("continue"), HR_TEXT("stop"));
WORDS(if_none, "answer to a missing record", HR_TEXT("skip"), HR_TEXT("create"), HR_TEXT("ask"));
WORDS(severity, "severity", HR_TEXT("normal"), HR_TEXT("high"), HR_TEXT("urgent"));
WORDS(budget_kind, "budget", HR_TEXT("messages"), HR_TEXT("calls"), HR_TEXT("tasks"),
      HR_TEXT("alerts"), HR_TEXT("stage_moves"), HR_TEXT("ai"));
WORDS(approval_class, "class of actions", HR_TEXT("customer_message"), HR_TEXT("price"),
      HR_TEXT("contract"), HR_TEXT("consent"), HR_TEXT("access"));
WORDS(table_method, "method", HR_TEXT("round_robin"), HR_TEXT("named_account"),
      HR_TEXT("least_loaded"), HR_TEXT("queue"));
WORDS(counter, "number that Handrail counts", HR_TEXT("unsubscribes"), HR_TEXT("complaints"),
      HR_TEXT("bounces"), HR_TEXT("duplicate_sends"), HR_TEXT("failures"), HR_TEXT("exceptions"),
      HR_TEXT("undone"), HR_TEXT("answered_no"));

static const struct hr_text step_kinds[HR_STEP_KIND_COUNT] = {
    [HR_STEP_set] = HR_TEXT("set"),
    [HR_STEP_move_stage] = HR_TEXT("move_stage"),
    [HR_STEP_assign] = HR_TEXT("assign"),
    [HR_STEP_create_task] = HR_TEXT("create_task"),
    [HR_STEP_send_email] = HR_TEXT("send_email"),
    [HR_STEP_call] = HR_TEXT("call"),
    [HR_STEP_wait] = HR_TEXT("wait"),
    [HR_STEP_wait_for] = HR_TEXT("wait_for"),
    [HR_STEP_branch] = HR_TEXT("if"),
    [HR_STEP_ask] = HR_TEXT("ask"),
    [HR_STEP_notify] = HR_TEXT("notify"),
    [HR_STEP_emit] = HR_TEXT("emit"),
    [HR_STEP_open_issue] = HR_TEXT("open_issue"),
    [HR_STEP_copy] = HR_TEXT("copy_to"),
    [HR_STEP_ai_draft] = HR_TEXT("ai_draft"),
    [HR_STEP_ai_suggest] = HR_TEXT("ai_suggest"),
};

static const struct hr_text elements[HR_ELEMENT_COUNT] = {
    [HR_ELEMENT_when] = HR_TEXT("when"),         [HR_ELEMENT_wait] = HR_TEXT("wait"),
    [HR_ELEMENT_branch] = HR_TEXT("branch"),     [HR_ELEMENT_stop] = HR_TEXT("stop"),
    [HR_ELEMENT_reenter] = HR_TEXT("reenter"),   [HR_ELEMENT_task_owner] = HR_TEXT("task_owner"),
    [HR_ELEMENT_approval] = HR_TEXT("approval"), [HR_ELEMENT_goal] = HR_TEXT("goal"),
    [HR_ELEMENT_metric] = HR_TEXT("metric"),     [HR_ELEMENT_systems] = HR_TEXT("systems"),
    [HR_ELEMENT_data] = HR_TEXT("data"),         [HR_ELEMENT_avoids] = HR_TEXT("avoids"),
};

static struct hr_text word_at(const struct hr_words *words, size_t index)
{
    hr_assert(index < words->count);
    return words->items[index];
}

struct hr_text hr_role_word(enum hr_role role)
{
    return word_at(&hr_words_role, role);
}

struct hr_text hr_handoff_kind_word(enum hr_handoff_kind kind)
{
    static const struct hr_text spoken[] = {
        HR_TEXT("form to CRM"),           HR_TEXT("CRM to follow-up"),
        HR_TEXT("payment to access"),     HR_TEXT("booking to pipeline"),
        HR_TEXT("reporting to decision"), HR_TEXT("other"),
    };
    hr_assert((size_t)kind < sizeof spoken / sizeof spoken[0]);
    return spoken[kind];
}

struct hr_text hr_record_type_word(enum hr_record_type type)
{
    return word_at(&hr_words_record_type, type);
}

struct hr_text hr_field_type_word(enum hr_field_type type)
{
    return word_at(&hr_words_field_type, type);
}

struct hr_text hr_on_conflict_word(enum hr_on_conflict answer)
{
    return answer == HR_ON_CONFLICT_unsaid ? HR_TEXT_NONE
                                           : word_at(&hr_words_on_conflict, answer - 1U);
}

struct hr_text hr_mode_word(enum hr_mode mode)
{
    return word_at(&hr_words_mode, mode);
}

struct hr_text hr_step_kind_word(enum hr_step_kind kind)
{
    hr_assert(kind < HR_STEP_KIND_COUNT);
    return step_kinds[kind];
}

struct hr_text hr_element_word(enum hr_element element)
{
    hr_assert(element < HR_ELEMENT_COUNT);
    return elements[element];
}
