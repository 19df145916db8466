/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The output formats: a new one is one function and one row. */
#include "write/write.h"

const struct format_kind format_kinds[] = {
    {"xml", "the document itself", write_xml},
    {"json", "the same as JSON objects", write_json},
    {"yaml", "the same as YAML", write_yaml},
    {NULL, NULL, NULL},
};

const struct grid_format grid_formats[] = {
    {"table", false, write_table},
    {"lines", false, write_grid_lines},
    {"json", true, write_grid_json},
    {"yaml", true, write_grid_yaml},
    {NULL, false, NULL},
};
