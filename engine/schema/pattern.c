/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RELAX NG in its XML syntax to patterns. */
#include "base/kept_file.h"
#include "base/libxml.h"
#include "base/text.h"
#include "base/xml.h"
#include "schema/private.h"

#include <string.h>
#include <sys/stat.h>

struct schema_reader {
    struct arena *arena;
    const char *path;
    struct map defines;
    struct define *start;
    struct vec newer; /* of struct schema_newer */
    bool several;     /* it is not in one file */
    const char *error;
};

struct pattern_word {
    const char *name;
    enum pattern_kind kind;
};

/* The most frequent ones first. */
static const struct pattern_word pattern_words[] = {
    {"ref", PATTERN_REF},
    {"element", PATTERN_ELEMENT},
    {"attribute", PATTERN_ATTRIBUTE},
    {"optional", PATTERN_OPTIONAL},
    {"value", PATTERN_VALUE},
    {"choice", PATTERN_CHOICE},
    {"data", PATTERN_DATA},
    {"text", PATTERN_TEXT},
    {"empty", PATTERN_EMPTY},
    {"interleave", PATTERN_INTERLEAVE},
    {"group", PATTERN_GROUP},
    {"zeroOrMore", PATTERN_ZERO_OR_MORE},
    {"oneOrMore", PATTERN_ONE_OR_MORE},
    {"mixed", PATTERN_INTERLEAVE},
    {"list", PATTERN_LIST},
    {"notAllowed", PATTERN_NOT_ALLOWED},
};

static bool node_is(const xmlNode *node, const char *name)
{
    return strcmp((const char *)node->name, name) == 0;
}

static void fail(struct schema_reader *reader, const xmlNode *node, const char *message)
{
    if (reader->error)
        return;
    reader->error = arena_printf(reader->arena, "%s:%ld: '%s' %s", schema_file(node, reader->path), xmlGetLineNo(node),
                                 (const char *)node->name, message);
}

/* A trimmed copy of an attribute; NULL: not there. */
static char *attribute(struct schema_reader *reader, const xmlNode *node, const char *name)
{
    for (const xmlAttr *each = node->properties; each; each = each->next) {
        if (strcmp((const char *)each->name, name) != 0)
            continue;
        const char *text = each->children && each->children->content ? (const char *)each->children->content : "";
        return text_trim(reader->arena, text, strlen(text));
    }
    return NULL;
}

static const char *content(const struct schema_reader *reader, const xmlNode *node)
{
    return xml_text(reader->arena, node);
}

/* From node on, an element of that name in our own namespace, which other readers of the schema pass over; NULL: none.
 */
static const xmlNode *annotation_from(const xmlNode *node, const char *name)
{
    while (node && (node->type != XML_ELEMENT_NODE || !node->ns || !node_is(node, name) ||
                    strcmp((const char *)node->ns->href, "urn:hvprobe:schema") != 0))
        node = node->next;
    return node;
}

static void read_sorts(struct schema_reader *reader, const xmlNode *node, struct pattern *pattern)
{
    for (node = annotation_from(node->children, "sort"); node; node = annotation_from(node->next, "sort")) {
        struct schema_sort *sort = arena_new_object(reader->arena, struct schema_sort);
        sort->path = attribute(reader, node, "path");
        sort->same = attribute(reader, node, "same");
        sort->first = attribute(reader, node, "first");
        sort->last = attribute(reader, node, "last");
        if (!sort->path)
            return fail(reader, node, "has no path");
        vec_push(reader->arena, &pattern->sorts, sort);
    }
}

static void read_newer(struct schema_reader *reader, const xmlNode *node)
{
    for (node = annotation_from(node->children, "newer"); node; node = annotation_from(node->next, "newer")) {
        struct schema_newer *newer = arena_new_object(reader->arena, struct schema_newer);
        newer->document = attribute(reader, node, "document");
        newer->path = attribute(reader, node, "path");
        newer->reason = attribute(reader, node, "reason");
        if (!newer->document || !newer->path || !newer->reason)
            return fail(reader, node, "has no document, path or reason");
        vec_push(reader->arena, &reader->newer, newer);
    }
}

static struct define *define_get(struct schema_reader *reader, const char *name, const xmlNode *node)
{
    struct define *define = map_get(&reader->defines, name);
    if (define)
        return define;
    define = arena_new_object(reader->arena, struct define);
    define->name = name;
    define->file = schema_file(node, reader->path);
    define->line = (unsigned)xmlGetLineNo(node);
    map_put(reader->arena, &reader->defines, name, define);
    return define;
}

static struct pattern *read_pattern(struct schema_reader *reader, const xmlNode *node);

/* Adds what the elements from node on say to a pattern's items. */
static void read_items(struct schema_reader *reader, struct pattern *pattern, xmlNode *node)
{
    for (node = element_from(node, NULL); node && !reader->error; node = element_from(node->next, NULL))
        vec_push(reader->arena, &pattern->items, read_pattern(reader, node));
}

/* Several patterns in a row are a group. */
static struct pattern *read_content(struct schema_reader *reader, const xmlNode *parent, xmlNode *first,
                                    enum pattern_kind alone)
{
    struct pattern *group = schema_pattern_new(reader->arena, PATTERN_GROUP, (unsigned)xmlGetLineNo(parent));
    read_items(reader, group, first);
    if (group->items.count == 0)
        group->kind = alone;
    return group->items.count == 1 ? group->items.items[0] : group;
}

static void unsupported(struct schema_reader *reader, const xmlNode *node, struct pattern *pattern, const char *message)
{
    pattern->kind = PATTERN_UNSUPPORTED;
    pattern->name = arena_printf(reader->arena, "%s:%ld: '%s' %s", schema_file(node, reader->path), xmlGetLineNo(node),
                                 (const char *)node->name, message);
}

/* The namespace that a prefix stands for at a node; NULL: none. */
static const char *declared(struct schema_reader *reader, const xmlNode *node, const char *prefix)
{
    for (; node && node->type == XML_ELEMENT_NODE; node = node->parent)
        for (const xmlNs *each = node->nsDef; each; each = each->next)
            if (text_equal((const char *)each->prefix, prefix))
                return arena_strdup(reader->arena, (const char *)each->href);
    return NULL;
}

/* Of an element called PREFIX:NAME. false: a namespace is asked for in another way. */
static bool read_prefix(struct schema_reader *reader, const xmlNode *node, struct pattern *pattern)
{
    const char *namespace = attribute(reader, node, "ns"), *colon = strchr(pattern->name, ':');
    if (!colon)
        return !namespace || !*namespace;
    pattern->prefix = arena_strndup(reader->arena, pattern->name, (size_t)(colon - pattern->name));
    pattern->namespace = declared(reader, node, pattern->prefix);
    pattern->name = colon + 1;
    return pattern->kind == PATTERN_ELEMENT && pattern->namespace;
}

static void read_named(struct schema_reader *reader, const xmlNode *node, struct pattern *pattern)
{
    xmlNode *first = element_child(node, NULL);
    pattern->name = attribute(reader, node, "name");
    if (!pattern->name && first && node_is(first, "name")) {
        const char *name = content(reader, first);
        pattern->name = text_trim(reader->arena, name, strlen(name));
        first = element_from(first->next, NULL);
    }
    if (!pattern->name)
        return unsupported(reader, node, pattern, "has no plain name: name classes are not supported");
    pattern->whole = text_equal(attribute(reader, node, "whole"), "yes");
    pattern->tells = attribute(reader, node, "tells");
    pattern->filled = text_equal(attribute(reader, node, "fill"), "driver");
    pattern->hidden = text_equal(attribute(reader, node, "hidden"), "yes");
    read_sorts(reader, node, pattern);
    if (!read_prefix(reader, node, pattern))
        return unsupported(reader, node, pattern, "is in a namespace: only elements are, by prefix");
    enum pattern_kind alone = pattern->kind == PATTERN_ATTRIBUTE ? PATTERN_TEXT : PATTERN_EMPTY;
    vec_push(reader->arena, &pattern->items, read_content(reader, node, first, alone));
}

static void read_data(struct schema_reader *reader, const xmlNode *node, struct pattern *pattern)
{
    pattern->type = attribute(reader, node, "type");
    for (xmlNode *each = element_child(node, NULL); each; each = element_from(each->next, NULL)) {
        if (node_is(each, "except")) {
            vec_push(reader->arena, &pattern->items, read_content(reader, each, each->children, PATTERN_NOT_ALLOWED));
            continue;
        }
        struct schema_param *param = arena_new_object(reader->arena, struct schema_param);
        param->name = attribute(reader, each, "name");
        param->value = content(reader, each);
        if (!param->name || !node_is(each, "param"))
            return fail(reader, each, "is not expected in 'data'");
        vec_push(reader->arena, &pattern->params, param);
    }
    pattern->fits_empty = pattern->items.count == 0 && schema_value_fits(pattern, "");
}

static void read_leaf(struct schema_reader *reader, const xmlNode *node, struct pattern *pattern)
{
    if (pattern->kind == PATTERN_REF) {
        pattern->name = attribute(reader, node, "name");
        if (!pattern->name)
            return fail(reader, node, "has no name");
        pattern->target = define_get(reader, pattern->name, node);
    } else if (pattern->kind == PATTERN_VALUE) {
        pattern->type = attribute(reader, node, "type");
        pattern->name = content(reader, node);
    }
}

static void read_group(struct schema_reader *reader, const xmlNode *node, struct pattern *pattern)
{
    bool alone = pattern->kind == PATTERN_OPTIONAL || pattern->kind == PATTERN_ZERO_OR_MORE ||
                 pattern->kind == PATTERN_ONE_OR_MORE || pattern->kind == PATTERN_LIST;
    if (node_is(node, "mixed"))
        vec_push(reader->arena, &pattern->items, schema_pattern_new(reader->arena, PATTERN_TEXT, pattern->line));
    if (alone || node_is(node, "mixed"))
        vec_push(reader->arena, &pattern->items, read_content(reader, node, node->children, PATTERN_EMPTY));
    else
        read_items(reader, pattern, node->children);
}

typedef void (*pattern_reader)(struct schema_reader *reader, const xmlNode *node, struct pattern *pattern);
static const pattern_reader pattern_readers[] = {
    [PATTERN_ELEMENT] = read_named,  [PATTERN_ATTRIBUTE] = read_named,   [PATTERN_GROUP] = read_group,
    [PATTERN_CHOICE] = read_group,   [PATTERN_INTERLEAVE] = read_group,  [PATTERN_ZERO_OR_MORE] = read_group,
    [PATTERN_OPTIONAL] = read_group, [PATTERN_ONE_OR_MORE] = read_group, [PATTERN_LIST] = read_group,
    [PATTERN_REF] = read_leaf,       [PATTERN_TEXT] = read_leaf,         [PATTERN_DATA] = read_data,
    [PATTERN_VALUE] = read_leaf,     [PATTERN_NOT_ALLOWED] = read_leaf,  [PATTERN_EMPTY] = read_leaf,
};

static struct pattern *read_pattern(struct schema_reader *reader, const xmlNode *node)
{
    struct pattern *pattern = schema_pattern_new(reader->arena, PATTERN_NOT_ALLOWED, (unsigned)xmlGetLineNo(node));
    for (size_t i = 0; i < ARRAY_SIZE(pattern_words); i++) {
        if (!node_is(node, pattern_words[i].name))
            continue;
        pattern->kind = pattern_words[i].kind;
        pattern_readers[pattern->kind](reader, node, pattern);
        return pattern;
    }
    fail(reader, node, "is not a pattern that is supported");
    return pattern;
}

/* A further definition of a name joins the earlier one as combine says. */
static void read_define(struct schema_reader *reader, const xmlNode *node, struct define *define)
{
    const char *combine = attribute(reader, node, "combine");
    struct pattern *pattern = read_content(reader, node, node->children, PATTERN_EMPTY);
    if (!define->pattern) {
        define->pattern = pattern;
        define->combine = combine;
        return;
    }
    define->combine = define->combine ? define->combine : combine;
    if (!define->combine)
        return fail(reader, node, "is defined twice, without 'combine'");
    bool choice = strcmp(define->combine, "choice") == 0;
    struct pattern *both =
        schema_pattern_new(reader->arena, choice ? PATTERN_CHOICE : PATTERN_INTERLEAVE, pattern->line);
    vec_push(reader->arena, &both->items, define->pattern);
    vec_push(reader->arena, &both->items, pattern);
    define->pattern = both;
}

static void read_grammar(struct schema_reader *reader, const xmlNode *grammar);

static bool has_namespace(struct schema_reader *reader, const xmlNode *node)
{
    const char *namespace = attribute(reader, node, "ns");
    return namespace && *namespace;
}

static void read_component(struct schema_reader *reader, const xmlNode *node)
{
    const char *name = attribute(reader, node, "name");
    if (has_namespace(reader, node))
        return fail(reader, node, "is in a namespace: not supported");
    if (node_is(node, "div"))
        return read_grammar(reader, node);
    if (node_is(node, "start"))
        return read_define(reader, node, reader->start);
    if (node_is(node, "define") && name)
        return read_define(reader, node, define_get(reader, name, node));
    fail(reader, node, "is not expected in a grammar");
}

static void read_grammar(struct schema_reader *reader, const xmlNode *grammar)
{
    if (has_namespace(reader, grammar))
        return fail(reader, grammar, "is in a namespace: not supported");
    read_newer(reader, grammar);
    for (xmlNode *node = element_child(grammar, NULL); node && !reader->error; node = element_from(node->next, NULL))
        read_component(reader, node);
}

static const char *undefined_name(struct schema_reader *reader)
{
    for (size_t i = 0; i < reader->defines.count; i++) {
        const struct define *define = reader->defines.entries[i].value;
        if (!define->pattern)
            return arena_printf(reader->arena, "%s:%u: '%s' is not defined", define->file, define->line, define->name);
    }
    if (!reader->start->pattern)
        return arena_printf(reader->arena, "%s: there is no start element", reader->path);
    return NULL;
}

static struct pattern *read_xml(struct schema_reader *reader)
{
    const xmlDoc *xml = schema_read_document(reader->arena, reader->path, &reader->several, &reader->error);
    const xmlNode *root = xml ? xml_root(xml) : NULL;
    if (root && node_is(root, "grammar"))
        read_grammar(reader, root);
    else if (root)
        reader->start->pattern = read_pattern(reader, root);
    if (!reader->error)
        reader->error = undefined_name(reader);
    return reader->error ? NULL : reader->start->pattern;
}

struct pattern *schema_read_patterns(struct arena *arena, const char *path, struct store *store, struct vec *ret_newer,
                                     const char **ret_error)
{
    struct schema_reader reader = {.arena = arena, .path = path, .start = arena_new_object(arena, struct define)};
    AUTO(buf_free) struct buf packed = BUF_INIT;
    AUTO(kept_file_close) struct kept_file file = kept_file_open(store, STORE_SCHEMA, path);
    size_t length = 0;
    const char *kept = kept_file_get(&file, &length);
    struct pattern *start = kept ? schema_unpack(arena, kept, length) : NULL;
    if (start)
        return start;
    start = read_xml(&reader);
    *ret_newer = reader.newer;
    if (!start)
        *ret_error = reader.error;
    if (!start || reader.several || !store_keeps(store))
        return start;
    schema_pack(&packed, start);
    kept_file_put(&file, packed.data, packed.length);
    return start;
}
