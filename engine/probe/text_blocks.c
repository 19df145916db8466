/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sections with text, read as a whole: some megabytes even of large programs. */
#include "probe/text_blocks.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>

enum {
    TEXT_LIMIT = 64 * 1024 * 1024, /* of all sections that are read */
    TEXT_LENGTH = 1024,            /* of one text */
    GRANULE = 32,                  /* bytes that share a mark */
};

void text_blocks_free(struct text_blocks *blocks)
{
    for (size_t i = 0; i < blocks->count; i++) {
        free(blocks->items[i].bytes);
        free(blocks->items[i].marks);
    }
}

/* Where texts that never change stand; in a program that has no such place, where any can. */
static bool wanted(const struct elf_section *section, bool writable)
{
    return elf_holds_text(section) && section->type == SHT_PROGBITS && (writable || !(section->flags & SHF_WRITE));
}

static bool has_constants(const struct elf_file *file)
{
    for (size_t i = 0; i < file->memory_count; i++)
        if (wanted(file->memory[i], false))
            return true;
    return false;
}

static int read_block(const struct elf_file *file, const struct elf_section *section, struct text_blocks *blocks)
{
    struct text_block *block = &blocks->items[blocks->count++];

    block->address = section->address;
    block->size = (size_t)section->size;
    block->bytes = memory_take(NULL, block->size + 1);
    block->marks = memory_take(NULL, block->size / GRANULE / 8 + 1);
    size_t size = block->size;
    int error = elf_pread(file->descriptor, section->offset, block->bytes, size, &block->size);
    block->bytes[block->size] = '\0';
    if (blocks->count == 1 || block->address < blocks->start)
        blocks->start = block->address;
    if (block->address + block->size > blocks->end)
        blocks->end = block->address + block->size;
    return error;
}

int text_blocks_read(struct arena *arena, const struct elf_file *file, struct text_blocks *blocks)
{
    bool writable = !has_constants(file);
    uint64_t left = TEXT_LIMIT;

    blocks->items = arena_alloc(arena, (file->memory_count + 1) * sizeof(*blocks->items));
    for (size_t i = 0; i < file->memory_count; i++) {
        const struct elf_section *section = file->memory[i];
        int error;

        if (!wanted(section, writable))
            continue;
        if (section->size > left)
            return -EFBIG;
        left -= section->size;
        error = read_block(file, section, blocks);
        if (error)
            return error;
    }
    return 0;
}

/* The text around a literal, back to where it may begin at the earliest. */
static void mark_text(struct text_block *block, size_t position, size_t length)
{
    size_t start = position;

    while (start > 0 && position - start < TEXT_LENGTH && block->bytes[start - 1])
        start--;
    for (size_t granule = start / GRANULE; granule <= (position + length - 1) / GRANULE; granule++)
        block->marks[granule / 8] |= (unsigned char)(1U << granule % 8);
}

static void mark_block(struct text_block *block, const struct literal *literal)
{
    const char *at = block->bytes, *end = block->bytes + block->size;

    if (!literal->bytes) {
        memset(block->marks, 0xff, block->size / GRANULE / 8 + 1);
        return;
    }
    memset(block->marks, 0, block->size / GRANULE / 8 + 1);
    while ((at = literal_find(literal, at, (size_t)(end - at)))) {
        mark_text(block, (size_t)(at - block->bytes), literal->length);
        at += literal->length;
    }
}

void text_blocks_mark(struct text_blocks *blocks, const struct literal *literal)
{
    for (size_t i = 0; i < blocks->count; i++)
        mark_block(&blocks->items[i], literal);
}

static const struct text_block *find_block(struct text_blocks *blocks, uint64_t address)
{
    const struct text_block *last = blocks->last;
    size_t low = 0, high = blocks->count;

    if (last && address - last->address < last->size)
        return last;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (blocks->items[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (!low || address - blocks->items[low - 1].address >= blocks->items[low - 1].size)
        return NULL;
    return blocks->last = &blocks->items[low - 1];
}

bool text_blocks_marked(struct text_blocks *blocks, uint64_t address)
{
    const struct text_block *block = find_block(blocks, address);
    size_t granule = block ? (size_t)(address - block->address) / GRANULE : 0;

    return block && block->marks[granule / 8] >> granule % 8 & 1;
}

const char *text_blocks_at(struct text_blocks *blocks, uint64_t address, size_t *ret_length)
{
    const struct text_block *block = find_block(blocks, address);
    const char *text = block ? block->bytes + (address - block->address) : NULL;
    size_t rest = block ? block->size - (size_t)(address - block->address) : 0;
    size_t length = text ? strnlen(text, rest < TEXT_LENGTH ? rest : TEXT_LENGTH) : 0;

    if (!length || length == rest || length == TEXT_LENGTH)
        return NULL;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < ' ')
            return NULL;
    *ret_length = length;
    return text;
}
