/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a root said, as bytes that are compared when it is asked again. */
#include "root/journal.h"

#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"

#include <string.h>

enum { SHOWN_WHOLE = 4096, QUESTIONS_LIMIT = 65536 };

struct noted {
    struct question question;
    const char *answer;
    size_t length;
    struct vec askers;  /* of unsigned, as pointers: a fact asks many things, a thing is asked by few */
    struct noted *next; /* of the same path */
};

struct journal {
    struct arena *arena;
    struct map by_path; /* of struct noted: the last that was asked of a path */
    struct vec noted;   /* all, in order */
    struct buf askers;  /* a byte for each number: not 0 for those who asked anything */
    unsigned asker;
    bool spoilt;
};

struct journal *journal_new(struct arena *arena)
{
    struct journal *journal = arena_new_object(arena, struct journal);
    journal->arena = arena;
    arena_defer(arena, (void (*)(void *))buf_free, &journal->askers);
    return journal;
}

bool journal_is_whole(const struct journal *journal)
{
    return !journal->spoilt;
}

void journal_spoil(struct journal *journal)
{
    if (journal)
        journal->spoilt = true;
}

unsigned journal_set_asker(struct journal *journal, unsigned asker)
{
    if (!journal)
        return ASKED_BY_ALL;
    const unsigned before = journal->asker;
    journal->asker = asker;
    return before;
}

bool journal_has_asker(const struct vec *askers, uint64_t asker)
{
    for (size_t i = askers->count; i > 0; i--)
        if ((uintptr_t)askers->items[i - 1] == asker)
            return true;
    return false;
}

bool journal_has(const struct journal *journal, unsigned asker)
{
    return asker < journal->askers.length && journal->askers.data[asker];
}

static void add_asker(struct journal *journal, struct noted *noted)
{
    if (journal_has_asker(&noted->askers, journal->asker))
        return;
    vec_push(journal->arena, &noted->askers, (void *)(uintptr_t)journal->asker);
    while (journal->askers.length <= journal->asker)
        buf_char(&journal->askers, '\0');
    journal->askers.data[journal->asker] = 1;
}

static bool is_same(const struct question *one, const struct question *other)
{
    return one->kind == other->kind && one->first == other->first && one->second == other->second &&
           text_equal(one->word ? one->word : "", other->word ? other->word : "");
}

static struct noted *find(const struct journal *journal, const struct question *question)
{
    struct noted *noted = map_get(&journal->by_path, question->path);
    while (noted && !is_same(&noted->question, question))
        noted = noted->next;
    return noted;
}

static struct noted *add(struct journal *journal, const struct question *question, const struct buf *answer)
{
    struct noted *noted = arena_new_object(journal->arena, struct noted);
    noted->question = *question;
    noted->question.path = arena_strdup(journal->arena, question->path);
    noted->question.word = arena_strdup(journal->arena, question->word);
    noted->answer = arena_memdup(journal->arena, answer->data, answer->length);
    noted->length = answer->length;
    noted->next = map_get(&journal->by_path, question->path);
    vec_push(journal->arena, &journal->noted, noted);
    map_put(journal->arena, &journal->by_path, noted->question.path, noted);
    return noted;
}

static void note(struct journal *journal, const struct question *question, const struct buf *answer)
{
    struct noted *noted = find(journal, question);
    if (!noted && journal->noted.count < QUESTIONS_LIMIT)
        noted = add(journal, question, answer);
    journal->spoilt = journal->spoilt || !noted;
    if (!noted)
        return;
    /* Two answers in one run: what was concluded from which of them nobody can tell. None is like no bytes. */
    if (noted->length != answer->length || memcmp(noted->answer, answer->data, answer->length) != 0)
        noted->length = 0;
    add_asker(journal, noted);
}

/* ---- answers as bytes ---- */

void journal_say_number(struct buf *out, int error, uint64_t number)
{
    pack_number(out, (uint64_t)-error);
    pack_number(out, error < 0 ? 0 : number);
}

void journal_say_text(struct buf *out, int error, const char *text, size_t length)
{
    journal_say_number(out, error, length);
    if (error == 0 && length <= SHOWN_WHOLE) {
        buf_add_n(out, text, length);
    } else if (error == 0) {
        const struct digest digest = digest_of(text, length);
        buf_add_n(out, (const char *)digest.bytes, sizeof(digest.bytes));
    }
}

void journal_say_names(struct buf *out, int error, const struct vec *names)
{
    AUTO(buf_free) struct buf all = BUF_INIT;
    for (size_t i = 0; error == 0 && i < names->count; i++)
        buf_add_n(&all, names->items[i], strlen(names->items[i]) + 1);
    journal_say_text(out, error, buf_text(&all), all.length);
}

/* What rules can ask of a path; of a file that is read elsewhere also what tells it from others, and from itself once
 * it has changed. */
void journal_say_stat(struct buf *out, int error, const struct root_stat *status, bool identity)
{
    journal_say_number(out, error, status->type);
    if (error < 0)
        return;
    pack_number(out, status->mode);
    pack_number(out, status->has_group ? (uint64_t)status->group + 1 : 0);
    pack_number(out, status->size);
    if (!identity)
        return;
    pack_number(out, status->device);
    pack_number(out, status->inode);
    pack_number(out, (uint64_t)status->ctime_seconds);
    pack_number(out, status->ctime_nanoseconds);
}

void journal_say_uname(struct buf *out, int error, const struct root_uname *names)
{
    journal_say_number(out, error, 0);
    if (error < 0)
        return;
    pack_text(out, names->sysname);
    pack_text(out, names->nodename);
    pack_text(out, names->release);
    pack_text(out, names->version);
    pack_text(out, names->machine);
}

void journal_number(struct journal *journal, struct question question, int error, uint64_t number)
{
    AUTO(buf_free) struct buf answer = BUF_INIT;
    if (!journal)
        return;
    journal_say_number(&answer, error, number);
    note(journal, &question, &answer);
}

void journal_text(struct journal *journal, struct question question, int error, const char *text, size_t length)
{
    AUTO(buf_free) struct buf answer = BUF_INIT;
    if (!journal)
        return;
    journal_say_text(&answer, error, text, length);
    note(journal, &question, &answer);
}

void journal_names(struct journal *journal, struct question question, int error, const struct vec *names)
{
    AUTO(buf_free) struct buf answer = BUF_INIT;
    if (!journal)
        return;
    journal_say_names(&answer, error, names);
    note(journal, &question, &answer);
}

void journal_stat(struct journal *journal, struct question question, int error, const struct root_stat *status)
{
    AUTO(buf_free) struct buf answer = BUF_INIT;
    const bool identity = question.kind == ASK_IDENTITY;
    if (!journal)
        return;
    if (identity && error == 0 && !file_is_settled(status->ctime_seconds, status->ctime_nanoseconds))
        journal->spoilt = true;
    journal_say_stat(&answer, error, status, identity);
    note(journal, &question, &answer);
}

void journal_uname(struct journal *journal, struct question question, int error, const struct root_uname *names)
{
    AUTO(buf_free) struct buf answer = BUF_INIT;
    if (!journal)
        return;
    journal_say_uname(&answer, error, names);
    note(journal, &question, &answer);
}

void journal_write(struct buf *out, const struct journal *journal)
{
    pack_number(out, journal->noted.count);
    for (size_t i = 0; i < journal->noted.count; i++) {
        const struct noted *noted = journal->noted.items[i];
        pack_number(out, noted->question.kind);
        pack_text(out, noted->question.path);
        pack_text(out, noted->question.word);
        pack_number(out, noted->question.first);
        pack_number(out, noted->question.second);
        pack_bytes(out, noted->answer, noted->length);
        pack_number(out, noted->askers.count);
        for (size_t asker = 0; asker < noted->askers.count; asker++)
            pack_number(out, (uintptr_t)noted->askers.items[asker]);
    }
}
