/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What was made of texts (rule files, schemas), kept between runs: one file of bytes by fingerprint of the text.
 *
 * A text that changes has another fingerprint, so nothing kept is ever stale. Anything odd about the file means that
 * nothing is known; nothing about it is ever an error. One thread at a time.
 */
#ifndef HVPROBE_BASE_STORE_H
#define HVPROBE_BASE_STORE_H

#include "base/diagnostic.h"

struct store;

/*
 * path NULL: a store that knows nothing and keeps nothing. The file is read at the first question. maker names the
 * program and its build: what another one kept is not used, as it may have had other ideas of what is right.
 */
struct store *store_open(struct arena *arena, const char *path, const char *maker);
/* What a text is known by. */
struct text_key {
    uint64_t fingerprint;
    uint64_t length;
};
struct text_key text_key(const struct source *source);
/* What was kept for a source's text, or NULL; it lives as long as the store's arena. store may be NULL. */
const char *store_get(struct store *store, const struct source *source, size_t *ret_length);
/* The same for a text that need not be there. */
const char *store_get_known(struct store *store, struct text_key key, size_t *ret_length);
/* data is copied. */
void store_put(struct store *store, const struct source *source, const char *data, size_t length);
/* Writes the file when something was put. What nobody asked for in this run is kept while there is room. */
void store_save(struct store *store);

#endif
