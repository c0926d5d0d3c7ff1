/* Fuzz: cron expressions. A text is refused with a place in it, or read; then the next time is behind, the
 * previous one before, and both ways meet. */
#include "data/recur.h"
#include "support/zone_bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool truth)
{
    if (!truth) {
        abort();
    }
}

static void ask(const struct hr_cron *cron, const struct hr_zone *zone, hr_instant from)
{
    for (int step = 0; step < 8; step++) {
        hr_instant next = hr_cron_next(cron, zone, from);
        if (next == HR_INSTANT_NONE) {
            break;
        }
        must(next > from && next % HR_SECOND_US == 0);
        must(hr_cron_next(cron, zone, next - 1) == next);
        must(hr_cron_previous(cron, zone, next + 1) == next);
        hr_instant before = hr_cron_previous(cron, zone, next);
        must(before == HR_INSTANT_NONE || before <= from);
        must(before == HR_INSTANT_NONE || hr_cron_next(cron, zone, before) == next);
        from = next;
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
    struct hr_cron cron, again;
    struct hr_flaw flaw = {SIZE_MAX, 0, NULL};
    enum hr_cron_form form = (enum hr_cron_form)(data[0] >> 2 & 3);
    if (!hr_ok(hr_cron_read(text, form, &cron, &flaw))) {
        must(flaw.message != NULL && flaw.at <= text.size && flaw.size <= text.size - flaw.at);
    } else {
        must(hr_ok(hr_cron_read(text, form, &again, NULL)) && hr_cron_equal(&cron, &again));
        ask(&cron, zone_of_byte(&arena, data[0]), instant_of_bytes(data + 1));
    }
    hr_arena_close(&arena);
    return 0;
}
