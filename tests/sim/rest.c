/* When a seed has come to rest, everything is read once and all checks look at it. */
#include "sim/sim.h"

static uint64_t mixed(uint64_t hash, const void *bytes, size_t size)
{
    return (hash ^ hr_text_hash((struct hr_text){bytes, size})) * UINT64_C(0x9E3779B97F4A7C15);
}

static uint64_t hash_of(struct world *world, const struct state *state)
{
    struct hr_digest chain = hr_store_chain(world->store);
    uint64_t hash = mixed(world->seed, chain.bytes, sizeof chain.bytes);
    for (size_t i = 0; i < state->record_count; i++) {
        struct hr_buffer row;
        size_t folded = 0;
        hr_buffer_init(&row, &world->round, 8 << 20);
        hr_record_write(&row, state->records[i], &folded);
        hash = mixed(hash, row.data, row.size);
    }
    return hash;
}

static void check_chain(struct world *world)
{
    struct hr_store_reader *reader = NULL;
    struct hr_verified verified;
    must(world, hr_store_reader_open(&world->options, &reader), "opening a reader");
    hr_status status = hr_store_verify(reader, &world->round, &verified);
    hr_store_reader_close(reader);
    must(world, status, "verify");
    if (verified.first_broken != 0) {
        fail(world, "the chain breaks at %llu: %.*s", (unsigned long long)verified.first_broken,
             HR_SHOW(verified.what));
    }
}

static void check_rebuild(struct world *world)
{
    uint64_t differences = 0;
    struct hr_text first = HR_TEXT_NONE;
    must(world, hr_store_rebuild(world->store, &differences, &first, &world->round), "rebuild");
    if (differences != 0) {
        fail(world, "%llu rows differ from a rebuild: %.*s", (unsigned long long)differences,
             HR_SHOW(first));
    }
}

void check_rest(struct world *world, uint64_t *ret_hash)
{
    struct state state = {0};
    check_chain(world);
    struct hr_store_reader *reader = host_reader(world);
    must(world,
         hr_store_read_records(reader, 0, SIZE_MAX, &world->round, &state.records,
                               &state.record_count),
         "records");
    state.entry_count = hr_store_position(world->store);
    state.entries = hr_arena_new_many(&world->round, struct hr_entry, state.entry_count);
    state.headers = hr_arena_new_many(&world->round, struct hr_text, state.entry_count);
    for (uint64_t i = 0; i < state.entry_count; i++) {
        must(world,
             hr_store_read_entry_at(reader, i + 1, &world->round, &state.entries[i],
                                    &state.headers[i]),
             "entry");
    }
    hr_store_reader_close(reader);
    *ret_hash = hash_of(world, &state);
    check_acknowledged(world);
    check_journal(world, &state);
    check_state(world, &state);
    check_runs(world, &state);
    check_works(world, &state);
    check_ticks(world, &state);
    check_effects(world, &state);
    check_intents(world, &state);
    check_consents(world, &state);
    if (!world->quick) {
        check_replay(world, &state);
        check_orders(world);
        check_rebuild(world);
    }
    the_tally.entries += state.entry_count;
    bool fewest = the_tally.entries_least == 0 || state.entry_count < the_tally.entries_least;
    the_tally.entries_least = fewest ? state.entry_count : the_tally.entries_least;
}
