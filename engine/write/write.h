/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writers: documents as XML, JSON, YAML; views as tables; explanations. All write to a buffer; none prints. */
#ifndef HVPROBE_WRITE_WRITE_H
#define HVPROBE_WRITE_WRITE_H

#include "document/document.h"
#include "rules/load.h"

struct writer_options {
    bool colour;
    bool terminal; /* a person sees it, and it has a width */
};

/* Document formats: one row each in registry.c; name is the word after --format. */
struct format_kind {
    const char *name;
    const char *help;
    /* NULL, or why it could not be written: a library is missing. */
    const char *(*write)(struct buf *out, const xmlDoc *xml, const struct schema *schema);
};
extern const struct format_kind format_kinds[]; /* ended by a NULL name */

/* The classic layout: attributes in single quotes, two spaces, blank lines between the children of the root. */
const char *write_xml(struct buf *out, const xmlDoc *xml, const struct schema *schema);
/* Elements become objects, repeatable ones (by the schema) lists, integer types numbers, empty elements true. */
const char *write_json(struct buf *out, const xmlDoc *xml, const struct schema *schema);
const char *write_yaml(struct buf *out, const xmlDoc *xml, const struct schema *schema);

/* A view: schemas/views/NAME.yaml, a table over a document. */
struct view_column {
    const char *name; /* heading: OS_TYPE */
    const char *help;
    const char *xpath;     /* relative to the row */
    const char *otherwise; /* the same, for rows where xpath gives nothing; NULL: none */
    bool hidden;           /* tables and lines show it only with --columns */
    bool number;
    bool upper; /* in capital letters */
    bool list;  /* several values, which are separated by newlines in a cell */
};
struct view_filter {
    const char *option;   /* long option without -- */
    const char *argument; /* NULL: a switch; else its name in help */
    const char *help;
    const char *where; /* XPath condition on the row, $value is the argument; several values of one option: any */
    const char *group; /* of options of one group a row needs to pass any, too; NULL: of none */
};
struct view {
    const char *name;
    const char *document;
    const char *summary;
    const char *rows;    /* XPath */
    const char *format;  /* NULL: "table" */
    const char *colours; /* "TEXT=COLOUR ...": cells with one of these texts, where colour is on; NULL: none */
    struct view_column *columns;
    size_t column_count;
    struct view_filter *filters;
    size_t filter_count;
};
/* NULL after diagnostics or *ret_error. */
const struct view *view_load(struct arena *arena, const char *const *schema_directories, const char *name,
                             struct diagnostics *diagnostics, const char **ret_error);

/* A table of texts: rows of columns, NULL is an empty cell. */
struct grid {
    const struct view_column *columns; /* shown ones, in order */
    size_t column_count;
    struct vec rows;     /* of const char *[column_count] */
    const char *colours; /* as in a view */
};
struct filter_value {
    const char *option;
    const char *value; /* NULL for a switch */
};
/* columns: names to show, comma-separated, NULL for the default, "*" for all. false after *ret_error (unknown column,
 * nearest name). */
bool view_grid(struct arena *arena, const struct view *view, const xmlDoc *xml, const struct filter_value *filters,
               size_t filter_count, const char *columns, struct grid *ret_grid, const char **ret_error);
/* libsmartcols, loaded on use; without it aligned columns of our own. lines: cells separated by tabs, no heading. */
const char *write_table(struct buf *out, const struct grid *grid, const struct writer_options *options);
const char *write_grid_json(struct buf *out, const struct grid *grid,
                            const struct writer_options *options); /* a list of objects, keys in lower case */
const char *write_grid_yaml(struct buf *out, const struct grid *grid, const struct writer_options *options);
const char *write_grid_lines(struct buf *out, const struct grid *grid, const struct writer_options *options);

/* The formats of a grid: table, lines, json, yaml; one row each. */
struct grid_format {
    const char *name;
    bool data; /* for programs: hidden columns too */
    const char *(*write)(struct buf *out, const struct grid *grid, const struct writer_options *options);
};
extern const struct grid_format grid_formats[]; /* ended by a NULL name */

/* explain: one rule, or (rule NULL) all of them in short; after the documents were built with trace. */
void write_explanation(struct buf *out, struct run *run, const struct document *document, const struct rule *rule,
                       const struct writer_options *options);
/* explain XPATH: where the nodes come from. false after *ret_error. */
bool write_node_explanation(struct buf *out, struct run *run, const struct document *document, const char *xpath,
                            const struct writer_options *options, const char **ret_error);

#endif
