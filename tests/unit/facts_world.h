/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules and a directory root in a temporary directory, loaded and run: what the tests of facts/ share. */
#ifndef HVPROBE_TESTS_FACTS_WORLD_H
#define HVPROBE_TESTS_FACTS_WORLD_H

#include "facts/internal.h"
#include "rules/load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct world {
    struct arena *arena;
    char directory[32];
    struct diagnostics diagnostics;
    struct rule_set *set;
    struct root *root;
    struct run *run;
};

static inline const char *world_path(const struct world *world, const char *name)
{
    return arena_printf(world->arena, "%s/%s", world->directory, name);
}

/* Writes a file below the directory, which must exist. */
static inline void world_put_bytes(const struct world *world, const char *name, const char *bytes, size_t length)
{
    FILE *stream = fopen(world_path(world, name), "w");

    assert_non_null(stream);
    assert_int_equal(fwrite(bytes, 1, length, stream), length);
    assert_int_equal(fclose(stream), 0);
}

static inline void world_put(const struct world *world, const char *name, const char *text)
{
    world_put_bytes(world, name, text, strlen(text));
}

static inline int world_setup(void **state)
{
    struct world *world = calloc(1, sizeof(*world));

    world->arena = arena_new();
    world->diagnostics.arena = world->arena;
    strcpy(world->directory, "/tmp/test-facts-XXXXXX");
    assert_non_null(mkdtemp(world->directory));
    assert_int_equal(mkdir(world_path(world, "rules"), 0755), 0);
    assert_int_equal(mkdir(world_path(world, "root"), 0755), 0);
    assert_int_equal(mkdir(world_path(world, "root/etc"), 0755), 0);
    *state = world;
    return 0;
}

static inline int world_teardown(void **state)
{
    struct world *world = *state;
    char command[64];

    run_free(world->run);
    root_close(world->root);
    if (world->set != NULL)
        rule_set_free(world->set);
    snprintf(command, sizeof(command), "rm -rf %s", world->directory);
    assert_int_equal(system(command), 0);
    arena_free(world->arena);
    free(world);
    return 0;
}

/* Loads what is in rules/; diagnostics are printed, as they are a mistake of the test. */
static inline void world_load(struct world *world)
{
    const char *const layers[] = {world_path(world, "rules"), NULL};
    const struct load_options options = {.layers = layers};

    world->set = rules_load(&options, &hvprobe_vocabulary, &world->diagnostics);
    diagnostics_print(stderr, &world->diagnostics, false);
    assert_int_equal(world->diagnostics.errors, 0);
}

/* Rule t with these facts (and more of its keys), on the directory root with these options. */
static inline void world_run(struct world *world, const char *rule, const struct run_options *options)
{
    const char *error = NULL;

    world_put(world, "rules/t.yaml", arena_printf(world->arena, "rule: t\ntitle: test\n%s", rule));
    world_load(world);
    world->root = root_open_directory(world->arena, world_path(world, "root"), &error);
    assert_non_null(world->root);
    world->run = run_new(world->set, world->root, options, &world->diagnostics);
}

static inline const struct fact *world_fact(const struct world *world, const char *name)
{
    const struct fact *fact = map_get(&rule_set_find(world->set, "t")->facts, name);

    assert_non_null(fact);
    return fact;
}

static inline const struct table *world_table(const struct world *world, const char *name)
{
    return run_fact(world->run, world_fact(world, name));
}

/* All values of a column of some rows, with spaces between them; "-" where it is unset. */
static inline const char *join_rows(struct arena *arena, struct row *const *rows, size_t count, const char *column)
{
    AUTO(buf_free) struct buf list = BUF_INIT;

    for (size_t i = 0; i < count; i++) {
        const char *value = row_get(rows[i], column);
        buf_add(&list, i > 0 ? " " : "");
        buf_add(&list, value != NULL ? value : "-");
    }
    return arena_strdup(arena, buf_text(&list));
}

static inline const char *world_column(const struct world *world, const char *name, const char *column)
{
    const struct table *table = world_table(world, name);

    return join_rows(world->arena, table->rows, table->count, column);
}

#endif
