/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The options of every command; help, completions and manual are made from this table. */
#include "cli/command.h"

const struct option_kind global_options[] = {
    {"root", 0, "DIR", "observe a mounted image, build root or container file system; or a tar file of one", false},
    {"snapshot", 0, "PATH",
     "observe a host that was recorded with 'capture': a folder or tar file; -: a tar on standard input", false},
    {"host", 0, "URI", "ask another machine: [anything+]ssh://[USER@]HOST[:PORT], by OpenSSH's ssh", false},
    {"rules", 0, "DIR", "one more rule directory, stronger than the others", true},
    {"arch", 0, "ARCH", "take this for the host's architecture; before a command that has its own --arch", false},
    {"format", 0, "FORMAT", "xml, json, yaml, table, lines or tap, as the command offers", false},
    {"exec", 0, NULL, "let rules run programs; nothing is executed without it", false},
    {NULL, 'D', "NAME=VALUE", "a parameter for rules: ${param.NAME}", true},
    {"timeout", 0, "SECONDS", "end after that long, 30 by default, 0: never; of each case or host where there are many",
     false},
    {"lang", 0, "LANG", "language of descriptions; default: the locale", false},
    {"color", 0, "WHEN", "auto, always or never", false},
    {"strict", 0, NULL, "stop when a rule file is broken; lint: ask for references too", false},
    {"jobs", 'j', "N", "work on N things at a time", false},
    {"help", 'h', NULL, "this help, or that of a command", false},
    {"version", 0, NULL, "the version", false},
    {NULL, 0, NULL, NULL, false},
};
