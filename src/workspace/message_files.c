/* Files under messages/: a head between two lines of ---, below it the text as it is sent. They become messages like
 * those under `messages:`, with the file's name as their id. */
#include "workspace/inside.h"

static const struct hr_text folder = HR_TEXT("messages/");

bool hr_workspace_has_message(struct hr_text path)
{
    bool ending = hr_text_ends(path, HR_TEXT(".md")) || hr_text_ends(path, HR_TEXT(".txt"));
    bool inside =
        hr_text_starts(path, folder) || hr_text_search(path, HR_TEXT("/messages/")) < path.size;
    return ending && inside;
}

struct hr_text hr_workspace_message_id(struct hr_text path)
{
    size_t begin = path.size;
    while (begin > 0 && path.data[begin - 1] != '/') {
        begin--;
    }
    struct hr_text name = hr_text_slice(path, begin, path.size);
    size_t ending = hr_text_ends(name, HR_TEXT(".md")) ? 3 : 4;
    return hr_text_slice(name, 0, name.size - ending);
}

/* Where the line that closes the head begins, and where the text behind it does; false without one. */
static bool find_head(struct hr_text bytes, size_t *ret_end, size_t *ret_text, uint32_t *ret_line)
{
    size_t at = hr_text_find(bytes, '\n') + 1;
    uint32_t line = 2;
    if (!hr_text_equal(hr_text_trim(hr_text_slice(bytes, 0, at)), HR_TEXT("---"))) {
        return false;
    }
    for (; at < bytes.size; line++) {
        struct hr_text rest = hr_text_slice(bytes, at, bytes.size);
        size_t size = hr_text_find(rest, '\n');
        if (hr_text_equal(hr_text_trim(hr_text_slice(rest, 0, size)), HR_TEXT("---"))) {
            *ret_end = at;
            *ret_text = at + size < bytes.size ? at + size + 1 : bytes.size;
            *ret_line = line + 1;
            return true;
        }
        at += size + 1;
    }
    return false;
}

static struct hr_node *new_scalar(struct hr_draft *draft, const struct hr_source *source,
                                  struct hr_text text, uint32_t line, size_t offset)
{
    struct hr_node *node = hr_draft_scratch(draft, struct hr_node, 1);
    if (node != NULL) {
        *node = (struct hr_node){.kind = HR_NODE_scalar,
                                 .style = HR_SCALAR_literal,
                                 .place = {source->path, line, 1, 1},
                                 .offset = (uint32_t)offset,
                                 .scalar = text};
    }
    return node;
}

/* The head's keys, and `text`. */
static bool join(struct hr_draft *draft, const struct hr_source *source, const struct hr_node *head,
                 struct hr_node *text, struct hr_pair *ret_pair)
{
    struct hr_node *map = hr_draft_scratch(draft, struct hr_node, 1);
    struct hr_pair *pairs = hr_draft_scratch(draft, struct hr_pair, head->count + 1);
    struct hr_node *key =
        new_scalar(draft, source, HR_TEXT("text"), text->place.line, text->offset);
    struct hr_node *id = new_scalar(draft, source, hr_workspace_message_id(source->path), 1, 0);
    if (map == NULL || pairs == NULL || key == NULL || id == NULL) {
        return false;
    }
    if (head->kind != HR_NODE_map) {
        return hr_draft_map(draft, HR_GRAM_message_head, id, head);
    }
    if (hr_draft_get(head, "text") != NULL) {
        hr_draft_error(draft, message_head, hr_draft_get(head, "text")->place,
                       "the text of a message file stands below its head");
        return false;
    }
    for (size_t i = 0; i < head->count; i++) {
        pairs[i] = head->pairs[i];
    }
    pairs[head->count] = (struct hr_pair){key, text};
    *map = *head;
    map->pairs = pairs;
    map->count = head->count + 1;
    *ret_pair = (struct hr_pair){id, map};
    return true;
}

bool hr_draft_read_message_file(struct hr_draft *draft, const struct hr_source *source,
                                struct hr_pair *ret_pair)
{
    struct hr_place first = {source->path, 1, 1, 1};
    size_t head_end = 0;
    size_t text_begin = 0;
    uint32_t line = 0;
    if (source->bytes.size > HR_YAML_SIZE_MAX || !hr_text_is_utf8(source->bytes) ||
        !find_head(source->bytes, &head_end, &text_begin, &line)) {
        hr_draft_error(draft, message_head, first,
                       "this message file does not begin with a head between two lines of ---");
        return false;
    }
    struct hr_node *head = NULL;
    hr_status status =
        hr_yaml_read(&draft->scratch, source->path, hr_text_slice(source->bytes, 0, head_end),
                     draft->reterr, &head);
    if (!hr_ok(status)) {
        draft->refused |= status.code != HR_E_INPUT && status.code != HR_E_LIMIT;
        return false;
    }
    struct hr_node *text =
        new_scalar(draft, source, hr_text_slice(source->bytes, text_begin, source->bytes.size),
                   line, text_begin);
    return text != NULL && join(draft, source, head, text, ret_pair);
}
