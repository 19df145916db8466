/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which rules some documents need: those that emit into them, and what these refer to. */
#include "base/text.h"
#include "rules/layers.h"

void wanted_add(struct wanted *wanted, struct map *map, const char *name)
{
    if (map_get(map, name) != NULL)
        return;
    map_put(wanted->arena, map, name, name);
    wanted->changed = true;
}

/* Of documents that tell of rules those of the checks need rules with checks, all others all that there are. */
static void wanted_everything(struct wanted *wanted)
{
    wanted->everything = true;
    wanted->set->documents = NULL;
}

void wanted_add_document(struct wanted *wanted, const char *name)
{
    const struct load_options *options = wanted->options;
    const char *tells = NULL;

    if (map_get(&wanted->documents, name) != NULL)
        return;
    if (options->tells)
        tells = options->tells(options->tells_context, name);
    map_put(wanted->arena, &wanted->documents, name, tells ? tells : "");
    wanted->changed = true;
    wanted->checks = wanted->checks || text_equal(tells, "checks");
    wanted->set->with_checks = wanted->set->with_checks || wanted->checks;
    if (tells && !text_equal(tells, "checks"))
        wanted_everything(wanted);
}

void wanted_start(struct loader *loader, struct wanted *wanted)
{
    const struct vec *files = &loader->set->files;
    const char *const *document = loader->options->documents;
    const char *const *rule = loader->options->rules;
    const char *const *also = loader->options->also;

    *wanted =
        (struct wanted){.arena = loader->set->arena, .set = loader->set, .options = loader->options, .changed = true};
    loader->set->documents = &wanted->documents;
    loader->set->with_checks = rule != NULL;
    if (document == NULL && rule == NULL)
        wanted_everything(wanted);
    for (; rule != NULL && *rule != NULL; rule++)
        wanted_add(wanted, &wanted->ids, *rule);
    for (; also != NULL && *also != NULL; also++)
        wanted_add(wanted, &wanted->ids, *also);
    for (; document != NULL && *document != NULL; document++)
        wanted_add_document(wanted, *document);
    for (size_t i = 0; i < files->count; i++) {
        const struct rule_file *file = files->items[i];
        if (file->state == FILE_USED && file->id != NULL)
            map_put(wanted->arena, file->extends ? &wanted->changed_rules : &wanted->known, file->id, file->id);
    }
}

/* Is there, or may there be, one of these paths? Without any, nobody can tell. */
static bool may_exist(const struct load_options *options, struct path_question *question)
{
    if (question->paths == NULL || options->may_exist == NULL)
        return true;
    if (!question->asked)
        question->answer = options->may_exist(options->root, question->paths);
    question->asked = true;
    return question->answer;
}

/* A rule's own text says nothing about the paths of one that a site changes. */
static bool is_changed(const struct wanted *wanted, const struct layer_file *layer)
{
    return map_get(&wanted->changed_rules, layer->file.id) != NULL;
}

static bool emits_into_wanted(const struct wanted *wanted, struct layer_file *layer)
{
    const char *document = layer->document;

    if (document == NULL && !layer->file.extends)
        document = DEFAULT_DOCUMENT;
    return document != NULL && map_get(&wanted->documents, document) != NULL &&
           (is_changed(wanted, layer) || may_exist(wanted->options, &layer->gate));
}

/* A rule of any document may have checks. */
static bool has_wanted_checks(const struct wanted *wanted, struct layer_file *layer)
{
    return layer->checks && wanted->checks && (is_changed(wanted, layer) || may_exist(wanted->options, &layer->traces));
}

bool wanted_has(struct wanted *wanted, struct layer_file *layer)
{
    if (wanted->everything || layer->file.id == NULL)
        return true;
    if (layer->file.extends && map_get(&wanted->known, layer->file.id) == NULL)
        return true; /* there is nothing to extend, which is to be told */
    if (map_get(&wanted->ids, layer->file.id) != NULL)
        return true;
    if (!emits_into_wanted(wanted, layer) && !has_wanted_checks(wanted, layer))
        return false;
    wanted_add(wanted, &wanted->ids, layer->file.id);
    return true;
}

bool set_has_document(const struct rule_set *set, const char *name)
{
    return set->documents == NULL || map_get(set->documents, name) != NULL;
}
