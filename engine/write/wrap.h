/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text in the columns of a terminal: how wide it is, and where its lines may end. Only for write/. */
#ifndef HVPROBE_WRITE_WRAP_H
#define HVPROBE_WRITE_WRAP_H

#include "base/memory.h"

#include <locale.h>

/*
 * All text here is UTF-8, whatever the locale says, and C measures characters by the thread's locale: this one is taken
 * for as long as something is measured. leave takes what enter gave.
 */
struct utf8_locale {
    locale_t utf8, before; /* (locale_t)0: there is no such locale */
};
struct utf8_locale utf8_enter(void);
void utf8_leave(struct utf8_locale *locale); /* also for AUTO() */

/* Columns that text takes, as far as its first line break. */
size_t text_width(const char *text);
/* Of a text's lines; of its words, which are never broken but (paths) behind a slash or dot: between East Asian
 * characters a line may end anywhere. */
size_t widest_line(const char *text);
size_t widest_word(const char *text, bool paths);
/*
 * Adds the text in lines of at most width columns, every line but the first after indent blanks; only a word that is
 * wider makes a longer line. Line breaks of the text stay.
 */
void add_wrapped(struct buf *out, const char *text, size_t width, size_t indent, bool paths);

#endif
