/* Files of a workspace and of a data folder, as bytes. */
#include "server/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    FILES_MAX = 512,
    FILE_BYTES_MAX = 1 << 20,
    PASSED_OVER_MAX = 8,
    LOOKED_AT_MAX = 4096,
    FOLDER_DEPTH_MAX = 8,
    PATH_BYTES_MAX = 4096,
    ZONE_BYTES_MAX = 64 << 10
};

static hr_status read_all(int file, size_t most, struct hr_arena *into, struct hr_text *ret_bytes)
{
    struct stat about;
    if (fstat(file, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size < 0 ||
        (size_t)about.st_size > most) {
        return hr_answer(HR_E_INPUT);
    }
    size_t size = (size_t)about.st_size;
    char *bytes = hr_arena_alloc(into, size + 1);
    if (bytes == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    for (size_t at = 0; at < size;) {
        ssize_t got = read(file, bytes + at, size - at);
        if (got <= 0) {
            return hr_answer(HR_E_IO);
        }
        at += (size_t)got;
    }
    *ret_bytes = (struct hr_text){bytes, size};
    return hr_done();
}

hr_status hr_file_read(const char *path, size_t most, struct hr_arena *into,
                       struct hr_text *ret_bytes)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return hr_answer(HR_E_INPUT);
    }
    hr_status status = read_all(file, most, into, ret_bytes);
    (void)close(file);
    return status;
}

/* ---- is it one? ------------------------------------------------------------------------------------- */

static bool is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

static bool ends_in_yaml(const struct dirent *item)
{
    return item->d_name[0] != '.' && hr_text_ends(hr_text_from(item->d_name), HR_TEXT(".yaml"));
}

static bool has_yaml(const char *folder)
{
    bool found = false;
    DIR *items = opendir(folder);
    for (struct dirent *item = NULL; items != NULL && !found && (item = readdir(items)) != NULL;) {
        found = ends_in_yaml(item);
    }
    if (items != NULL) {
        (void)closedir(items);
    }
    return found;
}

/* A line `workspace:` in a file. */
static bool names_workspace(const char *path, struct hr_arena *scratch)
{
    struct hr_text bytes = HR_TEXT_NONE;
    struct hr_text key = HR_TEXT("\nworkspace:");
    bool read = hr_ok(hr_file_read(path, FILE_BYTES_MAX, scratch, &bytes));
    return read && (hr_text_starts(bytes, hr_text_slice(key, 1, key.size)) ||
                    hr_text_search(bytes, key) < bytes.size);
}

/* In the folder, and with `below` in those in it. At most `*left` items are looked at. */
static bool looks_so(const char *folder, bool below, size_t *left, struct hr_arena *scratch)
{
    bool found = false;
    DIR *items = opendir(folder);
    struct dirent *item = NULL;
    while (items != NULL && !found && *left > 0 && (item = readdir(items)) != NULL) {
        struct hr_arena_mark mark = hr_arena_mark(scratch);
        struct hr_text path = hr_text_format(scratch, "%s/%s", folder, item->d_name);
        --*left;
        if (path.data != NULL && ends_in_yaml(item)) {
            found = names_workspace(path.data, scratch);
        } else if (path.data != NULL && below && item->d_name[0] != '.' && is_folder(path.data)) {
            found = looks_so(path.data, false, left, scratch);
        }
        hr_arena_rewind(scratch, mark);
    }
    if (items != NULL) {
        (void)closedir(items);
    }
    return found;
}

bool hr_files_is_workspace(const char *folder, struct hr_arena *scratch)
{
    size_t left = LOOKED_AT_MAX;
    struct hr_arena_mark mark = hr_arena_mark(scratch);
    struct hr_text data = hr_text_format(scratch, "%s/.handrail", folder);
    bool has_data = data.data != NULL && is_folder(data.data);
    hr_arena_rewind(scratch, mark);
    return has_data || looks_so(folder, true, &left, scratch);
}

/* ---- the workspace -------------------------------------------------------------------------------- */

struct listing {
    const char *folder;
    struct hr_arena *arena;
    struct hr_diagnostics *reterr;
    struct hr_file *files;
    size_t count;
    size_t bytes;       /* of files and paths so far */
    size_t passed_over; /* warned of */
    bool broken;        /* a file could not be read; those behind it are */
};

/* Where it is no workspace at all, that is what is to be said. */
static struct hr_text wrong_folder(const struct listing *listing, struct hr_text help)
{
    return hr_files_is_workspace(listing->folder, listing->arena)
               ? help
               : HR_TEXT("no file here says `workspace:`, so this may be the wrong folder: go into "
                         "the workspace, or name its folder");
}

static hr_status complain_file(struct listing *listing, struct hr_text path, const char *what,
                               const char *help)
{
    struct hr_place place = {.file = path};
    hr_diagnostics_add(listing->reterr, HR_CODE_file_missing, HR_SEVERITY_error, place, "%.*s %s",
                       HR_SHOW(path), what)
        ->help = wrong_folder(listing, hr_text_from(help));
    return hr_answer(HR_E_INPUT);
}

static hr_status complain_unreadable(struct listing *listing, struct hr_text path, int why)
{
    if (why == ELOOP || why == ENOENT) {
        return complain_file(listing, path,
                             why == ELOOP ? "is a link that leads in a circle"
                                          : "is a link that leads nowhere",
                             "remove the link, or let it lead to a file");
    }
    return complain_file(listing, path, "cannot be read", "make it a file that you may read");
}

/* A file that somebody took for a part of the workspace: not read, and it says so. */
static void warn_passed_over(struct listing *listing, struct hr_text path, const char *what,
                             const char *help)
{
    struct hr_place place = {.file = path};
    if (listing->passed_over++ < PASSED_OVER_MAX) {
        hr_diagnostics_add(listing->reterr, HR_CODE_file_passed_over, HR_SEVERITY_warning, place,
                           "%.*s %s", HR_SHOW(path), what)
            ->help = hr_text_from(help);
    }
}

/* A head with a subject stands only in messages. */
static bool is_message(const struct listing *listing, struct hr_text path)
{
    struct hr_text bytes = HR_TEXT_NONE;
    struct hr_arena_mark mark = hr_arena_mark(listing->arena);
    bool head = hr_ok(hr_file_read(path.data, FILE_BYTES_MAX, listing->arena, &bytes)) &&
                hr_text_starts(bytes, HR_TEXT("---\n")) &&
                hr_text_search(bytes, HR_TEXT("\nsubject:")) < bytes.size;
    hr_arena_rewind(listing->arena, mark);
    return head;
}

static void judge_passed_over(struct listing *listing, struct hr_text inner, struct hr_text path)
{
    if (hr_text_ends(inner, HR_TEXT(".yml"))) {
        warn_passed_over(listing, inner, "is passed over: workspace files end in .yaml",
                         "rename it to end in .yaml, or move it out of the workspace");
    } else if ((hr_text_ends(inner, HR_TEXT(".md")) || hr_text_ends(inner, HR_TEXT(".txt"))) &&
               is_message(listing, path)) {
        warn_passed_over(listing, inner,
                         "is passed over: it looks like a message, and is not in a "
                         "folder called messages",
                         "move it into messages/");
    }
}

/* Said here, so that `check` says it before `serve` or `reload` could fail to journal them. */
static hr_status complain_size(struct listing *listing, struct hr_text path)
{
    struct hr_place place = {.file = path};
    (void)hr_diagnostics_add(listing->reterr, HR_CODE_workspace_too_large, HR_SEVERITY_error, place,
                             "with %.*s the files of this workspace have more than %d KiB together",
                             HR_SHOW(path), HR_FILES_BYTES_MAX >> 10);
    return hr_answer(HR_E_INPUT);
}

static hr_status add_file(struct listing *listing, struct hr_text relative, struct hr_text path,
                          off_t size)
{
    if (listing->count == FILES_MAX) {
        return complain_file(listing, relative, "is one file too many: a workspace has at most 512",
                             "put several things into one file, and what is none of the "
                             "workspace's elsewhere");
    }
    struct hr_file *file = &listing->files[listing->count];
    hr_status status = size > FILE_BYTES_MAX
                           ? complain_file(listing, relative, "is larger than 1 MiB",
                                           "split it: several files may hold `automations:` and "
                                           "the like")
                           : hr_file_read(path.data, FILE_BYTES_MAX, listing->arena, &file->bytes);
    if (status.code == HR_E_MEMORY) {
        return status;
    }
    if (!hr_ok(status) && size <= FILE_BYTES_MAX) {
        status = complain_unreadable(listing, relative, EACCES);
    }
    if (!hr_ok(status)) { /* the others are read all the same, so that all such are told */
        listing->broken = true;
    }
    file->path = relative;
    listing->count++;
    listing->bytes += relative.size + file->bytes.size;
    return listing->bytes <= HR_FILES_BYTES_MAX ? hr_done() : complain_size(listing, relative);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int no_dots(const struct dirent *item)
{
    return item->d_name[0] != '.';
}

static hr_status list_folder(struct listing *listing, struct hr_text relative, unsigned depth);

static hr_status list_item(struct listing *listing, struct hr_text relative, const char *name,
                           unsigned depth)
{
    struct hr_text inner = relative.size == 0
                               ? hr_text_copy(listing->arena, hr_text_from(name))
                               : hr_text_format(listing->arena, "%.*s/%s", HR_SHOW(relative), name);
    struct hr_text path =
        hr_text_format(listing->arena, "%s/%.*s", listing->folder, HR_SHOW(inner));
    struct stat about;
    if (inner.data == NULL || path.data == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    if (stat(path.data, &about) != 0) {
        return complain_unreadable(listing, inner, errno);
    }
    if (S_ISDIR(about.st_mode)) {
        return depth < FOLDER_DEPTH_MAX
                   ? list_folder(listing, inner, depth + 1)
                   : complain_file(listing, inner, "is too many folders deep",
                                   "a workspace has at most 8 folders in one another");
    }
    if (hr_text_ends(inner, HR_TEXT(".yaml")) || hr_workspace_has_message(inner)) {
        return add_file(listing, inner, path, about.st_size);
    }
    judge_passed_over(listing, inner, path);
    return hr_done();
}

/* Depth is limited by FOLDER_DEPTH_MAX, so the recursion is. */
static hr_status list_folder(struct listing *listing, struct hr_text relative, unsigned depth)
{
    struct hr_text path =
        hr_text_format(listing->arena, "%s/%.*s", listing->folder, HR_SHOW(relative));
    struct dirent **items = NULL;
    int count = path.data == NULL ? -1 : scandir(path.data, &items, no_dots, by_name);
    if (count < 0) {
        return complain_file(listing, relative.size == 0 ? hr_text_from(listing->folder) : relative,
                             "is no folder that can be read", "check the path");
    }
    hr_status status = hr_done();
    for (int i = 0; i < count; i++) {
        if (hr_ok(status)) {
            status = list_item(listing, relative, items[i]->d_name, depth);
        }
        free(items[i]);
    }
    free(items);
    return status;
}

hr_status hr_files_read(const char *folder, struct hr_arena *into, struct hr_diagnostics *reterr,
                        struct hr_file **ret_files, size_t *ret_count)
{
    struct listing listing = {.folder = folder, .arena = into, .reterr = reterr};
    listing.files = hr_arena_new_many(into, struct hr_file, FILES_MAX);
    if (listing.files == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    if (is_folder(folder) && !has_yaml(folder) && !hr_files_is_workspace(folder, into)) {
        (void)hr_diagnostics_add(reterr, HR_CODE_workspace_empty, HR_SEVERITY_error,
                                 (struct hr_place){0}, "there is no workspace here");
        return hr_answer(HR_E_INPUT);
    }
    hr_status status = list_folder(&listing, HR_TEXT_NONE, 0);
    *ret_files = listing.files;
    *ret_count = listing.count;
    return hr_ok(status) && listing.broken ? hr_answer(HR_E_INPUT) : status;
}

struct hr_text hr_zone_bytes(void *arena, struct hr_text name)
{
    static const char folder[] = "/usr/share/zoneinfo";
    struct hr_text bytes = HR_TEXT_NONE;
    for (size_t i = 0; i < name.size; i++) {
        char letter = name.data[i];
        bool plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                     (letter >= '0' && letter <= '9') || strchr("/_+-", letter) != NULL;
        if (!plain) {
            return HR_TEXT_NONE;
        }
    }
    struct hr_text path = hr_text_format(arena, "%s/%.*s", folder, HR_SHOW(name));
    if (name.size == 0 || name.data[0] == '/' || path.data == NULL ||
        !hr_ok(hr_file_read(path.data, ZONE_BYTES_MAX, arena, &bytes))) {
        return HR_TEXT_NONE;
    }
    return bytes;
}

hr_status hr_workspace_load(const char *folder, struct hr_arena *into,
                            struct hr_diagnostics *reterr, struct hr_file **ret_files,
                            size_t *ret_count, struct hr_plan **ret_plan)
{
    HR_TRY(hr_files_read(folder, into, reterr, ret_files, ret_count));
    return hr_workspace_check(into, *ret_files, *ret_count, hr_zone_bytes, into, reterr, ret_plan);
}

/* ---- the bundle ------------------------------------------------------------------------------------ */

struct hr_text hr_files_bundle(const struct hr_file *files, size_t count, struct hr_arena *into)
{
    struct hr_buffer out;
    hr_buffer_init(&out, into, HR_PART_BYTES_MAX);
    hr_put_uint(&out, count);
    for (size_t i = 0; i < count; i++) {
        hr_put_text(&out, files[i].path);
        hr_put_text(&out, files[i].bytes);
    }
    return out.failed ? HR_TEXT_NONE : hr_buffer_text(&out);
}

bool hr_files_unbundle(struct hr_text bundle, struct hr_arena *into, struct hr_file **ret_files,
                       size_t *ret_count)
{
    struct hr_reader in = hr_reader_over(bundle);
    *ret_count = (size_t)hr_get_uint_max(&in, FILES_MAX);
    *ret_files = hr_arena_new_many(into, struct hr_file, *ret_count);
    for (size_t i = 0; *ret_files != NULL && i < *ret_count; i++) {
        (*ret_files)[i].path = hr_get_text(&in);
        (*ret_files)[i].bytes = hr_get_text(&in);
    }
    return *ret_files != NULL && hr_reader_finished(&in);
}
