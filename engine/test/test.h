/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside the command test: a case is read (test_case.c), run (test_run.c) and judged (test_judge.c) by one of several
 * threads, each with memory of its own; they share the rule set.
 */
#ifndef HVPROBE_TEST_TEST_H
#define HVPROBE_TEST_TEST_H

#include "base/number_map.h"
#include "root/hiding.h"
#include "schema/validate.h"
#include "session/session.h"
#include "test/fixtures.h"
#include "write/write.h"

/* An XPath expression and what it must give. */
struct expectation {
    const char *xpath;
    struct mark at;
    const struct yaml_node *value; /* text: of the first node; list of texts: of all, in order; null: nothing matches */
};
/* A text that must occur in what explain says of a rule. */
struct expected_text {
    const char *rule;
    const char *text;
};

struct test_case {
    const struct fixture *fixture;
    const char *rule; /* whose folder it is in; NULL: of no rule */
    const char *document;
    const char *arch; /* NULL: the host's */
    const char *lang; /* NULL: none, whatever the locale */
    bool exec;
    struct vec parameters;       /* of struct named_text */
    struct vec drivers;          /* of char: may speak here, beside the rule's own */
    struct vec expectations;     /* of struct expectation */
    struct vec explanations;     /* of struct expected_text */
    struct vec absent;           /* of char: ids of rules that must not speak */
    struct vec checks;           /* of char: whose checks are made; none: by their traces */
    struct yaml_node *sections;  /* a host written in case.yaml; NULL: none */
    const char *root, *snapshot; /* paths; NULL: none */
    const char *expected;        /* path of expect.xml, there or not */
};

/* What all threads share and none changes. */
struct test_plan {
    const struct rule_set *rules;
    struct document_options documents;
    struct writer_options writer;
    bool update, coverage, mutate;
    int64_t milliseconds; /* that each case may take; 0: no end */
    struct reach *reach;  /* guards itself */
};

struct coverage {
    struct arena *arena;
    struct number_map facts, candidates, held, failed, entries;
};
/* A file that was taken away from a case, and whether that made a difference. */
struct mutation {
    const char *name; /* of the case */
    const char *path;
    bool noticed;
    const struct fact **facts; /* that looked at it */
    size_t fact_count;
};

struct worker {
    struct test_plan *plan;
    struct arena *arena; /* as long as the command */
    struct coverage coverage;
    struct vec mutations; /* of struct mutation */
    struct grammars grammars;
};

struct outcome {
    const char *name, *folder;
    bool passed, updated;
    double seconds;
    struct buf details; /* why not */
};

/* One run of a case. */
struct trial {
    struct worker *worker;
    struct arena *arena; /* the case's */
    const struct test_case *test;
    struct root *root;
    struct diagnostics diagnostics;
    struct run *run;
    const struct document *document;
    const struct number_map *speakers; /* rules that may speak here; NULL: all may */
};

/* test_case.c: NULL after adding what is wrong to problems. */
struct test_case *test_case_load(struct arena *arena, const struct rule_set *rules, const struct fixture *fixture,
                                 struct buf *problems);
/* The keys of case.yaml, as a JSON Schema and as a table in Markdown. */
void case_json_schema(struct buf *out);
void case_reference(struct buf *out);
/* test_run.c */
void test_run(struct worker *worker, const struct fixture *fixture, struct outcome *outcome);
/* trial.c. Adds diagnostics to problems, in order, and empties the list. */
void trial_diagnostics(struct buf *problems, struct diagnostics *list);
/* The host that a case describes; NULL after a problem. */
struct root *test_case_root(struct arena *arena, const struct test_case *test, struct buf *problems);
/* A run on it as the case wants it, with a trace. */
struct run *test_case_run(struct arena *arena, const struct test_case *test, const struct rule_set *rules,
                          struct root *root, struct diagnostics *diagnostics);
/* Opens a run on a root and builds the document; false after a problem. run_free it. */
bool trial_start(struct trial *trial, struct root *root, struct buf *problems);
/* test_judge.c: adds what is not as expected; nothing: all is. update: writes what can be written instead. */
void test_judge(struct trial *trial, struct buf *problems, bool *ret_updated);

/* test_update.c: adds what makes an expectation agree with what was found, to edits. false: that is for a person. */
bool update_expectation(struct arena *arena, struct vec *edits, const struct expectation *expectation,
                        const struct xpath_result *found);
/* Writes the file of a case with its edits, of which there is one at least. NULL, or why not. */
const char *update_write(struct arena *arena, const struct fixture *fixture, const struct vec *edits);
/* Writes a file of a case, not through a link that leads out of the directory that was searched. NULL, or why not. */
const char *update_file(struct arena *arena, const struct fixture *fixture, const char *path, const struct buf *text);

/* test_mutate.c: takes away one file after the other. root: the case's. */
void test_mutate(struct worker *worker, struct arena *arena, const struct test_case *test, struct root *root);
void mutations_report(struct buf *out, struct arena *arena, const struct worker *workers, size_t count);

/* test_coverage.c */
void coverage_take(struct coverage *coverage, struct trial *trial);
void coverage_merge(struct coverage *into, const struct coverage *from);
/* layers: of char, whose parts of rules are told of; none: all. */
void coverage_report(struct buf *out, const struct coverage *coverage, const struct rule_set *rules,
                     const struct vec *layers);

/* test_reach.c: which rules can speak on a host at all, without asking each of them. */
struct reach *reach_new(struct test_plan *plan);
void reach_free(struct reach *reach); /* NULL is allowed */
/* Rules that may emit on this root; NULL: all may. Into the arena. coverage (may be NULL) takes what the others do. */
const struct number_map *reach_speakers(struct reach *reach, struct arena *arena, const struct test_case *test,
                                        struct root *root, struct coverage *coverage);

/* test_report.c */
struct test_format {
    const char *name;
    void (*start)(struct buf *out, size_t count);
    void (*add)(struct buf *out, const struct outcome *outcome, size_t number);
    /* notes: of coverage and mutations, lines of text. */
    void (*finish)(struct buf *out, const struct outcome *outcomes, size_t count, const char *notes);
};
const struct test_format *test_format_find(const char *name); /* NULL: the default; NULL after a complaint */

#endif
