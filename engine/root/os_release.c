/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* os-release(5): assignments as a shell reads them, without expansions. */
#include "base/file.h"
#include "base/text.h"
#include "root/backend.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

enum { OS_RELEASE_LIMIT = 1024 * 1024 };

/* The value at text up to the end of its line or, in quotes, beyond it; *ret_end is after it. */
static char *read_value(struct arena *arena, const char *text, const char **ret_end)
{
    AUTO(buf_free) struct buf value = BUF_INIT;
    char quote = '\0';

    for (; *text; text++) {
        if (quote == '\0' && isspace((unsigned char)*text)) {
            break;
        }
        if (quote == '\0' && (*text == '"' || *text == '\'')) {
            quote = *text;
        } else if (quote != '\0' && *text == quote) {
            quote = '\0';
        } else if (*text == '\\' && quote != '\'' && text[1] && (quote == '\0' || strchr("$\"\\`\n", text[1]))) {
            text++;
            buf_char(&value, *text);
        } else {
            buf_char(&value, *text);
        }
    }
    *ret_end = text;
    return arena_strdup(arena, buf_text(&value));
}

static void read_assignments(struct arena *arena, const char *text, struct map *values)
{
    while (*text) {
        size_t length;

        text += strspn(text, " \t\r\n");
        length = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
        if (length > 0 && text[length] == '=') {
            const char *name = arena_strndup(arena, text, length);

            map_put(arena, values, name, read_value(arena, text + length + 1, &text));
        }
        text += strcspn(text, "\n");
    }
}

static const char *const *split_words(struct arena *arena, const char *text)
{
    struct vec words = {0};

    for (text += strspn(text, " \t"); *text; text += strspn(text, " \t")) {
        size_t length = strcspn(text, " \t");

        vec_push(arena, &words, arena_strndup(arena, text, length));
        text += length;
    }
    vec_push(arena, &words, NULL);
    return (const char *const *)words.items;
}

/* A system without the file: the name of its kernel. */
static const char *kernel_id(struct root *root)
{
    struct root_uname names;

    if (root_uname(root, &names) < 0 || names.sysname[0] == '\0') {
        return "linux";
    }
    return names.sysname;
}

/* Distributions are known in lower case, though some write themselves otherwise (os-release(5) forbids it). */
static const char *non_empty(const char *text)
{
    return text && *text ? text : NULL;
}

const char *const root_os_files[] = {"/etc/os-release", "/usr/lib/os-release", NULL};

/* The first of the files that is there. NULL: none is, or, after *ret_unknown, it cannot be read. */
static char *read_file(struct root *root, const char **ret_unknown)
{
    char *text = NULL;
    size_t length;

    for (size_t i = 0; root_os_files[i]; i++) {
        const int error = root_read(root, root->arena, root_os_files[i], OS_RELEASE_LIMIT, &text, &length);

        if (error >= 0) {
            return text;
        }
        if (error != -ENOENT && error != -ENOTDIR) {
            *ret_unknown = arena_printf(root->arena, "%s: %s", root_os_files[i], file_error(error));
            return NULL;
        }
    }
    return NULL;
}

struct root_os *os_release_read(struct root *root)
{
    struct root_os *os = arena_new_object(root->arena, struct root_os);
    struct map values = {0};
    const char *text = read_file(root, &os->unknown);

    if (text) {
        read_assignments(root->arena, text, &values);
    }
    os->id = non_empty(map_get(&values, "ID"));
    if (!os->id && !os->unknown) {
        os->id = text ? "linux" : kernel_id(root);
    }
    os->id = os->id ? text_lower(root->arena, os->id) : NULL;
    os->version = non_empty(map_get(&values, "VERSION_ID"));
    os->like_text = map_get(&values, "ID_LIKE");
    os->like_text = text_lower(root->arena, os->like_text ? os->like_text : "");
    os->like = split_words(root->arena, os->like_text);
    return os;
}
