/* Messages that customers get before the handoff that they speak of is proven.
 *
 * A message is too soon in two cases. One: the automation itself asks a tool to do what a handoff waits for (a call
 * whose action emits or sets what its proof reads), and sends before anything has shown that it was done. Two: the
 * message is the proof of a handoff that opens only when the one before it is proven, and nothing has shown that it is.
 * It is shown by waiting for the proof, by a move to a stage whose evidence reads it, by a condition that reads it, by
 * a person who was asked, and by being started by the proof. */
#include "workspace/sense_inside.h"

struct order {
    const struct hr_sense *sense;
    const struct hr_automation *automation;
    const struct hr_handoff *handoff; /* that must be proven */
    const struct hr_handoff *follow; /* that opens on it; NULL: judge only what is asked for here */
    const struct hr_plan_step *asked; /* the call; NULL: none yet */
    bool proven;
    bool told;
};

/* ---- what proves -------------------------------------------------------------------------------- */

/* The lines of done_when; those of wrong_when prove nothing. */
static bool proof_reads(const struct hr_handoff *handoff, int32_t field)
{
    for (size_t i = 0; field >= 0 && i < handoff->done_count; i++) {
        if (hr_plan_expr_reads(handoff->done_when[i].expr, HR_SCOPE_contact, field)) {
            return true;
        }
    }
    return false;
}

/* An event of this name sets what the proof reads. */
static bool event_sets(const struct hr_draft *draft, size_t type, const struct hr_handoff *handoff)
{
    for (const struct hr_type_use *use = &draft->types[type]; use != NULL; use = use->next) {
        for (size_t i = 0; i < use->event->field_count; i++) {
            if (proof_reads(handoff, use->event->fields[i].field)) {
                return true;
            }
        }
    }
    return false;
}

static bool event_proves(const struct hr_sense *sense, int32_t event,
                         const struct hr_handoff *handoff)
{
    if (event < 0) {
        return false;
    }
    struct hr_text name = sense->plan->event_names[event].name;
    for (size_t i = 0; i < handoff->proof_type_count; i++) {
        if (hr_text_equal(handoff->proof_types[i], name)) {
            return true;
        }
    }
    return event_sets(sense->draft, (size_t)event, handoff);
}

static bool action_proves(const struct hr_sense *sense, const struct hr_action *action,
                          const struct hr_handoff *handoff)
{
    for (size_t i = 0; i < action->set_count; i++) {
        const struct hr_field_ref *field = &action->sets[i].field;
        if (field->record == HR_RECORD_TYPE_contact && proof_reads(handoff, field->field)) {
            return true;
        }
    }
    return event_proves(sense, action->emits, handoff);
}

struct proof_seeker {
    const struct hr_handoff *handoff;
    bool found;
};

static void seek_proof(void *context, const struct hr_clause *line)
{
    struct proof_seeker *seeker = context;
    size_t count = 0;
    const struct hr_expr_read *reads = hr_expr_reads(line->expr, &count);
    for (size_t i = 0; i < count; i++) {
        seeker->found = seeker->found || (reads[i].name == HR_SCOPE_contact &&
                                          proof_reads(seeker->handoff, reads[i].field));
    }
}

static bool rules_prove(const struct hr_clauses *rules, const struct hr_handoff *handoff)
{
    struct proof_seeker seeker = {handoff, false};
    hr_clauses_each(rules, seek_proof, &seeker);
    return seeker.found;
}

/* ---- complaints --------------------------------------------------------------------------------- */

static void complain(struct order *order, const struct hr_plan_step *send)
{
    struct hr_draft *draft = order->sense->draft;
    const struct hr_handoff *handoff = order->handoff;
    const struct hr_message *message = &order->sense->plan->messages[send->email->message];
    struct hr_diagnostic *item = hr_draft_error(draft, told_too_soon, send->place,
                                                "`%.*s` can be sent before `%.*s` is proven",
                                                HR_SHOW(message->id), HR_SHOW(handoff->full_id));
    item->label = HR_TEXT("the customer is told here");
    if (order->asked != NULL) {
        hr_sense_also(item, order->asked->place, "here it is only asked for");
    } else {
        hr_sense_also(item, order->follow->file_place, "it belongs here, behind that proof");
    }
    item->example = handoff->customer_sees.size > 0
                        ? hr_draft_say(draft, "the message says that all is done, and then: %.*s",
                                       HR_SHOW(handoff->customer_sees))
                        : HR_TEXT("the customer reads that all is done, and it is not");
    struct hr_text within = hr_span_write(draft->reterr->arena, handoff->within);
    item->help =
        order->asked != NULL
            ? hr_draft_say(draft,
                           "put `- wait_for: proven %.*s` with `up_to: %.*s` before this step",
                           HR_SHOW(handoff->full_id), HR_SHOW(within))
            : hr_draft_say(draft,
                           "move it behind the steps that do it and `- wait_for: proven %.*s`, or "
                           "into an automation that the proof starts",
                           HR_SHOW(handoff->full_id));
    order->told = true;
}

/* ---- walking ------------------------------------------------------------------------------------ */

/* True when the message is named as the proof of the handoff that follows. */
static bool belongs_behind(const struct hr_handoff *follow, const struct hr_message *message)
{
    for (size_t i = 0; i < follow->done_count; i++) {
        struct hr_text source = hr_expr_source(follow->done_when[i].expr);
        for (size_t at = 0; at < source.size; at++) {
            struct hr_text rest = hr_text_slice(source, at + 1, source.size);
            bool quoted = (source.data[at] == '\'' || source.data[at] == '"') &&
                          hr_text_starts(rest, message->id) && rest.size > message->id.size &&
                          rest.data[message->id.size] == source.data[at];
            if (quoted) {
                return true;
            }
        }
    }
    return false;
}

static bool too_soon(const struct order *order, const struct hr_plan_step *send)
{
    if (order->proven || order->told || send->email->message < 0) {
        return false;
    }
    return order->follow == NULL
               ? order->asked != NULL
               : belongs_behind(order->follow, &order->sense->plan->messages[send->email->message]);
}

/* Depth is limited by HR_STEP_DEPTH_MAX, so the recursion is. */
static void walk(struct order *order, const struct hr_plan_steps *steps);

static void walk_branch(struct order *order, const struct hr_step_branch *branch)
{
    struct order then = *order;
    then.proven = order->proven || rules_prove(&branch->when, order->handoff);
    walk(&then, &branch->then);
    order->told = then.told;
    walk(order, &branch->otherwise);
    order->asked = order->asked != NULL ? order->asked : then.asked;
    order->proven = order->proven && then.proven;
}

static void walk_step(struct order *order, const struct hr_plan_step *step)
{
    const struct hr_plan *plan = order->sense->plan;
    const struct hr_handoff *handoff = order->handoff;
    if (step->kind == HR_STEP_branch) {
        walk_branch(order, step->branch);
    } else if (step->kind == HR_STEP_call && step->call->action >= 0 && order->asked == NULL) {
        const struct hr_action *action = &plan->tools[step->call->tool].actions[step->call->action];
        order->asked = action_proves(order->sense, action, handoff) ? step : NULL;
    } else if (step->kind == HR_STEP_wait_for) {
        const struct hr_step_wait_for *wait = step->wait_for;
        bool meant = event_proves(order->sense, wait->event, handoff) ||
                     (wait->handoff >= 0 && &plan->handoffs[wait->handoff] == handoff);
        order->proven |= meant && wait->if_late != HR_IF_LATE_continue;
    } else if (step->kind == HR_STEP_move_stage && step->move->stage >= 0) {
        order->proven |= rules_prove(&plan->stages[step->move->stage].evidence, handoff);
    } else if (step->kind == HR_STEP_ask) {
        order->proven |= order->asked != NULL || order->follow != NULL;
    } else if (step->kind == HR_STEP_send_email && too_soon(order, step)) {
        complain(order, step);
    }
}

static void walk(struct order *order, const struct hr_plan_steps *steps)
{
    for (size_t i = 0; i < steps->count; i++) {
        walk_step(order, &steps->items[i]);
    }
}

/* ---- which handoffs ----------------------------------------------------------------------------- */

static bool starts_proven(const struct hr_sense *sense, const struct hr_automation *automation,
                          const struct hr_handoff *handoff)
{
    const struct hr_trigger *trigger = &automation->trigger;
    bool all = trigger->event_count > 0;
    for (size_t i = 0; i < trigger->event_count; i++) {
        all = all && event_proves(sense, trigger->events[i], handoff);
    }
    return all || rules_prove(&automation->when, handoff);
}

static bool judge_handoff(const struct hr_sense *sense, const struct hr_automation *automation,
                          const struct hr_handoff *handoff, const struct hr_handoff *follow)
{
    struct order order = {
        .sense = sense, .automation = automation, .handoff = handoff, .follow = follow};
    order.proven = starts_proven(sense, automation, handoff);
    if (!order.proven) {
        walk(&order, &automation->steps);
    }
    return order.told;
}

/* The handoff behind this one on its path, if it opens on what proves this one. */
static const struct hr_handoff *follow_of(const struct hr_sense *sense, int32_t index,
                                          int32_t place)
{
    const struct hr_plan *plan = sense->plan;
    const struct hr_handoff *handoff = &plan->handoffs[index];
    const struct hr_handoff *follow = &plan->handoffs[place];
    if (follow->opens_after >= 0) {
        return follow->opens_after == index ? follow : NULL;
    }
    const uint64_t *event = hr_map_find(&sense->draft->type_by_name, follow->opens_on);
    return event != NULL && event_proves(sense, (int32_t)*event, handoff) ? follow : NULL;
}

/* What an automation has of what is looked for. */
struct having {
    bool sends;
    bool calls;
};

static void judge_path(const struct hr_sense *sense, const struct hr_automation *automation,
                       const struct hr_path *path, const struct having *having)
{
    for (int32_t i = path->first; i < path->first + path->count; i++) {
        const struct hr_handoff *handoff = &sense->plan->handoffs[i];
        bool told = having->calls && judge_handoff(sense, automation, handoff, NULL);
        for (int32_t next = i + 1; next < path->first + path->count && !told; next++) {
            const struct hr_handoff *follow =
                sense->proved_by_message[next] ? follow_of(sense, i, next) : NULL;
            told = follow != NULL && judge_handoff(sense, automation, handoff, follow);
        }
    }
}

static void note_having(void *context, const struct hr_plan_step *step)
{
    struct having *having = context;
    having->sends = having->sends || step->kind == HR_STEP_send_email;
    having->calls = having->calls || step->kind == HR_STEP_call;
}

/* A text in quotes in the source, from *at on, which moves behind it; false when there is no more. */
static bool next_quoted(struct hr_text source, size_t *at, struct hr_text *ret_text)
{
    while (*at < source.size && source.data[*at] != '\'' && source.data[*at] != '"') {
        ++*at;
    }
    if (*at >= source.size) {
        return false;
    }
    struct hr_text rest = hr_text_slice(source, *at + 1, source.size);
    *ret_text = hr_text_slice(rest, 0, hr_text_find(rest, source.data[*at]));
    *at += ret_text->size + 2;
    return true;
}

void hr_sense_note_messages(const struct hr_sense *sense)
{
    const struct hr_plan *plan = sense->plan;
    for (size_t i = 0; i < plan->handoff_count; i++) {
        for (size_t line = 0; line < plan->handoffs[i].done_count; line++) {
            struct hr_text source = hr_expr_source(plan->handoffs[i].done_when[line].expr);
            struct hr_text quoted = HR_TEXT_NONE;
            for (size_t at = 0; next_quoted(source, &at, &quoted);) {
                sense->proved_by_message[i] |=
                    hr_known_find(&sense->draft->message_names, quoted) >= 0;
            }
        }
    }
}

/* An automation that belongs to no path can spoil any. */
void hr_sense_order(const struct hr_sense *sense, const struct hr_automation *automation)
{
    const struct hr_plan *plan = sense->plan;
    struct having having = {.sends = false};
    hr_sense_steps(&automation->steps, note_having, &having);
    if (having.sends && automation->path >= 0) {
        judge_path(sense, automation, &plan->paths[automation->path], &having);
    }
    for (size_t i = 0; having.sends && automation->path < 0 && i < plan->path_count; i++) {
        judge_path(sense, automation, &plan->paths[i], &having);
    }
}
