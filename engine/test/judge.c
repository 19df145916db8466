/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What came out of a case, held against what was expected. */
#include "base/file.h"
#include "base/text.h"
#include "schema/validate.h"
#include "test/test.h"
#include "write/diff.h"

#include <errno.h>
#include <string.h>

enum { EXPECTED_LIMIT = 64 * 1024 * 1024 };

struct judge {
    struct trial *trial;
    struct buf *problems;
    struct vec *edits; /* of case.yaml */
};

static void judge_golden(const struct judge *judge, const char *text)
{
    const struct trial *trial = judge->trial;
    const char *path = trial->test->expected;
    char *expected = NULL;
    size_t length = 0;
    int error = file_read(trial->arena, path, EXPECTED_LIMIT, &expected, &length);
    if (error)
        buf_printf(judge->problems, "%s: %s\n", path, file_error(error));
    else
        write_diff(judge->problems, path, expected, "what came out", text, &(struct writer_options){0});
}

/* true: the file was written. Nothing is, when it says the same already. */
static bool update_golden(const struct judge *judge, const struct buf *text)
{
    const struct trial *trial = judge->trial;
    const char *path = trial->test->expected;
    char *before = NULL;
    size_t length = 0;
    if (file_read(trial->arena, path, EXPECTED_LIMIT, &before, &length) == 0 && length == text->length &&
        memcmp(before, buf_text(text), length) == 0)
        return false;
    const char *error = update_file(trial->arena, trial->test->fixture, path, text);
    if (error)
        buf_printf(judge->problems, "%s\n", error);
    return !error;
}

static bool expects_something(const struct test_case *test)
{
    return test->fixture->has_expected || test->expectations.count || test->explanations.count || test->absent.count;
}

static void judge_document(const struct judge *judge, bool *ret_updated)
{
    const struct test_case *test = judge->trial->test;
    const struct document *document = judge->trial->document;
    AUTO(buf_free) struct buf text = BUF_INIT;
    const char *error = write_xml(&text, document->xml, document->schema);
    bool golden = test->fixture->has_expected || !expects_something(test);
    if (error)
        buf_printf(judge->problems, "%s\n", error);
    else if (golden && judge->trial->worker->plan->update)
        *ret_updated = update_golden(judge, &text);
    else if (!expects_something(test))
        buf_add(judge->problems, "nothing is expected of this case: let --update write expect.xml, or say expect:, "
                                 "explain: or absent: in case.yaml\n");
    else if (golden)
        judge_golden(judge, buf_text(&text));
}

static void place(const struct judge *judge, const struct expectation *expectation)
{
    if (expectation->at.source)
        buf_printf(judge->problems, "%s:%u: ", expectation->at.source->path, expectation->at.line);
    buf_printf(judge->problems, "%s ", expectation->xpath);
}

/* Is the value in case.yaml to be what was found? */
static bool corrected(const struct judge *judge, const struct expectation *expectation,
                      const struct xpath_result *found)
{
    return judge->trial->worker->plan->update &&
           update_expectation(judge->trial->arena, judge->edits, expectation, found);
}

static void judge_list(const struct judge *judge, const struct expectation *expectation,
                       const struct xpath_result *found)
{
    struct arena *arena = judge->trial->arena;
    const struct yaml_node *list = expectation->value;
    bool equal = found->count == list->count;
    for (size_t i = 0; equal && i < found->count; i++)
        equal = text_equal(xml_text(arena, found->nodes[i]), list->items[i]->value);
    if (equal || corrected(judge, expectation, found))
        return;
    place(judge, expectation);
    buf_add(judge->problems, "gives");
    for (size_t i = 0; i < found->count; i++)
        buf_printf(judge->problems, " '%s'", xml_text(arena, found->nodes[i]));
    buf_add(judge->problems, found->count ? ", not" : " nothing, not");
    for (size_t i = 0; i < list->count; i++)
        buf_printf(judge->problems, " '%s'", list->items[i]->value);
    buf_char(judge->problems, '\n');
}

static void judge_text(const struct judge *judge, const struct expectation *expectation,
                       const struct xpath_result *found)
{
    const struct yaml_node *value = expectation->value;
    const char *expected = value->kind == YAML_NODE_SEQUENCE ? value->items[0]->value : value->value;
    if (text_equal(found->text, expected) || corrected(judge, expectation, found))
        return;
    place(judge, expectation);
    buf_printf(judge->problems, "gives '%s', not '%s'\n", found->text, expected);
}

static void judge_expectation(const struct judge *judge, const struct expectation *expectation)
{
    const struct trial *trial = judge->trial;
    const struct yaml_node *value = expectation->value;
    struct xpath_result found = {0};
    const char *error = NULL;
    if (!document_xpath(trial->arena, trial->document->xml, NULL, expectation->xpath, NULL, &found, &error)) {
        buf_printf(judge->problems, "%s\n", error);
    } else if (yaml_is_null(value)) {
        if (found.count == 0)
            return;
        place(judge, expectation);
        buf_printf(judge->problems, "should match nothing, but matches %zu nodes\n", found.count);
    } else if (value->kind == YAML_NODE_SEQUENCE && !(found.scalar && value->count == 1)) {
        judge_list(judge, expectation, &found);
    } else {
        judge_text(judge, expectation, &found);
    }
}

static void judge_explanation(const struct judge *judge, const struct expected_text *expected)
{
    const struct trial *trial = judge->trial;
    const struct rule *rule = rule_set_find(trial->worker->plan->rules, expected->rule);
    AUTO(buf_free) struct buf text = BUF_INIT;
    if (!rule) {
        buf_printf(judge->problems, "explain: there is no rule '%s'\n", expected->rule);
        return;
    }
    write_explanation(&text, trial->run, trial->document, rule, &(struct writer_options){.all = true});
    if (!strstr(buf_text(&text), expected->text))
        buf_printf(judge->problems, "explain %s does not say '%s', but:\n%s", expected->rule, expected->text,
                   buf_text(&text));
}

/* Something a rule emitted that is still in the document; NULL: nothing is. */
static const struct emission *claim_of(const struct document *document, const struct rule *rule)
{
    for (size_t i = 0; i < document->emissions.count; i++) {
        const struct emission *emission = document->emissions.items[i];
        if (emission->entry && emission->entry->rule == rule && emission->result == EMITTED && emission->assignment)
            return emission;
    }
    return NULL;
}

static void add_claim(const struct judge *judge, const struct rule *rule, const struct emission *claim)
{
    buf_printf(judge->problems, "rule %s must not speak here, but emits %s", rule->id,
               claim->path ? claim->path : "an entry");
    if (claim->assignment->path->at.source)
        buf_printf(judge->problems, " (%s:%u)", claim->assignment->path->at.source->path,
                   claim->assignment->path->at.line);
    buf_char(judge->problems, '\n');
}

static void judge_absent(const struct judge *judge, const char *id)
{
    const struct rule *rule = rule_set_find(judge->trial->worker->plan->rules, id);
    const struct emission *claim = rule ? claim_of(judge->trial->document, rule) : NULL;
    if (!rule)
        buf_printf(judge->problems, "absent: there is no rule '%s'\n", id);
    else if (claim)
        add_claim(judge, rule, claim);
}

static bool may_drive(const struct test_case *test, const struct rule *own, const char *driver)
{
    for (size_t i = 0; i < test->drivers.count; i++)
        if (text_equal(test->drivers.items[i], driver))
            return true;
    return text_equal(own->driver, driver);
}

/* Every rule runs against every case: those of other drivers must not think that this is their host. */
static void judge_others(const struct judge *judge)
{
    const struct test_case *test = judge->trial->test;
    const struct rule_set *set = judge->trial->worker->plan->rules;
    const struct rule *own = test->rule ? rule_set_find(set, test->rule) : NULL;
    struct number_map told = {0};
    for (size_t i = 0; own && i < judge->trial->document->emissions.count; i++) {
        const struct emission *emission = judge->trial->document->emissions.items[i];
        const struct rule *rule = emission->entry ? emission->entry->rule : NULL;
        if (!rule || !rule->driver || emission->result != EMITTED || !emission->assignment ||
            may_drive(test, own, rule->driver) || pointer_set_has(&told, rule))
            continue;
        pointer_set_add(judge->trial->arena, &told, rule);
        add_claim(judge, rule, emission);
        buf_printf(judge->problems, "    (it is of driver %s; if that is right, add it to drivers)\n", rule->driver);
    }
}

static void judge_validity(const struct judge *judge)
{
    const struct trial *trial = judge->trial;
    struct vec errors = {0};
    const char *error = NULL;
    if (!schema_validate_with(&trial->worker->grammars, trial->arena, trial->document->xml,
                              trial->document->schema->path, &errors, &error))
        buf_printf(judge->problems, "%s\n", error);
    for (size_t i = 0; i < errors.count; i++) {
        const struct validation_error *problem = errors.items[i];
        buf_printf(judge->problems, "the document is not valid: %s: %s\n", problem->element ? problem->element : "/",
                   problem->message);
    }
}

static void judge_expectations(const struct judge *judge, bool *ret_updated)
{
    const struct vec *expectations = &judge->trial->test->expectations;
    for (size_t i = 0; i < expectations->count; i++)
        judge_expectation(judge, expectations->items[i]);
    if (judge->edits->count == 0)
        return;
    const char *error = update_write(judge->trial->arena, judge->trial->test->fixture, judge->edits);
    if (error)
        buf_printf(judge->problems, "%s\n", error);
    *ret_updated = *ret_updated || !error;
}

void test_judge(struct trial *trial, struct buf *problems, bool *ret_updated)
{
    struct vec edits = {0};
    const struct judge judge = {trial, problems, &edits};
    const struct test_case *test = trial->test;
    judge_document(&judge, ret_updated);
    judge_expectations(&judge, ret_updated);
    for (size_t i = 0; i < test->explanations.count; i++)
        judge_explanation(&judge, test->explanations.items[i]);
    for (size_t i = 0; i < test->absent.count; i++)
        judge_absent(&judge, test->absent.items[i]);
    judge_others(&judge);
    judge_validity(&judge);
}
