/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Differences of two texts, as diff -u shows them. */
#ifndef HVPROBE_WRITE_DIFF_H
#define HVPROBE_WRITE_DIFF_H

#include "write/write.h"

/* Nothing when they are equal. The labels stand in the two lines of the head. */
void write_diff(struct buf *out, const char *old_label, const char *old_text, const char *new_label,
                const char *new_text, const struct writer_options *options);

#endif
