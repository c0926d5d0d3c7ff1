/* What the engine chose, in words: candidates with their verdicts, rows of tables, times that were missed. What was
 * kept with a fact may be as old as the journal, so people and fields may be gone from the plan. */
#include "insight/chosen.h"

#include "plan/words.h"

/* ---- what was kept ------------------------------------------------------------------------- */

/* The item of a list; null where there is none. */
static struct hr_value item(const struct hr_value *list, uint32_t place)
{
    return list->kind == HR_KIND_list && place < list->count ? list->items[place] : hr_value_null();
}

/* 0 where there is no number. */
static uint32_t number(const struct hr_value *list, uint32_t place)
{
    struct hr_value value = item(list, place);
    bool fits = value.kind == HR_KIND_int && value.integer >= 0 && value.integer <= UINT32_MAX;
    return fits ? (uint32_t)value.integer : 0;
}

static struct hr_text words(const struct hr_value *list, uint32_t place)
{
    struct hr_value value = item(list, place);
    return hr_value_as_text(&value);
}

/* One who was looked at. */
struct candidate {
    enum hr_record_type record;
    struct hr_text name, instead_of;
    enum hr_choice choice;
    enum hr_choice_verdict verdict;
    uint32_t load;
    bool away;
    hr_instant back_at;
    struct hr_text rule;
    uint32_t reads;
};

static struct candidate candidate_of(const struct hr_ask *ask, const struct hr_value *kept,
                                     enum hr_record_type record)
{
    struct hr_value back = item(kept, HR_KEPT_CANDIDATE_back_at);
    return (struct candidate){
        .record = record,
        .name = hr_word_person(ask, number(kept, HR_KEPT_CANDIDATE_person)),
        .instead_of = hr_word_person(ask, number(kept, HR_KEPT_CANDIDATE_instead_of)),
        .choice = (enum hr_choice)number(kept, HR_KEPT_CANDIDATE_choice),
        .verdict = (enum hr_choice_verdict)number(kept, HR_KEPT_CANDIDATE_verdict),
        .load = number(kept, HR_KEPT_CANDIDATE_load),
        .away = back.kind == HR_KIND_time,
        .back_at = back.kind == HR_KIND_time ? back.time : HR_INSTANT_NONE,
        .rule = words(kept, HR_KEPT_CANDIDATE_rule),
        .reads = number(kept, HR_KEPT_CANDIDATE_reads),
    };
}

/* ---- one candidate ------------------------------------------------------------------------- */

/* "3 January", "3 January 2027" where it is another year: the last day of an absence. */
static struct hr_text last_day(const struct hr_ask *ask, hr_instant back_at)
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    struct hr_civil day = hr_zone_civil(ask->plan->zone, back_at - 1);
    struct hr_civil now = hr_zone_civil(ask->plan->zone, ask->lens->now);
    struct hr_text date = hr_text_format(ask->into, "%u %s", day.day, months[(day.month - 1) % 12]);
    return day.year == now.year
               ? date
               : hr_text_format(ask->into, "%.*s %d", HR_SHOW(date), (int)day.year);
}

static struct hr_text say_away(const struct hr_ask *ask, const struct candidate *candidate)
{
    return hr_text_format(ask->into, "away until %.*s", HR_SHOW(last_day(ask, candidate->back_at)));
}

/* "26 open contacts" */
static struct hr_text say_load(const struct hr_ask *ask, const struct candidate *candidate)
{
    const struct hr_words *nouns = candidate->load == 1 ? &hr_words_record_type : &hr_words_records;
    return hr_text_format(ask->into, "%u open %.*s", candidate->load,
                          HR_SHOW(nouns->items[candidate->record]));
}

/* "26 open contacts, and passed over where person load is above 25". One who is away needs no rule to be
 * understood. */
static struct hr_text say_skipped(const struct hr_ask *ask, const struct candidate *candidate)
{
    const uint32_t away_bit = 1U << HR_PERSON_FIELD_away;
    const uint32_t load_bit = 1U << HR_PERSON_FIELD_load;
    if (candidate->reads == away_bit && candidate->away) {
        return say_away(ask, candidate);
    }
    struct hr_buffer out;
    hr_buffer_init(&out, ask->into, PAGE_BYTES_MAX);
    if ((candidate->reads & load_bit) != 0) {
        hr_buffer_add_format(&out, "%.*s, and ", HR_SHOW(say_load(ask, candidate)));
    }
    if ((candidate->reads & away_bit) != 0 && candidate->away) {
        hr_buffer_add_format(&out, "%.*s, and ", HR_SHOW(say_away(ask, candidate)));
    }
    hr_buffer_add_format(&out, "passed over where %.*s", HR_SHOW(candidate->rule));
    return hr_buffer_text(&out);
}

static struct hr_text say_why_chosen(const struct hr_ask *ask, const struct candidate *candidate)
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
        return hr_text_format(ask->into, "the fewest, %.*s", HR_SHOW(say_load(ask, candidate)));
    case HR_CHOICE_deputy:
        return hr_text_format(ask->into, "stands in for %.*s", HR_SHOW(candidate->instead_of));
    case HR_CHOICE_queue:
        return HR_TEXT("holds the queue until somebody takes it");
    }
    return HR_TEXT_NONE;
}

static struct hr_text say_chosen(const struct hr_ask *ask, const struct candidate *candidate)
{
    struct hr_text why = say_why_chosen(ask, candidate);
    if (!candidate->away) {
        return hr_text_format(ask->into, "chosen, %.*s", HR_SHOW(why));
    }
    return hr_text_format(ask->into, "%.*s and nobody stands in; chosen all the same, %.*s",
                          HR_SHOW(say_away(ask, candidate)), HR_SHOW(why));
}

static struct hr_text say_verdict(const struct hr_ask *ask, const struct candidate *candidate)
{
    switch (candidate->verdict) {
    case HR_VERDICT_chosen:
        return say_chosen(ask, candidate);
    case HR_VERDICT_inactive:
        return HR_TEXT("works here no more");
    case HR_VERDICT_skipped:
        return say_skipped(ask, candidate);
    case HR_VERDICT_away:
        return say_away(ask, candidate);
    case HR_VERDICT_has_it:
        return HR_TEXT("has it now");
    case HR_VERDICT_busier:
        return hr_text_format(ask->into, "not the fewest, %.*s", HR_SHOW(say_load(ask, candidate)));
    }
    return HR_TEXT_NONE;
}

/* ---- a row of a table ---------------------------------------------------------------------- */

static void add_decision(struct hr_buffer *out, const struct hr_ask *ask,
                         const struct hr_value *decision, bool shows_values)
{
    uint32_t row = number(decision, HR_KEPT_DECISION_row);
    struct hr_value seen = item(decision, HR_KEPT_DECISION_seen);
    if (row == 0) {
        hr_buffer_add_text(out, HR_TEXT("no row"));
    } else {
        hr_buffer_add_format(out, "row %u", row);
    }
    hr_buffer_add_format(
        out, " of table %.*s (%.*s:%u)", HR_SHOW(words(decision, HR_KEPT_DECISION_table)),
        HR_SHOW(words(decision, HR_KEPT_DECISION_file)), number(decision, HR_KEPT_DECISION_line));
    for (uint32_t i = 0; seen.kind == HR_KIND_list && i + 1 < seen.count; i += 2) {
        uint32_t field = number(&seen, i);
        struct hr_value value = item(&seen, i + 1);
        bool hidden =
            !shows_values && value.kind != HR_KIND_null && hr_field_is_personal(ask, field);
        struct hr_text shown =
            hidden ? HR_TEXT("known (personal, not shown here)") : hr_word_seen(ask, &value);
        hr_buffer_add_format(out, "%s%.*s is %.*s", i == 0 ? ": " : ", ",
                             HR_SHOW(hr_word_field(ask, field)), HR_SHOW(shown));
    }
}

/* ---- the choice ---------------------------------------------------------------------------- */

/* "; " between two parts. */
static void add_joint(struct hr_buffer *out)
{
    hr_buffer_add_text(out, out->size > 0 ? HR_TEXT("; ") : HR_TEXT_NONE);
}

static struct hr_text team_title(const struct hr_ask *ask, struct hr_text id)
{
    int32_t team = hr_plan_team(ask->plan, id);
    return team < 0 ? id : ask->plan->teams[team].title;
}

/* What does not follow from the candidates alone. */
static void add_end(struct hr_buffer *out, const struct hr_ask *ask, const struct hr_value *kept)
{
    enum hr_assigned kind = (enum hr_assigned)number(kept, HR_KEPT_kind);
    enum hr_assigned_by by = (enum hr_assigned_by)number(kept, HR_KEPT_by);
    if (kind != HR_ASSIGNED_person) {
        add_joint(out);
    }
    if (kind == HR_ASSIGNED_queue) {
        hr_buffer_add_format(out, "it waits in the queue of team %.*s",
                             HR_SHOW(team_title(ask, words(kept, HR_KEPT_team))));
    } else if (kind == HR_ASSIGNED_nobody) {
        hr_buffer_add_text(out, HR_TEXT("nobody is left"));
    } else if (kind == HR_ASSIGNED_kept) {
        hr_buffer_add_text(out, HR_TEXT("it stays where it is"));
    }
    if (by == HR_ASSIGNED_BY_if_nobody) {
        hr_buffer_add_text(out, HR_TEXT(" (if_nobody)"));
    } else if (by == HR_ASSIGNED_BY_most_times) {
        hr_buffer_add_text(out, HR_TEXT(" (most_times is reached)"));
    }
}

struct hr_text hr_say_assignment(const struct hr_ask *ask, const struct hr_value *kept,
                                 bool shows_values)
{
    struct hr_value decision = item(kept, HR_KEPT_decision);
    struct hr_value candidates = item(kept, HR_KEPT_candidates);
    uint32_t left_out = number(kept, HR_KEPT_left_out);
    uint32_t kind_of_record = number(kept, HR_KEPT_record) % HR_RECORD_TYPE_COUNT;
    struct hr_buffer out;
    hr_buffer_init(&out, ask->into, PAGE_BYTES_MAX);
    if (decision.kind == HR_KIND_list) {
        add_decision(&out, ask, &decision, shows_values);
    }
    for (uint32_t i = 0; candidates.kind == HR_KIND_list && i < candidates.count; i++) {
        struct candidate candidate =
            candidate_of(ask, &candidates.items[i], (enum hr_record_type)kind_of_record);
        add_joint(&out);
        hr_buffer_add_format(&out, "%.*s: %.*s", HR_SHOW(candidate.name),
                             HR_SHOW(say_verdict(ask, &candidate)));
    }
    if (left_out > 0) {
        struct hr_text others = hr_word_count(ask, left_out, "other", "others");
        add_joint(&out);
        hr_buffer_add_format(&out, "and %.*s who did not get it", HR_SHOW(others));
    }
    add_end(&out, ask, kept);
    return hr_buffer_text(&out);
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

static hr_instant time_of(const struct hr_value *list, uint32_t place)
{
    struct hr_value value = item(list, place);
    return value.kind == HR_KIND_time ? value.time : HR_INSTANT_NONE;
}

struct hr_text hr_say_missed_of(const struct hr_ask *ask, const struct hr_fact *fact)
{
    struct hr_value more = item(&fact->value, HR_SEEN_missed_more);
    struct hr_ticks *ticks = hr_arena_new(ask->into, struct hr_ticks);
    if (ticks == NULL) {
        return HR_TEXT_NONE;
    }
    ticks->missed = (uint32_t)fact->number;
    ticks->missed_more = more.kind == HR_KIND_bool && more.truth;
    ticks->missed_run = number(&fact->value, HR_SEEN_missed_run);
    ticks->missed_first = time_of(&fact->value, HR_SEEN_missed_first);
    ticks->missed_last = time_of(&fact->value, HR_SEEN_missed_last);
    ticks->if_missed = (enum hr_if_missed)fact->from;
    return hr_say_missed(ask, ticks);
}

/* ---- how far a schedule has come --------------------------------------------------------------- */

struct hr_text hr_say_scheduled(const struct hr_ask *ask, const struct hr_scheduled *scheduled)
{
    struct hr_buffer out;
    hr_buffer_init(&out, ask->into, PAGE_BYTES_MAX);
    if (scheduled->timetable == 0) {
        return HR_TEXT_NONE;
    }
    hr_buffer_add_format(&out, "next %.*s", HR_SHOW(hr_word_time(ask, scheduled->next)));
    if (scheduled->tick_count > 0) {
        struct hr_text at = hr_word_time(ask, scheduled->ticks[0].at);
        hr_buffer_add_format(&out, "; being carried out for %.*s, %llu let in so far", HR_SHOW(at),
                             (unsigned long long)scheduled->let_in);
    }
    if (scheduled->last_at != HR_INSTANT_NONE) {
        struct hr_text at = hr_word_time(ask, scheduled->last_at);
        hr_buffer_add_format(&out, "; last for %.*s, %llu let in", HR_SHOW(at),
                             (unsigned long long)scheduled->last_let_in);
    }
    if (scheduled->missed > 0) {
        struct hr_text count = hr_word_count(ask, scheduled->missed, "time was", "times were");
        struct hr_text last = hr_word_time(ask, scheduled->missed_last);
        hr_buffer_add_format(&out, "; %.*s missed, the last %.*s", HR_SHOW(count), HR_SHOW(last));
    }
    return hr_buffer_text(&out);
}
