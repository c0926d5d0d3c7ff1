/* Entries as bytes: what is written comes back, what was touched is seen, what was erased is accepted. */
#include "journal/journal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* One sealed entry about Ada, with every kind of slot in use. */
struct sealed {
    struct hr_arena arena;
    struct hr_entry entry;
    struct hr_text header;
    struct hr_sealed_part parts[2];
    struct hr_fact body[2];
    struct hr_fact head[2];
    struct hr_link links[2];
    struct hr_part made[2];
};

static const struct hr_digest beginning;

static void seal_one(struct sealed *sealed)
{
    static const uint8_t salts[2][HR_SALT_SIZE] = {{1, 2, 3}, {4, 5, 6}};
    uint64_t ada = hr_record_id(7, 0);
    uint64_t issue = hr_record_id(7, 1);
    memset(sealed, 0, sizeof *sealed);
    hr_arena_init(&sealed->arena, 1 << 20);
    sealed->body[0] = (struct hr_fact){.kind = HR_FACT_field_set,
                                       .record = ada,
                                       .name = 3,
                                       .other = 9,
                                       .state = 1,
                                       .at = INT64_C(1764000000000000),
                                       .value = hr_value_text(HR_TEXT("ada@example.com"))};
    sealed->body[1] = (struct hr_fact){.kind = HR_FACT_note_added,
                                       .record = issue,
                                       .other = 2,
                                       .at = 5,
                                       .text = HR_TEXT("called her")};
    sealed->head[0] = (struct hr_fact){
        .kind = HR_FACT_count_moved, .name = 4, .from = 255, .state = 0, .number = 1};
    sealed->head[1] = (struct hr_fact){.kind = HR_FACT_issue_member,
                                       .record = issue,
                                       .name = 4,
                                       .number = ada,
                                       .state = 0,
                                       .key = {{9, 9, 9}}};
    sealed->links[0] = (struct hr_link){.record = ada, .previous = 3, .part = 0};
    sealed->links[1] = (struct hr_link){.record = issue, .previous = 0, .part = 1};
    sealed->made[0] = (struct hr_part){
        .payload = HR_TEXT("{\"a\":1}"), .facts = &sealed->body[0], .fact_count = 1};
    sealed->made[1] = (struct hr_part){.facts = &sealed->body[1], .fact_count = 1};
    sealed->entry = (struct hr_entry){.position = 7,
                                      .kind = HR_EVENT_heard,
                                      .plan = 1,
                                      .recorded_at = 1000,
                                      .occurred_at = 900,
                                      .tool = 5,
                                      .type = 6,
                                      .key = {{7, 7}},
                                      .links = sealed->links,
                                      .link_count = 2,
                                      .parts = sealed->made,
                                      .part_count = 2,
                                      .facts = sealed->head,
                                      .fact_count = 2};
    assert_true(hr_ok(hr_entry_seal(&sealed->entry, &beginning, salts, &sealed->arena,
                                    &sealed->header, sealed->parts)));
}

static void an_entry_comes_back_as_it_was(void **state)
{
    (void)state;
    struct sealed sealed;
    struct hr_entry read;
    seal_one(&sealed);
    assert_true(hr_ok(hr_entry_read(sealed.header, &sealed.arena, &read)));
    assert_int_equal(read.position, 7);
    assert_int_equal(read.occurred_at, 900);
    assert_int_equal(read.link_count, 2);
    assert_int_equal(read.links[0].previous, 3);
    assert_int_equal(read.fact_count, 2);
    assert_int_equal(read.facts[1].number, hr_record_id(7, 0));
    assert_true(hr_key_equal(&read.facts[1].key, &sealed.head[1].key));
    assert_true(read.parts[0].erased); /* until it is opened */
    assert_true(hr_ok(hr_entry_open_part(&read, 0, &sealed.parts[0], &sealed.arena)));
    assert_true(hr_text_equal(read.parts[0].payload, HR_TEXT("{\"a\":1}")));
    assert_true(hr_value_equal(&read.parts[0].facts[0].value, &sealed.body[0].value));
    struct hr_key key = hr_entry_key(sealed.header);
    assert_true(hr_key_equal(&key, &sealed.entry.key));
    hr_arena_close(&sealed.arena);
}

static void every_flipped_byte_of_a_header_breaks_the_chain(void **state)
{
    (void)state;
    struct sealed sealed;
    seal_one(&sealed);
    assert_true(hr_entry_chain_holds(sealed.header, &beginning));
    char *bytes = hr_arena_alloc(&sealed.arena, sealed.header.size);
    for (size_t i = 0; i < sealed.header.size; i++) {
        memcpy(bytes, sealed.header.data, sealed.header.size);
        bytes[i] ^= 1;
        assert_false(hr_entry_chain_holds((struct hr_text){bytes, sealed.header.size}, &beginning));
    }
    struct hr_digest other = {{1}};
    assert_false(hr_entry_chain_holds(sealed.header, &other));
    hr_arena_close(&sealed.arena);
}

static void every_flipped_byte_of_a_part_or_its_salt_is_seen(void **state)
{
    (void)state;
    struct sealed sealed;
    struct hr_entry read;
    seal_one(&sealed);
    assert_true(hr_ok(hr_entry_read(sealed.header, &sealed.arena, &read)));
    char *bytes = hr_arena_alloc(&sealed.arena, sealed.parts[0].bytes.size);
    for (size_t i = 0; i < sealed.parts[0].bytes.size; i++) {
        struct hr_sealed_part part = sealed.parts[0];
        memcpy(bytes, part.bytes.data, part.bytes.size);
        bytes[i] ^= 0x20;
        part.bytes.data = bytes;
        assert_int_equal(hr_entry_open_part(&read, 0, &part, &sealed.arena).code, HR_E_CORRUPT);
    }
    struct hr_sealed_part salted = sealed.parts[0];
    salted.salt[0] ^= 1;
    assert_int_equal(hr_entry_open_part(&read, 0, &salted, &sealed.arena).code, HR_E_CORRUPT);
    hr_arena_close(&sealed.arena);
}

static void every_cut_header_is_refused(void **state)
{
    (void)state;
    struct sealed sealed;
    struct hr_entry read;
    seal_one(&sealed);
    for (size_t size = 0; size < sealed.header.size; size++) {
        assert_false(
            hr_ok(hr_entry_read(hr_text_slice(sealed.header, 0, size), &sealed.arena, &read)));
    }
    hr_arena_close(&sealed.arena);
}

static void a_header_tells_nothing_personal(void **state)
{
    (void)state;
    struct sealed sealed;
    seal_one(&sealed);
    assert_int_equal(hr_text_search(sealed.header, HR_TEXT("ada@example.com")), sealed.header.size);
    assert_int_equal(hr_text_search(sealed.header, HR_TEXT("called")), sealed.header.size);
    hr_arena_close(&sealed.arena);
}

static void a_newer_fact_is_refused_and_not_skipped(void **state)
{
    (void)state;
    struct sealed sealed;
    struct hr_entry read;
    struct hr_buffer out;
    seal_one(&sealed);
    hr_buffer_init(&out, &sealed.arena, 64);
    hr_put_uint(&out, HR_ENTRY_VERSION + 1);
    hr_put_bytes(&out, sealed.header.data + 1, 40);
    assert_int_equal(hr_entry_read(hr_buffer_text(&out), &sealed.arena, &read).code, HR_E_VERSION);
    hr_arena_close(&sealed.arena);
}

static void values_of_every_kind_survive(void **state)
{
    (void)state;
    struct hr_arena arena;
    struct hr_buffer out;
    hr_arena_init(&arena, 1 << 20);
    hr_buffer_init(&out, &arena, 1 << 16);
    const struct hr_value items[] = {hr_value_int(-5),  hr_value_text(HR_TEXT("x")),
                                     hr_value_null(),   hr_value_bool(true),
                                     hr_value_time(42), hr_value_double(0.5)};
    const struct hr_member members[] = {
        {hr_value_text(HR_TEXT("list")), {.kind = HR_KIND_list, .count = 6, .items = items}},
        {hr_value_text(HR_TEXT("none")), {.kind = HR_KIND_map}}};
    const struct hr_value value = {.kind = HR_KIND_map, .count = 2, .members = members};
    struct hr_value back;
    hr_put_value(&out, &value);
    struct hr_reader in = hr_reader_over(hr_buffer_text(&out));
    assert_true(hr_get_value(&in, &arena, &back));
    assert_true(hr_reader_finished(&in));
    assert_true(hr_value_equal(&value, &back));
    hr_arena_close(&arena);
}

static void a_value_too_deep_is_refused(void **state)
{
    (void)state;
    struct hr_arena arena;
    hr_arena_init(&arena, 1 << 20);
    char bytes[2 * (HR_VALUE_DEPTH_MAX + 2)];
    for (size_t i = 0; i < sizeof bytes; i += 2) {
        bytes[i] = HR_KIND_list;
        bytes[i + 1] = 1;
    }
    struct hr_value value;
    struct hr_reader in = hr_reader_over((struct hr_text){bytes, sizeof bytes});
    assert_false(hr_get_value(&in, &arena, &value));
    hr_arena_close(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_comes_back_as_it_was),
        cmocka_unit_test(every_flipped_byte_of_a_header_breaks_the_chain),
        cmocka_unit_test(every_flipped_byte_of_a_part_or_its_salt_is_seen),
        cmocka_unit_test(every_cut_header_is_refused),
        cmocka_unit_test(a_header_tells_nothing_personal),
        cmocka_unit_test(a_newer_fact_is_refused_and_not_skipped),
        cmocka_unit_test(values_of_every_kind_survive),
        cmocka_unit_test(a_value_too_deep_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
