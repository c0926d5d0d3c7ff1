/* data/yaml_syntax, inside: what a syntax error of libyaml most likely is to the person who wrote
 * the file: where it really stands, what to write, and the change where that is certain. */
#ifndef HR_DATA_YAML_SYNTAX_H
#define HR_DATA_YAML_SYNTAX_H

#include "data/yaml_events.h"

struct yaml_finding {
    enum hr_code code;
    struct hr_text message;
    struct yaml_mark from; /* column 0: as the event says */
    uint32_t size;         /* code points */
    struct yaml_mark second;
    const char *second_label;
    struct hr_text help; /* empty: the code's own */
    const char *fix_at;  /* in the text; NULL: no fix */
    size_t fix_size;
    struct hr_text fix;
};

/* The best guess at a broken event; texts live in the arena or are constant. */
struct yaml_finding hr_yaml_syntax(struct hr_arena *into, struct hr_text text,
                                   const struct yaml_event *event);

/* Advice to put the value on a line into quotes: the one that stands behind the key, or inside brackets the one that
 * begins at byte `at`. */
void hr_yaml_advise_quotes(struct hr_arena *into, struct hr_text line, size_t at,
                           struct yaml_finding *finding);

#endif
