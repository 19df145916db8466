/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files that people write, as tables of keys: one walker checks a tree against them and fills objects from it; the JSON
 * Schema (keys_schema.h) and the reference (keys_reference) come from the same rows.
 */
#ifndef HVPROBE_BASE_KEYS_H
#define HVPROBE_BASE_KEYS_H

#include "base/yaml.h"

/* One walk through one file. */
struct checker {
    struct diagnostics *diagnostics;
    size_t error_limit;      /* as many errors in all, and the rest of the file is not looked at */
    const char *whole;       /* the file in messages: "a rule file" */
    const char *quote;       /* around keys in messages: "'", or "" */
    enum diagnostic_id only; /* the id of every message; DIAG_MAX: each kind of problem has its own */
    const void *context;     /* for the functions of shapes */
};

/* What a node may be. ACCEPT_EMPTY: a list or mapping with nothing in it is meant so. */
enum accept { ACCEPT_TEXT = 1, ACCEPT_LIST = 2, ACCEPT_MAPPING = 4, ACCEPT_NOTHING = 8, ACCEPT_EMPTY = 16 };

/* A node and how to speak of it. */
struct place {
    const struct yaml_node *node;
    const struct yaml_node *key; /* whose value it is, or in whose list it is; NULL: the whole file */
    bool item;                   /* it is in the list */
    void *target;                /* what it fills; NULL: it is only checked */
};

struct key;
struct schema_writer; /* keys_schema.h */

/*
 * What a value has to be, and what it fills. The target of a text is a const char *, or what parse says; that of a list
 * a struct vec, of texts or of objects; that of a mapping an object, of which keys fill members, or where others have a
 * size a struct vec of objects.
 */
struct shape {
    unsigned accepts;
    const struct key *keys;     /* of a mapping, ended by a NULL name; NULL: none */
    const struct shape *others; /* the value of any other key; NULL: there are no others */
    const struct shape *items;  /* of a list */
    size_t size;                /* of the object that an item or other key makes; 0: it makes none */
    const char *words;          /* what it should be, for messages: "a list of drivers"; NULL: by what it accepts */
    const char *text;           /* what a text should be: "yes or no"; NULL: text */
    const char *hint;           /* beside that; NULL: none */
    const char *const *choices; /* of a text, NULL-terminated; NULL: any */
    int64_t least, most;        /* of a number, where most is not 0 */
    const char *unit;           /* of that number: "seconds"; NULL: none */
    /* Reads a text; false: it is not such a text. NULL: the text as it is. */
    bool (*parse)(const struct yaml_node *node, void *target);
    void (*check_key)(struct checker *checker, const struct yaml_node *key); /* other keys; NULL: any */
    void (*check)(struct checker *checker, const struct place *place);       /* of what is of the right type */
    void (*take)(struct checker *checker, const struct place *place); /* of what is right, when it has a target */
    /* What the JSON Schema says of it beyond that. */
    const char *name;         /* of its definition there, where it is used often or holds itself */
    const char *types;        /* JSON types of a text; NULL: string, number or boolean, as YAML reads them */
    const char *pattern;      /* of a text */
    const char *keys_pattern; /* of the other keys */
    bool template;            /* a text in it is a template */
    const char *rest;         /* members of a schema, for what functions do; NULL: nothing */
    void (*write_schema)(struct schema_writer *writer); /* all of it, by a function; NULL: by the rest of this */
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
    size_t fills;     /* FILLS what in the mapping's object; 0: nothing */
};
#define FILLS(type, member) (offsetof(type, member) + 1)
#define FILLS_OBJECT        1 /* the object as such */

/* The keys of one kind of mapping, for the reference. */
struct key_group {
    const char *title;
    const struct key *keys;
};

extern const struct shape shape_text, shape_texts, shape_name, shape_flag, shape_anything; /* flag: a bool */

/* Checks a tree, and fills object (may be NULL) with what is right in it. false after diagnostics. */
bool keys_read(struct checker *checker, const struct shape *shape, const struct yaml_node *tree, void *object);
/* keys_file.c: the same of a list that comes with the program. Its tree, or NULL after "PATH:LINE: what is wrong" in
 * *ret_error; all of it lives in the arena. */
const struct yaml_node *keys_read_file(struct arena *arena, const char *path, const struct shape *shape, void *object,
                                       const char **ret_error);
void check_shape(struct checker *checker, const struct shape *shape, const struct place *place);

/* For the functions of shapes. */
void problem(struct checker *checker, enum diagnostic_id id, struct mark at, const char *hint, const char *format, ...)
    PRINTF(5, 6);
/* "'match'", "an item of 'checks'": for messages. */
const char *place_label(const struct checker *checker, const struct place *place);
const struct key *key_find(const struct key *keys, const char *name); /* NULL: no such */
/* The nearest of the names that are known in some place, or all of them: for hints. */
const char *known_names(struct diagnostics *diagnostics, const char *name, const struct vec *names);
/* Is one of the mapping's keys that are not in keys so near to name that it is meant? */
bool key_misspelt(const struct yaml_node *mapping, const struct key *keys, const char *name);
bool name_is_valid(struct checker *checker, const struct yaml_node *node); /* false after a message */
void check_name(struct checker *checker, const struct place *place);
void check_key_name(struct checker *checker, const struct yaml_node *key);
bool parse_flag(const struct yaml_node *node, void *target);   /* a bool */
bool parse_number(const struct yaml_node *node, void *target); /* an int64_t */

/* Tables of keys in Markdown; groups end with a NULL title. */
void keys_reference(struct buf *out, const struct key_group *groups);
/* A cell of such a table. */
void add_cell(struct buf *out, const char *text);

#endif
