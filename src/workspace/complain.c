/* What several phases need to complain well: names shortened, suggestions, and "quote it". */
#include "workspace/inside.h"

enum { CLIPPED_BYTES_MAX = 60, LISTED_NAMES_MAX = 12, HELP_BYTES_MAX = 1024 };

struct hr_text hr_clipped(struct hr_text text)
{
    return hr_text_clip(text, CLIPPED_BYTES_MAX);
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
    struct hr_buffer list;
    hr_buffer_init(&list, draft->reterr->arena, HELP_BYTES_MAX);
    hr_buffer_add_format(&list, "write one of: ");
    for (size_t i = 0; i < names->count && i < LISTED_NAMES_MAX; i++) {
        hr_buffer_add_format(&list, "%s%.*s", i == 0 ? "" : ", ", HR_SHOW(names->items[i]));
    }
    if (names->count > LISTED_NAMES_MAX) {
        hr_buffer_add_format(&list, " and %zu more", names->count - LISTED_NAMES_MAX);
    }
    return hr_buffer_text(&list);
}

void hr_draft_quote_it(struct hr_draft *draft, struct hr_place place, const char *why,
                       struct hr_text quoted)
{
    struct hr_diagnostic *item = hr_draft_error(draft, quote_it, place, "%s", why);
    item->label = HR_TEXT("quote it");
    item->help = hr_draft_say(draft, "quote it: %.*s", HR_SHOW(quoted));
}
