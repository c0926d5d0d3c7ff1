/* completion: what the shells ask while somebody types. The scripts for bash, zsh and fish hand over the words so far;
 * the answer comes from the table of commands, the table of codes and the workspace's files, which may have errors just
 * then: ids are read from whatever can be read of them. */
#include "cli_inside.h"

#include "data/yaml.h"

#include <string.h>

enum { OUT_BYTES_MAX = 1 << 20, SCRATCH_BYTES_MAX = 256 << 20, HELP_BYTES = 60 };

struct typing {
    struct hr_cli *cli;
    struct hr_text *words; /* behind "handrail"; the last one is being typed, and may be empty */
    size_t count;
    struct hr_text current;
    struct hr_text before; /* "--flag=", when it is typed in one word with its value */
    const char *folder;
    struct hr_buffer out;
    struct hr_map
        offered; /* a name may be that of a handoff and of an automation: it is offered once */
};

/* ---- answers ---------------------------------------------------------------------------------------- */

/* A candidate, when it goes on from what is typed; with a word about it. */
static void offer(struct typing *typing, struct hr_text candidate, struct hr_text about)
{
    if (candidate.size == 0 || !hr_text_starts(candidate, typing->current) ||
        hr_map_find(&typing->offered, candidate) != NULL ||
        !hr_ok(hr_map_put(&typing->offered, hr_text_copy(&typing->cli->arena, candidate), 1))) {
        return;
    }
    hr_buffer_add_text(&typing->out, typing->before);
    hr_buffer_add_text(&typing->out, candidate);
    if (about.size > 0) {
        hr_buffer_add_byte(&typing->out, '\t');
        hr_buffer_add_text(&typing->out, hr_text_clip(about, HELP_BYTES));
    }
    hr_buffer_add_byte(&typing->out, '\n');
}

/* The shell itself knows files and folders best. */
static void offer_paths(struct typing *typing, bool folders)
{
    hr_buffer_add_text(&typing->out, folders ? HR_TEXT(":folders\n") : HR_TEXT(":files\n"));
}

static void offer_verbs(struct typing *typing, struct hr_text group)
{
    struct hr_text last = HR_TEXT_NONE;
    for (const struct hr_verb_row *row = hr_verb_rows; row->kind != HR_ROW_last; row++) {
        struct hr_text second = hr_text_from(row->name);
        struct hr_text first = hr_text_cut(&second, ' ');
        if (row->kind != HR_ROW_verb) {
            continue;
        }
        if (group.size > 0) {
            if (hr_text_equal(first, group)) {
                offer(typing, second, hr_text_from(row->summary));
            }
        } else if (!hr_text_equal(first, last)) {
            offer(typing, first, second.size > 0 ? HR_TEXT_NONE : hr_text_from(row->summary));
            last = first;
        }
    }
}

static void offer_codes(struct typing *typing)
{
    char letter = hr_text_starts(typing->current, HR_TEXT("W")) ? 'W' : 'E';
    for (size_t i = 0; hr_code_at(i) != NULL; i++) {
        const struct hr_code_info *info = hr_code_at(i);
        offer(typing, hr_text_format(&typing->cli->arena, "%c%04d", letter, (int)info->code),
              hr_text_from(info->text));
    }
}

static void offer_examples(struct typing *typing)
{
    struct hr_text last = HR_TEXT_NONE;
    for (size_t i = 0; i < hr_example_file_count; i++) {
        struct hr_text rest = hr_text_from(hr_example_files[i].path);
        struct hr_text name = hr_text_cut(&rest, '/');
        if (!hr_text_equal(name, last)) {
            offer(typing, name, HR_TEXT_NONE);
        }
        last = name;
    }
}

/* ---- ids of the workspace ----------------------------------------------------------------------------- */

static struct hr_text title_of(const struct hr_node *thing, const char *key)
{
    const struct hr_node *title =
        thing->kind == HR_NODE_map ? hr_node_get(thing, hr_text_from(key)) : NULL;
    return title != NULL && title->kind == HR_NODE_scalar ? title->scalar : HR_TEXT_NONE;
}

/* The keys of a map, each with its title. */
static void offer_keys(struct typing *typing, const struct hr_node *map, const char *title)
{
    for (size_t i = 0; map != NULL && map->kind == HR_NODE_map && i < map->count; i++) {
        offer(typing, map->pairs[i].key->scalar, title_of(map->pairs[i].value, title));
    }
}

static const struct hr_node *get(const struct hr_node *map, const char *key)
{
    return map == NULL || map->kind != HR_NODE_map ? NULL : hr_node_get(map, hr_text_from(key));
}

static void offer_handoffs(struct typing *typing, const struct hr_node *paths)
{
    for (size_t i = 0; paths != NULL && paths->kind == HR_NODE_map && i < paths->count; i++) {
        const struct hr_node *list = get(paths->pairs[i].value, "handoffs");
        for (size_t at = 0; list != NULL && list->kind == HR_NODE_list && at < list->count; at++) {
            offer(typing, title_of(list->items[at], "id"), HR_TEXT("a handoff"));
        }
    }
}

static void offer_events(struct typing *typing, const struct hr_node *tools)
{
    for (size_t i = 0; tools != NULL && tools->kind == HR_NODE_map && i < tools->count; i++) {
        const struct hr_node *events = get(tools->pairs[i].value, "events");
        offer_keys(typing, events, "title");
        for (size_t at = 0; events != NULL && events->kind == HR_NODE_list && at < events->count;
             at++) {
            offer(typing, events->items[at]->scalar, tools->pairs[i].key->scalar);
        }
    }
}

static void offer_secrets(struct typing *typing, const struct hr_node *tools)
{
    for (size_t i = 0; tools != NULL && tools->kind == HR_NODE_map && i < tools->count; i++) {
        static const char *const keys[] = {"verify", "auth"};
        for (size_t at = 0; at < sizeof keys / sizeof keys[0]; at++) {
            const struct hr_node *use = get(tools->pairs[i].value, keys[at]);
            if (use != NULL) {
                offer(typing, title_of(use, "secret"), tools->pairs[i].key->scalar);
                offer(typing, title_of(use, "bearer"), tools->pairs[i].key->scalar);
                offer(typing, title_of(use, "oauth"), tools->pairs[i].key->scalar);
            }
        }
    }
}

/* What one file of the workspace has of a kind. */
static void offer_from(struct typing *typing, struct hr_text kind, const struct hr_node *root)
{
    static const struct {
        struct hr_text kind;
        const char *section;
        const char *title;
    } sections[] = {{HR_TEXT("PERSON"), "people", "name"},
                    {HR_TEXT("TOOL"), "tools", "title"},
                    {HR_TEXT("PATH"), "paths", "title"},
                    {HR_TEXT("AUTOMATION"), "automations", "title"},
                    {HR_TEXT("MESSAGE"), "messages", "subject"},
                    {HR_TEXT("PIPELINE"), "pipelines", "title"}};
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        if (hr_text_equal(kind, sections[i].kind)) {
            offer_keys(typing, get(root, sections[i].section), sections[i].title);
        }
    }
    if (hr_text_equal(kind, HR_TEXT("FIELD")) || hr_text_equal(kind, HR_TEXT("FIELD=VALUE"))) {
        offer_keys(typing, get(get(root, "contacts"), "fields"), "title");
    } else if (hr_text_equal(kind, HR_TEXT("HANDOFF"))) {
        offer_handoffs(typing, get(root, "paths"));
    } else if (hr_text_equal(kind, HR_TEXT("TYPE"))) {
        offer_events(typing, get(root, "tools"));
    } else if (hr_text_equal(kind, HR_TEXT("SECRET"))) {
        offer_secrets(typing, get(root, "tools"));
    }
}

static void offer_ids(struct typing *typing, struct hr_text kind)
{
    struct hr_diagnostics quiet;
    struct hr_arena scratch;
    struct hr_file *files = NULL;
    size_t count = 0;
    bool is_message = hr_text_equal(kind, HR_TEXT("MESSAGE"));
    hr_arena_init(&scratch, SCRATCH_BYTES_MAX);
    hr_diagnostics_init(&quiet, &scratch);
    if (hr_ok(hr_files_read(typing->folder, &scratch, &quiet, &files, &count))) {
        for (size_t i = 0; i < count; i++) {
            struct hr_node *root = NULL;
            if (hr_workspace_has_message(files[i].path)) {
                offer(typing, is_message ? hr_workspace_message_id(files[i].path) : HR_TEXT_NONE,
                      HR_TEXT("a message"));
            } else if (hr_ok(
                           hr_yaml_read(&scratch, files[i].path, files[i].bytes, &quiet, &root))) {
                offer_from(typing, kind, root);
            }
        }
    }
    hr_arena_close(&scratch);
}

/* ---- what may stand here ------------------------------------------------------------------------------- */

/* One word of a usage line: PERSON, CODE, bash|zsh... */
static void offer_kind(struct typing *typing, const struct hr_verb_row *verb, struct hr_text kind)
{
    bool secret = hr_text_starts(hr_text_from(verb->name), HR_TEXT("secret "));
    if (kind.size == 0) {
        return;
    }
    if (kind.data[0] >= 'a' && kind.data[0] <= 'z') {
        offer(typing, kind, HR_TEXT_NONE); /* the word itself */
    } else if (hr_text_equal(kind, HR_TEXT("CODE"))) {
        offer_codes(typing);
    } else if (hr_text_equal(kind, HR_TEXT("VERB"))) {
        offer_verbs(typing, HR_TEXT_NONE);
    } else if (hr_text_equal(kind, HR_TEXT("DIR"))) {
        offer_paths(typing, true);
    } else if (hr_text_equal(kind, HR_TEXT("FILE"))) {
        offer_paths(typing, false);
    } else if (hr_text_equal(kind, HR_TEXT("EXAMPLE"))) {
        offer_examples(typing);
    } else {
        offer_ids(typing,
                  secret && hr_text_equal(kind, HR_TEXT("NAME")) ? HR_TEXT("SECRET") : kind);
    }
}

/* All that "[FIELD|HANDOFF]" or "PATH..." allows. */
static void offer_kinds(struct typing *typing, const struct hr_verb_row *verb, struct hr_text kinds)
{
    while (kinds.size > 0) {
        struct hr_text kind = hr_text_cut(&kinds, '|');
        while (kind.size > 0 && (kind.data[0] == '[' || kind.data[0] == '.')) {
            kind = hr_text_slice(kind, 1, kind.size);
        }
        while (kind.size > 0 && strchr("].", kind.data[kind.size - 1]) != NULL) {
            kind.size--;
        }
        offer_kind(typing, verb, kind);
    }
}

/* The object of a verb at this place; the last one of a usage line that ends in "..." comes again and again. */
static void offer_object(struct typing *typing, const struct hr_verb_row *verb, size_t place)
{
    struct hr_text rest = hr_text_from(verb->words);
    struct hr_text kinds = HR_TEXT_NONE;
    for (size_t i = 0; i <= place; i++) {
        bool again = hr_text_search(kinds, HR_TEXT("...")) < kinds.size;
        if (rest.size == 0 && !again) {
            return;
        }
        kinds = rest.size > 0 ? hr_text_cut(&rest, ' ') : kinds;
    }
    offer_kinds(typing, verb, kinds);
}

static const struct hr_verb_row *flag_row(const struct hr_verb_row *verb, struct hr_text name)
{
    for (const struct hr_verb_row *row = verb + 1; row->kind == HR_ROW_flag; row++) {
        if (hr_text_equal(hr_text_from(row->name), name)) {
            return row;
        }
    }
    return NULL;
}

static void offer_flags(struct typing *typing, const struct hr_verb_row *verb)
{
    for (const struct hr_verb_row *row = verb + 1; verb != NULL && row->kind == HR_ROW_flag;
         row++) {
        offer(typing, hr_text_format(&typing->cli->arena, "--%s", row->name),
              hr_text_from(row->summary));
    }
    offer(typing, HR_TEXT("--dir"), HR_TEXT("the workspace"));
    offer(typing, HR_TEXT("--token"), HR_TEXT("who you are"));
    offer(typing, HR_TEXT("--json"), HR_TEXT("one JSON document on stdout"));
    offer(typing, HR_TEXT("--plain"), HR_TEXT("no colour"));
    offer(typing, HR_TEXT("--help"), HR_TEXT("about this command"));
}

/* The value of a flag; true when it takes one. */
static bool offer_value(struct typing *typing, const struct hr_verb_row *verb, struct hr_text name)
{
    const struct hr_verb_row *row = verb == NULL ? NULL : flag_row(verb, name);
    if (hr_text_equal(name, HR_TEXT("dir"))) {
        offer_paths(typing, true);
        return true;
    }
    if (row == NULL || row->words[0] == '\0') {
        return hr_text_equal(name, HR_TEXT("token"));
    }
    offer_kinds(typing, verb, hr_text_from(row->words));
    return true;
}

/* ---- the words so far ----------------------------------------------------------------------------------- */

static bool is_flag(struct hr_text word)
{
    return word.size > 1 && word.data[0] == '-';
}

static bool takes_value(const struct hr_verb_row *verb, struct hr_text flag)
{
    struct hr_text name = hr_text_slice(flag, 2, flag.size);
    const struct hr_verb_row *row = verb == NULL ? NULL : flag_row(verb, name);
    return hr_text_equal(name, HR_TEXT("dir")) || hr_text_equal(name, HR_TEXT("token")) ||
           (row != NULL && row->words[0] != '\0');
}

/* Reads the words before the one that is typed: the verb and how many of its objects are there. */
struct so_far {
    const struct hr_verb_row *verb;
    struct hr_text group; /* the first word, when a second one decides */
    size_t objects;
    bool only_objects; /* behind "--" */
};

static void take_word(struct so_far *so_far, struct hr_text word)
{
    if (so_far->verb == NULL && so_far->group.size == 0) {
        so_far->verb = hr_verb_find(word, HR_TEXT_NONE);
        so_far->group = so_far->verb == NULL ? word : HR_TEXT_NONE;
    } else if (so_far->verb == NULL) {
        so_far->verb = hr_verb_find(so_far->group, word);
        so_far->objects += so_far->verb == NULL;
    } else {
        so_far->objects++;
    }
}

static struct so_far read_words(const struct typing *typing)
{
    struct so_far so_far = {.verb = NULL};
    for (size_t i = 0; i + 1 < typing->count; i++) {
        struct hr_text word = typing->words[i];
        if (hr_text_equal(word, HR_TEXT("--"))) {
            so_far.only_objects = true;
        } else if (so_far.only_objects || !is_flag(word)) {
            take_word(&so_far, word);
        } else if (hr_text_find(word, '=') == word.size && takes_value(so_far.verb, word)) {
            i++;
        }
    }
    return so_far;
}

/* The workspace that --dir names, or the one that is meant without. */
static const char *folder_of(struct typing *typing)
{
    for (size_t i = 0; i + 1 < typing->count; i++) {
        struct hr_text word = typing->words[i];
        if (hr_text_equal(word, HR_TEXT("--dir")) && i + 2 < typing->count) {
            return typing->words[i + 1].data;
        }
        if (hr_text_starts(word, HR_TEXT("--dir="))) {
            return word.data + 6;
        }
    }
    return hr_cli_folder_here(typing->cli);
}

static void complete(struct typing *typing)
{
    struct so_far so_far = read_words(typing);
    struct hr_text previous = typing->count > 1 ? typing->words[typing->count - 2] : HR_TEXT_NONE;
    struct hr_text value = typing->current;
    struct hr_text flag = hr_text_cut(&value, '=');
    if (!so_far.only_objects && is_flag(previous) && hr_text_find(previous, '=') == previous.size &&
        offer_value(typing, so_far.verb, hr_text_slice(previous, 2, previous.size))) {
        return;
    }
    if (!so_far.only_objects && hr_text_starts(typing->current, HR_TEXT("-"))) {
        if (hr_text_find(typing->current, '=') == typing->current.size) {
            offer_flags(typing, so_far.verb);
            return;
        }
        typing->before = hr_text_format(&typing->cli->arena, "%.*s=", HR_SHOW(flag));
        typing->current = value;
        (void)offer_value(typing, so_far.verb, hr_text_slice(flag, 2, flag.size));
        return;
    }
    if (so_far.verb == NULL) {
        offer_verbs(typing, so_far.group);
        return;
    }
    offer_object(typing, so_far.verb, so_far.objects);
}

/* ---- the verb -------------------------------------------------------------------------------------------- */

static const struct {
    const char *shell;
    const char *script;
} scripts[] = {
#define SCRIPT(shell, script) {shell, script},
#include "cli/completion.tbl"
#undef SCRIPT
};

int hr_verb_completion(struct hr_cli *cli)
{
    struct typing typing = {.cli = cli, .words = cli->objects + 1, .count = cli->object_count - 1};
    if (cli->object_count == 1) {
        for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
            if (hr_text_equal(cli->objects[0], hr_text_from(scripts[i].shell))) {
                hr_cli_print(cli, hr_text_from(scripts[i].script));
                return HR_EXIT_ok;
            }
        }
    }
    if (!hr_text_equal(cli->objects[0], HR_TEXT("words")) || typing.count == 0) {
        return hr_cli_fail(cli, HR_CODE_words_wrong, "usage: handrail completion bash|zsh|fish");
    }
    hr_buffer_init(&typing.out, &cli->arena, OUT_BYTES_MAX);
    hr_map_init(&typing.offered, &cli->arena);
    typing.current = typing.words[typing.count - 1];
    typing.folder = folder_of(&typing);
    complete(&typing);
    hr_cli_print(cli, hr_buffer_text(&typing.out));
    return HR_EXIT_ok;
}
