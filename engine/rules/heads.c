/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a look at each rule file found, kept between runs: as long as no file changes, those that are not needed are not
 * even opened.
 */
#include "base/pack.h"
#include "rules/layers.h"

#include <sys/stat.h>
#include <time.h>

/* Within so many seconds a file may change twice and have the same times: what is younger is not kept. */
enum { FRESH = 2 };

enum head_kind { HEAD_UNKNOWN, HEAD_MASK, HEAD_LOOKED, HEAD_KINDS };

static void pack_time(struct buf *out, const struct timespec *time)
{
    pack_number(out, (uint64_t)time->tv_sec);
    pack_number(out, (uint64_t)time->tv_nsec);
}

/* Which file it is, and of when. */
static void pack_identity(struct buf *out, struct loader *loader, const char *path)
{
    struct stat status = {.st_mode = 0};

    pack_text(out, path);
    pack_number(out, stat(path, &status) == 0 ? status.st_mode : 0);
    if (!S_ISREG(status.st_mode))
        return;
    pack_number(out, status.st_dev);
    pack_number(out, status.st_ino);
    pack_number(out, (uint64_t)status.st_size);
    pack_time(out, &status.st_mtim);
    pack_time(out, &status.st_ctim);
    if (status.st_ctim.tv_sec > loader->newest)
        loader->newest = status.st_ctim.tv_sec;
}

static const char *const *unpack_traces(struct arena *arena, struct unpack *unpack)
{
    const size_t count = unpack_count(unpack); /* with the NULL at the end */
    const char **traces = count > 0 ? arena_alloc(arena, count * sizeof(*traces)) : NULL;

    for (size_t i = 0; i + 1 < count; i++)
        traces[i] = unpack_text(unpack);
    return traces;
}

static void unpack_head(struct arena *arena, struct unpack *unpack, struct layer_file *layer)
{
    const enum head_kind kind = (enum head_kind)unpack_below(unpack, HEAD_KINDS);

    layer->mask = kind == HEAD_MASK;
    if (kind != HEAD_LOOKED)
        return;
    layer->file.extends = unpack_number(unpack) != 0;
    layer->file.id = unpack_text(unpack);
    layer->document = unpack_text(unpack);
    layer->checks = unpack_number(unpack) != 0;
    layer->traces = unpack_traces(arena, unpack);
    layer->looked = layer->plain = !unpack->failed;
}

static void pack_traces(struct buf *out, const char *const *traces)
{
    size_t count = 0;

    while (traces != NULL && traces[count] != NULL)
        count++;
    pack_number(out, traces != NULL ? count + 1 : 0);
    for (size_t i = 0; i < count; i++)
        pack_text(out, traces[i]);
}

static void pack_head(struct buf *out, const struct layer_file *layer)
{
    const enum head_kind kind = layer->plain ? HEAD_LOOKED : layer->mask ? HEAD_MASK : HEAD_UNKNOWN;

    pack_number(out, kind);
    if (kind != HEAD_LOOKED)
        return;
    pack_number(out, layer->file.extends);
    pack_text(out, layer->file.id);
    pack_text(out, layer->document);
    pack_number(out, layer->checks);
    pack_traces(out, layer->traces);
}

void heads_recall(struct loader *loader)
{
    AUTO(buf_free) struct buf identities = BUF_INIT;
    const struct vec *files = &loader->set->files;
    struct unpack unpack = {.failed = false};
    size_t length;

    if (loader->options->store == NULL || files->count == 0)
        return;
    for (size_t i = 0; i < files->count; i++)
        pack_identity(&identities, loader, ((const struct layer_file *)files->items[i])->file.source.path);
    loader->identities.text = arena_memdup(loader->set->arena, identities.data, identities.length);
    loader->identities.length = identities.length;
    unpack.at = store_get(loader->options->store, &loader->identities, &length);
    if (unpack.at == NULL)
        return;
    unpack.end = unpack.at + length;
    loader->recalled = true;
    for (size_t i = 0; i < files->count && !unpack.failed; i++)
        unpack_head(loader->set->arena, &unpack, files->items[i]);
}

void heads_keep(struct loader *loader)
{
    AUTO(buf_free) struct buf heads = BUF_INIT;
    const struct vec *files = &loader->set->files;

    if (loader->recalled || loader->identities.text == NULL || loader->newest + FRESH > time(NULL))
        return;
    for (size_t i = 0; i < files->count; i++)
        pack_head(&heads, files->items[i]);
    store_put(loader->options->store, &loader->identities, heads.data, heads.length);
}
