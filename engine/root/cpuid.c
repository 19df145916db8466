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

/* What is not the host's but of the one processor that happens to be asked: its own number (Intel SDM, volume 2,
 * CPUID; AMD APM, volume 3, appendix E). */
static const struct {
    uint32_t leaf;
    unsigned number; /* of the register */
    uint32_t bits;
} own_numbers[] = {{0x1, 1, 0xff000000}, {0xb, 3, UINT32_MAX}, {0x1f, 3, UINT32_MAX}, {0x8000001e, 0, UINT32_MAX}};

static void hide_own_numbers(uint32_t leaf, uint32_t registers[4])
{
    for (size_t i = 0; i < ARRAY_SIZE(own_numbers); i++)
        if (own_numbers[i].leaf == leaf)
            registers[own_numbers[i].number] &= ~own_numbers[i].bits;
}

int cpuid_read(struct cpuid_range *range, uint32_t leaf, uint32_t subleaf, uint32_t registers[4])
{
    if (__get_cpuid_max(0, NULL) == 0 || !leaf_exists(range, leaf)) {
        return -ENOENT;
    }
    query(leaf, subleaf, registers);
    hide_own_numbers(leaf, registers);
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
