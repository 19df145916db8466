/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sections with text, kept as a whole: some megabytes even of large programs. */
#include "probe/text_blocks.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>

enum {
    TEXT_LIMIT = 64 * 1024 * 1024, /* of all sections that are read */
    TEXT_LENGTH = 1024,            /* of one text */
    WINDOW = 128 * 1024,           /* what is read is gone through while the processor has it at hand */
};

void text_blocks_free(struct text_blocks *blocks)
{
    free(blocks->room);
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

int text_blocks_choose(struct arena *arena, const struct elf_file *file, struct text_blocks *blocks)
{
    bool writable = !has_constants(file);
    uint64_t left = TEXT_LIMIT;

    blocks->items = arena_alloc(arena, (file->memory_count + 1) * sizeof(*blocks->items));
    for (size_t i = 0; i < file->memory_count; i++) {
        const struct elf_section *section = file->memory[i];

        if (!wanted(section, writable))
            continue;
        if (section->size > left)
            return -EFBIG;
        left -= section->size;
        blocks->items[blocks->count++] =
            (struct text_block){.address = section->address, .offset = section->offset, .whole = (size_t)section->size};
    }
    return 0;
}

/* Room for the marks, and then each block with a NUL behind it. */
static void take_room(struct text_blocks *blocks)
{
    size_t size = TEXT_MARKS;

    for (size_t i = 0; i < blocks->count; i++)
        size += blocks->items[i].whole + 1;
    if (size > blocks->capacity) {
        blocks->room = memory_take(blocks->room, size);
        blocks->capacity = size;
    }
    blocks->marks = (bool *)blocks->room;
    size = TEXT_MARKS;
    for (size_t i = 0; i < blocks->count; size += blocks->items[i++].whole + 1)
        blocks->items[i].bytes = blocks->room + size;
}

/* Where it ends before its time, no more is asked for. */
static int read_more(const struct elf_file *file, struct text_block *block)
{
    const size_t rest = block->whole - block->size, wish = rest < WINDOW ? rest : WINDOW;
    size_t got = 0;
    int error = elf_pread(file->descriptor, block->offset + block->size, block->bytes + block->size, wish, &got);

    block->size += got;
    block->bytes[block->size] = '\0';
    if (!error && got < wish)
        block->whole = block->size;
    return error;
}

static void clear_marks(struct text_blocks *blocks)
{
    memset(blocks->marks, false, TEXT_MARKS);
    blocks->marked = false;
}

/* From one address to another, which is marked too. */
static void mark(struct text_blocks *blocks, uint64_t first, uint64_t last)
{
    for (uint64_t granule = first / TEXT_GRANULE; granule <= last / TEXT_GRANULE; granule++)
        blocks->marks[(uint16_t)granule] = true;
    blocks->marked = true;
}

/* The text around a literal, back to where it may begin at the earliest. */
static void mark_text(struct text_blocks *blocks, const struct text_block *block, size_t position, size_t length)
{
    size_t start = position;

    while (start > 0 && position - start < TEXT_LENGTH && block->bytes[start - 1])
        start--;
    mark(blocks, block->address + start, block->address + position + length - 1);
}

/* The texts of a block from a position on. */
static void mark_block(struct text_blocks *blocks, const struct text_block *block, size_t start,
                       const struct literal *literal)
{
    const char *at = block->bytes + start, *end = block->bytes + block->size;

    while ((at = literal_find(literal, at, (size_t)(end - at)))) {
        mark_text(blocks, block, (size_t)(at - block->bytes), literal->length);
        at += literal->length;
    }
}

int text_blocks_mark(const struct elf_file *file, struct text_blocks *blocks, const struct literal *literal)
{
    int error = 0;

    if (!blocks->marks)
        take_room(blocks);
    clear_marks(blocks);
    for (size_t i = 0; i < blocks->count; i++) {
        struct text_block *block = &blocks->items[i];

        mark_block(blocks, block, 0, literal);
        while (!error && block->size < block->whole) {
            const size_t start = block->size > literal->length ? block->size - literal->length : 0;

            error = read_more(file, block);
            mark_block(blocks, block, start, literal);
        }
    }
    if (!literal->bytes) {
        memset(blocks->marks, true, TEXT_MARKS);
        blocks->marked = true;
    }
    return error;
}

void text_blocks_mark_at(struct text_blocks *blocks, const struct number_map *addresses)
{
    clear_marks(blocks);
    for (size_t i = 0; i < addresses->slot_count; i++)
        if (addresses->slots[i].number)
            mark(blocks, addresses->slots[i].number, addresses->slots[i].number);
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

bool text_blocks_has(struct text_blocks *blocks, uint64_t address)
{
    return find_block(blocks, address) != NULL;
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
