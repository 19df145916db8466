/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files of which a snapshot has parts, put back between holes: what reads by position finds all where it was. */
#include "root/snapshot.h"

#include "base/text.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024 };

struct snapshot_piece *snapshot_piece_of(const struct snapshot *snapshot, const char *path)
{
    for (size_t i = 0; i < snapshot->pieces.count; i++) {
        struct snapshot_piece *piece = snapshot->pieces.items[i];

        if (text_equal(piece->path, path)) {
            return piece;
        }
    }
    return NULL;
}

/* Puts one window, the next of stored, to its place. What is missing there stays a hole. */
static int fill_window(const struct snapshot_window *window, int stored, int fd)
{
    char bytes[CHUNK];
    int64_t done = 0;

    while (done < window->size.value) {
        const int64_t rest = window->size.value - done;
        const ssize_t got = read(stored, bytes, rest < CHUNK ? (size_t)rest : CHUNK);

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return got < 0 ? -errno : 0;
        }
        if (pwrite(fd, bytes, (size_t)got, (off_t)(window->offset.value + done)) != got) {
            return errno ? -errno : -EIO;
        }
        done += got;
    }
    return 0;
}

static int fill(const struct snapshot_piece *piece, int stored, int fd)
{
    int error = ftruncate(fd, (off_t)piece->size.value) < 0 ? -errno : 0;

    for (size_t i = 0; i < piece->windows.count && error == 0; i++) {
        error = fill_window(piece->windows.items[i], stored, fd);
    }
    return error;
}

int snapshot_piece_open(struct snapshot_piece *piece, int stored, int *ret_fd)
{
    AUTO(files_close) int fd = piece->descriptor > 0 ? -1 : memfd_create("piece", MFD_CLOEXEC);
    int error = 0;

    if (piece->descriptor == 0) {
        error = fd < 0 ? -errno : fill(piece, stored, fd);
        piece->descriptor = error < 0 ? 0 : fd + 1;
        fd = error < 0 ? fd : -1;
    }
    if (error < 0) {
        return error;
    }
    *ret_fd = fcntl(piece->descriptor - 1, F_DUPFD_CLOEXEC, 0);
    return *ret_fd < 0 ? -errno : 0;
}

void snapshot_pieces_close(const struct snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->pieces.count; i++) {
        const struct snapshot_piece *piece = snapshot->pieces.items[i];

        if (piece->descriptor > 0) {
            close(piece->descriptor - 1);
        }
    }
}
