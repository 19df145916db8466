/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files that only save work. Who can write one decides what later runs believe, so one is used only when it and its
 * folder belong to the user who runs the program, or to root, nobody else may write to them, and neither is a link.
 * Nothing about one is ever an error: it can be lost.
 */
#ifndef HVPROBE_BASE_CACHE_FILE_H
#define HVPROBE_BASE_CACHE_FILE_H

#include "base/memory.h"

/* Maps at most limit bytes, as long as the arena lives: what nobody looks at is not read, and processes share the rest.
 * false: there is none that may be used. */
bool cache_file_map(struct arena *arena, const char *path, size_t limit, const char **ret_data, size_t *ret_length);
/* Writes it as a whole, readable by its owner alone. A folder that is missing is made, in one of ours or of root. */
void cache_file_write(const char *path, const char *data, size_t length);

#endif
