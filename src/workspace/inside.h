/* workspace/inside: a plan while it is being made: what the files of this room share and nobody else sees.
 *
 * Shape    check.c drives the phases; each phase reads one part of the files into the draft's plan. A
 *          complaint never stops a phase: what is broken gets a harmless stand-in so that the rest is still
 *          checked. When memory is refused the arenas remember it, and the run ends as HR_E_MEMORY.
 * Owner    the plan lives in `into`, complaints in the diagnostics' arena, all else in `scratch`. */
#ifndef HR_WORKSPACE_INSIDE_H
#define HR_WORKSPACE_INSIDE_H

#include "data/yaml.h"
#include "workspace/plan.h"

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
    HR_LIMIT_COUNT
};

/* ---- the draft --------------------------------------------------------------------------------- */

/* Keys that a workspace sets once, whatever the file. */
enum hr_single {
    HR_SINGLE_version,
    HR_SINGLE_workspace,
    HR_SINGLE_title,
    HR_SINGLE_timezone,
    HR_SINGLE_country,
    HR_SINGLE_business_hours,
    HR_SINGLE_match_on,
    HR_SINGLE_on_two_matches,
    HR_SINGLE_contact_owner,
    HR_SINGLE_COUNT
};

/* Things with an id, from all files. */
struct hr_section {
    struct hr_pair *pairs; /* in the order of sorted files */
    size_t count;
    size_t capacity;
    struct hr_map by_id;
};

/* The ids a file may name, for look-up and did-you-mean. */
struct hr_known_ids {
    const char *noun;
    const struct hr_text *items;
    size_t count;
    bool broken; /* the section itself is missing or broken: no complaints about its ids */
};

struct hr_source {
    struct hr_text path;      /* in the diagnostics' arena; nodes' places name the file by it */
    struct hr_text plan_path; /* the same in the plan's arena */
    struct hr_text bytes;
};

/* What the tools can do to a contact field. */
struct hr_field_use {
    bool mapped;
    bool open; /* some mapping is no constant: any value may come */
    const struct hr_text **constants;
    size_t constant_count;
    size_t constant_capacity;
};

/* One event of one tool, by its name over all tools. */
struct hr_type_use {
    struct hr_text name;
    struct hr_event_type *event;
    struct hr_type_use *next; /* the same name, from another tool */
};

struct hr_draft {
    struct hr_arena *into;
    struct hr_arena scratch;
    struct hr_diagnostics *reterr;
    struct hr_plan *plan;
    bool refused; /* memory was refused somewhere an arena does not show it */

    struct hr_source *sources;
    size_t source_count;
    struct hr_pair single[HR_SINGLE_COUNT]; /* value NULL: not set */
    struct hr_section people, fields, tools, paths;
    bool has_contacts;

    struct hr_known_ids person_names, field_names, tool_names, type_names, attribute_names,
        path_names;
    struct hr_field_use *field_uses;
    struct hr_type_use *types; /* one for each name, in order of first use */
    size_t type_count;
    size_t type_capacity;
    struct hr_map type_by_name;
    enum hr_type *attribute_types;
    struct hr_text *attributes;
    size_t attribute_count;
    size_t attribute_capacity;
    struct hr_map attribute_by_name;
    struct hr_expr_scope scope;         /* of conditions and keys */
    struct hr_expr_scope mapping_scope; /* of `map` and `when` */
    struct hr_pair *handoff_nodes;      /* for each handoff of the plan: its id and its map */
};

/* Room in the plan, or for as long as the check runs; NULL when refused. */
#define hr_draft_keep(draft, type, count)    hr_arena_new_many((draft)->into, type, (count))
#define hr_draft_scratch(draft, type, count) hr_arena_new_many(&(draft)->scratch, type, (count))
/* A text that outlives the files. */
struct hr_text hr_draft_copy(struct hr_draft *draft, struct hr_text text);
/* The file that a place stands in, or NULL. */
const struct hr_source *hr_draft_source(const struct hr_draft *draft, struct hr_place place);
/* False, with a complaint at `place`, when there are more than the limit allows. */
bool hr_draft_within(struct hr_draft *draft, enum hr_limit limit, size_t count,
                     struct hr_place place);

/* ---- complaints (complain.c) ------------------------------------------------------------------- */

#define hr_draft_error(draft, symbol, place, ...)                                                  \
    hr_diagnostics_add((draft)->reterr, HR_CODE_##symbol, HR_SEVERITY_error, (place), __VA_ARGS__)
#define hr_draft_warning(draft, symbol, place, ...)                                                \
    hr_diagnostics_add((draft)->reterr, HR_CODE_##symbol, HR_SEVERITY_warning, (place), __VA_ARGS__)
/* printf for help, label and example of a complaint. */
#define hr_draft_say(draft, ...) hr_text_format((draft)->reterr->arena, __VA_ARGS__)
/* At most 60 bytes of what somebody wrote, cut between letters. */
struct hr_text hr_clipped(struct hr_text text);
/* "did you mean `x`?", or the list of what there is, or none for an empty list. */
struct hr_text hr_draft_suggest(struct hr_draft *draft, struct hr_text written,
                                const struct hr_known_ids *names);
/* Says that an expression must stand in quotes; `quoted` is the line as it should be. */
void hr_draft_quote_it(struct hr_draft *draft, struct hr_place place, const char *why,
                       struct hr_text quoted);

/* ---- reading nodes (read.c) -------------------------------------------------------------------- */

enum hr_need { HR_NEED_optional, HR_NEED_required, HR_NEED_later };
struct hr_key_rule {
    const char *name;
    enum hr_need need;
    const char *example; /* of a required key: the line that help suggests */
};
/* The keys of one kind of map. */
struct hr_shape {
    const char *noun; /* "person": complaints say person `maya`; NULL: just the key */
    const struct hr_key_rule *rules;
    size_t rule_count;
};
#define HR_SHAPE(noun, rules)                                                                      \
    {                                                                                              \
        (noun), (rules), sizeof(rules) / sizeof((rules)[0])                                        \
    }

/* Words that a file may write for an enum, in the enum's order. */
struct hr_words {
    const char *noun;
    const struct hr_text *items;
    size_t count;
};
extern const struct hr_words hr_words_role, hr_words_field_type, hr_words_privacy, hr_words_scheme,
    hr_words_encoding, hr_words_tool_kind, hr_words_late_is, hr_words_handoff_kind, hr_words_day;

/* True when the node is a map: a key that is not known, or a required one that is missing, is only
 * complained about, so a reader must expect NULL for either. at: the key or id it stands under. */
bool hr_draft_map(struct hr_draft *draft, const struct hr_shape *shape, const struct hr_node *at,
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
/* The same of `title`, and when absent the id with spaces for underscores. */
struct hr_text hr_draft_title(struct hr_draft *draft, const struct hr_node *map, struct hr_text id);
/* True when the map has a key that is nearly this one: it was complained about, and is not missing too. */
bool hr_draft_misspelt(const struct hr_node *map, const char *key);
/* The value under a key, or NULL. */
const struct hr_node *hr_draft_get(const struct hr_node *map, const char *key);
/* True when the scalar is an id ([a-z][a-z0-9_]{0,62}); complains else. dots: parts may be joined
 * by '.'. */
bool hr_draft_id(struct hr_draft *draft, const struct hr_node *node, const char *noun, bool dots);
/* How long; false when absent or broken. */
bool hr_draft_span(struct hr_draft *draft, const struct hr_node *node, struct hr_span *ret_span);
/* Index of the word, or -1. */
int hr_draft_word(struct hr_draft *draft, const struct hr_node *node, const struct hr_words *words);
/* Index of the name, or -1 (also when absent). symbol: the complaint's code. */
int32_t hr_draft_ref(struct hr_draft *draft, const struct hr_node *node,
                     const struct hr_known_ids *names, enum hr_code code);
/* Index of the person under a key, or -1. */
int32_t hr_draft_person(struct hr_draft *draft, const struct hr_node *map, const char *key);
/* A date as days since 1970; a time of day as minutes. False when broken. */
bool hr_draft_date(struct hr_draft *draft, const struct hr_node *node, int32_t *ret_days);
bool hr_draft_minute(struct hr_draft *draft, const struct hr_node *node, uint16_t *ret_minute);
/* The name of a secret, kept in the plan; empty when absent or broken. */
struct hr_text hr_draft_secret(struct hr_draft *draft, const struct hr_node *map);
/* True for text that is a secret itself rather than the name of one. strict: also without a known
 * prefix. */
bool hr_looks_secret(struct hr_text text, bool strict);

/* ---- expressions (expression.c) ---------------------------------------------------------------- */

/* Where an expression stands, which decides the names it may use. */
enum hr_expr_use { HR_USE_mapping, HR_USE_condition, HR_USE_key };

/* Compiles the expression in a node; NULL after a complaint. want: the type of its result. */
const struct hr_expr *hr_draft_expr(struct hr_draft *draft, const struct hr_node *node,
                                    enum hr_expr_use use, enum hr_type want);
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
/* True when the expression reads the name at all, or that field of it. field -1: any. */
bool hr_expr_reads_field(const struct hr_expr *expr, enum hr_scope_name name, int32_t field);
/* Fills both scopes; conditions know fields, event types, tools and attributes read so far. */
void hr_draft_make_mapping_scope(struct hr_draft *draft);
void hr_draft_make_scope(struct hr_draft *draft);

/* ---- the phases, in order ---------------------------------------------------------------------- */

/* Files to sections (files.c). False when a file could not be read: nothing else makes sense then. */
bool hr_draft_read_files(struct hr_draft *draft, const struct hr_file *files, size_t count);
/* version, workspace, title, timezone, country, business_hours (head.c). The zone's bytes, for the
 * digest. */
void hr_draft_read_head(struct hr_draft *draft, hr_zone_of zone_of, void *context,
                        struct hr_text *ret_tzif);
void hr_draft_read_people(struct hr_draft *draft);
/* Names of all tools, before anything refers to them; then contacts; then the tools themselves. */
void hr_draft_name_tools(struct hr_draft *draft);
void hr_draft_read_contacts(struct hr_draft *draft);
void hr_draft_read_tools(struct hr_draft *draft);
void hr_draft_read_paths(struct hr_draft *draft);

/* What one tool says about its events (mapping.c): node `events`, with the tool's `map` as the
 * default. */
void hr_draft_read_events(struct hr_draft *draft, struct hr_tool *tool, const struct hr_node *node);
/* True when some tool sends the event with the attribute. */
bool hr_draft_sends(const struct hr_draft *draft, size_t type, int32_t attribute);
/* Everything of one handoff but its id (handoff.c). */
void hr_draft_read_handoff(struct hr_draft *draft, struct hr_handoff *handoff);
/* done_when and wrong_when: what they read, which events they wait for, whether they can ever hold
 * (proof.c). */
void hr_draft_read_proof(struct hr_draft *draft, struct hr_handoff *handoff,
                         const struct hr_node *node);
/* No handoff may wait, in the end, for its own proof. */
void hr_draft_check_circles(struct hr_draft *draft);
/* Number tables for hr_plan_bind (bind.c). */
void hr_draft_make_indexes(struct hr_draft *draft);

#endif
