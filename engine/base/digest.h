/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What stands for a text where nobody may be able to make another that is taken for it: BLAKE2b-256 (RFC 7693). */
#ifndef HVPROBE_BASE_DIGEST_H
#define HVPROBE_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum { DIGEST_SIZE = 32, DIGEST_BLOCK = 128 };

struct digest {
    uint8_t bytes[DIGEST_SIZE];
};

/* A digest in the making. */
struct digesting {
    uint64_t state[8];
    uint64_t count; /* bytes taken in */
    uint8_t block[DIGEST_BLOCK];
    size_t filled; /* bytes of the block, which is taken in when more follow */
};

void digest_start(struct digesting *digesting);
void digest_add(struct digesting *digesting, const void *data, size_t length);
struct digest digest_end(struct digesting *digesting);
struct digest digest_of(const void *data, size_t length);

#endif
