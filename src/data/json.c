/* data/json: reads JSON (RFC 8259) into values: stage 2 of the reader, which walks over the marks
 * that stage 1 found (json_reader.h). Strings without escapes and the texts of numbers point into
 * the source. Open containers stand on one stack of values: the container's own slot, then its
 * children (a map's keys and values in turn); closing moves the children into the arena and turns
 * the slot into the finished container. So depth costs no C stack. */
#include "data/json_reader.h"

#include <string.h>

enum { SIZE_MAX_DEFAULT = 1 << 20 };

#define NO_FRAME UINT32_MAX

/* ---- the walk ----------------------------------------------------------------------------- */

/* What changes with every mark. It lives in registers: everything that takes it by address is inlined,
 * and what is called takes copies. */
struct walk {
    const uint32_t *mark;   /* the next one */
    const uint32_t *behind; /* the window's last */
    const char *at;         /* the mark at hand */
    struct hr_value *top;   /* the next free slot of the stack; a window's marks never need more */
    bool in_map;
};

#define INLINE static inline __attribute__((always_inline))
#define COLD   static __attribute__((noinline, cold))

COLD hr_status refuse(struct hr_json_reader *reader, const char *at, const char *message)
{
    reader->at = at;
    return hr_json_refuse_syntax(reader, message);
}

/* The next window; a mark fills at most one slot, so the stack has room for all of its marks. */
static __attribute__((noinline)) hr_status more(struct hr_json_reader *reader,
                                                struct hr_value **top)
{
    struct hr_json_marks *marks = &reader->marks;
    hr_json_marks_more(marks);
    size_t count = (size_t)(*top - reader->stack);
    if (reader->capacity - count >= marks->count) {
        return hr_done();
    }
    size_t capacity = 2 * (count + marks->count);
    struct hr_value *stack = hr_arena_new_many(reader->into, struct hr_value, capacity);
    if (stack == NULL || capacity > UINT32_MAX) {
        return hr_answer(HR_E_MEMORY);
    }
    memcpy(stack, reader->stack, count * sizeof *stack);
    reader->stack = stack;
    reader->capacity = capacity;
    *top = stack + count;
    return hr_done();
}

/* To the next mark; the last one is the end of the text. */
INLINE hr_status step(struct hr_json_reader *reader, struct walk *walk)
{
    if (__builtin_expect(walk->mark == walk->behind, 0)) {
        struct hr_value *top = walk->top;
        HR_TRY(more(reader, &top));
        walk->top = top;
        walk->mark = reader->marks.positions;
        walk->behind = walk->mark + reader->marks.count;
    }
    walk->at = reader->begin + *walk->mark++;
    return hr_done();
}

/* The byte at hand; NUL, which no rule expects, at the end of the text. */
INLINE char look(const struct hr_json_reader *reader, const struct walk *walk)
{
    return walk->at < reader->end ? *walk->at : '\0';
}

/* ---- scalars ------------------------------------------------------------------------------ */

COLD hr_status read_careful(struct hr_json_reader *reader, const char *opening,
                            struct hr_text *ret_text)
{
    reader->at = opening;
    return hr_json_text_read(reader, ret_text);
}

/* A string; its closing quote is the next mark. number_text keeps where it was written: the place
 * of a key that comes twice. */
INLINE hr_status read_string(struct hr_json_reader *reader, struct walk *walk)
{
    const char *opening = walk->at;
    HR_TRY(step(reader, walk));
    struct hr_text text = {opening + 1, (size_t)(walk->at - opening - 1)};
    if (__builtin_expect(reader->marks.careful || walk->at == reader->end, 0)) {
        struct hr_text careful = HR_TEXT_NONE;
        HR_TRY(read_careful(reader, opening, &careful));
        text = careful;
    }
    *walk->top++ = (struct hr_value){
        .kind = HR_KIND_text,
        .count = (uint32_t)text.size, /* at most the source, which is below 4 GiB */
        .text = text.data,
        .number_text = opening,
    };
    return step(reader, walk);
}

/* Bytes that may stand right behind a number or a word. Behind any other one stage 1 sees no mark. */
static const bool ends_scalar[256] = {
    [' '] = true, ['\t'] = true, ['\n'] = true, ['\r'] = true, ['"'] = true, [','] = true,
    [':'] = true, ['['] = true,  [']'] = true,  ['{'] = true,  ['}'] = true,
};

/* From behind a number or word to the next mark; stays there where what follows is no end of it. */
INLINE hr_status step_behind(struct hr_json_reader *reader, struct walk *walk, const char *end)
{
    if (end >= reader->end || ends_scalar[(unsigned char)*end]) {
        return step(reader, walk);
    }
    walk->at = end;
    return hr_done();
}

static hr_status read_number(struct hr_json_reader *reader, const char **at,
                             struct hr_value *ret_value)
{
    reader->at = *at;
    HR_TRY(hr_json_number_read(reader, ret_value));
    *at = reader->at;
    return hr_done();
}

INLINE hr_status read_word(struct hr_json_reader *reader, struct walk *walk, struct hr_text word,
                           struct hr_value value)
{
    if ((size_t)(reader->end - walk->at) < word.size ||
        memcmp(walk->at, word.data, word.size) != 0) {
        return hr_json_refuse(reader, HR_CODE_json_syntax, walk->at, "expected a value");
    }
    *walk->top++ = value;
    return step_behind(reader, walk, walk->at + word.size);
}

/* A number or a word. */
INLINE hr_status read_scalar(struct hr_json_reader *reader, struct walk *walk, char first)
{
    switch (first) {
    case 't':
        return read_word(reader, walk, HR_TEXT("true"), hr_value_bool(true));
    case 'f':
        return read_word(reader, walk, HR_TEXT("false"), hr_value_bool(false));
    case 'n':
        return read_word(reader, walk, HR_TEXT("null"), hr_value_null());
    default:
        break;
    }
    if (first != '-' && (first < '0' || first > '9')) {
        return refuse(reader, walk->at, "expected a value");
    }
    const char *at = walk->at;
    HR_TRY(read_number(reader, &at, walk->top++));
    return step_behind(reader, walk, at);
}

/* ---- containers --------------------------------------------------------------------------- */

COLD hr_status refuse_depth(struct hr_json_reader *reader, const char *at)
{
    if (reader->reterr != NULL) {
        struct hr_place place =
            hr_place_at(HR_TEXT_NONE, reader->text, (size_t)(at - reader->text.data));
        (void)hr_diagnostics_add(reader->reterr, HR_CODE_json_too_deep, HR_SEVERITY_error, place,
                                 "the JSON is nested deeper than %u levels", reader->depth_max);
    }
    return hr_answer(HR_E_INPUT);
}

INLINE hr_status open_container(struct hr_json_reader *reader, struct walk *walk, bool is_map)
{
    if (reader->depth == reader->depth_max) {
        return refuse_depth(reader, walk->at);
    }
    reader->depth++;
    *walk->top =
        (struct hr_value){.kind = is_map ? HR_KIND_map : HR_KIND_list, .count = reader->frame};
    reader->frame = (uint32_t)(walk->top - reader->stack);
    walk->top++;
    walk->in_map = is_map;
    return step(reader, walk);
}

/* Turns the open container's slot into the container; its children move into the arena. */
static hr_status close_container(struct hr_json_reader *reader, const struct hr_value *top)
{
    struct hr_value *slot = &reader->stack[reader->frame];
    size_t values = (size_t)(top - slot) - 1;
    uint32_t outer = slot->count;
    size_t count = values;
    if (slot->kind == HR_KIND_map) {
        _Static_assert(sizeof(struct hr_member) == 2 * sizeof(struct hr_value),
                       "a member is a key and a value side by side");
        hr_assert(values % 2 == 0);
        count = values / 2;
        HR_TRY(hr_json_keys_settle(reader, (struct hr_member *)(void *)(slot + 1), &count));
        values = count * 2;
    }
    slot->items = NULL;
    if (values > 0) {
        struct hr_value *children = hr_arena_room(reader->into, values * sizeof *children);
        if (children == NULL) {
            return hr_answer(HR_E_MEMORY);
        }
        memcpy(children, slot + 1, values * sizeof *children);
        slot->items = children; /* the union's members begin at the same address */
    }
    slot->count = (uint32_t)count;
    reader->frame = outer;
    reader->depth--;
    return hr_done();
}

INLINE hr_status close_and_step(struct hr_json_reader *reader, struct walk *walk)
{
    struct hr_value *slot = &reader->stack[reader->frame];
    HR_TRY(close_container(reader, walk->top));
    walk->top = slot + 1;
    walk->in_map = reader->frame != NO_FRAME && reader->stack[reader->frame].kind == HR_KIND_map;
    return step(reader, walk);
}

/* ---- the grammar -------------------------------------------------------------------------- */

/* Reads `"key" :`. */
INLINE hr_status read_key(struct hr_json_reader *reader, struct walk *walk)
{
    if (look(reader, walk) != '"') {
        return refuse(reader, walk->at, "expected a key in double quotes");
    }
    HR_TRY(read_string(reader, walk));
    if (look(reader, walk) != ':') {
        return refuse(reader, walk->at, "expected ':' behind the key");
    }
    return step(reader, walk);
}

/* Behind a finished value: closes what ends here and stops where the next value begins (or at the
 * end). */
INLINE hr_status read_between(struct hr_json_reader *reader, struct walk *walk)
{
    while (reader->frame != NO_FRAME) {
        char byte = look(reader, walk);
        if (byte == ',') {
            HR_TRY(step(reader, walk));
            return walk->in_map ? read_key(reader, walk) : hr_done();
        }
        if (byte != (walk->in_map ? '}' : ']')) {
            return refuse(reader, walk->at,
                          walk->in_map ? "expected ',' or '}'" : "expected ',' or ']'");
        }
        HR_TRY(close_and_step(reader, walk));
    }
    return hr_done();
}

/* Reads one value. A container is opened, and of a map the first key read; an empty one is closed at
 * once. */
INLINE hr_status read_value(struct hr_json_reader *reader, struct walk *walk, bool *ret_opened)
{
    char first = look(reader, walk);
    *ret_opened = false;
    if (first == '"') {
        return read_string(reader, walk);
    }
    if (first != '{' && first != '[') {
        return read_scalar(reader, walk, first);
    }
    HR_TRY(open_container(reader, walk, first == '{'));
    if (look(reader, walk) == first + 2) { /* the closing bracket */
        return close_and_step(reader, walk);
    }
    *ret_opened = true;
    return first == '{' ? read_key(reader, walk) : hr_done();
}

static hr_status read_document(struct hr_json_reader *reader)
{
    struct walk walk = {.top = reader->stack};
    HR_TRY(step(reader, &walk));
    do {
        bool opened;
        HR_TRY(read_value(reader, &walk, &opened));
        if (!opened) {
            HR_TRY(read_between(reader, &walk));
        }
    } while (reader->frame != NO_FRAME);
    if (walk.at < reader->end) {
        return refuse(reader, walk.at, "expected nothing more behind the value");
    }
    hr_assert(walk.top == reader->stack + 1);
    return hr_done();
}

static hr_status refuse_size(struct hr_text text, size_t size_max, struct hr_diagnostics *reterr)
{
    if (reterr != NULL) {
        (void)hr_diagnostics_add(
            reterr, HR_CODE_json_too_big, HR_SEVERITY_error, (struct hr_place){0},
            "the JSON has %zu bytes, at most %zu are read", text.size, size_max);
    }
    return hr_answer(HR_E_INPUT);
}

hr_status hr_json_read_by(enum hr_json_path path, struct hr_arena *into, struct hr_text text,
                          const struct hr_json_options *options, struct hr_diagnostics *reterr,
                          struct hr_value *ret_value)
{
    struct hr_json_options all = options != NULL ? *options : (struct hr_json_options){0};
    size_t size_max = all.size_max == 0 ? SIZE_MAX_DEFAULT : all.size_max;
    uint32_t depth_max = all.depth_max == 0 ? HR_VALUE_DEPTH_MAX : all.depth_max;
    if (text.size > size_max || text.size >= UINT32_MAX) {
        return refuse_size(text, size_max, reterr);
    }
    if (text.size == 0) {
        text = HR_TEXT("");
    }
    /* a byte order mark says nothing in UTF-8 and is commonly there */
    size_t first = hr_text_starts(text, HR_TEXT("\xEF\xBB\xBF")) ? 3 : 0;
    struct hr_value stack[HR_JSON_STACK];
    struct hr_json_reader reader; /* member by member: the marks' positions need no zeros */
    reader.text = text;
    reader.begin = reader.at = text.data + first;
    reader.end = text.data + text.size;
    reader.into = into;
    reader.reterr = reterr;
    reader.stack = stack;
    reader.capacity = HR_JSON_STACK;
    reader.frame = NO_FRAME;
    reader.depth = 0;
    reader.depth_max = depth_max < HR_WALK_DEPTH_MAX ? depth_max : HR_WALK_DEPTH_MAX;
    reader.keep_last = all.keep_last;
    hr_json_marks_init(&reader.marks, hr_text_slice(text, first, text.size), path);
    HR_TRY(read_document(&reader));
    *ret_value = reader.stack[0];
    return hr_done();
}

hr_status hr_json_read(struct hr_arena *into, struct hr_text text,
                       const struct hr_json_options *options, struct hr_diagnostics *reterr,
                       struct hr_value *ret_value)
{
    return hr_json_read_by(hr_json_path_best(), into, text, options, reterr, ret_value);
}
