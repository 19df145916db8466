/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside the command capture. */
#ifndef HVPROBE_CLI_CAPTURE_H
#define HVPROBE_CLI_CAPTURE_H

#include "cli/command.h"

/* script.c: writes a script that takes a snapshot where hvprobe is not. */
enum status capture_script(struct invocation *invocation);

#endif
