/* data/json_number: the numbers of JSON. A number keeps its text, so that an id of any length
 * survives; beside it stands what one can calculate with: an int, a uint or the nearest double. */
#include "data/json_reader.h"

#include <math.h>

enum {
    NUMBER_SIZE_MAX = 1024, /* bytes of one number */
    DIGITS_SAFE = 18        /* so many digits fit an int whatever they are */
};

static inline const char *skip_digits(const char *at, const char *end)
{
    while (at < end && *at >= '0' && *at <= '9') {
        at++;
    }
    return at;
}

/* Moves reader->at behind the number at it; tells whether it has a point or an exponent. */
static hr_status check_number(struct hr_json_reader *reader, bool *ret_whole)
{
    const char *end = reader->end;
    *ret_whole = true;
    reader->at += *reader->at == '-' ? 1 : 0;
    const char *digits = reader->at;
    reader->at = skip_digits(digits, end);
    if (reader->at == digits) {
        return hr_json_refuse_syntax(reader, "expected a digit");
    }
    if (*digits == '0' && reader->at - digits > 1) {
        reader->at = digits;
        return hr_json_refuse_syntax(reader, "a number cannot begin with 0");
    }
    if (reader->at < end && *reader->at == '.') {
        *ret_whole = false;
        digits = ++reader->at;
        reader->at = skip_digits(digits, end);
        if (reader->at == digits) {
            return hr_json_refuse_syntax(reader, "expected a digit behind the decimal point");
        }
    }
    if (reader->at < end && (*reader->at | 0x20) == 'e') {
        *ret_whole = false;
        reader->at++;
        reader->at += reader->at < end && (*reader->at == '+' || *reader->at == '-') ? 1 : 0;
        digits = reader->at;
        reader->at = skip_digits(digits, end);
        if (reader->at == digits) {
            return hr_json_refuse_syntax(reader, "expected a digit in the exponent");
        }
    }
    return hr_done();
}

/* The value of whole digits if it fits an int or a uint. */
static bool read_whole(struct hr_text text, struct hr_value *value)
{
    bool negative = text.data[0] == '-';
    uint64_t magnitude = 0;
    for (size_t at = negative ? 1 : 0; at < text.size; at++) {
        uint64_t digit = (uint64_t)(text.data[at] - '0');
        if (magnitude > (UINT64_MAX - digit) / 10) {
            return false;
        }
        magnitude = magnitude * 10 + digit;
    }
    const uint64_t most = (uint64_t)INT64_MAX;
    if (negative && magnitude > most + 1) {
        return false;
    }
    if (!negative && magnitude > most) {
        value->kind = HR_KIND_uint;
        value->natural = magnitude;
        return true;
    }
    value->kind = HR_KIND_int;
    value->integer = (int64_t)(negative ? 0 - magnitude : magnitude);
    return true;
}

/* Any number: checked by the grammar, then read. */
static hr_status read_any(struct hr_json_reader *reader, struct hr_value *ret_value)
{
    const char *first = reader->at;
    bool whole;
    HR_TRY(check_number(reader, &whole));
    struct hr_text text = {first, (size_t)(reader->at - first)};
    if (text.size > NUMBER_SIZE_MAX) {
        return hr_json_refuse(reader, HR_CODE_json_number, first,
                              "the number has more than 1,024 characters");
    }
    struct hr_value value = {.number_size = (uint16_t)text.size, .number_text = first};
    if (!whole || !read_whole(text, &value)) {
        value.kind = HR_KIND_double;
        value.real = hr_double_read(text);
        if (isinf(value.real)) {
            return hr_json_refuse(reader, HR_CODE_json_number, first,
                                  "the number is too large to calculate with");
        }
    }
    *ret_value = value;
    return hr_done();
}

/* Most numbers of events are short and whole: they are checked and read in one go. */
hr_status hr_json_number_read(struct hr_json_reader *reader, struct hr_value *ret_value)
{
    const char *first = reader->at;
    const char *digits = first + (*first == '-' ? 1 : 0);
    const char *at = digits;
    uint64_t magnitude = 0;
    while (at < reader->end && *at >= '0' && *at <= '9') {
        magnitude = magnitude * 10 + (uint64_t)(*at - '0'); /* may wrap: then it is not used */
        at++;
    }
    bool zero_first = at - digits > 1 && *digits == '0';
    bool goes_on = at < reader->end && (*at == '.' || (*at | 0x20) == 'e');
    if (at == digits || at - digits > DIGITS_SAFE || zero_first || goes_on) {
        return read_any(reader, ret_value);
    }
    *ret_value = (struct hr_value){
        .kind = HR_KIND_int,
        .number_size = (uint16_t)(at - first),
        .integer = first == digits ? (int64_t)magnitude : -(int64_t)magnitude,
        .number_text = first,
    };
    reader->at = at;
    return hr_done();
}
