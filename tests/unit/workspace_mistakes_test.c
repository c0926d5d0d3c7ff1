/* Mistakes that new users make, one a workspace, with the text that `check` draws for them and the workspace as it is
 * meant: tests/golden/mistakes/NN_name.yaml, .txt and .mended.yaml. The message alone must lead from the first to the
 * last. Where it names a second way out, .other.yaml is the workspace that took it. HR_UPDATE_GOLDEN=1 writes the texts
 * anew. */
#include "unit/workspace_folder.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

enum { PATH_SIZE = 1024, CHANGED_LINES_MAX = 2 };

static const char folder_name[] = "tests/golden/mistakes";

static void path_of(char *ret_path, const char *name, const char *ending)
{
    char relative[PATH_SIZE / 2];
    (void)snprintf(relative, sizeof relative, "%s/%s%s", folder_name, name, ending);
    project_path(ret_path, PATH_SIZE, relative);
}

static void check_file(struct folder *folder, struct hr_text text)
{
    folder_init(folder);
    folder_add(folder, "shop.yaml", text);
    folder_check(folder);
}

static void write_whole(const char *path, struct hr_text text)
{
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(text.data, 1, text.size, stream), text.size);
    (void)fclose(stream);
}

/* Lines that differ at the same place; a line more or less counts as one. */
static size_t changed_lines(struct hr_text a, struct hr_text b)
{
    size_t changed = 0;
    while (a.size > 0 || b.size > 0) {
        struct hr_text left = hr_text_cut(&a, '\n');
        struct hr_text right = hr_text_cut(&b, '\n');
        if (hr_text_equal(left, right)) {
            continue;
        }
        changed++;
        struct hr_text next = a;
        if (hr_text_equal(hr_text_cut(&next, '\n'), right)) {
            a = next; /* a line too many */
        }
        next = b;
        if (hr_text_equal(hr_text_cut(&next, '\n'), left)) {
            b = next; /* one too few */
        }
    }
    return changed;
}

/* All but what says that a part waits for a later release. */
static size_t complaints(const struct folder *folder)
{
    size_t count = 0;
    for (size_t i = 0; i < folder->found.count; i++) {
        count += folder->found.items[i].code != HR_CODE_not_available_yet;
    }
    return count;
}

/* A fix that is offered as certain leads to what is meant, at once. */
static void check_fix(const struct folder *folder, struct hr_text wrong, const char *name)
{
    const struct hr_diagnostic *item = &folder->found.items[0];
    struct folder fixed;
    struct hr_arena arena;
    size_t from = 0;
    size_t size = 0;
    if (!hr_fix_locate(item, wrong, &from, &size)) {
        return;
    }
    hr_arena_init(&arena, 1 << 20);
    struct hr_text text = hr_text_format(&arena, "%.*s%.*s%.*s", (int)from, wrong.data,
                                         HR_SHOW(item->fix.replacement),
                                         HR_SHOW(hr_text_slice(wrong, from + size, wrong.size)));
    check_file(&fixed, text);
    if (complaints(&fixed) > 0) {
        fail_msg("%s: its fix leaves\n%.*s", name, HR_SHOW(folder_draw(&fixed)));
    }
    folder_close(&fixed);
    hr_arena_close(&arena);
}

/* A way out that the message names leads out at once. */
static void check_way_out(struct hr_text mended, const char *name)
{
    struct folder folder;
    check_file(&folder, mended);
    if (complaints(&folder) > 0) {
        fail_msg("%s: %.*s", name, HR_SHOW(folder_draw(&folder)));
    }
    folder_close(&folder);
}

static bool check_one(const char *name)
{
    char path[PATH_SIZE];
    struct hr_arena arena;
    struct folder folder;
    hr_arena_init(&arena, 1 << 20);
    path_of(path, name, ".yaml");
    struct hr_text wrong = read_whole(&arena, path);
    path_of(path, name, ".mended.yaml");
    struct hr_text mended = read_whole(&arena, path);
    assert_true(wrong.size > 0 && mended.size > 0);
    check_way_out(mended, name);
    path_of(path, name, ".other.yaml");
    if (access(path, F_OK) == 0) {
        check_way_out(read_whole(&arena, path), path);
    }
    if (changed_lines(wrong, mended) > CHANGED_LINES_MAX) {
        fail_msg("%s is more than one mistake", name);
    }

    check_file(&folder, wrong);
    struct hr_text drawn = folder_draw(&folder);
    path_of(path, name, ".txt");
    if (getenv("HR_UPDATE_GOLDEN") != NULL) {
        write_whole(path, drawn);
    }
    struct hr_text expected = read_whole(&arena, path);
    bool good = hr_text_equal(drawn, expected) && complaints(&folder) > 0;
    if (!good) {
        print_error("%s: expected\n%.*s\ndrawn\n%.*s\n", name, HR_SHOW(expected), HR_SHOW(drawn));
    } else {
        check_fix(&folder, wrong, name);
    }
    folder_close(&folder);
    hr_arena_close(&arena);
    return good;
}

static void each_mistake_is_named_with_its_way_out(void **state)
{
    (void)state;
    char path[PATH_SIZE];
    struct dirent **entries = NULL;
    size_t checked = 0;
    size_t wrong = 0;
    project_path(path, sizeof path, folder_name);
    int count = scandir(path, &entries, NULL, alphasort);
    assert_true(count > 0);
    for (int i = 0; i < count; i++) {
        struct hr_text name = hr_text_from(entries[i]->d_name);
        if (hr_text_ends(name, HR_TEXT(".yaml")) && !hr_text_ends(name, HR_TEXT(".mended.yaml")) &&
            !hr_text_ends(name, HR_TEXT(".other.yaml"))) {
            char stem[256];
            (void)snprintf(stem, sizeof stem, "%.*s", (int)name.size - 5, name.data);
            wrong += !check_one(stem);
            checked++;
        }
        free(entries[i]);
    }
    free(entries);
    print_message("%zu mistakes\n", checked);
    assert_true(checked >= 20);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_mistake_is_named_with_its_way_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
