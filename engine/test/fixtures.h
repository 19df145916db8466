/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Test cases of rules: folders that hold a host and what must be said about it. */
#ifndef HVPROBE_TEST_FIXTURES_H
#define HVPROBE_TEST_FIXTURES_H

#include "base/memory.h"

/* A test case's folder, as found. */
struct fixture {
    const char *path;
    const char *name;                              /* below the directory that was searched: RULE/CASE */
    const char *folder;                            /* the last part of the folder around it */
    bool has_yaml;                                 /* case.yaml */
    bool has_expected;                             /* expect.xml */
    bool has_snapshot;                             /* snapshot/ */
    bool has_root;                                 /* root/ */
    bool has_document, has_arguments, has_drivers; /* files of these names */
};

/* The test case that a directory is; NULL: it is none. */
const struct fixture *fixture_at(struct arena *arena, const char *directory);
/* All test cases below a directory, sorted by path, as struct fixture. 0 or a negative errno. */
int fixtures_find(struct arena *arena, const char *directory, struct vec *ret_fixtures);
/* Is there one at all, in or below a directory? */
bool fixtures_any(struct arena *arena, const char *directory);
/* The ids of rules that have a test case below a directory. */
void fixtures_rules(struct arena *arena, const char *directory, struct map *ret_rules);

#endif
