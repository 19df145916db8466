/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loading: layers, masks, extends and drop, broken files, lazy loading. */
#include "base/file.h"
#include "facts/run.h"
#include "rules/load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BASE                                                                                                           \
    "rule: base\ntitle: Base\ntables:\n  size: {a: '1', b: '2'}\n"                                                     \
    "paths:\n  program:\n    any: [/usr/bin/x]\n    suse: [/opt/x]\n"                                                  \
    "facts:\n  program: {path: program}\n  other: {file: /etc/passwd}\n"                                               \
    "checks:\n  - {title: T, expect: program}\n"                                                                       \
    "emit:\n  - name: first\n    when: other\n    at: host\n    set: {cpu/arch: '${program|map:size}'}\n"

struct fixture {
    char directory[32];
    struct arena *arena;
    struct diagnostics diagnostics;
    struct rule_set *set;
    const char *layers[4];
    const char *documents[2];
};

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    strcpy(fixture->directory, "/tmp/test_load_XXXXXX");
    assert_non_null(mkdtemp(fixture->directory));
    fixture->arena = arena_new();
    fixture->diagnostics.arena = fixture->arena;
    for (unsigned i = 0; i < 3; i++) {
        fixture->layers[i] = arena_printf(fixture->arena, "%s/%u", fixture->directory, i + 1);
        mkdir(fixture->layers[i], 0755);
    }
    *state = fixture;
    return 0;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;

    rule_set_free(fixture->set);
    arena_free(fixture->arena);
    nftw(fixture->directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(fixture);
    return 0;
}

/* name: "1/base.yaml" */
static void put(struct fixture *fixture, const char *name, const char *text)
{
    const char *path = arena_printf(fixture->arena, "%s/%s", fixture->directory, name);

    assert_int_equal(file_write(path, text, strlen(text), 0644), 0);
}

/* As the schemas that come with the program have it. */
static const char *tells(void *context, const char *document)
{
    (void)context;
    return strcmp(document, "checks") == 0 ? "checks" : NULL;
}

static void load(struct fixture *fixture, bool lint)
{
    struct load_options options = {.layers = fixture->layers, .tells = tells, .lint = lint};

    if (fixture->documents[0] != NULL)
        options.documents = fixture->documents;
    fixture->set = rules_load(&options, &hvprobe_vocabulary, &fixture->diagnostics);
    assert_non_null(fixture->set);
}

static void assert_sound(struct fixture *fixture)
{
    if (fixture->diagnostics.errors > 0)
        diagnostics_print(stderr, &fixture->diagnostics, false);
    assert_int_equal(fixture->diagnostics.errors, 0);
}

static const struct rule_file *find_file(struct fixture *fixture, const char *name)
{
    const char *path = arena_printf(fixture->arena, "%s/%s", fixture->directory, name);

    for (size_t i = 0; i < fixture->set->files.count; i++) {
        const struct rule_file *file = fixture->set->files.items[i];
        if (strcmp(file->source.path, path) == 0)
            return file;
    }
    fail_msg("no file %s", path);
    return NULL;
}

static size_t count_of(const struct fixture *fixture, enum diagnostic_id id)
{
    size_t count = 0;

    for (size_t i = 0; i < fixture->diagnostics.list.count; i++)
        count += ((struct diagnostic *)fixture->diagnostics.list.items[i])->kind == diagnostic_kind(id);
    return count;
}

static const struct yaml_node *merged(const struct fixture *fixture, const char *section)
{
    const struct rule *rule = rule_set_find(fixture->set, "base");

    assert_non_null(rule);
    return yaml_get(rule->merged, section);
}

static void test_later_layer_hides(void **state)
{
    struct fixture *fixture = *state;

    mkdir(arena_printf(fixture->arena, "%s/1/sub", fixture->directory), 0755);
    put(fixture, "1/sub/base.yaml", BASE);
    put(fixture, "2/base.yaml", "rule: base\ntitle: Later\nfacts: {f: {file: /x}}\navailable: f\n");
    load(fixture, true);
    assert_sound(fixture);
    assert_string_equal(rule_set_find(fixture->set, "base")->title, "Later");
    assert_int_equal(find_file(fixture, "1/sub/base.yaml")->state, FILE_HIDDEN);
    assert_ptr_equal(find_file(fixture, "1/sub/base.yaml")->other, find_file(fixture, "2/base.yaml"));
    assert_int_equal(count_of(fixture, DIAG_SHADOWED), 1);
}

static void test_masks(void **state)
{
    struct fixture *fixture = *state;

    put(fixture, "1/base.yaml", BASE);
    put(fixture, "1/two.yaml", "rule: two\ntitle: Two\nfacts: {f: {file: /x}}\navailable: f\n");
    put(fixture, "2/base.yaml", "# nothing here\n\n");
    assert_int_equal(symlink("/dev/null", arena_printf(fixture->arena, "%s/2/two.yaml", fixture->directory)), 0);
    put(fixture, "3/none.yaml", "");
    load(fixture, true);
    assert_sound(fixture);
    assert_int_equal(fixture->set->rules.count, 0);
    assert_int_equal(find_file(fixture, "1/base.yaml")->state, FILE_MASKED);
    assert_int_equal(find_file(fixture, "2/two.yaml")->state, FILE_MASK);
    assert_int_equal(count_of(fixture, DIAG_MASKS_NOTHING), 1);
}

static void test_twice_in_a_layer(void **state)
{
    struct fixture *fixture = *state;

    mkdir(arena_printf(fixture->arena, "%s/1/sub", fixture->directory), 0755);
    put(fixture, "1/base.yaml", BASE);
    put(fixture, "1/sub/base.yaml", BASE);
    load(fixture, false);
    assert_int_equal(count_of(fixture, DIAG_DUPLICATE_RULE), 1);
    assert_int_equal(find_file(fixture, "1/sub/base.yaml")->state, FILE_BROKEN);
    assert_non_null(rule_set_find(fixture->set, "base"));
}

static void test_unreadable_files(void **state)
{
    struct fixture *fixture = *state;

    put(fixture, "1/base.yaml", BASE);
    mkdir(arena_printf(fixture->arena, "%s/2/base.yaml", fixture->directory), 0755);
    mkfifo(arena_printf(fixture->arena, "%s/2/fifo.yaml", fixture->directory), 0644);
    load(fixture, false);
    assert_int_equal(count_of(fixture, DIAG_UNREADABLE), 2);
    assert_int_equal(find_file(fixture, "1/base.yaml")->state, FILE_USED);
}

static void test_merge_verbs(void **state)
{
    struct fixture *fixture = *state;
    const struct yaml_node *row;

    put(fixture, "1/base.yaml", BASE);
    put(fixture, "2/90-site.yaml",
        "extends: base\ntitle: Site\ntables: {size: {b: '3', c: '4'}}\n"
        "paths:\n  program: {any: [/opt/bin/x, /usr/bin/x], 'debian>=12': /y}\n"
        "facts: {other: {file: /etc/group}, new: {file: /etc/shadow}}\n"
        "checks:\n  - {title: T, expect: other}\n  - {title: U, expect: new}\n"
        "emit:\n  - {name: first, when: other, at: host, set: {cpu/model: x}}\n  - {at: host, set: {cpu/vendor: y}}\n");
    load(fixture, false);
    assert_sound(fixture);
    assert_string_equal(merged(fixture, "title")->value, "Site");
    assert_int_equal(yaml_get(merged(fixture, "tables"), "size")->count, 3);
    assert_string_equal(yaml_get(yaml_get(merged(fixture, "tables"), "size"), "b")->value, "3");
    row = yaml_get(yaml_get(merged(fixture, "paths"), "program"), "any");
    assert_int_equal(row->count, 2);
    assert_string_equal(row->items[0]->value, "/opt/bin/x");
    assert_string_equal(row->items[1]->value, "/usr/bin/x");
    assert_int_equal(yaml_get(merged(fixture, "paths"), "program")->count, 3);
    assert_int_equal(merged(fixture, "facts")->count, 3);
    assert_int_equal(merged(fixture, "checks")->count, 2);
    assert_string_equal(yaml_get(merged(fixture, "checks")->items[0], "expect")->value, "other");
    assert_int_equal(merged(fixture, "emit")->count, 2);
    assert_non_null(yaml_get(yaml_get(merged(fixture, "emit")->items[0], "set"), "cpu/model"));
    assert_null(merged(fixture, "extends"));
    assert_int_equal(rule_set_find(fixture->set, "base")->overlays.count, 1);
}

static void test_drop(void **state)
{
    struct fixture *fixture = *state;

    put(fixture, "1/base.yaml", BASE);
    put(fixture, "2/90-site.yaml",
        "extends: base\ndrop: [tables.size.b, paths.program.suse, checks.T, emit.first, facts.nothing]\n");
    load(fixture, true);
    assert_sound(fixture);
    assert_int_equal(yaml_get(merged(fixture, "tables"), "size")->count, 1);
    assert_int_equal(yaml_get(merged(fixture, "paths"), "program")->count, 1);
    assert_null(merged(fixture, "checks"));
    assert_null(merged(fixture, "emit"));
    assert_int_equal(count_of(fixture, DIAG_DROPS_NOTHING), 1);
}

static void test_broken_file_uncovers_the_hidden_one(void **state)
{
    struct fixture *fixture = *state;

    put(fixture, "1/base.yaml", BASE);
    put(fixture, "2/base.yaml", "rule: base\ntitle: [\n");
    put(fixture, "3/base.yaml", "rule: base\ntitle: Third\nfacts: {f: {for: nothing, file: /x}}\n");
    load(fixture, false);
    assert_string_equal(rule_set_find(fixture->set, "base")->title, "Base");
    assert_int_equal(find_file(fixture, "2/base.yaml")->state, FILE_BROKEN);
    assert_int_equal(find_file(fixture, "3/base.yaml")->state, FILE_BROKEN);
    assert_int_equal(count_of(fixture, DIAG_UNKNOWN_NAME), 1);
}

static void test_broken_overlay_is_left_out(void **state)
{
    struct fixture *fixture = *state;

    put(fixture, "1/base.yaml", BASE);
    put(fixture, "2/80-good.yaml", "extends: base\nfacts: {good: {file: /x}}\n");
    put(fixture, "2/90-bad.yaml", "extends: base\nfacts: {bad: {for: nothing, file: /x}}\n");
    load(fixture, false);
    assert_int_equal(fixture->diagnostics.errors, 1);
    assert_non_null(yaml_get(merged(fixture, "facts"), "good"));
    assert_null(yaml_get(merged(fixture, "facts"), "bad"));
    assert_int_equal(find_file(fixture, "2/90-bad.yaml")->state, FILE_BROKEN);
}

static void test_overlay_that_breaks_its_rule_is_blamed(void **state)
{
    struct fixture *fixture = *state;

    put(fixture, "1/base.yaml", BASE);
    put(fixture, "2/90-bad.yaml", "extends: base\ndrop: [facts.program]\n");
    load(fixture, false);
    assert_int_equal(find_file(fixture, "1/base.yaml")->state, FILE_USED);
    assert_int_equal(find_file(fixture, "2/90-bad.yaml")->state, FILE_BROKEN);
    assert_non_null(yaml_get(merged(fixture, "facts"), "program"));
    assert_true(fixture->diagnostics.errors > 0);
}

static void test_what_builds_on_a_broken_rule_is_left_out(void **state)
{
    struct fixture *fixture = *state;

    put(fixture, "1/base.yaml", "rule: base\ntitle: T\nfacts: {f: {file: /x, mach: y}}\n");
    put(fixture, "1/user.yaml", "rule: user\ntitle: U\nfacts: {g: {for: base.f, file: /y}, h: {from: base.f}}\n");
    put(fixture, "2/90-site.yaml", "extends: base\nfacts: {g: {file: /x}}\n");
    put(fixture, "1/sound.yaml", "rule: sound\ntitle: S\nfacts: {g: {file: /y}}\n");
    load(fixture, false);
    assert_int_equal(count_of(fixture, DIAG_UNKNOWN_KEY), 1);
    assert_int_equal(count_of(fixture, DIAG_LEFT_OUT), 2);
    assert_int_equal(fixture->diagnostics.errors, 3);
    assert_int_equal(fixture->set->rules.count, 1);
    assert_non_null(rule_set_find(fixture->set, "sound"));
}

static void test_lazy_loading(void **state)
{
    struct fixture *fixture = *state;

    put(fixture, "1/base.yaml", BASE);
    put(fixture, "1/tables.yaml", "rule: tables\ntitle: T\ndocument: none\ntables: {t: {a: b}}\n");
    put(fixture, "1/wanted.yaml",
        "rule: wanted\ntitle: W\ndocument: detect # why\nfacts: {f: {text: x, with: {y: '${text|map:tables.t}'}}}\n");
    put(fixture, "1/quoted.yaml",
        "'rule': quoted\ntitle: \"W\ndocument: machines\n\"\ndocument: detect\nfacts: {f: {file: /x}}\n");
    put(fixture, "2/90-site.yaml", "extends: wanted\nfacts: {g: {file: /x}}\n");
    put(fixture, "2/90-other.yaml", "extends: base\nfacts: {h: {file: /x}}\n");
    fixture->documents[0] = "detect";
    load(fixture, false);
    assert_sound(fixture);
    assert_int_equal(fixture->set->rules.count, 3);
    assert_int_equal(find_file(fixture, "1/base.yaml")->state, FILE_SKIPPED);
    assert_int_equal(find_file(fixture, "2/90-other.yaml")->state, FILE_SKIPPED);
    assert_int_equal(find_file(fixture, "1/tables.yaml")->state, FILE_USED);
    assert_int_equal(find_file(fixture, "2/90-site.yaml")->state, FILE_USED);
    assert_int_equal(find_file(fixture, "1/quoted.yaml")->state, FILE_USED);
}

/* A broken file is told of, whatever is wanted. */
static void test_broken_file_that_nobody_wants(void **state)
{
    struct fixture *fixture = *state;

    put(fixture, "1/base.yaml", BASE);
    put(fixture, "2/90-other.yaml", "extends: base\nfacts: {[\n");
    fixture->documents[0] = "detect";
    load(fixture, false);
    assert_int_equal(find_file(fixture, "2/90-other.yaml")->state, FILE_BROKEN);
    assert_int_equal(fixture->diagnostics.errors, 1);
}

/* Of the root there is only the place of a counter of questions. */
static bool only_here(struct root *root, const char *const *paths)
{
    for (*(unsigned *)root += 1; *paths != NULL; paths++) {
        if (strcmp(*paths, "/here") == 0)
            return true;
    }
    return false;
}

static void load_here(struct fixture *fixture, unsigned *asked)
{
    const struct load_options options = {.layers = fixture->layers,
                                         .documents = fixture->documents,
                                         .tells = tells,
                                         .may_exist = only_here,
                                         .root = (struct root *)asked};

    rule_set_free(fixture->set);
    fixture->set = rules_load(&options, &hvprobe_vocabulary, &fixture->diagnostics);
    assert_sound(fixture);
}

static void test_traces(void **state)
{
#define CHECKED "title: T\nfacts: {f: {file: /x}}\nchecks: [{title: C, expect: f}]\n"
    struct fixture *fixture = *state;
    unsigned asked = 0;

    put(fixture, "1/always.yaml", "rule: always\n" CHECKED);
    put(fixture, "1/here.yaml", "rule: here\ntraces: [/there,\n  /here]\n" CHECKED);
    put(fixture, "1/gone.yaml",
        "rule: gone\ntraces: [/there, /else*]\n" CHECKED "emit: [{set: {a: '${none.none}'}}]\n");
    put(fixture, "1/plain.yaml", "rule: plain\ntitle: T\nfacts: {f: {file: /x}}\n");
    fixture->documents[0] = "checks";
    load_here(fixture, &asked);
    assert_int_equal(asked, 2);
    assert_int_equal(fixture->set->rules.count, 2);
    assert_int_equal(rule_set_find(fixture->set, "always")->check_count, 1);
    assert_string_equal(rule_set_find(fixture->set, "here")->traces[1], "/here");
}

/* Traces are for checks alone: what emits is needed wherever its condition may hold. */
static void test_gates(void **state)
{
#define EMITS                                                                                                          \
    "title: T\nemit: [{set: {a: b}}]\npaths: {p: {any: [/gone, /here], x: /else}, q: {any: [/gone, '/${os.id}']}}\n"
    static const struct {
        const char *rest;
        bool needed;
    } rules[] = {
        {"traces: [/gone]\nfacts: {f: {file: /here}}\navailable: f\n", true},
        {"facts: {f: {file: /gone}}\navailable: f\n", false},
        {"facts: {f: {file: '/${os.id}'}}\navailable: f\n", true},
        {"facts: {f: {glob: '/gone*'}}\navailable: [f]\n", false},
        {"facts: {f: {path: p}}\navailable: f\n", true},
        {"facts: {f: {path: q}}\navailable: f\n", true},
        {"facts: {f: {file: /gone}, g: {from: f}}\navailable: {any: [g]}\n", false},
        {"facts: {f: {file: /gone}, g: {from: [f, h]}, h: {file: /here}}\navailable: g\n", true},
        {"facts: {f: {file: /gone}, h: {file: /here}}\navailable: {any: [f, h]}\n", true},
        {"facts: {f: {file: /gone}, h: {file: /here}}\navailable: [h, {all: [f, h]}]\n", true},
        {"facts: {f: {file: /gone}, h: {uname: yes}}\navailable: [h, {all: [f, h]}]\n", false},
        {"facts: {f: {file: /gone}}\navailable: {not: f}\n", true},
        {"facts: {f: {uname: yes}}\navailable: {'${f.machine}': x}\n", true},
        {"facts: {f: {file: /gone}}\n", true},
    };
    struct fixture *fixture = *state;
    unsigned asked = 0;

    for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
        put(fixture, arena_printf(fixture->arena, "1/r%02zu.yaml", i),
            arena_printf(fixture->arena, "rule: r%02zu\n" EMITS "%s", i, rules[i].rest));
    fixture->documents[0] = "capabilities";
    load_here(fixture, &asked);
    for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
        if ((rule_set_find(fixture->set, arena_printf(fixture->arena, "r%02zu", i)) != NULL) != rules[i].needed)
            fail_msg("r%02zu: %s", i, rules[i].rest);
}

/* Words before a dot count where names stand only; sections that no wanted document needs, not at all. */
static void test_sections(void **state)
{
    struct fixture *fixture = *state;

    put(fixture, "1/used.yaml", "rule: used\ntitle: T\ndocument: other\nfacts: {f: {file: /x}}\n");
    put(fixture, "1/vm.yaml", "rule: vm\ntitle: T\ndocument: other\nfacts: {f: {file: /x}}\n");
    put(fixture, "1/checked.yaml", "rule: checked\ntitle: T\ndocument: checks\nfacts: {f: {file: /x}}\n");
    put(fixture, "1/base.yaml",
        "rule: base\ntitle: T\nfacts: {f: {text: '${used.f}'}}\n"
        "checks: [{title: C, expect: checked.f, hint: sysctl vm.overcommit_memory}]\nemit: [{when: f, set: {a: b}}]\n");
    fixture->documents[0] = "capabilities";
    load(fixture, false);
    assert_sound(fixture);
    assert_int_equal(fixture->set->rules.count, 2);
    assert_int_equal(rule_set_find(fixture->set, "base")->check_count, 0);
    assert_int_equal(rule_set_find(fixture->set, "base")->emit_count, 1);
    rule_set_free(fixture->set);
    fixture->documents[0] = "checks";
    load(fixture, false);
    assert_sound(fixture);
    assert_int_equal(fixture->set->rules.count, 3);
    assert_int_equal(rule_set_find(fixture->set, "base")->check_count, 1);
    assert_int_equal(rule_set_find(fixture->set, "base")->emit_count, 0);
}

/* Loads with a store that is written and read anew each time. */
static const struct rule_file *load_stored(struct fixture *fixture, const char *name)
{
    const char *path = arena_printf(fixture->arena, "%s/store", fixture->directory);
    struct store *store = store_open(fixture->arena, path, "test");
    struct load_options options = {.layers = fixture->layers,
                                   .documents = fixture->documents,
                                   .tells = tells,
                                   .store = store,
                                   .texts_later = true};

    rule_set_free(fixture->set);
    fixture->set = rules_load(&options, &hvprobe_vocabulary, &fixture->diagnostics);
    assert_sound(fixture);
    store_save(store);
    return find_file(fixture, name);
}

/* What is not needed is not read again, unless it changed, or may have. */
static void test_index(void **state)
{
    struct fixture *fixture = *state;

    put(fixture, "1/one.yaml", "rule: one\ntitle: T\nfacts: {f: {file: /x}}\navailable: f\nemit: [{set: {a: b}}]\n");
    put(fixture, "1/two.yaml", "rule: two\ntitle: T\ndocument: other\nfacts: {f: {file: /x}}\n");
    put(fixture, "1/mask.yaml", "# nothing\n");
    fixture->documents[0] = "capabilities";
    assert_non_null(load_stored(fixture, "1/two.yaml")->source.text);
    sleep(1); /* what changed a moment ago is not trusted */
    load_stored(fixture, "1/two.yaml");
    assert_null(load_stored(fixture, "1/two.yaml")->source.text);
    assert_int_equal(find_file(fixture, "1/two.yaml")->state, FILE_SKIPPED);
    assert_string_equal(find_file(fixture, "1/two.yaml")->id, "two");
    assert_int_equal(find_file(fixture, "1/mask.yaml")->state, FILE_MASK);
    const struct rule_file *one = find_file(fixture, "1/one.yaml");
    assert_non_null(one->tree);
    assert_null(one->source.text);
    rules_read_texts(fixture->set);
    assert_memory_equal(one->source.text, "rule: one\n", 10);
    assert_null(find_file(fixture, "1/two.yaml")->source.text);
    put(fixture, "1/two.yaml", "rule: two\ntitle: T\nfacts: {f: {file: /x}}\navailable: f\nemit: [{set: {a: b}}]\n");
    assert_int_equal(load_stored(fixture, "1/two.yaml")->state, FILE_USED);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_later_layer_hides),
        CASE(test_masks),
        CASE(test_twice_in_a_layer),
        CASE(test_unreadable_files),
        CASE(test_merge_verbs),
        CASE(test_drop),
        CASE(test_broken_file_uncovers_the_hidden_one),
        CASE(test_broken_overlay_is_left_out),
        CASE(test_overlay_that_breaks_its_rule_is_blamed),
        CASE(test_what_builds_on_a_broken_rule_is_left_out),
        CASE(test_lazy_loading),
        CASE(test_traces),
        CASE(test_gates),
        CASE(test_broken_file_that_nobody_wants),
        CASE(test_sections),
        CASE(test_index),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
