/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Results to standard output, everything else to standard error. */
#include "base/text.h"
#include "cli/command.h"

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
