/* For the data tests: reads files of the public corpora that stand beside the project
 * (HANDRAIL_CORPORA, or
 * ../shared/corpora seen from the project's root). A test whose corpus is missing skips loudly. */
#ifndef HR_TESTS_DATA_CORPUS_H
#define HR_TESTS_DATA_CORPUS_H

#include "base/base.h"

/* cmocka wants these before it, in any order but not behind */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
/* clang-format on */

#include <dirent.h>
#include <stdio.h>
#include <string.h>

/* The whole file, from malloc, with a NUL behind it; data NULL when it cannot be read. */
static inline struct hr_text corpus_read_path(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return HR_TEXT_NONE;
    }
    size_t capacity = 1 << 16;
    struct hr_text text = {NULL, 0};
    char *data = malloc(capacity);
    for (;;) {
        size_t got = fread(data + text.size, 1, capacity - text.size - 1, file);
        text.size += got;
        if (got == 0) {
            break;
        }
        if (capacity - text.size < 2) {
            capacity *= 2;
            data = realloc(data, capacity);
        }
    }
    fclose(file);
    data[text.size] = '\0';
    text.data = data;
    return text;
}

/* "<corpora>/<folder>/<name>" in `path`. */
static inline void corpus_path(char path[1024], const char *folder, const char *name)
{
    const char *root = getenv("HANDRAIL_CORPORA");
    if (root != NULL) {
        snprintf(path, 1024, "%s/%s/%s", root, folder, name);
        return;
    }
    const char *here = __FILE__;
    int size = (int)(strrchr(here, '/') - here);
    snprintf(path, 1024, "%.*s/../../../shared/corpora/%s/%s", size, here, folder, name);
}

static inline struct hr_text corpus_read(const char *folder, const char *name)
{
    char path[1024];
    corpus_path(path, folder, name);
    return corpus_read_path(path);
}

/* Gives back what corpus_read answered. */
static inline void corpus_free(struct hr_text text)
{
    union {
        const char *constant;
        char *owned;
    } data = {.constant = text.data};
    free(data.owned);
}

/* Calls `each` with every file name of the folder in order of name; answers how many, 0 when it is
 * missing (and says so). */
static inline int corpus_each(const char *folder,
                              void (*each)(const char *folder, const char *name))
{
    char path[1024];
    corpus_path(path, folder, "");
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, NULL, alphasort);
    int seen = 0;
    for (int index = 0; index < count; index++) {
        if (entries[index]->d_name[0] != '.') {
            each(folder, entries[index]->d_name);
            seen++;
        }
        free(entries[index]);
    }
    free(entries);
    if (seen == 0) {
        fprintf(stderr, "SKIP corpus %s: not found\n", folder);
    }
    return seen;
}

/* The YAML suite writes what cannot be seen with signs: spaces, tabs, missing line ends, marks. */
static inline struct hr_text corpus_yaml_unmask(struct hr_arena *into, struct hr_text text)
{
    static const char *const signs[][2] = {
        {"\xE2\x90\xA3", " "},  {"\xE2\x80\x94\xE2\x80\x94\xE2\x80\x94\xE2\x80\x94\xC2\xBB", "\t"},
        {"\xC2\xBB", "\t"},     {"\xE2\x80\x94", ""},
        {"\xE2\x86\xB5", ""},   {"\xE2\x88\x8E\n", ""},
        {"\xE2\x86\x90", "\r"}, {"\xE2\x87\x94", "\xEF\xBB\xBF"}};
    struct hr_buffer out;
    hr_buffer_init(&out, into, 1 << 20);
    for (size_t at = 0; at < text.size;) {
        size_t sign = 0;
        struct hr_text rest = hr_text_slice(text, at, text.size);
        while (sign < 8 && !hr_text_starts(rest, hr_text_from(signs[sign][0]))) {
            sign++;
        }
        if (sign == 8) {
            hr_buffer_add_byte(&out, text.data[at++]);
        } else {
            hr_buffer_add_text(&out, hr_text_from(signs[sign][1]));
            at += strlen(signs[sign][0]);
        }
    }
    return hr_buffer_text(&out);
}

#endif
