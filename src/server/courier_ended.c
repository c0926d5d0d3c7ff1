/* How deliveries end, in the engine's words. */
#include "server/courier.h"
#include "server/host.h"

struct hr_ended hr_ended_as(enum hr_outcome outcome, enum hr_fault fault, const char *why)
{
    return (struct hr_ended){.outcome = outcome,
                             .fault = (uint8_t)fault,
                             .retry_at = HR_INSTANT_NONE,
                             .answer = hr_text_from(why)};
}

struct hr_ended hr_ended_about(struct hr_courier *courier, enum hr_outcome outcome,
                               enum hr_fault fault, const char *why, struct hr_text name)
{
    struct hr_ended ended = hr_ended_as(outcome, fault, why);
    struct hr_text rest = ended.answer;
    size_t at = hr_text_search(rest, HR_TEXT("%.*s"));
    struct hr_text tail = hr_text_slice(rest, at + 4, rest.size);
    ended.answer = hr_text_format(&courier->arena, "%.*s%.*s%.*s", (int)at, rest.data,
                                  HR_SHOW(name), HR_SHOW(tail));
    return ended;
}

enum hr_outcome hr_outcome_of(enum hr_reached reached)
{
    static const enum hr_outcome outcomes[] = {
        [HR_REACHED_confirmed] = HR_OUTCOME_confirmed,
        [HR_REACHED_refused] = HR_OUTCOME_refused,
        [HR_REACHED_again] = HR_OUTCOME_again,
        [HR_REACHED_unknown] = HR_OUTCOME_unknown,
    };
    return outcomes[reached];
}

hr_instant hr_retry_at(uint32_t seconds)
{
    return seconds == 0 ? HR_INSTANT_NONE : hr_clock_now() + (hr_instant)seconds * HR_SECOND_US;
}

struct hr_ended hr_ended_of_check(struct hr_ended ended)
{
    if (ended.outcome == HR_OUTCOME_again || ended.outcome == HR_OUTCOME_refused) {
        ended.outcome = HR_OUTCOME_unknown;
    }
    return ended;
}

struct hr_text hr_name_word(const struct hr_names *names, uint32_t number)
{
    return number == 0 || number > names->count ? HR_TEXT("?") : names->words[number - 1];
}
