/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every filter: what it makes of a text, and what is unset after it. */
#include "facts_world.h"

struct filter_case {
    const char *filter;
    const char *argument;
    int64_t number;
    const char *values[4]; /* ended by NULL */
    const char *expected;  /* the values after it, with | between them; NULL: none */
};

static const struct filter_case cases[] = {
    {"lower", NULL, 0, {"AbC-1"}, "abc-1"},
    {"upper", NULL, 0, {"AbC-\xc3\xa4"}, "ABC-\xc3\xa4"},
    {"trim", NULL, 0, {" \ta b\n"}, "a b"},
    {"quote", NULL, 0, {"a b", "say \"a\\b\"\n", ""}, "\"a b\"|\"say \\\"a\\\\b\\\"\\n\"|\"\""},
    {"basename", NULL, 0, {"/usr/bin/x", "/a/b/", "x", "/"}, "x|b|x|/"},
    {"dirname", NULL, 0, {"/usr/bin/x", "/a/b/", "x", "/a"}, "/usr/bin|/a|.|/"},
    {"hex", NULL, 0, {"255", "0x10", "no", "-1"}, "0xff|0x10"},
    {"hex", NULL, 0, {"18446744073709551615", "18446744073709551616", "1K", ""}, "0xffffffffffffffff"},
    {"scale", NULL, 0, {"9223372036854775808", "0x8000000000000000", "-1", "1K"}, "8|8"},
    {"dec", NULL, 0, {"ff", "0x10", "xyz"}, "255|16"},
    {"map", NULL, 0, {"one", "three", "two"}, "1|2"},
    {"default", "d", 0, {"x"}, "x"},
    {"default", "d", 0, {NULL}, "d"},
    {"count", NULL, 0, {"a", "a", "b"}, "3"},
    {"count", NULL, 0, {NULL}, "0"},
    {"sum", NULL, 0, {"1", "2", "40"}, "43"},
    {"sum", NULL, 0, {"1", "x"}, NULL},
    {"sum", NULL, 0, {NULL}, "0"},
    {"join", ", ", 0, {"a", "b"}, "a, b"},
    {"join", ",", 0, {NULL}, NULL},
    {"cpuset", NULL, 0, {"3", "1-2", "8"}, "1-3,8"},
    {"cpuset", NULL, 0, {"3", "x"}, NULL},
    {"cpuset", NULL, 0, {NULL}, NULL},
    {"add", NULL, 2, {"40", "x"}, "42"},
    {"add", NULL, 1, {"9223372036854775807"}, NULL},
    {"sub", NULL, 50, {"40"}, "-10"},
    {"mul", NULL, 1024, {"0x10", "9223372036854775807"}, "16384"},
    {"div", NULL, 7, {"50"}, "7"},
    {"div", NULL, 0, {"50"}, NULL},
    {"div", NULL, -1, {"-9223372036854775808"}, NULL},
    {"field", NULL, 1, {"10 20", " 10\t21\n", "10"}, "20|21"},
    {"field", NULL, 0, {"", "x"}, "x"},
    {"field", NULL, -1, {"10"}, NULL},
    {"bit", NULL, 31, {"0x80000001", "2147483648", "0x7fffffff", "x"}, "1|1|0"},
    {"bit", NULL, 63, {"0x8000000000000000", "9223372036854775808", "1"}, "1|1|0"},
    {"bit", NULL, 0, {"0x80000001", "-1", "4"}, "1|0"},
    {"bit", NULL, 64, {"1"}, NULL},
    {"bit", NULL, -1, {"1"}, NULL},
    {"bytes", NULL, 0, {"32K", "15360 kB", "512", "big"}, "32768|15728640|512"},
    {"scale", NULL, 0, {"15728640", "0", "1000", "-1"}, "15|0|1000"},
    {"unit", NULL, 0, {"15728640", "1024", "1000"}, "MiB|KiB|B"},
    {"popcount", NULL, 0, {"ff", "0xF0", "00000003,ffffffff", "xyz"}, "8|4|34"},
    {"members", NULL, 0, {"0-3,8", "7", "", "x"}, "5|1|0"},
    {"flags", "a b - d", 0, {"0xb", "4", "0x100000001", "x"}, "a b d||a"},
    {"flags", "a b - d", 0, {"0"}, ""},
    {"without", "a bb\tc", 0, {"a b bb cc\n c d", "a", "", "d d"}, "b cc d|||d d"},
    {"without", "", 0, {" a  b "}, " a  b "},
    {"words", NULL, 0, {" a bb\tc\n", "", "a"}, "3|0|1"},
    {"glob",
     NULL,
     0,
     {"pc-q35-*", "virt-?.[0-9]", "[!a-c-]\\*", "a[b"},
     "\\Apc\\-q35\\-(?s:.*)\\z|\\Avirt\\-(?s:.)\\.[0-9]\\z|\\A[^a-c\\-]\\*\\z|\\Aa\\[b\\z"},
};

static const struct filter_kind *find(const char *name)
{
    for (const struct filter_kind *kind = filter_kinds; kind->name != NULL; kind++)
        if (strcmp(kind->name, name) == 0)
            return kind;
    return NULL;
}

static const char *apply(struct arena *arena, const struct filter_case *test)
{
    struct lookup table = {.name = "numbers"};
    struct filter_use use = {.kind = find(test->filter), .argument = test->argument, .table = &table};
    const char *values[5] = {NULL};
    struct word_sets words = {0};
    struct filter_call call = {
        .arena = arena, .use = &use, .values = values, .number = test->number, .text = test->argument, .words = &words};
    char *joined = NULL;

    map_put(arena, &table.entries, "one", "1");
    map_put(arena, &table.entries, "two", "2");
    for (; call.count < 4 && test->values[call.count] != NULL; call.count++)
        values[call.count] = test->values[call.count];
    assert_non_null(use.kind);
    use.kind->apply(&call);
    for (size_t i = 0; i < call.count; i++)
        joined = arena_printf(arena, "%s%s%s", joined != NULL ? joined : "", joined != NULL ? "|" : "", call.values[i]);
    return joined;
}

static void every_case_gives_what_it_should(void **state)
{
    struct arena *arena AUTO(arena_cleanup) = arena_new();

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const char *found = apply(arena, &cases[i]);
        if (cases[i].expected == NULL)
            assert_null(found);
        else
            assert_string_equal(found != NULL ? found : cases[i].filter, cases[i].expected);
    }
}

static void every_filter_has_a_case(void **state)
{
    (void)state;
    for (const struct filter_kind *kind = filter_kinds; kind->name != NULL; kind++) {
        bool tried = false;
        for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
            tried = tried || strcmp(cases[i].filter, kind->name) == 0;
        assert_true(tried);
        assert_non_null(kind->help);
    }
}

/* Filters in templates: lists, chains, unset and unknown. */
static const char *const rule = "tables:\n"
                                "  t: {b: B}\n"
                                "facts:\n"
                                "  list: {rows: [{name: a}, {name: b}, {name: c}]}\n"
                                "  none: {rows: [{name: a}], where: {name: x}}\n"
                                "  dark: {uname: yes}\n"
                                "  result:\n"
                                "    text: start\n"
                                "    with:\n"
                                "      count: '${list.name|count}'\n"
                                "      join: '${list.name|upper|join:+}!'\n"
                                "      map: '${list.name|map:t}'\n"
                                "      zero: '${none.name|count}'\n"
                                "      unset: '<${none.name}>'\n"
                                "      default: '${none.name|upper|default:d}'\n"
                                "      dark_count: '${dark.machine|count}'\n"
                                "      dark_default: '${dark.machine|count|default:?}'\n"
                                "      dollar: '$$${list.name}'\n";

static void chains_work_on_lists(void **state)
{
    static const char *const expected[][2] = {
        {"count", "3"},   {"join", "A+B+C!"},  {"map", "B"},          {"zero", "0"},    {"unset", "-"},
        {"default", "d"}, {"dark_count", "-"}, {"dark_default", "?"}, {"dollar", "$a"},
    };
    struct world *world = *state;

    world_run(world, rule, NULL);
    for (size_t i = 0; i < ARRAY_SIZE(expected); i++)
        assert_string_equal(world_column(world, "result", expected[i][0]), expected[i][1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_gives_what_it_should),
        cmocka_unit_test(every_filter_has_a_case),
        cmocka_unit_test_setup_teardown(chains_work_on_lists, world_setup, world_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
