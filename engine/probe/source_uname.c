/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The source uname: the kernel and the machine that it names. */
#include "probe/registry.h"
#include "probe/support.h"

#include "base/text.h"

#include <string.h>

static const char *const columns[] = {"sysname", "release", "version", "machine", NULL};

static const struct field fields[] = {
    {"uname", FIELD_FLAG, FIELD_REQUIRED, NULL, "always yes", NULL},
    {0},
};

static void set_text(struct probe *probe, struct row *row, const char *column, const char *value)
{
    if (value)
        row_set(probe->arena, row, column, text_sanitise(probe->arena, value, strlen(value)));
}

static enum verdict eval(struct probe *probe)
{
    struct root_uname name;
    struct item *item;
    int error;

    if (!probe->arguments[0].flag)
        return probe_no(probe, "uname is not asked for");
    error = root_uname(probe->root, &name);
    if (error)
        return probe_error_live(probe, "uname", error);
    item = probe_item(probe);
    if (!item)
        return VERDICT_UNKNOWN;
    set_text(probe, item->row, "sysname", name.sysname);
    set_text(probe, item->row, "release", name.release);
    set_text(probe, item->row, "version", name.version);
    set_text(probe, item->row, "machine", name.machine);
    probe_note(probe, "uname", "%s %s", name.release, name.machine);
    return VERDICT_YES;
}

const struct source_kind source_uname = {
    .name = "uname",
    .help = "The names and version of the running kernel.",
    .fields = fields,
    .columns = columns,
    .flags = SOURCE_UNAME,
    .eval = eval,
};
