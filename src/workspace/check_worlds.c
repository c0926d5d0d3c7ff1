/* Can a list of conditions hold, and can it fail? Every value that a choice has, every number around those written,
 * and no value at all are tried together; what has too many values, or is no plain comparison, stays unknown. */
#include "workspace/sense_inside.h"

enum { NUMBERS_MAX = 15 };

/* ---- what is read ------------------------------------------------------------------------------- */

static bool is_of_event(const struct hr_expr_read *read)
{
    return read->name == HR_SCOPE_event || read->name == HR_SCOPE_trigger;
}

static const struct hr_axis *find_axis(const struct hr_worlds *worlds, size_t name, int32_t field)
{
    for (size_t i = 0; i < worlds->axis_count; i++) {
        if (worlds->axes[i].name == name && worlds->axes[i].field == field) {
            return &worlds->axes[i];
        }
    }
    return NULL;
}

/* ---- numbers written beside a field ------------------------------------------------------------- */

struct numbers {
    double items[NUMBERS_MAX];
    size_t count;
    bool plain; /* nothing but comparisons with them */
};

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_name_byte(char byte)
{
    return is_digit(byte) || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           byte == '_' || byte == '.';
}

static size_t skip_quoted(struct hr_text source, size_t at, struct numbers *numbers)
{
    char quote = source.data[at++];
    while (at < source.size && source.data[at] != quote) {
        numbers->plain = numbers->plain && source.data[at] != '\\';
        at++;
    }
    return at + 1;
}

static size_t skip_name(struct hr_text source, size_t at, struct numbers *numbers)
{
    size_t begin = at;
    while (at < source.size && is_name_byte(source.data[at])) {
        at++;
    }
    bool called = at < source.size && source.data[at] == '(';
    numbers->plain = numbers->plain &&
                     (!called || hr_text_equal(hr_text_slice(source, begin, at), HR_TEXT("known")));
    return at;
}

static size_t take_number(struct hr_text source, size_t at, bool negative, struct numbers *numbers)
{
    double value = 0;
    double unit = 1;
    bool fraction = false;
    for (; at < source.size && is_name_byte(source.data[at]); at++) {
        char byte = source.data[at];
        if (byte == '.' && !fraction) {
            fraction = true;
        } else if (is_digit(byte)) {
            unit = fraction ? unit / 10 : 1;
            value = fraction ? value + unit * (byte - '0') : value * 10 + (byte - '0');
        } else {
            numbers->plain = false; /* 1e3, 0x10, 5u */
        }
    }
    if (numbers->count == NUMBERS_MAX || value > 1e15) {
        numbers->plain = false;
    } else {
        numbers->items[numbers->count++] = negative ? -value : value;
    }
    return at;
}

/* The numbers in a line, if all it does with them is to compare. */
static void scan_numbers(struct hr_text source, struct numbers *numbers)
{
    for (size_t at = 0; numbers->plain && at < source.size;) {
        char byte = source.data[at];
        bool digit_next = at + 1 < source.size && is_digit(source.data[at + 1]);
        if (byte == '\'' || byte == '"') {
            at = skip_quoted(source, at, numbers);
        } else if (is_digit(byte)) {
            at = take_number(source, at, false, numbers);
        } else if (byte == '-' && digit_next && at > 0 && source.data[at - 1] == ' ') {
            /* `x - 5` has a space behind its sign; `x -5` is taken for a number, and does not compile as one */
            at = take_number(source, at + 1, true, numbers);
        } else if (is_name_byte(byte)) {
            at = skip_name(source, at, numbers);
        } else {
            numbers->plain = byte != '+' && byte != '-' && byte != '*' && byte != '/' &&
                             byte != '%' && byte != '?' && byte != '{';
            at++;
        }
    }
}

static bool is_number(enum hr_field_type type)
{
    return type == HR_FIELD_integer || type == HR_FIELD_number || type == HR_FIELD_money;
}

static const struct hr_field *field_of_read(const struct hr_draft *draft,
                                            const struct hr_expr_read *read)
{
    enum hr_record_type record = hr_scope_record(read->name);
    return record == HR_RECORD_TYPE_COUNT || read->field < 0
               ? NULL
               : &draft->plan->records[record].fields[read->field];
}

/* A line that compares two fields with each other is not plain. */
static bool reads_other_number(const struct hr_draft *draft, const struct hr_expr *expr,
                               const struct hr_expr_read *read)
{
    size_t count = 0;
    const struct hr_expr_read *reads = hr_expr_reads(expr, &count);
    for (size_t i = 0; i < count; i++) {
        const struct hr_field *field = field_of_read(draft, &reads[i]);
        bool same = reads[i].name == read->name && reads[i].field == read->field;
        if (field != NULL && !same && is_number(field->type)) {
            return true;
        }
    }
    return false;
}

static void sort_numbers(struct numbers *numbers)
{
    for (size_t i = 1; i < numbers->count; i++) {
        double item = numbers->items[i];
        size_t to = i;
        for (; to > 0 && numbers->items[to - 1] > item; to--) {
            numbers->items[to] = numbers->items[to - 1];
        }
        numbers->items[to] = item;
    }
}

/* ---- making an axis ----------------------------------------------------------------------------- */

struct maker {
    struct hr_worlds *worlds;
    const struct hr_clauses *rules;
    const struct hr_seen_events *seen;
    const struct hr_expr_read *read; /* the one whose numbers are collected */
    struct numbers numbers;
};

static void collect_numbers(void *context, const struct hr_clause *line)
{
    struct maker *maker = context;
    size_t count = 0;
    const struct hr_expr_read *reads = hr_expr_reads(line->expr, &count);
    for (size_t i = 0; i < count; i++) {
        if (reads[i].name == maker->read->name && reads[i].field == maker->read->field) {
            maker->numbers.plain =
                maker->numbers.plain &&
                !reads_other_number(maker->worlds->draft, line->expr, maker->read);
            scan_numbers(hr_expr_source(line->expr), &maker->numbers);
        }
    }
}

static void put(struct hr_axis *axis, struct hr_value value)
{
    if (axis->count < HR_AXIS_VALUES_MAX) {
        axis->values[axis->count++] = value;
    }
}

/* Each number written, and one on either side of it. */
static void put_numbers(struct maker *maker, struct hr_axis *axis, const struct hr_field *field)
{
    struct numbers *numbers = &maker->numbers;
    *numbers = (struct numbers){.plain = true};
    hr_clauses_each(maker->rules, collect_numbers, maker);
    if (!numbers->plain) {
        return;
    }
    sort_numbers(numbers);
    for (size_t i = 0; i < numbers->count; i++) {
        double item = numbers->items[i];
        bool last = i + 1 == numbers->count;
        if (field->type == HR_FIELD_number) {
            put(axis, hr_value_double(i == 0 ? item - 1 : item));
            put(axis, hr_value_double(item));
            put(axis, hr_value_double(last ? item + 1 : (item + numbers->items[i + 1]) / 2));
        } else {
            int64_t whole = (int64_t)item - (item < (double)(int64_t)item);
            put(axis, hr_value_int(whole - 1));
            put(axis, hr_value_int(whole));
            put(axis, hr_value_int(whole + 1));
        }
    }
    if (numbers->count == 0) {
        put(axis, hr_value_int(0));
    }
}

/* A line that must hold and says what the field is: it can be nothing else. */
static void put_equal(const struct maker *maker, struct hr_axis *axis)
{
    for (size_t i = 0; i < maker->rules->count && axis->count == 0; i++) {
        struct hr_expr_read read = {0};
        const struct hr_value *literals = NULL;
        size_t count = 0;
        const struct hr_clause *rule = &maker->rules->items[i];
        if (rule->kind != HR_CLAUSE_line ||
            !hr_expr_equals_literal(rule->expr, &read, &literals, &count) ||
            read.name != axis->name || read.field != axis->field || count > HR_AXIS_VALUES_MAX) {
            continue;
        }
        for (size_t value = 0; value < count; value++) {
            put(axis, literals[value]);
        }
        axis->partial = true;
    }
}

/* The events that can be meant; every event there is where that is not known, and `all` are wanted. */
static void put_events(const struct hr_draft *draft, struct hr_axis *axis,
                       const struct hr_seen_events *seen, bool all)
{
    bool trigger = axis->name == HR_SCOPE_trigger;
    bool known = trigger ? seen->trigger_known : seen->event_known;
    size_t count = trigger ? seen->trigger_count : seen->event_count;
    axis->events = !known ? NULL : trigger ? seen->trigger : seen->event;
    axis->of_events = true;
    if (!known) {
        count = all ? draft->plan->event_name_count : 0;
    } else if (count == 0) {
        put(axis, hr_value_null());
    }
    for (size_t i = 0; i < count && count <= HR_AXIS_VALUES_MAX; i++) {
        size_t event = known ? (size_t)axis->events[i] : i;
        put(axis, hr_value_text(draft->plan->event_names[event].name));
    }
}

static void put_field(struct maker *maker, struct hr_axis *axis, const struct hr_field *field)
{
    if (field->value_count > 0 && field->value_count < HR_AXIS_VALUES_MAX) {
        for (size_t i = 0; i < field->value_count; i++) {
            put(axis, hr_value_text(field->values[i]));
        }
    } else if (field->type == HR_FIELD_boolean) {
        put(axis, hr_value_bool(true));
        put(axis, hr_value_bool(false));
    } else if (is_number(field->type)) {
        put_numbers(maker, axis, field);
    } else if (field->value_count == 0) {
        put_equal(maker, axis);
    }
    if (axis->count > 0) {
        put(axis, hr_value_null());
    }
}

static void add_axis(struct maker *maker, const struct hr_expr_read *read, bool all_events)
{
    struct hr_worlds *worlds = maker->worlds;
    struct hr_draft *draft = worlds->draft;
    const struct hr_field *field = field_of_read(draft, read);
    bool event = is_of_event(read) && read->field == HR_EVENT_FIELD_type;
    if (worlds->axis_count == HR_AXES_MAX || (field == NULL && !event) ||
        find_axis(worlds, read->name, read->field) != NULL) {
        return;
    }
    struct hr_axis *axis = &worlds->axes[worlds->axis_count];
    *axis = (struct hr_axis){.name = read->name, .field = read->field};
    axis->values = hr_draft_scratch(draft, struct hr_value, HR_AXIS_VALUES_MAX);
    if (axis->values == NULL) {
        return;
    }
    maker->read = read;
    if (field != NULL) {
        put_field(maker, axis, field);
    } else {
        put_events(draft, axis, maker->seen, all_events);
    }
    worlds->axis_count += axis->count > 0;
}

/* Which event it is decides what it brings. */
static void add_axes(void *context, const struct hr_clause *line)
{
    size_t count = 0;
    const struct hr_expr_read *reads = hr_expr_reads(line->expr, &count);
    for (size_t i = 0; i < count; i++) {
        struct hr_expr_read type = {.name = reads[i].name, .field = HR_EVENT_FIELD_type};
        bool attribute = is_of_event(&reads[i]) && reads[i].field >= HR_EVENT_FIELD_attributes;
        add_axis(context, attribute ? &type : &reads[i], attribute);
    }
}

/* Too many worlds: the axis with the most values is given up. */
static void limit_worlds(struct hr_worlds *worlds)
{
    for (;;) {
        size_t product = 1;
        size_t widest = 0;
        for (size_t i = 0; i < worlds->axis_count; i++) {
            product *= worlds->axes[i].count; /* at most 64^8 */
            widest = worlds->axes[i].count > worlds->axes[widest].count ? i : widest;
        }
        if (worlds->axis_count == 0 || product <= HR_WORLDS_MAX) {
            return;
        }
        worlds->axes[widest] = worlds->axes[--worlds->axis_count];
    }
}

void hr_worlds_of(struct hr_worlds *worlds, struct hr_draft *draft, const struct hr_clauses *rules,
                  const struct hr_seen_events *seen)
{
    *worlds = (struct hr_worlds){.draft = draft};
    struct maker maker = {.worlds = worlds, .rules = rules, .seen = seen};
    hr_clauses_each(rules, add_axes, &maker);
    limit_worlds(worlds);
}

void hr_worlds_rewind(struct hr_worlds *worlds)
{
    for (size_t i = 0; i < HR_AXES_MAX; i++) {
        worlds->at[i] = 0;
    }
}

bool hr_worlds_next(struct hr_worlds *worlds)
{
    for (size_t i = 0; i < worlds->axis_count; i++) {
        if (++worlds->at[i] < worlds->axes[i].count) {
            return true;
        }
        worlds->at[i] = 0;
    }
    return false;
}

/* ---- one world ---------------------------------------------------------------------------------- */

/* True when the event of this world does not bring the attribute. */
static bool is_not_brought(const struct hr_worlds *worlds, size_t name, int32_t field)
{
    const struct hr_axis *axis = find_axis(worlds, name, HR_EVENT_FIELD_type);
    if (axis == NULL || !axis->of_events || field < HR_EVENT_FIELD_attributes) {
        return false;
    }
    size_t at = worlds->at[axis - worlds->axes];
    size_t event = axis->events == NULL ? at : (size_t)axis->events[at];
    return axis->values[at].kind == HR_KIND_null ||
           !hr_draft_sends(worlds->draft, event, field - HR_EVENT_FIELD_attributes);
}

static bool world_field(void *context, size_t name, int32_t field, struct hr_text text,
                        struct hr_value *ret_value)
{
    const struct hr_worlds *worlds = context;
    const struct hr_axis *axis = find_axis(worlds, name, field);
    (void)text;
    if (axis == NULL && is_not_brought(worlds, name, field)) {
        *ret_value = hr_value_null();
        return true;
    }
    *ret_value = axis == NULL ? hr_value_null() : axis->values[worlds->at[axis - worlds->axes]];
    return axis != NULL;
}

/* The time, and what changed last, are not what a field is: a line that asks for them is unknown. */
static bool line_can(struct hr_worlds *worlds, const struct hr_expr *expr)
{
    const struct hr_expr_view view = {
        .context = worlds, .field_of = world_field, .now = HR_INSTANT_NONE};
    return hr_expr_uses(expr) != 0 || hr_expr_can_hold(expr, &view, &worlds->draft->scratch);
}

static bool line_must(struct hr_worlds *worlds, const struct hr_expr *expr)
{
    const struct hr_expr_view view = {
        .context = worlds, .field_of = world_field, .now = HR_INSTANT_NONE};
    size_t count = 0;
    const struct hr_expr_read *reads = hr_expr_reads(expr, &count);
    for (size_t i = 0; i < count; i++) {
        const struct hr_axis *axis = find_axis(worlds, reads[i].name, reads[i].field);
        if (axis == NULL || axis->partial) {
            return false;
        }
    }
    struct hr_value value = hr_value_null();
    return hr_expr_uses(expr) == 0 &&
           hr_ok(hr_expr_evaluate(expr, &view, &worlds->draft->scratch, &value, NULL)) &&
           value.kind == HR_KIND_bool && value.truth;
}

/* Depth is that of groups, which the reader limits. */
static bool rule_can(struct hr_worlds *worlds, const struct hr_clause *rule)
{
    const struct hr_clauses inner = {rule->items, rule->count};
    switch (rule->kind) {
    case HR_CLAUSE_line:
        return line_can(worlds, rule->expr);
    case HR_CLAUSE_any:
        for (size_t i = 0; i < rule->count; i++) {
            if (rule_can(worlds, &rule->items[i])) {
                return true;
            }
        }
        return false;
    case HR_CLAUSE_none:
        for (size_t i = 0; i < rule->count; i++) {
            const struct hr_clauses one = {&rule->items[i], 1};
            if (hr_world_must(worlds, &one)) {
                return false;
            }
        }
        return true;
    case HR_CLAUSE_all:
    default:
        return hr_world_can(worlds, &inner);
    }
}

static bool rule_must(struct hr_worlds *worlds, const struct hr_clause *rule)
{
    const struct hr_clauses inner = {rule->items, rule->count};
    switch (rule->kind) {
    case HR_CLAUSE_line:
        return line_must(worlds, rule->expr);
    case HR_CLAUSE_any:
        for (size_t i = 0; i < rule->count; i++) {
            if (rule_must(worlds, &rule->items[i])) {
                return true;
            }
        }
        return false;
    case HR_CLAUSE_none:
        for (size_t i = 0; i < rule->count; i++) {
            if (rule_can(worlds, &rule->items[i])) {
                return false;
            }
        }
        return true;
    case HR_CLAUSE_all:
    default:
        return hr_world_must(worlds, &inner);
    }
}

bool hr_world_can(struct hr_worlds *worlds, const struct hr_clauses *rules)
{
    for (size_t i = 0; i < rules->count; i++) {
        if (!rule_can(worlds, &rules->items[i])) {
            return false;
        }
    }
    return true;
}

bool hr_world_must(struct hr_worlds *worlds, const struct hr_clauses *rules)
{
    for (size_t i = 0; i < rules->count; i++) {
        if (!rule_must(worlds, &rules->items[i])) {
            return false;
        }
    }
    return true;
}

/* ---- all worlds --------------------------------------------------------------------------------- */

struct asker {
    const struct hr_worlds *worlds;
    bool yes;
};

static void note_unknown(void *context, const struct hr_clause *line)
{
    struct asker *asker = context;
    size_t count = 0;
    const struct hr_expr_read *reads = hr_expr_reads(line->expr, &count);
    for (size_t i = 0; i < count; i++) {
        const struct hr_axis *axis = find_axis(asker->worlds, reads[i].name, reads[i].field);
        bool unset =
            axis != NULL &&
            axis->values[asker->worlds->at[axis - asker->worlds->axes]].kind == HR_KIND_null;
        asker->yes = asker->yes && !unset;
    }
}

bool hr_world_knows(const struct hr_worlds *worlds, const struct hr_clauses *rules)
{
    struct asker asker = {worlds, true};
    hr_clauses_each(rules, note_unknown, &asker);
    return asker.yes;
}

/* Worlds are made for these rules alone: an axis may have been narrowed by a rule that is not among them. */
static bool can_hold(struct hr_draft *draft, const struct hr_clauses *rules,
                     const struct hr_seen_events *seen)
{
    struct hr_worlds worlds;
    hr_worlds_of(&worlds, draft, rules, seen);
    do {
        if (hr_world_can(&worlds, rules)) {
            return true;
        }
    } while (hr_worlds_next(&worlds));
    return false;
}

/* The first line that cannot hold beside those before it, and the one that it contradicts. */
static struct hr_judgement find_contradiction(struct hr_draft *draft,
                                              const struct hr_clauses *rules,
                                              const struct hr_seen_events *seen)
{
    struct hr_judgement judgement = {.verdict = HR_VERDICT_never};
    size_t last = 0;
    for (; last + 1 < rules->count; last++) {
        const struct hr_clauses prefix = {rules->items, last + 1};
        if (!can_hold(draft, &prefix, seen)) {
            break;
        }
    }
    judgement.line = &rules->items[last];
    const struct hr_clauses alone = {judgement.line, 1};
    bool itself = !can_hold(draft, &alone, seen);
    for (size_t i = 0; !itself && i < last && judgement.other == NULL; i++) {
        const struct hr_clause pair[2] = {rules->items[i], *judgement.line};
        const struct hr_clauses both = {pair, 2};
        judgement.other = can_hold(draft, &both, seen) ? NULL : &rules->items[i];
    }
    return judgement;
}

static void note_asking(void *context, const struct hr_clause *line)
{
    struct asker *asker = context;
    struct hr_expr_read read = {0};
    const struct hr_value *literals = NULL;
    size_t count = 0;
    struct hr_text source = hr_expr_source(line->expr);
    bool known = hr_text_search(source, HR_TEXT("known(")) < source.size ||
                 hr_text_search(source, HR_TEXT("null")) < source.size ||
                 hr_text_search(source, HR_TEXT("has(")) < source.size;
    asker->yes =
        asker->yes || known || hr_expr_equals_literal(line->expr, &read, &literals, &count);
}

/* A line that holds in every world; or in every one in which what it reads is known, if that is not what it asks. */
static bool asks_nothing(struct hr_worlds *worlds, const struct hr_clause *line,
                         bool *ret_known_only)
{
    const struct hr_clauses alone = {line, 1};
    struct asker asker = {worlds, false};
    hr_clauses_each(&alone, note_asking, &asker);
    *ret_known_only = false;
    hr_worlds_rewind(worlds);
    do {
        if (hr_world_must(worlds, &alone)) {
            continue;
        }
        if (asker.yes || hr_world_knows(worlds, &alone)) {
            return false;
        }
        *ret_known_only = true;
    } while (hr_worlds_next(worlds));
    return true;
}

static struct hr_judgement judge_rules(struct hr_draft *draft, const struct hr_clauses *rules,
                                       const struct hr_seen_events *seen)
{
    struct hr_worlds worlds;
    struct hr_judgement judgement = {.verdict = HR_VERDICT_open};
    if (rules->count == 0) {
        return judgement;
    }
    if (!can_hold(draft, rules, seen)) {
        return find_contradiction(draft, rules, seen);
    }
    for (size_t i = 0; i < rules->count; i++) {
        const struct hr_clauses alone = {&rules->items[i], 1};
        hr_worlds_of(&worlds, draft, &alone, seen);
        if (asks_nothing(&worlds, &rules->items[i], &judgement.known_only)) {
            judgement.verdict = HR_VERDICT_always;
            judgement.line = &rules->items[i];
            return judgement;
        }
    }
    return judgement;
}

/* Of what was tried nothing stays, or a thousand automations would fill the scratch. */
struct hr_judgement hr_judge_rules(struct hr_draft *draft, const struct hr_clauses *rules,
                                   const struct hr_seen_events *seen)
{
    struct hr_arena_mark mark = hr_arena_mark(&draft->scratch);
    struct hr_judgement judgement = judge_rules(draft, rules, seen);
    hr_arena_rewind(&draft->scratch, mark);
    return judgement;
}
