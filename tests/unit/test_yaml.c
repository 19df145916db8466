/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* YAML to trees: places, what is refused, and written back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "base/yaml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fixture {
    struct arena *arena;
    struct source source;
    struct diagnostics diagnostics;
    struct yaml_node *root;
    bool empty;
};

static void fixture_free(struct fixture *fixture)
{
    arena_free(fixture->arena);
}

static void parse_n(struct fixture *fixture, const char *text, size_t length)
{
    fixture->arena = arena_new();
    fixture->source = (struct source){"f", NULL, text, length};
    fixture->diagnostics = (struct diagnostics){.arena = fixture->arena};
    fixture->root = yaml_parse(fixture->arena, &fixture->source, &fixture->diagnostics, &fixture->empty);
}

static void parse(struct fixture *fixture, const char *text)
{
    parse_n(fixture, text, strlen(text));
}

static void test_tree(void **state)
{
    AUTO(fixture_free) struct fixture f;
    struct yaml_node *list;
    bool value;

    (void)state;
    parse(&f, "a: 1\nb: [x, 'y', \"z\"]\nc: {d: , e: yes}\nf: |\n  text\n");
    assert_non_null(f.root);
    assert_int_equal(f.root->count, 4);
    assert_string_equal(yaml_get(f.root, "a")->value, "1");
    list = yaml_get(f.root, "b");
    assert_int_equal(list->kind, YAML_NODE_SEQUENCE);
    assert_int_equal(list->count, 3);
    assert_int_equal(list->items[1]->style, YAML_STYLE_SINGLE_QUOTED);
    assert_int_equal(list->at.line, 2);
    assert_int_equal(list->at.column, 4);
    assert_int_equal(list->at.end_column, 17);
    assert_true(yaml_is_null(yaml_get(yaml_get(f.root, "c"), "d")));
    assert_true(yaml_bool(yaml_get(yaml_get(f.root, "c"), "e"), &value) && value);
    assert_false(yaml_bool(list->items[0], &value));
    assert_string_equal(yaml_get(f.root, "f")->value, "text\n");
    assert_null(yaml_get(f.root, "g"));
    assert_null(yaml_get(list, "g"));
}

static void test_empty(void **state)
{
    static const char *const texts[] = {"", "\n\n", "# comment\n", "\xef\xbb\xbf"};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        AUTO(fixture_free) struct fixture f;

        parse(&f, texts[i]);
        assert_null(f.root);
        assert_true(f.empty);
        assert_int_equal(f.diagnostics.list.count, 0);
    }
}

/* Each error as "line:column-end id message;". */
static void check_errors(const char *text, size_t length, const char *expected)
{
    AUTO(fixture_free) struct fixture f;
    AUTO(buf_free) struct buf found = BUF_INIT;

    parse_n(&f, text, length);
    assert_null(f.root);
    assert_false(f.empty);
    for (size_t i = 0; i < f.diagnostics.list.count; i++) {
        const struct diagnostic *d = f.diagnostics.list.items[i];

        buf_printf(&found, "%u:%u-%u %s %s;", d->at.line, d->at.column, d->at.end_column, d->kind->id, d->message);
    }
    assert_string_equal(buf_text(&found), expected);
}

static void test_errors(void **state)
{
    static const struct {
        const char *text, *errors;
    } rows[] = {
        {"a: &x 1\nb: *x\nc: *y\n",
         "1:4-6 HV003 anchors are not allowed: '&x';2:4-6 HV003 aliases are not allowed: '*x';"
         "3:4-6 HV003 aliases are not allowed: '*y';"},
        {"a: &x {b: 1}\n", "1:4-6 HV003 anchors are not allowed: '&x';"},
        {"a: !foo 1\nb: !!str 2\n", "1:4-8 HV002 tags are not allowed: '!foo';"},
        {"a: 1\nb: 2\na: 3\n", "3:1-2 HV004 key 'a' is already on line 1;"},
        {"x: {\xc3\xbc: 1, \xc3\xbc: 2}\n", "1:12-14 HV004 key '\xc3\xbc' is already on line 1;"},
        {"{[a]: 1}\n", "1:2-5 HV006 a key must be text, not a list;"},
        {"? {a: b}\n: 1\nc: 1\nc: 2\n",
         "1:3-9 HV006 a key must be text, not a mapping;4:1-2 HV004 key 'c' is already on line 3;"},
        {"a: 1\n---\nb: 2\n", "2:1-4 HV002 a second YAML document in the same file;"},
        {"a:\n\tb: 1\n", "2:1-2 HV002 a tab in the indentation;"},
        {"a: b: c\n", "1:5-6 HV002 ':' is not expected here;"},
        {"a: 1\nb\nc: 2\n", "2:1-2 HV002 a line without ':' in a mapping;"},
        {"a: 'x\nb: 1\n", "1:4-5 HV002 this quotation mark has no partner: the text is never closed;"},
        {"a: \"\\d+\"\n", "1:5-6 HV002 unknown escape in double quotes;"},
        {"a: {b: 1\n", "1:4-5 HV002 this '{' is never closed;"},
        {"a: [b, c\n", "1:4-5 HV002 this '[' is never closed;"},
        {"a: [b}\n", "1:6-7 HV002 expected ',' or ']' here;"},
        {"a: @x\n", "1:4-5 HV002 a value cannot start with '@';"},
        {"a: *\n", "1:4-5 HV002 a value cannot start with '*';"},
        {"a: [b]+\n", "1:7-8 HV002 expected a key here;"},
        {"a: {b: >= 4}\n", "1:8-9 HV002 a value cannot start with '>' here;"},
        {"a: 1\n b: 2\n", "2:3-4 HV002 ':' is not expected here;"},
        {"a: 1\nb: \xff\n", "2:4-5 HV002 not UTF-8;"},
        {"a: 1\nb: \x01\n", "2:4-5 HV002 a control character;"},
        {"a: \"\\0\"\n", "1:4-8 HV002 a NUL character is not allowed;"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        check_errors(rows[i].text, strlen(rows[i].text), rows[i].errors);
    check_errors("a: \0\n", 5, "1:4-5 HV002 a control character;");
}

static void test_depth(void **state)
{
    AUTO(fixture_free) struct fixture f;
    char text[2 * YAML_DEPTH + 1] = "";

    (void)state;
    memset(text, '[', YAML_DEPTH);
    memset(text + YAML_DEPTH, ']', YAML_DEPTH);
    parse(&f, text);
    assert_non_null(f.root);
    fixture_free(&f);
    memset(text, '[', 2 * YAML_DEPTH);
    parse(&f, text);
    assert_null(f.root);
    assert_int_equal(f.diagnostics.list.count, 1);
    assert_int_equal(((struct diagnostic *)f.diagnostics.list.items[0])->at.column, YAML_DEPTH + 1);
}

static void test_many_keys(void **state)
{
    AUTO(fixture_free) struct fixture f;
    AUTO(buf_free) struct buf text = BUF_INIT;

    (void)state;
    for (int i = 0; i < 1000; i++)
        buf_printf(&text, "key%d: %d\n", i, i);
    parse(&f, text.data);
    assert_non_null(f.root);
    assert_int_equal(f.root->count, 1000);
    assert_string_equal(yaml_get(f.root, "key999")->value, "999");
    buf_add(&text, "key500: again\n");
    fixture_free(&f);
    parse(&f, text.data);
    assert_null(f.root);
    assert_int_equal(f.diagnostics.errors, 1);
}

/* The text that is marked when NEEDLE is looked up in the value of key "a". */
static void check_mark(const char *text, const char *needle, unsigned line, unsigned column, unsigned width)
{
    AUTO(fixture_free) struct fixture f;
    struct yaml_node *scalar;
    struct mark mark;

    parse(&f, text);
    assert_non_null(f.root);
    scalar = yaml_get(f.root, "a");
    assert_non_null(strstr(scalar->value, needle));
    mark = yaml_mark_at(scalar, (size_t)(strstr(scalar->value, needle) - scalar->value), strlen(needle));
    assert_int_equal(mark.line, line);
    assert_int_equal(mark.column, column);
    assert_int_equal(mark.end_column - mark.column, width);
}

static void test_marks(void **state)
{
    (void)state;
    check_mark("a: one NEEDLE two\n", "NEEDLE", 1, 8, 6);
    check_mark("x: \xc3\xbc\na: \xc3\xbc\xc3\xbc NEEDLE\n", "NEEDLE", 2, 9, 6);
    check_mark("a: one\n  two\n  NEEDLE\n", "NEEDLE", 3, 3, 6);
    check_mark("a: 'it''s NEEDLE'\n", "NEEDLE", 1, 11, 6);
    check_mark("a: 'x NEED''LE'\n", "NEED'LE", 1, 7, 8);
    check_mark("a: 'one\n\n\n  two NEEDLE'\n", "NEEDLE", 4, 7, 6);
    check_mark("a: \"\\t\\x41\\u00fc \\\" NEEDLE\"\n", "NEEDLE", 1, 21, 6);
    check_mark("a: \"one \\\n   NEEDLE\"\n", "NEEDLE", 2, 4, 6);
    check_mark("x: 1\na: |\n  one\n\n    two\n  NEEDLE\n", "NEEDLE", 6, 3, 6);
    check_mark("a: |2-\n    one NEEDLE\n", "NEEDLE", 2, 9, 6);
    check_mark("a: > # comment\n  one\n  two\n\n  three NEEDLE\n", "NEEDLE", 5, 9, 6);
    check_mark("a: !!str 'NEEDLE'\n", "NEEDLE", 1, 11, 6);
    check_mark("a: one\n  two\n", "one two", 1, 4, 3);
    check_mark("a: x y\r\nb: 1\r\n", "y", 1, 6, 1);
}

static void test_marks_at_ends(void **state)
{
    AUTO(fixture_free) struct fixture f;
    struct yaml_node *a;
    struct mark mark;

    (void)state;
    parse(&f, "a: '${x'\n");
    a = yaml_get(f.root, "a");
    mark = yaml_mark_at(a, 4, 0);
    assert_int_equal(mark.column, 8);
    assert_int_equal(mark.end_column, 9);
    assert_int_equal(yaml_mark_at(a, 100, 100).column, 8);
    mark = yaml_mark_at(yaml_new_scalar(f.arena, "other", a->at), 2, 1);
    assert_int_equal(mark.column, 4);
}

static void test_build(void **state)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    struct mark at = {0};
    struct yaml_node *map = yaml_new_mapping(arena, at);

    (void)state;
    for (int i = 0; i < 20; i++)
        yaml_put(arena, map, yaml_new_scalar(arena, arena_printf(arena, "%d", i % 10), at),
                 yaml_new_scalar(arena, arena_printf(arena, "v%d", i), at));
    assert_int_equal(map->count, 10);
    assert_string_equal(yaml_get(map, "3")->value, "v13");
}

static const char *numbered(const struct yaml_node *node, void *data)
{
    snprintf(data, 16, "line %u", node->at.line);
    return node->kind == YAML_NODE_SCALAR ? data : NULL;
}

static void test_write(void **state)
{
    AUTO(fixture_free) struct fixture f;
    AUTO(buf_free) struct buf out = BUF_INIT;
    char comment[16];

    (void)state;
    parse(&f, "a: {b: [c, d: 1\n  , {}], e: }\n'f: g': [[x, 'y'], []]\n");
    assert_non_null(f.root);
    yaml_write(&out, f.root, numbered, comment);
    assert_string_equal(out.data, "a:\n  b:\n    - c  # line 1\n    - d: 1  # line 1\n    - {}\n  e:  # line 2\n"
                                  "'f: g':\n  - - x  # line 3\n    - 'y'  # line 3\n  - []\n");
}

static bool equal(const struct yaml_node *a, const struct yaml_node *b)
{
    if (a->kind != b->kind || a->count != b->count)
        return false;
    if (a->kind == YAML_NODE_SCALAR)
        return text_equal(a->value, b->value) && yaml_is_null(a) == yaml_is_null(b);
    for (size_t i = 0; i < a->count; i++) {
        if (!equal(a->items[i], b->items[i]))
            return false;
        if (a->kind == YAML_NODE_MAPPING && !equal(a->keys[i], b->keys[i]))
            return false;
    }
    return true;
}

/* What is written reads back as the same. */
static void test_round_trip(void **state)
{
    static const char *const values[] = {
        "",
        "plain",
        "- x",
        "-",
        "-1",
        "?",
        "a: b",
        "a #b",
        "a:",
        "x ",
        " x",
        "'q'",
        "\"q\"",
        "{",
        "@",
        "%",
        "null",
        "~",
        "yes",
        "---",
        "--- a",
        "...",
        "tab\tx",
        "tab\t",
        "a\nb",
        "a\nb\n",
        "a\n\n",
        "\na",
        " a\nb",
        "a\n  b\n c\n",
        "a\r\nb",
        "\n",
        "\x01\x7f",
        "\xc3\xbc",
        "\xc2\x85x",
        "\xe2\x80\xa8",
        "\xef\xbb\xbfx",
        "\xf0\x9f\x98\x80",
        "back\\slash",
        "a\nb # c\n\n\n",
        ":x",
        "?x",
        "a'b\nc",
        "#",
        "a,b",
        "[x]",
        "\033\"\\",
        "x\n \ny\n",
    };
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    struct yaml_node *root = yaml_new_mapping(arena, (struct mark){0});
    struct yaml_node *list = yaml_new_sequence(arena, (struct mark){0});
    AUTO(buf_free) struct buf out = BUF_INIT;
    AUTO(fixture_free) struct fixture f;
    char *wide = arena_alloc(arena, 3000);

    (void)state;
    memset(wide, 'w', 2999);
    for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
        struct yaml_node *key = yaml_new_scalar(arena, values[i], (struct mark){0});
        struct yaml_node *value = yaml_new_scalar(arena, values[i], (struct mark){0});

        key->style = *values[i] ? YAML_STYLE_PLAIN : YAML_STYLE_SINGLE_QUOTED;
        yaml_put(arena, root, key, value);
        yaml_append(arena, list, value);
    }
    yaml_put(arena, root, yaml_new_scalar(arena, wide, (struct mark){0}), list);
    yaml_write(&out, root, NULL, NULL);
    parse(&f, out.data);
    diagnostics_print(stderr, &f.diagnostics, false);
    assert_non_null(f.root);
    assert_true(equal(root, f.root));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tree),          cmocka_unit_test(test_empty),     cmocka_unit_test(test_errors),
        cmocka_unit_test(test_depth),         cmocka_unit_test(test_many_keys), cmocka_unit_test(test_marks),
        cmocka_unit_test(test_marks_at_ends), cmocka_unit_test(test_build),     cmocka_unit_test(test_write),
        cmocka_unit_test(test_round_trip),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
