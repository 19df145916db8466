/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finding the files of a rule set and deciding which of them are used. Only for rules/. */
#ifndef HVPROBE_RULES_LAYERS_H
#define HVPROBE_RULES_LAYERS_H

#include "base/digest.h"
#include "rules/draft.h"

enum { RULE_FILE_LIMIT = 1024 * 1024 };

struct layer_file {
    struct rule_file file; /* first: set->files points to it */
    bool from_options;     /* named alone, in no layer */
    bool read;             /* source.text is there */
    bool digested;         /* digest and length of the text are there, from this run or an earlier one */
    struct digest digest;
    size_t length;
    bool plain;            /* a look at the text was enough */
    bool mask;
    bool followed;         /* what it refers to is wanted */
    bool parsed;           /* file.tree is there */
    bool looked;           /* file.id, file.extends and document are there, from a look at the text or from the tree */
    const char *document;  /* NULL: not said */
    bool checks;           /* it has a section of this name */
    struct vec references; /* what it refers to, once collected */
    bool collected;
    const char *const *traces; /* NULL: none, or only parsing can tell which */
    bool asked, traced;        /* the answer about the traces */
    struct yaml_node *mended;  /* broken: what is left without what is wrong, NULL: nothing that can be checked */
    struct vec lost;           /* of char: names that are not there any more */
};

struct unpack;

struct loader {
    struct rule_set *set;
    const struct load_options *options;
    struct diagnostics *diagnostics;
    struct store_key identities; /* of all files, as they are now; no bytes: not asked */
    int64_t newest;           /* seconds: when the last of them changed */
    bool recalled;            /* what a look at them finds was kept */
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
void leave_out(struct loader *loader, struct rule_file *file);

/* mend.c: NULL: nothing is left that could be checked further. */
struct yaml_node *mend_tree(struct arena *arena, struct yaml_node *tree, const struct vocabulary *vocabulary,
                            const struct diagnostics *found, struct vec *ret_lost);

/* heads.c: what is in directories, and what a look at files finds, kept from run to run by their times and sizes. */
int directory_names(struct loader *loader, const char *directory, struct vec *ret_names); /* as file_list */
void heads_recall(struct loader *loader);
void heads_keep(struct loader *loader);

/* lazy.c. A cheap look at a file's text: id, extends, document without parsing; false when only parsing can tell. */
bool lazy_look(struct loader *loader, struct layer_file *layer);
/* What of a used, looked at file is wanted: ids and documents, growing with what parsed files refer to. */
struct wanted {
    struct arena *arena;
    const struct rule_set *set;
    const struct load_options *options;
    struct map ids;
    struct map documents;
    struct map known;         /* ids of all used rules */
    struct map changed_rules; /* ids of those that an overlay changes */
    bool everything;
    bool changed;
};
/* Was the set loaded for this document? For checks? What is only for others need not resolve. */
bool set_has_document(const struct rule_set *set, const char *name);
bool set_has_checks(const struct rule_set *set);
void lazy_start(struct loader *loader, struct wanted *wanted);
bool lazy_is_wanted(struct wanted *wanted, struct layer_file *layer);
void lazy_want(struct wanted *wanted, struct map *map, const char *name);

/* follow.c: what a parsed file refers to. */
void references_pack(struct buf *out, struct arena *arena, struct layer_file *layer);
void references_unpack(struct unpack *unpack, struct arena *arena, struct layer_file *layer);
/* Adds it to what is wanted. */
void references_follow(struct wanted *wanted, struct layer_file *layer);
/* Does text contain "ID." where a word starts? */
bool mentions_rule(const char *text, size_t length, const char *id);

#endif
