/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Between what is tried (targets.c) and who tries it (fuzz.c): a mode for each format that strangers write. */
#ifndef HVPROBE_TESTS_FUZZ_H
#define HVPROBE_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>

struct fuzzer;

struct input {
    const char *data;
    size_t length;
    const char *name; /* of the file that it stems from */
};

struct mode {
    const char *name;
    bool tar; /* the sums of its heads are made right again, as nothing else would be read */
    void (*try)(struct fuzzer *fuzzer, const struct input *input);
};
extern const struct mode modes[]; /* ended by a NULL name */

struct rule_set;
/* answers.c: a kept answer, as the input changes it. */
void try_answers(const char *directory, struct rule_set *rules, const struct input *input);

/* directory: for files that go. */
struct fuzzer *fuzzer_new(const char *directory);
void fuzzer_free(struct fuzzer *fuzzer);
void fuzzer_keep(struct fuzzer *fuzzer, const struct input *input); /* as DIRECTORY/last, in case it is the last */

#endif
