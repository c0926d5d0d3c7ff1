/* The tables of the grammar, from keys.tbl. */
#include "workspace/grammar_inside.h"

/* Rows in the table's order: the head of a kind has no name, and so ends the kind before it. */
enum row {
#define TYPE(id, pattern, says)
#define WORDS(id, says)
#define ONEOF(id, says)
#define ALSO(id, many, type)
#define KIND(id, noun, says)                            ROW_##id,
#define KEY(kind, key, many, type, need, example, says) ROW_##kind##__##key,
#include "workspace/keys.tbl"
#undef KIND
#undef KEY
    ROW_COUNT
};

static const struct hr_key_rule rules[ROW_COUNT + 1] = {
#define KIND(id, noun, says) [ROW_##id] = {.name = NULL},
#define KEY(kind, key, many, type, need, example, says)                                            \
    [ROW_##kind##__##key] = {#key, HR_MANY_##many, HR_GRAM_##type, HR_NEED_##need, example, says},
#include "workspace/keys.tbl"
#undef KIND
#undef KEY
};

#define KEY(kind, key, many, type, need, example, says)

/* Of kinds only. */
static const uint16_t first_rows[HR_GRAM_COUNT] = {
#define KIND(id, noun, says) [HR_GRAM_##id] = ROW_##id + 1,
#include "workspace/keys.tbl"
#undef KIND
};

#undef TYPE
#undef WORDS
#undef ONEOF
static const struct hr_gram_info infos[HR_GRAM_COUNT] = {
#define TYPE(id, pattern, says) [HR_GRAM_##id] = {HR_FORM_type, #id, "", pattern, NULL, says},
#define WORDS(id, says)         [HR_GRAM_##id] = {HR_FORM_words, #id, "", NULL, &hr_words_##id, says},
#define ONEOF(id, says)         [HR_GRAM_##id] = {HR_FORM_oneof, #id, "", NULL, NULL, says},
#define KIND(id, noun, says)    [HR_GRAM_##id] = {HR_FORM_kind, #id, noun, NULL, NULL, says},
#include "workspace/keys.tbl"
#undef TYPE
#undef WORDS
#undef ONEOF
#undef ALSO
#undef KIND
};

const struct hr_gram_also hr_gram_alsos[] = {
#define TYPE(id, pattern, says)
#define WORDS(id, says)
#define ONEOF(id, says)
#define ALSO(id, many, type) {HR_GRAM_##id, HR_MANY_##many, HR_GRAM_##type},
#define KIND(id, noun, says)
#include "workspace/keys.tbl"
    {HR_GRAM_COUNT, HR_MANY_one, HR_GRAM_COUNT},
};

const struct hr_gram_info *hr_gram_info(enum hr_gram gram)
{
    hr_assert(gram < HR_GRAM_COUNT);
    return &infos[gram];
}

const struct hr_key_rule *hr_gram_rules(enum hr_gram kind)
{
    hr_assert(kind < HR_GRAM_COUNT && first_rows[kind] > 0);
    return &rules[first_rows[kind]];
}
