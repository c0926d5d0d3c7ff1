/* What the command line says: data on stdout, everything else on stderr; errors drawn with place, help and code. */
#include "cli_inside.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MESSAGE_SIZE = 1024, FOUND_BYTES_MAX = 64 << 20, REPORT_BYTES_MAX = 64 << 20 };

static const char NO_MEMORY[] = "there is not enough memory for this";

int hr_cli_fail(struct hr_cli *cli, enum hr_code code, const char *message, ...)
{
    char text[MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, message);
    (void)vsnprintf(text, sizeof text, message, arguments);
    va_end(arguments);
    const struct hr_place nowhere = {.line = 0};
    struct hr_diagnostic *item =
        hr_diagnostics_add(&cli->found, code, HR_SEVERITY_error, nowhere, "%s", text);
    if (cli->verb != NULL && (code == HR_CODE_words_wrong || code == HR_CODE_flag_unknown)) {
        item->help = hr_text_format(&cli->arena, "`handrail help %s` lists its words and flags",
                                    cli->verb->name);
    }
    return hr_code_info(code)->exit_code;
}

/* A command opens a store by itself: of it, a refusal and a wrong input tell more. A limit that it meets is none of a
 * queue, so that waiting would not help. */
static enum hr_code code_of(hr_status status)
{
    switch (status.code) {
    case HR_E_REFUSED:
        return HR_CODE_store_busy;
    case HR_E_INPUT:
        return HR_CODE_store_missing;
    case HR_E_LIMIT:
        return HR_CODE_internal;
    default:
        return hr_code_of(status);
    }
}

int hr_cli_failed(struct hr_cli *cli, hr_status status)
{
    if (status.code == HR_E_MEMORY) { /* what was found until then is not all, and no verdict */
        hr_diagnostics_init(&cli->found, &cli->arena);
        return hr_cli_fail(cli, HR_CODE_internal, "%s", NO_MEMORY);
    }
    const struct hr_diagnostic *first = hr_diagnostics_error(&cli->found);
    if (first != NULL) {
        return hr_code_info(first->code)->exit_code;
    }
    enum hr_code code = code_of(status);
    return hr_cli_fail(cli, code, "%s", hr_code_info(code)->text);
}

/* ---- what was found ----------------------------------------------------------------------------- */

struct hr_text hr_cli_source(const struct hr_cli *cli, struct hr_text file)
{
    for (size_t i = 0; i < cli->source_count; i++) {
        if (hr_text_equal(cli->sources[i].path, file)) {
            return cli->sources[i].bytes;
        }
    }
    return HR_TEXT_NONE;
}

static struct hr_text source_of(void *context, struct hr_text file)
{
    return hr_cli_source(context, file);
}

static bool colourful(const struct hr_cli *cli, FILE *out)
{
    const char *no_colour = getenv("NO_COLOR");
    return !cli->plain && (no_colour == NULL || no_colour[0] == '\0') && isatty(fileno(out)) == 1;
}

void hr_cli_drop_later(struct hr_cli *cli)
{
    hr_diagnostics_drop_later(&cli->found);
}

void hr_cli_note_later(const struct hr_cli *cli, const struct hr_plan *plan)
{
    if (plan->automation_count > 0 && !hr_automates()) {
        hr_cli_note(cli,
                    "%zu automation%s of this workspace %s checked, and not run yet: this "
                    "release only watches.",
                    plan->automation_count, plan->automation_count == 1 ? "" : "s",
                    plan->automation_count == 1 ? "is" : "are");
    }
}

void hr_cli_draw(struct hr_cli *cli, FILE *out)
{
    struct hr_text rest = hr_diagnostics_draw(&cli->found, &cli->arena, source_of, cli);
    bool colour = colourful(cli, out);
    while (rest.size > 0) {
        struct hr_text line = hr_text_cut(&rest, '\n');
        bool error = hr_text_starts(line, HR_TEXT("error["));
        bool marked = colour && (error || hr_text_starts(line, HR_TEXT("warning[")));
        size_t head = marked ? hr_text_find(line, ':') : 0;
        if (marked) {
            (void)fprintf(out, "\033[1;%dm%.*s\033[0m", error ? 31 : 33, (int)head, line.data);
        }
        (void)fprintf(out, "%.*s\n", (int)(line.size - head), line.data + head);
    }
}

/* False when the errors do not fit: then nothing is printed, so that nobody reads half a document. */
static bool print_found_json(struct hr_cli *cli)
{
    struct hr_buffer out;
    hr_buffer_init(&out, &cli->arena, FOUND_BYTES_MAX);
    hr_buffer_add_byte(&out, '{');
    hr_cli_found_json(cli, &out);
    hr_buffer_add_text(&out, HR_TEXT("}\n"));
    if (!out.failed) {
        hr_cli_print(cli, hr_buffer_text(&out));
    }
    return !out.failed;
}

/* Nothing could be kept or written: said without any memory. */
static int end_without_memory(const struct hr_cli *cli)
{
    if (cli->json) {
        (void)printf("{\"errors\":[{\"code\":\"E%04d\",\"message\":\"%s\"}],\"warnings\":[]}\n",
                     (int)HR_CODE_internal, NO_MEMORY);
    } else {
        (void)fflush(stdout);
        (void)fprintf(stderr, "error[E%04d]: %s\n", (int)HR_CODE_internal, NO_MEMORY);
    }
    return HR_EXIT_failed;
}

int hr_cli_end(struct hr_cli *cli, int otherwise)
{
    if (cli->found.count == 0) {
        return cli->found.error_count == 0 ? otherwise : end_without_memory(cli);
    }
    if (cli->json && cli->found.error_count > 0) {
        if (!print_found_json(cli)) {
            return end_without_memory(cli);
        }
    } else {
        (void)fflush(stdout);
        hr_cli_draw(cli, stderr);
    }
    const struct hr_diagnostic *first = hr_diagnostics_error(&cli->found);
    return otherwise == HR_EXIT_ok && first != NULL ? hr_code_info(first->code)->exit_code
                                                    : otherwise;
}

/* ---- data and notes ----------------------------------------------------------------------------- */

void hr_cli_print(const struct hr_cli *cli, struct hr_text text)
{
    (void)cli;
    if (text.size > 0) {
        (void)fwrite(text.data, 1, text.size, stdout);
    }
}

void hr_cli_note(const struct hr_cli *cli, const char *format, ...)
{
    va_list arguments;
    if (cli->json) {
        return;
    }
    (void)fflush(stdout);
    va_start(arguments, format);
    (void)vfprintf(stderr, format, arguments);
    va_end(arguments);
    (void)fputc('\n', stderr);
}

int hr_cli_report(struct hr_cli *cli, hr_status status, const struct hr_report *report)
{
    struct hr_buffer out;
    if (!hr_ok(status)) {
        return hr_cli_failed(cli, status);
    }
    if (!cli->json) {
        hr_cli_print(cli, report->text);
        return HR_EXIT_ok;
    }
    hr_buffer_init(&out, &cli->arena, REPORT_BYTES_MAX);
    hr_json_write(&out, &report->json);
    hr_buffer_add_byte(&out, '\n');
    if (out.failed) {
        return hr_cli_failed(cli, hr_answer(HR_E_MEMORY));
    }
    hr_cli_print(cli, hr_buffer_text(&out));
    return HR_EXIT_ok;
}
