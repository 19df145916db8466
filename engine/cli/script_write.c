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

static const char *function_of(const char *step)
{
    return *step == SCRIPT_LINK[0] ? "leads_to" : "stands_in";
}

/* The first step of a chain, and the one behind it (NULL: there is none). */
static const char *step_of(const char *path, const char **ret_next)
{
    const char *step = strpbrk(path, SCRIPT_CONTENT SCRIPT_LINK);

    *ret_next = step ? strpbrk(step + 1, SCRIPT_CONTENT SCRIPT_LINK) : NULL;
    return step;
}

/* follow KINDS FUNCTION PATTERN SUFFIX [FUNCTION SUFFIX]... */
static void add_chain(struct buf *out, const struct asked_path *path, const char *indent)
{
    const char *next, *step = step_of(path->path, &next);

    buf_printf(out, "%sfollow %u %s ", indent, path->kinds, function_of(step));
    add_quoted(out, path->path, (size_t)(step - path->path));
    for (; step; step = next) {
        next = strpbrk(step + 1, SCRIPT_CONTENT SCRIPT_LINK);
        buf_char(out, ' ');
        add_quoted(out, step + 1, next ? (size_t)(next - step - 1) : strlen(step + 1));
        buf_printf(out, "%s%s", next ? " " : "", next ? function_of(next) : "");
    }
    buf_char(out, '\n');
}

/* follows KINDS FUNCTION SUFFIX PATTERN...: all chains of one step that end in the same way as the first of them. */
static void add_chains(struct buf *out, const struct map *asked, size_t first, struct map *done, struct arena *scratch,
                       const char *indent)
{
    const struct asked_path *path = asked->entries[first].value;
    const char *next, *step = step_of(path->path, &next);
    const char *key = arena_printf(scratch, "%u%s", path->kinds, step);

    if (map_get(done, key))
        return;
    map_put(scratch, done, key, path);
    buf_printf(out, "%sfollows %u %s ", indent, path->kinds, function_of(step));
    add_quoted(out, step + 1, strlen(step + 1));
    for (size_t i = first; i < asked->count; i++) {
        const struct asked_path *other = asked->entries[i].value;
        const char *end = step_of(other->path, &next);

        if (!end || next || other->kinds != path->kinds || strcmp(end, step) != 0)
            continue;
        buf_printf(out, " \\\n%s    ", indent);
        add_quoted(out, other->path, (size_t)(end - other->path));
    }
    buf_char(out, '\n');
}

void script_write(struct buf *out, const struct map *asked, const char *indent)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    struct map done = {0};

    for (unsigned kinds = 0; kinds < KINDS; kinds++)
        add_plain(out, asked, kinds, indent);
    for (size_t i = 0; i < asked->count; i++) {
        const struct asked_path *path = asked->entries[i].value;
        const char *next;

        if (step_of(path->path, &next) && next)
            add_chain(out, path, indent);
        else if (step_of(path->path, &next))
            add_chains(out, asked, i, &done, scratch, indent);
        else if (strstr(path->path, SCRIPT_WORD))
            add_words(out, path, indent);
    }
}
