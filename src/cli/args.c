/* From the words of a command line to a verb, its objects and its flags. */
#include "cli_inside.h"

#include <string.h>

enum { CANDIDATES_MAX = 64, GROUP_BYTES_MAX = 1024 };

/* Flags that every command has. */
static const struct {
    const char *name;
    bool takes_value;
} common[] = {{"dir", true}, {"token", true}, {"json", false}, {"plain", false}, {"help", false}};

struct words {
    char **words;
    int count;
    int at;
    bool only_objects; /* behind "--" */
};

static bool is_flag(const char *word)
{
    return word[0] == '-' && word[1] != '\0';
}

/* True if the common flag takes the next word; for finding the verb before its flags are known. */
static bool takes_next(const char *word)
{
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++) {
        if (common[i].takes_value && strncmp(word, "--", 2) == 0 &&
            strcmp(word + 2, common[i].name) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- the verb ----------------------------------------------------------------------------------- */

static struct hr_text near_verb(struct hr_text written)
{
    struct hr_text names[CANDIDATES_MAX];
    size_t count = 0;
    for (const struct hr_verb_row *row = hr_verb_rows; row->kind != HR_ROW_last; row++) {
        if (row->kind == HR_ROW_verb && count < CANDIDATES_MAX) {
            struct hr_text name = hr_text_from(row->name);
            names[count++] = hr_text_cut(&name, ' ');
        }
    }
    return hr_did_you_mean(written, names, count);
}

/* Of a group like `exceptions`: says which words may follow; false when it is no group. */
static bool refuse_second(struct hr_cli *cli, struct hr_text first, struct hr_text second)
{
    struct hr_text group = hr_text_format(&cli->arena, "%.*s ", HR_SHOW(first));
    struct hr_text words[CANDIDATES_MAX];
    struct hr_buffer all;
    size_t count = 0;
    hr_buffer_init(&all, &cli->arena, GROUP_BYTES_MAX);
    for (const struct hr_verb_row *row = hr_verb_rows; row->kind != HR_ROW_last; row++) {
        struct hr_text name = row->kind == HR_ROW_verb ? hr_text_from(row->name) : HR_TEXT_NONE;
        if (hr_text_starts(name, group) && count < CANDIDATES_MAX) {
            words[count] = hr_text_slice(name, group.size, name.size);
            hr_buffer_add_format(&all, "%s%.*s", count > 0 ? ", " : "", HR_SHOW(words[count]));
            count++;
        }
    }
    if (count == 0) {
        return false;
    }
    struct hr_text near = hr_did_you_mean(second, words, count);
    if (second.size == 0) {
        (void)hr_cli_fail(cli, HR_CODE_verb_unknown, "`handrail %.*s` needs one more word: %.*s",
                          HR_SHOW(first), HR_SHOW(hr_buffer_text(&all)));
    } else {
        (void)hr_cli_fail(cli, HR_CODE_verb_unknown,
                          "`handrail %.*s` does not know the word `%.*s`%s%.*s%s it knows: %.*s",
                          HR_SHOW(first), HR_SHOW(second), near.size > 0 ? "; did you mean `" : "",
                          HR_SHOW(near), near.size > 0 ? "`?" : ";", HR_SHOW(hr_buffer_text(&all)));
    }
    cli->found.items[cli->found.count - 1].help =
        hr_text_format(&cli->arena, "`handrail help %.*s` says what each does", HR_SHOW(first));
    return true;
}

static bool refuse_verb(struct hr_cli *cli, struct hr_text first, struct hr_text second)
{
    struct hr_text near = near_verb(first);
    if (refuse_second(cli, first, second)) {
        return false;
    }
    if (near.size > 0) {
        (void)hr_cli_fail(cli, HR_CODE_verb_unknown,
                          "there is no command `%.*s`; did you mean `%.*s`?", HR_SHOW(first),
                          HR_SHOW(near));
    } else {
        (void)hr_cli_fail(cli, HR_CODE_verb_unknown, "there is no command `%.*s`", HR_SHOW(first));
    }
    return false;
}

/* Finds the verb and takes its words out of the line. */
static bool take_verb(struct hr_cli *cli, struct words *words)
{
    int places[2] = {0, 0};
    int found = 0;
    for (int i = 1; i < words->count && found < 2; i++) {
        if (takes_next(words->words[i])) {
            i++;
        } else if (!is_flag(words->words[i])) {
            places[found++] = i;
        } else if (found > 0) {
            break;
        }
    }
    if (found == 0) {
        const char *word = words->words[1];
        bool help = strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
        cli->verb = hr_verb_find(help ? HR_TEXT("help") : HR_TEXT("version"), HR_TEXT_NONE);
        if (!help && strcmp(word, "--version") != 0) {
            return refuse_verb(cli, hr_text_from(word), HR_TEXT_NONE);
        }
        words->count = 1;
        return true;
    }
    struct hr_text first = hr_text_from(words->words[places[0]]);
    struct hr_text second = found > 1 ? hr_text_from(words->words[places[1]]) : HR_TEXT_NONE;
    cli->verb = hr_verb_find(first, second);
    if (cli->verb == NULL && found == 1) {
        cli->verb = hr_verb_find(first, HR_TEXT("ls"));
    }
    if (cli->verb == NULL) {
        return refuse_verb(cli, first, second);
    }
    bool two = strchr(cli->verb->name, ' ') != NULL && found > 1 &&
               hr_text_ends(hr_text_from(cli->verb->name), second);
    words->words[places[0]] = NULL;
    if (two) {
        words->words[places[1]] = NULL;
    }
    return true;
}

/* ---- flags -------------------------------------------------------------------------------------- */

static bool refuse_flag(struct hr_cli *cli, struct hr_text name)
{
    struct hr_text names[CANDIDATES_MAX];
    size_t count = 0;
    for (const struct hr_verb_row *row = cli->verb + 1; row->kind == HR_ROW_flag; row++) {
        names[count++] = hr_text_from(row->name);
    }
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++) {
        names[count++] = hr_text_from(common[i].name);
    }
    struct hr_text near = hr_did_you_mean(name, names, count);
    (void)hr_cli_fail(cli, HR_CODE_flag_unknown, "`handrail %s` has no flag --%.*s%s%.*s%s",
                      cli->verb->name, HR_SHOW(name), near.size > 0 ? "; did you mean --" : "",
                      HR_SHOW(near), near.size > 0 ? "?" : "");
    return false;
}

/* True if the verb or everybody has the flag. */
static bool find_flag(const struct hr_cli *cli, struct hr_text name, bool *ret_takes_value)
{
    for (const struct hr_verb_row *row = cli->verb + 1; row->kind == HR_ROW_flag; row++) {
        if (hr_text_equal(hr_text_from(row->name), name)) {
            *ret_takes_value = row->words[0] != '\0';
            return true;
        }
    }
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++) {
        if (hr_text_equal(hr_text_from(common[i].name), name)) {
            *ret_takes_value = common[i].takes_value;
            return true;
        }
    }
    return false;
}

static bool take_flag(struct hr_cli *cli, struct words *words, const char *word)
{
    bool takes_value = false;
    struct hr_text value =
        hr_text_from(strcmp(word, "-h") == 0 ? "help" : word + (word[1] == '-' ? 2 : 1));
    bool has_value = hr_text_find(value, '=') < value.size;
    struct hr_text name = hr_text_cut(&value, '=');
    if (!find_flag(cli, name, &takes_value)) {
        return refuse_flag(cli, name);
    }
    if (has_value != takes_value) {
        if (has_value || words->at + 1 >= words->count || words->words[words->at + 1] == NULL) {
            (void)hr_cli_fail(cli, HR_CODE_flag_unknown, "--%.*s takes %s value", HR_SHOW(name),
                              takes_value ? "a" : "no");
            return false;
        }
        value = hr_text_from(words->words[++words->at]);
    }
    if (cli->flag_count == HR_FLAGS_MAX) {
        (void)hr_cli_fail(cli, HR_CODE_flag_unknown, "too many flags");
        return false;
    }
    cli->flags[cli->flag_count].name = name;
    cli->flags[cli->flag_count++].value = value;
    return true;
}

static bool take_object(struct hr_cli *cli, const char *word)
{
    if (cli->object_count == HR_OBJECTS_MAX) {
        (void)hr_cli_fail(cli, HR_CODE_words_wrong, "too many words");
        return false;
    }
    cli->objects[cli->object_count++] = hr_text_from(word);
    return true;
}

static bool take_rest(struct hr_cli *cli, struct words *words)
{
    for (words->at = 1; words->at < words->count; words->at++) {
        const char *word = words->words[words->at];
        if (word == NULL) {
            continue;
        }
        if (!words->only_objects && strcmp(word, "--") == 0) {
            words->only_objects = true;
        } else if (!words->only_objects && is_flag(word)) {
            if (!take_flag(cli, words, word)) {
                return false;
            }
        } else if (!take_object(cli, word)) {
            return false;
        }
    }
    return true;
}

bool hr_cli_parse(struct hr_cli *cli, int argc, char **argv)
{
    struct words words = {.words = argv, .count = argc};
    for (int i = 1; i < argc;
         i++) { /* errors about the line itself are said in the form asked for, too */
        cli->json = cli->json || strcmp(argv[i], "--json") == 0;
        cli->plain = cli->plain || strcmp(argv[i], "--plain") == 0;
    }
    if (!take_verb(cli, &words) || !take_rest(cli, &words)) {
        return false;
    }
    bool help = hr_cli_has(cli, "help");
    if (!help && (cli->object_count < cli->verb->least || cli->object_count > cli->verb->most)) {
        bool why_not = hr_cli_has(cli, "not"); /* only `why` has it */
        (void)hr_cli_fail(cli, HR_CODE_words_wrong, "usage: handrail %s %s", cli->verb->name,
                          why_not ? "--not PATH|HANDOFF CONTACT" : cli->verb->words);
        return false;
    }
    return true;
}

bool hr_cli_has(const struct hr_cli *cli, const char *flag)
{
    for (size_t i = 0; i < cli->flag_count; i++) {
        if (hr_text_equal(cli->flags[i].name, hr_text_from(flag))) {
            return true;
        }
    }
    return false;
}

struct hr_text hr_cli_flag(const struct hr_cli *cli, const char *flag)
{
    struct hr_text value = HR_TEXT_NONE;
    for (size_t i = 0; i < cli->flag_count; i++) { /* the last one counts */
        value = hr_text_equal(cli->flags[i].name, hr_text_from(flag)) ? cli->flags[i].value : value;
    }
    return value;
}
