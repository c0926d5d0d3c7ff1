/* What is known of a contact. Every writer comes through here: the contract says whether the word holds, is noted
 * beside the value that does, or is a question for a person; nothing is lost and nobody wins by being last. */
#include "engine/agreed.h"

/* One word on its way into a contact. */
struct writing {
    struct hr_step *step;
    uint64_t contact;
    const struct hr_field *field;
    const struct hr_word_said *word;
    struct hr_ruling ruling;
};

static struct hr_key member_key(uint32_t field, uint32_t writer)
{
    return hr_key_pair(field, writer);
}

/* ---- questions ------------------------------------------------------------------------------------ */

static bool is_question(enum hr_beside beside, uint32_t writer)
{
    switch (beside) {
    case HR_BESIDE_conflict:
    case HR_BESIDE_forbidden:
    case HR_BESIDE_unproven:
        return true;
    case HR_BESIDE_pinned: /* an automation sees the pin and says so itself */
        return hr_writer_by(writer) == HR_BY_tool;
    case HR_BESIDE_settled:
    case HR_BESIDE_by_rule:
    case HR_BESIDE_answered:
    case HR_BESIDE_COUNT:
        break;
    }
    return false;
}

int32_t hr_field_asked(const struct hr_plan *plan, enum hr_cause cause, uint32_t writer)
{
    int32_t tool = hr_writer_by(writer) == HR_BY_tool
                       ? hr_plan_tool_numbered(plan, hr_writer_name(writer))
                       : HR_NONE_INDEX;
    return cause == HR_CAUSE_forbidden && tool >= 0 ? plan->tools[tool].owner : plan->contact_owner;
}

/* The issue that asks about a word; 0 where nobody is asked. */
static hr_status ask_about(const struct writing *writing, enum hr_beside beside,
                           const struct hr_said *said, uint64_t *ret_issue)
{
    struct hr_step *step = writing->step;
    *ret_issue = 0;
    if (!is_question(beside, said->writer)) {
        return hr_done();
    }
    enum hr_cause cause = beside == HR_BESIDE_forbidden ? HR_CAUSE_forbidden : HR_CAUSE_conflict;
    int32_t person = hr_field_asked(step->plan, cause, said->writer);
    const struct hr_issue_of of = {
        .cause = cause,
        .about = said->field,
        .detail = said->writer,
        .owner = person,
        .told = person,
    };
    return hr_step_issue(step, &of, ret_issue);
}

static hr_status leave(struct hr_step *step, uint64_t contact, const struct hr_observed *observed,
                       enum hr_membership how)
{
    struct hr_key key = member_key(observed->said.field, observed->said.writer);
    return observed->issue == 0 ? hr_done()
                                : hr_step_leave(step, observed->issue, contact, 0, &key, how);
}

/* state: enum hr_beside, and HR_BESIDE_NO_NEWS. */
static hr_status end_question(struct hr_step *step, uint64_t contact,
                              const struct hr_observed *observed, unsigned state,
                              enum hr_membership how)
{
    const struct hr_observed copy = *observed; /* the fact moves the array that it stands in */
    const struct hr_fact fact = {
        .kind = HR_FACT_field_observed,
        .record = contact,
        .name = copy.said.field,
        .other = copy.said.writer,
        .at = copy.said.at,
        .state = (uint8_t)state,
        .value = copy.said.value,
    };
    HR_TRY(hr_step_emit(step, &fact));
    return leave(step, contact, &copy, how);
}

hr_status hr_step_end_question(struct hr_step *step, uint64_t contact,
                               const struct hr_observed *observed, enum hr_membership how)
{
    return end_question(step, contact, observed, HR_BESIDE_answered, how);
}

/* ---- a word beside the value that holds --------------------------------------------------------- */

/* Who says what holds, or what they said before, tells nobody anything. */
static bool is_news(const struct hr_contact *contact, const struct hr_observed *known,
                    const struct hr_said *said, enum hr_beside beside)
{
    const struct hr_said *holder = hr_contact_field(contact, said->field);
    bool agrees = holder != NULL && hr_value_equal(&holder->value, &said->value);
    bool again = known != NULL && known->beside == (uint8_t)beside &&
                 hr_value_equal(&known->said.value, &said->value);
    return !agrees && !again;
}

static hr_status note(const struct writing *writing, const struct hr_said *said,
                      enum hr_beside beside)
{
    struct hr_step *step = writing->step;
    const struct hr_contact *contact = hr_step_contact(step, writing->contact);
    HR_STEP_HAVE(contact != NULL);
    const struct hr_observed *known = hr_contact_observed(contact, said->field, said->writer);
    const struct hr_observed fresh = {.said = *said};
    const struct hr_observed before = known == NULL ? fresh : *known;
    uint64_t issue = 0;
    if (known == NULL && contact->observed_count >= HR_OBSERVED_MAX) {
        return hr_done(); /* so much is in question here already that one word more helps nobody */
    }
    bool news =
        is_news(contact, known, said, beside); /* before asking: that may move what is known */
    HR_TRY(ask_about(writing, beside, said, &issue));
    const struct hr_fact fact = {
        .kind = HR_FACT_field_observed,
        .record = writing->contact,
        .name = said->field,
        .other = said->writer,
        .number = issue,
        .at = said->at,
        .state = (uint8_t)((unsigned)beside | (news ? 0U : HR_BESIDE_NO_NEWS)),
        .value = said->value,
    };
    HR_TRY(hr_step_emit(step, &fact));
    if (issue == before.issue) {
        return hr_done();
    }
    struct hr_key key = member_key(said->field, said->writer);
    HR_TRY(leave(step, writing->contact, &before, HR_MEMBER_moved));
    return issue == 0 ? hr_done() : hr_step_join(step, issue, writing->contact, 0, &key);
}

/* It is the newest word of its writer: what they said before it counts no more. */
static bool is_newest(const struct writing *writing, const struct hr_contact *contact,
                      const struct hr_observed *known)
{
    const struct hr_word_said *word = writing->word;
    const struct hr_said *holder = hr_contact_field(contact, writing->field->name_number);
    if (holder != NULL && holder->writer == word->writer && holder->at > word->at) {
        return false;
    }
    return known == NULL || known->said.at < word->at ||
           (known->said.at == word->at &&
            hr_value_order(writing->step->arena, &known->said.value, &word->value) < 0);
}

static hr_status note_word(const struct writing *writing)
{
    const struct hr_word_said *word = writing->word;
    const struct hr_contact *contact = hr_step_contact(writing->step, writing->contact);
    HR_STEP_HAVE(contact != NULL);
    const struct hr_observed *known =
        hr_contact_observed(contact, writing->field->name_number, word->writer);
    bool same = known != NULL && hr_value_equal(&known->said.value, &word->value);
    /* what a person has answered is no question again until its writer says something else */
    enum hr_beside beside =
        same && known->beside == HR_BESIDE_answered ? HR_BESIDE_answered : writing->ruling.beside;
    /* when it was said again matters only where it may come to hold */
    bool again = same && known->beside == (uint8_t)beside &&
                 writing->field->contract->on_conflict != HR_ON_CONFLICT_ask;
    if (!is_newest(writing, contact, known) || again) {
        return hr_done();
    }
    const struct hr_said said = {.field = writing->field->name_number,
                                 .writer = word->writer,
                                 .at = word->at,
                                 .value = word->value};
    return note(writing, &said, beside);
}

/* Whoever says what holds now has no other word beside it any more, and nobody is asked about one. */
static hr_status agree(const struct writing *writing)
{
    const struct hr_contact *contact = hr_step_contact(writing->step, writing->contact);
    HR_STEP_HAVE(contact != NULL);
    const struct hr_observed *known =
        hr_contact_observed(contact, writing->field->name_number, writing->word->writer);
    return known == NULL || !is_newest(writing, contact, known)
               ? hr_done()
               : end_question(writing->step, writing->contact, known, HR_BESIDE_settled,
                              HR_MEMBER_proven);
}

/* ---- a word that holds ---------------------------------------------------------------------------- */

/* What becomes of a word that was a question: its writer's newer one holds, it holds itself, or a person decided. */
static unsigned answer_of(const struct writing *writing, const struct hr_observed *observed)
{
    if (observed->said.writer == writing->word->writer) {
        return HR_BESIDE_settled;
    }
    if (!hr_value_equal(&observed->said.value, &writing->ruling.value)) {
        return HR_BESIDE_answered;
    }
    /* where the first word decides, who agrees now may yet turn out to have been the first */
    return writing->field->contract->on_conflict == HR_ON_CONFLICT_ask
               ? (unsigned)HR_BESIDE_by_rule | HR_BESIDE_NO_NEWS
               : HR_BESIDE_settled;
}

/* Questions that the new value answers: those of its own writer, those of whoever says the same, and all of them when a
 * person decided. */
static hr_status settle(const struct writing *writing)
{
    struct hr_step *step = writing->step;
    const struct hr_word_said *word = writing->word;
    bool person = hr_writer_by(word->writer) == HR_BY_person;
    const struct hr_contact *contact = hr_step_contact(step, writing->contact);
    HR_STEP_HAVE(contact != NULL);
    for (size_t i = 0; i < contact->observed_count;) {
        const struct hr_observed *observed = &contact->observed[i];
        bool same = hr_value_equal(&observed->said.value, &writing->ruling.value);
        bool answered = observed->said.field == writing->field->name_number &&
                        observed->issue != 0 &&
                        (person || same || observed->said.writer == word->writer);
        if (!answered) {
            i++;
            continue;
        }
        HR_TRY(end_question(step, writing->contact, observed, answer_of(writing, observed),
                            HR_MEMBER_proven));
        contact = hr_step_contact(step, writing->contact);
        HR_STEP_HAVE(contact != NULL);
        i = 0; /* the array is another one now, with one question less */
    }
    return hr_done();
}

static hr_status emit_word(const struct writing *writing, bool wins)
{
    const struct hr_word_said *word = writing->word;
    bool beside = writing->ruling.verdict == HR_VERDICT_beside ||
                  writing->ruling.verdict == HR_VERDICT_repeats;
    const struct hr_fact fact = {
        .kind = HR_FACT_field_set,
        .record = writing->contact,
        .name = writing->field->name_number,
        .other = word->writer,
        .at = wins ? writing->ruling.at : word->at,
        .state = (uint8_t)((wins ? HR_FIELD_WINS : 0) | (beside ? HR_FIELD_BESIDE : 0) |
                           (writing->field->watched ? HR_FIELD_KEEP_PAST : 0) |
                           (wins && writing->ruling.keeps_word ? HR_FIELD_KEEP_WORD : 0)),
        .value = wins ? writing->ruling.value : word->value,
    };
    return hr_step_emit(writing->step, &fact);
}

static hr_status hold(const struct writing *writing, const struct hr_said *holder)
{
    static const struct hr_said nobody = {0};
    const struct hr_said before = holder == NULL ? nobody : *holder;
    HR_TRY(settle(writing));
    HR_TRY(emit_word(writing, true));
    if (writing->field->watched && writing->ruling.at != writing->word->at) {
        HR_TRY(emit_word(writing,
                         false)); /* it gave another word the right to hold, and held once itself */
    }
    return writing->ruling.displaces ? note(writing, &before, writing->ruling.beside) : hr_done();
}

static hr_status claim(const struct writing *writing)
{
    if (writing->ruling.claimed_since == HR_INSTANT_NONE) {
        return hr_done();
    }
    const struct hr_fact fact = {.kind = HR_FACT_field_claimed,
                                 .record = writing->contact,
                                 .name = writing->field->name_number,
                                 .at = writing->ruling.claimed_since};
    return hr_step_emit(writing->step, &fact);
}

/* ---- writing ---------------------------------------------------------------------------------------- */

static bool already_past(const struct hr_contact *contact, uint32_t field,
                         const struct hr_word_said *word)
{
    for (size_t i = 0; i < contact->past_count; i++) {
        const struct hr_said *past = &contact->past[i];
        if (past->field == field && past->at == word->at &&
            hr_value_equal(&past->value, &word->value)) {
            return true;
        }
    }
    return false;
}

/* What does not hold joins the older values where a proof may ask for them, if its writer may write at all. */
static hr_status keep_past(const struct writing *writing, const struct hr_contact *contact)
{
    const struct hr_said *holder = hr_contact_field(contact, writing->field->name_number);
    bool allowed = writing->ruling.beside != HR_BESIDE_forbidden &&
                   writing->ruling.beside != HR_BESIDE_unproven;
    bool same = holder != NULL && holder->at == writing->word->at &&
                hr_value_equal(&holder->value, &writing->word->value);
#ifdef HR_PLANT_forgets_past
    return hr_done();
#endif
    if (!writing->field->watched || !allowed || same || holder == NULL ||
        already_past(contact, writing->field->name_number, writing->word)) {
        return hr_done();
    }
    return emit_word(writing, false);
}

static hr_status write_word(struct hr_step *step, uint64_t id, const struct hr_word_said *word)
{
    const struct hr_contact *contact = hr_step_contact(step, id);
    HR_STEP_HAVE(contact != NULL);
    struct writing writing = {
        .step = step, .contact = id, .field = hr_word_field(step->plan, word), .word = word};
    const struct hr_said *holder = hr_contact_field(contact, writing.field->name_number);
    if (holder == NULL && contact->field_count >= HR_FIELDS_MAX) {
        return hr_done(); /* full of fields that plans once had: the rest of the message counts all the same */
    }
    writing.ruling = hr_contract_judge(step->plan, contact, word, step->event->now, step->arena);
    if (writing.ruling.verdict == HR_VERDICT_holds) {
        HR_TRY(hold(&writing, holder));
        HR_TRY(claim(&writing));
        return hr_field_moves_load(writing.field) ? hr_step_recount(step, id) : hr_done();
    }
    HR_TRY(keep_past(&writing, contact));
    HR_TRY(claim(&writing));
    switch (writing.ruling.verdict) {
    case HR_VERDICT_beside:
        return note_word(&writing);
    case HR_VERDICT_repeats:
        return agree(&writing);
    case HR_VERDICT_holds:
    case HR_VERDICT_older:
        break;
    }
    return hr_done();
}

hr_status hr_step_write(struct hr_step *step, uint64_t contact, const struct hr_word_said *word)
{
    HR_TRY(write_word(step, contact, word));
    return hr_step_keep_consent(step, contact, word);
}

/* ---- what a tool's message says ------------------------------------------------------------------------ */

/* A consent counts with what its contract wants as proof, and only in the tool's own message: in what somebody hands
 * in, a file of rows, nothing shows that the customer said it. */
static void prove(struct hr_step *step, const struct hr_field *field, struct hr_word_said *word)
{
    if (field->type != HR_FIELD_consent) {
        return;
    }
    /* a clock that was set back must not let what was said before they left stand behind it */
    word->at = word->at < step->event->now ? word->at : step->event->now;
    bool brought = hr_consent_proof(step->arena, field, step->event->heard, &word->proof);
    word->proven = brought && step->event->person == 0;
}

hr_status hr_step_set_fields(struct hr_step *step, uint64_t contact)
{
    const struct hr_heard *heard = step->event->heard;
    for (size_t i = 0; i < heard->field_count; i++) {
        const struct hr_field *field = &step->plan->fields[heard->fields[i].field];
        struct hr_word_said word = {
            .field = heard->fields[i].field,
            .writer = hr_writer(HR_BY_tool, step->plan->tools[heard->tool].name_number),
            .at = heard->occurred_at,
            .value = heard->fields[i].value,
        };
        prove(step, field, &word);
        HR_TRY(hr_step_write(step, contact, &word));
    }
    return hr_done();
}

const struct hr_said *hr_field_at(const struct hr_contact *contact, uint32_t field, hr_instant at)
{
    const struct hr_said *now = hr_contact_field(contact, field);
    if (now == NULL || now->at <= at) {
        return now;
    }
    const struct hr_said *found = NULL;
    for (size_t i = 0; i < contact->past_count; i++) {
        const struct hr_said *past = &contact->past[i];
        if (past->field == field && past->at <= at) {
            found = past; /* they stand by time, so the last one is the newest */
        }
    }
    return found;
}
