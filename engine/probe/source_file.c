/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The source file: is it there, of what kind, and may this user use it? */
#include "probe/registry.h"
#include "probe/support.h"

#include "base/text.h"

#include <errno.h>
#include <inttypes.h>

enum { ARGUMENT_FILE, ARGUMENT_TYPE, ARGUMENT_ACCESS, ARGUMENT_LINES };

static const char *const types[] = {"file", "dir", "char", "block", "socket", "fifo", NULL};
static const char *const accesses[] = {"r", "w", "x", "rw", "rx", "wx", "rwx", NULL};
static const char *const columns[] = {"path", "type", "mode", "gid", "size", NULL};

static const struct field fields[] = {
    {"file", FIELD_TEMPLATE, FIELD_REQUIRED | FIELD_ABSOLUTE, NULL, "absolute path of the file", NULL},
    {"type", FIELD_TEXT, 0, types, "only if it is of this type, links followed", NULL},
    {"access", FIELD_TEXT, 0, accesses, "only if this user may read (r), write (w) or execute (x) it", NULL},
    {"lines", FIELD_NAMES, 0, NULL,
     "only lines that contain one of these texts, and none of those with a ! before them; others are blank", NULL},
    {0},
};

static enum verdict check_access(struct probe *probe, const char *path, const char *want)
{
    int error = root_access(probe->root, path, want);

    if (!error)
        return VERDICT_YES;
    if (error == -EACCES || error == -EPERM || error == -EROFS) {
        probe_note(probe, path, "this user has no access '%s'", want);
        return probe_no(probe, "%s: this user has no access '%s'", path, want);
    }
    return probe_error(probe, path, error);
}

static const char *joined(struct arena *arena, const struct argument *lines)
{
    const char *all = lines->given ? "" : NULL;

    for (size_t i = 0; lines->given && i < lines->count; i++)
        all = arena_printf(arena, "%s%s%s", all, i > 0 ? "\n" : "", lines->texts[i]);
    return all;
}

static enum verdict add_file(struct probe *probe, const char *path, const struct root_stat *status)
{
    struct item *item = probe_item(probe);

    if (!item)
        return VERDICT_UNKNOWN;
    item->path = path;
    item->row->path = path;
    row_reserve(probe->arena, item->row, ARRAY_SIZE(columns) - 1);
    row_set(probe->arena, item->row, "path", path);
    row_set(probe->arena, item->row, "type", root_type_name(status->type));
    row_set(probe->arena, item->row, "mode", arena_printf(probe->arena, "%04o", status->mode));
    if (status->has_group)
        row_set(probe->arena, item->row, "gid", arena_printf(probe->arena, "%" PRIu32, status->group));
    row_set(probe->arena, item->row, "size", arena_printf(probe->arena, "%" PRIu64, status->size));
    item->lines = joined(probe->arena, &probe->arguments[ARGUMENT_LINES]);
    return VERDICT_YES;
}

static enum verdict eval(struct probe *probe)
{
    const struct argument *arguments = probe->arguments;
    const char *path = arguments[ARGUMENT_FILE].text;
    struct root_stat status;
    enum verdict verdict = probe_stat(probe, path, &status);

    if (verdict != VERDICT_YES)
        return verdict;
    probe_note(probe, path, "%s, mode %04o", root_type_name(status.type), status.mode);
    if (arguments[ARGUMENT_TYPE].given && !text_equal(arguments[ARGUMENT_TYPE].text, root_type_name(status.type)))
        return probe_no(probe, "%s: is a %s, not a %s", path, root_type_name(status.type),
                        arguments[ARGUMENT_TYPE].text);
    if (arguments[ARGUMENT_ACCESS].given)
        verdict = check_access(probe, path, arguments[ARGUMENT_ACCESS].text);
    return verdict == VERDICT_YES ? add_file(probe, path, &status) : verdict;
}

const struct source_kind source_file = {
    .name = "file",
    .help = "One row if the file exists; its content is read only for an extract.",
    .fields = fields,
    .columns = columns,
    .flags = SOURCE_EXTRACT | SOURCE_NEEDS_PATH | SOURCE_CONTENT,
    .eval = eval,
};
