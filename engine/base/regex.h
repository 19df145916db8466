/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Regular expressions under limits. Only regex*.c know PCRE2.
 *
 * Compiled expressions are immutable and may be shared by threads. A match that runs into a limit is REGEX_LIMIT, never
 * "no match".
 */
#ifndef HVPROBE_BASE_REGEX_H
#define HVPROBE_BASE_REGEX_H

#include "base/image.h"

struct regex;
struct store; /* base/store.h */

enum { REGEX_BINARY = 1, /* bytes, no UTF, no multi-line */ };

/* NULL on error: *ret_error (arena) says what, *ret_offset where in the pattern. Owned by the arena. */
struct regex *regex_compile(struct arena *arena, const char *pattern, unsigned flags, const char **ret_error,
                            size_t *ret_offset);
/*
 * A pattern that regex_keep has kept in an earlier run, which does not match the empty string: it is compiled when it
 * is first searched with. NULL: not known. The store outlives the arena.
 */
struct regex *regex_recall(struct arena *arena, struct store *store, const char *pattern, unsigned flags);
void regex_keep(struct store *store, const struct regex *regex);
bool regex_matches_empty(const struct regex *regex); /* could match the empty string */
/* Named groups in order of appearance. */
size_t regex_group_count(const struct regex *regex);
const char *regex_group_name(const struct regex *regex, size_t index);
const char *regex_pattern(const struct regex *regex); /* as it was written */

enum regex_result { REGEX_NO, REGEX_YES, REGEX_LIMIT, REGEX_BAD };

struct regex_span {
    const char *start; /* NULL: the group did not take part */
    size_t length;
};

/* One scan of a subject. Not shared between threads. subject must outlive it. */
struct regex_scan;
struct regex_scan *regex_scan_new(const struct regex *regex, const char *subject, size_t length);
void regex_scan_free(struct regex_scan *scan);
/* Goes on at an offset of the subject; what is before it is only seen by look-behinds. */
void regex_scan_seek(struct regex_scan *scan, size_t offset);
void regex_scan_cleanup(struct regex_scan **scan);
/* The next match after the last; whole and groups (regex_group_count of them, may be NULL) are set on REGEX_YES. */
enum regex_result regex_scan_next(struct regex_scan *scan, struct regex_span *whole, struct regex_span *groups);

/* A pattern in an image (base/image.h), and what makes it fit for use again: for image_context.revive. */
extern const struct image_type regex_image;
void regex_revive(struct arena *arena, void *object);

/* One question: does it match anywhere? */
enum regex_result regex_test(const struct regex *regex, const char *subject, size_t length);

#endif
