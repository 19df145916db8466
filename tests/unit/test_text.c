/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Comparing, trimming, numbers, versions, languages, printable text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"

#include <string.h>

static void test_basics(void **state)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();

    (void)state;
    assert_true(text_equal(NULL, NULL));
    assert_false(text_equal("", NULL));
    assert_true(text_starts("abc", "ab") && !text_starts("a", "ab"));
    assert_true(text_ends("abc", "bc") && !text_ends("c", "bc"));
    assert_string_equal(text_trim(arena, " \t a b\n", 7), "a b");
    assert_string_equal(text_trim(arena, " \n", 2), "");
    assert_true(text_is_name("_a-1", 4) && text_is_name("x86_64", 6));
    assert_false(text_is_name("1a", 2) || text_is_name("", 0) || text_is_name("-a", 2) || text_is_name("a.b", 3));
}

static void test_numbers(void **state)
{
    static const struct {
        const char *text;
        bool valid;
        int64_t number;
    } rows[] = {
        {"0", true, 0},
        {" 12\n", true, 12},
        {"-5", true, -5},
        {"0x1F", true, 31},
        {"010", true, 10},
        {"", false, 0},
        {"x", false, 0},
        {"1 2", false, 0},
        {"0x", false, 0},
        {"+1", false, 0},
        {"9223372036854775808", false, 0},
        {"-9223372036854775808", true, INT64_MIN},
        {"1e3", false, 0},
        {"99999999999999999999", false, 0},
    };
    uint64_t hex;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        int64_t number = 0;

        assert_int_equal(text_number(rows[i].text, &number), rows[i].valid);
        assert_true(number == rows[i].number);
    }
    assert_true(text_hex("ff", &hex) && hex == 255);
    assert_true(text_hex("0xffffffffffffffff", &hex) && hex == UINT64_MAX);
    assert_false(text_hex("fg", &hex) || text_hex("", &hex) || text_hex("10000000000000000", &hex));
}

static void test_sizes(void **state)
{
    static const struct {
        const char *text;
        bool valid;
        uint64_t bytes;
    } rows[] = {
        {"32K", true, 32768},       {"15360 kB", true, 15728640},
        {"2 MiB\n", true, 2097152}, {"512", true, 512},
        {"512 B", true, 512},       {"1G", true, 1U << 30},
        {"16E", false, 0},          {"15E", true, 15ULL << 60},
        {"0 E", true, 0},           {"K", false, 0},
        {"3 q", false, 0},          {"3 Kx", false, 0},
        {"3 K B", false, 0},        {"1.5G", false, 0},
    };
    uint64_t value;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        uint64_t bytes = 0;

        assert_int_equal(text_bytes(rows[i].text, &bytes), rows[i].valid);
        assert_true(bytes == rows[i].bytes);
    }
    assert_string_equal(text_scale(15728640, &value), "MiB");
    assert_int_equal(value, 15);
    assert_string_equal(text_scale(0, &value), "B");
    assert_string_equal(text_scale(1025, &value), "B");
    assert_string_equal(text_scale(1ULL << 60, &value), "EiB");
    assert_int_equal(value, 1);
}

static int sign(int number)
{
    return (number > 0) - (number < 0);
}

static void test_order(void **state)
{
    static const struct {
        const char *a, *b;
        int natural, versions;
    } rows[] = {
        {"node2", "node10", -1, -1},
        {"4.10", "4.9", 1, 1},
        {"8.9", "8", 1, 1},
        {"9", "9.0", -1, 0},
        {"a", "a", 0, 0},
        {"01", "1", -1, 0},
        {"", "0", -1, 0},
        {"9.0.1", "9", 1, 1},
        {"x1y2", "x1y10", -1, -1},
        {"rhel9.10", "rhel9.9", 1, 1},
        {"2.12+a", "2.12", 1, 1},
        {"6.1.0-30-amd64", "6.1", 1, 1},
        {"123456789012345678901234567890", "123456789012345678901234567891", -1, -1},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_int_equal(sign(text_compare_natural(rows[i].a, rows[i].b)), rows[i].natural);
        assert_int_equal(sign(text_compare_natural(rows[i].b, rows[i].a)), -rows[i].natural);
        assert_int_equal(sign(text_compare_versions(rows[i].a, rows[i].b)), rows[i].versions);
        assert_int_equal(sign(text_compare_versions(rows[i].b, rows[i].a)), -rows[i].versions);
    }
}

static void test_nearest(void **state)
{
    static const char *const names[] = {"file", "glob", "link", "path", "distinct"};

    (void)state;
    assert_string_equal(text_nearest("fiel", names, 5), "file");
    assert_string_equal(text_nearest("distinkt", names, 5), "distinct");
    assert_string_equal(text_nearest("pat", names, 5), "path");
    assert_null(text_nearest("zebra", names, 5));
    assert_null(text_nearest("", names, 5));
    assert_null(text_nearest("x", names, 5));
}

static void check_lines(const char *text, const char *words, const char *expected)
{
    char copy[64];
    strcpy(copy, text);
    const size_t length = text_blank_lines(copy, strlen(copy), words);
    assert_string_equal(copy, expected);
    assert_int_equal(length, strlen(expected));
}

static void test_blank_lines(void **state)
{
    (void)state;
    check_lines("", "a", "");
    check_lines("a 1\nb 2\n", "", "a 1\nb 2\n");
    check_lines("a 1\nb 2\n\nc 3", "b", " \nb 2\n\n ");
    check_lines("a 1\nb 2\nc 3", "a\nc 3", "a 1\n \nc 3");
    check_lines("a 1\nb 2\nc 3\n", "!b", "a 1\n \nc 3\n");
    check_lines("a 1\na 2\nb 2\n", "a\n!2", "a 1\n \n \n");
}

static void check_sanitise(struct arena *arena, const char *text, size_t length, const char *expected)
{
    assert_string_equal(text_sanitise(arena, text, length), expected);
}

static void test_sanitise(void **state)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();

    (void)state;
    check_sanitise(arena, "plain\ttext\n", 11, "plain\ttext\n");
    check_sanitise(arena, "", 0, "");
    check_sanitise(arena, "gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80", 11, "gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80");
    check_sanitise(arena, "a\0b\x01", 4,
                   "a\xef\xbf\xbd"
                   "b\xef\xbf\xbd");
    check_sanitise(arena, "\xff\xc3", 2, "\xef\xbf\xbd\xef\xbf\xbd");
    check_sanitise(arena, "\xc0\x80", 2, "\xef\xbf\xbd\xef\xbf\xbd");                   /* overlong */
    check_sanitise(arena, "x\xed\xa0\x80", 4, "x\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"); /* surrogate */
    check_sanitise(arena, "\xef\xbf\xbf.", 4, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd.");
    check_sanitise(arena, "\xc2\x9b\xc2\xa0", 4, "\xef\xbf\xbd\xef\xbf\xbd\xc2\xa0"); /* C1 */
}

static void test_plain_span(void **state)
{
    static const char others[] = {'\0', '\n', 0x1f, (char)0x80, (char)0xff};
    char text[24];

    (void)state;
    for (size_t length = 0; length <= sizeof(text); length++) {
        memset(text, 0x7f, sizeof(text));
        assert_int_equal(text_plain_span(text, length), length);
        memset(text, ' ', sizeof(text));
        for (size_t at = 0; at < length; at++) {
            text[at] = others[at % sizeof(others)];
            assert_int_equal(text_plain_span(text, length), at);
            text[at] = ' ';
        }
    }
}

static void test_printable(void **state)
{
    AUTO(buf_free) struct buf out = BUF_INIT;
    static const char text[] = "t\tgr\xc3\xbc\x1b[31m\r\n\x7f\xc2\x9b\xff\xe2\x82";

    (void)state;
    text_add_printable(&out, text, sizeof(text) - 1);
    assert_string_equal(out.data, "t\tgr\xc3\xbc?[31m?????"
                                  "??");
}

static void check_cpuset(struct arena *arena, const char *text, const char *expected, size_t expected_count)
{
    unsigned *values = NULL;
    size_t count = 0;

    assert_true(cpuset_parse(arena, text, &values, &count));
    assert_int_equal(count, expected_count);
    assert_string_equal(cpuset_format(arena, values, count), expected);
}

static void test_cpuset(void **state)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    static const char *const bad[] = {"a", "3-1", "1,", ",1", "1--2", "0-65536", "4294967296", "1;2", "^"};
    static const unsigned unordered[] = {5, 1, 2, 2, 3, 9};
    unsigned *values;
    size_t count;

    (void)state;
    check_cpuset(arena, "0-3,8\n", "0-3,8", 5);
    check_cpuset(arena, "", "", 0);
    check_cpuset(arena, "\n", "", 0);
    check_cpuset(arena, "8,0-3, 2-5,7", "0-5,7-8", 8);
    check_cpuset(arena, "0-7,^0,^3-4,^9", "1-2,5-7", 5);
    check_cpuset(arena, "1,^1", "", 0);
    check_cpuset(arena, "0-65535", "0-65535", 65536);
    check_cpuset(arena, "4294967294", "4294967294", 1);
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
        assert_false(cpuset_parse(arena, bad[i], &values, &count));
    assert_string_equal(cpuset_format(arena, unordered, ARRAY_SIZE(unordered)), "1-3,5,9");
}

static void test_language(void **state)
{
    struct arena *arena = arena_new();

    (void)state;
    assert_string_equal(text_language(arena, "de_AT.UTF-8"), "de");
    assert_string_equal(text_language(arena, "fr@euro"), "fr");
    assert_string_equal(text_language(arena, "ZH-Hant"), "zh");
    assert_string_equal(text_language(arena, "tlh"), "tlh");
    assert_null(text_language(arena, ""));
    assert_null(text_language(arena, "C"));
    assert_null(text_language(arena, "C.UTF-8"));
    assert_null(text_language(arena, "POSIX"));
    assert_null(text_language(arena, "de2"));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_basics),     cmocka_unit_test(test_numbers),     cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_order),      cmocka_unit_test(test_nearest),     cmocka_unit_test(test_sanitise),
        cmocka_unit_test(test_plain_span), cmocka_unit_test(test_printable),   cmocka_unit_test(test_cpuset),
        cmocka_unit_test(test_language),   cmocka_unit_test(test_blank_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
