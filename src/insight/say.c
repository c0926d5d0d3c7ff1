/* Facts in words: one table of sentences (say.tbl), one list of what may stand in braces. */
#include "insight/chosen.h"
#include "insight/run.h"

/* ---- the table ------------------------------------------------------------------------------- */

enum test {
    ALWAYS,
    BY_PERSON,
    TIMED,
    LIMITED,
    FAILS,
    WORDED,
    LISTED,
    NUMBERED,
    HELD,
    GONE,
    BY_SOMEBODY,
    WOKEN
};
enum { ANY = -1, C = HR_HEARS_contact, I = HR_HEARS_issue, R = HR_HEARS_run };

struct row {
    uint8_t kind;
    int16_t state;
    uint8_t test; /* enum test */
    uint8_t hearers;
    const char *sentence;
};

static const struct row rows[] = {
#define S(symbol, state, test, hearers, sentence)                                                  \
    {HR_FACT_##symbol, state, test, hearers, sentence},
#include "insight/say.tbl"
#undef S
};

static bool holds(enum test test, const struct hr_speaker *speaker, const struct hr_fact *fact)
{
    switch (test) {
    case ALWAYS:
        return true;
    case BY_PERSON:
        return fact->other != 0;
    case TIMED:
        return fact->at != HR_INSTANT_NONE;
    case LIMITED:
        return fact->until != HR_INSTANT_NONE;
    case FAILS:
        return fact->third != HR_INSTANT_NONE;
    case WORDED:
        return fact->text.size > 0;
    case LISTED:
        return fact->value.kind == HR_KIND_list && fact->value.count > 0;
    case NUMBERED:
        return fact->number != 0;
    case HELD:
        return fact->number == 0;
    case GONE:
        return speaker->entry != NULL &&
               hr_entry_resolution(speaker->entry, fact->record) == HR_RESOLUTION_emptied;
    case WOKEN:
        return speaker->entry != NULL && hr_entry_wakes(speaker->entry);
    case BY_SOMEBODY:
        return speaker->entry != NULL && speaker->entry->person != 0 &&
               speaker->entry->kind == HR_EVENT_command;
    }
    return false;
}

static const struct row *row_of(const struct hr_speaker *speaker, const struct hr_fact *fact)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool fits =
            rows[i].kind == fact->kind && (rows[i].state == ANY || rows[i].state == fact->state);
        if (fits && holds((enum test)rows[i].test, speaker, fact)) {
            return &rows[i];
        }
    }
    return NULL;
}

/* ---- what may stand in braces ---------------------------------------------------------------- */

struct saying {
    struct hr_speaker *speaker;
    const struct hr_ask *ask;
    const struct hr_fact *fact;
};

/* "payment to access (pay_81)": the key stands in the contact's instance, not in the fact. */
static struct hr_text say_handoff(const struct saying *saying)
{
    const struct hr_fact *fact = saying->fact;
    const struct hr_record *contact = saying->speaker->contact;
    if (contact == NULL || contact->id != fact->record) {
        if (hr_ok(hr_ask_record(saying->ask, fact->record, HR_RECORD_contact, &contact)) &&
            contact != NULL) {
            saying->speaker->contact = contact;
        }
    }
    for (size_t i = 0; contact != NULL && i < contact->contact->instance_count; i++) {
        const struct hr_instance *instance = &contact->contact->instances[i];
        if (instance->handoff == fact->name && hr_key_equal(&instance->key, &fact->key)) {
            return hr_word_instance(saying->ask, instance);
        }
    }
    return hr_word_handoff(saying->ask, fact->name);
}

static struct hr_text say_value(const struct saying *saying)
{
    bool hidden =
        !saying->speaker->shows_values && hr_field_is_personal(saying->ask, saying->fact->name);
    return hidden ? HR_TEXT("known (personal, not shown here)")
                  : hr_word_value(saying->ask, &saying->fact->value);
}

/* What somebody is to do, or why not: it may name the customer. */
static struct hr_text say_work(const struct saying *saying)
{
    return saying->speaker->shows_values ? hr_text_visible(saying->ask->into, saying->fact->text)
                                         : HR_TEXT("(personal, not shown here)");
}

/* What was seen instead, of a handoff that ended wrong. */
static struct hr_text say_saw(const struct saying *saying)
{
    const struct hr_value *value = &saying->fact->value;
    int32_t place = hr_plan_handoff_numbered(saying->ask->plan, saying->fact->name);
    bool personal =
        place < 0 || hr_handoff_is_personal(saying->ask->plan, &saying->ask->plan->handoffs[place]);
    bool known = value->kind == HR_KIND_list && value->count == 2;
    if (!known || (personal && !saying->speaker->shows_values)) {
        return HR_TEXT_NONE;
    }
    struct hr_text seen = hr_word_seen(saying->ask, &value->items[0]);
    return hr_text_format(saying->ask->into, ", and it is %.*s", HR_SHOW(seen));
}

static struct hr_text say_missing(const struct saying *saying)
{
    struct hr_buffer list;
    hr_buffer_init(&list, saying->ask->into, PAGE_BYTES_MAX);
    const struct hr_value *value = &saying->fact->value;
    for (uint32_t i = 0; i < value->count; i++) {
        hr_buffer_add_text(&list, i == 0                 ? HR_TEXT_NONE
                                  : i + 1 < value->count ? HR_TEXT(", ")
                                                         : HR_TEXT(" and "));
        hr_buffer_add_text(&list, hr_word_field(saying->ask, (uint32_t)value->items[i].integer));
    }
    return hr_buffer_text(&list);
}

static struct hr_text say_failure_of(const struct saying *saying)
{
    const struct hr_record *record = NULL;
    bool found =
        hr_ok(hr_ask_record(saying->ask, saying->fact->record, HR_RECORD_issue, &record)) &&
        record != NULL;
    return found ? hr_say_failure(saying->ask, record->issue) : HR_TEXT_NONE;
}

static struct hr_text say_member(const struct saying *saying)
{
    struct hr_text member = hr_word_member(saying->ask, saying->fact->number);
    if (saying->fact->name == 0) {
        return member;
    }
    struct hr_text handoff = hr_word_handoff(saying->ask, saying->fact->name);
    return hr_text_format(saying->ask->into, "%.*s with %.*s", HR_SHOW(member), HR_SHOW(handoff));
}

static struct hr_text say_step_effect(const struct hr_ask *ask, const struct hr_effect *effect)
{
    static const char *const what[HR_EFFECT_KIND_COUNT] = {
        [HR_EFFECT_letter] = "the letter",
        [HR_EFFECT_call] = "the call",
        [HR_EFFECT_note] = "the note to",
        [HR_EFFECT_question] = "the question to",
    };
    struct hr_text name =
        effect->person != 0 ? hr_word_person(ask, effect->person) : hr_word(ask, effect->what);
    return hr_text_format(ask->into, "%s %.*s", what[effect->kind], HR_SHOW(name));
}

static struct hr_text say_effect(const struct saying *saying)
{
    const struct hr_record *record = NULL;
    if (!hr_ok(hr_ask_record(saying->ask, saying->fact->record, HR_RECORD_effect, &record)) ||
        record == NULL) {
        return HR_TEXT("an alert");
    }
    if (record->effect->kind >= HR_EFFECT_letter) {
        return say_step_effect(saying->ask, record->effect);
    }
    struct hr_text person = hr_word_person(saying->ask, record->effect->person);
    struct hr_text issue = hr_word_issue(saying->ask, record->effect->issue);
    return hr_text_format(saying->ask->into, "the %s to %.*s about %.*s",
                          record->effect->kind == HR_EFFECT_mail ? "mail" : "webhook",
                          HR_SHOW(person), HR_SHOW(issue));
}

static struct hr_text say_stand_word(uint8_t stand)
{
    return stand == HR_STAND_none ? HR_TEXT("outside") : hr_stand_word((enum hr_stand)stand);
}

static struct hr_text say_number(const struct saying *saying, uint64_t number)
{
    return hr_text_format(saying->ask->into, "%llu", (unsigned long long)number);
}

/* What a word in braces stands for. */
static struct hr_text fill(const struct saying *saying, struct hr_text given)
{
    const struct hr_ask *ask = saying->ask;
    const struct hr_fact *fact = saying->fact;
#define W(word, becomes)                                                                           \
    if (hr_text_equal(given, HR_TEXT(word))) {                                                     \
        return becomes;                                                                            \
    }
#include "insight/say_words.tbl"
#undef W
    hr_assert(given.size == 0); /* a word that nobody fills in */
    return HR_TEXT_NONE;
}

hr_status hr_say_fact(struct hr_speaker *speaker, const struct hr_fact *fact, unsigned hearers,
                      struct hr_text *ret_sentence)
{
    const struct row *row = row_of(speaker, fact);
    struct saying saying = {.speaker = speaker, .ask = speaker->ask, .fact = fact};
    *ret_sentence = HR_TEXT_NONE;
    if (row == NULL || (hearers != HR_HEARS_all && (row->hearers & hearers) == 0)) {
        return hr_done();
    }
    struct hr_buffer out;
    hr_buffer_init(&out, speaker->ask->into, PAGE_BYTES_MAX);
    struct hr_text rest = hr_text_from(row->sentence);
    while (rest.size > 0) {
        hr_buffer_add_text(&out, hr_text_cut(&rest, '{'));
        if (rest.size > 0) {
            hr_buffer_add_text(&out, fill(&saying, hr_text_cut(&rest, '}')));
        }
    }
    HR_TRY(hr_buffer_status(&out));
    *ret_sentence = hr_buffer_text(&out);
    return hr_done();
}

/* ---- the event itself ------------------------------------------------------------------------ */

/* How much later it was heard than it happened, when that is worth saying. */
static struct hr_text say_lag(const struct hr_ask *ask, const struct hr_entry *entry)
{
    hr_instant lag = entry->recorded_at - entry->occurred_at;
    if (lag < HR_MINUTE_US) {
        return HR_TEXT_NONE;
    }
    struct hr_text then = hr_word_time(ask, entry->occurred_at);
    struct hr_text later = hr_duration_say(ask->into, lag);
    return hr_text_format(ask->into, "; it happened %.*s and was heard %.*s later", HR_SHOW(then),
                          HR_SHOW(later));
}

struct hr_text hr_say_event(const struct hr_ask *ask, const struct hr_entry *entry)
{
    if (entry->kind == HR_EVENT_published) {
        return HR_TEXT("the workspace files became a plan");
    }
    if (entry->tool == 0) {
        return HR_TEXT_NONE;
    }
    struct hr_text tool = hr_word_tool(ask, entry->tool);
    struct hr_text type =
        entry->type == 0 ? HR_TEXT("something nobody declared") : hr_word(ask, entry->type);
    struct hr_text lag = say_lag(ask, entry);
    const char *given = entry->kind == HR_EVENT_command ? ", and a person said whose it is" : "";
    return hr_text_format(ask->into, "%.*s said %.*s%s%.*s", HR_SHOW(tool), HR_SHOW(type), given,
                          HR_SHOW(lag));
}
