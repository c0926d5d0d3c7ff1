/* Who may be written to: the ledger's newest word, the addresses that left, and the field that shows it; the stricter
 * holds. */
#include "engine/consent.h"

#include "data/time.h"
#include "engine/suppressed.h"

/* ---- may it leave? --------------------------------------------------------------------------------- */

/* All that counts for one contact and one purpose. */
struct weighed {
    const struct hr_contact *contact;
    const struct hr_purpose *purpose;
    const struct hr_consent *stands; /* NULL: nothing was said */
    const struct hr_said *shown;     /* by the field of the purpose; NULL: nothing */
    uint64_t suppressed;             /* hr_suppression; 0: no address of theirs */
};

static bool shows(const struct hr_said *said, struct hr_text word)
{
    return said != NULL && hr_text_equal(hr_value_as_text(&said->value), word);
}

/* Somebody said yes for them, and nothing proved it. */
static bool is_claimed(const struct weighed *weighed, uint32_t field)
{
    const struct hr_contact *contact = weighed->contact;
    for (size_t i = 0; i < contact->observed_count; i++) {
        const struct hr_observed *observed = &contact->observed[i];
        if (observed->said.field == field && observed->beside == HR_BESIDE_unproven) {
            return true;
        }
    }
    return shows(weighed->shown, HR_TEXT("given"));
}

static struct hr_consent_answer by_word(enum hr_consent_why why, const struct hr_consent *word)
{
    return (struct hr_consent_answer){
        .why = why, .at = word->at, .writer = word->writer, .position = word->position};
}

static struct hr_consent_answer plain(enum hr_consent_why why)
{
    return (struct hr_consent_answer){.why = why, .at = HR_INSTANT_NONE};
}

static struct hr_consent_answer decide(const struct weighed *weighed, uint32_t field)
{
    const struct hr_consent *stands = weighed->stands;
    if (stands != NULL && stands->said == HR_CONSENT_no) {
        return by_word(HR_CONSENT_WHY_withdrawn, stands);
    }
    hr_instant left_at = hr_suppression_at(weighed->suppressed);
    if (weighed->suppressed != 0 && (stands == NULL || left_at >= stands->at)) {
        return (struct hr_consent_answer){.why = HR_CONSENT_WHY_suppressed,
                                          .at = left_at,
                                          .writer =
                                              hr_writer(hr_suppression_by(weighed->suppressed), 0)};
    }
    if (shows(weighed->shown, HR_TEXT("withdrawn"))) {
        return (struct hr_consent_answer){.why = HR_CONSENT_WHY_withdrawn,
                                          .at = weighed->shown->at,
                                          .writer = weighed->shown->writer,
                                          .position = weighed->shown->position};
    }
    if (!weighed->purpose->needs_consent) {
        return plain(HR_CONSENT_WHY_not_needed);
    }
    if (stands != NULL) {
        return by_word(HR_CONSENT_WHY_given, stands);
    }
    return plain(is_claimed(weighed, field) ? HR_CONSENT_WHY_unproven : HR_CONSENT_WHY_never);
}

static hr_status weigh(struct hr_step *step, const struct hr_contact *contact,
                       const struct hr_purpose *purpose, struct hr_consent_answer *ret_answer)
{
    const struct hr_suppressing what = {.purpose = purpose->name_number,
                                        .channel = HR_CHANNEL_email};
    struct hr_addresses addresses;
    uint64_t oldest = 0;
    uint32_t field =
        purpose->consent_field < 0 ? 0 : step->plan->fields[purpose->consent_field].name_number;
    struct weighed weighed = {
        .contact = contact,
        .purpose = purpose,
        .stands = hr_contact_consent(contact, purpose->name_number, HR_CHANNEL_email),
        .shown = field == 0 ? NULL : hr_contact_field(contact, field),
    };
    HR_TRY(hr_addresses_of(step, contact, &what, &addresses));
    HR_TRY(hr_suppressed_since(step, &addresses, &weighed.suppressed, &oldest));
    *ret_answer = decide(&weighed, field);
    return hr_done();
}

struct hr_text hr_consent_why_word(enum hr_consent_why why)
{
    static const char *const words[HR_CONSENT_WHY_COUNT] = {
        "given",        "not needed", "nobody",    "no purpose",
        "never agreed", "unproven",   "withdrawn", "suppressed"};
    return hr_text_from(why < HR_CONSENT_WHY_COUNT ? words[why] : "unknown");
}

/* ---- in words --------------------------------------------------------------------------------------- */

static struct hr_text said_by(const struct hr_step *step, uint32_t writer)
{
    const struct hr_plan *plan = step->plan;
    uint32_t name = hr_writer_name(writer);
    int32_t index = HR_NONE_INDEX;
    switch (hr_writer_by(writer)) {
    case HR_BY_tool:
        index = hr_plan_tool_numbered(plan, name);
        return index < 0 ? HR_TEXT("a tool") : plan->tools[index].id;
    case HR_BY_person:
        index = hr_plan_person_numbered(plan, name);
        return index < 0 ? HR_TEXT("a person who works here") : plan->people[index].id;
    case HR_BY_automation:
        return HR_TEXT("an automation");
    case HR_BY_page:
        return HR_TEXT("the link in a letter");
    case HR_BY_complaint:
        return HR_TEXT("a complaint about a letter");
    case HR_BY_ai:
    case HR_BY_COUNT:
        break;
    }
    return HR_TEXT("somebody");
}

/* What each reason says before and behind the purpose's name. */
static const struct {
    const char *before;
    const char *behind;
} sentences[HR_CONSENT_WHY_COUNT] = {
    [HR_CONSENT_WHY_given] = {"agreed to ", ""},
    [HR_CONSENT_WHY_not_needed] = {"", " needs no consent"},
    [HR_CONSENT_WHY_nobody] = {"there is no such contact any more", ""},
    [HR_CONSENT_WHY_no_purpose] = {"the workspace has no such purpose", ""},
    [HR_CONSENT_WHY_never] = {"never agreed to ", ""},
    [HR_CONSENT_WHY_unproven] = {"nothing proves that they agreed to ", " themselves"},
    [HR_CONSENT_WHY_withdrawn] = {"withdrew from ", ""},
    [HR_CONSENT_WHY_suppressed] = {"an address of theirs left ", ""},
};

static struct hr_text words_of(struct hr_step *step, const struct hr_consent_answer *answer,
                               struct hr_text purpose)
{
    const char *before = sentences[answer->why].before;
    const char *behind = sentences[answer->why].behind;
    if (answer->at == HR_INSTANT_NONE) {
        return hr_text_format(step->arena, "%s%.*s%s", before, HR_SHOW(purpose), behind);
    }
    hr_instant at = answer->at - answer->at % HR_SECOND_US; /* nobody reads fractions */
    return hr_text_format(step->arena, "%s%.*s%s on %.*s by %.*s", before, HR_SHOW(purpose), behind,
                          HR_SHOW(hr_instant_write(step->arena, at)),
                          HR_SHOW(said_by(step, answer->writer)));
}

hr_status hr_step_consent(struct hr_step *step, uint64_t contact, int32_t purpose,
                          struct hr_consent_answer *ret_answer)
{
    const struct hr_policies *policies = &step->plan->policies;
    const struct hr_record *record = hr_step_record(step, contact);
    HR_STEP_HAVE(record != NULL);
    struct hr_text named = HR_TEXT_NONE;
    if (purpose < 0 || (size_t)purpose >= policies->purpose_count) {
        *ret_answer = plain(HR_CONSENT_WHY_no_purpose);
    } else if (!record->exists || record->kind != HR_RECORD_contact) {
        *ret_answer = plain(HR_CONSENT_WHY_nobody);
    } else {
        named = policies->purposes[purpose].id;
        HR_TRY(weigh(step, record->contact, &policies->purposes[purpose], ret_answer));
    }
    ret_answer->may =
        ret_answer->why == HR_CONSENT_WHY_given || ret_answer->why == HR_CONSENT_WHY_not_needed;
    ret_answer->words = words_of(step, ret_answer, named);
    return step->arena->failed ? hr_answer(HR_E_MEMORY) : hr_done();
}

hr_status hr_engine_consent(const struct hr_engine *engine, struct hr_view *view, uint64_t contact,
                            int32_t purpose, struct hr_needs *needs,
                            struct hr_consent_answer *ret_answer)
{
    struct hr_step step = {
        .engine = engine, .plan = engine->plan, .view = view, .needs = needs, .arena = view->arena};
    hr_step_begin(&step);
    return hr_step_consent(&step, contact, purpose, ret_answer);
}
