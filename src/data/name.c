/* data/name: names of people and companies for comparing. What is written differently without
 * meaning another person or company becomes the same: case, spaces, kinds of apostrophe and dash,
 * titles, legal forms. What tells two people apart (junior and senior, an accent) stays: whether such
 * two are one is for the search for duplicates to say. */
#include "data/identity.h"
#include "data/identity_inside.h"

#include <string.h>

enum { NAME_SIZE_MAX = 1024 };

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

/* ---- words -------------------------------------------------------------------------------- */

/* What one letter of a name becomes, at most SIGN_SIZE_MAX bytes; 0: nothing. */
enum { SIGN_SIZE_MAX = 5 };
typedef size_t (*change_letter)(uint32_t letter, char into[SIGN_SIZE_MAX]);

static size_t put(char into[SIGN_SIZE_MAX], struct hr_text text)
{
    memcpy(into, text.data, text.size);
    return text.size;
}

static bool is_apostrophe(uint32_t letter)
{
    return letter == '\'' || letter == '`' || letter == 0xB4 || letter == 0x2BC ||
           letter == 0x2018 || letter == 0x2019;
}

static bool is_dash(uint32_t letter)
{
    return letter == '-' || (letter >= 0x2010 && letter <= 0x2015) || letter == 0x2212;
}

static bool is_quote(uint32_t letter)
{
    return letter == '"' || letter == 0xAB || letter == 0xBB ||
           (letter >= 0x201A && letter <= 0x201F) || letter == 0x2039 || letter == 0x203A;
}

static size_t change_in_person(uint32_t letter, char into[SIGN_SIZE_MAX])
{
    if (is_apostrophe(letter)) {
        return put(into, HR_TEXT("'"));
    }
    if (is_dash(letter)) {
        return put(into, HR_TEXT("-"));
    }
    if (letter == '.' || is_quote(letter)) {
        return put(into, HR_TEXT(" "));
    }
    return hr_utf8_put(into, letter);
}

static size_t change_in_company(uint32_t letter, char into[SIGN_SIZE_MAX])
{
    if (is_apostrophe(letter)) {
        return 0;
    }
    if (letter == '&' || letter == '+') {
        return put(into, HR_TEXT(" and "));
    }
    bool parts = letter == ',' || letter == ';' || letter == '(' || letter == ')' || letter == '!';
    if (parts || is_dash(letter) || is_quote(letter)) {
        return put(into, HR_TEXT(" "));
    }
    return hr_utf8_put(into, letter);
}

/* The name letter by letter, with one space between words and none at its ends. */
static struct hr_text rewrite(struct hr_arena *into, struct hr_text name, change_letter change)
{
    char *data = hr_arena_alloc(into, name.size * SIGN_SIZE_MAX + 1);
    if (data == NULL) {
        return HR_TEXT_NONE;
    }
    size_t size = 0;
    for (size_t at = 0; at < name.size;) {
        char written[SIGN_SIZE_MAX];
        size_t count = change(hr_utf8_next(name, &at), written);
        for (size_t index = 0; index < count; index++) {
            if (written[index] != ' ' || (size > 0 && data[size - 1] != ' ')) {
                data[size++] = written[index];
            }
        }
    }
    size -= size > 0 && data[size - 1] == ' ' ? 1 : 0;
    return (struct hr_text){data, size};
}

static bool is_one_of(struct hr_text word, const char *const *list, size_t count)
{
    for (size_t index = 0; index < count; index++) {
        if (hr_text_equal(word, hr_text_from(list[index]))) {
            return true;
        }
    }
    return false;
}
#define IS_ONE_OF(word, list) is_one_of(word, list, sizeof(list) / sizeof((list)[0]))

static struct hr_text first_word(struct hr_text name)
{
    return hr_text_slice(name, 0, hr_text_find(name, ' '));
}

static struct hr_text last_word(struct hr_text name)
{
    size_t at = name.size;
    while (at > 0 && name.data[at - 1] != ' ') {
        at--;
    }
    return hr_text_slice(name, at, name.size);
}

/* ---- people ------------------------------------------------------------------------------- */

static const char *const titles[] = {"mr",   "mrs",       "ms",   "miss",     "mx",    "dr",
                                     "prof", "professor", "sir",  "dame",     "rev",   "herr",
                                     "frau", "mme",       "mlle", "monsieur", "madame"};

static const char *const degrees[] = {"phd", "md",  "mba", "msc", "bsc",
                                      "esq", "dds", "cpa", "llm", "llb"};

/* Which of a family's bearers of one name. The long words are given names, too. */
static const char *const bearers[] = {"jr", "sr", "ii", "iii", "iv"};
static const char *const bearers_long[] = {"junior", "senior"};

/* True if what stands behind a comma only follows the name before it: "Jr", "PhD", "Jr MD". */
static bool is_appended(struct hr_text part, struct hr_text before)
{
    bool full = hr_text_find(before, ' ') < before.size;
    while (part.size > 0) {
        struct hr_text word = hr_text_cut(&part, ' ');
        if (!IS_ONE_OF(word, degrees) && !IS_ONE_OF(word, bearers) &&
            !(full && IS_ONE_OF(word, bearers_long))) {
            return false;
        }
    }
    return true;
}

/* What stands before the last comma; all, if there is none. */
static struct hr_text before_comma(struct hr_text name)
{
    size_t at = name.size;
    while (at > 0 && name.data[at - 1] != ',') {
        at--;
    }
    return at == 0 ? name : hr_text_slice(name, 0, at - 1);
}

/* "Lovelace, Ada" is Ada Lovelace; "Ada Lovelace, PhD" and "Ada Lovelace, Jr." are not the other way round. */
static struct hr_text in_order(struct hr_arena *into, struct hr_text name)
{
    struct hr_text whole = name;
    for (;;) {
        struct hr_text before = before_comma(whole);
        struct hr_text part = hr_text_trim(hr_text_slice(whole, before.size + 1, whole.size));
        if (before.size == whole.size || !is_appended(part, hr_text_trim(before))) {
            break;
        }
        whole = before;
    }
    struct hr_text given = whole;
    struct hr_text family = hr_text_trim(hr_text_cut(&given, ','));
    given = hr_text_trim(given);
    if (given.size == 0 || family.size == 0 || hr_text_find(given, ',') < given.size) {
        return name;
    }
    struct hr_buffer ordered;
    hr_buffer_init(&ordered, into, name.size + 1);
    hr_buffer_add_text(&ordered, given);
    hr_buffer_add_byte(&ordered, ' ');
    hr_buffer_add_text(&ordered, family);
    hr_buffer_add_text(&ordered, hr_text_slice(name, whole.size, name.size));
    return ordered.failed ? HR_TEXT_NONE : hr_buffer_text(&ordered);
}

static size_t drop_comma(uint32_t letter, char into[SIGN_SIZE_MAX])
{
    return letter == ',' ? put(into, HR_TEXT(" ")) : hr_utf8_put(into, letter);
}

struct hr_text hr_person_normal(struct hr_arena *into, struct hr_text written)
{
    struct hr_text name = hr_name_normal(into, written);
    if (name.size == 0 || name.size > NAME_SIZE_MAX) {
        return name;
    }
    name = in_order(into, rewrite(into, name, change_in_person));
    name = rewrite(into, name, drop_comma);
    struct hr_text word = first_word(name);
    while (word.size < name.size && IS_ONE_OF(word, titles)) {
        name = hr_text_slice(name, word.size + 1, name.size);
        word = first_word(name);
    }
    word = last_word(name);
    while (word.size < name.size && IS_ONE_OF(word, degrees)) {
        name = hr_text_slice(name, 0, name.size - word.size - 1);
        word = last_word(name);
    }
    return name;
}

/* ---- companies ---------------------------------------------------------------------------- */

/* Legal forms as they stand at the end, dots gone; those of several words before their last word. */
static const char *const forms[] = {
    "private limited",
    "sp z o o",
    "sp z oo",
    "s p a",
    "s r l",
    "s r o",
    "d o o",
    "s a",
    "b v",
    "n v",
    "ab",
    "ag",
    "aps",
    "as",
    "asa",
    "bv",
    "bvba",
    "co",
    "co.kg",
    "company",
    "corp",
    "corporation",
    "cv",
    "doo",
    "eg",
    "ek",
    "eurl",
    "ev",
    "gbr",
    "gesmbh",
    "gmbh",
    "haftungsbeschr\xC3\xA4nkt",
    "inc",
    "incorporated",
    "kft",
    "kg",
    "kgaa",
    "kk",
    "limited",
    "llc",
    "llp",
    "lp",
    "ltd",
    "ltda",
    "mbh",
    "nv",
    "ohg",
    "o\xC3\xBC",
    "oy",
    "oyj",
    "plc",
    "pte",
    "pty",
    "pvt",
    "sa",
    "sarl",
    "sas",
    "sasu",
    "se",
    "sl",
    "slu",
    "snc",
    "spa",
    "sprl",
    "srl",
    "sro",
    "uab",
    "ug",
    "zrt",
};

/* "s.a.", "a/s", "g.m.b.h": single letters with a sign between. */
static bool is_spelled(struct hr_text word)
{
    for (size_t at = 0; at < word.size; at++) {
        bool sign = word.data[at] == '.' || word.data[at] == '/';
        if (sign != (at % 2 == 1)) {
            return false;
        }
    }
    return word.size > 1;
}

/* Spelled words are joined; of the others the dots at the end go. */
static struct hr_text without_dots(struct hr_arena *into, struct hr_text name)
{
    char *data = hr_arena_alloc(into, name.size + 1);
    if (data == NULL) {
        return HR_TEXT_NONE;
    }
    size_t size = 0;
    while (name.size > 0) {
        struct hr_text word = hr_text_cut(&name, ' ');
        bool spelled = is_spelled(word);
        while (word.size > 0 && word.data[word.size - 1] == '.') {
            word.size--;
        }
        if (word.size > 0 && size > 0) {
            data[size++] = ' ';
        }
        for (size_t at = 0; at < word.size; at += spelled ? 2 : 1) {
            data[size++] = word.data[at];
        }
    }
    return (struct hr_text){data, size};
}

/* Cuts one legal form from the end; false if none stands there, or nothing else. */
static bool cut_form(struct hr_text *name)
{
    for (size_t index = 0; index < sizeof forms / sizeof forms[0]; index++) {
        struct hr_text form = hr_text_from(forms[index]);
        if (name->size > form.size + 1 && hr_text_ends(*name, form) &&
            name->data[name->size - form.size - 1] == ' ') {
            name->size -= form.size + 1;
            return true;
        }
    }
    return false;
}

struct hr_text hr_company_normal(struct hr_arena *into, struct hr_text written)
{
    struct hr_text name = hr_name_normal(into, written);
    if (name.size == 0 || name.size > NAME_SIZE_MAX) {
        return name;
    }
    name = without_dots(into, rewrite(into, name, change_in_company));
    while (cut_form(&name)) {
        struct hr_text bare = hr_text_slice(name, 0, name.size - 4);
        if (hr_text_ends(name, HR_TEXT(" and")) && bare.size > 0) { /* GmbH & Co. KG */
            name = bare;
        }
    }
    if (hr_text_starts(name, HR_TEXT("the ")) && name.size > 4) {
        name = hr_text_slice(name, 4, name.size);
    }
    return name;
}
