/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Paths into JSON and YAML: return[*].name. */
#include "probe/data_path.h"
#include "probe/support.h"

#include <string.h>

enum step_kind { STEP_KEY, STEP_INDEX, STEP_ALL };

struct data_step {
    enum step_kind kind;
    const char *key;
    size_t index;
};

struct data_walk {
    struct probe *probe;
    const struct item *item;
    const struct data_methods *methods;
    const void *context;
    struct vec steps; /* of struct data_step */
    size_t index;     /* where the last [*] is */
    bool indexed;
};

static void add_step(struct arena *arena, struct vec *steps, enum step_kind kind, const char *key, size_t index)
{
    struct data_step *step = arena_new_object(arena, struct data_step);

    *step = (struct data_step){kind, key, index};
    vec_push(arena, steps, step);
}

/* [*] or [3]; the position after it, NULL when it is neither. */
static const char *parse_brackets(struct arena *arena, const char *at, struct vec *steps)
{
    size_t index = 0;
    size_t digits = strspn(at + 1, "0123456789");

    if (!strncmp(at, "[*]", 3)) {
        add_step(arena, steps, STEP_ALL, NULL, 0);
        return at + 3;
    }
    if (!digits || digits > 9 || at[1 + digits] != ']')
        return NULL;
    for (size_t i = 1; i <= digits; i++)
        index = 10 * index + (size_t)(at[i] - '0');
    add_step(arena, steps, STEP_INDEX, NULL, index);
    return at + digits + 2;
}

/* name or "any name"; the position after it, NULL when it is neither. */
static const char *parse_key(struct arena *arena, const char *at, struct vec *steps)
{
    bool quoted = *at == '"';
    const char *start = at + quoted;
    size_t length = strcspn(start, quoted ? "\"" : ".[]\"");

    if (quoted ? start[length] != '"' : !length)
        return NULL;
    add_step(arena, steps, STEP_KEY, arena_strndup(arena, start, length), 0);
    return start + length + quoted;
}

/* The grammar: a.b[*].c, "key with dots", a[0], [*]; nothing or a dot for the root. */
static bool parse_path(struct arena *arena, const char *path, struct vec *steps)
{
    const char *at = path + (path[0] == '.');

    if (*at && *at != '[')
        at = parse_key(arena, at, steps);
    while (at && *at) {
        if (*at == '[')
            at = parse_brackets(arena, at, steps);
        else
            at = *at == '.' ? parse_key(arena, at + 1, steps) : NULL;
    }
    return at;
}

struct member_target {
    const struct data_walk *walk;
    struct row *row;
};

static bool add_member(void *data, const char *key, const void *value)
{
    const struct member_target *target = data;
    struct arena *arena = target->walk->probe->arena;

    if (target->walk->methods->kind(target->walk->context, value) == DATA_SCALAR)
        row_set(arena, target->row, arena_strdup(arena, key),
                target->walk->methods->text(target->walk->context, arena, value));
    else
        row_unset(arena, target->row, key);
    return true;
}

static bool add_value(const struct data_walk *walk, const void *node, enum data_kind kind)
{
    struct row *row = probe_row(walk->probe, walk->item);
    struct member_target target = {walk, row};

    if (!row)
        return false;
    if (walk->indexed)
        row_set(walk->probe->arena, row, "index", arena_printf(walk->probe->arena, "%zu", walk->index));
    if (kind == DATA_OBJECT)
        return walk->methods->members(walk->context, node, add_member, &target);
    row_set(walk->probe->arena, row, "text", walk->methods->text(walk->context, walk->probe->arena, node));
    return true;
}

/* At the end of the path; a list there stands for its items. */
static bool add_found(const struct data_walk *walk, const void *node, bool in_list)
{
    enum data_kind kind = walk->methods->kind(walk->context, node);
    size_t count;

    if (kind == DATA_NULL || (kind == DATA_LIST && in_list))
        return true;
    if (kind != DATA_LIST)
        return add_value(walk, node, kind);
    count = walk->methods->count(walk->context, node);
    for (size_t i = 0; i < count; i++)
        if (!add_found(walk, walk->methods->item(walk->context, node, i), true))
            return false;
    return true;
}

/* Follows the path from a step on; false at the row limit. Depth is that of the path. */
static bool follow(struct data_walk *walk, const void *node, size_t depth)
{
    const struct data_step *step;
    enum data_kind kind;
    const void *member;
    size_t first, end;

    if (depth == walk->steps.count)
        return add_found(walk, node, false);
    step = walk->steps.items[depth];
    kind = walk->methods->kind(walk->context, node);
    if (kind != (step->kind == STEP_KEY ? DATA_OBJECT : DATA_LIST))
        return true;
    if (step->kind == STEP_KEY) {
        member = walk->methods->get(walk->context, node, step->key);
        return !member || follow(walk, member, depth + 1);
    }
    end = walk->methods->count(walk->context, node);
    first = step->kind == STEP_ALL ? 0 : step->index;
    if (step->kind == STEP_INDEX && first < end)
        end = first + 1;
    for (size_t i = first; i < end; i++) {
        if (step->kind == STEP_ALL) {
            walk->index = i;
            walk->indexed = true;
        }
        if (!follow(walk, walk->methods->item(walk->context, node, i), depth + 1))
            return false;
    }
    return true;
}

/*
 * Several values one after the other are a list: a first [*] or [N] selects among them. A path that starts with a name
 * is followed from each of them, so that it need not know whether a program prints one value or several.
 */
static bool follow_stream(struct data_walk *walk, const struct vec *values)
{
    const struct data_step *step = walk->steps.count ? walk->steps.items[0] : NULL;
    bool single_list = values->count == 1 && walk->methods->kind(walk->context, values->items[0]) == DATA_LIST;
    bool selects = step && step->kind != STEP_KEY && !single_list;

    for (size_t i = 0; i < values->count; i++) {
        if (selects && step->kind == STEP_INDEX && step->index != i)
            continue;
        walk->index = i;
        walk->indexed = selects && step->kind == STEP_ALL;
        if (!follow(walk, values->items[i], selects ? 1 : 0))
            return false;
    }
    return true;
}

enum verdict data_rows(struct probe *probe, const struct item *item, const struct data_tree *tree, const char *path)
{
    struct data_walk walk = {probe, item, tree->methods, tree->context, {0}, 0, false};
    size_t before = probe->rows.count;

    if (!parse_path(probe->arena, path, &walk.steps)) {
        probe_refuse(probe, "'%s' is not a path such as a.b[*].c", path);
        return VERDICT_UNKNOWN;
    }
    if (!follow_stream(&walk, &tree->values))
        return probe_drop_rows(probe, before);
    return probe_found(probe, item, before, "value");
}
