/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The source path: the first of a path table's candidates that is there and can be run. */
#include "probe/registry.h"
#include "probe/support.h"

#include <string.h>

enum { ARGUMENT_PATH, ARGUMENT_EXECUTABLE };
enum { MODE_ANY_EXECUTE = 0111 };

static const char *const columns[] = {"path", NULL};

static const struct field fields[] = {
    {"path", FIELD_PATH_TABLE, FIELD_REQUIRED, NULL, "name of a path table", NULL},
    {"executable", FIELD_FLAG, 0, NULL, "whether it must be executable, yes unless said: no for data files", NULL},
    {0},
};

static enum verdict try_candidate(struct probe *probe, const char *path, bool executable)
{
    struct root_stat status;
    enum verdict verdict = probe_stat(probe, path, &status);

    if (verdict != VERDICT_YES)
        return verdict;
    if (status.type != ROOT_FILE) {
        probe_note(probe, path, "is a %s", root_type_name(status.type));
        return probe_no(probe, "%s: is a %s, not a file", path, root_type_name(status.type));
    }
    if (executable && !(status.mode & MODE_ANY_EXECUTE)) {
        probe_note(probe, path, "not executable");
        return probe_no(probe, "%s: is not executable", path);
    }
    probe_note(probe, path, "taken");
    return VERDICT_YES;
}

static enum verdict add_path(struct probe *probe, const char *path)
{
    struct item *item = probe_item(probe);

    if (!item)
        return VERDICT_UNKNOWN;
    item->text = path;
    item->length = strlen(path);
    item->row->path = path;
    row_set(probe->arena, item->row, "path", path);
    return VERDICT_YES;
}

static enum verdict nothing_taken(struct probe *probe, size_t count)
{
    if (!count)
        return probe_no(probe, "no candidate for this distribution");
    return count == 1 ? VERDICT_NO : probe_no(probe, "none of %zu candidates is there", count);
}

static enum verdict eval(struct probe *probe)
{
    const struct argument *table = &probe->arguments[ARGUMENT_PATH];
    const struct argument *flag = &probe->arguments[ARGUMENT_EXECUTABLE];
    const char *unknown = table->unknown;

    for (size_t i = 0; i < table->count; i++) {
        enum verdict verdict = try_candidate(probe, table->texts[i], !flag->given || flag->flag);

        if (verdict == VERDICT_UNKNOWN && !unknown)
            unknown = probe->reason;
        if (verdict == VERDICT_YES) {
            probe->reason = unknown;
            return add_path(probe, table->texts[i]);
        }
    }
    if (unknown)
        return probe_unknown(probe, "%s", unknown);
    return nothing_taken(probe, table->count);
}

const struct source_kind source_path = {
    .name = "path",
    .help = "The first candidate of a path table that is a file and executable; an extract works on the path.",
    .fields = fields,
    .columns = columns,
    .flags = SOURCE_EXTRACT | SOURCE_NEEDS_PATH,
    .eval = eval,
};
