/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The commands, in the order of help: a new one is one file and one row. The first runs when none is named. */
#include "cli/command.h"

#include "base/text.h"

extern const struct command command_capabilities, command_list, command_detect, command_checks, command_explain,
    command_machines, command_domain, command_paths, command_rules, command_lint, command_validate, command_capture,
    command_test;

/* clang-format off */
const struct command *const commands[] = {
    &command_capabilities,
    &command_list,
    &command_detect,
    &command_checks,
    &command_explain,
    &command_machines,
    &command_domain,
    &command_paths,
    &command_rules,
    &command_lint,
    &command_test,
    &command_validate,
    &command_capture,
    NULL,
};
/* clang-format on */

const struct command *command_find(const char *name)
{
    for (const struct command *const *command = commands; *command; command++)
        if (text_equal((*command)->name, name))
            return *command;
    return NULL;
}
