/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Diagnostics: what is wrong, where, and what would be right.
 *
 * Functions that read something a person wrote add to a list and go on; they never print.  A program prints the list.
 */
#ifndef HVPROBE_BASE_DIAGNOSTIC_H
#define HVPROBE_BASE_DIAGNOSTIC_H

#include "base/memory.h"

#include <stdio.h>

/* A text that was read, kept so that messages can show its lines. */
struct source {
    const char *path;  /* as shown to people */
    const char *layer; /* the directory that it was found in, NULL when it is not part of a layer */
    const char *text;  /* NUL-terminated, length bytes before that */
    size_t length;
};

/* A place in a source. Lines and columns count from 1, columns in bytes; end_column is one past the last. source may be
 * NULL. */
struct mark {
    const struct source *source;
    unsigned line;
    unsigned column;
    unsigned end_column;
};

enum severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR };

/* One enumerator a row of diagnostics.def: DIAG_<NAME>. */
enum diagnostic_id {
#define DIAGNOSTIC(symbol, name, id, severity, summary, explanation) DIAG_##symbol,
#include "base/diagnostics.def"
#undef DIAGNOSTIC
    DIAG_MAX
};

struct diagnostic_kind {
    const char *id;   /* stable: "HV012" */
    const char *name; /* lower case, hyphens: "unknown-key" */
    enum severity severity;
    const char *summary;
    const char *explanation; /* some sentences, with an example */
};

struct diagnostic {
    const struct diagnostic_kind *kind;
    struct mark at;
    const char *message;
    const char *hint; /* NULL: none. "did you mean 'file'?" */
};

struct diagnostics {
    struct arena *arena; /* owns the list; borrowed */
    struct vec list;     /* of struct diagnostic */
    size_t errors;
    size_t warnings;
    size_t incomplete;   /* refusals that make the answer one of status 5 */
    const char *lacking; /* the library that was last said to be missing */
};

const struct diagnostic_kind *diagnostic_kind(enum diagnostic_id id);
const struct diagnostic_kind *diagnostic_find(const char *id); /* "HV012" or its name; NULL: no such */

/* Adds a diagnostic. hint may be NULL; it is copied. */
void diagnose(struct diagnostics *list, enum diagnostic_id id, struct mark at, const char *hint, const char *format,
              ...) PRINTF(5, 6);

/* Adds one that another list has. */
void diagnostics_add(struct diagnostics *list, const struct diagnostic *diagnostic);

/* "did you mean 'NEAREST'?" in the list's arena, or NULL when nothing among the count names is near. */
const char *diagnose_nearest(struct diagnostics *list, const char *name, const char *const *names, size_t count);

/* Sorts by file, line, column and drops exact repetitions. */
void diagnostics_sort(struct diagnostics *list);

/*
 * Keeps the first limit diagnostics of each kind in each file of a sorted list; one more says how many there were. The
 * counts stay those of all.
 */
void diagnostics_cap(struct diagnostics *list, size_t limit);

enum { DIAGNOSTICS_LIMIT = 100 }; /* for people: nobody reads more of one kind */

/* A line of a source, without its end; going forward from the line asked for last costs nothing. */
struct line_cursor {
    const struct source *source;
    unsigned line;
    const char *start;
};
const char *line_at(struct line_cursor *cursor, const struct mark *at, size_t *ret_length); /* NULL: no such line */
/* A column of a line counted in characters, as most formats do, not in bytes. */
unsigned line_characters(const char *line, size_t length, unsigned column);

extern const char *const severity_names[]; /* "note", "warning", "error" */

/* file:line:column-end_column: error: message [HV012] / source line / caret / hint.  colour: with ANSI colours. */
void diagnostics_write(struct buf *out, const struct diagnostics *list, bool colour);
void diagnostics_print(FILE *stream, const struct diagnostics *list, bool colour);

#endif
