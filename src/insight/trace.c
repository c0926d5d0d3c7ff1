/* What one journalled event led to: the event, its facts in words, and the effects it planned as they stand now. */
#include "insight/inside.h"

static const char *kind_word(enum hr_event_kind kind)
{
    switch (kind) {
    case HR_EVENT_heard:
        return "heard";
    case HR_EVENT_due:
        return "due";
    case HR_EVENT_command:
        return "command";
    case HR_EVENT_outcome:
        return "outcome";
    case HR_EVENT_published:
        return "published";
    case HR_EVENT_erased:
        return "erased";
    }
    return "unknown";
}

static struct hr_text say_kind(const struct hr_ask *ask, const struct hr_entry *entry)
{
    struct hr_text event = hr_say_event(ask, entry);
    if (event.size > 0) {
        return event;
    }
    switch (entry->kind) {
    case HR_EVENT_due:
        return HR_TEXT("a time was reached");
    case HR_EVENT_command:
        return HR_TEXT("a person did something");
    case HR_EVENT_outcome:
        return HR_TEXT("an alert's dispatch came back");
    case HR_EVENT_erased:
        return HR_TEXT("somebody was forgotten");
    case HR_EVENT_heard:
    case HR_EVENT_published:
        break;
    }
    return HR_TEXT("something happened");
}

/* Over HTTP a tool is heard only when its signature fits; by hand a person vouches with a token. */
static struct hr_text way_in(const struct hr_ask *ask, const struct hr_entry *entry)
{
    if (entry->kind != HR_EVENT_heard) {
        return HR_TEXT_NONE;
    }
    return entry->person == 0 ? HR_TEXT(", signed")
                              : hr_text_format(ask->into, ", handed in by %.*s",
                                               HR_SHOW(hr_word_person(ask, entry->person)));
}

static void write_head(const struct hr_ask *ask, const struct hr_entry *entry,
                       struct hr_buffer *page, struct hr_object *tree)
{
    bool late = entry->recorded_at - entry->occurred_at >= HR_MINUTE_US;
    struct hr_text type = entry->type == 0 ? HR_TEXT_NONE : hr_word(ask, entry->type);
    hr_buffer_add_format(page, "Entry %llu: %.*s\n", (unsigned long long)entry->position,
                         HR_SHOW(say_kind(ask, entry)));
    hr_buffer_add_format(page, "  happened %.*s, recorded %.*s%s, judged by plan %u%.*s\n",
                         HR_SHOW(hr_word_time(ask, entry->occurred_at)),
                         HR_SHOW(hr_word_time(ask, entry->recorded_at)), late ? " (late)" : "",
                         entry->plan, HR_SHOW(way_in(ask, entry)));
    if (entry->cause != 0) {
        hr_buffer_add_format(page, "  because of entry %llu\n", (unsigned long long)entry->cause);
    }
    hr_put_number(tree, "entry", entry->position);
    hr_put_words(tree, "kind", hr_text_from(kind_word(entry->kind)));
    hr_put_words(tree, "tool", entry->tool == 0 ? HR_TEXT_NONE : hr_word(ask, entry->tool));
    hr_put_words(tree, "type", type);
    hr_put_truth(tree, "signed", entry->kind == HR_EVENT_heard && entry->person == 0);
    hr_put_time(tree, "occurred_at", entry->occurred_at);
    hr_put_time(tree, "recorded_at", entry->recorded_at);
    hr_put_truth(tree, "late", late);
    hr_put_number(tree, "plan", entry->plan);
    hr_put(tree, "cause",
           entry->cause == 0 ? hr_value_null() : hr_value_int((int64_t)entry->cause));
    hr_put_words(tree, "chain", hr_hex(ask->into, entry->chain.bytes, sizeof entry->chain.bytes));
}

static hr_status write_refused(const struct hr_ask *ask, const struct hr_entry *entry,
                               struct hr_buffer *page, struct hr_object *tree)
{
    struct hr_heard heard;
    struct hr_items refused = hr_items_in(ask->into);
    HR_TRY(hr_heard_anew(ask, entry, ask->into, &heard));
    for (size_t i = 0; i < heard.complaint_count; i++) {
        hr_buffer_add_format(page, "  not taken: %.*s\n", HR_SHOW(heard.complaints[i].text));
        hr_add(&refused, hr_value_text(heard.complaints[i].text));
    }
    hr_put(tree, "not_taken", hr_items_value(&refused));
    return hr_done();
}

static hr_status write_facts(const struct hr_ask *ask, const struct hr_entry *entry,
                             struct hr_buffer *page, struct hr_object *tree)
{
    struct hr_speaker speaker = {.ask = ask, .entry = entry};
    struct hr_items facts = hr_items_in(ask->into);
    const struct hr_fact *fact = NULL;
    size_t erased = 0;
    for (size_t i = 0; i < entry->part_count; i++) {
        erased += entry->parts[i].erased;
    }
    hr_buffer_add_text(page, HR_TEXT("\nWhat it led to\n"));
    for (size_t i = 0; (fact = hr_entry_fact(entry, i)) != NULL; i++) {
        struct hr_text sentence = HR_TEXT_NONE;
        HR_TRY(hr_say_fact(&speaker, fact, HR_HEARS_all, &sentence));
        hr_buffer_add_format(page, "  %.*s\n", HR_SHOW(sentence));
        struct hr_object object = hr_object_in(ask->into);
        hr_put_words(&object, "fact", hr_fact_symbol((enum hr_fact_kind)fact->kind));
        hr_put_words(&object, "text", sentence);
        hr_add(&facts, hr_object_value(&object));
    }
    if (erased > 0) {
        hr_buffer_add_format(
            page, "  %.*s erased\n",
            HR_SHOW(hr_word_count(ask, erased, "part of it is", "parts of it are")));
    }
    HR_TRY(write_refused(ask, entry, page, tree));
    hr_put(tree, "facts", hr_items_value(&facts));
    hr_put_number(tree, "erased_parts", erased);
    return hr_done();
}

static void put_links(const struct hr_ask *ask, const struct hr_entry *entry,
                      struct hr_object *tree)
{
    struct hr_items contacts = hr_items_in(ask->into);
    for (size_t i = 0; i < entry->link_count; i++) {
        const struct hr_record *record = NULL;
        if (hr_ok(hr_ask_record(ask, entry->links[i].record, HR_RECORD_contact, &record)) &&
            record != NULL) {
            hr_add(&contacts, hr_value_text(hr_contact_name(ask->into, record->id)));
        }
    }
    hr_put(tree, "contacts", hr_items_value(&contacts));
}

static hr_status write_effects(const struct hr_ask *ask, const struct hr_entry *entry,
                               struct hr_buffer *page, struct hr_object *tree)
{
    struct hr_items effects = hr_items_in(ask->into);
    for (size_t i = 0; i < entry->fact_count; i++) {
        const struct hr_record *record = NULL;
        if (entry->facts[i].kind != HR_FACT_effect_planned) {
            continue;
        }
        HR_TRY(hr_ask_record(ask, entry->facts[i].record, HR_RECORD_effect, &record));
        if (record == NULL) {
            continue;
        }
        const struct hr_effect *effect = record->effect;
        const struct hr_told told = {.effect = record->id,
                                     .person = effect->person,
                                     .kind = effect->kind,
                                     .reason = effect->reason,
                                     .state = effect->state,
                                     .attempts = effect->attempts,
                                     .planned_at = effect->planned_at,
                                     .ended_at = HR_INSTANT_NONE,
                                     .answer = effect->answer};
        hr_buffer_add_text(page, effects.count == 0 ? HR_TEXT("\nEffects now\n") : HR_TEXT_NONE);
        hr_buffer_add_format(page, "  %.*s\n", HR_SHOW(hr_say_told(ask, &told)));
        hr_add(&effects, hr_told_tree(ask, &told));
    }
    hr_put(tree, "effects", hr_items_value(&effects));
    return hr_done();
}

hr_status hr_trace(const struct hr_lens *lens, uint64_t position, struct hr_arena *into,
                   struct hr_diagnostics *reterr, struct hr_report *ret_report)
{
    const struct hr_ask ask = {
        .lens = lens, .plan = lens->engine.plan, .into = into, .reterr = reterr};
    struct hr_entry entry = {0};
    if (position == 0 || position > lens->position) {
        return hr_ask_refused(&ask, HR_CODE_entry_unknown, HR_TEXT_NONE);
    }
    HR_TRY(lens->at(lens->context, position, into, &entry));
    if (entry.position == 0) {
        return hr_ask_refused(&ask, HR_CODE_entry_unknown, HR_TEXT_NONE);
    }
    struct hr_object tree = hr_object_in(into);
    struct hr_buffer page = hr_page_in(into);
    write_head(&ask, &entry, &page, &tree);
    put_links(&ask, &entry, &tree);
    HR_TRY(write_facts(&ask, &entry, &page, &tree));
    HR_TRY(write_effects(&ask, &entry, &page, &tree));
    return hr_report_end(&ask, &tree, &page, ret_report);
}
