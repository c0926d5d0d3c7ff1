/* expr/regex: the door to RE2: linear time, capped memory, patterns as CEL's matches() defines
 * them.
 *
 * Owner    a compiled pattern lives outside arenas; close gives it back.
 * Limits   pattern 1 KiB, 256 KiB of memory for each compiled pattern.
 * Pure     yes (no state but the library's own caches).   Threads   a compiled pattern may be
 * shared. */
#ifndef HR_EXPR_REGEX_H
#define HR_EXPR_REGEX_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hr_regex;

enum { HR_REGEX_PATTERN_MAX = 1024, HR_REGEX_ERROR_MAX = 120 };

/* Compiles a pattern: 1 and *ret_regex; 0 when it cannot be, error then holds the reason with a NUL;
 * -1 when the machine has no memory for it. */
int hr_regex_open(const char *pattern, size_t size, char error[HR_REGEX_ERROR_MAX],
                  struct hr_regex **ret_regex);
/* 1 if the pattern occurs anywhere in the text, 0 if not, -1 when memory ran out. */
int hr_regex_matches(const struct hr_regex *regex, const char *text, size_t size);
/* Gives a compiled pattern back; NULL is allowed. */
void hr_regex_close(struct hr_regex *regex);

#ifdef __cplusplus
}
#endif

#endif
