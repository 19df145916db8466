/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A process that runs programs for us, started while we still had the right to. */
#ifndef HVPROBE_ROOT_RUNNER_H
#define HVPROBE_ROOT_RUNNER_H

#include "root/root.h"

/* A descriptor to it, which ends it when closed; 0: it cannot be started. The process has no threads yet. */
int runner_start(void);
/* As root_exec. */
int runner_run(int runner, struct arena *arena, const struct root_exec *request, struct root_exec_result *ret_result);

#endif
