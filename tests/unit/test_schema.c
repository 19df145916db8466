/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Schemas: order, cardinality, types, and what is in none of ours. */
#include "schema/schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct schema *load(struct arena *arena, const char *text, const char **ret_error)
{
    char path[] = "/tmp/schema-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    const char *head = "<grammar xmlns='http://relaxng.org/ns/structure/1.0'\n"
                       " datatypeLibrary='http://www.w3.org/2001/XMLSchema-datatypes'>\n";
    dprintf(fd, "%s%s</grammar>\n", head, text);
    close(fd);
    *ret_error = NULL;
    struct schema *schema = schema_load(path, arena, NULL, ret_error);
    unlink(path);
    return schema;
}

static const char zoo[] =
    "<start><ref name='zoo'/></start>"
    "<define name='zoo'><element name='zoo'><interleave>"
    "  <element name='name'><text/></element>"
    "  <optional><element name='area'><data type='positiveInteger'/></element></optional>"
    "  <zeroOrMore><ref name='animal'/></zeroOrMore>"
    "  <choice><element name='open'><empty/></element><element name='closed'><attribute "
    "name='until'/></element></choice>"
    "</interleave></element></define>"
    "<define name='animal'><element name='animal'>"
    "  <attribute name='id'><data type='unsignedInt'/></attribute>"
    "  <optional><attribute name='kind'><choice><value>cat</value><value>dog</value></choice></attribute></optional>"
    "  <element name='name'><attribute name='lang'/><data type='NCName'/></element>"
    "  <oneOrMore><element name='legs'><choice><value>2</value><value>4</value></choice></element></oneOrMore>"
    "  <zeroOrMore><ref name='animal'/></zeroOrMore>"
    "</element></define>";

static void children_and_order(void **state)
{
    (void)state;
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    const char *error;
    const struct schema *schema = load(arena, zoo, &error);
    assert_non_null(schema);
    static const struct schema_child expected[] = {
        {"name", NULL, false, true},  {"area", NULL, false, false},   {"animal", NULL, true, false},
        {"open", NULL, false, false}, {"closed", NULL, false, false},
    };
    assert_string_equal(schema->root->name, "zoo");
    assert_int_equal(schema->root->child_count, ARRAY_SIZE(expected));
    for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
        size_t position;
        const struct schema_child *child = schema_child(schema->root, expected[i].name, &position);
        assert_non_null(child);
        assert_int_equal(position, i);
        assert_int_equal(child->many, expected[i].many);
        assert_int_equal(child->required, expected[i].required);
    }
    assert_null(schema_child(schema->root, "animals", NULL));
    assert_true(schema_child(schema->root, "area", NULL)->element->number);
    assert_false(schema->root->text);
}

static void contexts_and_recursion(void **state)
{
    (void)state;
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    const char *error;
    const struct schema *schema = load(arena, zoo, &error);
    const struct schema_element *animal = schema_child(schema->root, "animal", NULL)->element;
    assert_ptr_equal(schema_child(animal, "animal", NULL)->element, animal);
    const struct schema_element *name = schema_child(animal, "name", NULL)->element;
    const struct schema_element *zoo_name = schema_child(schema->root, "name", NULL)->element;
    assert_ptr_not_equal(name, zoo_name);
    assert_true(name->text_required);
    assert_false(zoo_name->text_required);
    assert_true(zoo_name->text);
    assert_true(schema_attribute(animal, "id")->number);
    assert_true(schema_attribute(animal, "id")->required);
    assert_false(schema_attribute(animal, "kind")->required);
    assert_true(schema_child(animal, "legs", NULL)->many);
    assert_true(schema_child(animal, "legs", NULL)->required);
    assert_true(schema_child(animal, "legs", NULL)->element->text_required);
    assert_null(schema_attribute(animal, "name"));
}

static void names_in_several_places(void **state)
{
    (void)state;
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    const char *error;
    const struct schema *schema =
        load(arena,
             "<start><element name='a'><choice>"
             "  <group><element name='b'><attribute name='x'/></element><element name='c'><empty/></element></group>"
             "  <group><element name='b'><attribute name='y'/></element><element name='d'><empty/></element></group>"
             "</choice><element name='c'><empty/></element></element></start>",
             &error);
    assert_non_null(schema);
    const struct schema_child *b = schema_child(schema->root, "b", NULL);
    assert_true(b->required);
    assert_false(b->many);
    assert_int_equal(b->element->attribute_count, 2);
    assert_false(schema_attribute(b->element, "x")->required);
    assert_true(schema_child(schema->root, "c", NULL)->many);
    assert_true(schema_child(schema->root, "c", NULL)->required);
    assert_false(schema_child(schema->root, "d", NULL)->required);
}

static void combined_definitions(void **state)
{
    (void)state;
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    const char *error;
    const struct schema *schema =
        load(arena,
             "<start><element name='a'><ref name='x'/></element></start>"
             "<define name='x' combine='interleave'><element name='b'><empty/></element></define>"
             "<define name='x' combine='interleave'><optional><element name='c'><empty/></element></optional></define>",
             &error);
    assert_non_null(schema);
    assert_true(schema_child(schema->root, "b", NULL)->required);
    assert_false(schema_child(schema->root, "c", NULL)->required);
}

static void errors(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"<start><ref name='x'/></start>", "'x' is not defined"},
        {"<define name='x'><empty/></define>", "no start"},
        {"<start><element name='a'><ref name='x'/></element></start><define name='x'><ref name='x'/></define>",
         "refers to itself"},
        {"<start><element name='a'><zeroOrMany><text/></zeroOrMany></element></start>",
         "'zeroOrMany' is not a pattern"},
        {"<start><element><anyName/><empty/></element></start>", "name classes"},
        {"<start><element name='a'><empty/></start>", "mismatch"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        AUTO(arena_cleanup) struct arena *arena = arena_new();
        const char *error;
        assert_null(load(arena, cases[i][0], &error));
        assert_non_null(error);
        if (!strstr(error, cases[i][1]))
            fail_msg("%s", error);
    }
}

static void found_by_name(void **state)
{
    (void)state;
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    const char *const directories[] = {"/nowhere", "schemas", NULL};
    assert_string_equal(schema_find(arena, directories, "capabilities"), "schemas/capabilities.rng");
    assert_null(schema_find(arena, directories, "../schemas/capabilities"));
    assert_null(schema_find(arena, directories, "missing"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(children_and_order),
        cmocka_unit_test(contexts_and_recursion),
        cmocka_unit_test(names_in_several_places),
        cmocka_unit_test(combined_definitions),
        cmocka_unit_test(errors),
        cmocka_unit_test(found_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
