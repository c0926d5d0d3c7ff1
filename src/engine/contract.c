/* Who is right about a field: a table of rules, each a pure comparison of two words. */
#include "engine/contract.h"

/* ---- writers ------------------------------------------------------------------------------------- */

static bool is_writer(const struct hr_plan *plan, const struct hr_writer *allowed, uint32_t writer)
{
    uint32_t name = hr_writer_name(writer);
    enum hr_by by = hr_writer_by(writer);
    switch (allowed->kind) {
    case HR_WRITER_tool:
        return by == HR_BY_tool && plan->tools[allowed->index].name_number == name;
    case HR_WRITER_people:
        return by == HR_BY_person;
    case HR_WRITER_automation:
        return by == HR_BY_automation && plan->automations[allowed->index].name_number == name;
    case HR_WRITER_unsubscribe_page:
        return by == HR_BY_page;
    case HR_WRITER_ai:
        return by == HR_BY_ai;
    case HR_WRITER_none:
        break;
    }
    return false;
}

bool hr_contract_allows(const struct hr_plan *plan, const struct hr_contract *contract,
                        uint32_t writer)
{
    if (contract == NULL || !contract->writers_said) {
        return true;
    }
    for (size_t i = 0; i < contract->writer_count; i++) {
        if (is_writer(plan, &contract->writers[i], writer)) {
            return true;
        }
    }
    return is_writer(plan, &contract->source, writer);
}

/* ---- two words ------------------------------------------------------------------------------------- */

struct contest {
    const struct hr_plan *plan;
    const struct hr_contract *contract;
    const struct hr_contact *contact;
    const struct hr_word_said *word;
    const struct hr_said *holder;
    struct hr_arena *scratch;
};

/* Negative: the word was said of an earlier moment than the value that holds; zero: they are one. Of two for one moment
 * any order will do that does not ask which came first: by value, then by writer. */
static int against(const struct contest *contest)
{
    const struct hr_word_said *word = contest->word;
    const struct hr_said *holder = contest->holder;
    if (word->at != holder->at) {
        return word->at < holder->at ? -1 : 1;
    }
    int order = hr_value_order(contest->scratch, &word->value, &holder->value);
    return order != 0 ? order : (word->writer > holder->writer) - (word->writer < holder->writer);
}

static bool differs(const struct contest *contest)
{
    return !hr_value_equal(&contest->word->value, &contest->holder->value);
}

static struct hr_ruling word_holds(const struct hr_word_said *word)
{
    return (struct hr_ruling){.verdict = HR_VERDICT_holds,
                              .beside = HR_BESIDE_by_rule,
                              .claimed_since = HR_INSTANT_NONE,
                              .at = word->at,
                              .value = word->value};
}

static struct hr_ruling holds(const struct contest *contest)
{
    return word_holds(contest->word);
}

static struct hr_ruling gives_way(enum hr_verdict verdict, enum hr_beside beside)
{
    return (struct hr_ruling){
        .verdict = verdict, .beside = beside, .claimed_since = HR_INSTANT_NONE};
}

/* It says what holds already, or something else that does not hold. */
static struct hr_ruling loses(const struct contest *contest, enum hr_beside beside)
{
    return differs(contest) ? gives_way(HR_VERDICT_beside, beside)
                            : gives_way(HR_VERDICT_repeats, beside);
}

/* ---- the rules --------------------------------------------------------------------------------------- */

static struct hr_ruling newest(const struct contest *contest)
{
    int order = against(contest);
    return order > 0
               ? holds(contest)
               : gives_way(order == 0 ? HR_VERDICT_repeats : HR_VERDICT_older, HR_BESIDE_by_rule);
}

static struct hr_ruling keep_first(const struct contest *contest)
{
    return against(contest) < 0 ? holds(contest) : loses(contest, HR_BESIDE_by_rule);
}

static struct hr_ruling never_overwrite(const struct contest *contest)
{
    if (against(contest) >= 0) {
        return loses(contest, HR_BESIDE_conflict);
    }
    struct hr_ruling ruling = holds(contest);
    ruling.displaces = differs(contest);
    ruling.beside = HR_BESIDE_conflict;
    return ruling;
}

/* Two classes of writers: the newest word of the higher one. */
static struct hr_ruling by_rank(const struct contest *contest, bool word_ranks, bool holder_ranks)
{
    if (word_ranks != holder_ranks) {
        return word_ranks ? holds(contest) : loses(contest, HR_BESIDE_by_rule);
    }
    return newest(contest);
}

static struct hr_ruling source_wins(const struct contest *contest)
{
    const struct hr_writer *source = &contest->contract->source;
    return by_rank(contest, is_writer(contest->plan, source, contest->word->writer),
                   is_writer(contest->plan, source, contest->holder->writer));
}

static struct hr_ruling people_win(const struct contest *contest)
{
    return by_rank(contest, hr_writer_by(contest->word->writer) == HR_BY_person,
                   hr_writer_by(contest->holder->writer) == HR_BY_person);
}

static bool is_newer(const struct contest *contest, const struct hr_said *known)
{
    const struct hr_word_said *word = contest->word;
    return known->at > word->at ||
           (known->at == word->at &&
            hr_value_order(contest->scratch, &known->value, &word->value) > 0);
}

/* The field is whose first word is the earliest. They may change it; another who says otherwise is a question. Without
 * a claim on record it is theirs since the value that holds. */
static struct hr_ruling ask(const struct contest *contest)
{
    const struct hr_word_said *word = contest->word;
    hr_instant claim = hr_contact_claim(contest->contact, contest->holder->field);
    hr_instant since = claim == HR_INSTANT_NONE ? contest->holder->at : claim;
    if (word->writer == contest->holder->writer) {
        struct hr_ruling ruling = newest(contest);
        hr_instant first = word->at < since ? word->at : since;
        ruling.claimed_since = first == claim || word->at == since ? HR_INSTANT_NONE : first;
        return ruling;
    }
    /* of two who spoke first at one moment the one with the lower number: any order will do, if it is one */
    bool earlier =
        word->at < since || (word->at == since && word->writer < contest->holder->writer);
    if (!earlier) { /* who agrees is noted too: an earlier word of theirs may make them the first */
        return gives_way(HR_VERDICT_beside,
                         differs(contest) ? HR_BESIDE_conflict : HR_BESIDE_by_rule);
    }
    const struct hr_observed *known =
        hr_contact_observed(contest->contact, contest->holder->field, word->writer);
    struct hr_ruling ruling = holds(contest);
    bool newer = known != NULL && is_newer(contest, &known->said);
    if (newer) {
        ruling.at = known->said.at;
        ruling.value = known->said.value;
    }
    ruling.keeps_word = true;
    ruling.displaces = !hr_value_equal(&ruling.value, &contest->holder->value);
    ruling.beside = HR_BESIDE_conflict;
    ruling.claimed_since = claim == HR_INSTANT_NONE && !newer ? HR_INSTANT_NONE : word->at;
    return ruling;
}

static bool is_given(const struct hr_word_said *word)
{
    return hr_text_equal(hr_value_as_text(&word->value), HR_TEXT("given"));
}

static bool is_unproven(const struct hr_field *field, const struct hr_word_said *word)
{
    return field->type == HR_FIELD_consent && is_given(word) && !word->proven;
}

/* Withdrawn stays withdrawn until the person says yes again, later and provably. */
static struct hr_ruling consent(const struct contest *contest)
{
    bool given = is_given(contest->word);
#ifdef HR_PLANT_yes_by_arrival
    return holds(contest);
#endif
    if (contest->word->at == contest->holder->at && differs(contest)) {
        return given ? loses(contest, HR_BESIDE_by_rule) : holds(contest); /* the stricter */
    }
    return newest(contest);
}

typedef struct hr_ruling (*rule)(const struct contest *contest);
static const rule rules[] = {
    [HR_ON_CONFLICT_unsaid] = newest,
    [HR_ON_CONFLICT_ask] = ask,
    [HR_ON_CONFLICT_keep_first] = keep_first,
    [HR_ON_CONFLICT_newest] = newest,
    [HR_ON_CONFLICT_source_wins] = source_wins,
    [HR_ON_CONFLICT_people_win] = people_win,
    [HR_ON_CONFLICT_never_overwrite] = never_overwrite,
};

/* ---- the verdict --------------------------------------------------------------------------------------- */

/* The first word about a field. */
static struct hr_ruling first_word(const struct hr_field *field, const struct hr_word_said *word)
{
    return is_unproven(field, word) ? gives_way(HR_VERDICT_beside, HR_BESIDE_unproven)
                                    : word_holds(word);
}

struct hr_ruling hr_contract_judge(const struct hr_plan *plan, const struct hr_contact *contact,
                                   const struct hr_word_said *word, hr_instant now,
                                   struct hr_arena *scratch)
{
    const struct hr_field *field = hr_word_field(plan, word);
    const struct hr_contract *contract = field->contract;
    const struct contest contest = {
        .plan = plan,
        .contract = contract,
        .contact = contact,
        .word = word,
        .holder = hr_contact_field(contact, field->name_number),
        .scratch = scratch,
    };
    bool person = hr_writer_by(word->writer) == HR_BY_person;
    const struct hr_pin *pin = hr_contact_pin(contact, field->name_number, now);
    if (word->leaves) {
        return contest.holder == NULL ? word_holds(word) : newest(&contest);
    }
    if (!hr_contract_allows(plan, contract, word->writer)) {
        return contest.holder == NULL ? gives_way(HR_VERDICT_beside, HR_BESIDE_forbidden)
                                      : loses(&contest, HR_BESIDE_forbidden);
    }
    if (contest.holder == NULL) {
        return first_word(field, word);
    }
#ifdef HR_PLANT_last_writer_wins
    return holds(&contest);
#endif
    if (is_unproven(field, word) && (person || pin == NULL)) {
        return loses(&contest, HR_BESIDE_unproven); /* nobody says yes for somebody else */
    }
    if (person) {
        return newest(&contest); /* whatever machines agreed on, a person who may write decides */
    }
    if (pin != NULL) {
        return loses(&contest, HR_BESIDE_pinned);
    }
    if (field->type == HR_FIELD_consent) {
        return consent(&contest);
    }
    return rules[contract->on_conflict](&contest);
}
