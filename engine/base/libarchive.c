/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loads libarchive once for all threads. */
#include "base/libarchive.h"

#include "base/library.h"

#include <pthread.h>
#include <stdio.h>

#define SONAME "libarchive.so.13"

LIBRARY_NOTE(SONAME, "archives", "snapshots as tar files", "recommended");

static struct libarchive table;
static char missing[256]; /* "": it is there */

static void load(void)
{
    static const struct library_symbol symbols[] = {
#define FUNCTION(name) {#name, &table.name},
#include "base/libarchive.def"
#undef FUNCTION
        {NULL, NULL},
    };
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    const char *problem = library_load(arena, SONAME, symbols);

    if (problem)
        snprintf(missing, sizeof(missing), "%s", problem);
}

const char *libarchive_missing(void)
{
    static pthread_once_t loaded = PTHREAD_ONCE_INIT;

    pthread_once(&loaded, load);
    return *missing ? missing : NULL;
}

const struct libarchive *libarchive(void)
{
    return &table;
}
