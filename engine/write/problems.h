/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Diagnostics in the formats that editors and build services read. */
#ifndef HVPROBE_WRITE_PROBLEMS_H
#define HVPROBE_WRITE_PROBLEMS_H

#include "write/write.h"

/* One row a format; columns count characters from 1, the end column is one past the last. */
struct problem_format {
    const char *name; /* the word after --format */
    void (*write)(struct buf *out, const struct diagnostics *list, const struct writer_options *options);
};
extern const struct problem_format problem_formats[]; /* ended by a NULL name; the first is the default */

#endif
