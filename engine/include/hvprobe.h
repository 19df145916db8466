/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libhvprobe: what can a host virtualise, and how do you know?
 *
 *     hvp_error error;
 *     char *xml = hvp_capabilities(NULL, &error);
 *     puts(xml ? xml : error.message);
 *     hvp_free(xml);
 *
 * Compile with `pkg-config --cflags --libs hvprobe`.  This header is the manual; libhvprobe(3) is the short form.
 *
 * The pipeline.  hvp_options say which rules there are and which host is looked at.  hvp_rules_load() makes a rule set
 * of them, which never changes any more.  hvp_probe_new() begins to look at one host with it; hvp_probe_document()
 * builds a document of what is found.  hvp_document() does all of it in one call.
 *
 * Ownership.  Everything that a function here returns belongs to the caller: opaque objects go to the function of their
 * type whose name ends in _free, a char * or char ** to hvp_free().  A const char * belongs to the library and lives as
 * long as its comment says.  Arguments are copied where they are kept.  A rule set must outlive its probes.
 *
 * NULL.  Arguments may be NULL only where the comment says so; hvp_error * always may.  All functions that free accept
 * NULL.  Where a function returns a pointer, NULL means failure or "there is none", as its comment says.
 *
 * Errors.  A function that takes an hvp_error writes it in any case: HVP_OK and an empty message on success.  Nothing
 * is ever printed, and the process never exits, but for a lack of memory.
 *
 * Memory. A call that takes options takes at most 512 MiB; beyond that it ends with HVP_FAILED. Where the system itself
 * has no more, such a call gives back what it had set aside (1 to 8 MiB), goes no further, and ends with HVP_FAILED,
 * too: "there is no more memory". When even that does not help it says so on standard error and aborts the process, as
 * do functions without options or budget (hvp_options_new(), lists). What libxml2, jansson, PCRE2 and libarchive do
 * without memory is their own: HVP_FAILED, unknown facts, or that abort; libarchive may end the process.
 *
 * Threads.  There is no global state.  A rule set may be used by any number of threads at a time.  Options may be read
 * by many threads, as long as none changes them.  A probe belongs to one thread at a time.  The functions read the
 * environment as documented at hvp_option, so no other thread may change it meanwhile.
 *
 * Units and encodings.  Texts are UTF-8 and end with a NUL; paths are bytes.  Lines and columns count from 1.
 *
 * Safety.  No program is executed unless HVP_OPTION_EXEC says so, and no file is written unless HVP_OPTION_CACHE names
 * a directory for it.
 *
 * Since: everything is there since 0.1 unless its comment says otherwise.  Within one soname (libhvprobe.so.0) things
 * are added, never changed or taken away.
 */
#ifndef HVPROBE_H
#define HVPROBE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define HVP_API __attribute__((visibility("default")))
#else
#define HVP_API
#endif

/* The library's version, "0.1.0". Static. */
HVP_API const char *hvp_version(void);

/* Frees what a function here returned as char * or char **. NULL is allowed. */
HVP_API void hvp_free(void *memory);

/* How a call ended. The numbers are the exit statuses of hvprobe(1). */
typedef enum hvp_status {
    HVP_OK = 0,          /* done */
    HVP_NO = 1,          /* the answer is no: a document that is not valid */
    HVP_USAGE = 2,       /* there is no such thing as was asked for, or options contradict each other */
    HVP_BROKEN_RULE = 3, /* a rule file is broken and was left out (with HVP_OPTION_STRICT: nothing was done), or no
                            rule or schema is there */
    HVP_NO_ROOT = 4,     /* the root or snapshot cannot be read */
    HVP_FAILED = 5       /* the answer is incomplete (time, memory, work) or could not be given: a library that it needs
                            is missing, a text is not XML */
} hvp_status;

enum { HVP_MESSAGE_SIZE = 1024 };

/* What went wrong: one sentence without a newline, cut off where it is longer. */
typedef struct hvp_error {
    hvp_status status;
    char message[HVP_MESSAGE_SIZE];
} hvp_error;

/* --- Options --------------------------------------------------------------------------------------------------- */

typedef struct hvp_options hvp_options;

typedef enum hvp_option {
    /* Which rules and schemas: for hvp_rules_load(). */
    HVP_OPTION_LAYERS,   /* colon-separated directories of rules, weakest first, in place of the standard ones. Default:
                            HVPROBE_RULES of the environment, else the installed ones and those of the host */
    HVP_OPTION_RULES,    /* list: one more directory of rules, stronger than all before it */
    HVP_OPTION_SCHEMAS,  /* colon-separated directories of schemas, strongest first. Default: HVPROBE_SCHEMAS of the
                            environment, then the installed ones */
    HVP_OPTION_DOCUMENT, /* list: load only rules of these documents and what they need. Default: all */
    HVP_OPTION_STRICT,   /* yes: a broken rule file is a failure. Default: it is left out */
    HVP_OPTION_LINT,     /* yes: look for doubtful places too; see hvp_rules_problem(). Default: for errors only */
    /* Which host and how: for hvp_probe_new(). */
    HVP_OPTION_ROOT,      /* directory that holds the host's file system */
    HVP_OPTION_SNAPSHOT,  /* snapshot that `hvprobe capture` took. Default of both: the running host */
    HVP_OPTION_ARCH,      /* take this for the host's architecture; before a command that has its own --arch: uname -m's
                             word, or another system's */
    HVP_OPTION_DRIVER,    /* list: rules of these drivers, and those without one. Default: all */
    HVP_OPTION_PARAMETER, /* list: NAME=VALUE, for ${param.NAME} in rules */
    HVP_OPTION_LANG,   /* language of texts for people, such as de or de_AT.UTF-8. Default: the locale that the program
                          has set with setlocale(), else LC_ALL, LC_MESSAGES or LANG of the environment */
    HVP_OPTION_EXEC,   /* yes: rules may run programs. Default: nothing is executed */
    HVP_OPTION_TRACE,  /* yes: remember what was seen and done, for hvp_probe_explain() */
    HVP_OPTION_CACHE,  /* directory for what is kept between runs; empty: nothing is kept. Default: that of the command,
                          HVPROBE_CACHE or hvprobe in the user's cache directory, of root /var/cache/hvprobe */
    HVP_OPTION_TIMEOUT /* seconds that a call may take to look at a host, such as 2.5; 0: no end. Default: 30 */
} hvp_option;

/* New options, all at their default. Never NULL. */
HVP_API hvp_options *hvp_options_new(void);
HVP_API void hvp_options_free(hvp_options *options);

/*
 * Sets an option, or adds to it where it is a list. value NULL: back to the default. yes and no stand for themselves.
 * HVP_OK, or HVP_USAGE and the options as they were: no such option, a parameter without '=', neither yes nor no.
 */
HVP_API hvp_status hvp_options_set(hvp_options *options, hvp_option option, const char *value, hvp_error *error);

/* --- In one call ------------------------------------------------------------------------------------------------ */

/*
 * A document of a host as XML, such as "capabilities", "detect", "checks" or "domain": the same as hvp_rules_load(),
 * hvp_probe_new() and hvp_probe_document() give. options NULL: of the running host, by the standard rules.
 * HVP_OPTION_DOCUMENT does not matter.
 *
 * NULL on failure. Where a broken rule file was left out the document is there all the same, and error->status is
 * HVP_BROKEN_RULE; where the time was up, or a rule asked for more work than any honest one, HVP_FAILED. To ask for
 * many hosts or documents, load the rules once: hvp_rules_load().
 */
HVP_API char *hvp_document(const hvp_options *options, const char *name, hvp_error *error);

/* hvp_document() of "capabilities". */
HVP_API char *hvp_capabilities(const hvp_options *options, hvp_error *error);

/* --- Rules ------------------------------------------------------------------------------------------------------ */

typedef struct hvp_rules hvp_rules;

/*
 * Loads rules. options NULL: all defaults. NULL on failure: a broken file with HVP_OPTION_STRICT, rules that are not
 * there. Where broken files were left out the rest is there, and error->status is HVP_BROKEN_RULE.
 */
HVP_API hvp_rules *hvp_rules_load(const hvp_options *options, hvp_error *error);
HVP_API void hvp_rules_free(hvp_rules *rules);

/* Ids of the rules in use; drivers; names of the documents that they emit into. Each sorted, ended by a NULL; one
 * hvp_free() frees list and texts. Never NULL. */
HVP_API char **hvp_rules_list(const hvp_rules *rules);
HVP_API char **hvp_drivers_list(const hvp_rules *rules);
HVP_API char **hvp_documents_list(const hvp_rules *rules);

/* A rule as all layers together make it, in YAML, the origin of each line in a comment. NULL: there is no such rule. */
HVP_API char *hvp_rules_show(const hvp_rules *rules, const char *id, hvp_error *error);

typedef enum hvp_severity { HVP_NOTE = 0, HVP_WARNING = 1, HVP_ERROR = 2 } hvp_severity;

/* Something wrong with a rule file. All texts live as long as the rule set. */
typedef struct hvp_problem {
    hvp_severity severity;
    const char *id;      /* stable: "HV012"; `hvprobe explain HV012` tells more */
    const char *name;    /* "unknown-key" */
    const char *message; /* what is wrong */
    const char *hint;    /* what would be right; NULL: nobody knows */
    const char *file;    /* NULL: in no file */
    unsigned line;       /* 0: the file as a whole */
    unsigned column;     /* in bytes */
    unsigned end_column; /* one past the last */
} hvp_problem;

/*
 * The problems found when the rules were loaded, by file and line: index from 0. HVP_OK and *ret_problem, or HVP_NO
 * where there are no more of them and *ret_problem stays as it is.
 */
HVP_API hvp_status hvp_rules_problem(const hvp_rules *rules, size_t index, hvp_problem *ret_problem);

/* All of them as `hvprobe lint --format FORMAT` writes them: text (also for NULL), gcc, jsonl, sarif or github. NULL:
 * there is no such format. "" or an empty report when there are none. */
HVP_API char *hvp_rules_problems(const hvp_rules *rules, const char *format, hvp_error *error);

/*
 * What a machine type is, in words, such as "pc-q35-9.2". lang NULL: as for HVP_OPTION_LANG; English where there is no
 * text in that language. NULL: no rule knows this machine. The rules must have been loaded with the document "machines"
 * (all documents are, unless HVP_OPTION_DOCUMENT chooses).
 */
HVP_API char *hvp_machine_description(const hvp_rules *rules, const char *machine, const char *lang);

/* --- Looking at a host ------------------------------------------------------------------------------------------- */

typedef struct hvp_probe hvp_probe;

/*
 * Begins to look at a host. options NULL: the running host. NULL on failure: the root or snapshot cannot be read, or
 * there are both. Things are looked at when first asked for, and once; the probe remembers them.
 */
HVP_API hvp_probe *hvp_probe_new(const hvp_rules *rules, const hvp_options *options, hvp_error *error);
HVP_API void hvp_probe_free(hvp_probe *probe);

/*
 * A document, such as "capabilities", "detect", "checks" or "domain", as a text. format: xml (also for NULL), json or
 * yaml. NULL on failure: no such document or format, or a library that the format needs is not installed.
 */
HVP_API char *hvp_probe_document(hvp_probe *probe, const char *name, const char *format, hvp_error *error);

/* What XPath's string() makes of an expression on a document: "/capabilities/host/uuid". "" when nothing is there; NULL
 * on failure: no such document, a bad expression. */
HVP_API char *hvp_probe_value(hvp_probe *probe, const char *name, const char *xpath, hvp_error *error);

/*
 * Why the answer is what it is: of a rule (its id), of nodes of the capabilities (an XPath), or in short of all rules
 * (NULL). The text begins with the answer, as that of `hvprobe explain --all`. NULL on failure: no such rule, a bad
 * XPath, or HVP_OPTION_TRACE was not set.
 */
HVP_API char *hvp_probe_explain(hvp_probe *probe, const char *what, hvp_error *error);

/* What was refused while looking, and what is wrong with the snapshot; formats as for hvp_rules_problems(). */
HVP_API char *hvp_probe_problems(const hvp_probe *probe, const char *format, hvp_error *error);

/* --- Validity ---------------------------------------------------------------------------------------------------- */

/*
 * Is this text a valid document, by the schema of its root element? options (NULL: defaults) say where schemas are.
 *
 * HVP_OK: yes. HVP_NO: no, and *ret_report (where ret_report is not NULL) is a text to free, with a line "LINE:
 * ELEMENT: MESSAGE; expected: ..." for every error. Else a failure, in error: not XML, or there is no schema for it.
 */
HVP_API hvp_status hvp_validate(const hvp_options *options, const char *xml, size_t length, char **ret_report,
                                hvp_error *error);

#ifdef __cplusplus
}
#endif

#endif
