/* Changes that mend a diagnostic for certain: who makes them says what is to be replaced; who applies them finds it in
 * the bytes that the file has now. */
#include "base/diagnostic.h"

struct hr_text hr_surely_meant(struct hr_text written, const struct hr_text *candidates,
                               size_t count)
{
    struct hr_text meant = HR_TEXT_NONE;
    size_t near = 0;
    for (size_t i = 0; i < count; i++) {
        if (hr_text_equal_caseless(written, candidates[i])) {
            return candidates[i];
        }
        /* of a word of two letters half would be guessed */
        if (candidates[i].size > 2 && hr_text_distance(written, candidates[i], 1) <= 1) {
            meant = candidates[i];
            near++;
        }
    }
    return near == 1 ? meant : HR_TEXT_NONE;
}

void hr_diagnostic_fix(struct hr_diagnostic *item, size_t from, size_t size,
                       struct hr_text replacement)
{
    hr_assert(from <= UINT32_MAX && size <= UINT32_MAX);
    item->fix = (struct hr_fix){.kind = HR_FIX_bytes,
                                .from = (uint32_t)from,
                                .size = (uint32_t)size,
                                .replacement = replacement};
}

void hr_diagnostic_fix_place(struct hr_diagnostic *item, struct hr_text written,
                             struct hr_text replacement)
{
    if (replacement.size > 0) {
        item->fix =
            (struct hr_fix){.kind = HR_FIX_place, .written = written, .replacement = replacement};
    }
}

/* The byte at a line and a column of code points; bytes.size when there is no such place. */
static size_t offset_of(struct hr_text bytes, struct hr_place place)
{
    struct hr_text rest = bytes;
    size_t at = 0;
    for (uint32_t line = 1; line < place.line; line++) {
        at += hr_text_find(rest, '\n') + 1;
        rest = hr_text_slice(bytes, at, bytes.size);
    }
    for (uint32_t column = 1; column < place.column && at < bytes.size; column++) {
        at++;
        while (at < bytes.size && ((unsigned char)bytes.data[at] & 0xC0) == 0x80) {
            at++;
        }
    }
    return at < bytes.size ? at : bytes.size;
}

bool hr_fix_locate(const struct hr_diagnostic *item, struct hr_text bytes, size_t *ret_from,
                   size_t *ret_size)
{
    const struct hr_fix *fix = &item->fix;
    if (fix->kind == HR_FIX_bytes) {
        *ret_from = fix->from;
        *ret_size = fix->size;
        return fix->from <= bytes.size && fix->size <= bytes.size - fix->from;
    }
    if (fix->kind == HR_FIX_none || item->place.line == 0 || item->place.column == 0) {
        return false;
    }
    size_t bom = hr_text_starts(bytes, HR_TEXT("\xEF\xBB\xBF")) ? 3 : 0; /* no column of its own */
    struct hr_text text = hr_text_slice(bytes, bom, bytes.size);
    size_t at = offset_of(text, item->place);
    *ret_from = bom + at;
    *ret_size = fix->written.size;
    return hr_text_starts(hr_text_slice(text, at, text.size), fix->written);
}
