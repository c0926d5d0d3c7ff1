/* The steps of an automation: lists in lists, each step known by its verb. */
#include "workspace/steps_inside.h"

enum { SUGGESTED_VERBS = HR_STEP_KIND_COUNT };

static void read_wait(struct hr_step_reading *reading, struct hr_plan_step *step,
                      const struct hr_node *map);
static void read_wait_for(struct hr_step_reading *reading, struct hr_plan_step *step,
                          const struct hr_node *map);
static void read_branch(struct hr_step_reading *reading, struct hr_plan_step *step,
                        const struct hr_node *map);
static void read_ask(struct hr_step_reading *reading, struct hr_plan_step *step,
                     const struct hr_node *map);

/* weak: the word is a key of other steps too, so it is the verb only where no other is. */
static const struct verb {
    enum hr_step_kind kind;
    enum hr_gram gram;
    bool weak;
    hr_step_reader read;
} verbs[] = {
    {HR_STEP_move_stage, HR_GRAM_step_move_stage, false, hr_step_read_move},
    {HR_STEP_create_task, HR_GRAM_step_create_task, false, hr_step_read_task},
    {HR_STEP_send_email, HR_GRAM_step_send_email, false, hr_step_read_email},
    {HR_STEP_call, HR_GRAM_step_call, false, hr_step_read_call},
    {HR_STEP_wait, HR_GRAM_step_wait, false, read_wait},
    {HR_STEP_wait_for, HR_GRAM_step_wait_for, false, read_wait_for},
    {HR_STEP_branch, HR_GRAM_step_if, false, read_branch},
    {HR_STEP_ask, HR_GRAM_step_ask, false, read_ask},
    {HR_STEP_notify, HR_GRAM_step_notify, false, hr_step_read_notify},
    {HR_STEP_emit, HR_GRAM_step_emit, false, hr_step_read_emit},
    {HR_STEP_open_issue, HR_GRAM_step_open_issue, false, hr_step_read_issue},
    {HR_STEP_copy, HR_GRAM_step_copy_to, false, hr_step_read_copy},
    {HR_STEP_ai_draft, HR_GRAM_step_ai_draft, false, hr_step_read_ai},
    {HR_STEP_ai_suggest, HR_GRAM_step_ai_suggest, false, hr_step_read_ai},
    {HR_STEP_set, HR_GRAM_step_set, true, hr_step_read_set},
    {HR_STEP_assign, HR_GRAM_step_assign, true, hr_step_read_assign},
};
enum { VERB_COUNT = sizeof verbs / sizeof verbs[0] };

/* ---- finding the verb ------------------------------------------------------------------------------ */

static const struct verb *verb_of_key(struct hr_text key)
{
    for (size_t i = 0; i < VERB_COUNT; i++) {
        if (hr_text_equal(hr_step_kind_word(verbs[i].kind), key)) {
            return &verbs[i];
        }
    }
    return NULL;
}

static void complain_verb(struct hr_draft *draft, const struct hr_node *step)
{
    struct hr_text words[SUGGESTED_VERBS];
    for (size_t i = 0; i < HR_STEP_KIND_COUNT; i++) {
        words[i] = hr_step_kind_word((enum hr_step_kind)i);
    }
    struct hr_known_ids names = {.noun = "verb", .items = words, .count = HR_STEP_KIND_COUNT};
    bool keyed = step->kind == HR_NODE_map && step->count > 0;
    struct hr_diagnostic *item = hr_draft_error(
        draft, step_verb_missing, keyed ? step->pairs[0].key->place : step->place,
        keyed ? "no key of this step is a verb" : "a step must be a map that begins with a verb");
    item->help = hr_draft_suggest(draft, keyed ? step->pairs[0].key->scalar : HR_TEXT_NONE, &names);
    if (keyed) {
        const struct hr_node *key = step->pairs[0].key;
        hr_draft_mend(draft, item, key, hr_surely_meant(key->scalar, words, HR_STEP_KIND_COUNT));
    }
}

/* The verb of a step and its key; NULL after a complaint. */
static const struct verb *find_verb(struct hr_draft *draft, const struct hr_node *step,
                                    const struct hr_node **ret_key)
{
    const struct verb *found = NULL;
    for (size_t i = 0; step->kind == HR_NODE_map && i < step->count; i++) {
        const struct hr_node *key = step->pairs[i].key;
        const struct verb *verb = verb_of_key(key->scalar);
        if (verb == NULL || (verb->weak && found != NULL)) {
            continue;
        }
        if (found != NULL && !found->weak) {
            struct hr_diagnostic *item =
                hr_draft_error(draft, step_two_verbs, key->place, "this step has two verbs");
            item->label = HR_TEXT("the second one");
            item->second = (*ret_key)->place;
            item->second_label = HR_TEXT("the first one");
            return NULL;
        }
        found = verb;
        *ret_key = key;
    }
    if (found == NULL) {
        complain_verb(draft, step);
    }
    return found;
}

/* ---- lists of steps ----------------------------------------------------------------------------------- */

static void read_id(struct hr_step_reading *reading, struct hr_plan_step *step,
                    const struct hr_node *map)
{
    struct hr_draft *draft = reading->draft;
    const struct hr_node *node = hr_draft_get(map, "id");
    if (node == NULL || !hr_draft_id(draft, node, "step", false)) {
        return;
    }
    step->id = hr_draft_copy(draft, node->scalar);
    if (hr_map_find(&reading->by_id, step->id) != NULL) {
        hr_draft_error(draft, id_twice, node->place, "two steps of `%.*s` are called `%.*s`",
                       HR_SHOW(reading->automation->id), HR_SHOW(step->id));
    }
    draft->refused |= !hr_ok(hr_map_put(&reading->by_id, step->id, 1));
}

static bool read_step(struct hr_step_reading *reading, struct hr_plan_step *step,
                      const struct hr_node *node)
{
    const struct hr_node *key = NULL;
    const struct verb *verb = find_verb(reading->draft, node, &key);
    if (verb == NULL || !hr_draft_map(reading->draft, verb->gram, node, node)) {
        return false;
    }
    step->kind = verb->kind;
    step->place = hr_draft_place(reading->draft, key->place);
    read_id(reading, step, node);
    verb->read(reading, step, node);
    return step->set != NULL; /* whatever its kind: memory was there */
}

/* Depth is limited by HR_STEP_DEPTH_MAX, so the recursion is. */
static struct hr_plan_steps read_list(struct hr_step_reading *reading, const struct hr_node *list,
                                      struct hr_text before)
{
    struct hr_draft *draft = reading->draft;
    size_t count = hr_draft_list(draft, list, "steps", HR_LIMIT_steps);
    struct hr_plan_step *items = hr_draft_keep(draft, struct hr_plan_step, count);
    struct hr_plan_steps steps = {items, 0};
    if (list != NULL && list->kind == HR_NODE_list && list->count == 0) {
        hr_draft_error(draft, text_empty, list->place, "there is no step here");
    }
    for (size_t i = 0; items != NULL && i < count; i++) {
        struct hr_plan_step *step = &items[steps.count];
        step->number = ++reading->automation->step_count;
        step->path = hr_text_format(draft->into, "%.*s%zu", HR_SHOW(before), i + 1);
        if (!hr_draft_within(draft, HR_LIMIT_steps, step->number, list->items[i]->place)) {
            break;
        }
        if (read_step(reading, step, list->items[i])) {
            steps.count++;
        } else {
            *step = (struct hr_plan_step){.number = 0};
            reading->broken = true;
        }
    }
    return steps;
}

bool hr_draft_read_steps(struct hr_draft *draft, struct hr_automation *automation,
                         const struct hr_node *map)
{
    struct hr_step_reading reading = {.draft = draft, .automation = automation};
    const struct hr_node *list = hr_draft_get(map, "steps");
    hr_map_init(&reading.by_id, &draft->scratch);
    if (list != NULL) {
        automation->steps_place = hr_draft_place(draft, list->place);
        automation->steps = read_list(&reading, list, HR_TEXT_NONE);
    }
    return !reading.broken;
}

/* ---- if ------------------------------------------------------------------------------------------------ */

static struct hr_plan_steps read_way(struct hr_step_reading *reading,
                                     const struct hr_plan_step *step, const struct hr_node *list,
                                     const char *word)
{
    struct hr_text before =
        hr_text_format(&reading->draft->scratch, "%.*s.%s.", HR_SHOW(step->path), word);
    return list == NULL ? (struct hr_plan_steps){NULL, 0} : read_list(reading, list, before);
}

static void read_branch(struct hr_step_reading *reading, struct hr_plan_step *step,
                        const struct hr_node *map)
{
    struct hr_draft *draft = reading->draft;
    struct hr_step_branch *branch = hr_draft_keep(draft, struct hr_step_branch, 1);
    step->branch = branch;
    if (branch == NULL) {
        return;
    }
    if (reading->depth >= HR_STEP_DEPTH_MAX) {
        hr_draft_error(draft, steps_too_deep, map->place, "`if` stands at most %d deep in another",
                       HR_STEP_DEPTH_MAX);
        return;
    }
    branch->when = hr_draft_clauses(draft, hr_draft_get(map, "if"), "if", HR_USE_rule);
    reading->depth++;
    branch->then = read_way(reading, step, hr_draft_get(map, "then"), "then");
    branch->otherwise = read_way(reading, step, hr_draft_get(map, "else"), "else");
    reading->depth--;
}

/* ---- waiting and asking ---------------------------------------------------------------------------------- */

static void read_wait(struct hr_step_reading *reading, struct hr_plan_step *step,
                      const struct hr_node *map)
{
    struct hr_step_wait *wait = hr_draft_keep(reading->draft, struct hr_step_wait, 1);
    step->wait = wait;
    if (wait != NULL) {
        (void)hr_draft_span_of(reading->draft, hr_draft_get(map, "wait"),
                               "what was meant for tomorrow would be done in a minute",
                               &wait->span);
        wait->only_in_business_hours =
            hr_draft_word_at(reading->draft, map, "only_in", &hr_words_only_in, -1) == 0;
    }
}

static void read_wait_for(struct hr_step_reading *reading, struct hr_plan_step *step,
                          const struct hr_node *map)
{
    struct hr_draft *draft = reading->draft;
    struct hr_step_wait_for *wait = hr_draft_keep(draft, struct hr_step_wait_for, 1);
    const struct hr_node *node = hr_draft_get(map, "wait_for");
    step->wait_for = wait;
    if (wait == NULL) {
        return;
    }
    bool proof = node->kind == HR_NODE_scalar && hr_text_starts(node->scalar, HR_TEXT("proven "));
    wait->event = proof ? HR_NONE_INDEX : hr_draft_event(draft, node);
    wait->handoff = proof ? hr_draft_proven(draft, node) : HR_NONE_INDEX;
    wait->when = hr_draft_clauses(draft, hr_draft_get(map, "when"), "when", HR_USE_rule);
    wait->has_up_to = hr_draft_span_at(draft, map, "up_to", &wait->up_to);
    /* the words begin behind `unsaid` */
    wait->if_late =
        (enum hr_if_late)(hr_draft_word_at(draft, map, "if_late", &hr_words_if_late, -1) + 1);
    wait->severity = (enum hr_severity_word)hr_draft_word_at(
        draft, map, "severity", &hr_words_severity, HR_SEVERITY_WORD_normal);
}

static void read_ask(struct hr_step_reading *reading, struct hr_plan_step *step,
                     const struct hr_node *map)
{
    struct hr_draft *draft = reading->draft;
    struct hr_step_ask *ask = hr_draft_keep(draft, struct hr_step_ask, 1);
    struct hr_nodes show = hr_draft_some(draft, hr_draft_get(map, "show"), "show", HR_LIMIT_names);
    step->ask = ask;
    if (ask == NULL) {
        return;
    }
    ask->text = hr_draft_template(draft, hr_draft_get(map, "ask"), "ask", HR_LANDING_text);
    ask->by = hr_draft_parties_at(draft, map, "by", true);
    ask->show = hr_draft_exprs(draft, show, &ask->show_count);
    ask->has_expires = hr_draft_span_at(draft, map, "expires", &ask->expires);
    ask->if_expired = (enum hr_if_expired)hr_draft_word_at(
        draft, map, "if_expired", &hr_words_if_expired, HR_IF_EXPIRED_do_nothing);
}
