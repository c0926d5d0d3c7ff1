/* data/value: the typed tree that everything from outside becomes: JSON, YAML scalars, CSV cells,
 * CEL values.
 *
 * Why      one shape for payloads, fields and expression results, so that nothing is converted
 *          twice.
 * Shape    struct hr_value, 24 bytes: a kind and a union. A number read from JSON keeps its text,
 *          so that an id of 19 digits survives.
 * Units    instants and durations in microseconds, with 0 to 999 nanoseconds beside them where an expression
 *          made them; instants UTC since 1970.
 * Owner    texts and children live in the arena (or the bytes) they were made from.
 * Limits   HR_VALUE_DEPTH_MAX levels, sizes by the reader's options.
 * Errors   E0001.. through diagnostics with line and column. Who writes into a buffer asks hr_buffer_status.
 * Pure     yes.
 * Threads  values are immutable once made.
 * Source   RFC 8259 (JSON), RFC 8785 (how doubles are written), RFC 4180 (CSV).
 * Tests    tests/unit/data_value_test.c, data_json_test.c, data_csv_test.c; fuzz: json, csv; corpora 09, 11, 12 */
#ifndef HR_DATA_VALUE_H
#define HR_DATA_VALUE_H

#include "base/base.h"
#include "base/diagnostic.h"

typedef int64_t hr_instant; /* microseconds UTC since 1970-01-01T00:00:00Z */

#define HR_INSTANT_NONE INT64_MIN

enum { HR_VALUE_DEPTH_MAX = 64 };

enum hr_kind {
    HR_KIND_null,
    HR_KIND_bool,
    HR_KIND_int,    /* fits int64 */
    HR_KIND_uint,   /* CEL uint; JSON integers above INT64_MAX that fit uint64 */
    HR_KIND_double, /* any other number */
    HR_KIND_text,
    HR_KIND_bytes,
    HR_KIND_time,
    HR_KIND_duration,
    HR_KIND_list,
    HR_KIND_map,
    HR_KIND_type,    /* CEL type value; `text` is its name */
    HR_KIND_optional /* CEL optional: list of 0 or 1 items */
};

/* What bytes stand for. An address and a network (CEL's net.IP and net.CIDR) have HR_ADDRESS_SIZE of them: the family,
 * 4 or 6; the length of the prefix, 255 if there is none; and 16, those of an IPv4 address first. */
enum hr_bytes_form { HR_BYTES_plain, HR_BYTES_address, HR_BYTES_network };
enum { HR_ADDRESS_SIZE = 18 };

struct hr_member;

struct hr_value {
    uint8_t kind;         /* enum hr_kind */
    uint8_t form;         /* of bytes: enum hr_bytes_form */
    uint16_t number_size; /* bytes of the number's text as written, 0 if it has none */
    union {
        uint32_t
            count; /* items or members; bytes of a text or of bytes (at most 4 GiB - 1); of a null that
                                 stands for something missing (src/template), bytes of its name, which is `text` */
        uint32_t nanoseconds; /* of a time or a duration: 0 to 999, beside the microseconds */
    };
    union {
        bool truth;
        int64_t integer;
        uint64_t natural;
        double real;
        const char *text;
        hr_instant time;
        int64_t duration_us;
        const struct hr_value *items;
        const struct hr_member *members;
    };
    const char *
        number_text; /* where number_size > 0; of a text read from JSON: where its opening quote stands */
};

/* One member of a map. JSON maps have text keys; CEL maps may have others. */
struct hr_member {
    struct hr_value key;
    struct hr_value value;
};

/* Makers. A text, list or map is not copied. */
struct hr_value hr_value_null(void);
struct hr_value hr_value_bool(bool truth);
struct hr_value hr_value_int(int64_t integer);
struct hr_value hr_value_double(double real);
struct hr_value hr_value_text(struct hr_text text);
struct hr_value hr_value_time(hr_instant time);
struct hr_value hr_value_duration(int64_t duration_us);

/* The text of a text, bytes or type value; the empty text for any other kind. */
struct hr_text hr_value_as_text(const struct hr_value *value);
/* The member of a map under a text key, or NULL (also when value is not a map). */
const struct hr_value *hr_value_member(const struct hr_value *value, struct hr_text key);
/* Follows "a.b.0.c" through maps and lists; NULL where it ends early. */
const struct hr_value *hr_value_path(const struct hr_value *value, struct hr_text path);
/* Same kind and same content, as deep as a reader may go. A number's text, and a missing one's name, do not count. */
bool hr_value_equal(const struct hr_value *a, const struct hr_value *b);
/* A deep copy into an arena; HR_E_MEMORY. */
hr_status hr_value_copy(struct hr_arena *into, const struct hr_value *value,
                        struct hr_value *ret_copy) HR_MUST_USE;
/* A short form for people: text as it is, numbers as written, times RFC 3339, addresses "10.0.0.0/8", lists in
 * brackets; cut at 200 bytes with "…". Null reads "nothing". Data NULL: no memory. */
struct hr_text hr_value_show(struct hr_arena *into, const struct hr_value *value);
/* What a value is known by, whole, so that two of a kind have the same text only if they are equal: a text as it is,
 * numbers as written, times and addresses as shown, bytes in base64, lists and maps as canonical JSON. What holds
 * nothing (null, an empty list, map or optional) is the empty text. HR_E_MEMORY, HR_E_LIMIT (too deep). */
hr_status hr_value_name(struct hr_arena *into, const struct hr_value *value,
                        struct hr_text *ret_name) HR_MUST_USE;
/* Adds the text of a time (RFC 3339), a duration ("1.5s"), bytes (base64), an address or a network. */
void hr_value_write_word(struct hr_buffer *out, const struct hr_value *value);

/* ---- JSON --------------------------------------------------------------------------------- */

struct hr_json_options {
    size_t size_max;    /* bytes; 0: 1 MiB */
    uint32_t depth_max; /* 0: HR_VALUE_DEPTH_MAX */
    bool keep_last;     /* of duplicate keys keep the last; default refuses them */
};
/* Reads one JSON text whole. Strings without escapes point into `text`, which must live as long.
 * Any break is HR_E_INPUT with E0001.. at line and column in `reterr` (may be NULL). */
hr_status hr_json_read(struct hr_arena *into, struct hr_text text,
                       const struct hr_json_options *options, struct hr_diagnostics *reterr,
                       struct hr_value *ret_value) HR_MUST_USE;
/* Writes compact JSON in member order. Times as RFC 3339 texts, durations as "1.5s", bytes as
 * base64, addresses as "10.0.0.0/8"; a number that kept its text is written with it. */
void hr_json_write(struct hr_buffer *out, const struct hr_value *value);
/* Writes the canonical form of RFC 8785: keys in order of their UTF-16 code units, numbers in their
 * shortest form, so that equal values have equal bytes. Whole numbers keep all digits, also beyond
 * 2^53, where the RFC leaves them to be texts. Needs memory of out->arena beside the output. */
void hr_json_write_canonical(struct hr_buffer *out, const struct hr_value *value);
/* Writes a text as a JSON string with its quotes. */
void hr_json_write_text(struct hr_buffer *out, struct hr_text text);

/* ---- CSV ---------------------------------------------------------------------------------- */

/* Reads a file row by row: BOM dropped, delimiter found (comma, semicolon, tab, bar), quotes, CR LF
 * or LF. */
struct hr_csv {
    struct hr_text text;
    size_t at;
    uint32_t line; /* of the row read last, counting from 1 */
    uint32_t next_line;
    char delimiter;
    uint32_t cells_max; /* per row */
};
/* Begins at the start of a text that stays valid. UTF-16 and NUL are refused with HR_E_INPUT. */
hr_status hr_csv_open(struct hr_csv *csv, struct hr_text text,
                      struct hr_diagnostics *reterr) HR_MUST_USE;
enum hr_csv_outcome { HR_CSV_END = 1 };
/* The next row's cells in the arena. Outcome HR_CSV_END: no more rows. A quote without an end is
 * HR_E_INPUT at its opening. */
hr_status hr_csv_next(struct hr_csv *csv, struct hr_arena *into, struct hr_diagnostics *reterr,
                      struct hr_text **ret_cells, size_t *ret_count) HR_MUST_USE;

#endif
