/* Why did a path, a handoff or an automation not (yet) happen for a contact? Each condition in words, with what it sees
 * now. */
#include "insight/run.h"

struct absence {
    struct hr_ask ask;
    const struct hr_record *record;
    struct hr_buffer page;
    struct hr_items trees;
    struct hr_items heard; /* what this contact has had, for machines */
    struct hr_text heard_words;
};

/* ---- what the contact has had ---------------------------------------------------------------- */

enum { TYPES_MAX = 64 };
struct heard_type {
    uint32_t type;
    uint64_t count;
    hr_instant last_at;
};
struct hearing {
    struct heard_type types[TYPES_MAX];
    size_t count;
};

static hr_status visit(void *context, const struct hr_entry *entry)
{
    struct hearing *hearing = context;
    if (entry->type == 0) {
        return hr_done();
    }
    for (size_t i = 0; i < hearing->count; i++) {
        if (hearing->types[i].type == entry->type) {
            hearing->types[i].count++;
            return hr_done();
        }
    }
    if (hearing->count < TYPES_MAX) {
        hearing->types[hearing->count++] = (struct heard_type){entry->type, 1, entry->recorded_at};
    }
    return hr_done();
}

static hr_status gather_heard(struct absence *absence)
{
    struct hearing hearing = {.count = 0};
    bool stopped = false;
    HR_TRY(hr_walk(&absence->ask, absence->record, HR_WALK_MAX, visit, &hearing, &stopped));
    struct hr_buffer words;
    hr_buffer_init(&words, absence->ask.into, PAGE_BYTES_MAX);
    absence->heard = hr_items_in(absence->ask.into);
    for (size_t i = hearing.count; i > 0; i--) {
        const struct heard_type *type = &hearing.types[i - 1];
        struct hr_object object = hr_object_in(absence->ask.into);
        hr_put_words(&object, "type", hr_word(&absence->ask, type->type));
        hr_put_number(&object, "count", type->count);
        hr_put_time(&object, "last_at", type->last_at);
        hr_add(&absence->heard, hr_object_value(&object));
        hr_buffer_add_format(&words, "%s%.*s (%.*s, last %.*s)", i < hearing.count ? ", " : "",
                             HR_SHOW(hr_word(&absence->ask, type->type)),
                             HR_SHOW(hr_word_count(&absence->ask, type->count, "time", "times")),
                             HR_SHOW(hr_word_time(&absence->ask, type->last_at)));
    }
    absence->heard_words = words.size == 0 ? HR_TEXT("nothing yet") : hr_buffer_text(&words);
    return hr_done();
}

/* ---- never opened ---------------------------------------------------------------------------- */

static const struct hr_instance *instance_of(const struct hr_contact *contact, uint32_t handoff)
{
    for (size_t i = contact->instance_count; i > 0; i--) {
        if (contact->instances[i - 1].handoff == handoff) {
            return &contact->instances[i - 1];
        }
    }
    return NULL;
}

static void explain_closed(struct absence *absence, const struct hr_handoff *handoff)
{
    const struct hr_ask *ask = &absence->ask;
    struct hr_object object = hr_object_in(ask->into);
    hr_buffer_add_format(&absence->page, "%.*s: NO, it never opened\n", HR_SHOW(handoff->title));
    hr_put_words(&object, "handoff", handoff->full_id);
    hr_put_words(&object, "title", handoff->title);
    hr_put_truth(&object, "opened", false);
    hr_put_truth(&object, "proven", false);
    if (handoff->opens_after >= 0) {
        const struct hr_handoff *before = &ask->plan->handoffs[handoff->opens_after];
        const struct hr_instance *instance =
            instance_of(absence->record->contact, before->name_number);
        struct hr_text stand =
            instance == NULL ? HR_TEXT("never opened itself") : hr_say_stand(ask, instance);
        hr_buffer_add_format(&absence->page, "  It opens when %.*s is proven, and that is %.*s\n",
                             HR_SHOW(before->title), HR_SHOW(stand));
        hr_put_words(&object, "waits_for", before->full_id);
    } else {
        hr_buffer_add_format(&absence->page, "  It opens when %.*s comes. From them came: %.*s\n",
                             HR_SHOW(handoff->opens_on), HR_SHOW(absence->heard_words));
        hr_put_words(&object, "waits_for", handoff->opens_on);
    }
    hr_add(&absence->trees, hr_object_value(&object));
}

/* ---- opened ---------------------------------------------------------------------------------- */

static struct hr_value line_tree(const struct hr_ask *ask, const struct hr_asked_line *line)
{
    struct hr_object object = hr_object_in(ask->into);
    hr_put_words(&object, "condition", line->sentence);
    hr_put_truth(&object, "met", line->met);
    hr_put(&object, "observed", line->has_values ? line->observed : hr_value_null());
    hr_put(&object, "expected", line->has_values ? line->expected : hr_value_null());
    hr_put_words(&object, "known", line->known);
    hr_put_time(&object, "since", line->since);
    hr_put(&object, "entry",
           line->position == 0 ? hr_value_null() : hr_value_int((int64_t)line->position));
    return hr_object_value(&object);
}

static void write_limit(const struct hr_ask *ask, struct hr_buffer *page, const char *what,
                        hr_instant at)
{
    if (at == HR_INSTANT_NONE) {
        return;
    }
    bool past = at <= ask->lens->now;
    hr_buffer_add_format(page, "  %s %.*s (%s%.*s%s)\n", what, HR_SHOW(hr_word_time(ask, at)),
                         past ? "" : "in ", HR_SHOW(hr_word_since(ask, at)), past ? " ago" : "");
}

static struct hr_text say_opening(const struct hr_ask *ask, const struct hr_instance *instance)
{
    struct hr_entry entry = {0};
    if (!hr_ok(ask->lens->at(ask->lens->context, instance->opened_by, ask->into, &entry)) ||
        entry.position == 0) {
        return HR_TEXT_NONE;
    }
    struct hr_text event = hr_say_event(ask, &entry);
    return event.size == 0 ? event : hr_text_format(ask->into, ": %.*s", HR_SHOW(event));
}

static hr_status explain_open(struct absence *absence, const struct hr_handoff *handoff,
                              const struct hr_instance *instance)
{
    const struct hr_ask *ask = &absence->ask;
    struct hr_buffer *page = &absence->page;
    struct hr_asked_line *lines = NULL;
    struct hr_items conditions = hr_items_in(ask->into);
    bool proven = hr_stand_is_proven(hr_stand_now(ask, instance));
    HR_TRY(hr_lines_of(ask, absence->record->contact, handoff, instance, &lines));
    hr_buffer_add_format(page, "%.*s: %s, %.*s\n", HR_SHOW(hr_word_instance(ask, instance)),
                         proven ? "yes" : "NO", HR_SHOW(hr_say_stand(ask, instance)));
    if (!proven) {
        hr_buffer_add_format(page, "  It opened %.*s (entry %llu)%.*s\n",
                             HR_SHOW(hr_word_time(ask, instance->opened_at)),
                             (unsigned long long)instance->opened_by,
                             HR_SHOW(say_opening(ask, instance)));
        write_limit(ask, page, "late at", instance->late_at);
        write_limit(ask, page, "failed at", instance->fail_at);
        hr_buffer_add_text(page, HR_TEXT("  It is proven when all of this holds:\n"));
    }
    for (size_t i = 0; i < handoff->done_count; i++) {
        hr_add(&conditions, line_tree(ask, &lines[i]));
        if (!proven) {
            hr_buffer_add_format(page, "    %.*s: %s (%.*s)\n", HR_SHOW(lines[i].sentence),
                                 lines[i].met ? "yes" : "NO", HR_SHOW(lines[i].known));
        }
    }
    struct hr_object object = hr_object_in(ask->into);
    hr_put_words(&object, "handoff", handoff->full_id);
    hr_put_words(&object, "title", handoff->title);
    hr_put_truth(&object, "opened", true);
    hr_put_truth(&object, "proven", proven);
    hr_put(&object, "instance", hr_stand_tree(ask, instance));
    hr_put(&object, "conditions", hr_items_value(&conditions));
    hr_add(&absence->trees, hr_object_value(&object));
    return hr_done();
}

static hr_status explain(struct absence *absence, const struct hr_handoff *handoff)
{
    const struct hr_contact *contact = absence->record->contact;
    bool opened = false;
    for (size_t i = 0; i < contact->instance_count; i++) {
        if (contact->instances[i].handoff == handoff->name_number) {
            HR_TRY(explain_open(absence, handoff, &contact->instances[i]));
            opened = true;
        }
    }
    if (!opened) {
        explain_closed(absence, handoff);
    }
    return hr_done();
}

/* What is meant by the name: handoffs, an automation, or both. */
struct meant {
    int32_t first;
    int32_t count;
    const struct hr_automation *automation;
};

static hr_status understand(const struct hr_ask *ask, struct hr_text named, struct meant *ret_meant)
{
    int32_t automation = hr_plan_automation(ask->plan, hr_text_trim(named));
    bool also_handoffs = hr_plan_path(ask->plan, hr_text_trim(named)) >= 0 ||
                         hr_plan_handoff(ask->plan, hr_text_trim(named)) >= 0;
    *ret_meant = (struct meant){.count = 0};
    /* while none is carried out, who names a handoff does not mean the automation of the same name */
    if (automation >= 0 && (!also_handoffs || ask->lens->engine.automates)) {
        ret_meant->automation = &ask->plan->automations[automation];
    }
    return automation >= 0 && !also_handoffs
               ? hr_done()
               : hr_ask_handoffs(ask, named, &ret_meant->first, &ret_meant->count);
}

static hr_status explain_handoffs(struct absence *absence, const struct meant *meant,
                                  struct hr_next *ret_next)
{
    const struct hr_ask *ask = &absence->ask;
    bool *handoffs = hr_arena_new_many(ask->into, bool, ask->plan->handoff_count);
    if (handoffs == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (int32_t i = meant->first; i < meant->first + meant->count; i++) {
        handoffs[i] = true;
        HR_TRY(explain(absence, &ask->plan->handoffs[i]));
    }
    return hr_next_of(ask, absence->record->contact, handoffs, ret_next);
}

hr_status hr_why_not(const struct hr_lens *lens, struct hr_text named, struct hr_text contact,
                     struct hr_arena *into, struct hr_diagnostics *reterr,
                     struct hr_report *ret_report)
{
    struct absence absence = {
        .ask = {.lens = lens, .plan = lens->engine.plan, .into = into, .reterr = reterr}};
    const struct hr_ask *ask = &absence.ask;
    struct meant meant;
    struct hr_next next = {.words = HR_TEXT_NONE};
    struct hr_value automation = hr_value_null();
    HR_TRY(understand(ask, named, &meant));
    HR_TRY(hr_ask_contact(ask, contact, &absence.record));
    HR_TRY(gather_heard(&absence));
    absence.page = hr_page_in(into);
    absence.trees = hr_items_in(into);
    hr_buffer_add_format(&absence.page, "%.*s\n\n", HR_SHOW(hr_say_contact(ask, absence.record)));
    if (meant.count > 0) {
        HR_TRY(explain_handoffs(&absence, &meant, &next));
        hr_buffer_add_text(&absence.page, HR_TEXT("\n"));
        hr_next_write(ask, &absence.page, &next);
    }
    if (meant.automation != NULL) {
        hr_buffer_add_text(&absence.page, meant.count > 0 ? HR_TEXT("\n") : HR_TEXT_NONE);
        HR_TRY(hr_why_not_automation(ask, absence.record, meant.automation, &absence.page,
                                     &automation));
    }
    struct hr_object tree = hr_object_in(into);
    hr_put_words(&tree, "contact", hr_contact_name(into, absence.record->id));
    hr_put(&tree, "handoffs", hr_items_value(&absence.trees));
    hr_put(&tree, "automation", automation);
    hr_put(&tree, "heard", hr_items_value(&absence.heard));
    hr_put(&tree, "next", hr_next_tree(ask, &next));
    return hr_report_end(ask, &tree, &absence.page, ret_report);
}
