/* Events of a tool by hand or from a file: read row by row, mapped like the tool's own messages, and all handed to the
 * writer; answered with what became of each when the last is committed. */
#include "server/api_inside.h"
#include "tools/inbound.h"

enum {
    CHUNK_ROWS = 256, /* under way at a time */
    CHUNK_BYTES_MAX = 48 << 20,
    LISTED_MAX = 100 /* rows that the answer names */
};

/* All of one request. */
struct sending {
    struct hr_api *api;
    int32_t tool;
    struct hr_text type;
    bool dry_run;
    struct hr_arena arena; /* of one chunk */
    struct hr_job *jobs;   /* of one chunk */
    struct hr_heard *heard;
    uint64_t *rows; /* where each came from */
    size_t count;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t left;
    size_t journalled, duplicates, refused, nameless, unknown, read;
    struct hr_buffer listed; /* JSON of the rows named, without brackets */
    struct hr_buffer shown;
    size_t listed_count;
    hr_status status; /* not done: nothing more is tried */
};

/* Names a row in the answer. Words only: no value of a customer. */
static void list_row(struct sending *sending, uint64_t row, const char *became,
                     struct hr_text column, struct hr_text why)
{
    if (sending->listed_count++ >= LISTED_MAX) {
        return;
    }
    hr_buffer_add_format(&sending->listed, "%s{\"row\":%llu,\"became\":\"%s\"",
                         sending->listed.size > 0 ? "," : "", (unsigned long long)row, became);
    hr_buffer_add_format(&sending->shown, "row %llu: %s", (unsigned long long)row, became);
    if (column.size > 0) {
        hr_buffer_add_text(&sending->listed, HR_TEXT(",\"column\":"));
        hr_json_write_text(&sending->listed, column);
        hr_buffer_add_format(&sending->shown, ", column %.*s",
                             HR_SHOW(hr_text_visible(sending->api->arena, column)));
    }
    hr_buffer_add_text(&sending->listed, HR_TEXT(",\"why\":"));
    hr_json_write_text(&sending->listed, why);
    hr_buffer_add_byte(&sending->listed, '}');
    hr_buffer_add_format(&sending->shown, ": %.*s\n",
                         HR_SHOW(hr_text_visible(sending->api->arena, why)));
}

/* ---- a chunk ------------------------------------------------------------------------------------ */

static void one_done(void *context, struct hr_job *job)
{
    struct sending *sending = context;
    (void)job;
    (void)pthread_mutex_lock(&sending->lock);
    if (--sending->left == 0) {
        (void)pthread_cond_signal(&sending->changed);
    }
    (void)pthread_mutex_unlock(&sending->lock);
}

static void wait_for_all(struct sending *sending)
{
    (void)pthread_mutex_lock(&sending->lock);
    while (sending->left > 0) {
        (void)pthread_cond_wait(&sending->changed, &sending->lock);
    }
    (void)pthread_mutex_unlock(&sending->lock);
}

static void count_job(struct sending *sending, size_t index)
{
    const struct hr_job *job = &sending->jobs[index];
    if (!hr_ok(job->status)) {
        sending->status = job->status;
        return;
    }
    sending->journalled += job->waiting.became == HR_BECAME_journalled;
    sending->duplicates += job->waiting.became == HR_BECAME_duplicate;
    if (job->waiting.became == HR_BECAME_refused) {
        sending->refused++;
        list_row(sending, sending->rows[index], "refused", HR_TEXT_NONE,
                 HR_TEXT("the contact holds as much as one contact can hold"));
    }
}

/* Hands the chunk to the writer and waits for it. When the queue has no room, what was handed on is waited for and the
 * rest tried once more. */
static void submit_chunk(struct sending *sending)
{
    size_t at = 0;
    bool again = true;
    while (at < sending->count && hr_ok(sending->status)) {
        size_t first = at;
        (void)pthread_mutex_lock(&sending->lock);
        sending->left = sending->count - at;
        (void)pthread_mutex_unlock(&sending->lock);
        while (at < sending->count && hr_host_submit(sending->api->host, &sending->jobs[at])) {
            at++;
        }
        for (size_t i = at; i < sending->count; i++) {
            one_done(sending, &sending->jobs[i]);
        }
        wait_for_all(sending);
        for (size_t i = first; i < at; i++) {
            count_job(sending, i);
        }
        if (at == first && !again) {
            sending->status = hr_answer(HR_E_LIMIT);
        }
        again = at > first;
    }
}

static void end_chunk(struct sending *sending)
{
    static const struct hr_arena_mark nothing;
    if (!sending->dry_run && hr_ok(sending->status)) {
        submit_chunk(sending);
    }
    sending->count = 0;
    sending->jobs = NULL;
    hr_arena_rewind(&sending->arena, nothing);
}

static hr_status begin_chunk(struct sending *sending)
{
    sending->jobs = hr_arena_new_many(&sending->arena, struct hr_job, CHUNK_ROWS);
    sending->heard = hr_arena_new_many(&sending->arena, struct hr_heard, CHUNK_ROWS);
    sending->rows = hr_arena_new_many(&sending->arena, uint64_t, CHUNK_ROWS);
    bool all = sending->jobs != NULL && sending->heard != NULL && sending->rows != NULL;
    return all ? hr_done() : hr_answer(HR_E_MEMORY);
}

/* What the mapping found, in words, for rows that will not do what their sender expects. */
static void look_at(struct sending *sending, const struct hr_heard *heard, uint64_t row)
{
    struct hr_text complained = hr_heard_complained(heard, &sending->arena);
    if (heard->type == NULL) {
        sending->unknown++;
        list_row(
            sending, row, "kept", HR_TEXT_NONE,
            HR_TEXT(
                "its event type is not known to the workspace; it is counted and nothing else"));
    } else if (heard->key_count == 0) {
        sending->nameless++;
        list_row(sending, row, "kept", HR_TEXT_NONE,
                 complained.size > 0 ? complained : HR_TEXT("nothing in it says whose it is"));
    } else if (complained.size > 0) {
        list_row(sending, row, "kept", HR_TEXT_NONE, complained);
    }
}

/* One event. payload and raw live in the chunk's arena or longer. */
static hr_status add_event(struct sending *sending, const struct hr_value *payload,
                           struct hr_text raw, struct hr_given given, uint64_t row)
{
    if (sending->jobs == NULL) {
        HR_TRY(begin_chunk(sending));
    }
    struct hr_job *job = &sending->jobs[sending->count];
    struct hr_heard *heard = &sending->heard[sending->count];
    HR_TRY(hr_engine_read(&sending->api->lens.engine, sending->tool, payload, raw, given,
                          hr_clock_now(), &sending->arena, heard));
    *job = (struct hr_job){
        .waiting = {.event = {.kind = HR_EVENT_heard,
                              .heard = heard,
                              .payload = raw,
                              .person = sending->api->person,
                              .hint_due = HR_INSTANT_NONE}},
        .plan = sending->api->plan,
        .document = *payload,
        .given = given,
        .done = one_done,
        .context = sending,
    };
    sending->rows[sending->count++] = row;
    sending->read++;
    look_at(sending, heard, row);
    return hr_done();
}

/* ---- rows --------------------------------------------------------------------------------------- */

/* A row as an object {column: value}. Empty cells are left out: an unset field is not "". */
static hr_status row_event(struct sending *sending, const struct hr_text *columns,
                           size_t column_count, const struct hr_text *cells, uint64_t row)
{
    struct hr_member *members = hr_arena_new_many(&sending->arena, struct hr_member, column_count);
    struct hr_buffer raw;
    uint32_t count = 0;
    size_t size = 64;
    if (members == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < column_count; i++) {
        struct hr_text cell = hr_text_trim(cells[i]);
        size += columns[i].size + 6 * cell.size + 16;
        if (cell.size > 0) {
            /* the cells live in the row's reading, which ends with the chunk */
            members[count++] = (struct hr_member){hr_value_text(columns[i]), hr_value_text(cell)};
        }
    }
    struct hr_value payload = {.kind = HR_KIND_map, .count = count, .members = members};
    hr_buffer_init(&raw, &sending->arena, size + column_count * 6 * 256);
    hr_json_write(&raw, &payload);
    HR_TRY(hr_buffer_status(&raw));
    return add_event(sending, &payload, hr_buffer_text(&raw),
                     (struct hr_given){.type = sending->type}, row);
}

/* True if the cells fit the header; else the row is refused by name. */
static bool row_fits(struct sending *sending, const struct hr_text *columns, size_t column_count,
                     size_t cell_count, uint64_t row)
{
    if (cell_count == column_count) {
        return true;
    }
    sending->refused++;
    sending->read++;
    struct hr_text column = cell_count < column_count ? columns[cell_count] : HR_TEXT_NONE;
    list_row(sending, row, "refused", column,
             hr_text_format(sending->api->arena, "it has %zu cells and the header %zu", cell_count,
                            column_count));
    return false;
}

static hr_status send_csv(struct sending *sending)
{
    struct hr_api *api = sending->api;
    struct hr_csv csv;
    struct hr_text *columns = NULL;
    size_t column_count = 0;
    HR_TRY(hr_csv_open(&csv, api->request->body, &api->found));
    hr_status status = hr_csv_next(&csv, api->arena, &api->found, &columns, &column_count);
    if (status.code == HR_CSV_END) {
        hr_api_problem(api, HR_CODE_body_empty, "a CSV file begins with a row of column names");
        return hr_answer(HR_E_INPUT);
    }
    HR_TRY(status);
    for (size_t i = 0; i < column_count; i++) {
        columns[i] = hr_text_trim(columns[i]);
    }
    for (uint64_t row = 2; hr_ok(sending->status); row++) {
        struct hr_text *cells = NULL;
        size_t cell_count = 0;
        if (sending->count == CHUNK_ROWS) {
            end_chunk(sending);
        }
        status = hr_csv_next(&csv, &sending->arena, &api->found, &cells, &cell_count);
        if (status.code == HR_CSV_END) {
            break;
        }
        HR_TRY(status);
        bool blank = cell_count == 1 && hr_text_trim(cells[0]).size == 0 && column_count > 1;
        if (!blank && row_fits(sending, columns, column_count, cell_count, row)) {
            HR_TRY(row_event(sending, columns, column_count, cells, row));
        }
    }
    if (sending->read == 0 && hr_ok(sending->status)) {
        hr_api_problem(api, HR_CODE_body_empty, "no rows: there are column names alone");
        return hr_answer(HR_E_INPUT);
    }
    return hr_done();
}

static hr_status send_json(struct sending *sending, struct hr_text content_type)
{
    struct hr_api *api = sending->api;
    struct hr_inbound_event *events = NULL;
    size_t count = 0;
    struct hr_inbound_header *headers =
        hr_arena_new_many(api->arena, struct hr_inbound_header, api->request->header_count);
    if (headers == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < api->request->header_count; i++) {
        headers[i] = (struct hr_inbound_header){api->request->headers[i].name,
                                                api->request->headers[i].value};
    }
    const struct hr_inbound_body body = {.content_type = content_type,
                                         .headers = headers,
                                         .header_count = api->request->header_count,
                                         .bytes = api->request->body,
                                         .headers_trusted = true}; /* by the token */
    HR_TRY(hr_inbound_read(api->arena, &body, &api->found, &events, &count));
    for (size_t i = 0; i < count && hr_ok(sending->status); i++) {
        if (sending->count == CHUNK_ROWS) {
            end_chunk(sending);
        }
        HR_TRY(add_event(sending, &events[i].payload, events[i].raw,
                         (struct hr_given){.type = sending->type, .id = events[i].id}, i + 1));
    }
    return hr_done();
}

/* ---- the request -------------------------------------------------------------------------------- */

static bool find_tool(struct sending *sending)
{
    struct hr_api *api = sending->api;
    struct hr_text name = api->segments[0];
    sending->tool = hr_plan_tool(api->plan, name);
    if (sending->tool >= 0) {
        return true;
    }
    struct hr_text *ids = hr_arena_new_many(api->arena, struct hr_text, api->plan->tool_count);
    for (size_t i = 0; ids != NULL && i < api->plan->tool_count; i++) {
        ids[i] = api->plan->tools[i].id;
    }
    struct hr_text near =
        ids == NULL ? HR_TEXT_NONE : hr_did_you_mean(name, ids, api->plan->tool_count);
    hr_api_problem(api, HR_CODE_not_found, "there is no tool `%.*s`%s%.*s%s", HR_SHOW(name),
                   near.size > 0 ? "; did you mean `" : "", HR_SHOW(near),
                   near.size > 0 ? "`?" : "");
    return false;
}

/* A type that a person names has to be one of the tool's: it is no message that must be kept whatever it says. */
static bool find_type(struct sending *sending)
{
    struct hr_api *api = sending->api;
    const struct hr_tool *tool = &api->plan->tools[sending->tool];
    sending->type = hr_api_query(api, "type");
    struct hr_text *names = hr_arena_new_many(api->arena, struct hr_text, tool->event_count);
    for (size_t i = 0; names != NULL && i < tool->event_count; i++) {
        names[i] = tool->events[i].name;
        if (hr_text_equal(names[i], sending->type)) {
            return true;
        }
    }
    if (sending->type.size == 0) {
        return true;
    }
    struct hr_text near =
        names == NULL ? HR_TEXT_NONE : hr_did_you_mean(sending->type, names, tool->event_count);
    hr_api_problem(api, HR_CODE_unprocessable, "%.*s sends no event `%.*s`%s%.*s%s",
                   HR_SHOW(tool->id), HR_SHOW(sending->type),
                   near.size > 0 ? "; did you mean `" : "", HR_SHOW(near),
                   near.size > 0 ? "`?" : "");
    return false;
}

static void say_counts(struct sending *sending)
{
    struct hr_arena *arena = sending->api->arena;
    const char *did = sending->dry_run ? "nothing was journalled (dry run)" : "done";
    struct hr_text json = hr_text_format(
        arena,
        "{\"did\":\"%s\",\"dry_run\":%s,\"read\":%zu,\"journalled\":%zu,\"duplicate\":%zu,"
        "\"refused\":%zu,"
        "\"nameless\":%zu,\"unknown_type\":%zu,\"rows\":[%.*s],\"rows_not_listed\":%zu,"
        "\"undo\":\"what was heard stays heard\"}\n",
        did, sending->dry_run ? "true" : "false", sending->read, sending->journalled,
        sending->duplicates, sending->refused, sending->nameless, sending->unknown,
        HR_SHOW(hr_buffer_text(&sending->listed)),
        sending->listed_count > LISTED_MAX ? sending->listed_count - LISTED_MAX : 0);
    struct hr_text text = hr_text_format(
        arena, "%zu journalled, %zu duplicate, %zu refused%s\n%.*s", sending->journalled,
        sending->duplicates, sending->refused, sending->dry_run ? " (dry run)" : "",
        HR_SHOW(hr_buffer_text(&sending->shown)));
    hr_api_say(sending->api, json, text);
}

static void send_all(struct sending *sending)
{
    struct hr_api *api = sending->api;
    struct hr_text content_type = hr_http_header_of(api->request, HR_TEXT("content-type"), NULL);
    /* the writer may need the readers gone, and nothing more is read from the store */
    hr_api_look_away(api);
    hr_status status = hr_text_starts(content_type, HR_TEXT("text/csv"))
                           ? send_csv(sending)
                           : send_json(sending, content_type);
    if (hr_ok(status)) {
        end_chunk(sending);
        status = sending->status;
    }
    if (api->answered) {
        return;
    }
    if (!hr_ok(status)) {
        hr_api_failed(api, status);
        return;
    }
    say_counts(sending);
}

void hr_api_on_send(struct hr_api *api)
{
    struct sending sending = {.api = api,
                              .dry_run = hr_text_equal(hr_api_query(api, "dry_run"), HR_TEXT("1")),
                              .lock = PTHREAD_MUTEX_INITIALIZER,
                              .changed = PTHREAD_COND_INITIALIZER};
    if (!find_tool(&sending) || !find_type(&sending)) {
        return;
    }
    hr_arena_init(&sending.arena, CHUNK_BYTES_MAX);
    hr_buffer_init(&sending.listed, api->arena, 256 << 10);
    hr_buffer_init(&sending.shown, api->arena, 256 << 10);
    send_all(&sending);
    hr_arena_close(&sending.arena);
    (void)pthread_cond_destroy(&sending.changed);
    (void)pthread_mutex_destroy(&sending.lock);
}
