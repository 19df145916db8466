/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Views have templates too. They are linked as those of a rule that has tables, but no facts. */
#include "rules/link.h"
#include "rules/row_template.h"

static struct linker linker_of(struct row_templates *templates, struct arena *scratch)
{
    return (struct linker){
        .set = &templates->set,
        .arena = templates->arena,
        .scratch = scratch,
        .vocabulary = templates->vocabulary,
        .diagnostics = templates->diagnostics,
        .rule = &templates->rule,
    };
}

void row_templates_init(struct row_templates *templates, struct arena *arena, const struct vocabulary *vocabulary,
                        const struct yaml_node *file, struct diagnostics *diagnostics)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();

    *templates = (struct row_templates){.arena = arena, .diagnostics = diagnostics, .vocabulary = vocabulary};
    templates->set = (struct rule_set){.arena = arena, .vocabulary = vocabulary};
    templates->rule = (struct rule){.id = "view", .merged = file, .at = file->at};
    struct linker linker = linker_of(templates, scratch);
    link_tables(&linker, &templates->rule);
}

struct template *row_template(struct row_templates *templates, const struct yaml_node *text, const struct vec *columns)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    struct map positions = {0};
    struct linker linker = linker_of(templates, scratch);

    for (size_t i = 0; i < columns->count; i++)
        map_put(scratch, &positions, columns->items[i], (void *)(i + 1));
    const struct name_scope scope = {.columns = &positions, .limit = SIZE_MAX};
    return link_template(&linker, span_of(text), &scope);
}
