/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files, directories and links in memory: what is in an archive, without a disk. Only for root/.
 *
 * Paths start with a slash and have neither . nor .. nor doubled slashes; no function follows links. Those that return
 * int give 0 or a negative errno. What is built once may be read by several threads.
 */
#ifndef HVPROBE_ROOT_FILE_TREE_H
#define HVPROBE_ROOT_FILE_TREE_H

#include "root/root.h"

/* A part of a file; between parts are holes. */
struct file_part {
    uint64_t offset;
    size_t length;
    const char *data;
};

struct file_item {
    enum root_type type; /* ROOT_FILE, ROOT_DIR or ROOT_LINK */
    unsigned mode;
    uint64_t size;
    const char *target; /* of a link */
    struct vec parts;   /* of struct file_part, in the order of the file */
};

struct file_tree {
    struct map items;    /* of struct file_item, by path */
    struct map children; /* directory -> struct vec of names */
    bool has_links;
};

/*
 * Makes a tree of those of items (by path, each with all directories above it) that are at or below a directory, which
 * becomes "/". Keys and items stay those of the map. NULL, or the path of an item that is below something else than a
 * directory.
 */
const char *file_tree_make(struct arena *arena, const struct map *items, const char *below, struct file_tree *ret_tree);

int file_tree_stat(const struct file_tree *tree, const char *path, struct root_stat *ret_stat);
int file_tree_readlink(const struct file_tree *tree, struct arena *arena, const char *path, char **ret_target);
int file_tree_list(const struct file_tree *tree, struct arena *arena, const char *path, struct vec *ret_names);
/* Whether no part of the path is a link; follow: nor the whole of it. */
bool file_tree_is_plain(const struct file_tree *tree, const char *path, bool follow);
/* A descriptor of a copy that has the holes, too. */
int file_tree_open(const struct file_tree *tree, const char *path, int *ret_fd);
/* The text of a file of at most limit bytes, NUL-terminated; else -EFBIG, -EISDIR. */
int file_tree_read(const struct file_tree *tree, struct arena *arena, const char *path, size_t limit, char **ret_text,
                   size_t *ret_length);

#endif
