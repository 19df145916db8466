/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a recording root remembers. Only for record*.c. */
#ifndef HVPROBE_ROOT_RECORDING_H
#define HVPROBE_ROOT_RECORDING_H

#include "root/backend.h"
#include "root/redact.h"

struct kept_range {
    uint64_t offset;
    uint64_t end;
};

/* What an extract found in a file. */
struct rows_record {
    const char *digest;
    struct root_rows rows;
};

/* A path without links on the way to it. */
struct recorded_path {
    const char *path;
    bool exists;
    bool asked;              /* its status was: size and mode should come out the same */
    struct root_stat status; /* of itself, not of what it links to */
    int error;               /* negative: nothing can be said about it (-ENOENT is not recorded so) */
    int read_error;          /* negative: of reading or listing it */
    const char *target;      /* of a link */
    const char *access;      /* what is allowed, NULL: not asked */
    const char *content;     /* as read, NULL: not read */
    size_t length;
    unsigned opened;   /* so often for reading by position, not counting those of which rows are kept */
    struct map rows;   /* of struct rows_record, by digest */
    struct vec ranges; /* of struct kept_range */
    bool listed;
    struct vec names;   /* of char */
    bool named;         /* a listing has it */
    const char *hidden; /* it is kept from the snapshot, as a part of this; NULL: it is not */
};

struct cpuid_record {
    uint32_t leaf, subleaf;
    uint32_t registers[4];
};

struct ioctl_record {
    const char *path;
    unsigned long request, argument;
    int error;
    long result;
};

struct exec_record {
    struct vec argv; /* of char */
    const char *input;
    int error;
    struct root_exec_result result;
};

struct recording {
    struct root_methods methods; /* this root's: live is as inner's */
    struct root *inner;
    struct map entries; /* of struct recorded_path */
    bool has_uname;
    struct root_uname uname;
    struct map cpuid;             /* of struct cpuid_record */
    bool cpuid_asked, exec_asked; /* the host itself answered, if only by no */
    struct map ioctls;            /* of struct ioctl_record */
    struct map execs;             /* of struct exec_record */
    bool whole;                   /* files are written as they are, and no rows in their place */
    struct redaction *redaction;  /* NULL: everything is told */
};

/* The entry of a path with its status; links on the way are recorded too. NULL when it leads nowhere. */
struct recorded_path *recording_entry(struct root *root, const char *path, bool follow);

/* Files up to this size are stored as they are, of larger ones what was kept. */
enum { RECORDING_WHOLE = 1024 * 1024 };

/* Names that were listed exist in the snapshot, whether or not anybody looked at them. record_write.c */
void recording_add_listed(struct root *root);

/* Is the content of a file written below root/? */
static inline bool recording_stores(const struct recording *recording, const struct recorded_path *entry)
{
    return entry->exists && !entry->hidden && entry->status.type == ROOT_FILE &&
           (entry->content || entry->opened > 0 || (recording->whole && entry->rows.count > 0));
}

/* snapshot.yaml: record_yaml.c */
void recording_yaml(struct root *root, struct buf *out);

#endif
