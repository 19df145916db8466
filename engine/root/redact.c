/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Leaving out of a recording what is nobody else's business. */
#include "root/redact.h"

#include "base/keys.h"
#include "base/regex.h"
#include "base/text.h"

#include <fnmatch.h>
#include <string.h>

struct redaction_rule {
    const char *what;
    struct vec paths; /* of char: patterns; none: all files, and what is no file's */
    bool drop;
    const char *pattern, *with;
    struct regex *regex; /* of the pattern */
    size_t places;
    struct map files; /* where something was left out */
};

struct redaction {
    struct arena *arena;
    struct vec rules; /* of struct redaction_rule */
};

static void take_rule(struct checker *checker, const struct place *place)
{
    struct redaction_rule *rule = place->target;
    const struct yaml_node *at = place->node;
    const char *error = NULL;
    size_t offset;

    rule->with = rule->with ? rule->with : "";
    if (!rule->pattern && !rule->drop)
        problem(checker, DIAG_MISSING_KEY, at->at, NULL, "it says neither drop nor match");
    else if (rule->pattern &&
             !(rule->regex = regex_compile(checker->diagnostics->arena, rule->pattern, REGEX_BINARY, &error, &offset)))
        problem(checker, DIAG_BAD_REGEX, yaml_get(at, "match")->at, NULL, "%s", error);
}

#define MEMBER(member) FILLS(struct redaction_rule, member)
static const struct key rule_keys[] = {
    {"what", &shape_text, true, "what it is, for the message that says what was done", MEMBER(what)},
    {"paths", &shape_texts, false, "patterns of files, with what is below; else all that is recorded", MEMBER(paths)},
    {"drop", &shape_flag, false, "all of it is left out, also that it is there", MEMBER(drop)},
    {"match", &shape_text, false, "else what matches is replaced", MEMBER(pattern)},
    {"with", &shape_text, false, "by this; nothing unless given", MEMBER(with)},
    {0},
};
static const struct shape shape_rule = {
    .accepts = ACCEPT_MAPPING, .keys = rule_keys, .size = sizeof(struct redaction_rule), .take = take_rule};
static const struct shape shape_rules = {.accepts = ACCEPT_LIST, .items = &shape_rule};
static const struct key list_keys[] = {
    {"redact", &shape_rules, true, "what is left out", FILLS(struct redaction, rules)},
    {0},
};
static const struct shape shape_list = {.accepts = ACCEPT_MAPPING, .keys = list_keys};

struct redaction *redaction_load(struct arena *arena, const char *path, const char **ret_error)
{
    struct redaction *redaction = arena_new_object(arena, struct redaction);

    redaction->arena = arena;
    return keys_read_file(arena, path, &shape_list, redaction, ret_error) ? redaction : NULL;
}

static void count(struct redaction *redaction, struct redaction_rule *rule, const char *path)
{
    rule->places++;
    map_put(redaction->arena, &rule->files, arena_strdup(redaction->arena, path ? path : ""), rule);
}

/* NULL: none of the patterns is the path's. */
static const char *pattern_of(const struct redaction_rule *rule, const char *path)
{
    for (size_t i = 0; path && i < rule->paths.count; i++)
        if (fnmatch(rule->paths.items[i], path, FNM_LEADING_DIR) == 0)
            return rule->paths.items[i];
    return NULL;
}

static bool is_of(const struct redaction_rule *rule, const char *path)
{
    return rule->paths.count == 0 || pattern_of(rule, path);
}

/* All in a directory, whatever it is called, is not told by name. */
static const char *public_name(struct arena *arena, const char *pattern, const char *path)
{
    return text_ends(pattern, "/*") ? arena_strndup(arena, pattern, strlen(pattern) - 2) : arena_strdup(arena, path);
}

const char *redaction_hides(struct redaction *redaction, const char *path)
{
    for (size_t i = 0; redaction && i < redaction->rules.count; i++) {
        struct redaction_rule *rule = redaction->rules.items[i];
        const char *pattern = rule->drop ? pattern_of(rule, path) : NULL;
        if (!pattern)
            continue;
        count(redaction, rule, path);
        return public_name(redaction->arena, pattern, path);
    }
    return NULL;
}

/* false: nothing of it is in the text. What cannot be searched to its end is left out as a whole. */
static bool replace(struct redaction *redaction, struct redaction_rule *rule, const char *path, const char *text,
                    size_t length, struct buf *out)
{
    AUTO(regex_scan_cleanup) struct regex_scan *scan = regex_scan_new(rule->regex, text, length);
    const char *from = text;
    enum regex_result result;
    struct regex_span whole;

    while ((result = regex_scan_next(scan, &whole, NULL)) == REGEX_YES) {
        buf_add_n(out, from, (size_t)(whole.start - from));
        buf_add(out, rule->with);
        from = whole.start + whole.length;
        count(redaction, rule, path);
    }
    if (result == REGEX_NO && from == text)
        return false;
    if (result == REGEX_NO)
        buf_add_n(out, from, (size_t)(text + length - from));
    return true;
}

const char *redaction_text(struct redaction *redaction, struct arena *arena, const char *path, const char *text,
                           size_t length, size_t *ret_length)
{
    for (size_t i = 0; redaction && text && i < redaction->rules.count; i++) {
        struct redaction_rule *rule = redaction->rules.items[i];
        AUTO(buf_free) struct buf out = BUF_INIT;
        if (!rule->regex || !is_of(rule, path) || !replace(redaction, rule, path, text, length, &out))
            continue;
        length = out.length;
        text = arena_memdup(arena, buf_text(&out), length + 1);
    }
    *ret_length = length;
    return text;
}

/* Rules of one kind are told together. */
static void add_kind(struct buf *out, const struct redaction *redaction, size_t first)
{
    AUTO(arena_cleanup) struct arena *scratch = arena_new();
    const struct redaction_rule *kind = redaction->rules.items[first];
    struct map files = {0};
    size_t places = 0;

    for (size_t i = first; i < redaction->rules.count; i++) {
        const struct redaction_rule *rule = redaction->rules.items[i];
        if (!text_equal(rule->what, kind->what))
            continue;
        places += rule->places;
        for (size_t j = 0; j < rule->files.count; j++)
            map_put(scratch, &files, rule->files.entries[j].key, rule);
    }
    if (places)
        buf_printf(out, "%s%s (%zu in %zu file%s)", out->length ? ", " : "", kind->what, places, files.count,
                   files.count == 1 ? "" : "s");
}

const char *redaction_summary(const struct redaction *redaction, struct arena *arena)
{
    AUTO(buf_free) struct buf out = BUF_INIT;

    for (size_t i = 0; i < redaction->rules.count; i++) {
        const struct redaction_rule *rule = redaction->rules.items[i];
        bool told = false;
        for (size_t j = 0; j < i; j++)
            told |= text_equal(((const struct redaction_rule *)redaction->rules.items[j])->what, rule->what);
        if (!told)
            add_kind(&out, redaction, i);
    }
    return out.length ? arena_strdup(arena, buf_text(&out)) : NULL;
}
