/* A plan in force with its signers, loaded from the folder; and loading it anew. */
#include "server/host_internal.h"

#include <stdlib.h>

enum { REGIME_BUDGET_BYTES = 96 << 20 };

void hr_regime_free(struct hr_regime *regime)
{
    if (regime == NULL) {
        return;
    }
    for (size_t i = 0; regime->signers != NULL && i < regime->plan->tool_count; i++) {
        hr_signer_free(regime->signers[i]);
    }
    hr_plan_release(regime->plan);
    hr_arena_close(&regime->arena);
    free(regime);
}

static hr_status make_signer(const struct hr_vault *vault, struct hr_regime *regime, size_t index)
{
    const struct hr_tool *tool = &regime->plan->tools[index];
    struct hr_secret secret;
    struct hr_signature_options options = {
        .scheme = tool->scheme,
        .header = tool->header,
        .prefix = tool->prefix,
        .encoding = tool->encoding,
        .tolerance_us = tool->tolerance_us,
    };
    if (tool->scheme == HR_SCHEME_none) {
        return hr_done();
    }
    HR_TRY(hr_vault_find(vault, tool->secret, &secret));
    for (size_t i = 0; i < secret.value_count; i++) {
        options.secrets[i] =
            secret.values[i]; /* the signer keeps what it needs; the vault is closed soon */
    }
    return secret.value_count == 0 ? hr_done()
                                   : hr_signer_create(&options, &regime->signers[index]);
}

static hr_status make_all_signers(const struct hr_vault *vault, struct hr_regime *regime,
                                  struct hr_diagnostics *reterr)
{
    for (size_t i = 0; i < regime->plan->tool_count; i++) {
        hr_status status = make_signer(vault, regime, i);
        if (status.code == HR_E_INPUT) {
            (void)hr_diagnostics_add(
                reterr, HR_CODE_settings_wrong, HR_SEVERITY_error, (struct hr_place){.line = 0},
                "the secret `%.*s` of tool `%.*s` cannot be used with its scheme",
                HR_SHOW(regime->plan->tools[i].secret), HR_SHOW(regime->plan->tools[i].id));
        }
        HR_TRY(status);
    }
    return hr_done();
}

static hr_status make_signers(struct hr_host *host, struct hr_regime *regime,
                              struct hr_diagnostics *reterr)
{
    size_t count = regime->plan->tool_count;
    struct hr_vault *vault = NULL;
    const struct hr_vault_options options = {.data_folder = host->data_folder};
    regime->signers = hr_arena_alloc_many(&regime->arena, count, sizeof *regime->signers);
    regime->waiting = hr_arena_alloc_many(&regime->arena, count, sizeof *regime->waiting);
    if (regime->signers == NULL || regime->waiting == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    HR_TRY(hr_vault_open(&options, reterr, &vault));
    hr_status status = make_all_signers(vault, regime, reterr);
    hr_vault_close(vault);
    return status;
}

hr_status hr_regime_load(struct hr_host *host, struct hr_diagnostics *reterr,
                         struct hr_regime **ret_regime, struct hr_text *ret_files)
{
    struct hr_regime *regime = calloc(1, sizeof *regime);
    struct hr_file *files = NULL;
    size_t count = 0;
    if (regime == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    hr_arena_init(&regime->arena, REGIME_BUDGET_BYTES);
    hr_status status =
        hr_workspace_load(host->folder, &regime->arena, reterr, &files, &count, &regime->plan);
    if (hr_ok(status)) {
        *ret_files = hr_files_bundle(files, count, &regime->arena);
        status =
            ret_files->data == NULL ? hr_answer(HR_E_MEMORY) : make_signers(host, regime, reterr);
    }
    if (!hr_ok(status)) {
        hr_regime_free(regime);
        return status;
    }
    *ret_regime = regime;
    return hr_done();
}

/* ---- reloading -------------------------------------------------------------------------------------- */

/* The writer publishes: the job carries the new plan, and puts it in force when it is committed. */
static hr_status publish(struct hr_host *host, struct hr_regime *regime, struct hr_text files)
{
    struct hr_job job = {
        .waiting.event = {.kind = HR_EVENT_published, .payload = files, .published = regime->plan},
    };
    struct hr_regime *before = atomic_load(&host->regime);
    hr_status status = hr_host_submit_and_wait(host, &job);
    if (hr_ok(status)) {
        /* the writer judges with the new plan from its commit on; the HTTP thread reads with it from here on, and
         * what it read with the old one is read again by the writer */
        regime->older = before;
        atomic_store(&host->regime, regime);
        return hr_done();
    }
    /* Nobody but the writer sets its plan, and only for this job. When it was committed and could not be made durable,
     * the writer goes on with it until the host stops: so it stays, without being in force. */
    if (host->batch.engine.plan == regime->plan) {
        regime->older = before->older;
        before->older = regime;
    } else {
        hr_regime_free(regime);
    }
    return status;
}

hr_status hr_host_reload(struct hr_host *host, struct hr_diagnostics *reterr)
{
    struct hr_regime *regime = NULL;
    struct hr_text files = HR_TEXT_NONE;
    (void)pthread_mutex_lock(&host->reloading);
    hr_status status = hr_regime_load(host, reterr, &regime, &files);
    if (hr_ok(status)) {
        status = publish(host, regime, files);
    }
    (void)pthread_mutex_unlock(&host->reloading);
    return status;
}
