/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A program as the extracts for programs see it: sections, pointers and texts.
 *
 * They are read when texts are first looked for; pointers, when there are such texts. That takes most of the time of
 * such an extract, and several facts ask the same program one after the other: a run keeps what it has read last, one
 * large program and one small one (a module of a program is small, and there may be fifty of them between two questions
 * to the program itself). One run's, so one thread's.
 */
#ifndef HVPROBE_PROBE_PROGRAM_H
#define HVPROBE_PROBE_PROGRAM_H

#include "probe/elf_pointers.h"
#include "probe/probe.h"
#include "probe/text_blocks.h"

struct program {
    struct arena *arena; /* its own */
    const char *path;
    struct elf_file file;
    struct elf_pointers pointers;
    struct text_blocks texts;
    bool has_pointers; /* they were read */
    uint32_t *marked;  /* numbers of the pointers that lead to texts that are marked; on the heap */
    size_t marked_count;
    size_t marked_capacity;
};

/* 0, -ENOEXEC: it is no ELF file with sections, or another negative errno. *ret_program lives until the next call. */
int program_open(struct probe *probe, const char *path, struct program **ret_program);
/* The same as a verdict, the reason set: what such an error means. */
enum verdict program_failed(struct probe *probe, const char *path, int error);
/* Finds the pointers to texts that have a literal in them; of none, all to texts. Some lead close by. 0 or a negative
 * errno, as above. */
int program_mark(struct program *program, const struct literal *literal);
/* The same of texts at addresses, after that. */
void program_mark_at(struct program *program, const struct number_map *addresses);
/* The text that the pointer at an address leads to; NULL: there is none. */
const char *program_text(struct program *program, uint64_t address, size_t *ret_length);
/* Is the word at an address neither a pointer nor more than most? */
bool program_word_within(struct program *program, uint64_t address, uint64_t most);

#endif
