/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every source and extract: one descriptor in a file of its own. A new one is a line here and a line in registry.c. */
#ifndef HVPROBE_PROBE_REGISTRY_H
#define HVPROBE_PROBE_REGISTRY_H

#include "probe/probe.h"

extern const struct source_kind source_file;
extern const struct source_kind source_glob;
extern const struct source_kind source_link;
extern const struct source_kind source_path;
extern const struct source_kind source_exec;
extern const struct source_kind source_ioctl;
extern const struct source_kind source_cpuid;
extern const struct source_kind source_uname;
extern const struct source_kind source_rows;
extern const struct source_kind source_range;
extern const struct source_kind source_text;
extern const struct source_kind source_attributes;
extern const struct source_kind source_from;
extern const struct source_kind source_unknown;
extern const struct source_kind source_document;

extern const struct extract_kind extract_match;
extern const struct extract_kind extract_split;
extern const struct extract_kind extract_cpuset;
extern const struct extract_kind extract_json;
extern const struct extract_kind extract_malformed;
extern const struct extract_kind extract_yaml;
extern const struct extract_kind extract_xpath;
extern const struct extract_kind extract_bytes;
extern const struct extract_kind extract_strings;
extern const struct extract_kind extract_records;
extern const struct extract_kind extract_array;
extern const struct extract_kind extract_tree;

#endif
