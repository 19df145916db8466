/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A root that passes everything on to another one and remembers what was asked and what came, so that a snapshot can be
 * written that gives the same answers.
 */
#ifndef HVPROBE_ROOT_RECORD_H
#define HVPROBE_ROOT_RECORD_H

#include "root/root.h"

/* inner stays the caller's and must outlive the recording root. */
struct root *root_open_recording(struct root *inner);
/*
 * Writes what was asked so far as a snapshot (DESIGN 7) into a directory that is new or empty. whole: programs as they
 * are, in place of what was found in them. 0, or a negative errno and a message in *ret_error, which lives as long as
 * the root.
 */
int root_record_write(struct root *recording, const char *directory, bool whole, const char **ret_error);

#endif
