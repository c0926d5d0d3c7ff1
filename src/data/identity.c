/* data/identity: e-mail addresses, phone numbers and domains in normal form. Whatever could end a
 * mail header or fool the eye (control characters, spaces, commas, marks that turn the writing
 * direction) makes a text no address. */
#include "data/identity.h"

#include "data/inside.h"
#include "data/phone.h"

#include <string.h>

enum {
    EMAIL_SIZE_MAX = 254,
    LOCAL_SIZE_MAX = 64,
    DOMAIN_SIZE_MAX = 253,
    LABEL_SIZE_MAX = 63,
    PHONE_WRITTEN_MAX = 64
};

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_letter(char byte)
{
    return hr_lower(byte) >= 'a' && hr_lower(byte) <= 'z';
}

/* True if every code point beyond ASCII is one that shows: no C1 controls, spaces, separators,
 * joiners, direction marks, private or unassigned ends. */
static bool shows(struct hr_text text)
{
    if (!hr_text_is_utf8(text)) {
        return false;
    }
    for (size_t at = 0; at < text.size;) {
        uint32_t letter = hr_utf8_next(text, &at);
        bool hidden = (letter >= 0x80 && letter <= 0xA0) || letter == 0xAD || letter == 0x1680 ||
                      (letter >= 0x2000 && letter <= 0x200F) ||
                      (letter >= 0x2028 && letter <= 0x202F) ||
                      (letter >= 0x205F && letter <= 0x206F) || letter == 0x3000 ||
                      letter == 0xFEFF || (letter >= 0xFFF0 && letter <= 0xFFFF) ||
                      (letter >= 0xE000 && letter <= 0xF8FF) || letter >= 0xE0000;
        if (hidden) {
            return false;
        }
    }
    return true;
}

static struct hr_text lower_copy(struct hr_arena *into, struct hr_text text)
{
    char *data = hr_arena_alloc(into, text.size + 1);
    if (data == NULL) {
        return HR_TEXT_NONE;
    }
    for (size_t at = 0; at < text.size; at++) {
        data[at] = hr_lower(text.data[at]);
    }
    return (struct hr_text){data, text.size};
}

/* ---- domains ------------------------------------------------------------------------------ */

static bool is_label(struct hr_text label)
{
    if (label.size == 0 || label.size > LABEL_SIZE_MAX || label.data[0] == '-' ||
        label.data[label.size - 1] == '-') {
        return false;
    }
    for (size_t at = 0; at < label.size; at++) {
        char byte = label.data[at];
        if (!is_letter(byte) && !is_digit(byte) && byte != '-' && (unsigned char)byte < 0x80) {
            return false;
        }
    }
    return true;
}

/* At least two labels, the last not only digits (so that no IP address passes). */
static bool is_domain(struct hr_text domain)
{
    if (domain.size == 0 || domain.size > DOMAIN_SIZE_MAX || !shows(domain)) {
        return false;
    }
    size_t labels = 0;
    struct hr_text last = HR_TEXT_NONE;
    bool more = true;
    while (more) {
        more = hr_text_find(domain, '.') < domain.size;
        last = hr_text_cut(&domain, '.');
        if (!is_label(last)) {
            return false;
        }
        labels++;
    }
    size_t digits = 0;
    while (digits < last.size && is_digit(last.data[digits])) {
        digits++;
    }
    return labels >= 2 && digits < last.size;
}

/* Cuts a URL to its host: scheme, user, port and path go. */
static struct hr_text host_of(struct hr_text text)
{
    size_t scheme = hr_text_search(text, HR_TEXT("://"));
    if (scheme < text.size) {
        text = hr_text_slice(text, scheme + 3, text.size);
    }
    for (size_t at = 0; at < text.size; at++) {
        if (strchr("/?#\\", text.data[at]) != NULL) {
            text = hr_text_slice(text, 0, at);
        }
    }
    size_t user = hr_text_find(text, '@');
    while (user < text.size) {
        text = hr_text_slice(text, user + 1, text.size);
        user = hr_text_find(text, '@');
    }
    size_t port = hr_text_find(text, ':');
    for (size_t at = port + 1; at < text.size; at++) {
        if (!is_digit(text.data[at])) {
            return HR_TEXT_NONE;
        }
    }
    text = hr_text_slice(text, 0, port);
    return hr_text_ends(text, HR_TEXT(".")) ? hr_text_slice(text, 0, text.size - 1) : text;
}

bool hr_domain_normal(struct hr_arena *into, struct hr_text written, struct hr_text *ret_normal)
{
    struct hr_text host = host_of(hr_text_trim(written));
    if (!is_domain(host)) {
        return false;
    }
    struct hr_text normal = lower_copy(into, host);
    struct hr_text bare = hr_text_slice(normal, 4, normal.size);
    if (hr_text_starts(normal, HR_TEXT("www.")) && is_domain(bare)) {
        normal = bare;
    }
    *ret_normal = normal;
    return normal.data != NULL;
}

/* ---- e-mail ------------------------------------------------------------------------------- */

/* RFC 5322 dot-atom, with letters beyond ASCII (RFC 6531). */
static bool is_local_part(struct hr_text local)
{
    if (local.size == 0 || local.size > LOCAL_SIZE_MAX || !shows(local)) {
        return false;
    }
    char before = '.';
    for (size_t at = 0; at < local.size; at++) {
        char byte = local.data[at];
        bool sign = byte != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", byte) != NULL;
        bool letter = is_letter(byte) || is_digit(byte) || sign || (unsigned char)byte >= 0x80;
        if (!letter && (byte != '.' || before == '.')) {
            return false;
        }
        before = byte;
    }
    return before != '.';
}

bool hr_email_normal(struct hr_arena *into, struct hr_text written, struct hr_text *ret_normal)
{
    struct hr_text address = hr_text_trim(written);
    size_t sign = hr_text_find(address, '@');
    if (sign == address.size || address.size > EMAIL_SIZE_MAX ||
        !is_local_part(hr_text_slice(address, 0, sign)) ||
        !is_domain(hr_text_slice(address, sign + 1, address.size))) {
        return false;
    }
    *ret_normal = lower_copy(into, address);
    return ret_normal->data != NULL;
}

/* ---- phone -------------------------------------------------------------------------------- */

static bool is_e164(struct hr_text text)
{
    if (text.size < 9 || text.size > 16 || text.data[0] != '+' || text.data[1] == '0') {
        return false;
    }
    for (size_t at = 1; at < text.size; at++) {
        if (!is_digit(text.data[at])) {
            return false;
        }
    }
    return true;
}

#if HR_PHONE
static bool read_with_library(struct hr_text text, const char country[3],
                              char number[HR_PHONE_SIZE_MAX + 1], size_t *ret_size)
{
    return hr_phone_library_read(text.data, text.size, country, number, ret_size);
}
#else
/* Built without the library: only international numbers, with the usual signs between the digits.
 */
static bool read_with_library(struct hr_text text, const char country[3],
                              char number[HR_PHONE_SIZE_MAX + 1], size_t *ret_size)
{
    (void)country;
    size_t size = 0;
    for (size_t at = 0; at < text.size; at++) {
        char byte = text.data[at];
        if (strchr(" -./()", byte) != NULL && byte != '\0') {
            continue;
        }
        if (size == HR_PHONE_SIZE_MAX) {
            return false;
        }
        number[size++] = byte;
    }
    *ret_size = size;
    return is_e164((struct hr_text){number, size});
}
#endif

bool hr_phone_normal(struct hr_arena *into, struct hr_text written, struct hr_text default_country,
                     struct hr_text *ret_normal)
{
    struct hr_text text = hr_text_trim(written);
    if (is_e164(text)) {
        *ret_normal = hr_text_copy(into, text);
        return ret_normal->data != NULL;
    }
    char country[3] = "ZZ"; /* the library's word for "unknown" */
    if (default_country.size == 2 && is_letter(default_country.data[0]) &&
        is_letter(default_country.data[1])) {
        country[0] = (char)(default_country.data[0] & ~0x20);
        country[1] = (char)(default_country.data[1] & ~0x20);
    } else if (default_country.size > 0) {
        return false;
    }
    if (text.size == 0 || text.size > PHONE_WRITTEN_MAX || !hr_text_is_utf8(text)) {
        return false;
    }
    if (hr_text_starts(text, HR_TEXT("00"))) {
        text = hr_text_format(into, "+%.*s", (int)text.size - 2, text.data + 2);
    }
    char number[HR_PHONE_SIZE_MAX + 1];
    size_t size = 0;
    if (text.data == NULL || !read_with_library(text, country, number, &size)) {
        return false;
    }
    *ret_normal = hr_text_copy(into, (struct hr_text){number, size});
    return ret_normal->data != NULL;
}

/* ---- names -------------------------------------------------------------------------------- */

/* Latin letters from U+0100 on stand in pairs, large then small, but for these runs. */
static uint32_t fold_extended(uint32_t letter)
{
    if (letter == 0x130) {
        return 'i';
    }
    if (letter == 0x178) {
        return 0xFF;
    }
    if (letter == 0x17F) {
        return 's';
    }
    bool odd_is_large =
        (letter >= 0x139 && letter <= 0x148) || (letter >= 0x179 && letter <= 0x17E);
    bool paired = (letter >= 0x100 && letter <= 0x137) || (letter >= 0x14A && letter <= 0x177) ||
                  (letter >= 0x1E00 && letter <= 0x1E95) ||
                  (letter >= 0x1EA0 && letter <= 0x1EFF) || (letter >= 0x1DE && letter <= 0x1EF) ||
                  (letter >= 0x1F8 && letter <= 0x21F);
    if (odd_is_large) {
        return letter + (letter & 1);
    }
    if (letter == 0x1CD || (letter > 0x1CD && letter < 0x1DD)) {
        return letter + (letter & 1);
    }
    return paired ? letter | 1 : letter;
}

static uint32_t fold(uint32_t letter)
{
    if (letter < 0x80) {
        return (uint32_t)hr_lower((char)letter);
    }
    if (letter >= 0xC0 && letter <= 0xDE && letter != 0xD7) {
        return letter + 32;
    }
    return letter < 0x100 ? letter : fold_extended(letter);
}

static bool is_space(uint32_t letter)
{
    return letter == ' ' || (letter >= 9 && letter <= 13) || letter == 0xA0 || letter == 0x1680 ||
           (letter >= 0x2000 && letter <= 0x200B) || letter == 0x2028 || letter == 0x2029 ||
           letter == 0x202F || letter == 0x205F || letter == 0x3000 || letter == 0xFEFF;
}

struct hr_text hr_name_normal(struct hr_arena *into, struct hr_text written)
{
    size_t usable = hr_utf8_break(written);
    written = hr_text_slice(written, 0, usable);
    char *data =
        hr_arena_alloc(into, written.size + 1); /* no folded form is longer than its letter */
    if (data == NULL) {
        return HR_TEXT_NONE;
    }
    size_t size = 0;
    for (size_t at = 0; at < written.size;) {
        uint32_t letter = hr_utf8_next(written, &at);
        if (is_space(letter)) {
            if (size > 0 && data[size - 1] != ' ') {
                data[size++] = ' ';
            }
        } else if (letter == 0xDF || letter == 0x1E9E) {
            data[size++] = 's';
            data[size++] = 's';
        } else {
            size += hr_utf8_put(data + size, fold(letter));
        }
    }
    size -= size > 0 && data[size - 1] == ' ' ? 1 : 0;
    return (struct hr_text){data, size};
}
