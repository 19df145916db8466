/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Errors as callers of the library get them: a status, a text and a place, in memory of their own. */
#include "api/api.h"
#include "base/build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *hvp_version(void)
{
    return HVPROBE_VERSION;
}

void hvp_free(void *memory)
{
    free(memory);
}

void error_clear(hvp_error *error)
{
    if (!error)
        return;
    error->status = HVP_OK;
    error->message[0] = '\0';
}

/* A cut must not go through a character. */
static void cut(char *message)
{
    size_t length = strlen(message);
    if (length + 1 < HVP_MESSAGE_SIZE)
        return;
    while (length > 0 && ((unsigned char)message[length - 1] & 0xc0U) == 0x80)
        length--;
    if (length > 0 && (unsigned char)message[length - 1] >= 0xc0)
        message[length - 1] = '\0';
}

hvp_status error_set(hvp_error *error, hvp_status status, const char *format, ...)
{
    va_list arguments;
    if (!error)
        return status;
    error->status = status;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    cut(error->message);
    return status;
}

char *take_text(struct buf *buf)
{
    buf_add(buf, "");
    char *text = buf->data;
    memory_count(-(ptrdiff_t)buf->capacity);
    *buf = (struct buf)BUF_INIT;
    if (!text)
        text = calloc(1, 1);
    if (!text)
        memory_exhausted();
    return text;
}
