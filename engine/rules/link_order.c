/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What depends on what: cycles and bases of facts, order of rules. */
#include "rules/link.h"

#include <string.h>

struct order_walk {
    struct linker *linker;
    struct vec stack; /* of struct fact_state */
    bool too_long;
};

/* What one fact uses. */
struct fact_uses {
    const struct linker *linker;
    struct vec facts; /* of struct fact */
};

static void add_fact(const struct use_visitor *visitor, const struct fact *fact)
{
    struct fact_uses *uses = visitor->data;

    if (link_take(uses->linker, fact))
        vec_push(uses->linker->scratch, &uses->facts, fact);
}

static const char *fact_label(const struct linker *linker, const struct fact *fact, const struct rule *rule)
{
    return fact->rule == rule ? fact->name : arena_printf(linker->scratch, "%s.%s", fact->rule->id, fact->name);
}

/* Where to say it: at a fact that an overlay brought in if there is one, as the base was sound without it. */
static size_t cycle_start(const struct vec *stack, size_t first)
{
    for (size_t i = first; i < stack->count; i++) {
        const struct fact *fact = ((const struct fact_state *)stack->items[i])->fact;

        if (fact->at.source != fact->rule->at.source)
            return i;
    }
    return first;
}

static void report_cycle(struct order_walk *walk, const struct fact_state *again)
{
    AUTO(buf_free) struct buf chain = BUF_INIT;
    size_t first = 0;
    size_t length, start;
    const struct fact *fact;

    while (first < walk->stack.count && walk->stack.items[first] != again)
        first++;
    length = walk->stack.count - first;
    if (!length)
        return;
    start = cycle_start(&walk->stack, first) - first;
    fact = ((const struct fact_state *)walk->stack.items[first + start])->fact;
    for (size_t i = 0; i <= length; i++) {
        const struct fact_state *state = walk->stack.items[first + (start + i) % length];

        buf_printf(&chain, "%s%s", i ? " -> " : "", fact_label(walk->linker, state->fact, fact->rule));
    }
    diagnose(walk->linker->diagnostics, DIAG_CYCLE, fact->at, NULL, "fact '%s' needs itself: %s", fact->name,
             buf_text(&chain));
}

static void report_length(struct order_walk *walk, const struct fact *fact)
{
    if (!walk->too_long)
        diagnose(walk->linker->diagnostics, DIAG_CYCLE, fact->at, NULL,
                 "fact '%s' ends a chain of more than %d facts that need each other", fact->name, LINK_CHAIN);
    walk->too_long = true;
}

static void visit_fact(struct order_walk *walk, struct fact_state *state)
{
    struct fact_uses uses = {.linker = walk->linker};
    struct use_visitor visitor = {.fact = add_fact, .choice = uses_of_choosing, .data = &uses};

    if (state->order_progress == LINK_DONE)
        return;
    if (state->order_progress == LINK_BUSY) {
        report_cycle(walk, state);
        return;
    }
    if (walk->stack.count >= LINK_CHAIN) {
        report_length(walk, state->fact);
        return;
    }
    state->order_progress = LINK_BUSY;
    vec_push(walk->linker->scratch, &walk->stack, state);
    walk->linker->stamp++;
    uses_of_fact(&visitor, state->fact);
    for (size_t i = 0; i < uses.facts.count; i++) {
        struct fact_state *used = link_state(walk->linker, uses.facts.items[i]);

        visit_fact(walk, used);
        if (state->height < used->height)
            state->height = used->height;
    }
    if (++state->height > LINK_CHAIN)
        report_length(walk, state->fact);
    walk->stack.count--;
    state->order_progress = LINK_DONE;
}

/* A basis in the making. */
struct basis_walk {
    struct linker *linker;
    struct fact_basis *basis;
};

static void add_basis_fact(const struct use_visitor *visitor, const struct fact *fact)
{
    struct basis_walk *walk = visitor->data;

    if (link_take(walk->linker, fact))
        vec_push(walk->linker->arena, &walk->basis->facts, fact);
}

static void add_basis_lookup(const struct use_visitor *visitor, const struct lookup *lookup)
{
    struct basis_walk *walk = visitor->data;

    vec_push(walk->linker->arena, &walk->basis->lookups, lookup);
}

static void add_basis_choice(const struct use_visitor *visitor, const struct choice_table *table)
{
    struct basis_walk *walk = visitor->data;

    vec_push(walk->linker->arena, &walk->basis->nodes, ((const struct choice_state *)table)->node);
    uses_of_choosing(visitor, table);
}

/* Of the fact, and of all that it needs. There are no cycles. */
static void find_basis(struct linker *linker, const struct fact_state *state)
{
    struct basis_walk walk = {.linker = linker};
    struct use_visitor visitor = {
        .fact = add_basis_fact, .lookup = add_basis_lookup, .choice = add_basis_choice, .data = &walk};

    if (state->fact->basis)
        return;
    walk.basis = state->fact->basis = arena_new_object(linker->arena, struct fact_basis);
    vec_push(linker->arena, &walk.basis->nodes, state->node);
    linker->stamp++;
    uses_of_fact(&visitor, state->fact);
    for (size_t i = 0; i < walk.basis->facts.count; i++)
        find_basis(linker, link_state(linker, walk.basis->facts.items[i]));
}

void link_fact_order(struct linker *linker)
{
    struct order_walk walk = {.linker = linker};

    for (size_t i = 0; i < linker->facts.count; i++)
        visit_fact(&walk, linker->facts.items[i]);
    for (size_t i = 0; i < linker->facts.count && !linker->diagnostics->errors; i++) {
        const struct fact_state *state = linker->facts.items[i];

        if (state->fact->cache)
            find_basis(linker, state);
    }
}

/*
 * Which rules a rule needs, directly or through others: a row of bits each. Through others it needs what their facts
 * need, and nothing of what they emit: so the order of a document's rules is the same however many rules are loaded.
 */
struct order_reach {
    const struct rule_set *set;
    struct map numbers; /* rule id to number, counted from 1 */
    size_t count;
    size_t words;
    uint64_t *observed; /* by their facts, closed */
    uint64_t *needs;
    uint64_t *direct;        /* one row: by a part of the rule */
    const struct rule *rule; /* that one */
};

static bool has_bit(const uint64_t *row, size_t number)
{
    return row[number / 64] >> number % 64 & 1;
}

static void set_bit(uint64_t *row, size_t number)
{
    row[number / 64] |= UINT64_C(1) << number % 64;
}

static void add_row(const struct order_reach *reach, uint64_t *row, const uint64_t *more)
{
    for (size_t word = 0; word < reach->words; word++)
        row[word] |= more[word];
}

static const struct rule *rule_of(const struct order_reach *reach, size_t number)
{
    return reach->set->rules.entries[number].value;
}

static void add_rule(const struct use_visitor *visitor, const struct fact *fact)
{
    struct order_reach *reach = visitor->data;

    if (fact->rule != reach->rule && !fact->rule->muted)
        set_bit(reach->direct, (size_t)map_get(&reach->numbers, fact->rule->id) - 1);
}

/* Adds what a part of each rule needs. */
static void add_uses(struct order_reach *reach, uint64_t *bits,
                     void (*uses)(const struct use_visitor *visitor, const struct rule *rule))
{
    const struct use_visitor visitor = {.fact = add_rule, .data = reach};

    for (size_t number = 0; number < reach->count; number++) {
        uint64_t *row = bits + number * reach->words;

        memset(reach->direct, 0, reach->words * sizeof(uint64_t));
        reach->rule = rule_of(reach, number);
        uses(&visitor, reach->rule);
        add_row(reach, row, reach->direct);
        for (size_t other = 0; bits != reach->observed && other < reach->count; other++)
            if (has_bit(reach->direct, other))
                add_row(reach, row, reach->observed + other * reach->words);
    }
}

static bool same_document(const struct order_reach *reach, size_t one, size_t other)
{
    return strcmp(rule_of(reach, one)->document, rule_of(reach, other)->document) == 0;
}

/* What a rule emits counts for rules of its own document only. */
static void close_reach(const struct order_reach *reach, uint64_t *bits)
{
    for (size_t through = 0; through < reach->count; through++)
        for (size_t from = 0; from < reach->count; from++)
            if (has_bit(bits + from * reach->words, through) &&
                (bits == reach->observed || same_document(reach, from, through)))
                add_row(reach, bits + from * reach->words, bits + through * reach->words);
}

/* Entries follow entries of their document: rules that emit nothing have no place in the order. */
static bool comes_before(const struct order_reach *reach, size_t other, size_t number)
{
    return other != number && rule_of(reach, other)->emit_count > 0 && same_document(reach, other, number) &&
           !has_bit(reach->needs + other * reach->words, number);
}

/* Nothing is left that it needs, but for rules that need it too. */
static bool is_ready(const struct order_reach *reach, size_t number, const uint64_t *left)
{
    const uint64_t *needs = reach->needs + number * reach->words;

    for (size_t word = 0; word < reach->words; word++)
        for (uint64_t bits = needs[word] & left[word]; bits; bits &= bits - 1)
            if (comes_before(reach, word * 64 + (size_t)__builtin_ctzll(bits), number))
                return false;
    return true;
}

static void place_rules(struct rule_set *set, const struct order_reach *reach, uint64_t *left)
{
    for (size_t placed = 0; placed < reach->count; placed++)
        for (size_t number = 0; number < reach->count; number++) {
            if (!has_bit(left, number) || !is_ready(reach, number, left))
                continue;
            left[number / 64] &= ~(UINT64_C(1) << number % 64);
            set->order[placed] = set->rules.entries[number].value;
            break;
        }
}

/* What each rule needs, itself left out. */
static void keep_uses(struct linker *linker, const struct order_reach *reach)
{
    for (size_t number = 0; number < reach->count; number++) {
        const uint64_t *needs = reach->needs + number * reach->words;
        struct rule *rule = linker->set->rules.entries[number].value;
        size_t count = 0;

        for (size_t word = 0; word < reach->words; word++)
            count += (size_t)__builtin_popcountll(needs[word]);
        rule->uses = arena_alloc(linker->arena, (count + 1) * sizeof(*rule->uses));
        for (size_t other = 0, used = 0; used < count && other < reach->count; other++)
            if (has_bit(needs, other) && other != number)
                rule->uses[used++] = linker->set->rules.entries[other].value;
    }
}

void link_rule_order(struct linker *linker)
{
    struct rule_set *set = linker->set;
    struct order_reach reach = {.set = set, .count = set->rules.count, .words = set->rules.count / 64 + 1};
    const size_t size = reach.count * reach.words * sizeof(uint64_t);
    uint64_t *left = arena_alloc(linker->scratch, reach.words * sizeof(uint64_t));

    reach.observed = arena_alloc(linker->scratch, size);
    reach.direct = arena_alloc(linker->scratch, reach.words * sizeof(uint64_t));
    set->order = arena_alloc(linker->arena, reach.count * sizeof(struct rule *));
    for (size_t i = 0; i < reach.count; i++) {
        map_put(linker->scratch, &reach.numbers, set->rules.entries[i].key, (void *)(i + 1));
        set_bit(left, i);
    }
    add_uses(&reach, reach.observed, uses_of_observation);
    close_reach(&reach, reach.observed);
    reach.needs = arena_memdup(linker->scratch, reach.observed, size);
    add_uses(&reach, reach.needs, uses_of_emission);
    close_reach(&reach, reach.needs);
    place_rules(set, &reach, left);
    add_uses(&reach, reach.needs, uses_of_checks);
    keep_uses(linker, &reach);
}
