/* A tool in words: what it says and how that is signed, where it is called, what it may be told and asked to do. */
#include "plan/aloud.h"
#include "plan/words.h"

enum { LABEL_WIDTH = 16, WORDS_BYTES_MAX = 64 << 10 };

static void add_line(struct hr_aloud_page *page, int indent, const char *label,
                     struct hr_text words)
{
    if (words.size > 0) {
        hr_buffer_add_format(&page->text, "%*s%-*s%.*s\n", indent, "", LABEL_WIDTH, label,
                             HR_SHOW(words));
    }
}

/* ---- the tool ------------------------------------------------------------------------------------------ */

static struct hr_text auth_of(struct hr_arena *into, const struct hr_auth *auth)
{
    switch (auth->kind) {
    case HR_AUTH_bearer:
        return hr_text_format(into, "with the secret %.*s, as a token", HR_SHOW(auth->secret));
    case HR_AUTH_header:
        return hr_text_format(into, "with the secret %.*s in the header %.*s",
                              HR_SHOW(auth->secret), HR_SHOW(auth->header));
    case HR_AUTH_basic:
        return hr_text_format(into, "as %.*s with the secret %.*s", HR_SHOW(auth->user),
                              HR_SHOW(auth->secret));
    case HR_AUTH_oauth:
        return auth->token_url.size == 0
                   ? hr_text_format(into, "with a token for the secret %.*s", HR_SHOW(auth->secret))
                   : hr_text_format(into, "as %.*s with a token of %.*s for the secret %.*s",
                                    HR_SHOW(auth->client_id), HR_SHOW(auth->token_url),
                                    HR_SHOW(auth->secret));
    case HR_AUTH_none:
        break;
    }
    return HR_TEXT_NONE;
}

static struct hr_text signed_of(struct hr_arena *into, const struct hr_tool *tool)
{
    struct hr_span age = {HR_SPAN_elapsed, tool->tolerance_us};
    bool dated = tool->scheme == HR_SCHEME_standard_webhooks || tool->scheme == HR_SCHEME_stripe;
    if (tool->scheme == HR_SCHEME_none) {
        return tool->event_count == 0 ? HR_TEXT_NONE
                                      : HR_TEXT("handed in by a person who is signed in");
    }
    struct hr_text limit =
        dated ? hr_text_format(into, "; at most %.*s old", HR_SHOW(hr_span_write(into, age)))
              : HR_TEXT_NONE;
    return hr_text_format(into, "signed by %.*s with the secret %.*s%s%.*s%.*s",
                          HR_SHOW(hr_words_scheme.items[tool->scheme]), HR_SHOW(tool->secret),
                          tool->header.size > 0 ? " in the header " : "", HR_SHOW(tool->header),
                          HR_SHOW(limit));
}

static struct hr_text expected_of(struct hr_arena *into, const struct hr_tool *tool)
{
    return tool->expect_at_least == 0
               ? HR_TEXT_NONE
               : hr_text_format(into, "%u in %.*s, else it is an issue", tool->expect_at_least,
                                HR_SHOW(hr_span_write(into, tool->expect_every)));
}

static struct hr_text sends_of(struct hr_aloud_page *page, const struct hr_tool *tool)
{
    struct hr_buffer words;
    hr_buffer_init(&words, page->text.arena, WORDS_BYTES_MAX);
    for (size_t i = 0; i < tool->sends.count; i++) {
        const struct hr_field_ref *ref = &tool->sends.items[i];
        bool own = ref->record == HR_RECORD_TYPE_contact;
        struct hr_text record = own ? HR_TEXT_NONE : hr_record_type_word(ref->record);
        hr_buffer_add_format(&words, "%s%.*s%s%.*s", i == 0 ? "" : ", ", HR_SHOW(record),
                             own ? "" : ".",
                             HR_SHOW(page->plan->records[ref->record].fields[ref->field].id));
    }
    hr_buffer_add_text(&words,
                       tool->sends_said ? HR_TEXT(", and no other field") : HR_TEXT("any field"));
    return hr_buffer_text(&words);
}

static void add_tool(struct hr_aloud_page *page, const struct hr_tool *tool)
{
    struct hr_arena *into = page->text.arena;
    const struct hr_plan *plan = page->plan;
    hr_buffer_add_format(&page->text, "%.*s (%.*s)\n", HR_SHOW(tool->title), HR_SHOW(tool->id));
    add_line(page, 2, "owner", tool->owner < 0 ? HR_TEXT_NONE : plan->people[tool->owner].name);
    add_line(page, 2, "its messages", signed_of(into, tool));
    add_line(page, 2, "expected", expected_of(into, tool));
    add_line(page, 2, "called at", tool->allow_count > 0 ? tool->allow[0] : HR_TEXT_NONE);
    add_line(page, 2, "signs in", auth_of(into, &tool->auth));
    if (tool->action_count > 0) {
        add_line(page, 2, "may be told", sends_of(page, tool));
    }
    if (tool->limit.count > 0) {
        add_line(page, 2, "at most",
                 hr_text_format(into, "%u calls in %.*s", tool->limit.count,
                                HR_SHOW(hr_span_write(into, tool->limit.every))));
    }
    if (tool->has_timeout) {
        add_line(page, 2, "is waited for", hr_span_write(into, tool->timeout));
    }
    if (tool->has_repeat_key) {
        add_line(
            page, 2, "knows a key",
            hr_text_format(into, "for %.*s", HR_SHOW(hr_span_write(into, tool->repeat_key_for))));
    }
    add_line(page, 2, "mail comes from", tool->from);
    add_line(page, 2, "below marketing", tool->postal_address);
    if (tool->unsubscribe != HR_UNSUBSCRIBE_unsaid) {
        add_line(page, 2, "way out",
                 tool->unsubscribe == HR_UNSUBSCRIBE_one_click ? HR_TEXT("one click")
                                                               : HR_TEXT("none"));
    }
}

/* ---- what it says --------------------------------------------------------------------------------------- */

/* "email, booking_status: booked": a value that is the same in every message is told, any other is the tool's. */
static struct hr_text mapped_of(struct hr_arena *into, const struct hr_mapping *lines, size_t count)
{
    struct hr_buffer words;
    hr_buffer_init(&words, into, WORDS_BYTES_MAX);
    for (size_t i = 0; i < count; i++) {
        size_t reads = 0;
        (void)hr_expr_reads(lines[i].value, &reads);
        hr_buffer_add_format(&words, "%s%.*s", i == 0 ? "" : ", ", HR_SHOW(lines[i].name));
        if (reads == 0) {
            hr_buffer_add_format(&words, ": %.*s", HR_SHOW(hr_expr_say(lines[i].value, into)));
        }
    }
    return hr_buffer_text(&words);
}

static void add_event(struct hr_aloud_page *page, const struct hr_event_type *event)
{
    struct hr_arena *into = page->text.arena;
    hr_buffer_add_format(&page->text, "\n  says %.*s\n", HR_SHOW(event->name));
    add_line(page, 4, "is meant when",
             event->when == NULL ? HR_TEXT_NONE : hr_expr_say(event->when, into));
    add_line(page, 4, "of whom", mapped_of(into, event->contact, event->contact_count));
    add_line(page, 4, "known then", mapped_of(into, event->fields, event->field_count));
    add_line(page, 4, "brings", mapped_of(into, event->data, event->data_count));
}

/* ---- what it does ---------------------------------------------------------------------------------------- */

static struct hr_text lines_of(struct hr_arena *into, const struct hr_arguments *lines)
{
    struct hr_buffer words;
    hr_buffer_init(&words, into, WORDS_BYTES_MAX);
    for (size_t i = 0; i < lines->count; i++) {
        const struct hr_argument *line = &lines->items[i];
        hr_buffer_add_format(&words, "%s%.*s", i == 0 ? "" : ", ", HR_SHOW(line->name));
        if (line->value != NULL) {
            hr_buffer_add_format(&words, ": %.*s", HR_SHOW(hr_expr_say(line->value, into)));
        }
    }
    return hr_buffer_text(&words);
}

static struct hr_text sets_of(struct hr_aloud_page *page, const struct hr_action *action)
{
    struct hr_buffer words;
    hr_buffer_init(&words, page->text.arena, WORDS_BYTES_MAX);
    for (size_t i = 0; i < action->set_count; i++) {
        const struct hr_field_ref *ref = &action->sets[i].field;
        hr_buffer_add_format(&words, "%s%.*s: %.*s", i == 0 ? "" : ", ",
                             HR_SHOW(page->plan->records[ref->record].fields[ref->field].id),
                             HR_SHOW(action->sets[i].value));
    }
    return hr_buffer_text(&words);
}

static void add_action(struct hr_aloud_page *page, const struct hr_tool *tool,
                       const struct hr_action *action)
{
    struct hr_arena *into = page->text.arena;
    hr_buffer_add_format(&page->text, "\n  does %.*s", HR_SHOW(action->id));
    if (action->method != HR_METHOD_unsaid) {
        struct hr_text method = hr_words_method.items[action->method - 1];
        hr_buffer_add_format(&page->text, ": %.*s %.*s", HR_SHOW(method), HR_SHOW(action->path));
    }
    hr_buffer_add_byte(&page->text, '\n');
    add_line(page, 4, "headers", lines_of(into, &action->headers));
    add_line(page, 4, "body", lines_of(into, &action->body));
    add_line(page, 4, "is a success", hr_aloud_clauses(into, &action->success, " and "));
    bool reads = action->kind == HR_ACTION_read || action->method == HR_METHOD_GET;
    add_line(page, 4, reads ? "changes" : "asked twice",
             reads                    ? HR_TEXT("nothing, it only reads")
             : action->safe_to_repeat ? HR_TEXT("does no more than once")
                                      : HR_TEXT("may do more than once"));
    if (action->check >= 0) {
        struct hr_text check = tool->actions[action->check].id;
        struct hr_text done = hr_aloud_clauses(into, &action->done_when, " and ");
        add_line(page, 4, "no answer",
                 hr_text_format(into, "ask %.*s%s%.*s", HR_SHOW(check),
                                done.size > 0 ? "; it was done when " : "", HR_SHOW(done)));
    }
    add_line(page, 4, "known then", sets_of(page, action));
    add_line(page, 4, "taken back by",
             action->undo < 0 ? HR_TEXT_NONE : tool->actions[action->undo].id);
    add_line(page, 4, "proven by",
             action->emits < 0 ? HR_TEXT_NONE : page->plan->event_names[action->emits].name);
}

void hr_aloud_tool(struct hr_aloud_page *page, const struct hr_tool *tool)
{
    struct hr_text file =
        page->path_of == NULL ? tool->place.file : page->path_of(page->context, tool->place.file);
    add_tool(page, tool);
    add_line(page, 2, "written in",
             hr_text_format(page->text.arena, "%.*s:%u", HR_SHOW(file), tool->place.line));
    for (size_t i = 0; i < tool->event_count; i++) {
        add_event(page, &tool->events[i]);
    }
    for (size_t i = 0; i < tool->action_count; i++) {
        add_action(page, tool, &tool->actions[i]);
    }
}
