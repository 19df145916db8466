/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading and writing XML, XPath, what is refused. */
#include "base/libxml.h"
#include "base/tree.h"
#include "base/xml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char rack[] =
    "<rack room='r1'><label>old</label><shelf no='1'><box id='a'>nails</box><!-- x --><box id='b'>"
    "sc<b>re</b>ws</box></shelf><shelf no='2'/><shelf no='3'><box id='c'/></shelf></rack>";

static void release(void *object)
{
    xmlFreeDoc(object);
}

static xmlDoc *parse(struct arena *arena)
{
    const char *error = NULL;
    xmlDoc *xml = xml_parse(arena, "rack", rack, strlen(rack), &error);

    assert_non_null(xml);
    arena_defer(arena, release, xml);
    return xml;
}

static xmlNode *first_box(const xmlDoc *xml)
{
    return xml_element_from(xml_element_from(xml_element_from(xml_root(xml)->children)->next)->children);
}

static void same_nodes(const struct xpath_result *a, const struct xpath_result *b, const char *expression)
{
    assert_string_equal(a->text, b->text);
    assert_int_equal(a->boolean, b->boolean);
    assert_int_equal(a->scalar, b->scalar);
    if (a->count != b->count)
        fail_msg("%s: %zu nodes, not %zu", expression, a->count, b->count);
    for (size_t i = 0; i < a->count; i++)
        assert_ptr_equal(a->nodes[i], b->nodes[i]);
}

/* (EXPRESSION) is the same question and no plain path, so libxml2 answers it. */
static void plain_paths_mean_what_xpath_means(void **state)
{
    static const char *const expressions[] = {"/rack",
                                              "/rack/shelf",
                                              "/rack/shelf/box",
                                              "/rack/shelf/@no",
                                              "/rack/@room",
                                              "/rack/none/box",
                                              "/none",
                                              "/rack/shelf/box/b",
                                              "/@no",
                                              "/rack/@none",
                                              "label",
                                              "shelf/box/@id",
                                              "shelf",
                                              "@room",
                                              "..",
                                              "../rack/label",
                                              "@id",
                                              "../@no",
                                              "../../label",
                                              "../box",
                                              "../../shelf/@no",
                                              "b"};
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    const xmlDoc *xml = parse(arena);
    const xmlNode *contexts[] = {xml_root(xml), first_box(xml), (const xmlNode *)first_box(xml)->properties};
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(expressions) * ARRAY_SIZE(contexts); i++) {
        const char *expression = expressions[i / ARRAY_SIZE(contexts)];
        const xmlNode *context = contexts[i % ARRAY_SIZE(contexts)];
        const char *error = NULL;
        struct xpath_result plain, full;
        assert_true(document_xpath(arena, xml, context, arena_printf(arena, "(%s)", expression), NULL, &full, &error));
        if (xpath_plain(arena, context, expression, &plain))
            same_nodes(&plain, &full, expression);
        else /* a step out of the document */
            assert_non_null(strstr(expression, ".."));
    }
}

static void other_expressions_are_left_to_libxml2(void **state)
{
    static const char *const expressions[] = {"",         "/",        "//box",      "shelf[1]", "box/text()", "*",
                                              "@*",       "shelf/",   "/rack//box", "a:b",      "a::b",       "@id/..",
                                              "shelf/..", "count(b)", "'text'",     "12",       "a b",        "a|b",
                                              ".",        "$value",   "child::box", "@",        "shelf/@/b",  "...",
                                              "a/..b",    "a/ b",     "shelf/.",    "",         "@no/box"};
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    const xmlDoc *xml = parse(arena);
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(expressions); i++) {
        struct xpath_result result;
        if (xpath_plain(arena, xml_root(xml), expressions[i], &result))
            fail_msg("'%s' was taken for a plain path", expressions[i]);
    }
}

static void texts_and_paths_of_nodes(void **state)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    const xmlDoc *xml = parse(arena);
    const xmlNode *screws = xml_element_from(first_box(xml)->next);
    (void)state;
    assert_string_equal(xml_text(arena, screws), "screws");
    assert_string_equal(xml_path(arena, screws), "/rack/shelf[1]/box[2]");
    assert_string_equal(xml_text(arena, (const xmlNode *)screws->properties), "b");
    assert_string_equal(xml_path(arena, (const xmlNode *)screws->properties), "/rack/shelf[1]/box[2]/@id");
    assert_string_equal(xml_text(arena, (const xmlNode *)xml), "oldnailsscrews");
}

static xmlNode *element(struct arena *arena, xmlDoc *xml, const char *name)
{
    return tree_element(arena, xml, (const xmlChar *)name);
}

/* <row><c/><a/><b/></row>, put in another order. */
static xmlDoc *build(struct arena *arena)
{
    xmlDoc *xml = tree_new(arena);
    xmlNode *row = element(arena, xml, "row");
    xmlNode *a = element(arena, xml, "a");

    tree_put((xmlNode *)xml, row, NULL);
    tree_put(row, a, NULL);
    tree_put(row, element(arena, xml, "b"), a);
    tree_put(row, element(arena, xml, "c"), NULL);
    tree_put(a, tree_text(arena, xml, (const xmlChar *)"apple"), NULL);
    tree_set_attribute(arena, a, "x", "1");
    tree_set_attribute(arena, a, "y", "2");
    tree_set_attribute(arena, a, "x", "3");
    return xml;
}

static void xpath_reads_a_tree_of_ours(void **state)
{
    static const struct {
        const char *expression, *text;
    } questions[] = {
        {"name(/row/*[1])", "c"},    {"name(/row/*[2])", "a"},         {"name(/row/*[3])", "b"},
        {"string(/)", "apple"},      {"string(/row/a/@x)", "3"},       {"count(//@*)", "2"},
        {"name(//@y/..)", "a"},      {"name(//b/../*[1])", "c"},       {"count(//a/preceding-sibling::*)", "1"},
        {"count(/row/node())", "3"}, {"string(//text()/..)", "apple"}, {"name(//*[@y='2']/following-sibling::*)", "b"}};
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    const xmlDoc *xml = build(arena);
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(questions); i++) {
        struct xpath_result result;
        const char *error = NULL;
        assert_true(document_xpath(arena, xml, NULL, questions[i].expression, NULL, &result, &error));
        assert_string_equal(result.text, questions[i].text);
    }
}

static void what_is_taken_out_leaves_no_trace(void **state)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    xmlDoc *xml = build(arena);
    xmlNode *row = xml_root(xml);
    xmlNode *c = row->children, *a = c->next, *b = a->next;
    (void)state;
    tree_take(a);
    assert_ptr_equal(c->next, b);
    assert_ptr_equal(b->prev, c);
    assert_null(a->parent);
    tree_take(c);
    assert_ptr_equal(row->children, b);
    assert_null(b->prev);
    tree_take(b);
    assert_null(row->children);
    assert_null(row->last);
    tree_put(row, a, NULL);
    assert_ptr_equal(row->last, a);
    assert_string_equal(xml_text(arena, row), "apple");
}

static void attributes_are_found_by_name(void **state)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    const xmlNode *a = xml_root(build(arena))->children->next;
    (void)state;
    assert_string_equal(xml_text(arena, (const xmlNode *)tree_attribute(a, "y")), "2");
    assert_string_equal(xml_text(arena, (const xmlNode *)tree_attribute(a, "x")), "3");
    assert_null(tree_attribute(a, "z"));
    assert_ptr_equal(tree_attribute(a, "y")->prev, tree_attribute(a, "x"));
}

static void attributes_are_taken_out(void **state)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    xmlNode *a = xml_root(build(arena))->children->next;
    (void)state;
    tree_take((xmlNode *)a->properties);
    assert_null(tree_attribute(a, "x"));
    assert_ptr_equal(tree_attribute(a, "y"), a->properties);
    assert_null(a->properties->prev);
    tree_take((xmlNode *)a->properties);
    assert_null(a->properties);
}

static void a_copy_changes_alone(void **state)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    const xmlDoc *xml = parse(arena);
    const xmlDoc *copy = tree_copy(arena, xml);
    xmlNode *box = first_box(copy);
    (void)state;
    assert_string_equal(xml_text(arena, xml_root(copy)), xml_text(arena, xml_root(xml)));
    assert_string_equal(xml_path(arena, (const xmlNode *)box->next->properties), "/rack/shelf[1]/box[2]/@id");
    assert_ptr_equal(box->doc, copy);
    tree_set_attribute(arena, box, "id", "z");
    tree_take(box->children);
    assert_string_equal(xml_text(arena, box), "");
    assert_string_equal(xml_text(arena, first_box(xml)), "nails");
    assert_string_equal(xml_text(arena, (const xmlNode *)first_box(xml)->properties), "a");
}

/* Whatever libxml2 it is: what is wrong, and where. */
static void errors_have_line_and_reason(void **state)
{
    static const struct {
        const char *text, *error;
    } cases[] = {
        {"<a>\n<b></a>", "f:2: Opening and ending tag mismatch: b line 2 and a"},
        {"<a>\n\n<b c=1/></a>", "f:3: AttValue: \" or ' expected"},
        {"<a>&none;</a>", "f:1: Entity 'none' not defined"},
        {"<a>\n<n:b/></a>", "f:2: Namespace prefix n on b is not defined"},
        {"<a b='1'\nb='2'/>", "f:2: Attribute b redefined"},
        {"<a/>\n<b/>", "f:2: Extra content at the end of the document"},
        {"a", "f:1: Start tag expected, '<' not found"},
        {"", "f:1: Document is empty"},
        {"<!DOCTYPE a [\n<!ENTITY e 'x'>]><a/>", "f:2: entity declarations (e) are not allowed"},
    };
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const char *error = NULL;
        assert_null(xml_parse(arena, "f", cases[i].text, strlen(cases[i].text), &error));
        assert_string_equal(error, cases[i].error);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_paths_mean_what_xpath_means), cmocka_unit_test(other_expressions_are_left_to_libxml2),
        cmocka_unit_test(texts_and_paths_of_nodes),          cmocka_unit_test(xpath_reads_a_tree_of_ours),
        cmocka_unit_test(what_is_taken_out_leaves_no_trace), cmocka_unit_test(attributes_are_found_by_name),
        cmocka_unit_test(attributes_are_taken_out),          cmocka_unit_test(a_copy_changes_alone),
        cmocka_unit_test(errors_have_line_and_reason),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
