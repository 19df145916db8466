/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A new rule to start from, with two test cases that pass: from the skeletons beside the schemas. */
#include "base/file.h"
#include "base/text.h"
#include "cli/rules.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { SKELETON_LIMIT = 1024 * 1024 };

static const char placeholder[] = "@NAME@";

/* What is written: the skeleton, and where to, with the name in place of %s. */
static const struct piece {
    const char *skeleton;
    const char *target;
} parts[] = {
    {"present.yaml", "%s/present/case.yaml"},
    {"absent.yaml", "%s/absent/case.yaml"},
    {"rule.yaml", "%s.yaml"}, /* last: whoever sees it sees its cases */
};

struct creation {
    struct arena *arena;
    const char *name;
    const char *directory;
    struct vec made; /* of char: paths to take away again when something fails */
};

static const char *target_of(const struct creation *creation, const struct piece *part)
{
    const char *rest = part->target + 2; /* behind %s */
    return arena_printf(creation->arena, "%s/%s%s", creation->directory, creation->name, rest);
}

static enum status check_name(const char *name)
{
    static const char *const reserved[] = {"host", "os", "param", "new", "cat", "delta"};
    bool good = text_is_name(name, strlen(name));
    for (size_t i = 0; i < ARRAY_SIZE(reserved); i++)
        good = good && !text_equal(reserved[i], name);
    if (good)
        return STATUS_OK;
    complain(
        "'%s' cannot be the name of a rule: a letter, then letters, digits, _ and -, and none of the built-in names",
        name);
    return STATUS_USAGE;
}

static bool exists(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0;
}

static enum status check_targets(const struct creation *creation)
{
    const char *folder = arena_printf(creation->arena, "%s/%s", creation->directory, creation->name);
    const char *rule = arena_printf(creation->arena, "%s.yaml", folder);
    const char *taken = exists(rule) ? rule : exists(folder) ? folder : NULL;
    if (!taken)
        return STATUS_OK;
    complain("%s is there already and is not overwritten", taken);
    return STATUS_NO;
}

/* The text of a skeleton with the name filled in; NULL after a complaint. Its own licence line is not the new file's.
 */
static const char *fill(const struct creation *creation, const char *skeleton, size_t *ret_length)
{
    AUTO(buf_free) struct buf out = BUF_INIT;
    const char *const *directory = schema_directories(creation->arena);
    const char *path = skeleton;
    char *text = NULL;
    size_t length = 0;
    int error = -ENOENT;
    for (; *directory && error == -ENOENT; directory++) {
        path = arena_printf(creation->arena, "%s/skeleton/%s", *directory, skeleton);
        error = file_read(creation->arena, path, SKELETON_LIMIT, &text, &length);
    }
    if (error) {
        complain("%s: %s", path, file_error(error));
        return NULL;
    }
    if (text_starts(text, "# SPDX"))
        text = strchrnul(text, '\n') + 1;
    for (const char *found; (found = strstr(text, placeholder)) != NULL; text = (char *)found + strlen(placeholder)) {
        buf_add_n(&out, text, (size_t)(found - text));
        buf_add(&out, creation->name);
    }
    buf_add(&out, text);
    *ret_length = out.length;
    return arena_strdup(creation->arena, buf_text(&out));
}

/* Each directory on the way to a file that is not there yet. */
static int make_parents(struct creation *creation, const char *path)
{
    for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        const char *parent = arena_strndup(creation->arena, path, (size_t)(slash - path));
        if (mkdir(parent, 0777) == 0)
            vec_push(creation->arena, &creation->made, parent);
        else if (errno != EEXIST)
            return -errno;
    }
    return 0;
}

static void take_back(const struct creation *creation)
{
    for (size_t i = creation->made.count; i-- > 0;)
        remove(creation->made.items[i]);
}

static enum status write_part(struct creation *creation, const struct piece *part)
{
    size_t length = 0;
    const char *text = fill(creation, part->skeleton, &length);
    const char *path = target_of(creation, part);
    if (!text)
        return STATUS_FAILED;
    int error = make_parents(creation, path);
    if (!error)
        error = file_write(path, text, length, 0666);
    if (error) {
        complain("%s: cannot be written: %s", path, file_error(error));
        return STATUS_FAILED;
    }
    vec_push(creation->arena, &creation->made, path);
    return STATUS_OK;
}

enum status rules_new(struct invocation *invocation)
{
    const char *directory = invocation_value(invocation, "output");
    struct creation creation = {.arena = invocation->arena, .directory = directory ? directory : "."};
    AUTO(buf_free) struct buf out = BUF_INIT;
    if (invocation->word_count != 2) {
        complain("'rules new' takes the name of the new rule: hvprobe rules new NAME");
        return STATUS_USAGE;
    }
    creation.name = invocation->words[1];
    enum status status = check_name(creation.name);
    if (status == STATUS_OK)
        status = check_targets(&creation);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; status == STATUS_OK && i < ARRAY_SIZE(parts); i++) {
        status = write_part(&creation, &parts[i]);
        buf_printf(&out, "%s\n", target_of(&creation, &parts[i]));
    }
    if (status == STATUS_OK)
        return output(&out, status);
    take_back(&creation);
    return status;
}
