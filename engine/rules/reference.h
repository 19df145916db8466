/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rule language as tables in Markdown, written from the tables that the loader uses. */
#ifndef HVPROBE_RULES_REFERENCE_H
#define HVPROBE_RULES_REFERENCE_H

#include "rules/kinds.h"

struct buf;

void rules_reference(struct buf *out, const struct vocabulary *vocabulary);

#endif
