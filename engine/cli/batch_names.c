/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The names of hosts, one after the other: there may be more of them than memory has room for. */
#include "base/json.h"
#include "base/text.h"
#include "cli/batch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 64 * 1024 };

/* The next line of standard input that is not empty; NULL: it has ended. */
static const char *next_line(struct batch_names *names)
{
    for (ssize_t length; (length = getline(&names->line, &names->room, stdin)) >= 0;) {
        if (length > 0 && names->line[length - 1] == '\n')
            names->line[--length] = '\0';
        if (length > 0)
            return names->line;
    }
    if (ferror(stdin))
        complain("standard input cannot be read: %s", strerror(errno));
    return NULL;
}

static const char *next_name(struct batch_names *names)
{
    for (;;) {
        const char *line = names->piped ? next_line(names) : NULL;
        if (line)
            return line;
        names->piped = false;
        const char *word = *names->words;
        if (!word)
            return NULL;
        names->words++;
        if (!text_equal(word, "-"))
            return word;
        names->piped = true;
    }
}

/* Names are compared as lines have them, so that nobody needs to read JSON for it. */
static bool is_known(const struct batch_names *names, const char *name)
{
    AUTO(buf_free) struct buf written = BUF_INIT;
    if (names->known.count > 0)
        json_text(&written, name, strlen(name));
    return names->known.count > 0 && map_get(&names->known, buf_text(&written));
}

bool batch_next(struct batch_names *names, struct buf *ret_name)
{
    const char *name;
    do
        name = next_name(names);
    while (name && is_known(names, name));
    buf_free(ret_name);
    if (name)
        buf_add(ret_name, name);
    return name != NULL;
}

void batch_names_free(struct batch_names *names)
{
    free(names->line);
}

/* Lines of a regular file that is standard input; 0: it is none, as it comes as it likes. */
static size_t count_lines(void)
{
    char block[BLOCK];
    struct stat status;
    size_t count = 0;
    off_t at = lseek(STDIN_FILENO, 0, SEEK_CUR);
    if (at < 0 || fstat(STDIN_FILENO, &status) < 0 || !S_ISREG(status.st_mode))
        return 0;
    for (ssize_t got; (got = pread(STDIN_FILENO, block, sizeof block, at)) > 0; at += got)
        for (ssize_t i = 0; i < got; i++)
            count += block[i] == '\n';
    return count;
}

size_t batch_count(const struct batch_names *names)
{
    size_t count = 0;
    for (const char **word = names->words; *word; word++) {
        const size_t lines = text_equal(*word, "-") ? count_lines() : 1;
        if (lines == 0)
            return 0;
        count += lines;
    }
    return count > names->known.count ? count - names->known.count : 0;
}
