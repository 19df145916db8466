/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finding the files of a rule set and deciding which of them are used. Only for rules/. */
#ifndef HVPROBE_RULES_LAYERS_H
#define HVPROBE_RULES_LAYERS_H

#include "base/digest.h"
#include "rules/draft.h"

enum { RULE_FILE_LIMIT = 1024 * 1024 };

/* Is there one of these paths and patterns on the root? Asked at most once. */
struct path_question {
    const char *const *paths; /* NULL-terminated; NULL: there is no such question */
    bool asked, answer;
};

struct layer_file {
    struct rule_file file; /* first: set->files points to it */
    bool from_options;     /* named alone, in no layer */
    bool read;             /* source.text is there */
    bool digested;         /* digest and length of the text are there, from this run or an earlier one */
    struct digest digest;
    size_t length;
    bool mask;
    bool followed;             /* what it refers to is wanted */
    bool parsed;               /* file.tree is there, or the file is broken */
    bool known;                /* what follows is there, and file.id and file.extends: from the tree or the index */
    const char *document;      /* NULL: not said */
    bool checks;               /* it has a section of this name */
    struct vec references;     /* of struct reference */
    struct path_question gate; /* it can emit only where one of these is there */
    struct path_question traces;
    struct yaml_node *recovered; /* broken: what is left without what is wrong, NULL: nothing that can be checked */
    struct vec lost;             /* of char: names that are not there any more */
    bool muted;                  /* masked or replaced, but others name what it has */
};

struct unpack;

struct loader {
    struct rule_set *set;
    const struct load_options *options;
    struct diagnostics *diagnostics;
    struct store_key identities; /* of all files, as they are now; no bytes: not asked */
    int64_t newest;              /* when the last of them, or of the directories, changed */
    bool recalled;               /* the index knew them */
    bool muting;                 /* what was taken away is looked at */
    struct buf directories;      /* identities of all that were looked into */
    size_t told;                 /* diagnostics that were there before */
    size_t left_out; /* times that a file's state was found to be another one than thought: masks and broken files */
};

/* Fills set->files: all files of all layers, weakest layer first, by name in each, then the single files. */
void layers_find(struct loader *loader);
/* Parses what is needed and grammar-checks it; repeats resolving until no more files break. */
void layers_read(struct loader *loader);
/* Warnings about hidden files and masks. */
void layers_lint(struct loader *loader);
/* Reads the texts of used files that were only recalled; false: of none. */
bool layers_read_texts(struct rule_set *set);
/* Of the text that was read; it takes its time, so only what may be kept gets one, once. */
void layer_take_digest(struct layer_file *layer);
/* false after a diagnostic. */
bool layer_read_text(struct loader *loader, struct layer_file *layer);
void leave_out(struct loader *loader, struct rule_file *file);
void layer_parse(struct loader *loader, struct layer_file *layer); /* with diagnostics */

/* recover.c: NULL: nothing is left that could be checked further. */
struct yaml_node *recover_tree(struct arena *arena, struct yaml_node *tree, const struct vocabulary *vocabulary,
                               const struct diagnostics *found, struct vec *ret_lost);

/* index.c: what is in directories and what files are about, kept from run to run by their times and sizes. */
int directory_names(struct loader *loader, const char *directory, struct vec *ret_names); /* as file_list */
void index_recall(struct loader *loader);
void index_keep(struct loader *loader);

/* gate.c: paths of which one is there wherever this rule (a tree that passed grammar_check) emits; NULL: none. */
const char *const *gate_of_rule(struct arena *arena, const struct yaml_node *tree, const struct vocabulary *vocabulary);

/* wanted.c. */
/* What of used files is wanted: ids and documents, growing with what parsed files refer to. */
struct wanted {
    struct arena *arena;
    struct rule_set *set;
    const struct load_options *options;
    struct map ids;
    struct map documents;
    struct map known;         /* ids of all used rules */
    struct map muted;         /* and of those that were taken away, where they are looked at */
    struct map changed_rules; /* ids of those that an overlay changes */
    bool everything;
    bool checks; /* and all rules that have some */
    bool changed;
};
/* Was the set loaded for this document? What is only for others need not resolve. */
bool set_has_document(const struct rule_set *set, const char *name);
void wanted_start(struct loader *loader, struct wanted *wanted);
bool wanted_has(struct wanted *wanted, struct layer_file *layer);
void wanted_add(struct wanted *wanted, struct map *map, const char *name);
void wanted_add_document(struct wanted *wanted, const char *name);

/* muted.c */
/* Is there a file that was masked or replaced? From then on such are looked at. */
bool muted_begin(struct loader *loader);
void muted_know(struct loader *loader, struct wanted *wanted);
void muted_follow(struct loader *loader, struct wanted *wanted);
void muted_add_drafts(const struct loader *loader, struct vec *drafts);
/* Does without those that have errors of their own; false: none has. */
bool muted_drop(const struct loader *loader, const struct diagnostics *found);

/* references.c: what a file refers to, from its tree. */
void references_collect(struct arena *arena, struct layer_file *layer);
void references_pack(struct buf *out, const struct layer_file *layer);
void references_unpack(struct unpack *unpack, struct arena *arena, struct layer_file *layer);
/* Adds it to what is wanted. */
void references_follow(struct wanted *wanted, const struct layer_file *layer);
/* Does text contain "ID." where a word starts? */
bool mentions_rule(const char *text, size_t length, const char *id);

#endif
