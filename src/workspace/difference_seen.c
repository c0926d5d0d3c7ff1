/* Which differences a customer notices: what they are sent, whether, or when. */
#include "workspace/difference_inside.h"

/* The first word, and what follows it. */
static struct hr_text first_word(struct hr_text *rest)
{
    return hr_text_cut(rest, ' ');
}

static bool is_one_of(struct hr_text word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (hr_text_equal(word, hr_text_from(words[i]))) {
            return true;
        }
    }
    return false;
}

#define IS_ONE_OF(word, words) is_one_of(word, words, sizeof(words) / sizeof(words)[0])

/* ---- steps ------------------------------------------------------------------------------------------- */

/* Where a mail stands, seen from the step at `path`. */
enum relation { RELATION_none, RELATION_within, RELATION_after };

static enum relation relation_of(struct hr_text path, struct hr_text mail)
{
    while (path.size > 0 && mail.size > 0) {
        int64_t step = 0;
        int64_t other = 0;
        struct hr_text here = hr_text_cut(&path, '.');
        struct hr_text there = hr_text_cut(&mail, '.');
        if (!hr_text_equal(here, there)) { /* two ways of one branch are never both taken */
            bool numbers = hr_text_to_integer(here, &step) && hr_text_to_integer(there, &other);
            return numbers && other > step ? RELATION_after : RELATION_none;
        }
    }
    return path.size == 0 ? RELATION_within : RELATION_none;
}

/* True when what comes behind the step depends on it: when it comes, or whether at all. */
static bool is_gate(const struct hr_plan_step *step, struct hr_text key)
{
    static const char *const answers[] = {"up_to", "if_fails", "if_unknown"};
    bool answer = key.size == 0 || IS_ONE_OF(key, answers);
    return step->kind == HR_STEP_wait || step->kind == HR_STEP_wait_for ||
           step->kind == HR_STEP_branch || step->kind == HR_STEP_ask ||
           (step->kind == HR_STEP_call && answer);
}

/* Depth is that of the plan's steps. */
static const struct hr_plan_step *step_at(const struct hr_plan_steps *steps, struct hr_text path)
{
    const struct hr_plan_step *found = NULL;
    for (size_t i = 0; i < steps->count && found == NULL; i++) {
        const struct hr_plan_step *step = &steps->items[i];
        if (hr_text_equal(step->path, path)) {
            return step;
        }
        if (step->kind == HR_STEP_branch) {
            found = step_at(&step->branch->then, path);
            found = found != NULL ? found : step_at(&step->branch->otherwise, path);
        }
    }
    return found;
}

/* True when a mail stands within the path, or, for a gate, behind it. Depth as above. */
static bool reaches_mail(const struct hr_plan_steps *steps, struct hr_text path, bool gate)
{
    for (size_t i = 0; i < steps->count; i++) {
        const struct hr_plan_step *step = &steps->items[i];
        if (step->kind == HR_STEP_send_email) {
            enum relation relation = relation_of(path, step->path);
            if (relation == RELATION_within || (relation == RELATION_after && gate)) {
                return true;
            }
        }
        if (step->kind == HR_STEP_branch && (reaches_mail(&step->branch->then, path, gate) ||
                                             reaches_mail(&step->branch->otherwise, path, gate))) {
            return true;
        }
    }
    return false;
}

static bool mails(const struct hr_automation *automation)
{
    return reaches_mail(&automation->steps, HR_TEXT_NONE, false);
}

static bool step_is_seen(const struct hr_automation *automation, struct hr_text path,
                         struct hr_text key)
{
    const struct hr_plan_step *step = step_at(&automation->steps, path);
    /* "2.then" is no step, but a way of one */
    return !hr_text_equal(key, HR_TEXT("id")) &&
           reaches_mail(&automation->steps, path, step == NULL || is_gate(step, key));
}

/* ---- things ------------------------------------------------------------------------------------------- */

static bool automation_is_seen(const struct hr_draft *draft, struct hr_text id,
                               struct hr_text where)
{
    static const char *const decides[] = {"",     "record",  "trigger", "if_missed", "when",
                                          "stop", "reenter", "rollout", "approval",  "steps"};
    int32_t index = hr_known_find(&draft->automation_names, id);
    struct hr_text word = first_word(&where);
    if (index < 0) {
        return false;
    }
    const struct hr_automation *automation = &draft->plan->automations[index];
    if (hr_text_equal(word, HR_TEXT("step"))) {
        struct hr_text path = first_word(&where);
        return step_is_seen(automation, path, where);
    }
    return IS_ONE_OF(word, decides) && mails(automation);
}

static bool tool_is_seen(const struct hr_draft *draft, struct hr_text id, struct hr_text where)
{
    static const char *const told[] = {"", "from", "postal_address", "unsubscribe"};
    int32_t index = hr_known_find(&draft->tool_names, id);
    return index >= 0 && draft->plan->tools[index].kind == HR_TOOL_email &&
           IS_ONE_OF(first_word(&where), told);
}

static bool anything_mails(const struct hr_draft *draft)
{
    bool any = false;
    for (size_t i = 0; i < draft->plan->automation_count && !any; i++) {
        any = mails(&draft->plan->automations[i]);
    }
    return any;
}

/* Of the head: what limits all mail, or says what time it is. */
static bool head_is_seen(const struct hr_draft *draft, struct hr_text where)
{
    static const char *const decides[] = {"timezone", "business_hours", "caps", "quiet_hours",
                                          "budgets"};
    return IS_ONE_OF(first_word(&where), decides) && anything_mails(draft);
}

bool hr_compare_is_seen(const struct hr_comparing *comparing, struct hr_text where, int side)
{
    const struct hr_draft *draft = comparing->drafts[side];
    struct hr_text id = comparing->thing;
    struct hr_text noun = first_word(&id);
    if (hr_text_equal(noun, HR_TEXT("message"))) {
        return !hr_text_equal(where, HR_TEXT("title"));
    }
    if (hr_text_equal(noun, HR_TEXT("automation"))) {
        return automation_is_seen(draft, id, where);
    }
    if (hr_text_equal(noun, HR_TEXT("tool"))) {
        return tool_is_seen(draft, id, where);
    }
    if (hr_text_equal(noun, HR_TEXT("purpose"))) {
        return !hr_text_equal(where, HR_TEXT("title")) && anything_mails(draft);
    }
    bool head =
        hr_text_equal(noun, HR_TEXT("workspace")) || hr_text_equal(noun, HR_TEXT("policies"));
    return head && head_is_seen(draft, where);
}
