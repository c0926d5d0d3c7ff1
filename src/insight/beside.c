/* Whose word holds: what its contract says about a field, who chose its value, and what its other writers say. */
#include "insight/contact.h"
#include "plan/records.h"

/* ---- the contract ------------------------------------------------------------------------------- */

struct hr_text hr_say_consent_proof(const struct hr_ask *ask, const struct hr_contract *contract)
{
    struct hr_buffer out = hr_page_in(ask->into);
    for (size_t i = 0; i < contract->proof_count; i++) {
        bool last = i + 1 == contract->proof_count;
        hr_buffer_add_format(&out, "%s%.*s",
                             i == 0 ? ""
                             : last ? " and "
                                    : ", ",
                             HR_SHOW(contract->proof[i]));
    }
    return hr_buffer_text(&out);
}

static struct hr_text source_words(const struct hr_ask *ask, const struct hr_writer *source)
{
    switch (source->kind) {
    case HR_WRITER_tool:
        return ask->plan->tools[source->index].title;
    case HR_WRITER_automation:
        return hr_text_format(ask->into, "the automation %.*s",
                              HR_SHOW(ask->plan->automations[source->index].id));
    case HR_WRITER_people:
        return HR_TEXT("a person");
    case HR_WRITER_unsubscribe_page:
        return HR_TEXT("the unsubscribe page");
    case HR_WRITER_ai:
    case HR_WRITER_none:
        break;
    }
    return HR_TEXT("its source of truth");
}

static struct hr_text rule_words(const struct hr_ask *ask, const struct hr_field *field)
{
    if (field->type == HR_FIELD_consent) {
        struct hr_text proof = hr_say_consent_proof(ask, field->contract);
        return hr_text_format(ask->into,
                              "the newest word holds; a yes counts only with its proof%s%.*s%s, "
                              "and what was withdrawn comes back only by a newer one",
                              proof.size > 0 ? " (" : "", HR_SHOW(proof),
                              proof.size > 0 ? ")" : "");
    }
    switch (field->contract->on_conflict) {
    case HR_ON_CONFLICT_ask:
        return HR_TEXT("the newest word of whoever spoke first holds, and a person is asked about "
                       "others");
    case HR_ON_CONFLICT_keep_first:
        return HR_TEXT("the first word holds");
    case HR_ON_CONFLICT_never_overwrite:
        return HR_TEXT("the first word holds, and a person is asked about others");
    case HR_ON_CONFLICT_source_wins:
        return hr_text_format(ask->into, "the newest word of %.*s holds",
                              HR_SHOW(source_words(ask, &field->contract->source)));
    case HR_ON_CONFLICT_people_win:
        return HR_TEXT("the newest word of a person holds, and of tools where no person spoke");
    case HR_ON_CONFLICT_newest:
    case HR_ON_CONFLICT_unsaid:
        break;
    }
    return HR_TEXT("the newest word holds");
}

/* Where the rule stands, or else the field. */
static struct hr_place place_of(const struct hr_contract *contract)
{
    return contract->on_conflict_place.line > 0 ? contract->on_conflict_place : contract->place;
}

void hr_write_contract(const struct hr_ask *ask, struct hr_buffer *page, int32_t field)
{
    const struct hr_field *what = &ask->plan->fields[field];
    const struct hr_contract *contract = what->contract;
    struct hr_text word = hr_on_conflict_word(contract->on_conflict);
    struct hr_place place = place_of(contract);
    struct hr_text rule = rule_words(ask, what);
    hr_buffer_add_format(page, "Its contract (%.*s:%u)", HR_SHOW(place.file), place.line);
    if (what->type == HR_FIELD_consent) {
        hr_buffer_add_format(page, ", a consent: %.*s.\n", HR_SHOW(rule));
    } else if (contract->on_conflict == HR_ON_CONFLICT_unsaid) {
        hr_buffer_add_format(page, " says nothing of conflicts: %.*s.\n", HR_SHOW(rule));
    } else {
        hr_buffer_add_format(page, ": `on_conflict: %.*s`: %.*s.\n", HR_SHOW(word), HR_SHOW(rule));
    }
}

struct hr_value hr_contract_tree(const struct hr_ask *ask, int32_t field)
{
    const struct hr_field *what = &ask->plan->fields[field];
    struct hr_place place = place_of(what->contract);
    struct hr_object object = hr_object_in(ask->into);
    hr_put_words(&object, "on_conflict", hr_on_conflict_word(what->contract->on_conflict));
    hr_put_words(&object, "text", rule_words(ask, what));
    hr_put_words(&object, "file", place.file);
    hr_put_number(&object, "line", place.line);
    return hr_object_value(&object);
}

/* ---- who chose --------------------------------------------------------------------------------- */

struct hr_text hr_say_chosen(const struct hr_ask *ask, const struct hr_contact *contact,
                             uint32_t field)
{
    const struct hr_pin *pin = hr_contact_pin(contact, field, ask->lens->now);
    if (pin == NULL) {
        return HR_TEXT_NONE;
    }
    struct hr_text person = hr_word_person(ask, pin->person);
    return pin->until == HR_INSTANT_NONE
               ? hr_text_format(ask->into, "chosen by %.*s", HR_SHOW(person))
               : hr_text_format(ask->into, "chosen by %.*s until %.*s", HR_SHOW(person),
                                HR_SHOW(hr_word_time(ask, pin->until)));
}

/* ---- what others say --------------------------------------------------------------------------- */

/* Who says the same stands beside the value only for the rules. */
static bool is_told(const struct hr_contact *contact, const struct hr_observed *observed,
                    uint32_t field)
{
    const struct hr_said *holder = hr_contact_field(contact, field);
    return observed->said.field == field &&
           (holder == NULL || !hr_value_equal(&holder->value, &observed->said.value));
}

static struct hr_text why_beside(const struct hr_ask *ask, const struct hr_observed *observed)
{
    static const char *const reasons[HR_BESIDE_COUNT] = {
        [HR_BESIDE_settled] = "it agrees now",
        [HR_BESIDE_by_rule] = "the contract keeps the other",
        [HR_BESIDE_conflict] = "the contract does not decide",
        [HR_BESIDE_forbidden] = "it may not write this field",
        [HR_BESIDE_pinned] = "a person chose another",
        [HR_BESIDE_unproven] = "it came without its proof",
        [HR_BESIDE_answered] = "a person has answered that",
    };
    struct hr_text reason = observed->beside < HR_BESIDE_COUNT
                                ? hr_text_from(reasons[observed->beside])
                                : HR_TEXT("it does not hold");
    struct hr_text issue =
        observed->issue == 0 ? HR_TEXT_NONE : hr_word_issue(ask, observed->issue);
    return issue.size == 0 ? reason
                           : hr_text_format(ask->into, "%.*s, a person is asked: %.*s",
                                            HR_SHOW(reason), HR_SHOW(issue));
}

bool hr_others_say(const struct hr_contact *contact, uint32_t field)
{
    for (size_t i = 0; i < contact->observed_count; i++) {
        if (is_told(contact, &contact->observed[i], field)) {
            return true;
        }
    }
    return false;
}

void hr_write_beside(const struct hr_ask *ask, struct hr_buffer *page,
                     const struct hr_contact *contact, uint32_t field, const char *indent)
{
    for (size_t i = 0; i < contact->observed_count; i++) {
        const struct hr_observed *observed = &contact->observed[i];
        if (is_told(contact, observed, field)) {
            hr_buffer_add_format(page, "%s%.*s says %.*s since %.*s (entry %llu): %.*s\n", indent,
                                 HR_SHOW(hr_word_writer(ask, observed->said.writer)),
                                 HR_SHOW(hr_word_value(ask, &observed->said.value)),
                                 HR_SHOW(hr_word_time(ask, observed->said.at)),
                                 (unsigned long long)observed->said.position,
                                 HR_SHOW(why_beside(ask, observed)));
        }
    }
}

struct hr_value hr_beside_tree(const struct hr_ask *ask, const struct hr_contact *contact,
                               uint32_t field)
{
    struct hr_items items = hr_items_in(ask->into);
    for (size_t i = 0; i < contact->observed_count; i++) {
        const struct hr_observed *observed = &contact->observed[i];
        if (!is_told(contact, observed, field)) {
            continue;
        }
        struct hr_object object = hr_object_in(ask->into);
        hr_put_words(&object, "writer_kind", hr_by_word(hr_writer_by(observed->said.writer)));
        hr_put_words(&object, "writer", hr_word(ask, hr_writer_name(observed->said.writer)));
        hr_put(&object, "value", observed->said.value);
        hr_put_time(&object, "since", observed->said.at);
        hr_put_words(&object, "why", hr_beside_word((enum hr_beside)observed->beside));
        hr_put_words(&object, "issue",
                     observed->issue == 0 ? HR_TEXT_NONE : hr_word_issue(ask, observed->issue));
        hr_put_number(&object, "entry", observed->said.position);
        hr_add(&items, hr_object_value(&object));
    }
    return hr_items_value(&items);
}
