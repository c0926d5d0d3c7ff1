/* The two answers in the making: an object that grows, a list that grows, a page of text. */
#include "insight/inside.h"

struct hr_object hr_object_in(struct hr_arena *into)
{
    return (struct hr_object){.arena = into};
}

void hr_put(struct hr_object *object, const char *name, struct hr_value value)
{
    struct hr_member *grown = hr_list_grow(object->arena, object->members, object->count,
                                           &object->capacity, sizeof *grown);
    if (grown == NULL) {
        return; /* the arena remembers, and hr_report_end looks */
    }
    object->members = grown;
    grown[object->count++] = (struct hr_member){hr_value_text(hr_text_from(name)), value};
}

void hr_put_words(struct hr_object *object, const char *name, struct hr_text text)
{
    hr_put(object, name, text.size == 0 ? hr_value_null() : hr_value_text(text));
}

void hr_put_time(struct hr_object *object, const char *name, hr_instant at)
{
    hr_put(object, name, at == HR_INSTANT_NONE ? hr_value_null() : hr_value_time(at));
}

void hr_put_number(struct hr_object *object, const char *name, uint64_t number)
{
    hr_put(object, name, hr_value_int((int64_t)number));
}

void hr_put_truth(struct hr_object *object, const char *name, bool truth)
{
    hr_put(object, name, hr_value_bool(truth));
}

struct hr_value hr_object_value(const struct hr_object *object)
{
    return (struct hr_value){
        .kind = HR_KIND_map, .count = (uint32_t)object->count, .members = object->members};
}

struct hr_items hr_items_in(struct hr_arena *into)
{
    return (struct hr_items){.arena = into};
}

void hr_add(struct hr_items *items, struct hr_value value)
{
    struct hr_value *grown =
        hr_list_grow(items->arena, items->values, items->count, &items->capacity, sizeof *grown);
    if (grown == NULL) {
        return;
    }
    items->values = grown;
    grown[items->count++] = value;
}

struct hr_value hr_items_value(const struct hr_items *items)
{
    return (struct hr_value){
        .kind = HR_KIND_list, .count = (uint32_t)items->count, .items = items->values};
}

struct hr_buffer hr_page_in(struct hr_arena *into)
{
    struct hr_buffer page;
    hr_buffer_init(&page, into, PAGE_BYTES_MAX);
    return page;
}

hr_status hr_report_end(const struct hr_ask *ask, const struct hr_object *tree,
                        const struct hr_buffer *page, struct hr_report *ret_report)
{
    if (ask->into->failed) {
        return hr_answer(HR_E_MEMORY);
    }
    HR_TRY(hr_buffer_status(page));
    *ret_report = (struct hr_report){.json = hr_object_value(tree), .text = hr_buffer_text(page)};
    return hr_done();
}
