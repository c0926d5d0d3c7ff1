/* Automations that start each other, or themselves, without end: rings in the graph of what is emitted and what starts
 * on it. Events are nodes too, so that the graph is as large as what is written and no larger. */
#include "workspace/check_inside.h"

#include <string.h>

enum { TOLD_HOPS_MAX = 6, TOLD_BYTES_MAX = 1024 };

/* hard: a ring that nothing bounds. slow: one that takes its time each turn, and still never ends. echo: one that is
 * closed by a CRM's news of our own change. */
enum strictness { RING_hard, RING_slow, RING_echo };

/* Nodes: automations, then events. Edges of an automation are its emissions, those of an event the automations that
 * start on it. */
struct graph {
    const struct hr_facts *facts;
    enum strictness strictness;
    size_t automations;
    size_t nodes;
    size_t *first; /* of each node: its edges are targets[first[n] .. first[n + 1]) */
    uint32_t *targets;
    uint32_t *emissions; /* of an automation's edge: index in the facts' emissions */
    uint32_t *ring;      /* of each node: number of its strongly connected part */
    uint32_t *parent;    /* for the search of the shortest ring */
    bool *told;          /* automations in a ring that was told */
};
static const uint32_t NOBODY = UINT32_MAX;

/* ---- what bounds a ring ------------------------------------------------------------ */

/* A key that a new event of the same chain can have again; event.id and event.at are new each time. */
static bool key_repeats(const struct hr_expr *key)
{
    size_t count = 0;
    const struct hr_expr_read *reads = key == NULL ? NULL : hr_expr_reads(key, &count);
    for (size_t i = 0; i < count; i++) {
        if (reads[i].name == HR_SCOPE_event &&
            (reads[i].field == HR_EVENT_FIELD_id || reads[i].field == HR_EVENT_FIELD_at)) {
            return false;
        }
    }
    return count > 0;
}

/* Each record goes through it a limited number of times. */
static bool is_bounded(const struct hr_automation *automation)
{
    return automation->reenter.kind == HR_REENTER_never ||
           (automation->reenter.kind == HR_REENTER_once_per &&
            key_repeats(automation->reenter.key));
}

static void find_who(void *context, const struct hr_clause *line)
{
    bool *asks = context;
    *asks = *asks || hr_plan_expr_reads(line->expr, HR_SCOPE_set_by, -1);
}

/* Its conditions look at who has set a value, which is how one tells one's own echo. */
static bool asks_who(const struct hr_automation *automation)
{
    bool asks = false;
    hr_clauses_each(&automation->when, find_who, &asks);
    return asks;
}

static bool goes_on(const struct graph *graph, const struct hr_emission *emission)
{
    const struct hr_automation *automation =
        &graph->facts->draft->plan->automations[emission->automation];
    bool spaced = automation->reenter.kind == HR_REENTER_after;
    if (is_bounded(automation)) {
        return false;
    }
    if (graph->strictness == RING_echo) {
        return !spaced && !emission->has_waited && !asks_who(automation);
    }
    if (emission->echo) {
        return false;
    }
    if (graph->strictness == RING_hard) {
        return !emission->has_waited && !spaced;
    }
    /* it comes round slowly; a stop rule is what ends it */
    return automation->stop.count == 0 && (!spaced || emission->may_have_waited);
}

/* ---- the graph ------------------------------------------------------------ */

static bool make_graph(struct graph *graph)
{
    const struct hr_facts *facts = graph->facts;
    const struct hr_plan *plan = facts->draft->plan;
    size_t edges = facts->emission_count;
    graph->automations = plan->automation_count;
    graph->nodes = plan->automation_count + plan->event_name_count;
    for (size_t i = 0; i < plan->automation_count; i++) {
        edges += plan->automations[i].trigger.event_count;
    }
    graph->first = hr_draft_scratch(facts->draft, size_t, graph->nodes + 2);
    graph->targets = hr_draft_scratch(facts->draft, uint32_t, edges);
    graph->emissions = hr_draft_scratch(facts->draft, uint32_t, edges);
    graph->ring = hr_draft_scratch(facts->draft, uint32_t, graph->nodes);
    graph->parent = hr_draft_scratch(facts->draft, uint32_t, graph->nodes);
    return graph->first != NULL && graph->targets != NULL && graph->emissions != NULL &&
           graph->ring != NULL && graph->parent != NULL;
}

typedef void (*edge_visit)(struct graph *graph, size_t from, size_t to, uint32_t emission);

static void each_edge(struct graph *graph, edge_visit visit)
{
    const struct hr_facts *facts = graph->facts;
    const struct hr_plan *plan = facts->draft->plan;
    for (size_t i = 0; i < facts->emission_count; i++) {
        const struct hr_emission *emission = &facts->emissions[i];
        if (goes_on(graph, emission)) {
            visit(graph, (size_t)emission->automation, graph->automations + (size_t)emission->event,
                  (uint32_t)i);
        }
    }
    for (size_t i = 0; i < plan->automation_count; i++) {
        const struct hr_trigger *trigger = &plan->automations[i].trigger;
        for (size_t event = 0; !facts->broken[i] && event < trigger->event_count; event++) {
            visit(graph, graph->automations + (size_t)trigger->events[event], i, NOBODY);
        }
    }
}

static void count_edge(struct graph *graph, size_t from, size_t to, uint32_t emission)
{
    (void)to;
    (void)emission;
    graph->first[from + 2]++;
}

static void put_edge(struct graph *graph, size_t from, size_t to, uint32_t emission)
{
    size_t at = graph->first[from + 1]++;
    graph->targets[at] = (uint32_t)to;
    graph->emissions[at] = emission;
}

static void fill_graph(struct graph *graph)
{
    memset(graph->first, 0, (graph->nodes + 2) * sizeof *graph->first);
    each_edge(graph, count_edge);
    for (size_t i = 2; i < graph->nodes + 2; i++) {
        graph->first[i] += graph->first[i - 1];
    }
    each_edge(graph, put_edge);
}

/* ---- strongly connected parts (Tarjan 1972, without recursion) ----------------------------------- */

struct tarjan {
    uint32_t *order; /* 0: not seen yet */
    uint32_t *low;
    size_t *edge; /* the next edge to follow */
    uint32_t *path;
    uint32_t *open; /* seen, and in no part yet */
    bool *is_open;
    size_t path_count, open_count;
    uint32_t seen, rings;
};

static bool make_tarjan(struct hr_draft *draft, size_t nodes, struct tarjan *tarjan)
{
    *tarjan = (struct tarjan){.order = hr_draft_scratch(draft, uint32_t, nodes),
                              .low = hr_draft_scratch(draft, uint32_t, nodes),
                              .edge = hr_draft_scratch(draft, size_t, nodes),
                              .path = hr_draft_scratch(draft, uint32_t, nodes),
                              .open = hr_draft_scratch(draft, uint32_t, nodes),
                              .is_open = hr_draft_scratch(draft, bool, nodes)};
    return tarjan->order != NULL && tarjan->low != NULL && tarjan->edge != NULL &&
           tarjan->path != NULL && tarjan->open != NULL && tarjan->is_open != NULL;
}

static void enter(const struct graph *graph, struct tarjan *tarjan, uint32_t node)
{
    tarjan->order[node] = tarjan->low[node] = ++tarjan->seen;
    tarjan->edge[node] = graph->first[node];
    tarjan->path[tarjan->path_count++] = node;
    tarjan->open[tarjan->open_count++] = node;
    tarjan->is_open[node] = true;
}

static void lower(struct tarjan *tarjan, uint32_t node, uint32_t to)
{
    tarjan->low[node] = to < tarjan->low[node] ? to : tarjan->low[node];
}

static void leave(struct graph *graph, struct tarjan *tarjan, uint32_t node)
{
    tarjan->path_count--;
    if (tarjan->path_count > 0) {
        lower(tarjan, tarjan->path[tarjan->path_count - 1], tarjan->low[node]);
    }
    if (tarjan->low[node] != tarjan->order[node]) {
        return;
    }
    uint32_t member = NOBODY;
    while (member != node) {
        member = tarjan->open[--tarjan->open_count];
        tarjan->is_open[member] = false;
        graph->ring[member] = tarjan->rings;
    }
    tarjan->rings++;
}

static void follow(struct graph *graph, struct tarjan *tarjan, uint32_t root)
{
    enter(graph, tarjan, root);
    while (tarjan->path_count > 0) {
        uint32_t node = tarjan->path[tarjan->path_count - 1];
        if (tarjan->edge[node] == graph->first[node + 1]) {
            leave(graph, tarjan, node);
            continue;
        }
        uint32_t to = graph->targets[tarjan->edge[node]++];
        if (tarjan->order[to] == 0) {
            enter(graph, tarjan, to);
        } else if (tarjan->is_open[to]) {
            lower(tarjan, node, tarjan->order[to]);
        }
    }
}

/* ---- the shortest ring through one automation ---------------------------------------------------- */

/* Breadth first, within its part; true when it comes back to where it began. */
static bool find_ring(const struct graph *graph, uint32_t *queue, uint32_t begin)
{
    size_t head = 0;
    size_t tail = 0;
    for (size_t i = 0; i < graph->nodes; i++) {
        graph->parent[i] = NOBODY;
    }
    queue[tail++] = begin;
    while (head < tail) {
        uint32_t node = queue[head++];
        for (size_t i = graph->first[node]; i < graph->first[node + 1]; i++) {
            uint32_t to = graph->targets[i];
            if (graph->ring[to] != graph->ring[begin] || graph->parent[to] != NOBODY) {
                continue;
            }
            graph->parent[to] = node;
            if (to == begin) {
                return true;
            }
            queue[tail++] = to;
        }
    }
    return false;
}

static const struct hr_emission *emission_of(const struct graph *graph, uint32_t automation,
                                             uint32_t event)
{
    for (size_t i = graph->first[automation]; i < graph->first[automation + 1]; i++) {
        if (graph->targets[i] == event) {
            return &graph->facts->emissions[graph->emissions[i]];
        }
    }
    return NULL;
}

/* ---- saying it ------------------------------------------------------------ */

/* The nodes of the ring from `begin` round to it again, begin first; automation, event, automation ... */
static size_t unroll(const struct graph *graph, uint32_t *nodes, uint32_t begin)
{
    size_t count = 0;
    uint32_t node = begin;
    do {
        nodes[count++] = node;
        node = graph->parent[node];
    } while (node != begin);
    nodes[count++] = begin;
    for (size_t i = 0; i < count / 2; i++) {
        uint32_t swapped = nodes[i];
        nodes[i] = nodes[count - 1 - i];
        nodes[count - 1 - i] = swapped;
    }
    return count;
}

static struct hr_text name_of(const struct graph *graph, uint32_t node)
{
    const struct hr_plan *plan = graph->facts->draft->plan;
    return node < graph->automations ? plan->automations[node].id
                                     : plan->event_names[node - graph->automations].name;
}

/* a -> b -> a */
static struct hr_text say_ring(const struct graph *graph, const uint32_t *nodes, size_t count)
{
    struct hr_buffer out;
    hr_buffer_init(&out, graph->facts->draft->reterr->arena, TOLD_BYTES_MAX);
    for (size_t i = 0; i < count; i += 2) {
        bool left = i / 2 >= TOLD_HOPS_MAX && i + 1 < count;
        if (left && i / 2 == TOLD_HOPS_MAX) {
            hr_buffer_add_format(&out, " -> ... %zu more", (count - i) / 2);
        }
        if (!left) {
            hr_buffer_add_format(&out, "%s%.*s", i == 0 ? "" : " -> ",
                                 HR_SHOW(name_of(graph, nodes[i])));
        }
    }
    return hr_buffer_text(&out);
}

/* a emits x, which starts b; b emits y, which starts a */
static struct hr_text say_turn(const struct graph *graph, const uint32_t *nodes, size_t count)
{
    struct hr_buffer out;
    hr_buffer_init(&out, graph->facts->draft->reterr->arena, TOLD_BYTES_MAX);
    for (size_t i = 0; i + 2 < count && i / 2 < TOLD_HOPS_MAX; i += 2) {
        hr_buffer_add_format(&out, "%s`%.*s` emits `%.*s`, which starts `%.*s`%s",
                             i == 0 ? "" : "; ", HR_SHOW(name_of(graph, nodes[i])),
                             HR_SHOW(name_of(graph, nodes[i + 1])),
                             HR_SHOW(name_of(graph, nodes[i + 2])), i + 3 == count ? " again" : "");
    }
    static const char *const ends[] = {
        [RING_hard] = ", thousands of times a minute for one contact",
        [RING_slow] = ", for as long as the contact is there",
        [RING_echo] = ", if the CRM tells of this change as of any other",
    };
    hr_buffer_add_text(&out, hr_text_from(ends[graph->strictness]));
    return hr_buffer_text(&out);
}

static struct hr_text way_out(const struct graph *graph, struct hr_text name)
{
    struct hr_draft *draft = graph->facts->draft;
    switch (graph->strictness) {
    case RING_hard:
        return hr_draft_say(draft,
                            "write `reenter: never` or `reenter: once per event.NAME` in `%.*s`, "
                            "or emit another event",
                            HR_SHOW(name));
    case RING_slow:
        return hr_draft_say(draft, "add to `%.*s` a `stop:` that ends it, or `reenter: never`",
                            HR_SHOW(name));
    case RING_echo:
        break;
    }
    return hr_draft_say(draft,
                        "let `when` of `%.*s` ask who has set the value, as in "
                        "\"set_by.FIELD == 'people'\", or write `reenter: after 1 hour`",
                        HR_SHOW(name));
}

static void complain(const struct graph *graph, const uint32_t *nodes, size_t count)
{
    const struct hr_facts *facts = graph->facts;
    const struct hr_plan *plan = facts->draft->plan;
    const struct hr_emission *emission = emission_of(graph, nodes[0], nodes[1]);
    const struct hr_emission *closing = emission_of(graph, nodes[count - 3], nodes[count - 2]);
    static const struct {
        enum hr_code code;
        enum hr_severity severity;
        const char *how;
    } told[] = {
        [RING_hard] = {HR_CODE_started_without_end, HR_SEVERITY_error, ", without end"},
        [RING_slow] = {HR_CODE_started_slowly, HR_SEVERITY_warning, ", slowly and without end"},
        [RING_echo] = {HR_CODE_started_by_echo, HR_SEVERITY_warning, " by an echo"},
    };
    struct hr_text ring = say_ring(graph, nodes, count);
    struct hr_diagnostic *item =
        hr_diagnostics_add(facts->draft->reterr, told[graph->strictness].code,
                           told[graph->strictness].severity, hr_told_place(facts, emission->place),
                           count == 3 ? "this automation starts itself%s: %.*s"
                                      : "these automations start each other%s: %.*s",
                           told[graph->strictness].how, HR_SHOW(ring));
    item->label =
        hr_draft_say(facts->draft, emission->echo ? "the CRM answers with `%.*s`" : "emits `%.*s`",
                     HR_SHOW(name_of(graph, nodes[1])));
    if (count > 3) {
        item->second = hr_told_place(facts, closing->place);
        item->second_label = hr_draft_say(facts->draft, "emits `%.*s`, which closes the ring",
                                          HR_SHOW(name_of(graph, nodes[count - 2])));
    } else {
        item->second = hr_told_place(facts, plan->automations[nodes[0]].trigger.place);
        item->second_label = HR_TEXT("and starts on it");
    }
    item->example = say_turn(graph, nodes, count);
    item->help = way_out(graph, name_of(graph, nodes[0]));
}

/* ---- all of it ------------------------------------------------------------ */

/* One complaint for each part with a ring in it, at its first automation. */
static void tell_rings(struct graph *graph, uint32_t rings)
{
    struct hr_draft *draft = graph->facts->draft;
    bool *done = hr_draft_scratch(draft, bool, rings);
    uint32_t *queue = hr_draft_scratch(draft, uint32_t, graph->nodes + 1);
    uint32_t *sizes = hr_draft_scratch(draft, uint32_t, rings);
    if (done == NULL || queue == NULL || sizes == NULL) {
        return;
    }
    for (size_t i = 0; i < graph->nodes; i++) {
        sizes[graph->ring[i]]++;
        /* an automation that a harder ring was told of is not told of again */
        done[graph->ring[i]] |= i < graph->automations && graph->told[i];
    }
    for (uint32_t i = 0; i < graph->automations; i++) {
        uint32_t ring = graph->ring[i];
        if (sizes[ring] < 2 || done[ring] || !find_ring(graph, queue, i)) {
            continue;
        }
        done[ring] = true;
        size_t count = unroll(graph, queue, i);
        complain(graph, queue, count);
        for (size_t node = 0; node < count; node += 2) {
            graph->told[queue[node]] = true;
        }
    }
}

void hr_check_loops(const struct hr_facts *facts)
{
    struct graph graph = {.facts = facts};
    graph.told = hr_draft_scratch(facts->draft, bool, facts->draft->plan->automation_count);
    if (facts->emission_count == 0 || graph.told == NULL || !make_graph(&graph)) {
        return;
    }
    for (unsigned strictness = RING_hard; strictness <= RING_echo; strictness++) {
        struct tarjan tarjan;
        graph.strictness = (enum strictness)strictness;
        if (!make_tarjan(facts->draft, graph.nodes, &tarjan)) {
            return;
        }
        fill_graph(&graph);
        for (uint32_t node = 0; node < graph.nodes; node++) {
            if (tarjan.order[node] == 0) {
                follow(&graph, &tarjan, node);
            }
        }
        tell_rings(&graph, tarjan.rings);
    }
}
