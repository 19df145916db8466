/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a snapshot holds besides its files. Only for root/. */
#ifndef HVPROBE_ROOT_SNAPSHOT_H
#define HVPROBE_ROOT_SNAPSHOT_H

#include "base/yaml.h"
#include "root/stored.h"

struct number {
    bool given;
    int64_t value;
};

/* An entry of nodes: a path that is no file below root/, or corrections to one that is. */
struct snapshot_node {
    const char *path;
    struct number type; /* enum root_type; not given: as below root/ */
    struct number mode;
    const char *access; /* letters of rwx; NULL: all */
    struct number size;
    struct number group; /* number of the owning group */
    struct number error; /* errno of reading it; of everything about it when no type is given */
    const char *text;    /* the content of a file, NULL: it has none here */
    size_t length;
    const char *target; /* of a link, else NULL */
};

struct snapshot_cpuid {
    struct number leaf, subleaf, eax, ebx, ecx, edx;
};

struct snapshot_ioctl {
    const char *path;
    struct number request, argument, result, error;
};

struct snapshot_exec {
    struct vec argv;   /* of char */
    const char *input; /* NULL: whatever it was */
    struct number status;
    const char *output;
    struct number error;
};

/* What was found in a file that is not there. */
struct snapshot_extract {
    const char *path;
    struct number size;
    const char *digest;
    const struct yaml_node *rows; /* a list of mappings, or a table as text; NULL: there are none */
    const char *nothing;          /* why */
    bool read;                    /* found is made of rows */
    struct root_rows found;
};

/* A part of a file. */
struct snapshot_window {
    struct number offset, size;
};

/* A file of which only parts are there: below root/ they stand one after the other. */
struct snapshot_piece {
    const char *path;
    struct number size; /* of the whole file */
    struct vec windows; /* of struct snapshot_window, in the order in which they stand there */
    int descriptor;     /* of the file between holes, + 1; 0: nobody asked for it yet */
};

struct snapshot {
    struct stored files;
    bool has_uname;
    struct root_uname uname;
    struct vec cpuid;    /* of struct snapshot_cpuid */
    struct vec nodes;    /* of struct snapshot_node */
    struct vec ioctls;   /* of struct snapshot_ioctl */
    struct vec execs;    /* of struct snapshot_exec */
    struct vec extracts; /* of struct snapshot_extract */
    struct vec pieces;   /* of struct snapshot_piece */
    struct vec unasked;  /* of char: sections that hold not all that could have been asked */
    struct vec unread;   /* of char: paths that nobody looked at, nor below */
    bool has_cpuid;      /* there is a section for it */
    struct map by_path;  /* of struct snapshot_node */
    struct map children; /* directory -> struct vec of names of nodes in it */
    bool has_closed;     /* a directory that may not be searched */
    bool has_links;      /* among the nodes */
};

/* Fills a snapshot from snapshot.yaml; false after diagnostics. */
bool snapshot_load(struct arena *arena, const struct source *source, struct diagnostics *diagnostics,
                   struct snapshot *snapshot);
/* The same from a mapping of sections. */
bool snapshot_load_sections(struct arena *arena, const struct yaml_node *tree, struct diagnostics *diagnostics,
                            struct snapshot *snapshot);

/* snapshot.c: one that knows nothing yet; root->state is its struct snapshot. */
struct root *snapshot_root(const char *label);

/* snapshot_unknown.c: what is not there, and yet unknown. */
bool snapshot_unread(const struct snapshot *snapshot, const char *path);
int snapshot_cpuid(struct root *root, uint32_t leaf, uint32_t subleaf, uint32_t registers[4]); /* for root_methods */

/* snapshot_inline.c: a descriptor of a file whose content is in the YAML; 0 or negative errno. */
int snapshot_inline_open(const struct snapshot_node *node, int *ret_fd);
/* snapshot_extracts.c: the rows that it has in place of a file, which has this size; 0 or -ENOENT. */
int snapshot_extract(struct root *root, const char *path, uint64_t size, const char *digest,
                     struct root_rows *ret_rows);
/* A table: lines of cells with tabs between them, first the names of columns. false: *ret_problem is the offset of a
 * cell at which a line is longer or shorter than the first, or of a name that is empty. */
bool snapshot_table(struct arena *arena, const struct yaml_node *node, struct root_rows *ret_rows, size_t *ret_problem);
/* snapshot_exec.c; for struct root_methods */
int snapshot_exec(struct root *root, struct arena *arena, const struct root_exec *request,
                  struct root_exec_result *ret_result);
/* snapshot_pieces.c: that of a path without links; NULL: the file is whole, or not there. */
struct snapshot_piece *snapshot_piece_of(const struct snapshot *snapshot, const char *path);
/* A descriptor for reading by position, between holes what stored (not taken) has; 0 or negative errno. */
int snapshot_piece_open(struct snapshot_piece *piece, int stored, int *ret_fd);
void snapshot_pieces_close(const struct snapshot *snapshot);
/* What it may say something about, though no directory has it; for struct root_methods. */
void snapshot_paths(struct root *root, struct arena *arena, struct vec *paths);

#endif
