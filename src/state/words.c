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
        "unknown",    "no proof",      "incorrect",     "missing field", "ambiguous contact",
        "silence",    "alert failed",  "alert unknown", "conflict",      "forbidden write",
        "automation", "nobody's work", "overdue",       "tool down",     "no access"};
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
    static const char *const words[] = {"tool", "person",   "automation", "unsubscribe page",
                                        "AI",   "complaint"};
    return WORD(words, by);
}

struct hr_text hr_channel_word(enum hr_channel channel)
{
    static const char *const words[] = {"unknown", "email"};
    return WORD(words, channel);
}

struct hr_text hr_consent_said_word(enum hr_consent_said said)
{
    static const char *const words[] = {"unknown", "yes", "no"};
    return WORD(words, said);
}

struct hr_text hr_run_state_word(enum hr_run_state state)
{
    static const char *const words[] = {"waits for a time",
                                        "waits for an event",
                                        "waits for an effect",
                                        "waits for an answer",
                                        "held",
                                        "rests"};
    return WORD(words, state);
}

struct hr_text hr_run_end_word(enum hr_run_end end)
{
    static const char *const words[] = {"done", "stopped", "failed", "late", "withdrawn"};
    return WORD(words, end);
}

struct hr_text hr_kept_out_word(enum hr_kept_out why)
{
    static const char *const words[] = {"",           "condition",    "enrolled before",
                                        "running",    "stop rule",    "not in the share",
                                        "control",    "switched off", "full",
                                        "without key"};
    return WORD(words, why);
}

struct hr_text hr_effect_state_word(enum hr_effect_state state)
{
    static const char *const words[] = {"planned",   "intended", "confirmed", "refused", "unknown",
                                        "withdrawn", "asks",     "checking",  "doubted"};
    return WORD(words, state);
}

struct hr_text hr_effect_reason_word(enum hr_effect_reason reason)
{
    static const char *const words[] = {"alert", "escalation", "worse", "resolved", "step"};
    return WORD(words, reason);
}

struct hr_text hr_work_state_word(enum hr_work_state state)
{
    static const char *const words[] = {"open", "done", "dropped"};
    return WORD(words, state);
}

struct hr_text hr_record_kind_word(unsigned kind)
{
    static const char *const words[] = {"account", "opportunity", "ticket", "task"};
    return kind == HR_RECORD_contact ? HR_TEXT("contact") : WORD(words, kind - HR_RECORD_account);
}

struct hr_text hr_effect_kind_word(enum hr_effect_kind kind)
{
    static const char *const words[] = {"mail", "webhook", "letter", "call", "note", "question"};
    return WORD(words, kind);
}
