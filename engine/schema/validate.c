/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RELAX NG validity: libxml2 decides, our walk of the model says why. */
#include "schema/validate.h"
#include "base/budget.h"
#include "base/libxml.h"
#include "base/text.h"
#include "base/tree.h"
#include "base/xml.h"
#include "schema/private.h"
#include "schema/validate_walk.h"

#include <setjmp.h>
#include <string.h>

/* libxml2 goes back to the first sibling for each error that it tells; after so many nothing new can be learnt. */
enum { MESSAGES_LIMIT = 1000 };

static void free_schema_parser(xmlRelaxNGParserCtxt **parser)
{
    xmlRelaxNGFreeParserCtxt(*parser);
}

static void free_validator(xmlRelaxNGValidCtxt **validator)
{
    xmlRelaxNGFreeValidCtxt(*validator);
}

/* Messages of libxml2, for where the walk has nothing to say. */
struct messages {
    struct arena *arena;
    struct grammars *grammars;
    const char *file; /* that the first one is about, where it is another than was named */
    struct vec list;  /* of struct validation_error */
    jmp_buf *enough;  /* where to go on when there are so many; NULL: they are not counted */
    bool exhausted;   /* libxml2 had no memory */
};

static void take_message(void *data, libxml_error *error)
{
    struct messages *messages = data;
    const char *text = error->message ? error->message : "it is not valid";
    struct validation_error *taken = arena_new_object(messages->arena, struct validation_error);
    if (messages->list.count == 0 && error->node)
        messages->file = arena_strdup(messages->arena, schema_file(error->node, NULL));
    taken->line = error->line > 0 ? (unsigned)error->line : 0;
    taken->element = error->node ? xml_path(messages->arena, error->node) : "/";
    taken->message = text_trim(messages->arena, text, strlen(text));
    vec_push(messages->arena, &messages->list, taken);
    messages->exhausted |= error->code == XML_ERR_NO_MEMORY;
    if (messages->enough && (messages->list.count >= MESSAGES_LIMIT || budget_spent()))
        longjmp(*messages->enough, 1);
}

static bool schema_failed(const struct messages *messages, const char *path, const char **ret_error)
{
    const struct validation_error *first = messages->list.count ? messages->list.items[0] : NULL;
    *ret_error = arena_printf(messages->arena, "%s:%u: %s", messages->file ? messages->file : path,
                              first ? first->line : 0, first ? first->message : "this is not a RELAX NG schema");
    return false;
}

static void release_schema(void *schema)
{
    xmlRelaxNGFree(schema);
}

/* These end early when enough is said, or the budget is spent; what libxml2 was at work with is lost, some kilobytes.
 */
static xmlRelaxNG *parse_bounded(struct messages *messages, xmlRelaxNGParserCtxt *parser)
{
    xmlRelaxNG *volatile schema = NULL;
    jmp_buf enough;
    messages->enough = &enough;
    if (setjmp(enough) == 0)
        schema = xmlRelaxNGParse(parser);
    messages->enough = NULL;
    return schema;
}

static int validate_bounded(struct messages *messages, xmlRelaxNGValidCtxt *validator, const xmlDoc *xml)
{
    volatile int result = 1;
    jmp_buf enough;
    messages->enough = &enough;
    if (setjmp(enough) == 0)
        result = xmlRelaxNGValidateDoc(validator, (xmlDoc *)xml);
    messages->enough = NULL;
    return messages->exhausted ? -1 : result;
}

/* NULL after *ret_error. */
static xmlRelaxNG *parse_schema(struct messages *messages, const char *path, const char **ret_error)
{
    bool several;
    const xmlDoc *text = schema_read_document(messages->arena, path, &several, ret_error);
    if (!text)
        return NULL;
    AUTO(free_schema_parser) xmlRelaxNGParserCtxt *parser = xmlRelaxNGNewDocParserCtxt((xmlDoc *)text);
    if (!parser)
        memory_exhausted();
    xmlRelaxNGSetParserStructuredErrors(parser, take_message, messages);
    xmlRelaxNG *schema = parse_bounded(messages, parser);
    if (!schema)
        schema_failed(messages, path, ret_error);
    return schema;
}

/* From the grammars that were read before, or new among them. */
static xmlRelaxNG *find_schema(struct messages *messages, const char *path, const char **ret_error)
{
    struct grammars *grammars = messages->grammars;
    xmlRelaxNG *schema = map_get(&grammars->by_path, path);
    if (schema)
        return schema;
    schema = parse_schema(messages, path, ret_error);
    if (!schema)
        return NULL;
    arena_defer(grammars->arena, release_schema, schema);
    map_put(grammars->arena, &grammars->by_path, arena_strdup(grammars->arena, path), schema);
    return schema;
}

/* 0: valid, > 0: not; < 0: *ret_error says why it cannot be told. */
static int validate(struct messages *messages, const xmlDoc *xml, const char *path, const char **ret_error)
{
    xmlRelaxNG *schema = find_schema(messages, path, ret_error);
    if (!schema)
        return -1;
    messages->list.count = 0;
    AUTO(free_validator) xmlRelaxNGValidCtxt *validator = xmlRelaxNGNewValidCtxt(schema);
    if (!validator)
        memory_exhausted();
    xmlRelaxNGSetValidStructuredErrors(validator, take_message, messages);
    int result = validate_bounded(messages, validator, xml);
    if (result < 0)
        *ret_error = arena_printf(messages->arena, "%s: the document cannot be validated", path);
    return result;
}

static void trim_text(struct arena *arena, xmlNode *text)
{
    const char *content = (const char *)text->content;
    text->content = (xmlChar *)text_trim(arena, content, strlen(content));
}

/* Of a copy, whose nodes are the arena's. */
static void trim_values(struct arena *arena, xmlNode *node)
{
    for (xmlAttr *each = node->properties; each; each = each->next) {
        if (each->children && each->children->content)
            trim_text(arena, each->children);
    }
    if (node->children && node->children->type == XML_TEXT_NODE && !node->children->next)
        trim_text(arena, node->children);
    for (xmlNode *each = element_child(node, NULL); each; each = element_from(each->next, NULL))
        trim_values(arena, each);
}

/*
 * libxml2 matches the pattern of a data type before it has normalised white space, the standard after. What the walk
 * (which knows better) finds nothing wrong with is valid if it is so without white space around the values.
 */
static bool valid_when_trimmed(struct messages *messages, const xmlDoc *xml, const char *path)
{
    const char *unused;
    struct messages again = {.arena = messages->arena, .grammars = messages->grammars};
    const xmlDoc *copy = tree_copy(messages->arena, xml);
    trim_values(messages->arena, xml_root(copy));
    return validate(&again, copy, path, &unused) == 0;
}

bool schema_validate(struct arena *arena, const xmlDoc *xml, const char *schema_path, struct vec *ret_errors,
                     const char **ret_error)
{
    AUTO(arena_cleanup) struct arena *own = arena_new();
    struct grammars grammars = {.arena = own};
    return schema_validate_with(&grammars, arena, xml, schema_path, ret_errors, ret_error);
}

bool schema_validate_with(struct grammars *grammars, struct arena *arena, const xmlDoc *xml, const char *schema_path,
                          struct vec *ret_errors, const char **ret_error)
{
    struct messages messages = {.arena = arena, .grammars = grammars};
    const char *unused;
    *ret_error = libxml_missing();
    if (*ret_error)
        return false;
    schema_prepare_types();
    int result = validate(&messages, xml, schema_path, ret_error);
    if (result < 0)
        return false;
    *ret_errors = (struct vec){0};
    const struct schema *schema = result > 0 ? schema_load(schema_path, arena, NULL, &unused) : NULL;
    if (schema)
        validate_walk(arena, schema, xml, ret_errors);
    *ret_error = result > 0 ? budget_spent() : NULL;
    if (*ret_error)
        return false;
    if (result == 0 || ret_errors->count > 0 || (schema && valid_when_trimmed(&messages, xml, schema_path)))
        return true;
    if (messages.list.count == 0)
        take_message(&messages, &(xmlError){0});
    *ret_errors = messages.list;
    return true;
}
