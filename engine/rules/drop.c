/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words of drop: SECTION, SECTION.NAME, SECTION.NAME.KEY. */
#include "rules/merge.h"

#include <string.h>

const struct section *section_find(const char *name)
{
    for (size_t i = 0; merge_sections[i].name != NULL; i++) {
        if (strcmp(merge_sections[i].name, name) == 0)
            return &merge_sections[i];
    }
    return NULL;
}

/* The text up to the next dot; *text moves behind it. NULL at the end. The last of most words takes all the rest. */
static const char *next_word(struct arena *arena, const char **text, bool last)
{
    const char *start = *text;
    size_t length = last ? strlen(start) : strcspn(start, ".");

    if (*start == '\0')
        return NULL;
    *text = start[length] == '.' ? start + length + 1 : start + length;
    return arena_strndup(arena, start, length);
}

bool drop_parse(struct arena *arena, const char *text, struct drop_part *ret_part)
{
    struct drop_part part = {.word = ""};
    const char *word = next_word(arena, &text, false);
    unsigned words = 0;

    if (word != NULL) {
        part.word = word;
        part.section = section_find(word);
    }
    if (part.section != NULL && part.section->drop == NULL)
        part.section = NULL;
    if (part.section != NULL && part.section->most > 0)
        part.name = next_word(arena, &text, part.section->most == 1);
    if (part.name != NULL && part.section->most > 1)
        part.key = next_word(arena, &text, true);
    words = (part.name != NULL) + (part.key != NULL);
    *ret_part = part;
    return part.section != NULL && words >= part.section->least && *text == '\0';
}

struct vec drop_sections(struct arena *arena)
{
    struct vec names = {0};

    for (size_t i = 0; merge_sections[i].name != NULL; i++) {
        if (merge_sections[i].drop != NULL)
            vec_push(arena, &names, merge_sections[i].name);
    }
    return names;
}
