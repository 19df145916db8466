/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Patterns to the element model: what an element may hold, in which order, how often. */
#include "schema/private.h"

#include "base/kept_file.h"
#include "base/text.h"

#include <string.h>

enum { ELEMENT_LIMIT = 20000 };

/* A child or attribute, as far as it was collected. */
struct schema_member {
    const char *name;
    bool attribute;
    bool many;
    bool required;
    struct vec patterns; /* of struct pattern */
    size_t branch;       /* the branch of a choice that it was last seen in */
};
struct content {
    struct vec members; /* of struct schema_member */
    bool text;
    bool text_required;
    bool text_other; /* some of it is no integer */
};
/* How often what is being collected occurs. */
struct occurrence {
    bool optional;
    bool many;
};

/* Elements that one content holds in several forms under one name are one element of the model. */
struct merged_element {
    const struct vec *patterns;
    struct schema_element *element;
};

struct modeller {
    struct arena *arena;
    const char *path;
    struct vec merged; /* of struct merged_element */
    size_t elements;
    const char *error;
};

static const char *const integer_types[] = {
    "integer",
    "positiveInteger",
    "nonNegativeInteger",
    "nonPositiveInteger",
    "negativeInteger",
    "unsignedLong",
    "unsignedInt",
    "unsignedShort",
    "unsignedByte",
    "long",
    "int",
    "short",
    "byte",
};

static bool is_integer_type(const char *type)
{
    for (size_t i = 0; type && i < ARRAY_SIZE(integer_types); i++) {
        if (strcmp(type, integer_types[i]) == 0)
            return true;
    }
    return false;
}

static struct schema_member *member_find(const struct content *content, const char *name, bool attribute)
{
    for (size_t i = 0; i < content->members.count; i++) {
        struct schema_member *member = content->members.items[i];
        if (member->attribute == attribute && strcmp(member->name, name) == 0)
            return member;
    }
    return NULL;
}

static void add_patterns(struct arena *arena, struct schema_member *member, const struct vec *patterns)
{
    for (size_t i = 0; i < patterns->count; i++) {
        bool known = false;
        for (size_t j = 0; j < member->patterns.count && !known; j++)
            known = member->patterns.items[j] == patterns->items[i];
        if (!known)
            vec_push(arena, &member->patterns, patterns->items[i]);
    }
}

/* What stands beside each other in a group: a second one of a name makes it many. */
static void group_member(struct arena *arena, struct content *into, struct schema_member *member)
{
    struct schema_member *known = member_find(into, member->name, member->attribute);
    if (!known) {
        vec_push(arena, &into->members, member);
        return;
    }
    known->many = true;
    known->required |= member->required;
    add_patterns(arena, known, &member->patterns);
}

/* What stands in another branch of a choice: required only when it is in all of them. */
static void branch_member(struct arena *arena, struct content *into, struct schema_member *member, size_t branch)
{
    struct schema_member *known = member_find(into, member->name, member->attribute);
    if (!known) {
        member->required &= branch == 0;
        vec_push(arena, &into->members, member);
        known = member;
    } else {
        known->many |= member->many;
        known->required &= member->required;
        add_patterns(arena, known, &member->patterns);
    }
    known->branch = branch;
}

static void collect(struct modeller *modeller, struct pattern *pattern, struct content *into,
                    struct occurrence occurrence);

static void collect_named(struct modeller *modeller, struct pattern *pattern, struct content *into,
                          struct occurrence occurrence)
{
    struct schema_member *member = arena_new_object(modeller->arena, struct schema_member);
    member->name = pattern->name;
    member->attribute = pattern->kind == PATTERN_ATTRIBUTE;
    member->many = occurrence.many;
    member->required = !occurrence.optional;
    vec_push(modeller->arena, &member->patterns, pattern);
    group_member(modeller->arena, into, member);
}

static void collect_items(struct modeller *modeller, struct pattern *pattern, struct content *into,
                          struct occurrence occurrence)
{
    occurrence.optional |= pattern->kind == PATTERN_OPTIONAL || pattern->kind == PATTERN_ZERO_OR_MORE;
    occurrence.many |= pattern->kind == PATTERN_ZERO_OR_MORE || pattern->kind == PATTERN_ONE_OR_MORE;
    for (size_t i = 0; i < pattern->items.count; i++)
        collect(modeller, pattern->items.items[i], into, occurrence);
}

static void merge_branch(struct arena *arena, struct content *into, const struct content *branch, size_t index)
{
    for (size_t i = 0; i < branch->members.count; i++)
        branch_member(arena, into, branch->members.items[i], index);
    for (size_t i = 0; i < into->members.count; i++) {
        struct schema_member *member = into->members.items[i];
        member->required &= member->branch == index;
    }
    into->text_required = branch->text_required && (index == 0 || into->text_required);
    into->text |= branch->text;
    into->text_other |= branch->text_other;
}

static void collect_choice(struct modeller *modeller, struct pattern *pattern, struct content *into,
                           struct occurrence occurrence)
{
    struct content merged = {0};
    size_t branches = 0;
    for (size_t i = 0; i < pattern->items.count; i++) {
        struct pattern *item = pattern->items.items[i];
        struct content branch = {0};
        if (item->kind == PATTERN_NOT_ALLOWED)
            continue;
        collect(modeller, item, &branch, occurrence);
        merge_branch(modeller->arena, &merged, &branch, branches++);
    }
    for (size_t i = 0; i < merged.members.count; i++)
        group_member(modeller->arena, into, merged.members.items[i]);
    into->text |= merged.text;
    into->text_required |= merged.text_required;
    into->text_other |= merged.text_other;
}

static void collect_ref(struct modeller *modeller, struct pattern *pattern, struct content *into,
                        struct occurrence occurrence)
{
    struct define *define = pattern->target;
    if (define->busy) {
        modeller->error = arena_printf(modeller->arena, "%s:%u: '%s' refers to itself without an element in between",
                                       modeller->path, pattern->line, define->name);
        return;
    }
    define->busy = true;
    collect(modeller, define->pattern, into, occurrence);
    define->busy = false;
}

/* Data types may have patterns, which take long to compile. */
static bool fits_empty(const struct pattern *pattern)
{
    bool known = pattern->kind == PATTERN_DATA && pattern->items.count == 0;
    return known ? pattern->fits_empty : schema_value_fits(pattern, "");
}

static void collect_text(struct modeller *modeller, struct pattern *pattern, struct content *into,
                         struct occurrence occurrence)
{
    struct content words = {0};
    if (pattern->kind == PATTERN_LIST)
        collect_items(modeller, pattern, &words, occurrence);
    if (modeller->error)
        return;
    into->text = true;
    into->text_other |= !is_integer_type(pattern->type);
    into->text_required |= !occurrence.optional && !fits_empty(pattern);
}

static void collect_nothing(struct modeller *modeller, struct pattern *pattern, struct content *into,
                            struct occurrence occurrence)
{
    (void)modeller;
    (void)pattern;
    (void)into;
    (void)occurrence;
}

static void collect_unsupported(struct modeller *modeller, struct pattern *pattern, struct content *into,
                                struct occurrence occurrence)
{
    (void)into;
    (void)occurrence;
    modeller->error = pattern->name;
}

typedef void (*collector)(struct modeller *modeller, struct pattern *pattern, struct content *into,
                          struct occurrence occurrence);
static const collector collectors[] = {
    [PATTERN_ELEMENT] = collect_named,
    [PATTERN_ATTRIBUTE] = collect_named,
    [PATTERN_GROUP] = collect_items,
    [PATTERN_INTERLEAVE] = collect_items,
    [PATTERN_CHOICE] = collect_choice,
    [PATTERN_OPTIONAL] = collect_items,
    [PATTERN_ZERO_OR_MORE] = collect_items,
    [PATTERN_ONE_OR_MORE] = collect_items,
    [PATTERN_REF] = collect_ref,
    [PATTERN_TEXT] = collect_text,
    [PATTERN_DATA] = collect_text,
    [PATTERN_VALUE] = collect_text,
    [PATTERN_LIST] = collect_text,
    [PATTERN_NOT_ALLOWED] = collect_nothing,
    [PATTERN_EMPTY] = collect_nothing,
    [PATTERN_UNSUPPORTED] = collect_unsupported,
};

static void collect(struct modeller *modeller, struct pattern *pattern, struct content *into,
                    struct occurrence occurrence)
{
    if (!modeller->error)
        collectors[pattern->kind](modeller, pattern, into, occurrence);
}

/* One pattern of several forms: a choice between them. */
static struct pattern *one_of(struct modeller *modeller, const struct vec *patterns)
{
    const struct pattern *first = patterns->items[0];
    if (patterns->count == 1)
        return first->items.items[0];
    struct pattern *choice = schema_pattern_new(modeller->arena, PATTERN_CHOICE, first->line);
    for (size_t i = 0; i < patterns->count; i++) {
        const struct pattern *each = patterns->items[i];
        vec_push(modeller->arena, &choice->items, each->items.items[0]);
    }
    return choice;
}

static struct schema_element *model_element(struct modeller *modeller, const struct vec *patterns);

static void model_attribute(struct modeller *modeller, struct element_model *model, const struct schema_member *member)
{
    struct content value = {0};
    size_t index = model->element.attribute_count++;
    struct schema_attribute *attribute = &model->element.attributes[index];
    attribute->name = member->name;
    attribute->required = member->required;
    const struct pattern *first = member->patterns.items[0];
    attribute->filled = first->filled;
    attribute->hidden = first->hidden;
    model->element.hides |= first->hidden;
    if (first->filled)
        model->element.filled = attribute;
    model->values[index] = one_of(modeller, &member->patterns);
    collect(modeller, model->values[index], &value, (struct occurrence){0});
    attribute->number = value.text && !value.text_other;
}

static void model_child(struct modeller *modeller, struct element_model *model, const struct schema_member *member)
{
    struct schema_child *child = &model->element.children[model->element.child_count++];
    child->name = member->name;
    child->many = member->many;
    child->required = member->required;
    child->element = model_element(modeller, &member->patterns);
}

static void model_members(struct modeller *modeller, struct element_model *model, const struct content *content)
{
    size_t count = content->members.count;
    size_t attributes = 0;
    for (size_t i = 0; i < count; i++)
        attributes += ((const struct schema_member *)content->members.items[i])->attribute;
    model->element.attributes = arena_alloc(modeller->arena, attributes * sizeof(struct schema_attribute));
    model->values = arena_alloc(modeller->arena, attributes * sizeof(struct pattern *));
    model->element.children = arena_alloc(modeller->arena, (count - attributes) * sizeof(struct schema_child));
    for (size_t i = 0; i < count && !modeller->error; i++) {
        const struct schema_member *member = content->members.items[i];
        if (member->attribute)
            model_attribute(modeller, model, member);
        else
            model_child(modeller, model, member);
    }
}

static struct schema_element *find_merged(const struct modeller *modeller, const struct vec *patterns)
{
    for (size_t i = 0; i < modeller->merged.count; i++) {
        const struct merged_element *merged = modeller->merged.items[i];
        if (merged->patterns->count == patterns->count &&
            memcmp(merged->patterns->items, patterns->items, patterns->count * sizeof(void *)) == 0)
            return merged->element;
    }
    return NULL;
}

/* Kept before its children are looked at, so that an element may hold itself. */
static void remember(struct modeller *modeller, const struct vec *patterns, struct schema_element *element)
{
    struct pattern *first = patterns->items[0];
    if (patterns->count == 1) {
        first->element = element;
        return;
    }
    struct merged_element *merged = arena_new_object(modeller->arena, struct merged_element);
    merged->patterns = patterns;
    merged->element = element;
    vec_push(modeller->arena, &modeller->merged, merged);
}

static struct schema_element *model_element(struct modeller *modeller, const struct vec *patterns)
{
    const struct pattern *first = patterns->items[0];
    struct schema_element *known = patterns->count == 1 ? first->element : find_merged(modeller, patterns);
    if (known)
        return known;
    struct element_model *model = arena_new_object(modeller->arena, struct element_model);
    model->element.name = first->name;
    model->element.prefix = first->prefix;
    model->element.namespace = first->namespace;
    model->element.line = first->line;
    model->element.whole = first->whole;
    model->element.tells = first->tells;
    model->element.sorts = first->sorts;
    model->content = one_of(modeller, patterns);
    remember(modeller, patterns, &model->element);
    if (++modeller->elements > ELEMENT_LIMIT)
        modeller->error = arena_printf(modeller->arena, "%s: over %d elements", modeller->path, ELEMENT_LIMIT);
    struct content content = {0};
    collect(modeller, model->content, &content, (struct occurrence){0});
    model->element.text = content.text;
    model->element.text_required = content.text_required;
    model->element.number = content.text && !content.text_other;
    model_members(modeller, model, &content);
    return &model->element;
}

struct schema *schema_load(const char *path, struct arena *arena, struct store *store, const char **ret_error)
{
    struct vec newer = {0};
    struct pattern *start = schema_read_patterns(arena, path, store, &newer, ret_error);
    if (!start)
        return NULL;
    struct modeller modeller = {.arena = arena, .path = path};
    struct content content = {0};
    struct schema *schema = arena_new_object(arena, struct schema);
    schema->arena = arena;
    schema->newer = newer;
    schema->path = arena_strdup(arena, path);
    collect(&modeller, start, &content, (struct occurrence){0});
    const struct schema_member *root = content.members.count ? content.members.items[0] : NULL;
    if (root && !root->attribute)
        schema->root = model_element(&modeller, &root->patterns);
    else if (!modeller.error)
        modeller.error = arena_printf(arena, "%s: there is no start element", path);
    if (modeller.error)
        *ret_error = modeller.error;
    return modeller.error ? NULL : schema;
}

const struct schema_child *schema_child(const struct schema_element *parent, const char *name, size_t *ret_position)
{
    for (size_t i = 0; i < parent->child_count; i++) {
        const char *other = parent->children[i].name;
        if (other[0] != name[0] || strcmp(other, name) != 0)
            continue;
        if (ret_position)
            *ret_position = i;
        return &parent->children[i];
    }
    return NULL;
}

const struct schema_attribute *schema_attribute(const struct schema_element *element, const char *name)
{
    for (size_t i = 0; i < element->attribute_count; i++) {
        if (strcmp(element->attributes[i].name, name) == 0)
            return &element->attributes[i];
    }
    return NULL;
}

struct vec schema_child_names(struct arena *arena, const struct schema_element *element)
{
    struct vec names = {0};
    for (size_t i = 0; i < element->child_count; i++)
        vec_push(arena, &names, element->children[i].name);
    return names;
}

struct vec schema_attribute_names(struct arena *arena, const struct schema_element *element)
{
    struct vec names = {0};
    for (size_t i = 0; i < element->attribute_count; i++)
        vec_push(arena, &names, element->attributes[i].name);
    return names;
}

const char *schema_tells(struct arena *arena, const char *const *directories, const char *name, struct store *store)
{
    const char *path = schema_find(arena, directories, name), *error = NULL;
    if (!path)
        return NULL;
    AUTO(kept_file_close) struct kept_file file = kept_file_open(store, STORE_SCHEMA, path);
    size_t length = 0;
    const char *kept = kept_file_get(&file, &length);
    if (kept)
        return schema_unpack_tells(kept, length);
    const struct schema *schema = schema_load(path, arena, store, &error);
    return schema ? schema->root->tells : NULL;
}
