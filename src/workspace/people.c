/* The people: roles, deputies, absences, and where alerts reach them. */
#include "data/identity.h"
#include "workspace/inside.h"

static bool is_ascii(struct hr_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        if ((unsigned char)text.data[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

struct hr_text hr_draft_address(struct hr_draft *draft, const struct hr_node *map, const char *key,
                                const char *beyond_ascii)
{
    const struct hr_node *node = hr_draft_get(map, key);
    struct hr_text normal = HR_TEXT_NONE;
    if (node == NULL || !hr_draft_scalar(draft, node, key)) {
        return HR_TEXT_NONE;
    }
    if (!hr_email_normal(&draft->scratch, node->scalar, &normal)) {
        hr_draft_error(draft, email_form, node->place, "this is no e-mail address");
        return HR_TEXT_NONE;
    }
    if (!is_ascii(normal)) { /* a customer's may have others; ours have to pass every mail server */
        hr_draft_error(draft, email_form, node->place, "%s", beyond_ascii)->help =
            HR_TEXT("write an address of plain letters, digits and signs; an international "
                    "domain is written as xn--...");
        return HR_TEXT_NONE;
    }
    return hr_draft_copy(draft, hr_text_trim(node->scalar));
}

static bool is_alert_url(struct hr_text url)
{
    for (size_t i = 0; i < url.size; i++) {
        if ((unsigned char)url.data[i] <= ' ') {
            return false;
        }
    }
    return (hr_text_starts(url, HR_TEXT("https://")) && url.size > 8) ||
           hr_text_starts(url, HR_TEXT("http://localhost:")) ||
           hr_text_starts(url, HR_TEXT("http://127.0.0.1:"));
}

static void read_webhook(struct hr_draft *draft, struct hr_person *person,
                         const struct hr_node *map)
{
    const struct hr_node *node = hr_draft_get(map, "webhook");
    if (node == NULL || !hr_draft_map(draft, HR_GRAM_webhook, node, node)) {
        return;
    }
    person->webhook = hr_draft_text(draft, node, "url");
    person->webhook_secret = hr_draft_secret(draft, node);
    if (person->webhook.size > 0 && !is_alert_url(person->webhook)) {
        hr_draft_error(draft, url_form, hr_draft_get(node, "url")->place,
                       "alerts cannot be sent to this address");
    }
}

static void read_away(struct hr_draft *draft, struct hr_person *person, const struct hr_node *map)
{
    const struct hr_node *list = hr_draft_get(map, "away");
    size_t count = hr_draft_list(draft, list, "away", HR_LIMIT_days);
    struct hr_away *away = hr_draft_keep(draft, struct hr_away, count);
    size_t kept = 0;
    for (size_t i = 0; away != NULL && i < count; i++) {
        const struct hr_node *node = list->items[i];
        int32_t from = 0;
        int32_t to = 0;
        if (!hr_draft_map(draft, HR_GRAM_absence, node, node) ||
            !hr_draft_date(draft, hr_draft_get(node, "from"), &from) ||
            !hr_draft_date(draft, hr_draft_get(node, "to"), &to)) {
            continue;
        }
        if (to < from) {
            hr_draft_error(draft, date_form, hr_draft_get(node, "to")->place,
                           "this absence ends before it begins")
                ->help =
                HR_TEXT("write the first and the last day away; one day is the same date twice");
            continue;
        }
        away[kept++] = (struct hr_away){
            .from = hr_zone_instant(draft->plan->zone, from, 0),
            .to = hr_zone_instant(draft->plan->zone, (int64_t)to + 1, 0),
        };
    }
    person->away = away;
    person->away_count = kept;
}

static void read_person(struct hr_draft *draft, struct hr_person *person,
                        const struct hr_pair *pair)
{
    person->deputy = HR_NONE_INDEX;
    person->role = HR_ROLE_viewer;
    if (!hr_draft_id(draft, pair->key, "person", false) ||
        !hr_draft_map(draft, HR_GRAM_person, pair->key, pair->value)) {
        return;
    }
    person->name = hr_draft_line(draft, pair->value, "name");
    person->email =
        hr_draft_address(draft, pair->value, "email",
                         "alerts cannot be sent to an address with letters beyond ASCII");
    const struct hr_node *role = hr_draft_get(pair->value, "role");
    int word = role == NULL ? -1 : hr_draft_word(draft, role, &hr_words_role);
    person->role = word < 0 ? HR_ROLE_viewer : (enum hr_role)word;
    read_webhook(draft, person, pair->value);
    read_away(draft, person, pair->value);
    person->deputy = hr_draft_ref_at(draft, pair->value, "deputy", &draft->person_names,
                                     HR_CODE_person_undeclared);
    person->inactive = !hr_draft_flag(draft, pair->value, "active", true);
}

/* A person who is their own deputy is a slip; deputies in a ring are only harmful while all are
 * away. */
static void check_deputies(struct hr_draft *draft, size_t index)
{
    const struct hr_person *people = draft->plan->people;
    const struct hr_node *node = hr_draft_get(draft->people.pairs[index].value, "deputy");
    hr_draft_check_active(draft, node, people[index].deputy, HR_NONE_INDEX);
    if (people[index].deputy == (int32_t)index) {
        hr_draft_error(draft, deputy_circle, node->place, "`%.*s` is their own deputy",
                       HR_SHOW(people[index].id));
        return;
    }
    bool first = true; /* the ring is told once, at its first person */
    int32_t at = people[index].deputy;
    for (size_t steps = 0; at >= 0 && at != (int32_t)index && steps < draft->plan->person_count;
         steps++) {
        first = first && at > (int32_t)index;
        at = people[at].deputy;
    }
    if (at != (int32_t)index || !first) {
        return;
    }
    struct hr_diagnostic *item = hr_draft_warning(
        draft, deputy_circle, node->place, "the deputies of `%.*s` lead back to `%.*s`",
        HR_SHOW(people[index].id), HR_SHOW(people[index].id));
    item->example = HR_TEXT("when all of them are away, an alert finds nobody");
}

void hr_draft_read_people(struct hr_draft *draft)
{
    struct hr_section *section = &draft->people;
    struct hr_place place = hr_draft_head_place(draft);
    draft->person_names = (struct hr_known_ids){.noun = "person", .broken = section->count == 0};
    if (section->count == 0) {
        struct hr_diagnostic *item =
            hr_draft_error(draft, key_missing, place, "the workspace has no `people`");
        item->example = HR_TEXT("a failure would be told to nobody");
        item->help = HR_TEXT("add `people:` and below it `maya: {name: Maya Okafor, email: "
                             "maya@example.com, role: admin}`");
        return;
    }
    if (!hr_draft_within(draft, HR_LIMIT_people, section->count, section->pairs[0].key->place)) {
        draft->person_names.broken = true;
        return;
    }
    struct hr_plan *plan = draft->plan;
    plan->people = hr_draft_keep(draft, struct hr_person, section->count);
    struct hr_text *ids = hr_draft_keep(draft, struct hr_text, section->count);
    if (plan->people == NULL || ids == NULL) {
        return;
    }
    for (size_t i = 0; i < section->count; i++) {
        ids[i] = plan->people[i].id = hr_draft_copy(draft, section->pairs[i].key->scalar);
    }
    plan->person_count = section->count;
    draft->person_names.items = ids;
    draft->person_names.count = section->count;
    draft->person_names.by_id = &section->by_id;
    for (size_t i = 0; i < section->count; i++) {
        read_person(draft, &plan->people[i], &section->pairs[i]);
    }
    for (size_t i = 0; i < section->count; i++) {
        check_deputies(draft, i);
    }
}

/* ---- teams ------------------------------------------------------------------------------------ */

static void read_team(struct hr_draft *draft, struct hr_team *team, const struct hr_pair *pair)
{
    size_t count = hr_draft_list(draft, pair->value, "team", HR_LIMIT_members);
    int32_t *people = hr_draft_keep(draft, int32_t, count);
    team->title = hr_draft_title(draft, NULL, team->id);
    team->place = hr_draft_place(draft, pair->key->place);
    team->people = people;
    if (pair->value->kind == HR_NODE_list && pair->value->count == 0) {
        hr_draft_error(draft, text_empty, pair->value->place, "team `%.*s` has nobody in it",
                       HR_SHOW(team->id));
    }
    for (size_t i = 0; people != NULL && i < count; i++) {
        int32_t person = hr_draft_ref(draft, pair->value->items[i], &draft->person_names,
                                      HR_CODE_person_undeclared);
        if (person >= 0) {
            people[team->person_count++] = person;
        }
    }
}

/* One list of people and teams, people first: whoever may be named by either. */
static void name_parties(struct hr_draft *draft)
{
    size_t people = draft->person_names.count;
    size_t count = people + draft->plan->team_count;
    struct hr_text *ids = hr_draft_keep(draft, struct hr_text, count);
    struct hr_map *by_id = hr_draft_scratch(draft, struct hr_map, 1);
    if (ids == NULL || by_id == NULL) {
        return;
    }
    hr_map_init(by_id, &draft->scratch);
    for (size_t i = 0; i < count; i++) {
        ids[i] = i < people ? draft->person_names.items[i] : draft->plan->teams[i - people].id;
        draft->refused |= !hr_ok(hr_map_put(by_id, ids[i], i));
    }
    draft->team_names.items = &ids[people]; /* may be none */
    draft->party_names =
        (struct hr_known_ids){"person or team", ids, count,
                              draft->person_names.broken || draft->team_names.broken, by_id};
}

void hr_draft_read_teams(struct hr_draft *draft)
{
    struct hr_section *section = &draft->teams;
    struct hr_plan *plan = draft->plan;
    draft->team_names = (struct hr_known_ids){.noun = "team", .by_id = &section->by_id};
    if (section->count > 0 &&
        hr_draft_within(draft, HR_LIMIT_teams, section->count, section->pairs[0].key->place)) {
        plan->teams = hr_draft_keep(draft, struct hr_team, section->count);
    }
    for (size_t i = 0; plan->teams != NULL && i < section->count; i++) {
        const struct hr_node *key = section->pairs[i].key;
        plan->teams[i].id = hr_draft_copy(draft, key->scalar);
        plan->team_count++;
        int32_t person = hr_known_find(&draft->person_names, key->scalar);
        if (hr_draft_id(draft, key, "team", false) && person >= 0) {
            struct hr_diagnostic *item =
                hr_draft_error(draft, id_twice, key->place,
                               "a team and a person are both called `%.*s`", HR_SHOW(key->scalar));
            item->label = HR_TEXT("the team");
            item->second = draft->people.pairs[person].key->place;
            item->second_label = HR_TEXT("the person");
        }
        read_team(draft, &plan->teams[i], &section->pairs[i]);
    }
    draft->team_names.count = plan->team_count;
    draft->team_names.broken = section->count > 0 && plan->teams == NULL;
    name_parties(draft);
}
