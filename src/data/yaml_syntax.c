/* data/yaml_syntax: libyaml says where it could not go on, which is often far from the slip. Here the slips that people
 * really make are looked for around that place, one after another; what fits none of them is said in plain words. */
#include "data/yaml_syntax.h"

#include "data/inside.h"
#include "data/yaml_mend.h"

#include <string.h>

enum { LINES_BACK_MAX = 40, SHOWN_BYTES_MAX = 80, FLOW_DEPTH_MAX = 15 };

#define SECOND_COLON "mapping values are not allowed in this context"

struct reading {
    struct hr_arena *into;
    struct hr_text text;
    const struct yaml_event *event;
    struct hr_text line; /* the event's */
};

/* ---- lines ---------------------------------------------------------------------------------- */

static struct hr_text line_at(struct hr_text text, uint32_t number)
{
    struct hr_text line = HR_TEXT_NONE;
    for (uint32_t i = 0; i < number; i++) {
        line = hr_text_cut(&text, '\n');
    }
    return hr_text_ends(line, HR_TEXT("\r")) ? hr_text_slice(line, 0, line.size - 1) : line;
}

static size_t indent_of(struct hr_text line)
{
    size_t indent = 0;
    while (indent < line.size && line.data[indent] == ' ') {
        indent++;
    }
    return indent;
}

/* True for an empty line and for a comment. */
static bool says_nothing(struct hr_text line)
{
    struct hr_text rest = hr_text_trim(line);
    return rest.size == 0 || rest.data[0] == '#';
}

/* What stands behind the dashes of a list. */
static struct hr_text without_dashes(struct hr_text line)
{
    struct hr_text rest = hr_text_trim(line);
    while (hr_text_starts(rest, HR_TEXT("- "))) {
        rest = hr_text_trim(hr_text_slice(rest, 2, rest.size));
    }
    return rest;
}

static size_t byte_of(struct hr_text line, uint32_t column)
{
    size_t at = 0;
    for (uint32_t i = 1; i < column && at < line.size; i++) {
        (void)hr_utf8_next(line, &at);
    }
    return at;
}

static uint32_t letters(struct hr_text text)
{
    uint32_t count = 0;
    for (size_t at = 0; at < text.size; count++) {
        (void)hr_utf8_next(text, &at);
    }
    return count;
}

static bool problem_is(const struct reading *reading, const char *problem)
{
    return strcmp(reading->event->problem, problem) == 0;
}

/* Puts the finding at a part of a line. */
static void stand_at(struct yaml_finding *finding, uint32_t number, struct hr_text line,
                     struct hr_text part)
{
    size_t before = (size_t)(part.data - line.data);
    finding->from = (struct yaml_mark){number, 1 + letters(hr_text_slice(line, 0, before))};
    finding->size = letters(part);
    finding->second = (struct yaml_mark){0, 0};
}

static void put_in(struct yaml_finding *finding, const char *at, struct hr_text text)
{
    finding->fix_at = at;
    finding->fix_size = 0;
    finding->fix = text;
}

/* ---- slips ---------------------------------------------------------------------------------- */

/* "-id: x": the dash needs a space behind it. */
static bool is_tight_dash(const struct reading *reading, struct yaml_finding *finding)
{
    struct hr_text rest = hr_text_trim(reading->line);
    bool tight = rest.size > 2 && rest.data[0] == '-' && rest.data[1] >= 'a' &&
                 rest.data[1] <= 'z' && hr_text_find(rest, ':') < rest.size;
    if (!tight) {
        return false;
    }
    struct hr_text behind = hr_text_slice(rest, 1, rest.size);
    finding->message = HR_TEXT("a space is missing behind the dash");
    finding->help = hr_text_format(reading->into, "write `- %.*s`",
                                   HR_SHOW(hr_text_clip(behind, SHOWN_BYTES_MAX)));
    stand_at(finding, reading->event->from.line, reading->line, hr_text_slice(rest, 0, 1));
    put_in(finding, behind.data, HR_TEXT(" "));
    return true;
}

/* The line begins where no list or map around it goes on: names the nearest column that one does. */
static bool is_wrong_indent(const struct reading *reading, struct yaml_finding *finding)
{
    size_t indent = indent_of(reading->line);
    bool dash =
        hr_text_starts(hr_text_slice(reading->line, indent, reading->line.size), HR_TEXT("- "));
    size_t best = SIZE_MAX;
    struct hr_text like = HR_TEXT_NONE;
    size_t outer = SIZE_MAX; /* levels further in have ended */
    if (byte_of(reading->line, reading->event->from.column) != indent) {
        return false;
    }
    for (uint32_t back = 1; back < reading->event->from.line && back <= LINES_BACK_MAX; back++) {
        struct hr_text line = line_at(reading->text, reading->event->from.line - back);
        size_t level = indent_of(line);
        bool item = hr_text_starts(hr_text_slice(line, level, line.size), HR_TEXT("- "));
        if (says_nothing(line) || level >= outer) {
            continue;
        }
        outer = level;
        level += item && !dash ? 2 : 0; /* a key of the item's map */
        size_t off = level > indent ? level - indent : indent - level;
        size_t best_off = best > indent ? best - indent : indent - best;
        if ((!dash || item) && off < best_off) {
            best = level;
            like = hr_text_trim(line);
        }
    }
    if (like.size == 0) {
        return false;
    }
    finding->message = hr_text_format(
        reading->into, "this line is indented by %zu space%s, and nothing around it is", indent,
        indent == 1 ? "" : "s");
    bool behind_dash = !dash && hr_text_starts(like, HR_TEXT("- "));
    finding->help = hr_text_format(
        reading->into, "begin it with %zu space%s (it has %zu), %s `%.*s` above", best,
        best == 1 ? "" : "s", indent, behind_dash ? "so that it stands behind the dash of" : "like",
        HR_SHOW(hr_text_clip(like, SHOWN_BYTES_MAX)));
    stand_at(finding, reading->event->from.line, reading->line, hr_text_trim(reading->line));
    return true;
}

/* 'Don't': the quote ends before the text does. */
static bool is_quote_inside(const struct reading *reading, struct yaml_finding *finding)
{
    struct hr_text value = hr_yaml_value_on(reading->line);
    size_t at = byte_of(reading->line, reading->event->from.column);
    if (value.size == 0 || (value.data[0] != '\'' && value.data[0] != '"') ||
        reading->line.data + at <= value.data + 1) {
        return false; /* a quote alone ends a text that began above */
    }
    char quote = value.data[0];
    const char *end = reading->line.data + reading->line.size;
    value = hr_text_trim((struct hr_text){value.data, (size_t)(end - value.data)});
    finding->message = HR_TEXT("the quoted text ends before this, and more follows");
    finding->second = (struct yaml_mark){0, 0};
    finding->help = quote == '\''
                        ? HR_TEXT("in single quotes an apostrophe is written twice: 'don''t'")
                        : HR_TEXT("in double quotes a quote is written \\\"");
    if (value.size > 2 && value.data[value.size - 1] == quote) {
        struct hr_text quoted =
            hr_yaml_quote(reading->into, hr_text_slice(value, 1, value.size - 1));
        finding->help = quoted.size == 0
                            ? finding->help
                            : hr_text_format(reading->into, "write %.*s", HR_SHOW(quoted));
        finding->fix_at = quoted.size == 0 ? NULL : value.data;
        finding->fix_size = value.size;
        finding->fix = quoted;
    }
    return true;
}

/* A value above begins with a quote that does not end on its line. */
static bool is_quote_open(const struct reading *reading, struct yaml_finding *finding)
{
    for (uint32_t back = 1; back < reading->event->from.line && back <= LINES_BACK_MAX; back++) {
        struct hr_text line = line_at(reading->text, reading->event->from.line - back);
        struct hr_text value = hr_yaml_value_on(line);
        char quote = value.size > 0 ? value.data[0] : '\0';
        if ((quote == '\'' || quote == '"') &&
            hr_text_find(hr_text_slice(value, 1, value.size), quote) + 1 >= value.size) {
            finding->code = HR_CODE_yaml_quote_open;
            finding->message = HR_TEXT("a quote is opened here and not closed");
            finding->help = hr_text_format(reading->into, "close it where the text ends: %.*s%c",
                                           HR_SHOW(hr_text_clip(value, SHOWN_BYTES_MAX)), quote);
            stand_at(finding, reading->event->from.line - back, line, value);
            return true;
        }
    }
    return false;
}

/* "owner:ben" on a line: the colon needs a space behind it. */
static bool is_tight_colon(const struct reading *reading, uint32_t number,
                           struct yaml_finding *finding)
{
    struct hr_text line = line_at(reading->text, number);
    struct hr_text rest = without_dashes(line);
    size_t colon = hr_text_find(rest, ':');
    struct hr_text value = hr_text_slice(rest, colon + 1, rest.size);
    if (colon == 0 || value.size == 0 || value.data[0] == '/' || value.data[0] == ' ' ||
        !hr_yaml_is_key(hr_text_slice(rest, 0, colon))) {
        return false;
    }
    finding->message = HR_TEXT("a space is missing behind the colon");
    finding->help = hr_text_format(reading->into, "write `%.*s: %.*s`", (int)colon, rest.data,
                                   HR_SHOW(hr_text_clip(value, SHOWN_BYTES_MAX)));
    stand_at(finding, number, line, hr_text_slice(rest, colon, colon + 1));
    put_in(finding, value.data, HR_TEXT(" "));
    return true;
}

/* The same on the line above, which libyaml takes for the beginning of one text with this line. */
static bool is_tight_colon_above(const struct reading *reading, struct yaml_finding *finding)
{
    uint32_t number = reading->event->from.line;
    do {
        number--;
    } while (number > 0 && says_nothing(line_at(reading->text, number)));
    return number > 0 && is_tight_colon(reading, number, finding);
}

/* "wait 2 days": what begins with a name in small letters, and more behind it. */
static bool is_unparted(struct hr_text rest, struct hr_text *ret_name, struct hr_text *ret_value)
{
    size_t space = hr_text_find(rest, ' ');
    *ret_name = hr_text_slice(rest, 0, space);
    *ret_value = hr_text_trim(hr_text_slice(rest, space, rest.size));
    bool small = hr_yaml_is_key(*ret_name);
    for (size_t at = 0; at < ret_name->size; at++) {
        small = small && !(ret_name->data[at] >= 'A' && ret_name->data[at] <= 'Z');
    }
    return small && ret_value->size > 0 && hr_text_find(rest, ':') == rest.size &&
           strchr("([{=<>!&|+*/?,.", ret_value->data[0]) == NULL;
}

/* True for a line that begins something: behind a dash, below "steps:", beside a key. Others go on with a text. */
static bool begins_there(const struct reading *reading, uint32_t number, struct hr_text line)
{
    struct hr_text above = HR_TEXT_NONE;
    while (number > 1 && says_nothing(above)) {
        above = line_at(reading->text, --number);
    }
    struct hr_text rest = hr_text_trim(above);
    return hr_text_starts(hr_text_trim(line), HR_TEXT("- ")) || hr_text_ends(rest, HR_TEXT(":")) ||
           (indent_of(above) == indent_of(line) && hr_text_find(rest, ':') < rest.size);
}

/* "- wait 2 days", and below it a key of the same map: libyaml takes both lines for one text. */
static bool is_colon_missing_above(const struct reading *reading, struct yaml_finding *finding)
{
    uint32_t number = reading->event->from.line;
    struct hr_text line;
    do {
        line = line_at(reading->text, --number);
    } while (number > 0 && says_nothing(line));
    struct hr_text rest = without_dashes(line);
    struct hr_text below = hr_text_trim(reading->line);
    struct hr_text name;
    struct hr_text value;
    bool beside = rest.size > 0 && (size_t)(rest.data - line.data) == indent_of(reading->line);
    if (number == 0 || !beside || !begins_there(reading, number, line) ||
        !is_unparted(rest, &name, &value) ||
        !hr_yaml_is_key(hr_text_slice(below, 0, hr_text_find(below, ':')))) {
        return false;
    }
    finding->message =
        hr_text_format(reading->into, "a colon is missing after `%.*s`", HR_SHOW(name));
    finding->help = hr_text_format(reading->into, "write `%.*s: %.*s`", HR_SHOW(name),
                                   HR_SHOW(hr_text_clip(value, SHOWN_BYTES_MAX)));
    stand_at(finding, number, line, name);
    put_in(finding, name.data + name.size, HR_TEXT(":"));
    return true;
}

/* A line that is no key, where keys are. */
static void name_line(const struct reading *reading, struct yaml_finding *finding)
{
    uint32_t number = reading->event->opened_at.line;
    struct hr_text line = line_at(reading->text, number);
    struct hr_text rest = without_dashes(line);
    if (rest.size > 0) {
        stand_at(finding, number, line, rest);
        struct hr_text name;
        struct hr_text value;
        bool parted = !is_unparted(rest, &name, &value);
        finding->help = hr_text_format(
            reading->into, "write it as `%.*s: %.*s`, or indent it under the text above",
            HR_SHOW(hr_text_clip(parted ? rest : name, SHOWN_BYTES_MAX)),
            HR_SHOW(parted ? HR_TEXT("...") : hr_text_clip(value, SHOWN_BYTES_MAX)));
    }
}

/* The item of the map or list in brackets, all on this line, in which that byte stands. */
static struct hr_text flow_item_around(struct hr_text line, size_t at)
{
    size_t begin[FLOW_DEPTH_MAX + 1] = {0};
    size_t depth = 0;
    size_t calls = 0; /* brackets of an expression */
    char quote = '\0';
    char before = ':';
    for (size_t i = 0; i < at && i < line.size; i++) {
        char byte = line.data[i];
        if (quote != '\0') {
            quote = byte == quote ? '\0' : quote;
        } else if (strchr("([{", byte) != NULL) {
            bool flow = byte != '(' && calls == 0 && strchr(":,[{-", before) != NULL;
            depth += flow && depth < FLOW_DEPTH_MAX;
            calls += !flow;
            begin[depth] = flow ? i + 1 : begin[depth];
        } else if (strchr(")]}", byte) != NULL) {
            depth -= calls == 0 && depth > 0;
            calls -= calls > 0;
        } else if (byte == ',' && calls == 0) {
            begin[depth] = i + 1;
        }
        quote = quote == '\0' && (byte == '\'' || byte == '"') && byte != before ? byte : quote;
        before = byte == ' ' ? before : byte;
    }
    return depth == 0 ? HR_TEXT_NONE : hr_yaml_item_at(line, begin[depth]);
}

/* {a: x ? 'b' : 'c'}: in brackets YAML has a use of its own for `?`. */
static bool is_choice_in_brackets(const struct reading *reading, struct yaml_finding *finding)
{
    struct hr_text value =
        flow_item_around(reading->line, byte_of(reading->line, reading->event->from.column));
    size_t colon = hr_text_search(value, HR_TEXT(": "));
    if (hr_yaml_is_key(hr_text_slice(value, 0, colon))) {
        value = hr_text_trim(hr_text_slice(value, colon + 2, value.size));
    }
    size_t mark = hr_text_search(value, HR_TEXT(" ? "));
    bool choice = mark < value.size &&
                  hr_text_find(hr_text_slice(value, mark, value.size), ':') < value.size - mark;
    struct hr_text quoted = choice ? hr_yaml_quote(reading->into, value) : HR_TEXT_NONE;
    if (quoted.size == 0) {
        return false;
    }
    finding->message = HR_TEXT("a value with `? :` must stand in quotes here");
    finding->help = hr_text_format(reading->into, "quote it: %.*s", HR_SHOW(quoted));
    stand_at(finding, reading->event->from.line, reading->line, value);
    finding->fix_at = value.data;
    finding->fix_size = value.size;
    finding->fix = quoted;
    return true;
}

/* "{a: 1 b: 2}": no comma before the second key. */
static bool is_missing_comma(const struct reading *reading, struct yaml_finding *finding)
{
    struct hr_text line = reading->line;
    size_t colon = byte_of(line, reading->event->from.column);
    if (colon >= line.size || line.data[colon] != ':') {
        return false;
    }
    size_t key = colon;
    while (key > 0 && hr_yaml_is_key(hr_text_slice(line, key - 1, key))) {
        key--;
    }
    size_t end = key;
    while (end > 0 && line.data[end - 1] == ' ') {
        end--;
    }
    if (key == colon || end == key || end == 0) {
        return false;
    }
    struct hr_text name = hr_text_slice(line, key, colon);
    finding->message =
        hr_text_format(reading->into, "a comma is missing before `%.*s`", HR_SHOW(name));
    finding->help = hr_text_format(reading->into, "write `, %.*s:`", HR_SHOW(name));
    stand_at(finding, reading->event->from.line, line, name);
    put_in(finding, line.data + end, HR_TEXT(","));
    return true;
}

/* A bracket that the next lines run into. */
static bool is_open_bracket(const struct reading *reading, struct yaml_finding *finding)
{
    uint32_t number = reading->event->opened_at.line;
    struct hr_text line = line_at(reading->text, number);
    size_t at = byte_of(line, reading->event->opened_at.column);
    if (number == 0 || number >= reading->event->from.line || at >= line.size) {
        return false;
    }
    bool list = line.data[at] == '[';
    struct hr_text part = hr_yaml_item_at(line, at);
    finding->message = list ? HR_TEXT("a list is opened by '[' and not closed")
                            : HR_TEXT("a map is opened by '{' and not closed");
    finding->help = hr_text_format(reading->into, "close it where it ends: `%.*s%c`",
                                   HR_SHOW(hr_text_clip(part, SHOWN_BYTES_MAX)), list ? ']' : '}');
    stand_at(finding, number, line, hr_text_slice(line, at, at + 1));
    return true;
}

/* "x: [" and then nothing that could stand in it. */
static bool is_nothing_in_bracket(const struct reading *reading, struct yaml_finding *finding)
{
    uint32_t number = reading->event->from.line;
    size_t at = byte_of(reading->line, reading->event->from.column);
    struct hr_text line = hr_text_slice(reading->line, 0, at);
    if (at < reading->line.size && reading->line.data[at] == ',') {
        return false; /* it goes on, with nothing before the comma */
    }
    while (number > 1 && says_nothing(line)) {
        line = line_at(reading->text, --number);
    }
    struct hr_text rest = hr_text_trim(line);
    char last = rest.size > 0 ? rest.data[rest.size - 1] : '\0';
    if (last != '[' && last != '{') {
        return false;
    }
    finding->message = last == '[' ? HR_TEXT("a list is opened by '[' and not closed")
                                   : HR_TEXT("a map is opened by '{' and not closed");
    finding->help =
        hr_text_format(reading->into, "close it with `%c` where it ends", last == '[' ? ']' : '}');
    stand_at(finding, number, line, hr_text_slice(rest, rest.size - 1, rest.size));
    return true;
}

/* "ana: name: Ana" with more keys below: the map belongs on lines of its own. */
static bool is_map_on_key_line(const struct reading *reading, struct yaml_finding *finding)
{
    struct hr_text value = hr_yaml_value_on(reading->line);
    size_t colon = hr_text_search(value, HR_TEXT(": "));
    struct hr_text next = line_at(reading->text, reading->event->from.line + 1);
    bool below = !says_nothing(next) && indent_of(next) > indent_of(reading->line) &&
                 hr_text_find(next, ':') < next.size;
    if (colon >= value.size || !below || !hr_yaml_is_key(hr_text_slice(value, 0, colon))) {
        return false;
    }
    finding->message = HR_TEXT("a map begins on the line of its own key");
    finding->help = hr_text_format(reading->into,
                                   "put `%.*s` on the next line, indented like the line below it",
                                   HR_SHOW(hr_text_clip(value, SHOWN_BYTES_MAX)));
    stand_at(finding, reading->event->from.line, reading->line, value);
    return true;
}

/* ---- values that need quotes ----------------------------------------------------------------- */

/* A value that begins with a sign of YAML's own is named by that sign. */
static void name_sign(const struct reading *reading, struct yaml_finding *finding)
{
    static const struct {
        char sign;
        enum hr_code code;
        const char *message;
    } signs[] = {{'!', HR_CODE_yaml_tag, "a value that begins with `!` must stand in quotes"},
                 {'&', HR_CODE_yaml_anchor, "a value that begins with `&` must stand in quotes"},
                 {'*', HR_CODE_yaml_alias, "a value that begins with `*` must stand in quotes"}};
    struct hr_text value = hr_yaml_value_on(reading->line);
    for (size_t i = 0; value.size > 0 && i < sizeof signs / sizeof signs[0]; i++) {
        if (value.data[0] == signs[i].sign) {
            finding->code = signs[i].code;
            finding->message = hr_text_from(signs[i].message);
            stand_at(finding, reading->event->from.line, reading->line, hr_text_slice(value, 0, 1));
        }
    }
}

void hr_yaml_advise_quotes(struct hr_arena *into, struct hr_text line, size_t at,
                           struct yaml_finding *finding)
{
    struct hr_text value = hr_yaml_value_on(line);
    bool brackets = value.size > 0 && (value.data[0] == '[' || value.data[0] == '{');
    if (brackets && !hr_text_starts(value, HR_TEXT("{{"))) {
        value = hr_yaml_item_at(line, at);
        value = hr_text_starts(value, HR_TEXT(":")) ? HR_TEXT_NONE : value;
    }
    struct hr_text quoted = hr_yaml_quote(into, value);
    if (quoted.size > 0) {
        finding->help = hr_text_format(into, "quote it: %.*s", HR_SHOW(quoted));
        finding->fix_at = value.data;
        finding->fix_size = value.size;
        finding->fix = quoted;
    }
}

/* ---- what libyaml says ----------------------------------------------------------------------- */

enum cure { CURE_none, CURE_quote, CURE_line, CURE_colon, CURE_brackets, CURE_node };

static const struct saying {
    const char *problem;
    const char *message;
    enum cure cure;
} sayings[] = {
    {SECOND_COLON, "a second ': ' stands in this value, or the line is indented wrongly",
     CURE_quote},
    {"could not find expected ':'", "a key without ': ' behind it", CURE_colon},
    {"did not find expected key", "this line does not fit the indentation around it", CURE_line},
    {"did not find expected '-' indicator", "this line does not fit the list around it", CURE_line},
    {"block sequence entries are not allowed in this context",
     "a list must begin on a line of its own", CURE_none},
    {"found character that cannot start any token", "a value cannot begin with this character",
     CURE_quote},
    {"did not find expected comment or line break",
     "after | or > only the text on the next lines may follow", CURE_quote},
    {"did not find expected alphabetic or numeric character",
     "a value cannot begin with this character", CURE_quote},
    {"did not find expected whitespace or line break", "a value cannot begin with this character",
     CURE_quote},
    {"did not find expected ',' or ']'",
     "a list in brackets goes on without ',' and is not closed by ']'", CURE_brackets},
    {"did not find expected ',' or '}'",
     "a map in braces goes on without ',' and is not closed by '}'", CURE_brackets},
    {"found unknown escape character",
     "unknown escape in a double-quoted text; a backslash is written \\\\", CURE_none},
    {"did not find expected node content", "a value is missing before this", CURE_node},
    {"found a tab character that violates indentation", "a tab stands in the indentation",
     CURE_none},
};

static void look_closer(const struct reading *reading, enum cure cure, struct yaml_finding *finding)
{
    switch (cure) {
    case CURE_none:
        return;
    case CURE_quote:
        if (!is_map_on_key_line(reading, finding) && !is_tight_colon_above(reading, finding) &&
            !(problem_is(reading, SECOND_COLON) && is_colon_missing_above(reading, finding))) {
            name_sign(reading, finding);
            hr_yaml_advise_quotes(reading->into, reading->line,
                                  byte_of(reading->line, reading->event->from.column), finding);
        }
        return;
    case CURE_line:
        (void)(is_tight_dash(reading, finding) || is_quote_inside(reading, finding) ||
               is_quote_open(reading, finding) || is_wrong_indent(reading, finding));
        return;
    case CURE_colon:
        if (!is_tight_colon(reading, reading->event->opened_at.line, finding)) {
            name_line(reading, finding);
        }
        return;
    case CURE_node:
        (void)is_nothing_in_bracket(reading, finding);
        return;
    case CURE_brackets:
        (void)(is_choice_in_brackets(reading, finding) || is_missing_comma(reading, finding) ||
               is_open_bracket(reading, finding));
        return;
    }
}

struct yaml_finding hr_yaml_syntax(struct hr_arena *into, struct hr_text text,
                                   const struct yaml_event *event)
{
    struct reading reading = {
        .into = into, .text = text, .event = event, .line = line_at(text, event->from.line)};
    struct yaml_finding finding = {.code = HR_CODE_yaml_syntax,
                                   .message = hr_text_from(event->problem),
                                   .second_label = "this began here"};
    bool elsewhere =
        event->opened_at.line != event->from.line || event->opened_at.column != event->from.column;
    finding.second = elsewhere ? event->opened_at : finding.second;
    if (problem_is(&reading, "found unexpected end of stream") ||
        problem_is(&reading, "found unexpected document indicator")) {
        finding.code = HR_CODE_yaml_quote_open;
        finding.message = HR_TEXT("a quote is opened and never closed");
        finding.second_label = "opened here";
        return finding;
    }
    for (size_t i = 0; i < sizeof sayings / sizeof sayings[0]; i++) {
        if (problem_is(&reading, sayings[i].problem)) {
            finding.message = hr_text_from(sayings[i].message);
            look_closer(&reading, sayings[i].cure, &finding);
        }
    }
    return finding;
}
