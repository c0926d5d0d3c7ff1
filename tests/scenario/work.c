/* Lines of a story about tasks, and about what else belongs to a contact. */
#include "story.h"

static bool is(struct hr_text text, const char *word)
{
    return hr_text_equal(text, hr_text_from(word));
}

/* The task of that title among those that the contact's row knows, newest first. */
static struct hr_record *task_of(struct story *story, const struct hr_contact *contact,
                                 struct hr_text title)
{
    for (size_t i = contact->related_count; i > 0; i--) {
        struct hr_record *record = story_record(story, contact->related[i - 1].record);
        bool work = record != NULL && hr_record_has_work(record->kind);
        if (work && hr_text_equal(record->contact->work->next, title)) {
            return record;
        }
    }
    return NULL;
}

/* ---- what people do ------------------------------------------------------------------------- */

static bool when(struct story *story, struct hr_text word, hr_instant *ret_at)
{
    return hr_instant_read(hr_text_format(&story->arena, "%.*sT12:00:00Z", HR_SHOW(word)), ret_at);
}

bool story_work(struct story *story, int32_t person, struct hr_text verb, struct hr_text rest)
{
    static const struct {
        const char *word;
        enum hr_verb verb;
    } verbs[] = {{"does", HR_VERB_work_done},
                 {"drops", HR_VERB_work_drop},
                 {"passes", HR_VERB_work_assign},
                 {"plans", HR_VERB_work_plan}};
    struct hr_command done = {.person = story->plan->people[person].name_number,
                              .until = HR_INSTANT_NONE};
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        done.verb = is(verb, verbs[i].word) ? verbs[i].verb : done.verb;
    }
    if (done.verb == 0) {
        return false;
    }
    struct hr_text title = story_next_word(&rest);
    (void)story_next_word(&rest); /* of */
    struct hr_record *contact = story_record(story, story_contact(story, story_next_word(&rest)));
    struct hr_record *task = contact == NULL ? NULL : task_of(story, contact->contact, title);
    if (contact != NULL && is(title, "opportunity")) { /* their newest */
        task =
            story_record(story, hr_contact_newest_related(contact->contact, HR_RECORD_opportunity));
    }
    if (task == NULL) {
        story_fail(story, "there is no task \"%.*s\"", HR_SHOW(title));
        return true;
    }
    done.contact = task->id;
    done.text = story_next_word(&rest);
    if (done.verb == HR_VERB_work_assign) {
        int32_t other = hr_plan_person(story->plan, story_next_word(&rest)); /* behind "to" */
        done.other = other < 0 ? 0 : story->plan->people[other].name_number;
    }
    if (done.verb == HR_VERB_work_plan && rest.size > 0 && !when(story, rest, &done.until)) {
        story_fail(story, "by when?");
    }
    struct hr_event event = {.kind = HR_EVENT_command, .command = &done};
    if (story_run(story, &event) == HR_BECAME_refused) {
        story_fail(story, "the command was refused");
    }
    return true;
}

void story_forget_what_hangs(struct story *story, uint64_t contact)
{
    const struct hr_record *record = contact == 0 ? NULL : story_record(story, contact);
    for (size_t i = 0; record != NULL && i < record->contact->related_count; i++) {
        uint64_t id = record->contact->related[i].record;
        const struct hr_record *other = story_record(story, id);
        struct hr_event event = {.kind = HR_EVENT_erased, .record = id};
        bool hangs = other != NULL && hr_record_hangs_on(other, contact);
        if (hangs && story_run(story, &event) != HR_BECAME_journalled) {
            story_fail(story, "what hangs on them was not forgotten");
        }
    }
}

/* ---- what is expected ----------------------------------------------------------------------- */

static void expect_word(struct story *story, const char *what, struct hr_text found,
                        struct hr_text expected)
{
    if (expected.size > 0 && !hr_text_equal(found, expected)) {
        story_fail(story, "%s is \"%.*s\", expected \"%.*s\"", what, HR_SHOW(found),
                   HR_SHOW(expected));
    }
}

static void expect_task(struct story *story, const struct hr_contact *contact, struct hr_text title,
                        struct hr_text rest)
{
    const struct hr_record *record = task_of(story, contact, title);
    struct hr_text state = story_next_word(&rest);
    if (record == NULL) {
        expect_word(story, "the task", HR_TEXT("absent"), state);
        return;
    }
    const struct hr_work *work = record->contact->work;
    struct hr_text due = work->due == HR_INSTANT_NONE ? HR_TEXT("never")
                                                      : hr_instant_write(&story->arena, work->due);
    expect_word(story, "the state", hr_work_state_word((enum hr_work_state)work->state), state);
    expect_word(story, "the owner", story_word(story, work->owner), story_next_word(&rest));
    expect_word(story, "the day", hr_text_slice(due, 0, rest.size), rest);
}

/* "2 tasks" */
static void expect_count(struct story *story, const struct hr_contact *contact,
                         struct hr_text number, struct hr_text rest)
{
    for (unsigned kind = HR_RECORD_account; kind <= HR_RECORD_task; kind++) {
        struct hr_text word = hr_record_kind_word(kind);
        size_t same = kind == HR_RECORD_opportunity ? word.size - 1 : word.size;
        if (hr_text_starts(rest, hr_text_slice(word, 0, same))) {
            size_t count = hr_contact_count_related(contact, kind);
            expect_word(story, "the number", hr_text_format(&story->arena, "%zu", count), number);
            return;
        }
    }
    story_fail(story, "what has nobody?");
}

static void expect_linked(struct story *story, const struct hr_contact *contact, unsigned kind,
                          struct hr_text name, struct hr_text rest)
{
    const struct hr_record *record = story_record(story, hr_contact_newest_related(contact, kind));
    const struct hr_record_plan *plan = &story->plan->records[hr_type_of(kind)];
    struct hr_text found = HR_TEXT("nothing");
    (void)story_next_word(&rest); /* = */
    for (size_t i = 0; record != NULL && i < plan->field_count; i++) {
        const struct hr_said *said = hr_contact_field(record->contact, plan->fields[i].name_number);
        if (said != NULL && hr_text_equal(plan->fields[i].id, name)) {
            found = hr_value_show(&story->arena, &said->value);
        }
    }
    expect_word(story, "the field", found, rest);
}

bool story_expect_work(struct story *story, const struct hr_contact *contact, struct hr_text what,
                       struct hr_text verb, struct hr_text rest)
{
    if (is(what, "task")) {
        expect_task(story, contact, verb, rest);
        return true;
    }
    if (is(what, "has")) {
        expect_count(story, contact, verb, rest);
        return true;
    }
    for (unsigned kind = HR_RECORD_account; kind < HR_RECORD_task; kind++) {
        if (hr_text_equal(what, hr_record_kind_word(kind))) {
            expect_linked(story, contact, kind, verb, rest);
            return true;
        }
    }
    return false;
}
