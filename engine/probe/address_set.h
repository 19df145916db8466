/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sets of addresses in a program's memory, which are asked about for each of its pointers. */
#ifndef HVPROBE_PROBE_ADDRESS_SET_H
#define HVPROBE_PROBE_ADDRESS_SET_H

#include "base/memory.h"

/* Zero-initialised is empty; 0 is no address. Go through slots for all that are in it; empty ones are 0. */
struct address_set {
    uint64_t *slots;
    size_t slot_count; /* a power of two */
    size_t count;
};

bool address_set_has(const struct address_set *set, uint64_t address);
void address_set_add(struct arena *arena, struct address_set *set, uint64_t address);

#endif
