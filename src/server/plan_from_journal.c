/* The plan in force as the journal keeps it: the files that were published, checked again and bound to the numbers that
 * their words got. So who reads without a daemon judges as the daemon does, whatever the folder's files say now. */
#include "server/host.h"

static const struct hr_part *files_part(const struct hr_entry *entry)
{
    for (size_t i = 0; i < entry->part_count; i++) {
        if (!entry->parts[i].erased && entry->parts[i].payload.size > 0) {
            return &entry->parts[i];
        }
    }
    return NULL;
}

hr_status hr_plan_from_journal(struct hr_store_reader *reader, struct hr_arena *into,
                               struct hr_diagnostics *reterr, struct hr_plan **ret_plan)
{
    struct hr_record *workspace = NULL;
    struct hr_record *names = NULL;
    struct hr_entry entry;
    struct hr_file *files = NULL;
    size_t count = 0;
    HR_TRY(hr_store_read_record(reader, HR_ID_WORKSPACE, into, &workspace));
    HR_TRY(hr_store_read_record(reader, HR_ID_NAMES, into, &names));
    if (workspace == NULL || names == NULL || workspace->workspace->plan_position == 0) {
        return hr_answer(HR_E_INPUT);
    }
    HR_TRY(hr_store_read_entry_at(reader, workspace->workspace->plan_position, into, &entry, NULL));
    const struct hr_part *part = files_part(&entry);
    if (part == NULL || !hr_files_unbundle(part->payload, into, &files, &count)) {
        return hr_answer(HR_E_CORRUPT);
    }
    HR_TRY(hr_workspace_check(into, files, count, hr_zone_bytes, into, reterr, ret_plan));
    /* a word without a number is one that nothing in this journal speaks of */
    (void)hr_batch_bind(*ret_plan, (uint32_t)workspace->workspace->plan_number, names->names);
    return hr_done();
}
