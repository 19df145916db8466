/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The source link: where a symbolic link leads. */
#include "probe/registry.h"
#include "probe/support.h"

#include <errno.h>
#include <string.h>

static const char *const columns[] = {"text", NULL};

static const struct field fields[] = {
    {"link", FIELD_TEMPLATE, FIELD_REQUIRED | FIELD_ABSOLUTE, NULL, "absolute path of the symbolic link", NULL},
    {0},
};

static enum verdict eval(struct probe *probe)
{
    const char *path = probe->arguments[0].text;
    struct item *item;
    char *target;
    int error;

    if (!probe_absolute(probe, path))
        return VERDICT_UNKNOWN;
    error = root_readlink(probe->root, probe->arena, path, &target);
    if (error == -EINVAL)
        return probe_no(probe, "%s: is not a symbolic link", path);
    if (error)
        return probe_error(probe, path, error);
    probe_note(probe, path, "a link to %s", target);
    item = probe_text_item(probe, target, strlen(target));
    if (!item)
        return VERDICT_UNKNOWN;
    item->row->path = path;
    return VERDICT_YES;
}

const struct source_kind source_link = {
    .name = "link",
    .help = "The target of a symbolic link, as it is written in the link.",
    .fields = fields,
    .columns = columns,
    .flags = SOURCE_EXTRACT | SOURCE_NEEDS_PATH | SOURCE_TARGET,
    .eval = eval,
};
