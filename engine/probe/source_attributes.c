/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The source attributes: the small files of a directory of sysfs as one row. */
#include "probe/registry.h"
#include "probe/support.h"

#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

enum { ARGUMENT_DIRECTORY, ARGUMENT_NAMES };
enum { ATTRIBUTE_LIMIT = 64 * 1024 };

static const char *const columns[] = {NULL};

static const struct field fields[] = {
    {"attributes", FIELD_TEMPLATE, FIELD_REQUIRED | FIELD_ABSOLUTE, NULL, "absolute path of the directory", NULL},
    {"names", FIELD_NAMES, FIELD_REQUIRED | FIELD_COLUMNS, NULL, "names of files in it, one column each", NULL},
    {0},
};

static bool is_file_name(const char *name)
{
    return name[0] && !strchr(name, '/') && strcmp(name, ".") && strcmp(name, "..");
}

/* Without white space at both ends, and without the NULs that end the texts of firmware tables. */
static char *trimmed(struct arena *arena, const char *text, size_t length)
{
    while (length && (!text[length - 1] || isspace((unsigned char)text[length - 1])))
        length--;
    while (length && isspace((unsigned char)*text)) {
        text++;
        length--;
    }
    return text_sanitise(arena, text, length);
}

/* Reasons stay in the probe, as what part of the row is not known. */
static void read_attribute(struct probe *probe, struct row *row, const char *directory, const char *name)
{
    const char *path = arena_printf(probe->arena, "%s/%s", directory, name);
    size_t length;
    char *text;
    int error;

    row_unset(probe->arena, row, name);
    if (!is_file_name(name)) {
        probe_refuse(probe, "'%s' is not the name of a file in %s", name, directory);
        return;
    }
    error = root_read(probe->root, probe->arena, path, ATTRIBUTE_LIMIT, &text, &length);
    if (!error)
        row_set(probe->arena, row, name, trimmed(probe->arena, text, length));
    else if (error == -ENOENT)
        probe_note(probe, path, "not there");
    else
        probe_error(probe, path, error);
}

static enum verdict eval(struct probe *probe)
{
    const char *directory = probe->arguments[ARGUMENT_DIRECTORY].text;
    const struct argument *names = &probe->arguments[ARGUMENT_NAMES];
    struct root_stat status;
    struct item *item;
    enum verdict verdict = probe_stat(probe, directory, &status);

    if (verdict != VERDICT_YES)
        return verdict;
    if (status.type != ROOT_DIR)
        return probe_no(probe, "%s: is a %s, not a directory", directory, root_type_name(status.type));
    item = probe_item(probe);
    if (!item)
        return VERDICT_UNKNOWN;
    item->row->path = directory;
    probe_note(probe, directory, "a directory");
    for (size_t i = 0; i < names->count; i++)
        read_attribute(probe, item->row, directory, names->texts[i]);
    return VERDICT_YES;
}

const struct source_kind source_attributes = {
    .name = "attributes",
    .help =
        "One row with the trimmed contents of small files of a directory, as sysfs has them; a missing one is unset.",
    .fields = fields,
    .columns = columns,
    .flags = SOURCE_NEEDS_PATH,
    .eval = eval,
};
