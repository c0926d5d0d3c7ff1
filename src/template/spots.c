/* template/spots: reads the HTML, link or JSON around the outputs, as a mail program will read it, and gives each
 * output the spot where it lands; complains where nothing would make a value safe, and where two ways through the text
 * leave the HTML differently. The parser bounds the depth of the tree. */
#include "template/spots_inside.h"

struct walk {
    struct hr_template_parser *parser;
    enum hr_landing landing;
    const struct hr_place_in_text *loop; /* where the innermost loop began, or NULL */
};

/* ---- outputs ------------------------------------------------------------------------------- */

static uint8_t link_spot(struct hr_place_in_text *place, uint8_t whole)
{
    uint8_t spot = (uint8_t)(whole + place->link);
    place->link = place->link == HR_LINK_start ? HR_LINK_part : place->link;
    return spot;
}

/* Behind a name without quotes, say the quotes; the text that follows goes on as if they stood there. */
static void land_html(const struct walk *walk, struct hr_template_node *node,
                      struct hr_place_in_text *place)
{
    const char *why = hr_place_refuses(place);
    if (why != NULL) {
        struct hr_diagnostic *diagnostic = hr_template_complain(
            walk->parser, HR_CODE_template_place, node->at, node->size, hr_text_from(why));
        if (place->state == HR_PLACE_value || place->state == HR_PLACE_bare) {
            diagnostic->help = HR_TEXT("put quotes around it: attribute=\"{{ value }}\"");
            place->state = HR_PLACE_bare;
        } else if (place->state == HR_PLACE_quoted) {
            diagnostic->help =
                HR_TEXT("no quotes make this attribute safe; show the value between tags");
        }
        return;
    }
    if (place->state == HR_PLACE_text) {
        node->spot = HR_SPOT_html;
    } else {
        node->spot = hr_place_in_link(place) ? link_spot(place, HR_SPOT_link) : HR_SPOT_attribute;
    }
}

static void land(const struct walk *walk, struct hr_template_node *node,
                 struct hr_place_in_text *place)
{
    switch (walk->landing) {
    case HR_LANDING_html:
        land_html(walk, node, place);
        break;
    case HR_LANDING_url:
        if (hr_place_refuses(place) != NULL) {
            hr_template_complain(walk->parser, HR_CODE_template_place, node->at, node->size,
                                 hr_text_from(hr_place_refuses(place)));
        } else {
            node->spot = link_spot(place, HR_SPOT_url);
        }
        break;
    case HR_LANDING_json:
        if (place->state == HR_PLACE_escaped) {
            hr_template_complain(walk->parser, HR_CODE_template_place, node->at, node->size,
                                 HR_TEXT("a value may not stand behind a backslash"));
        }
        node->spot = place->state == HR_PLACE_text ? HR_SPOT_json_value : HR_SPOT_json_text;
        break;
    case HR_LANDING_text:
    case HR_LANDING_header:
        node->spot = HR_SPOT_text;
        break;
    }
}

/* ---- ways that part and meet --------------------------------------------------------------- */

static void differs(const struct walk *walk, const struct hr_template_node *node, const char *why)
{
    hr_template_complain(walk->parser, HR_CODE_template_place_open, node->at, node->size,
                         hr_text_from(why));
}

static void walk_body(const struct walk *walk, const struct hr_template_body *body,
                      struct hr_place_in_text *place);

/* if: each branch begins where the tag stands, and all end alike; without an else nothing may change. */
static void walk_branches(const struct walk *walk, const struct hr_template_node *node,
                          struct hr_place_in_text *place, bool exclusive)
{
    struct hr_place_in_text start = *place;
    struct hr_place_in_text end = start;
    bool first = true;
    bool otherwise = false;
    for (struct hr_template_branch *branch = node->branches; branch != NULL;
         branch = branch->next) {
        struct hr_place_in_text here = start;
        walk_body(walk, &branch->body, &here);
        if (!first && !hr_place_meets(&end, &here)) {
            differs(walk, node, "the branches of this tag leave the HTML differently");
            return;
        }
        end = here;
        first = false;
        otherwise = otherwise || branch->otherwise;
    }
    if ((!otherwise || !exclusive) && !first && !hr_place_meets(&start, &end)) {
        differs(walk, node, "the HTML differs when no branch of this tag is taken, or several");
        return;
    }
    *place = end;
}

/* A loop may turn never or often: it must end as it began. */
static void walk_loop(const struct walk *walk, const struct hr_template_node *node,
                      struct hr_place_in_text *place)
{
    struct hr_place_in_text start = *place;
    struct hr_place_in_text here = start;
    struct walk inner = *walk;
    inner.loop = &start;
    walk_body(&inner, &node->loop->body, &here);
    struct hr_place_in_text other = start;
    walk_body(walk, &node->loop->otherwise, &other);
    if (!hr_place_meets(&start, &here) || !hr_place_meets(&start, &other)) {
        differs(walk, node, "this loop leaves the HTML differently than it found it");
    }
}

/* What is captured is a text of its own: HTML again in HTML, else plain. */
static void walk_capture(const struct walk *walk, const struct hr_template_node *node)
{
    struct hr_place_in_text fresh = {0};
    struct walk inner = {.parser = walk->parser, .landing = HR_LANDING_text};
    if (walk->landing == HR_LANDING_html || walk->landing == HR_LANDING_header) {
        inner.landing = walk->landing;
    }
    if (node->branches != NULL) {
        walk_body(&inner, &node->branches->body, &fresh);
    }
    if (fresh.state != HR_PLACE_text) {
        differs(walk, node, "what is captured ends inside of a tag");
    }
}

static void walk_call(const struct walk *walk, const struct hr_template_node *node,
                      const struct hr_place_in_text *place)
{
    bool begun = place->state != HR_PLACE_text ||
                 (walk->landing == HR_LANDING_url && place->link != HR_LINK_start);
    if (begun) {
        hr_template_complain(walk->parser, HR_CODE_template_place, node->at, node->size,
                             HR_TEXT("a partial may not be shown inside of a tag, text or link"));
    }
    if (node->call->partial->landing != walk->landing) {
        hr_template_complain(walk->parser, HR_CODE_template_place, node->at, node->size,
                             HR_TEXT("this partial is written for another place"));
    }
}

static void walk_table(const struct walk *walk, const struct hr_template_node *node,
                       struct hr_place_in_text *place)
{
    if (place->state != HR_PLACE_text) {
        hr_template_complain(walk->parser, HR_CODE_template_place, node->at, node->size,
                             HR_TEXT("a table may not stand inside of a tag or text"));
    }
    walk_loop(walk, node, place);
}

static void walk_jump(const struct walk *walk, const struct hr_template_node *node,
                      const struct hr_place_in_text *place)
{
    if (walk->loop != NULL && !hr_place_meets(walk->loop, place)) {
        differs(walk, node,
                "the loop is left while the HTML stands otherwise than at its beginning");
    }
}

static void walk_node(const struct walk *walk, struct hr_template_node *node,
                      struct hr_place_in_text *place)
{
    switch (node->kind) {
    case HR_NODE_text:
        hr_place_read(place, walk->landing, node->text);
        break;
    case HR_NODE_output:
    case HR_NODE_cycle:
    case HR_NODE_count:
        land(walk, node, place);
        break;
    case HR_NODE_if:
        walk_branches(walk, node, place, true);
        break;
    case HR_NODE_case:
    case HR_NODE_ifchanged:
        walk_branches(walk, node, place, false);
        break;
    case HR_NODE_for:
        walk_loop(walk, node, place);
        break;
    case HR_NODE_tablerow:
        walk_table(walk, node, place);
        break;
    case HR_NODE_capture:
        walk_capture(walk, node);
        break;
    case HR_NODE_render:
        walk_call(walk, node, place);
        break;
    case HR_NODE_break:
    case HR_NODE_continue:
        walk_jump(walk, node, place);
        break;
    default:
        break;
    }
}

static void walk_body(const struct walk *walk, const struct hr_template_body *body,
                      struct hr_place_in_text *place)
{
    for (struct hr_template_node *node = body->first; node != NULL; node = node->next) {
        walk_node(walk, node, place);
    }
}

void hr_template_find_spots(struct hr_template_parser *parser)
{
    struct walk walk = {.parser = parser, .landing = parser->template->landing};
    struct hr_place_in_text place = {0};
    walk_body(&walk, &parser->template->body, &place);
    bool html = walk.landing == HR_LANDING_html;
    if ((html || walk.landing == HR_LANDING_json) && place.state != HR_PLACE_text) {
        uint32_t end = (uint32_t)parser->source.size;
        hr_template_complain(parser, HR_CODE_template_place_open, end > 0 ? end - 1 : 0, 1,
                             html ? HR_TEXT("the text ends inside of a tag, comment or script")
                                  : HR_TEXT("the text ends inside of quotes"));
    }
}
