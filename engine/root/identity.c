/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What kind of host a root is: architecture and distribution. */
#include "root/backend.h"
#include "root/journal.h"

#include <errno.h>
#include <string.h>

/* One word for what systems name differently. */
static const char *normal_arch(const char *arch)
{
    static const struct {
        const char *name;
        const char *arch;
    } names[] = {{"amd64", "x86_64"}, {"arm64", "aarch64"}};

    if (arch[0] == 'i' && arch[1] >= '3' && arch[1] <= '9' && strcmp(arch + 2, "86") == 0) {
        return "i686";
    }
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        if (strcmp(arch, names[i].name) == 0) {
            return names[i].arch;
        }
    }
    return arch;
}

/* What every system has, the most telling first. */
static const char *arch_from_files(struct root *root)
{
    static const char *const patterns[] = {
        "/bin/sh",
        "/usr/bin/env",
        "/sbin/init",
        "/usr/lib/systemd/systemd",
        "/lib/ld-linux*.so*",
        "/lib64/ld-linux*.so*",
        "/lib/ld-musl-*.so*",
        "/bin/busybox",
    };

    for (size_t i = 0; i < ARRAY_SIZE(patterns); i++) {
        struct vec paths = {0};

        root_glob(root, root->arena, patterns[i], &paths);
        for (size_t j = 0; j < paths.count; j++) {
            const char *arch;

            if (elf_arch(root, paths.items[j], &arch) == 0) {
                return arch;
            }
        }
    }
    return NULL;
}

/* Of these uname says the same for both orders of bytes: the programs tell. */
static const char *with_byte_order(struct root *root, const char *arch)
{
    static const struct {
        const char *arch;
        const char *programs; /* whose machine decides */
        const char *decided;
    } orders[] = {
        {"mips", "mipsel", "mipsel"},       {"mips64", "mips64el", "mips64el"},
        {"mips64", "mipsel", "mips64el"},   {"microblaze", "microblazeel", "microblazeel"},
        {"xtensa", "xtensaeb", "xtensaeb"},
    };
    const char *programs = NULL;

    for (size_t i = 0; i < ARRAY_SIZE(orders); i++) {
        if (strcmp(arch, orders[i].arch) != 0) {
            continue;
        }
        programs = programs ? programs : arch_from_files(root);
        if (programs && strcmp(programs, orders[i].programs) == 0) {
            return orders[i].decided;
        }
    }
    return arch;
}

int root_arch(struct root *root, const char **ret_arch)
{
    struct root_uname names;

    if (root->forced_arch) {
        *ret_arch = root->forced_arch;
        return 0;
    }
    const unsigned asker = root_set_asker(root, ASKED_BY_ALL); /* it is found out once, for all */
    if (!root->arch) {
        if (root_uname(root, &names) == 0 && names.machine[0]) {
            root->arch = with_byte_order(root, normal_arch(names.machine));
        } else {
            root->arch = arch_from_files(root);
        }
    }
    root_set_asker(root, asker);
    if (!root->arch) {
        root->arch = ""; /* asked, and not known */
    }
    if (!root->arch[0]) {
        return -ENOENT;
    }
    *ret_arch = root->arch;
    return 0;
}

void root_set_arch(struct root *root, const char *arch)
{
    root->forced_arch = normal_arch(arena_strdup(root->arena, arch));
}

const struct root_os *root_os(struct root *root)
{
    if (!root->os) {
        const unsigned asker = root_set_asker(root, ASKED_BY_ALL);
        root->os = os_release_read(root);
        root_set_asker(root, asker);
    }
    return root->os;
}
