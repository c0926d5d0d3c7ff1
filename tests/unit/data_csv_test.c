/* What people rely on when a list is imported: the delimiter is found, quotes mean what
 * spreadsheets mean, every row knows its line, and a broken file is refused where it breaks. */
#include "data_corpus.h"

#include "data/value.h"

static struct hr_arena arena;
static struct hr_diagnostics found;

static int begin(void **state)
{
    (void)state;
    hr_arena_init(&arena, 64 << 20);
    hr_diagnostics_init(&found, &arena);
    return 0;
}

static int end(void **state)
{
    (void)state;
    hr_arena_close(&arena);
    return 0;
}

/* All rows as "a|b;c|d": cells behind bars, rows behind slashes. */
static struct hr_text drawn(const char *text)
{
    struct hr_csv csv;
    struct hr_buffer out;
    hr_buffer_init(&out, &arena, 1 << 20);
    if (!hr_ok(hr_csv_open(&csv, hr_text_from(text), &found))) {
        return HR_TEXT("refused");
    }
    for (;;) {
        struct hr_text *cells;
        size_t count;
        hr_status status = hr_csv_next(&csv, &arena, &found, &cells, &count);
        if (status.code == HR_CSV_END) {
            return hr_buffer_text(&out);
        }
        if (!hr_ok(status)) {
            return HR_TEXT("refused");
        }
        hr_buffer_add_format(&out, "%u:", csv.line);
        for (size_t index = 0; index < count; index++) {
            hr_buffer_add_byte(&out, '<');
            hr_buffer_add_text(&out, cells[index]);
            hr_buffer_add_byte(&out, '>');
        }
    }
}

static void rows_and_cells(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"a,b\n1,2\n", "1:<a><b>2:<1><2>"},
        {"a,b\r\n1,2", "1:<a><b>2:<1><2>"},
        {"a;b;c\n1;2,5;3\n", "1:<a><b><c>2:<1><2,5><3>"},
        {"a\tb\n1\t2\n", "1:<a><b>2:<1><2>"},
        {"a|b\n1|2\n", "1:<a><b>2:<1><2>"},
        {"name;note, long\nAda;x\nBob;y\n", "1:<name><note, long>2:<Ada><x>3:<Bob><y>"},
        {"\xEF\xBB\xBF"
         "a,b\n",
         "1:<a><b>"},
        {"a,\"b\nc\",d\ne,f,g\n", "1:<a><b\nc><d>3:<e><f><g>"},
        {"\"say \"\"hi\"\"\",x\n", "1:<say \"hi\"><x>"},
        {"\n\na,b\n\n1,2\n\n", "3:<a><b>5:<1><2>"},
        {"a,b\n,\n\"\",\n", "1:<a><b>2:<><>3:<><>"},
        {"a 5\" disk,b\n", "1:<a 5\" disk><b>"},
        {"only\none\n", "1:<only>2:<one>"},
        {"", ""},
        {"a,b,", "1:<a><b><>"},
    };
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        struct hr_text got = drawn(cases[index][0]);
        if (!hr_text_equal(got, hr_text_from(cases[index][1]))) {
            fail_msg("%s: %.*s", cases[index][0], HR_SHOW(got));
        }
    }
}

static void a_broken_file_is_refused_where_it_breaks(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum hr_code code;
        uint32_t line, column;
    } cases[] = {
        {"a,b\n1,\"two\n3,4\n", HR_CODE_csv_quote_open, 2, 3},
        {"a,b\n\"x\"y,2\n", HR_CODE_csv_after_quote, 2, 4},
        {"\xFF\xFE"
         "a",
         HR_CODE_csv_encoding, 1, 1},
        {"a,b\n\xC3\xA9,\xE9\n", HR_CODE_not_utf8, 2, 3},
    };
    for (size_t index = 0; index < sizeof cases / sizeof cases[0]; index++) {
        hr_diagnostics_init(&found, &arena);
        assert_true(hr_text_equal(drawn(cases[index].text), HR_TEXT("refused")));
        assert_int_equal(found.items[0].code, cases[index].code);
        assert_int_equal(found.items[0].place.line, cases[index].line);
        assert_int_equal(found.items[0].place.column, cases[index].column);
    }
    struct hr_csv csv;
    assert_int_equal(hr_csv_open(&csv, HR_TEXT("a\0b"), &found).code, HR_E_INPUT);
}

static void a_row_without_end_is_limited(void **state)
{
    (void)state;
    char wide[10001];
    memset(wide, ',', sizeof wide - 1);
    wide[sizeof wide - 1] = '\0';
    assert_true(hr_text_equal(drawn(wide), HR_TEXT("refused")));
    assert_int_equal(found.items[0].code, HR_CODE_csv_too_wide);
}

/* A corpus that went through git may have lost the CRs that its *_crlf files are about. */
static struct hr_text with_crlf(struct hr_text text)
{
    struct hr_buffer out;
    hr_buffer_init(&out, &arena, 1 << 16);
    for (size_t at = 0; at < text.size; at++) {
        if (text.data[at] == '\n' && (at == 0 || text.data[at - 1] != '\r')) {
            hr_buffer_add_byte(&out, '\r');
        }
        hr_buffer_add_byte(&out, text.data[at]);
    }
    return hr_buffer_text(&out);
}

/* csv-spectrum tells each file's rows as JSON objects under the header's names. */
static void check_spectrum(const char *folder, const char *name)
{
    struct hr_text file = corpus_read(folder, name);
    struct hr_text text = strstr(name, "_crlf") != NULL ? with_crlf(file) : file;
    char json_name[256];
    snprintf(json_name, sizeof json_name, "%.*s.json", (int)(strlen(name) - 4), name);
    struct hr_text json = corpus_read("11-csv-spectrum/json", json_name);
    struct hr_value rows;
    assert_true(hr_ok(hr_json_read(&arena, json, NULL, &found, &rows)));
    struct hr_csv csv;
    assert_true(hr_ok(hr_csv_open(&csv, text, &found)));
    struct hr_text *header, *cells;
    size_t width, count;
    assert_true(hr_ok(hr_csv_next(&csv, &arena, &found, &header, &width)));
    bool one = rows.kind == HR_KIND_map; /* one file's only row stands without a list around it */
    for (uint32_t row = 0; row < (one ? 1 : rows.count); row++) {
        assert_true(hr_ok(hr_csv_next(&csv, &arena, &found, &cells, &count)));
        assert_int_equal(count, width);
        for (size_t index = 0; index < count; index++) {
            if (hr_text_equal(header[index], HR_TEXT("Contact Phone Number"))) {
                continue; /* replaced in the corpus, on one side only */
            }
            const struct hr_value *expected =
                hr_value_member(one ? &rows : &rows.items[row], header[index]);
            if (expected == NULL || !hr_text_equal(hr_value_as_text(expected), cells[index])) {
                fail_msg("%s: row %u, %.*s is '%.*s'", name, row, HR_SHOW(header[index]),
                         HR_SHOW(cells[index]));
            }
        }
    }
    assert_int_equal(hr_csv_next(&csv, &arena, &found, &cells, &count).code, HR_CSV_END);
    corpus_free(file);
    corpus_free(json);
}

static void csv_spectrum(void **state)
{
    (void)state;
    int seen = corpus_each("11-csv-spectrum/csvs", check_spectrum);
    assert_true(seen == 0 || seen == 12);
    print_message("  csv-spectrum: %d of 12\n", seen);
}

#define story(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        story(rows_and_cells),
        story(a_broken_file_is_refused_where_it_breaks),
        story(a_row_without_end_is_limited),
        story(csv_spectrum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
