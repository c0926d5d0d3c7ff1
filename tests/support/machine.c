/* The engine over a view that is the whole state: what it lacks does not exist. */
#include "support/machine.h"

enum { ROUNDS_MAX = 1000 };

void machine_init(struct machine *machine, struct hr_arena *arena,
                  const uint8_t secret[HR_KEY_SIZE])
{
    *machine = (struct machine){.arena = arena, .engine = {.secret = secret}};
    hr_view_init(&machine->view, arena);
}

static hr_status bring(struct machine *machine, const struct hr_needs *needs)
{
    for (size_t i = 0; i < needs->record_count; i++) {
        if (hr_view_record(&machine->view, needs->records[i]) == NULL) {
            struct hr_record *absent = hr_arena_new(machine->arena, struct hr_record);
            if (absent == NULL) {
                return hr_answer(HR_E_MEMORY);
            }
            *absent = (struct hr_record){.id = needs->records[i], .hinted_due = HR_INSTANT_NONE};
            HR_TRY(hr_view_put_record(&machine->view, absent));
        }
    }
    for (size_t i = 0; i < needs->entry_count; i++) {
        enum hr_space space = (enum hr_space)needs->entries[i].space;
        if (hr_view_entry(&machine->view, space, &needs->entries[i].key) == NULL) {
            HR_TRY(hr_view_put_entry(&machine->view, space, &needs->entries[i].key, 0, false));
        }
    }
    return hr_done();
}

/* The smallest member of an issue behind a contact; 0: none. */
static uint64_t member_after(const struct machine *machine, uint8_t space, uint64_t wanted,
                             uint64_t after)
{
    uint64_t next = 0;
    for (size_t i = 0; i < machine->view.entry_count; i++) {
        const struct hr_index_entry *entry = &machine->view.entries[i];
        uint64_t issue = 0;
        uint64_t contact = 0;
        if (entry->space != space || entry->value == 0) {
            continue;
        }
        hr_key_unpair(&entry->key, &issue, &contact);
        if (issue == wanted && contact > after && (next == 0 || contact < next)) {
            next = contact;
        }
    }
    return next;
}

static void bring_members(const struct machine *machine, const struct hr_needs *needs,
                          struct hr_members *members)
{
    *members = (struct hr_members){
        .in = needs->members_in, .of = needs->members_of, .after = needs->members_after};
    uint64_t contact = member_after(machine, members->in, members->of, members->after);
    while (contact != 0 && members->count < HR_SWEEP_MEMBERS) {
        members->ids[members->count++] = contact;
        contact = member_after(machine, members->in, members->of, contact);
    }
}

hr_status machine_step(struct machine *machine, struct hr_event event, struct hr_entry *ret_entry)
{
    struct hr_members members = {0};
    struct hr_needs *needs = hr_arena_new(machine->arena, struct hr_needs);
    if (needs == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    event.position = machine->position + 1;
    for (int i = 0; i < ROUNDS_MAX; i++) {
        hr_status status =
            hr_engine_step(&machine->engine, &machine->view, &event, &members, needs, ret_entry);
        if (status.code != HR_E_NEEDS) {
            machine->position += hr_ok(status) && ret_entry->position != 0;
            return status;
        }
        HR_TRY(bring(machine, needs));
        if (needs->members_in != 0) {
            bring_members(machine, needs, &members);
        }
        if (needs->walk_until != 0) {
            HR_TRY(hr_walk_view(&machine->view, needs, machine->arena, &members.walked));
        }
    }
    return hr_answer(HR_E_LIMIT);
}

hr_status machine_publish(struct machine *machine, struct hr_plan *plan, struct hr_text files,
                          hr_instant now, struct hr_entry *ret_entry)
{
    const struct hr_event event = {
        .kind = HR_EVENT_published, .now = now, .payload = files, .published = plan};
    HR_TRY(machine_step(machine, event, ret_entry));
    machine->engine.plan = plan;
    return hr_done();
}

bool machine_hear(struct machine *machine, const char *tool, const char *raw, hr_instant now)
{
    struct hr_value *document = hr_arena_new(machine->arena, struct hr_value);
    struct hr_heard *heard = hr_arena_new(machine->arena, struct hr_heard);
    struct hr_text text = hr_text_copy(machine->arena, hr_text_from(raw));
    struct hr_entry entry;
    int32_t place = hr_plan_tool(machine->engine.plan, hr_text_from(tool));
    if (document == NULL || heard == NULL || place < 0 ||
        !hr_ok(hr_json_read(machine->arena, text, NULL, NULL, document)) ||
        !hr_ok(hr_engine_read(&machine->engine, place, document, text, (struct hr_given){0}, now,
                              machine->arena, heard)) ||
        heard->complaint_count > 0) {
        return false;
    }
    const struct hr_event event = {
        .kind = HR_EVENT_heard, .now = now, .heard = heard, .payload = text};
    return hr_ok(machine_step(machine, event, &entry));
}

struct hr_consent_answer machine_consent(struct machine *machine, uint64_t contact, int32_t purpose)
{
    struct hr_consent_answer answer = {.may = false};
    struct hr_needs *needs = hr_arena_new(machine->arena, struct hr_needs);
    hr_assert(needs != NULL);
    hr_status status = hr_answer(HR_E_NEEDS);
    for (int i = 0; i < ROUNDS_MAX && status.code == HR_E_NEEDS; i++) {
        status =
            hr_engine_consent(&machine->engine, &machine->view, contact, purpose, needs, &answer);
        hr_assert(status.code != HR_E_NEEDS || hr_ok(bring(machine, needs)));
    }
    hr_assert(hr_ok(status));
    return answer;
}

const struct hr_contact *machine_contact(const struct machine *machine)
{
    const struct hr_contact *found = NULL;
    for (size_t i = 0; i < machine->view.record_count; i++) {
        const struct hr_record *record = machine->view.records[i];
        if (record->exists && record->kind == HR_RECORD_contact) {
            if (found != NULL) {
                return NULL;
            }
            found = record->contact;
        }
    }
    return found;
}
