/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Another machine, asked over OpenSSH's ssh: the only program that is run for it. */
#ifndef HVPROBE_CLI_REMOTE_H
#define HVPROBE_CLI_REMOTE_H

#include "cli/command.h"

/*
 * Takes a snapshot of the host that a URI names: [anything+]ssh://[USER@]HOST[:PORT][/...]. *ret_path: of a tar file
 * that nobody else sees, and that is gone with the process. STATUS_OK, or what to exit with, after a message.
 */
enum status remote_snapshot(struct invocation *invocation, const char *uri, const char **ret_path);

/* Whom ssh is to call. */
struct remote {
    const char *user, *host, *port; /* user, port NULL: as ssh is configured */
};
/* remote_uri.c: NULL, or what is wrong with the URI. Into the arena. */
const char *remote_parse(struct arena *arena, const char *uri, struct remote *ret_remote);

#endif
