/* data/yaml: builds the tree of a workspace file from libyaml's events, with an explicit stack of
 * open lists and maps, and refuses what workspace files do not use, each with its own code, place
 * and way out. The text is checked first for what no event would show: tabs, characters that cannot
 * be seen, broken UTF-8. */
#include "data/yaml.h"

#include "data/inside.h"
#include "data/yaml_events.h"
#include "data/yaml_mend.h"
#include "data/yaml_syntax.h"

#include <string.h>

enum { SHOWN_BYTES_MAX = 80, TOLD_BYTES_MAX = 20 };

struct frame {
    struct hr_node *node;
    struct hr_node *key; /* of a map: the key that waits for its value */
    size_t capacity;
    bool flow;
};

struct builder {
    struct hr_arena *into;
    struct hr_text file;
    struct hr_text text; /* without a byte order mark */
    size_t mark_size;    /* bytes of that mark */
    struct hr_diagnostics *reterr;
    uint32_t *lines; /* where each line begins, in bytes; one more: behind the last one's end */
    size_t line_count;
    struct {
        uint32_t line;
        uint32_t column;
        size_t bytes; /* from the line's beginning */
    } reached;        /* the mark that was looked up last; most look-ups follow it */
    struct frame frames[HR_YAML_DEPTH_MAX];
    size_t depth;
    struct hr_node *root;
    size_t refused;
};

/* ---- places ------------------------------------------------------------------------------- */

static hr_status find_lines(struct builder *builder)
{
    size_t count = 1;
    for (size_t at = 0; at < builder->text.size; at++) {
        count += builder->text.data[at] == '\n' ? 1 : 0;
    }
    builder->lines = hr_arena_new_many(builder->into, uint32_t, count + 1);
    if (builder->lines == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    builder->line_count = 1;
    for (size_t at = 0; at < builder->text.size; at++) {
        if (builder->text.data[at] == '\n') {
            builder->lines[builder->line_count++] = (uint32_t)(at + 1);
        }
    }
    builder->lines[count] = (uint32_t)builder->text.size + 1;
    return hr_done();
}

/* The bytes of a line without its end; the empty text behind the last one. */
static struct hr_text line_text(const struct builder *builder, uint32_t line)
{
    if (line == 0 || line > builder->line_count) {
        return HR_TEXT_NONE;
    }
    struct hr_text found =
        hr_text_slice(builder->text, builder->lines[line - 1], builder->lines[line] - 1);
    return hr_text_ends(found, HR_TEXT("\r")) ? hr_text_slice(found, 0, found.size - 1) : found;
}

/* Bytes from the line's beginning to the column. Goes on from the mark before, where it can: a file
 * of one long line would else be read again for each of its values. */
static size_t bytes_before(struct builder *builder, struct yaml_mark mark)
{
    struct hr_text line = line_text(builder, mark.line);
    if (builder->reached.line != mark.line || builder->reached.column > mark.column) {
        builder->reached.line = mark.line;
        builder->reached.column = 1;
        builder->reached.bytes = 0;
    }
    size_t at = builder->reached.bytes;
    uint32_t column = builder->reached.column;
    for (; column < mark.column && at < line.size; column++) {
        (void)hr_utf8_next(line, &at);
    }
    builder->reached.column = column;
    builder->reached.bytes = at;
    return at;
}

static uint32_t count_code_points(struct hr_text text)
{
    uint32_t count = 0;
    for (size_t at = 0; at < text.size; at++) {
        count += ((unsigned char)text.data[at] & 0xC0) != 0x80 ? 1 : 0;
    }
    return count;
}

/* From one mark to the other, or to the end of the first line; at least one column wide. */
static struct hr_place place_of(struct builder *builder, struct yaml_mark from, struct yaml_mark to)
{
    struct hr_place place = {
        .file = builder->file, .line = from.line, .column = from.column, .size = 1};
    if (to.line == from.line && to.column > from.column) {
        place.size = to.column - from.column;
    } else if (to.line > from.line) {
        struct hr_text line = line_text(builder, from.line);
        struct hr_text rest = hr_text_slice(line, bytes_before(builder, from), line.size);
        while (hr_text_ends(rest, HR_TEXT(" "))) {
            rest.size--;
        }
        place.size = rest.size == 0 ? 1 : count_code_points(rest);
    }
    return place;
}

static struct hr_place place_at(const struct builder *builder, size_t offset)
{
    return hr_place_at(builder->file, builder->text, offset);
}

static uint32_t offset_of(struct builder *builder, struct yaml_mark mark)
{
    if (mark.line == 0 || mark.line > builder->line_count) {
        return (uint32_t)builder->text.size;
    }
    return builder->lines[mark.line - 1] + (uint32_t)bytes_before(builder, mark);
}

/* ---- complaints --------------------------------------------------------------------------- */

static struct hr_diagnostic *refuse(struct builder *builder, enum hr_code code,
                                    struct hr_place place, const char *message)
{
    builder->refused++;
    return hr_diagnostics_add(builder->reterr, code, HR_SEVERITY_error, place, "%s", message);
}

/* A finding's place, help and fix. */
static void fill_in(struct builder *builder, struct hr_diagnostic *diagnostic,
                    const struct yaml_finding *finding)
{
    diagnostic->help = finding->help.size > 0 ? finding->help : diagnostic->help;
    if (finding->second.line > 0) {
        diagnostic->second = place_of(builder, finding->second, finding->second);
        diagnostic->second_label = hr_text_from(finding->second_label);
    }
    if (finding->fix_at != NULL) {
        size_t from = (size_t)(finding->fix_at - builder->text.data) + builder->mark_size;
        hr_diagnostic_fix(diagnostic, from, finding->fix_size, finding->fix);
    }
}

/* The value that begins at the mark needs quotes. */
static void advise_quotes(struct builder *builder, struct hr_diagnostic *diagnostic,
                          struct yaml_mark mark)
{
    struct yaml_finding finding = {.code = HR_CODE_none};
    if (builder->refused > HR_DIAGNOSTICS_MAX) {
        return; /* nobody reads it */
    }
    hr_yaml_advise_quotes(builder->reterr->arena, line_text(builder, mark.line),
                          bytes_before(builder, mark), &finding);
    fill_in(builder, diagnostic, &finding);
}

static void refuse_syntax(struct builder *builder, const struct yaml_event *event)
{
    struct yaml_finding finding = hr_yaml_syntax(builder->reterr->arena, builder->text, event);
    struct hr_place place = place_of(builder, event->from, event->to);
    if (finding.from.line > 0) {
        place = (struct hr_place){builder->file, finding.from.line, finding.from.column,
                                  finding.size > 0 ? finding.size : 1};
    }
    struct hr_diagnostic *diagnostic = refuse(builder, finding.code, place, "");
    diagnostic->message = finding.message;
    fill_in(builder, diagnostic, &finding);
}

/* ---- what no event shows ------------------------------------------------------------------ */

/* Line breaks of other systems, which libyaml would count and editors do not. */
static bool is_hidden(uint32_t code_point)
{
    return (code_point < 0x20 && code_point != '\n' && code_point != '\t') ||
           (code_point >= 0x7F && code_point < 0xA0) || code_point == 0x2028 ||
           code_point == 0x2029 || code_point == 0xFEFF || code_point == 0xFFFE ||
           code_point == 0xFFFF;
}

/* The first of them carries the fix for all: with only some of the tabs gone, levels would shift. */
static void refuse_tab(struct builder *builder, size_t at, struct hr_place place, bool first)
{
    struct hr_diagnostic *diagnostic =
        refuse(builder, HR_CODE_yaml_tab, place, "a tab stands here");
    size_t from = 0;
    size_t size = 0;
    struct hr_text spaces = HR_TEXT_NONE;
    if (first && hr_yaml_untab(builder->reterr->arena, builder->text, &from, &size, &spaces)) {
        hr_diagnostic_fix(diagnostic, from + builder->mark_size, size, spaces);
        diagnostic->help =
            HR_TEXT("use spaces, two for each level; `handrail check --fix` does it for this file");
        return;
    }
    struct hr_text advice = hr_yaml_tab_advice(builder->reterr->arena, builder->text, at);
    diagnostic->help = advice.size > 0 ? advice : diagnostic->help;
}

static void check_characters(struct builder *builder)
{
    struct hr_text text = builder->text;
    size_t broken = hr_utf8_break(text);
    if (broken < text.size) {
        refuse(builder, HR_CODE_not_utf8, place_at(builder, broken),
               "the bytes here are not UTF-8");
        return;
    }
    uint32_t line = 1;
    uint32_t tab_line =
        0; /* a line is complained about once, and only then its place is looked up */
    for (size_t at = 0; at < text.size && builder->refused < HR_DIAGNOSTICS_MAX;) {
        size_t here = at;
        uint32_t code_point = hr_utf8_next(text, &at);
        line += code_point == '\n' ? 1 : 0;
        if (code_point == '\t') {
            if (line != tab_line) {
                refuse_tab(builder, here, place_at(builder, here), tab_line == 0);
                tab_line = line;
            }
        } else if (code_point == '\r' ? (at >= text.size || text.data[at] != '\n')
                                      : is_hidden(code_point)) {
            struct hr_diagnostic *diagnostic =
                refuse(builder, HR_CODE_control_character, place_at(builder, here), "");
            diagnostic->message =
                hr_text_format(builder->reterr->arena,
                               "a character that cannot be seen (U+%04X) stands here", code_point);
        }
    }
}

/* ---- the tree ----------------------------------------------------------------------------- */

static bool inside_map(const struct builder *builder)
{
    return builder->depth > 0 && builder->frames[builder->depth - 1].node->kind == HR_NODE_map;
}

static bool wants_key(const struct builder *builder)
{
    return inside_map(builder) && builder->frames[builder->depth - 1].key == NULL;
}

static hr_status add_item(struct builder *builder, struct frame *frame, struct hr_node *node)
{
    struct hr_node *list = frame->node;
    if (list->count == frame->capacity) {
        struct hr_node **items =
            hr_list_grow(builder->into, list->items, list->count, &frame->capacity, sizeof *items);
        if (items == NULL) {
            return hr_answer(HR_E_MEMORY);
        }
        list->items = items;
    }
    list->items[list->count++] = node;
    return hr_done();
}

static hr_status add_pair(struct builder *builder, struct frame *frame, struct hr_node *value)
{
    struct hr_node *map = frame->node;
    if (map->count == frame->capacity) {
        struct hr_pair *pairs =
            hr_list_grow(builder->into, map->pairs, map->count, &frame->capacity, sizeof *pairs);
        if (pairs == NULL) {
            return hr_answer(HR_E_MEMORY);
        }
        map->pairs = pairs;
    }
    map->pairs[map->count++] = (struct hr_pair){frame->key, value};
    frame->key = NULL;
    return hr_done();
}

/* Puts a node where it belongs: the root, an item, a key, or a key's value. */
static hr_status attach(struct builder *builder, struct hr_node *node)
{
    if (builder->depth == 0) {
        builder->root = node;
        return hr_done();
    }
    struct frame *frame = &builder->frames[builder->depth - 1];
    if (frame->node->kind == HR_NODE_list) {
        return add_item(builder, frame, node);
    }
    if (frame->key == NULL) {
        hr_assert(node->kind == HR_NODE_scalar);
        frame->key = node;
        return hr_done();
    }
    return add_pair(builder, frame, node);
}

static int compare_pairs(const void *context, uint32_t a, uint32_t b)
{
    const struct hr_pair *pairs = context;
    return hr_text_compare(pairs[a].key->scalar, pairs[b].key->scalar);
}

/* A short value may be told; a long one may be a secret. */
static bool is_short(const struct hr_node *value)
{
    return value->kind == HR_NODE_scalar && value->scalar.size > 0 &&
           value->scalar.size <= TOLD_BYTES_MAX;
}

/* What holds maps of their own has names that people make up; all else has words of Handrail's. */
static void refuse_duplicate(struct builder *builder, const struct hr_pair *kept,
                             const struct hr_pair *again)
{
    struct hr_arena *arena = builder->reterr->arena;
    const struct hr_node *first = kept->value;
    const struct hr_node *second = again->value;
    struct hr_diagnostic *item = refuse(builder, HR_CODE_yaml_duplicate_key, again->key->place, "");
    item->message = hr_text_format(arena, "the key '%.*s' stands twice in this map",
                                   HR_SHOW(hr_text_clip(again->key->scalar, SHOWN_BYTES_MAX)));
    item->second = kept->key->place;
    item->second_label = HR_TEXT("here first");
    if (first->kind == HR_NODE_map && second->kind == HR_NODE_map) {
        item->help = HR_TEXT("keep one of the two, or give one another name");
    } else if (is_short(first) && is_short(second) &&
               !hr_text_equal(first->scalar, second->scalar)) {
        item->help = hr_text_format(arena,
                                    "decide which one holds, `%.*s` (line %u) or `%.*s` (line %u), "
                                    "and remove the other line",
                                    HR_SHOW(first->scalar), kept->key->place.line,
                                    HR_SHOW(second->scalar), again->key->place.line);
    }
}

/* Keys that stand twice, in the order of the file, each with the place where it stood first. */
static hr_status check_duplicates(struct builder *builder, const struct hr_node *map)
{
    if (map->count < 2) {
        return hr_done();
    }
    const uint32_t *order = hr_order_make(builder->into, map->count, compare_pairs, map->pairs);
    if (order == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    size_t first = 0;
    for (size_t index = 1; index < map->count; index++) {
        const struct hr_node *kept = map->pairs[order[first]].key;
        const struct hr_node *key = map->pairs[order[index]].key;
        if (!hr_text_equal(kept->scalar, key->scalar)) {
            first = index;
            continue;
        }
        refuse_duplicate(builder, &map->pairs[order[first]], &map->pairs[order[index]]);
    }
    return hr_done();
}

/* Byte of a block text's first letter: behind the header line, empty lines and the indentation. */
static size_t block_offset(const struct builder *builder, uint32_t header_line,
                           struct hr_text scalar, uint32_t *ret_line)
{
    size_t inner = 0; /* spaces that belong to the text itself */
    size_t begin = 0;
    while (begin < scalar.size && scalar.data[begin] == '\n') {
        begin++;
    }
    while (begin + inner < scalar.size && scalar.data[begin + inner] == ' ') {
        inner++;
    }
    for (uint32_t line = header_line + 1; line <= builder->line_count; line++) {
        struct hr_text text = line_text(builder, line);
        size_t spaces = 0;
        while (spaces < text.size && text.data[spaces] == ' ') {
            spaces++;
        }
        if (spaces < text.size) {
            *ret_line = line;
            return builder->lines[line - 1] + (spaces >= inner ? spaces - inner : 0);
        }
    }
    return builder->text.size;
}

static hr_status make_scalar(struct builder *builder, const struct yaml_event *event,
                             struct hr_node *node)
{
    node->kind = HR_NODE_scalar;
    node->style = event->style;
    node->scalar = hr_text_copy(builder->into, event->scalar);
    if (node->scalar.data == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    size_t offset = offset_of(builder, event->from);
    node->line = event->from.line;
    if (event->style == HR_SCALAR_single || event->style == HR_SCALAR_double) {
        offset++;
    } else if (event->style == HR_SCALAR_literal || event->style == HR_SCALAR_folded) {
        offset = block_offset(builder, event->from.line, node->scalar, &node->line);
    }
    node->offset = (uint32_t)(offset + builder->mark_size);
    node->end = offset_of(builder, event->to) + (uint32_t)builder->mark_size;
    return hr_done();
}

static void check_key(struct builder *builder, const struct yaml_event *event, struct hr_node *node)
{
    struct hr_text line = hr_text_trim(line_text(builder, event->from.line));
    if (hr_text_equal(node->scalar, HR_TEXT("<<")) && node->style == HR_SCALAR_plain) {
        refuse(builder, HR_CODE_yaml_merge_key, node->place,
               "merge keys are not used in workspace files");
    }
    if (hr_text_starts(line, HR_TEXT("? ")) || node->style == HR_SCALAR_literal ||
        node->style == HR_SCALAR_folded) {
        refuse(builder, HR_CODE_yaml_key, node->place, "a key is written as `name: value`");
    }
}

static void check_properties(struct builder *builder, const struct yaml_event *event,
                             struct hr_place place)
{
    if (event->anchor) {
        advise_quotes(builder,
                      refuse(builder, HR_CODE_yaml_anchor, place,
                             "a value that begins with `&` must stand in quotes"),
                      event->from);
    }
    if (event->tag) {
        advise_quotes(builder,
                      refuse(builder, HR_CODE_yaml_tag, place,
                             "a value that begins with `!` must stand in quotes"),
                      event->from);
    }
}

/* A scalar, a list or a map begins. */
static hr_status begin_node(struct builder *builder, const struct yaml_event *event)
{
    struct hr_node *node = hr_arena_new(builder->into, struct hr_node);
    if (node == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    bool container = event->kind != YAML_EVENT_scalar;
    node->place = place_of(builder, event->from, event->to);
    node->offset = offset_of(builder, event->from) + (uint32_t)builder->mark_size;
    check_properties(builder, event, node->place);
    if (!container) {
        HR_TRY(make_scalar(builder, event, node));
        if (wants_key(builder)) {
            check_key(builder, event, node);
        }
        return attach(builder, node);
    }
    node->kind = event->kind == YAML_EVENT_list ? HR_NODE_list : HR_NODE_map;
    if (wants_key(builder)) {
        size_t at = offset_of(builder, event->from);
        struct hr_text both = hr_text_slice(builder->text, at > 0 ? at - 1 : 0, at + 1);
        advise_quotes(builder,
                      refuse(builder, HR_CODE_yaml_key, node->place,
                             hr_text_equal(both, HR_TEXT("{{"))
                                 ? "a value that begins with `{{` must stand in quotes"
                                 : "a list or a map stands where a key belongs, before a colon"),
                      event->from);
        return hr_answer(HR_E_INPUT);
    }
    if (builder->depth == HR_YAML_DEPTH_MAX) {
        refuse(builder, HR_CODE_yaml_too_deep, node->place,
               "more than 32 levels stand inside one another");
        return hr_answer(HR_E_INPUT);
    }
    HR_TRY(attach(builder, node));
    builder->frames[builder->depth++] = (struct frame){.node = node, .flow = event->flow};
    return hr_done();
}

/* The innermost list or map ends: now its width on the first line is known, and its keys are. */
static hr_status close_node(struct builder *builder, const struct yaml_event *event)
{
    hr_assert(builder->depth > 0);
    const struct frame *frame = &builder->frames[--builder->depth];
    struct hr_node *node = frame->node;
    struct yaml_mark from = {node->place.line, node->place.column};
    struct yaml_mark to = frame->flow ? event->to : (struct yaml_mark){from.line + 1, 1};
    node->place = place_of(builder, from, to);
    return node->kind == HR_NODE_map ? check_duplicates(builder, node) : hr_done();
}

static hr_status take_event(struct builder *builder, const struct yaml_event *event,
                            size_t *documents)
{
    switch (event->kind) {
    case YAML_EVENT_end:
        return hr_done();
    case YAML_EVENT_document:
        if (event->directive) {
            refuse(builder, HR_CODE_yaml_directive, place_of(builder, event->from, event->to),
                   "a line that begins with '%' gives instructions to the reader");
        }
        if (++*documents > 1) {
            refuse(builder, HR_CODE_yaml_documents, place_of(builder, event->from, event->to),
                   "a second document begins here");
            return hr_answer(HR_E_INPUT);
        }
        return hr_done();
    case YAML_EVENT_alias: {
        struct hr_place place = place_of(builder, event->from, event->to);
        advise_quotes(builder,
                      refuse(builder, HR_CODE_yaml_alias, place, "'*' here repeats another part"),
                      event->from);
        struct yaml_event empty = {.kind = YAML_EVENT_scalar, .from = event->from, .to = event->to};
        return begin_node(builder, &empty);
    }
    case YAML_EVENT_scalar:
    case YAML_EVENT_list:
    case YAML_EVENT_map:
        return begin_node(builder, event);
    case YAML_EVENT_close:
        return close_node(builder, event);
    case YAML_EVENT_broken:
        if (event->out_of_memory) {
            return hr_answer(HR_E_MEMORY);
        }
        refuse_syntax(builder, event);
        return hr_answer(HR_E_INPUT);
    }
    return hr_done();
}

static hr_status build(struct builder *builder, struct yaml_events *events)
{
    size_t documents = 0;
    for (;;) {
        struct yaml_event event = hr_yaml_events_next(events);
        HR_TRY(take_event(builder, &event, &documents));
        if (event.kind == YAML_EVENT_end) {
            return hr_done();
        }
    }
}

/* An empty file is an empty map. */
static hr_status settle_root(struct builder *builder)
{
    struct hr_node *root = builder->root;
    bool nothing = root == NULL || (root->kind == HR_NODE_scalar &&
                                    root->style == HR_SCALAR_plain && root->scalar.size == 0);
    if (!nothing) {
        return hr_done();
    }
    builder->root = hr_arena_new(builder->into, struct hr_node);
    if (builder->root == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    *builder->root = (struct hr_node){
        .kind = HR_NODE_map,
        .place = {.file = builder->file, .line = 1, .column = 1, .size = 1},
    };
    return hr_done();
}

hr_status hr_yaml_read(struct hr_arena *into, struct hr_text file, struct hr_text text,
                       struct hr_diagnostics *reterr, struct hr_node **ret_root)
{
    struct hr_diagnostics unseen;
    if (reterr == NULL) {
        hr_diagnostics_init(&unseen, into);
        reterr = &unseen;
    }
    size_t mark_size = hr_text_starts(text, HR_TEXT("\xEF\xBB\xBF")) ? 3 : 0;
    struct builder builder = {.into = into,
                              .file = file,
                              .text = hr_text_slice(text, mark_size, text.size),
                              .mark_size = mark_size,
                              .reterr = reterr};
    if (text.size > HR_YAML_SIZE_MAX) {
        struct hr_place top = {.file = file, .line = 1, .column = 1, .size = 1};
        refuse(&builder, HR_CODE_yaml_too_big, top, "the file has more than 1 MiB");
        return hr_answer(HR_E_INPUT);
    }
    check_characters(&builder);
    if (builder.refused > 0) {
        return hr_answer(HR_E_INPUT);
    }
    HR_TRY(find_lines(&builder));
    struct yaml_events *events = hr_yaml_events_open(into, builder.text);
    if (events == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    hr_status status = build(&builder, events);
    hr_yaml_events_close(events);
    HR_TRY(status);
    HR_TRY(settle_root(&builder));
    if (builder.refused > 0) {
        return hr_answer(HR_E_INPUT);
    }
    *ret_root = builder.root;
    return hr_done();
}

struct hr_node *hr_node_get(const struct hr_node *map, struct hr_text key)
{
    if (map == NULL || map->kind != HR_NODE_map) {
        return NULL;
    }
    for (size_t index = 0; index < map->count; index++) {
        if (hr_text_equal(map->pairs[index].key->scalar, key)) {
            return map->pairs[index].value;
        }
    }
    return NULL;
}
