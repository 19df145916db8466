/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keys of what was made of a file, and when they may be used. */
#include "base/kept_file.h"

#include "base/digest.h"
#include "base/file.h"

#include <string.h>
#include <sys/stat.h>

enum { TEXT_LIMIT = 8 * 1024 * 1024 };

struct kept_file kept_file_open(struct store *store, enum store_kind kind, const char *path)
{
    struct kept_file file = {.store = store, .kind = kind, .path = path, .identity = BUF_INIT};

    if (store_knows(store))
        file.changed = file_identity(&file.identity, path, S_IFREG);
    return file;
}

static struct store_key identity_key(const struct kept_file *file)
{
    return (struct store_key){file->kind, file->identity.data, file->identity.length};
}

static bool take_digest(const struct kept_file *file, struct digest *ret_digest)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    char *text;
    size_t length;

    if (file_read(arena, file->path, TEXT_LIMIT, &text, &length) < 0)
        return false;
    *ret_digest = digest_of(text, length);
    return true;
}

const char *kept_file_get(struct kept_file *file, size_t *ret_length)
{
    struct digest digest;
    const char *kept = file->changed != 0 ? store_get(file->store, identity_key(file), ret_length) : NULL;

    if (kept != NULL || file->changed == 0 || !take_digest(file, &digest))
        return kept;
    kept = store_get(file->store, (struct store_key){file->kind, &digest, sizeof(digest)}, ret_length);
    if (kept != NULL && !store_is_portable(file->store) && !file_is_fresh(file->changed))
        store_put(file->store, identity_key(file), kept, *ret_length);
    return kept;
}

/* Its text is still the one that was read if it has the same identity, and no change of it could be without. */
static bool is_unchanged(const struct kept_file *file)
{
    AUTO(buf_free) struct buf now = BUF_INIT;

    return file->changed != 0 && !file_is_fresh(file->changed) &&
           file_identity(&now, file->path, S_IFREG) == file->changed && now.length == file->identity.length &&
           memcmp(now.data, file->identity.data, now.length) == 0;
}

void kept_file_put(struct kept_file *file, const char *data, size_t length)
{
    struct digest digest;

    if (!store_keeps(file->store) || !is_unchanged(file) || !take_digest(file, &digest) || !is_unchanged(file))
        return;
    if (!store_is_portable(file->store))
        store_put(file->store, identity_key(file), data, length);
    store_put(file->store, (struct store_key){file->kind, &digest, sizeof(digest)}, data, length);
}

void kept_file_close(struct kept_file *file)
{
    buf_free(&file->identity);
}
