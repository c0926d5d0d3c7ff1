/* data/json: reads JSON (RFC 8259) into values in one pass. Strings without escapes and the texts
 * of numbers point into the source. Open containers stand on one stack of values: the container's
 * own slot, then its children (a map's keys and values in turn); closing moves the children into
 * the arena and turns the slot into the finished container. So depth costs no C stack, and each
 * byte is looked at once. */
#include "data/inside.h"

#include <endian.h>
#include <math.h>
#include <string.h>

enum {
    STACK_FIRST = 160,      /* values on the C stack before the arena is asked */
    SMALL_MAP = 16,         /* up to here, comparing each key with each is fastest */
    NUMBER_SIZE_MAX = 1024, /* bytes of one number */
    SIZE_MAX_DEFAULT = 1 << 20
};

#define NO_FRAME UINT32_MAX

struct reader {
    struct hr_text text;
    const char *at;
    const char *end;
    struct hr_arena *into;
    struct hr_diagnostics *reterr;
    struct hr_value *stack;
    size_t count;
    size_t capacity;
    uint32_t frame; /* the open container's slot; its `count` holds the slot of the one around it */
    uint32_t depth;
    uint32_t depth_max;
    bool keep_last;
};

/* ---- complaints --------------------------------------------------------------------------- */

static hr_status refuse(struct reader *reader, enum hr_code code, const char *at,
                        const char *message)
{
    if (reader->reterr != NULL) {
        struct hr_place place =
            hr_place_at(HR_TEXT_NONE, reader->text, (size_t)(at - reader->text.data));
        (void)hr_diagnostics_add(reader->reterr, code, HR_SEVERITY_error, place, "%s", message);
    }
    return hr_answer(HR_E_INPUT);
}

static hr_status refuse_syntax(struct reader *reader, const char *message)
{
    if (reader->at >= reader->end) {
        return refuse(reader, HR_CODE_json_syntax, reader->end, "the JSON ends too early");
    }
    return refuse(reader, HR_CODE_json_syntax, reader->at, message);
}

/* ---- the stack ---------------------------------------------------------------------------- */

static hr_status grow(struct reader *reader)
{
    size_t capacity = reader->capacity * 2;
    struct hr_value *stack = hr_arena_new_many(reader->into, struct hr_value, capacity);
    if (stack == NULL || capacity > UINT32_MAX) {
        return hr_answer(HR_E_MEMORY);
    }
    memcpy(stack, reader->stack, reader->count * sizeof *stack);
    reader->stack = stack;
    reader->capacity = capacity;
    return hr_done();
}

/* Room for one more value; the slot's old content is anything. */
static inline hr_status push(struct reader *reader, struct hr_value **ret_slot)
{
    if (reader->count == reader->capacity) {
        HR_TRY(grow(reader));
    }
    *ret_slot = &reader->stack[reader->count++];
    return hr_done();
}

/* ---- strings ------------------------------------------------------------------------------ */

/* Moves behind bytes that need no look: printable ASCII but the quote and the backslash. */
static inline const char *skip_plain(const char *at, const char *end)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t highs = UINT64_C(0x8080808080808080);
    while (end - at >= 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        word = le64toh(word);
        uint64_t quote = word ^ (ones * '"');
        uint64_t slash = word ^ (ones * '\\');
        uint64_t special = ((word - ones * 0x20) & ~word) | ((quote - ones) & ~quote) |
                           ((slash - ones) & ~slash) | word;
        special &= highs;
        if (special != 0) {
            return at + (__builtin_ctzll(special) >> 3);
        }
        at += 8;
    }
    while (at < end && (unsigned char)*at >= 0x20 && (unsigned char)*at < 0x80 && *at != '"' &&
           *at != '\\') {
        at++;
    }
    return at;
}

/* Four hexadecimal digits; -1 if they are not there. */
static int32_t read_hex4(const char *at, const char *end)
{
    if (end - at < 4) {
        return -1;
    }
    int32_t unit = 0;
    for (int index = 0; index < 4; index++) {
        int digit = hr_hex_digit(at[index]);
        if (digit < 0) {
            return -1;
        }
        unit = unit << 4 | digit;
    }
    return unit;
}

/* Checks \uXXXX (with the second half of a pair) at `at`, which stands on the backslash; answers
 * the bytes that it takes, or 0, and the code point. */
static size_t read_unicode_escape(const char *at, const char *end, uint32_t *ret_code_point)
{
    int32_t first = read_hex4(at + 2, end);
    if (first < 0 || (first >= 0xDC00 && first <= 0xDFFF)) {
        return 0;
    }
    *ret_code_point = (uint32_t)first;
    if (first < 0xD800 || first > 0xDBFF) {
        return 6;
    }
    if (end - at < 12 || at[6] != '\\' || at[7] != 'u') {
        return 0;
    }
    int32_t second = read_hex4(at + 8, end);
    if (second < 0xDC00 || second > 0xDFFF) {
        return 0;
    }
    *ret_code_point = 0x10000 + (((uint32_t)first - 0xD800) << 10 | ((uint32_t)second - 0xDC00));
    return 12;
}

/* Moves reader->at behind the escape at it. */
static hr_status check_escape(struct reader *reader)
{
    if (reader->end - reader->at < 2) {
        reader->at = reader->end;
        return refuse_syntax(reader, "");
    }
    char kind = reader->at[1];
    if (kind == 'u') {
        uint32_t code_point;
        size_t size = read_unicode_escape(reader->at, reader->end, &code_point);
        if (size == 0) {
            return refuse_syntax(
                reader, "\\u needs four hexadecimal digits, and a surrogate needs its pair");
        }
        reader->at += size;
        return hr_done();
    }
    if (kind == '\0' || strchr("\"\\/bfnrt", kind) == NULL) {
        return refuse_syntax(reader, "unknown escape in a string");
    }
    reader->at += 2;
    return hr_done();
}

/* Moves reader->at, behind the opening quote, to the closing one, checking each byte. */
static hr_status check_string(struct reader *reader, bool *ret_escaped)
{
    *ret_escaped = false;
    for (;;) {
        reader->at = skip_plain(reader->at, reader->end);
        if (reader->at >= reader->end) {
            return refuse_syntax(reader, "");
        }
        unsigned char byte = (unsigned char)*reader->at;
        if (byte == '"') {
            return hr_done();
        }
        if (byte == '\\') {
            *ret_escaped = true;
            HR_TRY(check_escape(reader));
        } else if (byte < 0x20) {
            return refuse_syntax(reader,
                                 "a control character in a string must be written as an escape");
        } else {
            size_t size = hr_utf8_size(reader->text, (size_t)(reader->at - reader->text.data));
            if (size == 0) {
                return refuse(reader, HR_CODE_not_utf8, reader->at, "the bytes here are not UTF-8");
            }
            reader->at += size;
        }
    }
}

/* Writes the decoded form of a checked string that has escapes. */
static hr_status decode(struct reader *reader, struct hr_text raw, struct hr_text *ret_text)
{
    static const char from[] = "\"\\/bfnrt";
    static const char to[] = "\"\\/\b\f\n\r\t";
    char *into = hr_arena_alloc(reader->into, raw.size);
    if (into == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    size_t size = 0;
    const char *at = raw.data;
    const char *end = raw.data + raw.size;
    while (at < end) {
        const char *escape = memchr(at, '\\', (size_t)(end - at));
        size_t plain = (size_t)((escape == NULL ? end : escape) - at);
        memcpy(into + size, at, plain);
        size += plain;
        at += plain;
        if (escape == NULL) {
            break;
        }
        if (at[1] == 'u') {
            uint32_t code_point = 0;
            at += read_unicode_escape(at, end, &code_point);
            size += hr_utf8_put(into + size, code_point);
        } else {
            into[size++] = to[strchr(from, at[1]) - from];
            at += 2;
        }
    }
    hr_assert(size <= raw.size);
    *ret_text = (struct hr_text){into, size};
    return hr_done();
}

/* A string value; reader->at stands on the opening quote. number_text keeps where it was written:
 * the place of a key that comes twice. */
static hr_status read_string(struct reader *reader)
{
    const char *opening = reader->at++;
    bool escaped = false;
    const char *first = reader->at;
    HR_TRY(check_string(reader, &escaped));
    struct hr_text text = {first, (size_t)(reader->at - first)};
    reader->at++;
    if (escaped) {
        HR_TRY(decode(reader, text, &text));
    }
    struct hr_value *slot;
    HR_TRY(push(reader, &slot));
    *slot = (struct hr_value){
        .kind = HR_KIND_text,
        .count = (uint32_t)text.size, /* at most the source, which is below 4 GiB */
        .text = text.data,
        .number_text = opening,
    };
    return hr_done();
}

/* ---- numbers and words -------------------------------------------------------------------- */

static inline const char *skip_digits(const char *at, const char *end)
{
    while (at < end && *at >= '0' && *at <= '9') {
        at++;
    }
    return at;
}

/* Moves reader->at behind the number at it; tells whether it has a point or an exponent. */
static hr_status check_number(struct reader *reader, bool *ret_whole)
{
    const char *end = reader->end;
    *ret_whole = true;
    reader->at += *reader->at == '-' ? 1 : 0;
    const char *digits = reader->at;
    reader->at = skip_digits(digits, end);
    if (reader->at == digits) {
        return refuse_syntax(reader, "expected a digit");
    }
    if (*digits == '0' && reader->at - digits > 1) {
        reader->at = digits;
        return refuse_syntax(reader, "a number cannot begin with 0");
    }
    if (reader->at < end && *reader->at == '.') {
        *ret_whole = false;
        digits = ++reader->at;
        reader->at = skip_digits(digits, end);
        if (reader->at == digits) {
            return refuse_syntax(reader, "expected a digit behind the decimal point");
        }
    }
    if (reader->at < end && (*reader->at | 0x20) == 'e') {
        *ret_whole = false;
        reader->at++;
        reader->at += reader->at < end && (*reader->at == '+' || *reader->at == '-') ? 1 : 0;
        digits = reader->at;
        reader->at = skip_digits(digits, end);
        if (reader->at == digits) {
            return refuse_syntax(reader, "expected a digit in the exponent");
        }
    }
    return hr_done();
}

/* The value of whole digits if it fits an int or a uint. */
static bool read_whole(struct hr_text text, struct hr_value *value)
{
    bool negative = text.data[0] == '-';
    uint64_t magnitude = 0;
    for (size_t at = negative ? 1 : 0; at < text.size; at++) {
        uint64_t digit = (uint64_t)(text.data[at] - '0');
        if (magnitude > (UINT64_MAX - digit) / 10) {
            return false;
        }
        magnitude = magnitude * 10 + digit;
    }
    const uint64_t most = (uint64_t)INT64_MAX;
    if (negative && magnitude > most + 1) {
        return false;
    }
    if (!negative && magnitude > most) {
        value->kind = HR_KIND_uint;
        value->natural = magnitude;
        return true;
    }
    value->kind = HR_KIND_int;
    value->integer = (int64_t)(negative ? 0 - magnitude : magnitude);
    return true;
}

static hr_status read_number(struct reader *reader)
{
    const char *first = reader->at;
    bool whole;
    HR_TRY(check_number(reader, &whole));
    struct hr_text text = {first, (size_t)(reader->at - first)};
    if (text.size > NUMBER_SIZE_MAX) {
        return refuse(reader, HR_CODE_json_number, first,
                      "the number has more than 1,024 characters");
    }
    struct hr_value value = {.number_size = (uint16_t)text.size, .number_text = first};
    if (!whole || !read_whole(text, &value)) {
        value.kind = HR_KIND_double;
        value.real = hr_double_read(text);
        if (isinf(value.real)) {
            return refuse(reader, HR_CODE_json_number, first,
                          "the number is too large to calculate with");
        }
    }
    struct hr_value *slot;
    HR_TRY(push(reader, &slot));
    *slot = value;
    return hr_done();
}

static hr_status read_word(struct reader *reader, struct hr_text word, struct hr_value value)
{
    if ((size_t)(reader->end - reader->at) < word.size ||
        memcmp(reader->at, word.data, word.size) != 0) {
        return refuse(reader, HR_CODE_json_syntax, reader->at, "expected a value");
    }
    reader->at += word.size;
    struct hr_value *slot;
    HR_TRY(push(reader, &slot));
    *slot = value;
    return hr_done();
}

/* ---- containers --------------------------------------------------------------------------- */

static inline void skip_space(struct reader *reader)
{
    while (reader->at < reader->end && (*reader->at == ' ' || *reader->at == '\n' ||
                                        *reader->at == '\r' || *reader->at == '\t')) {
        reader->at++;
    }
}

static hr_status open_container(struct reader *reader, enum hr_kind kind)
{
    if (reader->depth == reader->depth_max) {
        if (reader->reterr != NULL) {
            struct hr_place place =
                hr_place_at(HR_TEXT_NONE, reader->text, (size_t)(reader->at - reader->text.data));
            (void)hr_diagnostics_add(reader->reterr, HR_CODE_json_too_deep, HR_SEVERITY_error,
                                     place, "the JSON is nested deeper than %u levels",
                                     reader->depth_max);
        }
        return hr_answer(HR_E_INPUT);
    }
    struct hr_value *slot;
    HR_TRY(push(reader, &slot));
    *slot = (struct hr_value){.kind = (uint8_t)kind, .count = reader->frame};
    reader->frame = (uint32_t)(reader->count - 1);
    reader->depth++;
    reader->at++;
    return hr_done();
}

static int compare_keys(const void *context, uint32_t a, uint32_t b)
{
    const struct hr_member *members = context;
    return hr_text_compare(hr_value_as_text(&members[a].key), hr_value_as_text(&members[b].key));
}

static inline bool keys_equal(const struct hr_member *a, const struct hr_member *b)
{
    return a->key.count == b->key.count &&
           (a->key.count == 0 || (a->key.text[0] == b->key.text[0] &&
                                  memcmp(a->key.text, b->key.text, a->key.count) == 0));
}

static hr_status refuse_duplicate(struct reader *reader, const struct hr_member *first,
                                  const struct hr_member *second)
{
    if (reader->reterr != NULL) {
        const char *begin = reader->text.data;
        struct hr_place place =
            hr_place_at(HR_TEXT_NONE, reader->text, (size_t)(second->key.number_text - begin));
        struct hr_text name = hr_text_slice(hr_value_as_text(&second->key), 0, 80);
        struct hr_diagnostic *diagnostic =
            hr_diagnostics_add(reader->reterr, HR_CODE_json_duplicate_key, HR_SEVERITY_error, place,
                               "the key \"%.*s\" comes twice in one object", HR_SHOW(name));
        diagnostic->second =
            hr_place_at(HR_TEXT_NONE, reader->text, (size_t)(first->key.number_text - begin));
        diagnostic->second_label = HR_TEXT("here first");
    }
    return hr_answer(HR_E_INPUT);
}

/* Of two members with one key: refused, or the earlier is marked (its key's kind becomes null). */
static hr_status settle(struct reader *reader, struct hr_member *first,
                        const struct hr_member *second, size_t *removed)
{
    if (!reader->keep_last) {
        return refuse_duplicate(reader, first, second);
    }
    if (first->key.kind != HR_KIND_null) {
        first->key.kind = HR_KIND_null;
        (*removed)++;
    }
    return hr_done();
}

static hr_status settle_large(struct reader *reader, struct hr_member *members, size_t count,
                              size_t *removed)
{
    struct hr_arena_mark mark = hr_arena_mark(reader->into);
    const uint32_t *order = hr_order_make(reader->into, count, compare_keys, members);
    if (order == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    hr_status status = hr_done();
    for (size_t index = 1; index < count && hr_ok(status); index++) {
        struct hr_member *first = &members[order[index - 1]];
        const struct hr_member *second = &members[order[index]];
        if (keys_equal(first, second)) {
            status = settle(reader, first, second, removed);
        }
    }
    if (hr_ok(status)) {
        hr_arena_rewind(reader->into,
                        mark); /* not after a complaint: it may live in this arena too */
    }
    return status;
}

/* Each with each: faster than an order where there are few. */
static hr_status settle_small(struct reader *reader, struct hr_member *members, size_t count,
                              size_t *removed)
{
    for (size_t second = 1; second < count; second++) {
        for (size_t first = 0; first < second; first++) {
            if (__builtin_expect(keys_equal(&members[first], &members[second]), 0)) {
                HR_TRY(settle(reader, &members[first], &members[second], removed));
            }
        }
    }
    return hr_done();
}

/* Looks for keys that come twice; with keep_last takes the earlier ones out. */
static hr_status settle_duplicates(struct reader *reader, struct hr_member *members, size_t *count)
{
    size_t removed = 0;
    HR_TRY(*count > SMALL_MAP ? settle_large(reader, members, *count, &removed)
                              : settle_small(reader, members, *count, &removed));
    if (removed > 0) {
        size_t kept = 0;
        for (size_t index = 0; index < *count; index++) {
            if (members[index].key.kind != HR_KIND_null) {
                members[kept++] = members[index];
            }
        }
        *count = kept;
    }
    return hr_done();
}

static hr_status close_container(struct reader *reader)
{
    struct hr_value *slot = &reader->stack[reader->frame];
    size_t values = reader->count - reader->frame - 1;
    uint32_t outer = slot->count;
    size_t count = values;
    bool is_map = slot->kind == HR_KIND_map;
    if (is_map) {
        _Static_assert(sizeof(struct hr_member) == 2 * sizeof(struct hr_value),
                       "a member is a key and a value side by side");
        hr_assert(values % 2 == 0);
        count = values / 2;
        HR_TRY(settle_duplicates(reader, (struct hr_member *)(void *)(slot + 1), &count));
        values = count * 2;
    }
    slot->items = NULL;
    if (values > 0) {
        struct hr_value *children = hr_arena_new_many(reader->into, struct hr_value, values);
        if (children == NULL) {
            return hr_answer(HR_E_MEMORY);
        }
        memcpy(children, slot + 1, values * sizeof *children);
        slot->items = children; /* the union's members begin at the same address */
    }
    slot->count = (uint32_t)count;
    reader->count = (size_t)reader->frame + 1;
    reader->frame = outer;
    reader->depth--;
    reader->at++;
    return hr_done();
}

/* ---- the grammar -------------------------------------------------------------------------- */

/* Reads one value; a container is only opened. */
static hr_status read_value(struct reader *reader)
{
    if (reader->at >= reader->end) {
        return refuse_syntax(reader, "");
    }
    switch (*reader->at) {
    case '{':
        return open_container(reader, HR_KIND_map);
    case '[':
        return open_container(reader, HR_KIND_list);
    case '"':
        return read_string(reader);
    case 't':
        return read_word(reader, HR_TEXT("true"), hr_value_bool(true));
    case 'f':
        return read_word(reader, HR_TEXT("false"), hr_value_bool(false));
    case 'n':
        return read_word(reader, HR_TEXT("null"), hr_value_null());
    default:
        if (*reader->at == '-' || (*reader->at >= '0' && *reader->at <= '9')) {
            return read_number(reader);
        }
        return refuse_syntax(reader, "expected a value");
    }
}

/* Reads `"key" :`. */
static hr_status read_key(struct reader *reader)
{
    if (reader->at >= reader->end || *reader->at != '"') {
        return refuse_syntax(reader, "expected a key in double quotes");
    }
    HR_TRY(read_string(reader));
    skip_space(reader);
    if (reader->at >= reader->end || *reader->at != ':') {
        return refuse_syntax(reader, "expected ':' behind the key");
    }
    reader->at++;
    skip_space(reader);
    return hr_done();
}

static bool inside_map(const struct reader *reader)
{
    return reader->stack[reader->frame].kind == HR_KIND_map;
}

/* Behind a finished value: closes what ends here and stops where the next value begins (or at the
 * end). */
static hr_status read_between(struct reader *reader)
{
    while (reader->frame != NO_FRAME) {
        skip_space(reader);
        bool is_map = inside_map(reader);
        if (reader->at >= reader->end) {
            return refuse_syntax(reader, "");
        }
        if (*reader->at == (is_map ? '}' : ']')) {
            HR_TRY(close_container(reader));
            continue;
        }
        if (*reader->at != ',') {
            return refuse_syntax(reader, is_map ? "expected ',' or '}'" : "expected ',' or ']'");
        }
        reader->at++;
        skip_space(reader);
        return is_map ? read_key(reader) : hr_done();
    }
    return hr_done();
}

/* Behind an opening bracket: an empty container is closed at once, a map's first key is read. */
static hr_status read_opening(struct reader *reader, bool *ret_empty)
{
    skip_space(reader);
    bool is_map = inside_map(reader);
    *ret_empty = reader->at < reader->end && *reader->at == (is_map ? '}' : ']');
    if (*ret_empty) {
        return close_container(reader);
    }
    return is_map ? read_key(reader) : hr_done();
}

static hr_status read_document(struct reader *reader)
{
    skip_space(reader);
    do {
        uint32_t frame = reader->frame;
        HR_TRY(read_value(reader));
        if (reader->frame != frame) {
            bool empty;
            HR_TRY(read_opening(reader, &empty));
            if (!empty) {
                continue;
            }
        }
        HR_TRY(read_between(reader));
    } while (reader->frame != NO_FRAME);
    skip_space(reader);
    if (reader->at < reader->end) {
        return refuse_syntax(reader, "expected nothing more behind the value");
    }
    hr_assert(reader->count == 1);
    return hr_done();
}

hr_status hr_json_read(struct hr_arena *into, struct hr_text text,
                       const struct hr_json_options *options, struct hr_diagnostics *reterr,
                       struct hr_value *ret_value)
{
    struct hr_json_options all = options != NULL ? *options : (struct hr_json_options){0};
    size_t size_max = all.size_max == 0 ? SIZE_MAX_DEFAULT : all.size_max;
    uint32_t depth_max = all.depth_max == 0 ? HR_VALUE_DEPTH_MAX : all.depth_max;
    if (text.size > size_max || text.size >= UINT32_MAX) {
        if (reterr != NULL) {
            (void)hr_diagnostics_add(
                reterr, HR_CODE_json_too_big, HR_SEVERITY_error, (struct hr_place){0},
                "the JSON has %zu bytes, at most %zu are read", text.size, size_max);
        }
        return hr_answer(HR_E_INPUT);
    }
    struct hr_value stack[STACK_FIRST];
    struct reader reader = {.text = text,
                            .at = text.data,
                            .end = text.data + text.size,
                            .into = into,
                            .reterr = reterr,
                            .stack = stack,
                            .capacity = STACK_FIRST,
                            .frame = NO_FRAME,
                            .depth_max =
                                depth_max < HR_WALK_DEPTH_MAX ? depth_max : HR_WALK_DEPTH_MAX,
                            .keep_last = all.keep_last};
    if (text.size == 0) {
        reader.text = HR_TEXT("");
        reader.at = reader.end = reader.text.data;
    } else if (hr_text_starts(text, HR_TEXT("\xEF\xBB\xBF"))) {
        reader.at += 3; /* a byte order mark says nothing in UTF-8 and is commonly there */
    }
    HR_TRY(read_document(&reader));
    *ret_value = reader.stack[0];
    return hr_done();
}
