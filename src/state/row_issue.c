/* An issue as a row: numbers in a fixed order, no words. */
#include "state/state_internal.h"

void hr_put_issue(struct hr_buffer *out, const struct hr_issue *issue)
{
    const uint64_t numbers[] = {issue->number,      issue->cause,           issue->state,
                                issue->severity,    issue->sweep,           issue->about,
                                issue->path,        issue->detail,          issue->owner,
                                issue->resolved_by, issue->acknowledged_by, issue->sweep_by,
                                issue->sweep_at,    issue->snoozed_people,  issue->members,
                                issue->people,      issue->members_all,     issue->returned,
                                issue->rung};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        hr_put_uint(out, numbers[i]);
    }
    hr_put_bytes(out, issue->fingerprint.bytes, sizeof issue->fingerprint.bytes);
    hr_put_int(out, issue->opened_at);
    hr_put_int(out, issue->first_at);
    hr_put_int(out, issue->changed_at);
    hr_put_int(out, issue->snoozed_until);
    hr_put_int(out, issue->next_alert_at);
}

void hr_get_issue(struct hr_reader *in, struct hr_issue *issue)
{
    issue->number = hr_get_uint(in);
    issue->cause = (uint8_t)hr_get_uint_max(in, UINT8_MAX);
    issue->state = (uint8_t)hr_get_uint_max(in, UINT8_MAX);
    issue->severity = (uint8_t)hr_get_uint_max(in, UINT8_MAX);
    issue->sweep = (uint8_t)hr_get_uint_max(in, UINT8_MAX);
    issue->about = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    issue->path = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    issue->detail = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    issue->owner = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    issue->resolved_by = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    issue->acknowledged_by = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    issue->sweep_by = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    issue->sweep_at = hr_get_uint(in);
    issue->snoozed_people = hr_get_uint(in);
    issue->members = hr_get_uint(in);
    issue->people = hr_get_uint(in);
    issue->members_all = hr_get_uint(in);
    issue->returned = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    issue->rung = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    hr_get_bytes(in, issue->fingerprint.bytes, sizeof issue->fingerprint.bytes);
    issue->opened_at = hr_get_int(in);
    issue->first_at = hr_get_int(in);
    issue->changed_at = hr_get_int(in);
    issue->snoozed_until = hr_get_int(in);
    issue->next_alert_at = hr_get_int(in);
}
