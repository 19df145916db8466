/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A schema with the files that it includes in their places, so that nobody behind this opens any other: libxml2 by
 * itself would ask the network, wait for a FIFO, or show a line of whatever file a schema names.
 */
#include "base/file.h"
#include "base/libxml.h"
#include "base/text.h"
#include "base/tree.h"
#include "base/xml.h"
#include "root/root.h"
#include "schema/private.h"

#include <errno.h>
#include <string.h>

enum { FILE_LIMIT = 8 * 1024 * 1024, TOTAL_LIMIT = 32 * 1024 * 1024, FILES_LIMIT = 256, NESTING_LIMIT = 16 };

static const char relaxng[] = "http://relaxng.org/ns/structure/1.0";

struct including {
    struct arena *arena;
    xmlDoc *xml;              /* the whole */
    struct root *folder;      /* nothing outside is read */
    const char *base;         /* its path, ending in a slash or empty */
    const xmlChar *text_name; /* what libxml2 calls a text, by its pointer */
    size_t files;
    size_t total; /* bytes */
    unsigned depth;
    const char *error;
};

/* The file that is gone through. */
struct file_place {
    const char *path; /* for messages */
    const char *name; /* in the folder */
};

static bool is_relaxng(const xmlNode *node, const char *name)
{
    return node->ns && strcmp((const char *)node->ns->href, relaxng) == 0 &&
           (!name || strcmp((const char *)node->name, name) == 0);
}

/* What holds at an element: the nearest attribute of that name. */
static const char *inherited(const xmlNode *node, const char *name)
{
    const char *value = NULL;
    for (; node && node->type == XML_ELEMENT_NODE && !value; node = node->parent)
        value = tree_value(node, name);
    return value;
}

static bool fail(struct including *including, const struct file_place *file, const xmlNode *node, const char *message)
{
    including->error = arena_printf(including->arena, "%s:%u: '%s' cannot be included: %s", file->path, node->line,
                                    tree_value(node, "href") ? tree_value(node, "href") : "", message);
    return false;
}

static void release_document(void *xml)
{
    xml_free((xmlDoc **)&xml);
}

/* Of what is no schema nothing is shown, not even what is wrong with it. */
static xmlDoc *parse(struct arena *arena, const char *path, const char *text, size_t length, const char **ret_error)
{
    const bool names_relaxng = memmem(text, length, relaxng, strlen(relaxng)) != NULL;
    xmlDoc *xml = xml_parse(arena, path, text, length, ret_error);
    if (xml)
        arena_defer(arena, release_document, xml);
    if (xml && is_relaxng(xml_root(xml), NULL))
        return xml;
    if (xml || (!names_relaxng && !libxml_missing()))
        *ret_error = arena_printf(arena, "%s: is not a RELAX NG schema", path);
    return NULL;
}

/* What a plain relative path means in a file, as a name in the folder. NULL: it leads out of that, or is more than
 * that: a scheme, or what another reader might take for one. */
static const char *name_in_folder(struct arena *arena, const char *file, const char *href)
{
    const char *slash = strrchr(file, '/');
    char *name = arena_printf(arena, "%.*s", slash ? (int)(slash - file + 1) : 0, file);
    if (!*href || *href == '/' || strpbrk(href, ":\\?#%"))
        return NULL;
    for (; strncmp(href, "../", 3) == 0; href += 3) {
        if (!*name)
            return NULL;
        name[strlen(name) - 1] = '\0';
        name[strrchr(name, '/') ? strrchr(name, '/') - name + 1 : 0] = '\0';
    }
    for (const char *part = href; part; part = strchr(part, '/') ? strchr(part, '/') + 1 : NULL)
        if (strcspn(part, "/") == 2 && part[0] == '.' && part[1] == '.')
            return NULL;
    return arena_printf(arena, "%s%s", name, href);
}

/* The document that an element names, with a place of its own; NULL after the error. */
static xmlDoc *read_named(struct including *including, const xmlNode *node, const struct file_place *file,
                          struct file_place *ret_place)
{
    struct arena *arena = including->arena;
    const char *href = tree_value(node, "href");
    const char *name = href ? name_in_folder(arena, file->name, href) : NULL;
    size_t length;
    char *text;
    if (!name) {
        fail(including, file, node, "only files beside the schema are, and below it, by a plain relative path");
        return NULL;
    }
    if (++including->files > FILES_LIMIT || including->depth >= NESTING_LIMIT) {
        fail(including, file, node, "too many files, or one that includes itself");
        return NULL;
    }
    int error = root_read(including->folder, arena, arena_printf(arena, "/%s", name), FILE_LIMIT, &text, &length);
    including->total += error == 0 ? length : 0;
    if (error < 0 || including->total > TOTAL_LIMIT) {
        fail(including, file, node, file_error(error < 0 ? error : -EFBIG));
        return NULL;
    }
    including->text_name = tree_attribute(node, "href")->children->name;
    *ret_place = (struct file_place){arena_printf(arena, "%s%s", including->base, name), name};
    xmlDoc *xml = parse(arena, ret_place->path, text, length, &including->error);
    return xml ? tree_copy(arena, xml) : NULL;
}

static void set_document(xmlNode *node, xmlDoc *xml)
{
    node->doc = xml;
    for (xmlAttr *each = node->properties; node->type == XML_ELEMENT_NODE && each; each = each->next) {
        each->doc = xml;
        each->children->doc = xml;
    }
    for (xmlNode *each = node->type == XML_ELEMENT_NODE ? node->children : NULL; each; each = each->next)
        set_document(each, xml);
}

/* Declarations that an element has no longer above it; its own come first, and so hide them. */
static void adopt_namespaces(struct arena *arena, xmlNode *node, const xmlNode *from)
{
    xmlNs **last = &node->nsDef;
    while (*last)
        last = &(*last)->next;
    for (const xmlNs *each = from->nsDef; each; each = each->next) {
        xmlNs *copy = arena_memdup(arena, each, sizeof(*each));
        copy->next = NULL;
        *last = copy;
        last = &copy->next;
    }
}

/* As libxml2's parser makes them: it frees the names of other texts when it frees a copy. */
static xmlAttr *set_attribute(const struct including *including, xmlNode *node, const char *name, const char *value)
{
    xmlAttr *attribute = tree_set_attribute(including->arena, node, name, value);
    attribute->children->name = including->text_name;
    return attribute;
}

static void keep_attribute(const struct including *including, xmlNode *node, const xmlNode *from, const xmlNode *outer,
                           const char *name)
{
    const char *value = tree_value(from, name);
    if (!value && inherited(outer, name))
        value = ""; /* what holds around the place is not said in the file */
    if (value && !tree_attribute(node, name))
        set_attribute(including, node, name, value);
}

/* Takes an element out of its file and puts it behind another one. path: of that file, NULL: it is of the same. */
static void move(struct including *including, xmlNode *node, const xmlNode *from, xmlNode *behind, const char *path)
{
    static const xmlNs xml_namespace = {.type = XML_NAMESPACE_DECL,
                                        .href = (const xmlChar *)"http://www.w3.org/XML/1998/namespace",
                                        .prefix = (const xmlChar *)"xml"};
    const xmlNode *outer = path ? behind->parent : NULL;
    tree_take(node);
    set_document(node, including->xml);
    if (from != node)
        adopt_namespaces(including->arena, node, from);
    keep_attribute(including, node, from, outer, "ns");
    keep_attribute(including, node, from, outer, "datatypeLibrary");
    if (path && !tree_attribute(node, "base"))
        set_attribute(including, node, "base", path)->ns = (xmlNs *)&xml_namespace;
    tree_put(behind->parent, node, behind);
}

static bool is_component(const xmlNode *node, const xmlNode *other)
{
    return strcmp((const char *)node->name, (const char *)other->name) == 0 &&
           text_equal(tree_value(node, "name"), tree_value(other, "name"));
}

/* Takes away what an <include> gives anew; both may stand in <div>. */
static void take_overridden(xmlNode *grammar, const xmlNode *given)
{
    for (const xmlNode *each = xml_element_from(given->children); each; each = xml_element_from(each->next)) {
        if (is_relaxng(each, "div"))
            take_overridden(grammar, each);
        for (xmlNode *node = xml_element_from(grammar->children), *next; node; node = next) {
            next = xml_element_from(node->next);
            if (is_relaxng(node, "div"))
                take_overridden(node, given);
            else if (is_relaxng(node, NULL) && is_component(node, each))
                tree_take(node);
        }
    }
}

static void move_children(struct including *including, xmlNode *from, xmlNode **behind, const char *path)
{
    for (xmlNode *node = xml_element_from(from->children), *next; node; node = next) {
        next = xml_element_from(node->next);
        move(including, node, from, *behind, path);
        *behind = node;
    }
}

static bool expand(struct including *including, xmlNode *parent, const struct file_place *file);

static bool expand_include(struct including *including, xmlNode *node, const struct file_place *file)
{
    struct file_place place;
    xmlDoc *xml = read_named(including, node, file, &place);
    xmlNode *grammar = xml ? xml_root(xml) : NULL, *behind = node;
    if (!grammar)
        return false;
    if (!is_relaxng(grammar, "grammar"))
        return fail(including, file, node, "it is not a grammar");
    including->depth++;
    if (!expand(including, (xmlNode *)xml, &place) || !expand(including, node, file))
        return false;
    including->depth--;
    take_overridden(grammar, node);
    move_children(including, grammar, &behind, place.path);
    move_children(including, node, &behind, NULL);
    tree_take(node);
    return true;
}

/* A whole pattern in a file of its own. */
static bool expand_reference(struct including *including, xmlNode *node, const struct file_place *file)
{
    struct file_place place;
    xmlDoc *xml = read_named(including, node, file, &place);
    if (!xml)
        return false;
    including->depth++;
    if (!expand(including, (xmlNode *)xml, &place))
        return false;
    including->depth--;
    keep_attribute(including, xml_root(xml), node, NULL, "ns");
    move(including, xml_root(xml), xml_root(xml), node, place.path);
    tree_take(node);
    return true;
}

static bool expand(struct including *including, xmlNode *parent, const struct file_place *file)
{
    for (xmlNode *node = xml_element_from(parent->children), *next; node; node = next) {
        next = xml_element_from(node->next);
        bool done = is_relaxng(node, "include")       ? expand_include(including, node, file)
                    : is_relaxng(node, "externalRef") ? expand_reference(including, node, file)
                                                      : expand(including, node, file);
        if (!done)
            return false;
    }
    return true;
}

/* Without <include> the document of the parser will do. */
static bool includes(const xmlNode *node)
{
    if (is_relaxng(node, "include") || is_relaxng(node, "externalRef"))
        return true;
    for (const xmlNode *each = xml_element_from(node->children); each; each = xml_element_from(each->next))
        if (includes(each))
            return true;
    return false;
}

static void close_root(struct root **root)
{
    root_close(*root);
}

static const xmlDoc *expand_document(struct arena *arena, const xmlDoc *xml, const char *path, const char **ret_error)
{
    const char *mark = strstr(path, SCHEMA_FOLDER_END), *slash = strrchr(path, '/');
    const char *end = mark ? mark + 1 : slash ? slash + 1 : path;
    const char *base = arena_strndup(arena, path, (size_t)(end - path));
    AUTO(close_root) struct root *root = root_open_directory(arena, *base ? base : ".", ret_error);
    struct including including = {.arena = arena, .xml = tree_copy(arena, xml), .folder = root, .base = base};
    if (!root)
        return NULL;
    const char *name = mark ? mark + strlen(SCHEMA_FOLDER_END) : end;
    if (expand(&including, (xmlNode *)including.xml, &(struct file_place){path, name}))
        return including.xml;
    *ret_error = including.error;
    return NULL;
}

const xmlDoc *schema_read_document(struct arena *arena, const char *path, bool *ret_several, const char **ret_error)
{
    char *text;
    size_t length;
    const int error = file_read(arena, path, FILE_LIMIT, &text, &length);
    if (error < 0) {
        *ret_error = arena_printf(arena, "%s: %s", path, file_error(error));
        return NULL;
    }
    const xmlDoc *xml = parse(arena, path, text, length, ret_error);
    *ret_several = xml && includes(xml_root(xml));
    const xmlDoc *whole = *ret_several ? expand_document(arena, xml, path, ret_error) : xml;
    return whole && schema_fits(arena, whole, path, ret_error) ? whole : NULL;
}
