/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rule set: rules after merging and linking. Immutable, shared by threads.
 *
 * Everything here is owned by the rule set's arena. Names are resolved to pointers, patterns compiled, places kept for
 * explanations.
 */
#ifndef HVPROBE_RULES_RULE_H
#define HVPROBE_RULES_RULE_H

#include "base/diagnostic.h"
#include "base/regex.h"
#include "base/yaml.h"
#include "rules/kinds.h"

struct digest; /* base/digest.h */
struct fact;
struct rule;

/* A look-up table: text to text. */
struct lookup {
    const char *name; /* without the rule */
    struct mark at;
    struct map entries; /* of char */
};

struct part;

struct filter_use {
    const struct filter_kind *kind;
    const char *argument;       /* literal, or NULL */
    int64_t number;             /* FILTER_NUMBER, where it is written there */
    struct part *operand;       /* FILTER_NAME; FILTER_NUMBER: the name that stands for it, else NULL */
    const struct lookup *table; /* FILTER_TABLE */
};

enum part_kind {
    PART_TEXT,    /* text: the literal */
    PART_COLUMN,  /* name: column of the current row */
    PART_FACT,    /* fact, and name: the column, NULL for text or path */
    PART_BUILTIN, /* name: "host.arch", "param.NAME" ... */
};

struct part {
    enum part_kind kind;
    const char *name;
    const struct fact *fact;
    struct filter_use *filters;
    size_t filter_count;
};

/* A template: the parts one after the other. */
struct template
{
    const char *text; /* as written */
    struct mark at;
    struct part *parts;
    size_t count;
    const char *literal; /* its whole value when it has no ${...}, else NULL */
};

enum version_operator { VERSION_EQ, VERSION_NE, VERSION_LT, VERSION_LE, VERSION_GT, VERSION_GE };

enum condition_kind {
    CONDITION_FACT,    /* the fact's rows that belong to the current row, or its verdict */
    CONDITION_ALL,     /* items */
    CONDITION_ANY,     /* items */
    CONDITION_NOT,     /* items[0] */
    CONDITION_EQUAL,   /* left equals one of values */
    CONDITION_VERSION, /* left OP values[0] */
    CONDITION_REGEX,   /* left matches regex, or, where that is NULL, the pattern that values[0] gives */
    CONDITION_IN,      /* left is one of fact's values of column (NULL: text or path) */
    CONDITION_SET,     /* left has a value */
    CONDITION_UNSET,   /* left has none, for sure */
    CONDITION_EXISTS,  /* fact has any row, whatever row is current */
};

struct condition {
    enum condition_kind kind;
    struct mark at;
    const struct fact *fact;
    const char *column;
    struct condition **items;
    size_t count;
    struct template *left;
    struct template **values;
    size_t value_count;
    enum version_operator version_operator;
    struct regex *regex;
};

/* Path tables and other choices by distribution. */
struct selector {
    const char *id; /* an os-release ID, or "any" */
    bool versioned;
    enum version_operator version_operator;
    const char *version;
};
struct choice_row {
    struct mark at; /* of the key */
    const char *key;
    struct selector *selectors; /* any of them */
    size_t selector_count;
    struct template **values;
    size_t count;
};
/* The fact that says what a derivative is a release of: its rows have columns id and version (unset: it is ahead of
 * every release), for selectors that name a distribution which os-release's ID does not. */
#define RELEASES_RULE "tables"
#define RELEASES_FACT "releases"

struct choice_table {
    const char *name;
    struct mark at;
    const struct rule *rule;
    struct choice_row *rows;
    size_t count;
    const struct fact *releases; /* NULL: it is not asked for, or no rule says it */
};

/* The value of a field, in the order of the kind's fields. A missing optional one is all zero, and given is false. */
struct field_value {
    bool given;
    struct mark at;
    struct template **templates; /* FIELD_TEMPLATE: one; FIELD_TEMPLATES */
    const char *text;            /* FIELD_TEXT */
    const char **names;          /* FIELD_NAMES, FIELD_OFFSETS */
    int64_t *numbers;            /* FIELD_OFFSETS: of each name */
    size_t count;                /* of templates, names, facts or rows */
    struct regex *regex;
    bool flag;
    int64_t number;
    struct named_template **rows; /* FIELD_ROWS: count arrays, each ended by a NULL name */
    const struct fact **facts;
    const struct choice_table *table;
    struct field_value *sub; /* FIELD_MAPPING: in order of field->sub */
    size_t sub_count;
};

struct named_template {
    const char *name;
    struct template *value;
};

struct sort_key {
    const char *column;
    bool descending;
    bool bytes; /* as strcmp compares them, not as a person does */
};

/* All that decides what a fact finds, beside the host: for the key under which that is kept. */
struct fact_basis {
    struct vec nodes;            /* of struct yaml_node: its text, and those of path tables that it asks */
    struct vec lookups;          /* of struct lookup */
    struct vec facts;            /* of struct fact: what it needs, each with a basis */
    const struct digest *digest; /* of all these, where they are not there themselves; else NULL */
};

/* Which rows of a tree to keep: those whose parents lead to a root. */
struct descent {
    const char *root; /* a name; NULL: all are kept */
    const char *name; /* the column with a row's own name */
    const char *parent;
};

struct fact {
    const char *name;
    const struct rule *rule;
    struct mark at;
    size_t index; /* unique in the rule set, below rule_set.fact_count */
    const struct source_kind *source;
    struct field_value *source_values;
    const struct extract_kind *extract; /* NULL: none */
    struct field_value *extract_values;
    const struct fact *loop; /* for: */
    struct named_template *with;
    size_t with_count;
    struct condition *where;
    bool where_of_with; /* that names a column of with: */
    struct descent below;
    struct sort_key *sort;
    size_t sort_count;
    const char **distinct;
    size_t distinct_count;
    bool first;
    bool cache;
    unsigned timeout;         /* seconds, 0: default */
    struct fact_basis *basis; /* with cache, or needed by one that has it; else NULL */
    const char **columns;     /* that its rows may have */
    size_t column_count;
    bool open_columns;         /* and maybe others */
    const struct fact **stems; /* facts whose rows its rows stem from, nearest first, all levels */
    size_t stem_count;
};

/* The document of a rule that names none. */
#define DEFAULT_DOCUMENT "capabilities"

struct node_path;
struct node_predicate {
    struct node_path *path;
    struct template *value;
};
struct node_step {
    const char *name;
    bool attribute; /* only the last step */
    struct node_predicate *predicates;
    size_t predicate_count;
};
struct node_path {
    const char *text;
    struct mark at;
    struct node_step *steps;
    size_t count;
};

/* What is assigned: text, attributes, both or neither (an empty element). */
struct emit_value {
    struct template *text; /* NULL: none */
    struct named_template *attributes;
    size_t attribute_count;
};
struct assignment {
    struct node_path *path;
    struct emit_value *values;
    size_t count;
};
struct emit_entry {
    const char *name; /* NULL: none */
    struct mark at;
    const struct rule *rule;
    const struct fact *loop; /* for: ; NULL: none */
    struct node_path *each;  /* the nodes that it is made for; NULL: none */
    struct condition *when;
    struct node_path *path; /* at: ; NULL: the enclosing node */
    struct assignment *assignments;
    size_t assignment_count;
    struct emit_entry **children;
    size_t child_count;
};

enum check_level { CHECK_FAIL, CHECK_WARN, CHECK_NOTE };
struct check {
    const char *name; /* NULL: none */
    struct mark at;
    const struct fact *loop;
    struct condition *expect;
    struct condition *when;
    enum check_level otherwise;
    struct template *title;
    struct choice_table *hint; /* NULL: none; one row "any" when written as text; each row one value */
};

/* A part of a rule that a later layer replaced or dropped. */
struct hidden_part {
    const char *part; /* facts.token */
    const struct yaml_node *was;
    const struct yaml_node *by; /* NULL: dropped */
    struct mark at;             /* of by, or of the word that drops it */
};

struct rule {
    const char *id;
    const char *title;
    const char *driver;       /* NULL: none */
    const char *document;     /* DEFAULT_DOCUMENT when not said */
    const struct rule **uses; /* whose facts it needs, directly or through others; NULL-terminated */
    const char *const
        *traces; /* paths and patterns: without any of them its checks stay silent; NULL: always relevant */
    struct mark at;
    const struct yaml_node *merged; /* all layers, each node with its place; NULL: not asked for, see load.h */
    const char *muted;              /* why none of its facts has rows, see muted.c; NULL: it is in use */
    struct vec overlays;            /* of struct source: files that extend it, in order */
    struct vec hidden;              /* of struct hidden_part: what they replaced or dropped, in order; with trees */
    struct map tables;              /* of struct lookup */
    struct map paths;               /* of struct choice_table */
    struct map facts;               /* of struct fact */
    struct condition *available;    /* NULL: always */
    struct check **checks;
    size_t check_count;
    struct emit_entry **emits;
    size_t emit_count;
};

struct rule_set {
    struct arena *arena;
    struct map rules;    /* of struct rule, by id, in order of id */
    struct rule **order; /* rules.count of them: a rule comes after those whose facts it uses, else in order of id */
    struct map muted; /* of struct rule, by id: what is left of those that were taken away, for rules that name them */
    size_t fact_count;
    struct vec files; /* of struct rule_file: every file seen, also hidden, masked and broken ones */
    const struct vocabulary *vocabulary;
    const struct map *documents; /* that it was loaded for, and those that they are made from, with what each tells of
                                    all rules, "": nothing; NULL: all */
    bool with_checks;            /* for the checks of its rules, too */
};

struct rule *rule_set_find(const struct rule_set *set, const char *id); /* NULL: no such */
void rule_set_free(struct rule_set *set);

#endif
