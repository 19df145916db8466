/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A site may mask or replace any rule, also one that others build on. What these name is then still there, with its
 * tables, but no fact of it has rows: they find what they would on a host that has nothing of the kind. Only where
 * something cannot be linked otherwise are such files looked at.
 */
#include "rules/layers.h"

#include <string.h>

static bool is_removed(const struct layer_file *layer)
{
    return layer->file.state == FILE_MASKED || layer->file.state == FILE_HIDDEN;
}

bool muted_begin(struct loader *loader)
{
    if (loader->muting)
        return false;
    for (size_t i = 0; i < loader->set->files.count; i++)
        loader->muting = loader->muting || is_removed(loader->set->files.items[i]);
    return loader->muting;
}

/* Nobody is told what is wrong with a file that is not used. */
static void parse_silently(struct loader *loader, struct layer_file *layer)
{
    struct diagnostics unused = {.arena = loader->diagnostics->arena};
    struct diagnostics *told = loader->diagnostics;
    const struct rule_file before = layer->file;
    const size_t left_out = loader->left_out;

    loader->diagnostics = &unused;
    layer_parse(loader, layer);
    loader->diagnostics = told;
    loader->left_out = left_out;
    layer->file.state = before.state;
    layer->file.other = before.other;
    if (layer->known)
        return;
    layer->file.tree = NULL;
    layer->parsed = false; /* it may come to be used */
}

static bool has_rule(const struct layer_file *layer)
{
    return is_removed(layer) && layer->known && !layer->file.extends && layer->file.id;
}

void muted_know(struct loader *loader, struct wanted *wanted)
{
    for (size_t i = 0; i < loader->set->files.count; i++) {
        struct layer_file *layer = loader->set->files.items[i];
        layer->muted = false;
        if (is_removed(layer) && !layer->known && !layer->parsed)
            parse_silently(loader, layer);
        if (has_rule(layer))
            map_put(wanted->arena, &wanted->muted, layer->file.id, layer->file.id);
    }
}

void muted_follow(struct loader *loader, struct wanted *wanted)
{
    for (size_t i = 0; i < loader->set->files.count; i++) {
        struct layer_file *layer = loader->set->files.items[i];
        if (!has_rule(layer) || (!wanted->everything && !map_get(&wanted->ids, layer->file.id)))
            continue;
        if (!layer->parsed)
            parse_silently(loader, layer);
        layer->muted = layer->file.tree != NULL;
        if (layer->muted && !layer->followed)
            references_follow(wanted, layer);
        layer->followed = true;
    }
}

static struct draft *find(const struct vec *drafts, const char *id)
{
    for (size_t i = 0; i < drafts->count; i++) {
        struct draft *draft = drafts->items[i];
        if (draft->muted && strcmp(draft->id, id) == 0)
            return draft;
    }
    return NULL;
}

/* Of several files for a rule the strongest counts. */
void muted_add_drafts(const struct loader *loader, struct vec *drafts)
{
    struct arena *arena = loader->set->arena;

    for (size_t i = loader->set->files.count; i-- > 0;) {
        const struct layer_file *layer = loader->set->files.items[i];
        if (!layer->muted || find(drafts, layer->file.id))
            continue;
        struct draft *draft = arena_new_object(arena, struct draft);
        draft->id = layer->file.id;
        draft->base = &layer->file;
        draft->tree = layer->file.tree;
        draft->muted =
            arena_printf(arena, "its rule was %s by %s", layer->file.state == FILE_MASKED ? "masked" : "replaced",
                         layer->file.other->source.path);
        vec_push(arena, drafts, draft);
    }
}

bool muted_drop(const struct loader *loader, const struct diagnostics *found)
{
    bool any = false;

    for (size_t i = 0; i < found->list.count; i++) {
        const struct diagnostic *diagnostic = found->list.items[i];
        for (size_t j = 0; j < loader->set->files.count; j++) {
            struct layer_file *layer = loader->set->files.items[j];
            if (!layer->muted || diagnostic->kind->severity != SEVERITY_ERROR ||
                diagnostic->at.source != &layer->file.source)
                continue;
            layer->muted = false;
            any = true;
        }
    }
    return any;
}
