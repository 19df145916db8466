/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Two hosts, side by side: every attribute and text by its path, where they are not the same. */
#include "base/text.h"
#include "cli/fleet.h"

/* Texts of elements and attributes by path, in the order of the document; of an element with others in it, NULL. */
struct leaves {
    const struct fleet *fleet;
    struct arena *arena;
    struct map texts; /* of struct leaf */
};

struct leaf {
    const char *text;
};

static void add_leaf(struct leaves *leaves, const char *path, const char *text)
{
    const struct leaf leaf = {text};
    if (!map_get(&leaves->texts, path))
        map_put(leaves->arena, &leaves->texts, path, arena_memdup(leaves->arena, &leaf, sizeof leaf));
}

static void add_leaves(struct leaves *leaves, const xmlNode *node, const struct schema_element *model, const char *path)
{
    const xmlNode *first = xml_element_from(node->children);
    const char *text = first ? NULL : xml_text(leaves->arena, node);
    add_leaf(leaves, path, text && *text ? text : NULL);
    for (const xmlAttr *each = node->properties; each; each = each->next)
        add_leaf(leaves, arena_printf(leaves->arena, "%s/@%s", path, (const char *)each->name),
                 xml_text(leaves->arena, (const xmlNode *)each));
    for (const xmlNode *each = first; each; each = xml_element_from(each->next)) {
        const struct schema_child *child = model ? schema_child(model, (const char *)each->name, NULL) : NULL;
        const char *identity = fleet_identity(leaves->fleet, leaves->arena, each, child);
        add_leaves(leaves, each, child ? child->element : NULL,
                   arena_printf(leaves->arena, "%s/%s%s", path, (const char *)each->name, identity));
    }
}

struct comparison {
    struct fleet *fleet;
    const char *const *names; /* of the two hosts; NULL: the only ones there are */
    const char *found[2];
    struct leaves leaves[2];
    size_t count; /* of hosts that were found */
};

static bool take_pair(void *context, struct fleet_host *host)
{
    struct comparison *comparison = context;
    struct fleet *fleet = comparison->fleet;
    size_t side = comparison->count;
    if (comparison->names) {
        side = text_equal(host->name, comparison->names[0]) && !comparison->found[0] ? 0 : 1;
        if (!text_equal(host->name, comparison->names[side]) || comparison->found[side])
            return true;
    }
    if (side > 1) {
        comparison->count++;
        return false;
    }
    comparison->found[side] = arena_strdup(fleet->arena, host->name);
    comparison->count++;
    comparison->leaves[side] = (struct leaves){.fleet = fleet, .arena = fleet->arena};
    if (host->xml)
        add_leaves(&comparison->leaves[side], xml_root(host->xml), fleet->schema->root,
                   arena_printf(fleet->arena, "/%s", (const char *)xml_root(host->xml)->name));
    return comparison->count < 2 || !comparison->names;
}

static void add_row(struct comparison *comparison, struct fleet_report *report, const char *path,
                    const struct leaf *one, const struct leaf *other)
{
    struct arena *arena = comparison->fleet->arena;
    const struct leaf *const sides[] = {one, other};
    const char *cells[] = {path, NULL, NULL};
    for (size_t i = 0; i < 2; i++)
        if (sides[i])
            cells[i + 1] = sides[i]->text ? sides[i]->text : "yes";
    ((struct fleet_bar *)report->bars.items[one && other ? 2 : other ? 1 : 0])->count++;
    vec_push(arena, &report->grid.rows, arena_memdup(arena, cells, sizeof cells));
}

/* What only one side has is said once, not for all that is in it. */
static void add_rows(struct comparison *comparison, struct fleet_report *report, size_t side)
{
    const struct map *own = &comparison->leaves[side].texts, *other = &comparison->leaves[1 - side].texts;
    for (size_t i = 0; i < own->count; i++) {
        const char *path = own->entries[i].key;
        const struct leaf *leaf = own->entries[i].value, *same = map_get(other, path);
        if (!same) {
            const char *inside = arena_printf(comparison->fleet->arena, "%s/", path);
            add_row(comparison, report, path, side == 0 ? leaf : NULL, side == 0 ? NULL : leaf);
            while (i + 1 < own->count && text_starts(own->entries[i + 1].key, inside))
                i++;
        } else if (side == 0 && !text_equal(leaf->text, same->text)) {
            add_row(comparison, report, path, leaf, same);
        }
    }
}

static void compare_sides(struct comparison *comparison, struct fleet_report *report)
{
    static const char *const labels[] = {"only in the first", "only in the second", "in both, and not the same"};
    struct arena *arena = comparison->fleet->arena;
    for (size_t i = 0; i < ARRAY_SIZE(labels); i++) {
        const struct fleet_bar bar = {labels[i], 0};
        vec_push(arena, &report->bars, arena_memdup(arena, &bar, sizeof bar));
    }
    add_rows(comparison, report, 0);
    add_rows(comparison, report, 1);
}

static enum status print_comparison(struct comparison *comparison)
{
    struct fleet *fleet = comparison->fleet;
    const struct view_column columns[] = {
        {.name = "PATH", .help = "of an attribute or text"},
        {.name = comparison->found[0], .help = "what the first host says"},
        {.name = comparison->found[1], .help = "what the second host says"},
    };
    const char *format = invocation_value(fleet->session->invocation, "format");
    static const struct view_column plain[] = {{.name = "PATH"}, {.name = "A"}, {.name = "B"}};
    const bool data = text_equal(format, "json") || text_equal(format, "yaml");
    struct fleet_report report = {
        .title = arena_printf(fleet->arena, "%s and %s", comparison->found[0], comparison->found[1]),
        .plot = "attributes and texts that differ",
        .grid = {.columns = data ? plain : columns, .column_count = ARRAY_SIZE(columns)},
    };
    compare_sides(comparison, &report);
    const enum status status = fleet_print(fleet, &report);
    return status_worst(status, report.grid.rows.count > 0 ? STATUS_NO : STATUS_OK);
}

/* A B: two inputs of a host each; A B INPUT...: two hosts in what follows. */
enum status fleet_differ(struct fleet *fleet, const char *const *words)
{
    struct comparison comparison = {.fleet = fleet};
    const bool named = words[0] && words[1] && words[2];
    comparison.names = named ? words : NULL;
    const enum status status = fleet_each(fleet, words + (named ? 2 : 0), take_pair, &comparison);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; named && i < 2; i++)
        if (!comparison.found[i]) {
            complain("there is no host '%s' in what is given", words[i]);
            return STATUS_USAGE;
        }
    if (comparison.count != 2) {
        complain("differ needs two hosts: differ A B, or with their names before what they are in: differ A B FILE");
        return STATUS_USAGE;
    }
    if (fleet->unknown.count == 0)
        return print_comparison(&comparison);
    const struct fleet_unknown *unknown = fleet->unknown.items[0];
    complain("%s is unknown: %s", unknown->name, unknown->reason);
    return STATUS_FAILED;
}
