/* The mailers of a courier: one for each mail server of the settings, made anew when its password changed. */
#include "server/courier.h"
#include "server/host.h"

#include <stdlib.h>

enum { MAIL_MS_MAX = 60000 };

/* A mailer keeps what it learned of its server's name and of who is trusted, which takes longer than a mail. */
struct hr_kept_mailer {
    struct hr_mailer *mailer;
    struct hr_digest password; /* with which it was made */
};

/* ---- which ------------------------------------------------------------------------------------------- */

/* Its place among the mailers: the machine's own stands first. NULL without memory. */
static struct hr_kept_mailer *place_of(struct hr_courier *courier,
                                       const struct hr_mail_settings *server)
{
    const struct hr_settings *settings = courier->options.settings;
    if (courier->mailers == NULL) {
        courier->mailers = calloc(1 + settings->tool_mail_count, sizeof *courier->mailers);
    }
    if (courier->mailers == NULL) {
        return NULL;
    }
    return server == &settings->mail
               ? courier->mailers
               : &courier->mailers[1 + (size_t)(server - settings->tool_mails)];
}

void hr_courier_mailers_done(struct hr_courier *courier)
{
    size_t count = courier->mailers == NULL ? 0 : 1 + courier->options.settings->tool_mail_count;
    for (size_t i = 0; i < count; i++) {
        hr_mailer_free(courier->mailers[i].mailer);
    }
    free(courier->mailers);
    courier->mailers = NULL;
}

static hr_status make(struct hr_courier *courier, const struct hr_mail_settings *server,
                      struct hr_text password, struct hr_kept_mailer *kept)
{
    struct hr_text ca_file = hr_text_copy(&courier->arena, server->ca_file);
    const struct hr_mailer_options options = {
        .host = server->host,
        .port = server->port,
        .tls = server->tls,
        .user = server->user,
        .password = password,
        .ca_file = server->ca_file.size > 0 ? ca_file.data : NULL,
        .time_ms_max = MAIL_MS_MAX,
    };
    if (ca_file.size < server->ca_file.size) {
        return hr_answer(HR_E_MEMORY); /* without it nobody would be trusted, and nobody knew why */
    }
    return hr_mailer_create(&options, &kept->mailer);
}

static hr_status renew(struct hr_courier *courier, const struct hr_mail_settings *server,
                       struct hr_text password, struct hr_kept_mailer *kept)
{
    struct hr_digest digest = hr_digest_of(&password, 1);
    if (kept->mailer != NULL && hr_digest_equal(&digest, &kept->password)) {
        return hr_done();
    }
    hr_mailer_free(kept->mailer); /* the mailer has a copy of the password, and wipes it */
    kept->mailer = NULL;
    kept->password = digest;
    return make(courier, server, password, kept);
}

/* The mailer with the newest password, or NULL: then *ret_ended says why. */
static struct hr_mailer *mailer_of(struct hr_courier *courier,
                                   const struct hr_mail_settings *server,
                                   struct hr_ended *ret_ended)
{
    struct hr_text secrets[HR_SECRET_VALUES_MAX] = {HR_TEXT_NONE, HR_TEXT_NONE};
    size_t count = 0;
    struct hr_kept_mailer *kept = place_of(courier, server);
    hr_status status = kept == NULL ? hr_answer(HR_E_MEMORY) : hr_done();
    if (hr_ok(status) && server->secret.size > 0) {
        status = hr_secret_read(courier->options.data_folder, server->secret, &courier->arena,
                                secrets, &count);
        if (hr_ok(status) && count == 0) {
            *ret_ended =
                hr_ended_about(courier, HR_OUTCOME_again, HR_FAULT_permission,
                               "the secret `%.*s` of the mail server is not set", server->secret);
            return NULL;
        }
    }
    if (hr_ok(status)) {
        status = renew(courier, server, secrets[0], kept);
    }
    hr_secret_wipe(secrets, count);
    if (hr_ok(status)) {
        return kept->mailer;
    }
    *ret_ended = status.code == HR_E_IO ? hr_ended_as(HR_OUTCOME_again, HR_FAULT_permission,
                                                      "the sealed secrets cannot be opened")
                 : status.code == HR_E_MEMORY
                     ? hr_ended_as(HR_OUTCOME_again, HR_FAULT_transient,
                                   "there was no memory to call the mail server")
                     : hr_ended_as(HR_OUTCOME_refused, HR_FAULT_permission,
                                   "the mail settings cannot be used");
    return NULL;
}

/* ---- sending ----------------------------------------------------------------------------------------- */

/* The sign-in is wanted, failed or too weak: our settings, not this mail. */
static enum hr_fault fault_of(const struct hr_mail_result *result)
{
    int reply = result->reply;
    bool sign_in = reply == 530 || reply == 534 || reply == 535 || reply == 538;
    switch (result->reached) {
    case HR_REACHED_confirmed:
        return HR_FAULT_none;
    case HR_REACHED_refused:
        return HR_FAULT_permanent;
    case HR_REACHED_again:
        return sign_in ? HR_FAULT_permission : HR_FAULT_transient;
    case HR_REACHED_unknown:
        break;
    }
    return HR_FAULT_transient;
}

struct hr_ended hr_courier_mail(struct hr_courier *courier, const struct hr_mail_settings *server,
                                const struct hr_mail *mail)
{
    struct hr_mail_result result;
    struct hr_diagnostics found;
    struct hr_ended ended;
    if (server->host.size == 0) {
        return hr_ended_as(HR_OUTCOME_refused, HR_FAULT_permission,
                           "no mail server is set (settings.yaml, mail.host)");
    }
    struct hr_mailer *mailer = mailer_of(courier, server, &ended);
    if (mailer == NULL) {
        return ended;
    }
    hr_diagnostics_init(&found, &courier->arena);
    hr_status status = hr_mailer_send(mailer, mail, &courier->arena, &found, &result);
    if (status.code == HR_E_INPUT) {
        return hr_ended_as(HR_OUTCOME_refused, HR_FAULT_permanent,
                           "an address or name cannot stand in a mail header");
    }
    if (status.code == HR_E_LIMIT) {
        return hr_ended_as(HR_OUTCOME_refused, HR_FAULT_permanent, "the mail is too large");
    }
    if (!hr_ok(status)) {
        return hr_ended_as(HR_OUTCOME_again, HR_FAULT_transient,
                           "there was no memory to write the mail");
    }
    return (struct hr_ended){.outcome = hr_outcome_of(result.reached),
                             .fault = (uint8_t)fault_of(&result),
                             .retry_at = HR_INSTANT_NONE,
                             .answer = result.text};
}
