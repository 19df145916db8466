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
static void ignore_error(void *data, libxml_error *error)
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

/* libxml2 tells a handler the kind of an error, not what it would print. */
static const char *const problems[] = {
    [XPATH_NUMBER_ERROR] = "not a number",
    [XPATH_UNFINISHED_LITERAL_ERROR] = "a quote is not closed",
    [XPATH_START_LITERAL_ERROR] = "a text in quotes is missing",
    [XPATH_VARIABLE_REF_ERROR] = "a variable's name is missing",
    [XPATH_UNDEF_VARIABLE_ERROR] = "no such variable",
    [XPATH_INVALID_PREDICATE_ERROR] = "a predicate is not closed",
    [XPATH_EXPR_ERROR] = "something is missing or out of place",
    [XPATH_UNCLOSED_ERROR] = "a parenthesis is not closed",
    [XPATH_UNKNOWN_FUNC_ERROR] = "no such function",
    [XPATH_INVALID_OPERAND] = "an operand of the wrong kind",
    [XPATH_INVALID_TYPE] = "an argument of the wrong kind",
    [XPATH_INVALID_ARITY] = "too many or too few arguments",
    [XPATH_INVALID_CTXT_SIZE] = "no such position",
    [XPATH_INVALID_CTXT_POSITION] = "no such position",
    [XPATH_OP_LIMIT_EXCEEDED] = "it takes too long",
    [XPATH_RECURSION_LIMIT_EXCEEDED] = "it is nested too deeply",
};

static bool failed(struct arena *arena, const xmlXPathContext *context, const char *expression, const char **ret_error)
{
    const xmlError *error = &context->lastError;
    size_t kind = (size_t)(error->code - XML_XPATH_EXPRESSION_OK);
    const char *what = kind < ARRAY_SIZE(problems) && problems[kind] ? problems[kind] : "it cannot be evaluated";
    *ret_error = error->str1 && error->int1 > 0
                     ? arena_printf(arena, "bad XPath '%s': %s at character %d", expression, what, error->int1 + 1)
                     : arena_printf(arena, "bad XPath '%s': %s", expression, what);
    return false;
}

/* NULL after *ret_error. */
static xmlXPathCompExpr *compile(struct questioner *questioner, const char *expression, const char **ret_error)
{
    struct arena *arena = questioner->arena;
    if (libxml_missing()) {
        *ret_error = libxml_missing();
        return NULL;
    }
    if (has_prefix(expression)) {
        *ret_error = arena_printf(arena, "bad XPath '%s': documents have no namespaces, so no prefixes", expression);
        return NULL;
    }
    if (!questioner->context)
        questioner->context = new_context(arena, questioner->xml);
    xmlXPathCompExpr *compiled = map_get(&questioner->compiled, expression);
    if (compiled)
        return compiled;
    compiled = xmlXPathCtxtCompile(questioner->context, (const xmlChar *)expression);
    if (!compiled) {
        failed(arena, questioner->context, expression, ret_error);
        return NULL;
    }
    arena_defer(arena, free_compiled, compiled);
    map_put(arena, &questioner->compiled, arena_strdup(arena, expression), compiled);
    return compiled;
}

static void prepare(xmlXPathContext *context, const xmlNode *node, const struct named_text *variables)
{
    context->node = node ? (xmlNode *)node : (xmlNode *)context->doc;
    context->opCount = 0;
    xmlXPathRegisteredVariablesCleanup(context);
    for (; variables && variables->name; variables++) {
        xmlXPathObject *value = xmlXPathNewCString(variables->value ? variables->value : "");
        xmlXPathRegisterVariable(context, (const xmlChar *)variables->name, value);
    }
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
    xmlXPathCompExpr *compiled = compile(questioner, expression, ret_error);
    if (!compiled)
        return false;
    prepare(questioner->context, context, variables);
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

const char *xpath_problem(struct arena *arena, const char *expression)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    const char *problem = NULL;
    if (libxml_missing() || compile(questioner_new(scratch, NULL), expression, &problem))
        return NULL;
    return arena_strdup(arena, problem);
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
