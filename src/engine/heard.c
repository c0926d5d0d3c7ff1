/* What a tool's message leads to: whose it is, what is known of them now, which handoffs open or are proven. */
#include "engine/related.h"

/* The contacts that the message's keys lead to. */
struct matched {
    uint64_t first;
    uint64_t second; /* a different one, 0: none */
};

static hr_status match(struct hr_step *step, struct matched *ret_matched)
{
    const struct hr_heard *heard = step->event->heard;
    *ret_matched = (struct matched){0, 0};
    for (size_t i = 0; i < heard->key_count; i++) {
        uint64_t contact = 0;
        HR_STEP_HAVE(hr_step_entry(step, HR_SPACE_match, &heard->keys[i].key, &contact));
        if (contact == 0) {
            continue;
        }
        if (ret_matched->first == 0) {
            ret_matched->first = contact;
        } else if (contact != ret_matched->first && ret_matched->second == 0) {
            ret_matched->second = contact;
        }
    }
    return hr_done();
}

static hr_status hear(struct hr_step *step)
{
    const struct hr_heard *heard = step->event->heard;
    const struct hr_tool *tool = &step->plan->tools[heard->tool];
    struct hr_fact fact = {
        .kind = HR_FACT_tool_heard, .name = tool->name_number, .at = step->event->now};
    if (heard->type != NULL) {
        fact.other = heard->type->name_number;
    } else {
        /* words from outside are not kept without bound: beyond the first ones they count as "other" */
        enum { WORDS_MAX = 32, WORD_BYTES_MAX = 64 };
        const struct hr_record *record = hr_step_record(step, HR_ID_TOOL + tool->name_number);
        HR_STEP_HAVE(record != NULL);
        size_t unknown = 0;
        bool known = false;
        struct hr_text word = hr_text_slice(heard->type_word, 0, WORD_BYTES_MAX);
        for (size_t i = 0; record->exists && i < record->tool->type_count; i++) {
            unknown += record->tool->types[i].type == 0;
            known = known || (record->tool->types[i].type == 0 &&
                              hr_text_equal(record->tool->types[i].word, word));
        }
        fact.text = known || unknown < WORDS_MAX ? word : HR_TEXT("other");
    }
    return hr_step_emit(step, &fact);
}

/* A tool that was silent has spoken: its silence ends by proof. */
static hr_status end_silence(struct hr_step *step)
{
    const struct hr_tool *tool = &step->plan->tools[step->event->heard->tool];
    if (tool->expect_at_least == 0) {
        return hr_done();
    }
    const struct hr_record *record = hr_step_record(step, HR_ID_TOOL + tool->name_number);
    HR_STEP_HAVE(record != NULL);
    if (!record->exists ||
        record->tool->count - record->tool->window_start_count < tool->expect_at_least) {
        return hr_done();
    }
    const struct hr_issue_of of = {.cause = HR_CAUSE_silence, .about = tool->name_number};
    return hr_step_end_issue(step, &of);
}

/* Nobody can be named: the message is kept with its tool, and the tool's owner is told. */
static hr_status nobody(struct hr_step *step)
{
    const struct hr_heard *heard = step->event->heard;
    const struct hr_tool *tool = &step->plan->tools[heard->tool];
    uint64_t tool_record = HR_ID_TOOL + tool->name_number;
    HR_TRY(hr_step_link(step, tool_record));
    step->payload_record = tool_record;
    if (heard->type == NULL) {
        return hr_done(); /* a type that nobody declared is counted, and listed by `doctor` */
    }
    const struct hr_issue_of of = {
        .cause = HR_CAUSE_missing_field,
        .about = tool->name_number,
        .detail = step->plan->fields[step->plan->match_on[0]].name_number,
        .owner = tool->owner,
        .told = tool->owner,
    };
    uint64_t issue = 0;
    HR_TRY(hr_step_issue(step, &of, &issue));
    static const struct hr_key no_key;
    return hr_step_join(step, issue, hr_record_id(step->event->position, 255), 0, &no_key);
}

/* Two different people match: a question for a person, never a silent merge. */
static hr_status ambiguous(struct hr_step *step, struct matched matched)
{
    static const struct hr_key no_key;
    HR_TRY(hr_step_link(step, matched.first));
    HR_TRY(hr_step_link(step, matched.second));
    step->payload_record = matched.first;
    step->payload_shared = matched.second;
    const struct hr_issue_of of = {
        .cause = HR_CAUSE_ambiguous,
        .about = step->plan->tools[step->event->heard->tool].name_number,
        .detail = 0,
        .pair = {matched.first, matched.second},
        .owner = step->plan->contact_owner,
        .told = step->plan->contact_owner,
    };
    uint64_t issue = 0;
    HR_TRY(hr_step_issue(step, &of, &issue));
    HR_TRY(hr_step_link(step, issue)); /* it waits there, also when it is not the first */
    const uint64_t both[] = {matched.first, matched.second};
    for (size_t i = 0; i < 2; i++) {
        struct hr_key member = hr_key_pair(issue, both[i]);
        uint64_t present = 0;
        HR_STEP_HAVE(hr_step_entry(step, HR_SPACE_member, &member, &present));
        if (present == 0) {
            HR_TRY(hr_step_join(step, issue, both[i], 0, &no_key));
        }
    }
    return hr_done();
}

static hr_status create(struct hr_step *step, uint64_t *ret_contact)
{
    HR_TRY(hr_step_new_id(step, ret_contact));
    const struct hr_fact fact = {.kind = HR_FACT_contact_created,
                                 .record = *ret_contact,
                                 .at = step->event->heard->occurred_at};
    return hr_step_emit(step, &fact);
}

/* A contact that already has all the keys it may have gets no more: the message is theirs all the same. One that comes
 * under such a key alone founds a contact of its own, and the first that joins the two asks a person whose it is. */
static hr_status link_keys(struct hr_step *step, uint64_t contact)
{
    const struct hr_heard *heard = step->event->heard;
    for (size_t i = 0; i < heard->key_count; i++) {
        uint64_t owner = 0;
        HR_STEP_HAVE(hr_step_entry(step, HR_SPACE_match, &heard->keys[i].key, &owner));
        if (owner != 0) {
            continue; /* theirs already, or (after a person's answer) another's, and stays so */
        }
        const struct hr_contact *now = hr_step_contact(step, contact);
        HR_STEP_HAVE(now != NULL);
        if (now->key_count >= HR_KEYS_MAX) {
            break;
        }
        const struct hr_fact fact = {
            .kind = HR_FACT_key_linked,
            .record = contact,
            .name = step->plan->fields[heard->keys[i].field].name_number,
            .key = heard->keys[i].key,
        };
        HR_TRY(hr_step_emit(step, &fact));
    }
    return hr_done();
}

/* An event that a handoff's proof, or a step, waits for is kept with the contact: it may come before its time. */
static hr_status keep_proof(struct hr_step *step, uint64_t contact)
{
    const struct hr_heard *heard = step->event->heard;
    int32_t name = heard->type == NULL
                       ? HR_NONE_INDEX
                       : hr_plan_event_numbered(step->plan, heard->type->name_number);
    bool awaited = step->engine->automates && name >= 0 && step->plan->event_names[name].awaited;
    if (heard->type == NULL || (!heard->type->is_proof && !awaited)) {
        return hr_done();
    }
    const struct hr_fact fact = {
        .kind = HR_FACT_event_kept,
        .record = contact,
        .name = heard->type->name_number,
        .other = step->plan->tools[heard->tool].name_number,
        .at = heard->occurred_at,
        .value = heard->data,
    };
    return hr_step_emit(step, &fact);
}

/* What the automations make of it. */
static hr_status automate(struct hr_step *step, uint64_t contact)
{
    const struct hr_heard *heard = step->event->heard;
    if (heard->type == NULL) {
        return hr_done();
    }
    const struct hr_kept_event event = {
        .type = heard->type->name_number,
        .tool = step->plan->tools[heard->tool].name_number,
        .at = heard->occurred_at,
        .position = step->event->position,
        .data = heard->data,
    };
    return hr_step_automate(step, contact, &event);
}

static hr_status about(struct hr_step *step, uint64_t contact)
{
    HR_TRY(hr_step_link(step, contact));
    step->payload_record = contact;
    HR_TRY(link_keys(step, contact));
    HR_TRY(hr_step_set_fields(step, contact));
    HR_TRY(hr_step_hear_of_others(step, contact));
    HR_TRY(keep_proof(step, contact));
    const struct hr_contact *now = hr_step_contact(step, contact);
    HR_STEP_HAVE(now != NULL);
    if (now->instance_count >= HR_INSTANCES_MAX) {
        HR_TRY(hr_step_judge_all(step, contact)); /* what it proves makes room for what it opens */
    }
    HR_TRY(hr_step_open_handoffs(step, contact));
    HR_TRY(hr_step_judge_all(step, contact));
    HR_TRY(automate(step, contact));
    return hr_step_look_at_others(step);
}

/* A message about a company, a sale or a question, of a type that names no contact. It is kept with its tool: whom it
 * speaks of nobody can say, so whoever is forgotten is looked for there. */
static hr_status about_others(struct hr_step *step)
{
    const struct hr_heard *heard = step->event->heard;
    uint64_t tool_record = HR_ID_TOOL + step->plan->tools[heard->tool].name_number;
    HR_TRY(hr_step_link(step, tool_record));
    step->payload_record = tool_record;
    HR_TRY(hr_step_hear_of_others(step, 0));
    return hr_step_look_at_others(step);
}

hr_status hr_step_heard(struct hr_step *step)
{
    struct matched matched;
    HR_TRY(hear(step));
    HR_TRY(end_silence(step));
    HR_TRY(match(step, &matched));
    const struct hr_heard *heard = step->event->heard;
    bool of_others = heard->record_count > 0 && heard->type->contact_count == 0;
    if (heard->key_count == 0) {
        return of_others ? about_others(step) : nobody(step);
    }
    if (matched.second != 0) {
        return ambiguous(step, matched);
    }
    uint64_t contact = matched.first;
    if (contact == 0) {
        HR_TRY(create(step, &contact));
    }
    return about(step, contact);
}

hr_status hr_step_heard_by(struct hr_step *step, uint64_t contact)
{
    return about(step, contact);
}
