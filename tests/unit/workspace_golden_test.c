/* Every complaint about workspace files, as people see it: tests/golden/check holds a bad workspace NNNN_name.yaml
 * for each code and the text that `handrail check` must draw for it. HR_UPDATE_GOLDEN=1 writes the texts anew. */
#include "unit/workspace_folder.h"

#include <dirent.h>
#include <stdlib.h>

enum { FIRST_CODE = 101, LAST_CODE = 499, PATH_SIZE = 1024 };

/* E0450 to E0463 are of message texts, tests/golden/template. */
static bool is_ours(int code)
{
    bool of_template = code >= 450 && code < 464;
    return (code >= FIRST_CODE && code < 200) || (code >= 300 && code <= LAST_CODE && !of_template);
}

static void golden_path(char *ret_path, const struct hr_code_info *info, const char *ending)
{
    char relative[PATH_SIZE / 2];
    (void)snprintf(relative, sizeof relative, "tests/golden/check/%04d_%s.%s", (int)info->code,
                   info->symbol, ending);
    project_path(ret_path, PATH_SIZE, relative);
}

static void write_whole(const char *path, struct hr_text text)
{
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(text.data, 1, text.size, stream), text.size);
    (void)fclose(stream);
}

static bool check_one(const struct hr_code_info *info)
{
    char path[PATH_SIZE];
    struct folder folder;
    folder_init(&folder);
    golden_path(path, info, "yaml");
    FILE *exists = fopen(path, "rb");
    if (exists == NULL) {
        print_error("%s has no golden file\n", info->symbol);
        return false;
    }
    (void)fclose(exists);
    struct hr_text text = read_whole(&folder.arena, path);
    if (text.size > 0) {
        folder_add_split(&folder, text);
    }
    folder_check(&folder);
    struct hr_text drawn = folder_draw(&folder);
    golden_path(path, info, "txt");
    if (getenv("HR_UPDATE_GOLDEN") != NULL) {
        write_whole(path, drawn);
    }
    struct hr_text expected = read_whole(&folder.arena, path);
    bool good = hr_text_equal(drawn, expected) && folder.found.count > 0;
    bool found = false;
    for (size_t i = 0; i < folder.found.count; i++) {
        found = found || folder.found.items[i].code == info->code;
    }
    if (!good || !found) {
        print_error("%s: expected\n%.*s\ndrawn\n%.*s\n", info->symbol, HR_SHOW(expected),
                    HR_SHOW(drawn));
    }
    assert_int_equal(hr_ok(folder.status), folder.found.error_count == 0);
    folder_close(&folder);
    return good && found;
}

static void every_code_is_drawn_as_its_golden_file_says(void **state)
{
    (void)state;
    size_t wrong = 0;
    size_t checked = 0;
    for (size_t i = 0; hr_code_at(i) != NULL; i++) {
        if (is_ours((int)hr_code_at(i)->code)) {
            wrong += !check_one(hr_code_at(i));
            checked++;
        }
    }
    print_message("%zu codes drawn\n", checked);
    assert_true(checked > 50);
    assert_int_equal(wrong, 0);
}

static void every_row_speaks_as_the_house_does(void **state)
{
    (void)state;
    static const char *const refused[] = {"invalid", "illegal", "oops", "unexpected error"};
    for (size_t i = 0; hr_code_at(i) != NULL; i++) {
        const struct hr_code_info *info = hr_code_at(i);
        if (!is_ours((int)info->code)) {
            continue;
        }
        struct hr_text text = hr_text_from(info->text);
        assert_true(text.size > 0 && text.data[text.size - 1] != '.');
        assert_true(strlen(info->help) > 10 && strlen(info->page) > 80);
        for (size_t word = 0; word < sizeof refused / sizeof refused[0]; word++) {
            assert_null(strstr(info->text, refused[word]));
            assert_null(strstr(info->help, refused[word]));
            assert_null(strstr(info->page, refused[word]));
        }
    }
}

static void no_golden_file_is_left_over(void **state)
{
    (void)state;
    char path[PATH_SIZE];
    project_path(path, sizeof path, "tests/golden/check");
    DIR *directory = opendir(path);
    assert_non_null(directory);
    size_t count = 0;
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        struct hr_text name = hr_text_from(entry->d_name);
        if (name.data[0] == '.') {
            continue;
        }
        const struct hr_code_info *info = hr_code_find(hr_text_slice(name, 0, 4));
        assert_non_null(info);
        assert_true(hr_text_starts(hr_text_slice(name, 5, name.size), hr_text_from(info->symbol)));
        count++;
    }
    (void)closedir(directory);
    assert_true(count > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_is_drawn_as_its_golden_file_says),
        cmocka_unit_test(every_row_speaks_as_the_house_does),
        cmocka_unit_test(no_golden_file_is_left_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
