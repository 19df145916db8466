/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside the library. Only for api/. */
#ifndef HVPROBE_API_API_H
#define HVPROBE_API_API_H

#include "hvprobe.h"

#include "session/session.h"

enum { OPTION_COUNT = HVP_OPTION_TIMEOUT + 1 };

struct hvp_options {
    struct arena *arena;
    struct vec values[OPTION_COUNT]; /* of texts; at most one where it is no list */
};

struct hvp_rules {
    struct arena *arena;
    struct rulebook book;
    struct diagnostics diagnostics;
    struct schema_set *schemas;
};

struct hvp_probe {
    struct arena *arena;
    const struct hvp_rules *rules;
    struct diagnostics diagnostics;
    struct root *root;
    struct run *run;
    struct document_options document_options;
    int64_t milliseconds; /* that a call may take; 0: no end */
};

void error_clear(hvp_error *error);
hvp_status error_set(hvp_error *error, hvp_status status, const char *format, ...) PRINTF(3, 4);

/* What options (NULL: all defaults) say, copied into the arena. */
struct session_options options_read(const hvp_options *options, struct arena *arena);
const char *option_language(const char *language); /* as it is, or that of the locale */

/* Loads rules for a root that is open already (NULL: for any root). */
hvp_rules *rules_open(const struct session_options *options, struct root *root, hvp_error *error);
struct root *root_open(const struct session_options *options, struct arena *arena, struct diagnostics *diagnostics,
                       hvp_error *error);
/* Takes the root and the arena over. */
hvp_probe *probe_open(const hvp_rules *rules, const struct session_options *options, struct arena *arena,
                      struct root *root);
/* A buffer's text, which belongs to the caller. */
char *take_text(struct buf *buf);
char *write_problems(const struct diagnostics *diagnostics, const char *format, hvp_error *error);

#endif
