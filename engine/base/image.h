/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Objects that point to each other, as one block of bytes that can be kept and used again at another address.
 *
 * What is in a struct is said by tables, once: a writer copies all that can be reached from one object by them, each
 * object once, and notes where pointers are; a reader adds the block's address to these. So reading costs a few
 * instructions a pointer, whatever it took to make the objects. An image is of one program on one machine.
 */
#ifndef HVPROBE_BASE_IMAGE_H
#define HVPROBE_BASE_IMAGE_H

#include "base/memory.h"

struct image_type;

enum image_kind {
    IMAGE_PLAIN,   /* no pointers: as it is */
    IMAGE_CLEARED, /* not kept: zero when it is read */
    IMAGE_INSIDE,  /* an object of the type itself */
    IMAGE_ONE,     /* a pointer to one object of the type */
    IMAGE_ARRAY,   /* a pointer to count of them, one after the other */
    IMAGE_LIST,    /* a pointer to count pointers to them */
    IMAGE_VEC,     /* a struct vec of them */
    IMAGE_MAP,     /* a struct map whose values they are */
    IMAGE_STATIC,  /* a pointer to something that the program has anyway: see struct image_context */
};

struct image_field {
    const char *name;
    enum image_kind kind;
    size_t offset, size;
    const struct image_type *type;
    size_t counted_by;                   /* COUNTED_BY a size_t of the same object */
    size_t (*count)(const void *object); /* else this; of lists with neither a NULL is the end, and kept */
};

struct image_type {
    const char *name;
    size_t size;
    const struct image_field *fields;
    size_t field_count;
    bool ended;   /* a pointer to one is to an array, whose last has NULL in its first member */
    bool revived; /* image_context.revive has to see it */
};

/* Rows of a type's table: IMAGE_FIELD(struct, member, kind, type). */
#define IMAGE_FIELD(object, member, kind, type)                                                                        \
    {                                                                                                                  \
#member, kind, offsetof(struct object, member), sizeof(((struct object *)0)->member), type, 0, NULL            \
    }
#define IMAGE_COUNTED(object, member, kind, type, by)                                                                  \
    {                                                                                                                  \
#member, kind, offsetof(struct object, member), sizeof(((struct object *)0)->member), type,                    \
            offsetof(struct object, by) + 1, NULL                                                                      \
    }
#define IMAGE_PLAINLY(object, member) IMAGE_FIELD(object, member, IMAGE_PLAIN, NULL)
#define IMAGE_TYPE(object, rows, ended, revived)                                                                       \
    {                                                                                                                  \
#object, sizeof(struct object), rows, ARRAY_SIZE(rows), ended, revived                                         \
    }
#define IMAGE_TEXT(object, member) IMAGE_FIELD(object, member, IMAGE_ONE, &image_text)

extern const struct image_type image_text;   /* NUL-terminated; only behind a pointer */
extern const struct image_type image_number; /* of 64 bits */
extern const struct image_type image_byte;

/* The same when an image is written and when it is read. */
struct image_context {
    struct vec statics; /* what pointers of IMAGE_STATIC may be */
    /* Makes what cannot be kept, of an object whose type says that it is revived; may be NULL when there are none. */
    void (*revive)(struct arena *arena, void *object);
};

/* Adds an image of an object and all that it refers to. false: something is not as the tables say; nothing is to be
 * used of it. */
bool image_write(struct buf *out, const struct image_type *type, const void *object,
                 const struct image_context *context);
/*
 * The object again, in the arena. NULL: these bytes are no image of this type. No offset leads out of the image; that
 * counts in it are true, the caller knows by a check of the bytes.
 */
void *image_read(struct arena *arena, const struct image_type *type, const char *data, size_t length,
                 const struct image_context *context);

#endif
