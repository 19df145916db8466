/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lines of a script that ask for paths, quoted for every shell. */
#include "cli/script.h"

#include <string.h>

enum { KINDS = 4 };

/* In single quotes; a name of uname becomes the variable that has it. */
static void add_quoted(struct buf *out, const char *text, size_t length)
{
    const char *end = text + length;
    bool named = false;

    buf_char(out, '\'');
    for (; text < end; text++) {
        if (*text == SCRIPT_UNAME[0]) {
            buf_add(out, named ? "\"'" : "'\"$uname_");
            named = !named;
        } else if (*text == '\'') {
            buf_add(out, "'\\''");
        } else {
            buf_char(out, *text);
        }
    }
    buf_char(out, '\'');
}

static void add_plain(struct buf *out, const struct map *asked, unsigned kinds, const char *indent)
{
    bool first = true;

    for (size_t i = 0; i < asked->count; i++) {
        const struct asked_path *path = asked->entries[i].value;

        if (path->kinds != kinds || strpbrk(path->path, SCRIPT_CONTENT SCRIPT_LINK SCRIPT_WORD))
            continue;
        if (first)
            buf_printf(out, "%sasks %u", indent, kinds);
        buf_printf(out, " \\\n%s    ", indent);
        add_quoted(out, path->path, strlen(path->path));
        first = false;
    }
    buf_add(out, first ? "" : "\n");
}

/* words KINDS FILE BEFORE AFTER */
static void add_words(struct buf *out, const struct asked_path *path, const char *indent)
{
    const char *file = strchr(path->path, SCRIPT_WORD[0]) + 1;
    const char *after = strchr(file, SCRIPT_WORD[0]);

    buf_printf(out, "%swords %u ", indent, path->kinds);
    add_quoted(out, file, (size_t)(after - file));
    buf_char(out, ' ');
    add_quoted(out, path->path, (size_t)(file - 1 - path->path));
    buf_char(out, ' ');
    add_quoted(out, after + 1, strlen(after + 1));
    buf_char(out, '\n');
}

/* follow KINDS FUNCTION PATTERN SUFFIX [FUNCTION SUFFIX]... */
static void add_chain(struct buf *out, const struct asked_path *path, const char *indent)
{
    const char *at = path->path;
    size_t length = strcspn(at, SCRIPT_CONTENT SCRIPT_LINK);
    const char *start = at;

    buf_printf(out, "%sfollow %u", indent, path->kinds);
    for (at += length; *at; at += length + 1) {
        length = strcspn(at + 1, SCRIPT_CONTENT SCRIPT_LINK);
        buf_add(out, *at == SCRIPT_LINK[0] ? " leads_to " : " stands_in ");
        if (start) {
            add_quoted(out, start, (size_t)(at - start));
            buf_char(out, ' ');
            start = NULL;
        }
        add_quoted(out, at + 1, length);
    }
    buf_char(out, '\n');
}

void script_write(struct buf *out, const struct map *asked, const char *indent)
{
    for (unsigned kinds = 0; kinds < KINDS; kinds++)
        add_plain(out, asked, kinds, indent);
    for (size_t i = 0; i < asked->count; i++) {
        const struct asked_path *path = asked->entries[i].value;

        if (strpbrk(path->path, SCRIPT_CONTENT SCRIPT_LINK))
            add_chain(out, path, indent);
        else if (strstr(path->path, SCRIPT_WORD))
            add_words(out, path, indent);
    }
}
