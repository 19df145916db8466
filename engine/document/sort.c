/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The order of siblings where clients read it: stable, by the sort keys that the schema gives an element. */
#include "document/builder.h"
#include "schema/private.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* An element that is sorted: where it stood, and its rank by each key. */
struct sibling {
    xmlNode *node;
    size_t position;
    const size_t *ranks;
    size_t key_count;
};

static const char *text_at(struct arena *arena, const xmlNode *node, const char *path)
{
    struct xpath_result found;
    return xpath_plain(arena, node, path, &found) && found.count > 0 ? found.text : NULL;
}

/* The number of the rank that a value is listed in; the number of ranks when it is in none. */
static size_t rank_in(const char *ranks, const char *value, bool *ret_found)
{
    const size_t length = strlen(value);
    size_t rank = 0;
    for (const char *at = ranks; *at; at += *at != '\0') {
        size_t word = strcspn(at, "| ");
        *ret_found = word == length && strncmp(at, value, word) == 0;
        if (*ret_found)
            return rank;
        at += word;
        rank += *at != '|';
    }
    return rank;
}

static size_t rank_of_text(const struct schema_sort *sort, const char *value)
{
    bool found = false;
    size_t rank = 1;
    if (sort->first)
        rank += rank_in(sort->first, value, &found);
    if (found || !sort->last)
        return rank;
    size_t late = rank_in(sort->last, value, &found);
    return found ? rank + 1 + late : rank;
}

/* Of several nodes the best one counts. same: the text that comes first; NULL: none. */
static size_t rank_of(struct arena *arena, const xmlNode *node, const struct schema_sort *sort, const char *same)
{
    struct xpath_result found;
    size_t best = rank_of_text(sort, "");
    if (!xpath_plain(arena, node, sort->path, &found))
        return best;
    for (size_t i = 0; i < found.count; i++) {
        const char *value = xml_text(arena, found.nodes[i]);
        const size_t rank = same && text_equal(value, same) ? 0 : rank_of_text(sort, value);
        best = i == 0 || rank < best ? rank : best;
    }
    return best;
}

static int compare(const void *a, const void *b)
{
    const struct sibling *one = a, *other = b;
    for (size_t i = 0; i < one->key_count; i++) {
        if (one->ranks[i] != other->ranks[i])
            return one->ranks[i] < other->ranks[i] ? -1 : 1;
    }
    return one->position < other->position ? -1 : 1;
}

static struct sibling rank_all(struct arena *arena, xmlNode *node, size_t position, const char *const *sames)
{
    const struct vec *sorts = &node_model(node)->sorts;
    size_t *ranks = arena_alloc(arena, sorts->count * sizeof(*ranks));
    for (size_t i = 0; i < sorts->count; i++)
        ranks[i] = rank_of(arena, node, sorts->items[i], sames[i]);
    return (struct sibling){node, position, ranks, sorts->count};
}

/* By sort key, the same for all siblings. */
static const char *const *texts_that_come_first(struct arena *arena, const xmlNode *node)
{
    const struct vec *sorts = &node_model(node)->sorts;
    const char **sames = arena_alloc(arena, sorts->count * sizeof(*sames));
    for (size_t i = 0; i < sorts->count; i++) {
        const char *path = ((const struct schema_sort *)sorts->items[i])->same;
        sames[i] = path ? text_at(arena, node, path) : NULL;
    }
    return sames;
}

/* Elements of one name stand together, as the schema orders names: first is the first of them. */
static void sort_from(struct builder *builder, xmlNode *first)
{
    size_t count = 0;
    xmlNode *behind = first->prev, *parent = first->parent;
    for (const xmlNode *each = first; each && each->name == first->name; each = each->next)
        count++;
    if (count < 2)
        return;
    const char *const *sames = texts_that_come_first(builder->arena, first);
    struct sibling *siblings = arena_alloc(builder->arena, count * sizeof(*siblings));
    xmlNode *node = first;
    for (size_t i = 0; i < count; i++, node = node->next)
        siblings[i] = rank_all(builder->arena, node, i, sames);
    qsort(siblings, count, sizeof(*siblings), compare);
    for (size_t i = 0; i < count; i++) {
        tree_take(siblings[i].node);
        tree_put(parent, siblings[i].node, behind);
        behind = siblings[i].node;
    }
}

static void sort_below(struct builder *builder, xmlNode *parent)
{
    const xmlChar *name = NULL;
    for (xmlNode *each = element_child(parent, NULL); each; each = each->next) {
        if (each->type != XML_ELEMENT_NODE || node_model(each)->child_count == 0)
            continue;
        sort_below(builder, each);
    }
    for (xmlNode *each = parent->children; each; each = each->next) {
        bool begins = each->type == XML_ELEMENT_NODE && each->name != name;
        name = each->name;
        if (!begins || node_model(each)->sorts.count == 0)
            continue;
        xmlNode *before = each->prev;
        sort_from(builder, each);
        each = before ? before->next : parent->children;
    }
}

void sort_document(struct builder *builder)
{
    sort_below(builder, xml_root(builder->document->xml));
}
