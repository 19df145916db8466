/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text: small pure functions on strings. None keeps state; all are thread-safe. */
#ifndef HVPROBE_BASE_TEXT_H
#define HVPROBE_BASE_TEXT_H

#include "base/memory.h"

#include <stdint.h>

bool text_equal(const char *a, const char *b); /* NULL equals only NULL */
bool text_starts(const char *text, const char *prefix);
bool text_ends(const char *text, const char *suffix);
bool text_ends_anyhow(const char *text, const char *suffix); /* in small letters or capitals */
bool text_is_space(char character);                          /* ASCII white space */
/* A copy without white space at both ends, in the arena. */
char *text_trim(struct arena *arena, const char *text, size_t length);
/* A copy with ASCII letters in lower case, in the arena. */
char *text_lower(struct arena *arena, const char *text);
/* A name of a rule, fact, table or column: [A-Za-z_][A-Za-z0-9_-]*. */
bool text_is_name(const char *text, size_t length);

/* A whole number: decimal, or hexadecimal after 0x; surrounding white space is allowed, anything else is not. */
/* Seconds of at most a week, such as 2.5, in milliseconds, rounded up. */
bool text_milliseconds(const char *text, int64_t *ret_milliseconds);
bool text_number(const char *text, int64_t *ret_number);
/* "A-B", or one number: from 0 on, decimal or after 0x. The first may be above the last. */
bool text_range(const char *text, uint64_t *ret_first, uint64_t *ret_last);
/* A whole hexadecimal number, with or without 0x. */
bool text_hex(const char *text, uint64_t *ret_number);
/* "32K", "15360 kB", "2 MiB", "512": bytes. Powers of 1024; false when it is no size or overflows. */
bool text_bytes(const char *text, uint64_t *ret_bytes);
/* The largest binary unit that divides bytes exactly: 15728640 -> 15, "MiB"; 0 -> 0, "B". */
const char *text_scale(uint64_t bytes, uint64_t *ret_value);

/* <0, 0, >0 in the order in which a person counts: digits compare as numbers (node2 before node10). */
int text_compare_natural(const char *a, const char *b);
/* <0, 0, >0 as versions: "4.10" after "4.9", "8.9" after "8"; a part that is missing counts as zero ("9" equals "9.0").
 */
int text_compare_versions(const char *a, const char *b);

/* Sorts texts by their bytes, or in the order in which a person counts. */
void texts_sort(struct vec *texts);
void texts_sort_natural(struct vec *texts);

/* DIRECTORY/NAME. */
char *text_path(struct arena *arena, const char *directory, const char *name);
/* What stands behind the last slash of a path. */
const char *text_base_name(const char *path);

/* The name among count that is nearest to text by edit distance, or NULL when none is near enough to be a slip. */
const char *text_nearest(const char *text, const char *const *names, size_t count);

/* The language of a locale's name in lower case: "de" of "de_AT.UTF-8". NULL: "C", "POSIX", or it names none. */
const char *text_language(struct arena *arena, const char *locale);

/* How many bytes at the start are ASCII without control characters. */
size_t text_plain_span(const char *text, size_t length);
/* The length in bytes of the UTF-8 character at text, or 0 when it is none (length bytes are there, at least 1). */
size_t text_utf8(const char *text, size_t length, uint32_t *ret_character);
/* A copy that is valid UTF-8 and holds only what XML 1.0 allows, without the control characters U+0080 to U+009F, which
 * steer terminals; everything else becomes U+FFFD. Ownership: arena. */
char *text_sanitise(struct arena *arena, const char *text, size_t length);
/*
 * Makes a blank of each line that contains none of the words, or one that has a "!" before it; words are lines
 * themselves, and without one that has no "!" all lines contain one. Lines keep their numbers, paragraphs their lines.
 * Returns the length that is left; what was NUL-terminated still is.
 */
size_t text_blank_lines(char *text, size_t length, const char *words);
/* Appends text that cannot steer a terminal: control characters but tabs, and what is no UTF-8, become question marks.
 */
void text_add_printable(struct buf *out, const char *text, size_t length);

/* Reads a kernel list such as "0-3,8" (and ^N exclusions). Values ascending in the arena; false: not a list, or over
 * 65536 values. */
bool cpuset_parse(struct arena *arena, const char *text, unsigned **ret_values, size_t *ret_count);
/* "0-3,8" from values in any order; "" for none. */
char *cpuset_format(struct arena *arena, const unsigned *values, size_t count);

#endif
