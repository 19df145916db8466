/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asking a root again what a journal has, and whose answers are others now. */
#include "root/journal.h"

#include "root/files.h"

#include <string.h>

static void ask_stat(struct root *root, struct arena *arena, const struct question *question, struct buf *out)
{
    struct root_stat status = {.type = ROOT_FILE};
    (void)arena;
    const int error = root_stat(root, question->path, question->kind != ASK_LINK_STAT, &status);
    journal_say_stat(out, error, &status, question->kind == ASK_IDENTITY);
}

static void ask_access(struct root *root, struct arena *arena, const struct question *question, struct buf *out)
{
    (void)arena;
    journal_say_number(out, root_access(root, question->path, question->word ? question->word : ""), 0);
}

static void ask_open(struct root *root, struct arena *arena, const struct question *question, struct buf *out)
{
    AUTO(files_close) int fd = -1;
    (void)arena;
    journal_say_number(out, root_open_file(root, question->path, &fd), 0);
}

static void ask_read(struct root *root, struct arena *arena, const struct question *question, struct buf *out)
{
    char *text = NULL;
    size_t length = 0;
    const int error =
        root_read_lines(root, arena, question->path, question->word, (size_t)question->first, &text, &length);
    journal_say_text(out, error, text, length);
}

static void ask_list(struct root *root, struct arena *arena, const struct question *question, struct buf *out)
{
    struct vec names = {0};
    const int error = root_list(root, arena, question->path, &names);
    journal_say_names(out, error, &names);
}

static void ask_readlink(struct root *root, struct arena *arena, const struct question *question, struct buf *out)
{
    char *target = NULL;
    const int error = root_readlink(root, arena, question->path, &target);
    journal_say_text(out, error, target, target ? strlen(target) : 0);
}

static void ask_uname(struct root *root, struct arena *arena, const struct question *question, struct buf *out)
{
    struct root_uname names = {0};
    (void)arena, (void)question;
    const int error = root_uname(root, &names);
    journal_say_uname(out, error, &names);
}

static void ask_cpuid(struct root *root, struct arena *arena, const struct question *question, struct buf *out)
{
    uint32_t registers[4] = {0};
    (void)arena;
    const int error = root_cpuid(root, (uint32_t)question->first, (uint32_t)question->second, registers);
    journal_say_text(out, error, (const char *)registers, sizeof(registers));
}

static void ask_ioctl(struct root *root, struct arena *arena, const struct question *question, struct buf *out)
{
    long result = 0;
    (void)arena;
    const int error = root_ioctl(root, question->path, question->first, question->second, &result);
    journal_say_number(out, error, (uint64_t)result);
}

typedef void (*asking)(struct root *root, struct arena *arena, const struct question *question, struct buf *out);
static const asking askings[QUESTION_KINDS] = {
    [ASK_STAT] = ask_stat,   [ASK_LINK_STAT] = ask_stat, [ASK_ACCESS] = ask_access, [ASK_IDENTITY] = ask_stat,
    [ASK_OPEN] = ask_open,   [ASK_READ] = ask_read,      [ASK_LIST] = ask_list,     [ASK_READLINK] = ask_readlink,
    [ASK_UNAME] = ask_uname, [ASK_CPUID] = ask_cpuid,    [ASK_IOCTL] = ask_ioctl,
};

static struct question read_question(struct unpack *unpack)
{
    struct question question = {(enum question_kind)unpack_below(unpack, QUESTION_KINDS)};
    question.path = unpack_text(unpack);
    question.word = unpack_text(unpack);
    question.first = unpack_number(unpack);
    question.second = unpack_number(unpack);
    unpack->failed =
        unpack->failed || !question.path || (question.kind == ASK_READ && question.first > ROOT_READ_LIMIT);
    return question;
}

/* Adds those who asked; false: all did. */
static bool read_askers(struct arena *arena, struct unpack *unpack, bool changed, struct vec *ret_askers)
{
    const size_t count = unpack_count(unpack);
    bool known = true;
    for (size_t i = 0; i < count; i++) {
        const uint64_t asker = unpack_number(unpack);
        if (changed && asker == ASKED_BY_ALL)
            known = false;
        else if (changed && !journal_has_asker(ret_askers, asker))
            vec_push(arena, ret_askers, (void *)(uintptr_t)asker);
    }
    return known;
}

bool journal_repeat(struct root *root, struct arena *arena, struct unpack *unpack, struct vec *ret_askers)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    AUTO(buf_free) struct buf now = BUF_INIT;
    const size_t count = unpack_count(unpack);
    for (size_t i = 0; i < count && !unpack->failed; i++) {
        size_t length = 0;
        const struct question question = read_question(unpack);
        const char *answer = unpack_bytes(unpack, &length);
        if (unpack->failed)
            return false;
        now.length = 0;
        askings[question.kind](root, scratch, &question, &now);
        const bool changed = now.length != length || memcmp(now.data, answer, length) != 0;
        if (!read_askers(arena, unpack, changed, ret_askers))
            return false;
    }
    return !unpack->failed;
}
