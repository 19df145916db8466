/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asking rules a question that needs no host: what a fact makes of parameters. */
#ifndef HVPROBE_FACTS_DESCRIBE_H
#define HVPROBE_FACTS_DESCRIBE_H

#include "facts/run.h"

/* What ${rule.fact} stands for in a run with these options, in the arena. NULL: unset, unknown, or no such fact. */
const char *fact_text(const struct rule_set *set, const char *rule, const char *fact, const struct run_options *options,
                      struct arena *arena);

/*
 * A machine type in the words of a language ("de"), or of the language of a locale ("de_AT.UTF-8"); lang NULL, or one
 * that the rules do not speak: English. NULL: the rules do not know the machine. The rule set must have been loaded
 * for the document "machines", or for all.
 */
const char *machine_description(const struct rule_set *set, const char *machine, const char *lang, struct arena *arena);

#endif
