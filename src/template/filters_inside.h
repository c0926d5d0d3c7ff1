/* template/filters_inside: what the files share that hold filters: a call, what it asks, times, letters, escapes. */
#ifndef HR_TEMPLATE_FILTERS_INSIDE_H
#define HR_TEMPLATE_FILTERS_INSIDE_H

#include "template/run_inside.h"

/* ---- filters ------------------------------------------------------------------------------- */

/* One call of a filter. */
struct hr_template_filtering {
    struct hr_template_run *run;
    const struct hr_template_use *use;
    struct hr_template_result input;
    struct hr_template_result args[HR_TEMPLATE_ARGS_MAX];
    uint32_t count;
    bool allow_false;
};

/* Fails at the filter's place. */
int32_t hr_template_filter_fail(struct hr_template_filtering *call, const char *why);
/* The input, or an argument, as a text, and as a whole number. One that is not there is empty, or `otherwise`. */
int32_t hr_template_filter_input(struct hr_template_filtering *call, struct hr_text *ret_text);
int32_t hr_template_filter_text(struct hr_template_filtering *call, uint32_t arg,
                                struct hr_text *ret_text);
int32_t hr_template_filter_whole(struct hr_template_filtering *call, uint32_t arg,
                                 int64_t otherwise, int64_t *ret_whole);
/* The input as items: lists flattened, a map one item, anything else one item, nil none. */
int32_t hr_template_filter_items(struct hr_template_filtering *call,
                                 const struct hr_value **ret_items, uint32_t *ret_count);

/* The tables, each ends with a name of NULL. */
extern const struct hr_template_filter hr_template_filters_text[];
extern const struct hr_template_filter hr_template_filters_part[];
extern const struct hr_template_filter hr_template_filters_code[];
extern const struct hr_template_filter hr_template_filters_number[];
extern const struct hr_template_filter hr_template_filters_list[];
extern const struct hr_template_filter hr_template_filters_pick[];
extern const struct hr_template_filter hr_template_filters_time[];

/* Adds an instant in a form of strftime. */
void hr_template_time_write(struct hr_buffer *out, struct hr_text form, hr_instant instant,
                            const struct hr_zone *zone);
/* Reads a date as people write it ("March 14, 2016", "2016-03-14 10:00 +01:00"); false for anything else. */
bool hr_template_time_read(struct hr_text text, const struct hr_zone *zone,
                           hr_instant *ret_instant);

/* ---- letters and escapes ------------------------------------------------------------------- */

/* The code point at *at (moved behind it) of a text; a broken byte stands for itself. */
uint32_t hr_template_letter(struct hr_text text, size_t *at);
void hr_template_letter_add(struct hr_buffer *out, uint32_t letter);
size_t hr_template_letters(struct hr_text text);
/* The byte offset of a letter by its number, at most text.size. */
size_t hr_template_letter_at(struct hr_text text, size_t number);
/* Adds the text in capital or in small letters. */
void hr_template_upper(struct hr_buffer *out, struct hr_text text);
void hr_template_lower(struct hr_buffer *out, struct hr_text text);

/* As hr_escape_html, but what is an entity already stays. */
void hr_escape_html_once(struct hr_buffer *out, struct hr_text text);
/* Percent-encodes all but unreserved letters and those in `spared`. */
void hr_escape_url(struct hr_buffer *out, struct hr_text text, const char *spared);
/* True when a text may be a whole link: http, https, mailto, tel or sms. */
bool hr_escape_is_link(struct hr_text text);

#endif
