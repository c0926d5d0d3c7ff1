/* tools/inbound: from a delivered body to the JSON events in it.
 *
 * Why      exactly one reader is chosen, by the content type alone; a body is never tried with
 *          another one. JSON sent as a form, or a form as JSON, is refused, so that what was
 *          signed is what is read.
 * Shape    application/json and +json: one object is one event, a list of objects is one event
 *          each. application/cloudevents+json, -batch+json: CloudEvents 1.0. application/json
 *          with ce-* headers: CloudEvents in binary mode, written as its structured equivalent,
 *          where the caller trusts headers: no scheme of tools/signature covers them.
 *          Anything else is 415.
 * Owner    everything lives in the arena or in the body, which must stay.
 * Limits   HR_INBOUND_EVENTS_MAX events a body; the body's size by the caller; JSON depth by
 *          data/value.h.
 * Errors   HR_E_INPUT with E0520-E0539 or the JSON reader's own, with place or pointer;
 *          HR_E_MEMORY.
 * Pure     yes.
 * Threads  safe.
 * Source   CloudEvents 1.0.2 (JSON format, HTTP binding); RFC 8259, 9110.
 * Tests    tests/unit/tools_inbound_test.c; fuzz: inbound; corpus 43 */
#ifndef HR_TOOLS_INBOUND_H
#define HR_TOOLS_INBOUND_H

#include "tools/signature.h"

enum { HR_INBOUND_EVENTS_MAX = 1000 };

struct hr_inbound_event {
    struct hr_value
        payload; /* what mappings read; of a CloudEvent the whole envelope: payload.data.email */
    struct hr_text raw; /* the JSON bytes to keep; reading them gives the payload */
    bool cloudevent;
    struct hr_text id; /* of a CloudEvent; else empty, like the rest */
    struct hr_text type;
    struct hr_text source;
    hr_instant time; /* HR_INSTANT_NONE: not said */
};

/* One header as the caller has it, for the ce-* ones. */
struct hr_inbound_header {
    struct hr_text name;
    struct hr_text value;
};
struct hr_inbound_body {
    struct hr_text content_type;
    const struct hr_inbound_header *headers;
    size_t header_count;
    struct hr_text bytes;
    bool headers_trusted; /* they come from whom the body comes; else binary mode is refused */
};
/* Reads all events of a body, or none. */
hr_status hr_inbound_read(struct hr_arena *into, const struct hr_inbound_body *body,
                          struct hr_diagnostics *reterr, struct hr_inbound_event **ret_events,
                          size_t *ret_count) HR_MUST_USE;

#endif
