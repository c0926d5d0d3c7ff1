/* Automations as they are at work: who is in them, how it ended, who was kept out and why, who paused them, and what
 * they lack to be carried out. */
#include "insight/chosen.h"
#include "insight/issues.h"
#include "insight/run.h"

enum { ISSUES_NAMED_MAX = 5, NAMES_LOOKED_AT_MAX = 4096 };

/* ---- which one ----------------------------------------------------------------------------------------- */

static struct hr_text nearest(const struct hr_ask *ask, struct hr_text named)
{
    const struct hr_plan *plan = ask->plan;
    struct hr_text *ids = hr_arena_new_many(ask->into, struct hr_text, plan->automation_count);
    for (size_t i = 0; ids != NULL && i < plan->automation_count; i++) {
        ids[i] = plan->automations[i].id;
    }
    return ids == NULL ? HR_TEXT_NONE : hr_did_you_mean(named, ids, plan->automation_count);
}

static uint32_t number_of(const struct hr_ask *ask, struct hr_text word)
{
    const struct hr_names *names = ask->lens->names;
    for (size_t i = 0; names != NULL && i < names->count; i++) {
        if (hr_text_equal(names->words[i], word)) {
            return (uint32_t)(i + 1);
        }
    }
    return 0;
}

hr_status hr_ask_automation(const struct hr_ask *ask, struct hr_text named, uint32_t *ret_number,
                            const struct hr_automation **ret_automation)
{
    const struct hr_record *record = NULL;
    named = hr_text_trim(named);
    int32_t index = hr_plan_automation(ask->plan, named);
    *ret_automation = index < 0 ? NULL : &ask->plan->automations[index];
    *ret_number = index < 0 ? number_of(ask, named) : ask->plan->automations[index].name_number;
    if (index >= 0) {
        return hr_done();
    }
    if (*ret_number != 0) {
        HR_TRY(hr_ask_record(ask, HR_ID_AUTOMATION + *ret_number, HR_RECORD_automation, &record));
    }
    return record != NULL
               ? hr_done()
               : hr_ask_refused(ask, HR_CODE_asked_automation_unknown, nearest(ask, named));
}

hr_status hr_ask_automation_record(const struct hr_ask *ask, uint32_t number,
                                   struct hr_automation_record *ret_record)
{
    const struct hr_record *record = NULL;
    *ret_record = (struct hr_automation_record){.automation = number};
    HR_TRY(hr_ask_record(ask, HR_ID_AUTOMATION + number, HR_RECORD_automation, &record));
    if (record != NULL) {
        *ret_record = *record->automation;
    }
    return hr_done();
}

/* ---- what keeps it still --------------------------------------------------------------------------------- */

struct hr_text hr_say_idle(const struct hr_ask *ask, const struct hr_automation *automation)
{
    enum { LACKS_TOLD_MAX = 8 };
    struct hr_text lacks[LACKS_TOLD_MAX];
    struct hr_buffer words;
    if (!ask->lens->engine.automates) {
        return HR_TEXT("this release carries out no automations yet");
    }
    size_t count = hr_automation_lacks(automation, lacks, LACKS_TOLD_MAX);
    hr_buffer_init(&words, ask->into, PAGE_BYTES_MAX);
    for (size_t i = 0; i < count && i < LACKS_TOLD_MAX; i++) {
        hr_buffer_add_format(&words, "%s%.*s", i == 0 ? "" : ", ", HR_SHOW(lacks[i]));
    }
    return count == 0 ? HR_TEXT_NONE
                      : hr_text_format(ask->into, "not available yet: %.*s",
                                       HR_SHOW(hr_buffer_text(&words)));
}

/* What the person who paused it said; empty where nothing was said, or it was erased. */
static hr_status reason_of(const struct hr_ask *ask, uint32_t number, uint64_t position,
                           struct hr_text *ret_reason)
{
    struct hr_entry entry = {0};
    const struct hr_fact *fact = NULL;
    *ret_reason = HR_TEXT_NONE;
    HR_TRY(ask->lens->at(ask->lens->context, position, ask->into, &entry));
    for (size_t i = 0; entry.position != 0 && (fact = hr_entry_fact(&entry, i)) != NULL; i++) {
        if (fact->kind == HR_FACT_switch_explained && (fact->name == number || fact->name == 0)) {
            *ret_reason = hr_text_visible(ask->into, fact->text);
        }
    }
    return hr_done();
}

hr_status hr_say_paused(const struct hr_ask *ask, uint32_t number,
                        const struct hr_automation_record *record, struct hr_text *ret_words)
{
    struct hr_text reason = HR_TEXT_NONE;
    *ret_words = HR_TEXT_NONE;
    if (record->state != HR_SWITCH_paused) {
        return hr_done();
    }
    HR_TRY(reason_of(ask, number, record->switched_in, &reason));
    *ret_words = hr_text_format(ask->into, "paused by %.*s since %.*s%s%.*s",
                                HR_SHOW(hr_word_person(ask, record->switched_by)),
                                HR_SHOW(hr_word_time(ask, record->switched_at)),
                                reason.size > 0 ? ": " : "", HR_SHOW(reason));
    return hr_done();
}

/* ---- its issues -------------------------------------------------------------------------------------------- */

struct finding {
    uint32_t automation;
    uint64_t numbers[ISSUES_NAMED_MAX];
    size_t count; /* all of them */
};
struct findings {
    struct finding *items;
    size_t count;
};

static hr_status find_issue(void *context, const struct hr_record *record)
{
    struct findings *findings = context;
    const struct hr_issue *issue = record->issue;
    bool counts = issue->cause == HR_CAUSE_automation && issue->state != HR_ISSUE_resolved;
    for (size_t i = 0; counts && i < findings->count; i++) {
        struct finding *finding = &findings->items[i];
        if (finding->automation != issue->about) {
            continue;
        }
        if (finding->count < ISSUES_NAMED_MAX) {
            finding->numbers[finding->count] = issue->number;
        }
        finding->count++;
    }
    return hr_done();
}

static struct hr_text say_issues(const struct hr_ask *ask, const struct finding *finding)
{
    struct hr_buffer words;
    hr_buffer_init(&words, ask->into, PAGE_BYTES_MAX);
    for (size_t i = 0; i < finding->count && i < ISSUES_NAMED_MAX; i++) {
        hr_buffer_add_format(&words, "%s%.*s", i == 0 ? "" : ", ",
                             HR_SHOW(hr_word_issue_number(ask, finding->numbers[i])));
    }
    if (finding->count > ISSUES_NAMED_MAX) {
        hr_buffer_add_format(&words, " and %zu more", finding->count - ISSUES_NAMED_MAX);
    }
    return hr_buffer_text(&words);
}

/* ---- counters ---------------------------------------------------------------------------------------------- */

typedef struct hr_text (*word_of)(unsigned index);

static struct hr_text end_word(unsigned index)
{
    return hr_run_end_word((enum hr_run_end)index);
}

static struct hr_text out_word(unsigned index)
{
    return hr_kept_out_word((enum hr_kept_out)index);
}

/* "4 done, 1 stopped"; empty where all are 0. */
static struct hr_text say_counts(const struct hr_ask *ask, const uint64_t *counts, unsigned count,
                                 word_of word)
{
    struct hr_buffer words;
    hr_buffer_init(&words, ask->into, PAGE_BYTES_MAX);
    for (unsigned i = 0; i < count; i++) {
        if (counts[i] > 0) {
            hr_buffer_add_format(&words, "%s%llu %.*s", words.size == 0 ? "" : ", ",
                                 (unsigned long long)counts[i], HR_SHOW(word(i)));
        }
    }
    return hr_buffer_text(&words);
}

/* "enrolled before" as a machine's name: enrolled_before. */
static const char *key_of(const struct hr_ask *ask, struct hr_text word)
{
    char *letters = hr_arena_alloc(ask->into, word.size + 1);
    for (size_t i = 0; letters != NULL && i <= word.size; i++) {
        char letter = i < word.size ? word.data[i] : '\0';
        letters[i] = letter == ' ' ? '_' : letter;
    }
    return letters == NULL ? "" : letters;
}

static struct hr_value counts_tree(const struct hr_ask *ask, const uint64_t *counts, unsigned from,
                                   unsigned count, word_of word)
{
    struct hr_object object = hr_object_in(ask->into);
    for (unsigned i = from; i < count; i++) {
        hr_put_number(&object, key_of(ask, word(i)), counts[i]);
    }
    return hr_object_value(&object);
}

static struct hr_text say_numbers(const struct hr_ask *ask,
                                  const struct hr_automation_record *record)
{
    struct hr_text ended = say_counts(ask, record->ended, HR_RUN_END_COUNT, end_word);
    struct hr_text out = say_counts(ask, record->kept_out, HR_OUT_COUNT, out_word);
    if (record->running == 0 && ended.size == 0 && out.size == 0) {
        return HR_TEXT("nobody yet");
    }
    return hr_text_format(ask->into, "%llu under way%s%.*s%s%.*s",
                          (unsigned long long)record->running, ended.size > 0 ? "; ended: " : "",
                          HR_SHOW(ended), out.size > 0 ? "; kept out: " : "", HR_SHOW(out));
}

/* ---- one of them --------------------------------------------------------------------------------------------- */

struct shown {
    uint32_t number;
    const struct hr_automation *automation; /* NULL: no longer in the files */
    struct hr_automation_record record;
    struct finding issues;
};

static struct hr_text mode_of(const struct shown *shown)
{
    return shown->automation == NULL ? HR_TEXT("gone")
                                     : hr_mode_word(shown->automation->rollout.mode);
}

/* null: it does not start by a schedule. */
static struct hr_value schedule_tree(const struct hr_ask *ask, const struct hr_scheduled *scheduled)
{
    struct hr_object object = hr_object_in(ask->into);
    if (scheduled->timetable == 0) {
        return hr_value_null();
    }
    hr_put_time(&object, "since", scheduled->since);
    hr_put_time(&object, "next_at", scheduled->next);
    hr_put_time(&object, "last_at", scheduled->last_at);
    hr_put_number(&object, "last_let_in", scheduled->last_let_in);
    hr_put_number(&object, "waiting", scheduled->tick_count);
    hr_put_number(&object, "missed", scheduled->missed);
    hr_put_time(&object, "missed_last_at",
                scheduled->missed == 0 ? HR_INSTANT_NONE : scheduled->missed_last);
    return hr_object_value(&object);
}

static hr_status tree_of(const struct hr_ask *ask, const struct shown *shown,
                         struct hr_value *ret_tree)
{
    const struct hr_automation *automation = shown->automation;
    const struct hr_automation_record *record = &shown->record;
    bool paused = record->state == HR_SWITCH_paused;
    struct hr_object object = hr_object_in(ask->into);
    struct hr_items issues = hr_items_in(ask->into);
    struct hr_text reason = HR_TEXT_NONE;
    struct hr_text idle =
        automation == NULL ? HR_TEXT("it is no longer in the files") : hr_say_idle(ask, automation);
    if (paused) {
        HR_TRY(reason_of(ask, shown->number, record->switched_in, &reason));
    }
    for (size_t i = 0; i < shown->issues.count && i < ISSUES_NAMED_MAX; i++) {
        hr_add(&issues, hr_value_text(hr_word_issue_number(ask, shown->issues.numbers[i])));
    }
    hr_put_words(&object, "automation", hr_word(ask, shown->number));
    hr_put_words(&object, "title", automation == NULL ? HR_TEXT_NONE : automation->title);
    hr_put_words(&object, "mode", mode_of(shown));
    hr_put_truth(&object, "carried_out", idle.size == 0);
    hr_put_words(&object, "not_carried_out_because", idle);
    hr_put_number(&object, "under_way", record->running);
    hr_put(&object, "ended", counts_tree(ask, record->ended, 0, HR_RUN_END_COUNT, end_word));
    hr_put(&object, "kept_out", counts_tree(ask, record->kept_out, 1, HR_OUT_COUNT, out_word));
    hr_put_truth(&object, "paused", paused);
    hr_put_words(&object, "paused_by", paused ? hr_word(ask, record->switched_by) : HR_TEXT_NONE);
    hr_put_time(&object, "paused_at", paused ? record->switched_at : HR_INSTANT_NONE);
    hr_put_words(&object, "paused_because", reason);
    hr_put(&object, "schedule", schedule_tree(ask, &record->scheduled));
    hr_put(&object, "issues", hr_items_value(&issues));
    hr_put_number(&object, "issue_count", shown->issues.count);
    hr_put_words(&object, "text", say_numbers(ask, record));
    *ret_tree = hr_object_value(&object);
    return hr_done();
}

/* Below its own line: what is out of the ordinary. */
static hr_status write_more(const struct hr_ask *ask, const struct shown *shown, const char *indent,
                            struct hr_buffer *page)
{
    struct hr_text paused = HR_TEXT_NONE;
    struct hr_text idle =
        shown->automation == NULL ? HR_TEXT_NONE : hr_say_idle(ask, shown->automation);
    HR_TRY(hr_say_paused(ask, shown->number, &shown->record, &paused));
    if (paused.size > 0) {
        hr_buffer_add_format(page, "%s%.*s\n", indent, HR_SHOW(paused));
    }
    struct hr_text scheduled = hr_say_scheduled(ask, &shown->record.scheduled);
    if (scheduled.size > 0) {
        hr_buffer_add_format(page, "%sby its schedule: %.*s\n", indent, HR_SHOW(scheduled));
    }
    if (idle.size > 0 && ask->lens->engine.automates) {
        hr_buffer_add_format(page, "%snot carried out: %.*s\n", indent, HR_SHOW(idle));
    }
    if (shown->issues.count > 0) {
        hr_buffer_add_format(page, "%sneeds somebody: %.*s\n", indent,
                             HR_SHOW(say_issues(ask, &shown->issues)));
    }
    return hr_done();
}

static void write_note(const struct hr_ask *ask, struct hr_buffer *page)
{
    if (!ask->lens->engine.automates) {
        hr_buffer_add_text(page, HR_TEXT("This release carries out no automations yet.\n"));
    }
}

/* ---- all of them ----------------------------------------------------------------------------------------------- */

/* What left the files and still has somebody in it, or is paused, must be seen too. */
static hr_status add_gone(const struct hr_ask *ask, struct shown **items, size_t *count,
                          size_t *capacity)
{
    const struct hr_names *names = ask->lens->names;
    size_t most = names == NULL || names->count > NAMES_LOOKED_AT_MAX ? 0 : names->count;
    for (uint32_t number = 1; number <= most; number++) {
        struct shown gone = {.number = number};
        if (hr_ask_automation_numbered(ask, number) != NULL) {
            continue;
        }
        HR_TRY(hr_ask_automation_record(ask, number, &gone.record));
        if (gone.record.running == 0) {
            continue;
        }
        struct shown *grown = hr_list_grow(ask->into, *items, *count, capacity, sizeof *grown);
        if (grown == NULL) {
            return hr_answer(HR_E_MEMORY);
        }
        *items = grown;
        grown[(*count)++] = gone;
    }
    return hr_done();
}

static hr_status gather(const struct hr_ask *ask, struct shown **ret_items, size_t *ret_count)
{
    struct shown *items = NULL;
    size_t count = 0;
    size_t capacity = 0;
    for (size_t i = 0; i < ask->plan->automation_count; i++) {
        const struct hr_automation *automation = &ask->plan->automations[i];
        struct shown *grown = hr_list_grow(ask->into, items, count, &capacity, sizeof *grown);
        if (grown == NULL) {
            return hr_answer(HR_E_MEMORY);
        }
        items = grown;
        items[count] = (struct shown){.number = automation->name_number, .automation = automation};
        HR_TRY(hr_ask_automation_record(ask, items[count].number, &items[count].record));
        count++;
    }
    HR_TRY(add_gone(ask, &items, &count, &capacity));
    *ret_items = items;
    *ret_count = count;
    return hr_done();
}

static hr_status add_issues(const struct hr_ask *ask, struct shown *items, size_t count)
{
    struct findings findings = {.items = hr_arena_new_many(ask->into, struct finding, count),
                                .count = count};
    uint64_t left_out = 0;
    if (findings.items == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < count; i++) {
        findings.items[i] = (struct finding){.automation = items[i].number};
    }
    HR_TRY(hr_issues_each(ask, find_issue, &findings, &left_out));
    for (size_t i = 0; i < count; i++) {
        items[i].issues = findings.items[i];
    }
    return hr_done();
}

hr_status hr_automations_list(const struct hr_lens *lens, struct hr_arena *into,
                              struct hr_diagnostics *reterr, struct hr_report *ret_report)
{
    const struct hr_ask ask = {
        .lens = lens, .plan = lens->engine.plan, .into = into, .reterr = reterr};
    struct shown *items = NULL;
    size_t count = 0;
    int widest = 0;
    HR_TRY(gather(&ask, &items, &count));
    HR_TRY(add_issues(&ask, items, count));
    struct hr_buffer page = hr_page_in(into);
    struct hr_items trees = hr_items_in(into);
    for (size_t i = 0; i < count; i++) {
        int size = (int)hr_word(&ask, items[i].number).size;
        widest = size > widest ? size : widest;
    }
    for (size_t i = 0; i < count; i++) {
        struct hr_value tree;
        struct hr_text name = hr_word(&ask, items[i].number);
        hr_buffer_add_format(&page, "%.*s%*s  %-9.*s  %.*s\n", HR_SHOW(name),
                             widest - (int)name.size, "", HR_SHOW(mode_of(&items[i])),
                             HR_SHOW(say_numbers(&ask, &items[i].record)));
        HR_TRY(write_more(&ask, &items[i], "    ", &page));
        HR_TRY(tree_of(&ask, &items[i], &tree));
        hr_add(&trees, tree);
    }
    if (count == 0) {
        hr_buffer_add_text(&page, HR_TEXT("There is no automation in this workspace.\n"));
    } else {
        write_note(&ask, &page);
    }
    struct hr_object tree = hr_object_in(into);
    hr_put(&tree, "automations", hr_items_value(&trees));
    hr_put_truth(&tree, "carried_out", lens->engine.automates);
    return hr_report_end(&ask, &tree, &page, ret_report);
}

hr_status hr_automation_show(const struct hr_lens *lens, struct hr_text automation,
                             struct hr_arena *into, struct hr_diagnostics *reterr,
                             struct hr_report *ret_report)
{
    const struct hr_ask ask = {
        .lens = lens, .plan = lens->engine.plan, .into = into, .reterr = reterr};
    struct shown shown = {.number = 0};
    struct hr_value tree;
    HR_TRY(hr_ask_automation(&ask, automation, &shown.number, &shown.automation));
    HR_TRY(hr_ask_automation_record(&ask, shown.number, &shown.record));
    HR_TRY(add_issues(&ask, &shown, 1));
    HR_TRY(tree_of(&ask, &shown, &tree));
    struct hr_buffer page = hr_page_in(into);
    hr_buffer_add_format(&page, "At work: %.*s\n", HR_SHOW(say_numbers(&ask, &shown.record)));
    HR_TRY(write_more(&ask, &shown, "  ", &page));
    write_note(&ask, &page);
    struct hr_object object = hr_object_in(into);
    for (uint32_t i = 0; i < tree.count; i++) {
        hr_put(&object, hr_value_as_text(&tree.members[i].key).data, tree.members[i].value);
    }
    return hr_report_end(&ask, &object, &page, ret_report);
}
