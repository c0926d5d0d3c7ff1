/* What `handrail check` makes of a folder: files that belong together, slips that must not cascade, proofs and
 * the events they wait for, and limits. */
#include "unit/workspace_folder.h"

/* A small workspace around the handoffs of one path, which each story writes itself. */
#define HEAD                                                                                       \
    "version: 1\n"                                                                                 \
    "workspace: little_shop\n"                                                                     \
    "timezone: UTC\n"                                                                              \
    "people:\n"                                                                                    \
    "  ana: {name: Ana Ruiz, email: ana@shop.example.com, role: admin}\n"                          \
    "  ben: {name: Ben Cole, email: ben@shop.example.com, role: operator}\n"                       \
    "contacts:\n"                                                                                  \
    "  match_on: [email]\n"                                                                        \
    "  owner: ana\n"                                                                               \
    "  fields:\n"                                                                                  \
    "    email: {type: email, pii: personal}\n"                                                    \
    "    access: {type: choice, values: [none, active, revoked]}\n"                                \
    "    seats: {type: integer}\n"                                                                 \
    "tools:\n"                                                                                     \
    "  shop:\n"                                                                                    \
    "    owner: ana\n"                                                                             \
    "    verify: {scheme: stripe, secret: shop_secret}\n"                                          \
    "    map: {type: payload.type, contact: {email: payload.email}, data: {order: "                \
    "payload.order}}\n"                                                                            \
    "    events: [order.paid, order.refunded]\n"                                                   \
    "  portal:\n"                                                                                  \
    "    owner: ben\n"                                                                             \
    "    verify: {scheme: standard_webhooks, secret: portal_secret}\n"                             \
    "    map: {type: payload.type, contact: {email: payload.email}, data: {course: "               \
    "payload.course}}\n"                                                                           \
    "    events:\n"                                                                                \
    "      access.granted: {map: {fields: {access: \"'active'\"}, data: {order: "                  \
    "payload.order}}}\n"                                                                           \
    "      access.refused:\n"                                                                      \
    "      lesson.done: {map: {data: {course: payload.lesson.course}}}\n"
#define PATH                                                                                       \
    "paths:\n"                                                                                     \
    "  buying:\n"                                                                                  \
    "    owner: ana\n"                                                                             \
    "    handoffs:\n"
#define HANDOFF(id, lines)                                                                         \
    "      - id: " id "\n"                                                                         \
    "        from: shop\n"                                                                         \
    "        to: portal\n"                                                                         \
    "        within: 5 minutes\n"                                                                  \
    "        owner: ben\n"                                                                         \
    "        failure_owner: ana\n"                                                                 \
    "        recovery: Do it by hand.\n" lines
#define OPENS "        opens_on: order.paid\n"

static void check_text(struct folder *folder, const char *text)
{
    folder_init(folder);
    folder_add_split(folder, hr_text_from(text));
    folder_check(folder);
}

/* Checks the text and wants exactly these messages, in order; the last is NULL. */
static void expect(struct folder *folder, const char *text, const char *const *messages)
{
    check_text(folder, text);
    size_t count = 0;
    while (messages[count] != NULL) {
        count++;
    }
    bool same = folder->found.count == count;
    for (size_t i = 0; same && i < count; i++) {
        struct hr_text message = folder->found.items[i].message;
        same = hr_text_search(message, hr_text_from(messages[i])) < message.size;
    }
    if (!same) {
        print_error("%.*s\n", HR_SHOW(folder_draw(folder)));
    }
    assert_true(same);
}

#define EXPECT(folder, text, ...)                                                                  \
    expect((folder), (text), (const char *const[]){__VA_ARGS__ __VA_OPT__(, ) NULL})

static const struct hr_handoff *handoff(const struct folder *folder, const char *id)
{
    int32_t index = hr_plan_handoff(folder->plan, hr_text_from(id));
    assert_true(index >= 0);
    return &folder->plan->handoffs[index];
}

/* ---- files that belong together ---------------------------------------------------------------- */

static void people_tools_paths_and_fields_add_up_over_files(void **state)
{
    (void)state;
    struct folder folder;
    EXPECT(&folder, HEAD
           "# file: more/people.yaml\n"
           "people:\n"
           "  cho: {name: Cho Min, role: seller, deputy: ana}\n"
           "contacts: {fields: {city: {type: text}}}\n"
           "tools:\n"
           "  survey: {kind: file, owner: cho, events: [survey.answered], map: {contact: {email: "
           "payload.email}, fields: {city: payload.city}}}\n");
    assert_true(hr_ok(folder.status));
    assert_int_equal(folder.plan->person_count, 3);
    assert_int_equal(folder.plan->tool_count, 3);
    assert_int_equal(folder.plan->field_count, 4);
    const struct hr_tool *survey =
        &folder.plan->tools[hr_plan_tool(folder.plan, HR_TEXT("survey"))];
    assert_int_equal(survey->owner, hr_plan_person(folder.plan, HR_TEXT("cho")));
    assert_int_equal(survey->kind, HR_TOOL_file);
    assert_int_equal(survey->scheme, HR_SCHEME_none);
    folder_close(&folder);
}

static void broken_yaml_is_told_alone(void **state)
{
    (void)state;
    struct folder folder;
    check_text(&folder, HEAD "# file: paths.yaml\npaths: [\n");
    assert_int_equal(folder.status.code, HR_E_INPUT);
    assert_true(folder.found.error_count >= 1);
    for (size_t i = 0; i < folder.found.count; i++) {
        assert_true((int)folder.found.items[i].code < 100);
    }
    folder_close(&folder);
}

/* The files are given back before anybody reads the complaint. */
static void advice_about_quotes_outlives_the_files(void **state)
{
    (void)state;
    struct folder folder;
    folder_init(&folder);
    folder_add(&folder, "a.yaml", HR_TEXT("title: Shop: the \"best\"\n"));
    folder_add(&folder, "b.yaml", HR_TEXT("goal: one: two\n"));
    folder_check(&folder);
    assert_int_equal(folder.found.count, 2);
    assert_true(
        hr_text_equal(folder.found.items[0].help, HR_TEXT("quote it: 'Shop: the \"best\"'")));
    assert_true(hr_text_equal(folder.found.items[1].help, HR_TEXT("quote it: \"one: two\"")));
    folder_close(&folder);
}

static void a_misspelt_section_does_not_blame_everybody(void **state)
{
    (void)state;
    struct folder folder;
    EXPECT(&folder,
           "version: 1\nworkspace: a\ntimezone: UTC\npeple: {ana: {name: Ana, role: admin}}\n"
           "contacts: {match_on: [email], owner: ana, fields: {email: {type: email}}}\n",
           "a workspace has no key `peple`", "the workspace has no `people`");
    folder_close(&folder);
}

static void an_empty_workspace_lists_what_it_needs(void **state)
{
    (void)state;
    struct folder folder;
    EXPECT(&folder, "", "no `version`", "no `workspace`", "no `timezone`", "no `people`",
           "no `contacts`");
    folder_close(&folder);
}

static void too_many_files_are_refused_before_they_are_read(void **state)
{
    (void)state;
    struct folder folder;
    folder_init(&folder);
    for (size_t i = 0; i < 513; i++) {
        folder_add(&folder, "x.yaml", HR_TEXT("version: 1\n"));
    }
    folder_check(&folder);
    assert_int_equal(folder.status.code, HR_E_INPUT);
    assert_int_equal(folder.found.error_count, 1);
    assert_int_equal(folder.found.items[0].code, HR_CODE_too_many);
    folder_close(&folder);
}

/* A contact remembers what of it is missing, and has room for so many. */
static void a_handoff_carries_at_most_64_things(void **state)
{
    (void)state;
    struct folder folder;
    struct hr_buffer fields;
    struct hr_buffer carries;
    folder_init(&folder);
    hr_buffer_init(&fields, &folder.arena, 64 << 10);
    hr_buffer_init(&carries, &folder.arena, 64 << 10);
    for (int i = 0; i <= HR_CARRIED_MAX; i++) {
        hr_buffer_add_format(&fields, "%sf%d: {type: text}", i > 0 ? ", " : "", i);
        hr_buffer_add_format(&carries, "%sf%d", i > 0 ? ", " : "", i);
    }
    hr_buffer_add_byte(&fields, '\0');
    hr_buffer_add_byte(&carries, '\0');
    struct hr_text text = hr_text_format(
        &folder.arena, "%s# file: more.yaml\ncontacts: {fields: {%s}}\n%s%s[%s]\n", HEAD,
        fields.data, PATH HANDOFF("paid_to_access", OPENS),
        "        done_when: [contact.access == 'active']\n        carries: ", carries.data);
    folder_add_split(&folder, text);
    folder_check(&folder);
    struct hr_text drawn = folder_draw(&folder);
    struct hr_text said = HR_TEXT("there are 65 carried fields, and at most 64 are allowed");
    assert_int_equal(folder.status.code, HR_E_INPUT);
    assert_true(hr_text_search(drawn, said) < drawn.size);
    folder_close(&folder);
}

static void a_secret_is_never_drawn(void **state)
{
    (void)state;
    static const char *const secrets[] = {
        "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "sk_live_4eC39HqLyjWDarjtT1zdp7dc", "sk_abc",
        "C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "9f86d081884c7d659a2feaa0c55ad015"};
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
        char text[4096];
        struct folder folder;
        (void)snprintf(
            text, sizeof text,
            HEAD "  form:\n    owner: ana\n    verify: {scheme: standard_webhooks, secret: %s}\n",
            secrets[i]);
        EXPECT(&folder, text, "a secret itself stands");
        struct hr_text drawn = folder_draw(&folder);
        assert_int_equal(hr_text_search(drawn, hr_text_from(secrets[i])), drawn.size);
        folder_close(&folder);
    }
}

/* ---- what YAML misreads ------------------------------------------------------------------------ */

static void lines_that_yaml_cuts_are_shown_in_quotes(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        const char *help;
    } cases[] = {
        {"[has(event.order, 1)]", "quote it: \"has(event.order, 1)\""},
        {"\n          - contact.email == 'a #1'", "quote it: \"contact.email == 'a #1'\""},
        {"\n          - contact.seats > 1 ? true : false",
         "quote it: \"contact.seats > 1 ? true : false\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[8192];
        struct folder folder;
        (void)snprintf(text, sizeof text, HEAD PATH HANDOFF("one", OPENS "        done_when: %s\n"),
                       cases[i].line);
        check_text(&folder, text);
        assert_true(folder.found.count > 0);
        const struct hr_diagnostic *item = &folder.found.items[0];
        assert_int_equal(item->code, HR_CODE_quote_it);
        assert_int_equal(item->help.size, strlen(cases[i].help));
        assert_memory_equal(item->help.data, cases[i].help, item->help.size);
        folder_close(&folder);
    }
}

static void a_slip_inside_a_condition_is_shown_at_its_letter(void **state)
{
    (void)state;
    struct folder folder;
    EXPECT(&folder,
           HEAD PATH HANDOFF("one", OPENS "        done_when: [\"contact.acess == 'active'\"]\n"),
           "acess");
    const struct hr_place place = folder.found.items[0].place;
    struct hr_text source = folder.files[0].bytes;
    size_t at = hr_text_search(source, HR_TEXT("acess"));
    size_t line = at - hr_text_search(source, HR_TEXT("        done_when"));
    assert_true(place.line > 30);
    assert_true(place.column >= line - 8 &&
                place.column <= line + 1); /* at `contact.acess` or at `acess` */
    folder_close(&folder);
}

/* ---- proofs ------------------------------------------------------------------------------------ */

static void a_key_narrows_the_proof_to_events_that_bring_it(void **state)
{
    (void)state;
    struct folder folder;
    EXPECT(&folder, HEAD PATH HANDOFF(
                        "one", OPENS "        key: event.order\n"
                                     "        done_when:\n"
                                     "          - event.type in ['access.granted', 'lesson.done']\n"
                                     "          - event.order == handoff.key\n"
                                     "          - event.course == 'pottery'\n"));
    const struct hr_handoff *one = handoff(&folder, "one");
    assert_true(one->proof_by_event);
    assert_int_equal(one->proof_type_count, 1);
    assert_true(hr_text_equal(one->proof_types[0], HR_TEXT("access.granted")));
    assert_true(one->done_when[0].identifies);
    assert_true(one->done_when[1].identifies);
    assert_false(one->done_when[2].identifies);
    folder_close(&folder);
}

static void one_line_may_say_type_and_more(void **state)
{
    (void)state;
    struct folder folder;
    EXPECT(
        &folder,
        HEAD PATH HANDOFF(
            "one",
            OPENS "        done_when:\n"
                  "          - event.type.startsWith('access.') && event.course == 'pottery'\n")
            HANDOFF(
                "two",
                "        done_when: [\"event.type == 'lesson.done' && known(event.course)\"]\n"));
    assert_int_equal(handoff(&folder, "one")->proof_type_count, 2);
    assert_int_equal(handoff(&folder, "two")->proof_type_count, 1);
    assert_true(hr_text_equal(handoff(&folder, "two")->proof_types[0], HR_TEXT("lesson.done")));
    folder_close(&folder);
}

/* Checks one line of done_when, and which events can prove by it, in the order of HEAD. */
static void expect_proof_types(const char *line, const char *const *types, size_t count)
{
    char text[8192];
    struct folder folder;
    (void)snprintf(text, sizeof text,
                   HEAD PATH HANDOFF("one", OPENS "        key: event.order\n"
                                                  "        done_when:\n"
                                                  "          - >-\n"
                                                  "            %s\n"),
                   line);
    EXPECT(&folder, text);
    const struct hr_handoff *one = handoff(&folder, "one");
    bool same = one->proof_type_count == count;
    for (size_t i = 0; same && i < count; i++) {
        same = hr_text_equal(one->proof_types[i], hr_text_from(types[i]));
    }
    if (!same) {
        print_error("%s: %zu types, the first %.*s\n", line, one->proof_type_count,
                    HR_SHOW(one->proof_type_count > 0 ? one->proof_types[0] : HR_TEXT("-")));
    }
    assert_true(same);
    folder_close(&folder);
}

#define EXPECT_PROOF_TYPES(line, ...)                                                              \
    expect_proof_types((line), (const char *const[]){__VA_ARGS__},                                 \
                       sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

/* What is not among a proof's types is neither kept nor asked, so every event that can be one has to be. */
static void every_event_that_can_be_the_proof_is_waited_for(void **state)
{
    (void)state;
    EXPECT_PROOF_TYPES("event.type != 'order.refunded' && known(event.course) && "
                       "event.order == handoff.key",
                       "access.granted");
    EXPECT_PROOF_TYPES("event.type != 'order.refunded' && known(event.order) && "
                       "handoff.key == event.order",
                       "order.paid", "access.granted");
    EXPECT_PROOF_TYPES("event.type == \"lesson.done\" && known(event.course) && known(handoff.key)",
                       "lesson.done");
    EXPECT_PROOF_TYPES("event.type.startsWith('access.') && known(event.course) && "
                       "known(handoff.key)",
                       "access.granted", "access.refused");
    EXPECT_PROOF_TYPES("event.type.startsWith('access.') && !known(event.order) && "
                       "known(handoff.key)",
                       "access.granted", "access.refused");
    EXPECT_PROOF_TYPES("event.type == 'access.granted' && event.order != null && "
                       "known(handoff.key)",
                       "access.granted");
    EXPECT_PROOF_TYPES("event.type == 'lesson.done' || event.type == 'access.granted' && "
                       "event.order == handoff.key",
                       "access.granted", "lesson.done");
    EXPECT_PROOF_TYPES("event.type in ['lesson.done', 'access.granted'] && "
                       "(contact.access == 'active' || event.order == handoff.key)",
                       "access.granted", "lesson.done");
    EXPECT_PROOF_TYPES("!(event.type == 'order.paid' || known(contact.access) && "
                       "event.order == handoff.key)",
                       "order.refunded", "access.granted", "access.refused", "lesson.done");
    EXPECT_PROOF_TYPES("event.type in ['lesson.done', 'access.granted'] && now() > event.at && "
                       "known(handoff.key)",
                       "access.granted", "lesson.done");
}

static void proofs_that_can_never_hold_are_found(void **state)
{
    (void)state;
    static const struct {
        const char *lines;
        const char *message;
    } cases[] = {
        {"[\"contact.seats > 3\"]", "no tool ever sets `seats`"},
        {"[\"contact.access in ['none', 'revoked']\"]", "no tool ever sets `access` to this value"},
        {"[\"event.type == 'lesson.done'\", \"event.type == 'access.granted'\"]",
         "no event fits all its lines"},
        {"[\"event.type == 'lesson.done'\", \"event.order == 'x'\"]",
         "`lesson.done` does not bring `order`"},
        {"[\"event.type == 'lesson.done' && known(contact.email) && event.order == 'x'\"]",
         "`lesson.done` does not bring `order`"},
        {"[\"event.type == 'lesson.done' && known(event.order)\"]",
         "`lesson.done` does not bring `order`"},
        {"[\"event.course == 'pottery'\"]", "no line says which"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[8192];
        struct folder folder;
        (void)snprintf(text, sizeof text, HEAD PATH HANDOFF("one", OPENS "        done_when: %s\n"),
                       cases[i].lines);
        EXPECT(&folder, text, cases[i].message);
        folder_close(&folder);
    }
}

static void proofs_with_another_way_to_hold_pass(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "[\"!known(contact.seats)\"]",
        "[\"contact.access == 'active' || contact.seats > 3\"]",
        "[\"contact.access in ['active', 'revoked']\"]",
        "[known(contact.email)]",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        char text[8192];
        struct folder folder;
        (void)snprintf(text, sizeof text, HEAD PATH HANDOFF("one", OPENS "        done_when: %s\n"),
                       lines[i]);
        EXPECT(&folder, text);
        folder_close(&folder);
    }
}

static void an_event_that_no_tool_declares_cannot_be_a_proof(void **state)
{
    (void)state;
    struct folder folder;
    check_text(&folder, HEAD PATH HANDOFF("one", OPENS
                                          "        done_when: [\"event.type == 'lesson.dun'\"]\n"));
    assert_int_equal(folder.status.code, HR_E_INPUT);
    struct hr_text help = folder.found.items[0].help;
    assert_true(hr_text_search(help, HR_TEXT("lesson.done")) < help.size);
    folder_close(&folder);
}

static void a_wrong_result_is_watched_as_well(void **state)
{
    (void)state;
    struct folder folder;
    EXPECT(&folder, HEAD PATH HANDOFF(
                        "one", OPENS "        done_when: [\"contact.access == 'active'\"]\n"
                                     "        wrong_when: [\"event.type == 'access.refused'\"]\n"));
    const struct hr_tool *portal =
        &folder.plan->tools[hr_plan_tool(folder.plan, HR_TEXT("portal"))];
    assert_true(hr_text_equal(portal->events[1].name, HR_TEXT("access.refused")));
    assert_true(portal->events[1].is_proof);
    assert_false(portal->events[0].is_proof);
    assert_false(handoff(&folder, "one")->proof_by_event);
    assert_int_equal(handoff(&folder, "one")->wrong_count, 1);
    folder_close(&folder);
}

/* ---- paths ------------------------------------------------------------------------------------- */

static void two_paths_may_use_one_name_for_a_handoff(void **state)
{
    (void)state;
    struct folder folder;
    EXPECT(&folder,
           HEAD PATH HANDOFF(
               "one", OPENS
               "        done_when: [known(contact.email)]\n") "  other:\n"
                                                              "    owner: ben\n"
                                                              "    handoffs:\n" HANDOFF(
                                                                  "one",
                                                                  "        opens_on: proven "
                                                                  "buying.one\n"
                                                                  "        done_when: "
                                                                  "[known(contact.email)]\n"));
    assert_int_equal(hr_plan_handoff(folder.plan, HR_TEXT("one")), HR_NONE_INDEX);
    assert_int_equal(hr_plan_handoff(folder.plan, HR_TEXT("buying.one")), 0);
    assert_int_equal(hr_plan_handoff(folder.plan, HR_TEXT("other.one")), 1);
    assert_int_equal(folder.plan->handoffs[1].opens_after, 0);
    assert_int_equal(folder.plan->handoffs[1].path, 1);
    folder_close(&folder);
}

static void a_step_that_is_only_counted_needs_no_failure_owner(void **state)
{
    (void)state;
    struct folder folder;
    EXPECT(&folder, HEAD PATH "      - id: one\n"
                              "        from: shop\n"
                              "        to: portal\n"
                              "        opens_on: order.paid\n"
                              "        done_when: [known(contact.email)]\n"
                              "        within: 7d\n"
                              "        late_is: count\n"
                              "        owner: ben\n"
                              "        recovery: None needed.\n");
    assert_int_equal(handoff(&folder, "one")->failure_owner,
                     hr_plan_person(folder.plan, HR_TEXT("ana")));
    folder_close(&folder);
}

static void fail_after_is_compared_only_where_it_can_be(void **state)
{
    (void)state;
    static const struct {
        const char *lines;
        size_t errors;
    } cases[] = {
        {"within: 1 hour, fail_after: 1 hour", 1},
        {"within: 2 business hours, fail_after: 1 hour", 1},
        {"within: 1 hour, fail_after: 1 business hour", 0},
        {"within: 2 business days, fail_after: 1 day", 1},
        {"within: 1 business day, fail_after: 3 days", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[8192];
        struct folder folder;
        (void)snprintf(
            text, sizeof text,
            HEAD "business_hours: {days: [mon], from: \"09:00\", to: \"17:00\"}\n" PATH
                 "      - {id: one, from: shop, to: portal, opens_on: order.paid, done_when: "
                 "[known(contact.email)], owner: ben, failure_owner: ana, recovery: Wait, %s}\n",
            cases[i].lines);
        check_text(&folder, text);
        assert_int_equal(folder.found.error_count, cases[i].errors);
        assert_int_equal(folder.found.warning_count, 0);
        folder_close(&folder);
    }
}

static void deputies_in_a_ring_are_only_warned_about(void **state)
{
    (void)state;
    struct folder folder;
    EXPECT(&folder,
           HEAD "# file: z.yaml\npeople:\n"
                "  cho: {name: Cho, role: seller, deputy: dev}\n"
                "  dev: {name: Dev, role: seller, deputy: eva}\n"
                "  eva: {name: Eva, role: seller, deputy: cho}\n",
           "the deputies of `cho` lead back to `cho`");
    assert_true(hr_ok(folder.status));
    assert_int_equal(folder.found.warning_count, 1);
    folder_close(&folder);
}

/* The sanitizer sees it when one is not: patterns stand outside of every arena. */
static void patterns_are_given_back_whether_the_folder_passes_or_not(void **state)
{
    (void)state;
    struct folder folder;
    check_text(&folder,
               HEAD PATH HANDOFF("one", OPENS
                                 "        done_when: [\"contact.email.matches('@shop')\"]\n"));
    assert_int_equal(folder.found.error_count, 0);
    assert_true(folder.plan->program_count > 0);
    folder_close(&folder);
    check_text(&folder, HEAD PATH HANDOFF("one", OPENS "        done_when: "
                                                       "[\"contact.email.matches('@shop')\", "
                                                       "\"contact.nothing == 'a'\"]\n"));
    assert_int_equal(folder.status.code, HR_E_INPUT);
    folder_close(&folder);
}

static void closed_days_are_kept_in_order(void **state)
{
    (void)state;
    struct folder folder;
    EXPECT(&folder, HEAD "business_hours: {days: [sun, mon], from: \"08:30\", to: \"24:00\", "
                         "closed: [\"2026-12-26\", "
                         "2026-01-01, \"2026-12-26\", \"2026-12-25\"]}\n");
    const struct hr_hours *hours = &folder.plan->hours;
    assert_int_equal(hours->weekdays, 0x41);
    assert_int_equal(hours->from_minute, 510);
    assert_int_equal(hours->to_minute, 1440);
    assert_int_equal(hours->closed_count, 3);
    assert_true(hours->closed[0] < hours->closed[1] && hours->closed[1] < hours->closed[2]);
    assert_int_equal(hours->closed[2] - hours->closed[1], 1);
    folder_close(&folder);
}

/* ---- hard times -------------------------------------------------------------------------------- */

static struct hr_text no_zone(void *context, struct hr_text name)
{
    (void)context;
    (void)name;
    return HR_TEXT_NONE;
}

static void every_refusal_of_memory_is_an_answer(void **state)
{
    (void)state;
    struct folder folder;
    folder_init(&folder);
    folder_add_split(&folder, hr_text_from(HEAD PATH HANDOFF(
                                  "one", OPENS "        done_when: [known(contact.email)]\n")));
    size_t refused = 0;
    bool passed = false;
    for (size_t budget = 256; !passed; budget += 512) {
        struct hr_arena into;
        struct hr_arena speech;
        struct hr_diagnostics found;
        struct hr_plan *plan = NULL;
        hr_arena_init(&into, budget);
        hr_arena_init(&speech, 1 << 20);
        hr_diagnostics_init(&found, &speech);
        hr_status status =
            hr_workspace_check(&into, folder.files, folder.count, no_zone, NULL, &found, &plan);
        passed = hr_ok(status);
        refused += !passed;
        assert_true(passed || status.code == HR_E_MEMORY);
        hr_plan_release(plan);
        hr_arena_close(&into);
        hr_arena_close(&speech);
        assert_true(budget < (4 << 20));
    }
    assert_true(refused > 5);
    folder_close(&folder);
}

/* Every line of the example left out, and the file ended at every line: always an answer, never a crash. */
static void any_line_may_be_missing(void **state)
{
    (void)state;
    struct folder whole;
    folder_coaching(&whole);
    for (size_t file = 0; file < whole.count; file++) {
        struct hr_text text = whole.files[file].bytes;
        for (size_t at = 0; at < text.size;
             at += hr_text_find(hr_text_slice(text, at, text.size), '\n') + 1) {
            size_t line = hr_text_find(hr_text_slice(text, at, text.size), '\n') + 1;
            for (int cut = 0; cut < 2; cut++) {
                struct folder folder;
                folder_init(&folder);
                for (size_t i = 0; i < whole.count; i++) {
                    folder.files[folder.count++] = whole.files[i];
                }
                struct hr_text rest = hr_text_slice(text, at + line, text.size);
                folder.files[file].bytes =
                    hr_text_format(&folder.arena, "%.*s%.*s", HR_SHOW(hr_text_slice(text, 0, at)),
                                   cut == 0 ? (int)rest.size : 0, rest.data);
                folder_check(&folder);
                assert_true(hr_ok(folder.status) == (folder.found.error_count == 0));
                assert_true(hr_ok(folder.status) || folder.status.code == HR_E_INPUT);
                assert_true(hr_ok(folder.status) || folder_draw(&folder).size > 0);
                folder_close(&folder);
            }
        }
    }
    folder_close(&whole);
}

/* A section with more than it may have is read by nobody, and what refers to it meets nothing half read. */
static void a_section_that_is_too_long_is_refused_whole(void **state)
{
    static const struct {
        const char *head;
        const char *indent;
        const char *item;
    } sections[] = {
        {"people:\n", "  ", "{name: X, email: x@shop.example.com, role: operator}"},
        {"teams:\n", "  ", "[maya]"},
        {"tools:\n", "  ", "{owner: maya, verify: {scheme: stripe, secret: s}}"},
        {"paths:\n", "  ", "{owner: maya, handoffs: []}"},
        {"pipelines:\n", "  ", "{title: X, owner: maya, stages: []}"},
        {"automations:\n", "  ", "{title: X}"},
        {"tables:\n", "  ", "{owner: maya}"},
        {"messages:\n", "  ", "{subject: a, text: b}"},
        {"policies:\n  purposes:\n", "    ", "{title: X}"},
        {"contacts:\n  fields:\n", "    ", "{type: text}"},
        {"contacts:\n  links:\n", "    ", "{to: accounts}"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        struct folder folder;
        struct hr_buffer more;
        folder_coaching(&folder);
        hr_buffer_init(&more, &folder.arena, 1 << 20);
        hr_buffer_add_format(&more, "%s", sections[i].head);
        for (int item = 0; item < 10000; item++) {
            hr_buffer_add_format(&more, "%sx%d: %s\n", sections[i].indent, item, sections[i].item);
        }
        assert_false(more.failed);
        folder_add(&folder, "more.yaml", hr_buffer_text(&more));
        folder_check(&folder);
        assert_int_equal(folder.status.code, HR_E_INPUT);
        assert_true(hr_text_search(folder_draw(&folder), HR_TEXT("error[E0102]: there are 100")) <
                    folder_draw(&folder).size);
        folder_close(&folder);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_tools_paths_and_fields_add_up_over_files),
        cmocka_unit_test(broken_yaml_is_told_alone),
        cmocka_unit_test(advice_about_quotes_outlives_the_files),
        cmocka_unit_test(a_misspelt_section_does_not_blame_everybody),
        cmocka_unit_test(an_empty_workspace_lists_what_it_needs),
        cmocka_unit_test(too_many_files_are_refused_before_they_are_read),
        cmocka_unit_test(a_handoff_carries_at_most_64_things),
        cmocka_unit_test(a_secret_is_never_drawn),
        cmocka_unit_test(lines_that_yaml_cuts_are_shown_in_quotes),
        cmocka_unit_test(a_slip_inside_a_condition_is_shown_at_its_letter),
        cmocka_unit_test(a_key_narrows_the_proof_to_events_that_bring_it),
        cmocka_unit_test(one_line_may_say_type_and_more),
        cmocka_unit_test(every_event_that_can_be_the_proof_is_waited_for),
        cmocka_unit_test(proofs_that_can_never_hold_are_found),
        cmocka_unit_test(proofs_with_another_way_to_hold_pass),
        cmocka_unit_test(an_event_that_no_tool_declares_cannot_be_a_proof),
        cmocka_unit_test(a_wrong_result_is_watched_as_well),
        cmocka_unit_test(two_paths_may_use_one_name_for_a_handoff),
        cmocka_unit_test(a_step_that_is_only_counted_needs_no_failure_owner),
        cmocka_unit_test(fail_after_is_compared_only_where_it_can_be),
        cmocka_unit_test(deputies_in_a_ring_are_only_warned_about),
        cmocka_unit_test(patterns_are_given_back_whether_the_folder_passes_or_not),
        cmocka_unit_test(closed_days_are_kept_in_order),
        cmocka_unit_test(every_refusal_of_memory_is_an_answer),
        cmocka_unit_test(any_line_may_be_missing),
        cmocka_unit_test(a_section_that_is_too_long_is_refused_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
