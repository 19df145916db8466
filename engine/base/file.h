/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of hvprobe's own (rules, schemas, output): not observations of a host, which go through root/. */
#ifndef HVPROBE_BASE_FILE_H
#define HVPROBE_BASE_FILE_H

#include "base/memory.h"

/*
 * Reads a regular file of at most limit bytes into the arena, NUL-terminated. 0, or a negative errno: -EISDIR, -EFBIG
 * (over the limit), -ENOTSUP (FIFO, device, socket: never opened for reading). path "-" is standard input,
 * and so is /dev/stdin; /dev/fd/N is a descriptor that the program was started with.
 */
int file_read(struct arena *arena, const char *path, size_t limit, char **ret_text, size_t *ret_length);
/* The descriptor that such a path stands for, or -1: it is an ordinary one. */
int file_inherited(const char *path);
/* A new file "PATH.PID-N.tmp" to be renamed to path once it is whole; its name is added to ret_name. Or a negative
 * errno. */
int file_temporary(const char *path, unsigned mode, struct buf *ret_name);
/* Writes a whole file: a temporary one in the same directory, then rename. 0 or a negative errno; nothing is left
 * behind. */
int file_write(const char *path, const char *data, size_t length, unsigned mode);
/* The same in an open directory (AT_FDCWD: any path). */
int file_replace(int directory, const char *name, const char *data, size_t length, unsigned mode);
/* Writes all of it to what is open, in as many pieces as that takes. 0 or a negative errno. */
int file_write_all(int descriptor, const char *data, size_t length);
/* A sentence for a negative errno of file_read or root/, with what it means for the reader. Thread-safe, static. */
const char *file_error(int error);
bool file_is_directory(const char *path, bool follow); /* follow: a link to one is one, too */
/*
 * Adds bytes that tell which file is at a path, and of when, apart from all others. Gives when it changed last, in
 * nanoseconds; 0: it is of another type (S_IFREG, S_IFDIR; 0: any) than asked for, or there is none.
 */
int64_t file_identity(struct buf *out, const char *path, unsigned type);
/* The same of a file of which only the path is known: no file has these bytes. */
void file_no_identity(struct buf *out, const char *path);
/* Of the paths in some identities, as they are now. Gives when the last of them changed. */
int64_t file_identities(struct buf *out, const char *identities, size_t length);
/* Are they what they were? */
bool file_identities_hold(const char *identities, size_t length);
/* The time, as file systems and file_identity tell it. */
int64_t file_now(void);
/* Was a file changed so lately (nanoseconds) that it may change again without showing? Then keep nothing of it. */
bool file_is_fresh(int64_t changed);
/*
 * Will any further change of a file that was last changed then (ctime) show in that time? It will once the kernel's
 * clock for it has gone on; file systems that keep whole seconds are given two.
 */
bool file_is_settled(int64_t seconds, uint32_t nanoseconds);
/* The names in a directory, sorted, without . and .. ; 0 or a negative errno. */
int file_list(struct arena *arena, const char *path, struct vec *ret_names);

#endif
