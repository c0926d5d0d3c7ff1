/* expr/lexer: cuts the source into tokens. It keeps no state but an offset, so the parser can look
 * wherever it likes; what people type by habit (=, and, typographic quotes) gets its own help. */
#include "expr/program.h"

#include <string.h>

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
}

/* The byte at an offset, 0 behind the end. */
static char byte_at(struct hr_text source, size_t at)
{
    return at < source.size ? source.data[at] : '\0';
}

static size_t pass_space(struct hr_text source, size_t at)
{
    while (at < source.size) {
        char byte = source.data[at];
        if (byte == '/' && byte_at(source, at + 1) == '/') {
            while (at < source.size && source.data[at] != '\n') {
                at++;
            }
        } else if (byte == ' ' || (byte >= '\t' && byte <= '\r')) {
            at++;
        } else {
            break;
        }
    }
    return at;
}

static void bad(struct hr_expr_token *token, size_t size, const char *problem, const char *help)
{
    token->kind = HR_TOKEN_bad;
    token->size = (uint32_t)size;
    token->problem = problem;
    token->help = help;
}

/* The first place from `at` on where no digit stands. */
static size_t behind_digits(struct hr_text source, size_t at)
{
    while (is_digit(byte_at(source, at))) {
        at++;
    }
    return at;
}

/* Digits with an optional fraction and exponent, which make it a double; answers where they end. */
static size_t lex_decimal(struct hr_text source, struct hr_expr_token *token)
{
    size_t at = behind_digits(source, token->at);
    if (byte_at(source, at) == '.' && is_digit(byte_at(source, at + 1))) {
        token->kind = HR_TOKEN_double;
        at = behind_digits(source, at + 1);
    }
    if ((byte_at(source, at) | 32) == 'e') {
        size_t digits = at + 1;
        digits += byte_at(source, digits) == '+' || byte_at(source, digits) == '-';
        if (is_digit(byte_at(source, digits))) {
            token->kind = HR_TOKEN_double;
            at = behind_digits(source, digits);
        }
    }
    return at;
}

/* A decimal number or 0x digits, the whole ones with an optional u. */
static void lex_number(struct hr_text source, struct hr_expr_token *token)
{
    size_t at = token->at;
    token->kind = HR_TOKEN_int;
    if (byte_at(source, at) == '0' && (byte_at(source, at + 1) | 32) == 'x') {
        at += 2;
        while (hr_hex_digit(byte_at(source, at)) >= 0) {
            at++;
        }
    } else {
        at = lex_decimal(source, token);
    }
    if (token->kind == HR_TOKEN_int && (byte_at(source, at) | 32) == 'u') {
        token->kind = HR_TOKEN_uint;
        at++;
    }
    token->size = (uint32_t)(at - token->at);
    if (is_letter(byte_at(source, at))) {
        bad(token, token->size + 1, "a number runs into a letter",
            "put a space or an operator between them");
    }
}

/* A text from its opening quote; `quote` is where that stands, behind any prefix. */
static void lex_text(struct hr_text source, size_t quote, bool raw, struct hr_expr_token *token)
{
    char mark = source.data[quote];
    bool triple = byte_at(source, quote + 1) == mark && byte_at(source, quote + 2) == mark;
    size_t at = quote + (triple ? 3 : 1);
    while (at < source.size) {
        char byte = source.data[at];
        if (byte == '\\' && !raw) {
            at += 2;
        } else if (byte == mark && (!triple || (byte_at(source, at + 1) == mark &&
                                                byte_at(source, at + 2) == mark))) {
            token->size = (uint32_t)(at + (triple ? 3 : 1) - token->at);
            return;
        } else if (!triple && (byte == '\n' || byte == '\r')) {
            break;
        } else {
            at++;
        }
    }
    at = at > source.size ? source.size : at;
    bad(token, at - token->at, "a text has no end", "close it with the quote it began with");
}

/* A text's prefix (r, b, br, rb in either case) and its opening quote, or false. */
static bool lex_prefixed(struct hr_text source, struct hr_expr_token *token)
{
    size_t at = token->at;
    bool raw = false;
    bool bytes = false;
    for (; at < token->at + 2; at++) {
        char letter = (char)(byte_at(source, at) | 32);
        if (letter == 'r' && !raw) {
            raw = true;
        } else if (letter == 'b' && !bytes) {
            bytes = true;
        } else {
            break;
        }
    }
    if (byte_at(source, at) != '\'' && byte_at(source, at) != '"') {
        return false;
    }
    token->kind = bytes ? HR_TOKEN_bytes : HR_TOKEN_text;
    lex_text(source, at, raw, token);
    return true;
}

static void lex_name(struct hr_text source, struct hr_expr_token *token)
{
    size_t at = token->at;
    while (is_letter(byte_at(source, at)) || is_digit(byte_at(source, at))) {
        at++;
    }
    token->size = (uint32_t)(at - token->at);
    token->kind = HR_TOKEN_name;
    if (hr_text_equal(hr_text_slice(source, token->at, at), HR_TEXT("in"))) {
        token->kind = HR_TOKEN_in;
    }
}

static void lex_quoted_name(struct hr_text source, struct hr_expr_token *token)
{
    struct hr_text rest = hr_text_slice(source, token->at + 1, source.size);
    size_t end = hr_text_find(rest, '`');
    if (end == rest.size || end == 0) {
        bad(token, 1, "a quoted field name has no end", "write it like payload.`content-type`");
        return;
    }
    token->kind = HR_TOKEN_quoted_name;
    token->size = (uint32_t)end + 2;
}

struct mark {
    char text[3];
    uint8_t kind;
};

/* Longer marks first. */
static const struct mark marks[] = {
    {"||", HR_TOKEN_or},          {"&&", HR_TOKEN_and},        {"==", HR_TOKEN_equal},
    {"!=", HR_TOKEN_not_equal},   {"<=", HR_TOKEN_less_equal}, {">=", HR_TOKEN_more_equal},
    {"<", HR_TOKEN_less},         {">", HR_TOKEN_more},        {"+", HR_TOKEN_plus},
    {"-", HR_TOKEN_minus},        {"*", HR_TOKEN_times},       {"/", HR_TOKEN_divide},
    {"%", HR_TOKEN_modulo},       {"!", HR_TOKEN_not},         {"?", HR_TOKEN_question},
    {":", HR_TOKEN_colon},        {",", HR_TOKEN_comma},       {".", HR_TOKEN_dot},
    {"(", HR_TOKEN_open_round},   {")", HR_TOKEN_close_round}, {"[", HR_TOKEN_open_square},
    {"]", HR_TOKEN_close_square}, {"{", HR_TOKEN_open_curly},  {"}", HR_TOKEN_close_curly},
};

struct habit {
    const char *text;
    const char *problem;
    const char *help;
};

/* What is no CEL but is typed by habit. */
static const struct habit habits[] = {
    {"<>", "\"<>\" is not CEL", "write != for \"is not\""},
    {"=", "one \"=\" does not compare", "write == to compare"},
    {"&", "one \"&\" is not CEL", "write && for \"and\""},
    {"|", "one \"|\" is not CEL", "write || for \"or\""},
    {"\xe2\x80\x98", "typographic quotes do not begin a text", "write straight quotes: 'text'"},
    {"\xe2\x80\x99", "typographic quotes do not begin a text", "write straight quotes: 'text'"},
    {"\xe2\x80\x9c", "typographic quotes do not begin a text", "write straight quotes: 'text'"},
    {"\xe2\x80\x9d", "typographic quotes do not begin a text", "write straight quotes: 'text'"},
    {"\xe2\x89\xa0", "\"\xe2\x89\xa0\" is not CEL", "write !="},
    {"\xe2\x89\xa5", "\"\xe2\x89\xa5\" is not CEL", "write >="},
    {"\xe2\x89\xa4", "\"\xe2\x89\xa4\" is not CEL", "write <="},
};

static bool lex_habit(struct hr_text rest, struct hr_expr_token *token)
{
    for (size_t i = 0; i < sizeof(habits) / sizeof(habits[0]); i++) {
        struct hr_text text = hr_text_from(habits[i].text);
        if (hr_text_starts(rest, text)) {
            bad(token, text.size, habits[i].problem, habits[i].help);
            return true;
        }
    }
    return false;
}

static void lex_mark(struct hr_text source, struct hr_expr_token *token)
{
    struct hr_text rest = hr_text_slice(source, token->at, source.size);
    if (hr_text_starts(rest, HR_TEXT("<>"))) {
        lex_habit(rest, token);
        return;
    }
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        struct hr_text text = hr_text_from(marks[i].text);
        if (hr_text_starts(rest, text)) {
            token->kind = marks[i].kind;
            token->size = (uint32_t)text.size;
            return;
        }
    }
    if (lex_habit(rest, token)) {
        return;
    }
    size_t size = 1;
    while (size < rest.size && ((unsigned char)rest.data[size] & 0xc0) == 0x80) {
        size++;
    }
    bad(token, size, "this character has no meaning here", NULL);
}

void hr_expr_lex(struct hr_text source, size_t from, struct hr_expr_token *ret_token)
{
    memset(ret_token, 0, sizeof(*ret_token));
    ret_token->at = (uint32_t)pass_space(source, from);
    char byte = byte_at(source, ret_token->at);
    if (ret_token->at >= source.size) {
        ret_token->kind = HR_TOKEN_end;
    } else if (is_digit(byte) || (byte == '.' && is_digit(byte_at(source, ret_token->at + 1)))) {
        lex_number(source, ret_token);
    } else if (byte == '`') {
        lex_quoted_name(source, ret_token);
    } else if (lex_prefixed(source, ret_token)) {
        return;
    } else if (is_letter(byte)) {
        lex_name(source, ret_token);
    } else {
        lex_mark(source, ret_token);
    }
}
