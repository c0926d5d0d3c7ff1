/* DIR/.handrail/settings.yaml: what belongs to this machine and not to the workspace. */
#include "data/yaml.h"
#include "server/files.h"

#include <errno.h>
#include <sys/stat.h>

enum { SETTINGS_BYTES_MAX = 64 << 10, KEEP_LIVE = 10000000 };

struct reading {
    struct hr_arena *arena;
    struct hr_diagnostics *reterr;
    struct hr_settings *settings;
    bool failed;
};

static void complain(struct reading *reading, const struct hr_node *node, const char *what)
{
    reading->failed = true;
    (void)hr_diagnostics_add(reading->reterr, HR_CODE_settings_wrong, HR_SEVERITY_error,
                             node->place, "%s", what);
}

static struct hr_text scalar(struct reading *reading, const struct hr_node *map, const char *key)
{
    const struct hr_node *node = map == NULL ? NULL : hr_node_get(map, hr_text_from(key));
    if (node == NULL) {
        return HR_TEXT_NONE;
    }
    if (node->kind != HR_NODE_scalar) {
        complain(reading, node, "one value is expected here");
        return HR_TEXT_NONE;
    }
    return node->scalar;
}

static uint16_t port(struct reading *reading, const struct hr_node *map, const char *key,
                     uint16_t otherwise)
{
    struct hr_text text = scalar(reading, map, key);
    int64_t number = 0;
    if (text.size == 0) {
        return otherwise;
    }
    if (!hr_text_to_integer(text, &number) || number < 0 || number > UINT16_MAX) {
        complain(reading, hr_node_get(map, hr_text_from(key)),
                 "a port is a number from 0 to 65535");
        return otherwise;
    }
    return (uint16_t)number;
}

static enum hr_mail_tls tls(struct reading *reading, const struct hr_node *mail)
{
    static const struct {
        const char *word;
        enum hr_mail_tls tls;
    } words[] = {{"required", HR_MAIL_TLS_required},
                 {"optional", HR_MAIL_TLS_optional},
                 {"none", HR_MAIL_TLS_none},
                 {"from_start", HR_MAIL_TLS_from_start}};
    struct hr_text text = scalar(reading, mail, "tls");
    if (text.size == 0) {
        return HR_MAIL_TLS_required;
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (hr_text_equal(text, hr_text_from(words[i].word))) {
            return words[i].tls;
        }
    }
    complain(reading, hr_node_get(mail, HR_TEXT("tls")),
             "tls is required, optional, none or from_start");
    return HR_MAIL_TLS_required;
}

static void read_allow(struct reading *reading, const struct hr_node *list)
{
    if (list == NULL) {
        return;
    }
    struct hr_text *allow = hr_arena_new_many(reading->arena, struct hr_text, list->count);
    if (allow == NULL || list->kind != HR_NODE_list) {
        complain(reading, list, "a list of host:port is expected here");
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        allow[i] = list->items[i]->scalar;
    }
    reading->settings->allow = allow;
    reading->settings->allow_count = list->count;
}

static void refuse_unknown(struct reading *reading, const struct hr_node *map,
                           const struct hr_text *known, size_t count);
static const struct hr_node *map_of(struct reading *reading, const struct hr_node *root,
                                    const char *key, const char *what);

static const char mail_has[] = "mail has keys of its own: host, port, tls, user, password, ...";

/* An address that stands in place of one in the workspace; without the '/' at its end. */
static struct hr_text address_here(struct reading *reading, const struct hr_node *map,
                                   const char *key)
{
    struct hr_text url = scalar(reading, map, key);
    bool plain = hr_text_find(url, '?') == url.size && hr_text_find(url, '#') == url.size;
    if (url.size > 0 && (!plain || hr_http_origin(reading->arena, url).size == 0)) {
        complain(reading, hr_node_get(map, hr_text_from(key)),
                 "an address begins with http:// or https://, and has no user name, `?` or `#`");
        return HR_TEXT_NONE;
    }
    while (hr_text_ends(url, HR_TEXT("/"))) {
        url.size--;
    }
    return url;
}

/* mail: of the machine, or of a tool (`tool` is its id). */
static void read_mail(struct reading *reading, const struct hr_node *mail, struct hr_text tool,
                      struct hr_mail_settings *ret_mail)
{
    /* of a tool's letters the sender stands in the workspace, so `from`, the last, is the machine's alone */
    static const struct hr_text keys[] = {{"host", 4},     {"port", 4},    {"tls", 3}, {"user", 4},
                                          {"password", 8}, {"ca_file", 7}, {"from", 4}};
    size_t count = sizeof keys / sizeof keys[0] - (tool.size > 0);
    refuse_unknown(reading, mail, keys, count);
    *ret_mail = (struct hr_mail_settings){
        .tool = tool,
        .host = scalar(reading, mail, "host"),
        .port = port(reading, mail, "port", 0),
        .tls = mail == NULL ? HR_MAIL_TLS_required : tls(reading, mail),
        .user = scalar(reading, mail, "user"),
        .secret = scalar(reading, mail, "password"),
        .ca_file = scalar(reading, mail, "ca_file"),
        .from = scalar(reading, mail, "from"),
    };
    if (tool.size > 0 && ret_mail->host.size == 0) {
        complain(reading, mail, "mail of a tool needs a host");
    }
}

/* One line of tools. */
static void read_tool(struct reading *reading, const struct hr_node *key,
                      const struct hr_node *value, struct hr_tool_here *ret_here,
                      struct hr_mail_settings *mails)
{
    static const struct hr_text keys[] = {{"base", 4}, {"token_url", 9}, {"mail", 4}};
    if (value->kind != HR_NODE_map) {
        complain(reading, key, "a tool has keys of its own: base, token_url, mail");
        return;
    }
    refuse_unknown(reading, value, keys, sizeof keys / sizeof keys[0]);
    *ret_here = (struct hr_tool_here){key->scalar, address_here(reading, value, "base"),
                                      address_here(reading, value, "token_url")};
    const struct hr_node *mail = map_of(reading, value, "mail", mail_has);
    if (mail != NULL) {
        read_mail(reading, mail, key->scalar, &mails[reading->settings->tool_mail_count++]);
    }
}

/* tools: {course_platform: {base: http://127.0.0.1:8801}}: where a tool is called from this machine, and
 * tools: {letters: {mail: {host: smtp.example.com}}}: through which server its letters go. It stands here and not in
 * the workspace, because whoever may set it may send the tool's secret there, and may reach the inside. */
static void read_tools(struct reading *reading, const struct hr_node *map)
{
    if (map == NULL) {
        return;
    }
    struct hr_tool_here *tools = hr_arena_new_many(reading->arena, struct hr_tool_here, map->count);
    struct hr_mail_settings *mails =
        hr_arena_new_many(reading->arena, struct hr_mail_settings, map->count);
    for (size_t i = 0; tools != NULL && mails != NULL && i < map->count; i++) {
        read_tool(reading, map->pairs[i].key, map->pairs[i].value, &tools[i], mails);
    }
    reading->failed = reading->failed || tools == NULL || mails == NULL;
    reading->settings->tools = tools;
    reading->settings->tool_count = tools == NULL ? 0 : map->count;
    reading->settings->tool_mails = mails;
}

static void refuse_unknown(struct reading *reading, const struct hr_node *map,
                           const struct hr_text *known, size_t count)
{
    for (size_t i = 0; map != NULL && map->kind == HR_NODE_map && i < map->count; i++) {
        const struct hr_node *key = map->pairs[i].key;
        bool found = false;
        for (size_t k = 0; k < count; k++) {
            found = found || hr_text_equal(key->scalar, known[k]);
        }
        if (!found) {
            struct hr_text meant = hr_did_you_mean(key->scalar, known, count);
            reading->failed = true;
            struct hr_diagnostic *item =
                hr_diagnostics_add(reading->reterr, HR_CODE_settings_wrong, HR_SEVERITY_error,
                                   key->place, "there is no setting `%.*s`", HR_SHOW(key->scalar));
            if (meant.size > 0) {
                item->help =
                    hr_text_format(reading->reterr->arena, "did you mean `%.*s`?", HR_SHOW(meant));
            }
        }
    }
}

static void read_keep(struct reading *reading, const struct hr_node *root)
{
    struct hr_text text = scalar(reading, root, "keep_live");
    int64_t entries = 0;
    if (text.size == 0) {
        return;
    }
    if (!hr_text_to_integer(text, &entries) || entries < 1000) {
        complain(reading, hr_node_get(root, HR_TEXT("keep_live")),
                 "keep_live is a number of entries, at least 1000");
        return;
    }
    reading->settings->keep_live = (uint64_t)entries;
}

/* The map under a key, or NULL; a key with nothing behind it is as good as absent. */
static const struct hr_node *map_of(struct reading *reading, const struct hr_node *root,
                                    const char *key, const char *what)
{
    const struct hr_node *node = hr_node_get(root, hr_text_from(key));
    if (node == NULL || node->kind == HR_NODE_map) {
        return node;
    }
    if (node->kind != HR_NODE_scalar || node->scalar.size > 0) {
        complain(reading, node, what);
    }
    return NULL;
}

static void read_root(struct reading *reading, const struct hr_node *root)
{
    static const struct hr_text keys[] = {{"listen", 6}, {"port", 4},      {"url", 3},  {"mail", 4},
                                          {"allow", 5},  {"keep_live", 9}, {"tools", 5}};
    struct hr_settings *settings = reading->settings;
    refuse_unknown(reading, root, keys, sizeof keys / sizeof keys[0]);
    struct hr_text address = scalar(reading, root, "listen");
    settings->address = address.size > 0 ? address : settings->address;
    settings->port = port(reading, root, "port", settings->port);
    settings->url = scalar(reading, root, "url");
    read_mail(reading, map_of(reading, root, "mail", mail_has), HR_TEXT_NONE, &settings->mail);
    read_allow(reading, hr_node_get(root, HR_TEXT("allow")));
    read_tools(reading,
               map_of(reading, root, "tools", "tools are ids with keys: base, token_url, mail"));
    read_keep(reading, root);
}

/* Only a file that is not there means defaults: one that cannot be read may say something else. */
static bool is_absent(const char *path)
{
    struct stat about;
    return stat(path, &about) != 0 && errno == ENOENT;
}

static hr_status refuse_file(struct hr_diagnostics *reterr)
{
    struct hr_place place = {.file = HR_TEXT(".handrail/settings.yaml")};
    (void)hr_diagnostics_add(reterr, HR_CODE_settings_wrong, HR_SEVERITY_error, place,
                             "settings.yaml is there but cannot be read, or is larger than 64 KiB");
    return hr_answer(HR_E_INPUT);
}

hr_status hr_settings_read(const char *data_folder, struct hr_arena *into,
                           struct hr_diagnostics *reterr, struct hr_settings *ret_settings)
{
    *ret_settings =
        (struct hr_settings){.address = HR_TEXT("127.0.0.1"), .port = 8080, .keep_live = KEEP_LIVE};
    struct hr_text path = hr_text_format(into, "%s/settings.yaml", data_folder);
    struct hr_text bytes = HR_TEXT_NONE;
    if (path.data == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    if (is_absent(path.data)) {
        return hr_done();
    }
    if (!hr_ok(hr_file_read(path.data, SETTINGS_BYTES_MAX, into, &bytes))) {
        return refuse_file(reterr);
    }
    struct hr_node *root = NULL;
    HR_TRY(hr_yaml_read(into, HR_TEXT(".handrail/settings.yaml"), bytes, reterr, &root));
    struct reading reading = {.arena = into, .reterr = reterr, .settings = ret_settings};
    if (root->kind == HR_NODE_map) {
        read_root(&reading, root);
    } else {
        complain(&reading, root, "settings are keys with values, like `port: 8080`");
    }
    return reading.failed ? hr_answer(HR_E_INPUT) : hr_done();
}

const struct hr_mail_settings *hr_mail_settings_of(const struct hr_settings *settings,
                                                   struct hr_text tool)
{
    for (size_t i = 0; i < settings->tool_mail_count; i++) {
        if (hr_text_equal(settings->tool_mails[i].tool, tool)) {
            return &settings->tool_mails[i];
        }
    }
    return &settings->mail;
}
