/* data/phone: the one door to libphonenumber. */
#ifndef HR_DATA_PHONE_H
#define HR_DATA_PHONE_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { HR_PHONE_SIZE_MAX = 48 };

/* Reads a number as written in a country (alpha-2 in capitals, or "ZZ": only international numbers)
 * and writes its E.164 form, with ";ext=12" behind it where it has an extension (RFC 3966): behind one number sit many
 * people. False if its length cannot be a number there. */
bool hr_phone_library_read(const char *written, size_t size, const char country[3],
                           char ret_number[HR_PHONE_SIZE_MAX + 1], size_t *ret_size);

#ifdef __cplusplus
}
#endif
#endif
