/* The error table and the list of what was found. */
#include "base/diagnostic.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct hr_code_info codes[] = {
#define X(code, symbol, http, exit, retryable, text, help, page)                                   \
    {HR_CODE_##symbol, #symbol, http, exit, retryable, text, help, page},
#include "base/errors.tbl"
#undef X
};

static const struct {
    enum hr_code code;
    const char *text;
} harms[] = {
#define HARM(symbol, text) {HR_CODE_##symbol, text},
#include "base/harms.tbl"
#undef HARM
};

enum { CODE_COUNT = sizeof codes / sizeof codes[0], FIRST_ROOM = 20 };

const struct hr_code_info *hr_code_info(enum hr_code code)
{
    for (size_t i = 0; i < CODE_COUNT; i++) {
        if (codes[i].code == code) {
            return &codes[i];
        }
    }
    return NULL;
}

enum hr_code hr_code_of(hr_status status)
{
    switch (status.code) {
    case HR_E_FULL:
        return HR_CODE_disk_full;
    case HR_E_IO:
        return HR_CODE_disk_failed;
    case HR_E_CORRUPT:
        return HR_CODE_store_broken;
    case HR_E_VERSION:
        return HR_CODE_store_version;
    case HR_E_LIMIT:
        return HR_CODE_busy;
    default:
        return HR_CODE_internal;
    }
}

const struct hr_code_info *hr_code_at(size_t index)
{
    return index < CODE_COUNT ? &codes[index] : NULL;
}

const struct hr_code_info *hr_code_find(struct hr_text name)
{
    int64_t number = 0;
    if (name.size > 0 && strchr("EeWw", name.data[0]) != NULL) {
        name = hr_text_slice(name, 1, name.size);
    }
    if (!hr_text_to_integer(name, &number) || number <= 0 || number > 9999) {
        return NULL;
    }
    return hr_code_info((enum hr_code)number);
}

/* The harm that a code does where nothing nearer is known. */
static struct hr_text harm_of(enum hr_code code)
{
    for (size_t i = 0; i < sizeof harms / sizeof harms[0]; i++) {
        if (harms[i].code == code) {
            return hr_text_from(harms[i].text);
        }
    }
    return HR_TEXT_NONE;
}

void hr_diagnostics_init(struct hr_diagnostics *list, struct hr_arena *arena)
{
    *list = (struct hr_diagnostics){.arena = arena};
}

/* The last kept place, freed by dropping the last kept warning (later: of what is not available yet); NULL when none is
 * kept. */
static struct hr_diagnostic *drop_warning(struct hr_diagnostics *list, bool later)
{
    for (size_t i = list->count; i > 0; i--) {
        const struct hr_diagnostic *item = &list->items[i - 1];
        if (item->severity == HR_SEVERITY_warning &&
            (!later || item->code == HR_CODE_not_available_yet)) {
            memmove(&list->items[i - 1], &list->items[i], (list->count - i) * sizeof *list->items);
            return &list->items[list->count - 1];
        }
    }
    return NULL;
}

/* Room for one more, up to the limit; false when there is none. */
static bool make_room(struct hr_diagnostics *list)
{
    if (list->count < list->capacity) {
        return true;
    }
    size_t wanted = list->capacity == 0 ? FIRST_ROOM : 2 * list->capacity;
    wanted = wanted > HR_DIAGNOSTICS_MAX ? HR_DIAGNOSTICS_MAX : wanted;
    struct hr_diagnostic *grown =
        wanted == list->capacity ? NULL
                                 : hr_arena_new_many(list->arena, struct hr_diagnostic, wanted);
    if (grown == NULL) {
        return false;
    }
    if (list->count > 0) {
        memcpy(grown, list->items, list->count * sizeof *grown);
    }
    list->items = grown;
    list->capacity = wanted;
    return true;
}

/* Where the next one goes: the spare, when it is only counted. An error is never hidden behind warnings, and neither
 * behind what is only not available yet. */
static struct hr_diagnostic *slot_for(struct hr_diagnostics *list, enum hr_severity severity,
                                      enum hr_code code)
{
    if (!make_room(list)) {
        struct hr_diagnostic *freed =
            code == HR_CODE_not_available_yet ? NULL : drop_warning(list, true);
        if (freed == NULL && severity == HR_SEVERITY_error) {
            freed = drop_warning(list, false);
        }
        list->told += freed != NULL ? 1 : 0;
        return freed != NULL ? freed : &list->spare;
    }
    list->told++;
    return &list->items[list->count++];
}

struct hr_diagnostic *hr_diagnostics_add(struct hr_diagnostics *list, enum hr_code code,
                                         enum hr_severity severity, struct hr_place place,
                                         const char *message, ...)
{
    const struct hr_code_info *info = hr_code_info(code);
    hr_assert(info != NULL);
    if (severity == HR_SEVERITY_error) {
        list->error_count++;
    } else {
        list->warning_count++;
        list->later_count += code == HR_CODE_not_available_yet;
    }
    struct hr_diagnostic *item = slot_for(list, severity, code);
    char text[512];
    va_list arguments;
    va_start(arguments, message);
    int size = vsnprintf(text, sizeof text, message, arguments);
    va_end(arguments);
    size_t kept = size < 0 ? 0 : (size_t)size < sizeof text ? (size_t)size : sizeof text - 1;
    *item = (struct hr_diagnostic){
        .code = code,
        .severity = severity,
        .message = item == &list->spare ? HR_TEXT_NONE
                                        : hr_text_copy(list->arena, (struct hr_text){text, kept}),
        .place = place,
        .example = harm_of(code),
        .help = hr_text_from(info->help),
    };
    return item;
}

void hr_diagnostics_drop_later(struct hr_diagnostics *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].code != HR_CODE_not_available_yet) {
            list->items[kept++] = list->items[i];
        }
    }
    list->count = kept;
    list->warning_count -= list->later_count;
    list->later_count = 0;
}

/* Moves a text into the arena, unless it stands there. Without memory it becomes another one that lives for ever: the
 * old one may not outlive its reader. */
static void own(struct hr_arena *into, struct hr_text *text, struct hr_text otherwise)
{
    if (text->size > 0 && !hr_arena_holds(into, text->data)) {
        *text = hr_text_copy(into, *text);
        *text = text->data != NULL ? *text : otherwise;
    }
}

void hr_diagnostics_own(struct hr_diagnostics *list, size_t told)
{
    size_t fresh = list->told - told;
    for (size_t i = list->count - (fresh < list->count ? fresh : list->count); i < list->count;
         i++) {
        struct hr_diagnostic *item = &list->items[i];
        const struct hr_code_info *info = hr_code_info(item->code);
        struct hr_text *const texts[] = {&item->label, &item->second_label, &item->example,
                                         &item->fix.written, &item->fix.replacement};
        own(list->arena, &item->message, hr_text_from(info->text));
        own(list->arena, &item->help, hr_text_from(info->help));
        for (size_t text = 0; text < sizeof texts / sizeof texts[0]; text++) {
            own(list->arena, texts[text], HR_TEXT_NONE);
        }
    }
}

const struct hr_diagnostic *hr_diagnostics_error(const struct hr_diagnostics *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].severity == HR_SEVERITY_error) {
            return &list->items[i];
        }
    }
    return NULL;
}

struct hr_text hr_did_you_mean(struct hr_text written, const struct hr_text *candidates,
                               size_t count)
{
    struct hr_text best = HR_TEXT_NONE;
    size_t best_distance = 3;
    for (size_t i = 0; i < count; i++) {
        size_t distance = hr_text_distance(written, candidates[i], 2);
        if (distance < best_distance && distance < candidates[i].size) {
            best = candidates[i];
            best_distance = distance;
        }
    }
    return best;
}
