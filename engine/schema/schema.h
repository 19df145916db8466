/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What emit and the writers need to know of a RELAX NG schema: which children an element may have, in which order, how
 * often.
 *
 * Read from the XML syntax of RELAX NG (OASIS, 2001): element attribute group interleave choice optional zeroOrMore
 * oneOrMore ref mixed text data value list empty grammar start define (with combine) notAllowed; no include,
 * externalRef or anyName children. Of the namespace urn:hvprobe:schema an element pattern may carry whole="yes",
 * <sort/> children and, the outermost, tells="checks", an attribute pattern fill="driver" and hidden="yes", and a
 * grammar <newer/> children. Immutable after loading; owned by its arena.
 */
#ifndef HVPROBE_SCHEMA_SCHEMA_H
#define HVPROBE_SCHEMA_SCHEMA_H

#include "base/store.h"

struct schema_element;

struct schema_child {
    const char *name;
    const struct schema_element *element;
    bool many;     /* may occur more than once */
    bool required; /* in every valid parent */
};
struct schema_attribute {
    const char *name;
    bool required;
    bool number; /* of an integer data type */
    bool filled; /* with the driver of the rule that makes the element, unless the rule says otherwise */
    bool hidden; /* XML has no place for it: for views and data formats only */
};
/*
 * A key by which elements of one name stand among each other: the text of what path names, of several the best; ranks
 * are words apart, and values of one rank have a '|' in between: "a|b c" is a or b, then c, then all others.
 */
struct schema_sort {
    const char *path;  /* of names alone, from the element on */
    const char *same;  /* such a path from the root on: what equals its text comes first; NULL: none */
    const char *first; /* ranks that come first; NULL: none */
    const char *last;  /* ranks that come after all others; NULL: none */
};
struct schema_element {
    const char *name;
    const char *prefix, *namespace; /* NULL: it is in none */
    struct schema_child *children;  /* in document order */
    size_t child_count;
    struct schema_attribute *attributes;
    size_t attribute_count;
    bool text;          /* may have text */
    bool text_required; /* cannot be valid without text */
    bool number;        /* its text is an integer data type */
    bool whole;         /* marked so in the schema: what in it is incomplete is left out, and it itself if need be */
    bool hides;         /* some attribute is hidden */
    struct vec sorts;   /* of struct schema_sort, the most significant first */
    const struct schema_attribute *filled; /* its attribute that is filled; NULL: none */
    const char
        *tells; /* of a document's root: what the engine puts there of all rules, as document.c has it; or NULL */
    unsigned line;
};
/* What a generation of readers did not know yet although its schema allows it. */
struct schema_newer {
    const char *document; /* its name */
    const char *path;     /* XPath of the nodes */
    const char *reason;
};
struct schema {
    struct arena *arena;
    struct vec newer; /* of struct schema_newer; only where the schema was read without a store */
    const char *path;
    const struct schema_element *root;
};

/* NULL after a message in *ret_error (arena). store (may be NULL) keeps what was read between runs. */
struct schema *schema_load(const char *path, struct arena *arena, struct store *store, const char **ret_error);
const struct schema_child *schema_child(const struct schema_element *parent, const char *name,
                                        size_t *ret_position); /* NULL: none */
const struct schema_attribute *schema_attribute(const struct schema_element *element, const char *name);

/* In the path of a schema: what is before it is a directory of schemas, all of which the schema may include. */
#define SCHEMA_FOLDER_END "/./"
/* The path of a schema file with that mark, when it lies in a folder of one of the directories; else the path itself.
 */
const char *schema_place(struct arena *arena, const char *const *directories, const char *path);
/* The directories with schemas, strongest first; finds NAME.rng. */
const char *schema_find(struct arena *arena, const char *const *directories, const char *name);
/* What the schema of a document there has in its root's tells; NULL: nothing, or there is no such schema. */
const char *schema_tells(struct arena *arena, const char *const *directories, const char *name, struct store *store);
/* The names of all schemas there that begin with prefix. */
struct vec schema_names(struct arena *arena, const char *const *directories, const char *prefix);

#endif
