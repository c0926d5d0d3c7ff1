/* Lines of a story about consent: who leaves, who hands words in, and whether a message may leave. */
#include "story.h"

#include "engine/consent.h"

static bool is(struct hr_text text, const char *word)
{
    return hr_text_equal(text, hr_text_from(word));
}

/* ---- what happens ------------------------------------------------------------------------------- */

static int32_t purpose_of(struct story *story, struct hr_text word)
{
    int32_t purpose = hr_plan_purpose(story->plan, word);
    if (purpose < 0) {
        story_fail(story, "there is no purpose %.*s", HR_SHOW(word));
    }
    return purpose;
}

static void leave(struct story *story, struct hr_command done, struct hr_text email,
                  struct hr_text purpose)
{
    int32_t index = purpose_of(story, purpose);
    done.verb = HR_VERB_unsubscribe;
    done.until = HR_INSTANT_NONE;
    done.channel = HR_CHANNEL_email;
    done.contact = story_contact(story, email);
    done.other = index < 0 ? 0 : story->plan->policies.purposes[index].name_number;
    struct hr_event event = {.kind = HR_EVENT_command, .command = &done};
    if (done.contact == 0 || story_run(story, &event) == HR_BECAME_refused) {
        story_fail(story, "nobody could leave");
    }
}

bool story_timed_consent(struct story *story, struct hr_text subject, struct hr_text verb,
                         struct hr_text rest)
{
    int32_t person = hr_plan_person(story->plan, subject);
    if (person < 0 && (is(verb, "leaves") || is(verb, "complains"))) {
        bool complains = is(verb, "complains") && is(story_next_word(&rest), "of");
        const struct hr_command done = {.by = complains ? HR_BY_complaint : HR_BY_page};
        leave(story, done, subject, story_next_word(&rest));
        return true;
    }
    if (person >= 0 && is(verb, "withdraws")) {
        struct hr_text email = story_next_word(&rest);
        struct hr_text purpose = story_next_word(&rest);
        const struct hr_command done = {.person = story->plan->people[person].name_number,
                                        .text = story_next_word(&rest)};
        leave(story, done, email, purpose);
        return true;
    }
    if (person >= 0 && is(verb, "hands")) {
        (void)story_next_word(&rest); /* "in" */
        struct hr_text tool = story_next_word(&rest);
        struct hr_text event = story_next_word(&rest);
        story_hand_in(story, person, tool, event, rest);
        return true;
    }
    return false;
}

/* ---- what is expected --------------------------------------------------------------------------- */

static hr_status bring(struct story *story, const struct hr_needs *needs, struct hr_view *view)
{
    for (size_t i = 0; i < needs->entry_count; i++) {
        const struct hr_entry_name name = {needs->entries[i].space, needs->entries[i].key};
        HR_TRY(hr_store_fetch_entries(story->store, &name, 1, view));
    }
    return hr_store_fetch_records(story->store, needs->records, needs->record_count, view);
}

static struct hr_consent_answer ask(struct story *story, uint64_t contact, int32_t purpose)
{
    struct hr_view view;
    struct hr_needs *needs = hr_arena_new(&story->arena, struct hr_needs);
    struct hr_consent_answer answer = {.may = false};
    hr_view_init(&view, &story->arena);
    hr_status status = hr_answer(HR_E_NEEDS);
    for (int i = 0; i < 8 && status.code == HR_E_NEEDS; i++) {
        status = hr_engine_consent(&story->batch.engine, &view, contact, purpose, needs, &answer);
        if (status.code == HR_E_NEEDS && !hr_ok(bring(story, needs, &view))) {
            break;
        }
    }
    if (!hr_ok(status)) {
        story_fail(story, "whether they may get it cannot be said: %d", status.code);
    }
    return answer;
}

/* "may get marketing", "may not get marketing "never agreed"". */
void story_expect_consent(struct story *story, struct hr_text email, struct hr_text rest)
{
    (void)story_next_word(&rest); /* "may" */
    struct hr_text word = story_next_word(&rest);
    bool expected = !is(word, "not");
    if (!expected) {
        (void)story_next_word(&rest); /* "get" */
    }
    int32_t purpose = purpose_of(story, story_next_word(&rest));
    struct hr_text why = story_next_word(&rest);
    const struct hr_consent_answer answer = ask(story, story_contact(story, email), purpose);
    if (answer.may != expected || !hr_text_starts(answer.words, why)) {
        story_fail(story, "%s: %.*s", answer.may ? "they may" : "they may not",
                   HR_SHOW(answer.words));
    }
}
