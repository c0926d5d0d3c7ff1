/* cli: the handrail command: verbs that read the store themselves, and verbs that ask the daemon.
 *
 * Why      a person at a terminal, a script and a test use the same words; reading works without the daemon and on
 *          a full disk, and only the daemon writes.
 * Shape    words -> a row of verbs.tbl -> its function -> text or JSON on stdout, notes and errors on stderr.
 * Limits   256 words and 16 flags a command.
 * Errors   E0605, E0620-E0649 and those of the rooms below, drawn with place, help and code. Exit codes: 0 ok,
 *          1 failed, 2 wrong use, 3 check found errors, 4 refused, 5 partly done.
 * Threads  one.
 * Tests    tests/unit/cli_*_test.c, tests/e2e/cli.test.mjs */
#ifndef HR_CLI_CLI_H
#define HR_CLI_CLI_H

/* Runs one command line; answers the process's exit code. */
int hr_cli_run(int argc, char **argv);

#endif
