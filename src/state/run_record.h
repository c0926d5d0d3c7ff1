/* state/run_record: enrollments, as the contact's row keeps them, and what is counted of an automation.
 *
 * Why      what somebody goes through stands in their own row, beside what it is about; see docs/decisions/0029.
 * Units, owner, limits   as record.h, which brings this.
 * Tests    as record.h */
#ifndef HR_STATE_RUN_RECORD_H
#define HR_STATE_RUN_RECORD_H

#include "state/said.h"
#include "state/scheduled.h"

enum {
    HR_RUNS_MAX = 64,     /* enrollments of a contact under way */
    HR_TROUBLES_MAX = 64, /* enrollments of a contact that are in issues */
    HR_ENTERED_MAX = 256  /* what a contact was enrolled in before, by automation and key */
};

struct hr_kept_event {
    uint32_t type;
    uint32_t tool;
    hr_instant at;
    uint64_t position;
    struct hr_value data; /* map of attributes */
};
/* What an enrollment waits for. */
enum hr_run_state {
    HR_RUN_waits_time,  /* until */
    HR_RUN_waits_event, /* until: late */
    HR_RUN_waits_effect,
    HR_RUN_waits_answer, /* of a person */
    HR_RUN_held, /* its step is another one now or went wrong, or its automation is gone: a person decides */
    HR_RUN_rests, /* its time came while its automation was paused; awaits 1: what it waited for came too */
    HR_RUN_STATE_COUNT
};
/* What came of a step. */
enum hr_result {
    HR_RESULT_did,
    HR_RESULT_nothing, /* it was so already */
    HR_RESULT_refused, /* by a contract, a pin, or for lack of evidence */
    HR_RESULT_waits,   /* the enrollment stays there */
    HR_RESULT_ended,   /* the enrollment is over */
    HR_RESULT_again,   /* a person has it go on here, where it was held */
    HR_RESULT_skipped, /* a person has it go on behind the step */
    HR_RESULT_COUNT
};
/* How an enrollment ended. */
enum hr_run_end {
    HR_RUN_done,
    HR_RUN_stopped, /* by a stop rule */
    HR_RUN_failed,
    HR_RUN_late,      /* what it waited for did not come, and its file says to stop then */
    HR_RUN_withdrawn, /* by a person, or with what it was about */
    HR_RUN_END_COUNT
};
/* Why somebody whom the trigger met was not enrolled. */
enum hr_kept_out {
    HR_OUT_when = 1, /* a condition does not hold */
    HR_OUT_before,   /* enrolled before, and its file says how often */
    HR_OUT_running,  /* an enrollment of the same key is under way */
    HR_OUT_stopped,  /* a stop rule holds already */
    HR_OUT_share,    /* not in the share that it is rolled out to */
    HR_OUT_control,  /* left alone, to compare with */
    HR_OUT_switched_off,
    HR_OUT_full,   /* as many enrollments as a contact may have */
    HR_OUT_no_key, /* the event does not bring what it is once for */
    HR_OUT_COUNT
};
/* Whether an automation may go on. */
enum hr_switch { HR_SWITCH_on, HR_SWITCH_paused, HR_SWITCH_COUNT };
/* What becomes of what waits, when a pause or a hold ends. */
enum hr_let_go { HR_LET_GO_none, HR_LET_GO_send, HR_LET_GO_review, HR_LET_GO_drop };
enum { HR_LET_GO_HELD = 255 /* automation_let_go's state: so many more are held */ };
/* What is counted: of automation_counted's from and state. */
enum hr_run_count {
    HR_COUNT_none = 0,
    HR_COUNT_running = 1,
    HR_COUNT_ended = 16,   /* + enum hr_run_end */
    HR_COUNT_kept_out = 32 /* + enum hr_kept_out */
};
/* A person's yes to one text for all whom the automation means, until a day; and how often it was approved so far. A
 * text that was changed is another: it begins anew. */
enum { HR_STANDINGS_MAX = 64 /* messages of an automation */ };
/* What is said of a text: one letter of it was approved; all are, until a day, or no more. */
enum hr_standing_news { HR_STANDING_approved, HR_STANDING_given };
struct hr_standing {
    uint32_t message; /* name number */
    uint64_t meaning; /* of its text */
    uint64_t approved;
    hr_instant until; /* HR_INSTANT_NONE: nobody gave a standing yes, or it was taken back */
    uint32_t by;
};
struct hr_automation_record {
    uint32_t automation;
    uint8_t state; /* enum hr_switch */
    uint32_t switched_by;
    hr_instant switched_at;
    uint64_t switched_in; /* position */
    bool wakes;           /* those that rested while it was paused are given their time */
    uint64_t woken_to;    /* contact up to which that is done */
    uint64_t running;
    uint64_t ended[HR_RUN_END_COUNT];
    uint64_t kept_out[HR_OUT_COUNT];
    struct hr_scheduled scheduled; /* of one that starts by the clock */
    uint64_t held;                 /* effects that wait because it is paused */
    uint8_t let_go;                /* enum hr_let_go: what happens to those, 16 at a time */
    hr_instant let_at;             /* when that was said */
    struct hr_standing *standings;
    size_t standing_count;
};

/* One record's pass through one automation. */
struct hr_run {
    uint64_t id;         /* of the enrollment; made like a record's, and no record */
    uint32_t automation; /* name number */
    uint32_t plan;       /* that began it */
    struct hr_key key;   /* what it is once for; zero: the contact itself */
    struct hr_text key_shown;
    struct hr_kept_event trigger;
    hr_instant began_at;
    uint32_t step; /* number of the step that it stands at */
    uint8_t state; /* enum hr_run_state */
    hr_instant until;
    uint64_t awaits; /* record of the effect or the question, 0: none */
    uint64_t
        meaning; /* of the step that it stands at, to see that a new plan still means the same */
};
/* That a contact was enrolled before: what re-entry asks. One an automation and key. */
struct hr_entered {
    uint32_t automation;
    uint64_t key; /* the first half of the run's key; 0: none */
    hr_instant last_at;
    uint32_t times;
};
/* An enrollment, over or not, that somebody has to look at: it belongs to an issue. */
struct hr_trouble {
    uint32_t automation;
    uint64_t run;
    uint64_t issue;
};

/* The words of enums, as console and API write them. */
struct hr_text hr_run_state_word(enum hr_run_state state);
struct hr_text hr_run_end_word(enum hr_run_end end);
struct hr_text hr_kept_out_word(enum hr_kept_out why);

#endif
