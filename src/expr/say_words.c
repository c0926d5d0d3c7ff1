/* expr/say_words: names and constants in words: "course", "booking status", "the contact's offer",
 * "30 days". What has no words is quoted as CEL; a text that would be taken for a word of the sentence
 * stands in quotes. */
#include "expr/say.h"

#include <string.h>

struct hr_text hr_expr_spaced(const struct hr_expr_speaker *speaker, struct hr_text name)
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

struct hr_text hr_expr_quoted_of(const struct hr_expr_speaker *speaker,
                                 const struct hr_expr_node *node)
{
    struct hr_text written = hr_text_trim(hr_expr_node_source(speaker->source, node));
    return hr_text_format(speaker->arena, "`%.*s`", HR_SHOW(written));
}

/* Whether another record's field of the same name stands in the condition too. */
static bool has_namesake(const struct hr_expr_speaker *speaker, const struct hr_expr_node *within,
                         const struct hr_expr_node *field)
{
    if (within->kind == HR_EXPR_NODE_field) {
        return within->name != field->name && hr_text_equal(within->text, field->text) &&
               goes_without_saying(record_of(speaker, within));
    }
    for (uint32_t i = 0; within->kind != HR_EXPR_NODE_literal && i < within->count; i++) {
        if (has_namesake(speaker, within->children[i], field)) {
            return true;
        }
    }
    return false;
}

static struct hr_text field_subject(const struct hr_expr_speaker *speaker,
                                    const struct hr_expr_node *node)
{
    struct hr_text record = record_of(speaker, node);
    struct hr_text field = hr_expr_spaced(speaker, node->text);
    if (hr_text_equal(record, HR_TEXT("event")) && hr_text_equal(node->text, HR_TEXT("type"))) {
        return HR_TEXT("event");
    }
    if (hr_text_equal(record, HR_TEXT("event")) && hr_text_equal(node->text, HR_TEXT("at"))) {
        return HR_TEXT("the event's time");
    }
    if (goes_without_saying(record)) {
        return has_namesake(speaker, speaker->root, node)
                   ? hr_text_format(speaker->arena, "the %.*s's %.*s", HR_SHOW(record),
                                    HR_SHOW(field))
                   : field;
    }
    if (hr_text_equal(record, HR_TEXT("set_by"))) {
        return hr_text_format(speaker->arena, "the last writer of %.*s", HR_SHOW(field));
    }
    record = hr_expr_spaced(speaker, record);
    return hr_text_format(speaker->arena, "%.*s %.*s", HR_SHOW(record), HR_SHOW(field));
}

struct hr_text hr_expr_subject_of(const struct hr_expr_speaker *speaker,
                                  const struct hr_expr_node *node)
{
    struct hr_text phrase;
    if (*speaker->phrases_left == 0) {
        return hr_expr_quoted_of(speaker, node);
    }
    --*speaker->phrases_left;
    switch (node->kind) {
    case HR_EXPR_NODE_field:
        return field_subject(speaker, node);
    case HR_EXPR_NODE_name:
    case HR_EXPR_NODE_local:
        return hr_expr_spaced(
            speaker, node->text.size > 0 ? node->text : hr_expr_node_source(speaker->source, node));
    case HR_EXPR_NODE_select: {
        struct hr_text left = hr_expr_subject_of(speaker, node->children[0]);
        struct hr_text field = hr_expr_spaced(speaker, node->text);
        return hr_text_format(speaker->arena, "%.*s %.*s", HR_SHOW(left), HR_SHOW(field));
    }
    case HR_EXPR_NODE_literal:
        return hr_expr_operand_of(speaker, node);
    case HR_EXPR_NODE_call:
    case HR_EXPR_NODE_loop:
        phrase = hr_expr_phrase_of(speaker, node);
        return phrase.size > 0 ? phrase : hr_expr_quoted_of(speaker, node);
    default:
        return hr_expr_quoted_of(speaker, node);
    }
}

/* A text that reads well without quotes. */
static bool is_plain_word(struct hr_text text)
{
    static const char *const taken[] = {
        "a",     "above",   "after", "all",     "always", "and",    "any", "at",    "before",
        "below", "changed", "each",  "empty",   "false",  "in",     "is",  "known", "never",
        "no",    "none",    "not",   "nothing", "now",    "null",   "of",  "or",    "than",
        "the",   "there",   "true",  "was",     "with",   "within", "yes"};
    for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
        if (hr_text_equal_caseless(text, hr_text_from(taken[i]))) {
            return false; /* "offer is empty" says something else */
        }
    }
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte >= 0x80;
        bool digit = byte >= '0' && byte <= '9';
        if (!letter && !digit && (byte == '\0' || strchr("._-@/:+%", byte) == NULL)) {
            return false;
        }
    }
    return text.size > 0;
}

/* A duration exactly, in the largest unit that fits: "90 seconds". */
static struct hr_text duration_words(const struct hr_expr_speaker *speaker,
                                     const struct hr_value *value)
{
    static const struct {
        int64_t us;
        const char *one;
        const char *many;
    } units[] = {{HR_DAY_US, "day", "days"},
                 {HR_HOUR_US, "hour", "hours"},
                 {HR_MINUTE_US, "minute", "minutes"},
                 {HR_SECOND_US, "second", "seconds"}};
    struct hr_buffer out;
    for (size_t i = 0; value->nanoseconds == 0 && i < sizeof(units) / sizeof(units[0]); i++) {
        if (value->duration_us > 0 && value->duration_us % units[i].us == 0) {
            return hr_count_say(speaker->arena, (uint64_t)(value->duration_us / units[i].us),
                                units[i].one, units[i].many);
        }
    }
    hr_buffer_init(&out, speaker->arena, 64);
    hr_value_write_word(&out, value);
    return hr_buffer_text(&out);
}

static struct hr_text value_words(const struct hr_expr_speaker *speaker,
                                  const struct hr_value *value)
{
    struct hr_text text = hr_value_as_text(value);
    struct hr_text seen;
    struct hr_buffer out;
    switch ((uint8_t)hr_expr_value_type(value)) {
    case HR_TYPE_text:
        seen = hr_text_visible(speaker->arena, text);
        return seen.data == text.data && is_plain_word(text)
                   ? text
                   : hr_text_format(speaker->arena, "\"%.*s\"", HR_SHOW(seen));
    case HR_TYPE_bool:
        return value->truth ? HR_TEXT("yes") : HR_TEXT("no");
    case HR_TYPE_duration:
        return duration_words(speaker, value);
    case HR_TYPE_ip:
    case HR_TYPE_cidr:
        hr_buffer_init(&out, speaker->arena, 64);
        hr_value_write_word(&out, value);
        return hr_buffer_text(&out);
    default:
        return hr_value_show(speaker->arena, value);
    }
}

struct hr_text hr_expr_items_of(const struct hr_expr_speaker *speaker, const struct hr_value *list,
                                const char *last)
{
    struct hr_buffer out;
    hr_buffer_init(&out, speaker->arena, HR_EXPR_SOURCE_MAX);
    for (uint32_t i = 0; i < list->count; i++) {
        const char *before = i == 0 ? "" : i + 1 == list->count ? last : ", ";
        hr_buffer_add_text(&out, hr_text_from(before));
        hr_buffer_add_text(&out, value_words(speaker, &list->items[i]));
    }
    return list->count > 0 ? hr_buffer_text(&out) : HR_TEXT("nothing");
}

struct hr_text hr_expr_operand_of(const struct hr_expr_speaker *speaker,
                                  const struct hr_expr_node *node)
{
    if (node->kind == HR_EXPR_NODE_literal) {
        uint8_t kind = node->value.kind;
        bool plain = kind != HR_KIND_list && kind != HR_KIND_map && kind != HR_KIND_optional &&
                     hr_expr_value_type(&node->value) != HR_TYPE_bytes;
        return plain ? value_words(speaker, &node->value) : hr_expr_quoted_of(speaker, node);
    }
    if (node->kind != HR_EXPR_NODE_field) {
        return hr_expr_subject_of(speaker, node);
    }
    struct hr_text record = hr_expr_spaced(speaker, record_of(speaker, node));
    struct hr_text field = hr_expr_spaced(speaker, node->text);
    if (hr_text_equal(record, HR_TEXT("event")) && hr_text_equal(field, HR_TEXT("at"))) {
        return HR_TEXT("the event's time");
    }
    return hr_text_format(speaker->arena, "the %.*s's %.*s", HR_SHOW(record), HR_SHOW(field));
}

struct hr_text hr_expr_say_subject(struct hr_text source, const struct hr_expr_node *node,
                                   struct hr_arena *into)
{
    uint32_t phrases_left = HR_SAY_PHRASES_MAX;
    struct hr_expr_speaker speaker = {source, into, node, &phrases_left};
    return hr_expr_subject_of(&speaker, node);
}
