/* Handoff instances begin: by an event or by a proof, under a key, with what they should carry. */
#include "engine/step_internal.h"

_Static_assert((int)HR_CARRIED_MAX <= (int)HR_MISSING_MAX, "all that is carried may be missing");

static const struct hr_instance *find(const struct hr_contact *contact, uint32_t handoff,
                                      const struct hr_key *key)
{
    for (size_t i = 0; i < contact->instance_count; i++) {
        if (contact->instances[i].handoff == handoff &&
            hr_key_equal(&contact->instances[i].key, key)) {
            return &contact->instances[i];
        }
    }
    return NULL;
}

/* ---- what it should carry ------------------------------------------------------------------------ */

/* When an instance's cargo is looked at. */
enum looked { OPENED_BY_EVENT, OPENED_BY_PROOF, AGAIN };

static bool carried(struct hr_step *step, const struct hr_contact *contact,
                    const struct hr_carried *carries, enum looked looked)
{
    if (carries->field >= 0) {
        uint32_t field = step->plan->fields[carries->field].name_number;
        return hr_field_at(contact, field, INT64_MAX) != NULL;
    }
    /* an attribute comes with the opening message or not at all */
    return looked != OPENED_BY_EVENT ||
           hr_value_member(&step->event->heard->data, carries->name) != NULL;
}

static uint32_t carried_number(const struct hr_plan *plan, const struct hr_carried *carries)
{
    return carries->field >= 0 ? plan->fields[carries->field].name_number
                               : plan->attribute_numbers[carries->attribute];
}

static bool was_missing(const struct hr_instance *instance, uint32_t name)
{
    for (size_t i = 0; i < instance->missing_count; i++) {
        if (instance->missing[i] == name) {
            return true;
        }
    }
    return false;
}

static hr_status issue_for_missing(struct hr_step *step, uint64_t contact,
                                   const struct hr_handoff *handoff,
                                   const struct hr_instance *instance, uint32_t field)
{
    uint64_t old = instance->issues[HR_SLOT_missing];
    uint64_t wanted = 0;
    struct hr_key key = instance->key;
    if (field != 0) {
        int32_t tool = hr_plan_tool(step->plan, handoff->from);
        int32_t told = tool >= 0 ? step->plan->tools[tool].owner : handoff->failure_owner;
        const struct hr_issue_of of = {
            .cause = HR_CAUSE_missing_field,
            .about = handoff->name_number,
            .path = step->plan->paths[handoff->path].name_number,
            .detail = field,
            .owner = told,
            .told = told,
        };
        HR_TRY(hr_step_issue(step, &of, &wanted));
    }
    if (old == wanted) {
        return hr_done();
    }
    const struct hr_fact fact = {.kind = HR_FACT_handoff_issue,
                                 .record = contact,
                                 .name = handoff->name_number,
                                 .key = key,
                                 .number = wanted,
                                 .state = HR_SLOT_missing};
    HR_TRY(hr_step_emit(step, &fact));
    if (old != 0) {
        HR_TRY(hr_step_leave(step, old, contact, handoff->name_number, &key,
                             wanted == 0 ? HR_MEMBER_proven : HR_MEMBER_moved));
    }
    return wanted == 0 ? hr_done()
                       : hr_step_join(step, wanted, contact, handoff->name_number, &key);
}

/* Looks at what an instance should carry, when it opens and whenever something may have come since. */
static hr_status check_carried(struct hr_step *step, uint64_t contact,
                               const struct hr_handoff *handoff, const struct hr_key *key,
                               enum looked looked)
{
    const struct hr_contact *now = hr_step_contact(step, contact);
    HR_STEP_HAVE(now != NULL);
    const struct hr_instance *instance = find(now, handoff->name_number, key);
    if (instance == NULL || (looked == AGAIN && instance->missing_count == 0)) {
        return hr_done();
    }
    struct hr_value *missing =
        hr_arena_new_many(step->arena, struct hr_value, handoff->carried_count);
    if (missing == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    uint32_t count = 0;
    for (size_t i = 0; i < handoff->carried_count; i++) {
        const struct hr_carried *carries = &handoff->carries[i];
        bool asked = looked != AGAIN || was_missing(instance, carried_number(step->plan, carries));
        bool for_good = looked == AGAIN && carries->field < 0;
        if (asked && (for_good || !carried(step, now, carries, looked))) {
            missing[count++] = hr_value_int(carried_number(step->plan, carries));
        }
    }
    if (count == instance->missing_count) {
        return hr_done();
    }
    uint32_t first = count == 0 ? 0 : (uint32_t)missing[0].integer;
    struct hr_fact fact = {.kind = HR_FACT_handoff_missing,
                           .record = contact,
                           .name = handoff->name_number,
                           .key = *key};
    fact.value = (struct hr_value){.kind = HR_KIND_list, .count = count, .items = missing};
    HR_TRY(hr_step_emit(step, &fact));
    now = hr_step_contact(step, contact);
    HR_STEP_HAVE(now != NULL);
    instance = find(now, handoff->name_number, key);
    hr_assert(instance != NULL);
    const struct hr_instance copy = *instance;
    return issue_for_missing(step, contact, handoff, &copy, first);
}

/* ---- opening ------------------------------------------------------------------------------------- */

struct opening {
    const struct hr_handoff *handoff;
    struct hr_key key;
    struct hr_text key_shown;
    hr_instant at;
    uint64_t by;
    enum looked looked;
};

/* The deadline a span after the opening, in the business's own time; none where the file names none. */
hr_instant hr_deadline(const struct hr_plan *plan, hr_instant from, struct hr_span span)
{
    return span.amount == 0 ? HR_INSTANT_NONE : hr_hours_after(&plan->hours, from, span);
}

static hr_status open_instance(struct hr_step *step, uint64_t contact,
                               const struct opening *opening)
{
    const struct hr_handoff *handoff = opening->handoff;
    const struct hr_contact *now = hr_step_contact(step, contact);
    HR_STEP_HAVE(now != NULL);
    const struct hr_instance *instance = find(now, handoff->name_number, &opening->key);
    bool by_proof = opening->looked == OPENED_BY_PROOF;
    bool open_already = instance != NULL && (instance->opened_at == opening->at ||
                                             (!by_proof && instance->opened_at < opening->at));
    if (open_already) {
        return hr_done(); /* the first event counts; a proof may move */
    }
    const struct hr_fact fact = {
        .kind = HR_FACT_handoff_opened,
        .record = contact,
        .name = handoff->name_number,
        .key = opening->key,
        .text = opening->key_shown,
        .at = opening->at,
        .until = hr_deadline(step->plan, opening->at, handoff->within),
        .third = handoff->has_fail_after ? hr_deadline(step->plan, opening->at, handoff->fail_after)
                                         : HR_INSTANT_NONE,
        .number = opening->by,
    };
    if (instance != NULL) {
        return hr_step_emit(step, &fact);
    }
    HR_TRY(hr_step_make_room(step, contact));
    HR_TRY(hr_step_emit(step, &fact));
    HR_TRY(hr_step_move_count(step, handoff->name_number, HR_STAND_none, HR_STAND_open));
    return check_carried(step, contact, handoff, &opening->key, opening->looked);
}

struct saying {
    const struct hr_heard *heard;
    const struct hr_plan *plan;
};

/* What the opening event says itself, for keys: no contact, no evidence. */
static bool event_says(void *context, size_t name, int32_t field, struct hr_text text,
                       struct hr_value *ret_value)
{
    const struct saying *saying = context;
    const struct hr_heard *heard = saying->heard;
    if (name != HR_SCOPE_event) {
        return false;
    }
    const struct hr_value *member = NULL;
    switch (field) {
    case HR_EVENT_FIELD_type:
        *ret_value = hr_value_text(heard->type->name);
        return true;
    case HR_EVENT_FIELD_id:
        *ret_value = hr_value_text(heard->id);
        return heard->id.size > 0;
    case HR_EVENT_FIELD_at:
        *ret_value = hr_value_time(heard->occurred_at);
        return true;
    case HR_EVENT_FIELD_tool:
        return false;
    default:
        (void)text;
        member = hr_value_member(&heard->data,
                                 saying->plan->attributes[field - HR_EVENT_FIELD_attributes]);
        if (member != NULL) {
            *ret_value = *member;
        }
        return member != NULL;
    }
}

/* Which instance: the key's value as text; without a key the contact itself. A message that should name its key
 * and does not opens an instance of its own, so that nothing is lost. */
static hr_status name_instance(struct hr_step *step, const struct hr_handoff *handoff,
                               struct opening *opening)
{
    if (handoff->key == NULL) {
        return hr_done();
    }
    struct saying saying = {step->event->heard, step->plan};
    const struct hr_expr_view view = {
        .context = &saying, .field_of = event_says, .now = saying.heard->occurred_at};
    struct hr_value value = hr_value_null();
    hr_status status = hr_expr_evaluate(handoff->key, &view, step->arena, &value, NULL);
    bool named = hr_ok(status) && value.kind != HR_KIND_null;
    if (named) {
        HR_TRY(hr_value_name(step->arena, &value, &opening->key_shown));
        named = opening->key_shown.size > 0 || value.kind == HR_KIND_text;
    }
    if (!named) {
        /* by what is the message's own, so that it is the same whenever it arrives */
        const struct hr_heard *heard = step->event->heard;
        struct hr_text name = heard->id.size > 0
                                  ? heard->id
                                  : hr_hex(step->arena, heard->delivery.bytes, HR_KEY_SIZE / 2);
        opening->key_shown = hr_text_format(step->arena, "message %.*s", HR_SHOW(name));
    }
    opening->key = hr_key_of(step->engine->secret, opening->key_shown);
    return hr_done();
}

hr_status hr_step_open_handoffs(struct hr_step *step, uint64_t contact)
{
    const struct hr_heard *heard = step->event->heard;
    for (size_t i = 0; heard->type != NULL && i < step->plan->handoff_count; i++) {
        const struct hr_handoff *handoff = &step->plan->handoffs[i];
        if (!hr_text_equal(handoff->opens_on, heard->type->name)) {
            continue;
        }
        struct opening opening = {.handoff = handoff,
                                  .at = heard->occurred_at,
                                  .by = step->event->position,
                                  .looked = OPENED_BY_EVENT};
        HR_TRY(name_instance(step, handoff, &opening));
        HR_TRY(open_instance(step, contact, &opening));
    }
    return hr_done();
}

/* A proof opens the handoffs that wait for it, at the time of the proof. */
hr_status hr_step_open_next(struct hr_step *step, uint64_t contact, int32_t proven,
                            const struct hr_instance *instance)
{
    for (size_t i = 0; i < step->plan->handoff_count; i++) {
        const struct hr_handoff *next = &step->plan->handoffs[i];
        const struct hr_contact *now = hr_step_contact(step, contact);
        HR_STEP_HAVE(now != NULL);
        if (next->opens_after != proven) {
            continue;
        }
        struct opening opening = {
            .handoff = next, .by = step->event->position, .looked = OPENED_BY_PROOF};
        if (next->key != NULL) {
            opening.key =
                instance->key; /* both are named by the same thing: `check` sees to that */
            opening.key_shown = instance->key_shown;
        }
        if (hr_opened_by_proof(step->plan, now, next, &opening.key, &opening.at) == HR_OPENED) {
            HR_TRY(open_instance(step, contact, &opening));
        }
    }
    return hr_done();
}

hr_status hr_step_look_at_cargo(struct hr_step *step, uint64_t contact,
                                const struct hr_handoff *handoff, const struct hr_key *key)
{
    return check_carried(step, contact, handoff, key, AGAIN);
}
