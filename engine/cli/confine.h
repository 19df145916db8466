/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Rights that the program gives up before it looks at anything: what is wrong in a library then reaches nothing.
 * Kernels without the means leave the program as it is; the shared library never calls this.
 */
#ifndef HVPROBE_CLI_CONFINE_H
#define HVPROBE_CLI_CONFINE_H

#include <stdbool.h>

struct confinement {
    bool privileges; /* none can be gained, as by setuid programs */
    int landlock;    /* the kernel's version of it: nothing is written but below what was named. 0: not in force */
    bool seccomp;    /* no programs, sockets, mounts, or memory of others */
};

/* Is a tool at work that needs rights and memory of its own: a sanitizer, valgrind? */
bool confine_is_watched(void);
/* For the rest of the process and its children. writable: directories, ended by NULL; those that are not there are left
 * out. */
struct confinement confine(const char *const *writable);

#endif
