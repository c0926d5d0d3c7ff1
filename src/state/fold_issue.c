/* The fold of issues. */
#include "state/state_internal.h"

static hr_status open_issue(const struct hr_folding *folding, struct hr_record *record,
                            const struct hr_fact *fact)
{
    *record->issue = (struct hr_issue){
        .number = fact->number,
        .cause = fact->state,
        .severity = fact->from,
        .state = HR_ISSUE_new,
        .about = fact->name,
        .path = fact->other,
        .fingerprint = fact->key,
        .opened_at = fact->at,
        .first_at = fact->at,
        .changed_at = fact->at,
        .snoozed_until = HR_INSTANT_NONE,
        .next_alert_at = HR_INSTANT_NONE,
    };
    struct hr_record *workspace =
        folding->record(folding->context, HR_ID_WORKSPACE, HR_RECORD_workspace);
    if (workspace == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    workspace->workspace->issue_count = fact->number;
    struct hr_key number = hr_key_pair(0, fact->number);
    HR_TRY(folding->put_entry(folding->context, HR_SPACE_number, &number, record->id));
    return folding->put_entry(folding->context, HR_SPACE_fingerprint, &fact->key, record->id);
}

static void move_issue(struct hr_issue *issue, const struct hr_fact *fact)
{
    issue->state = fact->state;
    issue->changed_at = fact->at;
    issue->snoozed_until = HR_INSTANT_NONE;
    issue->snoozed_people = 0;
    switch ((int)fact->state) {
    case HR_ISSUE_regressed:
        issue->opened_at = fact->at;
        issue->returned++;
        issue->rung = 0;
        issue->resolved_by = 0;
        issue->acknowledged_by = 0;
        break;
    case HR_ISSUE_snoozed:
        issue->snoozed_until = fact->until;
        issue->snoozed_people = fact->number;
        break;
    case HR_ISSUE_resolved:
        issue->resolved_by = fact->other;
        issue->next_alert_at = HR_INSTANT_NONE;
        break;
    default:
        break;
    }
}

static hr_status change_member(const struct hr_folding *folding, struct hr_record *record,
                               const struct hr_fact *fact)
{
    struct hr_issue *issue = record->issue;
    struct hr_key key = hr_key_pair(record->id, fact->number);
    uint64_t instances = folding->entry(folding->context, HR_SPACE_member, &key);
    if (fact->state == HR_MEMBER_joined) {
        issue->members++;
        issue->people += instances == 0;
        issue->members_all++;
        return folding->put_entry(folding->context, HR_SPACE_member, &key, instances + 1);
    }
    if (issue->members == 0 || instances == 0) {
        return hr_answer(HR_E_CORRUPT);
    }
    issue->members--;
    issue->people -= instances == 1;
    return folding->put_entry(folding->context, HR_SPACE_member, &key, instances - 1);
}

hr_status hr_fold_issue(const struct hr_folding *folding, uint64_t position,
                        const struct hr_fact *fact)
{
    (void)position;
    struct hr_record *record = folding->record(folding->context, fact->record, HR_RECORD_issue);
    if (record == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    struct hr_issue *issue = record->issue;
    switch ((int)fact->kind) {
    case HR_FACT_issue_opened:
        return open_issue(folding, record, fact);
    case HR_FACT_issue_moved:
        move_issue(issue, fact);
        return hr_done();
    case HR_FACT_note_added:
        return hr_done(); /* read along the issue's entries; a count would not survive forget */
    case HR_FACT_issue_assigned:
        issue->owner = fact->other;
        return hr_done();
    case HR_FACT_issue_member:
        return change_member(folding, record, fact);
    case HR_FACT_issue_alerted:
        issue->rung = (uint32_t)fact->number;
        issue->next_alert_at = fact->until;
        return hr_done();
    case HR_FACT_issue_acknowledged:
        issue->acknowledged_by = fact->other;
        issue->next_alert_at = HR_INSTANT_NONE;
        return hr_done();
    case HR_FACT_issue_sweep:
        issue->sweep = fact->state;
        issue->sweep_by = fact->other;
        issue->sweep_at = fact->number;
        return hr_done();
    case HR_FACT_issue_about:
        issue->detail = fact->name;
        return hr_done();
    default:
        return hr_answer(HR_E_VERSION);
    }
}
