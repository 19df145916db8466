/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sources and extracts on a directory root made for each group of tests. */
#include "base/file.h"
#include "probe/probe.h"
#include "probe/registry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { MOST_ARGUMENTS = 4 };

struct world {
    struct arena *arena;
    char directory[32];
    struct root *root;
    struct fact fact;
    struct argument arguments[MOST_ARGUMENTS];
    struct argument extract_arguments[1];
    struct diagnostics refusals;
    struct probe probe;
};

static void put(const struct world *world, const char *path, const void *data, size_t length, unsigned mode)
{
    const char *full = arena_printf(world->arena, "%s/%s", world->directory, path);
    FILE *stream = fopen(full, "w");

    assert_non_null(stream);
    assert_int_equal(fwrite(data, 1, length, stream), length);
    assert_int_equal(fclose(stream), 0);
    assert_int_equal(chmod(full, mode), 0);
}

static void put_text(const struct world *world, const char *path, const char *text)
{
    put(world, path, text, strlen(text), 0644);
}

static void make_directory(const struct world *world, const char *path)
{
    assert_int_equal(mkdir(arena_printf(world->arena, "%s/%s", world->directory, path), 0755), 0);
}

static int setup(void **state)
{
    struct world *world = calloc(1, sizeof(*world));
    const char *error = NULL;

    world->arena = arena_new();
    strcpy(world->directory, "/tmp/test-probe-XXXXXX");
    assert_non_null(mkdtemp(world->directory));
    world->root = root_open_directory(world->arena, world->directory, &error);
    assert_non_null(world->root);
    *state = world;
    return 0;
}

static int teardown(void **state)
{
    struct world *world = *state;
    char command[64];

    root_close(world->root);
    snprintf(command, sizeof(command), "rm -r %s", world->directory);
    assert_int_equal(system(command), 0);
    arena_free(world->arena);
    free(world);
    return 0;
}

/* A fresh observation; arguments are set afterwards. */
static struct world *prepare(void **state, const struct source_kind *source, const struct extract_kind *extract)
{
    struct world *world = *state;

    memset(&world->fact, 0, sizeof(world->fact));
    memset(world->arguments, 0, sizeof(world->arguments));
    memset(world->extract_arguments, 0, sizeof(world->extract_arguments));
    memset(&world->probe, 0, sizeof(world->probe));
    world->refusals = (struct diagnostics){.arena = world->arena};
    world->fact.name = "tried";
    world->fact.source = source;
    world->fact.extract = extract;
    world->probe.root = world->root;
    world->probe.arena = world->arena;
    world->probe.fact = &world->fact;
    world->probe.arguments = world->arguments;
    world->probe.extract_arguments = world->extract_arguments;
    world->probe.limits = (struct probe_limits){1000, 1024 * 1024};
    world->probe.refusals = &world->refusals;
    world->probe.trace = true;
    return world;
}

static void give(struct world *world, size_t index, const char *text)
{
    world->arguments[index].given = true;
    world->arguments[index].text = text;
}

static void give_regex(struct world *world, const char *pattern, unsigned flags)
{
    const char *error;
    size_t offset;

    world->extract_arguments[0].given = true;
    world->extract_arguments[0].regex = regex_compile(world->arena, pattern, flags, &error, &offset);
    assert_non_null(world->extract_arguments[0].regex);
}

static void give_extract(struct world *world, const char *text)
{
    world->extract_arguments[0].given = true;
    world->extract_arguments[0].text = text;
}

/* As facts/ does: the source, then the extract on its items. */
static enum verdict observe(struct world *world)
{
    struct probe *probe = &world->probe;
    enum verdict verdict = world->fact.source->eval(probe);

    for (size_t i = 0; verdict == VERDICT_YES && i < probe->items.count; i++) {
        const struct item *item = probe->items.items[i];

        if (!world->fact.extract)
            vec_push(probe->arena, &probe->rows, item->row);
        else
            verdict = world->fact.extract->eval(probe, item);
    }
    if (verdict != VERDICT_YES)
        assert_non_null(probe->reason);
    return verdict;
}

static const char *value(const struct world *world, size_t row, const char *column)
{
    assert_true(row < world->probe.rows.count);
    return row_get(world->probe.rows.items[row], column);
}

static void test_file(void **state)
{
    struct world *world = prepare(state, &source_file, NULL);

    put_text(world, "file", "12345");
    give(world, 0, "/file");
    assert_int_equal(observe(world), VERDICT_YES);
    assert_string_equal(value(world, 0, "path"), "/file");
    assert_string_equal(value(world, 0, "type"), "file");
    assert_string_equal(value(world, 0, "mode"), "0644");
    assert_string_equal(value(world, 0, "size"), "5");
    assert_int_not_equal(world->probe.observations.count, 0);

    prepare(state, &source_file, NULL);
    give(world, 0, "/file");
    give(world, 1, "dir");
    assert_int_equal(observe(world), VERDICT_NO);

    prepare(state, &source_file, NULL);
    give(world, 0, "/nothing");
    assert_int_equal(observe(world), VERDICT_NO);
    assert_int_equal(world->refusals.list.count, 0);
}

static void test_refusals(void **state)
{
    struct world *world = prepare(state, &source_file, NULL);

    give(world, 0, "file");
    assert_int_equal(observe(world), VERDICT_UNKNOWN);
    assert_int_equal(world->refusals.list.count, 1);

    make_directory(world, "folder");
    assert_int_equal(mkfifo(arena_printf(world->arena, "%s/pipe", world->directory), 0644), 0);
    put_text(world, "long", "0123456789");
    for (size_t i = 0; i < 3; i++) {
        static const char *const paths[] = {"/folder", "/pipe", "/long"};
        static const char *const reasons[] = {"is a directory", "is a fifo", "larger than the limit"};

        prepare(state, &source_file, &extract_match);
        world->probe.limits.read = 5;
        give(world, 0, paths[i]);
        give_regex(world, "x", 0);
        assert_int_equal(observe(world), VERDICT_UNKNOWN);
        assert_non_null(strstr(world->probe.reason, reasons[i]));
        assert_int_equal(world->refusals.list.count, 1);
    }
}

static void test_glob_and_link(void **state)
{
    struct world *world = prepare(state, &source_glob, &extract_match);

    make_directory(world, "nodes");
    make_directory(world, "nodes/node10");
    make_directory(world, "nodes/node2");
    give(world, 0, "/nodes/node[0-9]*");
    give_regex(world, "node(?<id>\\d+)(?<more>x)?$", 0);
    assert_int_equal(observe(world), VERDICT_YES);
    assert_int_equal(world->probe.rows.count, 2);
    assert_string_equal(value(world, 0, "id"), "2");
    assert_string_equal(value(world, 1, "path"), "/nodes/node10");
    assert_null(value(world, 0, "more"));

    prepare(state, &source_glob, NULL);
    world->probe.limits.rows = 1;
    give(world, 0, "/nodes/*");
    assert_int_equal(observe(world), VERDICT_UNKNOWN);
    assert_int_equal(world->refusals.list.count, 1);

    assert_int_equal(symlink("nodes", arena_printf(world->arena, "%s/link", world->directory)), 0);
    prepare(state, &source_link, NULL);
    give(world, 0, "/link");
    assert_int_equal(observe(world), VERDICT_YES);
    assert_string_equal(value(world, 0, "text"), "nodes");
    prepare(state, &source_link, NULL);
    give(world, 0, "/nodes");
    assert_int_equal(observe(world), VERDICT_NO);
}

static void test_path(void **state)
{
    static const char *candidates[] = {"/absent", "/data", "/program"};
    struct world *world = prepare(state, &source_path, NULL);

    put_text(world, "data", "");
    put(world, "program", "", 0, 0755);
    world->arguments[0].texts = candidates;
    world->arguments[0].count = 3;
    assert_int_equal(observe(world), VERDICT_YES);
    assert_string_equal(value(world, 0, "path"), "/program");

    prepare(state, &source_path, NULL);
    world->arguments[0].texts = candidates;
    world->arguments[0].count = 3;
    world->arguments[1] = (struct argument){.given = true, .flag = false};
    assert_int_equal(observe(world), VERDICT_YES);
    assert_string_equal(value(world, 0, "path"), "/data");

    prepare(state, &source_path, NULL);
    world->arguments[0].texts = candidates;
    world->arguments[0].count = 2;
    assert_int_equal(observe(world), VERDICT_NO);
}

static void test_attributes(void **state)
{
    static const char *names[] = {"id", "level", "size"};
    struct world *world = prepare(state, &source_attributes, NULL);
    struct row *loop = row_new(world->arena, NULL);

    make_directory(world, "index");
    put_text(world, "index/level", "3\n");
    put(world, "index/size", "  32K \n\0", 8, 0644);
    row_set(world->arena, loop, "id", "inherited");
    world->probe.loop_row = loop;
    give(world, 0, "/index");
    world->arguments[1] = (struct argument){.given = true, .texts = names, .count = 3};
    assert_int_equal(observe(world), VERDICT_YES);
    assert_null(value(world, 0, "id"));
    assert_string_equal(value(world, 0, "level"), "3");
    assert_string_equal(value(world, 0, "size"), "32K");
    assert_string_equal(row_get(loop, "id"), "inherited");
    assert_ptr_equal(((struct row *)world->probe.rows.items[0])->parents[0], loop);

    prepare(state, &source_attributes, NULL);
    give(world, 0, "/no-such");
    assert_int_equal(observe(world), VERDICT_NO);
}

static void close_root(struct root **root)
{
    root_close(*root);
}

static void test_not_live(void **state)
{
    static const char *words[] = {"/bin/true"};
    struct world *world = prepare(state, &source_exec, NULL);

    world->arguments[0] = (struct argument){.given = true, .texts = words, .count = 1};
    assert_int_equal(observe(world), VERDICT_UNKNOWN);
    assert_string_equal(world->probe.reason, "programs are run only with --exec");
    prepare(state, &source_exec, NULL);
    world->probe.exec_allowed = true;
    world->arguments[0] = (struct argument){.given = true, .texts = words, .count = 1};
    assert_int_equal(observe(world), VERDICT_UNKNOWN);

    prepare(state, &source_cpuid, NULL);
    give(world, 0, "0x1");
    assert_int_equal(observe(world), VERDICT_UNKNOWN);
    assert_int_equal(world->refusals.list.count, 0);
    prepare(state, &source_cpuid, NULL);
    give(world, 0, "one");
    assert_int_equal(observe(world), VERDICT_UNKNOWN);
    assert_int_equal(world->refusals.list.count, 1);

    prepare(state, &source_document, NULL);
    assert_int_equal(observe(world), VERDICT_UNKNOWN);
}

static void test_live(void **state)
{
    static const char *words[] = {"/bin/echo", "two words", "x"};
    struct world *world = prepare(state, &source_exec, &extract_split);
    struct root *root AUTO(close_root) = root_open_live();

    world->probe.root = root;
    world->probe.exec_allowed = true;
    world->arguments[0] = (struct argument){.given = true, .texts = words, .count = 3};
    give_extract(world, " ");
    assert_int_equal(observe(world), VERDICT_YES);
    assert_int_equal(world->probe.rows.count, 3);
    assert_string_equal(value(world, 1, "text"), "words");
    assert_string_equal(value(world, 1, "status"), "0");

    prepare(state, &source_uname, NULL);
    world->probe.root = root;
    world->arguments[0] = (struct argument){.given = true, .flag = true};
    assert_int_equal(observe(world), VERDICT_YES);
    assert_string_equal(value(world, 0, "sysname"), "Linux");

    prepare(state, &source_ioctl, NULL);
    world->probe.root = root;
    give(world, 0, "/dev/null");
    give(world, 1, "0xae00");
    assert_int_equal(observe(world), VERDICT_UNKNOWN); /* there is no list of what may be asked */
    assert_int_equal(world->refusals.list.count, 1);
    static const char list[] = "requests: [{driver: mem/null, number: '1:3', request: 0xae00}]\n";
    const char *path = arena_printf(world->arena, "%s/consent.yaml", world->directory);
    assert_int_equal(file_write(path, list, strlen(list), 0600), 0);
    prepare(state, &source_ioctl, NULL);
    root_set_consent(root, consent_open(world->arena, path, NULL));
    world->probe.root = root;
    give(world, 0, "/dev/null");
    give(world, 1, "0xae00");
    assert_int_equal(observe(world), VERDICT_NO);
    prepare(state, &source_ioctl, NULL);
    world->probe.root = root;
    give(world, 0, "/dev/null");
    give(world, 1, "0x8004ae00");
    assert_int_equal(observe(world), VERDICT_UNKNOWN);
    assert_int_equal(world->refusals.list.count, 1);
}

static void test_match(void **state)
{
    struct world *world = prepare(state, &source_file, &extract_match);

    put_text(world, "info", "a: 1\nb: 2\n\nc: 3\n");
    give(world, 0, "/info");
    give_regex(world, "^(?<key>[a-z]): (?<number>[13])$", 0);
    assert_int_equal(observe(world), VERDICT_YES);
    assert_int_equal(world->probe.rows.count, 2);
    assert_string_equal(value(world, 1, "key"), "c");
    assert_string_equal(value(world, 1, "text"), "c: 3");
    assert_int_equal(((struct row *)world->probe.rows.items[0])->line, 1);
    assert_int_equal(((struct row *)world->probe.rows.items[1])->line, 4);
    assert_string_equal(((struct row *)world->probe.rows.items[1])->path, "/info");
    assert_string_equal(value(world, 1, "size"), "16");
}

static void test_match_limit(void **state)
{
    struct world *world = prepare(state, &source_text, &extract_match);
    char *text = arena_alloc(world->arena, 5001);

    memset(text, 'a', 5000);
    give(world, 0, text);
    give_regex(world, "(a+)+(a+)+(a+)+b$", 0);
    if (observe(world) == VERDICT_UNKNOWN) {
        assert_int_equal(world->refusals.list.count, 1);
        assert_non_null(strstr(world->probe.reason, "ran into its limit"));
    }
    assert_int_equal(world->probe.rows.count, 0);
}

static size_t split(void **state, const char *text, const char *separator)
{
    struct world *world = prepare(state, &source_text, &extract_split);

    give(world, 0, text);
    give_extract(world, separator);
    observe(world);
    return world->probe.rows.count;
}

static void test_split(void **state)
{
    assert_int_equal(split(state, " one  two\tthree \n", " "), 3);
    assert_string_equal(value(*state, 2, "text"), "three");
    assert_string_equal(value(*state, 2, "index"), "2");
    assert_int_equal(split(state, "a,,b,\n", ","), 4);
    assert_string_equal(value(*state, 1, "text"), "");
    assert_int_equal(split(state, "", ","), 0);
    assert_int_equal(split(state, "\n", ","), 0);
    assert_int_equal(split(state, "  ", " "), 0);
    assert_int_equal(split(state, "a::b", "::"), 2);
}

static void test_cpuset(void **state)
{
    struct world *world = prepare(state, &source_text, &extract_cpuset);

    give(world, 0, "0-2,8\n");
    assert_int_equal(observe(world), VERDICT_YES);
    assert_int_equal(world->probe.rows.count, 4);
    assert_string_equal(value(world, 3, "text"), "8");
    prepare(state, &source_text, &extract_cpuset);
    give(world, 0, "\n");
    assert_int_equal(observe(world), VERDICT_NO);
    prepare(state, &source_text, &extract_cpuset);
    give(world, 0, "many");
    assert_int_equal(observe(world), VERDICT_UNKNOWN);
}

static size_t data(void **state, const struct extract_kind *extract, const char *text, const char *path)
{
    struct world *world = prepare(state, &source_text, extract);

    give(world, 0, text);
    give_extract(world, path);
    observe(world);
    return world->probe.rows.count;
}

static void test_json(void **state)
{
    static const char object[] = "{\"a\": {\"b\": [{\"c\": 1, \"d\": true, \"e\": null, \"f\": []}, {\"c\": \"x\"}]},"
                                 " \"k.l\": 1.5, \"list\": [1, 2, [3]]}";

    assert_int_equal(data(state, &extract_json, object, "a.b[*]"), 2);
    assert_string_equal(value(*state, 0, "c"), "1");
    assert_string_equal(value(*state, 0, "d"), "true");
    assert_null(value(*state, 0, "e"));
    assert_string_equal(value(*state, 1, "c"), "x");
    assert_string_equal(value(*state, 1, "index"), "1");
    assert_int_equal(data(state, &extract_json, object, "a.b[*].c"), 2);
    assert_string_equal(value(*state, 1, "index"), "1");
    assert_string_equal(value(*state, 1, "text"), "x");
    assert_int_equal(data(state, &extract_json, object, "a.b[1].c"), 1);
    assert_int_equal(data(state, &extract_json, object, "a.b[2].c"), 0);
    assert_int_equal(data(state, &extract_json, object, "\"k.l\""), 1);
    assert_string_equal(value(*state, 0, "text"), "1.5");
    assert_int_equal(data(state, &extract_json, object, "list"), 2);
    assert_int_equal(data(state, &extract_json, object, "."), 1);
    assert_string_equal(value(*state, 0, "k.l"), "1.5");
}

static void test_json_stream(void **state)
{
    static const char stream[] = "{\"greeting\": {}}\r\n{\"return\": {}}\n{\"return\": [{\"name\": \"a\"}]}\n";

    assert_int_equal(data(state, &extract_json, stream, "return[*]"), 1);
    assert_string_equal(value(*state, 0, "name"), "a");
    assert_int_equal(data(state, &extract_json, stream, "[*].return[*].name"), 1);
    assert_int_equal(data(state, &extract_json, stream, "[2].return[0].name"), 1);
    assert_int_equal(data(state, &extract_json, "[1, 2]", "[*]"), 2);
    assert_int_equal(data(state, &extract_json, "1 2 3", "[*]"), 3);
    assert_string_equal(value(*state, 2, "index"), "2");
}

static void test_xpath(void **state)
{
    static const char text[] = "<a><b id='1' type='x'><c>yes</c><c>no</c> </b><b id='2'>two</b></a>";

    assert_int_equal(data(state, &extract_xpath, text, "//b"), 2);
    assert_string_equal(value(*state, 0, "id"), "1");
    assert_string_equal(value(*state, 0, "c"), "yes");
    assert_string_equal(value(*state, 1, "text"), "two");
    assert_null(value(*state, 1, "type"));
    assert_int_equal(data(state, &extract_xpath, text, "//b/@id"), 2);
    assert_string_equal(value(*state, 1, "text"), "2");
    assert_int_equal(data(state, &extract_xpath, text, "count(//b)"), 1);
    assert_string_equal(value(*state, 0, "text"), "2");
    assert_int_equal(data(state, &extract_xpath, text, "string(//b/@none)"), 0);
    assert_int_equal(data(state, &extract_xpath, text, "//none"), 0);
    assert_int_equal(data(state, &extract_xpath, text, "//b["), 0);
    assert_non_null(strstr(((struct world *)*state)->probe.reason, "bad XPath"));
    assert_int_equal(data(state, &extract_xpath, "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", "/a"), 0);
    assert_non_null(strstr(((struct world *)*state)->probe.reason, "entity"));
}

static void test_json_broken(void **state)
{
    struct world *world = *state;

    assert_int_equal(data(state, &extract_json, "{\"a\": 1}\n{\"a\":\n 1,, }", "a"), 0);
    assert_non_null(strstr(world->probe.reason, "line 3, column 4"));
    assert_int_equal(data(state, &extract_json, "{}", "a..b"), 0);
    assert_int_equal(world->refusals.list.count, 1);
    assert_int_equal(data(state, &extract_json, "", "a"), 0);
}

static void test_malformed(void **state)
{
    struct world *world = *state;

    assert_int_equal(data(state, &extract_malformed, "{\"a\": 1,\n // mine\n}", "json"), 1);
    assert_string_equal(value(world, 0, "line"), "2");
    assert_string_equal(value(world, 0, "column"), "2");
    assert_non_null(strstr(value(world, 0, "text"), "expected"));
    assert_int_equal(data(state, &extract_malformed, "{\"a\": 1}", "json"), 0);
    assert_non_null(strstr(world->probe.reason, "well-formed"));
    assert_int_equal(data(state, &extract_malformed, " \n", "json"), 1);
}

static void test_yaml(void **state)
{
    struct world *world = *state;

    assert_int_equal(data(state, &extract_yaml, "a:\n- {c: 1, d: }\n- {c: 2}\n", "a[*]"), 2);
    assert_string_equal(value(world, 1, "c"), "2");
    assert_null(value(world, 0, "d"));
    assert_int_equal(data(state, &extract_yaml, "a: [\n", "a"), 0);
    assert_non_null(strstr(world->probe.reason, "line "));
}

static void test_bytes(void **state)
{
    struct world *world = prepare(state, &source_file, &extract_bytes);
    struct argument parts[3] = {{.given = true, .number = 2}, {.given = true, .number = 2}, {0}};

    put(world, "image", "\x01\x02\x03\x04\x05", 5, 0644);
    give(world, 0, "/image");
    world->extract_arguments[0].sub = parts;
    assert_int_equal(observe(world), VERDICT_YES);
    assert_string_equal(value(world, 0, "text"), "1027");
    prepare(state, &source_file, &extract_bytes);
    give(world, 0, "/image");
    parts[2] = (struct argument){.given = true, .text = "big"};
    world->extract_arguments[0].sub = parts;
    assert_int_equal(observe(world), VERDICT_YES);
    assert_string_equal(value(world, 0, "text"), "772");
    prepare(state, &source_file, &extract_bytes);
    give(world, 0, "/image");
    parts[0].number = 4;
    world->extract_arguments[0].sub = parts;
    assert_int_equal(observe(world), VERDICT_NO);
}

/* Names all over a file of several windows, one right after the other, also across the borders of windows. */
static void check_strings(void **state, const char *pattern)
{
    enum { LENGTH = 700 * 1024, STRIDE = 509 };
    struct world *world = prepare(state, &source_file, &extract_strings);
    char *data_bytes = arena_alloc(world->arena, LENGTH), name[32];
    size_t names = 0;

    for (size_t i = STRIDE; i + 64 < LENGTH; i += STRIDE) {
        names += 2;
        snprintf(data_bytes + i, 32, "m-%zu-machine", i);
        snprintf(data_bytes + i + strlen(data_bytes + i) + 1, 32, "n-%zu-machine", i);
    }
    put(world, "binary", data_bytes, LENGTH, 0644);
    world->probe.limits.rows = 100000;
    give(world, 0, "/binary");
    give_regex(world, pattern, REGEX_BINARY);
    assert_int_equal(observe(world), VERDICT_YES);
    assert_int_equal(world->probe.rows.count, names);
    for (size_t i = 0; i < names; i++) {
        snprintf(name, sizeof(name), "%c-%zu", i % 2 ? 'n' : 'm', (i / 2 + 1) * STRIDE);
        assert_string_equal(value(world, i, "name"), name);
    }
}

static void test_strings(void **state)
{
    check_strings(state, "(?<=\\0)(?<name>[A-Za-z0-9][\\w.+-]*)-machine(?=\\0)");   /* literal, text only */
    check_strings(state, "\\0(?<name>[^\\0]+)-machine(?=\\0)");                     /* literal, any bytes */
    check_strings(state, "(?<=\\0)(?<name>[A-Za-z0-9][\\w.+-]*)-(machine)(?=\\0)"); /* none */
}

static void test_strings_at_the_edges(void **state)
{
    struct world *world = prepare(state, &source_file, &extract_strings);

    put(world, "short", "one-machine\0two-machine", 23, 0644);
    give(world, 0, "/short");
    give_regex(world, "(?<name>[a-z]+)-machine", REGEX_BINARY);
    assert_int_equal(observe(world), VERDICT_YES);
    assert_int_equal(world->probe.rows.count, 2);
    assert_string_equal(value(world, 1, "name"), "two");
    prepare(state, &source_file, &extract_strings);
    put(world, "short", "", 0, 0644);
    give(world, 0, "/short");
    give_regex(world, "-machine", REGEX_BINARY);
    assert_int_equal(observe(world), VERDICT_NO);
}

static void test_registries(void **state)
{
    (void)state;
    for (size_t i = 0; probe_sources[i]; i++) {
        assert_string_equal(probe_sources[i]->name, probe_sources[i]->fields[0].key);
        assert_non_null(probe_sources[i]->help);
        assert_true(probe_sources[i]->eval || probe_sources[i]->flags & SOURCE_FROM_ROWS);
    }
    for (size_t i = 0; probe_extracts[i]; i++)
        assert_string_equal(probe_extracts[i]->name, probe_extracts[i]->fields[0].key);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_file),        TEST(test_refusals),    TEST(test_glob_and_link),
        TEST(test_path),        TEST(test_attributes),  TEST(test_not_live),
        TEST(test_live),        TEST(test_match),       TEST(test_match_limit),
        TEST(test_split),       TEST(test_cpuset),      TEST(test_json),
        TEST(test_json_stream), TEST(test_json_broken), TEST(test_xpath),
        TEST(test_yaml),        TEST(test_malformed),   TEST(test_bytes),
        TEST(test_strings),     TEST(test_registries),  TEST(test_strings_at_the_edges),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
