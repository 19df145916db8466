/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The commands that are no views, in the order of help: a new one is one file and one row. The first is the default. */
#include "cli/command.h"

#include "base/text.h"

extern const struct command command_capabilities, command_show, command_explain, command_rules, command_lint,
    command_validate, command_capture, command_test, command_batch, command_fleet;

/* clang-format off */
const struct command *const own_commands[] = {
    &command_capabilities,
    &command_show,
    &command_explain,
    &command_rules,
    &command_lint,
    &command_test,
    &command_validate,
    &command_capture,
    &command_batch,
    &command_fleet,
    NULL,
};
/* clang-format on */

struct vec commands_all(struct arena *arena)
{
    struct vec all = {0};
    vec_push(arena, &all, own_commands[0]);
    view_commands(arena, &all);
    for (const struct command *const *command = own_commands + 1; *command; command++)
        vec_push(arena, &all, *command);
    return all;
}

const struct command *command_find(struct arena *arena, const char *name, enum status *ret_status)
{
    for (const struct command *const *command = own_commands; *command; command++)
        if (text_equal((*command)->name, name))
            return *command;
    return view_command(arena, name, ret_status);
}
