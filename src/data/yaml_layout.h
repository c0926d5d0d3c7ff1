/* data/yaml_layout, inside: a walk through a workspace file's source that writes it anew. This half
 * knows what may stand between two tokens (spaces, line ends, comments) and how that is laid out;
 * yaml_format.c knows the tokens. */
#ifndef HR_DATA_YAML_LAYOUT_H
#define HR_DATA_YAML_LAYOUT_H

#include "data/yaml.h"

/* A block list or map: the column of its items or keys, in the file and as laid out. */
struct level {
    size_t old;
    size_t now;
};

struct layout {
    struct hr_text text; /* with LF only, and no byte order mark */
    size_t at;           /* all before it is written */
    struct hr_buffer out;
    struct level levels[HR_YAML_DEPTH_MAX + 1];
    size_t depth;       /* levels around what comes next */
    size_t depth_last;  /* levels around the token written last; they still stand in `levels` */
    size_t moved_right; /* by how much the first token of this line moved... */
    size_t moved_left;  /* ... one of the two is 0 */
    bool lost;          /* something stands here that the walk does not know */
};

/* The byte there; NUL behind the end. */
char hr_layout_byte(const struct layout *layout, size_t at);
/* The next line end from a byte on, but not behind `to`. */
size_t hr_layout_line_end(const struct layout *layout, size_t from, size_t to);
/* Bytes from the line's beginning. Before a list, a map or a comment there are only spaces and
 * signs, so that bytes are columns. */
size_t hr_layout_column(const struct layout *layout, size_t at);
/* Where a line goes that keeps its distance to the line which its token began on. */
size_t hr_layout_moved(const struct layout *layout, size_t old);
/* Where the next token begins, behind spaces, line ends and comments; or the end of the text. */
size_t hr_layout_next(const struct layout *layout);
/* The text without the spaces at its end. */
struct hr_text hr_layout_trim_end(struct hr_text text);

/* Writes spaces; writes up to the byte `to` as it stands; writes one sign of YAML's own. */
void hr_layout_spaces(struct layout *layout, size_t count);
void hr_layout_put(struct layout *layout, size_t to);
void hr_layout_sign(struct layout *layout, char sign);
/* Goes to the next token. On the same line `between` comes before it; on a line of its own it
 * begins at the column. */
void hr_layout_go_on(struct layout *layout, struct hr_text between, size_t column);
/* The same inside brackets, where lines keep their distances. */
void hr_layout_go_on_flow(struct layout *layout, struct hr_text between);

#endif
