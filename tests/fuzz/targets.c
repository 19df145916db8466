/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What strangers write, format by format: rules, hosts, archives, documents, schemas, caches. Whatever is in them, the
 * engine must survive it. Used in the top directory of the tree: our rules and schemas. */
#include "fuzz.h"

#include "base/budget.h"
#include "base/consent.h"
#include "base/text.h"
#include "base/yaml.h"
#include "document/document.h"
#include "facts/run.h"
#include "root/hiding.h"
#include "rules/load.h"
#include "schema/validate.h"
#include "session/places.h"
#include "test/fixtures.h"
#include "test/test.h"
#include "write/write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { INPUT_LIMIT = 1 << 20, ROW_LIMIT = 64, INPUT_NAME = 40 };

/* Filled once. */
struct fuzzer {
    struct arena *arena;
    const char *directory;
    FILE *null;
    struct rule_set *extracts; /* what reads /input in all ways */
    struct rule_set *rules;    /* ours */
    xmlDoc *document;          /* to print and to validate */
    struct grammars grammars;
};

static const char *const schema_directories[] = {"schemas", NULL};

static void write_input(const char *path, const struct input *input)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    if (fd < 0 || write(fd, input->data, input->length) != (ssize_t)input->length)
        abort();
    close(fd);
}

static const char *in_directory(struct arena *arena, const struct fuzzer *fuzzer, const char *name)
{
    return arena_printf(arena, "%s/%s", fuzzer->directory, name);
}

static void print_diagnostics(const struct fuzzer *fuzzer, struct diagnostics *diagnostics)
{
    diagnostics_sort(diagnostics);
    diagnostics_cap(diagnostics, DIAGNOSTICS_LIMIT);
    diagnostics_print(fuzzer->null, diagnostics, true);
}

static void build_document(struct run *run, const char *name)
{
    const struct document_options options = {.schema_directories = schema_directories};
    const char *error = NULL;

    if (strcmp(name, "capabilities") == 0 || strcmp(name, "detect") == 0)
        document_build(run, name, &options, &error);
}

/* Every fact, and the documents that the rules emit into. */
static void run_all(struct rule_set *rules, struct root *root, struct diagnostics *diagnostics)
{
    const struct run_options options = {.exec = true, .trace = true};
    struct run *run = run_new(rules, root, &options, diagnostics);

    for (size_t i = 0; i < rules->rules.count; i++) {
        const struct rule *rule = rules->rules.entries[i].value;

        for (size_t j = 0; j < rule->facts.count; j++)
            run_fact(run, rule->facts.entries[j].value);
        build_document(run, rule->document);
    }
    run_free(run);
}

/* A small host on which nothing is executed. */
static struct root *small_host(struct arena *arena, struct diagnostics *diagnostics)
{
    static const char text[] = "uname: {sysname: Linux, release: 6.1.0, machine: x86_64}\n"
                               "cpuid: [{leaf: 1, eax: 0, ebx: 0, ecx: 0x80000000, edx: 0}]\n"
                               "nodes: [{path: /dev/kvm, type: char, access: rw}, {path: /closed, error: EACCES}]\n"
                               "ioctl: [{path: /dev/kvm, request: 0xae00, result: 12}]\n"
                               "files:\n"
                               "  /usr/bin/qemu-system-x86_64: {text: pc-i440fx-7.2-machine, mode: '0755'}\n"
                               "  /proc/cpuinfo: \"processor\\t: 0\\nflags\\t\\t: fpu pae vmx lm\\n\"\n"
                               "  /proc/xen/capabilities: control_d\n"
                               "  /sys/hypervisor/properties/capabilities: xen-3.0-x86_64 hvm-3.0-x86_32p\n"
                               "links: {/bin: usr/bin}\n";
    static const struct source source = {"host", NULL, text, sizeof(text) - 1};
    bool empty = false;

    const struct yaml_node *tree = yaml_parse(arena, &source, diagnostics, &empty);

    if (!tree) {
        diagnostics_print(stderr, diagnostics, false);
        abort();
    }
    return root_open_sections("host", tree, diagnostics);
}

/* A rule's file is called as it: as the input's text says, else as the input is. */
static const char *file_name(struct arena *arena, const struct input *input)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
    const char *text = arena_strndup(arena, input->data, input->length);
    const char *line = strncmp(text, "rule: ", 6) == 0 ? text : strstr(text, "\nrule: ");
    const char *id = line ? strchr(line, ' ') + 1 : "";
    const size_t length = strspn(id, letters);

    return length > 0 && length < INPUT_NAME ? arena_printf(arena, "%.*s.yaml", (int)length, id) : input->name;
}

/* A rule file on a small host, after another one (NULL: none). */
static void try_file(struct fuzzer *fuzzer, const struct input *input, const char *base)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    struct diagnostics diagnostics = {.arena = arena};
    const char *file = in_directory(arena, fuzzer, file_name(arena, input));
    const char *const files[] = {"rules/tables.yaml", base ? base : file, base ? file : NULL, NULL};
    const struct load_options options = {.files = files, .lint = true};
    struct rule_set *rules;
    struct root *root;

    write_input(file, input);
    rules = rules_load(&options, &hvprobe_vocabulary, &diagnostics);
    root = small_host(arena, &diagnostics);
    run_all(rules, root, &diagnostics);
    print_diagnostics(fuzzer, &diagnostics);
    root_close(root);
    rule_set_free(rules);
    unlink(file);
}

static void try_rules(struct fuzzer *fuzzer, const struct input *input)
{
    try_file(fuzzer, input, NULL);
}

static void try_overlay(struct fuzzer *fuzzer, const struct input *input)
{
    try_file(fuzzer, input, "tests/fuzz/extract.yaml");
}

static void ask_path(struct root *root, struct arena *arena, const char *path)
{
    struct root_stat status;
    struct vec names = {0};
    char *text = NULL;
    size_t length = 0;
    long result = 0;

    root_stat(root, path, true, &status);
    root_stat(root, path, false, &status);
    root_access(root, path, "rw");
    root_read(root, arena, path, INPUT_LIMIT, &text, &length);
    root_readlink(root, arena, path, &text);
    root_list(root, arena, path, &names);
    root_ioctl(root, path, 0xae00, 0, &result);
}

static void ask_root(struct root *root, struct arena *arena)
{
    static const char *const program[] = {"/usr/bin/qemu-system-x86_64", "-machine", "help", NULL};
    const struct root_exec request = {program, NULL, 1};
    struct root_exec_result result;
    struct root_uname names;
    struct vec paths = {0}, found = {0};
    const char *arch = NULL;
    uint32_t registers[4];

    root_paths(root, arena, ROW_LIMIT, &paths);
    for (size_t i = 0; i < paths.count; i++)
        if (((const char *)paths.items[i])[0] == '/')
            ask_path(root, arena, paths.items[i]);
    root_glob(root, arena, "/*/[a-z]*", &found);
    root_uname(root, &names);
    root_cpuid(root, 0x40000000, 0, registers);
    root_exec(root, arena, &request, &result);
    root_arch(root, &arch);
    root_os(root);
}

static void try_snapshot(struct fuzzer *fuzzer, const struct input *input)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    struct diagnostics diagnostics = {.arena = arena};
    const struct source source = {"snapshot.yaml", NULL, arena_strndup(arena, input->data, input->length),
                                  input->length};
    bool empty = false;
    const struct yaml_node *tree = yaml_parse(arena, &source, &diagnostics, &empty);
    struct root *root = NULL;

    if (tree && tree->kind == YAML_NODE_MAPPING)
        root = root_open_sections("snapshot", tree, &diagnostics);
    if (root)
        ask_root(root, arena);
    root_close(root);
    print_diagnostics(fuzzer, &diagnostics);
}

static void try_extract(struct fuzzer *fuzzer, const struct input *input)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    struct diagnostics diagnostics = {.arena = arena};
    const char *directory = in_directory(arena, fuzzer, "root");
    const char *error = NULL;
    struct root *root;

    mkdir(directory, 0700);
    write_input(arena_printf(arena, "%s/input", directory), input);
    root = root_open_directory(arena, directory, &error);
    if (!root)
        abort();
    run_all(fuzzer->extracts, root, &diagnostics);
    print_diagnostics(fuzzer, &diagnostics);
    root_close(root);
}

static void try_document(struct fuzzer *fuzzer, const struct input *input)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    const char *path = in_directory(arena, fuzzer, "last");
    const char *error = NULL;
    struct vec errors = {0};
    xmlDoc *xml;

    write_input(path, input);
    xml = xml_read(arena, path, &error);
    if (xml)
        schema_validate_with(&fuzzer->grammars, arena, xml, "schemas/capabilities.rng", &errors, &error);
    xml_free(&xml);
}

static void try_tar(struct fuzzer *fuzzer, const struct input *input)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    struct diagnostics diagnostics = {.arena = arena};
    const char *path = in_directory(arena, fuzzer, "last.tar"), *error = NULL;

    write_input(path, input);
    struct root *root = root_open_snapshot(arena, path, &diagnostics, &error);
    if (root)
        ask_root(root, arena);
    root_close(root);
    print_diagnostics(fuzzer, &diagnostics);
}

/* A tar of a file system, by all our rules. */
static void try_host(struct fuzzer *fuzzer, const struct input *input)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    struct diagnostics diagnostics = {.arena = arena};
    const char *path = in_directory(arena, fuzzer, "last.tar"), *error = NULL;

    write_input(path, input);
    struct root *root = root_open_directory(arena, path, &error);
    if (root)
        run_all(fuzzer->rules, root, &diagnostics);
    root_close(root);
    print_diagnostics(fuzzer, &diagnostics);
}

static void try_case(struct fuzzer *fuzzer, const struct input *input)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    AUTO(buf_free) struct buf problems = BUF_INIT;
    const char *directory = in_directory(arena, fuzzer, "extract");

    mkdir(directory, 0700);
    write_input(arena_printf(arena, "%s/case.yaml", directory), input);
    const struct fixture *fixture = fixture_at(arena, directory);
    const struct test_case *test = fixture ? test_case_load(arena, fuzzer->extracts, fixture, &problems) : NULL;
    if (test)
        root_close(test_case_root(arena, test, &problems));
}

static void print_view(struct arena *arena, const struct view *view, const xmlDoc *xml)
{
    struct grid grid;
    const char *error = NULL;

    if (!view_grid(arena, view, xml, NULL, 0, "*", &grid, &error))
        return;
    for (const struct grid_format *format = grid_formats; format->name; format++) {
        AUTO(buf_free) struct buf out = BUF_INIT;
        format->write(&out, &grid, &(struct writer_options){.width = 80});
    }
}

static void try_view(struct fuzzer *fuzzer, const struct input *input)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    struct diagnostics diagnostics = {.arena = arena};
    const char *const directories[] = {fuzzer->directory, NULL};
    const char *path = in_directory(arena, fuzzer, "views/last.yaml"), *error = NULL;

    mkdir(in_directory(arena, fuzzer, "views"), 0700);
    write_input(path, input);
    view_lint(arena, path, &diagnostics);
    const struct view *view = view_load(arena, directories, "last", &diagnostics, &error);
    if (view)
        print_view(arena, view, fuzzer->document);
    print_diagnostics(fuzzer, &diagnostics);
}

static void try_schema(struct fuzzer *fuzzer, const struct input *input)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    const char *path = in_directory(arena, fuzzer, "last.rng"), *error = NULL;
    struct vec errors = {0};

    write_input(path, input);
    schema_load(path, arena, NULL, &error);
    schema_validate(arena, fuzzer->document, path, &errors, &error);
}

/* What was kept between runs; sums of it are not made right again, as only its owner can write it. */
static void try_cache(struct fuzzer *fuzzer, const struct input *input)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    struct diagnostics diagnostics = {.arena = arena};
    const char *path = in_directory(arena, fuzzer, "last.store");
    static const char *const files[] = {"tests/fuzz/extract.yaml", NULL};

    write_input(path, input);
    struct store *store = store_open(arena, path, places_build(arena));
    const struct load_options options = {.files = files, .store = store};
    rule_set_free(rules_load(&options, &hvprobe_vocabulary, &diagnostics));
    store_save(store);
    print_diagnostics(fuzzer, &diagnostics);
}

/* The list of requests and files that are harmless. */
static void try_devices(struct fuzzer *fuzzer, const struct input *input)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    const char *path = in_directory(arena, fuzzer, "last.yaml");

    write_input(path, input);
    struct consent *consent = consent_open(arena, path, NULL);
    consent_lint_request(consent, "/dev/kvm", 0xae00, 0);
    consent_lint_file(consent, "/proc/kmsg");
    consent_request(consent, makedev(10, 232), 0xae03, 1);
    consent_file_patterns(consent, arena);
}

static void try_kept(struct fuzzer *fuzzer, const struct input *input)
{
    try_answers(fuzzer->directory, fuzzer->extracts, input);
}

const struct mode modes[] = {
    {"rules", false, try_rules},       {"overlay", false, try_overlay},
    {"case", false, try_case},         {"view", false, try_view},
    {"snapshot", false, try_snapshot}, {"tar", true, try_tar},
    {"document", false, try_document}, {"schema", false, try_schema},
    {"cache", false, try_cache},       {"answers", false, try_kept},
    {"extract", false, try_extract},   {"devices", false, try_devices},
    {"host", true, try_host},          {NULL, false, NULL},
};

struct fuzzer *fuzzer_new(const char *directory)
{
    struct arena *arena = arena_new();
    struct fuzzer *fuzzer = arena_new_object(arena, struct fuzzer);
    struct diagnostics diagnostics = {.arena = arena};
    static const char *const files[] = {"tests/fuzz/extract.yaml", NULL};
    const struct load_options options = {.files = files};
    static const char *const layers[] = {"rules", NULL};
    const struct load_options all = {.layers = layers};
    const char *error = NULL;

    *fuzzer = (struct fuzzer){.arena = arena, .directory = directory, .grammars = {.arena = arena}};
    fuzzer->null = fopen("/dev/null", "w");
    fuzzer->extracts = rules_load(&options, &hvprobe_vocabulary, &diagnostics);
    fuzzer->rules = rules_load(&all, &hvprobe_vocabulary, &diagnostics);
    fuzzer->document = xml_read(arena, "tests/rules/qemu/debian-12/expect.xml", &error);
    diagnostics_print(stderr, &diagnostics, false);
    if (!fuzzer->null || !fuzzer->document || diagnostics.errors)
        abort();
    return fuzzer;
}

void fuzzer_free(struct fuzzer *fuzzer)
{
    fclose(fuzzer->null);
    xml_free(&fuzzer->document);
    rule_set_free(fuzzer->rules);
    rule_set_free(fuzzer->extracts);
    arena_free(fuzzer->arena);
}

void fuzzer_keep(struct fuzzer *fuzzer, const struct input *input)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();

    write_input(in_directory(arena, fuzzer, "last"), input);
}
