/* Secrets as the workspace names them: who needs each, and new values in the form of its scheme. */
#include "cli_inside.h"

enum { SECRET_BYTES = 32 };

void hr_cli_each_secret(struct hr_cli *cli, const struct hr_plan *plan, hr_secret_visit visit,
                        void *context)
{
    for (size_t i = 0; i < plan->tool_count; i++) {
        const struct hr_tool *tool = &plan->tools[i];
        if (tool->secret.size > 0) {
            visit(context, tool->secret,
                  hr_text_format(&cli->arena, "tool %.*s", HR_SHOW(tool->id)));
        }
    }
    for (size_t i = 0; i < plan->person_count; i++) {
        const struct hr_person *person = &plan->people[i];
        if (person->webhook_secret.size > 0) {
            visit(context, person->webhook_secret,
                  hr_text_format(&cli->arena, "alerts of %.*s", HR_SHOW(person->id)));
        }
    }
}

/* Standard Webhooks has a form of its own, also for the alerts that we sign. */
static bool is_standard(const struct hr_plan *plan, struct hr_text name)
{
    for (size_t i = 0; plan != NULL && i < plan->tool_count; i++) {
        if (plan->tools[i].scheme == HR_SCHEME_standard_webhooks &&
            hr_text_equal(plan->tools[i].secret, name)) {
            return true;
        }
    }
    for (size_t i = 0; plan != NULL && i < plan->person_count; i++) {
        if (hr_text_equal(plan->people[i].webhook_secret, name)) {
            return true;
        }
    }
    return false;
}

struct hr_text hr_cli_make_secret(struct hr_cli *cli, const struct hr_plan *plan,
                                  struct hr_text name)
{
    uint8_t random[SECRET_BYTES];
    hr_random_bytes(NULL, random, sizeof random);
    if (!is_standard(plan, name)) {
        return hr_hex(&cli->arena, random, sizeof random);
    }
    struct hr_text coded =
        hr_base64(&cli->arena, (struct hr_text){(const char *)random, sizeof random});
    return hr_text_format(&cli->arena, "whsec_%.*s", HR_SHOW(coded));
}
