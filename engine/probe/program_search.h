/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the extracts that look for structures in a program's data have in common: they are found by texts that a regular
 * expression matches as a whole, and their words become columns. Only for probe/.
 */
#ifndef HVPROBE_PROBE_PROGRAM_SEARCH_H
#define HVPROBE_PROBE_PROGRAM_SEARCH_H

#include "probe/program.h"
#include "probe/support.h"

struct program_search {
    struct probe *probe;
    const struct item *item;
    const struct argument *parts; /* of the extract's mapping */
    const struct regex *regex;
    struct regex_span *groups;
    struct program *program;
    size_t before; /* rows that there were */
};

/* The parts of an extract that has one mapping; the program is not yet read. */
struct program_search program_search_new(struct probe *probe, const struct item *item, const struct regex *regex);
/* Reads the program. VERDICT_YES, or what is said in place of rows. */
enum verdict program_search_open(struct program_search *search);
/* Finds the pointers to texts with a literal in them. VERDICT_YES, or why that cannot be. */
enum verdict program_search_mark(struct program_search *search, const struct literal *literal);
/* Does the expression match a text as a whole? groups: the search's, or NULL: nobody asks for them. */
enum regex_result program_search_match(const struct program_search *search, const char *text, size_t length,
                                       struct regex_span *ret_whole, struct regex_span *groups);
/* A row for a match, found at an address; NULL: the limit of rows is reached. */
struct row *program_search_row(struct program_search *search, const struct regex_span *whole, uint64_t address);
/* Sets the columns of a part (column: word of the structure) to the texts that its words point to, or to numbers of so
 * many bytes that stand there. What is none of these is unset. */
void program_search_texts(struct program_search *search, size_t part, uint64_t structure, struct row *row);
void program_search_numbers(struct program_search *search, size_t part, size_t size, uint64_t structure,
                            struct row *row);
/* How it ended: REGEX_NO: all was seen; REGEX_YES: the limit of rows is reached. what: a row's name in messages. */
enum verdict program_search_end(struct program_search *search, enum regex_result result, const char *what);

static inline uint64_t program_search_word(const struct program_search *search, uint64_t structure, int64_t word)
{
    return structure + (uint64_t)word * elf_word_size(&search->program->file);
}

#endif
