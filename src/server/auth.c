/* Who calls: a bearer token leads to a person, the person to the role that the plan in force gives them. */
#include "server/api_inside.h"

#include <sodium.h>
#include <string.h>

enum { TOKEN_BYTES_MAX = 128 };

#define PREFIX "hrt_"

struct hr_text hr_token_make(const uint8_t random[HR_TOKEN_RANDOM_SIZE], struct hr_arena *into)
{
    char text[sizeof PREFIX + HR_TOKEN_RANDOM_SIZE * 2] = PREFIX;
    size_t at = sizeof PREFIX - 1;
    (void)sodium_bin2base64(text + at, sizeof text - at, random, HR_TOKEN_RANDOM_SIZE,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    struct hr_text made = hr_text_copy(into, hr_text_from(text));
    sodium_memzero(text, sizeof text);
    return made;
}

struct hr_digest hr_token_digest(struct hr_text token)
{
    return hr_digest_of(&token, 1);
}

struct hr_text hr_token_name(struct hr_text digest, struct hr_arena *into)
{
    size_t size = digest.size < HR_TOKEN_NAME_SIZE / 2 ? digest.size : HR_TOKEN_NAME_SIZE / 2;
    return hr_hex(into, digest.data, size);
}

/* The token of the request; false when there is none that has the form. */
static bool bearer(const struct hr_http_request *request, struct hr_text *ret_token)
{
    bool twice = false;
    struct hr_text header = hr_http_header_of(request, HR_TEXT("authorization"), &twice);
    struct hr_text scheme = hr_text_cut(&header, ' ');
    *ret_token = hr_text_trim(header);
    bool is_bearer = scheme.size == 6 && strncasecmp(scheme.data, "bearer", 6) == 0;
    return is_bearer && !twice && ret_token->size <= TOKEN_BYTES_MAX &&
           hr_text_starts(*ret_token, HR_TEXT(PREFIX));
}

/* Every token is looked at, and each comparison takes the same time, so nothing can be learnt from how long it
 * took. */
static uint32_t person_of(const struct hr_workspace_record *workspace,
                          const struct hr_digest *digest)
{
    uint32_t person = 0;
    for (size_t i = 0; i < workspace->token_count; i++) {
        const struct hr_token *token = &workspace->tokens[i];
        bool same = token->digest.size == sizeof digest->bytes &&
                    sodium_memcmp(token->digest.data, digest->bytes, sizeof digest->bytes) == 0;
        person = same ? token->person : person;
    }
    return person;
}

bool hr_auth_sign_in(struct hr_api *api)
{
    struct hr_text token = HR_TEXT_NONE;
    struct hr_record *workspace = NULL;
    if (!bearer(api->request, &token)) {
        hr_api_problem(api, HR_CODE_not_signed_in, "%s", "");
        return false;
    }
    hr_status status = hr_store_read_record(api->reader, HR_ID_WORKSPACE, api->arena, &workspace);
    if (!hr_ok(status)) {
        hr_api_failed(api, status);
        return false;
    }
    const struct hr_digest digest = hr_token_digest(token);
    api->person = workspace == NULL ? 0 : person_of(workspace->workspace, &digest);
    int32_t person = api->person == 0 ? -1 : hr_plan_person_numbered(api->plan, api->person);
    if (person < 0) {
        hr_api_problem(api, HR_CODE_not_signed_in, "%s",
                       "this token is not known, or its person left");
        return false;
    }
    api->role = api->plan->people[person].role;
    return true;
}
