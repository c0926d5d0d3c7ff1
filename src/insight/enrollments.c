/* Enrollments of one automation, those that began or ended last first: along the automation's own entries, so without
 * an index. */
#include "insight/run.h"

enum { RUNS_LISTED_MAX = 50 };

/* One that began or ended in the entries that were looked at. */
struct listed {
    uint64_t run;
    uint64_t contact;
    hr_instant began_at; /* HR_INSTANT_NONE: before what was looked at */
    hr_instant ended_at; /* HR_INSTANT_NONE: it is under way */
    uint8_t end;         /* enum hr_run_end */
    struct hr_text key_shown;
};
struct listing {
    const struct hr_ask *ask;
    uint32_t automation;
    struct listed *items; /* newest first */
    size_t count;
    size_t capacity;
    uint64_t oldest; /* position of the entry that was looked at last */
    bool full;
};

static struct listed *find(const struct listing *listing, uint64_t run)
{
    for (size_t i = 0; i < listing->count; i++) {
        if (listing->items[i].run == run) {
            return &listing->items[i];
        }
    }
    return NULL;
}

static hr_status add(struct listing *listing, struct listed item)
{
    struct listed *grown = hr_list_grow(listing->ask->into, listing->items, listing->count,
                                        &listing->capacity, sizeof *grown);
    if (grown == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    listing->items = grown;
    grown[listing->count++] = item;
    return hr_done();
}

/* Facts of an entry stand in their order, and entries come newest first: so an end may come before its beginning, or
 * behind it in the same entry. */
static hr_status take(struct listing *listing, const struct hr_entry *entry,
                      const struct hr_fact *fact)
{
    struct listed *known = find(listing, fact->number);
    if (known == NULL) {
        const struct listed item = {.run = fact->number,
                                    .contact = fact->record,
                                    .began_at = HR_INSTANT_NONE,
                                    .ended_at = HR_INSTANT_NONE};
        HR_TRY(add(listing, item));
        known = &listing->items[listing->count - 1];
    }
    if (fact->kind == HR_FACT_run_began) {
        known->began_at = entry->recorded_at;
        known->key_shown = hr_text_copy(listing->ask->into, fact->text);
    } else {
        known->ended_at = entry->recorded_at;
        known->end = fact->state;
    }
    return hr_done();
}

static hr_status visit(void *context, const struct hr_entry *entry)
{
    struct listing *listing = context;
    const struct hr_fact *fact = NULL;
    listing->full = listing->full || listing->count >= RUNS_LISTED_MAX;
    if (listing->full) {
        return hr_done();
    }
    listing->oldest = entry->position;
    for (size_t i = 0; (fact = hr_entry_fact(entry, i)) != NULL; i++) {
        bool turns = fact->kind == HR_FACT_run_began || fact->kind == HR_FACT_run_ended;
        if (turns && fact->name == listing->automation) {
            HR_TRY(take(listing, entry, fact));
        }
    }
    return hr_done();
}

/* The entry of the automation before a position: the walk goes on there. */
static hr_status start_at(const struct hr_ask *ask, uint32_t automation, uint64_t before,
                          struct hr_record *ret_start)
{
    const struct hr_record *record = NULL;
    *ret_start = (struct hr_record){.id = HR_ID_AUTOMATION + automation};
    HR_TRY(hr_ask_record(ask, ret_start->id, HR_RECORD_automation, &record));
    ret_start->last_position = record == NULL ? 0 : record->last_position;
    if (before == 0 || record == NULL) {
        return hr_done();
    }
    struct hr_entry entry = {0};
    HR_TRY(ask->lens->at(ask->lens->context, before, ask->into, &entry));
    ret_start->last_position = 0;
    for (size_t i = 0; entry.position != 0 && i < entry.link_count; i++) {
        if (entry.links[i].record == ret_start->id) {
            ret_start->last_position = entry.links[i].previous;
        }
    }
    return hr_done();
}

/* ---- lines -------------------------------------------------------------------------------------------------- */

static struct hr_text say_listed(const struct hr_ask *ask, const struct listed *item,
                                 const struct hr_run *run)
{
    if (run != NULL) {
        return hr_say_run(ask, run);
    }
    return item->ended_at == HR_INSTANT_NONE
               ? HR_TEXT("ended")
               : hr_text_format(ask->into, "%.*s %.*s",
                                HR_SHOW(hr_run_end_word((enum hr_run_end)item->end)),
                                HR_SHOW(hr_word_time(ask, item->ended_at)));
}

static hr_status tell(const struct hr_ask *ask, const struct listed *item, struct hr_buffer *page,
                      struct hr_items *trees)
{
    const struct hr_record *contact = NULL;
    HR_TRY(hr_ask_record(ask, item->contact, HR_RECORD_contact, &contact));
    const struct hr_run *run = contact == NULL ? NULL : hr_contact_run(contact->contact, item->run);
    struct hr_text words = say_listed(ask, item, run);
    struct hr_text issue = contact == NULL
                               ? HR_TEXT_NONE
                               : hr_word_issue(ask, hr_run_issue(contact->contact, item->run));
    hr_buffer_add_format(
        page, "%.*s  %.*s  began %.*s%s%.*s%s  %.*s%s%.*s\n",
        HR_SHOW(hr_enrollment_name(ask->into, item->run)),
        HR_SHOW(hr_contact_name(ask->into, item->contact)),
        HR_SHOW(item->began_at == HR_INSTANT_NONE ? HR_TEXT("earlier")
                                                  : hr_word_time(ask, item->began_at)),
        item->key_shown.size > 0 ? " (" : "", HR_SHOW(hr_text_visible(ask->into, item->key_shown)),
        item->key_shown.size > 0 ? ")" : "", HR_SHOW(words), issue.size > 0 ? "  issue " : "",
        HR_SHOW(issue));
    struct hr_object object = hr_object_in(ask->into);
    hr_put_words(&object, "enrollment", hr_enrollment_name(ask->into, item->run));
    hr_put_words(&object, "contact", hr_contact_name(ask->into, item->contact));
    hr_put_words(&object, "key", item->key_shown);
    hr_put_time(&object, "began_at", item->began_at);
    hr_put_truth(&object, "over", run == NULL);
    hr_put_time(&object, "ended_at", item->ended_at);
    hr_put_words(&object, "ended",
                 item->ended_at == HR_INSTANT_NONE ? HR_TEXT_NONE
                                                   : hr_run_end_word((enum hr_run_end)item->end));
    hr_put(&object, "now", run == NULL ? hr_value_null() : hr_run_tree(ask, contact, run));
    hr_put_words(&object, "text", words);
    hr_add(trees, hr_object_value(&object));
    return hr_done();
}

hr_status hr_enrollments_list(const struct hr_lens *lens, struct hr_text automation,
                              uint64_t before, struct hr_arena *into, struct hr_diagnostics *reterr,
                              struct hr_report *ret_report)
{
    const struct hr_ask ask = {
        .lens = lens, .plan = lens->engine.plan, .into = into, .reterr = reterr};
    struct listing listing = {.ask = &ask};
    const struct hr_automation *known = NULL;
    struct hr_record start;
    bool stopped = false;
    HR_TRY(hr_ask_automation(&ask, automation, &listing.automation, &known));
    HR_TRY(start_at(&ask, listing.automation, before, &start));
    HR_TRY(hr_walk(&ask, &start, HR_WALK_MAX, visit, &listing, &stopped));
    struct hr_buffer page = hr_page_in(into);
    struct hr_items trees = hr_items_in(into);
    for (size_t i = 0; i < listing.count; i++) {
        HR_TRY(tell(&ask, &listing.items[i], &page, &trees));
    }
    bool more = (stopped || listing.full) && listing.oldest != 0;
    if (listing.count == 0) {
        hr_buffer_add_text(&page, more ? HR_TEXT("Nobody among these entries.\n")
                                       : HR_TEXT("Nobody has been in it yet.\n"));
    }
    if (more) {
        hr_buffer_add_format(&page, "Older ones: handrail automation runs %.*s --before %llu\n",
                             HR_SHOW(hr_word(&ask, listing.automation)),
                             (unsigned long long)listing.oldest);
    }
    struct hr_object tree = hr_object_in(into);
    hr_put_words(&tree, "automation", hr_word(&ask, listing.automation));
    hr_put(&tree, "enrollments", hr_items_value(&trees));
    hr_put(&tree, "before", more ? hr_value_int((int64_t)listing.oldest) : hr_value_null());
    return hr_report_end(&ask, &tree, &page, ret_report);
}
