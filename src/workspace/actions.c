/* What may be asked of a tool: where, signed in how, how often, under which keys; its actions are read by action.c. */
#include "workspace/inside.h"

#include <string.h>

/* ---- addresses and signing in -------------------------------------------------------------------- */

/* A host, perhaps a port and the beginning of all paths: nothing that could be read in two ways. */
static bool is_address(struct hr_text url)
{
    for (size_t i = 0; i < url.size; i++) {
        unsigned char byte = (unsigned char)url.data[i];
        if (byte <= ' ' || byte >= 0x7f || strchr("?#@\\{}\"<>|^`", byte) != NULL) {
            return false;
        }
    }
    return (hr_text_starts(url, HR_TEXT("https://")) && url.size > 8) ||
           hr_text_starts(url, HR_TEXT("http://localhost:")) ||
           hr_text_starts(url, HR_TEXT("http://127.0.0.1:"));
}

static void read_allow(struct hr_draft *draft, struct hr_tool *tool, const struct hr_node *map)
{
    const struct hr_node *node = hr_draft_get(map, "allow");
    struct hr_nodes nodes = hr_draft_some(draft, node, "allow", HR_LIMIT_names);
    struct hr_text *urls = hr_draft_keep(draft, struct hr_text, nodes.count);
    tool->allow = urls;
    for (size_t i = 0; urls != NULL && i < nodes.count; i++) {
        if (!hr_draft_scalar(draft, nodes.items[i], "allow")) {
            continue;
        }
        if (!is_address(nodes.items[i]->scalar)) {
            hr_draft_error(draft, allow_form, nodes.items[i]->place,
                           "a tool cannot be called at this address");
            continue;
        }
        struct hr_text url = nodes.items[i]->scalar;
        while (hr_text_ends(url, HR_TEXT("/"))) { /* the path brings its own */
            url.size--;
        }
        urls[tool->allow_count++] = hr_draft_copy(draft, url);
    }
}

static struct hr_text secret_at(struct hr_draft *draft, const struct hr_tool *tool,
                                const struct hr_node *map, const char *key)
{
    const struct hr_node *node = hr_draft_get(map, key);
    bool pasted =
        node != NULL && node->kind == HR_NODE_scalar && hr_looks_secret(node->scalar, true);
    if (pasted && !hr_looks_secret(node->scalar, strcmp(key, "secret") == 0)) {
        hr_draft_complain_secret(draft, node, tool->id, hr_text_from(key), true);
    } /* all else was seen when the file was read */
    return node == NULL || pasted || !hr_draft_id(draft, node, "secret", false)
               ? HR_TEXT_NONE
               : hr_draft_copy(draft, node->scalar);
}

/* Where tokens are given out, and to whom. A tool that is no plain HTTP brings what its description knows. */
static void read_oauth(struct hr_draft *draft, struct hr_tool *tool, const struct hr_node *auth)
{
    static const char *const keys[] = {"token_url", "client_id", "scope", "credentials"};
    const struct hr_node *url = hr_draft_get(auth, "token_url");
    tool->auth.token_url = hr_draft_line(draft, auth, "token_url");
    tool->auth.client_id = hr_draft_line(draft, auth, "client_id");
    tool->auth.scope = hr_draft_line(draft, auth, "scope");
    tool->auth.credentials = (enum hr_credentials)hr_draft_word_at(
        draft, auth, "credentials", &hr_words_credentials, HR_CREDENTIALS_basic);
    if (tool->auth.kind != HR_AUTH_oauth) {
        for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
            const struct hr_node *node = hr_draft_get(auth, keys[i]);
            if (node != NULL) {
                hr_draft_error(draft, auth_incomplete, node->place,
                               "`%s` has no meaning without `oauth`", keys[i])
                    ->help = HR_TEXT("remove the line, or sign in with `oauth: NAME_OF_SECRET`");
            }
        }
        return;
    }
    if (url != NULL && tool->auth.token_url.size > 0 && !is_address(tool->auth.token_url)) {
        hr_draft_error(draft, allow_form, url->place, "no token can be asked for at this address");
    }
    for (size_t i = 0; i < 2 && tool->kind == HR_TOOL_http; i++) {
        if (hr_draft_get(auth, keys[i]) == NULL &&
            !hr_draft_misspelt(HR_GRAM_auth, auth, keys[i])) {
            hr_draft_error(draft, auth_incomplete, auth->place, "`oauth` does not say `%s`",
                           keys[i])
                ->help = i == 0 ? HR_TEXT("add `token_url: https://...`, where the tool gives out "
                                          "tokens; its manual names it")
                                : HR_TEXT("add `client_id:` with the name under which the tool "
                                          "knows Handrail");
        }
    }
}

/* The header that brings a secret is none that a call has anyhow. */
static void check_own_header(struct hr_draft *draft, const struct hr_node *node)
{
    if (node->kind == HR_NODE_scalar && node->scalar.size > 0 &&
        !hr_is_call_header(node->scalar, true)) {
        hr_draft_error(draft, header_form, node->place,
                       "`%.*s` is no header that can bring a secret",
                       HR_SHOW(hr_clipped(node->scalar)));
    }
}

static void read_auth(struct hr_draft *draft, struct hr_tool *tool, const struct hr_node *map)
{
    static const struct {
        const char *key;
        enum hr_auth_kind kind;
        bool own_secret; /* the key itself names the secret */
    } ways[] = {{"bearer", HR_AUTH_bearer, true},
                {"oauth", HR_AUTH_oauth, true},
                {"header", HR_AUTH_header, false},
                {"basic", HR_AUTH_basic, false}};
    const struct hr_node *auth = hr_draft_get(map, "auth");
    if (auth == NULL || !hr_draft_map(draft, HR_GRAM_auth, auth, auth)) {
        return;
    }
    size_t said = 0;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        if (hr_draft_get(auth, ways[i].key) == NULL) {
            continue;
        }
        said++;
        tool->auth.kind = ways[i].kind;
        tool->auth.secret =
            secret_at(draft, tool, auth, ways[i].own_secret ? ways[i].key : "secret");
        if (!ways[i].own_secret && hr_draft_get(auth, "secret") == NULL) {
            hr_draft_error(draft, auth_incomplete, auth->place, "`%s` does not name its secret",
                           ways[i].key);
        }
    }
    tool->auth.header = hr_draft_line(draft, auth, "header");
    tool->auth.user = hr_draft_line(draft, auth, "basic");
    read_oauth(draft, tool, auth);
    if (said == 1 && tool->auth.kind == HR_AUTH_header) {
        check_own_header(draft, hr_draft_get(auth, "header"));
    }
    if (said != 1) {
        hr_draft_error(draft, auth_incomplete, auth->place,
                       said == 0 ? "nothing says how to sign in"
                                 : "there is more than one way to sign in");
    }
}

/* ---- all of it ------------------------------------------------------------------------------------- */

/* "key for 24 hours", and of a call the header that brings the key. */
static void read_repeat(struct hr_draft *draft, struct hr_tool *tool, const struct hr_node *map)
{
    const struct hr_node *node = hr_draft_get(map, "repeat_protection");
    const struct hr_node *header = hr_draft_get(map, "key_header");
    struct hr_text key = HR_TEXT("key for ");
    tool->key_header =
        header == NULL ? HR_TEXT("Idempotency-Key") : hr_draft_line(draft, map, "key_header");
    if (header != NULL && tool->key_header.size > 0 &&
        !hr_is_call_header(tool->key_header, false)) {
        hr_draft_error(draft, header_form, header->place,
                       "`%.*s` is no header that can bring a key",
                       HR_SHOW(hr_clipped(tool->key_header)));
    }
    if (header != NULL && node == NULL) {
        hr_draft_error(draft, tool_key_superfluous, header->place,
                       "`key_header` has no meaning without `repeat_protection`")
            ->help =
            HR_TEXT("add `repeat_protection: key for 24 hours`, as the tool's manual says");
    }
    if (node == NULL || !hr_draft_scalar(draft, node, "repeat_protection")) {
        return;
    }
    struct hr_text span = hr_text_slice(node->scalar, key.size, node->scalar.size);
    tool->has_repeat_key =
        hr_text_starts(node->scalar, key) && hr_span_read(span, &tool->repeat_key_for);
    if (!tool->has_repeat_key) {
        hr_draft_error(draft, repeat_form, node->place,
                       "`%.*s` does not say how a second sending is recognised",
                       HR_SHOW(hr_clipped(node->scalar)));
    }
}

/* Keys that only a tool of some other kind has: here they would do nothing. */
static void check_kind_keys(struct hr_draft *draft, const struct hr_tool *tool,
                            const struct hr_node *map)
{
    static const struct {
        const char *key;
        enum hr_tool_kind kind;
        enum hr_tool_kind or_kind;
    } keys[] = {{"from", HR_TOOL_email, HR_TOOL_email},
                {"postal_address", HR_TOOL_email, HR_TOOL_email},
                {"unsubscribe", HR_TOOL_email, HR_TOOL_email},
                {"repeat_protection", HR_TOOL_email, HR_TOOL_http},
                {"key_header", HR_TOOL_http, HR_TOOL_http},
                {"approval", HR_TOOL_import, HR_TOOL_import}};
    struct hr_text kind = hr_words_tool_kind.items[tool->kind];
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const struct hr_node *node = hr_draft_get(map, keys[i].key);
        int32_t index = (int32_t)(tool - draft->plan->tools);
        if (node == NULL || !hr_draft_tool_is_not(draft, index, keys[i].kind) ||
            !hr_draft_tool_is_not(draft, index, keys[i].or_kind)) {
            continue;
        }
        struct hr_text other = hr_words_tool_kind.items[keys[i].kind];
        hr_draft_error(draft, tool_key_superfluous, node->place,
                       "`%s` has no meaning for a tool of kind %.*s", keys[i].key, HR_SHOW(kind))
            ->help = hr_draft_say(draft, "remove the line, or write `kind: %.*s`", HR_SHOW(other));
    }
}

static void read_one_outside(struct hr_draft *draft, struct hr_tool *tool,
                             const struct hr_node *map)
{
    read_allow(draft, tool, map);
    read_auth(draft, tool, map);
    tool->limit = hr_draft_rate(draft, hr_draft_get(map, "limit"));
    tool->has_timeout = hr_draft_span_at(draft, map, "timeout", &tool->timeout);
    tool->has_reconcile = hr_draft_every(draft, hr_draft_get(map, "reconcile"), &tool->reconcile);
    tool->sends = hr_draft_fields_at(draft, map, "sends", HR_RECORD_TYPE_contact);
    tool->sends_said = hr_draft_get(map, "sends") != NULL;
    tool->from = hr_draft_address(draft, map, "from",
                                  "letters cannot come from an address with letters beyond ASCII");
    tool->postal_address = hr_draft_line(draft, map, "postal_address");
    /* the words begin behind `unsaid` */
    tool->unsubscribe = (enum hr_unsubscribe)(
        hr_draft_word_at(draft, map, "unsubscribe", &hr_words_unsubscribe, -1) + 1);
    tool->import_approval = (enum hr_import_approval)(
        hr_draft_word_at(draft, map, "approval", &hr_words_import_approval, -1) + 1);
    check_kind_keys(draft, tool, map);
    read_repeat(draft, tool, map);
    hr_draft_read_actions(draft, tool, map);
}

void hr_draft_read_outside(struct hr_draft *draft)
{
    for (size_t i = 0; i < draft->plan->tool_count; i++) {
        if (draft->tools.pairs[i].value->kind == HR_NODE_map) {
            read_one_outside(draft, &draft->plan->tools[i], draft->tools.pairs[i].value);
        }
    }
}
