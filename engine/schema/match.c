/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Patterns against what is there: does a value fit, what does an element lack? */
#include "base/tree.h"
#include "schema/private.h"

#include "base/libxml.h"
#include "base/text.h"

#include <pthread.h>
#include <string.h>

static const xmlChar xsd_namespace[] = "http://www.w3.org/2001/XMLSchema";
static const char white_space[] = " \t\r\n";

static void free_regexp(xmlRegexp **regexp)
{
    xmlRegFreeRegexp(*regexp);
}

static bool fits_regexp(const char *pattern, const char *text)
{
    AUTO(free_regexp) xmlRegexp *regexp = xmlRegexpCompile((const xmlChar *)pattern);
    return !regexp || xmlRegexpExec(regexp, (const xmlChar *)text) == 1;
}

/* <0, 0, >0; what is not a number is equal to everything: its data type has its say. */
static int compare_numbers(const char *text, const char *limit)
{
    int64_t a, b;
    if (!text_number(text, &a) || !text_number(limit, &b))
        return 0;
    return (a > b) - (a < b);
}

static int compare_lengths(const char *text, const char *limit)
{
    int64_t length;
    if (!text_number(limit, &length))
        return 0;
    int64_t have = xmlUTF8Strlen((const xmlChar *)text);
    return (have > length) - (have < length);
}

struct facet {
    const char *name;
    int (*compare)(const char *text, const char *limit);
    bool allowed[3]; /* less, equal, greater */
};
static const struct facet facets[] = {
    {"minInclusive", compare_numbers, {false, true, true}}, {"maxInclusive", compare_numbers, {true, true, false}},
    {"minExclusive", compare_numbers, {false, true, true}}, {"maxExclusive", compare_numbers, {true, true, false}},
    {"minLength", compare_lengths, {false, true, true}},    {"maxLength", compare_lengths, {true, true, false}},
    {"length", compare_lengths, {false, true, false}},
};

static bool fits_param(const struct schema_param *param, const char *text)
{
    if (strcmp(param->name, "pattern") == 0)
        return fits_regexp(param->value, text);
    for (size_t i = 0; i < ARRAY_SIZE(facets); i++) {
        if (strcmp(param->name, facets[i].name) == 0)
            return facets[i].allowed[facets[i].compare(text, param->value) + 1];
    }
    return true;
}

static bool keeps_white_space(const char *type)
{
    return type && (strcmp(type, "string") == 0 || strcmp(type, "normalizedString") == 0);
}

/* Also spares libxml2's types, whose first use is not thread-safe, to those who only load schemas. */
static bool type_allows_empty(const char *type)
{
    static const char *const types[] = {"string", "normalizedString", "token", "anyURI", "hexBinary", "base64Binary"};
    for (size_t i = 0; type && i < ARRAY_SIZE(types); i++) {
        if (strcmp(type, types[i]) == 0)
            return true;
    }
    return !type;
}

static void prepare_types(void)
{
    xmlInitParser();
    xmlSchemaInitTypes();
    xmlRelaxNGInitTypes();
}

void schema_prepare_types(void)
{
    static pthread_once_t prepared = PTHREAD_ONCE_INIT;
    pthread_once(&prepared, prepare_types);
}

static bool fits_type(const char *name, const char *text)
{
    if (*text == '\0' || !name)
        return type_allows_empty(name);
    schema_prepare_types();
    xmlSchemaType *type = xmlSchemaGetPredefinedType((const xmlChar *)name, xsd_namespace);
    return !type || xmlSchemaValidatePredefinedType(type, (const xmlChar *)text, NULL) == 0;
}

static bool fits_data(const struct pattern *pattern, const char *text)
{
    AUTO(buf_free) struct buf trimmed = BUF_INIT;
    if (!keeps_white_space(pattern->type)) {
        size_t length;
        text += strspn(text, white_space);
        for (length = strlen(text); length > 0 && strchr(white_space, text[length - 1]);)
            length--;
        buf_add_n(&trimmed, text, length);
        text = buf_text(&trimmed);
    }
    if (!fits_type(pattern->type, text))
        return false;
    for (size_t i = 0; i < pattern->params.count; i++) {
        if (!fits_param(pattern->params.items[i], text))
            return false;
    }
    for (size_t i = 0; i < pattern->items.count; i++) {
        if (schema_value_fits(pattern->items.items[i], text))
            return false;
    }
    return true;
}

/* The next word of a text; *length 0 at its end. */
static const char *next_word(const char *text, size_t *length)
{
    text += strspn(text, white_space);
    *length = strcspn(text, white_space);
    return text;
}

static bool equal_words(const char *a, const char *b)
{
    size_t a_length, b_length;
    do {
        a = next_word(a, &a_length);
        b = next_word(b, &b_length);
        if (a_length != b_length || memcmp(a, b, a_length) != 0)
            return false;
        a += a_length;
        b += b_length;
    } while (a_length > 0);
    return true;
}

static bool fits_value(const struct pattern *pattern, const char *text)
{
    return keeps_white_space(pattern->type) ? strcmp(pattern->name, text) == 0 : equal_words(pattern->name, text);
}

static bool may_be_empty(const struct pattern *pattern)
{
    if (pattern->kind == PATTERN_REF)
        return may_be_empty(pattern->target->pattern);
    if (pattern->kind == PATTERN_CHOICE || pattern->kind == PATTERN_GROUP) {
        bool any = pattern->kind == PATTERN_CHOICE;
        for (size_t i = 0; i < pattern->items.count; i++) {
            if (may_be_empty(pattern->items.items[i]) == any)
                return any;
        }
        return !any;
    }
    if (pattern->kind == PATTERN_ONE_OR_MORE)
        return may_be_empty(pattern->items.items[0]);
    return pattern->kind == PATTERN_OPTIONAL || pattern->kind == PATTERN_ZERO_OR_MORE || pattern->kind == PATTERN_EMPTY;
}

/* Each word has to fit somewhere in the list's pattern; how many of which is left to the validator. */
static bool fits_list(const struct pattern *pattern, const char *text)
{
    AUTO(buf_free) struct buf word = BUF_INIT;
    size_t length;
    text = next_word(text, &length);
    if (length == 0)
        return may_be_empty(pattern->items.items[0]);
    for (; length > 0; text = next_word(text + length, &length)) {
        word.length = 0;
        buf_add_n(&word, text, length);
        if (!schema_value_fits(pattern->items.items[0], buf_text(&word)))
            return false;
    }
    return true;
}

static bool fits_any(const struct pattern *pattern, const char *text)
{
    for (size_t i = 0; i < pattern->items.count; i++) {
        if (schema_value_fits(pattern->items.items[i], text))
            return true;
    }
    return pattern->kind != PATTERN_CHOICE && pattern->kind != PATTERN_ONE_OR_MORE &&
           text[strspn(text, white_space)] == '\0';
}

bool schema_value_fits(const struct pattern *pattern, const char *text)
{
    switch (pattern->kind) {
    case PATTERN_TEXT:
        return true;
    case PATTERN_DATA:
        return fits_data(pattern, text);
    case PATTERN_VALUE:
        return fits_value(pattern, text);
    case PATTERN_LIST:
        return fits_list(pattern, text);
    case PATTERN_REF:
        return schema_value_fits(pattern->target->pattern, text);
    case PATTERN_EMPTY:
        return text[strspn(text, white_space)] == '\0';
    case PATTERN_ELEMENT:
    case PATTERN_ATTRIBUTE:
    case PATTERN_NOT_ALLOWED:
        return false;
    default:
        return fits_any(pattern, text);
    }
}

const char *schema_join(struct arena *arena, const struct vec *texts, const char *separator)
{
    AUTO(buf_free) struct buf joined = BUF_INIT;
    for (size_t i = 0; i < texts->count; i++) {
        buf_add(&joined, i > 0 ? separator : "");
        buf_add(&joined, texts->items[i]);
    }
    return arena_strdup(arena, buf_text(&joined));
}

static void push_new(struct arena *arena, struct vec *texts, const char *text)
{
    for (size_t i = 0; i < texts->count; i++) {
        if (strcmp(texts->items[i], text) == 0)
            return;
    }
    vec_push(arena, texts, text);
}

static const char *describe_data(struct arena *arena, const struct pattern *pattern)
{
    AUTO(buf_free) struct buf text = BUF_INIT;
    buf_add(&text, pattern->type ? pattern->type : "text");
    for (size_t i = 0; i < pattern->params.count; i++) {
        const struct schema_param *param = pattern->params.items[i];
        buf_printf(&text, "%s%s %s", i > 0 ? ", " : " with ", param->name, param->value);
    }
    return arena_strdup(arena, buf_text(&text));
}

/* false: anything fits. */
static bool collect_values(struct arena *arena, const struct pattern *pattern, struct vec *values)
{
    if (pattern->kind == PATTERN_TEXT)
        return false;
    if (pattern->kind == PATTERN_REF)
        return collect_values(arena, pattern->target->pattern, values);
    if (pattern->kind == PATTERN_VALUE)
        push_new(arena, values, pattern->name);
    if (pattern->kind == PATTERN_DATA)
        push_new(arena, values, describe_data(arena, pattern));
    bool inside =
        pattern->kind != PATTERN_DATA && pattern->kind != PATTERN_ELEMENT && pattern->kind != PATTERN_ATTRIBUTE;
    for (size_t i = 0; inside && i < pattern->items.count; i++) {
        if (!collect_values(arena, pattern->items.items[i], values))
            return false;
    }
    return true;
}

const char *schema_value_expected(struct arena *arena, const struct pattern *pattern)
{
    struct vec values = {0};
    if (!collect_values(arena, pattern, &values) || values.count == 0)
        return NULL;
    const char *joined = schema_join(arena, &values, ", ");
    return values.count > 1 ? arena_printf(arena, "one of: %s", joined) : joined;
}

static bool has_text(const xmlNode *node)
{
    for (const xmlNode *each = node->children; each; each = each->next) {
        bool text = each->type == XML_TEXT_NODE || each->type == XML_CDATA_SECTION_NODE;
        if (text && each->content && each->content[strspn((const char *)each->content, white_space)])
            return true;
    }
    return false;
}

static bool is_leaf(const struct pattern *pattern)
{
    return pattern->kind <= PATTERN_ATTRIBUTE || (pattern->kind >= PATTERN_TEXT && pattern->kind <= PATTERN_LIST);
}

/* What a leaf needs and the node has not; NULL: nothing. */
static const char *leaf_lacks(const struct pattern *pattern, const xmlNode *node)
{
    if (pattern->kind == PATTERN_ELEMENT)
        return element_child(node, pattern->name) ? NULL : pattern->name;
    if (pattern->kind == PATTERN_ATTRIBUTE)
        return tree_attribute(node, pattern->name) ? NULL : pattern->name;
    return has_text(node) || schema_value_fits(pattern, "") ? NULL : "text";
}

static bool satisfied(const struct pattern *pattern, const xmlNode *node)
{
    if (is_leaf(pattern))
        return !leaf_lacks(pattern, node);
    if (pattern->kind == PATTERN_REF)
        return satisfied(pattern->target->pattern, node);
    if (pattern->kind == PATTERN_OPTIONAL || pattern->kind == PATTERN_ZERO_OR_MORE)
        return true;
    bool any = pattern->kind == PATTERN_CHOICE;
    for (size_t i = 0; i < pattern->items.count; i++) {
        if (satisfied(pattern->items.items[i], node) == any)
            return any;
    }
    return !any && pattern->kind != PATTERN_NOT_ALLOWED;
}

static void lacking(struct arena *arena, const struct pattern *pattern, const xmlNode *node, struct vec *texts);

static void choice_lacking(struct arena *arena, const struct pattern *pattern, const xmlNode *node, struct vec *texts)
{
    struct vec branches = {0};
    for (size_t i = 0; i < pattern->items.count; i++) {
        struct vec branch = {0};
        lacking(arena, pattern->items.items[i], node, &branch);
        if (branch.count > 0)
            push_new(arena, &branches, schema_join(arena, &branch, " and "));
    }
    if (branches.count > 0)
        push_new(arena, texts, schema_join(arena, &branches, " or "));
}

static void lacking(struct arena *arena, const struct pattern *pattern, const xmlNode *node, struct vec *texts)
{
    if (satisfied(pattern, node))
        return;
    if (is_leaf(pattern)) {
        const char *name = leaf_lacks(pattern, node);
        push_new(arena, texts, pattern->kind == PATTERN_ATTRIBUTE ? arena_printf(arena, "@%s", name) : name);
        return;
    }
    if (pattern->kind == PATTERN_REF)
        return lacking(arena, pattern->target->pattern, node, texts);
    if (pattern->kind == PATTERN_CHOICE)
        return choice_lacking(arena, pattern, node, texts);
    for (size_t i = 0; i < pattern->items.count; i++)
        lacking(arena, pattern->items.items[i], node, texts);
}

bool schema_satisfied(const struct schema_element *element, const xmlNode *node)
{
    return satisfied(element_model(element)->content, node);
}

struct vec schema_lacking(struct arena *arena, const struct schema_element *element, const xmlNode *node)
{
    struct vec texts = {0};
    lacking(arena, element_model(element)->content, node, &texts);
    return texts;
}

static bool touched(const struct pattern *pattern, const xmlNode *node)
{
    if (pattern->kind == PATTERN_ELEMENT || pattern->kind == PATTERN_ATTRIBUTE)
        return !leaf_lacks(pattern, node);
    if (pattern->kind == PATTERN_REF)
        return touched(pattern->target->pattern, node);
    for (size_t i = 0; i < pattern->items.count; i++) {
        if (touched(pattern->items.items[i], node))
            return true;
    }
    return false;
}

/* Parts that may be left out, but only as a whole. */
static void half_done(struct arena *arena, const struct pattern *pattern, const xmlNode *node, struct vec *texts)
{
    if (is_leaf(pattern))
        return;
    if (pattern->kind == PATTERN_REF)
        return half_done(arena, pattern->target->pattern, node, texts);
    bool optional = pattern->kind == PATTERN_OPTIONAL || pattern->kind == PATTERN_ZERO_OR_MORE;
    for (size_t i = 0; i < pattern->items.count; i++) {
        if (optional && touched(pattern->items.items[i], node))
            lacking(arena, pattern->items.items[i], node, texts);
        half_done(arena, pattern->items.items[i], node, texts);
    }
}

struct vec schema_half_done(struct arena *arena, const struct schema_element *element, const xmlNode *node)
{
    struct vec texts = {0};
    half_done(arena, element_model(element)->content, node, &texts);
    return texts;
}
