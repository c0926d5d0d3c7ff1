/* A call to a tool: its action is asked for once, or its check is asked what became of it. */
#include "server/courier.h"
#include "server/host.h"

/* ---- means ------------------------------------------------------------------------------------------- */

static hr_status secret_of(void *context, struct hr_text name, struct hr_arena *into,
                           struct hr_text *ret_value)
{
    const struct hr_courier *courier = context;
    struct hr_text values[HR_SECRET_VALUES_MAX] = {HR_TEXT_NONE, HR_TEXT_NONE};
    size_t count = 0;
    HR_TRY(hr_secret_read(courier->options.data_folder, name, into, values, &count));
    if (count > 1) {
        hr_secret_wipe(&values[1], count - 1); /* the newest alone signs in */
    }
    *ret_value = values[0];
    return hr_done();
}

static hr_status open_caller(struct hr_courier *courier)
{
    const struct hr_settings *settings = courier->options.settings;
    const struct hr_caller_options options = {.secret_of = secret_of,
                                              .context = courier,
                                              .tokens = courier->options.tokens,
                                              .here = settings->tools,
                                              .here_count = settings->tool_count};
    return courier->caller != NULL ? hr_done() : hr_caller_create(&options, &courier->caller);
}

/* ---- what is asked ----------------------------------------------------------------------------------- */

static const struct hr_action *action_of(const struct hr_tool *tool, struct hr_text full_id)
{
    for (size_t i = 0; i < tool->action_count; i++) {
        if (hr_text_equal(tool->actions[i].full_id, full_id)) {
            return &tool->actions[i];
        }
    }
    return NULL;
}

static struct hr_ended refuse(struct hr_courier *courier, const struct hr_parcel *parcel,
                              const char *why)
{
    return hr_ended_about(courier, HR_OUTCOME_refused, HR_FAULT_permanent, why,
                          hr_name_word(parcel->names, parcel->effect->what));
}

/* Fills in what is asked of whom; false: *ret_ended says why nothing can be. */
static bool prepare(struct hr_courier *courier, const struct hr_parcel *parcel,
                    struct hr_outbound_ask *ret_ask, struct hr_ended *ret_ended)
{
    const struct hr_effect *effect = parcel->effect;
    struct hr_text full_id = hr_name_word(parcel->names, effect->what);
    int32_t tool = hr_plan_tool_numbered(parcel->plan, effect->tool);
    *ret_ask = (struct hr_outbound_ask){
        .tool = tool < 0 ? NULL : &parcel->plan->tools[tool],
        .key = hr_hex(&courier->arena, effect->key.bytes, sizeof effect->key.bytes),
    };
    ret_ask->action = tool < 0 ? NULL : action_of(ret_ask->tool, full_id);
    if (ret_ask->action == NULL) {
        *ret_ended = refuse(courier, parcel, "%.*s is no longer in the workspace");
        return false;
    }
    if (effect->state == HR_EFFECT_checking && ret_ask->action->check < 0) {
        *ret_ended = refuse(courier, parcel, "%.*s has no `check` any more that could be asked");
        return false;
    }
    if (parcel->content == NULL) {
        *ret_ended = refuse(courier, parcel, "the inputs of %.*s were erased");
        return false;
    }
    ret_ask->inputs = hr_value_member(parcel->content, HR_TEXT("inputs"));
    if (ret_ask->inputs == NULL || ret_ask->inputs->kind != HR_KIND_map) {
        *ret_ended = refuse(courier, parcel, "the inputs of %.*s are not as they were kept");
        return false;
    }
    if (ret_ask->key.size == 0 || !hr_ok(open_caller(courier))) {
        *ret_ended = hr_ended_as(HR_OUTCOME_again, HR_FAULT_transient,
                                 "there was no memory to make the call");
        return false;
    }
    return true;
}

/* ---- asking ------------------------------------------------------------------------------------------ */

/* The verdict is true whatever the status, but where the secret could not be read: that it does not know. */
static struct hr_ended ended_by(hr_status status, enum hr_outcome outcome,
                                const struct hr_outbound_verdict *verdict)
{
    if (status.code == HR_E_IO) {
        return hr_ended_as(HR_OUTCOME_again, HR_FAULT_permission,
                           "the sealed secrets cannot be opened");
    }
    if (status.code == HR_E_INPUT) {
        return hr_ended_as(HR_OUTCOME_refused, HR_FAULT_permission,
                           "the secret to sign in with cannot be used");
    }
    return (struct hr_ended){.outcome = outcome,
                             .fault = (uint8_t)verdict->fault,
                             .retry_at = hr_retry_at(verdict->not_before_s),
                             .answer = verdict->words};
}

static struct hr_ended check(struct hr_courier *courier, const struct hr_outbound_ask *ask)
{
    static const enum hr_outcome outcomes[] = {[HR_FOUND_done] = HR_OUTCOME_confirmed,
                                               [HR_FOUND_not_done] = HR_OUTCOME_not_done,
                                               [HR_FOUND_unclear] = HR_OUTCOME_unknown};
    struct hr_outbound_verdict verdict;
    enum hr_found found = HR_FOUND_unclear;
    hr_status status =
        hr_caller_check(courier->caller, ask, &courier->arena, &found, &verdict, NULL);
    return ended_by(status, outcomes[found], &verdict);
}

struct hr_ended hr_courier_call(struct hr_courier *courier, const struct hr_parcel *parcel)
{
    struct hr_outbound_ask ask;
    struct hr_outbound_verdict verdict;
    struct hr_ended ended;
    bool checks = parcel->effect->state == HR_EFFECT_checking;
    if (!prepare(courier, parcel, &ask, &ended)) {
        return checks ? hr_ended_of_check(ended) : ended;
    }
    if (checks) {
        return hr_ended_of_check(check(courier, &ask));
    }
    hr_status status = hr_caller_ask(courier->caller, &ask, &courier->arena, &verdict, NULL);
    return ended_by(status, hr_outcome_of(verdict.reached), &verdict);
}
