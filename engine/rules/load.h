/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From directories of YAML files to a rule set: find, read, check the grammar, merge layers, link.
 *
 * A file that is broken is left out with its diagnostics, and so is what builds on it; the rest is used.
 */
#ifndef HVPROBE_RULES_LOAD_H
#define HVPROBE_RULES_LOAD_H

#include "base/store.h"
#include "rules/rule.h"

struct root;

enum file_state {
    FILE_USED,
    FILE_HIDDEN, /* a later file of its name replaces it: see other */
    FILE_MASK,   /* empty, or a link to /dev/null */
    FILE_MASKED, /* removed by a mask: see other */
    FILE_BROKEN,
    FILE_SKIPPED, /* not needed for the documents that were asked for */
};

struct rule_file {
    struct source source; /* path, layer, text */
    const char *name;     /* file name without directory */
    const char *id;       /* rule id it defines or extends; NULL when unknown */
    bool extends;
    enum file_state state;
    const struct rule_file *other;
    struct yaml_node *tree; /* NULL when not read */
};

struct load_options {
    const char *const *layers; /* directories, weakest first, NULL-terminated; one that does not exist is empty */
    const char *const *files; /* single files, and directories of them, after the layers, NULL-terminated; NULL: none */
    const char *const *documents; /* only rules of these documents and what they use, NULL-terminated; NULL: all,
                                     unless rules are named */
    const char *const *rules;     /* these rules too, whatever their document, NULL-terminated; NULL: none */
    const char *const *also;      /* what these rules say is needed too, but not their checks; NULL: none */
    /* Is there, or may there be, anything at one of these paths of a root? Tells which of those rules can have
     * anything to say. NULL: all may. */
    bool (*may_exist)(struct root *root, const char *const *paths);
    /* What a document tells of all rules, as schema_element has it; NULL: nothing. Of a NULL function: none does. */
    const char *(*tells)(void *context, const char *document);
    void *tells_context;
    struct root *root;
    const char *root_name; /* tells that root from others, for images; NULL: none is asked */
    /* Where linked sets are kept between runs, a path to which a number is added, and the build of this program. A set
     * that was kept has no trees (rule->merged and hidden, rule_file->tree are NULL). NULL: every set is made anew. */
    const char *images, *build;
    struct store *compiled; /* sets that were linked by rules_load with compile, whatever the root; NULL: none */
    struct store *compile;  /* puts the set there, without trees; NULL: nowhere */
    size_t staged;          /* compile: so many characters of each layer are not there where the set will be used */
    struct buf *identities; /* takes those of all directories and files that the set is made of; NULL: nobody does */
    struct store *store;    /* keeps parsed files between runs, outlives the rule set; NULL: none */
    bool lint;              /* warnings too */
    bool texts_later; /* files that the store knows are not read: call rules_read_texts before their lines are shown */
};

/*
 * Never NULL, but it may be empty. diagnostics->errors tells whether a file was left out. The set is freed by
 * rule_set_free; it keeps no reference to options. vocabulary must outlive it.
 */
struct rule_set *rules_load(const struct load_options *options, const struct vocabulary *vocabulary,
                            struct diagnostics *diagnostics);

/* Reads what was put off with texts_later; until then lines of those files are not known. One thread at a time. */
void rules_read_texts(struct rule_set *set);

/* The files of earlier layers that a file replaces or masks: "a, b"; NULL: none. */
const char *rules_hidden_files(struct arena *arena, const struct rule_set *set, const struct source *source);

/* A merged rule as YAML: each line's place in a comment, and what it hides; what was dropped at the end. */
void rule_write(struct buf *out, const struct rule_set *set, const struct rule *rule, struct arena *arena);

/* What a rule's file and some of those that extend it (of struct rule_file, with trees, in order) make together. */
const struct yaml_node *rules_merge(struct arena *arena, const struct vec *files);

#endif
