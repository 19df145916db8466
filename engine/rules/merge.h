/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the sections of a rule merge, and how drop names their parts. Only for rules/. */
#ifndef HVPROBE_RULES_MERGE_H
#define HVPROBE_RULES_MERGE_H

#include "rules/draft.h"

/* A part that drop names: SECTION, SECTION.NAME or SECTION.NAME.KEY, as far as the section has them. */
struct drop_part {
    const struct section *section; /* NULL: no such section */
    const char *word;              /* the section's name as written */
    const char *name;              /* NULL: none */
    const char *key;               /* NULL: none */
};

struct merger;

struct section {
    const char *name;
    const char *form;     /* how drop names its parts: "facts.NAME"; NULL: it cannot be dropped */
    unsigned least, most; /* words after the section that drop takes */
    const char *help;     /* how it merges, for the reference */
    /* Puts an overlay's value of the section into the tree. */
    void (*merge)(struct merger *merger, const struct yaml_node *key, struct yaml_node *value);
    /* Takes a part away and gives it; NULL: there is none of that name. */
    const struct yaml_node *(*drop)(struct merger *merger, const struct drop_part *part);
};

struct yaml_node *merge_copy(struct arena *arena, const struct yaml_node *mapping);
/* Merges what extends a rule into its draft. */
void merge_overlay(struct arena *arena, struct draft *draft, const struct yaml_node *overlay,
                   struct diagnostics *diagnostics);
/* false when text names no part of a rule; *ret_part then says how far it was understood. */
bool drop_parse(struct arena *arena, const char *text, struct drop_part *ret_part);
extern const struct section merge_sections[]; /* in the order of a rule file, ended by a NULL name */
/* Names of the sections that drop knows. */
struct vec drop_sections(struct arena *arena);

#endif
