/* The words that files, console and API use for the plan's enums, each list in its enum's order. */
#include "workspace/inside.h"

#define WORDS(name, spoken, ...)                                                                   \
    static const struct hr_text name##_items[] = {__VA_ARGS__};                                    \
    const struct hr_words hr_words_##name = {spoken, name##_items,                                 \
                                             sizeof name##_items / sizeof name##_items[0]}

WORDS(role, "role", HR_TEXT("owner"), HR_TEXT("admin"), HR_TEXT("builder"), HR_TEXT("operator"),
      HR_TEXT("approver"), HR_TEXT("auditor"), HR_TEXT("viewer"), HR_TEXT("seller"));
WORDS(field_type, "field type", HR_TEXT("text"), HR_TEXT("long_text"), HR_TEXT("email"),
      HR_TEXT("phone"), HR_TEXT("domain"), HR_TEXT("country"), HR_TEXT("choice"),
      HR_TEXT("integer"), HR_TEXT("number"), HR_TEXT("boolean"), HR_TEXT("time"));
WORDS(privacy, "privacy class", HR_TEXT("none"), HR_TEXT("personal"), HR_TEXT("sensitive"));
WORDS(scheme, "signature scheme", HR_TEXT("none"), HR_TEXT("standard_webhooks"), HR_TEXT("stripe"),
      HR_TEXT("hmac_sha256"));
WORDS(encoding, "encoding", HR_TEXT("hex"), HR_TEXT("base64"));
WORDS(tool_kind, "kind of tool", HR_TEXT("webhook_in"), HR_TEXT("cloudevents"), HR_TEXT("file"));
WORDS(late_is, "way to be late", HR_TEXT("normal"), HR_TEXT("urgent"), HR_TEXT("count"));
WORDS(handoff_kind, "kind of handoff", HR_TEXT("form_to_crm"), HR_TEXT("crm_to_follow_up"),
      HR_TEXT("payment_to_access"), HR_TEXT("booking_to_pipeline"),
      HR_TEXT("reporting_to_decision"), HR_TEXT("other"));
WORDS(day, "day", HR_TEXT("mon"), HR_TEXT("tue"), HR_TEXT("wed"), HR_TEXT("thu"), HR_TEXT("fri"),
      HR_TEXT("sat"), HR_TEXT("sun"));

static struct hr_text word_at(const struct hr_words *words, size_t index)
{
    hr_assert(index < words->count);
    return words->items[index];
}

struct hr_text hr_role_word(enum hr_role role)
{
    return word_at(&hr_words_role, role);
}

struct hr_text hr_handoff_kind_word(enum hr_handoff_kind kind)
{
    static const struct hr_text spoken[] = {
        HR_TEXT("form to CRM"),           HR_TEXT("CRM to follow-up"),
        HR_TEXT("payment to access"),     HR_TEXT("booking to pipeline"),
        HR_TEXT("reporting to decision"), HR_TEXT("other"),
    };
    hr_assert((size_t)kind < sizeof spoken / sizeof spoken[0]);
    return spoken[kind];
}
