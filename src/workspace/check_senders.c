/* Which tools send an event: an index, so that nobody walks all events of all tools for each automation. */
#include "workspace/check_inside.h"

static const uint64_t *find_event(const struct hr_draft *draft, const struct hr_event_type *type)
{
    const uint64_t *event = hr_map_find(&draft->type_by_name, type->name);
    return event != NULL && *event < draft->plan->event_name_count ? event : NULL;
}

bool hr_senders_index(struct hr_facts *facts)
{
    struct hr_draft *draft = facts->draft;
    const struct hr_plan *plan = draft->plan;
    size_t total = 0;
    for (size_t i = 0; i < plan->tool_count; i++) {
        total += plan->tools[i].event_count;
    }
    facts->senders = hr_draft_scratch(draft, struct hr_sender, total);
    facts->sender_first = hr_draft_scratch(draft, size_t, plan->event_name_count + 2);
    if (facts->senders == NULL || facts->sender_first == NULL) {
        return false;
    }
    for (size_t i = 0; i < plan->tool_count; i++) {
        for (size_t event = 0; event < plan->tools[i].event_count; event++) {
            const uint64_t *at = find_event(draft, &plan->tools[i].events[event]);
            facts->sender_first[at == NULL ? 0 : *at + 2] += at != NULL;
        }
    }
    for (size_t i = 2; i < plan->event_name_count + 2; i++) {
        facts->sender_first[i] += facts->sender_first[i - 1];
    }
    for (size_t i = 0; i < plan->tool_count; i++) {
        for (size_t event = 0; event < plan->tools[i].event_count; event++) {
            const uint64_t *at = find_event(draft, &plan->tools[i].events[event]);
            if (at != NULL) {
                facts->senders[facts->sender_first[*at + 1]++] =
                    (struct hr_sender){(int32_t)i, (int32_t)event};
            }
        }
    }
    return true;
}

const struct hr_sender *hr_senders_of(const struct hr_facts *facts, int32_t event,
                                      size_t *ret_count)
{
    *ret_count = facts->sender_first[event + 1] - facts->sender_first[event];
    return &facts->senders[facts->sender_first[event]];
}
