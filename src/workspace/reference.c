/* The grammar as a page for people: every map with its keys, then what single values look like. */
#include "workspace/grammar.h"
#include "workspace/grammar_inside.h"

enum { PAGE_BYTES_MAX = 1 << 20 };

/* Names read better with spaces, and a vertical bar would end a cell. */
static void add_plain(struct hr_buffer *out, const char *text)
{
    for (; *text != '\0'; text++) {
        hr_buffer_add_text(out, *text == '|' ? HR_TEXT("\\|") : (struct hr_text){text, 1});
    }
}

static void add_name(struct hr_buffer *out, const char *name)
{
    for (; *name != '\0'; name++) {
        hr_buffer_add_byte(out, *name == '_' ? ' ' : *name);
    }
}

/* A link to where the type is told: a map's section, or the list of values. */
static void add_link(struct hr_buffer *out, enum hr_gram gram)
{
    const struct hr_gram_info *info = hr_gram_info(gram);
    hr_buffer_add_byte(out, '[');
    add_name(out, info->name);
    hr_buffer_add_format(out, "](#%s)",
                         info->form == HR_FORM_kind || info->form == HR_FORM_oneof ? info->name
                                                                                   : "values");
}

static void add_many(struct hr_buffer *out, enum hr_many many, enum hr_gram gram)
{
    static const char *const before[] = {
        [HR_MANY_one] = "",
        [HR_MANY_list] = "list of ",
        [HR_MANY_some] = "one or a list of ",
        [HR_MANY_map] = "map from names to ",
        [HR_MANY_named] = "list of names, or map from names to ",
        [HR_MANY_lists] = "map from names to lists of ",
        [HR_MANY_rows] = "list of lists of ",
        [HR_MANY_any] = "",
    };
    hr_buffer_add_format(out, "%s", before[many]);
    add_link(out, gram);
}

static void add_row(struct hr_buffer *out, const struct hr_key_rule *rule)
{
    static const char *const needs[] = {[HR_NEED_optional] = "",
                                        [HR_NEED_required] = " Required.",
                                        [HR_NEED_stated] = " Required, or left out with a reason.",
                                        [HR_NEED_later] = " Not available yet."};
    hr_buffer_add_format(out, "| `%s` | ", rule->name);
    if (rule->need == HR_NEED_later) {
        hr_buffer_add_format(out, " ");
    } else {
        add_many(out, rule->many, rule->type);
    }
    hr_buffer_add_format(out, " | ");
    add_plain(out, rule->says);
    hr_buffer_add_format(out, ".%s |\n", needs[rule->need]);
}

static void add_kind(struct hr_buffer *out, enum hr_gram kind)
{
    const struct hr_gram_info *info = hr_gram_info(kind);
    hr_buffer_add_format(out, "\n### %s\n\n%s\n\n| key | value | |\n|---|---|---|\n", info->name,
                         info->says);
    for (const struct hr_key_rule *rule = hr_gram_rules(kind); rule->name != NULL; rule++) {
        add_row(out, rule);
    }
}

static void add_choice(struct hr_buffer *out, enum hr_gram gram)
{
    size_t count = 0;
    hr_buffer_add_format(out, "\n### %s\n\n", hr_gram_info(gram)->name);
    add_plain(out, hr_gram_info(gram)->says);
    hr_buffer_add_format(out, ". One of: ");
    for (const struct hr_gram_also *also = hr_gram_alsos; also->of != HR_GRAM_COUNT; also++) {
        if (also->of == gram) {
            hr_buffer_add_format(out, "%s", count++ == 0 ? "" : ", ");
            add_many(out, also->many, also->type);
        }
    }
    hr_buffer_add_format(out, ".\n");
}

static void add_value(struct hr_buffer *out, enum hr_gram gram)
{
    const struct hr_gram_info *info = hr_gram_info(gram);
    hr_buffer_add_format(out, "| ");
    add_name(out, info->name);
    hr_buffer_add_format(out, " | ");
    add_plain(out, info->says);
    for (size_t i = 0; info->words != NULL && i < info->words->count; i++) {
        hr_buffer_add_format(out, "%s`%.*s`", i == 0 ? ": " : ", ", HR_SHOW(info->words->items[i]));
    }
    hr_buffer_add_format(out, " |\n");
}

struct hr_text hr_grammar_reference(struct hr_arena *into)
{
    struct hr_buffer out;
    hr_buffer_init(&out, into, PAGE_BYTES_MAX);
    hr_buffer_add_format(
        &out,
        "# Reference of workspace files\n\n"
        "Every key of the language, made from the table that `handrail check` and `handrail "
        "schema` use, too\n"
        "(`src/workspace/keys.tbl`). How to write a workspace is told in [workspace "
        "files](workspace-files.md).\n\n"
        "An editor that is given the schema completes keys and marks slips while they are "
        "written:\n\n"
        "```console\n$ handrail schema > handrail.schema.json\n$ head -n 1 handrail.schema.json\n"
        "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\n```\n\n## Maps\n");
    for (size_t i = 0; i < HR_GRAM_COUNT; i++) {
        enum hr_gram gram = (enum hr_gram)i;
        if (hr_gram_info(gram)->form == HR_FORM_kind) {
            add_kind(&out, gram);
        }
    }
    hr_buffer_add_format(&out, "\n## Choices\n");
    for (size_t i = 0; i < HR_GRAM_COUNT; i++) {
        if (hr_gram_info((enum hr_gram)i)->form == HR_FORM_oneof) {
            add_choice(&out, (enum hr_gram)i);
        }
    }
    hr_buffer_add_format(&out, "\n## Values\n\n| value | |\n|---|---|\n");
    for (size_t i = 0; i < HR_GRAM_COUNT; i++) {
        enum hr_gram_form form = hr_gram_info((enum hr_gram)i)->form;
        if (form == HR_FORM_type || form == HR_FORM_words) {
            add_value(&out, (enum hr_gram)i);
        }
    }
    return out.failed ? HR_TEXT_NONE : hr_buffer_text(&out);
}
