/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Patterns: what compiles, groups, limits, texts that are not UTF-8. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/regex.h"
#include "base/store.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* All matches as "whole:group,group;" with "-" for a group that took no part. */
static void check_regex(const struct regex *regex, const char *subject, size_t length, const char *expected)
{
    AUTO(buf_free) struct buf found = BUF_INIT;
    AUTO(regex_scan_cleanup) struct regex_scan *scan = NULL;
    struct regex_span whole, groups[8];

    assert_non_null(regex);
    scan = regex_scan_new(regex, subject, length);
    while (regex_scan_next(scan, &whole, groups) == REGEX_YES) {
        buf_add_n(&found, whole.start, whole.length);
        for (size_t i = 0; i < regex_group_count(regex); i++) {
            buf_char(&found, i ? ',' : ':');
            buf_add_n(&found, groups[i].start ? groups[i].start : "-", groups[i].start ? groups[i].length : 1);
        }
        buf_char(&found, ';');
    }
    assert_string_equal(buf_text(&found), expected);
}

static void check(const char *pattern, unsigned flags, const char *subject, size_t length, const char *expected)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    const char *error = NULL;
    size_t offset;

    check_regex(regex_compile(arena, pattern, flags, &error, &offset), subject, length, expected);
}

static void check_text(const char *pattern, const char *subject, const char *expected)
{
    check(pattern, 0, subject, strlen(subject), expected);
}

static void test_matches(void **state)
{
    (void)state;
    check_text("(?<z>\\w)=(?<a>\\d+)?", "x=1 y= z=23", "x=1:x,1;y=:y,-;z=23:z,23;");
    check_text("^\\w+$", "one\ntwo\nthree 3\n", "one;two;");
    check_text("a*", "baac", ";aa;;;");
    check_text("", "", ";");
    check_text("x", "abc", "");
    check_text("(?|(?<n>a)|(?<n>b))", "ab", "a:a;b:b;");
    check_text("(?J)(?<n>a)|(?<n>b)", "ab", "a:a;b:b;");
    check_text(".", "\xc3\xbc", "\xc3\xbc;");
    check_text("(?<=n)\\d", "n1 2 n3", "1;3;");
}

static void test_bytes(void **state)
{
    static const char names[] = "\0one-x\0two-x\0three\0-x\0";

    (void)state;
    check("(?<=\\0)(?<name>[a-z]+)-x(?=\\0)", REGEX_BINARY, names, sizeof(names) - 1, "one-x:one;two-x:two;");
    check("\\xff.", REGEX_BINARY, "a\xff\xfe", 3, "\xff\xfe;");
    check("k=(?<v>.*)$", 0,
          "k=a\xff"
          "b\nk=c",
          9,
          "k=a\xff"
          "b:a\xff"
          "b;k=c:c;");
}

static void test_errors(void **state)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    const char *error = NULL;
    size_t offset = 0;

    (void)state;
    assert_null(regex_compile(arena, "ab(c", 0, &error, &offset));
    assert_non_null(strstr(error, "parenthesis"));
    assert_int_equal(offset, 4);
    assert_null(regex_compile(arena, "a\\C", 0, &error, &offset));
    assert_true(regex_matches_empty(regex_compile(arena, "a*", 0, &error, &offset)));
    assert_true(regex_matches_empty(regex_compile(arena, "^", 0, &error, &offset)));
    assert_false(regex_matches_empty(regex_compile(arena, "a+", 0, &error, &offset)));
}

static void test_limits(void **state)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    static const size_t length = 65536;
    char *subject = arena_alloc(arena, length);
    const char *error = NULL;
    size_t offset = 0;

    (void)state;
    memset(subject, 'a', length - 1);
    subject[length - 1] = 'b';
    assert_int_equal(regex_test(regex_compile(arena, "(a+)+$", 0, &error, &offset), subject, length), REGEX_LIMIT);
    assert_int_equal(regex_test(regex_compile(arena, "(a+)+$", REGEX_BINARY, &error, &offset), subject, length),
                     REGEX_LIMIT);
    assert_int_equal(regex_test(regex_compile(arena, "a+b$", 0, &error, &offset), subject, length), REGEX_YES);
    assert_int_equal(regex_test(regex_compile(arena, "c", 0, &error, &offset), subject, length), REGEX_NO);
    assert_int_equal(regex_test(regex_compile(arena, "c", 0, &error, &offset), NULL, 0), REGEX_NO);
    for (size_t i = 17; i < length; i += 18)
        subject[i] = ' ';
    assert_int_equal(regex_test(regex_compile(arena, "(a+)+$", 0, &error, &offset), subject, length), REGEX_LIMIT);
}

/* Subjects that are searched in several steps give the same as short ones. */
static void test_long(void **state)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    enum { LENGTH = 4096 };
    char *subject = arena_alloc(arena, LENGTH + 1);

    (void)state;
    for (size_t offset = 240; offset < 530; offset++) {
        memset(subject, '.', LENGTH);
        memcpy(subject + offset,
               "k=\xc3\xbc"
               "1",
               5);
        memcpy(subject + LENGTH - 3, "k=2", 3);
        check("(?<=\\.)k=(?<v>.\\d?)", 0, subject, LENGTH,
              "k=\xc3\xbc"
              "1:\xc3\xbc"
              "1;k=2:2;");
        check("k(?=.*(?<v>2))", REGEX_BINARY, subject, LENGTH, "k:2;k:2;");
        check("\\Gx|\\A\\.", 0, subject, LENGTH, ".;");
        check("(?<e>)$", 0, subject, LENGTH, ":;");
    }
}

/* A store that is saved and opened again. */
static struct store *reopen(struct arena *arena, struct store *store, const char *path)
{
    store_save(store);
    return store_open(arena, path, "test");
}

static void test_kept(void **state)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    char directory[] = "/tmp/hvprobe-regex-XXXXXX";
    const char *error = NULL;
    size_t offset;
    struct regex *regex;

    (void)state;
    assert_non_null(mkdtemp(directory));
    const char *path = arena_printf(arena, "%s/parsed", directory);
    struct store *store = store_open(arena, path, "test");
    regex_keep(store, regex_compile(arena, "(?|(?<n>a)|(?<n>b))(?<m>c)?", 0, &error, &offset));
    regex_keep(store, regex_compile(arena, "x+", REGEX_BINARY, &error, &offset));
    store = reopen(arena, store, path);
    regex = regex_recall(arena, store, "(?|(?<n>a)|(?<n>b))(?<m>c)?", 0);
    assert_non_null(regex);
    assert_int_equal(regex_group_count(regex), 2);
    assert_string_equal(regex_group_name(regex, 0), "n");
    assert_false(regex_matches_empty(regex));
    check_regex(regex, "ab bc", 5, "a:a,-;b:b,-;bc:b,c;");
    check_regex(regex, "b", 1, "b:b,-;");
    check_regex(regex_recall(arena, store, "x+", REGEX_BINARY), "\xffxx", 3, "xx;");
    assert_null(regex_recall(arena, store, "x+", 0));
    assert_null(regex_recall(arena, store, "y", 0));
    assert_null(regex_recall(arena, NULL, "y", 0));
    unlink(path);
    rmdir(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matches), cmocka_unit_test(test_bytes), cmocka_unit_test(test_errors),
        cmocka_unit_test(test_limits),  cmocka_unit_test(test_long),  cmocka_unit_test(test_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
