/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hash maps and sets of numbers: of addresses, pointers and hashes, of which making a text would cost more than asking.
 */
#ifndef HVPROBE_BASE_NUMBER_MAP_H
#define HVPROBE_BASE_NUMBER_MAP_H

#include "base/memory.h"

/* Zero-initialised is empty; its storage is the arena's. Go through slots for all that is in it: those of number 0,
 * which is no key, are free. */
struct number_entry {
    uint64_t number;
    void *value;
};
struct number_map {
    struct number_entry *slots;
    size_t slot_count; /* a power of two */
    size_t count;
};

bool number_map_has(const struct number_map *map, uint64_t number);
void *number_map_get(const struct number_map *map, uint64_t number); /* NULL: not there, or nothing was put there */
/* Adds it, or replaces its value; of a set, which asks for no values, NULL. 0 is not added. */
void number_map_put(struct arena *arena, struct number_map *map, uint64_t number, const void *value);

/* The same of pointers. */
static inline bool pointer_set_has(const struct number_map *set, const void *pointer)
{
    return number_map_has(set, (uintptr_t)pointer);
}
static inline void pointer_set_add(struct arena *arena, struct number_map *set, const void *pointer)
{
    number_map_put(arena, set, (uintptr_t)pointer, pointer);
}

#endif
