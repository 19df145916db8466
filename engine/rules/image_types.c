/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is in the structs of rules/rule.h, for images: each member a row, in order, so that one that is missing is seen
 * (tests/unit/test_image.c adds up their sizes). YAML trees are not kept: what asks for them loads rules without image.
 */
#include "base/digest.h"
#include "rules/image.h"
#include "rules/layers.h"

#define PLAIN(object, member)            IMAGE_PLAINLY(object, member)
#define CLEARED(object, member)          IMAGE_FIELD(object, member, IMAGE_CLEARED, NULL)
#define TEXT(object, member)             IMAGE_TEXT(object, member)
#define INSIDE(object, member, type)     IMAGE_FIELD(object, member, IMAGE_INSIDE, &type##_type)
#define ONE(object, member, type)        IMAGE_FIELD(object, member, IMAGE_ONE, &type##_type)
#define ARRAY(object, member, type, by)  IMAGE_COUNTED(object, member, IMAGE_ARRAY, &type##_type, by)
#define LIST(object, member, type, by)   IMAGE_COUNTED(object, member, IMAGE_LIST, &type##_type, by)
#define ENDED_LIST(object, member, type) IMAGE_FIELD(object, member, IMAGE_LIST, &type##_type)
#define TEXTS(object, member, by)        IMAGE_COUNTED(object, member, IMAGE_LIST, &image_text, by)
#define VEC(object, member, type)        IMAGE_FIELD(object, member, IMAGE_VEC, &type##_type)
#define MAP(object, member, type)        IMAGE_FIELD(object, member, IMAGE_MAP, &type##_type)
#define STATIC(object, member)           IMAGE_FIELD(object, member, IMAGE_STATIC, NULL)
#define COUNTED_WITH(object, member, kind, type, function)                                                             \
    {                                                                                                                  \
#member, kind, offsetof(struct object, member), sizeof(((struct object *)0)->member), &type##_type, 0,         \
            function                                                                                                   \
    }
#define TYPE(object) static const struct image_type object##_type = IMAGE_TYPE(object, object##_fields, false, false)

/* They refer to each other. */
static const struct image_type fact_type, rule_type, part_type, condition_type, node_path_type, emit_entry_type,
    field_value_type, layer_file_type;

static const struct image_field source_fields[] = {
    TEXT(source, path),
    TEXT(source, layer),
    CLEARED(source, text), /* see rules_read_texts */
    PLAIN(source, length),
};
TYPE(source);

static const struct image_field mark_fields[] = {
    ONE(mark, source, source),
    PLAIN(mark, line),
    PLAIN(mark, column),
    PLAIN(mark, end_column),
};
TYPE(mark);

static const struct image_field lookup_fields[] = {
    TEXT(lookup, name),
    INSIDE(lookup, at, mark),
    IMAGE_FIELD(lookup, entries, IMAGE_MAP, &image_text),
};
TYPE(lookup);

static const struct image_field filter_use_fields[] = {
    STATIC(filter_use, kind),       TEXT(filter_use, argument),     PLAIN(filter_use, number),
    ONE(filter_use, operand, part), ONE(filter_use, table, lookup),
};
TYPE(filter_use);

static const struct image_field part_fields[] = {
    PLAIN(part, kind),         TEXT(part, name), ONE(part, fact, fact), ARRAY(part, filters, filter_use, filter_count),
    PLAIN(part, filter_count),
};
TYPE(part);

static const struct image_field template_fields[] = {
    TEXT(template, text),   INSIDE(template, at, mark), ARRAY(template, parts, part, count),
    PLAIN(template, count), TEXT(template, literal),
};
TYPE(template);

static const struct image_field condition_fields[] = {
    PLAIN(condition, kind),
    INSIDE(condition, at, mark),
    ONE(condition, fact, fact),
    TEXT(condition, column),
    LIST(condition, items, condition, count),
    PLAIN(condition, count),
    ONE(condition, left, template),
    LIST(condition, values, template, value_count),
    PLAIN(condition, value_count),
    PLAIN(condition, version_operator),
    IMAGE_FIELD(condition, regex, IMAGE_ONE, &regex_image),
};
TYPE(condition);

static const struct image_field selector_fields[] = {
    TEXT(selector, id),
    PLAIN(selector, versioned),
    PLAIN(selector, version_operator),
    TEXT(selector, version),
};
TYPE(selector);

static const struct image_field choice_row_fields[] = {
    INSIDE(choice_row, at, mark),
    TEXT(choice_row, key),
    ARRAY(choice_row, selectors, selector, selector_count),
    PLAIN(choice_row, selector_count),
    LIST(choice_row, values, template, count),
    PLAIN(choice_row, count),
};
TYPE(choice_row);

static const struct image_field choice_table_fields[] = {
    TEXT(choice_table, name),      INSIDE(choice_table, at, mark),
    ONE(choice_table, rule, rule), ARRAY(choice_table, rows, choice_row, count),
    PLAIN(choice_table, count),    ONE(choice_table, releases, fact),
};
TYPE(choice_table);

static const struct image_field named_template_fields[] = {
    TEXT(named_template, name),
    ONE(named_template, value, template),
};
TYPE(named_template);
/* A row of FIELD_ROWS. */
static const struct image_type named_templates_type = IMAGE_TYPE(named_template, named_template_fields, true, false);

static const struct image_field field_value_fields[] = {
    PLAIN(field_value, given),
    INSIDE(field_value, at, mark),
    LIST(field_value, templates, template, count),
    TEXT(field_value, text),
    TEXTS(field_value, names, count),
    IMAGE_COUNTED(field_value, numbers, IMAGE_ARRAY, &image_number, count),
    PLAIN(field_value, count),
    IMAGE_FIELD(field_value, regex, IMAGE_ONE, &regex_image),
    PLAIN(field_value, flag),
    PLAIN(field_value, number),
    LIST(field_value, rows, named_templates, count),
    LIST(field_value, facts, fact, count),
    ONE(field_value, table, choice_table),
    ARRAY(field_value, sub, field_value, sub_count),
    PLAIN(field_value, sub_count),
};
TYPE(field_value);

static const struct image_field sort_key_fields[] = {
    TEXT(sort_key, column),
    PLAIN(sort_key, descending),
    PLAIN(sort_key, bytes),
};
TYPE(sort_key);

static const struct image_field digest_fields[] = {
    PLAIN(digest, bytes),
};
TYPE(digest);

static const struct image_field fact_basis_fields[] = {
    CLEARED(fact_basis, nodes), CLEARED(fact_basis, lookups), CLEARED(fact_basis, facts),
    ONE(fact_basis, digest, digest), /* of all these: see image_keep */
};
TYPE(fact_basis);

static const struct image_field descent_fields[] = {
    TEXT(descent, root),
    TEXT(descent, name),
    TEXT(descent, parent),
};
TYPE(descent);

static size_t count_values(const struct field *fields)
{
    size_t count = 0;

    while (fields[count].key)
        count++;
    return count;
}

static size_t count_source_values(const void *fact)
{
    const struct source_kind *kind = ((const struct fact *)fact)->source;

    return kind ? count_values(kind->fields) : 0;
}

static size_t count_extract_values(const void *fact)
{
    const struct extract_kind *kind = ((const struct fact *)fact)->extract;

    return kind ? count_values(kind->fields) : 0;
}

static const struct image_field fact_fields[] = {
    TEXT(fact, name),
    ONE(fact, rule, rule),
    INSIDE(fact, at, mark),
    PLAIN(fact, index),
    STATIC(fact, source),
    COUNTED_WITH(fact, source_values, IMAGE_ARRAY, field_value, count_source_values),
    STATIC(fact, extract),
    COUNTED_WITH(fact, extract_values, IMAGE_ARRAY, field_value, count_extract_values),
    ONE(fact, loop, fact),
    ARRAY(fact, with, named_template, with_count),
    PLAIN(fact, with_count),
    ONE(fact, where, condition),
    PLAIN(fact, where_of_with),
    INSIDE(fact, below, descent),
    ARRAY(fact, sort, sort_key, sort_count),
    PLAIN(fact, sort_count),
    TEXTS(fact, distinct, distinct_count),
    PLAIN(fact, distinct_count),
    PLAIN(fact, first),
    PLAIN(fact, cache),
    PLAIN(fact, timeout),
    ONE(fact, basis, fact_basis),
    TEXTS(fact, columns, column_count),
    PLAIN(fact, column_count),
    PLAIN(fact, open_columns),
    LIST(fact, stems, fact, stem_count),
    PLAIN(fact, stem_count),
};
TYPE(fact);

static const struct image_field node_predicate_fields[] = {
    ONE(node_predicate, path, node_path),
    ONE(node_predicate, value, template),
};
TYPE(node_predicate);

static const struct image_field node_step_fields[] = {
    TEXT(node_step, name),
    PLAIN(node_step, attribute),
    ARRAY(node_step, predicates, node_predicate, predicate_count),
    PLAIN(node_step, predicate_count),
};
TYPE(node_step);

static const struct image_field node_path_fields[] = {
    TEXT(node_path, text),
    INSIDE(node_path, at, mark),
    ARRAY(node_path, steps, node_step, count),
    PLAIN(node_path, count),
};
TYPE(node_path);

static const struct image_field emit_value_fields[] = {
    ONE(emit_value, text, template),
    ARRAY(emit_value, attributes, named_template, attribute_count),
    PLAIN(emit_value, attribute_count),
};
TYPE(emit_value);

static const struct image_field assignment_fields[] = {
    ONE(assignment, path, node_path),
    ARRAY(assignment, values, emit_value, count),
    PLAIN(assignment, count),
};
TYPE(assignment);

static const struct image_field emit_entry_fields[] = {
    TEXT(emit_entry, name),
    INSIDE(emit_entry, at, mark),
    ONE(emit_entry, rule, rule),
    ONE(emit_entry, loop, fact),
    ONE(emit_entry, each, node_path),
    ONE(emit_entry, when, condition),
    ONE(emit_entry, path, node_path),
    ARRAY(emit_entry, assignments, assignment, assignment_count),
    PLAIN(emit_entry, assignment_count),
    LIST(emit_entry, children, emit_entry, child_count),
    PLAIN(emit_entry, child_count),
};
TYPE(emit_entry);

static const struct image_field check_fields[] = {
    TEXT(check, name),           INSIDE(check, at, mark), ONE(check, loop, fact),      ONE(check, expect, condition),
    ONE(check, when, condition), PLAIN(check, otherwise), ONE(check, title, template), ONE(check, hint, choice_table),
};
TYPE(check);

static const struct image_field rule_fields[] = {
    TEXT(rule, id),
    TEXT(rule, title),
    TEXT(rule, driver),
    TEXT(rule, document),
    ENDED_LIST(rule, uses, rule),
    IMAGE_FIELD(rule, traces, IMAGE_LIST, &image_text),
    INSIDE(rule, at, mark),
    CLEARED(rule, merged),
    TEXT(rule, muted),
    VEC(rule, overlays, source),
    CLEARED(rule, hidden),
    MAP(rule, tables, lookup),
    MAP(rule, paths, choice_table),
    MAP(rule, facts, fact),
    ONE(rule, available, condition),
    LIST(rule, checks, check, check_count),
    PLAIN(rule, check_count),
    LIST(rule, emits, emit_entry, emit_count),
    PLAIN(rule, emit_count),
};
TYPE(rule);

static const struct image_field rule_file_fields[] = {
    INSIDE(rule_file, source, source), TEXT(rule_file, name),   TEXT(rule_file, id),
    PLAIN(rule_file, extends),         PLAIN(rule_file, state), ONE(rule_file, other, layer_file),
    CLEARED(rule_file, tree),
};
TYPE(rule_file);

/* All else was for loading. */
static const struct image_field layer_file_fields[] = {
    INSIDE(layer_file, file, rule_file),
    {"rest", IMAGE_CLEARED, sizeof(struct rule_file), sizeof(struct layer_file) - sizeof(struct rule_file), NULL, 0,
     NULL},
};
TYPE(layer_file);

static const struct image_field documents_fields[] = {
    {"all", IMAGE_MAP, 0, sizeof(struct map), &image_text, 0, NULL},
};
static const struct image_type documents_type = IMAGE_TYPE(map, documents_fields, false, false);

static size_t count_rules(const void *set)
{
    return ((const struct rule_set *)set)->rules.count;
}

static const struct image_field rule_set_fields[] = {
    CLEARED(rule_set, arena),
    MAP(rule_set, rules, rule),
    COUNTED_WITH(rule_set, order, IMAGE_LIST, rule, count_rules),
    MAP(rule_set, muted, rule),
    PLAIN(rule_set, fact_count),
    VEC(rule_set, files, layer_file),
    CLEARED(rule_set, vocabulary),
    ONE(rule_set, documents, documents),
    PLAIN(rule_set, with_checks),
};
TYPE(rule_set);

static const struct image_field path_question_fields[] = {
    IMAGE_FIELD(path_question, paths, IMAGE_LIST, &image_text),
    PLAIN(path_question, asked),
    PLAIN(path_question, answer),
};
TYPE(path_question);

static const struct image_field rule_image_fields[] = {
    INSIDE(rule_image, set, rule_set),
    VEC(rule_image, questions, path_question),
};
const struct image_type rule_image_type = IMAGE_TYPE(rule_image, rule_image_fields, false, false);
