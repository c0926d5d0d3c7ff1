/* data/yaml: the strict YAML of workspace files, as a tree with a place for every node.
 *
 * Why      people write these files by hand; every complaint must point at the letter. Scalars
 *          stay text until a schema gives them a type, so NO, on, 1e3 and 22:30 mean what they
 *          look like.
 * Shape    struct hr_node: scalar, list or map, each with its place. hr_yaml_format lays a file out
 *          as `handrail fmt` does, comments and all.
 * Limits   file 1 MiB, depth 32, no anchors, aliases, tags, merge keys, tabs, duplicate keys,
 *          second documents.
 * Errors   E0010..: each refusal has its own code and place.
 * Pure     yes (yaml_events.c enters libyaml, event API only: its loader is quadratic in depth).
 * Source   YAML 1.2.2, the subset named in docs/guide/workspace-files.md.
 * Tests    tests/unit/data_yaml_test.c, data_yaml_format_test.c; fuzz: yaml, format; corpus 10 */
#ifndef HR_DATA_YAML_H
#define HR_DATA_YAML_H

#include "base/base.h"
#include "base/diagnostic.h"

enum { HR_YAML_SIZE_MAX = 1 << 20, HR_YAML_DEPTH_MAX = 32 };

enum hr_node_kind { HR_NODE_scalar, HR_NODE_list, HR_NODE_map };
enum hr_scalar_style {
    HR_SCALAR_plain,
    HR_SCALAR_single,
    HR_SCALAR_double,
    HR_SCALAR_literal,
    HR_SCALAR_folded
};

struct hr_pair;

struct hr_node {
    enum hr_node_kind kind;
    enum hr_scalar_style style;
    struct hr_place place; /* size: code points on its first line */
    uint32_t offset; /* byte where its source text begins (behind the quote; block text's first
                        letter) */
    uint32_t line;   /* of a scalar: the line of that byte */
    uint32_t end;    /* of a scalar: the byte behind its source text, closing quote included */
    struct hr_text scalar;  /* the decoded text; empty for an empty or "~"-less null value */
    struct hr_node **items; /* of a list */
    struct hr_pair *pairs;  /* of a map, in file order */
    size_t count;
};

struct hr_pair {
    struct hr_node *key; /* always a scalar */
    struct hr_node *value;
};

/* Reads one document. file names it in places (not copied). An empty document is an empty map.
 * Finds as many breaks as it can (syntax errors end it). HR_E_INPUT when anything was refused. */
hr_status hr_yaml_read(struct hr_arena *into, struct hr_text file, struct hr_text text,
                       struct hr_diagnostics *reterr, struct hr_node **ret_root) HR_MUST_USE;
/* The value under a key, or NULL. */
struct hr_node *hr_node_get(const struct hr_node *map, struct hr_text key);
/* The place in the file of byte `at` of a decoded scalar, for complaints about an expression inside
 * it: escapes, quotes, folding and indentation are walked in the source text again. */
struct hr_place hr_node_place_within(const struct hr_node *scalar, struct hr_text source, size_t at,
                                     size_t size);

/* Named outcome of hr_yaml_format: the file cannot be laid out without changing what it says, so it
 * stays. */
enum { HR_YAML_KEPT = 1 };
/* The file laid out: two spaces a level, one space between tokens, no more than one empty line in a
 * row, no spaces at line ends, LF, one line end at the end. Comments, order, quotes, the lines of
 * text and what stands on one line stay. The result reads as the same tree, and laying it out again
 * gives the same bytes. HR_E_INPUT as hr_yaml_read. */
hr_status hr_yaml_format(struct hr_arena *into, struct hr_text file, struct hr_text text,
                         struct hr_diagnostics *reterr, struct hr_text *ret_text) HR_MUST_USE;

#endif
