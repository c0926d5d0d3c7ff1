/* state/effect_record: what leaves Handrail, as the ledger keeps it, and what waits to leave for a tool.
 *
 * Why      an outside action is a row: planned, intended before the first byte leaves, and then whatever became of it.
 * Units, owner, limits   as record.h, which brings this.
 * Tests    as record.h */
#ifndef HR_STATE_EFFECT_RECORD_H
#define HR_STATE_EFFECT_RECORD_H

#include "state/said.h"

/* What leaves, or reaches a person. The first two tell people here about an issue; the others come from automations. */
enum hr_effect_kind {
    HR_EFFECT_mail,
    HR_EFFECT_webhook,
    HR_EFFECT_letter,   /* mail to a customer */
    HR_EFFECT_call,     /* an action of a tool */
    HR_EFFECT_note,     /* mail to a person here: the step `notify` */
    HR_EFFECT_question, /* to a person here: the step `ask`; nothing leaves */
    HR_EFFECT_KIND_COUNT
};
enum hr_effect_reason {
    HR_REASON_alert,
    HR_REASON_escalation,
    HR_REASON_worse,
    HR_REASON_resolved,
    HR_REASON_step /* of an automation */
};
enum hr_effect_state {
    HR_EFFECT_planned, /* with next_at it waits for then; else it stands in its tool's queue, or is held */
    HR_EFFECT_intended,
    HR_EFFECT_confirmed,
    HR_EFFECT_refused,
    HR_EFFECT_unknown,
    HR_EFFECT_withdrawn,
    HR_EFFECT_asks,     /* for a person's yes to what it brings */
    HR_EFFECT_checking, /* nobody knows, and the tool is being asked */
    HR_EFFECT_doubted, /* nobody knows, and it is repeated, or the tool asked, as the tool's file allows */
    HR_EFFECT_STATE_COUNT
};
/* Where a planned effect of an automation stands. */
enum hr_effect_place {
    HR_PLACE_none,
    HR_PLACE_queue,  /* of its tool */
    HR_PLACE_held,   /* its automation is paused */
    HR_PLACE_flying, /* its dispatch, or a check of it, has not come back */
    HR_PLACE_COUNT
};
struct hr_effect {
    uint8_t kind;
    uint8_t reason;
    uint8_t state;
    uint32_t person;
    uint64_t issue;
    struct hr_key key;
    uint32_t attempts;
    hr_instant planned_at;
    hr_instant
        next_at; /* when to look again; HR_INSTANT_NONE when ended, or when its queue calls it */
    struct hr_text answer;
    /* the rest: of automations alone */
    uint64_t contact;
    uint64_t run;
    uint32_t automation; /* name number */
    uint32_t step;       /* its number, when it was planned */
    uint32_t tool;       /* name number; 0: none */
    uint32_t what;       /* name number of the message, or of the action as tool.action */
    uint64_t meaning;    /* of its message's text, when it was planned; 0: it has none */
    uint64_t content;    /* position of the entry that keeps what it brings */
    struct hr_text seen; /* digest of that: what a person says yes to */
    uint8_t place;       /* enum hr_effect_place */
    bool doubt;          /* once nobody knew whether it was done, and nobody has found out since */
    bool approved;       /* a person said yes to what stands in `seen` */
    uint32_t answered_by;
    hr_instant sent_at; /* when its first byte may have left; HR_INSTANT_NONE: not yet */
};
/* That a letter left for a contact: what caps count. The oldest makes room. */
enum { HR_LETTERS_MAX = 64 };
struct hr_letter_left {
    uint32_t purpose; /* name number */
    hr_instant at;
};
/* Whether it reaches a customer: such effects have a lane, and a switch, of their own. */
enum hr_lane { HR_LANE_customer, HR_LANE_internal, HR_LANE_COUNT };
enum hr_lane hr_effect_lane(enum hr_effect_kind kind);

/* Whether a tool can be called. */
enum hr_reach {
    HR_REACH_open,
    HR_REACH_broken,   /* it failed too often in a row: one call at a time tries it again */
    HR_REACH_forbidden /* it does not let us in */
};
/* Where an effect may be counted: queue_moved's from and state. The first are enum hr_lane. */
enum hr_queue_part { HR_PART_flying = HR_LANE_COUNT, HR_PART_none };
/* What lane_switched says of a lane. */
enum hr_lane_switch { HR_LANE_hold, HR_LANE_send, HR_LANE_review, HR_LANE_drop };
/* What waits to leave for a tool, and how fast it may. */
struct hr_queue {
    uint32_t tool;
    uint64_t waiting[HR_LANE_COUNT];
    uint64_t flying;
    uint8_t reach;      /* enum hr_reach */
    uint32_t failures;  /* in a row */
    hr_instant next_at; /* when the next may leave; HR_INSTANT_NONE: when something changes */
    hr_instant free_at; /* by the tool's limit: before it, none may leave */
    /* of all tools (HR_ID_QUEUE + 0) alone: */
    bool held[HR_LANE_COUNT];
    hr_instant drop_before[HR_LANE_COUNT]; /* planned before: withdrawn when its turn comes */
    hr_instant ask_before[HR_LANE_COUNT];  /* planned before: a person looks at it first */
    uint32_t switched_by;
};

/* The words of enums, as console and API write them. */
struct hr_text hr_effect_state_word(enum hr_effect_state state);
struct hr_text hr_effect_reason_word(enum hr_effect_reason reason);
struct hr_text hr_effect_kind_word(enum hr_effect_kind kind);

#endif
