/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A merged rule as YAML, with the places that its parts come from. */
#include "base/text.h"
#include "rules/load.h"

struct origins {
    struct arena *arena;
    const struct rule *rule;
};

/* An item of a list and the first value in it share a line. */
static bool is_first_of(const struct yaml_node *mapping, const struct yaml_node *value)
{
    return mapping && mapping->kind == YAML_NODE_MAPPING && mapping->count > 0 && mapping->items[0] == value;
}

/* The place of a value, and of what it hides. */
static const char *origin(const struct yaml_node *node, void *data)
{
    const struct origins *origins = data;
    const struct vec *hidden = &origins->rule->hidden;
    const char *text = yaml_origin(node, origins->arena);
    for (size_t i = hidden->count; text && i-- > 0;) {
        const struct hidden_part *part = hidden->items[i];
        bool item = text_starts(part->part, "checks.") || text_starts(part->part, "emit.");
        if (part->by == node || (item && is_first_of(part->by, node)))
            text =
                arena_printf(origins->arena, "%s, hides %s:%u", text, part->was->at.source->path, part->was->at.line);
    }
    return text;
}

static void write_dropped(struct buf *out, const struct rule *rule)
{
    for (size_t i = 0; i < rule->hidden.count; i++) {
        const struct hidden_part *part = rule->hidden.items[i];
        if (!part->by)
            buf_printf(out, "# %s:%u drops %s of %s:%u\n", part->at.source->path, part->at.line, part->part,
                       part->was->at.source->path, part->was->at.line);
    }
}

void rule_write(struct buf *out, const struct rule_set *set, const struct rule *rule, struct arena *arena)
{
    const char *others = rules_hidden_files(arena, set, rule->at.source);

    if (others)
        buf_printf(out, "# %s hides %s\n", rule->at.source->path, others);
    yaml_write(out, rule->merged, origin, &(struct origins){arena, rule});
    write_dropped(out, rule);
}
