/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every form of a condition, its verdict and the reason that explain gives. */
#include "facts_world.h"

/* yes: holds; no: looked, does not; dark: cannot be looked at on a directory root. */
static const char *const facts = "facts:\n"
                                 "  yes: {rows: [{kind: one, version: '4.10'}, {kind: two}]}\n"
                                 "  no: {file: /nowhere}\n"
                                 "  dark: {uname: yes}\n"
                                 "  pair:\n"
                                 "    rows:\n"
                                 "      - {kind: two, version: '4.10', name: q35-3, a: x, b: y, empty: '', "
                                 "gone: '${no.path}'}\n"
                                 "      - {kind: three}\n"
                                 "  row: {from: pair, first: yes}\n"
                                 "  part: {from: pair, where: {kind: three}}\n";

struct condition_case {
    const char *condition;
    enum verdict verdict;
    const char *reason; /* part of it; NULL: holds */
};

static const struct condition_case cases[] = {
    {"yes", VERDICT_YES, NULL},
    {"no", VERDICT_NO, "fact no: no (/nowhere: not there)"},
    {"dark", VERDICT_UNKNOWN, "fact dark: unknown ("},
    {"{kind: two}", VERDICT_YES, NULL},
    {"{kind: one}", VERDICT_NO, "kind is 'two', not 'one'"},
    {"{kind: [one, two]}", VERDICT_YES, NULL},
    {"{kind: [one, three, four]}", VERDICT_NO, "kind is 'two', not 'one', 'three' or 'four'"},
    {"{kind: '${yes.kind}'}", VERDICT_NO, "kind is 'two', not 'one'"},
    {"{kind: '${no.path}'}", VERDICT_NO, "kind is 'two', not"},
    {"{kind: '${dark.machine}'}", VERDICT_UNKNOWN, "${dark.machine} is unknown"},
    {"{kind: ['${dark.machine}', two]}", VERDICT_YES, NULL},
    {"{'${a}/${b}': [x/y, z/z]}", VERDICT_YES, NULL},
    {"{'${a}/${b}': x/z}", VERDICT_NO, "'${a}/${b}' is 'x/y', not 'x/z'"},
    {"{'${dark.machine}': x}", VERDICT_UNKNOWN, "${dark.machine} is unknown"},
    {"{'${no.path}': x}", VERDICT_NO, "${no.path} is unset: /nowhere: not there"},
    {"{'${param.q}': x}", VERDICT_NO, "${param.q} is unset"},
    {"{version: '>= 4.9'}", VERDICT_YES, NULL},
    {"{version: '= 4.10.0'}", VERDICT_YES, NULL},
    {"{version: '= 4.9'}", VERDICT_NO, "version is '4.10', not = 4.9"},
    {"{version: '= x'}", VERDICT_NO, "version is '4.10', not '= x'"},
    {"{version: '< 4.9'}", VERDICT_NO, "version is '4.10', not < 4.9"},
    {"{name: '~ ^q35'}", VERDICT_YES, NULL},
    {"{name: '~ ^pc'}", VERDICT_NO, "name is 'q35-3'"},
    {"{kind: {in: yes.kind}}", VERDICT_YES, NULL},
    {"{name: {in: yes.kind}}", VERDICT_NO, "name is 'q35-3', not in yes.kind"},
    {"{name: {in: dark.machine}}", VERDICT_UNKNOWN, "fact dark: unknown"},
    {"{set: kind}", VERDICT_YES, NULL},
    {"{set: gone}", VERDICT_NO, "${gone} is unset"},
    {"{set: [kind, '${a}/${b}', yes.kind]}", VERDICT_YES, NULL},
    {"{set: [kind, '${a}/${gone}']}", VERDICT_NO, "${gone} is unset"},
    {"{set: no.path}", VERDICT_NO, "/nowhere: not there"},
    {"{set: dark.machine}", VERDICT_UNKNOWN, "${dark.machine} is unknown"},
    {"{set: empty}", VERDICT_YES, NULL},
    {"{unset: gone}", VERDICT_YES, NULL},
    {"{unset: kind}", VERDICT_NO, "kind is 'two'"},
    {"{unset: [gone, no.path]}", VERDICT_YES, NULL},
    {"{unset: [gone, kind]}", VERDICT_NO, "kind is 'two'"},
    {"{unset: dark.machine}", VERDICT_UNKNOWN, "${dark.machine} is unknown"},
    {"{not: {set: kind}}", VERDICT_NO, "kind is 'two'"},
    {"{not: {unset: gone}}", VERDICT_NO, "gone is unset"},
    {"{kind: two, set: a, unset: gone}", VERDICT_YES, NULL},
    {"{any: [{unset: kind}, {set: a}]}", VERDICT_YES, NULL},
    {"part", VERDICT_NO, "none of its rows belongs to this one"},
    {"{exists: part}", VERDICT_YES, NULL},
    {"{exists: [part, yes]}", VERDICT_YES, NULL},
    {"{exists: [part, t.no]}", VERDICT_NO, "fact no: no (/nowhere: not there)"},
    {"{exists: dark}", VERDICT_UNKNOWN, "fact dark: unknown ("},
    {"{not: {exists: part}}", VERDICT_NO, "fact part: yes"},
    {"{not: {kind: one}}", VERDICT_YES, NULL},
    {"{not: {kind: two}}", VERDICT_NO, "kind is 'two'"},
    {"{not: yes}", VERDICT_NO, "fact yes: yes"},
    {"{not: {any: [{kind: one}, {version: '> 4'}]}}", VERDICT_NO, "version is '4.10'"},
    {"{not: dark}", VERDICT_UNKNOWN, "fact dark"},
    {"[yes, {kind: two}]", VERDICT_YES, NULL},
    {"[yes, dark]", VERDICT_UNKNOWN, "fact dark"},
    {"[dark, no]", VERDICT_NO, "fact no"},
    {"{any: [no, dark]}", VERDICT_UNKNOWN, "fact dark"},
    {"{any: [dark, yes]}", VERDICT_YES, NULL},
    {"{any: [no, {kind: one}]}", VERDICT_NO, "fact no: no (/nowhere: not there); kind is 'two', not 'one'"},
    {"{all: [yes, {any: [no, yes]}]}", VERDICT_YES, NULL},
    {"{kind: two, a: z}", VERDICT_NO, "a is 'x', not 'z'"},
};

/* A rule with a fact c0, c1 ... for each case, whose where: is the case's condition. */
static const char *rule_of_cases(struct arena *arena)
{
    AUTO(buf_free) struct buf text = BUF_INIT;

    buf_add(&text, facts);
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        buf_printf(&text, "  c%zu: {from: row, where: %s}\n", i, cases[i].condition);
    return arena_strdup(arena, buf_text(&text));
}

static void every_form_has_its_verdict_and_reason(void **state)
{
    struct world *world = *state;

    world_run(world, rule_of_cases(world->arena), NULL);
    const struct scope scope = {.row = world_table(world, "row")->rows[0]};
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const struct fact *fact = world_fact(world, arena_printf(world->arena, "c%zu", i));
        const char *reason = NULL;
        const enum verdict verdict = condition_eval(world->run, &scope, fact->where, &reason);
        print_message("%s: %s\n", cases[i].condition, reason != NULL ? reason : "holds");
        assert_int_equal(verdict, cases[i].verdict);
        assert_int_equal(condition_eval(world->run, &scope, fact->where, NULL), verdict);
        assert_int_equal(run_fact(world->run, fact)->verdict, verdict);
        if (cases[i].reason == NULL)
            assert_null(reason);
        else
            assert_non_null(strstr(reason, cases[i].reason));
    }
    assert_int_equal(condition_eval(world->run, &scope, NULL, NULL), VERDICT_YES);
}

/* all and any of each pair of verdicts, and not of each. */
static const enum verdict N = VERDICT_NO, Y = VERDICT_YES, U = VERDICT_UNKNOWN;

static enum verdict eval_pair(struct world *world, enum condition_kind kind, enum verdict left, enum verdict right)
{
    static const char *const names[] = {[VERDICT_NO] = "no", [VERDICT_YES] = "yes", [VERDICT_UNKNOWN] = "dark"};
    struct condition a = {.kind = CONDITION_FACT, .fact = world_fact(world, names[left])};
    struct condition b = {.kind = CONDITION_FACT, .fact = world_fact(world, names[right])};
    struct condition *items[] = {&a, &b};
    const struct condition whole = {.kind = kind, .items = items, .count = kind == CONDITION_NOT ? 1 : 2};

    return condition_eval(world->run, NULL, &whole, NULL);
}

static void truth_tables_are_three_valued(void **state)
{
    const enum verdict all[3][3] = {{N, N, N}, {N, Y, U}, {N, U, U}};
    const enum verdict any[3][3] = {{N, Y, U}, {Y, Y, Y}, {U, Y, U}};
    const enum verdict not [3] = {Y, N, U};
    struct world *world = *state;

    world_run(world, facts, NULL);
    for (enum verdict left = N; left <= U; left++) {
        assert_int_equal(eval_pair(world, CONDITION_NOT, left, left), not [left]);
        for (enum verdict right = N; right <= U; right++) {
            assert_int_equal(eval_pair(world, CONDITION_ALL, left, right), all[left][right]);
            assert_int_equal(eval_pair(world, CONDITION_ANY, left, right), any[left][right]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_form_has_its_verdict_and_reason, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(truth_tables_are_three_valued, world_setup, world_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
