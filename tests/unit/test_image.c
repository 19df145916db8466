/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Images of objects: the tables leave out nothing, what comes back is what it was, damaged bytes do no harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rules/image.h"

#include <stdlib.h>
#include <string.h>

static bool is_known(const struct vec *types, const struct image_type *type)
{
    for (size_t i = 0; i < types->count; i++)
        if (types->items[i] == type)
            return true;
    return false;
}

/* All types that can be reached. */
static void collect(struct arena *arena, struct vec *types, const struct image_type *type)
{
    if (!type || is_known(types, type))
        return;
    vec_push(arena, types, type);
    for (size_t i = 0; i < type->field_count; i++)
        collect(arena, types, type->fields[i].type);
}

/* Rows are in the order of members, and between them is no room for another one, but what alignment leaves. */
static void check_type(const struct image_type *type)
{
    size_t end = 0;

    for (size_t i = 0; i < type->field_count; i++) {
        const struct image_field *field = &type->fields[i];
        if (field->offset < end || field->offset - end >= sizeof(uint64_t))
            fail_msg("struct %s: what is before '%s' is not in the table", type->name, field->name);
        end = field->offset + field->size;
    }
    if (type->field_count && (type->size < end || type->size - end >= sizeof(uint64_t)))
        fail_msg("struct %s: its end is not in the table", type->name);
}

static void test_tables_are_complete(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct vec types = {0};
    collect(arena, &types, &rule_image_type);
    assert_true(types.count > 30);
    for (size_t i = 0; i < types.count; i++)
        check_type(types.items[i]);
}

/* An object of each kind of member. */
struct node {
    const char *name;
    struct node *next;
    struct node **list;
    size_t count;
    struct map map;
    struct vec vec;
    const void *fixed;
    int64_t number;
    int64_t forgotten;
};
static const struct image_type node_type;
static const struct image_field node_fields[] = {
    IMAGE_TEXT(node, name),
    IMAGE_FIELD(node, next, IMAGE_ONE, &node_type),
    IMAGE_COUNTED(node, list, IMAGE_LIST, &node_type, count),
    IMAGE_PLAINLY(node, count),
    IMAGE_FIELD(node, map, IMAGE_MAP, &node_type),
    IMAGE_FIELD(node, vec, IMAGE_VEC, &image_text),
    IMAGE_FIELD(node, fixed, IMAGE_STATIC, NULL),
    IMAGE_PLAINLY(node, number),
    IMAGE_FIELD(node, forgotten, IMAGE_CLEARED, NULL),
};
static const struct image_type node_type = IMAGE_TYPE(node, node_fields, false, false);

static const char fixed[] = "of the program";

static struct image_context make_context(struct arena *arena)
{
    struct image_context context = {.revive = NULL};
    vec_push(arena, &context.statics, NULL);
    vec_push(arena, &context.statics, fixed);
    return context;
}

/* Two nodes that refer to each other in every way. */
static struct node *make_nodes(struct arena *arena)
{
    struct node *nodes = arena_alloc(arena, 2 * sizeof(*nodes));
    struct node *other = arena_new_object(arena, struct node);
    nodes[0] = (struct node){.name = "first", .next = other, .count = 2, .fixed = fixed, .number = 7, .forgotten = 9};
    nodes[0].list = arena_alloc(arena, 2 * sizeof(struct node *));
    nodes[0].list[0] = other;
    nodes[0].list[1] = nodes;
    *other = (struct node){.name = "other", .next = nodes};
    for (size_t i = 0; i < 20; i++)
        map_put(arena, &nodes[0].map, arena_printf(arena, "key %zu", i), i % 2 ? other : nodes);
    vec_push(arena, &nodes[0].vec, "one");
    vec_push(arena, &nodes[0].vec, "two");
    return nodes;
}

static void check_nodes(const struct node *first)
{
    const struct node *other = first->next;
    assert_string_equal(first->name, "first");
    assert_string_equal(other->name, "other");
    assert_ptr_equal(other->next, first);
    assert_ptr_equal(first->list[0], other);
    assert_ptr_equal(first->list[1], first);
    assert_ptr_equal(first->fixed, fixed);
    assert_null(other->fixed);
    assert_null(other->list);
    assert_int_equal(first->number, 7);
    assert_int_equal(first->forgotten, 0);
    assert_ptr_equal(map_get(&first->map, "key 2"), first);
    assert_ptr_equal(map_get(&first->map, "key 19"), other);
    assert_null(map_get(&first->map, "key 20"));
    assert_string_equal(first->vec.items[1], "two");
}

static void test_comes_back(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct buf out AUTO(buf_free) = BUF_INIT;
    const struct image_context context = make_context(arena);
    assert_true(image_write(&out, &node_type, make_nodes(arena), &context));
    check_nodes(image_read(arena, &node_type, out.data, out.length, &context));
}

static void test_unknown_static_is_refused(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct buf out AUTO(buf_free) = BUF_INIT;
    const struct image_context none = {.revive = NULL};
    assert_false(image_write(&out, &node_type, make_nodes(arena), &none));
    assert_int_equal(out.length, 0);
}

/* The bytes of a pointer lie in the block, whatever the image says; under ASan this shows any other use, too. */
static void test_damage_does_no_harm(void **state)
{
    (void)state;
    struct arena *arena AUTO(arena_cleanup) = arena_new();
    struct buf out AUTO(buf_free) = BUF_INIT;
    const struct image_context context = make_context(arena);
    assert_true(image_write(&out, &node_type, make_nodes(arena), &context));
    for (size_t length = 0; length < out.length; length++) {
        struct arena *scratch AUTO(arena_cleanup) = arena_new();
        char *cut = arena_memdup(scratch, out.data, length);
        assert_null(image_read(scratch, &node_type, cut, length, &context));
    }
    for (size_t at = 0; at < out.length; at++) {
        static const unsigned char masks[] = {1, 0x80, 0xff};
        struct arena *scratch AUTO(arena_cleanup) = arena_new();
        for (size_t i = 0; i < ARRAY_SIZE(masks); i++) {
            char *changed = malloc(out.length);
            assert_non_null(changed);
            memcpy(changed, out.data, out.length);
            changed[at] = (char)((unsigned char)changed[at] ^ masks[i]);
            image_read(scratch, &node_type, changed, out.length, &context);
            free(changed);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables_are_complete),
        cmocka_unit_test(test_comes_back),
        cmocka_unit_test(test_unknown_static_is_refused),
        cmocka_unit_test(test_damage_does_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
