/* What keeps an automation from running twice for one thing that happened once. */
#include "workspace/check_inside.h"

/* ---- once per a key that is not there ----------------------------------------------------------------- */

/* An alternative may be known where the attribute is not. */
static bool has_alternative(const struct hr_expr *key)
{
    struct hr_text source = hr_expr_source(key);
    return hr_text_find(source, '?') < source.size ||
           hr_text_search(source, HR_TEXT("known(")) < source.size;
}

static void complain_key(const struct hr_facts *facts, const struct hr_automation *automation,
                         struct hr_text event, struct hr_text attribute)
{
    struct hr_draft *draft = facts->draft;
    struct hr_diagnostic *item =
        hr_draft_error(draft, key_not_brought, hr_told_place(facts, automation->reenter.place),
                       "`%.*s` does not bring `%.*s`, so nothing keeps `%.*s` from running twice",
                       HR_SHOW(event), HR_SHOW(attribute), HR_SHOW(automation->id));
    item->second = hr_told_place(facts, automation->trigger.place);
    item->second_label = HR_TEXT("it starts on this");
    item->example = hr_draft_say(draft,
                                 "a second delivery of the same `%.*s` starts it again: two "
                                 "messages, two tasks",
                                 HR_SHOW(event));
    item->help = hr_draft_say(draft,
                              "add `%.*s: payload...` to the `data` map of `%.*s`, or name "
                              "an attribute that it brings",
                              HR_SHOW(attribute), HR_SHOW(event));
}

static bool check_key_of(const struct hr_facts *facts, const struct hr_automation *automation,
                         int32_t event)
{
    struct hr_draft *draft = facts->draft;
    size_t count = 0;
    const struct hr_expr_read *reads = hr_expr_reads(automation->reenter.key, &count);
    for (size_t i = 0; i < count; i++) {
        int32_t attribute = reads[i].field - HR_EVENT_FIELD_attributes;
        if (reads[i].name == HR_SCOPE_event && attribute >= 0 &&
            !hr_draft_sends(draft, (size_t)event, attribute)) {
            complain_key(facts, automation, draft->types[event].name, draft->attributes[attribute]);
            return false;
        }
    }
    return true;
}

static void complain_no_key(const struct hr_facts *facts, const struct hr_automation *automation,
                            const char *why, struct hr_text help)
{
    struct hr_diagnostic *item = hr_draft_error(
        facts->draft, key_not_brought, hr_told_place(facts, automation->reenter.place), "%s", why);
    item->second = hr_told_place(facts, automation->trigger.place);
    item->second_label = HR_TEXT("it starts on this");
    item->help = help;
    item->example =
        HR_TEXT("it would run once in all, or each time: neither is once for each thing "
                "that happened");
}

static void check_once_per(const struct hr_facts *facts, const struct hr_automation *automation)
{
    const struct hr_expr *key = automation->reenter.key;
    size_t count = 0;
    if (key == NULL) {
        return;
    }
    (void)hr_expr_reads(key, &count);
    if (count == 0) {
        complain_no_key(
            facts, automation, "this key is the same for every event",
            HR_TEXT("name what is new each time, for example `once per event.payment_id`"));
        return;
    }
    if (automation->trigger.scheduled) {
        complain_no_key(
            facts, automation, "a schedule brings no event that could have a key",
            HR_TEXT("write `reenter: after 1 day`, or another time; or `reenter: never`"));
        return;
    }
    bool good = !has_alternative(key);
    for (size_t i = 0; good && i < automation->trigger.event_count; i++) {
        good = check_key_of(facts, automation, automation->trigger.events[i]);
    }
}

/* ---- every event, and an event that cannot be known again ------------------------------------------------- */

/* A body that is sent again is known again, byte for byte; with another time of sending in it, it is not. */
static bool lacks_id(const struct hr_tool *tool, const struct hr_event_type *event)
{
    bool message = tool->kind == HR_TOOL_webhook_in || tool->kind == HR_TOOL_http ||
                   tool->kind == HR_TOOL_crm || tool->kind == HR_TOOL_email;
    return message && event->id == NULL;
}

/* A tool that sends it without an id; NULL when all have one. */
static const struct hr_tool *find_nameless(const struct hr_facts *facts, int32_t event)
{
    const struct hr_plan *plan = facts->draft->plan;
    size_t count = 0;
    const struct hr_sender *senders = hr_senders_of(facts, event, &count);
    for (size_t i = 0; i < count; i++) {
        const struct hr_tool *tool = &plan->tools[senders[i].tool];
        if (lacks_id(tool, &tool->events[senders[i].event])) {
            return tool;
        }
    }
    return NULL;
}

static void check_every_event(const struct hr_facts *facts, const struct hr_automation *automation)
{
    const struct hr_plan *plan = facts->draft->plan;
    for (size_t i = 0; i < automation->trigger.event_count; i++) {
        struct hr_text event = plan->event_names[automation->trigger.events[i]].name;
        const struct hr_tool *tool = find_nameless(facts, automation->trigger.events[i]);
        if (tool == NULL) {
            continue;
        }
        struct hr_diagnostic *item = hr_draft_warning(
            facts->draft, event_without_id, hr_told_place(facts, automation->reenter.place),
            "`%.*s` has no id, so a repeat of it may start `%.*s` twice", HR_SHOW(event),
            HR_SHOW(automation->id));
        item->second = hr_told_place(facts, tool->place);
        item->second_label = HR_TEXT("its `map` names no `id`");
        item->example =
            hr_draft_say(facts->draft,
                         "`%.*s` sends the same news again with another time of sending, "
                         "and everything is done twice",
                         HR_SHOW(tool->id));
        item->help = hr_draft_say(facts->draft,
                                  "add `id: payload.id`, or what names one event, to "
                                  "the `map` of `%.*s`",
                                  HR_SHOW(tool->id));
        return;
    }
}

/* ---- left out, and something that may not happen twice ------------------------------------------------------- */

struct harm {
    const struct hr_plan *plan;
    const struct hr_plan_step *step; /* the first whose repeat somebody notices */
};

static void find_harm(void *context, const struct hr_step_at *at)
{
    struct harm *harm = context;
    const struct hr_plan_step *step = at->step;
    bool harmful = step->kind == HR_STEP_create_task || hr_step_reaches_out(harm->plan, step);
    if (harmful && step->kind == HR_STEP_call) {
        const struct hr_step_call *call = step->call;
        harmful = !harm->plan->tools[call->tool].actions[call->action].safe_to_repeat;
    }
    if (harmful && harm->step == NULL) {
        harm->step = step;
    }
}

static void check_left_out(const struct hr_facts *facts, int32_t index)
{
    const struct hr_automation *automation = &facts->draft->plan->automations[index];
    const struct hr_left_out *left = &automation->left_out[HR_ELEMENT_reenter];
    struct harm harm = {.plan = facts->draft->plan};
    if (left->reason.size == 0) {
        return;
    }
    hr_each_step(facts->draft->plan, index, find_harm, &harm);
    if (harm.step == NULL) {
        return;
    }
    struct hr_text verb = hr_step_kind_word(harm.step->kind);
    struct hr_diagnostic *item =
        hr_draft_warning(facts->draft, runs_again, hr_told_place(facts, left->place),
                         "nothing keeps `%.*s` from running twice, and `%.*s` is noticed twice",
                         HR_SHOW(automation->id), HR_SHOW(verb));
    item->second = hr_told_place(facts, harm.step->place);
    item->second_label = HR_TEXT("this would happen again");
    item->example = HR_TEXT("a tool delivers its news twice, as all of them sometimes do, and the "
                            "customer or a colleague gets it twice");
    item->help = HR_TEXT("write `reenter: every event`, `reenter: once per event.NAME`, "
                         "`reenter: after 30 days` or `reenter: never`");
}

void hr_check_again(const struct hr_facts *facts)
{
    const struct hr_plan *plan = facts->draft->plan;
    for (size_t i = 0; i < plan->automation_count; i++) {
        const struct hr_automation *automation = &plan->automations[i];
        if (facts->broken[i]) {
            continue;
        }
        if (automation->reenter.kind == HR_REENTER_once_per) {
            check_once_per(facts, automation);
        } else if (automation->reenter.kind == HR_REENTER_every_event) {
            check_every_event(facts, automation);
        } else if (automation->reenter.kind == HR_REENTER_unsaid) {
            check_left_out(facts, (int32_t)i);
        }
    }
}
