/* `handrail fmt`, its pure half: what a file looks like afterwards, and that it says the same as
 * before and stays as it is when formatted again: on stories, on the examples, on the public YAML
 * suite, and on random files in random layouts. */
#include "data_corpus.h"

#include "data/yaml.h"

static struct hr_arena arena;

static int begin(void **state)
{
    (void)state;
    hr_arena_init(&arena, 256 << 20);
    return 0;
}

static int end(void **state)
{
    (void)state;
    hr_arena_close(&arena);
    return 0;
}

static hr_status format(struct hr_text text, struct hr_text *ret_text)
{
    struct hr_diagnostics found;
    hr_diagnostics_init(&found, &arena);
    hr_status status = hr_yaml_format(&arena, HR_TEXT("w.yaml"), text, &found, ret_text);
    assert_int_equal(status.code == HR_E_INPUT, found.error_count > 0);
    return status;
}

static struct hr_node *read_tree(struct hr_text text)
{
    struct hr_node *root = NULL;
    hr_status status = hr_yaml_read(&arena, HR_TEXT("w.yaml"), text, NULL, &root);
    return hr_ok(status) ? root : NULL;
}

/* ---- what always holds --------------------------------------------------------------------- */

static bool same(const struct hr_node *a, const struct hr_node *b)
{
    bool equal = a->kind == b->kind && a->style == b->style && a->count == b->count &&
                 hr_text_equal(a->scalar, b->scalar);
    for (size_t i = 0; equal && i < a->count; i++) {
        if (a->kind == HR_NODE_list) {
            equal = same(a->items[i], b->items[i]);
        } else {
            equal = same(a->pairs[i].key, b->pairs[i].key) &&
                    same(a->pairs[i].value, b->pairs[i].value);
        }
    }
    return equal;
}

/* Block lists and maps stand two columns deeper than what they stand in. */
static bool well_indented(const struct hr_node *node, struct hr_text text, uint32_t column)
{
    bool flow = node->kind != HR_NODE_scalar && node->offset < text.size &&
                strchr("[{", text.data[node->offset]) != NULL;
    bool good = true;
    if (node->kind == HR_NODE_scalar || flow) {
        return true;
    }
    good = node->place.column == column;
    for (size_t i = 0; i < node->count; i++) {
        const struct hr_node *child =
            node->kind == HR_NODE_list ? node->items[i] : node->pairs[i].value;
        good = good && well_indented(child, text, column + 2);
    }
    return good;
}

static int refused, formatted, kept;

/* The three laws, for any text. True when the file could be read. */
static bool obeys(struct hr_text text)
{
    struct hr_text once = HR_TEXT_NONE;
    struct hr_text twice = HR_TEXT_NONE;
    struct hr_node *before = read_tree(text);
    hr_status status = format(text, &once);
    assert_int_equal(before == NULL, status.code == HR_E_INPUT);
    if (before == NULL) {
        refused++;
        return false;
    }
    struct hr_node *after = read_tree(once);
    assert_non_null(after);
    if (status.code == HR_YAML_KEPT) {
        assert_true(hr_text_equal(text, once));
        print_message("kept as it was:\n%.*s\n", HR_SHOW(text));
        kept++;
        return true;
    }
    assert_true(hr_ok(status));
    bool good = same(before, after);
    good = hr_ok(format(once, &twice)) && hr_text_equal(once, twice) && good;
    good = good && (after->count == 0 || well_indented(after, once, 1));
    good = good && (once.size == 0 || once.data[once.size - 1] == '\n');
    if (!good) {
        fail_msg("from\n%.*s\nto\n%.*s\nto\n%.*s\n", HR_SHOW(text), HR_SHOW(once), HR_SHOW(twice));
    }
    formatted++;
    return true;
}

/* ---- stories -------------------------------------------------------------------------------- */

static const struct {
    const char *says;
    const char *before;
    const char *after;
} stories[] = {
    {"a tidy file stays", "# head\na: 1\n\nb:\n  - x # why\n  - {k: v}\n",
     "# head\na: 1\n\nb:\n  - x # why\n  - {k: v}\n"},
    {"two spaces a level", "a:\n    b:\n     - c: 1\n       d: 2\n     -   e\n",
     "a:\n  b:\n    - c: 1\n      d: 2\n    - e\n"},
    {"a list under its key moves in", "a:\n- 1\n- 2\nb: 3\n", "a:\n  - 1\n  - 2\nb: 3\n"},
    {"lists in lists", "-   - a\n    -   - b\n-\n   - c\n", "- - a\n  - - b\n-\n  - c\n"},
    {"one space between tokens", "a :  1\nb:    \"x\"   # note\nc:\n",
     "a: 1\nb: \"x\"   # note\nc:\n"},
    {"brackets on one line", "a: { b: 1,c : [ x ,y ], \"d\":2, e }\nf: [ ]\n",
     "a: {b: 1, c: [x, y], \"d\": 2, e}\nf: []\n"},
    {"brackets over several lines move along",
     "a:\n      b: [\n        x,   # one\n\n\n        # two\n        y\n      ]\n",
     "a:\n  b: [\n    x,   # one\n\n    # two\n    y\n  ]\n"},
    {"an empty value in brackets", "a: {b: , c: }\n", "a: {b: , c: }\n"},
    {"spaces at line ends, line ends of other systems, and no end",
     "a: 1  \r\n\r\n   \r\nb: \"x  \r\n    y\"  \r\nc: 2", "a: 1\n\nb: \"x\n  y\"\nc: 2\n"},
    {"comments stay with what they stand under",
     "a:\n     # about b\n     b: 1\n     # the end of a\n# about c\nc:\n     d: 1\n   # odd\n",
     "a:\n  # about b\n  b: 1\n  # the end of a\n# about c\nc:\n  d: 1\n# odd\n"},
    {"a comment between a key and its value", "a: # here\n      # there\n    b: 1\n",
     "a: # here\n  # there\n  b: 1\n"},
    {"empty lines", "\n\na: 1\n\n\n\nb: 2\n\n# c\n\n\n# d\n\n\n", "a: 1\n\nb: 2\n\n# c\n\n# d\n"},
    {"block texts move as a whole",
     "a:\n    b: |\n          one\n            two\n\n          three  \n    c: 1\n",
     "a:\n  b: |\n    one\n      two\n\n    three  \n  c: 1\n"},
    {"an indentation that is said", "a:\n    b: |2\n       one\n      two\n",
     "a:\n  b: |2\n     one\n    two\n"},
    {"a block text in a list", "- >-\n     one\n     two\n- x\n", "- >-\n  one\n  two\n- x\n"},
    {"empty lines behind a block text", "a: |\n  x\n\n\n\nb: |+\n  y\n\n\nc: 1\n",
     "a: |\n  x\n\nb: |+\n  y\n\n\nc: 1\n"},
    {"a block text that ends with the file", "a: |\n  x", "a: |-\n  x\n"},
    {"... also one that keeps its end", "a: |+ # c\n  x", "a: |- # c\n  x\n"},
    {"texts over several lines", "a: one\n        two\n   three\nb: 'x\n\n\n         y'\n",
     "a: one\n  two\n  three\nb: 'x\n\n\n  y'\n"},
    {"an escaped space at a line's end", "a: \"x\\  \n      y\"\n", "a: \"x\\  \n  y\"\n"},
    {"a document's marks", "# c\n---   # d\na: 1\n...\n# e\n", "# c\n---   # d\na: 1\n...\n# e\n"},
    {"a file of comments", "  # c", "# c\n"},
    {"an empty file", "", ""},
    {"an empty file of empty lines", "\n  \n", ""},
    {"an empty map", "{ }", "{}\n"},
    {"one value", "   a\n     b\n", "a\n  b\n"},
    {"letters beyond ASCII",
     "\xEF\xBB\xBF"
     "caf\xC3\xA9:   {\xC3\xA9:  1}\n",
     "caf\xC3\xA9: {\xC3\xA9: 1}\n"},
};

static void a_file_looks_like_this_afterwards(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
        struct hr_text after = HR_TEXT_NONE;
        struct hr_text before = hr_text_from(stories[i].before);
        hr_status status = format(before, &after);
        if (!hr_ok(status) || !hr_text_equal(after, hr_text_from(stories[i].after))) {
            fail_msg("%s (%d): expected\n%s\ngot\n%.*s", stories[i].says, status.code,
                     stories[i].after, HR_SHOW(after));
        }
        assert_true(obeys(before));
    }
    assert_int_equal(kept, 0);
}

/* With however little memory: either it says so, or the file is laid out whole. */
static void a_file_is_never_laid_out_in_half(void **state)
{
    (void)state;
    enum { LONG = 300000 };
    static char file[LONG + 20];
    size_t starved = 0;
    size_t done = 0;
    memset(file, 'x', sizeof file);
    memcpy(file, "a:  1\r\nb:  ", 11);
    memcpy(file + sizeof file - 2, "\r\n", 2);
    for (size_t budget = 0; budget <= 8 << 20; budget += 16384) {
        struct hr_arena small;
        struct hr_diagnostics unread;
        struct hr_text got = HR_TEXT_NONE;
        struct hr_text text = {file, sizeof file};
        hr_arena_init(&small, budget);
        hr_diagnostics_init(&unread, &small);
        hr_status status = hr_yaml_format(&small, HR_TEXT("f.yaml"), text, &unread, &got);
        if (hr_ok(status)) {
            assert_int_equal(got.size, sizeof file - 4); /* two spaces, and two returns */
            done++;
        } else {
            assert_int_equal(status.code, HR_E_MEMORY);
            starved++;
        }
        hr_arena_close(&small);
    }
    assert_true(starved > 0 && done > 0);
}

static void a_file_that_cannot_be_read_stays(void **state)
{
    (void)state;
    struct hr_text after = HR_TEXT("untouched");
    assert_int_equal(format(HR_TEXT("a: [1\nb:   2\n"), &after).code, HR_E_INPUT);
    assert_true(hr_text_equal(after, HR_TEXT("untouched")));
    assert_int_equal(format(HR_TEXT("a: 1\n\tb: 2\n"), &after).code, HR_E_INPUT);
}

/* ---- files of others ------------------------------------------------------------------------ */

static void the_examples_are_formatted(void **state)
{
    (void)state;
    static const char *const names[] = {"handrail.yaml", "contacts.yaml", "tools.yaml",
                                        "paths/form_to_member.yaml"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[1024];
        const char *here = __FILE__;
        (void)snprintf(path, sizeof path, "%.*s/../../examples/coaching/%s",
                       (int)(strrchr(here, '/') - here), here, names[i]);
        struct hr_text text = corpus_read_path(path);
        struct hr_text after = HR_TEXT_NONE;
        assert_true(text.size > 0 && hr_ok(format(text, &after)));
        if (!hr_text_equal(text, after)) {
            fail_msg("%s would become\n%.*s", path, HR_SHOW(after));
        }
        corpus_free(text);
    }
}

static void check_file(const char *folder, const char *name)
{
    struct hr_text text = corpus_read(folder, name);
    struct hr_node *root = read_tree(text);
    (void)obeys(text);
    for (size_t i = 0; root != NULL && root->kind == HR_NODE_list && i < root->count; i++) {
        struct hr_node *yaml = hr_node_get(root->items[i], HR_TEXT("yaml"));
        if (yaml != NULL) {
            (void)obeys(corpus_yaml_unmask(&arena, yaml->scalar));
        }
    }
    corpus_free(text);
}

static void the_yaml_suite_keeps_its_meaning(void **state)
{
    (void)state;
    refused = formatted = kept = 0;
    if (corpus_each("10-yaml-suite", check_file) == 0) {
        skip();
    }
    print_message("%d formatted, %d kept as they were, %d refused\n", formatted, kept, refused);
    assert_true(formatted > 440);
    assert_true(kept <= 2);
}

/* ---- random files --------------------------------------------------------------------------- */

static uint64_t random_state = 88172645463325252U;

static uint32_t pick(uint32_t count)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 32) % count;
}

struct writer {
    struct hr_buffer out;
    unsigned next_key;
    bool after_text; /* a block text: no comment may follow on its last line */
};

static void put(struct writer *writer, const char *text)
{
    hr_buffer_add_text(&writer->out, hr_text_from(text));
}

static void spaces(struct writer *writer, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        put(writer, " ");
    }
}

/* Ends the line, perhaps with a comment, perhaps with more lines that say nothing. */
static void new_line(struct writer *writer, uint32_t column)
{
    if (!writer->after_text && pick(6) == 0) {
        put(writer, pick(2) == 0 ? " # note" : "   # note  ");
    } else if (!writer->after_text && pick(6) == 0) {
        spaces(writer, pick(4));
    }
    put(writer, pick(40) == 0 ? "\r\n" : "\n");
    while (pick(8) == 0) {
        spaces(writer, writer->after_text ? 0 : pick(12));
        put(writer, pick(2) == 0 ? "\n" : writer->after_text ? "\n" : "# a line\n");
    }
    writer->after_text = false;
    spaces(writer, column);
}

static void write_words(struct writer *writer)
{
    static const char *const words[] = {"a",   "two words", "22:30",    "no", "caf\xC3\xA9",
                                        "x#y", "1e3",       "a.b == c", "-1", "f"};
    put(writer, words[pick(sizeof words / sizeof words[0])]);
}

static void write_quoted(struct writer *writer, uint32_t column, bool lines)
{
    bool single = pick(2) == 0;
    put(writer, single ? "'" : "\"");
    for (uint32_t parts = 1 + (lines ? pick(3) : 0); parts > 0; parts--) {
        put(writer, single ? "it''s: # [x]" : "say \\\"hi\\\" \\\\ {y}");
        if (parts > 1) {
            spaces(writer, pick(3));
            put(writer, pick(3) == 0 ? "\n\n" : "\n");
            spaces(writer, column + 1 + pick(5));
        }
    }
    put(writer, single ? "'" : "\"");
}

static void write_block_text(struct writer *writer, uint32_t column)
{
    uint32_t indent = column + 1 + pick(5);
    static const char *const headers[] = {"|", ">", "|-", ">-", "|+", ">+"};
    put(writer, headers[pick(6)]);
    if (pick(4) == 0) {
        char digit[2] = {(char)('0' + indent - column), '\0'};
        put(writer, digit);
    }
    if (pick(5) == 0) {
        put(writer, " # about it");
    }
    for (uint32_t lines = 1 + pick(4); lines > 0; lines--) {
        put(writer, "\n");
        if (pick(4) == 0) {
            put(writer, "\n");
        }
        spaces(writer, indent);
        put(writer, pick(3) == 0 ? "- x: 'y" : "text # no comment");
        spaces(writer, pick(8) == 0 ? 2 : 0);
    }
    writer->after_text = true;
}

static void write_flow(struct writer *writer, uint32_t column, uint32_t depth, bool lines)
{
    uint32_t kind = depth == 0 ? pick(2) : pick(4);
    if (kind < 2) {
        if (kind == 0) {
            write_quoted(writer, column, false);
        } else {
            put(writer, pick(2) == 0 ? "plain" : "a b");
        }
        return;
    }
    put(writer, kind == 2 ? "[" : "{");
    for (uint32_t count = pick(4); count > 0; count--) {
        if (lines && pick(3) == 0) {
            put(writer, pick(3) == 0 ? " # in\n" : "\n");
            spaces(writer, column + 1 + pick(6));
        } else {
            spaces(writer, pick(2));
        }
        if (kind == 3) {
            hr_buffer_add_format(&writer->out, "k%u", writer->next_key++);
            spaces(writer, pick(2));
            put(writer, pick(8) == 0 ? "" : ": ");
            spaces(writer, pick(2));
        }
        if (kind == 2 || hr_text_ends(hr_buffer_text(&writer->out), HR_TEXT(" "))) {
            write_flow(writer, column, depth - 1, lines);
        }
        spaces(writer, pick(2));
        put(writer, count > 1 || pick(6) == 0 ? "," : "");
    }
    spaces(writer, pick(2));
    put(writer, kind == 2 ? "]" : "}");
}

static void write_map(struct writer *writer, uint32_t column, uint32_t depth);
static void write_list(struct writer *writer, uint32_t column, uint32_t depth);

static void write_value(struct writer *writer, uint32_t column, uint32_t depth, bool of_key)
{
    uint32_t inner = column + 1 + pick(5);
    switch (pick(depth == 0 ? 6 : 10)) {
    case 0:
        return;
    case 1:
        spaces(writer, 1 + pick(3));
        write_block_text(writer, column);
        return;
    case 2:
        spaces(writer, 1 + pick(3));
        write_quoted(writer, column, true);
        return;
    case 3:
    case 4:
        spaces(writer, 1 + pick(3));
        write_flow(writer, column, 3, pick(2) == 0);
        return;
    case 5:
        if (pick(3) == 0) {
            new_line(writer, inner);
        } else {
            spaces(writer, 1 + pick(3));
        }
        write_words(writer);
        return;
    case 6:
    case 7:
        if (!of_key && pick(2) == 0) {
            spaces(writer, inner - column);
            write_map(writer, inner + 1, depth - 1);
            return;
        }
        new_line(writer, inner);
        write_map(writer, inner, depth - 1);
        return;
    default:
        if (!of_key && pick(2) == 0) {
            spaces(writer, inner - column);
            write_list(writer, inner + 1, depth - 1);
            return;
        }
        inner -= of_key && pick(3) == 0 ? inner - column : 0;
        new_line(writer, inner);
        write_list(writer, inner, depth - 1);
    }
}

static void write_map(struct writer *writer, uint32_t column, uint32_t depth)
{
    for (uint32_t count = 1 + pick(4), i = 0; i < count; i++) {
        if (i > 0) {
            new_line(writer, column);
        }
        hr_buffer_add_format(&writer->out, pick(5) == 0 ? "\"k %u\"" : "k%u", writer->next_key++);
        spaces(writer, pick(8) == 0 ? 1 : 0);
        put(writer, ":");
        write_value(writer, column, depth, true);
    }
}

static void write_list(struct writer *writer, uint32_t column, uint32_t depth)
{
    for (uint32_t count = 1 + pick(4), i = 0; i < count; i++) {
        if (i > 0) {
            new_line(writer, column);
        }
        put(writer, "-");
        write_value(writer, column, depth, false);
    }
}

static void random_files_keep_their_meaning(void **state)
{
    (void)state;
    refused = formatted = kept = 0;
    for (int round = 0; round < 6000; round++) {
        struct hr_arena_mark mark = hr_arena_mark(&arena);
        struct writer writer = {.next_key = 1};
        hr_buffer_init(&writer.out, &arena, 1 << 20);
        uint32_t column = pick(4) == 0 ? pick(4) : 0;
        spaces(&writer, column);
        if (pick(3) == 0) {
            write_list(&writer, column, 4);
        } else {
            write_map(&writer, column, 4);
        }
        put(&writer, pick(4) == 0 ? "" : "\n");
        (void)obeys(hr_buffer_text(&writer.out));
        hr_arena_rewind(&arena, mark);
    }
    print_message("%d formatted, %d kept as they were, %d refused\n", formatted, kept, refused);
    assert_true(formatted > 4500);
    assert_int_equal(kept, 0);
}

#define story(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        story(a_file_looks_like_this_afterwards), story(a_file_that_cannot_be_read_stays),
        story(the_examples_are_formatted),        story(the_yaml_suite_keeps_its_meaning),
        story(random_files_keep_their_meaning),   story(a_file_is_never_laid_out_in_half),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
