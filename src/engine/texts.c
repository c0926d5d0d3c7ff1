/* What the texts of steps show: the contact as they are known, the event at hand, the one that began the enrollment. */
#include "engine/effects.h"

struct listing {
    struct hr_member *members;
    uint32_t count;
};

static void add(struct listing *listing, struct hr_text name, struct hr_value value)
{
    if (value.kind != HR_KIND_null) {
        listing->members[listing->count++] = (struct hr_member){hr_value_text(name), value};
    }
}

static struct hr_value as_map(const struct listing *listing)
{
    return (struct hr_value){
        .kind = HR_KIND_map, .count = listing->count, .members = listing->members};
}

static bool contact_map(const struct hr_words_sight *words, struct hr_value *ret_value)
{
    const struct hr_plan *plan = words->sight->plan;
    const struct hr_contact *contact = words->sight->contact;
    struct listing listing = {hr_arena_new_many(words->arena, struct hr_member, plan->field_count),
                              0};
    for (size_t i = 0; listing.members != NULL && i < plan->field_count; i++) {
        const struct hr_said *said = hr_contact_field(contact, plan->fields[i].name_number);
        if (said != NULL) {
            add(&listing, plan->fields[i].id, said->value);
        }
    }
    *ret_value = as_map(&listing);
    return listing.members != NULL;
}

static bool event_map(const struct hr_words_sight *words, const struct hr_kept_event *event,
                      struct hr_value *ret_value)
{
    enum { OWN = 2 };
    const struct hr_plan *plan = words->sight->plan;
    if (event == NULL) {
        return false;
    }
    bool named = event->data.kind == HR_KIND_map;
    size_t count = named ? event->data.count : 0;
    struct listing listing = {hr_arena_new_many(words->arena, struct hr_member, count + OWN), 0};
    if (listing.members == NULL) {
        return false;
    }
    int32_t type = hr_plan_event_numbered(plan, event->type);
    add(&listing, HR_TEXT("type"),
        type < 0 ? hr_value_null() : hr_value_text(plan->event_names[type].name));
    add(&listing, HR_TEXT("at"), hr_value_time(event->at));
    for (size_t i = 0; i < count; i++) {
        listing.members[listing.count++] = event->data.members[i];
    }
    *ret_value = as_map(&listing);
    return true;
}

static bool value_of(void *context, struct hr_text name, struct hr_value *ret_value)
{
    const struct hr_words_sight *words = context;
    if (hr_text_equal(name, HR_TEXT("contact"))) {
        return contact_map(words, ret_value);
    }
    if (hr_text_equal(name, HR_TEXT("event"))) {
        return event_map(words, words->sight->event, ret_value);
    }
    if (hr_text_equal(name, HR_TEXT("trigger"))) {
        return event_map(words, words->sight->trigger, ret_value);
    }
    return false;
}

struct hr_template_view hr_words_view(struct hr_words_sight *words)
{
    return (struct hr_template_view){.context = words,
                                     .value_of = value_of,
                                     .now = words->sight->now,
                                     .zone = words->sight->plan->zone};
}

hr_status hr_walk_text(struct hr_walk *walk, const struct hr_words_template *text,
                       struct hr_text *ret_text, struct hr_text *ret_why)
{
    struct hr_arena *arena = walk->passing->step->arena;
    struct hr_sight sight = hr_walk_sight(walk);
    struct hr_words_sight words = {&sight, arena};
    const struct hr_template_view view = hr_words_view(&words);
    struct hr_template_error error = {0};
    *ret_text = HR_TEXT_NONE;
    *ret_why = HR_TEXT_NONE;
    if (text->template == NULL) {
        return hr_done();
    }
    hr_status status = hr_template_render(text->template, &view, arena, ret_text, &error);
    if (status.code > 0) {
        *ret_why = error.message;
        return hr_done();
    }
    return status;
}
