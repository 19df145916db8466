/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Building one document. Only for document/. Each element node's _private is its struct schema_element, its
 * psvi and that of attributes the struct origin. */
#ifndef HVPROBE_DOCUMENT_BUILDER_H
#define HVPROBE_DOCUMENT_BUILDER_H

#include "base/number_map.h"
#include "base/tree.h"
#include "document/document.h"

/* What a rule's entries have taken so far. */
struct work {
    size_t steps;    /* turns */
    size_t compared; /* nodes, with what was to be found or added */
    ptrdiff_t held;  /* memory that there was before */
    bool stopped;    /* it was too much, which was told */
};

struct builder {
    struct run *run;
    struct arena *arena; /* the run's */
    struct document *document;
    struct map words;                   /* of names and texts in the document: itself */
    const struct schema_element *named; /* the element whose name was last asked for */
    const xmlChar *name;
    bool trace;
    const struct rule *rule;     /* whose entries are at work; NULL: none */
    struct work work;            /* of that rule */
    struct number_map siblings;  /* of siblings.c; empty: no parent had many children yet */
    const struct origin *origin; /* of what is made now; NULL: without a trace, or it is no entry's */
    struct number_map gaps;      /* the entries and assignments that the document's gaps are of */
    struct map removed;          /* names of nodes that were: the number of gaps then */
};

/* Node paths with their templates expanded. */
struct bound_predicate;
struct bound_step {
    const struct node_step *step;
    struct bound_predicate *predicates; /* step->predicate_count of them */
};
struct bound_path {
    const struct node_path *path;
    struct bound_step *steps; /* path->count of them */
};
struct bound_predicate {
    struct bound_path path;
    const char *value;
};

/* Where a path leaves the schema. */
struct path_problem {
    const struct schema_element *parent;
    const char *name;
    bool attribute;
};
/* Does the schema have a path below an element, predicates too? *ret_element: of its last element step. */
bool path_known(const struct schema_element *element, const struct node_path *path,
                const struct schema_element **ret_element, struct path_problem *ret_problem);
const char *path_problem_text(struct arena *arena, const struct path_problem *problem);

/* Else a value is unset or unknown, *ret_reason says which. */
enum text_status path_bind(struct builder *builder, const struct scope *scope, const struct node_path *path,
                           struct bound_path *ret_path, const char **ret_reason);
/* bed[soil='clay'] with the values as expanded. */
const char *path_text(struct arena *arena, const struct bound_path *path);

/* Nodes: the caller has asked path_known. */
struct node_place {
    xmlNode *node;
    xmlNode *created; /* the outermost node that had to be created; NULL: none */
};
/* Finds or creates what the first count steps name so that they hold. */
struct node_place path_place(struct builder *builder, xmlNode *base, const struct bound_path *path, size_t count);
/* Names of elements and texts of text nodes are words of the document, which has one copy of each. */
const xmlChar *name_word(struct builder *builder, const struct schema_element *element);
const xmlChar *text_word(struct builder *builder, const char *text); /* NULL: it is empty */
xmlNode *node_new(struct builder *builder, const struct schema_element *element);
xmlNode *node_create(struct builder *builder, xmlNode *parent, const char *name);
struct node_place step_place(struct builder *builder, xmlNode *parent, const struct bound_step *step);
bool step_holds(const xmlNode *node, const struct bound_step *step); /* do its predicates, for a node of its name? */
void node_set_word(struct builder *builder, xmlNode *node, const xmlChar *word); /* NULL: no text */
xmlAttr *node_set_attribute(struct builder *builder, xmlNode *node, const char *name, const char *value);
/* Is the text of an element or attribute this one? */
bool node_text_is(const xmlNode *node, const char *text);
/* How many attributes rules gave an element: what the engine fills in does not count. */
size_t attributes_said(const xmlNode *node);
bool node_is_empty(const xmlNode *node); /* no child, no attribute but what the engine fills in */

/* siblings.c: which children of a parent may have a value, so that not all of many have to be looked at. */
struct valued_node {
    xmlNode *node; /* which may have lost the value, or its parent, since */
    struct valued_node *next;
};
struct siblings {
    const struct valued_node *first; /* in the order in which they got the value; NULL: none */
    size_t count;
};
struct sibling_value {
    const struct bound_step *steps; /* of elements, from the child on; count of them */
    size_t count;
    const char *attribute; /* of the last of them; NULL: its text */
    const char *text;      /* not empty */
};
bool siblings_are_kept(const struct builder *builder, const xmlNode *parent); /* it had many in a search before */
struct siblings siblings_with(struct builder *builder, const xmlNode *parent, const char *name,
                              const struct sibling_value *value);
/* What is said of each value that a node gets. */
void siblings_note_text(struct builder *builder, xmlNode *node, const xmlChar *text);
void siblings_note_attribute(struct builder *builder, const xmlAttr *attribute);

static inline const struct schema_element *node_model(const xmlNode *node)
{
    return node->_private;
}

/* One entry's turn for one row. */
struct turn {
    struct builder *builder;
    const struct emit_entry *entry;
    const struct scope *scope;
    const struct row *row; /* NULL: no loop */
    xmlNode *node;         /* what paths are relative to */
};
/* The given pointer when a trace is kept, else NULL: nobody would read the reason. */
const char **wanted_reason(const struct builder *builder, const char **reason);
void emission_record(const struct turn *turn, const struct emission *emission);
void emission_skip(const struct turn *turn, const struct assignment *assignment, const char *path, const char *reason);
/* Before a node is taken out: what was emitted into it, from the first-th emission on, did not last. */
void emissions_gone(struct document *document, size_t first, const xmlNode *node, enum emission_result result,
                    const char *reason);
/* gaps.c: what the document may lack, as it is not known whether it is there. Are those of an entry or assignment noted
 * already? Then nobody needs to know why. */
bool gap_is_known(const struct builder *builder, const void *made_by);
/* Of an entry below a node, or of one assignment of it, for a reason; of all that there may be. */
void gap_add(struct builder *builder, const xmlNode *base, const struct emit_entry *entry,
             const struct assignment *assignment, const char *reason);
void gap_add_all(struct builder *builder, const char *reason);
/* Before a node is taken out as something is missing in it: it may be there, if what is missing may. */
void gap_of_removed(struct builder *builder, const xmlNode *node);
void assign_all(const struct turn *turn);
/* The entries of a rule that make nodes, or (each) those that add to what all rules made. */
bool rule_has_entries(const struct rule *rule, bool each);
void emit_rule(struct builder *builder, const struct rule *rule, bool each);
/* Nobody knows whether the rule has anything to say here, for a reason. */
void rule_gap(struct builder *builder, const struct rule *rule, const char *reason);
/* checks.c: the results of the rules' checks. */
void checks_add(struct builder *builder, const struct document_options *options);
/* path_tables.c: path tables as they resolve here, and as they are written. */
void paths_add(struct builder *builder, const struct document_options *options);
void path_tables_add(struct builder *builder, const struct document_options *options);
/* checks.c: is a rule one of those that were named? */
bool rule_is_named(const char *const *rules, const char *id);
/* Is it of one of the drivers that are asked for? */
bool rule_is_wanted(const struct rule *rule, const struct document_options *options);
void prune_document(struct builder *builder);
/* sort.c: brings elements into the order that the schema's sort keys ask for; equal ones stay as they are. */
void sort_document(struct builder *builder);

#endif
