/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Words that mean something on some architectures only, in what people are told. Which words these are is data: the
 * tables called arch_words of any rule. A text that has one must depend on the host's architecture: else it is said
 * everywhere.
 */
#include "rules/link.h"

#include <ctype.h>
#include <string.h>

static const char words_table[] = "arch_words";
static const char architecture[] = "host.arch";

struct words {
    const struct rule_set *set;
    struct diagnostics *diagnostics;
    bool *seen; /* by fact: looked at on the way to the architecture */
    bool asks;
};

bool table_is_for_engine(const struct lookup *lookup)
{
    return strcmp(lookup->name, words_table) == 0 || strcmp(lookup->name, "arch_synonyms") == 0;
}

static void follow_name(const struct use_visitor *visitor, const char *name)
{
    ((struct words *)visitor->data)->asks |= strcmp(name, architecture) == 0;
}

static void follow_fact(const struct use_visitor *visitor, const struct fact *fact)
{
    struct words *words = visitor->data;

    if (words->asks || words->seen[fact->index])
        return;
    words->seen[fact->index] = true;
    uses_of_fact(visitor, fact);
}

static struct use_visitor start(struct words *words)
{
    memset(words->seen, 0, words->set->fact_count * sizeof(bool));
    words->asks = false;
    return (struct use_visitor){.fact = follow_fact, .builtin = follow_name, .data = words};
}

static bool check_asks(struct words *words, const struct check *check)
{
    struct use_visitor visitor = start(words);

    if (check->loop)
        follow_fact(&visitor, check->loop);
    uses_of_condition(&visitor, check->when);
    return words->asks;
}

static bool fact_asks(struct words *words, const struct fact *fact)
{
    struct use_visitor visitor = start(words);

    follow_fact(&visitor, fact);
    return words->asks;
}

static bool is_in_word(char character)
{
    return isalnum((unsigned char)character) || character == '_';
}

static bool has_word(const char *text, const char *word)
{
    const size_t length = strlen(word);

    for (const char *at = text; (at = strstr(at, word)) != NULL; at++)
        if ((at == text || !is_in_word(at[-1])) && !is_in_word(at[length]))
            return true;
    return false;
}

/* A name by itself is a value, not something that is said. */
static bool is_said(const char *text)
{
    return strchr(text, ' ') != NULL;
}

static void find_words(struct words *words, const struct template *text, const struct lookup *lookup)
{
    for (size_t i = 0; i < lookup->entries.count; i++)
        if (has_word(text->text, lookup->entries.entries[i].key))
            diagnose(words->diagnostics, DIAG_FOREIGN_WORD, text->at,
                     "let it depend on ${host.arch}, in 'when' of the check or 'where' of the fact",
                     "'%s' is there on %s only, and this is said on every architecture", lookup->entries.entries[i].key,
                     (const char *)lookup->entries.entries[i].value);
}

static void find_all_words(struct words *words, const struct template *text)
{
    for (size_t i = 0; i < words->set->rules.count; i++) {
        const struct rule *rule = words->set->rules.entries[i].value;
        const struct lookup *lookup = map_get(&rule->tables, words_table);

        if (lookup)
            find_words(words, text, lookup);
    }
}

static void words_of_check(struct words *words, const struct check *check)
{
    if (!check->hint || check_asks(words, check))
        return;
    for (size_t row = 0; row < check->hint->count; row++)
        for (size_t i = 0; i < check->hint->rows[row].count; i++)
            find_all_words(words, check->hint->rows[row].values[i]);
}

static void words_of_template(struct words *words, const struct fact *fact, const struct template *text)
{
    if (text && is_said(text->text) && !fact_asks(words, fact))
        find_all_words(words, text);
}

static void words_of_fact(struct words *words, const struct fact *fact)
{
    const struct field *fields = fact->source ? fact->source->fields : NULL;
    const struct field_value *rows = fields && fields[0].type == FIELD_ROWS ? &fact->source_values[0] : NULL;

    for (size_t i = 0; i < fact->with_count; i++)
        words_of_template(words, fact, fact->with[i].value);
    for (size_t i = 0; rows && i < rows->count; i++)
        for (const struct named_template *cell = rows->rows[i]; cell->name; cell++)
            words_of_template(words, fact, cell->value);
}

void lint_words(const struct rule_set *set, const struct rule *rule, struct arena *scratch,
                struct diagnostics *diagnostics)
{
    struct words words = {.set = set, .diagnostics = diagnostics};

    words.seen = arena_alloc(scratch, set->fact_count * sizeof(bool));
    for (size_t i = 0; i < rule->check_count; i++)
        words_of_check(&words, rule->checks[i]);
    for (size_t i = 0; i < rule->facts.count; i++)
        words_of_fact(&words, rule->facts.entries[i].value);
}
