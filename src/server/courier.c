/* A courier's thread: takes what the writer let be intended, reads what it says from one moment of the store, carries
 * it, and reports how far it got. It never decides to send again: that is the ledger's business. */
#include "server/host_internal.h"

#include <time.h>

enum { REPORT_ROUNDS = 600, REPORT_PAUSE_NS = 500000000 };

/* One thread: a courier and its reader of the store. */
struct bearer {
    struct hr_host *host;
    size_t thread;
    struct hr_store_reader *reader; /* NULL: not opened yet */
    struct hr_courier courier;
};

/* ---- what is to be carried --------------------------------------------------------------------------- */

/* All of it in the courier's arena. */
struct freight {
    struct hr_lens lens;
    const struct hr_effect *effect;
    struct hr_parcel parcel; /* of a letter or a call */
    struct hr_value content;
    const struct hr_person *person; /* of an alert */
    struct hr_alert alert;
};

enum written {
    WRITTEN,
    NOT_WRITTEN, /* `ended` says why */
    OUT_OF_DATE  /* the ledger has gone on without it: nothing to send, and nothing to tell */
};

/* While a full disk held the courier up, the clock may have given the effect up, planned it again or withdrawn it. Then
 * this copy is old: sent, it would be a second one, or tell of what is over. */
static bool is_out_of_date(const struct hr_record *record, const struct hr_intent *intent)
{
    return record->kind != HR_RECORD_effect || record->effect->state != intent->state ||
           record->effect->attempts != intent->attempts;
}

static enum written not_written(struct hr_ended *ended, enum hr_outcome outcome,
                                enum hr_fault fault, const char *why)
{
    *ended = hr_ended_as(outcome, fault, why);
    return NOT_WRITTEN;
}

static enum written write_alert(struct bearer *bearer, uint64_t id, struct freight *freight,
                                struct hr_ended *ended)
{
    const struct hr_plan *plan = freight->lens.engine.plan;
    int32_t person = hr_plan_person_numbered(plan, freight->effect->person);
    if (person < 0) {
        return not_written(ended, HR_OUTCOME_refused, HR_FAULT_permanent,
                           "the person is no longer in the workspace");
    }
    freight->person = &plan->people[person];
    if (!hr_ok(hr_alert_write(&freight->lens, freight->effect, id, bearer->host->settings.url,
                              &bearer->courier.arena, &freight->alert))) {
        return not_written(ended, HR_OUTCOME_again, HR_FAULT_transient,
                           "the alert could not be written");
    }
    return WRITTEN;
}

/* What an effect says, where the entry that planned it keeps it; NULL: not there any more. */
static const struct hr_fact *content_of(const struct hr_entry *entry, uint64_t id)
{
    for (size_t i = 0; i < entry->part_count; i++) {
        for (size_t k = 0; k < entry->parts[i].fact_count; k++) {
            const struct hr_fact *fact = &entry->parts[i].facts[k];
            if (fact->kind == HR_FACT_effect_content && fact->number == id) {
                return fact;
            }
        }
    }
    return NULL;
}

static enum written write_parcel(struct bearer *bearer, uint64_t id, struct freight *freight,
                                 struct hr_ended *ended)
{
    struct hr_entry entry;
    hr_status status = hr_store_read_entry_at(bearer->reader, freight->effect->content,
                                              &bearer->courier.arena, &entry, NULL);
    if (status.code == HR_E_CORRUPT || status.code == HR_E_VERSION) {
        return not_written(ended, HR_OUTCOME_refused, HR_FAULT_permanent,
                           "what it says cannot be read any more");
    }
    if (!hr_ok(status)) {
        return not_written(ended, HR_OUTCOME_again, HR_FAULT_transient,
                           "what it says could not be read");
    }
    const struct hr_fact *fact = content_of(&entry, id);
    if (fact != NULL && !hr_text_equal(fact->text, freight->effect->seen)) {
        return not_written(ended, HR_OUTCOME_refused, HR_FAULT_permanent,
                           "what it says is not what was seen");
    }
    freight->content = fact == NULL ? hr_value_null() : fact->value;
    freight->parcel = (struct hr_parcel){.plan = freight->lens.engine.plan,
                                         .names = freight->lens.names,
                                         .effect = freight->effect,
                                         .content = fact == NULL ? NULL : &freight->content};
    return WRITTEN;
}

/* Writes it from one moment of the store. */
static enum written write_freight(struct bearer *bearer, const struct hr_intent *intent,
                                  struct freight *freight, struct hr_ended *ended)
{
    struct hr_record *record = NULL;
    struct hr_arena *arena = &bearer->courier.arena;
    if (!hr_ok(hr_lens_open(bearer->reader, hr_host_plan(bearer->host), hr_clock_now(), arena,
                            &freight->lens)) ||
        !hr_ok(hr_store_read_record(bearer->reader, intent->effect, arena, &record)) ||
        record == NULL) {
        return not_written(ended, HR_OUTCOME_again, HR_FAULT_transient,
                           "the effect could not be read");
    }
    if (is_out_of_date(record, intent)) {
        return OUT_OF_DATE;
    }
    freight->effect = record->effect;
    bool alert =
        record->effect->kind == HR_EFFECT_mail || record->effect->kind == HR_EFFECT_webhook;
    return alert ? write_alert(bearer, intent->effect, freight, ended)
                 : write_parcel(bearer, intent->effect, freight, ended);
}

/* ---- carrying ---------------------------------------------------------------------------------------- */

static struct hr_ended carry(struct hr_courier *courier, const struct freight *freight)
{
    switch ((enum hr_effect_kind)freight->effect->kind) {
    case HR_EFFECT_letter:
        return hr_courier_letter(courier, &freight->parcel);
    case HR_EFFECT_call:
        return hr_courier_call(courier, &freight->parcel);
    case HR_EFFECT_note:
        return hr_courier_note(courier, &freight->parcel);
    case HR_EFFECT_mail:
    case HR_EFFECT_webhook:
        return hr_courier_alert(courier, freight->effect, freight->person, &freight->alert);
    case HR_EFFECT_question:
    case HR_EFFECT_KIND_COUNT:
        break;
    }
    return hr_ended_as(HR_OUTCOME_refused, HR_FAULT_permanent, "nothing of it leaves");
}

static hr_status begin_reading(struct bearer *bearer)
{
    if (bearer->reader == NULL) {
        HR_TRY(hr_store_reader_open(&bearer->host->store_options, &bearer->reader));
    }
    return hr_store_reader_begin(bearer->reader);
}

/* The network is slow, and what reads the store keeps the writer from emptying the WAL: so the reading ends before the
 * sending begins. `closed`: the host stops, and nothing is begun any more. False: there is nothing to report. */
static bool deliver(struct bearer *bearer, const struct hr_intent *intent, bool closed,
                    struct hr_ended *ret_ended)
{
    struct freight freight = {.effect = NULL};
    enum written written = NOT_WRITTEN;
    *ret_ended = hr_ended_as(HR_OUTCOME_again, HR_FAULT_transient, "the store could not be read");
    if (hr_ok(begin_reading(bearer))) {
        written = write_freight(bearer, intent, &freight, ret_ended);
        hr_store_reader_end(bearer->reader);
    }
    if (written == WRITTEN && closed) {
        *ret_ended = hr_ended_as(HR_OUTCOME_again, HR_FAULT_transient,
                                 "Handrail stopped before it was begun");
    } else if (written == WRITTEN) {
        *ret_ended = carry(&bearer->courier, &freight);
    }
    if (intent->state == HR_EFFECT_checking) {
        *ret_ended = hr_ended_of_check(*ret_ended);
    }
    return written != OUT_OF_DATE;
}

static void count_alert(struct hr_host *host, const struct hr_intent *intent,
                        enum hr_outcome outcome)
{
    bool alert = intent->kind == HR_EFFECT_mail || intent->kind == HR_EFFECT_webhook;
    if (alert) {
        atomic_fetch_add(
            outcome == HR_OUTCOME_confirmed ? &host->alerts_confirmed : &host->alerts_failed, 1);
    }
}

static void report(struct bearer *bearer, uint64_t id, const struct hr_ended *ended)
{
    for (unsigned round = 0; round < REPORT_ROUNDS; round++) {
        struct hr_job job = {.waiting.event = {.kind = HR_EVENT_outcome,
                                               .record = id,
                                               .outcome = ended->outcome,
                                               .fault = ended->fault,
                                               .retry_at = ended->retry_at,
                                               .answer = ended->answer}};
        hr_status status = hr_host_submit_and_wait(bearer->host, &job);
        if (status.code != HR_E_FULL && status.code != HR_E_LIMIT) {
            return;
        }
        /* the disk is full or the queue is: what was learned must not be lost while there is a chance */
        const struct timespec pause = {.tv_nsec = REPORT_PAUSE_NS};
        (void)nanosleep(&pause, NULL);
        if (hr_courier_is_closed(bearer->host)) {
            return;
        }
    }
}

static void one_delivery(struct bearer *bearer, const struct hr_intent *intent, bool closed)
{
    struct hr_arena_mark mark = hr_arena_mark(&bearer->courier.arena);
    struct hr_ended ended;
    if (deliver(bearer, intent, closed, &ended)) {
        count_alert(bearer->host, intent, ended.outcome);
        report(bearer, intent->effect, &ended);
    }
    hr_arena_rewind(&bearer->courier.arena, mark);
    hr_courier_landed(bearer->host, bearer->thread);
}

void *hr_courier_main(void *context)
{
    const struct hr_seat *seat = context;
    struct bearer bearer = {.host = seat->host, .thread = seat->thread};
    struct hr_intent intent;
    bool closed = false;
    const struct hr_courier_options options = {.settings = &seat->host->settings,
                                               .data_folder = seat->host->data_folder,
                                               .tokens = seat->host->courier.tokens};
    hr_courier_init(&bearer.courier, &options);
    while (hr_courier_next(bearer.host, bearer.thread, &intent, &closed)) {
        one_delivery(&bearer, &intent, closed);
    }
    hr_store_reader_close(bearer.reader);
    hr_courier_done(&bearer.courier);
    return NULL;
}
