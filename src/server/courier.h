/* server/courier: carries one effect outside, an alert, a letter or a call, and says truly how far it got.
 *
 * Why      it never decides to send, or to send again: that is the ledger's business. What the ledger needs is the
 *          truth, "nobody knows" included, and whose turn it is.
 * Shape    a courier is one thread's means: an arena, a mailer for each mail server, clients for webhooks and calls.
 *            courier_alert.c   alerts to people: mail, signed webhook; notes of automations
 *            courier_letter.c  letters to customers, as they were kept when they were planned
 *            courier_call.c    actions of tools, and the checks of actions
 *            courier_mail.c    the mailer that a letter or an alert goes through; courier_means.c, courier_ended.c
 *            courier_pool.c    the threads, and the line they share
 *            courier.c         one thread: reads row and content, carries, reports
 * Means    outcome and fault (enum hr_fault) together:
 *            refused, permission   nothing was done; how we sign in, or what this machine's settings lack
 *            again, permission     the same, and later it may work by itself
 *          What is being checked is confirmed, not done, or unknown, and nothing else: that an asking failed says
 *          nothing about what was asked about.
 * Owner    answers live in the courier's arena until the next delivery.
 * Limits   HR_COURIER_BUDGET_BYTES a delivery; a mail takes at most a minute, a call the tool's `timeout`.
 * Privacy  an answer says nothing of addresses, texts, inputs or secrets.
 * Threads  one owner a courier; tokens and settings are shared.
 * Tests    tests/unit/server_courier_test.c, tests/e2e/courier.test.mjs, tests/e2e/alerts.test.mjs */
#ifndef HR_SERVER_COURIER_H
#define HR_SERVER_COURIER_H

#include "insight/insight.h"
#include "server/files.h"
#include "tools/caller.h"

/* Row, content and message of the largest letter, each more than once on its way. */
enum { HR_COURIER_BUDGET_BYTES = 32 << 20 };

/* How a delivery ended, in the engine's words. */
struct hr_ended {
    enum hr_outcome outcome;
    uint8_t fault;       /* enum hr_fault */
    hr_instant retry_at; /* as the other side asked; HR_INSTANT_NONE: it did not */
    struct hr_text answer;
};

struct hr_courier_options {
    const struct hr_settings *settings; /* kept by reference */
    const char *data_folder;
    struct hr_oauth *tokens; /* shared by all couriers */
};

struct hr_kept_mailer;
struct hr_courier {
    struct hr_courier_options options;
    struct hr_arena arena;         /* of one delivery */
    struct hr_http_client *client; /* of webhooks; NULL until it is needed, as all below */
    struct hr_caller *caller;
    struct hr_kept_mailer *mailers; /* for each mail server of the settings */
};

/* Begins one; nothing is opened before it is needed. And frees what was. */
void hr_courier_init(struct hr_courier *courier, const struct hr_courier_options *options);
void hr_courier_done(struct hr_courier *courier);

/* A letter, a call or a note that is to be carried. */
struct hr_parcel {
    const struct hr_plan *plan;
    const struct hr_names *names;
    const struct hr_effect *effect;
    const struct hr_value *content; /* NULL: it was erased */
};
/* Sends the letter; asks the tool for the action, or, in state checking, whether it was done. */
struct hr_ended hr_courier_letter(struct hr_courier *courier, const struct hr_parcel *parcel);
struct hr_ended hr_courier_call(struct hr_courier *courier, const struct hr_parcel *parcel);
/* Mails a person here what an automation's step `notify` says. */
struct hr_ended hr_courier_note(struct hr_courier *courier, const struct hr_parcel *parcel);
/* Tells a person: by mail or webhook, as the effect's kind says. */
struct hr_ended hr_courier_alert(struct hr_courier *courier, const struct hr_effect *effect,
                                 const struct hr_person *person, const struct hr_alert *alert);

/* ---- for the couriers' own files ------------------------------------------------------------------ */

/* Sends a mail through a server, with the newest password. */
struct hr_ended hr_courier_mail(struct hr_courier *courier, const struct hr_mail_settings *server,
                                const struct hr_mail *mail);
void hr_courier_mailers_done(struct hr_courier *courier);
/* An end without anybody's answer; why is static. */
struct hr_ended hr_ended_as(enum hr_outcome outcome, enum hr_fault fault, const char *why);
/* The same with one name from the workspace in it, where `why` has its "%.*s". */
struct hr_ended hr_ended_about(struct hr_courier *courier, enum hr_outcome outcome,
                               enum hr_fault fault, const char *why, struct hr_text name);
enum hr_outcome hr_outcome_of(enum hr_reached reached);
/* So many seconds from now; HR_INSTANT_NONE for 0. */
hr_instant hr_retry_at(uint32_t seconds);
/* An end of what is being checked: what only says that nothing was asked becomes unknown. */
struct hr_ended hr_ended_of_check(struct hr_ended ended);
/* The word of a number, "?" for one that there is not. */
struct hr_text hr_name_word(const struct hr_names *names, uint32_t number);

#endif
