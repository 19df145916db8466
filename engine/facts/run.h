/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A probe run: the facts of one rule set on one root, each evaluated when first asked for and at most once.
 *
 * A run has its own arena and belongs to one thread; the rule set is shared.
 */
#ifndef HVPROBE_FACTS_RUN_H
#define HVPROBE_FACTS_RUN_H

#include "base/digest.h"
#include "base/named_text.h"
#include "probe/probe.h"

struct run;

struct run_options {
    bool exec;         /* let exec facts run */
    bool trace;        /* keep observations for explain */
    const char *cache; /* file that keeps results between runs; NULL: no cache. Used on a live root only */
    const struct named_text *parameters; /* -D NAME=VALUE, ended by a NULL name; NULL: none */
    const char *compat;                  /* for ${compat}; NULL: none */
    const char *lang; /* a language or locale for ${lang}: "de", "pt-BR", "de_AT.UTF-8"; NULL: none */
};

/* A fact's result. */
struct table {
    const struct fact *fact;
    enum verdict verdict;
    const char *reason; /* no and unknown: why; yes: NULL, or what part of it was unknown */
    struct row **rows;
    size_t count;
    struct vec observations; /* of struct observation, with trace */
};

/* Takes ownership of neither; both must outlive the run. diagnostics (may be NULL) takes refusals. */
struct run *run_new(const struct rule_set *set, struct root *root, const struct run_options *options,
                    struct diagnostics *diagnostics);
void run_free(struct run *run); /* writes the cache when it changed */

struct arena *run_arena(struct run *run);
struct root *run_root(struct run *run);
const struct rule_set *run_rules(struct run *run);
const struct run_options *run_options(struct run *run);
/* How the document: source gets at other documents; installed by document/. */
void run_set_document_source(struct run *run,
                             enum verdict (*source)(struct probe *probe, const char *name, const char *xpath,
                                                    bool derived),
                             void *data);
void *run_document_data(const struct run *run); /* as given to it; NULL: not installed */

/* Who wants to know what happens in a run, and to leave rules out of documents. Any function may be NULL. */
struct run_watch {
    void (*condition)(void *data, const struct condition *condition, enum verdict verdict);
    bool (*emits)(void *data, const struct rule *rule); /* false: the rule's entries emit nothing anyway */
    void *data;
};
void run_set_watch(struct run *run, const struct run_watch *watch);
/* Says that the answer lacks something, because of bounds on work. */
void run_tell_incomplete(struct run *run, struct mark at, const char *what, const char *why);
/* The fact that is being evaluated; NULL: none. */
const struct fact *run_current(const struct run *run);
/* Is a rule to emit into documents? */
bool run_emits(const struct run *run, const struct rule *rule);

/* The result of a fact; never NULL, owned by the run. */
const struct table *run_fact(struct run *run, const struct fact *fact);
/* The same if it was evaluated already, else NULL. */
const struct table *run_peek(const struct run *run, const struct fact *fact);

/* By which number a journal of the root (root/journal.h) knows what a fact asked. */
unsigned run_asker(const struct fact *fact);
/* Stands for all that a fact's result says, with what is not known of it and why. */
struct digest run_digest(struct run *run, const struct fact *fact);

/* Current rows, innermost first: where ${column} is looked up and what "belongs to" refers to. NULL: none is current.
 */
struct scope {
    const struct row *row;
    const struct scope *outer;
};

/*
 * The rows of a fact that belong to the scope: those that share with a current row its ancestor in the nearest common
 * fact, or the row itself; all rows when nothing is shared. *ret_rows points into the run.
 */
size_t scope_rows(struct run *run, const struct scope *scope, const struct fact *fact, struct row *const **ret_rows);

/* Why more rows of a fact might belong to the scope, had all been looked at; NULL: none does for sure. */
const char *scope_unknown(struct run *run, const struct scope *scope, const struct fact *fact);
/* The first of these rows that has a text for ${fact.column} (column NULL: ${fact}); NULL: none has. */
const struct row *scope_row_with(struct run *run, const struct scope *scope, const struct fact *fact,
                                 const char *column, const char *text);

enum text_status { TEXT_SET, TEXT_UNSET, TEXT_UNKNOWN };
/* Expands a template. *ret_text (run's arena) on TEXT_SET; *ret_reason (may be NULL) otherwise: "${loader} is unset:
 * ...". */
enum text_status template_expand(struct run *run, const struct scope *scope, const struct template *template,
                                 const char **ret_text, const char **ret_reason);

/* Evaluates a condition; NULL holds. *ret_reason (may be NULL): why it does not hold, in words, with the fact's own
 * reason. */
enum verdict condition_eval(struct run *run, const struct scope *scope, const struct condition *condition,
                            const char **ret_reason);

/* One candidate of a path table, or value of another choice, in the order in which they are tried. */
struct candidate {
    const char *text;                /* expanded */
    const struct template *template; /* its place names file and layer */
    const struct choice_row *row;
};
/* Candidates for this root's distribution; those with unset names are left out. Into the run's arena. */
size_t choice_candidates(struct run *run, const struct scope *scope, const struct choice_table *table,
                         struct candidate **ret_candidates);
/* The path table that a fact asks; NULL: none. */
const struct choice_table *fact_path_table(const struct fact *fact);
/* The candidate that was taken for a row of such a fact; false: the row is of none. */
bool choice_of_row(struct run *run, const struct row *row, struct candidate *ret_candidate);

/* Else it may be unknown because another one is. */
bool table_stands_alone(const struct table *table);
/* What could not be looked at, of what is at a path: the first such fact that is unknown by itself, else the first;
 * NULL: none. *ret_all: nothing was seen at any. */
const struct table *run_unseen(const struct run *run, bool *ret_all);

extern const struct vocabulary
    hvprobe_vocabulary; /* vocabulary.c: probe's registries, the filters, the built-in names */

#endif
