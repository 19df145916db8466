/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Path tables and other choices by distribution. */
#include "base/text.h"
#include "facts/internal.h"

#include <limits.h>

static bool version_applies(const struct root_os *os, const struct selector *selector)
{
    if (!selector->versioned)
        return true;
    /* A rolling release has no version and is ahead of every other. */
    const int comparison = os->version == NULL ? 1 : text_compare_versions(os->version, selector->version);
    return version_accepts(selector->version_operator, comparison);
}

/* Smaller is more specific; UINT_MAX - 1 is any, UINT_MAX does not apply. */
static unsigned selector_rank(const struct root_os *os, const struct selector *selector)
{
    const unsigned plain = selector->versioned ? 0 : 1;

    if (text_equal(selector->id, "any"))
        return UINT_MAX - 1;
    if (!version_applies(os, selector))
        return UINT_MAX;
    if (text_equal(selector->id, os->id))
        return plain;
    for (unsigned i = 0; os->like != NULL && os->like[i] != NULL; i++)
        if (text_equal(selector->id, os->like[i]))
            return 2 + 2 * i + plain;
    return UINT_MAX;
}

/* The selector of a row that applies most specifically; NULL: none does. */
static const struct selector *best_selector(const struct root_os *os, const struct choice_row *row, unsigned *ret_rank)
{
    const struct selector *best = NULL;

    *ret_rank = UINT_MAX;
    for (size_t i = 0; i < row->selector_count; i++) {
        const unsigned rank = selector_rank(os, &row->selectors[i]);
        if (rank < *ret_rank) {
            best = &row->selectors[i];
            *ret_rank = rank;
        }
    }
    return best;
}

/* Of versions that both apply here: is the first the smaller range, as >=13 is in >=12, <12 in <13, and =12 in both? */
static bool is_narrower(const struct selector *a, const struct selector *b)
{
    static const int directions[] = {[VERSION_GE] = 1, [VERSION_GT] = 1, [VERSION_LE] = -1, [VERSION_LT] = -1};

    if (!a->versioned || !b->versioned || a->version_operator == VERSION_NE || b->version_operator == VERSION_EQ)
        return false;
    if (a->version_operator == VERSION_EQ || b->version_operator == VERSION_NE)
        return true;
    return directions[a->version_operator] == directions[b->version_operator] &&
           directions[a->version_operator] * text_compare_versions(a->version, b->version) > 0;
}

struct ranked {
    const struct choice_row *row;
    const struct selector *selector;
    unsigned rank;
};

static bool is_before(const struct ranked *a, const struct ranked *b)
{
    return a->rank != b->rank ? a->rank < b->rank : is_narrower(a->selector, b->selector);
}

/* The rows that apply, most specific first, equal ones in file order. */
static size_t rank_rows(struct run *run, const struct choice_table *table, struct ranked **ret_ranked)
{
    struct ranked *ranked = arena_alloc(run->arena, (table->count + 1) * sizeof(*ranked));
    const struct root_os *os = root_os(run->root);
    size_t count = 0;

    for (size_t i = 0; i < table->count; i++) {
        struct ranked next = {.row = &table->rows[i]};
        next.selector = best_selector(os, next.row, &next.rank);
        if (next.selector == NULL)
            continue;
        size_t position = count++;
        for (; position > 0 && is_before(&next, &ranked[position - 1]); position--)
            ranked[position] = ranked[position - 1];
        ranked[position] = next;
    }
    *ret_ranked = ranked;
    return count;
}

/* The same, found once for all rows of a loop. */
static size_t ranked_rows(struct run *run, const struct choice_table *table, struct ranked **ret_ranked)
{
    if (run->choice.table != table) {
        run->choice.count = rank_rows(run, table, &run->choice.ranked);
        run->choice.table = table;
    }
    *ret_ranked = run->choice.ranked;
    return run->choice.count;
}

size_t choice_expand(struct run *run, const struct scope *scope, const struct choice_table *table,
                     struct candidate **ret_candidates, const char **ret_unknown)
{
    struct ranked *ranked;
    const size_t ranked_count = ranked_rows(run, table, &ranked);
    size_t room = 0;
    size_t count = 0;

    for (size_t i = 0; i < ranked_count; i++)
        room += ranked[i].row->count;
    struct candidate *candidates = arena_alloc(run->arena, (room + 1) * sizeof(*candidates));
    for (size_t i = 0; i < ranked_count; i++) {
        const struct choice_row *row = ranked[i].row;
        for (size_t value = 0; value < row->count; value++) {
            const char *text = NULL;
            const char *reason = NULL;
            const enum text_status status =
                template_expand(run, scope, row->values[value], &text, ret_unknown != NULL ? &reason : NULL);
            if (status == TEXT_SET)
                candidates[count++] = (struct candidate){text, row->values[value], row};
            else if (status == TEXT_UNKNOWN && ret_unknown != NULL)
                *ret_unknown = reason;
        }
    }
    *ret_candidates = candidates;
    return count;
}

size_t choice_candidates(struct run *run, const struct scope *scope, const struct choice_table *table,
                         struct candidate **ret_candidates)
{
    return choice_expand(run, scope, table, ret_candidates, NULL);
}
