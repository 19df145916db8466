/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What strangers write: rules, snapshots, observed files, documents. Whatever is in them, the engine must survive it.
 *
 * fuzz DIRECTORY MODE COUNT FILE...   replays each file in a mode, then COUNT changed copies of it, the same ones each
 * time. With -DLIBFUZZER -fsanitize=fuzzer  a libFuzzer target; the first byte of the input chooses the mode. The input
 * is in DIRECTORY/last while it is tried; it has ten seconds. Started in the top directory of the tree: it uses our
 * schemas.
 */
#include "base/file.h"
#include "base/text.h"
#include "base/yaml.h"
#include "document/document.h"
#include "facts/run.h"
#include "root/hiding.h"
#include "rules/load.h"
#include "schema/validate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECONDS = 10, INPUT_LIMIT = 1 << 20, ROW_LIMIT = 64 };

struct input {
    const char *data;
    size_t length;
    const char *name; /* of the file that it stems from */
};

/* Filled once. */
struct fuzzer {
    struct arena *arena;
    const char *directory;
    FILE *null;
    struct rule_set *extracts; /* what reads /input in all ways */
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

static void try_rules(struct fuzzer *fuzzer, const struct input *input)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    struct diagnostics diagnostics = {.arena = arena};
    const char *file = in_directory(arena, fuzzer, input->name);
    const char *const files[] = {"rules/tables.yaml", file, NULL};
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

static const struct mode {
    const char *name;
    void (*try)(struct fuzzer *fuzzer, const struct input *input);
} modes[] = {
    {"rules", try_rules},
    {"snapshot", try_snapshot},
    {"extract", try_extract},
    {"document", try_document},
};

static struct fuzzer *fuzzer_new(const char *directory)
{
    struct arena *arena = arena_new();
    struct fuzzer *fuzzer = arena_new_object(arena, struct fuzzer);
    struct diagnostics diagnostics = {.arena = arena};
    static const char *const files[] = {"tests/fuzz/extract.yaml", NULL};
    const struct load_options options = {.files = files};

    *fuzzer = (struct fuzzer){.arena = arena, .directory = directory, .grammars = {.arena = arena}};
    fuzzer->null = fopen("/dev/null", "w");
    fuzzer->extracts = rules_load(&options, &hvprobe_vocabulary, &diagnostics);
    diagnostics_print(stderr, &diagnostics, false);
    if (!fuzzer->null || diagnostics.errors)
        abort();
    return fuzzer;
}

#ifdef LIBFUZZER

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct fuzzer *fuzzer;
    char directory[] = "/tmp/fuzz-XXXXXX";

    if (!fuzzer)
        fuzzer = fuzzer_new(strdup(mkdtemp(directory)));
    if (size > 0)
        modes[data[0] % ARRAY_SIZE(modes)].try(fuzzer, &(struct input){(const char *)data + 1, size - 1, "fuzz.yaml"});
    return 0;
}

#else

static void fuzzer_free(struct fuzzer *fuzzer)
{
    fclose(fuzzer->null);
    rule_set_free(fuzzer->extracts);
    arena_free(fuzzer->arena);
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static size_t below(uint64_t *state, size_t limit)
{
    return limit ? next_random(state) % limit : 0;
}

/* What means something to one of the readers. */
static const char *const tokens[] = {
    "${",         "}",           "|",       "map:",
    "'",          "\"",          "[",       "]",
    "{",          ": ",          "- ",      "\n",
    "#",          "&a",          "*a",      "!!",
    "\xff",       "\xc2",        "\x1b",    "\xef\xbf\xbe",
    "0x",         "-1",          "1e9",     "9999999999999999999",
    "(?<x>",      ")",           "+",       "*",
    "\\",         "[^",          "//",      "..",
    "/",          "@",           "[x='y']", "~ ",
    ">= 4",       "not",         "any",     "for",
    "from",       "where",       "with",    "null",
    "",           "<!DOCTYPE",   "<a>",     "</",
    "&amp;",      "]]>",         "drop:",   "extends: kvm\n",
    "rule: x\n",  "emit:\n  - ", "path",    "error: EACCES",
    "type: char", "\t",          "\r\n",    "%",
};

/* Replaces length bytes at position by others. */
static void replace_part(struct buf *text, size_t position, size_t length, const char *other, size_t other_length)
{
    AUTO(buf_free) struct buf result = BUF_INIT;

    buf_add_n(&result, buf_text(text), position);
    buf_add_n(&result, other, other_length);
    buf_add_n(&result, buf_text(text) + position + length, text->length - position - length);
    buf_free(text);
    *text = result;
    result = (struct buf)BUF_INIT;
}

static void mutate_once(struct arena *arena, struct buf *text, uint64_t *state)
{
    size_t position = below(state, text->length + 1), left = text->length - position;
    size_t length = below(state, left < 40 ? left + 1 : 40);
    const char *token = tokens[below(state, ARRAY_SIZE(tokens))];
    const char byte = (char)below(state, 256);

    switch (below(state, 8)) {
    case 0:
        replace_part(text, position, left ? 1 : 0, &byte, 1);
        break;
    case 1:
        replace_part(text, position, length, "", 0);
        break;
    case 2: /* the same again, elsewhere */
        token = arena_strndup(arena, buf_text(text) + position, length);
        replace_part(text, below(state, text->length), 0, token, length);
        break;
    case 3:
        replace_part(text, position, below(state, 16) ? length : left, "", 0);
        break;
    default:
        replace_part(text, position, below(state, 2) ? 0 : length, token, strlen(token));
    }
}

static void try_input(struct fuzzer *fuzzer, const struct mode *mode, const struct input *input)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();

    write_input(in_directory(arena, fuzzer, "last"), input);
    alarm(SECONDS);
    mode->try(fuzzer, input);
    alarm(0);
}

/* The file and its changed copies. */
static void replay(struct fuzzer *fuzzer, const struct mode *mode, const char *path, unsigned count)
{
    AUTO(arena_cleanup) struct arena *arena = arena_new();
    const char *name = strrchr(path, '/');
    char *text = NULL;
    size_t length = 0;
    uint64_t state = 88172645463325252U;

    if (file_read(arena, path, INPUT_LIMIT, &text, &length) < 0) {
        fprintf(stderr, "fuzz: %s cannot be read\n", path);
        exit(2);
    }
    for (unsigned i = 0; i <= count; i++) {
        AUTO(buf_free) struct buf changed = BUF_INIT;

        buf_add_n(&changed, text, length);
        for (size_t changes = i ? 1 + below(&state, 4) : 0; changes; changes--)
            mutate_once(arena, &changed, &state);
        try_input(fuzzer, mode, &(struct input){buf_text(&changed), changed.length, name ? name + 1 : path});
    }
}

int main(int argc, char **argv)
{
    struct fuzzer *fuzzer;

    if (argc < 5) {
        fputs("usage: fuzz DIRECTORY MODE COUNT FILE...\n", stderr);
        return 2;
    }
    fuzzer = fuzzer_new(argv[1]);
    for (size_t i = 0; i < ARRAY_SIZE(modes); i++)
        for (int j = 4; j < argc && strcmp(modes[i].name, argv[2]) == 0; j++)
            replay(fuzzer, &modes[i], argv[j], (unsigned)strtoul(argv[3], NULL, 10));
    fuzzer_free(fuzzer);
    return 0;
}

#endif
