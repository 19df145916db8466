/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which paths the facts of a rule set can ask for, and what about them. */
#include "base/text.h"
#include "cli/script.h"
#include "root/root.h"

/* A program's first bytes are always kept: what stands there need not be read as a whole file. */
enum { HEADER_SIZE = 64 };

struct script_asking {
    struct valuation valuation;
    struct map *asked;
};

static void ask(struct script_asking *asking, const char *path, unsigned kinds)
{
    struct asked_path *asked = map_get(asking->asked, path);

    if (!asked) {
        asked = arena_new_object(asking->valuation.arena, struct asked_path);
        asked->path = path;
        map_put(asking->valuation.arena, asking->asked, path, asked);
    }
    asked->kinds |= kinds;
}

/* A number near the beginning of a file: all that its extract reads. */
static bool is_header(const struct fact *fact)
{
    const struct field *field = fact->extract->fields;
    const struct field_value *value = &fact->extract_values[0];

    return field->sub && (field->sub[0].flags & FIELD_WHOLE) && value->sub_count > 1 &&
           value->sub[0].number + value->sub[1].number <= HEADER_SIZE;
}

static unsigned kinds_of(const struct fact *fact)
{
    if (!fact->extract || !(fact->source->flags & SOURCE_CONTENT))
        return ASK_STATUS;
    return fact->extract->flags & EXTRACT_TRAVELS || is_header(fact) ? ASK_PROGRAM : ASK_CONTENT;
}

/* Files in a directory that are read under the names of columns. */
static void ask_names(struct script_asking *asking, const struct fact *fact, const char *directory)
{
    const struct field *fields = fact->source->fields;

    for (size_t i = 0; fields[i].key; i++)
        for (size_t j = 0; (fields[i].flags & FIELD_COLUMNS) && j < fact->source_values[i].count; j++)
            ask(asking, arena_printf(asking->valuation.arena, "%s/%s", directory, fact->source_values[i].names[j]),
                ASK_CONTENT);
}

static void ask_fact(struct script_asking *asking, const struct fact *fact)
{
    const struct field *main = &fact->source->fields[0];

    if (!(fact->source->flags & SOURCE_NEEDS_PATH) && !(main->flags & FIELD_ABSOLUTE))
        return;
    const struct vec paths = script_paths(&asking->valuation, fact);
    for (size_t i = 0; i < paths.count; i++) {
        ask(asking, paths.items[i], kinds_of(fact));
        ask_names(asking, fact, paths.items[i]);
    }
}

static void ask_rule(struct script_asking *asking, const struct rule *rule)
{
    for (size_t i = 0; i < rule->facts.count; i++)
        ask_fact(asking, rule->facts.entries[i].value);
    for (const char *const *trace = rule->traces; trace && *trace; trace++)
        ask(asking, *trace, ASK_STATUS);
}

void script_asked(struct arena *arena, const struct rule_set *rules, struct map *ret_asked)
{
    struct script_asking asking = {.valuation = {.arena = arena}, .asked = ret_asked};

    for (const char *const *file = root_os_files; *file; file++)
        ask(&asking, *file, ASK_CONTENT);
    for (size_t i = 0; i < rules->rules.count; i++)
        ask_rule(&asking, rules->rules.entries[i].value);
}
