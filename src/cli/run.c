/* One command line from words to exit code. */
#include "cli_inside.h"

#include "cli/cli.h"

#include <signal.h>
#include <string.h>

enum { ARENA_BYTES_MAX = 768 << 20 };

/* A reader that went away (`| head`) is an error of writing, not a death. */
static void ignore_broken_pipes(void)
{
    struct sigaction ignore;
    memset(&ignore, 0, sizeof ignore);
    ignore.sa_handler = SIG_IGN;
    (void)sigaction(SIGPIPE, &ignore, NULL);
}

int hr_cli_run(int argc, char **argv)
{
    struct hr_cli cli = {.json = false};
    int code = HR_EXIT_wrong_use;
    ignore_broken_pipes();
    hr_arena_init(&cli.arena, ARENA_BYTES_MAX);
    hr_diagnostics_init(&cli.found, &cli.arena);
    if (argc < 2) {
        hr_cli_usage_all(stderr);
    } else if (!hr_cli_parse(&cli, argc, argv)) {
        code = hr_cli_end(&cli, HR_EXIT_wrong_use);
    } else if (hr_cli_has(&cli, "help")) {
        struct hr_text rest = hr_text_from(cli.verb->name);
        struct hr_text first = hr_text_cut(&rest, ' ');
        code = HR_EXIT_ok;
        if (cli.json) {
            code = hr_cli_usage_json(&cli, first, rest);
        } else {
            hr_cli_usage(stdout, cli.verb);
        }
    } else {
        code = hr_cli_end(&cli, cli.verb->run(&cli));
    }
    hr_cli_look_away(&cli);
    hr_arena_close(&cli.arena);
    bool written = fflush(stdout) == 0 && ferror(stdout) == 0;
    return code == HR_EXIT_ok && !written ? HR_EXIT_failed : code;
}
