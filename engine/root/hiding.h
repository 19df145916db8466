/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A root with parts of another one hidden: all is passed on to that, but each path that is asked about is shown to
 * somebody first, who may hide it. For tests: what do rules look at, and who notices when a file is gone?
 */
#ifndef HVPROBE_ROOT_HIDING_H
#define HVPROBE_ROOT_HIDING_H

#include "root/root.h"

struct hiding {
    /* path: without links, . and .. ; or HIDING_CPUID. Is it to be hidden? */
    bool (*hides)(void *data, const char *path);
    void *data;
    bool everything; /* whatever hides says; paths are shown with links in them, as these are hidden too */
};

/* What is not a path, but asked about: an instruction of the processor. */
#define HIDING_CPUID "cpuid"

/* inner stays the caller's and must outlive it; so must hiding. */
struct root *root_open_hiding(struct root *inner, const struct hiding *hiding);
/* Distribution and architecture are another root's, whatever is hidden. It must outlive this one. */
void root_adopt_host(struct root *root, struct root *host);

/*
 * Every path that a root may say something about: files, links, directories, and nodes that only have an error. false
 * when there are more than limit.
 */
bool root_paths(struct root *root, struct arena *arena, size_t limit, struct vec *ret_paths);

#endif
