/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One fact while it is evaluated. Only for eval.c and evaluation.c. */
#ifndef HVPROBE_FACTS_EVALUATION_H
#define HVPROBE_FACTS_EVALUATION_H

#include "facts/internal.h"

struct evaluation {
    struct run *run;
    const struct fact *fact;
    struct slot *slot;
    struct probe probe;
    struct vec rows;             /* those that are kept so far */
    const char *nothing;         /* why nothing was found, where that was first so */
    const char *part;            /* what part of a row is not known, where that was first so */
    struct column *loop_columns; /* of the loop's row, for from: to add */
    size_t loop_count;
    const struct row *rejected; /* the first row for which where does not hold */
    bool inherited;             /* the unknowns of from: are in the slot */
    bool stopped;               /* it was too much work, which is among the unknowns */
};

/* The row is there, but this column of it (NULL: each that it lacks) is not known. */
void evaluation_add_partial(struct evaluation *evaluation, const struct row *row, const char *column,
                            const char *reason);
/* Notes in one of the slot's lists what may be missing. */
struct unknown *evaluation_add_unknown(struct evaluation *evaluation, struct vec *list, const struct row *row,
                                       const char *reason);
void evaluation_note_nothing(struct evaluation *evaluation, const char *reason);
void evaluation_inherit(struct evaluation *evaluation, const struct fact *fact);
/* Files a verdict of a source or extract; row is what would have had the rows that it did not give. */
void evaluation_settle(struct evaluation *evaluation, enum verdict verdict, const struct row *row);
/* One more row to look at; false: no more, and what is missing is unknown. */
bool evaluation_goes_on(struct evaluation *evaluation);
/* What is missing is unknown. */
void evaluation_give_up(struct evaluation *evaluation, const char *why);
bool evaluation_is_full(struct evaluation *evaluation);
void evaluation_adopt(struct evaluation *evaluation, struct row *row, const struct row *from);
/* The rows of from: and of unknown:, for an extract to work on, or found as they are. */
enum verdict evaluation_copy_rows(struct evaluation *evaluation, const struct scope *scope);
enum verdict evaluation_copy_unknown_rows(struct evaluation *evaluation);

#endif
