/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tries inputs (see targets.c).
 *
 * fuzz DIRECTORY MODE COUNT FILE...   replays each file in a mode, then COUNT changed copies of it, the same ones each
 * time, others for another number in FUZZ_SEED. The input is in DIRECTORY/last while it is tried; it has ten seconds.
 * With -DLIBFUZZER -fsanitize=fuzzer   a libFuzzer target, of the mode FUZZ_MODE of the environment, with
 * FUZZ_DIRECTORY. Started in the top directory of the tree.
 */
#include "fuzz.h"

#include "base/budget.h"
#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SECONDS = 10, BUDGET = 5000, INPUT_LIMIT = 1 << 20, BLOCK = 512, SUM = 148, SUM_SIZE = 8, MAGIC = 257 };

static const struct mode *mode_of(const char *name)
{
    const struct mode *mode = modes;

    while (mode->name && strcmp(mode->name, name ? name : "") != 0)
        mode++;
    if (mode->name)
        return mode;
    fprintf(stderr, "fuzz: there is no mode '%s'\n", name ? name : "");
    exit(2);
}

/* tar(5): the sum of a head's bytes, with spaces in place of the sum. */
static void mend_sums(char *data, size_t length)
{
    for (char *head = data; head + BLOCK <= data + length; head += BLOCK) {
        unsigned sum = 0;

        if (memcmp(head + MAGIC, "ustar", 5) != 0)
            continue;
        memset(head + SUM, ' ', SUM_SIZE);
        for (int i = 0; i < BLOCK; i++)
            sum += (unsigned char)head[i];
        snprintf(head + SUM, SUM_SIZE, "%06o", sum);
    }
}

/* As a run has it: with an end. */
static void try_input(struct fuzzer *fuzzer, const struct mode *mode, const struct input *input)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    struct input mended = *input;
    struct budget budget;

    budget_begin(&budget, BUDGET);
    if (mode->tar) {
        char *copy = arena_memdup(arena, input->data, input->length);
        mend_sums(copy, input->length);
        mended.data = copy;
    }
    mode->try(fuzzer, &mended);
    budget_end(&budget);
}

#ifdef LIBFUZZER

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct fuzzer *fuzzer;
    static const struct mode *mode;

    if (!fuzzer)
        fuzzer = fuzzer_new(getenv("FUZZ_DIRECTORY"));
    mode = mode ? mode : mode_of(getenv("FUZZ_MODE"));
    try_input(fuzzer, mode, &(struct input){(const char *)data, size, "fuzz.yaml"});
    return 0;
}

#else

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static size_t below(uint64_t *state, size_t limit)
{
    return limit ? next_random(state) % limit : 0;
}

/* What means something to one of the readers. */
static const char *const tokens[] = {
    "${",         "}",           "|",       "map:",
    "'",          "\"",          "[",       "]",
    "{",          ": ",          "- ",      "\n",
    "#",          "&a",          "*a",      "!!",
    "\xff",       "\xc2",        "\x1b",    "\xef\xbf\xbe",
    "0x",         "-1",          "1e9",     "9999999999999999999",
    "(?<x>",      ")",           "+",       "*",
    "\\",         "[^",          "//",      "..",
    "/",          "@",           "[x='y']", "~ ",
    ">= 4",       "not",         "any",     "for",
    "from",       "where",       "with",    "null",
    "",           "<!DOCTYPE",   "<a>",     "</",
    "&amp;",      "]]>",         "drop:",   "extends: kvm\n",
    "rule: x\n",  "emit:\n  - ", "path",    "error: EACCES",
    "type: char", "\t",          "\r\n",    "%",
};

/* Replaces length bytes at position by others. */
static void replace_part(struct buf *text, size_t position, size_t length, const char *other, size_t other_length)
{
    AUTO(buf_free) struct buf result = BUF_INIT;

    buf_add_n(&result, buf_text(text), position);
    buf_add_n(&result, other, other_length);
    buf_add_n(&result, buf_text(text) + position + length, text->length - position - length);
    buf_free(text);
    *text = result;
    result = (struct buf)BUF_INIT;
}

static void mutate_once(struct arena *arena, struct buf *text, uint64_t *state)
{
    size_t position = below(state, text->length + 1), left = text->length - position;
    size_t length = below(state, left < 40 ? left + 1 : 40);
    const char *token = tokens[below(state, ARRAY_SIZE(tokens))];
    const char byte = (char)below(state, 256);

    switch (below(state, 8)) {
    case 0:
        replace_part(text, position, left ? 1 : 0, &byte, 1);
        break;
    case 1:
        replace_part(text, position, length, "", 0);
        break;
    case 2: /* the same again, elsewhere */
        token = arena_strndup(arena, buf_text(text) + position, length);
        replace_part(text, below(state, text->length), 0, token, length);
        break;
    case 3:
        replace_part(text, position, below(state, 16) ? length : left, "", 0);
        break;
    default:
        replace_part(text, position, below(state, 2) ? 0 : length, token, strlen(token));
    }
}

/* The file and its changed copies. */
static void replay(struct fuzzer *fuzzer, const struct mode *mode, const char *path, unsigned count)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    const char *name = strrchr(path, '/');
    char *text = NULL;
    size_t length = 0;
    uint64_t state = 88172645463325252U + strtoul(getenv("FUZZ_SEED") ? getenv("FUZZ_SEED") : "0", NULL, 10);

    if (file_read(arena, path, INPUT_LIMIT, &text, &length) < 0) {
        fprintf(stderr, "fuzz: %s cannot be read\n", path);
        exit(2);
    }
    for (unsigned i = 0; i <= count; i++) {
        AUTO(buf_free) struct buf changed = BUF_INIT;

        buf_add_n(&changed, text, length);
        for (size_t changes = i ? 1 + below(&state, 4) : 0; changes; changes--)
            mutate_once(arena, &changed, &state);
        const struct input input = {buf_text(&changed), changed.length, name ? name + 1 : path};
        fuzzer_keep(fuzzer, &input);
        alarm(SECONDS);
        try_input(fuzzer, mode, &input);
        alarm(0);
    }
}

int main(int argc, char **argv)
{
    struct fuzzer *fuzzer;

    if (argc < 5) {
        fputs("usage: fuzz DIRECTORY MODE COUNT FILE...\n", stderr);
        return 2;
    }
    fuzzer = fuzzer_new(argv[1]);
    for (int i = 4; i < argc; i++)
        replay(fuzzer, mode_of(argv[2]), argv[i], (unsigned)strtoul(argv[3], NULL, 10));
    fuzzer_free(fuzzer);
    return 0;
}

#endif
