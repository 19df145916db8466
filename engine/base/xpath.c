/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* XPath on documents: nothing printed, nothing left behind. Expressions are compiled once a questioner. */
#include "base/xml.h"

#include "base/libxml.h"
#include "base/text.h"

#include <string.h>

enum { OPERATION_LIMIT = 50 * 1000 * 1000 };

struct questioner {
    struct arena *arena;
    const xmlDoc *xml;
    xmlXPathContext *context; /* NULL: only plain paths were asked for so far */
    struct map compiled;      /* of xmlXPathCompExpr */
};

static void free_context(void *context)
{
    xmlXPathFreeContext(context);
}

static void free_compiled(void *compiled)
{
    xmlXPathFreeCompExpr(compiled);
}

static void free_object(xmlXPathObject **object)
{
    xmlXPathFreeObject(*object);
}

static void free_text(xmlChar **text)
{
    xmlFree(*text);
}

/* Keeps libxml2 quiet; the context remembers its last error. */
static void ignore_error(void *data, xmlErrorPtr error)
{
    (void)data;
    (void)error;
}

static void unknown_function(xmlXPathParserContext *parser, int count)
{
    (void)count;
    xmlXPathErr(parser, XPATH_UNKNOWN_FUNC_ERROR);
}

/* Without this libxml2 writes to standard error what it does not find. */
static xmlXPathFunction find_function(void *data, const xmlChar *name, const xmlChar *namespace)
{
    const xmlXPathContext *context = data;
    bool known = xmlHashLookup2(context->funcHash, name, namespace) != NULL;
    return known ? NULL : unknown_function;
}

/* For the same reason: documents have no namespaces. */
static bool has_prefix(const char *expression)
{
    char quote = '\0';
    for (const char *at = expression; *at; at++) {
        if (quote)
            quote = *at == quote ? '\0' : quote;
        else if (*at == '"' || *at == '\'')
            quote = *at;
        else if (at[0] == ':' && at[1] == ':')
            at++;
        else if (*at == ':')
            return true;
    }
    return false;
}

struct questioner *questioner_new(struct arena *arena, const xmlDoc *xml)
{
    struct questioner *questioner = arena_new_object(arena, struct questioner);
    questioner->arena = arena;
    questioner->xml = xml;
    return questioner;
}

static xmlXPathContext *new_context(struct arena *arena, const xmlDoc *xml)
{
    xmlXPathContext *context = xmlXPathNewContext((xmlDoc *)xml);
    if (!context)
        memory_exhausted();
    arena_defer(arena, free_context, context);
    context->error = ignore_error;
    context->opLimit = OPERATION_LIMIT;
    xmlXPathRegisterFuncLookup(context, find_function, context);
    return context;
}

static void prepare(struct questioner *questioner, const xmlNode *node, const struct named_text *variables)
{
    if (!questioner->context)
        questioner->context = new_context(questioner->arena, questioner->xml);
    xmlXPathContext *context = questioner->context;
    context->node = node ? (xmlNode *)node : (xmlNode *)context->doc;
    context->opCount = 0;
    xmlXPathRegisteredVariablesCleanup(context);
    for (; variables && variables->name; variables++) {
        xmlXPathObject *value = xmlXPathNewCString(variables->value ? variables->value : "");
        xmlXPathRegisterVariable(context, (const xmlChar *)variables->name, value);
    }
}

static xmlXPathCompExpr *compile(struct questioner *questioner, const char *expression)
{
    xmlXPathCompExpr *compiled = map_get(&questioner->compiled, expression);
    if (compiled)
        return compiled;
    compiled = xmlXPathCtxtCompile(questioner->context, (const xmlChar *)expression);
    if (!compiled)
        return NULL;
    arena_defer(questioner->arena, free_compiled, compiled);
    map_put(questioner->arena, &questioner->compiled, arena_strdup(questioner->arena, expression), compiled);
    return compiled;
}

static bool failed(struct arena *arena, const xmlXPathContext *context, const char *expression, const char **ret_error)
{
    const xmlError *error = &context->lastError;
    const char *message = error->message ? error->message : "it cannot be evaluated";
    const char *what = text_trim(arena, message, strlen(message));
    *ret_error = error->str1 && error->int1 > 0
                     ? arena_printf(arena, "bad XPath '%s': %s at character %d", expression, what, error->int1 + 1)
                     : arena_printf(arena, "bad XPath '%s': %s", expression, what);
    return false;
}

/* Namespace nodes belong to the node set and would not outlive it. */
static void take_nodes(struct arena *arena, xmlNodeSet *set, struct xpath_result *result)
{
    if (!set || set->nodeNr == 0)
        return;
    xmlXPathNodeSetSort(set);
    result->nodes = arena_alloc(arena, (size_t)set->nodeNr * sizeof(*result->nodes));
    for (int i = 0; i < set->nodeNr; i++) {
        if (set->nodeTab[i]->type != XML_NAMESPACE_DECL)
            result->nodes[result->count++] = set->nodeTab[i];
    }
}

bool question(struct questioner *questioner, const xmlNode *context, const char *expression,
              const struct named_text *variables, struct xpath_result *ret_result, const char **ret_error)
{
    struct arena *arena = questioner->arena;
    if (xpath_plain(arena, context ? context : (const xmlNode *)questioner->xml, expression, ret_result))
        return true;
    if (libxml_missing()) {
        *ret_error = libxml_missing();
        return false;
    }
    if (has_prefix(expression)) {
        *ret_error = arena_printf(arena, "bad XPath '%s': documents have no namespaces, so no prefixes", expression);
        return false;
    }
    prepare(questioner, context, variables);
    xmlXPathCompExpr *compiled = compile(questioner, expression);
    if (!compiled)
        return failed(arena, questioner->context, expression, ret_error);
    AUTO(free_object) xmlXPathObject *object = xmlXPathCompiledEval(compiled, questioner->context);
    if (!object)
        return failed(arena, questioner->context, expression, ret_error);
    struct xpath_result result = {.scalar = object->type != XPATH_NODESET};
    if (object->type == XPATH_NODESET)
        take_nodes(arena, object->nodesetval, &result);
    AUTO(free_text) xmlChar *text = xmlXPathCastToString(object);
    result.text = arena_strdup(arena, (const char *)text);
    result.boolean = xmlXPathCastToBoolean(object) != 0;
    *ret_result = result;
    return true;
}

bool document_xpath(struct arena *arena, const xmlDoc *xml, const xmlNode *context, const char *expression,
                    const struct named_text *variables, struct xpath_result *ret_result, const char **ret_error)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    struct xpath_result result = {0};
    const char *error = NULL;
    if (!question(questioner_new(scratch, xml), context, expression, variables, &result, &error)) {
        *ret_error = arena_strdup(arena, error);
        return false;
    }
    *ret_result = result;
    ret_result->text = arena_strdup(arena, result.text);
    ret_result->nodes = arena_memdup(arena, result.nodes, result.count * sizeof(*result.nodes));
    return true;
}
