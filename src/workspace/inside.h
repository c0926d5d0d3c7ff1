/* workspace/inside: a plan while it is being made: what the files of this room share and nobody else sees.
 *
 * Shape    check.c drives the phases; each phase reads one part of the files into the draft's plan. A
 *          complaint never stops a phase: what is broken gets a harmless stand-in so that the rest is still
 *          checked. When memory is refused the arenas remember it, and the run ends as HR_E_MEMORY.
 * Owner    the plan lives in `into`, complaints in the diagnostics' arena, all else in `scratch`. */
#ifndef HR_WORKSPACE_INSIDE_H
#define HR_WORKSPACE_INSIDE_H

#include "workspace/read_inside.h"

/* ---- the draft --------------------------------------------------------------------------------- */

/* Keys that a workspace sets once, whatever the file. */
enum hr_single {
    HR_SINGLE_version,
    HR_SINGLE_workspace,
    HR_SINGLE_title,
    HR_SINGLE_timezone,
    HR_SINGLE_country,
    HR_SINGLE_business_hours,
    HR_SINGLE_caps,
    HR_SINGLE_quiet_hours,
    HR_SINGLE_budgets,
    HR_SINGLE_data_quality,
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
    const struct hr_map *by_id; /* to the index; NULL: a short list, walked */
};

/* What the files say about one kind of record. value NULL: not said. */
struct hr_record_draft {
    struct hr_section fields, links;
    struct hr_pair match_on, on_two_matches, owner;
    const struct hr_node *said; /* the key it first stands under, or NULL */
    struct hr_known_ids field_names;
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

/* One event of one tool, by its name over all tools; or one that a step or an action emits. */
struct hr_type_use {
    struct hr_text name;
    struct hr_event_type *event; /* of an emitted one: nothing but the attributes it brings */
    struct hr_type_use *next;    /* the same name, from another tool or step */
    bool emitted;
};

struct hr_draft {
    struct hr_arena *into;
    struct hr_arena scratch;
    struct hr_diagnostics *reterr;
    struct hr_plan *plan;
    bool refused;             /* memory was refused somewhere an arena does not show it */
    bool keeps_nodes;         /* remember which expression stands in which node */
    struct hr_map kept_exprs; /* from a node's address */

    struct hr_source *sources;
    size_t source_count;
    struct hr_map source_by_path;
    struct hr_text first_path; /* of the first YAML file: where a missing key is told */
    struct hr_pair single[HR_SINGLE_COUNT]; /* value NULL: not set */
    struct hr_section people, teams, tools, paths, pipelines, automations, tables, messages,
        purposes, classes;
    struct hr_record_draft records[HR_RECORD_TYPE_COUNT];
    const struct hr_node **tests; /* of all files */
    size_t test_count;
    size_t test_capacity;

    struct hr_known_ids person_names, field_names, tool_names, type_names, attribute_names,
        path_names, team_names, party_names, pipeline_names, automation_names, table_names,
        message_names, purpose_names;
    bool message_file_broken;  /* one has no head: what names it is not complained about as well */
    struct hr_map stage_by_id; /* "lead", and "coaching.lead": to the index in plan->stages */
    struct hr_known_ids stage_names;
    struct hr_pair *stage_nodes; /* for each stage of the plan: its id and its map */
    const struct hr_source *last_source;
    struct hr_place not_in_force; /* the first thing that is only checked; line 0: none */
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
    struct hr_expr_scope call_scope;    /* of actions: enum hr_call_scope_name */
    struct hr_pair *handoff_nodes;      /* for each handoff of the plan: its id and its map */
};

/* Room in the plan, or for as long as the check runs; NULL when refused. */
#define hr_draft_keep(draft, type, count)    hr_arena_new_many((draft)->into, type, (count))
#define hr_draft_scratch(draft, type, count) hr_arena_new_many(&(draft)->scratch, type, (count))
/* A text that outlives the files. */
struct hr_text hr_draft_copy(struct hr_draft *draft, struct hr_text text);
/* The place as the plan keeps it: its file is named in the plan's own memory. */
struct hr_place hr_draft_place(struct hr_draft *draft, struct hr_place place);
/* The file that a place stands in, or NULL. */
const struct hr_source *hr_draft_source(struct hr_draft *draft, struct hr_place place);
/* False, with a complaint at `place`, when there are more than the limit allows. */
bool hr_draft_within(struct hr_draft *draft, enum hr_limit limit, size_t count,
                     struct hr_place place);

/* ---- where a complaint stands (check_where.c) ---------------------------------------------------- */

/* The index of the thing whose lines the place is among; -1 when it is none of this section. A section's pairs and
 * what the plan keeps of them have the same indexes (name_section), so it is the index in the plan, too. */
int32_t hr_section_at(struct hr_draft *draft, const struct hr_section *section,
                      const struct hr_place *place);
/* True for a place in some file's `tests`, on which nothing else stands. */
bool hr_draft_in_tests(struct hr_draft *draft, const struct hr_place *place);

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
/* "ana, ben and 3 more". */
struct hr_text hr_draft_list_names(struct hr_draft *draft, const struct hr_known_ids *names);
/* Says that an expression must stand in quotes, and mends it: the text `written`, which begins at the byte `from` of
 * its file, as it should be. */
struct hr_diagnostic *hr_draft_quote_it(struct hr_draft *draft, struct hr_place place,
                                        const char *why, size_t from, struct hr_text written,
                                        struct hr_text quoted);
/* A text in the quotes that need the fewest escapes. */
struct hr_text hr_draft_quoted(struct hr_draft *draft, struct hr_text text);
/* Says that this can only have meant that (hr_surely_meant): the scalar's text becomes `meant`, its quotes stay. No fix
 * when meant is empty, or the scalar is written with escapes or over several lines. */
void hr_draft_mend(struct hr_draft *draft, struct hr_diagnostic *item, const struct hr_node *scalar,
                   struct hr_text meant);

/* Reads and checks all files; then scratch is open still, and plan may be NULL. HR_E_INPUT when there are errors. */
hr_status hr_draft_run(struct hr_draft *draft, const struct hr_file *files, size_t file_count,
                       hr_zone_of zone_of, void *context) HR_MUST_USE;
/* The expression that was compiled from a node, when the draft keeps them; NULL else. */
const struct hr_expr *hr_draft_kept_expr(const struct hr_draft *draft, const struct hr_node *node);

/* ---- the phases, in order (check.c) --------------------------------------------------------------- */

/* Files to sections (files.c, message_files.c). False when a file could not be read: nothing else makes sense then. */
bool hr_draft_read_files(struct hr_draft *draft, const struct hr_file *files, size_t count);
/* A file under messages/ as a pair of its id and a map; false after a complaint. */
bool hr_draft_read_message_file(struct hr_draft *draft, const struct hr_source *source,
                                struct hr_pair *ret_pair);
/* Puts a thing with an id into its section, or complains that it is there twice. */
void hr_draft_put(struct hr_draft *draft, struct hr_section *section, const struct hr_pair *pair);
/* Where what the workspace as a whole lacks is told. */
struct hr_place hr_draft_head_place(const struct hr_draft *draft);
/* version, workspace, title, timezone, country, business_hours (head.c). The zone's bytes, for the
 * digest. */
void hr_draft_read_head(struct hr_draft *draft, hr_zone_of zone_of, void *context,
                        struct hr_text *ret_tzif);
void hr_draft_read_people(struct hr_draft *draft);
void hr_draft_read_teams(struct hr_draft *draft);
/* Names of all that others refer to, before anything refers to it (names.c); tools and stages by their own files. */
void hr_draft_name_all(struct hr_draft *draft);
void hr_draft_name_tools(struct hr_draft *draft);
void hr_draft_name_stages(struct hr_draft *draft);
/* What steps, actions and people will bring: events with their attributes, fields (foreseen.c). */
void hr_draft_foresee(struct hr_draft *draft);
void hr_draft_read_records(struct hr_draft *draft);
void hr_draft_read_tools(struct hr_draft *draft);
/* The tool is of another kind than that, for certain: what it is was understood. */
bool hr_draft_tool_is_not(const struct hr_draft *draft, int32_t tool, enum hr_tool_kind kind);
/* What may be asked of the tools (actions.c); the actions of one (action.c). */
void hr_draft_read_outside(struct hr_draft *draft);
void hr_draft_read_actions(struct hr_draft *draft, struct hr_tool *tool, const struct hr_node *map);
/* True for a name that a header of a call may have: not one that decides how the call itself is read. secret: it may be
 * the one that signs in. */
bool hr_is_call_header(struct hr_text name, bool secret);
void hr_draft_read_paths(struct hr_draft *draft);
void hr_draft_read_policies(struct hr_draft *draft);
void hr_draft_read_pipelines(struct hr_draft *draft);
void hr_draft_read_messages(struct hr_draft *draft);
void hr_draft_read_tables(struct hr_draft *draft);
void hr_draft_read_automations(struct hr_draft *draft);
void hr_draft_read_tests(struct hr_draft *draft);
/* Of a test (test_values.c): whether name: value is one that the field or attribute could have; whether the tool sends
 * the event, named at that node. Either index may be negative. */
void hr_draft_check_test_value(struct hr_draft *draft, const struct hr_pair *pair);
void hr_draft_check_test_tool(struct hr_draft *draft, int32_t tool, int32_t type,
                              const struct hr_node *at);
/* No handoff may wait, in the end, for its own proof. */
void hr_draft_check_circles(struct hr_draft *draft);
/* What all automations do, taken together (check_inside.h). */
void hr_draft_check_together(struct hr_draft *draft);
/* What is well formed, and cannot have been meant (check_sense.c; its judges are in sense_inside.h). Called by the one
 * before, when only the readers have complained. */
void hr_draft_check_sense(struct hr_draft *draft);
/* Says once what is checked here and not in force yet. */
void hr_draft_warn_not_in_force(struct hr_draft *draft);

/* ---- parts of one thing --------------------------------------------------------------------------- */

/* What one tool says about its events (mapping.c): node `events`, with the tool's `map` as the
 * default. */
void hr_draft_read_events(struct hr_draft *draft, struct hr_tool *tool, const struct hr_node *node);
/* An event's name and attributes among all there are (mapping.c). */
void hr_draft_note_type(struct hr_draft *draft, struct hr_event_type *event, bool emitted);
/* False, with a complaint, for a name that every event has: event.type. */
bool hr_draft_attribute_free(struct hr_draft *draft, const struct hr_node *key);
int32_t hr_draft_note_attribute(struct hr_draft *draft, struct hr_text name, enum hr_type type);
/* True when some tool sends the event with the attribute, or some step emits it so. */
bool hr_draft_sends(const struct hr_draft *draft, size_t type, int32_t attribute);
/* A field's contract (contract.c). typed: its type is known. */
void hr_draft_read_contract(struct hr_draft *draft, enum hr_record_type record,
                            struct hr_field *field, const struct hr_pair *pair, bool typed);
/* The ids of a pipeline's stages as the values of a field (pipelines.c); none for -1. */
void hr_draft_stage_ids(struct hr_draft *draft, int32_t pipeline, struct hr_field *field);
/* tool, people, automation ID ...; kind none after a complaint. */
struct hr_writer hr_draft_writer(struct hr_draft *draft, const struct hr_node *node);
/* Whether a table decides every case, and each of its rows one (table_check.c). */
void hr_draft_check_table(struct hr_draft *draft, const struct hr_table *table,
                          const struct hr_node *rows);
/* Everything of one handoff but its id (handoff.c). */
void hr_draft_read_handoff(struct hr_draft *draft, struct hr_handoff *handoff);
/* done_when and wrong_when: what they read, which events they wait for, whether they can ever hold
 * (proof.c). */
void hr_draft_read_proof(struct hr_draft *draft, struct hr_handoff *handoff,
                         const struct hr_node *node);
/* The tool that sends a step's message; -1 when nothing does (check_walk.c). */
int32_t hr_mailing_tool(const struct hr_plan *plan, const struct hr_step_email *email);
/* The kind of record whose fields an expression reads by that name; HR_RECORD_TYPE_COUNT for any other name. */
enum hr_record_type hr_scope_record(size_t name);
/* The parts of an automation (trigger.c, steps.c, metric.c). */
void hr_draft_read_trigger(struct hr_draft *draft, struct hr_automation *automation,
                           const struct hr_node *map);
/* cron and recurrence rules are understood (schedule.c). */
void hr_draft_read_schedule(struct hr_draft *draft, const struct hr_node *node,
                            struct hr_schedule *schedule);
void hr_draft_read_reenter(struct hr_draft *draft, struct hr_automation *automation,
                           const struct hr_node *map);
/* False when a step could not be read at all. */
bool hr_draft_read_steps(struct hr_draft *draft, struct hr_automation *automation,
                         const struct hr_node *map);
void hr_draft_read_approval(struct hr_draft *draft, struct hr_automation *automation,
                            const struct hr_node *map);
void hr_draft_read_metric(struct hr_draft *draft, struct hr_automation *automation,
                          const struct hr_node *map);
void hr_draft_read_rollout(struct hr_draft *draft, struct hr_automation *automation,
                           const struct hr_node *map);

#endif
