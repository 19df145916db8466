/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What was made of the text of one of hvprobe's own files, in a store: found by the file's identity, which is quick, or
 * by the digest of its text, which is the same on other hosts.
 */
#ifndef HVPROBE_BASE_KEPT_FILE_H
#define HVPROBE_BASE_KEPT_FILE_H

#include "base/store.h"

struct kept_file {
    struct store *store;
    enum store_kind kind;
    const char *path;
    struct buf identity;
    int64_t changed; /* 0: nothing is kept of such a file */
};

/* store may be NULL; path outlives it. */
struct kept_file kept_file_open(struct store *store, enum store_kind kind, const char *path);
/* NULL: nothing is known. Lives as long as the store. */
const char *kept_file_get(struct kept_file *file, size_t *ret_length);
/* Keeps what was made of the file after it was opened here, unless it changed since. */
void kept_file_put(struct kept_file *file, const char *data, size_t length);
void kept_file_close(struct kept_file *file); /* for AUTO() */

#endif
