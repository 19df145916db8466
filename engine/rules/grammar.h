/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The grammar of rule files as data: shapes, and one walker that checks a tree against them. Only for rules/.
 */
#ifndef HVPROBE_RULES_GRAMMAR_H
#define HVPROBE_RULES_GRAMMAR_H

#include "rules/draft.h"

struct checker {
    const struct vocabulary *vocabulary;
    struct diagnostics *diagnostics;
    size_t error_limit; /* as many errors in all, and the rest of the file is not looked at */
};

enum accept { ACCEPT_TEXT = 1, ACCEPT_LIST = 2, ACCEPT_MAPPING = 4, ACCEPT_NOTHING = 8 };

/* A node and how to speak of it. */
struct place {
    const struct yaml_node *node;
    const struct yaml_node *key; /* whose value it is, or in whose list it is; NULL: the whole file */
    bool item;                   /* it is in the list */
};

struct key;

struct shape {
    unsigned accepts;
    const struct key *keys;     /* of a mapping, ended by a NULL name; NULL: none */
    const struct shape *others; /* the value of any other key; NULL: there are no others */
    const struct shape *items;  /* of a list */
    const char *text;           /* what a text should be, for messages: "yes or no"; NULL: text */
    const char *const *choices; /* of a text, NULL-terminated; NULL: any */
    void (*check_key)(struct checker *checker, const struct yaml_node *key); /* other keys; NULL: any */
    void (*check)(struct checker *checker, const struct place *place);       /* when all else holds; NULL: nothing */
    /* What the JSON Schema says of it beyond that. */
    const char *name;         /* of its definition there, where it is used often or holds itself */
    const char *types;        /* JSON types of a text; NULL: string, number or boolean, as YAML reads them */
    const char *pattern;      /* of a text */
    const char *keys_pattern; /* of the other keys */
    bool template;            /* a text in it is a template */
    const char *rest;         /* members of a schema, for what check does; NULL: nothing */
};

/* Regular expressions for struct shape. */
#define NAME_PATTERN   "^[A-Za-z_][A-Za-z0-9_-]*$"
#define FLAG_PATTERN   "^([Yy][Ee][Ss]|[Nn][Oo]|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|[Oo][Nn]|[Oo][Ff][Ff])$"
#define YES_PATTERN    "^([Yy][Ee][Ss]|[Tt][Rr][Uu][Ee]|[Oo][Nn])$"
#define NUMBER_PATTERN "^[ \\t]*-?(0[xX][0-9a-fA-F]+|[0-9]+)[ \\t]*$"

struct key {
    const char *name;
    const struct shape *shape;
    bool required;
    const char *help; /* one line for the reference and for editors */
};

/* The keys of one kind of mapping, for the reference. */
struct key_group {
    const char *title;
    const struct key *keys;
};
extern const struct key_group key_groups[]; /* ended by a NULL title */
extern const struct key modifier_keys[];    /* of a fact, beside those of its source and extract; grammar_fact.c */

extern const struct shape shape_rule, shape_text, shape_template, shape_condition, shape_fact, shape_drop_part;
/* The shape of a field of a source or extract; main: it is the first, which names the kind. */
const struct shape *field_shape(struct arena *arena, const struct field *field, bool main);

void check_shape(struct checker *checker, const struct shape *shape, const struct place *place);
/* "'match'", "an item of 'checks'": for messages. */
const char *place_label(const struct checker *checker, const struct place *place);
const struct key *key_find(const struct key *keys, const char *name); /* NULL: no such */
/* The nearest of the names that are known in some place, or all of them: for hints. */
const char *known_names(struct diagnostics *diagnostics, const char *name, const struct vec *names);
/* Is one of the mapping's keys that are not in keys so near to name that it is meant? */
bool key_misspelt(const struct yaml_node *mapping, const struct key *keys, const char *name);

/* Checks for struct shape. */
void check_name(struct checker *checker, const struct place *place);
void check_key_name(struct checker *checker, const struct yaml_node *key);
void check_flag(struct checker *checker, const struct place *place);
void check_number(struct checker *checker, const struct place *place);
void check_fact(struct checker *checker, const struct place *place); /* grammar_fact.c */

#endif
