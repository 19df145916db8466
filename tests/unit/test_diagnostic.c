/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages: places, carets, order, and what is cut when there are too many. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/diagnostic.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char text[] = "rule: a\n\tb\xc3\xbc: {colour: red}\n";
static const struct source source = {"x.yaml", NULL, text, sizeof(text) - 1};

static void check_printed(const struct diagnostics *list, bool colour, const char *expected)
{
    char *printed = NULL;
    size_t size;
    FILE *stream = open_memstream(&printed, &size);

    diagnostics_print(stream, list, colour);
    fclose(stream);
    assert_string_equal(printed, expected);
    free(printed);
}

static void test_print(void **state)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    static const char *const names[] = {"color", "title"};
    struct diagnostics list = {.arena = arena};
    const char *hint = diagnose_nearest(&list, "colour", names, 2);

    (void)state;
    assert_null(diagnose_nearest(&list, "zebra", names, 2));
    diagnose(&list, DIAG_UNKNOWN_KEY, (struct mark){&source, 2, 8, 14}, hint, "unknown key '%s'", "colour");
    diagnose(&list, DIAG_UNUSED_FACT, (struct mark){&source, 0, 0, 0}, NULL, "bell\a");
    diagnose(&list, DIAG_SYNTAX, (struct mark){NULL, 0, 0, 0}, NULL, "nothing");
    diagnose(&list, DIAG_SYNTAX, (struct mark){&source, 3, 1, 2}, NULL, "end");
    assert_int_equal(list.errors, 3);
    assert_int_equal(list.warnings, 1);
    check_printed(&list, false,
                  "x.yaml:2:8-14: error: unknown key 'colour' [HV005]\n"
                  "    \tb\xc3\xbc: {colour: red}\n"
                  "    \t     ^~~~~~\n"
                  "    hint: did you mean 'color'?\n"
                  "x.yaml: warning: bell? [HV025]\n"
                  "hvprobe: error: nothing [HV002]\n"
                  "x.yaml:3:1-2: error: end [HV002]\n"
                  "    \n"
                  "    ^\n");
}

static void test_colour(void **state)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    struct diagnostics list = {.arena = arena};

    (void)state;
    diagnose(&list, DIAG_SYNTAX, (struct mark){&source, 0, 0, 0}, NULL, "m");
    check_printed(&list, true, "\033[1mx.yaml: \033[0m\033[1;31merror: \033[0m\033[1mm\033[0m [HV002]\n");
}

static void test_long_line(void **state)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    struct diagnostics list = {.arena = arena};
    char *line = arena_alloc(arena, 100001), *printed = NULL;
    struct source wide = {"x", NULL, line, 100000};
    size_t size;
    FILE *stream = open_memstream(&printed, &size);

    (void)state;
    memset(line, 'a', 100000);
    line[50000] = 'b';
    diagnose(&list, DIAG_SYNTAX, (struct mark){&wide, 1, 50001, 90000}, NULL, "m");
    diagnostics_print(stream, &list, false);
    fclose(stream);
    assert_true(size < 800);
    assert_int_equal(strchr(strchr(printed, '\n'), 'b') - strchr(printed, '\n'),
                     strchr(printed, '^') - strchr(strchr(printed, '\n') + 1, '\n'));
    free(printed);
}

static void test_sort(void **state)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    struct source other = {"a.yaml", NULL, text, sizeof(text) - 1};
    struct diagnostics list = {.arena = arena};
    static const char *const expected[] = {"1", "2", "3", "4", "5"};

    (void)state;
    diagnose(&list, DIAG_SYNTAX, (struct mark){NULL, 0, 0, 0}, NULL, "5");
    diagnose(&list, DIAG_SYNTAX, (struct mark){&source, 2, 3, 0}, NULL, "4");
    diagnose(&list, DIAG_SYNTAX, (struct mark){&source, 2, 1, 0}, NULL, "3");
    diagnose(&list, DIAG_SYNTAX, (struct mark){&source, 1, 9, 0}, NULL, "2");
    diagnose(&list, DIAG_UNUSED_FACT, (struct mark){&other, 9, 9, 0}, NULL, "1");
    diagnose(&list, DIAG_SYNTAX, (struct mark){&source, 2, 1, 0}, NULL, "3");
    diagnostics_sort(&list);
    assert_int_equal(list.list.count, 5);
    assert_int_equal(list.errors, 4);
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(((struct diagnostic *)list.list.items[i])->message, expected[i]);
}

static void test_kinds(void **state)
{
    (void)state;
    assert_ptr_equal(diagnostic_find("HV005"), diagnostic_kind(DIAG_UNKNOWN_KEY));
    assert_ptr_equal(diagnostic_find("unknown-key"), diagnostic_kind(DIAG_UNKNOWN_KEY));
    assert_null(diagnostic_find("HV999"));
    for (int i = 0; i < DIAG_MAX; i++) {
        const struct diagnostic_kind *kind = diagnostic_kind((enum diagnostic_id)i);
        char id[16];

        snprintf(id, sizeof(id), "HV%03d", i + 1);
        assert_string_equal(kind->id, id);
        assert_int_equal(strspn(kind->name, "abcdefghijklmnopqrstuvwxyz-"), strlen(kind->name));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_print), cmocka_unit_test(test_colour), cmocka_unit_test(test_long_line),
        cmocka_unit_test(test_sort),  cmocka_unit_test(test_kinds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
