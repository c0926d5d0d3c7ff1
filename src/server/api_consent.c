/* What people may note about a customer's wish: that they want no more messages of a purpose. Never that they want
 * some. */
#include "server/api_inside.h"

void hr_api_on_consent_show(struct hr_api *api)
{
    struct hr_report report;
    hr_api_report(api,
                  hr_consent_show(&api->lens, api->segments[0], api->arena, &api->found, &report),
                  &report);
}

/* The purpose that the caller names; NULL: answered already. */
static const struct hr_purpose *purpose_of(struct hr_api *api, struct hr_text named)
{
    const struct hr_policies *policies = &api->plan->policies;
    int32_t index = hr_plan_purpose(api->plan, hr_text_trim(named));
    if (index >= 0) {
        return &policies->purposes[index];
    }
    struct hr_text *ids = hr_arena_new_many(api->arena, struct hr_text, policies->purpose_count);
    for (size_t i = 0; ids != NULL && i < policies->purpose_count; i++) {
        ids[i] = policies->purposes[i].id;
    }
    struct hr_text near =
        ids == NULL ? HR_TEXT_NONE : hr_did_you_mean(named, ids, policies->purpose_count);
    if (near.size > 0) {
        hr_api_problem(api, HR_CODE_asked_purpose_unknown,
                       "there is no purpose `%.*s`; did you mean `%.*s`?", HR_SHOW(named),
                       HR_SHOW(near));
    } else {
        hr_api_problem(api, HR_CODE_asked_purpose_unknown, "there is no purpose `%.*s`",
                       HR_SHOW(named));
    }
    return NULL;
}

static void say_done(struct hr_api *api, uint64_t contact, const struct hr_purpose *purpose,
                     uint64_t position)
{
    struct hr_text name = hr_contact_name(api->arena, contact);
    struct hr_text did = hr_text_format(
        api->arena, "%.*s gets no messages of %.*s any more, not even what is queued",
        HR_SHOW(name), HR_SHOW(purpose->id));
    struct hr_text undo = HR_TEXT("only they themselves: by agreeing again where it is proven");
    struct hr_buffer json;
    hr_buffer_init(&json, api->arena, 16 << 10);
    hr_buffer_add_text(&json, HR_TEXT("{\"contact\":"));
    hr_json_write_text(&json, name);
    hr_buffer_add_text(&json, HR_TEXT(",\"purpose\":"));
    hr_json_write_text(&json, purpose->id);
    hr_buffer_add_text(&json, HR_TEXT(",\"did\":"));
    hr_json_write_text(&json, did);
    hr_buffer_add_text(&json, HR_TEXT(",\"undo\":"));
    hr_json_write_text(&json, undo);
    hr_buffer_add_format(&json, ",\"position\":%llu}\n", (unsigned long long)position);
    hr_api_say(api, json.failed ? HR_TEXT_NONE : hr_buffer_text(&json),
               hr_text_format(api->arena, "%.*s\nundo: %.*s\n", HR_SHOW(did), HR_SHOW(undo)));
}

void hr_api_on_consent_withdraw(struct hr_api *api)
{
    struct hr_command command = {.verb = HR_VERB_unsubscribe,
                                 .channel = HR_CHANNEL_email,
                                 .text = hr_text_trim(hr_api_member(api, "reason")),
                                 .until = HR_INSTANT_NONE};
    uint64_t position = 0;
    if (!hr_api_contact(api, api->segments[0], &command.contact)) {
        return;
    }
    const struct hr_purpose *purpose = purpose_of(api, hr_api_member(api, "purpose"));
    if (purpose == NULL) {
        return;
    }
    command.other = purpose->name_number;
    if (hr_api_command(api, &command, &position)) {
        say_done(api, command.contact, purpose, position);
    }
}
