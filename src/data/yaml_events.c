/* data/yaml_events: turns libyaml's events into the few that the tree needs. All knowledge of
 * libyaml is here. */
#include "data/yaml_events.h"

#include <yaml.h>

struct yaml_events {
    yaml_parser_t parser;
    yaml_event_t event;
    bool holds_event;
};

struct yaml_events *hr_yaml_events_open(struct hr_arena *into, struct hr_text text)
{
    struct yaml_events *events = hr_arena_new(into, struct yaml_events);
    if (events == NULL) {
        return NULL;
    }
    if (yaml_parser_initialize(&events->parser) == 0) {
        return NULL;
    }
    yaml_parser_set_encoding(&events->parser, YAML_UTF8_ENCODING);
    const char *data = text.size == 0 ? "" : text.data;
    yaml_parser_set_input_string(&events->parser, (const unsigned char *)data, text.size);
    return events;
}

void hr_yaml_events_close(struct yaml_events *events)
{
    if (events == NULL) {
        return;
    }
    if (events->holds_event) {
        yaml_event_delete(&events->event);
    }
    yaml_parser_delete(&events->parser);
}

static struct yaml_mark mark_of(yaml_mark_t mark)
{
    return (struct yaml_mark){(uint32_t)mark.line + 1, (uint32_t)mark.column + 1};
}

static struct yaml_event broken(const yaml_parser_t *parser)
{
    struct yaml_event event = {
        .kind = YAML_EVENT_broken,
        .problem = parser->problem != NULL ? parser->problem : "the text ends too early",
        .context = parser->context,
        .from = mark_of(parser->problem_mark),
        .to = mark_of(parser->problem_mark),
        .out_of_memory = parser->error == YAML_MEMORY_ERROR,
    };
    if (parser->error == YAML_READER_ERROR) {
        event.from = event.to = mark_of(parser->mark);
    }
    if (parser->context != NULL) {
        event.opened_at = mark_of(parser->context_mark);
    }
    return event;
}

static enum hr_scalar_style style_of(yaml_scalar_style_t style)
{
    switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE:
        return HR_SCALAR_single;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
        return HR_SCALAR_double;
    case YAML_LITERAL_SCALAR_STYLE:
        return HR_SCALAR_literal;
    case YAML_FOLDED_SCALAR_STYLE:
        return HR_SCALAR_folded;
    case YAML_ANY_SCALAR_STYLE:
    case YAML_PLAIN_SCALAR_STYLE:
        break;
    }
    return HR_SCALAR_plain;
}

static void fill_scalar(struct yaml_event *event, const yaml_event_t *from)
{
    event->kind = YAML_EVENT_scalar;
    event->scalar =
        (struct hr_text){(const char *)from->data.scalar.value, from->data.scalar.length};
    event->style = style_of(from->data.scalar.style);
    event->anchor = from->data.scalar.anchor != NULL;
    event->tag = from->data.scalar.tag != NULL;
}

static void fill_container(struct yaml_event *event, const yaml_event_t *from)
{
    if (from->type == YAML_SEQUENCE_START_EVENT) {
        event->kind = YAML_EVENT_list;
        event->anchor = from->data.sequence_start.anchor != NULL;
        event->tag = from->data.sequence_start.tag != NULL;
        event->flow = from->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
    } else {
        event->kind = YAML_EVENT_map;
        event->anchor = from->data.mapping_start.anchor != NULL;
        event->tag = from->data.mapping_start.tag != NULL;
        event->flow = from->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
    }
}

/* Fills the event; false for one that means nothing to the tree. */
static bool fill(struct yaml_event *event, const yaml_event_t *from)
{
    event->from = mark_of(from->start_mark);
    event->to = mark_of(from->end_mark);
    switch (from->type) {
    case YAML_STREAM_END_EVENT:
        event->kind = YAML_EVENT_end;
        return true;
    case YAML_DOCUMENT_START_EVENT:
        event->kind = YAML_EVENT_document;
        event->directive = from->data.document_start.version_directive != NULL ||
                           from->data.document_start.tag_directives.start !=
                               from->data.document_start.tag_directives.end;
        return true;
    case YAML_ALIAS_EVENT:
        event->kind = YAML_EVENT_alias;
        return true;
    case YAML_SCALAR_EVENT:
        fill_scalar(event, from);
        return true;
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        fill_container(event, from);
        return true;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        event->kind = YAML_EVENT_close;
        return true;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        break;
    }
    return false;
}

struct yaml_event hr_yaml_events_next(struct yaml_events *events)
{
    for (;;) {
        if (events->holds_event) {
            yaml_event_delete(&events->event);
            events->holds_event = false;
        }
        if (yaml_parser_parse(&events->parser, &events->event) == 0) {
            return broken(&events->parser);
        }
        events->holds_event = true;
        if (events->event.type == YAML_NO_EVENT) {
            return (struct yaml_event){.kind = YAML_EVENT_end};
        }
        struct yaml_event event = {0};
        if (fill(&event, &events->event)) {
            return event;
        }
    }
}
