/* Times in a contact's row. Nearly all are near one another, deadlines lie whole seconds away, and most of what is said
 * about a contact was said by the same few messages: so times are written as distances, and a moment that was written
 * a little before as how long ago that was. */
#include "data/time.h"
#include "state/state_internal.h"

enum { TIME_NONE = 0, TIME_FAR = 1, TIME_NEAR = 2 };
static const uint64_t near_max = UINT64_C(1) << 60;

void hr_put_instant(struct hr_buffer *out, hr_instant base, hr_instant time)
{
    if (time == HR_INSTANT_NONE) {
        hr_put_uint(out, TIME_NONE);
        return;
    }
    int64_t apart = (int64_t)((uint64_t)time - (uint64_t)base);
    bool whole = apart % HR_SECOND_US == 0;
    apart = whole ? apart / HR_SECOND_US : apart;
    uint64_t zigzag = ((uint64_t)apart << 1) ^ (uint64_t)(apart >> 63);
    if (zigzag >= near_max) {
        hr_put_uint(out, TIME_FAR);
        hr_put_int(out, time);
        return;
    }
    hr_put_uint(out, TIME_NEAR + (zigzag << 1 | whole));
}

hr_instant hr_get_instant(struct hr_reader *in, hr_instant base)
{
    uint64_t written = hr_get_uint_max(in, TIME_NEAR + 2 * near_max - 1);
    if (written == TIME_NONE) {
        return HR_INSTANT_NONE;
    }
    if (written == TIME_FAR) {
        return hr_get_int(in);
    }
    uint64_t zigzag = (written - TIME_NEAR) >> 1;
    bool whole = ((written - TIME_NEAR) & 1) != 0;
    uint64_t apart = (zigzag >> 1) ^ -(zigzag & 1);
    apart = whole ? apart * (uint64_t)HR_SECOND_US : apart;
    return (hr_instant)((uint64_t)base + apart);
}

/* ---- moments ------------------------------------------------------------------------------------- */

static void remember(struct hr_moments *moments, const struct hr_moment *moment)
{
    moments->last[moments->count++ % HR_MOMENTS_KEPT] = *moment;
}

/* The moment that was new `back` moments ago; NULL: none, or forgotten. */
static const struct hr_moment *moment_back(const struct hr_moments *moments, uint64_t back)
{
    if (back >= HR_MOMENTS_KEPT || back >= moments->count) {
        return NULL;
    }
    return &moments->last[(moments->count - 1 - back) % HR_MOMENTS_KEPT];
}

static void put_new(struct hr_buffer *out, struct hr_moments *moments,
                    const struct hr_moment *moment)
{
    hr_put_uint(out, 0);
    hr_put_uint(out, moment->tool);
    hr_put_instant(out, moments->base, moment->at);
    hr_put_uint(out, moments->newest - moment->position);
    remember(moments, moment);
}

static void put_known_or_new(struct hr_buffer *out, struct hr_moments *moments,
                             const struct hr_moment *moment, bool any_tool)
{
    const struct hr_moment *known = moment_back(moments, 0);
    for (uint64_t back = 0; known != NULL; known = moment_back(moments, ++back)) {
        if (known->at == moment->at && known->position == moment->position &&
            (any_tool || known->tool == moment->tool)) {
            hr_put_uint(out, back + 1);
            return;
        }
    }
    put_new(out, moments, moment);
}

void hr_put_moment(struct hr_buffer *out, struct hr_moments *moments, uint32_t tool, hr_instant at,
                   uint64_t position)
{
    put_known_or_new(out, moments,
                     &(struct hr_moment){.tool = tool, .at = at, .position = position}, false);
}

void hr_put_when(struct hr_buffer *out, struct hr_moments *moments, hr_instant at,
                 uint64_t position)
{
    put_known_or_new(out, moments, &(struct hr_moment){.at = at, .position = position}, true);
}

struct hr_moment hr_get_moment(struct hr_reader *in, struct hr_moments *moments)
{
    uint64_t back = hr_get_uint(in);
    struct hr_moment moment = {.at = HR_INSTANT_NONE};
    if (back > 0) {
        const struct hr_moment *known = moment_back(moments, back - 1);
        in->failed = in->failed || known == NULL;
        return known == NULL ? moment : *known;
    }
    moment.tool = (uint32_t)hr_get_uint_max(in, UINT32_MAX);
    moment.at = hr_get_instant(in, moments->base);
    moment.position = moments->newest - hr_get_uint(in);
    remember(moments, &moment);
    return moment;
}
