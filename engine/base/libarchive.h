/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libarchive, loaded on use: only snapshots in one file need it. */
#ifndef HVPROBE_BASE_LIBARCHIVE_H
#define HVPROBE_BASE_LIBARCHIVE_H

#include <archive.h>
#include <archive_entry.h>

struct libarchive {
#define FUNCTION(name) __typeof__(name) *name;
#include "base/libarchive.def"
#undef FUNCTION
};

/* NULL: it is there, and may be used by several threads. Else why not: static. */
const char *libarchive_missing(void);
/* Its functions, by their own names; to be asked for after libarchive_missing() gave NULL. Thread-safe. */
const struct libarchive *libarchive(void);

#endif
