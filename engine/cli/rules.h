/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What 'hvprobe rules' does besides listing: only for rules*.c. */
#ifndef HVPROBE_CLI_RULES_H
#define HVPROBE_CLI_RULES_H

#include "cli/command.h"

/* Writes a skeleton of a rule and its test cases; no rules are needed. */
enum status rules_new(struct invocation *invocation);
/* Writes what linking all rules gives; see session_compile. */
enum status rules_compile(struct invocation *invocation);
/* Where that goes, unless --output says: below --root. */
const char *rules_compiled_path(const struct invocation *invocation);
/* What each layer changes in the layers before it; the words after the first are ids of rules. */
enum status rules_delta(struct session *session);

#endif
