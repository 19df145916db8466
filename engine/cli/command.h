/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A command: one file, one constant, one row in registry.c. Help, completion and manual read the same rows. */
#ifndef HVPROBE_CLI_COMMAND_H
#define HVPROBE_CLI_COMMAND_H

#include "base/budget.h"
#include "session/answer.h"
#include "write/write.h"

/* A long option. Global ones are in options.c, a command's own beside it. */
struct option_kind {
    const char *name;     /* without -- */
    char letter;          /* 0: none */
    const char *argument; /* NULL: a switch */
    const char *help;
    bool repeat; /* may be given several times */
    bool writes; /* its value is a file or directory that is made */
};

/* Of commands that print documents which other programs read; see compat_schema. */
#define COMPAT_OPTION                                                                                                  \
    {                                                                                                                  \
        "compat", 0, "NAME",                                                                                           \
            "as readers of this generation (compat/NAME, or a schema) know it; says what is left out", false           \
    }

/* Options and words of one call. */
struct invocation {
    struct arena *arena;
    const struct command *command;
    const struct view *view; /* the command's, or what 'show' shows; NULL: none */
    struct vec given;        /* of struct filter_value: option and value, in order */
    const char **words;      /* arguments after the command, NULL-terminated */
    size_t word_count;
    bool help_all;        /* no command was named */
    struct budget budget; /* of the run */
    int64_t milliseconds; /* of --timeout; 0: no end */
    int runner;           /* a descriptor to what runs programs, with --exec; 0: none, they are run by us */
    const char *arch;     /* the host's, by the global --arch; a command's own is among those given */
};

struct command {
    const char *name;
    const char *arguments; /* "[RULE | XPATH]"; "" takes none */
    const char *summary;
    const struct option_kind *options; /* ended by a NULL name; NULL: none */
    const struct view *view;           /* options of this view's filters are accepted too; NULL: none */
    enum status (*run)(struct invocation *invocation);
    const char *writes; /* the only thing, which --format cannot change; NULL: the command looks at the format itself */
    bool many;          /* --timeout is of each of many things that it does */
    /* Adds the directories in which it makes files, beside those of its options' values; NULL: none. */
    void (*places)(const struct invocation *invocation, struct vec *places);
};
/* All of them in the order of help: those of registry.c, and of views. A broken view is told and left out. */
struct vec commands_all(struct arena *arena);
extern const struct command
    *const own_commands[]; /* registry.c, NULL-terminated: no view's. The first is the default */
extern const struct option_kind global_options[];

/* Parses words into an invocation. STATUS_OK, or a usage error that was printed. argv[0] is the program. */
enum status invocation_parse(struct invocation *invocation, struct arena *arena, char **argv);
const char *invocation_value(const struct invocation *invocation, const char *option); /* last one given; NULL */
bool invocation_has(const struct invocation *invocation, const char *option);
/* All values of a repeatable option, NULL-terminated; NULL when not given. */
const char *const *invocation_values(const struct invocation *invocation, const char *option);

/* --help: of the program (command NULL) or of one command. */
void help_write(struct buf *out, struct arena *arena, const struct command *command);
/* NULL: there is no such command; with another *ret_status than STATUS_OK its view is broken, and that was told. */
const struct command *command_find(struct arena *arena, const char *name, enum status *ret_status);

/* views.c: commands from schemas/views/. */
const struct view *view_open(struct arena *arena, const char *name, enum status *ret_status); /* NULL after a message */
const struct command *view_command(struct arena *arena, const char *name, enum status *ret_status);
void view_commands(struct arena *arena, struct vec *ret_commands); /* adds those of all views */
/* Are options and words what the invocation's view takes? */
enum status view_check(const struct invocation *invocation, const char *const *words, size_t count);
enum status view_run(struct invocation *invocation); /* prints the invocation's view */
/* Those that the view's answer may need, its own first, up to NULL; many: that of its option to collect. */
const char *const *view_documents(struct arena *arena, const struct view *view, bool many);

/* The layers that --layer names, of char as a source names its layer; none: all. STATUS_USAGE after a message. */
enum status layers_asked(const struct invocation *invocation, struct vec *ret_layers);
/* The layer that is this directory; NULL: none is. */
const char *layer_of_directory(const struct invocation *invocation, const char *directory);
#define LAYER_OPTION(help)                                                                                             \
    {                                                                                                                  \
        "layer", 0, "DIR", help, true                                                                                  \
    }
const char *const *schema_directories(struct arena *arena);
const char *const *schema_directories_below(struct arena *arena, const char *name); /* DIRECTORY/name of each */
/* What --option says: a schema's name or its file. NULL after a message. */
const char *named_schema(struct arena *arena, const char *option, const char *value, const char *const *directories);

/* Of the source tree that the program was built in and runs from; NULL: it does not. */
const char *rules_of_build_tree(struct arena *arena);
const char *fixtures_of_build_tree(struct arena *arena);

/* What most commands need: rules, root, run, by the global options. */
struct session {
    struct arena *arena;
    struct invocation *invocation;
    struct session_options options;
    struct rulebook book;
    struct diagnostics diagnostics;
    struct rule_set *rules;
    struct root *root;
    struct root *recorded; /* what root records, with SESSION_RECORD; else NULL */
    struct run *run;
    struct document_options document_options;
    struct writer_options writer_options;
    struct answers *answers; /* NULL: none are kept or known */
    struct answer answer;    /* that was known, or that was given */
    bool answered;           /* it was known: all that is left is to give it */
    unsigned outputs;        /* how many texts were written */
    bool told;               /* something was said beside the answer, which is none to keep then */
    enum status status;      /* STATUS_BROKEN_RULE when a rule file was left out: that of the command may be worse */
};
enum session_needs {
    SESSION_RULES = 1,
    SESSION_ROOT = 2,
    SESSION_TRACE = 4,
    SESSION_LINT = 8,
    SESSION_RECORD = 16,
    SESSION_NAMED = 32,   /* load the rules that the words name */
    SESSION_ANSWER = 128, /* the answer may be one that is known: see session->answered */
    SESSION_LEAN = 64,    /* load only rules that may have something to say about the root */
};
/* STATUS_OK, or what to exit with (a message was printed). documents: rules to load, NULL for all. */
enum status session_open(struct session *session, struct invocation *invocation, unsigned needs,
                         const char *const *documents);
/* Prints what diagnostics came up; gives the exit status: the worse of the session's and the command's. */
enum status session_close(struct session *session, enum status status);
/* What stands for all rule files that are used, in their order, wherever they are. */
const char *rules_digest(struct session *session);
/* Writes the answer that was known. */
enum status session_answer(struct session *session);
/* Writes the command's answer. What a command says beside it is told by session->told. */
enum status session_output(struct session *session, const struct buf *text);
/* NULL after a message, and what to exit with: there is no such rule. */
const struct rule *session_rule(struct session *session, const char *id, enum status *ret_status);
/* Builds a document, or prints why not (NULL) and says what to exit with. */
const struct document *session_document(struct session *session, const char *name, enum status *ret_status);
/* STATUS_FAILED after a message where a document is empty only because nothing could be looked at. */
enum status tell_unseen(const struct document *document);
/* view_values.c: STATUS_USAGE after a message where a filter's value is none that rules could give. */
enum status view_check_values(struct session *session, const struct document *document);
/* The same of those that are parameters, where the answer is no: whatever the rules said of a mistyped word. */
enum status view_check_parameters(struct session *session);
/* view_parameters.c: is the value of each -D NAME=VALUE what the view's parameter takes? */
enum status view_check_given_parameters(const struct invocation *invocation);
/* collect.c: prints the document that the view's collect: makes of many. */
enum status view_collect(struct session *session, const char *schema);
/* The same of those whose values are what this host has. */
enum status view_check_parameters_here(struct session *session);
/* Says what nothing matched, where filters were given. */
void view_tell_empty(struct session *session);
/* Writes a grid in the format asked for , or fallback; complains about an unknown one. */
enum status output_grid(struct session *session, const struct grid *grid, const char *fallback);
/* Writes a document in the format asked for, or fallback. */
enum status output_document(struct session *session, const struct document *document, const char *fallback);
/* What --compat names, or the build's own generation; NULL: the newest. */
const char *compat_name(const struct invocation *invocation);

/* The schema that --compat names, or the build's own generation; NULL: documents are written as they are. */
enum status compat_schema(struct invocation *invocation, const char **ret_schema);
/* Puts in the place of a document a copy without what that schema (NULL: none) does not know, NULL after a message;
 * STATUS_NO: it is still not valid by it. */
enum status compatible_document(struct arena *arena, const struct document **document, const char *schema,
                                bool *ret_told);
/* Writes a document without what that schema (NULL: none) does not know; STATUS_NO: it is still not valid by it. */
enum status output_compatible(struct session *session, const struct document *document, const char *schema,
                              const char *fallback);
/* Is the terminal one that only takes text? */
bool terminal_is_dumb(void);
/* Writes a buffer to standard output; a write error is reported and changes the status. */
enum status output(const struct buf *buf, enum status status);
/* The same for lines for people that hold names and texts of others: none of them can steer a terminal. */
enum status output_text(const struct buf *text, enum status status);
void complain(const char *format, ...) PRINTF(1, 2); /* "hvprobe: ..." on standard error */
/* "there is no WHAT 'WORD'; did you mean 'NEAREST'?", or what otherwise says when none of the count names is near. */
void complain_unknown(const char *what, const char *word, const char *const *names, size_t count,
                      const char *otherwise);

#endif
