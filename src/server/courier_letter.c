/* A letter to a customer, as it was kept when it was planned: nothing of it is made anew. */
#include "server/courier.h"
#include "server/host.h"
#include "server/letter_mail.h"

/* Who sends it now, or NULL: then *ret_ended says why. */
static const struct hr_tool *sender_of(struct hr_courier *courier, const struct hr_parcel *parcel,
                                       struct hr_ended *ret_ended)
{
    int32_t tool = hr_plan_tool_numbered(parcel->plan, parcel->effect->tool);
    if (tool >= 0 && parcel->plan->tools[tool].kind == HR_TOOL_email) {
        return &parcel->plan->tools[tool];
    }
    *ret_ended = hr_ended_about(
        courier, HR_OUTCOME_refused, HR_FAULT_permanent,
        tool < 0 ? "the tool %.*s, which was to send it, is no longer in the workspace"
                 : "the tool %.*s, which was to send it, sends no mail any more",
        hr_name_word(parcel->names, parcel->effect->tool));
    return NULL;
}

struct hr_ended hr_courier_letter(struct hr_courier *courier, const struct hr_parcel *parcel)
{
    struct hr_ended ended;
    struct hr_letter letter;
    struct hr_mail mail;
    const struct hr_tool *sender = sender_of(courier, parcel, &ended);
    if (sender == NULL) {
        return ended;
    }
    if (parcel->content == NULL) {
        return hr_ended_as(HR_OUTCOME_refused, HR_FAULT_permanent,
                           "what it says was erased before it was sent");
    }
    if (!hr_ok(hr_letter_kept(parcel->content, sender, &letter))) {
        return hr_ended_as(HR_OUTCOME_refused, HR_FAULT_permanent,
                           "what it says is not as it was kept");
    }
    const struct hr_mail_settings *server =
        hr_mail_settings_of(courier->options.settings, sender->id);
    if (!hr_ok(hr_letter_mail(&letter, &parcel->effect->key, server->host, hr_clock_now(),
                              &courier->arena, &mail))) {
        return hr_ended_as(HR_OUTCOME_again, HR_FAULT_transient,
                           "there was no memory to write the mail");
    }
    return hr_courier_mail(courier, server, &mail);
}
