/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which requests to devices, and which files, change something by being asked: the list that comes with the program. */
#include "base/consent.h"

#include "base/file.h"
#include "base/kept_file.h"
#include "base/pack.h"
#include "base/text.h"
#include "base/yaml.h"
#include "base/yaml_pack.h"

#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { LIST_LIMIT = 64 * 1024, LINK_SIZE = 48, OTHERS_READ = 0004 };

struct consent {
    struct arena *arena;
    struct store *store;
    struct source source;
    bool asked;
    const struct yaml_node *requests; /* lists; NULL: there is no list, or nothing in it */
    const struct yaml_node *files;
    const struct yaml_node *tree;
    dev_t device; /* the last that a file was on, and the kind of its file system; 0: none was yet */
    uint64_t magic;
};

struct consent *consent_open(struct arena *arena, const char *path, struct store *store)
{
    struct consent *consent = arena_new_object(arena, struct consent);

    consent->arena = arena;
    consent->store = store;
    consent->source.path = path;
    return consent;
}

const char *consent_path(const struct consent *consent)
{
    return consent != NULL ? consent->source.path : "the list";
}

static const struct yaml_node *parse(struct consent *consent)
{
    struct diagnostics unused = {.arena = consent->arena};
    bool empty;
    char *text;

    if (file_read(consent->arena, consent->source.path, LIST_LIMIT, &text, &consent->source.length) < 0)
        return NULL;
    consent->source.text = text;
    return yaml_parse(consent->arena, &consent->source, &unused, &empty);
}

/* The tree's places are in a text of a length that goes with it. NULL: nothing is kept. */
static const struct yaml_node *recall(struct consent *consent, struct kept_file *file)
{
    size_t length = 0;
    const char *kept = kept_file_get(file, &length);
    if (!kept)
        return NULL;
    struct unpack unpack = {kept, kept + length, false};
    consent->source.length = unpack_number(&unpack);
    return unpack.failed ? NULL
                         : yaml_unpack(consent->arena, &consent->source, unpack.at, (size_t)(unpack.end - unpack.at));
}

static void keep(const struct consent *consent, struct kept_file *file, const struct yaml_node *tree)
{
    AUTO(buf_free) struct buf packed = BUF_INIT;

    pack_number(&packed, consent->source.length);
    yaml_pack(&packed, tree);
    kept_file_put(file, packed.data, packed.length);
}

/* From the store where it was read before: a run asks at its first look at /proc. */
static const struct yaml_node *read_tree(struct consent *consent)
{
    AUTO(kept_file_close) struct kept_file file = kept_file_open(consent->store, STORE_CONSENT, consent->source.path);
    const struct yaml_node *tree = recall(consent, &file);

    if (tree != NULL)
        return tree;
    tree = parse(consent);
    if (tree != NULL && store_keeps(consent->store))
        keep(consent, &file, tree);
    return tree;
}

void consent_keep(struct arena *arena, const char *path, struct store *store)
{
    read_tree(consent_open(arena, path, store));
}

/* false: there is no list. */
static bool has_list(struct consent *consent)
{
    if (consent == NULL)
        return false;
    if (!consent->asked) {
        const struct yaml_node *tree = read_tree(consent);
        consent->asked = true;
        if (tree != NULL && tree->kind == YAML_NODE_MAPPING) {
            consent->tree = tree;
            consent->requests = yaml_get(tree, "requests");
            consent->files = yaml_get(tree, "files");
        }
    }
    return consent->tree != NULL;
}

static const char *text_of(const struct yaml_node *row, const char *key)
{
    const struct yaml_node *node = row->kind == YAML_NODE_MAPPING ? yaml_get(row, key) : NULL;

    return node != NULL && node->kind == YAML_NODE_SCALAR ? node->value : "";
}

static bool is_number(const struct yaml_node *row, const char *key, uint64_t wanted)
{
    int64_t number;

    return text_number(text_of(row, key), &number) && number >= 0 && (uint64_t)number == wanted;
}

/* A row without an argument allows 0. */
static bool allows(const struct yaml_node *row, unsigned long request, long argument)
{
    const char *allowed = text_of(row, "argument");

    return is_number(row, "request", request) &&
           (argument < 0 || text_equal(allowed, "any") ||
            (*allowed != '\0' ? is_number(row, "argument", (uint64_t)argument) : argument == 0));
}

/* What the kernel calls a device: SUBSYSTEM/NAME. 0, or a negative errno: -ENODEV nothing is registered. */
static int device_name(dev_t device, char link[LINK_SIZE], char target[PATH_MAX], const char **ret_name)
{
    snprintf(link, LINK_SIZE, "/sys/dev/char/%u:%u", major(device), minor(device));
    const ssize_t length = readlink(link, target, PATH_MAX - 1);
    if (length < 0)
        return errno == ENOENT && access("/sys/dev/char", F_OK) == 0 ? -ENODEV : -ENOENT;
    target[length] = '\0';
    const char *name = strrchr(target, '/');
    while (name != NULL && name > target && name[-1] != '/')
        name--;
    *ret_name = name != NULL ? name : target;
    return 0;
}

/* name NULL: there is no sysfs to ask, so that only a number that is nobody else's tells. */
static bool is_device(const struct yaml_node *row, const char *name, const char *number)
{
    return name != NULL ? text_equal(text_of(row, "driver"), name) : text_equal(text_of(row, "number"), number);
}

int consent_request(struct consent *consent, dev_t device, unsigned long request, unsigned long argument)
{
    char link[LINK_SIZE], target[PATH_MAX];
    const char *name = NULL;
    const int error = device_name(device, link, target, &name);

    for (size_t i = 0; has_list(consent) && consent->requests != NULL && i < consent->requests->count; i++) {
        const struct yaml_node *row = consent->requests->items[i];
        if (!allows(row, request, (long)argument))
            continue;
        if (error == -ENODEV && is_device(row, NULL, strrchr(link, '/') + 1))
            return -ENODEV;
        if (error != -ENODEV && is_device(row, name, strrchr(link, '/') + 1))
            return 0;
    }
    return -ECANCELED;
}

/* Is the file at fd the one that has this name on the file system's usual place? However it was reached. */
static bool is_usual(const struct stat *status, const char *below, const char *name)
{
    char path[PATH_MAX];
    struct stat usual;

    return strpbrk(name, "*?[") == NULL && snprintf(path, sizeof(path), "%s/%s", below, name) < (int)sizeof(path) &&
           stat(path, &usual) == 0 && usual.st_dev == status->st_dev && usual.st_ino == status->st_ino;
}

/* The path that a file has where it is, whatever links led there. */
static const char *real_path(int fd, const char *path, char target[PATH_MAX])
{
    char link[LINK_SIZE];

    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    const ssize_t length = readlink(link, target, PATH_MAX - 1);
    if (length < 0)
        return path;
    target[length] = '\0';
    return target;
}

static bool is_below(const char *path, const char *directory)
{
    return text_starts(path, directory) && path[strlen(directory)] == '/';
}

/* A row without names is of all files. status NULL: only the name tells. */
static bool has_name(const struct yaml_node *row, const char *name, const struct stat *status)
{
    const struct yaml_node *names = yaml_get(row, "names");

    for (size_t i = 0; names != NULL && i < names->count; i++) {
        const char *pattern = names->items[i]->kind == YAML_NODE_SCALAR ? names->items[i]->value : "";
        if (fnmatch(pattern, name, 0) == 0 || (status != NULL && is_usual(status, text_of(row, "below"), pattern)))
            return true;
    }
    return names == NULL;
}

/* Where the file system is usually mounted names tell; elsewhere a file may have been mounted alone, under any name. */
static bool refuses(const struct consent *consent, int fd, const char *path, const struct stat *status,
                    uint64_t filesystem)
{
    char target[PATH_MAX];

    for (size_t i = 0; consent->files != NULL && i < consent->files->count; i++) {
        const struct yaml_node *row = consent->files->items[i];
        if (!is_number(row, "magic", filesystem))
            continue;
        const char *real = real_path(fd, path, target);
        if (has_name(row, text_base_name(real), is_below(real, text_of(row, "below")) ? NULL : status))
            return true;
    }
    return false;
}

int consent_file(struct consent *consent, int fd, const char *path, const struct stat *status)
{
    struct statfs filesystem;

    if (major(status->st_dev) != 0)
        return 0; /* on a disk */
    if (!has_list(consent))
        return status->st_size > 0 || (status->st_mode & OTHERS_READ) ? 0 : -ECANCELED;
    if (consent->device != status->st_dev) {
        if (fstatfs(fd, &filesystem) < 0)
            return -errno;
        consent->device = status->st_dev;
        consent->magic = (uint64_t)filesystem.f_type;
    }
    return refuses(consent, fd, path, status, consent->magic) ? -ECANCELED : 0;
}

bool consent_lint_request(struct consent *consent, const char *device, unsigned long request, long argument)
{
    for (size_t i = 0; has_list(consent) && consent->requests != NULL && i < consent->requests->count; i++) {
        const struct yaml_node *row = consent->requests->items[i];
        if (allows(row, request, argument) && (device == NULL || text_equal(text_of(row, "device"), device)))
            return true;
    }
    return !has_list(consent);
}

bool consent_lint_file(struct consent *consent, const char *path)
{
    for (size_t i = 0; has_list(consent) && consent->files != NULL && i < consent->files->count; i++) {
        const struct yaml_node *row = consent->files->items[i];
        if (is_below(path, text_of(row, "below")) && has_name(row, text_base_name(path), NULL))
            return false;
    }
    return true;
}

struct vec consent_file_patterns(struct consent *consent, struct arena *arena)
{
    struct vec patterns = {0};

    for (size_t i = 0; has_list(consent) && consent->files != NULL && i < consent->files->count; i++) {
        const struct yaml_node *row = consent->files->items[i], *names = yaml_get(row, "names");
        const char *below = text_of(row, "below");

        if (names == NULL)
            vec_push(arena, &patterns, arena_printf(arena, "%s/*", below));
        for (size_t j = 0; names != NULL && j < names->count; j++) {
            vec_push(arena, &patterns, arena_printf(arena, "%s/%s", below, names->items[j]->value));
            vec_push(arena, &patterns, arena_printf(arena, "%s/*/%s", below, names->items[j]->value));
        }
    }
    return patterns;
}
