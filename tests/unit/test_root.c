/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Roots: links that try to lead out, files that are none, the three kinds give the same answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "root/backend.h"
#include "root/confined.h"
#include "root/record.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

struct fixture {
    struct arena *arena;
    char top[64]; /* a new directory, the current one */
};

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    fixture->arena = arena_new();
    strcpy(fixture->top, "/tmp/test_root.XXXXXX");
    *state = fixture;
    return mkdtemp(fixture->top) && chdir(fixture->top) == 0 && chmod(".", 0755) == 0 ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;

    arena_free(fixture->arena);
    nftw(fixture->top, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(fixture);
    return chdir("/");
}

static void put(const char *path, const char *text)
{
    char directory[256];
    FILE *stream;

    for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        snprintf(directory, sizeof(directory), "%.*s", (int)(slash - path), path);
        mkdir(directory, 0755);
    }
    if (path[strlen(path) - 1] == '/') {
        return;
    }
    stream = fopen(path, "w");
    assert_non_null(stream);
    fputs(text, stream);
    fclose(stream);
}

static const char *read_text(struct fixture *fixture, struct root *root, const char *path, int *ret_error)
{
    char *text = NULL;
    size_t length;

    *ret_error = root_read(root, fixture->arena, path, 4096, &text, &length);
    return text;
}

#define assert_reads(root, path, expected)                                                                             \
    do {                                                                                                               \
        int read_error;                                                                                                \
        const char *read_result = read_text(fixture, root, path, &read_error);                                         \
        assert_int_equal(read_error, 0);                                                                               \
        assert_string_equal(read_result, expected);                                                                    \
    } while (0)
#define assert_refuses(root, path, error)                                                                              \
    do {                                                                                                               \
        int read_error;                                                                                                \
        read_text(fixture, root, path, &read_error);                                                                   \
        assert_int_equal(read_error, error);                                                                           \
    } while (0)

static void assert_names(const struct vec *names, const char *expected)
{
    AUTO(buf_free) struct buf text = BUF_INIT;

    for (size_t i = 0; i < names->count; i++) {
        buf_printf(&text, "%s%s", i > 0 ? " " : "", (const char *)names->items[i]);
    }
    assert_string_equal(buf_text(&text), expected);
}

static struct root *open_directory(struct fixture *fixture)
{
    const char *error = NULL;
    struct root *root = root_open_directory(fixture->arena, "r", &error);

    assert_non_null(root);
    return root;
}

static struct root *open_snapshot(struct fixture *fixture, const char *path)
{
    struct diagnostics diagnostics = {.arena = fixture->arena};
    const char *error = NULL;
    struct root *root = root_open_snapshot(fixture->arena, path, &diagnostics, &error);

    diagnostics_print(stderr, &diagnostics, false);
    assert_null(error);
    assert_non_null(root);
    return root;
}

/* A tree that tries to get out. */
static void make_hostile(void)
{
    put("secret", "outside");
    put("r/etc/secret", "inside");
    put("r/usr/bin/tool", "x");
    put("r/d/", "");
    assert_int_equal(symlink("/etc/secret", "r/absolute"), 0);
    assert_int_equal(symlink("/absolute", "r/chain"), 0);
    assert_int_equal(symlink("../../../../../secret", "r/d/up"), 0);
    assert_int_equal(symlink("../secret", "r/above"), 0);
    assert_int_equal(symlink("loop", "r/loop"), 0);
    assert_int_equal(symlink("usr/bin", "r/bin"), 0);
    assert_int_equal(symlink("/nowhere", "r/dangling"), 0);
    assert_int_equal(mkfifo("r/fifo", 0600), 0);
    assert_int_equal(close(open("r/huge", O_CREAT | O_WRONLY, 0644)), 0);
    assert_int_equal(truncate("r/huge", (off_t)1 << 40), 0);
}

static void check_hostile(struct fixture *fixture, struct root *root)
{
    struct root_stat status;
    struct vec names;

    assert_reads(root, "/etc/secret", "inside");
    assert_reads(root, "/chain", "inside");
    assert_reads(root, "/bin/../../../etc/secret", "inside");
    assert_reads(root, "/bin/tool", "x");
    assert_refuses(root, "/above", -ENOENT);
    assert_refuses(root, "/d/up", -ENOENT);
    assert_refuses(root, "/../secret", -ENOENT);
    assert_refuses(root, "/loop", -ELOOP);
    assert_refuses(root, "/dangling", -ENOENT);
    assert_refuses(root, "/fifo", -ENOTSUP);
    assert_refuses(root, "/d", -EISDIR);
    assert_refuses(root, "/huge", -EFBIG);
    assert_refuses(root, "relative", -EINVAL);
    assert_int_equal(root_stat(root, "/dangling", false, &status), 0);
    assert_int_equal(status.type, ROOT_LINK);
    assert_int_equal(root_stat(root, "/dangling", true, &status), -ENOENT);
    assert_int_equal(root_stat(root, "/", true, &status), 0);
    assert_int_equal(status.type, ROOT_DIR);
    assert_int_equal(root_list(root, fixture->arena, "/bin", &names), 0);
    assert_names(&names, "tool");
    assert_int_equal(root_list(root, fixture->arena, "/etc/secret", &names), -ENOTDIR);
    assert_int_equal(root_list(root, fixture->arena, "/none", &names), -ENOENT);
}

static void test_directory_is_confined(void **state)
{
    struct fixture *fixture = *state;
    struct root *root;

    make_hostile();
    root = open_directory(fixture);
    check_hostile(fixture, root);
    ((struct confined *)root->state)->by_hand = true; /* as on a kernel without openat2 */
    check_hostile(fixture, root);
    root_close(root);
}

static void test_snapshot_is_confined(void **state)
{
    struct fixture *fixture = *state;
    struct root *root;

    make_hostile();
    mkdir("s", 0755);
    rename("r", "s/root");
    put("s/snapshot.yaml", "hvprobe-snapshot: 1\n");
    root = open_snapshot(fixture, "s");
    check_hostile(fixture, root);
    root_close(root);
}

/* The second is the word of an emulator of programs, which knows only some requests. */
static void assert_no_request(long error)
{
    assert_true(error == -ENOTTY || error == -ENOSYS);
}

static void test_devices_are_not_opened(void **state)
{
    struct fixture *fixture = *state;
    struct root *live = root_open_live();
    struct root *root;
    long result;

    put("r/x", "");
    assert_refuses(live, "/dev/null", -ENOTSUP);
    assert_int_equal(root_ioctl(live, "/dev/none", 0xae00, 0, &result), -ENOENT);
    assert_no_request(root_ioctl(live, "/etc/passwd", 0xae00, 0, &result));
    assert_int_equal(root_ioctl(live, "/dev/null", 0xae00, 0, &result), -ECANCELED); /* there is no list */
    root_set_consent(live, consent_open(fixture->arena, "consent.yaml", NULL));
    put("consent.yaml", "requests: [{device: /dev/null, driver: mem/null, number: '1:3', request: 0xae00}]\n");
    assert_no_request(root_ioctl(live, "/dev/null", 0xae00, 0, &result));
    assert_int_equal(root_ioctl(live, "/dev/null", 0xae00, 1, &result), -ECANCELED);
    assert_int_equal(root_ioctl(live, "/dev/null", 0xae01, 0, &result), -ECANCELED);
    assert_int_equal(root_ioctl(live, "/dev/zero", 0xae00, 0, &result), -ECANCELED);
    assert_int_equal(root_ioctl(live, "/dev/null", 0x8004ae00, 0, &result), -ENOTSUP);
    assert_int_equal(root_ioctl(live, "/dev/null", 0xae00, 0x10000, &result), -ENOTSUP);
    root_close(live);
    if (mknod("r/null", S_IFCHR | 0666, makedev(1, 3)) < 0) {
        skip();
    }
    root = open_directory(fixture);
    assert_refuses(root, "/null", -ENOTSUP);
    assert_int_equal(root_ioctl(root, "/null", 0xae00, 0, &result), -EOPNOTSUPP);
    assert_int_equal(root_ioctl(root, "/none", 0xae00, 0, &result), -ENOENT);
    root_close(root);
}

static void test_directory_is_not_this_machine(void **state)
{
    struct fixture *fixture = *state;
    const char *const argv[] = {"/bin/true", NULL};
    const struct root_exec request = {.argv = argv};
    struct root_exec_result result;
    struct root_uname names;
    uint32_t registers[4];
    const char *arch;
    struct root *root;

    put("r/etc/x", "");
    root = open_directory(fixture);
    assert_false(root_is_live(root));
    assert_int_equal(root_uname(root, &names), -EOPNOTSUPP);
    assert_int_equal(root_cpuid(root, 0, 0, registers), -EOPNOTSUPP);
    assert_int_equal(root_exec(root, fixture->arena, &request, &result), -EOPNOTSUPP);
    assert_int_equal(root_arch(root, &arch), -ENOENT);
    assert_string_equal(root_os(root)->id, "linux");
    assert_null(root_os(root)->version);
    assert_null(root_os(root)->like[0]);
    root_set_arch(root, "amd64");
    assert_int_equal(root_arch(root, &arch), 0);
    assert_string_equal(arch, "x86_64");
    root_close(root);
}

static void test_directory_errors(void **state)
{
    struct fixture *fixture = *state;
    const char *error;

    put("file", "");
    assert_null(root_open_directory(fixture->arena, "none", &error));
    assert_string_equal(error, "none: does not exist");
    assert_null(root_open_directory(fixture->arena, "file", &error));
    assert_string_equal(error, "file: cannot be read as a tar file: Unrecognized archive format");
}

/* As nobody, in another process: root may read everything. */
static void test_unreadable(void **state)
{
    struct fixture *fixture = *state;
    int status;
    pid_t pid;

    put("r/closed/file", "");
    put("r/file", "secret");
    chmod("r/file", 0);
    chmod("r/closed", 0);
    pid = fork();
    if (pid == 0) {
        struct root *root = open_directory(fixture);
        struct vec paths = {0};
        int error;

        if (geteuid() == 0 && setuid(65534) < 0) {
            _exit(2);
        }
        read_text(fixture, root, "/file", &error);
        if (error != -EACCES || root_glob(root, fixture->arena, "/closed/*", &paths) != -EACCES) {
            _exit(3);
        }
        _exit(root_glob(root, fixture->arena, "/{f}ile", &paths) == 0 && paths.count == 0 ? 0 : 4);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    chmod("r/closed", 0755);
}

static void test_glob(void **state)
{
    struct fixture *fixture = *state;
    struct vec paths = {0};
    struct root *root;

    put("r/sys/node10/list", "");
    put("r/sys/node2/list", "");
    put("r/sys/node/x", "");
    put("r/sys/.node3/list", "");
    root = open_directory(fixture);
    assert_int_equal(root_glob(root, fixture->arena, "/sys/node[0-9]*/list", &paths), 0);
    assert_names(&paths, "/sys/node2/list /sys/node10/list");
    assert_int_equal(root_glob(root, fixture->arena, "/sys/*", &paths), 0);
    assert_names(&paths, "/sys/node /sys/node2 /sys/node10");
    assert_int_equal(root_glob(root, fixture->arena, "/sys/node", &paths), 0);
    assert_names(&paths, "/sys/node");
    assert_int_equal(root_glob(root, fixture->arena, "/none/*/x", &paths), 0);
    assert_int_equal(paths.count, 0);
    assert_int_equal(root_glob(root, fixture->arena, "sys/*", &paths), -EINVAL);
    root_close(root);
}

static void test_os_release(void **state)
{
    struct fixture *fixture = *state;
    const struct root_os *os;
    struct root *root;

    put("r/usr/lib/os-release",
        "# comment ID=no\n\nNAME=\"A \\\"B\\\" \\$x\"\nID=old\n  ID='some-os'\nVERSION_ID=\"9.2\"\n"
        "ID_LIKE=\"one  two\"\r\nBROKEN\n=x\nX='unterminated");
    root = open_directory(fixture);
    os = root_os(root);
    assert_string_equal(os->id, "some-os");
    assert_string_equal(os->version, "9.2");
    assert_string_equal(os->like[0], "one");
    assert_string_equal(os->like[1], "two");
    assert_null(os->like[2]);
    assert_ptr_equal(os, root_os(root));
    root_close(root);
}

static void put_elf(const char *path, int class, int data, unsigned machine)
{
    char header[64] = {0x7f, 'E', 'L', 'F', (char)class, (char)data};
    FILE *stream;

    header[data == 2 ? 19 : 18] = (char)(machine & 0xff);
    header[data == 2 ? 18 : 19] = (char)(machine >> 8);
    put(path, "");
    stream = fopen(path, "w");
    assert_int_equal(fwrite(header, sizeof(header), 1, stream), 1);
    fclose(stream);
}

static void test_arch_of_files(void **state)
{
    static const struct {
        int class, data;
        unsigned machine;
        const char *arch;
    } cases[] = {
        {2, 1, 62, "x86_64"}, {1, 1, 3, "i686"},     {2, 1, 21, "ppc64le"},      {2, 2, 21, "ppc64"},
        {2, 2, 22, "s390x"},  {1, 1, 40, "armv7l"},  {2, 1, 183, "aarch64"},     {2, 1, 243, "riscv64"},
        {1, 2, 8, "mips"},    {2, 1, 8, "mips64el"}, {2, 1, 258, "loongarch64"},
    };
    struct fixture *fixture = *state;

    put("r/bin/sh", "#!not an ELF file, much as it is long enough\n");
    put("r/etc/os", "");
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const char *arch = "";
        struct root *root;

        put_elf("r/lib/ld-linux-any.so.2", cases[i].class, cases[i].data, cases[i].machine);
        root = open_directory(fixture);
        assert_int_equal(root_arch(root, &arch), 0);
        assert_string_equal(arch, cases[i].arch);
        root_close(root);
    }
}

static void test_live(void **state)
{
    struct fixture *fixture = *state;
    struct root *root = root_open_live();
    struct root_stat status;
    struct root_uname names;
    uint32_t registers[4];
    const char *arch;
    char *text;
    size_t length;

    assert_true(root_is_live(root));
    assert_int_equal(root_uname(root, &names), 0);
    assert_int_equal(root_arch(root, &arch), 0);
    assert_int_equal(root_stat(root, "/proc/version", true, &status), 0);
    assert_int_equal(status.size, 0);
    assert_int_equal(root_read(root, fixture->arena, "/proc/version", 4096, &text, &length), 0);
    assert_int_equal(length, strlen(text));
    assert_true(length > 10);
    assert_int_equal(root_read(root, fixture->arena, "/proc/version", 3, &text, &length), -EFBIG);
    assert_int_equal(root_access(root, "/", "rx"), 0);
    assert_int_equal(root_cpuid(root, 0x0fffffff, 0, registers), -ENOENT);
    if (root_cpuid(root, 1, 0, registers) == 0) /* whichever processor it is asked on */
        assert_int_equal(registers[1] >> 24, 0);
    root_close(root);
}

static void test_read_sizes(void **state)
{
    static const size_t sizes[] = {0, 1, 16383, 16384, 16385, 100000};
    struct fixture *fixture = *state;
    struct root *root;
    char *text;
    size_t length;

    put("r/file", "");
    root = open_directory(fixture);
    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
        assert_int_equal(truncate("r/file", (off_t)sizes[i]), 0);
        root_forget(root);
        assert_int_equal(root_read(root, fixture->arena, "/file", sizes[i], &text, &length), 0);
        assert_int_equal(length, sizes[i]);
        assert_int_equal(text[length], '\0');
        if (sizes[i] > 0) {
            assert_int_equal(root_read(root, fixture->arena, "/file", sizes[i] - 1, &text, &length), -EFBIG);
        }
    }
    root_close(root);
}

/* Whoever asks again gets the same answer, until a new run begins. */
static void test_known(void **state)
{
    struct fixture *fixture = *state;
    struct root_stat status;
    struct vec names;
    size_t length;
    char *text;

    put("r/file", "one");
    struct root *root = open_directory(fixture);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(root_read(root, fixture->arena, "/file", 64, &text, &length), 0);
        assert_string_equal(text, i < 2 ? "one" : "three");
        assert_int_equal(root_list(root, fixture->arena, "/", &names), 0);
        assert_int_equal(names.count, i < 2 ? 1 : 2);
        assert_int_equal(root_stat(root, "/file", false, &status), 0);
        assert_int_equal(status.size, i < 2 ? 3 : 5);
        put("r/file", "three");
        put("r/other", "");
        if (i == 1)
            root_forget(root);
    }
    root_close(root);
}

static int run_shell(struct fixture *fixture, const char *script, const char *input, unsigned timeout,
                     struct root_exec_result *ret_result)
{
    const char *const argv[] = {"/bin/sh", "-c", script, NULL};
    const struct root_exec request = {.argv = argv, .input = input, .timeout = timeout};
    struct root *root = root_open_live();
    int error = root_exec(root, fixture->arena, &request, ret_result);

    root_close(root);
    return error;
}

static void test_exec(void **state)
{
    struct fixture *fixture = *state;
    struct root_exec_result result;

    setenv("SECRET", "1", 1);
    assert_int_equal(
        run_shell(fixture, "cat; tr '\\0' '\\n' </proc/$$/environ; echo hidden >&2; exit 3", "in\n", 5, &result), 0);
    assert_int_equal(result.status, 3);
    assert_string_equal(result.output, "in\n");
    assert_int_equal(run_shell(fixture, "ls /proc/self/fd | wc -l; pwd; kill -TERM $$", NULL, 5, &result), 0);
    assert_int_equal(result.status, 128 + 15);
    assert_string_equal(result.output, "4\n/\n"); /* 0 1 2 and ls's own */
    if (geteuid() == 0) {
        assert_int_equal(run_shell(fixture, "id -u; id -G", NULL, 5, &result), 0);
        assert_string_equal(result.output, "65534\n65534\n");
    }
    assert_int_equal(run_shell(fixture, "sleep 60 & sleep 60", NULL, 1, &result), -ETIMEDOUT);
    assert_int_equal(run_shell(fixture, "exec >&-; sleep 60", NULL, 1, &result), -ETIMEDOUT);
    assert_int_equal(run_shell(fixture, "exec cat /dev/zero", NULL, 20, &result), -EFBIG);
}

static void test_exec_errors(void **state)
{
    const char *const none[] = {"/none/such", NULL};
    const char *const file[] = {"/etc/passwd", NULL};
    const char *const relative[] = {"sh", NULL};
    struct fixture *fixture = *state;
    struct root_exec_result result;
    struct root *root = root_open_live();

    assert_int_equal(root_exec(root, fixture->arena, &(struct root_exec){.argv = none}, &result), -ENOENT);
    assert_int_equal(root_exec(root, fixture->arena, &(struct root_exec){.argv = file}, &result), -EACCES);
    assert_int_equal(root_exec(root, fixture->arena, &(struct root_exec){.argv = relative}, &result), -EINVAL);
    root_close(root);
}

static const char records[] =
    "hvprobe-snapshot: 1\n"
    "taken: 2026-11-22T11:00:00Z\n"
    "uname: {sysname: Linux, release: 6.1.0, version: '#1 SMP', machine: i586}\n"
    "cpuid:\n"
    "  - {leaf: 0x40000000, subleaf: 0, eax: 0x40000001, ebx: 0x4b4d564b, ecx: 0x564b4d56, edx: 0x0000004d}\n"
    "nodes:\n"
    "  - {path: /dev/one, type: char, mode: '0660', access: rw, group: 36}\n"
    "  - {path: /dev/two, type: char, access: ''}\n"
    "  - {path: /usr/locked, type: file, mode: '0400', access: w}\n"
    "  - {path: /closed, type: dir, access: ''}\n"
    "  - {path: /big, type: file, size: 123456789}\n"
    "  - {path: /etc/size, size: 4096}\n"
    "  - {path: /etc/bad, type: file, error: EIO}\n"
    "ioctl:\n"
    "  - {path: /dev/one, request: 0xae00, argument: 0, result: 12}\n"
    "  - {path: /dev/one, request: 0xae01, error: EACCES}\n"
    "  - {path: /dev/two, request: 0xae00, result: 12}\n"
    "exec:\n"
    "  - {argv: [/usr/bin/tool, -x], status: 2, stdout: \"a\\nb\\n\"}\n";

static struct root *open_records(struct fixture *fixture)
{
    put("s/root/etc/size", "short");
    put("s/root/usr/locked", "secret");
    assert_int_equal(symlink("/usr/locked", "s/root/etc/link"), 0);
    assert_int_equal(symlink("/dev/one", "s/root/etc/device"), 0);
    put("s/snapshot.yaml", records);
    return open_snapshot(fixture, "s");
}

static void test_snapshot_nodes(void **state)
{
    struct fixture *fixture = *state;
    struct root *root = open_records(fixture);
    struct root_stat status;
    struct vec names;

    assert_int_equal(root_stat(root, "/dev/one", true, &status), 0);
    assert_int_equal(status.type, ROOT_CHAR);
    assert_int_equal(status.mode, 0660);
    assert_true(status.has_group);
    assert_int_equal(status.group, 36);
    assert_int_equal(root_access(root, "/etc/device", "rw"), 0);
    assert_int_equal(root_access(root, "/dev/one", "x"), -EACCES);
    assert_int_equal(root_stat(root, "/dev", true, &status), 0);
    assert_int_equal(status.type, ROOT_DIR);
    assert_int_equal(root_list(root, fixture->arena, "/", &names), 0);
    assert_names(&names, "big closed dev etc usr");
    assert_int_equal(root_list(root, fixture->arena, "/dev", &names), 0);
    assert_names(&names, "one two");
    assert_int_equal(root_list(root, fixture->arena, "/closed", &names), -EACCES);
    assert_int_equal(root_stat(root, "/closed/x", true, &status), -EACCES);
    assert_refuses(root, "/usr/locked", -EACCES);
    assert_refuses(root, "/etc/link", -EACCES);
    assert_refuses(root, "/big", -EOPNOTSUPP);
    assert_refuses(root, "/etc/bad", -EIO);
    assert_true(root_any(root, (const char *const[]){"/none", "/dev/t*", NULL}));
    assert_true(root_any(root, (const char *const[]){"/closed/x", NULL}));
    assert_false(root_any(root, (const char *const[]){"/none", "/dev/x*", "/etc/size/x", NULL}));
    assert_int_equal(root_stat(root, "/etc/size", true, &status), 0);
    assert_false(status.has_group);
    assert_int_equal(root_stat(root, "/big", true, &status), 0);
    assert_int_equal(status.size, 123456789);
    assert_int_equal(root_stat(root, "/etc/size", true, &status), 0);
    assert_int_equal(status.size, 4096);
    assert_reads(root, "/etc/size", "short");
    root_close(root);
}

static void test_snapshot_records(void **state)
{
    const char *const argv[] = {"/usr/bin/tool", "-x", NULL};
    const char *const other[] = {"/usr/bin/tool", NULL};
    struct fixture *fixture = *state;
    struct root *root = open_records(fixture);
    struct root_exec_result result;
    uint32_t registers[4];
    const char *arch;
    long value;

    assert_int_equal(root_arch(root, &arch), 0);
    assert_string_equal(arch, "i686");
    assert_string_equal(root_os(root)->id, "linux");
    assert_int_equal(root_cpuid(root, 0x40000000, 0, registers), 0);
    assert_int_equal(registers[1], 0x4b4d564b);
    assert_int_equal(root_cpuid(root, 1, 0, registers), -ENOENT);
    assert_int_equal(root_ioctl(root, "/dev/one", 0xae00, 0, &value), 0);
    assert_int_equal(value, 12);
    assert_int_equal(root_ioctl(root, "/etc/device", 0xae00, 0, &value), 0);
    assert_int_equal(root_ioctl(root, "/dev/one", 0xae01, 0, &value), -EACCES);
    assert_int_equal(root_ioctl(root, "/dev/one", 0xae03, 0, &value), -EOPNOTSUPP);
    assert_int_equal(root_ioctl(root, "/dev/two", 0xae03, 0, &value), -EACCES);
    assert_int_equal(root_ioctl(root, "/dev/two", 0xae00, 0, &value), -EACCES);
    assert_int_equal(root_ioctl(root, "/dev/none", 0xae00, 0, &value), -ENOENT);
    assert_int_equal(root_exec(root, fixture->arena, &(struct root_exec){.argv = argv}, &result), 0);
    assert_int_equal(result.status, 2);
    assert_string_equal(result.output, "a\nb\n");
    assert_int_equal(root_exec(root, fixture->arena, &(struct root_exec){.argv = other}, &result), -EOPNOTSUPP);
    root_close(root);
}

static void test_snapshot_errors(void **state)
{
    static const struct {
        const char *text;
        unsigned line, column;
    } cases[] = {
        {"", 1, 1},
        {"[]\n", 1, 1},
        {"hvprobe-snapshot: 2\n", 1, 19},
        {"hvprobe-snapshot: 1\nnode: []\n", 2, 1},
        {"hvprobe-snapshot: 1\nnodes: {}\n", 2, 8},
        {"hvprobe-snapshot: 1\nnodes:\n  - {path: dev}\n", 3, 12},
        {"hvprobe-snapshot: 1\nnodes:\n  - {type: char}\n", 3, 5},
        {"hvprobe-snapshot: 1\nnodes:\n  - {path: /a, type: chr}\n", 3, 22},
        {"hvprobe-snapshot: 1\nnodes:\n  - {path: /a, mode: 99}\n", 3, 22},
        {"hvprobe-snapshot: 1\nnodes:\n  - {path: /a}\n  - {path: /a}\n", 4, 5},
        {"hvprobe-snapshot: 1\nioctl:\n  - {path: /a, request: 1}\n", 3, 5},
        {"hvprobe-snapshot: 1\nioctl:\n  - {path: /a, request: 1, error: EFOO}\n", 3, 35},
        {"hvprobe-snapshot: 1\ncpuid:\n  - {leaf: 0x1ffffffff, eax: 0, ebx: 0, ecx: 0, edx: 0}\n", 3, 12},
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct diagnostics diagnostics = {.arena = fixture->arena};
        const char *error = NULL;
        const struct diagnostic *first;

        put("s/snapshot.yaml", cases[i].text);
        assert_null(root_open_snapshot(fixture->arena, "s", &diagnostics, &error));
        assert_null(error);
        assert_int_equal(diagnostics.errors, 1);
        first = diagnostics.list.items[0];
        assert_string_equal(first->kind->id, "HV035");
        assert_int_equal(first->at.line, cases[i].line);
        assert_int_equal(first->at.column, cases[i].column);
    }
}

static void test_not_a_snapshot(void **state)
{
    struct fixture *fixture = *state;
    struct diagnostics diagnostics = {.arena = fixture->arena};
    const char *error;

    put("archive.tar", "x");
    put("empty/", "");
    assert_null(root_open_snapshot(fixture->arena, "none", &diagnostics, &error));
    assert_string_equal(error, "none: does not exist");
    assert_null(root_open_snapshot(fixture->arena, "archive.tar", &diagnostics, &error));
    assert_string_equal(error, "archive.tar: cannot be read as a tar file: Unrecognized archive format");
    assert_null(root_open_snapshot(fixture->arena, "empty", &diagnostics, &error));
    assert_string_equal(error, "empty: is not a snapshot: there is no snapshot.yaml in it");
    assert_int_equal(diagnostics.errors, 0);
}

/* Everything that a root says to some questions, as text. */
static void interview(struct fixture *fixture, struct root *root, struct buf *out)
{
    static const char *const paths[] = {"/",        "/etc/size",   "/etc/link", "/etc/device", "/dev/one",
                                        "/dev/two", "/closed",     "/big",      "/etc/bad",    "/none",
                                        "/binary",  "/usr/locked", "/dev/none"};
    const char *const argv[] = {"/usr/bin/tool", "-x", NULL};
    struct root_exec_result result = {0};
    struct root_uname names;
    uint32_t registers[4] = {0};
    struct vec found = {0};
    long value = 0;

    for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
        struct root_stat status = {0};
        char *text = NULL;
        size_t length;
        int fd = -1;

        buf_printf(out, "%s: %d", paths[i], root_stat(root, paths[i], true, &status));
        buf_printf(out, " %d %o %llu", status.type, status.mode, (unsigned long long)status.size);
        buf_printf(out, " access %d %d", root_access(root, paths[i], "r"), root_access(root, paths[i], "w"));
        if (strcmp(paths[i], "/binary") == 0) {
            char byte = 0;

            buf_printf(out, " open %d", root_open_file(root, paths[i], &fd));
            buf_printf(out, " %zd", pread(fd, &byte, 1, 2000000));
            buf_printf(out, " %c\n", byte);
            root_keep(root, paths[i], 2000000, 1);
            close(fd);
            continue;
        }
        buf_printf(out, " read %d", root_read(root, fixture->arena, paths[i], 4096, &text, &length));
        buf_printf(out, " '%s'", text ? text : "");
        buf_printf(out, " ioctl %d", root_ioctl(root, paths[i], 0xae00, 0, &value));
        buf_printf(out, " %ld\n", value);
    }
    buf_printf(out, "glob %d", root_glob(root, fixture->arena, "/*/*", &found));
    for (size_t i = 0; i < found.count; i++) {
        buf_printf(out, " %s", (const char *)found.items[i]);
    }
    buf_printf(out, "\nclosed %d\n", root_list(root, fixture->arena, "/closed", &found));
    buf_printf(out, "exec %d", root_exec(root, fixture->arena, &(struct root_exec){.argv = argv}, &result));
    buf_printf(out, " %d %s\n", result.status, result.output);
    buf_printf(out, "cpuid %d", root_cpuid(root, 0x40000000, 0, registers));
    buf_printf(out, " %x\n", registers[1]);
    assert_int_equal(root_uname(root, &names), 0);
    buf_printf(out, "uname %s %s\n", names.release, names.version);
}

static void test_recording(void **state)
{
    struct fixture *fixture = *state;
    AUTO(buf_free) struct buf before = BUF_INIT;
    AUTO(buf_free) struct buf after = BUF_INIT;
    struct root *inner = open_records(fixture);
    struct root *recording = root_open_recording(inner);
    struct root *replay;
    struct stat status;
    const char *error = "";

    put("s/root/binary", "");
    assert_int_equal(truncate("s/root/binary", 2000000), 0);
    assert_int_equal(system("printf 'abc' >>s/root/binary; truncate -s 5000000 s/root/binary"), 0);
    assert_false(root_is_live(recording));
    interview(fixture, recording, &before);
    put("out/x", "");
    assert_int_equal(root_record_write(recording, "out", false, NULL, &error), -ENOTEMPTY);
    assert_int_equal(root_record_write(recording, "out/new", false, NULL, &error), 0);
    replay = open_snapshot(fixture, "out/new");
    interview(fixture, replay, &after);
    assert_string_equal(before.data, after.data);
    assert_int_equal(stat("out/new/root/binary", &status), 0);
    assert_int_equal(status.st_size, 5000000);
    assert_true(status.st_blocks < 100);
    root_close(replay);
    root_close(recording);
    root_close(inner);
}

static void test_recording_live(void **state)
{
    struct fixture *fixture = *state;
    struct root *live = root_open_live();
    struct root *recording = root_open_recording(live);
    struct root *replay;
    const char *error = "", *arch, *replayed;
    char *now, *then;
    size_t now_length, then_length;
    struct vec paths, again;
    struct root_stat status;

    assert_int_equal(root_read(recording, fixture->arena, "/proc/self/stat", 4096, &now, &now_length), 0);
    assert_int_equal(root_glob(recording, fixture->arena, "/sys/devices/system/cpu/cpu[0-9]*", &paths), 0);
    assert_int_equal(root_stat(recording, "/dev/null", true, &status), 0);
    assert_int_equal(root_arch(recording, &arch), 0);
    assert_int_equal(root_record_write(recording, "out", false, NULL, &error), 0);
    replay = open_snapshot(fixture, "out");
    assert_int_equal(root_read(replay, fixture->arena, "/proc/self/stat", 4096, &then, &then_length), 0);
    assert_int_equal(now_length, then_length);
    assert_memory_equal(now, then, now_length);
    assert_int_equal(root_glob(replay, fixture->arena, "/sys/devices/system/cpu/cpu[0-9]*", &again), 0);
    assert_int_equal(paths.count, again.count);
    assert_int_equal(root_stat(replay, "/dev/null", true, &status), 0);
    assert_int_equal(status.type, ROOT_CHAR);
    assert_int_equal(root_arch(replay, &replayed), 0);
    assert_string_equal(arch, replayed);
    root_close(replay);
    root_close(recording);
    root_close(live);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_directory_is_confined),
        TEST(test_snapshot_is_confined),
        TEST(test_devices_are_not_opened),
        TEST(test_directory_is_not_this_machine),
        TEST(test_directory_errors),
        TEST(test_unreadable),
        TEST(test_glob),
        TEST(test_os_release),
        TEST(test_arch_of_files),
        TEST(test_live),
        TEST(test_read_sizes),
        TEST(test_known),
        TEST(test_exec),
        TEST(test_exec_errors),
        TEST(test_snapshot_nodes),
        TEST(test_snapshot_records),
        TEST(test_snapshot_errors),
        TEST(test_not_a_snapshot),
        TEST(test_recording),
        TEST(test_recording_live),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
