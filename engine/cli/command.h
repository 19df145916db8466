/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A command: one file, one constant, one row in registry.c. Help, completion and manual read the same rows. */
#ifndef HVPROBE_CLI_COMMAND_H
#define HVPROBE_CLI_COMMAND_H

#include "write/write.h"

enum status { STATUS_OK = 0, STATUS_NO = 1, STATUS_USAGE = 2, STATUS_BROKEN_RULE = 3, STATUS_NO_ROOT = 4 };

/* A long option. Global ones are in options.c, a command's own beside it. */
struct option_kind {
    const char *name;     /* without -- */
    char letter;          /* 0: none */
    const char *argument; /* NULL: a switch */
    const char *help;
    bool repeat; /* may be given several times */
};

/* Options and words of one call. */
struct invocation {
    struct arena *arena;
    const struct command *command;
    struct vec given;   /* of struct filter_value: option and value, in order */
    const char **words; /* arguments after the command, NULL-terminated */
    size_t word_count;
};

struct command {
    const char *name;
    const char *arguments; /* "[RULE | XPATH]", "" */
    const char *summary;
    const struct option_kind *options; /* ended by a NULL name; NULL: none */
    const char *view;                  /* options of this view's filters are accepted too; NULL: none */
    enum status (*run)(struct invocation *invocation);
};
extern const struct command *const commands[]; /* registry.c, NULL-terminated; in the order of help */
extern const struct option_kind global_options[];

const char *invocation_value(const struct invocation *invocation, const char *option); /* last one given; NULL */
bool invocation_has(const struct invocation *invocation, const char *option);
/* All values of a repeatable option, NULL-terminated; NULL when not given. */
const char *const *invocation_values(const struct invocation *invocation, const char *option);

/* What most commands need: rules, root, run, by the global options. */
struct session {
    struct arena *arena;
    struct invocation *invocation;
    struct diagnostics diagnostics;
    struct rule_set *rules;
    struct root *root;
    struct run *run;
    struct document_options document_options;
    struct writer_options writer_options;
    enum status status; /* STATUS_BROKEN_RULE when a rule file was left out */
};
enum session_needs { SESSION_RULES = 1, SESSION_ROOT = 2, SESSION_TRACE = 4, SESSION_LINT = 8 };
/* STATUS_OK, or what to exit with (a message was printed). documents: rules to load, NULL for all. */
enum status session_open(struct session *session, struct invocation *invocation, unsigned needs,
                         const char *const *documents);
/* Prints what diagnostics came up; gives the exit status: that of the command, or 3 when a rule file was left out. */
enum status session_close(struct session *session, enum status status);
/* Builds a document or prints why not (NULL). */
const struct document *session_document(struct session *session, const char *name);
/* Writes a buffer to standard output; a write error is reported and changes the status. */
enum status output(const struct buf *buf, enum status status);
void complain(const char *format, ...) PRINTF(1, 2); /* "hvprobe: ..." on standard error */

#endif
