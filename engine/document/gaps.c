/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a document may lack, as it is not known whether it is there: whoever asks for such nodes and finds none is told
 * so, not "no". */
#include "base/text.h"
#include "document/builder.h"
#include "document/mentions.h"
#include "schema/private.h"

#include <string.h>

/* What would have made nodes. */
struct gap {
    const char *below;                   /* of which node, as names from the root on; NULL: anywhere */
    const struct emit_entry *entry;      /* NULL: the node itself is what may be missing */
    const struct assignment *assignment; /* of the entry; NULL: all of it */
    const char *reason;
};

/* ---- noting them ---- */

/* The names from the root down to a node. */
static const char *names_of(struct arena *arena, const xmlNode *node)
{
    const bool top = !node->parent || node->parent->type != XML_ELEMENT_NODE;
    const char *name = (const char *)node->name;
    return top ? name : arena_printf(arena, "%s/%s", names_of(arena, node->parent), name);
}

static void add_gap(struct builder *builder, const struct gap *gap)
{
    struct arena *arena = builder->arena;
    const void *key = gap->assignment ? (const void *)gap->assignment : gap->entry;
    if (key && pointer_set_has(&builder->gaps, key))
        return;
    pointer_set_add(arena, &builder->gaps, key);
    vec_push(arena, &builder->document->gaps, arena_memdup(arena, gap, sizeof(*gap)));
}

bool gap_is_known(const struct builder *builder, const void *made_by)
{
    return pointer_set_has(&builder->gaps, made_by);
}

void gap_add(struct builder *builder, const xmlNode *base, const struct emit_entry *entry,
             const struct assignment *assignment, const char *reason)
{
    add_gap(builder, &(struct gap){names_of(builder->arena, base), entry, assignment, reason});
}

void gap_add_all(struct builder *builder, const char *reason)
{
    add_gap(builder, &(struct gap){.reason = reason});
}

/* ---- whether they meet ---- */

static const char *behind(const char *path)
{
    const size_t length = strcspn(path, "/");
    return path + length + (path[length] != '\0');
}

static bool names_meet(const char *mention, const char *path)
{
    const size_t length = strcspn(mention, "/");
    return (length == 1 && *mention == '*') || (length == strcspn(path, "/") && strncmp(mention, path, length) == 0);
}

/* As shells match a pattern: only the last ** is tried further on. */
static bool paths_meet(const char *mention, const char *path)
{
    const char *last = NULL, *from = NULL;
    while (*path || *mention) {
        if (text_starts(mention, "**")) {
            last = behind(mention);
            from = path;
            mention = last;
            if (!*mention)
                return true;
        } else if (*path && *mention && names_meet(mention, path)) {
            mention = behind(mention);
            path = behind(path);
        } else if (last && *from) {
            path = from = behind(from);
            mention = last;
        } else {
            return false;
        }
    }
    return true;
}

/* Looking for one mention in what a gap would have made. */
struct meeting {
    struct arena *arena;
    const struct mention *mention;
    bool found;
};

static void meet(struct meeting *meeting, const char *path)
{
    const char *mention = meeting->mention->path;
    meeting->found = meeting->found || paths_meet(*mention == '/' ? mention + 1 : mention, path);
}

/* The node that is there in a place of the mention's path; NULL: none is known to be. */
static const xmlNode *node_at(const struct meeting *meeting, const char *path)
{
    size_t depth = 0, wanted = 0;
    for (const xmlNode *each = meeting->mention->base; each && each->type == XML_ELEMENT_NODE; each = each->parent)
        depth++;
    for (wanted = 1; (path = strchr(path, '/')); path++)
        wanted++;
    const xmlNode *node = wanted <= depth ? meeting->mention->base : NULL;
    for (; node && wanted < depth; wanted++)
        node = node->parent;
    return node;
}

/* Could a node that is there have this value, or get it? Not where there is another one, and place for one only. */
static bool may_be(const xmlNode *node, const struct node_step *steps, size_t count, const char *value)
{
    const xmlAttr *attribute = count == 1 && steps->attribute ? tree_attribute(node, steps->name) : NULL;
    if (count == 0)
        return node_text_is(node, value);
    if (steps->attribute)
        return !attribute || node_text_is((const xmlNode *)attribute, value);
    const struct schema_child *child = schema_child(node_model(node), steps->name, NULL);
    const xmlNode *first = element_child(node, steps->name);
    return !child || child->many || !first || may_be(first, steps + 1, count - 1, value);
}

static bool step_may_hold(const xmlNode *node, const struct node_step *step)
{
    for (size_t i = 0; node && i < step->predicate_count; i++) {
        const struct node_predicate *predicate = &step->predicates[i];
        if (predicate->value->literal &&
            !may_be(node, predicate->path->steps, predicate->path->count, predicate->value->literal))
            return false;
    }
    return true;
}

/* Would a step make other nodes than those that are asked for? */
static bool is_another(const struct meeting *meeting, const char *path, const struct node_step *step)
{
    for (const struct restriction *each = meeting->mention->restrictions; each; each = each->next)
        for (size_t i = 0; paths_meet(each->path + (*each->path == '/'), path) && i < step->predicate_count; i++) {
            const struct node_path *made = step->predicates[i].path;
            const char *value = step->predicates[i].value->literal;
            if (value && made->count == 1 && made->steps->attribute == each->attribute &&
                text_equal(made->steps->name, each->name) && !text_equal(value, each->value))
                return true;
        }
    return false;
}

/* Each node that a path would have made; its end. NULL: none of them would be where the mention is. */
static const char *meet_path(struct meeting *meeting, const char *below, const struct node_path *path)
{
    for (size_t i = 0; i < path->count; i++) {
        const struct node_step *step = &path->steps[i];
        below = arena_printf(meeting->arena, "%s/%s", below, step->name);
        const xmlNode *node = node_at(meeting, below);
        if ((node && (!element_is(node, step->name) || !step_may_hold(node, step))) || is_another(meeting, below, step))
            return NULL;
        meet(meeting, below);
        for (size_t predicate = 0; predicate < step->predicate_count; predicate++)
            meet_path(meeting, below, step->predicates[predicate].path);
    }
    return below;
}

static void meet_assignment(struct meeting *meeting, const char *below, const struct assignment *assignment)
{
    below = meet_path(meeting, below, assignment->path);
    for (size_t i = 0; below && i < assignment->count; i++)
        for (size_t each = 0; each < assignment->values[i].attribute_count; each++)
            meet(meeting, arena_printf(meeting->arena, "%s/%s", below, assignment->values[i].attributes[each].name));
}

static void meet_entry(struct meeting *meeting, const char *below, const struct emit_entry *entry)
{
    for (size_t i = 0; entry->each && i < entry->each->count; i++) /* which are there */
        below = arena_printf(meeting->arena, "%s/%s", below, entry->each->steps[i].name);
    if (entry->path)
        below = meet_path(meeting, below, entry->path);
    for (size_t i = 0; below && i < entry->assignment_count && !meeting->found; i++)
        meet_assignment(meeting, below, &entry->assignments[i]);
    for (size_t i = 0; below && i < entry->child_count && !meeting->found; i++)
        meet_entry(meeting, below, entry->children[i]);
}

/* The node, or what was in it. */
static void meet_removed(struct meeting *meeting, const char *path)
{
    const char *mention = meeting->mention->path;
    meet(meeting, path);
    meeting->found =
        meeting->found || paths_meet(arena_printf(meeting->arena, "%s/**", path), mention + (*mention == '/'));
}

static bool gap_meets(struct meeting *meeting, const struct gap *gap)
{
    meeting->found = !gap->below;
    if (gap->assignment)
        meet_assignment(meeting, gap->below, gap->assignment);
    else if (gap->entry)
        meet_entry(meeting, gap->below, gap->entry);
    else if (gap->below)
        meet_removed(meeting, gap->below);
    return meeting->found;
}

static const struct gap *find_gap(const struct document *document, const struct vec *mentions)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    for (size_t i = 0; i < document->gaps.count; i++)
        for (size_t mention = 0; mention < mentions->count; mention++) {
            struct meeting meeting = {.arena = scratch, .mention = mentions->items[mention]};
            if (gap_meets(&meeting, document->gaps.items[i]))
                return document->gaps.items[i];
        }
    return NULL;
}

const char *document_gap(struct arena *arena, const struct document *document, const char *expression, bool derived)
{
    if (document->gaps.count == 0)
        return NULL;
    const struct vec mentions =
        mentions_of(arena, expression, xml_root(document->xml), derived ? &document->given : NULL);
    const struct gap *gap = find_gap(document, &mentions);
    return gap ? gap->reason : NULL;
}

void gap_of_removed(struct builder *builder, const xmlNode *node)
{
    struct document *document = builder->document;
    if (document->gaps.count == 0)
        return;
    const char *names = names_of(builder->arena, node);
    void *const gaps = (void *)(uintptr_t)document->gaps.count; /* nothing has changed for nodes of these names */
    struct vec below = {0};
    if (map_get(&builder->removed, names) == gaps)
        return;
    map_put(builder->arena, &builder->removed, names, gaps);
    const struct mention inside = {arena_printf(builder->arena, "%s/**", names), NULL};
    vec_push(builder->arena, &below, (void *)&inside);
    const struct gap *gap = find_gap(document, &below);
    if (gap)
        add_gap(builder, &(struct gap){.below = names, .reason = gap->reason});
}
