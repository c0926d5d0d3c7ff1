/* The plans of the simulated business: the coaching example, and ways its owner might change it. */
#include "sim/sim.h"
#include "workspace/workspace.h"

#include <stdio.h>
#include <stdlib.h>

struct variant the_variants[VARIANTS];

enum { FILES = 17 };
/* Variants change the first four; the others are there because those speak of them. */
static const char *const names[FILES] = {
    "handrail.yaml",
    "contacts.yaml",
    "tools.yaml",
    "paths/form_to_member.yaml",
    "pipeline.yaml",
    "policies.yaml",
    "tests.yaml",
    "automations/booking_moves_stage.yaml",
    "automations/first_week.yaml",
    "automations/payment_to_access.yaml",
    "automations/refund_to_revoke.yaml",
    "automations/welcome_lead.yaml",
    "messages/lead_nudge.md",
    "messages/lead_welcome.md",
    "messages/member_welcome.md",
    "messages/start_lesson_one.md",
    "automations.yaml", /* tests/sim's own */
};
static struct hr_arena arena;

/* One line of a file that a variant writes otherwise. */
struct change {
    int variant; /* -1: all */
    int file;
    struct hr_text from;
    struct hr_text to;
};
#define WEBHOOK(name)                                                                              \
    HR_TEXT("    email: " name "@bright.example.com\n"),                                           \
        HR_TEXT("    email: " name                                                                 \
                "@bright.example.com\n    webhook: {url: \"https://hooks.example.com/" name        \
                "\", secret: " name "_hook}\n")
static const struct change changes[] = {
    {-1, 0, WEBHOOK("maya")},
    {-1, 0, WEBHOOK("dan")},
    /* two tools and people write the name, the offer and the consent; each variant has other rules for them */
    {-1, 2, HR_TEXT("        booking_id: payload.booking.id\n"),
     HR_TEXT("        booking_id: payload.booking.id\n"
             "        form_version: payload.booking.terms\n"
             "        ip_hash: payload.booking.ip\n"
             "      opportunity: {deal: payload.booking.id, topic: payload.booking.topic}\n")},
    /* who sent them is a record of its own, which many share */
    {-1, 2, HR_TEXT("else it is not sent\n"),
     HR_TEXT("else it is not sent\n          account: {name: payload.data.source}\n")},
#define CALENDAR_SAYS(status)                                                                      \
    HR_TEXT("fields: {booking_status: \"'" status "'\"}"),                                         \
        HR_TEXT("fields: {booking_status: \"'" status                                              \
                "'\", first_name: payload.booking.invitee.name, offer: payload.booking.topic, "    \
                "consent_email: payload.booking.consent}")
    {-1, 2, CALENDAR_SAYS("booked")},
    {-1, 2, CALENDAR_SAYS("canceled")},
    {-1, 2, CALENDAR_SAYS("attended")},
    {-1, 2, CALENDAR_SAYS("no_show")},
    {-1, 1, HR_TEXT("writers: [website_form, unsubscribe_page, people]"),
     HR_TEXT("writers: [website_form, calendar, unsubscribe_page, people]")},
#define FIRST_NAME(rule)                                                                           \
    HR_TEXT("      writers: [website_form, people]\n      on_conflict: keep_first\n      pii:"),   \
        HR_TEXT("      writers: [website_form, calendar, people]\n      on_conflict: " rule        \
                "\n      pii:")
    {0, 1, FIRST_NAME("keep_first")},
    {1, 1, FIRST_NAME("ask")},
    {2, 1, FIRST_NAME("newest")},
    {3, 1, FIRST_NAME("people_win")},
#define OFFER(rule)                                                                                \
    HR_TEXT("      writers: [website_form, people]\n      on_conflict: keep_first\n    source:"),  \
        HR_TEXT("      writers: [website_form, calendar, people]\n      on_conflict: " rule        \
                "\n    source:")
    {0, 1, OFFER("ask")},
    {1, 1, OFFER("source_wins")},
    {2, 1, OFFER("never_overwrite")},
    {3, 1, OFFER("keep_first")},
    /* a tool whose messages name the customer by an address that it may not write */
    {3, 1, HR_TEXT("writers: [website_form, calendar, checkout, course_platform, email, people]"),
     HR_TEXT("writers: [website_form, calendar, checkout, email, people]")},
    /* fields that automations write; in one variant what they do is another thing, in one a step is late sooner */
    {-1, 1, HR_TEXT("    lifecycle:\n"),
     HR_TEXT("    sim_heat:\n      type: choice\n      values: [hot, cold]\n"
             "      source_of_truth: automation sim_hot\n"
             "      writers: [automation sim_hot, people]\n      on_conflict: newest\n"
             "    sim_payments:\n      type: integer\n"
             "      source_of_truth: automation sim_payments\n"
             "      writers: [automation sim_payments, people]\n      on_conflict: newest\n"
             "    lifecycle:\n")},
    /* two sellers, and days on which none of them is there */
    {-1, 0, HR_TEXT("  priya:\n"),
     HR_TEXT("  sam:\n    name: Sam Berg\n    email: sam@bright.example.com\n    role: seller\n"
             "    away:\n      - {from: \"2026-11-20\", to: \"2026-11-22\"}\n"
             "      - {from: \"2026-12-26\", to: \"2026-12-31\"}\n"
             "  quin:\n    name: Quin Abe\n    email: quin@bright.example.com\n    role: seller\n"
             "    away:\n      - {from: \"2026-11-12\", to: \"2026-11-21\"}\n"
             "      - {from: \"2026-12-30\", to: \"2027-01-04\"}\n"
             "  priya:\n")},
    {-1, 0, HR_TEXT("people:\n"),
     HR_TEXT("teams: {sim_sellers: [sam, quin], sim_desk: [dan, maya]}\npeople:\n")},
    {-1, 1, HR_TEXT("    lifecycle:\n"),
     HR_TEXT("    sim_owner:\n      type: person\n      source_of_truth: automation sim_give\n"
             "      writers: [automation sim_give, automation sim_pass_on, people]\n"
             "      on_conflict: newest\n    lifecycle:\n")},
    {-1, 1, HR_TEXT("    lifecycle:\n"),
     HR_TEXT("    sim_looks:\n      type: integer\n"
             "      source_of_truth: automation sim_looked\n"
             "      writers: [automation sim_looked, people]\n      on_conflict: newest\n"
             "    lifecycle:\n")},
    {3, 16, HR_TEXT("every day at 05:15"), HR_TEXT("every day at 04:45")},
    {1, 16, HR_TEXT("wait: 6 hours"), HR_TEXT("wait: 9 hours")},
    {2, 16, HR_TEXT("        up_to: 1 day\n"), HR_TEXT("        up_to: 2 hours\n")},
    /* other deadlines, a longer ladder */
    {1, 3, HR_TEXT("        within: 5 minutes\n        fail_after: 1 hour\n"),
     HR_TEXT("        within: 20 minutes\n        fail_after: 3 hours\n")},
    {1, 3, HR_TEXT("escalate: [{after: 30 minutes, to: maya}]"),
     HR_TEXT("escalate: [{after: 10 minutes, to: dan}, {after: 40 minutes, to: maya}]")},
    {1, 2, HR_TEXT("expect: {at_least: 1, every: 7 days}"),
     HR_TEXT("expect: {at_least: 3, every: 2 days}")},
    /* a handoff is gone; booking late is a failure, in business time */
    {2, 3, HR_TEXT("      - id: access_to_follow_up\n"), HR_TEXT("      - id: access_to_hello\n")},
    {2, 3, HR_TEXT("        within: 7 days\n        late_is: count"),
     HR_TEXT("        within: 3 business days\n        late_is: normal")},
    {2, 2, HR_TEXT("    expect: {at_least: 1, every: 2 days}"),
     HR_TEXT("    expect: {at_least: 2, every: 1 day}")},
    /* a proof opens the next handoff of the same payment */
    {3, 3, HR_TEXT("      - id: access_to_follow_up\n"),
     HR_TEXT("      - id: access_to_first_lesson\n"
             "        kind: other\n"
             "        from: course_platform\n"
             "        to: course_platform\n"
             "        opens_on: proven payment_to_access\n"
             "        key: event.payment_id\n"
             "        done_when: [\"event.type == 'lesson.completed'\"]\n"
             "        within: 2 business days\n"
             "        fail_after: 4 business days\n"
             "        owner: maya\n"
             "        failure_owner: dan\n"
             "        recovery: Ask whether they need help with the first lesson.\n\n"
             "      - id: access_to_follow_up\n")},
};

static struct hr_text read_whole(const char *path)
{
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        return HR_TEXT_NONE;
    }
    enum { MOST = 1 << 20 };
    char *bytes = hr_arena_alloc(&arena, MOST);
    hr_assert(bytes != NULL);
    size_t size = fread(bytes, 1, MOST, stream);
    (void)fclose(stream);
    return (struct hr_text){bytes, size};
}

static struct hr_text zone_of(void *context, struct hr_text name)
{
    char path[256];
    (void)context;
    (void)snprintf(path, sizeof path, "/usr/share/zoneinfo/%.*s", HR_SHOW(name));
    return read_whole(path);
}

static struct hr_text changed(struct hr_text text, const struct change *change)
{
    size_t at = hr_text_search(text, change->from);
    if (at == text.size) {
        (void)fprintf(stderr, "sim: the example has no line \"%.*s\" any more\n",
                      HR_SHOW(change->from));
        exit(1);
    }
    return hr_text_format(&arena, "%.*s%.*s%.*s", HR_SHOW(hr_text_slice(text, 0, at)),
                          HR_SHOW(change->to),
                          HR_SHOW(hr_text_slice(text, at + change->from.size, text.size)));
}

static void load(struct variant *variant, const char *root, int number)
{
    struct hr_file files[FILES];
    struct hr_diagnostics found;
    struct hr_buffer all;
    hr_diagnostics_init(&found, &arena);
    hr_buffer_init(&all, &arena, 1 << 20);
    for (size_t i = 0; i < FILES; i++) {
        char path[1024];
        const char *folder = i == FILES - 1 ? "tests/sim" : "examples/coaching";
        (void)snprintf(path, sizeof path, "%s/%s/%s", root, folder, names[i]);
        files[i] = (struct hr_file){hr_text_from(names[i]), read_whole(path)};
        for (size_t k = 0; k < sizeof changes / sizeof changes[0]; k++) {
            if (changes[k].file == (int)i &&
                (changes[k].variant == number || changes[k].variant == -1)) {
                files[i].bytes = changed(files[i].bytes, &changes[k]);
            }
        }
        hr_buffer_add_text(&all, files[i].bytes);
    }
    hr_status status =
        hr_workspace_check(&arena, files, FILES, zone_of, NULL, &found, &variant->plan);
    if (!hr_ok(status)) {
        struct hr_text drawn = hr_diagnostics_draw(&found, &arena, NULL, NULL);
        (void)fprintf(stderr, "sim: variant %d of the example does not pass:\n%.*s\n", number,
                      HR_SHOW(drawn));
        exit(1);
    }
    variant->files = hr_buffer_text(&all);
}

void variants_load(const char *root)
{
    hr_arena_init(&arena, 256 << 20);
    for (int i = 0; i < VARIANTS; i++) {
        load(&the_variants[i], root, i);
    }
}
