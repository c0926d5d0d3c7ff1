/* Records as rows: version, kind, newest position, the kind's own parts, and last the hint that is no part of
 * the fold. */
#include "state/state_internal.h"

#include <string.h>

enum { ROW_VERSION = 3 };

static void put_names(struct hr_buffer *out, const struct hr_names *names)
{
    hr_put_uint(out, names->count);
    for (size_t i = 0; i < names->count; i++) {
        hr_put_text(out, names->words[i]);
    }
}

static hr_status get_names(struct hr_reader *in, struct hr_arena *into, struct hr_names *names)
{
    names->count = (size_t)hr_get_uint_max(in, HR_NAME_MAX);
    names->capacity = names->count;
    names->words = hr_arena_new_many(into, struct hr_text, names->count);
    if (names->words == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < names->count; i++) {
        names->words[i] = hr_get_text(in);
    }
    return hr_done();
}

static void put_workspace(struct hr_buffer *out, const struct hr_workspace_record *workspace)
{
    hr_put_uint(out, workspace->plan_number);
    hr_put_uint(out, workspace->plan_position);
    hr_put_text(out, workspace->plan_digest);
    hr_put_uint(out, workspace->issue_count);
    hr_put_uint(out, workspace->token_count);
    for (size_t i = 0; i < workspace->token_count; i++) {
        hr_put_text(out, workspace->tokens[i].digest);
        hr_put_uint(out, workspace->tokens[i].person);
        hr_put_uint(out, workspace->tokens[i].role);
        hr_put_int(out, workspace->tokens[i].at);
    }
}

static hr_status get_workspace(struct hr_reader *in, struct hr_arena *into,
                               struct hr_workspace_record *workspace)
{
    workspace->plan_number = hr_get_uint(in);
    workspace->plan_position = hr_get_uint(in);
    workspace->plan_digest = hr_get_text(in);
    workspace->issue_count = hr_get_uint(in);
    workspace->token_count = (size_t)hr_get_uint_max(in, HR_TOKENS_MAX);
    workspace->tokens = hr_arena_new_many(into, struct hr_token, workspace->token_count);
    if (workspace->tokens == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < workspace->token_count; i++) {
        workspace->tokens[i].digest = hr_get_text(in);
        workspace->tokens[i].person = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
        workspace->tokens[i].role = (uint8_t)hr_get_uint_max(in, UINT8_MAX);
        workspace->tokens[i].at = hr_get_int(in);
    }
    return hr_done();
}

static void put_tool(struct hr_buffer *out, const struct hr_tool_record *tool)
{
    hr_put_uint(out, tool->tool);
    hr_put_int(out, tool->last_at);
    hr_put_uint(out, tool->count);
    hr_put_int(out, tool->window_from);
    hr_put_int(out, tool->window_until);
    hr_put_uint(out, tool->window_start_count);
    hr_put_uint(out, tool->type_count);
    for (size_t i = 0; i < tool->type_count; i++) {
        hr_put_uint(out, tool->types[i].type);
        hr_put_text(out, tool->types[i].word);
        hr_put_uint(out, tool->types[i].count);
        hr_put_int(out, tool->types[i].last_at);
    }
}

static hr_status get_tool(struct hr_reader *in, struct hr_arena *into, struct hr_tool_record *tool)
{
    tool->tool = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    tool->last_at = hr_get_int(in);
    tool->count = hr_get_uint(in);
    tool->window_from = hr_get_int(in);
    tool->window_until = hr_get_int(in);
    tool->window_start_count = hr_get_uint(in);
    tool->type_count = (size_t)hr_get_uint_max(in, HR_TYPES_MAX);
    tool->types = hr_arena_new_many(into, struct hr_type_count, tool->type_count);
    if (tool->types == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < tool->type_count; i++) {
        tool->types[i].type = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
        tool->types[i].word = hr_get_text(in);
        tool->types[i].count = hr_get_uint(in);
        tool->types[i].last_at = hr_get_int(in);
    }
    return hr_done();
}

static void put_handoff(struct hr_buffer *out, const struct hr_handoff_record *handoff)
{
    hr_put_uint(out, handoff->handoff);
    for (size_t i = 0; i < HR_STAND_count; i++) {
        hr_put_uint(out, handoff->counts[i]);
    }
}

static void get_handoff(struct hr_reader *in, struct hr_handoff_record *handoff)
{
    handoff->handoff = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    for (size_t i = 0; i < HR_STAND_count; i++) {
        handoff->counts[i] = hr_get_uint(in);
    }
}

static void put_kind(struct hr_buffer *out, const struct hr_record *record)
{
    switch ((enum hr_record_kind)record->kind) {
    case HR_RECORD_names:
        put_names(out, record->names);
        break;
    case HR_RECORD_workspace:
        put_workspace(out, record->workspace);
        break;
    case HR_RECORD_tool:
        put_tool(out, record->tool);
        break;
    case HR_RECORD_handoff:
        put_handoff(out, record->handoff);
        break;
    case HR_RECORD_contact:
    case HR_RECORD_account:
    case HR_RECORD_opportunity:
    case HR_RECORD_ticket:
    case HR_RECORD_task:
        hr_put_contact(out, record->last_position, record->contact);
        break;
    case HR_RECORD_issue:
        hr_put_issue(out, record->issue);
        break;
    case HR_RECORD_effect:
        hr_put_effect(out, record->effect);
        break;
    case HR_RECORD_automation:
        hr_put_automation(out, record->automation);
        break;
    case HR_RECORD_person:
        hr_put_person(out, record->person);
        break;
    case HR_RECORD_team:
        hr_put_team(out, record->team);
        break;
    case HR_RECORD_queue:
        hr_put_queue(out, record->queue);
        break;
    }
}

/* The hint that stands is nearly always the deadline of an instance, newest first: then which one, behind none and
 * another time. */
enum { HINT_NONE = 0, HINT_OTHER = 1, HINT_INSTANCE = 2 };

static size_t instances_of(const struct hr_record *record)
{
    return hr_record_has_fields(record->kind) ? record->contact->instance_count : 0;
}

static void put_hint(struct hr_buffer *out, const struct hr_record *record)
{
    if (record->hinted_due == HR_INSTANT_NONE) {
        hr_put_uint(out, HINT_NONE);
        return;
    }
    size_t count = instances_of(record);
    for (size_t back = 0; back < count; back++) {
        if (record->contact->instances[count - 1 - back].late_at == record->hinted_due) {
            hr_put_uint(out, HINT_INSTANCE + back);
            return;
        }
    }
    hr_put_uint(out, HINT_OTHER);
    hr_put_int(out, record->hinted_due);
}

static hr_instant get_hint(struct hr_reader *in, const struct hr_record *record)
{
    size_t count = instances_of(record);
    uint64_t written = hr_get_uint_max(in, HINT_INSTANCE + count - 1);
    if (in->failed || written == HINT_NONE) {
        return HR_INSTANT_NONE;
    }
    if (written == HINT_OTHER) {
        return hr_get_int(in);
    }
    return record->contact->instances[count - 1 - (written - HINT_INSTANCE)].late_at;
}

void hr_record_write(struct hr_buffer *out, const struct hr_record *record, size_t *ret_folded_size)
{
    size_t start = out->size;
    hr_put_uint(out, ROW_VERSION);
    hr_put_uint(out, record->kind);
    hr_put_uint(out, record->last_position);
    put_kind(out, record);
    *ret_folded_size = out->size - start;
    put_hint(out, record);
}

static hr_status get_kind(struct hr_reader *in, struct hr_arena *into, struct hr_record *record)
{
    switch ((enum hr_record_kind)record->kind) {
    case HR_RECORD_names:
        return get_names(in, into, record->names);
    case HR_RECORD_workspace:
        return get_workspace(in, into, record->workspace);
    case HR_RECORD_tool:
        return get_tool(in, into, record->tool);
    case HR_RECORD_handoff:
        get_handoff(in, record->handoff);
        return hr_done();
    case HR_RECORD_contact:
    case HR_RECORD_account:
    case HR_RECORD_opportunity:
    case HR_RECORD_ticket:
    case HR_RECORD_task:
        return hr_get_contact(in, record->last_position, into, record->contact);
    case HR_RECORD_issue:
        hr_get_issue(in, record->issue);
        return hr_done();
    case HR_RECORD_effect:
        hr_get_effect(in, record->effect);
        return hr_done();
    case HR_RECORD_automation:
        return hr_get_automation(in, into, record->automation);
    case HR_RECORD_person:
        return hr_get_person(in, into, record->person);
    case HR_RECORD_team:
        hr_get_team(in, record->team);
        return hr_done();
    case HR_RECORD_queue:
        hr_get_queue(in, record->queue);
        return hr_done();
    }
    return hr_answer(HR_E_CORRUPT);
}

static size_t size_of_kind(unsigned kind)
{
    static const size_t sizes[] = {
        [HR_RECORD_names] = sizeof(struct hr_names),
        [HR_RECORD_workspace] = sizeof(struct hr_workspace_record),
        [HR_RECORD_tool] = sizeof(struct hr_tool_record),
        [HR_RECORD_handoff] = sizeof(struct hr_handoff_record),
        [HR_RECORD_contact] = sizeof(struct hr_contact),
        [HR_RECORD_issue] = sizeof(struct hr_issue),
        [HR_RECORD_effect] = sizeof(struct hr_effect),
        [HR_RECORD_automation] = sizeof(struct hr_automation_record),
        [HR_RECORD_person] = sizeof(struct hr_person_record),
        [HR_RECORD_team] = sizeof(struct hr_team_record),
        [HR_RECORD_account] = sizeof(struct hr_contact),
        [HR_RECORD_opportunity] = sizeof(struct hr_contact),
        [HR_RECORD_ticket] = sizeof(struct hr_contact),
        [HR_RECORD_task] = sizeof(struct hr_contact),
        [HR_RECORD_queue] = sizeof(struct hr_queue),
    };
    return kind < sizeof sizes / sizeof sizes[0] ? sizes[kind] : 0;
}

struct hr_record *hr_record_make(struct hr_arena *into, uint64_t id, enum hr_record_kind kind)
{
    struct hr_record *record = hr_arena_new(into, struct hr_record);
    void *parts = hr_arena_alloc(into, size_of_kind((unsigned)kind));
    if (record == NULL || parts == NULL) {
        return NULL;
    }
    record->id = id;
    record->kind = (uint8_t)kind;
    record->exists = true;
    record->hinted_due = HR_INSTANT_NONE;
    record->contact = parts; /* all members of the union are one pointer */
    if (kind == HR_RECORD_queue) {
        record->queue->next_at = HR_INSTANT_NONE;
        record->queue->free_at = HR_INSTANT_NONE;
        for (size_t i = 0; i < HR_LANE_COUNT; i++) {
            record->queue->drop_before[i] = HR_INSTANT_NONE;
            record->queue->ask_before[i] = HR_INSTANT_NONE;
        }
    }
    return record;
}

static void *copy_bytes(struct hr_arena *into, const void *from, size_t size)
{
    void *copy = hr_arena_alloc(into, size);
    if (copy != NULL && size > 0) {
        memcpy(copy, from, size);
    }
    return copy;
}

#define COPY_ARRAY(into, items, count)                                                             \
    (((items) = copy_bytes((into), (items), (count) * sizeof *(items))) != NULL)

static bool own_work(struct hr_arena *into, struct hr_contact *contact)
{
    if (contact->work == NULL) {
        return true;
    }
    contact->work = copy_bytes(into, contact->work, sizeof *contact->work);
    return contact->work != NULL;
}

static bool own_arrays(struct hr_arena *into, struct hr_record *record)
{
    struct hr_contact *contact = record->contact;
    switch ((enum hr_record_kind)record->kind) {
    case HR_RECORD_contact:
    case HR_RECORD_account:
    case HR_RECORD_opportunity:
    case HR_RECORD_ticket:
    case HR_RECORD_task:
        return COPY_ARRAY(into, contact->keys, contact->key_count) &&
               COPY_ARRAY(into, contact->fields, contact->field_count) &&
               COPY_ARRAY(into, contact->past, contact->past_count) &&
               COPY_ARRAY(into, contact->observed, contact->observed_count) &&
               COPY_ARRAY(into, contact->pins, contact->pin_count) &&
               COPY_ARRAY(into, contact->claims, contact->claim_count) &&
               COPY_ARRAY(into, contact->runs, contact->run_count) &&
               COPY_ARRAY(into, contact->entered, contact->entered_count) &&
               COPY_ARRAY(into, contact->troubles, contact->trouble_count) &&
               COPY_ARRAY(into, contact->holdings, contact->holding_count) &&
               COPY_ARRAY(into, contact->givings, contact->giving_count) &&
               COPY_ARRAY(into, contact->consents, contact->consent_count) &&
               COPY_ARRAY(into, contact->letters, contact->letter_count) &&
               COPY_ARRAY(into, contact->kept, contact->kept_count) &&
               COPY_ARRAY(into, contact->instances, contact->instance_count) &&
               COPY_ARRAY(into, contact->related, contact->related_count) &&
               own_work(into, contact);
    case HR_RECORD_tool:
        return COPY_ARRAY(into, record->tool->types, record->tool->type_count);
    case HR_RECORD_names:
        record->names->capacity = record->names->count;
        return COPY_ARRAY(into, record->names->words, record->names->count);
    case HR_RECORD_workspace:
        return COPY_ARRAY(into, record->workspace->tokens, record->workspace->token_count);
    case HR_RECORD_person:
        return COPY_ARRAY(into, record->person->loads, record->person->load_count);
    case HR_RECORD_automation:
        return COPY_ARRAY(into, record->automation->scheduled.ticks,
                          record->automation->scheduled.tick_count) &&
               COPY_ARRAY(into, record->automation->standings, record->automation->standing_count);
    case HR_RECORD_handoff:
    case HR_RECORD_issue:
    case HR_RECORD_effect:
    case HR_RECORD_team:
    case HR_RECORD_queue:
        return true;
    }
    return true;
}

struct hr_record *hr_record_clone(struct hr_arena *into, const struct hr_record *record)
{
    struct hr_record *clone = copy_bytes(into, record, sizeof *record);
    if (clone == NULL || !record->exists) {
        return clone;
    }
    clone->contact = copy_bytes(into, record->contact, size_of_kind(record->kind));
    return clone->contact != NULL && own_arrays(into, clone) ? clone : NULL;
}

hr_status hr_record_read(uint64_t id, struct hr_text bytes, struct hr_arena *into,
                         struct hr_record **ret_record)
{
    struct hr_reader in = hr_reader_over(bytes);
    uint64_t version = hr_get_uint(&in);
    uint64_t kind = hr_get_uint_max(&in, UINT8_MAX);
    if (!in.failed && version != ROW_VERSION) {
        return hr_answer(HR_E_VERSION);
    }
    if (in.failed || size_of_kind((unsigned)kind) == 0) {
        return hr_answer(HR_E_CORRUPT);
    }
    struct hr_record *record = hr_record_make(into, id, (enum hr_record_kind)kind);
    if (record == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    record->last_position = hr_get_uint(&in);
    HR_TRY(get_kind(&in, into, record));
    record->hinted_due = get_hint(&in, record);
    *ret_record = record;
    return hr_reader_finished(&in) ? hr_done() : hr_answer(HR_E_CORRUPT);
}

unsigned hr_record_kind_of(struct hr_text bytes)
{
    struct hr_reader in = hr_reader_over(bytes);
    uint64_t version = hr_get_uint(&in);
    uint64_t kind = hr_get_uint_max(&in, UINT8_MAX);
    return in.failed || version != ROW_VERSION ? 0 : (unsigned)kind;
}
