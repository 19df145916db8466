/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A small hash table of numbers: a text of each would cost more than the question. */
#include "probe/address_set.h"

static uint64_t *address_slot(const struct address_set *set, uint64_t address)
{
    size_t slot = (size_t)(address * 0x9e3779b97f4a7c15U >> 32) & (set->slot_count - 1);

    while (set->slots[slot] && set->slots[slot] != address)
        slot = (slot + 1) & (set->slot_count - 1);
    return &set->slots[slot];
}

bool address_set_has(const struct address_set *set, uint64_t address)
{
    return set->count && *address_slot(set, address) == address;
}

void address_set_add(struct arena *arena, struct address_set *set, uint64_t address)
{
    enum { FIRST_SLOTS = 64 };
    struct address_set larger = {.slot_count = set->slot_count ? 2 * set->slot_count : FIRST_SLOTS};

    if (!address || address_set_has(set, address))
        return;
    if (2 * set->count >= set->slot_count) {
        larger.slots = arena_alloc(arena, larger.slot_count * sizeof(*larger.slots));
        for (size_t i = 0; i < set->slot_count; i++)
            if (set->slots[i])
                *address_slot(&larger, set->slots[i]) = set->slots[i];
        larger.count = set->count;
        *set = larger;
    }
    *address_slot(set, address) = address;
    set->count++;
}
