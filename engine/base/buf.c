/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text that grows, and never fails to: memory that is not there ends the process. */
#include "base/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_SIZE = 128 };

void buf_free(struct buf *buf)
{
    memory_count(-(ptrdiff_t)buf->capacity);
    free(buf->data);
    *buf = (struct buf)BUF_INIT;
}

/* Makes room for more bytes and the NUL. */
static char *reserve(struct buf *buf, size_t more)
{
    size_t wanted = buf->capacity ? buf->capacity : FIRST_SIZE;

    if (more > SIZE_MAX / 4 - buf->length)
        memory_exhausted();
    if (buf->length + more < buf->capacity)
        return buf->data + buf->length;
    while (wanted <= buf->length + more)
        wanted *= 2;
    buf->data = memory_take(buf->data, wanted);
    memory_count((ptrdiff_t)(wanted - buf->capacity));
    buf->capacity = wanted;
    return buf->data + buf->length;
}

static void added(struct buf *buf, size_t length)
{
    buf->length += length;
    buf->data[buf->length] = '\0';
}

void buf_add_n(struct buf *buf, const char *text, size_t length)
{
    char *end = reserve(buf, length);

    if (length)
        memcpy(end, text, length);
    added(buf, length);
}

void buf_add(struct buf *buf, const char *text)
{
    buf_add_n(buf, text, strlen(text));
}

void buf_char(struct buf *buf, char character)
{
    *reserve(buf, 1) = character;
    added(buf, 1);
}

void buf_pad(struct buf *buf, char character, size_t count)
{
    memset(reserve(buf, count), character, count);
    added(buf, count);
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length <= 0)
        return;
    va_start(arguments, format);
    vsnprintf(reserve(buf, (size_t)length), (size_t)length + 1, format, arguments);
    va_end(arguments);
    added(buf, (size_t)length);
}

const char *buf_text(const struct buf *buf)
{
    return buf->data ? buf->data : "";
}
