/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Path tables as commands show them. */
#ifndef HVPROBE_CLI_PATH_TABLES_H
#define HVPROBE_CLI_PATH_TABLES_H

#include "cli/command.h"

/* All path tables, or those of one rule (NULL: all), whatever this host is. */
enum status path_matrix(struct session *session, const char *rule);

#endif
