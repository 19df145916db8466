/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A session: from what a caller wants to rules, a root, a run and documents. The library and the command line are both
 * clients of it, so that they give the same answers.
 *
 * Functions that give a status set *ret_message (in the arena) where it is not STATUS_OK; where that stays NULL,
 * diagnostics tell. None prints.
 */
#ifndef HVPROBE_SESSION_SESSION_H
#define HVPROBE_SESSION_SESSION_H

#include "document/document.h"
#include "session/status.h"

/* All NULL-terminated lists and texts may be NULL, which is the default, and outlive what is opened with them. */
struct session_options {
    const char *layers;           /* colon-separated directories in place of the standard ones */
    const char *const *rules;     /* more directories, stronger than all before */
    const char *const *files;     /* single rule files, stronger yet */
    const char *schemas;          /* colon-separated directories in place of the standard ones */
    const char *cache;            /* a directory for what is kept between runs; NULL or empty: none */
    const char *const *documents; /* only rules of these and what they need; NULL: all, unless rules are named */
    const char *const *named;     /* these rules too, and the checks of no others */
    bool strict;                  /* a broken rule file is a failure */
    bool lint;                    /* look for doubtful places, too; nothing is kept */
    bool texts_later;             /* as in struct load_options */
    bool treeless;                /* what rules say is not asked for, but what follows from it: it may have been kept */
    const char *root, *snapshot, *arch;
    const char *label; /* what messages call the snapshot; NULL: by its path */
    const char *const *drivers;
    const char *const *parameters; /* NAME=VALUE */
    const char *lang;
    const char *compat; /* what ${compat} stands for: a generation of documents */
    bool exec, trace;
    int runner;          /* that runs programs; 0: this process does */
    struct store *store; /* of session_store, which outlives what is opened with it; NULL: rules get one of their own */
    struct buf *identities; /* takes what tells the rule files from others; NULL: nobody does */
    int64_t milliseconds;   /* of a call of the library; the command line has a budget of its own. 0: no end */
};

struct rule_file;

/* Rules and what documents are made with; shared by any number of runs. */
struct rulebook {
    struct rule_set *set;
    const char *const *schema_directories; /* strongest first */
    struct store *store;
};

/* What is kept of files that were parsed, before what comes with the installation. One thread's. */
struct store *session_store(const struct session_options *options, struct arena *arena);
/*
 * Loads rules. root (may be NULL) is the only one that will be looked at: what can say nothing there is left out.
 * STATUS_BROKEN_RULE without a message: files were left out, and the rest is there (ret_book->set), unless strict.
 * rule_set_free the set in any case; the caller saves the store.
 */
enum status session_open_rules(const struct session_options *options, struct arena *arena, struct root *root,
                               struct diagnostics *diagnostics, struct rulebook *ret_book, const char **ret_message);
enum status session_open_root(const struct session_options *options, struct arena *arena,
                              struct diagnostics *diagnostics, struct root **ret_root, const char **ret_message);
/*
 * What linking all rules of the layers gives, for the documents that they make, as bytes for places_compiled: each
 * alone, but for those that are asked for together, which are lists of names up to NULL that begin with another. The
 * layers as they are below options->root, where that is given. STATUS_BROKEN_RULE, and nothing: rules are broken or not
 * there.
 */
enum status session_compile(const struct session_options *options, struct vec together, struct arena *arena,
                            struct diagnostics *diagnostics, struct buf *ret_bytes, const char **ret_message);
/* One of many: consent is the calling thread's, and outlives the root. */
enum status session_open_snapshot(const char *path, struct arena *arena, struct consent *consent,
                                  struct diagnostics *diagnostics, struct root **ret_root, const char **ret_message);
/* What rules may ask of this machine. A root has it from the start, by the store of its options. store NULL: none,
 * which is one thread's. */
struct consent *session_consent(struct arena *arena, struct store *store);
/* Is what options name (drivers, parameters) known to any rule? Loads all rules where those in the book are a part. */
enum status session_check_names(const struct session_options *options, struct arena *arena, const struct rulebook *book,
                                const char **ret_message);
/* All rules, whatever part of them is in the book; lives as long as the arena. What is broken in them is not told. */
const struct rule_set *session_all_rules(const struct session_options *options, struct arena *arena,
                                         const struct rulebook *book);
/*
 * The values (of char, sorted) that rules can give, from where a view's filter says: "keys RULE.TABLE", "values
 * RULE.TABLE", or ELEMENT/@ATTRIBUTE, as they write it into the document. false: others may come, too.
 */
bool session_values(struct arena *arena, const struct rule_set *set, const char *document, const char *where,
                    struct vec *ret_values);
/* Takes the architecture of the options over to the root, in the words that rules know. */
struct run *session_open_run(const struct session_options *options, struct arena *arena, const struct rulebook *book,
                             struct root *root, struct diagnostics *diagnostics);
/* What documents of this session are made with, but for the schemas. */
struct document_options session_document_options(const struct session_options *options, const struct rulebook *book);
/* Builds a document: STATUS_USAGE: there is none of that name, STATUS_BROKEN_RULE: there is no schema for it. */
enum status session_build(struct run *run, const char *name, const struct document_options *options,
                          const struct document **ret_document, const char **ret_message);

/* Directories of rules, weakest first, and of schemas, strongest first. */
const char *const *session_layers(const struct session_options *options, struct arena *arena);
const char *const *session_schemas(const struct session_options *options, struct arena *arena);

/* What a rule file says, used or not; NULL: it cannot be read. Lives as long as the arena. */
const struct yaml_node *session_file_tree(struct arena *arena, const struct rule_file *file);
/* "the KEY 'VALUE' is masked by FILE", where a file that says so was taken away by a layer; NULL: by none. */
const char *session_masked(struct arena *arena, const struct rule_set *set, const char *key, const char *value);

/* "there is no WHAT 'WORD'; did you mean 'NEAREST'?", or what otherwise says when none of the count names is near. */
const char *unknown_name(struct arena *arena, const char *what, const char *word, const char *const *names,
                         size_t count, const char *otherwise);

/* Is a layer one of those asked for (of char)? None: all are. */
bool layers_have(const struct vec *layers, const char *layer);

#endif
