/* expr/say_phrase: what functions and operators make, in words: "the number of tags", "email in lower
 * case", "the weekday now". What is not sure to be true in every case has no words here and is quoted. */
#include "expr/say.h"

#include <string.h>

/* Words around the arguments: "1" and "2" and "3" stand for them. */
struct phrase {
    const char *name;
    uint8_t count;      /* arguments */
    enum hr_type first; /* type of the first one; dyn: any */
    const char *words;
};

static const struct phrase phrases[] = {
    {"size", 1, HR_TYPE_text, "the length of 1"},
    {"size", 1, HR_TYPE_list, "the number of 1"},
    {"size", 1, HR_TYPE_dyn, "the size of 1"},
    {"lowerAscii", 1, HR_TYPE_dyn, "1 in lower case"},
    {"upperAscii", 1, HR_TYPE_dyn, "1 in upper case"},
    {"trim", 1, HR_TYPE_dyn, "1 without outer spaces"},
    {"reverse", 1, HR_TYPE_dyn, "1 backwards"},
    {"replace", 3, HR_TYPE_dyn, "1 with 3 for 2"},
    {"split", 2, HR_TYPE_dyn, "1 split at 2"},
    {"join", 1, HR_TYPE_dyn, "1 joined"},
    {"join", 2, HR_TYPE_dyn, "1 joined with 2"},
    {"sort", 1, HR_TYPE_dyn, "1 in order"},
    {"distinct", 1, HR_TYPE_dyn, "1 without repeats"},
    {"first", 1, HR_TYPE_dyn, "the first of 1"},
    {"last", 1, HR_TYPE_dyn, "the last of 1"},
    {"value", 1, HR_TYPE_dyn, "1"},
    {"optional.of", 1, HR_TYPE_dyn, "1"},
    {"orValue", 2, HR_TYPE_dyn, "1 (or 2 if there is none)"},
    {"or", 2, HR_TYPE_dyn, "1 (or 2 if there is none)"},
    {"dyn", 1, HR_TYPE_dyn, "1"},
    {"int", 1, HR_TYPE_time, "1 in seconds since 1970"},
    {"int", 1, HR_TYPE_dyn, "1 as a whole number"},
    {"uint", 1, HR_TYPE_dyn, "1 as a whole number"},
    {"double", 1, HR_TYPE_dyn, "1 as a number"},
    {"string", 1, HR_TYPE_dyn, "1 as a text"},
    {"bool", 1, HR_TYPE_dyn, "1 as a yes or no"},
    {"timestamp", 1, HR_TYPE_dyn, "1 as a time"},
    {"duration", 1, HR_TYPE_dyn, "1 as a duration"},
    {"type", 1, HR_TYPE_dyn, "the type of 1"},
    {"ip", 1, HR_TYPE_dyn, "the address 1"},
    {"cidr", 1, HR_TYPE_dyn, "the network 1"},
    {"math.abs", 1, HR_TYPE_dyn, "1 without its sign"},
    {"math.ceil", 1, HR_TYPE_dyn, "1 rounded up"},
    {"math.floor", 1, HR_TYPE_dyn, "1 rounded down"},
    {"math.round", 1, HR_TYPE_dyn, "1 rounded"},
    {"math.trunc", 1, HR_TYPE_dyn, "1 without its fraction"},
    {"math.sqrt", 1, HR_TYPE_dyn, "the square root of 1"},
    {"getHours", 1, HR_TYPE_duration, "1 in whole hours"},
    {"getMinutes", 1, HR_TYPE_duration, "1 in whole minutes"},
    {"getSeconds", 1, HR_TYPE_duration, "1 in whole seconds"},
    {"getFullYear", 1, HR_TYPE_dyn, "the year of 1"},
    {"getFullYear", 2, HR_TYPE_dyn, "the year of 1 in 2"},
    {"getMonth", 1, HR_TYPE_dyn, "the month of 1"},
    {"getMonth", 2, HR_TYPE_dyn, "the month of 1 in 2"},
    {"getDate", 1, HR_TYPE_dyn, "the day of the month of 1"},
    {"getDate", 2, HR_TYPE_dyn, "the day of the month of 1 in 2"},
    {"getDayOfWeek", 1, HR_TYPE_dyn, "the weekday of 1"},
    {"getDayOfWeek", 2, HR_TYPE_dyn, "the weekday of 1 in 2"},
    {"getHours", 1, HR_TYPE_dyn, "the hour of 1"},
    {"getHours", 2, HR_TYPE_dyn, "the hour of 1 in 2"},
    {"getMinutes", 1, HR_TYPE_dyn, "the minute of 1"},
    {"getMinutes", 2, HR_TYPE_dyn, "the minute of 1 in 2"},
    {"business_time", 2, HR_TYPE_dyn, "the business time from 1 to 2"},
    {"-_", 1, HR_TYPE_dyn, "minus 1"},
    {"-", 2, HR_TYPE_dyn, "1 minus 2"},
    {"+", 2, HR_TYPE_text, "1 followed by 2"},
    {"+", 2, HR_TYPE_list, "1 together with 2"},
    {"+", 2, HR_TYPE_dyn, "1 plus 2"},
    {"*", 2, HR_TYPE_dyn, "1 times 2"},
    {"/", 2, HR_TYPE_dyn, "1 divided by 2"},
    {"%", 2, HR_TYPE_dyn, "the rest of 1 divided by 2"},
};

static const char *const weekdays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                       "Thursday", "Friday", "Saturday"};
static const char *const months[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};

struct hr_text hr_expr_calendar_word(const struct hr_expr_node *node, const struct hr_value *number)
{
    bool weekday = hr_expr_calls(node, "getDayOfWeek");
    int64_t most = weekday ? 6 : 11;
    if ((!weekday && !hr_expr_calls(node, "getMonth")) || number->kind != HR_KIND_int ||
        number->integer < 0 || number->integer > most) {
        return HR_TEXT_NONE;
    }
    return hr_text_from(weekday ? weekdays[number->integer] : months[number->integer]);
}

static bool is_arithmetic(const struct hr_expr_node *node)
{
    return node->kind == HR_EXPR_NODE_call && node->op == HR_STYLE_operator && node->count == 2 &&
           strchr("+-*/%", node->text.data[0]) != NULL;
}

/* An argument; a sum inside a product needs brackets. */
static struct hr_text argument(const struct hr_expr_speaker *speaker,
                               const struct hr_expr_node *node, uint32_t index)
{
    const struct hr_expr_node *child = node->children[index];
    struct hr_text words =
        index == 0 ? hr_expr_subject_of(speaker, child) : hr_expr_operand_of(speaker, child);
    return is_arithmetic(child) ? hr_text_format(speaker->arena, "(%.*s)", HR_SHOW(words)) : words;
}

/* "the hour of now" is "the hour now". */
static bool of_now(const char *words, const struct hr_expr_node *node)
{
    return strncmp(words, "of 1", 4) == 0 && hr_expr_calls(node->children[0], "now");
}

static struct hr_text fill(const struct hr_expr_speaker *speaker, const char *words,
                           const struct hr_expr_node *node)
{
    struct hr_buffer out;
    hr_buffer_init(&out, speaker->arena, HR_EXPR_SOURCE_MAX);
    for (const char *at = words; *at != '\0'; at++) {
        if (of_now(at, node)) {
            hr_buffer_add_text(&out, HR_TEXT("now"));
            at += 3;
        } else if (*at >= '1' && *at <= '3' && (uint32_t)(*at - '1') < node->count &&
                   (at[1] == ' ' || at[1] == '\0')) {
            hr_buffer_add_text(&out, argument(speaker, node, (uint32_t)(*at - '1')));
        } else {
            hr_buffer_add_byte(&out, *at);
        }
    }
    return hr_buffer_text(&out);
}

/* Of a number of parts as written, "a, b and c". */
static struct hr_text several(const struct hr_expr_speaker *speaker,
                              const struct hr_expr_node *list, const char *before)
{
    struct hr_buffer out;
    hr_buffer_init(&out, speaker->arena, HR_EXPR_SOURCE_MAX);
    hr_buffer_add_text(&out, hr_text_from(before));
    for (uint32_t i = 0; i < list->count; i++) {
        const char *between = i == 0 ? "" : i + 1 == list->count ? " and " : ", ";
        hr_buffer_add_text(&out, hr_text_from(between));
        hr_buffer_add_text(&out, hr_expr_operand_of(speaker, list->children[i]));
    }
    return hr_buffer_text(&out);
}

/* tags[0], payload['order id']: "the first of tags", "payload order id". */
static struct hr_text index_phrase(const struct hr_expr_speaker *speaker,
                                   const struct hr_expr_node *node)
{
    static const char *const ordinals[] = {"first", "second", "third", "fourth", "fifth", "sixth"};
    const struct hr_expr_node *index = node->children[1];
    struct hr_text subject = hr_expr_subject_of(speaker, node->children[0]);
    if (index->kind != HR_EXPR_NODE_literal) {
        return HR_TEXT_NONE;
    }
    bool listed = node->children[0]->type == HR_TYPE_list || node->children[0]->type == HR_TYPE_dyn;
    if (index->value.kind == HR_KIND_int && listed && index->value.integer >= 0 &&
        index->value.integer < 6) {
        return hr_text_format(speaker->arena, "the %s of %.*s", ordinals[index->value.integer],
                              HR_SHOW(subject));
    }
    if (index->value.kind == HR_KIND_text) {
        struct hr_text name = hr_expr_spaced(speaker, hr_value_as_text(&index->value));
        return hr_text_format(speaker->arena, "%.*s %.*s", HR_SHOW(subject), HR_SHOW(name));
    }
    return HR_TEXT_NONE;
}

/* "the first 3 characters of email" */
static struct hr_text substring_phrase(const struct hr_expr_speaker *speaker,
                                       const struct hr_expr_node *node)
{
    const struct hr_expr_node *from = node->children[1];
    if (node->count != 3 || from->kind != HR_EXPR_NODE_literal || from->value.integer != 0 ||
        node->children[2]->kind != HR_EXPR_NODE_literal) {
        return HR_TEXT_NONE;
    }
    struct hr_text subject = hr_expr_subject_of(speaker, node->children[0]);
    long long count = node->children[2]->value.integer;
    return hr_text_format(speaker->arena, "the first %lld character%s of %.*s", count,
                          count == 1 ? "" : "s", HR_SHOW(subject));
}

/* tags.filter(t, t.startsWith('a')): "tags (where t begins with a)" */
static struct hr_text filter_phrase(const struct hr_expr_speaker *speaker,
                                    const struct hr_expr_node *node)
{
    struct hr_buffer out;
    struct hr_text range = hr_expr_subject_of(speaker, node->children[0]);
    if (node->op != HR_LOOP_filter) {
        return HR_TEXT_NONE;
    }
    hr_buffer_init(&out, speaker->arena, HR_EXPR_SOURCE_MAX);
    hr_buffer_add_format(&out, "%.*s (where ", HR_SHOW(range));
    hr_expr_say_into(speaker, &out, node->children[1], false, true);
    hr_buffer_add_byte(&out, ')');
    return hr_buffer_text(&out);
}

static bool fits(const struct phrase *phrase, const struct hr_expr_node *node)
{
    return phrase->count == node->count && hr_expr_calls(node, phrase->name) &&
           (phrase->first == HR_TYPE_dyn || (uint8_t)phrase->first == node->children[0]->type);
}

struct hr_text hr_expr_phrase_of(const struct hr_expr_speaker *speaker,
                                 const struct hr_expr_node *node)
{
    if (node->kind == HR_EXPR_NODE_loop) {
        return filter_phrase(speaker, node);
    }
    if (hr_expr_calls(node, "now")) {
        return HR_TEXT("now");
    }
    if (hr_expr_calls(node, "[]")) {
        return index_phrase(speaker, node);
    }
    if (hr_expr_calls(node, "substring")) {
        return substring_phrase(speaker, node);
    }
    bool greatest = hr_expr_calls(node, "math.greatest");
    if ((greatest || hr_expr_calls(node, "math.least")) &&
        node->children[0]->kind == HR_EXPR_NODE_list) {
        return several(speaker, node->children[0], greatest ? "the greatest of " : "the least of ");
    }
    for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++) {
        if (fits(&phrases[i], node)) {
            return fill(speaker, phrases[i].words, node);
        }
    }
    return HR_TEXT_NONE;
}
