/* The grammar as a JSON Schema, for editors. YAML has typed some scalars before a schema sees them, so a text may come
 * as a number or a truth. */
#include "data/value.h"
#include "workspace/grammar.h"
#include "workspace/grammar_inside.h"

enum { SCHEMA_BYTES_MAX = 1 << 20 };

static void add_text(struct hr_buffer *out, const char *text)
{
    hr_json_write_text(out, hr_text_from(text));
}

/* ---- single values --------------------------------------------------------------------------------- */

static void add_type(struct hr_buffer *out, enum hr_gram gram)
{
    const struct hr_gram_info *info = hr_gram_info(gram);
    const char *types = "[\"string\",\"number\",\"boolean\"]";
    if (gram == HR_GRAM_count || gram == HR_GRAM_version) {
        types = "[\"string\",\"integer\"]";
    } else if (gram == HR_GRAM_yes_no) {
        types = "[\"string\",\"boolean\"]";
    } else if (gram == HR_GRAM_value) {
        types = "[\"string\",\"number\",\"boolean\",\"null\"]";
    } else if (info->pattern != NULL) {
        types = "\"string\"";
    }
    hr_buffer_add_format(out, "{\"type\":%s", types);
    if (info->pattern != NULL) {
        hr_buffer_add_format(out, ",\"pattern\":");
        add_text(out, info->pattern);
    }
    if (gram == HR_GRAM_version) {
        hr_buffer_add_format(out, ",\"enum\":[1,\"1\"]");
    }
    hr_buffer_add_format(out, ",\"description\":");
    add_text(out, info->says);
    hr_buffer_add_byte(out, '}');
}

static void add_words(struct hr_buffer *out, enum hr_gram gram)
{
    const struct hr_gram_info *info = hr_gram_info(gram);
    hr_buffer_add_format(out, "{\"enum\":[");
    for (size_t i = 0; i < info->words->count; i++) {
        hr_buffer_add_format(out, "%s", i == 0 ? "" : ",");
        hr_json_write_text(out, info->words->items[i]);
    }
    hr_buffer_add_format(out, "],\"description\":");
    add_text(out, info->says);
    hr_buffer_add_byte(out, '}');
}

/* ---- one or several ---------------------------------------------------------------------------------- */

static void add_ref(struct hr_buffer *out, enum hr_gram gram)
{
    hr_buffer_add_format(out, "{\"$ref\":\"#/$defs/%s\"}", hr_gram_info(gram)->name);
}

static void add_list(struct hr_buffer *out, enum hr_gram gram)
{
    hr_buffer_add_format(out, "{\"type\":\"array\",\"items\":");
    add_ref(out, gram);
    hr_buffer_add_byte(out, '}');
}

static void add_map(struct hr_buffer *out, enum hr_gram gram, bool lists, bool or_nothing)
{
    hr_buffer_add_format(out, "{\"type\":\"object\",\"additionalProperties\":");
    if (or_nothing) {
        hr_buffer_add_format(out, "{\"anyOf\":[{\"type\":\"null\"},");
        add_ref(out, gram);
        hr_buffer_add_format(out, "]}");
    } else if (lists) {
        add_list(out, gram);
    } else {
        add_ref(out, gram);
    }
    hr_buffer_add_byte(out, '}');
}

static void add_many(struct hr_buffer *out, enum hr_many many, enum hr_gram gram)
{
    switch (many) {
    case HR_MANY_one:
        add_ref(out, gram);
        break;
    case HR_MANY_list:
        add_list(out, gram);
        break;
    case HR_MANY_some:
        hr_buffer_add_format(out, "{\"anyOf\":[");
        add_ref(out, gram);
        hr_buffer_add_byte(out, ',');
        add_list(out, gram);
        hr_buffer_add_format(out, "]}");
        break;
    case HR_MANY_map:
    case HR_MANY_lists:
        add_map(out, gram, many == HR_MANY_lists, false);
        break;
    case HR_MANY_named:
        hr_buffer_add_format(out, "{\"anyOf\":[");
        add_list(out, HR_GRAM_event_id);
        hr_buffer_add_byte(out, ',');
        add_map(out, gram, false, true);
        hr_buffer_add_format(out, "]}");
        break;
    case HR_MANY_rows:
        hr_buffer_add_format(out, "{\"type\":\"array\",\"items\":");
        add_list(out, gram);
        hr_buffer_add_byte(out, '}');
        break;
    case HR_MANY_any:
        hr_buffer_add_format(out, "{}");
        break;
    }
}

/* ---- maps -------------------------------------------------------------------------------------------- */

static void add_property(struct hr_buffer *out, const struct hr_key_rule *rule)
{
    add_text(out, rule->name);
    hr_buffer_add_format(out, ":{\"description\":");
    if (rule->need == HR_NEED_later) {
        hr_buffer_add_format(out, "\"not available yet\",\"deprecated\":true}");
        return;
    }
    add_text(out, rule->says);
    hr_buffer_add_format(out, ",\"allOf\":[");
    add_many(out, rule->many, rule->type);
    hr_buffer_add_format(out, "]}");
}

static void add_required(struct hr_buffer *out, enum hr_gram kind)
{
    size_t count = 0;
    for (const struct hr_key_rule *rule = hr_gram_rules(kind); rule->name != NULL; rule++) {
        if (rule->need == HR_NEED_required) {
            hr_buffer_add_format(out, "%s", count++ == 0 ? ",\"required\":[" : ",");
            add_text(out, rule->name);
        }
    }
    hr_buffer_add_format(out, "%s", count > 0 ? "]" : "");
}

/* What is stated, or left out with a reason. */
static void add_stated(struct hr_buffer *out, enum hr_gram kind)
{
    size_t count = 0;
    for (const struct hr_key_rule *rule = hr_gram_rules(kind); rule->name != NULL; rule++) {
        if (rule->need == HR_NEED_stated) {
            hr_buffer_add_format(
                out,
                "%s{\"anyOf\":[{\"required\":[\"%s\"]},{\"required\":[\"left_out\"],"
                "\"properties\":{\"left_out\":{\"required\":[\"%s\"]}}}]}",
                count++ == 0 ? ",\"allOf\":[" : ",", rule->name, rule->name);
        }
    }
    hr_buffer_add_format(out, "%s", count > 0 ? "]" : "");
}

static void add_kind(struct hr_buffer *out, enum hr_gram kind)
{
    hr_buffer_add_format(out, "{\"type\":\"object\",\"description\":");
    add_text(out, hr_gram_info(kind)->says);
    hr_buffer_add_format(out, ",\"properties\":{");
    const struct hr_key_rule *first = hr_gram_rules(kind);
    for (const struct hr_key_rule *rule = first; rule->name != NULL; rule++) {
        hr_buffer_add_format(out, "%s", rule == first ? "" : ",");
        add_property(out, rule);
    }
    hr_buffer_add_format(out, "},\"additionalProperties\":false");
    add_required(out, kind);
    add_stated(out, kind);
    hr_buffer_add_byte(out, '}');
}

static void add_choice(struct hr_buffer *out, enum hr_gram gram)
{
    size_t count = 0;
    hr_buffer_add_format(out, "{\"description\":");
    add_text(out, hr_gram_info(gram)->says);
    hr_buffer_add_format(out, ",\"anyOf\":[");
    for (const struct hr_gram_also *also = hr_gram_alsos; also->of != HR_GRAM_COUNT; also++) {
        if (also->of == gram) {
            hr_buffer_add_format(out, "%s", count++ == 0 ? "" : ",");
            add_many(out, also->many, also->type);
        }
    }
    hr_buffer_add_format(out, "]}");
}

/* ---- all of it ---------------------------------------------------------------------------------------- */

struct hr_text hr_grammar_schema(struct hr_arena *into)
{
    struct hr_buffer out;
    hr_buffer_init(&out, into, SCHEMA_BYTES_MAX);
    hr_buffer_add_format(&out, "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\n"
                               "\"$id\":\"urn:handrail:workspace:1\",\n"
                               "\"title\":\"Handrail workspace file\",\n"
                               "\"anyOf\":[{\"type\":\"null\"},{\"$ref\":\"#/$defs/workspace\"}],\n"
                               "\"$defs\":{");
    for (size_t i = 0; i < HR_GRAM_COUNT; i++) {
        enum hr_gram gram = (enum hr_gram)i;
        const struct hr_gram_info *info = hr_gram_info(gram);
        hr_buffer_add_format(&out, "%s\n\"%s\":", i == 0 ? "" : ",", info->name);
        switch (info->form) {
        case HR_FORM_type:
            add_type(&out, gram);
            break;
        case HR_FORM_words:
            add_words(&out, gram);
            break;
        case HR_FORM_oneof:
            add_choice(&out, gram);
            break;
        case HR_FORM_kind:
            add_kind(&out, gram);
            break;
        }
    }
    hr_buffer_add_format(&out, "\n}}\n");
    return out.failed ? HR_TEXT_NONE : hr_buffer_text(&out);
}
