/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a root was asked is asked again, and every other answer is noticed, with who had asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "root/journal.h"

#include <errno.h>
#include <string.h>

enum { READS = 3, LISTS, LOOKS };

struct fixture {
    struct arena *arena;
    struct diagnostics diagnostics;
};

static int setup(void **state)
{
    struct arena *arena = arena_new();
    struct fixture *fixture = arena_new_object(arena, struct fixture);
    fixture->arena = arena;
    fixture->diagnostics.arena = arena;
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    arena_free(fixture->arena);
    return 0;
}

/* A host with a file of this text and a folder with such a file. */
static struct root *open_host(struct fixture *fixture, const char *text, const char *name, const char *machine)
{
    struct source *source = arena_new_object(fixture->arena, struct source);
    bool empty = false;
    const char *yaml = arena_printf(fixture->arena, "files: {/text: '%s', /folder/%s: 'x'}\nuname: {machine: %s}\n",
                                    text, name, machine);
    *source = (struct source){"case.yaml", NULL, yaml, strlen(yaml)};
    const struct yaml_node *tree = yaml_parse(fixture->arena, source, &fixture->diagnostics, &empty);
    return root_open_sections("case", tree, &fixture->diagnostics);
}

static void ask(struct arena *arena, struct root *root)
{
    struct root_stat status;
    struct root_uname names;
    struct vec list = {0};
    char *text;
    size_t length;
    root_set_asker(root, READS);
    assert_int_equal(root_read(root, arena, "/text", 10000, &text, &length), 0);
    root_set_asker(root, LISTS);
    assert_int_equal(root_list(root, arena, "/folder", &list), 0);
    root_set_asker(root, LOOKS);
    assert_int_equal(root_stat(root, "/nowhere", true, &status), -ENOENT);
    assert_int_equal(root_stat(root, "/nowhere", true, &status), -ENOENT);
    root_set_asker(root, ASKED_BY_ALL);
    assert_int_equal(root_uname(root, &names), 0);
}

static void record(struct fixture *fixture, struct buf *out, const char *text)
{
    struct root *root = open_host(fixture, text, "a", "x86_64");
    struct journal *journal = journal_new(fixture->arena);
    root_set_journal(root, journal);
    ask(fixture->arena, root);
    assert_true(journal_is_whole(journal));
    assert_true(journal_has(journal, LISTS));
    assert_false(journal_has(journal, LOOKS + 1));
    journal_write(out, journal);
    root_close(root);
}

/* askers: as they are to be, 0 at the end; NULL: nobody can tell. */
static void repeat(struct fixture *fixture, const struct buf *kept, struct root *root, const unsigned *askers)
{
    struct unpack unpack = {kept->data, kept->data + kept->length, false};
    struct vec changed = {0};
    assert_int_equal(journal_repeat(root, fixture->arena, &unpack, &changed), askers != NULL);
    for (size_t i = 0; askers && (askers[i] || i < changed.count); i++)
        assert_int_equal(i < changed.count ? (uintptr_t)changed.items[i] : 0, askers[i]);
    root_close(root);
}

static void test_repeat(void **state)
{
    struct fixture *fixture = *state;
    AUTO(buf_free) struct buf kept = BUF_INIT;
    record(fixture, &kept, "one");
    repeat(fixture, &kept, open_host(fixture, "one", "a", "x86_64"), (const unsigned[]){0});
    repeat(fixture, &kept, open_host(fixture, "two", "a", "x86_64"), (const unsigned[]){READS, 0});
    repeat(fixture, &kept, open_host(fixture, "two", "b", "x86_64"), (const unsigned[]){READS, LISTS, 0});
    repeat(fixture, &kept, open_host(fixture, "one", "a", "s390x"), NULL);
}

/* Of long texts a digest is kept. */
static void test_long(void **state)
{
    struct fixture *fixture = *state;
    AUTO(buf_free) struct buf kept = BUF_INIT;
    char text[8000];
    memset(text, 'a', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    record(fixture, &kept, text);
    assert_true(kept.length < sizeof(text) / 2);
    repeat(fixture, &kept, open_host(fixture, text, "a", "x86_64"), (const unsigned[]){0});
    text[7000] = 'b';
    repeat(fixture, &kept, open_host(fixture, text, "a", "x86_64"), (const unsigned[]){READS, 0});
}

/* Of a file of which only some lines were wanted, the others may say what they like. */
static void test_lines(void **state)
{
    struct fixture *fixture = *state;
    AUTO(buf_free) struct buf kept = BUF_INIT;
    struct root *root = open_host(fixture, "speed 1\n\nname a", "a", "x86_64");
    struct journal *journal = journal_new(fixture->arena);
    char *text;
    size_t length;
    root_set_journal(root, journal);
    root_set_asker(root, READS);
    assert_int_equal(root_read_lines(root, fixture->arena, "/text", "name", 10000, &text, &length), 0);
    assert_string_equal(text, " \nname a");
    journal_write(&kept, journal);
    root_close(root);
    repeat(fixture, &kept, open_host(fixture, "speed 234\n\nname a", "a", "x86_64"), (const unsigned[]){0});
    repeat(fixture, &kept, open_host(fixture, "speed 1\n\nname b", "a", "x86_64"), (const unsigned[]){READS, 0});
}

/* What gave two answers in one run is asked anew each time, by all who asked. */
static void test_two_answers(void **state)
{
    struct fixture *fixture = *state;
    AUTO(buf_free) struct buf kept = BUF_INIT;
    struct journal *journal = journal_new(fixture->arena);
    const struct question question = {ASK_READ, "/text", NULL, 10000, 0};
    journal_set_asker(journal, READS);
    journal_text(journal, question, 0, "one", 3);
    journal_set_asker(journal, LOOKS);
    journal_text(journal, question, 0, "two", 3);
    journal_write(&kept, journal);
    assert_true(journal_is_whole(journal));
    repeat(fixture, &kept, open_host(fixture, "one", "a", "x86_64"), (const unsigned[]){READS, LOOKS, 0});
    journal_spoil(journal);
    assert_false(journal_is_whole(journal));
}

static void test_damage(void **state)
{
    struct fixture *fixture = *state;
    AUTO(buf_free) struct buf kept = BUF_INIT;
    record(fixture, &kept, "one");
    for (size_t length = 0; length < kept.length; length++) {
        const struct buf part = {kept.data, length, length};
        repeat(fixture, &part, open_host(fixture, "one", "a", "x86_64"), NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_repeat, setup, teardown),
        cmocka_unit_test_setup_teardown(test_long, setup, teardown),
        cmocka_unit_test_setup_teardown(test_lines, setup, teardown),
        cmocka_unit_test_setup_teardown(test_two_answers, setup, teardown),
        cmocka_unit_test_setup_teardown(test_damage, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
