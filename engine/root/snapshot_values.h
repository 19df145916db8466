/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What values of snapshot.yaml may be. Only for snapshot_load.c. */
#ifndef HVPROBE_ROOT_SNAPSHOT_VALUES_H
#define HVPROBE_ROOT_SNAPSHOT_VALUES_H

#include "base/keys.h"

extern const struct shape value_path;
extern const struct shape value_number;
extern const struct shape value_count;
extern const struct shape value_word;
extern const struct shape value_mode;
extern const struct shape value_type;
extern const struct shape value_access;
extern const struct shape value_error;
extern const struct shape value_askable;
extern const struct shape value_askables;
extern const struct shape value_paths;
extern const struct shape value_words;

#endif
