/* Facts about enrollments in words: whose automation, which step, what kept somebody out. */
#include "insight/run.h"

/* ---- the enrollment behind a fact ---------------------------------------------------------------------- */

/* What began it stands in the entry that its id comes from. */
static hr_status look_up(const struct hr_ask *ask, uint64_t run, struct hr_run_known *ret_known)
{
    struct hr_entry entry = {0};
    const struct hr_fact *fact = NULL;
    struct hr_arena_mark mark = hr_arena_mark(ask->into); /* a whole message stands in it, maybe */
    *ret_known = (struct hr_run_known){.run = run};
    HR_TRY(ask->lens->at(ask->lens->context, hr_record_origin(run), ask->into, &entry));
    for (size_t i = 0; entry.position != 0 && (fact = hr_entry_fact(&entry, i)) != NULL; i++) {
        if (fact->kind == HR_FACT_run_began && fact->number == run) {
            ret_known->automation = fact->name;
            ret_known->meaning = (uint64_t)fact->third;
            break;
        }
    }
    hr_arena_rewind(ask->into, mark);
    return hr_done();
}

/* Each is looked up once; a story with very many looks some up again. */
static struct hr_run_known known_run(struct hr_speaker *speaker, uint64_t run)
{
    struct hr_run_known known;
    size_t count = speaker->known_count < HR_RUNS_KNOWN ? speaker->known_count : HR_RUNS_KNOWN;
    for (size_t i = 0; i < count; i++) {
        if (speaker->known[i].run == run) {
            return speaker->known[i];
        }
    }
    if (!hr_ok(look_up(speaker->ask, run, &known))) {
        known = (struct hr_run_known){.run = run};
    }
    speaker->known[speaker->known_count++ % HR_RUNS_KNOWN] = known;
    return known;
}

static bool names_automation(const struct hr_fact *fact)
{
    return fact->kind != HR_FACT_run_moved && fact->kind != HR_FACT_step_taken &&
           fact->kind != HR_FACT_event_emitted && fact->kind != HR_FACT_assigned;
}

static uint32_t automation_of(struct hr_speaker *speaker, const struct hr_fact *fact)
{
    return names_automation(fact) ? fact->name : known_run(speaker, fact->number).automation;
}

/* ---- words ------------------------------------------------------------------------------------------------ */

static struct hr_text say_step_of(struct hr_speaker *speaker, const struct hr_fact *fact)
{
    struct hr_run_known known = known_run(speaker, fact->number);
    uint64_t rest = 0;
    if (fact->kind == HR_FACT_run_moved) {
        hr_key_unpair(&fact->key, &rest, &known.meaning);
    }
    /* one that is held was moved by files that do not mean its step any more */
    bool held = fact->kind == HR_FACT_run_moved && fact->state == HR_RUN_held;
    uint32_t plan = speaker->entry == NULL || held ? 0 : speaker->entry->plan;
    const struct hr_plan_step *step =
        hr_step_then(speaker->ask, known.automation, known.meaning, plan, fact->other);
    return hr_say_step(speaker->ask, known.automation, step);
}

static struct hr_text say_saw(struct hr_speaker *speaker, const struct hr_fact *fact)
{
    const struct hr_value *value = &fact->value;
    bool seen = value->kind == HR_KIND_list && value->count == 2;
    if (!seen || !speaker->shows_values) {
        return HR_TEXT_NONE;
    }
    return hr_text_format(speaker->ask->into, ", and it was %.*s",
                          HR_SHOW(hr_word_seen(speaker->ask, &value->items[0])));
}

static struct hr_text say_stage_move(const struct hr_ask *ask, const struct hr_fact *fact)
{
    const struct hr_value *value = &fact->value;
    struct hr_buffer words;
    hr_buffer_init(&words, ask->into, PAGE_BYTES_MAX);
    uint32_t count = value->kind == HR_KIND_list ? value->count : 0;
    if (count > 0 && value->items[0].kind == HR_KIND_text) {
        hr_buffer_add_format(&words, "from %.*s ", HR_SHOW(hr_value_as_text(&value->items[0])));
    }
    hr_buffer_add_format(&words, "to %.*s", HR_SHOW(fact->text));
    for (uint32_t i = 1; i < count; i++) {
        struct hr_text line = hr_say_written(ask, 0, hr_value_as_text(&value->items[i]));
        hr_buffer_add_format(&words, "%s%.*s", i == 1 ? ", since " : " and ", HR_SHOW(line));
    }
    return hr_buffer_text(&words);
}

static struct hr_text say_issue(const struct hr_ask *ask, const struct hr_fact *fact)
{
    uint64_t issue = 0;
    uint64_t rest = 0;
    hr_key_unpair(&fact->key, &issue, &rest);
    struct hr_text number = hr_word_issue(ask, issue);
    return number.size == 0 ? HR_TEXT("an issue")
                            : hr_text_format(ask->into, "issue %.*s", HR_SHOW(number));
}

struct hr_text hr_say_run_word(struct hr_speaker *speaker, const struct hr_fact *fact,
                               enum hr_run_word word)
{
    const struct hr_ask *ask = speaker->ask;
    struct hr_text step = HR_TEXT_NONE;
    switch (word) {
    case HR_RUN_WORD_automation:
        return hr_word_automation(ask, automation_of(speaker, fact));
    case HR_RUN_WORD_step:
        step = say_step_of(speaker, fact);
        return step.size == 0 ? HR_TEXT("take a step that the files no longer have") : step;
    case HR_RUN_WORD_at_step:
        step = say_step_of(speaker, fact);
        return step.size == 0 ? step : hr_text_format(ask->into, " (%.*s)", HR_SHOW(step));
    case HR_RUN_WORD_condition:
        return hr_say_written(ask, fact->name, fact->text);
    case HR_RUN_WORD_saw:
        return say_saw(speaker, fact);
    case HR_RUN_WORD_event:
        return fact->other == 0 ? HR_TEXT("the time of its schedule") : hr_word(ask, fact->other);
    case HR_RUN_WORD_stage_move:
        return say_stage_move(ask, fact);
    case HR_RUN_WORD_issue:
        return say_issue(ask, fact);
    case HR_RUN_WORD_by:
        return speaker->entry == NULL || speaker->entry->person == 0
                   ? HR_TEXT("somebody")
                   : hr_word_person(ask, speaker->entry->person);
    }
    return HR_TEXT_NONE;
}
