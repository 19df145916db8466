/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Filters: pure functions from texts to texts, one row each in filters.c. */
#ifndef HVPROBE_FACTS_FILTERS_H
#define HVPROBE_FACTS_FILTERS_H

#include "rules/rule.h"

/* The words of a list, for looking them up: filters_lists.c. All zero: of none. */
struct word_set {
    const char *list; /* which stays where it is as long as the set */
    struct word *slots;
    size_t mask;
};

/* Those of the lists that were asked for last, as many texts are compared with few lists. All zero: none was. */
struct word_sets {
    struct word_set sets[4];
    size_t next; /* to be replaced */
};

/* The values of a name, one for each row that belongs to the current one (one for a column). No values: unset. */
struct filter_call {
    struct arena *arena;
    const struct filter_use *use;
    const char **values;
    size_t count;
    int64_t number;          /* FILTER_NUMBER: the argument */
    const char *text;        /* FILTER_NAME: what the name stands for */
    struct word_sets *words; /* of the run */
};

extern const struct filter_kind filter_kinds[]; /* ended by a NULL name */

/* A decimal number, or one after 0x; registers, masks and sizes use all 64 bits. */
bool filter_number(const char *value, uint64_t *ret_number);

/* Replaces each value by what change makes of it; NULL takes it away. */
void filter_each(struct filter_call *call, const char *(*change)(struct filter_call *call, const char *value));

/* filters_lists.c */
void filter_flags(struct filter_call *call);
void filter_without(struct filter_call *call);
void filter_words(struct filter_call *call);

#endif
