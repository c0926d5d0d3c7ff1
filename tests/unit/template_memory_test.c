/* Arithmetic needs no memory that nobody can ask about: when the machine has none left, a number is still no number
 * with too many digits. AddressSanitizer brings a malloc that cannot be replaced. */
/* never under: address */
#include "unit/template_world.h"

static bool refuses;

void *__libc_malloc(size_t size);

/* The C library's, until it is told to have no more. */
void *malloc(size_t size)
{
    return refuses ? NULL : __libc_malloc(size);
}

static bool number_of(void *context, struct hr_text name, struct hr_value *ret_value)
{
    (void)context;
    (void)name;
    *ret_value = hr_value_double(1.5); /* calculated: it has no text */
    return true;
}

static void numbers_take_no_memory_of_their_own(void **state)
{
    (void)state;
    struct world world;
    struct hr_text text;
    world_open(&world, "{}");
    world.view.value_of = number_of;
    const struct hr_template *template = world_compile(
        &world, HR_TEXT("{{ n | plus: 2 }} {% if n < 1.75 %}less{% endif %}"), HR_LANDING_text);
    assert_non_null(template);
    refuses = true;
    hr_status status = hr_template_render(template, &world.view, &world.arena, &text, NULL);
    refuses = false;
    assert_int_equal(status.code, 0);
    assert_true(hr_text_equal(text, HR_TEXT("3.5 less")));
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_take_no_memory_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
