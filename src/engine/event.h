/* engine/event: what the engine is told: a message, the time, what a person does, what came back from outside.
 *
 * Why      everything that happens enters through here, so that the same journal always gives the same facts.
 * Owner    texts, and what is pointed at, live as long as the step. Limits, errors, tests: as engine.h. */
#ifndef HR_ENGINE_EVENT_H
#define HR_ENGINE_EVENT_H

#include "journal/journal.h"
#include "plan/plan.h"
#include "state/state.h"

struct hr_heard;

enum hr_verb {
    HR_VERB_assign = 1,   /* issue, other: person */
    HR_VERB_snooze,       /* issue, until or people */
    HR_VERB_resolve,      /* issue, text: why */
    HR_VERB_note,         /* issue, text */
    HR_VERB_acknowledge,  /* issue */
    HR_VERB_recover,      /* issue: all its members; with contact: only theirs */
    HR_VERB_answer,       /* issue, contact: the ambiguous message (event.heard) is theirs */
    HR_VERB_token_add,    /* other: person, role, text: digest */
    HR_VERB_token_remove, /* text: digest */
    HR_VERB_edit,         /* contact, field, text: the value; until: how long it stays pinned */
    HR_VERB_release,      /* contact, field: what a person chose is open to its writers again */
    HR_VERB_pause, /* other: automation (0: all), text: why; nobody is enrolled, and nobody goes on */
    HR_VERB_go_on,    /* other: automation; role: enum hr_let_go, what becomes of what waited */
    HR_VERB_withdraw, /* contact, enrollment: it ends here */
    HR_VERB_unsubscribe, /* contact, other: purpose, channel; by the customer (person 0, by: how) or a person: text */
    HR_VERB_retry, /* contact, enrollment, other: it is held, and goes on at the step with this number */
    HR_VERB_skip, /* contact, enrollment: it goes on behind the step that it stands at */
    /* of a task, a ticket or an opportunity, which `contact` names */
    HR_VERB_work_done,
    HR_VERB_work_drop,   /* text: why there is nothing to do any more */
    HR_VERB_work_assign, /* other: person */
    HR_VERB_work_plan,   /* text: what is to be done next; until: by when; at least one of them */
    HR_VERB_approve,     /* effect, text: digest of what was seen */
    HR_VERB_reject,      /* effect, text: the same */
    HR_VERB_settle,      /* effect, role: enum hr_settled */
    HR_VERB_lane,        /* other: enum hr_lane, role: enum hr_lane_switch */
    HR_VERB_standing /* other: automation, field: message, until: yes to its text till then; none: no more */
};
/* What became of an effect that nobody knew of. */
enum hr_settled { HR_SETTLED_arrived = 1, HR_SETTLED_did_not, HR_SETTLED_again };
/* What a person does. Rights were checked by the host. */
struct hr_command {
    enum hr_verb verb;
    uint32_t person;  /* who, by name number; 0: the host itself (init) */
    uint64_t issue;   /* record id */
    uint64_t contact; /* or another record that has fields */
    uint32_t other;
    uint8_t role;
    hr_instant until; /* HR_INSTANT_NONE: not by time */
    uint64_t people;
    uint32_t field;      /* name number */
    uint64_t enrollment; /* its id */
    uint8_t channel;     /* enum hr_channel */
    uint8_t by;          /* enum hr_by: the page or a complaint */
    uint64_t effect;
    struct hr_text text;
};

/* How the dispatch of an effect ended. */
enum hr_outcome {
    HR_OUTCOME_confirmed, /* it was done; so says a check, too */
    HR_OUTCOME_refused,
    HR_OUTCOME_again,
    HR_OUTCOME_unknown, /* nobody knows; a check could not tell either */
    HR_OUTCOME_not_done /* a check says it surely was not done */
};
/* What went wrong, by whose turn it is; as tools/outbound.h has it. */
enum hr_blame {
    HR_BLAME_none,
    HR_BLAME_transient,
    HR_BLAME_permanent,
    HR_BLAME_permission,
    HR_BLAME_rate
};

struct hr_event {
    enum hr_event_kind kind;
    uint64_t position;
    hr_instant now;  /* when it is recorded; never before that of the position before */
    uint32_t person; /* heard: who handed it in by hand, 0: the tool sent it signed */
    uint64_t cause;
    const struct hr_heard *heard; /* heard; answer */
    struct hr_text payload;       /* raw bytes to keep: of a message, of published files */
    uint64_t record;      /* due: whose time has come; outcome: the effect; erased: the contact */
    const uint64_t *also; /* erased: other records of which parts are erased in the same commit */
    size_t also_count;
    hr_instant hint_due;              /* due: the hint that led here */
    const struct hr_command *command; /* command */
    enum hr_outcome outcome;          /* outcome */
    uint8_t fault;                    /* outcome: enum hr_blame */
    hr_instant retry_at;       /* outcome again: not before, HR_INSTANT_NONE: by our own schedule */
    struct hr_text answer;     /* outcome: what the other side said, without personal data */
    struct hr_plan *published; /* published: checked, and bound by the step */
};

#endif
