/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opens a snapshot, whatever it is kept in: a directory, a tar file, or sections of another YAML file. */
#include "base/file.h"
#include "base/libarchive.h"
#include "base/text.h"
#include "root/backend.h"
#include "root/snapshot.h"
#include "root/tarball.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static const char yaml_name[] = "/snapshot.yaml";

/* Where a snapshot is opened. */
struct opening {
    struct arena *arena; /* of messages and what they point at */
    const char *path;
    struct diagnostics *diagnostics;
    const char **ret_error;
};

static const struct source *source_of(const struct opening *opening, char *text, size_t length)
{
    struct source *source = arena_new_object(opening->arena, struct source);

    source->path = arena_printf(opening->arena, "%s%s", opening->path, yaml_name);
    source->text = text;
    source->length = length;
    return source;
}

/* Reads snapshot.yaml; error: what it ended with so far. The text is in the messages' arena, as they show lines of it.
 */
static bool load(const struct opening *opening, struct root *root, int error, char *text, size_t length)
{
    const char *path = opening->path;

    if (error == 0) {
        return snapshot_load(root->arena, source_of(opening, text, length), opening->diagnostics, root->state);
    }
    *opening->ret_error =
        error == -ENOENT ? arena_printf(opening->arena, "%s: is not a snapshot: there is no snapshot.yaml in it", path)
                         : arena_printf(opening->arena, "%s%s: cannot be read: %s", path, yaml_name, strerror(-error));
    return false;
}

static bool open_folder(const struct opening *opening, struct root *root, int top_fd)
{
    AUTO(confined_close) struct confined top = {.fd = -1};
    AUTO(files_close) int fd = -1;
    struct snapshot *snapshot = root->state;
    char *text = NULL;
    size_t length = 0;

    confined_init(&top, dup(top_fd));
    int error = confined_open_file(&top, NULL, yaml_name, &fd);
    error = error < 0 ? error : files_read(opening->arena, fd, ROOT_READ_LIMIT, &text, &length);
    if (!load(opening, root, error, text, length)) {
        return false;
    }
    const int tree = confined_open(&top, "/root", O_RDONLY | O_DIRECTORY | O_NOFOLLOW, true);
    if (tree >= 0) {
        confined_init(&snapshot->files.directory, tree);
        snapshot->files.arena = root->arena;
    }
    return true;
}

static bool is_part(const char *path)
{
    return strcmp(path, yaml_name) == 0 || strcmp(path, "/root") == 0 || text_starts(path, "/root/");
}

/* A snapshot is at the top of an archive, or in one folder there. */
static bool is_wanted(const char *path)
{
    const char *below = path[1] ? strchr(path + 1, '/') : NULL;

    return is_part(path) || (below && is_part(below));
}

/* The folder that the snapshot is in, "" at the top; NULL after a message. */
static const char *find_folder(const struct opening *opening, const struct map *items)
{
    const char *folder = map_get(items, yaml_name) ? "" : NULL;

    for (size_t i = 0; i < items->count && !(folder && !*folder); i++) {
        const char *path = items->entries[i].key;
        const size_t length = path[1] ? strcspn(path + 1, "/") + 1 : 0;

        if (strcmp(path + length, yaml_name) != 0) {
            continue;
        }
        if (folder) {
            *opening->ret_error = arena_printf(opening->arena, "%s: has more than one snapshot: %s and %.*s",
                                               opening->path, folder + 1, (int)length - 1, path + 1);
            return NULL;
        }
        folder = arena_strndup(opening->arena, path, length);
    }
    if (!folder) {
        load(opening, NULL, -ENOENT, NULL, 0);
    }
    return folder;
}

static int read_link(void *tree, struct arena *scratch, const char *path, char **ret_target)
{
    return file_tree_readlink(tree, scratch, path, ret_target) == 0 ? 1 : 0;
}

/* snapshot.yaml may be a link, if it stays in its folder. */
static bool load_from(const struct opening *opening, struct root *root, struct file_tree *folder)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    char *path = NULL, *text = NULL;
    size_t length = 0;
    int error = path_resolve(scratch, yaml_name, true, read_link, folder, &path);

    error = error < 0 ? error : file_tree_read(folder, opening->arena, path, ROOT_READ_LIMIT, &text, &length);
    return load(opening, root, error, text, length);
}

/* What is a device there is not looked at, so nothing is known of it. */
static void add_unread(struct root *root, const struct vec *others, size_t skip)
{
    struct snapshot *snapshot = root->state;

    for (size_t i = 0; i < others->count; i++) {
        const char *path = others->items[i];

        if (strlen(path) > skip) {
            vec_push(root->arena, &snapshot->unread, path + skip);
        }
    }
}

/* Makes the trees of the folder and of root/ in it. */
static bool open_trees(const struct opening *opening, struct root *root, const struct map *items, const char *folder)
{
    struct snapshot *snapshot = root->state;
    struct file_tree *top = arena_new_object(root->arena, struct file_tree);
    struct file_tree *tree = arena_new_object(root->arena, struct file_tree);
    const char *below = arena_printf(root->arena, "%s/root", folder);
    const char *astray = file_tree_make(root->arena, items, *folder ? folder : "/", top);

    if (!astray) {
        const struct file_item *item = map_get(items, below);
        const bool is_directory = item && item->type == ROOT_DIR;

        astray = file_tree_make(root->arena, is_directory ? items : &(struct map){0}, below, tree);
    }
    if (astray) {
        *opening->ret_error =
            arena_printf(opening->arena, "%s: has %s%s below what is no directory", opening->path, folder, astray);
        return false;
    }
    snapshot->files.tree = tree;
    return load_from(opening, root, top);
}

static bool open_tar(const struct opening *opening, struct root *root, int fd)
{
    struct tarball tarball;
    const char *folder;

    if (libarchive_missing()) {
        *opening->ret_error = arena_printf(opening->arena, "%s: %s", opening->path, libarchive_missing());
        return false;
    }
    if (!tarball_read(root->arena, fd, opening->path, is_wanted, &tarball, opening->ret_error)) {
        *opening->ret_error = arena_strdup(opening->arena, *opening->ret_error); /* the root goes */
        return false;
    }
    folder = find_folder(opening, &tarball.items);
    if (!folder || !open_trees(opening, root, &tarball.items, folder)) {
        return false;
    }
    add_unread(root, &tarball.others, strlen(folder) + strlen("/root"));
    return true;
}

/* A descriptor, or a negative errno. Only directories and regular files are opened: a snapshot may be anything. */
static int open_path(const char *path, struct stat *ret_status)
{
    const int inherited = file_inherited(path);
    int fd;

    if (inherited >= 0) {
        return fstat(inherited, ret_status) < 0 ? -errno : dup(inherited);
    }
    if (stat(path, ret_status) < 0) {
        return -errno;
    }
    if (!S_ISDIR(ret_status->st_mode) && !S_ISREG(ret_status->st_mode)) {
        return -ENOTSUP;
    }
    fd = open(path, FILES_READ_FLAGS);
    return fd < 0 || fstat(fd, ret_status) < 0 ? -errno : fd;
}

static struct root *close_failed(struct root *root, bool opened)
{
    if (!opened) {
        root_close(root);
    }
    return opened ? root : NULL;
}

struct root *root_open_sections(const char *label, const struct yaml_node *sections, struct diagnostics *diagnostics)
{
    struct root *root = snapshot_root(label);

    return close_failed(root, snapshot_load_sections(root->arena, sections, diagnostics, root->state));
}

struct root *root_open_snapshot(struct arena *arena, const char *path, struct diagnostics *diagnostics,
                                const char **ret_error)
{
    const struct opening opening = {arena, path, diagnostics, ret_error};
    struct stat status;
    AUTO(files_close) int fd = open_path(path, &status);
    struct root *root;

    if (fd < 0) {
        *ret_error = arena_printf(arena, "%s: %s", path,
                                  fd == -ENOENT    ? "does not exist"
                                  : fd == -ENOTSUP ? "is neither a directory nor a tar file"
                                                   : strerror(-fd));
        return NULL;
    }
    root = snapshot_root(path);
    return close_failed(root, S_ISDIR(status.st_mode) ? open_folder(&opening, root, fd) : open_tar(&opening, root, fd));
}
