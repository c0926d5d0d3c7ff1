/* Texts for people in workspace files: Liquid, compiled here, so that a wrong name is found before a customer reads it.
 * They see the record with its links, and the event that brought it. */
#include "workspace/inside.h"

#include <string.h>

#define SEEN(name) (1U << HR_SCOPE_##name)

enum {
    SEEN_NAMES = SEEN(contact) | SEEN(account) | SEEN(opportunity) | SEEN(ticket) | SEEN(task) |
                 SEEN(event) | SEEN(trigger)
};

/* Where the text stands. */
struct spot {
    struct hr_draft *draft;
    const struct hr_node *node;
    struct hr_text source;
};

/* A text below the head of a message file is a part of the file as it is: nothing was decoded. */
static bool is_raw(const struct spot *spot)
{
    const char *data = spot->node->scalar.data;
    return data >= spot->source.data && data < spot->source.data + spot->source.size;
}

/* Lines and letters from the beginning of the text, whose place is known. */
static struct hr_place place_in_raw(const struct spot *spot, size_t offset, size_t size)
{
    struct hr_place place = spot->node->place;
    struct hr_text text = spot->node->scalar;
    place.size = 0;
    for (size_t i = 0; i < offset + size && i < text.size; i++) {
        bool letter = ((unsigned char)text.data[i] & 0xC0) != 0x80;
        if (i >= offset) {
            place.size += letter;
        } else if (text.data[i] == '\n') {
            place.line++;
            place.column = 1;
        } else {
            place.column += letter;
        }
    }
    return place;
}

/* The template keeps the places of what it reads, so their file is named in the plan's memory; check.c names it anew
 * for complaints. */
static struct hr_place place_of(void *context, size_t offset, size_t size)
{
    const struct spot *spot = context;
    if (spot->draft->reterr->error_count >= HR_DIAGNOSTICS_MAX) {
        return spot->node->place; /* only counted: the file is not walked for nobody */
    }
    return hr_draft_place(
        spot->draft, is_raw(spot) ? place_in_raw(spot, offset, size)
                                  : hr_node_place_within(spot->node, spot->source, offset, size));
}

/* ---- Markdown that is none here -------------------------------------------------------------------- */

/* "![words](": where the image begins in the line; its size when there is none. */
static size_t image_in(struct hr_text line)
{
    size_t at = hr_text_search(line, HR_TEXT("!["));
    struct hr_text rest = hr_text_slice(line, at, line.size);
    return hr_text_search(rest, HR_TEXT("](")) < rest.size ? at : line.size;
}

/* "|---|:--|": what parts a table's head from its rows. */
static bool is_table_rule(struct hr_text line)
{
    struct hr_text rest = hr_text_trim(line);
    bool rule =
        hr_text_find(rest, '|') < rest.size && hr_text_search(rest, HR_TEXT("--")) < rest.size;
    for (size_t i = 0; rule && i < rest.size; i++) {
        rule = strchr("|-: ", rest.data[i]) != NULL;
    }
    return rule;
}

void hr_draft_warn_markdown(struct hr_draft *draft, const struct hr_node *text)
{
    const struct hr_source *source = hr_draft_source(draft, text->place);
    struct spot spot = {draft, text, source == NULL ? HR_TEXT_NONE : source->bytes};
    bool image_told = false;
    bool table_told = false;
    for (size_t at = 0; at < text->scalar.size && !(image_told && table_told);) {
        struct hr_text line = hr_text_slice(text->scalar, at, text->scalar.size);
        line.size = hr_text_find(line, '\n');
        size_t image = image_in(line);
        if (image < line.size && !image_told) {
            hr_draft_warning(draft, markdown_left_out, place_of(&spot, at + image, 2),
                             "an image has no form in the HTML that is made of a text");
            image_told = true;
        }
        if (is_table_rule(line) && !table_told) {
            hr_draft_warning(draft, markdown_left_out, place_of(&spot, at, line.size),
                             "a table has no form in the HTML that is made of a text");
            table_told = true;
        }
        at += line.size + 1;
    }
}

/* ---- names ------------------------------------------------------------------------------------------ */

/* The scope's name, or NULL for one that texts do not see. */
static const struct hr_expr_name *find_name(const struct hr_draft *draft, struct hr_text written)
{
    for (size_t i = 0; i < draft->scope.name_count; i++) {
        if ((SEEN_NAMES >> i & 1) != 0 && hr_text_equal(draft->scope.names[i].name, written)) {
            return &draft->scope.names[i];
        }
    }
    return NULL;
}

static bool has_field(const struct hr_expr_name *name, struct hr_text field)
{
    bool found = name->open || name->type != HR_TYPE_object;
    for (size_t i = 0; !found && i < name->field_count; i++) {
        found = hr_text_equal(name->fields[i].name, field);
    }
    return found;
}

/* Mends what can only have meant that: a name at `from` in the path. */
static void mend(struct hr_draft *draft, struct hr_diagnostic *item,
                 const struct hr_template_read *read, size_t from, struct hr_text written,
                 const struct hr_known_ids *names)
{
    struct hr_text meant = hr_surely_meant(written, names->items, names->count);
    struct hr_text path = read->path;
    item->help = hr_draft_suggest(draft, written, names);
    if (meant.size > 0) {
        hr_diagnostic_fix_place(
            item, hr_text_copy(draft->reterr->arena, path),
            hr_draft_say(draft, "%.*s%.*s%.*s", HR_SHOW(hr_text_slice(path, 0, from)),
                         HR_SHOW(meant),
                         HR_SHOW(hr_text_slice(path, from + written.size, path.size))));
    }
}

static void name_unknown(struct hr_draft *draft, const struct hr_template_read *read)
{
    struct hr_text names[HR_SCOPE_COUNT];
    struct hr_known_ids seen = {.noun = "name", .items = names};
    for (size_t i = 0; i < draft->scope.name_count; i++) {
        if ((SEEN_NAMES >> i & 1) != 0) {
            names[seen.count++] = draft->scope.names[i].name;
        }
    }
    struct hr_diagnostic *item =
        hr_draft_error(draft, text_name_unknown, read->place, "`%.*s` is no name that a text sees",
                       HR_SHOW(hr_clipped(read->root)));
    mend(draft, item, read, 0, read->root, &seen);
}

static void field_unknown(struct hr_draft *draft, const struct hr_template_read *read,
                          const struct hr_expr_name *name)
{
    struct hr_text *names = hr_draft_scratch(draft, struct hr_text, name->field_count);
    struct hr_known_ids known = {.noun = "field", .items = names};
    for (size_t i = 0; names != NULL && i < name->field_count; i++) {
        names[known.count++] = name->fields[i].name;
    }
    struct hr_diagnostic *item;
    if (read->field.size == 0) {
        item =
            hr_draft_error(draft, text_field_unknown, read->place,
                           "`%.*s` is a whole record, which no text can show", HR_SHOW(name->name));
        item->help =
            hr_draft_say(draft, "name one of its fields, as in %.*s.%.*s", HR_SHOW(name->name),
                         HR_SHOW(known.count > 0 ? names[0] : HR_TEXT("field")));
        return;
    }
    item = hr_draft_error(draft, text_field_unknown, read->place, "`%.*s` has no field `%.*s`",
                          HR_SHOW(name->name), HR_SHOW(hr_clipped(read->field)));
    mend(draft, item, read, read->root.size + 1, read->field, &known);
}

static void check_reads(struct hr_draft *draft, const struct hr_template *template)
{
    size_t count = 0;
    const struct hr_template_read *reads = hr_template_reads(template, &count);
    for (size_t i = 0; draft->scope.name_count > 0 && i < count; i++) {
        const struct hr_expr_name *name = find_name(draft, reads[i].root);
        if (name == NULL) {
            name_unknown(draft, &reads[i]);
        } else if (!has_field(name, reads[i].field)) {
            field_unknown(draft, &reads[i], name);
        }
    }
}

/* ---- compiling --------------------------------------------------------------------------------------- */

struct hr_words_template hr_draft_template(struct hr_draft *draft, const struct hr_node *node,
                                           const char *noun, enum hr_landing landing)
{
    struct hr_words_template words = {.text = HR_TEXT_NONE};
    if (node == NULL || !hr_draft_scalar(draft, node, noun)) {
        return words;
    }
    const struct hr_source *source = hr_draft_source(draft, node->place);
    struct spot spot = {draft, node, source == NULL ? HR_TEXT_NONE : source->bytes};
    struct hr_template_options options = {
        .landing = landing, .place_of = place_of, .context = &spot};
    const struct hr_template *template = NULL;
    hr_status status =
        hr_template_compile(draft->into, node->scalar, &options, draft->reterr, &template);
    draft->refused |= status.code == HR_E_MEMORY;
    words.place = hr_draft_place(draft, node->place);
    words.text = hr_draft_copy(draft, node->scalar);
    if (hr_ok(status)) {
        check_reads(draft, template);
        words.text = hr_template_source(template);
        words.template = template;
    }
    return words;
}
