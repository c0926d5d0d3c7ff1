/* data/csv: reads CSV row by row (RFC 4180 and what spreadsheets make of it). Cells without doubled
 * quotes point into the source. Empty lines are no rows. */
#include "data/inside.h"

#include <string.h>

enum { CELLS_MAX = 4096, SNIFF_ROWS = 5, DELIMITERS = 4 };

static const char delimiters[DELIMITERS] = {',', ';', '\t', '|'};

static hr_status refuse(const struct hr_csv *csv, struct hr_diagnostics *reterr, enum hr_code code,
                        size_t at, const char *message)
{
    if (reterr != NULL) {
        struct hr_place place = hr_place_at(HR_TEXT_NONE, csv->text, at);
        (void)hr_diagnostics_add(reterr, code, HR_SEVERITY_error, place, "%s", message);
    }
    return hr_answer(HR_E_INPUT);
}

/* ---- opening ------------------------------------------------------------------------------ */

/* Counts each delimiter outside quotes in the row at *at and moves behind it; false for an empty
 * line. */
static bool count_row(struct hr_text text, size_t *at, size_t counts[DELIMITERS])
{
    bool quoted = false;
    size_t first = *at;
    memset(counts, 0, DELIMITERS * sizeof *counts);
    while (*at < text.size) {
        char byte = text.data[(*at)++];
        if (byte == '"') {
            quoted = !quoted;
        } else if (byte == '\n' && !quoted) {
            break;
        } else if (!quoted) {
            for (size_t index = 0; index < DELIMITERS; index++) {
                counts[index] += byte == delimiters[index] ? 1 : 0;
            }
        }
    }
    return hr_text_trim(hr_text_slice(text, first, *at)).size > 0;
}

/* The delimiter that cuts the first rows into the same number of cells, most cells first; when none
 * does, the one that the first row has most of. */
static char find_delimiter(struct hr_text text, size_t at)
{
    size_t first[DELIMITERS] = {0};
    bool agrees[DELIMITERS] = {true, true, true, true};
    size_t rows = 0;
    while (rows < SNIFF_ROWS && at < text.size) {
        size_t counts[DELIMITERS];
        if (!count_row(text, &at, counts)) {
            continue;
        }
        for (size_t index = 0; index < DELIMITERS; index++) {
            first[index] = rows == 0 ? counts[index] : first[index];
            agrees[index] = agrees[index] && counts[index] == first[index];
        }
        rows++;
    }
    size_t best = 0;
    size_t best_score = 0;
    for (size_t index = 0; index < DELIMITERS; index++) {
        size_t score = first[index] * 2 + (agrees[index] && first[index] > 0 ? text.size : 0);
        if (score > best_score) {
            best_score = score;
            best = index;
        }
    }
    return delimiters[best];
}

hr_status hr_csv_open(struct hr_csv *csv, struct hr_text text, struct hr_diagnostics *reterr)
{
    *csv = (struct hr_csv){.text = text, .next_line = 1, .cells_max = CELLS_MAX};
    if (hr_text_starts(text, HR_TEXT("\xFF\xFE")) || hr_text_starts(text, HR_TEXT("\xFE\xFF"))) {
        return refuse(csv, reterr, HR_CODE_csv_encoding, 0, "the file is UTF-16");
    }
    size_t zero = hr_text_find(text, '\0');
    if (zero < text.size) {
        return refuse(csv, reterr, HR_CODE_csv_encoding, zero, "a NUL byte stands here");
    }
    size_t broken = hr_utf8_break(text);
    if (broken < text.size) {
        return refuse(csv, reterr, HR_CODE_not_utf8, broken, "the bytes here are not UTF-8");
    }
    csv->at = hr_text_starts(text, HR_TEXT("\xEF\xBB\xBF")) ? 3 : 0;
    csv->delimiter = find_delimiter(text, csv->at);
    return hr_done();
}

/* ---- rows --------------------------------------------------------------------------------- */

static bool at_row_end(const struct hr_csv *csv)
{
    struct hr_text text = csv->text;
    return csv->at >= text.size || text.data[csv->at] == '\n' ||
           (text.data[csv->at] == '\r' &&
            (csv->at + 1 == text.size || text.data[csv->at + 1] == '\n'));
}

static void skip_row_end(struct hr_csv *csv)
{
    if (csv->at < csv->text.size && csv->text.data[csv->at] == '\r') {
        csv->at++;
    }
    if (csv->at < csv->text.size) {
        csv->at++;
        csv->next_line++;
    }
}

static hr_status undouble(struct hr_arena *into, struct hr_text raw, struct hr_text *ret_cell)
{
    char *data = hr_arena_alloc(into, raw.size);
    if (data == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    size_t size = 0;
    for (size_t at = 0; at < raw.size; at++) {
        data[size++] = raw.data[at];
        at += raw.data[at] == '"' ? 1 : 0; /* its twin */
    }
    *ret_cell = (struct hr_text){data, size};
    return hr_done();
}

static hr_status read_quoted(struct hr_csv *csv, struct hr_arena *into,
                             struct hr_diagnostics *reterr, struct hr_text *ret_cell)
{
    struct hr_text text = csv->text;
    size_t opening = csv->at++;
    bool doubled = false;
    for (;; csv->at++) {
        const char *quote =
            csv->at < text.size ? memchr(text.data + csv->at, '"', text.size - csv->at) : NULL;
        if (quote == NULL) {
            return refuse(csv, reterr, HR_CODE_csv_quote_open, opening,
                          "this quote is opened and never closed");
        }
        csv->at = (size_t)(quote - text.data) + 1;
        if (csv->at >= text.size || text.data[csv->at] != '"') {
            break;
        }
        doubled = true;
    }
    if (!at_row_end(csv) && text.data[csv->at] != csv->delimiter) {
        return refuse(csv, reterr, HR_CODE_csv_after_quote, csv->at,
                      "text follows the closing quote");
    }
    struct hr_text raw = hr_text_slice(text, opening + 1, csv->at - 1);
    for (size_t at = 0; at < raw.size; at++) {
        csv->next_line += raw.data[at] == '\n' ? 1 : 0;
    }
    *ret_cell = raw;
    return doubled ? undouble(into, raw, ret_cell) : hr_done();
}

static hr_status read_cell(struct hr_csv *csv, struct hr_arena *into, struct hr_diagnostics *reterr,
                           struct hr_text *ret_cell)
{
    if (csv->at < csv->text.size && csv->text.data[csv->at] == '"') {
        return read_quoted(csv, into, reterr, ret_cell);
    }
    size_t first = csv->at;
    while (!at_row_end(csv) && csv->text.data[csv->at] != csv->delimiter) {
        csv->at++;
    }
    *ret_cell = hr_text_slice(csv->text, first, csv->at);
    return hr_done();
}

hr_status hr_csv_next(struct hr_csv *csv, struct hr_arena *into, struct hr_diagnostics *reterr,
                      struct hr_text **ret_cells, size_t *ret_count)
{
    while (csv->at < csv->text.size && at_row_end(csv)) {
        skip_row_end(csv);
    }
    if (csv->at >= csv->text.size) {
        return hr_answer(HR_CSV_END);
    }
    csv->line = csv->next_line;
    struct hr_text *cells = NULL;
    size_t count = 0;
    size_t capacity = 0;
    for (;;) {
        if (count == csv->cells_max) {
            return refuse(csv, reterr, HR_CODE_csv_too_wide, csv->at,
                          "this row has too many cells");
        }
        if (count == capacity) {
            cells = hr_list_grow(into, cells, count, &capacity, sizeof *cells);
            if (cells == NULL) {
                return hr_answer(HR_E_MEMORY);
            }
        }
        HR_TRY(read_cell(csv, into, reterr, &cells[count++]));
        if (at_row_end(csv)) {
            break;
        }
        csv->at++; /* the delimiter */
    }
    skip_row_end(csv);
    *ret_cells = cells;
    *ret_count = count;
    return hr_done();
}
