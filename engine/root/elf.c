/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which machine a program is made for: so an image's architecture is known without running anything. */
#include "root/backend.h"
#include "root/files.h"

#include <elf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { ANY = 0, HEADER = 64, MACHINE_OFFSET = 18 };

/* Numbers, not EM_ names: some C libraries know fewer of them. */
static const struct elf_machine {
    uint16_t machine;
    uint8_t class;
    uint8_t data;
    const char *arch;
} machines[] = {
    {62, ANY, ANY, "x86_64"},
    {3, ANY, ANY, "i686"},
    {183, ANY, ELFDATA2LSB, "aarch64"},
    {183, ANY, ELFDATA2MSB, "aarch64_be"},
    {40, ANY, ELFDATA2LSB, "armv7l"},
    {40, ANY, ELFDATA2MSB, "armv7b"},
    {21, ANY, ELFDATA2LSB, "ppc64le"},
    {21, ANY, ELFDATA2MSB, "ppc64"},
    {20, ANY, ELFDATA2LSB, "ppcle"},
    {20, ANY, ELFDATA2MSB, "ppc"},
    {22, ELFCLASS64, ANY, "s390x"},
    {22, ELFCLASS32, ANY, "s390"},
    {243, ELFCLASS64, ANY, "riscv64"},
    {243, ELFCLASS32, ANY, "riscv32"},
    {258, ELFCLASS64, ANY, "loongarch64"},
    {258, ELFCLASS32, ANY, "loongarch32"},
    {8, ELFCLASS64, ELFDATA2LSB, "mips64el"},
    {8, ELFCLASS64, ELFDATA2MSB, "mips64"},
    {8, ELFCLASS32, ELFDATA2LSB, "mipsel"},
    {8, ELFCLASS32, ELFDATA2MSB, "mips"},
    {43, ANY, ANY, "sparc64"},
    {18, ANY, ANY, "sparc"},
    {2, ANY, ANY, "sparc"},
    {50, ANY, ANY, "ia64"},
    {0x9026, ANY, ANY, "alpha"},
    {15, ELFCLASS64, ANY, "parisc64"},
    {15, ELFCLASS32, ANY, "parisc"},
    {4, ANY, ANY, "m68k"},
    {42, ANY, ELFDATA2LSB, "sh4"},
    {42, ANY, ELFDATA2MSB, "sh4eb"},
    {94, ANY, ELFDATA2LSB, "xtensa"},
    {94, ANY, ELFDATA2MSB, "xtensaeb"},
    {189, ANY, ELFDATA2LSB, "microblazeel"},
    {189, ANY, ELFDATA2MSB, "microblaze"},
    {92, ANY, ANY, "openrisc"},
    {113, ANY, ANY, "nios2"},
    {93, ANY, ANY, "arc"},
    {195, ANY, ANY, "arc"},
    {164, ANY, ANY, "hexagon"},
    {252, ANY, ANY, "csky"},
};

static const char *arch_of(const unsigned char header[HEADER])
{
    uint8_t class = header[EI_CLASS];
    uint8_t data = header[EI_DATA];
    unsigned low = header[data == ELFDATA2MSB ? MACHINE_OFFSET + 1 : MACHINE_OFFSET];
    unsigned high = header[data == ELFDATA2MSB ? MACHINE_OFFSET : MACHINE_OFFSET + 1];

    for (size_t i = 0; i < ARRAY_SIZE(machines); i++) {
        const struct elf_machine *row = &machines[i];

        if (row->machine == (high << 8 | low) && (row->class == ANY || row->class == class) &&
            (row->data == ANY || row->data == data)) {
            return row->arch;
        }
    }
    return NULL;
}

/* Bytes that a short file does not have stay zero. */
static int read_header(int fd, unsigned char header[HEADER])
{
    for (size_t length = 0; length < HEADER;) {
        ssize_t got = pread(fd, header + length, HEADER - length, (off_t)length);

        if (got < 0 && errno != EINTR) {
            return -errno;
        }
        if (got == 0) {
            break;
        }
        length += got > 0 ? (size_t)got : 0;
    }
    return 0;
}

int elf_arch(struct root *root, const char *path, const char **ret_arch)
{
    AUTO(files_close) int fd = -1;
    unsigned char header[HEADER] = {0};
    const char *arch;
    int error = root_open_file(root, path, &fd);

    if (error < 0) {
        return error;
    }
    error = read_header(fd, header);
    if (error < 0) {
        return error;
    }
    if (memcmp(header, ELFMAG, SELFMAG) != 0) {
        return -ENOEXEC;
    }
    root_keep(root, path, 0, sizeof(header));
    arch = arch_of(header);
    if (!arch) {
        return -ENOEXEC;
    }
    *ret_arch = arch;
    return 0;
}
