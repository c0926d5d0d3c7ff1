/* template/escape: makes values harmless where they land, and lands them. What the template itself made in the form
 * of the place (captured HTML, url_encode) is not escaped once more; nothing that comes from outside bears a mark. */
#include "template/filters_inside.h"

#include <string.h>

/* ---- HTML ---------------------------------------------------------------------------------- */

static const char *entity_of(char byte)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* True when an entity begins at `at`: &name; or &#digits; */
static bool is_entity(struct hr_text text, size_t at)
{
    size_t from = at + 1;
    bool digits = from < text.size && text.data[from] == '#';
    size_t next = from + digits;
    size_t begin = next;
    for (; next < text.size; next++) {
        char byte = text.data[next];
        bool letter = (byte | 32) >= 'a' && (byte | 32) <= 'z';
        bool digit = byte >= '0' && byte <= '9';
        if (digits ? !digit : !letter) {
            break;
        }
    }
    return next > begin && next < text.size && text.data[next] == ';';
}

static void add_html(struct hr_buffer *out, struct hr_text text, bool once)
{
    size_t plain = 0;
    for (size_t at = 0; at < text.size; at++) {
        const char *entity = entity_of(text.data[at]);
        if (entity == NULL || (once && text.data[at] == '&' && is_entity(text, at))) {
            continue;
        }
        hr_buffer_add_text(out, hr_text_slice(text, plain, at));
        hr_buffer_add_text(out, hr_text_from(entity));
        plain = at + 1;
    }
    hr_buffer_add_text(out, hr_text_slice(text, plain, text.size));
}

void hr_escape_html(struct hr_buffer *out, struct hr_text text)
{
    add_html(out, text, false);
}

void hr_escape_html_once(struct hr_buffer *out, struct hr_text text)
{
    add_html(out, text, true);
}

/* Captured HTML that lands where it is no HTML: our own five entities become letters again. */
static struct hr_text without_entities(struct hr_template_run *run, struct hr_text text)
{
    static const char letters[] = "&<>\"'";
    struct hr_buffer out;
    hr_buffer_init(&out, run->arena, text.size);
    for (size_t at = 0; at < text.size;) {
        struct hr_text rest = hr_text_slice(text, at, text.size);
        size_t size = 1;
        char byte = text.data[at];
        for (size_t i = 0; text.data[at] == '&' && letters[i] != '\0'; i++) {
            struct hr_text entity = hr_text_from(entity_of(letters[i]));
            if (hr_text_starts(rest, entity)) {
                byte = letters[i];
                size = entity.size;
                break;
            }
        }
        hr_buffer_add_byte(&out, byte);
        at += size;
    }
    return hr_buffer_text(&out);
}

/* ---- links --------------------------------------------------------------------------------- */

static bool is_unreserved(char byte)
{
    return ((byte | 32) >= 'a' && (byte | 32) <= 'z') || (byte >= '0' && byte <= '9') ||
           byte == '-' || byte == '.' || byte == '_' || byte == '~';
}

static void add_percent(struct hr_buffer *out, char byte)
{
    static const char digits[] = "0123456789ABCDEF";
    unsigned char code = (unsigned char)byte;
    char encoded[3] = {'%', digits[code >> 4], digits[code & 15]};
    hr_buffer_add(out, encoded, sizeof(encoded));
}

void hr_escape_url(struct hr_buffer *out, struct hr_text text, const char *spared)
{
    for (size_t at = 0; at < text.size; at++) {
        char byte = text.data[at];
        if (is_unreserved(byte) || (byte != '\0' && strchr(spared, byte) != NULL)) {
            hr_buffer_add_byte(out, byte);
        } else {
            add_percent(out, byte);
        }
    }
}

bool hr_escape_is_link(struct hr_text text)
{
    static const char *const schemes[] = {"https://", "http://", "mailto:", "tel:", "sms:"};
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        struct hr_text scheme = hr_text_from(schemes[i]);
        if (text.size > scheme.size &&
            hr_text_equal_caseless(hr_text_slice(text, 0, scheme.size), scheme)) {
            return true;
        }
    }
    return false;
}

/* What a link is made of stays; all else is encoded. */
#define LINK_LETTERS ":/?#[]@!$&()*+,;=%"

/* ---- one line ------------------------------------------------------------------------------ */

struct hr_text hr_template_one_line(struct hr_arena *into, struct hr_text text)
{
    struct hr_buffer out;
    bool space = false;
    hr_buffer_init(&out, into, text.size);
    for (size_t at = 0; at < text.size; at++) {
        unsigned char byte = (unsigned char)text.data[at];
        if (byte <= ' ' || byte == 0x7F) {
            space = true;
            continue;
        }
        if (space && out.size > 0) {
            hr_buffer_add_byte(&out, ' ');
        }
        space = false;
        hr_buffer_add_byte(&out, (char)byte);
    }
    return hr_buffer_text(&out);
}

/* ---- landing ------------------------------------------------------------------------------- */

/* Control signs but for tab and line ends would reach the reader's terminal or break the mail. */
static void add_plain(struct hr_buffer *out, struct hr_text text)
{
    size_t plain = 0;
    for (size_t at = 0; at < text.size; at++) {
        unsigned char byte = (unsigned char)text.data[at];
        if ((byte >= 0x20 && byte != 0x7F) || byte == '\t' || byte == '\n' || byte == '\r') {
            continue;
        }
        hr_buffer_add_text(out, hr_text_slice(text, plain, at));
        hr_buffer_add_text(out, HR_TEXT("\xEF\xBF\xBD"));
        plain = at + 1;
    }
    hr_buffer_add_text(out, hr_text_slice(text, plain, text.size));
}

static int32_t land_link(struct hr_template_run *run, const struct hr_template_node *node,
                         struct hr_text text, uint8_t mark, bool html)
{
    struct hr_buffer link;
    hr_buffer_init(&link, run->arena, run->bytes_left);
    text = mark == HR_MARK_html ? without_entities(run, text) : text;
    uint8_t spot = node->spot;
    if (spot == HR_SPOT_link || spot == HR_SPOT_url) {
        text = hr_text_trim(text);
        if (!hr_escape_is_link(text)) {
            return hr_template_fail(run, HR_CODE_template_link, node->at, node->size,
                                    "the value that is the whole link here does not begin with "
                                    "https://, http://, mailto: or tel:");
        }
        hr_escape_url(&link, text, LINK_LETTERS);
    } else if (mark == HR_MARK_url) {
        hr_buffer_add_text(&link, text);
    } else {
        bool opaque = spot == HR_SPOT_link_opaque || spot == HR_SPOT_url_opaque;
        hr_escape_url(&link, text, opaque ? "@+," : "");
    }
    if (html) {
        hr_escape_html(run->out, hr_buffer_text(&link));
    } else {
        hr_buffer_add_text(run->out, hr_buffer_text(&link));
    }
    int32_t outcome = hr_buffer_status(&link).code;
    return outcome == HR_E_LIMIT ? hr_template_beyond(run, "a link is too long") : outcome;
}

static void land_json(struct hr_template_run *run, const struct hr_template_result *result,
                      struct hr_text text, bool whole)
{
    const struct hr_value *value = &result->value;
    bool shaped = value->kind == HR_KIND_list || value->kind == HR_KIND_map ||
                  value->kind == HR_KIND_bool || value->kind == HR_KIND_null ||
                  hr_template_is_number(value);
    if (whole && result->mark == HR_MARK_json) {
        hr_buffer_add_text(run->out, text);
    } else if (whole && shaped) {
        hr_json_write(run->out, value);
    } else if (whole) {
        hr_json_write_text(run->out, text);
    } else {
        struct hr_buffer quoted;
        hr_buffer_init(&quoted, run->arena, run->bytes_left);
        hr_json_write_text(&quoted, text);
        struct hr_text all = hr_buffer_text(&quoted);
        hr_buffer_add_text(run->out, hr_text_slice(all, 1, all.size - 1));
        run->out->failed = run->out->failed || quoted.failed;
    }
}

static void land_html(struct hr_template_run *run, struct hr_text text, uint8_t mark, bool quoted)
{
    if (mark != HR_MARK_html) {
        hr_escape_html(run->out, text);
    } else if (quoted) {
        hr_escape_html_once(run->out, text);
    } else {
        hr_buffer_add_text(run->out, text);
    }
}

int32_t hr_template_land(struct hr_template_run *run, const struct hr_template_node *node,
                         const struct hr_template_result *result)
{
    struct hr_text text;
    int32_t outcome = hr_template_text(run, &result->value, &text);
    if (outcome != 0) {
        return outcome;
    }
    switch (node->spot) {
    case HR_SPOT_html:
    case HR_SPOT_attribute:
        land_html(run, text, result->mark, node->spot == HR_SPOT_attribute);
        break;
    case HR_SPOT_link:
    case HR_SPOT_link_part:
    case HR_SPOT_link_opaque:
        outcome = land_link(run, node, text, result->mark, true);
        break;
    case HR_SPOT_url:
    case HR_SPOT_url_part:
    case HR_SPOT_url_opaque:
        outcome = land_link(run, node, text, result->mark, false);
        break;
    case HR_SPOT_json_value:
    case HR_SPOT_json_text:
        land_json(run, result, text, node->spot == HR_SPOT_json_value);
        break;
    default:
        add_plain(run->out, text);
        break;
    }
    return outcome;
}
