/* template/parser: what all parts of the parser stand on: memory, complaints with their places, tokens. */
#include "template/parse_inside.h"

#include <string.h>

/* ---- memory and complaints ----------------------------------------------------------------- */

void *hr_template_alloc(struct hr_template_parser *parser, size_t count, size_t size)
{
    void *made = hr_arena_alloc_many(parser->arena, count, size);
    parser->no_memory = parser->no_memory || made == NULL;
    return made;
}

bool hr_template_append(struct hr_template_parser *parser, void *items, size_t *count,
                        size_t *capacity, const void *item, size_t size)
{
    void **array = items;
    if (*count == *capacity) {
        void *grown = hr_list_grow(parser->arena, *array, *count, capacity, size);
        if (grown == NULL) {
            parser->no_memory = true;
            return false;
        }
        *array = grown;
    }
    memcpy((char *)*array + *count * size, item, size);
    (*count)++;
    return true;
}

static uint32_t count_letters(struct hr_text source, uint32_t from, uint32_t to)
{
    uint32_t letters = 0;
    for (uint32_t i = from; i < to; i++) {
        letters += ((unsigned char)source.data[i] & 0xc0) != 0x80;
    }
    return letters;
}

/* Places come in order, so counting goes on from the one before. */
static struct hr_place place_in_source(struct hr_template_parser *parser, uint32_t at,
                                       uint32_t size)
{
    if (at < parser->seen_at || parser->seen_line == 0) {
        parser->seen_at = 0;
        parser->seen_line = 1;
        parser->seen_column = 1;
    }
    for (uint32_t i = parser->seen_at; i < at && i < parser->source.size; i++) {
        unsigned char byte = (unsigned char)parser->source.data[i];
        if (byte == '\n') {
            parser->seen_line++;
            parser->seen_column = 1;
        } else {
            parser->seen_column += (byte & 0xc0) != 0x80;
        }
    }
    parser->seen_at = at;
    uint32_t end = at + size > parser->source.size ? (uint32_t)parser->source.size : at + size;
    return (struct hr_place){.line = parser->seen_line,
                             .column = parser->seen_column,
                             .size = count_letters(parser->source, at, end)};
}

struct hr_place hr_template_place(struct hr_template_parser *parser, uint32_t at, uint32_t size)
{
    return parser->options->place_of != NULL
               ? parser->options->place_of(parser->options->context, at, size)
               : place_in_source(parser, at, size);
}

struct hr_diagnostic *hr_template_complain(struct hr_template_parser *parser, enum hr_code code,
                                           uint32_t at, uint32_t size, struct hr_text message)
{
    parser->error_count++;
    if (parser->reterr == NULL || parser->error_count > HR_TEMPLATE_ERRORS_MAX) {
        return &parser->unkept;
    }
    return hr_diagnostics_add(parser->reterr, code, HR_SEVERITY_error,
                              hr_template_place(parser, at, size > 0 ? size : 1), "%.*s",
                              HR_SHOW(message));
}

struct hr_diagnostic *hr_template_warn(struct hr_template_parser *parser, uint32_t at,
                                       uint32_t size, struct hr_text message)
{
    parser->warning_count++;
    if (parser->reterr == NULL || parser->warning_count > HR_TEMPLATE_ERRORS_MAX) {
        return &parser
                    ->unkept; /* before its place is worked out, which takes a walk through the source */
    }
    return hr_diagnostics_add(parser->reterr, HR_CODE_template_never_read, HR_SEVERITY_warning,
                              hr_template_place(parser, at, size > 0 ? size : 1), "%.*s",
                              HR_SHOW(message));
}

void hr_template_suggest(struct hr_template_parser *parser, struct hr_diagnostic *diagnostic,
                         struct hr_text written, const struct hr_text *names, size_t count)
{
    struct hr_text near = hr_did_you_mean(written, names, count);
    if (near.size > 0) {
        diagnostic->help = hr_text_format(parser->arena, "did you mean `%.*s`?", HR_SHOW(near));
    }
    hr_diagnostic_fix_place(diagnostic, written, hr_surely_meant(written, names, count));
}

/* ---- tokens -------------------------------------------------------------------------------- */

void hr_template_tokens(struct hr_template_parser *parser, uint32_t from, uint32_t end)
{
    parser->stop = end;
    parser->token_end = from;
    hr_template_lex(parser->source, from, end, &parser->token);
}

void hr_template_advance(struct hr_template_parser *parser)
{
    parser->token_end = parser->token.at + parser->token.size;
    hr_template_lex(parser->source, parser->token_end, parser->stop, &parser->token);
}

bool hr_template_accept(struct hr_template_parser *parser, uint8_t kind)
{
    if (parser->token.kind != kind) {
        return false;
    }
    hr_template_advance(parser);
    return true;
}

struct hr_text hr_template_token_text(const struct hr_template_parser *parser)
{
    return hr_text_slice(parser->source, parser->token.at,
                         (size_t)parser->token.at + parser->token.size);
}

bool hr_template_accept_word(struct hr_template_parser *parser, const char *word)
{
    if (parser->token.kind != HR_LIQUID_name ||
        !hr_text_equal(hr_template_token_text(parser), hr_text_from(word))) {
        return false;
    }
    hr_template_advance(parser);
    return true;
}

struct hint {
    const char *found;
    const char *help;
};

/* What is found where it cannot stand, and what to write instead. */
static const struct hint hints[] = {
    {"=", "write == to compare"},
    {"|", "a filter may stand only in {{ }}, echo and assign: assign the filtered value first"},
    {"(", "conditions take no brackets; and, or are read from right to left"},
    {")", "conditions take no brackets; a range is written (1..5)"},
    {"not", "write unless instead of if, or compare with !="},
    {"in", "write contains: list contains value"},
    {"is", "write =="},
    {"equals", "write =="},
    {"startswith", "compare the beginning: assign start = name | slice: 0, 3"},
    {"endswith", "compare the end: assign end = name | slice: -3, 3"},
};

void hr_template_expected(struct hr_template_parser *parser, const char *wanted)
{
    const struct hr_template_token *token = &parser->token;
    struct hr_text found = hr_template_token_text(parser);
    const char *help = NULL;
    struct hr_text message;
    if (token->kind == HR_LIQUID_bad) {
        message = hr_text_from(token->problem);
        help = token->help;
    } else if (token->kind == HR_LIQUID_end) {
        message = hr_text_format(parser->arena, "this ends where %s was expected", wanted);
    } else {
        message = hr_text_format(parser->arena, "expected %s, found \"%.*s\"", wanted,
                                 HR_SHOW(hr_text_clip(found, 40)));
        for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++) {
            if (hr_text_equal(found, hr_text_from(hints[i].found))) {
                help = hints[i].help;
            }
        }
    }
    struct hr_diagnostic *diagnostic =
        hr_template_complain(parser, HR_CODE_template_syntax, token->at, token->size, message);
    if (help != NULL) {
        diagnostic->help = hr_text_from(help);
    }
}

void hr_template_finish(struct hr_template_parser *parser, const char *wanted)
{
    if (parser->token.kind != HR_LIQUID_end) {
        hr_template_expected(parser, wanted);
    }
}
