/* A contact now: fields with who said them and since when, handoffs with their stands, and the whole story. */
#include "insight/run.h"

struct hr_text hr_say_contact(const struct hr_ask *ask, const struct hr_record *record)
{
    struct hr_text name = hr_contact_name(ask->into, record->id);
    for (size_t i = 0; i < ask->plan->match_count; i++) {
        const struct hr_said *said = hr_field_at(
            record->contact, ask->plan->fields[ask->plan->match_on[i]].name_number, INT64_MAX);
        if (said != NULL) {
            struct hr_text shown =
                hr_text_visible(ask->into, hr_value_show(ask->into, &said->value));
            return hr_text_format(ask->into, "%.*s (%.*s)", HR_SHOW(name), HR_SHOW(shown));
        }
    }
    return name;
}

struct hr_value hr_said_tree(const struct hr_ask *ask, const struct hr_contact *contact,
                             uint32_t number, const struct hr_said *said)
{
    int32_t field = hr_plan_field_numbered(ask->plan, number);
    int32_t tool = said != NULL && hr_writer_by(said->writer) == HR_BY_tool
                       ? hr_plan_tool_numbered(ask->plan, hr_writer_name(said->writer))
                       : HR_NONE_INDEX;
    const struct hr_field *contract = field < 0 ? NULL : &ask->plan->fields[field];
    const struct hr_pin *pin = hr_contact_pin(contact, number, ask->lens->now);
    struct hr_object object = hr_object_in(ask->into);
    hr_put_words(&object, "field", hr_word(ask, number));
    hr_put(&object, "value", said == NULL ? hr_value_null() : said->value);
    if (said != NULL) {
        hr_put_time(&object, "since", said->at);
        hr_put_words(&object, "writer_kind", hr_by_word(hr_writer_by(said->writer)));
        hr_put_words(&object, "writer", hr_word(ask, hr_writer_name(said->writer)));
        hr_put_truth(&object, "source_of_truth",
                     contract != NULL && tool >= 0 && contract->source_of_truth == tool);
        hr_put_number(&object, "entry", said->position);
    }
    hr_put_words(&object, "chosen_by", pin == NULL ? HR_TEXT_NONE : hr_word(ask, pin->person));
    hr_put_time(&object, "chosen_until", pin == NULL ? HR_INSTANT_NONE : pin->until);
    hr_put(&object, "beside", hr_beside_tree(ask, contact, number));
    hr_put_truth(&object, "personal", hr_field_is_personal(ask, number));
    return hr_object_value(&object);
}

/* A field of which something was said and nothing holds: the first word beside it stands for it. */
static bool is_only_beside(const struct hr_contact *contact, size_t index)
{
    uint32_t field = contact->observed[index].said.field;
    bool first = hr_contact_field(contact, field) == NULL;
    for (size_t i = 0; i < index; i++) {
        first = first && contact->observed[i].said.field != field;
    }
    return first;
}

static int widest_name(const struct hr_ask *ask, const struct hr_contact *contact)
{
    int widest = 0;
    for (size_t i = 0; i < contact->field_count + contact->observed_count; i++) {
        uint32_t field = i < contact->field_count
                             ? contact->fields[i].field
                             : contact->observed[i - contact->field_count].said.field;
        int size = (int)hr_word(ask, field).size;
        widest = size > widest ? size : widest;
    }
    return widest;
}

static void write_field(const struct hr_ask *ask, struct hr_buffer *page,
                        const struct hr_contact *contact, const struct hr_said *said, int widest)
{
    struct hr_text name = hr_word(ask, said->field);
    struct hr_text chosen = hr_say_chosen(ask, contact, said->field);
    hr_buffer_add_format(
        page, "  %.*s%*s  %.*s  since %.*s (%.*s, entry %llu)%s%.*s\n", HR_SHOW(name),
        widest - (int)name.size, "", HR_SHOW(hr_word_value(ask, &said->value)),
        HR_SHOW(hr_word_time(ask, said->at)), HR_SHOW(hr_word_writer(ask, said->writer)),
        (unsigned long long)said->position, chosen.size > 0 ? ", " : "", HR_SHOW(chosen));
    hr_write_beside(ask, page, contact, said->field, "      ");
}

static void write_fields(const struct hr_ask *ask, struct hr_buffer *page,
                         const struct hr_contact *contact)
{
    int widest = widest_name(ask, contact);
    for (size_t i = 0; i < contact->field_count; i++) {
        write_field(ask, page, contact, hr_said_first(contact, &contact->fields[i]), widest);
    }
    for (size_t i = 0; i < contact->observed_count; i++) {
        if (is_only_beside(contact, i)) {
            uint32_t field = contact->observed[i].said.field;
            struct hr_text name = hr_word(ask, field);
            hr_buffer_add_format(page, "  %.*s%*s  nothing that counts\n", HR_SHOW(name),
                                 widest - (int)name.size, "");
            hr_write_beside(ask, page, contact, field, "      ");
        }
    }
}

static struct hr_value fields_tree(const struct hr_ask *ask, const struct hr_contact *contact)
{
    struct hr_items items = hr_items_in(ask->into);
    for (size_t i = 0; i < contact->field_count; i++) {
        hr_add(&items, hr_said_tree(ask, contact, contact->fields[i].field,
                                    hr_said_first(contact, &contact->fields[i])));
    }
    for (size_t i = 0; i < contact->observed_count; i++) {
        if (is_only_beside(contact, i)) {
            hr_add(&items, hr_said_tree(ask, contact, contact->observed[i].said.field, NULL));
        }
    }
    return hr_items_value(&items);
}

hr_status hr_contact_show(const struct hr_lens *lens, struct hr_text contact, struct hr_arena *into,
                          struct hr_diagnostics *reterr, struct hr_report *ret_report)
{
    const struct hr_ask ask = {
        .lens = lens, .plan = lens->engine.plan, .into = into, .reterr = reterr};
    const struct hr_wanted all = {.hearer = HR_HEARS_contact};
    const struct hr_record *record = NULL;
    struct hr_timeline timeline;
    struct hr_next next;
    HR_TRY(hr_ask_contact(&ask, contact, &record));
    HR_TRY(hr_timeline_of(&ask, record, &all, &timeline));
    HR_TRY(hr_next_of(&ask, record->contact, NULL, &next));
    hr_next_question(&ask, record->contact, 0, &next);
    hr_next_run(&ask, record->contact, &next);
    struct hr_object tree = hr_object_in(into);
    hr_put_words(&tree, "contact", hr_contact_name(into, record->id));
    hr_put_time(&tree, "since", record->contact->created_at);
    hr_put(&tree, "fields", fields_tree(&ask, record->contact));
    hr_put(&tree, "handoffs", hr_stands_tree(&ask, record->contact, NULL));
    hr_put(&tree, "enrollments", hr_runs_tree(&ask, record));
    struct hr_buffer page = hr_page_in(into);
    hr_buffer_add_format(&page, "%.*s, known since %.*s\n\nFields\n",
                         HR_SHOW(hr_say_contact(&ask, record)),
                         HR_SHOW(hr_word_time(&ask, record->contact->created_at)));
    write_fields(&ask, &page, record->contact);
    hr_buffer_add_text(&page, HR_TEXT("\nHandoffs\n"));
    hr_stands_write(&ask, &page, record->contact, NULL);
    hr_runs_write(&ask, &page, record->contact);
    struct hr_value related;
    HR_TRY(hr_related_write(&ask, &page, record->contact, &related));
    hr_put(&tree, "related", related);
    hr_put(&tree, "timeline", hr_timeline_tree(&ask, &timeline));
    hr_put_truth(&tree, "timeline_cut", timeline.stopped);
    hr_put(&tree, "next", hr_next_tree(&ask, &next));
    hr_buffer_add_text(&page, HR_TEXT("\nTimeline\n"));
    hr_timeline_write(&ask, &page, &timeline);
    hr_buffer_add_text(&page, HR_TEXT("\n"));
    hr_next_write(&ask, &page, &next);
    return hr_report_end(&ask, &tree, &page, ret_report);
}
