/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers and texts in the fixed order in which files of the cache have them. */
#include "base/pack.h"

#include <string.h>

enum { SEVEN_BITS = 7, SEVEN_MASK = 0x7f, MORE = 0x80, NUMBER_BITS = 64 };

/* Seven bits a byte, the lowest first. */
void pack_number(struct buf *out, uint64_t number)
{
    for (; number >= MORE; number >>= SEVEN_BITS)
        buf_char(out, (char)(unsigned char)((number & SEVEN_MASK) | MORE));
    buf_char(out, (char)number);
}

void pack_bytes(struct buf *out, const char *data, size_t length)
{
    pack_number(out, length + 1);
    buf_add_n(out, data, length);
    buf_char(out, '\0');
}

void pack_text(struct buf *out, const char *text)
{
    if (text)
        pack_bytes(out, text, strlen(text));
    else
        pack_number(out, 0);
}

uint64_t unpack_long_number(struct unpack *unpack)
{
    uint64_t number = 0;

    for (unsigned shift = 0; unpack->at < unpack->end && shift < NUMBER_BITS; shift += SEVEN_BITS) {
        const unsigned char byte = (unsigned char)*unpack->at++;
        number |= (uint64_t)(byte & SEVEN_MASK) << shift;
        if (byte < MORE)
            return number;
    }
    unpack->failed = true;
    unpack->at = unpack->end;
    return 0;
}

const char *unpack_bytes(struct unpack *unpack, size_t *ret_length)
{
    const char *start;
    const size_t size = unpack_count(unpack); /* with the NUL at the end */

    *ret_length = size ? size - 1 : 0;
    if (size == 0)
        return NULL;
    start = unpack->at;
    unpack->at += size;
    unpack->failed = unpack->failed || start[size - 1] != '\0';
    return unpack->failed ? NULL : start;
}

const char *unpack_text(struct unpack *unpack)
{
    size_t length;

    return unpack_bytes(unpack, &length);
}

void pack_texts(struct buf *out, const char *const *texts)
{
    size_t count = 0;

    while (texts != NULL && texts[count] != NULL)
        count++;
    pack_number(out, texts != NULL ? count + 1 : 0);
    for (size_t i = 0; i < count; i++)
        pack_text(out, texts[i]);
}

const char *const *unpack_texts(struct arena *arena, struct unpack *unpack)
{
    const size_t count = unpack_count(unpack); /* with the NULL at the end */
    const char **texts = count > 0 ? arena_alloc(arena, count * sizeof(*texts)) : NULL;

    for (size_t i = 0; i + 1 < count; i++)
        texts[i] = unpack_text(unpack);
    return texts;
}
