/* writers: who may write a field of the workspace's files, and who does. */
#include "cli_inside.h"

#include "plan/aloud.h"
#include "plan/words.h"
#include "workspace/writers.h"

enum { WRITERS_BYTES_MAX = 64 << 20, SAID_BYTES_MAX = 4 << 20 };

struct field_writers {
    struct hr_cli *cli;
    const char *folder; /* as it is reached from where we stand */
    struct hr_plan *plan;
    enum hr_record_type record;
    int32_t index;
    const struct hr_field *field;
    const struct hr_writing *items;
    size_t count;
    struct hr_buffer out;
};

/* ---- which field ------------------------------------------------------------------------------------ */

/* "segment", "account.segment"; false when there is none. */
static bool find_field(struct field_writers *writers, struct hr_text word)
{
    struct hr_text rest = word;
    struct hr_text first = hr_text_cut(&rest, '.');
    struct hr_text id = rest.size > 0 ? rest : first;
    writers->record = HR_RECORD_TYPE_contact;
    for (size_t i = 0; rest.size > 0 && i < HR_RECORD_TYPE_COUNT; i++) {
        if (hr_text_equal(hr_record_type_word((enum hr_record_type)i), first)) {
            writers->record = (enum hr_record_type)i;
        }
    }
    const struct hr_record_plan *record = &writers->plan->records[writers->record];
    for (size_t i = 0; i < record->field_count; i++) {
        if (hr_text_equal(record->fields[i].id, id)) {
            writers->index = (int32_t)i;
            writers->field = &record->fields[i];
            return true;
        }
    }
    return false;
}

/* ---- in words ------------------------------------------------------------------------------------------ */

static struct hr_text said_writer(const struct field_writers *writers,
                                  const struct hr_writer *writer)
{
    const struct hr_plan *plan = writers->plan;
    struct hr_arena *into = &writers->cli->arena;
    switch (writer->kind) {
    case HR_WRITER_tool:
        return hr_text_format(into, "tool %.*s", HR_SHOW(plan->tools[writer->index].id));
    case HR_WRITER_automation:
        return hr_text_format(into, "automation %.*s",
                              HR_SHOW(plan->automations[writer->index].id));
    case HR_WRITER_people:
        return HR_TEXT("people");
    case HR_WRITER_unsubscribe_page:
        return HR_TEXT("the unsubscribe page");
    case HR_WRITER_ai:
        return HR_TEXT("a machine, once a person has accepted it");
    case HR_WRITER_none:
        break;
    }
    return HR_TEXT_NONE;
}

static struct hr_text said_contract_writers(const struct field_writers *writers)
{
    const struct hr_contract *contract = writers->field->contract;
    struct hr_buffer out;
    hr_buffer_init(&out, &writers->cli->arena, SAID_BYTES_MAX);
    for (size_t i = 0; i < contract->writer_count; i++) {
        hr_buffer_add_format(&out, "%s%.*s", i == 0 ? "" : ", ",
                             HR_SHOW(said_writer(writers, &contract->writers[i])));
    }
    return hr_buffer_text(&out);
}

static const char *said_conflict(enum hr_on_conflict answer)
{
    static const char *const words[] = {
        [HR_ON_CONFLICT_unsaid] = "nothing is said",
        [HR_ON_CONFLICT_ask] = "a person is asked",
        [HR_ON_CONFLICT_keep_first] = "the first value stays",
        [HR_ON_CONFLICT_newest] = "the newest value wins",
        [HR_ON_CONFLICT_source_wins] = "the source of truth wins",
        [HR_ON_CONFLICT_people_win] = "what people wrote wins",
        [HR_ON_CONFLICT_never_overwrite] = "a value is never overwritten",
    };
    return words[answer];
}

/* A stage is moved, by the rules of its pipeline. */
static const struct hr_pipeline *pipeline_of(const struct field_writers *writers)
{
    int32_t index =
        writers->field->type == HR_FIELD_stage ? writers->field->contract->pipeline : -1;
    return index < 0 ? NULL : &writers->plan->pipelines[index];
}

static const char *said_movers(const struct hr_pipeline *pipeline)
{
    bool both = pipeline->moved_by_automation && pipeline->moved_by_people;
    return !pipeline->moves_said           ? "nothing is said"
           : both                          ? "automations and people, who move it"
           : pipeline->moved_by_automation ? "automations, which move it"
                                           : "people, who move it";
}

static const char *said_backwards(const struct hr_pipeline *pipeline)
{
    static const char *const words[] = {[HR_MOVE_ask] = "a move back asks a person",
                                        [HR_MOVE_allow] = "the last move stays",
                                        [HR_MOVE_refuse] = "a move back is refused"};
    return words[pipeline->backwards];
}

static struct hr_text said_when(const struct field_writers *writers,
                                const struct hr_writing *writing)
{
    struct hr_arena *into = &writers->cli->arena;
    struct hr_buffer out;
    hr_buffer_init(&out, into, SAID_BYTES_MAX);
    for (size_t i = 0; i < writing->when_count; i++) {
        struct hr_text words = hr_aloud_clauses(into, writing->when[i], " and ");
        hr_buffer_add_format(&out, "%s%.*s", out.size > 0 && words.size > 0 ? " and " : "",
                             HR_SHOW(words));
    }
    return hr_buffer_text(&out);
}

static struct hr_text said_how(const struct field_writers *writers,
                               const struct hr_writing *writing)
{
    struct hr_arena *into = &writers->cli->arena;
    if (writing->kind == HR_WRITING_event) {
        return hr_text_format(into, "brings it with %.*s", HR_SHOW(writing->by));
    }
    if (writing->kind == HR_WRITING_action) {
        return hr_text_format(into, "leaves `%.*s` there when asked to %.*s",
                              HR_SHOW(writing->constant), HR_SHOW(writing->by));
    }
    return hr_text_format(into, "step %.*s, %.*s%s%.*s", HR_SHOW(writing->by),
                          HR_SHOW(hr_step_kind_word(writing->step)),
                          writing->constant.size > 0 ? " " : "", HR_SHOW(writing->constant));
}

static struct hr_text shown_file(const struct field_writers *writers,
                                 const struct hr_writing *writing)
{
    return hr_cli_shown_path(writers->cli, writers->folder, writing->place.file);
}

/* ---- for people and for programs ------------------------------------------------------------------------- */

static void say_text(struct field_writers *writers)
{
    const struct hr_contract *contract = writers->field->contract;
    struct hr_buffer *out = &writers->out;
    struct hr_text source = said_writer(writers, &contract->source);
    hr_buffer_add_format(out, "%.*s.%.*s, %.*s\n", HR_SHOW(hr_record_type_word(writers->record)),
                         HR_SHOW(writers->field->id),
                         HR_SHOW(hr_field_type_word(writers->field->type)));
    hr_buffer_add_format(out, "  source of truth   %.*s\n",
                         HR_SHOW(source.size > 0 ? source : HR_TEXT("nothing is said")));
    const struct hr_pipeline *pipeline = pipeline_of(writers);
    struct hr_text may = contract->writers_said ? said_contract_writers(writers)
                         : pipeline != NULL     ? hr_text_from(said_movers(pipeline))
                                                : HR_TEXT("nothing is said");
    bool moved = pipeline != NULL && contract->on_conflict == HR_ON_CONFLICT_unsaid;
    hr_buffer_add_format(out, "  may write it      %.*s\n", HR_SHOW(may));
    hr_buffer_add_format(out, "  when two disagree %s\n\n",
                         moved ? said_backwards(pipeline) : said_conflict(contract->on_conflict));
    for (size_t i = 0; i < writers->count; i++) {
        const struct hr_writing *writing = &writers->items[i];
        struct hr_text when = said_when(writers, writing);
        hr_buffer_add_format(out, "  %.*s: %.*s  (%.*s:%u)\n",
                             HR_SHOW(said_writer(writers, &writing->writer)),
                             HR_SHOW(said_how(writers, writing)),
                             HR_SHOW(shown_file(writers, writing)), writing->place.line);
        if (when.size > 0) {
            hr_buffer_add_format(out, "      when %.*s\n", HR_SHOW(when));
        }
    }
    if (writers->count == 0) {
        hr_buffer_add_text(out, HR_TEXT("  Nothing in these files writes it.\n"));
    }
}

static void add_member(struct hr_buffer *out, const char *name, struct hr_text text)
{
    hr_buffer_add_format(out, "\"%s\":", name);
    hr_json_write_text(out, text);
}

static void say_json(struct field_writers *writers)
{
    const struct hr_contract *contract = writers->field->contract;
    struct hr_buffer *out = &writers->out;
    hr_buffer_add_byte(out, '{');
    add_member(out, "record", hr_record_type_word(writers->record));
    hr_buffer_add_byte(out, ',');
    add_member(out, "field", writers->field->id);
    hr_buffer_add_byte(out, ',');
    add_member(out, "source_of_truth", said_writer(writers, &contract->source));
    hr_buffer_add_byte(out, ',');
    add_member(out, "on_conflict", hr_on_conflict_word(contract->on_conflict));
    hr_buffer_add_text(out, HR_TEXT(",\"may_write\":["));
    for (size_t i = 0; i < contract->writer_count; i++) {
        hr_buffer_add_format(out, "%s", i == 0 ? "" : ",");
        hr_json_write_text(out, said_writer(writers, &contract->writers[i]));
    }
    hr_buffer_add_text(out, HR_TEXT("],\"writes\":["));
    for (size_t i = 0; i < writers->count; i++) {
        const struct hr_writing *writing = &writers->items[i];
        hr_buffer_add_format(out, "%s{", i == 0 ? "" : ",");
        add_member(out, "writer", said_writer(writers, &writing->writer));
        hr_buffer_add_byte(out, ',');
        add_member(out, "how", said_how(writers, writing));
        hr_buffer_add_byte(out, ',');
        add_member(out, "when", said_when(writers, writing));
        hr_buffer_add_byte(out, ',');
        add_member(out, "file", shown_file(writers, writing));
        hr_buffer_add_format(out, ",\"line\":%u}", writing->place.line);
    }
    hr_buffer_add_text(out, HR_TEXT("]}\n"));
}

static int tell(struct field_writers *writers)
{
    struct hr_cli *cli = writers->cli;
    if (!find_field(writers, cli->objects[0])) {
        const struct hr_record_plan *record = &writers->plan->records[writers->record];
        const struct hr_cli_things fields = {record->fields, record->field_count,
                                             sizeof *record->fields};
        int code = hr_cli_unknown(cli, HR_CODE_field_unknown, "field", cli->objects[0], fields);
        if (record->field_count == 0 && cli->found.count > 0) {
            cli->found.items[cli->found.count - 1].help =
                hr_text_format(&cli->arena, "declare it under `%.*s.fields`, or correct the name",
                               HR_SHOW(hr_words_records.items[writers->record]));
        }
        return code;
    }
    writers->count = hr_plan_writings(writers->plan, writers->record, writers->index, &cli->arena,
                                      &writers->items);
    hr_buffer_init(&writers->out, &cli->arena, WRITERS_BYTES_MAX);
    if (cli->json) {
        say_json(writers);
    } else {
        say_text(writers);
    }
    return hr_cli_print_whole(cli, &writers->out);
}

int hr_verb_writers(struct hr_cli *cli)
{
    struct field_writers writers = {.cli = cli, .folder = hr_cli_folder_here(cli)};
    int code = hr_cli_load(cli, writers.folder, &writers.plan);
    if (code == HR_EXIT_ok) {
        code = tell(&writers);
    }
    hr_plan_release(writers.plan);
    return code;
}
