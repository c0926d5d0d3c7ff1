/* Walking back along the entries of one record, without any index: each entry names the one before. */
#include "insight/inside.h"

/* One entry at a time stands here: a payload of 1 MiB and what it decodes to. */
enum { ENTRY_BYTES_MAX = 32 << 20 };

static const struct hr_link *link_of(const struct hr_entry *entry, uint64_t record)
{
    for (size_t i = 0; i < entry->link_count; i++) {
        if (entry->links[i].record == record) {
            return &entry->links[i];
        }
    }
    return NULL;
}

static hr_status walk_in(const struct hr_ask *ask, const struct hr_record *record, size_t most,
                         hr_visit visit, void *context, struct hr_arena *scratch, bool *ret_stopped)
{
    uint64_t position = record->last_position;
    for (size_t i = 0; i < most && position != 0; i++) {
        struct hr_arena_mark mark = hr_arena_mark(scratch);
        struct hr_entry entry = {0};
        HR_TRY(ask->lens->at(ask->lens->context, position, scratch, &entry));
        const struct hr_link *link = entry.position == 0 ? NULL : link_of(&entry, record->id);
        if (link == NULL) {
            break; /* older entries were dropped by rule */
        }
        HR_TRY(visit(context, &entry));
        hr_assert(link->previous < position);
        position = link->previous;
        hr_arena_rewind(scratch, mark);
    }
    *ret_stopped = position != 0;
    return hr_done();
}

hr_status hr_walk(const struct hr_ask *ask, const struct hr_record *record, size_t most,
                  hr_visit visit, void *context, bool *ret_stopped)
{
    struct hr_arena scratch;
    hr_arena_init(&scratch, ENTRY_BYTES_MAX);
    hr_status status = walk_in(ask, record, most, visit, context, &scratch, ret_stopped);
    hr_arena_close(&scratch);
    return status;
}

enum hr_resolution hr_entry_resolution(const struct hr_entry *entry, uint64_t issue)
{
    bool resolved = false;
    bool left = false;
    bool proven = false;
    for (size_t i = 0; i < entry->fact_count; i++) {
        const struct hr_fact *fact = &entry->facts[i];
        if (fact->record != issue) {
            continue;
        }
        resolved =
            resolved || (fact->kind == HR_FACT_issue_moved && fact->state == HR_ISSUE_resolved);
        left = left || (fact->kind == HR_FACT_issue_member && fact->state != HR_MEMBER_joined);
        proven = proven || (fact->kind == HR_FACT_issue_member && fact->state == HR_MEMBER_proven);
    }
    if (!resolved) {
        return HR_RESOLUTION_none;
    }
    return left && !proven ? HR_RESOLUTION_emptied : HR_RESOLUTION_proof;
}

bool hr_entry_wakes(const struct hr_entry *entry)
{
    for (size_t i = 0; i < entry->fact_count; i++) {
        if (entry->facts[i].kind == HR_FACT_automation_woken) {
            return true;
        }
    }
    return false;
}

const struct hr_fact *hr_entry_fact(const struct hr_entry *entry, size_t index)
{
    for (size_t i = 0; i < entry->part_count; i++) {
        const struct hr_part *part = &entry->parts[i];
        size_t count = part->erased ? 0 : part->fact_count;
        if (index < count) {
            return &part->facts[index];
        }
        index -= count;
    }
    return index < entry->fact_count ? &entry->facts[index] : NULL;
}
