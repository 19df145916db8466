/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a run may still use of time and memory, asked wherever work could grow without end. */
#include "base/budget.h"

#include "base/memory.h"

#include <stdio.h>
#include <time.h>

enum { MEBIBYTE = 1024 * 1024, GRACE_LEAST = 1000, GRACE_MOST = 5000, GRACE_PART = 4 };

static _Thread_local struct budget *current;

/* Exact to some milliseconds, for some nanoseconds: it is asked for each row and each node. */
static int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int64_t later(int64_t milliseconds)
{
    return milliseconds > 0 ? now() + milliseconds : INT64_MAX;
}

void budget_begin(struct budget *budget, int64_t milliseconds)
{
    *budget = (struct budget){.milliseconds = milliseconds, .held = memory_held(), .outer = current};
    budget->deadline = later(milliseconds);
    current = budget;
    memory_set_aside();
}

void budget_end(struct budget *budget)
{
    if (current != budget)
        return;
    current = budget->outer;
    if (!current)
        memory_give_back();
}

const char *budget_spent(void)
{
    struct budget *budget = current;

    if (!budget || *budget->reason)
        return budget ? budget->reason : NULL;
    if (memory_held() - budget->held > (ptrdiff_t)BUDGET_MIB * MEBIBYTE)
        snprintf(budget->reason, sizeof(budget->reason), "the run takes more than %d MiB of memory", BUDGET_MIB);
    else if (budget->deadline != INT64_MAX && now() > budget->deadline)
        snprintf(budget->reason, sizeof(budget->reason), "the time is up (--timeout %g)",
                 (double)budget->milliseconds / 1000);
    return *budget->reason ? budget->reason : NULL;
}

void budget_exceed(const char *reason)
{
    if (current && !*current->reason)
        snprintf(current->reason, sizeof(current->reason), "%s", reason);
}

int64_t budget_left(void)
{
    int64_t left = current && current->deadline != INT64_MAX ? current->deadline - now() : INT64_MAX;

    return left > 0 ? left : 0;
}

bool budget_tell(void)
{
    bool first = current && !current->told;

    if (current)
        current->told = true;
    return first;
}

int64_t budget_grace_of(int64_t milliseconds)
{
    int64_t part = milliseconds / GRACE_PART;

    return part < GRACE_LEAST ? GRACE_LEAST : part > GRACE_MOST ? GRACE_MOST : part;
}

void budget_grace(void)
{
    if (!current || current->deadline == INT64_MAX)
        return;
    const int64_t last = later(budget_grace_of(current->milliseconds));

    current->deadline = last > current->deadline ? last : current->deadline;
    current->reason[0] = '\0';
}
