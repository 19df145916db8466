/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What every match of a pattern must contain: lets a scan of a large file look for plain bytes first. */
#ifndef HVPROBE_PROBE_LITERAL_H
#define HVPROBE_PROBE_LITERAL_H

#include "base/memory.h"

struct literal {
    const char *bytes; /* NULL: none could be derived */
    size_t length;
    size_t rarest;  /* which of the bytes is probably the rarest in a program's data */
    bool text_only; /* matches consist of printable ASCII characters and white space alone */
};

/*
 * The longest run of characters outside groups, classes, alternations and optional parts of a byte pattern. It gives up
 * rather than guess: options, verbs and escapes that it does not know mean that there is none.
 */
struct literal literal_derive(struct arena *arena, const char *pattern);
/* Where its bytes are first in some data; NULL: nowhere, or there are none to look for. */
const char *literal_find(const struct literal *literal, const char *data, size_t length);
/* Can the character be part of a match of a text_only pattern? */
bool literal_is_text(unsigned char character);

#endif
