/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rows, and what all sources share: limits, reasons, notes for explain. */
#include "probe/probe.h"

#include "base/budget.h"
#include "base/file.h"
#include "base/text.h"
#include "probe/support.h"

#include <errno.h>
#include <string.h>

enum { FIRST_COLUMNS = 2 };

static struct column *find_column(struct column *columns, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (columns[i].name[0] == name[0] && !strcmp(columns[i].name, name))
            return &columns[i];
    return NULL;
}

static const struct column *row_column(const struct row *row, const char *column)
{
    for (; row; row = row->inherited) {
        const struct column *found = find_column(row->columns, row->count, column);

        if (found)
            return found;
    }
    return NULL;
}

const char *row_get(const struct row *row, const char *column)
{
    const struct column *found = row_column(row, column);

    return found ? found->value : NULL;
}

bool row_hides(const struct row *row, const char *column)
{
    const struct column *found = row_column(row, column);

    return found && !found->value;
}

void row_reserve(struct arena *arena, struct row *row, size_t more)
{
    struct column *columns;

    if (row->capacity - row->count >= more)
        return;
    row->capacity = (uint32_t)(row->count + more);
    columns = arena_alloc(arena, row->capacity * sizeof(*columns));
    if (row->count)
        memcpy(columns, row->columns, row->count * sizeof(*columns));
    row->columns = columns;
}

void row_set(struct arena *arena, struct row *row, const char *column, const char *value)
{
    struct column *found = find_column(row->columns, row->count, column);

    if (found) {
        found->value = value;
        return;
    }
    if (row->count == row->capacity)
        row_reserve(arena, row, row->count ? row->count : FIRST_COLUMNS);
    row->columns[row->count++] = (struct column){column, value};
}

void row_unset(struct arena *arena, struct row *row, const char *column)
{
    if (row_get(row, column))
        row_set(arena, row, column, NULL);
}

struct row *row_new(struct arena *arena, const struct row *copy)
{
    struct row *row = arena_new_object(arena, struct row);

    if (!copy)
        return row;
    *row = *copy;
    row->inherited = copy->count ? copy : copy->inherited;
    row->columns = NULL;
    row->count = row->capacity = 0;
    return row;
}

static size_t add_columns(const struct row *row, struct column *columns)
{
    size_t count = row->inherited ? add_columns(row->inherited, columns) : 0;

    for (size_t i = 0; i < row->count; i++) {
        struct column *found = find_column(columns, count, row->columns[i].name);

        *(found ? found : &columns[count++]) = row->columns[i];
    }
    return count;
}

size_t row_columns(struct arena *arena, const struct row *row, struct column **ret_columns)
{
    struct column *columns;
    size_t count = 0, kept = 0;

    for (const struct row *each = row; each; each = each->inherited)
        count += each->count;
    *ret_columns = columns = arena_alloc(arena, count * sizeof(*columns));
    count = add_columns(row, columns);
    for (size_t i = 0; i < count; i++)
        if (columns[i].value)
            columns[kept++] = columns[i];
    return kept;
}

const char *row_only(const struct row *row)
{
    const char *name = NULL;

    for (const struct row *each = row; each; each = each->inherited) {
        for (size_t i = 0; i < each->count; i++) {
            const char *other = each->columns[i].name;

            if (name && strcmp(name, other) != 0 && row_get(row, other))
                return NULL;
            if (row_get(row, other))
                name = other;
        }
    }
    return name ? row_get(row, name) : NULL;
}

/* A row is an observation of its own: it keeps columns, not the place or number of the row it was copied from. */
static struct row *derive_row(struct probe *probe, const struct row *from)
{
    struct row *row = row_new(probe->arena, from);

    row->fact = probe->fact;
    row->number = 0;
    return row;
}

static bool within_limits(struct probe *probe, size_t count)
{
    if (count < probe->limits.rows)
        return probe_step(probe);
    probe_stop(probe, "it has more than 100,000 rows");
    return false;
}

struct item *probe_item(struct probe *probe)
{
    struct item *item;

    if (!within_limits(probe, probe->items.count))
        return NULL;
    item = arena_new_object(probe->arena, struct item);
    item->row = derive_row(probe, probe->loop_row);
    item->row->parents[0] = probe->loop_row;
    item->row->parents[1] = NULL;
    item->row->path = NULL;
    item->row->line = 0;
    vec_push(probe->arena, &probe->items, item);
    return item;
}

struct row *probe_row(struct probe *probe, const struct item *item)
{
    struct row *row;

    if (!within_limits(probe, probe->rows.count))
        return NULL;
    row = derive_row(probe, item->row);
    if (item->path)
        row->path = item->path;
    vec_push(probe->arena, &probe->rows, row);
    return row;
}

enum verdict probe_content(struct probe *probe, const struct item *item, const char **ret_text, size_t *ret_length)
{
    char *text;
    int error;

    if (item->text || !item->path) {
        *ret_text = item->text ? item->text : "";
        *ret_length = item->text ? item->length : 0;
        return VERDICT_YES;
    }
    error = root_read_lines(probe->root, probe->arena, item->path, item->lines, probe->limits.read, &text, ret_length);
    if (error)
        return probe_error(probe, item->path, error);
    *ret_text = text;
    probe_note(probe, item->path, "read %zu bytes", *ret_length);
    return VERDICT_YES;
}

static void set_reason(struct probe *probe, const char *format, va_list arguments)
{
    probe->reason = arena_vprintf(probe->arena, format, arguments);
}

enum verdict probe_unknown(struct probe *probe, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    set_reason(probe, format, arguments);
    va_end(arguments);
    return VERDICT_UNKNOWN;
}

enum verdict probe_no(struct probe *probe, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    set_reason(probe, format, arguments);
    va_end(arguments);
    return VERDICT_NO;
}

void probe_refuse(struct probe *probe, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    set_reason(probe, format, arguments);
    va_end(arguments);
    if (probe->refusals)
        diagnose(probe->refusals, DIAG_REFUSED, probe->fact->at, NULL, "%s", probe->reason);
}

void probe_stop(struct probe *probe, const char *why)
{
    const bool of_run = why == budget_spent();

    probe->reason = probe->stopped = why;
    if (probe->refusals && (!of_run || budget_tell()))
        diagnose(probe->refusals, DIAG_INCOMPLETE, probe->fact->at, NULL, "%s: %s", probe->fact->name, why);
}

enum verdict probe_lacks(struct probe *probe, const char *library_problem)
{
    struct diagnostics *refusals = probe->refusals;

    if (refusals && !text_equal(refusals->lacking, library_problem))
        diagnose(refusals, DIAG_INCOMPLETE, probe->fact->at, NULL, "%s: %s", probe->fact->name, library_problem);
    if (refusals)
        refusals->lacking = library_problem;
    return probe_unknown(probe, "%s", library_problem);
}

static const char *share_taken(const struct probe *probe)
{
    if (probe->steps > FACT_STEPS)
        return "it looks at more than 5,000,000 rows";
    if (memory_held() - probe->held > (ptrdiff_t)FACT_MIB * 1024 * 1024)
        return "it takes more than 128 MiB of memory";
    return budget_spent();
}

bool probe_step(struct probe *probe)
{
    const char *why;

    probe->steps++;
    if (!probe->stopped && (why = share_taken(probe)))
        probe_stop(probe, why);
    if (probe->stopped)
        probe->reason = probe->stopped;
    return !probe->stopped;
}

/* ENOTSUP is a file that is never opened or, as EOPNOTSUPP is the same number, a root that cannot tell. */
static enum verdict not_supported(struct probe *probe, const char *path)
{
    struct root_stat status;

    if (root_stat(probe->root, path, true, &status) || status.type == ROOT_FILE)
        return probe_unknown(probe, "%s: cannot be known from %s", path, root_label(probe->root));
    probe_refuse(probe, "%s: is a %s, which is never read", path, root_type_name(status.type));
    return VERDICT_UNKNOWN;
}

enum verdict probe_error(struct probe *probe, const char *path, int error)
{
    probe_note(probe, path, "%s", file_error(error));
    switch (error) {
    case -ENOENT:
    case -ENOTDIR:
        return probe_no(probe, "%s: not there", path);
    case -ENOTSUP:
        return not_supported(probe, path);
    case -EISDIR:
        probe_refuse(probe, "%s: is a directory", path);
        return VERDICT_UNKNOWN;
    case -EFBIG:
        probe_refuse(probe, "%s: larger than the limit", path);
        return VERDICT_UNKNOWN;
    case -ETIME: /* a loop over directories or files */
        probe_step(probe);
        return probe->stopped ? VERDICT_UNKNOWN : probe_unknown(probe, "%s: the time is up", path);
    case -ECANCELED:
        probe_refuse(probe, "%s: not read, as reading it has effects", path);
        return VERDICT_UNKNOWN;
    default:
        return probe_unknown(probe, "%s: %s", path, file_error(error));
    }
}

void probe_note(struct probe *probe, const char *path, const char *format, ...)
{
    struct observation *observation;
    va_list arguments;

    if (!probe->trace)
        return;
    observation = arena_new_object(probe->arena, struct observation);
    observation->path = path;
    va_start(arguments, format);
    observation->text = arena_vprintf(probe->arena, format, arguments);
    va_end(arguments);
    vec_push(probe->arena, &probe->observations, observation);
}

bool probe_absolute(struct probe *probe, const char *path)
{
    if (path && path[0] == '/')
        return true;
    probe_refuse(probe, "'%s' is not an absolute path", path ? path : "");
    return false;
}
