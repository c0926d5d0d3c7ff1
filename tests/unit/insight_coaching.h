/* What the tools of the coaching example say about Ada, and what people ask. */
#ifndef HR_TESTS_INSIGHT_COACHING_H
#define HR_TESTS_INSIGHT_COACHING_H

#include "unit/insight_world.h"

/* ---- what tools say -------------------------------------------------------------------------- */

static inline void form(struct world *world, const char *id, const char *email, const char *more)
{
    struct hr_text json = hr_text_format(
        &world->arena,
        "{'type':'form.submitted','timestamp':'%.*s','data':{'submission_id':'%s','email':'%s'%s}}",
        HR_SHOW(hr_instant_write(&world->arena, world->now)), id, email, more);
    world_hear(world, "website_form", json.data);
}

static inline void payment(struct world *world, const char *id, const char *email, hr_instant at)
{
    struct hr_text json = hr_text_format(
        &world->arena,
        "{'id':'evt_%s','created':%lld,'type':'checkout.session.completed','data':{'object':{"
        "'payment_status':'paid','payment_intent':'%s','amount_total':49000,'customer_details':{'"
        "email':'%s'}}}}",
        id, (long long)(at / HR_SECOND_US), id, email);
    world_hear(world, "checkout", json.data);
}

static inline void course(struct world *world, const char *what, const char *id, const char *email)
{
    struct hr_text json =
        hr_text_format(&world->arena,
                       "{'event':'course.%s','id':'%s','occurred_at':'%.*s','member':{'email':'%s'}"
                       ",'course':{'id':'c1'}}",
                       what, id, HR_SHOW(hr_instant_write(&world->arena, world->now)), email);
    world_hear(world, "course_platform", json.data);
}

static inline void mail_sent(struct world *world, const char *id, const char *email,
                             const char *template)
{
    struct hr_text json =
        hr_text_format(&world->arena,
                       "{'type':'message.sent','timestamp':'%.*s','data':{'message_id':'%s','to':'%"
                       "s','template':'%s'}}",
                       HR_SHOW(hr_instant_write(&world->arena, world->now)), id, email, template);
    world_hear(world, "email", json.data);
}

static inline void booking(struct world *world, const char *id, const char *email,
                           const char *phone)
{
    struct hr_text json = hr_text_format(
        &world->arena,
        "{'event':'booking.created','id':'%s','created_at':'%.*s','booking':{'id':'b_%s','invitee':"
        "{%s%s%s%s%s%s}}}",
        id, HR_SHOW(hr_instant_write(&world->arena, world->now)), id, email[0] ? "'email':'" : "",
        email, email[0] ? "'" : "", phone[0] ? (email[0] ? ",'phone':'" : "'phone':'") : "", phone,
        phone[0] ? "'" : "");
    world_hear(world, "calendar", json.data);
}

static const char lead[] = ",'first_name':'Ada','offer':'group_program','source':'podcast'";

/* Ada fills in the form on a Monday, pays two minutes later, and the course stays locked. */
static inline struct world *paid_without_access(void)
{
    struct world *world = world_open("2026-11-23T10:00:00Z");
    form(world, "f1", "ada@example.com", lead);
    world_pass(world, "2026-11-23T10:02:09Z");
    payment(world, "pay_81", "ada@example.com", world->now);
    return world;
}

/* ---- asking ---------------------------------------------------------------------------------- */

static inline struct hr_report why(struct world *world, const char *contact, const char *field)
{
    struct hr_report report;
    hr_status status = hr_why(world_lens(world), hr_text_from(contact), hr_text_from(field),
                              &world->answers, &world->found, &report);
    assert_int_equal(status.code, 0);
    return report;
}

static inline struct hr_report why_not(struct world *world, const char *handoff,
                                       const char *contact)
{
    struct hr_report report;
    hr_status status = hr_why_not(world_lens(world), hr_text_from(handoff), hr_text_from(contact),
                                  &world->answers, &world->found, &report);
    assert_int_equal(status.code, 0);
    return report;
}

static inline struct hr_report issue(struct world *world, const char *named)
{
    struct hr_report report;
    hr_status status = hr_issue_show(world_lens(world), hr_text_from(named), &world->answers,
                                     &world->found, &report);
    assert_int_equal(status.code, 0);
    return report;
}

static inline struct hr_report issues(struct world *world, enum hr_issue_filter filter,
                                      const char *person)
{
    struct hr_report report;
    uint32_t number = person[0] == 0 ? 0 : world_person(world, person);
    hr_status status =
        hr_issues_list(world_lens(world), filter, number, &world->answers, &world->found, &report);
    assert_int_equal(status.code, 0);
    return report;
}

static inline struct hr_report path(struct world *world, const char *named)
{
    struct hr_report report;
    hr_status status = hr_path_show(world_lens(world), hr_text_from(named), &world->answers,
                                    &world->found, &report);
    assert_int_equal(status.code, 0);
    return report;
}

static inline struct hr_report trace(struct world *world, uint64_t position)
{
    struct hr_report report;
    hr_status status =
        hr_trace(world_lens(world), position, &world->answers, &world->found, &report);
    assert_int_equal(status.code, 0);
    return report;
}

static inline struct hr_report show(struct world *world, const char *contact)
{
    struct hr_report report;
    hr_status status = hr_contact_show(world_lens(world), hr_text_from(contact), &world->answers,
                                       &world->found, &report);
    assert_int_equal(status.code, 0);
    return report;
}

static inline struct hr_alert alert(struct world *world, size_t index)
{
    struct hr_alert written = {0};
    for (size_t i = 0; i < world->view.record_count; i++) {
        const struct hr_record *record = world->view.records[i];
        if (record->exists && record->kind == HR_RECORD_effect && index-- == 0) {
            hr_status status =
                hr_alert_write(world_lens(world), record->effect, record->id,
                               HR_TEXT("http://localhost:8080"), &world->answers, &written);
            assert_int_equal(status.code, 0);
            return written;
        }
    }
    fail_msg("there is no such effect");
    return written;
}

#endif
