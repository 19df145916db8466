/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The facts of one run: each evaluated when first asked for and at most once. */
#include "facts/internal.h"

#include <string.h>

/* Facts that need each other in a longer chain than this are no rule set that a person wrote. */
enum { DEPTH_LIMIT = 512, SLOT_BLOCK = 32 };

struct run *run_new(const struct rule_set *set, struct root *root, const struct run_options *options,
                    struct diagnostics *diagnostics)
{
    struct arena *arena = arena_new();
    struct run *run = arena_new_object(arena, struct run);

    run->arena = arena;
    run->set = set;
    run->root = root;
    if (root != NULL)
        root_forget(root);
    run->diagnostics = diagnostics;
    if (options != NULL)
        run->options = *options;
    run->blocks = arena_alloc(arena, (set->fact_count / SLOT_BLOCK + 1) * sizeof(*run->blocks));
    if (run->options.cache != NULL && root_is_live(root))
        run->cache = cache_new(arena, root, run->options.cache, set->fact_count);
    return run;
}

/* Most runs ask for few of the facts of a large rule set. */
struct slot *run_slot(const struct run *run, const struct fact *fact)
{
    struct slot **block = &run->blocks[fact->index / SLOT_BLOCK];

    if (*block == NULL)
        *block = arena_alloc(run->arena, SLOT_BLOCK * sizeof(**block));
    return &(*block)[fact->index % SLOT_BLOCK];
}

void run_free(struct run *run)
{
    if (run == NULL)
        return;
    cache_save(run->cache);
    arena_free(run->arena);
}

unsigned run_asker(const struct fact *fact)
{
    return (unsigned)fact->index + 1;
}

static void add_text(struct digesting *digesting, const char *text)
{
    digest_add(digesting, text ? "+" : "-", 1);
    digest_add(digesting, text ? text : "", text ? strlen(text) + 1 : 0);
}

static void add_row(struct run *run, struct digesting *digesting, const struct row *row)
{
    struct column *columns = NULL;
    const size_t count = row ? row_columns(run->arena, row, &columns) : 0;
    add_text(digesting, row ? row->path : NULL);
    for (size_t i = 0; i < count; i++) {
        add_text(digesting, columns[i].name);
        add_text(digesting, columns[i].value);
    }
    digest_add(digesting, "", 1);
}

static void add_unknowns(struct run *run, struct digesting *digesting, const struct vec *unknowns)
{
    for (size_t i = 0; i < unknowns->count; i++) {
        const struct unknown *unknown = unknowns->items[i];
        add_row(run, digesting, unknown->row);
        add_text(digesting, unknown->column);
        add_text(digesting, unknown->reason);
    }
    digest_add(digesting, "", 1);
}

struct digest run_digest(struct run *run, const struct fact *fact)
{
    const struct table *table = run_fact(run, fact);
    const struct slot *slot = run_slot(run, fact);
    const char verdict = (char)table->verdict;
    struct digesting digesting;
    digest_start(&digesting);
    digest_add(&digesting, &verdict, 1);
    add_text(&digesting, table->reason);
    for (size_t i = 0; i < table->count; i++)
        add_row(run, &digesting, table->rows[i]);
    add_unknowns(run, &digesting, &slot->unknowns);
    add_unknowns(run, &digesting, &slot->partial);
    return digest_end(&digesting);
}

struct arena *run_arena(struct run *run)
{
    return run->arena;
}

struct root *run_root(struct run *run)
{
    return run->root;
}

const struct rule_set *run_rules(struct run *run)
{
    return run->set;
}

const struct run_options *run_options(struct run *run)
{
    return &run->options;
}

void run_set_document_source(struct run *run,
                             enum verdict (*source)(struct probe *probe, const char *name, const char *xpath,
                                                    bool derived),
                             void *data)
{
    run->document = source;
    run->document_data = data;
}

void run_set_watch(struct run *run, const struct run_watch *watch)
{
    run->watch = *watch;
}

void run_tell_incomplete(struct run *run, struct mark at, const char *what, const char *why)
{
    if (run->diagnostics != NULL)
        diagnose(run->diagnostics, DIAG_INCOMPLETE, at, NULL, "%s: %s", what, why);
}

void run_count(struct run *run, size_t rows)
{
    if (run->probe != NULL)
        run->probe->steps += rows;
}

const struct fact *run_current(const struct run *run)
{
    return run->current;
}

bool run_emits(const struct run *run, const struct rule *rule)
{
    return run->watch.emits == NULL || run->watch.emits(run->watch.data, rule);
}

void *run_document_data(const struct run *run)
{
    return run->document_data;
}

/* Until it is evaluated a fact is unknown: that is what one that needs itself gets to see. */
static void slot_start(struct slot *slot, const struct fact *fact, const char *reason)
{
    slot->table = (struct table){.fact = fact, .verdict = VERDICT_UNKNOWN, .reason = reason};
}

const struct table *run_fact(struct run *run, const struct fact *fact)
{
    struct slot *slot = run_slot(run, fact);

    if (slot->state != SLOT_NEW)
        return &slot->table;
    if (run->depth >= DEPTH_LIMIT) {
        slot_start(slot, fact, "too many facts depend on each other in a chain");
        return &slot->table;
    }
    slot->state = SLOT_BUSY;
    slot_start(slot, fact, "cycle: the fact depends on itself");
    const struct fact *outer = run->current;
    const unsigned asker = root_set_asker(run->root, run_asker(fact));
    run->current = fact;
    run->depth++;
    fact_eval(run, fact, slot);
    run->depth--;
    run->current = outer;
    root_set_asker(run->root, asker);
    slot->state = SLOT_DONE;
    return &slot->table;
}

const struct table *run_peek(const struct run *run, const struct fact *fact)
{
    const struct slot *slot = run_slot(run, fact);

    return slot->state == SLOT_DONE ? &slot->table : NULL;
}

/* Was something asked of what is at a path? Not where there was nothing to ask it for. */
static bool asked_path(const struct run *run, const struct fact *fact)
{
    const struct table *loop = fact->loop ? run_peek(run, fact->loop) : NULL;

    return fact->source->flags & SOURCE_NEEDS_PATH && !(loop && loop->verdict == VERDICT_NO);
}

bool table_stands_alone(const struct table *table)
{
    return table->fact->where == NULL && table->fact->loop == NULL;
}

const struct table *run_unseen(const struct run *run, bool *ret_all)
{
    const struct map *rules = &run->set->rules;
    const struct table *first = NULL;

    *ret_all = true;
    for (size_t i = 0; i < rules->count; i++) {
        const struct rule *rule = rules->entries[i].value;
        for (size_t j = 0; j < rule->facts.count; j++) {
            const struct table *table = run_peek(run, rule->facts.entries[j].value);
            if (table == NULL || !asked_path(run, table->fact))
                continue;
            *ret_all = *ret_all && table->verdict == VERDICT_UNKNOWN;
            if (table->verdict == VERDICT_UNKNOWN &&
                (first == NULL || (!table_stands_alone(first) && table_stands_alone(table))))
                first = table;
        }
    }
    *ret_all = *ret_all && first != NULL;
    return first;
}
