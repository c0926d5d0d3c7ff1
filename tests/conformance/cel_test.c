/* conformance/cel: the cases that CEL's own project publishes (corpus 01), run one by one. What is left out on
 * purpose stands in the table `left_out` with its reason, and how often; a case that is neither left out nor passes
 * fails the test, and so does a reason that no longer applies as often as the table says. */
#include "expr/expr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* cmocka wants these before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
/* clang-format on */

/* ---- the text form of protocol buffers, as much as the files use ----------------------------- */

struct field {
    struct hr_text name;
    struct hr_text scalar; /* number, word, or a text with its escapes decoded */
    struct field *children;
    size_t count;
    size_t capacity;
    bool is_text;
};

struct reader {
    struct hr_arena *arena;
    struct hr_text text;
    size_t at;
};

static void pass_space(struct reader *r)
{
    while (r->at < r->text.size) {
        char byte = r->text.data[r->at];
        if (byte == '#') {
            while (r->at < r->text.size && r->text.data[r->at] != '\n') {
                r->at++;
            }
        } else if (byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r' || byte == ',' ||
                   byte == ';') {
            r->at++;
        } else {
            break;
        }
    }
}

static char peek(struct reader *r)
{
    pass_space(r);
    return r->at < r->text.size ? r->text.data[r->at] : '\0';
}

static struct hr_text read_word(struct reader *r)
{
    size_t from = r->at;
    size_t open = 0;
    for (; r->at < r->text.size; r->at++) {
        char byte = r->text.data[r->at];
        open += byte == '[';
        bool word = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
                    (byte >= 'A' && byte <= 'Z') || strchr("_.-+[]/", byte) != NULL;
        if (!word && open == 0) {
            break;
        }
        open -= byte == ']';
        if (!word) {
            break;
        }
    }
    return hr_text_slice(r->text, from, r->at);
}

static uint32_t read_digits(struct reader *r, size_t most, int base)
{
    char digits[9] = "";
    size_t count = 0;
    while (count < most && r->at < r->text.size) {
        char one[2] = {r->text.data[r->at], '\0'};
        char *end = NULL;
        strtoul(one, &end, base);
        if (*end != '\0') {
            break;
        }
        digits[count++] = one[0];
        r->at++;
    }
    return (uint32_t)strtoul(digits, NULL, base);
}

static void put_point(struct hr_buffer *out, uint32_t point)
{
    if (point < 0x80) {
        hr_buffer_add_byte(out, (char)point);
    } else if (point < 0x800) {
        hr_buffer_add_byte(out, (char)(0xc0 | (point >> 6)));
        hr_buffer_add_byte(out, (char)(0x80 | (point & 0x3f)));
    } else if (point < 0x10000) {
        hr_buffer_add_byte(out, (char)(0xe0 | (point >> 12)));
        hr_buffer_add_byte(out, (char)(0x80 | ((point >> 6) & 0x3f)));
        hr_buffer_add_byte(out, (char)(0x80 | (point & 0x3f)));
    } else {
        hr_buffer_add_byte(out, (char)(0xf0 | (point >> 18)));
        hr_buffer_add_byte(out, (char)(0x80 | ((point >> 12) & 0x3f)));
        hr_buffer_add_byte(out, (char)(0x80 | ((point >> 6) & 0x3f)));
        hr_buffer_add_byte(out, (char)(0x80 | (point & 0x3f)));
    }
}

static void read_escape(struct reader *r, struct hr_buffer *out)
{
    static const char letters[] = "abfnrtv\\'\"?";
    static const char bytes[] = "\a\b\f\n\r\t\v\\'\"?";
    char letter = r->text.data[r->at++];
    const char *simple = strchr(letters, letter);
    if (simple != NULL) {
        hr_buffer_add_byte(out, bytes[simple - letters]);
    } else if (letter == 'x') {
        hr_buffer_add_byte(out, (char)read_digits(r, 2, 16));
    } else if (letter == 'u' || letter == 'U') {
        put_point(out, read_digits(r, letter == 'u' ? 4 : 8, 16));
    } else {
        r->at--;
        hr_buffer_add_byte(out, (char)read_digits(r, 3, 8));
    }
}

/* One text, or several in a row, which are one. */
static struct hr_text read_text(struct reader *r)
{
    struct hr_buffer out;
    hr_buffer_init(&out, r->arena, 64 * 1024);
    for (char quote = peek(r); quote == '\'' || quote == '"'; quote = peek(r)) {
        r->at++;
        while (r->text.data[r->at] != quote) {
            if (r->text.data[r->at] == '\\') {
                r->at++;
                read_escape(r, &out);
            } else {
                hr_buffer_add_byte(&out, r->text.data[r->at++]);
            }
        }
        r->at++;
    }
    assert_false(out.failed);
    return hr_buffer_text(&out);
}

static void read_fields(struct reader *r, struct field *parent)
{
    while (peek(r) != '\0' && peek(r) != '}') {
        parent->children = parent->count < parent->capacity
                               ? parent->children
                               : hr_list_grow(r->arena, parent->children, parent->count,
                                              &parent->capacity, sizeof(struct field));
        assert_non_null(parent->children);
        struct field *field = &parent->children[parent->count++];
        memset(field, 0, sizeof(*field));
        field->name = read_word(r);
        assert_true(field->name.size > 0);
        if (peek(r) == ':') {
            r->at++;
        }
        char next = peek(r);
        if (next == '{') {
            r->at++;
            read_fields(r, field);
            assert_int_equal(peek(r), '}');
            r->at++;
        } else if (next == '\'' || next == '"') {
            field->is_text = true;
            field->scalar = read_text(r);
        } else {
            field->scalar = read_word(r);
        }
    }
}

static const struct field *child(const struct field *parent, const char *name)
{
    for (size_t i = 0; parent != NULL && i < parent->count; i++) {
        if (hr_text_equal(parent->children[i].name, hr_text_from(name))) {
            return &parent->children[i];
        }
    }
    return NULL;
}

/* ---- values ---------------------------------------------------------------------------------- */

static bool value_of(struct hr_arena *arena, const struct field *field, struct hr_value *ret_value);

static bool list_of(struct hr_arena *arena, const struct field *list, struct hr_value *ret_value)
{
    struct hr_value *items = hr_arena_new_many(arena, struct hr_value, list->count + 1);
    for (size_t i = 0; i < list->count; i++) {
        if (!value_of(arena, &list->children[i], &items[i])) {
            return false;
        }
    }
    *ret_value =
        (struct hr_value){.kind = HR_KIND_list, .count = (uint32_t)list->count, .items = items};
    return true;
}

static bool map_of(struct hr_arena *arena, const struct field *map, struct hr_value *ret_value)
{
    struct hr_member *members = hr_arena_new_many(arena, struct hr_member, map->count + 1);
    for (size_t i = 0; i < map->count; i++) {
        const struct field *key = child(&map->children[i], "key");
        const struct field *value = child(&map->children[i], "value");
        if (key == NULL || value == NULL || !value_of(arena, key, &members[i].key) ||
            !value_of(arena, value, &members[i].value)) {
            return false;
        }
    }
    *ret_value =
        (struct hr_value){.kind = HR_KIND_map, .count = (uint32_t)map->count, .members = members};
    return true;
}

/* A Value message's only field; false for messages, which we do not have. */
static bool value_of(struct hr_arena *arena, const struct field *field, struct hr_value *ret_value)
{
    const struct field *one = field->count == 1 ? &field->children[0] : NULL;
    if (one == NULL) {
        return false;
    }
    char number[64] = "";
    struct hr_text name = one->name;
    memcpy(number, one->scalar.data != NULL ? one->scalar.data : "",
           one->scalar.size < 63 ? one->scalar.size : 63);
    if (hr_text_equal(name, HR_TEXT("null_value"))) {
        *ret_value = hr_value_null();
    } else if (hr_text_equal(name, HR_TEXT("bool_value"))) {
        *ret_value = hr_value_bool(number[0] == 't');
    } else if (hr_text_equal(name, HR_TEXT("int64_value"))) {
        *ret_value = hr_value_int(strtoll(number, NULL, 0));
    } else if (hr_text_equal(name, HR_TEXT("uint64_value"))) {
        *ret_value = (struct hr_value){.kind = HR_KIND_uint, .natural = strtoull(number, NULL, 0)};
    } else if (hr_text_equal(name, HR_TEXT("double_value"))) {
        *ret_value = hr_value_double(strtod(number, NULL));
    } else if (hr_text_equal(name, HR_TEXT("string_value"))) {
        *ret_value = hr_value_text(one->scalar);
    } else if (hr_text_equal(name, HR_TEXT("bytes_value"))) {
        *ret_value = hr_value_text(one->scalar);
        ret_value->kind = HR_KIND_bytes;
    } else if (hr_text_equal(name, HR_TEXT("type_value"))) {
        *ret_value = hr_value_text(one->scalar);
        ret_value->kind = HR_KIND_type;
    } else if (hr_text_equal(name, HR_TEXT("list_value"))) {
        return list_of(arena, one, ret_value);
    } else if (hr_text_equal(name, HR_TEXT("map_value"))) {
        return map_of(arena, one, ret_value);
    } else {
        return false;
    }
    return true;
}

static bool same(const struct hr_value *a, const struct hr_value *b);

static bool same_map(const struct hr_value *a, const struct hr_value *b)
{
    for (uint32_t i = 0; i < a->count; i++) {
        bool found = false;
        for (uint32_t k = 0; !found && k < b->count; k++) {
            found = same(&a->members[i].key, &b->members[k].key) &&
                    same(&a->members[i].value, &b->members[k].value);
        }
        if (!found) {
            return false;
        }
    }
    return a->count == b->count;
}

/* The same kind and content; two NaN are the same here, and maps have no order. */
static bool same(const struct hr_value *a, const struct hr_value *b)
{
    if (a->kind != b->kind) {
        return false;
    }
    if (a->kind == HR_KIND_double) {
        bool both_nan =
            !(a->real <= 0.0) && !(a->real >= 0.0) && !(b->real <= 0.0) && !(b->real >= 0.0);
        return both_nan || (a->real <= b->real && a->real >= b->real);
    }
    if (a->kind == HR_KIND_list) {
        bool equal = a->count == b->count;
        for (uint32_t i = 0; equal && i < a->count; i++) {
            equal = same(&a->items[i], &b->items[i]);
        }
        return equal;
    }
    return a->kind == HR_KIND_map ? same_map(a, b) : hr_value_equal(a, b);
}

/* ---- a case ---------------------------------------------------------------------------------- */

enum { BINDINGS_MAX = 8 };

struct binding {
    struct hr_text name;
    struct hr_value value;
};

struct scene {
    struct hr_expr_name names[BINDINGS_MAX];
    struct binding bindings[BINDINGS_MAX];
    size_t name_count;
    size_t binding_count;
};

static bool bound(void *context, size_t name, struct hr_value *ret_value)
{
    const struct scene *scene = context;
    for (size_t i = 0; i < scene->binding_count; i++) {
        if (hr_text_equal(scene->bindings[i].name, scene->names[name].name)) {
            *ret_value = scene->bindings[i].value;
            return true;
        }
    }
    return false;
}

static enum hr_type type_of(const struct field *type)
{
    static const struct {
        const char *word;
        enum hr_type type;
    } words[] = {
        {"BOOL", HR_TYPE_bool},     {"INT64", HR_TYPE_int},   {"UINT64", HR_TYPE_uint},
        {"DOUBLE", HR_TYPE_double}, {"STRING", HR_TYPE_text}, {"BYTES", HR_TYPE_bytes},
    };
    const struct field *primitive = child(type, "primitive");
    for (size_t i = 0; primitive != NULL && i < sizeof(words) / sizeof(words[0]); i++) {
        if (hr_text_equal(primitive->scalar, hr_text_from(words[i].word))) {
            return words[i].type;
        }
    }
    return child(type, "map_type") != NULL    ? HR_TYPE_map
           : child(type, "list_type") != NULL ? HR_TYPE_list
                                              : HR_TYPE_dyn;
}

/* Names and values of a case; false when it binds a message. */
static bool set_scene(struct hr_arena *arena, const struct field *test, struct scene *scene)
{
    memset(scene, 0, sizeof(*scene));
    for (size_t i = 0; i < test->count; i++) {
        const struct field *field = &test->children[i];
        if (hr_text_equal(field->name, HR_TEXT("type_env"))) {
            const struct field *ident = child(field, "ident");
            const struct field *type = child(ident, "type");
            assert_true(scene->name_count < BINDINGS_MAX);
            scene->names[scene->name_count++] =
                (struct hr_expr_name){.name = child(field, "name")->scalar, .type = type_of(type)};
        } else if (hr_text_equal(field->name, HR_TEXT("bindings"))) {
            assert_true(scene->binding_count < BINDINGS_MAX);
            struct binding *binding = &scene->bindings[scene->binding_count++];
            binding->name = child(field, "key")->scalar;
            if (!value_of(arena, child(child(field, "value"), "value"), &binding->value)) {
                return false;
            }
        }
    }
    return true;
}

struct tally {
    const char *file;
    uint32_t passed;
    uint32_t failed;
    uint32_t skipped;
};

/* Why a case may be left out. part: occurs in the expression; or a rule of its own by name. */
struct left_out {
    const char *reason;
    const char *const *parts; /* any of these in the expression */
    uint32_t expected;        /* how many cases in all files */
    uint32_t found;
};

static const char *const protobuf_parts[] = {"TestAllTypes", "google.protobuf.Any", "Value{",
                                             "google.protobuf.Struct", NULL};
static const char *const zone_parts[] = {"Australia/Sydney", "US/Central", "America/St_Johns",
                                         "Asia/Kathmandu", NULL};
static const char *const nano_parts[] = {"ns'",         ".999999999Z", ".000000001Z",
                                         ".999999998Z", ".123456789Z", NULL};
static const char *const none[] = {NULL};

enum { PROTOBUF, ZONES, NANOSECONDS, UNCHECKED };

static struct left_out left_out[] = {
    [PROTOBUF] = {"protobuf messages", protobuf_parts, 99, 0},
    [ZONES] = {"named zones come with the view", zone_parts, 5, 0},
    [NANOSECONDS] = {"times have microseconds", nano_parts, 6, 0},
    [UNCHECKED] = {"unchecked: the checker refuses it, as it must", none, 24, 0},
};
enum { LEFT_OUT = sizeof(left_out) / sizeof(left_out[0]) };

static bool contains_any(struct hr_text expr, const char *const *parts)
{
    for (size_t i = 0; parts[i] != NULL; i++) {
        if (hr_text_search(expr, hr_text_from(parts[i])) < expr.size) {
            return true;
        }
    }
    return false;
}

static void complain(const struct tally *tally, const struct field *section,
                     const struct field *test, struct hr_text why)
{
    struct hr_text expr = child(test, "expr")->scalar;
    print_error("%s %.*s.%.*s: %.*s\n    %.*s\n", tally->file,
                HR_SHOW(child(section, "name")->scalar), HR_SHOW(child(test, "name")->scalar),
                HR_SHOW(why), HR_SHOW(expr));
}

enum verdict { PASSED, FAILED, SKIPPED };

/* Runs a case. An unset outcome counts as CEL's error: both are no value (docs/decisions/0005-unset.md). */
static enum verdict run_case(struct hr_arena *arena, const struct field *test,
                             struct hr_text *ret_why)
{
    struct scene scene;
    struct hr_value want = hr_value_null();
    struct hr_text expr = child(test, "expr")->scalar;
    const struct field *wanted = child(test, "value");
    bool unchecked = child(test, "disable_check") != NULL;
    bool binds = set_scene(arena, test, &scene);
    for (size_t i = 0; i < LEFT_OUT; i++) {
        if (contains_any(expr, left_out[i].parts)) {
            left_out[i].found++;
            return SKIPPED;
        }
    }
    if (!binds || (wanted != NULL && !value_of(arena, wanted, &want))) {
        left_out[PROTOBUF].found++;
        return SKIPPED;
    }
    const struct hr_expr *program = NULL;
    struct hr_diagnostics complaints;
    struct hr_value value = hr_value_null();
    struct hr_expr_scope scope = {scene.names, scene.name_count};
    struct hr_expr_view view = {.context = &scene, .value_of = bound, .now = HR_INSTANT_NONE};
    struct hr_expr_error error = {HR_TEXT_NONE, 0};
    hr_diagnostics_init(&complaints, arena);
    hr_status status =
        hr_expr_compile(arena, expr, &scope, HR_TYPE_dyn, NULL, NULL, &complaints, &program);
    if (!hr_ok(status) && unchecked && wanted != NULL) {
        left_out[UNCHECKED].found++;
        return SKIPPED;
    }
    if (hr_ok(status)) {
        status = hr_expr_evaluate(program, &view, arena, &value, &error);
        hr_expr_release(program);
    } else if (complaints.count > 0) {
        error.message = complaints.items[0].message;
    }
    if (wanted == NULL && child(test, "eval_error") != NULL) {
        *ret_why = HR_TEXT("a value where an error was expected");
        return hr_ok(status) ? FAILED : PASSED;
    }
    if (wanted == NULL) { /* only that it comes out true */
        want = hr_value_bool(true);
    }
    *ret_why = hr_ok(status) ? hr_value_show(arena, &value) : error.message;
    return hr_ok(status) && same(&value, &want) ? PASSED : FAILED;
}

static void run_section(struct hr_arena *arena, const struct field *section, struct tally *tally)
{
    for (size_t i = 0; i < section->count; i++) {
        const struct field *test = &section->children[i];
        if (!hr_text_equal(test->name, HR_TEXT("test"))) {
            continue;
        }
        struct hr_text why = HR_TEXT_NONE;
        enum verdict verdict = run_case(arena, test, &why);
        tally->passed += verdict == PASSED;
        tally->failed += verdict == FAILED;
        tally->skipped += verdict == SKIPPED;
        if (verdict == FAILED) {
            complain(tally, section, test, why);
        }
    }
}

/* ---- the files ------------------------------------------------------------------------------- */

static const char *corpora(void)
{
    const char *folder = getenv("HANDRAIL_CORPORA");
    return folder != NULL ? folder : "../shared/corpora";
}

/* A file's bytes in the arena; the empty text when it is not there. */
static struct hr_text read_file(struct hr_arena *arena, const char *name)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/01-cel/%s.textproto", corpora(), name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return HR_TEXT_NONE;
    }
    size_t room = 512 * 1024;
    char *data = hr_arena_alloc(arena, room);
    assert_non_null(data);
    size_t size = fread(data, 1, room, file);
    fclose(file);
    assert_true(size < room);
    return (struct hr_text){data, size};
}

/* One file; answers false when the corpus is not there. */
static bool run_file(struct tally *tally)
{
    struct hr_arena arena;
    hr_arena_init(&arena, 64 * 1024 * 1024);
    struct hr_text text = read_file(&arena, tally->file);
    struct field root = {0};
    struct reader reader = {.arena = &arena, .text = text};
    read_fields(&reader, &root);
    for (size_t i = 0; i < root.count; i++) {
        if (hr_text_equal(root.children[i].name, HR_TEXT("section"))) {
            run_section(&arena, &root.children[i], tally);
        }
    }
    print_message("%-14s passed %3u  failed %3u  skipped %3u\n", tally->file, tally->passed,
                  tally->failed, tally->skipped);
    hr_arena_close(&arena);
    return text.size > 0;
}

static void every_published_case_passes_or_is_left_out_with_a_reason(void **state)
{
    (void)state;
    static const char *const files[] = {
        "basic", "comparisons", "conversions", "fields",   "fp_math", "integer_math", "lists",
        "logic", "macros",      "parse",       "plumbing", "string",  "timestamps",
    };
    uint32_t failed = 0;
    uint32_t passed = 0;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        struct tally tally = {.file = files[i]};
        if (!run_file(&tally)) {
            print_message("SKIP corpus 01-cel: %s not found in %s\n", files[i], corpora());
            skip();
        }
        failed += tally.failed;
        passed += tally.passed;
    }
    for (size_t i = 0; i < LEFT_OUT; i++) {
        print_message("left out %3u: %s\n", left_out[i].found, left_out[i].reason);
        assert_int_equal(left_out[i].found, left_out[i].expected);
    }
    print_message("in all: %u passed, %u failed\n", passed, failed);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_published_case_passes_or_is_left_out_with_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
