/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A host without some files is one without them by every way of asking. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "root/hiding.h"

#include <errno.h>
#include <string.h>

static const char host[] = "files:\n"
                           "  /etc/os-release: |\n"
                           "    ID=alpha\n"
                           "    VERSION_ID=3\n"
                           "  /usr/lib/tool: {text: \"#!/bin/sh\\n\", mode: '0755'}\n"
                           "  /empty:\n"
                           "links: {/lib: usr/lib, /bin/tool: ../lib/tool}\n"
                           "nodes: [{path: /dev/thing, type: char}, {path: /closed, error: EACCES}]\n"
                           "uname: {machine: x86_64}\n";

struct fixture {
    struct arena *arena;
    struct diagnostics diagnostics;
    struct source source;
    struct root *root;
};

static struct root *open_text(struct fixture *fixture, const char *text)
{
    bool empty = false;

    fixture->source = (struct source){"case.yaml", NULL, text, strlen(text)};
    const struct yaml_node *tree = yaml_parse(fixture->arena, &fixture->source, &fixture->diagnostics, &empty);
    return root_open_sections("case", tree, &fixture->diagnostics);
}

static int setup(void **state)
{
    struct arena *arena = arena_new();
    struct fixture *fixture = arena_new_object(arena, struct fixture);

    fixture->arena = arena;
    fixture->diagnostics.arena = arena;
    fixture->root = open_text(fixture, host);
    *state = fixture;
    return fixture->root ? 0 : -1;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;

    root_close(fixture->root);
    arena_free(fixture->arena);
    return 0;
}

static void check_text(struct fixture *fixture, const char *path, const char *expected)
{
    char *text = NULL;
    size_t length = 0;

    assert_int_equal(root_read(fixture->root, fixture->arena, path, 100, &text, &length), 0);
    assert_string_equal(text, expected);
    assert_int_equal(length, strlen(expected));
}

static void test_inline(void **state)
{
    struct fixture *fixture = *state;
    struct root_stat status;
    struct vec names = {0};
    char *target = NULL;

    check_text(fixture, "/bin/tool", "#!/bin/sh\n");
    check_text(fixture, "/empty", "");
    assert_int_equal(root_stat(fixture->root, "/bin/tool", true, &status), 0);
    assert_int_equal(status.type, ROOT_FILE);
    assert_int_equal(status.mode, 0755);
    assert_int_equal(status.size, 10);
    assert_int_equal(root_readlink(fixture->root, fixture->arena, "/lib", &target), 0);
    assert_string_equal(target, "usr/lib");
    assert_int_equal(root_list(fixture->root, fixture->arena, "/lib", &names), 0);
    assert_int_equal(names.count, 1);
    assert_int_equal(root_stat(fixture->root, "/closed", true, &status), -EACCES);
    assert_string_equal(root_os(fixture->root)->id, "alpha");
}

static void test_inline_errors(void **state)
{
    static const char *const bad[] = {
        "files: [a]",
        "files: {relative: x}",
        "files: {/a: [x]}",
        "files: {/a: {txt: x}}",
        "files: {/a: {mode: '0999'}}",
        "files: {/a: {access: q}}",
        "links: {/a: }",
        "files: {/a: x}\nlinks: {/a: b}",
        "filez: {/a: x}",
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        fixture->diagnostics.errors = 0;
        assert_null(open_text(fixture, bad[i]));
        assert_int_equal(fixture->diagnostics.errors, 1);
    }
}

struct log {
    const char *hidden;
    struct buf seen;
};

static bool hides(void *data, const char *path)
{
    struct log *log = data;

    buf_printf(&log->seen, "%s ", path);
    return log->hidden && strcmp(path, log->hidden) == 0;
}

static void test_hiding(void **state)
{
    struct fixture *fixture = *state;
    struct log log = {"/usr/lib/tool", BUF_INIT};
    const struct hiding hiding = {.hides = hides, .data = &log};
    struct root *hiding_root = root_open_hiding(fixture->root, &hiding);
    struct root_stat status;
    struct vec names = {0};

    assert_int_equal(root_stat(hiding_root, "/bin/tool", false, &status), 0);
    assert_int_equal(root_stat(hiding_root, "/bin/tool", true, &status), -ENOENT);
    assert_int_equal(root_stat(hiding_root, "/etc/os-release", true, &status), 0);
    assert_int_equal(root_list(hiding_root, fixture->arena, "/usr/lib", &names), 0);
    assert_int_equal(names.count, 0);
    assert_string_equal(buf_text(&log.seen),
                        "/bin/tool /bin/tool /usr/lib/tool /etc/os-release /usr/lib /usr/lib/tool ");
    buf_free(&log.seen);
    root_close(hiding_root);
}

static void test_hiding_everything(void **state)
{
    struct fixture *fixture = *state;
    struct log log = {NULL, BUF_INIT};
    const struct hiding hiding = {.hides = hides, .data = &log, .everything = true};
    struct root *hiding_root = root_open_hiding(fixture->root, &hiding);
    struct root_stat status;
    const char *arch = NULL;
    uint32_t registers[4];

    assert_int_equal(root_stat(hiding_root, "/lib/../lib/tool", true, &status), -ENOENT);
    assert_int_equal(root_cpuid(hiding_root, 0, 0, registers), -EOPNOTSUPP);
    assert_string_equal(buf_text(&log.seen), "/lib/tool cpuid ");
    root_adopt_host(hiding_root, fixture->root);
    assert_string_equal(root_os(hiding_root)->id, "alpha");
    assert_int_equal(root_arch(hiding_root, &arch), 0);
    assert_string_equal(arch, "x86_64");
    buf_free(&log.seen);
    root_close(hiding_root);
}

static void test_paths(void **state)
{
    struct fixture *fixture = *state;
    struct map seen = {0};
    struct vec paths = {0}, few = {0};

    assert_true(root_paths(fixture->root, fixture->arena, 100, &paths));
    for (size_t i = 0; i < paths.count; i++)
        map_put(fixture->arena, &seen, paths.items[i], "");
    assert_int_equal(seen.count, 12);
    assert_non_null(map_get(&seen, "/closed"));
    assert_non_null(map_get(&seen, "/usr/lib"));
    assert_false(root_paths(fixture->root, fixture->arena, 5, &few));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_inline, setup, teardown),
        cmocka_unit_test_setup_teardown(test_inline_errors, setup, teardown),
        cmocka_unit_test_setup_teardown(test_hiding, setup, teardown),
        cmocka_unit_test_setup_teardown(test_hiding_everything, setup, teardown),
        cmocka_unit_test_setup_teardown(test_paths, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
