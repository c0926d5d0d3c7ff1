/* Texts for people in workspace files: what is wrong in them is shown at its letter, wherever the text is written. */
#include "unit/workspace_folder.h"

static const char shop[] =
    "version: 1\nworkspace: little_shop\ntimezone: UTC\n"
    "people:\n  ana: {name: Ana Ruiz, email: ana@shop.example.com, role: admin}\n"
    "contacts:\n  match_on: [email]\n  owner: ana\n  fields:\n"
    "    email: {type: email, pii: personal}\n    first_name: {type: text, pii: personal}\n";

/* "code line:column+size" of each complaint in a file, by semicolons. */
static struct hr_text complaints_in(struct folder *folder, const char *file)
{
    struct hr_buffer out;
    hr_buffer_init(&out, &folder->arena, 4096);
    for (size_t i = 0; i < folder->found.count; i++) {
        const struct hr_diagnostic *item = &folder->found.items[i];
        if (hr_text_equal(item->place.file, hr_text_from(file)) &&
            item->severity == HR_SEVERITY_error) {
            hr_buffer_add_format(&out, "%s%d %u:%u+%u", out.size > 0 ? "; " : "", (int)item->code,
                                 item->place.line, item->place.column, item->place.size);
        }
    }
    return hr_buffer_text(&out);
}

struct example {
    const char *file;
    const char *text;
    const char *complaints;
};

static const struct example examples[] = {
    {"messages/a.md", "---\nsubject: Hi\n---\nHello {{ contact.frist_name }},\n", "391 4:10+18"},
    {"messages/a.md", "---\nsubject: Hi\n---\n\n\n  Hällo {{ contact.frist_name }},\n",
     "391 6:12+18"},
    {"messages/a.md", "---\nsubject: 'It''s {{ contcat.email }}'\n---\nHello\n", "390 2:20+13"},
    {"messages/a.md", "---\r\nsubject: Hi\r\n---\r\nHello\r\n\r\n{{ contcat.email | upper }}\r\n",
     "452 6:20+5"},
    {"m.yaml",
     "messages:\n  a:\n    subject: Hi\n    text: |\n      Hello\n\n        {{ contcat.email }}\n",
     "390 7:12+13"},
    {"m.yaml", "messages:\n  a:\n    subject: Hi\n    text: >\n      Hello\n      you {% if %}\n",
     "450 6:17+1; 454 6:11+8"},
    {"m.yaml",
     "messages:\n  a:\n    subject: Hi\n    html: \"<p>\\u00e4 {{ contact.frist_name }}\"\n",
     "391 4:25+18"},
    {"m.yaml", "messages:\n  a:\n    subject: {{ contact.first_name }}\n    text: Hi\n",
     "22 3:15+1"},
    {"m.yaml", "messages:\n  a:\n    subject: Hi\n    html: <a href={{ contact.email }}>\n",
     "456 4:19+19"},
    {"m.yaml",
     "messages:\n  a:\n    subject: Hi\n    text: a {{ contact.first_name }} {{ event.tool }}\n",
     ""},
};

static void every_complaint_points_at_its_letter(void **state)
{
    (void)state;
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        struct folder folder;
        folder_init(&folder);
        folder_add(&folder, "shop.yaml", hr_text_from(shop));
        folder_add(&folder, examples[i].file, hr_text_from(examples[i].text));
        folder_check(&folder);
        struct hr_text complaints = complaints_in(&folder, examples[i].file);
        if (!hr_text_equal(complaints, hr_text_from(examples[i].complaints))) {
            print_error("%s\n  complaints: %.*s\n  expected:   %s\n", examples[i].text,
                        HR_SHOW(complaints), examples[i].complaints);
            struct hr_text drawn = folder_draw(&folder);
            print_error("%.*s\n", HR_SHOW(drawn));
            wrong++;
        }
        folder_close(&folder);
    }
    assert_int_equal(wrong, 0);
}

/* A compiled text belongs to the plan, and tells the same names as were checked. */
static void the_plan_holds_compiled_texts(void **state)
{
    (void)state;
    struct folder folder;
    size_t count = 0;
    folder_init(&folder);
    folder_add(&folder, "shop.yaml", hr_text_from(shop));
    folder_add(&folder, "messages/a.md",
               HR_TEXT("---\nsubject: Hi {{ contact.first_name | default }}\n---\nHello\n"));
    folder_check(&folder);
    assert_int_equal(folder.status.code, 0);
    assert_int_equal(folder.plan->message_count, 1);
    const struct hr_message *message = &folder.plan->messages[0];
    assert_int_equal(hr_template_landing(message->subject.template), HR_LANDING_header);
    assert_int_equal(hr_template_landing(message->text.template), HR_LANDING_text);
    assert_null(message->html.template);
    const struct hr_template_read *reads = hr_template_reads(message->subject.template, &count);
    assert_int_equal(count, 1);
    assert_true(hr_text_equal(reads[0].field, HR_TEXT("first_name")) && !reads[0].bare);
    folder_close(&folder);
}

/* A file without a head is told once, and not again wherever a step sends it. */
static void a_broken_file_is_no_unknown_message(void **state)
{
    (void)state;
    static const char step[] = "automations:\n  greet: {steps: [{send_email: a}], owner: ana, "
                               "failure_owner: ana, trigger: "
                               "form.sent}\n";
    for (size_t broken = 0; broken < 2; broken++) {
        struct folder folder;
        bool unknown = false;
        bool headless = false;
        folder_init(&folder);
        folder_add(&folder, "shop.yaml", hr_text_from(shop));
        folder_add(&folder, "steps.yaml", hr_text_from(step));
        folder_add(&folder, broken == 1 ? "messages/a.md" : "messages/b.md",
                   broken == 1 ? HR_TEXT("Hello\n") : HR_TEXT("---\nsubject: Hi\n---\nHello\n"));
        folder_check(&folder);
        for (size_t i = 0; i < folder.found.count; i++) {
            unknown = unknown || folder.found.items[i].code == HR_CODE_message_unknown;
            headless = headless || folder.found.items[i].code == HR_CODE_message_head;
        }
        assert_int_equal(headless, broken == 1);
        assert_int_equal(unknown, broken == 0);
        folder_close(&folder);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_complaint_points_at_its_letter),
        cmocka_unit_test(the_plan_holds_compiled_texts),
        cmocka_unit_test(a_broken_file_is_no_unknown_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
