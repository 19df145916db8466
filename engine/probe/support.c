/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What sources and extracts need of a root, with errors turned into yes, no, unknown and a reason. */
#include "probe/support.h"

#include "base/text.h"

#include <errno.h>

bool probe_number(struct probe *probe, size_t index, uint64_t limit, uint64_t *ret_number)
{
    const struct argument *argument = &probe->arguments[index];
    int64_t number = 0;

    if (argument->given && (!argument->text || !text_number(argument->text, &number))) {
        probe_refuse(probe, "%s: '%s' is not a number", probe->fact->source->fields[index].key,
                     argument->text ? argument->text : "");
        return false;
    }
    if (number < 0 || (uint64_t)number > limit) {
        probe_refuse(probe, "%s: %s is out of range", probe->fact->source->fields[index].key, argument->text);
        return false;
    }
    *ret_number = (uint64_t)number;
    return true;
}

enum verdict probe_stat(struct probe *probe, const char *path, struct root_stat *ret_status)
{
    int error;

    if (!probe_absolute(probe, path))
        return VERDICT_UNKNOWN;
    error = root_stat(probe->root, path, true, ret_status);
    return error ? probe_error(probe, path, error) : VERDICT_YES;
}

enum verdict probe_error_live(struct probe *probe, const char *what, int error)
{
    if (error == -EOPNOTSUPP)
        return probe_unknown(probe, "%s: cannot be known from %s", what, root_label(probe->root));
    return probe_error(probe, what, error);
}

struct item *probe_text_item(struct probe *probe, const char *text, size_t length)
{
    struct item *item = probe_item(probe);

    if (!item)
        return NULL;
    item->text = text;
    item->length = length;
    row_set(probe->arena, item->row, "text", text_sanitise(probe->arena, text, length));
    return item;
}

static void set_group(struct arena *arena, struct row *row, const char *name, const struct regex_span *group)
{
    if (group->start)
        row_set(arena, row, name, text_sanitise(arena, group->start, group->length));
    else
        row_unset(arena, row, name);
}

bool probe_match_row(struct probe *probe, const struct item *item, const struct regex *regex,
                     const struct regex_span *whole, const struct regex_span *groups, unsigned line)
{
    struct row *row = probe_row(probe, item);

    if (!row)
        return false;
    row->line = line;
    row_set(probe->arena, row, "text", text_sanitise(probe->arena, whole->start, whole->length));
    for (size_t i = 0; i < regex_group_count(regex); i++)
        set_group(probe->arena, row, regex_group_name(regex, i), &groups[i]);
    return true;
}

const char *probe_item_name(const struct item *item)
{
    if (item->path)
        return item->path;
    return item->row->path ? item->row->path : "the text";
}

enum verdict probe_drop_rows(struct probe *probe, size_t count)
{
    probe->rows.count = count;
    return VERDICT_UNKNOWN;
}

enum verdict probe_found(struct probe *probe, const struct item *item, size_t count, const char *what)
{
    size_t found = probe->rows.count - count;

    probe_note(probe, item->path, "%zu %s%s", found, what, found == 1 ? "" : text_ends(what, "ch") ? "es" : "s");
    if (found)
        return VERDICT_YES;
    return probe_no(probe, "%s: no %s", probe_item_name(item), what);
}

enum verdict probe_regex_failed(struct probe *probe, const struct item *item, enum regex_result result, size_t count)
{
    if (result == REGEX_LIMIT)
        probe_refuse(probe, "%s: the regular expression ran into its limit", probe_item_name(item));
    else
        probe_unknown(probe, "%s: the regular expression cannot be used on this text", probe_item_name(item));
    return probe_drop_rows(probe, count);
}
