/* One enrollment: whose it is, where it stands, what it waits for, and what happened step by step. */
#include "insight/run.h"
#include "plan/aloud.h"

/* ---- which one ----------------------------------------------------------------------------------------- */

hr_status hr_find_enrollment(const struct hr_lens *lens, struct hr_text named,
                             struct hr_arena *into, struct hr_enrollment *ret_enrollment)
{
    struct hr_entry entry = {0};
    const struct hr_fact *fact = NULL;
    uint64_t run = 0;
    *ret_enrollment = (struct hr_enrollment){.run = 0};
    if (!hr_enrollment_named(hr_text_trim(named), &run) || hr_record_origin(run) == 0 ||
        hr_record_origin(run) > lens->position) {
        return hr_done();
    }
    HR_TRY(lens->at(lens->context, hr_record_origin(run), into, &entry));
    for (size_t i = 0; entry.position != 0 && (fact = hr_entry_fact(&entry, i)) != NULL; i++) {
        if (fact->kind == HR_FACT_run_began && fact->number == run) {
            *ret_enrollment = (struct hr_enrollment){.run = run,
                                                     .contact = fact->record,
                                                     .automation = fact->name,
                                                     .began_at = entry.recorded_at,
                                                     .began_in = entry.position};
        }
    }
    return hr_done();
}

/* One enrollment that is asked about. */
struct asked {
    struct hr_ask ask;
    struct hr_enrollment found;
    const struct hr_record *contact;
    const struct hr_run *run; /* NULL: it is over */
    struct hr_timeline timeline;
    struct hr_text event; /* that began it */
    struct hr_next next;
};

static hr_status find(struct asked *asked, struct hr_text named)
{
    const struct hr_ask *ask = &asked->ask;
    HR_TRY(hr_find_enrollment(ask->lens, named, ask->into, &asked->found));
    if (asked->found.contact != 0) {
        HR_TRY(hr_ask_record(ask, asked->found.contact, HR_RECORD_contact, &asked->contact));
    }
    if (asked->contact == NULL) {
        return hr_ask_refused(ask, HR_CODE_asked_enrollment_unknown, HR_TEXT_NONE);
    }
    asked->run = hr_contact_run(asked->contact->contact, asked->found.run);
    return hr_done();
}

/* ---- what happened ---------------------------------------------------------------------------------------- */

/* The newest moment of a kind; NULL: none was found. */
static const struct hr_moment *newest(const struct asked *asked, enum hr_fact_kind kind)
{
    for (size_t i = asked->timeline.count; i > 0; i--) {
        if (asked->timeline.moments[i - 1].fact == kind) {
            return &asked->timeline.moments[i - 1];
        }
    }
    return NULL;
}

static hr_instant since(const struct asked *asked)
{
    const struct hr_moment *moment = newest(asked, HR_FACT_run_moved);
    return moment == NULL ? HR_INSTANT_NONE : moment->at;
}

/* The step after the one that it stands at; empty: none is left, or nobody knows. */
static struct hr_text say_then(const struct asked *asked)
{
    const struct hr_run *run = asked->run;
    const struct hr_automation *automation =
        hr_ask_automation_numbered(&asked->ask, asked->found.automation);
    const struct hr_plan_step *step =
        run == NULL ? NULL : hr_step_then(&asked->ask, run->automation, run->meaning, 0, run->step);
    const struct hr_plan_step *next =
        automation == NULL || step == NULL ? NULL : hr_step_after(automation, step);
    return hr_say_step(&asked->ask, asked->found.automation, next);
}

/* ---- what to do ------------------------------------------------------------------------------------------- */

static void choose_next(struct asked *asked)
{
    const struct hr_ask *ask = &asked->ask;
    const struct hr_run *run = asked->run;
    struct hr_text name = hr_enrollment_name(ask->into, asked->found.run);
    asked->next = (struct hr_next){.words = HR_TEXT("It is over; there is nothing to do.")};
    if (run == NULL) {
        return;
    }
    bool troubled = hr_run_issue(asked->contact->contact, run->id) != 0;
    if (hr_ask_automation_numbered(ask, run->automation) == NULL) {
        asked->next.command =
            hr_text_format(ask->into, "handrail enrollment withdraw %.*s", HR_SHOW(name));
        asked->next.words =
            HR_TEXT("Its automation is no longer in the files: end it, or bring the "
                    "automation back and let it go on with `enrollment retry`.");
    } else if (run->state == HR_RUN_held) {
        asked->next.command =
            hr_text_format(ask->into, "handrail enrollment retry %.*s --step PATH", HR_SHOW(name));
        asked->next.words =
            hr_text_format(ask->into,
                           "It goes on at the step of the files as they are now that you name; "
                           "`handrail automation "
                           "show %.*s` lists them. Or end it: handrail enrollment withdraw %.*s",
                           HR_SHOW(hr_word(ask, run->automation)), HR_SHOW(name));
    } else if (troubled && run->state == HR_RUN_waits_event) {
        asked->next.command =
            hr_text_format(ask->into, "handrail enrollment skip %.*s", HR_SHOW(name));
        asked->next.words = HR_TEXT("It goes on without what it waits for. If that still comes, it "
                                    "goes on by itself.");
    } else {
        asked->next.words = HR_TEXT("Nothing is wrong; it goes on by itself.");
    }
}

/* ---- the page ------------------------------------------------------------------------------------------------ */

static void write_now(const struct asked *asked, struct hr_buffer *page)
{
    const struct hr_ask *ask = &asked->ask;
    const struct hr_run *run = asked->run;
    if (run == NULL) {
        const struct hr_moment *end = newest(asked, HR_FACT_run_ended);
        hr_buffer_add_format(page, "It is over%s%.*s.\n", end == NULL ? "" : " since ",
                             HR_SHOW(end == NULL ? HR_TEXT_NONE : hr_word_time(ask, end->at)));
        return;
    }
    const struct hr_automation *automation = hr_ask_automation_numbered(ask, run->automation);
    const struct hr_plan_step *step =
        hr_step_then(ask, run->automation, run->meaning, 0, run->step);
    struct hr_text issue = hr_word_issue(ask, hr_run_issue(asked->contact->contact, run->id));
    struct hr_text then = say_then(asked);
    hr_buffer_add_format(page, "It %.*s\n", HR_SHOW(hr_say_run(ask, run)));
    if (since(asked) != HR_INSTANT_NONE) {
        hr_buffer_add_format(page, "  there since  %.*s (%.*s)\n",
                             HR_SHOW(hr_word_time(ask, since(asked))),
                             HR_SHOW(hr_word_since(ask, since(asked))));
    }
    if (step != NULL) {
        hr_buffer_add_format(page, "  written in   %.*s\n",
                             HR_SHOW(hr_say_place(ask, &step->place)));
        hr_buffer_add_format(page, "  then         %.*s\n",
                             HR_SHOW(then.size == 0 ? HR_TEXT("it is done") : then));
    }
    if (automation != NULL && automation->stop.count > 0) {
        hr_buffer_add_format(page, "  stops when   %.*s\n",
                             HR_SHOW(hr_aloud_clauses(ask->into, &automation->stop, ", or ")));
    }
    if (issue.size > 0) {
        hr_buffer_add_format(page, "  issue        %.*s\n", HR_SHOW(issue));
    }
}

static struct hr_buffer write_page(const struct asked *asked)
{
    const struct hr_ask *ask = &asked->ask;
    const struct hr_automation *automation =
        hr_ask_automation_numbered(ask, asked->found.automation);
    struct hr_buffer page = hr_page_in(ask->into);
    hr_buffer_add_format(
        &page, "%.*s: %.*s (%.*s), for %.*s\n",
        HR_SHOW(hr_enrollment_name(ask->into, asked->found.run)),
        HR_SHOW(hr_word_automation(ask, asked->found.automation)),
        HR_SHOW(automation == NULL ? HR_TEXT("no longer in the files") : automation->title),
        HR_SHOW(hr_say_contact(ask, asked->contact)));
    hr_buffer_add_format(&page, "It began %.*s (entry %llu)%.*s.\n",
                         HR_SHOW(hr_word_time(ask, asked->found.began_at)),
                         (unsigned long long)asked->found.began_in, HR_SHOW(asked->event));
    write_now(asked, &page);
    hr_buffer_add_text(&page, HR_TEXT("\nWhat happened\n"));
    hr_timeline_write(ask, &page, &asked->timeline);
    hr_buffer_add_text(&page, HR_TEXT("\n"));
    hr_next_write(ask, &page, &asked->next);
    return page;
}

static struct hr_object tree_of(const struct asked *asked)
{
    const struct hr_ask *ask = &asked->ask;
    struct hr_object tree = hr_object_in(ask->into);
    const struct hr_moment *end = newest(asked, HR_FACT_run_ended);
    hr_put_words(&tree, "enrollment", hr_enrollment_name(ask->into, asked->found.run));
    hr_put_words(&tree, "automation", hr_word(ask, asked->found.automation));
    hr_put_words(&tree, "contact", hr_contact_name(ask->into, asked->found.contact));
    hr_put_time(&tree, "began_at", asked->found.began_at);
    hr_put_number(&tree, "entry", asked->found.began_in);
    hr_put_truth(&tree, "over", asked->run == NULL);
    hr_put_time(&tree, "ended_at", asked->run != NULL || end == NULL ? HR_INSTANT_NONE : end->at);
    hr_put(&tree, "now",
           asked->run == NULL ? hr_value_null() : hr_run_tree(ask, asked->contact, asked->run));
    hr_put_time(&tree, "since", asked->run == NULL ? HR_INSTANT_NONE : since(asked));
    hr_put_words(&tree, "then", say_then(asked));
    hr_put(&tree, "timeline", hr_timeline_tree(ask, &asked->timeline));
    hr_put_truth(&tree, "timeline_cut", asked->timeline.stopped);
    hr_put(&tree, "next", hr_next_tree(ask, &asked->next));
    return tree;
}

static hr_status say_beginning(struct asked *asked)
{
    const struct hr_ask *ask = &asked->ask;
    struct hr_entry entry = {0};
    HR_TRY(ask->lens->at(ask->lens->context, asked->found.began_in, ask->into, &entry));
    struct hr_text event = entry.position == 0 ? HR_TEXT_NONE : hr_say_event(ask, &entry);
    asked->event = event.size == 0 ? event : hr_text_format(ask->into, ": %.*s", HR_SHOW(event));
    return hr_done();
}

hr_status hr_enrollment_show(const struct hr_lens *lens, struct hr_text enrollment,
                             struct hr_arena *into, struct hr_diagnostics *reterr,
                             struct hr_report *ret_report)
{
    struct asked asked = {
        .ask = {.lens = lens, .plan = lens->engine.plan, .into = into, .reterr = reterr}};
    HR_TRY(find(&asked, enrollment));
    const struct hr_wanted wanted = {.hearer = HR_HEARS_contact | HR_HEARS_run,
                                     .run = asked.found.run};
    HR_TRY(hr_timeline_of(&asked.ask, asked.contact, &wanted, &asked.timeline));
    HR_TRY(say_beginning(&asked));
    choose_next(&asked);
    struct hr_object tree = tree_of(&asked);
    struct hr_buffer page = write_page(&asked);
    return hr_report_end(&asked.ask, &tree, &page, ret_report);
}
