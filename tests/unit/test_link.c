/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Linking: names, templates, conditions, node paths, selectors, columns, cycles, order, and what lint says. */
#include "facts/run.h"
#include "rules/draft.h"
#include "rules/fingerprint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

struct fixture {
    struct rule_set set;
    struct diagnostics diagnostics;
    struct vec drafts;
};

static int setup(void **state)
{
    struct arena *arena = arena_new();
    struct fixture *fixture = arena_new_object(arena, struct fixture);

    fixture->set.arena = arena;
    fixture->set.vocabulary = &hvprobe_vocabulary;
    fixture->diagnostics.arena = arena;
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;

    arena_free(fixture->set.arena);
    return 0;
}

static void add(struct fixture *fixture, const char *id, const char *text)
{
    struct arena *arena = fixture->set.arena;
    struct source *source = arena_new_object(arena, struct source);
    struct draft *draft = arena_new_object(arena, struct draft);
    bool empty;

    *source = (struct source){.path = id, .text = text, .length = strlen(text)};
    draft->id = id;
    draft->tree = yaml_parse(arena, source, &fixture->diagnostics, &empty);
    assert_non_null(draft->tree);
    vec_push(arena, &fixture->drafts, draft);
}

static struct rule *link_all(struct fixture *fixture, size_t errors)
{
    link_drafts(&fixture->set, &fixture->drafts, NULL, &fixture->diagnostics);
    if (fixture->diagnostics.errors != errors)
        diagnostics_print(stderr, &fixture->diagnostics, false);
    assert_int_equal(fixture->diagnostics.errors, errors);
    return fixture->set.rules.entries[0].value;
}

static struct rule *link_one(struct fixture *fixture, const char *text, size_t errors)
{
    add(fixture, "a", text);
    return link_all(fixture, errors);
}

static const struct diagnostic *diagnostic(const struct fixture *fixture, size_t index)
{
    assert_true(index < fixture->diagnostics.list.count);
    return fixture->diagnostics.list.items[index];
}

static void expect_error(const struct fixture *fixture, size_t index, const char *id, unsigned line, unsigned column)
{
    const struct diagnostic *found = diagnostic(fixture, index);

    if (strcmp(found->kind->id, id) != 0 || found->at.line != line || found->at.column != column)
        diagnostics_print(stderr, &fixture->diagnostics, false);
    assert_string_equal(found->kind->id, id);
    assert_int_equal(found->at.line, line);
    assert_int_equal(found->at.column, column);
}

static const struct fact *fact(const struct rule *rule, const char *name)
{
    const struct fact *found = map_get(&rule->facts, name);

    assert_non_null(found);
    return found;
}

static void expect_columns(const struct fact *of, const char *const *names, size_t count)
{
    assert_int_equal(of->column_count, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(of->columns[i], names[i]);
}

static void test_columns_and_stems(void **state)
{
    static const char *const found[] = {"target", "path", "type", "mode", "gid", "size", "text", "name", "more"};
    struct rule *rule = link_one(*state,
                                 "rule: a\ntitle: A\nfacts:\n"
                                 "  top: {rows: [{target: x}]}\n"
                                 "  found: {for: top, file: '/x/${target}', match: '^(?<name>\\w+)$',\n"
                                 "    with: {more: '${name}', name: '${name|upper}'}, sort: [-more], distinct: name}\n"
                                 "  both: {from: [found, top], where: {more: 'x'}}\n",
                                 0);
    const struct fact *both = fact(rule, "both");

    expect_columns(fact(rule, "found"), found, ARRAY_SIZE(found));
    assert_int_equal(both->column_count, ARRAY_SIZE(found));
    assert_int_equal(both->stem_count, 2);
    assert_ptr_equal(both->stems[0], fact(rule, "found"));
    assert_ptr_equal(both->stems[1], fact(rule, "top"));
    assert_true(fact(rule, "found")->sort[0].descending);
    assert_string_equal(fact(rule, "found")->sort[0].column, "more");
}

static void test_open_columns(void **state)
{
    struct rule *rule = link_one(*state,
                                 "rule: a\ntitle: A\nfacts:\n"
                                 "  open: {text: '{}', json: 'a', where: {anything: '1'}}\n"
                                 "  below: {for: open, file: '/x/${anything}'}\n",
                                 0);

    assert_true(fact(rule, "below")->open_columns);
}

static void test_template_parts(void **state)
{
    struct rule *rule =
        link_one(*state,
                 "rule: a\ntitle: A\ntables: {t: {a: b}}\nfacts:\n"
                 "  one: {rows: [{x: y}]}\n"
                 "  two: {for: one, file: '/$$${x|lower|map:t|join:, }-${one.x}${host.arch}${param.N}$q'}\n"
                 "  plain: {file: '/$$b'}\n",
                 0);
    const struct template *template = fact(rule, "two")->source_values[0].templates[0];
    const struct part *part = template->parts;

    assert_int_equal(template->count, 7);
    assert_null(template->literal);
    assert_string_equal(part[0].name, "/$");
    assert_int_equal(part[1].kind, PART_COLUMN);
    assert_int_equal(part[1].filter_count, 3);
    assert_ptr_equal(part[1].filters[1].table, map_get(&rule->tables, "t"));
    assert_string_equal(part[1].filters[2].argument, ", ");
    assert_int_equal(part[3].kind, PART_FACT);
    assert_string_equal(part[3].name, "x");
    assert_int_equal(part[4].kind, PART_BUILTIN);
    assert_string_equal(part[5].name, "param.N");
    assert_string_equal(part[6].name, "$q");
    assert_string_equal(fact(rule, "plain")->source_values[0].templates[0]->literal, "/$b");
}

static void test_template_errors(void **state)
{
    struct fixture *fixture = *state;

    link_one(fixture,
             "rule: a\ntitle: A\nfacts:\n"
             "  one: {rows: [{name: y, path: z}]}\n"
             "  two: {for: one, file: '/${nmae}'}\n"
             "  three: {for: one, file: '/${name|lowr}${name|add:-}${name|map}${name|lower:1}'}\n"
             "  four: {file: '${one'}\n"
             "  five: {file: '${one.pth}${host.acrh}${}${none.x}${name}'}\n"
             "  six: {file: '${two}', with: {one: 'x', y: '${one}'}}\n"
             "  path: {for: one, file: '${path}'}\n",
             13);
    expect_error(fixture, 0, "HV010", 5, 29);
    assert_string_equal(diagnostic(fixture, 0)->hint, "did you mean 'name'?");
    expect_error(fixture, 1, "HV016", 6, 36);
    assert_string_equal(diagnostic(fixture, 1)->hint, "did you mean 'lower'?");
    expect_error(fixture, 2, "HV016", 6, 52);
    expect_error(fixture, 3, "HV016", 6, 61);
    expect_error(fixture, 4, "HV016", 6, 78);
    expect_error(fixture, 5, "HV015", 7, 16);
    expect_error(fixture, 6, "HV010", 8, 23);
    assert_string_equal(diagnostic(fixture, 6)->hint, "did you mean 'path'?");
    expect_error(fixture, 7, "HV010", 8, 29);
    assert_string_equal(diagnostic(fixture, 7)->hint, "did you mean 'host.arch'?");
    expect_error(fixture, 8, "HV015", 8, 41);
    expect_error(fixture, 9, "HV010", 8, 44);
    expect_error(fixture, 10, "HV010", 8, 53);
    expect_error(fixture, 11, "HV011", 9, 48);
    expect_error(fixture, 12, "HV011", 10, 29);
}

static void test_with_sees_what_is_before(void **state)
{
    struct fixture *fixture = *state;

    link_one(fixture,
             "rule: a\ntitle: A\nfacts:\n"
             "  one: {text: x, with: {b: '${c}', c: '${b}', text: '${text|upper}'}}\n",
             1);
    expect_error(fixture, 0, "HV010", 4, 31);
}

static void test_conditions(void **state)
{
    struct rule *rule = link_one(*state,
                                 "rule: a\ntitle: A\nfacts:\n"
                                 "  one: {rows: [{v: y, w: z}]}\n"
                                 "  two:\n    from: one\n    where:\n"
                                 "      not: {any: [one, {v: '>= 4.2'}, {v: [a, b]}, {v: '~ ^a$'}, {v: {in: one.w}}]}\n"
                                 "      '${v}/${w}': '=x'\n"
                                 "      one.v: ['!=2', '~b']\n",
                                 0);
    const struct condition *where = fact(rule, "two")->where;
    struct condition **any = where->items[0]->items[0]->items;

    assert_int_equal(where->kind, CONDITION_ALL);
    assert_int_equal(where->items[0]->kind, CONDITION_NOT);
    assert_int_equal(any[0]->kind, CONDITION_FACT);
    assert_int_equal(any[1]->kind, CONDITION_VERSION);
    assert_int_equal(any[1]->version_operator, VERSION_GE);
    assert_string_equal(any[1]->values[0]->literal, "4.2");
    assert_int_equal(any[2]->kind, CONDITION_EQUAL);
    assert_int_equal(any[2]->value_count, 2);
    assert_int_equal(any[3]->kind, CONDITION_REGEX);
    assert_int_equal(any[4]->kind, CONDITION_IN);
    assert_string_equal(any[4]->column, "w");
    assert_string_equal(where->items[1]->values[0]->literal, "=x");
    assert_int_equal(where->items[1]->left->count, 3);
    assert_int_equal(where->items[2]->kind, CONDITION_ANY);
    assert_int_equal(where->items[2]->items[0]->kind, CONDITION_VERSION);
}

static void test_condition_errors(void **state)
{
    struct fixture *fixture = *state;

    link_one(fixture,
             "rule: a\ntitle: A\nfacts:\n"
             "  one: {rows: [{v: y}]}\n"
             "available: oen\n"
             "emit:\n"
             "  - {for: one, when: {v: }, set: {a: }}\n"
             "  - {for: one, when: {v: '~ (a'}, set: {a: }}\n"
             "  - {for: one, when: {v: '~ a*'}, set: {a: }}\n"
             "  - {for: one, when: {v: {of: one}}, set: {a: }}\n"
             "  - {for: one, when: {v: {in: one}}, set: {a: }}\n"
             "  - {for: one, when: {v: '>='}, set: {a: }}\n"
             "  - {for: one, when: {any: one}, set: {a: }}\n"
             "  - {for: one, when: '${v}', set: {a: }}\n"
             "  - {for: one.v, set: {a: '${w}'}}\n",
             10);
    expect_error(fixture, 0, "HV010", 5, 12);
    assert_string_equal(diagnostic(fixture, 0)->hint, "did you mean 'one'?");
    expect_error(fixture, 1, "HV019", 7, 26);
    expect_error(fixture, 2, "HV013", 8, 31);
    expect_error(fixture, 3, "HV014", 9, 29);
    expect_error(fixture, 4, "HV019", 10, 26);
    expect_error(fixture, 5, "HV010", 11, 31);
    expect_error(fixture, 6, "HV019", 12, 26);
    expect_error(fixture, 7, "HV019", 13, 28);
    expect_error(fixture, 8, "HV019", 14, 22);
    expect_error(fixture, 9, "HV010", 15, 15);
}

static void test_node_paths(void **state)
{
    struct rule *rule =
        link_one(*state,
                 "rule: a\ntitle: A\nfacts:\n  one: {rows: [{v: y}]}\nemit:\n"
                 "  - for: one\n    at: x[os='${v}'][arch/@name=\"i'j\"]/arch\n"
                 "    set: {'b/@c': d, e: [{text: f, g: h}, i, ], j: }\n    emit: [{set: {'@k': '${v}'}}]\n",
                 0);
    const struct emit_entry *entry = rule->emits[0];
    const struct node_step *step = entry->path->steps;

    assert_int_equal(entry->path->count, 2);
    assert_int_equal(step->predicate_count, 2);
    assert_string_equal(step->predicates[0].path->text, "os");
    assert_int_equal(step->predicates[0].value->parts[0].kind, PART_COLUMN);
    assert_true(step->predicates[1].path->steps[1].attribute);
    assert_string_equal(step->predicates[1].value->literal, "i'j");
    assert_true(entry->assignments[0].path->steps[1].attribute);
    assert_int_equal(entry->assignments[1].count, 2);
    assert_string_equal(entry->assignments[1].values[0].attributes[0].name, "g");
    assert_string_equal(entry->assignments[1].values[1].text->literal, "i");
    assert_null(entry->assignments[2].values[0].text);
    assert_int_equal(entry->child_count, 1);
}

static void test_node_path_errors(void **state)
{
    struct fixture *fixture = *state;

    link_one(fixture,
             "rule: a\ntitle: A\nemit:\n"
             "  - at: /x\n  - at: x/../y\n  - at: x//y\n  - at: x/@y\n  - at: x/@y/z\n  - at: x[y]\n"
             "  - at: x[y=z]\n  - at: x[y='z]\n  - at: x[y='z'\n  - at: 'x y'\n  - at: ''\n"
             "  - set: {'@a': {b: c}, b: {'@c': d}}\n",
             13);
    expect_error(fixture, 0, "HV017", 4, 9);
    expect_error(fixture, 1, "HV017", 5, 11);
    expect_error(fixture, 2, "HV017", 6, 11);
    expect_error(fixture, 3, "HV017", 7, 9);
    expect_error(fixture, 4, "HV017", 8, 13);
    expect_error(fixture, 5, "HV017", 9, 12);
    expect_error(fixture, 6, "HV017", 10, 13);
    expect_error(fixture, 7, "HV017", 11, 13);
    expect_error(fixture, 8, "HV017", 12, 16);
    expect_error(fixture, 9, "HV017", 13, 11);
    expect_error(fixture, 10, "HV017", 14, 9);
    expect_error(fixture, 11, "HV021", 15, 17);
    expect_error(fixture, 12, "HV017", 15, 29);
}

static void test_selectors(void **state)
{
    struct rule *rule = link_one(*state,
                                 "rule: a\ntitle: A\npaths:\n  p:\n"
                                 "    'one>=12, two<22.04,three': [/a, '/b/${x}']\n    any: /c\n"
                                 "facts:\n  f: {rows: [{x: y}]}\n  g: {for: f, path: p}\n",
                                 0);
    const struct choice_table *table = fact(rule, "g")->source_values[0].table;
    const struct selector *selectors = table->rows[0].selectors;

    assert_int_equal(table->count, 2);
    assert_int_equal(table->rows[0].selector_count, 3);
    assert_string_equal(selectors[0].id, "one");
    assert_int_equal(selectors[0].version_operator, VERSION_GE);
    assert_string_equal(selectors[1].version, "22.04");
    assert_false(selectors[2].versioned);
    assert_int_equal(table->rows[0].values[1]->parts[1].kind, PART_COLUMN);
    assert_string_equal(table->rows[1].values[0]->literal, "/c");
}

static void test_selector_errors(void **state)
{
    struct fixture *fixture = *state;

    link_one(fixture,
             "rule: a\ntitle: A\npaths:\n  p:\n    Name: [/a]\n    x>=: [/a]\n    any>1: [/a]\n    'a,': [/b]\n"
             "    a b: [/b]\n    q!1: [/b]\n    any: ['${y}']\n"
             "facts:\n  f: {rows: [{x: y}]}\n  g: {for: f, path: p}\n  h: {path: pp}\n",
             8);
    expect_error(fixture, 0, "HV010", 15, 13);
    assert_string_equal(diagnostic(fixture, 0)->message, "this rule has no path table 'pp'");
    expect_error(fixture, 1, "HV018", 5, 5);
    expect_error(fixture, 2, "HV018", 6, 5);
    expect_error(fixture, 3, "HV018", 7, 5);
    expect_error(fixture, 4, "HV018", 8, 8);
    expect_error(fixture, 5, "HV018", 9, 6);
    expect_error(fixture, 6, "HV018", 10, 6);
    expect_error(fixture, 7, "HV010", 11, 14);
}

static void test_cycles(void **state)
{
    struct fixture *fixture = *state;

    add(fixture, "a",
        "rule: a\ntitle: A\npaths: {p: {any: ['${f}']}}\nfacts:\n"
        "  b: {from: c}\n  c: {file: /x, where: {any: [d]}}\n  d: {file: '${b.path}'}\n"
        "  e: {path: p}\n  f: {for: z.g, text: x}\n  s: {from: s}\n");
    add(fixture, "z", "rule: z\ntitle: Z\nfacts: {g: {from: a.e}}\n");
    link_all(fixture, 3);
    assert_string_equal(diagnostic(fixture, 0)->message, "fact 'b' needs itself: b -> c -> d -> b");
    expect_error(fixture, 0, "HV012", 5, 3);
    assert_string_equal(diagnostic(fixture, 1)->message, "fact 'e' needs itself: e -> f -> z.g -> e");
    assert_string_equal(diagnostic(fixture, 2)->message, "fact 's' needs itself: s -> s");
}

static void test_long_chain(void **state)
{
    AUTO(buf_free) struct buf text = BUF_INIT;
    struct fixture *fixture = *state;

    buf_add(&text, "rule: a\ntitle: A\nfacts:\n");
    for (unsigned i = 0; i < 1000; i++)
        buf_printf(&text, "  f%u: {from: f%u}\n", i, i + 1);
    buf_add(&text, "  f1000: {text: x}\n");
    link_one(fixture, buf_text(&text), 1);
    assert_string_equal(diagnostic(fixture, 0)->kind->id, "HV012");
}

static void test_other_rules(void **state)
{
    struct fixture *fixture = *state;

    add(fixture, "a",
        "rule: a\ntitle: A\nfacts: {f: {from: z.g, with: {y: '${z.g.x}${z.g}${x|map:z.t}'}}}\n"
        "emit: [{for: f, set: {e: '${y}'}}]\n");
    add(fixture, "b", "rule: b\ntitle: B\ndocument: other\nfacts: {f: {from: c.f}}\nemit: [{set: {e: x}}]\n");
    add(fixture, "c", "rule: c\ntitle: C\nfacts: {f: {text: x}}\navailable: b.f\nemit: [{set: {e: x}}]\n");
    add(fixture, "z",
        "rule: z\ntitle: Z\ntables: {t: {a: b}}\nfacts: {g: {text: x, with: {x: y}}}\navailable: c.f\nemit: [{set: {e: "
        "x}}]\n");
    link_all(fixture, 0);
    assert_string_equal(fixture->set.order[0]->id, "b");
    assert_string_equal(fixture->set.order[1]->id, "c");
    assert_string_equal(fixture->set.order[2]->id, "z");
    assert_string_equal(fixture->set.order[3]->id, "a");
    assert_string_equal(fixture->set.order[0]->document, "other");
    assert_string_equal(fixture->set.order[1]->document, "capabilities");
}

static void test_other_rules_errors(void **state)
{
    struct fixture *fixture = *state;

    add(fixture, "a",
        "rule: a\ntitle: A\nfacts:\n  f: {from: zz.g}\n  h: {from: z.gg}\n  i: {text: '${z.g.tex}${nix|map:z.u}'}\n");
    add(fixture, "z", "rule: z\ntitle: Z\nfacts: {g: {text: x}}\n");
    link_all(fixture, 5);
    expect_error(fixture, 0, "HV010", 4, 13);
    expect_error(fixture, 1, "HV010", 5, 15);
    assert_string_equal(diagnostic(fixture, 1)->message, "rule 'z' has no fact 'gg'");
    expect_error(fixture, 2, "HV010", 6, 20);
    expect_error(fixture, 4, "HV010", 6, 36);
}

static bool alike(const struct fixture *fixture, const struct rule *rule, const char *const names[2])
{
    const struct digest **known = arena_alloc(fixture->set.arena, fixture->set.fact_count * sizeof(*known));
    const struct digest *first = fact_fingerprint(fixture->set.arena, known, fact(rule, names[0]));
    const struct digest *second = fact_fingerprint(fixture->set.arena, known, fact(rule, names[1]));

    return memcmp(first, second, sizeof(*first)) == 0;
}

static void test_fingerprints(void **state)
{
    static const char *const same[] = {"a", "b"}, *const other[] = {"a", "c"}, *const needs_other[] = {"d", "e"};
    static const char *const other_table[] = {"t", "u"};
    struct rule *rule = link_one(*state,
                                 "rule: a\ntitle: A\ntables: {t: {a: b}, u: {a: b, c: d}}\nfacts:\n"
                                 "  t: {text: '${a|map:t}', cache: yes}\n  u: {text: '${a|map:u}', cache: yes}\n"
                                 "  a: {text: x}\n  b: {text: 'x'}\n  c: {text: y}\n"
                                 "  d: {from: a, cache: yes}\n  f: {from: b, cache: yes}\n  e: {from: c, cache: yes}\n",
                                 0);

    assert_true(alike(*state, rule, same));
    assert_false(alike(*state, rule, other));
    assert_false(alike(*state, rule, needs_other));
    assert_false(alike(*state, rule, other_table));
}

static void test_checks(void **state)
{
    struct rule *rule = link_one(*state,
                                 "rule: a\ntitle: A\nfacts: {f: {rows: [{x: y}]}}\nchecks:\n"
                                 "  - {for: f, expect: {x: y}, title: 'T ${x}', otherwise: note, hint: 'do ${x}'}\n"
                                 "  - {expect: f, title: T, hint: {one>=2: A, any: B}}\n",
                                 0);

    assert_int_equal(rule->checks[0]->otherwise, CHECK_NOTE);
    assert_string_equal(rule->checks[0]->hint->rows[0].selectors[0].id, "any");
    assert_int_equal(rule->checks[1]->hint->count, 2);
    assert_string_equal(rule->checks[1]->hint->rows[1].values[0]->literal, "B");
}

static void expect_warning(const struct fixture *fixture, size_t index, const char *id, unsigned line)
{
    assert_string_equal(diagnostic(fixture, index)->kind->id, id);
    assert_int_equal(diagnostic(fixture, index)->at.line, line);
}

static void test_lint(void **state)
{
    struct fixture *fixture = *state;

    link_one(fixture,
             "rule: a\ntitle: A\ntables:\n  t: {a: b}\npaths:\n  p: {any: [/a, /b, /a]}\nfacts:\n"
             "  unused: {file: /x, match: 'abc|de'}\n  used: {rows: [{x: y}]}\n"
             "  bad: {file: /x, match: '^(?:\\w+)+$'}\navailable: [used, bad]\n"
             "emit:\n  - {for: used, at: x}\n  - {for: used, when: {x: [z]}, set: {a: }}\n",
             0);
    lint_rules(&fixture->set, &fixture->diagnostics);
    diagnostics_sort(&fixture->diagnostics);
    assert_int_equal(fixture->diagnostics.warnings, 8);
    expect_warning(fixture, 0, "HV024", 4);
    expect_warning(fixture, 1, "HV024", 6);
    expect_warning(fixture, 2, "HV030", 6);
    expect_warning(fixture, 3, "HV025", 8);
    expect_warning(fixture, 4, "HV031", 8);
    expect_warning(fixture, 5, "HV032", 10);
    expect_warning(fixture, 6, "HV026", 13);
    expect_warning(fixture, 7, "HV026", 14);
}

/* Patterns in where: of one fact; each is linted. */
static size_t warnings_of(const char *pattern, const char *kind)
{
    void *state;
    struct fixture *fixture;
    size_t count = 0;
    char *text;

    setup(&state);
    fixture = state;
    text = arena_printf(fixture->set.arena, "rule: a\ntitle: A\nfacts: {f: {file: /x, match: '%s'}}\navailable: f\n",
                        pattern);
    link_one(fixture, text, 0);
    lint_rules(&fixture->set, &fixture->diagnostics);
    for (size_t i = 0; i < fixture->diagnostics.list.count; i++)
        count += strcmp(diagnostic(fixture, i)->kind->id, kind) == 0;
    teardown(&state);
    return count;
}

static void test_lint_patterns(void **state)
{
    static const char *const explosive[] = {"(a+)+$",         "(a*)+b",         "(?:\\w+)*x",  "((a+))+b",  "(x|y+)+z",
                                            "(?<n>[a-z]+)+-", "(?:\\s*\\w+)*:", "(?:a+){2,}b", "(\\w+,?)+;"};
    static const char *const sound[] = {"(?:\\d+\\.)+\\d+", "(?:[^,]*,)+x", "(?:\\w+\\s+)*x", "(?:a++)+b", "(?>a+)+b",
                                        "(?:a+){3}b",       "(ab)+",        "a+(?:\\.b+)?",   "[(a+)+]x",  "(?=a+)+b|x",
                                        "\\(a+\\)+",        "(?:,\\d+)*x",  "(?<n>a+)"};
    static const char *const loose[] = {"vmx", "vmx|svm", "(abc|verylongword)", "(?<n>smx)"};
    static const char *const tight[] = {"\\bvmx\\b", "control_d", "^vmx", "a: vmx", "vmx\\d", "(?<=x)vmx", "v-x"};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(explosive); i++)
        if (!warnings_of(explosive[i], "HV032"))
            fail_msg("%s", explosive[i]);
    for (size_t i = 0; i < ARRAY_SIZE(sound); i++)
        if (warnings_of(sound[i], "HV032"))
            fail_msg("%s", sound[i]);
    for (size_t i = 0; i < ARRAY_SIZE(loose); i++)
        if (!warnings_of(loose[i], "HV031"))
            fail_msg("%s", loose[i]);
    for (size_t i = 0; i < ARRAY_SIZE(tight); i++)
        if (warnings_of(tight[i], "HV031"))
            fail_msg("%s", tight[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_columns_and_stems, setup, teardown),
        cmocka_unit_test_setup_teardown(test_open_columns, setup, teardown),
        cmocka_unit_test_setup_teardown(test_template_parts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_template_errors, setup, teardown),
        cmocka_unit_test_setup_teardown(test_with_sees_what_is_before, setup, teardown),
        cmocka_unit_test_setup_teardown(test_conditions, setup, teardown),
        cmocka_unit_test_setup_teardown(test_condition_errors, setup, teardown),
        cmocka_unit_test_setup_teardown(test_node_paths, setup, teardown),
        cmocka_unit_test_setup_teardown(test_node_path_errors, setup, teardown),
        cmocka_unit_test_setup_teardown(test_selectors, setup, teardown),
        cmocka_unit_test_setup_teardown(test_selector_errors, setup, teardown),
        cmocka_unit_test_setup_teardown(test_cycles, setup, teardown),
        cmocka_unit_test_setup_teardown(test_long_chain, setup, teardown),
        cmocka_unit_test_setup_teardown(test_other_rules, setup, teardown),
        cmocka_unit_test_setup_teardown(test_other_rules_errors, setup, teardown),
        cmocka_unit_test_setup_teardown(test_fingerprints, setup, teardown),
        cmocka_unit_test_setup_teardown(test_checks, setup, teardown),
        cmocka_unit_test_setup_teardown(test_lint, setup, teardown),
        cmocka_unit_test(test_lint_patterns),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
