/* letter: from an order to the letter. */
#include "letter/inside.h"
#include "template/mail_parts.h"

struct building {
    const struct hr_letter_order *order;
    struct hr_arena *into;
    struct hr_letter *letter;
    const char *part;
    struct hr_template_error *error;
};

const struct hr_tool *hr_letter_sender(const struct hr_plan *plan, const struct hr_message *message)
{
    int32_t tool = message->tool;
    for (size_t i = 0; tool < 0 && i < plan->tool_count; i++) {
        tool = plan->tools[i].kind == HR_TOOL_email ? (int32_t)i : tool;
    }
    return tool < 0 ? NULL : &plan->tools[tool];
}

int32_t hr_letter_address_field(const struct hr_plan *plan)
{
    for (size_t i = 0; i < plan->field_count; i++) {
        if (plan->fields[i].type == HR_FIELD_email) {
            return (int32_t)i;
        }
    }
    return HR_NONE_INDEX;
}

const struct hr_purpose *hr_letter_purpose(const struct hr_plan *plan,
                                           const struct hr_message *message, int32_t said_by_step)
{
    int32_t purpose = message->purpose >= 0 ? message->purpose : said_by_step;
    return purpose < 0 ? NULL : &plan->policies.purposes[purpose];
}

static hr_status fail(struct building *building, int32_t outcome, const char *part,
                      enum hr_code code, struct hr_text message)
{
    building->part = part;
    *building->error = (struct hr_template_error){.code = code, .message = message};
    return hr_answer(outcome);
}

/* ---- from whom, to whom --------------------------------------------------------------------------------- */

/* A name as it was typed into a form; one with signs that cannot stand in a mail's head is left out. */
static hr_status name_recipient(struct building *building)
{
    struct hr_text name = hr_text_clip(building->order->to_name, HR_LETTER_NAME_MAX);
    struct hr_text visible = hr_text_visible(building->into, name);
    if (name.size > 0 && visible.data == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    building->letter->to_name = hr_text_equal(visible, name) ? name : HR_TEXT_NONE;
    return hr_done();
}

static hr_status fail_address(struct building *building)
{
    const struct hr_plan *plan = building->order->plan;
    int32_t field = hr_letter_address_field(plan);
    struct hr_text id = field < 0 ? HR_TEXT("email") : plan->fields[field].id;
    struct hr_text name = hr_text_format(building->into, "contact.%.*s", HR_SHOW(id));
    struct hr_text why = hr_text_format(building->into, "%.*s has no value", HR_SHOW(name));
    if (why.size == 0) {
        return hr_answer(HR_E_MEMORY);
    }
    hr_status status =
        fail(building, HR_TEMPLATE_MISSING, "recipient", HR_CODE_template_missing, why);
    building->error->name = name;
    return status;
}

/* What may stand in an address is the mailer's to say. */
static hr_status address(struct building *building)
{
    const struct hr_letter_order *order = building->order;
    struct hr_letter *letter = building->letter;
    letter->sender = hr_letter_sender(order->plan, order->message);
    letter->from_address = letter->sender == NULL ? HR_TEXT_NONE : letter->sender->from;
    if (letter->from_address.size == 0 && !order->to_look_at) {
        return fail(building, HR_LETTER_UNSENDABLE, "sender", HR_CODE_nothing_sends,
                    HR_TEXT("no tool of kind email with a `from` sends this message"));
    }
    if (order->to_address.size == 0) {
        return fail_address(building);
    }
    letter->from_name = hr_text_clip(order->plan->title, HR_LETTER_NAME_MAX);
    letter->to_address = order->to_address;
    letter->purpose = hr_letter_purpose(order->plan, order->message, order->purpose);
    return name_recipient(building);
}

/* ---- the way out ----------------------------------------------------------------------------------------- */

/* What needs consent does not go out without an address below it and a way to leave, whatever was checked before: the
 * link's beginning stands in the settings of a machine, which no `check` reads. */
static hr_status judge_foot(struct building *building)
{
    const struct hr_tool *sender = building->letter->sender;
    if (building->order->to_look_at) {
        return hr_done();
    }
    if (sender->postal_address.size == 0) {
        return fail(building, HR_LETTER_UNSENDABLE, "sender", HR_CODE_address_missing,
                    HR_TEXT("the sender has no `postal_address`, and this message needs one"));
    }
    if (sender->unsubscribe != HR_UNSUBSCRIBE_one_click) {
        return fail(building, HR_LETTER_UNSENDABLE, "sender", HR_CODE_unsubscribe_missing,
                    HR_TEXT("nobody could leave with one click, and this message needs that"));
    }
    if (!hr_text_starts(building->order->unsubscribe_url, HR_TEXT("https://"))) {
        return fail(building, HR_LETTER_UNSENDABLE, "sender", HR_CODE_way_out_missing,
                    HR_TEXT("there is no https address at which people could leave"));
    }
    return hr_done();
}

/* What it is filed under in mail programs: the purpose, at the sender's domain. */
static struct hr_text list_id_of(const struct building *building)
{
    struct hr_text domain = building->letter->from_address;
    (void)hr_text_cut(&domain, '@');
    return hr_text_format(building->into, "%.*s.%.*s", HR_SHOW(building->letter->purpose->id),
                          HR_SHOW(domain));
}

static hr_status add_foot(struct building *building, struct hr_mail_parts *parts)
{
    struct hr_letter *letter = building->letter;
    if (letter->purpose == NULL || !letter->purpose->needs_consent) {
        return hr_done();
    }
    HR_TRY(judge_foot(building));
    letter->unsubscribe_url = building->order->unsubscribe_url;
    letter->list_id = list_id_of(building);
    if (letter->list_id.size == 0) {
        return hr_answer(HR_E_MEMORY);
    }
    const struct hr_mail_foot foot = {
        .postal_address = letter->sender == NULL ? HR_TEXT_NONE : letter->sender->postal_address,
        .unsubscribe_url = letter->unsubscribe_url};
    return hr_mail_parts_sign(parts, &foot, building->into);
}

/* ---- the letter ------------------------------------------------------------------------------------------ */

static hr_status write_parts(struct building *building)
{
    const struct hr_message *message = building->order->message;
    const struct hr_mail_texts texts = {.subject = message->subject.template,
                                        .text = message->text.template,
                                        .html = message->html.template};
    struct hr_letter *letter = building->letter;
    struct hr_mail_parts parts;
    HR_TRY(hr_mail_parts_render(&texts, building->order->view, building->into, &parts,
                                &building->part, building->error));
    hr_status status = add_foot(building, &parts);
    if (!hr_ok(status) && status.code != HR_E_LIMIT) {
        return status;
    }
    if (status.code == HR_E_LIMIT || parts.text.size > HR_LETTER_TEXT_MAX ||
        parts.html.size > HR_LETTER_HTML_MAX) {
        return fail(building, HR_TEMPLATE_LIMIT,
                    parts.text.size > HR_LETTER_TEXT_MAX ? "text" : "html",
                    HR_CODE_template_too_much, HR_TEXT("the part became too long for a mail"));
    }
    letter->subject = parts.subject;
    letter->text = parts.text;
    letter->html = parts.html;
    return hr_done();
}

hr_status hr_letter_build(const struct hr_letter_order *order, struct hr_arena *into,
                          struct hr_letter *ret_letter, const char **ret_part,
                          struct hr_template_error *reterr)
{
    struct hr_letter letter = {0};
    struct hr_template_error error = {0};
    struct building building = {
        .order = order, .into = into, .letter = &letter, .part = "text", .error = &error};
    hr_status status = address(&building);
    if (hr_ok(status)) {
        status = write_parts(&building);
    }
    *ret_letter = (struct hr_letter){0};
    if (hr_ok(status)) {
        letter.digest =
            hr_letter_digest(&letter, letter.purpose == NULL ? HR_TEXT_NONE : letter.purpose->id);
        *ret_letter = letter;
    }
    if (status.code > 0 && reterr != NULL) {
        *reterr = error;
    }
    if (ret_part != NULL) {
        *ret_part = building.part;
    }
    return status;
}
