/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is kept between runs: packed trees and the store; damaged bytes are as good as none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/pack.h"
#include "base/store.h"
#include "base/yaml_pack.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct source sample = {
    .path = "sample.yaml",
    .text = "rule: sample # comment\nlist: [a, 'b c', \"\\u00e9\"]\nmap: {x: , y: [1, 2]}\n",
    .length = 72,
};

static struct yaml_node *parse(struct arena *arena)
{
    struct diagnostics diagnostics = {.arena = arena};
    bool empty = false;
    struct yaml_node *tree = yaml_parse(arena, &sample, &diagnostics, &empty);
    assert_non_null(tree);
    return tree;
}

static void test_numbers(void **state)
{
    (void)state;
    static const uint64_t numbers[] = {0, 1, 127, 128, 300, 1ULL << 35, UINT64_MAX};
    struct buf out AUTO(buf_free) = BUF_INIT;
    for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
        pack_number(&out, numbers[i]);
    struct unpack unpack = {out.data, out.data + out.length, false};
    for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
        assert_true(unpack_number(&unpack) == numbers[i]);
    assert_false(unpack.failed);
    assert_true(unpack_number(&unpack) == 0);
    assert_true(unpack.failed);
}

static void test_tree_comes_back(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct buf packed AUTO(buf_free) = BUF_INIT;
    struct buf before AUTO(buf_free) = BUF_INIT;
    struct buf after AUTO(buf_free) = BUF_INIT;
    const struct yaml_node *tree = parse(arena);
    yaml_pack(&packed, tree);
    const struct yaml_node *again = yaml_unpack(arena, &sample, packed.data, packed.length);
    assert_non_null(again);
    yaml_write(&before, tree, NULL, NULL);
    yaml_write(&after, again, NULL, NULL);
    assert_string_equal(buf_text(&before), buf_text(&after));
    assert_int_equal(again->items[1]->items[1]->at.line, 2);
    assert_int_equal(again->items[1]->items[1]->at.column, tree->items[1]->items[1]->at.column);
}

/* Any damage gives NULL or some tree, never a crash (the sanitizers watch). */
static void test_damaged_bytes(void **state)
{
    (void)state;
    struct buf packed AUTO(buf_free) = BUF_INIT;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    yaml_pack(&packed, parse(arena));
    for (size_t i = 0; i < packed.length; i++) {
        char *copy = arena_memdup(arena, packed.data, packed.length);
        assert_null(yaml_unpack(arena, &sample, copy, i));
        copy[i] = (char)(copy[i] ^ 0x55);
        yaml_unpack(arena, &sample, copy, packed.length);
        copy[i] = (char)0xff;
        yaml_unpack(arena, &sample, copy, packed.length);
    }
}

static void test_store(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    char directory[] = "/tmp/hvprobe-store-XXXXXX";
    assert_non_null(mkdtemp(directory));
    const char *path = arena_printf(arena, "%s/new/parsed", directory);
    const struct source other = {.path = "x", .text = "other", .length = 5};
    size_t length = 0;

    struct store *store = store_open(arena, path, "test 1");
    assert_null(store_get(store, &sample, &length));
    store_put(store, &sample, "data\0with", 9);
    store_save(store);

    store = store_open(arena, path, "test 1");
    assert_null(store_get(store, &other, &length));
    const char *kept = store_get(store, &sample, &length);
    assert_non_null(kept);
    assert_int_equal(length, 9);
    assert_memory_equal(kept, "data\0with", 9);

    char *text;
    assert_int_equal(file_read(arena, path, 4096, &text, &length), 0);
    text[length - 1] ^= 1;
    assert_int_equal(file_write(path, text, length, 0600), 0);
    assert_null(store_get(store_open(arena, path, "test 1"), &sample, &length));
    assert_null(store_get(store_open(arena, path, "test 2"), &sample, &length));
    assert_null(store_get(NULL, &sample, &length));

    unlink(path);
    rmdir(arena_printf(arena, "%s/new", directory));
    rmdir(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_tree_comes_back),
        cmocka_unit_test(test_damaged_bytes),
        cmocka_unit_test(test_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
