/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A root that passes everything on to another one and remembers what was asked and what came, so that a snapshot can be
 * written that gives the same answers.
 */
#ifndef HVPROBE_ROOT_RECORD_H
#define HVPROBE_ROOT_RECORD_H

#include "root/root.h"

#include <signal.h>

/* inner stays the caller's and must outlive the recording root. */
struct root *root_open_recording(struct root *inner);
struct redaction; /* root/redact.h */
/* From now on what it leaves out is not recorded; whoever asks sees it all the same. It must outlive the root. */
void root_record_redact(struct root *recording, struct redaction *redaction);
/*
 * Writes what was asked so far as a snapshot (DESIGN 7) into a directory that is new or empty: beside it or, where it
 * is there, in a hidden directory of it, and moved when it is whole, so that half of one is never in the way. whole:
 * programs as they are, in place of what was found in them. stop (NULL: never) is looked at all the time; once it is
 * not 0 what was written is removed, and the error is -EINTR. 0, or a negative errno and a message in *ret_error, which
 * lives as long as the root.
 */
int root_record_write(struct root *recording, const char *directory, bool whole, const volatile sig_atomic_t *stop,
                      const char **ret_error);
/* Whether a name ends as that of a tar file does; *ret_problem: why one of this compression cannot be written, or NULL.
 */
bool root_record_is_tar(const char *path, const char **ret_problem);
/*
 * The same as a tar file, compressed as its name says; path NULL: to standard output. It is written under another name
 * beside it and renamed when it is whole. What is at path is replaced.
 */
int root_record_tar(struct root *recording, const char *path, bool whole, const volatile sig_atomic_t *stop,
                    const char **ret_error);

#endif
