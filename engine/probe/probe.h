/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One observation: a source looks at the root, an extract finds rows in what it gave.
 *
 * facts/ expands templates and calls these; a source or extract is one file here and one row in registry.c.
 */
#ifndef HVPROBE_PROBE_PROBE_H
#define HVPROBE_PROBE_PROBE_H

#include "root/root.h"
#include "rules/rule.h"

struct column {
    const char *name;
    const char *value;
};

/* A row of a fact. */
struct row {
    const struct fact *fact;
    const struct row *parents[2]; /* the row of the loop, the row of from: ; NULL: none */
    const struct row *inherited;  /* whose columns this row has too; it changes no more. NULL: none */
    struct column *columns;       /* its own, which hide those of their name. No value: it does not have that one */
    const char *path;             /* where it was found, NULL: not in a file */
    uint32_t number;              /* position in its table once that is complete */
    uint32_t count;
    uint32_t capacity;
    unsigned line; /* 0: not known */
};

const char *row_get(const struct row *row, const char *column); /* NULL: unset */
bool row_hides(const struct row *row, const char *column);      /* unset although it inherits a value */
/* Replaces; neither text is copied. */
void row_set(struct arena *arena, struct row *row, const char *column, const char *value);
/* Makes a column unset, also one that was inherited. */
void row_unset(struct arena *arena, struct row *row, const char *column);
/* Makes room for that many more columns. */
void row_reserve(struct arena *arena, struct row *row, size_t more);
/* A new row with the columns of another (NULL: none). */
struct row *row_new(struct arena *arena, const struct row *copy);
/* All columns that a row has, inherited ones first. */
size_t row_columns(struct arena *arena, const struct row *row, struct column **ret_columns);
/* The value of the only column; NULL: there are more, or none. */
const char *row_only(const struct row *row);

/* An argument after expanding templates, in the order of the kind's fields. */
struct argument {
    bool given;
    struct mark at;
    const char *text;   /* FIELD_TEMPLATE, FIELD_TEXT */
    const char **texts; /* FIELD_TEMPLATES, FIELD_NAMES, FIELD_OFFSETS, and FIELD_PATH_TABLE: the candidates in order */
    const int64_t *numbers; /* FIELD_OFFSETS: of each of texts */
    size_t count;
    const struct regex *regex;
    bool flag;
    int64_t number;
    struct column **rows;       /* FIELD_ROWS: count arrays, each ended by a NULL name; unset columns are left out */
    const char *unknown;        /* why one of the rows or candidates is not known, NULL: all are */
    const struct argument *sub; /* FIELD_MAPPING */
};

/* What an extract works on. */
struct item {
    struct row *row;
    const char *text; /* NULL: the content of the file at path, read on demand */
    size_t length;
    const char *path;  /* NULL: not a file */
    const char *lines; /* by which lines of the file are read (text_blank_lines); NULL: all */
};

struct probe_limits {
    size_t rows; /* that one fact may still get */
    size_t read; /* bytes of one file */
};

/*
 * What one fact may take: rows looked at, and memory. Rules may be hostile, and what one of them takes, the others of
 * the run do not have. The largest honest hosts (8192 processors) stay below a tenth.
 */
enum { FACT_ROWS = 100000, FACT_STEPS = 5 * 1000 * 1000, FACT_MIB = 128 };

/* Something noted for explain: what was looked at and what came of it. */
struct observation {
    const char *path;
    const char *text;
};

struct programs; /* program.c */

struct probe {
    struct root *root;
    struct arena *arena;
    const struct fact *fact;
    const struct row *loop_row;       /* NULL: none */
    const struct argument *arguments; /* of the source */
    const struct argument *extract_arguments;
    bool exec_allowed;
    unsigned timeout;
    struct probe_limits limits;
    struct vec items;    /* of struct item: filled by the source */
    struct vec rows;     /* of struct row: filled by the extract; without one facts/ takes the items' rows */
    const char *reason;  /* why no or unknown */
    size_t steps;        /* taken so far */
    ptrdiff_t held;      /* memory that there was before, and what other facts took meanwhile */
    const char *stopped; /* why it goes no further; NULL: it does */
    bool trace;
    struct vec observations;      /* of struct observation, with trace */
    struct diagnostics *refusals; /* HV034 at fact->at; NULL: not wanted */
    /* Nodes of another document of the run: facts/ passes what document/ installed; NULL when there is none. derived:
     * the expression begins with what is not written in the rule, such as ${node}. */
    enum verdict (*document)(struct probe *probe, const char *name, const char *xpath, bool derived);
    void *document_data;
    struct programs **programs; /* what the run has read of programs; NULL there: nothing yet */
};

/* For sources: a new item whose row inherits the loop row's columns. NULL when the row limit is reached (reason is
 * set). */
struct item *probe_item(struct probe *probe);
/* For extracts: a new row that inherits the item's row. NULL when the row limit is reached. */
struct row *probe_row(struct probe *probe, const struct item *item);
/* The content of an item, read when needed. VERDICT_YES, or no / unknown with the reason set. */
enum verdict probe_content(struct probe *probe, const struct item *item, const char **ret_text, size_t *ret_length);
/* Says why, and gives the verdict that a negative errno means: ENOENT, ENOTDIR no; all else unknown. Reports a refusal
 * when it is one. */
enum verdict probe_error(struct probe *probe, const char *path, int error);
enum verdict probe_unknown(struct probe *probe, const char *format, ...) PRINTF(2, 3);
enum verdict probe_no(struct probe *probe, const char *format, ...) PRINTF(2, 3);
void probe_refuse(struct probe *probe, const char *format, ...) PRINTF(2, 3); /* a message on HV034, and reason */
void probe_note(struct probe *probe, const char *path, const char *format, ...) PRINTF(3, 4);
/* One more step of work. false: the fact, or the run, has had its share: that is told, and is the reason. */
bool probe_step(struct probe *probe);
void probe_stop(struct probe *probe, const char *why); /* the same, for another bound on work: a message on HV047 */
/* Unknown, and the answer incomplete, as a library is missing: told once for all facts. */
enum verdict probe_lacks(struct probe *probe, const char *library_problem);
bool probe_absolute(struct probe *probe, const char *path); /* else refused */

extern const struct source_kind *const probe_sources[]; /* registry.c, NULL-terminated */
extern const struct extract_kind *const probe_extracts[];

#endif
