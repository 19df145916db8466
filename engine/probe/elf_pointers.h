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

struct elf_pointer {
    uint64_t at;
    uint64_t to;
};

/* Sorted by at; on the heap. */
struct elf_pointers {
    struct elf_pointer *items;
    size_t count;
    size_t capacity;
    size_t near; /* where one was looked for last: the next is often close behind it */
};

/* 0, -EFBIG: there are more than any program has; or another negative errno. *ret_pointers is to be freed anyway. */
int elf_pointers_read(const struct elf_file *file, struct elf_pointers *ret_pointers);
void elf_pointers_free(struct elf_pointers *pointers); /* also for AUTO() */
/* Where the word at an address points to; false: it is no pointer. */
bool elf_pointer_at(struct elf_pointers *pointers, uint64_t address, uint64_t *ret_to);

#endif
