/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Open addressing; the golden ratio spreads numbers that differ in a few bits, such as addresses. */
#include "base/number_map.h"

enum { FIRST_SLOTS = 64 };

static struct number_entry *slot_of(const struct number_map *map, uint64_t number)
{
    size_t at = (size_t)(number * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (map->slot_count - 1);

    while (map->slots[at].number && map->slots[at].number != number)
        at = (at + 1) & (map->slot_count - 1);
    return &map->slots[at];
}

bool number_map_has(const struct number_map *map, uint64_t number)
{
    return map->count && number && slot_of(map, number)->number == number;
}

void *number_map_get(const struct number_map *map, uint64_t number)
{
    return map->count && number ? slot_of(map, number)->value : NULL;
}

static void grow(struct arena *arena, struct number_map *map)
{
    struct number_map larger = {.slot_count = map->slot_count ? 2 * map->slot_count : FIRST_SLOTS, .count = map->count};

    larger.slots = arena_alloc(arena, larger.slot_count * sizeof(*larger.slots));
    for (size_t i = 0; i < map->slot_count; i++)
        if (map->slots[i].number)
            *slot_of(&larger, map->slots[i].number) = map->slots[i];
    *map = larger;
}

void number_map_put(struct arena *arena, struct number_map *map, uint64_t number, const void *value)
{
    if (!number)
        return;
    if (2 * map->count >= map->slot_count)
        grow(arena, map);
    struct number_entry *slot = slot_of(map, number);
    map->count += slot->number == 0;
    *slot = (struct number_entry){number, (void *)(uintptr_t)value};
}
