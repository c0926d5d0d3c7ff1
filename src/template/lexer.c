/* template/lexer: cuts what stands between two marks into tokens. It keeps no state but an offset; what people type
 * by habit (&&, !, typographic quotes) gets its own help. */
#include "template/parse_inside.h"

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_letter(char byte)
{
    return ((byte | 32) >= 'a' && (byte | 32) <= 'z') || byte == '_';
}

/* What the lexer looks at: the source up to where the mark closes. */
struct span {
    struct hr_text source;
    uint32_t end;
};

static char byte_at(const struct span *span, uint32_t at)
{
    return at < span->end ? span->source.data[at] : '\0';
}

static void bad(struct hr_template_token *token, uint32_t size, const char *problem,
                const char *help)
{
    token->kind = HR_LIQUID_bad;
    token->size = size;
    token->problem = problem;
    token->help = help;
}

/* Digits, and a fraction where a digit follows the point: (1..5) is a range. */
static void lex_number(const struct span *span, struct hr_template_token *token)
{
    uint32_t at = token->at + (byte_at(span, token->at) == '-');
    while (is_digit(byte_at(span, at))) {
        at++;
    }
    if (byte_at(span, at) == '.' && is_digit(byte_at(span, at + 1))) {
        at++;
        while (is_digit(byte_at(span, at))) {
            at++;
        }
    }
    token->kind = HR_LIQUID_number;
    token->size = at - token->at;
    if (is_letter(byte_at(span, at))) {
        bad(token, token->size + 1, "a number runs into a letter", "put a space between them");
    }
}

static void lex_name(const struct span *span, struct hr_template_token *token)
{
    uint32_t at = token->at;
    while (is_letter(byte_at(span, at)) || is_digit(byte_at(span, at)) ||
           byte_at(span, at) == '-') {
        at++;
    }
    at += byte_at(span, at) == '?';
    token->kind = HR_LIQUID_name;
    token->size = at - token->at;
    if (token->size > HR_TEMPLATE_NAME_MAX) {
        bad(token, token->size, "a name has more than 100 letters", NULL);
    }
}

static void lex_text(const struct span *span, struct hr_template_token *token)
{
    char quote = byte_at(span, token->at);
    struct hr_text rest = hr_text_slice(span->source, token->at + 1, span->end);
    size_t size = hr_text_find(rest, quote);
    token->kind = HR_LIQUID_text;
    token->size = (uint32_t)size + 2;
    if (size == rest.size) {
        bad(token, (uint32_t)size + 1, "a text has no end",
            "close it with the quote it began with; a text may not hold %} or }}");
    }
}

struct word {
    const char *text;
    uint8_t kind;
    const char *problem;
    const char *help;
};

#define CURLY_QUOTES "typographic quotes do not begin a text", "write straight quotes: 'text'"

/* Longer ones first; those with a problem are typed by habit and mean nothing in Liquid. */
static const struct word words[] = {
    {"===", HR_LIQUID_bad, "\"===\" is not Liquid", "write =="},
    {"!==", HR_LIQUID_bad, "\"!==\" is not Liquid", "write !="},
    {"==", HR_LIQUID_compare, NULL, NULL},
    {"!=", HR_LIQUID_compare, NULL, NULL},
    {"<>", HR_LIQUID_compare, NULL, NULL},
    {"<=", HR_LIQUID_compare, NULL, NULL},
    {">=", HR_LIQUID_compare, NULL, NULL},
    {"&&", HR_LIQUID_bad, "\"&&\" is not Liquid", "write and"},
    {"||", HR_LIQUID_bad, "\"||\" is not Liquid", "write or"},
    {"..", HR_LIQUID_dots, NULL, NULL},
    {"<", HR_LIQUID_compare, NULL, NULL},
    {">", HR_LIQUID_compare, NULL, NULL},
    {"=", HR_LIQUID_assign, NULL, NULL},
    {".", HR_LIQUID_dot, NULL, NULL},
    {"|", HR_LIQUID_pipe, NULL, NULL},
    {":", HR_LIQUID_colon, NULL, NULL},
    {",", HR_LIQUID_comma, NULL, NULL},
    {"(", HR_LIQUID_open_round, NULL, NULL},
    {")", HR_LIQUID_close_round, NULL, NULL},
    {"[", HR_LIQUID_open_square, NULL, NULL},
    {"]", HR_LIQUID_close_square, NULL, NULL},
    {"!", HR_LIQUID_bad, "\"!\" is not Liquid", "write unless instead of if, or compare with !="},
    {"+", HR_LIQUID_bad, "Liquid has no \"+\"", "write the filter: | plus: 1, or | append: 'text'"},
    {"-", HR_LIQUID_bad, "Liquid has no \"-\"", "write the filter: | minus: 1"},
    {"*", HR_LIQUID_bad, "Liquid has no \"*\"", "write the filter: | times: 2"},
    {"/", HR_LIQUID_bad, "Liquid has no \"/\"", "write the filter: | divided_by: 2"},
    {"%", HR_LIQUID_bad, "Liquid has no \"%\"", "write the filter: | modulo: 2"},
    {"\xe2\x80\x98", HR_LIQUID_bad, CURLY_QUOTES},
    {"\xe2\x80\x99", HR_LIQUID_bad, CURLY_QUOTES},
    {"\xe2\x80\x9c", HR_LIQUID_bad, CURLY_QUOTES},
    {"\xe2\x80\x9d", HR_LIQUID_bad, CURLY_QUOTES},
    {"\xc2\xa0", HR_LIQUID_bad, "this is a space that does not break, and no space to Liquid",
     "type a plain space"},
};

static void lex_mark(const struct span *span, struct hr_template_token *token)
{
    struct hr_text rest = hr_text_slice(span->source, token->at, span->end);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        struct hr_text text = hr_text_from(words[i].text);
        if (hr_text_starts(rest, text)) {
            token->kind = words[i].kind;
            token->size = (uint32_t)text.size;
            token->problem = words[i].problem;
            token->help = words[i].help;
            return;
        }
    }
    uint32_t size = 1;
    while (size < rest.size && ((unsigned char)rest.data[size] & 0xc0) == 0x80) {
        size++;
    }
    bad(token, size, "this character has no meaning here", NULL);
}

void hr_template_lex(struct hr_text source, uint32_t from, uint32_t end,
                     struct hr_template_token *ret_token)
{
    struct span span = {source, end};
    while (from < end && hr_template_is_space(source.data[from])) {
        from++;
    }
    *ret_token = (struct hr_template_token){.at = from};
    char byte = byte_at(&span, from);
    if (from >= end) {
        ret_token->kind = HR_LIQUID_end;
    } else if (is_digit(byte) || (byte == '-' && is_digit(byte_at(&span, from + 1)))) {
        lex_number(&span, ret_token);
    } else if (is_letter(byte)) {
        lex_name(&span, ret_token);
    } else if (byte == '\'' || byte == '"') {
        lex_text(&span, ret_token);
    } else {
        lex_mark(&span, ret_token);
    }
}
