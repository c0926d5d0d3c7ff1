/* template/letters: texts letter by letter, and their capitals: ASCII, Latin, Greek and Cyrillic letters; others stay
 * as they are. */
#include "template/filters_inside.h"

uint32_t hr_template_letter(struct hr_text text, size_t *at)
{
    const unsigned char *bytes = (const unsigned char *)text.data + *at;
    size_t left = text.size - *at;
    uint32_t first = bytes[0];
    size_t size = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    static const uint8_t masks[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    if (size > left || size == 1) {
        (*at)++;
        return first;
    }
    uint32_t letter = first & masks[size];
    for (size_t i = 1; i < size; i++) {
        if ((bytes[i] & 0xC0) != 0x80) {
            (*at)++;
            return first;
        }
        letter = letter << 6 | (bytes[i] & 0x3FU);
    }
    *at += size;
    return letter;
}

void hr_template_letter_add(struct hr_buffer *out, uint32_t letter)
{
    if (letter < 0x80) {
        hr_buffer_add_byte(out, (char)letter);
        return;
    }
    char bytes[4];
    size_t size = letter < 0x800 ? 2 : letter < 0x10000 ? 3 : 4;
    static const uint8_t firsts[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = size - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (letter & 0x3F));
        letter >>= 6;
    }
    bytes[0] = (char)(firsts[size] | letter);
    hr_buffer_add(out, bytes, size);
}

size_t hr_template_letters(struct hr_text text)
{
    size_t letters = 0;
    for (size_t at = 0; at < text.size; at++) {
        letters += ((unsigned char)text.data[at] & 0xC0) != 0x80;
    }
    return letters;
}

size_t hr_template_letter_at(struct hr_text text, size_t number)
{
    size_t at = 0;
    while (at < text.size) {
        bool begins = ((unsigned char)text.data[at] & 0xC0) != 0x80;
        if (begins && number == 0) {
            break;
        }
        number -= begins;
        at++;
    }
    return at;
}

/* ---- capitals ------------------------------------------------------------------------------ */

/* Latin letters from U+0100 on stand in pairs, capital then small; in some runs the capital is the odd one. */
static bool is_paired(uint32_t letter, bool *ret_odd)
{
    *ret_odd = (letter >= 0x139 && letter <= 0x148) || (letter >= 0x179 && letter <= 0x17E) ||
               (letter >= 0x1CD && letter <= 0x1DC);
    return *ret_odd || (letter >= 0x100 && letter <= 0x12F) ||
           (letter >= 0x132 && letter <= 0x137) || (letter >= 0x14A && letter <= 0x177) ||
           (letter >= 0x1DE && letter <= 0x1EF) || (letter >= 0x1F8 && letter <= 0x21F) ||
           (letter >= 0x222 && letter <= 0x233) || (letter >= 0x460 && letter <= 0x481) ||
           (letter >= 0x48A && letter <= 0x4BF) || (letter >= 0x4D0 && letter <= 0x52F) ||
           (letter >= 0x1E00 && letter <= 0x1E95) || (letter >= 0x1EA0 && letter <= 0x1EFF);
}

struct run {
    uint32_t first; /* capitals */
    uint32_t last;
    uint32_t apart; /* from the capital to the small letter */
};

static const struct run runs[] = {
    {'A', 'Z', 32},     {0xC0, 0xD6, 32},   {0xD8, 0xDE, 32},   {0x386, 0x386, 38},
    {0x388, 0x38A, 37}, {0x38C, 0x38C, 64}, {0x38E, 0x38F, 63}, {0x391, 0x3A1, 32},
    {0x3A3, 0x3AB, 32}, {0x400, 0x40F, 80}, {0x410, 0x42F, 32}, {0x531, 0x556, 48},
};

static uint32_t lower(uint32_t letter)
{
    for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++) {
        if (letter >= runs[i].first && letter <= runs[i].last) {
            return letter + runs[i].apart;
        }
    }
    bool odd = false;
    if (letter == 0x178) {
        return 0xFF;
    }
    if (letter == 0x130) {
        return 'i';
    }
    return is_paired(letter, &odd) && (letter & 1) == (odd ? 1 : 0) ? letter + 1 : letter;
}

static uint32_t upper(uint32_t letter)
{
    for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++) {
        if (letter >= runs[i].first + runs[i].apart && letter <= runs[i].last + runs[i].apart) {
            return letter - runs[i].apart;
        }
    }
    bool odd = false;
    if (letter == 0xFF) {
        return 0x178;
    }
    if (letter == 0x131 || letter == 0x17F) {
        return letter == 0x131 ? 'I' : 'S';
    }
    if (letter == 0x3C2) { /* the sigma at the end of a word */
        return 0x3A3;
    }
    return is_paired(letter, &odd) && (letter & 1) != (odd ? 1 : 0) ? letter - 1 : letter;
}

void hr_template_upper(struct hr_buffer *out, struct hr_text text)
{
    for (size_t at = 0; at < text.size && !out->failed;) {
        uint32_t letter = hr_template_letter(text, &at);
        if (letter == 0xDF) {
            hr_buffer_add_text(out, HR_TEXT("SS"));
        } else {
            hr_template_letter_add(out, upper(letter));
        }
    }
}

void hr_template_lower(struct hr_buffer *out, struct hr_text text)
{
    for (size_t at = 0; at < text.size && !out->failed;) {
        hr_template_letter_add(out, lower(hr_template_letter(text, &at)));
    }
}
