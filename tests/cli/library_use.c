/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* library_use document root|snapshot PATH: prints its capabilities. library_use all ROOT BROKEN: calls every function,
 * also wrongly. */
#include <hvprobe.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static void expect(bool holds, const char *name)
{
    printf("%s library: %s\n", holds ? "ok" : "not ok", name);
}

static bool has(const char *text, const char *part)
{
    return text && strstr(text, part);
}

static bool lists(char **list, const char *name)
{
    bool found = false;
    for (char **each = list; *each; each++)
        found |= strcmp(*each, name) == 0;
    hvp_free(list);
    return found;
}

/* Is this text what was expected? Frees it. */
static void text(char *got, const char *part, const char *name)
{
    expect(has(got, part), name);
    hvp_free(got);
}

static int print_document(const char *where, const char *path)
{
    hvp_error error;
    hvp_options *options = hvp_options_new();
    hvp_options_set(options, strcmp(where, "root") == 0 ? HVP_OPTION_ROOT : HVP_OPTION_SNAPSHOT, path, NULL);
    char *xml = hvp_capabilities(options, &error);
    fputs(xml ? xml : error.message, stdout);
    hvp_free(xml);
    hvp_options_free(options);
    return error.status;
}

static void use_options(void)
{
    hvp_error error;
    hvp_options *options = hvp_options_new();
    expect(hvp_options_set(options, HVP_OPTION_EXEC, "maybe", &error) == HVP_USAGE && has(error.message, "yes or no"),
           "a flag is yes or no");
    expect(hvp_options_set(options, HVP_OPTION_PARAMETER, "x", &error) == HVP_USAGE, "a parameter has a value");
    expect(hvp_options_set(options, (hvp_option)99, "x", &error) == HVP_USAGE, "there is no option 99");
    expect(hvp_options_set(options, HVP_OPTION_PARAMETER, "a=b", &error) == HVP_OK && !*error.message,
           "success clears the error");
    hvp_options_set(options, HVP_OPTION_ROOT, "/", NULL);
    hvp_options_set(options, HVP_OPTION_SNAPSHOT, "/", NULL);
    char *xml = hvp_capabilities(options, &error);
    expect(!xml && error.status == HVP_USAGE, "root and snapshot exclude each other");
    hvp_options_set(options, HVP_OPTION_SNAPSHOT, NULL, NULL);
    hvp_options_set(options, HVP_OPTION_ROOT, "/nowhere", NULL);
    xml = hvp_capabilities(options, &error);
    expect(!xml && error.status == HVP_NO_ROOT && has(error.message, "/nowhere"), "a root that is not there");
    xml = hvp_capabilities(options, NULL);
    expect(!xml, "an error that nobody wants");
    hvp_options_free(options);
    hvp_options_free(NULL);
    xml = hvp_capabilities(NULL, &error);
    expect(has(xml, "<capabilities>") && error.status == HVP_OK, "this host");
    hvp_free(xml);
}

static void use_broken(const char *directory)
{
    hvp_error error;
    hvp_problem problem = {0};
    hvp_options *options = hvp_options_new();
    hvp_options_set(options, HVP_OPTION_RULES, directory, NULL);
    hvp_rules *rules = hvp_rules_load(options, &error);
    expect(rules && error.status == HVP_BROKEN_RULE && has(error.message, "HV005"), "a broken rule is left out");
    expect(hvp_rules_problem(rules, 0, &problem) == HVP_OK && strcmp(problem.id, "HV005") == 0 && problem.line == 2 &&
               problem.column == 13 && problem.end_column == 17 && has(problem.hint, "file") &&
               problem.severity == HVP_ERROR,
           "where the problem is");
    expect(hvp_rules_problem(rules, 9, &problem) == HVP_NO && problem.line == 2, "no more problems");
    text(hvp_rules_problems(rules, "gcc", &error), ":2:13: error: unknown key 'flie'", "problems as a report");
    expect(!hvp_rules_problems(rules, "fax", &error) && error.status == HVP_USAGE, "no such report");
    hvp_rules_free(rules);
    hvp_options_set(options, HVP_OPTION_STRICT, "yes", NULL);
    rules = hvp_rules_load(options, &error);
    expect(!rules && error.status == HVP_BROKEN_RULE, "strict");
    hvp_options_set(options, HVP_OPTION_LAYERS, "/nowhere", NULL);
    hvp_options_set(options, HVP_OPTION_RULES, NULL, NULL);
    rules = hvp_rules_load(options, &error);
    expect(!rules && error.status == HVP_BROKEN_RULE && has(error.message, "/nowhere"), "no rules at all");
    hvp_options_free(options);
}

static void use_probe(const hvp_rules *rules, const char *root)
{
    hvp_error error;
    hvp_options *options = hvp_options_new();
    hvp_options_set(options, HVP_OPTION_ROOT, root, NULL);
    hvp_options_set(options, HVP_OPTION_ARCH, "x86_64", NULL);
    hvp_options_set(options, HVP_OPTION_TRACE, "yes", NULL);
    hvp_probe *probe = hvp_probe_new(rules, options, &error);
    hvp_options_free(options);
    expect(probe && error.status == HVP_OK, "a probe of a directory");
    if (!probe)
        return;
    text(hvp_probe_document(probe, "capabilities", NULL, &error), "<domain type='xen'", "XML");
    text(hvp_probe_document(probe, "capabilities", "json", &error), "\"xen\"", "JSON");
    text(hvp_probe_document(probe, "checks", "yaml", &error), "xen", "checks in YAML");
    expect(!hvp_probe_document(probe, "capabilities", "fax", &error) && error.status == HVP_USAGE, "no such format");
    expect(!hvp_probe_document(probe, "nothing", NULL, &error) && error.status == HVP_USAGE, "no such document");
    text(hvp_probe_value(probe, "capabilities", "//domain/@type", &error), "xen", "a value");
    text(hvp_probe_value(probe, "capabilities", "//nothing", &error), "", "a value that is not there");
    expect(!hvp_probe_value(probe, "capabilities", "//[", &error) && error.status == HVP_USAGE, "a bad expression");
    text(hvp_probe_explain(probe, "xen", &error), "/proc/xen/capabilities", "explain a rule");
    text(hvp_probe_explain(probe, "//guest[1]", &error), "rule xen", "explain a node");
    text(hvp_probe_explain(probe, NULL, &error), "xen", "explain all");
    expect(!hvp_probe_explain(probe, "nothing", &error) && error.status == HVP_USAGE, "explain what is not there");
    text(hvp_probe_problems(probe, NULL, &error), "", "problems of a probe");
    hvp_probe_free(probe);
    hvp_probe_free(NULL);
    probe = hvp_probe_new(rules, NULL, &error);
    expect(!hvp_probe_explain(probe, NULL, &error) && has(error.message, "TRACE"), "explain without a trace");
    hvp_probe_free(probe);
}

static void use_validate(void)
{
    static const char good[] = "<capabilities/>", bad[] = "<capabilities><hots/></capabilities>";
    hvp_error error;
    char *report = NULL;
    expect(hvp_validate(NULL, good, strlen(good), &report, &error) == HVP_OK && !report, "valid");
    expect(hvp_validate(NULL, bad, strlen(bad), &report, &error) == HVP_NO && has(report, "1: /capabilities"),
           "not valid");
    hvp_free(report);
    expect(hvp_validate(NULL, bad, strlen(bad), NULL, NULL) == HVP_NO, "nobody wants to know why");
    expect(hvp_validate(NULL, "<a", 2, &report, &error) == HVP_FAILED, "not XML");
    expect(hvp_validate(NULL, "<a/>", 4, &report, &error) == HVP_USAGE, "no schema");
}

int main(int argc, char **argv)
{
    hvp_error error;
    if (argc == 4 && strcmp(argv[1], "document") == 0)
        return print_document(argv[2], argv[3]);
    if (argc != 4)
        return 2;
    expect(strcmp(hvp_version(), "0.1.0") == 0, "version");
    hvp_free(NULL);
    hvp_rules *rules = hvp_rules_load(NULL, &error);
    expect(rules && error.status == HVP_OK, "the shipped rules");
    if (!rules)
        return 1;
    expect(lists(hvp_rules_list(rules), "xen"), "list of rules");
    expect(lists(hvp_drivers_list(rules), "qemu"), "list of drivers");
    expect(lists(hvp_documents_list(rules), "capabilities"), "list of documents");
    text(hvp_rules_show(rules, "xen", &error), "rule: xen", "a merged rule");
    expect(!hvp_rules_show(rules, "nothing", &error) && error.status == HVP_USAGE, "no such rule");
    expect(hvp_rules_problem(rules, 0, &(hvp_problem){0}) == HVP_NO, "shipped rules have no problem");
    text(hvp_machine_description(rules, "pc-q35-7.2", "en"), "Q35", "what a machine is");
    expect(!hvp_machine_description(rules, "no-such-machine", "en"), "a machine that nobody knows");
    use_probe(rules, argv[2]);
    hvp_rules_free(rules);
    hvp_rules_free(NULL);
    use_options();
    use_broken(argv[3]);
    use_validate();
    puts("ok library: all done");
    return 0;
}
