/* A message that two contacts match waits with its issue. When a person says whose it is, it is read again and heard
 * as theirs. */
#include "server/api_inside.h"

enum { MESSAGES_MAX = 256, SCRATCH_BYTES_MAX = 16 << 20 };

/* The messages of an issue's turn that nobody answered yet, newest first; and those that somebody answered, however
 * many they became. */
struct waiting_messages {
    uint64_t positions[MESSAGES_MAX];
    size_t count;
    uint64_t *answered;
    size_t answered_count;
    size_t answered_capacity;
    size_t left_out; /* nobody can read them any more: their tool is gone */
    bool more;       /* there are more that wait than positions has room for */
};

static const struct hr_link *link_to(const struct hr_entry *entry, uint64_t record)
{
    for (size_t i = 0; i < entry->link_count; i++) {
        if (entry->links[i].record == record) {
            return &entry->links[i];
        }
    }
    return NULL;
}

static struct hr_text payload_of(const struct hr_entry *entry)
{
    for (size_t i = 0; i < entry->part_count; i++) {
        if (!entry->parts[i].erased && entry->parts[i].payload.size > 0) {
            return entry->parts[i].payload;
        }
    }
    return HR_TEXT_NONE;
}

static bool is_answered(const struct waiting_messages *messages, uint64_t position)
{
    for (size_t i = 0; i < messages->answered_count; i++) {
        if (messages->answered[i] == position) {
            return true;
        }
    }
    return false;
}

/* What an entry of the issue says: a message that may wait, the answer to one, that it was closed, or nothing of it. */
struct said {
    bool message;
    bool readable; /* the message's tool is in the workspace */
    bool closes;
    uint64_t answers; /* position */
    uint64_t previous;
};

static bool closes(const struct hr_entry *entry, uint64_t issue)
{
    for (size_t i = 0; i < entry->fact_count; i++) {
        const struct hr_fact *fact = &entry->facts[i];
        if (fact->kind == HR_FACT_issue_moved && fact->record == issue &&
            fact->state == HR_ISSUE_resolved) {
            return true;
        }
    }
    return false;
}

static hr_status read_said(struct hr_api *api, uint64_t position, uint64_t issue,
                           struct hr_arena *scratch, struct said *ret_said)
{
    struct hr_arena_mark mark = hr_arena_mark(scratch);
    struct hr_entry entry;
    HR_TRY(hr_store_read_entry_at(api->reader, position, scratch, &entry, NULL));
    const struct hr_link *link = link_to(&entry, issue);
    *ret_said = (struct said){
        .message = entry.kind == HR_EVENT_heard && payload_of(&entry).size > 0,
        .readable = hr_plan_tool_numbered(api->plan, entry.tool) >= 0,
        .closes = closes(&entry, issue),
        .answers = entry.kind == HR_EVENT_command ? entry.cause : 0,
        .previous = link == NULL ? 0 : link->previous,
    };
    hr_arena_rewind(scratch, mark);
    return ret_said->previous < position ? hr_done() : hr_answer(HR_E_CORRUPT);
}

static hr_status note_answer(struct waiting_messages *messages, uint64_t position,
                             struct hr_arena *scratch)
{
    uint64_t *grown = hr_list_grow(scratch, messages->answered, messages->answered_count,
                                   &messages->answered_capacity, sizeof *grown);
    if (grown == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    messages->answered = grown;
    grown[messages->answered_count++] = position;
    return hr_done();
}

static void note_message(struct waiting_messages *messages, uint64_t position, bool readable)
{
    if (!readable) {
        messages->left_out++;
        return;
    }
    messages->more = messages->count == MESSAGES_MAX;
    if (!messages->more) {
        messages->positions[messages->count++] = position;
    }
}

/* An answer is younger than its message, so walking back meets it first. The walk ends where the issue was last closed:
 * what waited before was dealt with by whoever closed it, and is not given to somebody months later. */
static hr_status find_messages(struct hr_api *api, uint64_t issue, struct hr_arena *scratch,
                               struct waiting_messages *messages)
{
    struct hr_record *record = NULL;
    struct said said;
    HR_TRY(hr_store_read_record(api->reader, issue, scratch, &record));
    uint64_t position = record == NULL ? 0 : record->last_position;
    for (; position != 0 && !messages->more; position = said.previous) {
        HR_TRY(read_said(api, position, issue, scratch, &said));
        if (said.closes) {
            break;
        }
        if (said.answers != 0) {
            HR_TRY(note_answer(messages, said.answers, scratch));
        } else if (said.message && !is_answered(messages, position)) {
            note_message(messages, position, said.readable);
        }
    }
    return hr_done();
}

/* Reads the message again with the plan in force and hears it as the contact's. */
static hr_status answer_one(struct hr_api *api, uint64_t position, struct hr_command *command,
                            struct hr_arena *scratch)
{
    struct hr_entry entry;
    struct hr_value payload;
    struct hr_heard heard;
    HR_TRY(hr_api_look(api));
    HR_TRY(hr_store_read_entry_at(api->reader, position, scratch, &entry, NULL));
    struct hr_text raw = payload_of(&entry);
    int32_t tool = hr_plan_tool_numbered(api->plan, entry.tool);
    if (tool < 0 || raw.size == 0) {
        return hr_answer(HR_E_REFUSED);
    }
    HR_TRY(
        hr_json_read(scratch, raw, &(struct hr_json_options){.size_max = 2 << 20}, NULL, &payload));
    struct hr_job job = {
        .waiting = {.event = {.kind = HR_EVENT_command,
                              .command = command,
                              .heard = &heard,
                              .payload = raw,
                              .person = entry.person, /* as it came in: by hand proves no consent */
                              .cause = position,
                              .hint_due = HR_INSTANT_NONE}},
        .plan = api->plan,
        .document = payload,
        .given = {.type = entry.type == 0 ? HR_TEXT_NONE : hr_api_word(api, entry.type)},
    };
    HR_TRY(hr_engine_read(&api->lens.engine, tool, &payload, raw, job.given, entry.recorded_at,
                          scratch, &heard));
    hr_api_look_away(api);
    return hr_host_submit_and_wait(api->host, &job);
}

bool hr_api_answer_ambiguous(struct hr_api *api, uint64_t issue, uint64_t contact,
                             struct hr_answered *ret_answered)
{
    struct hr_arena scratch;
    struct hr_command command = {.verb = HR_VERB_answer,
                                 .person = api->person,
                                 .issue = issue,
                                 .contact = contact,
                                 .until = HR_INSTANT_NONE};
    *ret_answered = (struct hr_answered){.given = 0};
    hr_arena_init(&scratch, SCRATCH_BYTES_MAX);
    struct waiting_messages *messages = hr_arena_new(&scratch, struct waiting_messages);
    hr_status status =
        messages == NULL ? hr_answer(HR_E_MEMORY) : find_messages(api, issue, &scratch, messages);
    /* oldest first, so that the story is heard in its order */
    for (size_t i = messages == NULL ? 0 : messages->count; hr_ok(status) && i > 0; i--) {
        struct hr_arena_mark mark = hr_arena_mark(&scratch);
        status = answer_one(api, messages->positions[i - 1], &command, &scratch);
        hr_arena_rewind(&scratch, mark);
        ret_answered->given += hr_ok(status) ? 1 : 0;
    }
    ret_answered->left_out = messages == NULL ? 0 : messages->left_out;
    bool more = messages != NULL && messages->more;
    hr_arena_close(&scratch);
    if (hr_ok(status) && more) {
        hr_api_problem(api, HR_CODE_command_refused,
                       "%zu messages were given to the contact and more are waiting; do it again",
                       ret_answered->given);
        return false;
    }
    if (!hr_ok(status)) {
        hr_api_failed(api, status);
        return false;
    }
    return true;
}
