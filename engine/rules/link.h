/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside linking: only for link*.c and lint*.c.
 *
 * Steps: create everything that has a name; give facts their shape (kinds, patterns, parents), then columns and stems;
 * resolve templates, conditions and node paths; look for cycles, take fingerprints and put the rules in order.
 */
#ifndef HVPROBE_RULES_LINK_H
#define HVPROBE_RULES_LINK_H

#include "rules/draft.h"

enum {
    LINK_CHAIN = 200,         /* facts that depend on each other in one chain; evaluation recurses over it */
    LINK_INHERITED = 1 << 20, /* columns and stems of all facts, which can grow with the square of the rules' size */
};

enum link_progress { LINK_NEW, LINK_BUSY, LINK_DONE };

/* A fact while it is linked. */
struct fact_state {
    struct fact *fact;
    const struct yaml_node *node;
    struct vec parents;  /* of struct fact: whose rows it reads row by row, once its columns are known */
    struct map columns;  /* name to position, counted from 1: who comes earlier sees only positions up to a limit */
    size_t source_limit; /* columns of the loop and the source */
    size_t found_limit;  /* and of the extract */
    enum link_progress columns_progress;
    enum link_progress order_progress;
    size_t stamp;  /* linker->stamp when it was last taken in */
    size_t height; /* facts in the longest chain below it, itself included */
};

/* A path table while it is linked. */
struct choice_state {
    struct choice_table table; /* first, so that a table is its state */
    const struct yaml_node *node;
    struct map columns; /* of the loops of all facts that use it */
    bool used;
    bool open;
};

struct linker {
    struct rule_set *set;
    struct arena *arena;   /* the set's */
    struct arena *scratch; /* gone after linking */
    const struct vocabulary *vocabulary;
    struct diagnostics *diagnostics;
    struct store *store;     /* knows patterns; may be NULL */
    struct map sources;      /* name to number in the vocabulary, counted from 1 */
    struct map extracts;     /* the same */
    struct vec facts;        /* of struct fact_state, by fact->index */
    struct vec choices;      /* of struct choice_state */
    size_t stamp;            /* of the list that facts are taken into */
    size_t inherited;        /* columns and stems so far */
    const struct rule *rule; /* whose facts and tables need no prefix */
};

/* Columns that a name may mean, innermost row first. */
struct name_scope {
    const struct map *columns; /* as in fact_state; NULL: none */
    size_t limit;
    bool open;
    const struct name_scope *outer;
};

/* A piece of a scalar. */
struct span {
    const struct yaml_node *node;
    size_t offset;
    size_t length;
};

/* link_name.c: pieces, names and hints */
static inline struct span span_of(const struct yaml_node *scalar)
{
    return (struct span){scalar, 0, scalar->kind == YAML_NODE_SCALAR ? scalar->length : 0};
}
static inline struct span span_part(struct span span, size_t start, size_t length)
{
    return (struct span){span.node, span.offset + start, length};
}
static inline const char *span_start(struct span span)
{
    return span.node->value ? span.node->value + span.offset : "";
}
size_t span_find(struct span span, char character); /* its length when it is not there */
size_t span_count(struct span span, char character);
const char *span_copy(const struct linker *linker, struct span span);
struct mark span_mark(struct span span);
/* A list, or one thing alone as a list of one. */
size_t list_count(const struct yaml_node *node);
const struct yaml_node *list_item(const struct yaml_node *node, size_t index);
const char *const *list_texts(struct arena *arena, const struct yaml_node *node); /* NULL-terminated; NULL of NULL */
/* Where a named part stands: its key, unless another file gave the value. */
struct mark pair_mark(const struct yaml_node *key, const struct yaml_node *value);

/* Takes a fact into the list that linker->stamp stands for; false when it is in it. */
bool link_take(const struct linker *linker, const struct fact *fact);
/* Counts a column or stem; false, at first with a diagnostic, when there are too many. */
bool link_inherit(struct linker *linker, const struct fact *fact);

struct fact_state *link_state(const struct linker *linker, const struct fact *fact);
/* The scope of a fact's complete rows; NULL (after an error) is open. */
struct name_scope link_fact_scope(const struct linker *linker, const struct fact *fact, const struct name_scope *outer);
bool link_has_column(const struct name_scope *scope, const char *name);
/* FACT or RULE.FACT; NULL after a diagnostic. */
const struct fact *link_fact_name(struct linker *linker, struct span span);
/* The same with .COLUMN if it is to be one column's values; *ret_column NULL: text or path. */
const struct fact *link_fact_column(struct linker *linker, struct span span, const char **ret_column);
/* A fact that is used without a column has text or path; false after a diagnostic. */
bool link_default_column(struct linker *linker, const struct fact *fact, struct span span);
/* What a name means in ${...}; fills kind, name and fact. false after a diagnostic. */
bool link_name(struct linker *linker, struct span span, const struct name_scope *scope, struct part *part);
/* TABLE or RULE.TABLE; NULL after a diagnostic. */
const struct lookup *link_lookup_name(struct linker *linker, struct span span);
const struct choice_table *link_choice_name(struct linker *linker, struct span span);
/* A column that the rows of the state's fact have; NULL after a diagnostic. */
const char *link_column_name(struct linker *linker, const struct fact_state *state, struct span span);

/* link.c: makes the look-ups that the rule's tree has under tables. */
void link_tables(struct linker *linker, struct rule *rule);

/* link_template.c; none of these gives NULL */
struct template *link_template(struct linker *linker, struct span span, const struct name_scope *scope);
struct template *link_literal(struct linker *linker, const char *text, struct mark at);
/* A name that stands for ${name}, or a template. */
struct template *link_operand(struct linker *linker, const struct yaml_node *node, const struct name_scope *scope);
/* NULL after a diagnostic. */
struct regex *link_regex(struct linker *linker, struct span span, unsigned flags);

/* link_condition.c: NULL for no node */
struct condition *link_condition(struct linker *linker, const struct yaml_node *node, const struct name_scope *scope);

/* link_choice.c */
/* >= <= != > < = at the start of a text; its length, 0: none. */
size_t link_operator(const char *text, size_t length, enum version_operator *ret_operator);
struct choice_table *link_hint(struct linker *linker, const struct yaml_node *node, const struct name_scope *scope);
void link_choices(struct linker *linker);

/* link_field.c */
struct field_value *link_field_shapes(struct linker *linker, struct fact_state *state, const struct field *fields,
                                      const struct yaml_node *node);
void link_field_templates(struct linker *linker, const struct field *fields, struct field_value *values,
                          const struct yaml_node *node, const struct name_scope *scope);
/* Calls add for each name that the fields make a column. */
void link_field_columns(const struct field *fields, const struct field_value *values,
                        void (*add)(void *data, const char *name), void *data);
/* Complains about a path that does not begin with a slash. */
void link_absolute(struct linker *linker, const struct yaml_node *node);

/* link_fact.c */
void link_fact_shape(struct linker *linker, struct fact_state *state);
void link_fact_columns(struct linker *linker, struct fact_state *state, unsigned depth);
void link_fact_stems(struct linker *linker, struct fact_state *state);
void link_fact_names(struct linker *linker, struct fact_state *state);

/* link_path.c */
struct node_path *link_path(struct linker *linker, struct span span, const struct name_scope *scope);
bool link_path_name(const char *text, size_t length); /* a name of an element or attribute */

/* link_emit.c */
void link_emits(struct linker *linker, const struct yaml_node *list, const struct name_scope *scope,
                struct emit_entry ***ret_entries, size_t *ret_count);

/* link_check.c */
void link_checks(struct linker *linker, const struct yaml_node *list, struct rule *rule);

/* link_order.c */
void link_fact_order(struct linker *linker);
void link_rule_order(struct linker *linker);

/* link_uses.c: what a linked thing refers to. A NULL function is not called. */
struct use_visitor {
    void (*fact)(const struct use_visitor *visitor, const struct fact *fact);
    void (*lookup)(const struct use_visitor *visitor, const struct lookup *lookup);
    void (*choice)(const struct use_visitor *visitor, const struct choice_table *table);
    void (*builtin)(const struct use_visitor *visitor, const char *name); /* host.arch, param.NAME ... */
    void (*column)(const struct use_visitor *visitor, const char *name);  /* of the current row */
    void *data;
};
void uses_of_fact(const struct use_visitor *visitor, const struct fact *fact);
void uses_of_condition(const struct use_visitor *visitor, const struct condition *condition); /* NULL: nothing */
/* With the fact that tells which of its rows apply; what is emitted does not follow from that one's rule. */
void uses_of_choosing(const struct use_visitor *visitor, const struct choice_table *table);
void uses_of_observation(const struct use_visitor *visitor, const struct rule *rule); /* its facts and path tables */
void uses_of_emission(const struct use_visitor *visitor, const struct rule *rule);    /* what and when it emits */
void uses_of_checks(const struct use_visitor *visitor, const struct rule *rule);
void uses_of_rule(const struct use_visitor *visitor, const struct rule *rule); /* all its parts */

/* lint_words.c: texts of a rule that name what is of other architectures, by the tables arch_words of the set */
void lint_words(const struct rule_set *set, const struct rule *rule, struct arena *scratch,
                struct diagnostics *diagnostics);
bool table_is_for_engine(
    const struct lookup *lookup); /* read by the engine itself, by its name; templates need not use it */

/* lint_regex.c: about patterns that compile */
bool pattern_is_loose(const char *pattern);     /* a short word that is found inside longer ones */
bool pattern_is_explosive(const char *pattern); /* a quantifier directly inside a quantified group */

#endif
