/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A former output that is to be gone on with: whose lines are there, and where the last whole one ends. */
#include "base/text.h"
#include "cli/batch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a line begins with, but for white space. */
static const char *const beginning[] = {"{", "\"host\"", ":", NULL};

/* Where the name's text begins; NULL: it is no such line. cut: the end may be missing. */
static const char *skip_beginning(const char *line, bool cut)
{
    for (const char *const *part = beginning; *part; part++) {
        line += strspn(line, " \t");
        const size_t length = strlen(*part), there = strnlen(line, length);
        if (strncmp(line, *part, there) != 0 || (there < length && !cut))
            return NULL;
        line += there;
    }
    return line + strspn(line, " \t");
}

static void add_character(struct buf *out, uint32_t character)
{
    if (character < 0x80) {
        buf_char(out, (char)character);
    } else if (character < 0x800) {
        buf_char(out, (char)(0xc0 | character >> 6));
        buf_char(out, (char)(0x80 | (character & 0x3f)));
    } else {
        buf_char(out, (char)(0xe0 | character >> 12));
        buf_char(out, (char)(0x80 | (character >> 6 & 0x3f)));
        buf_char(out, (char)(0x80 | (character & 0x3f)));
    }
}

/* What stands behind a backslash; gives what follows it. */
static const char *unescape(struct buf *out, const char *at)
{
    static const char letters[] = "ntrbf", meanings[] = "\n\t\r\b\f";
    const char *letter = *at ? strchr(letters, *at) : NULL;
    if (*at == 'u' && strspn(at + 1, "0123456789abcdefABCDEF") >= 4) {
        const char digits[] = {at[1], at[2], at[3], at[4], '\0'};
        add_character(out, (uint32_t)strtoul(digits, NULL, 16));
        return at + 5;
    }
    if (*at)
        buf_char(out, letter ? meanings[letter - letters] : *at);
    return at + (*at != '\0');
}

/* The name that a line is of; false: it is none that batch writes. */
static bool read_name(const char *line, struct buf *ret_name)
{
    const char *at = skip_beginning(line, false);
    ret_name->length = 0;
    if (!at || *at != '"')
        return false;
    for (at++; *at && *at != '"';) {
        if (*at == '\\')
            at = unescape(ret_name, at + 1);
        else
            buf_char(ret_name, *at++);
    }
    return *at == '"' && text_ends(line, "}\n");
}

/* Goes through all lines; gives where the last whole one ends, or -1 after a message. */
static off_t read_lines(struct arena *arena, FILE *file, const char *path, struct map *known)
{
    AUTO(buf_free) struct buf name = BUF_INIT;
    char *line = NULL;
    size_t room = 0, number = 1;
    off_t end = 0;
    for (ssize_t length; (length = getline(&line, &room, file)) >= 0; number++) {
        const bool cut = line[length - 1] != '\n';
        const bool ours = cut ? skip_beginning(line, true) != NULL : read_name(line, &name);
        if (!ours) {
            complain("%s:%zu: this is no line that batch writes; nothing is changed", path, number);
            end = -1;
            break;
        }
        if (cut)
            break;
        end += length;
        map_put(arena, known, arena_strdup(arena, buf_text(&name)), known);
    }
    free(line);
    return end;
}

static enum status cannot(const char *path, const char *what, enum status status)
{
    complain("%s: cannot be %s: %s", path, what, strerror(errno));
    return status;
}

static enum status read_former(struct arena *arena, const char *path, int fd, struct map *known)
{
    const int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    FILE *file = copy < 0 ? NULL : fdopen(copy, "r");
    if (!file)
        return cannot(path, "read", STATUS_FAILED);
    const off_t end = read_lines(arena, file, path, known);
    const bool broken = ferror(file) != 0;
    fclose(file);
    if (end < 0)
        return STATUS_USAGE;
    if (broken)
        return cannot(path, "read", STATUS_FAILED);
    return ftruncate(fd, end) < 0 ? cannot(path, "written", STATUS_FAILED) : STATUS_OK;
}

enum status batch_resume(struct arena *arena, const char *path, struct map *known, int *ret_fd)
{
    const int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0644);
    struct stat status;
    if (fd < 0)
        return cannot(path, "opened", STATUS_FAILED);
    *ret_fd = fd;
    if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode)) {
        complain("%s: is no regular file", path);
        return STATUS_USAGE;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        complain("%s: another batch writes to it", path);
        return STATUS_FAILED;
    }
    return read_former(arena, path, fd, known);
}
