/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The sections of an ELF file, of either class and byte order, for the extracts that look at programs.
 *
 * Layout: System V ABI, gABI chapter 4, and elf.h. Files may be hostile: what lies outside of the file is no section,
 * and everything is bounded. Nothing here is shared between threads.
 */
#ifndef HVPROBE_PROBE_ELF_FILE_H
#define HVPROBE_PROBE_ELF_FILE_H

#include "base/memory.h"

#include <endian.h>
#include <string.h>

/* A section with content in the file. */
struct elf_section {
    const char *name;
    uint32_t type;
    uint64_t flags;
    uint64_t address; /* 0 and no SHF_ALLOC in flags: it is not in the program's memory */
    uint64_t offset, size;
};

struct elf_file {
    int descriptor; /* the caller's */
    bool wide;      /* words of 64 bits */
    bool big;       /* most significant byte first */
    bool fixed;     /* linked to the addresses that it runs at: a pointer is a word, and nothing else says so */
    bool mips64;    /* the halves of a relocation's r_info in the file's order, whatever that of its bytes is */
    struct elf_section *sections;
    size_t count;
    const struct elf_section **memory; /* those in the program's memory, by address */
    size_t memory_count;
    struct elf_cache *cache; /* what elf_bytes has read last */
};

/* Descriptors of regular files. 0, -ENOEXEC: it is no ELF file, or has no sections; or another negative errno. */
int elf_read(struct arena *arena, int descriptor, struct elf_file *ret_file);
/* The bytes of a word of the file's class. */
static inline size_t elf_word_size(const struct elf_file *file)
{
    return file->wide ? 8 : 4;
}
/* A number of size bytes (at most 8) in the file's byte order. */
uint64_t elf_number(const struct elf_file *file, const unsigned char *bytes, size_t size);
/* A word: there are millions of them. */
static inline uint64_t elf_word(const struct elf_file *file, const unsigned char *bytes)
{
    uint64_t wide;
    uint32_t narrow;

    if (file->wide) {
        memcpy(&wide, bytes, sizeof(wide));
        return file->big ? be64toh(wide) : le64toh(wide);
    }
    memcpy(&narrow, bytes, sizeof(narrow));
    return file->big ? be32toh(narrow) : le32toh(narrow);
}
/* Can text stand in the section: is it data of the program, and neither code nor tables of the compiler's? */
bool elf_holds_text(const struct elf_section *section);
/* Can structures stand in it? */
bool elf_holds_data(const struct elf_section *section);
/* The section that is in memory at an address; NULL: none. */
const struct elf_section *elf_section_at(const struct elf_file *file, uint64_t address);
/* Reads size bytes (at most 8) at an address of the program's memory; false: they are not in the file. */
bool elf_bytes(const struct elf_file *file, uint64_t address, unsigned char *bytes, size_t size);
/* Reads up to size bytes at an offset of a file; *ret_got is less at its end. 0 or a negative errno. */
int elf_pread(int descriptor, uint64_t offset, void *bytes, size_t size, size_t *ret_got);

#endif
