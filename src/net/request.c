/* Reading what a request carries: headers by name, query parameters, percent escapes. */
#include "net/guard.h"

struct hr_text hr_http_header_of(const struct hr_http_request *request, struct hr_text name,
                                 bool *ret_twice)
{
    const struct hr_http_header *found = NULL;
    bool twice = false;
    for (size_t i = 0; i < request->header_count; i++) {
        if (hr_text_equal_caseless(request->headers[i].name, name)) {
            twice = found != NULL;
            found = &request->headers[i];
        }
        if (twice) {
            break;
        }
    }
    if (ret_twice != NULL) {
        *ret_twice = twice;
    }
    if (found == NULL || twice) {
        return HR_TEXT_NONE;
    }
    return found->value.data == NULL ? HR_TEXT("") : found->value;
}

static bool unescape(struct hr_arena *into, struct hr_text text, bool plus_is_space,
                     struct hr_text *ret_plain)
{
    char *plain = hr_arena_alloc(into, text.size + 1);
    if (plain == NULL) {
        return false;
    }
    size_t size = 0;
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i];
        if (byte == '%') {
            int high = i + 2 < text.size ? hr_hex_digit(text.data[i + 1]) : -1;
            int low = i + 2 < text.size ? hr_hex_digit(text.data[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return false;
            }
            byte = (char)(high * 16 + low);
            i += 2;
        } else if (byte == '+' && plus_is_space) {
            byte = ' ';
        }
        if (byte == '\0') {
            return false;
        }
        plain[size++] = byte;
    }
    *ret_plain = (struct hr_text){plain, size};
    return hr_text_is_utf8(*ret_plain);
}

bool hr_http_unescape(struct hr_arena *into, struct hr_text segment, struct hr_text *ret_plain)
{
    return unescape(into, segment, false, ret_plain);
}

bool hr_http_query_of(struct hr_http_request *request, struct hr_text name,
                      struct hr_text *ret_value)
{
    struct hr_text rest = request->query;
    while (rest.size > 0) {
        struct hr_text value = hr_text_cut(&rest, '&');
        struct hr_text key = hr_text_cut(&value, '=');
        struct hr_text plain = HR_TEXT_NONE;
        if (unescape(&request->arena, key, true, &plain) && hr_text_equal(plain, name)) {
            return unescape(&request->arena, value, true, ret_value);
        }
    }
    return false;
}
