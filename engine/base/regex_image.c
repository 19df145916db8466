/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Patterns in images of what uses them: as they were written, and what their groups are; compiled on first use. */
#include "base/regex_private.h"

static const struct image_field code_fields[] = {
    {"all", IMAGE_CLEARED, 0, sizeof(struct regex_code), NULL, 0, NULL},
};
static const struct image_type code_type = IMAGE_TYPE(regex_code, code_fields, false, false);

static const struct image_field entry_fields[] = {
    IMAGE_TEXT(name_entry, name),
    IMAGE_PLAINLY(name_entry, number),
    IMAGE_PLAINLY(name_entry, index),
};
static const struct image_type entry_type = IMAGE_TYPE(name_entry, entry_fields, false, false);

static const struct image_field regex_fields[] = {
    IMAGE_FIELD(regex, late, IMAGE_ONE, &code_type),
    IMAGE_COUNTED(regex, entries, IMAGE_ARRAY, &entry_type, entry_count),
    IMAGE_PLAINLY(regex, entry_count),
    IMAGE_COUNTED(regex, names, IMAGE_LIST, &image_text, name_count),
    IMAGE_PLAINLY(regex, name_count),
    IMAGE_TEXT(regex, pattern),
    IMAGE_PLAINLY(regex, binary),
    IMAGE_PLAINLY(regex, matches_empty),
};
const struct image_type regex_image = IMAGE_TYPE(regex, regex_fields, false, true);

void regex_revive(struct arena *arena, void *object)
{
    const struct regex *regex = object;

    pthread_mutex_init(&regex->late->lock, NULL);
    arena_defer(arena, regex_code_release, regex->late);
}
