/* What several phases need to complain well: names shortened, suggestions, and "quote it". */
#include "workspace/inside.h"

enum { CLIPPED_BYTES_MAX = 60, LISTED_NAMES_MAX = 16, HELP_BYTES_MAX = 1024 };

struct hr_text hr_clipped(struct hr_text text)
{
    return hr_text_clip(text, CLIPPED_BYTES_MAX);
}

struct hr_text hr_draft_list_names(struct hr_draft *draft, const struct hr_known_ids *names)
{
    struct hr_buffer list;
    hr_buffer_init(&list, draft->reterr->arena, HELP_BYTES_MAX);
    for (size_t i = 0; i < names->count && i < LISTED_NAMES_MAX; i++) {
        hr_buffer_add_format(&list, "%s%.*s", i == 0 ? "" : ", ", HR_SHOW(names->items[i]));
    }
    if (names->count > LISTED_NAMES_MAX) {
        hr_buffer_add_format(&list, " and %zu more", names->count - LISTED_NAMES_MAX);
    }
    return hr_buffer_text(&list);
}

struct hr_text hr_draft_suggest(struct hr_draft *draft, struct hr_text written,
                                const struct hr_known_ids *names)
{
    if (draft->reterr->error_count > HR_DIAGNOSTICS_MAX) {
        return HR_TEXT_NONE; /* only counted: a thousand names are not compared for nobody */
    }
    struct hr_text meant = hr_did_you_mean(written, names->items, names->count);
    if (meant.size > 0) {
        return hr_draft_say(draft, "did you mean `%.*s`?", HR_SHOW(meant));
    }
    if (names->count == 0) {
        return hr_draft_say(draft, "there is no %s yet", names->noun);
    }
    return hr_draft_say(draft, "write one of: %.*s", HR_SHOW(hr_draft_list_names(draft, names)));
}

struct hr_text hr_draft_quoted(struct hr_draft *draft, struct hr_text text)
{
    struct hr_buffer out;
    bool plain = hr_text_find(text, '"') == text.size && hr_text_find(text, '\\') == text.size;
    if (plain) {
        return hr_draft_say(draft, "\"%.*s\"", HR_SHOW(text));
    }
    hr_buffer_init(&out, draft->reterr->arena, 2 * text.size + 2);
    hr_buffer_add_byte(&out, '\'');
    for (size_t i = 0; i < text.size; i++) {
        hr_buffer_add_byte(&out, text.data[i]);
        hr_buffer_add_text(&out, text.data[i] == '\'' ? HR_TEXT("'") : HR_TEXT_NONE);
    }
    hr_buffer_add_byte(&out, '\'');
    return hr_buffer_text(&out);
}

void hr_draft_mend(struct hr_draft *draft, struct hr_diagnostic *item, const struct hr_node *scalar,
                   struct hr_text meant)
{
    const struct hr_source *source = hr_draft_source(draft, scalar->place);
    struct hr_text there = source == NULL ? HR_TEXT_NONE
                                          : hr_text_slice(source->bytes, scalar->offset,
                                                          scalar->offset + scalar->scalar.size);
    if (meant.size > 0 && hr_text_equal(there, scalar->scalar)) {
        hr_diagnostic_fix(item, scalar->offset, there.size,
                          hr_text_copy(draft->reterr->arena, meant));
    }
}

struct hr_diagnostic *hr_draft_quote_it(struct hr_draft *draft, struct hr_place place,
                                        const char *why, size_t from, struct hr_text written,
                                        struct hr_text quoted)
{
    struct hr_diagnostic *item = hr_draft_error(draft, quote_it, place, "%s", why);
    hr_diagnostic_fix(item, from, written.size, quoted);
    item->label = HR_TEXT("quote it");
    item->help = hr_draft_say(draft, "quote it: %.*s", HR_SHOW(quoted));
    return item;
}
