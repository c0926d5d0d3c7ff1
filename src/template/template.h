/* template: message texts in Liquid: compiled once and checked, rendered within limits, and every value escaped for
 * the place where it lands.
 *
 * Why      marketing people already write {{ contact.first_name | default: "there" }}; a wrong name must be
 *          found before anything goes out, and a missing value must never become an empty greeting
 *          (docs/decisions/0019-message-texts.md, which also lists what of Liquid is left out).
 * Shape    source and options -> template (immutable, in an arena) -> text. What comes from outside is asked
 *          from the view by its plain name; its fields are members of the map that the view answers.
 * Rules    a missing value (no such name or field, null, or an empty text) is HR_TEMPLATE_MISSING wherever it would
 *          be shown, unless the `default` filter stands behind it; a condition may ask for it.
 * Owner    a template lives in the arena it was compiled into and needs nothing else but its partials;
 *          what it renders lives in the arena given to render.
 * Limits   the enum below.
 * Errors   E0450.. with a place; run time: named outcomes.
 * Pure     yes.                                  Threads   templates are immutable.
 * Source   Shopify's Liquid 5 in its strict mode (shopify.github.io/liquid, read 2026-11).
 * Tests    tests/unit/template_*_test.c, tests/conformance/liquid_test.c (corpus 03); fuzz: liquid */
#ifndef HR_TEMPLATE_TEMPLATE_H
#define HR_TEMPLATE_TEMPLATE_H

#include "data/time.h"
#include "data/value.h"

enum {
    HR_TEMPLATE_SOURCE_MAX = 256 * 1024,    /* bytes of a template, and of each partial */
    HR_TEMPLATE_DEPTH_MAX = 32,             /* tags inside tags, brackets inside brackets */
    HR_TEMPLATE_PARTIALS_MAX = 8,           /* partials inside partials */
    HR_TEMPLATE_READS_MAX = 200,            /* names and fields from outside */
    HR_TEMPLATE_OUTPUT_MAX = 1024 * 1024,   /* bytes that one rendering gives */
    HR_TEMPLATE_LINE_MAX = 400,             /* the same, of a header */
    HR_TEMPLATE_LOOPS_MAX = 10000,          /* turns of all loops together, and items of a range */
    HR_TEMPLATE_STEPS_MAX = 1000000,        /* work in all; long texts and lists count more */
    HR_TEMPLATE_BYTES_MAX = 8 * 1024 * 1024 /* of texts and lists made on the way */
};

struct hr_template;

/* Where the rendered text goes, and so how values are escaped. */
enum hr_landing {
    HR_LANDING_text,   /* as it is, without control signs */
    HR_LANDING_header, /* one line of a mail's head: no line break survives, from wherever it comes */
    HR_LANDING_html, /* text, attribute or link, found by reading the HTML around; none in scripts and styles */
    HR_LANDING_url, /* one whole link */
    HR_LANDING_json /* inside of quotes a part of a text, outside a whole JSON value */
};

/* A text that others may show with {% render "name" %}, compiled for the same landing before them, so that no circle
 * can arise. */
struct hr_template_partial {
    struct hr_text name;
    const struct hr_template *template;
};

/* Turns offsets within the source into a place in its file. */
typedef struct hr_place (*hr_template_place_of)(void *context, size_t offset, size_t size);

struct hr_template_options {
    enum hr_landing landing;
    const struct hr_template_partial *partials; /* must live as long as the template */
    size_t partial_count;
    hr_template_place_of place_of; /* NULL: places are those of the source itself, without a file */
    void *context;
};

/* Compiles and checks. All that is wrong is added to reterr (may be NULL), each at its place; HR_E_INPUT when the
 * template cannot be used, HR_E_MEMORY. The source is copied. Warnings do not refuse it. */
hr_status hr_template_compile(struct hr_arena *into, struct hr_text source,
                              const struct hr_template_options *options,
                              struct hr_diagnostics *reterr,
                              const struct hr_template **ret_template) HR_MUST_USE;

/* What a template reads from outside. */
struct hr_template_read {
    struct hr_text path;   /* as far as names are written out: contact.first_name */
    struct hr_text root;   /* contact */
    struct hr_text field;  /* first_name; empty where the root alone is read */
    struct hr_place place; /* of its first use; of a bare one if there is any */
    bool
        bare; /* used somewhere without default and without being asked for: rendering fails if it is missing */
};
/* All of them without repeats, partials included, in order of first use. Lives as long as the template. */
const struct hr_template_read *hr_template_reads(const struct hr_template *template,
                                                 size_t *ret_count);

/* The text it was compiled from, and where it lands. */
struct hr_text hr_template_source(const struct hr_template *template);
enum hr_landing hr_template_landing(const struct hr_template *template);

/* What a rendering sees. `value_of` brings a name's value and answers false for "unset"; NULL: all names are. */
struct hr_template_view {
    void *context;
    bool (*value_of)(void *context, struct hr_text name, struct hr_value *ret_value);
    hr_instant now; /* what "now" and "today" mean to the date filter; may be HR_INSTANT_NONE */
    const struct hr_zone *zone; /* in which times are written; NULL: UTC */
    bool
        lenient; /* a missing value is shown as nothing, as other Liquid does it; no message may go out so */
};

/* Named outcomes of a rendering: nothing was rendered. */
enum hr_template_outcome {
    HR_TEMPLATE_MISSING = 1, /* a value that it must show is missing; E0460 */
    HR_TEMPLATE_FAILED, /* a filter or comparison cannot do what it is asked, a link goes nowhere; E0461, E0462 */
    HR_TEMPLATE_LIMIT /* more work, turns or bytes than allowed; E0463 */
};
/* Why, for people and for the exception. */
struct hr_template_error {
    enum hr_code code;
    struct hr_text message; /* holds names of fields, never values from outside */
    struct hr_text name;    /* of a missing value: contact.first_name */
    struct hr_text partial; /* where it happened; empty: in the template itself */
    struct hr_place
        place; /* in the file where place_of told it for this read, else in the source */
};
/* Renders. The text is whole or there is none. reterr may be NULL; it is filled for a named outcome. HR_E_MEMORY. */
hr_status hr_template_render(const struct hr_template *template,
                             const struct hr_template_view *view, struct hr_arena *into,
                             struct hr_text *ret_text,
                             struct hr_template_error *reterr) HR_MUST_USE;

/* A part of a rendered text that is a value: bytes from `at` on. */
struct hr_template_span {
    uint32_t at;
    uint32_t size;
};
/* The same as render, and tells which parts of the text are values, in order; all else stands in the template. For
 * whoever gives the text a form, as Markdown does: no value may have one. */
hr_status hr_template_render_marked(const struct hr_template *template,
                                    const struct hr_template_view *view, struct hr_arena *into,
                                    struct hr_text *ret_text,
                                    const struct hr_template_span **ret_spans, size_t *ret_count,
                                    struct hr_template_error *reterr) HR_MUST_USE;

/* Adds a text so that it is text in HTML too, between tags and in quotes: for whoever writes HTML himself. */
void hr_escape_html(struct hr_buffer *out, struct hr_text text);

/* What people may write, for completions and the manual: filters and tags by name; NULL behind the last. */
const char *hr_template_filter_name(size_t index);
const char *hr_template_tag_name(size_t index);

#endif
