/* insight, inside: what the files of this room share: one question being asked, words for numbers, the walk along
 * a record's entries, facts in words, and the making of the two answers (a tree for machines, a page for people). */
#ifndef HR_INSIGHT_INSIDE_H
#define HR_INSIGHT_INSIDE_H

#include "insight/insight.h"

enum { PEOPLE_SHOWN_MAX = 20, PAGE_BYTES_MAX = 1 << 20 };

/* One question: how to read, and where the answer goes. */
struct hr_ask {
    const struct hr_lens *lens;
    const struct hr_plan *plan;
    struct hr_arena *into;
    struct hr_diagnostics *reterr;
};

/* ---- tree.c: the answer for machines --------------------------------------------------------- */

struct hr_object {
    struct hr_arena *arena;
    struct hr_member *members;
    size_t count;
    size_t capacity;
};
struct hr_items {
    struct hr_arena *arena;
    struct hr_value *values;
    size_t count;
    size_t capacity;
};

/* Begins an empty object; puts a member under a name (a constant). Memory that is refused shows in the arena. */
struct hr_object hr_object_in(struct hr_arena *into);
void hr_put(struct hr_object *object, const char *name, struct hr_value value);
/* The same for what is common: an empty text and no instant become null. */
void hr_put_words(struct hr_object *object, const char *name, struct hr_text text);
void hr_put_time(struct hr_object *object, const char *name, hr_instant at);
void hr_put_number(struct hr_object *object, const char *name, uint64_t number);
void hr_put_truth(struct hr_object *object, const char *name, bool truth);
struct hr_value hr_object_value(const struct hr_object *object);
/* A list that grows. */
struct hr_items hr_items_in(struct hr_arena *into);
void hr_add(struct hr_items *items, struct hr_value value);
struct hr_value hr_items_value(const struct hr_items *items);

/* The page for people. */
struct hr_buffer hr_page_in(struct hr_arena *into);
/* Both together; HR_E_MEMORY or HR_E_LIMIT if anything of them was refused. */
hr_status hr_report_end(const struct hr_ask *ask, const struct hr_object *tree,
                        const struct hr_buffer *page, struct hr_report *ret_report) HR_MUST_USE;

/* ---- names.c: words for numbers -------------------------------------------------------------- */

/* The word of a number as the files write it, also when the plan has it no more. */
struct hr_text hr_word(const struct hr_ask *ask, uint32_t number);
/* A field's title, "course access"; the word itself where it is no field (an attribute). */
struct hr_text hr_word_field(const struct hr_ask *ask, uint32_t number);
/* "Maya Okafor", "Maya", "Checkout (Stripe)", "payment to access", "payment to access (pay_81)". */
struct hr_text hr_word_person(const struct hr_ask *ask, uint32_t number);
struct hr_text hr_word_first_name(const struct hr_ask *ask, uint32_t number);
struct hr_text hr_word_tool(const struct hr_ask *ask, uint32_t number);
/* Who wrote a value (enum hr_by and a name): a person's name, a tool's title, "automation route_lead". */
struct hr_text hr_word_writer(const struct hr_ask *ask, uint32_t writer);
struct hr_text hr_word_handoff(const struct hr_ask *ask, uint32_t number);
/* A purpose's title, "News and offers"; its id where the plan has it no more. */
struct hr_text hr_word_purpose(const struct hr_ask *ask, uint32_t number);
struct hr_text hr_word_instance(const struct hr_ask *ask, const struct hr_instance *instance);
/* "10:02:09" today, "21 Nov 10:02:09" this year, else with the year; in the workspace's zone. */
struct hr_text hr_word_time(const struct hr_ask *ask, hr_instant at);
/* How long ago, or until then. */
struct hr_text hr_word_since(const struct hr_ask *ask, hr_instant at);
/* A value: texts in quotes, times in the workspace's zone, null as "nothing". */
struct hr_text hr_word_value(const struct hr_ask *ask, const struct hr_value *value);
/* The same for what a condition sees: null is "not known". */
struct hr_text hr_word_seen(const struct hr_ask *ask, const struct hr_value *value);
/* "1 person", "14 people"; "1 message", "2 messages". */
struct hr_text hr_word_count(const struct hr_ask *ask, uint64_t count, const char *one,
                             const char *many);
/* "H-118" of an issue's record id; empty when there is no such issue. */
struct hr_text hr_word_issue(const struct hr_ask *ask, uint64_t issue);
struct hr_text hr_word_issue_number(const struct hr_ask *ask, uint64_t number);
/* A member of an issue: "C-1x8f3", or "the message of entry 12" where nobody could be named. */
struct hr_text hr_word_member(const struct hr_ask *ask, uint64_t member);
/* "T-1k8", by the kind of the record. */
struct hr_text hr_word_record(const struct hr_ask *ask, uint64_t id);
/* A field with a privacy class is not shown but where the contact was asked about. */
bool hr_field_is_personal(const struct hr_ask *ask, uint32_t number);

/* ---- find.c ---------------------------------------------------------------------------------- */

/* The word that began the present value: tools may have said the same again since. */
const struct hr_said *hr_said_first(const struct hr_contact *contact, const struct hr_said *said);
/* The record, or NULL when it does not exist or is of another kind. */
hr_status hr_ask_record(const struct hr_ask *ask, uint64_t id, enum hr_record_kind kind,
                        const struct hr_record **ret_record) HR_MUST_USE;
/* The contact a person means; HR_E_INPUT with a diagnostic when there is none. */
hr_status hr_ask_contact(const struct hr_ask *ask, struct hr_text named,
                         const struct hr_record **ret_record) HR_MUST_USE;
hr_status hr_ask_issue(const struct hr_ask *ask, struct hr_text named,
                       const struct hr_record **ret_record) HR_MUST_USE;
/* Which handoffs are meant by the name of a path or of one handoff; HR_E_INPUT when none. */
hr_status hr_ask_handoffs(const struct hr_ask *ask, struct hr_text named, int32_t *ret_first,
                          int32_t *ret_count) HR_MUST_USE;
/* The path (or handoff or automation, where these may be named too) whose name is nearest to what was written; empty:
 * none is. */
struct hr_text hr_ask_nearest(const struct hr_ask *ask, struct hr_text named, bool handoffs_too);
/* A complaint with the table's sentence; nearest, where not empty, becomes "did you mean". */
hr_status hr_ask_refused(const struct hr_ask *ask, enum hr_code code,
                         struct hr_text nearest) HR_MUST_USE;

/* ---- walk.c ---------------------------------------------------------------------------------- */

/* Called for each entry of the record, newest first. The entry is gone after the call. */
typedef hr_status (*hr_visit)(void *context, const struct hr_entry *entry);
/* *ret_stopped: there are more than `most`, or older ones are gone. */
hr_status hr_walk(const struct hr_ask *ask, const struct hr_record *record, size_t most,
                  hr_visit visit, void *context, bool *ret_stopped) HR_MUST_USE;
/* refused.c: a message as it is read with the files in force; no complaints when it is none or was erased. */
hr_status hr_heard_anew(const struct hr_ask *ask, const struct hr_entry *entry,
                        struct hr_arena *into, struct hr_heard *ret_heard) HR_MUST_USE;
/* Writes what was sent for a field and not taken, the newest time, if there is one. */
hr_status hr_write_refused(const struct hr_ask *ask, const struct hr_record *contact, int32_t field,
                           struct hr_buffer *page, bool *ret_found) HR_MUST_USE;
/* Whether this entry resolves the issue by itself: by proof, or because its people were forgotten or moved to
 * another issue. */
enum hr_resolution { HR_RESOLUTION_none, HR_RESOLUTION_proof, HR_RESOLUTION_emptied };
enum hr_resolution hr_entry_resolution(const struct hr_entry *entry, uint64_t issue);
/* Whether the entry lets those go on who rested while an automation was paused. */
bool hr_entry_wakes(const struct hr_entry *entry);
/* The facts of an entry in reading order: body facts, then header facts; NULL behind the last. */
const struct hr_fact *hr_entry_fact(const struct hr_entry *entry, size_t index);

/* ---- say.c: facts in words ------------------------------------------------------------------- */

/* Who listens: a contact's timeline, an issue's history, the story of one enrollment. A trace hears everything. */
enum hr_hearer { HR_HEARS_contact = 1, HR_HEARS_issue = 2, HR_HEARS_run = 4, HR_HEARS_all = 255 };
/* An enrollment as far as its sentences need it. */
enum { HR_RUNS_KNOWN = 16 };
struct hr_run_known {
    uint64_t run;
    uint32_t automation; /* 0: not known any more */
    uint64_t meaning;    /* of the automation when it began */
};
struct hr_speaker {
    const struct hr_ask *ask;
    const struct hr_record *contact;          /* read last, to show an instance's key */
    const struct hr_entry *entry;             /* in which the fact stands */
    bool shows_values;                        /* also those of fields with a privacy class */
    struct hr_run_known known[HR_RUNS_KNOWN]; /* the newest that were looked up */
    size_t known_count;
};
/* The sentence of a fact; empty when this hearer does not care. */
hr_status hr_say_fact(struct hr_speaker *speaker, const struct hr_fact *fact, unsigned hearers,
                      struct hr_text *ret_sentence) HR_MUST_USE;
/* The sentence of the event itself: "Checkout (Stripe) said payment.succeeded"; empty when its facts say all. */
struct hr_text hr_say_event(const struct hr_ask *ask, const struct hr_entry *entry);

/* ---- timeline.c ------------------------------------------------------------------------------ */

struct hr_moment {
    hr_instant at;
    uint64_t position;
    uint8_t fact;          /* kind, 0: the event itself */
    uint32_t field;        /* of a field that was set, else 0 */
    struct hr_value value; /* then */
    struct hr_text text;
};
/* What of a record's story is wanted; NULL handoffs and field 0: all. */
struct hr_wanted {
    unsigned hearer;
    uint32_t field;       /* name number */
    const bool *handoffs; /* by index in the plan */
    uint64_t run;         /* only what is about this enrollment; 0: no matter which */
};
struct hr_timeline {
    struct hr_moment *moments; /* oldest first */
    size_t count;
    size_t capacity;
    bool stopped;           /* older entries were left out */
    uint64_t older_values;  /* of the wanted field: values that newer ones followed */
    uint64_t refused_older; /* and those that were older than what was known when they came */
};
hr_status hr_timeline_of(const struct hr_ask *ask, const struct hr_record *record,
                         const struct hr_wanted *wanted,
                         struct hr_timeline *ret_timeline) HR_MUST_USE;
/* Lines "time  what  (entry n)". */
void hr_timeline_write(const struct hr_ask *ask, struct hr_buffer *page,
                       const struct hr_timeline *timeline);
struct hr_value hr_timeline_tree(const struct hr_ask *ask, const struct hr_timeline *timeline);

/* ---- stand.c: one instance now --------------------------------------------------------------- */

enum hr_stand hr_stand_now(const struct hr_ask *ask, const struct hr_instance *instance);
/* "late since 10:07:09, opened 10:02:09; fails at 11:02:09". */
struct hr_text hr_say_stand(const struct hr_ask *ask, const struct hr_instance *instance);
struct hr_value hr_stand_tree(const struct hr_ask *ask, const struct hr_instance *instance);
/* Lines of all (or the wanted) instances of a contact. */
void hr_stands_write(const struct hr_ask *ask, struct hr_buffer *page,
                     const struct hr_contact *contact, const bool *handoffs);
struct hr_value hr_stands_tree(const struct hr_ask *ask, const struct hr_contact *contact,
                               const bool *handoffs);
/* The safe next step for a contact: a command and what it means. */
struct hr_next {
    struct hr_text command; /* empty: nothing to do */
    struct hr_text words;
};
hr_status hr_next_of(const struct hr_ask *ask, const struct hr_contact *contact,
                     const bool *handoffs, struct hr_next *ret_next) HR_MUST_USE;
/* The same where no handoff needs anybody, and a person is asked about a field (name number, 0: any). */
void hr_next_question(const struct hr_ask *ask, const struct hr_contact *contact, uint32_t field,
                      struct hr_next *next);
void hr_next_write(const struct hr_ask *ask, struct hr_buffer *page, const struct hr_next *next);
struct hr_value hr_next_tree(const struct hr_ask *ask, const struct hr_next *next);

/* ---- work.c ---------------------------------------------------------------------------------- */

/* What belongs to a contact, the newest first: lines with a heading (nothing where there is none), and for machines. */
hr_status hr_related_write(const struct hr_ask *ask, struct hr_buffer *page,
                           const struct hr_contact *contact, struct hr_value *ret_tree) HR_MUST_USE;

/* ---- conditions.c: the lines of a handoff, asked of a contact now ---------------------------- */

struct hr_asked_line {
    struct hr_text sentence; /* "course_access is active" */
    bool met;
    bool has_values;
    struct hr_text subject; /* what was compared */
    struct hr_value observed;
    struct hr_value expected;
    struct hr_text known; /* what is known of what it reads, in words */
    hr_instant since;     /* of the newest thing it reads; HR_INSTANT_NONE */
    uint64_t position;    /* that said it, 0: none */
    bool personal;        /* it reads a field with a privacy class */
};
/* All done_when lines; count as in the plan. */
hr_status hr_lines_of(const struct hr_ask *ask, const struct hr_contact *contact,
                      const struct hr_handoff *handoff, const struct hr_instance *instance,
                      struct hr_asked_line **ret_lines) HR_MUST_USE;
/* Adds what is known of a field that a line reads: "offer is "big" since 10:00:00 (Form, entry 2)". */
void hr_know_field(const struct hr_ask *ask, const struct hr_contact *contact, int32_t field,
                   struct hr_asked_line *line, struct hr_buffer *known);
/* True if some done_when or wrong_when line, or what it carries, reads this field. */
bool hr_handoff_reads(const struct hr_handoff *handoff, int32_t field);
/* True if its proof reads a field with a privacy class. */
bool hr_handoff_is_personal(const struct hr_plan *plan, const struct hr_handoff *handoff);
/* done_when as one sentence: "course_access is active and ...". */
struct hr_text hr_say_proof(const struct hr_ask *ask, const struct hr_handoff *handoff);

/* ---- failure.c: the facts of one issue ------------------------------------------------------- */

struct hr_affected {
    uint64_t member;
    uint32_t handoff; /* 0: none */
    struct hr_text key_shown;
    hr_instant since; /* the handoff opened */
    struct hr_text mismatch;
    struct hr_value mismatch_values;
    struct hr_text subject; /* of a mismatch found by asking now */
    bool personal;
    uint32_t holder; /* of a question: who wrote the value that holds */
    hr_instant holder_at;
    uint64_t run;             /* of trouble: the enrollment; 0: none */
    struct hr_text run_words; /* where it stands, or that it is over */
};
struct hr_told {
    uint64_t effect;
    uint32_t person;
    uint8_t kind;
    uint8_t reason;
    uint8_t state;
    uint32_t attempts;
    hr_instant planned_at;
    hr_instant ended_at; /* HR_INSTANT_NONE: not yet */
    struct hr_text answer;
};
struct hr_note {
    hr_instant at;
    uint32_t person;
    struct hr_text text;
    bool erased;
};
/* The failure record. */
struct hr_failure {
    const struct hr_record *record;
    const struct hr_issue *issue;
    const struct hr_handoff *handoff; /* NULL */
    const struct hr_path *path;       /* NULL */
    struct hr_text sentence;          /* "payments are not opening the course" */
    uint32_t failure_owner;           /* person's name number, 0: nobody */
    struct hr_affected *affected;     /* at most PEOPLE_SHOWN_MAX */
    size_t affected_count;
    hr_instant oldest;             /* of those affected that are listed; HR_INSTANT_NONE */
    enum hr_resolution resolution; /* of a resolved one that nobody closed */
};
/* What a list and an alert need: without the walk along all of the issue's entries, but for the newest few of one that
 * resolved by itself, which say how. */
hr_status hr_failure_of(const struct hr_ask *ask, const struct hr_record *record,
                        struct hr_failure *ret_failure) HR_MUST_USE;
/* "payments are not opening the course". */
struct hr_text hr_say_failure(const struct hr_ask *ask, const struct hr_issue *issue);
/* "14 people waiting" , "2 messages waiting"; empty when nobody is. */
struct hr_text hr_say_waiting(const struct hr_ask *ask, const struct hr_failure *failure);
/* "resolved by proof", "closed without proof by Maya", "nobody is left in it". */
struct hr_text hr_say_resolution(const struct hr_ask *ask, const struct hr_failure *failure,
                                 struct hr_text person);
struct hr_text hr_severity_word(uint8_t severity);

/* ---- question.c: writers of a field disagree ------------------------------------------------- */

struct hr_text hr_say_question(const struct hr_ask *ask, const struct hr_issue *issue);
/* What is in question about a contact; false when nothing is any more. */
bool hr_question_of(const struct hr_ask *ask, const struct hr_record *issue,
                    const struct hr_contact *contact, uint64_t member,
                    struct hr_affected *ret_affected);
/* "form_version and ip hash", all that proves a consent; empty: nothing is asked for (beside.c). */
struct hr_text hr_say_consent_proof(const struct hr_ask *ask, const struct hr_contract *contract);
struct hr_text hr_say_question_expected(const struct hr_ask *ask, const struct hr_issue *issue);
struct hr_text hr_say_question_observed(const struct hr_ask *ask, const struct hr_failure *failure);
struct hr_text hr_say_question_recovery(const struct hr_ask *ask, const struct hr_failure *failure);
struct hr_text hr_say_question_command(const struct hr_ask *ask, const struct hr_failure *failure);
/* The commands for each of the two answers, of the first who is affected. */
void hr_write_answers(const struct hr_ask *ask, struct hr_buffer *page,
                      const struct hr_failure *failure);

/* ---- trouble.c: an enrollment needs somebody --------------------------------------------------- */

struct hr_text hr_say_trouble(const struct hr_ask *ask, const struct hr_issue *issue);
/* The contact's enrollment that belongs to the issue; false when none does any more. */
bool hr_trouble_of(const struct hr_ask *ask, uint64_t issue, const struct hr_contact *contact,
                   uint64_t member, struct hr_affected *ret_affected);
struct hr_text hr_say_trouble_observed(const struct hr_ask *ask, const struct hr_failure *failure);
struct hr_text hr_say_trouble_command(const struct hr_ask *ask, const struct hr_failure *failure);
struct hr_text hr_say_trouble_recovery(const struct hr_ask *ask, const struct hr_failure *failure);

/* What was expected, and what was seen instead. */
struct hr_text hr_say_expected(const struct hr_ask *ask, const struct hr_failure *failure);
hr_status hr_say_observed(const struct hr_ask *ask, const struct hr_failure *failure,
                          struct hr_text *ret_words) HR_MUST_USE;
/* What to do: the file's recovery text, or the general way out. */
struct hr_text hr_say_recovery(const struct hr_ask *ask, const struct hr_failure *failure);
/* The command that is the safe next step. */
struct hr_text hr_say_command(const struct hr_ask *ask, const struct hr_failure *failure);
struct hr_value hr_failure_tree(const struct hr_ask *ask, const struct hr_failure *failure);

/* ---- told.c: who was told, and what was noted, along the issue's entries --------------------- */

struct hr_record_of_issue {
    struct hr_told *told; /* oldest first */
    size_t told_count;
    size_t told_capacity;
    struct hr_note *notes;
    size_t note_count;
    size_t note_capacity;
    struct hr_text last_answer; /* why an alert was refused, for issues about alerts */
};
/* most: how many entries are looked at; the one that opened the issue is always one of them. */
hr_status hr_told_of(const struct hr_ask *ask, const struct hr_record *issue, size_t most,
                     struct hr_record_of_issue *ret_told) HR_MUST_USE;
/* Of an alert's fact, what became of the alert: "Priya Shah is told about H-1" only if it arrived. The effects stand in
 * the same entry. */
struct hr_text hr_say_alerted(const struct hr_ask *ask, const struct hr_entry *entry,
                              const struct hr_fact *alerted);
/* "Priya Shah, alert by mail: confirmed 10:07:12". */
struct hr_text hr_say_told(const struct hr_ask *ask, const struct hr_told *told);
struct hr_value hr_told_tree(const struct hr_ask *ask, const struct hr_told *told);

#endif
