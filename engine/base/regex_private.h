/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A pattern as its users do not see it. Only for regex.c and regex_scan.c, which alone know PCRE2. */
#ifndef HVPROBE_BASE_REGEX_PRIVATE_H
#define HVPROBE_BASE_REGEX_PRIVATE_H

#include "base/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <pthread.h>
#include <stdatomic.h>

struct name_entry {
    const char *name;
    unsigned number; /* of the group in the pattern */
    size_t index;    /* among the different names */
};

/* Made by the first scan, in whichever thread: most patterns of a rule set are never used in a run. */
struct regex_code {
    pthread_mutex_t lock;
    atomic_bool ready;           /* from then on nothing changes */
    pcre2_code *code;            /* NULL when ready: it does not compile, whatever was kept of it */
    pcre2_match_context *limits; /* only read by matches, so shared as well */
    bool windows;                /* the search may be interrupted and resumed further on */
};

struct regex {
    struct regex_code *late;
    struct name_entry *entries; /* by number; a name may be there for several numbers */
    size_t entry_count;
    const char **names;
    size_t name_count;
    const char *pattern;
    bool binary;
    bool matches_empty;
};

/* Every scan asks for it before its first match, so that none runs while the code changes. */
const struct regex_code *regex_code(const struct regex *regex);
void regex_code_release(void *object); /* for arena_defer */

#endif
