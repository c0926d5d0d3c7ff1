/* template/compile: from a text to a template that can be rendered: limits, parsing, spots, reads; and the questions
 * that a finished template answers. */
#include "template/parse_inside.h"

static bool source_is_sound(struct hr_template_parser *parser)
{
    if (parser->source.size > HR_TEMPLATE_SOURCE_MAX) {
        hr_template_complain(parser, HR_CODE_template_limit, 0, 1,
                             HR_TEXT("the text is longer than 256 KiB"));
        return false;
    }
    if (!hr_text_is_utf8(parser->source)) {
        hr_template_complain(parser, HR_CODE_template_syntax, 0, 1,
                             HR_TEXT("the text is not UTF-8"));
        return false;
    }
    return true;
}

static hr_status compile(struct hr_template_parser *parser)
{
    if (!source_is_sound(parser)) {
        return hr_answer(HR_E_INPUT);
    }
    hr_template_parse(parser);
    if (!parser->no_memory && parser->error_count == 0) {
        hr_template_find_spots(parser);
    }
    if (!parser->no_memory && parser->error_count == 0) {
        hr_template_find_reads(parser);
    }
    if (parser->no_memory) {
        return hr_answer(HR_E_MEMORY);
    }
    return parser->error_count > 0 ? hr_answer(HR_E_INPUT) : hr_done();
}

hr_status hr_template_compile(struct hr_arena *into, struct hr_text source,
                              const struct hr_template_options *options,
                              struct hr_diagnostics *reterr,
                              const struct hr_template **ret_template)
{
    struct hr_template *template = hr_arena_new(into, struct hr_template);
    if (template == NULL) {
        return hr_answer(HR_E_MEMORY);
    }
    template->landing = options->landing;
    template->source = source.size <= HR_TEMPLATE_SOURCE_MAX ? hr_text_copy(into, source) : source;
    if (template->source.data == NULL && source.size > 0) {
        return hr_answer(HR_E_MEMORY);
    }
    struct hr_template_parser parser = {
        .arena = into,
        .template = template,
        .source = template->source,
        .options = options,
        .reterr = reterr,
    };
    size_t told = reterr == NULL ? 0 : reterr->told;
    hr_status status = compile(&parser);
    if (reterr != NULL) {
        hr_diagnostics_own(reterr, told);
    }
    if (hr_ok(status)) {
        *ret_template = template;
    }
    return status;
}

const struct hr_template_read *hr_template_reads(const struct hr_template *template,
                                                 size_t *ret_count)
{
    *ret_count = template->read_count;
    return template->reads;
}

struct hr_text hr_template_source(const struct hr_template *template)
{
    return template->source;
}

enum hr_landing hr_template_landing(const struct hr_template *template)
{
    return template->landing;
}
