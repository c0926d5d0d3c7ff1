/* conformance/cel_spec: every case of the npm package @bufbuild/cel-spec, CEL's own conformance suite as data: value,
 * error and checked type. tests/conformance/cel_cases.mjs writes them as lines into build/cases/cel.jsonl;
 * scripts/test does that. What only protocol buffers can say is left out, counted, with its reason. */
#include "conformance/cel_case.h"
#include "expr/wire.h"

enum { FILE_BYTES_MAX = 4 << 20, SUITES_MAX = 64, CASES = 2344 };

static const char *const message_parts[] = {"TestAllTypes",
                                            "TestRequired",
                                            "google.protobuf.Any",
                                            "google.protobuf.Struct",
                                            "google.protobuf.Timestamp{",
                                            "google.protobuf.Duration{",
                                            "google.protobuf.ListValue",
                                            "NullValue",
                                            "Value{",
                                            "proto.hasExt(",
                                            "proto.getExt(",
                                            NULL};
static const char *const enum_parts[] = {"GlobalEnum", "NestedEnum", NULL};

/* cel.block() is what planners write; the suite does not check its types. */
static const char *const block_types[] = {"block_ext.basic", NULL};
/* Types have room for twelve words (docs/decisions/0015-shapes.md). */
static const char *const deep_types[] = {"parse.repeat.index", NULL};
/* An item of an empty list stays anything, whatever is done with it. */
static const char *const empty_types[] = {"macros.filter.list_empty", NULL};

static struct cel_reason reasons[] = {
    {"protobuf messages", message_parts, "protobuf messages", NULL, 670, 0},
    {"protobuf enums", enum_parts, "protobuf enums", NULL, 24, 0},
    {"functions and types that a host declares", NULL, "functions and types that a host declares",
     NULL, 5, 0},
    {"cel.block() has its exact type here, dyn in the suite", NULL, NULL, block_types, 25, 0},
    {"a list thirteen lists deep", NULL, NULL, deep_types, 1, 0},
    {"the items of an empty list", NULL, NULL, empty_types, 1, 0},
};
enum { REASONS = sizeof(reasons) / sizeof(reasons[0]) };

static struct hr_text text_of(const struct hr_value *line, const char *name)
{
    return hr_value_as_text(hr_value_member(line, hr_text_from(name)));
}

static bool is_true(const struct hr_value *line, const char *name)
{
    const struct hr_value *member = hr_value_member(line, hr_text_from(name));
    return member != NULL && member->kind == HR_KIND_bool && member->truth;
}

static struct hr_value read_value(struct hr_arena *arena, const struct hr_value *json)
{
    struct hr_value value;
    const char *problem = NULL;
    assert_true(hr_ok(hr_wire_read(arena, json, &value, &problem)));
    return value;
}

static void read_names(struct cel_case *it, const struct hr_value *line)
{
    const struct hr_value *names = hr_value_member(line, HR_TEXT("names"));
    const struct hr_value *vars = hr_value_member(line, HR_TEXT("vars"));
    for (uint32_t i = 0; names != NULL && i < names->count; i++) {
        size_t name = cel_name(it, text_of(&names->items[i], "name"));
        it->names[name].type = cel_shape_of(text_of(&names->items[i], "type"));
    }
    for (uint32_t i = 0; vars != NULL && i < vars->count; i++) {
        size_t name = cel_name(it, hr_value_as_text(&vars->members[i].key));
        it->values[name] = read_value(it->arena, &vars->members[i].value);
        it->bound[name] = true;
    }
}

static void read_case(struct hr_arena *arena, const struct hr_value *line, struct cel_case *it)
{
    const struct hr_value *want = hr_value_member(line, HR_TEXT("value"));
    memset(it, 0, sizeof(*it));
    it->arena = arena;
    it->path = text_of(line, "path");
    it->name = text_of(line, "name");
    it->expr = text_of(line, "expr");
    it->container = text_of(line, "container");
    it->needs = text_of(line, "needs");
    it->type = text_of(line, "type");
    it->unchecked = !is_true(line, "check");
    it->only_check = is_true(line, "only_check");
    it->wants_error = is_true(line, "error");
    it->want = want != NULL ? read_value(arena, want) : hr_value_bool(true);
    read_names(it, line);
}

static struct cel_tally *tally_of(struct cel_tally *tallies, size_t *count, struct hr_text path)
{
    struct hr_text suite = hr_text_cut(&path, '.');
    for (size_t i = 0; i < *count; i++) {
        if (hr_text_equal(tallies[i].suite, suite)) {
            return &tallies[i];
        }
    }
    assert_true(*count < SUITES_MAX);
    tallies[*count] = (struct cel_tally){.suite = suite};
    return &tallies[(*count)++];
}

static void say(const struct cel_tally *tallies, size_t count)
{
    struct cel_tally all = {.suite = HR_TEXT("in all")};
    for (size_t i = 0; i < count; i++) {
        print_message("%-16.*s passed %4u  failed %3u  left out %3u\n", HR_SHOW(tallies[i].suite),
                      tallies[i].passed, tallies[i].failed, tallies[i].left_out);
        all.passed += tallies[i].passed;
        all.failed += tallies[i].failed;
        all.left_out += tallies[i].left_out;
    }
    print_message("COUNT CEL, @bufbuild/cel-spec: %u passed, %u failed, %u left out\n", all.passed,
                  all.failed, all.left_out);
    cel_check_reasons("CEL, @bufbuild/cel-spec", reasons, REASONS);
    assert_int_equal(all.failed, 0);
    assert_int_equal(all.passed + all.left_out, CASES);
}

static struct hr_text read_file(struct hr_arena *arena)
{
    FILE *file = fopen("build/cases/cel.jsonl", "rb");
    char *data = hr_arena_alloc(arena, FILE_BYTES_MAX);
    if (file == NULL || data == NULL) {
        return HR_TEXT_NONE;
    }
    size_t size = fread(data, 1, FILE_BYTES_MAX, file);
    (void)fclose(file);
    assert_true(size < FILE_BYTES_MAX);
    return (struct hr_text){data, size};
}

static void every_case_of_the_suite_passes_or_is_left_out_with_a_reason(void **state)
{
    (void)state;
    struct hr_arena arena;
    struct cel_tally tallies[SUITES_MAX];
    size_t count = 0;
    hr_arena_init(&arena, 512 << 20);
    struct hr_text text = read_file(&arena);
    if (text.size == 0) {
        print_message("SKIP @bufbuild/cel-spec: build/cases/cel.jsonl is not there; scripts/cases "
                      "writes it\n");
        hr_arena_close(&arena);
        skip();
    }
    while (text.size > 0) {
        struct hr_value line;
        struct cel_case it;
        struct hr_text written = hr_text_cut(&text, '\n');
        assert_true(hr_ok(hr_json_read(&arena, written, NULL, NULL, &line)));
        read_case(&arena, &line, &it);
        cel_run(&it, reasons, REASONS, tally_of(tallies, &count, it.path));
    }
    say(tallies, count);
    hr_arena_close(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_of_the_suite_passes_or_is_left_out_with_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
