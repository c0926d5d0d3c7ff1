/* template/markdown_inline: emphasis, code, links and line breaks within a paragraph. The text is cut into pieces once;
 * emphasis is then found by a stack of what may open it; nothing is looked at again and again. */
#include "template/filters_inside.h"
#include "template/markdown_inside.h"

#include <string.h>

enum piece_kind {
    PIECE_text,
    PIECE_break, /* a line that ends for sure */
    PIECE_code,
    PIECE_emphasis, /* stars or underscores */
    PIECE_link,     /* from..to is where it leads */
    PIECE_link_end
};

enum { TAGS_MAX = 4, OPEN_MAX = 16 };

struct piece {
    uint8_t kind;
    bool opens;
    bool closes;
    char mark;
    uint32_t from;
    uint32_t to;
    uint32_t left;          /* of emphasis: marks that stay letters */
    uint8_t tags[TAGS_MAX]; /* of emphasis: 1 or 2, innermost first */
    uint8_t tag_count;
    bool ending; /* its tags are end tags */
};

struct inline_run {
    struct hr_arena *arena;
    const struct hr_marked *text;
    struct piece *pieces;
    size_t count;
    size_t capacity;
    size_t next_square; /* the next ], ), `, space from where it was looked for last */
    size_t next_round;
    size_t next_tick;
    size_t next_space;
    size_t link_end; /* where the link's ] stands, or SIZE_MAX */
    size_t link_over;
    bool no_memory;
};

static bool is(const struct inline_run *run, size_t at, char byte)
{
    return hr_marked_is(run->text, at, byte);
}

static struct piece *add(struct inline_run *run, uint8_t kind, size_t from, size_t to)
{
    if (run->count == run->capacity) {
        void *grown =
            hr_list_grow(run->arena, run->pieces, run->count, &run->capacity, sizeof(struct piece));
        if (grown == NULL) {
            run->no_memory = true;
            return NULL;
        }
        run->pieces = grown;
    }
    run->pieces[run->count] =
        (struct piece){.kind = kind, .from = (uint32_t)from, .to = (uint32_t)to};
    return &run->pieces[run->count++];
}

/* The next such byte of the template from `at` on; `known` remembers it, so that the text is walked once. */
static size_t next_of(const struct inline_run *run, size_t at, char byte, size_t *known)
{
    while (*known < at || (*known < run->text->size && !is(run, *known, byte))) {
        *known = *known < at ? at : *known + 1;
    }
    return *known;
}

/* The same for white space of the template. */
static size_t next_space(struct inline_run *run, size_t at)
{
    size_t space = run->next_space > at ? run->next_space : at;
    while (space < run->text->size &&
           (run->text->values[space] || !hr_template_is_space(run->text->bytes[space]))) {
        space++;
    }
    run->next_space = space;
    return space;
}

/* ---- links ---------------------------------------------------------------------------------- */

static struct hr_text bytes_of(const struct inline_run *run, size_t from, size_t to)
{
    return hr_text_slice((struct hr_text){run->text->bytes, run->text->size}, from, to);
}

static bool begins(const struct inline_run *run, size_t at, const char *word)
{
    size_t size = strlen(word);
    bool same = run->text->size - at >= size;
    for (size_t i = 0; same && i < size; i++) {
        same = !run->text->values[at + i] && hr_lower(run->text->bytes[at + i]) == word[i];
    }
    return same;
}

static bool begins_link(const struct inline_run *run, size_t at)
{
    return begins(run, at, "https://") || begins(run, at, "http://") ||
           begins(run, at, "mailto:") || begins(run, at, "tel:") || begins(run, at, "sms:");
}

/* What stands in the brackets of a link leads somewhere: a link of the template's, a whole value, a path or a part. */
static bool leads(struct inline_run *run, size_t from, size_t to)
{
    bool somewhere = from < to && (run->text->values[from] || begins_link(run, from) ||
                                   is(run, from, '/') || is(run, from, '#'));
    return somewhere && next_space(run, from) >= to;
}

/* [words](link): the words are read as all else, up to the bracket that closes them. */
static bool take_link(struct inline_run *run, size_t *at)
{
    size_t square = next_of(run, *at + 1, ']', &run->next_square);
    if (run->link_end != SIZE_MAX || !is(run, square, ']') || !is(run, square + 1, '(')) {
        return false;
    }
    size_t round = next_of(run, square + 2, ')', &run->next_round);
    if (!is(run, round, ')') || !leads(run, square + 2, round)) {
        return false;
    }
    (void)add(run, PIECE_link, square + 2, round);
    run->link_end = square;
    run->link_over = round + 1;
    (*at)++;
    return true;
}

/* A link that stands bare in the text, up to a space; a mark at its end belongs to the sentence. */
static bool take_bare_link(struct inline_run *run, size_t *at)
{
    bool web = begins(run, *at, "https://") || begins(run, *at, "http://");
    if (!web || run->link_end != SIZE_MAX) {
        return false;
    }
    size_t to = *at;
    while (to < run->text->size &&
           (run->text->values[to] || (!hr_template_is_space(run->text->bytes[to]) &&
                                      strchr("<>\"`*[]", run->text->bytes[to]) == NULL))) {
        to++;
    }
    while (!run->text->values[to - 1] && strchr(".,;:!?')_", run->text->bytes[to - 1]) != NULL) {
        to--;
    }
    (void)add(run, PIECE_link, *at, to);
    (void)add(run, PIECE_text, *at, to);
    (void)add(run, PIECE_link_end, to, to);
    *at = to;
    return true;
}

/* ---- cutting ---------------------------------------------------------------------------------- */

static bool is_punctuation(char byte)
{
    return (byte >= '!' && byte <= '/') || (byte >= ':' && byte <= '@') ||
           (byte >= '[' && byte <= '`') || (byte >= '{' && byte <= '~');
}

/* A letter, or a byte of one, stands here; also at a value. */
static bool is_wordy(const struct inline_run *run, size_t at)
{
    if (at >= run->text->size) {
        return false;
    }
    char byte = run->text->bytes[at];
    return run->text->values[at] || !(hr_template_is_space(byte) || is_punctuation(byte));
}

static bool is_space_at(const struct inline_run *run, size_t at)
{
    return at >= run->text->size ||
           (hr_template_is_space(run->text->bytes[at]) && !run->text->values[at]);
}

/* A run of stars or underscores; within a word only stars mean anything. */
static void take_emphasis(struct inline_run *run, size_t *at)
{
    size_t from = *at;
    char mark = run->text->bytes[from];
    size_t to = from;
    while (is(run, to, mark)) {
        to++;
    }
    bool before = from > 0 && !is_space_at(run, from - 1);
    bool after = !is_space_at(run, to);
    bool inside = mark == '_' && from > 0 && is_wordy(run, from - 1) && is_wordy(run, to);
    struct piece *piece = add(run, PIECE_emphasis, from, to);
    if (piece != NULL) {
        piece->mark = mark;
        piece->left = (uint32_t)(to - from);
        piece->opens = after && !inside && !(mark == '_' && from > 0 && is_wordy(run, from - 1));
        piece->closes = before && !inside && !(mark == '_' && is_wordy(run, to));
    }
    *at = to;
}

static bool take_code(struct inline_run *run, size_t *at)
{
    size_t to = next_of(run, *at + 1, '`', &run->next_tick);
    if (!is(run, to, '`') || to == *at + 1) {
        return false;
    }
    (void)add(run, PIECE_code, *at + 1, to);
    *at = to + 1;
    return true;
}

/* A line's end: for sure behind two spaces, behind a backslash, and within a value. */
static void take_line_end(struct inline_run *run, size_t from, size_t *at)
{
    size_t spaces = *at;
    while (spaces > from && is(run, spaces - 1, ' ')) {
        spaces--;
    }
    bool sure = run->text->values[*at] || *at - spaces >= 2;
    (void)add(run, PIECE_text, from, spaces);
    (void)add(run, sure ? PIECE_break : PIECE_text, *at, *at + 1);
    (*at)++;
}

/* True when something was taken at *at; what stood before it is added first. */
static bool take(struct inline_run *run, size_t *from, size_t *at)
{
    size_t begin = *at;
    size_t count = run->count;
    const struct hr_marked *text = run->text;
    if (text->bytes[begin] == '\n') {
        take_line_end(run, *from, at);
        *from = *at;
        return true;
    }
    if (text->values[begin]) {
        return false;
    }
    /* What is added now must stand behind the text before it. */
    (void)add(run, PIECE_text, *from, begin);
    bool taken = true;
    char byte = text->bytes[begin];
    if (byte == '\\' && begin + 1 < text->size && !text->values[begin + 1] &&
        (is_punctuation(text->bytes[begin + 1]) || text->bytes[begin + 1] == '\n')) {
        bool line = text->bytes[begin + 1] == '\n';
        (void)add(run, line ? PIECE_break : PIECE_text, begin + 1, begin + 2);
        *at = begin + 2;
    } else if (begin == run->link_end) {
        (void)add(run, PIECE_link_end, begin, begin);
        *at = run->link_over;
        run->link_end = SIZE_MAX;
    } else if (byte == '*' || byte == '_') {
        take_emphasis(run, at);
    } else {
        taken = (byte == '`' && take_code(run, at)) || (byte == '[' && take_link(run, at)) ||
                ((byte | 32) == 'h' && (begin == 0 || !is_wordy(run, begin - 1)) &&
                 take_bare_link(run, at));
    }
    if (!taken) {
        run->count = count;
        return false;
    }
    *from = *at;
    return true;
}

static void cut(struct inline_run *run)
{
    size_t from = 0;
    size_t at = 0;
    while (at < run->text->size && !run->no_memory) {
        if (!take(run, &from, &at)) {
            at++;
        }
    }
    (void)add(run, PIECE_text, from, run->text->size);
}

/* ---- emphasis ----------------------------------------------------------------------------------- */

/* What may still be closed, outermost first. */
struct open {
    size_t pieces[OPEN_MAX];
    size_t count;
};

static bool pair_up(struct inline_run *run, struct open *open, struct piece *closer)
{
    for (size_t i = open->count; i > 0; i--) {
        struct piece *opener = &run->pieces[open->pieces[i - 1]];
        if (opener->kind == PIECE_link) {
            return false; /* nothing reaches out of a link */
        }
        if (opener->mark != closer->mark || opener->left == 0) {
            continue;
        }
        if (opener->tag_count == TAGS_MAX || closer->tag_count == TAGS_MAX) {
            return false;
        }
        uint8_t size = opener->left >= 2 && closer->left >= 2 ? 2 : 1;
        opener->tags[opener->tag_count++] = size;
        closer->tags[closer->tag_count++] = size;
        closer->ending = true;
        opener->left -= size;
        closer->left -= size;
        open->count = opener->left > 0 ? i : i - 1;
        return true;
    }
    return false;
}

static void drop_to_link(struct inline_run *run, struct open *open)
{
    while (open->count > 0 && run->pieces[open->pieces[open->count - 1]].kind != PIECE_link) {
        open->count--;
    }
    open->count -= open->count > 0;
}

static void find_emphasis(struct inline_run *run)
{
    struct open open = {.count = 0};
    for (size_t i = 0; i < run->count; i++) {
        struct piece *piece = &run->pieces[i];
        if (piece->kind == PIECE_link_end) {
            drop_to_link(run, &open);
        }
        if (piece->kind == PIECE_emphasis && piece->closes) {
            while (piece->left > 0 && pair_up(run, &open, piece)) {
            }
        }
        bool opens = piece->kind == PIECE_link ||
                     (piece->kind == PIECE_emphasis && piece->opens && !piece->ending);
        if (opens && open.count < OPEN_MAX) {
            open.pieces[open.count++] = i;
        }
    }
}

/* ---- writing ----------------------------------------------------------------------------------- */

static void write_emphasis(struct hr_buffer *out, const struct piece *piece)
{
    for (uint32_t i = 0; !piece->ending && i < piece->left; i++) {
        hr_buffer_add_byte(out, piece->mark);
    }
    for (uint32_t i = 0; i < piece->tag_count; i++) {
        uint8_t size = piece->tags[piece->ending ? i : piece->tag_count - 1U - i];
        hr_buffer_add_text(out, piece->ending ? HR_TEXT("</") : HR_TEXT("<"));
        hr_buffer_add_text(out, size == 2 ? HR_TEXT("strong>") : HR_TEXT("em>"));
    }
    for (uint32_t i = 0; piece->ending && i < piece->left; i++) {
        hr_buffer_add_byte(out, piece->mark);
    }
}

/* The link with its values encoded; HR_TEMPLATE_FAILED when a value alone says where it leads, and it is nowhere. */
static int32_t write_link(const struct inline_run *run, struct hr_buffer *out,
                          const struct piece *piece)
{
    struct hr_buffer link;
    size_t from = piece->from;
    hr_buffer_init(&link, run->arena, HR_TEMPLATE_OUTPUT_MAX);
    bool opaque = begins(run, from, "mailto:") || begins(run, from, "tel:");
    while (from < piece->to) {
        size_t to = from;
        bool value = run->text->values[from];
        while (to < piece->to && run->text->values[to] == value) {
            to++;
        }
        struct hr_text part = bytes_of(run, from, to);
        bool whole = value && from == piece->from;
        if (whole && !hr_escape_is_link(part)) {
            return HR_TEMPLATE_FAILED;
        }
        if (!value || whole) {
            hr_escape_url(&link, part, ":/?#[]@!$&()*+,;=%'");
        } else {
            hr_escape_url(&link, part, opaque ? "@+," : "");
        }
        from = to;
    }
    hr_buffer_add_text(out, HR_TEXT("<a href=\""));
    hr_escape_html(out, hr_buffer_text(&link));
    hr_buffer_add_text(out, HR_TEXT("\">"));
    out->failed = out->failed || link.failed;
    out->starved = out->starved || link.starved; /* no memory is no limit: it may be tried again */
    return 0;
}

static int32_t write_piece(const struct inline_run *run, struct hr_buffer *out,
                           const struct piece *piece)
{
    switch (piece->kind) {
    case PIECE_text:
        hr_escape_html(out, bytes_of(run, piece->from, piece->to));
        return 0;
    case PIECE_break:
        hr_buffer_add_text(out, HR_TEXT("<br>\n"));
        return 0;
    case PIECE_code:
        hr_buffer_add_text(out, HR_TEXT("<code>"));
        hr_escape_html(out, bytes_of(run, piece->from, piece->to));
        hr_buffer_add_text(out, HR_TEXT("</code>"));
        return 0;
    case PIECE_emphasis:
        write_emphasis(out, piece);
        return 0;
    case PIECE_link:
        return write_link(run, out, piece);
    default:
        hr_buffer_add_text(out, HR_TEXT("</a>"));
        return 0;
    }
}

int32_t hr_markdown_inline(struct hr_arena *arena, struct hr_buffer *out,
                           const struct hr_marked *text)
{
    struct inline_run run = {.arena = arena, .text = text, .link_end = SIZE_MAX};
    cut(&run);
    if (run.no_memory) {
        return HR_E_MEMORY;
    }
    find_emphasis(&run);
    for (size_t i = 0; i < run.count; i++) {
        int32_t outcome = write_piece(&run, out, &run.pieces[i]);
        if (outcome != 0) {
            return outcome;
        }
    }
    return 0;
}
