/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a kind of root implements. Only for root/. */
#ifndef HVPROBE_ROOT_BACKEND_H
#define HVPROBE_ROOT_BACKEND_H

#include "root/root.h"

/* A cell that is unset in a snapshot's table of rows, which is text as PostgreSQL's COPY writes it:
 * https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.2 */
#define UNSET_CELL "\\N"

struct root_methods {
    bool live;
    int (*stat)(struct root *root, const char *path, bool follow, struct root_stat *ret_stat);
    int (*access)(struct root *root, const char *path, const char *want);
    int (*open_file)(struct root *root, const char *path, int *ret_fd); /* regular files only */
    int (*list)(struct root *root, struct arena *arena, const char *path, struct vec *ret_names);
    int (*readlink)(struct root *root, struct arena *arena, const char *path, char **ret_target);
    int (*uname)(struct root *root, struct root_uname *ret_uname);
    int (*cpuid)(struct root *root, uint32_t leaf, uint32_t subleaf, uint32_t registers[4]);
    int (*ioctl)(struct root *root, const char *path, unsigned long request, unsigned long argument, long *ret_result);
    int (*exec)(struct root *root, struct arena *arena, const struct root_exec *request,
                struct root_exec_result *ret_result);
    /* Optional: NULL is the common way, through open_file. */
    int (*read)(struct root *root, struct arena *arena, const char *path, size_t limit, char **ret_text,
                size_t *ret_length);
    void (*keep)(struct root *root, const char *path, uint64_t offset, size_t length); /* optional */
    int (*kept_rows)(struct root *root, const char *path, const char *digest,
                     struct root_rows *ret_rows); /* optional */
    void (*keep_rows)(struct root *root, const char *path, const char *digest,
                      const struct root_rows *rows); /* optional */
    /* Optional: paths that it may say something about, though no directory lists them. */
    void (*extra_paths)(struct root *root, struct arena *arena, struct vec *paths);
    void (*close)(struct root *root); /* optional */
};

/* The range of leaves that was asked for last: each question costs microseconds where it is answered by software. */
struct cpuid_range {
    bool asked;
    uint32_t base;
    uint32_t last;
};

struct root {
    const struct root_methods *methods;
    struct arena *arena; /* its own */
    const char *label;
    const char *arch; /* NULL: not asked yet */
    const char *forced_arch;
    struct root_os *os; /* NULL: not read yet */
    /* Of root.c, by path: what was found there, links followed or not, texts, names in directories. */
    struct map stats, link_stats, texts, lists;
    size_t texts_length;
    struct cpuid_range cpuid; /* of the live root */
    struct consent *consent;  /* NULL: no list of what may be asked */
    struct journal *journal;  /* NULL: nobody keeps what is asked */
    int runner;               /* that runs programs; 0: this process does */
    void *state;              /* of the methods */
};

/* A root with an arena of its own; label is copied. */
struct root *root_new(const struct root_methods *methods, const char *label);

/* directory.c: of a host's file system; what is no file they cannot tell. */
extern const struct root_methods directory_methods;
/* directory_tar.c: such a file system in a tar file, read from where fd stands. NULL after a message in *ret_error. */
struct root *root_open_tar(struct arena *arena, const char *path, int fd, const char **ret_error);
/* os_release.c */
struct root_os *os_release_read(struct root *root);
/* elf.c: the machine of an ELF file in uname's words; -ENOEXEC when it is none. */
int elf_arch(struct root *root, const char *path, const char **ret_arch);
/* cpuid.c: of the running processor. */
int cpuid_read(struct cpuid_range *range, uint32_t leaf, uint32_t subleaf, uint32_t registers[4]);
/* exec.c: forks and runs under limits. */
int exec_run(struct arena *arena, const struct root_exec *request, struct root_exec_result *ret_result);

#endif
