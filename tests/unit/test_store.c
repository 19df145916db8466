/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is kept between runs: packed trees and the store; damaged bytes are as good as none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/pack.h"
#include "base/store.h"
#include "base/yaml_pack.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

static struct store_key key(enum store_kind kind, const char *text)
{
    return (struct store_key){kind, text, strlen(text)};
}

struct place {
    struct arena *arena;
    char directory[32];
    const char *folder, *path;
};

static int open_place(void **state)
{
    static struct place place;
    place = (struct place){.arena = arena_new(), .directory = "/tmp/hvprobe-store-XXXXXX"};
    assert_non_null(mkdtemp(place.directory));
    place.folder = arena_printf(place.arena, "%s/new", place.directory);
    place.path = arena_printf(place.arena, "%s/parsed", place.folder);
    *state = &place;
    return 0;
}

static int close_place(void **state)
{
    struct place *place = *state;
    unlink(place->path);
    unlink(place->folder);
    rmdir(place->folder);
    rmdir(place->directory);
    arena_free(place->arena);
    return 0;
}

static void put_one(const struct place *place, const char *text)
{
    struct store *store = store_open(place->arena, place->path, "test 1");
    store_put(store, key(STORE_TREE, text), "data\0with", 9);
    store_save(store);
}

static const char *get_one(const struct place *place, const char *maker, struct store_key wanted)
{
    size_t length = 0;
    const char *kept = store_get(store_open(place->arena, place->path, maker), wanted, &length);
    if (kept)
        assert_int_equal(length, 9);
    return kept;
}

static void test_store(void **state)
{
    const struct place *place = *state;
    assert_null(get_one(place, "test 1", key(STORE_TREE, "a")));
    put_one(place, "a");
    assert_memory_equal(get_one(place, "test 1", key(STORE_TREE, "a")), "data\0with", 9);
    assert_null(get_one(place, "test 1", key(STORE_TREE, "b")));
    assert_null(get_one(place, "test 1", key(STORE_INDEX, "a"))); /* the same bytes mean something else there */
    assert_null(get_one(place, "test 2", key(STORE_TREE, "a")));
    assert_null(store_get(NULL, key(STORE_TREE, "a"), NULL));
    store_put(NULL, key(STORE_TREE, "a"), "", 0);
}

static void test_damaged_store(void **state)
{
    const struct place *place = *state;
    char *text;
    size_t length;
    put_one(place, "a");
    assert_int_equal(file_read(place->arena, place->path, 4096, &text, &length), 0);
    for (size_t i = 0; i < length; i++) {
        text[i] ^= 0x55;
        assert_int_equal(file_write(place->path, text, length, 0600), 0);
        assert_null(get_one(place, "test 1", key(STORE_TREE, "a")));
        text[i] ^= 0x55;
    }
}

/*
 * Two texts that hash_bytes cannot tell apart, as anybody can make them: a word is mixed in by (hash ^ word) * odd, so
 * that what differs in one word is put right by the next.
 */
static void test_collision(void **state)
{
    const struct place *place = *state;
    static const uint64_t odd = 0x9e3779b97f4a7c15U;
    uint64_t first[2] = {1, 2}, second[2] = {3, 0};
    const uint64_t start = sizeof(first) * odd;
    const uint64_t a = (start ^ first[0]) * odd, b = (start ^ second[0]) * odd;
    second[1] = first[1] ^ a ^ a >> 29 ^ b ^ b >> 29;
    assert_int_equal(hash_bytes(0, first, sizeof(first)), hash_bytes(0, second, sizeof(second)));
    struct store *store = store_open(place->arena, place->path, "test 1");
    store_put(store, (struct store_key){STORE_TREE, first, sizeof(first)}, "data\0with", 9);
    store_save(store);
    assert_non_null(get_one(place, "test 1", (struct store_key){STORE_TREE, first, sizeof(first)}));
    assert_null(get_one(place, "test 1", (struct store_key){STORE_TREE, second, sizeof(second)}));
}

static unsigned mode_of(const char *path)
{
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    return status.st_mode & 07777;
}

/* What others could write, or have put there, is neither read nor written. */
static void test_private(void **state)
{
    const struct place *place = *state;
    const struct store_key a = key(STORE_TREE, "a");
    put_one(place, "a");
    assert_int_equal(mode_of(place->path), 0600);
    assert_int_equal(mode_of(place->folder), 0700);
    for (unsigned mode = 0020; mode; mode = mode == 0020 ? 0002 : 0) {
        chmod(place->path, 0600 | mode);
        assert_null(get_one(place, "test 1", a));
        chmod(place->path, 0600);
        chmod(place->folder, 0700 | mode);
        assert_null(get_one(place, "test 1", a));
        put_one(place, "b");
        chmod(place->folder, 0700);
        assert_non_null(get_one(place, "test 1", a)); /* nothing was written */
    }
}

static void test_links(void **state)
{
    const struct place *place = *state;
    const struct store_key a = key(STORE_TREE, "a");
    const char *moved = arena_printf(place->arena, "%s/moved", place->directory);
    put_one(place, "a");
    assert_int_equal(rename(place->path, moved), 0);
    assert_int_equal(symlink(moved, place->path), 0);
    assert_null(get_one(place, "test 1", a));
    put_one(place, "b"); /* in place of the link */
    assert_non_null(get_one(place, "test 1", key(STORE_TREE, "b")));
    assert_int_equal(rename(moved, place->path), 0);
    assert_non_null(get_one(place, "test 1", a));
    assert_int_equal(rename(place->folder, moved), 0);
    assert_int_equal(symlink(moved, place->folder), 0);
    assert_null(get_one(place, "test 1", a));
    put_one(place, "b");
    assert_int_equal(unlink(place->folder), 0);
    assert_int_equal(rename(moved, place->folder), 0);
    assert_non_null(get_one(place, "test 1", a));
}

/* Root believes nothing of another user, and makes nothing in a folder of theirs. */
static void test_owners(void **state)
{
    enum { OTHER = 65534 };
    const struct place *place = *state;
    const struct store_key a = key(STORE_TREE, "a");
    if (geteuid() != 0)
        skip();
    put_one(place, "a");
    assert_int_equal(chown(place->path, OTHER, OTHER), 0);
    assert_null(get_one(place, "test 1", a));
    assert_int_equal(chown(place->path, 0, 0), 0);
    assert_int_equal(chown(place->folder, OTHER, OTHER), 0);
    assert_null(get_one(place, "test 1", a));
    put_one(place, "b");
    assert_int_equal(chown(place->folder, 0, 0), 0);
    assert_non_null(get_one(place, "test 1", a));
    unlink(place->path);
    rmdir(place->folder);
    assert_int_equal(chown(place->directory, OTHER, OTHER), 0);
    put_one(place, "a");
    assert_int_equal(access(place->folder, F_OK), -1);
}

#define PLACED(test) cmocka_unit_test_setup_teardown(test, open_place, close_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_tree_comes_back),
        cmocka_unit_test(test_damaged_bytes),
        PLACED(test_store),
        PLACED(test_damaged_store),
        PLACED(test_collision),
        PLACED(test_private),
        PLACED(test_links),
        PLACED(test_owners),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
