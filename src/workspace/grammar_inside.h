/* workspace/grammar_inside: the grammar of workspace files as data, made from keys.tbl.
 *
 * Shape    every type of value, every choice between types and every kind of map is an enum hr_gram; a kind has its
 *          keys, in the table's order. */
#ifndef HR_WORKSPACE_GRAMMAR_INSIDE_H
#define HR_WORKSPACE_GRAMMAR_INSIDE_H

#include "base/base.h"
#include "plan/words.h"

enum hr_gram {
#define TYPE(id, pattern, says) HR_GRAM_##id,
#define WORDS(id, says)         HR_GRAM_##id,
#define ONEOF(id, says)         HR_GRAM_##id,
#define ALSO(id, many, type)
#define KIND(id, noun, says) HR_GRAM_##id,
#define KEY(kind, key, many, type, need, example, says)
#include "workspace/keys.tbl"
#undef TYPE
#undef WORDS
#undef ONEOF
#undef ALSO
#undef KIND
#undef KEY
    HR_GRAM_COUNT
};

enum hr_gram_form { HR_FORM_type, HR_FORM_words, HR_FORM_oneof, HR_FORM_kind };
enum hr_many {
    HR_MANY_one,
    HR_MANY_list,
    HR_MANY_some,  /* one, or a list */
    HR_MANY_map,   /* from ids */
    HR_MANY_named, /* a list of names, or a map from names */
    HR_MANY_lists, /* a map from ids to lists */
    HR_MANY_rows,  /* a list of lists */
    HR_MANY_any    /* not read */
};
enum hr_need { HR_NEED_optional, HR_NEED_required, HR_NEED_stated, HR_NEED_later };

/* One key of a kind; name NULL ends them. */
struct hr_key_rule {
    const char *name;
    enum hr_many many;
    enum hr_gram type;
    enum hr_need need;
    const char *example; /* of a required key: the line that help suggests; may be NULL */
    const char *says;
};

/* A type, a choice or a kind. */
struct hr_gram_info {
    enum hr_gram_form form;
    const char *name;    /* as in the table */
    const char *noun;    /* of a kind: what complaints call it; "" for nothing */
    const char *pattern; /* of a type; may be NULL */
    const struct hr_words *words;
    const char *says;
};

/* One of the types of a choice; the list ends with says of HR_GRAM_COUNT. */
struct hr_gram_also {
    enum hr_gram of;
    enum hr_many many;
    enum hr_gram type;
};

const struct hr_gram_info *hr_gram_info(enum hr_gram gram);
/* The keys of a kind. */
const struct hr_key_rule *hr_gram_rules(enum hr_gram kind);
/* All choices, one type a row; the last has HR_GRAM_COUNT. */
extern const struct hr_gram_also hr_gram_alsos[];

#endif
