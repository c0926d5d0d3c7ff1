/* template/parse_inside: what the files share that make a tree: pieces, tokens, the parser, the table of tags. */
#ifndef HR_TEMPLATE_PARSE_INSIDE_H
#define HR_TEMPLATE_PARSE_INSIDE_H

#include "template/inside.h"

/* ---- pieces: the source cut at its marks --------------------------------------------------- */

enum hr_template_piece_kind {
    HR_PIECE_end,
    HR_PIECE_text,
    HR_PIECE_output, /* {{ }} */
    HR_PIECE_tag,    /* {% %}, or a line of a liquid tag */
    HR_PIECE_open    /* a mark without an end */
};

struct hr_template_piece {
    uint8_t kind;
    uint32_t at; /* of what stands between the marks; of a text, white space control done */
    uint32_t size;
    uint32_t mark_at; /* with its marks */
    uint32_t mark_size;
};

struct hr_template_scanner {
    struct hr_text source;
    uint32_t at;
    uint32_t end;
    bool lines; /* inside of a liquid tag: each line is a tag */
    bool trim;  /* the mark before asked that white space goes */
};

/* The next piece. */
void hr_template_scan(struct hr_template_scanner *scanner, struct hr_template_piece *ret_piece);
/* Behind a raw or doc tag: what stands before its end tag, as text. False when there is no end tag. */
bool hr_template_scan_until(struct hr_template_scanner *scanner, struct hr_text end_tag,
                            struct hr_template_piece *ret_piece);
/* Behind a comment tag: passes over all up to its end, comments inside included. False when there is none. */
bool hr_template_scan_comment(struct hr_template_scanner *scanner);
/* The first word of a tag, and where what follows begins. */
struct hr_text hr_template_tag_word(struct hr_text source, const struct hr_template_piece *piece,
                                    uint32_t *ret_rest);

/* ---- tokens: what stands between marks ----------------------------------------------------- */

enum hr_template_token_kind {
    HR_LIQUID_end,
    HR_LIQUID_name,
    HR_LIQUID_text,
    HR_LIQUID_number,
    HR_LIQUID_compare, /* == != <> < > <= >= */
    HR_LIQUID_assign,  /* = */
    HR_LIQUID_dot,
    HR_LIQUID_dots,
    HR_LIQUID_pipe,
    HR_LIQUID_colon,
    HR_LIQUID_comma,
    HR_LIQUID_open_round,
    HR_LIQUID_close_round,
    HR_LIQUID_open_square,
    HR_LIQUID_close_square,
    HR_LIQUID_bad
};

struct hr_template_token {
    uint8_t kind;
    uint32_t at;
    uint32_t size;
    const char *problem; /* of a bad one: what is wrong, and how to mend it (or NULL) */
    const char *help;
};

/* The token that begins at or after `from` and before `end`. */
void hr_template_lex(struct hr_text source, uint32_t from, uint32_t end,
                     struct hr_template_token *ret_token);

/* ---- compiling ----------------------------------------------------------------------------- */

struct hr_template_parser {
    struct hr_arena *arena;
    struct hr_template *template;
    struct hr_text source;
    const struct hr_template_options *options;
    struct hr_diagnostics *reterr;
    uint32_t error_count;
    uint32_t warning_count;
    bool no_memory;
    bool unbalanced;             /* complained that ends do not match */
    struct hr_diagnostic unkept; /* for complaints beyond the limit */
    struct hr_template_scanner scanner;
    struct hr_template_token token; /* the one to look at */
    uint32_t token_end;             /* where the token before it ended */
    uint32_t stop;                  /* where the tag or output ends */
    uint32_t depth;                 /* tags and brackets open now */
    uint32_t loops;                 /* for and tablerow open now */
    uint32_t seen_at;               /* places are counted on from here: they come in order */
    uint32_t seen_line;
    uint32_t seen_column;
};

/* Zeroed memory; NULL (and no_memory) when the arena refuses. */
void *hr_template_alloc(struct hr_template_parser *parser, size_t count, size_t size);
/* Adds an item to a growing array; false when the arena refuses. */
bool hr_template_append(struct hr_template_parser *parser, void *items, size_t *count,
                        size_t *capacity, const void *item, size_t size);
/* Where a span stands. */
struct hr_place hr_template_place(struct hr_template_parser *parser, uint32_t at, uint32_t size);
/* Complains; answers the diagnostic for help to be filled in. Never NULL. Of errors and of warnings the first
 * HR_TEMPLATE_ERRORS_MAX are kept. */
struct hr_diagnostic *hr_template_complain(struct hr_template_parser *parser, enum hr_code code,
                                           uint32_t at, uint32_t size, struct hr_text message);
struct hr_diagnostic *hr_template_warn(struct hr_template_parser *parser, uint32_t at,
                                       uint32_t size, struct hr_text message);
/* Says which name was meant, if one is near, and mends it where it can be no other. The caret marks what is written. */
void hr_template_suggest(struct hr_template_parser *parser, struct hr_diagnostic *diagnostic,
                         struct hr_text written, const struct hr_text *names, size_t count);
/* Parses the whole source into the template's body. */
void hr_template_parse(struct hr_template_parser *parser);

/* Begins to read tokens in a span; goes on to the next; takes one of a kind if it stands there. */
void hr_template_tokens(struct hr_template_parser *parser, uint32_t from, uint32_t end);
void hr_template_advance(struct hr_template_parser *parser);
bool hr_template_accept(struct hr_template_parser *parser, uint8_t kind);
/* The same for a name that stands there. */
bool hr_template_accept_word(struct hr_template_parser *parser, const char *word);
struct hr_text hr_template_token_text(const struct hr_template_parser *parser);
/* Complains that something else was wanted at the present token; nothing more is read of this tag. */
void hr_template_expected(struct hr_template_parser *parser, const char *wanted);
/* Complains unless all of the tag was read. */
void hr_template_finish(struct hr_template_parser *parser, const char *wanted);

/* Parts of tags. NULL where it complained. */
const struct hr_template_expr *hr_template_parse_expr(struct hr_template_parser *parser);
bool hr_template_parse_pipe(struct hr_template_parser *parser, struct hr_template_pipe *ret_pipe);
bool hr_template_parse_condition(struct hr_template_parser *parser,
                                 struct hr_template_condition *ret_condition);
/* The variable that a tag sets; false where it complained. */
bool hr_template_parse_target(struct hr_template_parser *parser, struct hr_text *ret_name);

/* A tag's row: it reads its words (the tokens are begun) and what stands in it. */
typedef void (*hr_template_parse_tag)(struct hr_template_parser *parser,
                                      const struct hr_template_piece *piece,
                                      struct hr_template_body *body);
struct hr_template_tag {
    const char *name;
    hr_template_parse_tag parse;
};
extern const struct hr_template_tag hr_template_tags[];

/* A new node at a piece, added to a body; NULL when the arena refuses. loud: it may show something. */
struct hr_template_node *hr_template_node_add(struct hr_template_parser *parser,
                                              struct hr_template_body *body, uint8_t kind,
                                              const struct hr_template_piece *piece, bool loud);
/* Parses up to one of the words (ends with NULL) that belong to the tag at `piece`. Answers the word's index, its
 * piece in *ret_stop with the tokens begun behind it; -1 when the source ended, and it complained. */
int hr_template_parse_body(struct hr_template_parser *parser, const struct hr_template_piece *piece,
                           const char *const *words, struct hr_template_body *body,
                           struct hr_template_piece *ret_stop);
/* What is white space alone in a body where nothing is loud is dropped, as Liquid does it. */
void hr_template_body_hush(struct hr_template_body *body);
/* One level more, or a complaint. */
bool hr_template_enter(struct hr_template_parser *parser, uint32_t at, uint32_t size);

/* Adds a piece of text, and the output that the present tokens say. */
void hr_template_text_add(struct hr_template_parser *parser, struct hr_template_body *body,
                          const struct hr_template_piece *piece);
void hr_template_parse_output(struct hr_template_parser *, const struct hr_template_piece *,
                              struct hr_template_body *);

/* Tags in files of their own. */
void hr_template_parse_liquid(struct hr_template_parser *, const struct hr_template_piece *,
                              struct hr_template_body *);
void hr_template_parse_if(struct hr_template_parser *, const struct hr_template_piece *,
                          struct hr_template_body *);
void hr_template_parse_unless(struct hr_template_parser *, const struct hr_template_piece *,
                              struct hr_template_body *);
void hr_template_parse_case(struct hr_template_parser *, const struct hr_template_piece *,
                            struct hr_template_body *);
void hr_template_parse_for(struct hr_template_parser *, const struct hr_template_piece *,
                           struct hr_template_body *);
void hr_template_parse_tablerow(struct hr_template_parser *, const struct hr_template_piece *,
                                struct hr_template_body *);
void hr_template_parse_render(struct hr_template_parser *, const struct hr_template_piece *,
                              struct hr_template_body *);
void hr_template_parse_include(struct hr_template_parser *, const struct hr_template_piece *,
                               struct hr_template_body *);
void hr_template_parse_cycle(struct hr_template_parser *, const struct hr_template_piece *,
                             struct hr_template_body *);

/* Gives every output its spot, and complains where no value may stand. */
void hr_template_find_spots(struct hr_template_parser *parser);
/* Notes what is read from outside. */
void hr_template_find_reads(struct hr_template_parser *parser);

/* The row of a filter, or NULL; what a name from another language means here, or the empty text; all names, which are
 * at most so many. */
enum { HR_TEMPLATE_FILTERS_MOST = 96 };
const struct hr_template_filter *hr_template_filter_find(struct hr_text name);
struct hr_text hr_template_filter_meant(struct hr_text name);
size_t hr_template_filter_names(struct hr_text names[HR_TEMPLATE_FILTERS_MOST]);

#endif
