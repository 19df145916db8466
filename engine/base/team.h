/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A team of threads that works on things one after the other, in the order in which they come, and hands them over in
 * that order, too. What is under way fits into a ring of slots: however many things there are, memory does not grow.
 */
#ifndef HVPROBE_BASE_TEAM_H
#define HVPROBE_BASE_TEAM_H

#include "base/memory.h"

struct team_task {
    void *context;
    size_t slots;   /* so many things are under way or wait to be handed over */
    size_t members; /* threads */
    /* Takes the next thing into its slot; one thread at a time. false: there are no more. */
    bool (*take)(void *context, size_t number, size_t slot);
    /* Works on it, beside other threads; member counts from 0. */
    void (*work)(void *context, size_t member, size_t slot);
    /* Hands it over, in order, in the thread that called team_run. done: how many are worked on. false: no more. */
    bool (*give)(void *context, size_t slot, size_t done);
};

/* How many threads -j asks for: one a processor unless it is given. */
size_t team_size(const char *given);
/* Returns when all is handed over, or nothing more is wanted. false: no thread could be started. */
bool team_run(const struct team_task *task);

#endif
