/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Between loading and linking: rules as merged, grammar-checked YAML trees. Only for rules/.
 *
 * find and read (layers.c) -> grammar_check -> merge_files -> link_drafts.  load.c drives them, and repeats merging and
 * linking without a file that linking found broken.
 */
#ifndef HVPROBE_RULES_DRAFT_H
#define HVPROBE_RULES_DRAFT_H

#include "rules/load.h"

/* One rule after merging. */
struct draft {
    const char *id;
    struct yaml_node *tree; /* a mapping as in a rule file: all overlays merged in, drop and extends gone */
    const struct rule_file *base;
    const char *muted;   /* as in struct rule */
    struct vec overlays; /* of const struct rule_file, in order */
    struct vec hidden;   /* of struct hidden_part */
};

/*
 * Checks a file's tree against the grammar of DESIGN 3: keys, types, required ones, choices, names; the vocabulary's
 * fields for sources and extracts. Templates, patterns, paths and names inside are linking's. false after adding
 * diagnostics.
 */
bool grammar_check(const struct yaml_node *tree, const struct vocabulary *vocabulary, struct diagnostics *diagnostics);

/* Does this hvprobe understand the file, by its needs:? false after a diagnostic: nothing else about it is to be said.
 */
bool grammar_understood(const struct yaml_node *tree, struct diagnostics *diagnostics);

/* Merges used files into drafts, in order of id. Files whose rule does not exist get a diagnostic and are left out. */
struct vec merge_files(struct arena *arena, const struct vec *files, struct diagnostics *diagnostics);

/*
 * Resolves all names, compiles templates, conditions, patterns, node paths and selectors, computes columns, stems,
 * order of emission, fingerprints. Trees are grammar-checked. Adds diagnostics with places; the caller decides by their
 * source which file to leave out and links again, so a set with errors is not used. Fills set->rules, order,
 * fact_count; allocates in set->arena. store (may be NULL) knows patterns that are sound.
 */
void link_drafts(struct rule_set *set, const struct vec *drafts, struct store *store, struct diagnostics *diagnostics);

/* Warnings about a linked set: unused tables and facts, entries that can never emit, unreachable candidates, doubtful
 * patterns. */
void lint_rules(const struct rule_set *set, struct diagnostics *diagnostics);
/* Those of the warnings that concern whoever runs a site's overlays, whatever is asked: misspelt names of parts. */
void warn_of_misspelt_parts(const struct rule_set *set, struct diagnostics *diagnostics);
/* A hint at the part that was meant, or NULL. */
const char *near_part(struct diagnostics *diagnostics, const struct yaml_node *parts, const char *name);

#endif
