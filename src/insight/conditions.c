/* The lines of a handoff, asked of a contact as it is known now, each in words and with what it saw. */
#include "insight/inside.h"

struct asking {
    const struct hr_ask *ask;
    struct hr_sight sight;
};

static bool is_met(struct asking *asking, const struct hr_condition *condition)
{
    return hr_sight_met(&asking->sight, condition, asking->ask->into) == HR_MET_yes;
}

/* ---- which event is meant -------------------------------------------------------------------- */

static bool is_proof_type(const struct asking *asking, const struct hr_handoff *handoff,
                          const struct hr_kept_event *event)
{
    struct hr_text type = hr_word(asking->ask, event->type);
    for (size_t i = 0; i < handoff->proof_type_count; i++) {
        if (hr_text_equal(handoff->proof_types[i], type)) {
            return true;
        }
    }
    return false;
}

/* The event that most lines identify: the newest that fits all identifying lines, else the newest of a proof's type. */
static void choose_event(struct asking *asking, const struct hr_handoff *handoff)
{
    const struct hr_kept_event *best = NULL;
    bool best_fits = false;
    for (size_t i = 0; i < asking->sight.contact->kept_count; i++) {
        asking->sight.event = &asking->sight.contact->kept[i];
        bool fits = is_proof_type(asking, handoff, asking->sight.event);
        bool meant = fits;
        for (size_t k = 0; meant && k < handoff->done_count; k++) {
            meant = !handoff->done_when[k].identifies || is_met(asking, &handoff->done_when[k]);
        }
        if (meant || (fits && !best_fits)) {
            best = asking->sight.event;
            best_fits = meant;
        }
    }
    asking->sight.event = best;
}

/* ---- what is known of what a line reads ------------------------------------------------------ */

void hr_know_field(const struct hr_ask *ask, const struct hr_contact *contact, int32_t field,
                   struct hr_asked_line *line, struct hr_buffer *known)
{
    const struct hr_field *contract = &ask->plan->fields[field];
    const struct hr_said *said = hr_field_at(contact, contract->name_number, INT64_MAX);
    said = said == NULL ? NULL : hr_said_first(contact, said);
    hr_buffer_add_text(known, known->size > 0 ? HR_TEXT("; ") : HR_TEXT_NONE);
    line->personal = line->personal || contract->privacy != HR_PRIVACY_none;
    if (said == NULL) {
        hr_buffer_add_format(known, "%.*s is not known", HR_SHOW(contract->title));
        return;
    }
    if (line->since == HR_INSTANT_NONE || said->at > line->since) {
        line->since = said->at;
        line->position = said->position;
    }
    hr_buffer_add_format(
        known, "%.*s is %.*s since %.*s (%.*s, entry %llu)", HR_SHOW(contract->title),
        HR_SHOW(hr_word_value(ask, &said->value)), HR_SHOW(hr_word_time(ask, said->at)),
        HR_SHOW(hr_word_writer(ask, said->writer)), (unsigned long long)said->position);
}

static void know_event(const struct asking *asking, const struct hr_handoff *handoff,
                       struct hr_asked_line *line, struct hr_buffer *known)
{
    const struct hr_ask *ask = asking->ask;
    const struct hr_kept_event *event = asking->sight.event;
    hr_buffer_add_text(known, known->size > 0 ? HR_TEXT("; ") : HR_TEXT_NONE);
    if (event == NULL) {
        struct hr_text type =
            handoff->proof_type_count > 0 ? handoff->proof_types[0] : HR_TEXT("such event");
        hr_buffer_add_format(known, "no %.*s has come", HR_SHOW(type));
        return;
    }
    if (line->since == HR_INSTANT_NONE || event->at > line->since) {
        line->since = event->at;
        line->position = event->position;
    }
    hr_buffer_add_format(known, "%.*s came %.*s", HR_SHOW(hr_word(ask, event->type)),
                         HR_SHOW(hr_word_time(ask, event->at)));
    for (uint32_t i = 0; event->data.kind == HR_KIND_map && i < event->data.count; i++) {
        const struct hr_member *member = &event->data.members[i];
        hr_buffer_add_format(known, ", %.*s %.*s", HR_SHOW(hr_value_as_text(&member->key)),
                             HR_SHOW(hr_word_value(ask, &member->value)));
    }
    hr_buffer_add_format(known, " (entry %llu)", (unsigned long long)event->position);
}

static struct hr_text know(const struct asking *asking, const struct hr_handoff *handoff,
                           const struct hr_expr *expr, struct hr_asked_line *line)
{
    size_t count = 0;
    bool reads_event = false;
    const struct hr_expr_read *reads = hr_expr_reads(expr, &count);
    struct hr_buffer known;
    hr_buffer_init(&known, asking->ask->into, PAGE_BYTES_MAX);
    for (size_t i = 0; i < count; i++) {
        if (reads[i].name == HR_SCOPE_contact && reads[i].field >= 0) {
            hr_know_field(asking->ask, asking->sight.contact, reads[i].field, line, &known);
        }
        reads_event = reads_event || reads[i].name == HR_SCOPE_event;
    }
    if (reads_event) {
        know_event(asking, handoff, line, &known);
    }
    return hr_buffer_text(&known);
}

hr_status hr_lines_of(const struct hr_ask *ask, const struct hr_contact *contact,
                      const struct hr_handoff *handoff, const struct hr_instance *instance,
                      struct hr_asked_line **ret_lines)
{
    struct asking asking = {
        .ask = ask,
        .sight = {.plan = ask->plan,
                  .contact = contact,
                  .instance = instance,
                  .at = ask->lens->now},
    };
    struct hr_asked_line *lines =
        hr_arena_new_many(ask->into, struct hr_asked_line, handoff->done_count);
    if (lines == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    choose_event(&asking, handoff);
    for (size_t i = 0; i < handoff->done_count; i++) {
        const struct hr_expr *expr = handoff->done_when[i].expr;
        struct hr_asked_line *line = &lines[i];
        *line = (struct hr_asked_line){.sentence = hr_expr_say(expr, ask->into),
                                       .met = is_met(&asking, &handoff->done_when[i]),
                                       .observed = hr_value_null(),
                                       .expected = hr_value_null(),
                                       .since = HR_INSTANT_NONE};
        line->known = know(&asking, handoff, expr, line);
        const struct hr_expr_view view = hr_sight_view(&asking.sight);
        struct hr_expr_mismatch mismatch;
        if (!line->met && hr_expr_mismatch_of(expr, &view, ask->into, &mismatch)) {
            line->has_values = true;
            line->subject = mismatch.left;
            line->observed = mismatch.observed;
            line->expected = mismatch.expected;
        }
    }
    *ret_lines = lines;
    return hr_done();
}

/* ---- what a handoff reads -------------------------------------------------------------------- */

bool hr_handoff_reads(const struct hr_handoff *handoff, int32_t field)
{
    for (size_t i = 0; i < handoff->carried_count; i++) {
        if (handoff->carries[i].field == field) {
            return true;
        }
    }
    return hr_proof_reads(handoff, field);
}

bool hr_handoff_is_personal(const struct hr_plan *plan, const struct hr_handoff *handoff)
{
    for (size_t i = 0; i < plan->field_count; i++) {
        if (plan->fields[i].privacy != HR_PRIVACY_none && hr_proof_reads(handoff, (int32_t)i)) {
            return true;
        }
    }
    return false;
}

struct hr_text hr_say_proof(const struct hr_ask *ask, const struct hr_handoff *handoff)
{
    struct hr_buffer out;
    hr_buffer_init(&out, ask->into, PAGE_BYTES_MAX);
    for (size_t i = 0; i < handoff->done_count; i++) {
        hr_buffer_add_text(&out, i == 0 ? HR_TEXT_NONE : HR_TEXT(" and "));
        hr_buffer_add_text(&out, hr_expr_say(handoff->done_when[i].expr, ask->into));
    }
    return hr_buffer_text(&out);
}
