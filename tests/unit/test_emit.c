/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Entries to nodes: paths that are made to hold, values, order, what is taken away again. */
#include "document/document.h"
#include "rules/load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static const char schema_text[] =
    "<grammar xmlns='http://relaxng.org/ns/structure/1.0'\n"
    " xmlns:h='urn:hvprobe:schema' datatypeLibrary='http://www.w3.org/2001/XMLSchema-datatypes'><start><element "
    "name='garden'>"
    "<optional><element name='owner' h:whole='yes'><attribute name='born'/><data type='NCName'/></element></optional>"
    "<zeroOrMore><element name='bed' h:whole='yes'>"
    " <element name='soil'><text/></element>"
    " <zeroOrMore><element name='plant'><optional><attribute name='from'/></optional><text/></element></zeroOrMore>"
    " <optional><element name='tool'><attribute name='id'/><optional><element name='use'><empty/></element></optional>"
    "  </element></optional>"
    " <optional><element name='sun'><empty/></element></optional>"
    "</element></zeroOrMore>"
    "<optional><element name='paths'><zeroOrMore><element name='path'><attribute name='to'/><empty/></element>"
    " </zeroOrMore></element></optional>"
    "</element></start></grammar>\n";

struct fixture {
    char directory[32];
    struct arena *arena;
    struct diagnostics diagnostics;
    struct rule_set *set;
    struct root *root;
    struct run *run;
    const char *schemas[2];
    struct document_options options;
};

static void write_file(const char *directory, const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/%s", directory, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* rules: name and text of each, ended by NULL. */
static void start(struct fixture *fixture, const char *const *rules, bool trace)
{
    memset(fixture, 0, sizeof(*fixture));
    strcpy(fixture->directory, "/tmp/emit-XXXXXX");
    assert_non_null(mkdtemp(fixture->directory));
    fixture->arena = arena_new();
    fixture->diagnostics.arena = fixture->arena;
    write_file(fixture->directory, "garden.rng", schema_text);
    for (; *rules; rules += 2)
        write_file(fixture->directory, rules[0], rules[1]);
    const char *const layers[] = {fixture->directory, NULL};
    struct load_options load = {.layers = layers};
    const char *error = NULL;
    fixture->set = rules_load(&load, &hvprobe_vocabulary, &fixture->diagnostics);
    diagnostics_print(stderr, &fixture->diagnostics, false);
    assert_int_equal(fixture->diagnostics.errors, 0);
    fixture->root = root_open_directory(fixture->arena, fixture->directory, &error);
    assert_non_null(fixture->root);
    struct run_options options = {.trace = trace};
    fixture->run = run_new(fixture->set, fixture->root, &options, NULL);
    fixture->schemas[0] = fixture->directory;
    fixture->options.schema_directories = fixture->schemas;
}

static void finish(struct fixture *fixture)
{
    char command[64];
    run_free(fixture->run);
    root_close(fixture->root);
    rule_set_free(fixture->set);
    arena_free(fixture->arena);
    snprintf(command, sizeof(command), "rm -r %s", fixture->directory);
    assert_int_equal(system(command), 0);
}

static const struct document *build(struct fixture *fixture)
{
    const char *error = NULL;
    const struct document *document = document_build(fixture->run, "garden", &fixture->options, &error);
    if (!document)
        fail_msg("%s", error);
    return document;
}

static void check_xml(struct fixture *fixture, const char *expected)
{
    xmlBuffer *buffer = xmlBufferCreate();
    const struct document *document = build(fixture);
    xmlNodeDump(buffer, document->xml, xmlDocGetRootElement(document->xml), 0, 0);
    assert_string_equal((const char *)xmlBufferContent(buffer), expected);
    xmlBufferFree(buffer);
}

static void check_rule(const char *body, const char *expected)
{
    char text[4096];
    struct fixture fixture;
    snprintf(text, sizeof(text), "rule: a\ntitle: A\ndocument: garden\n%s", body);
    const char *const rules[] = {"a.yaml", text, NULL};
    start(&fixture, rules, false);
    check_xml(&fixture, expected);
    finish(&fixture);
}

#define BEDS "facts:\n  bed: {rows: [{id: clay}, {id: sand}]}\n"

static void schema_order_and_cardinality(void **state)
{
    (void)state;
    check_rule(
        "emit:\n"
        "  - at: \"bed[soil='clay']\"\n"
        "    set: {sun: , tool/@id: rake, plant: [rose, {text: fern, from: 'a<&b'}, rose, {text: rose, from: x}]}\n"
        "  - set: {owner: {text: eve, born: '1'}}\n"
        "  - set: {owner: {text: bob}}\n",
        "<garden><owner born=\"1\">bob</owner><bed><soil>clay</soil><plant>rose</plant>"
        "<plant from=\"a&lt;&amp;b\">fern</plant><plant from=\"x\">rose</plant><tool id=\"rake\"/><sun/></bed>"
        "</garden>");
}

static void loops_and_conditions(void **state)
{
    (void)state;
    check_rule(BEDS "  plant: {for: bed, rows: [{name: '${id}1'}, {name: '${id}2'}]}\n"
                    "emit:\n"
                    "  - for: bed\n"
                    "    at: \"bed[soil='${id}']\"\n"
                    "    emit:\n"
                    "      - {for: plant, set: {plant: '${name}'}}\n"
                    "      - {when: {id: sand}, set: {sun: }}\n",
               "<garden><bed><soil>clay</soil><plant>clay1</plant><plant>clay2</plant></bed>"
               "<bed><soil>sand</soil><plant>sand1</plant><plant>sand2</plant><sun/></bed></garden>");
}

static void rules_meet_in_a_node(void **state)
{
    (void)state;
    struct fixture fixture;
    const char *const rules[] = {
        "a.yaml",
        "rule: a\ntitle: A\ndocument: garden\nemit: [{set: {\"bed[soil='clay']/plant\": rose}}]\n",
        "b.yaml",
        "rule: b\ntitle: B\ndocument: garden\ndriver: other\nemit: [{at: \"bed[soil='clay'][tool/@id='rake']\", set: "
        "{plant: fern}}]\n",
        "c.yaml",
        "rule: c\ntitle: C\ndocument: garden\nemit: [{at: \"bed[soil='clay']\", set: {plant: [rose, moss]}}]\n",
        NULL};
    start(&fixture, rules, false);
    static const char *const none[] = {"some", NULL};
    struct document_options all = fixture.options;
    fixture.options.drivers = none;
    check_xml(&fixture, "<garden><bed><soil>clay</soil><plant>rose</plant><plant>moss</plant></bed></garden>");
    fixture.options = all;
    check_xml(&fixture, "<garden><bed><soil>clay</soil><plant>rose</plant><plant>moss</plant></bed>"
                        "<bed><soil>clay</soil><plant>fern</plant><tool id=\"rake\"/></bed></garden>");
    assert_ptr_equal(build(&fixture), build(&fixture));
    finish(&fixture);
}

static size_t count_beds(const xmlNode *each, const char *content)
{
    size_t count = 0;
    for (; each; each = each->next) {
        xmlChar *text = xmlNodeGetContent(each);
        count += !content || strcmp((const char *)text, content) == 0;
        xmlFree(text);
    }
    return count;
}

/* They are found by what stands in them, also when that was changed; looking at each other one would be refused. */
static void many_siblings(void **state)
{
    (void)state;
    struct fixture fixture;
    const char *const rules[] = {
        "a.yaml",
        "rule: a\ntitle: A\ndocument: garden\nfacts:\n  bed: {range: 1-8000}\nemit:\n"
        "  - {for: bed, at: \"bed[soil='s${text}']\", set: {tool/@id: 't${text}'}}\n"
        "  - {for: bed, at: \"bed[soil='s${text}'][tool/@id='t${text}']\", set: {plant: rose}}\n"
        "  - {for: bed, at: \"bed[tool/@id='t${text}']\", set: {plant: rose}}\n"
        "  - {at: \"bed[soil='s7999']\", set: {soil: clay, tool/@id: rake}}\n"
        "  - {at: \"bed[soil='s7999']\", set: {plant: new}}\n"
        "  - {at: \"bed[tool/@id='rake']\", set: {plant: fern}}\n"
        "  - {at: \"bed[plant='rose'][soil='clay']\", emit: [{for: bed, set: {plant: 'p${text}', sun: }}]}\n"
        "  - {for: bed, at: \"bed[soil='clay']\", set: {plant: [{text: 'p${text}'}, {text: 'p${text}', from: x}]}}\n",
        NULL};
    start(&fixture, rules, false);
    const xmlNode *garden = xmlDocGetRootElement(build(&fixture)->xml);
    assert_int_equal(count_beds(garden->children, NULL), 8001);
    assert_int_equal(count_beds(garden->children, "s7998rose"), 1);
    assert_string_equal((const char *)garden->last->children->children->content, "s7999");
    const xmlNode *changed = garden->last->prev->prev;
    assert_string_equal((const char *)changed->children->children->content, "clay");
    assert_int_equal(count_beds(changed->children, NULL), 1 + 2 + 8000 + 8000 + 2);
    finish(&fixture);
}

static void incomplete_elements_go(void **state)
{
    (void)state;
    check_rule("emit:\n"
               "  - {set: {owner: eve}}\n"                         /* no @born */
               "  - {set: {bed/tool/use: , bed/soil: clay}}\n"     /* no tool/@id */
               "  - {set: {\"bed[tool/@id='x']/plant\": rose}}\n", /* no soil */
               "<garden><bed><soil>clay</soil></bed></garden>");
    /* The schema does not mark paths as whole: what the rule says stays. */
    check_rule("emit: [{set: {paths/path: }}]\n", "<garden><paths><path/></paths></garden>");
}

static void unset_values_create_nothing(void **state)
{
    (void)state;
    check_rule(BEDS "  none: {file: /missing}\n"
                    "emit:\n"
                    "  - {at: paths/path, set: {'@to': '${none}'}}\n"
                    "  - {set: {paths/path/@to: '${none}'}}\n"
                    "  - {set: {paths/path: {to: '${none}'}}}\n"
                    "  - {at: \"bed[soil='${none}']\", set: {plant: rose}}\n"
                    "  - {set: {bed/soil: {text: '${none}'}}}\n"
                    "  - {at: \"bed[soil='a']\", set: {plant: {text: rose, from: '${none}'}}}\n",
               "<garden><bed><soil>a</soil><plant>rose</plant></bed></garden>");
}

static void unavailable_rules(void **state)
{
    (void)state;
    check_rule("facts:\n  none: {file: /missing}\navailable: none\nemit: [{set: {owner: {text: a, born: b}}}]\n",
               "<garden/>");
    check_rule("facts:\n  shut: {exec: [/bin/true]}\navailable: shut\nemit: [{set: {owner: {text: a, born: b}}}]\n",
               "<garden/>");
    check_rule("facts:\n  shut: {exec: [/bin/true]}\nemit: [{when: {not: shut}, set: {owner: {text: a, born: b}}}]\n",
               "<garden/>");
}

static void emissions(void **state)
{
    (void)state;
    struct fixture fixture;
    const char *const rules[] = {
        "a.yaml",
        "rule: a\ntitle: A\ndocument: garden\n"
        "facts:\n  none: {file: /missing}\n"
        "emit:\n"
        "  - {set: {owner: eve}}\n"
        "  - {at: paths/path, set: {'@to': '${none}'}, emit: [{when: none, set: {'@to': x}}]}\n"
        "  - {at: \"bed[soil='a']\", set: {plant: rose, pond: x}}\n",
        NULL};
    static const struct emission expected[] = {
        {.result = EMIT_REMOVED, .reason = "garden"},
        {.result = EMIT_REMOVED, .reason = "owner needs @born"},
        {.result = EMIT_SKIPPED, .path = "paths/path", .reason = "nothing was set in it"},
        {.result = EMIT_SKIPPED, .reason = "none"},
        {.result = EMIT_SKIPPED, .reason = "missing"},
        {.result = EMITTED, .path = "bed[soil='a']"},
        {.result = EMITTED, .path = "plant", .value = "rose"},
        {.result = EMIT_SKIPPED, .reason = "no element 'pond' in 'bed'"},
    };
    start(&fixture, rules, true);
    const struct document *document = build(&fixture);
    assert_int_equal(document->emissions.count, ARRAY_SIZE(expected));
    for (size_t i = 1; i < ARRAY_SIZE(expected); i++) {
        const struct emission *emission = document->emissions.items[i];
        assert_int_equal(emission->result, expected[i].result);
        assert_int_equal(emission->node != NULL, expected[i].result == EMITTED);
        if (expected[i].path)
            assert_string_equal(emission->path, expected[i].path);
        if (expected[i].value)
            assert_string_equal(emission->value, expected[i].value);
        if (expected[i].reason && (!emission->reason || !strstr(emission->reason, expected[i].reason)))
            fail_msg("%zu: %s", i, emission->reason);
    }
    finish(&fixture);
}

static void documents_from_documents(void **state)
{
    (void)state;
    struct fixture fixture;
    const char *const rules[] = {
        "a.yaml",
        "rule: a\ntitle: A\ndocument: garden\n" BEDS
        "emit: [{for: bed, at: \"bed[soil='${id}']\", set: {plant: rose}}]\n",
        "b.yaml",
        "rule: b\ntitle: B\ndocument: other\nfacts:\n  bed: {document: garden, xpath: '//bed'}\n"
        "  plant: {for: bed, document: garden, xpath: '${node}/plant'}\n"
        "  own: {document: other, xpath: '//bed'}\n"
        "emit:\n  - {for: bed, at: \"bed[soil='x${soil}']\", emit: [{for: plant, set: {plant: '${text}'}}]}\n"
        "  - {for: own, set: {bed/soil: wrong}}\n",
        "other.rng",
        schema_text,
        NULL};
    const char *error = NULL;
    start(&fixture, rules, false);
    const struct document *other = document_build(fixture.run, "other", &fixture.options, &error);
    assert_non_null(other);
    xmlChar *text = xmlNodeGetContent((const xmlNode *)other->xml);
    assert_string_equal((const char *)text, "xclayrosexsandrose");
    xmlFree(text);
    assert_null(document_build(fixture.run, "missing", &fixture.options, &error));
    assert_non_null(strstr(error, "missing.rng"));
    finish(&fixture);
}

/* Who asks a document for what may be missing in it is not told that it is not there. */
static void what_may_be_missing(void **state)
{
    (void)state;
    static const struct {
        const char *xpath;
        enum verdict verdict;
        size_t rows;
    } asked[] = {
        {"/garden/owner", VERDICT_UNKNOWN, 0},
        {"//owner[@born = 'b']", VERDICT_UNKNOWN, 0},
        {"/garden/bed", VERDICT_YES, 1},
        {"/garden/bed[soil = 'peat']", VERDICT_UNKNOWN, 0},
        {"/garden/*[soil = 'peat']", VERDICT_UNKNOWN, 0},
        {"count(/garden/bed[soil = 'peat'])", VERDICT_UNKNOWN, 0},
        {"/garden/bed[soil = 'sand']", VERDICT_NO, 0},
        {"/garden/bed[soil='sand']/plant", VERDICT_NO, 0},
        {"/garden/bed[soil = 'sand' or sun]", VERDICT_UNKNOWN, 0},
        {"/garden/bed[soil = 'sand']/../bed[soil = 'peat']", VERDICT_UNKNOWN, 0},
        {"/garden/paths/path", VERDICT_NO, 0},
        {"/garden/bed[soil = 'clay']/sun", VERDICT_UNKNOWN, 0},
        {"//sun", VERDICT_UNKNOWN, 0},
        {"/garden/paths/following::sun", VERDICT_UNKNOWN, 0},
        {"/garden/paths[not(../owner)]", VERDICT_UNKNOWN, 0},
        {"/garden/paths['/garden/owner']", VERDICT_NO, 0},
        {"((((/garden/paths))))[sun]/../path", VERDICT_UNKNOWN, 0},
        {"/garden/@none", VERDICT_NO, 0},
    };
    AUTO(buf_free) struct buf text = BUF_INIT;
    struct fixture fixture;
    buf_add(&text, "rule: b\ntitle: B\ndocument: other\nfacts:\n");
    for (size_t i = 0; i < ARRAY_SIZE(asked); i++)
        buf_printf(&text, "  f%zu: {document: garden, xpath: \"%s\"}\n", i, asked[i].xpath);
    buf_add(&text, "  bed: {document: garden, xpath: /garden/bed}\n"
                   "  tool: {for: bed, document: garden, xpath: '${node}/tool | ${node}[1]/../paths'}\n"
                   "  sun: {for: bed, document: garden, xpath: '${node}[soil]/sun'}\n"
                   "  shady: {from: bed, where: {not: sun}}\n"
                   "  bare: {from: bed, where: {not: tool}}\n"
                   "  perhaps: {unknown: shady}\n");
    const char *const rules[] = {
        "a.yaml",
        "rule: a\ntitle: A\ndocument: garden\nfacts:\n  shut: {exec: [/bin/true]}\nemit:\n"
        "  - set: {\"bed[soil='clay']/plant\": rose, owner: {text: eve, born: '${shut}'}}\n"
        "  - {when: {not: shut}, at: \"bed[soil='peat']\", set: {sun: , plant: moss, tool/@id: x}}\n",
        "b.yaml",
        buf_text(&text),
        "c.yaml",
        "rule: c\ntitle: C\ndocument: garden\nfacts:\n  shut: {exec: [/bin/true]}\n"
        "emit: [{each: bed, emit: [{when: shut, set: {sun: }}]}]\n",
        NULL};
    start(&fixture, rules, false);
    build(&fixture);
    const struct rule *rule = rule_set_find(fixture.set, "b");
    for (size_t i = 0; i < ARRAY_SIZE(asked); i++) {
        const struct table *table = run_fact(fixture.run, rule->facts.entries[i].value);
        if (table->verdict != asked[i].verdict || table->count != asked[i].rows)
            fail_msg("%s: %d, %zu rows, %s", asked[i].xpath, table->verdict, table->count, table->reason);
    }
    static const struct {
        const char *fact;
        enum verdict verdict;
    } others[] = {{"tool", VERDICT_UNKNOWN},
                  {"sun", VERDICT_UNKNOWN},
                  {"shady", VERDICT_UNKNOWN},
                  {"bare", VERDICT_YES},
                  {"perhaps", VERDICT_YES}};
    for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
        const struct table *table = run_fact(fixture.run, map_get(&rule->facts, others[i].fact));
        if (table->verdict != others[i].verdict)
            fail_msg("%s: %d, %s", others[i].fact, table->verdict, table->reason);
    }
    const struct table *perhaps = run_fact(fixture.run, map_get(&rule->facts, "perhaps"));
    assert_int_equal(perhaps->count, 1);
    assert_string_equal(row_get(perhaps->rows[0], "soil"), "clay");
    assert_non_null(strstr(row_get(perhaps->rows[0], "why"), "programs are run only with --exec"));
    finish(&fixture);
}

static void lint(void **state)
{
    (void)state;
    struct fixture fixture;
    const char *const rules[] = {"a.yaml",
                                 "rule: a\ntitle: A\ndocument: garden\nemit:\n"
                                 "  - {at: \"bed[sail='x']\", set: {plant: rose}}\n"
                                 "  - at: bed\n"
                                 "    set: {plant: {frm: x}, tool/@nr: '1', sun: text, soil: ok}\n"
                                 "    emit: [{set: {plants: x}}]\n",
                                 NULL};
    static const char *const hints[] = {"did you mean 'soil'?", "did you mean 'from'?", "'tool' has: id", NULL,
                                        "did you mean 'plant'?"};
    start(&fixture, rules, false);
    document_lint(fixture.set, &fixture.options, &fixture.diagnostics);
    assert_int_equal(fixture.diagnostics.list.count, ARRAY_SIZE(hints));
    for (size_t i = 0; i < ARRAY_SIZE(hints); i++) {
        const struct diagnostic *diagnostic = fixture.diagnostics.list.items[i];
        assert_string_equal(diagnostic->kind->id, "HV023");
        assert_true(diagnostic->at.line >= 5);
        assert_int_equal(!hints[i], !diagnostic->hint);
        if (hints[i])
            assert_string_equal(diagnostic->hint, hints[i]);
    }
    finish(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schema_order_and_cardinality),
        cmocka_unit_test(loops_and_conditions),
        cmocka_unit_test(rules_meet_in_a_node),
        cmocka_unit_test(many_siblings),
        cmocka_unit_test(incomplete_elements_go),
        cmocka_unit_test(unset_values_create_nothing),
        cmocka_unit_test(unavailable_rules),
        cmocka_unit_test(emissions),
        cmocka_unit_test(documents_from_documents),
        cmocka_unit_test(what_may_be_missing),
        cmocka_unit_test(lint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
