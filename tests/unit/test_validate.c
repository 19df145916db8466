/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Errors of validation: the place, the words, and what was expected. */
#include "document/document.h"
#include "schema/validate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char garden[] =
    "<grammar xmlns='http://relaxng.org/ns/structure/1.0'\n"
    " datatypeLibrary='http://www.w3.org/2001/XMLSchema-datatypes'><start><element name='garden'>"
    "<element name='owner'><data type='NCName'/></element>"
    "<zeroOrMore><element name='bed'><attribute name='id'><data type='unsignedInt'/></attribute>"
    " <interleave><element name='soil'><choice><value>clay</value><value>sand</value></choice></element>"
    " <optional><element name='shade'><attribute name='from'/></element></optional></interleave></element></zeroOrMore>"
    "<optional><element name='gate'><empty/></element></optional>"
    "</element></start></grammar>\n";

static char *write_file(struct arena *arena, const char *text)
{
    char *path = arena_strdup(arena, "/tmp/validate-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    return path;
}

static xmlDoc *parse(struct arena *arena, const char *text, const char **ret_error)
{
    const char *path = write_file(arena, text);
    xmlDoc *xml = xml_read(arena, path, ret_error);
    unlink(path);
    return xml;
}

static void release(void *object)
{
    xmlFreeDoc(object);
}

static struct vec errors_of(struct arena *arena, const char *text)
{
    const char *error = NULL;
    struct vec errors = {0};
    const char *schema = write_file(arena, garden);
    xmlDoc *xml = parse(arena, text, &error);
    assert_non_null(xml);
    arena_defer(arena, release, xml);
    assert_true(schema_validate(arena, xml, schema, &errors, &error));
    unlink(schema);
    return errors;
}

static void valid(void **state)
{
    (void)state;
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    assert_int_equal(errors_of(arena, "<garden><owner>eve</owner></garden>").count, 0);
    assert_int_equal(errors_of(arena, "<garden><owner>eve</owner><bed id='1'><shade from='oak'/><soil>clay</soil>"
                                      "</bed>\n<!-- c --><gate/></garden>")
                         .count,
                     0);
}

/* A document (as message) and the one error in it. */
struct example {
    unsigned line;
    const char *element;
    const char *message;
    const char *expected;
};

static void one_error_each(void **state)
{
    (void)state;
    static const struct example cases[][2] = {
        {{0, NULL, "<garden>\n<owner>eve</owner><gat/></garden>", NULL},
         {2, "/garden/gat", "'garden' has no element 'gat'; did you mean 'gate'?", "owner, bed, gate"}},
        {{0, NULL, "<garden>\n<bed id='1'><soil>clay</soil></bed></garden>", NULL},
         {1, "/garden", "'garden' needs owner", NULL}},
        {{0, NULL, "<garden><owner>eve</owner>\n<bed><soil>clay</soil></bed></garden>", NULL},
         {2, "/garden/bed", "'bed' needs @id", NULL}},
        {{0, NULL, "<garden><owner>eve</owner><gate/>\n<gate/></garden>", NULL},
         {2, "/garden/gate[2]", "'gate' may be in 'garden' only once", NULL}},
        {{0, NULL, "<garden><owner>eve</owner><bed id='x'><soil>clay</soil></bed></garden>", NULL},
         {1, "/garden/bed/@id", "attribute 'id' cannot be 'x'", "unsignedInt"}},
        {{0, NULL, "<garden><owner>eve</owner><bed id='1' key='2'><soil>clay</soil></bed></garden>", NULL},
         {1, "/garden/bed/@key", "'bed' has no attribute 'key'", "id"}},
        {{0, NULL, "<garden><owner>eve</owner><bed id='1'><soil>mud</soil></bed></garden>", NULL},
         {1, "/garden/bed/soil", "element 'soil' cannot be 'mud'", "one of: clay, sand"}},
        {{0, NULL, "<garden><owner>eve</owner><bed id='1'>x<soil>clay</soil></bed></garden>", NULL},
         {1, "/garden/bed", "'bed' has text, but may have none", NULL}},
        {{0, NULL, "<garden><owner/></garden>", NULL}, {1, "/garden/owner", "element 'owner' has no value", "NCName"}},
        {{0, NULL, "<garden><bed id='1'><soil>clay</soil></bed><owner>eve</owner></garden>", NULL},
         {1, "/garden/owner", "'owner' has to come before 'bed'", "in this order: owner, bed, gate"}},
        {{0, NULL, "<field/>", NULL}, {1, "/field", "the document is a 'field'", "'garden'"}},
    };
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        AUTO(arena_cleanup) struct arena *arena = arena_new();
        struct vec errors = errors_of(arena, cases[i][0].message);
        assert_int_equal(errors.count, 1);
        const struct validation_error *error = errors.items[0];
        assert_int_equal(error->line, cases[i][1].line);
        assert_string_equal(error->element, cases[i][1].element);
        assert_string_equal(error->message, cases[i][1].message);
        assert_int_equal(!error->expected, !cases[i][1].expected);
        if (error->expected)
            assert_string_equal(error->expected, cases[i][1].expected);
    }
}

static void all_errors_in_order(void **state)
{
    (void)state;
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    struct vec errors =
        errors_of(arena, "<garden><owner>eve</owner>\n<bed id='a'><soil>mud</soil></bed>\n<bed id='1'/>\n"
                         "<wall/></garden>");
    static const unsigned lines[] = {2, 2, 3, 4};
    assert_int_equal(errors.count, ARRAY_SIZE(lines));
    for (size_t i = 0; i < errors.count; i++)
        assert_int_equal(((const struct validation_error *)errors.items[i])->line, lines[i]);
}

static void refused_texts(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "entity declarations"},
        {"<!DOCTYPE a [<!ENTITY x SYSTEM '/etc/passwd'>]><a>&x;</a>", "entity declarations"},
        {"<a>\n<b></a>", ":2: "},
        {"", ":"},
        {"<a>&x;</a>", "x"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        AUTO(arena_cleanup) struct arena *arena = arena_new();
        const char *error = NULL;
        assert_null(parse(arena, cases[i][0], &error));
        assert_non_null(error);
        if (!strstr(error, cases[i][1]))
            fail_msg("%s", error);
    }
}

static void xpath(void **state)
{
    (void)state;
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    const char *error = NULL;
    struct xpath_result result;
    xmlDoc *xml = parse(arena, "<a><b id='1'>x</b><b id='2'>y</b></a>", &error);
    arena_defer(arena, release, xml);
    const struct named_text variables[] = {{"id", "2"}, {NULL, NULL}};
    assert_true(document_xpath(arena, xml, NULL, "//b[@id=$id]", variables, &result, &error));
    assert_int_equal(result.count, 1);
    assert_string_equal(result.text, "y");
    assert_true(document_xpath(arena, xml, result.nodes[0], "@id", NULL, &result, &error));
    assert_string_equal(result.text, "2");
    assert_true(document_xpath(arena, xml, NULL, "count(//b) = 3", NULL, &result, &error));
    assert_false(result.boolean);
    assert_int_equal(result.count, 0);
    assert_false(document_xpath(arena, xml, NULL, "//b[", NULL, &result, &error));
    assert_non_null(strstr(error, "//b["));
    assert_false(document_xpath(arena, xml, NULL, "//b[$missing]", NULL, &result, &error));
    assert_false(document_xpath(arena, xml, NULL, "nothing(1)", NULL, &result, &error));
    assert_false(document_xpath(arena, xml, NULL, "no:thing(1)", NULL, &result, &error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(valid),         cmocka_unit_test(one_error_each), cmocka_unit_test(all_errors_in_order),
        cmocka_unit_test(refused_texts), cmocka_unit_test(xpath),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
