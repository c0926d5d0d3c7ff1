/* Which timers join the writer's round: those whose time has come, but for effects that no courier is free for yet and
 * records that could not be read a moment ago. Neither may hold up the others. */
#include "server/host_internal.h"

enum {
    PAGE_MAX = 128,
    PAGES_MAX = 8,            /* a round; the next one goes on behind them */
    HELD_US = 200000,         /* until a courier may be free, if none tells before */
    PUT_OFF_US = 60 * 1000000 /* what failed is not tried again at once */
};

/* What may leave when a record's time has come: so many effects, all on one road. */
struct departure {
    uint64_t road;
    size_t count;
};

/* One look of a round. */
struct look {
    struct hr_host *host;
    struct hr_arena *scratch;
    hr_instant now;
    struct hr_waiting *due;
    size_t room;
    size_t count;
    struct departure departures[HR_COURIER_THREADS]; /* of those */
    size_t departure_count;
    size_t effects; /* of all departures */
};

/* What one page of the index brought, as far as it is due. */
struct page {
    uint64_t ids[PAGE_MAX];
    hr_instant due[PAGE_MAX];
    struct departure departures[PAGE_MAX];
    size_t count;
    bool last;
};

static void look_again(struct hr_host *host, hr_instant at)
{
    host->next_due = at < host->next_due ? at : host->next_due;
}

/* ---- what is put off ------------------------------------------------------------------------------- */

void hr_timers_put_off(struct hr_host *host, uint64_t record, hr_instant now)
{
    struct hr_timers *timers = &host->timers;
    timers->put_off[timers->put_off_count++ % HR_PUT_OFF_MAX] =
        (struct hr_put_off){.record = record, .until = now + PUT_OFF_US};
    look_again(host, now + PUT_OFF_US);
}

static bool is_put_off(struct hr_host *host, uint64_t record, hr_instant now)
{
    for (size_t i = 0; i < HR_PUT_OFF_MAX; i++) {
        const struct hr_put_off *put_off = &host->timers.put_off[i];
        /* a clock that was set back must not make the pause longer than it is */
        bool pauses = put_off->until > now && put_off->until <= now + PUT_OFF_US;
        if (put_off->record == record && pauses) {
            look_again(host, put_off->until);
            return true;
        }
    }
    return false;
}

/* ---- one page -------------------------------------------------------------------------------------- */

static hr_status read_page(struct look *look, struct page *page)
{
    struct hr_host *host = look->host;
    struct hr_scanned *items = NULL;
    size_t count = 0;
    HR_TRY(hr_store_scan(host->store, HR_SPACE_due, &host->timers.from, PAGE_MAX, look->scratch,
                         &items, &count));
    page->count = 0;
    page->last = count < PAGE_MAX;
    for (size_t i = 0; i < count; i++) {
        uint64_t due = 0;
        hr_key_unpair(&items[i].key, &due, &page->ids[i]);
        page->due[i] = (hr_instant)due;
        if (page->due[i] > look->now) {
            look_again(host, page->due[i]);
            page->last = true;
            break;
        }
        page->count++;
    }
    return hr_done();
}

/* As many as its queue can let out at once. */
static struct departure departure_of_queue(const struct hr_queue *queue)
{
    const struct hr_effect some = {.kind = HR_EFFECT_call, .tool = queue->tool};
    uint64_t flying = queue->flying < HR_COURIER_ROAD_MAX ? queue->flying : HR_COURIER_ROAD_MAX;
    return (struct departure){.road = hr_courier_road(&some),
                              .count = HR_COURIER_ROAD_MAX - (size_t)flying};
}

/* What may leave because a record's time has come. Letters and calls leave when the queue of their tool lets them. */
static struct departure departure_of(const struct hr_view *view, uint64_t id)
{
    const struct hr_record *record = hr_view_record(view, id);
    bool exists = record != NULL && record->exists;
    if (exists && record->kind == HR_RECORD_queue) {
        return departure_of_queue(record->queue);
    }
    if (!exists || record->kind != HR_RECORD_effect) {
        return (struct departure){.count = 0};
    }
    const struct hr_effect *effect = record->effect;
    bool queued = effect->kind == HR_EFFECT_letter || effect->kind == HR_EFFECT_call;
    return (struct departure){.road = hr_courier_road(effect),
                              .count = effect->state == HR_EFFECT_planned && !queued};
}

static hr_status look_at_one(struct look *look, uint64_t id, struct departure *ret_departure)
{
    struct hr_view view;
    hr_view_init(&view, look->scratch);
    hr_status status = hr_store_fetch_records(look->host->store, &id, 1, &view);
    *ret_departure = (struct departure){.count = 0};
    if (hr_ok(status)) {
        *ret_departure = departure_of(&view, id);
    }
    bool only_this = status.code == HR_E_CORRUPT || status.code == HR_E_MEMORY;
    return only_this ? hr_done() : status;
}

/* What may leave by the records of a page. One that cannot be read is none, and does not keep the others back: its
 * timer runs, and fails, alone. */
static hr_status look_at_page(struct look *look, struct page *page)
{
    struct hr_arena_mark mark = hr_arena_mark(look->scratch);
    uint64_t ids[PAGE_MAX];
    size_t count = 0;
    struct hr_view view;
    hr_view_init(&view, look->scratch);
    for (size_t i = 0; i < page->count; i++) {
        if (!is_put_off(look->host, page->ids[i], look->now)) {
            ids[count++] = page->ids[i];
        }
    }
    hr_status status = hr_store_fetch_records(look->host->store, ids, count, &view);
    bool apart = status.code == HR_E_CORRUPT || status.code == HR_E_MEMORY;
    for (size_t i = 0; hr_ok(status) && i < page->count; i++) {
        page->departures[i] = departure_of(&view, page->ids[i]);
    }
    status = apart ? hr_done() : status;
    for (size_t i = 0; apart && hr_ok(status) && i < page->count; i++) {
        hr_arena_rewind(look->scratch, mark);
        status = look_at_one(look, page->ids[i], &page->departures[i]);
    }
    hr_arena_rewind(look->scratch, mark);
    return status;
}

/* An effect may only be intended while a courier is free for it, so that few can be unknown after a crash. */
static bool is_held_back(struct look *look, const struct departure *departure)
{
    size_t of_road = departure->count;
    size_t of_all = look->effects + departure->count;
    for (size_t i = 0; i < look->departure_count; i++) {
        const struct departure *before = &look->departures[i];
        of_road += before->road == departure->road ? before->count : 0;
    }
    if (departure->count == 0) {
        return false;
    }
    if (!hr_courier_has_room(look->host, departure->road, of_road, of_all)) {
        look->host->timers.held = true;
        return true;
    }
    look->departures[look->departure_count++] = *departure;
    look->effects = of_all;
    return false;
}

/* Takes what may run, and moves on behind all that was looked at. */
static hr_status take_page(struct look *look, struct page *page)
{
    struct hr_timers *timers = &look->host->timers;
    HR_TRY(look_at_page(look, page));
    for (size_t i = 0; i < page->count && look->count < look->room; i++) {
        uint64_t id = page->ids[i];
        timers->from = hr_key_pair((uint64_t)page->due[i], id + 1);
        if (is_put_off(look->host, id, look->now)) {
            continue;
        }
        if (is_held_back(look, &page->departures[i])) {
            timers->passed_by = true;
            continue;
        }
        look->due[look->count++] = (struct hr_waiting){
            .event = {.kind = HR_EVENT_due, .record = id, .hint_due = page->due[i]}};
    }
    return hr_done();
}

/* ---- a look ---------------------------------------------------------------------------------------- */

/* Goes on where the look before it stopped, until the round is full or nothing more is due. */
static hr_status look_on(struct look *look)
{
    struct hr_timers *timers = &look->host->timers;
    struct page page = {.last = false};
    timers->passed_by = timers->passed_by || !hr_key_is_zero(&timers->from);
    for (size_t i = 0; i < PAGES_MAX && !page.last && look->count < look->room; i++) {
        HR_TRY(read_page(look, &page));
        HR_TRY(take_page(look, &page));
    }
    if (!page.last || look->count == look->room) {
        look_again(look->host, look->now); /* there is more */
        return hr_done();
    }
    if (timers->passed_by) {
        look_again(look->host, look->now + HELD_US);
    }
    timers->passed_by = false;
    timers->from = hr_key_pair(0, 0);
    return hr_done();
}

size_t hr_timers_take(struct hr_host *host, struct hr_arena *scratch, hr_instant now,
                      struct hr_waiting *ret_due, size_t room, hr_status *ret_status)
{
    struct look look = {.host = host, .scratch = scratch, .now = now, .due = ret_due, .room = room};
    *ret_status = hr_done();
    if (host->next_due > now) {
        return 0;
    }
    host->next_due = INT64_MAX;
    *ret_status = look_on(&look);
    if (!hr_ok(*ret_status)) {
        look_again(host, now + PUT_OFF_US);
    }
    return look.count;
}
