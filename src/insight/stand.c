/* One instance of a handoff as it stands now, and the safe next step for its contact. */
#include "insight/inside.h"

enum hr_stand hr_stand_now(const struct hr_ask *ask, const struct hr_instance *instance)
{
    return hr_instance_stand(instance, ask->lens->now);
}

/* ---- in words -------------------------------------------------------------------------------- */

static struct hr_text say_failed(const struct hr_ask *ask, const struct hr_instance *instance)
{
    if (!instance->incorrect) {
        return hr_text_format(ask->into, "failed since %.*s: no proof since it opened at %.*s",
                              HR_SHOW(hr_word_time(ask, instance->fail_at)),
                              HR_SHOW(hr_word_time(ask, instance->opened_at)));
    }
    const struct hr_value *values = &instance->mismatch_values;
    struct hr_text saw = HR_TEXT_NONE;
    if (values->kind == HR_KIND_list && values->count == 2) {
        struct hr_text seen = hr_word_seen(ask, &values->items[0]);
        saw = hr_text_format(ask->into, ", and it is %.*s", HR_SHOW(seen));
    }
    return hr_text_format(ask->into, "failed since %.*s: it should be that %.*s%.*s (entry %llu)",
                          HR_SHOW(hr_word_time(ask, instance->judged_at)),
                          HR_SHOW(instance->mismatch), HR_SHOW(saw),
                          (unsigned long long)instance->judged_by);
}

/* "; fails at 11:02:09" where it may still fail. */
static struct hr_text say_fails(const struct hr_ask *ask, const struct hr_instance *instance)
{
    return instance->fail_at == HR_INSTANT_NONE
               ? HR_TEXT_NONE
               : hr_text_format(ask->into, "; fails at %.*s",
                                HR_SHOW(hr_word_time(ask, instance->fail_at)));
}

static struct hr_text say_open(const struct hr_ask *ask, const struct hr_instance *instance)
{
    struct hr_text opened = hr_word_time(ask, instance->opened_at);
    struct hr_text fails = say_fails(ask, instance);
    if (instance->late_at == HR_INSTANT_NONE) {
        return hr_text_format(ask->into, "open since %.*s, without a limit", HR_SHOW(opened));
    }
    struct hr_text late = hr_word_time(ask, instance->late_at);
    return hr_text_format(ask->into, "open since %.*s: late at %.*s%.*s", HR_SHOW(opened),
                          HR_SHOW(late), HR_SHOW(fails));
}

static struct hr_text say_late(const struct hr_ask *ask, const struct hr_instance *instance)
{
    return hr_text_format(ask->into, "late since %.*s (opened %.*s)%.*s",
                          HR_SHOW(hr_word_time(ask, instance->late_at)),
                          HR_SHOW(hr_word_time(ask, instance->opened_at)),
                          HR_SHOW(say_fails(ask, instance)));
}

static struct hr_text say_proven(const struct hr_ask *ask, const struct hr_instance *instance,
                                 const char *how)
{
    int64_t took = instance->judged_at - instance->opened_at;
    struct hr_text at = hr_word_time(ask, instance->judged_at);
    if (took <= 0) {
        return hr_text_format(ask->into, "%s %.*s, at once (entry %llu)", how, HR_SHOW(at),
                              (unsigned long long)instance->judged_by);
    }
    return hr_text_format(ask->into, "%s %.*s, after %.*s (entry %llu)", how, HR_SHOW(at),
                          HR_SHOW(hr_duration_say(ask->into, took)),
                          (unsigned long long)instance->judged_by);
}

static struct hr_text say_marked(const struct hr_ask *ask, const struct hr_instance *instance,
                                 bool recovering)
{
    struct hr_text person = hr_word_person(ask, instance->marked_by);
    struct hr_text at = hr_word_time(ask, instance->marked_at);
    if (!recovering) {
        return hr_text_format(ask->into, "closed without proof by %.*s %.*s", HR_SHOW(person),
                              HR_SHOW(at));
    }
    return hr_text_format(ask->into, "recovery marked by %.*s %.*s, proof awaited until %.*s",
                          HR_SHOW(person), HR_SHOW(at),
                          HR_SHOW(hr_word_time(ask, instance->marked_until)));
}

struct hr_text hr_say_stand(const struct hr_ask *ask, const struct hr_instance *instance)
{
    switch (hr_stand_now(ask, instance)) {
    case HR_STAND_open:
        return say_open(ask, instance);
    case HR_STAND_late:
        return say_late(ask, instance);
    case HR_STAND_failed:
        return say_failed(ask, instance);
    case HR_STAND_recovering:
        return say_marked(ask, instance, true);
    case HR_STAND_waived:
        return say_marked(ask, instance, false);
    case HR_STAND_confirmed:
        return say_proven(ask, instance, "proven");
    case HR_STAND_late_confirmed:
        return say_proven(ask, instance, "proven late");
    case HR_STAND_recovered:
        return say_proven(ask, instance, "proven after recovery");
    case HR_STAND_count:
    case HR_STAND_none:
        break;
    }
    return HR_TEXT_NONE;
}

/* ---- for machines ---------------------------------------------------------------------------- */

struct hr_value hr_stand_tree(const struct hr_ask *ask, const struct hr_instance *instance)
{
    struct hr_object object = hr_object_in(ask->into);
    struct hr_items missing = hr_items_in(ask->into);
    bool judged = instance->judged_at != HR_INSTANT_NONE;
    for (size_t i = 0; i < instance->missing_count; i++) {
        hr_add(&missing, hr_value_text(hr_word(ask, instance->missing[i])));
    }
    hr_put_words(&object, "handoff", hr_word(ask, instance->handoff));
    hr_put_words(&object, "title", hr_word_handoff(ask, instance->handoff));
    hr_put_words(&object, "key", instance->key_shown);
    hr_put_words(&object, "stand", hr_stand_word(hr_stand_now(ask, instance)));
    hr_put_time(&object, "opened_at", instance->opened_at);
    hr_put_number(&object, "opened_by", instance->opened_by);
    hr_put_time(&object, "late_at", instance->late_at);
    hr_put_time(&object, "fail_at", instance->fail_at);
    hr_put_time(&object, "proven_at",
                judged && !instance->incorrect ? instance->judged_at : HR_INSTANT_NONE);
    hr_put(&object, "judged_by",
           judged ? hr_value_int((int64_t)instance->judged_by) : hr_value_null());
    hr_put_truth(&object, "incorrect", instance->incorrect);
    hr_put_words(&object, "mismatch", instance->mismatch);
    hr_put(&object, "mismatch_values", instance->mismatch_values);
    hr_put(&object, "missing", hr_items_value(&missing));
    hr_put_words(&object, "issue", hr_word_issue(ask, instance->issues[HR_SLOT_proof]));
    hr_put_words(&object, "issue_of_missing",
                 hr_word_issue(ask, instance->issues[HR_SLOT_missing]));
    hr_put_words(&object, "text", hr_say_stand(ask, instance));
    return hr_object_value(&object);
}

/* ---- all of a contact ------------------------------------------------------------------------ */

static bool is_asked(const struct hr_ask *ask, const struct hr_instance *instance,
                     const bool *handoffs)
{
    int32_t place = hr_plan_handoff_numbered(ask->plan, instance->handoff);
    return handoffs == NULL || (place >= 0 && handoffs[place]);
}

static void write_issue(const struct hr_ask *ask, struct hr_buffer *page, uint64_t id)
{
    const struct hr_record *record = NULL;
    if (id == 0 || !hr_ok(hr_ask_record(ask, id, HR_RECORD_issue, &record)) || record == NULL) {
        return;
    }
    int32_t told = hr_issue_told(ask->plan, record->issue);
    struct hr_text failure_owner = told < 0 ? HR_TEXT("nobody") : ask->plan->people[told].name;
    hr_buffer_add_format(page, "      issue %.*s: %.*s, owner %.*s, failure owner %.*s\n",
                         HR_SHOW(hr_word_issue_number(ask, record->issue->number)),
                         HR_SHOW(hr_issue_state_word((enum hr_issue_state)record->issue->state)),
                         HR_SHOW(hr_word_person(ask, record->issue->owner)),
                         HR_SHOW(failure_owner));
}

void hr_stands_write(const struct hr_ask *ask, struct hr_buffer *page,
                     const struct hr_contact *contact, const bool *handoffs)
{
    int widest = 0;
    for (size_t i = 0; i < contact->instance_count; i++) {
        int size = (int)hr_word_instance(ask, &contact->instances[i]).size;
        widest = is_asked(ask, &contact->instances[i], handoffs) && size > widest ? size : widest;
    }
    for (size_t i = 0; i < contact->instance_count; i++) {
        const struct hr_instance *instance = &contact->instances[i];
        if (!is_asked(ask, instance, handoffs)) {
            continue;
        }
        struct hr_text title = hr_word_instance(ask, instance);
        hr_buffer_add_format(page, "  %.*s%*s  %.*s\n", HR_SHOW(title), widest - (int)title.size,
                             "", HR_SHOW(hr_say_stand(ask, instance)));
        for (size_t k = 0; k < instance->missing_count; k++) {
            hr_buffer_add_format(page, "      came without %.*s\n",
                                 HR_SHOW(hr_word_field(ask, instance->missing[k])));
        }
        write_issue(ask, page, instance->issues[HR_SLOT_proof]);
        write_issue(ask, page, instance->issues[HR_SLOT_missing]);
    }
}

struct hr_value hr_stands_tree(const struct hr_ask *ask, const struct hr_contact *contact,
                               const bool *handoffs)
{
    struct hr_items items = hr_items_in(ask->into);
    for (size_t i = 0; i < contact->instance_count; i++) {
        if (is_asked(ask, &contact->instances[i], handoffs)) {
            hr_add(&items, hr_stand_tree(ask, &contact->instances[i]));
        }
    }
    return hr_items_value(&items);
}

/* ---- what to do now -------------------------------------------------------------------------- */

static int urgency(enum hr_stand stand)
{
    switch (stand) {
    case HR_STAND_failed:
        return 3;
    case HR_STAND_late:
        return 2;
    case HR_STAND_recovering:
        return 1;
    case HR_STAND_open:
    case HR_STAND_confirmed:
    case HR_STAND_late_confirmed:
    case HR_STAND_recovered:
    case HR_STAND_waived:
    case HR_STAND_count:
    case HR_STAND_none:
        return 0;
    }
    return 0;
}

/* The instance that needs somebody most; *ret_issue: the issue through which. */
static const struct hr_instance *neediest(const struct hr_ask *ask,
                                          const struct hr_contact *contact, const bool *handoffs,
                                          uint64_t *ret_issue)
{
    const struct hr_instance *found = NULL;
    int most = 0;
    for (size_t i = 0; i < contact->instance_count; i++) {
        const struct hr_instance *instance = &contact->instances[i];
        bool missing = instance->issues[HR_SLOT_missing] != 0;
        bool failing = instance->issues[HR_SLOT_proof] != 0;
        int urgent = failing ? 1 + urgency(hr_stand_now(ask, instance)) : missing ? 1 : 0;
        if (is_asked(ask, instance, handoffs) && urgent > most) {
            most = urgent;
            found = instance;
            *ret_issue = instance->issues[failing ? HR_SLOT_proof : HR_SLOT_missing];
        }
    }
    return found;
}

static const struct hr_instance *first_open(const struct hr_ask *ask,
                                            const struct hr_contact *contact, const bool *handoffs)
{
    for (size_t i = 0; i < contact->instance_count; i++) {
        const struct hr_instance *instance = &contact->instances[i];
        if (is_asked(ask, instance, handoffs) && hr_stand_now(ask, instance) == HR_STAND_open) {
            return instance;
        }
    }
    return NULL;
}

hr_status hr_next_of(const struct hr_ask *ask, const struct hr_contact *contact,
                     const bool *handoffs, struct hr_next *ret_next)
{
    uint64_t issue = 0;
    const struct hr_instance *instance = neediest(ask, contact, handoffs, &issue);
    const struct hr_record *record = NULL;
    *ret_next = (struct hr_next){.words = HR_TEXT("Nothing is wrong; there is nothing to do.")};
    if (instance == NULL) {
        const struct hr_instance *open = first_open(ask, contact, handoffs);
        if (open != NULL) {
            ret_next->words =
                hr_text_format(ask->into, "Nothing is late. Handrail waits for the proof of %.*s.",
                               HR_SHOW(hr_word_instance(ask, open)));
        }
        return hr_done();
    }
    HR_TRY(hr_ask_record(ask, issue, HR_RECORD_issue, &record));
    if (record == NULL) {
        return hr_done();
    }
    struct hr_failure failure = {.record = record,
                                 .issue = record->issue,
                                 .handoff = hr_issue_handoff(ask->plan, record->issue)};
    if (hr_stand_now(ask, instance) == HR_STAND_recovering) {
        ret_next->words =
            hr_text_format(ask->into, "Recovery is under way: wait for proof until %.*s.",
                           HR_SHOW(hr_word_time(ask, instance->marked_until)));
        return hr_done();
    }
    ret_next->command = hr_say_command(ask, &failure);
    ret_next->words = hr_say_recovery(ask, &failure);
    return hr_done();
}

void hr_next_question(const struct hr_ask *ask, const struct hr_contact *contact, uint32_t field,
                      struct hr_next *next)
{
    for (size_t i = 0; i < contact->observed_count && next->command.size == 0; i++) {
        const struct hr_observed *observed = &contact->observed[i];
        struct hr_text issue = HR_TEXT_NONE;
        if (observed->issue != 0 && (field == 0 || observed->said.field == field)) {
            issue = hr_word_issue(ask, observed->issue);
        }
        if (issue.size > 0) {
            next->command =
                hr_text_format(ask->into, "handrail exceptions show %.*s", HR_SHOW(issue));
            next->words = hr_text_format(ask->into, "A person is asked about %.*s.",
                                         HR_SHOW(hr_word_field(ask, observed->said.field)));
        }
    }
}

void hr_next_write(const struct hr_ask *ask, struct hr_buffer *page, const struct hr_next *next)
{
    (void)ask;
    if (next->command.size == 0) {
        hr_buffer_add_format(page, "%.*s\n", HR_SHOW(next->words));
        return;
    }
    hr_buffer_add_format(page, "Safe next step: %.*s\n  %.*s\n", HR_SHOW(next->command),
                         HR_SHOW(next->words));
}

struct hr_value hr_next_tree(const struct hr_ask *ask, const struct hr_next *next)
{
    struct hr_object object = hr_object_in(ask->into);
    hr_put_words(&object, "command", next->command);
    hr_put_words(&object, "text", next->words);
    return hr_object_value(&object);
}
