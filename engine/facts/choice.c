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

/* Does a row apply here? A smaller rank is more specific. */
static bool row_applies(const struct root_os *os, const struct choice_row *row, unsigned *ret_rank)
{
    unsigned best = UINT_MAX;

    for (size_t i = 0; i < row->selector_count; i++) {
        const unsigned rank = selector_rank(os, &row->selectors[i]);
        best = rank < best ? rank : best;
    }
    *ret_rank = best;
    return best != UINT_MAX;
}

struct ranked {
    const struct choice_row *row;
    unsigned rank;
};

/* The rows that apply, most specific first, equal ones in file order. */
static size_t rank_rows(struct run *run, const struct choice_table *table, struct ranked *ranked)
{
    const struct root_os *os = root_os(run->root);
    size_t count = 0;

    for (size_t i = 0; i < table->count; i++) {
        unsigned rank;
        if (!row_applies(os, &table->rows[i], &rank))
            continue;
        size_t position = count++;
        for (; position > 0 && ranked[position - 1].rank > rank; position--)
            ranked[position] = ranked[position - 1];
        ranked[position] = (struct ranked){&table->rows[i], rank};
    }
    return count;
}

size_t choice_expand(struct run *run, const struct scope *scope, const struct choice_table *table,
                     struct candidate **ret_candidates, const char **ret_unknown)
{
    struct ranked *ranked = arena_alloc(run->arena, (table->count + 1) * sizeof(*ranked));
    const size_t ranked_count = rank_rows(run, table, ranked);
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
