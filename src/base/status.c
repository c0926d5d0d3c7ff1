/* What happens when an assumption of Handrail itself breaks: say which, and stop. A daemon that goes on with
 * a broken assumption would write lies into the journal. */
#include "base/base.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Writes without stdio: the heap may be what is broken. */
static void say(const char *text)
{
    size_t size = strlen(text);
    ssize_t written = write(2, text, size);
    (void)written;
}

void hr_assert_failed(const char *truth, const char *file, int line)
{
    char digits[12];
    size_t at = sizeof digits;
    unsigned rest = line > 0 ? (unsigned)line : 0;
    digits[--at] = '\0';
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    say("handrail: a bug: ");
    say(truth);
    say(" does not hold at ");
    say(file);
    say(":");
    say(digits + at);
    say("\n");
    abort();
}
