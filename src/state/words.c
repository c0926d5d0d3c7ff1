/* The words of enums, as people read them. */
#include "state/state.h"

static struct hr_text word_of(const char *const *words, size_t count, size_t index)
{
    return hr_text_from(index < count ? words[index] : "unknown");
}
#define WORD(words, index) word_of((words), sizeof(words) / sizeof(words)[0], (size_t)(index))

struct hr_text hr_stand_word(enum hr_stand stand)
{
    static const char *const words[] = {"open",      "late",           "failed",    "recovering",
                                        "confirmed", "late-confirmed", "recovered", "waived"};
    return WORD(words, stand);
}

struct hr_text hr_issue_state_word(enum hr_issue_state state)
{
    static const char *const words[] = {"new",       "ongoing", "escalating",
                                        "regressed", "snoozed", "resolved"};
    return WORD(words, state);
}

struct hr_text hr_cause_word(enum hr_cause cause)
{
    static const char *const words[] = {
        "unknown", "no proof",     "incorrect",     "missing field", "ambiguous contact",
        "silence", "alert failed", "alert unknown", "conflict",      "forbidden write"};
    return WORD(words, cause);
}

struct hr_text hr_beside_word(enum hr_beside beside)
{
    static const char *const words[] = {"settled", "by rule",  "conflict", "forbidden",
                                        "pinned",  "unproven", "answered"};
    return WORD(words, beside);
}

struct hr_text hr_by_word(enum hr_by by)
{
    static const char *const words[] = {"tool", "person", "automation", "unsubscribe page", "AI"};
    return WORD(words, by);
}

struct hr_text hr_effect_state_word(enum hr_effect_state state)
{
    static const char *const words[] = {"planned", "intended", "confirmed",
                                        "refused", "unknown",  "withdrawn"};
    return WORD(words, state);
}

struct hr_text hr_effect_reason_word(enum hr_effect_reason reason)
{
    static const char *const words[] = {"alert", "escalation", "worse", "resolved"};
    return WORD(words, reason);
}
