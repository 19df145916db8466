/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A journal of what a root was asked and what it said, so that a later run can ask the same again: as long as it gets
 * the same answers, whatever was concluded from them holds. Of what is long a digest is kept (base/digest.h), of what
 * is short the answer itself.
 */
#ifndef HVPROBE_ROOT_JOURNAL_H
#define HVPROBE_ROOT_JOURNAL_H

#include "base/pack.h"
#include "root/root.h"

/* Who asks is told by a number. What nobody in particular asks concerns everybody. */
enum { ASKED_BY_ALL = 0 };

/* Empty; lives as long as the arena. */
struct journal *journal_new(struct arena *arena);
/* Whether all that was asked can be asked again: not so for a program that was run, or a file changed just now. */
bool journal_is_whole(const struct journal *journal);
/* Did this one ask anything? */
bool journal_has(const struct journal *journal, unsigned asker);
void journal_write(struct buf *out, const struct journal *journal);
/*
 * Asks a root all that a journal has, from where unpack reads. ret_askers (of unsigned, in the arena) are those whose
 * answers are others now. false: what all have asked has another answer, or the bytes are none of journal_write.
 */
bool journal_repeat(struct root *root, struct arena *arena, struct unpack *unpack, struct vec *ret_askers);

/* For root/: what was asked, and how it went. Each is kept once, with all who asked. */
enum question_kind {
    ASK_STAT,
    ASK_LINK_STAT,
    ASK_ACCESS,
    ASK_IDENTITY, /* of a file that is read bit by bit */
    ASK_OPEN,     /* that could not be opened */
    ASK_READ,
    ASK_LIST,
    ASK_READLINK,
    ASK_UNAME,
    ASK_CPUID,
    ASK_IOCTL,
    QUESTION_KINDS
};
struct question {
    enum question_kind kind;
    const char *path;       /* "" where there is none */
    const char *word;       /* of access, or by which lines are read; NULL */
    uint64_t first, second; /* numbers that are asked with; 0 */
};
/* journal NULL: nobody keeps anything, in all of these. */
void journal_number(struct journal *journal, struct question question, int error, uint64_t number);
void journal_text(struct journal *journal, struct question question, int error, const char *text, size_t length);
void journal_names(struct journal *journal, struct question question, int error, const struct vec *names);
void journal_stat(struct journal *journal, struct question question, int error, const struct root_stat *status);
void journal_uname(struct journal *journal, struct question question, int error, const struct root_uname *names);
/* Something that cannot be asked again. */
void journal_spoil(struct journal *journal);
/* Answers as the bytes that are kept and compared. */
void journal_say_number(struct buf *out, int error, uint64_t number);
void journal_say_text(struct buf *out, int error, const char *text, size_t length);
void journal_say_names(struct buf *out, int error, const struct vec *names);
void journal_say_stat(struct buf *out, int error, const struct root_stat *status, bool identity);
void journal_say_uname(struct buf *out, int error, const struct root_uname *names);
bool journal_has_asker(const struct vec *askers, uint64_t asker);
unsigned journal_set_asker(struct journal *journal, unsigned asker);

#endif
