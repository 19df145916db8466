/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * BLAKE2b as RFC 7693 describes it, without a key: of the digests that are trusted the one that takes fewest
 * instructions a byte where the processor has none of its own for it.
 */
#include "base/digest.h"

#include <stdbool.h>
#include <string.h>

enum { ROUNDS = 12, PERMUTATIONS = 10, WORDS = 16 };

static const uint64_t start[8] = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};

static const uint8_t sigma[PERMUTATIONS][WORDS] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4}, {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13}, {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11}, {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5}, {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};

static inline uint64_t rotate(uint64_t word, unsigned bits)
{
    return word >> bits | word << (64 - bits);
}

static inline void mix(uint64_t *a, uint64_t *b, uint64_t *c, uint64_t *d, uint64_t first, uint64_t second)
{
    *a += *b + first;
    *d = rotate(*d ^ *a, 32);
    *c += *d;
    *b = rotate(*b ^ *c, 24);
    *a += *b + second;
    *d = rotate(*d ^ *a, 16);
    *c += *d;
    *b = rotate(*b ^ *c, 63);
}

static uint64_t read_word(const uint8_t *bytes)
{
    uint64_t word = 0;

    for (unsigned i = 0; i < sizeof(word); i++)
        word |= (uint64_t)bytes[i] << 8 * i;
    return word;
}

static inline void mix_round(uint64_t v[WORDS], const uint64_t words[WORDS], const uint8_t order[WORDS])
{
    for (unsigned i = 0; i < 4; i++)
        mix(&v[i], &v[4 + i], &v[8 + i], &v[12 + i], words[order[2 * i]], words[order[2 * i + 1]]);
    for (unsigned i = 0; i < 4; i++)
        mix(&v[i], &v[4 + (i + 1) % 4], &v[8 + (i + 2) % 4], &v[12 + (i + 3) % 4], words[order[8 + 2 * i]],
            words[order[9 + 2 * i]]);
}

static void take_block(struct digesting *digesting, const uint8_t *block, size_t length, bool last)
{
    uint64_t *state = digesting->state;
    uint64_t v[WORDS], words[WORDS];

    digesting->count += length;
    memcpy(v, state, sizeof(start));
    memcpy(v + 8, start, sizeof(start));
    v[12] ^= digesting->count;
    v[14] = last ? ~v[14] : v[14];
    for (unsigned i = 0; i < WORDS; i++)
        words[i] = read_word(block + i * sizeof(uint64_t));
    for (unsigned i = 0; i < ROUNDS; i++)
        mix_round(v, words, sigma[i % PERMUTATIONS]);
    for (unsigned i = 0; i < 8; i++)
        state[i] ^= v[i] ^ v[8 + i];
}

void digest_start(struct digesting *digesting)
{
    digesting->count = 0;
    digesting->filled = 0;
    memcpy(digesting->state, start, sizeof(start));
    digesting->state[0] ^= 0x01010000 | DIGEST_SIZE; /* no key, one tree of one leaf */
}

/* Whether a block is the last is only known when more comes, or the end. */
void digest_add(struct digesting *digesting, const void *data, size_t length)
{
    const uint8_t *at = data;

    while (length > 0) {
        if (digesting->filled == DIGEST_BLOCK) {
            take_block(digesting, digesting->block, DIGEST_BLOCK, false);
            digesting->filled = 0;
        }
        for (; digesting->filled == 0 && length > DIGEST_BLOCK; at += DIGEST_BLOCK, length -= DIGEST_BLOCK)
            take_block(digesting, at, DIGEST_BLOCK, false);
        const size_t room = DIGEST_BLOCK - digesting->filled;
        const size_t taken = length < room ? length : room;
        memcpy(digesting->block + digesting->filled, at, taken);
        digesting->filled += taken;
        at += taken;
        length -= taken;
    }
}

struct digest digest_end(struct digesting *digesting)
{
    struct digest digest;

    memset(digesting->block + digesting->filled, 0, DIGEST_BLOCK - digesting->filled);
    take_block(digesting, digesting->block, digesting->filled, true);
    for (unsigned i = 0; i < DIGEST_SIZE; i++)
        digest.bytes[i] = (uint8_t)(digesting->state[i / 8] >> 8 * (i % 8));
    return digest;
}

struct digest digest_of(const void *data, size_t length)
{
    struct digesting digesting;

    digest_start(&digesting);
    digest_add(&digesting, data, length);
    return digest_end(&digesting);
}
