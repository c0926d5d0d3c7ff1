/* template/filters_code: filters that write a text in the form of another language, or read it from there. What comes
 * out of a writer is marked, so that it is not escaped once more where it lands in that language. */
#include "base/bytes.h"
#include "template/filters_inside.h"

typedef void (*change)(struct hr_buffer *out, struct hr_text text);

static int32_t written(struct hr_template_filtering *call, change with, uint8_t mark,
                       struct hr_template_result *ret_result)
{
    struct hr_text text;
    struct hr_buffer out;
    int32_t outcome = hr_template_filter_input(call, &text);
    if (outcome != 0) {
        return outcome;
    }
    hr_template_text_begin(call->run, &out);
    with(&out, text);
    ret_result->mark = mark;
    return hr_template_text_end(call->run, &out, &ret_result->value);
}

static int32_t apply_escape(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    if (call->input.mark == HR_MARK_html) {
        *ret = call->input;
        return 0;
    }
    return written(call, hr_escape_html, HR_MARK_html, ret);
}

static int32_t apply_escape_once(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    if (call->input.mark == HR_MARK_html) {
        *ret = call->input;
        return 0;
    }
    return written(call, hr_escape_html_once, HR_MARK_html, ret);
}

/* ---- links --------------------------------------------------------------------------------- */

static void encode_url(struct hr_buffer *out, struct hr_text text)
{
    for (size_t at = 0; at < text.size;) {
        size_t space = at + hr_text_find(hr_text_slice(text, at, text.size), ' ');
        hr_escape_url(out, hr_text_slice(text, at, space), "");
        if (space < text.size) {
            hr_buffer_add_byte(out, '+');
        }
        at = space + 1;
    }
}

static int32_t apply_url_encode(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    return written(call, encode_url, HR_MARK_url, ret);
}

static void decode_url(struct hr_buffer *out, struct hr_text text)
{
    for (size_t at = 0; at < text.size; at++) {
        char byte = text.data[at];
        int high = byte == '%' && at + 2 < text.size ? hr_hex_digit(text.data[at + 1]) : -1;
        int low = high >= 0 ? hr_hex_digit(text.data[at + 2]) : -1;
        if (low >= 0) {
            byte = (char)(high * 16 + low);
            at += 2;
        } else if (byte == '+') {
            byte = ' ';
        }
        hr_buffer_add_byte(out, byte);
    }
}

/* What was decoded must be a text. */
static int32_t checked(struct hr_template_filtering *call, int32_t outcome,
                       const struct hr_template_result *result)
{
    if (outcome == 0 && !hr_text_is_utf8(hr_value_as_text(&result->value))) {
        return hr_template_filter_fail(call, "what was decoded is no text");
    }
    return outcome;
}

static int32_t apply_url_decode(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    return checked(call, written(call, decode_url, HR_MARK_plain, ret), ret);
}

/* ---- base64 -------------------------------------------------------------------------------- */

/* From one alphabet to the other. */
static void change_letters(struct hr_buffer *out, struct hr_text text, const char *from,
                           const char *to)
{
    for (size_t at = 0; at < text.size; at++) {
        char byte = text.data[at];
        byte = byte == from[0] ? to[0] : byte == from[1] ? to[1] : byte;
        hr_buffer_add_byte(out, byte);
    }
}

static int32_t encoded(struct hr_template_filtering *call, bool safe,
                       struct hr_template_result *ret_result)
{
    struct hr_text text;
    struct hr_buffer out;
    int32_t outcome = hr_template_filter_input(call, &text);
    if (outcome != 0) {
        return outcome;
    }
    hr_template_text_begin(call->run, &out);
    change_letters(&out, hr_base64(call->run->arena, text), "+/", safe ? "-_" : "+/");
    return hr_template_text_end(call->run, &out, &ret_result->value);
}

static int32_t decoded(struct hr_template_filtering *call, bool safe,
                       struct hr_template_result *ret_result)
{
    struct hr_text text;
    struct hr_text bytes;
    struct hr_buffer out;
    int32_t outcome = hr_template_filter_input(call, &text);
    if (outcome != 0) {
        return outcome;
    }
    hr_template_text_begin(call->run, &out);
    change_letters(&out, text, "-_", safe ? "+/" : "-_");
    outcome = hr_template_text_end(call->run, &out, &ret_result->value);
    if (outcome != 0) {
        return outcome;
    }
    text = hr_value_as_text(&ret_result->value);
    if (!hr_base64_decode(call->run->arena, text, &bytes)) {
        return hr_template_filter_fail(call, "this is not base64");
    }
    ret_result->value = hr_value_text(bytes);
    return checked(call, 0, ret_result);
}

static int32_t apply_base64_encode(struct hr_template_filtering *call,
                                   struct hr_template_result *ret)
{
    return encoded(call, false, ret);
}

static int32_t apply_base64_decode(struct hr_template_filtering *call,
                                   struct hr_template_result *ret)
{
    return decoded(call, false, ret);
}

static int32_t apply_base64_url_safe_encode(struct hr_template_filtering *call,
                                            struct hr_template_result *ret)
{
    return encoded(call, true, ret);
}

static int32_t apply_base64_url_safe_decode(struct hr_template_filtering *call,
                                            struct hr_template_result *ret)
{
    return decoded(call, true, ret);
}

/* ---- JSON ---------------------------------------------------------------------------------- */

static int32_t apply_json(struct hr_template_filtering *call, struct hr_template_result *ret)
{
    struct hr_buffer out;
    hr_template_text_begin(call->run, &out);
    hr_json_write(&out, &call->input.value);
    ret->mark = HR_MARK_json;
    return hr_template_text_end(call->run, &out, &ret->value);
}

const struct hr_template_filter hr_template_filters_code[] = {
    {"base64_decode", 0, 0, apply_base64_decode},
    {"base64_encode", 0, 0, apply_base64_encode},
    {"base64_url_safe_decode", 0, 0, apply_base64_url_safe_decode},
    {"base64_url_safe_encode", 0, 0, apply_base64_url_safe_encode},
    {"escape", 0, 0, apply_escape},
    {"escape_once", 0, 0, apply_escape_once},
    {"json", 0, 0, apply_json},
    {"url_decode", 0, 0, apply_url_decode},
    {"url_encode", 0, 0, apply_url_encode},
    {NULL, 0, 0, NULL},
};
