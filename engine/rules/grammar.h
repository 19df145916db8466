/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The grammar of rule files as data, for the walker of base/keys.h. Only for rules/. */
#ifndef HVPROBE_RULES_GRAMMAR_H
#define HVPROBE_RULES_GRAMMAR_H

#include "base/keys.h"
#include "rules/draft.h"

extern const struct key_group rule_key_groups[]; /* ended by a NULL title */
extern const struct key modifier_keys[];         /* of a fact, beside those of its source and extract; grammar_fact.c */

extern const struct shape shape_rule, shape_template, shape_condition, shape_fact;
/* The shape of a field of a source or extract; main: it is the first, which names the kind. */
const struct shape *field_shape(struct arena *arena, const struct field *field, bool main);

/* For struct shape. The context of a checker is the vocabulary. */
void check_fact(struct checker *checker, const struct place *place); /* grammar_fact.c */
void schema_write_fact(struct schema_writer *writer);                /* schema_json.c */
void schema_write_drop(struct schema_writer *writer);

#endif
