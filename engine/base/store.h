/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What was made of texts (rule files, schemas, patterns), kept between runs in one file of bytes.
 *
 * It is found by its whole key, never by a number made of it: either all that was asked (a pattern; where files are and
 * of when), or the digest of a text, which nobody can make another text for. So what is kept is never stale, nor
 * another's. Anything odd about the file means that nothing is known; nothing about it is ever an error. One thread at
 * a time.
 */
#ifndef HVPROBE_BASE_STORE_H
#define HVPROBE_BASE_STORE_H

#include "base/memory.h"

struct store;

/* What bytes of a key mean; a key of one kind never finds what was kept under another. */
enum store_kind {
    STORE_TREE,    /* a rule file's text, as its digest */
    STORE_INDEX,   /* identities of all rule files */
    STORE_NAMES,   /* identity of a directory */
    STORE_SCHEMA,  /* identity of a schema's file, or the digest of its text */
    STORE_CONSENT, /* the same of the list of what rules may ask */
    STORE_IMAGE,   /* what a rule set was asked for */
    STORE_SAME,    /* identities of all rule files: which digest they have together */
    STORE_RESULT,  /* what a fact asks, and the file that it asks of, as it is now */
    STORE_ANSWER,  /* a question and what it was asked of */
    STORE_PATTERN, /* version of PCRE2, kind and pattern */
};

/* Bytes that the caller keeps while a function runs. */
struct store_key {
    enum store_kind kind;
    const void *bytes;
    size_t length;
};

/*
 * path NULL: a store that knows nothing and keeps nothing. The file is read at the first question. maker names the
 * program and its build: what another one kept is not used, as it may have had other ideas of what is right.
 */
struct store *store_open(struct arena *arena, const char *path, const char *maker);
/* The same without what was in the file. */
struct store *store_open_new(struct arena *arena, const char *path, const char *maker);
/* It will be used where files are others, if of the same texts: nothing is to be kept by a file's identity. */
void store_set_portable(struct store *store);
bool store_is_portable(const struct store *store);
/* The same of a file that others made, see cache_file_map: nothing is put into it. */
struct store *store_open_shared(struct arena *arena, const char *path, const char *maker);
/* What a store does not know is asked of another one behind it, which outlives it. */
void store_back(struct store *store, struct store *behind);
struct store *store_behind(const struct store *store); /* NULL: none; store may be NULL */
/* Does it keep what is put, or know anything without? Else keys need not be made. store may be NULL. */
bool store_keeps(const struct store *store);
bool store_knows(const struct store *store);
/* While the file is larger, what a run did not use is left out. */
void store_bound(struct store *store, size_t limit);
/* What was kept under a key, or NULL; it lives as long as the store's arena. store may be NULL. */
const char *store_get(struct store *store, struct store_key key, size_t *ret_length);
/* Key and data are copied, in place of what was kept under that key. store may be NULL. */
void store_put(struct store *store, struct store_key key, const char *data, size_t length);
/* Writes the file when something was put. What nobody asked for in this run is kept while there is room. */
void store_save(struct store *store);
/* The bytes of that file, of any size. */
void store_write(struct buf *out, const struct store *store);

#endif
