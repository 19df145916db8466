/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What snapshot.yaml may hold, as the tables that its loader uses: for its JSON Schema, the reference and test cases.
 */
#ifndef HVPROBE_ROOT_SNAPSHOT_KEYS_H
#define HVPROBE_ROOT_SNAPSHOT_KEYS_H

#include "base/keys.h"

enum { SNAPSHOT_VERSION = 1 };

extern const struct shape shape_snapshot;
extern const struct key snapshot_keys[];             /* the first is the version, which test cases have not */
extern const struct key_group snapshot_key_groups[]; /* ended by a NULL title */

#endif
