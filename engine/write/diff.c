/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What differs between two texts, as diff -u shows it. */
#include "write/diff.h"
#include "base/text.h"

#include <string.h>

/* Of texts with more pairs of lines than this that may be equal, all lines in the middle are shown as changed. */
enum { CONTEXT = 3, PAIR_LIMIT = 4 * 1024 * 1024 };

struct line {
    const char *text;
    size_t length;
};

struct lines {
    struct line *items;
    size_t count;
};

/* A line of the result: ' ' both, '-' old only, '+' new only. */
struct diff_step {
    char kind;
    const struct line *line;
};

struct diff {
    struct arena *arena;
    struct lines sides[2]; /* old, new */
    size_t prefix, suffix; /* equal lines at both ends */
    struct diff_step *steps;
    size_t count;
};

static struct lines split_lines(struct arena *arena, const char *text)
{
    struct lines lines = {0};
    size_t room = 1;

    for (const char *at = text; *at; at++)
        room += *at == '\n';
    lines.items = arena_alloc(arena, room * sizeof(*lines.items));
    while (*text) {
        size_t length = strcspn(text, "\n");
        lines.items[lines.count++] = (struct line){text, length};
        text += length + (text[length] == '\n');
    }
    return lines;
}

static bool lines_equal(const struct line *a, const struct line *b)
{
    return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

static void trim_ends(struct diff *diff)
{
    const struct lines *old = &diff->sides[0], *new = &diff->sides[1];
    size_t least = old->count < new->count ? old->count : new->count;

    while (diff->prefix < least && lines_equal(&old->items[diff->prefix], &new->items[diff->prefix]))
        diff->prefix++;
    while (diff->suffix < least - diff->prefix &&
           lines_equal(&old->items[old->count - 1 - diff->suffix], &new->items[new->count - 1 - diff->suffix]))
        diff->suffix++;
}

static void add_step(struct diff *diff, char kind, const struct line *line)
{
    diff->steps[diff->count++] = (struct diff_step){kind, line};
}

/* lengths[i][j]: of the longest common subsequence of what is behind line i of the old and j of the new middle. */
static unsigned *common_lengths(struct diff *diff, size_t old_count, size_t new_count)
{
    const struct line *old = diff->sides[0].items + diff->prefix, *new = diff->sides[1].items + diff->prefix;
    size_t width = new_count + 1;
    unsigned *lengths = arena_alloc(diff->arena, (old_count + 1) * width * sizeof(*lengths));

    for (size_t i = old_count; i-- > 0;)
        for (size_t j = new_count; j-- > 0;) {
            unsigned down = lengths[(i + 1) * width + j], right = lengths[i * width + j + 1];
            bool equal = lines_equal(&old[i], &new[j]);

            lengths[i * width + j] = equal ? lengths[(i + 1) * width + j + 1] + 1 : down > right ? down : right;
        }
    return lengths;
}

static void compare_middle(struct diff *diff)
{
    const struct line *old = diff->sides[0].items + diff->prefix, *new = diff->sides[1].items + diff->prefix;
    size_t old_count = diff->sides[0].count - diff->prefix - diff->suffix;
    size_t new_count = diff->sides[1].count - diff->prefix - diff->suffix;
    bool small = new_count == 0 || old_count <= PAIR_LIMIT / new_count;
    const unsigned *lengths = small ? common_lengths(diff, old_count, new_count) : NULL;
    size_t i = 0, j = 0;

    while (i < old_count && j < new_count && lengths) {
        if (lines_equal(&old[i], &new[j])) {
            add_step(diff, ' ', &old[i++]);
            j++;
        } else if (lengths[(i + 1) * (new_count + 1) + j] >= lengths[i * (new_count + 1) + j + 1]) {
            add_step(diff, '-', &old[i++]);
        } else {
            add_step(diff, '+', &new[j++]);
        }
    }
    while (i < old_count)
        add_step(diff, '-', &old[i++]);
    while (j < new_count)
        add_step(diff, '+', &new[j++]);
}

static void compare(struct diff *diff)
{
    const struct lines *old = &diff->sides[0];

    diff->steps = arena_alloc(diff->arena, (old->count + diff->sides[1].count + 1) * sizeof(*diff->steps));
    trim_ends(diff);
    for (size_t i = 0; i < diff->prefix; i++)
        add_step(diff, ' ', &old->items[i]);
    compare_middle(diff);
    for (size_t i = old->count - diff->suffix; i < old->count; i++)
        add_step(diff, ' ', &old->items[i]);
}

/* The end of the hunk that starts at a step: after the context of its last change. */
static size_t hunk_end(const struct diff *diff, size_t start)
{
    size_t last = start;

    for (size_t i = start; i < diff->count && i <= last + 2 * (size_t)CONTEXT; i++)
        if (diff->steps[i].kind != ' ')
            last = i;
    return last + CONTEXT + 1 < diff->count ? last + CONTEXT + 1 : diff->count;
}

static void add_coloured(struct buf *out, const struct diff_step *step, bool colour)
{
    const char *start = !colour || step->kind == ' ' ? "" : step->kind == '-' ? "\033[31m" : "\033[32m";

    buf_printf(out, "%s%c", start, step->kind);
    buf_add_n(out, step->line->text, step->line->length);
    buf_add(out, *start ? "\033[0m\n" : "\n");
}

static size_t count_side(const struct diff *diff, size_t start, size_t end, char without)
{
    size_t count = 0;

    for (size_t i = start; i < end; i++)
        count += diff->steps[i].kind != without;
    return count;
}

static void add_hunk(struct buf *out, const struct diff *diff, size_t start, size_t end, bool colour)
{
    size_t old_count = count_side(diff, start, end, '+'), new_count = count_side(diff, start, end, '-');
    size_t old_start = count_side(diff, 0, start, '+') + (old_count > 0);
    size_t new_start = count_side(diff, 0, start, '-') + (new_count > 0);

    buf_printf(out, "@@ -%zu,%zu +%zu,%zu @@\n", old_start, old_count, new_start, new_count);
    for (size_t i = start; i < end; i++)
        add_coloured(out, &diff->steps[i], colour);
}

void write_diff(struct buf *out, const char *old_label, const char *old_text, const char *new_label,
                const char *new_text, const struct writer_options *options)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    struct diff diff = {.arena = arena};

    if (text_equal(old_text, new_text))
        return;
    diff.sides[0] = split_lines(arena, old_text);
    diff.sides[1] = split_lines(arena, new_text);
    compare(&diff);
    buf_printf(out, "--- %s\n+++ %s\n", old_label, new_label);
    for (size_t i = 0; i < diff.count;) {
        if (diff.steps[i].kind == ' ') {
            i++;
            continue;
        }
        size_t end = hunk_end(&diff, i);
        add_hunk(out, &diff, i > CONTEXT ? i - CONTEXT : 0, end, options->colour);
        i = end;
    }
}
