/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/hash.h"

#include <string.h>

uint64_t hash_bytes(uint64_t hash, const void *data, size_t length)
{
    enum { SHIFT = 29 };
    const uint64_t odd = 0x9e3779b97f4a7c15U; /* 2^64 divided by the golden ratio: spreads neighbouring values */

    hash ^= length * odd;
    for (size_t i = 0; i < length; i += sizeof(uint64_t)) {
        uint64_t word = 0;
        memcpy(&word, (const char *)data + i, length - i < sizeof(word) ? length - i : sizeof(word));
        hash = (hash ^ word) * odd;
        hash ^= hash >> SHIFT;
    }
    return hash;
}
