/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What emit entries did, remembered for explanations. */
#include "document/builder.h"

/* Reasons cost more than what they are about: they are made only for a trace. */
const char **wanted_reason(const struct builder *builder, const char **reason)
{
    return builder->trace ? reason : NULL;
}

void emission_record(const struct turn *turn, const struct emission *emission)
{
    struct builder *builder = turn->builder;
    if (!builder->trace)
        return;
    struct emission *kept = arena_memdup(builder->arena, emission, sizeof(*emission));
    kept->entry = turn->entry;
    kept->row = turn->row;
    vec_push(builder->arena, &builder->document->emissions, kept);
}

void emission_skip(const struct turn *turn, const struct assignment *assignment, const char *path, const char *reason)
{
    struct emission emission = {.assignment = assignment, .result = EMIT_SKIPPED, .path = path, .reason = reason};
    emission_record(turn, &emission);
}

static bool is_below(const xmlNode *node, const xmlNode *ancestor)
{
    while (node && node != ancestor)
        node = node->parent;
    return node != NULL;
}

void emissions_gone(struct document *document, size_t first, const xmlNode *node, enum emission_result result,
                    const char *reason)
{
    for (size_t i = first; i < document->emissions.count; i++) {
        struct emission *emission = document->emissions.items[i];
        if (!emission->node || !is_below(emission->node, node))
            continue;
        emission->result = result;
        emission->node = NULL;
        emission->reason = reason;
    }
}
