/* Proving and mending what is stored: verify, rebuild; and forgetting a person. */
#include "cli_inside.h"

#include <string.h>
#include <unistd.h>

enum { ANSWER_SIZE = 1024 };

int hr_verb_verify(struct hr_cli *cli)
{
    struct hr_verified verified = {.entries = 0};
    int code = hr_cli_open_reader(cli);
    if (code != HR_EXIT_ok) {
        return code;
    }
    hr_status status = hr_store_verify(cli->reader, &cli->arena, &verified);
    if (!hr_ok(status)) {
        return hr_cli_failed(cli, status);
    }
    struct hr_text chain = hr_hex(&cli->arena, verified.chain.bytes, sizeof verified.chain.bytes);
    bool holds = verified.first_broken == 0;
    if (cli->json) {
        hr_cli_print(cli,
                     hr_text_format(&cli->arena,
                                    "{\"holds\":%s,\"entries\":%llu,\"parts\":%llu,\"erased\":%llu,"
                                    "\"first_broken\":%llu,\"chain\":\"%.*s\"}\n",
                                    holds ? "true" : "false", (unsigned long long)verified.entries,
                                    (unsigned long long)verified.parts,
                                    (unsigned long long)verified.erased,
                                    (unsigned long long)verified.first_broken, HR_SHOW(chain)));
        return holds ? HR_EXIT_ok : HR_EXIT_failed;
    }
    if (!holds) {
        return hr_cli_fail(cli, HR_CODE_store_broken, "the chain does not hold at entry %llu: %.*s",
                           (unsigned long long)verified.first_broken, HR_SHOW(verified.what));
    }
    hr_cli_print(cli,
                 hr_text_format(
                     &cli->arena,
                     "the chain holds: %llu entries, %llu of their %llu parts erased\nchain %.*s\n",
                     (unsigned long long)verified.entries, (unsigned long long)verified.erased,
                     (unsigned long long)verified.parts, HR_SHOW(chain)));
    return HR_EXIT_ok;
}

int hr_verb_rebuild(struct hr_cli *cli)
{
    struct hr_store *store = NULL;
    uint64_t differences = 0;
    struct hr_text first = HR_TEXT_NONE;
    if (!hr_cli_folder(cli)) {
        return hr_cli_failed(cli, hr_answer(HR_E_INPUT));
    }
    const struct hr_store_options options = {.folder = hr_cli_data_path(cli, "")};
    hr_status status = hr_store_open(&options, &store);
    if (hr_ok(status)) {
        status = hr_store_rebuild(store, &differences, &first, &cli->arena);
    }
    uint64_t position = store != NULL ? hr_store_position(store) : 0;
    hr_store_close(store);
    if (!hr_ok(status)) {
        return hr_cli_failed(cli, status);
    }
    if (cli->json) {
        hr_cli_print(cli,
                     hr_text_format(&cli->arena, "{\"entries\":%llu,\"differences\":%llu}\n",
                                    (unsigned long long)position, (unsigned long long)differences));
        return differences == 0 ? HR_EXIT_ok : HR_EXIT_failed;
    }
    if (differences > 0) {
        return hr_cli_fail(cli, HR_CODE_state_differed,
                           "%llu rows were not what the journal says, the first: %.*s",
                           (unsigned long long)differences, HR_SHOW(first));
    }
    hr_cli_print(cli,
                 hr_text_format(&cli->arena, "the state is what %llu entries of the journal say\n",
                                (unsigned long long)position));
    return HR_EXIT_ok;
}

/* ---- forgetting ---------------------------------------------------------------------------------- */

/* Asks on a terminal for the contact's name once more; anywhere else --yes has to say it. */
static bool confirmed(struct hr_cli *cli, struct hr_text contact)
{
    char line[ANSWER_SIZE];
    if (hr_cli_has(cli, "yes")) {
        return true;
    }
    if (isatty(STDIN_FILENO) != 1 || isatty(STDERR_FILENO) != 1) {
        return false;
    }
    (void)fprintf(stderr,
                  "This erases what is known of %.*s, for good. Type the contact's name to go on: ",
                  HR_SHOW(contact));
    (void)fflush(stderr);
    if (fgets(line, sizeof line, stdin) == NULL) {
        return false;
    }
    return hr_text_equal(hr_text_trim(hr_text_from(line)), contact);
}

int hr_verb_forget(struct hr_cli *cli)
{
    struct hr_text contact = cli->objects[0];
    if (!confirmed(cli, contact)) {
        return hr_cli_fail(cli, HR_CODE_not_confirmed, "nothing was erased: it was not confirmed");
    }
    struct hr_text name = hr_cli_escape(cli, contact);
    return hr_cli_do(cli, "POST",
                     hr_text_format(&cli->arena, "/v1/contacts/%.*s/forget", HR_SHOW(name)),
                     HR_TEXT_NONE);
}
