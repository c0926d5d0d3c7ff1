/* The ids of all that other lines refer to, known before anything refers to them. */
#include "workspace/inside.h"

static void name_section(struct hr_draft *draft, const struct hr_section *section, const char *noun,
                         enum hr_limit limit, struct hr_known_ids *names)
{
    *names = (struct hr_known_ids){.noun = noun, .by_id = &section->by_id};
    if (section->count == 0) {
        return;
    }
    struct hr_text *ids = hr_draft_keep(draft, struct hr_text, section->count);
    if (ids == NULL ||
        !hr_draft_within(draft, limit, section->count, section->pairs[0].key->place)) {
        names->broken = true;
        return;
    }
    for (size_t i = 0; i < section->count; i++) {
        ids[i] = hr_draft_copy(draft, section->pairs[i].key->scalar);
    }
    names->items = ids;
    names->count = section->count;
}

void hr_draft_name_all(struct hr_draft *draft)
{
    name_section(draft, &draft->pipelines, "pipeline", HR_LIMIT_pipelines, &draft->pipeline_names);
    name_section(draft, &draft->automations, "automation", HR_LIMIT_automations,
                 &draft->automation_names);
    name_section(draft, &draft->tables, "table", HR_LIMIT_tables, &draft->table_names);
    name_section(draft, &draft->messages, "message", HR_LIMIT_messages, &draft->message_names);
    draft->message_names.broken |= draft->message_file_broken;
    name_section(draft, &draft->purposes, "purpose", HR_LIMIT_policies, &draft->purpose_names);
    name_section(draft, &draft->paths, "path", HR_LIMIT_paths, &draft->path_names);
    hr_draft_name_stages(draft);
}
