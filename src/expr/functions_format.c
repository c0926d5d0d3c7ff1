/* expr/functions_format: text.format(list): CEL's own clauses %s %d %f %e %b %o %x %X %%. It writes what
 * every machine writes alike. */
#include "expr/program.h"

#include <string.h>

enum { FORMAT_DEPTH_MAX = 16, DECIMALS = 6 };

struct clause {
    char letter;
    uint32_t decimals;
};

struct writer {
    struct hr_expr_run *run;
    const struct hr_expr_node *node;
    struct hr_buffer *out;
};

static int32_t refuse(struct writer *writer, const char *only, const struct hr_value *value)
{
    hr_expr_fail(writer->run, writer->node, "");
    writer->run->message = hr_text_format(writer->run->arena, "%s, and this is %s", only,
                                          hr_expr_type_words((uint8_t)hr_expr_value_type(value)));
    return HR_EXPR_FAILED;
}

static int32_t write_any(struct writer *writer, const struct hr_value *value, uint32_t depth);

static int32_t write_list(struct writer *writer, const struct hr_value *list, uint32_t depth)
{
    hr_buffer_add_byte(writer->out, '[');
    for (uint32_t i = 0; i < list->count; i++) {
        hr_buffer_add_text(writer->out, i > 0 ? HR_TEXT(", ") : HR_TEXT(""));
        int32_t outcome = write_any(writer, &list->items[i], depth);
        if (outcome != 0) {
            return outcome;
        }
    }
    hr_buffer_add_byte(writer->out, ']');
    return 0;
}

/* The keys of a map as texts, and which member each is of. */
struct entry {
    struct hr_text key;
    const struct hr_value *value;
};

/* Heap sort: no more than n log n whatever comes. */
static void sift(struct entry *entries, size_t root, size_t count)
{
    for (size_t child = 2 * root + 1; child < count; child = 2 * root + 1) {
        if (child + 1 < count && hr_text_compare(entries[child].key, entries[child + 1].key) < 0) {
            child++;
        }
        if (hr_text_compare(entries[root].key, entries[child].key) >= 0) {
            return;
        }
        struct entry kept = entries[root];
        entries[root] = entries[child];
        entries[child] = kept;
        root = child;
    }
}

static void sort(struct entry *entries, size_t count)
{
    for (size_t i = count / 2; i > 0; i--) {
        sift(entries, i - 1, count);
    }
    for (size_t i = count; i > 1; i--) {
        struct entry kept = entries[0];
        entries[0] = entries[i - 1];
        entries[i - 1] = kept;
        sift(entries, 0, i - 1);
    }
}

/* {key: value} in the order of the keys as texts. */
static int32_t write_map(struct writer *writer, const struct hr_value *map, uint32_t depth)
{
    int32_t outcome = 0;
    struct entry *entries = hr_expr_make(writer->run, map->count, sizeof(struct entry), &outcome);
    for (uint32_t i = 0; outcome == 0 && i < map->count; i++) {
        struct hr_buffer written;
        struct writer inner = {writer->run, writer->node, &written};
        struct hr_text key = hr_value_as_text(&map->members[i].key);
        hr_expr_buffer_init(writer->run, &written);
        if (map->members[i].key.kind != HR_KIND_text) {
            struct hr_value made = hr_value_null();
            outcome = write_any(&inner, &map->members[i].key, depth);
            outcome = outcome != 0 ? outcome : hr_expr_made_buffer(writer->run, &written, &made);
            key = hr_value_as_text(&made);
        }
        entries[i] = (struct entry){key, &map->members[i].value};
    }
    if (outcome != 0) {
        return outcome;
    }
    sort(entries, map->count);
    hr_buffer_add_byte(writer->out, '{');
    for (uint32_t i = 0; outcome == 0 && i < map->count; i++) {
        hr_buffer_add_text(writer->out, i > 0 ? HR_TEXT(", ") : HR_TEXT(""));
        hr_buffer_add_text(writer->out, entries[i].key);
        hr_buffer_add_text(writer->out, HR_TEXT(": "));
        outcome = write_any(writer, entries[i].value, depth);
    }
    hr_buffer_add_byte(writer->out, '}');
    return outcome;
}

/* %s */
static int32_t write_any(struct writer *writer, const struct hr_value *value, uint32_t depth)
{
    if (depth == 0 || !hr_expr_spend(writer->run, 1)) {
        return HR_EXPR_BUDGET;
    }
    switch ((uint8_t)hr_expr_value_type(value)) {
    case HR_TYPE_null:
        hr_buffer_add_text(writer->out, HR_TEXT("null"));
        return 0;
    case HR_TYPE_bool:
        hr_buffer_add_text(writer->out, value->truth ? HR_TEXT("true") : HR_TEXT("false"));
        return 0;
    case HR_TYPE_int:
        hr_buffer_add_format(writer->out, "%lld", (long long)value->integer);
        return 0;
    case HR_TYPE_uint:
        hr_buffer_add_format(writer->out, "%llu", (unsigned long long)value->natural);
        return 0;
    case HR_TYPE_double:
        hr_expr_write_double(writer->out, value->real);
        return 0;
    case HR_TYPE_text:
    case HR_TYPE_type:
        hr_buffer_add_text(writer->out, hr_value_as_text(value));
        return 0;
    case HR_TYPE_bytes:
        if (!hr_text_is_utf8(hr_value_as_text(value))) {
            return hr_expr_fail(writer->run, writer->node, "these bytes are not UTF-8");
        }
        hr_buffer_add_text(writer->out, hr_value_as_text(value));
        return 0;
    case HR_TYPE_time:
    case HR_TYPE_duration:
    case HR_TYPE_ip:
    case HR_TYPE_cidr:
        hr_value_write_word(writer->out, value);
        return 0;
    case HR_TYPE_list:
        return write_list(writer, value, depth - 1);
    case HR_TYPE_map:
        return write_map(writer, value, depth - 1);
    case HR_TYPE_dyn:
    case HR_TYPE_object:
    case HR_TYPE_optional:
    default:
        return refuse(writer, "%s does not write every kind of value", value);
    }
}

static void write_natural(struct hr_buffer *out, uint64_t natural, unsigned base, bool upper)
{
    char digits[64];
    size_t at = sizeof(digits);
    do {
        digits[--at] = (upper ? "0123456789ABCDEF" : "0123456789abcdef")[natural % base];
        natural /= base;
    } while (natural > 0);
    hr_buffer_add(out, digits + at, sizeof(digits) - at);
}

/* A whole number of either kind to a base; false when it is none. */
static bool write_whole(struct hr_buffer *out, const struct hr_value *value, unsigned base,
                        bool upper)
{
    if (value->kind == HR_KIND_uint) {
        write_natural(out, value->natural, base, upper);
        return true;
    }
    if (value->kind != HR_KIND_int) {
        return false;
    }
    uint64_t size = value->integer < 0 ? 0 - (uint64_t)value->integer : (uint64_t)value->integer;
    hr_buffer_add_text(out, value->integer < 0 ? HR_TEXT("-") : HR_TEXT(""));
    write_natural(out, size, base, upper);
    return true;
}

/* %x of a text or of bytes: two digits a byte. */
static void write_bytes(struct hr_buffer *out, struct hr_text bytes, bool upper)
{
    const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    for (size_t i = 0; i < bytes.size; i++) {
        unsigned char byte = (unsigned char)bytes.data[i];
        hr_buffer_add_byte(out, digits[byte >> 4]);
        hr_buffer_add_byte(out, digits[byte & 15]);
    }
}

static bool is_finite(double real)
{
    return real >= -1.7976931348623157e308 && real <= 1.7976931348623157e308;
}

static int32_t write_real(struct writer *writer, const struct clause *clause,
                          const struct hr_value *value)
{
    double real = value->real;
    if (value->kind == HR_KIND_int || value->kind == HR_KIND_uint) {
        real = value->kind == HR_KIND_int ? (double)value->integer : (double)value->natural;
    } else if (value->kind != HR_KIND_double) {
        return refuse(writer, clause->letter == 'f' ? "%f writes numbers" : "%e writes numbers",
                      value);
    }
    if (!is_finite(real)) {
        hr_expr_write_double(writer->out, real);
    } else if (clause->letter == 'f') {
        hr_expr_write_fixed(writer->out, real, clause->decimals);
    } else {
        hr_expr_write_scientific(writer->out, real, clause->decimals);
    }
    return 0;
}

static int32_t write_clause(struct writer *writer, const struct clause *clause,
                            const struct hr_value *value)
{
    bool upper = clause->letter == 'X';
    switch (clause->letter) {
    case 's':
        return write_any(writer, value, FORMAT_DEPTH_MAX);
    case 'd':
        if (value->kind == HR_KIND_double && !is_finite(value->real)) {
            hr_expr_write_double(writer->out, value->real);
            return 0;
        }
        return write_whole(writer->out, value, 10, false)
                   ? 0
                   : refuse(writer, "%d writes whole numbers", value);
    case 'f':
    case 'e':
        return write_real(writer, clause, value);
    case 'b':
        if (value->kind == HR_KIND_bool) {
            hr_buffer_add_byte(writer->out, value->truth ? '1' : '0');
            return 0;
        }
        return write_whole(writer->out, value, 2, false)
                   ? 0
                   : refuse(writer, "%b writes whole numbers and yes or no", value);
    case 'o':
        return write_whole(writer->out, value, 8, false)
                   ? 0
                   : refuse(writer, "%o writes whole numbers", value);
    case 'x':
    case 'X':
        if (value->kind == HR_KIND_text || hr_expr_value_type(value) == HR_TYPE_bytes) {
            write_bytes(writer->out, hr_value_as_text(value), upper);
            return 0;
        }
        return write_whole(writer->out, value, 16, upper)
                   ? 0
                   : refuse(writer, "%x writes whole numbers, texts and bytes", value);
    default:
        return hr_expr_fail(writer->run, writer->node,
                            "behind % stands one of s, d, f, e, b, o, x, X and %");
    }
}

/* ".3f" behind a percent sign; answers where it ends. */
static size_t read_clause(struct hr_text format, size_t at, struct clause *clause)
{
    clause->decimals = DECIMALS;
    if (at < format.size && format.data[at] == '.') {
        clause->decimals = 0;
        for (at++; at < format.size && format.data[at] >= '0' && format.data[at] <= '9'; at++) {
            if (clause->decimals <= HR_EXPR_DECIMALS_MAX) {
                clause->decimals = clause->decimals * 10 + (uint32_t)(format.data[at] - '0');
            }
        }
    }
    clause->letter = at < format.size ? format.data[at] : '\0';
    return at + 1;
}

static int32_t apply_format(struct hr_expr_run *run, const struct hr_expr_node *node,
                            const struct hr_value *args, struct hr_value *ret_value)
{
    struct hr_text format = hr_value_as_text(&args[0]);
    struct hr_buffer out;
    struct writer writer = {run, node, &out};
    uint32_t used = 0;
    hr_expr_buffer_init(run, &out);
    for (size_t at = 0; at < format.size && !out.failed;) {
        struct clause clause;
        if (format.data[at] != '%') {
            hr_buffer_add_byte(&out, format.data[at++]);
            continue;
        }
        at = read_clause(format, at + 1, &clause);
        if (clause.letter == '%') {
            hr_buffer_add_byte(&out, '%');
            continue;
        }
        if (clause.decimals > HR_EXPR_DECIMALS_MAX) {
            return hr_expr_fail(run, node, "more than 100 decimals are not written");
        }
        if (used >= args[1].count) {
            return hr_expr_fail(run, node, "there are fewer values than places for them");
        }
        int32_t outcome = hr_expr_spend(run, 1)
                              ? write_clause(&writer, &clause, &args[1].items[used++])
                              : HR_EXPR_BUDGET;
        if (outcome != 0) {
            return outcome;
        }
    }
    return hr_expr_made_buffer(run, &out, ret_value);
}

static const struct hr_expr_overload rows[] = {
    {"format", HR_STYLE_member, 2, {HR_TYPE_text, HR_TYPE_list}, HR_TYPE_text, 0, apply_format},
};

const struct hr_expr_table hr_expr_formats = {rows, sizeof(rows) / sizeof(rows[0])};
