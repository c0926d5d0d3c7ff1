/* Reading nodes of the workspace files into words, numbers and references, with a complaint at the
 * letter for whatever does not fit. */
#include "workspace/inside.h"

#include <string.h>

enum { ID_BYTES_MAX = 63, LINE_BYTES_MAX = 200, SECRET_BYTES_MIN = 24, KEYS_MAX = 64 };
enum { DASHES_MAX = 4, DASHES_BYTES_MAX = 512, BEGUN_BYTES_MIN = 3 };

/* ---- maps and their keys ----------------------------------------------------------------------- */

static const struct hr_key_rule *rule_of(enum hr_gram kind, struct hr_text key)
{
    for (const struct hr_key_rule *rule = hr_gram_rules(kind); rule->name != NULL; rule++) {
        if (hr_text_equal(hr_text_from(rule->name), key)) {
            return rule;
        }
    }
    return NULL;
}

/* "person `maya`", or just "`business_hours`". */
static struct hr_text spoken_name(struct hr_draft *draft, enum hr_gram kind,
                                  const struct hr_node *at)
{
    const char *noun = hr_gram_info(kind)->noun;
    struct hr_text name = at->kind == HR_NODE_scalar ? hr_clipped(at->scalar) : HR_TEXT_NONE;
    if (name.size == 0) {
        return hr_text_format(&draft->scratch, "this %s", noun[0] == '\0' ? "map" : noun);
    }
    return noun[0] == '\0' ? hr_text_format(&draft->scratch, "`%.*s`", HR_SHOW(name))
                           : hr_text_format(&draft->scratch, "%s `%.*s`", noun, HR_SHOW(name));
}

/* Answers the key that was probably meant, so that it is not missed as well. */
static const struct hr_key_rule *complain_unknown_key(struct hr_draft *draft, enum hr_gram kind,
                                                      const struct hr_node *map,
                                                      const struct hr_node *key,
                                                      struct hr_text name)
{
    struct hr_text known[KEYS_MAX];
    size_t count = 0;
    for (const struct hr_key_rule *rule = hr_gram_rules(kind); rule->name != NULL; rule++) {
        if (rule->need != HR_NEED_later && count < KEYS_MAX) {
            known[count++] = hr_text_from(rule->name);
        }
    }
    struct hr_known_ids names = {.noun = "key", .items = known, .count = count};
    struct hr_diagnostic *item =
        hr_draft_error(draft, key_unknown, key->place, "%.*s has no key `%.*s`", HR_SHOW(name),
                       HR_SHOW(hr_clipped(key->scalar)));
    item->help = hr_draft_suggest(draft, key->scalar, &names);
    struct hr_text meant = hr_surely_meant(key->scalar, known, count);
    if (hr_node_get(map, meant) == NULL) {
        hr_draft_mend(draft, item, key, meant);
    }
    return rule_of(kind, hr_did_you_mean(key->scalar, known, count));
}

/* What a key keeps from happening; what is not here is said by the code's own row. */
static const struct {
    const char *key;
    const char *harm;
} kept_off[] = {
    {"within", "a handoff without `within` would never be late, however long a customer waits"},
    {"owner", "it would be nobody's work to look after it"},
    {"failure_owner", "a failure would be told to nobody who can mend it"},
    {"email", "a failure would have an owner who never hears of it"},
};

static void complain_missing(struct hr_draft *draft, const struct hr_key_rule *rule,
                             const struct hr_node *at, struct hr_text name)
{
    struct hr_diagnostic *item = hr_draft_error(draft, key_missing, at->place, "%.*s has no `%s`",
                                                HR_SHOW(name), rule->name);
    item->help =
        rule->type == HR_GRAM_person_id && draft->person_names.count > 0
            ? hr_draft_say(draft, "add `%s:` with one of: %.*s", rule->name,
                           HR_SHOW(hr_draft_list_names(draft, &draft->person_names)))
            : hr_draft_say(draft, "add `%s`", rule->example == NULL ? rule->name : rule->example);
    for (size_t i = 0; i < sizeof kept_off / sizeof kept_off[0]; i++) {
        if (strcmp(rule->name, kept_off[i].key) == 0) {
            item->example = hr_text_from(kept_off[i].harm);
        }
    }
}

static bool complain_no_map(struct hr_draft *draft, enum hr_gram kind, const struct hr_node *at,
                            const struct hr_node *node)
{
    struct hr_text name = spoken_name(draft, kind, at);
    bool empty = node->kind == HR_NODE_scalar && node->scalar.size == 0;
    struct hr_diagnostic *item =
        hr_draft_error(draft, kind_wrong, empty ? at->place : node->place,
                       "%.*s must be a map of `key: value` lines, and here is %s", HR_SHOW(name),
                       empty                        ? "nothing"
                       : node->kind == HR_NODE_list ? "a list"
                                                    : "one value");
    item->help = hr_draft_say(draft, "its keys begin with `%s:`", hr_gram_rules(kind)->name);
    return false;
}

bool hr_draft_map(struct hr_draft *draft, enum hr_gram kind, const struct hr_node *at,
                  const struct hr_node *node)
{
    const struct hr_key_rule *rules = hr_gram_rules(kind);
    struct hr_text name;
    uint64_t meant = 0;
    if (node->kind != HR_NODE_map) {
        return complain_no_map(draft, kind, at, node);
    }
    for (size_t i = 0; i < node->count; i++) {
        const struct hr_node *key = node->pairs[i].key;
        const struct hr_key_rule *rule = rule_of(kind, key->scalar);
        if (rule == NULL) {
            name = spoken_name(draft, kind, at);
            rule = complain_unknown_key(draft, kind, node, key, name);
        } else if (rule->need == HR_NEED_later) {
            name = spoken_name(draft, kind, at);
            hr_draft_warning(draft, not_available_yet, key->place,
                             "`%s` of %.*s is not available yet", rule->name, HR_SHOW(name));
        }
        meant |= rule == NULL ? 0 : UINT64_C(1) << (rule - rules);
    }
    for (size_t i = 0; rules[i].name != NULL; i++) {
        hr_assert(i < KEYS_MAX);
        if (rules[i].need == HR_NEED_required && (meant >> i & 1) == 0) {
            complain_missing(draft, &rules[i], at, spoken_name(draft, kind, at));
        }
    }
    return true;
}

const struct hr_node *hr_draft_get(const struct hr_node *map, const char *key)
{
    return map == NULL || map->kind != HR_NODE_map ? NULL : hr_node_get(map, hr_text_from(key));
}

bool hr_draft_misspelt(enum hr_gram kind, const struct hr_node *map, const char *key)
{
    for (size_t i = 0; map->kind == HR_NODE_map && i < map->count; i++) {
        if (rule_of(kind, map->pairs[i].key->scalar) == NULL &&
            hr_text_distance(map->pairs[i].key->scalar, hr_text_from(key), 2) <= 2) {
            return true;
        }
    }
    return false;
}

/* The scalar as an item of a [list]; "..." when it would need thought. */
static struct hr_text as_item(const struct hr_node *node)
{
    for (size_t i = 0; i < node->scalar.size; i++) {
        if (strchr(",:#[]{}'\"\n", node->scalar.data[i]) != NULL) {
            return HR_TEXT("...");
        }
    }
    return hr_clipped(node->scalar);
}

/* One value where a list belongs. */
static void put_in_brackets(struct hr_draft *draft, struct hr_diagnostic *item,
                            const struct hr_node *node, const char *noun)
{
    struct hr_text one = as_item(node);
    item->help = hr_draft_say(draft, "put it in brackets: `%s: [%.*s]`", noun, HR_SHOW(one));
    if (hr_text_equal(one, node->scalar) && node->style == HR_SCALAR_plain) {
        hr_draft_mend(draft, item, node, hr_draft_say(draft, "[%.*s]", HR_SHOW(one)));
    }
}

/* Maps under ids where a list of maps with ids belongs. */
static void ask_for_dashes(struct hr_draft *draft, struct hr_diagnostic *item,
                           const struct hr_node *node)
{
    struct hr_buffer list;
    hr_buffer_init(&list, draft->reterr->arena, DASHES_BYTES_MAX);
    for (size_t i = 0; i < node->count && i < DASHES_MAX; i++) {
        const char *between = i == 0 ? "" : i + 1 == node->count ? " and " : ", ";
        hr_buffer_add_format(&list, "%s`- id: %.*s`", between,
                             HR_SHOW(hr_clipped(node->pairs[i].key->scalar)));
    }
    if (node->count > DASHES_MAX) {
        hr_buffer_add_format(&list, " and %zu more", node->count - DASHES_MAX);
    }
    item->help = hr_draft_say(
        draft,
        node->count == 1 ? "begin it with a dash, %.*s, and its keys below, two spaces in"
                         : "begin each with a dash, %.*s, and its keys below, two spaces in",
        HR_SHOW(hr_buffer_text(&list)));
}

size_t hr_draft_list(struct hr_draft *draft, const struct hr_node *node, const char *noun,
                     enum hr_limit limit)
{
    if (node == NULL) {
        return 0;
    }
    if (node->kind != HR_NODE_list) {
        struct hr_diagnostic *item = hr_draft_error(draft, kind_wrong, node->place,
                                                    "`%s` must be a list, and here is %s", noun,
                                                    node->kind == HR_NODE_map ? "a map"
                                                    : node->scalar.size == 0  ? "nothing"
                                                                              : "one value");
        if (node->kind == HR_NODE_scalar && node->scalar.size > 0) {
            put_in_brackets(draft, item, node, noun);
        } else if (node->kind == HR_NODE_map && node->count > 0 &&
                   node->pairs[0].value->kind == HR_NODE_map) {
            ask_for_dashes(draft, item, node);
        } else {
            item->help = hr_draft_say(
                draft, "write `%s: [first, second]`, or a line with `- ` for each", noun);
        }
        return 0;
    }
    return hr_draft_within(draft, limit, node->count, node->place) ? node->count : 0;
}

/* ---- scalars ----------------------------------------------------------------------------------- */

bool hr_draft_scalar(struct hr_draft *draft, const struct hr_node *node, const char *noun)
{
    if (node->kind != HR_NODE_scalar) {
        hr_draft_error(draft, kind_wrong, node->place, "`%s` must be one value, and here is a %s",
                       noun, node->kind == HR_NODE_list ? "list" : "map");
        return false;
    }
    if (hr_text_trim(node->scalar).size == 0) {
        hr_draft_error(draft, text_empty, node->place, "`%s` is empty", noun);
        return false;
    }
    return true;
}

struct hr_text hr_draft_text(struct hr_draft *draft, const struct hr_node *map, const char *key)
{
    const struct hr_node *node = hr_draft_get(map, key);
    if (node == NULL || !hr_draft_scalar(draft, node, key)) {
        return HR_TEXT_NONE;
    }
    return hr_draft_copy(draft, hr_text_trim(node->scalar));
}

/* Where a control sign stands, C1 ones included, or text.size. */
static size_t find_control(struct hr_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        bool second = i > 0 && byte < 0xA0 && (unsigned char)text.data[i - 1] == 0xC2;
        if (byte < 0x20 || byte == 0x7F || second) {
            return i;
        }
    }
    return text.size;
}

bool hr_draft_is_line(struct hr_draft *draft, const struct hr_node *node, const char *noun)
{
    struct hr_text text = hr_text_trim(node->scalar);
    if (find_control(text) < text.size) {
        hr_draft_error(draft, line_form, node->place,
                       "`%s` has a line break or a control sign in it", noun);
        return false;
    }
    if (text.size > LINE_BYTES_MAX) {
        hr_draft_error(draft, line_form, node->place, "`%s` has %zu bytes, at most %d", noun,
                       text.size, LINE_BYTES_MAX);
        return false;
    }
    return true;
}

struct hr_text hr_draft_line(struct hr_draft *draft, const struct hr_node *map, const char *key)
{
    struct hr_text text = hr_draft_text(draft, map, key);
    return text.size > 0 && hr_draft_is_line(draft, hr_draft_get(map, key), key) ? text
                                                                                 : HR_TEXT_NONE;
}

struct hr_text hr_draft_title(struct hr_draft *draft, const struct hr_node *map, struct hr_text id)
{
    struct hr_text title = hr_draft_line(draft, map, "title");
    if (title.size > 0) {
        return title;
    }
    char *spaced = hr_draft_keep(draft, char, id.size + 1);
    for (size_t i = 0; spaced != NULL && i < id.size; i++) {
        spaced[i] = id.data[i] == '_' ? ' ' : id.data[i];
    }
    return (struct hr_text){spaced, spaced == NULL ? 0 : id.size};
}

/* True for [a-z][a-z0-9_]{0,62}. */
static bool is_id(struct hr_text text)
{
    if (text.size == 0 || text.size > ID_BYTES_MAX || text.data[0] < 'a' || text.data[0] > 'z') {
        return false;
    }
    for (size_t i = 1; i < text.size; i++) {
        char letter = text.data[i];
        if (!(letter >= 'a' && letter <= 'z') && !(letter >= '0' && letter <= '9') &&
            letter != '_') {
            return false;
        }
    }
    return true;
}

/* What the id would be if its writer knew the rule; empty when nothing is left of it. */
static struct hr_text id_like(struct hr_draft *draft, struct hr_text written, bool dots)
{
    struct hr_buffer id;
    hr_buffer_init(&id, draft->reterr->arena, ID_BYTES_MAX);
    for (size_t i = 0; i < written.size && id.size < ID_BYTES_MAX; i++) {
        char letter = written.data[i];
        bool upper = letter >= 'A' && letter <= 'Z';
        bool lower = letter >= 'a' && letter <= 'z';
        bool digit = letter >= '0' && letter <= '9';
        if (upper || lower || (digit && id.size > 0) || (dots && letter == '.')) {
            hr_buffer_add_byte(&id, (char)(upper ? letter - 'A' + 'a' : letter));
        } else if (id.size > 0 && id.data[id.size - 1] != '_') {
            hr_buffer_add_byte(&id, '_');
        }
    }
    struct hr_text text = hr_buffer_text(&id);
    while (text.size > 0 && text.data[text.size - 1] == '_') {
        text.size--;
    }
    return text;
}

bool hr_draft_id(struct hr_draft *draft, const struct hr_node *node, const char *noun, bool dots)
{
    if (!hr_draft_scalar(draft, node, noun)) {
        return false;
    }
    struct hr_text rest = node->scalar;
    bool good =
        dots ? rest.data[rest.size - 1] != '.' && rest.size <= 2 * ID_BYTES_MAX : is_id(rest);
    while (dots && good && rest.size > 0) {
        good = is_id(hr_text_cut(&rest, '.'));
    }
    if (!good) {
        struct hr_diagnostic *item =
            hr_draft_error(draft, id_form, node->place, "`%.*s` cannot be the id of a %s",
                           HR_SHOW(hr_clipped(node->scalar)), noun);
        struct hr_text meant = id_like(draft, node->scalar, dots);
        if (meant.size > 0) {
            item->help = hr_draft_say(draft, "write `%.*s`", HR_SHOW(meant));
        }
    }
    return good;
}

/* A number without a unit, or with a short one, written out; the empty text for anything else. */
static struct hr_text span_like(struct hr_draft *draft, struct hr_text written)
{
    static const char *const units[][2] = {
        {"", "minutes"},  {"m", "minutes"},   {"min", "minutes"},  {"mins", "minutes"},
        {"s", "seconds"}, {"sec", "seconds"}, {"secs", "seconds"}, {"h", "hours"},
        {"hr", "hours"},  {"hrs", "hours"},   {"d", "days"},       {"w", "weeks"}};
    size_t digits = 0;
    while (digits < written.size && written.data[digits] >= '0' && written.data[digits] <= '9') {
        digits++;
    }
    struct hr_text unit = hr_text_trim(hr_text_slice(written, digits, written.size));
    for (size_t i = 0; digits > 0 && digits < 9 && i < sizeof units / sizeof units[0]; i++) {
        if (hr_text_equal_caseless(unit, hr_text_from(units[i][0]))) {
            size_t size = strlen(units[i][1]) - (digits == 1 && written.data[0] == '1' ? 1 : 0);
            return hr_draft_say(draft, "%.*s %.*s", (int)digits, written.data, (int)size,
                                units[i][1]);
        }
    }
    return HR_TEXT_NONE;
}

/* A bare number may mean any unit, so the writer has to choose. */
static struct hr_text say_units(struct hr_draft *draft, struct hr_text written)
{
    int64_t number = 0;
    struct hr_text like = span_like(draft, written);
    if (!hr_text_to_integer(written, &number) || like.size == 0) {
        return like.size == 0 ? like
                              : hr_draft_say(draft, "say the unit, as in `%.*s`", HR_SHOW(like));
    }
    const char *plural = number == 1 ? "" : "s";
    return hr_draft_say(draft,
                        "say which unit you mean: `%.*s minute%s`, `%.*s hour%s`, `%.*s day%s` or "
                        "`%.*s business day%s`",
                        HR_SHOW(written), plural, HR_SHOW(written), plural, HR_SHOW(written),
                        plural, HR_SHOW(written), plural);
}

bool hr_draft_span_of(struct hr_draft *draft, const struct hr_node *node, const char *harm,
                      struct hr_span *ret_span)
{
    if (node == NULL || !hr_draft_scalar(draft, node, "duration")) {
        return false;
    }
    if (hr_span_read(node->scalar, ret_span)) {
        return true;
    }
    struct hr_diagnostic *item =
        hr_draft_error(draft, span_form, node->place, "`%.*s` does not say how long",
                       HR_SHOW(hr_clipped(node->scalar)));
    struct hr_text help = say_units(draft, node->scalar);
    item->help = help.size > 0 ? help : item->help;
    item->example = harm != NULL ? hr_text_from(harm) : item->example;
    return false;
}

bool hr_draft_span(struct hr_draft *draft, const struct hr_node *node, struct hr_span *ret_span)
{
    return hr_draft_span_of(draft, node, NULL, ret_span);
}

/* ---- words and references ---------------------------------------------------------------------- */

/* "bool": the one word that begins so, if it is too long to be near; the empty text if none. */
static struct hr_text begun_word(struct hr_text written, const struct hr_words *words)
{
    struct hr_text found = HR_TEXT_NONE;
    for (size_t i = 0; written.size >= BEGUN_BYTES_MIN && i < words->count; i++) {
        if (hr_text_starts(words->items[i], written)) {
            found = found.size == 0 ? words->items[i] : HR_TEXT_NONE;
            if (found.size == 0) {
                break;
            }
        }
    }
    return found;
}

/* What a wrong word of a kind would do; of the others the code's own row speaks. */
static const struct {
    const struct hr_words *words;
    const char *harm;
} word_harms[] = {
    {&hr_words_late_is, "a misspelt `urgent` would be told like any other day's news"},
    {&hr_words_role, "somebody could change what they should only read"},
    {&hr_words_field_type, "an amount that is kept as a text is never above 100"},
    {&hr_words_mode, "what was meant to be a draft could go out to everybody"},
    {&hr_words_method, "the tool would refuse every call"},
};

int hr_draft_word(struct hr_draft *draft, const struct hr_node *node, const struct hr_words *words)
{
    if (!hr_draft_scalar(draft, node, words->noun)) {
        return -1;
    }
    for (size_t i = 0; i < words->count; i++) {
        if (hr_text_equal(node->scalar, words->items[i])) {
            return (int)i;
        }
    }
    struct hr_known_ids names = {.noun = words->noun, .items = words->items, .count = words->count};
    struct hr_diagnostic *item = hr_draft_error(draft, word_unknown, node->place, "`%.*s` is no %s",
                                                HR_SHOW(hr_clipped(node->scalar)), words->noun);
    struct hr_text begun = begun_word(node->scalar, words);
    item->help = begun.size > 0 ? hr_draft_say(draft, "did you mean `%.*s`?", HR_SHOW(begun))
                                : hr_draft_suggest(draft, node->scalar, &names);
    for (size_t i = 0; i < sizeof word_harms / sizeof word_harms[0]; i++) {
        if (words == word_harms[i].words) {
            item->example = hr_text_from(word_harms[i].harm);
        }
    }
    hr_draft_mend(draft, item, node, hr_surely_meant(node->scalar, words->items, words->count));
    return -1;
}

int32_t hr_known_find(const struct hr_known_ids *names, struct hr_text id)
{
    if (names->by_id != NULL) {
        const uint64_t *index = hr_map_find(names->by_id, id);
        bool known =
            index != NULL && *index < names->count; /* none of a section that is too long */
        return known ? (int32_t)*index : HR_NONE_INDEX;
    }
    for (size_t i = 0; i < names->count; i++) {
        if (hr_text_equal(names->items[i], id)) {
            return (int32_t)i;
        }
    }
    return HR_NONE_INDEX;
}

int32_t hr_draft_ref(struct hr_draft *draft, const struct hr_node *node,
                     const struct hr_known_ids *names, enum hr_code code)
{
    if (node == NULL || !hr_draft_scalar(draft, node, names->noun)) {
        return HR_NONE_INDEX;
    }
    int32_t found = hr_known_find(names, node->scalar);
    if (found >= 0) {
        return found;
    }
    if (!names->broken) {
        struct hr_diagnostic *item = hr_diagnostics_add(
            draft->reterr, code, HR_SEVERITY_error, node->place, "there is no %s `%.*s`",
            names->noun, HR_SHOW(hr_clipped(node->scalar)));
        item->help = names->count > 0 ? hr_draft_suggest(draft, node->scalar, names)
                                      : hr_draft_say(draft, "there is no %s yet: %s", names->noun,
                                                     hr_code_info(code)->help);
        if (code == HR_CODE_field_unknown &&
            hr_did_you_mean(node->scalar, names->items, names->count).size == 0) {
            item->help = hr_draft_say(draft, "%.*s; or declare `%.*s` under `contacts.fields`",
                                      HR_SHOW(item->help), HR_SHOW(hr_clipped(node->scalar)));
        }
    }
    return HR_NONE_INDEX;
}

int32_t hr_draft_person(struct hr_draft *draft, const struct hr_node *map, const char *key)
{
    const struct hr_node *node = hr_draft_get(map, key);
    int32_t person = hr_draft_ref(draft, node, &draft->person_names, HR_CODE_person_undeclared);
    hr_draft_check_active(draft, node, person, HR_NONE_INDEX);
    return person;
}

/* ---- dates and times of day -------------------------------------------------------------------- */

static bool digits(struct hr_text text, size_t from, size_t to, uint32_t *ret_number)
{
    uint32_t number = 0;
    for (size_t i = from; i < to; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
        number = number * 10 + (uint32_t)(text.data[i] - '0');
    }
    *ret_number = number;
    return true;
}

static uint32_t days_of_month(uint32_t year, uint32_t month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

static bool date_of(struct hr_text text, int32_t *ret_days)
{
    uint32_t year = 0;
    uint32_t month = 0;
    uint32_t day = 0;
    if (text.size != 10 || text.data[4] != '-' || text.data[7] != '-' ||
        !digits(text, 0, 4, &year) || !digits(text, 5, 7, &month) || !digits(text, 8, 10, &day)) {
        return false;
    }
    if (year == 0 || month < 1 || month > 12 || day < 1 || day > days_of_month(year, month)) {
        return false;
    }
    *ret_days = (int32_t)hr_days_from_date((int32_t)year, month, day);
    return true;
}

bool hr_draft_date(struct hr_draft *draft, const struct hr_node *node, int32_t *ret_days)
{
    if (node == NULL || !hr_draft_scalar(draft, node, "date")) {
        return false;
    }
    if (!date_of(node->scalar, ret_days)) {
        hr_draft_error(draft, date_form, node->place, "`%.*s` is no date",
                       HR_SHOW(hr_clipped(node->scalar)));
        return false;
    }
    return true;
}

/* "9:00" lacks a digit, and can only mean 09:00. */
static void complain_minute(struct hr_draft *draft, const struct hr_node *node)
{
    struct hr_text text = node->scalar;
    struct hr_diagnostic *item = hr_draft_error(
        draft, hours_form, node->place, "`%.*s` is no time of day", HR_SHOW(hr_clipped(text)));
    uint32_t hour = 0;
    uint32_t minute = 0;
    if (text.size == 4 && text.data[1] == ':' && digits(text, 0, 1, &hour) &&
        digits(text, 2, 4, &minute) && minute < 60) {
        item->help = hr_draft_say(draft, "write \"0%.*s\"", HR_SHOW(text));
        hr_draft_mend(draft, item, node,
                      hr_draft_say(draft, node->style == HR_SCALAR_plain ? "\"0%.*s\"" : "0%.*s",
                                   HR_SHOW(text)));
    }
}

bool hr_draft_minute(struct hr_draft *draft, const struct hr_node *node, uint16_t *ret_minute)
{
    if (node == NULL || !hr_draft_scalar(draft, node, "time of day")) {
        return false;
    }
    struct hr_text text = node->scalar;
    uint32_t hour = 0;
    uint32_t minute = 0;
    bool good = text.size == 5 && text.data[2] == ':' && digits(text, 0, 2, &hour) &&
                digits(text, 3, 5, &minute) && minute < 60 && hour * 60 + minute <= 1440;
    if (!good) {
        complain_minute(draft, node);
        return false;
    }
    *ret_minute = (uint16_t)(hour * 60 + minute);
    return true;
}

/* ---- secrets ---------------------------------------------------------------------------------- */

bool hr_looks_secret(struct hr_text text, bool strict)
{
    static const char *const beginnings[] = {
        "whsec_", "whsk_",       "sk_live_", "sk_test_", "rk_live_", "rk_test_", "sk-",
        "ghp_",   "github_pat_", "xoxb-",    "xoxp-",    "AKIA",     "eyJhbGci", "glpat-"};
    if (hr_text_find(text, ' ') < text.size) {
        return false; /* a sentence */
    }
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
        struct hr_text beginning = hr_text_from(beginnings[i]);
        if (hr_text_starts(text, beginning) && text.size >= beginning.size + 8) {
            return true;
        }
    }
    if (!strict) {
        return false;
    }
    if (hr_text_starts(text, HR_TEXT("whsec_")) || hr_text_starts(text, HR_TEXT("sk_"))) {
        return true;
    }
    size_t digit_count = 0;
    for (size_t i = 0; i < text.size; i++) {
        unsigned char letter = (unsigned char)text.data[i];
        digit_count += letter >= '0' && letter <= '9';
        if (strchr("+/=-_", letter) == NULL && !(letter >= '0' && letter <= '9') &&
            !((letter | 0x20) >= 'a' && (letter | 0x20) <= 'z')) {
            return false;
        }
    }
    return text.size >= SECRET_BYTES_MIN && (!is_id(text) || digit_count * 5 >= text.size);
}

void hr_draft_complain_secret(struct hr_draft *draft, const struct hr_node *node,
                              struct hr_text tool, struct hr_text key, bool auth)
{
    static const char *const keys[] = {"secret", "bearer", "oauth"};
    struct hr_place place = node->place;
    place.column = 0; /* the line is not drawn, because drawing it would print the secret */
    struct hr_diagnostic *item = hr_draft_error(draft, secret_in_file, place,
                                                "a secret itself stands here instead of its name");
    item->example = HR_TEXT("everybody who can read this folder could sign events as that tool");
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (!hr_text_equal(key, hr_text_from(keys[i])) || !is_id(tool)) {
            continue;
        }
        struct hr_text name =
            hr_draft_say(draft, "%.*s_%s", HR_SHOW(tool), auth ? "token" : "secret");
        item->message = hr_draft_say(
            draft, "a secret itself stands behind `%s:` of tool `%.*s`, instead of its name",
            keys[i], HR_SHOW(tool));
        if (is_id(name)) {
            item->help = hr_draft_say(draft,
                                      "write `%s: %.*s` here, make a new secret in `%.*s`, and "
                                      "store it with `handrail secret set %.*s`",
                                      keys[i], HR_SHOW(name), HR_SHOW(tool), HR_SHOW(name));
        }
    }
}

struct hr_text hr_draft_secret(struct hr_draft *draft, const struct hr_node *map)
{
    const struct hr_node *node = hr_draft_get(map, "secret");
    if (node == NULL || (node->kind == HR_NODE_scalar && hr_looks_secret(node->scalar, true)) ||
        !hr_draft_id(draft, node, "secret", false)) {
        return HR_TEXT_NONE;
    }
    return hr_draft_copy(draft, node->scalar);
}
