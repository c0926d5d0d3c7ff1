// data/phone: reads phone numbers with libphonenumber. A possible length is enough: number ranges
// change faster than a library's tables, and refusing a customer's new number is worse than keeping
// one that nobody answers. But the half of a number that is dialled within a town is none: another town
// has it, too. Only a few such, as 310-1234 in Canada, reach the same from everywhere.
#include "data/phone.h"

#include <cstring>
#include <phonenumbers/phonenumberutil.h>
#include <string>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

static bool is_whole(const PhoneNumberUtil *library, const PhoneNumber &number)
{
    PhoneNumberUtil::ValidationResult length = library->IsPossibleNumberWithReason(number);
    return length == PhoneNumberUtil::IS_POSSIBLE ||
           (length == PhoneNumberUtil::IS_POSSIBLE_LOCAL_ONLY && library->IsValidNumber(number));
}

extern "C" bool hr_phone_library_read(const char *written, size_t size, const char country[3],
                                      char ret_number[HR_PHONE_SIZE_MAX + 1], size_t *ret_size)
{
    const PhoneNumberUtil *library = PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    if (library->Parse(std::string(written, size), country, &number) !=
            PhoneNumberUtil::NO_PARSING_ERROR ||
        !is_whole(library, number)) {
        return false;
    }
    std::string text;
    library->Format(number, PhoneNumberUtil::E164, &text);
    if (number.has_extension() && !number.extension().empty()) {
        text += ";ext=" + number.extension();
    }
    if (text.size() > HR_PHONE_SIZE_MAX) {
        return false;
    }
    memcpy(ret_number, text.data(), text.size());
    ret_number[text.size()] = '\0';
    *ret_size = text.size();
    return true;
}
