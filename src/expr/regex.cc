/* expr/regex.cc: the only file of this room that enters RE2. CEL defines matches() by RE2, which
 * runs in time linear in the text whatever the pattern; its memory is capped here. No exception
 * leaves this file. */
#include "expr/regex.h"

#include <cstring>
#include <new>
#include <re2/re2.h>
#include <string>

struct hr_regex {
    RE2 compiled;
    hr_regex(const re2::StringPiece &pattern, const RE2::Options &options)
        : compiled(pattern, options)
    {
    }
};

static const int memory_max = 256 * 1024;

static void explain(char error[HR_REGEX_ERROR_MAX], const std::string &reason)
{
    size_t size = reason.size() < HR_REGEX_ERROR_MAX ? reason.size() : HR_REGEX_ERROR_MAX - 1;
    std::memcpy(error, reason.data(), size);
    error[size] = '\0';
}

int hr_regex_open(const char *pattern, size_t size, char error[HR_REGEX_ERROR_MAX],
                  struct hr_regex **ret_regex)
{
    *ret_regex = nullptr;
    if (size > HR_REGEX_PATTERN_MAX) {
        explain(error, "the pattern is longer than 1,024 bytes");
        return 0;
    }
    try {
        RE2::Options options(RE2::Quiet);
        options.set_max_mem(memory_max);
        hr_regex *regex = new hr_regex(re2::StringPiece(pattern, size), options);
        if (regex->compiled.ok()) {
            *ret_regex = regex;
            return 1;
        }
        explain(error, regex->compiled.error());
        delete regex;
        return 0;
    } catch (const std::bad_alloc &) {
        return -1;
    }
}

int hr_regex_matches(const struct hr_regex *regex, const char *text, size_t size)
{
    try {
        return RE2::PartialMatch(re2::StringPiece(text, size), regex->compiled) ? 1 : 0;
    } catch (const std::bad_alloc &) {
        return -1;
    }
}

void hr_regex_close(struct hr_regex *regex)
{
    delete regex;
}
