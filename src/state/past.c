/* Older values of watched fields: what a proof of an earlier moment reads. They stand by the time they were said to
 * hold, whatever the order in which they were heard, and the least useful makes room. */
#include "state/state_internal.h"

#include <string.h>

int hr_value_order(struct hr_arena *scratch, const struct hr_value *a, const struct hr_value *b)
{
    enum { VALUE_BYTES_MAX = 64 << 10 };
    struct hr_buffer first;
    struct hr_buffer second;
    hr_buffer_init(&first, scratch, VALUE_BYTES_MAX);
    hr_buffer_init(&second, scratch, VALUE_BYTES_MAX);
    hr_put_value(&first, a);
    hr_put_value(&second, b);
    return hr_text_compare(hr_buffer_text(&first), hr_buffer_text(&second));
}

static size_t past_of(const struct hr_contact *contact, uint32_t field)
{
    size_t count = 0;
    for (size_t i = 0; i < contact->past_count; i++) {
        count += contact->past[i].field == field;
    }
    return count;
}

bool hr_contact_made_room(const struct hr_contact *contact, uint32_t field)
{
    return field == 0 ? contact->kept_count >= HR_KEPT_MAX : past_of(contact, field) >= HR_PAST_MAX;
}

/* The oldest value that only repeats the one before it and is repeated by the one after it; else the oldest. */
static size_t expendable(const struct hr_contact *contact, uint32_t field)
{
    const struct hr_said *before = NULL;
    const struct hr_said *middle = NULL;
    size_t middle_at = 0;
    size_t oldest = contact->past_count;
    for (size_t i = 0; i < contact->past_count + contact->field_count; i++) {
        bool past = i < contact->past_count;
        const struct hr_said *said =
            past ? &contact->past[i] : &contact->fields[i - contact->past_count];
        if (said->field != field) {
            continue;
        }
        if (before != NULL && hr_value_equal(&before->value, &middle->value) &&
            hr_value_equal(&middle->value, &said->value)) {
            return middle_at;
        }
        oldest = middle == NULL ? i : oldest;
        before = middle;
        middle = said;
        middle_at = i;
    }
    return oldest;
}

static bool stands_before(struct hr_arena *scratch, const struct hr_said *a,
                          const struct hr_said *b)
{
    return a->at < b->at || (a->at == b->at && hr_value_order(scratch, &a->value, &b->value) <= 0);
}

hr_status hr_keep_past(const struct hr_folding *folding, struct hr_contact *contact,
                       struct hr_said said)
{
    bool full = past_of(contact, said.field) >= HR_PAST_MAX;
    size_t at = contact->past_count;
    while (at > 0 && !stands_before(folding->arena, &contact->past[at - 1], &said)) {
        at--;
    }
    void *past = NULL;
    struct hr_said *place = hr_array_insert(folding->arena, contact->past, contact->past_count, at,
                                            sizeof *place, &past);
    if (place == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    *place = said;
    contact->past = past;
    contact->past_count++;
    if (full) {
        size_t drop = expendable(contact, said.field);
        memmove(contact->past + drop, contact->past + drop + 1,
                (contact->past_count - drop - 1) * sizeof *contact->past);
        contact->past_count--;
    }
    return hr_done();
}
