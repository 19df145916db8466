/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Answers that are kept: one is made of questions to this host, then it is changed as the input says and looked up
 * again. Each three bytes of the input are a place in it and the byte that is put there, so that most of it stays what
 * it was.
 */
#include "fuzz.h"

#include "base/cache_file.h"
#include "base/file.h"
#include "base/store.h"
#include "root/root.h"
#include "session/answer.h"
#include "session/places.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Of the file that keeps it (base/store.c): behind the head, kind, length of the key, length of the data, check. */
enum { HEAD = 64, KEY_LENGTH = HEAD + 4, DATA_LENGTH = HEAD + 8, KEY = HEAD + 24, PATCH = 3 };

static const struct buf asked = {.data = (char *)"fuzz", .length = 4};

static void ask(struct root *root, struct arena *arena)
{
    struct root_stat status;
    struct root_uname names;
    struct vec list = {0};
    uint32_t registers[4];
    char *text = NULL;
    size_t length = 0;
    long result = 0;

    root_stat(root, "/etc", true, &status);
    root_stat(root, "/bin", false, &status);
    root_access(root, "/dev/kvm", "rw");
    root_read(root, arena, "/etc/os-release", ROOT_READ_LIMIT, &text, &length);
    root_read(root, arena, "/etc/missing", ROOT_READ_LIMIT, &text, &length);
    root_readlink(root, arena, "/etc/os-release", &text);
    root_list(root, arena, "/etc", &list);
    root_uname(root, &names);
    root_cpuid(root, 0, 0, registers);
    root_ioctl(root, "/dev/kvm", 0xae00, 0, &result);
}

/* A file that changed long ago is what the rules of this answer are made of. */
static void keep_one(const struct session_options *options, struct arena *arena, struct rule_set *rules)
{
    struct root *root = root_open_live();
    struct answers *answers = answers_open(options, arena, root, &asked);
    struct run *run = run_new(rules, root, &(struct run_options){0}, NULL);

    if (!answers || !answers_identities(answers))
        abort();
    file_identity(answers_identities(answers), "/", 0);
    ask(root, arena);
    answers_keep(answers, run, &(struct answer){"text", 4, STATUS_OK});
    run_free(run);
    root_close(root);
}

static size_t number_at(const char *data, size_t at, size_t size)
{
    uint64_t number = 0;

    memcpy(&number, data + at, size);
    return (size_t)number;
}

static void change_kept(struct arena *arena, const char *path, const struct input *input)
{
    const char *kept = NULL;
    size_t length = 0;

    if (!cache_file_map(arena, path, 1 << 20, &kept, &length) || length < KEY)
        abort();
    const size_t key_length = number_at(kept, KEY_LENGTH, 4), data_length = number_at(kept, DATA_LENGTH, 8);
    const struct store_key key = {STORE_ANSWER, kept + KEY, key_length};
    char *data = arena_memdup(arena, kept + KEY + key_length, data_length);
    for (size_t i = 0; i + PATCH <= input->length; i += PATCH) {
        const size_t place = ((size_t)(unsigned char)input->data[i] << 8) | (unsigned char)input->data[i + 1];
        data[place % data_length] = input->data[i + 2];
    }
    struct store *store = store_open_new(arena, path, places_build(arena));
    store_put(store, key, data, data_length - input->length % PATCH);
    store_save(store);
}

void try_answers(const char *directory, struct rule_set *rules, const struct input *input)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    const struct session_options options = {.cache = arena_printf(arena, "%s/answers", directory), .schemas = "/none"};
    const char *path = arena_printf(arena, "%s/answers", options.cache);
    struct answer answer;

    unlink(path);
    keep_one(&options, arena, rules);
    change_kept(arena, path, input);
    struct root *root = root_open_live();
    struct answers *answers = answers_open(&options, arena, root, &asked);
    struct run *run = run_new(rules, root, &(struct run_options){0}, NULL);
    if (!answers_known(answers, &answer))
        answers_hold(answers, run, &answer);
    run_free(run);
    root_close(root);
}
