/* Tokens: made once and shown once; the journal keeps a digest, so nobody can read one back. */
#include "server/api_inside.h"

#include <sodium.h>

/* NULL: answered, and the request with its body is gone. */
static struct hr_workspace_record *workspace_of(struct hr_api *api)
{
    struct hr_record *record = NULL;
    hr_status status = hr_store_read_record(api->reader, HR_ID_WORKSPACE, api->arena, &record);
    if (!hr_ok(status) || record == NULL) {
        hr_api_failed(api, hr_ok(status) ? hr_answer(HR_E_CORRUPT) : status);
        return NULL;
    }
    return record->workspace;
}

/* True if the token's person may govern by the plan in force. */
static bool governs(const struct hr_api *api, const struct hr_token *token)
{
    int32_t index = hr_plan_person_numbered(api->plan, token->person);
    return index >= 0 && hr_role_may(api->plan->people[index].role, HR_RIGHT_govern);
}

/* True if without this token nobody could sign in to govern. */
static bool is_last_key(const struct hr_api *api, const struct hr_workspace_record *workspace,
                        const struct hr_token *token)
{
    size_t others = 0;
    for (size_t i = 0; i < workspace->token_count; i++) {
        others += &workspace->tokens[i] != token && governs(api, &workspace->tokens[i]);
    }
    return others == 0 && governs(api, token);
}

/* The role that counts: of the person in the plan in force. */
static struct hr_text role_now(const struct hr_api *api, uint32_t person)
{
    int32_t index = hr_plan_person_numbered(api->plan, person);
    return index < 0 ? HR_TEXT("none (left)") : hr_role_word(api->plan->people[index].role);
}

void hr_api_on_token_list(struct hr_api *api)
{
    const struct hr_workspace_record *workspace = workspace_of(api);
    struct hr_buffer json;
    struct hr_buffer text;
    if (workspace == NULL) {
        return;
    }
    hr_buffer_init(&json, api->arena, 1 << 20);
    hr_buffer_init(&text, api->arena, 1 << 20);
    hr_buffer_add_text(&json, HR_TEXT("{\"tokens\":["));
    for (size_t i = 0; i < workspace->token_count; i++) {
        const struct hr_token *token = &workspace->tokens[i];
        struct hr_text id = hr_token_name(token->digest, api->arena);
        struct hr_text person = hr_api_word(api, token->person);
        struct hr_text role = role_now(api, token->person);
        struct hr_text at = hr_instant_write(api->arena, token->at);
        hr_buffer_add_format(
            &json, "%s{\"id\":\"%.*s\",\"person\":\"%.*s\",\"role\":\"%.*s\",\"made_at\":\"%.*s\"}",
            i > 0 ? "," : "", HR_SHOW(id), HR_SHOW(person), HR_SHOW(role), HR_SHOW(at));
        hr_buffer_add_format(&text, "%.*s  %-20.*s  %-12.*s  %.*s\n", HR_SHOW(id), HR_SHOW(person),
                             HR_SHOW(role), HR_SHOW(at));
    }
    hr_buffer_add_text(&json, HR_TEXT("]}\n"));
    hr_api_say(api, json.failed ? HR_TEXT_NONE : hr_buffer_text(&json), hr_buffer_text(&text));
}

void hr_api_on_token_add(struct hr_api *api)
{
    struct hr_text named = hr_api_member(api, "person");
    const struct hr_workspace_record *workspace = workspace_of(api);
    int32_t person = hr_plan_person(api->plan, named);
    uint8_t random[HR_TOKEN_RANDOM_SIZE];
    uint64_t position = 0;
    if (workspace == NULL) {
        return;
    }
    if (person < 0) {
        hr_api_problem(api, HR_CODE_person_not_found, "there is no person `%.*s`", HR_SHOW(named));
        return;
    }
    if (workspace->token_count >= HR_TOKENS_MAX) {
        hr_api_problem(api, HR_CODE_unprocessable,
                       "there are %d tokens, and no more can be kept; remove one that is not used",
                       HR_TOKENS_MAX);
        return;
    }
    hr_random_bytes(NULL, random, sizeof random);
    struct hr_text token = hr_token_make(random, api->arena);
    sodium_memzero(random, sizeof random);
    struct hr_digest digest = hr_token_digest(token);
    struct hr_command command = {
        .verb = HR_VERB_token_add,
        .other = api->plan->people[person].name_number,
        .role = (uint8_t)api->plan->people[person].role,
        .until = HR_INSTANT_NONE,
        .text = {(const char *)digest.bytes, sizeof digest.bytes},
    };
    if (!hr_api_command(api, &command, &position)) {
        return;
    }
    struct hr_text id = hr_token_name(command.text, api->arena);
    struct hr_text undo = hr_text_format(api->arena, "handrail token remove %.*s", HR_SHOW(id));
    hr_api_say(
        api,
        hr_text_format(api->arena,
                       "{\"did\":\"%.*s may sign in with this token; it is shown this once\","
                       "\"token\":\"%.*s\",\"id\":\"%.*s\",\"undo\":\"%.*s\",\"position\":%llu}\n",
                       HR_SHOW(named), HR_SHOW(token), HR_SHOW(id), HR_SHOW(undo),
                       (unsigned long long)position),
        hr_text_format(api->arena, "%.*s\nundo: %.*s\n", HR_SHOW(token), HR_SHOW(undo)));
}

void hr_api_on_token_remove(struct hr_api *api)
{
    const struct hr_workspace_record *workspace = workspace_of(api);
    const struct hr_token *chosen = NULL;
    struct hr_text id = api->segments[0];
    uint64_t position = 0;
    if (workspace == NULL) {
        return;
    }
    for (size_t i = 0; i < workspace->token_count; i++) {
        struct hr_text name = hr_token_name(workspace->tokens[i].digest, api->arena);
        chosen = hr_text_equal(name, id) ? &workspace->tokens[i] : chosen;
    }
    if (chosen == NULL) {
        hr_api_problem(api, HR_CODE_not_found, "there is no token with this id");
        return;
    }
    if (is_last_key(api, workspace, chosen)) {
        hr_api_problem(api, HR_CODE_last_token,
                       "it is the only token of an owner or admin: without it nobody could sign in "
                       "to change anything");
        return;
    }
    struct hr_command command = {
        .verb = HR_VERB_token_remove, .until = HR_INSTANT_NONE, .text = chosen->digest};
    struct hr_text person = hr_api_word(api, chosen->person);
    if (!hr_api_command(api, &command, &position)) {
        return;
    }
    struct hr_text did =
        hr_text_format(api->arena, "the token %.*s of %.*s no longer signs in",
                       HR_SHOW(hr_token_name(chosen->digest, api->arena)), HR_SHOW(person));
    struct hr_text undo =
        hr_text_format(api->arena, "handrail token add %.*s makes a new one", HR_SHOW(person));
    hr_api_say(api,
               hr_text_format(api->arena,
                              "{\"did\":\"%.*s\",\"undo\":\"%.*s\",\"position\":%llu}\n",
                              HR_SHOW(did), HR_SHOW(undo), (unsigned long long)position),
               hr_text_format(api->arena, "%.*s\nundo: %.*s\n", HR_SHOW(did), HR_SHOW(undo)));
}
