/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The source glob: the paths that fit a pattern, in the order in which a person counts. */
#include "probe/registry.h"

#include "base/text.h"

#include <string.h>

static const char *const columns[] = {"path", NULL};

static const struct field fields[] = {
    {"glob", FIELD_TEMPLATE, FIELD_REQUIRED | FIELD_ABSOLUTE, NULL, "absolute path with *, ? and [...]", NULL},
    {"most", FIELD_NUMBER, FIELD_WHOLE, NULL,
     "no more paths than this, the first ones; explain says how many there were", NULL},
    {0},
};

static bool add_path(struct probe *probe, const char *path)
{
    struct item *item = probe_item(probe);

    if (!item)
        return false;
    path = text_sanitise(probe->arena, path, strlen(path));
    item->text = path;
    item->length = strlen(path);
    item->row->path = path;
    row_set(probe->arena, item->row, "path", path);
    return true;
}

static enum verdict eval(struct probe *probe)
{
    const char *pattern = probe->arguments[0].text;
    struct vec paths = {0};
    const struct argument *most = &probe->arguments[1];
    size_t count;
    int error;

    if (!probe_absolute(probe, pattern))
        return VERDICT_UNKNOWN;
    error = root_glob(probe->root, probe->arena, pattern, &paths);
    if (error)
        return probe_error(probe, pattern, error);
    count = most->given && (uint64_t)most->number < paths.count ? (size_t)most->number : paths.count;
    probe_note(probe, pattern, "%zu path%s%s", paths.count, paths.count == 1 ? "" : "s",
               count < paths.count ? arena_printf(probe->arena, ", %zu taken", count) : "");
    if (!paths.count)
        return probe_no(probe, "%s: nothing of that name", pattern);
    for (size_t i = 0; i < count; i++)
        if (!add_path(probe, paths.items[i]))
            return VERDICT_UNKNOWN;
    return VERDICT_YES;
}

const struct source_kind source_glob = {
    .name = "glob",
    .help = "One row a path that matches the pattern, sorted as a person counts; an extract works on the path.",
    .fields = fields,
    .columns = columns,
    .flags = SOURCE_EXTRACT | SOURCE_NEEDS_PATH | SOURCE_PATTERN,
    .eval = eval,
};
