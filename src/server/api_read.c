/* Questions: each is a report of insight over the lens of this request. */
#include "server/api_inside.h"

void hr_api_on_contact_show(struct hr_api *api)
{
    struct hr_report report;
    hr_api_report(api,
                  hr_contact_show(&api->lens, api->segments[0], api->arena, &api->found, &report),
                  &report);
}

void hr_api_on_contact_why(struct hr_api *api)
{
    struct hr_report report;
    struct hr_text field = hr_api_query(api, "field");
    hr_api_report(api,
                  hr_why(&api->lens, api->segments[0], field, api->arena, &api->found, &report),
                  &report);
}

void hr_api_on_contact_why_not(struct hr_api *api)
{
    struct hr_report report;
    struct hr_text of = hr_api_query(api, "of");
    hr_api_report(api,
                  hr_why_not(&api->lens, of, api->segments[0], api->arena, &api->found, &report),
                  &report);
}

void hr_api_on_path_list(struct hr_api *api)
{
    struct hr_report report;
    hr_api_report(api, hr_path_show(&api->lens, HR_TEXT_NONE, api->arena, &api->found, &report),
                  &report);
}

void hr_api_on_path_show(struct hr_api *api)
{
    struct hr_report report;
    hr_api_report(api, hr_path_show(&api->lens, api->segments[0], api->arena, &api->found, &report),
                  &report);
}

static bool filter_of(struct hr_text word, enum hr_issue_filter *ret_filter)
{
    static const struct {
        struct hr_text word;
        enum hr_issue_filter filter;
    } words[] = {{{"open", 4}, HR_ISSUES_open},
                 {{"resolved", 8}, HR_ISSUES_resolved},
                 {{"snoozed", 7}, HR_ISSUES_snoozed},
                 {{"all", 3}, HR_ISSUES_all}};
    *ret_filter = HR_ISSUES_open;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (hr_text_equal(word, words[i].word)) {
            *ret_filter = words[i].filter;
            return true;
        }
    }
    return word.size == 0;
}

void hr_api_on_issue_list(struct hr_api *api)
{
    enum hr_issue_filter filter;
    struct hr_report report;
    if (!filter_of(hr_api_query(api, "state"), &filter)) {
        hr_api_problem(api, HR_CODE_unprocessable, "`state` is open, resolved, snoozed or all");
        return;
    }
    bool mine = hr_text_equal(hr_api_query(api, "mine"), HR_TEXT("1"));
    hr_status status = hr_issues_list(&api->lens, filter, mine ? api->person : 0, api->arena,
                                      &api->found, &report);
    hr_api_report(api, status, &report);
}

void hr_api_on_issue_show(struct hr_api *api)
{
    struct hr_report report;
    hr_api_report(api,
                  hr_issue_show(&api->lens, api->segments[0], api->arena, &api->found, &report),
                  &report);
}

void hr_api_on_entry_trace(struct hr_api *api)
{
    struct hr_report report;
    int64_t position = 0;
    if (!hr_text_to_integer(api->segments[0], &position) || position <= 0) {
        hr_api_problem(api, HR_CODE_unprocessable, "a position is a whole number from 1");
        return;
    }
    hr_api_report(api, hr_trace(&api->lens, (uint64_t)position, api->arena, &api->found, &report),
                  &report);
}

/* ---- the daemon itself -------------------------------------------------------------------------- */

void hr_api_on_figures(struct hr_api *api)
{
    struct hr_host_figures all;
    struct hr_http_server_figures http;
    hr_host_figures(api->host, &all);
    hr_http_server_figures(hr_http_server_of(api->request), &http);
    const struct {
        const char *name;
        uint64_t value;
    } rows[] = {
        {"journalled", all.journalled},
        {"duplicates", all.duplicates},
        {"refused", all.refused},
        {"batches", all.batches},
        {"waiting", all.waiting},
        {"alerts_confirmed", all.alerts_confirmed},
        {"alerts_failed", all.alerts_failed},
        {"http_requests", http.requests},
        {"http_refused", http.refused},
        {"http_slow", http.slow},
        {"http_connections", http.connections},
        {"http_kept", http.kept},
        {"commits", all.store.commits},
        {"rows", all.store.rows},
        {"checkpoints", all.store.checkpoints},
        {"scouted", all.store.scouted},
        {"database_bytes", all.store.database_bytes},
        {"wal_bytes", all.store.wal_bytes},
        {"wal_bytes_highest", all.store.wal_bytes_highest},
        {"archive_bytes", all.store.archive_bytes},
        {"free_disk_bytes", all.store.free_disk_bytes},
        {"position", api->lens.position},
        {"plan", api->plan->number},
    };
    struct hr_buffer json;
    struct hr_buffer text;
    hr_buffer_init(&json, api->arena, 4096);
    hr_buffer_init(&text, api->arena, 4096);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        hr_buffer_add_format(&json, "%s\"%s\":%llu", i == 0 ? "{" : ",", rows[i].name,
                             (unsigned long long)rows[i].value);
        hr_buffer_add_format(&text, "%-18s %20llu\n", rows[i].name,
                             (unsigned long long)rows[i].value);
    }
    hr_buffer_add_text(&json, HR_TEXT("}\n"));
    hr_api_say(api, hr_buffer_text(&json), hr_buffer_text(&text));
}

void hr_api_on_reload(struct hr_api *api)
{
    uint32_t before = api->plan->number;
    hr_api_look_away(api);
    hr_status status = hr_host_reload(api->host, &api->found);
    if (!hr_ok(status)) {
        hr_api_failed(api, status);
        return;
    }
    uint32_t now = hr_host_plan(api->host)->number;
    struct hr_text did =
        now == before
            ? hr_text_format(
                  api->arena,
                  "no workspace file changed: plan %u stays in force; secrets are read anew", now)
            : hr_text_format(api->arena, "plan %u is in force (before: %u)", now, before);
    hr_api_say(api,
               hr_text_format(api->arena, "{\"did\":\"%.*s\",\"plan\":%u}\n", HR_SHOW(did), now),
               hr_text_format(api->arena, "%.*s\n", HR_SHOW(did)));
}

void hr_api_on_openapi(struct hr_api *api)
{
    hr_api_say(api, hr_api_openapi(api->arena), HR_TEXT_NONE);
}
