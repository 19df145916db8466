/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All that rules may name, in one place: sources, extracts, filters, built-in names. The loader asks it, and knows
 * none. */
#include "facts/filters.h"
#include "facts/run.h"

static const struct builtin_kind builtins[] = {
    {"host.arch", "the host's architecture in uname's words, i686 for all of 32-bit x86; --arch overrides it"},
    {"os.id", "ID of os-release; linux when there is none"},
    {"os.version", "VERSION_ID of os-release"},
    {"os.like", "ID_LIKE of os-release: words between spaces"},
    {"lang", "the language that texts for people are wanted in, as de in de_AT.UTF-8: --lang or the locale; unset in "
             "the locale C"},
    {"compat", "the generation that the document is wanted in, as --compat names it; unset where it is the newest"},
    {"param.", "value of -D NAME=VALUE"},
    {NULL, NULL},
};

const struct vocabulary hvprobe_vocabulary = {
    .sources = probe_sources,
    .extracts = probe_extracts,
    .filters = filter_kinds,
    .builtins = builtins,
};
