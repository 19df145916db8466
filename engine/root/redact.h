/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a recording keeps to itself, by a list that describes itself (schemas/redact.yaml): whole files, and parts of
 * texts. One thread at a time.
 */
#ifndef HVPROBE_ROOT_REDACT_H
#define HVPROBE_ROOT_REDACT_H

#include "base/memory.h"

struct redaction;

/* The list in a file. NULL after a message in *ret_error. Everything lives in the arena. */
struct redaction *redaction_load(struct arena *arena, const char *path, const char **ret_error);
/* What is left out of which a path is a part: it, or where its name is as telling, all in a directory; in the list's
 * arena. NULL: it is not left out, or there is no list. */
const char *redaction_hides(struct redaction *redaction, const char *path);
/* A text as it may be told, NUL-terminated: the same, or a new one in the arena. path: of the file that it is from;
 * NULL: of none. */
const char *redaction_text(struct redaction *redaction, struct arena *arena, const char *path, const char *text,
                           size_t length, size_t *ret_length);
/* What was done so far, for people: "accounts (3 places in 2 files), serials (...)"; NULL: nothing. */
const char *redaction_summary(const struct redaction *redaction, struct arena *arena);

#endif
