/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages about a place in a text: collected while rules are read, told at the end, all of them and in order. */
#include "base/diagnostic.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Longer source lines are shown in part: this much of them, around the column. */
enum { SHOWN_WIDTH = 300, SHOWN_BEFORE = 100, INDENTATION = 4 };

static const struct diagnostic_kind kinds[DIAG_MAX] = {
#define DIAGNOSTIC(symbol, name, id, severity, summary, explanation)                                                   \
    [DIAG_##symbol] = {id, name, SEVERITY_##severity, summary, explanation},
#include "base/diagnostics.def"
#undef DIAGNOSTIC
};

struct palette {
    const char *bold;
    const char *severity[SEVERITY_ERROR + 1];
    const char *hint;
    const char *reset;
};

static const struct palette plain = {"", {"", "", ""}, "", ""};
static const struct palette coloured = {"\033[1m", {"\033[1;36m", "\033[1;35m", "\033[1;31m"}, "\033[32m", "\033[0m"};
const char *const severity_names[] = {"note", "warning", "error"};

const struct diagnostic_kind *diagnostic_kind(enum diagnostic_id id)
{
    return &kinds[id];
}

const struct diagnostic_kind *diagnostic_find(const char *id)
{
    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
        if (strcasecmp(kinds[i].id, id) == 0 || strcasecmp(kinds[i].name, id) == 0)
            return &kinds[i];
    return NULL;
}

static void count_severity(struct diagnostics *list, const struct diagnostic *diagnostic)
{
    list->errors += diagnostic->kind->severity == SEVERITY_ERROR;
    list->warnings += diagnostic->kind->severity == SEVERITY_WARNING;
    list->incomplete += diagnostic->kind == &kinds[DIAG_INCOMPLETE];
}

void diagnose(struct diagnostics *list, enum diagnostic_id id, struct mark at, const char *hint, const char *format,
              ...)
{
    struct diagnostic *new = arena_new_object(list->arena, struct diagnostic);
    va_list arguments;

    new->kind = &kinds[id];
    new->at = at;
    new->hint = arena_strdup(list->arena, hint);
    va_start(arguments, format);
    new->message = arena_vprintf(list->arena, format, arguments);
    va_end(arguments);
    vec_push(list->arena, &list->list, new);
    count_severity(list, new);
}

void diagnostics_add(struct diagnostics *list, const struct diagnostic *diagnostic)
{
    vec_push(list->arena, &list->list, diagnostic);
    count_severity(list, diagnostic);
}

const char *diagnose_nearest(struct diagnostics *list, const char *name, const char *const *names, size_t count)
{
    const char *nearest = text_nearest(name, names, count);

    return nearest ? arena_printf(list->arena, "did you mean '%s'?", nearest) : NULL;
}

static int compare_numbers(unsigned a, unsigned b)
{
    return (a > b) - (a < b);
}

/* Texts that are NULL come last. */
static int compare_texts(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) : (a == NULL) - (b == NULL);
}

static int compare(const void *left, const void *right)
{
    const struct diagnostic *a = *(const struct diagnostic *const *)left;
    const struct diagnostic *b = *(const struct diagnostic *const *)right;
    int order = compare_texts(a->at.source ? a->at.source->path : NULL, b->at.source ? b->at.source->path : NULL);

    if (!order)
        order = compare_numbers(a->at.line, b->at.line);
    if (!order)
        order = compare_numbers(a->at.column, b->at.column);
    if (!order)
        order = strcmp(a->kind->id, b->kind->id);
    if (!order)
        order = strcmp(a->message, b->message);
    if (!order)
        order = compare_texts(a->hint, b->hint);
    return order;
}

void diagnostics_sort(struct diagnostics *list)
{
    size_t kept = 0;

    if (!list->list.count)
        return;
    qsort(list->list.items, list->list.count, sizeof(*list->list.items), compare);
    list->errors = list->warnings = 0;
    for (size_t i = 0; i < list->list.count; i++) {
        if (kept && compare(&list->list.items[kept - 1], &list->list.items[i]) == 0)
            continue;
        list->list.items[kept++] = list->list.items[i];
        count_severity(list, list->list.items[i]);
    }
    list->list.count = kept;
}

/* What was left out of one file, by kind. */
struct excess {
    size_t counts[DIAG_MAX];
    struct diagnostic *first[DIAG_MAX]; /* stands for all that were left out; NULL: none */
};

static void tell_excess(struct arena *arena, struct excess *excess, size_t limit)
{
    for (size_t kind = 0; kind < DIAG_MAX; kind++)
        if (excess->first[kind])
            excess->first[kind]->message = arena_printf(arena, "%zu more of this kind in this file: %s",
                                                        excess->counts[kind] - limit, kinds[kind].summary);
    *excess = (struct excess){0};
}

void diagnostics_cap(struct diagnostics *list, size_t limit)
{
    const struct source *source = NULL;
    struct excess excess = {0};
    size_t kept = 0;

    for (size_t i = 0; i < list->list.count; i++) {
        struct diagnostic *diagnostic = list->list.items[i];
        size_t kind = (size_t)(diagnostic->kind - kinds);

        if (diagnostic->at.source != source)
            tell_excess(list->arena, &excess, limit);
        source = diagnostic->at.source;
        if (++excess.counts[kind] > limit + 1)
            continue;
        if (excess.counts[kind] == limit + 1) {
            diagnostic = excess.first[kind] = arena_memdup(list->arena, diagnostic, sizeof(*diagnostic));
            diagnostic->hint = NULL;
        }
        list->list.items[kept++] = diagnostic;
    }
    tell_excess(list->arena, &excess, limit);
    list->list.count = kept;
}

/* Moves to the line; false when there is no such. */
static bool seek_line(struct line_cursor *cursor, const struct mark *at)
{
    const char *end = at->source->text + at->source->length;

    if (cursor->source != at->source || cursor->line > at->line || !cursor->start)
        *cursor = (struct line_cursor){at->source, 1, at->source->text};
    while (cursor->line < at->line) {
        const char *newline = memchr(cursor->start, '\n', (size_t)(end - cursor->start));

        if (!newline)
            return false;
        cursor->start = newline + 1;
        cursor->line++;
    }
    return true;
}

const char *line_at(struct line_cursor *cursor, const struct mark *at, size_t *ret_length)
{
    const char *end;
    size_t length;

    if (!at->source || !at->source->text || !at->line || !seek_line(cursor, at))
        return NULL;
    length = (size_t)(at->source->text + at->source->length - cursor->start);
    if (length > at->column + (size_t)SHOWN_WIDTH)
        length = at->column + (size_t)SHOWN_WIDTH; /* enough, however long the line */
    end = length ? memchr(cursor->start, '\n', length) : NULL;
    if (end)
        length = (size_t)(end - cursor->start);
    if (length && cursor->start[length - 1] == '\r')
        length--;
    *ret_length = length;
    return cursor->start;
}

static bool is_continuation(char byte)
{
    return ((unsigned char)byte & 0xc0U) == 0x80;
}

unsigned line_characters(const char *line, size_t length, unsigned column)
{
    unsigned characters = column;

    for (size_t i = 0; column && i < column - 1 && i < length; i++)
        characters -= is_continuation(line[i]);
    return characters;
}

/* Spaces up to the column (tabs stay, so that it lines up), then ^~~~. */
static void add_caret(struct buf *out, const char *line, size_t length, size_t start, size_t end,
                      const struct palette *palette)
{
    buf_pad(out, ' ', INDENTATION);
    for (size_t i = 0; i < start; i++)
        if (i >= length || !is_continuation(line[i]))
            buf_char(out, i < length && line[i] == '\t' ? '\t' : ' ');
    buf_printf(out, "%s^", palette->severity[SEVERITY_ERROR]);
    for (size_t i = start + 1; i < end && i < length; i++)
        if (!is_continuation(line[i]))
            buf_char(out, '~');
    buf_printf(out, "%s\n", palette->reset);
}

static void add_source(struct buf *out, struct line_cursor *cursor, const struct mark *at,
                       const struct palette *palette)
{
    size_t length, column = at->column ? at->column - 1 : 0, skip = 0;
    const char *line = line_at(cursor, at, &length);

    if (!line)
        return;
    if (column > length)
        column = length;
    if (column > SHOWN_WIDTH - SHOWN_BEFORE)
        skip = column - SHOWN_BEFORE;
    while (skip && is_continuation(line[skip]))
        skip--;
    length -= skip;
    if (length > SHOWN_WIDTH)
        length = SHOWN_WIDTH;
    buf_pad(out, ' ', INDENTATION);
    text_add_printable(out, line + skip, length);
    buf_char(out, '\n');
    if (at->column)
        add_caret(out, line + skip, length, column - skip, at->end_column > skip ? at->end_column - 1 - skip : 0,
                  palette);
}

static void add_place(struct buf *out, const struct mark *at)
{
    if (!at->source || !at->source->path) {
        buf_add(out, "hvprobe: ");
        return;
    }
    text_add_printable(out, at->source->path, strlen(at->source->path));
    if (at->line)
        buf_printf(out, ":%u", at->line);
    if (at->line && at->column)
        buf_printf(out, ":%u", at->column);
    if (at->line && at->column && at->end_column > at->column)
        buf_printf(out, "-%u", at->end_column);
    buf_add(out, ": ");
}

static void add(struct buf *out, struct line_cursor *cursor, const struct diagnostic *diagnostic, bool colour)
{
    const struct palette *palette = colour ? &coloured : &plain;
    enum severity severity = diagnostic->kind->severity;

    buf_add(out, palette->bold);
    add_place(out, &diagnostic->at);
    buf_printf(out, "%s%s%s: %s%s", palette->reset, palette->severity[severity], severity_names[severity],
               palette->reset, palette->bold);
    text_add_printable(out, diagnostic->message, strlen(diagnostic->message));
    buf_printf(out, "%s [%s]\n", palette->reset, diagnostic->kind->id);
    add_source(out, cursor, &diagnostic->at, palette);
    if (!diagnostic->hint)
        return;
    buf_printf(out, "%*s%shint:%s ", INDENTATION, "", palette->hint, palette->reset);
    text_add_printable(out, diagnostic->hint, strlen(diagnostic->hint));
    buf_char(out, '\n');
}

void diagnostics_write(struct buf *out, const struct diagnostics *list, bool colour)
{
    struct line_cursor cursor = {0};

    for (size_t i = 0; i < list->list.count; i++)
        add(out, &cursor, list->list.items[i], colour);
}

void diagnostics_print(FILE *stream, const struct diagnostics *list, bool colour)
{
    AUTO(buf_free) struct buf out = BUF_INIT;

    diagnostics_write(&out, list, colour);
    fputs(buf_text(&out), stream);
}
