/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a snapshot lacks was not there on the host, but for what nobody looked at: that is unknown. */
#include "root/snapshot.h"

#include "base/text.h"
#include "root/backend.h"

#include <errno.h>
#include <string.h>

/* Is the path, or one above it, among those that nobody looked at? */
bool snapshot_unread(const struct snapshot *snapshot, const char *path)
{
    for (size_t i = 0; i < snapshot->unread.count; i++) {
        const char *unread = snapshot->unread.items[i];
        const size_t length = strlen(unread) - text_ends(unread, "/");

        if (strncmp(path, unread, length) == 0 && (path[length] == '/' || path[length] == '\0'))
            return true;
    }
    return false;
}

static bool is_unasked(const struct snapshot *snapshot, const char *section)
{
    for (size_t i = 0; i < snapshot->unasked.count; i++)
        if (text_equal(snapshot->unasked.items[i], section))
            return true;
    return false;
}

/* Only x86 has the instruction; that another processor has no leaf is known without asking. */
static bool may_have_cpuid(const struct snapshot *snapshot)
{
    static const char *const machines[] = {"", "x86_64", "amd64", "i86pc", "i386", "i486", "i586", "i686"};
    const char *machine = snapshot->has_uname ? snapshot->uname.machine : "";

    for (size_t i = 0; i < ARRAY_SIZE(machines); i++)
        if (text_equal(machine, machines[i]))
            return true;
    return false;
}

static bool is_cpuid_unasked(const struct snapshot *snapshot)
{
    return snapshot->has_cpuid ? is_unasked(snapshot, "cpuid") : may_have_cpuid(snapshot);
}

int snapshot_cpuid(struct root *root, uint32_t leaf, uint32_t subleaf, uint32_t registers[4])
{
    const struct snapshot *snapshot = root->state;

    for (size_t i = 0; i < snapshot->cpuid.count; i++) {
        const struct snapshot_cpuid *item = snapshot->cpuid.items[i];

        if (item->leaf.value == leaf && item->subleaf.value == subleaf) {
            registers[0] = (uint32_t)item->eax.value;
            registers[1] = (uint32_t)item->ebx.value;
            registers[2] = (uint32_t)item->ecx.value;
            registers[3] = (uint32_t)item->edx.value;
            return 0;
        }
    }
    return is_cpuid_unasked(snapshot) ? -EOPNOTSUPP : -ENOENT;
}
