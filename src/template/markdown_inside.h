/* template/markdown_inside: what the two files of Markdown share. A text comes as bytes and, for each of them, whether
 * it is a value's: those never mean anything but themselves. */
#ifndef HR_TEMPLATE_MARKDOWN_INSIDE_H
#define HR_TEMPLATE_MARKDOWN_INSIDE_H

#include "template/mail_parts.h"

struct hr_marked {
    const char *bytes;
    const bool *values; /* one for each byte */
    size_t size;
};

/* True when this very byte stands here in the template. */
static inline bool hr_marked_is(const struct hr_marked *text, size_t at, char byte)
{
    return at < text->size && text->bytes[at] == byte && !text->values[at];
}

/* What stands inside of a paragraph: emphasis, code, links, line breaks. Answers as a run does. */
int32_t hr_markdown_inline(struct hr_arena *arena, struct hr_buffer *out,
                           const struct hr_marked *text);

#endif
