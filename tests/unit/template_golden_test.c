/* Every complaint about message texts, as people see it: tests/golden/template holds for each code a text
 * NNNN_name.LANDING and what is drawn for it in NNNN_name.txt. What goes wrong only when it is rendered is drawn in the
 * same way. HR_UPDATE_GOLDEN=1 writes the drawn ones anew. */
#include "unit/template_world.h"

enum { FIRST_CODE = 450, LAST_CODE = 463, PATH_SIZE = 1024 };

static const char *const landings[] = {"text", "header", "html", "url", "json"};

static void path_of(char *ret_path, const struct hr_code_info *info, const char *ending)
{
    struct hr_text source = hr_text_from(__FILE__);
    struct hr_text root = hr_text_slice(source, 0, hr_text_search(source, HR_TEXT("tests/unit/")));
    (void)snprintf(ret_path, PATH_SIZE, "%.*stests/golden/template/%04d_%s.%s", HR_SHOW(root),
                   (int)info->code, info->symbol, ending);
}

/* The file's bytes; data NULL when it is not there. */
static struct hr_text read_whole(struct world *world, const char *path)
{
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        return HR_TEXT_NONE;
    }
    char *bytes = hr_arena_alloc(&world->arena, 65536);
    assert_non_null(bytes);
    size_t size = fread(bytes, 1, 65536, stream);
    (void)fclose(stream);
    return (struct hr_text){bytes, size};
}

static void write_whole(const char *path, struct hr_text text)
{
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(text.data, 1, text.size, stream), text.size);
    (void)fclose(stream);
}

static struct hr_text source_of(void *context, struct hr_text file)
{
    (void)file;
    return ((struct world *)context)->source;
}

/* Renders what could be compiled, and adds why it could not be rendered. */
static void render(struct world *world, const struct hr_template *template)
{
    struct hr_text text;
    struct hr_template_error error = {0};
    hr_status status = hr_template_render(template, &world->view, &world->arena, &text, &error);
    if (!hr_ok(status)) {
        error.place.file = error.place.line > 0 ? HR_TEXT("text") : HR_TEXT_NONE;
        (void)hr_diagnostics_add(&world->complaints, error.code, HR_SEVERITY_error, error.place,
                                 "%.*s", HR_SHOW(error.message));
    }
}

static bool check_one(const struct hr_code_info *info)
{
    char path[PATH_SIZE];
    struct world world;
    struct hr_text source = HR_TEXT_NONE;
    int landing = -1;
    world_open(&world, "{\"bad\": \"javascript:x\", \"total\": 7, \"contact\": {\"vip\": true}}");
    world_partial(&world, "footer", "<hr>", HR_LANDING_html);
    while (source.data == NULL && ++landing < 5) {
        path_of(path, info, landings[landing]);
        source = read_whole(&world, path);
    }
    if (source.data == NULL) {
        print_error("%s has no golden file\n", info->symbol);
        world_close(&world);
        return false;
    }
    const struct hr_template *template = world_compile(&world, source, (enum hr_landing)landing);
    if (template != NULL) {
        render(&world, template);
    }
    struct hr_text drawn = hr_diagnostics_draw(&world.complaints, &world.arena, source_of, &world);
    path_of(path, info, "txt");
    if (getenv("HR_UPDATE_GOLDEN") != NULL) {
        write_whole(path, drawn);
    }
    struct hr_text expected = read_whole(&world, path);
    bool found = false;
    for (size_t i = 0; i < world.complaints.count; i++) {
        found = found || world.complaints.items[i].code == info->code;
    }
    bool good = found && hr_text_equal(drawn, expected);
    if (!good) {
        print_error("%s: expected\n%.*s\ndrawn\n%.*s\n", info->symbol, HR_SHOW(expected),
                    HR_SHOW(drawn));
    }
    world_close(&world);
    return good;
}

static bool is_ours(const struct hr_code_info *info)
{
    return (int)info->code >= FIRST_CODE && (int)info->code <= LAST_CODE;
}

static void every_code_is_drawn_as_its_golden_file_says(void **state)
{
    (void)state;
    size_t wrong = 0;
    size_t checked = 0;
    for (size_t i = 0; hr_code_at(i) != NULL; i++) {
        if (is_ours(hr_code_at(i))) {
            wrong += !check_one(hr_code_at(i));
            checked++;
        }
    }
    assert_int_equal(checked, 14);
    assert_int_equal(wrong, 0);
}

static void every_row_speaks_as_the_house_does(void **state)
{
    (void)state;
    for (size_t i = 0; hr_code_at(i) != NULL; i++) {
        const struct hr_code_info *info = hr_code_at(i);
        if (is_ours(info)) {
            struct hr_text page = hr_text_from(info->page);
            assert_true(strlen(info->help) > 10 && page.size > 80);
            assert_true(hr_text_search(page, HR_TEXT("For example ")) < page.size);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_is_drawn_as_its_golden_file_says),
        cmocka_unit_test(every_row_speaks_as_the_house_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
