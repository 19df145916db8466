/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the YAML parser complains about, in words for the person who wrote the file. */
#ifndef HVPROBE_BASE_YAML_PROBLEM_H
#define HVPROBE_BASE_YAML_PROBLEM_H

#include <stdbool.h>

enum { YAML_AT_END = '\004' }; /* in place of a character: the end of the file */

struct yaml_problem {
    const char *problem; /* as the parser says it; NULL: any */
    const char *context; /* the start of what the parser was doing; NULL: any */
    char character;      /* at the place of the problem; 0: any */
    bool at_context;     /* show where the unfinished thing began, not where that was noticed */
    const char *message;
    const char *hint;
};

/* NULL when there is nothing better to say than the parser's own words. */
const struct yaml_problem *yaml_problem_find(const char *problem, const char *context, char character);

#endif
