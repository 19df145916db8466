/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a name means, and what it could have meant. */
#include "rules/link.h"

#include "base/text.h"

#include <string.h>

/* Hints are for slips, not for the many errors of a file that is no rule at all. */
enum { HINTED_ERRORS = 100, HINT_NAMES = 2000 };

size_t span_find(struct span span, char character)
{
    const char *found = memchr(span_start(span), character, span.length);

    return found ? (size_t)(found - span_start(span)) : span.length;
}

size_t span_count(struct span span, char character)
{
    const char *text = span_start(span);
    size_t count = 0;

    for (size_t i = 0; i < span.length; i++)
        count += text[i] == character;
    return count;
}

const char *span_copy(const struct linker *linker, struct span span)
{
    if (span.node->value && span.offset + span.length == span.node->length)
        return span_start(span);
    return arena_strndup(linker->arena, span_start(span), span.length);
}

struct mark span_mark(struct span span)
{
    if (span.node->kind != YAML_NODE_SCALAR || span.length == span.node->length)
        return span.node->at;
    return yaml_mark_at(span.node, span.offset, span.length);
}

size_t list_count(const struct yaml_node *node)
{
    return node->kind == YAML_NODE_SEQUENCE ? node->count : 1;
}

const struct yaml_node *list_item(const struct yaml_node *node, size_t index)
{
    return node->kind == YAML_NODE_SEQUENCE ? node->items[index] : node;
}

struct mark pair_mark(const struct yaml_node *key, const struct yaml_node *value)
{
    return key->at.source == value->at.source ? key->at : value->at;
}

struct fact_state *link_state(const struct linker *linker, const struct fact *fact)
{
    return linker->facts.items[fact->index];
}

bool link_take(const struct linker *linker, const struct fact *fact)
{
    struct fact_state *state = link_state(linker, fact);
    bool taken = state->stamp == linker->stamp;

    state->stamp = linker->stamp;
    return !taken;
}

bool link_inherit(struct linker *linker, const struct fact *fact)
{
    if (linker->inherited++ == LINK_INHERITED)
        diagnose(linker->diagnostics, DIAG_BAD_VALUE, fact->at, NULL,
                 "the facts have more than %d columns and facts they stem from", LINK_INHERITED);
    return linker->inherited <= LINK_INHERITED;
}

struct name_scope link_fact_scope(const struct linker *linker, const struct fact *fact, const struct name_scope *outer)
{
    struct name_scope scope = {.limit = SIZE_MAX, .open = true, .outer = outer};

    if (fact) {
        scope.columns = &link_state(linker, fact)->columns;
        scope.open = fact->open_columns;
    }
    return scope;
}

bool link_has_column(const struct name_scope *scope, const char *name)
{
    for (; scope; scope = scope->outer) {
        size_t position = scope->columns ? (size_t)map_get(scope->columns, name) : 0;

        if (position && position <= scope->limit)
            return true;
    }
    return false;
}

static bool scope_is_open(const struct name_scope *scope)
{
    for (; scope; scope = scope->outer)
        if (scope->open)
            return true;
    return false;
}

static void add_keys(const struct linker *linker, struct vec *names, const struct map *map, size_t limit)
{
    size_t most = linker->diagnostics->errors < HINTED_ERRORS ? HINT_NAMES : 0;

    for (size_t i = 0; map && i < map->count && i < limit && names->count < most; i++)
        vec_push(linker->scratch, names, map->entries[i].key);
}

static const char *nearest(const struct linker *linker, const char *name, const struct vec *names)
{
    return diagnose_nearest(linker->diagnostics, name, (const char *const *)names->items, names->count);
}

static const char *nearest_key(const struct linker *linker, const char *name, const struct map *first,
                               const struct map *second)
{
    struct vec names = {0};

    add_keys(linker, &names, first, SIZE_MAX);
    add_keys(linker, &names, second, SIZE_MAX);
    return nearest(linker, name, &names);
}

/* A first segment that is neither one of the rule's own names nor a rule. */
static void report_first(struct linker *linker, struct span span, const char *name, const struct map *own,
                         const char *what)
{
    diagnose(linker->diagnostics, DIAG_UNKNOWN_NAME, span_mark(span),
             nearest_key(linker, name, own, &linker->set->rules), "no %s or rule is called '%s'", what, name);
}

/* One of the rule's own facts or tables (member: a map in struct rule), or RULE.NAME. *ret_rest: what follows. */
static const void *resolve(struct linker *linker, struct span span, size_t member, const char *what,
                           struct span *ret_rest)
{
    const struct map *map = (const struct map *)((const char *)linker->rule + member);
    struct span head = span_part(span, 0, span_find(span, '.'));
    struct span rest = span_part(span, head.length + 1, span.length - head.length - (head.length < span.length));
    const char *name = span_copy(linker, head);
    const void *found = map_get(map, name);
    const struct rule *rule, *muted;

    *ret_rest = rest;
    if (found)
        return found;
    if (head.length == span.length) {
        diagnose(linker->diagnostics, DIAG_UNKNOWN_NAME, span_mark(head), nearest_key(linker, name, map, NULL),
                 "this rule has no %s '%s'", what, name);
        return NULL;
    }
    rule = map_get(&linker->set->rules, name);
    muted = map_get(&linker->set->muted, name);
    rule = rule ? rule : muted;
    if (!rule) {
        report_first(linker, head, name, map, what);
        return NULL;
    }
    head = span_part(rest, 0, span_find(rest, '.'));
    *ret_rest = span_part(rest, head.length + 1, rest.length - head.length - (head.length < rest.length));
    map = (const struct map *)((const char *)rule + member);
    name = span_copy(linker, head);
    found = map_get(map, name);
    if (!found && muted)
        found = map_get((const struct map *)((const char *)muted + member), name);
    if (!found)
        diagnose(linker->diagnostics, DIAG_UNKNOWN_NAME, span_mark(head), nearest_key(linker, name, map, NULL),
                 "rule '%s' has no %s '%s'", rule->id, what, name);
    return found;
}

/* A fact, table or path table, and nothing after it. */
static const void *resolve_whole(struct linker *linker, struct span span, size_t member, const char *what)
{
    struct span rest;
    const void *found = resolve(linker, span, member, what, &rest);

    if (!found || !rest.length)
        return found;
    diagnose(linker->diagnostics, DIAG_UNKNOWN_NAME, span_mark(rest), NULL,
             "the name of a %s is wanted here, without '.%.*s'", what, (int)rest.length, span_start(rest));
    return NULL;
}

const struct fact *link_fact_name(struct linker *linker, struct span span)
{
    return resolve_whole(linker, span, offsetof(struct rule, facts), "fact");
}

const struct lookup *link_lookup_name(struct linker *linker, struct span span)
{
    return resolve_whole(linker, span, offsetof(struct rule, tables), "table");
}

const struct choice_table *link_choice_name(struct linker *linker, struct span span)
{
    return resolve_whole(linker, span, offsetof(struct rule, paths), "path table");
}

const char *link_column_name(struct linker *linker, const struct fact_state *state, struct span span)
{
    const char *name = span_copy(linker, span);

    if (map_get(&state->columns, name) || (state->fact->open_columns && span.length))
        return name;
    diagnose(linker->diagnostics, DIAG_UNKNOWN_NAME, span_mark(span), nearest_key(linker, name, &state->columns, NULL),
             "fact '%s' has no column '%s'", state->fact->name, name);
    return NULL;
}

const struct fact *link_fact_column(struct linker *linker, struct span span, const char **ret_column)
{
    struct span rest;
    const struct fact *fact = resolve(linker, span, offsetof(struct rule, facts), "fact", &rest);

    *ret_column = NULL;
    if (!fact || !rest.length)
        return fact;
    *ret_column = link_column_name(linker, link_state(linker, fact), rest);
    return *ret_column ? fact : NULL;
}

bool link_default_column(struct linker *linker, const struct fact *fact, struct span span)
{
    const struct map *columns = &link_state(linker, fact)->columns;

    if (fact->open_columns || map_get(columns, "text") || map_get(columns, "path"))
        return true;
    diagnose(linker->diagnostics, DIAG_UNKNOWN_NAME, span_mark(span), "name one of its columns: FACT.COLUMN",
             "fact '%s' has neither column text nor path", fact->name);
    return false;
}

static bool is_builtin(const struct linker *linker, const char *name)
{
    for (const struct builtin_kind *builtin = linker->vocabulary->builtins; builtin && builtin->name; builtin++) {
        size_t length = strlen(builtin->name);

        if (strcmp(builtin->name, name) == 0)
            return true;
        if (length && builtin->name[length - 1] == '.' && text_starts(name, builtin->name) && name[length])
            return true;
    }
    return false;
}

/* host, os or param, which no fact or rule can be called. */
static bool is_builtin_family(const struct linker *linker, const char *name, size_t length)
{
    for (const struct builtin_kind *builtin = linker->vocabulary->builtins; builtin && builtin->name; builtin++)
        if (strncmp(builtin->name, name, length) == 0 && builtin->name[length] == '.')
            return true;
    return false;
}

static void report_name(struct linker *linker, struct span span, const char *name, const struct name_scope *scope)
{
    struct vec names = {0};

    if (!span.length || strcspn(name, " \t\n${}:'\"") < span.length) {
        diagnose(linker->diagnostics, DIAG_BAD_TEMPLATE, span_mark(span),
                 "write ${name}, ${fact.column} or ${name|filter}", "'%s' is not a name", name);
        return;
    }
    for (; scope; scope = scope->outer)
        add_keys(linker, &names, scope->columns, scope->limit);
    add_keys(linker, &names, &linker->rule->facts, SIZE_MAX);
    for (const struct builtin_kind *builtin = linker->vocabulary->builtins; builtin && builtin->name; builtin++)
        vec_push(linker->scratch, &names, builtin->name);
    diagnose(linker->diagnostics, DIAG_UNKNOWN_NAME, span_mark(span), nearest(linker, name, &names),
             "no column or fact is called '%s' here", name);
}

/* A name with dots that is no column: built in, or of a fact. */
static bool link_dotted(struct linker *linker, struct span span, const struct name_scope *scope, struct part *part)
{
    if (is_builtin_family(linker, part->name, span_find(span, '.'))) {
        part->kind = PART_BUILTIN;
        if (is_builtin(linker, part->name))
            return true;
        report_name(linker, span, part->name, scope);
        return false;
    }
    part->kind = PART_FACT;
    part->fact = link_fact_column(linker, span, &part->name);
    return part->fact != NULL;
}

bool link_name(struct linker *linker, struct span span, const struct name_scope *scope, struct part *part)
{
    const char *name = part->name = span_copy(linker, span);
    const struct fact *fact = map_get(&linker->rule->facts, name);

    part->kind = PART_COLUMN;
    if (link_has_column(scope, name)) {
        if (!fact && !is_builtin(linker, name))
            return true;
        diagnose(linker->diagnostics, DIAG_AMBIGUOUS_NAME, span_mark(span),
                 fact ? "rename one of them, or write FACT.column" : "rename the column",
                 "'%s' is a column of the current row and %s", name, fact ? "a fact of this rule" : "built in");
        return false;
    }
    if (fact) {
        *part = (struct part){.kind = PART_FACT, .fact = fact};
        return true;
    }
    if (span_find(span, '.') < span.length)
        return link_dotted(linker, span, scope, part);
    if (is_builtin(linker, name)) {
        part->kind = PART_BUILTIN;
        return true;
    }
    if (scope_is_open(scope) && text_is_name(name, span.length))
        return true;
    report_name(linker, span, name, scope);
    return false;
}
