/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Assignments: values to the nodes that their paths name. */
#include "document/builder.h"

/* A value with its templates expanded. */
struct bound_value {
    const char *text;              /* NULL: none */
    const xmlChar *word;           /* the text in the document, of an element; NULL: none */
    struct named_text *attributes; /* those that are set */
    size_t count;
};

/* What is being assigned where. */
struct assignment_job {
    const struct turn *turn;
    const struct assignment *assignment;
    struct bound_path path;
    const struct schema_element *element; /* model of the path's last element */
};

static size_t element_steps(const struct node_path *path)
{
    return path->count - (path->count > 0 && path->steps[path->count - 1].attribute);
}

static const char *job_path(const struct assignment_job *job)
{
    return job->turn->builder->trace ? path_text(job->turn->builder->arena, &job->path) : NULL;
}

static void skip(const struct assignment_job *job, const char *reason)
{
    if (job->turn->builder->trace)
        emission_skip(job->turn, job->assignment, job_path(job), reason);
}

static bool expand(const struct assignment_job *job, const struct template *template, const char **ret_text)
{
    struct builder *builder = job->turn->builder;
    const char *reason = NULL;
    const enum text_status status =
        template_expand(builder->run, job->turn->scope, template, ret_text, wanted_reason(builder, &reason));
    if (status == TEXT_SET)
        return true;
    skip(job, reason);
    if (status == TEXT_UNKNOWN && !gap_is_known(builder, job->assignment)) {
        template_expand(builder->run, job->turn->scope, template, ret_text, &reason);
        gap_add(builder, job->turn->node, job->turn->entry, job->assignment, reason);
    }
    return false;
}

/* Attributes that are unset, or that the schema does not have, are left out alone. */
static void bind_attributes(const struct assignment_job *job, const struct emit_value *value, struct bound_value *bound)
{
    struct arena *arena = job->turn->builder->arena;
    bound->attributes = arena_alloc(arena, value->attribute_count * sizeof(*bound->attributes));
    for (size_t i = 0; i < value->attribute_count; i++) {
        struct named_text *attribute = &bound->attributes[bound->count];
        attribute->name = value->attributes[i].name;
        struct path_problem problem = {job->element, attribute->name, true};
        if (!schema_attribute(job->element, attribute->name))
            skip(job, path_problem_text(arena, &problem));
        else if (expand(job, value->attributes[i].value, &attribute->value))
            bound->count++;
    }
}

static bool bind_value(const struct assignment_job *job, const struct emit_value *value, struct bound_value *bound)
{
    struct arena *arena = job->turn->builder->arena;
    const struct node_path *path = job->path.path;
    bool to_attribute = element_steps(path) < path->count;
    if (value->text && !expand(job, value->text, &bound->text))
        return false;
    if (to_attribute && (!bound->text || value->attribute_count > 0)) {
        skip(job, "an attribute takes a text");
        return false;
    }
    if (bound->text && *bound->text && !to_attribute && !job->element->text) {
        skip(job, arena_printf(arena, "by the schema '%s' has no text", job->element->name));
        return false;
    }
    if (value->attribute_count > 0)
        bind_attributes(job, value, bound);
    /* Only attributes, and none of them set: nothing was measured. */
    return value->attribute_count == 0 || bound->count > 0 || bound->text;
}

/* Is this text all that is in a node? word: NULL for none. */
static bool holds_only(const xmlNode *node, const xmlChar *word)
{
    const xmlNode *child = node->children;
    return word ? child && child->type == XML_TEXT_NODE && child->content == word && !child->next : !child;
}

static bool attributes_equal(const xmlNode *node, const struct bound_value *value)
{
    if (attributes_said(node) != value->count)
        return false;
    for (size_t i = 0; i < value->count; i++) {
        const xmlAttr *attribute = tree_attribute(node, value->attributes[i].name);
        if (!attribute || !node_text_is((const xmlNode *)attribute, value->attributes[i].value))
            return false;
    }
    return true;
}

static bool is_equal(struct builder *builder, const xmlNode *node, const xmlChar *name, const struct bound_value *value)
{
    builder->work.compared++;
    return node->name == name && holds_only(node, value->word) && attributes_equal(node, value);
}

/* Of many siblings those that have its text or, without one, its first attribute. */
static xmlNode *find_indexed(struct builder *builder, const xmlNode *parent, const xmlChar *name,
                             const struct bound_value *value)
{
    const struct sibling_value key = {
        .attribute = value->word ? NULL : value->attributes->name,
        .text = value->word ? (const char *)value->word : value->attributes->value,
    };
    const struct valued_node *each = siblings_with(builder, parent, (const char *)name, &key).first;
    while (each && !(each->node->parent == parent && is_equal(builder, each->node, name, value)))
        each = each->next;
    return each ? each->node : NULL;
}

/* Names and texts are compared as the document's own words, so hundreds are few. */
enum { MANY = 256 };

static xmlNode *find_equal(struct builder *builder, const xmlNode *parent, const xmlChar *name,
                           const struct bound_value *value)
{
    size_t left = siblings_are_kept(builder, parent) ? 0 : MANY;
    for (xmlNode *each = parent->children; each; each = each->next) {
        if (left-- == 0 && (value->word || value->count > 0))
            return find_indexed(builder, parent, name, value);
        if (is_equal(builder, each, name, value))
            return each;
    }
    return NULL;
}

static void apply(struct builder *builder, xmlNode *node, const struct bound_value *value)
{
    if (value->text)
        node_set_word(builder, node, value->word);
    for (size_t i = 0; i < value->count; i++)
        node_set_attribute(builder, node, value->attributes[i].name, value->attributes[i].value);
}

static xmlNode *place_element(const struct assignment_job *job, xmlNode *parent, const struct bound_step *leaf,
                              const struct bound_value *value)
{
    struct builder *builder = job->turn->builder;
    const char *name = leaf->step->name;
    const struct schema_child *child = schema_child(node_model(parent), name, NULL);
    bool add = leaf->step->predicate_count == 0 && child->many;
    xmlNode *node = add ? find_equal(builder, parent, name_word(builder, child->element), value)
                        : step_place(builder, parent, leaf).node;
    if (node && add)
        return node;
    if (!node)
        node = node_create(builder, parent, name);
    apply(builder, node, value);
    return node;
}

static const xmlNode *place_value(const struct assignment_job *job, const struct bound_value *value)
{
    struct builder *builder = job->turn->builder;
    const struct node_path *path = job->path.path;
    size_t count = element_steps(path);
    bool attribute = count < path->count;
    size_t inner = attribute || count == 0 ? count : count - 1;
    xmlNode *node = path_place(builder, job->turn->node, &job->path, inner).node;
    if (attribute)
        return (const xmlNode *)node_set_attribute(builder, node, path->steps[count].name, value->text);
    if (inner < count)
        return place_element(job, node, &job->path.steps[inner], value);
    apply(builder, node, value);
    return node;
}

static const char *value_text(struct arena *arena, const struct bound_value *value)
{
    AUTO(buf_free) struct buf out = BUF_INIT;
    buf_add(&out, value->text ? value->text : "");
    for (size_t i = 0; i < value->count; i++)
        buf_printf(&out, "%s%s='%s'", out.length > 0 ? " " : "", value->attributes[i].name, value->attributes[i].value);
    return out.length > 0 ? arena_strdup(arena, buf_text(&out)) : NULL;
}

static void assign_value(const struct assignment_job *job, const struct emit_value *value)
{
    struct bound_value bound = {0};
    if (!bind_value(job, value, &bound))
        return;
    if (bound.text && element_steps(job->path.path) == job->path.path->count)
        bound.word = text_word(job->turn->builder, bound.text);
    const xmlNode *node = place_value(job, &bound);
    if (!job->turn->builder->trace)
        return;
    struct emission emission = {.assignment = job->assignment, .result = EMITTED, .path = job_path(job), .node = node};
    emission.value = value_text(job->turn->builder->arena, &bound);
    emission_record(job->turn, &emission);
}

static void assign(const struct turn *turn, const struct assignment *assignment)
{
    struct builder *builder = turn->builder;
    struct assignment_job job = {.turn = turn, .assignment = assignment};
    struct path_problem problem;
    const char *reason = NULL;
    if (!path_known(node_model(turn->node), assignment->path, &job.element, &problem))
        return emission_skip(turn, assignment, NULL, path_problem_text(builder->arena, &problem));
    const enum text_status status =
        path_bind(builder, turn->scope, assignment->path, &job.path, wanted_reason(builder, &reason));
    if (status == TEXT_UNKNOWN && !gap_is_known(builder, assignment)) {
        path_bind(builder, turn->scope, assignment->path, &job.path, &reason);
        gap_add(builder, turn->node, turn->entry, assignment, reason);
    }
    if (status != TEXT_SET)
        return emission_skip(turn, assignment, NULL, reason);
    for (size_t i = 0; i < assignment->count; i++)
        assign_value(&job, &assignment->values[i]);
}

void assign_all(const struct turn *turn)
{
    for (size_t i = 0; i < turn->entry->assignment_count; i++)
        assign(turn, &turn->entry->assignments[i]);
}
