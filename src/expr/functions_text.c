/* expr/functions_text: size(), the tests on texts, and the parts of CEL's string extension that
 * data cleaning needs. Positions count code points. */
#include "expr/program.h"
#include "expr/regex.h"

#include <string.h>

#define APPLY(name)                                                                                \
    static int32_t name(struct hr_expr_run *run, const struct hr_expr_node *node,                  \
                        const struct hr_value *args, struct hr_value *ret_value)

static struct hr_text text_of(const struct hr_value *value)
{
    return (struct hr_text){value->count > 0 ? value->text : "", value->count};
}

APPLY(apply_size_text)
{
    (void)node;
    if (!hr_expr_scan(run, args[0].count)) {
        return HR_EXPR_BUDGET;
    }
    *ret_value = hr_value_int((int64_t)hr_expr_points(text_of(&args[0])));
    return 0;
}

APPLY(apply_size_count)
{
    (void)run;
    (void)node;
    *ret_value = hr_value_int((int64_t)args[0].count);
    return 0;
}

APPLY(apply_starts)
{
    (void)node;
    if (!hr_expr_scan(run, args[0].count)) {
        return HR_EXPR_BUDGET;
    }
    *ret_value = hr_value_bool(hr_text_starts(text_of(&args[0]), text_of(&args[1])));
    return 0;
}

APPLY(apply_ends)
{
    (void)node;
    if (!hr_expr_scan(run, args[0].count)) {
        return HR_EXPR_BUDGET;
    }
    *ret_value = hr_value_bool(hr_text_ends(text_of(&args[0]), text_of(&args[1])));
    return 0;
}

/* The byte where a part occurs at or after `from`, or SIZE_MAX. The empty part is everywhere. */
static size_t find_from(struct hr_text text, struct hr_text part, size_t from)
{
    if (part.size == 0) {
        return from;
    }
    struct hr_text rest = hr_text_slice(text, from, text.size);
    size_t at = hr_text_search(rest, part);
    return at == rest.size ? SIZE_MAX : from + at;
}

APPLY(apply_contains)
{
    (void)node;
    if (!hr_expr_scan(run, args[0].count)) {
        return HR_EXPR_BUDGET;
    }
    *ret_value = hr_value_bool(find_from(text_of(&args[0]), text_of(&args[1]), 0) != SIZE_MAX);
    return 0;
}

static int32_t search(const struct hr_regex *regex, struct hr_text text, struct hr_value *ret_value)
{
    int found = hr_regex_matches(regex, text.data, text.size);
    *ret_value = hr_value_bool(found > 0);
    return found < 0 ? HR_E_MEMORY : 0;
}

APPLY(apply_matches)
{
    struct hr_text text = text_of(&args[0]);
    if (!hr_expr_spend(run, text.size / 64)) {
        return HR_EXPR_BUDGET;
    }
    if (node->regex != NULL) {
        return search(node->regex, text, ret_value);
    }
    if (!hr_expr_spend(run, 100)) { /* what compiling takes */
        return HR_EXPR_BUDGET;
    }
    char error[HR_REGEX_ERROR_MAX];
    struct hr_regex *regex = NULL;
    int opened = hr_regex_open(text_of(&args[1]).data, args[1].count, error, &regex);
    if (opened <= 0) {
        return opened < 0 ? HR_E_MEMORY : hr_expr_fail(run, node, "the pattern cannot be read");
    }
    int32_t outcome = search(regex, text, ret_value);
    hr_regex_close(regex);
    return outcome;
}

static int32_t change_case(struct hr_expr_run *run, struct hr_text text, char first, char last,
                           struct hr_value *ret_value)
{
    int32_t outcome = 0;
    char *made = hr_expr_make(run, text.size, 1, &outcome);
    if (made == NULL) {
        return outcome;
    }
    for (size_t i = 0; i < text.size; i++) {
        bool change = text.data[i] >= first && text.data[i] <= last;
        made[i] = change ? (char)(text.data[i] ^ 32) : text.data[i];
    }
    *ret_value = hr_value_text((struct hr_text){made, text.size});
    return 0;
}

APPLY(apply_lower)
{
    (void)node;
    return change_case(run, text_of(&args[0]), 'A', 'Z', ret_value);
}

APPLY(apply_upper)
{
    (void)node;
    return change_case(run, text_of(&args[0]), 'a', 'z', ret_value);
}

/* The size of the white space that a text begins with, per Unicode's White_Space; 0 for none. */
static size_t space_at(struct hr_text text)
{
    static const char *const spaces[] = {
        "\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81",
        "\xe2\x80\x82", "\xe2\x80\x83", "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86",
        "\xe2\x80\x87", "\xe2\x80\x88", "\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\xa8",
        "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80",
    };
    if (text.size == 0 || (unsigned char)text.data[0] < 0xc2) {
        bool space = text.size > 0 &&
                     (text.data[0] == ' ' || (text.data[0] >= '\t' && text.data[0] <= '\r'));
        return space ? 1 : 0;
    }
    for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++) {
        struct hr_text space = hr_text_from(spaces[i]);
        if (hr_text_starts(text, space)) {
            return space.size;
        }
    }
    return 0;
}

APPLY(apply_trim)
{
    (void)node;
    if (!hr_expr_scan(run, args[0].count)) {
        return HR_EXPR_BUDGET;
    }
    struct hr_text text = text_of(&args[0]);
    size_t end = 0;
    for (size_t size = space_at(text); size > 0; size = space_at(text)) {
        text = hr_text_slice(text, size, text.size);
    }
    for (size_t at = 0; at < text.size;) {
        size_t size = space_at(hr_text_slice(text, at, text.size));
        at += size > 0 ? size : 1;
        end = size > 0 ? end : at;
    }
    *ret_value = hr_value_text(hr_text_slice(text, 0, end));
    return 0;
}

/* The byte of the n-th code point; text.size for the end; SIZE_MAX beyond it. */
static size_t byte_of(struct hr_text text, int64_t point)
{
    int64_t seen = 0;
    size_t at = 0;
    for (; at < text.size && seen < point; seen++) {
        at++;
        while (at < text.size && ((unsigned char)text.data[at] & 0xc0) == 0x80) {
            at++;
        }
    }
    return point < 0 || seen < point ? SIZE_MAX : at;
}

APPLY(apply_substring)
{
    if (!hr_expr_scan(run, args[0].count)) {
        return HR_EXPR_BUDGET;
    }
    struct hr_text text = text_of(&args[0]);
    size_t from = byte_of(text, args[1].integer);
    size_t to = node->count == 3 ? byte_of(text, args[2].integer) : text.size;
    if (from == SIZE_MAX || to == SIZE_MAX || from > to) {
        return hr_expr_fail(run, node, "the text has no such part");
    }
    *ret_value = hr_value_text(hr_text_slice(text, from, to));
    return 0;
}

APPLY(apply_char_at)
{
    if (!hr_expr_scan(run, args[0].count)) {
        return HR_EXPR_BUDGET;
    }
    struct hr_text text = text_of(&args[0]);
    size_t from = byte_of(text, args[1].integer);
    if (from == SIZE_MAX) {
        return hr_expr_fail(run, node, "the text has no such character");
    }
    size_t to = byte_of(text, args[1].integer + 1);
    *ret_value = hr_value_text(hr_text_slice(text, from, to == SIZE_MAX ? from : to));
    return 0;
}

/* A byte offset as a position in code points; -1 for none. */
static struct hr_value position(struct hr_text text, size_t at)
{
    return hr_value_int(at == SIZE_MAX ? -1 : (int64_t)hr_expr_points(hr_text_slice(text, 0, at)));
}

APPLY(apply_index_of)
{
    if (!hr_expr_scan(run, args[0].count)) {
        return HR_EXPR_BUDGET;
    }
    struct hr_text text = text_of(&args[0]);
    size_t from = node->count == 3 ? byte_of(text, args[2].integer) : 0;
    if (from == SIZE_MAX) {
        return hr_expr_fail(run, node, "the text has no such position");
    }
    *ret_value = position(text, find_from(text, text_of(&args[1]), from));
    return 0;
}

/* The last place where a part occurs at or before `start`, or SIZE_MAX. It pays for the bytes it compares: a long part
 * that is nearly there, again and again, costs more than the text. */
static int32_t find_last(struct hr_expr_run *run, struct hr_text text, struct hr_text part,
                         size_t start, size_t *ret_at)
{
    size_t compared = 0;
    *ret_at = SIZE_MAX;
    for (size_t at = start + 1; at > 0 && *ret_at == SIZE_MAX; at--) {
        const char *here = text.data + at - 1;
        size_t same = 0;
        while (same < part.size && here[same] == part.data[same]) {
            same++;
        }
        *ret_at = same == part.size ? at - 1 : SIZE_MAX;
        compared += same + 1;
        if (compared >= 1024) {
            if (!hr_expr_spend(run, compared / 16)) {
                return HR_EXPR_BUDGET;
            }
            compared = 0;
        }
    }
    return hr_expr_spend(run, compared / 16) ? 0 : HR_EXPR_BUDGET;
}

APPLY(apply_last_index_of)
{
    if (!hr_expr_scan(run, args[0].count)) {
        return HR_EXPR_BUDGET;
    }
    struct hr_text text = text_of(&args[0]);
    struct hr_text part = text_of(&args[1]);
    size_t most = node->count == 3 ? byte_of(text, args[2].integer) : text.size;
    if (most == SIZE_MAX) {
        return hr_expr_fail(run, node, "the text has no such position");
    }
    size_t at = SIZE_MAX;
    int32_t outcome = 0;
    if (part.size <= text.size) {
        size_t start = text.size - part.size;
        outcome = find_last(run, text, part, start < most ? start : most, &at);
    }
    *ret_value = position(text, at);
    return outcome;
}

/* Size of the code point that a text begins with. */
static size_t point_size(struct hr_text text)
{
    size_t size = text.size > 0 ? 1 : 0;
    while (size < text.size && ((unsigned char)text.data[size] & 0xc0) == 0x80) {
        size++;
    }
    return size;
}

APPLY(apply_replace)
{
    (void)node;
    struct hr_text text = text_of(&args[0]);
    struct hr_text old = text_of(&args[1]);
    struct hr_text with = text_of(&args[2]);
    int64_t left = node->count == 4 && args[3].integer >= 0 ? args[3].integer : INT64_MAX;
    struct hr_buffer made;
    if (!hr_expr_spend(run, text.size / 16)) {
        return HR_EXPR_BUDGET;
    }
    hr_expr_buffer_init(run, &made);
    for (size_t at = 0;;) {
        size_t found = left > 0 && at <= text.size ? find_from(text, old, at) : SIZE_MAX;
        if (found == SIZE_MAX) {
            hr_buffer_add_text(&made, hr_text_slice(text, at, text.size));
            break;
        }
        size_t step = old.size > 0 ? old.size : point_size(hr_text_slice(text, at, text.size));
        hr_buffer_add_text(&made, hr_text_slice(text, at, found));
        hr_buffer_add_text(&made, with);
        hr_buffer_add_text(&made, old.size > 0 ? HR_TEXT_NONE : hr_text_slice(text, at, at + step));
        at = found + step;
        left--;
        if (step == 0) {
            break;
        }
    }
    return hr_expr_made_buffer(run, &made, ret_value);
}

/* How many parts a split makes, at most `most`. */
static size_t count_parts(struct hr_text text, struct hr_text separator, size_t most)
{
    size_t count = separator.size > 0 ? 1 : hr_expr_points(text);
    for (size_t at = 0; separator.size > 0 && count < most; count++) {
        at = find_from(text, separator, at);
        if (at == SIZE_MAX) {
            break;
        }
        at += separator.size;
    }
    return count < most ? count : most;
}

APPLY(apply_split)
{
    if (!hr_expr_scan(run, args[0].count)) {
        return HR_EXPR_BUDGET;
    }
    struct hr_text text = text_of(&args[0]);
    struct hr_text separator = text_of(&args[1]);
    int64_t limit = node->count == 3 ? args[2].integer : -1;
    int32_t outcome = 0;
    size_t count = count_parts(text, separator, limit < 0 ? SIZE_MAX : (size_t)limit);
    struct hr_value *parts = hr_expr_make(run, count, sizeof(struct hr_value), &outcome);
    if (parts == NULL) {
        return outcome;
    }
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        size_t end = text.size;
        if (i + 1 < count) {
            end = separator.size > 0 ? find_from(text, separator, at)
                                     : at + point_size(hr_text_slice(text, at, text.size));
        }
        parts[i] = hr_value_text(hr_text_slice(text, at, end));
        at = end + separator.size;
    }
    *ret_value = hr_expr_list_of(parts, count);
    return 0;
}

APPLY(apply_join)
{
    struct hr_text separator = node->count == 2 ? text_of(&args[1]) : HR_TEXT("");
    struct hr_buffer made;
    if (!hr_expr_spend(run, args[0].count)) {
        return HR_EXPR_BUDGET;
    }
    hr_expr_buffer_init(run, &made);
    for (uint32_t i = 0; i < args[0].count; i++) {
        if (args[0].items[i].kind != HR_KIND_text) {
            return hr_expr_fail(run, node, "join() takes a list of texts");
        }
        hr_buffer_add_text(&made, i > 0 ? separator : HR_TEXT(""));
        hr_buffer_add_text(&made, text_of(&args[0].items[i]));
    }
    return hr_expr_made_buffer(run, &made, ret_value);
}

APPLY(apply_reverse)
{
    (void)node;
    struct hr_text text = text_of(&args[0]);
    int32_t outcome = 0;
    char *made = hr_expr_make(run, text.size, 1, &outcome);
    size_t left = text.size;
    for (size_t at = 0; made != NULL && at < text.size;) {
        size_t size = point_size(hr_text_slice(text, at, text.size));
        left -= size;
        memcpy(made + left, text.data + at, size);
        at += size;
    }
    *ret_value = hr_value_text((struct hr_text){made, text.size});
    return outcome;
}

/* strings.quote(): as a text is written in an expression. What is not UTF-8 becomes the sign for that. */
APPLY(apply_quote)
{
    (void)node;
    static const char from[] = "\a\b\f\n\r\t\v\\\"";
    static const char to[] = "abfnrtv\\\"";
    struct hr_text text = text_of(&args[0]);
    struct hr_buffer out;
    hr_expr_buffer_init(run, &out);
    hr_buffer_add_byte(&out, '"');
    for (size_t i = 0; i < text.size; i++) {
        const char *escaped = text.data[i] != '\0' ? strchr(from, text.data[i]) : NULL;
        if (escaped != NULL) {
            hr_buffer_add_byte(&out, '\\');
            hr_buffer_add_byte(&out, to[escaped - from]);
        } else {
            hr_buffer_add_byte(&out, text.data[i]);
        }
    }
    hr_buffer_add_byte(&out, '"');
    return hr_expr_made_buffer(run, &out, ret_value);
}

#define TEXT HR_TYPE_text
#define INT  HR_TYPE_int
#define LIST HR_SHAPE_LIST(HR_TYPE_text)
#define BOOL HR_TYPE_bool
#define MEMBER(name, count, a, b, c, d, result, apply)                                             \
    {                                                                                              \
        name, HR_STYLE_member, count, {a, b, c, d}, result, 0, apply                               \
    }
#define SIZE(style, type, apply)                                                                   \
    {                                                                                              \
        "size", style, 1, {type}, INT, 0, apply                                                    \
    }

static const struct hr_expr_overload rows[] = {
    MEMBER("startsWith", 2, TEXT, TEXT, 0, 0, BOOL, apply_starts),
    MEMBER("endsWith", 2, TEXT, TEXT, 0, 0, BOOL, apply_ends),
    MEMBER("contains", 2, TEXT, TEXT, 0, 0, BOOL, apply_contains),
    MEMBER("matches", 2, TEXT, TEXT, 0, 0, BOOL, apply_matches),
    {"matches", HR_STYLE_global, 2, {TEXT, TEXT}, BOOL, 0, apply_matches},
    SIZE(HR_STYLE_global, TEXT, apply_size_text),
    SIZE(HR_STYLE_global, HR_TYPE_list, apply_size_count),
    SIZE(HR_STYLE_global, HR_TYPE_map, apply_size_count),
    SIZE(HR_STYLE_global, HR_TYPE_bytes, apply_size_count),
    SIZE(HR_STYLE_member, TEXT, apply_size_text),
    SIZE(HR_STYLE_member, HR_TYPE_list, apply_size_count),
    SIZE(HR_STYLE_member, HR_TYPE_map, apply_size_count),
    SIZE(HR_STYLE_member, HR_TYPE_bytes, apply_size_count),
    MEMBER("lowerAscii", 1, TEXT, 0, 0, 0, TEXT, apply_lower),
    MEMBER("upperAscii", 1, TEXT, 0, 0, 0, TEXT, apply_upper),
    MEMBER("trim", 1, TEXT, 0, 0, 0, TEXT, apply_trim),
    MEMBER("reverse", 1, TEXT, 0, 0, 0, TEXT, apply_reverse),
    MEMBER("reverse", 1, HR_SHAPE_LIST(HR_SHAPE_T), 0, 0, 0, HR_SHAPE_LIST(HR_SHAPE_T),
           hr_expr_apply_reverse_list),
    MEMBER("replace", 3, TEXT, TEXT, TEXT, 0, TEXT, apply_replace),
    MEMBER("replace", 4, TEXT, TEXT, TEXT, INT, TEXT, apply_replace),
    MEMBER("split", 2, TEXT, TEXT, 0, 0, LIST, apply_split),
    MEMBER("split", 3, TEXT, TEXT, INT, 0, LIST, apply_split),
    MEMBER("join", 1, LIST, 0, 0, 0, TEXT, apply_join),
    MEMBER("join", 2, LIST, TEXT, 0, 0, TEXT, apply_join),
    MEMBER("substring", 2, TEXT, INT, 0, 0, TEXT, apply_substring),
    MEMBER("substring", 3, TEXT, INT, INT, 0, TEXT, apply_substring),
    MEMBER("charAt", 2, TEXT, INT, 0, 0, TEXT, apply_char_at),
    MEMBER("indexOf", 2, TEXT, TEXT, 0, 0, INT, apply_index_of),
    MEMBER("indexOf", 3, TEXT, TEXT, INT, 0, INT, apply_index_of),
    MEMBER("lastIndexOf", 2, TEXT, TEXT, 0, 0, INT, apply_last_index_of),
    MEMBER("lastIndexOf", 3, TEXT, TEXT, INT, 0, INT, apply_last_index_of),
    {"strings.quote", HR_STYLE_global, 1, {TEXT}, TEXT, 0, apply_quote},
};

const struct hr_expr_table hr_expr_texts = {rows, sizeof(rows) / sizeof(rows[0])};
