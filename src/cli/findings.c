/* What was found, for programs: one JSON object for each, with the fix where there is one. docs/guide/command-line.md
 * describes the form. */
#include "cli_inside.h"

#include "net/server.h"

struct hr_cli_spot hr_cli_spot_of(struct hr_text bytes, size_t at)
{
    struct hr_cli_spot spot = {1, 1};
    size_t bom = hr_text_starts(bytes, HR_TEXT("\xEF\xBB\xBF")) ? 3 : 0; /* no column of its own */
    for (size_t i = bom; i < at && i < bytes.size; i++) {
        if (bytes.data[i] == '\n') {
            spot.line++;
            spot.column = 1;
        } else {
            spot.column += ((unsigned char)bytes.data[i] & 0xC0) != 0x80;
        }
    }
    return spot;
}

/* ,"fix":{line, column, end_line, end_column, replacement}: this part of the finding's file becomes the replacement. */
static void add_fix(const struct hr_cli *cli, struct hr_buffer *out,
                    const struct hr_diagnostic *item)
{
    struct hr_text bytes = hr_cli_source(cli, item->place.file);
    size_t from = 0;
    size_t size = 0;
    if (!hr_fix_locate(item, bytes, &from, &size)) {
        return;
    }
    struct hr_cli_spot begin = hr_cli_spot_of(bytes, from);
    struct hr_cli_spot end = hr_cli_spot_of(bytes, from + size);
    hr_buffer_add_format(out,
                         ",\"fix\":{\"line\":%u,\"column\":%u,\"end_line\":%u,\"end_column\":%u,",
                         begin.line, begin.column, end.line, end.column);
    hr_buffer_add_text(out, HR_TEXT("\"replacement\":"));
    hr_json_write_text(out, item->fix.replacement);
    hr_buffer_add_byte(out, '}');
}

static void add_all(const struct hr_cli *cli, struct hr_buffer *out, enum hr_severity severity)
{
    bool first = true;
    for (size_t i = 0; i < cli->found.count; i++) {
        const struct hr_diagnostic *item = &cli->found.items[i];
        if (item->severity != severity) {
            continue;
        }
        hr_buffer_add_text(out, first ? HR_TEXT("{") : HR_TEXT(",{"));
        hr_http_finding_members(out, item);
        add_fix(cli, out, item);
        hr_buffer_add_byte(out, '}');
        first = false;
    }
}

void hr_cli_found_json(const struct hr_cli *cli, struct hr_buffer *out)
{
    hr_buffer_add_text(out, HR_TEXT("\"errors\":["));
    add_all(cli, out, HR_SEVERITY_error);
    hr_buffer_add_text(out, HR_TEXT("],\"warnings\":["));
    add_all(cli, out, HR_SEVERITY_warning);
    hr_buffer_add_byte(out, ']');
}
