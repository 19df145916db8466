/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The texts of a program by their addresses, and marks where those are that may match. */
#ifndef HVPROBE_PROBE_TEXT_BLOCKS_H
#define HVPROBE_PROBE_TEXT_BLOCKS_H

#include "probe/elf_file.h"
#include "probe/literal.h"

/* A section with text, in memory. */
struct text_block {
    uint64_t address;
    size_t size;
    char *bytes;          /* followed by a NUL */
    unsigned char *marks; /* a bit for some bytes: a text that may match covers them */
};

/* Zero-initialised is empty. */
struct text_blocks {
    struct text_block *items; /* by address */
    size_t count;
    uint64_t start, end;           /* of all in memory */
    const struct text_block *last; /* that a text was found in */
};

/* Reads the sections with texts that never change; of a program that has none, those with any. 0, -EFBIG: there is more
 * text than in any program, or another negative errno; to be freed anyway. */
int text_blocks_read(struct arena *arena, const struct elf_file *file, struct text_blocks *blocks);
void text_blocks_free(struct text_blocks *blocks);
/* Marks the texts that have the literal in them, and no others; all where there is none. Before, nothing is marked or
 * not. */
void text_blocks_mark(struct text_blocks *blocks, const struct literal *literal);
bool text_blocks_marked(struct text_blocks *blocks, uint64_t address);
/* The text at an address: some characters without any that controls, ended by a NUL. NULL: there is none. */
const char *text_blocks_at(struct text_blocks *blocks, uint64_t address, size_t *ret_length);

#endif
