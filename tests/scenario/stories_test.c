/* Runs every story of tests/scenario/stories. */
/* links: server */
#include "story.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int is_story(const struct dirent *item)
{
    return strstr(item->d_name, ".story") != NULL;
}

static bool run_story(const char *name)
{
    static struct story story;
    struct hr_text text = HR_TEXT_NONE;
    struct hr_arena arena;
    char path[512];
    (void)snprintf(path, sizeof path, "tests/scenario/stories/%s", name);
    hr_arena_init(&arena, 1 << 20);
    hr_assert(hr_ok(hr_file_read(path, 64 << 10, &arena, &text)));
    struct hr_text rest = text;
    struct hr_text first = hr_text_cut(&rest, '\n');
    bool elsewhere = hr_text_starts(first, HR_TEXT("workspace "));
    text = elsewhere ? rest : text;
    story_open(&story, name,
               elsewhere ? hr_text_copy(&arena, hr_text_slice(first, 10, first.size)).data
                         : "examples/coaching");
    story.line = elsewhere;
    while (text.size > 0 && !story.failed) {
        story.line++;
        story_line(&story, hr_text_cut(&text, '\n'));
    }
    story_close(&story);
    hr_arena_close(&arena);
    printf("%s %s\n", story.failed ? "FAILED" : "ok    ", name);
    return !story.failed;
}

int main(int count, char **arguments)
{
    struct dirent **items = NULL;
    int stories = scandir("tests/scenario/stories", &items, is_story, alphasort);
    int failed = stories <= 0;
    for (int i = 0; i < stories; i++) {
        bool wanted = count < 2 || strstr(items[i]->d_name, arguments[1]) != NULL;
        failed += wanted && !run_story(items[i]->d_name);
        free(items[i]);
    }
    free(items);
    return failed == 0 ? 0 : 1;
}
