/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Facts without a host: what rules make of parameters alone, such as the words for a machine type. */
#include "facts/describe.h"

#include "facts/internal.h"

/* The rule that describes machine types, its fact with the words, and the parameter that takes the place of a host. */
#define MACHINE_RULE      "machine"
#define MACHINE_FACT      "description"
#define MACHINE_PARAMETER "machine"

const char *fact_text(const struct rule_set *set, const char *rule, const char *fact, const struct run_options *options,
                      struct arena *arena)
{
    const struct rule *owner = rule_set_find(set, rule);
    const struct fact *asked = owner != NULL ? map_get(&owner->facts, fact) : NULL;

    if (asked == NULL)
        return NULL;
    struct root *root = root_open_live();
    struct run *run = run_new(set, root, options, NULL);
    const struct table *table = run_fact(run, asked);
    const char *text = table->count > 0 ? row_value(table->rows[0], NULL) : NULL;
    text = text != NULL ? arena_strdup(arena, text) : NULL;
    run_free(run);
    root_close(root);
    return text;
}

const char *machine_description(const struct rule_set *set, const char *machine, const char *lang, struct arena *arena)
{
    const struct named_text parameters[] = {{MACHINE_PARAMETER, machine}, {NULL, NULL}};
    const struct run_options options = {.parameters = parameters, .lang = lang};

    return fact_text(set, MACHINE_RULE, MACHINE_FACT, &options, arena);
}
