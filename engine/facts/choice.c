/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Path tables and other choices by distribution. */
#include "base/text.h"
#include "facts/internal.h"

#include <limits.h>

/* Ranks: smaller is more specific. A version makes a selector more so than the same one without. */
enum { RANK_OWN = 0, RANK_PARENTS = 2, RANK_EACH = 2 };
static const unsigned rank_any = UINT_MAX - 1, rank_none = UINT_MAX;

/* version NULL: a rolling release, which is ahead of every other. */
static bool version_applies(const char *version, const struct selector *selector)
{
    const int comparison = version == NULL ? 1 : text_compare_versions(version, selector->version);

    return version_accepts(selector->version_operator, comparison);
}

/* The release of another distribution that this one is or is made from; NULL: nobody can tell. */
static const struct row *release_of(const struct table *releases, const char *id, unsigned *ret_number)
{
    for (size_t i = 0; releases != NULL && i < releases->count; i++) {
        if (!text_equal(row_get(releases->rows[i], "id"), id))
            continue;
        *ret_number = (unsigned)i;
        return releases->rows[i];
    }
    return NULL;
}

/* A derivative counts its own releases: they are never compared with the numbers of what it derives from. */
static unsigned parent_rank(struct run *run, const struct choice_table *table, const struct selector *selector)
{
    const struct root_os *os = root_os(run->root);
    const struct table *releases = table->releases != NULL ? run_fact(run, table->releases) : NULL;
    unsigned words = 0, place = 0, number = 0;

    while (os->like[words] != NULL)
        words++;
    while (place < words && !text_equal(selector->id, os->like[place]))
        place++;
    const struct row *release = release_of(releases, selector->id, &number);
    if (place == words && release == NULL)
        return rank_none;
    if (place == words)
        place += number;
    if (!selector->versioned)
        return RANK_PARENTS + RANK_EACH * place + 1;
    if (release == NULL || !version_applies(row_get(release, "version"), selector))
        return rank_none;
    return RANK_PARENTS + RANK_EACH * place;
}

static unsigned selector_rank(struct run *run, const struct choice_table *table, const struct selector *selector)
{
    const struct root_os *os = root_os(run->root);

    if (text_equal(selector->id, "any"))
        return rank_any;
    if (!text_equal(selector->id, os->id))
        return parent_rank(run, table, selector);
    if (!selector->versioned)
        return RANK_OWN + 1;
    return version_applies(os->version, selector) ? RANK_OWN : rank_none;
}

/* The selector of a row that applies most specifically; NULL: none does. */
static const struct selector *best_selector(struct run *run, const struct choice_table *table,
                                            const struct choice_row *row, unsigned *ret_rank)
{
    const struct selector *best = NULL;

    *ret_rank = rank_none;
    for (size_t i = 0; i < row->selector_count; i++) {
        const unsigned rank = selector_rank(run, table, &row->selectors[i]);
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
    size_t count = 0;

    for (size_t i = 0; i < table->count; i++) {
        struct ranked next = {.row = &table->rows[i]};
        next.selector = best_selector(run, table, next.row, &next.rank);
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

static bool needs_distribution(const struct choice_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        for (size_t j = 0; j < table->rows[i].selector_count; j++)
            if (!text_equal(table->rows[i].selectors[j].id, "any"))
                return true;
    return false;
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
    if (ret_unknown != NULL && *ret_unknown == NULL && needs_distribution(table))
        *ret_unknown = root_os(run->root)->unknown;
    *ret_candidates = candidates;
    return count;
}

size_t choice_candidates(struct run *run, const struct scope *scope, const struct choice_table *table,
                         struct candidate **ret_candidates)
{
    return choice_expand(run, scope, table, ret_candidates, NULL);
}

const struct choice_table *fact_path_table(const struct fact *fact)
{
    for (size_t i = 0; fact->source->fields[i].key != NULL; i++) {
        if (fact->source->fields[i].type == FIELD_PATH_TABLE)
            return fact->source_values[i].table;
    }
    return NULL;
}

bool choice_of_row(struct run *run, const struct row *row, struct candidate *ret_candidate)
{
    const struct choice_table *table = fact_path_table(row->fact);
    const struct scope scope = {.row = row->parents[0]};
    struct candidate *candidates = NULL;
    const size_t count =
        table != NULL ? choice_candidates(run, row->fact->loop != NULL ? &scope : NULL, table, &candidates) : 0;

    for (size_t i = 0; i < count; i++) {
        if (!text_equal(candidates[i].text, row_get(row, "path")))
            continue;
        *ret_candidate = candidates[i];
        return true;
    }
    return false;
}
