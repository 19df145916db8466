/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Answers that are kept between runs on the running host: the text that was given for a question, with all that was
 * asked of the host to find it (root/journal.h). A later run asks the host all of it again, and gives the same text if
 * it hears the same, or if the facts that it hears something else for come to the same result. So nothing is believed
 * that was not looked at in this run; what is saved is only to think it through once more.
 *
 * A recorded host is not asked again: as long as all files of its snapshot are what they were, it says the same.
 *
 * An answer is of the same program, rule files and schemas, as they are told apart by file_identity.
 */
#ifndef HVPROBE_SESSION_ANSWER_H
#define HVPROBE_SESSION_ANSWER_H

#include "session/session.h"

struct answer {
    const char *text;
    size_t length;
    enum status status;
};

struct answers;

/*
 * question: all that the text depends on beside options, files and host, such as the words of a command line; copied.
 * root NULL: the snapshot that options name. NULL: nothing is kept or known here.
 * Whoever calls this next uses the root for a new run.
 */
struct answers *answers_open(const struct session_options *options, struct arena *arena, struct root *root,
                             const struct buf *question);
/* Is an answer known that holds without any rule being looked at? All answers live as long as the arena. */
bool answers_known(const struct answers *answers, struct answer *ret_answer);
/* Does one hold although the host says something else now, as the facts of this run say? */
bool answers_hold(struct answers *answers, struct run *run, struct answer *ret_answer);
/* Where rules put what they are made of: for load_options.identities. answers may be NULL. */
struct buf *answers_identities(struct answers *answers);
/* Keeps the whole answer that a run came to without a message. answers may be NULL. */
void answers_keep(struct answers *answers, struct run *run, const struct answer *answer);

#endif
