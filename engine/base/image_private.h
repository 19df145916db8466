/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How an image is laid out. Only for image_*.c. */
#ifndef HVPROBE_BASE_IMAGE_PRIVATE_H
#define HVPROBE_BASE_IMAGE_PRIVATE_H

#include "base/image.h"

#include <stdint.h>

/* Objects, which the first is, texts after them, then lists of 32-bit offsets into the objects. */
struct image_head {
    uint64_t objects; /* bytes */
    uint64_t texts;
    uint64_t pointers; /* offsets of words: what they point to, as an offset into objects and texts */
    uint64_t statics;  /* of words: a number in context->statics */
    uint64_t revived;  /* of objects */
};

typedef uint32_t image_offset;

#endif
