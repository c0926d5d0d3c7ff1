/* links: store */
/* Looks at one moment of a store and holds on to it, as a report does that somebody reads for long: says so on stdout,
 * and ends with its stdin. Usage: hold DATA_FOLDER */
#include "store/store.h"

#include <stdio.h>

int main(int count, char **words)
{
    struct hr_store_reader *reader = NULL;
    const struct hr_store_options options = {.folder = count > 1 ? words[1] : "."};
    if (!hr_ok(hr_store_reader_open(&options, &reader)) || !hr_ok(hr_store_reader_begin(reader))) {
        (void)fputs("hold: the store cannot be read\n", stderr);
        return 1;
    }
    (void)puts("looking");
    (void)fflush(stdout);
    while (getchar() != EOF) {
    }
    hr_store_reader_close(reader);
    return 0;
}
