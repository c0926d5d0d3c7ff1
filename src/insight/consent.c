/* To which messages a contact said yes or no: the ledger, newest first, and what follows from it for each purpose. */
#include "engine/consent.h"

#include "insight/contact.h"

enum { ASK_ROUNDS_MAX = 8, SAID_MAX = 1000 };

/* ---- what may be sent now ---------------------------------------------------------------------------- */

static hr_status bring_record(const struct hr_ask *ask, uint64_t id, struct hr_view *view)
{
    struct hr_record *record = NULL;
    HR_TRY(ask->lens->record(ask->lens->context, id, ask->into, &record));
    if (record == NULL) {
        record = hr_arena_new(ask->into, struct hr_record);
        if (record == NULL) {
            return hr_answer(HR_E_MEMORY);
        }
        *record = (struct hr_record){.id = id, .hinted_due = HR_INSTANT_NONE};
    }
    return hr_view_put_record(view, record);
}

static hr_status bring(const struct hr_ask *ask, const struct hr_needs *needs, struct hr_view *view)
{
    for (size_t i = 0; i < needs->record_count; i++) {
        HR_TRY(bring_record(ask, needs->records[i], view));
    }
    for (size_t i = 0; i < needs->entry_count; i++) {
        enum hr_space space = (enum hr_space)needs->entries[i].space;
        uint64_t value = 0;
        HR_TRY(ask->lens->entry(ask->lens->context, space, &needs->entries[i].key, &value));
        HR_TRY(hr_view_put_entry(view, space, &needs->entries[i].key, value, false));
    }
    return hr_done();
}

static hr_status may_leave(const struct hr_ask *ask, struct hr_view *view, uint64_t contact,
                           int32_t purpose, struct hr_consent_answer *ret_answer)
{
    struct hr_needs *needs = hr_arena_new(ask->into, struct hr_needs);
    hr_status status = hr_answer(needs == NULL ? HR_E_MEMORY : HR_E_NEEDS);
    for (int i = 0; i < ASK_ROUNDS_MAX && status.code == HR_E_NEEDS; i++) {
        status = hr_engine_consent(&ask->lens->engine, view, contact, purpose, needs, ret_answer);
        if (status.code == HR_E_NEEDS) {
            HR_TRY(bring(ask, needs, view));
        }
    }
    return status.code == HR_E_NEEDS ? hr_answer(HR_E_CORRUPT) : status;
}

static void put_writer(const struct hr_ask *ask, struct hr_object *object, uint32_t writer)
{
    hr_put_words(object, "writer_kind", hr_by_word(hr_writer_by(writer)));
    hr_put_words(object, "writer", hr_word(ask, hr_writer_name(writer)));
}

static hr_status tell_purpose(const struct hr_ask *ask, const struct hr_record *record,
                              int32_t index, struct hr_items *items, struct hr_buffer *page)
{
    const struct hr_purpose *purpose = &ask->plan->policies.purposes[index];
    struct hr_consent_answer answer;
    struct hr_view view;
    hr_view_init(&view, ask->into);
    HR_TRY(may_leave(ask, &view, record->id, index, &answer));
    struct hr_object object = hr_object_in(ask->into);
    hr_put_words(&object, "purpose", purpose->id);
    hr_put_words(&object, "title", purpose->title);
    hr_put_words(&object, "channel", hr_channel_word(HR_CHANNEL_email));
    hr_put_truth(&object, "needs_consent", purpose->needs_consent);
    hr_put_truth(&object, "may", answer.may);
    hr_put_words(&object, "why", hr_consent_why_word(answer.why));
    hr_put_words(&object, "words", answer.words);
    hr_put_time(&object, "since", answer.at);
    if (answer.at != HR_INSTANT_NONE) {
        put_writer(ask, &object, answer.writer);
    }
    if (answer.position != 0) {
        hr_put_number(&object, "entry", answer.position);
    }
    hr_add(items, hr_object_value(&object));
    hr_buffer_add_format(page, "  %.*s (%.*s): %s: %.*s\n", HR_SHOW(purpose->id),
                         HR_SHOW(purpose->title), answer.may ? "may be sent" : "may not be sent",
                         HR_SHOW(answer.words));
    return hr_done();
}

/* ---- what was said ----------------------------------------------------------------------------------- */

struct ledger {
    const struct hr_ask *ask;
    uint64_t contact;
    struct hr_items items;
    struct hr_buffer *page;
    size_t count;
};

/* "form_version 7, ip_hash 9f2c" */
static struct hr_text say_proof(const struct hr_ask *ask, const struct hr_value *proof)
{
    struct hr_buffer out = hr_page_in(ask->into);
    for (uint32_t i = 0; proof->kind == HR_KIND_map && i < proof->count; i++) {
        const struct hr_member *member = &proof->members[i];
        hr_buffer_add_format(&out, "%s%.*s %.*s", i == 0 ? "; proof: " : ", ",
                             HR_SHOW(hr_value_as_text(&member->key)),
                             HR_SHOW(hr_word_value(ask, &member->value)));
    }
    return hr_buffer_text(&out);
}

static hr_status tell_word(struct ledger *ledger, const struct hr_entry *entry,
                           const struct hr_fact *fact)
{
    const struct hr_ask *ask = ledger->ask;
    enum hr_consent_said said = (enum hr_consent_said)(fact->state & ~(unsigned)HR_CONSENT_STANDS);
    struct hr_object object = hr_object_in(ask->into);
    struct hr_value proof = hr_value_null();
    HR_TRY(hr_value_copy(ask->into, &fact->value, &proof)); /* the entry goes */
    struct hr_text reason = hr_text_copy(ask->into, fact->text);
    hr_put_time(&object, "at", fact->at);
    hr_put_time(&object, "recorded_at", entry->recorded_at);
    hr_put_words(&object, "purpose", hr_word(ask, fact->name));
    hr_put_words(&object, "channel", hr_channel_word((enum hr_channel)fact->from));
    hr_put_words(&object, "said", hr_consent_said_word(said));
    hr_put_truth(&object, "stood", (fact->state & HR_CONSENT_STANDS) != 0);
    put_writer(ask, &object, fact->other);
    hr_put_words(&object, "reason", reason);
    hr_put(&object, "proof", proof);
    hr_put_number(&object, "entry", entry->position);
    hr_add(&ledger->items, hr_object_value(&object));
    ledger->count++;
    hr_buffer_add_format(
        ledger->page, "  %.*s  %s to %.*s  %.*s (entry %llu)%s%.*s%.*s%s\n",
        HR_SHOW(hr_word_time(ask, fact->at)), said == HR_CONSENT_yes ? "yes" : "no ",
        HR_SHOW(hr_word(ask, fact->name)), HR_SHOW(hr_word_writer(ask, fact->other)),
        (unsigned long long)entry->position, reason.size > 0 ? ": " : "",
        HR_SHOW(hr_text_visible(ask->into, reason)), HR_SHOW(say_proof(ask, &proof)),
        (fact->state & HR_CONSENT_STANDS) != 0 ? "" : "; a newer word stood");
    return hr_done();
}

static hr_status visit(void *context, const struct hr_entry *entry)
{
    struct ledger *ledger = context;
    const struct hr_fact *fact = NULL;
    for (size_t i = 0; (fact = hr_entry_fact(entry, i)) != NULL; i++) {
        bool theirs = fact->kind == HR_FACT_consent_said && fact->record == ledger->contact;
        if (theirs && ledger->count < SAID_MAX) {
            HR_TRY(tell_word(ledger, entry, fact));
        }
    }
    return hr_done();
}

/* ---- the report -------------------------------------------------------------------------------------- */

hr_status hr_consent_show(const struct hr_lens *lens, struct hr_text contact, struct hr_arena *into,
                          struct hr_diagnostics *reterr, struct hr_report *ret_report)
{
    const struct hr_ask ask = {
        .lens = lens, .plan = lens->engine.plan, .into = into, .reterr = reterr};
    const struct hr_record *record = NULL;
    bool stopped = false;
    HR_TRY(hr_ask_contact(&ask, contact, &record));
    struct hr_object tree = hr_object_in(into);
    struct hr_items purposes = hr_items_in(into);
    struct hr_buffer page = hr_page_in(into);
    hr_buffer_add_format(&page, "%.*s\n\nMessages by email, now\n",
                         HR_SHOW(hr_say_contact(&ask, record)));
    for (size_t i = 0; i < ask.plan->policies.purpose_count; i++) {
        HR_TRY(tell_purpose(&ask, record, (int32_t)i, &purposes, &page));
    }
    hr_buffer_add_text(&page, HR_TEXT("\nWhat was said, newest first\n"));
    struct ledger ledger = {
        .ask = &ask, .contact = record->id, .items = hr_items_in(into), .page = &page};
    HR_TRY(hr_walk(&ask, record, HR_WALK_MAX, visit, &ledger, &stopped));
    if (ledger.count == 0) {
        hr_buffer_add_text(&page, HR_TEXT("  nothing\n"));
    }
    if (stopped) {
        hr_buffer_add_text(&page, HR_TEXT("  and what older entries say\n"));
    }
    hr_put_words(&tree, "contact", hr_contact_name(into, record->id));
    hr_put(&tree, "purposes", hr_items_value(&purposes));
    hr_put(&tree, "said", hr_items_value(&ledger.items));
    hr_put_truth(&tree, "said_cut", stopped);
    return hr_report_end(&ask, &tree, &page, ret_report);
}
