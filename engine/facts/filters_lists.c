/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Filters on texts that are lists of words between white space, such as what a processor can do. */
#include "base/text.h"
#include "facts/filters.h"
#include "facts/internal.h"

#include <string.h>

struct word {
    const char *start;
    size_t length;
    size_t hash;
};

static bool is_white(char character)
{
    return character == ' ' || character == '\t' || character == '\n';
}

/* The next word at or after *at, which is moved behind it. False: there is none. */
static bool next_word(const char **at, struct word *ret_word)
{
    const char *end = *at;
    size_t hash = 0;

    while (is_white(*end))
        end++;
    ret_word->start = end;
    for (; *end != '\0' && !is_white(*end); end++)
        hash = hash * 31 + (unsigned char)*end;
    ret_word->length = (size_t)(end - ret_word->start);
    ret_word->hash = hash ^ hash >> 16;
    *at = end;
    return ret_word->length > 0;
}

static void add_word(struct buf *list, const struct word *word)
{
    if (list->length > 0)
        buf_char(list, ' ');
    buf_add_n(list, word->start, word->length);
}

static const char *flags_one(struct filter_call *call, const char *value)
{
    AUTO(buf_free) struct buf set = BUF_INIT;
    const char *at = call->text;
    struct word word;
    uint64_t number;

    if (!filter_number(value, &number))
        return NULL;
    for (; number != 0 && next_word(&at, &word); number >>= 1)
        if (number & 1 && !(word.length == 1 && *word.start == '-'))
            add_word(&set, &word);
    return arena_strdup(call->arena, buf_text(&set));
}

void filter_flags(struct filter_call *call)
{
    filter_each(call, flags_one);
}

/* The slot where a word is, or would be. */
static struct word *word_slot(const struct word_set *set, const struct word *word)
{
    for (size_t i = word->hash;; i++) {
        struct word *slot = &set->slots[i & set->mask];
        if (slot->start == NULL || (slot->hash == word->hash && slot->length == word->length &&
                                    memcmp(slot->start, word->start, word->length) == 0))
            return slot;
    }
}

static size_t count_words(const char *list)
{
    struct word word;
    size_t count = 0;

    while (next_word(&list, &word))
        count++;
    return count;
}

/* Half of the slots stay free. */
static struct word_set make_set(struct arena *arena, const char *list)
{
    struct word_set set = {.list = list, .mask = 1};
    struct word word;

    for (size_t room = 2 * count_words(list); set.mask < room;)
        set.mask = set.mask << 1 | 1;
    set.slots = arena_alloc(arena, (set.mask + 1) * sizeof(*set.slots));
    while (next_word(&list, &word))
        *word_slot(&set, &word) = word;
    return set;
}

static const struct word_set *word_set_of(struct filter_call *call)
{
    struct word_sets *words = call->words;

    for (size_t i = 0; i < ARRAY_SIZE(words->sets); i++)
        if (words->sets[i].list == call->text)
            return &words->sets[i];
    struct word_set *set = &words->sets[words->next];
    words->next = (words->next + 1) % ARRAY_SIZE(words->sets);
    *set = make_set(call->arena, call->text);
    return set;
}

static const char *without_one(struct filter_call *call, const char *value)
{
    AUTO(buf_free) struct buf left = BUF_INIT;
    const struct word_set *set = word_set_of(call);
    struct word word;

    while (next_word(&value, &word))
        if (word_slot(set, &word)->start == NULL)
            add_word(&left, &word);
    return arena_strdup(call->arena, buf_text(&left));
}

/* Texts that lack nothing stay what they are. */
void filter_without(struct filter_call *call)
{
    if (*call->text != '\0')
        filter_each(call, without_one);
}

static const char *words_one(struct filter_call *call, const char *value)
{
    return arena_printf(call->arena, "%zu", count_words(value));
}

void filter_words(struct filter_call *call)
{
    filter_each(call, words_one);
}
