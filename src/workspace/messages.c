/* Messages: what customers are told, from `messages:` and from files under messages/. */
#include "workspace/inside.h"

static void read_message(struct hr_draft *draft, struct hr_message *message,
                         const struct hr_pair *pair)
{
    const struct hr_node *map = pair->value;
    message->purpose = message->tool = HR_NONE_INDEX;
    message->place = hr_draft_place(draft, pair->key->place);
    if (!hr_draft_id(draft, pair->key, "message", false) ||
        !hr_draft_map(draft, HR_GRAM_message, pair->key, map)) {
        return;
    }
    const struct hr_node *subject = hr_draft_get(map, "subject");
    const struct hr_node *text = hr_draft_get(map, "text");
    const struct hr_node *html = hr_draft_get(map, "html");
    message->title = hr_draft_title(draft, map, message->id);
    if (subject != NULL && hr_draft_scalar(draft, subject, "subject") &&
        hr_draft_is_line(draft, subject, "subject")) {
        message->subject = hr_draft_template(draft, subject, "subject", HR_LANDING_header);
    }
    message->text = hr_draft_template(draft, text, "text", HR_LANDING_text);
    message->html = hr_draft_template(draft, html, "html", HR_LANDING_html);
    if (message->text.template != NULL && html == NULL) {
        hr_draft_warn_markdown(draft, text);
    }
    if (text == NULL && html == NULL && !hr_draft_misspelt(HR_GRAM_message, map, "text")) {
        hr_draft_error(draft, message_empty, pair->key->place,
                       "message `%.*s` has neither `text` nor `html`", HR_SHOW(message->id));
    }
    message->purpose =
        hr_draft_ref_at(draft, map, "purpose", &draft->purpose_names, HR_CODE_purpose_unknown);
    message->tool = hr_draft_ref_at(draft, map, "tool", &draft->tool_names, HR_CODE_tool_unknown);
    if (message->tool >= 0 && hr_draft_tool_is_not(draft, message->tool, HR_TOOL_email)) {
        const struct hr_tool *tool = &draft->plan->tools[message->tool];
        struct hr_diagnostic *item =
            hr_draft_error(draft, nothing_sends, hr_draft_get(map, "tool")->place,
                           "tool `%.*s` is of kind %.*s, and sends no messages", HR_SHOW(tool->id),
                           HR_SHOW(hr_words_tool_kind.items[tool->kind]));
        item->second = draft->tools.pairs[message->tool].key->place;
        item->second_label = HR_TEXT("this one");
        item->help = HR_TEXT("name a tool of kind email, or none where there is only one");
    }
}

void hr_draft_read_messages(struct hr_draft *draft)
{
    size_t count = draft->message_names.count;
    struct hr_message *messages = hr_draft_keep(draft, struct hr_message, count);
    draft->plan->messages = messages;
    for (size_t i = 0; messages != NULL && i < count; i++) {
        messages[i].id = draft->message_names.items[i];
        read_message(draft, &messages[i], &draft->messages.pairs[i]);
        draft->plan->message_count++;
    }
}
