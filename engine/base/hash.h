/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers by which bytes are told apart. */
#ifndef HVPROBE_BASE_HASH_H
#define HVPROBE_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/*
 * A number by which bytes are told apart, going on from that of earlier ones (0: none). Against accidents and damage,
 * not against people: whoever can write what is compared can also make it equal.
 */
uint64_t hash_bytes(uint64_t hash, const void *data, size_t length);

#endif
