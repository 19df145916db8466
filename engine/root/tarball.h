/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A tar file, compressed or not, read into memory: nothing is unpacked to a disk, and nothing is run for it. It may be
 * anybody's: what it may make us keep and do is bounded. Only for root/.
 */
#ifndef HVPROBE_ROOT_TARBALL_H
#define HVPROBE_ROOT_TARBALL_H

#include "root/file_tree.h"

struct tarball {
    struct map items;  /* of struct file_item, by path from the archive's top, with all directories above them */
    struct vec others; /* of char: paths of devices, FIFOs and sockets, which are not kept */
};

/*
 * Reads what is wanted of it (by path), from where the descriptor stands; that stays the caller's. label: for messages.
 * false after a message in *ret_error. libarchive_missing() was asked before.
 */
bool tarball_read(struct arena *arena, int fd, const char *label, bool (*wanted)(const char *path),
                  struct tarball *ret_tarball, const char **ret_error);

#endif
