/* Policies: what messages are for, and limits that hold over all automations. */
#include "workspace/inside.h"

/* ---- purposes ----------------------------------------------------------------------------------- */

/* The contact's field in which consent to the purpose stands. */
static int32_t consent_field(const struct hr_plan *plan, int32_t purpose)
{
    for (size_t i = 0; i < plan->field_count; i++) {
        if (plan->fields[i].type == HR_FIELD_consent &&
            plan->fields[i].contract->purpose == purpose) {
            return (int32_t)i;
        }
    }
    return HR_NONE_INDEX;
}

static void read_purposes(struct hr_draft *draft)
{
    size_t count = draft->purpose_names.count;
    struct hr_purpose *purposes = hr_draft_keep(draft, struct hr_purpose, count);
    for (size_t i = 0; purposes != NULL && i < count; i++) {
        const struct hr_pair *pair = &draft->purposes.pairs[i];
        purposes[i].id = draft->purpose_names.items[i];
        purposes[i].place = hr_draft_place(draft, pair->key->place);
        purposes[i].consent_field = consent_field(draft->plan, (int32_t)i);
        if (hr_draft_id(draft, pair->key, "purpose", false) &&
            hr_draft_map(draft, HR_GRAM_purpose, pair->key, pair->value)) {
            purposes[i].title = hr_draft_title(draft, pair->value, purposes[i].id);
            purposes[i].needs_consent = hr_draft_flag(draft, pair->value, "needs_consent", true);
        }
    }
    draft->plan->policies.purposes = purposes;
    draft->plan->policies.purpose_count = purposes == NULL ? 0 : count;
}

/* ---- how much is too much -------------------------------------------------------------------------- */

static void read_caps(struct hr_draft *draft)
{
    const struct hr_node *list = draft->single[HR_SINGLE_caps].value;
    size_t count = hr_draft_list(draft, list, "caps", HR_LIMIT_policies);
    struct hr_cap *caps = hr_draft_keep(draft, struct hr_cap, count);
    for (size_t i = 0; caps != NULL && i < count; i++) {
        const struct hr_node *node = list->items[i];
        if (!hr_draft_map(draft, HR_GRAM_cap, node, node)) {
            continue;
        }
        caps[draft->plan->policies.cap_count++] = (struct hr_cap){
            .purpose = hr_draft_ref_at(draft, node, "purpose", &draft->purpose_names,
                                       HR_CODE_purpose_unknown),
            .most = hr_draft_rate(draft, hr_draft_get(node, "most")),
            .place = hr_draft_place(draft, node->place)};
    }
    draft->plan->policies.caps = caps;
}

static void read_quiet_hours(struct hr_draft *draft)
{
    const struct hr_pair *pair = &draft->single[HR_SINGLE_quiet_hours];
    struct hr_quiet_hours *quiet = &draft->plan->policies.quiet_hours;
    if (pair->value == NULL || !hr_draft_map(draft, HR_GRAM_quiet_hours, pair->key, pair->value)) {
        return;
    }
    const struct hr_node *to = hr_draft_get(pair->value, "to");
    bool from_read = hr_draft_minute(draft, hr_draft_get(pair->value, "from"), &quiet->from_minute);
    bool to_read = hr_draft_minute(draft, to, &quiet->to_minute);
    quiet->said = from_read && to_read;
    quiet->place = hr_draft_place(draft, pair->key->place);
    if (quiet->said && quiet->from_minute == quiet->to_minute) {
        hr_draft_error(draft, hours_form, to->place, "these quiet hours begin and end at once")
            ->help =
            HR_TEXT("write two different times; `from` later than `to` means over midnight");
    }
    quiet->business_days_only = hr_draft_flag(draft, pair->value, "business_days_only", false);
    struct hr_nodes except =
        hr_draft_some(draft, hr_draft_get(pair->value, "except"), "except", HR_LIMIT_names);
    int32_t *purposes = hr_draft_keep(draft, int32_t, except.count);
    quiet->except = purposes;
    for (size_t i = 0; purposes != NULL && i < except.count; i++) {
        int32_t purpose =
            hr_draft_ref(draft, except.items[i], &draft->purpose_names, HR_CODE_purpose_unknown);
        if (purpose >= 0) {
            purposes[quiet->except_count++] = purpose;
        }
    }
}

static void read_budgets(struct hr_draft *draft)
{
    const struct hr_node *list = draft->single[HR_SINGLE_budgets].value;
    size_t count = hr_draft_list(draft, list, "budgets", HR_LIMIT_policies);
    struct hr_budget *budgets = hr_draft_keep(draft, struct hr_budget, count);
    for (size_t i = 0; budgets != NULL && i < count; i++) {
        const struct hr_node *node = list->items[i];
        if (!hr_draft_map(draft, HR_GRAM_budget, node, node)) {
            continue;
        }
        int kind = hr_draft_word_at(draft, node, "of", &hr_words_budget_kind, -1);
        struct hr_budget budget = {
            .kind = kind < 0 ? HR_BUDGET_messages : (enum hr_budget_kind)kind,
            .tool = hr_draft_ref_at(draft, node, "tool", &draft->tool_names, HR_CODE_tool_unknown),
            .most = hr_draft_rate(draft, hr_draft_get(node, "most")),
            .place = hr_draft_place(draft, node->place)};
        if (kind >= 0) {
            budgets[draft->plan->policies.budget_count++] = budget;
        }
    }
    draft->plan->policies.budgets = budgets;
}

/* ---- who has to say yes, what must be known ---------------------------------------------------------- */

static void read_classes(struct hr_draft *draft)
{
    for (size_t i = 0; i < draft->classes.count; i++) {
        const struct hr_pair *pair = &draft->classes.pairs[i];
        int class = hr_draft_word(draft, pair->key, &hr_words_approval_class);
        if (class < 0 || !hr_draft_map(draft, HR_GRAM_class_rule, pair->key, pair->value)) {
            continue;
        }
        draft->plan->policies.classes[class] = (struct hr_class_rule){
            .said = true,
            .by = hr_draft_parties_at(draft, pair->value, "by", false),
            .not_by_author = hr_draft_flag(draft, pair->value, "not_by_author", false),
            .place = hr_draft_place(draft, pair->key->place)};
    }
}

static void read_quality(struct hr_draft *draft)
{
    const struct hr_node *list = draft->single[HR_SINGLE_data_quality].value;
    size_t count = hr_draft_list(draft, list, "data_quality", HR_LIMIT_policies);
    struct hr_quality *rules = hr_draft_keep(draft, struct hr_quality, count);
    for (size_t i = 0; rules != NULL && i < count; i++) {
        const struct hr_node *node = list->items[i];
        struct hr_quality rule = {.known = 0};
        if (!hr_draft_map(draft, HR_GRAM_quality, node, node)) {
            continue;
        }
        rule.field = hr_draft_field(draft, hr_draft_get(node, "field"), HR_RECORD_TYPE_contact);
        rule.place = hr_draft_place(draft, node->place);
        if (hr_draft_share(draft, hr_draft_get(node, "known"), &rule.known) &&
            rule.field.field >= 0) {
            rules[draft->plan->policies.quality_count++] = rule;
        }
    }
    draft->plan->policies.quality = rules;
}

void hr_draft_read_policies(struct hr_draft *draft)
{
    read_purposes(draft);
    read_caps(draft);
    read_quiet_hours(draft);
    read_budgets(draft);
    read_classes(draft);
    read_quality(draft);
}
