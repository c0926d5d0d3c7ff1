/* The courier: sends what the writer let be intended, and reports back how far it got. It never decides to send
 * again: that is the ledger's business. */
#include "server/host_internal.h"

#include <time.h>

enum { LETTER_BUDGET_BYTES = 16 << 20, MAIL_MS_MAX = 30000, CALL_MS_MAX = 15000 };

struct courier {
    struct hr_host *host;
    struct hr_store_reader *reader;
    struct hr_mailer *mailer;
    struct hr_http_client *client;
    struct hr_arena arena; /* of one letter */
};

/* How a dispatch ended, in the engine's words. */
struct ended {
    enum hr_outcome outcome;
    hr_instant retry_at;
    struct hr_text answer;
};

bool hr_courier_has_room(struct hr_host *host, size_t more)
{
    (void)pthread_mutex_lock(&host->courier_line.lock);
    bool room = host->courier_flying + more <= HR_COURIER_MAX;
    (void)pthread_mutex_unlock(&host->courier_line.lock);
    return room;
}

void hr_courier_take(struct hr_host *host, struct hr_intent intent)
{
    struct hr_line *line = &host->courier_line;
    (void)pthread_mutex_lock(&line->lock);
    hr_assert(line->count < HR_COURIER_MAX);
    host->courier_intents[line->count++] = intent;
    host->courier_flying++;
    (void)pthread_cond_signal(&line->changed);
    (void)pthread_mutex_unlock(&line->lock);
}

/* The next effect to send; none at the end. What waits at the end stays intended and is looked at after a restart. */
static struct hr_intent next_intent(struct hr_host *host)
{
    struct hr_line *line = &host->courier_line;
    struct hr_intent intent = {.effect = 0};
    (void)pthread_mutex_lock(&line->lock);
    while (line->count == 0 && !line->closed) {
        (void)pthread_cond_wait(&line->changed, &line->lock);
    }
    if (!line->closed) {
        intent = host->courier_intents[0];
        line->count--;
        for (size_t i = 0; i < line->count; i++) {
            host->courier_intents[i] = host->courier_intents[i + 1];
        }
    }
    (void)pthread_mutex_unlock(&line->lock);
    return intent;
}

static void landed(struct hr_host *host)
{
    (void)pthread_mutex_lock(&host->courier_line.lock);
    host->courier_flying--;
    (void)pthread_mutex_unlock(&host->courier_line.lock);
}

static struct ended ended_as(enum hr_reached reached, uint32_t retry_after_s, struct hr_text text)
{
    static const enum hr_outcome outcomes[] = {
        [HR_REACHED_confirmed] = HR_OUTCOME_confirmed,
        [HR_REACHED_refused] = HR_OUTCOME_refused,
        [HR_REACHED_again] = HR_OUTCOME_again,
        [HR_REACHED_unknown] = HR_OUTCOME_unknown,
    };
    hr_instant retry_at = HR_INSTANT_NONE;
    if (retry_after_s > 0) {
        retry_at = hr_clock_now() + (hr_instant)retry_after_s * HR_SECOND_US;
    }
    return (struct ended){.outcome = outcomes[reached], .retry_at = retry_at, .answer = text};
}

static struct ended not_sent(enum hr_outcome outcome, const char *why)
{
    return (struct ended){
        .outcome = outcome, .retry_at = HR_INSTANT_NONE, .answer = hr_text_from(why)};
}

/* ---- mail ------------------------------------------------------------------------------------------- */

static hr_status make_mailer(struct courier *courier)
{
    const struct hr_settings *settings = &courier->host->settings;
    struct hr_text secrets[2] = {HR_TEXT_NONE, HR_TEXT_NONE};
    size_t count = 0;
    if (settings->mail.host.size == 0) {
        return hr_done();
    }
    if (settings->mail.secret.size > 0) {
        HR_TRY(hr_secret_read(courier->host->data_folder, settings->mail.secret, &courier->arena,
                              secrets, &count));
    }
    struct hr_text ca_file = hr_text_copy(&courier->arena, settings->mail.ca_file);
    const struct hr_mailer_options options = {
        .host = settings->mail.host,
        .port = settings->mail.port,
        .tls = settings->mail.tls,
        .user = settings->mail.user,
        .password = secrets[0],
        .ca_file = ca_file.size > 0 ? ca_file.data : NULL,
        .time_ms_max = MAIL_MS_MAX,
    };
    hr_status status = hr_mailer_create(&options, &courier->mailer);
    hr_secret_wipe(secrets, count); /* the mailer has a copy, and wipes it */
    return status;
}

static struct ended send_mail(struct courier *courier, const struct hr_effect *effect,
                              const struct hr_person *person, const struct hr_alert *alert)
{
    const struct hr_settings *settings = &courier->host->settings;
    struct hr_mail_result result;
    struct hr_diagnostics found;
    if (courier->mailer == NULL) {
        return not_sent(HR_OUTCOME_refused, "no mail server is set (settings.yaml, mail.host)");
    }
    struct hr_text from = settings->mail.from.size > 0 ? settings->mail.from
                                                       : HR_TEXT("handrail@localhost.localdomain");
    size_t domain = hr_text_find(from, '@');
    struct hr_text key = hr_hex(&courier->arena, effect->key.bytes, sizeof effect->key.bytes);
    const struct hr_mail mail = {
        .from_address = from,
        .from_name = HR_TEXT("Handrail"),
        .to_address = person->email,
        .to_name = person->name,
        .subject = alert->subject,
        .text = alert->body,
        .message_id = hr_text_format(&courier->arena, "%.*s@%.*s", HR_SHOW(key),
                                     HR_SHOW(hr_text_slice(from, domain + 1, from.size))),
        .date_us = hr_clock_now(),
    };
    hr_diagnostics_init(&found, &courier->arena);
    bool named = key.size > 0 && mail.message_id.size > 0; /* else the memory was short already */
    hr_status status =
        named ? hr_mailer_send(courier->mailer, &mail, &courier->arena, &found, &result)
              : hr_answer(HR_E_MEMORY);
    if (status.code == HR_E_INPUT) {
        return not_sent(HR_OUTCOME_refused, "an address or name cannot stand in a mail header");
    }
    if (!hr_ok(status)) {
        return not_sent(HR_OUTCOME_again, "there was no memory to write the mail");
    }
    return ended_as(result.reached, 0, result.text);
}

/* ---- webhook ---------------------------------------------------------------------------------------- */

static hr_status sign(struct courier *courier, const struct hr_person *person, struct hr_text id,
                      struct hr_text body, struct hr_signed_header headers[HR_SIGNED_HEADERS_MAX],
                      size_t *ret_count)
{
    struct hr_signature_options options = {.scheme = HR_SCHEME_standard_webhooks};
    struct hr_signer *signer = NULL;
    size_t count = 0;
    HR_TRY(hr_secret_read(courier->host->data_folder, person->webhook_secret, &courier->arena,
                          options.secrets, &count));
    if (count == 0) {
        return hr_answer(HR_E_INPUT);
    }
    hr_status status = hr_signer_create(&options, &signer);
    hr_secret_wipe(options.secrets, count);
    HR_TRY(status);
    status = hr_signer_sign(signer, id, hr_clock_now(), body, &courier->arena, headers, ret_count);
    hr_signer_free(signer);
    return status;
}

static struct ended send_webhook(struct courier *courier, const struct hr_effect *effect,
                                 const struct hr_person *person, const struct hr_alert *alert)
{
    enum { BODY_BYTES_MAX = 64 << 10 };
    struct hr_buffer body;
    struct hr_signed_header signed_headers[HR_SIGNED_HEADERS_MAX];
    struct hr_http_header headers[HR_SIGNED_HEADERS_MAX + 1];
    size_t count = 0;
    hr_buffer_init(&body, &courier->arena, BODY_BYTES_MAX);
    hr_json_write(&body, &alert->json);
    struct hr_text key = hr_hex(&courier->arena, effect->key.bytes, sizeof effect->key.bytes);
    struct hr_text id = hr_text_format(&courier->arena, "msg_%.*s", HR_SHOW(key));
    hr_status status = hr_buffer_status(&body);
    if (hr_ok(status)) {
        status = id.size == 0
                     ? hr_answer(HR_E_MEMORY)
                     : sign(courier, person, id, hr_buffer_text(&body), signed_headers, &count);
    }
    if (status.code == HR_E_INPUT) {
        return not_sent(HR_OUTCOME_refused, "the webhook's secret is missing or cannot sign");
    }
    if (status.code == HR_E_IO) {
        return not_sent(HR_OUTCOME_again, "the sealed secrets cannot be opened");
    }
    if (!hr_ok(status)) {
        return status.code == HR_E_MEMORY
                   ? not_sent(HR_OUTCOME_again, "there was no memory to write the alert")
                   : not_sent(HR_OUTCOME_refused, "the alert is too long to be sent");
    }
    for (size_t i = 0; i < count; i++) {
        headers[i] = (struct hr_http_header){signed_headers[i].name, signed_headers[i].value};
    }
    headers[count++] =
        (struct hr_http_header){HR_TEXT("content-type"), HR_TEXT("application/json")};
    const struct hr_http_call call = {.url = person->webhook,
                                      .headers = headers,
                                      .header_count = count,
                                      .body = hr_buffer_text(&body)};
    struct hr_http_result result;
    if (!hr_ok(hr_http_client_call(courier->client, &call, &courier->arena, &result)) &&
        result.text.size == 0) {
        return not_sent(HR_OUTCOME_unknown, "there was no memory to read the answer");
    }
    return ended_as(result.reached, result.retry_after_s, result.text);
}

/* ---- one letter --------------------------------------------------------------------------------------- */

/* What is to be sent to whom; all of it in the courier's arena. */
struct letter {
    const struct hr_effect *effect;
    const struct hr_person *person;
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
    return record->effect->state != HR_EFFECT_intended ||
           record->effect->attempts != intent->attempts;
}

/* Writes it from one moment of the store. */
static enum written write_letter(struct courier *courier, const struct hr_intent *intent,
                                 struct letter *ret_letter, struct ended *ret_ended)
{
    uint64_t id = intent->effect;
    const struct hr_plan *plan = hr_host_plan(courier->host);
    struct hr_record *record = NULL;
    struct hr_lens lens;
    if (!hr_ok(hr_lens_open(courier->reader, plan, hr_clock_now(), &courier->arena, &lens)) ||
        !hr_ok(hr_store_read_record(courier->reader, id, &courier->arena, &record)) ||
        record == NULL) {
        *ret_ended = not_sent(HR_OUTCOME_again, "the effect could not be read");
        return NOT_WRITTEN;
    }
    if (is_out_of_date(record, intent)) {
        return OUT_OF_DATE;
    }
    int32_t person = hr_plan_person_numbered(plan, record->effect->person);
    if (person < 0) {
        *ret_ended = not_sent(HR_OUTCOME_refused, "the person is no longer in the workspace");
        return NOT_WRITTEN;
    }
    ret_letter->effect = record->effect;
    ret_letter->person = &plan->people[person];
    if (!hr_ok(hr_alert_write(&lens, record->effect, id, courier->host->settings.url,
                              &courier->arena, &ret_letter->alert))) {
        *ret_ended = not_sent(HR_OUTCOME_again, "the alert could not be written");
        return NOT_WRITTEN;
    }
    return WRITTEN;
}

/* The network is slow, and what reads the store keeps the writer from emptying the WAL: so the reading ends before the
 * sending begins. False: there is nothing to report. */
static bool deliver(struct courier *courier, const struct hr_intent *intent,
                    struct ended *ret_ended)
{
    struct letter letter;
    *ret_ended = not_sent(HR_OUTCOME_again, "the store could not be read");
    if (!hr_ok(hr_store_reader_begin(courier->reader))) {
        return true;
    }
    enum written written = write_letter(courier, intent, &letter, ret_ended);
    hr_store_reader_end(courier->reader);
    if (written == WRITTEN) {
        *ret_ended = letter.effect->kind == HR_EFFECT_mail
                         ? send_mail(courier, letter.effect, letter.person, &letter.alert)
                         : send_webhook(courier, letter.effect, letter.person, &letter.alert);
    }
    return written != OUT_OF_DATE;
}

static void report(struct courier *courier, uint64_t id, const struct ended *ended)
{
    bool confirmed = ended->outcome == HR_OUTCOME_confirmed;
    atomic_fetch_add(confirmed ? &courier->host->alerts_confirmed : &courier->host->alerts_failed,
                     1);
    for (unsigned round = 0; round < 600; round++) {
        struct hr_job job = {.waiting.event = {.kind = HR_EVENT_outcome,
                                               .record = id,
                                               .outcome = ended->outcome,
                                               .retry_at = ended->retry_at,
                                               .answer = ended->answer}};
        hr_status status = hr_host_submit_and_wait(courier->host, &job);
        if (status.code != HR_E_FULL && status.code != HR_E_LIMIT) {
            return;
        }
        /* the disk is full or the queue is: what was learned must not be lost while there is a chance */
        const struct timespec pause = {.tv_nsec = 500000000};
        (void)nanosleep(&pause, NULL);
        (void)pthread_mutex_lock(&courier->host->courier_line.lock);
        bool closed = courier->host->courier_line.closed;
        (void)pthread_mutex_unlock(&courier->host->courier_line.lock);
        if (closed) {
            return;
        }
    }
}

static void one_letter(struct courier *courier, const struct hr_intent *intent)
{
    struct hr_arena_mark mark = hr_arena_mark(&courier->arena);
    struct ended ended;
    if (deliver(courier, intent, &ended)) {
        report(courier, intent->effect, &ended);
    }
    hr_arena_rewind(&courier->arena, mark);
    landed(courier->host);
}

static hr_status open_courier(struct courier *courier)
{
    const struct hr_settings *settings = &courier->host->settings;
    const struct hr_http_client_options options = {
        .allow = settings->allow, .allow_count = settings->allow_count, .time_ms_max = CALL_MS_MAX};
    hr_arena_init(&courier->arena, LETTER_BUDGET_BYTES);
    HR_TRY(hr_store_reader_open(&courier->host->store_options, &courier->reader));
    HR_TRY(make_mailer(courier));
    return hr_http_client_create(&options, &courier->client);
}

void *hr_courier_main(void *context)
{
    struct courier courier = {.host = context};
    hr_status status = open_courier(&courier);
    struct hr_intent intent;
    while ((intent = next_intent(courier.host)).effect != 0) {
        if (!hr_ok(status)) {
            struct ended ended =
                not_sent(HR_OUTCOME_refused, "the mail or webhook settings cannot be used");
            report(&courier, intent.effect, &ended);
            landed(courier.host);
            continue;
        }
        one_letter(&courier, &intent);
    }
    hr_store_reader_close(courier.reader);
    hr_mailer_free(courier.mailer);
    hr_http_client_free(courier.client);
    hr_arena_close(&courier.arena);
    return NULL;
}
