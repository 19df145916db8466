/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The patterns behind the element model of schema.h. Only for schema/. */
#ifndef HVPROBE_SCHEMA_PRIVATE_H
#define HVPROBE_SCHEMA_PRIVATE_H

#include "schema/schema.h"

#include <libxml/tree.h>

enum pattern_kind {
    PATTERN_ELEMENT,      /* name; items[0]: its content */
    PATTERN_ATTRIBUTE,    /* name; items[0]: its value */
    PATTERN_GROUP,        /* items, one after the other */
    PATTERN_INTERLEAVE,   /* items in any order */
    PATTERN_CHOICE,       /* one of items */
    PATTERN_OPTIONAL,     /* items[0] */
    PATTERN_ZERO_OR_MORE, /* items[0] */
    PATTERN_ONE_OR_MORE,  /* items[0] */
    PATTERN_REF,          /* name; target */
    PATTERN_TEXT,         /* any text */
    PATTERN_DATA,         /* type, params, items: exceptions */
    PATTERN_VALUE,        /* type, name: the value */
    PATTERN_LIST,         /* items[0] for words */
    PATTERN_EMPTY,
    PATTERN_NOT_ALLOWED,
    PATTERN_UNSUPPORTED, /* name: why; an error only where it can be reached */
};

struct schema_param {
    const char *name;
    const char *value;
};

struct define;
struct pattern {
    enum pattern_kind kind;
    const char *name;
    const char *prefix, *namespace; /* of an element pattern in a namespace; NULL: it is in none */
    const char *type;
    struct vec items;  /* of struct pattern */
    struct vec params; /* of struct schema_param */
    struct define *target;
    bool whole;                     /* of an element pattern: see schema_element */
    const char *tells;              /* the same */
    bool filled, hidden;            /* of an attribute pattern: see schema_attribute */
    struct vec sorts;               /* of an element pattern, of struct schema_sort */
    bool fits_empty;                /* of a data pattern without exceptions: the empty text fits */
    struct schema_element *element; /* of an element pattern: its model, once made */
    unsigned line;
};
struct define {
    const char *name;
    const char *combine;     /* NULL: not said yet */
    struct pattern *pattern; /* NULL: only referred to so far */
    const char *file;        /* where it was first referred to; NULL: it was unpacked */
    unsigned line;
    bool busy; /* is being expanded: a reference to it would never end */
};

/* The public element comes first, so that a pointer to it is a pointer to this. */
struct element_model {
    struct schema_element element;
    struct pattern *content;
    struct pattern **values; /* of its attributes, in their order */
};

/*
 * The XML of a schema (RELAX NG, in its XML syntax), in which the files that it includes stand in their places: regular
 * files beside it and below (or, as schema_place says, of its directory of schemas), by plain relative paths, bounded
 * in size and number. Nothing else is opened. NULL after a message in *ret_error, which shows nothing of a file that is
 * no schema. It lives as long as the arena.
 */
const xmlDoc *schema_read_document(struct arena *arena, const char *path, bool *ret_several, const char **ret_error);
/* Does it stand for so little that it can be worked on, once all references are followed? false after *ret_error. */
bool schema_fits(struct arena *arena, const xmlDoc *xml, const char *path, const char **ret_error);
/* The file that a node of it, or of a copy, is from. */
const char *schema_file(const xmlNode *node, const char *path);
/* The pattern of <start>. NULL after a message in *ret_error. ret_newer: of struct schema_newer, empty with a store. */
struct pattern *schema_read_patterns(struct arena *arena, const char *path, struct store *store, struct vec *ret_newer,
                                     const char **ret_error);
/* Patterns as bytes and back, with all that they refer to. NULL when the bytes are not those of schema_pack. */
void schema_pack(struct buf *out, const struct pattern *start);
struct pattern *schema_unpack(struct arena *arena, const char *data, size_t length);
/* Only what the root tells of all rules, which is asked more often than the rest. */
const char *schema_unpack_tells(const char *data, size_t length);
struct pattern *schema_pattern_new(struct arena *arena, enum pattern_kind kind, unsigned line);

static inline const struct element_model *element_model(const struct schema_element *element)
{
    return (const struct element_model *)element;
}

/* libxml2 sets up its data types on first use, which only one thread may do: to be called before any of them is asked
 * for. */
void schema_prepare_types(void);
/* Does a text fit a value pattern (text, data, value, list and choices of them)? */
bool schema_value_fits(const struct pattern *pattern, const char *text);
/* What fits, in words: "one of: a, b", "positiveInteger". NULL: anything. */
const char *schema_value_expected(struct arena *arena, const struct pattern *pattern);
/* Has a node all children, attributes and text that its pattern asks for? Order, number and values are not looked at.
 */
bool schema_satisfied(const struct schema_element *element, const xmlNode *node);
/* What it lacks, one text each: "domain", "@id", "text", "cpu or model". */
struct vec schema_lacking(struct arena *arena, const struct schema_element *element, const xmlNode *node);
/* What it lacks of optional parts of which it has something. */
struct vec schema_half_done(struct arena *arena, const struct schema_element *element, const xmlNode *node);
/* "a, b, c" */
const char *schema_join(struct arena *arena, const struct vec *texts, const char *separator);

/* The names of children and of attributes of an element. */
struct vec schema_child_names(struct arena *arena, const struct schema_element *element);
struct vec schema_attribute_names(struct arena *arena, const struct schema_element *element);

/* An element without namespace of that name, from node on; NULL: none. name NULL: any. */
bool element_is(const xmlNode *node,
                const char *name); /* of that name, or any with NULL, and no remark of another namespace */
xmlNode *element_from(xmlNode *node, const char *name);
xmlNode *element_child(const xmlNode *parent, const char *name);

#endif
