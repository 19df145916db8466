/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside the command batch: names come in (batch_names.c), each host is asked by one of several threads (batch_host.c),
 * lines go out in the order of the names (batch.c), by default to standard output, else into a file of former lines
 * (batch_resume.c).
 */
#ifndef HVPROBE_CLI_BATCH_H
#define HVPROBE_CLI_BATCH_H

#include "cli/command.h"

#include <stdio.h>

/* What all threads share and none changes while they work. */
struct batch_plan {
    struct session *session;
    const char *const *documents; /* names, NULL-terminated */
    const struct view **views;    /* of each: the view that says when the answer is no, or NULL */
};

/* A host from its name to its line. */
struct batch_host {
    struct buf name;
    struct buf line; /* with the newline */
    enum status status;
};

struct batch_names;
/*
 * batch.c: asks hosts for documents (NULL-terminated). Each is handed over in the order of the names, in the calling
 * thread; false from take: enough. STATUS_OK, or a message was printed.
 */
enum status batch_run(struct session *session, const char *const *documents, struct batch_names *names,
                      bool (*take)(void *context, const struct batch_host *host), void *context);

/* batch_host.c: fills line and status; consent is the calling thread's. */
void batch_ask(const struct batch_plan *plan, struct consent *consent, struct batch_host *host);

/* Names: words of the command line; "-" stands for the lines of standard input. */
struct batch_names {
    const char **words;
    struct map known; /* to be left out: names as JSON texts, those of a former output */
    bool piped;       /* standard input is being read */
    char *line;
    size_t room;
};
bool batch_next(struct batch_names *names, struct buf *ret_name); /* false: there are no more */
void batch_names_free(struct batch_names *names);
/* How many there are, without those that are known; 0: that cannot be told before they come. */
size_t batch_count(const struct batch_names *names);

/*
 * batch_resume.c: opens a former output, whose hosts become known, and cuts a half last line off; a new one is made.
 * The descriptor is for appending. STATUS_OK, or a message was printed.
 */
enum status batch_resume(struct arena *arena, const char *path, struct map *known, int *ret_fd);

/* batch_progress.c: how far it is, for a person who waits. */
struct batch_progress {
    bool shown;
    size_t total; /* 0: not known */
    size_t done, failed;
    double started, last; /* seconds */
};
struct batch_progress batch_progress_new(size_t total, bool shown);
void batch_progress_step(struct batch_progress *progress, bool failed);
void batch_progress_end(const struct batch_progress *progress);

#endif
