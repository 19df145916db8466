/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where hvprobe's own files are: from the environment, the build tree that this code runs from, or the installation. */
#ifndef HVPROBE_SESSION_PLACES_H
#define HVPROBE_SESSION_PLACES_H

#include "base/memory.h"

/* The source tree when the program or library is in its build folder (TREE/build, TREE/build/asan), else NULL. */
const char *places_tree(struct arena *arena);
/* The file that this code is in, program or library; NULL: it cannot be told. */
const char *places_program(struct arena *arena);
/* Rule directories, weakest first: HVPROBE_RULES, else the standard ones. */
void places_layers(struct arena *arena, struct vec *ret_layers);
/* Schema directories, strongest first: HVPROBE_SCHEMAS, then the tree's or the installed ones. */
void places_schemas(struct arena *arena, struct vec *ret_directories);
/* The list of what rules may ask of this machine: that of the tree or of the installation, whatever else is chosen;
 * only a program that has none of its own takes that of HVPROBE_SCHEMAS. */
const char *places_consent(struct arena *arena);
/* Adds the parts of a colon-separated list. */
void places_add(struct arena *arena, struct vec *directories, const char *list);
/* The locale for messages by the environment: LC_ALL, LC_MESSAGES or LANG, the first that is not empty; NULL: none. */
const char *places_locale(void);
/* Tells what this build makes of rules from what others do; the same for program and library. */
const char *places_build(struct arena *arena);
/* What 'hvprobe rules --compile' made of the installed rules, or of those of the tree. */
const char *places_compiled(struct arena *arena);
/* A directory for what is kept between runs; NULL: there is no place for it, or HVPROBE_CACHE is set and empty. */
const char *places_cache(struct arena *arena);

#endif
