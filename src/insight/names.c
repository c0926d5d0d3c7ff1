/* Words for numbers, times and values, as people read them. */
#include "insight/inside.h"

/* ---- contacts without personal data ---------------------------------------------------------- */

/* Crockford's base 32 (no i, l, o, u), so that a name can be read aloud and typed. */
static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
enum { NAME_DIGITS_MAX = 13 };

/* C-, A-, O-, Q- (a question), T-. */
static char letter_of(unsigned kind)
{
    static const char letters[] = "AOQT";
    return kind >= HR_RECORD_account && kind <= HR_RECORD_task ? letters[kind - HR_RECORD_account]
                                                               : 'C';
}

struct hr_text hr_record_name(struct hr_arena *into, unsigned kind, uint64_t record)
{
    char reversed[NAME_DIGITS_MAX];
    size_t count = 0;
    do {
        reversed[count++] = digits[record & 31];
        record >>= 5;
    } while (record != 0);
    char name[2 + NAME_DIGITS_MAX] = {letter_of(kind), '-'};
    for (size_t i = 0; i < count; i++) {
        name[2 + i] = reversed[count - 1 - i];
    }
    return hr_text_copy(into, (struct hr_text){name, 2 + count});
}

struct hr_text hr_contact_name(struct hr_arena *into, uint64_t contact)
{
    return hr_record_name(into, HR_RECORD_contact, contact);
}

static int digit_of(char letter)
{
    char low = letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
    low = low == 'o' ? '0' : low;
    low = low == 'i' || low == 'l' ? '1' : low;
    size_t at = hr_text_find((struct hr_text){digits, sizeof digits - 1}, low);
    return at < sizeof digits - 1 ? (int)at : -1;
}

bool hr_record_named(struct hr_text name, unsigned kind, uint64_t *ret_record)
{
    uint64_t contact = 0;
    bool prefixed =
        name.size > 2 && name.data[1] == '-' && (name.data[0] & ~0x20) == letter_of(kind);
    if (!prefixed || name.size > 2 + NAME_DIGITS_MAX) {
        return false;
    }
    for (size_t i = 2; i < name.size; i++) {
        int digit = digit_of(name.data[i]);
        if (digit < 0 || contact > UINT64_MAX >> 5) {
            return false;
        }
        contact = contact << 5 | (uint64_t)digit;
    }
    *ret_record = contact;
    return true;
}

bool hr_contact_named(struct hr_text name, uint64_t *ret_contact)
{
    return hr_record_named(name, HR_RECORD_contact, ret_contact);
}

/* ---- words of the workspace ------------------------------------------------------------------ */

struct hr_text hr_word(const struct hr_ask *ask, uint32_t number)
{
    const struct hr_names *names = ask->lens->names;
    if (number > 0 && names != NULL && number <= names->count) {
        return names->words[number - 1];
    }
    return number == 0 ? HR_TEXT("nobody") : hr_text_format(ask->into, "name %u", number);
}

struct hr_text hr_word_person(const struct hr_ask *ask, uint32_t number)
{
    int32_t person = hr_plan_person_numbered(ask->plan, number);
    return person < 0 ? hr_word(ask, number) : ask->plan->people[person].name;
}

struct hr_text hr_word_first_name(const struct hr_ask *ask, uint32_t number)
{
    struct hr_text name = hr_word_person(ask, number);
    return hr_text_cut(&name, ' ');
}

struct hr_text hr_word_tool(const struct hr_ask *ask, uint32_t number)
{
    int32_t tool = hr_plan_tool_numbered(ask->plan, number);
    return tool < 0 ? hr_word(ask, number) : ask->plan->tools[tool].title;
}

struct hr_text hr_word_writer(const struct hr_ask *ask, uint32_t writer)
{
    uint32_t name = hr_writer_name(writer);
    switch (hr_writer_by(writer)) {
    case HR_BY_tool:
        return hr_word_tool(ask, name);
    case HR_BY_person:
        return hr_word_person(ask, name);
    case HR_BY_automation:
        return hr_text_format(ask->into, "automation %.*s", HR_SHOW(hr_word(ask, name)));
    case HR_BY_page:
        return HR_TEXT("the unsubscribe page");
    case HR_BY_ai:
        return HR_TEXT("AI");
    case HR_BY_complaint:
        return HR_TEXT("a complaint about a letter");
    case HR_BY_COUNT:
        break;
    }
    return HR_TEXT("somebody");
}

struct hr_text hr_word_field(const struct hr_ask *ask, uint32_t number)
{
    int32_t field = hr_plan_field_numbered(ask->plan, number);
    return field < 0 ? hr_word(ask, number) : ask->plan->fields[field].title;
}

struct hr_text hr_word_purpose(const struct hr_ask *ask, uint32_t number)
{
    int32_t purpose = hr_plan_purpose_numbered(ask->plan, number);
    return purpose < 0 ? hr_word(ask, number) : ask->plan->policies.purposes[purpose].title;
}

struct hr_text hr_word_handoff(const struct hr_ask *ask, uint32_t number)
{
    int32_t handoff = hr_plan_handoff_numbered(ask->plan, number);
    return handoff < 0 ? hr_word(ask, number) : ask->plan->handoffs[handoff].title;
}

struct hr_text hr_word_instance(const struct hr_ask *ask, const struct hr_instance *instance)
{
    struct hr_text title = hr_word_handoff(ask, instance->handoff);
    return instance->key_shown.size == 0
               ? title
               : hr_text_format(ask->into, "%.*s (%.*s)", HR_SHOW(title),
                                HR_SHOW(hr_text_visible(ask->into, instance->key_shown)));
}

bool hr_field_is_personal(const struct hr_ask *ask, uint32_t number)
{
    int32_t field = hr_plan_field_numbered(ask->plan, number);
    return field < 0 || ask->plan->fields[field].privacy != HR_PRIVACY_none;
}

/* ---- times, values, counts ------------------------------------------------------------------- */

struct hr_text hr_word_time(const struct hr_ask *ask, hr_instant at)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (at == HR_INSTANT_NONE) {
        return HR_TEXT("never");
    }
    struct hr_civil then = hr_zone_civil(ask->plan->zone, at);
    struct hr_civil now = hr_zone_civil(ask->plan->zone, ask->lens->now);
    struct hr_text clock =
        hr_text_format(ask->into, "%02u:%02u:%02u", then.hour, then.minute, then.second);
    if (then.year == now.year && then.year_day == now.year_day) {
        return clock;
    }
    struct hr_text day =
        hr_text_format(ask->into, "%u %s", then.day, months[(then.month - 1) % 12]);
    if (then.year == now.year) {
        return hr_text_format(ask->into, "%.*s %.*s", HR_SHOW(day), HR_SHOW(clock));
    }
    return hr_text_format(ask->into, "%.*s %d %.*s", HR_SHOW(day), (int)then.year, HR_SHOW(clock));
}

struct hr_text hr_word_since(const struct hr_ask *ask, hr_instant at)
{
    hr_instant now = ask->lens->now;
    return hr_duration_say(ask->into, at <= now ? now - at : at - now);
}

struct hr_text hr_word_value(const struct hr_ask *ask, const struct hr_value *value)
{
    if (value->kind == HR_KIND_time) {
        return hr_word_time(ask, value->time);
    }
    struct hr_text shown = hr_text_visible(ask->into, hr_value_show(ask->into, value));
    return value->kind == HR_KIND_text ? hr_text_format(ask->into, "\"%.*s\"", HR_SHOW(shown))
                                       : shown;
}

struct hr_text hr_word_seen(const struct hr_ask *ask, const struct hr_value *value)
{
    return value->kind == HR_KIND_null ? HR_TEXT("not known") : hr_word_value(ask, value);
}

struct hr_text hr_word_count(const struct hr_ask *ask, uint64_t count, const char *one,
                             const char *many)
{
    return hr_count_say(ask->into, count, one, many);
}

struct hr_text hr_word_issue_number(const struct hr_ask *ask, uint64_t number)
{
    return hr_text_format(ask->into, "H-%llu", (unsigned long long)number);
}

struct hr_text hr_word_issue(const struct hr_ask *ask, uint64_t issue)
{
    const struct hr_record *record = NULL;
    if (issue == 0 || !hr_ok(hr_ask_record(ask, issue, HR_RECORD_issue, &record)) ||
        record == NULL) {
        return HR_TEXT_NONE;
    }
    return hr_word_issue_number(ask, record->issue->number);
}

struct hr_text hr_word_member(const struct hr_ask *ask, uint64_t member)
{
    if ((member & 255) == 255) { /* no contact has this number: the message named nobody */
        return hr_text_format(ask->into, "the message of entry %llu",
                              (unsigned long long)hr_record_origin(member));
    }
    return hr_word_record(ask, member);
}

struct hr_text hr_word_record(const struct hr_ask *ask, uint64_t id)
{
    struct hr_record *record = NULL;
    bool found = hr_ok(ask->lens->record(ask->lens->context, id, ask->into, &record)) &&
                 record != NULL && hr_record_has_fields(record->kind);
    return hr_record_name(ask->into, found ? record->kind : HR_RECORD_contact, id);
}

/* ---- commands ----------------------------------------------------------------------------------- */

static bool is_plain(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || byte == '-' || byte == '.' ||
           byte == '@' || byte == '+' || byte == '=' || byte == ':';
}

struct hr_text hr_shell_word(struct hr_arena *into, struct hr_text text)
{
    struct hr_buffer out;
    bool plain = text.size > 0;
    hr_buffer_init(&out, into, PAGE_BYTES_MAX);
    hr_buffer_add_byte(&out, '\'');
    for (size_t i = 0; i < text.size; i++) {
        if ((unsigned char)text.data[i] < ' ' || text.data[i] == 0x7F) {
            return HR_TEXT("...");
        }
        plain = plain && is_plain(text.data[i]);
        if (text.data[i] == '\'') {
            hr_buffer_add_text(&out, HR_TEXT("'\\''"));
        } else {
            hr_buffer_add_byte(&out, text.data[i]);
        }
    }
    hr_buffer_add_byte(&out, '\'');
    return plain ? text : hr_buffer_text(&out);
}
