/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Extension points: what a source, an extract and a filter are to the loader.
 *
 * Rows of these tables are defined in probe/ and facts/, one constant each, and listed in one registry each
 * (probe/registry.c, facts/filters.c).  The loader, lint, help, the JSON Schema and the reference read the same rows,
 * through struct vocabulary.
 */
#ifndef HVPROBE_RULES_KINDS_H
#define HVPROBE_RULES_KINDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum verdict { VERDICT_NO, VERDICT_YES, VERDICT_UNKNOWN };
const char *verdict_name(enum verdict verdict); /* "no" "yes" "unknown" */

/* How long a program may take, in seconds: when a rule does not say, and at most. */
enum { PROGRAM_SECONDS = 10, PROGRAM_SECONDS_MAX = 3600 };

enum field_type {
    FIELD_TEMPLATE,   /* text with ${...} */
    FIELD_TEMPLATES,  /* a list of them (one alone is a list of one) */
    FIELD_TEXT,       /* literal text, one of choices if there are any */
    FIELD_NAMES,      /* a list of literal texts */
    FIELD_REGEX,      /* compiled at load; REGEX_BINARY with FIELD_BINARY */
    FIELD_FLAG,       /* yes or no */
    FIELD_NUMBER,     /* a whole number, decimal or 0x */
    FIELD_ROWS,       /* a list of mappings of templates */
    FIELD_FACTS,      /* a fact or a list of facts */
    FIELD_PATH_TABLE, /* the name of a path table */
    FIELD_OFFSETS,    /* a mapping from names to whole numbers from 0 on */
    FIELD_MAPPING,    /* a mapping with the fields in sub; its values follow in order in the field's own values */
};

enum field_flags {
    FIELD_REQUIRED = 1,
    FIELD_COLUMNS = 2, /* its names, keys or named groups become columns */
    FIELD_BINARY = 4,
    FIELD_ABSOLUTE = 8,   /* it, or the first of its list, is an absolute path */
    FIELD_XPATH = 16,     /* it is XPath */
    FIELD_WHOLE = 32,     /* it is a number from 0 on, once templates are known */
    FIELD_RANGE = 64,     /* it is A-B, two such numbers, or one alone */
    FIELD_DOCUMENT = 128, /* it is the name of a document */
    FIELD_SOME = 256,     /* it is not empty */
};

struct field {
    const char *key;
    enum field_type type;
    unsigned flags;
    const char *const *choices; /* NULL-terminated, or NULL for any */
    const char *help;           /* one line for the reference */
    const struct field *sub;    /* FIELD_MAPPING: ended by a NULL key */
};

struct probe; /* probe/probe.h */
struct item;  /* probe/probe.h */

enum source_flags {
    SOURCE_EXTRACT = 1,        /* an extract may follow */
    SOURCE_FROM_ROWS = 2,      /* rows of other facts: done by facts/, eval is NULL */
    SOURCE_OPEN_COLUMNS = 4,   /* may have columns that are not known at load */
    SOURCE_NEEDS_PATH = 8,     /* no rows where nothing is at the path in its main field, or at any of the table's */
    SOURCE_PATTERN = 16,       /* that path may be a pattern */
    EXTRACT_TRAVELS = 32,      /* of an extract: a snapshot has its rows in place of the file */
    SOURCE_CONTENT = 64,       /* an extract works on what is in the file at that path, not on the path */
    SOURCE_TARGET = 128,       /* column text is where that path leads to */
    SOURCE_UNAME = 256,        /* its columns are what uname(1) says under their names */
    SOURCE_UNKNOWN_ROWS = 512, /* of rows of other facts: those that may be there or not */
};

struct source_kind {
    const char *name; /* the key that names it in a rule: equals fields[0].key */
    const char *help;
    const struct field *fields; /* [0] is the main one; ended by a NULL key */
    const char *const *columns; /* fixed columns, NULL-terminated */
    unsigned flags;
    /* Adds items to the probe; VERDICT_NO and UNKNOWN with probe->reason. Arguments are in probe->arguments, in order
     * of fields. */
    enum verdict (*eval)(struct probe *probe);
};

struct extract_kind {
    const char *name;
    const char *help;
    const struct field *fields;
    const char *const *columns;
    unsigned flags; /* SOURCE_OPEN_COLUMNS, EXTRACT_TRAVELS */
    /* Adds rows found in one item. Arguments are in probe->extract_arguments. */
    enum verdict (*eval)(struct probe *probe, const struct item *item);
};

enum filter_argument { FILTER_NO_ARGUMENT, FILTER_TEXT, FILTER_NUMBER, FILTER_TABLE, FILTER_NAME };

/* What may come of a path, for those who follow paths without a host. */
enum filter_effect {
    FILTER_MAKES,     /* anything */
    FILTER_KEEPS,     /* the same, or the argument */
    FILTER_BASE,      /* its last part */
    FILTER_DIRECTORY, /* all but that */
};

struct filter_call; /* facts/filters.h */

struct filter_kind {
    const char *name;
    enum filter_argument argument;
    const char *help;
    /* Changes the values of the call in place. */
    void (*apply)(struct filter_call *call);
    enum filter_effect effect;
};

/* A name that every rule can use. */
struct builtin_kind {
    const char *name; /* "host.arch"; "param." stands for any param.NAME */
    const char *help;
};

/* What the loader knows of the stages after it. All arrays are NULL-terminated (filters, builtins: ended by a NULL
 * name). */
struct vocabulary {
    const struct source_kind *const *sources;
    const struct extract_kind *const *extracts;
    const struct filter_kind *filters;
    const struct builtin_kind *builtins;
};

#endif
