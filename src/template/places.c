/* template/places: reads HTML, links and JSON letter by letter, as a mail program will, to know where a value that
 * comes next would land. What it cannot tell for sure it takes for a place where no value may stand. */
#include "template/spots_inside.h"

/* ---- names --------------------------------------------------------------------------------- */

static void add_letter(char *name, uint8_t *size, char byte)
{
    if (*size < HR_PLACE_NAME_MAX) {
        name[(*size)++] = hr_lower(byte);
    }
}

static bool is_one_of(const char *name, uint8_t size, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        if (hr_text_equal((struct hr_text){name, size}, hr_text_from(words[i]))) {
            return true;
        }
    }
    return false;
}

static const char *const foreign_tags[] = {"script",  "style",    "xmp",       "iframe",
                                           "noembed", "noframes", "plaintext", NULL};
static const char *const link_attributes[] = {"href",   "src",      "action",     "formaction",
                                              "poster", "cite",     "longdesc",   "background",
                                              "data",   "manifest", "xlink:href", NULL};
static const char *const refused_attributes[] = {"style", "srcset", "srcdoc", "imagesrcset", NULL};

bool hr_place_in_link(const struct hr_place_in_text *place)
{
    return is_one_of(place->attribute, place->attribute_size, link_attributes);
}

/* Attributes that run code, or hold more than one thing, or whose name is longer than is remembered. */
static bool is_refused(const struct hr_place_in_text *place)
{
    return is_one_of(place->attribute, place->attribute_size, refused_attributes) ||
           place->attribute_size == HR_PLACE_NAME_MAX ||
           (place->attribute_size > 2 && place->attribute[0] == 'o' && place->attribute[1] == 'n');
}

/* ---- letters ------------------------------------------------------------------------------- */

static bool is_letter(char byte)
{
    return (byte | 32) >= 'a' && (byte | 32) <= 'z';
}

/* True when the text from `at` on begins with a word, whatever the case. */
static bool begins(struct hr_text text, size_t at, const char *word)
{
    struct hr_text part = hr_text_from(word);
    return text.size - at >= part.size &&
           hr_text_equal_caseless(hr_text_slice(text, at, at + part.size), part);
}

/* A link that begins with a scheme of its own: what it says before the first value. */
static void read_link(struct hr_place_in_text *place, struct hr_text text, size_t at)
{
    if (place->link != HR_LINK_start || hr_template_is_space(text.data[at])) {
        return;
    }
    bool opaque =
        begins(text, at, "mailto:") || begins(text, at, "tel:") || begins(text, at, "sms:");
    bool code = begins(text, at, "javascript:") || begins(text, at, "vbscript:") ||
                begins(text, at, "data:");
    place->link = opaque ? HR_LINK_opaque : code ? HR_LINK_code : HR_LINK_part;
}

/* The letter behind < decides what it begins; it may come from another piece of text. */
static size_t behind_less(struct hr_place_in_text *place, struct hr_text text, size_t at)
{
    char byte = text.data[at];
    if (byte == '!' || byte == '?') {
        place->state = HR_PLACE_marked; /* also <!--[if mso]>, behind which Outlook reads HTML */
        return at + 1;
    }
    if (byte == '/' && !place->closing) {
        place->closing = true;
        return at + 1;
    }
    place->state = is_letter(byte) ? HR_PLACE_name : HR_PLACE_text;
    place->tag_size = 0;
    return at;
}

static size_t open_tag(struct hr_place_in_text *place, struct hr_text text, size_t at)
{
    if (begins(text, at, "<!-->") || begins(text, at, "<!--->")) {
        return at + 5; /* a comment of nothing, as in <!--[if !mso]><!--> */
    }
    if (begins(text, at, "<!--") && !begins(text, at, "<!--[if")) {
        place->state = HR_PLACE_comment;
        return at + 4;
    }
    place->state = HR_PLACE_less;
    place->closing = false;
    return at + 1;
}

/* Behind the > of a tag: HTML again, or what is no HTML. */
static void close_tag(struct hr_place_in_text *place)
{
    bool foreign = !place->closing && is_one_of(place->tag, place->tag_size, foreign_tags);
    place->state = foreign ? HR_PLACE_foreign : HR_PLACE_text;
}

static void begin_attribute(struct hr_place_in_text *place, char byte)
{
    place->state = HR_PLACE_attribute;
    place->attribute_size = 0;
    add_letter(place->attribute, &place->attribute_size, byte);
}

/* Inside of a tag but not of a value. */
static void read_inside(struct hr_place_in_text *place, char byte)
{
    bool space = hr_template_is_space(byte);
    if (byte == '>') {
        close_tag(place);
    } else if (place->state == HR_PLACE_name) {
        if (space || byte == '/') {
            place->state = HR_PLACE_inside;
        } else {
            add_letter(place->tag, &place->tag_size, byte);
        }
    } else if (byte == '=' && place->state != HR_PLACE_inside) {
        place->state = HR_PLACE_value;
        place->link = HR_LINK_start;
    } else if (byte == '/') {
        place->state = HR_PLACE_inside;
    } else if (space) {
        bool named = place->state == HR_PLACE_attribute || place->state == HR_PLACE_equals;
        place->state = named ? HR_PLACE_equals : HR_PLACE_inside;
    } else if (place->state == HR_PLACE_attribute) {
        add_letter(place->attribute, &place->attribute_size, byte);
    } else {
        begin_attribute(place, byte);
    }
}

static void read_value(struct hr_place_in_text *place, char byte)
{
    if (byte == '"' || byte == '\'') {
        place->state = HR_PLACE_quoted;
        place->quote = byte;
    } else if (byte == '>') {
        close_tag(place);
    } else if (!hr_template_is_space(byte)) {
        place->state = HR_PLACE_bare;
    }
}

/* Passes over what is no HTML, up to its end tag: the name and behind it what ends a name, so </scriptx> is none. The
 * letters may come from several pieces of text. */
static void pass_foreign(struct hr_place_in_text *place, char byte)
{
    uint8_t read = place->ending;
    uint8_t whole = place->tag_size + 2;
    if (read == whole) {
        bool ends = byte == '>' || byte == '/' || (hr_template_is_space(byte) && byte != '\v');
        place->ending = byte == '<';
        if (ends) {
            place->closing = true;
            place->state = HR_PLACE_inside;
            read_inside(place, byte);
        }
        return;
    }
    char wanted = read == 0 ? '<' : read == 1 ? '/' : place->tag[read - 2];
    place->ending = hr_lower(byte) == wanted ? read + 1 : byte == '<';
}

static size_t read_html(struct hr_place_in_text *place, struct hr_text text, size_t at)
{
    char byte = text.data[at];
    switch (place->state) {
    case HR_PLACE_text:
        return byte == '<' ? open_tag(place, text, at) : at + 1;
    case HR_PLACE_less:
        return behind_less(place, text, at);
    case HR_PLACE_value:
        read_value(place, byte);
        break;
    case HR_PLACE_quoted:
        if (byte == place->quote) {
            place->state = HR_PLACE_inside;
        } else if (hr_place_in_link(place)) {
            read_link(place, text, at);
        }
        break;
    case HR_PLACE_bare:
        if (byte == '>') {
            close_tag(place);
        } else if (hr_template_is_space(byte)) {
            place->state = HR_PLACE_inside;
        }
        break;
    case HR_PLACE_comment:
        if (begins(text, at, "-->") || begins(text, at, "--!>")) {
            place->state = HR_PLACE_text;
            return at + 3;
        }
        break;
    case HR_PLACE_marked:
        if (byte == '>') {
            place->state = HR_PLACE_text;
        }
        break;
    case HR_PLACE_foreign:
        pass_foreign(place, byte);
        break;
    default:
        read_inside(place, byte);
        break;
    }
    return at + 1;
}

static void read_json(struct hr_place_in_text *place, char byte)
{
    if (place->state == HR_PLACE_escaped) {
        place->state = HR_PLACE_string;
    } else if (place->state == HR_PLACE_string && byte == '\\') {
        place->state = HR_PLACE_escaped;
    } else if (byte == '"') {
        place->state = place->state == HR_PLACE_string ? HR_PLACE_text : HR_PLACE_string;
    }
}

/* Forgets what no longer matters, so that places that are alike compare equal. */
static void tidy_place(struct hr_place_in_text *place)
{
    bool value = place->state == HR_PLACE_value || place->state == HR_PLACE_quoted;
    bool attribute = value || place->state == HR_PLACE_attribute || place->state == HR_PLACE_equals;
    bool tag = place->state != HR_PLACE_text && place->state != HR_PLACE_comment &&
               place->state != HR_PLACE_marked;
    place->quote = place->state == HR_PLACE_quoted ? place->quote : '\0';
    place->link = value ? place->link : HR_LINK_start;
    place->attribute_size = attribute ? place->attribute_size : 0;
    place->tag_size = tag ? place->tag_size : 0;
    place->closing = tag && place->closing;
    place->ending = place->state == HR_PLACE_foreign ? place->ending : 0;
}

void hr_place_read(struct hr_place_in_text *place, enum hr_landing landing, struct hr_text text)
{
    for (size_t at = 0; at < text.size;) {
        if (landing == HR_LANDING_html) {
            at = read_html(place, text, at);
            continue;
        }
        if (landing == HR_LANDING_json) {
            read_json(place, text.data[at]);
        } else if (landing == HR_LANDING_url) {
            read_link(place, text, at);
        }
        at++;
    }
    if (landing == HR_LANDING_html) {
        tidy_place(place);
    }
}

/* ---- judging ------------------------------------------------------------------------------- */

const char *hr_place_refuses(const struct hr_place_in_text *place)
{
    if (place->link == HR_LINK_code && (place->state == HR_PLACE_text || hr_place_in_link(place))) {
        return "a value may not stand in a link that runs code";
    }
    switch (place->state) {
    case HR_PLACE_text:
        return NULL;
    case HR_PLACE_quoted:
        return is_refused(place) ? "a value may not stand in this attribute" : NULL;
    case HR_PLACE_value:
    case HR_PLACE_bare:
        return "a value may not stand in an attribute without quotes";
    case HR_PLACE_comment:
    case HR_PLACE_marked:
        return "a value may not stand in a comment";
    case HR_PLACE_foreign:
        return "a value may not stand in a script or style";
    default:
        return "a value may not be a part of a tag or of an attribute's name";
    }
}

bool hr_place_meets(const struct hr_place_in_text *a, const struct hr_place_in_text *b)
{
    return a->state == b->state && a->quote == b->quote && a->link == b->link &&
           a->closing == b->closing && a->ending == b->ending &&
           hr_text_equal((struct hr_text){a->tag, a->tag_size},
                         (struct hr_text){b->tag, b->tag_size}) &&
           hr_text_equal((struct hr_text){a->attribute, a->attribute_size},
                         (struct hr_text){b->attribute, b->attribute_size});
}
