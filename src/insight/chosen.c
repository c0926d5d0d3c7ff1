/* What the engine chose, in words: candidates with their verdicts, rows of tables, times that were missed. */
#include "insight/chosen.h"

#include "plan/aloud.h"
#include "plan/words.h"

static struct hr_text name_of(const struct hr_ask *ask, int32_t person)
{
    return ask->plan->people[person].name;
}

/* "3 January", "3 January 2027" where it is another year: the last day of an absence. */
static struct hr_text last_day(const struct hr_ask *ask, hr_instant back_at)
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    struct hr_civil day = hr_zone_civil(ask->plan->zone, back_at - 1);
    struct hr_civil now = hr_zone_civil(ask->plan->zone, ask->lens->now);
    struct hr_text words =
        hr_text_format(ask->into, "%u %s", day.day, months[(day.month - 1) % 12]);
    return day.year == now.year
               ? words
               : hr_text_format(ask->into, "%.*s %d", HR_SHOW(words), (int)day.year);
}

/* ---- one candidate --------------------------------------------------------------------------- */

static struct hr_text say_away(const struct hr_ask *ask, const struct hr_candidate *candidate)
{
    return hr_text_format(ask->into, "away until %.*s", HR_SHOW(last_day(ask, candidate->back_at)));
}

/* "26 open contacts" */
static struct hr_text say_load(const struct hr_ask *ask, enum hr_record_type record, uint32_t load)
{
    struct hr_text noun =
        load == 1 ? hr_words_record_type.items[record] : hr_words_records.items[record];
    return hr_text_format(ask->into, "%u open %.*s", load, HR_SHOW(noun));
}

/* Which of the person's fields a rule reads, as a sum of bits 1 << enum hr_scope_person_field. Groups of groups end
 * where those of the files do. */
static unsigned person_fields(const struct hr_clause *rule)
{
    unsigned fields = 0;
    for (size_t i = 0; rule->kind != HR_CLAUSE_line && i < rule->count; i++) {
        fields |= person_fields(&rule->items[i]);
    }
    for (unsigned i = 0; rule->kind == HR_CLAUSE_line && i < HR_PERSON_FIELD_COUNT; i++) {
        bool reads = hr_plan_expr_reads(rule->expr, HR_SCOPE_person, (int32_t)i);
        fields |= reads ? 1U << i : 0U;
    }
    return fields;
}

/* "26 open contacts, and person load is above 25". One who is away needs no rule to be understood. */
static struct hr_text say_skipped(const struct hr_ask *ask, enum hr_record_type record,
                                  const struct hr_candidate *candidate)
{
    const unsigned away_bit = 1U << HR_PERSON_FIELD_away;
    const unsigned load_bit = 1U << HR_PERSON_FIELD_load;
    unsigned fields = person_fields(candidate->rule);
    if (fields == away_bit && candidate->away) {
        return say_away(ask, candidate);
    }
    const struct hr_clauses one = {candidate->rule, 1};
    struct hr_text rule = hr_aloud_clauses(ask->into, &one, " and ");
    struct hr_buffer out;
    hr_buffer_init(&out, ask->into, PAGE_BYTES_MAX);
    if ((fields & load_bit) != 0) {
        hr_buffer_add_format(&out, "%.*s, and ", HR_SHOW(say_load(ask, record, candidate->load)));
    }
    if ((fields & away_bit) != 0 && candidate->away) {
        hr_buffer_add_format(&out, "%.*s, and ", HR_SHOW(say_away(ask, candidate)));
    }
    hr_buffer_add_format(&out, "passed over where %.*s", HR_SHOW(rule));
    return hr_buffer_text(&out);
}

static struct hr_text say_why_chosen(const struct hr_ask *ask, enum hr_record_type record,
                                     const struct hr_candidate *candidate)
{
    switch (candidate->choice) {
    case HR_CHOICE_named:
        return HR_TEXT("named");
    case HR_CHOICE_sticky:
        return HR_TEXT("had it before");
    case HR_CHOICE_account:
        return HR_TEXT("owns the account");
    case HR_CHOICE_turn:
        return HR_TEXT("next in turn");
    case HR_CHOICE_load:
        return hr_text_format(ask->into, "the fewest, %.*s",
                              HR_SHOW(say_load(ask, record, candidate->load)));
    case HR_CHOICE_deputy:
        return hr_text_format(ask->into, "stands in for %.*s",
                              HR_SHOW(name_of(ask, candidate->instead_of)));
    case HR_CHOICE_queue:
        return HR_TEXT("holds the queue until somebody takes it");
    }
    return HR_TEXT_NONE;
}

static struct hr_text say_chosen(const struct hr_ask *ask, enum hr_record_type record,
                                 const struct hr_candidate *candidate)
{
    struct hr_text why = say_why_chosen(ask, record, candidate);
    if (!candidate->away) {
        return hr_text_format(ask->into, "chosen, %.*s", HR_SHOW(why));
    }
    return hr_text_format(ask->into, "%.*s and nobody stands in; chosen all the same, %.*s",
                          HR_SHOW(say_away(ask, candidate)), HR_SHOW(why));
}

static struct hr_text say_verdict(const struct hr_ask *ask, enum hr_record_type record,
                                  const struct hr_candidate *candidate)
{
    switch (candidate->verdict) {
    case HR_VERDICT_chosen:
        return say_chosen(ask, record, candidate);
    case HR_VERDICT_inactive:
        return HR_TEXT("works here no more");
    case HR_VERDICT_skipped:
        return say_skipped(ask, record, candidate);
    case HR_VERDICT_away:
        return say_away(ask, candidate);
    case HR_VERDICT_has_it:
        return HR_TEXT("has it now");
    case HR_VERDICT_busier:
        return hr_text_format(ask->into, "not the fewest, %.*s",
                              HR_SHOW(say_load(ask, record, candidate->load)));
    }
    return HR_TEXT_NONE;
}

struct hr_text hr_say_candidate(const struct hr_ask *ask, enum hr_record_type record,
                                const struct hr_candidate *candidate)
{
    return hr_text_format(ask->into, "%.*s: %.*s", HR_SHOW(name_of(ask, candidate->person)),
                          HR_SHOW(say_verdict(ask, record, candidate)));
}

/* ---- a row of a table ------------------------------------------------------------------------ */

struct hr_text hr_say_decision(const struct hr_ask *ask, const struct hr_decision *decision,
                               bool shows_values)
{
    const struct hr_table *table = decision->table;
    struct hr_buffer out;
    hr_buffer_init(&out, ask->into, PAGE_BYTES_MAX);
    const struct hr_place *place =
        decision->row < 0 ? &table->place : &table->rows[decision->row].place;
    if (decision->row < 0) {
        hr_buffer_add_format(&out, "no row");
    } else {
        hr_buffer_add_format(&out, "row %d", (int)decision->row + 1);
    }
    hr_buffer_add_format(&out, " of table %.*s (%.*s:%u)", HR_SHOW(table->id), HR_SHOW(place->file),
                         place->line);
    const char *joint = ": ";
    for (size_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].kind != HR_COLUMN_field) {
            continue;
        }
        const struct hr_field *field = &ask->plan->fields[table->columns[i].field];
        bool hidden = !shows_values && field->privacy != HR_PRIVACY_none &&
                      decision->seen[i].kind != HR_KIND_null;
        struct hr_text seen = hidden ? HR_TEXT("known (personal, not shown here)")
                                     : hr_word_seen(ask, &decision->seen[i]);
        hr_buffer_add_format(&out, "%s%.*s is %.*s", joint, HR_SHOW(field->title), HR_SHOW(seen));
        joint = ", ";
    }
    return hr_buffer_text(&out);
}

/* ---- the choice ------------------------------------------------------------------------------ */

/* What does not follow from the candidates alone. */
static void add_end(struct hr_buffer *out, const struct hr_ask *ask,
                    const struct hr_assignment *assignment)
{
    if (assignment->kind == HR_ASSIGNED_queue) {
        hr_buffer_add_format(out, "; it waits in the queue of team %.*s",
                             HR_SHOW(ask->plan->teams[assignment->team].title));
    } else if (assignment->kind == HR_ASSIGNED_nobody) {
        hr_buffer_add_format(out, "; nobody is left");
    } else if (assignment->kind == HR_ASSIGNED_kept) {
        hr_buffer_add_format(out, "; it stays where it is");
    }
    if (assignment->by == HR_ASSIGNED_BY_if_nobody) {
        hr_buffer_add_format(out, " (if_nobody)");
    } else if (assignment->by == HR_ASSIGNED_BY_most_times) {
        hr_buffer_add_format(out, " (most_times is reached)");
    }
}

struct hr_text hr_say_assignment(const struct hr_ask *ask, enum hr_record_type record,
                                 const struct hr_assignment *assignment, bool shows_values)
{
    struct hr_buffer out;
    hr_buffer_init(&out, ask->into, PAGE_BYTES_MAX);
    for (size_t i = 0; i < assignment->candidate_count; i++) {
        hr_buffer_add_text(&out, out.size > 0 ? HR_TEXT("; ") : HR_TEXT_NONE);
        hr_buffer_add_text(&out, hr_say_candidate(ask, record, &assignment->candidates[i]));
    }
    if (assignment->decision != NULL) {
        struct hr_text people = hr_buffer_text(&out);
        hr_buffer_init(&out, ask->into, PAGE_BYTES_MAX);
        hr_buffer_add_text(&out, hr_say_decision(ask, assignment->decision, shows_values));
        hr_buffer_add_text(&out, people.size > 0 ? HR_TEXT("; ") : HR_TEXT_NONE);
        hr_buffer_add_text(&out, people);
    }
    add_end(&out, ask, assignment);
    struct hr_text words = hr_buffer_text(&out);
    bool joined = hr_text_starts(words, HR_TEXT("; "));
    return joined ? hr_text_slice(words, 2, words.size) : words;
}

/* ---- times that were missed ------------------------------------------------------------------ */

static void add_what_was_done(struct hr_buffer *out, const struct hr_ticks *ticks)
{
    bool for_all = ticks->if_missed == HR_IF_MISSED_run_once;
    if (for_all) {
        hr_buffer_add_format(out, ticks->missed_run > 0 ? "run once, for the last of them"
                                                        : "the one on time stands for them");
    } else if (ticks->missed_run == 0) {
        hr_buffer_add_format(out, "not run");
    } else if (ticks->missed_run == ticks->missed && !ticks->missed_more) {
        hr_buffer_add_format(out, "each is run");
    } else {
        hr_buffer_add_format(out, "only the newest %u of them are run", ticks->missed_run);
    }
}

struct hr_text hr_say_missed(const struct hr_ask *ask, const struct hr_ticks *ticks)
{
    struct hr_buffer out;
    hr_buffer_init(&out, ask->into, PAGE_BYTES_MAX);
    if (ticks->missed == 0) {
        return HR_TEXT_NONE;
    }
    struct hr_text count = hr_word_count(ask, ticks->missed, "time", "times");
    struct hr_text first = hr_word_time(ask, ticks->missed_first);
    hr_buffer_add_format(&out, "%s%.*s %s missed, ", ticks->missed_more ? "more than " : "",
                         HR_SHOW(count), ticks->missed == 1 ? "was" : "were");
    if (ticks->missed == 1) {
        hr_buffer_add_format(&out, "%.*s; ", HR_SHOW(first));
    } else {
        struct hr_text last = hr_word_time(ask, ticks->missed_last);
        hr_buffer_add_format(&out, "from %.*s to %.*s; ", HR_SHOW(first), HR_SHOW(last));
    }
    add_what_was_done(&out, ticks);
    return hr_buffer_text(&out);
}
