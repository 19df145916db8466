/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Facts: loops, from, what belongs to what, modifiers, unknown, laziness, choices, the cache. */
#include "facts_world.h"

#include <time.h>

static const char *const machines =
    "facts:\n"
    "  system: {rows: [{target: x, family: pc}, {target: a, family: virt}, {target: z, family: none}]}\n"
    "  first_two: {from: system, where: {target: [x, a]}}\n"
    "  machine: {for: first_two, text: 'pc-2 pc-10 ${family}', split: ' ', with: {name: '${text}-${target}'}}\n"
    "  numbered: {for: machine, text: '${text}', match: '^(?<kind>[a-z]+)-(?<version>\\d+)$'}\n"
    "  newest: {from: numbered, sort: [-version], distinct: [target]}\n"
    "  other: {rows: [{n: '1'}, {n: '2'}]}\n"
    "  pairs: {for: system, from: [machine, other]}\n"
    "  seen: {for: system, text: '${newest.name|default:nothing} ${machine|count} ${other.n|join:+}'}\n"
    "  up: {from: newest, with: {back: '${system.family} ${machine.name} ${first_two.target}'}}\n";

/* The values of a column of the rows of a fact that belong to one row of another. */
static const char *belonging(struct world *world, const char *name, const char *current, size_t index,
                             const char *column)
{
    const struct scope scope = {.row = world_table(world, current)->rows[index]};
    struct row *const *rows;
    const size_t count = scope_rows(world->run, &scope, world_fact(world, name), &rows);

    return join_rows(world->arena, rows, count, column);
}

static void loops_inherit_columns(void **state)
{
    struct world *world = *state;

    world_run(world, machines, NULL);
    assert_string_equal(world_column(world, "machine", "name"), "pc-2-x pc-10-x pc-x pc-2-a pc-10-a virt-a");
    assert_string_equal(world_column(world, "machine", "index"), "0 1 2 0 1 2");
    assert_string_equal(world_column(world, "numbered", "name"), "pc-2-x pc-10-x pc-2-a pc-10-a");
    const struct row *row = world_table(world, "numbered")->rows[2];
    assert_int_equal(row->number, 2);
    assert_ptr_equal(row->parents[0], world_table(world, "machine")->rows[3]);
    assert_ptr_equal(row_ancestor(row, world_fact(world, "system")), world_table(world, "system")->rows[1]);
    assert_null(row_ancestor(row, world_fact(world, "other")));
}

static void rows_belong_through_the_nearest_common_fact(void **state)
{
    struct world *world = *state;

    world_run(world, machines, NULL);
    assert_string_equal(belonging(world, "machine", "system", 0, "name"), "pc-2-x pc-10-x pc-x");
    assert_string_equal(belonging(world, "machine", "system", 2, "name"), "");
    assert_string_equal(belonging(world, "newest", "machine", 1, "name"), "pc-10-x");
    assert_string_equal(belonging(world, "newest", "machine", 0, "name"), "");
    assert_string_equal(belonging(world, "system", "newest", 1, "target"), "a");
    assert_string_equal(belonging(world, "numbered", "newest", 0, "version"), "10");
    assert_string_equal(belonging(world, "other", "newest", 0, "n"), "1 2");
    assert_string_equal(belonging(world, "newest", "other", 0, "target"), "x a");
    assert_string_equal(world_column(world, "seen", "text"), "pc-10-x 3 1+2 pc-10-a 3 1+2 nothing 0 1+2");
    assert_string_equal(world_column(world, "up", "back"), "pc pc-10-x x virt pc-10-a a");
}

static void filters_take_numbers_from_names(void **state)
{
    struct world *world = *state;

    world_run(world,
              "facts:\n"
              "  bank: {rows: [{size: '900', bits: '30', list: '5 6 7'}, {size: '800', bits: none}]}\n"
              "  part: {for: bank, text: '2 1', split: ' '}\n"
              "  gone: {file: /no/such/file, with: {n: '1'}}\n"
              "  share: {from: bank, with: {one: '${size|div:bits}', sum: '${size|sub:part}',\n"
              "    total: '${part|sum|add:1|mul:bank.size}', none: '${size|add:gone.n|default:0}'}}\n"
              "  item: {for: part, text: '${bank.list|field:index}'}\n",
              NULL);
    assert_string_equal(world_column(world, "share", "one"), "30 -");
    assert_string_equal(world_column(world, "share", "sum"), "898 798");
    assert_string_equal(world_column(world, "share", "total"), "3600 3200");
    assert_string_equal(world_column(world, "share", "none"), "0 0");
    assert_string_equal(world_column(world, "item", "text"), "5 6");
}

static void outer_rows_count_when_inner_ones_are_unrelated(void **state)
{
    struct world *world = *state;
    struct row *const *rows;

    world_run(world, machines, NULL);
    const struct scope outer = {.row = world_table(world, "system")->rows[1]};
    const struct scope inner = {world_table(world, "other")->rows[0], &outer};
    assert_int_equal(scope_rows(world->run, &inner, world_fact(world, "newest"), &rows), 1);
    assert_string_equal(row_get(rows[0], "target"), "a");
    assert_int_equal(scope_rows(world->run, NULL, world_fact(world, "newest"), &rows), 2);
}

static void from_in_a_loop_takes_the_rows_that_belong(void **state)
{
    struct world *world = *state;

    world_run(world, machines, NULL);
    assert_string_equal(world_column(world, "pairs", "target"), "x x x x x a a a a a z z");
    assert_string_equal(world_column(world, "pairs", "n"), "- - - 1 2 - - - 1 2 1 2");
    const struct row *row = world_table(world, "pairs")->rows[0];
    assert_ptr_equal(row->parents[0], world_table(world, "system")->rows[0]);
    assert_ptr_equal(row->parents[1], world_table(world, "machine")->rows[0]);
}

static void modifiers_work_in_order(void **state)
{
    struct world *world = *state;

    world_run(world,
              "facts:\n"
              "  all: {rows: [{n: a10, k: '1'}, {n: a9, k: '2'}, {k: '3'}, {n: a9, k: '4'}, {n: b, k: '1'}]}\n"
              "  up: {from: all, sort: [n]}\n"
              "  down: {from: all, sort: [-n, -k]}\n"
              "  once: {from: all, distinct: [n]}\n"
              "  both: {from: all, distinct: [n, k]}\n"
              "  first: {from: all, with: {m: '${k}${k}'}, where: {not: {n: a10}}, sort: [-k], first: yes}\n"
              "  early: {from: all, where: {k: '2'}, first: yes}\n"
              "  byte: {from: all, sort: {bytes: n}}\n"
              "  back: {from: all, sort: [{bytes: [-n]}, -k]}\n",
              NULL);
    assert_string_equal(world_column(world, "up", "k"), "3 2 4 1 1");
    assert_string_equal(world_column(world, "down", "k"), "1 1 4 2 3");
    assert_string_equal(world_column(world, "once", "k"), "1 2 3 1");
    assert_string_equal(world_column(world, "both", "k"), "1 2 3 4 1");
    assert_string_equal(world_column(world, "first", "m"), "44");
    assert_string_equal(world_column(world, "early", "k"), "2");
    assert_string_equal(world_column(world, "byte", "n"), "- a10 a9 a9 b");
    assert_string_equal(world_column(world, "back", "k"), "1 4 2 1 3");
}

static void added_columns_hide_inherited_ones(void **state)
{
    struct world *world = *state;
    const struct run_options options = {0};

    world_run(world,
              "facts:\n"
              "  gone: {file: /nowhere}\n"
              "  dark: {uname: yes}\n"
              "  one: {rows: [{n: '1', m: '1'}]}\n"
              "  unset: {from: one, with: {n: '${gone.path}'}}\n"
              "  below: {for: unset, text: x}\n"
              "  both: {for: one, from: unset}\n"
              "  unknown: {from: one, with: {n: '${dark.machine}'}, where: {n: '1'}}\n"
              "  asked: {from: below, where: {unset: n}}\n",
              &options);
    assert_string_equal(world_column(world, "unset", "n"), "-");
    assert_string_equal(world_column(world, "unset", "m"), "1");
    assert_string_equal(world_column(world, "below", "n"), "-");
    assert_string_equal(world_column(world, "both", "n"), "-");
    assert_int_equal(world_table(world, "unknown")->verdict, VERDICT_UNKNOWN);
    assert_int_equal(world_table(world, "asked")->verdict, VERDICT_YES);
}

static void ranges_are_bounded(void **state)
{
    struct world *world = *state;

    world_run(world,
              "facts:\n"
              "  top: {rows: [{last: '3'}]}\n"
              "  some: {range: '0x1-${top.last}'}\n"
              "  single: {range: 7}\n"
              "  none: {range: 3-2}\n"
              "  word: {range: '1-${top|count|join: }x'}\n"
              "  huge: {range: 0-0x7fffffffffffffff}\n"
              "  each: {for: top, range: '2-${last}'}\n",
              NULL);
    assert_string_equal(world_column(world, "some", "text"), "1 2 3");
    assert_string_equal(world_column(world, "single", "text"), "7");
    assert_int_equal(world_table(world, "none")->verdict, VERDICT_NO);
    assert_int_equal(world_table(world, "word")->verdict, VERDICT_UNKNOWN);
    assert_int_equal(world_table(world, "huge")->verdict, VERDICT_UNKNOWN);
    assert_string_equal(world_column(world, "each", "last"), "3 3");
}

static void a_fact_stands_for_its_own_text_or_path(void **state)
{
    struct world *world = *state;

    world_put(world, "root/etc/a", "content");
    world_run(world,
              "facts:\n"
              "  word: {text: 'a', split: ' '}\n"
              "  file: {for: word, file: '/etc/${text}'}\n"
              "  copy: {from: file}\n"
              "  inside: {for: copy, file: '${copy}', match: '^\\w+'}\n"
              "  single: {rows: [{n: '1'}]}\n"
              "  all: {text: '${word} ${file} ${copy} ${inside} ${single.n}'}\n",
              NULL);
    assert_string_equal(world_column(world, "all", "text"), "a /etc/a /etc/a content 1");
}

static void unreadable_columns_are_unknown(void **state)
{
    struct world *world = *state;

    assert_int_equal(mkdir(world_path(world, "root/etc/dir"), 0755), 0);
    assert_int_equal(mkdir(world_path(world, "root/etc/dir/bad"), 0755), 0);
    world_put(world, "root/etc/dir/good", "1\n");
    world_run(world,
              "facts:\n"
              "  some: {attributes: /etc/dir, names: [good, bad, gone]}\n"
              "  is_good: {from: some, where: {good: '1'}}\n"
              "  is_bad: {from: some, where: {bad: '1'}}\n"
              "  is_gone: {from: some, where: {gone: '1'}}\n"
              "  used: {text: '${some.bad}'}\n",
              NULL);
    assert_int_equal(world_table(world, "some")->verdict, VERDICT_YES);
    assert_non_null(world_table(world, "some")->reason);
    assert_int_equal(world_table(world, "is_good")->verdict, VERDICT_YES);
    assert_int_equal(world_table(world, "is_bad")->verdict, VERDICT_UNKNOWN);
    assert_int_equal(world_table(world, "used")->verdict, VERDICT_UNKNOWN);
    /* What is part of a row is not known, so this is neither; better than a wrong no. */
    assert_int_not_equal(world_table(world, "is_gone")->verdict, VERDICT_YES);
}

static void unknown_columns_are_no_no(void **state)
{
    struct world *world = *state;

    world_run(world,
              "facts:\n"
              "  dark: {uname: yes}\n"
              "  one: {rows: [{a: '1'}]}\n"
              "  with: {from: one, with: {m: '${dark.machine}', set: '2'}}\n"
              "  copy: {from: with, where: {not: {m: bad}}}\n"
              "  inside: {from: one, with: {m: '${dark.machine}'}, where: {not: {m: bad}}}\n"
              "  row: {rows: [{m: '${dark.machine}', n: '3'}], where: {not: {m: bad}}}\n"
              "  known: {from: with, where: [{a: '1'}, {set: '2'}]}\n",
              NULL);
    assert_int_equal(world_table(world, "copy")->verdict, VERDICT_UNKNOWN);
    assert_int_equal(world_table(world, "inside")->verdict, VERDICT_UNKNOWN);
    assert_int_equal(world_table(world, "row")->verdict, VERDICT_UNKNOWN);
    assert_int_equal(world_table(world, "known")->verdict, VERDICT_YES);
}

static void reasons_say_what_is_missing(void **state)
{
    struct world *world = *state;

    world_run(world,
              "facts:\n"
              "  gone: {file: /gone}\n"
              "  after: {for: gone, file: '${path}/x'}\n"
              "  unset: {text: '<${gone}>'}\n"
              "  wrong: {rows: [{kind: a}], where: {kind: b}}\n"
              "  copy: {from: wrong}\n",
              NULL);
    assert_string_equal(world_table(world, "gone")->reason, "/gone: not there");
    assert_string_equal(world_table(world, "after")->reason, "no gone: /gone: not there");
    assert_string_equal(world_table(world, "unset")->reason, "${gone} is unset: /gone: not there");
    assert_string_equal(world_table(world, "wrong")->reason, "kind is 'a', not 'b'");
    assert_string_equal(world_table(world, "copy")->reason, "no wrong: kind is 'a', not 'b'");
    assert_int_equal(world_table(world, "after")->verdict, VERDICT_NO);
}

static void unknown_spreads_to_what_builds_on_it(void **state)
{
    struct world *world = *state;

    world_run(world,
              "facts:\n"
              "  dark: {uname: yes}\n"
              "  loop: {for: dark, text: x}\n"
              "  copy: {from: dark}\n"
              "  used: {text: '${dark.machine}'}\n"
              "  where: {rows: [{a: '1'}, {a: '2'}], where: {any: [dark, {a: '2'}]}}\n"
              "  each: {rows: [{a: '1'}, {a: '2'}, {a: '3'}]}\n"
              "  some: {for: each, text: x, where: {any: [{a: '1'}, [dark, {a: '2'}]]}}\n"
              "  below: {for: some, text: y}\n"
              "  asks: {for: each, text: x, where: below}\n"
              "  count: {for: each, text: '${below|count}'}\n",
              NULL);
    assert_int_equal(world_table(world, "loop")->verdict, VERDICT_UNKNOWN);
    assert_int_equal(world_table(world, "copy")->verdict, VERDICT_UNKNOWN);
    assert_int_equal(world_table(world, "used")->verdict, VERDICT_UNKNOWN);
    assert_string_equal(world_table(world, "copy")->reason, world_table(world, "dark")->reason);
    assert_int_equal(world_table(world, "where")->verdict, VERDICT_YES);
    assert_string_equal(world_column(world, "where", "a"), "2");
    assert_non_null(world_table(world, "where")->reason);
    /* Of the three rows the first has one, of the second it is not known, the third has none. */
    assert_string_equal(world_column(world, "some", "a"), "1");
    assert_string_equal(world_column(world, "asks", "a"), "1");
    assert_non_null(world_table(world, "asks")->reason);
    assert_int_equal(run_fact(world->run, world_fact(world, "asks"))->count, 1);
    assert_string_equal(world_column(world, "count", "text"), "1 0");
    assert_non_null(strstr(world_table(world, "count")->reason, "${below} is unknown"));
}

static void facts_are_evaluated_when_asked_for_and_once(void **state)
{
    struct world *world = *state;

    world_run(world,
              "facts:\n"
              "  a: {rows: [{n: '1'}]}\n"
              "  b: {rows: [{n: '1'}]}\n"
              "  c: {from: a, where: {all: [{n: '2'}, b]}}\n",
              NULL);
    assert_null(run_peek(world->run, world_fact(world, "a")));
    const struct table *table = world_table(world, "c");
    assert_int_equal(table->verdict, VERDICT_NO);
    assert_non_null(run_peek(world->run, world_fact(world, "a")));
    assert_null(run_peek(world->run, world_fact(world, "b")));
    assert_ptr_equal(world_table(world, "c"), table);
    assert_ptr_equal(run_peek(world->run, world_fact(world, "c")), table);
}

static void too_many_rows_are_refused(void **state)
{
    struct world *world = *state;

    world_run(world,
              "facts:\n"
              "  outer: {text: 0-399, cpuset: yes}\n"
              "  inner: {for: outer, text: 0-399, cpuset: yes}\n"
              "  product: {for: outer, from: other}\n"
              "  other: {text: 0-299, cpuset: yes}\n",
              NULL);
    assert_non_null(strstr(world_table(world, "inner")->reason, "rows"));
    assert_true(world_table(world, "inner")->count >= 99600 && world_table(world, "inner")->count <= 100000);
    assert_true(world_table(world, "product")->count >= 99700 && world_table(world, "product")->count <= 100000);
    assert_true(world->diagnostics.warnings > 0);
}

static void a_cycle_is_unknown(void **state)
{
    struct fact fact = {.name = "a",
                        .source =
                            &(const struct source_kind){.flags = SOURCE_FROM_ROWS, .fields = &(const struct field){0}}};
    const struct fact *facts[] = {&fact};
    struct field_value from = {.given = true, .facts = facts, .count = 1};
    const struct rule_set set = {.fact_count = 1};
    struct run *run;

    (void)state;
    fact.source_values = &from;
    run = run_new(&set, NULL, NULL, NULL);
    assert_int_equal(run_fact(run, &fact)->verdict, VERDICT_UNKNOWN);
    assert_non_null(strstr(run_fact(run, &fact)->reason, "cycle"));
    run_free(run);
}

static void builtins_come_from_the_root_and_the_options(void **state)
{
    const struct named_text parameters[] = {{"name", "first"}, {"name", "value"}, {NULL, NULL}};
    struct world *world = *state;

    world_put(world, "root/etc/os-release", "ID=child\nID_LIKE=\"parent grand\"\nVERSION_ID=12.1\n");
    world_run(world,
              "facts:\n"
              "  system: {text: '${os.id} ${os.version} ${os.like}'}\n"
              "  arch: {text: '${host.arch}'}\n"
              "  given: {text: '${param.name}'}\n"
              "  missing: {text: '${param.other}'}\n",
              &(const struct run_options){.parameters = parameters});
    assert_string_equal(world_column(world, "system", "text"), "child 12.1 parent grand");
    assert_string_equal(world_column(world, "given", "text"), "value");
    assert_int_equal(world_table(world, "arch")->verdict, VERDICT_UNKNOWN);
    assert_int_equal(world_table(world, "missing")->verdict, VERDICT_NO);
}

static void choices_are_tried_most_specific_first(void **state)
{
    /* releases: what the rule tables says of a derivative; NULL: there is no such rule. */
    static const struct {
        const char *os_release;
        const char *expected;
        const char *releases;
    } cases[] = {
        {"ID=child\nVERSION_ID=12\n", "/child12/x /child/x /any/x"},
        {"ID=child\nVERSION_ID=9\n", "/child/x /any/x"},
        {"ID=child\n", "/child12/x /child/x /any/x"},
        {"ID=grown\nID_LIKE=\"child parent\"\nVERSION_ID=3\n", "/child/x /parent/x /any/x"},
        {"ID=parent\nVERSION_ID=1\n", "/parent/x /any/x"},
        {"ID=stranger\n", "/any/x"},
        {"ID=grown\nID_LIKE=child\nVERSION_ID=40\n", "/child/x /any/x"},
        {"ID=grown\nID_LIKE=child\nVERSION_ID=40\n", "/child/x /any/x", "{id: child, version: '11'}"},
        {"ID=grown\nID_LIKE=child\nVERSION_ID=3\n", "/child12/x /child/x /any/x", "{id: child, version: '12'}"},
        {"ID=grown\nID_LIKE=child\nVERSION_ID=3\n", "/child12/x /child/x /any/x", "{id: child}"},
        {"ID=grown\nID_LIKE=parent\nVERSION_ID=3\n", "/parent/x /child12/x /child/x /any/x",
         "{id: child, version: '13'}"},
        {"ID=child\nVERSION_ID=9\n", "/child/x /any/x", "{id: child, version: '13'}"},
    };

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        AUTO(buf_free) struct buf list = BUF_INIT;
        struct candidate *candidates;
        struct world *world;

        world_setup(state);
        world = *state;
        world_put(world, "root/etc/os-release", cases[i].os_release);
        if (cases[i].releases != NULL)
            world_put(world, "rules/tables.yaml",
                      arena_printf(world->arena, "rule: tables\ntitle: test\nfacts: {releases: {rows: [%s]}}\n",
                                   cases[i].releases));
        world_run(world,
                  "paths:\n"
                  "  p:\n"
                  "    any: ['/any/${param.no}', '/any/${target}']\n"
                  "    parent: ['/parent/${target}']\n"
                  "    child: ['/child/${target}']\n"
                  "    child>=12: ['/child12/${target}']\n"
                  "facts:\n"
                  "  t: {rows: [{target: x}]}\n"
                  "  found: {for: t, path: p}\n",
                  NULL);
        const struct scope scope = {.row = world_table(world, "t")->rows[0]};
        const struct choice_table *table = map_get(&rule_set_find(world->set, "t")->paths, "p");
        const size_t count = choice_candidates(world->run, &scope, table, &candidates);
        for (size_t candidate = 0; candidate < count; candidate++)
            buf_printf(&list, "%s%s", candidate > 0 ? " " : "", candidates[candidate].text);
        assert_string_equal(buf_text(&list), cases[i].expected);
        assert_int_equal(world_table(world, "found")->verdict, VERDICT_NO);
        world_teardown(state);
    }
}

/* The cache works on the live root only, so this one looks at the temporary directory through it. */
static const char *run_cached(struct world *world, const char *column, bool *ret_from_cache)
{
    const struct run_options options = {.cache = world_path(world, "new/cache"), .trace = true};
    const char *result;

    run_free(world->run);
    world->run = run_new(world->set, world->root, &options, NULL);
    const struct table *table = world_table(world, "name");
    *ret_from_cache = false;
    for (size_t i = 0; i < table->observations.count; i++) {
        const struct observation *seen = table->observations.items[i];
        *ret_from_cache = *ret_from_cache || strstr(seen->text, "from the cache") != NULL;
    }
    result =
        table->verdict == VERDICT_YES ? world_column(world, "name", column) : arena_strdup(world->arena, table->reason);
    run_free(world->run);
    world->run = NULL;
    return result;
}

/* Of a file that may yet change without showing nothing is kept: until the kernel's clock has gone on. */
static void put_settled(struct world *world, const char *path, const char *text)
{
    static const struct timespec ticks = {.tv_nsec = 30 * 1000 * 1000};

    world_put(world, path, text);
    nanosleep(&ticks, NULL);
}

static void prepare_cache(struct world *world)
{
    world_put(world, "rules/t.yaml",
              arena_printf(world->arena,
                           "rule: t\ntitle: test\nfacts:\n"
                           "  where: {rows: [{at: '%s', w: old}]}\n"
                           "  name: {for: where, file: '${at}', strings: '(?<n>[a-z\\t]+)(?<w>[0-9]+)?-type', "
                           "cache: yes, with: {x: '<${n}>'}}\n",
                           world_path(world, "binary")));
    world_load(world);
    world->root = root_open_live();
}

static void results_are_kept_while_the_file_is_the_same(void **state)
{
    struct world *world = *state;
    bool cached;

    put_settled(world, "binary", "..ab1-type..c\td-type..");
    prepare_cache(world);
    assert_string_equal(run_cached(world, "x", &cached), "<ab> <c\td>");
    assert_false(cached);
    assert_string_equal(run_cached(world, "x", &cached), "<ab> <c\td>");
    assert_true(cached);
    assert_string_equal(run_cached(world, "w", &cached), "1 -");
    assert_string_equal(run_cached(world, "path", &cached),
                        arena_printf(world->arena, "%1$s %1$s", world_path(world, "binary")));
    assert_true(cached);
    put_settled(world, "binary", "..e-type.....");
    assert_string_equal(run_cached(world, "n", &cached), "e");
    assert_false(cached);
    put_settled(world, "binary", "nothing here");
    const char *reason = run_cached(world, "n", &cached);
    assert_false(cached);
    assert_string_equal(run_cached(world, "n", &cached), reason);
    assert_true(cached);
}

static void a_cached_extract_is_kept_for_each_argument(void **state)
{
    struct world *world = *state;
    bool cached;

    put_settled(world, "values", "{\"a\": [1, 2], \"b\": {\"c\": 3}}");
    world_put(world, "rules/t.yaml",
              arena_printf(world->arena,
                           "rule: t\ntitle: test\nfacts:\n"
                           "  what: {rows: [{at: '%1$s', key: 'a[*]'}, {at: '%1$s', key: b.c}]}\n"
                           "  name: {for: what, file: '${at}', json: '${key}', cache: yes}\n",
                           world_path(world, "values")));
    world_load(world);
    world->root = root_open_live();
    assert_string_equal(run_cached(world, "text", &cached), "1 2 3");
    assert_false(cached);
    assert_string_equal(run_cached(world, "text", &cached), "1 2 3");
    assert_true(cached);
}

static void a_damaged_cache_is_ignored(void **state)
{
    struct world *world = *state;
    struct stat status;
    char *text;
    size_t length;
    bool cached;

    put_settled(world, "binary", "..ab1-type..");
    prepare_cache(world);
    run_cached(world, "n", &cached);
    FILE *stream = fopen(world_path(world, "new/cache"), "r");
    assert_non_null(stream);
    assert_int_equal(fstat(fileno(stream), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    length = (size_t)status.st_size;
    text = arena_alloc(world->arena, length + 1);
    assert_int_equal(fread(text, 1, length, stream), length);
    fclose(stream);
    for (size_t at = 0; at < length; at += 7) {
        const char kept = text[at];
        text[at] = kept == '9' ? '8' : '9';
        world_put_bytes(world, "new/cache", text, length);
        assert_string_equal(run_cached(world, "n", &cached), "ab");
        text[at] = kept;
        assert_false(cached);
    }
    world_put_bytes(world, "new/cache", text, length);
    assert_string_equal(run_cached(world, "n", &cached), "ab");
    assert_true(cached);
}

/* The time in nanoseconds is another one each time it is really asked for. */
static void what_programs_print_is_kept(void **state)
{
    struct world *world = *state;
    const struct run_options options = {.cache = world_path(world, "cache"), .exec = true};
    const struct run_options forbidden = {.cache = options.cache};
    const char *times[3];

    world_put(world, "rules/t.yaml",
              "rule: t\ntitle: test\nfacts:\n"
              "  kept: {exec: [/bin/date, '+%s.%N'], match: '(?<time>[0-9.]+)', cache: yes}\n"
              "  asked: {exec: [/bin/date, '+%s.%N'], match: '(?<time>[0-9.]+)'}\n");
    world_load(world);
    world->root = root_open_live();
    for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
        world->run = run_new(world->set, world->root, &options, NULL);
        times[i] = world_column(world, i < 2 ? "kept" : "asked", "time");
        run_free(world->run);
        world->run = NULL;
    }
    assert_string_equal(times[0], times[1]);
    assert_string_not_equal(times[0], times[2]);
    world->run = run_new(world->set, world->root, &forbidden, NULL);
    assert_int_equal(world_table(world, "kept")->verdict, VERDICT_UNKNOWN);
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(loops_inherit_columns),
        IN_WORLD(rows_belong_through_the_nearest_common_fact),
        IN_WORLD(filters_take_numbers_from_names),
        IN_WORLD(outer_rows_count_when_inner_ones_are_unrelated),
        IN_WORLD(from_in_a_loop_takes_the_rows_that_belong),
        IN_WORLD(modifiers_work_in_order),
        IN_WORLD(added_columns_hide_inherited_ones),
        IN_WORLD(ranges_are_bounded),
        IN_WORLD(a_fact_stands_for_its_own_text_or_path),
        IN_WORLD(unreadable_columns_are_unknown),
        IN_WORLD(unknown_columns_are_no_no),
        IN_WORLD(reasons_say_what_is_missing),
        IN_WORLD(unknown_spreads_to_what_builds_on_it),
        IN_WORLD(facts_are_evaluated_when_asked_for_and_once),
        IN_WORLD(too_many_rows_are_refused),
        cmocka_unit_test(a_cycle_is_unknown),
        IN_WORLD(builtins_come_from_the_root_and_the_options),
        cmocka_unit_test(choices_are_tried_most_specific_first),
        IN_WORLD(results_are_kept_while_the_file_is_the_same),
        IN_WORLD(a_cached_extract_is_kept_for_each_argument),
        IN_WORLD(a_damaged_cache_is_ignored),
        IN_WORLD(what_programs_print_is_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
