/* Fuzz: recurrence rules. A text is refused with a place in it, or read; then its instances come in order, end where
 * the rule ends, and are found from any instant as well as by walking there. */
#include "data/recur.h"
#include "support/zone_bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool truth)
{
    if (!truth) {
        abort();
    }
}

static void walk_along(const struct hr_rule *rule, const struct hr_rule_start *start)
{
    struct hr_rule_walk walk;
    if (!hr_ok(hr_rule_begin(rule, start, &walk))) {
        return;
    }
    hr_instant last = start->at - (start->whole_days ? 2 * HR_DAY_US : 1);
    for (uint32_t step = 0; step < 20; step++) {
        hr_instant got, found;
        hr_status status = hr_rule_next(&walk, &got);
        must(status.code >= 0);
        if (!hr_ok(status)) {
            break;
        }
        must(got > last && got % HR_SECOND_US == 0);
        must(rule->count == 0 || step < rule->count);
        must(rule->until_kind != HR_RULE_UNTIL_utc || got / HR_SECOND_US <= rule->until);
        must(hr_ok(hr_rule_after(rule, start, last, &found)) && found == got);
        must(hr_ok(hr_rule_after(rule, start, got - 1, &found)) && found == got);
        last = got;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 5) {
        return 0;
    }
    struct hr_arena arena;
    hr_arena_init(&arena, 1 << 20);
    struct hr_text text = {(const char *)data + 5, size - 5};
    struct hr_rule rule;
    struct hr_flaw flaw = {SIZE_MAX, 0, NULL};
    if (!hr_ok(hr_rule_read(text, &rule, &flaw))) {
        must(flaw.message != NULL && flaw.at <= text.size && flaw.size <= text.size - flaw.at);
    } else {
        hr_instant at = instant_of_bytes(data + 1);
        struct hr_rule_start start = {.zone = zone_of_byte(&arena, data[0]),
                                      .at = at - (at % HR_SECOND_US + HR_SECOND_US) % HR_SECOND_US,
                                      .whole_days = (data[0] & 4) != 0};
        walk_along(&rule, &start);
    }
    hr_arena_close(&arena);
    return 0;
}
