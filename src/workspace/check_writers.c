/* Two writers of one field, with nothing that says who wins. */
#include "workspace/check_inside.h"

enum { FIGHTS_TOLD_MAX = 5 };

/* The writes of one field. */
struct group {
    const struct hr_facts *facts;
    const size_t *items; /* indexes in the facts' writes */
    size_t count;
    struct hr_demands *demands; /* room for HR_FIELD_WRITERS_MAX */
    bool *asked;
};

/* ---- who wins ---------------------------------------------------------------------------------------- */

static bool same_writer(const struct hr_write *a, const struct hr_write *b)
{
    bool same_automation = a->automation >= 0 && a->automation == b->automation;
    return same_automation ||
           (a->writer.kind == b->writer.kind && a->writer.index == b->writer.index);
}

static bool is_source(const struct hr_contract *contract, const struct hr_write *write)
{
    return contract->source.kind == write->writer.kind &&
           contract->source.index == write->writer.index;
}

/* One answer for all who write the field. */
static bool answers_all(const struct hr_facts *facts, const struct hr_write *write)
{
    const struct hr_field *field = hr_fact_field(facts, write->field);
    const struct hr_plan *plan = facts->draft->plan;
    int32_t pipeline = field->type == HR_FIELD_stage ? field->contract->pipeline : HR_NONE_INDEX;
    switch (field->contract->on_conflict) {
    case HR_ON_CONFLICT_ask:
    case HR_ON_CONFLICT_keep_first:
    case HR_ON_CONFLICT_newest:
    case HR_ON_CONFLICT_never_overwrite:
        return true;
    case HR_ON_CONFLICT_unsaid:
    case HR_ON_CONFLICT_source_wins:
    case HR_ON_CONFLICT_people_win:
        break;
    }
    return pipeline >= 0 && plan->pipelines[pipeline].backwards != HR_MOVE_allow;
}

static bool answered(const struct hr_contract *contract, const struct hr_write *a,
                     const struct hr_write *b)
{
    bool equal = a->constant.size > 0 && hr_text_equal(a->constant, b->constant);
    return equal || same_writer(a, b) || is_source(contract, a) || is_source(contract, b) ||
           (a->ordered && b->ordered);
}

/* ---- can both -------------------------------------------------------------------------------------------- */

static const struct hr_demands *demands_of(struct group *group, size_t index)
{
    if (!group->asked[index]) {
        hr_find_demands(group->facts, &group->facts->writes[group->items[index]],
                        &group->demands[index]);
        group->asked[index] = true;
    }
    return &group->demands[index];
}

static bool fight(struct group *group, size_t one, size_t other)
{
    const struct hr_facts *facts = group->facts;
    const struct hr_write *a = &facts->writes[group->items[one]];
    const struct hr_write *b = &facts->writes[group->items[other]];
    const struct hr_contract *contract = hr_fact_field(facts, a->field)->contract;
    return !answered(contract, a, b) &&
           hr_can_meet(facts, a, demands_of(group, one), b, demands_of(group, other));
}

/* ---- saying it ---------------------------------------------------------------------------------------------- */

/* The first event that starts both; empty when there is none. */
static struct hr_text common_start(const struct hr_facts *facts, const struct hr_write *a,
                                   const struct hr_write *b)
{
    const struct hr_plan *plan = facts->draft->plan;
    for (size_t i = 0; i < plan->automations[a->automation].trigger.event_count; i++) {
        int32_t event = plan->automations[a->automation].trigger.events[i];
        for (size_t other = 0; other < plan->automations[b->automation].trigger.event_count;
             other++) {
            if (plan->automations[b->automation].trigger.events[other] == event) {
                return plan->event_names[event].name;
            }
        }
    }
    return HR_TEXT_NONE;
}

static struct hr_text harm(const struct hr_facts *facts, const struct hr_write *a,
                           const struct hr_write *b)
{
    struct hr_draft *draft = facts->draft;
    const struct hr_plan *plan = draft->plan;
    if (a->automation < 0 || b->automation < 0) {
        return hr_draft_say(draft,
                            "%.*s brings one value and %.*s another; whichever comes last "
                            "stays",
                            HR_SHOW(hr_writer_said(facts, &a->writer)),
                            HR_SHOW(hr_writer_said(facts, &b->writer)));
    }
    struct hr_text event = common_start(facts, a, b);
    if (event.size == 0) {
        return hr_draft_say(draft,
                            "both can run for one contact, since nothing in their `when` keeps "
                            "them apart: `%.*s` writes, `%.*s` writes over it",
                            HR_SHOW(plan->automations[a->automation].id),
                            HR_SHOW(plan->automations[b->automation].id));
    }
    return hr_draft_say(
        draft, "one `%.*s` starts both, and the value of whichever runs last stays%s",
        HR_SHOW(event), a->waited || b->waited ? ", though it may have waited for days" : "");
}

static void complain(const struct hr_facts *facts, const struct hr_write *a,
                     const struct hr_write *b, bool last)
{
    struct hr_draft *draft = facts->draft;
    const struct hr_field *field = hr_fact_field(facts, a->field);
    bool only_tools = a->automation < 0 && b->automation < 0;
    struct hr_diagnostic *item = hr_diagnostics_add(
        draft->reterr, HR_CODE_two_writers, only_tools ? HR_SEVERITY_warning : HR_SEVERITY_error,
        hr_write_place(facts, b), "%.*s and %.*s both write `%.*s`, and nothing says who wins",
        HR_SHOW(hr_writer_said(facts, &a->writer)), HR_SHOW(hr_writer_said(facts, &b->writer)),
        HR_SHOW(field->id));
    item->label = HR_TEXT("writes it here");
    item->second = hr_write_place(facts, a);
    item->second_label = HR_TEXT("writes it here, too");
    item->example = harm(facts, a, b);
    bool source = field->contract->on_conflict == HR_ON_CONFLICT_source_wins ||
                  field->contract->on_conflict == HR_ON_CONFLICT_people_win;
    struct hr_text word = hr_on_conflict_word(field->contract->on_conflict);
    if (field->type == HR_FIELD_stage) {
        item->help = HR_TEXT("write `backwards: ask` under the `moves` of its pipeline");
    } else if (source) {
        item->help =
            hr_draft_say(draft,
                         "`on_conflict: %.*s` of `%.*s` does not choose between "
                         "these two; write newest, ask or keep_first%s",
                         HR_SHOW(word), HR_SHOW(field->id),
                         only_tools ? "" : ", or let their `when` demand different values");
    } else {
        item->help = hr_draft_say(
            draft, "add `on_conflict: newest` (or ask, keep_first) to `%.*s`%s", HR_SHOW(field->id),
            only_tools ? "" : ", or let their `when` demand different values");
    }
    if (last) {
        item->help = hr_draft_say(draft, "%.*s; other writers of it are told once these are mended",
                                  HR_SHOW(item->help));
    }
}

/* Each write is told once, with the first that it fights. */
static void find_fights(struct group *group, size_t count)
{
    const struct hr_facts *facts = group->facts;
    size_t told = 0;
    for (size_t other = 1; other < count && told < FIGHTS_TOLD_MAX; other++) {
        size_t one = 0;
        while (one < other && !fight(group, one, other)) {
            one++;
        }
        if (one < other) {
            complain(facts, &facts->writes[group->items[one]], &facts->writes[group->items[other]],
                     ++told == FIGHTS_TOLD_MAX);
        }
    }
}

/* It may be that they all write the same; nobody has looked. */
static void warn_unseen(const struct group *group)
{
    const struct hr_facts *facts = group->facts;
    const struct hr_write *first = &facts->writes[group->items[HR_FIELD_WRITERS_MAX]];
    struct hr_diagnostic *item = hr_draft_warning(
        facts->draft, two_writers, hr_write_place(facts, first),
        "`%.*s` is written in %zu places, and only the first %d are compared with each other",
        HR_SHOW(hr_fact_field(facts, first->field)->id), group->count, HR_FIELD_WRITERS_MAX);
    item->label = HR_TEXT("the first that is not");
    item->help = HR_TEXT("say at the field who wins: `on_conflict: newest` (or ask, keep_first)");
}

/* ---- field by field ------------------------------------------------------------------------------------------ */

static size_t slot_of(const struct hr_write *write)
{
    return (size_t)write->field.record * HR_RECORD_FIELDS_MAX + (size_t)write->field.field;
}

/* What finds the contact is what the contact has already: `on_two_matches` answers for it. */
static bool competes(const struct hr_write *write)
{
    return write->how != HR_WRITE_matched;
}

static void check_group(struct group *group)
{
    const struct hr_facts *facts = group->facts;
    size_t count =
        group->count < HR_FIELD_WRITERS_MAX ? group->count : (size_t)HR_FIELD_WRITERS_MAX;
    if (group->count < 2 || answers_all(facts, &facts->writes[group->items[0]])) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        group->asked[i] = false;
    }
    find_fights(group, count);
    if (group->count > count) {
        warn_unseen(group);
    }
}

/* Sorted by field in two passes, so that the whole is linear in what is written. */
void hr_check_writers(const struct hr_facts *facts)
{
    enum { SLOTS = HR_RECORD_TYPE_COUNT * HR_RECORD_FIELDS_MAX };
    struct hr_draft *draft = facts->draft;
    size_t *begins = hr_draft_scratch(draft, size_t, SLOTS + 2);
    size_t *sorted = hr_draft_scratch(draft, size_t, facts->write_count);
    struct group group = {.facts = facts,
                          .demands =
                              hr_draft_scratch(draft, struct hr_demands, HR_FIELD_WRITERS_MAX),
                          .asked = hr_draft_scratch(draft, bool, HR_FIELD_WRITERS_MAX)};
    if (begins == NULL || sorted == NULL || group.demands == NULL || group.asked == NULL) {
        return;
    }
    for (size_t i = 0; i < facts->write_count; i++) {
        begins[slot_of(&facts->writes[i]) + 2] += competes(&facts->writes[i]);
    }
    for (size_t slot = 2; slot < SLOTS + 2; slot++) {
        begins[slot] += begins[slot - 1];
    }
    for (size_t i = 0; i < facts->write_count; i++) {
        if (competes(&facts->writes[i])) {
            sorted[begins[slot_of(&facts->writes[i]) + 1]++] = i;
        }
    }
    for (size_t slot = 0; slot < SLOTS; slot++) {
        group.items = &sorted[begins[slot]];
        group.count = begins[slot + 1] - begins[slot];
        check_group(&group);
    }
}
