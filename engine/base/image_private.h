/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How an image is laid out. Only for image_*.c. */
#ifndef HVPROBE_BASE_IMAGE_PRIVATE_H
#define HVPROBE_BASE_IMAGE_PRIVATE_H

#include "base/image.h"

#include <stdint.h>

/*
 * Objects, which the first is, texts after them, then lists of places in the objects. Most words of objects are zero,
 * or pointers, which are in a list; only the others are kept, behind a map of one bit a word that tells where they
 * belong.
 */
struct image_head {
    uint64_t objects; /* bytes, of whole words */
    uint64_t words;   /* of them that are not zero */
    uint64_t texts;
    uint64_t pointers; /* of struct image_pointer */
    uint64_t statics;  /* of words: a number in context->statics */
    uint64_t revived;  /* of objects */
};

typedef uint32_t image_offset;
struct image_pointer {
    image_offset at; /* of the pointer, in the objects */
    image_offset to; /* in objects and texts */
};
typedef uint64_t image_word;
enum { WORD_BITS = 64 };

#endif
