/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What rules may ask of the machine that hvprobe runs on: requests to devices that change nothing, and files that may
 * not be read because reading them does. Rules may be hostile, so the list is not theirs: it is one YAML file that is
 * installed with the program (schemas/consent.yaml describes itself), in no layer.
 */
#ifndef HVPROBE_BASE_CONSENT_H
#define HVPROBE_BASE_CONSENT_H

#include "base/store.h"

#include <sys/stat.h>
#include <sys/types.h>

struct consent;

/*
 * The list in a file, read at the first question. It and the store (NULL: none) must outlive it. One thread at a time.
 * Where the list cannot be read, and for consent NULL, no request is allowed, and of what the kernel makes up (size 0,
 * no disk) only files that all may read are.
 */
struct consent *consent_open(struct arena *arena, const char *path, struct store *store);
/* Puts the list in a file into a store, if it can be read. */
void consent_keep(struct arena *arena, const char *path, struct store *store);
const char *consent_path(const struct consent *consent); /* for messages; NULL is allowed */

/* A request without a pointer to a character device. 0: it is harmless; -ECANCELED: not known to be; -ENODEV: there is
 * no driver behind the number, which opening it might load. */
int consent_request(struct consent *consent, dev_t device, unsigned long request, unsigned long argument);
/* May a file be read that is open at fd, if only as O_PATH, and has this status? path is how it was found. 0,
 * -ECANCELED or an errno. */
int consent_file(struct consent *consent, int fd, const char *path, const struct stat *status);

/* Files that may not be read by where they usually are, as patterns of the shell whose * matches slashes, too; of char.
 */
struct vec consent_file_patterns(struct consent *consent, struct arena *arena);

/* For lint, by the usual names; without a list nothing is wrong. device NULL: not known; argument < 0: not known. */
bool consent_lint_request(struct consent *consent, const char *device, unsigned long request, long argument);
bool consent_lint_file(struct consent *consent, const char *path);

#endif
