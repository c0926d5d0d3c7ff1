/* What proves a handoff: which lines say which event is meant, which events those can be, which
 * fields must be watched, and whether any tool can ever make it true. */
#include "workspace/inside.h"

/* The lines of done_when or wrong_when while they are read. */
struct proof {
    struct hr_draft *draft;
    struct hr_handoff *handoff;
    bool done; /* done_when: what can never hold is an error; in wrong_when it is only useless */
    struct hr_condition *lines;
    const struct hr_node **nodes;
    size_t count;
    bool *possible; /* for each event type: can it be the one that is meant? */
    bool by_event;  /* some line says which event is meant */
};

static void complain_never(const struct proof *proof, const struct hr_node *node,
                           struct hr_text why, struct hr_text help)
{
    struct hr_diagnostic *item =
        proof->done ? hr_draft_error(proof->draft, nothing_can_prove, node->place,
                                     "nothing can prove `%.*s`: %.*s", HR_SHOW(proof->handoff->id),
                                     HR_SHOW(why))
                    : hr_draft_warning(proof->draft, wrong_when_never, node->place,
                                       "this can never be seen: %.*s", HR_SHOW(why));
    if (help.size > 0) {
        item->help = help;
    }
    if (proof->done) {
        item->example = HR_TEXT("every customer who gets here would end as a failure");
    }
}

/* ---- contact fields --------------------------------------------------------------------------- */

static bool has_text(const struct hr_expr *expr, const char *part)
{
    struct hr_text source = hr_expr_source(expr);
    return hr_text_search(source, hr_text_from(part)) < source.size;
}

/* The first field that the line needs and no tool ever sets; -1 when the line can hold without. */
static int32_t field_never_set(const struct proof *proof, const struct hr_expr *expr)
{
    size_t count = 0;
    size_t set = 0;
    int32_t never = HR_NONE_INDEX;
    const struct hr_expr_read *reads = hr_expr_reads(expr, &count);
    for (size_t i = 0; i < count; i++) {
        bool field = reads[i].name == HR_SCOPE_contact && reads[i].field >= 0;
        if (field && !proof->draft->field_uses[reads[i].field].mapped) {
            never = never < 0 ? reads[i].field : never;
        } else {
            set++;
        }
    }
    if (never < 0 || hr_draft_holds_unset(proof->draft, expr)) {
        return HR_NONE_INDEX;
    }
    /* An alternative may hold without the field. */
    bool alternative = has_text(expr, "||") || has_text(expr, "?");
    return alternative && set > 0 ? HR_NONE_INDEX : never;
}

static bool is_constant(const struct hr_field_use *use, struct hr_text text)
{
    for (size_t i = 0; i < use->constant_count; i++) {
        if (hr_text_equal(*use->constants[i], text)) {
            return true;
        }
    }
    return false;
}

/* contact.x == 'a', where every tool that sets x sets it to something else. */
static int32_t value_never_set(const struct proof *proof, const struct hr_expr *expr)
{
    struct hr_expr_read read = {0};
    const struct hr_value *literals = NULL;
    size_t count = 0;
    if (!hr_expr_equals_literal(expr, &read, &literals, &count) || read.name != HR_SCOPE_contact ||
        read.field < 0) {
        return HR_NONE_INDEX;
    }
    const struct hr_field_use *use = &proof->draft->field_uses[read.field];
    for (size_t i = 0; i < count; i++) {
        if (use->open || literals[i].kind != HR_KIND_text ||
            is_constant(use, hr_value_as_text(&literals[i]))) {
            return HR_NONE_INDEX;
        }
    }
    return count == 0 ? HR_NONE_INDEX : read.field;
}

static void check_contact(const struct proof *proof, size_t line)
{
    struct hr_draft *draft = proof->draft;
    const struct hr_expr *expr = proof->lines[line].expr;
    int32_t field = field_never_set(proof, expr);
    if (field >= 0) {
        struct hr_text id = draft->plan->fields[field].id;
        complain_never(
            proof, proof->nodes[line], hr_draft_say(draft, "no tool ever sets `%.*s`", HR_SHOW(id)),
            hr_draft_say(draft, "add `%.*s` to the `fields` map of the event that brings it",
                         HR_SHOW(id)));
        return;
    }
    field = value_never_set(proof, expr);
    if (field >= 0) {
        struct hr_text id = draft->plan->fields[field].id;
        complain_never(
            proof, proof->nodes[line],
            hr_draft_say(draft, "no tool ever sets `%.*s` to this value", HR_SHOW(id)),
            hr_draft_say(draft, "map the value in the `fields` of the event that brings it"));
    }
}

/* ---- events ----------------------------------------------------------------------------------- */

static bool any_possible(const struct proof *proof)
{
    for (size_t i = 0; i < proof->draft->type_count; i++) {
        if (proof->possible[i]) {
            return true;
        }
    }
    return false;
}

/* The types that fit all lines about event.type. */
static void find_types(const struct proof *proof)
{
    for (size_t i = 0; i < proof->draft->type_count; i++) {
        proof->possible[i] = true;
    }
    for (size_t line = 0; line < proof->count; line++) {
        const struct hr_expr *expr = proof->lines[line].expr;
        if (expr == NULL || !hr_plan_expr_reads(expr, HR_SCOPE_event, HR_EVENT_FIELD_type)) {
            continue;
        }
        bool before = any_possible(proof);
        for (size_t i = 0; i < proof->draft->type_count; i++) {
            proof->possible[i] =
                proof->possible[i] && hr_draft_can_hold(proof->draft, expr, i, false);
        }
        if (before && !any_possible(proof)) {
            complain_never(proof, proof->nodes[line], HR_TEXT("no event fits all its lines"),
                           HR_TEXT("name alternatives in one line: event.type in ['a', 'b']"));
        }
    }
}

/* Each attribute that a line reads must come with an event that can be meant, unless the line can hold without.
 * An identifying line narrows the types down to those that can meet it with what they bring. */
static void check_attributes(const struct proof *proof, size_t line)
{
    struct hr_draft *draft = proof->draft;
    size_t count = 0;
    const struct hr_expr *expr = proof->lines[line].expr;
    const struct hr_expr_read *reads = hr_expr_reads(expr, &count);
    for (size_t i = 0; i < count; i++) {
        int32_t attribute = reads[i].field - HR_EVENT_FIELD_attributes;
        if (reads[i].name != HR_SCOPE_event || attribute < 0 || !any_possible(proof)) {
            continue;
        }
        struct hr_text first = HR_TEXT_NONE;
        bool brought = false;
        for (size_t type = 0; type < draft->type_count; type++) {
            if (!proof->possible[type]) {
                continue;
            }
            bool fits = hr_draft_sends(draft, type, attribute) ||
                        hr_draft_can_hold(draft, expr, type, true);
            first = first.size == 0 ? draft->types[type].name : first;
            brought = brought || fits;
            proof->possible[type] = fits || !proof->lines[line].identifies;
        }
        if (!brought) {
            struct hr_text name = draft->attributes[attribute];
            complain_never(
                proof, proof->nodes[line],
                hr_draft_say(draft, "`%.*s` does not bring `%.*s`", HR_SHOW(first), HR_SHOW(name)),
                hr_draft_say(draft, "add `%.*s: payload...` to the `data` map of `%.*s`",
                             HR_SHOW(name), HR_SHOW(first)));
        }
    }
}

static void complain_unnamed(const struct proof *proof, size_t line)
{
    struct hr_draft *draft = proof->draft;
    size_t count = 0;
    const struct hr_expr_read *reads = hr_expr_reads(proof->lines[line].expr, &count);
    struct hr_text meant = HR_TEXT_NONE;
    for (size_t i = 0; i < count; i++) {
        int32_t attribute = reads[i].field - HR_EVENT_FIELD_attributes;
        for (size_t type = 0; attribute >= 0 && meant.size == 0 && type < draft->type_count;
             type++) {
            bool sends = reads[i].name == HR_SCOPE_event && hr_draft_sends(draft, type, attribute);
            bool opening = hr_text_equal(draft->types[type].name, proof->handoff->opens_on);
            meant = sends && !opening ? draft->types[type].name : meant;
        }
    }
    struct hr_diagnostic *item = hr_draft_error(draft, event_unnamed, proof->nodes[line]->place,
                                                "this reads an event, and no line says which");
    item->example = HR_TEXT("the event that opens the handoff could prove it at once");
    item->help = hr_draft_say(draft, "add the line \"event.type == '%.*s'\"",
                              HR_SHOW(meant.size == 0 ? HR_TEXT("...") : meant));
}

/* ---- all lines -------------------------------------------------------------------------------- */

static void classify(struct proof *proof, size_t line)
{
    struct hr_condition *condition = &proof->lines[line];
    size_t count = 0;
    const struct hr_expr_read *reads = hr_expr_reads(condition->expr, &count);
    bool key = hr_plan_expr_reads(condition->expr, HR_SCOPE_handoff, -1);
    for (size_t i = 0; i < count; i++) {
        if (reads[i].name == HR_SCOPE_contact && reads[i].field >= 0) {
            proof->draft->plan->fields[reads[i].field].watched = true;
        }
    }
    condition->identifies =
        hr_plan_expr_reads(condition->expr, HR_SCOPE_event, HR_EVENT_FIELD_type) ||
        (key && hr_plan_expr_reads(condition->expr, HR_SCOPE_event, -1));
    proof->by_event = proof->by_event || condition->identifies;
    if (key && proof->handoff->key == NULL &&
        hr_draft_get(
            proof->draft->handoff_nodes[proof->handoff - proof->draft->plan->handoffs].value,
            "key") == NULL) {
        hr_draft_error(proof->draft, key_not_set, proof->nodes[line]->place, "`%.*s` has no `key`",
                       HR_SHOW(proof->handoff->id));
    }
}

static bool read_lines(struct proof *proof, const struct hr_node *list, const char *noun)
{
    struct hr_draft *draft = proof->draft;
    size_t count = hr_draft_list(draft, list, noun, HR_LIMIT_conditions);
    proof->lines = hr_draft_keep(draft, struct hr_condition, count);
    proof->nodes = hr_draft_scratch(draft, const struct hr_node *, count);
    proof->possible = hr_draft_scratch(draft, bool, draft->type_count);
    if (proof->lines == NULL || proof->nodes == NULL || proof->possible == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const struct hr_expr *expr =
            hr_draft_expr(draft, list->items[i], HR_USE_condition, HR_TYPE_bool);
        if (expr != NULL) {
            proof->lines[proof->count].expr = expr;
            proof->nodes[proof->count] = list->items[i];
            classify(proof, proof->count++);
        }
    }
    if (list->kind == HR_NODE_list && list->count == 0) {
        hr_draft_error(draft, text_empty, list->place, "`%s` of `%.*s` is empty", noun,
                       HR_SHOW(proof->handoff->id));
    }
    return proof->count ==
           list->count; /* a line that is missing could be the one that names the event */
}

static void check_lines(const struct proof *proof)
{
    bool named = false;
    for (size_t i = 0; i < proof->count; i++) {
        named =
            named || hr_plan_expr_reads(proof->lines[i].expr, HR_SCOPE_event, HR_EVENT_FIELD_type);
    }
    if (proof->by_event && named) {
        find_types(proof);
    }
    bool unnamed = false;
    for (size_t i = 0; i < proof->count; i++) {
        check_contact(proof, i);
        bool reads_event = hr_plan_expr_reads(proof->lines[i].expr, HR_SCOPE_event, -1);
        if (reads_event && !named && !unnamed) {
            complain_unnamed(proof, i);
            unnamed = true;
        } else if (reads_event && named) {
            check_attributes(proof, i);
        }
    }
}

static void mark_types(const struct proof *proof)
{
    for (size_t i = 0; proof->by_event && i < proof->draft->type_count; i++) {
        for (struct hr_type_use *use = &proof->draft->types[i]; proof->possible[i] && use != NULL;
             use = use->next) {
            use->event->is_proof = true;
        }
    }
}

static void keep_types(const struct proof *proof)
{
    struct hr_text *types = hr_draft_keep(proof->draft, struct hr_text, proof->draft->type_count);
    uint32_t *numbers = hr_draft_keep(proof->draft, uint32_t, proof->draft->type_count);
    bool kept = types != NULL && numbers != NULL && proof->by_event;
    for (size_t i = 0; kept && i < proof->draft->type_count; i++) {
        if (proof->possible[i]) {
            types[proof->handoff->proof_type_count++] = proof->draft->types[i].name;
        }
    }
    proof->handoff->proof_types = types;
    proof->handoff->proof_type_numbers = numbers;
}

static void check_key(const struct proof *proof)
{
    for (size_t i = 0; i < proof->count; i++) {
        if (hr_plan_expr_reads(proof->lines[i].expr, HR_SCOPE_handoff, -1)) {
            return;
        }
    }
    struct hr_diagnostic *item = hr_draft_warning(
        proof->draft, key_not_compared, proof->nodes[0]->place,
        "`%.*s` has a key, and its proof does not ask for it", HR_SHOW(proof->handoff->id));
    item->example = HR_TEXT("the proof of one payment would prove another one too");
    item->help = hr_draft_say(proof->draft, "add a line such as \"%.*s == handoff.key\"",
                              HR_SHOW(hr_expr_source(proof->handoff->key)));
}

void hr_draft_read_proof(struct hr_draft *draft, struct hr_handoff *handoff,
                         const struct hr_node *node)
{
    const struct hr_node *done = hr_draft_get(node, "done_when");
    const struct hr_node *wrong = hr_draft_get(node, "wrong_when");
    struct proof proof = {.draft = draft, .handoff = handoff, .done = true};
    if (done != NULL && read_lines(&proof, done, "done_when")) {
        check_lines(&proof);
        mark_types(&proof);
        keep_types(&proof);
        if (proof.by_event && handoff->key != NULL) {
            check_key(&proof);
        }
    }
    handoff->done_when = proof.lines;
    handoff->done_count = proof.count;
    handoff->proof_by_event = proof.by_event;
    proof = (struct proof){.draft = draft, .handoff = handoff};
    if (wrong != NULL && read_lines(&proof, wrong, "wrong_when")) {
        check_lines(&proof);
        mark_types(&proof);
    }
    handoff->wrong_when = proof.lines;
    handoff->wrong_count = proof.count;
}
