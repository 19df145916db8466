/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every source and extract, in one list: the loader, the reference and the JSON Schema are made from it. */
#include "probe/registry.h"

/* In the order in which the reference shows them: files first, then what is not a file, then what is no observation. */
const struct source_kind *const probe_sources[] = {
    &source_file,  &source_glob,    &source_link,     &source_path, &source_attributes, &source_exec,
    &source_ioctl, &source_cpuid,   &source_uname,    &source_rows, &source_range,      &source_text,
    &source_from,  &source_unknown, &source_document, NULL,
};

const struct extract_kind *const probe_extracts[] = {
    &extract_match,
    &extract_split,
    &extract_cpuset,
    &extract_json,
    &extract_yaml,
    &extract_xpath,
    &extract_malformed,
    &extract_bytes,
    &extract_strings,
    &extract_records,
    &extract_array,
    &extract_tree,
    NULL,
};
