/* base/diagnostic: errors as values with a code that never changes, a place, and a way to mend them.
 *
 * Why      one style for the command line, the console, the API and logs (the house's error law).
 * Shape    errors_*.tbl hold one row per code: X(code, symbol, http, exit, retryable, text, help, page).
 *          A diagnostic is a row, filled in, with a place, and with a fix where only one change can be meant.
 * Owner    everything in a diagnostic lives in the arena of its list.
 * Limits   HR_DIAGNOSTICS_MAX are kept in full; the rest are counted. When all places are taken, an error takes the
 *          place of the last kept warning. Of those kept, HR_DIAGNOSTICS_DRAWN_MAX are drawn, errors first, and the
 *          rest counted ("and N more"): who reads a terminal mends these first, programs get all that is kept.
 * Pure     yes.                                  Threads   one owner.
 * Tests    tests/unit/base_test.c, tests/golden/check */
#ifndef HR_BASE_DIAGNOSTIC_H
#define HR_BASE_DIAGNOSTIC_H

#include "base/base.h"

enum { HR_DIAGNOSTICS_MAX = 300, HR_DIAGNOSTICS_DRAWN_MAX = 20 };

/* Every error code of Handrail: HR_CODE_<symbol>. */
enum hr_code {
    HR_CODE_none = 0,
#define X(code, symbol, http, exit, retryable, text, help, page) HR_CODE_##symbol = (code),
#include "base/errors.tbl"
#undef X
};

/* One row of the error table. */
struct hr_code_info {
    enum hr_code code;  /* the number after E or W, e.g. 101 for E0101 */
    const char *symbol; /* stable name, e.g. "unknown_field" */
    int http_status;    /* for the API; 0 where it never reaches it */
    int exit_code;      /* for the command line, docs: 0..5 */
    bool retryable;     /* trying the same again may help */
    const char *text;   /* what is wrong, lower case, no full stop */
    const char *help;   /* the general way to mend it */
    const char *page;   /* `handrail explain`: why, example, fix */
};

/* The row of a code; never NULL for a code of the table, NULL otherwise. */
const struct hr_code_info *hr_code_info(enum hr_code code);
/* The row for "E0101", "W0101", "101"; NULL when there is none. */
const struct hr_code_info *hr_code_find(struct hr_text name);
/* What a fatal status says where nothing more is known: for every one a row with a place in HTTP. Callers know more
 * of HR_E_INPUT and HR_E_REFUSED, and say so before they ask here. */
enum hr_code hr_code_of(hr_status status);
/* All rows in order of their codes; index from 0; NULL behind the last. */
const struct hr_code_info *hr_code_at(size_t index);

enum hr_severity { HR_SEVERITY_error, HR_SEVERITY_warning };

/* A place in a text: line and column count from 1 in code points; size in code points. line 0: no place, or the
 * whole file; column 0: the whole line. */
struct hr_place {
    struct hr_text file;
    uint32_t line;
    uint32_t column;
    uint32_t size;
};

/* The one change of bytes that mends it, in the file of its place. */
enum hr_fix_kind {
    HR_FIX_none,
    HR_FIX_bytes, /* `size` bytes at `from` become the replacement */
    HR_FIX_place  /* what the caret marks does, if it is `written` */
};
struct hr_fix {
    enum hr_fix_kind kind;
    uint32_t from;
    uint32_t size;
    struct hr_text written;
    struct hr_text replacement;
};

/* One thing that is wrong. */
struct hr_diagnostic {
    enum hr_code code;
    enum hr_severity severity;
    struct hr_text message; /* the sentence, filled in */
    struct hr_place place;
    struct hr_text label;   /* under the caret, may be empty */
    struct hr_place second; /* where the other side of a conflict stands */
    struct hr_text second_label;
    struct hr_text example; /* one concrete harm; starts as that of harms.tbl, may be empty */
    struct hr_text help;    /* one change that mends it */
    struct hr_text pointer; /* for API input: the field, as a JSON pointer; may be empty */
    struct hr_fix fix;
};

/* What was found so far. */
struct hr_diagnostics {
    struct hr_arena *arena;
    struct hr_diagnostic *items;
    size_t count;
    size_t capacity;
    size_t told;                /* how many were ever kept; the newest stand last */
    size_t error_count;         /* including those not kept */
    size_t warning_count;       /* including those not kept */
    size_t later_count;         /* among the warnings: of what is not available yet */
    struct hr_diagnostic spare; /* takes the ones that are not kept */
};

/* An empty list whose texts will live in the arena. */
void hr_diagnostics_init(struct hr_diagnostics *list, struct hr_arena *arena);
/* Adds one with its message from printf; answers it for more to be filled in, until the next add. Never NULL:
 * beyond the limit or without memory the spare is answered: counted and thrown away. help starts as the
 * table's. */
struct hr_diagnostic *hr_diagnostics_add(struct hr_diagnostics *list, enum hr_code code,
                                         enum hr_severity severity, struct hr_place place,
                                         const char *message, ...) HR_PRINTF(5, 6);
/* Forgets what is only not available yet, kept or not. */
void hr_diagnostics_drop_later(struct hr_diagnostics *list);
/* Copies the words of what was kept since list->told was `told` into its arena: a reader may fill them in from an arena
 * of its own, and calls this before it ends. What stands in the list's arena already stays there. Without memory the
 * message and the help become those of the code's row; the rest goes. */
void hr_diagnostics_own(struct hr_diagnostics *list, size_t told);
/* The first error that is kept; NULL when there is none. */
const struct hr_diagnostic *hr_diagnostics_error(const struct hr_diagnostics *list);
/* The nearest candidate at distance <= 2 for "did you mean"; the empty text if none. */
struct hr_text hr_did_you_mean(struct hr_text written, const struct hr_text *candidates,
                               size_t count);
/* The candidate that can only have been meant: it differs in the case of its letters, or it is the one and only at
 * distance 1. The empty text if none. For words of a closed list; a name that people make up may be a new one. */
struct hr_text hr_surely_meant(struct hr_text written, const struct hr_text *candidates,
                               size_t count);

/* Says how to mend it: `size` bytes of the file from byte `from` on become the replacement (0: it is put in there).
 * `check --fix` does so without asking, so this is for what cannot mean anything else. The replacement lives as long as
 * the list's arena, or is constant. */
void hr_diagnostic_fix(struct hr_diagnostic *item, size_t from, size_t size,
                       struct hr_text replacement);
/* The same for what the caret marks. Nothing happens to a file in which it is not `written` letter by letter (an
 * escape, a folded line). An empty replacement: no fix. */
void hr_diagnostic_fix_place(struct hr_diagnostic *item, struct hr_text written,
                             struct hr_text replacement);
/* Where the fix goes in the bytes of its file; false when there is none, or it does not fit these bytes. */
bool hr_fix_locate(const struct hr_diagnostic *item, struct hr_text bytes, size_t *ret_from,
                   size_t *ret_size);

/* How a caller reads a source file again, to draw the line under a caret; answers the whole text or the
 * empty one. */
typedef struct hr_text (*hr_source_of)(void *context, struct hr_text file);
/* Draws them as the command line shows them: severity[CODE], place, line, caret, second place, example, help, explain;
 * at most HR_DIAGNOSTICS_DRAWN_MAX, no error behind warnings. No colour codes. */
struct hr_text hr_diagnostics_draw(const struct hr_diagnostics *list, struct hr_arena *into,
                                   hr_source_of source_of, void *context);

#endif
