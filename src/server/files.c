/* Files of a workspace and of a data folder, as bytes. */
#include "server/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    FILES_MAX = 512,
    FOLDER_DEPTH_MAX = 8,
    PATH_BYTES_MAX = 4096,
    ZONE_BYTES_MAX = 64 << 10,
    SECRET_BYTES_MAX = 4096
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

/* ---- the workspace -------------------------------------------------------------------------------- */

struct listing {
    const char *folder;
    struct hr_arena *arena;
    struct hr_diagnostics *reterr;
    struct hr_file *files;
    size_t count;
    size_t bytes; /* of files and paths so far */
};

static hr_status complain_file(struct listing *listing, struct hr_text path, const char *what)
{
    struct hr_place place = {.file = path};
    (void)hr_diagnostics_add(listing->reterr, HR_CODE_file_missing, HR_SEVERITY_error, place,
                             "%.*s %s", HR_SHOW(path), what);
    return hr_answer(HR_E_INPUT);
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

static hr_status add_file(struct listing *listing, struct hr_text relative)
{
    if (listing->count == FILES_MAX) {
        return complain_file(listing, relative,
                             "is one file too many: a workspace has at most 512");
    }
    struct hr_text path =
        hr_text_format(listing->arena, "%s/%.*s", listing->folder, HR_SHOW(relative));
    struct hr_file *file = &listing->files[listing->count];
    if (path.data == NULL ||
        !hr_ok(hr_file_read(path.data, 1 << 20, listing->arena, &file->bytes))) {
        return complain_file(listing, relative, "cannot be read, or is larger than 1 MiB");
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
        return complain_file(listing, inner, "cannot be read");
    }
    if (S_ISDIR(about.st_mode)) {
        return depth < FOLDER_DEPTH_MAX ? list_folder(listing, inner, depth + 1)
                                        : complain_file(listing, inner, "is too many folders deep");
    }
    return hr_text_ends(inner, HR_TEXT(".yaml")) || hr_workspace_has_message(inner)
               ? add_file(listing, inner)
               : hr_done();
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
                             "is no folder that can be read");
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
    HR_TRY(list_folder(&listing, HR_TEXT_NONE, 0));
    *ret_files = listing.files;
    *ret_count = listing.count;
    return hr_done();
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

/* ---- secrets ---------------------------------------------------------------------------------------- */

hr_status hr_secret_read(const char *data_folder, struct hr_text name, struct hr_arena *into,
                         struct hr_text ret_values[2], size_t *ret_count)
{
    *ret_count = 0;
    for (size_t i = 0; i < name.size; i++) {
        char letter = name.data[i];
        if (!((letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
              letter == '_')) {
            return hr_answer(HR_E_INPUT);
        }
    }
    struct hr_text path = hr_text_format(into, "%s/secrets/%.*s", data_folder, HR_SHOW(name));
    struct hr_text bytes = HR_TEXT_NONE;
    if (path.data == NULL || name.size == 0) {
        return hr_answer(HR_E_INPUT);
    }
    if (!hr_ok(hr_file_read(path.data, SECRET_BYTES_MAX, into, &bytes))) {
        return hr_done(); /* no secret, no endpoint */
    }
    while (bytes.size > 0 && *ret_count < 2) {
        struct hr_text value = hr_text_trim(hr_text_cut(&bytes, '\n'));
        if (value.size > 0) {
            ret_values[(*ret_count)++] = value;
        }
    }
    return hr_done();
}
