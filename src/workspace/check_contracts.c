/* Writes that a field's contract does not allow: by the wrong writer, of a stage, of a consent, of another's truth. */
#include "workspace/check_inside.h"

/* ---- what is compared ------------------------------------------------------------------------------ */

static bool same_writer(const struct hr_writer *a, const struct hr_writer *b)
{
    return a->kind == b->kind && a->index == b->index;
}

static bool is_source(const struct hr_contract *contract, const struct hr_write *write)
{
    return same_writer(&contract->source, &write->writer);
}

static bool is_writer(const struct hr_contract *contract, const struct hr_write *write)
{
    for (size_t i = 0; i < contract->writer_count; i++) {
        if (same_writer(&contract->writers[i], &write->writer)) {
            return true;
        }
    }
    return is_source(contract, write);
}

static struct hr_text writer_word(const struct hr_facts *facts, const struct hr_writer *writer)
{
    const struct hr_plan *plan = facts->draft->plan;
    return writer->kind == HR_WRITER_automation
               ? hr_draft_say(facts->draft, "automation %.*s",
                              HR_SHOW(plan->automations[writer->index].id))
               : plan->tools[writer->index].id;
}

/* ---- complaints ---------------------------------------------------------------------------------------- */

static void complain_writer(const struct hr_facts *facts, const struct hr_write *write)
{
    const struct hr_field *field = hr_fact_field(facts, write->field);
    const struct hr_contract *contract = field->contract;
    struct hr_text who = hr_writer_said(facts, &write->writer);
    struct hr_diagnostic *item = hr_draft_error(
        facts->draft, writer_not_allowed, hr_write_place(facts, write),
        "%.*s writes `%.*s` and is not among its writers", HR_SHOW(who), HR_SHOW(field->id));
    item->label = write->automation >= 0 && write->writer.kind == HR_WRITER_tool
                      ? HR_TEXT("passes on what the tool has sent")
                      : HR_TEXT("writes it here");
    item->second = hr_told_place(facts, contract->writer_count > 0 ? contract->writers[0].place
                                                                   : contract->place);
    item->second_label = HR_TEXT("these may write it");
    item->example = hr_draft_say(facts->draft,
                                 "who reads the contract trusts `%.*s`, and finds a value that "
                                 "nobody on the list has written",
                                 HR_SHOW(field->id));
    item->help = hr_draft_say(facts->draft, "add `%.*s` to `writers` of `%.*s`, or do not write it",
                              HR_SHOW(writer_word(facts, &write->writer)), HR_SHOW(field->id));
}

static void complain_source(const struct hr_facts *facts, const struct hr_write *write)
{
    const struct hr_field *field = hr_fact_field(facts, write->field);
    const struct hr_contract *contract = field->contract;
    struct hr_diagnostic *item = hr_draft_error(
        facts->draft, truth_overwritten, hr_write_place(facts, write),
        "%.*s overwrites `%.*s`, and nothing says what happens when its source of truth disagrees",
        HR_SHOW(hr_writer_said(facts, &write->writer)), HR_SHOW(field->id));
    struct hr_text source =
        contract->source.kind == HR_WRITER_tool || contract->source.kind == HR_WRITER_automation
            ? writer_word(facts, &contract->source)
            : HR_TEXT("people");
    item->label = HR_TEXT("writes it here");
    item->second = hr_told_place(facts, contract->source.place);
    item->second_label = HR_TEXT("this is its source of truth");
    item->example = hr_draft_say(facts->draft,
                                 "%.*s says one value, the automation another, and whichever came "
                                 "last stays",
                                 HR_SHOW(source));
    item->help = hr_draft_say(facts->draft,
                              "add `on_conflict: source_wins` to `%.*s`, or another "
                              "answer: ask, keep_first, newest, never_overwrite",
                              HR_SHOW(field->id));
}

static void complain_stage(const struct hr_facts *facts, const struct hr_write *write)
{
    const struct hr_field *field = hr_fact_field(facts, write->field);
    const struct hr_plan *plan = facts->draft->plan;
    struct hr_diagnostic *item =
        hr_draft_error(facts->draft, stage_set, hr_write_place(facts, write),
                       "`%.*s` is a stage: %.*s sets it without its evidence", HR_SHOW(field->id),
                       HR_SHOW(hr_writer_said(facts, &write->writer)));
    int32_t pipeline = field->contract->pipeline;
    if (pipeline >= 0) {
        item->second = hr_told_place(facts, plan->pipelines[pipeline].place);
        item->second_label = HR_TEXT("its stages, each with the evidence it needs");
    }
    item->example = HR_TEXT("a customer stands at a stage that nothing proves, and every report "
                            "counts them there");
    struct hr_text stage = write->constant.size > 0 ? write->constant : HR_TEXT("STAGE");
    item->help = write->automation >= 0
                     ? hr_draft_say(facts->draft, "write the step `move_stage: %.*s` instead",
                                    HR_SHOW(stage))
                     : hr_draft_say(facts->draft, "keep the tool's word in a field of its own, and "
                                                  "let an automation `move_stage` on it");
}

static void complain_consent(const struct hr_facts *facts, const struct hr_write *write)
{
    const struct hr_field *field = hr_fact_field(facts, write->field);
    struct hr_diagnostic *item = hr_draft_error(
        facts->draft, consent_written, hr_write_place(facts, write),
        "automation `%.*s` writes the consent `%.*s`",
        HR_SHOW(facts->draft->plan->automations[write->automation].id), HR_SHOW(field->id));
    item->second = hr_told_place(facts, field->contract->place);
    item->second_label = HR_TEXT("only the customer gives it");
    item->example = HR_TEXT("somebody who never agreed gets mail, and no proof of consent can be "
                            "shown");
    item->help = HR_TEXT("map it from the form where the customer agrees; an automation may only "
                         "set it to 'withdrawn'");
}

static void complain_move(const struct hr_facts *facts, const struct hr_write *write)
{
    const struct hr_plan *plan = facts->draft->plan;
    const struct hr_pipeline *pipeline = &plan->pipelines[plan->stages[write->stage].pipeline];
    struct hr_diagnostic *item =
        hr_draft_error(facts->draft, move_not_allowed, hr_write_place(facts, write),
                       "automation `%.*s` moves a stage of `%.*s`, which only people may move",
                       HR_SHOW(plan->automations[write->automation].id), HR_SHOW(pipeline->id));
    item->second = hr_told_place(facts, pipeline->moves_place);
    item->second_label = HR_TEXT("who may move");
    item->help = HR_TEXT("write `by: [automation, people]` under `moves`, or create a task for a "
                         "person instead");
    item->example = HR_TEXT("a seller moves a client by hand and finds them moved again at night");
}

/* ---- values of another type --------------------------------------------------------------------------- */

/* True when the field can hold what the constant says. Texts are checked where they are read. */
static bool fits(enum hr_field_type type, struct hr_text text)
{
    int64_t number = 0;
    struct hr_text rest = text;
    switch (type) {
    case HR_FIELD_integer:
    case HR_FIELD_money:
        return hr_text_to_integer(text, &number);
    case HR_FIELD_number: {
        struct hr_text whole = hr_text_cut(&rest, '.');
        return hr_text_to_integer(whole, &number) &&
               (rest.size == 0 || (rest.data[0] >= '0' && hr_text_to_integer(rest, &number)));
    }
    case HR_FIELD_boolean:
        return hr_text_equal(text, HR_TEXT("true")) || hr_text_equal(text, HR_TEXT("false")) ||
               hr_text_equal(text, HR_TEXT("yes")) || hr_text_equal(text, HR_TEXT("no"));
    case HR_FIELD_text:
    case HR_FIELD_long_text:
    case HR_FIELD_email:
    case HR_FIELD_phone:
    case HR_FIELD_domain:
    case HR_FIELD_country:
    case HR_FIELD_choice:
    case HR_FIELD_time:
    case HR_FIELD_person:
    case HR_FIELD_stage:
    case HR_FIELD_consent:
    case HR_FIELD_TYPE_COUNT:
        break;
    }
    return true;
}

static struct hr_text kind_help(enum hr_field_type type)
{
    return type == HR_FIELD_boolean  ? HR_TEXT("write yes or no")
           : type == HR_FIELD_number ? HR_TEXT("write a number, for example 1.5")
           : type == HR_FIELD_money
               ? HR_TEXT("write a whole number of the smallest coin, for example 4900")
               : HR_TEXT("write a whole number, for example 1");
}

/* A text for a field of numbers: what a step sets has a type of its own, what an action leaves behind is read. */
static void check_kind(const struct hr_facts *facts, const struct hr_write *write)
{
    const struct hr_field *field = hr_fact_field(facts, write->field);
    bool quoted = write->how == HR_WRITE_set || write->how == HR_WRITE_copied;
    if (write->constant.size == 0 || fits(field->type, quoted ? HR_TEXT("x") : write->constant)) {
        return;
    }
    struct hr_diagnostic *item = hr_draft_error(
        facts->draft, value_kind, hr_write_place(facts, write),
        "`%.*s` cannot be a value of `%.*s`, a field of type %.*s", HR_SHOW(write->constant),
        HR_SHOW(field->id), HR_SHOW(hr_field_type_word(field->type)));
    item->second = hr_told_place(facts, field->contract->place);
    item->second_label = HR_TEXT("the field");
    item->example = hr_draft_say(facts->draft,
                                 "every run ends as an exception, and `%.*s` stays "
                                 "as it was",
                                 HR_SHOW(field->id));
    item->help = kind_help(field->type);
}

/* ---- all of them -------------------------------------------------------------------------------------- */

static bool check_special(const struct hr_facts *facts, const struct hr_write *write)
{
    const struct hr_field *field = hr_fact_field(facts, write->field);
    bool moved = write->how == HR_WRITE_moved;
    bool trusted = write->automation < 0 && is_writer(field->contract, write);
    if (field->type == HR_FIELD_stage && !moved && !trusted) {
        complain_stage(facts, write);
        return false;
    }
    if (field->type == HR_FIELD_consent && write->automation >= 0 &&
        !hr_text_equal(write->constant, HR_TEXT("withdrawn"))) {
        complain_consent(facts, write);
        return false;
    }
    return true;
}

static void check_write(const struct hr_facts *facts, const struct hr_write *write)
{
    const struct hr_plan *plan = facts->draft->plan;
    const struct hr_contract *contract = hr_fact_field(facts, write->field)->contract;
    check_kind(facts, write);
    if (!check_special(facts, write)) {
        return;
    }
    if (write->how == HR_WRITE_moved) {
        const struct hr_pipeline *pipeline = &plan->pipelines[plan->stages[write->stage].pipeline];
        if (pipeline->moves_said && !pipeline->moved_by_automation) {
            complain_move(facts, write);
        }
        return;
    }
    bool source = contract->source.kind != HR_WRITER_none && !is_source(contract, write);
    if (contract->writers_said && !is_writer(contract, write)) {
        complain_writer(facts, write);
    } else if (source && contract->on_conflict == HR_ON_CONFLICT_unsaid && write->automation >= 0 &&
               write->writer.kind == HR_WRITER_automation && !write->ordered) {
        complain_source(facts, write);
    }
}

void hr_check_contracts(const struct hr_facts *facts)
{
    for (size_t i = 0; i < facts->write_count; i++) {
        check_write(facts, &facts->writes[i]);
    }
}
