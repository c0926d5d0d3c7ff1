/* letter: a letter as the journal keeps it, from its planning to the moment it leaves, and its digest. */
#include "letter/inside.h"

#include <stddef.h>

/* Every part with its size before it, so that no two letters run together to the same bytes. */
struct hr_digest hr_letter_digest(const struct hr_letter *letter, struct hr_text purpose)
{
    enum { SIZE_BYTES = 8 };
    const struct hr_text fields[] = {
        HR_TEXT("letter 1"), /* the form of this digest */
        letter->from_address, letter->from_name, letter->to_address,
        letter->to_name,      purpose,           letter->subject,
        letter->text,         letter->html,      letter->unsubscribe_url,
        letter->list_id,
    };
    enum { FIELDS = sizeof fields / sizeof fields[0] };
    char sizes[FIELDS][SIZE_BYTES];
    struct hr_text parts[2 * FIELDS];
    for (size_t i = 0; i < FIELDS; i++) {
        for (size_t byte = 0; byte < SIZE_BYTES; byte++) {
            sizes[i][byte] = (char)(unsigned char)((uint64_t)fields[i].size >> (8 * byte));
        }
        parts[2 * i] = (struct hr_text){sizes[i], SIZE_BYTES};
        parts[2 * i + 1] = fields[i];
    }
    return hr_digest_of(parts, 2 * FIELDS);
}

/* ---- keeping -------------------------------------------------------------------------------------------- */

/* Its texts, by the names they are kept under. */
static const struct {
    struct hr_text name;
    size_t at;
} texts[] = {
    {{"to", 2}, offsetof(struct hr_letter, to_address)},
    {{"to_name", 7}, offsetof(struct hr_letter, to_name)},
    {{"from", 4}, offsetof(struct hr_letter, from_address)},
    {{"from_name", 9}, offsetof(struct hr_letter, from_name)},
    {{"subject", 7}, offsetof(struct hr_letter, subject)},
    {{"text", 4}, offsetof(struct hr_letter, text)},
    {{"html", 4}, offsetof(struct hr_letter, html)},
    {{"unsubscribe_url", 15}, offsetof(struct hr_letter, unsubscribe_url)},
    {{"list_id", 7}, offsetof(struct hr_letter, list_id)},
};
enum { TEXTS = sizeof texts / sizeof texts[0] };

static struct hr_member member(struct hr_text name, struct hr_text text)
{
    return (struct hr_member){hr_value_text(name), hr_value_text(text)};
}

hr_status hr_letter_keep(const struct hr_letter *letter, struct hr_arena *into,
                         struct hr_value *ret_content)
{
    struct hr_member *members = hr_arena_new_many(into, struct hr_member, TEXTS + 2);
    struct hr_text digest = hr_hex(into, letter->digest.bytes, sizeof letter->digest.bytes);
    uint32_t count = 0;
    if (members == NULL || digest.size == 0) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < TEXTS; i++) {
        const char *at = (const char *)letter + texts[i].at;
        const struct hr_text *text = (const struct hr_text *)(const void *)at;
        if (text->size > 0) {
            members[count++] = member(texts[i].name, *text);
        }
    }
    if (letter->purpose != NULL) {
        members[count++] = member(HR_TEXT("purpose"), letter->purpose->id);
    }
    members[count++] = member(HR_TEXT("digest"), digest);
    *ret_content = (struct hr_value){.kind = HR_KIND_map, .count = count, .members = members};
    return hr_done();
}

/* ---- reading back --------------------------------------------------------------------------------------- */

static struct hr_text text_of(const struct hr_value *content, struct hr_text name)
{
    const struct hr_value *value = hr_value_member(content, name);
    return value == NULL ? HR_TEXT_NONE : hr_value_as_text(value);
}

static bool read_digest(struct hr_text hex, struct hr_digest *ret_digest)
{
    if (hex.size != 2 * sizeof ret_digest->bytes) {
        return false;
    }
    for (size_t i = 0; i < sizeof ret_digest->bytes; i++) {
        int high = hr_hex_digit(hex.data[2 * i]);
        int low = hr_hex_digit(hex.data[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        ret_digest->bytes[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

hr_status hr_letter_kept(const struct hr_value *content, const struct hr_tool *sender,
                         struct hr_letter *ret_letter)
{
    struct hr_letter letter = {.sender = sender};
    *ret_letter = (struct hr_letter){0};
    for (size_t i = 0; i < TEXTS; i++) {
        char *at = (char *)&letter + texts[i].at;
        *(struct hr_text *)(void *)at = text_of(content, texts[i].name);
    }
    if (!read_digest(text_of(content, HR_TEXT("digest")), &letter.digest)) {
        return hr_answer(HR_E_CORRUPT);
    }
    struct hr_digest digest = hr_letter_digest(&letter, text_of(content, HR_TEXT("purpose")));
    if (!hr_digest_equal(&digest, &letter.digest)) {
        return hr_answer(HR_E_CORRUPT);
    }
    *ret_letter = letter;
    return hr_done();
}
