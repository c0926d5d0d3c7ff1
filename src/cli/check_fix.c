/* check --fix: the fixes that are certain, put into the files. One at a time, each on the files as those before it left
 * them, and checked before it counts: a fix that leaves more to complain about was not so certain, and is left out. */
#include "cli_inside.h"

#include <string.h>

enum { PLAN_BYTES_MAX = 512 << 20, TRIES_MAX = 400, MENDED_MAX = 400 };

/* The files as they would be, and what is wrong with them. */
struct trial {
    struct hr_arena arena; /* of all that the check makes */
    struct hr_diagnostics found;
    size_t unread; /* errors that keep a file from being read at all */
};

struct mending {
    struct hr_cli *cli;
    struct hr_file *files; /* as they were read */
    struct hr_file *now;   /* as they shall be */
    size_t count;
    struct trial current;
    struct hr_cli_mended *mended;
    size_t mended_count;
    size_t tries;
};

/* The first hundred codes are those of the form of data. */
static bool is_unread(const struct hr_diagnostic *item)
{
    return item->severity == HR_SEVERITY_error && item->code < 100;
}

static hr_status try_files(const struct hr_file *files, size_t count, struct trial *ret_trial)
{
    struct hr_plan *plan = NULL;
    *ret_trial = (struct trial){.unread = 0};
    hr_arena_init(&ret_trial->arena, PLAN_BYTES_MAX);
    hr_diagnostics_init(&ret_trial->found, &ret_trial->arena);
    hr_status status = hr_workspace_check(&ret_trial->arena, files, count, hr_zone_bytes,
                                          &ret_trial->arena, &ret_trial->found, &plan);
    hr_plan_release(plan);
    for (size_t i = 0; i < ret_trial->found.count; i++) {
        ret_trial->unread += is_unread(&ret_trial->found.items[i]);
    }
    return status.code == HR_E_INPUT ? hr_done() : status;
}

/* True when the file still has an error where the fix was made, or cannot be read as far as before. */
static bool still_wrong(const struct hr_diagnostics *found, const struct hr_place *place)
{
    for (size_t i = 0; i < found->count; i++) {
        const struct hr_diagnostic *item = &found->items[i];
        bool here = item->place.line == place->line;
        bool before = is_unread(item) && item->place.line < place->line;
        if (item->severity == HR_SEVERITY_error && (here || before) &&
            hr_text_equal(item->place.file, place->file)) {
            return true;
        }
    }
    return false;
}

/* What is only not available yet is told once there are no errors: it is no worse then. */
static size_t count_wrong(const struct hr_diagnostics *found)
{
    return found->error_count + found->warning_count - found->later_count;
}

/* A file that is read further now may show errors that were hidden before; but not where it was mended. Otherwise there
 * must be less to complain about. */
static bool is_better(const struct trial *before, const struct trial *after,
                      const struct hr_diagnostic *item)
{
    if (is_unread(item)) {
        return after->unread <= before->unread && !still_wrong(&after->found, &item->place);
    }
    size_t were = count_wrong(&before->found);
    size_t are = count_wrong(&after->found);
    return after->unread <= before->unread &&
           after->found.error_count <= before->found.error_count && are < were;
}

static struct hr_file *file_named(struct mending *mending, struct hr_text path)
{
    for (size_t i = 0; i < mending->count; i++) {
        if (hr_text_equal(mending->now[i].path, path)) {
            return &mending->now[i];
        }
    }
    return NULL;
}

static struct hr_text replaced(struct hr_arena *into, struct hr_text bytes, size_t from,
                               size_t size, struct hr_text replacement)
{
    struct hr_buffer out;
    hr_buffer_init(&out, into, bytes.size + replacement.size + 1);
    hr_buffer_add_text(&out, hr_text_slice(bytes, 0, from));
    hr_buffer_add_text(&out, replacement);
    hr_buffer_add_text(&out, hr_text_slice(bytes, from + size, bytes.size));
    return out.failed ? HR_TEXT_NONE : hr_buffer_text(&out);
}

static void remember(struct mending *mending, const struct hr_diagnostic *item, struct hr_text was)
{
    struct hr_arena *arena = &mending->cli->arena;
    struct hr_cli_mended *mended = &mending->mended[mending->mended_count++];
    *mended = (struct hr_cli_mended){.code = item->code,
                                     .severity = item->severity,
                                     .place = item->place,
                                     .was = hr_text_copy(arena, was),
                                     .now = hr_text_copy(arena, item->fix.replacement)};
    mended->place.file = hr_text_copy(arena, item->place.file);
}

/* Tries one fix; *ret_taken: the files are better for it, and are what stands now. */
static hr_status try_fix(struct mending *mending, const struct hr_diagnostic *item, bool *ret_taken)
{
    struct hr_file *file = file_named(mending, item->place.file);
    struct trial after;
    size_t from = 0;
    size_t size = 0;
    *ret_taken = false;
    if (file == NULL || !hr_fix_locate(item, file->bytes, &from, &size)) {
        return hr_done();
    }
    struct hr_text before = file->bytes;
    file->bytes = replaced(&mending->cli->arena, before, from, size, item->fix.replacement);
    if (file->bytes.data == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    mending->tries++;
    hr_status status = try_files(mending->now, mending->count, &after);
    if (hr_ok(status) && is_better(&mending->current, &after, item)) {
        remember(mending, item, hr_text_slice(before, from, from + size));
        hr_arena_close(&mending->current.arena);
        mending->current = after;
        mending->current.found.arena = &mending->current.arena;
        *ret_taken = true;
        return hr_done();
    }
    file->bytes = before;
    hr_arena_close(&after.arena);
    return status;
}

/* Until no fix is left that makes the files better. The last place first: so most places are those of the file as it
 * was, which people have before them. */
static hr_status mend_all(struct mending *mending)
{
    bool taken = true;
    while (taken) {
        taken = false;
        for (size_t i = mending->current.found.count; i > 0 && !taken; i--) {
            if (mending->tries == TRIES_MAX || mending->mended_count == MENDED_MAX) {
                return hr_done(); /* the next run goes on */
            }
            HR_TRY(try_fix(mending, &mending->current.found.items[i - 1], &taken));
        }
    }
    return hr_done();
}

static bool is_changed(const struct mending *mending, size_t file)
{
    return !hr_text_equal(mending->files[file].bytes, mending->now[file].bytes);
}

static int write_one(struct mending *mending, const char *folder, size_t file, bool only_ask)
{
    struct hr_cli *cli = mending->cli;
    const struct hr_file *was = &mending->files[file];
    const char *name = hr_text_copy(&cli->arena, hr_cli_shown_path(cli, folder, was->path)).data;
    if (name == NULL) {
        return hr_cli_failed(cli, hr_answer(HR_E_MEMORY));
    }
    return only_ask ? hr_cli_may_replace(cli, name, was->bytes)
                    : hr_cli_replace_file(cli, name, was->bytes, mending->now[file].bytes);
}

/* What was mended in this file did not get there. */
static void forget(struct mending *mending, struct hr_text path)
{
    size_t kept = 0;
    for (size_t i = 0; i < mending->mended_count; i++) {
        if (!hr_text_equal(mending->mended[i].place.file, path)) {
            mending->mended[kept++] = mending->mended[i];
        }
    }
    mending->mended_count = kept;
}

/* All are asked before the first is written. What is not written is forgotten. */
static int write_changed(struct mending *mending, const char *folder)
{
    int code = HR_EXIT_ok;
    for (size_t i = 0; i < mending->count && code == HR_EXIT_ok; i++) {
        code = is_changed(mending, i) ? write_one(mending, folder, i, true) : code;
    }
    for (size_t i = 0; i < mending->count; i++) {
        if (is_changed(mending, i) && code == HR_EXIT_ok) {
            code = write_one(mending, folder, i, false);
        }
        if (is_changed(mending, i) && code != HR_EXIT_ok) {
            forget(mending, mending->files[i].path);
        }
    }
    return code;
}

static hr_status read_files(struct mending *mending, const char *folder)
{
    struct hr_cli *cli = mending->cli;
    struct hr_diagnostics quiet; /* the check that follows says it */
    hr_diagnostics_init(&quiet, &cli->arena);
    HR_TRY(hr_files_read(folder, &cli->arena, &quiet, &mending->files, &mending->count));
    mending->now = hr_arena_new_many(&cli->arena, struct hr_file, mending->count);
    mending->mended = hr_arena_new_many(&cli->arena, struct hr_cli_mended, MENDED_MAX);
    if (mending->now == NULL || mending->mended == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    if (mending->count > 0) {
        memcpy(mending->now, mending->files, mending->count * sizeof *mending->now);
    }
    return hr_done();
}

int hr_cli_mend(struct hr_cli *cli, const char *folder, struct hr_cli_mended **ret_mended,
                size_t *ret_count)
{
    struct mending mending = {.cli = cli};
    *ret_count = 0;
    hr_status status = read_files(&mending, folder);
    if (status.code == HR_E_INPUT) {
        return HR_EXIT_ok; /* a folder that cannot be read has nothing to mend */
    }
    if (hr_ok(status)) {
        status = try_files(mending.files, mending.count, &mending.current);
        status = hr_ok(status) ? mend_all(&mending) : status;
        hr_arena_close(&mending.current.arena);
    }
    if (!hr_ok(status)) {
        return hr_cli_failed(cli, status);
    }
    int code = write_changed(&mending, folder);
    *ret_mended = mending.mended;
    *ret_count = mending.mended_count;
    for (size_t i = 0; i < *ret_count / 2; i++) { /* told from the first place on */
        struct hr_cli_mended moving = mending.mended[i];
        mending.mended[i] = mending.mended[*ret_count - 1 - i];
        mending.mended[*ret_count - 1 - i] = moving;
    }
    for (size_t i = 0; i < *ret_count; i++) {
        struct hr_place *place = &mending.mended[i].place;
        place->file = hr_cli_shown_path(cli, folder, place->file);
    }
    return code;
}
