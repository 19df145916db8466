/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/hash.h"

#include <string.h>

enum { SHIFT = 29 };
static const uint64_t odd = 0x9e3779b97f4a7c15U; /* 2^64 divided by the golden ratio: spreads neighbouring values */

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * odd;
    return hash ^ hash >> SHIFT;
}

uint64_t hash_bytes(uint64_t hash, const void *data, size_t length)
{
    const char *at = data;
    uint64_t word;

    hash ^= length * odd;
    for (; length >= sizeof(word); at += sizeof(word), length -= sizeof(word)) {
        memcpy(&word, at, sizeof(word)); /* of a fixed size: one instruction */
        hash = mix(hash, word);
    }
    word = 0;
    memcpy(&word, at, length);
    return length > 0 ? mix(hash, word) : hash;
}
