/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writers: documents as XML, JSON, YAML; views as tables; explanations. All write to a buffer; none prints. */
#ifndef HVPROBE_WRITE_WRITE_H
#define HVPROBE_WRITE_WRITE_H

#include "base/json.h"
#include "document/document.h"
#include "rules/load.h"

struct writer_options {
    bool colour;
    bool all;     /* explanations: nothing is cut */
    size_t width; /* columns of the terminal that it is for; 0: it is for none, and nothing is wrapped */
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
/* A text as XML and HTML have it between tags; attribute: between single quotes. */
void write_escaped(struct buf *out, const char *text, bool attribute);
/* Elements become objects, repeatable ones (by the schema) lists, integer types numbers, empty elements true. */
const char *write_json(struct buf *out, const xmlDoc *xml, const struct schema *schema);
const char *write_yaml(struct buf *out, const xmlDoc *xml, const struct schema *schema);
/* The same JSON as a value of a larger one. */
void json_document(struct json_writer *json, const xmlDoc *xml, const struct schema *schema);

/* A view: schemas/views/NAME.yaml, a table over a document, and the command that prints it. */
struct view_column {
    const char *name; /* heading: OS_TYPE */
    const char *help;
    const char *xpath;     /* relative to the row */
    const char *otherwise; /* the same, for rows where xpath gives nothing; NULL: none */
    bool hidden;           /* tables and lines show it only with --columns */
    bool number;
    bool upper;    /* in capital letters */
    bool optional; /* a last column that is left out where no row has it */
    bool path;     /* a narrow terminal may break it behind a slash or dot */
    bool across;   /* its name is $name in xpath: one of those of across */
    bool list;     /* several values, which are separated by newlines in a cell */
};
struct view_filter {
    const char *option;   /* long option without -- */
    const char *argument; /* NULL: a switch; else its name in help */
    const char *help;
    const char *where;     /* XPath condition on the row, $value is the argument; several values of one option: any */
    const char *parameter; /* in place of where: the parameter of the rules that it gives; NULL: of none */
    const char *from;      /* where its possible arguments come from, as session_values has it; NULL: nobody knows */
    const char *group;     /* of options of one group a row needs to pass any, too; NULL: of none */
    const char *type;      /* "number": else the command refuses the value; NULL: text */
    struct vec values;     /* of char: the only ones that it takes; none: any */
};
/* A word behind the command. */
struct view_argument {
    const char *name; /* in help: RULE */
    const char *help;
    const char *where; /* as of a filter; NULL: no condition on rows */
    bool rules;        /* an id of a rule: only such rules are asked */
    bool repeat;       /* the last one: any number of words */
};
/* What -D takes, of the rules behind the view. */
struct view_parameter {
    const char *name;
    const char *help;             /* after "-D NAME= takes" */
    const char *match;            /* regular expression for all of a value beside values; NULL: there is no other */
    struct vec values;            /* of char; with neither of these any */
    const char *document, *xpath; /* values that this host has, asked for when one is given; NULL: none */
};
/* A text form: the format NAME, a template a line. */
struct view_form {
    const char *name;
    const char *help;
    struct vec with; /* of struct view_column: more columns for its templates */
    struct template **head;
    size_t head_count;
    struct template **lines; /* of each row; those with an unset name are left out */
    size_t line_count;
};
/* An option with which the view's document is one of many, all in one. */
struct view_collect {
    const char *option;
    const char *help;
    const char *document; /* a document; the attributes of its rows are parameters */
    const char *rows;     /* XPath */
    const char *into;     /* the document that they are put into: an element without anything of its own */
};
struct view {
    const char *name;
    const char *path; /* of its file */
    const char *document;
    const char *help;            /* one line; NULL: none */
    const char *command;         /* the name of its command; NULL: 'show' prints it */
    const char *rows;            /* XPath; NULL: it has no table, only the document */
    const char *format;          /* what is printed unless --format says otherwise */
    const char *colours;         /* "TEXT=COLOUR ...": cells with one of these texts, where colour is on; NULL: none */
    bool compat;                 /* of its document there are generations: --compat */
    const char *fails;           /* XPath: where it holds the answer is no; NULL: never */
    const char *reason_document; /* then its reason_xpath is said in place of this one; NULL: this one is printed */
    const char *reason_xpath;
    const char *across_names; /* XPath: more columns, of the texts of these nodes; NULL: none */
    const char *across_xpath; /* their cells, from the row; $name is the column's */
    const char *instead;      /* an option with which another view is shown in place of this; NULL: none */
    const char *instead_help, *instead_view;
    const char *empty;          /* what is said where there are no rows; NULL: nothing */
    const char *notes_document; /* its notes_xpath is said beside this one; NULL: nothing */
    const char *notes_xpath;
    const struct view_collect *collect; /* NULL: none */
    struct view_column *columns;
    size_t column_count;
    struct view_filter *filters;
    size_t filter_count;
    struct view_argument *arguments;
    size_t argument_count;
    struct view_parameter *parameters;
    size_t parameter_count;
    struct view_form *forms;
    size_t form_count;
};
/* NULL after diagnostics, or (also when there is no such) after *ret_error. */
const struct view *view_load(struct arena *arena, const char *const *schema_directories, const char *name,
                             struct diagnostics *diagnostics, const char **ret_error);
/* Is a view's document one whose answer is no? false after *ret_error. */
bool view_fails(struct arena *arena, const struct view *view, const struct document *document, bool *ret_fails,
                const char **ret_error);
/* Everything that is wrong with a view file, its XPath too. */
void view_lint(struct arena *arena, const char *path, struct diagnostics *diagnostics);
bool view_exists(struct arena *arena, const char *const *schema_directories, const char *name);
/* Their names, strongest directory first; a negative errno of a directory that is there and cannot be read. */
int view_names(struct arena *arena, const char *const *schema_directories, struct vec *ret_names);
const struct view_form *view_form(const struct view *view, const char *name); /* NULL: none of that name */
/* The keys of a view file, as a JSON Schema and as tables in Markdown. */
void view_json_schema(struct buf *out);
void view_reference(struct buf *out);

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
/* What is wrong with such a list of columns; NULL: nothing. */
const char *view_wrong_column(struct arena *arena, const struct view *view, const char *names);
/* Writes a view in one of its own forms. run: whose built-in names the templates may use. */
bool view_write_form(struct buf *out, struct run *run, const struct view *view, const struct view_form *form,
                     const xmlDoc *xml, const struct filter_value *filters, size_t filter_count,
                     const char **ret_error);
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
/* Lines, those that are too wide in several, as far indented and some more; width 0: as they are. */
void write_lines_wrapped(struct buf *out, const char *text, size_t width);
/* explain XPATH: where the nodes come from. false after *ret_error. */
bool write_node_explanation(struct buf *out, struct run *run, const struct document *document, const char *xpath,
                            const struct writer_options *options, const char **ret_error);

#endif
