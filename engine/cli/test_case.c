/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a test case says: its case.yaml by a table of keys, and the small files of the plain form. */
#include "base/file.h"
#include "base/text.h"
#include "cli/test.h"
#include "root/snapshot_schema.h"

#include <string.h>

enum { CASE_LIMIT = 64 * 1024 * 1024 };

struct reader {
    struct arena *arena;
    struct test_case *test;
    struct diagnostics diagnostics;
    struct vec host_keys; /* of char */
};

struct case_key {
    const char *name;
    bool (*take)(struct reader *reader, const struct yaml_node *value);
    const char *expected; /* for messages */
};

static bool is_text(const struct yaml_node *node)
{
    return node->kind == YAML_NODE_SCALAR && !yaml_is_null(node);
}

static bool take_text(const struct yaml_node *value, const char **target)
{
    *target = value->value;
    return is_text(value);
}

/* A list of texts, or one alone. */
static bool take_texts(struct reader *reader, const struct yaml_node *value, struct vec *texts)
{
    if (is_text(value))
        vec_push(reader->arena, texts, value->value);
    for (size_t i = 0; value->kind == YAML_NODE_SEQUENCE && i < value->count; i++) {
        if (!is_text(value->items[i]))
            return false;
        vec_push(reader->arena, texts, value->items[i]->value);
    }
    return is_text(value) || value->kind == YAML_NODE_SEQUENCE;
}

static bool take_about(struct reader *reader, const struct yaml_node *value)
{
    (void)reader;
    return is_text(value);
}

static bool take_rule(struct reader *reader, const struct yaml_node *value)
{
    return take_text(value, &reader->test->rule);
}

static bool take_document(struct reader *reader, const struct yaml_node *value)
{
    return take_text(value, &reader->test->document);
}

static bool take_arch(struct reader *reader, const struct yaml_node *value)
{
    return take_text(value, &reader->test->arch);
}

static bool take_lang(struct reader *reader, const struct yaml_node *value)
{
    return take_text(value, &reader->test->lang);
}

static const char *beside(struct reader *reader, const char *path)
{
    return *path == '/' ? path : arena_printf(reader->arena, "%s/%s", reader->test->fixture->path, path);
}

static bool take_root(struct reader *reader, const struct yaml_node *value)
{
    reader->test->root = is_text(value) ? beside(reader, value->value) : NULL;
    return is_text(value);
}

static bool take_snapshot(struct reader *reader, const struct yaml_node *value)
{
    reader->test->snapshot = is_text(value) ? beside(reader, value->value) : NULL;
    return is_text(value);
}

static bool take_exec(struct reader *reader, const struct yaml_node *value)
{
    return yaml_bool(value, &reader->test->exec);
}

static bool take_drivers(struct reader *reader, const struct yaml_node *value)
{
    return take_texts(reader, value, &reader->test->drivers);
}

static bool take_checks(struct reader *reader, const struct yaml_node *value)
{
    return take_texts(reader, value, &reader->test->checks);
}

static bool take_absent(struct reader *reader, const struct yaml_node *value)
{
    return take_texts(reader, value, &reader->test->absent);
}

static void add_parameter(struct reader *reader, const char *name, const char *value)
{
    struct named_text *parameter = arena_new_object(reader->arena, struct named_text);
    *parameter = (struct named_text){name, value};
    vec_push(reader->arena, &reader->test->parameters, parameter);
}

static bool take_parameters(struct reader *reader, const struct yaml_node *value)
{
    for (size_t i = 0; value->kind == YAML_NODE_MAPPING && i < value->count; i++) {
        if (!is_text(value->items[i]))
            return false;
        add_parameter(reader, value->keys[i]->value, value->items[i]->value);
    }
    return value->kind == YAML_NODE_MAPPING;
}

static bool take_expect(struct reader *reader, const struct yaml_node *value)
{
    for (size_t i = 0; value->kind == YAML_NODE_MAPPING && i < value->count; i++) {
        struct expectation *expectation = arena_new_object(reader->arena, struct expectation);
        struct vec values = {0};
        if (!yaml_is_null(value->items[i]) && !take_texts(reader, value->items[i], &values))
            return false;
        expectation->xpath = value->keys[i]->value;
        expectation->at = value->keys[i]->at;
        expectation->value = value->items[i];
        vec_push(reader->arena, &reader->test->expectations, expectation);
    }
    return value->kind == YAML_NODE_MAPPING;
}

static bool take_explain(struct reader *reader, const struct yaml_node *value)
{
    for (size_t i = 0; value->kind == YAML_NODE_MAPPING && i < value->count; i++) {
        struct vec texts = {0};
        if (!take_texts(reader, value->items[i], &texts))
            return false;
        for (size_t text = 0; text < texts.count; text++) {
            struct expected_text *expected = arena_new_object(reader->arena, struct expected_text);
            *expected = (struct expected_text){value->keys[i]->value, texts.items[text]};
            vec_push(reader->arena, &reader->test->explanations, expected);
        }
    }
    return value->kind == YAML_NODE_MAPPING;
}

static const struct case_key case_keys[] = {
    {"about", take_about, "text for people"},
    {"rule", take_rule, "the id of a rule"},
    {"document", take_document, "the name of a document"},
    {"arch", take_arch, "an architecture"},
    {"lang", take_lang, "a language"},
    {"root", take_root, "a directory"},
    {"snapshot", take_snapshot, "a snapshot"},
    {"run-programs", take_exec, "yes or no"},
    {"parameters", take_parameters, "a mapping of texts"},
    {"drivers", take_drivers, "a list of drivers"},
    {"absent", take_absent, "a list of rules"},
    {"checks", take_checks, "a list of rules"},
    {"expect", take_expect, "a mapping: XPath: value"},
    {"explain", take_explain, "a mapping: rule: text"},
};

/* The host's part of a case.yaml: what stands in a snapshot.yaml. */
static bool is_host_key(const struct reader *reader, const char *name)
{
    for (size_t i = 0; i < reader->host_keys.count; i++)
        if (text_equal(reader->host_keys.items[i], name))
            return true;
    return false;
}

static void unknown_key(struct reader *reader, const struct yaml_node *key)
{
    struct vec names = snapshot_key_names(reader->arena);
    for (size_t i = 0; i < ARRAY_SIZE(case_keys); i++)
        vec_push(reader->arena, &names, case_keys[i].name);
    diagnose(&reader->diagnostics, DIAG_BAD_CASE, key->at,
             diagnose_nearest(&reader->diagnostics, key->value, (const char *const *)names.items, names.count),
             "unknown key '%s'", key->value);
}

static void take_pair(struct reader *reader, struct yaml_node *key, struct yaml_node *value)
{
    struct test_case *test = reader->test;
    if (is_host_key(reader, key->value)) {
        if (!test->sections)
            test->sections = yaml_new_mapping(reader->arena, key->at);
        yaml_put(reader->arena, test->sections, key, value);
        return;
    }
    for (size_t i = 0; i < ARRAY_SIZE(case_keys); i++) {
        if (!text_equal(case_keys[i].name, key->value))
            continue;
        if (!case_keys[i].take(reader, value))
            diagnose(&reader->diagnostics, DIAG_BAD_CASE, value->at, NULL, "%s should be %s", key->value,
                     case_keys[i].expected);
        return;
    }
    unknown_key(reader, key);
}

static struct source *read_source(struct reader *reader, const char *name)
{
    struct source *source = arena_new_object(reader->arena, struct source);
    char *text = NULL;
    source->path = beside(reader, name);
    int error = file_read(reader->arena, source->path, CASE_LIMIT, &text, &source->length);
    source->text = text;
    if (!error)
        return source;
    diagnose(&reader->diagnostics, DIAG_BAD_CASE, (struct mark){.source = source}, NULL, "cannot be read: %s",
             file_error(error));
    return NULL;
}

static void read_yaml(struct reader *reader)
{
    const struct source *source = read_source(reader, "case.yaml");
    bool empty = false;
    struct yaml_node *tree = source ? yaml_parse(reader->arena, source, &reader->diagnostics, &empty) : NULL;
    if (!tree)
        return;
    if (tree->kind != YAML_NODE_MAPPING) {
        diagnose(&reader->diagnostics, DIAG_BAD_CASE, tree->at, NULL, "a case is a mapping");
        return;
    }
    reader->host_keys = snapshot_key_names(reader->arena);
    for (size_t i = 0; i < tree->count; i++)
        take_pair(reader, tree->keys[i], tree->items[i]);
}

/* The words of a small file beside the host. */
static void read_words(struct reader *reader, const char *name, struct vec *words)
{
    const struct source *source = read_source(reader, name);
    const char *at = source ? source->text : "";
    while (*(at += strspn(at, " \t\r\n"))) {
        size_t length = strcspn(at, " \t\r\n");
        vec_push(reader->arena, words, arena_strndup(reader->arena, at, length));
        at += length;
    }
}

/* --exec, --arch ARCH, --lang LANG, -D NAME=VALUE, and rules whose checks are made. */
static void read_arguments(struct reader *reader)
{
    struct vec words = {0};
    read_words(reader, "args", &words);
    for (size_t i = 0; i < words.count; i++) {
        const char *word = words.items[i], *next = i + 1 < words.count ? words.items[i + 1] : NULL;
        const char *equals = next ? strchr(next, '=') : NULL;
        if (text_equal(word, "--exec")) {
            reader->test->exec = true;
        } else if (text_equal(word, "--arch") && next) {
            reader->test->arch = next;
            i++;
        } else if (text_equal(word, "--lang") && next) {
            reader->test->lang = next;
            i++;
        } else if (text_equal(word, "-D") && equals) {
            add_parameter(reader, arena_strndup(reader->arena, next, (size_t)(equals - next)), equals + 1);
            i++;
        } else if (text_equal(word, "--format") && text_equal(next, "xml")) {
            i++; /* what expect.xml is in, whatever the command would write */
        } else if (*word != '-') {
            vec_push(reader->arena, &reader->test->checks, word);
        } else {
            struct source *source = arena_new_object(reader->arena, struct source);
            source->path = beside(reader, "args");
            diagnose(&reader->diagnostics, DIAG_BAD_CASE, (struct mark){.source = source},
                     "here may be --exec, --arch ARCH, --lang LANG, -D NAME=VALUE and rules to check",
                     "'%s' is no argument of a test case", word);
        }
    }
}

static void read_document(struct reader *reader)
{
    struct vec words = {0};
    read_words(reader, "document", &words);
    if (words.count)
        reader->test->document = words.items[0];
}

static void check_host(struct reader *reader)
{
    const struct test_case *test = reader->test;
    unsigned hosts = (test->sections != NULL) + (test->root != NULL) + (test->snapshot != NULL);
    struct source *source = arena_new_object(reader->arena, struct source);
    source->path = test->fixture->path;
    if (hosts > 1)
        diagnose(&reader->diagnostics, DIAG_BAD_CASE, (struct mark){.source = source}, NULL,
                 "a case has one host: root/, snapshot/ or what case.yaml describes");
}

/* A case is of the rule whose folder it is in, unless it says otherwise; it asks for that rule's document. */
static void choose_rule(struct reader *reader, const struct test_plan *plan)
{
    struct test_case *test = reader->test;
    const struct rule *rule = test->rule ? rule_set_find(plan->rules, test->rule) : NULL;
    struct source *source = arena_new_object(reader->arena, struct source);
    source->path = test->fixture->path;
    if (test->rule && !rule)
        diagnose(&reader->diagnostics, DIAG_BAD_CASE, (struct mark){.source = source}, NULL, "there is no rule '%s'",
                 test->rule);
    if (!test->document)
        test->document = rule ? rule->document : DEFAULT_DOCUMENT;
}

static const char *rule_of(const struct test_plan *plan, const struct fixture *fixture)
{
    return rule_set_find(plan->rules, fixture->folder) ? fixture->folder : NULL;
}

/* A case without any host is one where nothing is there: enough for many. */
static void choose_host(struct reader *reader)
{
    struct test_case *test = reader->test;
    if (test->fixture->has_snapshot && !test->snapshot)
        test->snapshot = beside(reader, "snapshot");
    else if (test->fixture->has_root && !test->root)
        test->root = beside(reader, "root");
    check_host(reader);
    if (!test->sections && !test->root && !test->snapshot)
        test->sections = yaml_new_mapping(reader->arena, (struct mark){0});
}

struct test_case *test_case_load(struct arena *arena, const struct test_plan *plan, const struct fixture *fixture,
                                 struct buf *problems)
{
    struct test_case *test = arena_new_object(arena, struct test_case);
    struct reader reader = {.arena = arena, .test = test, .diagnostics = {.arena = arena}};
    *test = (struct test_case){.fixture = fixture, .rule = rule_of(plan, fixture)};
    test->expected = beside(&reader, "expect.xml");
    if (fixture->has_yaml)
        read_yaml(&reader);
    if (fixture->has_document)
        read_document(&reader);
    if (fixture->has_arguments)
        read_arguments(&reader);
    if (fixture->has_drivers)
        read_words(&reader, "drivers", &test->drivers);
    choose_rule(&reader, plan);
    choose_host(&reader);
    if (reader.diagnostics.errors)
        diagnostics_write(problems, &reader.diagnostics, false);
    return reader.diagnostics.errors ? NULL : test;
}
