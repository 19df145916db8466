/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A root: where observations come from. The live host, a directory, or a snapshot, behind one interface.
 *
 * This folder is the only one that touches the observed host. Paths are absolute paths on that host. Functions that
 * return int give 0 or a negative errno and leave ret_ arguments alone on failure. What this kind of root can never
 * tell is -EOPNOTSUPP, which callers report as unknown. A root may be used by one thread at a time.
 */
#ifndef HVPROBE_ROOT_ROOT_H
#define HVPROBE_ROOT_ROOT_H

#include "base/consent.h"
#include "base/diagnostic.h"
#include "base/yaml.h"

#include <stdint.h>

struct root;

enum root_type { ROOT_FILE, ROOT_DIR, ROOT_LINK, ROOT_CHAR, ROOT_BLOCK, ROOT_SOCKET, ROOT_FIFO };
const char *root_type_name(enum root_type type); /* file dir link char block socket fifo */

enum { ROOT_READ_LIMIT = 64 * 1024 * 1024 };

struct root_stat {
    enum root_type type;
    unsigned mode; /* permission bits, as chmod(1) counts them */
    bool has_group;
    uint32_t group; /* number of the owning group, where that is known */
    uint64_t size;  /* of a regular file, else 0: what a directory's is depends on the file system */
    uint64_t device, inode;
    int64_t ctime_seconds;
    uint32_t ctime_nanoseconds;
};

struct root_uname {
    const char *sysname, *nodename, *release, *version, *machine;
};

struct root_exec {
    const char *const *argv; /* NULL-terminated; argv[0] absolute */
    const char *input;       /* NULL: none */
    unsigned timeout;        /* seconds */
};
struct root_exec_result {
    int status; /* exit status, or 128 + signal */
    const char *output;
    size_t length;
};

/* The running host. */
struct root *root_open_live(void);
/* A directory or tar file that holds a host's file system. NULL after a message in *ret_error (arena). */
struct root *root_open_directory(struct arena *arena, const char *path, const char **ret_error);
/* A snapshot directory (DESIGN 7). NULL after diagnostics or a message in *ret_error. */
struct root *root_open_snapshot(struct arena *arena, const char *path, struct diagnostics *diagnostics,
                                const char **ret_error);
/* What a snapshot.yaml says, without files beside it: a mapping of its sections, which must outlive the root. NULL
 * after diagnostics. */
struct root *root_open_sections(const char *label, const struct yaml_node *sections, struct diagnostics *diagnostics);
void root_close(struct root *root); /* NULL is allowed */
/*
 * What may be asked of the machine itself; a root without it allows least. It must outlive the root, and is for those
 * that look at files and devices themselves, not for one that is made of another root.
 */
void root_set_consent(struct root *root, struct consent *consent);
const char *root_consent_path(const struct root *root); /* for messages */

bool root_is_live(const struct root *root);
const char *root_label(const struct root *root);           /* for messages: "this host", or the path */
void root_set_label(struct root *root, const char *label); /* is copied */

/* What a path is, names in directories and small texts are remembered, so that all who ask get one answer; a new run
 * starts anew. */
void root_forget(struct root *root);
/* What is asked from now on, and the answers, go into a journal (root/journal.h), which outlives that; NULL: no more.
 */
struct journal;
void root_set_journal(struct root *root, struct journal *journal);
/* Whose questions follow: a number that means something to who reads the journal. Gives the one before.
 * root NULL: nothing is kept. */
unsigned root_set_asker(struct root *root, unsigned asker);
/* What is known of a file is known from an earlier look into it, as long as it is that file and did not change. */
void root_note_identity(struct root *root, const char *path);
int root_stat(struct root *root, const char *path, bool follow, struct root_stat *ret_stat);
/* want: letters of "rwx". 0: the caller may; -EACCES: not. */
int root_access(struct root *root, const char *path, const char *want);
/*
 * Reads a regular file (or what /proc and /sys serve) of at most limit bytes, NUL-terminated, into the arena. -EISDIR,
 * -EFBIG, -ENOTSUP for a FIFO, device or socket, which are never opened, -ECANCELED for what reading would change.
 */
int root_read(struct root *root, struct arena *arena, const char *path, size_t limit, char **ret_text,
              size_t *ret_length);
/* The same, with what text_blank_lines leaves of it by words. NULL: all. */
int root_read_lines(struct root *root, struct arena *arena, const char *path, const char *words, size_t limit,
                    char **ret_text, size_t *ret_length);
/* A descriptor of a regular file for reading by position; the caller closes it. */
int root_open_file(struct root *root, const char *path, int *ret_fd);
/* What an extract found in a file: count rows of cells (NULL: unset) in columns of these names; of none, why. */
struct root_rows {
    const char *const *names;
    size_t columns;
    const char *const *cells;
    size_t count;
    const char *reason;
};
bool root_keeps_rows(const struct root *root); /* could it have any, or want them? */
/* The rows that a snapshot has in place of a file, by a digest of what was asked. 0, or -ENOENT: the file is to be
 * looked at. Ownership: the root. */
int root_kept_rows(struct root *root, const char *path, const char *digest, struct root_rows *ret_rows);
/* Tells them to a recording root, which then needs the file no more; others ignore it. They are copied. */
void root_keep_rows(struct root *root, const char *path, const char *digest, const struct root_rows *rows);
/* Says which bytes of a file opened with root_open_file gave an answer, for a recording root; others ignore it. */
void root_keep(struct root *root, const char *path, uint64_t offset, size_t length);
/* Names in a directory, sorted naturally, without . and ..; their texts are the root's. */
int root_list(struct root *root, struct arena *arena, const char *path, struct vec *ret_names);
int root_readlink(struct root *root, struct arena *arena, const char *path, char **ret_target);

int root_uname(struct root *root, struct root_uname *ret_uname); /* texts live as long as the root */
/* registers: eax ebx ecx edx. -ENOENT: the processor has no such leaf (or is no x86). */
int root_cpuid(struct root *root, uint32_t leaf, uint32_t subleaf, uint32_t registers[4]);
/*
 * Only character devices, requests without a pointer argument (_IOC_NONE) and arguments below 65536: else -ENOTSUP. A
 * request below 65536 is type << 8 | number on every architecture. -ECANCELED: not known to be harmless, so that the
 * device was not opened.
 */
int root_ioctl(struct root *root, const char *path, unsigned long request, unsigned long argument, long *ret_result);
/* Runs a program. Output is bounded. The caller has checked that running is allowed. -ETIMEDOUT, -EFBIG. */
int root_exec(struct root *root, struct arena *arena, const struct root_exec *request,
              struct root_exec_result *ret_result);

/* The host's architecture in uname's words, 32-bit x86 as i686: uname, or the machine of an ELF file. -ENOENT: unknown.
 */
int root_arch(struct root *root, const char **ret_arch);
/* Programs are run through it (see runner.h), whose owner keeps it open. */
void root_set_runner(struct root *root, int runner);
void root_set_arch(struct root *root, const char *arch); /* --arch: overrides */

/* os-release, read once. ID ("linux" when the file does not say), VERSION_ID (NULL: none), ID_LIKE words
 * (NULL-terminated). Where it is there but cannot be read, unknown says why, and there is no ID. */
struct root_os {
    const char *unknown; /* NULL: all is known */
    const char *id;
    const char *version;
    const char *const *like;
    const char *like_text;
};
const struct root_os *root_os(struct root *root);
extern const char *const root_os_files[]; /* where it may be, the first that is there; NULL-terminated */

/* Paths with * ? [ ]: existing paths, naturally sorted. A pattern without them gives the path if it exists. */
int root_glob(struct root *root, struct arena *arena, const char *pattern, struct vec *ret_paths);
/* Is there anything at one of these paths and patterns (NULL-terminated)? What cannot be looked at may well be there.
 */
bool root_any(struct root *root, const char *const *patterns);

#endif
