/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Takes one observed file after the other away from a case: a fact whose file nobody misses is tested by nobody. */
#include "test/test.h"

#include <stdlib.h>
#include <string.h>

/* Facts that looked at a path. */
struct observers {
    struct vec facts;
};

struct watcher {
    struct arena *arena;
    struct trial *trial;
    struct map paths; /* of struct observers */
};

static bool note(void *data, const char *path)
{
    struct watcher *watcher = data;
    const struct fact *fact = watcher->trial->run ? run_current(watcher->trial->run) : NULL;
    struct observers *observers = map_get(&watcher->paths, path);
    if (!fact)
        return false;
    if (!observers) {
        observers = arena_new_object(watcher->arena, struct observers);
        map_put(watcher->arena, &watcher->paths, arena_strdup(watcher->arena, path), observers);
    }
    for (size_t i = 0; i < observers->facts.count; i++)
        if (observers->facts.items[i] == fact)
            return false;
    vec_push(watcher->arena, &observers->facts, fact);
    return false;
}

static bool hides_path(void *data, const char *path)
{
    const char *hidden = data;
    size_t length = strlen(hidden);
    return strncmp(path, hidden, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

/* The case on a hiding_root root. Does it still pass? */
static bool passes(struct trial *trial, struct root *root, const struct hiding *hiding)
{
    AUTO(buf_free) struct buf problems = BUF_INIT;
    struct root *hiding_root = root_open_hiding(root, hiding);
    bool updated = false;
    if (trial_start(trial, hiding_root, &problems))
        test_judge(trial, &problems, &updated);
    bool passed = problems.length == 0;
    run_free(trial->run);
    trial->run = NULL;
    root_close(hiding_root);
    return passed;
}

static bool is_file(struct root *root, const char *path)
{
    struct root_stat status;
    return root_stat(root, path, false, &status) == 0 && status.type != ROOT_DIR;
}

static void remove_one(struct worker *worker, const struct test_case *test, struct root *root, const char *path,
                       const struct observers *observers)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    struct trial trial = {.worker = worker, .arena = arena, .test = test};
    const struct hiding hiding = {.hides = hides_path, .data = (void *)(uintptr_t)path};
    struct mutation *mutation = arena_new_object(worker->arena, struct mutation);
    mutation->name = arena_strdup(worker->arena, test->fixture->name);
    mutation->path = arena_strdup(worker->arena, path);
    mutation->noticed = !passes(&trial, root, &hiding);
    mutation->fact_count = observers->facts.count;
    mutation->facts =
        arena_memdup(worker->arena, observers->facts.items, observers->facts.count * sizeof(struct fact *));
    vec_push(worker->arena, &worker->mutations, mutation);
}

void test_mutate(struct worker *worker, struct arena *arena, const struct test_case *test, struct root *root)
{
    struct trial trial = {.worker = worker, .arena = arena, .test = test};
    struct watcher watcher = {.arena = arena, .trial = &trial};
    const struct hiding hiding = {.hides = note, .data = &watcher};
    if (!passes(&trial, root, &hiding))
        return;
    for (size_t i = 0; i < watcher.paths.count; i++)
        if (is_file(root, watcher.paths.entries[i].key))
            remove_one(worker, test, root, watcher.paths.entries[i].key, watcher.paths.entries[i].value);
}

/* What became of a fact's files. */
struct fate {
    const struct fact *fact;
    size_t removed, noticed;
    const struct mutation *example;
};

static void take_mutation(struct arena *arena, struct map *fates, const struct mutation *mutation)
{
    for (size_t i = 0; i < mutation->fact_count; i++) {
        const struct fact *fact = mutation->facts[i];
        const char *key = arena_printf(arena, "%s.%s", fact->rule->id, fact->name);
        struct fate *fate = map_get(fates, key);
        if (!fate) {
            fate = arena_new_object(arena, struct fate);
            fate->fact = fact;
            map_put(arena, fates, key, fate);
        }
        fate->removed++;
        fate->noticed += mutation->noticed;
        if (!fate->example || strcmp(mutation->name, fate->example->name) < 0)
            fate->example = mutation;
    }
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp(((const struct map_entry *)a)->key, ((const struct map_entry *)b)->key);
}

void mutations_report(struct buf *out, struct arena *arena, const struct worker *workers, size_t count)
{
    struct map fates = {0};
    size_t removed = 0, noticed = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < workers[i].mutations.count; j++) {
            const struct mutation *mutation = workers[i].mutations.items[j];
            take_mutation(arena, &fates, mutation);
            removed++;
            noticed += mutation->noticed;
        }
    if (fates.count)
        qsort(fates.entries, fates.count, sizeof *fates.entries, compare_keys);
    for (size_t i = 0; i < fates.count; i++) {
        const struct fate *fate = fates.entries[i].value;
        const struct mark *at = &fate->fact->at;
        if (fate->noticed == 0 && at->source)
            buf_printf(out,
                       "%s:%u:%u: nobody misses the files of fact %s: %zu taken away one by one, such as %s from %s\n",
                       at->source->path, at->line, at->column, fates.entries[i].key, fate->removed, fate->example->path,
                       fate->example->name);
    }
    buf_printf(out, "mutations: %zu of %zu noticed\n", noticed, removed);
}
