/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Small files and links written in the YAML itself: a whole host in one page, for tests and reports. */
#include "base/text.h"
#include "root/backend.h"
#include "root/screen.h"
#include "root/snapshot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char *const file_keys[] = {"text", "mode", "access"};

static void *refuse(struct diagnostics *diagnostics, const struct yaml_node *node, const char *what)
{
    diagnose(diagnostics, DIAG_BAD_SNAPSHOT, node->at, NULL, "%s", what);
    return NULL;
}

static bool take_mode(const struct yaml_node *value, struct number *ret_mode)
{
    char *end = NULL;
    unsigned long mode = strtoul(value->value, &end, 8);

    *ret_mode = (struct number){true, (int64_t)mode};
    return value->length > 0 && value->value[0] != '-' && *end == '\0' && mode <= 07777;
}

static bool take_key(struct snapshot_node *node, const struct yaml_node *key, const struct yaml_node *value,
                     struct diagnostics *diagnostics)
{
    if (value->kind != YAML_NODE_SCALAR) {
        return refuse(diagnostics, value, "this should be text");
    }
    if (strcmp(key->value, "text") == 0) {
        node->text = value->value;
        node->length = value->length;
        return true;
    }
    if (strcmp(key->value, "mode") == 0) {
        return take_mode(value, &node->mode) ||
               refuse(diagnostics, value, "mode should be permission bits in octal, such as '0755'");
    }
    if (strcmp(key->value, "access") == 0) {
        node->access = value->value;
        return strspn(value->value, "rwx") == value->length ||
               refuse(diagnostics, value, "access should be letters of rwx");
    }
    diagnose(diagnostics, DIAG_BAD_SNAPSHOT, key->at,
             diagnose_nearest(diagnostics, key->value, file_keys, ARRAY_SIZE(file_keys)), "unknown key '%s'",
             key->value);
    return false;
}

/* PATH: TEXT, or PATH: {text: TEXT, mode: '0755', access: r} */
static struct snapshot_node *file_node(struct snapshot_node *node, const struct yaml_node *value,
                                       struct diagnostics *diagnostics)
{
    if (value->kind == YAML_NODE_SEQUENCE) {
        return refuse(diagnostics, value, "a file is its text, or a mapping with text, mode and access");
    }
    node->type = (struct number){true, ROOT_FILE};
    node->text = value->kind == YAML_NODE_SCALAR && !yaml_is_null(value) ? value->value : "";
    node->length = *node->text ? value->length : 0;
    for (size_t i = 0; value->kind == YAML_NODE_MAPPING && i < value->count; i++) {
        if (!take_key(node, value->keys[i], value->items[i], diagnostics)) {
            return NULL;
        }
    }
    return node;
}

static struct snapshot_node *link_node(struct snapshot_node *node, const struct yaml_node *value,
                                       struct diagnostics *diagnostics)
{
    if (value->kind != YAML_NODE_SCALAR || value->length == 0) {
        return refuse(diagnostics, value, "a link is the path that it leads to");
    }
    node->type = (struct number){true, ROOT_LINK};
    node->target = value->value;
    return node;
}

struct snapshot_node *snapshot_inline_node(struct arena *arena, const char *section, const struct yaml_node *path,
                                           const struct yaml_node *value, struct diagnostics *diagnostics)
{
    struct snapshot_node *node = arena_new_object(arena, struct snapshot_node);

    if (path->value[0] != '/') {
        return refuse(diagnostics, path, "this should be an absolute path");
    }
    node->path = path->value;
    return text_equal(section, "links") ? link_node(node, value, diagnostics) : file_node(node, value, diagnostics);
}

int snapshot_inline_open(const struct snapshot_node *node, int *ret_fd)
{
    int fd = memfd_create("snapshot", MFD_CLOEXEC);

    if (fd < 0) {
        return -errno;
    }
    if (write(fd, node->text, node->length) != (ssize_t)node->length || lseek(fd, 0, SEEK_SET) != 0) {
        int error = -errno;

        close(fd);
        return error < 0 ? error : -EIO;
    }
    *ret_fd = fd;
    return 0;
}

void snapshot_paths(struct root *root, struct arena *arena, struct vec *paths)
{
    const struct snapshot *snapshot = root->state;

    for (size_t i = 0; i < snapshot->by_path.count; i++) {
        vec_push(arena, paths, snapshot->by_path.entries[i].key);
    }
    for (size_t i = 0; i < snapshot->execs.count; i++) {
        const struct snapshot_exec *item = snapshot->execs.items[i];

        vec_push(arena, paths, item->argv.items[0]);
    }
    for (size_t i = 0; i < snapshot->ioctls.count; i++) {
        vec_push(arena, paths, ((const struct snapshot_ioctl *)snapshot->ioctls.items[i])->path);
    }
    if (snapshot->cpuid.count > 0) {
        vec_push(arena, paths, SCREEN_CPUID);
    }
}
