/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Help, printed from the tables of commands and options. */
#include "base/text.h"
#include "cli/command.h"

#include <string.h>

enum { HELP_COLUMN = 28 };

static void write_line(struct buf *out, const char *left, const char *right)
{
    size_t length = strlen(left);
    buf_printf(out, "  %s", left);
    if (length + 2 < HELP_COLUMN)
        buf_pad(out, ' ', HELP_COLUMN - 2 - length);
    else
        buf_add(out, "\n                            ");
    buf_printf(out, "%s\n", right ? right : "");
}

static void write_option(struct buf *out, const char *name, char letter, const char *argument, const char *help,
                         bool repeat)
{
    AUTO(buf_free) struct buf left = BUF_INIT;
    if (letter)
        buf_printf(&left, "-%c%s", letter, name ? ", " : "");
    if (name)
        buf_printf(&left, "--%s", name);
    if (argument)
        buf_printf(&left, " %s", argument);
    if (repeat)
        buf_add(&left, " ...");
    write_line(out, buf_text(&left), help);
}

static bool has_option(const struct option_kind *options, const char *name)
{
    for (; options && (options->name || options->letter); options++)
        if (name && text_equal(options->name, name))
            return true;
    return false;
}

/* Those that are not hidden by an option of the same name. */
static void write_options(struct buf *out, const struct option_kind *options, const struct option_kind *hiding)
{
    for (; options && (options->name || options->letter); options++)
        if (!has_option(hiding, options->name))
            write_option(out, options->name, options->letter, options->argument, options->help, options->repeat);
}

static void write_program(struct buf *out, struct arena *arena)
{
    buf_add(out, "hvprobe [OPTIONS] COMMAND [ARGS]\n\n"
                 "What can this host virtualise, and how do you know? With no command, 'capabilities'.\n\nCommands:\n");
    const struct vec commands = commands_all(arena);
    for (size_t i = 0; i < commands.count; i++) {
        const struct command *command = commands.items[i];
        write_line(out, command->name, command->summary);
    }
}

static void write_parameters(struct buf *out, const struct view *view)
{
    buf_add(out, view->parameter_count > 0 ? "\nParameters:\n" : "");
    for (size_t i = 0; i < view->parameter_count; i++) {
        AUTO(buf_free) struct buf left = BUF_INIT;
        buf_printf(&left, "-D %s=", view->parameters[i].name);
        write_line(out, buf_text(&left), view->parameters[i].help);
    }
}

static void write_view(struct buf *out, const struct view *view)
{
    for (size_t i = 0; i < view->filter_count; i++)
        write_option(out, view->filters[i].option, 0, view->filters[i].argument, view->filters[i].help,
                     view->filters[i].argument != NULL);
    buf_add(out, view->argument_count > 0 ? "\nArguments:\n" : "");
    for (size_t i = 0; i < view->argument_count; i++)
        write_line(out, view->arguments[i].name, view->arguments[i].help);
    write_parameters(out, view);
    buf_add(out, view->column_count > 0 ? "\nColumns:\n" : "");
    for (size_t i = 0; i < view->column_count; i++)
        write_line(out, view->columns[i].name, view->columns[i].help);
}

static void write_command(struct buf *out, const struct command *command)
{
    buf_printf(out, "hvprobe %s [OPTIONS]%s%s\n\n%s\n", command->name, *command->arguments ? " " : "",
               command->arguments, command->summary);
    buf_add(out, command->options ? "\nOptions of this command:\n" : "");
    write_options(out, command->options, NULL);
    if (command->view)
        write_view(out, command->view);
}

void help_write(struct buf *out, struct arena *arena, const struct command *command)
{
    if (command)
        write_command(out, command);
    else
        write_program(out, arena);
    buf_add(out, command ? "\nOptions of every command:\n" : "\nOptions:\n");
    write_options(out, global_options, command ? command->options : NULL);
    buf_add(out, "\nExit status: 0 done; 1 the answer is no; 2 usage; 3 a rule file is broken, or there are none; 4 "
                 "the root cannot "
                 "be read;\n5 the answer could not be given.\n");
}
