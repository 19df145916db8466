/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The index: what is in directories of rules, and what their parsed files are about, kept between runs. As long as
 * nothing changes, directories are not listed, and files that are not needed not even opened.
 */
#include "base/file.h"
#include "base/pack.h"
#include "rules/layers.h"

#include <string.h>
#include <sys/stat.h>

enum entry_kind { ENTRY_UNKNOWN, ENTRY_MASK, ENTRY_RULE, ENTRY_KINDS };

static bool unpack_names(struct arena *arena, const char *data, size_t length, struct vec *ret_names)
{
    struct unpack unpack = {data, data + length, false};
    const size_t count = unpack_count(&unpack);

    for (size_t i = 0; i < count; i++) {
        const char *name = unpack_text(&unpack);
        if (name == NULL)
            return false;
        vec_push(arena, ret_names, name);
    }
    return !unpack.failed;
}

static void keep_names(struct store *store, struct store_key directory, const struct vec *names)
{
    AUTO(buf_free) struct buf packed = BUF_INIT;

    pack_number(&packed, names->count);
    for (size_t i = 0; i < names->count; i++)
        pack_text(&packed, names->items[i]);
    store_put(store, directory, packed.data, packed.length);
}

int directory_names(struct loader *loader, const char *directory, struct vec *ret_names)
{
    struct store *store = loader->options->store;
    const size_t before = loader->directories.length;
    const int64_t changed = store_knows(store) ? file_identity(&loader->directories, directory, S_IFDIR) : 0;
    const struct store_key key = {STORE_NAMES, buf_text(&loader->directories) + before,
                                  loader->directories.length - before};
    struct vec names = {0};
    size_t length;

    loader->newest = changed > loader->newest ? changed : loader->newest;
    const char *kept = changed != 0 ? store_get(store, key, &length) : NULL;

    if (kept != NULL && unpack_names(loader->set->arena, kept, length, &names)) {
        *ret_names = names;
        return 0;
    }
    const int error = file_list(loader->set->arena, directory, ret_names);
    if (error == 0 && changed != 0 && !file_is_fresh(changed) && !store_is_portable(store))
        keep_names(store, key, ret_names);
    return error;
}

static void unpack_digest(struct unpack *unpack, struct layer_file *layer)
{
    size_t size;
    const char *digest = unpack_bytes(unpack, &size);

    layer->length = unpack_number(unpack);
    layer->digested = !unpack->failed && layer->length > 0 && size == sizeof(layer->digest);
    if (layer->digested)
        memcpy(&layer->digest, digest, size);
}

static void unpack_entry(struct arena *arena, struct unpack *unpack, struct layer_file *layer)
{
    const enum entry_kind kind = (enum entry_kind)unpack_below(unpack, ENTRY_KINDS);

    layer->mask = kind == ENTRY_MASK;
    if (kind != ENTRY_RULE)
        return;
    layer->file.extends = unpack_number(unpack) != 0;
    layer->file.id = unpack_text(unpack);
    layer->document = unpack_text(unpack);
    layer->checks = unpack_number(unpack) != 0;
    layer->gate.paths = unpack_texts(arena, unpack);
    layer->traces.paths = unpack_texts(arena, unpack);
    references_unpack(unpack, arena, layer);
    unpack_digest(unpack, layer);
    layer->known = !unpack->failed;
}

/* A broken file is not known: it is read again, to say again what is wrong with it. */
static void pack_entry(struct buf *out, struct layer_file *layer)
{
    const bool is_rule = layer->known && layer->read && layer->file.state != FILE_BROKEN;

    pack_number(out, is_rule ? ENTRY_RULE : layer->mask ? ENTRY_MASK : ENTRY_UNKNOWN);
    if (!is_rule)
        return;
    pack_number(out, layer->file.extends);
    pack_text(out, layer->file.id);
    pack_text(out, layer->document);
    pack_number(out, layer->checks);
    pack_texts(out, layer->gate.paths);
    pack_texts(out, layer->traces.paths);
    references_pack(out, layer);
    layer_take_digest(layer);
    pack_bytes(out, (const char *)&layer->digest, sizeof(layer->digest));
    pack_number(out, layer->digested ? layer->length : 0);
}

void index_recall(struct loader *loader)
{
    AUTO(buf_free) struct buf identities = BUF_INIT;
    const struct vec *files = &loader->set->files;
    struct unpack unpack = {.failed = false};
    size_t length;

    if (!store_knows(loader->options->store) || files->count == 0)
        return;
    for (size_t i = 0; i < files->count; i++) {
        const struct rule_file *file = files->items[i];
        const int64_t changed = file_identity(&identities, file->source.path, S_IFREG);
        loader->newest = changed > loader->newest ? changed : loader->newest;
    }
    loader->identities.kind = STORE_INDEX;
    loader->identities.bytes = arena_memdup(loader->set->arena, identities.data, identities.length);
    loader->identities.length = identities.length;
    unpack.at = store_get(loader->options->store, loader->identities, &length);
    if (unpack.at == NULL)
        return;
    unpack.end = unpack.at + length;
    loader->recalled = true;
    for (size_t i = 0; i < files->count && !unpack.failed; i++)
        unpack_entry(loader->set->arena, &unpack, files->items[i]);
}

void index_keep(struct loader *loader)
{
    AUTO(buf_free) struct buf entries = BUF_INIT;
    const struct vec *files = &loader->set->files;

    if (loader->recalled || !store_keeps(loader->options->store) || store_is_portable(loader->options->store) ||
        file_is_fresh(loader->newest))
        return;
    for (size_t i = 0; i < files->count; i++)
        pack_entry(&entries, files->items[i]);
    store_put(loader->options->store, loader->identities, entries.data, entries.length);
}

void layer_take_digest(struct layer_file *layer)
{
    const struct source *source = &layer->file.source;

    if (!layer->read || layer->digested)
        return;
    layer->digest = digest_of(source->text, source->length);
    layer->length = source->length;
    layer->digested = true;
}
