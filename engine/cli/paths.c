/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every path table as resolved on this root: the candidates in order, the one taken, and where it is written. */
#include "base/text.h"
#include "cli/path_tables.h"

#include <string.h>

static const struct view_column columns[] = {
    {.name = "RULE", .help = "rule id"},
    {.name = "TABLE", .help = "path table"},
    {.name = "FOR", .help = "what it is asked for"},
    {.name = "SELECTOR", .help = "the row of the table"},
    {.name = "CANDIDATE", .help = "the path"},
    {.name = "STATE", .help = "taken, exists, missing or dropped"},
    {.name = "ORIGIN", .help = "file and line of the candidate"},
    {.name = "LAYER", .help = "the directory that the file is in"},
    {.name = "NOTE", .help = "what it hides, or is dropped by"}, /* shown where there is one */
};

struct listing {
    struct session *session;
    struct grid grid;
    struct map seen; /* lines that are there */
};

static const char *hidden_note(struct listing *listing, struct mark at)
{
    struct session *session = listing->session;
    const char *others = rules_hidden_files(session->arena, session->rules, at.source);
    if (!others)
        return NULL;
    listing->grid.column_count = ARRAY_SIZE(columns);
    return arena_printf(session->arena, "hides %s", others);
}

static void add_candidate(struct listing *listing, const struct choice_table *table, const struct row *loop_row,
                          const struct candidate *candidate, bool taken)
{
    struct session *session = listing->session;
    struct root_stat status;
    struct column *loop_columns;
    const char **cells = arena_alloc(session->arena, ARRAY_SIZE(columns) * sizeof *cells);
    bool exists = root_stat(session->root, candidate->text, true, &status) == 0;
    struct mark at = candidate->template->at;
    cells[0] = table->rule->id;
    cells[1] = table->name;
    cells[2] = loop_row && row_columns(session->arena, loop_row, &loop_columns) > 0 ? loop_columns[0].value : NULL;
    cells[3] = candidate->row->key;
    cells[4] = candidate->text;
    cells[5] = taken ? "taken" : exists ? "exists" : "missing";
    cells[6] = at.source ? arena_printf(session->arena, "%s:%u", at.source->path, at.line) : NULL;
    cells[7] = at.source ? at.source->layer : NULL;
    cells[8] = hidden_note(listing, at);
    /* Several facts may ask a table the same thing. */
    const char *line = arena_printf(session->arena, "%s.%s %s %s %s", cells[0], cells[1], cells[2] ? cells[2] : "",
                                    cells[4], cells[5]);
    if (map_get(&listing->seen, line))
        return;
    map_put(session->arena, &listing->seen, line, cells);
    vec_push(session->arena, &listing->grid.rows, cells);
}

/* The path that the fact took for this loop row. */
static const char *taken_path(const struct table *table, const struct row *loop_row)
{
    for (size_t i = 0; i < table->count; i++)
        if (!loop_row || table->rows[i]->parents[0] == loop_row)
            return row_get(table->rows[i], "path");
    return NULL;
}

static void add_candidates(struct listing *listing, const struct fact *fact, const struct choice_table *table,
                           const struct row *loop_row)
{
    const struct scope scope = {loop_row, NULL};
    struct run *run = listing->session->run;
    struct candidate *candidates = NULL;
    size_t count = choice_candidates(run, loop_row ? &scope : NULL, table, &candidates);
    const char *taken = taken_path(run_fact(run, fact), loop_row);
    for (size_t i = 0; i < count; i++) {
        bool is_taken = taken && text_equal(taken, candidates[i].text);
        add_candidate(listing, table, loop_row, &candidates[i], is_taken);
        if (is_taken)
            taken = NULL;
    }
}

static void add_fact(struct listing *listing, const struct fact *fact)
{
    const struct choice_table *table = fact_path_table(fact);
    if (!table)
        return;
    if (!fact->loop) {
        add_candidates(listing, fact, table, NULL);
        return;
    }
    const struct table *loop = run_fact(listing->session->run, fact->loop);
    for (size_t i = 0; i < loop->count; i++)
        add_candidates(listing, fact, table, loop->rows[i]);
}

static void add_dropped_row(struct listing *listing, const struct rule *rule, const struct hidden_part *part,
                            const char *table, const char *selector, const struct yaml_node *row)
{
    struct arena *arena = listing->session->arena;
    for (size_t i = 0; i < (row->kind == YAML_NODE_SCALAR ? 1 : row->count); i++) {
        const struct yaml_node *candidate = row->kind == YAML_NODE_SCALAR ? row : row->items[i];
        const struct mark at = candidate->at;
        const char *cells[ARRAY_SIZE(columns)] = {rule->id, table, NULL, selector, candidate->value, "dropped"};
        cells[6] = arena_printf(arena, "%s:%u", at.source->path, at.line);
        cells[7] = at.source->layer;
        cells[8] = arena_printf(arena, "dropped by %s:%u", part->at.source->path, part->at.line);
        vec_push(arena, &listing->grid.rows, arena_memdup(arena, cells, sizeof cells));
        listing->grid.column_count = ARRAY_SIZE(columns);
    }
}

/* paths.TABLE, or paths.TABLE.SELECTOR, which is gone: the candidates are shown as they are written. */
static void add_dropped(struct listing *listing, const struct rule *rule, const struct hidden_part *part)
{
    struct arena *arena = listing->session->arena;
    if (!text_starts(part->part, "paths."))
        return;
    const char *name = part->part + strlen("paths.");
    const char *dot = strchr(name, '.');
    const char *table = dot ? arena_strndup(arena, name, (size_t)(dot - name)) : name;
    if (dot)
        add_dropped_row(listing, rule, part, table, dot + 1, part->was);
    for (size_t i = 0; !dot && i < part->was->count; i++)
        add_dropped_row(listing, rule, part, table, part->was->keys[i]->value, part->was->items[i]);
}

static void add_rule(struct listing *listing, const struct rule *rule)
{
    for (size_t i = 0; i < rule->facts.count; i++)
        add_fact(listing, rule->facts.entries[i].value);
    for (size_t i = 0; i < rule->hidden.count; i++)
        add_dropped(listing, rule, rule->hidden.items[i]);
}

static enum status list_paths(struct session *session)
{
    const struct invocation *invocation = session->invocation;
    struct listing listing = {.session = session,
                              .grid = {.columns = columns, .column_count = ARRAY_SIZE(columns) - 1}};
    const struct map *rules = &session->rules->rules;
    for (size_t i = 0; i < rules->count; i++) {
        const struct rule *rule = rules->entries[i].value;
        if (!invocation->word_count || text_equal(rule->id, invocation->words[0]))
            add_rule(&listing, rule);
    }
    return output_grid(session, &listing.grid, "table");
}

static enum status run(struct invocation *invocation)
{
    bool all = invocation_has(invocation, "all-distros");
    struct session session;
    if (invocation->word_count > 1) {
        complain("paths takes one rule, but there is also '%s'", invocation->words[1]);
        return STATUS_USAGE;
    }
    enum status status = session_open(&session, invocation, SESSION_RULES | (all ? 0 : SESSION_ROOT), NULL);
    if (status != STATUS_OK)
        return status;
    if (invocation->word_count && !session_rule(&session, invocation->words[0], &status))
        return session_close(&session, status);
    return session_close(&session, all ? path_matrix(&session, invocation->words[0]) : list_paths(&session));
}

static const struct option_kind options[] = {
    {"format", 0, "FORMAT", "table (default), lines, json or yaml", false},
    {"all-distros", 0, NULL, "the whole tables: a row for each candidate, a column for each distribution", false},
    {NULL, 0, NULL, NULL, false},
};

extern const struct command command_paths;
const struct command command_paths = {
    "paths", "[RULE]", "every path table as resolved here: candidates, the one taken, its layer", options, NULL, run};
