/* Conditions in groups, and lists of name: expression. */
#include "workspace/inside.h"

enum { RULE_DEPTH_MAX = 4 };

static const struct hr_text group_names[] = {HR_TEXT("all"), HR_TEXT("any"), HR_TEXT("none")};

/* all, any or none, alone in its map; HR_CLAUSE_line for any other node. */
static enum hr_clause_kind group_of(const struct hr_node *node)
{
    if (node->kind != HR_NODE_map || node->count != 1) {
        return HR_CLAUSE_line;
    }
    for (size_t i = 0; i < sizeof group_names / sizeof group_names[0]; i++) {
        if (hr_text_equal(node->pairs[0].key->scalar, group_names[i])) {
            return (enum hr_clause_kind)(HR_CLAUSE_all + i);
        }
    }
    return HR_CLAUSE_line;
}

static struct hr_clauses read_rules(struct hr_draft *draft, const struct hr_node *node,
                                    const char *noun, enum hr_expr_use use, unsigned depth);

static bool read_group(struct hr_draft *draft, const struct hr_node *node, enum hr_clause_kind kind,
                       enum hr_expr_use use, unsigned depth, struct hr_clause *rule)
{
    struct hr_text name = group_names[kind - HR_CLAUSE_all];
    if (depth >= RULE_DEPTH_MAX) {
        hr_draft_error(draft, rules_too_deep, node->place,
                       "groups of conditions stand at most %d deep", RULE_DEPTH_MAX);
        return false;
    }
    struct hr_clauses inner = read_rules(draft, node->pairs[0].value, name.data, use, depth + 1);
    *rule = (struct hr_clause){.kind = kind, .items = inner.items, .count = inner.count};
    return inner.count > 0;
}

/* Depth is limited by RULE_DEPTH_MAX, so the recursion is. */
static struct hr_clauses read_rules(struct hr_draft *draft, const struct hr_node *node,
                                    const char *noun, enum hr_expr_use use, unsigned depth)
{
    struct hr_nodes nodes = hr_draft_some(draft, node, noun, HR_LIMIT_rules);
    struct hr_clause *items = hr_draft_keep(draft, struct hr_clause, nodes.count);
    struct hr_clauses rules = {items, 0};
    for (size_t i = 0; items != NULL && i < nodes.count; i++) {
        struct hr_clause *rule = &items[rules.count];
        enum hr_clause_kind kind = group_of(nodes.items[i]);
        bool good = false;
        if (kind != HR_CLAUSE_line) {
            good = read_group(draft, nodes.items[i], kind, use, depth, rule);
        } else {
            rule->expr = hr_draft_expr(draft, nodes.items[i], use, HR_TYPE_bool);
            good = rule->expr != NULL;
        }
        rule->place = hr_draft_place(draft, nodes.items[i]->place);
        rules.count += good;
    }
    return rules;
}

struct hr_clauses hr_draft_clauses(struct hr_draft *draft, const struct hr_node *node,
                                   const char *noun, enum hr_expr_use use)
{
    return read_rules(draft, node, noun, use, 0);
}

/* Depth is that of read_rules. */
void hr_clauses_each(const struct hr_clauses *rules, hr_clause_visit visit, void *context)
{
    for (size_t i = 0; i < rules->count; i++) {
        const struct hr_clause *rule = &rules->items[i];
        if (rule->kind == HR_CLAUSE_line) {
            visit(context, rule);
        } else {
            const struct hr_clauses inner = {rule->items, rule->count};
            hr_clauses_each(&inner, visit, context);
        }
    }
}

struct hr_arguments hr_draft_arguments(struct hr_draft *draft, const struct hr_node *map,
                                       const char *key)
{
    struct hr_pairs pairs = hr_draft_pairs(draft, hr_draft_get(map, key), key, HR_LIMIT_mappings);
    struct hr_argument *items = hr_draft_keep(draft, struct hr_argument, pairs.count);
    struct hr_arguments arguments = {items, 0};
    for (size_t i = 0; items != NULL && i < pairs.count; i++) {
        const struct hr_pair *pair = &pairs.items[i];
        bool named = hr_draft_id(draft, pair->key, "input", false);
        const struct hr_expr *value = hr_draft_expr(draft, pair->value, HR_USE_rule, HR_TYPE_dyn);
        if (named && value != NULL) {
            items[arguments.count++] =
                (struct hr_argument){hr_draft_copy(draft, pair->key->scalar), value,
                                     hr_draft_place(draft, pair->key->place)};
        }
    }
    return arguments;
}

const struct hr_expr **hr_draft_exprs(struct hr_draft *draft, struct hr_nodes nodes,
                                      size_t *ret_count)
{
    const struct hr_expr **exprs = hr_draft_keep(draft, const struct hr_expr *, nodes.count);
    *ret_count = 0;
    for (size_t i = 0; exprs != NULL && i < nodes.count; i++) {
        exprs[*ret_count] = hr_draft_expr(draft, nodes.items[i], HR_USE_rule, HR_TYPE_dyn);
        *ret_count += exprs[*ret_count] != NULL;
    }
    return exprs;
}
