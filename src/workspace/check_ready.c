/* Whether what an automation touches is ready for it to act by itself, and whether it does too much at once. */
#include "workspace/check_inside.h"

enum {
    MISSING_MAX = 6,
    MISSING_HELPED = 3,
    MISSING_BYTES_MAX = 1024,
    /* Beyond these an automation wants a reason (requirements: narrow automation scopes). */
    RECORDS_MOST = 3,
    TOOLS_MOST = 4,
    EFFECTS_MOST = 15
};

/* ---- what is missing ------------------------------------------------------------------------------------ */

struct missing {
    const struct hr_facts *facts;
    struct hr_buffer list;
    size_t count;
    struct hr_place first;
    struct hr_buffer help; /* how to mend the first few */
};

static void miss(struct missing *missing, struct hr_place place, struct hr_text what,
                 struct hr_text help)
{
    if (missing->count == 0) {
        missing->first = hr_told_place(missing->facts, place);
    }
    if (missing->count < MISSING_HELPED) {
        hr_buffer_add_format(&missing->help, "%s%.*s", missing->count == 0 ? "" : "; ",
                             HR_SHOW(help));
    }
    if (missing->count++ < MISSING_MAX) {
        hr_buffer_add_format(&missing->list, "%s%.*s", missing->count == 1 ? "" : ", ",
                             HR_SHOW(what));
    }
}

/* Who may write it, or whose word counts. */
static void miss_contract(struct missing *missing, int32_t automation, struct hr_field_ref ref)
{
    struct hr_draft *draft = missing->facts->draft;
    const struct hr_field *field = hr_fact_field(missing->facts, ref);
    const struct hr_contract *contract = field->contract;
    struct hr_text name = hr_field_said(missing->facts, automation, ref);
    if (field->type == HR_FIELD_stage || contract->writers_said || contract->written_by_ai ||
        contract->source.kind != HR_WRITER_none) {
        return;
    }
    miss(missing, contract->place,
         hr_draft_say(draft, "nothing says who may write `%.*s`", HR_SHOW(name)),
         hr_draft_say(draft, "add `writers: [automation %.*s]` to `%.*s`",
                      HR_SHOW(draft->plan->automations[automation].id), HR_SHOW(field->id)));
}

static void miss_stages(struct missing *missing, const struct hr_field *field)
{
    struct hr_draft *draft = missing->facts->draft;
    const struct hr_plan *plan = draft->plan;
    const struct hr_pipeline *pipeline =
        field->type == HR_FIELD_stage && field->contract->pipeline >= 0
            ? &plan->pipelines[field->contract->pipeline]
            : NULL;
    if (pipeline == NULL) {
        return;
    }
    if (!pipeline->moves_said) {
        miss(missing, pipeline->place,
             hr_draft_say(draft, "pipeline `%.*s` does not say who may move its stages",
                          HR_SHOW(pipeline->id)),
             hr_draft_say(draft, "add `moves: {by: [automation, people]}` to `%.*s`",
                          HR_SHOW(pipeline->id)));
    }
    for (int32_t i = 0; i < pipeline->count; i++) {
        const struct hr_stage *stage = &plan->stages[pipeline->first + i];
        if (stage->evidence.count == 0) {
            miss(missing, stage->place,
                 hr_draft_say(draft, "stage `%.*s` needs no evidence", HR_SHOW(stage->id)),
                 hr_draft_say(draft, "add `evidence:` to `%.*s`", HR_SHOW(stage->id)));
        }
    }
}

static void miss_owner(struct missing *missing, int32_t automation, enum hr_record_type record)
{
    struct hr_draft *draft = missing->facts->draft;
    const struct hr_plan *plan = draft->plan;
    bool owned = plan->records[record].owner.kind != HR_PARTY_none ||
                 (record == HR_RECORD_TYPE_contact && plan->contact_owner >= 0);
    if (!owned) {
        struct hr_place place = plan->records[record].place.line > 0
                                    ? plan->records[record].place
                                    : plan->automations[automation].place;
        miss(
            missing, place,
            hr_draft_say(draft, "nobody owns a %.*s", HR_SHOW(hr_record_type_word(record))),
            hr_draft_say(draft, "add `owner:` to `%.*s`", HR_SHOW(hr_words_records.items[record])));
    }
}

/* What happens when a tool does not answer, or says no. */
static void miss_exception(void *context, const struct hr_step_at *at)
{
    struct missing *missing = context;
    struct hr_draft *draft = missing->facts->draft;
    if (at->step->kind != HR_STEP_call || at->step->call->tool < 0 ||
        at->step->call->if_unknown != HR_IF_UNKNOWN_unsaid ||
        at->step->call->if_fails != HR_IF_FAILS_unsaid) {
        return;
    }
    const struct hr_action *action =
        &draft->plan->tools[at->step->call->tool].actions[at->step->call->action];
    miss(missing, at->step->place,
         hr_draft_say(draft, "nothing says what happens when `%.*s` fails",
                      HR_SHOW(action->full_id)),
         hr_draft_say(draft,
                      "add `if_fails: open_issue` to step %.*s, and `if_unknown: check` where "
                      "the action has a `check`",
                      HR_SHOW(at->step->path)));
}

static void complain_missing(const struct hr_facts *facts, int32_t index, struct missing *missing)
{
    const struct hr_automation *automation = &facts->draft->plan->automations[index];
    struct hr_text mode = hr_mode_word(automation->rollout.mode);
    if (missing->count > MISSING_MAX) {
        hr_buffer_add_format(&missing->list, " and %zu more", missing->count - MISSING_MAX);
    }
    struct hr_diagnostic *item = hr_draft_error(
        facts->draft, not_ready,
        hr_told_place(facts, automation->rollout.place.line > 0 ? automation->rollout.place
                                                                : automation->place),
        "`%.*s` cannot be %.*s yet: %.*s", HR_SHOW(automation->id), HR_SHOW(mode),
        HR_SHOW(hr_buffer_text(&missing->list)));
    item->label =
        hr_draft_say(facts->draft, "mode %.*s acts without asking each time", HR_SHOW(mode));
    item->second = missing->first;
    item->second_label = HR_TEXT("missing here");
    item->example =
        HR_TEXT("it would change records by a rule that nobody has agreed on, and nobody "
                "could say which value is right");
    item->help = hr_draft_say(facts->draft, "%.*s; or write `mode: draft` until then",
                              HR_SHOW(hr_buffer_text(&missing->help)));
}

void hr_check_ready(const struct hr_facts *facts, const struct hr_touch *touch, int32_t automation)
{
    const struct hr_plan *plan = facts->draft->plan;
    enum hr_mode mode = plan->automations[automation].rollout.mode;
    struct missing missing = {.facts = facts};
    if (mode != HR_MODE_guarded && mode != HR_MODE_automatic) {
        return;
    }
    hr_buffer_init(&missing.list, facts->draft->reterr->arena, MISSING_BYTES_MAX);
    hr_buffer_init(&missing.help, facts->draft->reterr->arena, MISSING_BYTES_MAX);
    for (size_t record = 0; record < HR_RECORD_TYPE_COUNT; record++) {
        bool touched = record == (size_t)plan->automations[automation].record;
        for (size_t i = 0; i < plan->records[record].field_count && i < HR_RECORD_FIELDS_MAX; i++) {
            struct hr_field_ref ref = {(enum hr_record_type)record, (int32_t)i, {.line = 0}};
            touched |= (touch->fields[record][i] & (HR_TOUCH_read | HR_TOUCH_written)) != 0;
            if ((touch->fields[record][i] & HR_TOUCH_written) != 0) {
                miss_contract(&missing, automation, ref);
                miss_stages(&missing, hr_fact_field(facts, ref));
            }
        }
        if (touched) {
            miss_owner(&missing, automation, (enum hr_record_type)record);
        }
    }
    hr_each_step(plan, automation, miss_exception, &missing);
    if (missing.count > 0) {
        complain_missing(facts, automation, &missing);
    }
}

/* ---- too much at once -------------------------------------------------------------------------------------- */

static size_t count_records(const struct hr_facts *facts, const struct hr_touch *touch)
{
    size_t count = 0;
    for (size_t record = 0; record < HR_RECORD_TYPE_COUNT; record++) {
        bool written = false;
        size_t fields = facts->draft->plan->records[record].field_count;
        for (size_t i = 0; i < fields && i < HR_RECORD_FIELDS_MAX; i++) {
            written = written || (touch->fields[record][i] & HR_TOUCH_written) != 0;
        }
        count += written;
    }
    return count;
}

static size_t count_tools(const struct hr_facts *facts, const struct hr_touch *touch)
{
    size_t count = 0;
    for (size_t i = 0; i < facts->draft->plan->tool_count; i++) {
        count += touch->tools[i] != 0;
    }
    return count;
}

void hr_check_scope(const struct hr_facts *facts, const struct hr_touch *touch, int32_t automation)
{
    struct hr_draft *draft = facts->draft;
    const struct hr_automation *wide = &draft->plan->automations[automation];
    const struct hr_node *reason =
        hr_draft_get(draft->automations.pairs[automation].value, "wide_because");
    size_t records = count_records(facts, touch);
    size_t tools = count_tools(facts, touch);
    bool narrow = records <= RECORDS_MOST && tools <= TOOLS_MOST && touch->effects <= EFFECTS_MOST;
    if (narrow || reason != NULL) {
        return;
    }
    struct hr_text what =
        records > RECORDS_MOST ? hr_draft_say(draft, "writes %zu kinds of records", records)
        : tools > TOOLS_MOST
            ? hr_draft_say(draft, "uses %zu tools", tools)
            : hr_draft_say(draft, "has %zu steps that change something", touch->effects);
    size_t most = records > RECORDS_MOST ? RECORDS_MOST
                  : tools > TOOLS_MOST   ? TOOLS_MOST
                                         : EFFECTS_MOST;
    struct hr_diagnostic *item =
        hr_draft_warning(draft, scope_wide, hr_told_place(facts, wide->place),
                         "automation `%.*s` %.*s, and more than %zu want a reason",
                         HR_SHOW(wide->id), HR_SHOW(what), most);
    item->second = hr_told_place(facts, wide->steps_place);
    item->second_label = HR_TEXT("all of this is one automation");
    item->example =
        HR_TEXT("one step of it goes wrong, and to stop it you stop all the others, too");
    item->help =
        HR_TEXT("make two automations of it, the second starting on an event that the first "
                "emits; or add `wide_because:` with the reason");
}
