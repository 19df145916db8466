/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The instruction cpuid, on processors that have it. */
#include "root/backend.h"

#include <errno.h>

#if defined(__i386__) || defined(__x86_64__)

#include <cpuid.h>

enum { LEAF_FEATURES = 1, ECX_SOFTWARE_LEAVES = 31 };

static void query(uint32_t leaf, uint32_t subleaf, uint32_t registers[4])
{
    __cpuid_count(leaf, subleaf, registers[0], registers[1], registers[2], registers[3]);
}

/* Leaves come in ranges of 65536, whose first leaf says which is the last. 0x4000xxxx is not the processor's but of the
 * software under this system: bit 31 tells whether there is any, and ranges may start at any multiple of 256 there. */
static bool leaf_exists(struct cpuid_range *range, uint32_t leaf)
{
    const bool software = leaf >> 28 == 4;
    uint32_t base = leaf & 0xffff0000U;
    uint32_t registers[4];

    if (range->asked && range->base == base)
        return leaf <= range->last;
    query(software ? LEAF_FEATURES : base, 0, registers);
    if (software)
        range->last = registers[2] >> ECX_SOFTWARE_LEAVES & 1 ? UINT32_MAX : 0;
    else
        range->last = registers[0] - base <= 0xffff ? registers[0] : 0;
    range->base = base;
    range->asked = true;
    return leaf <= range->last;
}

int cpuid_read(struct cpuid_range *range, uint32_t leaf, uint32_t subleaf, uint32_t registers[4])
{
    if (__get_cpuid_max(0, NULL) == 0 || !leaf_exists(range, leaf)) {
        return -ENOENT;
    }
    query(leaf, subleaf, registers);
    return 0;
}

#else

int cpuid_read(struct cpuid_range *range, uint32_t leaf, uint32_t subleaf, uint32_t registers[4])
{
    (void)range;
    (void)leaf;
    (void)subleaf;
    (void)registers;
    return -ENOENT;
}

#endif
