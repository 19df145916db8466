/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A process that stands between us and a program that is run, so that nothing of it is left. Only for root/. */
#ifndef HVPROBE_ROOT_SUPERVISE_H
#define HVPROBE_ROOT_SUPERVISE_H

/* What has become of the program. */
struct program_outcome {
    int error;  /* 0, or a negative errno: why it did not run or was ended */
    int status; /* as waitpid gives it */
};

/*
 * Follows a child until it ends, or we are told to by SIGTERM; then ends whatever it left behind, in other sessions
 * too, and exits. What they take together of memory is bounded. failure: a pipe with an errno where the program could
 * not be started; report takes a struct program_outcome. Only system calls: the process that was forked may have had
 * threads.
 */
_Noreturn void supervise(int child, int failure, int report);

#endif
