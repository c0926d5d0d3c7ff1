/* Messages to customers: what they are for, whether the customer agreed, can leave, and can be reached at all. */
#include "workspace/sense_inside.h"

/* How one gets to a step. */
struct mailing {
    const struct hr_sense *sense;
    const struct hr_automation *automation;
    const struct hr_clauses *under[HR_STEP_DEPTH_MAX + 1]; /* the filter, and each `if` around it */
    size_t under_count;
    bool waited;
};

/* ---- whose consent ------------------------------------------------------------------------------ */

static bool asks_consent(const struct mailing *mailing, int32_t field)
{
    for (size_t i = 1; i < mailing->under_count; i++) {
        if (hr_sense_reads(mailing->under[i], HR_RECORD_TYPE_contact, field)) {
            return true;
        }
    }
    return hr_sense_reads(&mailing->automation->stop, HR_RECORD_TYPE_contact, field);
}

/* True when the automation's `data` names the field already. */
static bool is_stated(const struct hr_automation *automation, int32_t field)
{
    for (size_t i = 0; i < automation->data.count; i++) {
        const struct hr_field_ref *ref = &automation->data.items[i];
        if (ref->record == HR_RECORD_TYPE_contact && ref->field == field) {
            return true;
        }
    }
    return false;
}

/* What stands in the filter was asked before the wait. */
static void judge_withdrawal(const struct mailing *mailing, const struct hr_plan_step *step,
                             const struct hr_purpose *purpose)
{
    const struct hr_sense *sense = mailing->sense;
    if (!mailing->waited || asks_consent(mailing, purpose->consent_field)) {
        return;
    }
    struct hr_text field = sense->plan->fields[purpose->consent_field].id;
    struct hr_diagnostic *item =
        hr_draft_warning(sense->draft, consent_not_watched, step->place,
                         "nothing here ends when `%.*s` is withdrawn", HR_SHOW(field));
    item->example = HR_TEXT("somebody who left stays in for weeks, counts as reached, and gets the "
                            "tasks behind this mail");
    item->help = hr_draft_say(sense->draft,
                              "add \"contact.%.*s == 'withdrawn'\" to `stop`, and `%.*s` to `data`",
                              HR_SHOW(field), HR_SHOW(field));
    if (is_stated(mailing->automation, purpose->consent_field)) {
        item->help = hr_draft_say(sense->draft, "add \"contact.%.*s == 'withdrawn'\" to `stop`",
                                  HR_SHOW(field));
    }
}

static void complain_no_field(const struct hr_sense *sense, const struct hr_plan_step *step,
                              int32_t purpose)
{
    const struct hr_purpose *what = &sense->plan->policies.purposes[purpose];
    struct hr_diagnostic *item = hr_draft_error(
        sense->draft, consent_field_missing, step->place,
        "`%.*s` needs consent, and no field of the contact holds it", HR_SHOW(what->id));
    hr_sense_also(item, what->place, "consent is needed");
    item->example = HR_TEXT("nobody can be asked, so either nobody gets it or everybody does");
    item->help = hr_draft_say(sense->draft,
                              "add `consent_%.*s: {type: consent, purpose: %.*s}` to the contact's "
                              "fields",
                              HR_SHOW(what->id), HR_SHOW(what->id));
}

/* ---- the tool ----------------------------------------------------------------------------------- */

/* Of what needs consent: the law wants an address below it and a way out in it. Told once for a tool. */
static void judge_tool(const struct hr_sense *sense, const struct hr_plan_step *step, int32_t index)
{
    const struct hr_tool *tool = &sense->plan->tools[index];
    if (sense->tool_told[index]) {
        return;
    }
    sense->tool_told[index] = true;
    if (tool->postal_address.size == 0) {
        struct hr_diagnostic *item = hr_draft_error(
            sense->draft, address_missing, tool->place,
            "`%.*s` sends what needs consent, and has no `postal_address`", HR_SHOW(tool->id));
        hr_sense_also(item, step->place, "sent here");
        item->example = HR_TEXT("mail without the sender's address is unlawful in many countries, "
                                "and ends as spam");
        item->help = HR_TEXT("add `postal_address:` with the address of the business");
    }
    if (tool->unsubscribe != HR_UNSUBSCRIBE_one_click) {
        struct hr_diagnostic *item =
            hr_draft_error(sense->draft, unsubscribe_missing, tool->place,
                           "`%.*s` sends what needs consent, and nobody can leave with one click",
                           HR_SHOW(tool->id));
        hr_sense_also(item, step->place, "sent here");
        item->example =
            HR_TEXT("who finds no way out presses \"spam\", and the next receipt is lost, "
                    "too");
        item->help = HR_TEXT("add `unsubscribe: one_click`");
    }
}

/* ---- to nobody ---------------------------------------------------------------------------------- */

static int32_t address_field(const struct hr_plan *plan)
{
    for (size_t i = 0; i < plan->field_count; i++) {
        if (plan->fields[i].type == HR_FIELD_email) {
            return (int32_t)i;
        }
    }
    return HR_NONE_INDEX;
}

/* The one field of the view has no value, for good; all else is open. */
static bool without_field(void *context, size_t name, int32_t field, struct hr_text text,
                          struct hr_value *ret_value)
{
    (void)text;
    *ret_value = hr_value_null();
    return name == HR_SCOPE_contact && field == *(const int32_t *)context;
}

static bool holds_without(const struct hr_sense *sense, const struct hr_clauses *rules,
                          int32_t field)
{
    const struct hr_expr_view view = {
        .context = &field, .field_of = without_field, .now = HR_INSTANT_NONE};
    struct hr_arena_mark mark = hr_arena_mark(&sense->draft->scratch);
    bool holds = true;
    for (size_t i = 0; i < rules->count && holds; i++) {
        holds = rules->items[i].kind != HR_CLAUSE_line ||
                hr_expr_can_hold(rules->items[i].expr, &view, &sense->draft->scratch);
    }
    hr_arena_rewind(&sense->draft->scratch, mark);
    return holds;
}

static void judge_address(const struct mailing *mailing, const struct hr_plan_step *step)
{
    const struct hr_plan *plan = mailing->sense->plan;
    int32_t field = address_field(plan);
    bool sure = field >= 0 && (plan->fields[field].contract->required != HR_REQUIRED_no ||
                               (plan->match_count == 1 && plan->match_on[0] == field));
    for (size_t i = 0; field >= 0 && i < mailing->under_count; i++) {
        sure = sure || !holds_without(mailing->sense, mailing->under[i], field);
    }
    if (sure || mailing->automation->record != HR_RECORD_TYPE_contact) {
        return;
    }
    struct hr_text id = field < 0 ? HR_TEXT("email") : plan->fields[field].id;
    struct hr_diagnostic *item =
        hr_draft_warning(mailing->sense->draft, message_to_nobody, step->place,
                         field < 0 ? "contacts have no field of type email to send this to"
                                   : "a contact may have no `%.*s`, and nothing here asks",
                         HR_SHOW(id));
    item->example =
        HR_TEXT("a lead who left only a phone number is waited for, and never written to");
    item->help = hr_draft_say(mailing->sense->draft,
                              "add `known(contact.%.*s)` to `when`, or `required: always` to the "
                              "field",
                              HR_SHOW(id));
}

/* ---- one message -------------------------------------------------------------------------------- */

static void judge_send(const struct mailing *mailing, const struct hr_plan_step *step)
{
    const struct hr_sense *sense = mailing->sense;
    const struct hr_message *message = &sense->plan->messages[step->email->message];
    int32_t purpose = step->email->purpose >= 0 ? step->email->purpose : message->purpose;
    int32_t tool = hr_mailing_tool(sense->plan, step->email);
    if (tool < 0) {
        struct hr_diagnostic *item =
            hr_draft_error(sense->draft, nothing_sends, step->place,
                           "there is no tool of kind email to send `%.*s`", HR_SHOW(message->id));
        item->help = HR_TEXT("add a tool with `kind: email`, or name one in the message: `tool:`");
    }
    if (purpose < 0) {
        struct hr_diagnostic *item =
            hr_draft_error(sense->draft, purpose_unsaid, step->place,
                           "nothing says what `%.*s` is for", HR_SHOW(message->id));
        hr_sense_also(item, message->place, "nor here");
        item->example = HR_TEXT("an offer goes out to people who agreed to receipts only");
    } else if (sense->plan->policies.purposes[purpose].needs_consent) {
        const struct hr_purpose *what = &sense->plan->policies.purposes[purpose];
        if (what->consent_field < 0) {
            complain_no_field(sense, step, purpose);
        } else {
            judge_withdrawal(mailing, step, what);
        }
        if (tool >= 0) {
            judge_tool(sense, step, tool);
        }
    }
    judge_address(mailing, step);
}

/* Depth is limited by HR_STEP_DEPTH_MAX, so the recursion is. */
static void walk(struct mailing *mailing, const struct hr_plan_steps *steps)
{
    for (size_t i = 0; i < steps->count; i++) {
        const struct hr_plan_step *step = &steps->items[i];
        if (step->kind == HR_STEP_branch) {
            struct mailing then = *mailing;
            if (then.under_count <= HR_STEP_DEPTH_MAX) {
                then.under[then.under_count++] = &step->branch->when;
            }
            walk(&then, &step->branch->then);
            walk(mailing, &step->branch->otherwise);
            mailing->waited |= then.waited;
        } else if (step->kind == HR_STEP_send_email && step->email->message >= 0) {
            judge_send(mailing, step);
        }
        mailing->waited |= step->kind == HR_STEP_wait || step->kind == HR_STEP_wait_for ||
                           step->kind == HR_STEP_ask;
    }
}

void hr_sense_consent(const struct hr_sense *sense, const struct hr_automation *automation)
{
    struct mailing mailing = {.sense = sense, .automation = automation};
    mailing.under[mailing.under_count++] = &automation->when;
    walk(&mailing, &automation->steps);
}
