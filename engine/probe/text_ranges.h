/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which parts of a file can hold text: lets a search pass over the code of programs and the holes of images. */
#ifndef HVPROBE_PROBE_TEXT_RANGES_H
#define HVPROBE_PROBE_TEXT_RANGES_H

#include "base/memory.h"

struct text_range {
    uint64_t start;
    uint64_t end; /* UINT64_MAX: as far as the file goes */
};

/*
 * Ascending, and apart from each other: of an ELF file its sections with text, each with the byte before and after it;
 * of others, and where there are no such sections, all that is no hole. 0 or a negative errno. Ownership: arena.
 */
int text_ranges(struct arena *arena, int descriptor, struct text_range **ret_ranges, size_t *ret_count);

#endif
