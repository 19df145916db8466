/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which rules can say anything about a host, without asking each of them?
 *
 * On a host of the same kind where nothing is there, all rules are asked once, and what they look at is noted. On
 * another host of that kind a rule that looks at nothing that is there gives the same answers; if it emitted nothing
 * then, it emits nothing now. So thousands of cases and thousands of rules cost their sum and not their product.
 */
#include "base/budget.h"
#include "base/text.h"
#include "test/test.h"

#include <pthread.h>
#include <string.h>

enum {
    SMALL_SET = 16,    /* rules: asking them all is cheaper */
    PATH_LIMIT = 1000, /* in a host: no test case, but somebody's disk */
    BASE_LIMIT = 32,   /* kinds of hosts */
};

/* Rules that looked at something. */
struct lookers {
    struct vec rules;
};

/* A kind of host. */
struct base {
    const char *key;
    const char *document;
    struct map paths;         /* of struct lookers: by what they looked at */
    struct map below;         /* of struct lookers: by each directory above it */
    struct number_map always; /* rules that emit even where nothing is there, or look at more than a host */
    struct coverage coverage; /* of this run */
    bool cut_short;           /* by bounds on work: more rules may speak */
};

struct reach {
    struct test_plan *plan;
    struct arena *arena;
    pthread_mutex_t lock;
    struct map bases;      /* of struct base */
    struct map dependents; /* of struct lookers: rules that use the facts of a rule, by its id */
    bool needed;
};

static void look_at(struct arena *arena, struct map *map, const char *path, const struct rule *rule)
{
    struct lookers *lookers = map_get(map, path);
    if (!lookers) {
        lookers = arena_new_object(arena, struct lookers);
        map_put(arena, map, arena_strdup(arena, path), lookers);
    }
    if (lookers->rules.count == 0 || lookers->rules.items[lookers->rules.count - 1] != rule)
        vec_push(arena, &lookers->rules, rule);
}

struct reach *reach_new(struct test_plan *plan)
{
    struct arena *arena = arena_new();
    struct reach *reach = arena_new_object(arena, struct reach);
    const struct map *rules = &plan->rules->rules;
    reach->plan = plan;
    reach->arena = arena;
    reach->needed = rules->count > SMALL_SET;
    pthread_mutex_init(&reach->lock, NULL);
    for (size_t i = 0; i < rules->count; i++) {
        const struct rule *rule = rules->entries[i].value;
        for (const struct rule *const *used = (const struct rule *const *)rule->uses; *used; used++)
            look_at(arena, &reach->dependents, (*used)->id, rule);
    }
    return reach;
}

void reach_free(struct reach *reach)
{
    if (!reach)
        return;
    pthread_mutex_destroy(&reach->lock);
    arena_free(reach->arena);
}

/* What is the same on all hosts of a kind, as a text. */
static const char *base_key(struct arena *arena, const struct test_case *test, struct root *root)
{
    AUTO(buf_free) struct buf key = BUF_INIT;
    struct root_uname names = {"", "", "", "", ""};
    const struct root_os *os = root_os(root);
    const char *arch = "";
    root_arch(root, &arch);
    bool has_uname = root_uname(root, &names) == 0;
    buf_printf(&key, "%s\n%d%d%d\n%s\n%s\n%s\n%s\n%s\n", test->document, test->root != NULL, test->exec, has_uname,
               arch, test->lang ? test->lang : "", os->id ? os->id : "", os->version ? os->version : "",
               os->like_text ? os->like_text : "");
    buf_printf(&key, "%s\n%s\n%s\n%s\n", names.sysname, names.release, names.version, names.machine);
    for (size_t i = 0; i < test->parameters.count; i++) {
        const struct named_text *parameter = test->parameters.items[i];
        buf_printf(&key, "%s=%s\n", parameter->name, parameter->value);
    }
    return arena_strdup(arena, buf_text(&key));
}

struct reach_survey {
    struct reach *reach;
    struct base *base;
    struct trial *trial;
    const struct rule *rule; /* asked now, for what is looked at outside of its facts */
};

static bool note_path(void *data, const char *path)
{
    struct reach_survey *survey = data;
    struct arena *arena = survey->reach->arena;
    const struct fact *fact = survey->trial->run ? run_current(survey->trial->run) : NULL;
    const struct rule *rule = fact ? fact->rule : survey->rule;
    if (!rule)
        return true;
    look_at(arena, &survey->base->paths, path, rule);
    for (const char *slash = strrchr(path, '/'); slash && slash > path;) {
        path = arena_strndup(arena, path, (size_t)(slash - path));
        look_at(arena, &survey->base->below, path, rule);
        slash = strrchr(path, '/');
    }
    return true;
}

/* Facts that look at other documents look at everything that made those. */
static bool looks_further(const struct rule *rule)
{
    for (size_t i = 0; i < rule->facts.count; i++) {
        const struct fact *fact = rule->facts.entries[i].value;
        if (fact->source && text_equal(fact->source->name, "document"))
            return true;
    }
    return false;
}

static void ask_all(struct reach_survey *survey)
{
    const struct rule_set *set = survey->reach->plan->rules;
    for (size_t i = 0; i < set->rules.count; i++) {
        const struct rule *rule = set->order[i];
        survey->rule = rule;
        for (size_t j = 0; j < rule->facts.count; j++)
            run_fact(survey->trial->run, rule->facts.entries[j].value);
        if (looks_further(rule))
            pointer_set_add(survey->reach->arena, &survey->base->always, rule);
    }
    survey->rule = NULL;
}

static void note_speakers(struct reach *reach, struct base *base, const struct document *document)
{
    for (size_t i = 0; document && i < document->emissions.count; i++) {
        const struct emission *emission = document->emissions.items[i];
        if (emission->entry && emission->result != EMIT_SKIPPED)
            pointer_set_add(reach->arena, &base->always, emission->entry->rule);
    }
}

/* Of all documents, as one may be made from another. */
static void build_all(struct reach_survey *survey)
{
    const struct test_plan *plan = survey->reach->plan;
    struct map built = {0};
    for (size_t i = 0; i < plan->rules->rules.count; i++) {
        const struct rule *rule = plan->rules->rules.entries[i].value;
        const char *error = NULL;
        if (rule->emit_count == 0 || map_get(&built, rule->document))
            continue;
        map_put(survey->trial->arena, &built, rule->document, rule);
        note_speakers(survey->reach, survey->base,
                      document_build(survey->trial->run, rule->document, &plan->documents, &error));
    }
}

static struct base *survey_host(struct reach *reach, const char *key, const struct test_case *test, struct root *root)
{
    struct base *base = arena_new_object(reach->arena, struct base);
    struct worker worker = {.plan = reach->plan, .arena = reach->arena, .coverage = {.arena = reach->arena}};
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    struct trial trial = {.worker = &worker, .arena = arena, .test = test};
    struct reach_survey survey = {.reach = reach, .base = base, .trial = &trial};
    const struct hiding hiding = {.hides = note_path, .data = &survey, .everything = true};
    struct root *nothing = root_open_hiding(root, &hiding);
    AUTO(buf_free) struct buf problems = BUF_INIT;
    struct budget budget; /* the case that comes first must not pay for all */
    budget_begin(&budget, reach->plan->milliseconds);
    root_adopt_host(nothing, root);
    base->key = arena_strdup(reach->arena, key);
    trial_start(&trial, nothing, &problems);
    build_all(&survey);
    if (trial.document && reach->plan->coverage)
        coverage_take(&worker.coverage, &trial);
    ask_all(&survey);
    budget_end(&budget);
    base->coverage = worker.coverage;
    base->cut_short = trial.diagnostics.incomplete > 0;
    run_free(trial.run);
    root_close(nothing);
    map_put(reach->arena, &reach->bases, base->key, base);
    return base;
}

/* NULL: there are too many kinds of hosts already, or looking at this one took too much. */
static struct base *base_of(struct reach *reach, const char *key, const struct test_case *test, struct root *root)
{
    pthread_mutex_lock(&reach->lock);
    struct base *base = map_get(&reach->bases, key);
    if (!base && reach->bases.count < BASE_LIMIT)
        base = survey_host(reach, key, test, root);
    pthread_mutex_unlock(&reach->lock);
    return base && !base->cut_short ? base : NULL;
}

static void add_speaker(const struct reach *reach, struct arena *arena, struct number_map *speakers,
                        const struct rule *rule)
{
    const struct lookers *dependents = map_get(&reach->dependents, rule->id);
    pointer_set_add(arena, speakers, rule);
    for (size_t i = 0; dependents && i < dependents->rules.count; i++)
        pointer_set_add(arena, speakers, dependents->rules.items[i]);
}

static void add_lookers(const struct reach *reach, struct arena *arena, struct number_map *speakers,
                        const struct map *map, const char *path)
{
    const struct lookers *lookers = map_get(map, path);
    for (size_t i = 0; lookers && i < lookers->rules.count; i++)
        add_speaker(reach, arena, speakers, lookers->rules.items[i]);
}

static bool is_plain_directory(struct root *root, const char *path)
{
    struct root_stat status;
    return root_stat(root, path, false, &status) == 0 && status.type == ROOT_DIR && root_access(root, path, "x") == 0;
}

const struct number_map *reach_speakers(struct reach *reach, struct arena *arena, const struct test_case *test,
                                        struct root *root, struct coverage *coverage)
{
    struct vec paths = {0};
    if (!reach->needed || !root_paths(root, arena, PATH_LIMIT, &paths))
        return NULL;
    const struct base *base = base_of(reach, base_key(arena, test, root), test, root);
    if (!base)
        return NULL;
    struct number_map *speakers = arena_new_object(arena, struct number_map);
    for (size_t i = 0; i < paths.count; i++) {
        add_lookers(reach, arena, speakers, &base->paths, paths.items[i]);
        if (!is_plain_directory(root, paths.items[i]))
            add_lookers(reach, arena, speakers, &base->below, paths.items[i]);
    }
    for (size_t i = 0; i < base->always.slot_count; i++)
        if (base->always.slots[i].number)
            add_speaker(reach, arena, speakers, base->always.slots[i].value);
    for (size_t i = 0; i < test->explanations.count; i++) {
        const struct expected_text *expected = test->explanations.items[i];
        const struct rule *rule = rule_set_find(reach->plan->rules, expected->rule);
        if (rule)
            pointer_set_add(arena, speakers, rule);
    }
    if (coverage)
        coverage_merge(coverage, &base->coverage);
    return speakers;
}
