/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside 'capture --script': which paths a rule set can ask for on any host. What a template may become is found
 * without a host: columns are followed to where their values come from (script_values.c), and where nobody can know
 * before, a pattern stands for them.
 */
#ifndef HVPROBE_CLI_SCRIPT_H
#define HVPROBE_CLI_SCRIPT_H

#include "rules/rule.h"

/*
 * A path as a pattern of the shell. Between two SCRIPT_UNAME stands a name of uname. SCRIPT_CONTENT and SCRIPT_LINK,
 * one after the other any number of times: a path that stands in the files of what is before, or what the link before
 * leads to with all above it; followed by what is after. Between two SCRIPT_WORD stands a file: each of the words in
 * it.
 */
#define SCRIPT_UNAME   "\001"
#define SCRIPT_CONTENT "\002"
#define SCRIPT_LINK    "\003"
#define SCRIPT_WORD    "\004"

enum value_origin {
    VALUE_TEXT,    /* text is the value itself, a pattern */
    VALUE_PART,    /* some part of it */
    VALUE_CONTENT, /* out of the files at that path */
    VALUE_NUMBER,  /* likewise, and a word of digits */
    VALUE_LINK,    /* where the link at that path leads to */
};
struct value {
    enum value_origin origin;
    const char *text;
};

/* What templates may become; what was found is remembered. */
struct valuation {
    struct arena *arena;
    struct map known; /* of struct script_values, by fact and column */
};
/* Without repetitions; zero-initialised is empty. */
struct script_values {
    struct map set; /* of struct value */
};

/* Paths and patterns that a fact's source looks at: its main field as paths, of all distributions; as texts. */
struct vec script_paths(struct valuation *valuation, const struct fact *fact);

enum ask {
    ASK_STATUS = 0,  /* what it is, and where links lead to */
    ASK_CONTENT = 1, /* what is in it */
    ASK_PROGRAM = 2, /* what can be found in a program's data */
};
struct asked_path {
    const char *path;
    unsigned kinds; /* of enum ask, or-ed */
};
/* All paths that rules can ask for, of struct asked_path by path. */
void script_asked(struct arena *arena, const struct rule_set *rules, struct map *ret_asked);
/* The lines of the script that ask for them, each after indent. */
void script_write(struct buf *out, const struct map *asked, const char *indent);

#endif
