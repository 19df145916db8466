/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A host as it was recorded. What a snapshot does not have, the host did not have. */
#include "root/snapshot.h"

#include "base/text.h"
#include "root/backend.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static int read_link(void *data, struct arena *scratch, const char *path, char **ret_target)
{
    struct snapshot *snapshot = data;
    const struct snapshot_node *node = map_get(&snapshot->by_path, path);

    if (node && node->target) {
        *ret_target = arena_strdup(scratch, node->target);
        return 1;
    }
    if (node) {
        return 0; /* a node hides a link */
    }
    return stored_readlink(&snapshot->files, scratch, path, ret_target) == 0 ? 1 : 0;
}

/* Whether the path is as path_resolve would give it, apart from links. */
static bool is_plain(const char *path)
{
    size_t length = strlen(path);

    return !strstr(path, "//") && !strstr(path, "/.") && (length == 1 || path[length - 1] != '/');
}

/* The path without links: nodes are found by it. */
static int locate(struct root *root, struct arena *scratch, const char *path, bool follow, char **ret_path)
{
    struct snapshot *snapshot = root->state;

    if (is_plain(path) && !snapshot->has_links && stored_is_plain(&snapshot->files, path, follow)) {
        *ret_path = arena_strdup(scratch, path);
        return 0;
    }
    return path_resolve(scratch, path, follow, read_link, snapshot, ret_path);
}

/* A directory above that may not be searched hides what is below. */
static int check_parents(const struct snapshot *snapshot, struct arena *scratch, const char *path)
{
    for (const char *slash = path; snapshot->has_closed && slash; slash = strchr(slash + 1, '/')) {
        const char *parent = slash == path ? "/" : arena_strndup(scratch, path, (size_t)(slash - path));
        const struct snapshot_node *node = strcmp(path, "/") == 0 ? NULL : map_get(&snapshot->by_path, parent);

        if (node && node->access && node->type.given && node->type.value == ROOT_DIR && !strchr(node->access, 'x')) {
            return -EACCES;
        }
    }
    return 0;
}

struct snapshot_place {
    char *path; /* without links */
    const struct snapshot_node *node;
    struct snapshot_piece *piece;
    struct root_stat status;
    bool stored; /* below root/ */
};

static unsigned default_mode(enum root_type type)
{
    return type == ROOT_DIR ? 0755 : type == ROOT_FILE ? 0644 : 0666;
}

static void apply_node(const struct snapshot *snapshot, struct snapshot_place *place)
{
    const struct snapshot_node *node = place->node;
    struct root_stat *status = &place->status;

    if (node->type.given && (!place->stored || status->type != (enum root_type)node->type.value)) {
        place->stored = false;
        *status = (struct root_stat){.type = (enum root_type)node->type.value};
    }
    if (!place->stored) {
        status->mode = default_mode(status->type);
        for (size_t i = 0; i < snapshot->nodes.count; i++) {
            status->inode = snapshot->nodes.items[i] == node ? i + 1 : status->inode;
        }
    }
    status->mode = node->mode.given ? (unsigned)node->mode.value : status->mode;
    status->has_group = node->group.given;
    status->group = (uint32_t)node->group.value;
    status->size = node->size.given ? (uint64_t)node->size.value : node->text ? node->length : status->size;
}

static int look(struct root *root, struct arena *scratch, const char *path, bool follow,
                struct snapshot_place *ret_place)
{
    struct snapshot *snapshot = root->state;
    struct snapshot_place place = {0};
    int error = locate(root, scratch, path, follow, &place.path);

    if (error == 0) {
        error = check_parents(snapshot, scratch, place.path);
    }
    if (error < 0) {
        return error;
    }
    place.node = map_get(&snapshot->by_path, place.path);
    if (place.node && place.node->error.given && !place.node->type.given) {
        return -(int)place.node->error.value;
    }
    error = stored_stat(&snapshot->files, place.path, &place.status);
    place.stored = error == 0;
    place.piece = snapshot_piece_of(snapshot, place.path);
    place.status.size = place.piece ? (uint64_t)place.piece->size.value : place.status.size;
    place.status.has_group = false; /* whoever unpacked the snapshot owns the files in it */
    if (place.node) {
        apply_node(snapshot, &place);
    } else if (error < 0 && (map_get(&snapshot->children, place.path) || strcmp(place.path, "/") == 0)) {
        place.status = (struct root_stat){.type = ROOT_DIR, .mode = default_mode(ROOT_DIR)};
    } else if (error < 0) {
        return error;
    }
    *ret_place = place;
    return 0;
}

/* Most of what rules ask for is not there, which is told without looking any closer. */
static bool is_absent(struct snapshot *snapshot, const char *path)
{
    return !snapshot->has_links && !snapshot->has_closed && is_plain(path) && path[1] &&
           stored_is_absent(&snapshot->files, path) && !map_get(&snapshot->by_path, path) &&
           !map_get(&snapshot->children, path);
}

static int or_unknown(const struct snapshot *snapshot, const char *path, int error)
{
    return error == -ENOENT && snapshot_unread(snapshot, path) ? -EOPNOTSUPP : error;
}

static int find(struct root *root, struct arena *scratch, const char *path, bool follow,
                struct snapshot_place *ret_place)
{
    return or_unknown(root->state, path, look(root, scratch, path, follow, ret_place));
}

static int find_status(struct root *root, const char *path, bool follow, struct root_stat *ret_stat)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    struct snapshot_place place;
    int error = find(root, scratch, path, follow, &place);

    if (error == 0) {
        *ret_stat = place.status;
    }
    return error;
}

static int snapshot_stat(struct root *root, const char *path, bool follow, struct root_stat *ret_stat)
{
    return is_absent(root->state, path) ? or_unknown(root->state, path, -ENOENT)
                                        : find_status(root, path, follow, ret_stat);
}

static int node_access(const struct snapshot_node *node, const char *want)
{
    return node->access && want[strspn(want, node->access)] ? -EACCES : 0;
}

static int snapshot_access(struct root *root, const char *path, const char *want)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    struct snapshot_place place;
    int error = find(root, scratch, path, true, &place);

    if (error < 0) {
        return error;
    }
    return place.node ? node_access(place.node, want) : files_mode_access(place.status.mode, want);
}

/* Whether the content of a place may be had: of a file, or the names in a directory. */
static int check_readable(const struct snapshot_place *place)
{
    if (!place->node) {
        return 0;
    }
    if (place->node->error.given) {
        return -(int)place->node->error.value;
    }
    return node_access(place->node, "r");
}

static int open_stored(struct root *root, const struct snapshot_place *place, int *ret_fd)
{
    struct snapshot *snapshot = root->state;
    AUTO(files_close) int stored = -1;
    int error;

    if (!place->piece) {
        return stored_open_file(&snapshot->files, root->consent, place->path, ret_fd);
    }
    error = stored_open_file(&snapshot->files, root->consent, place->path, &stored);
    return error < 0 ? error : snapshot_piece_open(place->piece, stored, ret_fd);
}

/* A file that has content here. */
static int find_file(struct root *root, struct arena *scratch, const char *path, struct snapshot_place *ret_place)
{
    int error = find(root, scratch, path, true, ret_place);

    if (error < 0) {
        return error;
    }
    if (ret_place->status.type != ROOT_FILE) {
        return ret_place->status.type == ROOT_DIR ? -EISDIR : -ENOTSUP;
    }
    error = check_readable(ret_place);
    if (error < 0) {
        return error;
    }
    return ret_place->stored || ret_place->node->text ? 0 : -EOPNOTSUPP;
}

static int open_place(struct root *root, const struct snapshot_place *place, int *ret_fd)
{
    return place->node && place->node->text ? snapshot_inline_open(place->node, ret_fd)
                                            : open_stored(root, place, ret_fd);
}

static int snapshot_open_file(struct root *root, const char *path, int *ret_fd)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    struct snapshot_place place;
    int error = find_file(root, scratch, path, &place);

    return error < 0 ? error : open_place(root, &place, ret_fd);
}

/* What is in memory needs no descriptor. */
static int snapshot_read(struct root *root, struct arena *arena, const char *path, size_t limit, char **ret_text,
                         size_t *ret_length)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    AUTO(files_close) int fd = -1;
    const struct snapshot *snapshot = root->state;
    struct snapshot_place place;
    int error = find_file(root, scratch, path, &place);

    if (error == 0 && place.piece) {
        return -EOPNOTSUPP; /* nobody knows all that is in it */
    }
    if (error == 0 && place.node && place.node->text) {
        *ret_length = place.node->length;
        *ret_text = arena_strndup(arena, place.node->text, place.node->length);
        return place.node->length > limit ? -EFBIG : 0;
    }
    if (error == 0 && snapshot->files.tree) {
        return file_tree_read(snapshot->files.tree, arena, place.path, limit, ret_text, ret_length);
    }
    error = error < 0 ? error : open_place(root, &place, &fd);
    return error < 0 ? error : files_read(arena, fd, limit, ret_text, ret_length);
}

static int snapshot_kept_rows(struct root *root, const char *path, const char *digest, struct root_rows *ret_rows)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    const struct snapshot *snapshot = root->state;
    struct snapshot_place place;

    if (snapshot->extracts.count == 0 || find(root, scratch, path, true, &place) < 0 || check_readable(&place) < 0) {
        return -ENOENT;
    }
    return snapshot_extract(root, place.path, place.status.size, digest, ret_rows);
}

static bool has_name(const struct vec *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->items[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static int snapshot_list(struct root *root, struct arena *arena, const char *path, struct vec *ret_names)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    const struct snapshot *snapshot = root->state;
    const struct vec *more;
    struct vec names = {0};
    struct snapshot_place place;
    int error = find(root, scratch, path, true, &place);

    if (error == 0) {
        error = place.status.type == ROOT_DIR ? check_readable(&place) : -ENOTDIR;
    }
    if (error == 0 && place.stored) {
        error = stored_list(&snapshot->files, arena, place.path, &names);
    }
    if (error < 0) {
        return error;
    }
    more = map_get(&snapshot->children, place.path);
    if (more) {
        size_t stored = names.count;

        for (size_t i = 0; i < more->count; i++) {
            const struct vec before = {names.items, stored, names.capacity};

            if (!has_name(&before, more->items[i])) {
                vec_push(arena, &names, arena_strdup(arena, more->items[i]));
            }
        }
        texts_sort_natural(&names);
    }
    *ret_names = names;
    return 0;
}

static int snapshot_readlink(struct root *root, struct arena *arena, const char *path, char **ret_target)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    struct snapshot *snapshot = root->state;
    struct snapshot_place place;
    int error = find(root, scratch, path, false, &place);

    if (error < 0) {
        return error;
    }
    if (place.status.type != ROOT_LINK) {
        return -EINVAL;
    }
    if (place.node && place.node->target) {
        *ret_target = arena_strdup(arena, place.node->target);
        return 0;
    }
    return stored_readlink(&snapshot->files, arena, place.path, ret_target);
}

static int snapshot_uname(struct root *root, struct root_uname *ret_uname)
{
    const struct snapshot *snapshot = root->state;

    if (!snapshot->has_uname) {
        return -EOPNOTSUPP;
    }
    *ret_uname = snapshot->uname;
    return 0;
}

static const struct snapshot_ioctl *find_ioctl(const struct snapshot *snapshot, const char *path, unsigned long request,
                                               unsigned long argument)
{
    for (size_t i = 0; i < snapshot->ioctls.count; i++) {
        const struct snapshot_ioctl *item = snapshot->ioctls.items[i];

        if ((unsigned long)item->request.value == request && (unsigned long)item->argument.value == argument &&
            strcmp(item->path, path) == 0) {
            return item;
        }
    }
    return NULL;
}

static int snapshot_ioctl(struct root *root, const char *path, unsigned long request, unsigned long argument,
                          long *ret_result)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    const struct snapshot *snapshot = root->state;
    const struct snapshot_ioctl *item = find_ioctl(snapshot, path, request, argument);
    struct snapshot_place place;
    int error = find(root, scratch, path, true, &place);

    if (!item) {
        if (error < 0) {
            return error;
        }
        item = find_ioctl(snapshot, place.path, request, argument);
    }
    if (!item && place.status.type != ROOT_CHAR) {
        return -ENOTTY;
    }
    /* Who may neither read nor write it could not have opened it. */
    if (error == 0 && place.node && node_access(place.node, "r") < 0 && node_access(place.node, "w") < 0) {
        return -EACCES;
    }
    if (!item) {
        return -EOPNOTSUPP;
    }
    if (item->error.given) {
        return -(int)item->error.value;
    }
    *ret_result = (long)item->result.value;
    return 0;
}

static void snapshot_close(struct root *root)
{
    struct snapshot *snapshot = root->state;

    snapshot_pieces_close(snapshot);
    confined_close(&snapshot->files.directory);
}

static const struct root_methods snapshot_methods = {
    .live = false,
    .stat = snapshot_stat,
    .access = snapshot_access,
    .open_file = snapshot_open_file,
    .read = snapshot_read,
    .kept_rows = snapshot_kept_rows,
    .list = snapshot_list,
    .readlink = snapshot_readlink,
    .uname = snapshot_uname,
    .cpuid = snapshot_cpuid,
    .ioctl = snapshot_ioctl,
    .exec = snapshot_exec,
    .extra_paths = snapshot_paths,
    .close = snapshot_close,
};

struct root *snapshot_root(const char *label)
{
    struct root *root = root_new(&snapshot_methods, label);
    struct snapshot *snapshot = arena_new_object(root->arena, struct snapshot);

    snapshot->files.directory.fd = -1;
    root->state = snapshot;
    return root;
}
