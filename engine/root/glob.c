/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Paths with wildcards: a directory is listed only where a component has some. */
#include "base/budget.h"
#include "base/text.h"
#include "root/backend.h"
#include "root/files.h"

#include <errno.h>
#include <fnmatch.h>
#include <string.h>

enum { RESULT_LIMIT = 65536, LIST_LIMIT = 65536 };

struct globbing {
    struct root *root;
    struct arena *arena;
    struct vec found;
    size_t lists;
    int error; /* the first that hides something */
};

static int expand(struct globbing *globbing, const char *base, const char *rest);

static bool has_wildcard(const char *component, size_t length)
{
    size_t plain = strcspn(component, "*?[");

    return plain < length;
}

/* Nothing there is an answer; anything else may hide one. */
static void note_error(struct globbing *globbing, int error)
{
    if (error == -ENOENT || error == -ENOTDIR || error == -ELOOP || globbing->error < 0) {
        return;
    }
    globbing->error = error == -EPERM ? -EACCES : error;
}

static int add_found(struct globbing *globbing, const char *path)
{
    if (globbing->found.count >= RESULT_LIMIT) {
        return -EFBIG;
    }
    vec_push(globbing->arena, &globbing->found, path);
    return 0;
}

static int expand_literal(struct globbing *globbing, const char *path)
{
    struct root_stat status;
    int error = root_stat(globbing->root, *path ? path : "/", false, &status);

    if (error < 0) {
        note_error(globbing, error);
        return 0;
    }
    return add_found(globbing, *path ? path : "/");
}

static int expand_wildcard(struct globbing *globbing, const char *base, const char *rest, size_t length)
{
    const char *pattern = arena_strndup(globbing->arena, rest, length);
    const char *after = rest + length;
    struct vec names = {0};
    int error;

    if (++globbing->lists > LIST_LIMIT) {
        return -EFBIG;
    }
    if (budget_spent()) {
        return -ETIME;
    }
    error = root_list(globbing->root, globbing->arena, *base ? base : "/", &names);
    if (error < 0) {
        note_error(globbing, error);
        return 0;
    }
    for (size_t i = 0; i < names.count; i++) {
        const char *name = names.items[i];
        const char *path;

        if (fnmatch(pattern, name, FNM_PERIOD | FNM_NOESCAPE) != 0) {
            continue;
        }
        path = text_path(globbing->arena, base, name);
        error = *after ? expand(globbing, path, after) : add_found(globbing, path);
        if (error < 0) {
            return error;
        }
    }
    return 0;
}

/* base: resolved so far, without a slash at its end. */
static int expand(struct globbing *globbing, const char *base, const char *rest)
{
    for (;;) {
        size_t length;

        rest += strspn(rest, "/");
        length = strcspn(rest, "/");
        if (length == 0) {
            return expand_literal(globbing, base);
        }
        if (has_wildcard(rest, length)) {
            return expand_wildcard(globbing, base, rest, length);
        }
        base = text_path(globbing->arena, base, arena_strndup(globbing->arena, rest, length));
        rest += length;
    }
}

int root_glob(struct root *root, struct arena *arena, const char *pattern, struct vec *ret_paths)
{
    struct globbing globbing = {.root = root, .arena = arena};
    int error;

    if (pattern[0] != '/') {
        return -EINVAL;
    }
    error = expand(&globbing, "", pattern);
    if (error < 0) {
        return error;
    }
    if (globbing.found.count == 0 && globbing.error < 0) {
        return globbing.error;
    }
    texts_sort_natural(&globbing.found);
    *ret_paths = globbing.found;
    return 0;
}

static bool may_match(struct root *root, const char *pattern)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    struct vec found = {0};
    int error = root_glob(root, scratch, pattern, &found);

    return found.count > 0 || (error < 0 && error != -ENOENT && error != -ENOTDIR);
}

static bool may_exist(struct root *root, const char *path)
{
    struct root_stat status;
    int error = root_stat(root, path, false, &status);

    return error != -ENOENT && error != -ENOTDIR;
}

bool root_any(struct root *root, const char *const *patterns)
{
    for (; *patterns; patterns++)
        if (strpbrk(*patterns, "*?[") ? may_match(root, *patterns) : may_exist(root, *patterns))
            return true;
    return false;
}
