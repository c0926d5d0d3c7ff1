/* Why is a contact not in an automation now? What began it or kept them out last, and each condition with what it sees
 * now, as the engine would ask it if the event came again. */
#include "insight/chosen.h"
#include "insight/run.h"
#include "plan/aloud.h"

enum { TYPES_MAX = 16 };

/* ---- what came ----------------------------------------------------------------------------------------- */

struct came {
    uint32_t type;
    uint64_t count;
    hr_instant last_at;
};
/* What the contact's entries tell of the automation, newest first. */
struct history {
    const struct hr_ask *ask;
    const struct hr_automation *automation;
    struct came came[TYPES_MAX]; /* one a triggering event */
    size_t came_count;
    struct hr_kept_event event; /* the newest of them; position 0: none */
    struct hr_speaker speaker;
    struct hr_text out; /* the newest refusal, said aloud */
    uint64_t out_in;
    hr_instant out_at;
    uint8_t out_why;
    uint64_t began_in; /* the newest beginning */
    hr_instant began_at;
    uint64_t run;
    struct hr_text ended; /* how that ended, said aloud */
    bool cut;             /* older entries were not looked at */
};

static struct came *triggering(struct history *history, uint32_t type)
{
    for (size_t i = 0; i < history->came_count; i++) {
        if (history->came[i].type == type) {
            return &history->came[i];
        }
    }
    return NULL;
}

static hr_status note_event(struct history *history, const struct hr_entry *entry, uint32_t type,
                            hr_instant at, const struct hr_value *data)
{
    struct came *came = triggering(history, type);
    if (came == NULL) {
        return hr_done();
    }
    came->last_at = came->count++ == 0 ? entry->recorded_at : came->last_at;
    if (history->event.position != 0) {
        return hr_done();
    }
    history->event = (struct hr_kept_event){
        .type = type, .tool = entry->tool, .at = at, .position = entry->position};
    return data == NULL ? hr_done() : hr_value_copy(history->ask->into, data, &history->event.data);
}

/* What a message brought stands in the fact that began an enrollment with it, or is read from the message again. */
static hr_status note_heard(struct history *history, const struct hr_entry *entry)
{
    struct hr_heard heard = {.tool = HR_NONE_INDEX};
    if (entry->type == 0 || triggering(history, entry->type) == NULL) {
        return hr_done();
    }
    if (history->event.position == 0) {
        HR_TRY(hr_heard_anew(history->ask, entry, history->ask->into, &heard));
    }
    const struct hr_value *data = heard.data.kind == HR_KIND_map ? &heard.data : NULL;
    return note_event(history, entry, entry->type, entry->occurred_at, data);
}

static hr_status note_fact(struct history *history, const struct hr_entry *entry,
                           const struct hr_fact *fact)
{
    bool own = fact->name == history->automation->name_number;
    history->speaker.entry = entry;
    if (fact->kind == HR_FACT_event_emitted) {
        return note_event(history, entry, fact->name, fact->at, &fact->value);
    }
    if (fact->kind == HR_FACT_run_kept_out && own && history->out_in == 0) {
        history->out_in = entry->position;
        history->out_at = entry->recorded_at;
        history->out_why = fact->state;
        return hr_say_fact(&history->speaker, fact, HR_HEARS_contact, &history->out);
    }
    if (fact->kind == HR_FACT_run_began && own && history->began_in == 0) {
        history->began_in = entry->position;
        history->began_at = entry->recorded_at;
        history->run = fact->number;
    }
    if (fact->kind == HR_FACT_run_ended && own && history->ended.size == 0 &&
        history->began_in == 0) {
        return hr_say_fact(&history->speaker, fact, HR_HEARS_contact, &history->ended);
    }
    return hr_done();
}

static hr_status visit(void *context, const struct hr_entry *entry)
{
    struct history *history = context;
    const struct hr_fact *fact = NULL;
    size_t count = 0;
    HR_TRY(note_heard(history, entry));
    while (hr_entry_fact(entry, count) != NULL) {
        count++;
    }
    for (size_t i = count; i > 0; i--) { /* the newest of one entry stands last */
        fact = hr_entry_fact(entry, i - 1);
        HR_TRY(note_fact(history, entry, fact));
    }
    return hr_done();
}

static hr_status gather(struct history *history, const struct hr_record *contact)
{
    const struct hr_ask *ask = history->ask;
    const struct hr_trigger *trigger = &history->automation->trigger;
    history->speaker = (struct hr_speaker){.ask = ask, .contact = contact, .shows_values = true};
    for (size_t i = 0; i < trigger->event_count && i < TYPES_MAX; i++) {
        history->came[history->came_count++] =
            (struct came){.type = ask->plan->event_names[trigger->events[i]].name_number};
    }
    return hr_walk(ask, contact, HR_WALK_MAX, visit, history, &history->cut);
}

/* ---- conditions -------------------------------------------------------------------------------------------- */

/* One thing that lets them in or keeps them out. */
struct reason {
    const char *kind; /* "when", "stop", "again", "control", "share", "room", "key" */
    struct hr_text sentence;
    enum hr_met met;
    bool blocks;
    struct hr_text known;
    size_t depth; /* inside groups */
};
struct reasons {
    const struct hr_ask *ask;
    const struct hr_record *contact;
    const struct hr_automation *automation;
    struct hr_sight sight;
    struct reason *items;
    size_t count;
    size_t capacity;
};

static hr_status add(struct reasons *reasons, struct reason reason)
{
    struct reason *grown = hr_list_grow(reasons->ask->into, reasons->items, reasons->count,
                                        &reasons->capacity, sizeof *grown);
    if (grown == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    reasons->items = grown;
    grown[reasons->count++] = reason;
    return hr_done();
}

static void know_event(const struct reasons *reasons, int32_t field, struct hr_buffer *known)
{
    const struct hr_ask *ask = reasons->ask;
    const struct hr_kept_event *event = reasons->sight.event;
    int32_t attribute = field - HR_EVENT_FIELD_attributes;
    hr_buffer_add_text(known, known->size > 0 ? HR_TEXT("; ") : HR_TEXT_NONE);
    if (event == NULL) {
        hr_buffer_add_text(known, HR_TEXT("no such event has come"));
        return;
    }
    struct hr_text type = hr_word(ask, event->type);
    const struct hr_value *value =
        attribute < 0 ? NULL : hr_value_member(&event->data, ask->plan->attributes[attribute]);
    if (attribute < 0) {
        hr_buffer_add_format(known, "%.*s came %.*s", HR_SHOW(type),
                             HR_SHOW(hr_word_time(ask, event->at)));
    } else if (value == NULL) {
        hr_buffer_add_format(known, "%.*s came without %.*s", HR_SHOW(type),
                             HR_SHOW(ask->plan->attributes[attribute]));
    } else {
        hr_buffer_add_format(known, "%.*s came with %.*s %.*s", HR_SHOW(type),
                             HR_SHOW(ask->plan->attributes[attribute]),
                             HR_SHOW(hr_word_value(ask, value)));
    }
}

/* A record that belongs to the contact, as it is known now. */
static const struct hr_contact *linked(void *context, uint64_t id)
{
    const struct reasons *reasons = context;
    const struct hr_lens *lens = reasons->ask->lens;
    struct hr_record *record = NULL;
    bool found = hr_ok(lens->record(lens->context, id, reasons->ask->into, &record)) &&
                 record != NULL && record->exists &&
                 hr_type_of(record->kind) != HR_RECORD_TYPE_COUNT;
    return found ? record->contact : NULL;
}

/* "account segment is "gold"". */
static void know_linked(const struct reasons *reasons, enum hr_record_type type, int32_t field,
                        struct hr_buffer *known)
{
    const struct hr_ask *ask = reasons->ask;
    const struct hr_field *contract = &ask->plan->records[type].fields[field];
    const struct hr_contact *record = hr_sight_record(&reasons->sight, type);
    const struct hr_said *said =
        record == NULL ? NULL : hr_field_at(record, contract->name_number, INT64_MAX);
    hr_buffer_add_text(known, known->size > 0 ? HR_TEXT("; ") : HR_TEXT_NONE);
    if (record == NULL) {
        hr_buffer_add_format(known, "no %.*s is linked to them",
                             HR_SHOW(hr_record_type_word(type)));
        return;
    }
    hr_buffer_add_format(
        known, "%.*s %.*s is %.*s", HR_SHOW(hr_record_type_word(type)), HR_SHOW(contract->title),
        HR_SHOW(said == NULL ? HR_TEXT("not known") : hr_word_value(ask, &said->value)));
}

/* The kind of record that a name of conditions stands for; the contact for all others. */
static enum hr_record_type type_of_name(size_t name)
{
    switch (name) {
    case HR_SCOPE_account:
        return HR_RECORD_TYPE_account;
    case HR_SCOPE_opportunity:
        return HR_RECORD_TYPE_opportunity;
    case HR_SCOPE_ticket:
        return HR_RECORD_TYPE_ticket;
    case HR_SCOPE_task:
        return HR_RECORD_TYPE_task;
    default:
        return HR_RECORD_TYPE_contact;
    }
}

static struct hr_text know(const struct reasons *reasons, const struct hr_expr *expr)
{
    size_t count = 0;
    const struct hr_expr_read *reads = hr_expr_reads(expr, &count);
    struct hr_asked_line line = {.since = HR_INSTANT_NONE};
    struct hr_buffer known;
    hr_buffer_init(&known, reasons->ask->into, PAGE_BYTES_MAX);
    for (size_t i = 0; i < count; i++) {
        if (reads[i].name == HR_SCOPE_contact && reads[i].field >= 0) {
            hr_know_field(reasons->ask, reasons->contact->contact, reads[i].field, &line, &known);
        } else if ((reads[i].name == HR_SCOPE_event || reads[i].name == HR_SCOPE_trigger) &&
                   reads[i].field >= 0) {
            know_event(reasons, reads[i].field, &known);
        } else if (type_of_name(reads[i].name) != HR_RECORD_TYPE_contact && reads[i].field >= 0) {
            know_linked(reasons, type_of_name(reads[i].name), reads[i].field, &known);
        }
    }
    return hr_buffer_text(&known);
}

static const char *group_word(enum hr_clause_kind kind)
{
    switch (kind) {
    case HR_CLAUSE_any:
        return "any of these";
    case HR_CLAUSE_none:
        return "none of these";
    case HR_CLAUSE_all:
    case HR_CLAUSE_line:
        break;
    }
    return "all of these";
}

/* A condition, and those inside a group one by one; as deep as the reader of files lets groups stand. */
static hr_status add_clause(struct reasons *reasons, const char *kind,
                            const struct hr_clause *clause, size_t depth)
{
    struct hr_arena *into = reasons->ask->into;
    bool stops = hr_text_equal(hr_text_from(kind), HR_TEXT("stop"));
    struct reason reason = {.kind = kind, .depth = depth};
    bool holds = hr_sight_clause(&reasons->sight, clause, into);
    if (clause->kind == HR_CLAUSE_line) {
        reason.sentence = hr_expr_say(clause->expr, into);
        reason.met = hr_sight_holds(&reasons->sight, clause->expr, into);
        reason.known = know(reasons, clause->expr);
    } else {
        reason.sentence = hr_text_from(group_word(clause->kind));
        reason.met = holds ? HR_MET_yes : HR_MET_no;
    }
    reason.blocks = depth == 0 && holds == stops;
    HR_TRY(add(reasons, reason));
    for (size_t i = 0; clause->kind != HR_CLAUSE_line && i < clause->count; i++) {
        HR_TRY(add_clause(reasons, kind, &clause->items[i], depth + 1));
    }
    return hr_done();
}

/* ---- how often, and who ---------------------------------------------------------------------------------------- */

/* What it would be once for now. false: the event does not say. */
static bool key_now(struct reasons *reasons, struct hr_key *ret_key, struct hr_text *ret_shown)
{
    const struct hr_ask *ask = reasons->ask;
    const struct hr_expr *expr = reasons->automation->reenter.key;
    struct hr_value value;
    *ret_key = (struct hr_key){{0}};
    *ret_shown = HR_TEXT_NONE;
    if (reasons->automation->reenter.kind != HR_REENTER_once_per || expr == NULL) {
        return true;
    }
    reasons->sight.arena = ask->into;
    const struct hr_expr_view view = hr_sight_view(&reasons->sight);
    hr_status status = hr_expr_evaluate(expr, &view, ask->into, &value, NULL);
    reasons->sight.arena = NULL;
    if (!hr_ok(status) || value.kind == HR_KIND_null) {
        return false;
    }
    *ret_shown = hr_value_show(ask->into, &value);
    *ret_key = hr_key_of(ask->lens->engine.secret, *ret_shown);
    return true;
}

struct before {
    bool ever;
    hr_instant last_at; /* HR_INSTANT_NONE: so long ago that only the index knows of it */
    uint64_t times;
};

static hr_status enrolled_before(const struct reasons *reasons, const struct hr_key *key,
                                 struct before *ret_before)
{
    const struct hr_lens *lens = reasons->ask->lens;
    const struct hr_contact *contact = reasons->contact->contact;
    uint32_t number = reasons->automation->name_number;
    const struct hr_entered *entered = hr_contact_entered(contact, number, key);
    *ret_before = (struct before){.last_at = HR_INSTANT_NONE};
    if (entered != NULL) {
        *ret_before = (struct before){true, entered->last_at, entered->times};
    } else if (contact->entered_count >= HR_ENTERED_MAX) {
        uint64_t half = 0;
        uint64_t rest = 0;
        hr_key_unpair(key, &half, &rest);
        struct hr_key kept = hr_entered_key(reasons->contact->id, number, half);
        HR_TRY(lens->entry(lens->context, HR_SPACE_entered, &kept, &ret_before->times));
        ret_before->ever = ret_before->times > 0;
    }
    return hr_done();
}

static const struct hr_run *under_way(const struct reasons *reasons, const struct hr_key *key)
{
    const struct hr_contact *contact = reasons->contact->contact;
    for (size_t i = 0; i < contact->run_count; i++) {
        if (contact->runs[i].automation == reasons->automation->name_number &&
            (key == NULL || hr_key_equal(&contact->runs[i].key, key))) {
            return &contact->runs[i];
        }
    }
    return NULL;
}

static struct hr_text say_before(const struct hr_ask *ask, const struct before *before,
                                 struct hr_text shown)
{
    struct hr_text whom =
        shown.size == 0
            ? HR_TEXT_NONE
            : hr_text_format(ask->into, " for %.*s", HR_SHOW(hr_text_visible(ask->into, shown)));
    if (!before->ever) {
        return hr_text_format(ask->into, "it has not begun%.*s before", HR_SHOW(whom));
    }
    return before->last_at == HR_INSTANT_NONE
               ? hr_text_format(ask->into, "it began%.*s long ago", HR_SHOW(whom))
               : hr_text_format(ask->into, "it began%.*s %.*s", HR_SHOW(whom),
                                HR_SHOW(hr_word_time(ask, before->last_at)));
}

static hr_status add_again(struct reasons *reasons)
{
    const struct hr_ask *ask = reasons->ask;
    const struct hr_reenter *reenter = &reasons->automation->reenter;
    struct reason reason = {.kind = "again", .met = HR_MET_yes};
    struct hr_key key;
    struct hr_text shown;
    struct before before;
    reason.sentence = reenter->kind == HR_REENTER_never
                          ? HR_TEXT("once for each contact, never again")
                          : hr_text_format(ask->into, "again: %.*s",
                                           HR_SHOW(hr_aloud_reenter(ask->into, reenter)));
    if (reenter->kind == HR_REENTER_every_event) {
        return add(reasons, reason);
    }
    if (!key_now(reasons, &key, &shown)) {
        reason.met = HR_MET_unset;
        reason.blocks = reasons->sight.event != NULL;
        reason.known = reason.blocks ? HR_TEXT("the event that came last does not say it")
                                     : HR_TEXT("no such event has come");
        return add(reasons, reason);
    }
    HR_TRY(enrolled_before(reasons, &key, &before));
    reason.blocks = before.ever;
    reason.known = say_before(ask, &before, shown);
    if (reenter->kind == HR_REENTER_after && before.last_at != HR_INSTANT_NONE) {
        hr_instant again = hr_automation_again(ask->plan, reasons->automation, before.last_at);
        reason.blocks = again == HR_INSTANT_NONE || ask->lens->now < again;
        reason.known = hr_text_format(ask->into, "%.*s, so %s%.*s", HR_SHOW(reason.known),
                                      reason.blocks ? "not before " : "since ",
                                      HR_SHOW(hr_word_time(ask, again)));
    }
    const struct hr_run *run = under_way(reasons, &key);
    if (run != NULL) {
        reason.blocks = true;
        reason.known =
            hr_text_format(ask->into, "%.*s; it is under way: %.*s", HR_SHOW(reason.known),
                           HR_SHOW(hr_enrollment_name(ask->into, run->id)));
    }
    reason.met = reason.blocks ? HR_MET_no : HR_MET_yes;
    return add(reasons, reason);
}

static hr_status add_who(struct reasons *reasons)
{
    const struct hr_ask *ask = reasons->ask;
    const struct hr_automation *automation = reasons->automation;
    const struct hr_engine *engine = &ask->lens->engine;
    uint64_t id = reasons->contact->id;
    if (automation->rollout.control > 0) {
        bool alone = hr_automation_leaves_alone(engine, id, automation);
        struct reason reason = {.kind = "control", .met = alone ? HR_MET_no : HR_MET_yes};
        reason.sentence =
            hr_text_format(ask->into, "not in the control group (%.*s are left alone)",
                           HR_SHOW(hr_aloud_share(ask->into, automation->rollout.control)));
        reason.blocks = alone;
        HR_TRY(add(reasons, reason));
    }
    if (automation->rollout.share < 10000) {
        bool reached = hr_automation_reaches(engine, id, automation);
        struct reason reason = {.kind = "share", .met = reached ? HR_MET_yes : HR_MET_no};
        reason.sentence =
            hr_text_format(ask->into, "in the share it is rolled out to (%.*s)",
                           HR_SHOW(hr_aloud_share(ask->into, automation->rollout.share)));
        reason.blocks = !reached;
        HR_TRY(add(reasons, reason));
    }
    if (reasons->contact->contact->run_count >= HR_RUNS_MAX) {
        struct reason reason = {.kind = "room", .met = HR_MET_no, .blocks = true};
        reason.sentence =
            hr_text_format(ask->into, "fewer than %d enrollments under way", (int)HR_RUNS_MAX);
        HR_TRY(add(reasons, reason));
    }
    return hr_done();
}

static hr_status weigh(struct reasons *reasons)
{
    const struct hr_automation *automation = reasons->automation;
    for (size_t i = 0; i < automation->when.count; i++) {
        HR_TRY(add_clause(reasons, "when", &automation->when.items[i], 0));
    }
    for (size_t i = 0; i < automation->stop.count; i++) {
        HR_TRY(add_clause(reasons, "stop", &automation->stop.items[i], 0));
    }
    HR_TRY(add_again(reasons));
    return add_who(reasons);
}

/* ---- the page ------------------------------------------------------------------------------------------ */

/* All that is to be said. */
struct answer {
    const struct hr_ask *ask;
    const struct hr_record *contact;
    const struct hr_automation *automation;
    struct history history;
    struct reasons reasons;
    struct hr_text idle;
    struct hr_text paused;
    struct hr_text scheduled; /* when by its schedule; empty: it has none */
    bool in;                  /* an enrollment is under way */
    bool open;                /* nothing would keep them out now */
};

static const char *met_word(enum hr_met met)
{
    return met == HR_MET_yes ? "met" : met == HR_MET_no ? "not met" : "not known";
}

static void write_came(const struct answer *answer, struct hr_buffer *page)
{
    const struct hr_ask *ask = answer->ask;
    const struct history *history = &answer->history;
    size_t said = 0;
    if (answer->automation->trigger.scheduled) {
        struct hr_text trigger =
            hr_aloud_trigger(ask->into, ask->plan, &answer->automation->trigger);
        hr_buffer_add_format(page, "  It begins %.*s%s%.*s\n", HR_SHOW(trigger),
                             answer->scheduled.size > 0 ? ": " : "", HR_SHOW(answer->scheduled));
        return;
    }
    hr_buffer_add_format(
        page, "  It begins %.*s. From them came: ",
        HR_SHOW(hr_aloud_trigger(ask->into, ask->plan, &answer->automation->trigger)));
    for (size_t i = 0; i < history->came_count; i++) {
        const struct came *came = &history->came[i];
        if (came->count > 0) {
            hr_buffer_add_format(page, "%s%.*s (%.*s, last %.*s)", said++ == 0 ? "" : ", ",
                                 HR_SHOW(hr_word(ask, came->type)),
                                 HR_SHOW(hr_word_count(ask, came->count, "time", "times")),
                                 HR_SHOW(hr_word_time(ask, came->last_at)));
        }
    }
    hr_buffer_add_text(page, said > 0 ? HR_TEXT("\n") : HR_TEXT("none of these\n"));
}

/* What came of the newest event that could begin it. */
static void write_last(const struct answer *answer, struct hr_buffer *page)
{
    const struct hr_ask *ask = answer->ask;
    const struct history *history = &answer->history;
    bool out = history->out_in > history->began_in;
    if (history->began_in != 0) {
        hr_buffer_add_format(page, "  It began %.*s (entry %llu): %.*s%s%.*s\n",
                             HR_SHOW(hr_word_time(ask, history->began_at)),
                             (unsigned long long)history->began_in,
                             HR_SHOW(hr_enrollment_name(ask->into, history->run)),
                             history->ended.size > 0 ? "; " : "", HR_SHOW(history->ended));
    }
    if (out) {
        hr_buffer_add_format(page, "  At %.*s (entry %llu) %.*s\n",
                             HR_SHOW(hr_word_time(ask, history->out_at)),
                             (unsigned long long)history->out_in, HR_SHOW(history->out));
    }
    uint64_t told = out ? history->out_in : history->began_in;
    if (history->event.position > told) {
        hr_buffer_add_format(
            page,
            "  When %.*s came last (entry %llu), it was not carried out, or not in "
            "the files yet\n",
            HR_SHOW(hr_word(ask, history->event.type)),
            (unsigned long long)history->event.position);
    }
}

static void write_reason(const struct reason *reason, struct hr_buffer *page)
{
    bool stops = hr_text_equal(hr_text_from(reason->kind), HR_TEXT("stop"));
    const char *yes = stops && reason->blocks ? "YES" : "yes";
    const char *no = stops || !reason->blocks ? "no" : "NO";
    hr_buffer_add_format(page, "    %*s%.*s: %s", (int)(2 * reason->depth), "",
                         HR_SHOW(reason->sentence),
                         reason->met == HR_MET_yes  ? yes
                         : reason->met == HR_MET_no ? no
                         : reason->blocks           ? "NOT KNOWN"
                                                    : "not known");
    if (reason->known.size > 0) {
        hr_buffer_add_format(page, " (%.*s)", HR_SHOW(reason->known));
    }
    hr_buffer_add_text(page, HR_TEXT("\n"));
}

static void write_reasons(const struct answer *answer, const char *kind, const char *heading,
                          struct hr_buffer *page)
{
    size_t said = 0;
    for (size_t i = 0; i < answer->reasons.count; i++) {
        const struct reason *reason = &answer->reasons.items[i];
        bool other = hr_text_equal(hr_text_from(kind), HR_TEXT("who")) &&
                     !hr_text_equal(hr_text_from(reason->kind), HR_TEXT("when")) &&
                     !hr_text_equal(hr_text_from(reason->kind), HR_TEXT("stop"));
        if (other || hr_text_equal(hr_text_from(reason->kind), hr_text_from(kind))) {
            hr_buffer_add_format(page, "%s", said++ == 0 ? heading : "");
            write_reason(reason, page);
        }
    }
}

static void write_end(const struct answer *answer, struct hr_buffer *page)
{
    const struct hr_ask *ask = answer->ask;
    if (answer->in) {
        return;
    }
    if (answer->open) {
        hr_buffer_add_format(
            page, "  Nothing keeps them out now: it begins %.*s\n",
            HR_SHOW(hr_aloud_trigger(ask->into, ask->plan, &answer->automation->trigger)));
        return;
    }
    if (answer->paused.size > 0) {
        hr_buffer_add_format(page, "  To let it go on: handrail automation resume %.*s\n",
                             HR_SHOW(answer->automation->id));
    }
}

static void write_page(const struct answer *answer, struct hr_buffer *page)
{
    const struct hr_ask *ask = answer->ask;
    const struct hr_contact *contact = answer->contact->contact;
    hr_buffer_add_format(page, "automation %.*s (%.*s): %s\n", HR_SHOW(answer->automation->id),
                         HR_SHOW(answer->automation->title),
                         answer->in ? "yes, it is under way for them" : "NO, not now");
    for (size_t i = 0; i < contact->run_count; i++) {
        if (contact->runs[i].automation == answer->automation->name_number) {
            hr_buffer_add_format(page, "  %.*s %.*s\n",
                                 HR_SHOW(hr_enrollment_name(ask->into, contact->runs[i].id)),
                                 HR_SHOW(hr_say_run(ask, &contact->runs[i])));
        }
    }
    if (answer->idle.size > 0) {
        hr_buffer_add_format(page, "  It is not carried out: %.*s\n", HR_SHOW(answer->idle));
    }
    if (answer->paused.size > 0) {
        hr_buffer_add_format(page, "  It is %.*s\n", HR_SHOW(answer->paused));
    }
    write_came(answer, page);
    write_last(answer, page);
    write_reasons(answer, "when", "  It begins only when all of this holds:\n", page);
    write_reasons(answer, "stop",
                  "  It does not begin, and stops at once, when any of this holds:\n", page);
    write_reasons(answer, "who", "  How often, and for whom:\n", page);
    write_end(answer, page);
}

/* ---- for machines -------------------------------------------------------------------------------- */

static struct hr_value reasons_tree(const struct answer *answer)
{
    struct hr_items items = hr_items_in(answer->ask->into);
    for (size_t i = 0; i < answer->reasons.count; i++) {
        const struct reason *reason = &answer->reasons.items[i];
        struct hr_object object = hr_object_in(answer->ask->into);
        hr_put_words(&object, "kind", hr_text_from(reason->kind));
        hr_put_words(&object, "condition", reason->sentence);
        hr_put_words(&object, "verdict", hr_text_from(met_word(reason->met)));
        hr_put_truth(&object, "keeps_out", reason->blocks);
        hr_put_words(&object, "known", reason->known);
        hr_put_number(&object, "depth", reason->depth);
        hr_add(&items, hr_object_value(&object));
    }
    return hr_items_value(&items);
}

static struct hr_value came_tree(const struct answer *answer)
{
    const struct hr_ask *ask = answer->ask;
    struct hr_items items = hr_items_in(ask->into);
    for (size_t i = 0; i < answer->history.came_count; i++) {
        const struct came *came = &answer->history.came[i];
        struct hr_object object = hr_object_in(ask->into);
        hr_put_words(&object, "event", hr_word(ask, came->type));
        hr_put_number(&object, "count", came->count);
        hr_put_time(&object, "last_at", came->count == 0 ? HR_INSTANT_NONE : came->last_at);
        hr_add(&items, hr_object_value(&object));
    }
    return hr_items_value(&items);
}

static struct hr_value kept_out_tree(const struct answer *answer)
{
    const struct history *history = &answer->history;
    if (history->out_in == 0) {
        return hr_value_null();
    }
    struct hr_object object = hr_object_in(answer->ask->into);
    hr_put_time(&object, "at", history->out_at);
    hr_put_number(&object, "entry", history->out_in);
    hr_put_words(&object, "why", hr_kept_out_word((enum hr_kept_out)history->out_why));
    hr_put_words(&object, "text", history->out);
    return hr_object_value(&object);
}

static struct hr_value answer_tree(const struct answer *answer)
{
    const struct hr_ask *ask = answer->ask;
    const struct hr_contact *contact = answer->contact->contact;
    struct hr_object object = hr_object_in(ask->into);
    struct hr_items runs = hr_items_in(ask->into);
    for (size_t i = 0; i < contact->run_count; i++) {
        if (contact->runs[i].automation == answer->automation->name_number) {
            hr_add(&runs, hr_run_tree(ask, answer->contact, &contact->runs[i]));
        }
    }
    hr_put_words(&object, "automation", answer->automation->id);
    hr_put_truth(&object, "under_way", answer->in);
    hr_put(&object, "enrollments", hr_items_value(&runs));
    hr_put_words(&object, "not_carried_out_because", answer->idle);
    hr_put_words(&object, "paused", answer->paused);
    hr_put_words(&object, "begins",
                 hr_aloud_trigger(ask->into, ask->plan, &answer->automation->trigger));
    hr_put_words(&object, "schedule", answer->scheduled);
    hr_put(&object, "came", came_tree(answer));
    hr_put_truth(&object, "older_left_out", answer->history.cut);
    hr_put_words(&object, "began_last",
                 answer->history.began_in == 0
                     ? HR_TEXT_NONE
                     : hr_enrollment_name(ask->into, answer->history.run));
    hr_put(&object, "kept_out_last", kept_out_tree(answer));
    hr_put(&object, "conditions", reasons_tree(answer));
    hr_put_truth(&object, "would_begin", answer->open);
    return hr_object_value(&object);
}

static bool nothing_blocks(const struct answer *answer)
{
    bool blocked = answer->idle.size > 0 || answer->paused.size > 0;
    for (size_t i = 0; i < answer->reasons.count; i++) {
        blocked = blocked || answer->reasons.items[i].blocks;
    }
    return !blocked;
}

hr_status hr_why_not_automation(const struct hr_ask *ask, const struct hr_record *contact,
                                const struct hr_automation *automation, struct hr_buffer *page,
                                struct hr_value *ret_tree)
{
    struct answer answer = {
        .ask = ask,
        .contact = contact,
        .automation = automation,
        .history = {.ask = ask, .automation = automation},
        .reasons = {.ask = ask, .contact = contact, .automation = automation},
        .idle = hr_say_idle(ask, automation),
    };
    struct hr_automation_record record;
    HR_TRY(hr_ask_automation_record(ask, automation->name_number, &record));
    HR_TRY(hr_say_paused(ask, automation->name_number, &record, &answer.paused));
    answer.scheduled = hr_say_scheduled(ask, &record.scheduled);
    HR_TRY(gather(&answer.history, contact));
    const struct hr_kept_event *event =
        answer.history.event.position == 0 ? NULL : &answer.history.event;
    answer.reasons.sight = (struct hr_sight){.plan = ask->plan,
                                             .contact = contact->contact,
                                             .event = event,
                                             .trigger = event,
                                             .at = INT64_MAX - 1,
                                             .now = ask->lens->now,
                                             .linked = linked,
                                             .linked_by = &answer.reasons};
    HR_TRY(weigh(&answer.reasons));
    answer.in = under_way(&answer.reasons, NULL) != NULL;
    answer.open = nothing_blocks(&answer);
    write_page(&answer, page);
    *ret_tree = answer_tree(&answer);
    return hr_done();
}
