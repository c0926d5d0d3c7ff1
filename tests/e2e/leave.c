/* links: server */
/* The link of a letter that the daemon of a workspace would send: reads the store's secret beside the daemon. Usage:
 *   leave DATA_FOLDER CONTACT PURPOSE          CONTACT: C-1x8f3, PURPOSE: marketing
 * Says the path of the link. */
#include "insight/insight.h"
#include "letter/unsubscribe.h"
#include "store/store.h"

#include <stdio.h>

static int fail(const char *what)
{
    (void)fprintf(stderr, "leave: %s\n", what);
    return 1;
}

static uint32_t number_of(const struct hr_names *names, struct hr_text word)
{
    for (size_t i = 0; i < names->count; i++) {
        if (hr_text_equal(names->words[i], word)) {
            return (uint32_t)i + 1;
        }
    }
    return 0;
}

static int say(struct hr_store_reader *reader, char **words, struct hr_arena *arena)
{
    struct hr_record *names = NULL;
    struct hr_leaving what = {.channel = HR_UNSUBSCRIBE_CHANNEL_email};
    char token[HR_UNSUBSCRIBE_TOKEN_SIZE];
    if (!hr_contact_named(hr_text_from(words[2]), &what.contact) ||
        !hr_ok(hr_store_reader_begin(reader)) ||
        !hr_ok(hr_store_read_record(reader, HR_ID_NAMES, arena, &names)) || names == NULL) {
        return fail("it could not be read");
    }
    what.purpose = number_of(names->names, hr_text_from(words[3]));
    if (what.purpose == 0) {
        return fail("there is no such purpose");
    }
    hr_unsubscribe_token(hr_store_reader_secret(reader), &what, token);
    (void)printf("/u/%.*s\n", HR_UNSUBSCRIBE_TOKEN_SIZE, token);
    hr_store_reader_end(reader);
    return 0;
}

int main(int count, char **words)
{
    struct hr_arena arena;
    struct hr_store_reader *reader = NULL;
    if (count != 4) {
        return fail("leave DATA_FOLDER CONTACT PURPOSE");
    }
    const struct hr_store_options options = {.folder = words[1]};
    hr_arena_init(&arena, 64 << 20);
    int code = hr_ok(hr_store_reader_open(&options, &reader)) ? say(reader, words, &arena)
                                                              : fail("there is no store");
    hr_store_reader_close(reader);
    hr_arena_close(&arena);
    return code;
}
