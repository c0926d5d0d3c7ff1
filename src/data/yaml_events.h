/* data/yaml_events: the one door to libyaml. Its event interface only: the loader is quadratic in
 * depth and keeps no places. Lines and columns come out counting from 1 in code points. */
#ifndef HR_DATA_YAML_EVENTS_H
#define HR_DATA_YAML_EVENTS_H

#include "data/yaml.h"

enum yaml_event_kind {
    YAML_EVENT_end, /* of the text */
    YAML_EVENT_document,
    YAML_EVENT_alias,
    YAML_EVENT_scalar,
    YAML_EVENT_list,
    YAML_EVENT_map,
    YAML_EVENT_close, /* of the innermost list or map */
    YAML_EVENT_broken /* `problem` says why; nothing follows */
};

/* A place as libyaml marks it. line 0: none. */
struct yaml_mark {
    uint32_t line, column;
};

struct yaml_event {
    enum yaml_event_kind kind;
    enum hr_scalar_style style;
    bool flow; /* a list or map in brackets */
    bool anchor, tag, directive;
    struct yaml_mark from, to;
    struct hr_text scalar; /* valid until the next event */
    const char *problem;
    const char *context;        /* what was being read, may be NULL */
    struct yaml_mark opened_at; /* where that began */
    bool out_of_memory;
};

struct yaml_events;

/* Begins to read a text that stays valid; NULL without memory. */
struct yaml_events *hr_yaml_events_open(struct hr_arena *into, struct hr_text text);
/* The next event. */
struct yaml_event hr_yaml_events_next(struct yaml_events *events);
/* Gives back what libyaml holds. NULL is allowed. */
void hr_yaml_events_close(struct yaml_events *events);

#endif
