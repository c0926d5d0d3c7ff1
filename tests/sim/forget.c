/* Forgetting somebody: what holds them is collected as the daemon does, erased in one commit and scrubbed; a power cut
 * may come at any point, and then no byte of them may be left. */
#include "data/identity.h"
#include "sim/sim.h"

#include <string.h>

struct collecting {
    struct hr_store_reader *reader;
    const struct customer *customer;
    struct hr_erasure *erasures;
    size_t count;
    size_t capacity;
    uint64_t *tools; /* that lose something; kept as long as the seed: a replay needs them */
    size_t tool_count;
};

static bool stands_in(struct hr_text payload, const char *value)
{
    size_t size = strlen(value);
    for (size_t i = 0; size > 0 && i + size <= payload.size; i++) {
        if (strncasecmp(payload.data + i, value, size) == 0) {
            return true;
        }
    }
    return false;
}

/* A message that nobody could be named for, kept with its tool, may still speak of them. */
static bool speaks_of(const struct customer *customer, struct hr_text payload)
{
    return stands_in(payload, customer->name) || stands_in(payload, customer->email) ||
           stands_in(payload, customer->other_email);
}

/* Every entry about a record names the one before; of tools only parts that speak of the customer count. */
static void collect(struct world *world, struct collecting *collecting, uint64_t id)
{
    struct hr_record *record = NULL;
    must(world, hr_store_read_record(collecting->reader, id, &world->round, &record),
         "reading a record");
    uint64_t position = record == NULL ? 0 : record->last_position;
    while (position != 0) {
        struct hr_entry entry;
        const struct hr_link *link = NULL;
        must(world,
             hr_store_read_entry_at(collecting->reader, position, &world->round, &entry, NULL),
             "reading an entry");
        for (size_t i = 0; i < entry.link_count; i++) {
            link = entry.links[i].record == id ? &entry.links[i] : link;
        }
        if (link == NULL || link->previous >= position) {
            fail(world, "entry %llu does not link to %llx", (unsigned long long)position,
                 (unsigned long long)id);
        }
        bool has_part = link->part != HR_NO_PART && !entry.parts[link->part].erased;
        bool wanted =
            has_part && (id >= HR_RECORD_FIRST ||
                         speaks_of(collecting->customer, entry.parts[link->part].payload));
        if (wanted && id < HR_RECORD_FIRST &&
            (collecting->tool_count == 0 || collecting->tools[collecting->tool_count - 1] != id)) {
            collecting->tools[collecting->tool_count++] = id;
        }
        if (wanted) {
            collecting->erasures =
                hr_list_grow(&world->round, collecting->erasures, collecting->count,
                             &collecting->capacity, sizeof *collecting->erasures);
            hr_assert(collecting->erasures != NULL);
            collecting->erasures[collecting->count++] =
                (struct hr_erasure){.position = position, .part = link->part};
        }
        position = link->previous;
    }
}

/* What hangs on the contact alone goes before them, a commit each; false when the power went. */
static bool erase_what_hangs(struct world *world, const struct customer *customer, uint64_t contact)
{
    struct hr_store_reader *reader = host_reader(world);
    struct hr_record *record = NULL;
    uint64_t ids[HR_RELATED_MAX];
    size_t count = 0;
    must(world, hr_store_read_record(reader, contact, &world->round, &record), "reading a contact");
    for (size_t i = 0; record != NULL && i < record->contact->related_count; i++) {
        struct hr_record *other = NULL;
        uint64_t id = record->contact->related[i].record;
        must(world, hr_store_read_record(reader, id, &world->round, &other), "reading a record");
        if (other != NULL && hr_record_hangs_on(other, contact)) {
            ids[count++] = id;
        }
    }
    hr_store_reader_close(reader);
    for (size_t i = 0; i < count; i++) {
        struct collecting collecting = {.reader = host_reader(world), .customer = customer};
        const struct noted noted = {.kind = HR_EVENT_erased, .record = ids[i]};
        collect(world, &collecting, ids[i]);
        hr_store_reader_close(collecting.reader);
        trace(world, "forget record %llx: %zu parts", (unsigned long long)ids[i], collecting.count);
        if (!host_run_alone(world, &noted, collecting.erasures, collecting.count)) {
            return false;
        }
        hit(FAULT_forgotten_with);
    }
    return true;
}

static bool erase(struct world *world, const struct customer *customer, uint64_t contact)
{
    if (!erase_what_hangs(world, customer, contact)) {
        return false;
    }
    const struct hr_plan *plan = world->batch.engine.plan;
    struct collecting collecting = {
        .reader = host_reader(world),
        .customer = customer,
        .tools = hr_arena_new_many(&world->arena, uint64_t, plan->tool_count)};
    hr_assert(collecting.tools != NULL);
    collect(world, &collecting, contact);
    for (size_t i = 0; i < plan->tool_count; i++) {
        collect(world, &collecting, HR_ID_TOOL + plan->tools[i].name_number);
    }
    hr_store_reader_close(collecting.reader);
    const struct noted noted = {.kind = HR_EVENT_erased,
                                .record = contact,
                                .also = collecting.tools,
                                .also_count = collecting.tool_count};
    trace(world, "forget contact %llx: %zu parts", (unsigned long long)contact, collecting.count);
    return host_run_alone(world, &noted, collecting.erasures, collecting.count);
}

static struct hr_text url_encoded(struct world *world, struct hr_text text)
{
    struct hr_buffer out;
    hr_buffer_init(&out, &world->round, 1024);
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i];
        bool plain = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
                     (byte >= 'A' && byte <= 'Z') || byte == '.';
        hr_buffer_add_format(&out, plain ? "%c" : "%%%02X", (unsigned char)byte);
    }
    return hr_buffer_text(&out);
}

static void check_gone(struct world *world, const char *value)
{
    struct hr_text text = hr_text_from(value);
    struct hr_text coded = hr_base64(&world->round, text);
    const struct hr_text forms[] = {text, url_encoded(world, text),
                                    hr_text_slice(coded, 0, coded.size / 4 * 4 - 4)};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        const char *file = disk_holds(forms[i]);
        if (file != NULL) {
            fail(world, "a forgotten value still stands in %s: %.*s", file, HR_SHOW(forms[i]));
        }
    }
}

/* The person's own values, raw and in normal form; a shared phone is another's too. */
static void check_forgotten(struct world *world, const struct customer *customer)
{
    char loud[64];
    size_t size = strlen(customer->email);
    for (size_t i = 0; i <= size; i++) {
        char byte = customer->email[i];
        loud[i] = (char)(byte >= 'a' && byte <= 'z' ? byte - 32 : byte);
    }
    check_gone(world, customer->name);
    check_gone(world, customer->email);
    check_gone(world, loud);
    if (customer->other_email[0] != '\0') {
        check_gone(world, customer->other_email);
    }
    for (size_t i = 0; i < customer->contact_count; i++) { /* and what a person typed for them */
        unsigned long long whose = customer->contacts[i];
        check_gone(world, hr_text_format(&world->round, "typed%llx", whose).data);
        check_gone(world, hr_text_format(&world->round, "Typed%llx", whose).data);
    }
    struct hr_text phone = HR_TEXT_NONE;
    if (!customer->shares_phone &&
        hr_phone_normal(&world->round, hr_text_from(customer->phone), HR_TEXT("GB"), &phone)) {
        check_gone(world, customer->phone);
        check_gone(world, phone.data);
    }
}

static void add_contact(struct customer *customer, uint64_t contact)
{
    for (size_t i = 0; i < customer->contact_count; i++) {
        if (customer->contacts[i] == contact) {
            return;
        }
    }
    hr_assert(customer->contact_count < CONTACTS_EACH_MAX);
    customer->contacts[customer->contact_count++] = contact;
}

/* The contacts that a customer became: those that one of their messages led to, alone or by a person's answer. */
static void find_contacts(struct world *world, uint32_t index)
{
    struct customer *customer = &world->customers[index];
    struct hr_store_reader *reader = host_reader(world);
    customer->contact_count = 0;
    for (uint64_t i = 0; i < world->committed; i++) {
        const struct noted *noted = &world->entries[i];
        bool answers = noted->kind == HR_EVENT_command && noted->command.verb == HR_VERB_answer;
        struct hr_entry entry;
        uint64_t found = 0;
        size_t count = 0;
        if ((noted->kind != HR_EVENT_heard && !answers) ||
            world->messages[noted->message].customer != index) {
            continue;
        }
        must(world, hr_store_read_entry_at(reader, i + 1, &world->round, &entry, NULL),
             "reading an entry");
        for (size_t k = 0; k < entry.link_count; k++) {
            struct hr_record *record = NULL;
            must(world, hr_store_read_record(reader, entry.links[k].record, &world->round, &record),
                 "reading a record");
            if (record != NULL && record->kind == HR_RECORD_contact) {
                found = record->id;
                count++;
            }
        }
        if (count == 1) {
            add_contact(customer, found);
        }
    }
    hr_store_reader_close(reader);
}

static bool exists(struct world *world, uint64_t contact)
{
    struct hr_record *record = NULL;
    struct hr_store_reader *reader = host_reader(world);
    must(world, hr_store_read_record(reader, contact, &world->round, &record), "reading a contact");
    hr_store_reader_close(reader);
    return record != NULL && record->exists;
}

void forget_resume(struct world *world)
{
    if (world->forgetting == 0) {
        return;
    }
    const struct customer *customer = &world->customers[world->forgetting - 1];
    for (size_t i = 0; i < customer->contact_count; i++) {
        if (exists(world, customer->contacts[i]) &&
            !erase(world, customer, customer->contacts[i])) {
            return; /* started again from the next start, or when the disk has room */
        }
        if (world->forgetting == 0) {
            return; /* a crash after the commit: the start went on with it */
        }
    }
    if (!world->calm && rng_chance(&world->rng, 500)) {
        disk_threaten(40);
    }
    hr_status status = hr_store_scrub(world->store, 1000);
    if (!the_disk.dead) {
        disk_spare();
    }
    if (the_disk.dead || status.code == HR_E_IO) {
        host_crash(world, FAULT_crash_in_forget);
        return;
    }
    if (status.code == HR_E_FULL) {
        return;
    }
    must(world, status, "scrub");
    world->forgetting = 0;
    hit(FAULT_forgotten);
    check_forgotten(world, customer);
}

void customer_forget(struct world *world, uint32_t index)
{
    struct customer *customer = &world->customers[index];
    if (world->forgetting != 0 || customer->forgotten || !host_sync(world)) {
        return; /* who forgets somebody has seen them, later than a sync takes */
    }
    hr_arena_rewind(&world->round, (struct hr_arena_mark){0});
    find_contacts(world, index);
    if (customer->contact_count == 0) {
        return;
    }
    /* nobody sends anything about them any more; what waits in the inbox goes too */
    customer->forgotten = true;
    for (size_t i = 0; i < world->message_count; i++) {
        world->messages[i].cancelled =
            world->messages[i].cancelled || world->messages[i].customer == index;
    }
    size_t kept = 0;
    for (size_t i = 0; i < world->inbox_count; i++) {
        bool theirs = (world->inbox[i].kind == HR_EVENT_heard ||
                       world->inbox[i].command.verb == HR_VERB_answer) &&
                      world->messages[world->inbox[i].message].cancelled;
        if (!theirs) {
            world->inbox[kept++] = world->inbox[i];
        }
    }
    world->inbox_count = kept;
    world->forgetting = index + 1;
    hr_arena_rewind(&world->round, (struct hr_arena_mark){0});
    forget_resume(world);
}
