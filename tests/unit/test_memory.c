/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arenas, buffers, vectors and maps at their edges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/library.h"
#include "base/memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LARGE = 3 * 1024 * 1024, SMALL_COUNT = 5000 };

static char released[8];

static void release(void *object)
{
    strcat(released, object);
}

static void test_arena(void **state)
{
    struct arena *arena = arena_new();
    char *first;

    (void)state;
    for (size_t i = 1; i < SMALL_COUNT; i++) {
        char *memory = arena_alloc(arena, i % 100);

        assert_int_equal((uintptr_t)memory % sizeof(uint64_t), 0);
        for (size_t j = 0; j < i % 100; j++)
            assert_int_equal(memory[j], 0);
        memset(memory, 'x', i % 100);
    }
    first = arena_alloc(arena, LARGE);
    memset(first, 'y', LARGE);
    assert_string_equal(arena_printf(arena, "%s %d", "a", 5), "a 5");
    assert_string_equal(arena_printf(arena, "%s/%s%s.", "a", "", "bc"), "a/bc.");
    assert_string_equal(arena_printf(arena, "%s", ""), "");
    assert_string_equal(arena_printf(arena, "5%% of %s", "it"), "5% of it");
    for (size_t length = 250; length < 260; length++) { /* where it gets too long for the short way */
        char *text = arena_alloc(arena, length + 1);
        memset(text, 'z', length);
        assert_string_equal(arena_printf(arena, "%s", text), text);
        assert_int_equal(strlen(arena_printf(arena, "<%s>", text)), length + 2);
    }
    assert_string_equal(arena_strndup(arena, "abc", 2), "ab");
    assert_null(arena_strdup(arena, NULL));
    arena_defer(arena, release, "1");
    arena_defer(arena, release, "2");
    arena_cleanup(&arena);
    assert_null(arena);
    assert_string_equal(released, "21");
    arena_free(NULL);
}

static void test_large_first(void **state)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();

    (void)state;
    memset(arena_alloc(arena, LARGE), 1, LARGE);
    memset(arena_alloc(arena, LARGE), 1, LARGE);
    assert_string_equal(arena_strdup(arena, "x"), "x");
}

/* Blocks of every size around those of chunks are theirs to the last byte. */
static void test_blocks(void **state)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();

    (void)state;
    for (size_t size = 4096; size <= 1024 * 1024; size *= 2)
        for (size_t off = 0; off < 128; off += 16) {
            memset(arena_alloc(arena, size - 64 + off), 0x5a, size - 64 + off);
            assert_int_equal(*(char *)arena_alloc(arena, 16), 0);
        }
}

static void test_vec(void **state)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    struct vec vec = {0};
    static const char *const texts[] = {"a", "b", "c"};

    (void)state;
    for (size_t i = 0; i < 30; i++)
        vec_push(arena, &vec, texts[i % 3]);
    assert_int_equal(vec.count, 30);
    assert_string_equal(vec.items[0], "a");
    assert_string_equal(vec.items[29], "c");
}

static void test_map(void **state)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    struct map map = {0};

    (void)state;
    assert_null(map_get(&map, "1"));
    assert_false(map_remove(&map, "1"));
    for (int i = 0; i < 1000; i++)
        map_put(arena, &map, arena_printf(arena, "%d", i), arena_printf(arena, "v%d", i));
    map_put(arena, &map, "7", "other");
    assert_int_equal(map.count, 1000);
    assert_string_equal(map_get(&map, "7"), "other");
    assert_string_equal(map.entries[7].key, "7");
    assert_true(map_remove(&map, "6"));
    assert_false(map_remove(&map, "6"));
    assert_null(map_get(&map, "6"));
    assert_string_equal(map.entries[6].key, "7");
    for (int i = 8; i < 1000; i++)
        assert_string_equal(map_get(&map, arena_printf(arena, "%d", i)), arena_printf(arena, "v%d", i));
}

static void test_buf(void **state)
{
    AUTO(buf_free) struct buf buf = BUF_INIT;

    (void)state;
    assert_string_equal(buf_text(&buf), "");
    for (int i = 0; i < 100; i++)
        buf_printf(&buf, "%d,", i);
    assert_int_equal(buf.length, 290);
    assert_string_equal(buf.data + 284, "98,99,");
    buf_free(&buf);
    buf_pad(&buf, ' ', 2);
    buf_char(&buf, 'a');
    buf_add_n(&buf, "bcd", 2);
    buf_add(&buf, "");
    assert_string_equal(buf_text(&buf), "  abc");
}

static void test_files(void **state)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    char directory[] = "/tmp/hvprobe-unit-XXXXXX", *text;
    struct vec names = {0};
    size_t length;

    (void)state;
    assert_non_null(mkdtemp(directory));
    text = arena_printf(arena, "%s/file", directory);
    assert_int_equal(file_write(text, "hello", 5, 0644), 0);
    assert_int_equal(file_write(text, "hello!", 6, 0644), 0);
    assert_int_equal(symlink("file", arena_printf(arena, "%s/link", directory)), 0);
    assert_int_equal(file_write(arena_printf(arena, "%s/link", directory), "linked", 6, 0644), 0);
    assert_int_equal(mkfifo(arena_printf(arena, "%s/fifo", directory), 0600), 0);
    assert_int_equal(file_list(arena, directory, &names), 0);
    assert_int_equal(names.count, 3);
    assert_string_equal(names.items[0], "fifo");
    assert_string_equal(names.items[1], "file");
    assert_int_equal(file_read(arena, arena_printf(arena, "%s/file", directory), 6, &text, &length), 0);
    assert_string_equal(text, "linked");
    assert_int_equal(length, 6);
    assert_int_equal(file_read(arena, arena_printf(arena, "%s/file", directory), 5, &text, &length), -EFBIG);
    assert_int_equal(file_read(arena, arena_printf(arena, "%s/fifo", directory), 5, &text, &length), -ENOTSUP);
    assert_int_equal(file_read(arena, directory, 5, &text, &length), -EISDIR);
    assert_int_equal(file_read(arena, "/nowhere/x", 5, &text, &length), -ENOENT);
    assert_int_equal(file_read(arena, "/dev/null", 5, &text, &length), -ENOTSUP);
    assert_int_equal(file_write("/dev/null", "x", 1, 0644), 0);
    assert_int_equal(file_write("/nowhere/x", "x", 1, 0644), -ENOENT);
    for (size_t i = 0; i < names.count; i++)
        unlink(arena_printf(arena, "%s/%s", directory, (char *)names.items[i]));
    assert_int_equal(rmdir(directory), 0);
}

static void test_library(void **state)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    double (*cosine)(double) = NULL;
    void (*nothing)(void) = NULL;
    const struct library_symbol good[] = {{"cos", &cosine}, {NULL, NULL}};
    const struct library_symbol bad[] = {{"no_such_function", &nothing}, {NULL, NULL}};

    (void)state;
    assert_null(library_load(arena, "libm.so.6", good));
    assert_true(cosine(0) == 1);
    assert_non_null(strstr(library_load(arena, "libm.so.6", bad), "no_such_function"));
    assert_non_null(strstr(library_load(arena, "libnowhere.so.1", bad), "libnowhere.so.1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena), cmocka_unit_test(test_large_first), cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_vec),   cmocka_unit_test(test_map),         cmocka_unit_test(test_buf),
        cmocka_unit_test(test_files), cmocka_unit_test(test_library),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
