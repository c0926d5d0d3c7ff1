/* What a courier carries with: opened when it is first needed. */
#include "server/courier.h"

void hr_courier_init(struct hr_courier *courier, const struct hr_courier_options *options)
{
    *courier = (struct hr_courier){.options = *options};
    hr_arena_init(&courier->arena, HR_COURIER_BUDGET_BYTES);
}

void hr_courier_done(struct hr_courier *courier)
{
    hr_courier_mailers_done(courier);
    hr_caller_free(courier->caller);
    hr_http_client_free(courier->client);
    hr_arena_close(&courier->arena);
}
