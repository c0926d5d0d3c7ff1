/* Forgetting a person: everything the journal keeps of them is found by walking the previous positions of their record,
 * then what others wrote or sent about them is searched for their data; all of it is erased in one commit. */
#include "server/api_inside.h"

enum { GATHER_BYTES_MAX = 256 << 20, SCRATCH_BYTES_MAX = 128 << 20, TRIES_MAX = 5, SCAN_MOST = 64 };

struct gathering {
    struct hr_api *api;
    uint64_t contact;
    struct hr_arena arena;
    struct hr_arena scratch; /* of one entry */
    struct hr_needles *needles;
    struct hr_erasure *erasures;
    size_t erasure_count;
    size_t erasure_capacity;
    uint64_t *also; /* tools and issues that lose a part too */
    size_t also_count;
    size_t also_capacity;
    uint64_t *issues; /* that the contact was ever member of */
    size_t issue_count;
    size_t issue_capacity;
    size_t records;  /* that hung on them alone, and went before them */
    size_t own;      /* parts of their own, and of those */
    size_t notes;    /* of others about them */
    size_t messages; /* that nobody could be named for */
    bool too_much;   /* a limit of ours was met, and would be again */
    bool traces_left;
    uint64_t position; /* of the forgetting */
};

typedef hr_status (*visit_entry)(struct gathering *gathering, const struct hr_entry *entry,
                                 const struct hr_link *link);

/* Calls visit for every entry that touched the record, newest first. */
static hr_status walk(struct gathering *gathering, uint64_t record, uint64_t position,
                      visit_entry visit)
{
    while (position != 0) {
        struct hr_arena_mark mark = hr_arena_mark(&gathering->scratch);
        struct hr_entry entry;
        const struct hr_link *link = NULL;
        HR_TRY(hr_store_read_entry_at(gathering->api->reader, position, &gathering->scratch, &entry,
                                      NULL));
        for (size_t i = 0; i < entry.link_count; i++) {
            link = entry.links[i].record == record ? &entry.links[i] : link;
        }
        if (link == NULL || link->previous >= position) {
            return hr_answer(HR_E_CORRUPT);
        }
        HR_TRY(visit(gathering, &entry, link));
        position = link->previous;
        hr_arena_rewind(&gathering->scratch, mark);
    }
    return hr_done();
}

static const struct hr_part *part_of(const struct hr_entry *entry, const struct hr_link *link)
{
    bool there = link->part != HR_NO_PART && link->part < entry->part_count;
    return there && !entry->parts[link->part].erased ? &entry->parts[link->part] : NULL;
}

/* Records are walked one after another, so the newest noted is the only one that may come again. */
static hr_status note_also(struct gathering *gathering, uint64_t record)
{
    if (gathering->also_count > 0 && gathering->also[gathering->also_count - 1] == record) {
        return hr_done();
    }
    uint64_t *also = hr_list_grow(&gathering->arena, gathering->also, gathering->also_count,
                                  &gathering->also_capacity, sizeof *also);
    if (also == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    gathering->also = also;
    also[gathering->also_count++] = record;
    return hr_done();
}

static hr_status erase(struct gathering *gathering, const struct hr_entry *entry,
                       const struct hr_link *link, size_t *count)
{
    struct hr_erasure *erasures =
        hr_list_grow(&gathering->arena, gathering->erasures, gathering->erasure_count,
                     &gathering->erasure_capacity, sizeof *erasures);
    if (erasures == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    gathering->erasures = erasures;
    erasures[gathering->erasure_count++] =
        (struct hr_erasure){.position = entry->position, .part = link->part};
    (*count)++;
    return link->record == gathering->contact ? hr_done() : note_also(gathering, link->record);
}

/* ---- what is theirs ----------------------------------------------------------------------------- */

static bool is_personal(const struct gathering *gathering, uint32_t field_number)
{
    int32_t field = hr_plan_field_numbered(gathering->api->plan, field_number);
    /* a field that left the plan has no privacy class any more: taken as personal */
    return field < 0 || gathering->api->plan->fields[field].privacy != HR_PRIVACY_none;
}

static hr_status note_issue(struct gathering *gathering, uint64_t issue)
{
    for (size_t i = 0; i < gathering->issue_count; i++) {
        if (gathering->issues[i] == issue) {
            return hr_done();
        }
    }
    uint64_t *issues = hr_list_grow(&gathering->arena, gathering->issues, gathering->issue_count,
                                    &gathering->issue_capacity, sizeof *issues);
    if (issues == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    gathering->issues = issues;
    issues[gathering->issue_count++] = issue;
    return hr_done();
}

static hr_status visit_own(struct gathering *gathering, const struct hr_entry *entry,
                           const struct hr_link *link)
{
    const struct hr_part *part = part_of(entry, link);
    for (size_t i = 0; i < entry->fact_count; i++) {
        const struct hr_fact *fact = &entry->facts[i];
        if (fact->kind == HR_FACT_issue_member && fact->number == gathering->contact) {
            HR_TRY(note_issue(gathering, fact->record));
        }
    }
    if (part == NULL) {
        return hr_done();
    }
    for (size_t i = 0; i < part->fact_count; i++) {
        const struct hr_fact *fact = &part->facts[i];
        bool said = fact->kind == HR_FACT_field_set || fact->kind == HR_FACT_field_observed;
        bool value = said && fact->record == gathering->contact && fact->value.kind == HR_KIND_text;
        if (value && is_personal(gathering, fact->name)) {
            HR_TRY(hr_needles_add(gathering->needles, hr_value_as_text(&fact->value)));
        }
    }
    return erase(gathering, entry, link, &gathering->own);
}

/* In a second walk, when all normal forms are known: how they were written. */
static hr_status visit_written(struct gathering *gathering, const struct hr_entry *entry,
                               const struct hr_link *link)
{
    const struct hr_part *part = part_of(entry, link);
    return part == NULL || part->payload.size == 0
               ? hr_done()
               : hr_needles_add_written(gathering->needles, part->payload, &gathering->scratch);
}

/* ---- what others wrote or sent ------------------------------------------------------------------ */

static hr_status visit_note(struct gathering *gathering, const struct hr_entry *entry,
                            const struct hr_link *link)
{
    const struct hr_part *part = part_of(entry, link);
    for (size_t i = 0; part != NULL && i < part->fact_count; i++) {
        const struct hr_fact *fact = &part->facts[i];
        if (fact->kind == HR_FACT_note_added && hr_needles_in(gathering->needles, fact->text)) {
            return erase(gathering, entry, link, &gathering->notes);
        }
    }
    return hr_done();
}

/* Why an automation was paused stands in the workspace's own entries, which are few. */
static hr_status visit_reason(struct gathering *gathering, const struct hr_entry *entry,
                              const struct hr_link *link)
{
    const struct hr_part *part = part_of(entry, link);
    for (size_t i = 0; part != NULL && i < part->fact_count; i++) {
        const struct hr_fact *fact = &part->facts[i];
        if (fact->kind == HR_FACT_switch_explained &&
            hr_needles_in(gathering->needles, fact->text)) {
            return erase(gathering, entry, link, &gathering->notes);
        }
    }
    return hr_done();
}

static hr_status visit_message(struct gathering *gathering, const struct hr_entry *entry,
                               const struct hr_link *link)
{
    const struct hr_part *part = part_of(entry, link);
    return part != NULL && hr_needles_in(gathering->needles, part->payload)
               ? erase(gathering, entry, link, &gathering->messages)
               : hr_done();
}

static hr_status walk_record(struct gathering *gathering, uint64_t id, visit_entry visit)
{
    struct hr_record *record = NULL;
    struct hr_arena_mark mark = hr_arena_mark(&gathering->scratch);
    HR_TRY(hr_store_read_record(gathering->api->reader, id, &gathering->scratch, &record));
    uint64_t position = record == NULL ? 0 : record->last_position;
    hr_arena_rewind(&gathering->scratch, mark);
    return position == 0 ? hr_done() : walk(gathering, id, position, visit);
}

static hr_status gather(struct gathering *gathering, uint64_t last_position)
{
    HR_TRY(walk(gathering, gathering->contact, last_position, visit_own));
    HR_TRY(walk(gathering, gathering->contact, last_position, visit_written));
    for (size_t i = 0; i < gathering->issue_count; i++) {
        HR_TRY(walk_record(gathering, gathering->issues[i], visit_note));
    }
    HR_TRY(walk_record(gathering, HR_ID_WORKSPACE, visit_reason));
    for (size_t number = 1; number <= gathering->api->lens.names->count; number++) {
        HR_TRY(walk_record(gathering, HR_ID_TOOL + number, visit_message));
    }
    return hr_done();
}

/* ---- the commit --------------------------------------------------------------------------------- */

static hr_status submit(struct gathering *gathering, const struct hr_record *record)
{
    struct hr_job job = {
        .waiting = {.event = {.kind = HR_EVENT_erased,
                              .record = record->id,
                              .cause = record->last_position,
                              .also = gathering->also,
                              .also_count = gathering->also_count,
                              .hint_due = HR_INSTANT_NONE}},
        .erasures = gathering->erasures,
        .erasure_count = gathering->erasure_count,
    };
    hr_status status = hr_host_submit_and_wait(gathering->api->host, &job);
    gathering->too_much = job.waiting.became == HR_BECAME_refused &&
                          job.waiting.status.code == HR_E_LIMIT; /* else: busy */
    gathering->traces_left = gathering->traces_left || job.traces_left;
    gathering->position = job.waiting.event.position;
    return status;
}

/* Of a record that goes before the contact: its own parts. The issues that it was in are looked through with theirs. */
static hr_status visit_hanging(struct gathering *gathering, const struct hr_entry *entry,
                               const struct hr_link *link)
{
    for (size_t i = 0; i < entry->fact_count; i++) {
        const struct hr_fact *fact = &entry->facts[i];
        if (fact->kind == HR_FACT_issue_member && fact->number == link->record) {
            HR_TRY(note_issue(gathering, fact->record));
        }
    }
    return part_of(entry, link) == NULL ? hr_done()
                                        : erase(gathering, entry, link, &gathering->own);
}

static hr_status forget_hanging(struct gathering *gathering, uint64_t id)
{
    struct hr_api *api = gathering->api;
    struct hr_record *record = NULL;
    HR_TRY(hr_api_look(api));
    HR_TRY(hr_store_read_record(api->reader, id, &gathering->arena, &record));
    if (record == NULL || !hr_record_hangs_on(record, gathering->contact)) {
        hr_api_look_away(api);
        return hr_done();
    }
    gathering->erasure_count = 0;
    HR_TRY(walk(gathering, id, record->last_position, visit_hanging));
    gathering->also_count = 0; /* what goes is its own */
    hr_api_look_away(api);
    HR_TRY(submit(gathering, record));
    gathering->records++;
    return hr_done();
}

/* The next records that belong to the contact and have left its row for the index. */
static hr_status scan_index(struct gathering *gathering, struct hr_key *from, uint64_t *ret_ids,
                            size_t *ret_count)
{
    struct hr_scanned *items = NULL;
    size_t count = 0;
    HR_TRY(hr_api_look(gathering->api));
    HR_TRY(hr_store_read_scan(gathering->api->reader, HR_SPACE_related, from, SCAN_MOST,
                              &gathering->scratch, &items, &count));
    *ret_count = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t record = 0;
        hr_key_unpair(&items[i].key, &record, &ret_ids[*ret_count]);
        *ret_count += record == gathering->contact;
    }
    if (*ret_count > 0) {
        *from = hr_key_pair(gathering->contact, ret_ids[*ret_count - 1] + 1);
    }
    hr_api_look_away(gathering->api);
    return hr_done();
}

/* Tasks, tickets and the like that speak of the contact alone, one commit each: whoever is interrupted begins again. */
static hr_status forget_what_hangs(struct gathering *gathering)
{
    uint64_t ids[SCAN_MOST];
    struct hr_key from = hr_key_pair(gathering->contact, 0);
    struct hr_record *record = NULL;
    size_t count = 0;
    HR_TRY(hr_api_look(gathering->api));
    HR_TRY(hr_store_read_record(gathering->api->reader, gathering->contact, &gathering->arena,
                                &record));
    hr_api_look_away(gathering->api);
    for (size_t i = 0; record != NULL && i < record->contact->related_count; i++) {
        HR_TRY(forget_hanging(gathering, record->contact->related[i].record));
    }
    do {
        HR_TRY(scan_index(gathering, &from, ids, &count));
        for (size_t i = 0; i < count; i++) {
            HR_TRY(forget_hanging(gathering, ids[i]));
        }
    } while (count > 0);
    gathering->erasure_count = 0;
    return hr_done();
}

/* Gathers from one moment of the store and erases. The event names the newest entry that was seen: when another one
 * came in between, the engine refuses, and all is gathered again. */
static hr_status forget_once(struct gathering *gathering)
{
    struct hr_api *api = gathering->api;
    struct hr_record *record = NULL;
    HR_TRY(forget_what_hangs(gathering));
    HR_TRY(hr_api_look(api));
    HR_TRY(hr_store_read_record(api->reader, gathering->contact, &gathering->arena, &record));
    gathering->needles = hr_needles_make(&gathering->arena, api->plan);
    if (record == NULL || record->kind != HR_RECORD_contact || gathering->needles == NULL) {
        return hr_answer(record == NULL ? HR_E_REFUSED : HR_E_MEMORY);
    }
    hr_status status = gather(gathering, record->last_position);
    gathering->too_much = status.code == HR_E_LIMIT || status.code == HR_E_MEMORY;
    HR_TRY(status);
    hr_api_look_away(api);
    return submit(gathering, record);
}

static void begin(struct gathering *gathering, struct hr_api *api, uint64_t contact)
{
    *gathering = (struct gathering){.api = api, .contact = contact};
    hr_arena_init(&gathering->arena, GATHER_BYTES_MAX);
    hr_arena_init(&gathering->scratch, SCRATCH_BYTES_MAX);
}

static void end(struct gathering *gathering)
{
    hr_arena_close(&gathering->arena);
    hr_arena_close(&gathering->scratch);
}

static void say_forgotten(struct hr_api *api, const struct gathering *gathering,
                          struct hr_text name)
{
    const char *traces =
        gathering->traces_left
            ? ". Last traces of them could not leave the store's files just then: "
              "others read them, or the disk failed. They go by themselves, at the "
              "latest after the next start"
            : "";
    struct hr_text did = hr_text_format(
        api->arena,
        "%.*s is forgotten. Erased: what %zu entr%s of theirs said, %zu note%s about "
        "them, %zu unassigned message%s%s",
        HR_SHOW(name), gathering->own, gathering->own == 1 ? "y" : "ies", gathering->notes,
        gathering->notes == 1 ? "" : "s", gathering->messages, gathering->messages == 1 ? "" : "s",
        traces);
    struct hr_text json = hr_text_format(
        api->arena,
        "{\"did\":\"%.*s\",\"contact\":\"%.*s\",\"erased\":{\"own\":%zu,\"notes\":%"
        "zu,\"messages\":%zu},\"traces_left\":%s,"
        "\"undo\":\"this cannot be taken back\",\"position\":%llu}\n",
        HR_SHOW(did), HR_SHOW(name), gathering->own, gathering->notes, gathering->messages,
        gathering->traces_left ? "true" : "false", (unsigned long long)gathering->position);
    hr_api_say(api, json,
               hr_text_format(api->arena, "%.*s\nundo: this cannot be taken back\n", HR_SHOW(did)));
}

void hr_api_on_contact_forget(struct hr_api *api)
{
    struct gathering gathering;
    uint64_t contact = 0;
    hr_status status = hr_answer(HR_E_REFUSED);
    if (!hr_api_contact(api, api->segments[0], &contact)) {
        return;
    }
    begin(&gathering, api, contact);
    for (int i = 0; i < TRIES_MAX && status.code == HR_E_REFUSED; i++) {
        end(&gathering);
        begin(&gathering, api, contact);
        hr_api_look_away(api);
        status = forget_once(&gathering);
    }
    end(&gathering);
    struct hr_text name = hr_contact_name(api->arena, contact);
    if (gathering.too_much) {
        hr_api_problem(api, HR_CODE_forget_too_much,
                       "more is kept of %.*s than one forgetting can look through; nothing was "
                       "erased",
                       HR_SHOW(name));
    } else if (!hr_ok(status)) {
        hr_api_failed(api, status);
    } else {
        say_forgotten(api, &gathering, name);
    }
}
