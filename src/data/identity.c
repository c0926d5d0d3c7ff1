/* data/identity: e-mail addresses and phone numbers in normal form. Whatever could end a mail header
 * or fool the eye (control characters, spaces, commas, marks that turn the writing direction) makes a
 * text no address. */
#include "data/identity.h"

#include "data/identity_inside.h"
#include "data/phone.h"

#include <string.h>

enum { EMAIL_SIZE_MAX = 254, LOCAL_SIZE_MAX = 64, PHONE_WRITTEN_MAX = 64 };

bool hr_text_shows(struct hr_text text)
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

struct hr_text hr_text_lower(struct hr_arena *into, struct hr_text text)
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

/* ---- e-mail ------------------------------------------------------------------------------- */

/* RFC 5322 dot-atom, with letters beyond ASCII (RFC 6531). */
static bool is_local_part(struct hr_text local)
{
    if (local.size == 0 || local.size > LOCAL_SIZE_MAX || !hr_text_shows(local)) {
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
        !hr_domain_valid(hr_text_slice(address, sign + 1, address.size))) {
        return false;
    }
    *ret_normal = hr_text_lower(into, address);
    return ret_normal->data != NULL;
}

/* ---- phone -------------------------------------------------------------------------------- */

#if HR_PHONE
static bool read_with_library(struct hr_text text, const char country[3],
                              char number[HR_PHONE_SIZE_MAX + 1], size_t *ret_size)
{
    return hr_phone_library_read(text.data, text.size, country, number, ret_size);
}
#else
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
    bool zeros = hr_text_starts(text, HR_TEXT("00"));
    bool international = zeros || hr_text_starts(text, HR_TEXT("+"));
    char country[3] = "ZZ"; /* the library's word for "unknown" */
    if (international) {
        default_country = HR_TEXT_NONE; /* it names its own */
    }
    if (default_country.size == 2 && is_letter(default_country.data[0]) &&
        is_letter(default_country.data[1])) {
        country[0] = (char)(default_country.data[0] & ~0x20);
        country[1] = (char)(default_country.data[1] & ~0x20);
    } else if (default_country.size > 0) {
        return false;
    }
    if (text.size == 0 || text.size > PHONE_WRITTEN_MAX || !hr_text_is_utf8(text) ||
        hr_text_find(text, '\0') < text.size) {
        return false;
    }
    char plus[PHONE_WRITTEN_MAX];
    if (zeros) {
        plus[0] = '+';
        memcpy(plus + 1, text.data + 2, text.size - 2);
        text = (struct hr_text){plus, text.size - 1};
    }
    char number[HR_PHONE_SIZE_MAX + 1];
    size_t size = 0;
    if (!read_with_library(text, country, number, &size)) {
        return false;
    }
    *ret_normal = hr_text_copy(into, (struct hr_text){number, size});
    return ret_normal->data != NULL;
}
