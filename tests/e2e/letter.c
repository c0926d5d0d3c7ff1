/* links: server */
/* Builds one letter from a workspace and hands it to a mail server, as the daemon's courier does once automations run:
 * check, build, mail, STARTTLS, AUTH. Says as JSON how far it got. Usage:
 *   letter FOLDER MESSAGE PURPOSE ADDRESS NAME HOST PORT USER PASSWORD CA_FILE URL
 * PURPOSE is for a message that says none, or "-". The effect's key and the link's contact are the same each time. */
#include "letter/unsubscribe.h"
#include "net/mail.h"
#include "server/files.h"
#include "server/host.h"
#include "server/letter_mail.h"

#include <stdio.h>
#include <stdlib.h>

enum { WORDS = 12, ADA = 71234, MARKETING = 12 };

static const uint8_t secret[HR_KEY_SIZE] = {1, 2, 3};

/* Who gets it. */
struct customer {
    struct hr_member fields[2];
};

static bool value_of(void *context, struct hr_text name, struct hr_value *ret_value)
{
    struct customer *customer = context;
    *ret_value = (struct hr_value){.kind = HR_KIND_map, .count = 2, .members = customer->fields};
    return hr_text_equal(name, HR_TEXT("contact"));
}

static int fail(const char *what)
{
    (void)fprintf(stderr, "letter: %s\n", what);
    return 1;
}

static int send_it(char **words, const struct hr_letter *letter, struct hr_arena *arena)
{
    struct hr_mailer *mailer = NULL;
    struct hr_mail mail;
    struct hr_mail_result result = {0};
    const struct hr_key key = {{0xef, 0xfe, 0xc7}};
    const struct hr_mailer_options options = {.host = hr_text_from(words[6]),
                                              .port = (uint16_t)strtol(words[7], NULL, 10),
                                              .tls = HR_MAIL_TLS_required,
                                              .user = hr_text_from(words[8]),
                                              .password = hr_text_from(words[9]),
                                              .ca_file = words[10],
                                              .time_ms_max = 10000};
    if (!hr_ok(hr_letter_mail(letter, &key, options.host, hr_clock_now(), arena, &mail)) ||
        !hr_ok(hr_mailer_create(&options, &mailer)) ||
        !hr_ok(hr_mailer_send(mailer, &mail, arena, NULL, &result))) {
        hr_mailer_free(mailer);
        return fail("it could not be written");
    }
    hr_mailer_free(mailer);
    struct hr_text digest = hr_hex(arena, letter->digest.bytes, sizeof letter->digest.bytes);
    (void)printf("{\"reached\":%d,\"reply\":%d,\"text\":\"%.*s\",\"digest\":\"%.*s\",\"bytes\":%zu,"
                 "\"policy\":\"%.*s\"}\n",
                 (int)result.reached, result.reply, HR_SHOW(result.text), HR_SHOW(digest),
                 letter->html.size, HR_SHOW(hr_unsubscribe_page_policy()));
    return 0;
}

static int32_t purpose_of(const struct hr_plan *plan, struct hr_text id)
{
    for (size_t i = 0; i < plan->policies.purpose_count; i++) {
        if (hr_text_equal(plan->policies.purposes[i].id, id)) {
            return (int32_t)i;
        }
    }
    return HR_NONE_INDEX;
}

static int build_and_send(char **words, const struct hr_plan *plan, struct hr_arena *arena)
{
    struct hr_letter letter;
    struct hr_template_error error = {0};
    const char *part = NULL;
    int32_t message = hr_plan_message(plan, hr_text_from(words[2]));
    if (message < 0) {
        return fail("no such message");
    }
    struct customer customer = {
        {{hr_value_text(HR_TEXT("email")), hr_value_text(hr_text_from(words[4]))},
         {hr_value_text(HR_TEXT("first_name")), hr_value_text(hr_text_from(words[5]))}}};
    const struct hr_template_view view = {
        .context = &customer, .value_of = value_of, .now = hr_clock_now(), .zone = plan->zone};
    const struct hr_leaving leaving = {
        .contact = ADA, .purpose = MARKETING, .channel = HR_UNSUBSCRIBE_CHANNEL_email};
    const struct hr_letter_order order = {
        .plan = plan,
        .message = &plan->messages[message],
        .purpose = purpose_of(plan, hr_text_from(words[3])),
        .to_address = hr_text_from(words[4]),
        .to_name = hr_text_from(words[5]),
        .unsubscribe_url = hr_unsubscribe_url(secret, &leaving, hr_text_from(words[11]), arena),
        .view = &view};
    hr_status status = hr_letter_build(&order, arena, &letter, &part, &error);
    if (!hr_ok(status)) {
        (void)printf("{\"outcome\":%d,\"code\":%d,\"part\":\"%s\",\"name\":\"%.*s\"}\n",
                     (int)status.code, (int)error.code, part, HR_SHOW(error.name));
        return 0;
    }
    return send_it(words, &letter, arena);
}

int main(int count, char **words)
{
    struct hr_arena arena;
    struct hr_diagnostics found;
    struct hr_file *files = NULL;
    size_t file_count = 0;
    struct hr_plan *plan = NULL;
    if (count != WORDS) {
        return fail("wrong number of words");
    }
    hr_arena_init(&arena, 256 << 20);
    hr_diagnostics_init(&found, &arena);
    hr_status status = hr_workspace_load(words[1], &arena, &found, &files, &file_count, &plan);
    int code =
        hr_ok(status) ? build_and_send(words, plan, &arena) : fail("the workspace cannot be used");
    hr_plan_release(plan);
    hr_arena_close(&arena);
    return code;
}
