/* tests/scenario: stories of customers as plain text, run on the real engine and store with a clock of their own.
 *
 * A story is a file stories/NAME.story. Its lines:
 *
 *   # anything                                          a remark
 *   day 2026-11-23                                      the day that times stand on (UTC)
 *   10:00:05 website_form says form.submitted email=ada@example.com offer=group_program
 *            the recorded message of that name (examples/coaching/recorded), with these words put in;
 *            at=09:58 says when it happened, id=X names it (else each has a new id)
 *   10:20    nothing                                    the clock moves on
 *   10:21    dan recovers H-1                           also: acknowledges, notes H-1 "text", resolves H-1 "why",
 *                                                       snoozes H-1 until 12:00, assigns H-1 to priya
 *   10:25    maya sets ada@example.com offer = one_to_one      she chooses the value; until 12:00 behind it: no longer
 *   10:26    maya releases ada@example.com offer               and takes it back
 *   10:27    maya may not set ada@example.com consent = given  it is refused
 *   10:28    maya hands in form said email=ada@example.com consent=given      a message of the tool, from a file
 *   10:29    ada@example.com leaves marketing           by the link in a letter; complains of marketing
 *   10:29    maya withdraws ada@example.com marketing "by phone"
 *   10:28    dan does "Call Ada" of ada@example.com     a task of theirs; also: drops "Call Ada" of ada@example.com
 *                                                       "why", passes .. to maya, plans .. "what next" 2026-11-25;
 *                                                       for the title: opportunity, their newest
 *   10:30    ada@example.com is forgotten
 *   10:31    handrail is down                           nothing runs until "handrail is back"
 *   10:32    dan pauses daily_look                      an automation; also: resumes
 *   10:33    the files are tests/scenario/rota_changed  a plan of other files comes into force
 *   alerts are confirmed                                what becomes of alerts from here on: refused, lost
 *   course answers well                                 how a tool answers from here on: refuses, busy; down (nothing
 *                                                       is done), late (it is done, and the answer is lost), shut (it
 *                                                       does not let us in)
 *   10:30    maya approves welcome for ada@example.com  also: rejects; settles ... arrived, missing, again
 *   10:30    maya trusts welcome in open_course for 30 days   a standing yes to its text; "no more" takes it back
 *   10:31    maya pauses news                           also: resumes news, behind it: review, drop; holds customers
 *                                                       or inside, unholds them, and behind it: review, drop
 *   expect ada@example.com payment_to_access is late    also: is nothing (it never opened)
 *   expect ada@example.com offer = group_program
 *   expect ada@example.com offer beside website_form is pinned discovery_call
 *                                                       what a writer says beside the value, and why it does not hold;
 *                                                       nothing: they say nothing else
 *   expect ada@example.com is nobody
 *   expect H-1 state resolved                           also: cause, people, owner, returned, closed_by, severity
 *   expect told priya 2                                 alerts that went to a person so far
 *   expect ada@example.com may get marketing            whether a message of that purpose may leave now; and why not,
 *   expect ada@example.com may not get marketing "never agreed"     as far as the words go
 *   expect journal 7                                    entries that messages led to
 *   expect automation follow_up running 1 done 0        enrollments by how they stand; also kept_out
 *   expect ada@example.com waits follow_up 3            at which step an enrollment stands; "nowhere"
 *   expect ada@example.com queue owner = desk           in which team's queue a field waits until somebody takes it
 *   expect open eva 2                                   how many open contacts somebody owns
 *   expect ada@example.com effect welcome asks          the newest effect of a message or an action; "nothing"
 *   expect done course.open 1                           how often it was done at the tool's side, over everybody
 *
 *   expect ada@example.com task "Call Ada" open dan 2026-11-24
 *                                                       how a task of theirs stands, whose it is, when it is due (UTC)
 *   expect ada@example.com has 2 tasks                  also: accounts, opportunities, tickets
 *   expect ada@example.com account segment = small      a field of the record that was linked last
 *
 * A story whose first line is "workspace FOLDER" is told with the files of that folder, and its recorded messages;
 * the others with examples/coaching. Every story ends with the same questions: the chain verifies, and a rebuild gives
 * the same state. */
#ifndef TESTS_SCENARIO_STORY_H
#define TESTS_SCENARIO_STORY_H

#include "server/batch.h"
#include "server/files.h"

enum { STORY_TOOLS_MAX = 32, STORY_DONE_MAX = 4096 };
/* How a tool answers: what its caller learns, and whether it was done all the same. */
struct story_answer {
    enum hr_outcome outcome;
    enum hr_blame fault;
    bool does;
};
struct story_done {
    uint64_t effect;
    uint32_t what; /* name number of the message or the action */
    uint64_t contact;
    uint32_t times;
};

struct story {
    const char *name;
    const char *workspace; /* folder */
    uint32_t line;
    struct hr_arena arena; /* of the whole story */
    char folder[64];
    struct hr_store_options options;
    struct hr_store *store;
    struct hr_batch batch;
    struct hr_plan *plan;
    hr_instant day;
    hr_instant now;
    uint32_t ids;        /* messages so far */
    uint64_t journalled; /* entries that messages led to */
    enum hr_outcome alerts;
    uint32_t told[64];                            /* alerts by person index */
    struct story_answer answers[STORY_TOOLS_MAX]; /* how tools answer from here on, by tool index */
    struct story_done done[STORY_DONE_MAX];       /* what arrived at their side */
    size_t done_count;
    bool down; /* nothing runs, while the clock goes on */
    bool failed;
};

/* Begins a story in a folder of its own, with the plan of a workspace in force at `day`. */
void story_open(struct story *story, const char *name, const char *workspace);
/* Other files come into force. */
void story_publish(struct story *story, const char *workspace);
/* Ends it: verify, rebuild, remove the folder. */
void story_close(struct story *story);
/* The clock reaches `to`: everything that falls due on the way happens in its order. */
void story_move(struct story *story, hr_instant to);
/* Runs one event at the present moment, and what follows from it at once (alerts). Answers what became of it. */
enum hr_became story_run(struct story *story, struct hr_event *event);
/* A tool's message. words: key=value pairs. */
void story_say(struct story *story, struct hr_text tool, struct hr_text event,
               struct hr_text words);
/* The same message, handed in by a person (index). */
void story_hand_in(struct story *story, int32_t person, struct hr_text tool, struct hr_text event,
                   struct hr_text words);
/* Says what is not as the story tells it. */
void story_fail(struct story *story, const char *format, ...) HR_PRINTF(2, 3);
/* Cuts the next word off, or what stands in quotes. */
struct hr_text story_next_word(struct hr_text *rest);
/* lines_consent.c: what people say about messages; false: the line is about something else. */
bool story_timed_consent(struct story *story, struct hr_text subject, struct hr_text verb,
                         struct hr_text rest);
void story_expect_consent(struct story *story, struct hr_text email, struct hr_text rest);
/* One event and no more. */
enum hr_became story_run_one(struct story *story, struct hr_event *event,
                             struct hr_waiting *waiting);
/* effects.c: what the entry let leave arrives, or not, as the story says. */
void story_deliver(struct story *story, const struct hr_entry *entry);
/* effects.c: lines about effects; false: it is none of them. */
bool story_effect_line(struct story *story, struct hr_text tool, struct hr_text rest);
bool story_effect_command(struct story *story, int32_t person, struct hr_text verb,
                          struct hr_text rest);
/* The newest effect of a message or action (by name number) for a contact; NULL: none. */
struct hr_record *story_effect(struct story *story, uint64_t contact, uint32_t what);
/* How often something was done at its tool's side. */
uint32_t story_done_times(const struct story *story, uint32_t what);
/* lines_control.c: what people do with automations; false: the line is about something else. */
bool story_timed_control(struct story *story, int32_t person, struct hr_text verb,
                         struct hr_text rest);
/* Runs one line. */
void story_line(struct story *story, struct hr_text line);
/* "10:00:05" on the story's day; false if it is no time. */
bool story_time(const struct story *story, struct hr_text text, hr_instant *ret_at);

/* work.c: tasks, and what else belongs to a contact. False: the words mean something else. */
bool story_work(struct story *story, int32_t person, struct hr_text verb, struct hr_text rest);
bool story_expect_work(struct story *story, const struct hr_contact *contact, struct hr_text what,
                       struct hr_text verb, struct hr_text rest);
/* What hangs on the contact alone is forgotten before them. */
void story_forget_what_hangs(struct story *story, uint64_t contact);
/* Cuts the first word off; "quoted ones" are one. */
struct hr_text story_next_word(struct hr_text *rest);

/* Looking up; NULL and 0 where there is none. */
struct hr_record *story_record(struct story *story, uint64_t id);
uint64_t story_contact(struct story *story, struct hr_text email);
struct hr_record *story_issue(struct story *story, struct hr_text name);
struct hr_text story_word(struct story *story, uint32_t number);

#endif
