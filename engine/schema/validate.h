/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Is a document valid by a schema, and what is left of it where it has to be? */
#ifndef HVPROBE_SCHEMA_VALIDATE_H
#define HVPROBE_SCHEMA_VALIDATE_H

#include "base/xml.h"
#include "schema/schema.h"

struct validation_error {
    unsigned line;
    const char *element;  /* path of the offending element or attribute: /capabilities/host/cpu */
    const char *message;  /* what is wrong */
    const char *expected; /* what the schema allows there; NULL: nothing more to say */
    const xmlNode *node;  /* NULL when libxml2 did not say */
    bool lacking;         /* something is missing, rather than there and wrong */
};
/* All errors, in document order; count 0: valid. false after *ret_error: the schema or document cannot be read. */
bool schema_validate(struct arena *arena, const xmlDoc *xml, const char *schema_path, struct vec *ret_errors,
                     const char **ret_error);

/* A part that schema_reduce took away. */
struct left_out {
    const char *path; /* /garden/bed (clay, 3)/plant (rose) */
    const char *reason;
};
/*
 * A copy of the document NAME, of the schema own, as readers of another generation would have it: without what their
 * schema calls newer, and without what it does not allow: of each offending node the innermost part around it that may
 * go. What has to be there never goes, nor one of a list that merely lacks something. A schema of another document says
 * only what is newer. ret_left_out (of struct left_out) tells what went, ret_errors (of struct validation_error) what
 * is still not valid. NULL after *ret_error: the schema cannot be read.
 */
xmlDoc *schema_reduce(struct arena *arena, const char *name, const struct schema *own, const xmlDoc *xml,
                      const char *schema_path, struct vec *ret_left_out, struct vec *ret_errors,
                      const char **ret_error);
/* The same with schemas that are read once for many documents, by one thread; zero-initialised but for the arena. */
struct grammars {
    struct arena *arena;
    struct map by_path;
};
bool schema_validate_with(struct grammars *grammars, struct arena *arena, const xmlDoc *xml, const char *schema_path,
                          struct vec *ret_errors, const char **ret_error);

#endif
