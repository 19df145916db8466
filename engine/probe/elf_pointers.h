/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where an ELF program's data points into its own memory.
 *
 * In programs that may be loaded anywhere, a pointer is a relocation without a symbol, whatever the processor calls its
 * type: its target is the addend of .rela.dyn, or the word in place for .rel.dyn and the packed .relr.dyn. Programs
 * that are linked to a fixed address have none of these: there a word that is an address is taken for a pointer.
 */
#ifndef HVPROBE_PROBE_ELF_POINTERS_H
#define HVPROBE_PROBE_ELF_POINTERS_H

#include "probe/elf_file.h"

/* As an entry of .rela.dyn of the usual kind is, so that those are read as they stand: a table of the largest part of
 * most programs, nothing of which is copied or looked at before somebody asks. */
struct elf_pointer {
    uint64_t at;
    uint64_t info; /* with a symbol in its upper half it is no pointer into the program itself */
    uint64_t to;
};

struct elf_range {
    uint64_t low, span;
};

/* Sorted by at; on the heap. Some are none: elf_pointer_leads() says. */
struct elf_pointers {
    struct elf_pointer *items;
    size_t count;
    size_t capacity;
    size_t near; /* where one was looked for last: the next is often close behind it */
    struct elf_range memory;
    struct elf_range code; /* nobody asks where functions are, which is where many lead */
};

/* Is told which of the pointers have come, while the processor has them at hand; what starts at 0 begins anew. */
typedef void elf_pointers_visitor(void *context, size_t start, size_t end);

/* Replaces those of another program, whose room is used again. 0, -EFBIG: there are more than any program has; or
 * another negative errno. To be freed anyway. */
int elf_pointers_read(const struct elf_file *file, struct elf_pointers *pointers, elf_pointers_visitor *visit,
                      void *context);
void elf_pointers_free(struct elf_pointers *pointers); /* also for AUTO() */
/* Is it a pointer to the program's data? What lies outside of its memory leads nowhere. */
static inline bool elf_pointer_leads(const struct elf_pointers *pointers, const struct elf_pointer *pointer)
{
    return pointer->to - pointers->memory.low < pointers->memory.span &&
           pointer->to - pointers->code.low >= pointers->code.span && pointer->info >> 32 == 0;
}
/* Where the word at an address points to; false: it is no pointer. */
bool elf_pointer_at(struct elf_pointers *pointers, uint64_t address, uint64_t *ret_to);

#endif
