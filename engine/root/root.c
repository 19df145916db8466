/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one interface to a host, live, mounted or recorded, and what it has found out already. */
#include "root/root.h"

#include "root/backend.h"
#include "root/files.h"
#include "root/journal.h"

#include "base/text.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

const char *root_type_name(enum root_type type)
{
    static const char *const names[] = {"file", "dir", "link", "char", "block", "socket", "fifo"};

    return names[type];
}

struct root *root_new(const struct root_methods *methods, const char *label)
{
    struct arena *arena = arena_new();
    struct root *root = arena_new_object(arena, struct root);

    root->methods = methods;
    root->arena = arena;
    root->label = arena_strdup(arena, label);
    return root;
}

void root_close(struct root *root)
{
    if (!root) {
        return;
    }
    if (root->methods->close) {
        root->methods->close(root);
    }
    arena_free(root->arena);
}

void root_set_consent(struct root *root, struct consent *consent)
{
    root->consent = consent;
}

const char *root_consent_path(const struct root *root)
{
    return consent_path(root->consent);
}

bool root_is_live(const struct root *root)
{
    return root->methods->live;
}

void root_set_label(struct root *root, const char *label)
{
    root->label = arena_strdup(root->arena, label);
}

const char *root_label(const struct root *root)
{
    return root->label;
}

/* How many answers are kept; the longest text among them, and all of them together. */
enum { KNOWN_LIMIT = 16384, TEXT_LIMIT = 64 * 1024, TEXTS_LIMIT = 8 * 1024 * 1024 };

static bool is_absolute(const char *path)
{
    return path[0] == '/';
}

/* What a path was when it was first asked for: rules ask several times, and all should get the same answer. */
struct known_stat {
    int error;
    struct root_stat stat;
};
struct known_text {
    char *text;
    size_t length;
};
struct known_names {
    int error;
    struct vec names;
};

static void keep_known(struct root *root, struct map *known, const char *path, const void *value)
{
    if (known->count < KNOWN_LIMIT)
        map_put(root->arena, known, arena_strdup(root->arena, path), value);
}

static const struct known_stat *stat_known(struct root *root, const char *path, bool follow)
{
    struct map *stats = follow ? &root->stats : &root->link_stats;
    struct known_stat *known = map_get(stats, path);
    if (known)
        return known;
    known = arena_new_object(root->arena, struct known_stat);
    known->error = root->methods->stat(root, path, follow, &known->stat);
    keep_known(root, stats, path, known);
    return known;
}

void root_forget(struct root *root)
{
    root->stats = root->link_stats = root->texts = root->lists = (struct map){0};
    root->texts_length = 0;
}

int root_stat(struct root *root, const char *path, bool follow, struct root_stat *ret_stat)
{
    if (!is_absolute(path))
        return -EINVAL;
    const struct known_stat *known = stat_known(root, path, follow);
    journal_stat(root->journal, (struct question){follow ? ASK_STAT : ASK_LINK_STAT, path}, known->error, &known->stat);
    if (known->error == 0)
        *ret_stat = known->stat;
    return known->error;
}

void root_set_journal(struct root *root, struct journal *journal)
{
    root->journal = journal;
}

unsigned root_set_asker(struct root *root, unsigned asker)
{
    return journal_set_asker(root ? root->journal : NULL, asker);
}

void root_note_identity(struct root *root, const char *path)
{
    if (!root->journal)
        return;
    const struct known_stat *known = stat_known(root, path, true);
    const unsigned asker = root_set_asker(root, ASKED_BY_ALL);
    journal_stat(root->journal, (struct question){ASK_IDENTITY, path}, known->error, &known->stat);
    root_set_asker(root, asker);
}

int root_access(struct root *root, const char *path, const char *want)
{
    const int error = is_absolute(path) ? root->methods->access(root, path, want) : -EINVAL;
    journal_number(root->journal, (struct question){ASK_ACCESS, path, want}, error, 0);
    return error;
}

int root_open_file(struct root *root, const char *path, int *ret_fd)
{
    const int error = is_absolute(path) ? root->methods->open_file(root, path, ret_fd) : -EINVAL;
    if (error < 0)
        journal_number(root->journal, (struct question){ASK_OPEN, path}, error, 0);
    else
        root_note_identity(root, path);
    return error;
}

static int read_file(struct root *root, struct arena *arena, const char *path, size_t limit, char **ret_text,
                     size_t *ret_length)
{
    AUTO(files_close) int fd = -1;
    if (root->methods->read)
        return root->methods->read(root, arena, path, limit, ret_text, ret_length);
    const int error = root->methods->open_file(root, path, &fd);
    return error < 0 ? error : files_read(arena, fd, limit, ret_text, ret_length);
}

static void keep_text(struct root *root, const char *path, const char *text, size_t length)
{
    if (length > TEXT_LIMIT || length > TEXTS_LIMIT - root->texts_length)
        return;
    struct known_text *known = arena_new_object(root->arena, struct known_text);
    *known = (struct known_text){arena_memdup(root->arena, text, length + 1), length};
    root->texts_length += length;
    keep_known(root, &root->texts, path, known);
}

static int read_known(struct root *root, struct arena *arena, const char *path, size_t limit, char **ret_text,
                      size_t *ret_length)
{
    const struct known_text *known = map_get(&root->texts, path);
    if (known && known->length <= limit) {
        *ret_text = arena_memdup(arena, known->text, known->length + 1);
        *ret_length = known->length;
        return 0;
    }
    const int error = read_file(root, arena, path, limit, ret_text, ret_length);
    if (error == 0 && !known)
        keep_text(root, path, *ret_text, *ret_length);
    return error;
}

int root_read_lines(struct root *root, struct arena *arena, const char *path, const char *words, size_t limit,
                    char **ret_text, size_t *ret_length)
{
    if (!is_absolute(path))
        return -EINVAL;
    const int error = read_known(root, arena, path, limit, ret_text, ret_length);
    if (error == 0 && words)
        *ret_length = text_blank_lines(*ret_text, *ret_length, words);
    journal_text(root->journal, (struct question){ASK_READ, path, words, limit}, error, error < 0 ? "" : *ret_text,
                 error < 0 ? 0 : *ret_length);
    return error;
}

int root_read(struct root *root, struct arena *arena, const char *path, size_t limit, char **ret_text,
              size_t *ret_length)
{
    return root_read_lines(root, arena, path, NULL, limit, ret_text, ret_length);
}

void root_keep(struct root *root, const char *path, uint64_t offset, size_t length)
{
    if (root->methods->keep) {
        root->methods->keep(root, path, offset, length);
    }
}

bool root_keeps_rows(const struct root *root)
{
    return root->methods->kept_rows != NULL;
}

int root_kept_rows(struct root *root, const char *path, const char *digest, struct root_rows *ret_rows)
{
    return root->methods->kept_rows ? root->methods->kept_rows(root, path, digest, ret_rows) : -ENOENT;
}

void root_keep_rows(struct root *root, const char *path, const char *digest, const struct root_rows *rows)
{
    if (root->methods->keep_rows) {
        root->methods->keep_rows(root, path, digest, rows);
    }
}

static const struct known_names *list_known(struct root *root, const char *path)
{
    struct known_names *known = map_get(&root->lists, path);
    if (known)
        return known;
    known = arena_new_object(root->arena, struct known_names);
    known->error = root->methods->list(root, root->arena, path, &known->names);
    keep_known(root, &root->lists, path, known);
    return known;
}

int root_list(struct root *root, struct arena *arena, const char *path, struct vec *ret_names)
{
    if (!is_absolute(path))
        return -EINVAL;
    const struct known_names *known = list_known(root, path);
    const struct vec *names = &known->names;
    journal_names(root->journal, (struct question){ASK_LIST, path}, known->error, names);
    if (known->error == 0)
        *ret_names = (struct vec){arena_memdup(arena, names->items, names->count * sizeof(*names->items)), names->count,
                                  names->count};
    return known->error;
}

int root_readlink(struct root *root, struct arena *arena, const char *path, char **ret_target)
{
    const int error = is_absolute(path) ? root->methods->readlink(root, arena, path, ret_target) : -EINVAL;
    journal_text(root->journal, (struct question){ASK_READLINK, path}, error, error < 0 ? "" : *ret_target,
                 error < 0 ? 0 : strlen(*ret_target));
    return error;
}

int root_uname(struct root *root, struct root_uname *ret_uname)
{
    const int error = root->methods->uname(root, ret_uname);
    journal_uname(root->journal, (struct question){ASK_UNAME, ""}, error, ret_uname);
    return error;
}

int root_cpuid(struct root *root, uint32_t leaf, uint32_t subleaf, uint32_t registers[4])
{
    const int error = root->methods->cpuid(root, leaf, subleaf, registers);
    journal_text(root->journal, (struct question){ASK_CPUID, "", NULL, leaf, subleaf}, error, (const char *)registers,
                 4 * sizeof(*registers));
    return error;
}

/* Some old requests take a pointer without saying so: an argument below 65536 is none in any process. */
int root_ioctl(struct root *root, const char *path, unsigned long request, unsigned long argument, long *ret_result)
{
    if (!is_absolute(path)) {
        return -EINVAL;
    }
    if ((request > 0xffff && _IOC_DIR(request) != _IOC_NONE) || argument > 0xffff) {
        return -ENOTSUP;
    }
    const int error = root->methods->ioctl(root, path, request, argument, ret_result);
    journal_number(root->journal, (struct question){ASK_IOCTL, path, NULL, request, argument}, error,
                   error < 0 ? 0 : (uint64_t)*ret_result);
    return error;
}

void root_set_runner(struct root *root, int runner)
{
    root->runner = runner;
}

int root_exec(struct root *root, struct arena *arena, const struct root_exec *request,
              struct root_exec_result *ret_result)
{
    if (!request->argv[0] || !is_absolute(request->argv[0])) {
        return -EINVAL;
    }
    journal_spoil(root->journal);
    return root->methods->exec(root, arena, request, ret_result);
}
