/* The verb expr: evaluates expressions that stand on the command line or, with --jsonl, one a line: what other
 * programs and tests ask of CEL as Handrail has it. One answer a line, whatever the line is. */
#include "cli_inside.h"

#include "expr/wire.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum {
    LINE_BYTES_MAX = 1 << 20,
    LINE_ARENA_MAX = 64 << 20,
    ANSWER_BYTES_MAX = 16 << 20,
    ZONES_BYTES_MAX = 16 << 20,
    ZONES_MAX = 64,
    VARIABLES_MAX = 256
};

/* What is kept from line to line. */
struct desk {
    struct hr_arena zones_arena;
    struct hr_text zone_names[ZONES_MAX];
    const struct hr_zone *zones[ZONES_MAX];
    size_t zone_count;
    hr_instant now;
    bool types; /* tell the checked type too */
};

/* One line. */
struct question {
    struct desk *desk;
    struct hr_arena *arena;
    struct hr_text source;
    struct hr_text container;
    bool unchecked;
    const struct hr_value *values; /* of the variables, in the order of the names */
    struct hr_expr_name *names;
    size_t count;
};

/* ---- answers ----------------------------------------------------------------------------------- */

static struct hr_text error_line(struct hr_arena *arena, enum hr_code code, struct hr_text message,
                                 uint32_t column)
{
    struct hr_buffer out;
    hr_buffer_init(&out, arena, LINE_BYTES_MAX);
    hr_buffer_add_format(&out, "{\"error\":{\"code\":\"E%04d\",\"message\":", (int)code);
    hr_json_write_text(&out, message);
    hr_buffer_add_format(&out, ",\"column\":%u}}", column);
    return out.failed
               ? HR_TEXT("{\"error\":{\"code\":\"E0213\",\"message\":\"there is no memory to "
                         "say what is wrong\",\"column\":1}}")
               : hr_buffer_text(&out);
}

/* The first complaint; a complaint without words is a want of memory. */
static struct hr_text complaint_line(struct hr_arena *arena, const struct hr_diagnostics *found)
{
    const struct hr_diagnostic *first = hr_diagnostics_error(found);
    if (first == NULL) {
        return error_line(arena, HR_CODE_expression_budget,
                          HR_TEXT("there is no memory for this expression"), 1);
    }
    uint32_t column = first->place.column > 0 ? first->place.column : 1;
    return error_line(arena, first->code, first->message, column);
}

static struct hr_text value_line(const struct question *question, const struct hr_value *value,
                                 hr_shape shape)
{
    struct hr_buffer out;
    hr_buffer_init(&out, question->arena, ANSWER_BYTES_MAX);
    hr_buffer_add_format(&out, "{\"type\":\"%s\",\"value\":", hr_wire_type(value));
    hr_wire_write_bare(&out, value);
    if (question->desk->types) {
        hr_buffer_add_text(&out, HR_TEXT(",\"checked\":"));
        hr_json_write_text(&out, hr_shape_write(question->arena, shape));
    }
    hr_buffer_add_byte(&out, '}');
    return out.failed ? error_line(question->arena, HR_CODE_expression_budget,
                                   HR_TEXT("the value is too large or too deep to be written"), 1)
                      : hr_buffer_text(&out);
}

/* ---- evaluating -------------------------------------------------------------------------------- */

static bool value_of(void *context, size_t name, struct hr_value *ret_value)
{
    const struct question *question = context;
    *ret_value = question->values[name];
    return true;
}

/* A zone's rules are read once; no more than ZONES_MAX zones are known to one run of the program. */
static const struct hr_zone *zone_of(void *context, struct hr_text name)
{
    struct desk *desk = ((const struct question *)context)->desk;
    for (size_t i = 0; i < desk->zone_count; i++) {
        if (hr_text_equal(desk->zone_names[i], name)) {
            return desk->zones[i];
        }
    }
    const struct hr_zone *zone = NULL;
    struct hr_text bytes =
        desk->zone_count < ZONES_MAX ? hr_zone_bytes(&desk->zones_arena, name) : HR_TEXT_NONE;
    struct hr_text kept = hr_text_copy(&desk->zones_arena, name);
    if (bytes.size == 0 || kept.data == NULL ||
        !hr_ok(hr_zone_read(&desk->zones_arena, kept, bytes, &zone))) {
        return NULL;
    }
    desk->zone_names[desk->zone_count] = kept;
    desk->zones[desk->zone_count++] = zone;
    return zone;
}

/* Columns count from the beginning of the expression, also where it has several lines. */
static struct hr_place place_of(void *context, size_t offset, size_t size)
{
    const struct question *question = context;
    struct hr_text before = hr_text_slice(question->source, 0, offset);
    uint32_t column = 1;
    for (size_t i = 0; i < before.size; i++) {
        column += ((unsigned char)before.data[i] & 0xc0) != 0x80;
    }
    return (struct hr_place){.line = 1, .column = column, .size = (uint32_t)size};
}

static struct hr_text outcome_line(const struct question *question, hr_status status,
                                   const struct hr_expr_error *error)
{
    enum hr_code code = status.code == HR_EXPR_UNSET    ? HR_CODE_expression_unset
                        : status.code == HR_EXPR_FAILED ? HR_CODE_expression_failed
                                                        : HR_CODE_expression_budget;
    return error_line(question->arena, code, error->message, error->column);
}

static struct hr_text evaluate(struct question *question)
{
    struct hr_diagnostics found;
    const struct hr_expr *expr = NULL;
    struct hr_value value = hr_value_null();
    struct hr_expr_error error = {HR_TEXT_NONE, 1};
    const struct hr_expr_scope scope = {.names = question->names,
                                        .name_count = question->count,
                                        .container = question->container,
                                        .unchecked = question->unchecked};
    const struct hr_expr_view view = {
        .context = question, .value_of = value_of, .zone_of = zone_of, .now = question->desk->now};
    hr_diagnostics_init(&found, question->arena);
    hr_status status = hr_expr_compile(question->arena, question->source, &scope, HR_TYPE_dyn,
                                       place_of, question, &found, &expr);
    if (!hr_ok(status)) {
        return complaint_line(question->arena, &found);
    }
    status = hr_expr_evaluate(expr, &view, question->arena, &value, &error);
    struct hr_text answer = hr_ok(status) ? value_line(question, &value, hr_expr_result_shape(expr))
                                          : outcome_line(question, status, &error);
    hr_expr_release(expr);
    return answer;
}

/* ---- lines ------------------------------------------------------------------------------------- */

static struct hr_text refuse_line(struct hr_arena *arena, const char *message)
{
    return error_line(arena, HR_CODE_expression_line, hr_text_from(message), 1);
}

/* The variables, with the types that their values have; NULL, or why they cannot be used. */
static const char *read_variables(struct question *question, const struct hr_value *variables)
{
    const char *problem = NULL;
    size_t count = variables->count;
    struct hr_value *values = hr_arena_new_many(question->arena, struct hr_value, count);
    question->names = hr_arena_new_many(question->arena, struct hr_expr_name, count);
    if (count > VARIABLES_MAX) {
        return "there are more than 256 variables";
    }
    if (values == NULL || question->names == NULL) {
        return "there is no memory for the variables";
    }
    for (size_t i = 0; i < count; i++) {
        const struct hr_member *member = &variables->members[i];
        if (!hr_ok(hr_wire_read(question->arena, &member->value, &values[i], &problem))) {
            return problem != NULL ? problem : "a variable is too large or too deep";
        }
        question->names[i].name = hr_value_as_text(&member->key);
        question->names[i].type = hr_shape_of_value(&values[i]);
    }
    question->values = values;
    question->count = count;
    return NULL;
}

static struct hr_text answer_line(struct desk *desk, struct hr_arena *arena, struct hr_text line)
{
    struct hr_diagnostics found;
    struct hr_value json;
    struct question question = {.desk = desk, .arena = arena};
    hr_diagnostics_init(&found, arena);
    if (hr_text_trim(line).size == 0) {
        return refuse_line(arena, "the line is empty; write {\"expr\": \"...\", \"vars\": {...}}");
    }
    if (!hr_ok(hr_json_read(arena, line, NULL, &found, &json))) {
        return complaint_line(arena, &found);
    }
    const struct hr_value *source = hr_value_member(&json, HR_TEXT("expr"));
    const struct hr_value *variables = hr_value_member(&json, HR_TEXT("vars"));
    const struct hr_value *container = hr_value_member(&json, HR_TEXT("container"));
    const struct hr_value *check = hr_value_member(&json, HR_TEXT("check"));
    if (source == NULL || source->kind != HR_KIND_text) {
        return refuse_line(arena, "a line is an object with a text under \"expr\"");
    }
    bool none = variables == NULL || variables->kind == HR_KIND_null;
    if (!none && variables->kind != HR_KIND_map) {
        return refuse_line(arena, "\"vars\" is an object of names and values");
    }
    const char *problem = none ? NULL : read_variables(&question, variables);
    if (problem != NULL) {
        return refuse_line(arena, problem);
    }
    question.source = hr_value_as_text(source);
    question.container = hr_value_as_text(container);
    question.unchecked = check != NULL && check->kind == HR_KIND_bool && !check->truth;
    return evaluate(&question);
}

/* Reads one line without its end; what is beyond LINE_BYTES_MAX is passed over. False: no more. */
static bool read_line(FILE *in, char *line, size_t *ret_size, bool *ret_too_long)
{
    int byte = getc_unlocked(in);
    *ret_size = 0;
    *ret_too_long = false;
    if (byte == EOF) {
        return false;
    }
    for (; byte != EOF && byte != '\n'; byte = getc_unlocked(in)) {
        if (*ret_size < LINE_BYTES_MAX) {
            line[(*ret_size)++] = (char)byte;
        } else {
            *ret_too_long = true;
        }
    }
    if (*ret_size > 0 && line[*ret_size - 1] == '\r') {
        (*ret_size)--;
    }
    return true;
}

static int answer_lines(struct hr_cli *cli, struct desk *desk, FILE *in)
{
    struct hr_arena arena;
    size_t size = 0;
    bool too_long = false;
    char *line = hr_arena_alloc(&cli->arena, LINE_BYTES_MAX);
    if (line == NULL) {
        return hr_cli_failed(cli, hr_answer(HR_E_MEMORY));
    }
    hr_arena_init(&arena, LINE_ARENA_MAX);
    const struct hr_arena_mark empty = hr_arena_mark(&arena);
    while (read_line(in, line, &size, &too_long)) {
        struct hr_text answer = too_long ? refuse_line(&arena, "the line is longer than 1 MiB")
                                         : answer_line(desk, &arena, (struct hr_text){line, size});
        (void)fwrite(answer.data, 1, answer.size, stdout);
        (void)putc_unlocked('\n', stdout);
        hr_arena_rewind(&arena, empty);
    }
    hr_arena_close(&arena);
    if (ferror(in) != 0) {
        return hr_cli_fail(cli, HR_CODE_file_unreadable, "the lines cannot be read: %s",
                           strerror(errno));
    }
    return fflush(stdout) == 0 && ferror(stdout) == 0
               ? HR_EXIT_ok
               : hr_cli_fail(cli, HR_CODE_cannot_write, "the answers cannot be written: %s",
                             strerror(errno));
}

static int open_lines(struct hr_cli *cli, struct desk *desk)
{
    struct hr_text name = cli->object_count > 0 ? cli->objects[0] : HR_TEXT("-");
    if (hr_text_equal(name, HR_TEXT("-"))) {
        return answer_lines(cli, desk, stdin);
    }
    FILE *in = fopen(name.data, "rb");
    if (in == NULL) {
        return hr_cli_fail(cli, HR_CODE_file_unreadable, "%s: %s", name.data, strerror(errno));
    }
    int code = answer_lines(cli, desk, in);
    (void)fclose(in);
    return code;
}

/* ---- the other uses ---------------------------------------------------------------------------- */

static int list_functions(struct hr_cli *cli)
{
    struct hr_expr_function function;
    struct hr_text before = HR_TEXT_NONE;
    for (size_t i = 0; hr_expr_function_at(&cli->arena, i, &function); i++) {
        struct hr_text name = hr_text_from(function.name);
        bool again = hr_text_equal(name, before);
        hr_cli_print(cli, hr_text_format(&cli->arena, "%-64.*s  %s\n", HR_SHOW(function.written),
                                         again ? "" : function.words));
        before = name;
    }
    return HR_EXIT_ok;
}

static bool is_file(struct hr_text name)
{
    struct stat about;
    return stat(name.data, &about) == 0 && S_ISREG(about.st_mode);
}

/* EXPRESSION, the name of a file with one, or - for standard input. */
static int read_expression(struct hr_cli *cli, struct hr_text *ret_source)
{
    struct hr_text word = cli->objects[0];
    int code = HR_EXIT_ok;
    *ret_source = word;
    if (hr_text_equal(word, HR_TEXT("-")) || is_file(word)) {
        code = hr_cli_read_input(cli, word, ret_source);
        *ret_source = hr_text_trim(*ret_source);
    }
    return code;
}

static int answer_one(struct hr_cli *cli, struct desk *desk)
{
    struct question question = {.desk = desk, .arena = &cli->arena};
    int code = read_expression(cli, &question.source);
    if (code != HR_EXIT_ok) {
        return code;
    }
    struct hr_text answer = evaluate(&question);
    hr_cli_print(cli, answer);
    hr_cli_print(cli, HR_TEXT("\n"));
    return hr_text_starts(answer, HR_TEXT("{\"error\":")) ? HR_EXIT_found_errors : HR_EXIT_ok;
}

int hr_verb_expr(struct hr_cli *cli)
{
    struct desk desk = {.now = hr_clock_now(), .types = hr_cli_has(cli, "types")};
    if (hr_cli_has(cli, "functions")) {
        return list_functions(cli);
    }
    if (hr_cli_has(cli, "now") && !hr_instant_read(hr_cli_flag(cli, "now"), &desk.now)) {
        return hr_cli_fail(cli, HR_CODE_words_wrong,
                           "--now takes a time like 2026-01-01T00:00:00Z");
    }
    if (!hr_cli_has(cli, "jsonl") && cli->object_count == 0) {
        return hr_cli_fail(cli, HR_CODE_words_wrong,
                           "expr needs an expression, or --jsonl and lines to read");
    }
    hr_arena_init(&desk.zones_arena, ZONES_BYTES_MAX);
    (void)setvbuf(stdout, NULL, _IOLBF, 1 << 16);
    int code = hr_cli_has(cli, "jsonl") ? open_lines(cli, &desk) : answer_one(cli, &desk);
    hr_arena_close(&desk.zones_arena);
    return code;
}
