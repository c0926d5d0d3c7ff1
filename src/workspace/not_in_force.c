/* What this version checks and does not do yet is said once, at the first place of it. */
#include "workspace/inside.h"

enum { WORDS_BYTES_MAX = 400 };

struct teller {
    struct hr_buffer words;
    struct hr_place first;
    size_t count;
};

static void tell(struct teller *teller, const char *what, const struct hr_node *at)
{
    if (at == NULL) {
        return;
    }
    if (teller->count == 0) {
        teller->first = at->place;
    }
    hr_buffer_add_format(&teller->words, "%s%s", teller->count == 0 ? "" : ", ", what);
    teller->count++;
}

static const struct hr_node *first_of(const struct hr_section *section)
{
    return section->count == 0 ? NULL : section->pairs[0].key;
}

/* The first field with more of a contract than is kept today. */
static const struct hr_node *first_contract(const struct hr_draft *draft)
{
    static const char *const keys[] = {"required", "unique", "stale_after"};
    const struct hr_section *fields = &draft->records[HR_RECORD_TYPE_contact].fields;
    for (size_t i = 0; i < fields->count; i++) {
        for (size_t key = 0; key < sizeof keys / sizeof keys[0]; key++) {
            if (hr_draft_get(fields->pairs[i].value, keys[key]) != NULL) {
                return fields->pairs[i].key;
            }
        }
    }
    return NULL;
}

static const struct hr_node *first_action(const struct hr_draft *draft)
{
    for (size_t i = 0; i < draft->tools.count; i++) {
        if (hr_draft_get(draft->tools.pairs[i].value, "actions") != NULL) {
            return draft->tools.pairs[i].key;
        }
    }
    return NULL;
}

/* Whatever stands under `policies`. */
static const struct hr_node *first_policy(const struct hr_draft *draft)
{
    const struct hr_node *at = first_of(&draft->purposes);
    for (int i = HR_SINGLE_caps; at == NULL && i <= HR_SINGLE_data_quality; i++) {
        at = draft->single[i].value == NULL ? NULL : draft->single[i].key;
    }
    return at != NULL ? at : first_of(&draft->classes);
}

void hr_draft_warn_not_in_force(struct hr_draft *draft)
{
    struct teller teller = {.count = 0};
    if (draft->reterr->error_count > 0) {
        return; /* first things first */
    }
    hr_buffer_init(&teller.words, draft->reterr->arena, WORDS_BYTES_MAX);
    tell(&teller, "automations", first_of(&draft->automations));
    tell(&teller, "fields that are required, unique or stale", first_contract(draft));
    tell(&teller, "pipelines", first_of(&draft->pipelines));
    tell(&teller, "messages", first_of(&draft->messages));
    tell(&teller, "tables", first_of(&draft->tables));
    tell(&teller, "policies", first_policy(draft));
    tell(&teller, "actions of tools", first_action(draft));
    tell(&teller, "tests", draft->test_count == 0 ? NULL : draft->tests[0]);
    for (size_t i = HR_RECORD_TYPE_account; i < HR_RECORD_TYPE_COUNT; i++) {
        tell(&teller, hr_words_records.items[i].data, draft->records[i].said);
    }
    if (teller.count == 0) {
        return;
    }
    hr_draft_warning(draft, not_available_yet, teller.first,
                     "checked here, and not in force yet: %.*s",
                     HR_SHOW(hr_buffer_text(&teller.words)))
        ->help =
        HR_TEXT("nothing to change: they begin to work with a later release; today Handrail only "
                "watches");
}
