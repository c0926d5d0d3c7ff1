/* conformance/cel: the cases that CEL's own project publishes (corpus 01), run one by one. What is left out on
 * purpose stands in the table `reasons`, with how often. */
#include "conformance/cel_case.h"

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

/* ---- a case ---------------------------------------------------------------------------------- */

static hr_shape type_of(const struct field *type)
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
    const struct field *map = child(type, "map_type");
    const struct field *list = child(type, "list_type");
    return map != NULL
               ? HR_SHAPE_MAP(type_of(child(map, "key_type")), type_of(child(map, "value_type")))
           : list != NULL ? HR_SHAPE_LIST(type_of(child(list, "elem_type")))
                          : (hr_shape)HR_TYPE_dyn;
}

static const char *const protobuf_parts[] = {"TestAllTypes", "google.protobuf.Any", "Value{",
                                             "google.protobuf.Struct", NULL};

static struct cel_reason reasons[] = {
    {"protobuf messages", protobuf_parts, "protobuf messages", NULL, 99, 0},
};
enum { REASONS = sizeof(reasons) / sizeof(reasons[0]) };

static struct hr_text text_of(const struct field *test, const char *name)
{
    const struct field *field = child(test, name);
    return field != NULL ? field->scalar : HR_TEXT_NONE;
}

static void read_binding(struct cel_case *it, const struct field *field)
{
    size_t name = cel_name(it, child(field, "key")->scalar);
    it->bound[name] = true;
    if (!value_of(it->arena, child(child(field, "value"), "value"), &it->values[name])) {
        it->needs = HR_TEXT("protobuf messages");
    }
}

static void read_case(struct hr_arena *arena, struct hr_text path, const struct field *test,
                      struct cel_case *it)
{
    const struct field *wanted = child(test, "value");
    memset(it, 0, sizeof(*it));
    it->arena = arena;
    it->path = path;
    it->name = text_of(test, "name");
    it->expr = text_of(test, "expr");
    it->container = text_of(test, "container");
    it->unchecked = child(test, "disable_check") != NULL;
    it->want = hr_value_bool(true);
    it->wants_error = wanted == NULL && child(test, "eval_error") != NULL;
    for (size_t i = 0; i < test->count; i++) {
        const struct field *field = &test->children[i];
        if (hr_text_equal(field->name, HR_TEXT("type_env"))) {
            size_t name = cel_name(it, child(field, "name")->scalar);
            it->names[name].type = type_of(child(child(field, "ident"), "type"));
        } else if (hr_text_equal(field->name, HR_TEXT("bindings"))) {
            read_binding(it, field);
        }
    }
    if (wanted != NULL && !value_of(arena, wanted, &it->want)) {
        it->needs = HR_TEXT("protobuf messages");
    }
}

static void run_section(struct hr_arena *arena, const struct field *section,
                        struct cel_tally *tally)
{
    struct hr_text path = hr_text_format(arena, "%.*s.%.*s", HR_SHOW(tally->suite),
                                         HR_SHOW(text_of(section, "name")));
    for (size_t i = 0; i < section->count; i++) {
        if (hr_text_equal(section->children[i].name, HR_TEXT("test"))) {
            struct cel_case it;
            read_case(arena, path, &section->children[i], &it);
            cel_run(&it, reasons, REASONS, tally);
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
static struct hr_text read_file(struct hr_arena *arena, struct hr_text name)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/01-cel/%.*s.textproto", corpora(), HR_SHOW(name));
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
static bool run_file(struct cel_tally *tally)
{
    struct hr_arena arena;
    hr_arena_init(&arena, 64 * 1024 * 1024);
    struct hr_text text = read_file(&arena, tally->suite);
    struct field root = {0};
    struct reader reader = {.arena = &arena, .text = text};
    read_fields(&reader, &root);
    for (size_t i = 0; i < root.count; i++) {
        if (hr_text_equal(root.children[i].name, HR_TEXT("section"))) {
            run_section(&arena, &root.children[i], tally);
        }
    }
    print_message("%-14.*s passed %3u  failed %3u  left out %3u\n", HR_SHOW(tally->suite),
                  tally->passed, tally->failed, tally->left_out);
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
        struct cel_tally tally = {.suite = hr_text_from(files[i])};
        if (!run_file(&tally)) {
            print_message("SKIP corpus 01-cel: %s not found in %s\n", files[i], corpora());
            skip();
        }
        failed += tally.failed;
        passed += tally.passed;
    }
    print_message("COUNT CEL, corpus 01: %u passed, %u failed\n", passed, failed);
    cel_check_reasons("CEL, corpus 01", reasons, REASONS);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_published_case_passes_or_is_left_out_with_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
