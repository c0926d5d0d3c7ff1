/* How a list of diagnostics looks on a terminal: one style for every verb. */
#include "base/diagnostic.h"

#include <string.h>

enum { DRAWN_BYTES_MAX = 256 << 10 };

struct drawing {
    struct hr_buffer out;
    hr_source_of source_of;
    void *context;
    unsigned gutter; /* width of the line numbers */
};

static unsigned digits_of(uint32_t number)
{
    unsigned count = 1;
    while (number >= 10) {
        number /= 10;
        count++;
    }
    return count;
}

static struct hr_text line_of(struct hr_text text, uint32_t line)
{
    struct hr_text rest = text;
    struct hr_text found = HR_TEXT_NONE;
    for (uint32_t i = 0; i < line && rest.size > 0; i++) {
        found = hr_text_cut(&rest, '\n');
    }
    if (found.size > 0 && found.data[found.size - 1] == '\r') {
        found.size--;
    }
    return found;
}

/* A code point begins at every byte that is no continuation. */
static uint32_t code_points(struct hr_text text)
{
    uint32_t count = 0;
    for (size_t i = 0; i < text.size; i++) {
        count += ((unsigned char)text.data[i] & 0xC0) != 0x80;
    }
    return count;
}

static void draw_caret(struct drawing *drawing, struct hr_place place, struct hr_text line,
                       char mark, struct hr_text label)
{
    uint32_t width = code_points(line);
    uint32_t size = place.size == 0 ? 1 : place.size;
    if (place.column <= width && place.column + size > width + 1) {
        size = width + 1 - place.column;
    }
    hr_buffer_add_format(&drawing->out, "%*s | %*s", (int)drawing->gutter, "",
                         (int)(place.column - 1), "");
    for (uint32_t i = 0; i < size && i < 120; i++) {
        hr_buffer_add_byte(&drawing->out, mark);
    }
    if (label.size > 0) {
        hr_buffer_add_byte(&drawing->out, ' ');
        hr_buffer_add_text(&drawing->out, label);
    }
    hr_buffer_add_byte(&drawing->out, '\n');
}

static void draw_place(struct drawing *drawing, struct hr_place place, const char *arrow, char mark,
                       struct hr_text label)
{
    if (place.line == 0) {
        if (place.file.size > 0) {
            hr_buffer_add_format(&drawing->out, "%*s%s %.*s\n", (int)drawing->gutter, "", arrow,
                                 HR_SHOW(place.file));
        }
        return;
    }
    hr_buffer_add_format(&drawing->out, "%*s%s %.*s:%u", (int)drawing->gutter, "", arrow,
                         HR_SHOW(place.file), place.line);
    if (place.column > 0) {
        hr_buffer_add_format(&drawing->out, ":%u", place.column);
    }
    hr_buffer_add_byte(&drawing->out, '\n');
    struct hr_text text = drawing->source_of == NULL
                              ? HR_TEXT_NONE
                              : drawing->source_of(drawing->context, place.file);
    struct hr_text line = line_of(text, place.line);
    if (text.size == 0 || place.column == 0) {
        return;
    }
    hr_buffer_add_format(&drawing->out, "%*s |\n%*u | %.*s\n", (int)drawing->gutter, "",
                         (int)drawing->gutter, place.line, HR_SHOW(line));
    draw_caret(drawing, place, line, mark, label);
}

static void draw_note(struct drawing *drawing, const char *name, struct hr_text text)
{
    if (text.size > 0) {
        hr_buffer_add_format(&drawing->out, "%*s = %s%.*s\n", (int)drawing->gutter, "", name,
                             HR_SHOW(text));
    }
}

static void draw_one(struct drawing *drawing, const struct hr_diagnostic *item)
{
    bool error = item->severity == HR_SEVERITY_error;
    uint32_t last = item->place.line > item->second.line ? item->place.line : item->second.line;
    drawing->gutter = digits_of(last) + 1;
    hr_buffer_add_format(&drawing->out, "%s[%c%04d]: %.*s\n", error ? "error" : "warning",
                         error ? 'E' : 'W', (int)item->code, HR_SHOW(item->message));
    draw_place(drawing, item->place, "-->", '^', item->label);
    if (item->second.line > 0) {
        draw_place(drawing, item->second, ":::", '-', item->second_label);
    }
    draw_note(drawing, "for example: ", item->example);
    draw_note(drawing, "help: ", item->help);
    hr_buffer_add_format(&drawing->out, "%*s = learn more: handrail explain %c%04d\n\n",
                         (int)drawing->gutter, "", error ? 'E' : 'W', (int)item->code);
}

static size_t at_most(size_t count, size_t most)
{
    return count < most ? count : most;
}

static size_t kept_errors(const struct hr_diagnostics *list)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        count += list->items[i].severity == HR_SEVERITY_error;
    }
    return count;
}

struct hr_text hr_diagnostics_draw(const struct hr_diagnostics *list, struct hr_arena *into,
                                   hr_source_of source_of, void *context)
{
    struct drawing drawing = {.source_of = source_of, .context = context};
    hr_buffer_init(&drawing.out, into, DRAWN_BYTES_MAX);
    size_t drawn = 0;
    size_t room[2]; /* errors first */
    room[HR_SEVERITY_error] = at_most(kept_errors(list), HR_DIAGNOSTICS_DRAWN_MAX);
    room[HR_SEVERITY_warning] = HR_DIAGNOSTICS_DRAWN_MAX - room[HR_SEVERITY_error];
    for (size_t i = 0; i < list->count; i++) {
        if (room[list->items[i].severity] > 0) {
            room[list->items[i].severity]--;
            draw_one(&drawing, &list->items[i]);
            drawn++;
        }
    }
    size_t more = list->error_count + list->warning_count - drawn;
    size_t kept = list->count - drawn;
    if (more > 0 && kept == more) {
        hr_buffer_add_format(&drawing.out, "and %zu more; --json tells them all\n\n", more);
    } else if (more > 0 && kept > 0) {
        hr_buffer_add_format(&drawing.out, "and %zu more; --json tells %zu of them\n\n", more,
                             kept);
    } else if (more > 0) {
        hr_buffer_add_format(&drawing.out, "and %zu more\n\n", more);
    }
    return hr_buffer_text(&drawing.out);
}
