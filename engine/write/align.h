/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How tables are laid out, with a terminal's width and without. Only for write/. */
#ifndef HVPROBE_WRITE_ALIGN_H
#define HVPROBE_WRITE_ALIGN_H

#include "write/write.h"

bool grid_is_plain(const struct grid *grid); /* printable ASCII only */
/* What of a table fits a terminal of that width, with line breaks in its cells. */
struct grid grid_fit(struct arena *arena, const struct grid *grid, size_t width);
void write_plain_table(struct buf *out, struct arena *arena, const struct grid *grid);

#endif
