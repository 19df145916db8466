/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Filters: pure functions from texts to texts, one row each in filters.c. */
#ifndef HVPROBE_FACTS_FILTERS_H
#define HVPROBE_FACTS_FILTERS_H

#include "rules/rule.h"

/* The values of a name, one for each row that belongs to the current one (one for a column). No values: unset. */
struct filter_call {
    struct arena *arena;
    const struct filter_use *use;
    const char **values;
    size_t count;
    int64_t number; /* FILTER_NUMBER: the argument */
};

extern const struct filter_kind filter_kinds[]; /* ended by a NULL name */

#endif
