/* Values of a message in the type and the normal form of the contact field that they are for. */
#include "data/identity.h"
#include "engine/step_internal.h"

static bool boolean_value(struct hr_text text, struct hr_value *value)
{
    bool truth = hr_text_equal(text, HR_TEXT("true")) || hr_text_equal(text, HR_TEXT("yes"));
    bool lie = hr_text_equal(text, HR_TEXT("false")) || hr_text_equal(text, HR_TEXT("no"));
    *value = hr_value_bool(truth);
    return truth || lie;
}

static bool choice_value(const struct hr_field *field, struct hr_text text)
{
    for (size_t i = 0; i < field->value_count; i++) {
        if (hr_text_equal(field->values[i], text)) {
            return true;
        }
    }
    return false;
}

static bool text_typed(struct hr_arena *into, const struct hr_plan *plan,
                       const struct hr_field *field, struct hr_text text, struct hr_value *value)
{
    struct hr_text normal = text;
    int64_t integer = 0;
    hr_instant at = 0;
    bool fits = true;
    switch (field->type) {
    case HR_FIELD_text:
    case HR_FIELD_long_text:
    case HR_FIELD_country:
        break;
    case HR_FIELD_choice:
    case HR_FIELD_person:
    case HR_FIELD_stage:
    case HR_FIELD_consent:
        fits = choice_value(field, text);
        break;
    case HR_FIELD_email:
        fits = hr_email_normal(into, text, &normal);
        break;
    case HR_FIELD_phone:
        fits = hr_phone_normal(into, text, plan->country, &normal);
        break;
    case HR_FIELD_domain:
        fits = hr_domain_normal(into, text, &normal);
        break;
    case HR_FIELD_boolean:
        return boolean_value(text, value);
    case HR_FIELD_integer:
    case HR_FIELD_money:
        fits = hr_text_to_integer(text, &integer);
        *value = hr_value_int(integer);
        return fits;
    case HR_FIELD_time:
        fits = hr_instant_read(text, &at);
        *value = hr_value_time(at);
        return fits;
    case HR_FIELD_number: /* rows of a file have nothing but texts */
        return hr_ok(hr_json_read(into, text, NULL, NULL, value)) &&
               (value->kind == HR_KIND_int || value->kind == HR_KIND_double);
    case HR_FIELD_TYPE_COUNT:
        return false;
    }
    *value = hr_value_text(normal);
    return fits;
}

bool hr_typed(struct hr_arena *into, const struct hr_plan *plan, const struct hr_field *field,
              struct hr_value *value)
{
    switch ((enum hr_kind)value->kind) {
    case HR_KIND_text: {
        struct hr_text text = hr_text_trim(hr_value_as_text(value));
        return text.size > 0 && text_typed(into, plan, field, text, value);
    }
    case HR_KIND_bool:
        return field->type == HR_FIELD_boolean;
    case HR_KIND_int:
        if (field->type == HR_FIELD_text || field->type == HR_FIELD_phone) {
            return text_typed(into, plan, field, hr_value_show(into, value), value);
        }
        return field->type == HR_FIELD_integer || field->type == HR_FIELD_number ||
               field->type == HR_FIELD_money;
    case HR_KIND_uint:
    case HR_KIND_double:
        return field->type == HR_FIELD_number;
    case HR_KIND_time:
        value->nanoseconds = 0; /* what is kept has none, and must equal what is heard again */
        return field->type == HR_FIELD_time;
    case HR_KIND_null:
    case HR_KIND_bytes:
    case HR_KIND_duration:
    case HR_KIND_list:
    case HR_KIND_map:
    case HR_KIND_type:
    case HR_KIND_optional:
        return false;
    }
    return false;
}
