/* The plan's parts in words: conditions, people, times, what starts an automation. */
#include "plan/aloud.h"

enum { WORDS_BYTES_MAX = 4 << 20 }; /* more than all files of a workspace can say in one place */

static struct hr_buffer words_in(struct hr_arena *into)
{
    struct hr_buffer words;
    hr_buffer_init(&words, into, WORDS_BYTES_MAX);
    return words;
}

/* ---- conditions ------------------------------------------------------------------------------------ */

static void add_clauses(struct hr_buffer *words, const struct hr_clauses *clauses,
                        const char *joint);

/* Groups are read as "any of (a; b)": their depth is that of the reader, so the recursion ends. */
static void add_clause(struct hr_buffer *words, const struct hr_clause *clause)
{
    static const char *const openings[] = {[HR_CLAUSE_line] = "",
                                           [HR_CLAUSE_all] = "all of (",
                                           [HR_CLAUSE_any] = "any of (",
                                           [HR_CLAUSE_none] = "none of ("};
    if (clause->kind == HR_CLAUSE_line) {
        hr_buffer_add_text(words, hr_expr_say(clause->expr, words->arena));
        return;
    }
    const struct hr_clauses inner = {clause->items, clause->count};
    hr_buffer_add_text(words, hr_text_from(openings[clause->kind]));
    add_clauses(words, &inner, "; ");
    hr_buffer_add_byte(words, ')');
}

static void add_clauses(struct hr_buffer *words, const struct hr_clauses *clauses,
                        const char *joint)
{
    for (size_t i = 0; i < clauses->count; i++) {
        hr_buffer_add_text(words, i == 0 ? HR_TEXT_NONE : hr_text_from(joint));
        add_clause(words, &clauses->items[i]);
    }
}

struct hr_text hr_aloud_clauses(struct hr_arena *into, const struct hr_clauses *clauses,
                                const char *joint)
{
    struct hr_buffer words = words_in(into);
    add_clauses(&words, clauses, joint);
    return hr_buffer_text(&words);
}

/* ---- people ---------------------------------------------------------------------------------------- */

struct hr_text hr_aloud_party(struct hr_arena *into, const struct hr_plan *plan,
                              const struct hr_party *party)
{
    switch (party->kind) {
    case HR_PARTY_person:
        return plan->people[party->index].name;
    case HR_PARTY_team:
        return hr_text_format(into, "team %.*s", HR_SHOW(plan->teams[party->index].title));
    case HR_PARTY_owner:
        return HR_TEXT("the record's owner");
    case HR_PARTY_none:
        break;
    }
    return HR_TEXT_NONE;
}

struct hr_text hr_aloud_parties(struct hr_arena *into, const struct hr_plan *plan,
                                const struct hr_parties *parties, const char *joint)
{
    struct hr_buffer words = words_in(into);
    for (size_t i = 0; i < parties->count; i++) {
        hr_buffer_add_text(&words, i == 0 ? HR_TEXT_NONE : hr_text_from(joint));
        hr_buffer_add_text(&words, hr_aloud_party(into, plan, &parties->items[i]));
    }
    return hr_buffer_text(&words);
}

/* ---- numbers and times ------------------------------------------------------------------------------- */

struct hr_text hr_aloud_share(struct hr_arena *into, int32_t share)
{
    int32_t part = share % 100;
    if (part == 0) {
        return hr_text_format(into, "%d%%", share / 100);
    }
    return part % 10 == 0 ? hr_text_format(into, "%d.%d%%", share / 100, part / 10)
                          : hr_text_format(into, "%d.%02d%%", share / 100, part);
}

static void add_days(struct hr_buffer *words, const struct hr_schedule *schedule)
{
    static const char *const names[] = {"monday", "tuesday",  "wednesday", "thursday",
                                        "friday", "saturday", "sunday"};
    size_t said = 0;
    if (schedule->day_of_month > 0) {
        hr_buffer_add_format(words, "every month on day %u", schedule->day_of_month);
    } else if (schedule->business_days) {
        hr_buffer_add_format(words, "every business day");
    } else if (schedule->weekdays == 0x7F) {
        hr_buffer_add_format(words, "every day");
    } else {
        for (unsigned i = 0; i < 7; i++) {
            if ((schedule->weekdays >> i & 1U) != 0) {
                hr_buffer_add_format(words, "%s%s", said++ == 0 ? "every " : " and ", names[i]);
            }
        }
    }
    hr_buffer_add_format(words, " at %02u:%02u", schedule->minute / 60, schedule->minute % 60);
}

struct hr_text hr_aloud_trigger(struct hr_arena *into, const struct hr_plan *plan,
                                const struct hr_trigger *trigger)
{
    static const char *const missed[] = {[HR_IF_MISSED_run_once] = "; missed times run once",
                                         [HR_IF_MISSED_skip] = "; missed times are skipped",
                                         [HR_IF_MISSED_run_all] =
                                             "; missed times run one after another"};
    struct hr_buffer words = words_in(into);
    for (size_t i = 0; i < trigger->event_count; i++) {
        hr_buffer_add_text(&words, i == 0 ? HR_TEXT("when ") : HR_TEXT(" or "));
        hr_buffer_add_text(&words, plan->event_names[trigger->events[i]].name);
    }
    if (!trigger->scheduled) {
        hr_buffer_add_text(&words, HR_TEXT(" comes"));
        return hr_buffer_text(&words);
    }
    const struct hr_schedule *schedule = &trigger->schedule;
    if (schedule->kind == HR_SCHEDULE_days) {
        add_days(&words, schedule);
    } else {
        hr_buffer_add_format(&words, "by %s %.*s",
                             schedule->kind == HR_SCHEDULE_cron ? "cron" : "the rule",
                             HR_SHOW(schedule->text));
    }
    hr_buffer_add_text(&words, hr_text_from(missed[trigger->if_missed]));
    return hr_buffer_text(&words);
}

struct hr_text hr_aloud_reenter(struct hr_arena *into, const struct hr_reenter *reenter)
{
    switch (reenter->kind) {
    case HR_REENTER_never:
        return HR_TEXT("never");
    case HR_REENTER_every_event:
        return HR_TEXT("for every event; a repeat of the same event never counts");
    case HR_REENTER_after:
        return hr_text_format(into, "after %.*s at the earliest",
                              HR_SHOW(hr_span_write(into, reenter->after)));
    case HR_REENTER_once_per:
        return hr_text_format(into, "once for each %.*s", HR_SHOW(hr_expr_say(reenter->key, into)));
    case HR_REENTER_unsaid:
        break;
    }
    return HR_TEXT_NONE;
}
