/* expr/say_words: names and constants in words: "course", "booking status", "the contact's offer",
 * "30 days". What has no words is quoted as CEL. */
#include "expr/say.h"

#include <string.h>

/* A CEL name as people say it. */
static struct hr_text spaced(const struct hr_expr_speaker *speaker, struct hr_text name)
{
    struct hr_buffer out;
    hr_buffer_init(&out, speaker->arena, HR_EXPR_SOURCE_MAX);
    for (size_t i = 0; i < name.size; i++) {
        hr_buffer_add_byte(&out, name.data[i] == '_' ? ' ' : name.data[i]);
    }
    return hr_buffer_text(&out);
}

/* The record that a field's path begins with: "contact". */
static struct hr_text record_of(const struct hr_expr_speaker *speaker,
                                const struct hr_expr_node *node)
{
    struct hr_text written = hr_text_slice(speaker->source, node->at, node->name_at);
    while (written.size > 0 &&
           (written.data[0] == '(' || written.data[0] == ' ' || written.data[0] == '.')) {
        written = hr_text_slice(written, 1, written.size);
    }
    size_t size = 0;
    while (size < written.size && written.data[size] != '.' && written.data[size] != ' ') {
        size++;
    }
    return hr_text_slice(written, 0, size);
}

static bool goes_without_saying(struct hr_text record)
{
    return hr_text_equal(record, HR_TEXT("contact")) || hr_text_equal(record, HR_TEXT("event"));
}

static struct hr_text quoted(const struct hr_expr_speaker *speaker, const struct hr_expr_node *node)
{
    struct hr_text written = hr_text_trim(hr_expr_node_source(speaker->source, node));
    return hr_text_format(speaker->arena, "`%.*s`", HR_SHOW(written));
}

static struct hr_text field_subject(const struct hr_expr_speaker *speaker,
                                    const struct hr_expr_node *node)
{
    struct hr_text record = record_of(speaker, node);
    struct hr_text field = spaced(speaker, node->text);
    if (hr_text_equal(record, HR_TEXT("event")) && hr_text_equal(node->text, HR_TEXT("type"))) {
        return HR_TEXT("event");
    }
    if (goes_without_saying(record)) {
        return field;
    }
    record = spaced(speaker, record);
    return hr_text_format(speaker->arena, "%.*s %.*s", HR_SHOW(record), HR_SHOW(field));
}

struct phrase {
    const char *name;
    const char *words;
};

/* "the size of tags", "email in lower case" */
static struct hr_text call_subject(const struct hr_expr_speaker *speaker,
                                   const struct hr_expr_node *node)
{
    static const struct phrase between[] = {
        {"+", "plus"}, {"-", "minus"}, {"*", "times"}, {"/", "divided by"}};
    static const struct phrase behind[] = {{"lowerAscii", "in lower case"},
                                           {"upperAscii", "in upper case"},
                                           {"trim", "without outer spaces"}};
    if (hr_expr_calls(node, "now")) {
        return HR_TEXT("now");
    }
    struct hr_text first = hr_expr_subject_of(speaker, node->children[0]);
    if (hr_expr_calls(node, "size")) {
        return hr_text_format(speaker->arena, "the size of %.*s", HR_SHOW(first));
    }
    for (size_t i = 0; i < sizeof(behind) / sizeof(behind[0]); i++) {
        if (hr_expr_calls(node, behind[i].name)) {
            return hr_text_format(speaker->arena, "%.*s %s", HR_SHOW(first), behind[i].words);
        }
    }
    for (size_t i = 0; i < sizeof(between) / sizeof(between[0]); i++) {
        if (hr_expr_calls(node, between[i].name)) {
            struct hr_text second = hr_expr_operand_of(speaker, node->children[1]);
            return hr_text_format(speaker->arena, "%.*s %s %.*s", HR_SHOW(first), between[i].words,
                                  HR_SHOW(second));
        }
    }
    return quoted(speaker, node);
}

struct hr_text hr_expr_subject_of(const struct hr_expr_speaker *speaker,
                                  const struct hr_expr_node *node)
{
    switch (node->kind) {
    case HR_EXPR_NODE_field:
        return field_subject(speaker, node);
    case HR_EXPR_NODE_name:
    case HR_EXPR_NODE_local:
        return spaced(speaker, node->text);
    case HR_EXPR_NODE_select: {
        struct hr_text left = hr_expr_subject_of(speaker, node->children[0]);
        struct hr_text field = spaced(speaker, node->text);
        return hr_text_format(speaker->arena, "%.*s %.*s", HR_SHOW(left), HR_SHOW(field));
    }
    case HR_EXPR_NODE_literal:
        return hr_expr_operand_of(speaker, node);
    case HR_EXPR_NODE_call:
        return node->count > 0 || hr_expr_calls(node, "now") ? call_subject(speaker, node)
                                                             : quoted(speaker, node);
    default:
        return quoted(speaker, node);
    }
}

/* A text that reads well without quotes. */
static bool is_plain_word(struct hr_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte >= 0x80;
        bool digit = byte >= '0' && byte <= '9';
        if (!letter && !digit && strchr("._-@/:+%", byte) == NULL) {
            return false;
        }
    }
    return text.size > 0;
}

static struct hr_text value_words(const struct hr_expr_speaker *speaker,
                                  const struct hr_value *value)
{
    struct hr_text text = hr_value_as_text(value);
    switch (value->kind) {
    case HR_KIND_text:
        return is_plain_word(text) ? text
                                   : hr_text_format(speaker->arena, "\"%.*s\"", HR_SHOW(text));
    case HR_KIND_bool:
        return value->truth ? HR_TEXT("yes") : HR_TEXT("no");
    case HR_KIND_duration:
        return value->duration_us >= 0 ? hr_duration_say(speaker->arena, value->duration_us)
                                       : hr_value_show(speaker->arena, value);
    case HR_KIND_list:
        return hr_expr_items_of(speaker, value);
    default:
        return hr_value_show(speaker->arena, value);
    }
}

struct hr_text hr_expr_items_of(const struct hr_expr_speaker *speaker, const struct hr_value *list)
{
    struct hr_buffer out;
    hr_buffer_init(&out, speaker->arena, HR_EXPR_SOURCE_MAX);
    for (uint32_t i = 0; i < list->count; i++) {
        const char *before = i == 0 ? "" : i + 1 == list->count ? " or " : ", ";
        hr_buffer_add_text(&out, hr_text_from(before));
        hr_buffer_add_text(&out, list->items[i].kind == HR_KIND_list
                                     ? hr_value_show(speaker->arena, &list->items[i])
                                     : value_words(speaker, &list->items[i]));
    }
    return list->count > 0 ? hr_buffer_text(&out) : HR_TEXT("nothing");
}

struct hr_text hr_expr_operand_of(const struct hr_expr_speaker *speaker,
                                  const struct hr_expr_node *node)
{
    if (node->kind == HR_EXPR_NODE_literal) {
        return value_words(speaker, &node->value);
    }
    if (node->kind != HR_EXPR_NODE_field) {
        return hr_expr_subject_of(speaker, node);
    }
    struct hr_text record = spaced(speaker, record_of(speaker, node));
    struct hr_text field = spaced(speaker, node->text);
    return hr_text_format(speaker->arena, "the %.*s's %.*s", HR_SHOW(record), HR_SHOW(field));
}

struct hr_text hr_expr_say_subject(struct hr_text source, const struct hr_expr_node *node,
                                   struct hr_arena *into)
{
    struct hr_expr_speaker speaker = {source, into};
    return hr_expr_subject_of(&speaker, node);
}
