/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When a rule set that was kept is still the one that loading would make, and when one may be kept. */
#include "rules/image.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/pack.h"
#include "base/text.h"
#include "rules/fingerprint.h"

#include <string.h>

enum { IMAGE_FILES = 16, IMAGE_FILE_LIMIT = 2 * 1024 * 1024 };

static void add_layers(struct buf *out, const struct load_options *options)
{
    for (const char *const *layer = options->layers; layer && *layer; layer++)
        buf_add_n(out, *layer + options->staged, strlen(*layer + options->staged) + 1);
    buf_char(out, '\0');
}

/* All that was asked for, as far as it matters for a set of any root, or for that of this root. */
static struct store_key make_key(struct buf *out, const struct load_options *options, bool any_root)
{
    add_layers(out, options);
    pack_texts(out, options->files);
    pack_texts(out, options->documents);
    pack_texts(out, options->rules);
    pack_texts(out, any_root ? NULL : options->also);
    buf_add(out, !any_root && options->root_name ? options->root_name : "");
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

/* What is kept with an image, before it: what it was made of. */
struct seal {
    struct digest texts; /* of all files, see digest_texts; zero where only their identities count */
    uint64_t files;
    uint64_t length; /* of the identities, which follow */
};
struct sealed {
    struct seal seal;
    const char *identities; /* of all directories and files, as file_identity says them */
    const char *image;
    size_t length;
};

static bool unseal(const char *kept, size_t length, struct sealed *ret_sealed)
{
    if (!kept || length < sizeof(ret_sealed->seal))
        return false;
    memcpy(&ret_sealed->seal, kept, sizeof(ret_sealed->seal));
    length -= sizeof(ret_sealed->seal);
    if (ret_sealed->seal.length > length)
        return false;
    ret_sealed->identities = kept + sizeof(ret_sealed->seal);
    ret_sealed->image = ret_sealed->identities + ret_sealed->seal.length;
    ret_sealed->length = length - (size_t)ret_sealed->seal.length;
    return true;
}

/* The directories and files that something was made of, as they are before any of them is read. */
struct found_files {
    struct buf identities;
    int64_t newest;
};
/* Would the same be made of them? */
typedef bool image_test(const struct load_options *options, const struct sealed *sealed, const struct found_files *now);

/* Are all of them what they were? */
static bool is_unchanged(const struct load_options *options, const struct sealed *sealed, const struct found_files *now)
{
    const size_t length = now->identities.length;

    (void)options;
    return length == sealed->seal.length &&
           (length == 0 || memcmp(now->identities.data, sealed->identities, length) == 0);
}

static struct store_key same_key(const struct found_files *now)
{
    return (struct store_key){STORE_SAME, now->identities.data, now->identities.length};
}

/* The same, or that was found out in an earlier run. */
static bool is_known(const struct load_options *options, const struct sealed *sealed, const struct found_files *now)
{
    size_t length = 0;

    if (is_unchanged(options, sealed, now))
        return true;
    const char *kept = store_get(options->store, same_key(now), &length);
    return kept && length == sizeof(struct digest) && memcmp(kept, &sealed->seal.texts, length) == 0;
}

/* Of all texts with their paths, used or not. false: one cannot be read. */
static bool digest_texts(struct loader *loader, struct digest *ret_digest)
{
    struct digesting all;

    digest_start(&all);
    for (size_t i = 0; i < loader->set->files.count; i++) {
        struct layer_file *layer = loader->set->files.items[i];
        const char *path = layer->file.source.path + loader->options->staged;
        if (!layer_read_text(loader, layer))
            return false;
        layer_take_digest(layer);
        digest_add(&all, path, strlen(path) + 1);
        digest_add(&all, &layer->digest, sizeof(layer->digest));
    }
    *ret_digest = digest_end(&all);
    return true;
}

/* Do other files say the same under the same names, as those do that were copied? */
static bool has_same_texts(const struct load_options *options, const struct sealed *sealed,
                           const struct found_files *now)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    struct rule_set set = {.arena = arena};
    struct diagnostics found = {.arena = arena};
    struct loader loader = {.set = &set, .options = options, .diagnostics = &found};
    struct digest texts;

    layers_find(&loader);
    buf_free(&loader.directories);
    if (set.files.count != sealed->seal.files || !digest_texts(&loader, &texts) || found.list.count > 0 ||
        memcmp(&texts, &sealed->seal.texts, sizeof(texts)) != 0)
        return false;
    if (!file_is_fresh(now->newest))
        store_put(options->store, same_key(now), (const char *)&texts, sizeof(texts));
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

/* Do the schemas of its documents say of all rules what they said? A site's schema may come between. */
static bool is_told_alike(const struct map *documents, const struct load_options *options)
{
    for (size_t i = 0; options->tells && documents && i < documents->count; i++) {
        const char *tells = options->tells(options->tells_context, documents->entries[i].key);
        if (!text_equal(tells ? tells : "", documents->entries[i].value))
            return false;
    }
    return true;
}

/* The set that a store has under a key, if what it was made of is there. */
static struct rule_set *recall(struct store *store, struct store_key key, const struct load_options *options,
                               const struct vocabulary *vocabulary, image_test *is_there)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    struct found_files now = {BUF_INIT, 0};
    struct sealed sealed;
    size_t length = 0;
    const char *kept = store_get(store, key, &length);

    if (!unseal(kept, length, &sealed))
        return NULL;
    arena_defer(scratch, (void (*)(void *))buf_free, &now.identities);
    now.newest = file_identities(&now.identities, sealed.identities, sealed.seal.length);
    if (!is_there(options, &sealed, &now))
        return NULL;
    const struct image_context context = make_context(scratch, vocabulary);
    struct arena *arena = arena_new();
    struct rule_image *image = image_read(arena, &rule_image_type, sealed.image, sealed.length, &context);
    if (!image || !is_answered_alike(image, options) || !is_told_alike(image->set.documents, options)) {
        arena_free(arena);
        return NULL;
    }
    image->set.arena = arena;
    image->set.vocabulary = vocabulary;
    if (options->identities)
        buf_add_n(options->identities, now.identities.data, now.identities.length);
    return &image->set;
}

/* Of this root, from the user's cache. */
static struct rule_set *recall_own(const struct load_options *options, const struct vocabulary *vocabulary)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    AUTO(buf_free) struct buf bytes = BUF_INIT;

    if (!options->images)
        return NULL;
    const struct store_key key = make_key(&bytes, options, false);
    return recall(open_store(scratch, options, &key), key, options, vocabulary, is_unchanged);
}

/* What tells quickly goes first. */
struct rule_set *image_recall(const struct load_options *options, const struct vocabulary *vocabulary)
{
    AUTO(buf_free) struct buf bytes = BUF_INIT;
    const struct store_key any = make_key(&bytes, options, true);
    struct rule_set *set = recall(options->compiled, any, options, vocabulary, is_known);

    if (!set)
        set = recall_own(options, vocabulary);
    return set ? set : recall(options->compiled, any, options, vocabulary, has_same_texts);
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

static bool write_image(struct buf *out, const struct loader *loader)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    const struct image_context context = make_context(scratch, loader->set->vocabulary);
    struct rule_image image = {.set = *loader->set};

    for (size_t i = 0; i < image.set.files.count; i++) {
        const struct layer_file *layer = image.set.files.items[i];
        add_question(scratch, &image, &layer->gate);
        add_question(scratch, &image, &layer->traces);
    }
    take_fingerprints(scratch, loader->set);
    return image_write(out, &rule_image_type, &image, &context);
}

static void seal(struct buf *out, struct seal seal, const struct buf *identities)
{
    seal.length = identities->length;
    buf_add_n(out, (const char *)&seal, sizeof(seal));
    buf_add_n(out, buf_text(identities), identities->length);
}

static void keep_own(const struct loader *loader)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    AUTO(buf_free) struct buf bytes = BUF_INIT, identities = BUF_INIT, out = BUF_INIT;
    const struct store_key key = make_key(&bytes, loader->options, false);
    struct store *store = open_store(scratch, loader->options, &key);

    buf_add_n(&identities, loader->directories.data, loader->directories.length);
    buf_add_n(&identities, loader->identities.bytes, loader->identities.length);
    seal(&out, (struct seal){.files = 0}, &identities);
    if (!write_image(&out, loader))
        return;
    store_put(store, key, out.data, out.length);
    store_save(store);
}

/* The identities of files that are used elsewhere are not known, nor are those of files that may still change. */
static void add_identities(struct buf *out, const struct loader *loader, const char *identities, size_t length)
{
    AUTO(buf_free) struct buf now = BUF_INIT;
    const bool known = loader->options->staged == 0 && !file_is_fresh(loader->newest);

    while (now.length < length) {
        const char *path = identities + now.length;
        file_identity(&now, path, 0);
        if (!known)
            file_no_identity(out, path + loader->options->staged);
    }
    if (known)
        buf_add_n(out, identities, length);
}

/* Where the set is used its files are not where they are now. */
static void move_files(const struct loader *loader)
{
    for (size_t i = 0; i < loader->set->files.count; i++) {
        struct source *source = &((struct rule_file *)loader->set->files.items[i])->source;
        source->path += loader->options->staged;
        source->layer += loader->options->staged;
    }
}

static void compile(struct loader *loader)
{
    AUTO(buf_free) struct buf bytes = BUF_INIT, identities = BUF_INIT, out = BUF_INIT;
    const struct store_key key = make_key(&bytes, loader->options, true);
    struct seal made = {.files = loader->set->files.count};

    if (!digest_texts(loader, &made.texts))
        return;
    add_identities(&identities, loader, loader->directories.data, loader->directories.length);
    add_identities(&identities, loader, loader->identities.bytes, loader->identities.length);
    move_files(loader);
    seal(&out, made, &identities);
    if (write_image(&out, loader))
        store_put(loader->options->compile, key, out.data, out.length);
}

void image_keep(struct loader *loader)
{
    /* Who asked for documents and got all rules wants to tell of their texts, which no image has. */
    if (loader->options->documents && !loader->set->documents)
        return;
    if (!loader->identities.bytes || loader->diagnostics->list.count > loader->told)
        return;
    if (loader->options->compile)
        compile(loader);
    else if (loader->options->images && !file_is_fresh(loader->newest))
        keep_own(loader);
}
