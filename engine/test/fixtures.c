/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the folders that are test cases, by the names of what is in them. */
#include "test/fixtures.h"
#include "base/file.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH = 8, CASE_LIMIT = 1024 * 1024 };

static const char *last_part(struct arena *arena, const char *path)
{
    size_t end = strlen(path);
    while (end > 1 && path[end - 1] == '/')
        end--;
    size_t start = end;
    while (start > 0 && path[start - 1] != '/')
        start--;
    return arena_strndup(arena, path + start, end - start);
}

/* What the names in a folder make of it. */
static struct fixture look(const struct vec *names)
{
    struct fixture fixture = {0};
    const struct {
        const char *name;
        bool *found;
    } parts[] = {
        {"case.yaml", &fixture.has_yaml},  {"expect.xml", &fixture.has_expected}, {"snapshot", &fixture.has_snapshot},
        {"root", &fixture.has_root},       {"document", &fixture.has_document},   {"args", &fixture.has_arguments},
        {"drivers", &fixture.has_drivers},
    };
    for (size_t i = 0; i < names->count; i++)
        for (size_t part = 0; part < ARRAY_SIZE(parts); part++)
            if (text_equal(names->items[i], parts[part].name))
                *parts[part].found = true;
    return fixture;
}

static bool is_case(const struct fixture *fixture)
{
    return fixture->has_yaml || fixture->has_expected || fixture->has_snapshot || fixture->has_root;
}

const struct fixture *fixture_at(struct arena *arena, const char *directory)
{
    struct vec names = {0};
    struct fixture fixture = {0};
    char *path = realpath(directory, NULL);
    if (path && file_list(arena, path, &names) == 0)
        fixture = look(&names);
    fixture.path = path ? arena_strdup(arena, path) : directory;
    free(path);
    if (!is_case(&fixture))
        return NULL;
    const char *around =
        arena_strndup(arena, fixture.path, strlen(fixture.path) - strlen(last_part(arena, fixture.path)));
    fixture.folder = last_part(arena, around);
    fixture.name = arena_printf(arena, "%s/%s", fixture.folder, last_part(arena, fixture.path));
    return arena_memdup(arena, &fixture, sizeof fixture);
}

struct fixture_search {
    struct arena *arena;
    size_t prefix; /* of paths: the directory that is searched */
    struct vec *fixtures;
    size_t most; /* no more than these are looked for */
};

static int search(struct fixture_search *state, const char *path, const char *folder, unsigned depth)
{
    struct vec names = {0};
    int error = file_list(state->arena, path, &names);
    if (error)
        return error;
    struct fixture fixture = look(&names);
    /* A root/ alone may be the host's own, where the search begins. */
    if (is_case(&fixture) && (fixture.has_yaml || fixture.has_expected || fixture.has_snapshot || depth > 0)) {
        fixture.path = path;
        fixture.folder = folder;
        fixture.name = strlen(path) > state->prefix ? path + state->prefix : "";
        if (!strchr(fixture.name, '/'))
            fixture.name = arena_printf(state->arena, "%s/%s", folder, last_part(state->arena, path));
        vec_push(state->arena, state->fixtures, arena_memdup(state->arena, &fixture, sizeof fixture));
        return 0;
    }
    const char *own = last_part(state->arena, path);
    for (size_t i = 0; i < names.count && depth < DEPTH && state->fixtures->count < state->most; i++) {
        const char *name = names.items[i];
        const char *below = arena_printf(state->arena, "%s/%s", path, name);
        if (name[0] != '.' && file_is_directory(below, false))
            search(state, below, own, depth + 1);
    }
    return 0;
}

static int find(struct arena *arena, const char *directory, size_t most, struct vec *ret_fixtures)
{
    size_t length = strlen(directory);
    while (length > 1 && directory[length - 1] == '/')
        length--;
    const char *top = arena_strndup(arena, directory, length);
    struct fixture_search state = {arena, length + 1, ret_fixtures, most};
    const char *slash = strrchr(top, '/');
    const char *around = slash && slash > top ? last_part(arena, arena_strndup(arena, top, (size_t)(slash - top))) : "";
    return search(&state, top, around, 0);
}

int fixtures_find(struct arena *arena, const char *directory, struct vec *ret_fixtures)
{
    return find(arena, directory, SIZE_MAX, ret_fixtures);
}

bool fixtures_any(struct arena *arena, const char *directory)
{
    struct vec fixtures = {0};
    return find(arena, directory, 1, &fixtures) == 0 && fixtures.count > 0;
}

/* "rule: NAME" at the start of a line; NULL: none. Parsing thousands of cases for one word would be slow. */
static const char *named_rule(struct arena *arena, const struct fixture *fixture)
{
    char *text = NULL;
    size_t length = 0;
    if (file_read(arena, arena_printf(arena, "%s/case.yaml", fixture->path), CASE_LIMIT, &text, &length))
        return NULL;
    const char *line = text_starts(text, "rule:") ? text : strstr(text, "\nrule:");
    if (!line)
        return NULL;
    line = strchr(line, ':') + 1;
    line += strspn(line, " '\"");
    return arena_strndup(arena, line, strcspn(line, " '\"\r\n#"));
}

void fixtures_rules(struct arena *arena, const char *directory, struct map *ret_rules)
{
    struct vec fixtures = {0};
    fixtures_find(arena, directory, &fixtures);
    for (size_t i = 0; i < fixtures.count; i++) {
        const struct fixture *fixture = fixtures.items[i];
        const char *named = fixture->has_yaml ? named_rule(arena, fixture) : NULL;
        map_put(arena, ret_rules, fixture->folder, fixture);
        if (named)
            map_put(arena, ret_rules, named, fixture);
    }
}
