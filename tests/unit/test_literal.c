/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The letters that a pattern needs: never one that it can do without. */
#include "probe/literal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_literals(void **state)
{
    static const struct {
        const char *pattern;
        const char *literal; /* NULL: none */
        bool text_only;
    } cases[] = {
        {"(?<=\\0)(?<name>[A-Za-z0-9][\\w.+-]*)-machine(?=\\0)", "-machine", true},
        {"abc", "abc", true},
        {"ab", NULL, false},
        {"abcd?", "abc", true},
        {"abcd*?efghi", "efghi", true},
        {"abcde+fg", "abcde", true},
        {"abcde{2}", "abcd", true},
        {"abc|defg", NULL, false},
        {"(abc|defg)hij", "hij", true},
        {"(abc)?hij", "hij", true},
        {"a\\.b\\-c", "a.b-c", true},
        {"foo\\dbarbar", "barbar", true},
        {"\\x41BCDE", "BCDE", false},
        {"\\x{41}BCDE", "BCDE", false},
        {"\\0101BCD", "BCD", false},
        {"foo.bars", "bars", false},
        {"foo[^x]bars", "bars", false},
        {"foo[]x]bars", "bars", true},
        {"foo[[:alpha:]]bars", "bars", false},
        {"foo[\\W]bars", "bars", false},
        {"(?=.*)bars", "bars", true},
        {"(?!a(b.)c)bars", "bars", true},
        {"(a.)bars", "bars", false},
        {"(?i)abcdef", NULL, false},
        {"(?i:abc)def", NULL, false},
        {"(*ANYCRLF)abcdef", NULL, false},
        {"\\Qabc\\E", NULL, false},
        {"abc\\Kdef", NULL, false},
        {"(?P<n>x)abcd", "abcd", true},
        {"(?'n'x)abcd", "abcd", true},
        {"a{abcd", "abcd", true},
        {"\\babcd\\b", "abcd", true},
        {"\xc3\xa9"
         "abc",
         "\xc3\xa9"
         "abc",
         false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct arena *arena AUTO(arena_cleanup) = arena_new();
        struct literal literal = literal_derive(arena, cases[i].pattern);

        if (!cases[i].literal != !literal.bytes)
            print_error("%s\n", cases[i].pattern);
        assert_int_equal(!cases[i].literal, !literal.bytes);
        if (!literal.bytes)
            continue;
        assert_string_equal(literal.bytes, cases[i].literal);
        if (literal.text_only != cases[i].text_only)
            print_error("%s\n", cases[i].pattern);
        assert_int_equal(literal.text_only, cases[i].text_only);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_literals)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
