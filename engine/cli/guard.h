/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What bounds the process as a whole, for when a library is at work that looks at no budget. */
#ifndef HVPROBE_CLI_GUARD_H
#define HVPROBE_CLI_GUARD_H

#include "cli/command.h"
#include "cli/confine.h"

/* --timeout in milliseconds, 0: none. STATUS_USAGE after a message. */
enum status guard_time(const struct invocation *invocation, int64_t *ret_milliseconds);
/* From now on exhausted memory ends with a message and STATUS_FAILED, not with abort(); and so does, up to
 * guard_finish(), a library that ends the process by itself. */
void guard_memory(void);
void guard_finish(void);
/* Bounds memory and time, with a budget for the run, and confines it: before anything is looked at. */
void guard_begin(struct invocation *invocation);
void guard_stop(void); /* from now on only others are waited for, as who reads the output */

/* Adds the directory in which a path may be made: the nearest one above it that is there. */
void guard_add_parent(struct arena *arena, struct vec *places, const char *path);
/* Gives up all rights that the command does not need; what runs programs for it, with --exec, is started before. */
struct confinement guard_confine(struct invocation *invocation);

/*
 * Does a part of a command in a process of its own, so that whatever becomes of it the rest goes on. What it adds to
 * out comes back, with its status; name is what it is about, for messages.
 */
enum status guard_child(const char *name, enum status (*work)(void *data), void *data, struct buf *out);

#endif
