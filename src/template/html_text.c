/* template/html_text: an HTML part read as text, for mail programs that show no HTML: tags go, blocks become lines,
 * links stand in brackets behind their words. One pass. */
#include "template/filters_inside.h"
#include "template/mail_parts.h"

enum { NAME_MAX_BYTES = 12, LINK_MAX = 2000 };

struct reading {
    struct hr_text html;
    size_t at;
    struct hr_buffer *out;
    size_t lines; /* line ends that are owed before the next letter: 1, or 2 for a paragraph */
    bool space;   /* a space is owed */
    bool plain;   /* inside of <pre> */
    struct hr_text link;  /* of the <a> that is open */
    size_t link_begin;    /* where its words begin in the output */
    struct hr_text quiet; /* the element whose inside is not shown, or empty */
};

/* ---- writing ------------------------------------------------------------------------------------ */

static void owe_lines(struct reading *reading, size_t lines)
{
    reading->lines = reading->lines > lines ? reading->lines : lines;
    reading->space = false;
}

static void pay(struct reading *reading)
{
    for (size_t i = 0; reading->out->size > 0 && i < reading->lines; i++) {
        hr_buffer_add_byte(reading->out, '\n');
    }
    if (reading->lines == 0 && reading->space && reading->out->size > 0) {
        hr_buffer_add_byte(reading->out, ' ');
    }
    reading->lines = 0;
    reading->space = false;
}

static void add_letter(struct reading *reading, uint32_t letter)
{
    bool space = letter < 0x80 && hr_template_is_space((char)letter);
    if (space && reading->plain && letter == '\n') {
        reading->lines++;
    } else if (space) {
        reading->space = true;
    } else {
        pay(reading);
        hr_template_letter_add(reading->out, letter == 0xA0 ? ' ' : letter);
    }
}

static void add_words(struct reading *reading, struct hr_text words)
{
    for (size_t at = 0; at < words.size;) {
        add_letter(reading, hr_template_letter(words, &at));
    }
}

/* ---- entities ------------------------------------------------------------------------------------ */

struct entity {
    const char *name;
    uint32_t letter;
};

static const struct entity entities[] = {
    {"amp", '&'},      {"lt", '<'},       {"gt", '>'},        {"quot", '"'},     {"apos", '\''},
    {"nbsp", 0xA0},    {"copy", 0xA9},    {"reg", 0xAE},      {"euro", 0x20AC},  {"pound", 0xA3},
    {"ndash", 0x2013}, {"mdash", 0x2014}, {"hellip", 0x2026}, {"lsquo", 0x2018}, {"rsquo", 0x2019},
    {"ldquo", 0x201C}, {"rdquo", 0x201D}, {"bull", 0x2022},   {"middot", 0xB7},  {"times", 0xD7},
    {"zwnj", 0},       {"shy", 0},
};

/* &#228; and &#xe4; false for what is no letter. */
static bool read_number(struct hr_text name, uint32_t *ret_letter)
{
    bool hex = name.size > 1 && (name.data[1] | 32) == 'x';
    uint32_t letter = 0;
    size_t at = hex ? 2 : 1;
    bool good = at < name.size && name.size < 10;
    for (; good && at < name.size; at++) {
        int digit = hr_hex_digit(name.data[at]);
        good = digit >= 0 && (hex || digit < 10) && letter < 0x110000;
        letter = letter * (hex ? 16 : 10) + (uint32_t)(digit < 0 ? 0 : digit);
    }
    *ret_letter = letter;
    return good && letter >= 0x20 && letter < 0x110000 && (letter < 0xD800 || letter > 0xDFFF);
}

/* The letter of the entity at `at`, moved behind it; false when it is a plain &. */
static bool read_entity(struct hr_text text, size_t *at, uint32_t *ret_letter)
{
    struct hr_text rest = hr_text_slice(text, *at + 1, *at + 12);
    size_t size = hr_text_find(rest, ';');
    struct hr_text name = hr_text_slice(rest, 0, size);
    if (size == rest.size || size == 0) {
        return false;
    }
    bool known = name.data[0] == '#' && read_number(name, ret_letter);
    for (size_t i = 0; !known && i < sizeof(entities) / sizeof(entities[0]); i++) {
        known = hr_text_equal(name, hr_text_from(entities[i].name));
        *ret_letter = entities[i].letter;
    }
    *at += known ? size + 2 : 0;
    return known;
}

/* ---- tags ---------------------------------------------------------------------------------------- */

static bool is_one_of(struct hr_text name, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        if (hr_text_equal_caseless(name, hr_text_from(words[i]))) {
            return true;
        }
    }
    return false;
}

static const char *const paragraphs[] = {"p",  "h1", "h2", "h3",  "h4",    "h5",         "h6",
                                         "ul", "ol", "hr", "pre", "table", "blockquote", NULL};
static const char *const lines[] = {"div",     "li",     "tr",     "dt",      "dd",     "section",
                                    "article", "header", "footer", "address", "center", NULL};
static const char *const quiet[] = {"script",   "style",    "head", "title",
                                    "template", "noscript", NULL};

/* The value of an attribute in a tag's inside, quoted or not; empty when it has none. */
static struct hr_text attribute(struct hr_text inside, const char *name)
{
    struct hr_text wanted = hr_text_from(name);
    for (size_t at = 0; at < inside.size;) {
        while (at < inside.size &&
               (hr_template_is_space(inside.data[at]) || inside.data[at] == '/')) {
            at++;
        }
        size_t from = at;
        while (at < inside.size && inside.data[at] != '=' &&
               !hr_template_is_space(inside.data[at])) {
            at++;
        }
        struct hr_text found = hr_text_slice(inside, from, at);
        struct hr_text value = HR_TEXT_NONE;
        if (at < inside.size && inside.data[at] == '=') {
            char quote = ++at < inside.size ? inside.data[at] : '\0';
            bool quoted = quote == '"' || quote == '\'';
            at += quoted;
            struct hr_text rest = hr_text_slice(inside, at, inside.size);
            size_t size = hr_text_find(rest, quoted ? quote : ' ');
            value = hr_text_slice(rest, 0, size);
            at += size + 1;
        }
        if (hr_text_equal_caseless(found, wanted)) {
            return value;
        }
        at += at == from;
    }
    return HR_TEXT_NONE;
}

/* An attribute's value with its entities read. */
static void add_value(struct reading *reading, struct hr_text value)
{
    for (size_t at = 0; at < value.size;) {
        uint32_t letter = 0;
        if (value.data[at] != '&' || !read_entity(value, &at, &letter)) {
            letter = hr_template_letter(value, &at);
        }
        if (letter > ' ') {
            hr_template_letter_add(reading->out, letter);
        }
    }
}

static void close_link(struct reading *reading)
{
    struct hr_text link = reading->link;
    struct hr_text words =
        hr_text_slice(hr_buffer_text(reading->out), reading->link_begin, reading->out->size);
    reading->link = HR_TEXT_NONE;
    bool shown = hr_text_equal(hr_text_trim(words), link) ||
                 (hr_text_starts(link, HR_TEXT("mailto:")) &&
                  hr_text_equal(hr_text_trim(words), hr_text_slice(link, 7, link.size)));
    if (link.size == 0 || link.size > LINK_MAX || link.data[0] == '#' || shown) {
        return;
    }
    pay(reading);
    hr_buffer_add_text(reading->out, words.size > 0 ? HR_TEXT(" (") : HR_TEXT("("));
    add_value(reading, link);
    hr_buffer_add_byte(reading->out, ')');
}

static void open_tag(struct reading *reading, struct hr_text name, struct hr_text inside)
{
    if (hr_text_equal_caseless(name, HR_TEXT("a"))) {
        close_link(reading);
        reading->link = attribute(inside, "href");
        reading->link_begin = reading->out->size;
    } else if (hr_text_equal_caseless(name, HR_TEXT("br"))) {
        reading->lines++;
        reading->space = false;
    } else if (hr_text_equal_caseless(name, HR_TEXT("img"))) {
        struct hr_text words = attribute(inside, "alt");
        if (words.size > 0) {
            add_words(reading, HR_TEXT("["));
            add_words(reading, words);
            add_words(reading, HR_TEXT("]"));
        }
    } else if (hr_text_equal_caseless(name, HR_TEXT("li"))) {
        owe_lines(reading, 1);
        add_words(reading, HR_TEXT("-"));
        reading->space = true;
    } else if (hr_text_equal_caseless(name, HR_TEXT("hr"))) {
        owe_lines(reading, 2);
        add_words(reading, HR_TEXT("---"));
        owe_lines(reading, 2);
    } else if (hr_text_equal_caseless(name, HR_TEXT("td")) ||
               hr_text_equal_caseless(name, HR_TEXT("th"))) {
        reading->space = true;
    }
    if (is_one_of(name, quiet)) {
        reading->quiet = name;
    }
    reading->plain = reading->plain || hr_text_equal_caseless(name, HR_TEXT("pre"));
}

static void tag(struct reading *reading, struct hr_text name, bool closing, struct hr_text inside)
{
    if (reading->quiet.size > 0) {
        reading->quiet = HR_TEXT_NONE; /* its own end: read_tag passes over all others */
        return;
    }
    if (is_one_of(name, paragraphs)) {
        owe_lines(reading, 2);
    } else if (is_one_of(name, lines)) {
        owe_lines(reading, 1);
    }
    if (!closing) {
        open_tag(reading, name, inside);
    } else if (hr_text_equal_caseless(name, HR_TEXT("a"))) {
        close_link(reading);
    } else if (hr_text_equal_caseless(name, HR_TEXT("pre"))) {
        reading->plain = false;
    }
}

/* Where the tag that begins at `at` ends: its > outside of quotes; the end when it has none. */
static size_t tag_end(struct hr_text html, size_t at)
{
    char quote = '\0';
    for (; at < html.size; at++) {
        char byte = html.data[at];
        if (quote != '\0') {
            quote = byte == quote ? '\0' : quote;
        } else if (byte == '"' || byte == '\'') {
            quote = byte;
        } else if (byte == '>') {
            return at;
        }
    }
    return html.size;
}

/* At a <: reads the tag or comment, or says that it is a letter. */
static bool read_tag(struct reading *reading)
{
    struct hr_text rest = hr_text_slice(reading->html, reading->at, reading->html.size);
    if (hr_text_starts(rest, HR_TEXT("<!--"))) {
        size_t end = hr_text_search(rest, HR_TEXT("-->"));
        reading->at += end < rest.size ? end + 3 : rest.size;
        return true;
    }
    size_t at = 1;
    bool closing = at < rest.size && rest.data[at] == '/';
    at += closing;
    size_t from = at;
    while (at < rest.size && (((rest.data[at] | 32) >= 'a' && (rest.data[at] | 32) <= 'z') ||
                              (at > from && rest.data[at] >= '0' && rest.data[at] <= '9'))) {
        at++;
    }
    struct hr_text name = hr_text_slice(rest, from, at);
    bool other = at == from && at < rest.size && (rest.data[at] == '!' || rest.data[at] == '?');
    bool ends_quiet = closing && hr_text_equal_caseless(name, reading->quiet);
    if ((at == from && !other) || (reading->quiet.size > 0 && !ends_quiet)) {
        return false;
    }
    size_t end = tag_end(rest, at);
    if (!other) {
        tag(reading, name, closing, hr_text_slice(rest, at, end));
    }
    reading->at += end < rest.size ? end + 1 : rest.size;
    return true;
}

hr_status hr_html_text(struct hr_arena *into, struct hr_text html, struct hr_text *ret_text)
{
    struct hr_buffer out;
    hr_buffer_init(&out, into, HR_MAIL_HTML_MAX);
    struct reading reading = {.html = html, .out = &out};
    while (reading.at < html.size && !out.failed) {
        char byte = html.data[reading.at];
        uint32_t letter = 0;
        if (byte == '<' && read_tag(&reading)) {
            continue;
        }
        if (byte != '&' || !read_entity(html, &reading.at, &letter)) {
            letter = hr_template_letter(html, &reading.at);
        }
        if (reading.quiet.size == 0 && letter > 0) {
            add_letter(&reading, letter);
        }
    }
    close_link(&reading);
    if (out.size > 0) {
        hr_buffer_add_byte(&out, '\n');
    }
    *ret_text = hr_buffer_text(&out);
    return hr_buffer_status(&out);
}
