/* workspace/read_inside: reading nodes into words, numbers, references, expressions: what every reader of this room
 * speaks. A complaint is made where something does not fit; the answer is then harmless.
 *
 * Owner    what is answered lives in the plan's arena unless said. */
#ifndef HR_WORKSPACE_READ_INSIDE_H
#define HR_WORKSPACE_READ_INSIDE_H

#include "data/yaml.h"
#include "workspace/grammar_inside.h"
#include "workspace/workspace.h"

struct hr_draft;
struct hr_known_ids;

/* ---- limits ------------------------------------------------------------------------------------ */

enum hr_limit {
    HR_LIMIT_files,
    HR_LIMIT_people,
    HR_LIMIT_fields,
    HR_LIMIT_values,
    HR_LIMIT_tools,
    HR_LIMIT_tool_events,
    HR_LIMIT_mappings,
    HR_LIMIT_paths,
    HR_LIMIT_handoffs,
    HR_LIMIT_conditions,
    HR_LIMIT_carried,
    HR_LIMIT_rungs,
    HR_LIMIT_days,
    HR_LIMIT_event_types,
    HR_LIMIT_attributes,
    HR_LIMIT_teams,
    HR_LIMIT_members,
    HR_LIMIT_links,
    HR_LIMIT_writers,
    HR_LIMIT_parties,
    HR_LIMIT_actions,
    HR_LIMIT_inputs,
    HR_LIMIT_pipelines,
    HR_LIMIT_stages,
    HR_LIMIT_automations,
    HR_LIMIT_steps,
    HR_LIMIT_rules,
    HR_LIMIT_names,
    HR_LIMIT_cases,
    HR_LIMIT_tables,
    HR_LIMIT_columns,
    HR_LIMIT_rows,
    HR_LIMIT_messages,
    HR_LIMIT_policies,
    HR_LIMIT_tests,
    HR_LIMIT_test_lines,
    HR_LIMIT_COUNT
};

/* ---- reading nodes (read.c) -------------------------------------------------------------------- */

/* True when the node is a map: a key that is not known, or a required one that is missing, is only
 * complained about, so a reader must expect NULL for either. at: the key or id it stands under. */
bool hr_draft_map(struct hr_draft *draft, enum hr_gram kind, const struct hr_node *at,
                  const struct hr_node *node);
/* A list within the limit; its items. An absent or broken one has none. */
size_t hr_draft_list(struct hr_draft *draft, const struct hr_node *node, const char *noun,
                     enum hr_limit limit);
/* True when the node is a scalar that is not empty. */
bool hr_draft_scalar(struct hr_draft *draft, const struct hr_node *node, const char *noun);
/* The text under a key, kept in the plan; empty when absent. */
struct hr_text hr_draft_text(struct hr_draft *draft, const struct hr_node *map, const char *key);
/* False, with a complaint, when the scalar cannot stand in one line: of a report, or of an alert's headers. */
bool hr_draft_is_line(struct hr_draft *draft, const struct hr_node *node, const char *noun);
/* The text under a key that has to be such a line; empty when absent or broken. */
struct hr_text hr_draft_line(struct hr_draft *draft, const struct hr_node *map, const char *key);
/* An e-mail address without a name around it; empty when absent or broken, and where it has letters beyond ASCII, which
 * is complained of in these words. */
struct hr_text hr_draft_address(struct hr_draft *draft, const struct hr_node *map, const char *key,
                                const char *beyond_ascii);
/* The same as line, of `title`, and when absent the id with spaces for underscores. */
struct hr_text hr_draft_title(struct hr_draft *draft, const struct hr_node *map, struct hr_text id);
/* True when the map has a key that is nearly this one and no other of its kind: it was complained about, and is not
 * missing too. */
bool hr_draft_misspelt(enum hr_gram kind, const struct hr_node *map, const char *key);
/* The value under a key, or NULL. */
const struct hr_node *hr_draft_get(const struct hr_node *map, const char *key);
/* True when the scalar is an id ([a-z][a-z0-9_]{0,62}); complains else. dots: parts may be joined
 * by '.'. */
bool hr_draft_id(struct hr_draft *draft, const struct hr_node *node, const char *noun, bool dots);
/* How long; false when absent or broken. */
bool hr_draft_span(struct hr_draft *draft, const struct hr_node *node, struct hr_span *ret_span);
/* The same with a harm of its own; NULL: that of the code. */
bool hr_draft_span_of(struct hr_draft *draft, const struct hr_node *node, const char *harm,
                      struct hr_span *ret_span);
/* Index of the word, or -1. */
int hr_draft_word(struct hr_draft *draft, const struct hr_node *node, const struct hr_words *words);
/* Index of the id, or -1; says nothing. */
int32_t hr_known_find(const struct hr_known_ids *names, struct hr_text id);
/* Index of the name, or -1 (also when absent). symbol: the complaint's code. */
int32_t hr_draft_ref(struct hr_draft *draft, const struct hr_node *node,
                     const struct hr_known_ids *names, enum hr_code code);
/* Index of the person under a key, or -1. Complains, and answers all the same, when they work here no more. */
int32_t hr_draft_person(struct hr_draft *draft, const struct hr_node *map, const char *key);
/* A date as days since 1970; a time of day as minutes. False when broken. */
bool hr_draft_date(struct hr_draft *draft, const struct hr_node *node, int32_t *ret_days);
bool hr_draft_minute(struct hr_draft *draft, const struct hr_node *node, uint16_t *ret_minute);
/* The name of a secret, kept in the plan; empty when absent or broken. */
struct hr_text hr_draft_secret(struct hr_draft *draft, const struct hr_node *map);
/* Says that a secret itself stands there, without showing it. tool: whose it is, key: what it stands behind; either may
 * be empty. auth: it signs Handrail in, and verifies nothing. */
void hr_draft_complain_secret(struct hr_draft *draft, const struct hr_node *node,
                              struct hr_text tool, struct hr_text key, bool auth);
/* True for text that is a secret itself rather than the name of one. strict: also without a known
 * prefix. */
bool hr_looks_secret(struct hr_text text, bool strict);

/* ---- reading what stands behind a key (values.c) ------------------------------------------------- */

/* One value, or a list of them, as nodes; absent: none. */
struct hr_nodes {
    const struct hr_node *const *items;
    size_t count;
};
struct hr_nodes hr_draft_some(struct hr_draft *draft, const struct hr_node *node, const char *noun,
                              enum hr_limit limit);
/* The pairs of a map; a node that is none is complained about, an absent one has no pairs. */
struct hr_pairs {
    const struct hr_pair *items;
    size_t count;
};
struct hr_pairs hr_draft_pairs(struct hr_draft *draft, const struct hr_node *node, const char *noun,
                               enum hr_limit limit);
/* yes, no, true, false under a key; `otherwise` when absent or broken. */
bool hr_draft_flag(struct hr_draft *draft, const struct hr_node *map, const char *key,
                   bool otherwise);
/* A whole number under a key; `otherwise` when absent or broken. */
uint32_t hr_draft_count(struct hr_draft *draft, const struct hr_node *map, const char *key,
                        uint32_t most, uint32_t otherwise);
/* "25%" in hundredths of a percent; false when absent or broken. */
bool hr_draft_share(struct hr_draft *draft, const struct hr_node *node, int32_t *ret_share);
bool hr_share_read(struct hr_text text, int32_t *ret_share);
/* "10 per second", "3 per 7 days"; count 0 when absent or broken. */
struct hr_rate hr_draft_rate(struct hr_draft *draft, const struct hr_node *node);
/* "every 15 minutes"; false when absent or broken. Months count as 30 days, years as 365. */
bool hr_draft_every(struct hr_draft *draft, const struct hr_node *node, struct hr_span *ret_span);
/* A span under a key: false when absent or broken. */
bool hr_draft_span_at(struct hr_draft *draft, const struct hr_node *map, const char *key,
                      struct hr_span *ret_span);
/* The index of a word under a key; `otherwise` when absent or broken. */
int hr_draft_word_at(struct hr_draft *draft, const struct hr_node *map, const char *key,
                     const struct hr_words *words, int otherwise);
/* Texts under a key, one or a list, kept in the plan. */
const struct hr_text *hr_draft_texts(struct hr_draft *draft, const struct hr_node *map,
                                     const char *key, enum hr_limit limit, size_t *ret_count);
/* A text in Liquid that lands there, compiled and checked (texts.c); empty when absent. */
struct hr_words_template hr_draft_template(struct hr_draft *draft, const struct hr_node *node,
                                           const char *noun, enum hr_landing landing);
/* Warns of images and tables in a text of which HTML is made (a node that was read as a template). */
void hr_draft_warn_markdown(struct hr_draft *draft, const struct hr_node *text);

/* ---- what names something (refer.c) --------------------------------------------------------------- */

/* Index of a thing with an id under a key; -1 when absent or not there. */
int32_t hr_draft_ref_at(struct hr_draft *draft, const struct hr_node *map, const char *key,
                        const struct hr_known_ids *names, enum hr_code code);
/* Complains when the person, or everybody in the team (-1: none), works here no more. */
void hr_draft_check_active(struct hr_draft *draft, const struct hr_node *node, int32_t person,
                           int32_t team);
/* A person, a team, or (owner) the record's owner. */
struct hr_party hr_draft_party(struct hr_draft *draft, const struct hr_node *node, bool owner);
struct hr_party hr_draft_party_at(struct hr_draft *draft, const struct hr_node *map,
                                  const char *key, bool owner);
struct hr_parties hr_draft_parties_at(struct hr_draft *draft, const struct hr_node *map,
                                      const char *key, bool owner);
/* "offer", "account.segment"; field -1 when it is not there. record: meant where none is named. */
struct hr_field_ref hr_draft_field(struct hr_draft *draft, const struct hr_node *node,
                                   enum hr_record_type record);
struct hr_field_refs hr_draft_fields_at(struct hr_draft *draft, const struct hr_node *map,
                                        const char *key, enum hr_record_type record);
/* An event that a tool sends or a step emits; -1 when there is none. */
int32_t hr_draft_event(struct hr_draft *draft, const struct hr_node *node);
/* "lead" or "coaching.lead"; -1 when there is none, or more than one. */
int32_t hr_draft_stage(struct hr_draft *draft, const struct hr_node *node, struct hr_text id);
/* tool.action: both indexes, or false. */
bool hr_draft_action(struct hr_draft *draft, const struct hr_node *node, int32_t *ret_tool,
                     int32_t *ret_action);
/* The index of the handoff in "proven HANDOFF"; -1 after a complaint. */
int32_t hr_draft_proven(struct hr_draft *draft, const struct hr_node *node);

/* ---- expressions (expression.c, clauses.c) ---------------------------------------------------------- */

/* Where an expression stands, which decides the names it may use. */
enum hr_expr_use {
    HR_USE_mapping,
    HR_USE_condition, /* proofs */
    HR_USE_key,
    HR_USE_rule,     /* automations: conditions and values */
    HR_USE_skip,     /* who is not assigned to */
    HR_USE_evidence, /* stages */
    HR_USE_input,    /* of an action: what leaves */
    HR_USE_answer,   /* of an action: what the answer means */
    HR_USE_COUNT
};

/* Compiles the expression in a node; NULL after a complaint. want: the type of its result. */
const struct hr_expr *hr_draft_expr(struct hr_draft *draft, const struct hr_node *node,
                                    enum hr_expr_use use, enum hr_type want);
/* The same of a part of the node's scalar, as behind "once per ". */
const struct hr_expr *hr_draft_expr_part(struct hr_draft *draft, const struct hr_node *node,
                                         struct hr_text part, enum hr_expr_use use,
                                         enum hr_type want);
/* name: expression lines under a key. */
struct hr_arguments hr_draft_arguments(struct hr_draft *draft, const struct hr_node *map,
                                       const char *key);
/* Conditions and groups of them, one or a list; absent: none. */
struct hr_clauses hr_draft_clauses(struct hr_draft *draft, const struct hr_node *node,
                                   const char *noun, enum hr_expr_use use);
/* Calls what for every condition of the rules, groups walked too. */
typedef void (*hr_clause_visit)(void *context, const struct hr_clause *line);
void hr_clauses_each(const struct hr_clauses *rules, hr_clause_visit visit, void *context);
/* Expressions of any type, in order. */
const struct hr_expr **hr_draft_exprs(struct hr_draft *draft, struct hr_nodes nodes,
                                      size_t *ret_count);
/* The type that a value of such a field must have; a field of numbers takes whole ones too. */
enum hr_type hr_field_wanted_type(enum hr_field_type type);
/* Complains when the expression is a constant that the field cannot have. */
void hr_draft_check_value(struct hr_draft *draft, const struct hr_field *field,
                          const struct hr_node *node, const struct hr_expr *expr);
/* What a field of this type is to an expression. */
enum hr_type hr_field_expr_type(enum hr_field_type type);
/* True when the expression reads nothing; its value. */
bool hr_draft_constant(struct hr_draft *draft, const struct hr_expr *expr,
                       struct hr_value *ret_value);
/* True when the condition is met although nothing is set. */
bool hr_draft_holds_unset(struct hr_draft *draft, const struct hr_expr *expr);
/* Whether an event of the type can meet the condition, whatever else is or becomes known. mapped: it brings nothing
 * but what tools map for it. */
bool hr_draft_can_hold(struct hr_draft *draft, const struct hr_expr *expr, size_t type,
                       bool mapped);
/* Fills the scopes; conditions know fields, event types, tools and attributes read so far. */
void hr_draft_make_mapping_scope(struct hr_draft *draft);
void hr_draft_make_scope(struct hr_draft *draft);

#endif
