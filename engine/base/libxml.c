/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libxml2, loaded on use: documents are written without it, only XPath and validation need it. */
#define HVPROBE_LIBXML_TABLE
#include "base/libxml.h"

#include "base/library.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The name changed with its binary interface, which is that of the headers we were built with. */
#if LIBXML_VERSION >= 21400
#define SONAME "libxml2.so.16"
#else
#define SONAME "libxml2.so.2"
#endif

LIBRARY_NOTE(SONAME, "XML", "validate, XPath, schemas in XML", "required");

static struct libxml table;
static char missing[256]; /* "": it is there */

/* What libxml2 makes of a failed allocation is at times a wrong answer or a crash. A program of ours ends before. */
static void *checked(void *memory)
{
    if (!memory)
        memory_exhausted();
    return memory;
}

static void *checked_malloc(size_t size)
{
    return checked(malloc(size ? size : 1));
}

static void *checked_realloc(void *memory, size_t size)
{
    return checked(realloc(memory, size ? size : 1));
}

static char *checked_strdup(const char *text)
{
    return checked(strdup(text));
}

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
    if (problem)
        return;
    if (memory_has_handler()) /* the memory of other programs is theirs */
        table.xmlMemSetup(free, checked_malloc, checked_realloc, checked_strdup);
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
