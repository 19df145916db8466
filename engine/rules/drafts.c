/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From files to rules that are yet to be linked: each with what extends it. */
#include "rules/draft.h"
#include "rules/merge.h"

#include <stdlib.h>
#include <string.h>

static struct draft *new_draft(struct arena *arena, const struct rule_file *file)
{
    struct draft *draft = arena_new_object(arena, struct draft);

    draft->id = file->id;
    draft->base = file;
    draft->tree = merge_copy(arena, file->tree);
    return draft;
}

static void no_such_rule(const struct rule_file *file, const struct map *drafts, struct diagnostics *diagnostics)
{
    const struct yaml_node *extends = yaml_get(file->tree, "extends");
    struct vec ids = {0};
    const char *hint;

    for (size_t i = 0; i < drafts->count; i++)
        vec_push(diagnostics->arena, &ids, drafts->entries[i].key);
    hint = diagnose_nearest(diagnostics, file->id, (const char *const *)ids.items, ids.count);
    if (strcmp(file->name, arena_printf(diagnostics->arena, "%s.yaml", file->id)) == 0)
        hint = arena_printf(diagnostics->arena, "this file hides %s itself; name it otherwise, such as 90-%s",
                            file->name, file->name);
    diagnose(diagnostics, DIAG_UNKNOWN_NAME, extends->at, hint, "there is no rule '%s' to extend", file->id);
}

static int compare_drafts(const void *a, const void *b)
{
    const struct draft *const *first = a, *const *second = b;

    return strcmp((*first)->id, (*second)->id);
}

struct vec merge_files(struct arena *arena, const struct vec *files, struct diagnostics *diagnostics)
{
    struct map by_id = {0};
    struct vec drafts = {0};

    for (size_t i = 0; i < files->count; i++) {
        const struct rule_file *file = files->items[i];
        if (file->extends || map_get(&by_id, file->id) != NULL)
            continue;
        map_put(arena, &by_id, file->id, new_draft(arena, file));
        vec_push(arena, &drafts, map_get(&by_id, file->id));
    }
    for (size_t i = 0; i < files->count; i++) {
        const struct rule_file *file = files->items[i];
        struct draft *draft = file->extends ? map_get(&by_id, file->id) : NULL;

        if (file->extends && draft == NULL)
            no_such_rule(file, &by_id, diagnostics);
        if (draft == NULL)
            continue;
        vec_push(arena, &draft->overlays, file);
        merge_overlay(arena, draft, file->tree, diagnostics);
    }
    if (drafts.count > 1)
        qsort(drafts.items, drafts.count, sizeof(*drafts.items), compare_drafts);
    return drafts;
}
