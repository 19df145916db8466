/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The file system of an archive: paths to items, and what is in which directory. */
#include "root/file_tree.h"

#include "base/text.h"
#include "root/files.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The directory that a path is in; its text is in the arena. */
static const char *parent_of(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == path ? "/" : arena_strndup(arena, path, (size_t)(slash - path));
}

static bool add_to_parent(struct arena *arena, struct file_tree *tree, const char *path)
{
    const char *directory = parent_of(arena, path);
    const struct file_item *item = map_get(&tree->items, directory);
    struct vec *names = map_get(&tree->children, directory);

    if (!item || item->type != ROOT_DIR) {
        return false;
    }
    if (!names) {
        names = arena_new_object(arena, struct vec);
        map_put(arena, &tree->children, directory, names);
    }
    vec_push(arena, names, strrchr(path, '/') + 1);
    return true;
}

const char *file_tree_make(struct arena *arena, const struct map *items, const char *below, struct file_tree *ret_tree)
{
    const size_t skip = strcmp(below, "/") == 0 ? 0 : strlen(below);
    struct file_tree tree = {0};

    for (size_t i = 0; i < items->count; i++) {
        const char *path = items->entries[i].key;
        const struct file_item *item = items->entries[i].value;

        if (strncmp(path, below, skip) == 0 && (path[skip] == '/' || path[skip] == '\0')) {
            map_put(arena, &tree.items, path[skip] ? path + skip : "/", item);
            tree.has_links = tree.has_links || item->type == ROOT_LINK;
        }
    }
    for (size_t i = 0; i < tree.items.count; i++) {
        const char *path = tree.items.entries[i].key;

        if (path[1] && !add_to_parent(arena, &tree, path)) {
            return path;
        }
    }
    *ret_tree = tree;
    return NULL;
}

int file_tree_stat(const struct file_tree *tree, const char *path, struct root_stat *ret_stat)
{
    const struct file_item *item = map_get(&tree->items, path);

    if (!item) {
        return -ENOENT;
    }
    *ret_stat = (struct root_stat){.type = item->type, .mode = item->mode, .size = item->size};
    ret_stat->device = 1;
    ret_stat->inode = (uint64_t)(uintptr_t)item;
    return 0;
}

int file_tree_readlink(const struct file_tree *tree, struct arena *arena, const char *path, char **ret_target)
{
    const struct file_item *item = map_get(&tree->items, path);

    if (!item || item->type != ROOT_LINK) {
        return item ? -EINVAL : -ENOENT;
    }
    *ret_target = arena_strdup(arena, item->target);
    return 0;
}

int file_tree_list(const struct file_tree *tree, struct arena *arena, const char *path, struct vec *ret_names)
{
    const struct file_item *item = map_get(&tree->items, path);
    const struct vec *known = map_get(&tree->children, path);
    struct vec names = {0};

    if (!item || item->type != ROOT_DIR) {
        return item ? -ENOTDIR : -ENOENT;
    }
    for (size_t i = 0; known && i < known->count; i++) {
        vec_push(arena, &names, arena_strdup(arena, known->items[i]));
    }
    texts_sort_natural(&names);
    *ret_names = names;
    return 0;
}

bool file_tree_is_plain(const struct file_tree *tree, const char *path, bool follow)
{
    const struct file_item *item = map_get(&tree->items, path);

    return !tree->has_links || (item && (item->type != ROOT_LINK || !follow));
}

static int write_parts(const struct file_item *item, int fd)
{
    if (ftruncate(fd, (off_t)item->size) < 0) {
        return -errno;
    }
    for (size_t i = 0; i < item->parts.count; i++) {
        const struct file_part *part = item->parts.items[i];

        if (pwrite(fd, part->data, part->length, (off_t)part->offset) != (ssize_t)part->length) {
            return -EIO;
        }
    }
    return 0;
}

/* Only files have content. */
static int find_file(const struct file_tree *tree, const char *path, const struct file_item **ret_item)
{
    const struct file_item *item = map_get(&tree->items, path);

    if (!item || item->type != ROOT_FILE) {
        return !item ? -ENOENT : item->type == ROOT_DIR ? -EISDIR : -ENOTSUP;
    }
    *ret_item = item;
    return 0;
}

int file_tree_open(const struct file_tree *tree, const char *path, int *ret_fd)
{
    const struct file_item *item = NULL;
    int error = find_file(tree, path, &item);
    AUTO(files_close) int fd = error < 0 ? -1 : memfd_create("archive", MFD_CLOEXEC);

    if (error < 0 || fd < 0) {
        return error < 0 ? error : -errno;
    }
    error = write_parts(item, fd);
    if (error == 0) {
        *ret_fd = fd;
        fd = -1;
    }
    return error;
}

int file_tree_read(const struct file_tree *tree, struct arena *arena, const char *path, size_t limit, char **ret_text,
                   size_t *ret_length)
{
    const struct file_item *item = NULL;
    int error = find_file(tree, path, &item);

    if (error < 0 || item->size > limit) {
        return error < 0 ? error : -EFBIG;
    }
    *ret_length = (size_t)item->size;
    *ret_text = arena_alloc(arena, (size_t)item->size + 1);
    for (size_t i = 0; i < item->parts.count; i++) {
        const struct file_part *part = item->parts.items[i];

        memcpy(*ret_text + part->offset, part->data, part->length);
    }
    return 0;
}
