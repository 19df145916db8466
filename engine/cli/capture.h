/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside the command capture. */
#ifndef HVPROBE_CLI_CAPTURE_H
#define HVPROBE_CLI_CAPTURE_H

#include "cli/command.h"

/* script.c: writes a script that takes a snapshot where hvprobe is not. */
enum status capture_script(struct invocation *invocation);
/* Adds that script for the rules of this invocation. remote: to be run at once, so that an hvprobe there may do the
 * work, and the caller says what is to be said. Nothing is added where it fails. */
enum status script_add(struct invocation *invocation, bool remote, struct buf *out);

#endif
