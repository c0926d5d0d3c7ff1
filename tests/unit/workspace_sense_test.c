/* What is well formed and cannot have been meant: each judge is shown a little shop with one change, which it must
 * complain about, or must not. The complaints' texts are in tests/golden/check. */
#include "unit/workspace_folder.h"

#include <stdlib.h>
#include <time.h>

enum {
    SHOP_BYTES = 64 * 1024,
    AUTOMATIONS = 1000,
    PER_FILE = 100,
    MANY_BYTES = 2 << 20,
    BRANCHES = 95,
    FILES = 20,
    PLAN_BYTES_MAX = 512 << 20,
    MS_MAX = 2000,
    OTHERS_FIRST = 430, /* codes of what automations do together */
    OTHERS_LAST = 449
};

static const char shop[] =
    "version: 1\n"
    "workspace: little_shop\n"
    "timezone: UTC\n"
    "people:\n"
    "  ana: {name: Ana Ruiz, email: ana@shop.example.com, role: admin}\n"
    "  ben: {name: Ben Cole, email: ben@shop.example.com, role: operator}\n"
    "teams:\n"
    "  all: [ana, ben]\n"
    "contacts:\n"
    "  match_on: [email]\n"
    "  owner: ana\n"
    "  fields:\n"
    "    email: {type: email, pii: personal}\n"
    "    access: {type: choice, values: [none, active, revoked]}\n"
    "    offer: {type: choice, values: [course, call]}\n"
    "    country: {type: country}\n"
    "    employees: {type: number}\n"
    "    visits: {type: integer}\n"
    "    vip: {type: boolean}\n"
    "    price: {type: money, currency: GBP, writers: [people]}\n"
    "    segment: {type: choice, values: [small, mid, enterprise], writers: [automation welcome]}\n"
    "    lifecycle: {type: stage, pipeline: buyers}\n"
    "    owner: {type: person, writers: [automation welcome, people]}\n"
    "    topic: {type: choice, values: [demo, pricing], written_by: ai, confirm_by: [ben]}\n"
    "    topic_kind: {type: text}\n"
    "    discount: {type: money, currency: GBP, writers: [portal]}\n"
    "    consent_email: {type: consent, purpose: marketing, writers: [checkout, people]}\n"
    "opportunities: {owner: ana, fields: {amount: {type: money, currency: GBP}}}\n"
    "policies:\n"
    "  purposes:\n"
    "    marketing: {needs_consent: yes}\n"
    "    service: {needs_consent: no}\n"
    "pipelines:\n"
    "  buyers:\n"
    "    owner: ana\n"
    "    stages:\n"
    "      - {id: lead, means: They asked, evidence: [known(contact.offer)]}\n"
    "      - {id: client, means: They paid, evidence: [known(contact.employees)]}\n"
    "      - {id: member, means: They are in, evidence: [contact.access == 'active']}\n"
    "    moves: {by: [automation, people], skip_stages: refuse, backwards: refuse}\n"
    "tools:\n"
    "  checkout:\n"
    "    owner: ana\n"
    "    verify: {scheme: stripe, secret: checkout_secret}\n"
    "    map:\n"
    "      type: payload.type\n"
    "      contact: {email: payload.email}\n"
    "      fields: {offer: payload.offer, employees: payload.employees, visits: payload.visits,\n"
    "               vip: payload.vip, country: payload.country, consent_email: payload.agreed}\n"
    "      data: {payment_id: payload.payment}\n"
    "    events: {payment.succeeded: {}, payment.refunded: {}}\n"
    "  portal:\n"
    "    kind: http\n"
    "    owner: ben\n"
    "    verify: {scheme: hmac_sha256, header: X-Portal-Signature, secret: portal_secret}\n"
    "    map: {type: payload.type, contact: {email: payload.email}}\n"
    "    events:\n"
    "      access.granted: {map: {fields: {access: \"'active'\"}}}\n"
    "      mail.sent: {map: {data: {template: payload.template}}}\n"
    "      mail.opened: {}\n"
    "    allow: [https://portal.example.com]\n"
    "    actions:\n"
    "      grant: {method: PUT, path: \"/members/{email}\", safe_to_repeat: yes, "
    "emits: access.granted}\n"
    "      sell: {method: PUT, path: \"/sales/{email}\", safe_to_repeat: yes,\n"
    "             sets: {discount: 10}}\n"
    "      look: {kind: read, method: GET, path: \"/members/{email}\"}\n"
    "  mail:\n"
    "    {kind: email, owner: ana, from: hi@shop.example.com, postal_address: 1 High St,\n"
    "     unsubscribe: one_click}\n"
    "messages:\n"
    "  welcome_in: {subject: Welcome, text: You can go in., purpose: service}\n"
    "  receipt: {subject: Thank you, text: We got your money., purpose: service}\n"
    "  news: {subject: Something new, text: Look., purpose: marketing}\n"
    "paths:\n"
    "  buying:\n"
    "    owner: ana\n"
    "    handoffs:\n"
    "      - {id: payment_to_access, from: checkout, to: portal, opens_on: payment.succeeded,\n"
    "         done_when: [contact.access == 'active'], within: 5 minutes, fail_after: 1 hour,\n"
    "         owner: ben, failure_owner: ana, recovery: Grant it by hand.}\n"
    "      - {id: access_to_hello, from: portal, to: mail, opens_on: proven payment_to_access,\n"
    "         done_when: [\"event.type == 'mail.sent' && event.template == 'welcome_in'\"],\n"
    "         within: 1 hour, fail_after: 1 day, owner: ben, failure_owner: ana,\n"
    "         recovery: Send it by hand.}\n"
    "automations:\n";

/* One automation: its id, then the lines of the case. What a case does not say is left out. */
static const char *const elements[] = {"when",    "wait",       "branch",   "stop",
                                       "reenter", "task_owner", "approval", "metric",
                                       "systems", "data",       "avoids"};

struct text {
    char *bytes;
    size_t size;
    size_t room;
};

static void add(struct text *text, const char *part)
{
    size_t size = strlen(part);
    assert_true(text->size + size < text->room);
    memcpy(text->bytes + text->size, part, size + 1);
    text->size += size;
}

static bool says(const char *body, const char *element)
{
    char key[64];
    if (strcmp(element, "wait") == 0) {
        return strstr(body, "- wait") != NULL || strstr(body, "{wait") != NULL;
    }
    if (strcmp(element, "branch") == 0) {
        return strstr(body, "- if:") != NULL;
    }
    (void)snprintf(key, sizeof key, "\n    %s:", element);
    return strstr(body, key) != NULL;
}

/* body begins with a line end; its lines have the indentation of keys of an automation. */
static void add_automation(struct text *text, const char *id, const char *body)
{
    add(text, "  ");
    add(text, id);
    add(text, ":\n    goal: Buyers are greeted\n    owner: ben\n    failure_owner: ana\n"
              "    path: buying");
    if (strstr(body, "\n    trigger:") == NULL) {
        add(text, "\n    trigger: payment.succeeded");
    }
    add(text, body);
    add(text, "\n    left_out:\n");
    for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++) {
        if (!says(body, elements[i])) {
            add(text, "      ");
            add(text, elements[i]);
            add(text, ": not in this test\n");
        }
    }
}

static void check_text(struct folder *folder, const struct text *text)
{
    folder_init(folder);
    folder_add(folder, "shop.yaml", (struct hr_text){text->bytes, text->size});
    folder_check(folder);
}

struct trial {
    enum hr_code expected; /* none: nothing may be complained about */
    const char *body;
};

#define STEPS(lines) "\n    steps:" lines
#define TASK         "\n      - {create_task: Greet them, assign: ben, due: 1 day}"
#define WHEN(lines)  "\n    when:" lines STEPS(TASK)

static const struct trial trials[] = {
    /* filters */
    {HR_CODE_none, WHEN("\n      - contact.offer == 'course'\n      - contact.access != 'active'")},
    {HR_CODE_condition_never,
     WHEN("\n      - contact.offer == 'course'\n      - contact.offer == 'call'")},
    {HR_CODE_condition_never,
     WHEN("\n      - contact.employees > 100\n      - contact.employees < 50")},
    {HR_CODE_condition_never, WHEN("\n      - contact.visits > 4\n      - contact.visits < 5")},
    {HR_CODE_none, WHEN("\n      - contact.employees > 4\n      - contact.employees < 5")},
    {HR_CODE_none, WHEN("\n      - contact.employees > 50\n      - contact.employees < 100")},
    {HR_CODE_none,
     WHEN("\n      - contact.employees > 100.5\n      - contact.employees <= 100.75")},
    {HR_CODE_none,
     WHEN("\n      - contact.employees * 2.0 > 100.0\n      - contact.employees < 60")},
    {HR_CODE_condition_never,
     WHEN("\n      - contact.country == 'GB'\n      - contact.country == 'US'")},
    {HR_CODE_none, WHEN("\n      - contact.country == 'GB'\n      - contact.country != 'US'")},
    {HR_CODE_none,
     WHEN("\n      - contact.country.startsWith('G')\n      - contact.country == 'GB'")},
    {HR_CODE_condition_never, WHEN("\n      - contact.vip\n      - '!contact.vip'")},
    {HR_CODE_condition_never,
     WHEN("\n      - '!known(contact.offer)'\n      - contact.offer == 'call'")},
    {HR_CODE_none, WHEN("\n      - any: ['!known(contact.offer)', contact.offer == 'call']")},
    {HR_CODE_condition_never, WHEN("\n      - none: [contact.vip]\n      - contact.vip")},
    {HR_CODE_condition_never, WHEN("\n      - event.type == 'payment.refunded'")},
    {HR_CODE_condition_always, WHEN("\n      - event.type == 'payment.succeeded'")},
    /* what an event does not bring is unset */
    {HR_CODE_none, WHEN("\n      - event.payment_id == 'x'")},
    {HR_CODE_condition_never, "\n    trigger: mail.sent" WHEN("\n      - event.payment_id == 'x'")},
    {HR_CODE_condition_never,
     "\n    trigger: mail.sent" WHEN("\n      - trigger.payment_id == 'x'")},
    {HR_CODE_none, "\n    trigger: mail.sent" WHEN("\n      - '!known(event.payment_id)'")},
    {HR_CODE_none,
     "\n    trigger: [mail.sent, payment.succeeded]" WHEN("\n      - event.payment_id == 'x'")},
    {HR_CODE_condition_never,
     "\n    trigger: [mail.sent, payment.succeeded]" WHEN(
         "\n      - event.payment_id == 'x'\n      - event.template == 'y'")},
    {HR_CODE_condition_never,
     "\n    stop: [\"event.type == 'mail.sent' && event.payment_id == 'x'\"]" STEPS(TASK)},
    {HR_CODE_none, "\n    stop: [\"event.payment_id == 'x'\"]" STEPS(TASK)},
    {HR_CODE_condition_never,
     "\n    trigger: mail.sent" STEPS("\n      - if: event.payment_id == 'x'\n        then:\n"
                                      "          - {create_task: No, assign: ben, due: 1 day}")},
    {HR_CODE_none, "\n    trigger: mail.sent" STEPS(
                       "\n      - {wait_for: payment.succeeded, up_to: 1 day, if_late: stop}"
                       "\n      - if: event.payment_id == 'x'\n        then:\n"
                       "          - {create_task: No, assign: ben, due: 1 day}")},
    {HR_CODE_condition_never, STEPS("\n      - {wait_for: mail.sent, up_to: 1 day, "
                                    "when: \"event.payment_id == trigger.payment_id\"}" TASK)},
    {HR_CODE_none, STEPS("\n      - {wait_for: payment.refunded, up_to: 1 day, "
                         "when: \"event.payment_id == trigger.payment_id\"}" TASK)},
    {HR_CODE_condition_never,
     "\n    trigger: every day at 07:30" WHEN("\n      - event.type == 'payment.succeeded'")},
    {HR_CODE_condition_never,
     "\n    trigger: every day at 07:30" WHEN("\n      - event.payment_id == 'x'")},
    {HR_CODE_condition_never, "\n    trigger: every day at 07:30" STEPS(
                                  "\n      - if: trigger.payment_id == 'x'\n        then:\n"
                                  "          - {create_task: No, assign: ben, due: 1 day}")},
    {HR_CODE_condition_always,
     WHEN("\n      - contact.offer != 'course' || contact.offer != 'call'")},
    {HR_CODE_none, WHEN("\n      - contact.offer in ['course', 'call']")},
    {HR_CODE_none, WHEN("\n      - known(contact.offer)")},
    {HR_CODE_none, WHEN("\n      - '!known(contact.lifecycle) || contact.lifecycle == \"lead\"'")},
    {HR_CODE_condition_never, STEPS("\n      - if: [contact.vip, '!contact.vip']\n        then:\n"
                                    "          - {create_task: No, assign: ben, due: 1 day}")},
    {HR_CODE_condition_always,
     "\n    stop: [\"known(contact.offer) || !known(contact.offer)\"]" STEPS(TASK)},
    {HR_CODE_none, "\n    stop: [event.type == 'payment.refunded']" STEPS(TASK)},
    {HR_CODE_row_never_reached,
     STEPS("\n      - set:\n          segment:\n"
           "            - {if: \"contact.offer == 'call'\", value: \"'mid'\"}\n"
           "            - {if: \"contact.offer == 'call' && contact.vip\", value: "
           "\"'enterprise'\"}")},
    {HR_CODE_none, STEPS("\n      - set:\n          segment:\n"
                         "            - {if: contact.employees >= 1000, value: \"'enterprise'\"}\n"
                         "            - {if: contact.employees >= 100, value: \"'mid'\"}\n"
                         "            - {else: \"'small'\"}")},
    /* order */
    {HR_CODE_none, STEPS("\n      - send_email: receipt\n      - call: portal.grant\n"
                         "        with: {email: contact.email}\n      - wait_for: access.granted\n"
                         "        up_to: 5 minutes\n      - send_email: welcome_in")},
    {HR_CODE_told_too_soon, STEPS("\n      - send_email: welcome_in\n      - call: portal.grant\n"
                                  "        with: {email: contact.email}")},
    {HR_CODE_told_too_soon,
     STEPS("\n      - call: portal.grant\n        with: {email: contact.email}\n"
           "      - send_email: receipt")},
    {HR_CODE_told_too_soon,
     STEPS("\n      - call: portal.grant\n        with: {email: contact.email}\n"
           "      - wait_for: access.granted\n        up_to: 5 minutes\n        if_late: continue\n"
           "      - send_email: welcome_in")},
    {HR_CODE_none, STEPS("\n      - call: portal.grant\n        with: {email: contact.email}\n"
                         "      - if: contact.access == 'active'\n        then:\n"
                         "          - send_email: welcome_in")},
    {HR_CODE_told_too_soon,
     STEPS("\n      - call: portal.grant\n        with: {email: contact.email}\n"
           "      - if: contact.access == 'active'\n        then:\n"
           "          - wait: 1 day\n      - send_email: welcome_in")},
    {HR_CODE_none, STEPS("\n      - call: portal.grant\n        with: {email: contact.email}\n"
                         "      - wait_for: proven payment_to_access\n        up_to: 5 minutes\n"
                         "      - send_email: welcome_in")},
    {HR_CODE_none, STEPS("\n      - call: portal.grant\n        with: {email: contact.email}\n"
                         "      - move_stage: member\n      - send_email: welcome_in")},
    {HR_CODE_none, "\n    trigger: access.granted" STEPS("\n      - send_email: welcome_in")},
    {HR_CODE_none, STEPS("\n      - call: portal.look\n        with: {email: contact.email}\n"
                         "      - send_email: receipt")},
    /* waits */
    {HR_CODE_wait_without_end, STEPS("\n      - wait_for: payment.refunded" TASK)},
    {HR_CODE_wait_without_end, STEPS("\n      - {ask: Is it right?, by: [ben]}" TASK)},
    {HR_CODE_none, STEPS("\n      - {ask: Is it right?, by: [ben], expires: 2 days}" TASK)},
    {HR_CODE_wait_too_long,
     STEPS("\n      - {ask: Is it right?, by: [ben], expires: 800 days}" TASK)},
    {HR_CODE_name_reserved, STEPS("\n      - emit: buyer.seen\n        with: {type: \"'x'\"}")},
    {HR_CODE_none, STEPS("\n      - emit: buyer.seen\n        with: {kind: \"'x'\"}")},
    {HR_CODE_never_said,
     STEPS("\n      - {wait_for: buyer.seen, up_to: 1 day}\n      - emit: buyer.seen")},
    {HR_CODE_none,
     STEPS("\n      - emit: buyer.seen\n      - {wait_for: buyer.seen, up_to: 1 day}")},
    {HR_CODE_none, STEPS("\n      - {wait_for: access.granted, up_to: 1 day}" TASK)},
    {HR_CODE_business_hours_missing,
     STEPS("\n      - {wait: 1 day, only_in: business_hours}" TASK)},
    /* moves */
    {HR_CODE_none, STEPS("\n      - move_stage: lead")},
    {HR_CODE_none,
     "\n    when: [\"contact.lifecycle == 'lead'\"]" STEPS("\n      - move_stage: client"
                                                           "\n      - move_stage: member")},
    {HR_CODE_move_refused,
     "\n    when: [\"contact.lifecycle == 'member'\"]" STEPS("\n      - move_stage: lead")},
    {HR_CODE_move_refused, STEPS("\n      - move_stage: lead\n      - move_stage: member")},
    {HR_CODE_none,
     STEPS("\n      - move_stage: lead\n      - wait: 1 day\n      - move_stage: member")},
    {HR_CODE_move_stays, STEPS("\n      - move_stage: lead\n      - move_stage: lead")},
    {HR_CODE_move_stays, STEPS("\n      - if: contact.lifecycle == 'client'\n        then:\n"
                               "          - move_stage: client")},
    /* consent */
    {HR_CODE_none, STEPS("\n      - send_email: news")},
    {HR_CODE_consent_not_watched, STEPS("\n      - wait: 1 day\n      - send_email: news")},
    {HR_CODE_none, "\n    stop: [\"contact.consent_email == 'withdrawn'\"]" STEPS(
                       "\n      - wait: 1 day\n      - send_email: news")},
    {HR_CODE_none, STEPS("\n      - wait: 1 day\n      - if: contact.consent_email == 'given'\n"
                         "        then:\n          - send_email: news")},
    {HR_CODE_none, STEPS("\n      - wait: 1 day\n      - send_email: receipt")},
    /* machines */
    {HR_CODE_machine_steers,
     "\n    when: [\"contact.topic == 'demo'\"]" STEPS("\n      - assign: ben")},
    {HR_CODE_none, "\n    when: [\"contact.topic == 'demo'\", \"set_by.topic == 'people'\"]" STEPS(
                       "\n      - assign: ben")},
    {HR_CODE_none, "\n    when: [\"contact.topic == 'demo'\"]" STEPS(TASK)},
    {HR_CODE_machine_steers, STEPS("\n      - if: contact.topic == 'demo'\n        then:\n"
                                   "          - move_stage: lead")},
    {HR_CODE_machine_steers, "\n    metric: {success: \"contact.topic == 'demo'\"}" STEPS(TASK)},
    {HR_CODE_machine_steers, "\n    when: [\"contact.topic == 'demo'\", "
                             "\"set_by.topic_kind == 'people'\"]" STEPS("\n      - assign: ben")},
    {HR_CODE_machine_steers, "\n    when: [\"contact.topic == 'demo'\", "
                             "\"set_by.topic != 'people'\"]" STEPS("\n      - assign: ben")},
    {HR_CODE_machine_steers,
     "\n    when: [\"contact.topic == 'demo'\", "
     "\"set_by.topic in ['people', 'welcome']\"]" STEPS("\n      - assign: ben")},
    {HR_CODE_none, "\n    when: [\"contact.topic == 'demo' && set_by.topic_kind == 'people' && "
                   "set_by.topic == 'people'\"]" STEPS("\n      - assign: ben")},
    {HR_CODE_none, "\n    when:\n      - all: [\"contact.topic == 'demo'\", \"set_by.topic == "
                   "'people'\"]" STEPS("\n      - assign: ben")},
    {HR_CODE_none, "\n    when:\n      - any:\n          - all: [\"contact.topic == 'demo'\", "
                   "\"set_by.topic == 'people'\"]\n"
                   "          - contact.vip" STEPS("\n      - assign: ben")},
    {HR_CODE_machine_steers,
     "\n    when:\n      - any: [\"contact.topic == 'demo'\", \"set_by.topic == "
     "'people'\"]" STEPS("\n      - assign: ben")},
    {HR_CODE_none, "\n    when: [\"set_by.topic == 'people'\"]" STEPS(
                       "\n      - if: contact.topic == 'demo'\n        then:\n"
                       "          - assign: ben")},
    {HR_CODE_machine_steers, STEPS("\n      - if: contact.topic == 'demo'\n        then:\n"
                                   "          - copy_to: opportunity\n"
                                   "            set: {amount: \"5000\"}")},
    {HR_CODE_machine_steers, STEPS("\n      - if: contact.topic == 'demo'\n        then:\n"
                                   "          - call: portal.sell\n"
                                   "            with: {email: contact.email}")},
    {HR_CODE_machine_use_forbidden,
     STEPS("\n      - {ai_suggest: topic, from: [contact.offer], confirm_by: ben,\n"
           "         use_before_confirmed_for: [report]}")},
    /* duty */
    {HR_CODE_task_without_assignee, STEPS("\n      - {create_task: Greet them, due: 1 day}")},
    {HR_CODE_none,
     "\n    task_owner: all" STEPS("\n      - {create_task: Greet them, due: 1 day}")},
    {HR_CODE_none,
     "\n    approval: {for: [any change], by: [all], not_by_author: yes, expires: 2 days}" STEPS(
         TASK)},
    {HR_CODE_approval_by_author,
     "\n    approval: {for: [any change], by: [ben], not_by_author: yes, expires: 2 days}" STEPS(
         TASK)},
    {HR_CODE_none, "\n    approval: {for: [any change], by: [ben], expires: 2 days}" STEPS(TASK)},
    {HR_CODE_wait_without_end, "\n    approval: {for: [any change], by: [ben]}" STEPS(TASK)},
};

/* Nothing but "not available yet" and what is expected. */
static bool as_expected(const struct folder *folder, enum hr_code expected)
{
    bool found = expected == HR_CODE_none;
    for (size_t i = 0; i < folder->found.count; i++) {
        enum hr_code code = folder->found.items[i].code;
        found = found || code == expected;
        int number = (int)code;
        bool others =
            number >= OTHERS_FIRST && number <= OTHERS_LAST; /* what automations do together */
        if (code != expected && code != HR_CODE_not_available_yet && !others) {
            return false;
        }
    }
    return found;
}

static void each_judge_finds_what_it_must_and_nothing_else(void **state)
{
    (void)state;
    char *bytes = malloc(SHOP_BYTES);
    assert_non_null(bytes);
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof trials / sizeof trials[0]; i++) {
        struct text text = {bytes, 0, SHOP_BYTES};
        struct folder folder;
        add(&text, shop);
        add_automation(&text, "welcome", trials[i].body);
        check_text(&folder, &text);
        if (!as_expected(&folder, trials[i].expected)) {
            print_error("trial %zu expects %d:%s\ndrawn\n%.*s\n", i, (int)trials[i].expected,
                        trials[i].body, HR_SHOW(folder_draw(&folder)));
            wrong++;
        }
        folder_close(&folder);
    }
    free(bytes);
    assert_int_equal(wrong, 0);
}

/* The shop with one place written otherwise. */
struct change {
    enum hr_code expected;
    const char *written;
    const char *instead;
    const char *body; /* of the automation */
};

#define GONE(more)                                                                                 \
    "  cem: {name: Cem Oz, email: cem@shop.example.com, role: operator, active: no}\n" more        \
    "teams:\n"

#define SIZES(rows)                                                                                \
    "tables:\n  size: {owner: ana, columns: [employees, value], rows: [" rows "[any, course]]}\n"

static const struct change changes[] = {
    /* evidence */
    {HR_CODE_stage_on_activity, "contact.access == 'active']}",
     "event.type == 'payment.refunded']}", STEPS(TASK)},
    {HR_CODE_stage_on_activity, "contact.access == 'active']}", "event.type == 'mail.opened']}",
     STEPS(TASK)},
    {HR_CODE_none, "contact.access == 'active']}", "event.type == 'mail.sent']}", STEPS(TASK)},
    {HR_CODE_stage_on_activity, "contact.access == 'active']}",
     "any: [event.type == 'mail.sent', event.type == 'mail.opened']]}", STEPS(TASK)},
    /* who has left */
    {HR_CODE_none, "teams:\n", GONE("") "  some: [ana, cem]\n",
     STEPS("\n      - assign: next in some")},
    {HR_CODE_person_inactive, "teams:\n", GONE("") "  gone: [cem]\n",
     STEPS("\n      - assign: next in gone")},
    {HR_CODE_person_inactive, "teams:\n",
     GONE("tables:\n  who: {owner: ana, columns: [offer, person], "
          "rows: [[course, cem], [any, ana]]}\n"),
     STEPS(TASK)},
    {HR_CODE_person_inactive, "teams:\n",
     GONE("tables:\n  who: {owner: ana, columns: [offer, team], "
          "rows: [[course, gone], [any, all]]}\n") "  gone: [cem]\n",
     STEPS(TASK)},
    /* messages */
    {HR_CODE_nothing_sends, "text: You can go in., ", "text: You can go in., tool: portal, ",
     STEPS(TASK)},
    {HR_CODE_none, "text: You can go in., ", "text: You can go in., tool: mail, ", STEPS(TASK)},
    {HR_CODE_tool_key_superfluous, "kind: http\n", "kind: http\n    from: hi@shop.example.com\n",
     STEPS(TASK)},
    /* tables of numbers with decimals */
    {HR_CODE_none, "teams:\n",
     SIZES("[under 99, call], [\"99\", call], [under 100, course], [100.5 or more, call], ") "teams"
                                                                                             ":\n",
     STEPS(TASK)},
    {HR_CODE_row_never, "teams:\n",
     SIZES("[under 100, course], [\"99.5\", call], [100 or more, call], ") "teams:\n", STEPS(TASK)},
    {HR_CODE_row_never, "teams:\n",
     SIZES("[0.5 or more, course], [under 0.75, call], [0.6 to 0.7, call], ") "teams:\n",
     STEPS(TASK)},
    {HR_CODE_cell_form, "teams:\n", SIZES("[under 0.0000001, course], ") "teams:\n", STEPS(TASK)},
    {HR_CODE_person_inactive, "role: operator}\nteams:\n",
     "role: operator, deputy: cem}\n" GONE(""), STEPS(TASK)},
};

static void check_changed(struct folder *folder, struct text *text, const struct change *change)
{
    const char *at = strstr(shop, change->written);
    assert_non_null(at);
    text->size = 0;
    add(text, shop);
    text->size = (size_t)(at - shop);
    add(text, change->instead);
    add(text, at + strlen(change->written));
    add_automation(text, "welcome", change->body);
    check_text(folder, text);
}

static void each_judge_sees_what_was_written_otherwise(void **state)
{
    (void)state;
    char *bytes = malloc(SHOP_BYTES);
    assert_non_null(bytes);
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct text text = {bytes, 0, SHOP_BYTES};
        struct folder folder;
        check_changed(&folder, &text, &changes[i]);
        if (!as_expected(&folder, changes[i].expected)) {
            print_error("change %zu expects %d: %s\ndrawn\n%.*s\n", i, (int)changes[i].expected,
                        changes[i].instead, HR_SHOW(folder_draw(&folder)));
            wrong++;
        }
        folder_close(&folder);
    }
    free(bytes);
    assert_int_equal(wrong, 0);
}

/* The key that a help names is one that files have. */
static void what_is_missing_is_named_as_files_write_it(void **state)
{
    (void)state;
    static const struct change change = {
        HR_CODE_not_ready, "opportunities: {owner: ana, ", "opportunities: {",
        "\n    record: opportunity\n    rollout: {mode: guarded}" STEPS(TASK)};
    char *bytes = malloc(SHOP_BYTES);
    assert_non_null(bytes);
    struct text text = {bytes, 0, SHOP_BYTES};
    struct folder folder;
    bool named = false;
    check_changed(&folder, &text, &change);
    for (size_t i = 0; i < folder.found.count; i++) {
        struct hr_text help = folder.found.items[i].help;
        named = named || (folder.found.items[i].code == HR_CODE_not_ready &&
                          hr_text_search(help, HR_TEXT("`opportunities`")) < help.size);
    }
    if (!named) {
        fail_msg("%.*s", HR_SHOW(folder_draw(&folder)));
    }
    folder_close(&folder);
    free(bytes);
}

/* What two automations say to each other only in a circle. */
static void two_automations_that_wait_for_each_other_are_found(void **state)
{
    (void)state;
    char *bytes = malloc(SHOP_BYTES);
    assert_non_null(bytes);
    struct text text = {bytes, 0, SHOP_BYTES};
    struct folder folder;
    add(&text, shop);
    add_automation(&text, "welcome",
                   STEPS("\n      - {wait_for: b.done, up_to: 1 day}\n      - emit: a.done"));
    add_automation(&text, "second",
                   STEPS("\n      - {wait_for: a.done, up_to: 1 day}\n      - emit: b.done"));
    check_text(&folder, &text);
    assert_int_equal(folder.found.error_count, 2);
    assert_int_equal(folder.found.items[0].code, HR_CODE_never_said);
    folder_close(&folder);
    free(bytes);
}

/* Parents before children: a broken field, and nothing is said of the automations that read it; a broken automation,
 * and the others are judged all the same. */
static void what_is_broken_is_not_judged(void **state)
{
    (void)state;
    static const char never[] = WHEN("\n      - contact.vip\n      - '!contact.vip'");
    char *bytes = malloc(SHOP_BYTES);
    assert_non_null(bytes);
    struct text text = {bytes, 0, SHOP_BYTES};
    struct folder folder;
    add(&text, shop);
    add_automation(&text, "broken", STEPS("\n      - {create_task: Greet, asign: ben}"));
    add_automation(&text, "welcome", never);
    check_text(&folder, &text);
    bool judged = false;
    for (size_t i = 0; i < folder.found.count; i++) {
        judged = judged || folder.found.items[i].code == HR_CODE_condition_never;
        assert_true(folder.found.items[i].code != HR_CODE_task_without_assignee);
    }
    assert_true(judged);
    folder_close(&folder);
    text.size = 0;
    add(&text, shop);
    add_automation(&text, "welcome", never);
    char *field = strstr(bytes, "vip: {type: boolean}");
    assert_non_null(field);
    memcpy(field, "vip: {type: boolian}", strlen("vip: {type: boolian}"));
    check_text(&folder, &text);
    for (size_t i = 0; i < folder.found.count; i++) {
        assert_true(folder.found.items[i].code != HR_CODE_condition_never);
    }
    folder_close(&folder);
    free(bytes);
}

/* A thousand automations with filters, branches, waits and messages are read and judged within the bar. */
static void a_thousand_automations_are_judged_in_time(void **state)
{
    (void)state;
    static const char body[] =
        "\n    systems: [portal, mail]\n    data: [email, offer, country, employees, lifecycle, "
        "consent_email]"
        "\n    when: [known(contact.offer), contact.employees >= 10, \"contact.country == 'GB'\"]"
        "\n    stop: [event.type == 'payment.refunded', \"contact.consent_email == "
        "'withdrawn'\"]" STEPS(
            "\n      - if: contact.offer == 'course'\n        then:\n          - move_stage: lead"
            "\n      - call: portal.grant\n        with: {email: contact.email}"
            "\n      - {wait_for: access.granted, up_to: 5 minutes, if_late: open_issue}"
            "\n      - send_email: welcome_in\n      - wait: 3 days\n      - send_email: "
            "news" TASK);
    char *bytes = malloc(MANY_BYTES);
    assert_non_null(bytes);
    struct text text = {bytes, 0, MANY_BYTES};
    struct folder folder;
    folder_init(&folder);
    add(&text, shop);
    add_automation(&text, "welcome", body);
    folder_add(&folder, "shop.yaml",
               hr_text_copy(&folder.arena, (struct hr_text){bytes, text.size}));
    for (size_t file = 0; file < AUTOMATIONS / PER_FILE; file++) {
        char path[64];
        text.size = 0;
        add(&text, "automations:\n");
        for (size_t i = 0; i < PER_FILE; i++) {
            char id[64];
            (void)snprintf(id, sizeof id, "a%zu_%zu", file, i);
            add_automation(&text, id, body);
        }
        (void)snprintf(path, sizeof path, "automations/%zu.yaml", file);
        struct hr_text name = hr_text_copy(&folder.arena, hr_text_from(path));
        folder.files[folder.count++] =
            (struct hr_file){name, hr_text_copy(&folder.arena, (struct hr_text){bytes, text.size})};
    }
    struct timespec begin;
    struct timespec end;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
    folder_check(&folder);
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    long ms = (long)(end.tv_sec - begin.tv_sec) * 1000 + (end.tv_nsec - begin.tv_nsec) / 1000000;
    print_message("%d automations: %ld ms of processor time\n", AUTOMATIONS + 1, ms);
    assert_true(ms < MS_MAX); /* ten times the bar: sanitizers and busy machines are slower */
    if (folder.found.error_count > 0) {
        fail_msg("%.*s", HR_SHOW(folder_draw(&folder)));
    }
    folder_close(&folder);
    free(bytes);
}

/* Names that steps emit count with those that tools send. */
static void emitted_names_have_their_limit(void **state)
{
    (void)state;
    char *bytes = malloc(MANY_BYTES);
    char *body = malloc(SHOP_BYTES);
    assert_non_null(bytes);
    assert_non_null(body);
    for (size_t most = 160; most <= 180; most += 20) { /* of six automations: 960, 1080 */
        struct text text = {bytes, 0, MANY_BYTES};
        struct folder folder;
        bool told = false;
        add(&text, shop);
        for (size_t i = 0; i < 6; i++) {
            struct text steps = {body, 0, SHOP_BYTES};
            char line[64];
            add(&steps, STEPS(""));
            for (size_t k = 0; k < most; k++) {
                (void)snprintf(line, sizeof line, "\n      - emit: seen.a%zu_%zu", i, k);
                add(&steps, line);
            }
            (void)snprintf(line, sizeof line, "welcome_%zu", i);
            add_automation(&text, i == 0 ? "welcome" : line, body);
        }
        check_text(&folder, &text);
        for (size_t i = 0; i < folder.found.count; i++) {
            told = told || folder.found.items[i].code == HR_CODE_too_many;
        }
        assert_int_equal(told, most == 180);
        folder_close(&folder);
    }
    free(body);
    free(bytes);
}

/* With something wrong, what is only not available yet is gone from the list and from the count. */
static void what_is_dropped_is_not_counted(void **state)
{
    (void)state;
    char *bytes = malloc(MANY_BYTES);
    char *body = malloc(SHOP_BYTES);
    assert_non_null(bytes);
    assert_non_null(body);
    struct text text = {bytes, 0, MANY_BYTES};
    struct text steps = {body, 0, SHOP_BYTES};
    struct folder folder;
    size_t warnings = 0;
    add(&text, shop);
    add(&steps, STEPS(""));
    for (size_t i = 0; i < 160; i++) {
        add(&steps, "\n      - {ai_suggest: topic, from: [contact.offer], confirm_by: ben}");
    }
    add_automation(&text, "welcome", body);
    add_automation(&text, "second", body);
    add_automation(&text, "broken", STEPS("\n      - {create_task: Greet, asign: ben}"));
    check_text(&folder, &text);
    for (size_t i = 0; i < folder.found.count; i++) {
        warnings += folder.found.items[i].severity == HR_SEVERITY_warning;
        assert_true(folder.found.items[i].code != HR_CODE_not_available_yet);
    }
    assert_true(folder.found.error_count > 0);
    assert_int_equal(folder.found.warning_count, warnings);
    folder_close(&folder);
    free(body);
    free(bytes);
}

/* What is tried for one list of conditions is given back before the next: else these would not fit. */
static void many_conditions_fit_into_the_scratch(void **state)
{
    (void)state;
    char *bytes = malloc(MANY_BYTES);
    char *body = malloc(SHOP_BYTES);
    assert_non_null(bytes);
    assert_non_null(body);
    struct text steps = {body, 0, SHOP_BYTES};
    struct folder folder;
    add(&steps, "\n    data: [vip, offer, access, segment, topic]" STEPS(""));
    for (size_t i = 0; i < BRANCHES; i++) {
        add(&steps,
            "\n      - if: contact.vip && contact.offer == 'course' && contact.access == 'none' "
            "&& contact.segment == 'small' && contact.topic == 'demo'\n        then: "
            "[{create_task: Greet, assign: ben, due: 1 day}]");
    }
    folder_init(&folder);
    for (size_t i = 0; i < FILES; i++) {
        struct text text = {bytes, 0, MANY_BYTES};
        char name[64];
        add(&text, i == 0 ? shop : "automations:\n");
        for (size_t k = 0; k < PER_FILE / 10; k++) {
            (void)snprintf(name, sizeof name, "a%zu_%zu", i, k);
            add_automation(&text, i + k == 0 ? "welcome" : name, body);
        }
        (void)snprintf(name, sizeof name, "automations/%zu.yaml", i);
        folder.files[folder.count++] =
            (struct hr_file){hr_text_copy(&folder.arena, hr_text_from(name)),
                             hr_text_copy(&folder.arena, (struct hr_text){bytes, text.size})};
    }
    hr_diagnostics_init(&folder.found, &folder.arena);
    hr_arena_init(&folder.plans, (size_t)PLAN_BYTES_MAX); /* as much as the program gives it */
    folder.status = hr_workspace_check(&folder.plans, folder.files, folder.count, zone_of_machine,
                                       &folder.arena, &folder.found, &folder.plan);
    if (!hr_ok(folder.status)) {
        fail_msg("status %d\n%.*s", (int)folder.status.code, HR_SHOW(folder_draw(&folder)));
    }
    folder_close(&folder);
    free(body);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_judge_finds_what_it_must_and_nothing_else),
        cmocka_unit_test(each_judge_sees_what_was_written_otherwise),
        cmocka_unit_test(what_is_missing_is_named_as_files_write_it),
        cmocka_unit_test(two_automations_that_wait_for_each_other_are_found),
        cmocka_unit_test(what_is_broken_is_not_judged),
        cmocka_unit_test(a_thousand_automations_are_judged_in_time),
        cmocka_unit_test(what_is_dropped_is_not_counted),
        cmocka_unit_test(emitted_names_have_their_limit),
        cmocka_unit_test(many_conditions_fit_into_the_scratch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
