/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a test case says: its case.yaml by a table of keys, and the small files of the plain form. */
#include "base/file.h"
#include "base/keys_schema.h"
#include "base/text.h"
#include "root/snapshot_keys.h"
#include "test/test.h"

#include <string.h>

enum { CASE_LIMIT = 64 * 1024 * 1024, ERROR_LIMIT = 200 };

struct case_reader {
    struct arena *arena;
    struct test_case *test;
    struct diagnostics diagnostics;
};

static const char *beside(struct case_reader *reader, const char *path)
{
    return *path == '/' ? path : arena_printf(reader->arena, "%s/%s", reader->test->fixture->path, path);
}

static void add_parameter(struct case_reader *reader, const char *name, const char *value)
{
    struct named_text *parameter = arena_new_object(reader->arena, struct named_text);
    *parameter = (struct named_text){name, value};
    vec_push(reader->arena, &reader->test->parameters, parameter);
}

/* ---- case.yaml ---- */

static void take_directory(struct checker *checker, const struct place *place)
{
    struct case_reader *const *reader = checker->context;
    *(const char **)place->target = beside(*reader, place->node->value);
}

static void take_parameter(struct checker *checker, const struct place *place)
{
    (void)checker;
    *(struct named_text *)place->target = (struct named_text){place->key->value, place->node->value};
}

static void take_expectation(struct checker *checker, const struct place *place)
{
    (void)checker;
    *(struct expectation *)place->target = (struct expectation){place->key->value, place->key->at, place->node};
}

static void take_explanations(struct checker *checker, const struct place *place)
{
    struct case_reader *const *reader = checker->context;
    const struct yaml_node *node = place->node;
    for (size_t i = 0; i < (node->kind == YAML_NODE_SCALAR ? 1 : node->count); i++) {
        struct expected_text *expected = place->target;
        if (i > 0)
            vec_push((*reader)->arena, &(*reader)->test->explanations,
                     expected = arena_new_object((*reader)->arena, struct expected_text));
        *expected = (struct expected_text){place->key->value,
                                           node->kind == YAML_NODE_SCALAR ? node->value : node->items[i]->value};
    }
}

/* The host's part of a case.yaml: what stands in a snapshot.yaml, for its reader. */
static void take_section(struct checker *checker, const struct place *place)
{
    struct case_reader *const *reader = checker->context;
    struct test_case *test = (*reader)->test;
    if (!test->sections)
        test->sections = yaml_new_mapping((*reader)->arena, place->key->at);
    yaml_append_pair((*reader)->arena, test->sections, (struct yaml_node *)place->key, (struct yaml_node *)place->node);
}

#define LIST (ACCEPT_TEXT | ACCEPT_LIST | ACCEPT_EMPTY)
#define MAP  (ACCEPT_MAPPING | ACCEPT_EMPTY)
static const struct shape shape_about = {.accepts = ACCEPT_TEXT, .words = "text for people"};
static const struct shape shape_rule_name = {.accepts = ACCEPT_TEXT, .words = "the id of a rule"};
static const struct shape shape_document = {.accepts = ACCEPT_TEXT, .words = "the name of a document"};
static const struct shape shape_arch = {.accepts = ACCEPT_TEXT, .words = "an architecture"};
static const struct shape shape_lang = {.accepts = ACCEPT_TEXT, .words = "a language"};
static const struct shape shape_root = {.accepts = ACCEPT_TEXT, .words = "a directory", .take = take_directory};
static const struct shape shape_recorded = {.accepts = ACCEPT_TEXT, .words = "a snapshot", .take = take_directory};
static const struct shape shape_parameter = {
    .accepts = ACCEPT_TEXT, .size = sizeof(struct named_text), .take = take_parameter};
static const struct shape shape_parameters = {
    .accepts = MAP, .words = "a mapping of texts", .others = &shape_parameter};
static const struct shape shape_drivers = {.accepts = LIST, .words = "a list of drivers", .items = &shape_text};
static const struct shape shape_rules = {.accepts = LIST, .words = "a list of rules", .items = &shape_text};
static const struct shape shape_expected = {.accepts = LIST | ACCEPT_NOTHING,
                                            .items = &shape_text,
                                            .size = sizeof(struct expectation),
                                            .take = take_expectation};
static const struct shape shape_expect = {
    .accepts = MAP, .words = "a mapping: XPath: value", .others = &shape_expected};
static const struct shape shape_explained = {.accepts = ACCEPT_TEXT | ACCEPT_LIST,
                                             .items = &shape_text,
                                             .size = sizeof(struct expected_text),
                                             .take = take_explanations};
static const struct shape shape_explain = {
    .accepts = MAP, .words = "a mapping: rule: text", .others = &shape_explained};
static const struct shape shape_section = {
    .accepts = ACCEPT_TEXT | ACCEPT_LIST | ACCEPT_MAPPING | ACCEPT_NOTHING | ACCEPT_EMPTY, .take = take_section};

#define MEMBER(member) FILLS(struct test_case, member)
static const struct key case_keys[] = {
    {"about", &shape_about, false, "what the case is, for people"},
    {"rule", &shape_rule_name, false, "whose case it is; the folder's unless said", MEMBER(rule)},
    {"document", &shape_document, false, "what is looked at; the rule's document unless said", MEMBER(document)},
    {"arch", &shape_arch, false, "architecture of the host, as --arch", MEMBER(arch)},
    {"lang", &shape_lang, false, "language of descriptions, as --lang; none unless said", MEMBER(lang)},
    {"root", &shape_root, false, "the host: a directory, relative to the case", MEMBER(root)},
    {"snapshot", &shape_recorded, false, "the host: a snapshot, relative to the case", MEMBER(snapshot)},
    {"run-programs", &shape_flag, false, "replay what the host's exec section has, as --exec", MEMBER(exec)},
    {"parameters", &shape_parameters, false, "name: value, as -D", MEMBER(parameters)},
    {"drivers", &shape_drivers, false, "drivers that may speak here, beside the rule's own", MEMBER(drivers)},
    {"absent", &shape_rules, false, "rules that must say nothing here", MEMBER(absent)},
    {"checks", &shape_rules, false, "rules whose checks are made", MEMBER(checks)},
    {"expect", &shape_expect, false, "XPath: the text that it gives; a list: of all nodes; nothing: none is there",
     MEMBER(expectations)},
    {"explain", &shape_explain, false, "rule: text, or texts, that explain must say", MEMBER(explanations)},
};

/* Those, and sections of a snapshot: of their own shapes, or (section) of another. */
static const struct key *all_keys(struct arena *arena, const struct shape *section)
{
    size_t count = 0;
    while (snapshot_keys[count].name)
        count++;
    struct key *keys = arena_alloc(arena, (ARRAY_SIZE(case_keys) + count) * sizeof *keys);
    memcpy(keys, case_keys, sizeof case_keys);
    for (size_t i = 1; i < count; i++) {
        struct key *key = &keys[ARRAY_SIZE(case_keys) + i - 1];
        *key = snapshot_keys[i];
        key->shape = section ? section : key->shape;
        key->fills = FILLS_OBJECT;
    }
    return keys;
}

void case_json_schema(struct buf *out)
{
    static const struct schema_head head = {
        .title = "hvprobe test case",
        .description = "case.yaml: a host, what is asked of it, and what must be said.",
    };
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    const struct shape shape = {.accepts = ACCEPT_MAPPING, .keys = all_keys(arena, NULL)};
    keys_json_schema(out, &shape, &head);
}

void case_reference(struct buf *out)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    const struct key_group groups[] = {{"Keys of case.yaml", all_keys(arena, NULL)}, {NULL, NULL}};
    keys_reference(out, groups);
}

static struct source *read_source(struct case_reader *reader, const char *name)
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

static void read_yaml(struct case_reader *reader)
{
    const struct source *source = read_source(reader, "case.yaml");
    bool empty = false;
    struct yaml_node *tree = source ? yaml_parse(reader->arena, source, &reader->diagnostics, &empty) : NULL;
    if (!tree)
        return;
    const struct shape shape = {.accepts = ACCEPT_MAPPING, .keys = all_keys(reader->arena, &shape_section)};
    struct checker checker = {
        .diagnostics = &reader->diagnostics,
        .error_limit = ERROR_LIMIT,
        .whole = "a case",
        .quote = "",
        .only = DIAG_BAD_CASE,
        .context = &reader,
    };
    keys_read(&checker, &shape, tree, reader->test);
}

/* The words of a small file beside the host. */
static void read_words(struct case_reader *reader, const char *name, struct vec *words)
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
static void read_arguments(struct case_reader *reader)
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

static void read_document(struct case_reader *reader)
{
    struct vec words = {0};
    read_words(reader, "document", &words);
    if (words.count)
        reader->test->document = words.items[0];
}

static void check_host(struct case_reader *reader)
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
static void choose_rule(struct case_reader *reader, const struct rule_set *rules)
{
    struct test_case *test = reader->test;
    const struct rule *rule = test->rule ? rule_set_find(rules, test->rule) : NULL;
    struct source *source = arena_new_object(reader->arena, struct source);
    source->path = test->fixture->path;
    if (test->rule && !rule)
        diagnose(&reader->diagnostics, DIAG_BAD_CASE, (struct mark){.source = source}, NULL, "there is no rule '%s'",
                 test->rule);
    if (!test->document)
        test->document = rule ? rule->document : DEFAULT_DOCUMENT;
}

static const char *rule_of(const struct rule_set *rules, const struct fixture *fixture)
{
    return rule_set_find(rules, fixture->folder) ? fixture->folder : NULL;
}

/* A case without any host is one where nothing is there: enough for many. */
static void choose_host(struct case_reader *reader)
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

struct test_case *test_case_load(struct arena *arena, const struct rule_set *rules, const struct fixture *fixture,
                                 struct buf *problems)
{
    struct test_case *test = arena_new_object(arena, struct test_case);
    struct case_reader reader = {.arena = arena, .test = test, .diagnostics = {.arena = arena}};
    *test = (struct test_case){.fixture = fixture, .rule = rule_of(rules, fixture)};
    test->expected = beside(&reader, "expect.xml");
    if (fixture->has_yaml)
        read_yaml(&reader);
    if (fixture->has_document)
        read_document(&reader);
    if (fixture->has_arguments)
        read_arguments(&reader);
    if (fixture->has_drivers)
        read_words(&reader, "drivers", &test->drivers);
    choose_rule(&reader, rules);
    choose_host(&reader);
    if (reader.diagnostics.errors)
        diagnostics_write(problems, &reader.diagnostics, false);
    return reader.diagnostics.errors ? NULL : test;
}
