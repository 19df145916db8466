/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is given as an architecture may be a word of another system, or a slip: the rules' tables know the words. */
#include "session/architecture.h"

/* The tables rule, and in it what else an architecture is called, and all of uname's words. */
#define RULE     "tables"
#define SYNONYMS "arch_synonyms"
#define KNOWN    "arch"

const char *const architecture_rules[] = {RULE, NULL};

static const struct lookup *find_table(const struct rule_set *set, const char *name)
{
    const struct rule *rule = rule_set_find(set, RULE);
    return rule ? map_get(&rule->tables, name) : NULL;
}

static void warn(const struct lookup *known, const char *given, struct diagnostics *diagnostics)
{
    const char **names = arena_alloc(diagnostics->arena, (known->entries.count + 1) * sizeof *names);
    for (size_t i = 0; i < known->entries.count; i++)
        names[i] = known->entries.entries[i].key;
    diagnose(diagnostics, DIAG_UNKNOWN_ARCHITECTURE, (struct mark){0},
             diagnose_nearest(diagnostics, given, names, known->entries.count), "no rule knows the architecture '%s'",
             given);
}

const char *architecture_synonym(const struct rule_set *set, const char *given)
{
    const struct lookup *synonyms = find_table(set, SYNONYMS);
    return synonyms ? map_get(&synonyms->entries, given) : NULL;
}

const char *architecture_name(const struct rule_set *set, const char *given, struct diagnostics *diagnostics)
{
    const struct lookup *known = find_table(set, KNOWN);
    const char *name = architecture_synonym(set, given);
    if (name)
        return name;
    if (known && !map_get(&known->entries, given))
        warn(known, given, diagnostics);
    return given;
}
