/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables without a terminal's width, colours or wide characters. Only for write/. */
#ifndef HVPROBE_WRITE_ALIGN_H
#define HVPROBE_WRITE_ALIGN_H

#include "write/write.h"

bool grid_is_plain(const struct grid *grid); /* printable ASCII only */
void write_plain_table(struct buf *out, struct arena *arena, const struct grid *grid);

#endif
