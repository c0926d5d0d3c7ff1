/* A path as a line of handoffs: how many stand where, and where it breaks first. */
#include "insight/issues.h"

struct walkway {
    struct hr_ask ask;
    struct hr_handoff_record *counts; /* by index in the plan */
    uint64_t *issues;                 /* the open issue's number of each handoff, 0: none */
};

/* ---- reading --------------------------------------------------------------------------------- */

static hr_status note_issue(void *context, const struct hr_record *record)
{
    struct walkway *walkway = context;
    const struct hr_issue *issue = record->issue;
    bool of_proof = issue->cause == HR_CAUSE_no_proof || issue->cause == HR_CAUSE_incorrect;
    int32_t place =
        issue->path == 0 ? -1 : hr_plan_handoff_numbered(walkway->ask.plan, issue->about);
    if (of_proof && place >= 0 && issue->state != HR_ISSUE_resolved &&
        walkway->issues[place] == 0) {
        walkway->issues[place] = issue->number;
    }
    return hr_done();
}

static hr_status read_counts(struct walkway *walkway)
{
    const struct hr_plan *plan = walkway->ask.plan;
    uint64_t left_out = 0;
    walkway->counts =
        hr_arena_new_many(walkway->ask.into, struct hr_handoff_record, plan->handoff_count);
    walkway->issues = hr_arena_new_many(walkway->ask.into, uint64_t, plan->handoff_count);
    if (walkway->counts == NULL || walkway->issues == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t i = 0; i < plan->handoff_count; i++) {
        const struct hr_record *record = NULL;
        HR_TRY(hr_ask_record(&walkway->ask, HR_ID_HANDOFF + plan->handoffs[i].name_number,
                             HR_RECORD_handoff, &record));
        if (record != NULL) {
            walkway->counts[i] = *record->handoff;
        }
    }
    return hr_issues_each(&walkway->ask, note_issue, walkway, &left_out);
}

static uint64_t proven_of(const struct hr_handoff_record *record)
{
    return record->counts[HR_STAND_confirmed] + record->counts[HR_STAND_late_confirmed] +
           record->counts[HR_STAND_recovered];
}

static uint64_t all_of(const struct hr_handoff_record *record)
{
    uint64_t all = 0;
    for (size_t i = 0; i < HR_STAND_count; i++) {
        all += record->counts[i];
    }
    return all;
}

/* Of those whose time has come, how many in a hundred were proven in time; -1: nobody's has. */
static int in_time(const struct hr_handoff_record *record)
{
    uint64_t due = all_of(record) - record->counts[HR_STAND_open];
    return due == 0 ? -1 : (int)(record->counts[HR_STAND_confirmed] * 100 / due);
}

static int32_t first_break(const struct walkway *walkway, const struct hr_path *path)
{
    for (int32_t i = path->first; i < path->first + path->count; i++) {
        const uint64_t *counts = walkway->counts[i].counts;
        bool counted = walkway->ask.plan->handoffs[i].late_is == HR_LATE_count;
        if (!counted && counts[HR_STAND_late] + counts[HR_STAND_failed] > 0) {
            return i;
        }
    }
    return -1;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* "2 late and 1 failed", without the part that is nobody. */
static struct hr_text say_broken(const struct hr_ask *ask, const uint64_t *counts)
{
    unsigned long long late = counts[HR_STAND_late];
    unsigned long long failed = counts[HR_STAND_failed];
    if (late == 0 || failed == 0) {
        return hr_text_format(ask->into, "%llu %s", late + failed, failed == 0 ? "late" : "failed");
    }
    return hr_text_format(ask->into, "%llu late and %llu failed", late, failed);
}

static struct hr_text say_path(const struct walkway *walkway, const struct hr_path *path,
                               int32_t broken)
{
    const struct hr_ask *ask = &walkway->ask;
    uint64_t all = 0;
    uint64_t recovering = 0;
    for (int32_t i = path->first; i < path->first + path->count; i++) {
        all += all_of(&walkway->counts[i]);
        recovering += walkway->counts[i].counts[HR_STAND_recovering];
    }
    if (all == 0) {
        return HR_TEXT("Nobody has come this way yet, so silence means nothing.");
    }
    if (broken < 0 && recovering > 0) {
        return hr_text_format(
            ask->into,
            "Nothing is late or has failed; %.*s being put right, and the proof "
            "is awaited.",
            HR_SHOW(hr_word_count(ask, recovering, "handoff is", "handoffs are")));
    }
    if (broken < 0) {
        return HR_TEXT("Nothing is broken: no handoff is late or has failed.");
    }
    const struct hr_handoff *handoff = &ask->plan->handoffs[broken];
    const uint64_t *counts = walkway->counts[broken].counts;
    struct hr_text issue = walkway->issues[broken] == 0
                               ? HR_TEXT_NONE
                               : hr_text_format(ask->into, " Issue H-%llu.",
                                                (unsigned long long)walkway->issues[broken]);
    return hr_text_format(ask->into, "First break: %.*s, %.*s. Owner %.*s, failure owner %.*s.%.*s",
                          HR_SHOW(handoff->title), HR_SHOW(say_broken(ask, counts)),
                          HR_SHOW(ask->plan->people[handoff->owner].name),
                          HR_SHOW(ask->plan->people[handoff->failure_owner].name), HR_SHOW(issue));
}

static void write_row(const struct walkway *walkway, struct hr_buffer *page, int32_t index,
                      int widest, bool broken)
{
    const struct hr_handoff *handoff = &walkway->ask.plan->handoffs[index];
    const struct hr_handoff_record *record = &walkway->counts[index];
    const uint64_t *counts = record->counts;
    int percent = in_time(record);
    struct hr_text share =
        percent < 0 ? HR_TEXT("-") : hr_text_format(walkway->ask.into, "%d%%", percent);
    hr_buffer_add_format(
        page, "  %.*s%*s %6llu %7llu %8.*s %5llu %7llu %11llu %7llu%s\n", HR_SHOW(handoff->title),
        widest - (int)handoff->title.size, "", (unsigned long long)counts[HR_STAND_open],
        (unsigned long long)proven_of(record), HR_SHOW(share),
        (unsigned long long)counts[HR_STAND_late], (unsigned long long)counts[HR_STAND_failed],
        (unsigned long long)counts[HR_STAND_recovering],
        (unsigned long long)counts[HR_STAND_waived], broken ? "  <- first break" : "");
}

static void write_path(const struct walkway *walkway, struct hr_buffer *page,
                       const struct hr_path *path)
{
    const struct hr_plan *plan = walkway->ask.plan;
    int32_t broken = first_break(walkway, path);
    int widest = (int)sizeof "handoff" - 1;
    for (int32_t i = path->first; i < path->first + path->count; i++) {
        int size = (int)plan->handoffs[i].title.size;
        widest = size > widest ? size : widest;
    }
    hr_buffer_add_format(page, "%.*s\n", HR_SHOW(path->title));
    if (path->goal.size > 0) {
        hr_buffer_add_format(page, "Goal: %.*s\n", HR_SHOW(path->goal));
    }
    hr_buffer_add_format(page, "%.*s\n\n", HR_SHOW(say_path(walkway, path, broken)));
    hr_buffer_add_format(page, "  %-*s   open  proven  in time  late  failed  recovering  waived\n",
                         widest, "handoff");
    for (int32_t i = path->first; i < path->first + path->count; i++) {
        write_row(walkway, page, i, widest, i == broken);
    }
}

static struct hr_value handoff_tree(const struct walkway *walkway, int32_t index, bool broken)
{
    const struct hr_ask *ask = &walkway->ask;
    const struct hr_handoff *handoff = &ask->plan->handoffs[index];
    const struct hr_handoff_record *record = &walkway->counts[index];
    int percent = in_time(record);
    struct hr_object object = hr_object_in(ask->into);
    hr_put_words(&object, "handoff", handoff->full_id);
    hr_put_words(&object, "title", handoff->title);
    hr_put_words(&object, "kind", hr_handoff_kind_word(handoff->kind));
    hr_put_words(&object, "from", handoff->from);
    hr_put_words(&object, "to", handoff->to);
    hr_put_words(&object, "proven_when", hr_say_proof(ask, handoff));
    for (size_t i = 0; i < HR_STAND_count; i++) {
        hr_put_number(&object, hr_stand_word((enum hr_stand)i).data, record->counts[i]);
    }
    hr_put_number(&object, "proven", proven_of(record));
    hr_put(&object, "in_time_percent", percent < 0 ? hr_value_null() : hr_value_int(percent));
    hr_put_words(&object, "owner", ask->plan->people[handoff->owner].id);
    hr_put_words(&object, "failure_owner", ask->plan->people[handoff->failure_owner].id);
    hr_put_words(&object, "issue",
                 walkway->issues[index] == 0 ? HR_TEXT_NONE
                                             : hr_word_issue_number(ask, walkway->issues[index]));
    hr_put_truth(&object, "first_break", broken);
    return hr_object_value(&object);
}

static struct hr_value path_tree(const struct walkway *walkway, const struct hr_path *path)
{
    int32_t broken = first_break(walkway, path);
    struct hr_items handoffs = hr_items_in(walkway->ask.into);
    for (int32_t i = path->first; i < path->first + path->count; i++) {
        hr_add(&handoffs, handoff_tree(walkway, i, i == broken));
    }
    struct hr_object object = hr_object_in(walkway->ask.into);
    hr_put_words(&object, "path", path->id);
    hr_put_words(&object, "title", path->title);
    hr_put_words(&object, "goal", path->goal);
    hr_put_words(&object, "text", say_path(walkway, path, broken));
    hr_put_words(&object, "first_break",
                 broken < 0 ? HR_TEXT_NONE : walkway->ask.plan->handoffs[broken].full_id);
    hr_put(&object, "handoffs", hr_items_value(&handoffs));
    return hr_object_value(&object);
}

hr_status hr_path_show(const struct hr_lens *lens, struct hr_text path, struct hr_arena *into,
                       struct hr_diagnostics *reterr, struct hr_report *ret_report)
{
    struct walkway walkway = {
        .ask = {.lens = lens, .plan = lens->engine.plan, .into = into, .reterr = reterr}};
    const struct hr_ask *ask = &walkway.ask;
    path = hr_text_trim(path);
    int32_t only = path.size == 0 ? -1 : hr_plan_path(ask->plan, path);
    if (path.size > 0 && only < 0) {
        return hr_ask_refused(ask, HR_CODE_asked_path_unknown, hr_ask_nearest(ask, path, false));
    }
    HR_TRY(read_counts(&walkway));
    struct hr_buffer page = hr_page_in(into);
    struct hr_items paths = hr_items_in(into);
    for (int32_t i = 0; i < (int32_t)ask->plan->path_count; i++) {
        if (only >= 0 && i != only) {
            continue;
        }
        hr_buffer_add_text(&page, paths.count > 0 ? HR_TEXT("\n") : HR_TEXT_NONE);
        write_path(&walkway, &page, &ask->plan->paths[i]);
        hr_add(&paths, path_tree(&walkway, &ask->plan->paths[i]));
    }
    if (paths.count == 0) {
        hr_buffer_add_text(&page, HR_TEXT("No path is watched yet, so silence means nothing.\n"));
    }
    struct hr_object tree = hr_object_in(into);
    hr_put(&tree, "paths", hr_items_value(&paths));
    return hr_report_end(ask, &tree, &page, ret_report);
}
