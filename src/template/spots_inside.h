/* Private to this room: how far a text has come, as whoever reads it will understand it. places.c reads, spots.c
 * walks the tree with it. */
#ifndef HR_TEMPLATE_SPOTS_INSIDE_H
#define HR_TEMPLATE_SPOTS_INSIDE_H

#include "template/parse_inside.h"

enum hr_place_state {
    HR_PLACE_text,
    HR_PLACE_less,      /* behind < */
    HR_PLACE_name,      /* of a tag, behind < or </ */
    HR_PLACE_inside,    /* of a tag, between attributes */
    HR_PLACE_attribute, /* the name of one */
    HR_PLACE_equals,    /* behind the name, before = */
    HR_PLACE_value,     /* behind =, before the quote */
    HR_PLACE_quoted,
    HR_PLACE_bare, /* a value without quotes */
    HR_PLACE_comment,
    HR_PLACE_marked,  /* <! ... > */
    HR_PLACE_foreign, /* script, style and others that are no HTML inside */
    HR_PLACE_string,  /* JSON: inside of quotes */
    HR_PLACE_escaped  /* JSON: behind a backslash */
};

/* In the order of the spots. */
enum hr_place_link { HR_LINK_start, HR_LINK_part, HR_LINK_opaque, HR_LINK_code };

enum { HR_PLACE_NAME_MAX = 32 };

/* Where the text has come to. All fields are compared where ways meet. */
struct hr_place_in_text {
    uint8_t state;
    char quote;
    uint8_t link;
    bool closing;   /* a tag that begins with / */
    uint8_t ending; /* of foreign: so many letters of its end tag, </ included, were just read */
    uint8_t tag_size;
    uint8_t attribute_size;
    char tag[HR_PLACE_NAME_MAX];
    char attribute[HR_PLACE_NAME_MAX];
};

/* Reads on. */
void hr_place_read(struct hr_place_in_text *place, enum hr_landing landing, struct hr_text text);
/* Why no value may stand here; NULL where it may. */
const char *hr_place_refuses(const struct hr_place_in_text *place);
/* True in the value of an attribute that holds a link. */
bool hr_place_in_link(const struct hr_place_in_text *place);
/* True when it makes no difference which way one came. */
bool hr_place_meets(const struct hr_place_in_text *a, const struct hr_place_in_text *b);

#endif
