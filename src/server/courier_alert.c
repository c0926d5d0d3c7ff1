/* To people here: alerts by mail or as signed webhooks, and what automations have to tell them. */
#include "server/courier.h"
#include "server/host.h"
#include "tools/signature.h"

enum { CALL_MS_MAX = 15000, BODY_BYTES_MAX = 64 << 10, SUBJECT_BYTES_MAX = 120 };

/* ---- mail ------------------------------------------------------------------------------------------- */

/* To a person here, through the machine's own server. */
static struct hr_ended send_text(struct hr_courier *courier, const struct hr_effect *effect,
                                 const struct hr_person *person, struct hr_text subject,
                                 struct hr_text text)
{
    const struct hr_mail_settings *server = &courier->options.settings->mail;
    struct hr_text from =
        server->from.size > 0 ? server->from : HR_TEXT("handrail@localhost.localdomain");
    size_t domain = hr_text_find(from, '@');
    struct hr_text key = hr_hex(&courier->arena, effect->key.bytes, sizeof effect->key.bytes);
    const struct hr_mail mail = {
        .from_address = from,
        .from_name = HR_TEXT("Handrail"),
        .to_address = person->email,
        .to_name = person->name,
        .subject = subject,
        .text = text,
        .message_id = hr_text_format(&courier->arena, "%.*s@%.*s", HR_SHOW(key),
                                     HR_SHOW(hr_text_slice(from, domain + 1, from.size))),
        .date_us = hr_clock_now(),
    };
    if (key.size == 0 || mail.message_id.size == 0) { /* the memory was short already */
        return hr_ended_as(HR_OUTCOME_again, HR_FAULT_transient,
                           "there was no memory to write the mail");
    }
    return hr_courier_mail(courier, server, &mail);
}

/* What the note begins with, as one line. */
static struct hr_text subject_of(struct hr_courier *courier, struct hr_text text)
{
    struct hr_text rest = hr_text_trim(text);
    struct hr_text line = hr_text_clip(hr_text_trim(hr_text_cut(&rest, '\n')), SUBJECT_BYTES_MAX);
    struct hr_text shown = hr_text_visible(&courier->arena, line);
    return hr_text_format(&courier->arena, "[Handrail] %.*s", HR_SHOW(shown));
}

struct hr_ended hr_courier_note(struct hr_courier *courier, const struct hr_parcel *parcel)
{
    int32_t person = hr_plan_person_numbered(parcel->plan, parcel->effect->person);
    const struct hr_value *text =
        parcel->content == NULL ? NULL : hr_value_member(parcel->content, HR_TEXT("text"));
    if (person < 0) {
        return hr_ended_as(HR_OUTCOME_refused, HR_FAULT_permanent,
                           "the person is no longer in the workspace");
    }
    if (parcel->plan->people[person].email.size == 0) {
        return hr_ended_as(HR_OUTCOME_refused, HR_FAULT_permanent,
                           "the person has no address for mail");
    }
    if (text == NULL || text->kind != HR_KIND_text) {
        return hr_ended_as(HR_OUTCOME_refused, HR_FAULT_permanent,
                           "what it says was erased before it was sent");
    }
    struct hr_text subject = subject_of(courier, hr_value_as_text(text));
    return subject.size == 0 ? hr_ended_as(HR_OUTCOME_again, HR_FAULT_transient,
                                           "there was no memory to write the mail")
                             : send_text(courier, parcel->effect, &parcel->plan->people[person],
                                         subject, hr_value_as_text(text));
}

/* ---- webhook ---------------------------------------------------------------------------------------- */

static hr_status open_client(struct hr_courier *courier)
{
    const struct hr_settings *settings = courier->options.settings;
    const struct hr_http_client_options options = {
        .allow = settings->allow, .allow_count = settings->allow_count, .time_ms_max = CALL_MS_MAX};
    return courier->client != NULL ? hr_done() : hr_http_client_create(&options, &courier->client);
}

static hr_status sign(struct hr_courier *courier, const struct hr_person *person, struct hr_text id,
                      struct hr_text body, struct hr_signed_header headers[HR_SIGNED_HEADERS_MAX],
                      size_t *ret_count)
{
    struct hr_signature_options options = {.scheme = HR_SCHEME_standard_webhooks};
    struct hr_signer *signer = NULL;
    size_t count = 0;
    HR_TRY(hr_secret_read(courier->options.data_folder, person->webhook_secret, &courier->arena,
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

static struct hr_ended not_signed(hr_status status)
{
    switch (status.code) {
    case HR_E_INPUT:
        return hr_ended_as(HR_OUTCOME_refused, HR_FAULT_permission,
                           "the webhook's secret is missing or cannot sign");
    case HR_E_IO:
        return hr_ended_as(HR_OUTCOME_again, HR_FAULT_permission,
                           "the sealed secrets cannot be opened");
    case HR_E_MEMORY:
        return hr_ended_as(HR_OUTCOME_again, HR_FAULT_transient,
                           "there was no memory to write the alert");
    default:
        return hr_ended_as(HR_OUTCOME_refused, HR_FAULT_permanent,
                           "the alert is too long to be sent");
    }
}

static struct hr_ended post(struct hr_courier *courier, const struct hr_http_call *call)
{
    struct hr_http_result result;
    hr_status status = open_client(courier);
    if (!hr_ok(status)) {
        return status.code == HR_E_MEMORY ? not_signed(status)
                                          : hr_ended_as(HR_OUTCOME_refused, HR_FAULT_permission,
                                                        "`allow` in settings.yaml cannot be used");
    }
    if (!hr_ok(hr_http_client_call(courier->client, call, &courier->arena, &result)) &&
        result.text.size == 0) {
        return hr_ended_as(HR_OUTCOME_unknown, HR_FAULT_transient,
                           "there was no memory to read the answer");
    }
    return (struct hr_ended){.outcome = hr_outcome_of(result.reached),
                             .retry_at = hr_retry_at(result.retry_after_s),
                             .answer = result.text};
}

static struct hr_ended send_webhook(struct hr_courier *courier, const struct hr_effect *effect,
                                    const struct hr_person *person, const struct hr_alert *alert)
{
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
    if (!hr_ok(status)) {
        return not_signed(status);
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
    return post(courier, &call);
}

struct hr_ended hr_courier_alert(struct hr_courier *courier, const struct hr_effect *effect,
                                 const struct hr_person *person, const struct hr_alert *alert)
{
    return effect->kind == HR_EFFECT_mail
               ? send_text(courier, effect, person, alert->subject, alert->body)
               : send_webhook(courier, effect, person, alert);
}
