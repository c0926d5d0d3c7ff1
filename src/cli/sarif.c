/* What was found as SARIF 2.1.0, which code hosts and editors show beside the lines: a rule for each code with the page
 * of `handrail explain`, a result for each finding, its fix where one is certain. */
#include "cli_inside.h"

/* Who reads this gets the codes as people see them: E0140 and W0140 are two rules. */
struct rule {
    enum hr_code code;
    enum hr_severity severity;
};

struct sarif {
    const struct hr_cli *cli;
    struct hr_buffer *out;
    struct rule rules[HR_DIAGNOSTICS_MAX];
    size_t rule_count;
};

static void add(struct sarif *sarif, const char *text)
{
    hr_buffer_add_text(sarif->out, hr_text_from(text));
}

/* "name":{"text":"..."} */
static void add_message(struct sarif *sarif, const char *name, struct hr_text text)
{
    hr_buffer_add_format(sarif->out, "\"%s\":{\"text\":", name);
    hr_json_write_text(sarif->out, text);
    add(sarif, "}");
}

static const char *level_of(enum hr_severity severity)
{
    return severity == HR_SEVERITY_error ? "error" : "warning";
}

/* ---- rules ---------------------------------------------------------------------------------------- */

static size_t rule_of(struct sarif *sarif, const struct hr_diagnostic *item)
{
    size_t at = 0;
    while (at < sarif->rule_count &&
           (sarif->rules[at].code != item->code || sarif->rules[at].severity != item->severity)) {
        at++;
    }
    if (at == sarif->rule_count) {
        sarif->rules[sarif->rule_count++] = (struct rule){item->code, item->severity};
    }
    return at;
}

static void add_rule(struct sarif *sarif, const struct rule *rule)
{
    const struct hr_code_info *info = hr_code_info(rule->code);
    hr_buffer_add_format(sarif->out, "{\"id\":\"%c%04d\",\"name\":\"%s\",",
                         rule->severity == HR_SEVERITY_error ? 'E' : 'W', (int)rule->code,
                         info->symbol);
    add_message(sarif, "shortDescription", hr_text_from(info->text));
    add(sarif, ",");
    add_message(sarif, "fullDescription", hr_text_from(info->page));
    add(sarif, ",");
    add_message(sarif, "help", hr_text_from(info->help));
    hr_buffer_add_format(sarif->out, ",\"defaultConfiguration\":{\"level\":\"%s\"}}",
                         level_of(rule->severity));
}

/* ---- places --------------------------------------------------------------------------------------- */

/* A path as a URI: relative to where we stand, or file:// when it begins with a slash. */
static void add_uri(struct sarif *sarif, struct hr_text path)
{
    static const char digits[] = "0123456789ABCDEF";
    add(sarif, hr_text_starts(path, HR_TEXT("/")) ? "\"uri\":\"file://" : "\"uri\":\"");
    while (hr_text_starts(path, HR_TEXT("./"))) {
        path = hr_text_slice(path, 2, path.size);
    }
    for (size_t i = 0; i < path.size; i++) {
        unsigned char byte = (unsigned char)path.data[i];
        bool plain = (byte >= '0' && byte <= '9') ||
                     ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') || byte == '/' || byte == '.' ||
                     byte == '_' || byte == '-' || byte == '~';
        if (plain) {
            hr_buffer_add_byte(sarif->out, (char)byte);
        } else {
            hr_buffer_add_format(sarif->out, "%%%c%c", digits[byte >> 4], digits[byte & 15]);
        }
    }
    add(sarif, "\"");
}

static void add_artifact(struct sarif *sarif, struct hr_text path)
{
    add(sarif, "\"artifactLocation\":{");
    add_uri(sarif, path);
    add(sarif, "}");
}

/* A location; message may be empty. */
static void add_location(struct sarif *sarif, struct hr_place place, struct hr_text message)
{
    add(sarif, "{\"physicalLocation\":{");
    add_artifact(sarif, place.file);
    if (place.line > 0) {
        hr_buffer_add_format(sarif->out, ",\"region\":{\"startLine\":%u", place.line);
        if (place.column > 0) {
            hr_buffer_add_format(sarif->out, ",\"startColumn\":%u,\"endColumn\":%u", place.column,
                                 place.column + (place.size > 0 ? place.size : 1));
        }
        add(sarif, "}");
    }
    add(sarif, "}");
    if (message.size > 0) {
        add(sarif, ",");
        add_message(sarif, "message", message);
    }
    add(sarif, "}");
}

static void add_fix(struct sarif *sarif, const struct hr_diagnostic *item)
{
    struct hr_text bytes = hr_cli_source(sarif->cli, item->place.file);
    size_t from = 0;
    size_t size = 0;
    if (!hr_fix_locate(item, bytes, &from, &size)) {
        return;
    }
    struct hr_cli_spot begin = hr_cli_spot_of(bytes, from);
    struct hr_cli_spot end = hr_cli_spot_of(bytes, from + size);
    add(sarif, ",\"fixes\":[{");
    add_message(sarif, "description", item->help);
    add(sarif, ",\"artifactChanges\":[{");
    add_artifact(sarif, item->place.file);
    hr_buffer_add_format(
        sarif->out,
        ",\"replacements\":[{\"deletedRegion\":{\"startLine\":%u,\"startColumn\":%u,"
        "\"endLine\":%u,\"endColumn\":%u},",
        begin.line, begin.column, end.line, end.column);
    add_message(sarif, "insertedContent", item->fix.replacement);
    add(sarif, "}]}]}]");
}

/* ---- results -------------------------------------------------------------------------------------- */

/* What is wrong, what harm it does, and how to mend it: readers of SARIF show this one text. */
static struct hr_text message_of(struct sarif *sarif, const struct hr_diagnostic *item)
{
    struct hr_buffer text;
    hr_buffer_init(&text, sarif->out->arena, 8 << 10);
    hr_buffer_add_text(&text, item->message);
    if (item->example.size > 0) {
        hr_buffer_add_format(&text, "\nfor example: %.*s", HR_SHOW(item->example));
    }
    if (item->help.size > 0) {
        hr_buffer_add_format(&text, "\nhelp: %.*s", HR_SHOW(item->help));
    }
    return text.failed ? item->message : hr_buffer_text(&text);
}

static void add_result(struct sarif *sarif, const struct hr_diagnostic *item)
{
    size_t rule = rule_of(sarif, item);
    hr_buffer_add_format(sarif->out, "{\"ruleId\":\"%c%04d\",\"ruleIndex\":%zu,\"level\":\"%s\",",
                         item->severity == HR_SEVERITY_error ? 'E' : 'W', (int)item->code, rule,
                         level_of(item->severity));
    add_message(sarif, "message", message_of(sarif, item));
    add(sarif, ",\"locations\":[");
    if (item->place.file.size > 0) {
        add_location(sarif, item->place, item->label);
    }
    add(sarif, "]");
    if (item->second.line > 0) {
        add(sarif, ",\"relatedLocations\":[");
        add_location(sarif, item->second, item->second_label);
        add(sarif, "]");
    }
    add_fix(sarif, item);
    add(sarif, "}");
}

/* What was counted but not kept is said, so that nobody takes the list for all. */
static void add_invocation(struct sarif *sarif)
{
    const struct hr_diagnostics *found = &sarif->cli->found;
    size_t more = found->error_count + found->warning_count - found->count;
    add(sarif, "\"invocations\":[{\"executionSuccessful\":true");
    if (more > 0) {
        hr_buffer_add_format(sarif->out,
                             ",\"toolExecutionNotifications\":[{\"level\":\"note\",\"message\":"
                             "{\"text\":\"and %zu more\"}}]",
                             more);
    }
    add(sarif, "}]");
}

void hr_cli_found_sarif(const struct hr_cli *cli, struct hr_buffer *out)
{
    struct sarif sarif = {.cli = cli, .out = out};
    add(&sarif, "{\"$schema\":\"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
                "sarif-schema-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\"results\":[");
    for (size_t i = 0; i < cli->found.count; i++) {
        add(&sarif, i > 0 ? "," : "");
        add_result(&sarif, &cli->found.items[i]);
    }
    add(&sarif, "],\"tool\":{\"driver\":{\"name\":\"Handrail\",\"semanticVersion\":\"" HR_VERSION
                "\",\"rules\":[");
    for (size_t i = 0; i < sarif.rule_count; i++) {
        add(&sarif, i > 0 ? "," : "");
        add_rule(&sarif, &sarif.rules[i]);
    }
    add(&sarif, "]}},\"columnKind\":\"unicodeCodePoints\",");
    add_invocation(&sarif);
    add(&sarif, "}]}\n");
}
