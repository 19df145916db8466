/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Telling facts apart by what they say, for what is kept of them between runs. */
#ifndef HVPROBE_RULES_FINGERPRINT_H
#define HVPROBE_RULES_FINGERPRINT_H

#include "base/digest.h"
#include "rules/rule.h"

/*
 * The digest of what a fact with a basis says, and of all that it needs. known: room for a pointer per fact of the set,
 * NULL at first, by which each is taken once. Lives in the arena.
 */
const struct digest *fact_fingerprint(struct arena *arena, const struct digest **known, const struct fact *fact);

#endif
