/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers and texts as bytes, for what is kept between runs on one machine. Reading copes with any bytes. */
#ifndef HVPROBE_BASE_PACK_H
#define HVPROBE_BASE_PACK_H

#include "base/memory.h"

#include <stdint.h>

void pack_number(struct buf *out, uint64_t number);
void pack_bytes(struct buf *out, const char *data, size_t length); /* NUL-terminated, and may hold NULs */
void pack_text(struct buf *out, const char *text);                 /* NULL stays NULL */

void pack_texts(struct buf *out, const char *const *texts); /* NULL-terminated; NULL stays NULL */

/* Where reading is; failed once bytes were not as expected, and from then on everything reads as zero. */
struct unpack {
    const char *at;
    const char *end;
    bool failed;
};
uint64_t unpack_long_number(struct unpack *unpack);
static inline uint64_t unpack_number(struct unpack *unpack)
{
    const bool small = unpack->at < unpack->end && !(*unpack->at & '\x80'); /* as most are */
    return small ? (unsigned char)*unpack->at++ : unpack_long_number(unpack);
}
/* A number below limit, else it failed. */
static inline uint64_t unpack_below(struct unpack *unpack, uint64_t limit)
{
    const uint64_t number = unpack_number(unpack);

    unpack->failed = unpack->failed || number >= limit;
    return unpack->failed ? 0 : number;
}
/* A count of things that take at least one byte each: never more than bytes are left. */
static inline size_t unpack_count(struct unpack *unpack)
{
    const uint64_t count = unpack_number(unpack);

    unpack->failed = unpack->failed || count > (uint64_t)(unpack->end - unpack->at);
    return unpack->failed ? 0 : (size_t)count;
}
/* Points into the data that is read. */
const char *unpack_bytes(struct unpack *unpack, size_t *ret_length);
const char *unpack_text(struct unpack *unpack);
const char *const *unpack_texts(struct arena *arena, struct unpack *unpack);

#endif
