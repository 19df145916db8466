/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading an image: one loop over its pointers, in which nothing is believed that would lead out of the block. */
#include "base/image_private.h"

#include <string.h>

/* Where reading is: what is left of the lists of offsets. */
struct reader {
    char *block;
    struct image_head head;
    const char *lists;
};

static bool add_size(uint64_t *left, uint64_t count, size_t size)
{
    if (count > *left / size)
        return false;
    *left -= count * size;
    return true;
}

/* Do the sizes in the head make up the length, and no more than offsets can reach? */
static bool is_complete(const struct image_head *head, size_t length, const struct image_type *type)
{
    uint64_t left = length - sizeof(*head);

    return length <= UINT32_MAX && head->objects >= type->size && head->texts > 0 && add_size(&left, head->objects, 1) &&
           add_size(&left, head->texts, 1) && add_size(&left, head->pointers, sizeof(image_offset)) &&
           add_size(&left, head->statics, sizeof(image_offset)) &&
           add_size(&left, head->revived, sizeof(image_offset)) && left == 0;
}

/* The next offset of a list, of something of a size among the objects. NULL: it is not. */
static void *next_place(struct reader *reader, size_t size)
{
    image_offset at;

    memcpy(&at, reader->lists, sizeof(at));
    reader->lists += sizeof(at);
    return size <= reader->head.objects && at <= reader->head.objects - size && at % sizeof(uintptr_t) == 0
               ? reader->block + at
               : NULL;
}

static bool relocate(struct reader *reader)
{
    const uint64_t limit = reader->head.objects + reader->head.texts;

    for (uint64_t i = 0; i < reader->head.pointers; i++) {
        uintptr_t *word = next_place(reader, sizeof(*word));
        if (!word || *word >= limit)
            return false;
        *word += (uintptr_t)reader->block;
    }
    return true;
}

static bool restore_statics(struct reader *reader, const struct vec *statics)
{
    for (uint64_t i = 0; i < reader->head.statics; i++) {
        uintptr_t *word = next_place(reader, sizeof(*word));
        if (!word || *word >= statics->count)
            return false;
        *word = (uintptr_t)statics->items[*word];
    }
    return true;
}

static bool revive(struct reader *reader, struct arena *arena, const struct image_context *context)
{
    for (uint64_t i = 0; i < reader->head.revived; i++) {
        void *object = next_place(reader, sizeof(uintptr_t));
        if (!object || !context->revive)
            return false;
        context->revive(arena, object);
    }
    return true;
}

void *image_read(struct arena *arena, const struct image_type *type, const char *data, size_t length,
                 const struct image_context *context)
{
    struct reader reader;

    if (length < sizeof(reader.head))
        return NULL;
    memcpy(&reader.head, data, sizeof(reader.head));
    if (!is_complete(&reader.head, length, type))
        return NULL;
    const size_t size = (size_t)(reader.head.objects + reader.head.texts);
    reader.block = arena_memdup(arena, data + sizeof(reader.head), size);
    reader.lists = data + sizeof(reader.head) + size;
    if (reader.block[size - 1] != '\0')
        return NULL;
    return relocate(&reader) && restore_statics(&reader, &context->statics) && revive(&reader, arena, context)
               ? reader.block
               : NULL;
}
