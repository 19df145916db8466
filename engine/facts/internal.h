/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of facts/ share. Only for facts/ and its unit tests. */
#ifndef HVPROBE_FACTS_INTERNAL_H
#define HVPROBE_FACTS_INTERNAL_H

#include "facts/filters.h"
#include "facts/run.h"

/* A part of a table that could not be looked at: what would have stemmed from row (NULL: anything). */
struct unknown {
    const struct row *row;
    const struct fact *fact; /* whose rows they are */
    const char *reason;
    const char *column; /* of that row; NULL: any that it lacks */
};

/* The rows of a table by their ancestor in another fact: those of ancestor number N are rows[starts[N]..starts[N+1]].
 */
struct grouping {
    const struct fact *ancestor;
    size_t count; /* of the ancestor's rows */
    size_t *starts;
    struct row **rows;
    struct grouping *next;
};

/* The rows of a table by their value of a column, for conditions that ask of many rows if theirs is one of them. */
struct value_index {
    const char *column; /* as in row_value */
    struct map values;
    struct value_index *next;
};

enum slot_state { SLOT_NEW, SLOT_BUSY, SLOT_DONE };

/* A fact's place in a run. */
struct slot {
    enum slot_state state;
    struct table table;
    struct vec unknowns; /* of struct unknown: rows that are missing, perhaps */
    struct vec partial;  /* of struct unknown: rows that are there, but lack columns that are not known */
    struct grouping *groupings;
    struct value_index *indexes;
    const struct fact *unrelated; /* no unknown stems from its rows; NULL: not looked at */
};

/* Of choice.c: the choice that was asked for last. */
struct ranked_choice {
    const struct choice_table *table; /* NULL: none was */
    struct ranked *ranked;            /* its rows that apply to this root */
    size_t count;
};

struct cache;

struct run {
    struct arena *arena;
    const struct rule_set *set;
    struct root *root;
    struct run_options options;
    struct diagnostics *diagnostics;
    enum verdict (*document)(struct probe *probe, const char *name, const char *xpath, bool derived);
    void *document_data;
    struct slot **blocks;       /* by fact->index, SLOT_BLOCK at a time; NULL: not used yet */
    const struct fact *current; /* being evaluated, innermost; NULL: none */
    unsigned depth;             /* facts being evaluated */
    struct probe *probe;        /* of the current fact; NULL: none */
    size_t partial;             /* rows in all slots' partial */
    struct cache *cache;        /* NULL: none */
    struct programs *programs;  /* NULL: none was looked into yet */
    struct ranked_choice choice;
    struct map patterns;    /* of struct regex: those of conditions that have templates */
    struct word_sets words; /* of the filters on lists */
    struct run_watch watch;
};

/* run.c: counts rows that were looked at for the current fact beside its own. */
void run_count(struct run *run, size_t rows);

/* run.c: a fact's place, which is there from now on. */
struct slot *run_slot(const struct run *run, const struct fact *fact);

/* eval.c: fills slot->table and slot->unknowns. */
void fact_eval(struct run *run, const struct fact *fact, struct slot *slot);

/* arguments.c: the arguments of a source or extract in a scope, in place of those that *ret_arguments has (NULL: none
 * yet). *ret_reason (may be NULL) on unset and unknown. */
enum text_status arguments_expand(struct run *run, const struct scope *scope, const struct field *fields,
                                  const struct field_value *values, const struct argument **ret_arguments,
                                  const char **ret_reason);

/* kept_rows.c: what stands for the text of a fact's extract, its arguments expanded. */
const char *extract_digest(const struct probe *probe);
/* Adds the rows that the root has in place of a file; false: it has none. */
bool kept_rows_recall(struct probe *probe, const struct item *item, const char *digest, enum verdict *ret_verdict);
/* Tells the root the rows of probe->rows from first on; of none, probe->reason. */
void kept_rows_store(const struct probe *probe, const struct item *item, const char *digest, size_t first);

/* modifiers.c: below, sort, distinct and first, in this order. false, with the rows as far as they were: it takes too
 * long. */
bool rows_modify(struct arena *arena, const struct fact *fact, struct vec *rows);

/* scope.c */
const struct row *row_ancestor(const struct row *row, const struct fact *fact); /* the row itself too; NULL: none */
/* Why a row's column that is unset might have been set, had all been looked at; NULL: it is unset for sure. */
const char *column_unknown(struct run *run, const struct row *row, const char *column);
/* A row's value for ${fact.column}; column NULL: what ${fact} stands for. NULL: unset. */
const char *row_value(const struct row *row, const char *column);

/* template.c */
const char *part_label(struct arena *arena, const struct part *part); /* "cpu", "loader.path", "host.arch" */

/* filters.c */
bool filter_is_count(const struct filter_kind *kind);
bool filter_is_default(const struct filter_kind *kind);

/* condition.c: does an operator hold for the outcome (<0, 0, >0) of comparing two versions? */
bool version_accepts(enum version_operator version_operator, int comparison);

/* choice.c: as choice_candidates; *ret_unknown tells why a candidate could not be expanded, NULL: all could. */
size_t choice_expand(struct run *run, const struct scope *scope, const struct choice_table *table,
                     struct candidate **ret_candidates, const char **ret_unknown);

/* cache.c: what a result is filed under: the rule's text, a file as it is now, and what else was asked of it. */
struct cache_key {
    const char *path;
    const void *bytes;
    size_t length;
};
struct cache *cache_new(struct arena *arena, struct root *root, const char *path, size_t fact_count);
void cache_save(struct cache *cache); /* NULL is allowed. Writes when something was added; failure is silent */
/* words[0] is the path of the file. false: it cannot be told whether that file changes, or did a moment ago. */
bool cache_key_make(struct cache *cache, const struct fact *fact, const char *const *words, size_t count,
                    struct cache_key *ret_key);
/* Adds the rows kept under a key to probe->rows, with the columns of base (NULL: none). false: nothing is kept. */
bool cache_recall(struct cache *cache, const struct cache_key *key, struct probe *probe, const struct row *base);
/* Keeps the rows of probe->rows from first on: what they have beyond base. None: keeps probe->reason. */
void cache_store(struct cache *cache, const struct cache_key *key, const struct probe *probe, size_t first,
                 const struct row *base);

#endif
