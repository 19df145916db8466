/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Between the files of views and what stands in them. */
#ifndef HVPROBE_WRITE_VIEW_READ_H
#define HVPROBE_WRITE_VIEW_READ_H

#include "base/yaml.h"
#include "write/write.h"

/* A view out of a parsed file; thorough: its XPath is checked too. NULL after diagnostics. */
struct view *view_read(struct arena *arena, const struct yaml_node *tree, bool thorough,
                       struct diagnostics *diagnostics);

#endif
