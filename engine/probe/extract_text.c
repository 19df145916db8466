/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Extracts of plain text: match and split. */
#include "probe/registry.h"
#include "probe/support.h"

#include "base/text.h"

#include <string.h>

/* Counts lines on the way through a text, so that a whole scan looks at each byte once. */
struct line_counter {
    const char *position;
    unsigned line; /* of position, from 1; 0: the text is no file */
};

static struct line_counter count_from(const struct item *item, const char *text)
{
    return (struct line_counter){text, item->path ? 1 : 0};
}

static unsigned line_of(struct line_counter *counter, const char *position)
{
    const char *newline;

    if (!counter->line)
        return 0;
    while (counter->position < position &&
           (newline = memchr(counter->position, '\n', (size_t)(position - counter->position)))) {
        counter->line++;
        counter->position = newline + 1;
    }
    if (counter->position < position)
        counter->position = position;
    return counter->line;
}

static enum verdict match_eval(struct probe *probe, const struct item *item)
{
    const struct regex *regex = probe->extract_arguments[0].regex;
    struct regex_span *groups = arena_alloc(probe->arena, (regex_group_count(regex) + 1) * sizeof(*groups));
    AUTO(regex_scan_cleanup) struct regex_scan *scan = NULL;
    size_t length, before = probe->rows.count;
    struct line_counter counter;
    enum regex_result result;
    struct regex_span whole;
    const char *text;
    enum verdict verdict = probe_content(probe, item, &text, &length);

    if (verdict != VERDICT_YES)
        return verdict;
    counter = count_from(item, text);
    scan = regex_scan_new(regex, text, length);
    while ((result = regex_scan_next(scan, &whole, groups)) == REGEX_YES)
        if (!probe_match_row(probe, item, regex, &whole, groups, line_of(&counter, whole.start)))
            return probe_drop_rows(probe, before);
    if (result != REGEX_NO)
        return probe_regex_failed(probe, item, result, before);
    return probe_found(probe, item, before, "match");
}

static const char *const match_columns[] = {"text", NULL};

static const struct field match_fields[] = {
    {"match", FIELD_REGEX, FIELD_REQUIRED | FIELD_COLUMNS, NULL, "regular expression (PCRE2, UTF, multi-line)", NULL},
    {0},
};

const struct extract_kind extract_match = {
    .name = "match",
    .help = "One row a match of a regular expression, a column a named group, text the whole match.",
    .fields = match_fields,
    .columns = match_columns,
    .eval = match_eval,
};

/* What is left to split, and how. */
struct splitter {
    const char *position; /* NULL: at the end */
    const char *end;
    const char *separator;
    bool white_space; /* the separator is any run of white space */
};

static struct splitter split_start(const char *separator, const char *text, size_t length)
{
    struct splitter splitter = {text, text + length, separator, !strcmp(separator, " ")};

    if (length && text[length - 1] == '\n')
        splitter.end--;
    if (splitter.position == splitter.end)
        splitter.position = NULL;
    return splitter;
}

static bool next_word(struct splitter *splitter, struct regex_span *ret_field)
{
    const char *word = splitter->position, *end;

    while (word && word < splitter->end && text_is_space(*word))
        word++;
    if (!word || word == splitter->end)
        return false;
    for (end = word; end < splitter->end && !text_is_space(*end); end++)
        continue;
    *ret_field = (struct regex_span){word, (size_t)(end - word)};
    splitter->position = end;
    return true;
}

static bool next_field(struct splitter *splitter, struct regex_span *ret_field)
{
    const char *start = splitter->position;
    size_t width = strlen(splitter->separator);
    const char *found;

    if (splitter->white_space)
        return next_word(splitter, ret_field);
    if (!start)
        return false;
    found = memmem(start, (size_t)(splitter->end - start), splitter->separator, width);
    *ret_field = (struct regex_span){start, (size_t)((found ? found : splitter->end) - start)};
    splitter->position = found ? found + width : NULL;
    return true;
}

static bool add_field(struct probe *probe, const struct item *item, const struct regex_span *field, size_t index,
                      unsigned line)
{
    struct row *row = probe_row(probe, item);

    if (!row)
        return false;
    row->line = line;
    row_set(probe->arena, row, "text", text_sanitise(probe->arena, field->start, field->length));
    row_set(probe->arena, row, "index", arena_printf(probe->arena, "%zu", index));
    return true;
}

static enum verdict split_eval(struct probe *probe, const struct item *item)
{
    const char *separator = probe->extract_arguments[0].text;
    size_t length, before = probe->rows.count;
    struct line_counter counter;
    struct splitter splitter;
    struct regex_span field;
    const char *text;
    enum verdict verdict = probe_content(probe, item, &text, &length);

    if (verdict != VERDICT_YES)
        return verdict;
    if (!separator[0]) {
        probe_refuse(probe, "split: the separator is empty");
        return VERDICT_UNKNOWN;
    }
    counter = count_from(item, text);
    splitter = split_start(separator, text, length);
    for (size_t index = 0; next_field(&splitter, &field); index++)
        if (!add_field(probe, item, &field, index, line_of(&counter, field.start)))
            return probe_drop_rows(probe, before);
    return probe_found(probe, item, before, "field");
}

static const char *const split_columns[] = {"text", "index", NULL};

static const struct field split_fields[] = {
    {"split", FIELD_TEXT, FIELD_REQUIRED | FIELD_SOME, NULL,
     "literal separator; a single space stands for any white space", NULL},
    {0},
};

const struct extract_kind extract_split = {
    .name = "split",
    .help = "One row a field between separators: text, and index from 0.",
    .fields = split_fields,
    .columns = split_columns,
    .eval = split_eval,
};
