/* The workspace itself: version, name, time zone, country, business hours. */
#include "workspace/inside.h"

/* For did-you-mean only: the names that people most often mean. */
static const struct hr_text common_zones[] = {
    HR_TEXT("UTC"),
    HR_TEXT("Europe/London"),
    HR_TEXT("Europe/Dublin"),
    HR_TEXT("Europe/Lisbon"),
    HR_TEXT("Europe/Madrid"),
    HR_TEXT("Europe/Paris"),
    HR_TEXT("Europe/Amsterdam"),
    HR_TEXT("Europe/Brussels"),
    HR_TEXT("Europe/Berlin"),
    HR_TEXT("Europe/Zurich"),
    HR_TEXT("Europe/Vienna"),
    HR_TEXT("Europe/Rome"),
    HR_TEXT("Europe/Prague"),
    HR_TEXT("Europe/Warsaw"),
    HR_TEXT("Europe/Stockholm"),
    HR_TEXT("Europe/Oslo"),
    HR_TEXT("Europe/Copenhagen"),
    HR_TEXT("Europe/Helsinki"),
    HR_TEXT("Europe/Athens"),
    HR_TEXT("Europe/Istanbul"),
    HR_TEXT("Europe/Kyiv"),
    HR_TEXT("America/New_York"),
    HR_TEXT("America/Chicago"),
    HR_TEXT("America/Denver"),
    HR_TEXT("America/Los_Angeles"),
    HR_TEXT("America/Toronto"),
    HR_TEXT("America/Vancouver"),
    HR_TEXT("America/Mexico_City"),
    HR_TEXT("America/Sao_Paulo"),
    HR_TEXT("Africa/Lagos"),
    HR_TEXT("Africa/Johannesburg"),
    HR_TEXT("Asia/Dubai"),
    HR_TEXT("Asia/Kolkata"),
    HR_TEXT("Asia/Singapore"),
    HR_TEXT("Asia/Hong_Kong"),
    HR_TEXT("Asia/Tokyo"),
    HR_TEXT("Australia/Sydney"),
    HR_TEXT("Australia/Melbourne"),
    HR_TEXT("Pacific/Auckland"),
};

/* Where what a workspace lacks is told: at its id, else at another key that is set once, else above the first file. */
struct hr_place hr_draft_head_place(const struct hr_draft *draft)
{
    const struct hr_node *head = draft->single[HR_SINGLE_workspace].key;
    for (int i = 0; i < HR_SINGLE_COUNT && head == NULL; i++) {
        head = draft->single[i].key;
    }
    return head != NULL
               ? head->place
               : (struct hr_place){.file = draft->first_path, .line = 1, .column = 1, .size = 1};
}

/* The value of a key that is set once; NULL when absent, with a complaint when it is required. */
static const struct hr_node *single(struct hr_draft *draft, enum hr_single which,
                                    const char *required)
{
    const struct hr_node *node = draft->single[which].value;
    if (node == NULL && required != NULL) {
        const struct hr_node *head = draft->single[HR_SINGLE_workspace].key;
        struct hr_text rest = hr_text_from(required);
        struct hr_text key = hr_text_cut(&rest, ':');
        struct hr_diagnostic *item = hr_draft_error(draft, key_missing, hr_draft_head_place(draft),
                                                    "the workspace has no `%.*s`", HR_SHOW(key));
        item->help = head == NULL
                         ? hr_draft_say(draft, "add `%s` to one of its files", required)
                         : hr_draft_say(draft, "add `%s` on a line of its own here", required);
        if (which == HR_SINGLE_timezone) {
            item->example = HR_TEXT("\"09:00\" would be another hour for each who reads it");
        }
        if (which == HR_SINGLE_version && head != NULL && head->place.column == 1) {
            /* only one version is there to be meant */
            hr_diagnostic_fix(item, head->offset - (head->style == HR_SCALAR_plain ? 0 : 1), 0,
                              hr_draft_say(draft, "%s\n", required));
        }
    }
    return node;
}

static void read_version(struct hr_draft *draft)
{
    const struct hr_node *node = single(draft, HR_SINGLE_version, "version: 1");
    if (node == NULL || !hr_draft_scalar(draft, node, "version") ||
        hr_text_equal(node->scalar, HR_TEXT("1"))) {
        return;
    }
    hr_draft_error(draft, version_unknown, node->place,
                   "version `%.*s` of the file language is not known here",
                   HR_SHOW(hr_clipped(node->scalar)));
}

enum { ZONE_COUNT = sizeof common_zones / sizeof common_zones[0] };

/* "London", "new york": the zone whose city that is. */
static struct hr_text zone_of_city(struct hr_text written)
{
    for (size_t i = 0; i < ZONE_COUNT; i++) {
        struct hr_text city = common_zones[i];
        struct hr_text region = hr_text_cut(&city, '/');
        bool same = city.size > 0 && city.size == written.size && region.size > 0;
        for (size_t at = 0; same && at < city.size; at++) {
            char letter = written.data[at] == ' ' ? '_' : written.data[at];
            same = hr_lower(letter) == hr_lower(city.data[at]);
        }
        if (same) {
            return common_zones[i];
        }
    }
    return HR_TEXT_NONE;
}

static void read_zone(struct hr_draft *draft, hr_zone_of zone_of, void *context,
                      struct hr_text *ret_tzif)
{
    const struct hr_node *node = single(draft, HR_SINGLE_timezone, "timezone: Europe/London");
    draft->plan->zone = hr_zone_utc();
    if (node == NULL || !hr_draft_scalar(draft, node, "timezone") ||
        hr_text_equal(node->scalar, HR_TEXT("UTC"))) {
        return;
    }
    struct hr_text tzif = hr_draft_copy(draft, zone_of(context, node->scalar));
    struct hr_text name = hr_draft_copy(draft, node->scalar);
    const struct hr_zone *zone = NULL;
    if (draft->into->failed) {
        return;
    }
    hr_status status =
        tzif.size == 0 ? hr_answer(HR_E_INPUT) : hr_zone_read(draft->into, name, tzif, &zone);
    if (hr_ok(status)) {
        draft->plan->zone = zone;
        *ret_tzif = tzif;
        return;
    }
    draft->refused |= status.code == HR_E_MEMORY;
    struct hr_diagnostic *item =
        hr_draft_error(draft, zone_unknown, node->place, "there is no time zone `%.*s`",
                       HR_SHOW(hr_clipped(node->scalar)));
    struct hr_text meant = zone_of_city(node->scalar);
    if (meant.size == 0) {
        meant = hr_did_you_mean(node->scalar, common_zones, ZONE_COUNT);
    }
    if (meant.size > 0) {
        item->help = hr_draft_say(draft, "did you mean `%.*s`?", HR_SHOW(meant));
    }
    hr_draft_mend(draft, item, node, hr_surely_meant(node->scalar, common_zones, ZONE_COUNT));
}

static void read_country(struct hr_draft *draft)
{
    const struct hr_node *node = single(draft, HR_SINGLE_country, NULL);
    if (node == NULL || !hr_draft_scalar(draft, node, "country")) {
        return;
    }
    struct hr_text text = node->scalar;
    bool good = text.size == 2 && text.data[0] >= 'A' && text.data[0] <= 'Z' &&
                text.data[1] >= 'A' && text.data[1] <= 'Z' && !hr_text_equal(text, HR_TEXT("UK"));
    if (!good) {
        struct hr_diagnostic *item =
            hr_draft_error(draft, country_form, node->place, "`%.*s` is no country code",
                           HR_SHOW(hr_clipped(text)));
        if (text.size == 2 && hr_lower(text.data[0]) >= 'a' && hr_lower(text.data[0]) <= 'z' &&
            hr_lower(text.data[1]) >= 'a' && hr_lower(text.data[1]) <= 'z') {
            struct hr_text capital =
                hr_text_equal_caseless(text, HR_TEXT("UK"))
                    ? HR_TEXT("GB") /* what the standard calls it */
                    : hr_draft_say(draft, "%c%c", hr_lower(text.data[0]) - 'a' + 'A',
                                   hr_lower(text.data[1]) - 'a' + 'A');
            item->help = hr_draft_say(draft, "write `%.*s`", HR_SHOW(capital));
            hr_draft_mend(draft, item, node, capital);
        }
        return;
    }
    draft->plan->country = hr_draft_copy(draft, text);
}

/* ---- business hours ---------------------------------------------------------------------------- */

static uint8_t read_days(struct hr_draft *draft, const struct hr_node *node)
{
    size_t count = hr_draft_list(draft, node, "days", HR_LIMIT_days);
    uint8_t days = 0;
    for (size_t i = 0; i < count; i++) {
        int day = hr_draft_word(draft, node->items[i], &hr_words_day);
        days = (uint8_t)(days | (day < 0 ? 0U : 1U << (unsigned)day));
    }
    if (node != NULL && node->kind == HR_NODE_list && node->count == 0) {
        hr_draft_error(draft, text_empty, node->place,
                       "`days` is empty, so the business would never be open");
    }
    return days;
}

/* Kept in ascending order without repeats, as struct hr_hours wants it. */
static void read_closed(struct hr_draft *draft, const struct hr_node *node)
{
    size_t count = hr_draft_list(draft, node, "closed", HR_LIMIT_days);
    int32_t *closed = hr_draft_keep(draft, int32_t, count);
    size_t kept = 0;
    for (size_t i = 0; closed != NULL && i < count; i++) {
        int32_t day = 0;
        if (!hr_draft_date(draft, node->items[i], &day)) {
            continue;
        }
        size_t to = kept;
        while (to > 0 && closed[to - 1] > day) {
            to--;
        }
        if (to > 0 && closed[to - 1] == day) {
            continue;
        }
        for (size_t moving = kept; moving > to; moving--) {
            closed[moving] = closed[moving - 1];
        }
        closed[to] = day;
        kept++;
    }
    draft->plan->hours.closed = closed;
    draft->plan->hours.closed_count = kept;
}

static void read_hours(struct hr_draft *draft)
{
    struct hr_hours *hours = &draft->plan->hours;
    *hours = (struct hr_hours){.zone = draft->plan->zone, .weekdays = 0x7F, .to_minute = 1440};
    const struct hr_pair *pair = &draft->single[HR_SINGLE_business_hours];
    if (pair->value == NULL ||
        !hr_draft_map(draft, HR_GRAM_business_hours, pair->key, pair->value)) {
        return;
    }
    const struct hr_node *to = hr_draft_get(pair->value, "to");
    hours->weekdays = read_days(draft, hr_draft_get(pair->value, "days"));
    bool times = hr_draft_minute(draft, hr_draft_get(pair->value, "from"), &hours->from_minute);
    times = hr_draft_minute(draft, to, &hours->to_minute) && times;
    if (times && hours->to_minute <= hours->from_minute) {
        hr_draft_error(draft, hours_form, to->place, "business hours end before they begin")->help =
            HR_TEXT("write `to` later than `from`; hours over midnight are not possible");
    }
    read_closed(draft, hr_draft_get(pair->value, "closed"));
}

void hr_draft_read_head(struct hr_draft *draft, hr_zone_of zone_of, void *context,
                        struct hr_text *ret_tzif)
{
    read_version(draft);
    const struct hr_node *id = single(draft, HR_SINGLE_workspace, "workspace: my_business");
    if (id != NULL && hr_draft_id(draft, id, "workspace", false)) {
        draft->plan->id = hr_draft_copy(draft, id->scalar);
    }
    const struct hr_node *title = single(draft, HR_SINGLE_title, NULL);
    bool titled = title != NULL && hr_draft_scalar(draft, title, "title") &&
                  hr_draft_is_line(draft, title, "title");
    draft->plan->title = titled ? hr_draft_copy(draft, hr_text_trim(title->scalar))
                                : hr_draft_title(draft, NULL, draft->plan->id);
    read_zone(draft, zone_of, context, ret_tzif);
    read_country(draft);
    read_hours(draft);
}
