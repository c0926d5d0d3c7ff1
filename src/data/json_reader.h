/* data/json_reader: what the files of the JSON reader share.
 *
 * Reading has two stages. Stage 1 (json_marks.c) looks at 64 bytes at a time and notes the marks:
 * where a bracket, comma, colon or quote stands and where a number or word begins. Stage 2 (json.c)
 * walks from mark to mark and builds the tree; it never looks at white space, nor at the inside of
 * a string unless stage 1 saw something odd. docs/decisions/0017 tells why.
 *
 * Tests may choose the instructions of stage 1; the answer is the same on every path. */
#ifndef HR_DATA_JSON_READER_H
#define HR_DATA_JSON_READER_H

#include "data/inside.h"

/* The instructions with which stage 1 finds marks. */
enum hr_json_path {
    HR_JSON_portable, /* any processor */
    HR_JSON_sse2,     /* every x86-64 */
    HR_JSON_avx2,     /* with BMI and carry-less multiplication */
    HR_JSON_avx512,   /* with VBMI2 */
    HR_JSON_PATHS
};

enum {
    HR_JSON_BLOCK = 64,    /* bytes that stage 1 looks at together */
    HR_JSON_WINDOW = 2048, /* bytes whose marks are kept at a time */
    HR_JSON_STACK = 160    /* values on the C stack before the arena is asked */
};

/* Stage 1: the marks of one window, and what the next one must know. */
struct hr_json_marks {
    const char *data;
    uint32_t size;
    uint32_t scanned; /* bytes whose marks were found */
    enum hr_json_path path;
    uint64_t escape_carry; /* 1: the window's first byte is escaped */
    uint64_t string_carry; /* all ones: it is inside a string */
    uint64_t scalar_carry; /* 1: it goes on with a number or word */
    uint64_t high;         /* not 0: bytes beyond ASCII were seen */
    uint64_t odd;          /* not 0: a backslash, or a control character in a string, was seen */
    bool valid_utf8;       /* the whole text was looked at, and is */
    bool careful;          /* strings so far may hold what needs a look */
    uint32_t count;        /* of positions */
    uint32_t positions[HR_JSON_WINDOW + HR_JSON_BLOCK];
};

struct hr_json_reader {
    struct hr_text text; /* all of it: places are counted in it */
    const char *begin;   /* behind a byte order mark */
    const char *at;      /* what is looked at next */
    const char *end;
    struct hr_arena *into;
    struct hr_diagnostics *reterr;
    struct hr_value *stack; /* open containers: the container's own slot, then its children */
    size_t capacity;        /* of the stack */
    uint32_t frame; /* the open container's slot; its `count` holds the slot of the one around it */
    uint32_t depth;
    uint32_t depth_max;
    bool keep_last;
    struct hr_json_marks marks;
};

/* The fastest path that this processor has, or whether it has a given one. */
enum hr_json_path hr_json_path_best(void);
bool hr_json_path_works(enum hr_json_path path);

/* Begins stage 1 over a text. */
void hr_json_marks_init(struct hr_json_marks *marks, struct hr_text text, enum hr_json_path path);
/* Finds the marks of the next window: at least one; the last of all is the text's end. */
void hr_json_marks_more(struct hr_json_marks *marks);

/* hr_json_read on a given path. */
hr_status hr_json_read_by(enum hr_json_path path, struct hr_arena *into, struct hr_text text,
                          const struct hr_json_options *options, struct hr_diagnostics *reterr,
                          struct hr_value *ret_value) HR_MUST_USE;

/* Complains at a byte of the text, or that the text ends where reader->at stands behind it. */
hr_status hr_json_refuse(struct hr_json_reader *reader, enum hr_code code, const char *at,
                         const char *message);
hr_status hr_json_refuse_syntax(struct hr_json_reader *reader, const char *message);

/* With reader->at on the opening quote: checks each byte of the string, decodes its escapes and
 * leaves reader->at on the closing quote. */
hr_status hr_json_text_read(struct hr_json_reader *reader, struct hr_text *ret_text);

/* Reads the number at reader->at and leaves reader->at behind it. */
hr_status hr_json_number_read(struct hr_json_reader *reader, struct hr_value *ret_value);

/* Looks for keys that come twice; with keep_last takes the earlier ones out of the members. */
hr_status hr_json_keys_settle(struct hr_json_reader *reader, struct hr_member *members,
                              size_t *count);

#endif
