/* How often each kind of fact and of fault was hit. */
#include "sim/sim.h"

#include <stdio.h>

struct tally the_tally;

static const char *const fault_words[] = {
#define FAULT_WORDS(symbol, words) words,
    FAULTS(FAULT_WORDS)
#undef FAULT_WORDS
};

static const char *const harm_words[] = {
    [HARM_lost_write] = "unsynced write lost",
    [HARM_torn_write] = "unsynced write torn",
    [HARM_reordered_write] = "unsynced writes reordered",
    [HARM_lost_create] = "unsynced new file lost",
    [HARM_undone_delete] = "unsynced deletion undone",
    [HARM_undone_truncate] = "unsynced truncation undone",
    [HARM_write_failed] = "write answered with an error",
    [HARM_sync_failed] = "fsync answered with an error",
    [HARM_no_room] = "write found the disk full",
    [HARM_power_in_write] = "power gone at a write",
    [HARM_power_in_sync] = "power gone at an fsync",
};

void hit(enum fault fault)
{
    the_tally.faults[fault]++;
}

void tally_add(const struct tally *more)
{
    the_tally.seeds += more->seeds;
    the_tally.entries += more->entries;
    the_tally.permutations += more->permutations;
    the_tally.restarts += more->restarts;
    bool fewer = more->seeds > 0 && more->entries_least < the_tally.entries_least;
    the_tally.entries_least =
        fewer || the_tally.entries_least == 0 ? more->entries_least : the_tally.entries_least;
    for (size_t i = 0; i < sizeof more->facts / sizeof more->facts[0]; i++) {
        the_tally.facts[i] += more->facts[i];
    }
    for (size_t i = 0; i < FAULT_count; i++) {
        the_tally.faults[i] += more->faults[i];
    }
    for (size_t i = 0; i < HARM_count; i++) {
        the_tally.harm[i] += more->harm[i];
    }
}

static size_t line(const char *kind, const char *what, uint64_t count, uint64_t least)
{
    bool few = count < least;
    printf("  %-5s  %-44s %10llu%s\n", kind, what, (unsigned long long)count,
           few ? "  too few" : "");
    return few;
}

size_t tally_print(uint64_t least)
{
    size_t few = 0;
#define F(number, symbol, version, home, slots, meaning)                                           \
    few += line("fact", #symbol, the_tally.facts[number], least);
#include "journal/facts.tbl"
#undef F
    for (size_t i = 0; i < FAULT_count; i++) {
        few += line("fault", fault_words[i], the_tally.faults[i], least);
    }
    for (size_t i = 0; i < HARM_count; i++) {
        few += line("disk", harm_words[i], the_tally.harm[i], least);
    }
    return few;
}
