/* Facts as bytes, driven by facts.tbl: which slots a kind stores, in which order. */
#include "journal/facts_internal.h"

/* The letters of facts.tbl. F is also the table's macro; without a bracket behind it, it is this slot. */
enum slot {
    R = 1 << 0,
    N = 1 << 1,
    O = 1 << 2,
    n = 1 << 3,
    A = 1 << 4,
    U = 1 << 5,
    T = 1 << 6,
    S = 1 << 7,
    F = 1 << 8,
    K = 1 << 9,
    X = 1 << 10,
    V = 1 << 11
};
enum { HEADER = HR_HOME_header, BODY = HR_HOME_body };

struct row {
    const char *symbol;
    uint16_t slots;
    uint8_t version;
    uint8_t home;
};

static const struct row rows[HR_FACT_end] = {
#define F(number, symbol, version, home, slots, meaning)                                           \
    [number] = {#symbol, (slots), version, home},
#include "journal/facts.tbl"
#undef F
};

static const struct row *row_of(unsigned kind)
{
    return kind < HR_FACT_end && rows[kind].symbol != NULL ? &rows[kind] : NULL;
}

struct hr_text hr_fact_symbol(enum hr_fact_kind kind)
{
    const struct row *row = row_of((unsigned)kind);
    return row == NULL ? HR_TEXT("unknown") : hr_text_from(row->symbol);
}

enum hr_fact_home hr_fact_home(enum hr_fact_kind kind)
{
    const struct row *row = row_of((unsigned)kind);
    hr_assert(row != NULL);
    return (enum hr_fact_home)row->home;
}

void hr_put_fact(struct hr_buffer *out, const struct hr_fact *fact)
{
    const struct row *row = row_of(fact->kind);
    hr_assert(row != NULL);
    const uint64_t numbers[] = {fact->record, fact->name, fact->other, fact->number};
    const hr_instant times[] = {fact->at, fact->until, fact->third};
    hr_put_uint(out, fact->kind);
    hr_put_uint(out, row->version);
    for (unsigned i = 0; i < 4; i++) {
        if (row->slots & (R << i)) {
            hr_put_uint(out, numbers[i]);
        }
    }
    for (unsigned i = 0; i < 3; i++) {
        if (row->slots & (A << i)) {
            hr_put_int(out, times[i]);
        }
    }
    if (row->slots & S) {
        hr_put_uint(out, fact->state);
    }
    if (row->slots & F) {
        hr_put_uint(out, fact->from);
    }
    if (row->slots & K) {
        hr_put_bytes(out, fact->key.bytes, sizeof fact->key.bytes);
    }
    if (row->slots & X) {
        hr_put_text(out, fact->text);
    }
    if (row->slots & V) {
        hr_put_value(out, &fact->value);
    }
}

static void get_numbers(struct hr_reader *in, unsigned slots, struct hr_fact *fact)
{
    fact->record = slots & R ? hr_get_uint(in) : 0;
    fact->name = slots & N ? (uint32_t)hr_get_uint_max(in, UINT32_MAX) : 0;
    fact->other = slots & O ? (uint32_t)hr_get_uint_max(in, UINT32_MAX) : 0;
    fact->number = slots & n ? hr_get_uint(in) : 0;
    fact->at = slots & A ? hr_get_int(in) : 0;
    fact->until = slots & U ? hr_get_int(in) : 0;
    fact->third = slots & T ? hr_get_int(in) : 0;
    fact->state = slots & S ? (uint8_t)hr_get_uint_max(in, UINT8_MAX) : 0;
#ifdef HR_PLANT_loses_deadline
    fact->third = 0;
#endif
    fact->from = slots & F ? (uint8_t)hr_get_uint_max(in, UINT8_MAX) : 0;
}

hr_status hr_get_fact(struct hr_reader *in, struct hr_arena *into, struct hr_fact *ret_fact)
{
    *ret_fact = (struct hr_fact){0};
    uint64_t kind = hr_get_uint(in);
    uint64_t version = hr_get_uint(in);
    if (in->failed) {
        return hr_answer(HR_E_CORRUPT);
    }
    const struct row *row = kind < HR_FACT_end ? row_of((unsigned)kind) : NULL;
    if (row == NULL || version != row->version) {
        return hr_answer(HR_E_VERSION);
    }
    ret_fact->kind = (uint8_t)kind;
    get_numbers(in, row->slots, ret_fact);
    if (row->slots & K) {
        hr_get_bytes(in, ret_fact->key.bytes, sizeof ret_fact->key.bytes);
    }
    if (row->slots & X) {
        ret_fact->text = hr_get_text(in);
    }
    if (row->slots & V) {
        (void)hr_get_value(in, into, &ret_fact->value);
    }
    return in->failed ? hr_answer(HR_E_CORRUPT) : hr_done();
}
