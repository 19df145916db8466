/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of architectures, from tables that the rules share. */
#ifndef HVPROBE_SESSION_ARCHITECTURE_H
#define HVPROBE_SESSION_ARCHITECTURE_H

#include "rules/rule.h"

/* Ids of the rules that have these tables, NULL-terminated. */
extern const char *const architecture_rules[];
/* What uname would say for another system's word; NULL: it is none of those. */
const char *architecture_synonym(const struct rule_set *set, const char *given);
/* What uname would say for a name that a person gave; with a warning, the name itself where no table has it. */
const char *architecture_name(const struct rule_set *set, const char *given, struct diagnostics *diagnostics);

#endif
