/* Schedules against cases that others published: croncpp's vectors (41-cron) and libical's recurrences
 * (40-rrule). Every case that goes another way is printed with the reason why; the rest must be right. */
/* links: data */
#include "data/recur.h"
#include "unit/data_corpus.h"

static struct hr_arena arena;

static int begin(void **state)
{
    (void)state;
    hr_arena_init(&arena, 256 << 20);
    return 0;
}

static int end(void **state)
{
    (void)state;
    hr_arena_close(&arena);
    return 0;
}

/* Cases by what became of them. */
static uint32_t seen, right, listed;

static void count(bool is_right, struct hr_text what, struct hr_text got)
{
    seen++;
    right += is_right ? 1 : 0;
    if (!is_right) {
        print_error("%.*s: %.*s\n", HR_SHOW(what), HR_SHOW(got));
    }
}

/* ---- cron --------------------------------------------------------------------------------- */

static struct hr_text member(const struct hr_value *map, const char *name)
{
    return hr_value_as_text(hr_value_member(map, hr_text_from(name)));
}

/* "2012-07-01 09:53:50", in UTC. */
static hr_instant wall(struct hr_text text)
{
    hr_instant instant = HR_INSTANT_NONE;
    (void)hr_instant_read(hr_text_format(&arena, "%.*sZ", HR_SHOW(text)), &instant);
    return instant;
}

static const struct hr_value *group(const struct hr_value *root, const char *name)
{
    const struct hr_value *list = hr_value_member(root, hr_text_from(name));
    assert_non_null(list);
    assert_int_equal(list->kind, HR_KIND_list);
    return list;
}

static enum hr_cron_form form_of(struct hr_text words)
{
    bool oracle = hr_text_equal(words, HR_TEXT("oracle")) || hr_text_equal(words, HR_TEXT("ORCL"));
    return oracle ? HR_CRON_oracle : HR_CRON_seconds;
}

/* croncpp stops looking after some years and then says that there is none. */
static bool is_known_cron(const struct hr_value *one)
{
    return hr_text_equal(member(one, "expr"), HR_TEXT("0 15 10 * * ? 2005")) &&
           hr_text_equal(member(one, "frm"), HR_TEXT("2026-06-01 00:00:00"));
}

static void check_walk(const struct hr_value *list, const char *answer, bool forward)
{
    for (uint32_t index = 0; index < list->count; index++) {
        const struct hr_value *one = &list->items[index];
        struct hr_text expr = member(one, "expr");
        struct hr_cron cron;
        hr_instant got = HR_INSTANT_NONE;
        hr_instant from = wall(member(one, "frm"));
        assert_int_not_equal(from, HR_INSTANT_NONE);
        bool read = hr_ok(hr_cron_read(expr, HR_CRON_seconds, &cron, NULL));
        if (read) {
            got = forward ? hr_cron_next(&cron, hr_zone_utc(), from)
                          : hr_cron_previous(&cron, hr_zone_utc(), from);
        }
        if (is_known_cron(one)) {
            print_message(
                "  listed: %.*s before %.*s: the source has none (it stops looking after some "
                "years), we have %.*s\n",
                HR_SHOW(expr), HR_SHOW(member(one, "frm")), HR_SHOW(hr_instant_write(&arena, got)));
            assert_int_equal(got, wall(HR_TEXT("2005-12-31 10:15:00")));
            seen++;
            listed++;
            continue;
        }
        count(read && got == wall(member(one, answer)), expr, hr_instant_write(&arena, got));
    }
}

static void check_invalid(const struct hr_value *list)
{
    for (uint32_t index = 0; index < list->count; index++) {
        const struct hr_value *one = &list->items[index];
        struct hr_cron cron;
        struct hr_flaw flaw = {0, 0, NULL};
        struct hr_text expr = member(one, "expr");
        bool refused = !hr_ok(hr_cron_read(expr, form_of(member(one, "src")), &cron, &flaw));
        bool says_where = flaw.message != NULL && flaw.at + flaw.size <= expr.size;
        count(refused && says_where, expr, HR_TEXT("not refused with a place"));
    }
}

static void check_equal(const struct hr_value *list)
{
    for (uint32_t index = 0; index < list->count; index++) {
        const struct hr_value *one = &list->items[index];
        struct hr_text parts[3];
        assert_int_equal(one->count, 3);
        for (size_t part = 0; part < 3; part++) {
            parts[part] = hr_value_as_text(&one->members[part].value);
        }
        struct hr_cron left, right_one;
        enum hr_cron_form form = form_of(parts[0]);
        bool same = hr_ok(hr_cron_read(parts[1], form, &left, NULL)) &&
                    hr_ok(hr_cron_read(parts[2], form, &right_one, NULL)) &&
                    hr_cron_equal(&left, &right_one);
        count(same, parts[1], parts[2]);
    }
}

static void cron_vectors(void **state)
{
    (void)state;
    struct hr_text json = corpus_read("41-cron", "croncpp_vectors.json");
    if (json.data == NULL) {
        fprintf(stderr, "SKIP corpus 41-cron: not found\n");
        skip();
    }
    struct hr_value root;
    assert_true(hr_ok(hr_json_read(&arena, json, NULL, NULL, &root)));
    seen = right = listed = 0;
    check_walk(group(&root, "next"), "next", true);
    check_walk(group(&root, "prev"), "prev", false);
    check_invalid(group(&root, "invalid"));
    check_equal(group(&root, "equal"));
    print_message("  cron: %u of %u right, %u listed\n", right, seen, listed);
    assert_int_equal(seen, 94 + 15 + 251 + 148);
    assert_int_equal(right + listed, seen);
    assert_true(right * 100 >= seen * 99);
    corpus_free(json);
}

/* ---- recurrences -------------------------------------------------------------------------- */

/* "19970902T090000", with or without Z, or a date alone; all in UTC. */
static hr_instant stamp(struct hr_text text, bool *ret_whole_day)
{
    struct hr_text date = hr_text_slice(text, 0, 8);
    *ret_whole_day = text.size == 8;
    if (text.size < 8) {
        return HR_INSTANT_NONE;
    }
    const char *d = date.data;
    const char *t = text.size >= 15 ? text.data + 9 : "000000";
    struct hr_text written =
        hr_text_format(&arena, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", d, d + 4, d + 6, t, t + 2, t + 4);
    hr_instant instant = HR_INSTANT_NONE;
    (void)hr_instant_read(written, &instant);
    return instant;
}

/* What the four lines of a case say. */
struct recurrence {
    struct hr_text rule, start, start_at, instances;
};

static bool take_line(struct hr_text line, const char *name, struct hr_text *ret_value)
{
    struct hr_text head = hr_text_from(name);
    if (!hr_text_starts(line, head)) {
        return false;
    }
    *ret_value = hr_text_slice(line, head.size, line.size);
    return true;
}

/* The instance behind START-AT must also be found without walking there. */
static bool jumps_right(const struct recurrence *one, const struct hr_rule *rule,
                        const struct hr_rule_start *start)
{
    bool whole;
    hr_instant from = one->start_at.size > 0 ? stamp(one->start_at, &whole) : start->at;
    struct hr_text rest = one->instances;
    while (rest.size > 0) {
        hr_instant wanted = stamp(hr_text_cut(&rest, ','), &whole);
        hr_instant got = HR_INSTANT_NONE;
        if (wanted <= from) {
            continue;
        }
        bool found = hr_ok(hr_rule_after(rule, start, from, &got));
        if (!found || got != wanted) {
            return false;
        }
        from = wanted;
    }
    hr_instant none;
    int32_t code = hr_rule_after(rule, start, from, &none).code;
    return code == HR_RULE_END;
}

static void check_recurrence(const struct recurrence *one)
{
    if (hr_text_search(one->instances, HR_TEXT("UNIMPLEMENTED")) < one->instances.size) {
        print_message("  listed: %.*s: the source states no answer\n", HR_SHOW(one->rule));
        seen++;
        listed++;
        return;
    }
    struct hr_rule rule;
    struct hr_flaw flaw = {0, 0, ""};
    if (!hr_ok(hr_rule_read(one->rule, &rule, &flaw))) {
        count(false, one->rule, hr_text_from(flaw.message));
        return;
    }
    struct hr_rule_start start = {.zone = hr_zone_utc()};
    start.at = stamp(one->start, &start.whole_days);
    struct hr_rule_walk walk;
    assert_true(hr_ok(hr_rule_begin(&rule, &start, &walk)));
    struct hr_text rest = one->instances;
    bool same = true;
    hr_instant got = HR_INSTANT_NONE;
    while (same && rest.size > 0) {
        bool whole;
        hr_instant wanted = stamp(hr_text_cut(&rest, ','), &whole);
        got = HR_INSTANT_NONE;
        same = hr_ok(hr_rule_next(&walk, &got)) && got == wanted;
    }
    same = same && hr_rule_next(&walk, &got).code == HR_RULE_END;
    count(same, one->rule, hr_instant_write(&arena, got));
    if (same && !jumps_right(one, &rule, &start)) {
        fail_msg("%.*s: found another instance without walking there", HR_SHOW(one->rule));
    }
}

static void recurrence_rules(void **state)
{
    (void)state;
    struct hr_text text = corpus_read("40-rrule", "icalrecur_test.txt");
    if (text.data == NULL) {
        fprintf(stderr, "SKIP corpus 40-rrule: not found\n");
        skip();
    }
    seen = right = listed = 0;
    struct recurrence one = {0};
    struct hr_text rest = text;
    while (rest.size > 0) {
        struct hr_text line = hr_text_trim(hr_text_cut(&rest, '\n'));
        if (take_line(line, "RRULE:", &one.rule)) {
            one.start = one.start_at = one.instances = HR_TEXT_NONE;
        } else if (take_line(line, "INSTANCES:", &one.instances)) {
            check_recurrence(&one);
        } else if (!take_line(line, "DTSTART:", &one.start)) {
            (void)take_line(line, "START-AT:", &one.start_at);
        }
    }
    print_message("  recurrence rules: %u of %u right, %u listed\n", right, seen, listed);
    assert_int_equal(seen, 146);
    assert_int_equal(right + listed, seen);
    assert_true(right * 100 >= seen * 99);
    corpus_free(text);
}

#define story(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        story(cron_vectors),
        story(recurrence_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
