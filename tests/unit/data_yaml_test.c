/* What people rely on when Handrail reads a workspace file: the tree says what the file says, every
 * complaint points at the letter, and a condition inside a quoted or folded text is found again in
 * the file. */
#include "data_corpus.h"

#include "data/yaml.h"

#include <time.h>

static struct hr_arena arena;
static struct hr_diagnostics found;

static int begin(void **state)
{
    (void)state;
    hr_arena_init(&arena, 256 << 20);
    hr_diagnostics_init(&found, &arena);
    return 0;
}

static int end(void **state)
{
    (void)state;
    hr_arena_close(&arena);
    return 0;
}

static struct hr_node *read_well(const char *yaml)
{
    struct hr_node *root = NULL;
    hr_diagnostics_init(&found, &arena);
    hr_status status = hr_yaml_read(&arena, HR_TEXT("w.yaml"), hr_text_from(yaml), &found, &root);
    if (!hr_ok(status)) {
        struct hr_text why = found.count > 0 ? found.items[0].message : HR_TEXT("?");
        fail_msg("refused: %s: %.*s", yaml, HR_SHOW(why));
    }
    return root;
}

static void assert_text(struct hr_text text, const char *expected)
{
    struct hr_text copy = hr_text_copy(&arena, text);
    assert_string_equal(copy.data, expected);
}

/* ---- the tree ----------------------------------------------------------------------------- */

static void a_file_becomes_a_tree_with_places(void **state)
{
    (void)state;
    struct hr_node *root = read_well("# an automation\n"
                                     "automations:\n"
                                     "  welcome:\n"
                                     "    trigger: form.submitted\n"
                                     "    caf\xC3\xA9: \"yes\"\n"
                                     "    steps:\n"
                                     "      - wait: 5 minutes\n"
                                     "      - set: {stage: 'won', tags: [a, b]}\n");
    struct hr_node *welcome =
        hr_node_get(hr_node_get(root, HR_TEXT("automations")), HR_TEXT("welcome"));
    struct hr_node *trigger = hr_node_get(welcome, HR_TEXT("trigger"));
    assert_text(trigger->scalar, "form.submitted");
    assert_int_equal(trigger->place.line, 4);
    assert_int_equal(trigger->place.column, 14);
    assert_int_equal(trigger->place.size, 14);
    struct hr_node *cafe = hr_node_get(welcome, HR_TEXT("caf\xC3\xA9"));
    assert_int_equal(cafe->place.column, 11); /* code points, not bytes */
    assert_int_equal(cafe->place.size, 5);
    assert_int_equal(cafe->style, HR_SCALAR_double);
    struct hr_node *steps = hr_node_get(welcome, HR_TEXT("steps"));
    assert_int_equal(steps->count, 2);
    struct hr_node *set = hr_node_get(steps->items[1], HR_TEXT("set"));
    assert_int_equal(set->place.size, 28);
    assert_text(hr_node_get(set, HR_TEXT("tags"))->items[1]->scalar, "b");
    assert_null(hr_node_get(set, HR_TEXT("none")));
    assert_null(hr_node_get(steps, HR_TEXT("none")));
}

static void scalars_stay_what_they_look_like(void **state)
{
    (void)state;
    struct hr_node *root = read_well("a: NO\nb: on\nc: 1e3\nd: 22:30\ne: ~\nf:\ng: 007\n");
    static const char *const texts[] = {"NO", "on", "1e3", "22:30", "~", "", "007"};
    for (size_t index = 0; index < root->count; index++) {
        assert_text(root->pairs[index].value->scalar, texts[index]);
    }
}

static void an_empty_file_is_an_empty_map(void **state)
{
    (void)state;
    static const char *const files[] = {"", "# nothing yet\n", "---\n", "\xEF\xBB\xBF", "\n\n"};
    for (size_t index = 0; index < 5; index++) {
        struct hr_node *root = read_well(files[index]);
        assert_int_equal(root->kind, HR_NODE_map);
        assert_int_equal(root->count, 0);
    }
}

/* ---- refusals ----------------------------------------------------------------------------- */

struct refusal {
    const char *yaml;
    enum hr_code code;
    uint32_t line, column;
    uint32_t second_line;
    const char *help; /* a part of it */
};

static void each_refusal_has_its_code_place_and_help(void **state)
{
    (void)state;
    static const struct refusal cases[] = {
        {"a:\n\tb: 1\n", HR_CODE_yaml_tab, 2, 1, 0, "spaces"},
        {"a: &x 1\n", HR_CODE_yaml_anchor, 1, 4, 0, "quote it: \"&x 1\""},
        {"a: *x\n", HR_CODE_yaml_alias, 1, 4, 0, "quote it: \"*x\""},
        {"a: !int 1\n", HR_CODE_yaml_tag, 1, 4, 0, "quote it: \"!int 1\""},
        {"when:\n  - !known(a) || b == 'x'\n", HR_CODE_yaml_tag, 2, 5, 0,
         "quote it: \"!known(a) || b == 'x'\""},
        {"a: * b\n", HR_CODE_yaml_alias, 1, 4, 0, "quote it: \"* b\""},
        {"a: 1\n<<: {b: 2}\n", HR_CODE_yaml_merge_key, 2, 1, 0, "write the keys out"},
        {"a: 1\nb: 2\na: 3\n", HR_CODE_yaml_duplicate_key, 3, 1, 1, "`1` (line 1) or `3` (line 3)"},
        {"a: 1\n---\nb: 2\n", HR_CODE_yaml_documents, 2, 1, 0, "one document"},
        {"%YAML 1.1\n---\na: 1\n", HR_CODE_yaml_directive, 1, 1, 0, "take the line away"},
        {"? [a]\n: b\n", HR_CODE_yaml_key, 1, 3, 0, "quote"},
        {"? a\n: b\n", HR_CODE_yaml_key, 1, 3, 0, "name: value"},
        {"subject: {{ contact.name }}\n", HR_CODE_yaml_key, 1, 11, 0,
         "quote it: \"{{ contact.name }}\""},
        {"a: \"x\nb: 2\n", HR_CODE_yaml_quote_open, 3, 1, 1, "close the quote"},
        {"a: 'don't'\n", HR_CODE_yaml_syntax, 1, 9, 0, "write \"don't\""},
        {"a: 'don't\nb: 1\n", HR_CODE_yaml_syntax, 1, 9, 0, "written twice"},
        {"subject: Welcome: part one\n", HR_CODE_yaml_syntax, 1, 17, 0,
         "quote it: \"Welcome: part one\""},
        {"a: @home\n", HR_CODE_yaml_syntax, 1, 4, 0, "quote it: \"@home\""},
        {"a: @\"x\"\n", HR_CODE_yaml_syntax, 1, 4, 0, "quote it: '@\"x\"'"},
        {"a: [1, 2\nb: 3\n", HR_CODE_yaml_syntax, 1, 4, 0, "close it where it ends: `[1, 2]`"},
        {"a: {b: 1 c: 2}\n", HR_CODE_yaml_syntax, 1, 10, 0, "write `, c:`"},
        {"a:\n  b:1\n  c: 2\n", HR_CODE_yaml_syntax, 2, 4, 0, "write `b: 1`"},
        {"a:\n  - b: 1\n  -c: 2\n", HR_CODE_yaml_syntax, 3, 3, 0, "write `- c: 2`"},
        {"a:\n    b: 1\n   c: 2\n", HR_CODE_yaml_syntax, 3, 4, 0,
         "begin it with 4 spaces (it has 3), like `b: 1`"},
        {"a: \"1\nb: \"2\"\n", HR_CODE_yaml_quote_open, 1, 4, 0, "where the text ends: \"1\""},
        {"a: b: 1\n  c: 2\n", HR_CODE_yaml_syntax, 1, 4, 0, "put `b: 1` on the next line"},
        {"a:\n  - wait 2 days\n    only_in: b\n", HR_CODE_yaml_syntax, 2, 5, 0,
         "write `wait: 2 days`"},
        {"a:\n  owner ana\n  b: 1\n", HR_CODE_yaml_syntax, 2, 3, 0, "write `owner: ana`"},
        {"a: long\n  text goes\n  b: 1\n", HR_CODE_yaml_syntax, 3, 4, 0, "quote it: \"1\""},
        {"a:\n  - b: long\n      text goes and: more\n", HR_CODE_yaml_syntax, 3, 20, 0, "quote it"},
        {"a: {b: payload.x ? 'given' : 'no'}\n", HR_CODE_yaml_syntax, 1, 8, 0,
         "quote it: \"payload.x ? 'given' : 'no'\""},
        {"a: {c: 1, b: x == 'a' ? 1 : 2, d: 3}\n", HR_CODE_yaml_syntax, 1, 14, 0,
         "quote it: \"x == 'a' ? 1 : 2\""},
        {"a: {b: x[0] ? 1 : 2}\n", HR_CODE_yaml_syntax, 1, 8, 0, "quote it: \"x[0] ? 1 : 2\""},
        {"x: [\n", HR_CODE_yaml_syntax, 1, 4, 0, "close it with `]`"},
        {"x: [,\n  1]\n", HR_CODE_yaml_syntax, 1, 5, 0, "mend"},
        {"a: \"\\q\"\n", HR_CODE_yaml_syntax, 1, 5, 1, "mend"},
        {"a: x\x01y\n", HR_CODE_control_character, 1, 5, 0, "delete it"},
        {"a: x\xE2\x80\xA8y\n", HR_CODE_control_character, 1, 5, 0, "delete it"},
        {"a: caf\xE9\n", HR_CODE_not_utf8, 1, 7, 0, "UTF-8"},
    };
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        const struct refusal *it = &cases[index];
        hr_diagnostics_init(&found, &arena);
        struct hr_node *root;
        hr_status status =
            hr_yaml_read(&arena, HR_TEXT("w.yaml"), hr_text_from(it->yaml), &found, &root);
        if (status.code != HR_E_INPUT || found.count == 0) {
            fail_msg("not refused: %s", it->yaml);
        }
        const struct hr_diagnostic *first = &found.items[0];
        bool place = first->place.line == it->line && first->place.column == it->column;
        bool second = it->second_line == 0 || first->second.line == it->second_line;
        bool help = hr_text_search(first->help, hr_text_from(it->help)) < first->help.size;
        if (first->code != it->code || !place || !second || !help) {
            fail_msg("%s: E%04d at %u:%u (%u) %.*s; %.*s", it->yaml, first->code, first->place.line,
                     first->place.column, first->second.line, HR_SHOW(first->message),
                     HR_SHOW(first->help));
        }
    }
}

static void several_breaks_are_found_in_one_reading(void **state)
{
    (void)state;
    struct hr_node *root;
    hr_status status = hr_yaml_read(&arena, HR_TEXT("w.yaml"),
                                    HR_TEXT("a: &x 1\nb: *x\nc: !t 2\na: 3\n"), &found, &root);
    assert_int_equal(status.code, HR_E_INPUT);
    assert_int_equal(found.error_count, 4);
}

static void depth_and_size_have_limits(void **state)
{
    (void)state;
    static char deep[400001];
    memset(deep, '[', sizeof deep - 1);
    struct hr_node *root;
    assert_int_equal(hr_yaml_read(&arena, HR_TEXT("w"), hr_text_from(deep), &found, &root).code,
                     HR_E_INPUT);
    assert_int_equal(found.items[0].code, HR_CODE_yaml_too_deep);
    assert_int_equal(found.items[0].place.column, HR_YAML_DEPTH_MAX + 1);

    static char big[HR_YAML_SIZE_MAX + 2];
    memset(big, '#', sizeof big - 1);
    hr_diagnostics_init(&found, &arena);
    assert_int_equal(hr_yaml_read(&arena, HR_TEXT("w"), hr_text_from(big), &found, &root).code,
                     HR_E_INPUT);
    assert_int_equal(found.items[0].code, HR_CODE_yaml_too_big);
    big[HR_YAML_SIZE_MAX] = '\0';
    read_well(big);
}

/* ---- places inside a scalar --------------------------------------------------------------- */

struct inside {
    const char *yaml;
    const char *part; /* of the decoded scalar under "a" */
    uint32_t line, column, size;
};

static void an_expression_is_found_again_in_the_file(void **state)
{
    (void)state;
    static const struct inside cases[] = {
        {"a: one two\n", "two", 1, 8, 3},
        {"a: one\n   two\n", "two", 2, 4, 3},
        {"a: 'it''s two'\n", "two", 1, 11, 3},
        {"a: 'it''s two'\n", "'", 1, 7, 2},
        {"a: \"\\u00e9\\n two\"\n", "two", 1, 14, 3},
        {"a: \"one \\\n  two\"\n", "two", 2, 3, 3},
        {"a: \"one\n\n\n  two\"\n", "two", 4, 3, 3},
        {"a: \"one\\\n \\\n\n two\"\n", "two", 4, 2, 3},
        {"a: |\n  one\n    two\n", "two", 3, 5, 3},
        {"a: |2\n    two\n", "two", 2, 5, 3},
        {"a: |\n\n\n  one\n\n  two\n", "two", 6, 3, 3},
        {"a: >-\n  one\n  two\n\n  three\n", "two", 3, 3, 3},
        {"a: >-\n  one\n  two\n\n  three\n", "three", 5, 3, 5},
        {"a: >\n  one\n    more\n  three\n", "three", 4, 3, 5},
        {"\xEF\xBB\xBF"
         "a: \xC3\xA9\xC3\xA9 two\n",
         "two", 1, 7, 3},
        {"a: |\r\n  one\r\n  two\r\n", "two", 3, 3, 3},
    };
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        const struct inside *it = &cases[index];
        struct hr_node *scalar = hr_node_get(read_well(it->yaml), HR_TEXT("a"));
        struct hr_text part = hr_text_from(it->part);
        size_t at = hr_text_search(scalar->scalar, part);
        struct hr_place place = hr_node_place_within(scalar, hr_text_from(it->yaml), at, part.size);
        if (place.line != it->line || place.column != it->column || place.size != it->size) {
            fail_msg("%s: '%s' at %u:%u size %u", it->yaml, it->part, place.line, place.column,
                     place.size);
        }
    }
}

static uint64_t seed = 7;

static uint32_t pick(uint32_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33) % below;
}

/* Letters that appear once in a generated file, so that each can be found in the source by looking
 * for it. */
static const char *const letters[] = {"B",
                                      "C",
                                      "D",
                                      "E",
                                      "F",
                                      "G",
                                      "H",
                                      "I",
                                      "J",
                                      "K",
                                      "L",
                                      "M",
                                      "N",
                                      "O",
                                      "P",
                                      "Q",
                                      "R",
                                      "S",
                                      "T",
                                      "U",
                                      "V",
                                      "W",
                                      "X",
                                      "Y",
                                      "Z",
                                      "\xC3\xA9",
                                      "\xC3\xB6",
                                      "\xC3\x9F",
                                      "\xE6\xBC\xA2",
                                      "\xE5\xAD\x97",
                                      "\xF0\x9F\x98\x80",
                                      "1",
                                      "2",
                                      "3",
                                      "4",
                                      "5"};
enum { LETTERS = sizeof letters / sizeof letters[0] };

/* What may stand between two letters, by style. */
static void add_between(struct hr_buffer *out, enum hr_scalar_style style, const char *indent)
{
    static const char *const doubles[] = {"\\n",  "\\\"", "\\x41", "\\u00e9", "\\U0001f600",
                                          "\\\\", "\\t",  "\\_",   "\\\n \\ "};
    uint32_t kind = pick(8);
    if (kind < 3) {
        return;
    }
    if (kind == 3) {
        hr_buffer_add_text(out, pick(2) == 0 ? HR_TEXT(" ") : HR_TEXT("   "));
    } else if (kind == 4 && style == HR_SCALAR_double) {
        hr_buffer_add_text(out, hr_text_from(doubles[pick(9)]));
    } else if (kind == 4 && style == HR_SCALAR_single) {
        hr_buffer_add_text(out, HR_TEXT("''"));
    } else {
        for (uint32_t lines = pick(3) + 1; lines > 0; lines--) {
            hr_buffer_add_text(out, pick(4) == 0 ? HR_TEXT("\r\n") : HR_TEXT("\n"));
            if (lines > 1 && pick(3) == 0) {
                hr_buffer_add_text(out, HR_TEXT(" "));
            }
        }
        hr_buffer_add_text(out, hr_text_from(indent));
        bool block = style == HR_SCALAR_literal || style == HR_SCALAR_folded;
        if (pick(3) == 0) {
            hr_buffer_add_text(out, block ? HR_TEXT("  ") : HR_TEXT("     "));
        }
    }
}

static struct hr_text generate(enum hr_scalar_style style)
{
    static const char *const openings[] = {"a: ", "a: '", "a: \"", "a: |", "a: >"};
    static const char *const endings[] = {"\n", "'\n", "\"\n", "\n", "\n"};
    static const char *const chomps[] = {"", "-", "+", "4", "4-"};
    bool block = style == HR_SCALAR_literal || style == HR_SCALAR_folded;
    struct hr_buffer out;
    hr_buffer_init(&out, &arena, 1 << 16);
    hr_buffer_add_text(&out, pick(2) == 0 ? HR_TEXT("# note\n") : HR_TEXT(""));
    hr_buffer_add_text(&out, hr_text_from(openings[style]));
    if (block) {
        hr_buffer_add_text(&out, hr_text_from(chomps[pick(5)]));
        hr_buffer_add_text(&out, pick(3) == 0 ? HR_TEXT(" # c\n\n    ") : HR_TEXT("\n    "));
    }
    for (uint32_t index = 0, count = pick(LETTERS) + 1; index < count; index++) {
        if (index > 0) {
            add_between(&out, style, "    ");
        }
        hr_buffer_add_text(&out, hr_text_from(letters[index]));
    }
    hr_buffer_add_text(&out, hr_text_from(endings[style]));
    return hr_buffer_text(&out);
}

static void every_letter_of_every_style_is_found_again(void **state)
{
    (void)state;
    int checked = 0;
    for (int round = 0; round < 6000; round++) {
        struct hr_arena_mark mark = hr_arena_mark(&arena);
        enum hr_scalar_style style = (enum hr_scalar_style)pick(5);
        struct hr_text source = generate(style);
        struct hr_node *root = NULL;
        hr_diagnostics_init(&found, &arena);
        if (!hr_ok(hr_yaml_read(&arena, HR_TEXT("w"), source, &found, &root))) {
            fail_msg("generated text refused: %.*s", HR_SHOW(source));
        }
        struct hr_node *scalar = hr_node_get(root, HR_TEXT("a"));
        for (size_t index = 0; index < LETTERS; index++) {
            struct hr_text letter = hr_text_from(letters[index]);
            size_t at = hr_text_search(scalar->scalar, letter);
            size_t written =
                hr_text_search(hr_text_slice(source, scalar->offset, source.size), letter);
            if (at == scalar->scalar.size || hr_text_equal(letter, HR_TEXT("\xC3\xA9")) ||
                hr_text_equal(letter, HR_TEXT("\xF0\x9F\x98\x80")) ||
                (letter.data[0] >= '0' && letter.data[0] <= '9') || letter.data[0] == 'U') {
                continue; /* an escape may have made the same letter */
            }
            struct hr_place place = hr_node_place_within(scalar, source, at, letter.size);
            struct hr_text before = hr_text_slice(source, 0, scalar->offset + written);
            uint32_t line = 1, column = 1;
            for (size_t byte = 0; byte < before.size; byte++) {
                bool feed = before.data[byte] == '\n';
                line += feed ? 1 : 0;
                column =
                    feed ? 1 : column + (((unsigned char)before.data[byte] & 0xC0) != 0x80 ? 1 : 0);
            }
            if (place.line != line || place.column != column || place.size != 1) {
                fail_msg("style %d '%s' at %u:%u, is at %u:%u in:\n%.*s", style, letters[index],
                         place.line, place.column, line, column, HR_SHOW(source));
            }
            checked++;
        }
        hr_arena_rewind(&arena, mark);
    }
    assert_true(checked > 20000);
}

/* ---- the public test suite ---------------------------------------------------------------- */

static int files, samples, accepted;

static void judge(struct hr_text text)
{
    struct hr_arena own;
    hr_arena_init(&own, 16 << 20);
    struct hr_diagnostics complaints;
    hr_diagnostics_init(&complaints, &own);
    struct hr_node *root = NULL;
    hr_status status = hr_yaml_read(&own, HR_TEXT("suite"), text, &complaints, &root);
    if (hr_ok(status)) {
        assert_non_null(root);
        assert_int_equal(complaints.error_count, 0);
        accepted++;
    } else {
        assert_int_equal(status.code, HR_E_INPUT);
        assert_true(complaints.count > 0);
        assert_true(complaints.items[0].place.line > 0);
        assert_true(complaints.items[0].message.size > 0);
        assert_true(complaints.items[0].help.size > 0);
    }
    hr_arena_close(&own);
}

static void check_file(const char *folder, const char *name)
{
    struct hr_text text = corpus_read(folder, name);
    files++;
    judge(text);
    hr_diagnostics_init(&found, &arena);
    struct hr_node *root = NULL;
    if (hr_ok(hr_yaml_read(&arena, HR_TEXT("suite"), text, &found, &root)) &&
        root->kind == HR_NODE_list) {
        for (size_t index = 0; index < root->count; index++) {
            struct hr_node *yaml = hr_node_get(root->items[index], HR_TEXT("yaml"));
            if (yaml != NULL) {
                judge(corpus_yaml_unmask(&arena, yaml->scalar));
                samples++;
            }
        }
    }
    corpus_free(text);
}

static void yaml_test_suite_is_read_or_refused_with_a_reason(void **state)
{
    (void)state;
    if (corpus_each("10-yaml-suite", check_file) > 0) {
        assert_int_equal(files, 351);
        assert_true(samples > 300);
        assert_true(accepted > 450);
    }
}

/* A file on one line, as programs write it. Were the line walked again for each value, this took minutes; it takes
 * milliseconds, and half a minute is far beyond what a busy machine under sanitizers needs. */
static void one_long_line_is_walked_once(void **state)
{
    (void)state;
    static char text[1 << 20];
    size_t size = 0;
    text[size++] = '[';
    while (size + 16 < sizeof text) {
        memcpy(text + size, "{\xC3\xA9: 'b'}, ", 11);
        size += 11;
    }
    text[size++] = ']';
    clock_t begin = clock();
    struct hr_node *root = NULL;
    struct hr_text line = {text, size};
    assert_true(hr_ok(hr_yaml_read(&arena, HR_TEXT("line"), line, &found, &root)));
    assert_true((clock() - begin) / CLOCKS_PER_SEC < 30);
    const struct hr_node *last = root->items[root->count - 1];
    assert_int_equal(last->place.line, 1);
    assert_int_equal(last->place.column, 2 + 10 * (root->count - 1));
    assert_int_equal(last->place.size, 8);
}

/* The place of a tab is looked up once a line, not once a tab. */
static void a_line_of_tabs_is_one_complaint(void **state)
{
    (void)state;
    static char text[1 << 20];
    memset(text, '\t', sizeof text);
    memcpy(text, "a: 1\n", 5);
    memcpy(text + sizeof text - 5, "\nb:\t1", 5);
    clock_t begin = clock();
    struct hr_node *root = NULL;
    struct hr_text file = {text, sizeof text};
    assert_int_equal(hr_yaml_read(&arena, HR_TEXT("tabs"), file, &found, &root).code, HR_E_INPUT);
    assert_true((clock() - begin) / CLOCKS_PER_SEC < 10);
    assert_int_equal(found.error_count, 2);
    assert_int_equal(found.items[0].place.line, 2);
    assert_int_equal(found.items[0].place.column, 1);
    assert_int_equal(found.items[1].place.line, 3);
    assert_int_equal(found.items[1].place.column, 3);
}

/* A run of spaces is looked through once, not once from each of its spaces. */
static void a_run_of_spaces_is_walked_once(void **state)
{
    (void)state;
    static char text[1 << 20];
    static const char quotes[] = {'"', '\'', ' '};
    for (size_t style = 0; style < sizeof quotes; style++) {
        memset(text, ' ', sizeof text);
        text[0] = quotes[style];
        text[1] = 'a';
        text[sizeof text - 2] = 'b';
        text[sizeof text - 1] = quotes[style];
        struct hr_node *root = NULL;
        struct hr_text file = {text, sizeof text};
        assert_true(hr_ok(hr_yaml_read(&arena, HR_TEXT("spaces"), file, &found, &root)));
        assert_int_equal(root->scalar.size, sizeof text - 2);
        clock_t begin = clock();
        struct hr_place place = hr_node_place_within(root, file, root->scalar.size - 1, 1);
        assert_true((clock() - begin) / CLOCKS_PER_SEC < 10);
        assert_int_equal(place.line, 1);
        assert_int_equal(place.column, sizeof text - 1);
        assert_int_equal(place.size, 1);
    }
}

static void mangled_files_never_crash(void **state)
{
    (void)state;
    static const char good[] =
        "a: [1, {b: 'x'}]\nc: |\n  one\n  two\nd: \"q\\n\"\ne:\n  - f: g\n  - 'h'\n";
    char bad[sizeof good];
    for (int round = 0; round < 20000; round++) {
        struct hr_arena_mark mark = hr_arena_mark(&arena);
        memcpy(bad, good, sizeof good);
        for (uint32_t change = pick(4) + 1; change > 0; change--) {
            bad[pick(sizeof good - 1)] = "{}[]\",:'|>-?!&*%\\ \n#\xC3"[pick(22)];
        }
        judge((struct hr_text){bad, sizeof good - 1});
        hr_arena_rewind(&arena, mark);
    }
}

#define story(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        story(a_file_becomes_a_tree_with_places),
        story(scalars_stay_what_they_look_like),
        story(an_empty_file_is_an_empty_map),
        story(each_refusal_has_its_code_place_and_help),
        story(several_breaks_are_found_in_one_reading),
        story(depth_and_size_have_limits),
        story(an_expression_is_found_again_in_the_file),
        story(every_letter_of_every_style_is_found_again),
        story(yaml_test_suite_is_read_or_refused_with_a_reason),
        story(one_long_line_is_walked_once),
        story(a_line_of_tabs_is_one_complaint),
        story(a_run_of_spaces_is_walked_once),
        story(mangled_files_never_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
