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

/* The name that a line is of, as JSON has it, quotes and all; false: it is no line that batch writes. */
static bool read_name(const char *line, struct buf *ret_name)
{
    const char *start = skip_beginning(line, false), *end = start;
    ret_name->length = 0;
    if (!start || *start != '"')
        return false;
    do
        end += 1 + (*end == '\\' && end[1]);
    while (*end && *end != '"');
    if (*end)
        buf_add_n(ret_name, start, (size_t)(end + 1 - start));
    return *end && text_ends(line, "}\n");
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
