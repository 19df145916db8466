/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading only the rules that some documents need: what a file is about, and what it refers to. */
#include "base/text.h"
#include "rules/layers.h"

#include <ctype.h>
#include <string.h>

/* The keys whose values are looked for at the start of a line. */
enum { LOOK_RULE, LOOK_EXTENDS, LOOK_DOCUMENT, LOOK_COUNT };
static const char *const look_keys[LOOK_COUNT] = {"rule:", "extends:", "document:"};

/* What a look at a file's text finds. */
struct look {
    const char *values[LOOK_COUNT];
    bool checks;
    const char *const *traces;
};

/* The paths in a flow list of plain scalars; NULL when it is anything else. */
static const char *const *plain_paths(struct arena *arena, const char *text)
{
    struct vec list = {0};

    text += strspn(text, " ");
    if (*text != '[' || text[strcspn(text, "]#'\"")] != ']')
        return NULL;
    for (text++; *text != ']';) {
        size_t length = strcspn(text += strspn(text, " ,\t\r\n"), " ,]\t\r\n");

        if (length > 0 && *text != '/')
            return NULL;
        if (length > 0)
            vec_push(arena, &list, arena_strndup(arena, text, length));
        text += length;
    }
    vec_push(arena, &list, NULL);
    return (const char *const *)list.items;
}

/* A plain name after "key:", maybe with a comment behind it; NULL when it is anything else. */
static const char *plain_name(struct arena *arena, const char *text, const char *end)
{
    const char *start = text;

    while (start < end && *start == ' ')
        start++;
    for (text = start; text < end && (isalnum((unsigned char)*text) || *text == '_' || *text == '-');)
        text++;
    if (!text_is_name(start, (size_t)(text - start)))
        return NULL;
    start = arena_strndup(arena, start, (size_t)(text - start));
    while (text < end && strchr(" \t\r", *text) != NULL)
        text++;
    return text == end || (*text == '#' && isspace((unsigned char)text[-1])) ? start : NULL;
}

/* Takes in a line that starts at column 0; false when it is not of the simple form that the look understands. */
static bool look_at_line(struct arena *arena, const char *line, const char *end, struct look *look)
{
    if (!isalpha((unsigned char)*line))
        return strchr("# \t\r\n", *line) != NULL && *line != '\0';
    for (size_t i = 0; i < LOOK_COUNT; i++) {
        if (!text_starts(line, look_keys[i]))
            continue;
        if (look->values[i] != NULL)
            return false;
        look->values[i] = plain_name(arena, line + strlen(look_keys[i]), end);
        return look->values[i] != NULL;
    }
    if (text_starts(line, "checks:"))
        look->checks = true;
    else if (text_starts(line, "traces:"))
        look->traces = plain_paths(arena, line + strlen("traces:"));
    return true;
}

bool lazy_look(struct loader *loader, struct layer_file *layer)
{
    const struct source *source = &layer->file.source;
    struct look look = {0};
    const char *const *values = look.values;
    const char *end;

    for (const char *line = source->text; line < source->text + source->length; line = end + 1) {
        end = strchrnul(line, '\n');
        if (line != end && !look_at_line(loader->set->arena, line, end, &look))
            return false;
    }
    if ((values[LOOK_RULE] == NULL) == (values[LOOK_EXTENDS] == NULL))
        return false;
    layer->file.extends = values[LOOK_EXTENDS] != NULL;
    layer->file.id = layer->file.extends ? values[LOOK_EXTENDS] : values[LOOK_RULE];
    layer->document = values[LOOK_DOCUMENT];
    layer->checks = look.checks;
    layer->traces = look.traces;
    layer->looked = layer->plain = true;
    return true;
}

void lazy_want(struct wanted *wanted, struct map *map, const char *name)
{
    if (map_get(map, name) != NULL)
        return;
    map_put(wanted->arena, map, name, name);
    wanted->changed = true;
}

void lazy_start(struct loader *loader, struct wanted *wanted)
{
    const struct vec *files = &loader->set->files;
    const char *const *document = loader->options->documents;
    const char *const *rule = loader->options->rules;

    *wanted = (struct wanted){.arena = loader->set->arena,
                              .set = loader->set,
                              .options = loader->options,
                              .everything = document == NULL && rule == NULL,
                              .changed = true};
    loader->set->documents = wanted->everything ? NULL : &wanted->documents;
    loader->set->rules_named = rule != NULL;
    for (; rule != NULL && *rule != NULL; rule++)
        lazy_want(wanted, &wanted->ids, *rule);
    for (; document != NULL && *document != NULL; document++)
        lazy_want(wanted, &wanted->documents, *document);
    for (size_t i = 0; i < files->count; i++) {
        const struct rule_file *file = files->items[i];
        if (file->state == FILE_USED && file->id != NULL)
            map_put(wanted->arena, file->extends ? &wanted->changed_rules : &wanted->known, file->id, file->id);
    }
}

/* Has the rule anything to say here? One that a site changes always may: its paths are not those of the traces. */
static bool is_traced(const struct wanted *wanted, struct layer_file *layer)
{
    const struct load_options *options = wanted->options;

    if (!layer->asked)
        layer->traced = layer->traces == NULL || options->has_trace == NULL ||
                        map_get(&wanted->changed_rules, layer->file.id) != NULL ||
                        options->has_trace(options->trace_data, layer->traces);
    layer->asked = true;
    return layer->traced;
}

/* A rule of any document may have checks. */
static bool emits_into_wanted(const struct wanted *wanted, const struct layer_file *layer)
{
    const char *document = layer->document;

    if (document == NULL && !layer->file.extends)
        document = DEFAULT_DOCUMENT;
    return (document != NULL && map_get(&wanted->documents, document) != NULL) ||
           (layer->checks && map_get(&wanted->documents, CHECKS_DOCUMENT) != NULL);
}

bool lazy_is_wanted(struct wanted *wanted, struct layer_file *layer)
{
    if (wanted->everything || layer->file.id == NULL)
        return true;
    if (layer->file.extends && map_get(&wanted->known, layer->file.id) == NULL)
        return true; /* there is nothing to extend, which is to be told */
    if (emits_into_wanted(wanted, layer) && is_traced(wanted, layer))
        lazy_want(wanted, &wanted->ids, layer->file.id);
    return map_get(&wanted->ids, layer->file.id) != NULL;
}

bool set_has_document(const struct rule_set *set, const char *name)
{
    return set->documents == NULL || map_get(set->documents, name) != NULL;
}

bool set_has_checks(const struct rule_set *set)
{
    return set->rules_named || set_has_document(set, CHECKS_DOCUMENT);
}
