/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define HVPROBE_LIBXML_TABLE
#include "base/libxml.h"

#include "base/library.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* The name changed with its binary interface, which is that of the headers we were built with. */
#if LIBXML_VERSION >= 21400
#define SONAME "libxml2.so.16"
#else
#define SONAME "libxml2.so.2"
#endif

LIBRARY_NOTE(SONAME, "XML", "validate, XPath, schemas in XML", "required");

static struct libxml table;
static char missing[256]; /* "": it is there */

static void load(void)
{
    static const struct library_symbol symbols[] = {
#define FUNCTION(name) {#name, &table.name},
#include "base/libxml.def"
#undef FUNCTION
        {"xmlFree", &table.xmlFree},
        {NULL, NULL},
    };
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    const char *problem = library_load(arena, SONAME, symbols);

    if (problem)
        snprintf(missing, sizeof(missing), "%s", problem);
    else
        table.xmlInitParser(); /* which only one thread may do */
}

const char *libxml_missing(void)
{
    static pthread_once_t loaded = PTHREAD_ONCE_INIT;

    pthread_once(&loaded, load);
    return *missing ? missing : NULL;
}

const struct libxml *libxml(void)
{
    const char *problem = libxml_missing();

    if (!problem)
        return &table;
    fprintf(stderr, "hvprobe: %s\n", problem);
    abort();
}
