/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A host's file system in a tar file, such as what support tools collect. What is no file is not known, as in a
 * directory. */
#include "base/libarchive.h"
#include "root/backend.h"
#include "root/confined.h"
#include "root/tarball.h"

#include <errno.h>
#include <string.h>

struct tar_root {
    struct file_tree tree;
    struct map others; /* paths of devices, FIFOs and sockets, which are there, and no more is known of them */
};

static const struct file_tree *tree_of(const struct root *root)
{
    return &((const struct tar_root *)root->state)->tree;
}

static int read_link(void *root, struct arena *scratch, const char *path, char **ret_target)
{
    return file_tree_readlink(tree_of(root), scratch, path, ret_target) == 0 ? 1 : 0;
}

/* The path without links. */
static int resolve(struct root *root, struct arena *scratch, const char *path, bool follow, char **ret_path)
{
    return path_resolve(scratch, path, follow, read_link, root, ret_path);
}

static int tar_stat(struct root *root, const char *path, bool follow, struct root_stat *ret_stat)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    char *resolved = NULL;
    int error = resolve(root, scratch, path, follow, &resolved);

    error = error < 0 ? error : file_tree_stat(tree_of(root), resolved, ret_stat);
    return error == -ENOENT && map_get(&((struct tar_root *)root->state)->others, resolved) ? -EOPNOTSUPP : error;
}

static int tar_access(struct root *root, const char *path, const char *want)
{
    struct root_stat status;
    int error = tar_stat(root, path, true, &status);

    return error < 0 ? error : files_mode_access(status.mode, want);
}

static int tar_open_file(struct root *root, const char *path, int *ret_fd)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    char *resolved = NULL;
    int error = resolve(root, scratch, path, true, &resolved);

    return error < 0 ? error : file_tree_open(tree_of(root), resolved, ret_fd);
}

static int tar_read(struct root *root, struct arena *arena, const char *path, size_t limit, char **ret_text,
                    size_t *ret_length)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    char *resolved = NULL;
    int error = resolve(root, scratch, path, true, &resolved);

    return error < 0 ? error : file_tree_read(tree_of(root), arena, resolved, limit, ret_text, ret_length);
}

static int tar_list(struct root *root, struct arena *arena, const char *path, struct vec *ret_names)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    char *resolved = NULL;
    int error = resolve(root, scratch, path, true, &resolved);

    return error < 0 ? error : file_tree_list(tree_of(root), arena, resolved, ret_names);
}

static int tar_readlink(struct root *root, struct arena *arena, const char *path, char **ret_target)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    char *resolved = NULL;
    int error = resolve(root, scratch, path, false, &resolved);

    return error < 0 ? error : file_tree_readlink(tree_of(root), arena, resolved, ret_target);
}

static bool is_wanted(const char *path)
{
    (void)path;
    return true;
}

static void add_others(struct root *root, const struct vec *others, size_t skip)
{
    struct tar_root *state = root->state;

    for (size_t i = 0; i < others->count; i++) {
        const char *path = others->items[i];

        if (strlen(path) > skip) {
            map_put(root->arena, &state->others, path + skip, state);
        }
    }
}

/* Where the archive has one folder at its top and nothing else, that is the host's. NULL, or what is astray. */
static const char *make_tree(struct root *root, const struct tarball *tarball)
{
    struct tar_root *state = root->state;
    struct vec names = {0};
    const char *astray = file_tree_make(root->arena, &tarball->items, "/", &state->tree), *folder = "";

    if (!astray && file_tree_list(&state->tree, root->arena, "/", &names) == 0 && names.count == 1) {
        const char *only = arena_printf(root->arena, "/%s", (const char *)names.items[0]);

        if (((const struct file_item *)map_get(&tarball->items, only))->type == ROOT_DIR) {
            folder = only;
            astray = file_tree_make(root->arena, &tarball->items, folder, &state->tree);
        }
    }
    add_others(root, &tarball->others, strlen(folder));
    return astray;
}

/* What a directory cannot tell either its methods say. */
static struct root *tar_root(const char *path)
{
    struct root *root = root_new(&directory_methods, path);
    struct root_methods *methods = arena_memdup(root->arena, &directory_methods, sizeof(directory_methods));

    methods->stat = tar_stat;
    methods->access = tar_access;
    methods->open_file = tar_open_file;
    methods->read = tar_read;
    methods->list = tar_list;
    methods->readlink = tar_readlink;
    methods->close = NULL;
    root->methods = methods;
    root->state = arena_new_object(root->arena, struct tar_root);
    return root;
}

struct root *root_open_tar(struct arena *arena, const char *path, int fd, const char **ret_error)
{
    struct root *root = tar_root(path);
    struct tarball tarball;
    const char *astray;

    if (libarchive_missing()) {
        *ret_error = arena_printf(arena, "%s: %s", path, libarchive_missing());
    } else if (!tarball_read(root->arena, fd, path, is_wanted, &tarball, ret_error)) {
        *ret_error = arena_strdup(arena, *ret_error); /* the root goes */
    } else if ((astray = make_tree(root, &tarball)) != NULL) {
        *ret_error = arena_printf(arena, "%s: has %s below what is no directory", path, astray);
    } else {
        return root;
    }
    root_close(root);
    return NULL;
}
