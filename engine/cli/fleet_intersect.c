/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What all hosts have in common, as a document: what of the first is the same on each of the others. What differs goes,
 * and with it whatever cannot be without it; what a host is not known to have is not taken for absent.
 */
#include "base/text.h"
#include "base/tree.h"
#include "cli/fleet.h"
#include "schema/validate.h"

#include <string.h>

struct common_document {
    struct fleet *fleet;
    xmlDoc *xml;      /* what the hosts that came have in common; NULL: none came */
    const char *host; /* whose turn it is */
    struct arena *scratch;
    struct map lost; /* path -> the first host where it is otherwise */
};

static bool narrow(struct common_document *common, xmlNode *node, const xmlNode *other,
                   const struct schema_element *model);

static void lose(struct common_document *common, const xmlNode *node)
{
    struct arena *arena = common->fleet->arena;
    const char *path = xml_path(common->scratch, node);
    if (!map_get(&common->lost, path))
        map_put(arena, &common->lost, arena_strdup(arena, path), common->host);
}

static const char *key_of(const struct common_document *common, const xmlNode *node, const struct schema_child *child)
{
    return arena_printf(common->scratch, "%s%s", (const char *)node->name,
                        fleet_identity(common->fleet, common->scratch, node, child));
}

/* The children of an element by what tells them apart. */
static struct map index_children(const struct common_document *common, const xmlNode *parent,
                                 const struct schema_element *model)
{
    struct map index = {0};
    for (const xmlNode *each = xml_element_from(parent->children); each; each = xml_element_from(each->next)) {
        const struct schema_child *child = model ? schema_child(model, (const char *)each->name, NULL) : NULL;
        map_put(common->scratch, &index, key_of(common, each, child), each);
    }
    return index;
}

/* A number that may be the least of both. false: they differ, and it goes. */
static bool narrow_attribute(const struct common_document *common, xmlNode *node, const xmlAttr *attribute,
                             const xmlNode *other)
{
    const char *name = (const char *)attribute->name;
    const xmlAttr *same = tree_attribute(other, name);
    const char *text = xml_text(common->scratch, (const xmlNode *)attribute);
    const char *found = same ? xml_text(common->scratch, (const xmlNode *)same) : NULL;
    int64_t one, two;
    if (text_equal(text, found))
        return true;
    if (!found || !fleet_is_least(common->fleet, (const char *)node->name, name) || !text_number(text, &one) ||
        !text_number(found, &two))
        return false;
    if (two < one)
        tree_set_attribute(common->fleet->arena, node, name, found);
    return true;
}

/* false: the schema wants one that differs. */
static bool narrow_attributes(struct common_document *common, xmlNode *node, const xmlNode *other,
                              const struct schema_element *model)
{
    for (xmlAttr *each = node->properties, *next; each; each = next) {
        next = each->next;
        const struct schema_attribute *known = model ? schema_attribute(model, (const char *)each->name) : NULL;
        if (narrow_attribute(common, node, each, other))
            continue;
        lose(common, (const xmlNode *)each);
        tree_take((xmlNode *)each);
        if (known && known->required)
            return false;
    }
    return true;
}

/* Is there an element of that name, as the schema wants it? */
static bool has_child(const xmlNode *node, const char *name)
{
    for (const xmlNode *each = xml_element_from(node->children); each; each = xml_element_from(each->next))
        if (text_equal((const char *)each->name, name))
            return true;
    return false;
}

static bool has_required(const xmlNode *node, const struct schema_element *model)
{
    for (size_t i = 0; model && i < model->child_count; i++)
        if (model->children[i].required && !has_child(node, model->children[i].name))
            return false;
    return true;
}

static bool narrow_children(struct common_document *common, xmlNode *node, const xmlNode *other,
                            const struct schema_element *model)
{
    const bool full = xml_element_from(node->children) != NULL;
    const struct map index = index_children(common, other, model);
    for (xmlNode *each = xml_element_from(node->children), *next; each; each = next) {
        next = xml_element_from(each->next);
        const struct schema_child *child = model ? schema_child(model, (const char *)each->name, NULL) : NULL;
        const bool own = fleet_is_own(common->fleet, common->scratch, each);
        const xmlNode *same = own ? NULL : map_get(&index, key_of(common, each, child));
        if (same && narrow(common, each, same, child ? child->element : NULL))
            continue;
        if (!own)
            lose(common, each);
        tree_take(each);
    }
    const bool emptied = full && !xml_element_from(node->children) && !node->properties;
    return has_required(node, model) && (!emptied || node->parent->type != XML_ELEMENT_NODE);
}

/* Takes away from a node what another host's does not have. false: it goes as a whole. */
static bool narrow(struct common_document *common, xmlNode *node, const xmlNode *other,
                   const struct schema_element *model)
{
    const bool leaf = !xml_element_from(node->children);
    if (leaf && !text_equal(xml_text(common->scratch, node), xml_text(common->scratch, other)))
        return false;
    return narrow_attributes(common, node, other, model) && narrow_children(common, node, other, model);
}

static bool take_common(void *context, struct fleet_host *host)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    struct common_document *common = context;
    struct arena *arena = common->fleet->arena;
    if (!host->xml)
        return true;
    common->host = arena_strdup(arena, host->name);
    common->scratch = scratch;
    if (!common->xml) { /* then with itself: what is its own goes */
        common->xml = tree_new(arena);
        tree_graft(arena, (xmlNode *)common->xml, xml_root(host->xml));
    }
    narrow(common, xml_root(common->xml), xml_root(host->xml), common->fleet->schema->root);
    return true;
}

static void tell_lost(const struct common_document *common)
{
    for (size_t i = 0; i < common->lost.count; i++)
        complain("not everywhere: %s (otherwise on %s)", common->lost.entries[i].key,
                 (const char *)common->lost.entries[i].value);
}

static enum status tell_invalid(const struct common_document *common)
{
    struct arena *arena = common->fleet->arena;
    struct vec errors = {0};
    const char *error = NULL;
    if (!schema_validate(arena, common->xml, common->fleet->schema->path, &errors, &error)) {
        complain("%s", error);
        return STATUS_FAILED;
    }
    for (size_t i = 0; i < errors.count; i++) {
        const struct validation_error *one = errors.items[i];
        complain("not valid: %s: %s", one->element, one->message);
    }
    return errors.count > 0 ? STATUS_NO : STATUS_OK;
}

static enum status tell_unknown(const struct fleet *fleet)
{
    for (size_t i = 0; i < fleet->unknown.count; i++) {
        const struct fleet_unknown *unknown = fleet->unknown.items[i];
        complain("%s is unknown, so that less may be common to all: %s", unknown->name, unknown->reason);
    }
    return fleet->unknown.count > 0 ? STATUS_FAILED : STATUS_OK;
}

enum status fleet_intersect(struct fleet *fleet, const char *const *words)
{
    struct common_document common = {.fleet = fleet};
    enum status status = fleet_each(fleet, words, take_common, &common);
    if (status != STATUS_OK)
        return status;
    if (!common.xml) {
        tell_unknown(fleet);
        complain("no host is known");
        return STATUS_FAILED;
    }
    const struct document document = {.name = fleet->rules.document, .schema = fleet->schema, .xml = common.xml};
    if (invocation_has(fleet->session->invocation, "why"))
        tell_lost(&common);
    status = status_worst(tell_unknown(fleet), tell_invalid(&common));
    return status_worst(status, output_document(fleet->session, &document, format_kinds[0].name));
}
