/* links: server */
/* Carries letters and calls as one courier of the daemon does, from rows and contents built here: what stands between
 * the ledger and the world, without the ledger. Usage: carry FOLDER, then a line of JSON for each on stdin:
 *   {"letter": MESSAGE, "purpose": P, "to": ADDRESS, "name": NAME, "url": URL, "key": HEX2}
 *   {"call": TOOL.ACTION, "inputs": {...}, "key": HEX2}     "check" in place of "call": its check is asked
 *   {"note": PERSON, "text": TEXT, "key": HEX2}
 * "lost": true: the content was erased. "broken": true: it is not as it was kept. "other": the row's tool and what.
 * For each a line: {"outcome", "fault", "retry_s", "answer", "bytes": arena in use at its end}. */
#include "letter/letter.h"
#include "letter/unsubscribe.h"
#include "server/courier.h"
#include "server/host.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES_MAX = 1 << 20, ADA = 71234, MARKETING = 12 };

static const uint8_t secret[HR_KEY_SIZE] = {1, 2, 3};

static const char *const outcomes[] = {[HR_OUTCOME_confirmed] = "confirmed",
                                       [HR_OUTCOME_refused] = "refused",
                                       [HR_OUTCOME_again] = "again",
                                       [HR_OUTCOME_unknown] = "unknown",
                                       [HR_OUTCOME_not_done] = "not done"};

struct desk {
    struct hr_arena arena;
    struct hr_diagnostics found;
    struct hr_plan *plan;
    struct hr_settings settings;
    struct hr_names names;
    struct hr_oauth *tokens;
    struct hr_courier courier;
};

static void fail(const char *what)
{
    (void)fprintf(stderr, "carry: %s\n", what);
    exit(1);
}

static struct hr_text member(const struct hr_value *line, const char *name)
{
    const struct hr_value *value = hr_value_member(line, hr_text_from(name));
    return value == NULL ? HR_TEXT_NONE : hr_value_as_text(value);
}

static bool is_set(const struct hr_value *line, const char *name)
{
    const struct hr_value *value = hr_value_member(line, hr_text_from(name));
    return value != NULL && value->kind == HR_KIND_bool && value->truth;
}

/* ---- names ---- */

static uint32_t number_of(void *context, struct hr_text word)
{
    struct desk *desk = context;
    struct hr_names *names = &desk->names;
    for (size_t i = 0; i < names->count; i++) {
        if (hr_text_equal(names->words[i], word)) {
            return (uint32_t)(i + 1);
        }
    }
    struct hr_text *grown = hr_list_grow(&desk->arena, names->words, names->count, &names->capacity,
                                         sizeof *names->words);
    if (grown == NULL) {
        fail("no memory");
    }
    names->words = grown;
    names->words[names->count++] = hr_text_copy(&desk->arena, word);
    return (uint32_t)names->count;
}

/* ---- letters ---- */

struct customer {
    struct hr_member fields[2];
};

static bool value_of(void *context, struct hr_text name, struct hr_value *ret_value)
{
    struct customer *customer = context;
    *ret_value = (struct hr_value){.kind = HR_KIND_map, .count = 2, .members = customer->fields};
    return hr_text_equal(name, HR_TEXT("contact"));
}

static int32_t purpose_of(const struct hr_plan *plan, struct hr_text id)
{
    for (size_t i = 0; i < plan->policies.purpose_count; i++) {
        if (hr_text_equal(plan->policies.purposes[i].id, id)) {
            return (int32_t)i;
        }
    }
    return HR_NONE_INDEX;
}

static void write_letter(struct desk *desk, const struct hr_value *line, struct hr_effect *effect,
                         struct hr_value *content)
{
    struct hr_letter letter;
    const struct hr_plan *plan = desk->plan;
    struct hr_arena *arena = &desk->arena;
    int32_t message = hr_plan_message(plan, member(line, "letter"));
    if (message < 0) {
        fail("no such message");
    }
    struct customer customer = {
        {{hr_value_text(HR_TEXT("email")), hr_value_text(member(line, "to"))},
         {hr_value_text(HR_TEXT("first_name")), hr_value_text(member(line, "name"))}}};
    const struct hr_template_view view = {
        .context = &customer, .value_of = value_of, .now = hr_clock_now(), .zone = plan->zone};
    const struct hr_leaving leaving = {
        .contact = ADA, .purpose = MARKETING, .channel = HR_UNSUBSCRIBE_CHANNEL_email};
    const struct hr_letter_order order = {
        .plan = plan,
        .message = &plan->messages[message],
        .purpose = purpose_of(plan, member(line, "purpose")),
        .to_address = member(line, "to"),
        .to_name = member(line, "name"),
        .unsubscribe_url = hr_unsubscribe_url(secret, &leaving, member(line, "url"), arena),
        .view = &view};
    if (!hr_ok(hr_letter_build(&order, arena, &letter, NULL, NULL)) ||
        !hr_ok(hr_letter_keep(&letter, arena, content))) {
        fail("the letter cannot be built");
    }
    effect->kind = HR_EFFECT_letter;
    effect->tool = letter.sender->name_number;
    effect->what = number_of(desk, member(line, "letter"));
}

/* ---- calls ---- */

static void write_call(struct desk *desk, const struct hr_value *line, bool check,
                       struct hr_effect *effect, struct hr_value *content)
{
    struct hr_text full_id = member(line, check ? "check" : "call");
    struct hr_text rest = full_id;
    struct hr_member *members = hr_arena_new_many(&desk->arena, struct hr_member, 1);
    const struct hr_value *inputs = hr_value_member(line, HR_TEXT("inputs"));
    if (members == NULL || inputs == NULL) {
        fail("a call has inputs");
    }
    members[0] = (struct hr_member){hr_value_text(HR_TEXT("inputs")), *inputs};
    *content = (struct hr_value){.kind = HR_KIND_map, .count = 1, .members = members};
    effect->kind = HR_EFFECT_call;
    effect->state = check ? HR_EFFECT_checking : HR_EFFECT_intended;
    effect->tool = number_of(desk, hr_text_cut(&rest, '.'));
    effect->what = number_of(desk, full_id);
}

/* ---- notes ---- */

static void write_note(struct desk *desk, const struct hr_value *line, struct hr_effect *effect,
                       struct hr_value *content)
{
    struct hr_member *members = hr_arena_new_many(&desk->arena, struct hr_member, 1);
    if (members == NULL) {
        fail("no memory");
    }
    members[0] =
        (struct hr_member){hr_value_text(HR_TEXT("text")), hr_value_text(member(line, "text"))};
    *content = (struct hr_value){.kind = HR_KIND_map, .count = 1, .members = members};
    effect->kind = HR_EFFECT_note;
    effect->person = number_of(desk, member(line, "note"));
}

/* ---- one line ---- */

/* As it comes out of the journal. */
static struct hr_value journalled(struct desk *desk, const struct hr_value *content, bool broken)
{
    struct hr_buffer out;
    struct hr_value value;
    hr_buffer_init(&out, &desk->arena, HR_PART_BYTES_MAX);
    hr_put_value(&out, content);
    if (broken) {
        out.data[out.size / 2] ^= 1;
    }
    struct hr_reader reader = hr_reader_over(hr_buffer_text(&out));
    if (!hr_get_value(&reader, &desk->arena, &value)) {
        fail("the content cannot be kept");
    }
    return value;
}

static void say(struct desk *desk, const struct hr_ended *ended)
{
    struct hr_buffer out;
    hr_instant left = ended->retry_at == HR_INSTANT_NONE ? 0 : ended->retry_at - hr_clock_now();
    hr_buffer_init(&out, &desk->arena, LINE_BYTES_MAX);
    hr_buffer_add_format(&out, "{\"outcome\":\"%s\",\"fault\":\"%.*s\",\"retry_s\":%lld,",
                         outcomes[ended->outcome],
                         HR_SHOW(hr_fault_word((enum hr_fault)ended->fault)),
                         (long long)((left + HR_SECOND_US / 2) / HR_SECOND_US));
    hr_buffer_add_format(&out, "\"bytes\":%zu,\"answer\":", desk->courier.arena.used_bytes);
    hr_json_write_text(&out, ended->answer);
    hr_buffer_add_text(&out, HR_TEXT("}\n"));
    (void)fwrite(out.data, 1, out.size, stdout);
    (void)fflush(stdout);
}

static void carry(struct desk *desk, const struct hr_value *line)
{
    struct hr_effect effect = {.state = HR_EFFECT_intended, .attempts = 1};
    struct hr_value content;
    struct hr_text key = member(line, "key");
    if (member(line, "letter").size > 0) {
        write_letter(desk, line, &effect, &content);
    } else if (member(line, "note").size > 0) {
        write_note(desk, line, &effect, &content);
    } else {
        write_call(desk, line, member(line, "check").size > 0, &effect, &content);
    }
    if (key.size == 2) {
        effect.key.bytes[0] = (uint8_t)(hr_hex_digit(key.data[0]) << 4 | hr_hex_digit(key.data[1]));
    }
    if (member(line, "other").size > 0) {
        effect.what = number_of(desk, member(line, "other"));
        struct hr_text rest = member(line, "other");
        effect.tool = number_of(desk, hr_text_cut(&rest, '.'));
    }
    content = journalled(desk, &content, is_set(line, "broken"));
    const struct hr_parcel parcel = {.plan = desk->plan,
                                     .names = &desk->names,
                                     .effect = &effect,
                                     .content = is_set(line, "lost") ? NULL : &content};
    struct hr_arena_mark mark = hr_arena_mark(&desk->courier.arena);
    struct hr_ended ended =
        effect.kind == HR_EFFECT_letter ? hr_courier_letter(&desk->courier, &parcel)
        : effect.kind == HR_EFFECT_note ? hr_courier_note(&desk->courier, &parcel)
                                        : hr_courier_call(&desk->courier, &parcel);
    say(desk, &ended);
    hr_arena_rewind(&desk->courier.arena, mark);
}

/* ---- life ---- */

static void open_desk(struct desk *desk, const char *folder)
{
    struct hr_file *files = NULL;
    size_t file_count = 0;
    hr_arena_init(&desk->arena, (size_t)1 << 30);
    hr_diagnostics_init(&desk->found, &desk->arena);
    struct hr_text data = hr_text_format(&desk->arena, "%s/.handrail", folder);
    if (!hr_ok(hr_workspace_load(folder, &desk->arena, &desk->found, &files, &file_count,
                                 &desk->plan)) ||
        !hr_ok(hr_settings_read(data.data, &desk->arena, &desk->found, &desk->settings)) ||
        !hr_ok(hr_oauth_create(NULL, &desk->tokens))) {
        fail("workspace or settings cannot be used");
    }
    hr_plan_bind(desk->plan, 1, number_of, desk);
    const struct hr_courier_options options = {
        .settings = &desk->settings, .data_folder = data.data, .tokens = desk->tokens};
    hr_courier_init(&desk->courier, &options);
}

int main(int count, char **words)
{
    static char bytes[LINE_BYTES_MAX];
    static struct desk desk;
    if (count != 2) {
        fail("usage: carry FOLDER");
    }
    open_desk(&desk, words[1]);
    while (fgets(bytes, sizeof bytes, stdin) != NULL) {
        struct hr_value line;
        struct hr_text copy = hr_text_copy(&desk.arena, hr_text_from(bytes));
        if (!hr_ok(hr_json_read(&desk.arena, copy, NULL, NULL, &line))) {
            fail("no JSON");
        }
        carry(&desk, &line);
    }
    hr_courier_done(&desk.courier);
    hr_oauth_free(desk.tokens);
    hr_plan_release(desk.plan);
    hr_arena_close(&desk.arena);
    return 0;
}
