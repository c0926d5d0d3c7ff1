/* The list of issues, most urgent first. */
#include "insight/issues.h"

enum { SCAN_PAGE = 200, LISTED_MAX = 200 };

/* ---- all issues ------------------------------------------------------------------------------ */

struct scan {
    struct hr_ask ask; /* answers into the scratch arena */
    hr_issue_visit visit;
    void *context;
    uint64_t after; /* the number looked at last */
};

static hr_status scan_page(struct scan *scan, bool *ret_more)
{
    const struct hr_lens *lens = scan->ask.lens;
    struct hr_key from = hr_key_pair(0, scan->after + 1);
    struct hr_key *keys = NULL;
    uint64_t *values = NULL;
    size_t count = 0;
    HR_TRY(lens->scan(lens->context, HR_SPACE_number, &from, SCAN_PAGE, scan->ask.into, &keys,
                      &values, &count));
    for (size_t i = 0; i < count; i++) {
        const struct hr_record *record = NULL;
        uint64_t zero = 0;
        hr_key_unpair(&keys[i], &zero, &scan->after);
        HR_TRY(hr_ask_record(&scan->ask, values[i], HR_RECORD_issue, &record));
        if (record != NULL) {
            HR_TRY(scan->visit(scan->context, record));
        }
    }
    *ret_more = count == SCAN_PAGE;
    return hr_done();
}

/* The newest issue's number; resolved ones stay, so it only grows. */
static hr_status newest_number(const struct hr_ask *ask, uint64_t *ret_number)
{
    const struct hr_record *workspace = NULL;
    HR_TRY(hr_ask_record(ask, HR_ID_WORKSPACE, HR_RECORD_workspace, &workspace));
    *ret_number = workspace == NULL ? 0 : workspace->workspace->issue_count;
    return hr_done();
}

hr_status hr_issues_each(const struct hr_ask *ask, hr_issue_visit visit, void *context,
                         uint64_t *ret_left_out)
{
    struct hr_arena scratch;
    uint64_t newest = 0;
    HR_TRY(newest_number(ask, &newest));
    struct scan scan = {.ask = *ask, .visit = visit, .context = context};
    scan.after = newest > HR_ISSUES_LOOKED_AT_MAX ? newest - HR_ISSUES_LOOKED_AT_MAX : 0;
    *ret_left_out = scan.after;
    hr_arena_init(&scratch, 8 << 20);
    scan.ask.into = &scratch;
    bool more = true;
    hr_status status = hr_done();
    while (more && hr_ok(status)) {
        struct hr_arena_mark mark = hr_arena_mark(&scratch);
        status = scan_page(&scan, &more);
        hr_arena_rewind(&scratch, mark);
    }
    hr_arena_close(&scratch);
    return status;
}

/* ---- which are wanted, and in which order ---------------------------------------------------- */

struct listing {
    const struct hr_ask *ask;
    enum hr_issue_filter filter;
    uint32_t person;
    struct hr_record *records; /* own copies */
    size_t count;
    size_t capacity;
};

static bool fits(const struct listing *listing, const struct hr_issue *issue)
{
    int32_t told = hr_issue_told(listing->ask->plan, issue);
    uint32_t failure_owner = told < 0 ? 0 : listing->ask->plan->people[told].name_number;
    if (listing->person != 0 && issue->owner != listing->person &&
        failure_owner != listing->person) {
        return false;
    }
    switch (listing->filter) {
    case HR_ISSUES_open:
        return issue->state != HR_ISSUE_resolved && issue->state != HR_ISSUE_snoozed;
    case HR_ISSUES_resolved:
        return issue->state == HR_ISSUE_resolved;
    case HR_ISSUES_snoozed:
        return issue->state == HR_ISSUE_snoozed;
    case HR_ISSUES_all:
        return true;
    }
    return false;
}

static hr_status collect(void *context, const struct hr_record *record)
{
    struct listing *listing = context;
    if (!fits(listing, record->issue)) {
        return hr_done();
    }
    struct hr_record *grown = hr_list_grow(listing->ask->into, listing->records, listing->count,
                                           &listing->capacity, sizeof *grown);
    struct hr_issue *issue = hr_arena_new(listing->ask->into, struct hr_issue);
    if (grown == NULL || issue == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    *issue = *record->issue;
    listing->records = grown;
    grown[listing->count] = *record;
    grown[listing->count++].issue = issue;
    return hr_done();
}

/* True when a comes before b: open before resolved, urgent first, then the one with more people, then the older. */
static bool before(const struct hr_issue *a, const struct hr_issue *b)
{
    bool a_open = a->state != HR_ISSUE_resolved;
    bool b_open = b->state != HR_ISSUE_resolved;
    if (a_open != b_open) {
        return a_open;
    }
    if (a_open && a->severity != b->severity) {
        return a->severity > b->severity;
    }
    if (a_open && a->people != b->people) {
        return a->people > b->people;
    }
    return a_open ? a->number < b->number
                  : a->changed_at > b->changed_at ||
                        (a->changed_at == b->changed_at && a->number > b->number);
}

/* Merges two sorted runs; the list may be long. */
static void merge(struct hr_record *from, struct hr_record *to, size_t left, size_t middle,
                  size_t right)
{
    size_t a = left;
    size_t b = middle;
    for (size_t i = left; i < right; i++) {
        bool take_b = a == middle || (b < right && before(from[b].issue, from[a].issue));
        to[i] = take_b ? from[b++] : from[a++];
    }
}

static hr_status sort(struct listing *listing)
{
    struct hr_record *other =
        hr_arena_new_many(listing->ask->into, struct hr_record, listing->count);
    if (other == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t run = 1; run < listing->count; run *= 2) {
        for (size_t left = 0; left < listing->count; left += 2 * run) {
            size_t middle = left + run < listing->count ? left + run : listing->count;
            size_t right = middle + run < listing->count ? middle + run : listing->count;
            merge(listing->records, other, left, middle, right);
        }
        struct hr_record *swap = listing->records;
        listing->records = other;
        other = swap;
    }
    return hr_done();
}

/* ---- rows ------------------------------------------------------------------------------------ */

static struct hr_text capital(const struct hr_ask *ask, struct hr_text words)
{
    struct hr_text copy = hr_text_copy(ask->into, words);
    char *letters = copy.size == 0 ? NULL : hr_arena_alloc(ask->into, copy.size);
    for (size_t i = 0; letters != NULL && i < copy.size; i++) {
        bool low = i == 0 && copy.data[i] >= 'a' && copy.data[i] <= 'z';
        letters[i] = low ? (char)(copy.data[i] - 'a' + 'A') : copy.data[i];
    }
    return letters == NULL ? copy : (struct hr_text){letters, copy.size};
}

static void write_row(const struct hr_ask *ask, struct hr_buffer *page,
                      const struct hr_failure *failure)
{
    const struct hr_issue *issue = failure->issue;
    struct hr_text waiting = hr_say_waiting(ask, failure);
    hr_buffer_add_format(
        page, "%.*s %s%.*s: %.*s", HR_SHOW(hr_word_issue_number(ask, issue->number)),
        issue->severity == HR_URGENCY_urgent && issue->state != HR_ISSUE_resolved ? "urgent " : "",
        HR_SHOW(hr_issue_state_word((enum hr_issue_state)issue->state)),
        HR_SHOW(capital(ask, failure->sentence)));
    if (waiting.size > 0) {
        hr_buffer_add_format(page, ": %.*s", HR_SHOW(waiting));
    }
    if (failure->oldest != HR_INSTANT_NONE) {
        hr_buffer_add_format(page, ", oldest %s%.*s",
                             issue->people > PEOPLE_SHOWN_MAX ? "at least " : "",
                             HR_SHOW(hr_word_since(ask, failure->oldest)));
    } else if (issue->state != HR_ISSUE_resolved) {
        hr_buffer_add_format(page, ", for %.*s", HR_SHOW(hr_word_since(ask, issue->opened_at)));
    }
    if (issue->state == HR_ISSUE_resolved) {
        struct hr_text person = hr_word_first_name(ask, issue->resolved_by);
        hr_buffer_add_format(page, "  %.*s\n", HR_SHOW(hr_say_resolution(ask, failure, person)));
        return;
    }
    hr_buffer_add_format(page, "  owner %.*s, told %.*s\n",
                         HR_SHOW(hr_word_first_name(ask, issue->owner)),
                         HR_SHOW(hr_word_first_name(ask, failure->failure_owner)));
}

/* What stands below the rows: how much of it all is not among them. */
static void write_end(struct hr_buffer *page, const struct listing *listing, size_t shown,
                      uint64_t left_out)
{
    if (listing->count == 0) {
        hr_buffer_add_text(page, HR_TEXT("Nothing is waiting for you.\n"));
    }
    if (listing->count > shown) {
        hr_buffer_add_format(page, "and %llu more\n", (unsigned long long)(listing->count - shown));
    }
    if (left_out > 0) {
        hr_buffer_add_format(page, "Only the newest %d issues were looked at: none up to H-%llu.\n",
                             (int)HR_ISSUES_LOOKED_AT_MAX, (unsigned long long)left_out);
    }
}

hr_status hr_issues_list(const struct hr_lens *lens, enum hr_issue_filter filter, uint32_t person,
                         struct hr_arena *into, struct hr_diagnostics *reterr,
                         struct hr_report *ret_report)
{
    const struct hr_ask ask = {
        .lens = lens, .plan = lens->engine.plan, .into = into, .reterr = reterr};
    struct listing listing = {.ask = &ask, .filter = filter, .person = person};
    uint64_t left_out = 0;
    HR_TRY(hr_issues_each(&ask, collect, &listing, &left_out));
    HR_TRY(sort(&listing));
    struct hr_buffer page = hr_page_in(into);
    struct hr_items issues = hr_items_in(into);
    size_t shown = listing.count < LISTED_MAX ? listing.count : LISTED_MAX;
    for (size_t i = 0; i < shown; i++) {
        struct hr_failure failure;
        HR_TRY(hr_failure_of(&ask, &listing.records[i], &failure));
        write_row(&ask, &page, &failure);
        hr_add(&issues, hr_failure_tree(&ask, &failure));
    }
    write_end(&page, &listing, shown, left_out);
    struct hr_object tree = hr_object_in(into);
    hr_put(&tree, "issues", hr_items_value(&issues));
    hr_put_number(&tree, "count", listing.count);
    hr_put_truth(&tree, "cut", left_out > 0 || listing.count > shown);
    return hr_report_end(&ask, &tree, &page, ret_report);
}
