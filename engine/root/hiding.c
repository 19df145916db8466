/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A host without some of its files, for tests that ask who would miss them. */
#include "root/hiding.h"

#include "root/backend.h"
#include "root/confined.h"

#include <errno.h>
#include <string.h>

struct hiding_root {
    struct root_methods methods; /* this root's: live is as inner's */
    struct root *inner;
    const struct hiding *hiding;
};

static struct root *inner_of(const struct root *root)
{
    return ((const struct hiding_root *)root->state)->inner;
}

static int read_link(void *data, struct arena *scratch, const char *path, char **ret_target)
{
    return root_readlink(data, scratch, path, ret_target) == 0 ? 1 : 0;
}

static bool is_hidden(const struct root *root, const char *path)
{
    const struct hiding *hiding = ((const struct hiding_root *)root->state)->hiding;
    bool hidden = hiding->hides(hiding->data, path);

    return hidden || hiding->everything;
}

/* 0, or -ENOENT for what is hidden. What a link leads to hides it, and so does the link itself. */
static int look(const struct root *root, const char *path, bool follow)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    bool everything = ((const struct hiding_root *)root->state)->hiding->everything;
    link_reader reader = everything ? NULL : read_link;
    char *plain = NULL, *resolved = NULL;

    if (path_resolve(scratch, path, false, reader, inner_of(root), &plain) < 0) {
        return 0;
    }
    if (is_hidden(root, plain)) {
        return -ENOENT;
    }
    if (!follow || path_resolve(scratch, path, true, read_link, inner_of(root), &resolved) < 0 ||
        strcmp(plain, resolved) == 0) {
        return 0;
    }
    return is_hidden(root, resolved) ? -ENOENT : 0;
}

static int hiding_stat(struct root *root, const char *path, bool follow, struct root_stat *ret_stat)
{
    int error = look(root, path, follow);

    return error < 0 ? error : root_stat(inner_of(root), path, follow, ret_stat);
}

static int hiding_access(struct root *root, const char *path, const char *want)
{
    int error = look(root, path, true);

    return error < 0 ? error : root_access(inner_of(root), path, want);
}

static int hiding_open_file(struct root *root, const char *path, int *ret_fd)
{
    int error = look(root, path, true);

    return error < 0 ? error : root_open_file(inner_of(root), path, ret_fd);
}

static int hiding_list(struct root *root, struct arena *arena, const char *path, struct vec *ret_names)
{
    struct vec names = {0}, shown = {0};
    int error = look(root, path, true);

    if (error == 0) {
        error = root_list(inner_of(root), arena, path, &names);
    }
    if (error < 0) {
        return error;
    }
    for (size_t i = 0; i < names.count; i++) {
        const char *name = names.items[i];

        if (look(root, arena_printf(arena, "%s/%s", path, name), false) == 0) {
            vec_push(arena, &shown, name);
        }
    }
    *ret_names = shown;
    return 0;
}

static int hiding_readlink(struct root *root, struct arena *arena, const char *path, char **ret_target)
{
    int error = look(root, path, false);

    return error < 0 ? error : root_readlink(inner_of(root), arena, path, ret_target);
}

static int hiding_uname(struct root *root, struct root_uname *ret_uname)
{
    return root_uname(inner_of(root), ret_uname);
}

static int hiding_cpuid(struct root *root, uint32_t leaf, uint32_t subleaf, uint32_t registers[4])
{
    uint32_t found[4] = {0};
    int error = root_cpuid(inner_of(root), leaf, subleaf, found);
    bool hidden = is_hidden(root, HIDING_CPUID);

    if (error < 0 || hidden) {
        return error < 0 ? error : -ENOENT;
    }
    memcpy(registers, found, sizeof(found));
    return 0;
}

static int hiding_ioctl(struct root *root, const char *path, unsigned long request, unsigned long argument,
                        long *ret_result)
{
    int error = look(root, path, true);

    return error < 0 ? error : root_ioctl(inner_of(root), path, request, argument, ret_result);
}

static int hiding_exec(struct root *root, struct arena *arena, const struct root_exec *request,
                       struct root_exec_result *ret_result)
{
    int error = look(root, request->argv[0], true);

    return error < 0 ? error : root_exec(inner_of(root), arena, request, ret_result);
}

static const struct root_methods hiding_methods = {
    .stat = hiding_stat,
    .access = hiding_access,
    .open_file = hiding_open_file,
    .list = hiding_list,
    .readlink = hiding_readlink,
    .uname = hiding_uname,
    .cpuid = hiding_cpuid,
    .ioctl = hiding_ioctl,
    .exec = hiding_exec,
};

struct root *root_open_hiding(struct root *inner, const struct hiding *hiding)
{
    struct root *root = root_new(&hiding_methods, root_label(inner));
    struct hiding_root *hiding_root = arena_new_object(root->arena, struct hiding_root);

    hiding_root->methods = hiding_methods;
    hiding_root->methods.live = root_is_live(inner);
    hiding_root->inner = inner;
    hiding_root->hiding = hiding;
    root->methods = &hiding_root->methods;
    root->state = hiding_root;
    root->forced_arch = arena_strdup(root->arena, inner->forced_arch);
    return root;
}

void root_adopt_host(struct root *root, struct root *host)
{
    const char *arch = "";

    root_arch(host, &arch);
    root->arch = arch; /* "" is asked, and not known */
    root->os = (struct root_os *)root_os(host);
}

static bool add_path(struct arena *arena, struct vec *paths, size_t limit, const char *path)
{
    vec_push(arena, paths, path);
    return paths->count <= limit;
}

static bool add_below(struct root *root, struct arena *arena, size_t limit, const char *directory, struct vec *paths)
{
    struct vec names = {0};

    if (root_list(root, arena, *directory ? directory : "/", &names) < 0) {
        return true;
    }
    for (size_t i = 0; i < names.count; i++) {
        const char *path = arena_printf(arena, "%s/%s", directory, (const char *)names.items[i]);
        struct root_stat status;

        if (!add_path(arena, paths, limit, path)) {
            return false;
        }
        if (root_stat(root, path, false, &status) == 0 && status.type == ROOT_DIR &&
            !add_below(root, arena, limit, path, paths)) {
            return false;
        }
    }
    return true;
}

bool root_paths(struct root *root, struct arena *arena, size_t limit, struct vec *ret_paths)
{
    struct vec extra = {0};

    if (root->methods->extra_paths) {
        root->methods->extra_paths(root, arena, &extra);
    }
    for (size_t i = 0; i < extra.count; i++) {
        if (!add_path(arena, ret_paths, limit, extra.items[i])) {
            return false;
        }
    }
    return add_below(root, arena, limit, "", ret_paths);
}
