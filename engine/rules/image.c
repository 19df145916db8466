/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When a rule set that was kept is still the one that loading would make, and when one may be kept. */
#include "rules/image.h"

#include "base/file.h"
#include "base/hash.h"
#include "rules/fingerprint.h"

#include <string.h>

enum { IMAGE_FILES = 16, IMAGE_FILE_LIMIT = 2 * 1024 * 1024 };

static void add_texts(struct buf *out, const char *const *texts)
{
    buf_char(out, texts ? '+' : '-');
    for (; texts && *texts; texts++)
        buf_add_n(out, *texts, strlen(*texts) + 1);
    buf_char(out, '\0');
}

/* All that was asked for. */
static struct store_key make_key(struct buf *out, const struct load_options *options)
{
    add_texts(out, options->layers);
    add_texts(out, options->files);
    add_texts(out, options->documents);
    add_texts(out, options->rules);
    add_texts(out, options->also);
    if (options->root_name)
        buf_add(out, options->root_name);
    return (struct store_key){STORE_IMAGE, out->data, out->length};
}

/* Each has a few images in it, so that a run need not read those of all others. */
static struct store *open_store(struct arena *arena, const struct load_options *options, const struct store_key *key)
{
    const unsigned number = (unsigned)(hash_bytes(0, key->bytes, key->length) % IMAGE_FILES);
    struct store *store = store_open(arena, arena_printf(arena, "%s%x", options->images, number), options->build);

    store_bound(store, IMAGE_FILE_LIMIT);
    return store;
}

static struct image_context make_context(struct arena *arena, const struct vocabulary *vocabulary)
{
    struct image_context context = {.revive = regex_revive};

    for (size_t i = 0; vocabulary->sources[i]; i++)
        vec_push(arena, &context.statics, vocabulary->sources[i]);
    for (size_t i = 0; vocabulary->extracts[i]; i++)
        vec_push(arena, &context.statics, vocabulary->extracts[i]);
    for (size_t i = 0; vocabulary->filters[i].name; i++)
        vec_push(arena, &context.statics, &vocabulary->filters[i]);
    return context;
}

/* Are all directories and files what they were? */
static bool is_unchanged(const struct rule_image *image)
{
    AUTO(buf_free) struct buf now = BUF_INIT;

    while (now.length < image->length) {
        const size_t at = now.length;
        file_identity(&now, image->identities + at, 0);
        if (now.length > image->length || memcmp(now.data + at, image->identities + at, now.length - at) != 0)
            return false;
    }
    return true;
}

static bool is_answered_alike(const struct rule_image *image, const struct load_options *options)
{
    for (size_t i = 0; i < image->questions.count; i++) {
        const struct path_question *question = image->questions.items[i];
        if (options->may_exist(options->root, question->paths) != question->answer)
            return false;
    }
    return true;
}

struct rule_set *image_recall(const struct load_options *options, const struct vocabulary *vocabulary)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    AUTO(buf_free) struct buf bytes = BUF_INIT;
    size_t length = 0;

    if (!options->images)
        return NULL;
    const struct store_key key = make_key(&bytes, options);
    const struct image_context context = make_context(scratch, vocabulary);
    const char *kept = store_get(open_store(scratch, options, &key), key, &length);
    struct arena *arena = arena_new();
    struct rule_image *image = kept ? image_read(arena, &rule_image_type, kept, length, &context) : NULL;
    if (!image || !is_unchanged(image) || !is_answered_alike(image, options)) {
        arena_free(arena);
        return NULL;
    }
    image->set.arena = arena;
    image->set.vocabulary = vocabulary;
    return &image->set;
}

static void add_question(struct arena *arena, struct rule_image *image, const struct path_question *question)
{
    if (question->asked)
        vec_push(arena, &image->questions, question);
}

/* What facts say is told by trees, which are not kept: only its digest is. */
static void take_fingerprints(struct arena *scratch, const struct rule_set *set)
{
    const struct digest **known = arena_alloc(scratch, (set->fact_count + 1) * sizeof(struct digest *));

    for (size_t i = 0; i < set->rules.count; i++) {
        const struct map *facts = &((const struct rule *)set->rules.entries[i].value)->facts;
        for (size_t each = 0; each < facts->count; each++) {
            const struct fact *fact = facts->entries[each].value;
            if (fact->basis)
                fact->basis->digest = fact_fingerprint(set->arena, known, fact);
        }
    }
}

static void keep(const struct loader *loader, const struct rule_image *image)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    AUTO(buf_free) struct buf bytes = BUF_INIT;
    AUTO(buf_free) struct buf out = BUF_INIT;
    const struct store_key key = make_key(&bytes, loader->options);
    const struct image_context context = make_context(scratch, loader->set->vocabulary);
    struct store *store = open_store(scratch, loader->options, &key);

    take_fingerprints(scratch, loader->set);
    if (!image_write(&out, &rule_image_type, image, &context))
        return;
    store_put(store, key, out.data, out.length);
    store_save(store);
}

void image_keep(const struct loader *loader)
{
    struct rule_set *set = loader->set;

    if (!loader->options->images || !loader->identities.bytes || loader->diagnostics->list.count > loader->told ||
        file_is_fresh(loader->newest))
        return;
    struct rule_image *image = arena_new_object(set->arena, struct rule_image);
    AUTO(buf_free) struct buf identities = BUF_INIT;
    buf_add_n(&identities, loader->directories.data, loader->directories.length);
    buf_add_n(&identities, loader->identities.bytes, loader->identities.length);
    image->set = *set;
    image->identities = identities.data;
    image->length = identities.length;
    for (size_t i = 0; i < set->files.count; i++) {
        const struct layer_file *layer = set->files.items[i];
        add_question(set->arena, image, &layer->gate);
        add_question(set->arena, image, &layer->traces);
    }
    keep(loader, image);
}
