/* data/yaml_mend, inside: what a workspace file that cannot be read most likely should say: values
 * in quotes, spaces for tabs. Advice and fixes for the complaints of data/yaml.c. */
#ifndef HR_DATA_YAML_MEND_H
#define HR_DATA_YAML_MEND_H

#include "data/yaml.h"

/* True for a text that people write as a key without quotes: letters, digits, '_', '-' and '.'. */
bool hr_yaml_is_key(struct hr_text text);
/* What stands behind "- " and "key: " on a line, without a comment: the text that a person probably
 * meant as a value. */
struct hr_text hr_yaml_value_on(struct hr_text line);
/* The part of a line from byte `at` on that is one value inside brackets: up to a comma or a
 * closing bracket of its own depth. */
struct hr_text hr_yaml_item_at(struct hr_text line, size_t at);
/* A text in the quotes that need no escapes; the empty text for one that is quoted already, empty,
 * or longer than 300 bytes. */
struct hr_text hr_yaml_quote(struct hr_arena *into, struct hr_text value);
/* All tabs of a file written as spaces: `size` bytes from byte `from` on become the replacement.
 * False where it is not certain what they mean: a file that indents with spaces as well, a tab in
 * a text. */
bool hr_yaml_untab(struct hr_arena *into, struct hr_text text, size_t *ret_from, size_t *ret_size,
                   struct hr_text *ret_replacement);

/* What to write in place of a tab that indents the line of byte `tab_at`, by the lines around it. The empty text where
 * they do not say, or the tab stands elsewhere. */
struct hr_text hr_yaml_tab_advice(struct hr_arena *into, struct hr_text text, size_t tab_at);

#endif
