/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Relocations of an ELF file as one sorted table of pointers. */
#include "probe/elf_pointers.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    POINTERS_LIMIT = 4 * 1024 * 1024, /* the largest browsers have a million */
    WINDOW = 12 * 16 * 1024,          /* a multiple of all sizes of entries */
    READ_LIMIT = 256 * 1024 * 1024,
    NEAR = 16, /* pointers of one structure, and a few more */
    SAME = 4,  /* that may stand for one word */
};

/* They are read as they stand. */
_Static_assert(sizeof(struct elf_pointer) == sizeof(Elf64_Rela), "an entry of .rela.dyn");

#ifndef SHT_RELR
#define SHT_RELR 19
#endif

struct pointer_reading {
    const struct elf_file *file;
    struct elf_pointers *pointers;
    elf_pointers_visitor *visit;
    void *context;
    size_t sorted; /* so many of the pointers, from the first on, are; the visitor has seen them */
    uint64_t left; /* bytes that may still be read: sections may lie on top of each other */
    uint64_t next; /* .relr.dyn: the first word that the next bitmap speaks of */
};

/* Takes one window of a section's content; length is a multiple of the size of an entry. 0 or a negative errno. */
typedef int window_reader(struct pointer_reading *reading, const struct elf_section *section, uint64_t offset,
                          const unsigned char *bytes, size_t length);

void elf_pointers_free(struct elf_pointers *pointers)
{
    free(pointers->items);
    *pointers = (struct elf_pointers){0};
}

static int reserve(struct elf_pointers *pointers, size_t more)
{
    size_t needed = pointers->count + more;

    if (needed <= pointers->capacity)
        return 0;
    if (needed > POINTERS_LIMIT)
        return -EFBIG;
    if (needed < 2 * pointers->capacity)
        needed = 2 * pointers->capacity < POINTERS_LIMIT ? 2 * pointers->capacity : POINTERS_LIMIT;
    pointers->items = memory_take(pointers->items, needed * sizeof(*pointers->items));
    pointers->capacity = needed;
    return 0;
}

/* There is room. */
static inline void add(struct pointer_reading *reading, uint64_t at, uint64_t to)
{
    struct elf_pointers *pointers = reading->pointers;

    pointers->items[pointers->count] = (struct elf_pointer){at, 0, to};
    pointers->count += elf_pointer_leads(pointers, &pointers->items[pointers->count]);
}

/* A pointer whose target stands at its place. */
static void add_in_place(struct pointer_reading *reading, uint64_t at)
{
    unsigned char word[8];

    if (elf_bytes(reading->file, at, word, elf_word_size(reading->file)))
        add(reading, at, elf_word(reading->file, word));
}

static inline bool has_symbol(const struct elf_file *file, uint64_t info)
{
    if (!file->wide)
        return info >> 8 != 0;
    return (file->mips64 && !file->big ? (uint32_t)info : info >> 32) != 0;
}

static int read_rela(struct pointer_reading *reading, const struct elf_section *section, uint64_t offset,
                     const unsigned char *bytes, size_t length)
{
    const struct elf_file *file = reading->file;
    size_t word = elf_word_size(file);
    int error = reserve(reading->pointers, length / (3 * word));

    (void)section;
    (void)offset;
    for (size_t i = 0; !error && i < length; i += 3 * word)
        if (!has_symbol(file, elf_word(file, bytes + i + word)))
            add(reading, elf_word(file, bytes + i), elf_word(file, bytes + i + 2 * word));
    return error;
}

static int read_rel(struct pointer_reading *reading, const struct elf_section *section, uint64_t offset,
                    const unsigned char *bytes, size_t length)
{
    const struct elf_file *file = reading->file;
    size_t word = elf_word_size(file);
    int error = reserve(reading->pointers, length / (2 * word));

    (void)section;
    (void)offset;
    for (size_t i = 0; !error && i < length; i += 2 * word)
        if (!has_symbol(file, elf_word(file, bytes + i + word)))
            add_in_place(reading, elf_word(file, bytes + i));
    return error;
}

/* An even entry is an address; each odd one after it says for as many words as it has bits, less one, which of them are
 * pointers as well. */
static int read_relr(struct pointer_reading *reading, const struct elf_section *section, uint64_t offset,
                     const unsigned char *bytes, size_t length)
{
    size_t word = elf_word_size(reading->file), bits = 8 * word - 1;

    (void)section;
    (void)offset;
    for (size_t i = 0; i < length; i += word) {
        uint64_t entry = elf_word(reading->file, bytes + i);

        if (reserve(reading->pointers, bits) < 0)
            return -EFBIG;
        if (!(entry & 1)) {
            add_in_place(reading, entry);
            reading->next = entry + word;
            continue;
        }
        for (size_t bit = 0; bit < bits; bit++)
            if (entry >> (bit + 1) & 1)
                add_in_place(reading, reading->next + bit * word);
        reading->next += bits * word;
    }
    return 0;
}

static int read_words(struct pointer_reading *reading, const struct elf_section *section, uint64_t offset,
                      const unsigned char *bytes, size_t length)
{
    size_t word = elf_word_size(reading->file);

    for (size_t i = 0; i < length; i += word) {
        uint64_t to = elf_word(reading->file, bytes + i);

        if (to - reading->pointers->memory.low >= reading->pointers->memory.span)
            continue;
        if (reserve(reading->pointers, 1) < 0)
            return -EFBIG;
        add(reading, section->address + offset + i, to);
    }
    return 0;
}

/* Shows the visitor what goes on in order. */
static void show_sorted(struct pointer_reading *reading)
{
    const struct elf_pointers *pointers = reading->pointers;
    const size_t before = reading->sorted, count = pointers->count;
    uint64_t last = before ? pointers->items[before - 1].at : 0;
    size_t i = before;

    for (; i < count && pointers->items[i].at >= last; i++)
        last = pointers->items[i].at;
    reading->sorted = i;
    if (i > before)
        reading->visit(reading->context, before, i);
}

/* Reads the next window of a section, which must be allowed. 0 or a negative errno. */
static int read_window(struct pointer_reading *reading, const struct elf_section *section, uint64_t offset,
                       void *window, size_t *ret_got)
{
    uint64_t rest = section->size - offset;

    if (reading->left < WINDOW)
        return -EFBIG;
    reading->left -= WINDOW;
    return elf_pread(reading->file->descriptor, section->offset + offset, window, rest < WINDOW ? (size_t)rest : WINDOW,
                     ret_got);
}

static void free_window(unsigned char **window)
{
    free(*window);
}

/* From the first whole word on: what is not aligned is no structure. */
static int read_section(struct pointer_reading *reading, const struct elf_section *section, size_t entry,
                        window_reader *read)
{
    AUTO(free_window) unsigned char *window = memory_take(NULL, WINDOW);
    size_t word = elf_word_size(reading->file), got = 0;
    uint64_t start = read == read_words ? -section->address % word : 0;
    int error = 0;

    for (uint64_t offset = start; !error && offset < section->size; offset += got) {
        error = read_window(reading, section, offset, window, &got);
        got -= got % entry;
        if (error || !got)
            break;
        error = read(reading, section, offset, window, got);
        show_sorted(reading);
    }
    return error;
}

/* Of entries that are as pointers are here: nearly all programs have such, and large ones a hundred thousand. */
static int read_as_is(struct pointer_reading *reading, const struct elf_section *section)
{
    struct elf_pointers *pointers = reading->pointers;
    size_t entry = sizeof(*pointers->items), got = 0;
    int error =
        section->size / entry >= POINTERS_LIMIT ? -EFBIG : reserve(pointers, (size_t)(section->size / entry) + 1);

    for (uint64_t offset = 0; !error && section->size - offset >= entry; offset += got) {
        error = read_window(reading, section, offset, pointers->items + pointers->count, &got);
        got -= got % entry;
        if (error || !got)
            break;
        pointers->count += got / entry;
        show_sorted(reading);
    }
    return error;
}

static bool is_as_is(const struct elf_file *file)
{
    return file->wide && file->big == (BYTE_ORDER == BIG_ENDIAN) && !file->mips64;
}

static int read_relocations(struct pointer_reading *reading, const struct elf_section *section)
{
    size_t word = elf_word_size(reading->file);

    switch (section->type) {
    case SHT_RELA:
        if (is_as_is(reading->file))
            return read_as_is(reading, section);
        return read_section(reading, section, 3 * word, read_rela);
    case SHT_REL:
        return read_section(reading, section, 2 * word, read_rel);
    case SHT_RELR:
        return read_section(reading, section, word, read_relr);
    default:
        return 0;
    }
}

/* From the first section that has these flags to the end of the last. */
static struct elf_range range_of(const struct elf_file *file, uint64_t flags)
{
    struct elf_range range = {UINT64_MAX, 0};
    uint64_t high = 0;

    for (size_t i = 0; i < file->memory_count; i++) {
        const struct elf_section *section = file->memory[i];

        if ((section->flags & flags) != flags)
            continue;
        range.low = section->address < range.low ? section->address : range.low;
        high = section->address + section->size > high ? section->address + section->size : high;
    }
    range.span = high > range.low ? high - range.low : 0;
    return range;
}

/* Code is one piece, unless somebody has laid out the program by hand. */
static struct elf_range code_of(const struct elf_file *file)
{
    struct elf_range code = range_of(file, SHF_ALLOC | SHF_EXECINSTR);

    for (size_t i = 0; i < file->memory_count; i++)
        if (elf_holds_data(file->memory[i]) && file->memory[i]->address - code.low < code.span)
            return (struct elf_range){0, 0};
    return code;
}

/* The end of the run of sorted pointers that begins at start. */
static size_t run_end(const struct elf_pointers *pointers, size_t start)
{
    size_t end = start + 1;

    while (end < pointers->count && pointers->items[end - 1].at <= pointers->items[end].at)
        end++;
    return end < pointers->count ? end : pointers->count;
}

static void merge(const struct elf_pointer *items, size_t start, size_t middle, size_t end, struct elf_pointer *out)
{
    size_t left = start, right = middle;

    for (size_t i = start; i < end; i++) {
        bool take_left = right == end || (left < middle && items[left].at <= items[right].at);

        out[i] = items[take_left ? left++ : right++];
    }
}

/* Relocations come in a few sorted runs, which are merged two by two. */
static void sort(struct elf_pointers *pointers)
{
    struct elf_pointer *out;

    while (pointers->count && run_end(pointers, 0) < pointers->count) {
        out = memory_take(NULL, pointers->capacity * sizeof(*out));
        for (size_t start = 0, end; start < pointers->count; start = end) {
            size_t middle = run_end(pointers, start);

            end = middle < pointers->count ? run_end(pointers, middle) : middle;
            merge(pointers->items, start, middle, end, out);
        }
        free(pointers->items);
        pointers->items = out;
    }
}

/* Relocations with symbols come last, in no order: of what is not sorted only pointers are kept, which mostly are. */
static void put_in_order(struct pointer_reading *reading)
{
    struct elf_pointers *pointers = reading->pointers;
    size_t kept = reading->sorted;

    for (size_t i = kept; i < pointers->count; i++)
        if (elf_pointer_leads(pointers, &pointers->items[i]))
            pointers->items[kept++] = pointers->items[i];
    pointers->count = kept;
    show_sorted(reading);
    if (reading->sorted < kept) {
        sort(pointers);
        reading->visit(reading->context, 0, kept);
    }
}

int elf_pointers_read(const struct elf_file *file, struct elf_pointers *pointers, elf_pointers_visitor *visit,
                      void *context)
{
    struct pointer_reading reading = {
        .file = file, .pointers = pointers, .visit = visit, .context = context, .left = READ_LIMIT};
    int error = 0;

    pointers->count = pointers->near = 0;
    pointers->memory = range_of(file, SHF_ALLOC);
    pointers->code = code_of(file);
    for (size_t i = 0; i < file->memory_count && !error; i++) {
        const struct elf_section *section = file->memory[i];

        if (!file->fixed)
            error = read_relocations(&reading, section);
        else if (elf_holds_data(section))
            error = read_section(&reading, section, elf_word_size(file), read_words);
    }
    put_in_order(&reading);
    return error;
}

/* The first pointer at that address or behind it, looked for close behind the last one before everywhere. */
static size_t first_from(const struct elf_pointers *pointers, uint64_t address)
{
    size_t low = 0, high = pointers->count;

    if (pointers->near < high && pointers->items[pointers->near].at <= address) {
        low = pointers->near;
        if (pointers->items[low].at < address && ++low < high && pointers->items[low].at >= address)
            return low;
        if (high - low > NEAR && pointers->items[low + NEAR].at >= address)
            high = low + NEAR;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (pointers->items[middle].at < address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool elf_pointer_at(struct elf_pointers *pointers, uint64_t address, uint64_t *ret_to)
{
    size_t first = first_from(pointers, address);

    for (size_t i = first; i < pointers->count && i - first < SAME && pointers->items[i].at == address; i++) {
        if (!elf_pointer_leads(pointers, &pointers->items[i]))
            continue;
        pointers->near = first;
        *ret_to = pointers->items[i].to;
        return true;
    }
    return false;
}
