/* Enrollments in words: which automation, which step, where it stands, and what that is waiting for. */
#include "insight/run.h"

#include "plan/aloud.h"

/* ---- names ----------------------------------------------------------------------------------------- */

/* A name of an enrollment is made as a contact's, with another letter. */
struct hr_text hr_enrollment_name(struct hr_arena *into, uint64_t run)
{
    struct hr_text name = hr_contact_name(into, run);
    return hr_text_format(into, "E-%.*s", HR_SHOW(hr_text_slice(name, 2, name.size)));
}

bool hr_enrollment_named(struct hr_text name, uint64_t *ret_run)
{
    char letters[24] = "C-";
    bool prefixed = hr_text_starts(name, HR_TEXT("E-")) || hr_text_starts(name, HR_TEXT("e-"));
    if (!prefixed || name.size >= sizeof letters) {
        return false;
    }
    for (size_t i = 2; i < name.size; i++) {
        letters[i] = name.data[i];
    }
    return hr_contact_named((struct hr_text){letters, name.size}, ret_run);
}

const struct hr_automation *hr_ask_automation_numbered(const struct hr_ask *ask, uint32_t number)
{
    int32_t index = number == 0 ? HR_NONE_INDEX : hr_plan_automation_numbered(ask->plan, number);
    return index < 0 ? NULL : &ask->plan->automations[index];
}

struct hr_text hr_word_automation(const struct hr_ask *ask, uint32_t number)
{
    return number == 0
               ? HR_TEXT("an automation")
               : hr_text_format(ask->into, "automation %.*s", HR_SHOW(hr_word(ask, number)));
}

struct hr_text hr_say_place(const struct hr_ask *ask, const struct hr_place *place)
{
    return place->line == 0
               ? HR_TEXT_NONE
               : hr_text_format(ask->into, "%.*s:%u", HR_SHOW(place->file), place->line);
}

/* ---- steps and conditions ---------------------------------------------------------------------------- */

const struct hr_plan_step *hr_step_then(const struct hr_ask *ask, uint32_t automation,
                                        uint64_t meaning, uint32_t plan, uint32_t number)
{
    const struct hr_automation *now = hr_ask_automation_numbered(ask, automation);
    bool same = now != NULL && (plan == ask->plan->number || meaning == now->meaning);
    return same ? hr_step_numbered(now, number) : NULL;
}

struct hr_text hr_say_step(const struct hr_ask *ask, uint32_t automation,
                           const struct hr_plan_step *step)
{
    const struct hr_automation *now = hr_ask_automation_numbered(ask, automation);
    return now == NULL || step == NULL ? HR_TEXT_NONE
                                       : hr_aloud_step(ask->into, ask->plan, now, step);
}

/* Groups stand in groups no deeper than the reader of files lets them. */
static const struct hr_expr *written_in(const struct hr_clause *clauses, size_t count,
                                        struct hr_text source)
{
    const struct hr_expr *found = NULL;
    for (size_t i = 0; i < count && found == NULL; i++) {
        const struct hr_clause *clause = &clauses[i];
        if (clause->kind != HR_CLAUSE_line) {
            found = written_in(clause->items, clause->count, source);
        } else if (hr_text_equal(hr_expr_source(clause->expr), source)) {
            found = clause->expr;
        }
    }
    return found;
}

static bool is_group(struct hr_text words)
{
    return hr_text_starts(words, HR_TEXT("any of (")) ||
           hr_text_starts(words, HR_TEXT("all of (")) ||
           hr_text_starts(words, HR_TEXT("none of ("));
}

struct hr_text hr_say_written(const struct hr_ask *ask, uint32_t automation, struct hr_text source)
{
    const struct hr_automation *now = hr_ask_automation_numbered(ask, automation);
    const struct hr_expr *found = NULL;
    if (now != NULL) {
        found = written_in(now->when.items, now->when.count, source);
        found = found != NULL ? found : written_in(now->stop.items, now->stop.count, source);
    }
    for (size_t i = 0; found == NULL && i < ask->plan->stage_count; i++) {
        const struct hr_clauses *evidence = &ask->plan->stages[i].evidence;
        found = written_in(evidence->items, evidence->count, source);
    }
    if (found != NULL) {
        return hr_expr_say(found, ask->into);
    }
    struct hr_text shown = hr_text_visible(ask->into, source);
    return is_group(source) ? shown : hr_text_format(ask->into, "`%.*s`", HR_SHOW(shown));
}

/* ---- where one stands ---------------------------------------------------------------------------------- */

/* "until 25 Nov 10:00:00 (in 2 days)". */
static struct hr_text say_until(const struct hr_ask *ask, hr_instant until)
{
    bool past = until <= ask->lens->now;
    return hr_text_format(ask->into, "until %.*s (%s%.*s%s)", HR_SHOW(hr_word_time(ask, until)),
                          past ? "" : "in ", HR_SHOW(hr_word_since(ask, until)),
                          past ? " ago" : "");
}

static struct hr_text say_state(const struct hr_ask *ask, const struct hr_run *run)
{
    bool limited = run->until != HR_INSTANT_NONE;
    switch ((enum hr_run_state)run->state) {
    case HR_RUN_waits_time:
        return hr_text_format(ask->into, "waits %.*s", HR_SHOW(say_until(ask, run->until)));
    case HR_RUN_waits_event:
        return limited ? hr_text_format(ask->into, "waits, at the latest %.*s",
                                        HR_SHOW(say_until(ask, run->until)))
                       : HR_TEXT("waits without a limit");
    case HR_RUN_waits_effect:
        return HR_TEXT("waits for what comes back from outside");
    case HR_RUN_waits_answer:
        return limited
                   ? hr_text_format(ask->into, "waits for a person's answer, at the latest %.*s",
                                    HR_SHOW(say_until(ask, run->until)))
                   : HR_TEXT("waits for a person's answer");
    case HR_RUN_held:
        return HR_TEXT(
            "is held: the files say something else now than when it came to its step, and "
            "a person decides");
    case HR_RUN_rests:
        return HR_TEXT("is paused: it goes on when the pause is over");
    case HR_RUN_STATE_COUNT:
        break;
    }
    return HR_TEXT("stands still");
}

struct hr_text hr_say_run(const struct hr_ask *ask, const struct hr_run *run)
{
    const struct hr_plan_step *step =
        hr_step_then(ask, run->automation, run->meaning, 0, run->step);
    struct hr_text words = hr_say_step(ask, run->automation, step);
    struct hr_text state = say_state(ask, run);
    return words.size == 0
               ? state
               : hr_text_format(ask->into, "%.*s: %.*s", HR_SHOW(state), HR_SHOW(words));
}

uint64_t hr_run_issue(const struct hr_contact *contact, uint64_t run)
{
    for (size_t i = 0; i < contact->trouble_count; i++) {
        if (contact->troubles[i].run == run) {
            return contact->troubles[i].issue;
        }
    }
    return 0;
}

/* ---- all of a contact ------------------------------------------------------------------------------------ */

static struct hr_text name_of(const struct hr_ask *ask, const struct hr_run *run)
{
    struct hr_text word = hr_word(ask, run->automation);
    return run->key_shown.size == 0
               ? word
               : hr_text_format(ask->into, "%.*s (%.*s)", HR_SHOW(word),
                                HR_SHOW(hr_text_visible(ask->into, run->key_shown)));
}

void hr_runs_write(const struct hr_ask *ask, struct hr_buffer *page,
                   const struct hr_contact *contact)
{
    int widest = 0;
    for (size_t i = 0; i < contact->run_count; i++) {
        int size = (int)name_of(ask, &contact->runs[i]).size;
        widest = size > widest ? size : widest;
    }
    hr_buffer_add_text(page, contact->run_count > 0 ? HR_TEXT("\nAutomations\n") : HR_TEXT_NONE);
    for (size_t i = 0; i < contact->run_count; i++) {
        const struct hr_run *run = &contact->runs[i];
        struct hr_text name = name_of(ask, run);
        hr_buffer_add_format(
            page, "  %.*s%*s  %.*s  %.*s\n", HR_SHOW(name), widest - (int)name.size, "",
            HR_SHOW(hr_enrollment_name(ask->into, run->id)), HR_SHOW(hr_say_run(ask, run)));
        struct hr_text issue = hr_word_issue(ask, hr_run_issue(contact, run->id));
        if (issue.size > 0) {
            hr_buffer_add_format(page, "      issue %.*s\n", HR_SHOW(issue));
        }
    }
}

struct hr_value hr_run_tree(const struct hr_ask *ask, const struct hr_record *contact,
                            const struct hr_run *run)
{
    const struct hr_plan_step *step =
        hr_step_then(ask, run->automation, run->meaning, 0, run->step);
    struct hr_object object = hr_object_in(ask->into);
    hr_put_words(&object, "enrollment", hr_enrollment_name(ask->into, run->id));
    hr_put_words(&object, "automation", hr_word(ask, run->automation));
    hr_put_words(&object, "contact", hr_contact_name(ask->into, contact->id));
    hr_put_words(&object, "key", run->key_shown);
    hr_put_words(&object, "state", hr_run_state_word((enum hr_run_state)run->state));
    hr_put_words(&object, "step", step == NULL ? HR_TEXT_NONE : step->path);
    hr_put_words(&object, "step_text", hr_say_step(ask, run->automation, step));
    hr_put_time(&object, "until", run->until);
    hr_put_words(&object, "event",
                 run->trigger.type == 0 ? HR_TEXT_NONE : hr_word(ask, run->trigger.type));
    hr_put_number(&object, "entry", run->trigger.position);
    hr_put_words(&object, "issue", hr_word_issue(ask, hr_run_issue(contact->contact, run->id)));
    hr_put_words(&object, "text", hr_say_run(ask, run));
    return hr_object_value(&object);
}

struct hr_value hr_runs_tree(const struct hr_ask *ask, const struct hr_record *contact)
{
    struct hr_items items = hr_items_in(ask->into);
    for (size_t i = 0; i < contact->contact->run_count; i++) {
        hr_add(&items, hr_run_tree(ask, contact, &contact->contact->runs[i]));
    }
    return hr_items_value(&items);
}

void hr_next_run(const struct hr_ask *ask, const struct hr_contact *contact, struct hr_next *next)
{
    for (size_t i = 0; i < contact->trouble_count && next->command.size == 0; i++) {
        const struct hr_trouble *trouble = &contact->troubles[i];
        struct hr_text issue = hr_word_issue(ask, trouble->issue);
        if (issue.size > 0) {
            next->command =
                hr_text_format(ask->into, "handrail exceptions show %.*s", HR_SHOW(issue));
            next->words = hr_text_format(ask->into, "Somebody has to look at %.*s.",
                                         HR_SHOW(hr_word_automation(ask, trouble->automation)));
        }
    }
    if (next->command.size == 0 && contact->run_count > 0) {
        const struct hr_run *run = &contact->runs[0];
        next->words =
            hr_text_format(ask->into, "%.*s Automation %.*s %.*s.", HR_SHOW(next->words),
                           HR_SHOW(hr_word(ask, run->automation)), HR_SHOW(hr_say_run(ask, run)));
    }
}
