/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "facts/filters.h"
#include "facts/run.h"

static const char *const builtins[] = {"host.arch", "os.id", "os.version", "os.like", "param.", NULL};

const struct vocabulary hvprobe_vocabulary = {
    .sources = probe_sources,
    .extracts = probe_extracts,
    .filters = filter_kinds,
    .builtins = builtins,
};
