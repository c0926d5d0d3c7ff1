/* Six messages in every order. */
/* links: server */
#include "scenario/orders.h"

/* ---- one order -------------------------------------------------------------------------------------------- */

static const uint8_t secret[HR_KEY_SIZE] = {"an order is none"};

static hr_instant instant(const char *text)
{
    hr_instant at = 0;
    assert_true(hr_instant_read(hr_text_from(text), &at));
    return at;
}

/* What a contact ends as, in an order of its own. What automations write tells when they acted: it may depend on the
 * order in which things were heard (docs/decisions/0029). */
static struct hr_text ending(struct hr_arena *into, const struct hr_contact *contact)
{
    struct hr_buffer out;
    hr_buffer_init(&out, into, 64 << 10);
    for (uint32_t field = 1; field < 64; field++) {
        for (size_t i = 0; i < contact->field_count; i++) {
            bool automated = hr_writer_by(contact->fields[i].writer) == HR_BY_automation;
            if (contact->fields[i].field == field && !automated) {
                hr_put_uint(&out, field);
                hr_put_int(&out, contact->fields[i].at);
                hr_put_value(&out, &contact->fields[i].value);
                hr_put_uint(&out, contact->fields[i].writer);
            }
        }
    }
    for (uint32_t purpose = 1; purpose < 64; purpose++) {
        const struct hr_consent *consent = hr_contact_consent(contact, purpose, HR_CHANNEL_email);
        if (consent != NULL) {
            hr_buffer_add_format(&out, "consent %u %u %u ", purpose, consent->said,
                                 consent->writer);
            hr_put_int(&out, consent->at);
        }
    }
    const struct hr_instance *last = NULL;
    for (size_t round = 0; round < contact->instance_count; round++) {
        const struct hr_instance *next = NULL;
        for (size_t i = 0; i < contact->instance_count; i++) {
            const struct hr_instance *it = &contact->instances[i];
            bool later =
                last == NULL || it->handoff > last->handoff ||
                (it->handoff == last->handoff && memcmp(&it->key, &last->key, sizeof it->key) > 0);
            bool sooner =
                next == NULL || it->handoff < next->handoff ||
                (it->handoff == next->handoff && memcmp(&it->key, &next->key, sizeof it->key) < 0);
            next = later && sooner ? it : next;
        }
        hr_assert(next != NULL);
        hr_buffer_add_format(&out, "%u %u %d %lld %lld ", next->handoff, next->stand,
                             next->incorrect, (long long)next->opened_at,
                             (long long)next->judged_at);
        hr_put_bytes(&out, &next->key, sizeof next->key);
        last = next;
    }
    return hr_buffer_text(&out);
}

/* A message that was heard already does not reach the engine again: so copies only matter by where the first stands. */
const struct hr_contact *orders_run(struct folder *folder, struct hr_arena *arena,
                                    const struct orders_told *told, const size_t *order)
{
    struct machine machine;
    struct hr_entry entry;
    bool heard[MESSAGES_MAX] = {false};
    hr_instant now = instant("2026-11-23T18:00:00Z");
    machine_init(&machine, arena, secret);
    assert_true(hr_ok(machine_publish(&machine, folder->plan, HR_TEXT("files"), now, &entry)));
    for (size_t i = 0; i < MESSAGES_MAX; i++) {
        if (!heard[order[i]]) {
            heard[order[i]] = true;
            const struct orders_said *said = &told->said[order[i]];
            assert_true(machine_hear(&machine, said->tool, said->raw, now));
        }
    }
    const struct hr_contact *contact = machine_contact(&machine);
    assert_non_null(contact);
    return contact;
}

/* ---- every order ----------------------------------------------------------------------------------------------- */

/* The n-th order of six. */
static void order_of(size_t n, size_t *ret_order)
{
    size_t left[MESSAGES_MAX] = {0, 1, 2, 3, 4, 5};
    for (size_t i = 0; i < MESSAGES_MAX; i++) {
        size_t choices = MESSAGES_MAX - i;
        size_t chosen = n % choices;
        n /= choices;
        ret_order[i] = left[chosen];
        memmove(left + chosen, left + chosen + 1, (choices - chosen - 1) * sizeof left[0]);
    }
}

void orders_all_end_the_same(struct folder *folder, const struct orders_told *told,
                             const char *ends_with)
{
    enum { ORDERS = 720 };
    struct hr_arena kept;
    struct hr_arena arena;
    struct hr_text first = HR_TEXT_NONE;
    hr_arena_init(&kept, 1 << 20);
    hr_arena_init(&arena, 64 << 20);
    for (size_t n = 0; n < ORDERS; n++) {
        size_t order[MESSAGES_MAX];
        order_of(n, order);
        struct hr_text end = ending(&arena, orders_run(folder, &arena, told, order));
        first = n == 0 ? hr_text_copy(&kept, end) : first;
        if (!hr_text_equal(first, end)) {
            fail_msg("\"%s\" ends otherwise in the order %zu%zu%zu%zu%zu%zu", told->story, order[0],
                     order[1], order[2], order[3], order[4], order[5]);
        }
        hr_arena_rewind(&arena, (struct hr_arena_mark){0});
    }
    if (ends_with != NULL) {
        assert_true(hr_text_search(first, hr_text_from(ends_with)) < first.size);
    }
    hr_arena_close(&arena);
    hr_arena_close(&kept);
}
