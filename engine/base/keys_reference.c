/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables of keys for people: the reference in the README and in the manual. */
#include "base/keys.h"

/* In a table's cell: a bar would end it, and what is in angle brackets would be taken for HTML. */
void add_cell(struct buf *out, const char *text)
{
    for (; text && *text; text++) {
        if (*text == '|' || *text == '<' || *text == '*' || *text == '[' || *text == ']')
            buf_char(out, '\\');
        buf_char(out, *text);
    }
}

static const char *shape_words(const struct shape *shape)
{
    static const char *const words[] = {
        [0] = "",
        [ACCEPT_TEXT] = "text",
        [ACCEPT_LIST] = "list",
        [ACCEPT_TEXT | ACCEPT_LIST] = "text or list",
        [ACCEPT_MAPPING] = "mapping",
        [ACCEPT_TEXT | ACCEPT_MAPPING] = "text or mapping",
        [ACCEPT_LIST | ACCEPT_MAPPING] = "list or mapping",
        [ACCEPT_TEXT | ACCEPT_LIST | ACCEPT_MAPPING] = "text, list or mapping",
    };

    if (shape->words)
        return shape->words;
    if (shape->accepts == (ACCEPT_TEXT | ACCEPT_LIST | ACCEPT_MAPPING) && shape->name)
        return shape->name; /* what may be all of these is known by its name */
    return shape->text ? shape->text : words[shape->accepts & (ACCEPT_TEXT | ACCEPT_LIST | ACCEPT_MAPPING)];
}

static void add_choices(struct buf *out, const char *const *choices)
{
    for (const char *const *choice = choices; choice && *choice; choice++)
        buf_printf(out, "%s`%s`", choice == choices ? ": " : " ", *choice);
}

static void add_key(struct buf *out, const struct key *key)
{
    buf_printf(out, "| `%s`%s | %s", key->name, key->required ? " (required)" : "", shape_words(key->shape));
    add_choices(out, key->shape->choices);
    buf_add(out, " | ");
    add_cell(out, key->help);
    buf_add(out, " |\n");
}

void keys_reference(struct buf *out, const struct key_group *groups)
{
    for (; groups->title; groups++) {
        buf_printf(out, "\n### %s\n\n| key | value | meaning |\n|---|---|---|\n", groups->title);
        for (const struct key *key = groups->keys; key->name; key++)
            add_key(out, key);
    }
}
