/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing an image: a walk over all that can be reached, breadth first, that copies first and mends pointers later. */
#include "base/image_private.h"
#include "base/number_map.h"

#include <string.h>

const struct image_type image_text = {.name = "text"};
const struct image_type image_number = {.name = "number", .size = sizeof(int64_t)};
const struct image_type image_byte = {.name = "byte", .size = 1};
static const struct image_type image_slot = {.name = "slot", .size = sizeof(uint32_t)};
static const struct image_type image_address = {.name = "pointer", .size = sizeof(void *)};
static const struct image_type image_entry = {.name = "map entry", .size = sizeof(struct map_entry)};

/* An object that was copied, and where to. */
struct placed {
    const char *object;
    const struct image_type *type;
    size_t count;
    size_t size;
    size_t offset;
};

struct image_writer {
    struct arena *arena;
    const struct image_context *context;
    struct buf objects, texts;
    struct buf pointers;         /* of struct image_pointer */
    struct buf text_pointers;    /* the same, but what they point to counts from the start of the texts */
    struct buf statics, revived; /* of image_offset */
    struct map known_texts;      /* by what they say: offset, counted from 1 */
    struct number_map placed;    /* of struct placed, by address */
    struct vec queue;            /* of struct placed: all whose pointers are to be mended */
    bool failed;
};

static void add_offset(struct buf *list, size_t offset)
{
    const image_offset number = (image_offset)offset;

    buf_add_n(list, (const char *)&number, sizeof(number));
}

static void put_word(struct image_writer *writer, size_t at, uintptr_t word)
{
    memcpy(writer->objects.data + at, &word, sizeof(word));
}

static void add_pointer(struct buf *list, size_t at, size_t to)
{
    const struct image_pointer pointer = {(image_offset)at, (image_offset)to};

    buf_add_n(list, (const char *)&pointer, sizeof(pointer));
}

static void point(struct image_writer *writer, size_t at, size_t offset)
{
    put_word(writer, at, 0);
    add_pointer(&writer->pointers, at, offset);
}

static void point_to_text(struct image_writer *writer, size_t at, const char *text)
{
    size_t known = (size_t)map_get(&writer->known_texts, text);

    if (!known) {
        known = writer->texts.length + 1;
        buf_add_n(&writer->texts, text, strlen(text) + 1);
        map_put(writer->arena, &writer->known_texts, text, (void *)known);
    }
    put_word(writer, at, 0);
    add_pointer(&writer->text_pointers, at, known - 1);
}

/* A copy of objects, made when they are first met. An object that begins with another is met before that one. */
static const struct placed *place(struct image_writer *writer, const void *object, const struct image_type *type,
                                  size_t count)
{
    static const struct placed nothing = {0};
    const size_t size = count * type->size;
    struct placed *placed = number_map_get(&writer->placed, (uintptr_t)object);

    if (size == 0)
        return &nothing;
    if (placed) {
        writer->failed = writer->failed || placed->size < size;
        return placed;
    }
    buf_pad(&writer->objects, '\0', -writer->objects.length % sizeof(uint64_t));
    placed = arena_new_object(writer->arena, struct placed);
    *placed = (struct placed){object, type, count, size, writer->objects.length};
    buf_add_n(&writer->objects, object, size);
    number_map_put(writer->arena, &writer->placed, (uintptr_t)object, placed);
    if (type->field_count)
        vec_push(writer->arena, &writer->queue, placed);
    return placed;
}

static size_t count_ended(const char *object, size_t size)
{
    size_t count = 1; /* with the end */

    for (const void *first; memcpy(&first, object, sizeof(first)), first; object += size)
        count++;
    return count;
}

/* A pointer at an offset that leads to one object. */
static void point_to_one(struct image_writer *writer, size_t at, const void *object, const struct image_type *type)
{
    if (!object)
        return;
    if (type == &image_text)
        point_to_text(writer, at, object);
    else
        point(writer, at, place(writer, object, type, type->ended ? count_ended(object, type->size) : 1)->offset);
}

static void point_to_list(struct image_writer *writer, size_t at, void *const *list, size_t count,
                          const struct image_type *type)
{
    if (!list)
        return;
    const size_t before = writer->placed.count;
    const size_t offset = place(writer, list, &image_address, count)->offset;
    point(writer, at, offset);
    for (size_t i = 0; before != writer->placed.count && i < count; i++)
        point_to_one(writer, offset + i * sizeof(void *), list[i], type);
}

static void write_vec(struct image_writer *writer, size_t at, const struct vec *vec, const struct image_type *type)
{
    point_to_list(writer, at + offsetof(struct vec, items), vec->items, vec->count, type);
    memcpy(writer->objects.data + at + offsetof(struct vec, capacity), &vec->count, sizeof(vec->count));
}

static void write_map(struct image_writer *writer, size_t at, const struct map *map, const struct image_type *type)
{
    memcpy(writer->objects.data + at + offsetof(struct map, capacity), &map->count, sizeof(map->count));
    if (map->slots)
        point(writer, at + offsetof(struct map, slots),
              place(writer, map->slots, &image_slot, map->slot_count)->offset);
    if (!map->entries)
        return;
    const size_t before = writer->placed.count;
    const size_t entries = place(writer, map->entries, &image_entry, map->count)->offset;
    point(writer, at + offsetof(struct map, entries), entries);
    for (size_t i = 0; before != writer->placed.count && i < map->count; i++) {
        const size_t entry = entries + i * sizeof(struct map_entry);
        point_to_text(writer, entry + offsetof(struct map_entry, key), map->entries[i].key);
        point_to_one(writer, entry + offsetof(struct map_entry, value), map->entries[i].value, type);
    }
}

static void write_static(struct image_writer *writer, size_t at, const void *object)
{
    const struct vec *statics = &writer->context->statics;
    size_t number = 0;

    if (!object)
        return;
    while (number < statics->count && statics->items[number] != object)
        number++;
    writer->failed = writer->failed || number == statics->count;
    put_word(writer, at, number);
    add_offset(&writer->statics, at);
}

static size_t count_of(const struct image_field *field, const char *object, void *const *pointer)
{
    size_t count;

    if (field->count)
        return field->count(object);
    if (!field->counted_by)
        return pointer ? count_ended((const char *)pointer, sizeof(*pointer)) : 0;
    memcpy(&count, object + field->counted_by - 1, sizeof(count));
    return count;
}

static void write_fields(struct image_writer *writer, const struct image_type *type, const char *object, size_t offset);

static void write_field(struct image_writer *writer, const struct image_field *field, const char *object, size_t offset)
{
    const char *member = object + field->offset;
    const size_t at = offset + field->offset;
    void *pointer;

    switch (field->kind) {
    case IMAGE_PLAIN:
        return;
    case IMAGE_CLEARED:
        memset(writer->objects.data + at, 0, field->size);
        return;
    case IMAGE_INSIDE:
        write_fields(writer, field->type, member, at);
        return;
    case IMAGE_VEC:
        write_vec(writer, at, (const struct vec *)member, field->type);
        return;
    case IMAGE_MAP:
        write_map(writer, at, (const struct map *)member, field->type);
        return;
    default:
        memcpy(&pointer, member, sizeof(pointer));
    }
    if (field->kind == IMAGE_STATIC)
        write_static(writer, at, pointer);
    else if (field->kind == IMAGE_ONE)
        point_to_one(writer, at, pointer, field->type);
    else if (field->kind == IMAGE_LIST)
        point_to_list(writer, at, pointer, count_of(field, object, pointer), field->type);
    else if (pointer)
        point(writer, at, place(writer, pointer, field->type, count_of(field, object, NULL))->offset);
}

static void write_fields(struct image_writer *writer, const struct image_type *type, const char *object, size_t offset)
{
    for (size_t i = 0; i < type->field_count; i++)
        write_field(writer, &type->fields[i], object, offset);
    if (type->revived)
        add_offset(&writer->revived, offset);
}

/* Texts come after the objects, whose size is known now. */
static void move_texts(struct image_writer *writer)
{
    const char *end = writer->text_pointers.data + writer->text_pointers.length;
    struct image_pointer pointer;

    buf_pad(&writer->objects, '\0', -writer->objects.length % sizeof(image_word));
    for (const char *at = writer->text_pointers.data; at < end; at += sizeof(pointer)) {
        memcpy(&pointer, at, sizeof(pointer));
        add_pointer(&writer->pointers, pointer.at, writer->objects.length + pointer.to);
    }
}

/* The map of a block's words, and those that are not zero. */
static void pack_words(const struct buf *block, struct buf *map, struct buf *words)
{
    for (size_t at = 0; at < block->length;) {
        image_word bits = 0;
        for (size_t bit = 0; bit < WORD_BITS && at < block->length; bit++, at += sizeof(image_word)) {
            image_word word;
            memcpy(&word, block->data + at, sizeof(word));
            if (word == 0)
                continue;
            bits |= (image_word)1 << bit;
            buf_add_n(words, block->data + at, sizeof(word));
        }
        buf_add_n(map, (const char *)&bits, sizeof(bits));
    }
}

static void write_all(struct image_writer *writer, struct buf *out)
{
    AUTO(buf_free) struct buf map = BUF_INIT;
    AUTO(buf_free) struct buf words = BUF_INIT;
    const struct buf *lists[] = {&map, &words, &writer->texts, &writer->pointers, &writer->statics, &writer->revived};

    pack_words(&writer->objects, &map, &words);
    const struct image_head head = {
        .objects = writer->objects.length,
        .words = words.length / sizeof(image_word),
        .texts = writer->texts.length,
        .pointers = writer->pointers.length / sizeof(struct image_pointer),
        .statics = writer->statics.length / sizeof(image_offset),
        .revived = writer->revived.length / sizeof(image_offset),
    };

    buf_add_n(out, (const char *)&head, sizeof(head));
    for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
        buf_add_n(out, buf_text(lists[i]), lists[i]->length);
}

static void writer_free(struct image_writer *writer)
{
    struct buf *lists[] = {&writer->objects, &writer->texts,   &writer->pointers,
                           &writer->statics, &writer->revived, &writer->text_pointers};

    for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
        buf_free(lists[i]);
}

bool image_write(struct buf *out, const struct image_type *type, const void *object,
                 const struct image_context *context)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    AUTO(writer_free) struct image_writer writer = {.arena = arena, .context = context};

    buf_add_n(&writer.texts, "", 1); /* so that there is one, and it ends */
    place(&writer, object, type, 1);
    for (size_t i = 0; i < writer.queue.count; i++) {
        const struct placed *placed = writer.queue.items[i];
        for (size_t each = 0; each < placed->count; each++)
            write_fields(&writer, placed->type, placed->object + each * placed->type->size,
                         placed->offset + each * placed->type->size);
    }
    move_texts(&writer);
    writer.failed = writer.failed || writer.objects.length + writer.texts.length > UINT32_MAX / 2;
    if (!writer.failed)
        write_all(&writer, out);
    return !writer.failed;
}
