/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The texts of a program by their addresses, and marks where those are that may match. They are read when they are
 * first gone through. */
#ifndef HVPROBE_PROBE_TEXT_BLOCKS_H
#define HVPROBE_PROBE_TEXT_BLOCKS_H

#include "base/number_map.h"
#include "probe/elf_file.h"
#include "probe/literal.h"

enum {
    TEXT_GRANULE = 64,           /* bytes that share a mark */
    TEXT_MARKS = UINT16_MAX + 1, /* for 4 MiB without any two places that share one */
};

/* A section with text. */
struct text_block {
    uint64_t address;
    uint64_t offset; /* in the file */
    size_t whole;    /* bytes of it */
    size_t size;     /* so many are read */
    char *bytes;     /* followed by a NUL */
};

/* Zero-initialised is empty. */
struct text_blocks {
    struct text_block *items; /* by address */
    size_t count;
    const struct text_block *last; /* that a text was found in; NULL: none */
    char *room;                    /* of marks and bytes, on the heap: it may be another program's */
    size_t capacity;
    bool marked; /* is any place? */
    bool *marks; /* TEXT_MARKS, one for some bytes of memory: a text that may match covers them; in room;
                  * NULL: nothing was read */
};

/* Chooses the sections with texts that never change; of a program that has none, those with any. 0, or -EFBIG: there is
 * more text than in any program. To be freed anyway. */
int text_blocks_choose(struct arena *arena, const struct elf_file *file, struct text_blocks *blocks);
void text_blocks_free(struct text_blocks *blocks);
/* Marks the texts that have the literal in them, and few others; all where there is none. What was not read before is
 * read: 0 or a negative errno. */
int text_blocks_mark(const struct elf_file *file, struct text_blocks *blocks, const struct literal *literal);
/* The same for texts at addresses. */
void text_blocks_mark_at(struct text_blocks *blocks, const struct number_map *addresses);
/* May the text at an address be a marked one? If there is any: it is asked of every pointer. */
static inline bool text_marked(const bool marks[TEXT_MARKS], uint64_t address)
{
    return marks[(uint16_t)(address / TEXT_GRANULE)];
}
/* Is there text at an address? */
bool text_blocks_has(struct text_blocks *blocks, uint64_t address);
/* The text at an address: some characters without any that controls, ended by a NUL. NULL: there is none. */
const char *text_blocks_at(struct text_blocks *blocks, uint64_t address, size_t *ret_length);

#endif
