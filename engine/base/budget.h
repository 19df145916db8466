/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What one run may take of time and memory. Every loop over what strangers wrote looks at it: the bounds of the loops'
 * own end what is absurd long before, this one ends the rest.
 *
 * It belongs to the thread that began it, as memory and processor time do, so that nobody has to hand it through
 * regular expressions, directories and documents; the caller keeps it (on its stack) until it is ended. A thread
 * without one has no bounds.
 */
#ifndef HVPROBE_BASE_BUDGET_H
#define HVPROBE_BASE_BUDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BUDGET_SECONDS = 30, BUDGET_MIB = 512 };

struct budget {
    int64_t milliseconds; /* how long it lasts, in milliseconds; 0: for ever */
    int64_t deadline;     /* on the monotonic clock, in milliseconds; INT64_MAX: none */
    ptrdiff_t held;       /* what the thread had of memory when it began */
    bool told;            /* somebody said that it is spent */
    char reason[256];     /* why it is spent; "": it is not */
    struct budget *outer; /* the one that goes on when this one ends; NULL: none */
};

/* Begins for this thread; milliseconds 0: no deadline. */
void budget_begin(struct budget *budget, int64_t milliseconds);
void budget_end(struct budget *budget); /* also for AUTO(); one that was not begun is allowed */
/* NULL: go on. Else why not, for people; as long as the budget. It stays spent. Takes nanoseconds. */
const char *budget_spent(void);
/* Spends it: something would take more than any bound allows. The reason is copied. */
void budget_exceed(const char *reason);
/* Milliseconds up to the deadline; INT64_MAX: there is none. */
int64_t budget_left(void);
/* Is this the first to say that the budget is spent? One message is enough. */
bool budget_tell(void);
/* What there is was found: a quarter of the time, a second at least, is left for writing it down. */
void budget_grace(void);
/* What that comes to, for who watches from outside. */
int64_t budget_grace_of(int64_t milliseconds);

#endif
