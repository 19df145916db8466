/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* --update for values in case.yaml: each is replaced where it stands, and nothing else of the file changes. */
#include "base/file.h"
#include "base/text.h"
#include "test/test.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A value and what is to stand in its place. */
struct edit {
    const struct yaml_node *value;
    const char *text;
};

/* Where a line's byte is in a text. */
static size_t offset_of(const struct source *source, unsigned line, unsigned column)
{
    const char *at = source->text;
    for (unsigned i = 1; i < line && at; i++) {
        at = memchr(at, '\n', source->length - (size_t)(at - source->text));
        at = at ? at + 1 : NULL;
    }
    return at ? (size_t)(at - source->text) + column - 1 : source->length;
}

/* Is the value's text in one line, from its mark's start to the end? */
static bool has_place(const struct yaml_node *value)
{
    const struct mark *at = &value->at;
    if (!at->source || at->end_column <= at->column || strchr(value->value, '\n'))
        return false;
    size_t start = offset_of(at->source, at->line, at->column);
    size_t length = at->end_column - at->column;
    const char *text = at->source->text + start;
    if (start + length > at->source->length || memchr(text, '\n', length))
        return false;
    if (value->style == YAML_STYLE_PLAIN)
        return length == value->length && memcmp(text, value->value, length) == 0;
    return length > 1 && (*text == '\'' || *text == '"') && text[length - 1] == *text;
}

static void replace(struct arena *arena, struct vec *edits, const struct yaml_node *value, const char *text)
{
    struct edit *edit = arena_new_object(arena, struct edit);
    *edit = (struct edit){value, text};
    vec_push(arena, edits, edit);
}

static bool replace_list(struct arena *arena, struct vec *edits, const struct yaml_node *list,
                         const struct xpath_result *found)
{
    if (list->count != found->count)
        return false;
    for (size_t i = 0; i < list->count; i++)
        if (!has_place(list->items[i]))
            return false;
    for (size_t i = 0; i < list->count; i++) {
        const char *text = xml_text(arena, found->nodes[i]);
        if (!text_equal(text, list->items[i]->value))
            replace(arena, edits, list->items[i], text);
    }
    return true;
}

bool update_expectation(struct arena *arena, struct vec *edits, const struct expectation *expectation,
                        const struct xpath_result *found)
{
    const struct yaml_node *value = expectation->value;
    if (value->kind == YAML_NODE_SEQUENCE)
        return replace_list(arena, edits, value, found);
    if (yaml_is_null(value) || (!found->scalar && found->count == 0) || !has_place(value))
        return false;
    replace(arena, edits, value, found->text);
    return true;
}

/* As a quoted scalar, which may stand anywhere. */
static void write_value(struct arena *arena, struct buf *out, const char *text)
{
    struct yaml_node *scalar = yaml_new_scalar(arena, text, (struct mark){0});
    AUTO(buf_free) struct buf line = BUF_INIT;
    scalar->style = YAML_STYLE_SINGLE_QUOTED;
    yaml_write(&line, scalar, NULL, NULL);
    buf_add_n(out, buf_text(&line), line.length - (line.length > 0 && line.data[line.length - 1] == '\n'));
}

static bool leads_out(struct arena *arena, const struct fixture *fixture, const char *path)
{
    char target[PATH_MAX], tree[PATH_MAX];
    const size_t length = strlen(fixture->path) - strlen(fixture->name);
    struct stat status;
    if (lstat(path, &status) < 0 || !S_ISLNK(status.st_mode))
        return false;
    return !realpath(path, target) || !realpath(arena_strndup(arena, fixture->path, length), tree) ||
           !text_starts(target, tree) || target[strlen(tree)] != '/';
}

const char *update_file(struct arena *arena, const struct fixture *fixture, const char *path, const struct buf *text)
{
    if (leads_out(arena, fixture, path))
        return arena_printf(arena, "%s: is a link that leads out of the test cases, so it is not written", path);
    const int error = file_write(path, buf_text(text), text->length, 0666);
    return error ? arena_printf(arena, "%s: cannot be written: %s", path, file_error(error)) : NULL;
}

const char *update_write(struct arena *arena, const struct fixture *fixture, const struct vec *edits)
{
    AUTO(buf_free) struct buf out = BUF_INIT;
    const struct source *source = ((const struct edit *)edits->items[0])->value->at.source;
    size_t done = 0;
    for (size_t i = 0; i < edits->count; i++) { /* in the order in which they stand */
        const struct edit *edit = edits->items[i];
        const struct mark *at = &edit->value->at;
        size_t start = offset_of(source, at->line, at->column);
        buf_add_n(&out, source->text + done, start - done);
        write_value(arena, &out, edit->text);
        done = start + at->end_column - at->column;
    }
    buf_add_n(&out, source->text + done, source->length - done);
    return update_file(arena, fixture, source->path, &out);
}
