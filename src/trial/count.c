/* How often something was done in a test, and how many of something there are. */
#include "engine/automation.h"
#include "trial/inside.h"

/* One look through all records. */
struct counting {
    struct hr_world *world;
    const struct hr_test_item *item;
    struct hr_buffer
        words; /* of all of the kind, so that a line that fails shows what is there instead */
    uint64_t all;
    uint64_t meant;
};

static void add_words(struct counting *counting, bool meant)
{
    hr_buffer_add_text(&counting->words, counting->all > 0 ? HR_TEXT("; ") : HR_TEXT_NONE);
    counting->all++;
    counting->meant += meant;
}

/* ---- whom a line means -------------------------------------------------------------------------------- */

static bool is_in_team(const struct hr_team *team, int32_t person)
{
    for (size_t i = 0; i < team->person_count; i++) {
        if (team->people[i] == person) {
            return true;
        }
    }
    return false;
}

/* A person's index; -1 means nobody. */
static bool means_person(const struct hr_plan *plan, const struct hr_parties *parties,
                         int32_t person)
{
    for (size_t i = 0; person >= 0 && i < parties->count; i++) {
        const struct hr_party *party = &parties->items[i];
        if (party->kind == HR_PARTY_person
                ? party->index == person
                : party->kind == HR_PARTY_team && is_in_team(&plan->teams[party->index], person)) {
            return true;
        }
    }
    return false;
}

/* ---- issues --------------------------------------------------------------------------------------------- */

/* The tool of the step that an automation's issue is about; -1: of none. */
static int32_t tool_of_step(const struct hr_plan *plan, const struct hr_issue *issue)
{
    int32_t automation = hr_plan_automation_numbered(plan, issue->about);
    const struct hr_plan_step *step =
        automation < 0 ? NULL : hr_step_numbered(&plan->automations[automation], issue->detail);
    return step != NULL && step->kind == HR_STEP_call ? step->call->tool : HR_NONE_INDEX;
}

/* The tool that an issue is about; -1: about something else. */
static int32_t tool_of(const struct hr_plan *plan, const struct hr_issue *issue)
{
    bool of_tool = issue->cause == HR_CAUSE_silence || issue->cause == HR_CAUSE_ambiguous ||
                   issue->cause == HR_CAUSE_tool_down || issue->cause == HR_CAUSE_no_access ||
                   (issue->cause == HR_CAUSE_missing_field && issue->path == 0);
    if (issue->cause == HR_CAUSE_automation) {
        return tool_of_step(plan, issue);
    }
    return of_tool ? hr_plan_tool_numbered(plan, issue->about) : HR_NONE_INDEX;
}

static bool means_issue(const struct counting *counting, const struct hr_issue *issue)
{
    const struct hr_plan *plan = &counting->world->plan;
    const struct hr_test_item *item = counting->item;
    bool urgent = item->severity != HR_SEVERITY_WORD_normal;
    if (item->has_severity && urgent != (issue->severity == HR_URGENCY_urgent)) {
        return false;
    }
    if (item->tool >= 0) {
        return tool_of(plan, issue) == item->tool;
    }
    return means_person(plan, &item->parties, hr_issue_told(plan, issue)) ||
           means_person(plan, &item->parties, hr_plan_person_numbered(plan, issue->owner));
}

static struct hr_text person_id(const struct hr_plan *plan, int32_t person)
{
    return person < 0 ? HR_TEXT("nobody") : plan->people[person].id;
}

/* "H-1 (no proof, urgent, told priya, owner dan)" */
static void count_issue(struct counting *counting, const struct hr_record *record)
{
    const struct hr_plan *plan = &counting->world->plan;
    const struct hr_issue *issue = record->issue;
    struct hr_text cause = hr_cause_word((enum hr_cause)issue->cause);
    add_words(counting, means_issue(counting, issue));
    hr_buffer_add_format(&counting->words, "H-%llu (%.*s, %s, told %.*s, owner %.*s)",
                         (unsigned long long)issue->number, HR_SHOW(cause),
                         issue->severity == HR_URGENCY_urgent ? "urgent" : "normal",
                         HR_SHOW(person_id(plan, hr_issue_told(plan, issue))),
                         HR_SHOW(person_id(plan, hr_plan_person_numbered(plan, issue->owner))));
}

/* ---- what left ------------------------------------------------------------------------------------------ */

/* "member_welcome (withdrawn: they have not agreed to such messages)" */
static void count_effect(struct counting *counting, const struct hr_effect *effect, bool meant)
{
    struct hr_lens lens = hr_world_lens(counting->world);
    bool named = effect->what > 0 && effect->what <= lens.names->count;
    struct hr_text what = named ? lens.names->words[effect->what - 1] : HR_TEXT_NONE;
    struct hr_text state = hr_effect_state_word((enum hr_effect_state)effect->state);
    bool why = effect->state == HR_EFFECT_withdrawn || effect->state == HR_EFFECT_refused;
    add_words(counting, meant);
    hr_buffer_add_format(&counting->words, "%.*s (%.*s%s%.*s)", HR_SHOW(what), HR_SHOW(state),
                         why ? ": " : "", HR_SHOW(why ? effect->answer : HR_TEXT_NONE));
}

/* A tool was asked, whatever became of it; repeated until it answers, it is one call all the same. */
static void count_call(struct counting *counting, const struct hr_record *record)
{
    const struct hr_test_item *item = counting->item;
    const struct hr_effect *effect = record->effect;
    if (effect->kind == HR_EFFECT_call) {
        const struct hr_tool *tool = &counting->world->plan.tools[item->tool];
        count_effect(counting, effect,
                     effect->sent_at != HR_INSTANT_NONE &&
                         effect->what == tool->actions[item->action].name_number);
    }
}

/* What the step says that the message is for, else the message itself. */
static int32_t purpose_of(const struct hr_plan *plan, const struct hr_effect *effect)
{
    int32_t index = hr_plan_automation_numbered(plan, effect->automation);
    const struct hr_plan_step *step =
        index < 0 ? NULL : hr_step_numbered(&plan->automations[index], effect->step);
    if (step == NULL || step->kind != HR_STEP_send_email) {
        return HR_NONE_INDEX;
    }
    return step->email->purpose >= 0 ? step->email->purpose
                                     : plan->messages[step->email->message].purpose;
}

static void count_letter(struct counting *counting, const struct hr_record *record)
{
    const struct hr_plan *plan = &counting->world->plan;
    const struct hr_test_item *item = counting->item;
    const struct hr_effect *effect = record->effect;
    if (effect->kind == HR_EFFECT_letter) {
        bool meant = item->message >= 0 ? effect->what == plan->messages[item->message].name_number
                                        : purpose_of(plan, effect) == item->purpose;
        count_effect(counting, effect, meant && effect->state == HR_EFFECT_confirmed);
    }
}

/* ---- records ---------------------------------------------------------------------------------------------- */

static void count_contact(struct counting *counting, const struct hr_record *record)
{
    add_words(counting, true);
    hr_buffer_add_text(&counting->words, hr_contact_name(&counting->world->arena, record->id));
}

static void count_other(struct counting *counting, const struct hr_record *record)
{
    add_words(counting, true);
    hr_buffer_add_text(&counting->words,
                       hr_record_name(&counting->world->arena, record->kind, record->id));
}

/* "Call Ada (open, dan)" */
static void count_task(struct counting *counting, const struct hr_record *record)
{
    const struct hr_plan *plan = &counting->world->plan;
    const struct hr_work *work = record->contact->work;
    int32_t owner = hr_plan_person_numbered(plan, work->owner);
    struct hr_text state = hr_work_state_word((enum hr_work_state)work->state);
    add_words(counting, means_person(plan, &counting->item->parties, owner));
    hr_buffer_add_format(&counting->words, "\"%.*s\" (%.*s, %.*s)", HR_SHOW(work->next),
                         HR_SHOW(state), HR_SHOW(person_id(plan, owner)));
}

/* ---- all of them -------------------------------------------------------------------------------------------- */

static hr_status look(struct counting *counting, unsigned kind,
                      void (*count)(struct counting *counting, const struct hr_record *record),
                      const char *none, struct hr_counted *ret_counted)
{
    const struct hr_view *view = &counting->world->view;
    for (size_t i = 0; i < view->record_count; i++) {
        if (view->records[i]->exists && view->records[i]->kind == kind) {
            count(counting, view->records[i]);
        }
    }
    if (counting->all == 0) {
        hr_buffer_add_text(&counting->words, hr_text_from(none));
    }
    *ret_counted = (struct hr_counted){
        .available = true, .count = counting->meant, .words = hr_buffer_text(&counting->words)};
    return hr_buffer_status(&counting->words);
}

/* Nobody can tell yet: what would be counted is not carried out. */
static hr_status unavailable(const char *words, struct hr_counted *ret_counted)
{
    *ret_counted = (struct hr_counted){.available = false, .words = hr_text_from(words)};
    return hr_done();
}

static const char *const no_record[HR_RECORD_TYPE_COUNT] = {
    "no contact", "no account", "no opportunity", "no ticket", "no task"};

hr_status hr_count_of(struct hr_world *world, const struct hr_test_item *item,
                      struct hr_counted *ret_counted)
{
    struct counting counting = {.world = world, .item = item};
    hr_buffer_init(&counting.words, &world->arena, HR_WORDS_BYTES_MAX);
    switch (item->kind) {
    case HR_TEST_issue:
        return look(&counting, HR_RECORD_issue, count_issue, "no issue", ret_counted);
    case HR_TEST_count:
        return look(&counting, hr_kind_of(item->record),
                    item->record == HR_RECORD_TYPE_contact ? count_contact : count_other,
                    no_record[item->record], ret_counted);
    case HR_TEST_called:
        return look(&counting, HR_RECORD_effect, count_call, "nothing was called", ret_counted);
    case HR_TEST_sent:
        return look(&counting, HR_RECORD_effect, count_letter, "nothing was sent", ret_counted);
    case HR_TEST_task:
        return look(&counting, HR_RECORD_task, count_task, "no task", ret_counted);
    case HR_TEST_event:
    case HR_TEST_set:
    case HR_TEST_away:
    case HR_TEST_import:
    case HR_TEST_holds:
        break;
    }
    return unavailable("this line", ret_counted);
}
