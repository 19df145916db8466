/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One number for many bytes, eight of them at a time. */
#include "base/hash.h"

#include <string.h>

enum { SHIFT = 29, LANES = 4 };
static const uint64_t odd = 0x9e3779b97f4a7c15U; /* 2^64 divided by the golden ratio: spreads neighbouring values */

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * odd;
    return hash ^ hash >> SHIFT;
}

/* What is long goes in several lanes, so that the processor need not wait for one product to begin with the next. An
 * array of lanes would be multiplied as a vector, which takes three times as long where there is no such instruction.
 */
static uint64_t hash_blocks(uint64_t hash, const char *data, size_t count)
{
    uint64_t a = hash, b = hash + 1, c = hash + 2, d = hash + 3;
    uint64_t words[LANES];

    for (; count > 0; count--, data += sizeof(words)) {
        memcpy(words, data, sizeof(words));
        a = mix(a, words[0]);
        b = mix(b, words[1]);
        c = mix(c, words[2]);
        d = mix(d, words[3]);
    }
    return mix(mix(mix(a, b), c), d);
}

uint64_t hash_bytes(uint64_t hash, const void *data, size_t length)
{
    const size_t blocks = length / (LANES * sizeof(uint64_t));
    const char *at = data;
    uint64_t word;

    hash ^= length * odd;
    if (blocks > 1) {
        hash = hash_blocks(hash, at, blocks);
        at += blocks * LANES * sizeof(word);
        length -= blocks * LANES * sizeof(word);
    }
    for (; length >= sizeof(word); at += sizeof(word), length -= sizeof(word)) {
        memcpy(&word, at, sizeof(word)); /* of a fixed size: one instruction */
        hash = mix(hash, word);
    }
    word = 0;
    memcpy(&word, at, length);
    return length > 0 ? mix(hash, word) : hash;
}
