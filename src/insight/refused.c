/* What a message said and was not taken: read again from what the journal keeps of it, with the files in force now. */
#include "insight/inside.h"

static hr_status read_again(const struct hr_ask *ask, const struct hr_entry *entry,
                            struct hr_text raw, struct hr_arena *into, struct hr_heard *ret_heard)
{
    int32_t tool = hr_plan_tool_numbered(ask->plan, entry->tool);
    struct hr_value *payload = hr_arena_new(into, struct hr_value);
    *ret_heard = (struct hr_heard){.tool = tool};
    if (tool < 0 || payload == NULL || !hr_ok(hr_json_read(into, raw, NULL, NULL, payload))) {
        return into->failed ? hr_answer(HR_E_MEMORY) : hr_done();
    }
    const struct hr_given given = {.type =
                                       entry->type == 0 ? HR_TEXT_NONE : hr_word(ask, entry->type)};
    return hr_engine_read(&ask->lens->engine, tool, payload, raw, given, entry->recorded_at, into,
                          ret_heard);
}

hr_status hr_heard_anew(const struct hr_ask *ask, const struct hr_entry *entry,
                        struct hr_arena *into, struct hr_heard *ret_heard)
{
    *ret_heard = (struct hr_heard){.tool = HR_NONE_INDEX};
    for (size_t i = 0; entry->kind == HR_EVENT_heard && i < entry->part_count; i++) {
        const struct hr_part *part = &entry->parts[i];
        if (!part->erased && part->payload.size > 0) {
            return read_again(ask, entry, part->payload, into, ret_heard);
        }
    }
    return hr_done();
}

/* The newest message that said something for a field that was not taken. */
struct search {
    const struct hr_ask *ask;
    int32_t field;
    struct hr_buffer *page;
    struct hr_arena scratch; /* one message at a time */
    bool found;
};

static hr_status look_at(void *context, const struct hr_entry *entry)
{
    static const struct hr_arena_mark nothing;
    struct search *search = context;
    struct hr_heard heard;
    if (search->found) {
        return hr_done();
    }
    hr_arena_rewind(&search->scratch, nothing);
    HR_TRY(hr_heard_anew(search->ask, entry, &search->scratch, &heard));
    for (size_t i = 0; i < heard.complaint_count && !search->found; i++) {
        search->found = heard.complaints[i].field == search->field;
        if (search->found) {
            hr_buffer_add_format(search->page,
                                 "  %.*s sent something that was not taken (entry %llu): "
                                 "%.*s.\n",
                                 HR_SHOW(hr_word_tool(search->ask, entry->tool)),
                                 (unsigned long long)entry->position,
                                 HR_SHOW(heard.complaints[i].text));
        }
    }
    return hr_done();
}

hr_status hr_write_refused(const struct hr_ask *ask, const struct hr_record *contact, int32_t field,
                           struct hr_buffer *page, bool *ret_found)
{
    enum { MESSAGES_MAX = 32, SCRATCH_BYTES_MAX = 32 << 20 };
    struct search search = {.ask = ask, .field = field, .page = page};
    bool stopped = false;
    hr_arena_init(&search.scratch, SCRATCH_BYTES_MAX);
    hr_status status = hr_walk(ask, contact, MESSAGES_MAX, look_at, &search, &stopped);
    hr_arena_close(&search.scratch);
    *ret_found = search.found;
    return status;
}
