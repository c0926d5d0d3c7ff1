/* An office with leads (tests/scenario/leads), and what people ask about its automations. */
#ifndef HR_TESTS_INSIGHT_OFFICE_H
#define HR_TESTS_INSIGHT_OFFICE_H

#include "unit/insight_world.h"

/* ---- what tools say -------------------------------------------------------------------------- */

static inline struct world *office_open(const char *now)
{
    struct world *world = test_calloc(1, sizeof *world);
    folder_story(&world->folder, "tests/scenario/leads", NULL, NULL);
    world->engine.automates = true;
    return world_of(world, now);
}

/* The files change: one text of them is another now. */
static inline void office_changes(struct world *world, const char *was, const char *now)
{
    folder_story(&world->later, "tests/scenario/leads", was, now);
    world_publish(world, world->later.plan);
}

static inline void office_says(struct world *world, const char *tool, const char *type,
                               const char *email, const char *more)
{
    struct hr_text json =
        hr_text_format(&world->arena, "{'type':'%s','id':'m%llu','at':'%.*s','email':'%s'%s}", type,
                       (unsigned long long)world->position,
                       HR_SHOW(hr_instant_write(&world->arena, world->now)), email, more);
    world_hear(world, tool, json.data);
}

static inline void lead(struct world *world, const char *email, const char *offer)
{
    struct hr_text more =
        offer[0] == '\0' ? HR_TEXT("") : hr_text_format(&world->arena, ",'offer':'%s'", offer);
    office_says(world, "form", "lead.came", email, more.size == 0 ? "" : more.data);
}

static inline void paid(struct world *world, const char *email, const char *payment)
{
    struct hr_text more = hr_text_format(&world->arena, ",'payment_id':'%s'", payment);
    office_says(world, "till", "money.paid", email, more.data);
}

static inline uint32_t office_automation(const struct world *world, const char *id)
{
    int32_t index = hr_plan_automation(world->engine.plan, hr_text_from(id));
    assert_true(index >= 0);
    return world->engine.plan->automations[index].name_number;
}

static inline void switches(struct world *world, enum hr_verb verb, const char *automation,
                            const char *reason)
{
    world_command(world, (struct hr_command){.verb = verb,
                                             .person = world_person(world, "maya"),
                                             .other = automation[0] == '\0'
                                                          ? 0
                                                          : office_automation(world, automation),
                                             .until = HR_INSTANT_NONE,
                                             .text = hr_text_from(reason)});
}

/* ---- asking ---------------------------------------------------------------------------------- */

/* The enrollment under way of a contact; its name. */
static inline struct hr_text enrollment(struct world *world, const char *email, uint64_t *ret_run)
{
    uint64_t contact = world_contact(world, email);
    const struct hr_record *record = hr_view_record(&world->view, contact);
    assert_int_equal(record->contact->run_count, 1);
    *ret_run = record->contact->runs[0].id;
    return hr_enrollment_name(&world->answers, *ret_run);
}

static inline hr_status go_on(struct world *world, enum hr_verb verb, const char *email,
                              uint32_t step)
{
    uint64_t run = 0;
    (void)enrollment(world, email, &run);
    struct hr_command command = {.verb = verb,
                                 .person = world_person(world, "maya"),
                                 .contact = world_contact(world, email),
                                 .enrollment = run,
                                 .other = step,
                                 .until = HR_INSTANT_NONE};
    hr_status status =
        world_try(world, (struct hr_event){.kind = HR_EVENT_command, .command = &command});
    world_pass(world, hr_instant_write(&world->arena, world->now).data);
    return status;
}

#define ASK(world, report, call)                                                                   \
    do {                                                                                           \
        hr_status asked = call;                                                                    \
        if (!hr_ok(asked)) {                                                                       \
            fail_msg("%s answered %d", #call, asked.code);                                         \
        }                                                                                          \
        assert_true(world_json(world, &(report).json).size > 0);                                   \
    } while (0)

static inline struct hr_report show_enrollment(struct world *world, struct hr_text name)
{
    struct hr_report report;
    ASK(world, report,
        hr_enrollment_show(world_lens(world), name, &world->answers, &world->found, &report));
    return report;
}

static inline struct hr_report show_contact(struct world *world, const char *email)
{
    struct hr_report report;
    ASK(world, report,
        hr_contact_show(world_lens(world), hr_text_from(email), &world->answers, &world->found,
                        &report));
    return report;
}

static inline struct hr_report why_not_in(struct world *world, const char *automation,
                                          const char *email)
{
    struct hr_report report;
    ASK(world, report,
        hr_why_not(world_lens(world), hr_text_from(automation), hr_text_from(email),
                   &world->answers, &world->found, &report));
    return report;
}

static inline struct hr_report list_automations(struct world *world)
{
    struct hr_report report;
    ASK(world, report,
        hr_automations_list(world_lens(world), &world->answers, &world->found, &report));
    return report;
}

static inline struct hr_report list_runs(struct world *world, const char *automation,
                                         uint64_t before)
{
    struct hr_report report;
    ASK(world, report,
        hr_enrollments_list(world_lens(world), hr_text_from(automation), before, &world->answers,
                            &world->found, &report));
    return report;
}

static inline struct hr_report show_issue(struct world *world, const char *issue)
{
    struct hr_report report;
    ASK(world, report,
        hr_issue_show(world_lens(world), hr_text_from(issue), &world->answers, &world->found,
                      &report));
    return report;
}

#endif
