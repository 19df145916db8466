/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Rows of extracts that travel in snapshots in place of the file that they were found in (DESIGN 7): what was extracted
 * is known by a digest of the extract's text, and the rows by what they have beyond those of their item.
 */
#include "base/digest.h"
#include "base/text.h"
#include "facts/internal.h"

#include <inttypes.h>
#include <string.h>

enum { COLUMNS_LIMIT = 64, DIGEST_SHOWN = 16 };

/* "records{match=...;texts=type:0,parent:1;}": one text for one extract, whatever its order in the rule's YAML. */
static void add_arguments(struct buf *text, const struct field *fields, const struct argument *arguments)
{
    for (size_t i = 0; fields[i].key != NULL; i++) {
        const struct argument *argument = &arguments[i];
        if (!argument->given)
            continue;
        buf_add(text, fields[i].key);
        buf_char(text, '=');
        if (argument->text != NULL)
            buf_printf(text, "%zu:%s", strlen(argument->text), argument->text);
        for (size_t item = 0; item < argument->count && argument->texts != NULL; item++)
            buf_printf(text, "%s:%" PRId64 ",", argument->texts[item],
                       argument->numbers != NULL ? argument->numbers[item] : 0);
        if (argument->sub != NULL) {
            buf_char(text, '{');
            add_arguments(text, fields[i].sub, argument->sub);
            buf_char(text, '}');
        }
        buf_char(text, ';');
    }
}

const char *extract_digest(const struct probe *probe)
{
    static const char digits[] = "0123456789abcdef";
    AUTO(buf_free) struct buf text = BUF_INIT;
    char *hex = arena_alloc(probe->arena, 2 * DIGEST_SHOWN + 1);

    add_arguments(&text, probe->fact->extract->fields, probe->extract_arguments);
    const struct digest digest = digest_of(text.data, text.length);
    for (size_t i = 0; i < 2 * DIGEST_SHOWN; i++)
        hex[i] = digits[digest.bytes[i / 2] >> (i % 2 ? 0 : 4) & 0xf];
    return hex;
}

bool kept_rows_recall(struct probe *probe, const struct item *item, const char *digest, enum verdict *ret_verdict)
{
    struct root_rows rows;

    if (root_kept_rows(probe->root, item->path, digest, &rows) != 0)
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        struct row *row = probe_row(probe, item);
        if (row == NULL) {
            *ret_verdict = VERDICT_UNKNOWN;
            return true;
        }
        for (size_t column = 0; column < rows.columns; column++)
            row_set(probe->arena, row, rows.names[column], rows.cells[i * rows.columns + column]);
    }
    if (rows.count == 0)
        probe->reason = rows.reason;
    *ret_verdict = rows.count > 0 ? VERDICT_YES : VERDICT_NO;
    probe_note(probe, item->path, "%zu rows that the snapshot has in its place", rows.count);
    return true;
}

static void add_name(const char **names, size_t *count, const char *name)
{
    for (size_t i = 0; i < *count; i++)
        if (text_equal(names[i], name))
            return;
    if (*count < COLUMNS_LIMIT)
        names[(*count)++] = name;
}

static size_t own_columns(const struct probe *probe, size_t first, const struct row *base, const char **names)
{
    size_t count = 0;

    for (size_t i = first; i < probe->rows.count; i++)
        for (const struct row *row = probe->rows.items[i]; row != NULL && row != base; row = row->inherited)
            for (size_t column = 0; column < row->count; column++)
                if (base == NULL || row->columns[column].value != row_get(base, row->columns[column].name))
                    add_name(names, &count, row->columns[column].name);
    return count;
}

void kept_rows_store(const struct probe *probe, const struct item *item, const char *digest, size_t first)
{
    const char *names[COLUMNS_LIMIT];
    struct root_rows rows = {.names = names, .count = probe->rows.count - first, .reason = probe->reason};
    size_t cell = 0;

    rows.columns = own_columns(probe, first, item->row, names);
    const char **cells = arena_alloc(probe->arena, (rows.count * rows.columns + 1) * sizeof(*cells));
    for (size_t i = first; i < probe->rows.count; i++)
        for (size_t column = 0; column < rows.columns; column++)
            cells[cell++] = row_get(probe->rows.items[i], names[column]);
    rows.cells = cells;
    root_keep_rows(probe->root, item->path, digest, &rows);
}
