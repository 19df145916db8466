/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Results to standard output, everything else to standard error. */
#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/guard.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void complain(const char *format, ...)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    AUTO(buf_free) struct buf safe = BUF_INIT;
    va_list arguments;
    va_start(arguments, format);
    const char *text = arena_vprintf(arena, format, arguments);
    va_end(arguments);
    text_add_printable(&safe, text, strlen(text));
    fprintf(stderr, "hvprobe: %s\n", buf_text(&safe));
}

void complain_unknown(const char *what, const char *word, const char *const *names, size_t count, const char *otherwise)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    complain("%s", unknown_name(arena, what, word, names, count, otherwise));
}

enum status output_text(const struct buf *text, enum status status)
{
    AUTO(buf_free) struct buf safe = BUF_INIT;
    const char *line = buf_text(text), *end = line + text->length;
    while (line < end) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        text_add_printable(&safe, line, (size_t)((newline ? newline : end) - line));
        if (newline)
            buf_char(&safe, '\n');
        line = newline ? newline + 1 : end;
    }
    return output(&safe, status);
}

enum status output(const struct buf *buf, enum status status)
{
    guard_stop();
    const int error = file_write_all(STDOUT_FILENO, buf->data, buf->length);
    if (error < 0)
        complain("cannot write the result: %s", strerror(-error));
    return error < 0 ? STATUS_FAILED : status;
}
